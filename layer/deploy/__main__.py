"""The command `warmkey`, or what to install where its libraries are missing."""

_LIBRARIES = frozenset({"boto3", "botocore", "click", "jinja2", "pydantic", "rich"})


def main() -> None:
    """Do what the command line says.

    Raises:
        SystemExit: Always, with the command's exit code.
    """
    try:
        from .commands.group import warmkey

        warmkey()  # which imports a command, and what that needs, when it runs it
    except ModuleNotFoundError as missing:
        library = (missing.name or "").split(".")[0]
        if library not in _LIBRARIES:
            raise
        raise SystemExit(f"warmkey: there is no {library}; pip install 'warmkey[deploy]'") from None


if __name__ == "__main__":
    main()
