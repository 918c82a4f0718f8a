"""The card on an arrow: what it is called, and each way along it - who, clause, because of what, after which wait."""

from __future__ import annotations

from lifecycle.diagrams import glyphs
from lifecycle.diagrams.elements import Block, box, el, line, paragraph, runs, text, title
from lifecycle.diagrams.picture import Arrow, Way
from lifecycle.diagrams.theme import Theme
from lifecycle.diagrams.widths import lines, one, width
from lifecycle.values import frozen

TEXT, SMALL, NAME, LEADING = 12.0, 10.5, 14.0, 16.0
_PAD, _GAP, _SIGN = 14.0, 12.0, 18.0
_HEAD, _ROW_PAD = 30.0, 7.0
BY_DOING = "by doing it"
_COLUMNS = ("who", "clause", "because of", "when")


@frozen
class _Cells:
    """Where the columns of a card begin, and how wide they are."""

    starts: tuple[float, ...]
    widths: tuple[float, ...]


def card(arrow: Arrow, across: float, theme: Theme, *, wide: bool) -> Block:
    """The card of an arrow, so many units across: with columns, or with everything below each other."""
    cells = _columns(arrow, across) if wide else None
    parts, y = [_heading(arrow, across, theme)], _HEAD if wide else _HEAD - 5
    if cells:
        names = zip(cells.starts, _COLUMNS, strict=True)
        parts += [text(x, y + 9, name, SMALL, theme.muted) for x, name in names]
        y += 14
    for n, way in enumerate(arrow.ways):
        row = _row(way, arrow, cells, theme) if cells else _stacked(way, arrow, across, theme)
        if n or cells:
            parts.append(line(_PAD, y, across - _PAD, y, theme.line, stroke_width=0.6, stroke_opacity=0.55))
        parts.append(row.at(0, y + _ROW_PAD))
        y += row.height + 2 * _ROW_PAD
    return Block("".join(parts), across, y + 4)


def framed(block: Block, arrow: Arrow, theme: Theme) -> Block:
    """A card in its frame: dashed where it happens by itself, thick where an act ends the agreement."""
    stroke = theme.muted if arrow.automatic else theme.ink
    dashes = "5 4" if arrow.automatic else None
    weight = 2.2 if arrow.transition == "terminate" else 1.3
    frame = box(0, 0, block.width, block.height, theme.card, stroke, rx=6, stroke_width=weight,
                stroke_dasharray=dashes, class_="card")  # fmt: skip
    return Block(frame + block.svg, block.width, block.height)


def _heading(arrow: Arrow, across: float, theme: Theme) -> str:
    told = text(_PAD, 20, arrow.transition, NAME, theme.ink, bold=True, class_="name")
    x = _PAD + width(arrow.transition, NAME, bold=True) + 8
    if arrow.how and arrow.how != BY_DOING:
        told += text(x, 20, one(arrow.how, across - x - _PAD, TEXT), TEXT, theme.muted)
    if arrow.expected:
        told += expected(arrow, across - _PAD, theme)
    return told


def expected(arrow: Arrow, right: float, theme: Theme) -> str:
    """The day on which the marked account takes an arrow by itself, ending at ``right``."""
    words = f"next: {arrow.expected}"
    across = width(words, SMALL, bold=True) + 14
    frame = box(right - across, 7, across, 18, theme.card, theme.opens, rx=9, stroke_width=1.4, stroke_dasharray="3 2")
    return frame + text(right - across / 2, 20, words, SMALL, theme.opens, bold=True, anchor="middle")


def _columns(arrow: Arrow, across: float) -> _Cells:
    who = max(width(way.who, TEXT, bold=True) for way in arrow.ways) + _SIGN
    words = [word for way in arrow.ways for word in way.clause.split() or [""]]
    clause = min(max(width(_COLUMNS[1], SMALL), *(width(word, TEXT) for word in words)), 110.0)
    rest = across - 2 * _PAD - 3 * _GAP - who - clause
    when = max(width(_when(way, arrow), TEXT) for way in arrow.ways)
    when = min(max(when, rest * 0.3), rest * 0.47)
    widths = (who, clause, rest - when, when)
    starts = [_PAD]
    for wide in widths[:-1]:
        starts.append(starts[-1] + wide + _GAP)
    return _Cells(tuple(starts), widths)


def _row(way: Way, arrow: Arrow, cells: _Cells, theme: Theme) -> Block:
    """One way in columns."""
    told = (way.clause, way.ground, _when(way, arrow))
    found = [lines(words, room, TEXT, most=9) for words, room in zip(told, cells.widths[1:], strict=True)]
    high = max(1, *map(len, found)) * LEADING
    inks = (theme.ink, theme.ink, theme.muted)
    parts = [_holder(way, cells.starts[0], theme)]
    parts += [paragraph(x, 12, f, TEXT, ink, LEADING) for x, f, ink in zip(cells.starts[1:], found, inks, strict=True)]
    room = cells.widths[2] + _GAP + cells.widths[3]
    stands = _standing(way, cells.starts[2], room, theme)
    return _way(way, Block("".join(parts) + stands.at(0, high), 0, high + stands.height))


def _stacked(way: Way, arrow: Arrow, across: float, theme: Theme) -> Block:
    """One way with its words below each other."""
    room = across - 2 * _PAD
    left = room - _SIGN - width(way.who, TEXT, bold=True) - 8
    clause = one(way.clause, left, TEXT)
    parts = [_holder(way, _PAD, theme, clause)]
    y = LEADING
    for words, ink in ((way.ground, theme.ink), (_when(way, arrow), theme.muted)):
        found = lines(words, room, TEXT)
        parts.append(paragraph(_PAD, y + 12, found, TEXT, ink, LEADING))
        y += len(found) * LEADING
    stands = _standing(way, _PAD, room, theme)
    return _way(way, Block("".join(parts) + stands.at(0, y), across, y + stands.height))


def _when(way: Way, arrow: Arrow) -> str:
    """After which wait, and how, where that is not how the arrow is mostly taken."""
    says = way.how and way.how != arrow.how and way.who != "both together"
    return f"{way.when}, {way.how}" if says else way.when


def _holder(way: Way, x: float, theme: Theme, clause: str = "") -> str:
    sign = Block(glyphs.of_holder(way, theme), glyphs.SIZE, glyphs.SIZE).at(x, 1.5)
    told = ((way.who, glyphs.colour_of(way, theme), True), (clause, theme.ink, False))
    return sign + runs(x + _SIGN, 12, told, TEXT)


def _standing(way: Way, x: float, room: float, theme: Theme) -> Block:
    """How a way stands for the marked account."""
    if way.standing is None:
        return Block("", 0, 0)
    ink = {"open": theme.open, "opens": theme.opens, "waits": theme.waits}[way.standing]
    found = lines(way.told, room - _SIGN, TEXT, bold=True, most=3)
    sign = Block(glyphs.of_standing(way, theme), glyphs.SIZE, glyphs.SIZE).at(x, 5.5)
    bold = way.standing != "waits"
    told = "".join(text(x + _SIGN, 16 + n * LEADING, words, TEXT, ink, bold=bold) for n, words in enumerate(found))
    return Block(el("g", sign, told, class_=f"standing {way.standing}"), 0, len(found) * LEADING + 4)


def _way(way: Way, row: Block) -> Block:
    group = el(
        "g",
        title("\n".join(way.exact).replace("\n", " - ")),
        row.svg,
        class_="way",
        data_who=way.who,
        data_clause=way.clause,
        data_powers=" ".join(way.powers),
        data_standing=way.standing,
    )
    return Block(group, row.width, row.height)
