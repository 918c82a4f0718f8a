"""Many agreements at one instant: a batch of events in, a batch of answers out.

:func:`answers` is pure: the same batch, instant and Terms give the same answers, on any machine. What the columns do
not hold is answered by the single path, and the row says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from lifecycle.days import Instant
from lifecycle.errors import LifecycleError
from lifecycle.history import from_line
from lifecycle.portfolio import batches
from lifecycle.portfolio.ahead import look_ahead, terms_to_stop
from lifecycle.portfolio.counting import FOREVER, day_line, micros
from lifecycle.portfolio.courses import (
    ACTIVE,
    NONE,
    RENEWED,
    STATES,
    SUSPENDED,
    TERMINATED,
    TRIAL,
    Course,
    Holds,
    course,
    holds,
    shift_of,
)
from lifecycle.portfolio.entries import CALLED, DEADLINE, ENDING, WHAT, Ahead, First
from lifecycle.portfolio.facts import BOTH, CAUGHT_UP, CUSTOMER, PROVIDER, Facts, Rows, check_order, gathered, types_of
from lifecycle.portfolio.matters import matters
from lifecycle.portfolio.orders import orders
from lifecycle.portfolio.rules import rules
from lifecycle.portfolio.single import answered, nothing_told
from lifecycle.portfolio.tables import ANSWERS, Batch, Columns, checked
from lifecycle.portfolio.wanted import check_wanted
from lifecycle.portfolio.windows import Set, recorded
from lifecycle.portfolio.writings import acts, first_notices, notices
from lifecycle.terms import Library, Terms

Lines: TypeAlias = Callable[[Rows], Sequence[str | None]]
"""The lines of JSON of some rows of a batch."""


def answers(batch: Batch, at: Instant, library: Library, where: str = "table") -> Batch:
    """The answers about every agreement of a batch of events, in their order; see ``docs/portfolio.md``.

    Raises InvalidTable for a batch that is no table of whole agreements, sorted by agreement and sequence.
    """
    columns = checked(batch, where)
    return answers_of(columns, at, library, lambda rows: columns.texts("line", rows) if columns.has("line") else ())


def answers_of(columns: Columns, at: Instant, library: Library, lines: Lines) -> Batch:
    """The same of checked columns, the lines of what is answered singly fetched only when they are wanted."""
    if not len(columns):
        return batches.batch_of([], ANSWERS)
    check_order(columns)
    check_wanted(columns, types_of(columns))
    made = np.flatnonzero(columns.ints("sequence") == 1)
    texts, digests = columns.coded("terms"), columns.coded("digest")
    many = len(digests.values) + 1
    both = np.unique(texts.codes[made].astype(np.int64) * many + digests.codes[made] + 1)
    pinned = {(int(one // many), int(one % many) - 1) for one in both}
    if len(pinned) == 1:
        ((text, digest),) = pinned
        return _under(_found(columns, text, digest, library), columns, at, library, lines)
    return _under_each(columns, made, pinned, at, library, lines)


def _found(columns: Columns, text: int, digest: int, library: Library) -> Terms | str:
    """The Terms that agreements pin, or why there are none."""
    texts, digests = columns.coded("terms").values, columns.coded("digest").values
    try:
        return library.find(texts[text], digests[digest], {})
    except LifecycleError as error:
        return f"Terms not at hand: {error}"


def _under_each(
    columns: Columns, made: Rows, pinned: set[tuple[int, int]], at: Instant, library: Library, lines: Lines
) -> Batch:
    """The answers of a batch under several Terms: of those under each by themselves, put back in order."""
    owner = np.cumsum(columns.ints("sequence") == 1) - 1
    texts, digests = columns.coded("terms").codes[made], columns.coded("digest").codes[made]
    place, found, told = np.zeros(len(made), np.int64), [], 0
    for text, digest in sorted(pinned):
        mine = (texts == text) & (digests == digest)
        rows = np.flatnonzero(mine[owner])
        part = Columns(batches.rows_of(columns.batch, rows), columns.where, rows)
        terms = _found(columns, text, digest, library)
        found.append(_under(terms, part, at, library, lambda wanted, rows=rows: lines(rows[wanted])))  # type: ignore[misc]
        place[mine] = told + np.arange(int(mine.sum()))
        told += int(mine.sum())
    return batches.reordered(found, place)


def _under(terms: Terms | str, columns: Columns, at: Instant, library: Library, lines: Lines) -> Batch:
    """The answers of a batch whose agreements are all under the same Terms."""
    if isinstance(terms, str):
        starts = np.flatnonzero(columns.ints("sequence") == 1)
        return _singly(columns, starts, np.arange(len(starts)), [terms] * len(starts), at, library, lines)
    facts = gathered(columns, rules(terms), day_line(terms.calendar()), micros(at))
    told = None
    if not facts.singly.all():
        told = _told(facts)
    left = np.flatnonzero(facts.singly)
    if not len(left) and told is not None:
        return told
    reasons = [facts.reasons[number] for number in facts.singly[left]]
    alone = _singly(columns, facts.starts, left, reasons, at, library, lines)
    if told is None:
        return alone
    place = np.arange(facts.count)
    place[left] = facts.count + np.arange(len(left))
    return batches.reordered([told, alone], place)


def _singly(
    columns: Columns, starts: Rows, which: Rows, reasons: Sequence[str], at: Instant, library: Library, lines: Lines
) -> Batch:
    """The answers about some agreements, each by itself."""
    ends = np.append(starts, len(columns))[1:]
    rows = []
    names = columns.texts("agreement", starts[which])
    for number, name, why in zip(which, names, reasons, strict=True):
        told = lines(np.arange(starts[number], ends[number]))
        if not len(told) or None in told:
            problem = f"{name} cannot be answered from columns ({why}), and its lines are not in the table"
            raise columns.wrong(starts[number], "line", problem)
        where = f"{columns.where}, agreement {name}"
        rows.append(_one(str(name), [str(line) for line in told], where, library, at, why))
    return batches.batch_of(rows, ANSWERS)


def _one(name: str, told: Sequence[str], where: str, library: Library, at: Instant, why: str) -> Mapping[str, Any]:
    try:
        events = [from_line(line, f"{where}, event {n + 1}") for n, line in enumerate(told)]
    except LifecycleError as error:
        return nothing_told(name, why, str(error))
    return answered(name, events, library, at, why)


# ---- in columns --------------------------------------------------------------------------------------------


def _told(facts: Facts) -> Batch:
    """The answers that the columns give; of agreements that are left they say nothing to rely on."""
    signed = orders(facts)
    found, kinds, opening = matters(facts)
    given, done = notices(facts), acts(facts)
    every = recorded(facts, found)
    numbers = kinds.as_index_of(facts.rules.kinds)
    first = first_notices(facts, given, numbers, every, opening)
    by_kind = {}
    present = np.unique(numbers)
    for number in present[present >= 0]:
        which = np.flatnonzero(numbers == number)
        by_kind[facts.rules.kinds[number]] = every.of_kind(facts.rules.kinds[number], which, first)
    way = course(facts, signed, by_kind, given, done)
    held = holds(way, done, found, opening)
    ahead = look_ahead(way, by_kind, held, every)
    return _batch(facts, way, held, every, ahead, _coming(facts, given.counts, given.row, done.at, done.row))


def _coming(facts: Facts, counts: Any, noticed: Rows, effects: Any, acted: Rows) -> Any:
    """The first instant at which something recorded already happens or takes effect."""
    coming = np.full(facts.count, FOREVER)
    later = np.flatnonzero((facts.occurred > facts.at) & (facts.types != CAUGHT_UP))
    for owner, when in (
        (facts.owner[later], facts.occurred[later]),
        (facts.owner[noticed], counts),
        (facts.owner[acted], effects),
    ):
        ahead = when > facts.at
        np.minimum.at(coming, owner[ahead], when[ahead])
    return coming


def _batch(facts: Facts, way: Course, held: Holds, every: Set, ahead: Ahead, coming: Any) -> Batch:
    at, count, ids = facts.at, facts.count, [power.id for power in facts.rules.powers]
    on_trial = (at >= way.trial) & (at < way.gap)
    state = np.select([way.now == 1, way.now > 1, on_trial], [ACTIVE, RENEWED, TRIAL], NONE)
    state = np.where(way.ending <= at, TERMINATED, state)
    standing = np.flatnonzero((held.since <= at) & (at < held.until) & (way.ending[held.owner] > at))
    suspended = np.zeros(count, bool)
    suspended[held.owner[standing]] = True
    state = np.where(suspended & (state != NONE), SUSPENDED, state)
    number, first_day, last_day = _terms(way)
    first = ahead.first()
    stops = _last_to_stop(way)
    wake = np.minimum(np.minimum(first.at, coming), stops)
    columns = {
        "agreement": facts.columns.picked("agreement", facts.starts),
        "state": batches.words(np.where(state == NONE, -1, state), STATES),
        "in_service": np.isin(state, (TRIAL, ACTIVE, RENEWED)),
        "term_number": number,
        "term_first": first_day,
        "term_last": last_day,
        "holds": _hold_lists(facts, held, standing, every, ids),
        "provider_may": _may(ahead.may[PROVIDER], ids),
        "customer_may": _may(ahead.may[CUSTOMER], ids),
        "both_may": _may(ahead.may[BOTH], ids),
        "next_at": np.ma.masked_equal(first.at, FOREVER),
        "next_on": _days(facts, first),
        "next_what": batches.words(first.what, WHAT),
        "next_transition": batches.words(first.transition, CALLED),
        "next_clause": batches.words(first.clause, ahead.clauses),
        "next_power": batches.words(first.power, ahead.names),
        "next_matter": _matters(facts, first),
        "wake_at": np.ma.masked_equal(wake, FOREVER),
        "singly": batches.words(np.full(count, -1), ()),
        "refused": batches.words(np.full(count, -1), ()),
    }
    return batches.batch_from(columns, ANSWERS)


def _terms(way: Course) -> tuple[Any, Any, Any]:
    """Number, first and last day of the terms that run, or ran last."""
    k = way.now
    found = (k, way.terms.last_day(k - 1) + 1, way.terms.last_day(k))
    number, first, last = (np.ma.masked_array(column.astype(np.int32), k == 0) for column in found)
    return number, first, last


def _days(facts: Facts, first: First) -> Any:
    """The days on which what comes first does; of a deadline, the last day."""
    none = first.at == FOREVER
    day = facts.line.day_of(np.where(none, facts.at, first.at)) - (first.what == DEADLINE)
    return np.ma.masked_array(day.astype(np.int32), none)


def _last_to_stop(way: Course) -> Any:
    """The instant after the last day on which the renewal that can still be stopped can be."""
    found, renewal = np.full(way.facts.count, FOREVER), way.facts.rules.terms.renewal
    clocks = way.facts.rules.terms.powers[renewal.stopped_by].clocks if renewal else ()
    if clocks:
        owner, k = terms_to_stop(way)
        last = way.terms.take(owner).last_day(k) - max(map(shift_of, clocks))
        found[owner] = way.facts.line.end_of(last)
    return np.where(found > way.facts.at, found, FOREVER)


def _hold_lists(facts: Facts, held: Holds, standing: Rows, every: Set, ids: Sequence[str]) -> Any:
    order = np.lexsort((held.placed[standing], held.since[standing], held.owner[standing]))
    rows = standing[order]
    matter = facts.columns.picked("matter", every.row[held.matter[rows]])
    power = batches.texts([ids[number] for number in held.power[rows]])
    return batches.hold_lists(facts.count, held.owner[rows], power, matter, held.since[rows])


def _may(mask: Any, ids: Sequence[str]) -> Any:
    """Which powers each bit of a mask stands for, as lists."""
    codes, masks = batches.encoded(mask)
    choices = [[name for bit, name in enumerate(ids) if one >> bit & 1] for one in masks]
    return batches.list_choices(codes, choices)


def _matters(facts: Facts, first: First) -> Any:
    """What the matters that come first are called."""
    named = facts.columns.picked("matter", np.where(first.matter >= 0, first.matter, -1))
    special = np.flatnonzero(first.matter <= ENDING)
    if not len(special):
        return named
    numbers, codes = np.unique(first.matter[special], return_inverse=True)
    told = batches.texts(["ending" if n == ENDING else f"term {-3 - n}" for n in numbers])
    place = np.arange(facts.count)
    place[special] = facts.count + codes
    return batches.picked_from(batches.joined(named, told), place)
