"""How wide texts are, so that a picture comes out the same everywhere: counted from a table, never measured."""

from __future__ import annotations

from unicodedata import combining, east_asian_width

# Widths in thousandths of the size of the letters: those of the common sans-serif faces, rounded up.
_WIDTHS = {
    **dict.fromkeys("ijl'|", 240),
    **dict.fromkeys(" .,:;!/\\ft[]I()r-`·", 320),
    **dict.fromkeys('*"sJ{}cvxyzk', 530),
    **dict.fromkeys("~+<>=", 600),
    **dict.fromkeys("ABEKPSVXY&CDHNRUw", 740),
    **dict.fromkeys("GOQ", 800),
    **dict.fromkeys("mM%W@", 1020),
}
_USUAL, _OTHER, _WIDE = 580, 700, 1000


def width(text: str, size: float) -> float:
    """How wide a text is at most, in the units of ``size``."""
    return sum(_of(letter) for letter in text) * size / 1000


def _of(letter: str) -> int:
    if combining(letter):
        return 0
    if east_asian_width(letter) in "WF":
        return _WIDE
    return _WIDTHS.get(letter, _USUAL if letter.isascii() else _OTHER)


def fitted(text: str, size: float, room: float) -> str:
    """The text, cut with an ellipsis where it is wider than the room; "" where not even that fits."""
    if width(text, size) <= room:
        return text
    cut = text
    while cut and width(f"{cut}…", size) > room:
        cut = cut[:-1]
    return f"{cut.rstrip()}…" if cut else ""


def lines(texts: list[str], size: float, room: float, between: str) -> list[str]:
    """Texts set one after the other in as many lines as they take; one that is wider than the room is cut."""
    found: list[str] = []
    for text in (fitted(text, size, room) for text in texts):
        if found and width(f"{found[-1]}{between}{text}", size) <= room:
            found[-1] = f"{found[-1]}{between}{text}"
        elif text:
            found.append(text)
    return found
