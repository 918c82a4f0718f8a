"""The Bonterms Cloud Terms 1.0: every number cited to its section, every power, duty and notice asked at both sides of
its boundary, every reading told by what it changes, and the life of one account.

Every expected day was worked out by hand from the section, in UTC days with the day of the event not counted; none was
read off the library. I is the date of an invoice, D its due day, N a breach notice, P a warranty report, F the
institution of a proceeding, S the start of a force majeure, R a request or discovery, E the last day of a term.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lifecycle import Period
from lifecycle.duties import Owed
from lifecycle.errors import InvalidFact
from lifecycle.events import Acted, Agreed, By, NoticeGiven, OrderSigned
from lifecycle.machine import edges
from lifecycle.terms import Terms, load
from lifecycle.terms.model import Clock, Party, covers
from lifecycle.testing import Story
from lifecycle.verdict import Refused, Verdict

BONTERMS = "bonterms-cloud-1.0"
PARTIES: tuple[Party, Party] = ("provider", "customer")
OTHER_METHODS = ["in_service", "ordinary_mail", "courier", "fax", "telephone"]


def terms() -> Terms:
    return load(BONTERMS)


def made(on: str = "2026-01-01", **how: Any) -> Story:
    return Story(BONTERMS, on=on, **how)


def ordered(
    story: Story, *, start: str, months: int | None = 12, renews: bool = True, payment: Period | None = None
) -> Story:
    term = None if months is None else Period(months, "months")
    values = {"payment_period": payment} if payment else {}
    return story.record(OrderSigned(order=f"O {start}", start=start, term=term, renews=renews, values=values))


def running(start: str = "2026-01-01", *, months: int = 12, renews: bool = True, **how: Any) -> Story:
    """An agreement without a trial, in term 1 from ``start``."""
    return ordered(made(start, **how), start=start, months=months, renews=renews)


def invoiced(story: Story, issued: str, matter: str = "INV-1", **details: Any) -> Story:
    """An invoice over 100.00 USD, recorded on its date."""
    return story.on(issued).opened("invoice", matter, amount="100.00 USD", issued=issued, **details)


def disputed(story: Story, on: str, *invoices: str, amount: str | None = None) -> Story:
    story.on(on).notice("dispute", about=invoices or "INV-1", by="customer", method="personal")
    return story.opened("dispute", "DIS-1", by="customer", amount=amount, invoices=invoices or ("INV-1",))


def breached(story: Story, *, party: Party = "customer", **said: Any) -> Story:
    by: Party = "provider" if party == "customer" else "customer"
    return story.opened("breach", "B-1", party=party, by=by, **{"material": True, **said})


def warranty(story: Story, on: str, subject: str = "cloud service", **said: Any) -> Story:
    return story.on(on).opened("warranty_breach", "W-1", by="customer", subject=subject, **{"verified": True, **said})


def reported(story: Story, on: str, method: str = "personal") -> Story:
    return story.on(on).notice("warranty", about="W-1", by="customer", method=method)


def last_second(day: str) -> str:
    return f"{day}T23:59:59Z"


def opens(story: Story, does: str, *, safe: str, first: str, by: Party = "provider", about: str = "") -> Verdict:
    """Claim that it is refused to the last second of the safe day, and permitted from the first instant of ``first``
    on.
    """
    refused = story.on(last_second(safe)).may(does, by=by, about=about or ())
    assert (refused.permitted, refused.codes, str(refused.first_day)) == (False, ("clock",), first)
    permitted = story.on(first).may(does, by=by, about=about or ())
    assert (permitted.permitted, permitted.codes, str(permitted.first_day)) == (True, (), first)
    return permitted


def refused(story: Story, does: str, *codes: str, by: Party = "provider", about: str = "", **how: Any) -> Verdict:
    verdict = story.may(does, by=by, about=about or (), **how)
    assert (verdict.permitted, verdict.codes) == (False, codes)
    return verdict


def permitted(story: Story, does: str, *, by: By = "provider", about: str = "", **how: Any) -> Verdict:
    verdict = story.may(does, by=by, about=about or (), **how)
    assert (verdict.permitted, verdict.codes) == (True, ())
    return verdict


def owed(story: Story) -> dict[str, Owed]:
    """Each duty that stands, by its id; no test has two of one."""
    return {owed.duty.id: owed for owed in story.agreement.duties(story.now)}


def standing(story: Story, duty: str) -> str:
    return owed(story)[duty].standing


# ---- every number has its section --------------------------------------------------------------------------

NUMBERS = [
    # where it stands, from what it counts, how it compares, how many, the section that says so
    ("trial.length", "", "", "30 days", "21"),
    ("order.term", "", "", "12 months", "14.1"),
    ("notice.methods.overnight", "dispatch", "", "1 day", "22.3(a)"),
    ("kind.invoice.defaults.due", "issued", "no later than", "30 days", "12.1"),
    ("kind.dispute.lasts", "start", "no later than", "15 days", "12.3"),
    ("kind.warranty_breach.defaults.discovered", "start", "no later than", "0 days", "8.3"),
    ("kind.warranty_breach.defaults.delivered", "start", "no later than", "0 days", "8.3"),
    ("notice_kind.warranty.given[0]", "discovered", "no later than", "30 days", "8.3"),
    ("notice_kind.warranty.given[1]", "delivered", "no later than", "30 days", "8.3"),
    ("power.suspend.overdue.clocks[0]", "due", "at least", "30 days", "13(a)"),
    ("power.interest.late.clocks[0]", "due", "more than", "0 days", "12.1"),
    ("power.dispute.invoice.clocks[0]", "due", "no later than", "0 days", "12.3"),
    ("power.non_renewal.clocks[0]", "before term end", "at least", "30 days", "14.1"),
    ("power.terminate.breach.clocks[0]", "notice:breach", "not within", "30 days", "14.3(a)"),
    ("power.terminate.proceeding.clocks[0]", "start", "not within", "60 days", "14.3(c)"),
    ("power.terminate.warranty.clocks[0]", "notice:warranty", "not within", "30 days", "8.3"),
    ("power.terminate.force_majeure.clocks[0]", "start", "at least", "15 days", "22.9"),
    ("duty.pay.clocks[0]", "due", "no later than", "0 days", "12.1"),
    ("duty.correct.clocks[0]", "notice:warranty", "no later than", "30 days", "8.3"),
    ("duty.report.service.clocks[0]", "discovered", "no later than", "30 days", "8.3"),
    ("duty.report.services.clocks[0]", "delivered", "no later than", "30 days", "8.3"),
    ("duty.delete.provider.clocks[0]", "start", "no later than", "60 days", "14.4(b)"),
    ("duty.delete.customer.clocks[0]", "start", "no later than", "60 days", "14.4(b)"),
]

NUMBERS_OF_READINGS = [
    # reading, section, the numbers its alternatives put in the place of others
    ("13-notice", "13", [30, 0, 0]),  # 13(a) repeated; on notice
    ("14.1-early", "14.1", [30, 0]),  # 14.1 repeated; within the term
    ("14.1-length", "14.1", [12]),  # the initial term's months as the most
    ("14.2-end", "14.2", [100]),  # no number of the form: the longest there is stands for no end
    ("14.3a-incurable", "14.3(a)", [0]),  # on notice
]


def clocks() -> Iterator[tuple[str, str, Clock]]:
    """Every clock of the file: where it stands, and the section it cites, its own or that of what it belongs to."""
    for kind in terms().kinds.values():
        counted = {**{f"defaults.{day}": clock for day, clock in kind.defaults.items()}, "lasts": kind.lasts}
        yield from ((f"kind.{kind.id}.{name}", clock.clause, clock) for name, clock in counted.items() if clock)
    for notice in terms().notices.values():
        for i, clock in enumerate(notice.given):
            yield f"notice_kind.{notice.id}.given[{i}]", clock.clause or notice.clause, clock
    for section, items in (("power", terms().powers), ("duty", terms().duties)):
        for item in items.values():
            for i, clock in enumerate(item.clocks):
                yield f"{section}.{item.id}.clocks[{i}]", clock.clause or item.clause, clock


def integers(document: object, path: str = "") -> Iterator[str]:
    """The path of every whole number in a document."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from integers(value, f"{path}.{key}".lstrip("."))
    elif isinstance(document, list):
        for i, value in enumerate(document):
            yield from integers(value, f"{path}[{i}]")
    elif type(document) is int:
        yield path


def test_every_clock_of_the_file_is_one_of_its_section() -> None:
    told = {
        (path, f"before {c.start}" if c.direction == "before" else c.start, c.compare, str(c.period), clause)
        for path, clause, c in clocks()
    }
    rest = {row for row in NUMBERS if row[0].partition(".")[0] in ("trial", "order", "notice")}
    assert told | rest == set(NUMBERS)
    assert len(told) + len(rest) == len(NUMBERS)


def test_the_lengths_that_are_no_clocks_are_those_of_their_sections() -> None:
    file = terms()
    assert file.trial is not None
    assert file.notice is not None
    overnight = file.notice.methods["overnight"]
    assert (str(file.trial.length), file.trial.clause) == ("30 days", "21")
    assert str(file.order.term) == "12 months"
    assert (overnight.counts, str(Period(overnight.n, overnight.unit))) == ("dispatch", "1 day")
    assert file.notice.clause == "22.3(a)"


def test_no_number_stands_anywhere_else_in_the_file() -> None:
    document = {section: table for section, table in terms().document.items() if section != "reading"}
    assert sorted(integers(document)) == sorted(f"{path}.n" for path, *_ in NUMBERS)


def test_the_numbers_of_readings_are_these() -> None:
    told = {}
    for reading in terms().document["reading"]:
        paths = [path for alternative in reading["alternative"] for path in integers(alternative)]
        if paths:
            patches = [patch for alternative in reading["alternative"] for patch in alternative["patch"]]
            told[reading["key"]] = (reading["clause"], [n for patch in patches for n in numbers_in(patch["put"])])
    assert told == {key: (clause, numbers) for key, clause, numbers in NUMBERS_OF_READINGS}


def numbers_in(value: object) -> list[int]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [n for item in value for n in numbers_in(item)]
    return [value] if type(value) is int else []


def test_the_late_charge_has_the_figures_of_12_1() -> None:
    (effect,) = (effect for effect in terms().effects if effect.figures)
    assert (effect.clause, dict(effect.figures)) == (
        "12.1",
        {"rate": "1.5 %", "per": "month", "cap": "the most the law allows"},
    )


def test_no_words_of_the_file_count_anything() -> None:
    file = terms()
    words = [clause.gist for clause in file.clauses.values()]
    for items in (file.kinds, file.notices, file.powers, file.duties):
        words += [item.title for item in items.values()]
    words += [effect.text for effect in file.effects] + [rule.text for rule in file.rules]
    words += [left.why for left in file.left_out]
    assert not [told for told in words if re.search(r"\d+[ -]?(day|week|month|year|%)", told)]


# ---- 12.1 payment ------------------------------------------------------------------------------------------

INVOICES = [
    # I, D, D + 1, D + 29, D + 30
    ("2026-01-15", "2026-02-14", "2026-02-15", "2026-03-15", "2026-03-16"),  # 16 to 31 Jan, 14; 14 to 28 Feb, 16
    ("2028-01-15", "2028-02-14", "2028-02-15", "2028-03-14", "2028-03-15"),  # 16 to 31 Jan, 14; 15 to 29 Feb, 15
    ("2026-10-31", "2026-11-30", "2026-12-01", "2026-12-29", "2026-12-30"),  # 30 to 30 Nov; 30 in Dec
    ("2026-12-10", "2027-01-09", "2027-01-10", "2027-02-07", "2027-02-08"),  # 21 to 31 Dec, 9; 22 to 31 Jan, 8: term 2
]


@pytest.mark.parametrize(("issued", "due", "late", "safe", "first"), INVOICES)
def test_12_1_an_invoice_is_due_30_days_after_its_date_and_13_a_opens_30_days_after_that(
    issued: str, due: str, late: str, safe: str, first: str
) -> None:
    story = invoiced(running(issued[:4] + "-01-01"), issued)
    duty = owed(story)["pay"]
    assert (duty.by, duty.duty.clause, str(duty.due), duty.standing) == (("customer",), "12.1", due, "pending")
    assert opens(story, "suspend", safe=safe, first=first).clause == "13(a)"


@pytest.mark.parametrize(
    ("period", "due", "first"),
    [
        (Period(45, "days"), "2026-03-01", "2026-03-31"),  # 16 to 31 Jan, 28, 1 more; 30 to 31 Mar
        (Period(10, "days"), "2026-01-25", "2026-02-24"),  # 10; 6 to 31 Jan, 24 more
        (Period(0, "days"), "2026-01-15", "2026-02-14"),  # on receipt; 16 to 31 Jan, 14 more
        (Period(2, "months"), "2026-03-15", "2026-04-14"),  # the corresponding day; 16 to 31 Mar, 14 more
    ],
)
def test_12_1_the_order_may_name_another_payment_period(period: Period, due: str, first: str) -> None:
    story = invoiced(ordered(made(), start="2026-01-01", payment=period), "2026-01-15")
    assert str(owed(story)["pay"].due) == due
    assert str(story.may("suspend").first_day) == first


def test_12_1_a_payment_period_in_months_ends_with_a_month_that_has_no_such_day() -> None:
    story = invoiced(ordered(made(), start="2026-01-01", payment=Period(1, "months")), "2026-01-31")
    assert str(owed(story)["pay"].due) == "2026-02-28"


@pytest.mark.parametrize(
    ("running_order", "next_order", "due", "due_of_next"),
    [
        (45, 10, "2026-12-30", "2026-11-25"),  # 15 Nov + 45: 15 to 30 Nov, 30 more; 15 Nov + 10
        (10, 45, "2026-11-25", "2026-12-30"),
        (10, None, "2026-11-25", "2026-12-15"),  # the next order names none: 15 to 30 Nov, 15 more
    ],
)
def test_12_1_the_payment_period_is_that_of_the_order_running_or_named_not_of_the_one_signed_last(
    running_order: int, next_order: int | None, due: str, due_of_next: str
) -> None:
    story = ordered(made(), start="2026-01-01", payment=Period(running_order, "days")).on("2026-11-01")
    ordered(story, start="2027-01-01", payment=None if next_order is None else Period(next_order, "days"))
    invoiced(story, "2026-11-15")
    assert str(owed(story)["pay"].due) == due
    invoiced(story, "2026-11-15", "INV-2", order="O 2027-01-01")  # billed in advance
    invoiced(story, "2027-01-15", "INV-3")
    dues = {owed.matter: str(owed.due) for owed in story.agreement.duties("2027-01-15") if owed.duty.id == "pay"}
    in_january = {10: "2027-01-25", 45: "2027-03-01", None: "2027-02-14"}  # + 10; 16, 28, 1 more; + 30: 16, 14 more
    assert dues == {"INV-1": due, "INV-2": due_of_next, "INV-3": in_january[next_order]}


def test_12_1_a_due_day_that_the_invoice_gives_itself_wins() -> None:
    story = invoiced(running(), "2026-01-15", due="2026-02-01")
    assert str(owed(story)["pay"].due) == "2026-02-01"
    opens(story, "suspend", safe="2026-03-02", first="2026-03-03")  # 27 to 28 Feb, 3 more


def test_12_1_an_invoice_says_its_date() -> None:
    with pytest.raises(InvalidFact, match="needs the day issued"):
        running().opened("invoice", "INV-1", amount="100.00 USD")


@pytest.mark.parametrize(
    ("paid", "stands"),
    [
        ("2026-02-14T23:59:59Z", "met"),  # D: 16 to 31 Jan, 14 more
        ("2026-02-15", "missed"),
        (None, "missed"),
    ],
)
def test_12_1_the_last_day_to_pay_is_the_30th_after_the_invoice_date(paid: str | None, stands: str) -> None:
    story = invoiced(running(), "2026-01-15")
    if paid:
        story.on(paid).paid("INV-1", "100.00 USD")
    assert standing(story.on("2026-02-15"), "pay") == stands


def test_12_1_the_late_charge_opens_the_day_after_the_due_day() -> None:
    story = invoiced(running(), "2026-01-15")
    assert opens(story, "charge interest", safe="2026-02-14", first="2026-02-15").clause == "12.1"
    assert [effect.id for effect in story.do("charge interest").effects] == ["late charge"]
    refused(story, "charge interest", "wrong-party", by="customer")


@pytest.mark.parametrize(
    ("paid", "charged"),
    [("2026-02-01", False), ("2026-02-14T23:59:59Z", False), ("2026-02-15", True), ("2026-03-20", True)],
)
def test_12_1_a_payment_in_time_bears_no_charge_and_a_late_one_does(paid: str, *, charged: bool) -> None:
    story = invoiced(running(), "2026-01-15").on(paid).paid("INV-1", "100.00 USD")
    assert story.on("2026-03-21").may("charge interest").permitted is charged


@pytest.mark.parametrize("how", ["credit", "write_off", "voided"])
@pytest.mark.parametrize("does", ["charge interest", "suspend"])
def test_12_1_what_is_credited_written_off_or_voided_is_neither_charged_nor_suspended_for(how: str, does: str) -> None:
    story = invoiced(running(), "2026-01-15").on("2026-03-20")
    permitted(story, does)
    if how == "voided":
        story.ended("INV-1", "voided")
    else:
        story.paid("INV-1", "100.00 USD", how)  # type: ignore[arg-type]
    refused(story.on("2026-03-21"), does, "matter")
    assert standing(story, "pay") == "missed"  # it was not settled by its due day
    early = invoiced(running(), "2026-01-15").on("2026-02-01")
    if how == "voided":
        early.ended("INV-1", "voided")
    else:
        early.paid("INV-1", "100.00 USD", how)  # type: ignore[arg-type]
    assert standing(early, "pay") == "met"


def test_12_1_what_was_due_before_the_end_is_charged_and_owed_after_it() -> None:
    story = invoiced(running(renews=False), "2026-11-20")  # D: 10 to 30 Nov, 20 more: 20 Dec
    assert story.on("2027-01-10").state == "terminated"
    permitted(story, "charge interest")
    assert standing(story, "pay") == "missed"
    refused(story.on("2027-02-10"), "suspend", "ended")  # D + 30 is 19 Jan


def test_12_1_nothing_is_refunded_unless_a_section_says_so() -> None:
    breach = breached(running().on("2026-04-06"), party="provider")
    breach.notice("breach", about="B-1", by="customer", method="personal")
    outcome = breach.on("2026-05-07").do("terminate", by="customer", about="B-1", method="personal")
    assert not [effect.id for effect in outcome.effects if "refund" in effect.id]
    assert not [name for name in owed(breach) if name.startswith("refund")]
    assert {rule.id: rule.clause for rule in terms().rules}["no refund"] == "12.1"


# ---- 12.3 disputes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("issued", "due", "late", "safe", "first"), INVOICES)
def test_12_3_the_customer_may_dispute_through_the_due_day(
    issued: str, due: str, late: str, safe: str, first: str
) -> None:
    story = invoiced(running(issued[:4] + "-01-01"), issued)
    verdict = permitted(story.on(last_second(due)), "dispute", by="customer")
    assert (verdict.clause, str(verdict.last_day)) == ("12.3", due)
    refused(story, "dispute", "wrong-party")
    assert refused(story.on(late), "dispute", "clock", by="customer").first_day is None


def test_12_3_a_dispute_is_a_notice_that_counts_within_the_payment_period() -> None:
    story = invoiced(running(), "2026-01-15").on("2026-02-14")  # D: 16 to 31 Jan, 14 more
    refused(story, "dispute", "too-late", by="customer", method="overnight")  # counts on the 15th
    refused(story, "dispute", "not-in-writing", by="customer", method="in_service")
    permitted(story.on("2026-02-13"), "dispute", by="customer", method="overnight")
    outcome = story.on("2026-02-14").do("dispute", by="customer", method="personal")
    assert isinstance(outcome.event.fact, NoticeGiven)
    assert (outcome.event.fact.about, [effect.id for effect in outcome.effects]) == (("INV-1",), ["payment waits"])


DISPUTES = [
    # the day of the dispute, of an invoice of 15 Jan due on 14 Feb; the last day to pay and the first of the charge;
    # the last safe day and the first day of 13(a)
    ("2026-01-20", "2026-02-14", "2026-02-15", "2026-03-15", "2026-03-16"),  # + 15 = 4 Feb, before D: nothing moves
    ("2026-01-30", "2026-02-14", "2026-02-15", "2026-03-15", "2026-03-16"),  # + 15 = 14 Feb, D itself
    ("2026-01-31", "2026-02-15", "2026-02-16", "2026-03-16", "2026-03-17"),  # + 15 = 15 Feb; 13 to 28 Feb, 17 more
    ("2026-02-05", "2026-02-20", "2026-02-21", "2026-03-21", "2026-03-22"),  # + 15 = 20 Feb; 8 to 28 Feb, 22 more
    ("2026-02-14", "2026-03-01", "2026-03-02", "2026-03-30", "2026-03-31"),  # + 15 = 1 Mar (14 to 28 Feb); 30 more
]


@pytest.mark.parametrize(("on", "pay", "late", "safe", "first"), DISPUTES)
def test_12_3_the_discussion_lasts_15_days_and_overdue_days_are_counted_anew_from_its_end(
    on: str, pay: str, late: str, safe: str, first: str
) -> None:
    story = disputed(invoiced(running(), "2026-01-15"), on)
    assert (str(owed(story)["pay"].due), standing(story.on(pay), "pay")) == (pay, "pending")
    assert standing(story.on(late), "pay") == "missed"
    opens(story, "suspend", safe=safe, first=first)


@pytest.mark.parametrize(("on", "pay", "late", "safe", "first"), DISPUTES)
def test_12_3_what_need_not_be_paid_yet_bears_no_charge(on: str, pay: str, late: str, safe: str, first: str) -> None:
    story = disputed(invoiced(running(), "2026-01-15"), on)
    assert not story.on(last_second(pay)).may("charge interest").permitted
    permitted(story.on(late), "charge interest")


def test_12_3_a_dispute_about_a_part_leaves_the_rest_due() -> None:
    story = disputed(invoiced(running(), "2026-01-15"), "2026-02-05", amount="40.00 USD")
    assert str(owed(story)["pay"].due) == "2026-02-14"
    opens(story, "suspend", safe="2026-03-15", first="2026-03-16")  # D + 30
    story.on("2026-03-10").paid("INV-1", "60.00 USD")  # what is left was disputed: 20 Feb + 30
    opens(story, "suspend", safe="2026-03-21", first="2026-03-22")


@pytest.mark.parametrize(
    ("resolved", "safe", "first"),
    [
        ("2026-02-10T12:00Z", "2026-03-15", "2026-03-16"),  # before D
        ("2026-02-16T12:00Z", "2026-03-17", "2026-03-18"),  # 12 to 28 Feb, 18 more
        ("2026-02-21T12:00Z", "2026-03-21", "2026-03-22"),  # too late: over on 20 Feb by itself
    ],
)
def test_12_3_a_dispute_resolved_early_ends_its_discussion(resolved: str, safe: str, first: str) -> None:
    story = disputed(invoiced(running(), "2026-01-15"), "2026-02-05").on(resolved).ended("DIS-1", "resolved")
    opens(story, "suspend", safe=safe, first=first)


def test_12_3_a_dispute_is_about_the_invoices_it_names() -> None:
    story = invoiced(invoiced(running(), "2026-01-15"), "2026-01-15", "INV-2")
    disputed(story, "2026-02-05", "INV-2")
    assert str(story.may("suspend", about="INV-1").first_day) == "2026-03-16"  # D + 30
    assert str(story.may("suspend", about="INV-2").first_day) == "2026-03-22"  # 20 Feb + 30


# ---- 13 suspension -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("paid", ["2026-02-01", "2026-03-15T23:59:59Z", "2026-03-16"])
def test_13_a_an_invoice_paid_by_the_opening_is_not_suspended_for(paid: str) -> None:
    story = invoiced(running(), "2026-01-15").on(paid).paid("INV-1", "100.00 USD")
    refused(story.on("2026-03-16"), "suspend", "matter")


def test_13_a_rests_on_silence() -> None:
    story = invoiced(running(), "2026-01-15").on("2026-03-16")
    refused(story, "suspend", "unvouched", known=None)
    refused(story, "suspend", "stale", known="2026-03-15")


def test_13_a_a_payment_that_bounces_counts_its_days_on() -> None:
    story = invoiced(running(), "2026-01-15").on("2026-02-10").paid("INV-1", "100.00 USD")
    story.on("2026-02-20").paid("INV-1", "100.00 USD", "chargeback")
    opens(story, "suspend", safe="2026-03-15", first="2026-03-16")


def test_13_a_force_majeure_does_not_stop_the_days_overdue() -> None:
    story = invoiced(running(), "2026-01-15").on("2026-02-20")
    story.opened("force_majeure", "FM-1", adverse=True, prevents=("INV-1",))
    opens(story, "suspend", safe="2026-03-15", first="2026-03-16", about="INV-1")
    assert standing(story, "pay") == "missed"


def test_13_b_opens_at_the_instant_of_a_breach_of_the_usage_rules() -> None:
    story = breached(running().on("2026-04-10T14:00Z"), usage_rules=True)
    refused(story.on("2026-04-10T13:59:59Z"), "suspend", "no-matter")
    assert permitted(story.on("2026-04-10T14:00Z"), "suspend").clause == "13(b)"
    refused(story, "suspend", "wrong-party", by="customer")


@pytest.mark.parametrize("how", ["cured", "withdrawn"])
def test_13_b_goes_with_the_breach(how: str) -> None:
    story = breached(running().on("2026-04-10"), usage_rules=True).on("2026-04-12T12:00Z").ended("B-1", how)
    permitted(story.on("2026-04-12T11:59:59Z"), "suspend")
    refused(story.on("2026-04-12T12:00Z"), "suspend", "matter")


def test_13_b_is_about_the_customers_breach_of_section_9_alone() -> None:
    refused(breached(running().on("2026-04-10")), "suspend", "unsaid")
    refused(breached(running().on("2026-04-10"), usage_rules=False), "suspend", "not-applicable")
    of_provider = breached(running().on("2026-04-10"), party="provider", usage_rules=True)
    refused(of_provider, "suspend", "not-applicable")


def test_13_c_opens_when_the_provider_asserts_the_risk_and_goes_when_it_is_resolved() -> None:
    story = running().on("2026-04-10T14:00Z").opened("harm_risk", "H-1", by="provider")
    refused(story.on("2026-04-10T13:59:59Z"), "suspend", "no-matter")
    assert permitted(story.on("2026-04-10T14:00Z"), "suspend", known=None).clause == "13(c)"
    story.on("2026-04-12T12:00Z").ended("H-1", "resolved")
    permitted(story.on("2026-04-12T11:59:59Z"), "suspend")
    refused(story.on("2026-04-12T12:00Z"), "suspend", "matter")
    refused(running().on("2026-04-10").opened("harm_risk", "H-1", by="customer"), "suspend", "not-asserted")


def suspended(cause: str) -> Story:
    """Suspended on 16 Mar 2026 under one of the three events."""
    story = running()
    match cause:
        case "INV-1":
            invoiced(story, "2026-01-15").on("2026-03-16")
        case "B-1":
            breached(story.on("2026-03-16"), usage_rules=True)
        case _:
            story.on("2026-03-16").opened("harm_risk", "H-1", by="provider")
    story.do("suspend")
    return story


def resolved(story: Story, cause: str) -> Story:
    if cause == "INV-1":
        return story.paid("INV-1", "100.00 USD")
    return story.ended(cause, "cured" if cause == "B-1" else "resolved")


@pytest.mark.parametrize("cause", ["INV-1", "B-1", "H-1"])
def test_13_access_is_restored_by_the_provider_alone_once_the_cause_is_resolved(cause: str) -> None:
    story = resolved(suspended(cause).on("2026-03-20"), cause)
    assert story.on("2026-03-25").state == "suspended"
    duty = owed(story)["restore"]
    assert (duty.by, duty.duty.clause, duty.due, duty.standing) == (("provider",), "13", None, "unscheduled")
    refused(story, "reinstate", "wrong-party", by="customer")
    outcome = story.do("reinstate")
    assert (outcome.target, [effect.id for effect in outcome.effects]) == ("active", ["access resumes"])
    assert "restore" not in owed(story)


@pytest.mark.parametrize("cause", ["INV-1", "B-1", "H-1"])
def test_13_suspending_stops_access_in_every_phase(cause: str) -> None:
    story = suspended(cause)
    assert story.state == "suspended"
    trial = made(trial=True).on("2026-01-10").opened("harm_risk", "H-1", by="provider")
    assert [effect.id for effect in trial.do("suspend").effects] == ["access stops"]
    idle = made().on("2026-01-10").opened("harm_risk", "H-1", by="provider")
    assert idle.do("suspend").target == "suspended"


def test_13_prior_notice_is_an_effort_that_gates_nothing() -> None:
    story = breached(invoiced(running(), "2026-01-15").on("2026-02-01"), usage_rules=True)
    for duty in ("warn.overdue", "warn.usage"):
        assert (owed(story)[duty].duty.effort, owed(story)[duty].due, standing(story, duty)) == (
            True,
            None,
            "unscheduled",
        )
    permitted(story, "suspend", about="B-1")
    story.on("2026-03-10").notice("suspension", about=("INV-1", "B-1"), method="personal")
    assert [standing(story, duty) for duty in ("warn.overdue", "warn.usage")] == ["met", "met"]
    assert {rule.id: rule.clause for rule in terms().rules}["no warning needed"] == "13"


# ---- 14.1 subscription terms -------------------------------------------------------------------------------


def test_14_1_an_order_that_names_no_term_lasts_12_months_and_renews() -> None:
    story = ordered(made("2026-01-15"), start="2026-01-15", months=None)
    for number, first, last in ((1, "2026-01-15", "2027-01-14"), (2, "2027-01-15", "2028-01-14")):
        for moment in (first, last_second(last)):
            status = story.on(moment).status()
            assert status.term is not None
            assert (status.term.number, str(status.term.first), str(status.term.last)) == (number, first, last)


def test_14_1_an_order_may_name_another_term_and_that_it_does_not_renew() -> None:
    story = running(months=6, renews=False)
    assert (story.on(last_second("2026-06-30")).state, story.on("2026-07-01").state) == ("active", "terminated")


def test_14_1_a_renewal_order_follows_instead_of_the_renewal() -> None:
    story = ordered(running().on("2026-11-15"), start="2027-01-01", months=3)
    status = story.on("2027-01-01").status()
    assert status.term is not None
    assert (status.state, status.term.order, str(status.term.last)) == ("renewed", "O 2027-01-01", "2027-03-31")


NON_RENEWALS = [
    # start of 12 months, E - 30, the day after it, E, the day after it
    ("2026-01-01", "2026-12-01", "2026-12-02", "2026-12-31", "2027-01-01"),
    ("2026-01-15", "2026-12-15", "2026-12-16", "2027-01-14", "2027-01-15"),  # 14 back to 31 Dec, 16 more
    ("2026-03-01", "2027-01-29", "2027-01-30", "2027-02-28", "2027-03-01"),  # 28 back to 31 Jan, 2 more
    ("2027-03-01", "2028-01-30", "2028-01-31", "2028-02-29", "2028-03-01"),  # 29 back to 31 Jan, 1 more
]


@pytest.mark.parametrize(("start", "last_day", "late", "end", "after"), NON_RENEWALS)
@pytest.mark.parametrize("by", PARTIES)
def test_14_1_either_party_stops_the_renewal_through_30_days_before_the_end(
    start: str, last_day: str, late: str, end: str, after: str, by: Party
) -> None:
    story = running(start).on(last_second(last_day))
    verdict = permitted(story, "stop renewal", by=by)
    assert (verdict.clause, str(verdict.last_day)) == ("14.1", last_day)
    story.do("stop renewal", by=by, method="personal")
    assert story.on(last_second(end)).state == "active"
    status = story.on(after).status()
    assert status.ending is not None
    assert (status.state, status.ending.how, status.ending.clause) == ("terminated", "expired", "14.1")


@pytest.mark.parametrize(("start", "last_day", "late", "end", "after"), NON_RENEWALS)
def test_14_1_a_notice_a_day_late_is_for_the_next_term(
    start: str, last_day: str, late: str, end: str, after: str
) -> None:
    story = running(start).on(late).notice("non_renewal", by="customer", method="personal")
    assert (story.on(after).state, story.status().term and story.status().term.number) == ("renewed", 2)  # type: ignore[union-attr]
    assert story.on(f"{int(after[:4]) + 1}{after[4:]}").state == "terminated"


def test_14_1_by_overnight_delivery_it_is_sent_a_day_earlier() -> None:
    in_time = (
        running().on("2026-11-30").notice("non_renewal", by="customer", method="overnight")
    )  # counts 1 Dec = E - 30
    assert in_time.on("2027-01-01").state == "terminated"
    late = running().on("2026-12-01").notice("non_renewal", by="customer", method="overnight")
    assert late.on("2027-01-01").state == "renewed"
    story = running().on("2026-12-01")
    refused(story, "stop renewal", "too-late", by="customer", method="overnight")


@pytest.mark.parametrize(
    ("arrives", "state"), [("2026-12-01T23:59:59Z", "terminated"), ("2026-12-02", "renewed"), (None, "renewed")]
)
def test_14_1_by_mail_or_email_it_is_delivered_in_time(arrives: str | None, state: str) -> None:
    for method in ("certified_mail", "registered_mail", "email"):
        story = running().on("2026-11-20").notice("non_renewal", by="customer", method=method, id="N-1")
        if arrives:
            story.on(arrives).delivered("N-1")
        assert story.on("2027-01-01").state == state


# ---- 14.2 the agreement without a term ---------------------------------------------------------------------


def test_14_2_the_agreement_is_in_force_before_its_first_order_but_not_in_service() -> None:
    story = ordered(made().on("2026-01-05"), start="2026-02-01", months=None).on("2026-01-31")
    assert (story.state, story.status().in_service, story.status().term) == ("active", False, None)
    status = story.on("2026-02-01").status()
    assert (status.state, status.in_service, status.term and str(status.term.last)) == ("active", True, "2027-01-31")
    (entry,) = story.catch_up()
    assert (entry.transition, entry.clause, entry.effects) == ("convert", "14.2", ("subscription begins",))
    told = {(edge.source, edge.clauses) for edge in edges(terms()) if edge.transition == "convert"}
    assert told == {("trial", ("21",)), ("active", ("14.2",)), ("suspended", ("21", "14.2"))}


@pytest.mark.parametrize("by", PARTIES)
def test_14_2_while_no_term_runs_either_party_ends_the_agreement_by_notice_for_no_reason(by: Party) -> None:
    story = ordered(made().on("2026-01-05"), start="2026-02-01")
    assert permitted(story.on("2026-01-05"), "terminate", by=by).clause == "14.2"
    permitted(story.on(last_second("2026-01-31")), "terminate", by=by)
    verdict = refused(story.on("2026-02-01"), "terminate", "no-matter", by=by)
    assert "causes only" in [rule.id for rule in verdict.rules]
    refused(story.on("2026-01-10"), "terminate", "not-in-writing", by=by, method="in_service")
    assert story.do("terminate", by=by, method="personal").target == "terminated"


def test_14_2_between_two_orders_it_is_idle_again() -> None:
    story = ordered(running(renews=False).on("2026-12-01"), start="2027-02-01")
    permitted(story.on("2027-01-01"), "terminate", by="customer")
    permitted(story.on(last_second("2027-01-31")), "terminate", by="customer")
    refused(story.on(last_second("2026-12-31")), "terminate", "no-matter", by="customer")
    told = [(entry.transition, entry.clause, entry.effects) for entry in story.on("2027-02-01").catch_up()]
    assert told == [("term end", "14.2", ("no term",)), ("renew", "14.1", ("term renewed",))]


def test_14_2_it_ends_with_its_last_term() -> None:
    status = running(renews=False).on("2027-01-01").status()
    assert status.ending is not None
    assert (status.state, status.ending.how) == ("terminated", "expired")


# ---- 14.3 termination --------------------------------------------------------------------------------------

CURE_PERIODS = [
    # start of the order, N, N + 30, N + 31
    ("2026-01-01", "2026-02-18", "2026-03-20", "2026-03-21"),  # 10 to 28 Feb, 20 more
    ("2028-01-01", "2028-02-18", "2028-03-19", "2028-03-20"),  # 11 to 29 Feb, 19 more
    ("2026-01-01", "2026-04-06", "2026-05-06", "2026-05-07"),  # 24 to 30 Apr, 6 more
    ("2026-01-01", "2026-12-15", "2027-01-14", "2027-01-15"),  # 16 to 31 Dec, 14 more: the term rolls meanwhile
]


@pytest.mark.parametrize(("start", "given", "safe", "first"), CURE_PERIODS)
@pytest.mark.parametrize(("party", "by"), [("customer", "provider"), ("provider", "customer")])
def test_14_3_a_opens_for_the_other_party_on_the_31st_day_after_notice(
    start: str, given: str, safe: str, first: str, party: Party, by: Party
) -> None:
    story = breached(running(start).on(f"{given}T09:00Z"), party=party).notice(
        "breach", about="B-1", by=by, method="personal"
    )
    assert opens(story, "terminate", safe=safe, first=first, by=by, about="B-1").clause == "14.3(a)"
    refused(story, "terminate", "wrong-party", by=party, about="B-1")


@pytest.mark.parametrize("cured", ["2026-02-18T12:00Z", "2026-03-20T23:59:59Z", "2026-03-21", "2026-03-25"])
def test_14_3_a_a_cure_before_the_termination_takes_the_power_away(cured: str) -> None:
    story = breached(running().on("2026-02-18")).notice("breach", about="B-1", method="personal")
    story.on(cured).ended("B-1", "cured")
    assert "matter" in story.may("terminate", about="B-1").codes
    refused(story.on("2026-05-01"), "terminate", "matter", about="B-1")


@pytest.mark.parametrize("readings", [{}, {"14.3-late": "the power stays"}])
def test_what_is_no_longer_asserted_is_not_terminated_for(readings: dict[str, str]) -> None:
    story = breached(running(readings=readings).on("2026-02-18")).notice("breach", about="B-1", method="personal")
    reported(warranty(story, "2026-02-18"), "2026-02-18")
    story.on("2026-04-01").ended("B-1", "withdrawn").ended("W-1", "withdrawn")
    refused(story, "terminate", "matter", about="B-1")
    refused(story, "terminate", "matter", about="W-1")
    assert standing(story, "correct") == "met"


def test_14_3_a_takes_a_notice_and_a_material_breach() -> None:
    story = breached(running().on("2026-02-18"))
    verdict = refused(story.on("2026-04-06"), "terminate", "notice-missing", about="B-1")
    assert str(verdict.first_day) == "2026-05-07"  # if given at once: 6 Apr + 31
    slight = breached(running().on("2026-02-18"), material=False).notice("breach", about="B-1", method="personal")
    refused(slight.on("2026-04-06"), "terminate", "not-applicable", about="B-1")


def test_14_3_a_what_cannot_be_cured_waits_as_long() -> None:
    story = breached(running().on("2026-02-18"), curable=False).notice("breach", about="B-1", method="personal")
    opens(story, "terminate", safe="2026-03-20", first="2026-03-21", about="B-1")


@pytest.mark.parametrize(
    ("kind", "clause", "ends"),
    [
        ("cessation", "14.3(b)", ("resumed", "succeeded")),
        ("protection", "14.3(c)", ("withdrawn", "dismissed")),
    ],
)
@pytest.mark.parametrize(("party", "by"), [("customer", "provider"), ("provider", "customer")])
def test_14_3_b_and_c_open_for_the_other_party_at_once(
    kind: str, clause: str, ends: tuple[str, ...], party: Party, by: Party
) -> None:
    story = running().on("2026-04-10T14:00Z").opened(kind, "M-1", party=party)
    refused(story.on("2026-04-10T13:59:59Z"), "terminate", "no-matter", by=by, about="M-1")
    assert permitted(story.on("2026-04-10T14:00Z"), "terminate", by=by, about="M-1").clause == clause
    refused(story, "terminate", "wrong-party", by=party, about="M-1")
    for end in ends:
        over = running().on("2026-04-10").opened(kind, "M-1", party=party).on("2026-04-20T12:00Z").ended("M-1", end)
        permitted(over.on("2026-04-20T11:59:59Z"), "terminate", by=by, about="M-1")
        refused(over.on("2026-04-20T12:00Z"), "terminate", "matter", by=by, about="M-1")


@pytest.mark.parametrize(
    ("start", "instituted", "safe", "first"),
    [
        ("2026-01-01", "2026-01-15", "2026-03-16", "2026-03-17"),  # 16 to 31 Jan, 28, 16 more
        ("2028-01-01", "2028-01-15", "2028-03-15", "2028-03-16"),  # 16 to 31 Jan, 29, 15 more
        ("2026-01-01", "2026-09-10", "2026-11-09", "2026-11-10"),  # 20 to 30 Sep, 31, 9 more
        ("2026-01-01", "2026-11-20", "2027-01-19", "2027-01-20"),  # 10 to 30 Nov, 31, 19 more
    ],
)
@pytest.mark.parametrize(("party", "by"), [("customer", "provider"), ("provider", "customer")])
def test_14_3_c_opens_on_the_61st_day_of_a_proceeding_still_pending(
    start: str, instituted: str, safe: str, first: str, party: Party, by: Party
) -> None:
    story = running(start).on(f"{instituted}T11:00Z").opened("proceeding", "P-1", party=party)
    assert opens(story, "terminate", safe=safe, first=first, by=by, about="P-1").clause == "14.3(c)"
    refused(story, "terminate", "wrong-party", by=party, about="P-1")


@pytest.mark.parametrize("dismissed", ["2026-02-01", "2026-03-16T23:59:59Z", "2026-03-17", "2026-04-01"])
def test_14_3_c_a_dismissal_before_the_termination_takes_the_power_away(dismissed: str) -> None:
    story = running().on("2026-01-15").opened("proceeding", "P-1", party="customer")
    story.on(dismissed).ended("P-1", "dismissed")
    refused(story.on("2026-04-02"), "terminate", "matter", about="P-1")


# ---- 8.3 warranty ------------------------------------------------------------------------------------------

CLAIM_PERIODS = [
    # R, R + 30, R + 31
    ("2026-02-10", "2026-03-12", "2026-03-13"),  # 18 to 28 Feb, 12 more
    ("2026-04-06", "2026-05-06", "2026-05-07"),  # 24 to 30 Apr, 6 more
]


@pytest.mark.parametrize(("found", "last_day", "late"), CLAIM_PERIODS)
@pytest.mark.parametrize(
    ("subject", "day", "duty"),
    [
        ("cloud service", "discovered", "report.service"),
        ("professional services", "delivered", "report.services"),
    ],
)
def test_8_3_a_breach_of_warranty_is_reported_within_30_days_after_discovery_or_delivery(
    found: str, last_day: str, late: str, subject: str, day: str, duty: str
) -> None:
    for opened, days in ((found, {}), (last_day, {day: found})):  # the day itself, or told when the matter opens later
        in_time = warranty(running(), opened, subject, **days).on(last_day)
        assert (str(owed(in_time)[duty].due), standing(in_time, duty)) == (last_day, "pending")
        reported(in_time, last_second(last_day))
        assert standing(in_time, duty) == "met"
        assert in_time.on("2026-12-01").may("terminate", by="customer", about="W-1").permitted
        too_late = reported(warranty(running(), opened, subject, **days), late)
        assert standing(too_late, duty) == "missed"
        refused(too_late.on("2026-12-01"), "terminate", "notice-missing", by="customer", about="W-1")


FIX_PERIODS = [
    # P, P + 30, P + 31
    ("2026-03-02", "2026-04-01", "2026-04-02"),  # 29 to 31 Mar, 1 more
    ("2026-04-06", "2026-05-06", "2026-05-07"),  # 24 to 30 Apr, 6 more
]


@pytest.mark.parametrize(("report", "safe", "first"), FIX_PERIODS)
@pytest.mark.parametrize("by", PARTIES)
@pytest.mark.parametrize("subject", ["cloud service", "professional services"])
def test_8_3_either_party_terminates_when_it_is_not_fixed_within_30_days_after_the_report(
    report: str, safe: str, first: str, by: Party, subject: str
) -> None:
    story = reported(warranty(running(), report, subject), report)
    duty = owed(story)["correct"]
    assert (duty.by, duty.duty.effort, str(duty.due)) == (("provider",), True, safe)
    assert opens(story, "terminate", safe=safe, first=first, by=by, about="W-1").clause == "8.3"
    assert standing(story, "correct") == "pending"  # efforts: never missed
    outcome = story.do("terminate", by=by, about="W-1", method="personal")
    assert "warranty refund" in [effect.id for effect in outcome.effects]
    assert owed(story)["refund.warranty"].standing == "unscheduled"


@pytest.mark.parametrize("corrected", ["2026-03-10", "2026-04-01T23:59:59Z", "2026-04-02", "2026-04-20"])
def test_8_3_a_correction_before_the_termination_takes_the_power_away(corrected: str) -> None:
    story = reported(warranty(running(), "2026-03-02"), "2026-03-02").on(corrected).ended("W-1", "corrected")
    refused(story.on("2026-04-21"), "terminate", "matter", by="customer", about="W-1")
    assert standing(story, "correct") == "met"


def test_8_3_takes_a_report_of_a_verified_breach_of_what_is_warranted() -> None:
    refused(
        warranty(running(), "2026-03-02").on("2026-03-20"), "terminate", "notice-missing", by="customer", about="W-1"
    )
    for subject, verified in (("cloud service", False), ("trial or beta", True)):
        story = reported(warranty(running(), "2026-03-02", subject, verified=verified), "2026-03-02")
        refused(story.on("2026-06-01"), "terminate", "not-applicable", by="customer", about="W-1")
        assert "correct" not in owed(story)
    unsaid = running().on("2026-03-02").opened("warranty_breach", "W-1", subject="cloud service")
    refused(reported(unsaid, "2026-03-02").on("2026-06-01"), "terminate", "unsaid", by="customer", about="W-1")


def test_8_3_a_trial_has_no_warranty() -> None:
    story = reported(warranty(made(trial=True), "2026-01-10"), "2026-01-10")
    assert not {"correct", "report.service"} & set(owed(story))


# ---- 17.5(c) and 22.9 --------------------------------------------------------------------------------------


def test_17_5_c_the_provider_ends_the_order_with_a_refund_unless_the_claim_is_avoided() -> None:
    story = running().on("2026-04-10T14:00Z").opened("infringement", "IP-1", by="provider")
    refused(story.on("2026-04-10T13:59:59Z"), "terminate", "no-matter", about="IP-1")
    assert permitted(story.on("2026-04-10T14:00Z"), "terminate", about="IP-1", known=None).clause == "17.5(c)"
    refused(story, "terminate", "wrong-party", by="customer", about="IP-1")
    for end in ("avoided", "withdrawn"):
        over = running().on("2026-04-10").opened("infringement", "IP-1", by="provider").on("2026-04-20")
        refused(over.ended("IP-1", end), "terminate", "matter", about="IP-1")
    outcome = story.do("terminate", about="IP-1", method="personal")
    assert "infringement refund" in [effect.id for effect in outcome.effects]
    assert owed(story)["refund.infringement"].by == ("provider",)
    by_customer = running().on("2026-04-10").opened("infringement", "IP-1", by="customer")
    refused(by_customer, "terminate", "not-asserted", about="IP-1")


@pytest.mark.parametrize(
    ("start", "since", "safe", "first"),
    [
        ("2026-01-01", "2026-02-10", "2026-02-24", "2026-02-25"),  # S + 15
        ("2028-01-01", "2028-02-20", "2028-03-05", "2028-03-06"),  # 9 to 29 Feb, 6 more
        ("2026-01-01", "2026-10-20", "2026-11-03", "2026-11-04"),  # 11 to 31 Oct, 4 more
    ],
)
@pytest.mark.parametrize("by", PARTIES)
def test_22_9_either_party_terminates_from_the_15th_consecutive_day_of_force_majeure(
    start: str, since: str, safe: str, first: str, by: Party
) -> None:
    story = running(start).on(f"{since}T18:00Z").opened("force_majeure", "FM-1", adverse=True)
    assert opens(story, "terminate", safe=safe, first=first, by=by, about="FM-1").clause == "22.9"
    outcome = story.do("terminate", by=by, about="FM-1", method="personal")
    assert "force majeure refund" in [effect.id for effect in outcome.effects]
    assert owed(story)["refund.force_majeure"].by == ("provider",)


def test_22_9_an_interruption_starts_the_15_days_anew() -> None:
    story = running().on("2026-02-10").opened("force_majeure", "FM-1", adverse=True).on("2026-02-20")
    story.ended("FM-1", "ended").on("2026-02-22").reopened("FM-1")
    opens(story, "terminate", safe="2026-03-08", first="2026-03-09", about="FM-1")  # 6 to 28 Feb, 9 more


def test_22_9_takes_a_material_adverse_effect_that_goes_on() -> None:
    ended = running().on("2026-02-10").opened("force_majeure", "FM-1", adverse=True)
    refused(ended.on("2026-03-01").ended("FM-1", "ended"), "terminate", "matter", about="FM-1")
    mild = running().on("2026-02-10").opened("force_majeure", "FM-1", adverse=False).on("2026-06-01")
    refused(mild, "terminate", "not-applicable", about="FM-1")
    unsaid = running().on("2026-02-10").opened("force_majeure", "FM-1").on("2026-06-01")
    refused(unsaid, "terminate", "unsaid", about="FM-1")


def test_22_9_days_that_prevent_the_cure_do_not_count_in_it() -> None:
    story = breached(running().on("2026-02-18")).notice("breach", about="B-1", method="personal")
    story.on("2026-03-01").opened("force_majeure", "FM-1", prevents=("B-1",)).on("2026-03-11").ended("FM-1", "ended")
    opens(story, "terminate", safe="2026-03-30", first="2026-03-31", about="B-1")  # N + 30 = 20 Mar, and 10 days


# ---- 14.4 and 14.5: what follows the end -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "last_day", "late"),
    [
        ("2027-02-10", "2027-04-11", "2027-04-12"),  # 18 to 28 Feb, 31, 11 more
        ("2028-02-10", "2028-04-10", "2028-04-11"),  # 19 to 29 Feb, 31, 10 more
    ],
)
@pytest.mark.parametrize("party", PARTIES)
def test_14_4_b_after_the_end_each_party_deletes_within_60_days_of_the_request(
    request_: str, last_day: str, late: str, party: Party
) -> None:
    story = running(renews=False).on(request_).opened("deletion_request", "DR-1", party=party)
    duty = owed(story)[f"delete.{party}"]
    assert (duty.by, duty.duty.clause, str(duty.due)) == ((party,), "14.4(b)", last_day)
    assert standing(story.on(last_second(last_day)), f"delete.{party}") == "pending"
    assert standing(story.on(late), f"delete.{party}") == "missed"
    story.on(last_second(last_day)).ended("DR-1", "deleted")
    assert standing(story.on(late), f"delete.{party}") == "met"


SURVIVORS = ("5.4", "8.4", "9", "12.1", "12.2", "14.4", "14.5", "15", "16", "17", "18", "19", "22", "23")


@pytest.mark.parametrize("way", ["expired", "terminated"])
def test_14_5_b_fourteen_sections_survive_expiry_and_termination(way: str) -> None:
    story = running(renews=False)
    if way == "terminated":
        story.on("2026-06-01").agreed("termination")
    in_force = story.agreement.clauses_in_force("2027-01-01")
    assert set(in_force) == {clause for clause in terms().clauses if covers(SURVIVORS, clause)}
    assert set(SURVIVORS) <= set(in_force)
    assert not {"2", "5.1", "7.1", "8.3", "12.3", "13", "14.1", "14.3", "20", "21"} & set(in_force)


def test_14_5_a_use_stops_at_once_and_what_follows_is_said() -> None:
    follows = ("use ends", "amounts owed", "deletion on request", "survivors remain")
    story = running(renews=False).on("2027-01-01")
    (entry,) = story.catch_up()
    assert (entry.transition, entry.effects) == ("expire", follows)
    duty = owed(story)["cease_use"]
    assert (duty.by, duty.duty.clause, str(duty.due)) == (("customer",), "14.5(a)", "2027-01-01")
    together = running().on("2026-06-01").do("terminate", by="both")
    assert tuple(effect.id for effect in together.effects) == follows


# ---- 3, 17.4 and 19: notices without a date ----------------------------------------------------------------

PROMPT = [
    # duty, section, matter, whom it is about, the notice that fulfils it
    ("report.compromise", "3", "compromise", "customer", "compromise"),
    ("notify_claim.customer", "17.4", "claim", "customer", "claim"),
    ("notify_claim.provider", "17.4", "claim", "provider", "claim"),
    ("warn_of_disclosure", "19", "compelled_disclosure", "customer", "disclosure"),
    ("warn_of_disclosure", "19", "compelled_disclosure", "provider", "disclosure"),
]


@pytest.mark.parametrize(("duty", "clause", "kind", "party", "notice"), PROMPT)
def test_what_is_to_be_said_promptly_has_no_date_and_is_met_by_saying_it(
    duty: str, clause: str, kind: str, party: Party, notice: str
) -> None:
    story = running().on("2026-04-10").opened(kind, "M-1", party=party)
    found = owed(story.on("2026-09-01"))[duty]
    assert (found.by, found.duty.clause, found.due, found.standing) == ((party,), clause, None, "unscheduled")
    other: Party = "provider" if party == "customer" else "customer"
    assert standing(story.notice(notice, about="M-1", by=other, method="personal"), duty) == "unscheduled"
    assert standing(story.notice(notice, about="M-1", by=party, method="personal"), duty) == "met"


def test_17_4_delay_only_reduces_the_indemnity() -> None:
    told = {duty.missed for name, duty in terms().duties.items() if name.startswith("notify_claim")}
    assert len(told) == 1
    assert "reduces" in told.pop()


def test_17_and_19_outlive_the_end() -> None:
    story = running(renews=False).on("2027-02-01").opened("claim", "C-1", party="customer")
    story.opened("compelled_disclosure", "CD-1", party="provider")
    assert {"notify_claim.customer", "cooperate.customer", "warn_of_disclosure"} <= set(owed(story))


def test_17_4_the_defence_is_the_indemnifying_partys_until_the_claim_is_over() -> None:
    story = running().on("2026-04-10").opened("claim", "C-1", party="provider")
    assert owed(story)["cooperate.provider"].by == ("provider",)
    assert standing(story.on("2026-06-01").ended("C-1", "settled"), "cooperate.provider") == "met"


# ---- what fulfils a duty -----------------------------------------------------------------------------------

FULFILLED: list[tuple[str, str, dict[str, Any], tuple[str, ...]]] = [
    # duty, the matter it is about, how that is told, the ends that fulfil it
    ("pay", "invoice", {}, ("paid", "credited", "written_off", "voided")),
    ("warn.overdue", "invoice", {}, ("paid", "credited", "written_off", "voided")),
    ("warn.usage", "breach", {"party": "customer", "usage_rules": True}, ("cured", "withdrawn")),
    ("correct", "warranty_breach", {"subject": "cloud service", "verified": True}, ("corrected", "withdrawn")),
    ("report.service", "warranty_breach", {"subject": "cloud service"}, ("corrected", "withdrawn")),
    ("report.services", "warranty_breach", {"subject": "professional services"}, ("corrected", "withdrawn")),
    ("delete.provider", "deletion_request", {"party": "provider"}, ("deleted", "withdrawn")),
    ("delete.customer", "deletion_request", {"party": "customer"}, ("deleted", "withdrawn")),
    ("cooperate.customer", "claim", {"party": "customer"}, ("settled", "decided", "withdrawn")),
    ("cooperate.provider", "claim", {"party": "provider"}, ("settled", "decided", "withdrawn")),
    ("warn_of_disclosure", "compelled_disclosure", {"party": "customer"}, ("withdrawn",)),
]


@pytest.mark.parametrize(("duty", "kind", "details", "ends"), FULFILLED)
def test_a_duty_is_fulfilled_by_these_ends_of_its_matter(
    duty: str, kind: str, details: dict[str, Any], ends: tuple[str, ...]
) -> None:
    means = {"paid": "payment", "credited": "credit", "written_off": "write_off"}
    for end in ends:
        story = running().on("2026-04-10")
        if kind == "invoice":
            story.opened(kind, "M-1", amount="100.00 USD", issued="2026-04-10")
        else:
            story.opened(kind, "M-1", **details)
        if duty == "correct":
            assert duty not in owed(story)  # not before the report
            story.notice("warranty", about="M-1", by="customer", method="personal")
        assert standing(story, duty) != "met"
        story.on("2026-04-12")
        if end in means:
            story.paid("M-1", "100.00 USD", means[end])  # type: ignore[arg-type]
        else:
            story.ended("M-1", end)
        assert standing(story, duty) == "met"


def test_a_duty_is_about_what_its_section_speaks_of() -> None:
    for subject, duty in (("cloud service", "report.service"), ("professional services", "report.services")):
        found = owed(warranty(running(), "2026-03-02", subject))
        assert {name for name in found if name.startswith("report")} == {duty}
    assert not owed(warranty(running(), "2026-03-02", "trial or beta"))
    for party in PARTIES:
        claims = running().on("2026-04-10").opened("claim", "C-1", party=party)
        assert set(owed(claims)) == {f"notify_claim.{party}", f"cooperate.{party}"}
        requests = running().on("2026-04-10").opened("deletion_request", "DR-1", party=party)
        assert set(owed(requests)) == {f"delete.{party}"}
    for party, usage_rules in (("customer", False), ("provider", True)):
        assert "warn.usage" not in owed(breached(running(), party=party, usage_rules=usage_rules))


# ---- 21 trials ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "named", "last"),
    [
        ("2026-01-05", None, "2026-02-03"),  # 5 Jan is the first of 30 days: 27 to 31 Jan, 3 more
        ("2028-02-05", None, "2028-03-05"),  # 25 to 29 Feb, 5 more
        ("2026-01-05", "2026-01-18", "2026-01-18"),  # what the order designates
    ],
)
def test_21_a_trial_lasts_as_the_order_says_or_30_days(on: str, named: str | None, last: str) -> None:
    story = made(on, trial=True, trial_through=named)
    assert story.on(last_second(last)).state == "trial"
    assert story.status().valid_until is not None
    after = story.status().valid_until
    assert after is not None
    over = {entry.transition: entry.clause for entry in story.on(after).catch_up()}
    assert (over, story.state) == ({"trial end": "21", "convert": "14.2"}, "active")
    assert not story.status().in_service  # 14.2: in force without a term, which either party may end by notice
    assert story.may("terminate", by="customer").clause == "14.2"


@pytest.mark.parametrize("party", PARTIES)
def test_21_either_party_stops_a_trial_whenever_it_likes_and_nothing_but_a_trial(party: Party) -> None:
    story = made(trial=True).on("2026-01-10T14:00Z").opened("trial_stopped", "T-1", party=party)
    assert story.on("2026-01-10T13:59:59Z").state == "trial"
    status = story.on("2026-01-10T14:00Z").status()
    assert (status.state, status.in_service) == ("active", False)
    assert story.may("terminate", by=party).clause == "14.2"
    converted = ordered(made(trial=True).on("2026-01-20"), start="2026-01-31")
    assert converted.on("2026-02-10").opened("trial_stopped", "T-1", party=party).on("2026-06-01").state == "active"
    never = running().on("2026-02-10").opened("trial_stopped", "T-1", party=party)
    assert never.on("2026-06-01").state == "active"


def test_21_on_trial_a_refused_termination_says_how_a_trial_is_stopped() -> None:
    verdict = refused(made(trial=True).on("2026-01-10"), "terminate", "no-matter", by="customer")
    assert "trial at will" in [rule.id for rule in verdict.rules]


def test_21_a_trial_lacks_support_sla_warranty_and_the_providers_indemnity() -> None:
    story = ordered(made(trial=True).on("2026-01-20"), start="2026-01-31")
    lacking = set(terms().clauses) - set(story.agreement.clauses_in_force("2026-01-20"))
    assert lacking == {"7.1", "7.2", "8.2", "8.3", "17.1"}
    assert set(story.agreement.clauses_in_force("2026-01-31")) == set(terms().clauses)
    of_customer = story.on("2026-01-20").opened("claim", "C-1", party="customer")
    assert not {"notify_claim.customer", "cooperate.customer"} & set(owed(of_customer))
    of_provider = story.opened("claim", "C-2", party="provider")
    assert "notify_claim.provider" in owed(of_provider)


def test_21_an_order_signed_on_trial_converts_it_on_its_start() -> None:
    story = ordered(made(trial=True).on("2026-01-20"), start="2026-01-31").on("2026-01-31")
    (entry,) = story.catch_up()
    assert (entry.transition, entry.clause, entry.effects, story.state) == (
        "convert",
        "21",
        ("subscription begins",),
        "active",
    )


# ---- 22 general terms --------------------------------------------------------------------------------------


def test_22_1_both_assign_by_consent_and_either_alone_on_a_transfer() -> None:
    story = running().on("2026-04-10")
    assert permitted(story, "assign", by="both").clause == "22.1"
    assert isinstance(story.do("assign", by="both").event.fact, Agreed)
    for party in PARTIES:
        refused(running().on("2026-04-10"), "assign", "no-matter", by=party)
        sold = running().on("2026-04-10").opened("transfer", "T-1", party=party)
        assert permitted(sold, "assign", by=party, about="T-1").clause == "22.1"
        other: Party = "provider" if party == "customer" else "customer"
        refused(sold, "assign", "wrong-party", by=other, about="T-1")
        refused(sold, "assign", "not-in-writing", by=party, about="T-1", method="in_service")
        sold.do("assign", by=party, about="T-1", method="personal")
        refused(sold.on("2026-04-12").ended("T-1", "abandoned"), "assign", "matter", by=party, about="T-1")
    after = running(renews=False).on("2026-06-01").opened("transfer", "T-1", party="customer").on("2027-02-01")
    permitted(after, "assign", by="customer", about="T-1")


@pytest.mark.parametrize(
    ("method", "arrives", "safe", "first"),
    [
        ("personal", None, "2026-03-20", "2026-03-21"),  # 18 Feb + 31: 10 to 28 Feb, 21 more
        ("personal", "2026-02-20", "2026-03-22", "2026-03-23"),  # 20 Feb + 31: 8 to 28 Feb, 23 more
        ("certified_mail", "2026-02-23", "2026-03-25", "2026-03-26"),  # 23 Feb + 31: 5 to 28 Feb, 26 more
        ("registered_mail", "2026-02-23", "2026-03-25", "2026-03-26"),
        ("overnight", None, "2026-03-21", "2026-03-22"),  # 19 Feb + 31: 9 to 28 Feb, 22 more
        ("overnight", "2026-02-23", "2026-03-21", "2026-03-22"),  # whenever it arrives
        ("email", "2026-02-18T09:00:05Z", "2026-03-20", "2026-03-21"),
        ("email", "2026-02-19", "2026-03-21", "2026-03-22"),
    ],
)
def test_22_3_a_a_notice_counts_on_receipt_or_a_day_after_overnight_dispatch(
    method: str, arrives: str | None, safe: str, first: str
) -> None:
    story = breached(running().on("2026-02-18T09:00Z")).notice("breach", about="B-1", method=method, id="N-1")
    if arrives:
        story.on(arrives).delivered("N-1")
    opens(story, "terminate", safe=safe, first=first, about="B-1")


@pytest.mark.parametrize("method", ["certified_mail", "registered_mail", "email"])
def test_22_3_a_what_counts_on_delivery_takes_proof_of_it(method: str) -> None:
    story = breached(running().on("2026-02-18")).notice("breach", about="B-1", method=method, id="N-1")
    verdict = refused(story.on("2026-06-01"), "terminate", "notice-missing", about="B-1")
    assert "no delivery is recorded" in str(verdict)


@pytest.mark.parametrize("method", OTHER_METHODS)
def test_22_3_other_methods_and_messages_in_the_service_give_no_notice(method: str) -> None:
    story = breached(running().on("2026-02-18")).notice("breach", about="B-1", method=method, id="N-1")
    story.on("2026-02-19").delivered("N-1")
    refused(story.on("2026-06-01"), "terminate", "notice-missing", about="B-1")
    assert "22.3(a)" in story.agreement.remarks("2026-06-01")["N-1"]


def test_22_6_both_amend_and_end_in_a_signed_writing_and_neither_alone() -> None:
    story = running().on("2026-04-10")
    assert permitted(story, "amend", by="both").clause == "22.6"
    assert permitted(story, "terminate", by="both").clause == "22.6"
    for party in PARTIES:
        refused(story, "amend", "wrong-party", by=party)
    assert running(renews=False).on("2027-02-01").may("amend", by="both").permitted
    assert story.do("terminate", by="both").target == "terminated"


def test_22_7_the_provider_changes_policies_with_a_written_notice() -> None:
    story = running().on("2026-04-10")
    assert permitted(story, "change policies").clause == "22.7"
    refused(story, "change policies", "wrong-party", by="customer")
    refused(story, "change policies", "not-in-writing", method="in_service")
    outcome = story.do("change policies", method="personal")
    assert (outcome.target, [effect.id for effect in outcome.effects]) == ("active", ["policy changed"])
    refused(running(renews=False).on("2027-02-01"), "change policies", "ended")


@pytest.mark.parametrize(
    ("rule", "clause"),
    [
        ("separate agreements", "4"),
        ("warranty remedy alone", "8.3"),
        ("no refund", "12.1"),
        ("undisputed amounts", "12.3"),
        ("after the discussion", "12.3"),
        ("no warning needed", "13"),
        ("causes only", "14.2"),
        ("export", "14.4(a)"),
        ("retention", "14.4(c)"),
        ("other remedies", "14.5(c)"),
        ("settlement", "17.4"),
        ("infringement remedy alone", "17.7"),
        ("trial at will", "21"),
        ("void assignment", "22.1"),
        ("addresses", "22.3(a)"),
        ("operational notices", "22.3(b)"),
        ("precedence", "22.5"),
        ("not backwards", "22.7"),
        ("waivers", "22.8"),
        ("excused performance", "22.9"),
    ],
)
def test_what_has_no_window_is_still_said(rule: str, clause: str) -> None:
    assert {said.id: said.clause for said in terms().rules}[rule] == clause


def test_the_form_is_credited_and_what_is_left_out_is_said_with_its_section() -> None:
    file = terms()
    assert "Bonterms" in file.credit
    assert "CC BY 4.0" in file.credit
    assert {left.clause for left in file.left_out} == {*("8.3", "12.3", "13", "14.4(b)", "21", "22.3(b)")}
    assert all(left.why for left in file.left_out)


def test_days_are_counted_in_utc_or_in_the_zone_of_the_agreement() -> None:
    story = breached(running().on("2026-02-19T02:00Z")).notice("breach", about="B-1", method="personal")
    assert str(story.may("terminate", about="B-1").first_day) == "2026-03-22"  # 19 Feb + 31: 9 to 28 Feb, 22 more
    west = breached(running(zone="America/New_York").on("2026-02-19T02:00Z"))  # still 18 Feb there
    west.notice("breach", about="B-1", method="personal")
    assert str(west.may("terminate", about="B-1").first_day) == "2026-03-21"


# ---- whose it is, and where it is said ---------------------------------------------------------------------

WHOSE = {
    # power: what it does, whose it is, the section, how it is exercised
    "suspend.overdue": ("suspend", "provider", "13(a)", "act"),
    "suspend.usage": ("suspend", "provider", "13(b)", "act"),
    "suspend.harm": ("suspend", "provider", "13(c)", "act"),
    "reinstate.lift": ("reinstate", "provider", "13", "act"),
    "interest.late": ("charge interest", "provider", "12.1", "act"),
    "dispute.invoice": ("dispute", "customer", "12.3", "notice:dispute"),
    "non_renewal": ("stop renewal", "either", "14.1", "notice:non_renewal"),
    "terminate.idle": ("terminate", "either", "14.2", "written notice"),
    "terminate.breach": ("terminate", "other", "14.3(a)", "written notice"),
    "terminate.cessation": ("terminate", "other", "14.3(b)", "written notice"),
    "terminate.protection": ("terminate", "other", "14.3(c)", "written notice"),
    "terminate.proceeding": ("terminate", "other", "14.3(c)", "written notice"),
    "terminate.warranty": ("terminate", "either", "8.3", "written notice"),
    "terminate.infringement": ("terminate", "provider", "17.5(c)", "written notice"),
    "terminate.force_majeure": ("terminate", "either", "22.9", "written notice"),
    "terminate.agreed": ("terminate", "both", "22.6", "consent"),
    "policies.change": ("change policies", "provider", "22.7", "written notice"),
    "amend": ("amend", "both", "22.6", "consent"),
    "assign.consent": ("assign", "both", "22.1", "consent"),
    "assign.transfer": ("assign", "subject", "22.1", "written notice"),
}

OWED = {
    # duty: who owes it, the section, how its deadline is set, whether it is an effort only
    "pay": ("customer", "12.1", "clocks", False),
    "warn.overdue": ("provider", "13", "unscheduled", True),
    "warn.usage": ("provider", "13", "unscheduled", True),
    "restore": ("provider", "13", "unscheduled", False),
    "correct": ("provider", "8.3", "clocks", True),
    "report.service": ("customer", "8.3", "clocks", False),
    "report.services": ("customer", "8.3", "clocks", False),
    "refund.warranty": ("provider", "8.3", "unscheduled", False),
    "refund.infringement": ("provider", "17.5(c)", "unscheduled", False),
    "refund.force_majeure": ("provider", "22.9", "unscheduled", False),
    "cease_use": ("customer", "14.5(a)", "at once", False),
    "delete.provider": ("provider", "14.4(b)", "clocks", False),
    "delete.customer": ("customer", "14.4(b)", "clocks", False),
    "report.compromise": ("customer", "3", "unscheduled", False),
    "notify_claim.customer": ("customer", "17.4", "unscheduled", False),
    "notify_claim.provider": ("provider", "17.4", "unscheduled", False),
    "cooperate.customer": ("customer", "17.4", "unscheduled", False),
    "cooperate.provider": ("provider", "17.4", "unscheduled", False),
    "warn_of_disclosure": ("subject", "19", "unscheduled", False),
}

NOTICES = {
    # notice: who gives it, the section, what it is about
    "dispute": ("customer", "12.3", ("invoice",)),
    "suspension": ("provider", "13", ("invoice", "breach")),
    "breach": ("other", "14.3(a)", ("breach",)),
    "warranty": ("customer", "8.3", ("warranty_breach",)),
    "non_renewal": ("either", "14.1", ()),
    "claim": ("subject", "17.4", ("claim",)),
    "disclosure": ("subject", "19", ("compelled_disclosure",)),
    "compromise": ("customer", "3", ("compromise",)),
}

MATTERS = {
    # matter: whom it is about, the section
    "trial_stopped": ("either", "21"),
    "invoice": ("customer", "12.1"),
    "dispute": ("customer", "12.3"),
    "breach": ("either", "14.3(a)"),
    "harm_risk": ("customer", "13(c)"),
    "warranty_breach": ("provider", "8.2"),
    "cessation": ("either", "14.3(b)"),
    "protection": ("either", "14.3(c)"),
    "proceeding": ("either", "14.3(c)"),
    "force_majeure": ("none", "22.9"),
    "claim": ("either", "17.4"),
    "infringement": ("provider", "17.5"),
    "compromise": ("customer", "3"),
    "compelled_disclosure": ("either", "19"),
    "deletion_request": ("either", "14.4(b)"),
    "transfer": ("either", "22.1"),
}

EFFECTS = {
    # effect: the section, on which acts, under which powers alone
    "access stops": ("13", ("suspend",), ()),
    "access resumes": ("13", ("reinstate",), ()),
    "subscription begins": ("14.1", ("convert",), ()),
    "term renewed": ("14.1", ("renew",), ()),
    "no term": ("2", ("term end",), ()),
    "trial over": ("21", ("trial end",), ()),
    "late charge": ("12.1", ("charge interest",), ()),
    "payment waits": ("12.3", ("dispute",), ()),
    "policy changed": ("22.7", ("change policies",), ()),
    "use ends": ("14.5(a)", ("terminate", "expire"), ()),
    "amounts owed": ("12.1", ("terminate", "expire"), ()),
    "deletion on request": ("14.4(b)", ("terminate", "expire"), ()),
    "survivors remain": ("14.5(b)", ("terminate", "expire"), ()),
    "warranty refund": ("8.3", ("terminate",), ("terminate.warranty",)),
    "infringement refund": ("17.5(c)", ("terminate",), ("terminate.infringement",)),
    "force majeure refund": ("22.9", ("terminate",), ("terminate.force_majeure",)),
}


def test_powers_and_duties_are_whose_their_sections_say() -> None:
    file = terms()
    assert {power.id: (power.does, power.by, power.clause, power.exercise) for power in file.powers.values()} == WHOSE
    assert {duty.id: (duty.by, duty.clause, duty.deadline, duty.effort) for duty in file.duties.values()} == OWED


def test_notices_matters_and_effects_cite_their_sections() -> None:
    file = terms()
    assert {notice.id: (notice.by, notice.clause, notice.about) for notice in file.notices.values()} == NOTICES
    assert {kind.id: (kind.party, kind.clause) for kind in file.kinds.values()} == MATTERS
    assert {effect.id: (effect.clause, effect.on, effect.powers) for effect in file.effects} == EFFECTS
    assert not [effect.id for effect in file.effects if effect.by]
    assert {kind.id for kind in file.kinds.values() if kind.asserted_by == "provider"} == {"harm_risk", "infringement"}


@pytest.mark.parametrize("kind", [kind for kind, (party, _) in MATTERS.items() if party == "either"])
def test_what_may_be_about_either_party_says_about_which(kind: str) -> None:
    with pytest.raises(InvalidFact, match="say whom"):
        running().opened(kind, "M-1")


# ---- how each power is exercised ---------------------------------------------------------------------------

TERMINATIONS = [
    # power, section, the party that may, the matter it rests on, the notice it takes
    ("terminate.breach", "14.3(a)", "customer", "breach", {"party": "provider", "material": True}, "breach"),
    ("terminate.cessation", "14.3(b)", "provider", "cessation", {"party": "customer"}, ""),
    ("terminate.protection", "14.3(c)", "provider", "protection", {"party": "customer"}, ""),
    ("terminate.proceeding", "14.3(c)", "customer", "proceeding", {"party": "provider"}, ""),
    (
        "terminate.warranty",
        "8.3",
        "customer",
        "warranty_breach",
        {"subject": "cloud service", "verified": True},
        "warranty",
    ),
    ("terminate.infringement", "17.5(c)", "provider", "infringement", {"by": "provider"}, ""),
    ("terminate.force_majeure", "22.9", "customer", "force_majeure", {"adverse": True}, ""),
]


def long_open(kind: str, details: dict[str, Any], notice: str, **how: Any) -> Story:
    """1 Dec 2026, long after a matter of 18 Feb opened the power that rests on it."""
    story = running(**how).on("2026-02-18").opened(kind, "M-1", **details)
    if notice:
        story.on("2026-02-20").notice(notice, about="M-1", by="customer", method="personal")
    return story.on("2026-12-01T10:00Z")


@pytest.mark.parametrize(("power", "clause", "by", "kind", "details", "notice"), TERMINATIONS)
def test_an_agreement_is_terminated_by_a_written_notice(
    power: str, clause: str, by: Party, kind: str, details: dict[str, Any], notice: str
) -> None:
    story = long_open(kind, details, notice)
    for method in ("in_service", None):
        with pytest.raises(Refused) as refusal:
            story.do("terminate", by=by, power=power, method=method)
        assert refusal.value.verdict.codes == ("not-in-writing",)
    outcome = story.do("terminate", by=by, power=power, method="personal")
    assert (outcome.verdict.clause, outcome.target, type(outcome.event.fact)) == (clause, "terminated", Acted)
    status = story.status()
    assert status.ending is not None
    assert (status.ending.power, status.ending.by) == (power, by)
    assert status.irregular == ()
    refunds = {"8.3": "warranty", "17.5(c)": "infringement", "22.9": "force_majeure"}
    told = {name: duty.standing for name, duty in owed(story).items() if name.startswith("refund")}
    assert told == ({f"refund.{refunds[clause]}": "unscheduled"} if clause in refunds else {})


def test_every_termination_is_asked_for_above() -> None:
    asked = {power for power, *_ in TERMINATIONS} | {"terminate.idle", "terminate.agreed"}
    assert {power.id for power in terms().powers_to("terminate")} == asked


def test_every_power_and_duty_ends_with_the_agreement_unless_a_surviving_section_carries_it() -> None:
    file = terms()
    outlive = {power.id: power.clause for power in file.powers.values() if power.outlives}
    outlive |= {duty.id: duty.clause for duty in file.duties.values() if duty.outlives}
    assert set(outlive) == {
        *("interest.late", "amend", "assign.consent", "assign.transfer", "pay", "delete.provider", "delete.customer"),
        *("notify_claim.customer", "notify_claim.provider", "cooperate.customer", "cooperate.provider"),
        "warn_of_disclosure",
    }
    assert all(covers(SURVIVORS, clause) for clause in outlive.values())


# ---- readings ----------------------------------------------------------------------------------------------

Asked = Callable[[dict[str, str]], object]


def day_of(verdict: Verdict) -> str:
    """The day on which the window of a verdict opens; 'none' where it has none."""
    return str(verdict.window.opens.date()) if verdict.window else "none"


def verified(readings: dict[str, str]) -> object:
    story = reported(warranty(running(readings=readings), "2026-03-02", verified=False), "2026-03-02")
    return story.on("2026-06-01").may("terminate", by="customer", about="W-1").permitted, "correct" in owed(story)


def late_payment(readings: dict[str, str]) -> object:
    story = invoiced(running(readings=readings), "2026-01-15").on("2026-03-01").paid("INV-1", "100.00 USD")
    return story.on("2026-03-05").may("charge interest").permitted


def notice_before(readings: dict[str, str]) -> object:
    story = breached(invoiced(running(readings=readings), "2026-01-15").on("2026-02-01"), usage_rules=True)
    before = [story.on("2026-03-18").may("suspend", about=matter).permitted for matter in ("INV-1", "B-1")]
    story.on("2026-03-20").notice("suspension", about=("INV-1", "B-1"), method="personal").on("2026-03-25")
    return before, day_of(story.may("suspend", about="INV-1")), day_of(story.may("suspend", about="B-1"))


def late_dispute(readings: dict[str, str]) -> object:
    """An invoice of 1 Jan due on 31 Jan, and a dispute of 10 Feb that both agreed to discuss, late as it was; and one
    of 15 Jan disputed in time, on 5 Feb: when they can be suspended for, and charged.
    """
    story = invoiced(running(readings=readings), "2026-01-01").on("2026-02-10")
    story.opened("dispute", "DIS-1", by="customer", invoices=("INV-1",))
    in_time = disputed(invoiced(running(readings=readings), "2026-01-15"), "2026-02-05")
    verdicts = [story.may("suspend"), in_time.may("suspend"), in_time.may("charge interest")]
    return [day_of(verdict) for verdict in verdicts]


def lifted(readings: dict[str, str]) -> object:
    """Two invoices of 15 Jan, suspended for the first; it is paid on 1 Apr, the second on 10 Apr: the states on those
    days. And whether the other suspensions are over with their causes.
    """
    story = invoiced(invoiced(running(readings=readings), "2026-01-15"), "2026-01-15", "INV-2")
    story.on("2026-03-16").do("suspend", about="INV-1")
    states = [story.on("2026-04-01").paid("INV-1", "100.00 USD").state]
    states.append(story.on("2026-04-10").paid("INV-2", "100.00 USD").state)
    usage = breached(running(readings=readings).on("2026-03-16"), usage_rules=True)
    usage.do("suspend")
    harm = running(readings=readings).on("2026-03-16").opened("harm_risk", "H-1", by="provider")
    harm.do("suspend")
    return [
        *states,
        usage.on("2026-03-20").ended("B-1", "cured").state,
        harm.on("2026-03-20").ended("H-1", "resolved").state,
    ]


def overdue(readings: dict[str, str]) -> object:
    return day_of(invoiced(running(readings=readings), "2026-01-15").may("suspend"))


def anchor(readings: dict[str, str]) -> object:
    return str(running(readings=readings).on("2026-06-01").may("stop renewal", by="customer").last_day)


def early(readings: dict[str, str]) -> object:
    story = ordered(made("2025-12-15", readings=readings), start="2026-01-01").on("2025-12-20")
    return story.notice("non_renewal", by="customer", method="personal").on("2027-01-01").state


def second_term(readings: dict[str, str]) -> object:
    status = running(months=24, readings=readings).on("2028-01-01").status()
    return status.term and str(status.term.last)


def short_month(readings: dict[str, str]) -> object:
    status = running("2027-01-31", months=1, readings=readings).on("2027-02-01").status()
    return status.term and str(status.term.last)


def after_the_last_term(readings: dict[str, str]) -> object:
    story = running(renews=False, readings=readings).on("2027-01-01")
    return story.state, story.may("terminate", by="customer", method="personal").permitted


def without_a_writing(readings: dict[str, str]) -> object:
    named = [row for row in TERMINATIONS if row[0] != "terminate.force_majeure"]
    return {
        long_open(kind, details, notice, readings=readings).may("terminate", by=by, power=power, method="").permitted  # type: ignore[arg-type]
        for power, _, by, kind, details, notice in named
    }


def late_cure(readings: dict[str, str]) -> object:
    """A breach cured on the first day it could be terminated for, and later; a proceeding and a correction likewise."""
    answers = []
    for cured in ("2026-03-20T23:59:59Z", "2026-03-21", "2026-03-25"):  # N + 30, N + 31 of 18 Feb
        story = breached(running(readings=readings).on("2026-02-18")).notice("breach", about="B-1", method="personal")
        answers.append(story.on(cured).ended("B-1", "cured").on("2026-03-26").may("terminate", about="B-1").permitted)
    for dismissed in ("2026-03-16T23:59:59Z", "2026-03-17"):  # F + 60, F + 61 of 15 Jan
        story = running(readings=readings).on("2026-01-15").opened("proceeding", "P-1", party="customer")
        story.on(dismissed).ended("P-1", "dismissed").on("2026-03-26")
        answers.append(story.may("terminate", about="P-1").permitted)
    for corrected in ("2026-04-01T23:59:59Z", "2026-04-02"):  # P + 30, P + 31 of 2 Mar
        story = reported(warranty(running(readings=readings), "2026-03-02"), "2026-03-02")
        story.on(corrected).ended("W-1", "corrected").on("2026-04-10")
        answers.append(story.may("terminate", by="customer", about="W-1").permitted)
    return answers


def by_itself(readings: dict[str, str]) -> object:
    story = breached(running(readings=readings).on("2026-04-06")).notice("breach", about="B-1", method="personal")
    return story.on(last_second("2026-05-06")).state, story.on("2026-05-07").state


def incurable(readings: dict[str, str]) -> object:
    story = breached(running(readings=readings).on("2026-04-06"), curable=False)
    return day_of(story.notice("breach", about="B-1", method="personal").may("terminate", about="B-1"))


def sought(readings: dict[str, str]) -> object:
    story = running(readings=readings).on("2026-04-10").opened("protection", "M-1", party="customer")
    return story.on("2026-04-20").ended("M-1", "withdrawn").may("terminate", about="M-1").permitted


def gap(readings: dict[str, str]) -> object:
    story = ordered(made("2026-01-01", trial=True, readings=readings).on("2026-01-20"), start="2026-02-10")
    return [story.on(day).state for day in ("2026-01-30", "2026-01-31", "2026-02-10")]


def noticed(method: str, on: str) -> Asked:
    def asked(readings: dict[str, str]) -> object:
        story = breached(running(readings=readings).on(on)).notice("breach", about="B-1", method=method)
        verdict = story.may("terminate", about="B-1")
        return "none" if verdict.supposing else day_of(verdict)

    return asked


def policies(readings: dict[str, str]) -> object:
    return running(readings=readings).on("2026-04-10").may("change policies", method="in_service").permitted


def majeure(readings: dict[str, str]) -> object:
    story = running(readings=readings).on("2026-02-10").opened("force_majeure", "FM-1", adverse=True)
    return day_of(story.may("terminate", about="FM-1"))


def excused(readings: dict[str, str]) -> object:
    story = breached(running(readings=readings).on("2026-02-18")).notice("breach", about="B-1", method="personal")
    story.on("2026-03-01").opened("force_majeure", "FM-1", prevents=("B-1",)).on("2026-03-11").ended("FM-1", "ended")
    return day_of(story.may("terminate", about="B-1"))


def rolled(readings: dict[str, str]) -> object:
    story = invoiced(running(readings=readings), "2026-01-15")
    return str(owed(story)["pay"].due), day_of(story.may("suspend"))


READINGS: list[tuple[str, str, Asked, object, object]] = [
    # reading, alternative, what is asked, by default, under the alternative
    ("8.3-verified", "reported", verified, (False, False), (True, True)),
    ("12.1-late", "only while unpaid", late_payment, True, False),
    (
        "13-notice",
        "always",
        notice_before,
        ([True, True], "2026-03-16", "2026-02-01"),
        ([False, False], "2026-03-20", "2026-03-20"),
    ),
    # 25 Feb + 30: 3 to 28 Feb, 27 more. 31 Jan + 30 and the 16 days from 10 to 25 Feb: 28 to 28 Feb, 18 more. In time
    # a discussion covers the due day, so that both come to the same: 20 Feb + 30 = 14 Feb + 30 and 6 days = 22 Mar.
    (
        "12.3-count",
        "without the days of the discussion",
        late_dispute,
        ["2026-03-27", "2026-03-22", "2026-02-21"],
        ["2026-03-18", "2026-03-22", "2026-02-21"],
    ),
    # 31 Jan + 30 = 2 Mar; 14 Feb + 30 = 16 Mar; the charge from the day after 14 Feb.
    (
        "12.3-count",
        "from the due day, as if undisputed",
        late_dispute,
        ["2026-03-27", "2026-03-22", "2026-02-21"],
        ["2026-03-02", "2026-03-16", "2026-02-15"],
    ),
    ("13-lifts", "once its own cause is resolved", lifted, ["suspended"] * 4, ["active"] * 4),
    (
        "13-lifts",
        "once its cause is resolved, and no amount is so long overdue any more",
        lifted,
        ["suspended"] * 4,
        ["suspended", "active", "active", "active"],
    ),
    ("13a-or-more", "from the 31st day", overdue, "2026-03-16", "2026-03-17"),  # D = 14 Feb
    ("14.1-anchor", "the day after it", anchor, "2026-12-01", "2026-12-02"),  # 31 Dec - 30; 1 Jan - 30
    ("14.1-early", "only within the current term", early, "terminated", "renewed"),
    ("14.1-length", "as the expiring one, 12 months at most", second_term, "2029-12-31", "2028-12-31"),
    ("14.1-month", "billing anchor", short_month, "2027-02-28", "2027-02-27"),
    ("14.2-end", "goes on until ended", after_the_last_term, ("terminated", False), ("active", True)),
    ("14.3-form", "any act that says so", without_a_writing, {False}, {True}),
    ("14.3-late", "the power stays", late_cure, [False] * 7, [False, True, True, False, True, False, True]),
    ("14.3a-exercise", "no, it comes by itself", by_itself, ("active", "active"), ("active", "terminated")),
    ("14.3a-incurable", "at once on notice", incurable, "2026-05-07", "2026-04-06"),  # 6 Apr + 31
    ("14.3c-sought", "it was sought: the power stays", sought, False, True),
    (
        "21-gap",
        "the trial goes on until the order starts",
        gap,
        ["trial", "active", "active"],
        ["trial", "trial", "active"],
    ),
    # Friday, 3 Apr: + 1 is Saturday, 4 Apr, or Monday, 6 Apr; + 31 is 5 May, or 7 May.
    ("22.3-overnight", "business day", noticed("overnight", "2026-04-03"), "2026-05-05", "2026-05-07"),
    ("22.3-email", "when it is sent", noticed("email", "2026-04-06"), "none", "2026-05-07"),
    ("22.3b", "yes, when sent", noticed("in_service", "2026-04-06"), "none", "2026-05-07"),
    ("22.7-notice", "yes", policies, False, True),
    ("22.9-or-more", "from the 16th day", majeure, "2026-02-25", "2026-02-26"),
    ("22.9-cure", "yes", excused, "2026-03-31", "2026-03-21"),  # 10 days, 1 to 10 Mar
    # D is Saturday, 14 Feb: to pay by Monday the 16th, so that day 30 of being overdue is 18 Mar (12 days + 18).
    (
        "counting-roll",
        "rolls to the next business day",
        rolled,
        ("2026-02-14", "2026-03-16"),
        ("2026-02-16", "2026-03-18"),
    ),
]


@pytest.mark.parametrize(("key", "meaning", "ask", "by_default", "otherwise"), READINGS)
def test_a_reading_changes_what_its_question_says(
    key: str, meaning: str, ask: Asked, by_default: object, otherwise: object
) -> None:
    assert (ask({}), ask({key: meaning})) == (by_default, otherwise)


def test_every_alternative_of_every_reading_is_told_above_and_cites_a_section() -> None:
    alternatives = [(r.key, alternative.meaning) for r in terms().readings for alternative in r.alternative]
    assert sorted(alternatives) == sorted((key, meaning) for key, meaning, *_ in READINGS)
    assert {reading.clause for reading in terms().readings} <= set(terms().clauses)


def test_readings_about_the_same_clocks_go_together() -> None:
    meanings = {
        "13-notice": "always",
        "12.3-count": "from the due day, as if undisputed",
        "13a-or-more": "from the 31st day",
        "14.1-early": "only within the current term",
        "14.1-anchor": "the day after it",
    }
    story = invoiced(running(readings=meanings), "2026-01-15")
    disputed(story, "2026-02-05").on("2026-03-01").notice("suspension", about="INV-1", method="personal")
    assert day_of(story.may("suspend", about="INV-1")) == "2026-03-17"  # D + 31
    assert anchor(meanings) == "2026-12-02"
    assert early(meanings) == "renewed"


# ---- the life of an account --------------------------------------------------------------------------------


def test_the_life_of_an_account() -> None:
    # A trial whose length nobody named: 30 days from 5 Jan, through 3 Feb.
    story = made("2026-01-05", trial=True)
    assert "8.3" not in story.agreement.clauses_in_force("2026-01-05")
    # An order that names no term, from the day after the trial: 12 months, through 3 Feb 2027.
    ordered(story.on("2026-01-20"), start="2026-02-04", months=None)
    assert (story.on(last_second("2026-02-03")).state, story.on("2026-02-04").state) == ("trial", "active")
    # An invoice that names no due day: 10 Feb + 30, 18 to 28 Feb, 12 more. Disputed in time, on 5 Mar.
    invoiced(story, "2026-02-10")
    assert str(owed(story)["pay"].due) == "2026-03-12"
    disputed(story, "2026-03-05")
    assert str(owed(story)["pay"].due) == "2026-03-20"  # 5 Mar + 15
    # Nobody pays: counted anew from 20 Mar, + 30: 11 to 31 Mar, 19 more.
    story.on("2026-04-10").notice("suspension", about="INV-1", method="email", id="warning").delivered("warning")
    opens(story, "suspend", safe="2026-04-18", first="2026-04-19")
    story.on("2026-04-19").do("suspend")
    # Paid on the 22nd; access is not back until the provider restores it. The charge stays: it was late.
    story.on("2026-04-22").paid("INV-1", "100.00 USD")
    assert story.on("2026-04-23").state == "suspended"
    assert story.do("reinstate").target == "active"
    permitted(story, "charge interest")
    # Nobody gives notice by 4 Jan 2027 (3 Feb - 30: 3 back to 31 Jan, 27 more): renewed, through 3 Feb 2028.
    assert str(story.may("stop renewal", by="customer").last_day) == "2027-01-04"
    assert story.on("2027-02-04").state == "renewed"
    # A proceeding against the customer of 1 Mar 2027, dismissed on day 60, 30 Apr: 30 to 31 Mar, 30 more.
    story.on("2027-03-01").opened("proceeding", "P-1", party="customer")
    verdict = story.on("2027-04-30T16:59Z").may("terminate", about="P-1")
    assert (verdict.permitted, str(verdict.first_day)) == (False, "2027-05-01")
    story.on("2027-04-30T17:00Z").ended("P-1", "dismissed")
    refused(story.on("2027-05-01"), "terminate", "matter", about="P-1")
    # The customer does not renew: sent overnight on 3 Jan 2028, it counts on the 4th, the last day (3 Feb - 30).
    refused(story.on("2028-01-04"), "stop renewal", "too-late", by="customer", method="overnight")
    story.on("2028-01-03").do("stop renewal", by="customer", method="overnight")
    assert (story.on(last_second("2028-02-03")).state, story.on("2028-02-04").state) == ("renewed", "terminated")
    told = [(entry.transition, str(entry.effective.date())) for entry in story.catch_up()]
    assert told == [("convert", "2026-02-04"), ("renew", "2027-02-04"), ("expire", "2028-02-04")]
    # It asks for deletion on 10 Feb 2028: 60 days are 19 to 29 Feb, 31, 10 more.
    story.on("2028-02-10").opened("deletion_request", "DR-1", party="provider")
    assert str(owed(story)["delete.provider"].due) == "2028-04-10"
    story.on("2028-04-10T20:00Z").ended("DR-1", "deleted")
    assert standing(story.on("2028-04-11"), "delete.provider") == "met"
    assert not story.may("terminate", by="customer").permitted
    assert story.agreement.status(story.now).irregular == ()
