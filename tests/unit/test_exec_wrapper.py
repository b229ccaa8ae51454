"""What the exec wrapper makes of an environment."""

import pytest

from extension.exec_wrapper import fill


def test_a_reference_gives_way_to_its_secret() -> None:
    """And what is none stays as it is."""
    environ = {"KEY": "warmkey:/key/{stage}", "HOME": "/root"}
    assert fill(environ, {"KEY": "canary"}) == {"KEY": "canary", "HOME": "/root"}


def test_an_alias_that_may_be_a_variable_becomes_one() -> None:
    """Others, such as members of a path, are for the endpoint alone."""
    assert fill({}, {"stripeKey": "a", "db/password": "b", "1st": "c"}) == {"stripeKey": "a"}


def test_an_alias_never_takes_the_place_of_a_variable() -> None:
    """Not even of an empty one."""
    assert fill({"KEY": "mine", "EMPTY": ""}, {"KEY": "a", "EMPTY": "b"}) == {
        "KEY": "mine",
        "EMPTY": "",
    }


@pytest.mark.parametrize(
    "value", ["two\nlines", "quote's", '"', "$(echo no)", "ä€🙂", "", "x" * 65536]
)
def test_a_value_is_handed_on_as_it_is(value: str) -> None:
    """Whatever it holds."""
    assert fill({"KEY": "warmkey:/key"}, {"KEY": value}) == {"KEY": value}


def test_a_value_with_a_nul_is_refused_by_its_alias() -> None:
    """No variable can hold it; the message does not hold the value."""
    with pytest.raises(Exception, match="KEY holds a NUL") as refused:
        fill({"KEY": "warmkey:/key"}, {"KEY": "canary\0"})
    assert "canary" not in str(refused.value)
