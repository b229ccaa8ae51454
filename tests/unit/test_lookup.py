"""A lookup of a host's addresses on a thread of its own."""

import gc
import resource

import pytest

from extension.http.address import Address
from extension.http.lookup import Lookup


def test_without_descriptors_there_is_no_lookup_and_no_noise() -> None:
    """The error is raised, and nothing is said when what was begun of it is collected."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
    try:
        with pytest.raises(OSError, match="Too many open files"):
            Lookup(Address("localhost", 1))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    gc.collect()
