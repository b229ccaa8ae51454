"""All languages, in the order in which the README names them."""

from tests.languages.go import GO
from tests.languages.python import PYTHON

LANGUAGES = (PYTHON, GO)
