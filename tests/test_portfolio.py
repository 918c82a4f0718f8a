"""Many agreements in columns: equal to the answers of each by itself, and what the columns do not hold is said."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings

from lifecycle import Agreement
from lifecycle.days import FOREVER, Instant, Period
from lifecycle.errors import InvalidTable, UnknownTerms
from lifecycle.events import OrderSigned
from lifecycle.portfolio import ANSWERS, answers, convert, convert_files, schema_for
from lifecycle.portfolio.batches import batch_of
from lifecycle.portfolio.converting import rows_of
from lifecycle.portfolio.counting import Terms as Chain
from lifecycle.portfolio.courses import Course
from lifecycle.portfolio.parquet import EventFile
from lifecycle.portfolio.rules import rules
from lifecycle.portfolio.single import answered
from lifecycle.portfolio.windows import Set
from lifecycle.terms import Library, load
from lifecycle.terms.model import Clock
from lifecycle.testing import Story
from tests.lives import MODAL, TERMS, life, other_terms, telling_instants

LIBRARY = Library(TERMS)
SCHEMA = schema_for(TERMS)


def table(accounts: Iterable[Agreement], **changes: Any) -> Any:
    return batch_of([{**row, **changes} for account in accounts for row in rows_of(account)], SCHEMA)


def differences(accounts: list[Agreement], at: Instant) -> list[tuple[str, str, Any, Any]]:
    """Where columns and single path differ about any agreement, in any column."""
    found = []
    for account, row in zip(accounts, answers(table(accounts), at, LIBRARY).to_pylist(), strict=True):
        alone = answered(account.id, account.history, LIBRARY, at, row["singly"])
        found += [(account.id, name, row[name], alone[name]) for name in row if row[name] != alone[name]]
    return found


def at(day: str, hour: int = 0) -> Instant:
    return MODAL.calendar().start_of(date.fromisoformat(day)) + timedelta(hours=hour)


def one(story: Story, day: str) -> dict[str, Any]:
    """The row of answers about a story's agreement, which the columns must hold."""
    (row,) = answers(table([story.agreement]), at(day), LIBRARY).to_pylist()
    assert row["singly"] is None
    return row  # type: ignore[no-any-return]


# ---- equal to the single path ------------------------------------------------------------------------------


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000_000))
def test_columns_and_single_path_say_the_same_about_ordinary_lives_around_every_edge(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a life, not a secret
    accounts = [life(seed * 6 + n) for n in range(6)]
    for instant in telling_instants(dice.choice(accounts), dice, 3):
        assert differences(accounts, instant) == []


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000_000))
def test_lives_that_the_columns_do_not_hold_are_answered_too_and_the_reason_is_said(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a life, not a secret
    accounts = [life(seed * 6 + n, plain=False) for n in range(6)]
    for instant in telling_instants(dice.choice(accounts), dice, 2):
        assert differences(accounts, instant) == []


def test_a_notice_about_what_has_ended_for_some_powers_only_is_left_to_the_single_path() -> None:
    """A breach that cannot be remedied and is said to be cured still gives the power of 1.12(d), on notice."""
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12).on("2026-02-10")
    story.opened("breach", "B-1", party="customer", by="provider", material=True, remediable=False)
    story.on("2026-02-12").ended("B-1", "cured").on("2026-02-15").notice("breach", about="B-1", method="courier")
    (row,) = answers(table([story.agreement]), at("2026-04-01"), LIBRARY).to_pylist()
    assert row["singly"] == "a notice about what had ended, but not for every power"
    assert "suspend.breach.incurable" in row["provider_may"]
    assert differences([story.agreement], at("2026-04-01")) == []


def test_most_ordinary_lives_are_answered_in_columns() -> None:
    accounts = [life(n) for n in range(30)]
    rows = answers(table(accounts), at("2026-05-01"), LIBRARY).to_pylist()
    assert sum(row["singly"] is None for row in rows) > 20
    assert {row["state"] for row in rows} >= {"active", "suspended", "terminated", "renewed"}


def _a_day_later(edge: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *given: edge(*given) + 86_400_000_000


def _never(*_: object) -> Any:
    return np.int64(2**60)


@pytest.mark.parametrize(
    ("where", "name", "fault"),
    [
        (Set, "_edge", _a_day_later),
        (Chain, "last_day", lambda last_day: lambda *given: last_day(*given) + 1),
        (Set, "ended_as", lambda ended_as: lambda self, ways: ended_as(self, ways) & False),
        (Set, "holders", lambda holders: lambda self, who: holders(self, who)[::-1]),
        (Course, "phase_at", lambda phase_at: lambda *given: phase_at(*given) * 0 + 2),
    ],
    ids=["a clock a day late", "a term a day longer", "ends forgotten", "parties exchanged", "always active"],
)
def test_a_fault_in_the_columns_is_seen(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, fault: Any) -> None:
    accounts = [life(n) for n in range(12)]
    assert differences(accounts, at("2026-04-01")) == []
    monkeypatch.setattr(where, name, fault(getattr(where, name)))
    assert differences(accounts, at("2026-04-01"))


# ---- days by hand ------------------------------------------------------------------------------------------


def running() -> Story:
    return Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)


def test_1_12_overdue_1_march_with_notice_5_march_may_be_suspended_from_31_march() -> None:
    """1 March + 30 days: 31 March. 5 March + 10 days: 15 March. The later one counts."""
    story = running().on("2026-02-01").invoice("INV-7", "120.00 USD", due="2026-03-01")
    story.on("2026-03-05").notice("overdue", about="INV-7")
    before = one(story, "2026-03-30")
    assert "suspend.overdue" not in before["provider_may"]
    assert (before["next_what"], before["next_clause"], before["next_at"]) == ("opens", "1.12", at("2026-03-31"))
    assert before["wake_at"] == at("2026-03-31")
    assert "suspend.overdue" in one(story, "2026-03-31")["provider_may"]


def test_1_12_an_email_gives_no_notice_and_a_payment_lifts_the_hold() -> None:
    story = running().on("2026-02-01").invoice("INV-7", "120.00 USD", due="2026-03-01")
    story.on("2026-03-05").notice("overdue", about="INV-7", method="email")
    assert "suspend.overdue" not in one(story, "2026-06-01")["provider_may"]
    story.on("2026-06-02").notice("overdue").on("2026-06-12")
    story.do("suspend", by="provider")
    held = one(story, "2026-06-13")
    assert (held["state"], held["in_service"]) == ("suspended", False)
    assert [(hold["power"], hold["matter"]) for hold in held["holds"]] == [("suspend.overdue", "INV-7")]
    story.on("2026-06-20").paid("INV-7", "120.00 USD")
    assert (one(story, "2026-06-20")["state"], one(story, "2026-06-19")["state"]) == ("active", "suspended")


def test_3_1_the_last_day_for_non_renewal_is_5_december_and_the_term_then_ends_on_4_january() -> None:
    """The term ends on 4 January 2027; 30 days before: 5 December 2026."""
    story = running()
    row = one(story, "2026-12-05")
    assert "non_renewal" in row["customer_may"]
    assert (row["term_number"], row["term_first"], row["term_last"]) == (1, date(2026, 1, 5), date(2027, 1, 4))
    assert (row["next_at"], row["next_clause"], row["next_matter"]) == (at("2026-12-06"), "3.1", "term 1")
    assert one(story, "2027-01-05")["state"] == "renewed"
    story.on("2026-12-05").notice("non_renewal", by="customer")
    assert (one(story, "2027-01-04")["state"], one(story, "2027-01-05")["state"]) == ("active", "terminated")


def test_3_1_a_term_that_ends_on_4_january_is_renewed_on_5_january_or_expires_then_and_the_answer_says_which() -> None:
    story = running()
    row = one(story, "2026-12-20")
    assert (row["next_what"], row["next_transition"], row["next_on"]) == ("transition", "renew", date(2027, 1, 5))
    story.on("2026-12-05").notice("non_renewal", by="customer")
    row = one(story, "2026-12-20")
    assert (row["next_transition"], row["next_clause"], row["next_at"]) == ("expire", "3.1", at("2027-01-05"))


def test_an_agreement_on_trial_is_converted_by_its_order_or_expires() -> None:
    """The trial's last day is 31 January 2026; the order begins on 20 January."""
    story = Story(on="2026-01-05", trial_through="2026-01-31")
    row = one(story, "2026-01-10")
    assert (row["next_transition"], row["next_on"], row["next_clause"]) == ("expire", date(2026, 2, 1), "1.4")
    row = one(story.on("2026-01-10").order("O-1", start="2026-01-20"), "2026-01-12")
    assert (row["next_transition"], row["next_on"]) == ("convert", date(2026, 1, 20))


def test_5_3_a_claim_of_2_march_is_notified_through_1_april_which_is_the_day_told() -> None:
    """2 March + 30 days: 1 April; the first instant that is too late is that of 2 April."""
    row = one(running().on("2026-03-02").opened("claim", "C-1", party="provider"), "2026-03-20")
    assert (row["next_what"], row["next_on"], row["next_at"]) == ("deadline", date(2026, 4, 1), at("2026-04-02"))


def test_an_agreement_that_is_not_in_force_yet_begins() -> None:
    story = Story(on="2026-01-05").order("O-1", start="2026-03-01", months=12)
    row = one(story, "2026-01-10")
    assert (row["next_transition"], row["next_on"]) == ("begin", date(2026, 3, 1))


def test_8_9_what_only_both_may_do_together_stands_in_a_column_of_its_own() -> None:
    row = one(running(), "2026-04-01")
    assert {"amend", "terminate.agreed"} <= set(row["both_may"])
    assert not set(row["both_may"]) & {*row["provider_may"], *row["customer_may"]}


def test_3_2_a_a_breach_of_6_april_may_be_terminated_for_from_7_may_unless_cured() -> None:
    """6 April + 30 days belong to the cure, through 6 May."""
    story = running().on("2026-04-06").opened("breach", "B-1", party="customer", material=True, remediable=True)
    story.notice("breach", about="B-1")
    assert "terminate.breach" not in one(story, "2026-05-06")["provider_may"]
    assert "terminate.breach" in one(story, "2026-05-07")["provider_may"]
    story.on("2026-05-07").ended("B-1", "cured")
    assert "terminate.breach" not in one(story, "2026-05-07")["provider_may"]


# ---- what the columns do not hold --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda s: s.corrected("acme:2", s.agreement.history[1].fact), "corrected"),
        (lambda s: s.withdrawn("acme:3"), "withdrawn"),
        (lambda s: s.paid("INV-1", "120.00 USD").paid("INV-1", "120.00 USD", "chargeback"), "money taken back"),
        (lambda s: s.changed("INV-1", payment="card"), "matter changed"),
        (lambda s: s.extended("INV-1", to="2026-05-01", day="due"), "extended"),
        (lambda s: s.waived("INV-1", "suspend.overdue"), "waived"),
        (lambda s: s.agreed("termination"), "agreed"),
        (lambda s: s.posted("terminate.discontinuation"), "posted"),
        (lambda s: s.paid("INV-9", "1.00 USD"), "about what is not recorded"),
        (lambda s: s.acted("suspend", power="suspend.overdue"), "a suspension that names no matter"),
        (lambda s: s.acted("suspend"), "an act under no power"),
        (
            lambda s: (
                s.acted("suspend", power="suspend.overdue", about="INV-1")
                .acted("reinstate", power="reinstate.lift")
                .acted("suspend", power="suspend.overdue", about="INV-1")
            ),
            "suspended twice for one matter",
        ),
        (lambda s: s.opened("force_majeure", "FM-1", prevents=("INV-1",)), "a matter names others"),
        (lambda s: s.on("2026-12-01").order("O-2", start="2027-01-05"), "several orders"),
        (lambda s: s.opened("claim", "C-1", party="customer").done("cease_use", by="customer"), "done"),
        (lambda s: s.on("1985-01-01").opened("proceeding", "P-1"), "days far off"),
    ],
)
def test_what_the_columns_do_not_hold_is_answered_by_itself(change: Callable[[Story], Any], why: str) -> None:
    story = running().on("2026-02-01").invoice("INV-1", "120.00 USD", due="2026-03-01").on("2026-02-20")
    change(story)
    (row,) = answers(table([story.agreement]), at("2026-03-20"), LIBRARY).to_pylist()
    assert row == answered("acme", story.agreement.history, LIBRARY, at("2026-03-20"), why)


def test_readings_orders_with_attributes_and_zones_of_their_own_are_answered_by_themselves() -> None:
    reading = MODAL.readings[0]
    made = [
        Story(on="2026-01-05", agreement="a", readings={reading.key: reading.meanings[1]}),
        Story(on="2026-01-05", agreement="b", zone="Asia/Tokyo"),
        Story(on="2026-01-05", agreement="c").order(
            "O", start="2026-01-05", attributes={"discontinuation": "excluded"}
        ),
    ]
    rows = answers(table([story.agreement for story in made]), at("2026-03-20"), LIBRARY).to_pylist()
    assert [row["singly"] for row in rows] == ["readings", "a zone of its own", "order attributes"]


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ("common-paper-csa-2.1", "terms: a framework outlives its orders"),
        ("modal-privacy-2023-05-17", "terms: in force once made"),
    ],
)
def test_terms_that_are_not_read_in_columns_are_named(terms: str, why: str) -> None:
    account = Agreement.make(terms, agreement="acme", customer="C", at="2026-01-05")
    batch = batch_of(rows_of(account), schema_for([account.terms]))
    (row,) = answers(batch, at("2026-03-20"), Library()).to_pylist()
    assert row == answered("acme", account.history, Library(), at("2026-03-20"), why)


def test_terms_that_are_not_at_hand_are_said_of_their_agreements_only() -> None:
    accounts = [life(n) for n in (0, 1, 2)]  # under three Terms, of which two are not published
    rows = answers(table(accounts), at("2026-03-20"), Library()).to_pylist()
    assert [row["refused"] is None for row in rows] == [True, False, False]
    assert "not at hand" in rows[1]["refused"]


def test_a_question_about_a_day_far_off_is_answered_singly() -> None:
    """From 5 January 2026 to 5 January 2090: 64 terms of a year are over."""
    (row,) = answers(table([running().agreement]), at("2090-01-05"), LIBRARY).to_pylist()
    assert (row["singly"], row["state"], row["term_number"]) == ("asked about a day far off", "renewed", 65)


# ---- tables that cannot be relied on -----------------------------------------------------------------------


def column(name: str, values: Callable[[list[Any]], list[Any]]) -> Callable[[Any], Any]:
    """A table with a column changed."""

    def change(batch: Any) -> Any:
        place = batch.schema.names.index(name)
        type_ = batch.schema.field(place).type
        changed = pa.array(values(batch.column(name).to_pylist()), type_)
        return batch.set_column(place, pa.field(name, type_), changed)

    return change


def put(place: int, value: Any) -> Callable[[list[Any]], list[Any]]:
    return lambda values: [value if n == place else old for n, old in enumerate(values)]


def retyped(name: str, type_: Any) -> Callable[[Any], Any]:
    def change(batch: Any) -> Any:
        place = batch.schema.names.index(name)
        return batch.set_column(place, pa.field(name, type_), pa.nulls(batch.num_rows, type_))

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda batch: batch.drop_columns(["kind"]), "column kind: there is none"),
        (retyped("sequence", pa.string()), "column sequence: int32 is wanted, not string"),
        (retyped("day:due", pa.string()), "column day:due: date32"),
        (retyped("attribute:payment", pa.int32()), "column attribute:payment"),
        (column("sequence", put(2, None)), "row 3, sequence: null: every event has one"),
        (column("sequence", put(2, 7)), "row 3, sequence: not the next event"),
        (column("sequence", put(0, 2)), "row 1: begins within an agreement"),
        (column("agreement", put(2, "b")), "row 3, agreement: another agreement in the midst of one"),
        (column("agreement", lambda v: ["z" if name == "a" else name for name in v]), "'b' follows 'z'"),
        (column("type", put(2, "rumoured")), "row 3, type: no type of event"),
        (column("type", put(0, "acted")), "row 1, type: a history begins with 'agreement made'"),
        (column("about", put(3, [9])), "row 4, about: the sequence of an event"),
        (column("about", put(3, [-1])), "row 4, about: the sequence of an event"),
        (column("about", put(3, [2])), "row 4, about: the sequence of an event"),
        (column("about", put(3, [None])), "column about: a list holds no number"),
        (column("matter", put(2, None)), "row 3, matter: null: every 'matter opened' has one"),
        (column("kind", put(2, None)), "row 3, kind: null: every 'matter opened' has one"),
        (column("occurred", put(2, datetime(1, 1, 2, tzinfo=UTC))), "row 3, occurred: no agreement has such days"),
        (column("occurred", put(2, FOREVER)), "row 3, occurred: no agreement has such days"),
        (column("day:due", put(2, date(9999, 12, 31))), "row 3, day:due: no agreement has such days"),
        (column("start", put(1, date(1, 1, 1))), "row 2, start: no agreement has such days"),
        (column("terms", put(0, None)), "row 1, terms: null: every 'agreement made' has one"),
    ],
)
def test_a_table_that_cannot_be_relied_on_is_refused_where_it_is_wrong(change: Any, said: str) -> None:
    stories = [
        Story(on="2026-01-05", agreement=name)
        .order("O-1", start="2026-01-05")
        .invoice("INV-1", "120.00 USD", due="2026-03-01")
        .paid("INV-1", "120.00 USD")
        for name in ("a", "b")
    ]
    batch = table([story.agreement for story in stories])
    assert answers(batch, at("2026-03-20"), LIBRARY).num_rows == 2
    with pytest.raises(InvalidTable, match=said.replace("(", r"\(")):
        answers(change(batch), at("2026-03-20"), LIBRARY)


def eventful() -> Any:
    """A table of an agreement with an event of each type that the columns answer, each on the row its comment says."""
    story = Story(on="2026-01-05", agreement="a").order("O-1", start="2026-01-05", months=12)  # rows 1, 2
    story.on("2026-02-01").invoice("INV-1", "120.00 USD", due="2026-03-01")  # row 3
    story.on("2026-03-05").notice("overdue", about="INV-1")  # row 4
    story.opened("breach", "B-1", party="customer", material=True, remediable=True).ended("B-1", "cured")  # rows 5, 6
    story.on("2026-04-02").acted("suspend", power="suspend.overdue", about="INV-1")  # row 7
    return table([story.on("2026-04-20").paid("INV-1", "20.00 USD").agreement])  # row 8


@pytest.mark.parametrize(
    ("row", "name", "value", "said"),
    [
        (1, "digest", None, "null: every 'agreement made' has one"),
        (1, "trial", None, "null: every 'agreement made' has one"),
        (2, "start", None, "null: every 'order signed' has one"),
        (2, "renews", None, "null: every 'order signed' has one"),
        (2, "length", None, "null beside unit: both or neither"),
        (2, "unit", None, "null beside length: both or neither"),
        (2, "unit", "zz", "not a unit: "),
        (3, "about", None, "every 'matter opened' is about one matter"),
        (3, "about", [5], "a matter's opening names itself"),
        (3, "party", "zz", "one of provider, customer is wanted, not 'zz'"),
        (3, "by", "both", "one of provider, customer is wanted, not 'both'"),
        (3, "currency", "zz", "three capital letters"),
        (3, "currency", None, "null beside amount: both or neither"),
        (4, "kind", None, "null: every 'notice given' has one"),
        (4, "by", None, "null: every 'notice given' has one"),
        (4, "by", "zz", "one of provider, customer is wanted, not 'zz'"),
        (4, "method", None, "null: every 'notice given' has one"),
        (6, "how", None, "null: every 'matter ended' has one"),
        (6, "about", [], "every 'matter ended' is about one matter"),
        (7, "does", None, "null: every 'acted' has one"),
        (7, "by", None, "null: every 'acted' has one"),
        (7, "by", "zz", "one of provider, customer, both is wanted, not 'zz'"),
        (8, "about", [3, 5], "every 'paid' is about one matter"),
        (8, "amount", None, "null: every 'paid' has one"),
        (8, "means", None, "null: every 'paid' has one"),
        (8, "means", "zz", "one of payment, credit, write_off, refund, chargeback is wanted, not 'zz'"),
    ],
)
def test_what_an_event_lacks_or_no_event_says_is_refused_at_its_row_and_column(
    row: int, name: str, value: Any, said: str
) -> None:
    with pytest.raises(InvalidTable) as caught:
        answers(column(name, put(row - 1, value))(eventful()), at("2026-04-10"), LIBRARY)
    assert caught.value.place == f"row {row}, {name}"
    assert said in caught.value.problem


LEGITIMATE = {"attribute:payment", "attribute:material", "attribute:remediable", "delivered", "by_day", "beyond"}


@pytest.mark.parametrize("spoil", [None, "zz"], ids=["null", "unknown"])
def test_no_cell_that_is_spoiled_changes_an_answer_unseen(spoil: str | None) -> None:
    """It is refused, or it makes no difference, or the agreement is answered from its lines."""
    whole, when = eventful(), at("2026-04-10")
    (told,) = answers(whole, when, LIBRARY).to_pylist()
    assert (told["state"], told["singly"]) == ("suspended", None)
    words = {field.name for field in whole.schema if pa.types.is_dictionary(field.type)}
    for name in sorted((set(whole.schema.names) - LEGITIMATE) & (words if spoil else set(whole.schema.names))):
        for row, value in enumerate(whole.column(name).to_pylist()):
            if value is None or (name, row) in {("about", 3), ("method", 3)}:
                continue  # A notice may cover all, and a method may be no method of the Terms.
            try:
                (found,) = answers(column(name, put(row, spoil))(whole), when, LIBRARY).to_pylist()
            except InvalidTable:
                continue
            assert found["singly"] or found["refused"] or found == told, (name, row + 1)


def test_in_a_table_under_several_terms_a_row_is_named_by_its_place_in_the_table() -> None:
    """Three agreements under three Terms: the order of the second one begins the row after it is made."""
    batch = table([life(n) for n in (0, 1, 2)])
    row = [n for n, each in enumerate(batch.column("type").to_pylist()) if each == "order signed"][1]
    with pytest.raises(InvalidTable, match=f"row {row + 1}, start: no agreement has such days"):
        answers(column("start", put(row, date(1, 1, 1)))(batch), at("2026-03-20"), LIBRARY)


def test_a_matter_that_its_kind_does_not_know_so_is_left_to_its_lines() -> None:
    """Whom an invoice is about, an amount of a breach, a value that no payment has, a length of less than a day."""
    for name, row, value in (
        ("party", 2, "provider"),
        ("party", 4, None),
        ("attribute:payment", 2, "zz"),
        ("attribute:material", 4, "zz"),
        ("attribute:payment", 4, "card"),
        ("day:due", 4, date(2026, 3, 1)),
        ("length", 1, -1),
    ):
        (found,) = answers(column(name, put(row, value))(eventful()), at("2026-04-10"), LIBRARY).to_pylist()
        assert found["singly"], (name, value)


def test_a_length_of_less_than_a_day_is_not_taken_for_that_of_the_terms() -> None:
    own = other_terms("own", ("[counting]", '[order]\nterm = { n = 12, unit = "months" }\n\n[counting]'))
    account = Agreement.make(own, agreement="a", customer="C", at="2026-01-05")
    account.record(OrderSigned(order="O-1", start="2026-01-05"), at="2026-01-05")
    whole = batch_of(rows_of(account), schema_for([own]))
    (told,) = answers(whole, at("2026-04-10"), Library([own])).to_pylist()
    assert (told["singly"], told["term_last"]) == (None, date(2027, 1, 4))
    spoiled = column("unit", put(1, "months"))(column("length", put(1, -1))(whole))
    (found,) = answers(spoiled, at("2026-04-10"), Library([own])).to_pylist()
    assert found["singly"] == "order without a length"


def test_an_amount_beyond_what_is_owed_to_anyone_is_answered_singly() -> None:
    story = running().invoice("INV-1", "999999999999999.000001 USD", due="2026-03-01")
    (row,) = answers(table([story.agreement]), at("2026-03-20"), LIBRARY).to_pylist()
    assert row == answered("acme", story.agreement.history, LIBRARY, at("2026-03-20"), row["singly"])


def test_lines_are_wanted_only_of_what_is_answered_singly_and_garbage_in_them_refuses_that_agreement() -> None:
    plain = running().agreement
    odd = Story(on="2026-01-05", agreement="odd").order("O-1", start="2026-01-05").agreed("termination").agreement
    assert answers(table([plain], line=None), at("2026-03-20"), LIBRARY).to_pylist()[0]["state"] == "active"
    with pytest.raises(InvalidTable, match=r"odd cannot be answered from columns \(agreed\), and its lines are not"):
        answers(table([plain, odd], line=None), at("2026-03-20"), LIBRARY)
    rows = answers(table([plain, odd], line='{"no": "event"}'), at("2026-03-20"), LIBRARY).to_pylist()
    assert [row["state"] for row in rows] == ["active", None]
    assert "agreement odd, event 1" in rows[1]["refused"]


def test_an_empty_batch_has_no_answers() -> None:
    assert answers(batch_of([], SCHEMA), at("2026-03-20"), LIBRARY).schema == ANSWERS


# ---- conversion --------------------------------------------------------------------------------------------


def test_a_converted_table_holds_every_event_with_its_line_in_row_groups_of_whole_agreements(tmp_path: Path) -> None:
    accounts = [life(n) for n in range(6)]
    told = convert((a.history for a in accounts), tmp_path / "events.parquet", TERMS, rows=20)
    file = EventFile(tmp_path / "events.parquet")
    assert told == (6, sum(len(a.history) for a in accounts)) == (6, file.rows)
    assert file.groups > 1
    for group in range(file.groups):
        assert file.read(group, ["sequence"]).column(0)[0].as_py() == 1


def test_a_row_with_what_no_column_holds_is_refused_before_it_is_lost() -> None:
    story = running().invoice("INV-1", "120.00 USD", due="2026-03-01")
    with pytest.raises(InvalidTable, match="column attribute:payment: there is none"):
        batch_of(rows_of(story.agreement), schema_for([]))


def test_an_amount_keeps_its_decimals() -> None:
    story = running().invoice("INV-1", "0.000001 USD", due="2026-03-01")
    assert table([story.agreement]).column("amount").to_pylist()[2] == Decimal("0.000001")
    assert (
        one(story.on("2026-02-01").paid("INV-1", "0.000001 USD"), "2026-06-01")["provider_may"]
        == one(running(), "2026-06-01")["provider_may"]
    )


def test_histories_out_of_order_and_those_an_agreement_refuses_make_no_table(tmp_path: Path) -> None:
    target = tmp_path / "events.parquet"
    with pytest.raises(InvalidTable, match="give histories by agreement"):
        convert((life(n).history for n in (2, 1)), target, TERMS)
    with pytest.raises(UnknownTerms):
        convert([life(1).history], target, [])
    assert not list(tmp_path.iterdir())


def test_files_are_put_in_the_order_of_their_agreements(tmp_path: Path) -> None:
    from lifecycle import files

    for name, number in (("first", 5), ("second", 3)):
        files.write(tmp_path / f"{name}.jsonl", life(number).history)
    assert convert_files(sorted(tmp_path.glob("*.jsonl")), tmp_path / "t.parquet", TERMS)[0] == 2
    names = EventFile(tmp_path / "t.parquet").read(0, ["agreement"]).column(0).to_pylist()
    assert (names[0], names[-1]) == ("A-000003", "A-000005")


def test_the_modal_terms_are_read_in_columns_whole() -> None:
    found = rules(load("modal-2024-03-26"))
    assert (found.refused, found.refused_kinds, found.refused_notices, found.refused_holds) == ("", {}, {}, "")


def power(name: str, **changes: Any) -> dict[str, Any]:
    return {"powers": {**MODAL.powers, name: evolve(MODAL.powers[name], **changes)}}


def kind(name: str, **changes: Any) -> dict[str, Any]:
    return {"kinds": {**MODAL.kinds, name: evolve(MODAL.kinds[name], **changes)}}


assert MODAL.renewal
HOURS = Clock("start", 48, "at least", "hours")
NOTICED = Clock("notice:breach", 5, "at least")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"counting": evolve(MODAL.counting, roll="next business day")}, "terms: last days roll"),
        (
            {"renewal": evolve(MODAL.renewal, longest=Period(1, "years"))},
            "terms: renewed terms are no longer than so much",
        ),
        (
            {"powers": {**MODAL.powers, **{f"p{n}": MODAL.powers["amend"] for n in range(64)}}},
            "terms: more than 64 powers",
        ),
        (power("non_renewal", clocks=(NOTICED,)), "terms: how notice of non-renewal is counted"),
        (power("data.delete", clocks=(HOURS,)), "terms: clocks of data.delete"),
        (power("data.delete", matter=("idle",)), "terms: data.delete rests on the time without a term"),
        (
            {"duties": {**MODAL.duties, "cease_use": evolve(MODAL.duties["cease_use"], matter=("hold",))}},
            "terms: duty cease_use rests on the course",
        ),
        (
            {"notices": {**MODAL.notices, "breach": evolve(MODAL.notices["breach"], about=("ending",))}},
            "terms: notices about the course",
        ),
        (power("terminate.discontinuation", exercise="automatic"), "terms: ends by itself"),
    ],
)
def test_terms_of_another_shape_are_refused_whole(changes: dict[str, Any], why: str) -> None:
    assert rules(evolve(MODAL, **changes)).refused == why


def test_kinds_notices_and_holds_of_another_shape_are_refused_by_themselves() -> None:
    lapsing = kind("claim", lasts=Clock("start", 30, "no later than"))
    assert rules(evolve(MODAL, **lapsing)).refused_kinds == {"claim": "claim: lapses by itself"}
    counted = kind("force_majeure", defaults={"failure": HOURS})
    assert rules(evolve(MODAL, **counted)).refused_kinds == {"force_majeure": "force_majeure: how its days are counted"}
    automatic = power("terminate.liquidation", exercise="automatic")
    assert rules(evolve(MODAL, **automatic)).refused_kinds == {
        "liquidation": "terminate.liquidation: takes effect by itself"
    }
    hours = power("terminate.liquidation", clocks=(HOURS,))
    assert rules(evolve(MODAL, **hours)).refused_kinds == {"liquidation": "terminate.liquidation: how it is counted"}
    reminded = {**MODAL.notices, "overdue": evolve(MODAL.notices["overdue"], given=(NOTICED,))}
    assert rules(evolve(MODAL, notices=reminded)).refused_notices == {"overdue": "notice overdue: how it is counted"}
    waiting = power("suspend.overdue", lifts_with="suspend.breach")
    assert rules(evolve(MODAL, **waiting)).refused_holds == "suspend.overdue: its hold waits for others"
    long = power("terminate.assignment", matter=("suspension",))
    assert rules(evolve(MODAL, **long)).refused_holds == "terminate.assignment: rests on the suspension"
