"""All languages, in the order in which the README names them."""

from tests.languages.go import GO
from tests.languages.python import PYTHON
from tests.languages.rust import RUST
from tests.languages.shell import SHELL

LANGUAGES = (PYTHON, GO, RUST, SHELL)
