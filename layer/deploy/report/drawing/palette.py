"""Colours, by what they are for: for light and for dark, told apart by colour-blind readers too.

Orange against blue differ for every common kind of colour blindness, and in lightness; grey is the
third. No colour says anything that a shape, a pattern or a word doesn't say as well.
"""

Palette = dict[str, str]

LIGHT: Palette = {
    "paper": "#fdfcfa",
    "band": "#f4f1ec",
    "rule": "#dedad3",
    "ink": "#1c1e21",
    "muted": "#5b6067",
    "ours": "#cf4a0a",
    "anchor": "#1f6fb5",
    "other": "#66707b",
    "floor": "#858b92",
    "good": "#1a7444",
    "bad": "#b3261e",
}
DARK: Palette = {
    "paper": "#15171a",
    "band": "#1f2226",
    "rule": "#363a40",
    "ink": "#eceae6",
    "muted": "#a8adb4",
    "ours": "#ff8f4d",
    "anchor": "#6fb4f2",
    "other": "#a1abb6",
    "floor": "#8b929b",
    "good": "#62cf95",
    "bad": "#ff8a80",
}
