"""Whoever asks for no motion gets none: every rule of the style sheet that moves something stands back."""

import re

from config import styles

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
REDUCED, WELCOME = "(prefers-reduced-motion: reduce)", "(prefers-reduced-motion: no-preference)"
MOVES = re.compile(r"(?<![-\w])(transition|animation)\s*:\s*([^;}]+)")
BY_TOKENS = re.compile(r"var\(--(fast|calm)\)")
AT_ONCE = re.compile(r"\b(none|1ms|0s)\b")
SPAN = re.compile(r"--(?:fast|calm):\s*([\d.]+)ms")
SHORTEST = 1.0  # milliseconds


def rules(text: str, around: str = "") -> list[tuple[str, str, str]]:
    """Every rule of a sheet: what is around it, its selector, its declarations."""
    found, begun = [], 0
    while (opened := text.find("{", begun)) >= 0:
        depth, at = 1, opened + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
        head, inside = text[begun:opened].rpartition(";")[2].strip(), text[opened + 1 : at - 1]
        found += rules(inside, f"{around} {head}") if "{" in inside else [(around, head, inside)]
        begun = at
    return found


def test_what_moves_stands_still_for_whoever_asks_for_it() -> None:
    sheet = rules(COMMENT.sub("", styles.together()))
    held = {selector for around, selector, inside in sheet if REDUCED in around and "animation" in inside}

    moving = [
        f"{selector}: {name}: {value}"
        for around, selector, inside in sheet
        for name, value in MOVES.findall(inside)
        if WELCOME not in around and not (BY_TOKENS.search(value) or AT_ONCE.search(value) or selector in held)
    ]
    spans = [float(span) for around, _, inside in sheet if REDUCED in around for span in SPAN.findall(inside)]

    assert not moving, "say them by --fast or --calm, or only where motion is welcome:\n" + "\n".join(moving)
    assert len(spans) == 2
    assert max(spans) < SHORTEST
    assert not re.search(r"(?<!over)scroll-behavior", styles.together())
