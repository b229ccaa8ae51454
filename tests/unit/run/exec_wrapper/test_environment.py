"""What the exec wrapper makes of an environment."""

import base64
from collections.abc import Callable, Mapping

import pytest

from extension.run.exec_wrapper import environment
from extension.run.exec_wrapper.environment import Filled, UnusableEnvironment, about_size


def never(alias: str) -> bool:
    """An endpoint that has only text, all of it, and is not asked about it."""
    raise AssertionError(f"asked about {alias}")


def fill(
    environ: Mapping[str, str], secrets: Mapping[str, str], is_binary: Callable[[str], bool]
) -> dict[str, str]:
    """The environment where every secret was declared itself."""
    filled = environment.fill(environ, secrets, is_binary, lambda _: True, never)
    assert filled.left_out == ()
    return filled.environ


def fill_from_path(secrets: Mapping[str, str], path_names: str = "alias") -> Filled:
    """What is made of the parameters below a path; `DECLARED` and `a/b` are declared themselves."""
    environ = {"APP": "warmkey:/app/*", "MINE": "mine"}
    declared = ("DECLARED", "a/b")
    return environment.fill(
        environ, secrets, never, declared.__contains__, never, path_names=path_names
    )


def test_a_reference_gives_way_to_its_secret() -> None:
    """And what is none stays as it is."""
    environ = {"KEY": "warmkey:/key/{stage}", "HOME": "/root"}
    assert fill(environ, {"KEY": "canary"}, never) == {"KEY": "canary", "HOME": "/root"}


def test_a_variable_need_not_have_a_shells_name() -> None:
    """Orchestrators set others too."""
    assert fill({"my.key": "warmkey:/key"}, {"my.key": "a"}, never) == {"my.key": "a"}


def test_an_alias_that_may_be_a_variable_becomes_one() -> None:
    """Others, such as members of a path, are for the endpoint alone."""
    secrets = {"stripeKey": "a", "_2": "b", "db/password": "c", "1st": "d", "a-b": "e", "": "f"}
    assert fill({}, secrets, never) == {"stripeKey": "a", "_2": "b"}


def test_an_alias_never_takes_the_place_of_a_variable() -> None:
    """Not even of an empty one."""
    environ = {"KEY": "mine", "EMPTY": ""}
    assert fill(environ, {"KEY": "a", "EMPTY": "b"}, never) == environ


def test_a_reference_that_nobody_knows_is_refused() -> None:
    """It was set between the extension's start and the runtime's; no program could use it."""
    with pytest.raises(
        UnusableEnvironment, match="KEY is 'warmkey:/key', which the extension does not know"
    ):
        fill({"KEY": "warmkey:/key"}, {"OTHER": "a"}, never)


def test_an_optional_reference_goes_where_its_secret_does_not_exist() -> None:
    """A program finds the variable unset, rather than empty."""
    environ = {"KEY": "warmkey:/key?optional=true", "HOME": "/root"}
    filled = environment.fill(environ, {}, never, never, {"KEY"}.__contains__)
    assert filled.environ == {"HOME": "/root"}


def test_an_optional_reference_that_nobody_knows_is_refused() -> None:
    """That it was set too late must not look like a secret that does not exist."""
    environ = {"KEY": "warmkey:/key?optional=true"}
    with pytest.raises(UnusableEnvironment, match="which the extension does not know"):
        environment.fill(environ, {}, never, never, lambda _: False)


def test_a_reference_that_is_none_is_refused() -> None:
    """With what is wrong with it."""
    with pytest.raises(UnusableEnvironment, match=r"KEY: .*known forms"):
        fill({"KEY": "warmkey:key"}, {}, never)


@pytest.mark.parametrize("path", ["/app/{stage}/*", "ssm:/{stage}/*"])
def test_a_reference_to_a_path_goes(path: str) -> None:
    """What is below the path comes by its own aliases, where they may be variables."""
    environ = {"APP": f"warmkey:{path}", "HOME": "/root"}
    assert fill(environ, {"user": "a", "db/password": "b"}, never) == {
        "user": "a",
        "HOME": "/root",
    }


@pytest.mark.parametrize(
    "value", ["two\nlines", "quote's", '"', "$(echo no)", "ä€🙂", "", "x" * 65536, "warmkey:/key"]
)
def test_a_value_is_handed_on_as_it_is(value: str) -> None:
    """Whatever it holds."""
    assert fill({"KEY": "warmkey:/key"}, {"KEY": value}, lambda _: False) == {"KEY": value}


@pytest.mark.parametrize("environ", [{"KEY": "warmkey:/key"}, {}])
def test_a_value_with_a_nul_is_refused_by_its_alias(environ: dict[str, str]) -> None:
    """No variable can hold it; the message does not hold the value, and says what to do."""
    with pytest.raises(
        UnusableEnvironment, match=r"KEY contains a NUL.* not a valid variable name, such as"
    ) as refused:
        fill(environ, {"KEY": "canary\0"}, never)
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize("value", [b"\x00", b"canary", b"\xff" * 100])
def test_a_binary_value_is_refused_by_its_alias(value: bytes) -> None:
    """It would come in base64, which its program does not expect."""
    encoded = base64.b64encode(value).decode()
    with pytest.raises(
        UnusableEnvironment, match="KEY is binary, which no variable can hold"
    ) as refused:
        fill({}, {"KEY": encoded}, lambda alias: alias == "KEY")
    assert encoded not in str(refused.value)


def test_a_text_that_could_be_base64_is_none_where_the_endpoint_says_so() -> None:
    """It alone knows."""
    assert fill({}, {"KEY": "c2FtZQ=="}, lambda _: False) == {"KEY": "c2FtZQ=="}


def test_variable_that_is_not_set_may_hold_anything() -> None:
    """Binary secrets can be read from the endpoint beside the wrapper."""
    assert fill({}, {"seal.binary": "c2FtZQ==", "nul/x": "\0"}, never) == {}


def test_an_environment_that_is_too_large_is_told_by_its_largest_variables() -> None:
    """By their sizes, with the NUL at the end of each, as the system counts them."""
    environ = {"A": "canary" * 1000, "BÄ": "ä" * 100, "C": "", "D": "1"}
    text = about_size(environ)
    assert "6215 bytes, most of them in A (6003), BÄ (205), D (4)" in text
    assert "canary" not in text


@pytest.mark.parametrize(
    "name",
    ["LD_PRELOAD", "BASH_ENV", "NODE_OPTIONS", "PATH", "WARMKEY_NEXT_WRAPPER", "AWS_PROFILE"],
)
@pytest.mark.parametrize("path_names", ["alias", "env"])
def test_a_parameter_below_a_path_steers_nothing(name: str, path_names: str) -> None:
    """It is left out, and said to be; the others are set."""
    filled = fill_from_path({name: "/opt/evil.so", "KEY": "canary"}, path_names)
    assert filled.environ == {"MINE": "mine", "KEY": "canary"}
    assert f"not set from a path: {name}. " in filled.left_out[0]
    assert "/opt/evil.so" not in filled.left_out[0]


def test_a_name_that_steers_may_be_declared() -> None:
    """It is the owner's own choice then."""
    environ = {"NODE_OPTIONS": "warmkey:/node"}
    assert fill(environ, {"NODE_OPTIONS": "a", "PYTHONPATH": "b"}, never) == {
        "NODE_OPTIONS": "a",
        "PYTHONPATH": "b",
    }


def test_a_parameter_whose_name_no_variable_can_have_is_told_of() -> None:
    """But not an alias that was given such a name to stay out of the environment."""
    filled = fill_from_path({"db/password": "a", "a/b": "b", "user": "c"})
    assert filled.environ == {"MINE": "mine", "user": "c"}
    (told,) = filled.left_out
    assert "not set, as no variable can have such a name: db/password. " in told
    assert "WARMKEY_PATH_NAMES=env" in told


def test_the_first_of_many_such_parameters_are_named() -> None:
    """In one line."""
    (told,) = fill_from_path({f"p-{number}": "a" for number in range(1000)}).left_out
    assert "p-9 and 990 more. " in told
    assert "p-10" not in told


def test_parameters_below_a_path_may_be_named_as_variables_are() -> None:
    """Upper case, anything else is `_`; what was declared itself keeps its name."""
    secrets = {"db/password-hash": "a", "user.name": "b", "DECLARED": "c", "a/b": "d", "Mine": "e"}
    filled = fill_from_path(secrets, "env")
    assert filled.environ == {
        "DB_PASSWORD_HASH": "a", "USER_NAME": "b", "DECLARED": "c", "MINE": "mine"
    }  # fmt: skip
    assert filled.left_out == ()


@pytest.mark.parametrize("name", ["ld/preload", "path", "warmkey/next/wrapper", "python.path"])
def test_a_parameter_s_new_name_steers_nothing(name: str) -> None:
    """Though its own looks harmless."""
    filled = fill_from_path({name: "canary"}, "env")
    assert filled.environ == {"MINE": "mine"}
    assert name in filled.left_out[0]


def test_a_new_name_that_is_none_is_told_of() -> None:
    """A variable's begins with no digit."""
    filled = fill_from_path({"1st": "canary"}, "env")
    assert filled.environ == {"MINE": "mine"}
    assert "1st" in filled.left_out[0]


@pytest.mark.parametrize("other", ["db.password", "DB_PASSWORD"])
def test_two_parameters_of_one_new_name_are_refused(other: str) -> None:
    """Rather than that one of them wins."""
    with pytest.raises(
        UnusableEnvironment, match=r"db/password and .* would both be the variable DB_PASSWORD"
    ):
        fill_from_path({"db/password": "a", other: "b"}, "env")
