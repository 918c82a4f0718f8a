"""The picture as SVG, laid out by hand: the states in service in a row, suspension below them, the end below all; on
each arrow between them a card with the ways along it.

Presentation is in attributes only, so that the style of a page it lies in can say otherwise; there are no scripts,
links or fonts in it. Every state is a group with ``data-state``, every arrow one with ``data-edge``, every way one with
``data-powers``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lifecycle.diagrams import glyphs
from lifecycle.diagrams.cards import SMALL, TEXT, card, framed
from lifecycle.diagrams.elements import FONT, Block, box, el, line, text, title
from lifecycle.diagrams.picture import Arrow, Picture, Place, Way
from lifecycle.diagrams.states import band, edge, row
from lifecycle.diagrams.theme import Look, Theme
from lifecycle.diagrams.widths import lines, one, width
from lifecycle.machine import IN_SERVICE

WIDE, _MARGIN, _PAD = 960.0, 24.0, 20.0
_WHAT = {"overview": "who may change its state, because of what, and when", "full": "every way to change its state"}
_STUB, _BETWEEN, _NARROW = 28.0, 18.0, 262.0


def svg(picture: Picture, look: Look) -> str:
    """The picture as an SVG document."""
    inks, prefix = look.theme, look.prefix
    heading = _heading(picture, inks)
    drawn, low = _floors(picture, heading.height + 14, inks, prefix)
    legend = _legend(picture, inks)
    high = low + legend.height + _MARGIN
    words = f"The life of an agreement under {picture.title}" + (f": {picture.mark.told}" if picture.mark else "")
    return (
        el(
            "svg",
            title(words),
            el("rect", width=WIDE, height=high, fill=inks.paper, class_="paper"),
            heading.svg,
            drawn,
            legend.at(_MARGIN, low),
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {WIDE:g} {round(high, 1):g}",
            width=WIDE,
            height=high,
            font_family=FONT,
            role="img",
            class_=f"lifecycle {picture.detail}",
            data_terms=picture.terms,
        )
        + "\n"
    )


def _heading(picture: Picture, inks: Theme) -> Block:
    room = WIDE - 2 * _MARGIN
    told, y = [], 40.0
    for words in lines(picture.title, room, 21, bold=True, most=2):
        told.append(text(_MARGIN, y, words, 21, inks.ink, bold=True))
        y += 26
    what = _WHAT[picture.detail]
    of = f" ({picture.shows})" if picture.shows else ""
    of += f" · read as {', '.join(picture.readings)}" if picture.readings else ""
    words = f"{picture.terms} · dated {picture.dated} · {what}{of}"
    told.append(text(_MARGIN, y - 2, one(words, room, TEXT), TEXT, inks.muted))
    if picture.mark:
        for n, words in enumerate(lines(picture.mark.told, room - 20, 13, bold=True, most=3)):
            if not n:
                told.append(Block(glyphs.pin(inks.here), 12, 12).at(_MARGIN, y + 12))
            told.append(text(_MARGIN + 20, y + 22, words, 13, inks.ink, bold=True))
            y += 18
        y += 10
    return Block(el("g", *told, class_="heading"), WIDE, y + 4)


def _floors(picture: Picture, y: float, inks: Theme, prefix: str) -> tuple[str, float]:
    """States and arrows, floor by floor, from a height on; and the height below them."""
    force, service = picture.place("in_force"), picture.place("in_service")
    left, across = _MARGIN, WIDE - 2 * _MARGIN
    inner, room = (left + _PAD, across - 2 * _PAD) if force else (left, across)
    back, parts, outer = [], [], y
    y += 32 if force else 0
    states = [place for place in picture.places if place.id in IN_SERVICE]
    states.sort(key=lambda place: IN_SERVICE.index(place.id))
    drawn = row(picture, states, room - 2 * _PAD, inks, prefix)
    above = 34 if service else 18
    high = drawn.height + above + 18
    if service:
        back.append(_frame(service, inner, y, room, high, inks.service, inks, prefix))
    parts.append(drawn.at(inner + _PAD, y + above))
    y += high
    if suspended := picture.place("suspended"):
        found, high = _cards(picture, ("suspend", "reinstate"), inner, y, room, inks, prefix)
        parts.append(found)
        drawn = band(picture, suspended, room, inks, prefix)
        parts.append(drawn.at(inner, y + high))
        y += high + drawn.height
    if force:
        y += _PAD
        back.insert(0, _frame(force, left, outer, across, y - outer, inks.force, inks, prefix))
    if terminated := picture.place("terminated"):
        found, high = _cards(picture, ("terminate", "expire"), left, y, across, inks, prefix)
        parts.append(found)
        drawn = band(picture, terminated, across, inks, prefix)
        parts.append(drawn.at(left, y + high))
        y += high + drawn.height
    return "".join((*back, *parts)), y + 22


def _frame(place: Place, x: float, y: float, across: float, high: float, fill: str, inks: Theme, prefix: str) -> str:
    shape = box(x, y, across, high, fill, inks.line, rx=12, stroke_width=1.2)
    name = text(x + 16, y + 21, place.title.upper(), SMALL, inks.muted, bold=True)
    return el("g", shape, name, id=f"{prefix}region-{place.id}", class_="region", data_region=place.id)


def _cards(
    picture: Picture, names: Sequence[str], x: float, y: float, across: float, inks: Theme, prefix: str
) -> tuple[str, float]:
    """The arrows of these names between two floors, side by side, each with its card; and the room they take."""
    arrows = [a for name in names for a in picture.arrows if a.transition == name and not a.loops]
    if not arrows:
        return "", _PAD
    narrow = _NARROW if len(arrows) > 1 else 0
    shares = [across - (narrow + _BETWEEN if narrow else 0), *(narrow for _ in arrows[1:])]
    blocks = [card(arrow, share, inks, wide=not n) for n, (arrow, share) in enumerate(zip(arrows, shares, strict=True))]
    high = max(block.height for block in blocks)
    parts = []
    for arrow, block in zip(arrows, blocks, strict=True):
        upwards = arrow.source == "suspended"
        drawn = _shaft(x + block.width / 2, y, y + high + 2 * _STUB, arrow, inks, upwards=upwards)
        drawn += framed(block, arrow, inks).at(x, y + _STUB)
        parts.append(edge(arrow, drawn, prefix))
        x += block.width + _BETWEEN
    return "".join(parts), high + 2 * _STUB


def _shaft(x: float, y: float, end: float, arrow: Arrow, inks: Theme, *, upwards: bool) -> str:
    """The line of an arrow from floor to floor; its card lies on it."""
    ink = inks.muted if arrow.automatic else inks.ink
    weight = 3.4 if arrow.transition == "terminate" else 2
    dashes = "5 4" if arrow.automatic else None
    first, last = (y + 9, end) if upwards else (y, end - 9)
    point = glyphs.head(x, y + 1, "up", ink) if upwards else glyphs.head(x, end - 1, "down", ink)
    return line(x, first, x, last, ink, stroke_width=weight, stroke_dasharray=dashes) + point


# ---- legend --------------------------------------------------------------------------------------------------


def _legend(picture: Picture, inks: Theme) -> Block:
    """What the signs mean, of those that are there."""
    items = [(glyphs.of_holder(way, inks), _HOLDERS.get(way.who, way.who)) for way in _holders(picture)]
    standings = {way.standing: way for arrow in picture.arrows for way in arrow.ways if way.standing}
    items += [(glyphs.of_standing(standings[name], inks), told) for name, told in _STANDINGS if name in standings]
    whens = " ".join(way.when for arrow in picture.arrows for way in arrow.ways)
    items += [("", told.format(int(picture.day_one))) for sign, told in _NOTATION if re.search(sign, whens)]
    x, y, parts = 0.0, 12.0, []
    for sign, words in items:
        wide = width(words, SMALL) + (18 if sign else 0)
        if x and x + wide > WIDE - 2 * _MARGIN:
            x, y = 0.0, y + 19
        if sign:
            parts.append(Block(sign, 12, 12).at(x, y - 10))
        parts.append(text(x + (18 if sign else 0), y, words, SMALL, inks.muted))
        x += wide + 20
    return Block(el("g", *parts, class_="legend"), WIDE, y)


def _holders(picture: Picture) -> list[Way]:
    ways = (way for arrow in picture.arrows for way in arrow.ways)
    found: dict[str, Way] = {}
    for way in ways:
        found.setdefault(way.who, way)
    return [found[who] for who in dict.fromkeys((*_HOLDERS, *found)) if who in found]


_HOLDERS = {
    "provider": "the provider",
    "customer": "the customer",
    "either party": "either party",
    "other side": "the party it is not about",
    "side concerned": "the party it is about",
    "both together": "both together",
    "by itself": "by itself, without an act (dashed)",
}
_STANDINGS = (("open", "open now"), ("opens", "opens on a day"), ("waits", "waits for something"))
_NOTATION = (
    (r"\+ \d+ (?!full)", "+ 30 days: from day 30 on, the day it counts from being day {}"),
    (r"\+ \d+ full", "+ 30 full days: once day 30 is over"),
)
