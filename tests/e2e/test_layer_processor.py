"""Each interpreter runs on the oldest processor that it is for."""

import shutil
import zipfile
from pathlib import Path

import pytest

from layer.build import targets
from layer.build.targets import ARM64, X86_64, Target
from tests.fakes.aws import FakeAws
from tests.fakes.certificates import Authority
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.daemon import Daemon
from tests.patience import PATIENT
from tests.rapid.layer import zip_of

OLDEST = {X86_64: "Nehalem", ARM64: "cortex-a53"}  # x86-64-v2, and ARMv8.0


@pytest.mark.parametrize("target", targets.TARGETS, ids=lambda target: target.name)
def test_the_layer_serves_on_an_old_processor(target: Target, tmp_path: Path) -> None:
    """TLS, whose code differs most by processor, included."""
    emulator = f"qemu-{target.triple.partition('-')[0]}-static"
    if shutil.which(emulator) is None:
        pytest.skip(f"there is no {emulator}: `make tools` installs it")
    executable = tmp_path / "extensions/warmkey"
    executable.parent.mkdir()
    with zipfile.ZipFile(zip_of(target)) as archive:
        executable.write_bytes(archive.read("warmkey/warmkey"))
    executable.chmod(0o755)
    with FakeAws(Authority(tmp_path / "a").issue()) as aws, FakeRuntimeApi() as api:
        aws.parameters.put("/key", "value")
        given = {**aws.environment(), "KEY": "warmkey:/key", **PATIENT}
        command = (emulator, "-cpu", OLDEST[target])
        with Daemon(tmp_path, api, given, command=command) as daemon:
            daemon.wait_until_ready()
            assert daemon.read("KEY") == "value"
