"""The words on arrows for formats that draw nothing themselves: a line for the arrow, or one for each of its ways."""

from __future__ import annotations

from lifecycle.diagrams.picture import Arrow, Picture, Way

_STANDS = {"open": "✓", "opens": "◷", "waits": "○"}


def told(arrow: Arrow, picture: Picture) -> list[str]:
    """The lines on an arrow: ``suspend · provider · 1.12 · at once, or after 10 or 30 days``."""
    if arrow.note:
        return [f"{arrow.transition} · {arrow.note}{_next(arrow)}"]
    if picture.detail == "overview" and len(arrow.ways) == 1:
        return [f"{arrow.transition} · {_way(arrow.ways[0], brief=True)}{_next(arrow)}"]
    ways = (_way(way, brief=picture.detail == "overview") for way in arrow.ways)
    return [f"{arrow.transition}{_next(arrow)}", *ways]


def _way(way: Way, *, brief: bool) -> str:
    parts = (way.who, way.clause, "" if brief and way.powers else way.ground, way.when)
    words = " · ".join(filter(None, parts))
    return f"{words} · {_STANDS[way.standing]} {way.told}" if way.standing else words


def _next(arrow: Arrow) -> str:
    return f" · next: {arrow.next_}" if arrow.next_ else ""
