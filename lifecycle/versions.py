"""The Terms of one agreement over time: those it was made under, and those it was amended to.

A matter is governed by the Terms in force when it opened, wholly and to its end, unless the new Terms say that they
govern all. Policies posted beside the agreement are kept apart: they are in force at once and are no part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from attrs import evolve, frozen

from lifecycle.days import BEGINNING, FOREVER, Calendar, Day, Instant
from lifecycle.errors import InvalidFact
from lifecycle.events import Agreed, AgreementMade, Event, NoticeGiven, Posted
from lifecycle.matters import Notice
from lifecycle.plain import spoken
from lifecycle.terms.library import Library
from lifecycle.terms.model import Amendment, Power, Terms


@frozen
class Version:
    """Terms that govern from an instant on; FOREVER where an amendment did not come to bind. ``event`` made or amended
    the agreement; ``rule`` is the clause by which one party may.
    """

    at: Instant
    terms: Terms
    event: str
    rule: Amendment | None = None
    named: Day | None = None
    """The day from which it was announced to be in force."""


@frozen
class Policy:
    """A policy posted beside the agreement, by its id and digest, and since when it is in force."""

    terms: str
    digest: str
    since: Instant
    event: str


class Versions:
    """The versions in the order in which they were agreed or announced; an index into them is what a matter keeps."""

    def __init__(self, library: Library, made: AgreementMade, event: str) -> None:
        self.library = library
        self._all = [Version(BEGINNING, library.find(made.terms, made.digest, made.readings), event)]
        self.calendar: Calendar = self._all[0].terms.calendar(made.zone)

    def __iter__(self) -> Iterator[Version]:
        return iter(self._all)

    def __getitem__(self, index: int) -> Version:
        return self._all[index]

    def index_at(self, at: Instant) -> int:
        """Which of them is in force at an instant."""
        if len(self._all) == 1:
            return 0
        return max((version.at, i) for i, version in enumerate(self._all) if version.at <= at)[1]

    def at(self, at: Instant) -> Terms:
        """The Terms in force at an instant."""
        return self._all[self.index_at(at)].terms

    def power(self, power_id: str | None, at: Instant) -> Power | None:
        """A power by its id: of the Terms in force at an instant, else of the latest that have it."""
        if power_id is None:
            return None
        latest_first = reversed(self._all)
        found = (terms.powers.get(power_id) for terms in (self.at(at), *(version.terms for version in latest_first)))
        return next(filter(None, found), None)

    def turns(self) -> Iterator[Instant]:
        """The instants at which other Terms come into force."""
        return (version.at for version in self._all[1:] if version.at < FOREVER)

    # ---- amendments ----------------------------------------------------------------------------------------

    def agreed(self, event: Event, fact: Agreed, at: Instant) -> None:
        """Both agreed on other Terms, in force at once or from the day they name; without naming any, on something that
        only the record keeps.
        """
        if fact.terms is not None:
            named = at if fact.effective is None else max(at, self.calendar.start_of(fact.effective))
            self._add(event, fact, named)

    def announced(self, event: Event, fact: Posted | NoticeGiven, at: Instant, counts: Instant | None) -> Version:
        """One party announced other Terms, by a posting or a notice that counts from an instant (None: it does not).

        Raises InvalidFact where the Terms in force do not let one party amend them so.
        """
        terms, way = self.at(at), "posting" if isinstance(fact, Posted) else f"notice:{fact.kind}"
        rule = terms.amendment
        if rule is None or terms.powers[rule.power].exercise != way:
            raise InvalidFact(spoken(type(fact)), "terms", f"{terms.id} cannot be amended by one party's {way}")
        return self._add(event, fact, self._effect(rule, counts, fact.effective), rule, fact.effective)

    def _add(
        self,
        event: Event,
        fact: Agreed | Posted | NoticeGiven,
        at: Instant,
        rule: Amendment | None = None,
        named: Day | None = None,
    ) -> Version:
        terms = self.library.find(fact.terms or "", fact.digest or "", fact.readings)
        version = Version(at, terms, event.id, rule, named)
        self._all.append(version)
        return version

    def _effect(self, rule: Amendment, counts: Instant | None, named: Day | None) -> Instant:
        """When an amendment takes effect: once its lead time has passed, on the day it names if that is later."""
        if counts is None:
            return FOREVER
        day = self.calendar.day_of(counts)
        led = counts if rule.lead is None else self.calendar.start_of(self.calendar.moved(day, rule.lead, "up"))
        return led if named is None else max(led, self.calendar.start_of(named))

    def moved(self, event: str, at: Instant) -> None:
        """Note that the amendment announced by an event takes effect at another instant; FOREVER: that it does not."""
        self._all = [evolve(version, at=at) if version.event == event else version for version in self._all]

    def heard(self, notice: Notice, next_term: Callable[[Day], Day | None]) -> None:
        """A notice is given, or proved to count: it may announce an amendment, or object to one before it takes effect.

        next_term: the first day of a term on or after a day, None where there is none.
        """
        if notice.counts is None:
            return
        for version in [v for v in self._all if v.rule and v.event == notice.id]:
            assert version.rule is not None
            self.moved(version.event, self._effect(version.rule, notice.counts, version.named))
        for version in [v for v in self._all if v.rule and v.rule.objection == notice.kind]:
            if notice.counts < version.at < FOREVER:
                following = None
                if version.rule and version.rule.objected == "waits for renewal":
                    following = next_term(self.calendar.day_of(version.at))
                self.moved(version.event, FOREVER if following is None else self.calendar.start_of(following))
