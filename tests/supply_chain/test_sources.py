"""Which settings of pip and uv are kept, and which are taken away."""

import sys
from pathlib import Path

import pytest

from tests.supply_chain.sources import (
    PackagesUnavailable,
    for_pip,
    for_uv,
    pip_configuration,
)


def configuration(tmp_path: Path, text: str, **environ: str) -> dict[str, str]:
    """What pip is configured to use, by a file and by variables."""
    file = tmp_path / "pip.conf"
    file.write_text(text, encoding="utf-8")
    return pip_configuration(sys.executable, {"PIP_CONFIG_FILE": str(file), **environ})


def test_variables_come_before_files_and_a_commands_settings_before_all_others(
    tmp_path: Path,
) -> None:
    """As pip itself has it."""
    text = "[install]\nproxy = http://install\ncert = /install\n[global]\ncert = /global\n"
    found = configuration(tmp_path, text, PIP_PROXY="http://variable")
    assert found == {"proxy": "http://variable", "cert": "/install"}


def test_only_settings_that_say_where_packages_are_count(tmp_path: Path) -> None:
    """And none that is empty."""
    text = "[global]\nindex-url = http://one\nconstraint = x\nuser = true\nretries =\n"
    assert configuration(tmp_path, text, PIP_TARGET="y") == {"index-url": "http://one"}


def test_a_configuration_that_pip_cannot_read_is_an_error(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """As packages would come from another index than was meant."""
    with pytest.raises(PackagesUnavailable, match="pip config list failed: see its message"):
        configuration(tmp_path, "index-url = http://one\n")
    assert "Configuration file could not be loaded" in capfd.readouterr().err


def test_pip_gets_its_configuration_in_variables_alone() -> None:
    """With the others taken away."""
    environ = {"HOME": "/", "PIP_TARGET": "/", "PIP_CONFIG_FILE": "/pip.conf"}
    assert for_pip({"extra-index-url": "http://two"}, environ) == {
        "HOME": "/",
        "PIP_EXTRA_INDEX_URL": "http://two",
        "PIP_CONFIG_FILE": "/dev/null",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def test_uv_gets_pips_configuration_in_its_own_words() -> None:
    """But for folders of links that are not there, which uv refuses and pip ignores."""
    links = "http://links /usr /usr/missing"  # where a space separates two
    found = for_uv({"find-links": links, "cert": "/cert", "timeout": "9"}, {})
    assert found["UV_FIND_LINKS"] == "http://links,/usr"
    assert (found["SSL_CERT_FILE"], found["UV_HTTP_TIMEOUT"]) == ("/cert", "9")


def test_uvs_own_variables_win_where_they_say_where_packages_are() -> None:
    """All others are taken away."""
    kept = {"UV_INDEX_URL": "http://uv", "UV_INDEX_OURS_PASSWORD": "x", "SSL_CERT_FILE": "/uv"}
    taken = {"UV_OVERRIDE": "x", "UV_INDEX_STRATEGY": "first-index", "UV_EXCLUDE_NEWER": "x"}
    found = for_uv({"index-url": "http://pip", "cert": "/pip"}, kept | taken)
    assert found.items() >= kept.items()
    assert found["UV_INDEX_STRATEGY"] == "unsafe-best-match"
    assert not {"UV_OVERRIDE", "UV_EXCLUDE_NEWER"} & found.keys()
