"""What can happen to an account under Terms made up for it, rule by rule: facts of every kind the Terms declare, in
time, late and wrong; notices by every method; acts by either side; corrections; memos at any lag.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar, cast

import hypothesis.strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, precondition, rule

from lifecycle import Agreement, LifecycleError, Money, Period, Refused
from lifecycle.days import last_day_of_term
from lifecycle.events import (
    Accepted,
    Acted,
    Corrected,
    Event,
    Extended,
    Fact,
    MatterChanged,
    MatterEnded,
    MatterOpened,
    MatterReopened,
    NoticeDelivered,
    NoticeGiven,
    OrderSigned,
    Paid,
    Waived,
    Withdrawn,
)
from lifecycle.terms.model import holders
from tests.generated.documents import ENDS, KINDS, METHODS, PLANS, documents, parties, terms, yes

Step = TypeVar("Step", bound=Callable[..., Any])

START = date(2026, 1, 28)
ONE = timedelta(days=1)

picks = st.integers(0, 9)
lags = st.sampled_from([0, 0, 0, 0, 1, 3, 12]).map(timedelta)
hours = st.sampled_from([0, 0, 7, 23])


def there_is(fact: type) -> Callable[[Step], Step]:
    """A step that takes something recorded of a sort."""
    return precondition(lambda self: bool(self.recorded(fact)))


class Steps(RuleBasedStateMachine):
    """Two accounts under made-up Terms, one clock. A step is about the account in hand, until the other is taken up.
    What must hold after each step, a subclass says.
    """

    questions = Bundle("questions")

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0

    @initialize(
        document=documents(),
        trial=yes,
        length=st.sampled_from([Period(1, "months"), Period(20, "days"), Period(1, "years")]),
        renews=st.sampled_from([True, True, False]),
        grave=st.sampled_from([True, False, None]),
        noticed=yes,
        plan=st.sampled_from(PLANS),
        followed=yes,
    )
    def an_account(
        self,
        *,
        document: dict[str, Any],
        trial: bool,
        length: Period,
        renews: bool,
        grave: bool | None,
        noticed: bool,
        plan: str,
        followed: bool,
    ) -> None:
        """With a lapse and a debt to begin with, and perhaps the notices about them."""
        self.document, self.terms = document, terms(document)
        plans = (plan, *(other for other in PLANS if followed and other != plan))
        self.other = self.begin("b", length, plans, trial=not trial, renews=renews)
        self.agreement = self.begin("a", length, plans, trial=trial, renews=renews)
        self.start = self.now = self.agreement.instant(START)
        asserting = self.terms.kinds["lapse"].asserted_by
        for kind in ("lapse", "debt"):
            self.open(kind, "customer", asserting, grave)
        self.now += 4 * ONE  # the debt is due in two days
        for opened in self.recorded(MatterOpened) if noticed else ():
            self.notify(cast("MatterOpened", opened.fact), "post")

    def begin(self, name: str, length: Period, plans: tuple[str, ...], *, trial: bool, renews: bool) -> Agreement:
        """An account with an order for each plan, each after the first term of the one before it."""
        through = START + 9 * ONE if trial and self.terms.trial else None
        made = Agreement.make(
            self.terms, agreement=name, customer="Acme", at=START, trial_through=through, freshness=Period(1, "hours")
        )
        start = START + (5 if trial else 0) * ONE
        for n, plan in enumerate(plans, start=1) if self.terms.begins == "order" else ():
            said = {"plan": plan}
            made.record(OrderSigned(order=f"O-{n}", start=start, term=length, renews=renews, attributes=said), at=START)
            start = last_day_of_term(start, length, 1) + ONE
        return made

    def recorded(self, *facts: type) -> list[Event]:
        """What is recorded of some sorts, the newest first."""
        return [event for event in reversed(list(self.agreement.history)) if isinstance(event.fact, facts)]

    def tell(self, fact: Fact, lag: timedelta = timedelta(0)) -> None:
        """Record a fact that happened some time ago; what is refused leaves nothing."""
        before = list(self.agreement.history)
        try:
            self.agreement.record(fact, at=self.now, occurred=max(self.start, self.now - lag))
        except LifecycleError:
            assert list(self.agreement.history) == before

    def matter(self, pick: int) -> MatterOpened:
        opened = [event.fact for event in self.recorded(MatterOpened)]
        fact = opened[pick % len(opened)]
        assert isinstance(fact, MatterOpened)
        return fact

    # ---- time ------------------------------------------------------------------------------------------------

    @rule(days=st.integers(0, 13), after=hours)
    def time_passes(self, *, days: int, after: int) -> None:
        self.now += timedelta(days=days, hours=after)

    @rule(before=yes)
    def something_is_about_to_change(self, *, before: bool) -> None:
        if wake := self.agreement.wake_at(self.now):
            self.now = max(self.now, wake - timedelta(microseconds=before))

    @rule(pick=picks, off=st.sampled_from([-1, 0, 1]))
    def a_day_beside_an_edge_has_come(self, *, pick: int, off: int) -> None:
        """The day on which a power opens or closes, the one before or the one after; not years ahead."""
        windows = [opening.window for opening in self.agreement.powers(self.now) if opening.window]
        soon = (self.now, self.now + 400 * ONE)
        edges = sorted({at for w in windows for at in (w.opens, w.closes) if at and soon[0] < at < soon[1]})
        if edges:
            self.now = max(self.now, edges[pick % len(edges)] + off * ONE)

    @rule()
    def the_other_account_is_taken_up(self) -> None:
        self.agreement, self.other = self.other, self.agreement

    # ---- facts -----------------------------------------------------------------------------------------------

    @rule(kind=st.sampled_from(KINDS), party=parties, by=parties, grave=st.sampled_from([True, False, None]), lag=lags)
    def a_matter_begins(self, *, kind: str, party: Any, by: Any, grave: bool | None, lag: timedelta) -> None:
        self.open(kind, party, by, grave, lag)

    def open(self, kind: str, party: Any, by: Any, grave: Any, lag: timedelta = timedelta(0)) -> None:
        more: dict[str, Any] = {}
        if kind == "debt":
            more = {"amount": Money("100", "EUR"), "days": {"due": self.now.date() + 2 * ONE}}
        elif kind == "lapse":
            declared = self.terms.kinds["lapse"].party
            more = {"party": party if declared == "either" else declared}
            more["attributes"] = {} if grave is None else {"grave": grave}
        elif lapses := self.opened("lapse"):
            more = {"attributes": {"stops": (lapses[0].matter,)}}
        self.tell(MatterOpened(kind=kind, matter=f"{kind}-{len(self.agreement.history)}", by=by, **more), lag)

    def opened(self, kind: str) -> list[MatterOpened]:
        """The matters of a kind, the newest first."""
        found = [cast("MatterOpened", event.fact) for event in self.recorded(MatterOpened)]
        return [fact for fact in found if fact.kind == kind]

    def notify(self, about: MatterOpened, method: str, lag: timedelta = timedelta(0)) -> None:
        """The notice that belongs to a matter, from the side whose it is."""
        kind = {"lapse": "warning", "debt": "dunning"}[about.kind]
        giver = holders(self.terms.notices[kind].by, about.party or "customer")[0]
        self.tell(NoticeGiven(kind=kind, by=giver, method=method, about=about.matter), lag)

    @there_is(MatterOpened)
    @rule(pick=picks, end=st.sampled_from([*ENDS, "voided", "over"]), lag=lags)
    def a_matter_ends(self, *, pick: int, end: str, lag: timedelta) -> None:
        self.tell(MatterEnded(matter=self.matter(pick).matter, how=end), lag)

    @there_is(MatterOpened)
    @rule(pick=picks, lag=lags)
    def a_matter_goes_on_again(self, *, pick: int, lag: timedelta) -> None:
        self.tell(MatterReopened(matter=self.matter(pick).matter), lag)

    @there_is(MatterOpened)
    @rule(pick=picks, grave=yes, lag=lags)
    def something_else_is_said_of_a_matter(self, *, pick: int, grave: bool, lag: timedelta) -> None:
        self.tell(MatterChanged(matter=self.matter(pick).matter, attributes={"grave": grave}), lag)

    @there_is(MatterOpened)
    @rule(
        pick=picks,
        amount=st.sampled_from(["100", "40"]),
        means=st.sampled_from(["payment", "credit", "refund"]),
        lag=lags,
    )
    def money_moves(self, *, pick: int, amount: str, means: Any, lag: timedelta) -> None:
        if debts := self.opened("debt"):
            name = debts[pick % len(debts)].matter
            self.tell(Paid(matter=name, amount=Money(amount, "EUR"), means=means), lag)

    @rule(pick=picks, kind=st.sampled_from(["lapse", "debt"]), method=st.sampled_from(METHODS), lag=lags)
    def a_notice_that_belongs_to_a_matter(self, *, pick: int, kind: str, method: str, lag: timedelta) -> None:
        if matters := self.opened(kind):
            self.notify(matters[pick % len(matters)], method, lag)

    @there_is(MatterOpened)
    @rule(pick=picks, by=parties, method=st.sampled_from(METHODS), named=yes, lag=lags)
    def a_notice(self, *, pick: int, by: Any, method: str, named: bool, lag: timedelta) -> None:
        fact = self.matter(pick)
        kind = {"lapse": "warning", "debt": "dunning", "storm": "stop"}[fact.kind]
        about = (fact.matter,) if kind != "stop" and named else ()
        self.tell(NoticeGiven(kind=kind, by=by, method=method, about=about), lag)

    @there_is(NoticeGiven)
    @rule(pick=picks, by=parties, accepted=yes, lag=lags)
    def a_notice_is_proved_or_accepted(self, *, pick: int, by: Any, accepted: bool, lag: timedelta) -> None:
        given = self.recorded(NoticeGiven)
        name = given[pick % len(given)].id
        self.tell(Accepted(notice=name, by=by) if accepted else NoticeDelivered(notice=name), lag)

    @there_is(MatterOpened)
    @rule(pick=picks, which=picks, by=parties, days=st.integers(-3, 20), waives=yes, lag=lags)
    def more_time_or_less_power(
        self, *, pick: int, which: int, by: Any, days: int, waives: bool, lag: timedelta
    ) -> None:
        matter, names = self.matter(pick).matter, list(self.terms.powers)
        power, to = names[which % len(names)], self.now.date() + days * ONE
        self.tell(
            Waived(matter=matter, power=power, by=by) if waives else Extended(matter=matter, power=power, by=by, to=to),
            lag,
        )

    # ---- acts ------------------------------------------------------------------------------------------------

    @rule(does=st.sampled_from(["suspend", "reinstate", "accelerate", "terminate"]), by=parties, pick=picks)
    def someone_tries(self, *, does: str, by: Any, pick: int) -> None:
        if does != "terminate" or pick < 3:
            self.attempt(self.agreement, does, by)

    @rule(target=questions, does=st.sampled_from(["suspend", "reinstate", "accelerate"]), by=parties)
    def a_verdict_is_kept(self, *, does: str, by: Any) -> Any:
        if does not in self.acts():
            return multiple()
        verdict = self.agreement.may(does, by=by, at=self.now, known_through=self.now)
        return self.agreement, verdict, repr(verdict)

    @rule(kept=questions)
    def a_kept_verdict_is_acted_on(self, *, kept: Any) -> None:
        """It says what it said, and what counts is what the Terms permit now."""
        agreement, verdict, said = kept
        assert repr(verdict) == said
        self.attempt(agreement, verdict.question.does, verdict.question.by)

    def acts(self) -> set[str]:
        return {power.does for power in self.terms.powers.values()}

    def attempt(self, agreement: Agreement, does: str, by: Any) -> None:
        """What is permitted is done; what is refused leaves nothing, and has a reason."""
        if does not in self.acts():
            return
        before = len(agreement.history)
        asked: dict[str, Any] = {"by": by, "at": self.now, "known_through": self.now, "method": "post"}
        verdict = agreement.may(does, **asked)
        try:
            outcome = agreement.do(does, **asked)
        except Refused as refused:
            why = refused.verdict
            assert len(agreement.history) == before
            assert why.codes or why.rules
            assert not verdict.permitted or "ambiguous" in why.codes
        else:
            assert verdict.permitted
            assert len(agreement.history) == before + 1
            assert agreement.was_regular(outcome.event.id)

    @rule(does=st.sampled_from(["suspend", "reinstate"]), by=parties, lag=lags)
    def an_act_was_done_outside(self, *, does: str, by: Any, lag: timedelta) -> None:
        self.tell(Acted(does=does, by=by), lag)

    # ---- the record ------------------------------------------------------------------------------------------

    @there_is(MatterEnded)
    @rule(pick=picks, days=st.integers(-5, 5), gone=yes)
    def a_record_was_wrong(self, *, pick: int, days: int, gone: bool) -> None:
        events = self.recorded(MatterEnded, NoticeGiven, Paid, Waived)
        event = events[pick % len(events)]
        moment = max(self.start, self.agreement.instant(event.occurred) + days * ONE)
        moved = Corrected(event=event.id, fact=event.fact, occurred=moment)
        self.tell(Withdrawn(event=event.id) if gone else moved)

    @rule(lag=st.sampled_from([0, 0, 2, 15]).map(timedelta))
    def the_host_catches_up(self, *, lag: timedelta) -> None:
        at = max(self.start, self.now - lag)
        self.agreement.catch_up(at)
        assert self.agreement.catch_up(at) == ()
