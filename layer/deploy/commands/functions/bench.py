"""`warmkey bench`: cold starts of a function, with the layer and without."""

from datetime import datetime, timezone
from pathlib import Path

import click

from ...account import RETRYING, Account
from ...bench import announcement, run
from ...bench.interruption import Interruption
from ...bench.results.measured import Measured
from ...bench.starts import payloads
from ...bench.starts.cold_starts import ColdStarts
from ...bench.starts.invocation import Invoker
from ...bench.target import arm, original
from ...bench.target.target import choose
from ...functions.attachment import AttachRequest
from ...functions.selection import Selection
from ...functions.store import Functions
from ...layers.choice import LayerChoice
from ...layers.store import LayerStore
from ...output import console
from ...output.approval import approve
from ...output.rollout import finish
from .. import completion, declared_options, options

_FEWEST, _MOST = 6, 1000  # of fewer there is no interval


@click.command("bench")
@click.argument("function", shell_complete=completion.functions)
@click.option(
    "--runs",
    type=click.IntRange(_FEWEST, _MOST),
    default=50,
    show_default=True,
    help="The number of pairs of cold starts.",
)
@click.option("--qualifier", default="", help="A version or an alias; $LATEST unless given.")
@click.option(
    "--in-place",
    is_flag=True,
    help="Change the function itself and restore it, which its callers notice. Without this, two "
    "copies are created and deleted, which nobody else calls.",
)
@declared_options.variables
@options.exec_wrapper
@options.layers
@payloads.option
@click.option(
    "--invoke-errors",
    type=click.Choice(["stop", "count"]),
    default="stop",
    show_default=True,
    help="When the handler fails: stop, or count it and go on, as its start can be measured.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="The report's folder; ./warmkey-bench-FUNCTION unless given.",
)
@options.account
@options.dry_run
@options.yes
def command(
    function: str,
    runs: int,
    qualifier: str,
    in_place: bool,
    variables: dict[str, str],
    exec_wrapper: bool,
    layers: tuple[str, ...],
    payload: bytes,
    invoke_errors: str,
    output: Path | None,
    account: Account,
    dry_run: bool,
    yes: bool,
) -> None:
    """Measure cold starts of FUNCTION on AWS, with the layer and without, alternately.

    A function that has the layer is compared with itself without it; any other, with itself with
    the layer and the secrets that --secret declares.
    """
    from ...bench.results import (
        outcome,  # takes Jinja, which no other command needs; missed at once here
    )

    client = account.session.client("lambda", config=RETRYING)
    [name] = Selection((function,), {}, "").find(account)
    subject = original.find(client, name, qualifier)
    request = AttachRequest(variables, exec_wrapper=exec_wrapper)
    choice = LayerChoice(LayerStore(client), layers)
    arms = arm.of(subject.configuration, choice, request, named=bool(layers))
    told, said = console.results(), console.remarks()
    interruption = Interruption(lambda text: said.print(text, style="yellow"))
    target = choose(client, subject, arms, interruption, in_place=in_place)
    for line in announcement.lines(subject, target, runs):
        told.print(line)
    if not approve(target.changes(), told, dry_run=dry_run, yes=yes):
        return
    folder = outcome.make(output or Path(f"warmkey-bench-{subject.configuration.name}"))
    when = datetime.now(timezone.utc).replace(microsecond=0)
    cold_starts = ColdStarts(
        client,
        Functions(client),
        Invoker.of(account, payload, subject.timeout),
        interruption,
        shared=target.shared,
        snap_start=subject.snap_start,
        stop_at_errors=invoke_errors == "stop",
        log_group=subject.log_group,
    )
    with interruption:
        done = run.carry_out(target, runs, cold_starts, interruption, said)
    measured = Measured(subject, arms, done.rounds, cold_starts.tally, when, in_place)
    outcome.tell(measured, folder)
    finish(went_well=done.is_put_back)
