"""Windows of powers in columns: a power over many matters of a kind, its conditions and clocks as the Terms give them.

A window is a pair of columns, ``opens`` and ``closes``, or one instant for all; empty where opens >= closes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from attrs import evolve, field
from numpy.typing import NDArray

from lifecycle.portfolio.counting import BEGINNING, FIRST_DAY, FOREVER, DayLine, Days, Instants
from lifecycle.portfolio.facts import CUSTOMER, PARTIES, PROVIDER, Facts, Flags, Rows, checked_days
from lifecycle.portfolio.matters import Matters
from lifecycle.portfolio.rules import Rules, as_word, wants
from lifecycle.portfolio.tables import ATTRIBUTE, DAY
from lifecycle.terms.model import Clock, Condition, Power, Who
from lifecycle.values import frozen

Pair: TypeAlias = tuple[Any, Any]
_BEGINNING, _FOREVER = np.int64(BEGINNING), np.int64(FOREVER)


@frozen(eq=False)
class Set:
    """Matters of one kind, or (for what notices are about) of any: recorded ones, or what the course opened, whose
    ``days`` and ``words`` are given. first: kind of notice -> when the first counts.
    """

    facts: Facts
    row: Rows
    owner: Rows
    opened: Instants
    ended: Instants
    how: NDArray[Any]
    party: NDArray[Any]
    by: NDArray[Any]
    kind: str = ""
    first: Mapping[str, Instants] = field(factory=dict)
    days: Mapping[str, Days] = field(factory=dict)
    words: Mapping[str, NDArray[Any]] = field(factory=dict)
    place: Rows = field(factory=lambda: np.zeros(0, np.int64))
    """Which of all matters of the batch they are; of recorded ones only."""
    derived: bool = False
    _kept: dict[Any, Any] = field(factory=dict, init=False)
    """What was counted of them already: the same clock stands in several powers."""

    def __len__(self) -> int:
        return len(self.owner)

    @property
    def line(self) -> DayLine:
        return self.facts.line

    @property
    def rules(self) -> Rules:
        return self.facts.rules

    def take(self, which: NDArray[Any]) -> Set:
        columns = ["row", "owner", "opened", "ended", "how", "party", "by"] + ([] if self.derived else ["place"])
        changes: dict[str, Any] = {name: getattr(self, name)[which] for name in columns}
        for name in ("first", "days", "words"):
            changes[name] = {key: values[which] for key, values in getattr(self, name).items()}
        return evolve(self, **changes)

    def of_kind(self, kind: str, which: Rows, first: Mapping[str, Instants]) -> Set:
        """Those of one kind, with the notices that count for them."""
        notices = self.rules.terms.notices
        about = {name: counts for name, counts in first.items() if kind in notices[name].about}
        return evolve(self, kind=kind, first=about).take(which)

    def lasting(self, ways: tuple[str, ...]) -> Set:
        """Those that have not ended in one of some ways by the instant of the question."""
        if ways not in self._kept:
            over = self.ended_as(ways) & (self.ended <= self.facts.at)
            # Never itself: what refers to itself is only freed late, and batch after batch would pile up.
            self._kept[ways] = self.take(np.flatnonzero(~over)) if over.any() else None
        found: Set | None = self._kept[ways]
        return self if found is None else found

    # ---- conditions --------------------------------------------------------------------------------------------

    def applicable(self, when: Condition, unless: Condition) -> tuple[Flags, Flags]:
        """Where conditions on attributes hold, and where they turn on what nobody has said."""
        key = (repr(when), repr(unless))
        if key not in self._kept:
            self._kept[key] = self._applicable(when, unless)
        found: tuple[Flags, Flags] = self._kept[key]
        return found

    def _applicable(self, when: Condition, unless: Condition) -> tuple[Flags, Flags]:
        other, unsaid = np.zeros(len(self), bool), np.zeros(len(self), bool)
        for conditions, wanted in ((when, True), (unless, False)):
            for name in conditions:
                said, found = self._said(name, wants(conditions, name))
                unsaid |= ~said
                other |= said & (found != wanted)
        return ~other & ~unsaid, unsaid & ~other

    def _said(self, name: str, values: tuple[str, ...]) -> tuple[Flags, Flags]:
        """Where an attribute was said, and where it is one of some values."""
        if name == "party":
            places = [PARTIES.index(value) for value in values if value in PARTIES]
            return self.party >= 0, np.isin(self.party, places)
        if name in self.words:
            given = self.words[name]
            return np.ones(len(self), bool), np.isin(given, values)
        if self.derived or not self.facts.columns.has(f"{ATTRIBUTE}{name}"):
            return np.zeros(len(self), bool), np.zeros(len(self), bool)
        said = self.facts.columns.coded(f"{ATTRIBUTE}{name}").take(self.row)
        return said.codes >= 0, said.among(as_word(value) for value in values)

    def holds(self, who: Who, by: NDArray[Any]) -> Flags:
        """Where a party is one that ``who`` stands for."""
        provider, customer = self.holders(who)
        found: Flags = ((by == PROVIDER) & provider) | ((by == CUSTOMER) & customer)
        return found

    def holders(self, who: Who) -> tuple[Flags, Flags]:
        """Where the provider is one that ``who`` stands for, and where the customer is."""
        none, every = np.zeros(len(self), bool), np.ones(len(self), bool)
        match who:
            case "provider":
                return every, none
            case "customer":
                return none, every
            case "either":
                return every, every
            case "other":
                return self.party != PROVIDER, self.party != CUSTOMER
            case "subject":
                return self.party != CUSTOMER, self.party != PROVIDER
            case "both":
                return none, none

    def ended_as(self, ways: tuple[str, ...]) -> Flags:
        """Which ended in one of some ways."""
        found: Flags = np.array([end in ways and end != "" for end in self.rules.ends])[self.how]
        return found

    # ---- clocks ------------------------------------------------------------------------------------------------

    def day(self, name: str) -> Days:
        """A day of each matter, counted as its kind says where it was not given."""
        if name in self.days:
            return self.days[name]
        if ("day", name) not in self._kept:
            self._kept["day", name] = self._day(name)
        found: Days = self._kept["day", name]
        return found

    def _day(self, name: str) -> Days:
        column = f"{DAY}{name}"
        has = self.facts.columns.has(column)
        given = checked_days(self.facts, column, self.row) if has else np.full(len(self), FIRST_DAY)
        kind = self.rules.terms.kinds[self.kind]
        if name not in kind.defaults:
            return given
        clock = kind.defaults[name]
        anchor = self.line.day_of(self.opened) if clock.start == "start" else self.day(clock.start)
        present = self.facts.columns.present(column, self.row) if has else np.zeros(len(self), bool)
        return np.where(present, given, self.line.moved(anchor, clock))

    def counted(self, clock: Clock) -> Pair:
        """The windows in which a clock's condition holds."""
        key = (clock.start, clock.period, clock.compare, clock.direction, clock.rounding)
        if key not in self._kept:
            self._kept[key] = self._counted(clock)
        found: Pair = self._kept[key]
        return found

    def _counted(self, clock: Clock) -> Pair:
        line = self.line
        if clock.notice or clock.start == "start":
            start = self._start(clock)
            missing = start == FOREVER
            start = np.where(missing, self.opened, start)
            opens, closes = self._in_days(clock, line.day_of(start))
            return np.where(missing, FOREVER, np.maximum(opens, start)), closes
        return self._in_days(clock, self.day(clock.start))

    def _start(self, clock: Clock) -> Instants:
        """The instants a clock runs from; FOREVER where its notice was not given."""
        return self.noticed(clock.notice) if clock.notice else self.opened

    def noticed(self, kind: str) -> Instants:
        """When the first notice of a kind that counts for each counts; FOREVER where none does."""
        return self.first[kind] if kind in self.first else np.full(len(self), FOREVER)

    def _in_days(self, clock: Clock, anchor: Days) -> Pair:
        edge = self._edge(clock, anchor)
        shuts = clock.direction == "before" or clock.compare == "no later than"
        return (_BEGINNING, edge) if shuts else (edge, _FOREVER)

    def _edge(self, clock: Clock, anchor: Days) -> Instants:
        """The instants after the last days that a clock leaves to the other side, or that a deadline leaves."""
        reached = self.line.moved(anchor, clock)
        less = clock.compare == ("more than" if clock.direction == "before" else "at least")
        return self.line.end_of(reached - 1 if less else reached)

    def last_safe(self, clocks: tuple[Clock, ...], needs: str) -> Instants:
        """The instants after the last days that clocks leave: of all of them or of any; FOREVER where none runs."""
        every = needs == "all"
        found = np.full(len(self), FOREVER if every else BEGINNING)
        for clock in clocks:
            applies, _ = self.applicable(clock.when, clock.unless)
            if clock.notice or clock.start == "start":
                start = self._start(clock)
                applies = applies & (start < FOREVER)
                anchor = self.line.day_of(np.where(start < FOREVER, start, self.opened))
            else:
                anchor = self.day(clock.start)
            edge = np.where(applies, self._edge(clock, anchor), FOREVER if every else BEGINNING)
            found = np.minimum(found, edge) if every else np.maximum(found, edge)
        return np.where(found == BEGINNING, FOREVER, found)

    def all_counted(self, clocks: tuple[Clock, ...]) -> Pair:
        """The windows in which all the clocks that apply hold."""
        opens, closes = _BEGINNING, _FOREVER
        for clock in clocks:
            applies, unsaid = self.applicable(clock.when, clock.unless)
            one, other = self.counted(clock)
            if not applies.all():
                one = np.where(applies, one, np.where(unsaid, FOREVER, BEGINNING))
                other = np.where(applies, other, FOREVER)
            opens, closes = np.maximum(opens, one), np.minimum(closes, other)
        return opens, closes

    def any_counted(self, clocks: tuple[Clock, ...]) -> Pair:
        """The windows from where the first of the clocks that apply opens to where the last one closes; all of time
        where none applies.
        """
        opens, closes = np.full(len(self), FOREVER), np.full(len(self), BEGINNING)
        applied = np.zeros(len(self), bool)
        for clock in clocks:
            applies, unsaid = self.applicable(clock.when, clock.unless)
            one, other = self.counted(clock)
            applied |= applies | unsaid
            runs = applies & (one < other)
            opens = np.where(runs, np.minimum(opens, one), opens)
            closes = np.where(runs, np.maximum(closes, other), closes)
        return np.where(applied, opens, BEGINNING), np.where(applied, closes, FOREVER)


def openings(power: Power, matters: Set) -> Pair:
    """The windows of a power over matters, as far as matters and clocks go; the agreement's reach is another thing."""
    several = power.needs == "any" and len(power.clocks) > 1
    opens, closes = matters.any_counted(power.clocks) if several else matters.all_counted(power.clocks)
    opens = np.maximum(opens, matters.opened)
    fits, _ = matters.applicable(power.when, power.unless)
    kind = matters.rules.terms.kinds.get(matters.kind)
    if kind is not None and kind.asserted_by:
        fits = fits & (matters.by == PARTIES.index(kind.asserted_by))
    if kind is None:
        closes = np.minimum(closes, matters.ended)
    elif power.ended_by:
        closes = np.where(matters.ended_as(power.ended_by), np.minimum(closes, matters.ended), closes)
    if power.prevented_by and kind is not None:
        fits = fits & ~(matters.ended_as(power.prevented_by) & (matters.ended < opens))
    return opens if fits.all() else np.where(fits, opens, FOREVER), closes


def recorded(facts: Facts, matters: Matters) -> Set:
    """Recorded matters of any kind."""
    columns = (matters.row, matters.owner, matters.opened, matters.ended, matters.how, matters.party, matters.by)
    return Set(facts, *columns, place=np.arange(len(matters.row)))
