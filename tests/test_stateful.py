"""The whole door under many small steps: what must hold whatever is recorded, in whatever order."""

from datetime import date, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lifecycle import Agreement, LifecycleError, Refused
from lifecycle.events import Fact, MatterEnded, MatterOpened, Money, NoticeGiven, Paid
from lifecycle.history import from_line, to_line
from lifecycle.terms.model import Party, covers
from lifecycle.testing import Story

START = date(2026, 1, 5)
MATTERS = {
    "invoice": ("INV-1", "INV-2"),
    "breach": ("B-1", "B-2"),
    "proceeding": ("P-1",),
    "force_majeure": ("FM-1",),
    "security_risk": ("S-1",),
}
ENDS = {"breach": "cured", "proceeding": "dismissed", "force_majeure": "ended", "security_risk": "resolved"}

matter_ids = st.sampled_from([matter for ids in MATTERS.values() for matter in ids])
lags = st.integers(0, 25).map(timedelta)


def answers(agreement: Agreement, at: date | datetime) -> tuple[object, ...]:
    """What the door says at an instant, apart from when it will change."""
    status = agreement.status(at)
    return (
        (status.state, status.in_service, status.term, status.holds, status.ending),
        [(o.power.id, o.matter and o.matter.id, o.window, status.at in o.window) for o in agreement.powers(at)],
        [(owed.duty.id, owed.matter, owed.due, owed.standing) for owed in agreement.duties(at)],
        agreement.clauses_in_force(at),
    )


class Door(RuleBasedStateMachine):
    """One account, told forward in time with facts that come late, acts by either party, memos at any lag."""

    def __init__(self) -> None:
        super().__init__()
        self.day = START
        self.count = 0

    @initialize(trial=st.booleans(), months=st.sampled_from([1, 12]))
    def make(self, *, trial: bool, months: int) -> None:
        self.story = Story(on=START, trial_through=START + timedelta(30) if trial else None)
        self.story.order("O-1", start=str(START + timedelta(10 if trial else 0)), months=months)

    def record(self, fact: Fact, lag: timedelta) -> None:
        """A fact that happened ``lag`` ago and is learned now."""
        agreement, before = self.story.agreement, len(self.story.agreement.history)
        try:
            agreement.record(fact, at=self.day, occurred=max(START, self.day - lag))
        except LifecycleError:
            assert len(agreement.history) == before

    @rule(days=st.sampled_from([1, 2, 9, 10, 11, 29, 30, 31, 59, 60, 61]))
    def advance(self, days: int) -> None:
        self.day += timedelta(days)

    @rule()
    def advance_to_the_next_edge(self) -> None:
        wake = self.story.agreement.wake_at(self.day)
        if wake is not None:
            self.day = max(self.day + timedelta(1), self.story.agreement.status(wake).on)

    @rule(matter=matter_ids, party=st.sampled_from(["provider", "customer"]), yes=st.booleans(), lag=lags)
    def open(self, *, matter: str, party: Party, yes: bool, lag: timedelta) -> None:
        kind = next(kind for kind, ids in MATTERS.items() if matter in ids)
        details: dict[str, Any] = {}
        if kind == "invoice":
            details = {"amount": Money("100", "USD"), "days": {"due": self.day + timedelta(5)}}
            details["attributes"] = {"payment": "card" if yes else "invoice"}
        elif kind == "breach":
            details = {"party": party, "attributes": {"remediable": yes, "material": True}}
        elif kind == "force_majeure" and yes:
            details = {"attributes": {"prevents": ("B-1",)}}
        self.record(MatterOpened(kind=kind, matter=matter, by="provider", **details), lag)

    @rule(matter=matter_ids, lag=lags)
    def end(self, matter: str, lag: timedelta) -> None:
        kind = next(kind for kind, ids in MATTERS.items() if matter in ids)
        self.record(MatterEnded(matter=matter, how=ENDS.get(kind, "voided")), lag)

    @rule(
        matter=st.sampled_from(MATTERS["invoice"]),
        amount=st.sampled_from(["40", "100"]),
        means=st.sampled_from(["payment", "credit", "write_off", "chargeback"]),
        lag=lags,
    )
    def pay(self, matter: str, amount: str, means: Any, lag: timedelta) -> None:
        self.record(Paid(matter=matter, amount=Money(amount, "USD"), means=means), lag)

    @rule(
        kind=st.sampled_from(["overdue", "breach", "non_renewal"]),
        by=st.sampled_from(["provider", "customer"]),
        method=st.sampled_from(["courier", "personal", "email"]),
        matter=matter_ids,
        lag=lags,
    )
    def notify(self, kind: str, by: Party, method: str, matter: str, lag: timedelta) -> None:
        about = () if kind == "non_renewal" else (matter,)
        self.record(NoticeGiven(kind=kind, by=by, method=method, about=about), lag)

    @rule(
        does=st.sampled_from(["suspend", "reinstate", "terminate", "accelerate"]),
        by=st.sampled_from(["provider", "customer"]),
    )
    def act(self, does: str, by: Party) -> None:
        story, before = self.story.on(self.day), len(self.story.agreement.history)
        verdict = story.may(does, by=by, method="courier")
        if not verdict.permitted:
            with pytest.raises(Refused) as refused:
                story.do(does, by=by, method="courier")
            assert refused.value.verdict == verdict
            assert verdict.codes or verdict.rules
            assert len(story.agreement.history) == before
            return
        assert verdict.power is not None
        outcome = story.do(does, by=by, method="courier", power=verdict.power.id)
        assert outcome.target == (verdict.leads_to or outcome.source)
        assert story.agreement.was_regular(outcome.event.id)

    @precondition(lambda self: self.day > START + timedelta(300))
    @rule(by=st.sampled_from(["provider", "both"]))
    def act_outside(self, by: Any) -> None:
        story = self.story.on(self.day)
        state = story.state
        try:
            story.acted("terminate" if by == "both" else "suspend", by=by)
        except Refused:
            assert state in (None, "terminated")

    @rule()
    def catch_up(self) -> None:
        before = answers(self.story.agreement, self.day)
        self.story.on(self.day).catch_up()
        assert answers(self.story.agreement, self.day) == before
        assert self.story.catch_up() == ()

    # ---- what holds after every step --------------------------------------------------------------------------

    @invariant()
    def replay_and_round_trip_change_nothing(self) -> None:
        if hasattr(self, "story"):
            live = self.story.agreement
            again = Agreement([from_line(to_line(event)) for event in live.history])
            assert answers(again, self.day) == answers(live, self.day)

    @invariant()
    def the_end_absorbs_and_leaves_the_survivors(self) -> None:
        if hasattr(self, "story"):
            agreement = self.story.agreement
            status = agreement.status(self.day)
            survivors = agreement.terms.survival
            assert survivors is not None
            if status.state == "terminated":
                assert agreement.status(self.day + timedelta(400)).state == "terminated"
                in_force = {c for c in agreement.terms.clauses if covers(survivors.clauses, c)}
                assert set(agreement.clauses_in_force(self.day)) == in_force

    @invariant()
    def suspended_means_a_hold_that_ran_its_notice_or_is_marked(self) -> None:
        if hasattr(self, "story"):
            agreement = self.story.agreement
            status = agreement.status(self.day)
            assert (status.state == "suspended") == bool(status.holds)
            for hold in status.holds:
                assert agreement.was_regular(hold.event) or hold.event in status.irregular

    @invariant()
    def wake_at_never_sleeps_past_a_change(self) -> None:
        if hasattr(self, "story"):
            agreement = self.story.agreement
            now, wake = agreement.instant(self.day), agreement.wake_at(self.day)
            last = min(wake, now + timedelta(500)) if wake else now + timedelta(500)
            before = answers(agreement, now)
            for instant in (now + (last - now) / 3, last - timedelta(microseconds=1)):
                assert answers(agreement, instant) == before


TestDoor = Door.TestCase
TestDoor.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
