"""Java, on AWS's Java runtime interface client.

As in a managed runtime, the client is no part of the function: its jars lie elsewhere, and its
class loader finds the function in `/var/task`.
"""

import hashlib
import platform
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from layer.build.plan import REPOSITORY
from layer.build.stages import Key, one_at_a_time
from tests.languages.attempt import stage_once
from tests.languages.language import Built, Language, Unavailable

_EXAMPLE = REPOSITORY / "handler_example/java"
_RUNTIME = Path(__file__).parent / "java_runtime"
_BUILD = REPOSITORY / "build/languages/java"
_INSTALL = "`make tools` installs it"
_CLIENT = "com.amazonaws.services.lambda.runtime.api.client"
_PLAIN = """\
public class Plain {
    private static final String KEY = System.getenv("KEY");

    public String handle(Object event) {
        return KEY;
    }
}
"""
_READER = """\
package notes;

import java.util.concurrent.Executors;

public class Reader {
    public static void main(String[] given) throws Exception {
        Warmkey.get("FIRST");
        var count = Integer.parseInt(given[0]);
        var pool = Executors.newFixedThreadPool(count);
        for (int i = 0; i < count; i++) {
            pool.submit(() -> System.out.println(Warmkey.get("KEY")));
        }
        pool.shutdown();
    }
}
"""


@cache
def _example() -> Built:
    def make(package: Path) -> None:
        with tempfile.TemporaryDirectory() as place:
            shutil.copy(_EXAMPLE / "pom.xml", place)
            shutil.copytree(_EXAMPLE / "src", Path(place, "src"))
            _maven(place, "compile")
            _verify(Path(place, "target/function/lib"), _EXAMPLE)
            shutil.move(Path(place, "target/function"), package)

    sources = (_EXAMPLE / name for name in ("pom.xml", "dependencies.sha256", "src"))
    key: Key = [_version(), *sources]
    return Built(
        stage_once(_BUILD / "example", key, make), _bootstrap("notes.Handler::handleRequest")
    )


@cache
def _plain() -> Built:
    def make(package: Path) -> None:
        with tempfile.TemporaryDirectory() as place:
            source = Path(place, "Plain.java")
            source.write_text(_PLAIN, encoding="utf-8")
            _run(place, "javac", "-d", str(package), str(source))

    key: Key = [_version(), _PLAIN]
    return Built(stage_once(_BUILD / "plain", key, make), _bootstrap("Plain::handle"))


@cache
def _reader() -> Sequence[str]:
    example = _example().package
    jars = f"{example}:{example}/lib/*"

    def make(package: Path) -> None:
        with tempfile.TemporaryDirectory() as place:
            source = Path(place, "Reader.java")
            source.write_text(_READER, encoding="utf-8")
            _run(place, "javac", "-cp", jars, "-d", str(package), str(source))

    made = stage_once(_BUILD / "reader", [_version(), _READER, example], make)
    return (_tool("java"), "-cp", f"{made}:{jars}", "notes.Reader")


def _bootstrap(handler: str) -> tuple[str, ...]:
    runtime = _runtime()
    return (
        *("/usr/bin/env", "LAMBDA_TASK_ROOT=/var/task", f"_HANDLER={handler}"),
        *(_tool("java"), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
        # Files in /tmp, which functions share here: the JVM's own, by the pid in its namespace, and
        # the client's native library, which it would unpack there.
        *("-XX:-UsePerfData", f"-D{_CLIENT}.runtimeapi.NativeClient.JNI={runtime}/jni.so"),
        *("-cp", f"{runtime}/*", f"{_CLIENT}.AWSLambda", handler),
    )


def _runtime() -> Path:
    """The runtime client's folder of jars."""

    def make(jars: Path) -> None:
        with tempfile.TemporaryDirectory() as place:
            shutil.copy(_RUNTIME / "pom.xml", place)
            _maven(place, "dependency:copy-dependencies", f"-DoutputDirectory={jars}")
        _verify(jars, _RUNTIME)
        (client,) = jars.glob("*runtime-interface-client-*.jar")
        machine = "aarch_64" if platform.machine() == "aarch64" else "x86_64"
        with zipfile.ZipFile(client) as members:
            library = members.read(f"jni/libaws-lambda-jni.linux-{machine}.so")
        (jars / "jni.so").write_bytes(library)

    return stage_once(_BUILD / "runtime", [_version(), _RUNTIME], make)


def _verify(jars: Path, project: Path) -> None:
    """Hold what Maven has resolved to the project's lock, as it has none itself."""
    found = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in jars.glob("*.jar")}
    assert found == _locked(project), f"{project}/dependencies.sha256 names other jars"


def _locked(project: Path) -> dict[str, str]:
    """The digests of a project's jars, by the jars' names."""
    lines = (project / "dependencies.sha256").read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in map(str.split, lines)}


def _version() -> str:
    """The version of the Java that builds and runs, which is new enough."""
    version = _run(_EXAMPLE, "javac", "-version").strip()
    wanted = re.search(r"release>(\d+)<", (_EXAMPLE / "pom.xml").read_text(encoding="utf-8"))
    there = re.search(r"\d+", version)
    assert wanted
    assert there
    if int(there[0]) < int(wanted[1]):
        raise Unavailable(f"there is only {version}, and Java {wanted[1]} is needed: install that")
    return version


def _maven(directory: Path | str, *goals: str) -> None:
    options = ("--batch-mode", "--quiet", "--strict-checksums")
    _BUILD.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(_BUILD / "maven"):  # what it downloads is shared
        _run(directory, "mvn", *options, *goals)


def _run(directory: Path | str, tool: str, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603
        [_tool(tool), *arguments],
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
    )
    if "Could not transfer artifact" in done.stdout:
        raise Unavailable(f"Maven can't fetch what {tool} needs: {done.stdout}")
    assert done.returncode == 0, done.stdout + done.stderr  # a mistake, no reason to skip
    return done.stdout


def _tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise Unavailable(f"there is no Java or no Maven (`{name}`): {_INSTALL}")
    if Path(path).resolve().is_relative_to("/opt"):
        raise Unavailable(f"{path} lies in /opt, which a function's layers cover: install another")
    return path


def _dependencies() -> list[str]:
    return [re.sub(r"-[\d.]+\.jar$", "", name) for name in _locked(_EXAMPLE)]


JAVA = Language("Java", _example, _dependencies, _plain, reader=_reader)
