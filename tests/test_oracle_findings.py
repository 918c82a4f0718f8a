"""Where the library and the walk of :mod:`tests.oracle` once disagreed, each in as few steps as it takes.

What is claimed here is what the design and the contract say. Each was mended, or is a claim with a mark that says why
it is not true yet.
"""

from __future__ import annotations

from datetime import date

from lifecycle import Period
from lifecycle.events import Acted, NoticeGiven, OrderSigned, Paid
from lifecycle.testing import Story


def running() -> Story:
    """Term 1, from 1 January through 31 December 2026."""
    return Story(on="2026-01-01").order("O-1", start="2026-01-01")


def owing() -> Story:
    """An invoice of 100 USD, due on 1 March 2026."""
    return running().invoice("INV-1", "100 USD", due="2026-03-01")


# ---- a second record of the same thing moves the first -----------------------------------------------------


def test_3_1_a_withdrawal_recorded_twice_does_not_bring_the_notice_back() -> None:
    story = running().on("2026-06-01").notice("non_renewal", by="customer", id="N-1")
    story.on("2026-07-01").agreed("withdrawal", "N-1")
    assert story.on("2027-01-02").state == "renewed"
    story.on("2027-01-03").agreed("withdrawal", "N-1")
    assert story.on("2027-01-04").state == "renewed"  # not ended as of 1 January


def test_3_1_an_acceptance_recorded_twice_does_not_revive_what_has_expired() -> None:
    story = running().on("2026-12-20").notice("non_renewal", by="customer", id="N-1")  # late: E - 30 is 1 December
    story.on("2026-12-28").accepted("N-1", by="provider")
    assert story.on("2027-01-02").state == "terminated"
    story.on("2027-01-03").accepted("N-1", by="provider")
    assert story.on("2027-01-04").state == "terminated"


def test_1_12_e_an_acceptance_recorded_twice_does_not_start_the_ten_days_anew() -> None:
    story = owing().on("2026-03-01").notice("overdue", about="INV-1", id="N-1")  # on the due day: too early
    story.on("2026-03-25").accepted("N-1", by="customer").on("2026-04-01").accepted("N-1", by="customer")
    verdict = story.on("2026-04-04").may("suspend")  # 25 March + 10: 6 days to 31 March, 4 more
    assert verdict.permitted


def test_1_12_d_accepting_a_notice_that_counts_already_moves_nothing() -> None:
    story = running().on("2026-02-18").opened("breach", "B-1", party="customer", remediable=True, material=True)
    story.notice("breach", about="B-1", id="N-1").on("2026-03-01").accepted("N-1", by="customer")
    assert story.on("2026-03-21").may("suspend", about="B-1").permitted  # 18 February + 31


def test_a_waiver_recorded_twice_stands_from_the_first() -> None:
    story = running().on("2026-02-10").opened("liquidation", "L-1")
    story.on("2026-03-01").waived("L-1", "terminate.liquidation")
    story.on("2026-04-01").waived("L-1", "terminate.liquidation")
    verdict = story.on("2026-04-02").may("terminate", about="L-1")
    assert verdict.last_day == date(2026, 2, 28)  # the last day before the waiver of 1 March


# ---- late facts ----------------------------------------------------------------------------------------------


def test_a_payment_learned_late_is_taken_down_whatever_was_recorded_in_between() -> None:
    story = owing().on("2026-02-01").reopened("INV-1")  # taken, and without effect: it had not ended
    story.on("2026-01-20", learned="2026-03-10").paid("INV-1", "100 USD")
    assert isinstance(story.agreement.history[-1].fact, Paid)


def test_3_1_what_has_expired_is_not_revived_by_a_delivery_after_the_end() -> None:
    story = running().on("2026-06-01").notice("non_renewal", by="customer", method="personal", id="N-1")
    assert story.on("2027-01-02").state == "terminated"
    story.on("2027-01-03").delivered("N-1")
    assert story.on("2027-01-04").state == "terminated"


def test_3_1_a_notice_handed_over_has_arrived_once_whatever_is_proved_again() -> None:
    story = running().on("2026-06-01").notice("non_renewal", by="customer", method="personal", id="N-1")
    story.on("2026-06-03").delivered("N-1").on("2026-12-20").delivered("N-1")  # late, if that were its day
    assert story.on("2027-01-02").state == "terminated"


def test_3_1_what_has_expired_is_not_revived_by_a_later_day_agreed_on_after_the_end() -> None:
    story = running().on("2026-06-01").notice("non_renewal", by="customer", id="N-1")
    story.on("2027-01-03").accepted("N-1", by="provider", counts_from="2027-01-08")
    assert story.on("2027-01-10").state == "terminated"


def test_8_5_a_notice_accepted_on_the_day_it_was_given_counts_from_that_day() -> None:
    story = running().on("2026-02-18T09:00-08:00")
    story.opened("breach", "B-1", party="customer", remediable=True, material=True)
    story.on("2026-02-18T15:00-08:00").notice("breach", about="B-1", method="email", id="N-1")
    story.on("2026-02-18").accepted("N-1", by="customer")
    assert story.on("2026-03-21").may("suspend", about="B-1").permitted  # 18 Feb + 31


# ---- what is owed --------------------------------------------------------------------------------------------


def test_1_12_e_an_invoice_paid_in_full_while_it_was_voided_owes_nothing_once_the_voiding_is_undone() -> None:
    story = owing().on("2026-03-05").ended("INV-1", "voided").on("2026-03-06").paid("INV-1", "100 USD")
    story.on("2026-03-07").reopened("INV-1").notice("overdue", about="INV-1")
    assert not story.on("2026-04-01").may("suspend", about="INV-1").permitted


def test_1_12_d_a_breach_that_cannot_be_cured_takes_a_notice_after_someone_recorded_a_cure() -> None:
    story = running().on("2026-02-18").opened("breach", "B-1", party="customer", remediable=False, material=True)
    story.on("2026-03-01").ended("B-1", "cured").on("2026-04-06").notice("breach", about="B-1")
    assert story.on("2026-05-07").may("suspend", about="B-1").permitted  # 6 April + 31: 24 days to 30 April, 7 more


def test_1_12_d_a_plan_leads_by_a_notice_to_suspending_for_a_breach_that_someone_recorded_as_cured() -> None:
    story = running().on("2026-02-18").opened("breach", "B-1", party="customer", remediable=False, material=True)
    story.on("2026-03-01").ended("B-1", "cured")
    (route,) = story.agreement.plan("suspend", by="provider", from_="2026-04-06", about="B-1").routes
    assert [step.kind for step in route.steps] == ["give notice", "wait", "act"]
    assert route.steps[-1].on == date(2026, 5, 7)  # 6 April + 31


# ---- who may lift --------------------------------------------------------------------------------------------


def test_1_12_a_reinstatement_corrected_to_be_the_customers_lifts_nothing() -> None:
    story = running().on("2026-04-10").opened("security_risk", "R-1", by="provider").acted("suspend", about="R-1")
    story.on("2026-04-12").acted("reinstate", id="A-1")
    story.on("2026-04-13").corrected("A-1", Acted(does="reinstate", by="customer"))
    assert story.state == "suspended"


# ---- the term to stop ----------------------------------------------------------------------------------------


def test_3_1_notice_can_be_given_for_the_first_term_it_is_in_time_for_however_far_ahead() -> None:
    # January ends on the 31st, February on the 28th: E - 30 is 1 January and 29 January. Of 30 January it stops March.
    story = Story(on="2027-01-01").order("O-1", start="2027-01-01", months=1).on("2027-01-30")
    told = story.agreement.known_at("2027-01-30")
    told.record(NoticeGiven(kind="non_renewal", by="customer", method="courier"), at="2027-01-30")
    assert (told.status("2027-03-31").state, told.status("2027-04-01").state) == ("renewed", "terminated")
    assert story.may("stop renewal", by="customer").permitted


def test_wake_at_sees_the_last_day_of_notice_for_a_term_that_has_not_begun() -> None:
    story = Story(on="2026-01-05")
    story.record(OrderSigned(order="O-1", start="2026-02-14", term=Period(1, "months")))  # E - 30 is 11 February
    agreement = story.agreement
    wake = agreement.wake_at("2026-01-06")
    assert wake is not None
    before = [(o.power.id, o.window) for o in agreement.powers("2026-01-06")]
    assert wake <= agreement.instant("2026-02-12") or before == [
        (o.power.id, o.window) for o in agreement.powers("2026-02-12")
    ]


# ---- a refusal is never silent -------------------------------------------------------------------------------


def test_a_power_over_a_matter_from_after_the_end_is_refused_with_a_reason() -> None:
    story = running().on("2026-06-01").agreed("termination")
    story.on("2026-06-10").invoice("INV-9", "100 USD", due="2026-06-20")
    verdict = story.on("2026-07-01").may("charge interest", about="INV-9")
    assert not verdict.permitted
    assert verdict.codes
