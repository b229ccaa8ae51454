"""Parameters that are stored and declared, as many as a test needs."""

from tests.fakes.aws import FakeAws


def declare(aws: FakeAws, count: int) -> dict[str, str]:
    """Put this many parameters into SSM: `/p/0` with the value `canary-0`, and so on.

    Returns:
        The variables that declare them: `P0`, and so on.
    """
    for number in range(count):
        aws.parameters.put(f"/p/{number}", f"canary-{number}")
    return {f"P{number}": f"warmkey:/p/{number}" for number in range(count)}
