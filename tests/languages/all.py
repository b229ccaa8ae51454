"""All languages, in the order in which the README names them."""

from tests.languages.python import PYTHON

LANGUAGES = (PYTHON,)
