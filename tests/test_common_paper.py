"""The Common Paper Cloud Service Agreement 2.1: every number cited back to its section, every power, duty and method of
notice asked at both sides of its boundary, a whole life, and what each reading changes.

Every expected day was worked out by hand from the section, in days of UTC with the day of the event not counted; none
was read off the library. D is the day payment is due, X the day a dispute was settled, N the day a notice counts, S the
first day of an outage, F the first day of proceedings, E the last day of a Subscription Period.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from lifecycle import Period, Refused
from lifecycle.duties import Owed
from lifecycle.errors import InvalidFact
from lifecycle.events import By, NoticeGiven, OrderSigned
from lifecycle.terms import load
from lifecycle.terms.loading import under
from lifecycle.terms.model import Clock, Party, Terms
from lifecycle.testing import Story
from lifecycle.verdict import Verdict

CSA = "common-paper-csa-2.1"
THIRTY_DAYS = Period(30, "days")


def signed(
    story: Story, start: str, order: str = "O-1", *, months: int = 12, renews: bool = True, date: Period | None = None
) -> Story:
    """An order whose Non-Renewal Notice Date is ``date`` before the last day of a Subscription Period."""
    values = {"non_renewal_notice": date} if date else {}
    term = Period(months, "months")
    return story.record(OrderSigned(order=order, start=start, term=term, renews=renews, values=values))


def running(
    start: str = "2026-01-01",
    *,
    months: int = 12,
    renews: bool = True,
    date: Period | None = THIRTY_DAYS,
    readings: Mapping[str, str] | None = None,
) -> Story:
    """An agreement whose order begins with it."""
    story = Story(CSA, on=start, readings=readings or {})
    return signed(story, start, months=months, renews=renews, date=date)


def last_second(day: str) -> str:
    return f"{day}T23:59:59Z"


def opens(
    story: Story, does: str, *, safe: str, first: str, by: Party = "provider", about: str | tuple[str, ...] = ()
) -> Verdict:
    """Claim that it is refused to the last second of the safe day, and permitted from the first instant of ``first``
    on.
    """
    refusal = story.on(last_second(safe)).may(does, by=by, about=about)
    assert (refusal.permitted, refusal.codes, str(refusal.first_day)) == (False, ("clock",), first)
    verdict = story.on(first).may(does, by=by, about=about)
    assert (verdict.permitted, verdict.codes, str(verdict.first_day)) == (True, (), first)
    return verdict


def refused(
    story: Story, does: str, *codes: str, by: By = "provider", about: str | tuple[str, ...] = (), **more: Any
) -> Verdict:
    """Claim that it is refused at the story's moment for just these reasons."""
    verdict = story.may(does, by=by, about=about, **more)
    assert (verdict.permitted, verdict.codes) == (False, codes)
    return verdict


def permitted(
    story: Story, does: str, *, by: By = "provider", about: str | tuple[str, ...] = (), **more: Any
) -> Verdict:
    verdict = story.may(does, by=by, about=about, **more)
    assert (verdict.permitted, verdict.codes) == (True, ())
    return verdict


def given(story: Story, kind: str, on: str, *, about: str | tuple[str, ...] = (), by: Party = "provider") -> Story:
    """A notice by email that counts on a day: its delivery is confirmed then."""
    notice = f"{kind} of {on}"
    return story.on(on).notice(kind, about=about, by=by, method="email", id=notice).delivered(notice)


def owed(story: Story) -> dict[str, Owed]:
    """The duties that have arisen by the story's moment, by id."""
    return {duty.duty.id: duty for duty in story.agreement.duties(story.now)}


def standing(story: Story, duty: str) -> tuple[str, str]:
    """The last day of a duty and how it stands."""
    found = owed(story)[duty]
    return str(found.due), found.standing


# ---- every number, and where it stands ---------------------------------------------------------------------

NUMBERS = [
    # where, n, unit, comparator, section
    ("kind.invoice.charged", 0, "days", "no later than", "4.3"),  # charged on the day it is due
    ("kind.dispute.due", 0, "days", "no later than", "4.6"),  # only for a reading
    ("notice.warranty", 45, "days", "no later than", "6.4"),  # to report what was discovered
    ("power.suspend.overdue", 30, "days", "more than", "2.2(a)"),
    ("power.dispute.fees", 0, "days", "more than", "4.6"),  # before payment is due
    ("power.dispute.fees", 30, "days", "no later than", "4.6"),  # of an automatic payment
    ("power.non_renewal", 0, "days", "more than", "5.1"),  # before the date, which the order names
    ("power.terminate.breach", 30, "days", "not within", "5.3(a)"),  # of notice, for cure
    ("power.terminate.proceeding", 60, "days", "more than", "5.3(b)(iv)"),
    ("power.terminate.force_majeure", 30, "days", "at least", "5.4"),
    ("power.terminate.warranty", 45, "days", "not within", "6.4"),  # of the details, to restore
    ("duty.pay", 0, "days", "no later than", "4.5"),  # on time
    ("duty.resolve_dispute", 15, "days", "no later than", "4.6"),
    ("duty.delete_content", 60, "days", "no later than", "5.5(b)"),
    ("duty.report_warranty", 45, "days", "no later than", "6.4"),
    ("duty.restore", 45, "days", "no later than", "6.4"),
    ("method.email", 0, "days", "delivery", "12.9(a)"),
    ("method.registered_mail", 0, "days", "delivery", "12.9(a)"),
    ("method.certified_mail", 0, "days", "delivery", "12.9(a)"),
    ("method.personal", 0, "days", "delivery", "12.9(a)"),
    ("method.courier", 2, "days", "dispatch", "12.9(b)"),  # after mailing
    ("framework", 1, "years", "at least", "5.2"),
]


def clocks_of(terms: Terms) -> Iterator[tuple[str, Clock, str]]:
    """Every clock of the file: where it stands, itself, and the section it rests on."""
    for kind in terms.kinds.values():
        for day, clock in kind.defaults.items():
            yield f"kind.{kind.id}.{day}", clock, clock.clause or kind.clause
        if kind.lasts:
            yield f"kind.{kind.id}", kind.lasts, kind.lasts.clause or kind.clause
    for notice in terms.notices.values():
        yield from ((f"notice.{notice.id}", clock, clock.clause or notice.clause) for clock in notice.given)
    for power in terms.powers.values():
        yield from ((f"power.{power.id}", clock, clock.clause or power.clause) for clock in power.clocks)
    for duty in terms.duties.values():
        yield from ((f"duty.{duty.id}", clock, clock.clause or duty.clause) for clock in duty.clocks)


def test_the_numbers_of_the_file_are_those_of_the_contract_each_with_its_section() -> None:
    terms = load(CSA)
    found: list[tuple[str, int, str, str, str]]
    found = [(where, clock.n, clock.unit, clock.compare, clause) for where, clock, clause in clocks_of(terms)]
    assert terms.notice is not None
    assert terms.notice.clause == "12.9"
    for name, method in terms.notice.methods.items():
        clause = "12.9(b)" if method.counts == "dispatch" else "12.9(a)"
        found.append((f"method.{name}", method.n, method.unit, method.counts, clause))
    assert terms.framework is not None
    assert terms.framework.at_least is not None
    at_least = terms.framework.at_least
    found.append(("framework", at_least.n, at_least.unit, "at least", terms.framework.clause))
    assert sorted(found) == sorted(NUMBERS)
    lengths = (terms.order.term, terms.renewal and terms.renewal.longest, terms.trial, terms.amendment)
    assert lengths == (None, None, None, None)  # an order names its own; both amend, or nobody


def test_every_number_of_an_alternative_reading_is_one_of_the_contract_too() -> None:
    numbers = {(n, clause) for _, n, _, _, clause in NUMBERS}
    for reading in load(CSA).readings:
        for alternative in reading.alternative:
            clocks = {
                clock.n: clause for _, clock, clause in clocks_of(under(load(CSA), {reading.key: alternative.meaning}))
            }
            new = {(n, clause) for n, clause in clocks.items() if n}
            # The century stands for never: no number of the contract.
            assert new - numbers <= ({(100, "5.1")} if reading.key == "5.1-none" else set()), reading.key


def test_who_may_do_what_and_how_under_which_section() -> None:
    powers = {power.id: (power.by, power.does, power.exercise, power.clause) for power in load(CSA).powers.values()}
    ends = {
        "terminate.breach": ("other", "5.3(a)"),
        "terminate.breach.incurable": ("other", "5.3(b)(i)"),
        "terminate.dissolution": ("other", "5.3(b)(ii)"),
        "terminate.cessation": ("other", "5.3(b)(ii)"),
        "terminate.assignment": ("other", "5.3(b)(iii)"),
        "terminate.proceeding": ("other", "5.3(b)(iv)"),
        "terminate.force_majeure": ("either", "5.4"),
        "terminate.warranty": ("customer", "6.4"),
        "terminate.claim": ("provider", "9.4(c)"),
    }
    assert powers == {
        "suspend.overdue": ("provider", "suspend", "act", "2.2(a)"),
        "suspend.restrictions": ("provider", "suspend", "act", "2.2(b)"),
        "suspend.harm": ("provider", "suspend", "act", "2.2(c)"),
        "reinstate.lift": ("provider", "reinstate", "act", "2.2"),
        "dispute.fees": ("customer", "dispute", "notice:dispute", "4.6"),
        "non_renewal": ("either", "stop renewal", "notice:non_renewal", "5.1"),
        **{name: (by, "terminate", "written notice", clause) for name, (by, clause) in ends.items()},
        "terminate.export": ("provider", "terminate", "act", "12.13"),  # without notice
        "terminate.agreed": ("both", "terminate", "consent", "12.2"),
        "amend": ("both", "amend", "consent", "12.2"),
        "assign.consent": ("both", "assign", "consent", "12.6"),
        "assign.reorganization": ("subject", "assign", "written notice", "12.6"),
    }


def test_who_owes_what_under_which_section() -> None:
    assert {duty.id: (duty.by, duty.deadline, duty.clause) for duty in load(CSA).duties.values()} == {
        "inform_before_suspending": ("provider", "unscheduled", "2.2"),
        "reinstate": ("provider", "unscheduled", "2.2"),
        "pay": ("customer", "clocks", "4.5"),
        "resolve_dispute": ("either", "clocks", "4.6"),
        "cease_use": ("customer", "at once", "5.5(a)"),
        "delete_content": ("provider", "clocks", "5.5(b)"),
        "return_information.provider": ("provider", "unscheduled", "5.5(c)"),
        "return_information.customer": ("customer", "unscheduled", "5.5(c)"),
        "final_bill": ("provider", "unscheduled", "5.5(d)"),
        "refund.force_majeure": ("provider", "unscheduled", "5.4"),
        "refund.warranty": ("provider", "unscheduled", "6.4"),
        "refund.claim": ("provider", "unscheduled", "9.4(c)"),
        "report_warranty": ("customer", "clocks", "6.4"),
        "restore": ("provider", "clocks", "6.4"),
        "notify_claim": ("subject", "unscheduled", "9.3"),  # promptly
        "allow_defence": ("subject", "unscheduled", "9.3"),
        "warn_of_disclosure": ("subject", "unscheduled", "10.3"),  # in reasonable time
    }


def test_the_only_period_an_order_names_is_the_one_before_the_non_renewal_notice_date() -> None:
    terms = load(CSA)
    assert list(terms.order.values) == ["non_renewal_notice"]
    named = [where for where, clock, _ in clocks_of(terms) if clock.order_value]
    assert named == ["power.non_renewal"]
    fact = OrderSigned(order="O-1", start="2026-01-01", term=Period(1, "years"), values={"notice": THIRTY_DAYS})
    with pytest.raises(InvalidFact, match="no period notice"):
        Story(CSA, on="2026-01-01").record(fact)


def test_every_section_named_in_the_survival_clause_survives_and_no_other() -> None:
    survival = load(CSA).survival
    assert survival is not None
    listed = "1.4 1.6 2.1 4 5.5 5.6 6 7 8 9 10 11 12 13"
    assert (survival.clause, " ".join(survival.clauses), survival.after) == (
        "5.6(a)",
        listed,
        ("expire", "terminate"),
    )


def test_the_author_of_the_form_is_credited_under_its_licence() -> None:
    credit = load(CSA).credit
    assert "Common Paper" in credit
    assert "CC BY 4.0" in credit


# ---- 2.2(a) a balance outstanding and undisputed ------------------------------------------------------------

OVERDUE = [
    # start of the order, D, D + 30, D + 31
    ("2026-01-01", "2026-03-01", "2026-03-31", "2026-04-01"),
    ("2026-01-01", "2026-01-30", "2026-03-01", "2026-03-02"),  # 1 day to 31 Jan, 28 to 28 Feb, 1 more
    ("2028-01-01", "2028-01-30", "2028-02-29", "2028-03-01"),  # 1 day to 31 Jan, 29 more
    ("2026-01-01", "2026-10-15", "2026-11-14", "2026-11-15"),  # 16 to 31 Oct, 14 more
    ("2026-01-01", "2026-12-15", "2027-01-14", "2027-01-15"),  # 16 to 31 Dec, 14 more, in the renewed period
]


@pytest.mark.parametrize(("start", "due", "safe", "first"), OVERDUE)
@pytest.mark.parametrize("payment", ["invoice", "automatic"])
def test_2_2_a_opens_on_the_31st_day_after_the_due_day_without_any_notice(
    start: str, due: str, safe: str, first: str, payment: str
) -> None:
    story = running(start).invoice("INV-1", "100.00 USD", due=due, payment=payment)
    assert opens(story, "suspend", safe=safe, first=first).clause == "2.2(a)"


@pytest.mark.parametrize("means", ["payment", "credit", "write_off"])
@pytest.mark.parametrize("paid", ["2026-02-10", last_second("2026-03-31"), "2026-04-01"])
def test_2_2_a_a_balance_settled_by_the_opening_is_not_suspended_for(paid: str, means: str) -> None:
    story = running().invoice("INV-1", "100.00 USD", due="2026-03-01")
    story.on(paid).paid("INV-1", "100.00 USD", means)  # type: ignore[arg-type]
    for day in ("2026-04-01", "2026-06-01"):
        assert refused(story.on(day), "suspend", "matter").first_day is None


def test_2_2_a_a_part_paid_leaves_the_rest_outstanding() -> None:
    story = running().invoice("INV-1", "100.00 USD", due="2026-03-01").on("2026-03-10").paid("INV-1", "99.99 USD")
    opens(story, "suspend", safe="2026-03-31", first="2026-04-01")


def test_2_2_a_a_voided_invoice_is_no_balance() -> None:
    story = running().invoice("INV-1", "100.00 USD", due="2026-03-01").on("2026-03-10").ended("INV-1", "voided")
    refused(story.on("2026-04-01"), "suspend", "matter")


def test_2_2_a_rests_on_silence_so_somebody_must_vouch_that_nothing_was_paid() -> None:
    story = running().invoice("INV-1", "100.00 USD", due="2026-03-01").on("2026-04-01")
    refused(story, "suspend", "unvouched", known=None)
    refused(story, "suspend", "stale", known="2026-03-31")
    permitted(story, "suspend")


DISPUTED = [
    # notified, settled at noon of X, the later of D and X, + 30, + 31; D is 1 March
    ("2026-02-20", "2026-02-25T12:00Z", "2026-03-31", "2026-04-01"),  # settled before D: D counts
    ("2026-02-20", "2026-03-01T12:00Z", "2026-03-31", "2026-04-01"),  # on D
    ("2026-02-20", "2026-03-02T12:00Z", "2026-04-01", "2026-04-02"),  # 2 March + 30: 29 to 31 March, 1 more
    ("2026-02-20", "2026-03-20T12:00Z", "2026-04-19", "2026-04-20"),  # 11 to 31 March, 19 more
    ("2026-02-28", "2026-05-01T12:00Z", "2026-05-31", "2026-06-01"),  # 30 to 31 May
]


@pytest.mark.parametrize(("notified", "settled", "safe", "first"), DISPUTED)
@pytest.mark.parametrize("how", ["resolved", "withdrawn", "decided"])
def test_2_2_a_the_days_begin_anew_after_a_dispute_is_settled(
    notified: str, settled: str, safe: str, first: str, how: str
) -> None:
    story = running().invoice("INV-1", "100.00 USD", due="2026-03-01")
    story.on(notified).opened("dispute", "DIS-1", invoices=("INV-1",)).on(settled).ended("DIS-1", how)
    opens(story, "suspend", safe=safe, first=first)


def test_2_2_a_stays_shut_while_a_dispute_goes_on_however_long() -> None:
    story = running().invoice("INV-1", "100.00 USD", due="2026-03-01")
    story.on("2026-02-20").opened("dispute", "DIS-1", invoices=("INV-1",))
    for day in ("2026-04-01", "2026-12-31", "2029-01-01"):
        verdict = refused(story.on(day), "suspend", "blocked", "paused")
        assert verdict.first_day is None
    assert "settle DIS-1" in verdict.missing


@pytest.mark.parametrize(
    ("amount", "paid", "shut"),
    [
        (None, "0.00 USD", True),  # all of it
        ("100.00 USD", "0.00 USD", True),
        ("40.00 USD", "0.00 USD", False),  # 60 of 100 are outstanding and undisputed
        ("40.00 USD", "59.99 USD", False),  # one cent still is
        ("40.00 USD", "60.00 USD", True),  # what is left is disputed
    ],
)
def test_4_6_a_dispute_covers_what_it_is_about_and_no_more(amount: str | None, paid: str, *, shut: bool) -> None:
    story = running().invoice("INV-1", "100.00 USD", due="2026-03-01")
    story.on("2026-02-20").opened("dispute", "DIS-1", invoices=("INV-1",), amount=amount)
    story.on("2026-03-01").paid("INV-1", paid)
    if shut:
        refused(story.on("2026-06-01"), "suspend", "blocked", "paused")
    else:
        opens(story, "suspend", safe="2026-03-31", first="2026-04-01")


def test_4_6_a_dispute_about_one_invoice_leaves_the_others() -> None:
    story = running().invoice("INV-1", "100.00 USD", due="2026-03-01").invoice("INV-2", "50.00 USD", due="2026-03-05")
    story.on("2026-02-20").opened("dispute", "DIS-1", invoices=("INV-2",))
    opens(story, "suspend", safe="2026-03-31", first="2026-04-01", about="INV-1")
    assert permitted(story.on("2026-06-01"), "suspend").about == ("INV-1",)


def test_4_6_a_dispute_notified_late_shuts_the_power_while_it_lasts_and_the_days_go_on() -> None:
    story = running().invoice("INV-1", "100.00 USD", due="2026-03-01")
    story.on("2026-03-10").opened("late_dispute", "DIS-1", invoices=("INV-1",))
    assert refused(story.on("2026-04-05"), "suspend", "blocked").first_day is None
    story.on("2026-04-10T12:00Z").ended("DIS-1", "withdrawn")
    refused(story.on("2026-04-10T11:59:59Z"), "suspend", "blocked")
    assert permitted(story.on("2026-04-10T12:00Z"), "suspend").window.opens == datetime(2026, 4, 10, 12, tzinfo=UTC)


def test_4_6_a_late_dispute_settled_within_the_days_changes_none_of_them() -> None:
    story = running().invoice("INV-1", "100.00 USD", due="2026-03-01")
    story.on("2026-03-10").opened("late_dispute", "DIS-1", invoices=("INV-1",))
    story.on("2026-03-20T12:00Z").ended("DIS-1", "resolved")
    opens(story, "suspend", safe="2026-03-31", first="2026-04-01")


# ---- 2.2(b) and (c) at once ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "clause"), [("restriction_breach", "2.2(b)"), ("harmful_use", "2.2(c)")])
def test_2_2_b_and_c_open_at_the_instant_without_notice_and_go_once_it_is_resolved(kind: str, clause: str) -> None:
    story = running().on("2026-04-10T14:00Z").opened(kind, "M-1", by="provider")
    refused(story.on("2026-04-10T13:59:59Z"), "suspend", "no-matter")
    verdict = permitted(story.on("2026-04-10T14:00Z"), "suspend", known=None)
    assert (verdict.clause, verdict.window.opens) == (clause, datetime(2026, 4, 10, 14, tzinfo=UTC))
    story.on("2026-04-20T12:00Z").ended("M-1", "resolved")
    permitted(story.on("2026-04-20T11:59:59Z"), "suspend")
    refused(story.on("2026-04-20T12:00Z"), "suspend", "matter")


@pytest.mark.parametrize("kind", ["restriction_breach", "harmful_use"])
@pytest.mark.parametrize("by", [None, "customer"])
def test_2_2_b_and_c_rest_on_what_the_provider_asserts(kind: str, by: Party | None) -> None:
    refused(running().on("2026-04-10").opened(kind, "M-1", by=by), "suspend", "not-asserted")


def test_2_2_suspending_and_reinstating_are_the_providers_alone() -> None:
    story = running().on("2026-04-10").opened("harmful_use", "M-1", by="provider")
    refused(story, "suspend", "wrong-party", by="customer")
    story.do("suspend")
    refused(story, "reinstate", "wrong-party", by="customer")


# ---- 2.2 reinstating ----------------------------------------------------------------------------------------


def suspended_for_a_balance(readings: Mapping[str, str] | None = None) -> Story:
    """INV-1 due 1 March and INV-2 due 5 March 2026; suspended for INV-1 on 2 April."""
    story = running(readings=readings).invoice("INV-1", "100.00 USD", due="2026-03-01")
    story.invoice("INV-2", "50.00 USD", due="2026-03-05").on("2026-04-02").do("suspend", about="INV-1")
    return story


def test_2_2_a_suspension_stays_after_payment_until_the_provider_reinstates() -> None:
    story = suspended_for_a_balance().on("2026-04-03").paid("INV-1", "100.00 USD")
    assert story.on("2026-04-30").state == "suspended"
    outcome = story.do("reinstate")
    assert (outcome.target, [effect.id for effect in outcome.effects]) == ("active", ["access resumes"])
    assert "reinstate" not in owed(story)


def test_2_2_reinstating_is_owed_without_a_date_while_the_suspension_lasts() -> None:
    story = suspended_for_a_balance()
    assert (owed(story)["reinstate"].matter, standing(story, "reinstate")) == ("INV-1", ("None", "unscheduled"))


def test_2_2_the_provider_may_reinstate_before_the_issue_is_resolved() -> None:
    story = suspended_for_a_balance().on("2026-04-05")
    assert story.do("reinstate").target == "active"


def test_2_2_the_customer_who_asks_to_be_reinstated_is_told_the_condition() -> None:
    verdict = suspended_for_a_balance().on("2026-04-05").may("reinstate", by="customer", about="INV-2")
    assert ("2.2", "reinstated when resolved") in [(rule.clause, rule.id) for rule in verdict.rules]


def test_2_2_suspending_stops_access_and_the_period_rolls_on_underneath() -> None:
    story = running().on("2026-12-20").opened("harmful_use", "M-1", by="provider")
    assert [effect.id for effect in story.do("suspend").effects] == ["access stops"]
    status = story.on("2027-01-01").status()
    assert (status.state, status.term and status.term.number) == ("suspended", 2)
    assert story.do("reinstate").target == "renewed"


@pytest.mark.parametrize(("kind", "details"), [("invoice", {"amount": "1.00 USD", "due": "2026-05-01"}),
                                               ("restriction_breach", {}), ("harmful_use", {})])  # fmt: skip
def test_2_2_telling_the_customer_before_is_asked_for_and_gates_nothing(kind: str, details: dict[str, Any]) -> None:
    story = running().on("2026-04-10").opened(kind, "M-1", by="provider", **details)
    assert standing(story, "inform_before_suspending") == ("None", "unscheduled")
    permitted(story.on("2026-06-01"), "suspend")  # though nobody told anybody
    given(story, "suspension_warning", "2026-06-02", about="M-1")
    assert standing(story, "inform_before_suspending") == ("None", "met")


# ---- 4.5 and 4.6 paying and disputing -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paid", "stands"),
    [(None, "missed"), ("2026-02-10", "met"), (last_second("2026-03-01"), "met"), ("2026-03-02", "missed")],
)
def test_4_5_payment_is_on_time_through_the_due_day(paid: str | None, stands: str) -> None:
    story = running().invoice("INV-1", "100.00 USD", due="2026-03-01")
    assert standing(story.on(last_second("2026-02-09")), "pay") == ("2026-03-01", "pending")
    if paid:
        story.on(paid).paid("INV-1", "100.00 USD")
    assert standing(story.on("2026-03-05"), "pay") == ("2026-03-01", stands)


def test_4_6_a_disputed_amount_is_not_late_while_disputed_and_due_once_settled() -> None:
    story = running().invoice("INV-1", "100.00 USD", due="2026-03-01")
    story.on("2026-02-20").opened("dispute", "DIS-1", invoices=("INV-1",))
    assert standing(story.on("2026-03-10"), "pay") == ("None", "unscheduled")
    story.on("2026-03-20T12:00Z").ended("DIS-1", "resolved")
    assert standing(story.on("2026-03-20T13:00Z"), "pay") == ("2026-03-20", "pending")
    assert standing(story.on("2026-03-21"), "pay") == ("2026-03-20", "missed")


def test_4_6_the_undisputed_rest_is_due_on_time() -> None:
    story = running().invoice("INV-1", "100.00 USD", due="2026-03-01")
    story.on("2026-02-20").opened("dispute", "DIS-1", invoices=("INV-1",), amount="40.00 USD")
    assert standing(story.on("2026-03-02"), "pay") == ("2026-03-01", "missed")


@pytest.mark.parametrize(
    ("payment", "due", "last_day", "late"),
    [
        ("invoice", "2026-03-01", "2026-02-28", "2026-03-01"),  # the day before it is due
        ("invoice", "2028-03-01", "2028-02-29", "2028-03-01"),
        ("automatic", "2026-03-01", "2026-03-31", "2026-04-01"),  # 30 days of the charge
        ("automatic", "2026-01-30", "2026-03-01", "2026-03-02"),  # 1 day to 31 Jan, 28 to 28 Feb, 1 more
    ],
)
def test_4_6_a_dispute_is_notified_by_the_eve_of_the_due_day_or_the_30th_day_after_an_automatic_charge(
    payment: str, due: str, last_day: str, late: str
) -> None:
    story = running(f"{due[:4]}-01-01").invoice("INV-1", "100.00 USD", due=due, payment=payment)
    verdict = permitted(story.on(last_second(last_day)), "dispute", by="customer", about="INV-1", method="email")
    assert (verdict.clause, str(verdict.last_day)) == ("4.6", last_day)
    assert refused(story.on(late), "dispute", "clock", by="customer", about="INV-1").first_day is None


def test_4_6_the_30_days_run_from_the_day_that_was_charged() -> None:
    story = running().opened(
        "invoice", "INV-1", amount="100.00 USD", due="2026-03-01", charged="2026-03-05", payment="automatic"
    )
    verdict = permitted(story.on("2026-04-04"), "dispute", by="customer")  # 5 March + 30: 26 to 31 March, 4 more
    assert str(verdict.last_day) == "2026-04-04"
    refused(story.on("2026-04-05"), "dispute", "clock", by="customer")


def test_4_6_disputing_is_the_customers_and_is_a_notice() -> None:
    story = running().invoice("INV-1", "100.00 USD", due="2026-03-01").on("2026-02-20")
    refused(story, "dispute", "wrong-party")
    event = story.do("dispute", by="customer", about="INV-1", method="email").event
    assert event.fact == NoticeGiven(kind="dispute", by="customer", method="email", about="INV-1")


@pytest.mark.parametrize(
    ("notified", "last_day"),
    [("2026-02-20", "2026-03-07"), ("2028-02-20", "2028-03-06")],  # 8 (9) days to the end of February, 7 (6) more
)
def test_4_6_the_parties_have_15_days_to_resolve_a_dispute_and_miss_nothing_if_they_do_not(
    notified: str, last_day: str
) -> None:
    story = running(f"{notified[:4]}-01-01").invoice("INV-1", "100.00 USD", due=f"{notified[:4]}-03-10")
    story.on(notified).opened("dispute", "DIS-1", invoices=("INV-1",))
    assert standing(story, "resolve_dispute") == (last_day, "pending")
    assert owed(story)["resolve_dispute"].by == ("provider", "customer")
    assert standing(story.on("2028-12-01"), "resolve_dispute") == (last_day, "pending")  # an attempt is asked for
    story.ended("DIS-1", "resolved")
    assert standing(story, "resolve_dispute") == (last_day, "met")


def test_4_6_a_dispute_about_a_final_bill_is_to_be_resolved_too() -> None:
    story = ended_together().on("2026-04-20").invoice("INV-9", "10.00 USD", due="2026-05-20")
    story.on("2026-05-01").opened("dispute", "DIS-1", invoices=("INV-9",))
    assert standing(story, "resolve_dispute") == ("2026-05-16", "pending")
    assert standing(story.on("2026-06-01"), "pay") == ("None", "unscheduled")


# ---- 5.1 renewal --------------------------------------------------------------------------------------------

NON_RENEWALS = [
    # start of 12 months, what the order names, the day before the date, the date, E, the day after it
    ("2026-01-01", Period(30), "2026-11-30", "2026-12-01", "2026-12-31", "2027-01-01"),
    ("2026-01-05", Period(30), "2026-12-04", "2026-12-05", "2027-01-04", "2027-01-05"),  # 4 back to 31 Dec, 26 more
    ("2026-03-01", Period(30), "2027-01-28", "2027-01-29", "2027-02-28", "2027-03-01"),  # 28 back to 31 Jan, 2 more
    ("2027-03-01", Period(30), "2028-01-29", "2028-01-30", "2028-02-29", "2028-03-01"),  # 29 back to 31 Jan, 1 more
    ("2026-01-01", Period(60), "2026-10-31", "2026-11-01", "2026-12-31", "2027-01-01"),  # 31 to 30 Nov, 29 more
    ("2026-01-01", Period(2, "months"), "2026-10-30", "2026-10-31", "2026-12-31", "2027-01-01"),
    ("2026-05-31", Period(3, "months"), "2027-02-27", "2027-02-28", "2027-05-30", "2027-05-31"),  # no 30 February
    ("2026-01-01", Period(10, "business days"), "2026-12-16", "2026-12-17", "2026-12-31", "2027-01-01"),  # Thu to Thu
    ("2026-01-01", None, "2026-12-30", "2026-12-31", "2026-12-31", "2027-01-01"),  # no date named: before the last day
]


@pytest.mark.parametrize(("start", "date", "last_day", "late", "end", "after"), NON_RENEWALS)
@pytest.mark.parametrize("by", ["provider", "customer"])
def test_5_1_either_party_stops_the_renewal_by_a_notice_before_the_date(
    start: str, date: Period | None, last_day: str, late: str, end: str, after: str, by: Party
) -> None:
    story = running(start, date=date)
    verdict = permitted(story.on(last_second(last_day)), "stop renewal", by=by, method="email")
    assert (verdict.clause, str(verdict.last_day)) == ("5.1", last_day)
    in_time = given(running(start, date=date), "non_renewal", last_day, by=by)
    assert in_time.on(last_second(end)).state == "active"
    status = in_time.on(after).status()
    assert status.ending is not None
    assert (status.state, status.ending.how, status.ending.clause) == ("terminated", "expired", "5.1")
    too_late = given(running(start, date=date), "non_renewal", late, by=by)
    status = too_late.on(after).status()
    assert (status.state, status.term and status.term.number) == ("renewed", 2)


def test_5_1_a_notice_on_the_date_itself_is_for_the_next_period() -> None:
    story = given(running(), "non_renewal", "2026-12-01", by="customer")
    assert story.on(last_second("2027-12-31")).state == "renewed"
    assert story.on("2028-01-01").state == "terminated"
    verdict = permitted(running().on("2026-12-01"), "stop renewal", by="customer")
    assert str(verdict.last_day) == "2027-11-30"


def test_5_1_each_order_has_its_own_date() -> None:
    story = running(renews=False).on("2026-11-01")
    signed(story, "2027-01-01", "O-2", date=Period(90))
    assert (
        str(permitted(story.on("2027-06-01"), "stop renewal").last_day) == "2027-10-01"
    )  # 31, 30 to 31 Oct, 29: 2 Oct


@pytest.mark.parametrize(
    ("start", "months", "periods"),
    [
        ("2026-01-01", 12, [("2026-01-01", "2026-12-31"), ("2027-01-01", "2027-12-31")]),
        ("2026-01-15", 1, [("2026-01-15", "2026-02-14"), ("2026-02-15", "2026-03-14"), ("2026-03-15", "2026-04-14")]),
        ("2027-01-31", 1, [("2027-01-31", "2027-02-28"), ("2027-03-01", "2027-03-30"), ("2027-03-31", "2027-04-30")]),
    ],
)
def test_5_1_each_further_period_is_as_long_as_the_order_says(
    start: str, months: int, periods: list[tuple[str, str]]
) -> None:
    story = running(start, months=months)
    for number, (first, last) in enumerate(periods, start=1):
        for moment in (first, last_second(last)):
            status = story.on(moment).status()
            assert status.term is not None
            assert status.state == ("active" if number == 1 else "renewed")
            assert (status.term.number, str(status.term.first), str(status.term.last)) == (number, first, last)


def test_5_1_an_order_that_does_not_renew_ends_with_its_period() -> None:
    story = running(months=24, renews=False)
    assert story.on(last_second("2027-12-31")).state == "active"
    assert story.on("2028-01-01").state == "terminated"


# ---- 5.2 framework ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "start", "months", "order_ends", "ended", "clause"),
    [
        (
            "2026-01-15",
            "2026-01-15",
            6,
            "2026-07-14",
            "2027-01-15",
            "5.2",
        ),  # a year from 15 January: through 14 January
        ("2026-01-15", "2026-03-01", 3, "2026-05-31", "2027-01-15", "5.2"),
        ("2026-01-15", "2026-01-15", 12, "2027-01-14", "2027-01-15", "5.1"),  # the order takes the whole year
        ("2026-01-15", "2026-03-01", 12, "2027-02-28", "2027-03-01", "5.1"),  # and longer than it
        ("2028-02-29", "2028-03-01", 6, "2028-08-31", "2029-03-01", "5.2"),  # no 29 February: through the 28th
    ],
)
def test_5_2_the_framework_goes_on_for_a_year_or_as_long_as_its_orders(
    made: str, start: str, months: int, order_ends: str, ended: str, clause: str
) -> None:
    story = signed(Story(CSA, on=made), start, months=months, renews=False)
    assert story.on(last_second(order_ends)).status().in_service
    day_before = story.agreement.instant(ended).timestamp() - 1
    assert story.on(datetime.fromtimestamp(day_before, tz=UTC).isoformat()).state == "active"
    status = story.on(ended).status()
    assert status.ending is not None
    assert (status.state, status.ending.how, status.ending.clause) == ("terminated", "expired", clause)


def test_5_2_a_framework_without_any_order_is_in_force_for_a_year_and_gives_no_service() -> None:
    story = Story(CSA, on="2026-01-15")
    status = story.on("2026-06-01").status()
    assert (status.state, status.in_service, status.term) == ("active", False, None)
    assert story.on(last_second("2027-01-14")).state == "active"
    assert story.on("2027-01-15").state == "terminated"


def test_5_2_a_later_order_goes_on_under_the_same_framework() -> None:
    story = signed(Story(CSA, on="2026-01-15"), "2026-01-15", months=3, renews=False)
    assert not story.on("2026-05-01").status().in_service
    signed(story, "2026-09-01", "O-2", months=12, renews=False)
    assert story.on("2026-09-01").status().in_service
    assert story.on(last_second("2027-08-31")).state == "renewed"
    assert story.on("2027-09-01").state == "terminated"


# ---- 5.3 termination ----------------------------------------------------------------------------------------


def breached(story: Story, *, party: Party = "customer", curable: bool = True, material: bool = True) -> Story:
    by: Party = "provider" if party == "customer" else "customer"
    return story.opened("breach", "B-1", party=party, by=by, curable=curable, material=material)


PARTIES = [("customer", "provider"), ("provider", "customer")]

CURE_PERIODS = [
    # start of the order, N, N + 30, N + 31
    ("2026-01-01", "2026-02-18", "2026-03-20", "2026-03-21"),  # 10 days to 28 Feb, 20 more
    ("2028-01-01", "2028-02-18", "2028-03-19", "2028-03-20"),  # 11 days to 29 Feb, 19 more
    ("2026-01-01", "2026-04-06", "2026-05-06", "2026-05-07"),  # 24 days to 30 Apr, 6 more
    ("2026-01-01", "2026-12-15", "2027-01-14", "2027-01-15"),  # 16 days to 31 Dec, 14 more: the period rolls meanwhile
]


@pytest.mark.parametrize(("start", "counts", "safe", "first"), CURE_PERIODS)
@pytest.mark.parametrize(("party", "by"), PARTIES)
def test_5_3_a_opens_on_the_31st_day_after_notice_for_the_other_party(
    start: str, counts: str, safe: str, first: str, party: Party, by: Party
) -> None:
    story = given(breached(running(start).on(counts), party=party), "breach", counts, about="B-1", by=by)
    assert opens(story, "terminate", safe=safe, first=first, by=by, about="B-1").clause == "5.3(a)"
    verdict = story.may("terminate", by=party, about="B-1")
    assert (verdict.permitted, "wrong-party" in verdict.codes) == (False, True)


@pytest.mark.parametrize("cured", ["2026-02-18T12:00Z", last_second("2026-03-20"), "2026-03-21"])
def test_5_3_a_a_breach_cured_by_the_opening_is_not_terminated_for(cured: str) -> None:
    story = given(breached(running().on("2026-02-18")), "breach", "2026-02-18", about="B-1")
    story.on(cured).ended("B-1", "cured")
    for day in ("2026-03-21", "2026-05-01"):
        assert refused(story.on(day), "terminate", "matter", about="B-1").first_day is None


def test_5_3_a_a_cure_at_noon_of_the_first_day_leaves_half_a_day() -> None:
    story = given(breached(running().on("2026-02-18")), "breach", "2026-02-18", about="B-1")
    story.on("2026-03-21T12:00Z").ended("B-1", "cured")
    permitted(story.on("2026-03-21T11:59:59Z"), "terminate", about="B-1")
    refused(story.on("2026-03-21T12:00Z"), "terminate", "matter", about="B-1")


def test_5_3_a_takes_a_notice_by_the_other_party_and_a_new_one_for_a_breach_that_returns() -> None:
    story = breached(running().on("2026-02-18"))
    refused(story.on("2026-06-01"), "terminate", "notice-missing", about="B-1")
    given(story, "breach", "2026-06-02", about="B-1", by="customer")  # not its own to give
    refused(story.on("2026-08-01"), "terminate", "notice-missing", about="B-1")
    given(story, "breach", "2026-08-02", about="B-1")
    story.on("2026-08-10").ended("B-1", "cured").on("2026-09-01").reopened("B-1")
    refused(story.on("2026-10-15"), "terminate", "notice-missing", about="B-1")


@pytest.mark.parametrize("curable", [True, False])
def test_5_3_a_breach_no_longer_asserted_opens_nothing(*, curable: bool) -> None:
    story = given(breached(running().on("2026-02-18"), curable=curable), "breach", "2026-02-18", about="B-1")
    story.on("2026-03-01").ended("B-1", "withdrawn")
    verdict = story.on("2026-04-01").may("terminate", about="B-1")
    assert (verdict.permitted, "matter" in verdict.codes, verdict.first_day) == (False, True, None)


@pytest.mark.parametrize("unsaid", ["material", "curable"])
def test_5_3_stays_shut_while_nobody_says_whether_the_breach_is_material_and_curable(unsaid: str) -> None:
    said: dict[str, Any] = {name: True for name in ("curable", "material") if name != unsaid}
    story = running().on("2026-02-18").opened("breach", "B-1", party="customer", by="provider", **said)
    given(story, "breach", "2026-02-18", about="B-1")
    refused(story.on("2026-04-01"), "terminate", "unsaid", about="B-1")


@pytest.mark.parametrize("curable", [True, False])
def test_5_3_takes_a_material_breach(*, curable: bool) -> None:
    story = breached(running().on("2026-02-18"), material=False, curable=curable)
    given(story, "breach", "2026-02-18", about="B-1")
    refused(story.on("2026-04-01"), "terminate", "not-applicable", about="B-1")


def test_5_3_a_gives_no_suspension_and_2_1_no_termination_by_itself() -> None:
    story = given(breached(running().on("2026-02-18")), "breach", "2026-02-18", about="B-1")
    refused(story.on("2026-04-01"), "suspend", "no-matter")
    other = running().on("2026-02-18").opened("restriction_breach", "R-1", by="provider")
    refused(other.on("2026-04-01"), "terminate", "no-matter")


@pytest.mark.parametrize(
    ("kind", "details", "clause"),
    [
        ("breach", {"material": True, "curable": False}, "5.3(b)(i)"),
        ("dissolution", {"successor": False}, "5.3(b)(ii)"),
        ("cessation", {"successor": False}, "5.3(b)(ii)"),
        ("creditor_assignment", {}, "5.3(b)(iii)"),
    ],
)
@pytest.mark.parametrize(("party", "by"), PARTIES)
def test_5_3_b_opens_for_the_other_party_at_the_instant_and_takes_only_the_notice_itself(
    kind: str, details: dict[str, Any], clause: str, party: Party, by: Party
) -> None:
    story = running().on("2026-04-10T14:00Z").opened(kind, "M-1", party=party, by=by, **details)
    refused(story.on("2026-04-10T13:59:59Z"), "terminate", "no-matter", by=by)
    verdict = permitted(story.on("2026-04-10T14:00Z"), "terminate", by=by)
    assert (verdict.clause, verdict.window.opens) == (clause, datetime(2026, 4, 10, 14, tzinfo=UTC))
    refused(story, "terminate", "not-in-writing", by=by, method="telephone")
    assert not story.may("terminate", by=party).permitted


@pytest.mark.parametrize("kind", ["dissolution", "cessation"])
def test_5_3_b_ii_is_not_about_a_business_with_a_successor(kind: str) -> None:
    story = running().on("2026-04-10").opened(kind, "M-1", party="customer", successor=True)
    refused(story, "terminate", "not-applicable")
    unsaid = running().on("2026-04-10").opened(kind, "M-1", party="customer")
    refused(unsaid, "terminate", "unsaid")


def test_5_3_b_ii_a_business_that_resumes_is_not_terminated_for() -> None:
    story = running().on("2026-04-10").opened("cessation", "M-1", party="customer", successor=False)
    story.on("2026-04-20T12:00Z").ended("M-1", "resumed")
    permitted(story.on("2026-04-20T11:59:59Z"), "terminate")
    refused(story.on("2026-04-20T12:00Z"), "terminate", "matter")


@pytest.mark.parametrize(
    ("start", "since", "safe", "first"),
    [
        ("2026-01-01", "2026-01-15", "2026-03-16", "2026-03-17"),  # 16 to 31 Jan, 28 to 28 Feb, 16 more
        ("2028-01-01", "2028-01-15", "2028-03-15", "2028-03-16"),  # 16 to 31 Jan, 29 to 29 Feb, 15 more
        ("2026-01-01", "2026-11-20", "2027-01-19", "2027-01-20"),  # 10 to 30 Nov, 31 to 31 Dec, 19 more
    ],
)
@pytest.mark.parametrize(("party", "by"), PARTIES)
def test_5_3_b_iv_opens_on_the_61st_day_of_proceedings(
    start: str, since: str, safe: str, first: str, party: Party, by: Party
) -> None:
    story = running(start).on(since).opened("proceeding", "P-1", party=party)
    assert opens(story, "terminate", safe=safe, first=first, by=by).clause == "5.3(b)(iv)"
    refused(story, "terminate", "not-in-writing", by=by, method="telephone")
    story.on(f"{first}T12:00Z").ended("P-1", "ended")
    refused(story, "terminate", "matter", by=by)


def test_5_3_b_iv_proceedings_over_within_60_days_open_nothing() -> None:
    story = running().on("2026-01-15").opened("proceeding", "P-1", party="customer")
    story.on(last_second("2026-03-16")).ended("P-1", "ended")
    refused(story.on("2026-03-17"), "terminate", "matter")


@pytest.mark.parametrize("by", ["provider", "customer"])
def test_5_3_there_is_no_termination_for_convenience(by: Party) -> None:
    verdict = refused(running().on("2026-04-10"), "terminate", "no-matter", by=by)
    assert [rule.clause for rule in verdict.rules] == ["5.3"]


def test_12_2_both_may_end_the_agreement_in_writing() -> None:
    outcome = running().on("2026-04-10").do("terminate", by="both")
    assert (outcome.target, outcome.verdict.clause) == ("terminated", "12.2")


# ---- 5.4 force majeure --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "since", "safe", "first"),
    [
        ("2026-01-01", "2026-04-06", "2026-05-05", "2026-05-06"),  # 24 days to 30 Apr, 6 more
        ("2028-01-01", "2028-02-10", "2028-03-10", "2028-03-11"),  # 19 days to 29 Feb, 11 more
        ("2026-01-01", "2026-02-10", "2026-03-11", "2026-03-12"),  # 18 days to 28 Feb, 12 more
    ],
)
@pytest.mark.parametrize("by", ["provider", "customer"])
def test_5_4_opens_to_either_party_on_the_30th_day_without_the_product(
    start: str, since: str, safe: str, first: str, by: Party
) -> None:
    story = running(start).on(since).opened("outage", "FM-1")
    assert opens(story, "terminate", safe=safe, first=first, by=by).clause == "5.4"
    refused(story, "terminate", "not-in-writing", by=by, method="telephone")
    story.on(f"{first}T12:00Z").ended("FM-1", "ended")
    refused(story, "terminate", "matter", by=by)


def test_5_4_an_outage_interrupted_counts_from_its_return() -> None:
    story = running().on("2026-04-06").opened("outage", "FM-1").on("2026-04-20T08:00Z").ended("FM-1", "ended")
    story.on("2026-04-22T08:00Z").reopened("FM-1")
    opens(story, "terminate", safe="2026-05-21", first="2026-05-22", by="customer")  # 8 days to 30 Apr, 22 more


@pytest.mark.parametrize("by", ["provider", "customer"])
def test_5_4_refunds_what_was_prepaid_whoever_terminates(by: Party) -> None:
    story = running().on("2026-04-06").opened("outage", "FM-1").on("2026-05-06")
    outcome = story.do("terminate", by=by, method="email")
    assert (outcome.effects, outcome.effective) == ((), None)  # 12.9(a): it counts once its delivery is confirmed
    (ended,) = story.delivered(story.last).catch_up()
    assert "refund for force majeure" in ended.effects
    refund = owed(story)["refund.force_majeure"]
    assert (refund.by, refund.due, refund.standing, refund.duty.clause) == (("provider",), None, "unscheduled", "5.4")


def test_12_12_force_majeure_alone_ends_nothing_and_pauses_only_the_cure_it_prevents() -> None:
    story = given(breached(running().on("2026-04-06")), "breach", "2026-04-06", about="B-1")
    story.on("2026-04-10").opened("force_majeure", "FM-1", prevents=("B-1",))
    refused(story.on("2026-09-01"), "terminate", "paused")
    story.on("2026-09-10T08:00Z").ended("FM-1", "ended")
    # 7, 8, 9 April are three days; 27 more from 11 September: 20 to 30 September, 7 October
    opens(story, "terminate", safe="2026-10-07", first="2026-10-08", about="B-1")


def test_12_12_force_majeure_does_not_excuse_payment() -> None:
    story = running().invoice("INV-1", "100.00 USD", due="2026-03-01")
    story.on("2026-03-05").opened("force_majeure", "FM-1", prevents=("INV-1",))
    assert standing(story.on("2026-03-10"), "pay") == ("2026-03-01", "missed")
    opens(story, "suspend", safe="2026-03-31", first="2026-04-01")


# ---- 5.5 and 5.6 what follows the end ------------------------------------------------------------------------


def ended_together() -> Story:
    story = running().on("2026-04-10T10:00Z")
    story.do("terminate", by="both")
    return story


def test_5_5_any_end_brings_the_same_duties_and_no_refund() -> None:
    expired = running(renews=False).on("2027-01-01")
    for story in (ended_together(), expired):
        duties = {name: (duty.duty.clause, duty.by, duty.standing) for name, duty in owed(story).items()}
        assert duties == {
            "cease_use": ("5.5(a)", ("customer",), "pending"),
            "return_information.provider": ("5.5(c)", ("provider",), "unscheduled"),
            "return_information.customer": ("5.5(c)", ("customer",), "unscheduled"),
            "final_bill": ("5.5(d)", ("provider",), "unscheduled"),
        }
    assert str(owed(expired)["cease_use"].due) == "2027-01-01"  # at once


def test_5_5_d_the_final_bill_is_paid_under_section_4() -> None:
    story = ended_together().done("final_bill", by="provider")
    assert standing(story, "final_bill") == ("None", "met")
    story.on("2026-04-20").invoice("INV-9", "10.00 USD", due="2026-05-20")
    assert standing(story.on("2026-05-20"), "pay") == ("2026-05-20", "pending")
    assert standing(story.on("2026-05-21"), "pay") == ("2026-05-20", "missed")


@pytest.mark.parametrize(
    ("counts", "last_day", "missed"),
    [
        ("2026-04-20", "2026-06-19", "2026-06-20"),  # 10 to 30 Apr, 31 to 31 May, 19 more
        ("2027-01-10", "2027-03-11", "2027-03-12"),  # 21 to 31 Jan, 28 to 28 Feb, 11 more
        ("2028-01-10", "2028-03-10", "2028-03-11"),  # 21 to 31 Jan, 29 to 29 Feb, 10 more
    ],
)
def test_5_5_b_content_is_deleted_within_60_days_of_the_request(counts: str, last_day: str, missed: str) -> None:
    story = ended_together().on(counts).opened("deletion_request", "DEL-1")
    assert "delete_content" not in owed(story)  # until the request counts
    given(story, "deletion_request", counts, about="DEL-1", by="customer")
    assert standing(story.on(last_second(last_day)), "delete_content") == (last_day, "pending")
    assert standing(story.on(missed), "delete_content") == (last_day, "missed")
    story.on(last_second(last_day)).ended("DEL-1", "deleted")
    assert standing(story.on(missed), "delete_content") == (last_day, "met")


def test_5_6_the_survivors_outlive_termination_and_expiry() -> None:
    for story in (ended_together(), running(renews=False).on("2027-01-01")):
        clauses = set(story.agreement.clauses_in_force(story.now))
        assert {"1.4", "1.6", "2.1", "2.1(a)", "4", "4.6", "5.5(b)", "5.6(a)", "6.4", "7.1", "8"} <= clauses
        assert {"9.3", "10.3", "11.1", "12.9(b)", "13.1"} <= clauses
        assert not clauses & {"1.1", "1.2", "1.3", "1.5", "2.2", "2.2(a)", "3", "3.1", "5.1", "5.2", "5.3", "5.4"}


def test_5_5_nothing_follows_the_end_but_what_outlives_it() -> None:
    story = running().invoice("INV-1", "100.00 USD", due="2026-04-20").on("2026-04-10T10:00Z")
    story.do("terminate", by="both")
    refused(story.on("2026-06-01"), "suspend", "ended")
    permitted(story.on("2026-04-15"), "dispute", by="customer", about="INV-1")
    permitted(story, "amend", by="both")


# ---- 6.4 warranty -------------------------------------------------------------------------------------------


def lost_functionality(discovered: str = "2026-03-10", readings: Mapping[str, str] | None = None) -> Story:
    return running(f"{discovered[:4]}-01-01", readings=readings).on(discovered).opened("warranty_breach", "W-1")


@pytest.mark.parametrize(
    ("discovered", "last_day", "late"),
    [
        ("2026-03-10", "2026-04-24", "2026-04-25"),  # 21 days to 31 March, 24 more
        ("2028-02-01", "2028-03-17", "2028-03-18"),  # 28 days to 29 February, 17 more
    ],
)
def test_6_4_the_customer_reports_within_45_days_of_discovering_and_later_has_no_remedy(
    discovered: str, last_day: str, late: str
) -> None:
    in_time = given(lost_functionality(discovered), "warranty", last_second(last_day), about="W-1", by="customer")
    assert standing(in_time, "report_warranty") == (last_day, "met")
    permitted(in_time.on(f"{discovered[:4]}-12-01"), "terminate", by="customer")
    too_late = lost_functionality(discovered)
    assert standing(too_late.on(last_second(last_day)), "report_warranty") == (last_day, "pending")
    given(too_late, "warranty", late, about="W-1", by="customer")
    assert standing(too_late, "report_warranty") == (last_day, "missed")
    assert "restore" not in owed(too_late)
    refused(too_late.on(f"{discovered[:4]}-12-01"), "terminate", "notice-missing", by="customer")


@pytest.mark.parametrize(
    ("reported", "safe", "first"),
    [
        ("2026-03-20", "2026-05-04", "2026-05-05"),  # 11 days to 31 March, 30 to 30 April, 4 more
        ("2026-04-24", "2026-06-08", "2026-06-09"),  # 6 days to 30 April, 31 to 31 May, 8 more
    ],
)
def test_6_4_the_provider_has_45_days_from_the_details_and_then_the_customer_may_terminate(
    reported: str, safe: str, first: str
) -> None:
    story = given(lost_functionality(), "warranty", reported, about="W-1", by="customer")
    assert standing(story, "restore") == (safe, "pending")
    assert opens(story, "terminate", safe=safe, first=first, by="customer").clause == "6.4"
    assert standing(story, "restore") == (safe, "pending")  # it owes an attempt: never missed
    refused(story, "terminate", "wrong-party")  # the provider has no part in it


def test_6_4_functionality_restored_takes_the_power_away() -> None:
    story = given(lost_functionality(), "warranty", "2026-03-20", about="W-1", by="customer")
    story.on("2026-05-05T12:00Z").ended("W-1", "restored")
    assert standing(story, "restore") == ("2026-05-04", "met")
    permitted(story.on("2026-05-05T11:59:59Z"), "terminate", by="customer")
    refused(story.on("2026-05-05T12:00Z"), "terminate", "matter", by="customer")


def test_6_4_terminating_refunds_what_was_prepaid() -> None:
    story = given(lost_functionality(), "warranty", "2026-03-20", about="W-1", by="customer").on("2026-05-05")
    outcome = story.do("terminate", by="customer", method="email")
    assert (outcome.effects, outcome.effective) == ((), None)  # 12.9(a): it counts once its delivery is confirmed
    (ended,) = story.delivered(story.last).catch_up()
    assert "refund for lost functionality" in ended.effects
    assert owed(story)["refund.warranty"].duty.clause == "6.4"
    assert not {"refund.claim", "refund.force_majeure"} & set(owed(story))


# ---- 9.3, 9.4(c) and 10.3 -----------------------------------------------------------------------------------


@pytest.mark.parametrize("party", ["provider", "customer"])
def test_9_3_the_protected_party_notifies_a_claim_promptly_and_no_date_is_invented(party: Party) -> None:
    story = running().on("2026-04-10").opened("claim", "C-1", party=party)
    assert (owed(story)["notify_claim"].by, standing(story, "notify_claim")) == ((party,), ("None", "unscheduled"))
    assert standing(story.on("2026-12-01"), "notify_claim") == ("None", "unscheduled")
    given(story, "claim", "2026-12-02", about="C-1", by=party)
    assert standing(story, "notify_claim") == ("None", "met")
    assert standing(story, "allow_defence") == ("None", "unscheduled")
    story.ended("C-1", "settled")
    assert standing(story, "allow_defence") == ("None", "met")


def test_9_3_a_claim_received_after_the_end_is_notified_and_left_to_the_other_side_too() -> None:
    story = ended_together().on("2027-03-01").opened("claim", "C-1", party="customer")
    assert {"notify_claim", "allow_defence"} <= set(owed(story))


def test_9_4_c_opens_to_the_provider_where_a_claim_against_it_leaves_no_reasonable_alternative() -> None:
    story = running().on("2026-04-10T14:00Z").opened("claim", "C-1", party="customer")
    refused(story, "terminate", "unsaid")
    story.changed("C-1", change_needed=True, alternatives=True)
    refused(story, "terminate", "not-applicable")
    story.on("2026-05-01T09:00Z").changed("C-1", alternatives=False)
    assert permitted(story, "terminate").clause == "9.4(c)"
    refused(story, "terminate", "wrong-party", by="customer")
    story.on("2026-06-01").ended("C-1", "settled")  # a settlement may be what calls for it
    story.do("terminate", method="email")
    (ended,) = story.delivered(story.last).catch_up()
    assert "refund for a claim" in ended.effects
    assert owed(story)["refund.claim"].duty.clause == "9.4(c)"


def test_9_4_c_is_not_about_a_claim_against_the_customer_nor_one_withdrawn() -> None:
    said: dict[str, Any] = {"change_needed": True, "alternatives": False}
    refused(running().on("2026-04-10").opened("claim", "C-1", party="provider", **said), "terminate", "not-applicable")
    story = running().on("2026-04-10").opened("claim", "C-1", party="customer", **said)
    refused(story.on("2026-04-20").ended("C-1", "withdrawn"), "terminate", "matter")


@pytest.mark.parametrize("party", ["provider", "customer"])
def test_10_3_a_required_disclosure_is_announced_without_a_date_also_after_the_end(party: Party) -> None:
    for story in (running().on("2026-04-10"), ended_together().on("2027-03-01")):
        story.opened("required_disclosure", "L-1", party=party)
        duty = owed(story)["warn_of_disclosure"]
        assert (duty.by, duty.due, duty.standing) == ((party,), None, "unscheduled")
        assert standing(story.ended("L-1", "withdrawn"), "warn_of_disclosure") == ("None", "met")


# ---- 12 general terms ---------------------------------------------------------------------------------------


def test_12_2_amending_takes_both_and_nobody_alone() -> None:
    story = running().on("2026-04-10")
    assert permitted(story, "amend", by="both").clause == "12.2"
    for by in ("provider", "customer"):
        refused(story, "amend", "wrong-party", by=by)


def test_12_6_either_party_assigns_on_notice_in_its_own_reorganization_and_else_by_consent() -> None:
    story = running().on("2026-04-10T14:00Z")
    assert permitted(story, "assign", by="both", power="assign.consent").clause == "12.6"
    verdict = refused(story, "assign", "no-matter", by="customer")
    assert "void assignment" in [rule.id for rule in verdict.rules]
    story.opened("reorganization", "R-1", party="customer")
    assert permitted(story, "assign", by="customer", method="email").clause == "12.6"
    refused(story, "assign", "wrong-party", by="provider", about="R-1")
    refused(story, "assign", "not-in-writing", by="customer", about="R-1", method="fax")


def test_12_6_the_agreement_may_be_assigned_after_its_end_for_what_survives() -> None:
    story = running().on("2026-04-01").opened("reorganization", "R-1", party="customer").on("2026-04-10T10:00Z")
    story.do("terminate", by="both")
    permitted(story.on("2026-05-01"), "assign", by="both", power="assign.consent")
    permitted(story, "assign", by="customer", about="R-1", method="email")


def test_who_gives_which_notice() -> None:
    givers = {notice.id: (notice.by, notice.clause) for notice in load(CSA).notices.values()}
    assert givers == {
        "suspension_warning": ("provider", "2.2"),
        "dispute": ("customer", "4.6"),
        "non_renewal": ("either", "5.1"),
        "breach": ("other", "5.3(a)"),
        "deletion_request": ("customer", "5.5(b)"),
        "warranty": ("customer", "6.4"),
        "claim": ("subject", "9.3"),
    }


def test_only_attempts_are_asked_for_where_the_section_says_try_or_work_together() -> None:
    efforts = {duty.id: duty.clause for duty in load(CSA).duties.values() if duty.effort}
    assert efforts == {"inform_before_suspending": "2.2", "resolve_dispute": "4.6", "restore": "6.4"}


DELIVERED = ["email", "registered_mail", "certified_mail", "personal"]


@pytest.mark.parametrize("method", DELIVERED)
def test_12_9_a_these_methods_count_once_delivery_is_confirmed(method: str) -> None:
    story = breached(running().on("2026-02-10")).notice("breach", about="B-1", method=method, id="n-1")
    verdict = refused(story.on("2026-06-01"), "terminate", "notice-missing", about="B-1")
    assert "no delivery is recorded" in str(verdict)
    story.on("2026-02-18T23:59Z", learned="2026-06-01").delivered("n-1")
    opens(story, "terminate", safe="2026-03-20", first="2026-03-21", about="B-1")  # 18 February + 30


@pytest.mark.parametrize(
    ("mailed", "safe", "first"),
    [
        ("2026-02-16", "2026-03-20", "2026-03-21"),  # Mon + 2 = Wed 18 Feb; 10 to 28 Feb, 20 more
        ("2026-02-27", "2026-03-31", "2026-04-01"),  # Fri + 2 = Sun 1 March, a day like any other; + 30
        (last_second("2026-02-27"), "2026-03-31", "2026-04-01"),
    ],
)
def test_12_9_b_overnight_delivery_counts_two_days_after_mailing(mailed: str, safe: str, first: str) -> None:
    story = breached(running().on("2026-02-10")).on(mailed).notice("breach", about="B-1", method="courier")
    opens(story, "terminate", safe=safe, first=first, about="B-1")


@pytest.mark.parametrize("method", ["ordinary_mail", "fax", "telephone", "in_app", "posting"])
def test_12_9_other_methods_give_no_notice(method: str) -> None:
    story = breached(running().on("2026-02-10")).notice("breach", about="B-1", method=method, id="n-1")
    story.on("2026-02-18").delivered("n-1")
    refused(story.on("2026-06-01"), "terminate", "notice-missing", about="B-1")


@pytest.mark.parametrize(
    ("mailed", "state"),
    [
        (last_second("2026-11-28"), "terminated"),  # counts on 30 Nov, the day before the date
        ("2026-11-29", "renewed"),  # counts on 1 Dec, the date itself
    ],
)
def test_12_9_b_a_courier_must_be_sent_two_days_before_the_last_day(mailed: str, state: str) -> None:
    story = running().on(mailed).notice("non_renewal", by="customer", method="courier")
    assert story.on("2027-01-01").state == state
    asked = running().on(mailed).may("stop renewal", by="customer", method="courier")
    assert asked.codes == (() if state == "terminated" else ("too-late",))


def test_12_9_b_a_termination_sent_by_courier_takes_effect_two_days_later() -> None:
    story = given(breached(running().on("2026-04-06")), "breach", "2026-04-06", about="B-1")
    story.on("2026-05-07T10:00Z").do("terminate", about="B-1", method="courier")
    assert story.on(last_second("2026-05-08")).state == "active"
    assert story.on("2026-05-09").state == "terminated"


def test_12_13_the_provider_may_end_the_agreement_at_once_without_notice_to_comply() -> None:
    story = running().on("2026-04-10T14:00Z").opened("export_restriction", "X-1", by="provider")
    assert permitted(story, "terminate", known=None).clause == "12.13"
    refused(story, "terminate", "wrong-party", by="customer")
    outcome = story.do("terminate")
    assert outcome.target == "terminated"
    assert "no liability" in [effect.id for effect in outcome.effects]


def test_12_13_rests_on_the_providers_own_determination_and_goes_with_the_restriction() -> None:
    refused(running().on("2026-04-10").opened("export_restriction", "X-1", by="customer"), "terminate", "not-asserted")
    story = running().on("2026-04-10").opened("export_restriction", "X-1", by="provider")
    refused(story.on("2026-04-20").ended("X-1", "lifted"), "terminate", "matter")


# ---- a whole life -------------------------------------------------------------------------------------------


def test_the_life_of_an_account() -> None:
    """Framework from 15 January 2026; quarters from 1 February; a dispute, a suspension, a renewal, a non-renewal, the
    framework's tail, and a deletion request.
    """
    story = Story(CSA, on="2026-01-15")
    signed(story, "2026-02-01", months=3, date=THIRTY_DAYS)
    status = story.on("2026-01-20").status()
    assert (status.state, status.in_service) == ("active", False)  # the framework alone
    status = story.on("2026-02-01").status()
    assert (status.state, status.in_service, str(status.term and status.term.last)) == ("active", True, "2026-04-30")

    # An invoice due 3 March; disputed on 20 February, in time; settled on 10 March.
    story.invoice("INV-1", "3000.00 USD", due="2026-03-03").on("2026-02-20T09:00Z")
    assert str(permitted(story, "dispute", by="customer", about="INV-1").last_day) == "2026-03-02"
    notice = story.do("dispute", by="customer", about="INV-1", method="email").event.id
    story.delivered(notice).opened("dispute", "DIS-1", invoices=("INV-1",))
    assert standing(story, "resolve_dispute") == ("2026-03-07", "pending")  # 8 days to 28 Feb, 7 more
    refused(story.on("2026-03-09"), "suspend", "blocked", "paused")
    story.on("2026-03-10T15:00Z").ended("DIS-1", "resolved")

    # 10 March + 30 = 9 April: suspended on the 10th, after a word of it; paid on the 13th, reinstated on the 14th.
    given(story, "suspension_warning", "2026-04-07", about="INV-1")
    opens(story, "suspend", safe="2026-04-09", first="2026-04-10")
    with pytest.raises(Refused):
        story.on("2026-04-09T17:00Z").do("suspend")
    assert story.on("2026-04-10T09:00Z").do("suspend").target == "suspended"
    story.on("2026-04-13T11:00Z").paid("INV-1", "3000.00 USD")
    assert story.on("2026-04-13T12:00Z").state == "suspended"
    assert story.on("2026-04-14T08:00Z").do("reinstate").target == "active"

    # Nobody stops the first renewal (by 30 March); the second one is stopped on its last day, 30 June, by courier.
    assert story.on("2026-05-01").state == "renewed"
    story.on("2026-06-28T16:00Z").do("stop renewal", by="customer", method="courier")
    status = story.on(last_second("2026-07-31")).status()
    assert (status.in_service, str(status.term and status.term.last)) == (True, "2026-07-31")

    # The framework goes on without an order through 14 January 2027.
    status = story.on("2026-08-01").status()
    assert (status.state, status.in_service) == ("renewed", False)
    assert story.on(last_second("2027-01-14")).state == "renewed"
    status = story.on("2027-01-15").status()
    assert status.ending is not None
    assert (status.state, status.ending.clause) == ("terminated", "5.2")

    # Content asked back on 20 January 2027: 11 days to 31 Jan, 28 to 28 Feb, 21 more.
    story.on("2027-01-20").opened("deletion_request", "DEL-1")
    given(story, "deletion_request", "2027-01-20", about="DEL-1", by="customer")
    assert standing(story, "delete_content") == ("2027-03-21", "pending")
    story.on("2027-03-01").ended("DEL-1", "deleted")
    assert standing(story.on("2027-04-01"), "delete_content") == ("2027-03-21", "met")

    told = [(entry.transition, entry.effective.date().isoformat(), entry.clause) for entry in story.catch_up()]
    assert told == [
        ("convert", "2026-02-01", "5.2"),
        ("renew", "2026-05-01", "5.1"),
        ("term end", "2026-08-01", "5.2"),
        ("expire", "2027-01-15", "5.2"),
    ]
    assert not story.status().irregular


# ---- readings -----------------------------------------------------------------------------------------------

Readings = Mapping[str, str]


def first_day(story: Story, does: str, by: Party = "provider", **more: Any) -> str:
    return str(story.may(does, by=by, **more).first_day)


def outstanding(readings: Readings) -> str:
    """Invoiced on 1 February 2026, due on 1 March."""
    story = running(readings=readings).on("2026-02-01").invoice("INV-1", "100.00 USD", due="2026-03-01")
    return first_day(story.on("2026-02-02"), "suspend")


def after_a_dispute(readings: Readings) -> str:
    """Charged on 1 March 2026, disputed within the 30 days from noon of 21 March to noon of 5 April."""
    story = running(readings=readings).invoice("INV-1", "100.00 USD", due="2026-03-01", payment="automatic")
    story.on("2026-03-21T12:00Z").opened("dispute", "DIS-1", invoices=("INV-1",))
    story.on("2026-04-05T12:00Z").ended("DIS-1", "resolved")
    return first_day(story.on("2026-04-05T13:00Z"), "suspend")


def disputed_without_end(readings: Readings) -> str:
    """Due on 1 March 2026, disputed from 20 February on."""
    story = running(readings=readings).invoice("INV-1", "100.00 USD", due="2026-03-01")
    return first_day(story.on("2026-02-20").opened("dispute", "DIS-1", invoices=("INV-1",)), "suspend")


def disputed_late(readings: Readings) -> str:
    """Due on 1 March 2026, disputed from 10 March on."""
    story = running(readings=readings).invoice("INV-1", "100.00 USD", due="2026-03-01")
    return first_day(story.on("2026-03-10").opened("late_dispute", "DIS-1", invoices=("INV-1",)), "suspend")


def last_day_to_dispute(readings: Readings) -> str:
    """Due on 1 March 2026."""
    story = running(readings=readings).invoice("INV-1", "100.00 USD", due="2026-03-01")
    return str(permitted(story.on("2026-02-01"), "dispute", by="customer").last_day)


def last_day_to_resolve(readings: Readings) -> str:
    """Disputed on 20 February 2026, due on 1 March."""
    story = running(readings=readings).invoice("INV-1", "100.00 USD", due="2026-03-01").on("2026-02-20")
    return standing(story.opened("dispute", "DIS-1", invoices=("INV-1",), due="2026-03-01"), "resolve_dispute")[0]


def reinstated(readings: Readings) -> str:
    """Suspended for INV-1, paid on 10 April 2026; INV-2, which could be suspended for too, is paid on 20 April."""
    story = suspended_for_a_balance(readings).on("2026-04-10T09:00Z").paid("INV-1", "100.00 USD")
    story.on("2026-04-20T09:00Z").paid("INV-2", "50.00 USD")
    days = [day for day in ("2026-04-10T09:00Z", "2026-04-20T09:00Z") if story.on(day).state == "active"]
    return days[0][:10] if days else "None"


def use_resolved(readings: Readings) -> str:
    """Suspended for a breach of 2.1 and for harmful use; resolved on 12 and 14 April 2026."""
    story = running(readings=readings).on("2026-04-10").opened("restriction_breach", "R-1", by="provider")
    story.opened("harmful_use", "H-1", by="provider").do("suspend", about="R-1")
    story.do("suspend", about="H-1")
    story.on("2026-04-12").ended("R-1", "resolved").on("2026-04-14").ended("H-1", "resolved")
    return " ".join(day for day in ("2026-04-13", "2026-04-14") if story.on(day).state == "active")


def noticed_early(readings: Readings) -> str:
    """Too late for the period to 31 December 2026, and before the next one begins; the state in 2028."""
    story = given(running(readings=readings), "non_renewal", "2026-12-05", by="customer")
    return str(story.on("2028-01-01").state)


def last_day_to_stop(readings: Readings) -> str:
    """The period ends on 31 December 2026; 30 days."""
    return str(permitted(running(readings=readings).on("2026-06-01"), "stop renewal").last_day)


def stopped_without_a_date(readings: Readings) -> str:
    """An order that names no date; notice on 1 June 2026; the state in 2027, and in ten years."""
    story = given(running(date=None, readings=readings), "non_renewal", "2026-06-01", by="customer")
    return f"{story.on('2027-01-01').state} {story.on('2036-01-01').state}"


def stopped_with_a_date(readings: Readings) -> str:
    """An order that names 30 days; notice on 1 June 2026; the state in 2027."""
    return str(given(running(readings=readings), "non_renewal", "2026-06-01", by="customer").on("2027-01-01").state)


def end_of_a_month(readings: Readings) -> str:
    """A Subscription Period of one month from 31 January 2027."""
    term = running("2027-01-31", months=1, readings=readings).on("2027-02-01").status().term
    return str(term and term.last)


def after_thirty_days(readings: Readings) -> str:
    """Breach notice on 18 February 2026."""
    story = breached(running(readings=readings).on("2026-02-18"))
    return first_day(given(story, "breach", "2026-02-18", about="B-1"), "terminate", about="B-1")


def told_by_telephone(readings: Readings) -> str:
    """Terminated by telephone: for a breach, for lost functionality, for a claim, for an assignment for creditors."""
    story = given(breached(running(readings=readings).on("2026-02-18")), "breach", "2026-02-18", about="B-1")
    story.on("2026-03-01").opened("warranty_breach", "W-1")
    given(story, "warranty", "2026-03-01", about="W-1", by="customer")
    story.opened("claim", "C-1", party="customer", change_needed=True, alternatives=False)
    story.opened("creditor_assignment", "A-1", party="customer").on("2026-06-01")
    asked: list[tuple[str, Party]] = [
        ("B-1", "provider"),
        ("W-1", "customer"),
        ("C-1", "provider"),
        ("A-1", "provider"),
    ]
    return " ".join(
        matter for matter, by in asked if story.may("terminate", by=by, about=matter, method="telephone").permitted
    )


def cured_late(readings: Readings) -> str:
    """Each ended at noon of its first day: which are still terminated for the day after."""
    story = given(breached(running(readings=readings).on("2026-02-18")), "breach", "2026-02-18", about="B-1")
    story.on("2026-01-15").opened("proceeding", "P-1", party="customer")
    story.on("2026-04-06").opened("outage", "FM-1").on("2026-03-10").opened("warranty_breach", "W-1")
    given(story, "warranty", "2026-03-20", about="W-1", by="customer")
    story.on("2026-03-21T12:00Z").ended("B-1", "cured").on("2026-03-17T12:00Z").ended("P-1", "ended")
    story.on("2026-05-06T12:00Z").ended("FM-1", "ended").on("2026-05-05T12:00Z").ended("W-1", "restored")
    asked: list[tuple[str, Party, str]] = [
        ("B-1", "provider", "2026-03-22"),
        ("P-1", "provider", "2026-03-18"),
        ("FM-1", "customer", "2026-05-07"),
        ("W-1", "customer", "2026-05-06"),
    ]
    return " ".join(m for m, by, day in asked if story.on(day).may("terminate", by=by, about=m).permitted)


def cured_in_time(readings: Readings) -> str:
    """Each ended in the last second of its safe day: which can be terminated for all the same."""
    story = given(breached(running(readings=readings).on("2026-02-18")), "breach", "2026-02-18", about="B-1")
    story.on("2026-01-15").opened("proceeding", "P-1", party="customer").on(last_second("2026-03-16"))
    story.ended("P-1", "ended").on(last_second("2026-03-20")).ended("B-1", "cured").on("2026-06-01")
    return " ".join(m for m in ("B-1", "P-1") if story.may("terminate", about=m).permitted)


def succeeded(readings: Readings) -> str:
    """A dissolution and a stop of business, both with a successor: which can be terminated for."""
    story = running(readings=readings).on("2026-04-10").opened("dissolution", "DIS-1", party="customer", successor=True)
    story.opened("cessation", "CES-1", party="customer", successor=True)
    return " ".join(m for m in ("DIS-1", "CES-1") if story.may("terminate", about=m).permitted)


def without_the_product(readings: Readings) -> str:
    """An outage since 6 April 2026."""
    return first_day(running(readings=readings).on("2026-04-06").opened("outage", "FM-1"), "terminate", "customer")


def reported_late(readings: Readings) -> str:
    """Discovered on 10 March 2026, reported on 25 April."""
    story = given(lost_functionality(readings=readings), "warranty", "2026-04-25", about="W-1", by="customer")
    return first_day(story, "terminate", "customer")


def beyond_repair(readings: Readings) -> str:
    """Reported on 20 March 2026, and the provider cannot mend it."""
    story = given(lost_functionality(readings=readings), "warranty", "2026-03-20", about="W-1", by="customer")
    return first_day(story.changed("W-1", irreparable=True), "terminate", "customer")


def over_a_weekend(readings: Readings) -> str:
    """A breach notice sent by courier on Thursday, 26 February 2026."""
    story = breached(running(readings=readings).on("2026-02-10")).on("2026-02-26")
    return first_day(story.notice("breach", about="B-1", method="courier"), "terminate", about="B-1")


def by_fax(readings: Readings) -> str:
    """A breach notice by fax, received on 18 February 2026; asked on 1 March whether it counts."""
    story = breached(running(readings=readings).on("2026-02-10")).notice("breach", about="B-1", method="fax", id="n-1")
    story.on("2026-02-18").delivered("n-1")
    return " ".join(story.on("2026-03-01").may("terminate", about="B-1").codes)


def prevented(readings: Readings) -> str:
    """Breach notice on 6 April 2026; force majeure prevents the cure from 10 April to 10 September."""
    story = given(breached(running(readings=readings).on("2026-04-06")), "breach", "2026-04-06", about="B-1")
    story.on("2026-04-10").opened("force_majeure", "FM-1", prevents=("B-1",))
    story.on("2026-09-10T08:00Z").ended("FM-1", "ended").on("2026-04-11")
    return str(story.on("2026-09-11").may("terminate", about="B-1").window.opens.date())


MEANINGS: list[tuple[str, Callable[[Readings], str], list[tuple[str, str]]]] = [
    ("2.2a-outstanding", outstanding, [
        ("from the day payment is due", "2026-04-01"),  # D + 31
        ("from the invoice", "2026-03-04"),  # 1 February + 31: 27 to 28 February, 4 more
    ]),
    ("2.2a-dispute", after_a_dispute, [
        ("they begin anew after it", "2026-05-06"),  # 5 April + 31: 25 to 30 April, 6 more
        ("its days do not count", "2026-04-17"),  # D + 31 = 1 April, and the 16 days from 21 March to 5 April
        ("not at all", "2026-04-05"),  # D + 31 = 1 April; the dispute is over
    ]),
    ("4.6-lasts", disputed_without_end, [
        ("until it is settled", "None"),
        ("for the 15 days", "2026-04-07"),  # through 20 February + 15 = 7 March; + 31: 24 to 31 March, 7 more
    ]),
    ("4.6-late", disputed_late, [("while it lasts", "None"), ("no", "2026-04-01")]),
    ("4.6-before", last_day_to_dispute, [("no, only on the day before", "2026-02-28"), ("yes", "2026-03-01")]),
    ("4.6-fifteen", last_day_to_resolve, [
        ("from its notice", "2026-03-07"),  # 8 to 28 February, 7 more
        ("from the day payment is due", "2026-03-16"),  # 1 + 15
    ]),
    ("2.2-lifts", reinstated, [
        ("no, the provider reinstates", "None"),
        ("yes", "2026-04-10"),
        ("yes, and for a balance once none on the account could be suspended for", "2026-04-20"),
    ]),
    ("2.2-lifts", use_resolved, [
        ("no, the provider reinstates", ""),
        ("yes", "2026-04-14"),  # when the second hold goes too
        ("yes, and for a balance once none on the account could be suspended for", "2026-04-14"),
    ]),
    ("5.1-early", noticed_early, [("valid", "terminated"), ("only within that period", "renewed")]),
    ("5.1-anchor", last_day_to_stop, [
        ("the last day", "2026-11-30"),  # 31 December - 30 = 1 December; before it
        ("the day after it", "2026-12-01"),  # 1 January - 30 = 2 December
    ]),
    ("5.1-none", stopped_without_a_date, [
        ("yes, by a notice before the last day", "terminated terminated"),
        ("no", "renewed renewed"),
    ]),
    ("5.1-none", stopped_with_a_date, [("yes, by a notice before the last day", "terminated"), ("no", "terminated")]),
    ("5.1-month", end_of_a_month, [("corresponding date", "2027-02-28"), ("billing anchor", "2027-02-27")]),
    ("5.3a-thirty", after_thirty_days, [("yes", "2026-03-21"), ("no", "2026-03-20")]),  # N + 31, N + 30
    ("5.3a-exercise", told_by_telephone, [("yes, written", ""), ("no, any act", "B-1")]),
    ("5.3-late-cure", cured_late, [("closes the window", ""), ("the power stays", "B-1 P-1 FM-1 W-1")]),
    ("5.3-late-cure", cured_in_time, [("closes the window", ""), ("the power stays", "")]),
    ("5.3b-successor", succeeded, [("both", ""), ("only where it stops business", "DIS-1")]),
    ("5.4-thirty", without_the_product, [  # S + 30, S + 31
        ("from the 30th day", "2026-05-06"),
        ("from the 31st day", "2026-05-07"),
    ]),
    ("6.4-report", reported_late, [
        ("yes", "None"),
        ("no", "2026-06-10"),  # 25 April + 46: 5 to 30 April, 31 to 31 May, 10 more
    ]),
    ("6.4-cannot", beyond_repair, [
        ("when its 45 days are over", "2026-05-05"),  # 11 to 31 March, 30 to 30 April, 5 more
        ("as soon as the provider cannot", "2026-03-20"),
    ]),
    ("6.4-exercise", told_by_telephone, [("yes", ""), ("no, any act", "W-1 C-1")]),
    ("12.9-days", over_a_weekend, [
        ("calendar days", "2026-03-31"),  # counts on Saturday, 28 February; + 31
        ("business days", "2026-04-02"),  # counts on Monday, 2 March; + 31
    ]),
    ("12.9-others", by_fax, [("no notice", "notice-missing"), ("count on receipt", "clock")]),
    ("12.12-cure", prevented, [
        ("no, where it prevents the cure", "2026-10-08"),  # 3 days before it, 27 from 11 September: through 7 October
        ("yes", "2026-05-07"),  # 6 April + 31
    ]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "ask", "meaning", "answer"),
    [(key, ask, meaning, answer) for key, ask, answers in MEANINGS for meaning, answer in answers],
)
def test_each_meaning_of_an_unclear_section_has_its_own_answer(
    key: str, ask: Callable[[Readings], str], meaning: str, answer: str
) -> None:
    assert ask({key: meaning}) == answer


def test_every_reading_is_asked_under_every_meaning_the_default_first() -> None:
    asked = {key: tuple(meaning for meaning, _ in answers) for key, _, answers in MEANINGS}
    assert asked == {reading.key: reading.meanings for reading in load(CSA).readings}
    for key in asked:
        told = [{answer for _, answer in answers} for name, _, answers in MEANINGS if name == key]
        assert max(map(len, told)) == len(asked[key]), f"no question tells the meanings of {key} apart"


def test_any_two_readings_can_be_taken_together() -> None:
    terms = load(CSA)
    chosen = [(reading.key, meaning) for reading in terms.readings for meaning in reading.meanings[1:]]
    for one, other in itertools.combinations(chosen, 2):
        if one[0] != other[0]:
            assert dict(under(terms, dict([one, other])).chosen) == dict([one, other])


def test_4_6_fifteen_counts_from_the_notice_where_nobody_says_when_payment_is_due() -> None:
    story = running(readings={"4.6-fifteen": "from the day payment is due"})
    story.invoice("INV-1", "100.00 USD", due="2026-03-01").on("2026-02-20")
    story.opened("dispute", "DIS-1", invoices=("INV-1",))
    assert standing(story, "resolve_dispute") == ("2026-03-07", "pending")  # 8 to 28 February, 7 more


def test_readings_of_one_power_add_up() -> None:
    # Charged 1 March 2026 for an invoice of 1 February; the dispute's 16 days (21 March to 5 April) do not count:
    # 1 February + 31 = 4 March, before the dispute began; it is over by the time of asking.
    both = {"2.2a-outstanding": "from the invoice", "2.2a-dispute": "its days do not count"}
    story = running(readings=both).on("2026-02-01")
    story.invoice("INV-1", "100.00 USD", due="2026-03-01", payment="automatic")
    story.on("2026-03-21T12:00Z").opened("dispute", "DIS-1", invoices=("INV-1",))
    refused(story.on("2026-04-05"), "suspend", "blocked")  # what is disputed now is not suspended for
    story.on("2026-04-05T12:00Z").ended("DIS-1", "resolved")
    permitted(story, "suspend")
    three = {"5.1-early": "only within that period", "5.1-anchor": "the day after it", "5.1-none": "no"}
    assert last_day_to_stop(three) == "2026-12-01"
    assert noticed_early(three) == "renewed"
    assert stopped_without_a_date(three) == "renewed renewed"


def test_the_agreement_may_name_its_own_zone() -> None:
    story = signed(Story(CSA, on="2026-01-01", zone="America/New_York"), "2026-01-01")
    breached(story.on("2026-02-18"))
    given(story, "breach", "2026-02-19T04:59:59Z", about="B-1")  # 23:59:59 on 18 February in New York
    assert permitted(story.on("2026-03-21T04:00Z"), "terminate").window.opens == datetime(2026, 3, 21, 4, tzinfo=UTC)
    refused(story.on("2026-03-21T03:59:59Z"), "terminate", "clock")


def test_a_limit_without_a_number_reads_as_a_sentence() -> None:
    story = running(date=None).invoice("INV-1", "100.00 USD", due="2026-03-01").on("2026-03-01")
    assert str(story.may("dispute", by="customer")).startswith(
        "dispute refused on 2026-03-01: 4.6 needs notice before payment is due (invoice INV-1 due 2026-03-01)"
    )
