"""What a batch of events tells of many agreements, up to an instant: matters, notices, acts, in columns.

An agreement's events stand in a row, its first one at ``starts``; what an event is about is named by the sequence of
the event that opened it, so that nothing is looked up by name. Where the columns do not hold all that bears on an
agreement, ``singly`` says why (an index into ``reasons``, 0 where they do), and it is answered by itself.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from attrs import field
from numpy.typing import NDArray

from lifecycle.errors import InvalidTable
from lifecycle.portfolio.counting import (
    EARLIEST,
    FIRST_DAY,
    LAST_DAY,
    LATEST,
    SANE,
    DayLine,
    Instants,
)
from lifecycle.portfolio.rules import Rules
from lifecycle.portfolio.tables import Columns
from lifecycle.values import define

Rows: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

PARTIES = ("provider", "customer", "both")
PROVIDER, CUSTOMER, BOTH = range(3)
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


@define(eq=False)
class Facts:
    """The facts of a batch under one Terms, as they happened up to ``at``."""

    columns: Columns
    rules: Rules
    line: DayLine
    at: int
    starts: Rows
    owner: Rows
    types: NDArray[np.int16]
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
    """The facts of a batch whose order and types are checked; what the Terms or the table do not let the columns answer
    is left.

    Raises InvalidTable for days no agreement has, and what is about nothing.
    """
    sequence = columns.ints("sequence").astype(np.int64)
    starts = np.flatnonzero(sequence == 1)
    owner = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(columns)))
    types = types_of(columns)
    occurred = columns.ints("occurred")
    targets = _targets(columns, starts, owner, types)
    facts = Facts(columns, rules, line, at, starts, owner, types, occurred, np.zeros(len(starts), np.int16), targets)
    if rules.refused:
        facts.leave(np.arange(facts.count), rules.refused)
    if not line.knows(np.array([at])).all():
        facts.leave(np.arange(facts.count), "asked about a day far off")
    _leave_uncovered(facts)
    return facts


def types_of(columns: Columns) -> NDArray[np.int16]:
    """The types of events, as indices into TYPES; negative for what is none."""
    return columns.coded("type").as_index_of(TYPES)


def check_order(columns: Columns) -> None:
    """Raise InvalidTable for rows that are not in the order of agreement and sequence, or miss some; and for types that
    are none, or that do not begin an agreement where one begins.
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
        raise columns.wrong(starts[place], "agreement", problem)
    types = types_of(columns)
    _refuse(columns, types < 0, "type", "no type of event this version reads")
    _refuse(columns, (types == MADE) != first, "type", "a history begins with 'agreement made', once")


def _refuse(columns: Columns, wrong: Flags, name: str, problem: str) -> None:
    if wrong.any():
        raise columns.wrong(np.argmax(wrong), name, problem)


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
        raise columns.wrong(rows[np.argmax(wrong)], "about", problem)
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
    found: Rows = facts.columns.ints(name, missing)[rows].astype(np.int64)
    far = (found < FIRST_DAY) | (found >= LAST_DAY)
    if far.any():
        wrong = (found < EARLIEST) | (found > LATEST)
        if wrong.any():
            raise facts.columns.wrong(rows[np.argmax(wrong)], name, "no agreement has such days")
        facts.leave_rows(rows, far, "days far off")
        found = np.where(far, FIRST_DAY, found)
    return found
