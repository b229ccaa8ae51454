"""Rust, on the crate `lambda_runtime`."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import tomllib

from layer.build.plan import REPOSITORY
from layer.build.stages import Key, one_at_a_time
from tests.languages.attempt import stage_once
from tests.languages.language import Built, Language, Unavailable

_EXAMPLE = REPOSITORY / "handler_example/rust"
_BUILD = REPOSITORY / "build/languages/rust"
_TARGET = _BUILD / "target"
_BOOTSTRAP = ("/var/task/bootstrap",)
_LOCK = (_EXAMPLE / "Cargo.toml", _EXAMPLE / "Cargo.lock")
_COMPILE = ("build", "--release", "--locked", "--offline")
_PLAIN = """\
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let key = &std::env::var("KEY")?;
    let answer = |_: LambdaEvent<serde_json::Value>| async move { Ok::<_, Error>(key) };
    run(service_fn(answer)).await
}
"""
_READER = """\
mod warmkey;

async fn print(alias: &str) {
    match warmkey::get(alias).await {
        Ok(value) => println!("{value}"),
        Err(error) => println!("{error:#}"),
    }
}

#[tokio::main]
async fn main() {
    rustls::crypto::ring::default_provider().install_default().unwrap();
    let given: Vec<String> = std::env::args().collect();
    let _ = warmkey::get("FIRST").await;
    if let Some(token) = given.get(2) {
        unsafe { std::env::set_var("AWS_SESSION_TOKEN", token) }; // nobody else reads it now
    }
    let count = given[1].parse().unwrap();
    let readers: Vec<_> = (0..count).map(|_| tokio::spawn(print("KEY"))).collect();
    for reader in readers {
        reader.await.unwrap();
    }
}
"""


@cache
def _example() -> Built:
    source = _EXAMPLE / "src"

    def make(package: Path) -> None:
        _compile(source, package)
        shutil.copy(_EXAMPLE / "warmkey.json", package)

    key: Key = [_version(), *_COMPILE, *_LOCK, source, _EXAMPLE / "warmkey.json"]
    return Built(stage_once(_BUILD / "example", key, make), _BOOTSTRAP)


@cache
def _plain() -> Built:
    def make(package: Path) -> None:
        with tempfile.TemporaryDirectory() as source:
            Path(source, "main.rs").write_text(_PLAIN, encoding="utf-8")
            _compile(Path(source), package)

    key: Key = [_version(), *_COMPILE, *_LOCK, _PLAIN]
    return Built(stage_once(_BUILD / "plain", key, make), _BOOTSTRAP)


@cache
def _reader() -> Sequence[str]:
    client = _EXAMPLE / "src/warmkey.rs"

    def make(package: Path) -> None:
        with tempfile.TemporaryDirectory() as source:
            shutil.copy(client, source)
            Path(source, "main.rs").write_text(_READER, encoding="utf-8")
            _compile(Path(source), package)

    key: Key = [_version(), *_COMPILE, *_LOCK, _READER, client]
    return (str(stage_once(_BUILD / "reader", key, make) / "bootstrap"),)


def _compile(source: Path, package: Path) -> None:
    """Compile a program with the example's dependencies, which are compiled once for all."""
    with tempfile.TemporaryDirectory() as place:
        for file in _LOCK:
            shutil.copy(file, place)
        shutil.copytree(source, Path(place, "src"))
        fetched = _cargo("fetch", "--locked", directory=place)
        if fetched.returncode:
            raise Unavailable(f"cargo can't fetch what Cargo.lock names: {fetched.stderr.strip()}")
        with one_at_a_time(_TARGET):  # by their names and dates cargo can't tell programs apart
            _cargo("clean", "--release", "--package=notes", directory=place)
            compiled = _cargo(*_COMPILE, directory=place)
            assert compiled.returncode == 0, compiled.stderr  # a mistake, no reason to skip
            package.mkdir()
            shutil.copy(_TARGET / "release/bootstrap", package)


def _version() -> str:
    """The version of the Rust that builds, which is new enough."""
    if not shutil.which("cc"):
        raise Unavailable("Rust needs a C compiler (`cc`): `make tools` installs it")
    version = _cargo("--version").stdout.strip()
    if not version:  # `make tools` leaves a command that is there as it is
        raise Unavailable("rustup has no toolchain: `rustup default stable` installs one")
    manifest = tomllib.loads(_LOCK[0].read_text(encoding="utf-8"))
    wanted: str = manifest["package"]["rust-version"]
    if _numbers(version) < _numbers(wanted):
        raise Unavailable(f"there is only {version}, and {wanted} is needed: https://rustup.rs")
    return version


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:2]]


def _cargo(*arguments: str, directory: Path | str = _EXAMPLE) -> subprocess.CompletedProcess[str]:
    cargo = shutil.which("cargo")
    if cargo is None:
        raise Unavailable(
            "there is no Rust (`cargo`): `make tools` installs it, or https://rustup.rs"
        )
    return subprocess.run(  # noqa: S603
        [cargo, *arguments],
        cwd=directory,
        env={**os.environ, "CARGO_TARGET_DIR": str(_TARGET)},
        capture_output=True,
        text=True,
        check=False,
    )


def _dependencies() -> list[str]:
    lock = tomllib.loads(_LOCK[1].read_text(encoding="utf-8"))
    return [package["name"] for package in lock["package"] if "source" in package]


RUST = Language("Rust", _example, _dependencies, _plain, reader=_reader)
