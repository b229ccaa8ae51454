"""What calls upstream are traced to."""


def untraced(_message: str, **_fields: object) -> None:
    """Nothing."""
