"""The plan of the prefetch: which calls read every declared secret."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.aws.prefetch import first_call, plan
from extension.sources.parameter import Parameter
from extension.sources.parameter_path import ParameterPath
from extension.sources.route import Route, route_of
from extension.sources.secretsmanager import Secret
from extension.sources.source import Source

ROLE = "arn:aws:iam::210987654321:role/reader"
parameters = st.builds(Parameter, st.integers(0, 40).map("/p{}".format), st.sampled_from(["", "1"]))
secrets = st.builds(Secret, st.integers(0, 5).map("s{}".format))
sources = st.lists(parameters | secrets, max_size=60)


def numbered(count: int) -> list[Parameter]:
    """So many parameters."""
    return [Parameter(f"/p{number}") for number in range(count)]


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, []), (1, [1]), (10, [10]), (11, [10, 1]), (30, [10, 10, 10])]
)
def test_n_parameters_cost_n_tenths_calls(count: int, sizes: list[int]) -> None:
    """Rounded up."""
    jobs = plan(numbered(count), 3)
    assert [len(job) for job in jobs] == sizes


def test_each_secret_costs_a_call_of_its_own() -> None:
    """Side by side, while there is a connection for each."""
    a, b, c = Secret("a"), Parameter("/b"), Secret("c")
    assert plan([a, b, c], 3) == [(b,), (a,), (c,)]


def test_secret_declared_twice_is_read_once() -> None:
    """As with two fields of one value; another version is another value."""
    a, other = Parameter("/a"), Parameter("/a", "1")
    assert plan([a, a, other], 3) == [(a, other)]


def test_each_region_and_each_role_has_jobs_of_its_own() -> None:
    """An ARN of our own region is read with what is named by its name."""
    there = Parameter("arn:aws:ssm:us-east-1:123456789012:parameter/a")
    here = Parameter("arn:aws:ssm:eu-west-1:123456789012:parameter/a")
    own, other = Parameter("/a"), Parameter("/a", role=ROLE)
    jobs = plan([own, there, other, here], 3, "eu-west-1")
    assert jobs == [(own, here), (there,), (other,)]


def test_invalid_region_is_in_no_batch() -> None:
    """An ARN's part becomes part of a host's name."""
    for named in ("", "evil.example/", "x@y", "EU-WEST-1", "us-east-1.evil"):
        source = Parameter(f"arn:aws:ssm:{named}:1:parameter/a")
        assert route_of(source, "eu-west-1") == Route("ssm", "", "")
    source = Parameter("arn:aws-us-gov:ssm:us-gov-west-1:1:parameter/a")
    assert route_of(source, "eu-west-1").region == "us-gov-west-1"


@given(sources)
def test_every_source_is_read_once_and_no_batch_is_mixed_or_too_large(
    declared: list[Source],
) -> None:
    """Whatever is declared."""
    jobs = plan(declared, len(declared))
    read = [source for job in jobs for source in job]
    assert len(read) == len(set(read))
    assert set(read) == set(declared)
    for job in jobs:
        assert 1 <= len(job) <= 10
        assert len(job) == 1 or all(isinstance(source, Parameter) for source in job)


@pytest.mark.parametrize(
    ("job", "action", "body"),
    [
        ((Parameter("/a"),), "GetParameter", {"Name": "/a", "WithDecryption": True}),
        (
            (Parameter("/a"), Parameter("/b", "1")),
            "GetParameters",
            {"Names": ["/a", "/b:1"], "WithDecryption": True},
        ),
        ((Secret("db"),), "GetSecretValue", {"SecretId": "db"}),
        (
            (Secret("db"), Secret("mail")),
            "BatchGetSecretValue",
            {"SecretIdList": ["db", "mail"]},
        ),
        (
            (ParameterPath("/app"),),
            "GetParametersByPath",
            {"Path": "/app", "Recursive": True, "WithDecryption": True, "MaxResults": 10},
        ),
    ],
)
def test_a_job_begins_with_the_call_that_reads_it_all(
    job: tuple[Source, ...], action: str, body: dict[str, object]
) -> None:
    """A single parameter by the permission that most roles already have."""
    call = first_call(job)
    assert call.action == action
    assert json.loads(call.body) == body
