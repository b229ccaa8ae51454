"""A report's files: what is written, and by which command."""

import struct
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.bench import sample
from warmkey.deploy import report
from warmkey.deploy.report.drawing import picture

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def no_chromium(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without Chromium."""
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))


@pytest.fixture
def chromium() -> None:
    """A machine with Chromium."""
    if not picture.is_possible():
        pytest.skip("there is no Chromium to draw with: `make tools` installs it")


def make(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    command: Sequence[object] = (sys.executable, "-m", "warmkey.deploy.report", *arguments)
    environ = {"PYTHONPATH": str(REPOSITORY / "layer/python"), "PATH": "/usr/bin:/bin"}
    return subprocess.run(  # noqa: S603
        list(map(str, command)), capture_output=True, check=False, env=environ, text=True
    )


@pytest.mark.usefixtures("no_chromium")
def test_a_report_is_samples_page_and_drawings(tmp_path: Path) -> None:
    """In a folder that need not be there."""
    folder = tmp_path / "build/bench"
    written = report.write(sample(), folder)
    assert [path.name for path in written] == [
        "bench.json",
        "report.html",
        "waterfall.svg",
        "comparison.svg",
    ]
    assert sorted(folder.iterdir()) == sorted(written)
    assert report.Bench.from_json((folder / "bench.json").read_bytes()) == sample()


@pytest.mark.usefixtures("no_chromium")
def test_empty_report_has_no_drawing(tmp_path: Path) -> None:
    """Without cold starts and experiments, there are only the samples and the page."""
    bare = replace(sample(), cold_starts=(), experiments=())
    assert [path.name for path in report.write(bare, tmp_path)] == ["bench.json", "report.html"]


@pytest.mark.usefixtures("no_chromium")
def test_pictures_that_are_wanted_need_chromium(tmp_path: Path) -> None:
    """What to install is told; everything else is there."""
    with pytest.raises(picture.NoPicture, match="apt install chromium"):
        report.write(sample(), tmp_path, png=True)
    assert (tmp_path / "waterfall.svg").exists()


@pytest.mark.usefixtures("chromium")
def test_pictures_are_drawn_where_there_is_chromium(tmp_path: Path) -> None:
    """Twice as large as the drawings say, for sharp screens."""
    written = report.write(sample(), tmp_path)
    pictures = [path for path in written if path.suffix == ".png"]
    assert [path.name for path in pictures] == ["waterfall.png", "comparison.png"]
    for path in pictures:
        width, height = (side // picture.SCALE for side in _size(path))
        assert f"{width},{height}" == picture.size(path.with_suffix(".svg"))


@pytest.mark.usefixtures("chromium")
def test_a_file_that_is_no_drawing_is_not_drawn(tmp_path: Path) -> None:
    """Its size is not known."""
    svg = tmp_path / "a.svg"
    svg.write_text("<svg/>")
    with pytest.raises(picture.NoPicture, match="give its root width and height"):
        picture.draw(svg, tmp_path / "a.png")


def test_the_command_makes_the_page_of_a_file(tmp_path: Path) -> None:
    """And says where it is."""
    bench, page = tmp_path / "bench.json", tmp_path / "out/report.html"
    bench.write_text(sample().to_json(), encoding="utf-8")
    made = make(bench, "-o", page)
    assert (made.returncode, made.stdout, made.stderr) == (0, f"{page}\n", "")
    assert "<h1>What a secret costs a cold start</h1>" in page.read_text("utf-8")


def test_the_command_draws_pictures_when_asked(tmp_path: Path) -> None:
    """Beside the page; those for which there is no Chromium are missed aloud."""
    bench, page = tmp_path / "bench.json", tmp_path / "report.html"
    bench.write_text(sample().to_json(), encoding="utf-8")
    made = make(bench, "-o", page, "--pictures")
    assert made.returncode == 0
    assert (tmp_path / "waterfall.svg").exists()
    assert (tmp_path / "waterfall.png").exists() is ("No PNG files" not in made.stderr)


def test_the_command_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    """Without a traceback, and without a page."""
    bench = tmp_path / "bench.json"
    bench.write_text("{}")
    made = make(bench, "-o", tmp_path / "report.html")
    assert made.returncode == 1
    assert made.stderr.startswith(f"Error: {bench}: title: Field required; ")
    assert not (tmp_path / "report.html").exists()


def test_the_wheel_holds_templates_and_schema(tmp_path: Path) -> None:
    """Users who install the command can make a report with it."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, check=True, cwd=REPOSITORY, capture_output=True)  # noqa: S603
    [wheel] = tmp_path.glob("*.whl")
    folder = REPOSITORY / "layer/deploy/report"
    templates = (each for each in folder.glob("drawing/templates/**/*") if each.is_file())
    data = [*templates, folder / "data/bench.schema.json"]
    expected = {f"warmkey/deploy/report/{path.relative_to(folder)}" for path in data}
    assert expected <= set(zipfile.ZipFile(wheel).namelist())


def _size(png: Path) -> tuple[int, int]:
    """A picture's size, in pixels: https://www.w3.org/TR/png-3/#11IHDR."""
    width, height = struct.unpack(">II", png.read_bytes()[16:24])
    return width, height
