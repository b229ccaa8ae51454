"""`stages.parse_map`: what it reads can be written down again, and means the same."""

from extension.declared.stages import StageError, StageMap, parse_map
from tests.fuzz.target import Target


def attempt(data: bytes) -> None:
    """Read a map, and ask it for stages."""
    text = data.decode("utf-8", "surrogateescape")
    try:
        stages = parse_map(text)
    except StageError:
        return
    written = ",".join(f"{stage}={target}" for stage, target in stages.targets.items())
    assert parse_map(written) == stages
    for stage, target in stages.targets.items():
        assert stages.target(stage) == target
    _check_unknown(stages)


def _check_unknown(stages: StageMap) -> None:
    """A stage that is not there is itself, the fallback, or an error."""
    stage = "no" + "".join(stages.targets)
    try:
        assert stages.target(stage) == (stages.targets.get("*") or stage)
    except StageError:
        assert stages.targets
        assert "*" not in stages.targets


TARGET = Target("stage-maps", attempt, ["prod=live", "*=test", ",", "=", " "])
