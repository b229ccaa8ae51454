"""`warmkey attach`: a function and its layers may take 250 MB unpacked, which is known before."""

import pytest

from tests.fakes import zips
from tests.fakes.fleet import Fleet
from tests.fakes.http_service import HttpService
from tests.fakes.operator import Operator

MEGABYTE = 1024**2
PACKED = 60 * MEGABYTE

pytestmark = pytest.mark.usefixtures("fleet")


@pytest.fixture(scope="module")
def package() -> bytes:
    """A package that unpacks to 240 MB."""
    return zips.zip_that_unpacks_to(240 * MEGABYTE)


@pytest.fixture
def fleet(operator: Operator) -> Fleet:
    """An account with Warmkey's layers and a function."""
    fleet = Fleet(operator)
    fleet.warmkey()
    fleet.function("billing", variables={"LOG": "debug"})
    return fleet


@pytest.fixture
def served(package: bytes, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Where the function's package is, and Warmkey's layer, as files by path."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return {"/package": package, "/layer": zips.zip_that_unpacks_to(18 * MEGABYTE)}


def tell(operator: Operator, service: HttpService, packed: int = PACKED) -> None:
    """Have Lambda tell where the zips are, and how large."""
    described = operator.client("lambda").get_function(FunctionName="billing")["Configuration"]
    described["CodeSize"] = packed
    code = {"Location": f"{service.url}/package"}
    operator.answer("lambda.GetFunction", lambda _: {"Configuration": described, "Code": code})
    content = {"Content": {"Location": f"{service.url}/layer"}}
    operator.answer("lambda.GetLayerVersion", lambda _: content)


def test_function_without_room_for_the_layer_is_refused_before_anything_changes(
    operator: Operator, fleet: Fleet, served: dict[str, bytes]
) -> None:
    """With both figures, and what to do."""
    with zips.serve(served) as service:
        tell(operator, service)
        result = operator.run("attach", "billing", "--yes")
    assert result.exit_code == 1
    assert (
        "billing: its package and layers would take 258.0 MB unpacked, and Lambda allows 250.0 MB"
    ) in result.stderr
    assert fleet["billing"].layers == ()


def test_function_that_has_room_for_the_layer_is_changed(
    operator: Operator, served: dict[str, bytes]
) -> None:
    """Just so: 240 and 10."""
    served["/layer"] = zips.zip_that_unpacks_to(10 * MEGABYTE)
    with zips.serve(served) as service:
        tell(operator, service)
        result = operator.run("attach", "billing", "--dry-run")
    assert result.exit_code == 0
    assert "+ layer 1: " in result.stdout


def test_small_function_is_not_asked_for_its_size(
    operator: Operator, served: dict[str, bytes]
) -> None:
    """A zip of less than a tenth of the limit."""
    with zips.serve(served) as service:
        tell(operator, service, packed=25 * MEGABYTE - 1)
        result = operator.run("attach", "billing", "--dry-run")
        assert service.connections == 0
    assert result.exit_code == 0


@pytest.mark.parametrize("spoiled", [b"no zip", b""])
def test_size_that_can_not_be_found_out_is_left_to_lambda(
    operator: Operator, served: dict[str, bytes], spoiled: bytes
) -> None:
    """Which refuses what is too large; a guess would keep out what is not."""
    served["/package"] = spoiled
    with zips.serve(served) as service:
        tell(operator, service)
        result = operator.run("attach", "billing", "--dry-run")
        assert service.connections > 0
    assert result.exit_code == 0


def test_zip_is_not_fetched_whole_where_a_part_can_not_be_had(
    operator: Operator, served: dict[str, bytes]
) -> None:
    """As it may be hundreds of megabytes."""
    with zips.serve(served, ranges=False) as service:
        tell(operator, service)
        result = operator.run("attach", "billing", "--dry-run")
        assert service.connections == 1
    assert result.exit_code == 0
