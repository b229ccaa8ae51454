"""What a cold start reaches is laid together, one symbol for each section."""

from layer.build import interpreter, order

TRACE = """\
----------------
IN: main
0x005a7100:  31 ed                    xorl     %ebp, %ebp

----------------
IN: helper
0x005a7200:  31 ed                    xorl     %ebp, %ebp

----------------
IN: main
0x005a7110:  31 ed                    xorl     %ebp, %ebp
"""
MAP = """\
             VMA              LMA     Size Align Out     In      Symbol
          5a7100           5a7100      300    64 .text
          5a7100           5a7100       40    16         main.o:(.text)
          5a7100           5a7100       20     1                 main
          5a7120           5a7120       20     1                 clear
          5a7200           5a7200       40    16         lib.a(other.o):(.text.hot)
          5a7200           5a7200       20     1                 helper
          5a7220           5a7220       20     1                 clear
"""


def test_functions_are_listed_as_they_are_reached() -> None:
    """Each once, whatever else the emulator writes."""
    assert order.reached(TRACE) == ["main", "helper"]


def test_symbols_are_found_in_their_sections() -> None:
    """One that two objects have says nothing."""
    sections = order.sections_of(MAP)
    assert sections == {"main": "main.o:(.text)", "helper": "lib.a(other.o):(.text.hot)"}


def test_one_symbol_stands_for_a_section() -> None:
    """The first that is reached; what has no section is left out."""
    symbols = order.one_of_each_section("baxc", {"a": "1", "b": "1", "c": "2"})
    assert list(symbols) == ["b", "c"]


def test_the_recorded_order_begins_where_a_process_does() -> None:
    """With the C library's start; several hundred sections follow."""
    lines = interpreter.ORDER.read_text("utf-8").splitlines()
    assert lines[1] == "_start"
    assert len(lines) > 500
