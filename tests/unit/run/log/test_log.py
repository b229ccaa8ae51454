"""The log: a line of JSON each."""

import errno
import json

import pytest

from extension.run.log.log import Log


class Lines:
    """Keeps what is logged at a level, at 2023-11-14T22:13:20.250Z."""

    def __init__(self, level: str = "debug") -> None:
        self.written: list[bytes] = []
        self.taken = True
        self.log = Log(level, self._write, lambda: 1_700_000_000.25)

    @property
    def parsed(self) -> list[dict[str, object]]:
        """Each line's JSON."""
        return [json.loads(line) for line in self.written]

    def _write(self, line: bytes) -> bool:
        if self.taken:
            self.written.append(line)
        return self.taken


def test_a_line_is_json_with_time_level_logger_and_message() -> None:
    """And what is told beside it, in one write that ends the line."""
    lines = Lines()
    lines.log.warn('a "thing"\nhappened', name="/a", count=0)
    (line,) = lines.written
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert line.isascii()
    assert lines.parsed == [
        {
            "timestamp": "2023-11-14T22:13:20.250Z",
            "level": "WARN",
            "logger": "warmkey",
            "message": 'a "thing" happened',
            "name": "/a",
            "count": 0,
        }
    ]


def test_absent_field_is_left_out() -> None:
    """An empty hint says nothing."""
    lines = Lines()
    lines.log.info("ready", hint="", missing=None)
    assert lines.parsed[0].keys() == {"timestamp", "level", "logger", "message"}


@pytest.mark.parametrize(
    ("level", "logged"),
    [
        ("debug", ["DEBUG", "INFO", "WARN", "ERROR"]),
        ("info", ["INFO", "WARN", "ERROR"]),
        ("warn", ["WARN", "ERROR"]),
        ("error", ["ERROR"]),
        ("none", []),
    ],
)
def test_message_below_the_level_is_not_logged(level: str, logged: list[str]) -> None:
    """`none` is above everything."""
    lines = Lines(level)
    for write in (lines.log.debug, lines.log.info, lines.log.warn, lines.log.error):
        write("a message")
    assert [line["level"] for line in lines.parsed] == logged


def test_warning_is_logged_once() -> None:
    """Not even with other details; another message is."""
    lines = Lines()
    for message, detail in (("one", "a"), ("one", "b"), ("two", "c")):
        lines.log.warn_once(message, detail=detail)
    assert [(line["message"], line["detail"]) for line in lines.parsed] == [
        ("one", "a"),
        ("two", "c"),
    ]


def test_a_fault_is_told_by_type_and_place_without_its_text() -> None:
    """Which may hold a value."""
    lines = Lines()
    try:
        int("canary")
    except ValueError as error:
        lines.log.internal_error(error)
    (line,) = lines.parsed
    assert (line["level"], line["error"]) == ("ERROR", "ValueError")
    assert b"canary" not in lines.written[0]
    assert "test_log.py:" in str(line["at"])


def test_a_fault_of_the_system_is_told_in_its_words() -> None:
    """They say nothing of values; the file's name is left out."""
    lines = Lines()
    lines.log.internal_error(OSError(errno.EIO, "canary", "canary"))
    assert lines.parsed[0]["reason"] == "Input/output error"
    assert b"canary" not in lines.written[0]


def test_too_little_memory_is_no_fault_of_ours() -> None:
    """More of it is to be had."""
    lines = Lines()
    lines.log.internal_error(MemoryError("canary"))
    assert lines.parsed[0]["message"] == "there is no memory left: give the function more"
    assert b"canary" not in lines.written[0]


def test_lines_that_nobody_took_are_counted_in_the_next_that_somebody_takes() -> None:
    """And there alone."""
    lines = Lines()
    lines.taken = False
    lines.log.info("one")
    lines.log.info("two")
    lines.taken = True
    lines.log.info("three")
    lines.log.info("four")
    assert [(line["message"], line.get("linesLost")) for line in lines.parsed] == [
        ("three", 2),
        ("four", None),
    ]


def test_text_that_is_not_utf_8_is_logged_all_the_same() -> None:
    """As an environment may hold any bytes: each is a space then."""
    lines = Lines()
    lines.log.error("WARMKEY_TTL is '\udcff'")
    assert lines.parsed[0]["message"] == "WARMKEY_TTL is ' '"
