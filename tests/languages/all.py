"""All languages, in the order in which the README names them."""

from tests.languages.go import GO
from tests.languages.java import JAVA
from tests.languages.node import NODE
from tests.languages.python import PYTHON
from tests.languages.rust import RUST
from tests.languages.shell import SHELL

LANGUAGES = (PYTHON, NODE, JAVA, GO, RUST, SHELL)
