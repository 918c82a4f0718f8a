"""How wide text is and where it breaks, without asking any font: widths that hold for the widest common sans-serif
faces, so that a picture is the same everywhere and its text fits wherever it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from unicodedata import combining, east_asian_width

from lifecycle.plain import writable

_CLASSES: Mapping[float, str] = {
    0.30: "'IJijl",
    0.35: " ,./:;\\|·",
    0.40: "()-[]ft",
    0.45: "!r",
    0.50: '"*_`–',
    0.55: "?csz",
    0.60: "FLkvxy",
    0.65: "$0123456789EPSTYabdeghnopqu{}",
    0.70: "ABCKRVXZ",
    0.75: "NU",
    0.80: "&DGHOQ",
    0.85: "#+<=>^w~",
    0.90: "M",
    0.95: "%",
    1.00: "@Wm",
}
_WIDTHS = {character: width for width, characters in _CLASSES.items() for character in characters}
_BOLD = 1.13
_WIDE = 1.0


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text of a size is at most, in the units of the size."""
    return sum(map(_of, writable(text))) * size * (_BOLD if bold else 1.0)


def _of(character: str) -> float:
    if character in _WIDTHS:
        return _WIDTHS[character]
    if combining(character):
        return 0.0
    return _WIDE if east_asian_width(character) in "WF" or not character.isalpha() else 0.85


def lines(text: str, room: float, size: float, *, bold: bool = False, most: int = 6) -> list[str]:
    """A text broken at spaces into lines that fit; a longer word is broken too. What is left after the last line is cut
    off with an ellipsis.
    """
    found: list[str] = []
    for word in (part for long in writable(text).split() for part in _pieces(long, room, size, bold=bold)):
        joined = f"{found[-1]} {word}" if found else word
        if found and width(joined, size, bold=bold) <= room:
            found[-1] = joined
        else:
            found.append(word)
        if len(found) > most:
            return [*found[: most - 1], cut(found[most - 1], room, size, " …", bold=bold)]
    return found


def one(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """As much of a text as fits on a line."""
    return "".join(lines(text, room, size, bold=bold, most=1))


def _pieces(word: str, room: float, size: float, *, bold: bool) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and width(pieces[-1] + character, size, bold=bold) > room:
            pieces.append("")
        pieces[-1] += character
    return pieces


def cut(text: str, room: float, size: float, mark: str, *, bold: bool = False) -> str:
    """As much of a text as fits before a mark that there is more; "" where not even one character does."""
    while text and width(f"{text}{mark}", size, bold=bold) > room:
        text = text[:-1]
    return f"{text.rstrip()}{mark}" if text else ""
