"""States and what joins those in service: boxes in a row, the arrows between them, and broad bands below."""

from __future__ import annotations

from collections.abc import Sequence

from lifecycle.diagrams import glyphs
from lifecycle.diagrams.cards import LEADING, SMALL, TEXT, expected
from lifecycle.diagrams.elements import Block, box, el, line, paragraph, path, text, title
from lifecycle.diagrams.picture import Arrow, Mark, Picture, Place
from lifecycle.diagrams.theme import Theme
from lifecycle.diagrams.widths import lines, one, width

_NAME = 17.0
_BOX, _HIGH, _NOTE = 132.0, 70.0, 190.0
_LEAD, _LOOP, _STEP, _FAR = 66.0, 24.0, 20.0, 340.0


def row(picture: Picture, states: Sequence[Place], across: float, theme: Theme, prefix: str) -> Block:
    """The states in service side by side, with the arrows between them and back to themselves."""
    gap = min(_FAR, (across - _LEAD - len(states) * _BOX) / max(1, len(states) - 1))
    first = (across + _LEAD - len(states) * (_BOX + gap) + gap) / 2
    starts = {place.id: first + n * (_BOX + gap) for n, place in enumerate(states)}
    own = [arrow for arrow in picture.arrows if arrow.source in starts and arrow.target in starts]
    last = states[-1].id
    loops = {a.source: _loop(a, 150.0, theme, prefix, last=a.source == last) for a in own if a.loops}
    tops = {place.id: _entry(place, theme, first=place is states[0]) for place in states}
    top = max((part.height for part in (*loops.values(), *tops.values())), default=0)
    parts, low = [], top + _HIGH
    for arrow in own:
        if not arrow.loops:
            joined = _joining(arrow, gap, theme, prefix)
            parts.append(joined.at(starts[arrow.source] + _BOX, top + _HIGH / 2 - 34))
            low = max(low, top + _HIGH / 2 - 34 + joined.height)
    for place in states:
        x = starts[place.id]
        parts.append(tops[place.id].at(x, top - tops[place.id].height))
        if place.id in loops:
            parts.append(loops[place.id].at(x, top - loops[place.id].height))
        parts.append(_boxed(place, _BOX, _HIGH, picture.mark, theme, prefix).at(x, top))
    if not picture.arrows and not picture.shows:
        words = lines("Nothing in these Terms changes its state.", across - first - _BOX - 40, TEXT)
        parts.append(paragraph(first + _BOX + 24, top + _HIGH / 2 + 4, words, TEXT, theme.muted, LEADING))
    return Block("".join(parts), across, low)


def band(picture: Picture, place: Place, across: float, theme: Theme, prefix: str) -> Block:
    """A state as a broad band, with its arrows back to itself in words."""
    loops = [arrow for arrow in picture.arrows if arrow.loops and arrow.source == place.id]
    told = f"it stays {place.title} while" if loops else place.note
    note = lines(told, across - _NOTE - 20, TEXT, most=3)
    rows = len(note) + (len(loops) + 1) // 2
    high = max(54.0, rows * _STEP + 20)
    top = (high - rows * _STEP) / 2 + 15
    parts = [paragraph(_NOTE, top, note, TEXT, _inks(place, theme)[2], _STEP)]
    for n, arrow in enumerate(loops):
        x, y = _NOTE + n % 2 * (across - _NOTE) / 2, top + (len(note) + n // 2) * _STEP
        words = f"{arrow.note} ({arrow.transition})" + (f", next: {arrow.expected}" if arrow.expected else "")
        sign = Block(glyphs.turn(theme.muted), glyphs.SIZE, glyphs.SIZE).at(x, y - 10)
        parts.append(edge(arrow, sign + text(x + 18, y, words, TEXT, theme.ink), prefix))
    return Block(_boxed(place, across, high, picture.mark, theme, prefix).svg + "".join(parts), across, high)


def _inks(place: Place, theme: Theme) -> tuple[str, str, str]:
    """The surface, the line and the ink of a state."""
    if place.id == "terminated":
        return theme.ended, theme.ended, theme.ended_ink
    if place.id == "suspended":
        return theme.suspended, theme.suspended_line, theme.ink
    return theme.running, theme.running_line, theme.ink


def _boxed(place: Place, across: float, high: float, mark: Mark | None, theme: Theme, prefix: str) -> Block:
    """A state: dashed line for the trial, double for what was renewed, square corners for the end."""
    fill, stroke, ink = _inks(place, theme)
    corner = 2 if place.id == "terminated" else 10
    dashes = "6 4" if place.id == "trial" else None
    weight = 4.0 if place.here else 2.0
    broad = across > 2 * _BOX
    shape = box(0, 0, across, high, fill, theme.here if place.here else stroke, rx=corner, stroke_width=weight,
                stroke_dasharray=dashes, class_="shape")  # fmt: skip
    if place.id == "renewed":
        shape += box(5, 5, across - 10, high - 10, "none", stroke, rx=6, stroke_width=1.2)
    sign = Block(glyphs.of_state(place.id, ink if broad else stroke), 20, 20)
    if broad:
        told = sign.at(22, high / 2 - 10) + text(52, high / 2 + 6, place.title, _NAME, ink, bold=True, class_="name")
    else:
        told = sign.at(across / 2 - 10, 12)
        told += text(across / 2, 52, place.title, _NAME, ink, bold=True, anchor="middle", class_="name")
    flag = _flag(mark, place, across, high, theme) if mark else ""
    group = el("g", shape, told, flag, id=f"{prefix}state-{place.id}", data_state=place.id,
               class_="state here" if place.here else "state")  # fmt: skip
    return Block(group, across, high)


def _flag(mark: Mark, place: Place, across: float, high: float, theme: Theme) -> str:
    """The flag on the state where the marked account is; there, but hidden, on the others."""
    broad = across > 2 * _BOX
    words = one(mark.agreement, (240.0 if broad else across - 10) - 30.0, SMALL, bold=True)
    wide = width(words, SMALL, bold=True) + 30.0
    x, y = (across - wide - 14, 0.0) if broad else ((across - wide) / 2, high)
    parts = box(x, y - 10.5, wide, 21, theme.here, theme.paper, rx=10.5, stroke_width=1.5)
    parts += Block(glyphs.pin(theme.here_ink), glyphs.SIZE, glyphs.SIZE).at(x + 8, y - 6)
    parts += text(x + 24, y + 4, words, SMALL, theme.here_ink, bold=True)
    return el("g", parts, class_="flag", visibility=None if place.here else "hidden")


def _entry(place: Place, theme: Theme, *, first: bool) -> Block:
    """The dot from which an agreement comes into a state: from the left, or from above."""
    if not place.entry:
        return Block("", 0, 0)
    if first:
        y = _HIGH / 2
        words = paragraph(-_LEAD, y + 24, lines(place.entry, _LEAD - 4, SMALL), SMALL, theme.muted, 13)
        dot = el("circle", cx=-_LEAD + 12, cy=y, r=7, fill=theme.ink)
        drawn = dot + line(-_LEAD + 19, y, -8, y, theme.ink, stroke_width=2) + glyphs.head(-1, y, "right", theme.ink)
        return Block(el("g", drawn, words, class_="entry", data_state=place.id), 0, 0)
    dot = el("circle", cx=22, cy=9, r=7, fill=theme.ink)
    drawn = dot + line(22, 14, 22, 36, theme.ink, stroke_width=2) + glyphs.head(22, 43, "down", theme.ink)
    words = text(9, 13, place.entry, SMALL, theme.muted, anchor="end")
    return Block(el("g", drawn, words, class_="entry", data_state=place.id), _BOX, 44)


def _told(arrow: Arrow, room: float, *, again: bool) -> tuple[str, str, list[str]]:
    """An arrow in words: its name, who takes it under which clause, and because of what."""
    way = arrow.ways[0]
    first = one(" · ".join(filter(None, (way.who, way.clause))), room, SMALL)
    more = arrow.note if again and arrow.note else ", ".join(filter(None, (way.ground, way.when)))
    return arrow.transition, first, lines(more, room, SMALL, most=7)


def _joining(arrow: Arrow, gap: float, theme: Theme, prefix: str) -> Block:
    """An arrow from one box to the next: its name above, what it takes below."""
    name, first, more = _told(arrow, gap - 20, again=False)
    ink = theme.muted if arrow.automatic else theme.ink
    shaft = line(4, 34, gap - 10, 34, ink, stroke_width=2, stroke_dasharray="6 4" if arrow.automatic else None)
    middle = gap / 2 - 3
    told = text(middle, 10, name, 13, theme.ink, bold=True, anchor="middle", class_="name")
    told += text(middle, 25, first, SMALL, theme.muted, anchor="middle")
    told += "".join(text(middle, 51 + n * 14, words, SMALL, theme.ink, anchor="middle") for n, words in enumerate(more))
    if arrow.expected:
        told += Block(expected(arrow, gap - 8, theme), 0, 0).at(0, 42 + len(more) * 14)
    high = 51 + len(more) * 14 + (22 if arrow.expected else 0)
    return Block(edge(arrow, shaft + glyphs.head(gap - 2, 34, "right", ink) + told, prefix), gap, high)


def _loop(arrow: Arrow, across: float, theme: Theme, prefix: str, *, last: bool) -> Block:
    """An arrow from a box back to it, above its right half; its words end with the last box of the row."""
    name, first, more = _told(arrow, across, again=True)
    words = [first, *more, *([f"next: {arrow.expected}"] if arrow.expected else [])]
    high = 18 + len(words) * 14 + _LOOP
    ink = theme.muted if arrow.automatic else theme.ink
    left, right, top = _BOX - 64, _BOX - 24, high - _LOOP
    dashes = "6 4" if arrow.automatic else None
    rise, fall = f"M{left:g} {high:g}V{top + 8:g}q0 -8 8 -8", f"q8 0 8 8V{high - 8:g}"
    arc = path(f"{rise}H{right - 8:g}{fall}", fill="none", stroke=ink, stroke_width=2, stroke_dasharray=dashes)
    x, anchor = (_BOX, "end") if last else (left, "")
    told = text(x, 12, name, 13, theme.ink, bold=True, anchor=anchor, class_="name")
    for n, line_ in enumerate(words):
        told += text(x, 26 + n * 14, line_, SMALL, theme.ink if n else theme.muted, anchor=anchor)
    return Block(edge(arrow, arc + glyphs.head(right, high - 1, "down", ink) + told, prefix), across, high)


def edge(arrow: Arrow, drawn: str, prefix: str) -> str:
    """What is drawn of an arrow, as one group that a page can find."""
    exact = " - ".join(text for way in arrow.ways for text in way.exact) if arrow.loops or len(arrow.ways) == 1 else ""
    return el(
        "g",
        title(exact),
        drawn,
        id=f"{prefix}edge-{arrow.id}",
        class_="edge automatic" if arrow.automatic else "edge",
        data_edge=arrow.id,
        data_transition=arrow.transition,
        data_source=arrow.source,
        data_target=arrow.target,
        data_next=str(arrow.expected) if arrow.expected else None,
    )
