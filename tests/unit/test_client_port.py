"""The thin client finds the endpoint's port as the extension chooses it."""

import pytest

from warmkey import Client, WarmkeyError
from warmkey.endpoint import Endpoint

OWN = "WARMKEY_PORT"
OFFICIAL = "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT"


@pytest.mark.parametrize(
    ("environ", "port"),
    [
        ({}, 2773),
        ({OWN: "", OFFICIAL: ""}, 2773),
        ({OWN: "9000", OFFICIAL: "9001"}, 9000),
        ({OWN: " 9000 "}, 9000),
        ({OWN: "", OFFICIAL: "9001"}, 9001),
        ({OFFICIAL: "9001"}, 9001),
        ({OFFICIAL: "65536"}, 2773),
        ({OFFICIAL: "http"}, 2773),
    ],
)
def test_warmkeys_own_name_wins_over_the_official_one(environ: dict[str, str], port: int) -> None:
    """Empty means unset; an official name's bad value means the default."""
    assert Endpoint(environ, timeout=1).port() == port


@pytest.mark.parametrize("port", ["0", "65536", "-1", "2773x", "1e3", "²", "9" * 5000])
def test_a_port_that_is_none_is_said_with_its_range(port: str) -> None:
    """In the words of the extension, which does not start with such a port."""
    with pytest.raises(WarmkeyError, match=r"WARMKEY_PORT is '.*'; .* from 1 to 65535"):
        Client({OWN: port}).get("KEY")
