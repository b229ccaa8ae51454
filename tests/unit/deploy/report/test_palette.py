"""Colours can be read, and told apart, by everybody."""

import itertools

import pytest

from warmkey.deploy.report.drawing.palette import DARK, LIGHT, Palette

TEXT = ("ink", "muted", "good", "bad")
MARKS = ("ours", "anchor", "other", "floor")
# What red, green and blue become for people who lack one kind of cone, as shares of each: Viénot,
# Brettel and Mollon, 1999, https://doi.org/10.1002/(SICI)1520-6378(199908)24:4<243::AID-COL5>3.0.CO;2-3
LACKING = {
    "protanopia": ((0.1124, 0.8876, 0.0), (0.1124, 0.8876, 0.0), (0.004, -0.004, 1.0)),
    "deuteranopia": ((0.2928, 0.7072, 0.0), (0.2928, 0.7072, 0.0), (-0.0223, 0.0223, 1.0)),
}


def linear(colour: str) -> tuple[float, ...]:
    """The light of a colour, red, green and blue, 0 to 1: WCAG 2.2, relative luminance."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return tuple(p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21, as WCAG 2.2 defines it."""
    red, green, blue = 0.2126, 0.7152, 0.0722
    light = [red * r + green * g + blue * b for r, g, b in map(linear, (one, other))]
    return (max(light) + 0.05) / (min(light) + 0.05)


def seen(colour: str, lacking: str) -> tuple[float, ...]:
    """The light that people see who lack one kind of cone."""
    light = linear(colour)
    return tuple(
        sum(share * part for share, part in zip(row, light, strict=True))
        for row in LACKING[lacking]
    )


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
class TestPalette:
    """One of the two."""

    def test_text_has_enough_contrast(self, palette: Palette) -> None:
        """Level AA of WCAG 2.2, on the page and on a band."""
        for text, on in itertools.product(TEXT, ("paper", "band")):
            assert contrast(palette[text], palette[on]) >= 4.5, (text, on)

    def test_marks_have_enough_contrast(self, palette: Palette) -> None:
        """As WCAG 2.2 wants it of graphics."""
        for mark in MARKS:
            assert contrast(palette[mark], palette["paper"]) >= 3, mark

    def test_ours_and_the_anchor_differ_for_the_colour_blind(self, palette: Palette) -> None:
        """In what they still see, by a fifth of all light at least."""
        for lacking in LACKING:
            ours, anchor = (seen(palette[each], lacking) for each in ("ours", "anchor"))
            assert max(abs(a - b) for a, b in zip(ours, anchor, strict=True)) >= 0.2, lacking


def test_both_palettes_have_the_same_colours() -> None:
    """Whatever is drawn in one can be drawn in the other."""
    assert LIGHT.keys() == DARK.keys()
