"""What a batch of events tells of many agreements, up to an instant: matters, notices, acts, in columns.

An agreement's events stand in a row, its first one at ``starts``; what an event is about is named by the sequence of the
event that opened it, so that nothing is looked up by name. Where the columns do not hold all that bears on an
agreement, ``singly`` says why (an index into ``reasons``, 0 where they do), and it is answered by itself.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from lifecycle.days import Period
from lifecycle.errors import InvalidTable
from lifecycle.portfolio.counting import (
    BEGINNING,
    EARLIEST,
    FIRST_DAY,
    FOREVER,
    LAST_DAY,
    LATEST,
    SANE,
    DayLine,
    Instants,
)
from lifecycle.portfolio.rules import LONGEST, Rules
from lifecycle.portfolio.tables import ATTRIBUTE, DAY, Coded, Columns

Rows: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

PARTIES = ("provider", "customer", "both")
PROVIDER, CUSTOMER = 0, 1
TYPES = (
    "agreement made",
    "order signed",
    "matter opened",
    "paid",
    "matter ended",
    "notice given",
    "acted",
    "caught up",
    "opening balance",
    "matter changed",
    "matter reopened",
    "notice delivered",
    "done",
    "accepted",
    "extended",
    "waived",
    "agreed",
    "posted",
    "corrected",
    "withdrawn",
)
MADE, ORDER, OPENED, PAID, ENDED, NOTICE, ACTED, CAUGHT_UP = range(8)
_MEANS = ("payment", "credit", "write_off")
_MEANS_END = ("paid", "credited", "written_off")
_UNITS = ("days", "months", "years")
_PER_YEAR = Period(1, "years").months or 0


@frozen(eq=False)
class Matters:
    """Matters that began, in the order in which their beginnings were recorded. ``how`` is an index into the ends of
    the rules; ``party`` and ``by`` into PARTIES, -1 for none. row: their events; -1 for what the course opened.
    """

    row: Rows
    owner: Rows
    opened: Instants
    ended: Instants
    how: NDArray[Any]
    party: NDArray[Any]
    by: NDArray[Any]


@define(eq=False)
class Facts:
    """The facts of a batch under one Terms, as they happened up to ``at``."""

    columns: Columns
    rules: Rules
    line: DayLine
    at: int
    starts: Rows
    owner: Rows
    types: NDArray[np.int8]
    occurred: Instants
    singly: NDArray[np.int16]
    targets: Rows
    """The rows that opened what events are about, one for each number in the lists of ``about``."""
    reasons: list[str] = field(factory=lambda: [""])

    @property
    def count(self) -> int:
        return len(self.starts)

    def leave(self, agreements: Rows, why: str) -> None:
        """Leave agreements to be answered singly; the first reason stands."""
        if len(agreements):
            if why not in self.reasons:
                self.reasons.append(why)
            free = agreements[self.singly[agreements] == 0]
            self.singly[free] = self.reasons.index(why)

    def leave_rows(self, rows: Rows, wrong: Flags, why: str) -> None:
        """Leave the agreements of those of some rows of which something is so."""
        if wrong.any():
            self.leave(self.owner[rows[wrong]], why)

    def of_type(self, number: int, *, happened: bool = True) -> Rows:
        """The rows of a type of event, those that had happened or all."""
        wanted = self.types == number
        return np.flatnonzero(wanted & (self.occurred <= self.at) if happened else wanted)

    def about(self, rows: Rows) -> tuple[Rows, Rows]:
        """What events are about: the places of the events among ``rows``, and the rows that opened the matters."""
        offsets, _ = self.columns.lists("about")
        begins = offsets[rows]
        lengths = offsets[rows + 1] - begins
        if len(rows) and lengths.min() == lengths.max() == 1:
            return np.arange(len(rows)), self.targets[begins]
        place = np.repeat(np.arange(len(rows)), lengths)
        within = np.arange(len(place)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return place, self.targets[np.repeat(begins, lengths) + within]


def gathered(columns: Columns, rules: Rules, line: DayLine, at: int) -> Facts:
    """The facts of a batch, checked; what the Terms or the table do not let the columns answer is left.

    Raises InvalidTable for rows out of order, gaps, unknown words, days no agreement has, and what is about nothing.
    """
    sequence = columns.ints("sequence").astype(np.int64)
    starts = check_order(columns)
    owner = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(columns)))
    types = columns.coded("type").as_index_of(TYPES)
    _refuse(columns, types < 0, "type", "no type of event this version reads")
    _refuse(columns, (types == MADE) != (sequence == 1), "type", "a history begins with 'agreement made', once")
    occurred = columns.ints("occurred")
    targets = _targets(columns, starts, owner, types)
    facts = Facts(columns, rules, line, at, starts, owner, types, occurred, np.zeros(len(starts), np.int16), targets)
    if rules.refused:
        facts.leave(np.arange(facts.count), rules.refused)
    if not line.knows(np.array([at])).all():
        facts.leave(np.arange(facts.count), "asked about a day far off")
    _leave_uncovered(facts)
    return facts


def check_order(columns: Columns) -> Rows:
    """The rows on which agreements begin.

    Raises InvalidTable for rows that are not in the order of agreement and sequence, or miss some.
    """
    sequence = columns.ints("sequence").astype(np.int64)
    starts = np.flatnonzero(sequence == 1)
    if len(columns) and sequence[0] != 1:
        raise InvalidTable(columns.where, "row 1", "begins within an agreement: whole agreements are wanted in a batch")
    first = sequence == 1
    _refuse(columns, ~first & (np.diff(sequence, prepend=0) != 1), "sequence", "not the next event: a gap or unsorted")
    codes = columns.coded("agreement").codes
    changes = np.diff(codes, prepend=-1) != 0
    _refuse(columns, changes & ~first, "agreement", "another agreement in the midst of one")
    if (place := columns.out_of_order("agreement", starts)) is not None:
        one, following = columns.texts("agreement", starts[place - 1 : place + 1])
        problem = f"{following!r} follows {one!r}: sort by agreement, and give each once"
        raise InvalidTable(columns.where, f"row {starts[place] + 1}, agreement", problem)
    return starts


def _refuse(columns: Columns, wrong: Flags, name: str, problem: str) -> None:
    if wrong.any():
        raise InvalidTable(columns.where, f"row {int(np.argmax(wrong)) + 1}, {name}", problem)


def _targets(columns: Columns, starts: Rows, owner: Rows, types: NDArray[Any]) -> Rows:
    offsets, numbers = columns.lists("about")
    lengths = np.diff(offsets)
    rows = np.flatnonzero(lengths)
    if len(rows) < len(numbers):
        rows = np.repeat(np.arange(len(lengths)), lengths)
    targets = starts[owner[rows]] + numbers - 1
    inside = np.clip(targets, 0, len(columns) - 1)
    wrong = (numbers < 1) | (targets != inside) | (types[inside] != OPENED) | (owner[inside] != owner[rows])
    if wrong.any():
        problem = "the sequence of an event of this agreement that opened a matter is wanted"
        raise InvalidTable(columns.where, f"row {rows[int(np.argmax(wrong))] + 1}, about", problem)
    return targets


def _leave_uncovered(facts: Facts) -> None:
    """Leave the agreements that the columns do not tell all about."""
    columns, line, every = facts.columns, facts.line, np.arange(len(facts.columns))
    for number in np.flatnonzero(np.bincount(facts.types, minlength=len(TYPES))[CAUGHT_UP + 1 :]) + CAUGHT_UP + 1:
        facts.leave_rows(every, facts.types == number, TYPES[number])
    beyond = columns.coded("beyond")
    for code in range(len(beyond.values)):
        facts.leave_rows(every, beyond.codes == code, beyond.values[code])
    _refuse(columns, (facts.occurred < SANE[0]) | (facts.occurred > SANE[1]), "occurred", "no agreement has such days")
    far = ~line.knows(facts.occurred)
    if far.any():
        facts.leave_rows(every, far, "days far off")
        facts.occurred = np.where(far, facts.at, facts.occurred)


def checked_days(facts: Facts, name: str, rows: Rows, missing: int = FIRST_DAY) -> Rows:
    """A column of days, at some rows; what is counted singly for being far off is left, and reads as near.

    Raises InvalidTable for days no agreement has.
    """
    found = facts.columns.ints(name, missing)[rows].astype(np.int64)
    far = (found < FIRST_DAY) | (found >= LAST_DAY)
    if far.any():
        wrong = (found < EARLIEST) | (found > LATEST)
        if wrong.any():
            row = rows[int(np.argmax(wrong))]
            raise InvalidTable(facts.columns.where, f"row {row + 1}, {name}", "no agreement has such days")
        facts.leave_rows(rows, far, "days far off")
        found = np.where(far, FIRST_DAY, found)
    return found


# ---- orders ------------------------------------------------------------------------------------------------


@frozen(eq=False)
class Orders:
    """The one order of each agreement: signed FOREVER where there is none yet."""

    signed: Instants
    start: Rows
    days: Rows
    months: Rows
    renews: Flags


def orders(facts: Facts) -> Orders:
    """The orders that were signed; agreements with several are left."""
    every = facts.of_type(ORDER, happened=False)
    if len(every) and np.bincount(facts.owner[every]).max() > 1:
        facts.leave(np.flatnonzero(np.bincount(facts.owner[every], minlength=facts.count) > 1), "several orders")
    rows = every[facts.occurred[every] <= facts.at]
    own = facts.rules.terms.order.term
    lengths = facts.columns.ints("length", -1)[rows].astype(np.int64)
    units = facts.columns.coded("unit").take(rows).as_index_of(_UNITS).astype(np.int64)
    if own is not None:
        said = lengths >= 0
        lengths = np.where(said, lengths, own.n)
        units = np.where(said, units, _UNITS.index(own.unit))
    facts.leave_rows(rows, (lengths < 1) | (units < 0), "order without a length")
    months = np.select([units == 1, units == 2], [lengths, lengths * _PER_YEAR], 0)
    facts.leave_rows(rows, (months * 31 > LONGEST) | (lengths > LONGEST), "long terms")
    usable = facts.singly[facts.owner[rows]] == 0
    rows, months, lengths, units = rows[usable], months[usable], lengths[usable], units[usable]
    owner, count = facts.owner[rows], facts.count
    made = Orders(
        np.full(count, FOREVER),
        np.zeros(count, np.int64),
        np.ones(count, np.int64),
        np.zeros(count, np.int64),
        np.zeros(count, bool),
    )
    made.signed[owner] = facts.occurred[rows]
    made.start[owner] = checked_days(facts, "start", rows)
    made.days[owner] = np.where(units == 0, lengths, 1)
    made.months[owner] = months
    made.renews[owner] = facts.columns.flags("renews", rows)
    return made


# ---- matters -----------------------------------------------------------------------------------------------


def matters(facts: Facts) -> tuple[Matters, Coded, Rows]:
    """The matters that had begun, their kinds, and for each row of the batch the matter it opened (-1: none)."""
    columns, rules = facts.columns, facts.rules
    every = facts.of_type(OPENED, happened=False)
    _refuse_missing(columns, every, "kind")
    _refuse_missing(columns, every, "matter")
    kinds = columns.coded("kind")
    for code, value in enumerate(kinds.values):
        why = rules.refused_kinds.get(value, "" if value in rules.kinds else f"unknown to the Terms: {value}")
        if why:
            facts.leave_rows(every, kinds.codes[every] == code, why)
    _leave_details(facts, every)
    rows = every[facts.occurred[every] <= facts.at]
    opening = np.full(len(columns), -1, np.int64)
    opening[rows] = np.arange(len(rows))
    owner, opened = facts.owner[rows], facts.occurred[rows]
    party = columns.coded("party").take(rows).as_index_of(PARTIES)
    implied = {kind.id: PARTIES.index(kind.party) for kind in rules.terms.kinds.values() if kind.party in PARTIES}
    of_kind = np.array([implied.get(value, -1) for value in kinds.values] + [-1], np.int8)
    party = np.where(party < 0, of_kind[kinds.codes[rows]], party)
    ended, how = _endings(facts, rows, opening, kinds)
    by = columns.coded("by").take(rows).as_index_of(PARTIES)
    return Matters(rows, owner, opened, ended, how, party, by), kinds.take(rows), opening


def _refuse_missing(columns: Columns, rows: Rows, name: str) -> None:
    missing = ~columns.present(name, rows)
    if missing.any():
        row = rows[int(np.argmax(missing))]
        raise InvalidTable(columns.where, f"row {row + 1}, {name}", "a matter that opened has one")


def _leave_details(facts: Facts, rows: Rows) -> None:
    """Leave agreements whose matters name others, or miss a day that their kind asks for."""
    columns, terms = facts.columns, facts.rules.terms
    naming = {name for kind in terms.kinds.values() for name, of in kind.attributes.items() if of == "matters"}
    for name in naming:
        if columns.has(f"{ATTRIBUTE}{name}"):
            facts.leave_rows(rows, columns.present(f"{ATTRIBUTE}{name}", rows), "a matter names others")
    kinds = columns.coded("kind")
    for kind in terms.kinds.values():
        for name in (day for day in kind.days if day not in kind.defaults):
            of_kind = rows[kinds.among((kind.id,))[rows]]
            has = (
                columns.present(f"{DAY}{name}", of_kind)
                if columns.has(f"{DAY}{name}")
                else np.zeros(len(of_kind), bool)
            )
            facts.leave_rows(of_kind, ~has, f"{kind.id}: no day {name}")


def _endings(facts: Facts, opened: Rows, opening: Rows, kinds: Coded) -> tuple[Instants, NDArray[Any]]:
    """When each matter ended and how: the first of what was said to end it and of the payment that settled it."""
    columns, rules, count = facts.columns, facts.rules, len(opened)
    owed = rules.terms.kinds
    money = kinds.among(kind.id for kind in owed.values() if kind.money == "owed")[opened]
    disputed = kinds.among(kind.id for kind in owed.values() if kind.money == "disputed")[opened]
    facts.leave_rows(opened, disputed, "a dispute")
    ends, ending = _said_ended(facts, opening, money, kinds, opened)
    amounts, sane = columns.millionths("amount")
    facts.leave_rows(opened, money & ~sane[opened], "an amount beyond the columns")
    settled, settling = _settled(facts, opened, opening, amounts, sane, money)
    free = money & (amounts[opened] == 0)
    when = np.concatenate((facts.occurred[ends], facts.occurred[settled], np.full(int(free.sum()), BEGINNING)))
    row = np.concatenate((ends, settled, opened[free]))
    matter = np.concatenate((ending, settling, np.flatnonzero(free)))
    how = np.concatenate(
        (
            columns.coded("how").take(ends).as_index_of(rules.ends),
            np.array([rules.ends.index(end) for end in _MEANS_END] + [0])[
                columns.coded("means").take(settled).as_index_of(_MEANS)
            ],
            np.full(int(free.sum()), rules.ends.index("paid")),
        )
    )
    first = _first_of_each(matter, when, row)
    at, ended_how = np.full(count, FOREVER), np.zeros(count, np.int8)
    at[matter[first]] = np.maximum(when[first], facts.occurred[opened[matter[first]]])
    ended_how[matter[first]] = how[first]
    return at, ended_how


def _first_of_each(group: Rows, when: Instants, row: Rows) -> Rows:
    """Of each group, the place of what came first: by instant, then by place in the history."""
    if len(group) < 2 or np.bincount(group).max() < 2:
        return np.arange(len(group))
    order = np.lexsort((row, when, group))
    return order[np.diff(group[order], prepend=-1) != 0]


def _said_ended(facts: Facts, opening: Rows, money: Flags, kinds: Coded, opened: Rows) -> tuple[Rows, Rows]:
    """The events that ended a matter which had begun, and the matters; ends a kind cannot have are left."""
    rules = facts.rules
    rows = facts.of_type(ENDED)
    place, target = facts.about(rows)
    matter = opening[target]
    known = matter >= 0
    rows, matter = rows[place[known]], matter[known]
    how = facts.columns.coded("how").take(rows).as_index_of(rules.ends)
    possible = np.zeros((len(kinds.values) + 1, len(rules.ends)), bool)
    for code, value in enumerate(kinds.values):
        if kind := rules.terms.kinds.get(value):
            ways = [end for end in kind.ends if kind.money != "owed" or end not in _MEANS_END]
            possible[code, [rules.ends.index(end) for end in ways]] = True
    facts.leave_rows(rows, (how < 1) | ~possible[kinds.codes[opened[matter]], how], "an end its matter cannot have")
    return rows, matter


def _settled(facts: Facts, opened: Rows, opening: Rows, amounts: Rows, sane: Flags, money: Flags) -> tuple[Rows, Rows]:
    """The payments that settled a matter, and the matters."""
    columns = facts.columns
    every = facts.of_type(PAID, happened=False)
    means = columns.coded("means").take(every).as_index_of(_MEANS)
    facts.leave_rows(every, means < 0, "money taken back")
    facts.leave_rows(every, ~sane[every], "an amount beyond the columns")
    rows = every[facts.occurred[every] <= facts.at]
    place, target = facts.about(rows)
    matter = opening[target]
    known = matter >= 0
    rows, matter = rows[place[known]], matter[known]
    currency = columns.coded("currency").codes
    facts.leave_rows(rows, (currency[rows] != currency[opened[matter]]) | ~money[matter], "money of another sort")
    if not len(rows):
        return rows, matter
    owed = amounts[opened[matter]]
    if np.bincount(matter).max() == 1:
        enough = amounts[rows] >= owed
        return rows[enough], matter[enough]
    order = np.lexsort((rows, facts.occurred[rows], matter))
    rows, matter, owed = rows[order], matter[order], owed[order]
    first = np.diff(matter, prepend=-1) != 0
    total = np.cumsum(amounts[rows].astype(np.float64))
    facts.leave_rows(rows, np.full(len(rows), total[-1] >= 2.0**62), "an amount beyond the columns")
    summed = np.cumsum(amounts[rows])
    before = np.maximum.accumulate(np.where(first, np.arange(len(rows)), 0))
    summed = summed - (summed[before] - amounts[rows[before]])
    enough = summed >= owed
    return rows[enough], matter[enough]
