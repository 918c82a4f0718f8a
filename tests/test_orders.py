"""What orders say where the Terms leave it to them: how long a term is, and periods of their own. Days by hand."""

from datetime import timedelta
from typing import Any

import pytest

from lifecycle import Agreement, Period, terms
from lifecycle.errors import InvalidFact
from lifecycle.events import OpeningBalance, OrderSigned
from lifecycle.history import from_line, to_line
from lifecycle.testing import Story

TERMS = """
[terms]
id = "ordered"
title = "Ordered Terms"
dated = 2026-01-01
provider = "Small Ltd"
zone = "UTC"

[clauses]
"1" = { title = "One" }

[order]
term = { n = 1, unit = "years" }
values = { payment = "days to pay", grace = "days of grace", response = "hours to respond" }

[kind.invoice]
title = "invoice"
clause = "1"
party = "customer"
money = "owed"
days = ["issued", "due"]
defaults.due = { start = "issued", compare = "no later than", n = 30, order_value = "payment" }
ends = ["paid", "credited", "written_off"]
attributes = { order = "text" }

[kind.outage]
title = "outage"
clause = "1"
party = "provider"

[kind.question]
title = "question"
clause = "1"
party = "provider"
lasts = { start = "start", compare = "no later than", n = 15, order_value = "grace" }

[power.answer]
title = "answer"
does = "answer"
by = "customer"
clause = "1"
matter = ["question"]
ended_by = ["lapsed"]
exercise = "act"

[power.overdue]
title = "suspend for overdue amounts"
does = "suspend"
by = "provider"
clause = "1"
matter = ["invoice"]
clocks = [{ start = "due", compare = "at least", n = 10, order_value = "grace" }]
ended_by = ["paid", "credited", "written_off"]
exercise = "act"
lifts = "by itself"

[power.withhold]
title = "withhold payment"
does = "withhold"
by = "customer"
clause = "1"
matter = ["outage"]
clocks = [{ start = "start", compare = "at least", n = 48, unit = "hours", order_value = "response" }]
exercise = "act"
"""


def ordered(start: str = "2026-01-05", **values: Any) -> Story:
    story = Story(terms.parse(TERMS.encode(), "ordered.toml"), on="2026-01-05")
    return story.record(OrderSigned(order="O-1", start=start, values=values))


def billed(story: Story, **details: Any) -> Story:
    return story.on("2026-03-02").opened("invoice", "I-1", amount="100 USD", issued="2026-03-01", **details)


def opens_on(first: str, story: Story, does: str = "suspend", **asked: Any) -> None:
    """Claim that it is refused until the very end of the time before, and permitted from the first instant on."""
    assert not story.on(story.agreement.instant(first) - timedelta(microseconds=1)).may(does, **asked).permitted
    assert story.on(first).may(does, **asked).permitted


def last_day(story: Story) -> str:
    term = story.status().term
    return str(term.last) if term else ""


@pytest.mark.parametrize(
    ("values", "due", "first"),
    [
        ({}, "2026-03-31", "2026-04-10"),  # 1 March + 30, + 10
        ({"payment": Period(45)}, "2026-04-15", "2026-04-25"),  # 1 March + 45
        ({"grace": Period(5, "business days")}, "2026-03-31", "2026-04-07"),  # Tuesday: 1, 2, 3, 6, 7 April
        ({"payment": Period(0), "grace": Period(3)}, "2026-03-01", "2026-03-04"),
    ],
)
def test_a_period_that_the_order_names_replaces_that_of_the_terms(values: Any, due: str, first: str) -> None:
    story = billed(ordered(**values))
    assert str(story.agreement._docket().matters["I-1"].days["due"]) == due
    opens_on(first, story)


def test_a_day_that_the_matter_gives_wins_over_every_default() -> None:
    opens_on("2026-05-11", billed(ordered(payment=Period(45)), due="2026-05-01"))


def test_the_order_that_a_matter_names_counts_for_it() -> None:
    story = ordered(payment=Period(45), grace=Period(20)).on("2026-02-01")
    story.record(OrderSigned(order="O-2", start="2027-01-05", values={"payment": Period(60), "grace": Period(1)}))
    opens_on("2026-05-05", billed(story, order="O-1"))  # 1 March + 45 = 15 April, + 20


@pytest.mark.parametrize(("issued", "due"), [
    ("2027-01-04", "2027-02-18"),  # the last day under O-1: + 45
    ("2027-01-05", "2027-03-06"),  # the first under O-2: + 60
])  # fmt: skip
def test_an_orders_periods_count_from_the_day_on_which_it_starts(issued: str, due: str) -> None:
    story = ordered(payment=Period(45)).on("2026-02-01")
    story.record(OrderSigned(order="O-2", start="2027-01-05", values={"payment": Period(60)}))
    story.on(issued).opened("invoice", "I-1", amount="100 USD", issued=issued)
    assert str(story.agreement._docket().matters["I-1"].days["due"]) == due


def test_without_an_order_or_under_one_that_nobody_signed_the_terms_own_period_counts() -> None:
    for story in (
        billed(Story(ordered().agreement.terms, on="2026-01-05")),
        billed(ordered(payment=Period(45)), order="O-9"),
    ):
        assert str(story.agreement._docket().matters["I-1"].days["due"]) == "2026-03-31"  # 1 March + 30


def test_periods_can_be_named_by_the_order_of_an_imported_account() -> None:
    made = ordered().agreement.terms
    story = Story(made, on="2026-01-05")
    story.record(OpeningBalance(order="O-7", started="2025-06-01", number=3, values={"grace": Period(2)}))
    assert last_day(story) == "2026-05-31"  # one year, as the Terms say
    opens_on("2026-04-02", billed(story))  # 31 March + 2


def test_more_time_may_be_given_for_a_day_that_was_counted() -> None:
    story = billed(ordered()).on("2026-03-20").extended("I-1", day="due", to="2026-04-20")
    opens_on("2026-04-30", story)  # + 10


def test_how_long_a_matter_lasts_may_be_the_order_s_to_say() -> None:
    for story, last in ((ordered(), "2026-03-17"), (ordered(grace=Period(3)), "2026-03-05")):  # 2 March + 15, or + 3
        story.on("2026-03-02").opened("question", "Q-1")
        end = story.agreement.instant(last) + timedelta(days=1)
        assert story.on(end - timedelta(microseconds=1)).may("answer", by="customer").permitted
        assert not story.on(end).may("answer", by="customer").permitted


def test_a_month_that_a_matter_lasts_ends_with_one_that_has_no_such_day() -> None:
    text = TERMS.replace('n = 15, order_value = "grace" }', 'n = 15, order_value = "answer", rounding = "down" }')
    text = text.replace("values = { ", 'values = { answer = "time to answer", ')
    story = Story(terms.parse(text.encode(), "ordered.toml"), on="2026-01-05")
    story.record(OrderSigned(order="O-1", start="2026-01-05", values={"answer": Period(1, "months")}))
    story.on("2026-01-31").opened("question", "Q-1")
    assert story.on("2026-02-28").may("answer", by="customer").permitted
    assert not story.on("2026-03-01").may("answer", by="customer").permitted


def test_orders_read_the_same_from_a_file() -> None:
    story = billed(ordered(payment=Period(45), response=Period(4, "hours")))
    events = [from_line(to_line(event)) for event in story.agreement.history]
    assert list(Agreement(events, story.agreement.terms).history) == list(story.agreement.history)
    balance = OpeningBalance(order="O-7", started="2025-06-01", values={"grace": Period(2, "business days")})
    event = Story(story.agreement.terms, on="2026-01-05").record(balance).agreement.history[-1]
    assert from_line(to_line(event)) == event


def test_an_order_names_only_periods_that_the_terms_leave_to_it() -> None:
    with pytest.raises(InvalidFact, match=r"no period notice in an order: payment, grace"):
        ordered(notice=Period(30))


@pytest.mark.parametrize(
    "values",
    [{"grace": Period(48, "hours")}, {"payment": Period(720, "hours")}, {"response": Period(2, "days")}],
)
def test_an_order_names_a_period_that_its_clock_can_count(values: Any) -> None:
    """Hours run from an instant, days from a day."""
    with pytest.raises(InvalidFact, match="values"):
        ordered(**values)


def test_an_order_may_name_other_hours() -> None:
    story = ordered(response=Period(4, "hours")).on("2026-03-02T08:00Z").opened("outage", "X-1")
    opens_on("2026-03-02T12:00Z", story, "withhold", by="customer")


def test_an_order_may_name_months_only_where_the_clock_says_how_they_round() -> None:
    with pytest.raises(InvalidFact, match="values"):
        ordered(payment=Period(1, "months"))


@pytest.mark.parametrize(
    ("term", "last"), [(None, "2027-01-04"), (Period(3, "months"), "2026-04-04"), (Period(10), "2026-01-14")]
)
def test_an_order_that_names_no_term_runs_as_long_as_the_terms_say(term: Period | None, last: str) -> None:
    story = Story(ordered().agreement.terms, on="2026-01-05")
    assert last_day(story.record(OrderSigned(order="O-1", start="2026-01-05", term=term))) == last


def test_an_order_without_a_term_is_refused_where_the_terms_name_none() -> None:
    with pytest.raises(InvalidFact, match="say how long its term is"):
        Story("modal-2024-03-26", on="2026-01-05").record(OrderSigned(order="O-1", start="2026-01-05"))


def test_an_order_names_periods_for_what_begins_in_its_own_terms() -> None:
    """Whenever it is signed: a successor with a shorter period takes nothing from who is billed before it starts."""
    story = billed(ordered(payment=Period(45), grace=Period(20))).on("2026-03-03")
    story.record(OrderSigned(order="O-2", start="2027-01-05", values={"grace": Period(1)}))
    opens_on("2026-05-05", story)  # 1 March + 45 = 15 April, + 20
    story.on("2027-02-02").opened("invoice", "I-2", amount="100 USD", issued="2027-02-01")
    opens_on("2027-03-04", story, about="I-2")  # 1 February + 30, as the Terms say: 3 March, + 1


def test_what_begins_before_the_first_order_starts_goes_by_that_order() -> None:
    opens_on("2026-04-01", billed(ordered(start="2026-03-15", grace=Period(1))))  # 31 March + 1


def test_what_a_rescinded_order_named_counts_no_more() -> None:
    story = ordered().on("2026-02-01")
    story.record(OrderSigned(order="O-2", start="2027-01-05", values={"grace": Period(1)}), id="o-2")
    opens_on("2026-04-01", billed(story, order="O-2"))  # 31 March + 1
    story.on("2026-04-02").agreed("rescission", "o-2")
    opens_on("2026-04-10", story)
