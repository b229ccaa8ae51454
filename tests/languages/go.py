"""Go, on `aws-lambda-go`."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from layer.build.plan import REPOSITORY
from layer.build.stages import Key
from tests.languages.attempt import stage_once
from tests.languages.language import Built, Language, Unavailable

_EXAMPLE = REPOSITORY / "handler_example/go"
_BUILD = REPOSITORY / "build/languages/go"
_BOOTSTRAP = ("/var/task/bootstrap",)
_LOCK = (_EXAMPLE / "go.mod", _EXAMPLE / "go.sum")
# As AWS's guide has it for OS-only runtimes; without cgo it runs wherever the kernel is Linux.
_COMPILE = ("build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-tags=lambda.norpc")
_PLAIN = """\
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	key := os.Getenv("KEY")
	lambda.Start(func() (string, error) { return key, nil })
}
"""
_READER = """\
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync"

	"notes/warmkey"
)

func main() {
	_, _ = warmkey.Get(context.Background(), "FIRST")
	if len(os.Args) > 2 {
		os.Setenv("AWS_SESSION_TOKEN", os.Args[2])
	}
	count, _ := strconv.Atoi(os.Args[1])
	var readers sync.WaitGroup
	for range count {
		readers.Go(func() {
			value, err := warmkey.Get(context.Background(), "KEY")
			if err != nil {
				value = err.Error()
			}
			fmt.Println(value)
		})
	}
	readers.Wait()
}
"""


@cache
def _example() -> Built:
    def make(package: Path) -> None:
        _compile(_EXAMPLE, package)
        shutil.copy(_EXAMPLE / "warmkey.json", package)

    key: Key = [_version(), *_COMPILE, _EXAMPLE]
    return Built(stage_once(_BUILD / "example", key, make), _BOOTSTRAP)


@cache
def _plain() -> Built:
    def make(package: Path) -> None:
        with tempfile.TemporaryDirectory() as sources:
            for file in _LOCK:
                shutil.copy(file, sources)
            Path(sources, "main.go").write_text(_PLAIN, encoding="utf-8")
            _compile(Path(sources), package)

    key: Key = [_version(), *_COMPILE, _PLAIN, *_LOCK]
    return Built(stage_once(_BUILD / "plain", key, make), _BOOTSTRAP)


@cache
def _reader() -> Sequence[str]:
    def make(program: Path) -> None:
        with tempfile.TemporaryDirectory() as sources:
            for file in _LOCK:
                shutil.copy(file, sources)
            shutil.copytree(_EXAMPLE / "warmkey", Path(sources, "warmkey"))
            Path(sources, "main.go").write_text(_READER, encoding="utf-8")
            _compile(Path(sources), program)

    key: Key = [_version(), *_COMPILE, _READER, *_LOCK, _EXAMPLE / "warmkey"]
    return (str(stage_once(_BUILD / "reader", key, make) / "bootstrap"),)


def go_environment() -> dict[str, str]:
    """The variables in which Go builds what `go.mod` and `go.sum` name, and without cgo."""
    return {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly", "GOWORK": "off"}


def _compile(sources: Path, package: Path) -> None:
    _go(sources, "mod", "download")
    compiled = _run(sources, *_COMPILE, "-o", str(package / "bootstrap"), ".")
    assert compiled.returncode == 0, compiled.stderr  # a mistake of ours, and no reason to skip


def _version() -> str:
    """The version of the Go that builds: with Go 1.21 or newer, the one that go.mod wants."""
    version = _go(_EXAMPLE, "env", "GOVERSION").strip()
    wanted = _minor(r"^go 1\.(\d+)", (_EXAMPLE / "go.mod").read_text(encoding="utf-8"))
    if _minor(r"^go1\.(\d+)", version) < wanted:
        raise Unavailable(f"there is only {version}, and 1.{wanted} is needed: https://go.dev/dl")
    return version


def _minor(pattern: str, text: str) -> int:
    found = re.search(pattern, text, re.MULTILINE)
    return int(found[1]) if found else 0


def _go(directory: Path, *arguments: str) -> str:
    done = _run(directory, *arguments)
    if done.returncode:
        raise Unavailable(f"go {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


def _run(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    go = shutil.which("go")
    if go is None:
        raise Unavailable("there is no Go (`go`): `make tools` installs it, or https://go.dev/dl")
    return subprocess.run(  # noqa: S603
        [go, *arguments],
        cwd=directory,
        env=go_environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def _dependencies() -> list[str]:
    lines = (_EXAMPLE / "go.sum").read_text(encoding="utf-8").splitlines()
    return sorted({line.partition(" ")[0] for line in lines})


GO = Language("Go", _example, _dependencies, _plain, reader=_reader)
