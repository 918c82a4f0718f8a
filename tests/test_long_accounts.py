"""Long accounts: what is read on is what is read anew, and twice the events take about twice the work. How long that
takes is never asserted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from types import FrameType
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from benchmarks import accounts
from lifecycle import Agreement, Period, demo
from lifecycle.audit import _asked, _counting, _effect, _judged
from lifecycle.course import Course
from lifecycle.docket import Docket, fold
from lifecycle.events import Acted, Event, Fact, MatterChanged, OrderSigned, Posted
from lifecycle.files import read as read_file
from lifecycle.history import effective
from lifecycle.outlook import _horizon, ahead
from lifecycle.reporting.report import gathered
from lifecycle.reporting.spans import calendar_of, horizon, span_at, spans
from lifecycle.reporting.timeline import picture
from lifecycle.testing import Story
from lifecycle.verdict import Verdict
from lifecycle.views import View
from lifecycle.weighing import Weighed, weigh
from tests import lives
from tests.test_chronicle import AUTOMATIC, FIRST, SECOND, START, amended, read, step, steps, whole

__all__ = ["read"]  # the fixture

amended_steps = st.lists(st.tuples(st.sampled_from(["record", "late", "withdraw", "do"]), amended, whole, whole))

Told = tuple[str, Fact, int, int]
Found = tuple[str, Verdict, Verdict, Weighed]


def anew(account: Agreement) -> Agreement:
    return Agreement(list(account.history), account.library, policy=account.policy)


# ---- the plain way: everything is read from its beginning for each question ---------------------------------------


def before(event: Event, account: Agreement) -> Course:
    """The course on what was recorded before an event, as of when it happened."""
    recorded = list(account.history)[: event.sequence - 1]
    at = fold(account.library, recorded, None).instant_of(event)
    return Course(fold(account.library, recorded, at), at)


def done(account: Agreement) -> Iterator[tuple[Event, Docket, list[Event]]]:
    """Each act in the order in which they were done, with what is known now, and the events of that but for the act
    itself and those after it.
    """
    events = list(account.history)
    docket = fold(account.library, events, None)
    acts = sorted((e for e in effective(events[1:]) if isinstance(e.fact, Acted | Posted)), key=docket.order_of)
    for place, event in enumerate(acts):
        gone = {later.id for later in acts[place:]}
        known = [e for e in events if e.id not in gone and getattr(e.fact, "event", None) not in gone]
        if isinstance(event.fact, Acted) or event.fact.power is not None:  # type: ignore[union-attr]
            yield event, docket, known


def plainly_found(account: Agreement) -> Iterator[Found]:
    for event, docket, known in done(account):
        fact, at = event.fact, docket.instant_of(event)
        assert isinstance(fact, Acted | Posted)
        effect, asked = _effect(event, docket), _asked(fact, at, docket.versions)

        def world(readings: Mapping[str, str], known: list[Event] = known, effect: Any = effect) -> Course:
            return Course(fold(account.library.supposing(readings), known, effect), effect)

        counting = _counting(asked, effect)
        then = _judged(before(event, account), fact, asked)
        yield event.id, then, _judged(world({}), fact, counting), weigh(world, counting)


def plainly_regular(event: Event, account: Agreement) -> bool:
    found = next((act for act in done(account) if act[0].id == event.id), None)
    event = next((stands for stands in effective(list(account.history)[1:]) if stands.id == event.id), event)
    event, docket, known = found or (event, fold(account.library, list(account.history), None), [])
    fact = event.fact
    if not isinstance(fact, Acted | Posted) or (isinstance(fact, Posted) and fact.power is None):
        return True
    course, effect = before(event, account), _effect(event, docket)
    regular = _judged(course, fact, _asked(fact, course.horizon, course.versions)).permitted
    if getattr(fact, "override", None) is not None or not regular or effect <= course.horizon or not found:
        return regular and getattr(fact, "override", None) is None
    by_then = account.history.known(effect)
    there = Course(fold(account.library, [e for e in known if e in by_then], effect), effect)
    return _judged(there, fact, _counting(_asked(fact, course.horizon, there.versions), effect)).permitted


def plainly_woken(account: Agreement, at: Any) -> Any:
    """When to look again: the first instant of all that is ahead."""
    course = anew(account)._course(at)
    coming = [entry.at for entry in anew(account).timeline(at).entries]
    stopped = course.term_to_stop(at)
    edges = [course.chain.non_renewal_window(stopped).closes] if stopped else []
    turns = [entry.at for entry in ahead(course.up_to(_horizon(course, at)[0]), at)]
    return min((i for i in (*turns, *coming, *edges, *filter(None, [course.next_turn(at)])) if i > at), default=None)


def answers_as_plainly(account: Agreement) -> None:
    """Claim that audit and regularity are as the plain way finds them, asked of one account in any order."""
    plain = list(plainly_found(account))
    assert [(f.event.id, f.then, f.now, f.weighed) for f in account.audit()] == plain
    for event in (*account.history, *reversed(list(account.history))):
        assert account.was_regular(event.id) == plainly_regular(event, account), event
    assert [(f.event.id, f.then, f.now, f.weighed) for f in anew(account).audit()] == plain


# ---- accounts -----------------------------------------------------------------------------------------------------


def breaching() -> Story:
    """Breaches notified, one cured in time and one not; a force majeure; overrides; suspensions by each of them."""
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    for n, month in enumerate(("02", "03", "04", "05")):
        story.on(f"2026-{month}-01").opened("breach", f"B-{n}", party="customer", material=True, remediable=n % 2 == 0)
        story.on(f"2026-{month}-02").notice("breach", about=f"B-{n}", method=("courier", "email")[n % 2])
        if n == 1:
            story.opened("force_majeure", "F-1", prevents=("B-0", "B-2"))
        story.on(f"2026-{month}-20").do("suspend", power="suspend.breach", about=f"B-{n}", override="attack")
        story.on(f"2026-{month}-25").acted("reinstate")
        if n % 2:
            story.on(f"2026-{month}-27", learned=f"2026-{month}-28").ended(f"B-{n}", "cured")
    return story


def lasting(readings: Mapping[str, str]) -> Story:
    """Invoices that are paid late, each before the next is due; and disputed or changed afterwards."""
    story = Story(on=START, readings=readings).order("O-1", start=str(START), months=12)
    for n, month in enumerate(("02", "04", "06", "08")):
        story.on(f"2026-{month}-01").invoice(f"I-{n}", "10 USD", due=f"2026-{month}-02")
        story.on(f"2026-{month}-05").notice("overdue", about=f"I-{n}", method="personal")
        later = f"2026-{int(month) + 1:02d}"
        story.on(f"{later}-10").acted("suspend", power="suspend.overdue", about=f"I-{n}")
        story.on(f"{later}-12").paid(f"I-{n}", "10 USD")
        if n % 2:
            story.on(f"{later}-15").paid(f"I-{n - 1}", "10 USD", "chargeback")
    return story


ACCOUNTS: dict[str, Callable[[], Agreement]] = {
    "who pays late": lambda: Agreement(accounts.life(41)),
    "the example": lambda: Agreement(read_file(demo.example())),
    "in breach": lambda: breaching().agreement,
    "every amount counts": lambda: lasting(AUTOMATIC).agreement,
    "as agreed by default": lambda: lasting({}).agreement,
}


@pytest.mark.parametrize("name", ACCOUNTS)
def test_an_audit_finds_what_it_would_reading_the_history_anew_for_each_act(name: str) -> None:
    answers_as_plainly(ACCOUNTS[name]())


@pytest.mark.parametrize("seed", range(12))
def test_an_audit_of_any_life_finds_what_it_would_reading_the_history_anew(seed: int) -> None:
    answers_as_plainly(lives.life(seed, plain=False))


@pytest.mark.parametrize("readings", [{}, AUTOMATIC])
@settings(max_examples=15)
@given(steps=steps)
def test_an_audit_of_what_was_told_late_corrected_or_withdrawn_is_as_read_anew(
    readings: dict[str, str], steps: list[Told]
) -> None:
    story = Story(on=START, readings=readings).order("O-1", start=str(START), months=6)
    answers_as_plainly(told(story.agreement, steps))


@settings(max_examples=15)
@given(steps=amended_steps)
def test_an_audit_of_an_amended_account_is_as_read_anew(steps: list[Told]) -> None:
    agreement = Agreement(list(Story(FIRST, on=START).agreement.history), (FIRST, SECOND))
    agreement.record(OrderSigned(order="O-1", start=START, term=Period(6, "months")), at=START)
    answers_as_plainly(told(agreement, steps))


def told(account: Agreement, steps: list[Told]) -> Agreement:
    now = datetime(2026, 1, 7, 12, tzinfo=UTC)
    for what, fact, back, on in steps:
        now += timedelta(days=on % 20)
        step(account, what, fact, now, back)
    return account


@pytest.mark.parametrize("account", [*ACCOUNTS.values(), *(partial(lives.life, n, plain=False) for n in range(6))])
def test_a_life_told_in_order_is_what_each_instant_of_it_would_answer_by_itself(
    account: Callable[[], Agreement],
) -> None:
    asked = account()
    first = asked.instant(asked.history[0].occurred)
    until = asked.instant(asked.history[-1].occurred) + timedelta(days=200)
    at, calendar, put = first, calendar_of(asked), {}  # type: ignore[var-annotated]
    for _ in range(60):
        assert span_at(asked, at, calendar, put) == span_at(anew(asked), at, calendar), at
        assert asked.duties(at) == anew(asked).duties(at)
        following = asked.wake_at(at)
        assert following == plainly_woken(asked, at), at
        if following is None or following > until:
            break
        at = following


@pytest.mark.parametrize(
    ("name", "power"), [("in breach", "suspend.breach"), ("every amount counts", "suspend.overdue")]
)
def test_an_act_is_weighed_alike_whatever_was_asked_or_recorded_before(name: str, power: str) -> None:
    account = ACCOUNTS[name]()
    growing = Agreement(list(account.history)[:2], account.library)
    instants = [account.instant(event.recorded) for event in account.history]
    for n, (event, at) in enumerate(zip(list(account.history)[2:], instants[2:], strict=True)):
        growing.record(event.fact, at=event.recorded, occurred=event.occurred, id=event.id)
        asked = growing.weigh("suspend", by="provider", at=at, power=power)
        if n % 4 == 3:
            assert asked == anew(growing).weigh("suspend", by="provider", at=at, power=power), event
    for at in (instants[4], instants[9], instants[12], instants[7]):
        again = anew(account).weigh("suspend", by="provider", at=at, power=power)
        assert growing.weigh("suspend", by="provider", at=at, power=power) == again
    assert growing.weigh_all(instants[9]) == anew(account).weigh_all(instants[9])


def test_a_hold_that_was_seen_lifting_lasts_on_where_what_it_waits_for_fell_due_earlier() -> None:
    # I-1 is paid on 2 April, while I-2 falls due on 1 May: the hold lifts. I-2, it turns out, was due on 1 March.
    story = (
        Story(on=START, readings=AUTOMATIC).order("O-1", start=str(START)).invoice("I-1", "10 USD", due="2026-02-01")
    )
    story.invoice("I-2", "10 USD", due="2026-05-01")
    story.on("2026-03-20").acted("suspend", power="suspend.overdue", about="I-1")
    assert story.on("2026-04-02").paid("I-1", "10 USD").state == "active"
    assert story.on("2026-04-03").state == "active"
    story.on("2026-04-04").record(MatterChanged(matter="I-2", days={"due": date(2026, 3, 1)}))
    assert story.on("2026-04-05").state == "suspended"
    assert story.on("2026-04-06").paid("I-2", "10 USD").state == "active"


def test_a_power_that_was_seen_waiting_for_a_notice_is_gone_with_the_agreement() -> None:
    # Two months through 4 March, not renewed: nobody can terminate on 5 March for a breach of January.
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=2)
    story.on("2026-01-06").opened("breach", "B-1", party="provider", material=True, remediable=True)
    story.notice("non_renewal", by="provider", method="courier")
    for day, waits in (("2026-03-04", True), ("2026-03-05", False)):
        powers = story.agreement.powers(day)
        assert powers == anew(story.agreement).powers(day)
        assert ("terminate.breach" in {o.power.id for o in powers}) is waits


def test_an_instant_asked_about_again_after_later_ones_answers_as_it_did() -> None:
    account = Agreement(accounts.life(41))
    instants = [account.instant(account.history[n].recorded) for n in (9, 17, 25, 33)]
    for at in instants:
        assert account.status(at) == anew(account).status(at)
        assert account.powers(at) == anew(account).powers(at)
    for at in reversed(instants):
        assert account.matters(at) == anew(account).matters(at)


# ---- how the work grows -------------------------------------------------------------------------------------------


def audit(account: Agreement) -> None:
    assert all(finding.standing in ("right", "contested") for finding in account.audit())


def regular(account: Agreement) -> None:
    assert all(account.was_regular(event.id) for event in account.history)


def life(account: Agreement) -> None:
    assert spans(account, horizon(account, account.history[-1].recorded))


def drawn(account: Agreement) -> None:
    assert picture(account, account.history[-1].recorded).lanes


def weighed(account: Agreement) -> None:
    for event in account.history:
        if isinstance(event.fact, Acted):
            asked = account.weigh("suspend", by="provider", at=event.recorded, about=event.fact.about)
            assert event.recorded in asked.possible


def gathering(account: Agreement) -> None:
    assert gathered(View(account=account, at=account.history[-1].recorded)).told


def calls(work: Callable[[Agreement], object], account: Agreement) -> int:
    """How many functions of the library a work calls."""
    count = 0

    def noted(frame: FrameType, event: str, _: object) -> None:
        nonlocal count
        count += event == "call" and "lifecycle" in frame.f_code.co_filename

    sys.setprofile(noted)
    try:
        work(account)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("work", [audit, regular, life, drawn, weighed, gathering])
def test_twice_the_events_take_about_twice_the_work(work: Callable[[Agreement], object]) -> None:
    work(Agreement(accounts.life(40)))  # what is made once for the Terms
    few, many = (calls(work, Agreement(accounts.life(n))) for n in (40, 80))
    assert many < 2.7 * few


@pytest.mark.parametrize("work", [audit, regular, life, drawn])
def test_each_event_is_read_as_often_in_a_long_account_as_in_a_short_one(
    work: Callable[[Agreement], object], read: list[Event]
) -> None:
    often = []
    for n in (60, 120):
        account = Agreement(accounts.life(n))
        read.clear()
        work(account)
        often.append(len(read) / n)
    assert often[1] < 1.3 * often[0]
