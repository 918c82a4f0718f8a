"""Texts that are cut or set in lines so that they fit, without asking any font."""

from __future__ import annotations

from lifecycle.diagrams.widths import cut, width


def fitted(text: str, size: float, room: float) -> str:
    """The text, cut with an ellipsis where it is wider than the room; "" where not even that fits."""
    return text if width(text, size) <= room else cut(text, room, size, "…")


def lines(texts: list[str], size: float, room: float, between: str) -> list[str]:
    """Texts set one after the other in as many lines as they take; one that is wider than the room is cut."""
    found: list[str] = []
    for text in (fitted(text, size, room) for text in texts):
        if found and width(f"{found[-1]}{between}{text}", size) <= room:
            found[-1] = f"{found[-1]}{between}{text}"
        elif text:
            found.append(text)
    return found
