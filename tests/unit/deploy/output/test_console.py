"""What an operator reads, on a terminal that may be narrow."""

import io

from rich.console import Console

from warmkey.deploy.output import console


def test_a_narrow_table_cuts_nothing_off() -> None:
    """A reference or an ARN goes on in the next line."""
    table = console.table("alias", "reference")
    table.add_row("STRIPE_SECRET_KEY", "/stripeSecretKey/live")
    shown = io.StringIO()
    Console(file=shown, width=20).print(table)
    assert "…" not in shown.getvalue()
    assert sorted("".join(shown.getvalue().split())) == sorted(
        "aliasreferenceSTRIPE_SECRET_KEY/stripeSecretKey/live"
    )
