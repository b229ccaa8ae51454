"""The package `warmkey` for Node.js, as it lies in the layer and as npm would publish it."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from extension import VERSION
from layer.build.contents.npm import lay_out
from layer.build.plan import REPOSITORY
from tests.fakes.endpoint import FakeEndpoint
from tests.integration.clients.node_client import PACKAGE, node
from tests.languages.npm import installed, npm
from tests.languages.skipping import skipped_where_unavailable
from tests.patience import PATIENCE

TYPESCRIPT = REPOSITORY / "tests/languages/typescript"
NAMES = {
    "AccessRefused",
    "Client",
    "EndpointUnavailable",
    "SecretFormatError",
    "SecretNotFound",
    "UpstreamError",
    "WarmkeyError",
    "get",
    "getAll",
    "getBytes",
    "getJson",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that has installed the package, as npm would have packed it."""
    with skipped_where_unavailable():
        lay_out(REPOSITORY, VERSION, tmp_path / "warmkey")
        [packed] = json.loads(npm(tmp_path, "pack", "./warmkey", "--json"))
    place = tmp_path / "node_modules"
    place.mkdir(parents=True, exist_ok=True)
    unpack = ["tar", "-xzf", str(tmp_path / packed["filename"]), "-C", str(place)]
    subprocess.run(unpack, check=True)  # noqa: S603
    (place / "package").rename(place / "warmkey")
    return tmp_path


def run(project: Path, script: str, text: str, environ: dict[str, str]) -> str:
    """Run a script in a project; return what it prints."""
    (project / script).write_text(text)
    done = subprocess.run(  # noqa: S603 - our own script
        [node(), "--throw-deprecation", script],
        cwd=project,
        env=environ,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_packages_version_is_the_daemons(project: Path) -> None:
    """They are released together, and one file names it."""
    published = (project / "node_modules/warmkey/package.json").read_text()
    assert json.loads(published)["version"] == VERSION
    assert "version" not in json.loads((PACKAGE / "package.json").read_text())


def test_the_package_depends_on_nothing() -> None:
    """Not even for its development."""
    assert not [key for key in json.loads((PACKAGE / "package.json").read_text()) if "epend" in key]


def test_the_client_has_210_lines_of_code() -> None:
    """Comments and empty lines do not count; types are no code."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in PACKAGE.glob("*.js"))
    lines = [line.strip() for line in text.splitlines()]
    assert sum(bool(line) and not line.startswith(("//", "/*", "*")) for line in lines) <= 210


def test_a_published_package_holds_what_is_in_the_layer(project: Path) -> None:
    """No file is forgotten, and none too many; the licence comes with it."""
    published = {path.name for path in (project / "node_modules/warmkey").iterdir()}
    assert published == {*(path.name for path in PACKAGE.iterdir()), "LICENSE"}


def test_an_es_module_imports_names_and_awaits_at_top_level(project: Path) -> None:
    """Named imports, and the namespace."""
    with FakeEndpoint() as endpoint:
        endpoint.serve("KEY", "value")
        script = """\
import * as warmkey from "warmkey";
import { get, SecretNotFound } from "warmkey";
const value = await get("KEY");
const missing = await warmkey.get("MISSING").catch((error) => error);
console.log(value, missing instanceof SecretNotFound, ...Object.keys(warmkey));
"""
        value, missing, *names = run(project, "app.mjs", script, endpoint.environ).split()

    assert (value, missing) == ("value", "true")
    assert set(names) >= NAMES


def test_a_commonjs_module_requires_the_same(project: Path) -> None:
    """In one process both have one memory: the value is asked for once."""
    with FakeEndpoint() as endpoint:
        endpoint.serve("KEY", "value")
        script = """\
const warmkey = require("warmkey");
warmkey.get("KEY").then(async (first) => {
  const { get } = await import("warmkey");
  console.log(first, await get("KEY"), ...Object.keys(warmkey));
});
"""
        first, second, *names = run(project, "app.cjs", script, endpoint.environ).split()

    assert (first, second, set(names)) == ("value", "value", NAMES)
    assert len(endpoint.requests) == 1


def test_a_first_read_loads_one_module_of_nodes_besides_the_client(project: Path) -> None:
    """No `http`, `https`, `tls` or `undici`: each costs milliseconds."""
    with FakeEndpoint() as endpoint:
        endpoint.serve("KEY", "value")
        script = """\
const loaded = () => new Set(process.moduleLoadList.map((name) => name.split(" ").at(-1)));
const before = loaded();
require("warmkey").get("KEY").then(() => {
  console.log(...[...loaded()].filter((name) => !before.has(name)));
});
"""
        modules = run(project, "app.cjs", script, endpoint.environ).split()

    assert "net" in modules
    assert not {"http", "https", "tls", "crypto", "_http_client"}.intersection(modules)
    assert not [name for name in modules if "undici" in name]


def test_the_types_fit_both_kinds_of_modules(project: Path) -> None:
    """`tsc --strict` takes what is right in usage.mts and usage.cts, and refuses what is wrong."""
    with skipped_where_unavailable():
        compiler = installed(TYPESCRIPT, REPOSITORY / "build/languages/node/typescript")
    for file in ("tsconfig.json", "usage.mts", "usage.cts"):
        shutil.copy(TYPESCRIPT / file, project)
    done = subprocess.run(  # noqa: S603 - the locked compiler
        [compiler / "node_modules/.bin/tsc", "--project", project],
        env={"PATH": f"{Path(node()).parent}:{os.defpath}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
