"""The Harbour terms, day by day. Every day is counted by hand from the contract in docs/write-your-terms.md, never
from what the file or the library says.

Bank holidays that matter: Good Friday 3 and Easter Monday 6 April 2026, 31 August 2026.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from lifecycle import terms
from lifecycle.events import OrderSigned
from lifecycle.publishing import announce
from lifecycle.testing import Story
from lifecycle.verdict import Verdict

PATH = Path(__file__).with_name("harbour-hosting-2026.toml")
HARBOUR = terms.load(PATH)


def account(start: str = "2026-02-01") -> Story:
    """Monthly terms from 1 February 2026, unless another day is said."""
    story = Story(HARBOUR, on="2026-01-20", agreement="bakery", customer="Bakery Ltd")
    return story.order("O-1", start=start, months=1)


def emailed(story: Story, kind: str, about: str) -> Story:
    """A notice by email that is delivered the same day."""
    return story.notice(kind, about=about, method="email", id=f"{kind} {about}").delivered(f"{kind} {about}")


def invoiced() -> Story:
    """Dated 2 March 2026; 2 + 14 = 16 March is the due day."""
    return account().on("2026-03-02").opened("invoice", "I-1", amount="120.00 GBP")


def reminded() -> Story:
    return emailed(invoiced().on("2026-03-17"), "reminder", "I-1")


def reminded_by_post() -> Story:
    return invoiced().on("2026-04-01").notice("reminder", about="I-1", method="post")


def suspended() -> Story:
    story = reminded().on("2026-03-25")
    story.do("suspend")
    return story


def breached() -> Story:
    story = account().on("2026-06-01").opened("breach", "B-1", party="customer", material=True)
    return emailed(story, "breach", "B-1")


def insolvent() -> Story:
    return account().on("2026-05-05").opened("proceeding", "P-1", party="customer", own=False)


def prices_changed() -> Story:
    return emailed(account().on("2026-08-03").opened("price_change", "C-1"), "price_change", "C-1")


def left() -> Story:
    """Terminated by a notice that the customer posted on 31 August 2026; it counts on 2 September."""
    story = prices_changed().on("2026-08-31")
    story.do("terminate", by="customer", method="post")
    return story


def asked(story: Story, does: str, day: str, method: str | None = None) -> Verdict:
    return story.on(day).may(does, method=method)


OPENS: list[tuple[str, Callable[[], Story], str, str, str]] = [
    # clause, what happened, act, last day refused, first day
    # 2.2: delivered 17 March; 17 + 7 = 24 March is the seventh day, left to the customer
    ("2.2", reminded, "suspend", "2026-03-24", "2026-03-25"),
    # posted Wednesday 1 April; two business days later is Tuesday 7 April; + 7 = 14 April
    ("2.2", reminded_by_post, "suspend", "2026-04-14", "2026-04-15"),
    # 3.2: since 25 March; 31 March is day 6, 30 April day 36, 24 May day 60
    ("3.2", suspended, "terminate", "2026-05-24", "2026-05-25"),
    # 4.1: delivered 1 June; + 30 = 1 July
    ("4.1", breached, "terminate", "2026-07-01", "2026-07-02"),
    # 4.2: opened 5 May; 31 May is day 26, 19 June day 45
    ("4.2", insolvent, "terminate", "2026-06-19", "2026-06-20"),
    # 5.1: delivered 3 August; 31 August is day 28, 2 September day 30
    ("5.1", prices_changed, "change prices", "2026-09-01", "2026-09-02"),
    # 6.1: ended 2 September; 30 September is day 28, 2 October day 30
    ("6.1", left, "delete data", "2026-10-02", "2026-10-03"),
]


@pytest.mark.parametrize(("clause", "told", "does", "refused", "first"), OPENS)
def test_the_first_day_of_a_power(clause: str, told: Callable[[], Story], does: str, refused: str, first: str) -> None:
    verdict = asked(told(), does, refused)
    assert (verdict.permitted, str(verdict.first_day), verdict.clause) == (False, first, clause)
    assert asked(told(), does, first).permitted


CLOSES: list[tuple[str, Callable[[], Story], str, str, str, str]] = [
    # clause, what happened, act, method, last day, too late
    ("5.1", prices_changed, "terminate", "email", "2026-09-02", "2026-09-03"),  # 3 August + 30
    # posted Monday 31 August, a holiday: 1 and 2 September are the two business days
    ("5.1", prices_changed, "terminate", "post", "2026-08-31", "2026-09-01"),
]


@pytest.mark.parametrize(("clause", "told", "does", "method", "last", "late"), CLOSES)
def test_the_last_day_of_a_power(
    clause: str, told: Callable[[], Story], does: str, method: str, last: str, late: str
) -> None:
    assert told().on(last).may(does, by="customer", method=method).permitted
    verdict = told().on(late).may(does, by="customer", method=method)
    assert (verdict.permitted, verdict.clause) == (False, clause)


def endangered() -> Story:
    return account().on("2026-05-05").opened("danger", "D-1", by="provider")


def applied_for() -> Story:
    return account().on("2026-05-05").opened("proceeding", "P-1", party="customer", own=True)


GONE = [
    # clause, what happened, act, what takes the power away again
    ("2.2", reminded, "suspend", "I-1", "voided"),
    ("3.1", endangered, "suspend", "D-1", "passed"),
    ("4.1", breached, "terminate", "B-1", "cured"),
    ("4.2", insolvent, "terminate", "P-1", "dismissed"),
    ("4.2", applied_for, "terminate", "P-1", "dismissed"),
]


@pytest.mark.parametrize(("clause", "told", "does", "matter", "how"), GONE)
def test_what_takes_a_power_away(clause: str, told: Callable[[], Story], does: str, matter: str, how: str) -> None:
    assert asked(told(), does, "2026-07-10").permitted, clause
    assert asked(told().on("2026-07-09").ended(matter, how), does, "2026-07-10").codes == ("matter",), clause


def test_an_order_that_names_no_term_runs_for_a_month() -> None:
    story = Story(HARBOUR, on="2026-01-20").record(OrderSigned(order="O-1", start="2026-02-01"))
    term = story.on("2026-02-01").status().term
    assert term is not None
    assert str(term.last) == "2026-02-28"


NEXT = PATH.read_text(encoding="utf-8").replace('id = "harbour-hosting-2026"', 'id = "harbour-hosting-2027"')


@pytest.mark.parametrize(("objects", "from_"), [(False, "2026-10-03"), (True, "2026-11-01")])
def test_new_terms_after_thirty_days_or_from_the_next_term(objects: bool, from_: str) -> None:  # noqa: FBT001
    # Posted Tuesday 1 September; two business days later is Thursday 3 September; + 30 = 3 October
    story = account()
    _ = list(announce(terms.parse(NEXT.encode()), [story.agreement], at="2026-09-01", method="post"))
    if objects:
        story.on("2026-10-02").notice("objection", by="customer", method="email", id="N-1").delivered("N-1")
    before = story.agreement.instant(from_) - timedelta(seconds=1)
    assert story.agreement.terms_at(before).id == "harbour-hosting-2026"
    assert story.agreement.terms_at(from_).id == "harbour-hosting-2027"


def test_terms_of_a_month_follow_the_first_day() -> None:
    # From 31 January: the day before the 31st, or the last day of a month without one
    story = account("2026-01-31")
    ends = [story.on(day).status().term for day in ("2026-02-10", "2026-03-10", "2026-04-10")]
    assert [str(term.last) for term in ends if term] == ["2026-02-28", "2026-03-30", "2026-04-30"]


NON_RENEWAL = [
    # notice counts, last day of the agreement: terms end on 28 February and 30 March; 28 - 10 = 18
    ("2026-02-18", "2026-02-28", "2026-03-01"),
    ("2026-02-19", "2026-03-30", "2026-03-31"),
]


@pytest.mark.parametrize(("day", "last", "over"), NON_RENEWAL)
def test_notice_of_non_renewal_ten_days_before_the_term_ends(day: str, last: str, over: str) -> None:
    story = account("2026-01-31").on(day)
    story.notice("non_renewal", by="customer", method="email", id="N-1").delivered("N-1")
    assert story.on(last).state in ("active", "renewed")
    assert story.on(over).state == "terminated"


def test_a_reminder_before_the_invoice_is_overdue_counts_for_nothing() -> None:
    story = emailed(invoiced().on("2026-03-16"), "reminder", "I-1")  # the due day itself
    assert asked(story, "suspend", "2026-04-30").codes == ("notice-missing",)


def test_paid_in_full_lifts_the_suspension_and_part_of_it_does_not() -> None:
    story = suspended().on("2026-04-02").paid("I-1", "119.00 GBP")
    assert story.state == "suspended"
    assert story.on("2026-04-07").paid("I-1", "1.00 GBP").state == "renewed"


def test_a_disputed_invoice_suspends_nobody() -> None:
    story = reminded().on("2026-03-20").opened("dispute", "D-1", invoices=("I-1",))
    assert asked(story, "suspend", "2026-03-25").codes == ("blocked",)
    story.on("2026-04-10").ended("D-1", "settled")
    assert asked(story, "suspend", "2026-04-10").permitted


def test_danger_suspends_at_once_on_the_providers_own_belief() -> None:
    assert account().on("2026-03-02").opened("danger", "D-1").may("suspend").codes == ("not-asserted",)
    story = account().on("2026-03-02").opened("danger", "D-1", by="provider")
    assert story.may("suspend", known=None).permitted
    story.do("suspend")
    assert story.on("2026-03-04").ended("D-1", "passed").state == "suspended"  # 3.1: "we restore it"
    assert story.do("reinstate").target == "renewed"


def test_insolvency_that_the_debtor_applied_for_ends_it_at_once() -> None:
    story = account().on("2026-05-05").opened("proceeding", "P-1", party="provider", own=True)
    assert story.may("terminate", by="customer", method="email").permitted
    assert not story.may("terminate", by="provider", method="email").permitted


def test_a_copy_of_the_data_within_ten_days_also_after_the_end() -> None:
    story = left().on("2026-09-10").opened("copy_request", "C-2")
    assert [str(owed.due) for owed in story.agreement.duties("2026-09-10")] == ["2026-09-20"]  # 10 + 10
    assert [o.standing for o in story.agreement.duties("2026-09-20")] == ["pending"]
    assert [o.standing for o in story.agreement.duties("2026-09-21")] == ["missed"]


def test_only_the_survivors_outlive_it() -> None:
    assert left().agreement.clauses_in_force("2026-09-02") == ("2.1", "6", "6.1", "6.2", "6.3", "7", "7.1", "7.2")


def test_the_way_out_of_a_long_suspension_says_what_it_rests_on() -> None:
    plan = suspended().agreement.plan("terminate", by="provider", from_="2026-03-26")
    assert plan.earliest is not None
    assert str(plan.earliest.first_day) == "2026-05-25"  # more than 60 days: 25 March + 61
    assert "if suspension has not been lifted" in str(plan.earliest)


STANDING = [("2026-03-23", "closed"), ("2026-03-24", "contested"), ("2026-03-25", "undisputed")]


@pytest.mark.parametrize(("day", "standing"), STANDING)
def test_the_seventh_day_is_contested(day: str, standing: str) -> None:
    weighed = reminded().agreement.weigh("suspend", by="provider", at=day)
    assert (weighed.standing, weighed.depends_on) == (standing, ("seven-days",))
