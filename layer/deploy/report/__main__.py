"""`python -m warmkey.deploy.report bench.json -o report.html`: the page of a bench, made anew."""

from pathlib import Path

import click

from ..output.console import remarks, results
from .data.bench import BadBench, Bench
from .drawing.page import page
from .drawing.picture import NoPicture
from .writing import draw_pictures, write_drawings

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("bench", type=_FILE)
@click.option("-o", "--output", type=_NEW_FILE, default=Path("report.html"), show_default=True)
@click.option("--pictures", is_flag=True, help="Draw pictures beside it, as SVG and PNG files.")
def command(bench: Path, output: Path, pictures: bool) -> None:
    """Make the page of BENCH, a file that a benchmark wrote."""
    try:
        read = Bench.from_json(bench.read_bytes())
    except BadBench as error:
        raise click.ClickException(f"{bench}: {error}") from None
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(page(read), encoding="utf-8")
    results().print(output)
    if pictures:
        drawings = write_drawings(read, output.parent)
        results().print(*drawings, sep="\n")
        try:
            results().print(*draw_pictures(drawings), sep="\n")
        except NoPicture as reason:
            remarks().print(f"No PNG files: {reason}")


if __name__ == "__main__":
    command(prog_name="python -m warmkey.deploy.report")
