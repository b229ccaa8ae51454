"""The last 4 KB of a start's log: what Lambda says of it, in every form of today."""

import base64
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import lambda_log
from tests.fakes.lambda_log import Invocation
from warmkey.deploy.bench.starts import log_tail
from warmkey.deploy.bench.starts.log_tail import Init, LogTail, Report

ID = "8f5ac1d2-6d28-4b7a-9c3b-0a7a2f1b9d10"
COLD = Invocation(ID, init=212.34)
FORMS = pytest.mark.parametrize("form", [lambda_log.text, lambda_log.as_json], ids=["text", "json"])
TEXT = st.text(max_size=200)
WORDS = st.sampled_from(["platform.report", "platform.initReport", "success", "warmkey", ID])
NAMES = st.sampled_from(["type", "record", "metrics", "durationMs", "phases", "logger", "status"])
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | WORDS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner),
)


def read(text: str) -> LogTail:
    """What the log says of the one invocation."""
    return log_tail.read(text, ID)


@FORMS
def test_a_cold_start_is_read(form: lambda_log.Form) -> None:
    """With the handler's time, and what is billed for both."""
    assert read(form(COLD)).report == Report(3.21, 216, 512, 61, init=212.34)


@FORMS
def test_a_warm_start_has_no_init(form: lambda_log.Form) -> None:
    """By which it is known."""
    found = read(form(Invocation(ID))).report
    assert found is not None
    assert found.init is None
    assert found.restore is None


@FORMS
def test_a_restored_snapshot_is_read(form: lambda_log.Form) -> None:
    """`Billed Restore Duration` is not taken for it."""
    found = read(form(Invocation(ID, restore=412.5))).report
    assert found == Report(3.21, 107, 512, 61, restore=412.5)


@FORMS
@pytest.mark.parametrize("status", ["timeout", "error"])
def test_an_init_phase_that_fails_is_read(form: lambda_log.Form, status: str) -> None:
    """Its own line tells how."""
    failed = replace(COLD, init=10_000.5, init_status=status, error_type="Extension.Crash")
    [init] = read(form(failed)).inits
    assert (init.duration, init.phase, init.status) == (10_000.5, "init", status)


@FORMS
def test_an_invocation_that_fails_is_read(form: lambda_log.Form) -> None:
    """With the error's type."""
    found = read(form(replace(COLD, status="error", error_type="Runtime.ExitError"))).report
    assert found is not None
    assert (found.status, found.error_type) == ("error", "Runtime.ExitError")


@FORMS
def test_a_timeout_is_read(form: lambda_log.Form) -> None:
    """Which has no error type."""
    found = read(form(replace(COLD, status="timeout"))).report
    assert found is not None
    assert (found.status, found.error_type) == ("timeout", "")


def test_an_init_phase_that_was_tried_again_is_told_apart() -> None:
    """The second time it runs within the invocation."""
    lines = (
        "INIT_REPORT Init Duration: 9999.47 ms\tPhase: init\tStatus: timeout\n"
        "INIT_REPORT Init Duration: 812.00 ms\tPhase: invoke\tStatus: error\t"
        "Error Type: Runtime.ExitError\n"
    )
    assert read(lines).inits == (
        Init(9999.47, "init", "timeout"),
        Init(812.0, "invoke", "error", "Runtime.ExitError"),
    )


def test_a_restore_that_fails_is_read() -> None:
    """It has a line of its own."""
    line = "RESTORE_REPORT Restore Duration: 1.00 ms\tStatus: timeout"
    assert read(line).inits == (Init(1.0, "restore", "timeout"),)


def test_a_console_shows_the_same_line_with_spaces() -> None:
    """As CloudWatch's pages do, and people who copy from there."""
    assert read(lambda_log.text(COLD).replace("\t", " ")) == read(lambda_log.text(COLD))


def test_a_trace_does_not_disturb() -> None:
    """X-Ray's line comes after the report."""
    assert read(lambda_log.text(replace(COLD, traced=True))) == read(lambda_log.text(COLD))


@FORMS
def test_a_tail_that_is_cut_holds_the_report(form: lambda_log.Form) -> None:
    """It stands at the end; what was cut at the beginning is nothing."""
    long = form(replace(COLD, own=("x" * 3_000, "y" * 3_000)))
    assert read(long[-4096:]).report == read(form(COLD)).report


@FORMS
def test_a_report_that_is_cut_is_none(form: lambda_log.Form) -> None:
    """Half of it says nothing that could be relied on."""
    assert read(form(COLD)[-40:]).report is None


def test_a_line_that_a_function_writes_is_no_report() -> None:
    """It does not know its invocation's id before Lambda's own line, which counts."""
    lie = lambda_log.text(Invocation("another", init=1.0))
    assert read(lie).report is None
    own = f"REPORT RequestId: {ID}\tDuration: 1.00 ms\tInit Duration: 1.00 ms"
    found = read(lambda_log.text(replace(COLD, own=(own,)))).report
    assert found is not None
    assert found.init == COLD.init


def test_warmkeys_own_moments_are_read() -> None:
    """From the line that it writes when it is ready."""
    ready = {"level": "info", "logger": "warmkey", "message": "ready", "phases": {"sent": 9.1}}
    own = (json.dumps(ready), json.dumps({"logger": "mine", "phases": {"sent": 1}}))
    assert read(lambda_log.text(replace(COLD, own=own))).phases == {"sent": 9.1}


def test_a_word_that_is_none_of_lambdas_is_not_passed_on() -> None:
    """An error's type comes from the function, and may hold anything."""
    assert log_tail.type_name("Runtime.ImportModuleError") == "Runtime.ImportModuleError"
    assert log_tail.type_name("sk_live:canary!") == ""
    assert log_tail.type_name(5) == ""


@given(TEXT)
def test_any_text_can_be_read(text: str) -> None:
    """And tells nothing of the invocation."""
    assert read(text).report is None


@given(JSON)
def test_any_json_can_be_read(value: object) -> None:
    """A function may log whatever it likes."""
    assert read(json.dumps(value)).report is None


@given(st.binary(max_size=64) | TEXT.map(str.encode))
def test_any_bytes_can_be_decoded(content: bytes) -> None:
    """A cut can go through the middle of a character."""
    assert log_tail.decode(base64.b64encode(content).decode()) == content.decode("utf-8", "replace")
    log_tail.decode(content.decode("latin-1"))
