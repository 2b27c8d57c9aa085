"""The tokens keep their promise of contrast in both themes, without a browser."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TOKENS = Path(settings.BASE_DIR, "static/css/tokens/colour.css").read_text()
PAIRS = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\)", TOKENS))
SURFACES = ["surface", "canvas", "surface-sunken", "surface-raised"]
TONES = ["grey", "blue", "amber", "green", "red", "violet", "teal"]
THEMES = {"light": 0, "dark": 1}


def colour(name: str, theme: str) -> str:
    return "#ffffff" if name == "white" else PAIRS[name].split(", ")[THEMES[theme]]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    darker, lighter = sorted([luminance(first), luminance(second)])
    return (lighter + 0.05) / (darker + 0.05)


TEXTS = [(text, surface) for text in ["text", "text-muted", "text-faint", "accent-text"] for surface in SURFACES]
TEXTS += [(tone, f"{tone}-soft") for tone in TONES] + [(tone, "surface") for tone in TONES]
TEXTS += [("text", f"{tone}-soft") for tone in TONES] + [("text", "note"), ("amber", "note"), ("text-muted", "note")]
TEXTS += [("text-muted", surface) for surface in ["hover", "selected", "accent-soft", "grey-soft", "pressed"]]
TEXTS += [("accent-text", "accent-soft"), ("white", "accent"), ("white", "red-solid"), ("text-faint", "hover")]


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", list(THEMES))
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_has_four_and_a_half_to_one(text: str, ground: str, theme: str) -> None:
    assert contrast(colour(text, theme), colour(ground, theme)) >= 4.5


@pytest.mark.parametrize("theme", list(THEMES))
@pytest.mark.parametrize("ground", SURFACES)
@pytest.mark.parametrize("mark", ["line-control", "focus"])
def test_boundaries_of_controls_have_three_to_one(mark: str, ground: str, theme: str) -> None:
    assert contrast(colour(mark, theme), colour(ground, theme)) >= 3
