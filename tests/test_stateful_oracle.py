"""The whole door against the walk of :mod:`tests.oracle`, under many small steps in any order.

Two accounts are told what happens - in time, late, twice, wrongly, corrected - and asked and acted on by either party
(:mod:`tests.oracle.steps`). After every step the library and the walk must agree, and what must hold whatever happens
must hold. ``HYPOTHESIS_PROFILE=deep`` walks longer, and elsewhere each time.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import Any, get_args

import pytest
from attrs import evolve
from hypothesis import settings
from hypothesis.stateful import invariant

from lifecycle import Agreement, Event
from lifecycle.events import (
    Agreed,
    CaughtUp,
    Corrected,
    Extended,
    Fact,
    MatterChanged,
    MatterEnded,
    MatterOpened,
    Paid,
    Waived,
    Withdrawn,
)
from lifecycle.history import from_line, to_line
from tests.oracle.clauses import TABLE
from tests.oracle.comparing import agree, numbered, same, told
from tests.oracle.modal import ONE, Walk, is_act
from tests.oracle.reached import REACHED, STATES
from tests.oracle.steps import COUNTED
from tests.oracle.telling import Account
from tests.oracle.tour import Tour


class Accounts(Tour):
    """What holds after every step."""

    def each(self, every: int, claim: Callable[[Account], None]) -> None:
        """Check a claim about the accounts in turn, on some steps only."""
        if self.steps % every == 0:
            claim(self.accounts[self.steps // every % 3 // 2])

    @invariant()
    def the_library_and_the_walk_agree(self) -> None:
        self.steps += 1
        for n in range(len(self.accounts)):
            self.check(n)

    @invariant()
    def what_was_known_before_is_still_answered_as_then(self) -> None:
        def claim(account: Account) -> None:
            events = account.history
            earlier = events[self.steps % len(events)].recorded
            then = account.agreement.known_at(earlier)
            agree(then, told(then, earlier), Walk(list(then.history), earlier))

        self.each(7, claim)

    @invariant()
    def files_replays_and_pickles_change_nothing(self) -> None:
        def claim(account: Account) -> None:
            lines = [to_line(event) for event in account.history]
            read = [from_line(line) for line in lines]
            assert read == account.history
            again = pickle.loads(pickle.dumps(account.agreement)) if self.steps % 2 else Agreement(read)
            same(told(again, self.now), account.told(self.now))
            assert again.status(self.now) == account.agreement.status(self.now)
            assert again.powers(self.now) == account.agreement.powers(self.now)

        self.each(5, claim)

    @invariant()
    def without_memos_the_answers_are_the_same(self) -> None:
        def claim(account: Account) -> None:
            events = [event for event in account.history if not isinstance(event.fact, CaughtUp)]
            if len(events) < len(account.history):
                same(told(numbered(events), self.now), account.told(self.now))

        self.each(4, claim)

    @invariant()
    def wake_at_never_sleeps_past_a_change(self) -> None:
        def claim(account: Account) -> None:
            agreement, wake = account.agreement, account.agreement.wake_at(self.now)
            walk = account.walk(self.now)
            edges = walk.edges()
            assert not edges or (wake is not None and wake <= edges[0][0])
            last = min(wake, self.now + 400 * ONE) if wake else self.now + 400 * ONE
            between = self.now + (last - self.now) / 2 if self.steps % 4 else last - timedelta(microseconds=1)
            same(live(account.told(self.now), self.now), live(told(agreement, between), self.now))

        self.each(3, claim)

    @invariant()
    def the_end_absorbs(self) -> None:
        """Along time, with what is known now; but for what both undid in writing."""

        def claim(account: Account) -> None:
            if not any(isinstance(e.fact, Agreed) and e.fact.what == "rescission" for e in account.history):
                moments = {account.agreement.instant(e.occurred) for e in account.history}
                moments |= {self.now, self.now + 400 * ONE}
                states = [account.agreement.status(at).state for at in sorted(moments)]
                assert set(states[states.index("terminated") :]) == {"terminated"} if "terminated" in states else True

        self.each(4, claim)

    @invariant()
    def suspended_means_a_hold_that_ran_its_notice_or_is_marked(self) -> None:
        for account in self.accounts:
            status = account.agreement.status(self.now)
            assert status.holds or status.state != "suspended"
            for hold in status.holds:
                event = next((e for e in account.history if e.id == hold.event), None)
                if event is None:
                    assert status.unverified
                elif self.steps % 3 == 0:
                    fact, at = as_it_stands(account, event)
                    before = Walk(account.history[: event.sequence - 1], at)
                    permitted = before.may("suspend", fact.by, about=fact.about, power=fact.power)
                    assert (hold.event in status.irregular) == (not permitted or fact.override is not None)

    @invariant()
    def the_order_of_independent_facts_of_one_instant_changes_nothing(self) -> None:
        def claim(account: Account) -> None:
            if swapped := with_two_swapped(account, self.steps):
                same(told(numbered(swapped), self.now), account.told(self.now))

        self.each(3, claim)

    @invariant()
    def the_offset_in_which_an_instant_is_written_changes_nothing(self) -> None:
        def claim(account: Account) -> None:
            event = account.history[self.steps % len(account.history)]
            written = json.loads(to_line(event))
            elsewhere = timezone(timedelta(hours=self.steps % 14, minutes=30))
            for name in ("occurred", "recorded"):
                if "T" in written[name]:
                    written[name] = datetime.fromisoformat(written[name]).astimezone(elsewhere).isoformat()
            assert from_line(json.dumps(written)) == event
            at = self.now.astimezone(elsewhere).isoformat()
            assert account.agreement.status(at) == account.agreement.status(self.now)

        self.each(3, claim)

    @invariant()
    def a_later_notice_never_opens_earlier(self) -> None:
        def claim(account: Account) -> None:
            walk = account.walk(self.now)
            counting = [
                (matter, letter)
                for matter in walk.matters.values()
                for letter in matter.letters
                if letter.kind in ("overdue", "breach") and walk.counts(letter, matter)
            ]
            if counting:
                matter, letter = counting[self.steps % len(counting)]
                days = (1, 5, 31)[self.steps % 3] * ONE
                later = [evolve(e, occurred=e.occurred + days) if e.id == letter.id else e for e in account.history]
                first = opening_days(account.told(self.now), matter.id)
                then = opening_days(told(numbered(later), self.now), matter.id)
                assert all(first[power] <= at for power, at in then.items())

        self.each(3, claim)


def live(said: dict[str, Any], at: datetime) -> dict[str, Any]:
    """What is told, without windows that have closed."""
    return {**said, "powers": [o for o in said["powers"] if at < o.until]}


def as_it_stands(account: Account, event: Event) -> tuple[Any, datetime]:
    """An act and its instant, as corrected since."""
    fact, moment = event.fact, event.occurred
    for later in account.history:
        if isinstance(later.fact, Corrected) and later.fact.event == event.id:
            fact, moment = later.fact.fact, later.fact.occurred or moment
    return fact, account.agreement.instant(moment)


def with_two_swapped(account: Account, pick: int) -> list[Event] | None:
    """The record with two facts of one instant, about different matters, in the other order; None if there are none.

    Not a reopening: whether it is taken at all depends on what was recorded before it.
    """
    plain = (MatterOpened, MatterEnded, MatterChanged, Paid, Extended, Waived)
    touched = {e.fact.event for e in account.history if isinstance(e.fact, Corrected | Withdrawn)}
    at = account.agreement.instant
    events = sorted(account.history, key=lambda e: (at(e.occurred), is_act(e), e.sequence))
    pairs = [
        (a, b)
        for a, b in pairwise(events)
        if isinstance(a.fact, plain) and isinstance(b.fact, plain) and not {a.id, b.id} & touched
        if at(a.occurred) == at(b.occurred) and a.fact.matter != b.fact.matter
    ]
    if not pairs:
        return None
    a, b = pairs[pick % len(pairs)]
    exchanged = {a.id: b, b.id: a}
    return [exchanged.get(event.id, event) for event in account.history]


def opening_days(said: dict[str, Any], matter: str) -> dict[tuple[str, str], datetime]:
    """From when each power over a matter that takes a notice is open, for each who holds it."""
    powers = [o for o in said["powers"] if o.matter == matter]
    return {(o.power, o.by): o.first for o in powers if {"breach", "overdue"} & set(TABLE[o.power].days)}


DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"

TestAccounts = Accounts.TestCase
TestAccounts.settings = (
    settings(max_examples=2000, stateful_step_count=60, deadline=None)
    if DEEP
    else settings(max_examples=300, stateful_step_count=40, deadline=None, derandomize=True)
)

FACTS = {fact.__name__ for fact in get_args(Fact)} - {"AgreementMade", "OpeningBalance"}  # those come first


@pytest.mark.parametrize("state", STATES)
def test_in_every_state_every_event_is_told_as_the_walk_tells_it(state: str) -> None:
    """What the steps come to by chance, come to on purpose: each event recorded once in each state."""
    tour = Accounts()
    tour.arrive(state)
    assert str(tour.accounts[0].walk(tour.now).state) == state
    for _ in tour.everything(state):
        tour.check(0)
    assert {event for told, event in REACHED.pairs if told == state} == FACTS


@pytest.mark.parametrize("what", [*COUNTED, "term", "claim"])
def test_on_both_sides_of_every_edge_library_and_walk_agree(what: str) -> None:
    Accounts().around(what)
    assert {off for name, off in REACHED.days if name == what} == {-1, 0, 1}


@pytest.mark.parametrize("power", TABLE)
def test_every_power_is_exercised_as_soon_as_it_is_open(power: str) -> None:
    """An end by each power is rare among steps at random: they go on longest where nothing ends."""
    tour, before = Accounts(), REACHED.acts[power]
    tour.use(power)
    assert REACHED.acts[power] == before + 1
    if TABLE[power].does == "terminate":
        status = tour.accounts[0].agreement.status(tour.now)
        assert status.state == "terminated"
        assert status.ending
        assert status.ending.power == power


def test_the_steps_reached_every_state_with_every_event_and_both_sides_of_every_edge() -> None:
    """The report of where the steps of this run have been; shown with ``-s``."""
    if not REACHED.days:
        pytest.skip("nothing was walked in this run")
    sys.stdout.write(f"\n{REACHED.report()}\n")
    assert {(s, f) for s in STATES for f in FACTS} <= set(REACHED.pairs)
    edges = {(name, off) for name in [*COUNTED, "term", "claim"] for off in (-1, 0, 1)}
    edges |= {(power, 0) for power in TABLE}
    assert edges <= set(REACHED.days)
    assert set(TABLE) <= set(REACHED.acts)
