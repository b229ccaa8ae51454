"""Standard output holds nobody up, whatever becomes of its other end."""

import os
import sys
from collections.abc import Iterator

import pytest

from extension.run.log.standard_output import StandardOutput

LINE = b"a line\n"
LONG = b"x" * 100_000 + b"\n"


class Pipe:
    """A pipe, one end as standard output and one for its reader."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)
        self.output = StandardOutput(self.writer)
        self._open = {self.reader, self.writer}

    def close(self, *descriptors: int) -> None:
        """Close these ends; all that are open where none is named."""
        for descriptor in descriptors or tuple(self._open):
            self._open.remove(descriptor)
            os.close(descriptor)

    def fill(self) -> int:
        """Write until the pipe takes no more; return how many lines it took."""
        lines = 0
        while self.output.write(LINE):
            lines += 1
        return lines

    def read(self) -> bytes:
        """What it holds."""
        return os.read(self.reader, 1 << 20)


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    """A pipe that nobody reads, unless the test does."""
    pipe = Pipe()
    yield pipe
    pipe.close()


def test_a_line_is_written_as_it_is(pipe: Pipe) -> None:
    """Line by line."""
    assert pipe.output.write(LINE)
    assert pipe.output.write(LINE)
    assert pipe.read() == LINE + LINE


def test_a_pipe_that_nobody_reads_holds_nobody_up(pipe: Pipe) -> None:
    """What it took is there whole, and the next line is refused at once."""
    lines = pipe.fill()
    assert not pipe.output.write(LINE)
    assert pipe.read() == LINE * lines


def test_a_reader_who_comes_back_gets_lines_again(pipe: Pipe) -> None:
    """From then on, all of them."""
    pipe.fill()
    pipe.read()
    assert pipe.output.write(LINE)
    assert pipe.read() == LINE


def test_a_line_that_was_cut_off_does_not_swallow_the_next(pipe: Pipe) -> None:
    """A line larger than the pipe is cut, and ended before the next."""
    assert not pipe.output.write(LONG)
    cut = pipe.read()
    assert LONG.startswith(cut)
    assert pipe.output.write(LINE)
    assert pipe.output.write(LINE)
    assert pipe.read() == b"\n" + LINE + LINE


def test_a_reader_that_is_gone_is_no_error(pipe: Pipe) -> None:
    """Secrets are still to be served."""
    pipe.close(pipe.reader)
    assert not pipe.output.write(LINE)


def test_a_descriptor_that_is_closed_is_no_error(pipe: Pipe) -> None:
    """As when the process was started without a standard output."""
    pipe.close(pipe.writer)
    assert not pipe.output.write(LINE)


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_a_disk_that_is_full_is_no_error() -> None:
    """Where standard output is a file."""
    full = os.open("/dev/full", os.O_WRONLY)
    assert not StandardOutput(full).write(LINE)
    os.close(full)
