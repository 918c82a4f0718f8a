"""More time, waivers, acceptances and withdrawals; force majeure that prevents a cure; and for how long silence is
evidence.

Expected days are counted by hand, in Los Angeles days with the day of the event not counted.
"""

from __future__ import annotations

from typing import Any

import pytest

from lifecycle.days import Period
from lifecycle.errors import InvalidFact
from lifecycle.terms.model import Party
from lifecycle.testing import Story
from lifecycle.verdict import Refused, Verdict


def running(**made: Any) -> Story:
    """An agreement in term 1, which ends on 31 Dec 2026."""
    return Story(on="2026-01-01", **made).order("O-1", start="2026-01-01")


def overdue() -> Story:
    """Due 1 Mar, notice on 5 Mar: suspension opens on 31 Mar (D + 30)."""
    story = running().invoice("INV-1", "120.00 USD", due="2026-03-01")
    return story.on("2026-03-05").notice("overdue", about="INV-1")


def breach(story: Story | None = None, *, given: str = "2026-02-18", method: str = "courier") -> Story:
    """A material breach that can be cured, notice on 18 Feb: suspension and termination open on 21 Mar (N + 31)."""
    story = (story or running()).on(given)
    story.opened("breach", "B-1", party="customer", by="provider", remediable=True, material=True)
    return story.notice("breach", about="B-1", method=method, id="N-1")


def last_second(day: str) -> str:
    return f"{day}T23:59:59[America/Los_Angeles]"


def refused(story: Story, does: str, *codes: str, by: Party = "provider", about: str = "B-1") -> Verdict:
    verdict = story.may(does, by=by, about=about)
    assert (verdict.permitted, verdict.codes) == (False, codes)
    return verdict


def opens(
    story: Story,
    does: str,
    *,
    safe: str,
    first: str,
    code: str = "clock",
    by: Party = "provider",
    about: str = "B-1",
) -> None:
    """Claim that it is refused to the last second of the safe day, and permitted from the first instant of ``first``
    on.
    """
    assert str(refused(story.on(last_second(safe)), does, code, by=by, about=about).first_day) == first
    assert story.on(first).may(does, by=by, about=about).permitted


# ---- more time ---------------------------------------------------------------------------------------------


def test_an_extended_due_day_moves_every_clock_that_counts_from_it() -> None:
    story = running().invoice("INV-1", "120.00 USD", due="2026-03-01")
    story.on("2026-02-20").extended("INV-1", day="due", to="2026-03-20")
    story.on("2026-03-21").notice("overdue", about="INV-1")
    opens(story, "suspend", safe="2026-04-18", first="2026-04-19", about="INV-1")  # 20 Mar + 30: 11 to 31 Mar, 19 more
    opens(story, "accelerate", safe="2026-04-18", first="2026-04-19", about="INV-1")
    opens(story, "charge interest", safe="2026-03-20", first="2026-03-21", about="INV-1")


def test_a_notice_from_before_the_extended_due_day_is_too_early() -> None:
    story = overdue().on("2026-03-08").extended("INV-1", day="due", to="2026-03-20")
    refused(story.on("2026-06-01"), "suspend", "notice-missing", about="INV-1")


def test_an_extended_day_by_the_debtor_is_recorded_without_effect_and_remarked() -> None:
    story = overdue().on("2026-03-08").extended("INV-1", day="due", to="2026-03-20", by="customer")
    assert "customer's" in story.agreement.remarks("2026-03-08")[story.last]
    opens(story, "suspend", safe="2026-03-30", first="2026-03-31", about="INV-1")


@pytest.mark.parametrize("to", ["2026-02-01", "2026-02-28", "2026-03-01"])
def test_an_extension_never_gives_less_time(to: str) -> None:
    story = overdue().on("2026-03-08").extended("INV-1", day="due", to=to)
    assert "no more time" in story.agreement.remarks("2026-03-08")[story.last]
    opens(story, "suspend", safe="2026-03-30", first="2026-03-31", about="INV-1")


def test_a_second_extension_that_is_shorter_takes_nothing_back() -> None:
    story = breach().on("2026-03-01").extended("B-1", power="suspend.breach", to="2026-04-30")
    story.on("2026-03-02").extended("B-1", power="suspend.breach", to="2026-04-10")
    opens(story, "suspend", safe="2026-04-30", first="2026-05-01", code="extended")


def test_a_power_extended_for_a_matter_waits_through_the_day_named() -> None:
    story = breach().on("2026-03-10").extended("B-1", power="suspend.breach", to="2026-04-10")
    opens(story, "suspend", safe="2026-04-10", first="2026-04-11", code="extended")
    opens(story, "terminate", safe="2026-03-20", first="2026-03-21")  # another power, not extended


def test_a_power_extended_to_a_day_its_clock_leaves_anyway_gains_nothing_and_loses_nothing() -> None:
    story = breach().on("2026-02-20").extended("B-1", power="suspend.breach", to="2026-03-01")
    opens(story, "suspend", safe="2026-03-20", first="2026-03-21")


def test_more_time_given_after_the_window_opened_closes_it_until_then() -> None:
    story = breach().on("2026-03-25").extended("B-1", power="terminate.breach", to="2026-04-10")
    assert story.on("2026-03-24").may("terminate", about="B-1").permitted
    opens(story, "terminate", safe="2026-04-10", first="2026-04-11", code="extended")


def test_a_power_extended_by_the_party_it_threatens_is_recorded_without_effect_and_remarked() -> None:
    story = breach().on("2026-03-10").extended("B-1", power="suspend.breach", to="2026-04-10", by="customer")
    assert "customer's" in story.agreement.remarks("2026-03-10")[story.last]
    opens(story, "suspend", safe="2026-03-20", first="2026-03-21")


def test_more_time_for_one_matter_is_none_for_another() -> None:
    story = overdue().on("2026-03-01").invoice("INV-2", "80.00 USD", due="2026-03-02")
    story.on("2026-03-06").notice("overdue", about="INV-2").extended("INV-1", power="suspend.overdue", to="2026-05-31")
    opens(story, "suspend", safe="2026-03-31", first="2026-04-01", about="INV-2")  # 2 Mar + 30: 29 to 31 Mar, 1 more
    opens(story, "suspend", safe="2026-05-31", first="2026-06-01", code="extended", about="INV-1")


def test_8_4_what_one_party_promises_does_not_bind_the_other() -> None:
    story = running().on("2026-02-10").opened("force_majeure", "FM-1")
    story.on("2026-03-01").extended("FM-1", power="terminate.force_majeure", to="2026-06-30")
    opens(story, "terminate", safe="2026-06-30", first="2026-07-01", code="extended", about="FM-1")
    # 10 Feb + 30: 18 to 28 Feb, 12 more
    opens(story, "terminate", safe="2026-03-12", first="2026-03-13", by="customer", about="FM-1")


def test_5_3_more_time_to_notify_a_claim_is_given_by_the_side_it_is_owed_to() -> None:
    story = running().on("2026-04-06").opened("claim", "C-1", party="customer")
    story.on("2026-04-10").extended("C-1", power="notify_claim.customer", to="2026-05-20", by="provider")
    story.on("2026-04-11").extended("C-1", power="notify_claim.customer", to="2026-06-20", by="customer")
    assert "customer's" in story.agreement.remarks("2026-04-11")[story.last]
    standing = [
        (str(owed.due), owed.standing)
        for day in (last_second("2026-05-20"), "2026-05-21")
        for owed in story.agreement.duties(day)
        if owed.duty.id == "notify_claim.customer"
    ]
    assert standing == [("2026-05-20", "pending"), ("2026-05-20", "missed")]


@pytest.mark.parametrize("what", [{"day": "delivered"}, {"power": "suspend.weather"}, {}])
def test_more_time_is_for_a_day_of_the_matter_or_a_power_of_the_terms(what: dict[str, str]) -> None:
    story = breach()
    before = len(story.agreement.history)
    with pytest.raises(InvalidFact):
        story.extended("B-1", to="2026-04-10", **what)  # type: ignore[arg-type]
    assert len(story.agreement.history) == before


# ---- waivers -----------------------------------------------------------------------------------------------


def test_a_power_waived_for_a_matter_is_gone_for_it_from_then_on() -> None:
    story = breach().on("2026-03-25T12:00-07:00").waived("B-1", "suspend.breach")
    assert story.on("2026-03-25T11:59:59-07:00").may("suspend", about="B-1").permitted
    assert refused(story.on("2026-03-25T12:00-07:00"), "suspend", "waived").last_day is not None
    assert story.may("terminate", about="B-1").permitted  # another power


def test_a_power_waived_before_it_opens_never_opens() -> None:
    story = breach().on("2026-03-01").waived("B-1", "suspend.breach").on("2026-03-21")
    assert refused(story, "suspend", "waived").first_day is None


def test_a_waiver_for_one_matter_leaves_the_power_for_another() -> None:
    story = breach().on("2026-03-01").waived("B-1", "suspend.breach")
    story.on("2026-04-06").opened("breach", "B-2", party="customer", by="provider", remediable=True, material=True)
    story.notice("breach", about="B-2")
    opens(story, "suspend", safe="2026-05-06", first="2026-05-07", about="B-2")  # 24 to 30 Apr, 6 more


def test_a_waiver_by_the_party_it_threatens_is_recorded_without_effect_and_remarked() -> None:
    story = breach().on("2026-03-01").waived("B-1", "suspend.breach", by="customer")
    assert "customer's" in story.agreement.remarks("2026-03-01")[story.last]
    opens(story, "suspend", safe="2026-03-20", first="2026-03-21")


def test_a_waiver_after_the_act_lifts_no_hold() -> None:
    story = breach().on("2026-03-21")
    story.do("suspend", about="B-1")
    assert story.on("2026-03-22").waived("B-1", "suspend.breach").state == "suspended"


def test_8_4_what_one_party_waives_the_other_keeps() -> None:
    story = running().on("2026-02-10").opened("force_majeure", "FM-1")
    story.on("2026-03-01").waived("FM-1", "terminate.force_majeure", by="provider")
    refused(story.on("2026-03-13"), "terminate", "waived", about="FM-1")
    assert story.on("2026-03-13").may("terminate", by="customer", about="FM-1").permitted


def test_only_a_power_of_the_terms_can_be_waived() -> None:
    with pytest.raises(InvalidFact):
        breach().waived("B-1", "suspend.weather")


# ---- acceptance and withdrawal -----------------------------------------------------------------------------


@pytest.mark.parametrize("accepted", ["2026-12-10", last_second("2026-12-31")])
def test_3_1_a_late_non_renewal_accepted_before_the_terms_end_stops_the_renewal(accepted: str) -> None:
    story = running().on("2026-12-05").notice("non_renewal", by="customer", id="N-1")
    story.on(accepted).accepted("N-1", by="provider")
    assert (story.on(last_second("2026-12-31")).state, story.on("2027-01-01").state) == ("active", "terminated")


def test_3_1_a_late_non_renewal_accepted_after_the_terms_end_counts_for_the_next() -> None:
    story = running().on("2026-12-05").notice("non_renewal", by="customer", id="N-1")
    story.on("2027-01-01T12:00-08:00").accepted("N-1", by="provider")
    assert (story.on("2027-01-02").state, story.on("2028-01-01").state) == ("renewed", "terminated")


def test_3_1_an_acceptance_by_the_side_that_gave_the_notice_has_no_effect_and_is_remarked() -> None:
    story = running().on("2026-12-05").notice("non_renewal", by="customer", id="N-1")
    story.on("2026-12-10").accepted("N-1", by="customer")
    assert "other side" in story.agreement.remarks("2026-12-10")[story.last]
    assert story.on("2027-01-01").state == "renewed"


def test_3_1_a_defective_non_renewal_counts_once_accepted() -> None:
    story = running().on("2026-11-20").notice("non_renewal", by="customer", method="email", id="N-1")
    story.on("2026-11-25").accepted("N-1", by="provider")
    assert story.on("2027-01-01").state == "terminated"


@pytest.mark.parametrize(
    ("counts_from", "safe", "first"),
    [
        (None, "2026-03-31", "2026-04-01"),  # accepted on 1 Mar: 30 to 31 Mar
        ("2026-02-20", "2026-03-22", "2026-03-23"),  # the day both agree on: 8 to 28 Feb, 22 more
    ],
)
def test_a_defective_breach_notice_counts_from_its_acceptance_or_the_day_both_agree_on(
    counts_from: str | None, safe: str, first: str
) -> None:
    story = breach(method="email").on("2026-03-01").accepted("N-1", by="customer", counts_from=counts_from)
    assert "N-1" not in story.agreement.remarks("2026-03-01")
    opens(story, "suspend", safe=safe, first=first)
    opens(story, "terminate", safe=safe, first=first)


def test_a_defective_notice_does_not_count_where_its_giver_accepts_it() -> None:
    story = breach(method="email").on("2026-03-01").accepted("N-1", by="provider")
    refused(story.on("2026-06-01"), "suspend", "notice-missing")


def test_an_overdue_notice_given_too_early_counts_from_its_acceptance() -> None:
    story = running().invoice("INV-1", "120.00 USD", due="2026-03-01")
    story.on("2026-03-01").notice("overdue", about="INV-1", id="N-1")
    story.on("2026-03-25").accepted("N-1", by="customer")
    opens(story, "suspend", safe="2026-04-03", first="2026-04-04", about="INV-1")  # 25 + 10: 6 to 31 Mar, 4 more


@pytest.mark.parametrize("does", ["suspend", "terminate"])
def test_a_breach_notice_withdrawn_by_both_no_longer_counts_and_a_new_one_does(does: str) -> None:
    story = breach().on("2026-03-01").agreed("withdrawal", target="N-1")
    refused(story.on("2026-04-01"), does, "notice-missing")
    story.on("2026-04-06").notice("breach", about="B-1")
    opens(story, does, safe="2026-05-06", first="2026-05-07")  # 24 to 30 Apr, 6 more


def test_a_defective_notice_accepted_and_then_withdrawn_by_both_no_longer_counts() -> None:
    story = breach(method="email").on("2026-02-20").accepted("N-1", by="customer")
    story.on("2026-02-22").agreed("withdrawal", target="N-1")
    refused(story.on("2026-06-01"), "suspend", "notice-missing")


def test_a_notice_withdrawn_by_both_is_not_revived_by_the_proof_of_its_delivery() -> None:
    story = breach(method="registered_mail").on("2026-02-19").agreed("withdrawal", target="N-1")
    story.on("2026-02-20").delivered("N-1")
    refused(story.on("2026-04-01"), "suspend", "notice-missing")


def test_a_notice_withdrawn_by_both_is_not_revived_by_one_sides_acceptance() -> None:
    story = breach().on("2026-02-19").agreed("withdrawal", target="N-1")
    story.on("2026-02-20").accepted("N-1", by="customer")
    refused(story.on("2026-04-01"), "suspend", "notice-missing")


def test_3_1_after_a_withdrawal_a_new_notice_in_time_stops_the_renewal() -> None:
    story = running().on("2026-06-01").notice("non_renewal", by="customer", id="N-1")
    story.on("2026-07-01").agreed("withdrawal", target="N-1")
    assert story.on("2027-01-01").state == "renewed"
    story.on("2026-11-30").notice("non_renewal", by="customer")
    assert story.on("2027-01-01").state == "terminated"


# ---- force majeure that prevents the cure: reading 8.4-cure ------------------------------------------------


def prevented(*spans: tuple[str, str | None], given: str = "2026-02-18") -> Story:
    """The breach noticed on ``given``, and force majeures that prevent its cure: each from a day to the day before
    another.
    """
    story = breach(given=given)
    for number, (since, until) in enumerate(spans, start=1):
        story.on(since).opened("force_majeure", f"FM-{number}", prevents=("B-1",))
        if until is not None:
            story.on(until).ended(f"FM-{number}", "ended")
    return story


@pytest.mark.parametrize(
    ("spans", "safe", "first"),
    [
        ([("2026-03-01", "2026-03-11")], "2026-03-30", "2026-03-31"),  # 1 to 10 Mar: 20 Mar + 10
        ([("2026-03-01", "2026-03-02")], "2026-03-21", "2026-03-22"),  # one day
        ([("2026-02-10", "2026-02-26")], "2026-03-27", "2026-03-28"),  # of the period only 19 to 25 Feb: 20 Mar + 7
        ([("2026-03-20", "2026-03-25")], "2026-03-25", "2026-03-26"),  # the 30th day, 20 Mar, is counted on 25 Mar
        ([("2026-03-21", "2026-03-30")], "2026-03-20", "2026-03-21"),  # after the period: nothing to excuse
        ([("2026-02-01", "2026-02-10")], "2026-03-20", "2026-03-21"),  # before it
        ([("2026-03-01", "2026-03-06"), ("2026-03-04", "2026-03-11")], "2026-03-30", "2026-03-31"),  # no day twice
        ([("2026-03-01", "2026-03-06"), ("2026-03-22", "2026-03-24")], "2026-03-27", "2026-03-28"),  # 5, then 2 more
    ],
)
def test_8_4_days_that_prevent_the_cure_do_not_count(spans: list[tuple[str, str]], safe: str, first: str) -> None:
    opens(prevented(*spans), "suspend", safe=safe, first=first)
    opens(prevented(*spans), "terminate", safe=safe, first=first)


def test_8_4_while_it_prevents_the_cure_no_day_is_named() -> None:
    story = prevented(("2026-03-01", None)).on("2026-06-01")
    for does in ("suspend", "terminate"):
        assert refused(story, does, "paused").first_day is None
    story.ended("FM-1", "ended")  # 10 days were counted, 19 to 28 Feb; 20 more from 1 June
    opens(story, "suspend", safe="2026-06-20", first="2026-06-21")


def test_8_4_a_force_majeure_that_begins_when_the_cure_period_is_over_takes_nothing_back() -> None:
    assert prevented(("2026-03-21", None)).on("2026-04-01").may("suspend", about="B-1").permitted


def test_8_4_a_force_majeure_that_prevents_nothing_pauses_nothing() -> None:
    story = breach().on("2026-03-01").opened("force_majeure", "FM-1").on("2026-03-11").ended("FM-1", "ended")
    opens(story, "suspend", safe="2026-03-20", first="2026-03-21")


def test_8_4_a_force_majeure_found_to_prevent_the_cure_later_pauses_from_its_beginning() -> None:
    story = breach().on("2026-03-01").opened("force_majeure", "FM-1")
    story.on("2026-03-05").changed("FM-1", prevents=("B-1",)).on("2026-03-11").ended("FM-1", "ended")
    opens(story, "suspend", safe="2026-03-30", first="2026-03-31")  # 1 to 10 Mar: 20 Mar + 10


def test_8_4_pauses_a_cure_and_no_other_clock() -> None:
    story = overdue().on("2026-01-15").opened("proceeding", "P-1")
    story.on("2026-03-06").opened("force_majeure", "FM-1", prevents=("INV-1", "P-1"))
    opens(story, "suspend", safe="2026-03-30", first="2026-03-31", about="INV-1")
    opens(story, "terminate", safe="2026-03-16", first="2026-03-17", about="P-1")  # 16 to 31 Jan, 28, 16 more


# ---- silence is not evidence -------------------------------------------------------------------------------


def resting_on_silence(does: str, **made: Any) -> tuple[Story, str]:
    """A story at noon of 1 June 2026 in which a power has been open for long, and the matter it rests on."""
    story = running(**made)
    match does:
        case "suspend" | "accelerate" | "charge interest" | "shorten payment terms":
            story.invoice("INV-1", "120.00 USD", due="2026-03-01").on("2026-03-05").notice("overdue", about="INV-1")
            return story.on("2026-06-01T12:00-07:00"), "INV-1"
        case "terminate":
            story.on("2026-02-18").opened("proceeding", "P-1")
            return story.on("2026-06-01T12:00-07:00"), "P-1"
        case _:
            raise AssertionError(does)


RESTING = ["suspend", "accelerate", "charge interest", "shorten payment terms", "terminate"]


@pytest.mark.parametrize("does", RESTING)
def test_a_power_that_rests_on_silence_takes_someone_who_vouches(does: str) -> None:
    story, matter = resting_on_silence(does)
    before = len(story.agreement.history)
    assert story.may(does, about=matter, known=None).codes == ("unvouched",)
    assert story.may(does, about=matter, known="now").permitted
    with pytest.raises(Refused) as refusal:
        story.do(does, about=matter, method="courier", known=None)
    assert refusal.value.verdict.codes == ("unvouched",)
    assert len(story.agreement.history) == before


@pytest.mark.parametrize("does", RESTING)
@pytest.mark.parametrize(
    ("freshness", "known", "codes"),
    [
        (None, "2026-06-01T12:00-07:00", ()),
        (None, "2026-06-01T11:59:59-07:00", ("stale",)),  # nothing agreed: known to the instant
        (Period(6, "hours"), "2026-06-01T06:00-07:00", ()),
        (Period(6, "hours"), "2026-06-01T05:59:59-07:00", ("stale",)),
        (Period(2, "days"), "2026-05-30T12:00-07:00", ()),
        (Period(2, "days"), "2026-05-30T11:59:59-07:00", ("stale",)),
    ],
)
def test_what_is_vouched_for_may_be_as_old_as_agreed_and_no_older(
    does: str, freshness: Period | None, known: str, codes: tuple[str, ...]
) -> None:
    story, matter = resting_on_silence(does, freshness=freshness)
    verdict = story.may(does, about=matter, known=known)
    assert (verdict.permitted, verdict.codes) == (not codes, codes)


@pytest.mark.parametrize(
    ("kind", "details", "does", "power"),
    [
        ("prohibited_use", {}, "suspend", "suspend.prohibited_use"),
        ("creditor_assignment", {"attempted": False}, "suspend", "suspend.assignment"),
        ("liquidation", {}, "terminate", "terminate.liquidation"),
        ("security_risk", {}, "suspend", "suspend.security"),
    ],
)
def test_a_power_at_once_takes_nobody_to_vouch(
    kind: str, details: dict[str, Any], does: str, power: str | None
) -> None:
    story = running().on("2026-04-10").opened(kind, "M-1", by="provider", **details)
    assert story.may(does, about="M-1", power=power, known=None).permitted


def test_a_breach_cured_unknown_to_the_asker_is_what_vouching_guards_against() -> None:
    story = breach(running(freshness=Period(6, "hours"))).on("2026-03-21T09:00-07:00")
    assert story.may("suspend", about="B-1", known="2026-03-20T18:00-07:00").codes == ("stale",)
    story.on("2026-03-20T20:00-07:00", learned="2026-03-21T09:30-07:00").ended("B-1", "cured")
    assert story.on("2026-03-21T10:00-07:00").may("suspend", about="B-1").codes == ("matter",)


@pytest.mark.parametrize(("since", "first"), [("2026-05-06", None), ("2026-05-07", "2026-05-07")])
def test_8_4_an_excuse_that_begins_on_the_last_day_for_cure_stops_the_count_and_one_day_later_does_not(
    since: str, first: str | None
) -> None:
    story = running().on("2026-04-05")
    story.opened("breach", "B-1", party="customer", by="provider", remediable=True, material=True)
    story.on("2026-04-06").notice("breach", about="B-1")  # + 30 = 6 May, the last day for cure
    story.on(since).opened("force_majeure", "FM-1", prevents=("B-1",))
    verdict = story.on("2026-06-01").may("terminate", power="terminate.breach")
    assert verdict.permitted is (first is not None)
    assert str(verdict.openings[0].window).startswith(f"[{first}") or first is None
    assert ("paused" in verdict.codes) is (first is None)
