"""What an agreement keeps from one question or record to the next never shows: it answers as one read anew from its
events would, at any instant, whatever was recorded late, corrected, withdrawn, amended or refused in between.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Literal

import hypothesis.strategies as st
import pytest
from attrs import evolve
from hypothesis import given, settings

from lifecycle import Agreement, LifecycleError, Money, Period
from lifecycle.chronicle import Chronicle, Ledger
from lifecycle.docket import Docket, Occurrence, fold
from lifecycle.errors import InvalidFact
from lifecycle.events import (
    Accepted,
    Acted,
    Agreed,
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
    Posted,
    Waived,
    Withdrawn,
)
from lifecycle.terms import load
from lifecycle.testing import Story
from tests.test_amendments import AMENDMENT, version

START = date(2026, 1, 5)
AUTOMATIC = {"3.2a-exercise": "ends by itself", "overdue-amounts": "every overdue amount"}
PARTIES: tuple[Literal["provider", "customer"], ...] = ("provider", "customer")

days = st.integers(0, 400)
parties = st.sampled_from(PARTIES)
invoices = st.sampled_from(["I-1", "I-2"])
breaches = st.sampled_from(["B-1", "B-2"])
matters = invoices | breaches | st.sampled_from(["F-1", "R-1"])
notices = st.sampled_from(["N-1", "N-2", "N-3"])
whole = st.integers(1, 60)


def day(n: int) -> date:
    return START + timedelta(n)


def money(amount: int) -> Money:
    return Money(str(amount), "USD")


def invoice(matter: str, due: int, amount: int) -> Fact:
    return MatterOpened(
        kind="invoice", matter=matter, amount=money(amount), days={"due": day(due)}, attributes={"payment": "invoice"}
    )


def breach(matter: str, party: Any, remediable: bool) -> Fact:  # noqa: FBT001 - drawn, not called
    return MatterOpened(
        kind="breach", matter=matter, party=party, attributes={"remediable": remediable, "material": True}
    )


facts: st.SearchStrategy[Fact] = st.one_of(
    st.builds(invoice, invoices, days, whole),
    st.builds(breach, breaches, parties, st.booleans()),
    st.just(MatterOpened(kind="force_majeure", matter="F-1", attributes={"prevents": ("B-1",)})),
    st.just(MatterOpened(kind="security_risk", matter="R-1", by="provider")),
    st.builds(lambda m, how: MatterEnded(matter=m, how=how), matters, st.sampled_from(["cured", "voided", "ended"])),
    st.builds(lambda m: MatterReopened(matter=m), matters),
    st.builds(lambda m, due: MatterChanged(matter=m, days={"due": day(due)}), invoices, days),
    st.builds(
        lambda m, amount, means: Paid(matter=m, amount=money(amount), means=means),
        invoices,
        whole,
        st.sampled_from(["payment", "credit", "chargeback"]),
    ),
    st.builds(lambda m, to: Extended(matter=m, by="provider", day="due", to=day(to)), invoices, days),
    st.builds(lambda m: Waived(matter=m, power="suspend.overdue", by="provider"), invoices),
    st.builds(
        lambda kind, by, how, about: NoticeGiven(kind=kind, by=by, method=how, about=about),
        st.sampled_from(["overdue", "breach"]),
        parties,
        st.sampled_from(["courier", "personal", "email"]),
        matters,
    ),
    st.builds(lambda by: NoticeGiven(kind="non_renewal", by=by, method="courier"), parties),
    st.builds(lambda n: NoticeDelivered(notice=n), notices),
    st.builds(lambda n, by: Accepted(notice=n, by=by), notices, parties),
    st.builds(lambda n: Agreed(what="withdrawal", target=n), notices),
    st.builds(
        lambda does, about: Acted(does=does, by="provider", about=about),
        st.sampled_from(["suspend", "suspend", "reinstate", "terminate", "accelerate"]),
        st.just(()) | matters,
    ),
    st.builds(lambda m: Acted(does="suspend", by="provider", power="suspend.overdue", about=m), st.just(()) | invoices),
    st.just(Agreed(what="termination")),
    st.builds(lambda k, start: OrderSigned(order=f"O-{k}", start=day(start), term=Period(3, "months")), whole, days),
)
"""What is recorded of an account under the Modal Terms; much of it is refused, and much of it comes late."""

overdue: st.SearchStrategy[Fact] = st.one_of(
    st.builds(lambda m: invoice(m, 0, 10), invoices),
    st.builds(lambda m, means: Paid(matter=m, amount=money(10), means=means), invoices, st.just("payment")),
    st.builds(lambda m, means: Paid(matter=m, amount=money(10), means=means), invoices, st.just("chargeback")),
    st.builds(lambda m: Acted(does="suspend", by="provider", power="suspend.overdue", about=m), invoices),
    st.builds(lambda m: Acted(does="reinstate", by="provider", about=m), st.just(()) | invoices),
)
"""Holds that come and go."""

steps = st.lists(
    st.tuples(
        st.sampled_from(["record", "record", "late", "correct", "withdraw", "do", "ask"]),
        st.sampled_from([facts, overdue]).flatmap(lambda some: some),
        whole,
        whole,
    ),
    min_size=5,
    max_size=25,
)


def answers(agreement: Agreement, at: datetime) -> tuple[object, ...]:
    """Everything the door says about an instant."""
    may = [
        agreement.may(does, by=by, at=at, known_through=at, method="courier")
        for does in ("suspend", "reinstate", "terminate")
        for by in PARTIES
    ]
    return (
        agreement.status(at),
        agreement.powers(at),
        agreement.duties(at),
        agreement.timeline(at),
        agreement.wake_at(at),
        agreement.remarks(at),
        agreement.clauses_in_force(at),
        agreement.terms_at(at).id,
        may,
    )


def answers_as_read_anew(agreement: Agreement, instants: list[datetime]) -> None:
    """Claim that nothing shows of what the agreement went through. Asked in one order, and of another in the other."""
    anew = Agreement(list(agreement.history), agreement.library)
    for at in instants:
        assert answers(agreement, at) == answers(Agreement(list(agreement.history), agreement.library), at)
    for at in instants[::-2]:
        assert answers(agreement, at) == answers(anew, at)


def turning(agreement: Agreement, at: datetime, edges: int = 6) -> list[datetime]:
    """An instant, and the next ones at which an answer can change, each with the last one before it."""
    anew, instants = Agreement(list(agreement.history), agreement.library), [at]
    while edges and (edge := anew.wake_at(instants[-1])):
        instants += [edge - timedelta.resolution, edge]
        edges -= 1
    return instants


def step(agreement: Agreement, what: str, fact: Fact, now: datetime, back: int) -> None:
    """One thing that happens to an account; refused, it leaves no trace."""
    before = len(agreement.history)
    events = [event for event in agreement.history if event.sequence > 1]
    target = events[back % len(events)].id if events else ""
    try:
        match what:
            case "late":
                agreement.record(fact, at=now, occurred=max(now - timedelta(back), datetime(2026, 1, 6, tzinfo=UTC)))
            case "correct":
                agreement.record(Corrected(event=target, fact=fact), at=now)
            case "withdraw":
                agreement.record(Withdrawn(event=target), at=now)
            case "do":
                does = fact.does if isinstance(fact, Acted) else "suspend"
                agreement.do(does, by="provider", at=now, known_through=now, method="courier")
            case "ask":
                answers(agreement, now - timedelta(back))
            case _:
                notice = isinstance(fact, NoticeGiven) and f"N-{1 + back % 3}"
                agreement.record(fact, at=now, id=notice or None)
    except LifecycleError:
        assert len(agreement.history) == before


@pytest.mark.parametrize("readings", [{}, AUTOMATIC])
@settings(max_examples=60)
@given(steps=steps, months=st.sampled_from([6, 2]), renews=st.booleans(), since=days)
def test_an_account_told_step_by_step_answers_as_one_read_anew(
    *, readings: dict[str, str], steps: list[tuple[str, Fact, int, int]], months: int, renews: bool, since: int
) -> None:
    story = Story(on=START, readings=readings).order("O-1", start=str(START), months=months, renews=renews)
    now = datetime(2026, 1, 7, 12, tzinfo=UTC)
    for what, fact, back, ahead in steps:
        now += timedelta(days=ahead % 20)
        step(story.agreement, what, fact, now, back)
        if back % 3 == 0:
            answers_as_read_anew(story.agreement, [now, now - timedelta(back), now + timedelta(ahead)])
    then = min(now, story.agreement.instant(day(since)))
    answers_as_read_anew(story.agreement, [*turning(story.agreement, then), now + timedelta(300)])


FIRST = version("v1", 30, AMENDMENT, LIFTS="by itself", BY="notice:change")
SECOND = version("v2", 10, AMENDMENT, LIFTS="by itself", APPLIES="all", EXERCISE="automatic")
other_terms: dict[str, Any] = {"terms": "v2", "digest": SECOND.digest}
amended: st.SearchStrategy[Fact] = st.one_of(
    st.builds(lambda m: MatterOpened(kind="breach", matter=m), breaches),
    st.builds(lambda m: MatterEnded(matter=m, how="cured"), breaches),
    st.builds(
        lambda m, how: NoticeGiven(kind="breach", by="provider", method=how, about=m),
        breaches,
        st.sampled_from(["hand", "post", "email"]),
    ),
    st.builds(lambda by: NoticeGiven(kind="stop", by=by, method="hand"), parties),
    st.builds(lambda how: NoticeGiven(kind="change", by="provider", method=how, **other_terms), st.just("hand")),
    st.just(NoticeGiven(kind="objection", by="customer", method="hand")),
    st.builds(lambda n: Agreed(what="withdrawal", target=n), notices),
    st.builds(lambda n: NoticeDelivered(notice=n), notices),
    st.builds(lambda on: Agreed(what="amendment", effective=day(on), **other_terms), days),
    st.builds(lambda about: Acted(does="suspend", by="provider", power="suspend", about=about), st.just(()) | breaches),
    st.just(Acted(does="reinstate", by="provider")),
    st.just(Posted(power="announce")),
)


@settings(max_examples=60)
@given(
    steps=st.lists(st.tuples(st.sampled_from(["record", "late", "withdraw", "do"]), amended, whole, whole)), since=days
)
def test_an_amended_account_told_step_by_step_answers_as_one_read_anew(
    steps: list[tuple[str, Fact, int, int]], since: int
) -> None:
    story = Story(FIRST, on=START)
    agreement = Agreement(list(story.agreement.history), (FIRST, SECOND))
    agreement.record(OrderSigned(order="O-1", start=START, term=Period(6, "months")), at=START)
    now = datetime(2026, 1, 7, 12, tzinfo=UTC)
    for what, fact, back, ahead in steps:
        now += timedelta(days=ahead % 20)
        step(agreement, what, fact, now, back)
        if back % 3 == 0:
            answers_as_read_anew(agreement, [now, now - timedelta(back), now + timedelta(ahead)])
    then = min(now, agreement.instant(day(since)))
    answers_as_read_anew(agreement, [*turning(agreement, then), now + timedelta(300)])


WRITTEN = version("v1", 30, EXERCISE="written notice")  # section 1: a writing counts three days after it is posted


def test_what_is_refused_leaves_no_trace_on_what_was_asked_before() -> None:
    story = Story(on=START).order("O-1", start=str(START), months=2)
    ahead = story.agreement.timeline("2026-01-10")
    with pytest.raises(InvalidFact, match="cannot be amended"):
        story.on("2026-01-10").record(
            NoticeGiven(kind="non_renewal", by="provider", method="courier", terms="v2", digest=SECOND.digest)
        )
    assert story.agreement.timeline("2026-01-10") == ahead  # term 1 renews: notice of non-renewal is not recorded


def test_an_act_that_counts_later_is_judged_by_what_is_recorded_until_it_does() -> None:
    # Notice on 1 January, 60 days through 2 March: posted on 10 March, the termination counts on the 13th.
    story = Story(WRITTEN, on="2026-01-01").order("O-1", start="2026-01-01")
    story.opened("breach", "B-1").notice("breach", about="B-1", method="hand")
    story.on("2026-03-10").do("terminate", power="end", about="B-1", method="post")
    assert story.agreement.was_regular("acme:5")
    story.on("2026-03-12").ended("B-1", "cured")  # in time: it falls before it counts
    assert not story.agreement.was_regular("acme:5")
    assert story.on("2026-03-13").status().irregular == ("acme:5",)


# ---- how much is read -----------------------------------------------------------------------------------------


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """The events that dockets read, as they do."""
    events: list[Event] = []
    apply = Docket.apply

    def noting(docket: Docket, event: Event, *order: Occurrence) -> None:
        events.append(event)
        apply(docket, event, *order)

    monkeypatch.setattr(Docket, "apply", noting)
    return events


def long_account() -> Story:
    story = Story(on=START).order("O-1", start=str(START), months=12)
    for n in range(60):
        story.on(START + timedelta(n)).invoice(f"I-{n}", "10 USD", due=str(day(n + 30)))
    return story


def test_a_fact_in_order_is_the_only_one_read(read: list[Event]) -> None:
    story = long_account()
    read.clear()
    story.on("2026-03-20").paid("I-1", "10 USD")
    story.on("2026-04-20").may("suspend")
    assert [event.id for event in read] == [story.last]


def test_a_second_late_fact_is_read_on_from_the_first(read: list[Event]) -> None:
    story = long_account()
    story.on("2026-02-20", learned="2026-03-20").paid("I-1", "10 USD")
    read.clear()
    story.on("2026-02-21", learned="2026-03-20").paid("I-2", "10 USD")
    assert 0 < len(read) < 30  # what happened from 20 February on, of 62 events


def test_a_question_about_the_past_is_read_once(read: list[Event]) -> None:
    story = long_account()
    story.on("2026-02-20").status()
    read.clear()
    story.on("2026-02-20T23:00Z").may("suspend")
    assert not read


def test_what_a_reader_read_is_not_read_again(read: list[Event]) -> None:
    agreement = long_account().agreement
    chronicle = Chronicle(agreement.library, agreement.history)
    reader = chronicle.supposing({})

    def reading(asked: Callable[[int], object], place: int) -> int:
        read.clear()
        asked(place)
        return len(read)

    assert [reading(reader.up_to, place) for place in (50, 50, 52, 55, 50)] == [50, 0, 2, 3, 0]
    assert [reading(reader.afresh, place) for place in (50, 54)] == [0, 4]
    other = reader.with_events([*chronicle.events], chronicle.mistaken, 50)
    assert [reading(other.up_to, place) for place in (50, 53)] == [0, 3]
    last = evolve(agreement.history[-1], sequence=99, id="x", fact=Agreed(what="termination"))
    read.clear()
    chronicle.having(last, agreement.history)
    assert read == [last]


def test_what_was_recorded_before_each_event_is_read_once(read: list[Event]) -> None:
    agreement = long_account().agreement
    ledger = Ledger(agreement.library, agreement.history)
    read.clear()
    for n in range(2, len(agreement.history) + 1):
        assert ledger.before(n).head.size == ledger.before(n).head.size == n - 2  # without that it was made
    assert len(read) == len(agreement.history) - 2


def test_a_chronicle_is_as_before_where_a_fact_has_no_meaning_in_its_place() -> None:
    agreement = long_account().agreement
    chronicle = Chronicle(agreement.library, agreement.history)
    there = agreement.history[30]
    unknown = MatterOpened(kind="whim", matter="W-1")
    late = Event(agreement="acme", sequence=99, id="x", occurred=there.occurred, recorded=there.recorded, fact=unknown)
    with pytest.raises(InvalidFact, match="whim"):
        chronicle.having(late, agreement.history)
    with pytest.raises(InvalidFact, match="whim"):
        chronicle.add(late)
    assert list(chronicle.head.matters) == list(fold(agreement.library, list(agreement.history), None).matters)


def eventful() -> Story:
    """Facts in order, late, corrected to another day and withdrawn; acts and memos among them."""
    story = Story(on=START).order("O-1", start=str(START), months=12)
    for n in range(24):
        story.on(START + timedelta(3 * n)).invoice(f"I-{n}", "10 USD", due=str(day(3 * n + 10)))
        match n % 6:
            case 1:
                story.on(START + timedelta(3 * n - 7), learned=START + timedelta(3 * n)).paid(f"I-{n - 3}", "4 USD")
            case 2:
                back = START + timedelta(3 * n - 5)
                paid = Paid(matter=f"I-{n - 4}", amount=money(3))
                last = story.agreement.history[-2]
                moved = Corrected(event=last.id, occurred=back, fact=paid)
                if isinstance(last.fact, Paid):
                    story.record(moved)
            case 4:
                story.withdrawn(story.last)
            case 5:
                story.acted("suspend", power="suspend.overdue", about=f"I-{n - 3}")
                story.on(START + timedelta(3 * n + 1))
                if n % 12 == 5:
                    story.acted("reinstate")
                else:  # it lifts by itself, and the host is told
                    story.paid(f"I-{n - 3}", "10 USD").catch_up()
            case _:
                story.paid(f"I-{n}", "10 USD")
    kinds = Counter(type(event.fact).__name__ for event in story.agreement.history)
    assert min(kinds[name] for name in ("Corrected", "Withdrawn", "CaughtUp", "Acted")) >= 2
    return story


def told(docket: Docket) -> tuple[object, ...]:
    """What a docket was told, and makes of it."""
    return docket.size, docket.read, dict(docket.matters), dict(docket.notices), list(docket.acts), docket.mistaken


def afresh(chronicle: Chronicle, events: Sequence[Event]) -> Docket:
    docket = Docket(chronicle.library, chronicle._made)
    docket.mistaken = chronicle.mistaken
    for event in events:
        docket.apply(event)
    return docket


def test_dockets_are_those_of_their_places_in_whatever_order_they_are_asked_for_and_by_whom() -> None:
    """Readers of the same events up to a place share what was read; none of them moves what another keeps."""
    agreement = eventful().agreement
    chronicle = Chronicle(agreement.library, agreement.history)
    events, dice = list(chronicle.events), Random(5)  # noqa: S311 - dice
    right = [told(afresh(chronicle, events[:place])) for place in range(len(events) + 1)]
    readers = [chronicle.supposing({})]
    for turn in range(120):
        reader = readers[dice.randrange(len(readers))]
        place = dice.randrange(len(events))
        for there in (place, dice.randint(place, len(events)), len(events) - 1, len(events)):
            assert told(reader.up_to(there)) == right[there]
        if turn % 10 == 0:
            assert told(reader.afresh(place)) == right[place]
            readers = [*readers[-2:], reader.with_events([*events], chronicle.mistaken, place)]
    other = readers[0].with_events(events[:9], frozenset({"I-1"}), 5)
    assert other.up_to(4).mistaken == {"I-1"}


def test_no_more_dockets_are_kept_than_said() -> None:
    agreement = long_account().agreement
    reader = Chronicle(agreement.library, agreement.history).supposing({})
    for place in range(60, 0, -1):
        assert reader.up_to(place).size == place
    assert sorted(reader._kept) == [*range(1, 17)]  # the last ones that were asked for


@pytest.mark.parametrize(
    ("before", "shared", "steps"),
    [
        ((5, 10, 15, 20, 25), 20, (20, 25, 30)),
        ((5, 10, 15, 20, 25), 25, (5, 10, 15, 25, 30, 35)),
        ((5, 10, 15, 20, 25), 15, (5, 10, 15, 40)),
        ((5, 10, 15, 20, 25), 60, (30, 35)),  # on from the last one, which is shared
        ((25, 20, 15, 10, 5), 60, (7, 12, 17, 22)),  # each from another one that is shared
        ((25, 20, 15, 10, 5), 60, (30, 31, 32, 10, 12)),
    ],
)
def test_a_reader_that_shares_what_it_read_leaves_it_where_it_was(
    before: tuple[int, ...], shared: int, steps: tuple[int, ...]
) -> None:
    agreement = long_account().agreement
    chronicle = Chronicle(agreement.library, agreement.history)
    for first in (0, 1):
        reader = chronicle.supposing({})
        for place in before:
            reader.up_to(place)
        both = reader, reader.with_events([*chronicle.events], chronicle.mistaken, shared)
        for one in (both[first], both[1 - first]):
            for place in steps:
                assert one.up_to(place).size == place
                assert all(docket.size == at for reader in both for at, docket in reader._kept.items())


def test_what_was_recorded_before_each_event_is_read_in_any_order() -> None:
    agreement = eventful().agreement
    events = list(agreement.history)
    numbers = range(2, len(events) + 1)
    for order in (numbers, reversed(numbers), [*numbers[::3], *numbers[::-2]]):
        ledger = Ledger(agreement.library, agreement.history)
        for n in order:
            anew, read = Chronicle(agreement.library, events[: n - 1]), ledger.before(n)
            assert list(read.events) == list(anew.events)
            assert told(read.head) == told(anew.head)


def test_an_event_is_found_as_it_stands_now() -> None:
    story = Story(on=START).order("O-1", start=str(START)).invoice("I-1", "10 USD", due="2026-02-01")
    for n in (1, 2, 3):
        story.on(f"2026-02-0{n}").paid("I-1", f"{n} USD")
    first, second, third = list(story.agreement.history)[-3:]
    story.on("2026-02-04").record(Corrected(event=second.id, occurred=date(2026, 1, 20), fact=second.fact))
    story.withdrawn(third.id)
    chronicle = Chronicle(story.agreement.library, story.agreement.history)
    assert chronicle.standing(first) == first
    assert chronicle.standing(second) == evolve(second, occurred=date(2026, 1, 20))
    assert chronicle.standing(third) == third  # withdrawn: as it was recorded
    late = evolve(first, occurred=date(2026, 1, 20), id="late", sequence=99)
    assert chronicle.standing(late) == late


def test_dockets_of_the_past_know_what_was_recorded_by_mistake() -> None:
    story = long_account().on("2026-03-10").withdrawn("acme:5")
    chronicle = Chronicle(story.agreement.library, story.agreement.history)
    opened = story.agreement.history[4].fact
    assert isinstance(opened, MatterOpened)
    assert chronicle.mistaken == {opened.matter}
    then = story.agreement.instant("2026-02-01")
    for docket in (chronicle.at(then), chronicle.supposing({}).up_to(9), chronicle.head):
        assert docket.mistaken == {opened.matter}


@pytest.mark.parametrize("asked", [(), ("2026-01-20",), ("2026-01-20", "2026-02-20")])
def test_a_fact_that_is_refused_half_read_leaves_the_head_as_it_was(asked: tuple[str, ...]) -> None:
    agreement = long_account().agreement
    chronicle = Chronicle(agreement.library, agreement.history)
    before, last = told(chronicle.head), agreement.history[-1]
    for on in asked:
        chronicle.at(agreement.instant(on))
    unknown = MatterOpened(kind="whim", matter="W-1")
    with pytest.raises(InvalidFact, match="whim"):
        chronicle.add(evolve(last, sequence=99, id="x", fact=unknown))
    assert told(chronicle.head) == before


def test_calendars_and_zones_are_reckoned_once_for_all_agreements() -> None:
    terms = load("modal-2024-03-26")
    assert terms.calendar() is terms.calendar()


def test_a_hold_that_was_seen_standing_lifts_when_its_matter_ends() -> None:
    story = Story(on=START).order("O-1", start=str(START)).invoice("I-1", "10 USD", due="2026-02-01")
    story.on("2026-04-01").acted("suspend", power="suspend.overdue", about="I-1")
    assert story.on("2026-04-02").state == "suspended"
    assert story.on("2026-04-03").paid("I-1", "10 USD").state == "active"
    assert story.on("2026-04-04").paid("I-1", "10 USD", "chargeback").state == "active"  # another spell, not held for


def test_a_hold_that_was_seen_standing_lifts_when_the_last_amount_it_waits_for_is_paid() -> None:
    story = Story(on=START, readings={"overdue-amounts": "every overdue amount"}).order("O-1", start=str(START))
    story.invoice("I-1", "10 USD", due="2026-02-01").invoice("I-2", "10 USD", due="2026-02-01")
    story.on("2026-04-01").acted("suspend", power="suspend.overdue", about="I-1")
    assert story.on("2026-04-02").paid("I-1", "10 USD").state == "suspended"
    assert story.on("2026-04-03").paid("I-2", "10 USD").state == "active"
