"""The account that a command works in."""

from concurrent.futures import ThreadPoolExecutor

from warmkey.deploy.account import RETRYING, Account


def test_client_is_made_once_for_all_threads() -> None:
    """With each configuration: making one costs more than the calls that it is for."""
    session = Account(region="eu-central-1").session
    with ThreadPoolExecutor(4) as threads:
        made = set(threads.map(lambda _: session.client("ssm", config=RETRYING), range(8)))
    assert made == {session.client("ssm", config=RETRYING)}
    assert session.client("ssm") not in made
