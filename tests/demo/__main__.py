"""`make run`: the main job on real parts, shown, and held to what it promises."""

import sys
import tempfile
from pathlib import Path

from rich.console import Console

from tests.demo import package, world
from tests.demo.observation import Observation, observe
from tests.demo.promise import broken
from tests.demo.report import Report
from tests.demo.stage import STAGES, Stage
from tests.rapid import layer, namespaces
from tests.rapid.sandbox import FunctionError
from tests.rapid.without_namespaces import available_sandbox


def main() -> int:
    """Run the example function in every stage.

    Returns:
        The exit status: 0 when everything was as promised, 1 when it was not.
    """
    console = Console()
    report = Report(console, _refusal())
    report.opening()
    try:
        seen = _run(console, report)
    except (FunctionError, package.RequirementsMissing) as error:
        report.broken([str(error)])
        return 1
    except KeyboardInterrupt:
        return 130
    return _judge(report, seen)


def _refusal() -> str:
    """Why AWS's Rapid core cannot run here; empty where it can."""
    try:
        namespaces.isolation()
    except namespaces.NamespacesRefused as refused:
        return str(refused)
    return ""


def _run(console: Console, report: Report) -> dict[Stage, Observation]:
    seen: dict[Stage, Observation] = {}
    sandbox = available_sandbox()
    with (
        console.status("Setting up AWS and Stripe") as status,
        package.staged() as task,
        tempfile.TemporaryDirectory(prefix="warmkey-layer-") as place,
        world.running() as around,
    ):
        opt = layer.unpack(Path(place))
        for stage in STAGES:
            status.update(f"{stage.name}: a cold start, then once more")
            seen[stage] = observe(stage, around, task, opt, sandbox)
            report.stage(stage, seen[stage])
    return seen


def _judge(report: Report, seen: dict[Stage, Observation]) -> int:
    report.closing(seen.values())
    failed = {stage: sentences for stage in seen if (sentences := broken(stage, seen[stage]))}
    if not failed:
        return 0
    report.broken(sentence for sentences in failed.values() for sentence in sentences)
    first = next(iter(failed))
    if not seen[first].leaked:
        report.log(first, seen[first].log)
    return 1


if __name__ == "__main__":
    sys.exit(main())
