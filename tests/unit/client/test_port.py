"""The thin client finds the endpoint's port as the extension chooses it."""

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extension.declared import settings
from extension.declared.environment.variables import SettingError
from warmkey import Client, WarmkeyError
from warmkey.endpoint import Endpoint

OWN = "WARMKEY_PORT"
AWS_PREFIX = "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT"
texts = st.from_regex(r"\s*[0-9]{0,9}\s*", fullmatch=True) | st.text(max_size=8)


@pytest.mark.parametrize(
    ("environ", "port"),
    [
        ({}, 2773),
        ({OWN: "", AWS_PREFIX: ""}, 2773),
        ({OWN: "9000", AWS_PREFIX: "9001"}, 9000),
        ({OWN: " 9000 "}, 9000),
        ({OWN: "", AWS_PREFIX: "9001"}, 9001),
        ({AWS_PREFIX: "9001"}, 9001),
        ({AWS_PREFIX: "65536"}, 2773),
        ({AWS_PREFIX: "http"}, 2773),
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


@example({OWN: "002773"})
@example({AWS_PREFIX: "0003000"})
@example({OWN: " ", AWS_PREFIX: "9001"})
@given(st.fixed_dictionaries({}, optional={OWN: texts, AWS_PREFIX: texts}))
def test_client_and_extension_agree_about_the_port(environ: dict[str, str]) -> None:
    """Also about what is none."""
    assert outcome(Endpoint(environ, timeout=1).port) == outcome(lambda: settings.port(environ))


def outcome(port: Callable[[], int]) -> int | None:
    """The port; None where it is refused."""
    try:
        return port()
    except (SettingError, WarmkeyError):
        return None
