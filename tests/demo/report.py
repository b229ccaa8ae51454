"""What the main job prints: short blocks that read well in any width, coloured or not."""

from collections.abc import Collection, Iterable, Mapping

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from tests.demo.observation import Observation, Payment
from tests.demo.stage import Stage

_STAND_IN = (
    "[bold yellow]Not on AWS's Rapid core:[/bold yellow] this machine refuses it namespaces, "
    "and a fake of Lambda's Runtime API stands in for it."
)


_BAR = 40  # characters of a start's picture


class Report:
    """The report of one run.

    Args:
        console: Where to print.
        refusal: Why AWS's Rapid core cannot run here; empty where it can.
    """

    def __init__(self, console: Console, refusal: str = "") -> None:
        self._console = console
        self._refusal = refusal

    def opening(self) -> None:
        """Say what is about to run, and on what."""
        self._say("[bold]A function charges a card with Stripe, with the key of its stage.[/bold]")
        core = "AWS's" if self._refusal else "AWS's Rapid core, its"
        self._say(
            f"[dim]Real: {core} Python runtime client, the stripe SDK. "
            "On loopback: moto as SSM and KMS, localstripe as Stripe.[/dim]"
        )
        if self._refusal:
            self._say(f"\n{_STAND_IN}")
            self._console.print(self._refusal, markup=False, highlight=False, style="dim")

    def stage(self, stage: Stage, seen: Observation) -> None:
        """Show what was seen of a stage."""
        facts = Table.grid(padding=(0, 2))
        facts.add_column(style="dim", no_wrap=True)
        facts.add_column(overflow="fold")
        for name, fact in _facts(seen):
            facts.add_row(f"  {name}", fact)
        fallback = " [dim](no row of its own: as dev)[/dim]" if stage.falls_back else ""
        self._say(f"\n[bold cyan]{stage.name}[/bold cyan]{fallback}")
        self._console.print(facts)

    def closing(self, seen: Collection[Observation]) -> None:
        """Say in one line what went through, and explain the rest."""
        charges = sum(bool(each.charge) for one in seen for each in (one.cold, one.warm))
        calls = {who: sum(one.ssm_calls[who] for one in seen) for who in ("function", "extension")}
        self._say(
            f"\n[bold]{charges} charges went through in {len(seen)} environments, with "
            f"{calls['function']} calls to SSM by the function and {calls['extension']} by the "
            "extension.[/bold]"
        )
        self._say(
            "[dim]The calls are counted at the server. The extension's times count from when it "
            "was executed: = it starts, . it waits for SSM. bound: clients may connect; "
            "registering: the runtime may start; sent, received: the call to SSM; ready: every "
            "value can be read.[/dim]"
        )
        if self._refusal:
            self._say(f"\n{_STAND_IN}")

    def broken(self, sentences: Iterable[str]) -> None:
        """Say what was not as promised."""
        self._say("\n[bold red]Not as promised:[/bold red]")
        for sentence in sentences:
            self._console.print(Padding.indent(escape(sentence), 2), highlight=False)

    def log(self, stage: Stage, log: str) -> None:
        """Show a function's log, for whoever has to find out what went wrong."""
        self._say(f"\n[bold]The log of {stage.name}:[/bold]")
        self._console.print(log.rstrip(), markup=False, highlight=False, soft_wrap=True)

    def _say(self, text: str) -> None:
        self._console.print(text, highlight=False)


def _facts(seen: Observation) -> Iterable[tuple[str, str]]:
    yield "parameter", f"[bold]{escape(seen.parameter or 'none')}[/bold]"
    yield "cold start", f"{_milliseconds(seen.inits)} of INIT, then {_payment(seen.cold)}"
    if bar := _bar(seen.phases):
        yield "extension", bar
    yield "" if bar else "extension", _phases(seen.phases)
    yield "warm", f"{_milliseconds([seen.warm.took])}, {_payment(seen.warm)}"
    calls = ", ".join(f"{who} {count}" for who, count in seen.ssm_calls.items())
    yield "calls to SSM", f"{calls} ({', '.join(seen.actions)})" if seen.actions else calls


def _payment(payment: Payment) -> str:
    if not payment.charge:
        return f"[red]no charge: {escape(payment.outcome)}[/red]"
    return f"charge [green]{escape(payment.charge)}[/green] {escape(payment.outcome)}"


def _bar(phases: Mapping[str, float]) -> str:
    """A start, drawn to scale; nothing where not all of its phases are known."""
    if not {"sent", "received", "ready"} <= phases.keys():
        return ""
    sent, received = (round(_BAR * phases[name] / phases["ready"]) for name in ("sent", "received"))
    drawn = "=" * sent + "." * (received - sent) + "=" * (_BAR - received)
    return escape(f"|{drawn}| {phases['ready']:.1f} ms")


def _phases(phases: Mapping[str, float]) -> str:
    return escape(", ".join(f"{name} {at:.1f}" for name, at in phases.items()) or "none")


def _milliseconds(times: Iterable[float]) -> str:
    return " and ".join(f"{time:.0f} ms" for time in times) or "no report"
