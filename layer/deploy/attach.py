"""`warmkey attach`: give functions that exist the layer, their secrets, and what else they need."""

import re

import click

from ..extension import reference
from ..extension.declarations import MARK
from ..extension.reference import MalformedReference
from . import attachment, options
from .account import Account
from .attaching import Attaching
from .attachment import Wish
from .failure import Failure
from .functions import AT_ONCE
from .layer_choice import LayerChoice
from .layer_store import LayerStore
from .rollout import Rollout, finish
from .selection import Selection

# https://docs.aws.amazon.com/lambda/latest/api/API_Environment.html
_VARIABLE = re.compile(r"[a-zA-Z][a-zA-Z0-9_]+")


@click.command("attach")
@options.selection
@click.option(
    "--secret",
    "secrets",
    multiple=True,
    metavar="ALIAS=REFERENCE",
    callback=options.secrets,
    help="A secret, and the variable that declares it, e.g. STRIPE_KEY=/stripe/{stage}.",
)
@click.option("--stage", help="The functions' stage, as WARMKEY_STAGE.")
@click.option(
    "--stages",
    metavar="STAGE=TARGET,…",
    help="What {stage} becomes, as WARMKEY_STAGES, e.g. prod=live,*=test.",
)
@click.option(
    "--exec", "exec_wrapper", is_flag=True, help="Have the secrets themselves in the variables."
)
@click.option("--with-policy", is_flag=True, help="Let the functions' roles read the secrets.")
@click.option("--overwrite", is_flag=True, help="Change variables that have other values.")
@click.option(
    "--replace-aws-extension",
    "replace_official",
    is_flag=True,
    help="Take AWS's own Parameters and Secrets extension off.",
)
@click.option(
    "--layer",
    "layers",
    multiple=True,
    metavar="ARN",
    help="A layer version; the newest published one unless given.",
)
@options.account
@options.dry_run
@options.yes
def command(
    account: Account,
    selection: Selection,
    secrets: dict[str, str],
    stage: str | None,
    stages: str | None,
    layers: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    **wishes: bool,
) -> None:
    """Attach the layer to functions: by name, ARN, tag or prefix.

    What attach changes, detach puts back. A function's other layers and variables stay.
    """
    for alias, text in secrets.items():
        _check(alias, text)
    variables = dict(secrets)
    if stages is not None:
        attachment.check_stages(stages)
        variables["WARMKEY_STAGES"] = stages
    if stage is not None:
        variables["WARMKEY_STAGE"] = stage
    choice = LayerChoice(LayerStore.of(account), layers)
    attaching = Attaching(account, choice, Wish(variables, **wishes))
    rollout = Rollout("Attaching", "attached", AT_ONCE, dry_run, yes)
    finish(went_well=rollout.run(selection.find(account), attaching.plan))


def _check(alias: str, text: str) -> None:
    """Make sure that a function can declare a secret so.

    Raises:
        Failure: The alias can't be a variable, or the reference is malformed.
    """
    if not _VARIABLE.fullmatch(alias):
        raise Failure(
            f"{alias!r} can't be a variable of a function",
            "it takes letters, digits and _, two at least, and begins with a letter; declare "
            "others in warmkey.json",
        )
    try:
        reference.parse(text.removeprefix(MARK), "stage")
    except MalformedReference as error:
        raise Failure(f"--secret {alias}: {error}") from None
