"""A life as a picture, drawn: :mod:`lifecycle.reporting.timeline` -> SVG that is read in colour and in black and white,
on light and on dark.

From top to bottom: the axis, the states, the terms, a lane for each matter, what is ahead, and what the patterns mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files

from attrs import field

from lifecycle.days import Instant
from lifecycle.diagrams.widths import width
from lifecycle.outlook import Ahead
from lifecycle.reporting.lettering import fitted, lines
from lifecycle.reporting.markup import Element, Node, Verbatim, el
from lifecycle.reporting.timeline import Band, Bar, Lane, Mark, Picture, Stretch
from lifecycle.values import frozen

_GUTTER, _EDGE, _PLOT = 176.0, 14.0, 1010.0  # left of the axis, right of it, and the least it is wide
_NARROWEST = 11.0  # a month
_SIZE, _SMALL, _ROW = 12.0, 10.5, 15.0
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OVER = {"tl-small": _SMALL, "tl-state-name": _SIZE}  # words over lines and bands: their size
_BETWEEN = "\u00a0\u00a0 "
_GLYPHS = {"notice": "▼", "act": "●", "due": "◊", "end": "×"}  # of what every font has (WGL4)
_KEY = (
    ("tl-waiting", "waits for a notice or an end"),
    ("tl-safe", "not open yet"),
    ("tl-contested", "open under some readings only"),
    ("tl-open", "open"),
)
_SIGNS = (("due", "due"), ("notice", "notice (hollow: does not count)"), ("act", "act"))


@frozen
class Drawn:
    """Elements, and how far down they reach."""

    elements: tuple[Node, ...]
    bottom: float


@frozen
class Scale:
    """Where instants lie from left to right."""

    picture: Picture
    plot: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "plot", max(_PLOT, _NARROWEST * len(self.picture.months)))

    @property
    def right(self) -> float:
        return _GUTTER + self.plot

    def x(self, at: Instant) -> float:
        whole = self.picture.until - self.picture.since
        share = (min(max(at, self.picture.since), self.picture.until) - self.picture.since) / whole
        return round(_GUTTER + share * self.plot, 2)


def style() -> str:
    """The style of the picture, for the page it stands in."""
    return files("lifecycle.reporting").joinpath("timeline.css").read_text(encoding="utf-8")


_PALETTE = re.compile(r"(?:(@media[^{]*)\{\s*)?\.tl \{(.*?)\}(?(1)\s*\})", re.DOTALL)
_COLOUR = re.compile(r"(--tl-\w+): *([^;]+);")


def _style_alone() -> str:
    """The same style with its colours written out, light first: not every program that shows SVG knows variables, or
    what stands under ``@media``.
    """
    text = style()
    palettes = [(found[1], dict(_COLOUR.findall(found[2]))) for found in _PALETTE.finditer(text)]
    rules = _PALETTE.sub("", text).strip()
    coloured = "\n".join(rule for rule in rules.splitlines() if "var(" in rule)
    (_, light), *others = palettes
    written = [f".tl {{{_COLOUR.sub('', text[text.index('{') + 1 : text.index('}')]).strip()}}}", _in(rules, light)]
    return "\n".join([*written, *(f"{media}{{\n{_in(coloured, colours)}\n}}" for media, colours in others)])


def _in(rules: str, colours: Mapping[str, str]) -> str:
    return re.sub(r"var\((--tl-\w+)\)", lambda found: colours[found[1]], rules)


def drawn(picture: Picture, *, alone: bool = True) -> str:
    """The picture as SVG; ``alone``: with its own style, as a file of its own."""
    scale = Scale(picture)
    total = scale.right + 2 * _EDGE
    axis = _axis(scale, 58)
    states = _states(scale, axis.bottom + 8)
    terms = _terms(scale, states.bottom + 6)
    lanes, bottom = [], terms.bottom + 10
    for lane in picture.lanes:
        lanes.append(_lane(lane, scale, bottom))
        bottom = lanes[-1].bottom
    if picture.left_out:
        lanes.append(Drawn((_text(f"and {picture.left_out} earlier matters", 0, bottom + 12, "tl-dim"),), bottom + 20))
        bottom = lanes[-1].bottom
    numbers = _numbers(picture.ahead, scale, bottom + 6)
    told = _told(picture.ahead, scale, numbers.bottom)
    key = _key(told.bottom + 12)
    height = key.bottom + 8
    svg = el(
        "svg",
        el("title", f"{picture.title}, {picture.seen}"),
        el("desc", _described(picture)),
        el("style", Verbatim(_style_alone())) if alone else "",
        _patterns(),
        el("rect", class_="tl-paper", x=-_EDGE, width=total, height=height),
        _text(fitted(picture.title, 15, total - 160), 0, 19, "tl-title"),
        axis.elements,
        _grid(scale, axis.bottom, numbers.bottom),
        _now(scale, numbers.bottom),
        states.elements,
        terms.elements,
        *(lane.elements for lane in lanes),
        numbers.elements,
        told.elements,
        key.elements,
        xmlns="http://www.w3.org/2000/svg",
        class_="tl",
        role="img",
        viewBox=f"{-_EDGE:g} 0 {total:g} {height:g}",
        width=total,
        height=height,
        data_left=_GUTTER,
        data_right=scale.right,
    )
    return str(svg)


def _described(picture: Picture) -> str:
    """The states in words, for who cannot see them."""
    return "; ".join(f"{band.state or 'not in force'} from {band.since:%Y-%m-%d}" for band in picture.bands)


# ---- axis, states, terms -------------------------------------------------------------------------------------


def _axis(scale: Scale, top: float) -> Drawn:
    months = scale.picture.months
    apart = scale.plot / max(1, len(months))
    every = next(n for n in (1, 3, 6, 12) if apart * n > width("May", _SMALL) + 4 or n == 12)
    elements: list[Node] = []
    year, free = 0, _GUTTER
    for at, first in months:
        x = scale.x(at)
        if first.year != year and x >= free:
            elements.append(_text(str(first.year), x, top, "tl-year"))
            year, free = first.year, x + width("2026", _SIZE) + 6
        fits = x + width("May", _SMALL) <= scale.right
        if (first.month - 1) % every == 0 and fits:
            elements.append(_text(_MONTHS[first.month - 1], x + 2, top + 14, "tl-dim"))
    return Drawn(tuple(elements), top + 20)


def _grid(scale: Scale, top: float, bottom: float) -> Iterator[Node]:
    for at, first in scale.picture.months:
        x = scale.x(at)
        yield el("line", class_="tl-year-line" if first.month == 1 else "tl-grid", x1=x, x2=x, y1=top - 4, y2=bottom)


def _states(scale: Scale, top: float) -> Drawn:
    """The states as one band, and below it what was done, and the states too short to be named in it."""
    high = 26.0
    elements: list[Node] = [_text("state", 0, top + 17, "tl-row")]
    callouts: list[tuple[float, str]] = [
        (scale.x(act.at), f"{_GLYPHS['act']} {act.text}") for act in scale.picture.acts
    ]
    for band in scale.picture.bands:
        left, word = scale.x(band.since), band.state or "not in force"
        wide = max(3.0, scale.x(band.until) - left)
        elements.append(_box(band, left, top, wide, high))
        if width(word, _SIZE) + 8 <= wide:
            elements.append(_text(word, left + wide / 2, top + 17.5, "tl-state-name", anchor="middle"))
        elif band.state == "suspended" and all(act.at != band.since for act in scale.picture.acts):
            callouts.append((left, f"{word} from {band.since:%Y-%m-%d}"))
    rows = _placed(sorted(callouts), scale)
    for x, row, text, anchor in rows:
        y = top + high + 13 + row * 13
        elements.append(el("line", class_="tl-leader", x1=x, x2=x, y1=top + high, y2=y - 9))
        elements.append(_text(text, x, y, "tl-small", anchor=anchor))
    return Drawn(tuple(elements), top + high + 8 + 13 * len({row for _, row, _, _ in rows}))


def _box(band: Band, left: float, top: float, wide: float, high: float) -> Node:
    state = band.state or "none"
    words = f"{band.state or 'not in force'} from {band.since:%Y-%m-%d} to {band.until:%Y-%m-%d}"
    return el(
        "g",
        el("title", words),
        el("rect", class_=f"tl-fill-{state}", x=left, y=top, width=wide, height=high),
        el("rect", class_="tl-outline", fill=f"url(#tl-{state})", x=left, y=top, width=wide, height=high),
    )


def _placed(texts: Iterable[tuple[float, str]], scale: Scale) -> list[tuple[float, int, str, str]]:
    """Texts at their places, each in the first row in which it does not touch another: x, row, text, anchor."""
    ends: list[float] = []
    found = []
    for x, text in texts:
        long = width(text, _SMALL)
        anchor, left = ("start", x) if x + long <= scale.right else ("end", x - long)
        row = next((n for n, end in enumerate(ends) if end + 8 <= left), len(ends))
        ends[row:] = [left + long, *ends[row + 1 :]]
        found.append((x, row, text, anchor))
    return found


def _terms(scale: Scale, top: float) -> Drawn:
    elements: list[Node] = [_text("term", 0, top + 11, "tl-row")] if scale.picture.terms else []
    for stretch in scale.picture.terms:
        left, right = scale.x(stretch.since), scale.x(stretch.until)
        for x1, x2, y1, y2 in ((left, right, 14, 14), (left, left, 9, 19), (right, right, 9, 19)):
            elements.append(el("line", class_="tl-term", x1=x1, x2=x2, y1=top + y1, y2=top + y2))
        short = stretch.text.partition(":")[0]
        choices = (stretch.text, short, short.removeprefix("term "))
        if text := next((t for t in choices if width(t, _SMALL) + 6 <= right - left), ""):
            elements.append(_text(text, (left + right) / 2, top + 9, "tl-small", anchor="middle"))
    return Drawn(tuple(elements), top + (20 if scale.picture.terms else 0))


# ---- lanes ---------------------------------------------------------------------------------------------------


def _lane(lane: Lane, scale: Scale, top: float) -> Drawn:
    """A matter: its line with its signs, what they say beside it, and a bar for each of its windows."""
    elements: list[Node] = [
        el("line", class_="tl-rule", x1=0, x2=scale.right, y1=top, y2=top),
        el("g", el("title", lane.label), _text(fitted(lane.label, _SIZE, _GUTTER - 8), 0, top + 13, "tl-row")),
        _text(fitted(lane.note, _SMALL, _GUTTER - 8), 0, top + 26, "tl-dim") if lane.note else "",
    ]
    y = top + 10
    reached = [scale.x(spell.since) for spell in lane.spells]
    for spell in lane.spells:
        elements.append(_spell(spell, scale, y))
        reached.append(scale.x(spell.until))
    for mark in lane.marks:
        elements.append(_sign(mark, scale.x(mark.at), y))
        reached.append(scale.x(mark.at))
    told = [f"{_sign_of(mark)} {mark.text}" for mark in sorted(lane.marks, key=lambda mark: mark.at)]
    told += [f"{_GLYPHS['end']} {spell.text}" for spell in lane.spells if spell.text]
    beside = _beside(told, min(reached), max(reached), scale, y + 4)
    elements += beside.elements
    bottom = max(beside.bottom, y + 8)
    for bar in lane.bars:
        drawn_bar = _bar(bar, scale, bottom)
        elements += drawn_bar.elements
        bottom = drawn_bar.bottom
    return Drawn(tuple(elements), max(bottom, top + (29 if lane.note else 18)) + 4)


def _spell(spell: Stretch, scale: Scale, y: float) -> Node:
    left, right = scale.x(spell.since), scale.x(spell.until)
    end = el("line", class_="tl-end", x1=right, x2=right, y1=y - 5, y2=y + 5) if spell.text else ""
    return el("g", el("line", class_="tl-spell", x1=left, x2=max(right, left + 2), y1=y, y2=y), end)


def _sign_of(mark: Mark) -> str:
    return "(▼)" if mark.defect else _GLYPHS[mark.sort]


def _sign(mark: Mark, x: float, y: float) -> Node:
    told = f"{mark.text}: {mark.defect}" if mark.defect else mark.text
    return el("g", el("title", told), _shape(mark.sort, x, y, hollow=bool(mark.defect)))


def _shape(sort: str, x: float, y: float, *, hollow: bool = False) -> Element:
    kind = "tl-hollow" if hollow else "tl-sign"
    if sort == "act":
        return el("circle", class_=kind, cx=x, cy=y, r=4)
    corners = {
        "notice": ((x - 5, y - 9), (x + 5, y - 9), (x, y - 1)),
        "due": ((x, y - 5), (x + 4, y), (x, y + 5), (x - 4, y)),
    }[sort]
    return el("polygon", class_=kind, points=" ".join(f"{a:g},{b:g}" for a, b in corners))


def _beside(texts: list[str], left: float, right: float, scale: Scale, y: float) -> Drawn:
    """Texts to the right of what they are about, to its left, or below it, where there first is room."""
    wide = sum(width(f"{text}{_BETWEEN}", _SMALL) for text in texts)
    x, anchor, room = right + 10, "start", scale.right - right - 12
    if wide > room:
        x, anchor, room = left - 10, "end", left - _GUTTER - 12
    if wide > room:
        x, anchor, y = max(_GUTTER, min(left, scale.right - wide)), "start", y + 14
        room = scale.right - x
    rows = lines(texts, _SMALL, room, _BETWEEN)
    return Drawn(
        tuple(_text(row, x, y + n * 13, "tl-small", anchor=anchor) for n, row in enumerate(rows)),
        y + 13 * max(0, len(rows) - 1) + 5,
    )


def _bar(bar: Bar, scale: Scale, top: float) -> Drawn:
    elements: list[Node] = [el("title", f"{bar.text}: {bar.arithmetic}" if bar.arithmetic else bar.text)]
    y = top + 3
    edges = []
    for part in bar.parts:
        left, right = scale.x(part.since), scale.x(part.until)
        edges += [left, right]
        if part.sort == "waiting":
            elements.append(el("line", class_="tl-waiting", x1=left, x2=right, y1=y + 5, y2=y + 5))
        else:
            elements += _window(part.sort, left, y, max(2.5, right - left))
    beside = _beside([bar.text], min(edges), max(edges), scale, y + 8.5)
    return Drawn((el("g", *elements, *beside.elements),), max(top + _ROW, beside.bottom))


def _window(sort: str, x: float, y: float, wide: float) -> tuple[Node, ...]:
    place = {"x": x, "y": y, "width": wide, "height": 9.5}
    return (
        el("rect", class_=f"tl-{sort}", **place),
        el("rect", class_="tl-outline", fill=f"url(#tl-{sort})", **place),
    )


# ---- ahead, now, key -----------------------------------------------------------------------------------------


def _numbers(entries: Sequence[Ahead], scale: Scale, top: float) -> Drawn:
    """What is ahead, numbered on the axis."""
    if not entries:
        return Drawn((), top)
    elements: list[Node] = [
        el("line", class_="tl-rule", x1=0, x2=scale.right, y1=top, y2=top),
        _text("ahead", 0, top + 16, "tl-row"),
    ]
    placed = _placed(((scale.x(entry.at), f"{number}  ") for number, entry in enumerate(entries, 1)), scale)
    for x, row, number, _ in placed:
        y = top + 12 + row * 17
        elements.append(el("line", class_="tl-leader", x1=x, x2=x, y1=top, y2=y))
        elements.append(el("circle", class_="tl-number", cx=x, cy=y, r=7.5))
        elements.append(_text(number.strip(), x, y + 3.5, "tl-digit", anchor="middle"))
    return Drawn(tuple(elements), top + 6 + len({row for _, row, _, _ in placed}) * 17)


def _told(entries: Sequence[Ahead], scale: Scale, top: float) -> Drawn:
    """What the numbers stand for."""
    elements: list[Node] = []
    for number, entry in enumerate(entries, 1):
        y = top + number * 14
        clause = f" [{entry.clause}]" if entry.clause else ""
        told = fitted(f"{entry.on}  {entry.text}{clause}", _SMALL, scale.plot - 24)
        elements.append(_text(str(number), _GUTTER + 12, y, "tl-dim", anchor="end"))
        elements.append(_text(told, _GUTTER + 20, y, "tl-small"))
    return Drawn(tuple(elements), top + 14 * len(entries))


def _now(scale: Scale, bottom: float) -> Node:
    x, text = scale.x(scale.picture.now), scale.picture.seen.removeprefix("seen from ")
    wide = width(text, _SMALL) + 10
    left = min(max(x - wide / 2, _GUTTER), scale.right + _EDGE - wide)
    return el(
        "g",
        el("line", class_="tl-now", x1=x, x2=x, y1=40, y2=bottom),
        el("line", class_="tl-cursor", x1=x, x2=x, y1=40, y2=bottom),
        el("rect", class_="tl-now-box", x=left, y=26, width=wide, height=16, rx=3),
        _text(text, left + wide / 2, 38, "tl-now-text", anchor="middle"),
    )


def _key(top: float) -> Drawn:
    elements: list[Node] = []
    x = _GUTTER
    for kind, text in _KEY:
        if kind == "tl-waiting":
            elements.append(el("line", class_=kind, x1=x, x2=x + 26, y1=top + 5, y2=top + 5))
        else:
            elements += _window(kind.removeprefix("tl-"), x, top, 26)
        elements.append(_text(text, x + 32, top + 9, "tl-dim"))
        x += 46 + width(text, _SMALL)
    for sort, text in _SIGNS:
        elements.append(_shape(sort, x + 6, top + 6))
        elements.append(_text(text, x + 16, top + 9, "tl-dim"))
        x += 29 + width(text, _SMALL)
    return Drawn(tuple(elements), top + 12)


# ---- small ---------------------------------------------------------------------------------------------------


def _text(text: str, x: float, y: float, kind: str, anchor: str = "start") -> Element:
    """A text; what stands over lines and bands has paper behind it."""
    told = el("text", text, class_=kind, x=x, y=y, text_anchor=None if anchor == "start" else anchor)
    if (size := _OVER.get(kind)) is None:
        return told
    wide = width(text, size, bold=size == _SIZE)
    left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[anchor]
    paper = el(
        "rect", class_="tl-paper", x=round(left - 1.5, 2), y=y - size + 1, width=round(wide + 3, 2), height=size + 2
    )
    return el("g", paper, told)


def _patterns() -> Element:
    """Patterns that tell states and windows apart without colour."""
    strokes = {
        "trial": (6, "M1.5 1.5h1.2M4.5 4.5h1.2"),
        "active": (8, ""),
        "renewed": (8, "M0 2h8"),
        "suspended": (6, "M-1 1l2-2M0 6l6-6M5 7l2-2"),
        "terminated": (6, "M0 0l6 6M0 6l6-6"),
        "none": (8, "M0 8l8-8"),
        "safe": (5, "M0 2.5h1.5"),
        "contested": (5, "M0 0l5 5M0 5l5-5"),
        "open": (8, ""),
    }
    patterns = (
        el(
            "pattern",
            el("path", class_="tl-hatch", d=d) if d else "",
            id=f"tl-{name}",
            width=size,
            height=size,
            patternUnits="userSpaceOnUse",
        )
        for name, (size, d) in strokes.items()
    )
    return el("defs", patterns)
