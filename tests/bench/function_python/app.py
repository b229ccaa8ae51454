"""The plainest function: what INIT takes without an extension."""


def handler(_event: object, _context: object) -> str:
    """Answer."""
    return "ok"
