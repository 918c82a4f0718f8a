"""The words on arrows for formats that draw nothing themselves: a line for the arrow, or one for each of its ways."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.diagrams.picture import Arrow, Picture, Way


def together(picture: Picture) -> Iterator[tuple[Arrow, list[str]]]:
    """The arrows with the lines on each; those from a place back to it as one."""
    loops: dict[str, list[Arrow]] = {}
    for arrow in picture.arrows:
        if arrow.loops:
            loops.setdefault(arrow.source, []).append(arrow)
    for arrow in picture.arrows:
        if not arrow.loops:
            yield arrow, _told(arrow, picture)
        elif loops[arrow.source][0] is arrow:
            yield arrow, [line for one in loops[arrow.source] for line in _told(one, picture)]


def _told(arrow: Arrow, picture: Picture) -> list[str]:
    """The lines on an arrow: ``suspend``, ``provider · 1.12 · at once, or after 10 or 30 days``."""
    if arrow.note:
        return [f"{arrow.transition} · {arrow.note}{_next(arrow)}"]
    if picture.detail == "full":
        return [f"{arrow.transition}{_next(arrow)}", *(f"• {_way(w, w.ground, w.when)}" for w in arrow.ways)]
    automatic = [way for way in arrow.ways if way.automatic]
    clauses = ", ".join(dict.fromkeys(way.clause for way in automatic if way.clause))
    told = [" · ".join(filter(None, (automatic[0].who, clauses)))] if automatic else []
    told += [_way(way, way.when) for way in arrow.ways if not way.automatic]
    if len(told) == 1:
        return [f"{arrow.transition} · {told[0]}{_next(arrow)}"]
    return [f"{arrow.transition}{_next(arrow)}", *(f"• {line}" for line in told)]


def _way(way: Way, *more: str) -> str:
    return " · ".join(filter(None, (way.who, way.clause, *more, way.told)))


def _next(arrow: Arrow) -> str:
    return f" · next: {arrow.expected}" if arrow.expected else ""
