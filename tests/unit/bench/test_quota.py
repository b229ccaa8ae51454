"""Where CPU quotas are had: in control groups of either version."""

from pathlib import Path

import pytest

from tests.bench.lab.quota import QuotaRefused, controller


@pytest.fixture
def second_version(tmp_path: Path) -> Path:
    """A hierarchy of cgroups v2 that has the CPU controller, in a folder with a space."""
    place = tmp_path / "control groups"
    place.mkdir()
    (place / "cgroup.controllers").write_text("cpuset cpu io memory\n")
    (place / "cgroup.subtree_control").touch()
    return place


def mounted(place: Path) -> str:
    """Its line among the mounts, where a space is escaped."""
    return f"cgroup2 {str(place).replace(' ', chr(92) + '040')} cgroup2 rw,nosuid 0 0\n"


def test_the_first_version_has_a_hierarchy_for_the_cpu() -> None:
    """Under whatever name it is mounted; it has a file for each half of a quota."""
    mounts = "cgroup /cg/mem cgroup rw,memory 0 0\ncgroup /cg/cpu cgroup rw,cpu,cpuacct 0 0\n"
    place, settings = controller(mounts, 1440)
    assert place == Path("/cg/cpu")
    assert settings == {"cpu.cfs_period_us": "20000", "cpu.cfs_quota_us": "1440"}


def test_the_second_version_has_one_for_everything(second_version: Path) -> None:
    """Whose groups have the controller once that is said."""
    mounts = f"tmpfs /tmp tmpfs rw 0 0\n{mounted(second_version)}"
    place, settings = controller(mounts, 1440)
    assert (place, settings) == (second_version, {"cpu.max": "1440 20000"})
    assert (second_version / "cgroup.subtree_control").read_text() == "+cpu"


def test_a_hierarchy_without_the_controller_is_none(second_version: Path) -> None:
    """As beside the first version, which keeps it; or in a container that was given none."""
    (second_version / "cgroup.controllers").write_text("hugetlb\n")
    with pytest.raises(QuotaRefused, match="cgroups v2 or v1"):
        controller(mounted(second_version), 1440)


def test_a_machine_without_control_groups_is_told_so() -> None:
    """With what would help."""
    with pytest.raises(QuotaRefused, match="run as root"):
        controller("", 1440)
