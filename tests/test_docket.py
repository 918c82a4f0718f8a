"""What facts make of matters, notices and acts; and what is refused, kept waiting or remarked."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from lifecycle import Agreement, Money, Period, terms
from lifecycle.docket import fold
from lifecycle.errors import InvalidFact, InvalidTime
from lifecycle.events import (
    Accepted,
    Acted,
    Agreed,
    Corrected,
    Done,
    Extended,
    Fact,
    MatterChanged,
    MatterEnded,
    MatterOpened,
    MatterReopened,
    NoticeDelivered,
    NoticeGiven,
    OpeningBalance,
    OrderSigned,
    Paid,
    Posted,
    StandingHold,
    Waived,
)
from lifecycle.matters import Act
from lifecycle.terms.library import Library
from lifecycle.testing import Story

MODAL = terms.load("modal-2024-03-26")


def in_service(**made: Any) -> Story:
    return Story(on="2026-01-05", **made).order("O-1", start="2026-01-05", months=12)


def invoiced() -> Story:
    return in_service().on("2026-02-01").invoice("INV-7", "100.00 USD", due="2026-03-01")


def balance(story: Story, matter: str = "INV-7") -> tuple[Decimal, str]:
    found = story.agreement._docket().matters[matter]
    return found.balance, found.last.how


# ---- money --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payments", "owed", "how"),
    [
        ([("100.00", "payment")], "0.00", "paid"),
        ([("60.00", "payment")], "40.00", ""),
        ([("60.00", "payment"), ("40.00", "credit")], "0.00", "credited"),
        ([("60.00", "payment"), ("40.00", "write_off")], "0.00", "written_off"),
        ([("120.00", "payment")], "-20.00", "paid"),
        ([("100.00", "payment"), ("100.00", "chargeback")], "100.00", ""),
        ([("100.00", "payment"), ("30.00", "refund")], "30.00", ""),
        ([("130.00", "payment"), ("30.00", "refund")], "0.00", "paid"),
        ([("100.00", "payment"), ("100.00", "chargeback"), ("100.00", "payment")], "0.00", "paid"),
    ],
)
def test_paid_in_full_is_computed(payments: list[tuple[str, Any]], owed: str, how: str) -> None:
    story = invoiced()
    for day, (amount, means) in enumerate(payments, start=10):
        story.on(f"2026-02-{day}").paid("INV-7", f"{amount} USD", means)
    assert balance(story) == (Decimal(owed), how)


def test_an_invoice_over_nothing_is_paid_from_the_start() -> None:
    assert balance(in_service().invoice("INV-0", "0 USD", due="2026-03-01"), "INV-0") == (Decimal(0), "paid")


def test_a_raised_amount_reopens_a_paid_invoice_and_a_lowered_one_ends_it() -> None:
    story = invoiced().on("2026-02-10").paid("INV-7", "100.00 USD")
    story.on("2026-02-11").record(MatterChanged(matter="INV-7", amount=Money("150", "USD")))
    assert balance(story) == (Decimal(50), "")
    story.on("2026-02-12").record(MatterChanged(matter="INV-7", amount=Money("90", "USD")))
    assert balance(story) == (Decimal(-10), "credited")


def test_a_voided_invoice_can_go_on_again_and_a_settled_one_only_by_money_taken_back() -> None:
    story = invoiced().on("2026-02-10").ended("INV-7", "voided").on("2026-02-11").reopened("INV-7")
    assert balance(story) == (Decimal(100), "")
    with pytest.raises(InvalidFact, match="record the refund or chargeback"):
        story.on("2026-02-12").paid("INV-7", "100.00 USD").on("2026-02-13").reopened("INV-7")


def test_an_end_before_the_beginning_ends_a_matter_where_it_begins() -> None:
    story = in_service().on("2026-02-01").ended("B-1", "cured")
    story.on("2026-02-10").opened("breach", "B-1", party="customer", by="provider", remediable=True, material=True)
    (spell,) = story.agreement._docket().matters["B-1"].spells
    assert spell.opened == spell.ended == story.agreement.instant("2026-02-10")


def test_matters_are_listed_in_the_order_in_which_they_opened_whatever_their_kinds() -> None:
    story = invoiced().on("2026-02-02").opened("liquidation", "L-1")
    docket = story.on("2026-02-03").invoice("INV-8", "1 USD", due="2026-03-01").agreement._docket()

    def listed(*kinds: str, named: tuple[str, ...] = ()) -> list[str]:
        return [matter.id for matter in docket.of_kind(kinds, named)]

    assert listed("invoice") == ["INV-7", "INV-8"]
    assert listed("liquidation", "invoice") == ["INV-7", "L-1", "INV-8"]
    assert listed("liquidation", "invoice", named=("INV-8", "L-1")) == ["L-1", "INV-8"]
    assert listed("invoice", named=("INV-8",)) == ["INV-8"]
    assert listed("invoice", named=("L-1",)) == listed("breach") == []


def test_what_is_recorded_and_comes_later_is_told_until_it_comes() -> None:
    """Common Paper 12.9(b): by courier a notice counts two days after it was sent."""
    story = Story("common-paper-csa-2.1", on="2026-01-05").order("O-1", start="2026-01-05").on("2026-02-10")
    story.opened("breach", "B-1", party="customer", material=True).on("2026-03-02").notice(
        "breach", about="B-1", id="N-1"
    )
    story.acted("terminate", by="provider", power="terminate.cessation", method="courier")
    story.acted("terminate", by="provider", power="terminate.cessation", method="email")  # once delivered
    docket, sent, comes = story.agreement._docket(), *map(story.agreement.instant, ("2026-03-02", "2026-03-04"))
    assert list(docket.coming(sent)) == [(comes, "notice counts"), (comes, "terminate takes effect")]
    assert list(docket.coming(comes)) == []
    later = story.accepted("N-1", by="customer", counts_from="2026-03-06").agreement._docket()
    accepted = (story.agreement.instant("2026-03-06"), "notice counts")
    assert list(later.coming(sent)) == [accepted, (comes, "terminate takes effect")]


def test_one_wakes_for_the_first_notice_to_count_and_the_first_act_to_take_effect() -> None:
    """By courier two days after it was sent; the email is never delivered."""
    story = Story("common-paper-csa-2.1", on="2026-01-05").order("O-1", start="2026-01-05").on("2026-03-02")
    story.opened("breach", "B-1", party="customer", material=True)
    story.notice("breach", about="B-1", method="courier").on("2026-03-03").notice(
        "breach", about="B-1", method="courier"
    )
    at = story.agreement.instant
    story.on("2026-03-05").acted("terminate", by="provider", power="terminate.cessation", method="courier")
    assert list(story.agreement._docket().next_coming(at("2026-03-06"))) == [at("2026-03-07")]
    story.acted("terminate", by="provider", power="terminate.cessation", method="email")
    docket = story.agreement._docket()
    assert list(docket.next_coming(at("2026-03-03"))) == [at("2026-03-04"), at("2026-03-07")]
    assert list(docket.next_coming(at("2026-03-04"))) == [at("2026-03-05"), at("2026-03-07")]
    assert list(docket.next_coming(at("2026-03-05"))) == [at("2026-03-07")]
    assert list(docket.next_coming(at("2026-03-07"))) == []
    assert story.status().valid_until == at("2026-03-07")


# ---- what is refused ---------------------------------------------------------------------------------------


REFUSED: list[tuple[Fact, str]] = [
    (
        MatterOpened(kind="flood", matter="X"),
        f"matter opened.kind: the Terms know no matter 'flood': {', '.join(MODAL.kinds)}",
    ),
    (
        MatterOpened(kind="invoice", matter="INV-7", days={"due": "2026-03-01"}, amount=Money("1", "USD")),
        "matter opened.matter: INV-7 was opened before: change, reopen or correct it, or use another id",
    ),
    (
        MatterOpened(kind="invoice", matter="X", days={"due": "2026-03-01"}),
        "matter opened.amount: an invoice has an amount",
    ),
    (
        MatterOpened(kind="invoice", matter="X", amount=Money("1", "USD")),
        "matter opened.days: an invoice needs the day due",
    ),
    (
        MatterOpened(kind="breach", matter="X"),
        "matter opened.party: say whom the breach is about: provider or customer",
    ),
    (
        MatterOpened(kind="security_risk", matter="X", party="provider"),
        "matter opened.party: a security risk or adverse impact is about customer",
    ),
    (
        MatterOpened(kind="breach", matter="X", party="customer", amount=Money("1", "USD")),
        "matter opened.amount: a breach has no amount",
    ),
    (
        MatterOpened(kind="breach", matter="X", party="customer", days={"due": "2026-03-01"}),
        "matter opened.days: a breach has no day due: none",
    ),
    (
        MatterOpened(kind="breach", matter="X", party="customer", attributes={"color": "red"}),
        "matter opened.attributes.color: a breach has no such attribute: remediable, material",
    ),
    (
        MatterOpened(kind="breach", matter="X", party="customer", attributes={"material": "yes"}),
        "matter opened.attributes.material: true or false is wanted, not 'yes'",
    ),
    (
        MatterOpened(kind="force_majeure", matter="X", attributes={"prevents": "B-1"}),
        "matter opened.attributes.prevents: a list of matters is wanted, not 'B-1'",
    ),
    (
        MatterChanged(matter="INV-7", attributes={"payment": "cash"}),
        "matter changed.attributes.payment: one of card, invoice is wanted, not 'cash'",
    ),
    (MatterChanged(matter="INV-7", amount=Money("1", "EUR")), "matter changed.amount: invoice INV-7 is in USD"),
    (
        MatterEnded(matter="INV-7", how="paid"),
        "matter ended.how: invoice INV-7 cannot be paid: it ends as voided or by being paid",
    ),
    (
        MatterEnded(matter="INV-7", how="cured"),
        "matter ended.how: invoice INV-7 cannot be cured: it ends as voided or by being paid",
    ),
    (
        MatterEnded(matter="U-1", how="resolved"),
        "matter ended.how: prohibited use U-1 cannot be resolved: it has no end under the Terms",
    ),
    (
        Paid(matter="INV-7", amount=Money("1", "EUR")),
        "paid.amount: invoice INV-7 is in USD: record what was credited to it in that currency",
    ),
    (Paid(matter="U-1", amount=Money("1", "USD")), "paid.matter: prohibited use U-1 has no amount that could be paid"),
    (
        NoticeGiven(kind="farewell", by="provider", method="courier"),
        f"notice given.kind: the Terms know no 'farewell' notice: {', '.join(MODAL.notices)}",
    ),
    (
        NoticeGiven(kind="breach", by="provider", method="courier"),
        "notice given.about: a breach notice names what it is about",
    ),
    (
        Extended(matter="INV-7", by="provider", to="2026-04-01"),
        "extended.day: invoice INV-7 has no day None: name one of its days, or a power",
    ),
    (
        Extended(matter="INV-7", by="provider", to="2026-04-01", power="nap"),
        "waived or extended.power: the Terms know no power or duty 'nap'",
    ),
    (
        Waived(matter="INV-7", by="provider", power="nap"),
        "waived or extended.power: the Terms know no power or duty 'nap'",
    ),
    (
        Waived(matter="not recorded yet", by="provider", power="nap"),
        "waived or extended.power: the Terms know no power or duty 'nap'",
    ),
    (
        Done(duty="nap", by="provider", about="ending"),
        f"done.duty: the Terms know no duty 'nap': {', '.join(MODAL.duties)}",
    ),
    (Acted(does="suspend", by="provider", power="nap"), "acted.power: the Terms know no power 'nap'"),
    (
        Acted(does="suspend", by="provider", power="data.delete"),
        "acted.power: data.delete is a power to delete data, not to suspend",
    ),
    (Posted(), "posted.power: name the power it exercises, or the policy that is posted (terms)"),
    (Posted(power="suspend.overdue"), "posted.power: suspend.overdue is not exercised by posting, but by act"),
    (Agreed(what="rescission"), "agreed.target: name the event that is withdrawn or rescinded, by its id"),
    (Agreed(what="withdrawal"), "agreed.target: name the event that is withdrawn or rescinded, by its id"),
    (
        OrderSigned(order="O-1", start="2027-01-05", term=Period(1, "years")),
        "order signed.order: O-1 was signed before: use another id, or correct it",
    ),
    (
        OrderSigned(order="O-2", start="2027-01-05", term=Period(1, "years"), attributes={"discontinuation": "maybe"}),
        "order signed.attributes.discontinuation: the Terms know no order with discontinuation = 'maybe'",
    ),
    (
        OpeningBalance(order="O-2", started="2026-01-05", term=Period(1, "years")),
        "opening balance.order: an account is imported before anything else is recorded of it",
    ),
]


@pytest.mark.parametrize(("fact", "problem"), REFUSED, ids=[problem.split(": ")[0] for _, problem in REFUSED])
def test_what_the_terms_or_the_facts_give_no_meaning_is_refused_and_not_recorded(fact: Fact, problem: str) -> None:
    story = invoiced().opened("prohibited_use", "U-1", by="provider").on("2026-02-10")
    before = len(story.agreement.history)
    with pytest.raises(InvalidFact) as refused:
        story.record(fact)
    assert str(refused.value) == problem
    assert len(story.agreement.history) == before
    assert story.paid("INV-7", "100.00 USD").state == "active"  # the agreement is none the worse for it


def test_what_has_no_meaning_in_a_history_names_its_event_or_the_correction_that_says_it() -> None:
    *before, last = invoiced().agreement.history
    wrong = MatterEnded(matter="INV-7", how="cured")
    problem = "matter ended.how: invoice INV-7 cannot be cured: it ends as voided or by being paid"
    ended = evolve(last, sequence=4, id="x", fact=MatterEnded(matter="INV-7", how="voided"))
    corrected = evolve(last, sequence=5, id="c", fact=Corrected(event="x", fact=wrong))
    for said, place in (([evolve(ended, fact=wrong)], "event 4"), ([ended, corrected], "event 5")):
        with pytest.raises(InvalidFact) as refused:
            fold(Library(), [*before, last, *said], None)
        assert str(refused.value) == f"{place} of acme: {problem}"
        with pytest.raises(InvalidFact) as refused:
            Agreement([*before, last, *said]).status("2026-03-01")
        assert str(refused.value) == f"{place} of acme: {problem}"


def test_an_event_on_a_day_that_the_zone_skips_is_named() -> None:
    story = Story(on="2011-12-01", zone="Pacific/Apia").order("O-1", start="2011-12-01")
    *before, last = story.on("2011-12-31").opened("liquidation", "L-1").agreement.history
    with pytest.raises(InvalidTime) as refused:
        Agreement([*before, evolve(last, occurred=date(2011, 12, 30))])
    assert str(refused.value) == "occurred in event 3 of acme: 2011-12-30: Pacific/Apia has no such day"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"number": 0}, "numbered from 1"),
        ({"holds": (StandingHold(power="nap"),)}, "no power 'nap'"),
        ({"term": Period(5, "hours")}, "a term lasts"),
    ],
)
def test_a_balance_that_makes_no_sense_is_refused(given: dict[str, Any], problem: str) -> None:
    values = {"order": "O-9", "started": "2026-01-05", "term": Period(1, "years"), **given}
    with pytest.raises(InvalidFact, match=problem):
        Story(on="2026-01-05").record(OpeningBalance(**values))


def test_an_account_on_trial_has_no_opening_balance() -> None:
    story = Story(on="2026-01-05", trial_through="2026-02-01")
    with pytest.raises(InvalidFact, match="imported before anything else"):
        story.record(OpeningBalance(order="O-9", started="2026-01-05", term=Period(1, "years")))


def test_a_freshness_is_in_hours_or_days() -> None:
    with pytest.raises(InvalidFact, match="hours or days"):
        in_service(freshness=Period(1, "months"))
    assert in_service(freshness=Period(2, "days")).agreement.id == "acme"


# ---- what waits, and what has no effect -------------------------------------------------------------------------


def remark(story: Story, event: str) -> str:
    return story.agreement.remarks(story.now)[event]


def test_facts_about_what_is_not_recorded_yet_wait_for_it() -> None:
    story = in_service().on("2026-02-10")
    for fact in (
        MatterEnded(matter="B-1", how="cured"),
        NoticeGiven(kind="breach", by="provider", method="courier", about="B-1"),
        MatterReopened(matter="B-1"),
    ):
        story.record(fact, id=type(fact).__name__)
        assert "waits" in remark(story, type(fact).__name__) or isinstance(fact, NoticeGiven)
    story.on("2026-02-09", learned="2026-02-11").opened(
        "breach", "B-1", party="customer", by="provider", remediable=True, material=True
    )
    docket = story.agreement._docket()
    assert [notice.kind for notice in docket.matters["B-1"].notices] == ["breach"]
    assert not docket.remarks


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (
            Extended(matter="INV-7", by="customer", to="2026-04-01", day="due"),
            "due of invoice INV-7 is not the customer's to extend",
        ),
        (
            Extended(matter="INV-7", by="provider", to="2026-02-20", day="due"),
            "2026-02-20 gives no more time than 2026-03-01",
        ),
        (
            Extended(matter="INV-7", by="customer", to="2026-04-01", power="suspend.overdue"),
            "suspend.overdue of invoice INV-7 is not the customer's to extend",
        ),
        (
            Waived(matter="INV-7", by="customer", power="suspend.overdue"),
            "suspend.overdue is not the customer's to waive",
        ),
        (Done(duty="cease_use", by="provider", about="ending"), "cease_use is not the provider's duty"),
        (
            Agreed(what="rescission", target="acme:2x"),
            "acme:2x is neither a termination nor an order: there is nothing to rescind",
        ),
        (
            NoticeGiven(kind="overdue", by="provider", method="fax", about="INV-7"),
            "8.5: fax gives no notice; personal, registered mail, certified mail, courier do",
        ),
        (NoticeGiven(kind="overdue", by="customer", method="courier"), None),
    ],
)
def test_what_has_no_effect_is_kept_with_the_reason(fact: Fact, reason: str | None) -> None:
    story = invoiced().on("2026-03-05").record(fact, id="e")
    assert story.agreement.remarks(story.now).get("e") == reason
    assert "notice-missing" in story.on("2026-04-20").may("suspend").codes


def test_only_the_side_that_a_breach_is_not_about_can_waive_what_it_gives() -> None:
    story = invoiced().opened("breach", "B-1", party="customer", by="provider", material=True, remediable=True)
    story.on("2026-02-11").waived("B-1", "terminate.breach", by="customer")
    assert remark(story, story.last) == "terminate.breach is not the customer's to waive"
    story.waived("B-1", "terminate.breach", by="provider")
    assert story.last not in story.agreement.remarks(story.now)


BEFALL: list[tuple[list[Fact], str]] = [
    ([NoticeDelivered(notice="N"), NoticeDelivered(notice="N")], "N was delivered before"),
    ([Accepted(notice="N", by="provider")], "only the other side can accept a notice"),
    ([Accepted(notice="N", by="customer"), Accepted(notice="N", by="customer")], "N was accepted before"),
    ([Agreed(what="withdrawal", target="N"), Agreed(what="withdrawal", target="N")], "N was withdrawn before"),
    ([NoticeDelivered(notice="N-9")], "waits: nothing is recorded of N-9 yet"),
    ([Extended(matter="B-9", by="provider", to="2026-04-01", day="due")], "waits: nothing is recorded of B-9 yet"),
    ([Waived(matter="B-9", by="provider", power="terminate.breach")], "waits: nothing is recorded of B-9 yet"),
    ([MatterEnded(matter="B-9", how="cured")], "waits: nothing is recorded of B-9 yet"),
]


@pytest.mark.parametrize(("facts", "reason"), BEFALL, ids=[reason for _, reason in BEFALL])
def test_what_befalls_a_notice_befalls_it_once_and_what_is_of_nothing_known_waits(
    facts: list[Fact], reason: str
) -> None:
    story = invoiced().on("2026-03-05").notice("overdue", about="INV-7", id="N")
    for day, fact in enumerate(facts, start=6):
        story.on(f"2026-03-0{day}").record(fact, id=f"on day {day}")
    remarks = dict(story.agreement.remarks(story.now))
    assert remarks.pop(f"on day {5 + len(facts)}") == reason
    assert not remarks.keys() - {"N"}


def test_what_befalls_one_notice_leaves_the_others() -> None:
    story = (
        invoiced().on("2026-03-05").notice("overdue", about="INV-7", id="N").notice("overdue", about="INV-7", id="M")
    )
    story.on("2026-03-06").agreed("withdrawal", target="N")
    assert remark(story, "N") == "withdrawn by both in writing"
    assert [notice.id for notice in story.agreement._docket().matters["INV-7"].notices] == ["N", "M"]
    assert story.on("2026-03-31").may("suspend").permitted


def test_of_two_deliveries_the_first_recorded_is_the_delivery() -> None:
    story = invoiced().on("2026-03-05").notice("overdue", about="INV-7", id="N").on("2026-03-06").delivered("N")
    assert remark(story.delivered("N"), story.last) == "N was delivered before"


def test_a_notice_may_be_recorded_with_its_delivery() -> None:
    story = in_service(readings={"8.5-email": "count on receipt"}).on("2026-02-10")
    story.opened("breach", "B-1", party="customer", by="provider", material=True, remediable=True).on("2026-02-18")
    story.record(NoticeGiven(kind="breach", by="provider", method="email", about="B-1", delivered="2026-02-20"), id="N")
    notice = story.agreement._docket().notices["N"]
    assert notice.counts == story.agreement.instant("2026-02-20")
    story.on("2026-02-25").delivered("N")
    assert remark(story, story.last) == "N was delivered before"


def test_what_befell_a_notice_on_its_day_may_be_recorded_before_it() -> None:
    story = invoiced().on("2026-03-05").record(Accepted(notice="N", by="provider"), id="A")
    assert remark(story, "A") == "waits: nothing is recorded of N yet"
    assert remark(story.notice("overdue", about="INV-7", id="N"), "A") == "only the other side can accept a notice"


def test_an_acceptance_of_what_is_no_notice_waits() -> None:
    story = invoiced().on("2026-03-05").record(Accepted(notice="S", by="customer"), id="A")
    assert remark(story.acted("suspend", method="courier", id="S"), "A") == "waits: nothing is recorded of S yet"


def test_an_act_is_kept_as_it_was_done_and_from_when_it_takes_effect() -> None:
    story = in_service().on("2026-02-10")
    known, now, later = (story.agreement.instant(on) for on in ("2026-02-09", "2026-02-10", "2026-06-01"))
    story.record(Posted(power="terms.modify"), id="P")
    story.record(Posted(power="terminate.discontinuation", effective="2026-06-01"), id="D")
    story.record(Agreed(what="consent", power="assign.consent"), id="C")
    story.record(Acted(does="suspend", by="provider", method="email", known_through=known), id="S")
    assert story.agreement._docket().acts == [
        Act("P", 3, now, "modify terms", "provider", "terms.modify"),
        Act("C", 5, now, "assign", "both", "assign.consent"),
        Act("S", 6, now, "suspend", "provider", method="email", known_through=known),
        Act("D", 4, later, "terminate", "provider", "terminate.discontinuation", deferred=True),
    ]


def test_an_act_in_writing_that_took_effect_when_it_was_sent_is_not_moved_by_its_delivery() -> None:
    story = in_service().on("2026-02-10").opened("liquidation", "L-1").on("2026-02-18")
    story.acted("terminate", power="terminate.liquidation", about="L-1", method="courier", id="T")
    story.on("2026-02-20").delivered("T")
    ending = story.status().ending
    assert ending
    assert (ending.at, ending.clause) == (story.agreement.instant("2026-02-18"), "3.2(b)(iii)")


def test_a_termination_by_a_way_that_gives_no_notice_happened_and_was_not_regular() -> None:
    story = in_service().on("2026-02-10").opened("liquidation", "L-1").on("2026-02-18")
    story.acted("terminate", power="terminate.liquidation", about="L-1", method="fax", id="T")
    assert story.state == "terminated"
    assert not story.agreement.was_regular("T")


def test_each_of_two_terminations_can_be_rescinded() -> None:
    story = in_service().on("2026-03-01").agreed("termination", power="terminate.agreed")
    story.on("2026-03-05").agreed("rescission", story.last).on("2026-04-01").agreed(
        "termination", power="terminate.agreed"
    )
    assert story.state == "terminated"
    assert story.on("2026-04-05").agreed("rescission", story.last).state == "active"


def test_a_termination_that_counts_once_delivered_waits_for_its_delivery() -> None:
    story = in_service(readings={"8.5-email": "count on receipt"}).on("2026-02-10")
    story.opened("breach", "B-1", party="customer", by="provider", material=True, remediable=False).on("2026-02-18")
    story.notice("breach", about="B-1").acted(
        "terminate", power="terminate.breach.irremediable", about="B-1", method="email", id="E"
    )
    assert (story.state, remark(story, "E")) == (
        "active",
        "8.5: email counts once delivered, and no delivery is recorded",
    )
    story.on("2026-02-20").delivered("E")
    assert (story.state, "E" in story.agreement.remarks(story.now)) == ("terminated", False)


def test_corrections_can_leave_an_order_without_a_place_and_that_is_said() -> None:
    story = in_service().on("2026-11-01").order("O-2", start="2027-01-05", months=6)
    second = story.last
    story.on("2026-11-02").corrected("acme:2", OrderSigned(order="O-1", start="2026-01-05", term=Period(6, "months")))
    story.on("2026-12-01")
    assert "O-2" not in str(story.agreement.remarks("2026-12-01"))  # 5 January 2027 still follows a six-month term
    story.corrected("acme:2", OrderSigned(order="O-1", start="2026-01-06", term=Period(6, "months")))
    assert remark(story, second) == "order O-2 follows no term"


def test_a_live_agreement_and_a_reading_of_its_history_agree_after_a_refusal() -> None:
    story = invoiced()
    with pytest.raises(InvalidFact):
        story.on("2026-02-20").record(MatterEnded(matter="INV-7", how="paid"))
    again = Agreement(list(story.agreement.history))
    assert again.status("2026-04-01") == story.agreement.status("2026-04-01")
    assert again.powers("2026-04-01") == story.agreement.powers("2026-04-01")
