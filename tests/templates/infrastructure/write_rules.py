"""Writes the rules of `attach` to the files that hold them: `make rules`."""

from layer.build.plan import REPOSITORY
from warmkey.deploy.infrastructure import rules

FILES = tuple(
    REPOSITORY / folder / "rules.json" for folder in ("layer/infrastructure", "layer/terraform")
)


def main() -> None:
    """Write them."""
    for file in FILES:
        file.write_text(rules.text(), encoding="utf-8")


if __name__ == "__main__":
    main()
