"""Rust's sources are as Rust's own tools want them."""

import shutil
import subprocess

import pytest

from layer.build.plan import REPOSITORY


def cargo_fmt(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run rustfmt on the example."""
    cargo = shutil.which("cargo")
    if cargo is None:
        pytest.skip("there is no Rust (`cargo`): `make tools` installs it, or https://rustup.rs")
    place = REPOSITORY / "handler_example/rust"
    command = [cargo, "fmt", *arguments]
    return subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)  # noqa: S603


def test_rustfmt_has_nothing_to_change() -> None:
    """It shows what it would."""
    if cargo_fmt("--version").returncode:
        pytest.skip("there is no rustfmt: `make tools` installs it, or rustup does")
    done = cargo_fmt("--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
