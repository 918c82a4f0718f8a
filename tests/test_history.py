"""The ordered log: its order, its corrections, its form in files, and what it refuses to read."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from attrs import fields
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle import files
from lifecycle.agreement import Agreement
from lifecycle.days import EARLIEST, LATEST, Instant, Period, Unit
from lifecycle.errors import InvalidFact, InvalidHistory, InvalidTime, KeyConflict
from lifecycle.events import (
    Acted,
    Agreed,
    AgreementMade,
    CaughtUp,
    Corrected,
    Entry,
    Event,
    Fact,
    MatterChanged,
    MatterOpened,
    MatterReopened,
    Money,
    NoticeGiven,
    OpeningBalance,
    OrderSigned,
    Paid,
    StandingHold,
    Withdrawn,
)
from lifecycle.history import MAX_LINE, History, effective, from_line, to_line
from lifecycle.plain import MAX_ITEMS, MAX_NAME, MAX_TEXT, spoken
from lifecycle.structuring import straight, structure

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
DAY = timedelta(days=1)
MADE = AgreementMade(format=1, terms="modal-2024-03-26", digest="0" * 64, customer="Acme GmbH")


def event(sequence: int, fact: Fact = MADE, *, at: Instant | None = None, **place: Any) -> Event:
    """Event ``sequence``, recorded that many days after the start unless said otherwise."""
    recorded = at or START + sequence * DAY
    place = {"agreement": "acme", "id": f"acme:{sequence}", "occurred": recorded, **place}
    return Event(sequence=sequence, recorded=recorded, fact=fact, **place)


def invoice(matter: str, due: str = "2026-03-01") -> MatterOpened:
    return MatterOpened(kind="invoice", matter=matter, days={"due": due}, amount=Money("120.00", "USD"))


def history(*facts: Fact) -> History:
    return History([event(1), *(event(n, fact) for n, fact in enumerate(facts, 2))])


# ---- order ----------------------------------------------------------------------------------------------------------


def test_a_history_holds_its_events_in_the_order_of_record() -> None:
    events = [event(1), event(2, invoice("INV-1")), event(3, Paid(matter="INV-1", amount=Money("120.00", "USD")))]
    log = History(events)
    assert list(log) == events
    assert len(log) == 3
    assert log[1] == events[1]
    assert log[-1] == events[2]
    assert log.find("acme:2") == events[1]
    assert log.find("acme:9") is None


def withdrawing(target: str) -> Fact:
    return Withdrawn(event=target)


def correcting(target: str) -> Fact:
    return Corrected(event=target, fact=invoice("X"))


NOT_NEXT = [
    # the event after two of acme's, the second of which has the key k; and what is said about it
    (event(0, invoice("INV-2"), id="fresh"), "the next event is 3"),
    (event(2, invoice("INV-2"), id="fresh"), "the next event is 3"),
    (event(4, invoice("INV-2")), "the next event is 3"),
    (event(30, invoice("INV-2")), "the next event is 3"),
    (event(3, MADE), "has it once"),
    (event(3, invoice("INV-2"), agreement="zenith"), "this is the history of acme"),
    (event(3, invoice("INV-2"), id="acme:1"), "the id 'acme:1' is taken by event 1"),
    (event(3, invoice("INV-2"), key="k"), "'k' was used for event 2"),
    (event(3, withdrawing("acme:9")), "there is no event 'acme:9' to correct"),
    (event(3, withdrawing("acme:3")), "there is no event 'acme:3' to correct"),
    (event(3, correcting("INV-1")), "there is no event 'INV-1' to correct"),
    (event(3, correcting("")), "there is no event '' to correct"),
]


@pytest.mark.parametrize(("wrong", "says"), NOT_NEXT, ids=[f"{n}: {says}" for n, (_, says) in enumerate(NOT_NEXT)])
def test_what_is_not_the_next_event_is_refused_and_leaves_no_trace(wrong: Event, says: str) -> None:
    log = History([event(1), event(2, invoice("INV-1"), key="k")])
    for verb in (log.check, log.append):
        with pytest.raises((InvalidHistory, KeyConflict)) as refused:
            verb(wrong)
        assert says in str(refused.value)
        if isinstance(refused.value, InvalidHistory):
            assert refused.value.where == f"event {wrong.sequence} of {wrong.agreement}"
    assert log.known() == [log[0], log[1]]
    assert log.with_key("k") == log[1]
    log.append(event(3, invoice("INV-2"), key="fresh"))
    assert log.find("acme:3") == log.with_key("fresh") == log[2]


@pytest.mark.parametrize(("first", "says"), [
    (event(0), "the next event is 1"),
    (event(2), "the next event is 1"),
    (event(1, invoice("INV-1")), "begins with 'agreement made'"),
])  # fmt: skip
def test_a_history_begins_with_agreement_made_as_event_one(first: Event, says: str) -> None:
    with pytest.raises(InvalidHistory, match=says):
        History([first])


def test_events_without_a_key_do_not_conflict() -> None:
    assert len(history(invoice("INV-1"), invoice("INV-2"))) == 3


# ---- what was known when --------------------------------------------------------------------------------------------


def test_what_was_known_at_an_instant_includes_what_was_recorded_then() -> None:
    log = history(invoice("INV-1"), invoice("INV-2"))
    assert log.known(START + 2 * DAY) == [log[0], log[1]]
    assert log.known(START + 2 * DAY - timedelta(microseconds=1)) == [log[0]]
    assert log.known(START) == []
    assert log.known() == list(log)


def test_a_clock_that_runs_behind_cannot_reorder_what_was_known() -> None:
    log = History(
        [
            event(1, at=START),
            event(2, invoice("INV-1"), at=START + 9 * DAY),
            event(3, invoice("INV-2"), at=START + 4 * DAY),  # recorded after event 2, by a clock five days behind
            event(4, invoice("INV-3"), at=START + 10 * DAY),
        ]
    )
    assert log.known(START + 5 * DAY) == [log[0]]
    assert log.known(START + 9 * DAY) == [log[0], log[1], log[2]]
    assert log.known(START + 10 * DAY) == list(log)


def test_when_it_occurred_does_not_decide_what_was_known() -> None:
    log = History([event(1), event(2, invoice("INV-1"), at=START + 5 * DAY, occurred=date(2020, 1, 1))])
    assert log.known(START + 4 * DAY) == [log[0]]


@settings(max_examples=200, deadline=None)
@given(recorded=st.lists(st.integers(0, 9), min_size=1, max_size=9), at=st.integers(-1, 10))
def test_what_was_known_is_the_longest_prefix_recorded_by_then(recorded: list[int], at: int) -> None:
    facts: list[Fact] = [MADE, *(invoice(f"INV-{n}") for n in range(1, len(recorded)))]
    events = [
        event(n, fact, at=START + day * DAY) for n, (day, fact) in enumerate(zip(recorded, facts, strict=True), 1)
    ]
    expected = 0
    while expected < len(recorded) and recorded[expected] <= at:
        expected += 1
    assert History(events).known(START + at * DAY) == events[:expected]


def test_the_log_cannot_be_changed_through_what_it_answers() -> None:
    log = history(invoice("INV-1"))
    log.known().clear()
    assert len(log) == 2


# ---- corrections ----------------------------------------------------------------------------------------------------


def test_without_corrections_every_fact_stands() -> None:
    log = history(invoice("INV-1"), invoice("INV-2"))
    assert effective(log) == list(log)


def test_a_correction_is_read_in_the_place_and_at_the_time_of_what_it_corrects() -> None:
    log = history(invoice("INV-1"), invoice("INV-2"), Corrected(event="acme:2", fact=invoice("INV-1", "2026-04-01")))
    made, first, second = effective(log)
    assert first.fact == invoice("INV-1", "2026-04-01")
    assert (first.id, first.sequence, first.occurred) == ("acme:2", 2, log[1].occurred)
    assert (made, second) == (log[0], log[2])


def test_a_correction_may_say_another_time() -> None:
    log = history(invoice("INV-1"), Corrected(event="acme:2", fact=invoice("INV-1"), occurred="2026-01-01"))
    assert effective(log)[1].occurred == date(2026, 1, 1)


def test_the_last_correction_holds_and_keeps_the_time_of_the_one_before() -> None:
    log = history(
        invoice("INV-1"),
        Corrected(event="acme:2", fact=invoice("INV-1", "2026-04-01"), occurred="2026-01-01"),
        Corrected(event="acme:2", fact=invoice("INV-1", "2026-05-01")),
    )
    assert effective(log)[1].fact == invoice("INV-1", "2026-05-01")
    assert effective(log)[1].occurred == date(2026, 1, 1)


def test_what_is_withdrawn_did_not_happen() -> None:
    log = history(invoice("INV-1"), invoice("INV-2"), Withdrawn(event="acme:2", why="another customer's"))
    assert effective(log) == [log[0], log[2]]


def test_what_is_corrected_and_then_withdrawn_did_not_happen() -> None:
    log = history(
        invoice("INV-1"), Corrected(event="acme:2", fact=invoice("INV-1", "2026-04-01")), Withdrawn(event="acme:2")
    )
    assert effective(log) == [log[0]]


@pytest.mark.parametrize("correct", [withdrawing, correcting])
def test_what_was_withdrawn_is_not_corrected_but_recorded_anew(correct: Callable[[str], Fact]) -> None:
    log = history(invoice("INV-1"), Withdrawn(event="acme:2"))
    with pytest.raises(InvalidHistory, match=r"acme:2 was withdrawn: record what happened instead as a new fact"):
        log.append(event(4, correct("acme:2")))
    log.append(event(4, invoice("INV-1")))
    assert effective(log) == [log[0], log[3]]


def test_a_memo_is_no_fact() -> None:
    memo = CaughtUp(through="2026-02-01T00:00Z", entries=())
    log = history(invoice("INV-1"), memo)
    assert effective(log) == [log[0], log[1]]


def test_before_a_correction_was_known_the_first_record_stands() -> None:
    log = history(invoice("INV-1"), Withdrawn(event="acme:2"))
    assert effective(log.known(START + 2 * DAY)) == [log[0], log[1]]
    assert effective(log.known(START + 3 * DAY)) == [log[0]]


@pytest.mark.parametrize("target", ["acme:1", "acme:3", "acme:4", "acme:5"])
@pytest.mark.parametrize("correct", [withdrawing, correcting])
def test_the_making_memos_and_corrections_themselves_are_not_corrected(
    target: str, correct: Callable[[str], Fact]
) -> None:
    log = history(
        invoice("INV-1"),
        Corrected(event="acme:2", fact=invoice("INV-1", "2026-04-01")),
        CaughtUp(through="2026-02-01T00:00Z", entries=()),
        Withdrawn(event="acme:2"),
    )
    with pytest.raises(InvalidHistory, match="cannot be corrected"):
        log.append(event(6, correct(target)))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Corrected(event="acme:2", fact=MADE),
        lambda: Corrected(event="acme:2", fact=Withdrawn(event="acme:2")),
        lambda: Corrected(event="acme:2", fact=Corrected(event="acme:2", fact=invoice("X"))),
        lambda: Corrected(event="acme:2", fact=CaughtUp(through="2026-02-01T00:00Z", entries=())),
    ],
)
def test_a_correction_says_what_happened_instead(make: Callable[[], Fact]) -> None:
    with pytest.raises(InvalidFact, match="what happened instead is wanted"):
        make()


# ---- records --------------------------------------------------------------------------------------------------------


def test_a_record_says_the_same_whenever_it_was_written_down() -> None:
    first = event(2, invoice("INV-1"), key="k", occurred="2026-01-20", meta={"crm": "7"})
    again = event(9, invoice("INV-1"), key="k", occurred="2026-01-20", meta={"crm": "7"})
    assert first.says_the_same(again)


@pytest.mark.parametrize("other", [
    event(2, invoice("INV-2"), occurred="2026-01-20"),
    event(2, invoice("INV-1", "2026-03-02"), occurred="2026-01-20"),
    event(2, invoice("INV-1"), occurred="2026-01-21"),
    event(2, invoice("INV-1"), occurred="2026-01-20", actor="ann"),
    event(2, invoice("INV-1"), occurred="2026-01-20", ref="r"),
    event(2, invoice("INV-1"), occurred="2026-01-20", meta={"crm": "7"}),
])  # fmt: skip
def test_a_record_with_another_body_says_something_else(other: Event) -> None:
    assert not event(2, invoice("INV-1"), occurred="2026-01-20").says_the_same(other)


@pytest.mark.parametrize("amount", [
    *(1.5, 120, True, None, "", "-1", "+1", "1e3", "1,000", "1.", ".5", " 1", "1\n", "NaN", "Infinity", "1_000"),
    *("١٢٠", "1.0000001", "1" * 16, Decimal("NaN"), Decimal("Infinity"), Decimal(-1), Decimal("1E+20")),
])  # fmt: skip
def test_money_is_an_exact_amount(amount: Any) -> None:
    with pytest.raises(InvalidFact, match="an amount is wanted"):
        Money(amount, "USD")


@pytest.mark.parametrize("currency", ["", "usd", "US", "USDT", "$", "U$D", "ＵＳＤ", "USD\n", None, 840])
def test_a_currency_is_three_capital_letters(currency: Any) -> None:
    with pytest.raises(InvalidFact, match="ISO 4217"):
        Money("1.00", currency)


def test_money_compares_by_its_amount() -> None:
    assert Money("120.0", "USD") == Money("120.00", "USD")
    assert Money(Decimal("1E+2"), "USD") == Money("100", "USD")
    assert Money("120.00", "USD") != Money("120.00", "EUR")
    assert str(Money("120.00", "USD")) == "120.00 USD"


# ---- facts are checked when they are made ----------------------------------------------------------------------------

ENTRY_VALUES: dict[str, Any] = {
    "key": "k", "transition": "renew", "effective": "2026-01-06T08:00Z", "clause": "3.1", "text": "t",
}  # fmt: skip
ENTRY = Entry(**ENTRY_VALUES)
ABOUT_THE_RECORD: tuple[type[Any], ...] = (AgreementMade, Corrected, Withdrawn, CaughtUp)
LONG_NAME, LONG_TEXT = "x" * (MAX_NAME + 1), "x" * (MAX_TEXT + 1)
MANY = MAX_ITEMS + 1


def changed(value: Any, name: Any = "a") -> MatterChanged:
    return MatterChanged(matter="m", attributes={name: value})


def notice(**changes: Any) -> NoticeGiven:
    return NoticeGiven(**{"kind": "k", "by": "provider", "method": "courier", **changes})


def balance(**changes: Any) -> OpeningBalance:
    return OpeningBalance(**{"order": "O", "started": "2026-01-01", "term": Period(1, "months"), **changes})


def memo(*entries: Any) -> CaughtUp:
    return CaughtUp(through="2026-02-01T00:00Z", entries=entries)


def untyped(cls: type[Any], **values: Any) -> Any:
    """A fact made by a host that does not check its types."""
    return cls(**values)


UNWRITABLE = "\n\t\x00\x1f\x7f\x85\u061c\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ud800\udfff"

NO_SCALARS: list[Any] = [1, 1.5, None, {}, b"x", {"s"}, [1], [["x"]]]
NO_FACT: Any = {"type": "paid"}

REFUSED: list[tuple[Callable[[], object], str]] = [
    *((partial(MatterReopened, matter=f"a{mark}b"), f"U+{ord(mark):04X}") for mark in UNWRITABLE),
    # wrong types
    (lambda: untyped(MatterReopened, matter=7), "matter reopened.matter: a text is wanted, not 7"),
    (lambda: untyped(MatterReopened, matter=None), "a text is wanted, not null"),
    (lambda: untyped(MatterReopened, matter=b"m"), "a text is wanted"),
    (lambda: untyped(Agreed, what="consent", text=True), "agreed.text: a text is wanted, not true"),
    (lambda: untyped(Agreed, what="consent", target=7), "agreed.target: a text is wanted, not 7"),
    (lambda: untyped(AgreementMade, format="1", terms="t", digest="d", customer="c"), "a count is wanted, not '1'"),
    (lambda: untyped(AgreementMade, format=True, terms="t", digest="d", customer="c"), "a count is wanted, not true"),
    (lambda: balance(number=1.0), "opening balance.number: a count is wanted, not 1.0"),
    (lambda: balance(renews=1), "opening balance.renews: bool is wanted, not 1"),
    (lambda: balance(term=12), "opening balance.term: period is wanted, not 12"),
    (lambda: balance(term="12 months"), "opening balance.term"),
    (lambda: balance(holds=("suspend.security",)), "opening balance.holds: standing hold is wanted"),
    (lambda: balance(holds=StandingHold()), "a list is wanted"),
    (lambda: untyped(Paid, matter="m", amount="1.00 USD"), "paid.amount: money is wanted, not '1.00 USD'"),
    (lambda: memo("renew"), "caught up.entries: entry is wanted, not 'renew'"),
    (lambda: untyped(Corrected, event="e", fact="paid"), "corrected.fact"),
    (lambda: untyped(Corrected, event="e", fact=None), "corrected.fact"),
    (lambda: untyped(Corrected, event="e", fact=event(1)), "corrected.fact"),
    (lambda: event(2, NO_FACT), "event.fact"),
    (lambda: event(2, ENTRY), "event.fact"),  # type: ignore[arg-type]
    (lambda: untyped(MatterChanged, matter="m", attributes=[("a", "b")]), "a table of names is wanted"),
    (lambda: untyped(MatterChanged, matter="m", days=("due",)), "a table of names is wanted"),
    (lambda: event(2, meta=None), "a table of names is wanted, not null"),
    (lambda: event(2, meta={"a": 7}), "event.meta: a text is wanted, not 7"),
    (lambda: event(2, meta={"a": ["b"]}), "event.meta: a text is wanted"),
    *((partial(changed, value), "matter changed.attributes") for value in NO_SCALARS),
    (lambda: changed("x", name=1), "matter changed.attributes: a text is wanted, not 1"),
    (lambda: untyped(MatterChanged, matter="m", days={1: "2026-01-01"}), "changed.days: a text is wanted, not 1"),
    (lambda: notice(about=7), "notice given.about: a text is wanted, not 7"),
    (lambda: notice(about=("a", None)), "notice given.about: a text is wanted, not null"),
    # words
    (lambda: notice(by="both"), "notice given.by: one of provider, customer is wanted, not 'both'"),
    (lambda: notice(by=None), "notice given.by: one of provider, customer is wanted, not null"),
    (lambda: untyped(MatterOpened, kind="k", matter="m", party="Provider"), "one of provider, customer is wanted"),
    (lambda: untyped(Acted, does="d", by="either"), "one of provider, customer, both is wanted, not 'either'"),
    (lambda: untyped(Paid, matter="m", amount=Money("1", "USD"), means="barter"), "not 'barter'"),
    (lambda: untyped(Agreed, what="peace"), "not 'peace'"),
    # what is too long
    (lambda: MatterReopened(matter=LONG_NAME), "a text longer than 200 characters"),
    (lambda: changed(LONG_TEXT), "a text longer than 2000 characters"),
    (lambda: changed((LONG_NAME,)), "attributes: a text longer than 200 characters"),
    (lambda: changed("x", name=LONG_NAME), "a text longer than 200 characters"),
    (lambda: notice(about=LONG_NAME), "a text longer than 200 characters"),
    (lambda: Entry(**{**ENTRY_VALUES, "effects": (LONG_NAME,)}), "a text longer than 200 characters"),
    (lambda: event(2, meta={LONG_NAME: "x"}), "a text longer than 200 characters"),
    (lambda: event(2, meta={"a\nb": "x"}), "U+000A"),
    # what is too much
    (lambda: notice(about=("x",) * MANY), "notice given.about: 101 items, more than 100"),
    (lambda: changed(("x",) * MANY), "attributes: 101 items, more than 100"),
    (lambda: event(2, meta={str(n): "" for n in range(MANY)}), "event.meta: 101 items, more than 100"),
    (lambda: MatterChanged(matter="m", days={str(n): "2026-01-01" for n in range(MANY)}), "changed.days: 101 items"),
    (lambda: MatterChanged(matter="m", days={LONG_NAME: "2026-01-01"}), "changed.days: a text longer than 200"),
    (lambda: balance(holds=(StandingHold(),) * MANY), "opening balance.holds: 101 items, more than 100"),
    (lambda: memo(*[ENTRY] * MANY), "caught up.entries: 101 items, more than 100"),
    # numbers that no line may hold
    (lambda: event(-1), "event.sequence"),
    (lambda: event(1_000_000_001, at=START), "event.sequence"),
    (lambda: AgreementMade(format=-1, terms="t", digest="d", customer="c"), "agreement made.format"),
    (lambda: balance(number=-1), "opening balance.number"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "says"), REFUSED, ids=[f"{n}: {says}" for n, (_, says) in enumerate(REFUSED)])
def test_a_fact_that_could_not_be_read_back_is_refused_when_it_is_made(make: Callable[[], object], says: str) -> None:
    with pytest.raises(InvalidFact) as refused:
        make()
    assert says in str(refused.value)
    str(refused.value).encode()  # the message itself can be printed


@pytest.mark.parametrize("make", [
    lambda: event(2, at="2026-01-05"),  # type: ignore[arg-type]
    lambda: event(2, at=datetime(2026, 1, 5)),  # noqa: DTZ001 - refused is the claim
    lambda: event(2, occurred=None),
    lambda: event(2, occurred="soon"),
    lambda: invoice("INV-1", due="3000-01-01"),
    lambda: invoice("INV-1", due=7),  # type: ignore[arg-type]
    lambda: notice(delivered="yesterday"),
])  # fmt: skip
def test_a_time_that_must_be_guessed_is_refused_when_a_fact_is_made(make: Callable[[], object]) -> None:
    with pytest.raises(InvalidTime):
        make()


def test_a_recorded_fact_does_not_change_with_what_it_was_made_from() -> None:
    attributes: dict[str, Any] = {"payment": "card", "prevents": ["B-1"]}
    days, meta, about = {"due": "2026-03-01"}, {"crm": "7"}, ["INV-1"]
    facts: list[Fact] = [MatterChanged(matter="INV-1", attributes=attributes, days=days), notice(about=about)]
    recorded = [event(2, fact, meta=meta) for fact in facts]
    lines = [to_line(each) for each in recorded]
    attributes["prevents"].append("B-2")
    attributes["payment"] = days["due"] = meta["crm"] = "8"
    about.append("INV-2")
    assert [to_line(each) for each in recorded] == lines


@pytest.mark.parametrize(("name", "item", "make"), [
    ("about", "INV-1", lambda items: notice(about=items)),
    ("about", "INV-1", lambda items: untyped(Acted, does="suspend", by="provider", about=items)),
    ("holds", StandingHold(power="suspend.security"), lambda items: balance(holds=items)),
    ("entries", ENTRY, lambda items: untyped(CaughtUp, through="2026-02-01T00:00Z", entries=items)),
    ("effects", "access ends", lambda items: Entry(**{**ENTRY_VALUES, "effects": items})),
])  # fmt: skip
def test_a_list_given_is_copied(name: str, item: object, make: Callable[[list[object]], object]) -> None:
    items = [item]
    made = make(items)
    items.clear()
    assert getattr(made, name) == (item,)


# ---- to and from lines of JSON --------------------------------------------------------------------------------------

REFUSED_IN_TEXT = "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters=REFUSED_IN_TEXT), max_size=12)
DAYS = st.dates(EARLIEST, LATEST)
INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone
CENTURY: dict[Unit, int] = {"days": 36_525, "business days": 36_525, "months": 1_200, "years": 100, "hours": 876_600}
PERIODS = st.one_of([st.builds(Period, st.integers(0, most), st.just(unit)) for unit, most in CENTURY.items()])
AMOUNTS = st.builds(
    Money,
    st.decimals(0, 10**15 - 1, places=6, allow_nan=False) | st.decimals(0, 10**12, places=2, allow_nan=False),
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3),
)
BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    bool: st.booleans(),
    int: st.integers(0, 1_000_000_000),
    date: DAYS,
    datetime: INSTANTS,
    Period: PERIODS,
    Money: AMOUNTS,
    NoneType: st.none(),
    Fact: st.deferred(lambda: st.one_of([made(kind) for kind in get_args(Fact) if kind not in ABOUT_THE_RECORD])),
}


def made(cls: type[Any], **given: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Any instance of a class, every field of it said."""
    hints = get_type_hints(cls)
    rest = {field.name: anything(hints[field.name]) for field in fields(cls) if field.name not in given}
    return st.builds(cls, **rest, **given)


def anything(type_: Any) -> st.SearchStrategy[Any]:
    """Any value that an annotation allows."""
    origin, parts = get_origin(type_), get_args(type_)
    if type_ in BY_TYPE:
        return BY_TYPE[type_]
    if origin is Literal:
        return st.sampled_from(parts)
    if origin is tuple:
        return st.lists(anything(parts[0]), max_size=3).map(tuple)
    if origin is Mapping:
        return st.dictionaries(anything(parts[0]), anything(parts[1]), max_size=3)
    return st.one_of([anything(part) for part in parts]) if parts else made(type_)


@pytest.mark.parametrize("kind", get_args(Fact), ids=spoken)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_every_event_that_can_be_made_is_read_back_as_it_was_written(kind: type[Any], data: st.DataObject) -> None:
    written = data.draw(made(Event, fact=made(kind)))
    line = to_line(written)
    assert len(line.splitlines()) == 1
    assert json.loads(line)["fact"]["type"] == spoken(kind)
    read = from_line(line)
    assert read == written
    assert to_line(read) == line
    assert pickle.loads(pickle.dumps(written)) == written


TAGGED = (Fact, "type")
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 3),
    st.just(0.5),
    st.sampled_from(["", "paid", "2026-03-01", "2026-03-01T00:00:00Z", "card"]),
    st.lists(st.sampled_from(["x", 1]), max_size=2),
    st.dictionaries(st.sampled_from(["type", "n", "x"]), st.sampled_from(["x", 1, None]), max_size=2),
)


def places(part: Any) -> list[tuple[Any, Any]]:
    """Every place of a document, as what holds it and its name there."""
    items = list(part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ())
    return [(part, name) for name, _ in items] + [place for _, inner in items for place in places(inner)]


@pytest.mark.parametrize("kind", get_args(Fact), ids=spoken)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_what_is_read_straight_is_what_is_read_strictly(kind: type[Any], data: st.DataObject) -> None:
    document = json.loads(to_line(data.draw(made(Event, fact=made(kind)))))
    assert straight(document, Event, TAGGED) == structure(document, Event, tagged=TAGGED)
    holder, name = data.draw(st.sampled_from(places(document)))
    holder[name] = data.draw(ODD)
    try:
        read = straight(document, Event, TAGGED)
    except (TypeError, ValueError, KeyError):
        return
    assert structure(document, Event, tagged=TAGGED) == read


def test_a_line_is_readable_by_a_person() -> None:
    opened = event(
        2, invoice("Rechnung Zürich 7 – 東京"), at=datetime(2026, 2, 1, 8, tzinfo=UTC), occurred="2026-02-01"
    )
    assert to_line(opened) == (
        '{"agreement":"acme","sequence":2,"id":"acme:2","occurred":"2026-02-01","recorded":"2026-02-01T08:00:00Z",'
        '"fact":{"type":"matter opened","kind":"invoice","matter":"Rechnung Zürich 7 – 東京",'
        '"days":{"due":"2026-03-01"},"amount":{"amount":"120.00","currency":"USD"}}}'
    )


WIDE = "\U0001d11e"  # four bytes in UTF-8
LARGEST: dict[str, Fact] = {
    "texts": Agreed(what="consent", target=WIDE * MAX_NAME, text='"' * MAX_TEXT),
    "names": notice(about=tuple(f"{n:03}".ljust(MAX_NAME, WIDE) for n in range(MAX_ITEMS))),
    "table": MatterChanged(
        matter="m", attributes={f"{n:03}".ljust(MAX_NAME, "\\"): "\\" * MAX_TEXT for n in range(MAX_ITEMS)}
    ),
    "days": MatterChanged(matter="m", days={f"{n:03}".ljust(MAX_NAME, WIDE): LATEST for n in range(MAX_ITEMS)}),
    "holds": balance(holds=(StandingHold(power="p" * MAX_NAME, matter="m" * MAX_NAME),) * MAX_ITEMS),
    "lists in a table": MatterChanged(
        matter="m", attributes={str(n): ("x" * MAX_NAME,) * MAX_ITEMS for n in range(MAX_ITEMS)}
    ),
    "memo": memo(*[Entry(**{**ENTRY_VALUES, "text": "x" * MAX_TEXT, "effects": ("x" * MAX_NAME,) * 50})] * MAX_ITEMS),
    "period": OrderSigned(order="O", start=EARLIEST, term=Period(876_600, "hours")),
    "amount": Paid(matter="m", amount=Money("9" * 15 + "." + "9" * 6, "USD")),
    "numbers": AgreementMade(format=1_000_000_000, terms="t", digest="d", customer="c"),
}


@pytest.mark.parametrize("fact", LARGEST.values(), ids=LARGEST)
def test_what_is_as_large_as_it_may_be_is_read_back(fact: Fact) -> None:
    written = event(100_001, fact)
    assert len(line := to_line(written)) <= MAX_LINE
    assert from_line(line) == written


def test_a_long_memo_is_recorded_as_several_events() -> None:
    """Daily terms from Monday 5 January 2026; term 240 begins 239 days later, on 1 September."""
    agreement = Agreement.make("modal-2024-03-26", agreement="acme", customer="Acme GmbH", at="2026-01-05")
    agreement.record(OrderSigned(order="O-1", start="2026-01-05", term=Period(1, "days")), at="2026-01-05")
    entries = agreement.catch_up("2026-09-01")
    assert len(entries) == len({entry.key for entry in entries}) == 239
    memos = [each.fact for each in agreement.history if isinstance(each.fact, CaughtUp)]
    assert tuple(entry for each in memos for entry in each.entries) == entries
    assert [len(each.entries) for each in memos] == [100, 100, 39]
    assert [from_line(to_line(each)) for each in agreement.history] == list(agreement.history)
    assert agreement.catch_up("2026-09-01") == ()


# ---- lines that are refused -----------------------------------------------------------------------------------------


def document(**changes: Any) -> dict[str, Any]:
    """The document of a good event, with changes at its top."""
    good: dict[str, Any] = {
        "agreement": "acme",
        "sequence": 2,
        "id": "acme:2",
        "occurred": "2026-02-01",
        "recorded": "2026-02-01T08:00:00Z",
        "fact": fact_document(),
    }
    return {**good, **changes}


def fact_document(**changes: Any) -> dict[str, Any]:
    good: dict[str, Any] = {
        "type": "matter opened",
        "kind": "invoice",
        "matter": "INV-1",
        "days": {"due": "2026-03-01"},
        "amount": {"amount": "120.00", "currency": "USD"},
    }
    return {**good, **changes}


def in_fact(**changes: Any) -> dict[str, Any]:
    return document(fact=fact_document(**changes))


def fact(kind_: str, **keys: Any) -> dict[str, Any]:
    return document(fact={"type": kind_, **keys})


def signed(**changes: Any) -> dict[str, Any]:
    return fact("order signed", **{"order": "O", "start": "2026-01-01", "term": {"n": 12}, **changes})


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in document().items() if key != name}


def test_the_document_that_is_spoiled_below_is_good() -> None:
    assert from_line(json.dumps(document())).fact == invoice("INV-1")


FAULTY = [
    # document, what the error says, path included
    ([], "a table is wanted"),
    ("text", "a table is wanted"),
    (None, "a table is wanted, not null"),
    *((without(name), f"a key is missing at {name}") for name in document()),
    (document(extra=1), "unknown key 'extra'"),
    (document(Sequence=2), "unknown key 'Sequence'"),
    (document(agreement=7), "a text is wanted, not 7 at agreement"),
    (document(agreement=None), "a text is wanted, not null at agreement"),
    (document(sequence=True), "a whole number is wanted, not true at sequence"),
    (document(sequence=2.0), "a whole number is wanted, not 2.0 at sequence"),
    (document(sequence="2"), "a whole number is wanted, not '2' at sequence"),
    (document(sequence=None), "a whole number is wanted, not null at sequence"),
    (document(sequence=-1), "at sequence"),
    (document(occurred=True), "at occurred"),
    (document(occurred="now"), "at occurred"),
    (document(occurred="2026-02-01T09:00"), "a time without a zone"),
    (document(occurred="2026-02-30"), "there is no such day"),
    (document(recorded="2026-02-01"), "not an instant"),
    (document(recorded="2026-02-01T09:00:00"), "at recorded"),
    (document(recorded=None), "at recorded"),
    (document(key=7), "a text is wanted, not 7 at key"),
    (document(actor=False), "a text is wanted, not false at actor"),
    (document(ref={}), "at ref"),
    (document(meta=[]), "a table is wanted, not [] at meta"),
    (document(meta={"a": 1}), "a text is wanted, not 1 at meta.a"),
    (document(meta={"a": None}), "a text is wanted, not null at meta.a"),
    (document(meta={"a\nb": "c"}), "the control character U+000A"),
    (document(meta={"\u202ea": "c"}), "the control character U+202E"),
    (document(meta={"\ud800": "c"}), "the control character U+D800"),
    (document(id="a\nb"), "the control character U+000A at id"),
    (document(id="a\ud800b"), "the control character U+D800 at id"),
    (document(id="x" * 2_001), "longer than 2000 characters at id"),
    (document(meta={LONG_NAME: "c"}), "a text longer than 200 characters"),
    (document(meta={str(n): "c" for n in range(MANY)}), "101 items, more than 100"),
    (in_fact(attributes={"a": ["x"] * MANY}), "at fact"),
    (fact("notice given", kind="k", by="provider", method="m", about=["x"] * MANY), "101 items, more than 100 at fact"),
    (fact("notice given", kind="k", by="provider", method="m", about=[LONG_NAME]), "longer than 200 characters"),
    (document(fact=None), "a table is wanted, not null at fact"),
    (document(fact=[]), "a table is wanted, not [] at fact"),
    (document(fact={}), "type null is unknown"),
    (fact("matter openned"), "type 'matter openned' is unknown"),
    (document(fact={"type": True}), "type true is unknown"),
    (document(fact={"type": ["paid"]}), "is unknown"),
    (in_fact(extra=1), "unknown key 'extra' at fact"),
    (in_fact(matter=None), "a text is wanted, not null at fact.matter"),
    (in_fact(kind=True), "a text is wanted, not true at fact.kind"),
    (in_fact(by="both"), "one of provider, customer is wanted, not 'both' at fact.by"),
    (in_fact(party="Provider"), "not 'Provider' at fact.party"),
    (in_fact(days=["2026-03-01"]), "a table is wanted"),
    (in_fact(days={"due": "soon"}), "not a day: say YYYY-MM-DD at fact.days.due"),
    (in_fact(days={"due": "2026-03-01T00:00:00Z"}), "at fact.days.due"),
    (in_fact(days={"due": None}), "at fact.days.due"),
    (in_fact(amount="120.00 USD"), "a table is wanted, not '120.00 USD' at fact.amount"),
    (in_fact(amount={"amount": "120.00"}), "a key is missing at fact.amount.currency"),
    (in_fact(amount={"amount": "120.00", "currency": "USD", "vat": "19"}), "unknown key 'vat' at fact.amount"),
    (in_fact(amount={"amount": 120.0, "currency": "USD"}), "an amount is wanted"),
    (in_fact(amount={"amount": True, "currency": "USD"}), "at fact.amount.amount"),
    (in_fact(amount={"amount": "1e400", "currency": "USD"}), "at fact.amount.amount"),
    (in_fact(amount={"amount": "-1.00", "currency": "USD"}), "at fact.amount.amount"),
    (in_fact(amount={"amount": "9" * 5_000, "currency": "USD"}), "at fact.amount.amount"),
    (in_fact(amount={"amount": "120.00", "currency": "usd"}), "ISO 4217"),
    (in_fact(amount={"amount": "120.00", "currency": 840}), "a text is wanted, not 840 at fact.amount.currency"),
    (in_fact(attributes=[]), "a table is wanted, not [] at fact.attributes"),
    (in_fact(attributes={"a": 1}), "a text is wanted, not 1 at fact.attributes.a"),
    (in_fact(attributes={"a": None}), "at fact.attributes.a"),
    (in_fact(attributes={"a": {}}), "at fact.attributes.a"),
    (in_fact(attributes={"a": ["x", 1]}), "at fact.attributes.a"),
    (in_fact(attributes={"a": [["x"]]}), "at fact.attributes.a"),
    (in_fact(attributes={"a": "x\u202e"}), "U+202E at fact.attributes.a"),
    (fact("paid", matter="m", amount={"amount": "1", "currency": "USD"}, means="barter"), "at fact.means"),
    (signed(term=12), "a table is wanted, not 12 at fact.term"),
    (signed(term={"n": True, "unit": "months"}), "a whole number is wanted, not true at fact.term.n"),
    (signed(term={"n": 12.0, "unit": "months"}), "a whole number is wanted, not 12.0 at fact.term.n"),
    (signed(term={"n": 1_201, "unit": "months"}), "a period counts whole months, from 0 to 1200"),
    (signed(term={"n": 12, "unit": "moons"}), "not 'moons' at fact.term.unit"),
    (signed(renews="yes"), "true or false is wanted, not 'yes' at fact.renews"),
    (signed(renews=1), "true or false is wanted, not 1 at fact.renews"),
    (fact("notice given", kind="k", by="provider", method="courier", about="INV-1"), "a list is wanted"),
    (fact("notice given", kind="k", by="provider", method="courier", about=[1]), "at fact.about[0]"),
    (fact("notice given", kind="k", by="provider", method="courier", about=["a", None]), "at fact.about[1]"),
    (fact("acted", does="suspend", by="provider", known_through="2026-01-01"), "at fact.known_through"),
    (fact("opening balance", order="O", started="2026-01-01", term={"n": 1}, holds=[{"reason": "x"}]),
     "unknown key 'reason' at fact.holds[0]"),
    (fact("caught up", through="2026-01-01T00:00:00Z", entries=[{"key": "k"}]),
     "a key is missing at fact.entries[0].transition"),
    (fact("corrected", event="acme:2"), "a key is missing at fact.fact"),
    (fact("corrected", event="acme:2", fact={"type": "x"}), "is unknown"),
    (fact("corrected", event="acme:2", fact=fact_document(extra=1)), "unknown key 'extra' at fact.fact"),
    (fact("corrected", event="acme:2", fact=fact_document(days={"due": "soon"})), "at fact.fact.days.due"),
]  # fmt: skip


@pytest.mark.parametrize(("faulty", "says"), FAULTY, ids=[f"{n}: {says[:60]}" for n, (_, says) in enumerate(FAULTY)])
def test_a_faulty_line_is_refused_with_its_place_and_path(faulty: Any, says: str) -> None:
    with pytest.raises(InvalidHistory) as refused:
        from_line(json.dumps(faulty), "acme.jsonl, line 7")
    assert refused.value.where == "acme.jsonl, line 7"
    assert says in refused.value.problem
    str(refused.value).encode()  # the message itself can be printed


def test_all_faults_of_a_line_are_reported_at_once() -> None:
    spoiled = document(sequence=True, recorded="now", fact=fact_document(kind=7, days={"due": "soon"}, extra=1))
    with pytest.raises(InvalidHistory) as refused:
        from_line(json.dumps(spoiled))
    for path in ("at sequence", "at recorded", "at fact.kind", "at fact.days.due", "unknown key 'extra' at fact"):
        assert path in refused.value.problem


def test_an_unknown_type_lists_the_known_ones() -> None:
    with pytest.raises(InvalidHistory) as refused:
        from_line(json.dumps(fact("matter openned")))
    listed = refused.value.problem.partition("known are ")[2]
    assert all(spoken(kind) in listed for kind in get_args(Fact))
    assert len(get_args(Fact)) == 20


GOOD_LINE = json.dumps(document())

NOT_JSON = {
    "empty": "",
    "blank": "\n",
    "torn": GOOD_LINE[:-1],
    "two documents": GOOD_LINE + GOOD_LINE,
    "trailing text": GOOD_LINE + " x",
    "byte order mark": "\ufeff" + GOOD_LINE,
    "single quotes": "{'agreement': 'acme'}",
    "comment": GOOD_LINE + " // fine",
    "NaN": GOOD_LINE.replace('"sequence": 2', '"sequence": NaN'),
    "Infinity": GOOD_LINE.replace('"sequence": 2', '"sequence": Infinity'),
    "-Infinity": GOOD_LINE.replace('"sequence": 2', '"sequence": -Infinity'),
    "1e400": GOOD_LINE.replace('"sequence": 2', '"sequence": 1e400'),
    "5,000 digits": GOOD_LINE.replace('"sequence": 2', '"sequence": ' + "9" * 5_000),
    "11 digits": GOOD_LINE.replace('"sequence": 2', '"sequence": 10000000000'),
    "leading zero": GOOD_LINE.replace('"sequence": 2', '"sequence": 02'),
    "hexadecimal": GOOD_LINE.replace('"sequence": 2', '"sequence": 0x2'),
    "raw line break in a text": GOOD_LINE.replace("INV-1", "INV\n1"),
    "key twice": GOOD_LINE.replace('"sequence": 2', '"sequence": 2, "sequence": 2'),
    "key twice in the fact": GOOD_LINE.replace('"matter"', '"kind": "invoice", "matter"'),
    "key twice in a nested table": GOOD_LINE.replace('"due"', '"due": "2026-03-01", "due"'),
    "key twice by an escape": GOOD_LINE.replace('"sequence": 2', '"sequence": 2, "sequenc\\u0065": 2'),
    "too long": GOOD_LINE + " " * MAX_LINE,
    "lists 100,000 deep": "[" * 100_000,
    "lists a million deep": "[" * MAX_LINE,
    "closed lists 50,000 deep": "[" * 50_000 + "]" * 50_000,
    "tables 16,000 deep": '{"a":' * 16_000 + "1" + "}" * 16_000,
    "lists deep in a good event": GOOD_LINE.replace('"INV-1"', "[" * 40_000 + "]" * 40_000),
}  # fmt: skip


@pytest.mark.parametrize("line", NOT_JSON.values(), ids=NOT_JSON)
def test_what_is_not_a_closed_line_of_json_is_refused(line: str) -> None:
    with pytest.raises(InvalidHistory) as refused:
        from_line(line, "acme.jsonl, line 7")
    assert refused.value.where == "acme.jsonl, line 7"


@pytest.mark.parametrize("place", ['"INV-1"', '"2026-03-01"', '"matter opened"', "2,", '{"type"'])
def test_nesting_of_any_depth_is_refused(place: str) -> None:
    for depth in (10, 100, 300, 600, 900, 940, 960, 980, 1_000, 5_000):
        nested_lists = "[" * depth + "]" * depth + ("," if place == "2," else "")
        with pytest.raises(InvalidHistory):
            from_line(GOOD_LINE.replace(place, nested_lists, 1))


@pytest.mark.parametrize("depth", [1, 100, 250, 300, 500, 900, 2_000])
def test_corrections_of_corrections_are_read_or_refused(depth: int) -> None:
    opening, fact_text = '{"type":"corrected","event":"x","fact":', json.dumps(fact_document())
    line = json.dumps(document(fact=0)).replace('"fact": 0', f'"fact": {opening * depth}{fact_text}{"}" * depth}')
    try:
        read = from_line(line)
    except InvalidHistory:
        return
    assert isinstance(read.fact, Corrected)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
PLACES: list[tuple[str, ...]] = [
    (),
    *((key,) for key in (*document(), "key", "meta")),
    *(("fact", key) for key in (*fact_document(), "by", "attributes")),
    ("fact", "days", "due"),
    ("fact", "amount", "amount"),
    ("fact", "amount", "currency"),
]


@settings(max_examples=150, deadline=None)
@given(place=st.sampled_from(PLACES), value=JSON_VALUES)
def test_whatever_stands_in_a_line_it_is_read_or_refused(place: tuple[str, ...], value: Any) -> None:
    spoiled: Any = document()
    target = spoiled
    for key in place[:-1]:
        target = target[key]
    if place:
        target[place[-1]] = value
    else:
        spoiled = value
    try:
        read = from_line(json.dumps(spoiled))
    except InvalidHistory as refused:
        str(refused).encode()
    else:
        assert from_line(to_line(read)) == read


# ---- files ----------------------------------------------------------------------------------------------------------

LOG = [event(1), event(2, invoice("Zürich 東京")), event(3, Withdrawn(event="acme:2"))]


def test_a_history_file_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "acme.jsonl"
    files.write(path, LOG)
    assert list(files.read(path)) == LOG
    assert list(files.read(str(path))) == LOG
    assert path.read_bytes() == "".join(f"{to_line(e)}\n" for e in LOG).encode()


def test_an_empty_file_holds_no_events(tmp_path: Path) -> None:
    path = tmp_path / "acme.jsonl"
    files.write(path, [])
    assert list(files.read(path)) == []


@pytest.mark.parametrize("lost", [1, 2, 10])
def test_a_torn_last_line_is_refused_after_the_whole_ones(tmp_path: Path, lost: int) -> None:
    """Without its newline it is torn even if what is left is JSON."""
    path = tmp_path / "acme.jsonl"
    files.write(path, LOG)
    path.write_bytes(path.read_bytes()[:-lost])
    events = files.read(path)
    assert [next(events), next(events)] == LOG[:2]
    with pytest.raises(InvalidHistory) as refused:
        next(events)
    assert refused.value.where == "acme.jsonl, line 3"
    assert "torn" in refused.value.problem


@pytest.mark.parametrize(
    "line", ["{}", "", "  ", "\r", "x" * (5 * MAX_LINE)], ids=["no event", "empty", "blank", "return", "endless"]
)
def test_a_faulty_line_is_named_by_file_and_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "acme.jsonl"
    path.write_bytes(f"{to_line(LOG[0])}\n{line}\n".encode())
    with pytest.raises(InvalidHistory) as refused:
        list(files.read(path))
    assert refused.value.where == "acme.jsonl, line 2"


@pytest.mark.parametrize("filler", ["x", WIDE])
def test_the_longest_line_is_read_and_one_character_more_is_refused(tmp_path: Path, filler: str) -> None:
    path, lists = tmp_path / "acme.jsonl", {str(n): (filler * MAX_NAME,) * MAX_ITEMS for n in range(48)}
    written = event(1, MatterChanged(matter="m", attributes=lists))
    line = to_line(written).ljust(MAX_LINE)  # JSON may end in spaces
    path.write_text(f"{line}\n", encoding="utf-8")
    assert len(line) == MAX_LINE
    assert list(files.read(path)) == [from_line(line)] == [written]
    path.write_text(f"{line} \n", encoding="utf-8")
    for read in (lambda: from_line(f"{line} "), lambda: list(files.read(path))):
        with pytest.raises(InvalidHistory, match=r"longer than 5000000 characters|line 1: torn or too long"):
            read()


@pytest.mark.parametrize("content", [b"\xff\xfe{\n", b'{"a": "\xe9"}\n', b"\x80\n", "{}\n".encode("utf-16-be")])
def test_a_line_that_is_not_json_in_utf_8_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "acme.jsonl"
    path.write_bytes(content)
    with pytest.raises(InvalidHistory, match=r"acme.jsonl, line 1: not (UTF-8|a line of JSON)"):
        list(files.read(path))


def test_a_byte_that_is_not_utf_8_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "acme.jsonl"
    files.write(path, [event(1), *(event(n, invoice(f"INV-{n}")) for n in range(2, 101))])
    path.write_bytes(path.read_bytes() + b'{"a":"\xff"}\n' + path.read_bytes())
    events = files.read(path)
    assert [next(events).sequence for _ in range(100)] == list(range(1, 101))  # the lines before it are whole
    with pytest.raises(InvalidHistory, match=r"line 101: not UTF-8: .* at its byte 7"):
        next(events)


@pytest.mark.parametrize("name", ["missing.jsonl", "missing/acme.jsonl", ".", "nul\x00.jsonl"])
def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidHistory, match="cannot be read"):
        list(files.read(tmp_path / name))


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "acme.jsonl"

    def torn() -> Iterator[Event]:
        yield from LOG
        raise RuntimeError("the source failed")

    for before in ([], LOG[:1]):
        if before:
            files.write(path, before)
        with pytest.raises(RuntimeError, match="the source failed"):
            files.write(path, torn())
        assert [file.name for file in tmp_path.iterdir()] == (["acme.jsonl"] if before else [])
    assert list(files.read(path)) == LOG[:1]
