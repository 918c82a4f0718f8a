"""Hostile input at the first door, the API: every refusal is one of the library's errors, names what it is about, can
be printed, and leaves the agreement as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from typing import Any

import pytest
from attrs import evolve

from lifecycle.agreement import Agreement
from lifecycle.days import Period
from lifecycle.errors import InvalidFact, InvalidHistory, InvalidTime, KeyConflict, LifecycleError, UnknownTerms
from lifecycle.events import (
    Corrected,
    Event,
    MatterEnded,
    MatterOpened,
    Money,
    NoticeGiven,
    OrderSigned,
    Paid,
    Waived,
    Withdrawn,
)
from lifecycle.history import to_line
from lifecycle.testing import Story
from lifecycle.verdict import Refused

HUGE = 10**5_000
OWED = Money("120.00", "USD")
PAID = Paid(matter="INV-7", amount=OWED)


def account(**made: Any) -> Agreement:
    """An invoice due on 1 March 2026, its overdue notice given on 5 March: by 1.12, 31 March is the first day."""
    story = Story(on="2026-01-05", **made).order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-01").invoice("INV-7", "120.00 USD", due="2026-03-01")
    return story.on("2026-03-05").notice("overdue", about="INV-7").agreement


def refused(attempt: Callable[[Agreement], object], error: type[LifecycleError], says: str, of: Agreement) -> None:
    before = [to_line(event) for event in of.history], of.status("2026-04-15"), of.remarks("2026-04-15")
    with pytest.raises(error) as caught:
        attempt(of)
    assert type(caught.value) is error
    assert says in str(caught.value)
    assert len(str(caught.value)) < 3_000
    str(caught.value).encode()
    assert str(caught.value).isprintable() or "\n" in str(caught.value)
    assert ([to_line(event) for event in of.history], of.status("2026-04-15"), of.remarks("2026-04-15")) == before


# ---- times -----------------------------------------------------------------------------------------------------------

MOMENTS: list[tuple[Any, str]] = [
    ("now", "'now': neither a day nor an instant"),
    ("today", "'today'"),
    ("12:00", "'12:00'"),
    ("2024", "'2024'"),
    ("2024-02", "'2024-02'"),
    ("P1M", "'P1M'"),
    ("20260331", "'20260331'"),
    ("2026-W14-2", "'2026-W14-2'"),
    ("2026-090", "'2026-090'"),
    ("31.03.2026", "'31.03.2026'"),
    ("03/31/2026", "'03/31/2026'"),
    ("", "''"),
    (" 2026-03-31", "' 2026-03-31'"),
    ("2026-03-31\n", "'2026-03-31\\n'"),
    ("\uff12\uff10\uff12\uff16-03-31", "nor an instant"),  # fullwidth digits
    ("\u0662\u0660\u0662\u0666-03-31", "nor an instant"),  # Arabic ones
    ("2026-02-29", "2026-02-29: there is no such day"),
    ("2026-04-31", "2026-04-31: there is no such day"),
    ("2026-00-10", "there is no such day"),
    ("0000-01-01", "0000-01-01: there is no such day"),
    ("0001-01-01", "0001-01-01: days from 1900-01-01 to 2999-12-31"),
    ("9999-12-31", "9999-12-31: days from 1900-01-01 to 2999-12-31"),
    ("9999-12-31T23:59:59-23:59", "9999-12-31"),
    ("0001-01-01T00:00:00+23:59", "0001-01-01"),
    ("10000-01-01", "'10000-01-01'"),
    ("-2026-01-01", "'-2026-01-01'"),
    ("2026-03-31T09:00", "a time without a zone"),
    ("2026-03-31T23:59:60Z", "2026-03-31T23:59:60Z: there is no such day, time or offset"),
    ("2026-03-31T24:00Z", "there is no such day, time or offset"),
    ("2026-03-31T09:00+24:00", "there is no such day, time or offset"),
    ("2026-03-31T09:00+99:00", "there is no such day, time or offset"),
    ("2026-03-31T09:00-08:60", "nor an instant"),
    ("2026-03-31T09:00[localtime]", "'localtime': not a zone"),
    ("2026-03-31T09:00[../../etc/passwd]", "'../../etc/passwd': not a zone"),
    ("2026-03-31T09:00[/etc/localtime]", "'/etc/localtime': not a zone"),
    ("2026-03-31T09:00[Europe/Berlin\0]", "not a zone"),
    ("2026-03-31T09:00[posixrules]", "not a zone"),
    ("2026-03-31T09:00+02:00[America/Los_Angeles]", "+02:00 is not the offset of America/Los_Angeles at that time"),
    ("2026-03-08T02:30[America/Los_Angeles]", "America/Los_Angeles skips that local time"),
    ("2026-11-01T01:30[America/Los_Angeles]", "has that local time twice: add the offset"),
    ("2011-12-30T12:00[Pacific/Apia]", "Pacific/Apia skips that local time"),
    ("x" * 100_000, "nor an instant"),
    ("\ud800", "nor an instant"),
    ("\0", "nor an instant"),
    ("\u202e2026-03-31", "nor an instant"),
    (None, "null"),
    (True, "true"),
    (20_260_331, "20260331"),
    (1_774_915_200.0, "1774915200.0"),
    (float("nan"), "nan"),
    (HUGE, "too long to show"),
    (b"2026-03-31", "b'2026-03-31'"),
    ([], "[]"),
    (timedelta(days=30), "timedelta"),
    (datetime(2026, 3, 31, 9), "a time without a zone"),  # noqa: DTZ001 - that is the claim
    (datetime.max.replace(tzinfo=UTC), "9999-12-31"),
    (datetime.min.replace(tzinfo=timezone(timedelta(hours=23))), "out of range"),
    (date.max, "9999-12-31"),
    (date.min, "0001-01-01"),
]
ASKED: dict[str, Callable[[Agreement, Any], object]] = {
    "status": lambda a, at: a.status(at),
    "may, vouched through": lambda a, at: a.may("suspend", by="provider", at="2026-03-31", known_through=at or "no"),
    "do": lambda a, at: a.do("suspend", by="provider", at=at, known_through="2026-03-31"),
    "plan": lambda a, at: a.plan("suspend", by="provider", from_=at),
    "catch up": lambda a, at: a.catch_up(at),
    "record": lambda a, at: a.record(PAID, at=at),
    "occurred": lambda a, at: a.record(PAID, at="2026-04-01", occurred=at or "no"),
    "known": lambda a, at: a.as_of("2026-04-01", known_at=at or "no"),
    "timeline until": lambda a, at: a.timeline("2026-04-01", at or "no"),
    "make": lambda _, at: Agreement.make("modal-2024-03-26", agreement="b", customer="B", at=at),
}
OPTIONAL = ("may, vouched through", "occurred", "known", "timeline until")


def _asked(door: str, at: Any, of: Agreement) -> object:
    return ASKED[door](of, at)


@pytest.mark.parametrize("door", ASKED)
def test_a_time_that_must_be_guessed_is_refused_at_every_door(door: str) -> None:
    of = account()
    for at, says in MOMENTS:
        given = at or at == 0 or door not in OPTIONAL
        refused(partial(_asked, door, at), InvalidTime, says if given else "'no'", of)


@pytest.mark.parametrize(("at", "says"), MOMENTS[:44], ids=[repr(at)[:40] for at, _ in MOMENTS[:44]])
def test_a_day_of_a_fact_is_no_other_thing(at: Any, says: str) -> None:
    for make in (
        lambda: OrderSigned(order="O-2", start=at),
        lambda: MatterOpened(kind="invoice", matter="INV-8", days={"due": at}),
        lambda: NoticeGiven(kind="overdue", by="provider", method="courier", effective=at),
    ):
        with pytest.raises(InvalidTime) as caught:
            make()
        str(caught.value).encode()


@pytest.mark.parametrize("zone", [
    "../../etc/passwd", "/etc/localtime", "localtime", "Factory", "posixrules", "", "\0", "UTC+8", "+08:00", "PST",
    "\ud800", "America", "america/los_angeles", "America/Los_Angeles ", "x" * 200,
])  # fmt: skip
def test_a_zone_is_a_name_of_the_tz_database(zone: str) -> None:
    with pytest.raises((InvalidTime, InvalidFact)) as caught:
        Agreement.make("modal-2024-03-26", agreement="b", customer="B", at="2026-01-05", zone=zone)
    assert "agreement made.zone" in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_day_that_the_zone_skips_is_no_moment() -> None:
    """Apia went from 29 to 31 December 2011."""
    of = account(zone="Pacific/Apia")
    refused(lambda a: a.status("2011-12-30"), InvalidTime, "Pacific/Apia has no such day", of)
    refused(
        lambda a: a.record(PAID, at="2026-04-01", occurred="2011-12-30"),
        InvalidTime,
        "2011-12-30: Pacific/Apia has no such day",
        of,
    )


NUMBERS = [True, False, 1.0, 30.5, float("nan"), float("inf"), -1, HUGE, -HUGE, "30", "\uff13\uff10", None, []]


@pytest.mark.parametrize("n", NUMBERS, ids=range(len(NUMBERS)))
@pytest.mark.parametrize("unit", ["days", "business days", "months", "years", "hours"])
def test_a_number_of_days_is_a_whole_number_of_a_century_at_most(n: Any, unit: Any) -> None:
    with pytest.raises(InvalidTime, match=f"a period counts whole {unit}"):
        Period(n, unit)


# ---- names and texts -------------------------------------------------------------------------------------------------

STRANGE = {
    "a lone surrogate": "a\ud800",
    "NUL": "a\0",
    "a line break": "a\nb",
    "an escape": "\x1b[2J",
    "a bidirectional override": "a\u202eb",
    "a mark of direction": "a\u200fb",
    "a paragraph separator": "a\u2029b",
    "too long": "x" * 2_001,
}
NO_TEXT: dict[str, Any] = {
    "nothing": None, "yes": True, "a number": 7, "a huge one": HUGE, "a fraction": 1.5, "bytes": b"a", "lists": [["a"]],
}  # fmt: skip


def doing(**changes: Any) -> Callable[[Agreement], object]:
    asked = {"does": "suspend", "by": "provider", "at": "2026-03-31", "known_through": "2026-03-31", **changes}
    return lambda a: a.do(**asked)


@pytest.mark.parametrize("field", ["does", "about", "power", "method", "approvals", "key", "actor", "ref", "meta"])
@pytest.mark.parametrize("text", [*STRANGE.values(), *NO_TEXT.values()], ids=[*STRANGE, *NO_TEXT])
def test_a_name_in_a_question_is_a_plain_text(field: str, text: Any) -> None:
    if text is not None or field in ("does", "about", "approvals", "meta"):
        value = {"approvals": (text,), "meta": {"a": text}}.get(field, text)
        refused(doing(**{field: value}), InvalidFact, f".{field}: ", account())


@pytest.mark.parametrize("text", [*STRANGE.values(), True, 7, b"a", ["a"]])
def test_a_reason_to_act_against_the_verdict_is_a_plain_text(text: Any) -> None:
    early = doing(at="2026-03-20", known_through="2026-03-20", override=text)
    refused(early, InvalidFact, "acted.override: ", account())


@pytest.mark.parametrize("field", ["id", "key", "actor", "ref", "meta"])
@pytest.mark.parametrize("text", [*STRANGE.values(), True, 7, b"a", ["a"]])
def test_what_a_host_writes_beside_a_fact_is_a_plain_text(field: str, text: Any) -> None:
    value = {"a": text} if field == "meta" else text
    place: dict[str, Any] = {field: value}
    refused(lambda a: a.record(PAID, at="2026-04-01", **place), InvalidFact, f"event.{field}: ", account())


@pytest.mark.parametrize("text", [*STRANGE.values(), *NO_TEXT.values()], ids=[*STRANGE, *NO_TEXT])
def test_an_agreement_and_its_customer_have_plain_names(text: Any) -> None:
    for made in ({"agreement": text, "customer": "B"}, {"agreement": "b", "customer": text}):
        with pytest.raises(InvalidFact) as caught:
            Agreement.make("modal-2024-03-26", at="2026-01-05", **made)
        assert str(caught.value).isprintable()


@pytest.mark.parametrize("source", [*STRANGE.values(), "modal", "../terms/modal-2024-03-26", "/dev/zero", "/"])
def test_terms_that_are_not_published_are_unknown(source: str) -> None:
    with pytest.raises(UnknownTerms) as caught:
        Agreement.make(source, agreement="b", customer="B", at="2026-01-05")
    assert str(caught.value).isprintable()


# ---- facts -----------------------------------------------------------------------------------------------------------

UNKNOWN: list[tuple[Callable[[Agreement], object], type[LifecycleError], str]] = [
    (lambda a: a.record(MatterOpened(kind="spaceship", matter="S"), at="2026-04-01"), InvalidFact,
     "matter opened.kind: the Terms know no matter 'spaceship'"),
    (lambda a: a.record(MatterOpened(kind="invoice", matter="INV-8", amount=OWED), at="2026-04-01"), InvalidFact,
     "matter opened.days: an invoice needs the day due"),
    (lambda a: a.record(NoticeGiven(kind="parking", by="provider", method="courier"), at="2026-04-01"), InvalidFact,
     "notice given.kind: the Terms know no 'parking' notice"),
    (lambda a: a.record(Waived(matter="INV-7", power="dance", by="provider"), at="2026-04-01"), InvalidFact,
     "waived or extended.power: "),
    (lambda a: a.record(Withdrawn(event="acme:9"), at="2026-04-01"), InvalidHistory,
     "event 5 of acme: there is no event"),
    (lambda a: a.record(PAID, at="2026-04-01", id="acme:1"), InvalidHistory,
     "event 5 of acme: the id 'acme:1' is taken"),
    (lambda a: a.record("paid", at="2026-04-01"), InvalidFact, "event.fact: "),  # type: ignore[arg-type]
    (lambda a: a.record(None, at="2026-04-01"), InvalidFact, "event.fact: "),  # type: ignore[arg-type]
    (doing(does="dance"), InvalidFact, "question.does: no act 'dance'"),
    (doing(power="dance"), InvalidFact, "question.power: the Terms know no power 'dance'"),
    (doing(by="nobody"), InvalidFact, "question.by: provider, customer or both, not 'nobody'"),
    (doing(by=HUGE), InvalidFact, "question.by: "),
    (doing(does=HUGE), InvalidFact, "question.does: "),
    (doing(about=HUGE), InvalidFact, "question.about: "),
    (lambda a: Agreement.make(a.terms, agreement="b", customer="B", at="2026-01-05", readings={"8.5": "pigeon"}),
     InvalidFact, "event 1 of b: readings.8.5: "),
]  # fmt: skip


@pytest.mark.parametrize(("attempt", "error", "says"), UNKNOWN, ids=[says for _, _, says in UNKNOWN])
def test_what_the_terms_and_the_history_give_no_meaning_is_refused(
    attempt: Callable[[Agreement], object], error: type[LifecycleError], says: str
) -> None:
    refused(attempt, error, says, account())


def test_a_key_used_for_something_else_is_a_conflict() -> None:
    of = account()
    first = of.record(PAID, at="2026-04-01", key="k")
    assert of.record(PAID, at="2026-04-02", key="k") is first
    other = Paid(matter="INV-7", amount=Money("1.00", "USD"))
    refused(lambda a: a.record(other, at="2026-04-02", key="k"), KeyConflict, "'k' was used for event 5", of)
    refused(doing(key="k"), KeyConflict, "'k' was used for event 5", of)


def test_acts_after_the_end_are_refused_and_facts_are_kept() -> None:
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-01").invoice("INV-7", "120.00 USD", due="2026-03-01").agreed("termination")
    of = story.agreement
    assert of.status("2026-02-02").state == "terminated"
    refused(doing(override="a person wants it"), Refused, "suspend refused on 2026-03-31", of)
    of.record(PAID, at="2026-04-01")
    assert of.history[-1].fact == PAID


def test_what_was_recorded_before_it_happened_is_kept_and_remarked() -> None:
    of = account()
    early = of.record(PAID, at="2026-03-20", occurred="2026-03-25T12:00Z")
    late = of.record(PAID, at="2026-03-26", occurred="2026-03-24")
    assert "recorded at 2026-03-20T07:00:00Z, before it happened" in of.remarks("2026-03-26")[early.id]
    assert late.id not in of.remarks("2026-03-26")
    assert early.id not in of.remarks("2026-03-19")  # nobody knew of it
    assert of.status("2026-03-26").state == "active"


def test_a_mended_clock_is_no_longer_remarked() -> None:
    of = account()
    early = of.record(PAID, at="2026-03-20", occurred="2026-03-25T12:00Z")
    of.record(Corrected(event=early.id, fact=PAID, occurred="2026-03-19"), at="2026-03-21")
    assert early.id not in of.remarks("2026-03-26")


# ---- histories made by hand ------------------------------------------------------------------------------------------


def test_events_that_are_no_history_are_refused_with_the_event_at_fault() -> None:
    events = list(account().history)

    def altered(index: int, **changes: Any) -> list[Event]:
        return [*events[:index], evolve(events[index], **changes), *events[index + 1 :]]

    table: list[tuple[list[Event], type[LifecycleError], str]] = [
        ([], InvalidHistory, "history: empty"),
        (events[1:], InvalidHistory, "event 2 of acme: the next event is 1"),
        ([*events[:2], events[3]], InvalidHistory, "event 4 of acme: the next event is 3: a gap or a repetition"),
        ([*events, events[3]], InvalidHistory, "event 4 of acme: the next event is 5"),
        (altered(2, agreement="zenith"), InvalidHistory, "event 3 of zenith: this is the history of acme"),
        (altered(2, id="acme:1"), InvalidHistory, "event 3 of acme: the id 'acme:1' is taken by event 1"),
        (
            altered(3, fact=MatterEnded(matter="INV-7", how="gone")),
            InvalidFact,
            "event 4 of acme: matter ended.how",
        ),
        (altered(3, fact=events[0].fact), InvalidHistory, "event 4 of acme: a history begins with 'agreement made'"),
    ]
    for wrong, error, says in table:
        with pytest.raises(error) as caught:
            Agreement(wrong)
        assert says in str(caught.value)
