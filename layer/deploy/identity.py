"""Who an operator is at the moment, so that a live key does not end up in the account for tests."""

from botocore.exceptions import ClientError

from .account import Account


def describe(account: Account) -> str:
    """The account's number, its alias where that may be read, and the region and profile."""
    alias = _alias(account)
    named = f"account {account.id} ({alias})" if alias else f"account {account.id}"
    profile = f", profile {account.profile}" if account.profile else ""
    return f"{named}, region {account.region}{profile}"


def _alias(account: Account) -> str:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccountAliases.html."""
    try:
        found = account.session.client("iam").list_account_aliases()["AccountAliases"]
    except ClientError:
        return ""
    return found[0] if found else ""
