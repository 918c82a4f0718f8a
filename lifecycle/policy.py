"""House policy: what a party asks of itself beyond its Terms, as data that may only narrow what the Terms allow.

A policy file is a TOML file of the form of Terms: ``[policy]``, ``[counting]`` for its holidays, ``[power."ID"]`` for
one power and ``[act."ACT"]`` for every power to do something. It is the house's own and no part of any agreement:
verdicts tell its reasons apart by their codes (``policy-...``), and what the audit finds does not rest on it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import GenericAlias
from typing import Any

from attrs import evolve, field

from lifecycle.days import FOREVER, Calendar, Day, Instant, plus_days, weekday_number
from lifecycle.docket import Docket
from lifecycle.errors import InvalidTerms, InvalidTime
from lifecycle.powers import Opening, applicable, counted
from lifecycle.reasons import Reason
from lifecycle.structuring import Faults, structure
from lifecycle.terms.checking import at, clock_problems
from lifecycle.terms.loading import MAX_BYTES, calendars, holidays
from lifecycle.terms.model import Clock, Counting, Party, Power, Terms
from lifecycle.terms.toml import not_toml
from lifecycle.values import frozen
from lifecycle.windows import NEVER, Window

_FAR = 400  # days in which an allowed one must be found


@frozen(kw_only=True)
class _OnDay(Reason):
    """The days on which the house acts: met where the day asked about is one, its window the stretch of them in which
    the power is open first.
    """

    code: str = "policy-day"
    fine: bool

    def met(self, at: Instant) -> bool:
        return self.fine


@frozen
class Narrowing:
    """What the house asks besides for a power, or for every power of an act.

    clocks: further conditions in time; where the Terms count from the same start, never shorter than theirs. not_on:
    weekdays on which the house does not act. not_before_holidays: nor on the day before a holiday. only_undisputed:
    only where the act is open under every reading. approvals: how many different persons must approve. never: the house
    does not use the power at all. reason: why, in words.
    """

    clocks: tuple[Clock, ...] = ()
    not_on: tuple[str, ...] = ()
    not_before_holidays: bool = False
    only_undisputed: bool = False
    approvals: int = 0
    never: bool = False
    reason: str = ""


@frozen
class HousePolicy:
    """A party's own policy for agreements under some Terms."""

    id: str
    title: str
    narrows: str
    by: Party = "provider"
    counting: Counting = field(factory=Counting)
    powers: Mapping[str, Narrowing] = field(factory=dict)
    acts: Mapping[str, Narrowing] = field(factory=dict)

    def of(self, power: Power) -> Iterator[Narrowing]:
        """What the house asks besides for a power."""
        found = (self.acts.get(power.does), self.powers.get(power.id))
        yield from filter(None, found)

    def wants_undisputed(self, power: Power) -> bool:
        return any(narrowing.only_undisputed for narrowing in self.of(power))

    def narrowed(self, opening: Opening, docket: Docket, instant: Instant) -> Opening:
        """An opening as far as the house itself lets it reach, looked at from an instant; that of another party as it
        is.
        """
        if not opening.held_by(self.by):
            return opening
        for narrowing in self.of(opening.power):
            for reason in self._conditions(narrowing, opening, docket):
                opening = opening.within(reason.window, reason)
            for reason in self._days(narrowing, opening, docket, instant):
                opening = opening.within(reason.window, reason)
        return opening

    def unapproved(self, power: Power, by: str, approvals: tuple[str, ...]) -> Iterator[Reason]:
        """What is missing of the approvals that the house asks for."""
        for narrowing in self.of(power) if by == self.by else ():
            if len(set(approvals)) < narrowing.approvals:
                yield self._reason(
                    narrowing,
                    NEVER,
                    f"asks for {narrowing.approvals} persons to approve: {', '.join(approvals) or 'nobody'} did",
                    "name who approved (approvals=)",
                    code="policy-approvals",
                )

    def _conditions(self, narrowing: Narrowing, opening: Opening, docket: Docket) -> Iterator[Reason]:
        if narrowing.never:
            yield self._reason(narrowing, NEVER, f"never uses the power to {opening.power.title}", code="policy-never")
        for clock in narrowing.clocks if opening.matter else ():
            assert opening.matter is not None
            if applicable(clock.when, clock.unless, opening.matter)[0]:
                found = counted(clock, self._name, opening.matter, opening.matter.last, docket)
                yield evolve(found, code="policy-clock")

    def _days(self, narrowing: Narrowing, opening: Opening, docket: Docket, instant: Instant) -> Iterator[Reason]:
        """The stretch of allowed days in which an instant falls, or the next one once the window is open."""
        if not (narrowing.not_on or narrowing.not_before_holidays) or not opening.window:
            return
        calendar, shut = docket.calendar, frozenset(map(weekday_number, narrowing.not_on))
        free = self.calendar(calendar.zone_name)

        def allowed(day: Day) -> bool:
            before_holiday = narrowing.not_before_holidays and plus_days(day, 1) in free.holidays
            return day.weekday() not in shut and not before_holiday

        start = calendar.day_of(max(instant, opening.window.opens))
        days = [plus_days(start, n) for n in range(_FAR)]
        first = next(filter(allowed, days), None)
        end = None if first is None else next((day for day in days if day > first and not allowed(day)), None)
        window = NEVER
        if first is not None:
            window = Window(calendar.start_of(first), FOREVER if end is None else calendar.start_of(end))
        words = f"does not act on {', '.join(narrowing.not_on)}" if narrowing.not_on else "does not act"
        words += " or before a holiday" if narrowing.not_before_holidays else ""
        words += f" ({narrowing.reason})" if narrowing.reason else ""
        yield _OnDay(
            clause=self._name,
            window=window,
            words=words,
            missing=f"wait until {first}" if first else "",
            fine=allowed(calendar.day_of(instant)),
        )

    def calendar(self, zone: str) -> Calendar:
        """The house's business days and holidays."""
        named = holidays(self.counting.calendar) if self.counting.calendar else frozenset[date]()
        return Calendar(
            zone_name=zone,
            weekend=frozenset(map(weekday_number, self.counting.weekend)),
            holidays=named | frozenset(self.counting.holidays),
        )

    @property
    def _name(self) -> str:
        return f"house policy {self.id}"

    def _reason(self, narrowing: Narrowing, window: Window, words: str, missing: str = "", *, code: str) -> Reason:
        told = f"{words} ({narrowing.reason})" if narrowing.reason else words
        return Reason(code=code, clause=self._name, window=window, words=told, missing=missing)


# ---- reading a policy ---------------------------------------------------------------------------------------


def parse(content: bytes, terms: Terms, name: str = "policy") -> HousePolicy:
    """A policy from the bytes of a TOML file, for the Terms it narrows.

    Raises InvalidTerms with every fault at once: of form, of reference, and wherever it would widen what the Terms
    allow.
    """
    if len(content) > MAX_BYTES:
        raise InvalidTerms(name, (f"larger than {MAX_BYTES} bytes",))
    try:
        document = tomllib.loads(content.decode("utf-8"))
        policy = _structured(document)
    except Faults as faults:
        raise InvalidTerms(name, faults.problems) from None
    except (ValueError, RecursionError) as error:
        raise InvalidTerms(name, (not_toml(error),)) from None
    if problems := tuple(_problems(policy, terms)):
        raise InvalidTerms(name, problems)
    return policy


def shapes() -> Mapping[str, Any]:
    """What each section of a policy file holds: a class, or tables by name (a Mapping)."""
    named = GenericAlias(Mapping, (str, Narrowing))
    return {"policy": _Header, "counting": Counting, "power": named, "act": named}


def _structured(document: Mapping[str, Any]) -> HousePolicy:
    known = shapes()
    problems = [f"unknown key {key!r} at the top: known are {', '.join(known)}" for key in document if key not in known]
    read = {}
    for section, shape in known.items():
        try:
            read[section] = structure(document.get(section, {}), shape, section)
        except Faults as faults:
            problems += faults.problems
    if problems:
        raise Faults(tuple(problems))
    head = read["policy"]
    return HousePolicy(head.id, head.title, head.narrows, head.by, read["counting"], read["power"], read["act"])


@frozen
class _Header:
    """The table ``[policy]``."""

    id: str
    title: str
    narrows: str
    by: Party = "provider"


def _problems(policy: HousePolicy, terms: Terms) -> Iterator[str]:
    if policy.narrows != terms.id:
        yield f"it narrows {policy.narrows!r}, not {terms.id} at policy.narrows"
    if policy.counting.calendar and policy.counting.calendar not in calendars():
        yield f"unknown calendar {policy.counting.calendar!r}: known are {', '.join(calendars())} at counting.calendar"
    for name, narrowing in policy.powers.items():
        power = terms.powers.get(name)
        if power is None:
            yield f"{terms.id} has no power {name!r} at {at('power', name)}"
        else:
            yield from _widenings(narrowing, (power,), terms, at("power", name))
    for name, narrowing in policy.acts.items():
        if not (powers := terms.powers_to(name)):
            yield f"{terms.id} has no power to {name!r} at {at('act', name)}"
        yield from _widenings(narrowing, powers, terms, at("act", name))


def _widenings(narrowing: Narrowing, powers: Iterable[Power], terms: Terms, path: str) -> Iterator[str]:
    """Where a narrowing would not narrow, or leads nowhere."""
    for i, name in enumerate(narrowing.not_on):
        try:
            weekday_number(name)
        except InvalidTime as error:
            yield f"{error} at {path}.not_on[{i}]"
    if len(set(narrowing.not_on)) > 6:
        yield f"a week needs a day to act on at {path}.not_on"
    for i, clock in enumerate(narrowing.clocks):
        for power in powers:
            yield from clock_problems(terms, clock, power.matter, f"{path}.clocks[{i}]")
            for theirs in power.clocks:
                if _alike(clock, theirs) and (problem := _wider(clock, theirs)):
                    widens = f"it would widen {theirs.clause or power.clause} ({power.id}): {problem}"
                    yield f"{widens} at {path}.clocks[{i}]"


def _alike(clock: Clock, theirs: Clock) -> bool:
    """Whether two clocks count from the same start, for matters that both may be about."""
    conditions, theirs_too = (clock.when, clock.unless), (theirs.when, theirs.unless)
    same = conditions == theirs_too or not any(conditions) or not any(theirs_too)
    return (clock.start, clock.direction) == (theirs.start, theirs.direction) and same


def _wider(clock: Clock, theirs: Clock) -> str:
    """Why a clock leaves more than the Terms' own does; '' where it leaves no more."""
    if clock.unit != theirs.unit:
        return f"say it in {theirs.unit}, as the Terms do"
    shuts = clock.direction == "before" or clock.compare == "no later than"
    if shuts != (theirs.direction == "before" or theirs.compare == "no later than"):
        return ""
    more = {"more than": 1, "not within": 1}
    ours, allowed = clock.n + more.get(clock.compare, 0), theirs.n + more.get(theirs.compare, 0)
    fewer = ours > allowed if shuts and clock.direction == "after" else ours < allowed
    return f"{clock.compare} {clock.period} where the Terms say {theirs.compare} {theirs.period}" if fewer else ""
