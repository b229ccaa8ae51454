"""A function's variables: what is added, what is shown, what fits."""

import pytest

from warmkey.deploy.functions import environment
from warmkey.deploy.functions.environment import NEXT_WRAPPER, WARMKEY_EXEC, WRAPPER
from warmkey.deploy.output.failure import Failure

SECRET = "canary"
REFERENCE = "warmkey:/stripe/live"


def test_variables_that_are_there_stay() -> None:
    """Others come beside them; one with the same value already, or none, is no conflict."""
    there = {"A": "b", "KEY": REFERENCE, "EMPTY": ""}
    wanted = {"KEY": REFERENCE, "EMPTY": REFERENCE, "NEW": REFERENCE}
    assert environment.add(there, wanted, overwrite=False) == {"A": "b", **wanted}


def test_another_value_is_refused_and_not_shown() -> None:
    """It may be the secret itself; that it would be lost is told."""
    with pytest.raises(Failure, match=r"KEY=\(a value, not shown\); pass --overwrite.*save it"):
        environment.add({"KEY": SECRET}, {"KEY": REFERENCE}, overwrite=False)


def test_another_reference_is_shown() -> None:
    """It is no secret."""
    with pytest.raises(Failure, match="KEY=warmkey:/stripe/test"):
        environment.add({"KEY": "warmkey:/stripe/test"}, {"KEY": REFERENCE}, overwrite=False)


def test_another_value_is_replaced_where_that_is_wanted() -> None:
    """With --overwrite."""
    assert environment.add({"KEY": SECRET}, {"KEY": REFERENCE}, overwrite=True) == {
        "KEY": REFERENCE
    }


@pytest.mark.parametrize("name", ["KEY", "WARMKEY_TOKEN", "AWS_SESSION_TOKEN"])
def test_a_value_is_not_shown_unless_it_surely_is_no_secret(name: str) -> None:
    """Not even one of Warmkey's own settings, which has a token among them."""
    assert environment.show(name, SECRET) == "(a value, not shown)"
    assert environment.show(name, REFERENCE) == REFERENCE


def test_the_stage_and_the_wrappers_are_shown() -> None:
    """What attach itself sets."""
    for name in ("WARMKEY_STAGE", "WARMKEY_STAGES", WRAPPER, NEXT_WRAPPER):
        assert environment.show(name, "x") == "x"


def test_the_wrapper_takes_an_empty_slot() -> None:
    """And a second time changes nothing."""
    wrapped = environment.wrap({"A": "b"}, "python3.13")
    assert wrapped == {"A": "b", WRAPPER: WARMKEY_EXEC}
    assert environment.wrap(wrapped, "python3.13") == wrapped
    assert environment.unwrap(wrapped) == {"A": "b"}


def test_a_wrapper_that_is_there_is_run_next() -> None:
    """And has its slot back afterwards."""
    wrapped = environment.wrap({WRAPPER: "/opt/other"}, "nodejs22.x")
    assert wrapped == {WRAPPER: WARMKEY_EXEC, NEXT_WRAPPER: "/opt/other"}
    assert environment.unwrap(wrapped) == {WRAPPER: "/opt/other"}


def test_several_wrappers_take_nobodys_place() -> None:
    """Lambda runs one; which, is for people."""
    wrapped = {WRAPPER: environment.WARMKEY_EXEC, environment.NEXT_WRAPPER: "/opt/a:/opt/b"}
    with pytest.raises(Failure, match="without Warmkey Lambda runs one"):
        environment.unwrap(wrapped)


def test_second_exec_wrapper_is_refused() -> None:
    """One slot, and one next."""
    with pytest.raises(Failure, match="is /opt/a and WARMKEY_NEXT_WRAPPER is /opt/b"):
        environment.wrap({WRAPPER: "/opt/a", NEXT_WRAPPER: "/opt/b"}, "python3.13")


def test_another_wrapper_is_left_alone() -> None:
    """Without Warmkey's there is nothing to take away."""
    variables = {WRAPPER: "/opt/other", NEXT_WRAPPER: "/opt/more"}
    assert environment.unwrap(variables) == variables


@pytest.mark.parametrize("runtime", ["provided", "provided.al2023", "go1.x", "java8"])
def test_a_runtime_that_runs_no_wrapper_is_refused(runtime: str) -> None:
    """It would silently keep the references in its variables."""
    with pytest.raises(Failure, match=f"{runtime} does not support exec wrappers; attach without"):
        environment.wrap({}, runtime)


@pytest.mark.parametrize("runtime", ["java8.al2", "java21", "dotnet8", "ruby3.4"])
def test_a_managed_runtime_is_wrapped(runtime: str) -> None:
    """As Lambda documents it."""
    assert environment.wrap({}, runtime) == {WRAPPER: WARMKEY_EXEC}


def test_variables_up_to_the_limit_fit() -> None:
    """4096 bytes as a JSON object, whose braces, quotes and colon count."""
    environment.check_size({"A": "x" * (4096 - len('{"A":""}'))})


def test_variables_beyond_the_limit_are_refused() -> None:
    """Bytes count, not characters; no value is repeated."""
    with pytest.raises(Failure, match=r"would take 4097 bytes.*warmkey\.json") as refused:
        environment.check_size({"A": SECRET + "x" * 4081 + "é"})
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("own", "theirs", "clash"),
    [
        ("", "", True),
        ("2773", "", True),
        ("002773", "", True),
        (" 2773 ", "", True),
        ("2774", "", False),
        ("", "2774", True),
        (" ", "2774", True),
        ("2774", "2774", True),
        ("2774", "02774", True),
        ("2773", "2774", False),
        ("2774", "2775", False),
        ("2773", "none", True),  # which is the default for both
        ("none", "", False),  # with which Warmkey does not start at all
    ],
)
def test_ports_clash_where_the_extension_would_use_that_of_aws(
    own: str, theirs: str, clash: bool
) -> None:
    """As numbers: two texts may be one port."""
    ports = {"WARMKEY_PORT": own, "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": theirs}
    assert environment.ports_clash(ports) is clash
