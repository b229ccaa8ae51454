"""A module below a package; it names its own package and imports relatively."""

from .. import inner

NAME = f"{__name__} of {inner.__name__}"
