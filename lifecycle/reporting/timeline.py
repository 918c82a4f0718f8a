"""An account's life as a picture: bands of states, terms, a lane for each matter with its notices and windows, and what
is ahead. Data only; :mod:`lifecycle.reporting.drawing` draws it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Literal, TypeAlias

from attrs import evolve

from lifecycle.agreement import Agreement
from lifecycle.days import FOREVER, Calendar, Day, Instant, corresponding_day
from lifecycle.docket import Docket, fold
from lifecycle.errors import InvalidFact
from lifecycle.machine import State
from lifecycle.matters import Matter
from lifecycle.outlook import Ahead
from lifecycle.reporting.spans import Right, Span, calendar_of, horizon, spans
from lifecycle.terms.model import TRANSITIONS
from lifecycle.values import frozen
from lifecycle.windows import Window, Windows

MOST_LANES = 40
MOST_AHEAD = 20

Lived: TypeAlias = tuple[Right, Window]
"""A power over a matter as it stood, and for how long it did."""

Sort: TypeAlias = Literal["waiting", "safe", "contested", "open"]
"""``waiting``: for a notice or for something to end; ``safe``: no day has come yet on which it is open; ``contested``:
open under some readings of the clauses only; ``open``: under all of them.
"""


@frozen
class Band:
    """A stretch in one state; None where the agreement was not in force."""

    since: Instant
    until: Instant
    state: State | None


@frozen
class Stretch:
    """A stretch of time with what is said of it."""

    since: Instant
    until: Instant
    text: str


@frozen
class Mark:
    """Something that happened at an instant. ``defect``: why it has no effect, where it has none."""

    at: Instant
    sort: Literal["notice", "act", "due", "end"]
    text: str
    defect: str = ""


@frozen
class Part:
    since: Instant
    until: Instant
    sort: Sort


@frozen(kw_only=True)
class Bar:
    """The windows of powers that open and close together: what may be done, from which day, how that was counted."""

    acts: tuple[str, ...]
    first: Day | None
    clauses: tuple[str, ...]
    arithmetic: str
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        first = f" from {self.first}" if self.first else ""
        return f"{' or '.join(self.acts)}{first} · {', '.join(self.clauses)}"


@frozen(kw_only=True)
class Lane:
    """A matter: when it lasted, what happened about it, and what may be done because of it."""

    label: str
    note: str
    spells: tuple[Stretch, ...]
    marks: tuple[Mark, ...]
    bars: tuple[Bar, ...]


@frozen(kw_only=True)
class Picture:
    """A life from ``since`` to ``until``, seen from ``now``. ``months``: the first instant and first day of each month.
    left_out: how many further matters have no lane.
    """

    title: str
    seen: str
    since: Instant
    until: Instant
    now: Instant
    months: tuple[tuple[Instant, Day], ...]
    bands: tuple[Band, ...]
    terms: tuple[Stretch, ...]
    acts: tuple[Mark, ...]
    lanes: tuple[Lane, ...]
    ahead: tuple[Ahead, ...]
    left_out: int


def picture(account: Agreement, at: Instant, told: Sequence[Span] = ()) -> Picture:
    """The life of an account as known now, seen from an instant; ``told``: its spans, where they are at hand."""
    calendar = calendar_of(account)
    told = told or spans(account, horizon(account, at))
    docket = fold(account.library, list(account.history), None)
    entries = [e for e in account.timeline(at).entries if e.what != "fact"]
    recorded = [account.instant(event.occurred) for event in account.history]
    until = _margin(max(at, *recorded, *(e.at for e in entries)), calendar)
    stretches = [(span, end) for span, end in _ends(told, until) if span.since < end]
    since = min(stretches[0][0].since, at)
    lasting = sorted(docket.matters.values(), key=lambda matter: (matter.last.ended, matter.opened, matter.id))
    shown = [matter for matter in lasting if matter.opened < until]
    lanes = _lanes(account, docket, shown[-MOST_LANES:], stretches, Window(since, until))
    return Picture(
        title=f"{account.id}: {account.terms.title}",
        seen=f"seen from {calendar.day_of(at)}",
        since=since,
        until=until,
        now=at,
        months=tuple(_months(calendar, since, until)),
        bands=tuple(_bands(stretches)),
        terms=tuple(_terms(stretches, calendar)),
        acts=tuple(_mark_of_act(act.at, act.does, calendar) for act in docket.acts if since <= act.at < until),
        lanes=tuple(lanes),
        ahead=tuple(entries[:MOST_AHEAD]),
        left_out=max(0, len(shown) - MOST_LANES),
    )


def _ends(told: Sequence[Span], until: Instant) -> Iterator[tuple[Span, Instant]]:
    """Each span with the instant it goes to, the last one to ``until``."""
    for span, following in pairwise((*told, None)):
        assert span is not None
        yield span, min(until, following.since) if following else until


def _margin(last: Instant, calendar: Calendar) -> Instant:
    """The end of the month after an instant."""
    first = calendar.day_of(last).replace(day=1)
    return calendar.start_of(corresponding_day(first, 2))


def _months(calendar: Calendar, since: Instant, until: Instant) -> Iterator[tuple[Instant, Day]]:
    first = corresponding_day(calendar.day_of(since).replace(day=1), 1)
    while (instant := calendar.start_of(first)) < until:
        yield instant, first
        first = corresponding_day(first, 1)


def _bands(stretches: Iterable[tuple[Span, Instant]]) -> Iterator[Band]:
    for state, together in groupby(stretches, key=lambda stretch: stretch[0].state):
        found = list(together)
        yield Band(found[0][0].since, found[-1][1], state)


def _terms(stretches: Iterable[tuple[Span, Instant]], calendar: Calendar) -> Iterator[Stretch]:
    for term, together in groupby(stretches, key=lambda stretch: stretch[0].term):
        found = [(span, end) for span, end in together if span.state != "terminated"]
        if term and found:
            since, until = found[0][0].since, min(found[-1][1], calendar.end_of(term.last))
            yield Stretch(since, until, f"term {term.number}: {term.first} to {term.last}")


# ---- lanes -------------------------------------------------------------------------------------------------


def _lanes(
    account: Agreement,
    docket: Docket,
    matters: Sequence[Matter],
    stretches: Sequence[tuple[Span, Instant]],
    shown: Window,
) -> Iterator[Lane]:
    bars: dict[str, list[Bar]] = {matter.id: [] for matter in matters}
    for matter_id, bar in _bars(account, bars.keys(), stretches):
        bars[matter_id].append(bar)
    for matter in sorted(matters, key=lambda matter: (matter.opened, matter.id)):
        spells = (
            Stretch(spell.opened, min(spell.ended, shown.closes), _ended(spell.how, spell.ended, docket.calendar))
            for spell in matter.spells
            if spell.opened < shown.closes
        )
        yield Lane(
            label=matter.label,
            note=_note(matter),
            spells=tuple(spells),
            marks=tuple(mark for mark in _marks(matter, docket) if mark.at in shown),
            bars=tuple(_together(bars[matter.id])),
        )


def _ended(how: str, ended: Instant, calendar: Calendar) -> str:
    return f"{how.replace('_', ' ')} {calendar.day_of(ended)}" if ended < FOREVER else ""


def _note(matter: Matter) -> str:
    amount = [str(matter.amount)] if matter.amount else []
    return ", ".join([*amount, *(f"{name} {day}" for name, day in matter.days.items())])


def _marks(matter: Matter, docket: Docket) -> Iterator[Mark]:
    calendar = docket.calendar
    for name, day in matter.days.items():
        yield Mark(calendar.start_of(day), "due", f"{name} {day}")
    for notice in matter.notices:
        title = docket.terms_of(matter).notices[notice.kind].title
        how = f"{title} {calendar.day_of(notice.given)} by {notice.method.replace('_', ' ')}"
        yield Mark(notice.counts or notice.given, "notice", how, "" if notice.counts else notice.defect)
    for act in docket.acts:
        if matter.id in act.about and act.at < FOREVER:
            yield _mark_of_act(act.at, act.does, calendar)


def _mark_of_act(at: Instant, does: str, calendar: Calendar) -> Mark:
    return Mark(at, "act", f"{does} {calendar.day_of(at)}")


# ---- windows -----------------------------------------------------------------------------------------------


def _bars(
    account: Agreement, matters: Container[str], stretches: Sequence[tuple[Span, Instant]]
) -> Iterator[tuple[str, Bar]]:
    """The windows of each power over some matters, with the matter: of transitions, and of what the matter's end takes
    away.
    """
    found: dict[tuple[str, str, tuple[str, ...]], list[Lived]] = {}
    for span, until in stretches:
        for right in (right for right in span.rights if right.matter in matters):
            power = account.power(right.power, span.since)
            if power and (power.does in TRANSITIONS or power.ended_by):
                found.setdefault(right.key, []).append((right, Window(span.since, until)))
    parts = _parts(account, found.values())
    for (_, matter, _), lived in found.items():
        right, _ = lived[-1]
        who = "" if right.by in (("provider",), ()) else f"{' or '.join(right.by)}: "
        yield (
            matter,
            Bar(
                acts=(f"{who}{right.does}",),
                first=right.first,
                clauses=(right.clause,),
                arithmetic=next((r.arithmetic for r, _ in reversed(lived) if r.arithmetic), ""),
                parts=tuple(_runs(next(parts))),
            ),
        )


def _parts(account: Agreement, found: Iterable[list[Lived]]) -> Iterator[list[Part]]:
    """Each power's stretches as they were known in each: as long as its window stays the same it is weighed once."""
    alike = [[list(together) for _, together in groupby(lived, key=_window)] for lived in found]
    asked = sorted((run[-1][1].opens, n, k) for n, runs in enumerate(alike) for k, run in enumerate(runs))
    # Asked in order of time, the history is read once under each set of readings.
    weighed = {(n, k): _weighed(account, alike[n][k][-1][0], at) for at, n, k in asked}
    for n, runs in enumerate(alike):
        yield [part for k, run in enumerate(runs) for part in _cut(run, *weighed[n, k])]


def _window(lived: Lived) -> tuple[object, ...]:
    right, _ = lived
    return right.first, right.last, right.missing


def _cut(alike: Iterable[Lived], undisputed: Windows, possible: Windows) -> Iterator[Part]:
    edges = {edge for window in (*undisputed, *possible) for edge in (window.opens, window.closes)}
    for right, stretch in alike:
        cuts = sorted({stretch.opens, stretch.closes, *(edge for edge in edges if edge in stretch)})
        for since, until in pairwise(cuts):
            yield Part(since, until, _sort(right, since, undisputed, possible))


def _weighed(account: Agreement, right: Right, at: Instant) -> tuple[Windows, Windows]:
    """When a power is open under every reading and when under any, as it looked at an instant."""
    by, about = right.by[0] if right.by else "both", (right.matter,)
    try:
        weighed = account.weigh(right.does, by=by, at=at, about=about, power=right.power)
    except InvalidFact:  # more combinations of readings than can be weighed: nothing is undisputed
        return Windows(), Windows()
    return weighed.undisputed, weighed.possible


def _runs(parts: Iterable[Part]) -> Iterator[Part]:
    """Parts of a sort that follow each other without a gap, as one."""
    run: Part | None = None
    for part in parts:
        if run and (run.sort, run.until) == (part.sort, part.since):
            run = evolve(run, until=part.until)
        else:
            if run:
                yield run
            run = part
    if run:
        yield run


def _sort(right: Right, at: Instant, undisputed: Windows, possible: Windows) -> Sort:
    if right.standing == "open":
        return "open" if at in undisputed else "contested"
    if at in possible:
        return "contested"
    return "safe" if right.standing == "later" else "waiting"


def _together(bars: Iterable[Bar]) -> Iterator[Bar]:
    """Bars over the same stretches as one, told together."""
    same: dict[tuple[Day | None, tuple[Part, ...]], list[Bar]] = {}
    for bar in bars:
        same.setdefault((bar.first, bar.parts), []).append(bar)
    for found in same.values():
        acts, clauses = ([each for bar in found for each in column(bar)] for column in (_ACTS, _CLAUSES))
        yield evolve(found[0], acts=tuple(dict.fromkeys(acts)), clauses=tuple(dict.fromkeys(clauses)))


_ACTS, _CLAUSES = attrgetter("acts"), attrgetter("clauses")
