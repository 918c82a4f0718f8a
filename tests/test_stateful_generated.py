"""What must hold of every contract, whatever it says: Terms made up at random, accounts under them told and asked at
random (:mod:`tests.generated`), and claims that need no oracle, for each compares an answer with another answer.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import datetime, timedelta, timezone
from itertools import pairwise, product

from attrs import evolve
from hypothesis import settings
from hypothesis.stateful import invariant

from lifecycle import Agreement, Event
from lifecycle.events import (
    AgreementMade,
    CaughtUp,
    Corrected,
    MatterChanged,
    MatterEnded,
    MatterOpened,
    NoticeGiven,
    Paid,
    Waived,
    Withdrawn,
)
from lifecycle.history import from_line, to_line
from lifecycle.powers import earliest_notice
from lifecycle.reasons import Either, NoNotice
from lifecycle.terms import Terms
from lifecycle.terms.model import PARTIES, holders
from lifecycle.verdict import Verdict
from tests.generated.documents import terms
from tests.generated.steps import ONE, Steps
from tests.test_stateful import answers

OPENING = ("at least", "more than", "not within")


class EveryContract(Steps):
    """What holds after every step; the dearer claims are made on some steps only."""

    def each(self, every: int, claim: Callable[[], None]) -> None:
        if self.steps % every == 0:
            claim()

    def anew(self, events: Sequence[Event], under: Terms | None = None) -> Agreement:
        """The agreement of these events, numbered anew in this order, read from the first to the last."""
        numbered = [evolve(event, sequence=n) for n, event in enumerate(events, start=1)]
        if under is not None:
            made = numbered[0].fact
            assert isinstance(made, AgreementMade)
            numbered[0] = evolve(numbered[0], fact=evolve(made, digest=under.digest))
        return Agreement(numbered, [under or self.terms])

    @invariant()
    def what_grew_step_by_step_is_what_is_read_from_its_file(self) -> None:
        self.steps += 1
        read = [from_line(to_line(event)) for event in self.agreement.history]
        assert read == list(self.agreement.history)
        assert answers(self.anew(read), self.now) == answers(self.agreement, self.now)

    @invariant()
    def without_memos_the_answers_are_the_same(self) -> None:
        def claim() -> None:
            events = [event for event in self.agreement.history if not isinstance(event.fact, CaughtUp)]
            assert answers(self.anew(events), self.now)[1:] == answers(self.agreement, self.now)[1:]
            assert self.anew(events).status(self.now).state == self.agreement.status(self.now).state

        self.each(2, claim)

    @invariant()
    def what_was_known_is_a_prefix(self) -> None:
        def claim() -> None:
            events = list(self.agreement.history)
            at = events[self.steps % len(events)].recorded
            then = self.agreement.known_at(at)
            assert list(then.history) == events[: len(then.history)]
            assert all(event.recorded > at for event in events[len(then.history) : len(then.history) + 1])
            assert answers(then, at) == answers(self.anew(list(then.history)), at)

        self.each(4, claim)

    @invariant()
    def wake_at_never_sleeps_past_a_change(self) -> None:
        def claim() -> None:
            wake = self.agreement.wake_at(self.now)
            last = min(wake, self.now + 200 * ONE) if wake else self.now + 200 * ONE
            for at in (self.now + (last - self.now) / 2, last - timedelta(microseconds=1)):
                assert answers(self.agreement, at) == answers(self.agreement, self.now)

        self.each(2, claim)

    @invariant()
    def the_end_absorbs(self) -> None:
        moments = sorted({self.agreement.instant(e.occurred) for e in self.agreement.history} | {self.now})
        states = [self.agreement.status(at).state for at in (*moments, self.now + 200 * ONE)]
        if "terminated" in states:
            assert set(states[states.index("terminated") :]) == {"terminated"}

    @invariant()
    def suspended_means_a_hold_that_the_terms_permitted_or_that_is_marked(self) -> None:
        status = self.agreement.status(self.now)
        assert (status.state == "suspended") == bool(status.holds)
        assert all(self.agreement.was_regular(h.event) or h.event in status.irregular for h in status.holds)

    @invariant()
    def the_order_of_independent_facts_of_one_instant_changes_nothing(self) -> None:
        if swapped := with_two_swapped(self.agreement, self.steps):
            assert opens(self.anew(swapped), self.now) == opens(self.agreement, self.now)
            assert self.anew(swapped).status(self.now).state == self.agreement.status(self.now).state

    @invariant()
    def the_offset_in_which_an_instant_is_written_changes_nothing(self) -> None:
        def claim() -> None:
            elsewhere = timezone(timedelta(hours=self.steps % 14, minutes=30))
            lines = [json.loads(to_line(event)) for event in self.agreement.history]
            for line in lines:
                for name in ("occurred", "recorded"):
                    if "T" in line[name]:
                        line[name] = datetime.fromisoformat(line[name]).astimezone(elsewhere).isoformat()
            written = self.anew([from_line(json.dumps(line)) for line in lines])
            assert answers(written, self.now.astimezone(elsewhere)) == answers(self.agreement, self.now)

        self.each(4, claim)

    @invariant()
    def a_later_notice_never_opens_earlier(self) -> None:
        def claim() -> None:
            docket, events = self.agreement._course(self.now).docket, list(self.agreement.history)
            if touched(events):
                return
            counting = [
                (matter.id, notice.id)
                for matter in docket.matters.values()
                for kind in ("warning", "dunning")
                if (notice := earliest_notice(kind, matter, matter.last, docket))
            ]
            if counting:
                matter, given = counting[self.steps % len(counting)]
                days = (1, 5)[self.steps % 2] * ONE
                later = [evolve(e, occurred=e.occurred + days) if e.id == given else e for e in events]
                self.no_earlier(self.anew(later), {p.id for p in self.terms.powers.values()}, matter)

        self.each(2, claim)

    @invariant()
    def what_is_supposed_of_a_missing_notice_comes_true(self) -> None:
        def claim() -> None:
            for does, by in product(sorted(self.acts()), PARTIES):
                verdict = self.agreement.may(does, by=by, at=self.now, known_through=self.now)
                if verdict.supposing and (given := self.with_what_is_missing(verdict)):
                    told = given.may(does, by=by, at=self.now, known_through=self.now)
                    assert (told.first, told.supposing) == (verdict.first, False)

        self.each(2, claim)

    def with_what_is_missing(self, verdict: Verdict) -> Agreement | None:
        """Another account, in which the notice that a power lacks was handed over; None where it would be too early,
        or have the agreement end by itself.
        """
        (about,) = [o.matter for o in verdict.openings if o.matter]
        reasons = [part for r in verdict.reasons for part in (r.parts if isinstance(r, Either) else (r,))]
        if any(isinstance(reason, NoNotice) and reason.soonest for reason in reasons):
            return None
        kind = {"lapse": "warning", "debt": "dunning"}[about.kind]
        givers, asks = holders(self.terms.notices[kind].by, about.party), verdict.question.by
        by = next((giver for giver in givers if giver == asks), givers[0])
        given = self.anew(list(self.agreement.history))
        given.record(NoticeGiven(kind=kind, by=by, method="hand", about=about.id), at=self.now)
        ends = [account._course(self.now).ending for account in (self.agreement, given)]
        return given if ends[0] == ends[1] else None

    @invariant()
    def a_longer_clock_never_opens_a_power_earlier(self) -> None:
        def claim() -> None:
            document = deepcopy(self.document)
            clocks = [
                (name, clock)
                for name, power in document["power"].items()
                for clock in power.get("clocks", ())
                if clock["compare"] in OPENING and clock.get("direction") != "before"
            ]
            if clocks:
                name, clock = clocks[self.steps % len(clocks)]
                clock["n"] += 1
                self.no_earlier(self.anew(list(self.agreement.history), terms(document)), {name})

        self.each(2, claim)

    def no_earlier(self, other: Agreement, powers: set[str], matter: str | None = None) -> None:
        """Claim that no power over a matter opens earlier in another account than in this one."""
        first, then = opens(self.agreement, self.now), opens(other, self.now)
        for key, at in then.items():
            if key[0] in powers and matter in (None, key[1]):
                assert first.get(key, at) <= at, key


def opens(agreement: Agreement, at: datetime) -> dict[tuple[str, str, tuple[str, ...]], datetime]:
    """When each power over each matter opens, that is open or will be."""
    found = agreement.powers(at)
    return {(o.power.id, o.matter.id if o.matter else "", o.holders): o.window.opens for o in found if o.window}


def touched(events: Sequence[Event]) -> set[str]:
    """What is corrected or withdrawn."""
    return {event.fact.event for event in events if isinstance(event.fact, Corrected | Withdrawn)}


def with_two_swapped(agreement: Agreement, pick: int) -> list[Event] | None:
    """The record with two facts of one instant, about different matters, in the other order; None if there are none.

    Not a reopening: whether it is taken at all depends on what was recorded before it.
    """
    plain, events = (MatterEnded, MatterChanged, Paid, Waived), list(agreement.history)
    known = {e.fact.matter for e in events if isinstance(e.fact, MatterOpened)}
    spared, at = touched(events), agreement.instant
    pairs = [
        (a, b)
        for a, b in pairwise(sorted(events, key=lambda e: (at(e.occurred), e.sequence)))
        if isinstance(a.fact, plain) and isinstance(b.fact, plain) and not {a.id, b.id} & spared
        if at(a.occurred) == at(b.occurred)
        and a.fact.matter != b.fact.matter
        and {a.fact.matter, b.fact.matter} <= known
    ]
    if not pairs:
        return None
    a, b = pairs[pick % len(pairs)]
    exchanged = {a.id: b, b.id: a}
    return [exchanged.get(event.id, event) for event in events]


DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"

TestEveryContract = EveryContract.TestCase
TestEveryContract.settings = (
    settings(max_examples=2000, stateful_step_count=50, deadline=None)
    if DEEP
    else settings(max_examples=60, stateful_step_count=25, deadline=None, derandomize=True)
)
