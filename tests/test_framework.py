"""The terms an agreement runs: trials of a given length, renewals of another, month ends, frameworks that outlive their
orders, and what survives which end. Days by hand.
"""

from datetime import timedelta
from typing import Any

import pytest

from lifecycle import Agreement, terms
from lifecycle.changes import changes
from lifecycle.course import Course
from lifecycle.days import Moment, Period
from lifecycle.errors import InvalidFact
from lifecycle.events import OpeningBalance
from lifecycle.history import from_line, to_line
from lifecycle.machine import table
from lifecycle.terms import Terms
from lifecycle.testing import Story

TERMS = """
[terms]
id = "small"
title = "Small Terms"
dated = 2026-01-01
provider = "Small Ltd"
zone = "UTC"

[clauses]
"1" = { title = "One" }
"2" = { title = "Trial" }
"3" = { title = "Term" }
"4" = { title = "Framework" }
"5" = { title = "Survival" }

[notice]
clause = "1"
methods.hand = { counts = "in person" }

[kind.used_up]
title = "used up trial"
clause = "2"
party = "customer"

[notice_kind.stop]
title = "non-renewal notice"
clause = "3"
by = "either"

[power.stop]
title = "give notice of non-renewal"
does = "stop renewal"
by = "either"
clause = "3"
matter = ["term"]
clocks = [{ start = "term end", direction = "before", compare = "at least", n = 30 }]
exercise = "notice:stop"

[power.leave]
title = "leave at any time"
does = "terminate"
by = "customer"
clause = "1"
exercise = "written notice"

[renewal]
clause = "3"
stopped_by = "stop"
RENEWAL
"""
TRIAL = """
[trial]
clause = "2"
lacks = ["5"]
limit = "used_up"
"""
FORTNIGHT = 'length = { n = 14, unit = "days" }'
FRAMEWORK = """
[framework]
clause = "4"
at_least = { n = 2, unit = "years" }

[power.idle]
title = "end what nobody ordered anything under"
does = "terminate"
by = "either"
clause = "4"
matter = ["idle"]
clocks = [{ start = "start", compare = "at least", n = 30 }]
exercise = "written notice"

[[effect]]
id = "no service"
clause = "4"
text = "no service without an order"
on = ["term end"]
"""
SURVIVAL = """
[survival]
clause = "5"
clauses = ["1", "5"]
"""


def small(*parts: str, renewal: str = "") -> Terms:
    return terms.parse((TERMS.replace("RENEWAL", renewal) + "".join(parts)).encode(), "small.toml")


def states(story: Story, *days: str) -> list[tuple[str | None, bool]]:
    return [(status.state, status.in_service) for status in (story.on(day).status() for day in days)]


def term(story: Story, on: str | Moment) -> tuple[int, str, str] | None:
    running = story.on(on).status().term
    return (running.number, str(running.first), str(running.last)) if running else None


def ending(story: Story) -> tuple[str, str, str]:
    """How it ends, on which day, by which clause."""
    last = story.on("2040-01-01").status().ending
    assert last
    return last.how, str(story.agreement.terms.calendar().day_of(last.at)), last.clause


def told(story: Story, on: str) -> list[tuple[str, str]]:
    """What the next memo on a day reports: transition and day."""
    return [(entry.transition, str(entry.effective.date())) for entry in story.on(on).catch_up()]


# ---- trials --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("length", "made", "last", "ended"),
    [
        (FORTNIGHT, "2026-01-05", "2026-01-18", "2026-01-19"),  # 5 January is its first day
        ('length = { n = 1, unit = "days" }', "2026-01-05", "2026-01-05", "2026-01-06"),
        ('length = { n = 1, unit = "months" }', "2026-01-05", "2026-02-04", "2026-02-05"),
        ('length = { n = 1, unit = "months" }', "2026-01-31", "2026-02-28", "2026-03-01"),
    ],
)
def test_a_trial_lasts_as_long_as_the_terms_say(length: str, made: str, last: str, ended: str) -> None:
    story = Story(small(TRIAL + length), on=made, trial=True)
    assert states(story, f"{last}T23:59Z", ended) == [("trial", True), ("terminated", False)]
    assert ending(story) == ("expired", ended, "2")


def test_a_last_day_that_the_agreement_names_wins() -> None:
    story = Story(small(TRIAL + FORTNIGHT), on="2026-01-05", trial_through="2026-02-10")
    assert ending(story) == ("expired", "2026-02-11", "2")


def test_a_trial_that_is_used_up_ends_before_its_last_day() -> None:
    story = Story(small(TRIAL + FORTNIGHT), on="2026-01-05", trial=True).on("2026-01-10T12:00Z")
    assert story.opened("used_up", "U-1").state == "terminated"


def test_without_a_length_a_trial_goes_on() -> None:
    assert states(Story(small(TRIAL), on="2026-01-05", trial=True), "2036-01-05") == [("trial", True)]


def converting(gap: str) -> Story:
    """Made on 5 January, a trial through 18 January, an order signed in it that starts on 1 February."""
    story = Story(small(TRIAL + FORTNIGHT + gap, SURVIVAL), on="2026-01-05", trial=True).on("2026-01-10")
    return story.order("O-1", start="2026-02-01")


def test_a_trial_ends_before_a_later_order_starts() -> None:
    story = converting("")
    assert states(story, "2026-01-18", "2026-01-19", "2026-02-01") == [("trial", True), (None, False), ("active", True)]
    assert story.agreement.clauses_in_force("2026-01-25") == ()
    assert told(story, "2026-02-02") == [("trial end", "2026-01-19"), ("convert", "2026-02-01")]


def test_a_trial_goes_on_until_the_order_starts_where_the_terms_say_so() -> None:
    story = converting('\ngap = "goes on"')
    assert states(story, "2026-01-19", "2026-01-31T23:59Z", "2026-02-01") == [
        ("trial", True),
        ("trial", True),
        ("active", True),
    ]
    assert "5" not in story.agreement.clauses_in_force("2026-01-25")  # what a trial lacks, it still lacks
    assert told(story, "2026-02-02") == [("convert", "2026-02-01")]


def test_a_trial_that_nobody_follows_ends_whatever_is_said_of_a_gap() -> None:
    story = Story(small(TRIAL + FORTNIGHT + '\ngap = "goes on"'), on="2026-01-05", trial=True)
    assert ending(story) == ("expired", "2026-01-19", "2")
    with pytest.raises(InvalidFact, match="the agreement ends before"):
        story.on("2026-01-25").order("O-1", start="2026-02-01")


def test_an_order_that_starts_later_is_announced() -> None:
    story = Story(small(), on="2026-01-05").order("O-1", start="2026-02-01")
    assert story.on("2026-01-31").state is None
    entries = [(str(e.on), e.what, e.text) for e in story.agreement.timeline("2026-01-10").entries]
    assert entries[0] == ("2026-02-01", "transition", "the agreement is in force: active")
    assert story.agreement.wake_at("2026-01-10") == story.agreement.instant("2026-02-01")


# ---- renewals ------------------------------------------------------------------------------------------------------

A_YEAR = "longest = { n = 12, unit = 'months' }"


@pytest.mark.parametrize(
    ("months", "renewal", "firsts"),
    [
        (24, A_YEAR, ["2026-01-01", "2028-01-01", "2029-01-01", "2030-01-01"]),
        (24, "longest = { n = 1, unit = 'years' }", ["2026-01-01", "2028-01-01", "2029-01-01", "2030-01-01"]),
        (24, "", ["2026-01-01", "2028-01-01", "2030-01-01"]),
        (12, A_YEAR, ["2026-01-01", "2027-01-01", "2028-01-01"]),
        (6, A_YEAR, ["2026-01-01", "2026-07-01", "2027-01-01"]),
        (3, "longest = { n = 30, unit = 'days' }", ["2026-01-01", "2026-04-01", "2026-05-01", "2026-05-31"]),
    ],
)
def test_a_renewed_term_is_as_long_as_the_expiring_one_but_no_longer_than_the_longest(
    months: int, renewal: str, firsts: list[str]
) -> None:
    story = Story(small(renewal=renewal), on="2026-01-01").order("O-1", start="2026-01-01", months=months)
    for number, first in enumerate(firsts, start=1):
        last = story.agreement.instant(first) - timedelta(microseconds=1)
        assert number == 1 or story.on(last).status().term != story.on(first).status().term
        running = term(story, first)
        assert running
        assert running[:2] == (number, first)


def test_the_last_day_for_notice_is_that_of_the_shorter_term() -> None:
    story = Story(small(renewal=A_YEAR), on="2026-01-01").order("O-1", start="2026-01-01", months=24)
    verdict = story.on("2028-03-01").may("stop renewal", by="customer")
    assert (str(verdict.last_day), verdict.about) == ("2028-12-01", ("term 2",))  # 31 December - 30
    story.on("2028-12-01").do("stop renewal", by="customer", method="hand")
    assert ending(story) == ("expired", "2029-01-01", "3")


BILLING = 'month_ends = "billing anchor"'


@pytest.mark.parametrize(
    ("start", "renewal", "lasts"),
    [
        ("2027-01-31", BILLING, ["2027-02-27", "2027-03-30", "2027-04-29", "2027-05-30"]),
        ("2027-01-31", "", ["2027-02-28", "2027-03-30", "2027-04-30", "2027-05-30"]),
        ("2028-01-31", BILLING, ["2028-02-28", "2028-03-30"]),  # 29 February begins the second
        ("2027-01-15", BILLING, ["2027-02-14", "2027-03-14"]),
    ],
)
def test_where_a_monthly_term_ends_in_a_shorter_month(start: str, renewal: str, lasts: list[str]) -> None:
    story = Story(small(renewal=renewal), on=start).order("O-1", start=start, months=1)
    for number, last in enumerate(lasts, start=1):
        running, following = term(story, last), term(story, story.agreement.instant(last) + timedelta(days=1))
        assert running
        assert following
        assert (running[0], running[2], following[0]) == (number, last, number + 1)


# ---- what survives -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "expired", "terminated"),
    [
        ("", ("1", "5"), ("1", "5")),
        ('after = ["terminate"]', (), ("1", "5")),
        ('after = ["expire"]', ("1", "5"), ()),
        ("after = []", (), ()),
    ],
)
def test_the_survivors_survive_the_ends_that_the_terms_name(after: str, expired: Any, terminated: Any) -> None:
    made = small(SURVIVAL + after)
    over = Story(made, on="2026-01-01").order("O-1", start="2026-01-01", months=3, renews=False)
    assert len(over.agreement.clauses_in_force("2026-03-31")) == 5
    assert over.agreement.clauses_in_force("2026-04-01") == expired
    left = Story(made, on="2026-01-01").order("O-1", start="2026-01-01").on("2026-02-01")
    left.do("terminate", by="customer", method="hand")
    assert left.agreement.clauses_in_force("2026-02-01") == terminated


# ---- frameworks ----------------------------------------------------------------------------------------------------


def framed(at_least: bool = True) -> Story:  # noqa: FBT001, FBT002 - two sorts of framework
    """Made on Monday 5 January 2026 for two years at least: through 4 January 2028."""
    framework = FRAMEWORK if at_least else FRAMEWORK.replace('at_least = { n = 2, unit = "years" }', "")
    return Story(small(framework, SURVIVAL), on="2026-01-05")


def once(story: Story, order: str = "O-1", start: str = "2026-03-01", months: int = 12) -> Story:
    return story.order(order, start=start, months=months, renews=False)


def test_a_framework_is_in_force_from_its_making_without_serving_anything() -> None:
    story = framed()
    assert states(story, "2026-01-05", "2028-01-04T23:59Z") == [("active", False)] * 2
    assert term(story, "2026-06-01") is None
    assert len(story.agreement.clauses_in_force("2026-06-01")) == 5


def test_without_any_order_it_ends_when_its_least_time_has_passed() -> None:
    story = framed()
    assert ending(story) == ("expired", "2028-01-05", "4")
    assert told(story, "2028-01-06") == [("expire", "2028-01-05")]
    assert story.agreement.wake_at("2026-06-01") == story.agreement.instant("2028-01-05")


def test_where_no_least_time_is_named_it_waits_for_its_first_order() -> None:
    story = framed(at_least=False)
    assert states(story, "2040-01-01") == [("active", False)]
    assert "nothing else is scheduled" in story.agreement.timeline("2026-06-01").stops


def test_the_first_order_begins_service() -> None:
    story = once(framed().on("2026-02-01"))
    assert states(story, "2026-02-28", "2026-03-01") == [("active", False), ("active", True)]
    assert term(story, "2026-03-01") == (1, "2026-03-01", "2027-02-28")
    assert told(story, "2026-03-02") == [("convert", "2026-03-01")]


def test_an_order_from_the_first_day_leaves_no_time_without_one() -> None:
    story = once(framed(), start="2026-01-05")
    assert states(story, "2026-01-05") == [("active", True)]
    assert told(story, "2026-01-06") == []


def test_after_a_term_that_does_not_renew_it_is_in_force_without_one() -> None:
    story = once(framed())
    assert states(story, "2027-02-28T23:59Z", "2027-03-01", "2028-01-04") == [
        ("active", True),
        ("active", False),
        ("active", False),
    ]
    assert term(story, "2027-03-01") is None
    assert ending(story) == ("expired", "2028-01-05", "4")
    entries = [("convert", "2026-03-01"), ("term end", "2027-03-01"), ("expire", "2028-01-05")]
    assert told(story, "2028-01-06") == entries


def test_the_end_of_the_term_is_announced_and_has_effects() -> None:
    story = once(framed()).on("2027-02-01")
    assert story.status().valid_until == story.agreement.wake_at("2027-02-01") == story.agreement.instant("2027-03-01")
    texts = [(str(e.on), e.text, e.clause) for e in story.agreement.timeline("2027-02-01").entries]
    assert ("2027-03-01", "the last term ends: in force without one until 2028-01-05", "4") in texts
    entry = story.on("2027-03-02").catch_up()[-1]
    assert (entry.transition, entry.effects) == ("term end", ("no service",))


def test_a_stopped_renewal_leaves_it_in_force_too() -> None:
    story = framed().order("O-1", start="2026-03-01").on("2027-01-29")  # 28 February - 30
    story.do("stop renewal", by="customer", method="hand")
    assert states(story, "2027-02-28", "2027-03-01") == [("active", True), ("active", False)]


def test_a_term_that_renews_goes_on_past_its_least_time() -> None:
    story = framed().order("O-1", start="2026-03-01")
    assert states(story, "2027-03-01", "2031-03-01") == [("renewed", True)] * 2
    assert story.status().ending is None


@pytest.mark.parametrize(
    ("months", "ended", "clause"),
    [
        (22, "2028-01-05", "4"),  # the term ends with 31 December 2027
        (24, "2028-03-01", "3"),  # 29 February 2028
    ],
)
def test_it_ends_with_its_last_term_or_its_least_time_whichever_is_later(months: int, ended: str, clause: str) -> None:
    assert ending(once(framed(), months=months)) == ("expired", ended, clause)


def test_where_no_least_time_is_named_it_ends_with_its_last_term() -> None:
    assert ending(once(framed(at_least=False))) == ("expired", "2027-03-01", "3")


def test_a_new_order_in_the_gap_begins_the_next_term() -> None:
    story = once(framed()).on("2027-06-01")
    once(story, "O-2", "2027-06-15")
    assert states(story, "2027-06-14", "2027-06-15") == [("active", False), ("renewed", True)]
    assert term(story, "2027-06-15") == (2, "2027-06-15", "2028-06-14")
    assert ending(story) == ("expired", "2028-06-15", "3")
    steps = [("convert", "2026-03-01"), ("term end", "2027-03-01"), ("renew", "2027-06-15"), ("expire", "2028-06-15")]
    assert told(story, "2028-07-01") == steps


def test_an_order_signed_in_the_gap_for_a_day_before_begins_when_it_is_signed() -> None:
    story = once(once(framed()).on("2027-06-01T10:00Z"), "O-2", "2027-05-01")
    assert states(story, "2027-06-01T09:59Z", "2027-06-01T10:00Z") == [("active", False), ("renewed", True)]
    assert term(story, "2027-06-02") == (2, "2027-05-01", "2028-04-30")


def test_a_further_gap_follows_the_next_term() -> None:
    story = once(once(framed()).on("2027-03-15"), "O-2", "2027-04-01", 3)
    assert states(story, "2027-03-15", "2027-06-30", "2027-07-01") == [
        ("active", False),
        ("renewed", True),
        ("renewed", False),
    ]


def test_an_order_that_overlaps_a_running_term_is_refused() -> None:
    with pytest.raises(InvalidFact, match="an order is running"):
        once(once(framed()).on("2026-12-01"), "O-2", "2027-01-01")


@pytest.mark.parametrize("story", [framed(), once(framed())], ids=["the first", "the second"])
def test_an_order_after_the_end_is_refused(story: Story) -> None:
    with pytest.raises(InvalidFact, match="the agreement ends before"):
        once(story.on("2028-02-01"), "O-2", "2028-03-01")
    assert states(story, "2028-04-01") == [("terminated", False)]


def test_an_order_signed_in_a_term_may_leave_a_gap_after_it() -> None:
    story = once(once(framed()).on("2026-12-01"), "O-2", "2027-04-01")
    assert states(story, "2027-02-28", "2027-03-01", "2027-04-01") == [
        ("active", True),
        ("active", False),
        ("renewed", True),
    ]


def test_a_framework_goes_on_after_a_trial() -> None:
    story = Story(small(TRIAL + FORTNIGHT, FRAMEWORK), on="2026-01-05", trial=True)
    assert states(story, "2026-01-18", "2026-01-19") == [("trial", True), ("active", False)]
    assert states(once(story.on("2026-02-01")), "2026-03-01") == [("active", True)]


@pytest.mark.parametrize(("since", "first"), [("2026-01-05", "2026-02-04"), ("2027-03-01", "2027-03-31")])
def test_powers_may_rest_on_the_time_without_a_term(since: str, first: str) -> None:
    """Before the first order, 5 January + 30; and after the term, 1 March + 30."""
    story = framed() if since == "2026-01-05" else once(framed())
    before = story.agreement.instant(first) - timedelta(seconds=1)
    verdict = story.on(before).may("terminate", by="customer", power="idle")
    assert (verdict.permitted, str(verdict.first_day), verdict.about) == (False, first, ("idle",))
    story.on(first).do("terminate", by="customer", power="idle", method="hand")
    assert story.status().ending
    assert states(story, first) == [("terminated", False)]


def test_what_ended_while_idle_is_idle_no_more() -> None:
    story = framed().on("2026-02-04")
    story.do("terminate", by="customer", power="idle", method="hand")
    course = Course(story.agreement._docket(), story.agreement.instant("2026-02-05"))
    assert course.matters(("idle",), course.horizon) == []


def test_in_a_term_nothing_is_idle() -> None:
    story = once(framed()).on("2026-06-01")
    assert story.may("terminate", by="provider", power="idle").codes == ("no-matter",)
    assert "idle" not in {opening.power.id for opening in story.agreement.powers("2026-06-01")}


def test_an_imported_account_has_its_term_under_a_framework() -> None:
    opened = OpeningBalance(order="O-7", started="2025-06-01", number=3, renews=False, term=Period(1, "years"))
    story = framed().record(opened)
    assert states(story, "2026-01-05", "2026-06-01") == [("renewed", True), ("renewed", False)]
    assert ending(story) == ("expired", "2028-01-05", "4")


def test_every_step_is_an_edge_of_the_table_and_reads_the_same_from_a_file() -> None:
    story = once(once(framed()).on("2027-06-01"), "O-2", "2027-06-15").on("2028-07-01")
    edges = table(story.agreement.terms).targets
    steps = changes(story.agreement._course(story.agreement.instant(story.now)))
    assert len(steps) == 3
    for step in steps:
        assert step.target in edges[step.source, step.transition]
    again = Agreement([from_line(to_line(event)) for event in story.agreement.history], story.agreement.terms)
    for on in ("2026-01-05", "2026-03-01", "2027-03-01", "2027-06-15", "2028-06-15"):
        assert again.status(on) == story.agreement.status(on)
