"""The Terms of one agreement over time: those it was made under, and those it was amended to.

A matter is governed by the Terms in force when it opened, wholly and to its end, unless the new Terms say that they
govern all. Policies posted beside the agreement are kept apart: they are in force at once and are no part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from attrs import evolve

from lifecycle.days import BEGINNING, FOREVER, Calendar, Day, Instant
from lifecycle.errors import InvalidFact
from lifecycle.events import Agreed, AgreementMade, Event, NoticeGiven, Posted
from lifecycle.matters import Notice
from lifecycle.plain import spoken
from lifecycle.terms.library import Library
from lifecycle.terms.model import Amendment, NoticeKind, Power, Terms
from lifecycle.values import frozen

NextTerm: TypeAlias = Callable[[Day], Day | None]
"""The first day of a term on or after a day, None where there is none."""


@frozen
class Version:
    """Terms that govern from an instant on; FOREVER where an amendment did not come to bind. ``event`` made or amended
    the agreement; ``calendar`` is how they count, in the agreement's zone.
    """

    at: Instant
    terms: Terms
    calendar: Calendar
    event: str
    announced: Announced | None = None


@frozen
class Announced:
    """That one party announced an amendment at an instant, by the rule of the Terms then in force; ``named`` is the day
    from which it says it is in force. ``excluded``: the running order does not let it bind.
    """

    at: Instant
    rule: Amendment
    calendar: Calendar
    named: Day | None
    excluded: bool


@frozen
class Policy:
    """A policy posted beside the agreement, by its id and digest, and since when it is in force."""

    terms: str
    digest: str
    since: Instant
    event: str


class Versions:
    """The versions in the order in which they were agreed or announced; an index into them is what a matter keeps."""

    __slots__ = ("all", "calendar", "library", "naming", "turning")

    def __init__(self, library: Library, made: AgreementMade, event: str) -> None:
        self.library = library
        terms = library.find(made.terms, made.digest, made.readings)
        self.calendar: Calendar = terms.calendar(made.zone)
        self.all = [Version(BEGINNING, terms, self.calendar, event)]
        self.turning = terms.turning_notices
        """The kinds of notice that the course itself hears, under any of the Terms."""
        self.naming = terms.naming_kinds
        """The kinds of matter that name others, under any of the Terms."""

    def copied(self) -> Versions:
        """The same, to be amended apart from these."""
        other = object.__new__(Versions)
        other.library, other.calendar = self.library, self.calendar
        other.all, other.turning, other.naming = [*self.all], self.turning, self.naming
        return other

    def __iter__(self) -> Iterator[Version]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def __getitem__(self, index: int) -> Version:
        return self.all[index]

    def index_at(self, at: Instant) -> int:
        """Which of them is in force at an instant."""
        if len(self.all) == 1:
            return 0
        return max((version.at, i) for i, version in enumerate(self.all) if version.at <= at)[1]

    def at(self, at: Instant) -> Terms:
        """The Terms in force at an instant."""
        return self.all[self.index_at(at) if len(self.all) > 1 else 0].terms

    def power(self, power_id: str | None, at: Instant) -> Power | None:
        """A power by its id: of the Terms in force at an instant, else of the latest that have it."""
        if power_id is None:
            return None
        latest_first = reversed(self.all)
        found = (terms.powers.get(power_id) for terms in (self.at(at), *(version.terms for version in latest_first)))
        return next(filter(None, found), None)

    def notice_kind(self, kind: str, at: Instant) -> NoticeKind | None:
        """A kind of notice by its id: of the Terms in force at an instant, else of others the agreement had."""
        if found := self.at(at).notices.get(kind):
            return found
        every = (version.terms.notices.get(kind) for version in self.all)
        return next(filter(None, every), None)

    def turns(self) -> Iterator[Instant]:
        """The instants at which other Terms come into force."""
        return (version.at for version in self.all[1:] if version.at < FOREVER)

    # ---- amendments ----------------------------------------------------------------------------------------

    def agreed(self, event: Event, fact: Agreed, at: Instant) -> None:
        """Both agreed on other Terms, in force at once or from the day they name; without naming any, on something that
        only the record keeps.
        """
        if fact.terms is not None:
            self._add(event, fact, at if fact.effective is None else max(at, self.calendar.start_of(fact.effective)))

    def announced(
        self,
        event: Event,
        fact: Posted | NoticeGiven,
        at: Instant,
        notices: Mapping[str, Notice],
        next_term: NextTerm,
        *,
        excluded: bool,
    ) -> None:
        """One party announced other Terms, by a posting or a notice. ``notices``: those given so far.

        Raises InvalidFact where the Terms in force do not let one party amend them so.
        """
        now = self.all[self.index_at(at)]
        rule, way = now.terms.amendment, fact.power if isinstance(fact, Posted) else f"notice:{fact.kind}"
        if rule is None or way not in (rule.power, now.terms.powers[rule.power].exercise):
            raise InvalidFact(spoken(type(fact)), "terms", f"{now.terms.id} cannot be amended by one party's {way}")
        self._add(event, fact, FOREVER, Announced(at, rule, now.calendar, fact.effective, excluded))
        self._weigh(notices, next_term)

    def heard(self, notices: Mapping[str, Notice], next_term: NextTerm) -> bool:
        """A notice is given, proved to count, accepted or withdrawn: it may announce an amendment, or object to one.
        Whether it changed when one takes effect.
        """
        if len(self.all) == 1:
            return False
        before = [version.at for version in self.all]
        self._weigh(notices, next_term)
        return before != [version.at for version in self.all]

    def _add(
        self, event: Event, fact: Agreed | Posted | NoticeGiven, at: Instant, announced: Announced | None = None
    ) -> None:
        terms = self.library.find(fact.terms or "", fact.digest or "", fact.readings)
        self.all.append(Version(at, terms, terms.calendar(self.calendar.zone_name), event.id, announced))
        self.turning |= terms.turning_notices
        self.naming |= terms.naming_kinds

    def _weigh(self, notices: Mapping[str, Notice], next_term: NextTerm) -> None:
        """Note of the amendments announced when they take effect, as far as heard by now."""
        self.all[:] = [
            evolve(v, at=self._effect(v.event, v.announced, notices, next_term)) if v.announced else v for v in self.all
        ]

    def _effect(self, event: str, announced: Announced, notices: Mapping[str, Notice], next_term: NextTerm) -> Instant:
        """When an amendment takes effect: once its lead time has passed, or on the day it names if that is later,
        unless the other side objected before; FOREVER if it does not.
        """
        rule, calendar, notice = announced.rule, announced.calendar, notices.get(event)
        counts = notice.counts if notice else announced.at
        if counts is None or announced.excluded:
            return FOREVER
        effect = (
            counts if rule.lead is None else calendar.start_of(calendar.moved(calendar.day_of(counts), rule.lead, "up"))
        )
        if announced.named is not None:
            effect = max(effect, calendar.start_of(announced.named))
        if notice and notice.withdrawn and notice.withdrawn < effect:
            return FOREVER
        since = calendar.start_of(calendar.day_of(announced.at))
        objections = [
            heard
            for heard in notices.values()
            if heard.kind == rule.objection and heard.given >= since and (heard.counts or FOREVER) < effect
        ]
        if any(heard.withdrawn is None for heard in objections):
            following = next_term(calendar.day_of(effect)) if rule.objected == "waits for renewal" else None
            return FOREVER if following is None else calendar.start_of(following)
        return max((effect, *(heard.withdrawn for heard in objections if heard.withdrawn)))
