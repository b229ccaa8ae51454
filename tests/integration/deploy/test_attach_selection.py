"""Which functions are meant: by name, ARN, tag and prefix, and a hundred at once."""

import pytest

from tests.fakes.fleet import Fleet, function_arn, layer_arn
from tests.fakes.operator import CANARY, Operator

NAMES = ("shop-api", "shop-mail", "blog-api")


@pytest.fixture
def fleet(operator: Operator) -> Fleet:
    """An account with Warmkey's layers and three functions."""
    fleet = Fleet(operator)
    fleet.warmkey()
    for name in NAMES:
        site, _, part = name.partition("-")
        fleet.function(name, tags={"site": site, "part": part})
    return fleet


def attached(operator: Operator, fleet: Fleet, *arguments: str) -> set[str]:
    """Attach, and return the functions that have the layer then."""
    result = operator.run("attach", "--yes", *arguments)
    assert result.exit_code == 0, result.output
    return {name for name in NAMES if fleet[name].layers}


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["shop-api", "blog-api"], {"shop-api", "blog-api"}),
        ([function_arn("shop-api")], {"shop-api"}),
        (["--prefix", "shop-"], {"shop-api", "shop-mail"}),
        (["--tag", "part=api"], {"shop-api", "blog-api"}),
        (["--tag", "part=api", "--tag", "site=shop"], {"shop-api"}),
        (["--tag", "part=api", "--prefix", "blog-"], {"blog-api"}),
        (["shop-mail", "--tag", "site=blog"], {"shop-mail", "blog-api"}),
    ],
)
def test_functions_are_chosen(
    operator: Operator, fleet: Fleet, arguments: list[str], names: set[str]
) -> None:
    """Names are taken as they are; tags and a prefix narrow each other down."""
    assert attached(operator, fleet, *arguments) == names


def test_a_function_is_changed_once_however_it_is_named(operator: Operator, fleet: Fleet) -> None:
    """By its name, its ARN and its tags."""
    named = ["shop-api", function_arn("shop-api"), "--prefix", "shop-a"]
    result = operator.run("attach", "--yes", *named)
    assert result.exit_code == 0
    assert "1 attached" in result.stderr
    assert fleet["shop-api"].layers


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "no function is named; name one, or choose by --tag or --prefix"),
        (["--prefix", "nothing"], "no function in eu-central-1 matches; is it another region"),
        (["--tag", "site"], "number 1 is not KEY=VALUE"),
        (["shop-api:3"], "shop-api:3 is a version or an alias, which can't be changed"),
        ([function_arn("shop-api") + ":live"], "attach to shop-api, and publish a version"),
        (
            [function_arn("shop-api").replace("eu-central-1", "us-east-1")],
            "is in us-east-1, and this command is for eu-central-1; run this again for it, with --",
        ),
        (["shop-api", "--secret", f"KEY={CANARY}"], "KEY is not a reference; it is not shown"),
        (["shop-api", "--secret", "KEY=/key#"], "'/key#' is not a reference: the field after #"),
        (
            ["shop-api", "--secret", "my-key=/key"],
            "'my-key' is not a valid name of a function's",
        ),
        (["shop-api", "--secret", CANARY], "number 1 is not ALIAS=REFERENCE"),
        (["shop-api", "--secret", "K=/a", "--secret", f"K={CANARY}"], "'K' is given twice"),
        (["shop-api", "--stages", "prod"], "'prod' is not of the form stage=target"),
        (["shop-api", "--layer", "warmkey:3"], "warmkey:3 is not the ARN of a layer's version"),
        (["shop-api", "--layer", layer_arn("mine")], "is not named warmkey-x86_64 or warmkey-arm"),
        (
            ["shop-api", "--layer", "arn:aws:lambda:us-east-1:1:layer:warmkey:3"],
            "is in us-east-1, and a function can only have layers of its own region, eu-central-1",
        ),
        (
            ["shop-api", "--layer", layer_arn("warmkey", 9)],
            f"there is no layer {layer_arn('warmkey', 9)}, or this account may not use it",
        ),
    ],
)
def test_a_selection_that_is_not_meant_so_is_refused_before_any_change(
    operator: Operator, fleet: Fleet, arguments: list[str], said: str
) -> None:
    """With what was given, and what to do."""
    result = operator.run("attach", "--yes", *arguments)
    assert result.exit_code != 0
    assert said in result.stderr
    assert not fleet["shop-api"].layers


def test_attach_without_a_published_layer_says_to_publish_one(
    operator: Operator, fleet: Fleet
) -> None:
    """In the functions' region."""
    Fleet(operator, "us-east-1").function("lonely")
    result = operator.run("attach", "--yes", "lonely", "--region", "us-east-1")
    assert result.exit_code == 1
    assert "there is no layer warmkey-x86_64 in us-east-1; publish it (warmkey publish" in (
        result.stderr
    )
    assert not fleet["shop-api"].layers


def test_a_hundred_functions_are_attached_to_and_counted(operator: Operator) -> None:
    """One that fails keeps none of the others from it, and is named."""
    fleet = Fleet(operator)
    fleet.warmkey()
    names = [f"worker-{number:03}" for number in range(100)]
    for name in names:
        fleet.function(name, variables={"KEY": "own"} if name == "worker-042" else None)
    result = operator.run("attach", "--yes", "--prefix", "worker-", "--secret", "KEY=/key")
    assert result.exit_code == 1
    assert result.stdout.startswith("to change: 99 functions alike\n99 functions: worker-000, ")
    assert result.stdout.count("\n") < 10
    assert "(99/99)" in result.stderr
    assert "99 attached, 1 failed: worker-042" in result.stderr
    assert [name for name in names if not fleet[name].layers] == ["worker-042"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["billing", "--secret", "AWS_REGION=/a"], "AWS_REGION is one of the variables that Lam"),
        (["billing", "--secret", "AWS_LAMBDA_METADATA_TOKEN=/a"], "that Lambda sets itself"),
        (["billing", "--secret", "KEY=/a//b"], "--secret KEY: /a//b has an empty level"),
        (["bill ing"], "'bill ing' is not the name of a function; letters, digits, - and _ make"),
        (["billing", "--layer", "warmkey"], "warmkey is not the ARN of a layer's version"),
        (["billing", "--region", "mars"], "'mars' is not like eu-central-1"),
        (["billing\udcff"], "argument 3 is not UTF-8 text"),
        ([], "no function is named"),
    ],
)
def test_invalid_input_is_refused_before_aws_is_asked(
    operator: Operator, arguments: list[str], said: str
) -> None:
    """With exit code 2, as for every invalid option."""
    operator.deny("lambda.GetFunction")
    result = operator.run("attach", "--yes", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
