"""The constructs for the CDK give functions what `warmkey attach` would."""

import pytest

from tests.templates.deployment import LAYER
from tests.templates.infrastructure import cdk
from tests.templates.infrastructure.cases import CASES

each_language = pytest.mark.parametrize("language", ["ts", "py"])


@each_language
@pytest.mark.parametrize("name", CASES)
def test_function_gets_the_layer_its_variables_and_the_least_privileges(
    language: str, name: str
) -> None:
    """To the letter what `warmkey policy` prints."""
    found = cdk.deployments(language, "each")[cdk.key(name)]
    assert found.layers == (LAYER,)
    assert found.variables == CASES[name].variables()
    assert found.permissions == CASES[name].permissions()


def test_bundle_of_the_cdk_leaves_the_client_to_the_layer() -> None:
    """With the setting that is documented."""
    assert 'require("warmkey")' in cdk.bundle()


@each_language
def test_aspect_reaches_every_function_that_is_to_be_reached(language: str) -> None:
    """Each with what is said of it, and the exec wrapper."""
    found = cdk.deployments(language, "all")
    assert {name: each.layers for name, each in found.items()} == {
        "One": (LAYER,),
        "Two": (LAYER,),
        "Left": (),
    }
    assert found["Two"].variables == {
        "KEY": "warmkey:/Two",
        "WARMKEY_STAGE": "prod",
        "AWS_LAMBDA_EXEC_WRAPPER": "/opt/warmkey-exec",
    }
    assert {each.resource.rpartition("/")[2] for each in found["Two"].permissions} == {"Two"}
    assert found["Left"].variables == {}
