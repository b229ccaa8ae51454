"""The command `warmkey`, or what to install where its libraries are missing."""


def main() -> None:
    """Do what the command line says.

    Raises:
        SystemExit: Always, with the command's exit code.
    """
    try:
        from .command import warmkey
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] not in {"boto3", "botocore", "click", "rich"}:
            raise
        raise SystemExit(
            f"warmkey: there is no {missing.name}; pip install 'warmkey[deploy]'"
        ) from None
    warmkey()


if __name__ == "__main__":
    main()
