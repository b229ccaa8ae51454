"""The order of code, constants and variables."""

from layer.build.snapshot.order import PAGE, Input, inputs, script

MAP = """\
             VMA              LMA     Size Align Out     In      Symbol
          201000           201000       10    16 .rodata
          201000           201000       10    16         /a/objects/frozen.o:(.rodata)
          203000           203000     2100  4096 .spread.rodata
          203000           203000      100  4096         /a/libcrypto.a(sha.o):(.rodata.str1.1)
          205000           205000      100  4096         /a/objects/seed.o:(.rodata.start)
          300000           300000     4000  4096 .spread.text
          300000           300000     2001  4096         /a/libc.a(malloc.o):(.text)
          300000           300000        0     1                 malloc
          303000           303000        0  4096         /a/libc.a(empty.o):(.text)
          303000           303000      200  4096         <internal>:(.text)
"""


def test_input_sections_are_read_from_the_linkers_map() -> None:
    """Those that have been spread out, as a linker script names them."""
    assert list(inputs(MAP)) == [
        Input(".rodata", "*libcrypto.a:sha.o", ".rodata.str1.1", 0x203000, 0x100),
        Input(".rodata", "*seed.o", ".rodata.start", 0x205000, 0x100),
        Input(".text", "*libc.a:malloc.o", ".text", 0x300000, 0x2001),
        Input(".text", "*<internal>", ".text", 0x303000, 0x200),
    ]


def test_a_section_has_the_pages_that_it_lies_on() -> None:
    """Up to its last byte."""
    assert list(Input(".text", "*a.o", ".text", 4 * PAGE, PAGE + 1).pages()) == [4, 5]


def test_functions_that_a_start_needs_are_put_together() -> None:
    """First what it needs whole; what it leaves alone is not named."""
    found = [
        Input(".text", "*half.o", ".text", 10 * PAGE, 4 * PAGE),
        Input(".text", "*full.o", ".text", 20 * PAGE, 2 * PAGE),
        Input(".text", "*alone.o", ".text", 30 * PAGE, PAGE),
        Input(".data", "*whole.o", ".data.it", 40 * PAGE, PAGE),
    ]
    text = script(found, frozenset([13, 20, 21, 40]))
    assert (
        "SECTIONS { .needed.text : {\n  *full.o(.text)\n  *half.o(.text)\n} } INSERT AFTER .text;"
        in text
    )
    assert "SECTIONS { .needed.data : {\n  *whole.o(.data.it)\n} } INSERT AFTER .data;" in text
    assert "alone" not in text
