"""Every row of the clause table of the Modal Terms, and of its Privacy Policy, told as a story and asked at both sides
of each boundary.

Every expected day was worked out by hand from the clause, in Los Angeles days with the day of the event not counted;
none was read off the library. D is a due day, N a breach notice, O an overdue notice, F a filing, S the start of a
force majeure, R the receipt of a claim, E the last day of a term.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve

from lifecycle.agreement import Outcome
from lifecycle.duties import Owed
from lifecycle.errors import InvalidFact
from lifecycle.events import Acted, Agreed, NoticeGiven, Posted
from lifecycle.reasons import Counted
from lifecycle.terms.model import Party
from lifecycle.testing import Story
from lifecycle.verdict import Refused, Verdict

VALID_METHODS = ["personal", "registered_mail", "certified_mail", "courier"]
OTHER_METHODS = ["email", "in_app", "ordinary_mail", "fax", "telephone"]


def running(start: str = "2026-01-01", *, months: int = 12, renews: bool = True, **attributes: str) -> Story:
    """An agreement without a trial, in term 1 from ``start``."""
    return Story(on=start).order("O-1", start=start, months=months, renews=renews, attributes=attributes)


def on_trial(through: str | None = None) -> Story:
    return Story(on="2026-01-12", trial=True, trial_through=through)


def breached(story: Story, *, party: Party = "customer", remediable: bool = True, material: bool = True) -> Story:
    by: Party = "provider" if party == "customer" else "customer"
    return story.opened("breach", "B-1", party=party, by=by, remediable=remediable, material=material)


def last_second(day: str) -> str:
    return f"{day}T23:59:59[America/Los_Angeles]"


def opens(story: Story, does: str, *, safe: str, first: str, by: Party = "provider", about: str = "") -> Verdict:
    """Claim that it is refused to the last second of the safe day, and permitted from the first instant of ``first``
    on.
    """
    refused = story.on(last_second(safe)).may(does, by=by, about=about or ())
    assert (refused.permitted, refused.codes, str(refused.first_day)) == (False, ("clock",), first)
    permitted = story.on(first).may(does, by=by, about=about or ())
    assert (permitted.permitted, permitted.codes, str(permitted.first_day)) == (True, (), first)
    return permitted


def refused(story: Story, does: str, *codes: str, by: Party = "provider", about: str = "") -> Verdict:
    """Claim that it is refused at the story's moment for just these reasons."""
    verdict = story.may(does, by=by, about=about or ())
    assert (verdict.permitted, verdict.codes) == (False, codes)
    return verdict


def permitted(story: Story, does: str, *, by: Party = "provider", about: str = "") -> Verdict:
    verdict = story.may(does, by=by, about=about or ())
    assert (verdict.permitted, verdict.codes) == (True, ())
    return verdict


def owed(story: Story) -> dict[str, Owed]:
    """The duties that have arisen by the story's moment, by id."""
    return {duty.duty.id: duty for duty in story.agreement.duties(story.now)}


def in_force(story: Story) -> set[str]:
    return set(story.agreement.clauses_in_force(story.now))


# ---- 1.3 discontinuing and modifying -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("does", "power"), [("terminate", "terminate.discontinuation"), ("modify terms", "terms.modify")]
)
def test_1_3_is_open_from_the_day_of_posting_without_any_wait(does: str, power: str) -> None:
    verdict = running().on("2026-01-01").may(does, power=power)
    assert (verdict.permitted, verdict.clause, str(verdict.first_day)) == (True, "1.3", "2026-01-01")


def test_1_3_discontinuing_ends_the_agreement_and_makes_no_order_fees_due() -> None:
    story = running().on("2026-05-10T09:00-07:00")
    outcome = story.do("terminate", power="terminate.discontinuation")
    effects = {effect.id for effect in outcome.effects}
    assert (outcome.target, "no order fees" in effects, "order fees due" in effects) == ("terminated", True, False)
    assert "pay_remaining" not in owed(story)


@pytest.mark.parametrize(
    ("effective", "still_active", "ended"),
    [
        (None, "2026-05-10T08:59:59-07:00", "2026-05-10T09:00-07:00"),  # at once
        ("2026-06-01", last_second("2026-05-31"), "2026-06-01"),  # on the day the posting names
        ("2026-05-01", "2026-05-10T08:59:59-07:00", "2026-05-10T09:00-07:00"),  # never before it was posted
    ],
)
def test_1_3_a_posting_works_only_ahead(effective: str | None, still_active: str, ended: str) -> None:
    story = running().on("2026-05-10T09:00-07:00").posted("terminate.discontinuation", effective=effective)
    assert (story.on(still_active).state, story.on(ended).state) == ("active", "terminated")


@pytest.mark.parametrize(
    ("does", "power"), [("terminate", "terminate.discontinuation"), ("modify terms", "terms.modify")]
)
def test_1_3_gives_way_to_a_conflicting_term_of_a_committed_order(does: str, power: str) -> None:
    story = running(discontinuation="excluded").on("2026-05-10")
    verdict = story.may(does, power=power)
    assert (verdict.permitted, verdict.codes, verdict.first_day) == (False, ("order",), None)
    assert running(discontinuation="allowed").on("2026-05-10").may(does, power=power).permitted


def test_1_3_a_posting_against_a_conflicting_order_takes_effect_and_is_marked_irregular() -> None:
    story = running(discontinuation="excluded").on("2026-05-10").posted("terminate.discontinuation")
    assert (story.state, story.status().irregular) == ("terminated", (story.last,))


def test_1_3_a_successor_order_does_not_lift_the_protection_of_the_order_still_running() -> None:
    story = running(discontinuation="excluded").on("2026-11-15").order("O-2", start="2027-01-01")
    assert story.on("2026-11-20").may("terminate", power="terminate.discontinuation").codes == ("order",)
    assert story.on("2027-01-01").may("terminate", power="terminate.discontinuation").permitted


def test_1_3_a_successor_order_does_not_protect_before_it_runs() -> None:
    story = running().on("2026-11-15").order("O-2", start="2027-01-01", attributes={"discontinuation": "excluded"})
    assert story.on("2026-11-20").may("terminate", power="terminate.discontinuation").permitted
    assert story.on("2027-01-01").may("terminate", power="terminate.discontinuation").codes == ("order",)


def test_1_3_is_exercised_by_posting_and_not_by_a_notice() -> None:
    story = (
        breached(running().on("2026-04-06")).notice("breach", about="B-1").on("2026-04-20")
    )  # within the cure period
    before = len(story.agreement.history)
    with suppress(Refused):
        story.do("terminate", method="courier")
    assert (len(story.agreement.history), story.state) == (before, "active")


def test_1_3_is_not_the_customers() -> None:
    refused(running().on("2026-05-10"), "modify terms", "wrong-party", by="customer")


def test_1_3_a_posting_of_other_terms_amends_the_agreement_from_the_day_it_names() -> None:
    story = running().on("2026-05-10T09:00-07:00")
    later = evolve(story.agreement.terms, id="modal-later", digest="1" * 64)
    story.agreement.learn(later)
    story.record(Posted(power="terms.modify", terms=later.id, digest=later.digest, effective="2026-06-01"))
    assert story.agreement.terms_at(last_second("2026-05-31")).id == "modal-2024-03-26"
    assert story.agreement.terms_at("2026-06-01").id == "modal-later"
    (amended,) = (entry for entry in story.agreement.timeline(story.now).entries if "amended" in entry.text)
    assert (str(amended.on), amended.clause) == ("2026-06-01", "1.3")


# ---- 1.4 trial ---------------------------------------------------------------------------------------------


def test_1_4_a_trial_lacks_the_providers_promises_and_keeps_the_customers() -> None:
    clauses = in_force(on_trial("2026-02-10").on("2026-01-20"))
    assert not clauses & {"5.2", "6.1", "6.2"}
    assert {"5.1", "5.3", "6.3", "1.12", "3.2(a)", "7", "8.9"} <= clauses


def test_1_4_a_signed_order_brings_what_the_trial_lacked() -> None:
    story = on_trial("2026-02-10").on("2026-02-02").order("O-1", start="2026-02-11")
    assert {"5.2", "6.1", "6.2"} <= in_force(story.on("2026-02-11"))


def test_1_4_a_breach_of_the_warranty_that_a_trial_lacks_gives_no_power_to_terminate() -> None:
    """On 20 January + 30 days to cure, were it a breach of something promised, 20 February would be the first day."""
    story = on_trial("2026-03-10").on("2026-01-20")
    story.opened("warranty_breach", "W-1", material=True, correction_failed=True)
    story.notice("breach", about="W-1", by="customer")
    refused(story.on("2026-02-20"), "terminate", "trial", by="customer")
    assert "terminate.warranty" not in {o.power.id for o in story.agreement.powers("2026-02-20")}


def test_1_4_a_trial_ends_after_its_last_day_and_never_converts_by_itself() -> None:
    story = on_trial("2026-02-10")
    assert story.on(last_second("2026-02-10")).state == "trial"
    status = story.on("2026-02-11").status()
    assert status.state == "terminated"
    assert status.ending is not None
    assert (status.ending.how, status.ending.clause) == ("expired", "1.4")
    assert story.on("2027-02-11").state == "terminated"


@pytest.mark.parametrize("does", ["convert", "renew"])
def test_1_4_nobody_converts_or_renews_a_trial_by_an_act(does: str) -> None:
    verdict = on_trial("2026-02-10").on("2026-01-20").may(does)
    assert not verdict.permitted
    assert "automatic" in verdict.codes
    assert [rule.clause for rule in verdict.rules] == ["1.4"]


def test_1_4_a_trial_without_a_last_day_neither_converts_nor_renews_nor_ends() -> None:
    story = on_trial().on("2029-01-12")
    assert (story.state, story.status().valid_until) == ("trial", None)


def test_1_4_a_trial_ends_at_the_instant_its_limit_is_reached() -> None:
    story = on_trial("2026-02-10").on("2026-01-30T15:00-08:00").opened("trial_limit", "L-1")
    assert story.on("2026-01-30T14:59:59-08:00").state == "trial"
    assert story.on("2026-01-30T15:00-08:00").state == "terminated"


@pytest.mark.parametrize(
    ("signed", "still_trial", "start", "end"),
    [
        ("2026-02-02", "2026-02-10", "2026-02-11", "2027-02-10"),
        ("2026-02-10", "2026-02-10", "2026-02-11", "2027-02-10"),
        ("2026-01-20", "2026-01-31", "2026-02-01", "2027-01-31"),  # before the trial's last day
    ],
)
def test_1_4_an_order_signed_within_the_trial_converts_it_on_the_orders_start(
    signed: str, still_trial: str, start: str, end: str
) -> None:
    story = on_trial("2026-02-10").on(signed).order("O-1", start=start)
    assert story.on(last_second(still_trial)).state == "trial"
    status = story.on(start).status()
    assert status.term is not None
    assert (status.state, status.term.number, str(status.term.last)) == ("active", 1, end)


def test_1_4_no_order_can_follow_a_trial_that_has_ended() -> None:
    with pytest.raises(InvalidFact, match="the agreement ends before"):
        on_trial("2026-02-10").on("2026-02-11T08:00-08:00").order("O-1", start="2026-02-12")


@pytest.mark.parametrize("limit", [None, "2026-02-07"])
def test_1_4_an_order_that_starts_later_does_not_prolong_the_trial(limit: str | None) -> None:
    story = on_trial("2026-02-10").on("2026-02-05").order("O-1", start="2026-03-01")
    if limit is not None:
        story.on(limit).opened("trial_limit", "L-1")
    assert story.on(limit or "2026-02-11").state != "trial"


def test_1_4_a_limit_reached_after_conversion_ends_nothing() -> None:
    story = on_trial("2026-02-10").on("2026-02-02").order("O-1", start="2026-02-11")
    assert story.on("2026-03-01").opened("trial_limit", "L-1").state == "active"


def test_1_4_a_trial_suspended_stays_suspended_through_conversion_and_is_reinstated_where_it_stands() -> None:
    story = on_trial("2026-02-10").on("2026-01-20").opened("prohibited_use", "U-1", by="provider")
    story.do("suspend")
    assert story.state == "suspended"
    story.on("2026-02-02").order("O-1", start="2026-02-11")
    assert story.on("2026-02-11").state == "suspended"
    assert story.on("2026-02-12").do("reinstate").target == "active"


# ---- 1.8 data ----------------------------------------------------------------------------------------------


def test_1_8_data_may_be_deleted_from_the_day_of_termination_and_not_while_suspended() -> None:
    story = running().on("2026-04-10").opened("security_risk", "R-1", by="provider")
    story.do("suspend")
    refused(story, "delete data", "no-matter")
    story.on("2026-04-20T10:00-07:00").do("terminate", by="both")
    refused(story.on("2026-04-20T09:59:59-07:00"), "delete data", "no-matter")
    assert permitted(story.on("2026-04-20T10:00-07:00"), "delete data").clause == "1.8"
    assert story.on("2029-04-20").do("delete data").target == "terminated"


def test_1_8_data_may_be_deleted_after_expiry_too() -> None:
    story = running(renews=False)
    refused(story.on(last_second("2026-12-31")), "delete data", "matter")
    permitted(story.on("2027-01-01"), "delete data")


def test_1_8_deleting_is_the_providers() -> None:
    story = running(renews=False).on("2027-01-01")
    assert "wrong-party" in story.may("delete data", by="customer").codes


# ---- 1.12(a) to (c): at once -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "attempted", "clause"),
    [
        ("security_risk", None, "1.12(a)"),
        ("prohibited_use", None, "1.12(b)"),
        ("insolvency", None, "1.12(c)"),
        ("cessation", None, "1.12(c)"),
        ("proceeding", None, "1.12(c)"),
        ("creditor_assignment", False, "1.12(c)"),
    ],
)
def test_1_12_a_to_c_open_at_the_instant_of_the_event(kind: str, clause: str, *, attempted: bool | None) -> None:
    story = running().on("2026-04-10T14:00-07:00")
    details: dict[str, Any] = {} if attempted is None else {"attempted": attempted}
    story.opened(kind, "M-1", by="provider", **details)
    refused(story.on("2026-04-10T13:59:59-07:00"), "suspend", "no-matter")
    verdict = permitted(story.on("2026-04-10T14:00-07:00"), "suspend")
    assert (verdict.clause, verdict.window.opens) == (clause, datetime(2026, 4, 10, 21, tzinfo=UTC))
    assert permitted(story.on("2027-04-10"), "suspend").clause == clause


@pytest.mark.parametrize("kind", ["security_risk", "prohibited_use"])
@pytest.mark.parametrize("by", [None, "customer"])
def test_1_12_a_and_b_rest_on_what_the_provider_asserts(kind: str, by: Party | None) -> None:
    refused(running().on("2026-04-10").opened(kind, "M-1", by=by), "suspend", "not-asserted")


@pytest.mark.parametrize(
    ("kind", "how"),
    [("security_risk", "resolved"), ("insolvency", "ended"), ("cessation", "ended"), ("proceeding", "dismissed")],
)
def test_1_12_a_and_c_the_power_goes_with_its_matter_but_a_hold_waits_for_an_act(kind: str, how: str) -> None:
    story = running().on("2026-04-10").opened(kind, "M-1", by="provider")
    story.on("2026-04-11").do("suspend")
    story.on("2026-04-20T12:00-07:00").ended("M-1", how)
    assert story.on("2026-04-21").state == "suspended"
    assert story.on("2026-04-22").do("reinstate").target == "active"
    refused(story.on("2026-04-23"), "suspend", "matter")


@pytest.mark.parametrize(("kind", "details"), [("prohibited_use", {}), ("creditor_assignment", {"attempted": False})])
def test_1_12_b_and_an_assignment_never_end_and_the_hold_lifts_by_an_act(kind: str, details: dict[str, Any]) -> None:
    story = running().on("2026-04-10").opened(kind, "M-1", by="provider", **details)
    with pytest.raises(InvalidFact):
        story.ended("M-1", "ended")
    story.do("suspend")
    assert story.on("2028-04-10").state == "suspended"
    assert story.do("reinstate").target == "renewed"
    permitted(story.on("2028-04-11"), "suspend")


def test_1_12_c_takes_an_assignment_made_while_an_attempt_is_enough_only_for_3_2_b() -> None:
    story = running().on("2026-04-10").opened("creditor_assignment", "A-1", attempted=True)
    refused(story, "suspend", "not-applicable")
    assert permitted(story, "terminate", about="A-1").clause == "3.2(b)(i)"
    story.on("2026-04-20").changed("A-1", attempted=False)
    permitted(story, "suspend")


def test_1_12_c_stays_shut_while_nobody_says_whether_the_assignment_was_made() -> None:
    refused(running().on("2026-04-10").opened("creditor_assignment", "A-1"), "suspend", "unsaid")


def test_1_12_c_says_nothing_of_a_composition() -> None:
    refused(running().on("2026-04-10").opened("composition", "C-1", attempted=False), "suspend", "no-matter")


def test_1_12_suspension_is_the_providers_alone() -> None:
    story = running().on("2026-04-10").opened("security_risk", "M-1", by="provider")
    refused(story, "suspend", "wrong-party", by="customer")
    story.do("suspend")
    refused(story, "reinstate", "wrong-party", by="customer")


def test_1_12_c_a_proceeding_of_another_sort_suspends_until_it_is_dismissed() -> None:
    story = running().on("2026-04-10").opened("other_proceeding", "P-1")
    permitted(story, "suspend", about="P-1")
    refused(story.on("2026-04-20").ended("P-1", "dismissed"), "suspend", "matter", about="P-1")


@pytest.mark.parametrize(
    ("kind", "said"),
    [("prohibited_use", {}), ("creditor_assignment", {"attempted": False}), ("security_risk", {}), ("insolvency", {})],
)
def test_1_12_a_hold_recorded_by_mistake_lifts_by_the_providers_act_and_not_by_itself(kind: str, said: Any) -> None:
    story = running().on("2026-04-10").opened(kind, "M-1", by="provider", **said)
    opening = story.last
    story.do("suspend", about="M-1")
    assert story.on("2026-04-11").withdrawn(opening).state == "suspended"
    story.do("reinstate")
    assert story.state == "active"


# ---- 1.12(d) and 3.2(a): breach ----------------------------------------------------------------------------

CURE_PERIODS = [
    # start of the order, N, N + 30, N + 31
    ("2026-01-01", "2026-02-18", "2026-03-20", "2026-03-21"),  # 10 days to 28 Feb, 20 more: over the change of clocks
    ("2028-01-01", "2028-02-18", "2028-03-19", "2028-03-20"),  # 11 days to 29 Feb, 19 more
    ("2026-01-01", "2026-04-06", "2026-05-06", "2026-05-07"),  # 24 days to 30 Apr, 6 more
    ("2026-01-01", "2026-10-20", "2026-11-19", "2026-11-20"),  # 11 days to 31 Oct, 19 more: clocks change back
    ("2026-01-01", "2026-12-15", "2027-01-14", "2027-01-15"),  # 16 days to 31 Dec, 14 more: the term rolls meanwhile
]


@pytest.mark.parametrize(("start", "given", "safe", "first"), CURE_PERIODS)
@pytest.mark.parametrize("remediable", [True, False])
def test_1_12_d_opens_on_the_31st_day_after_notice_curable_or_not(
    start: str, given: str, safe: str, first: str, *, remediable: bool
) -> None:
    story = breached(running(start).on(f"{given}T09:00[America/Los_Angeles]"), remediable=remediable, material=False)
    story.notice("breach", about="B-1")
    assert opens(story, "suspend", safe=safe, first=first).clause == "1.12(d)"


@pytest.mark.parametrize(("start", "given", "safe", "first"), CURE_PERIODS)
@pytest.mark.parametrize(("party", "by"), [("customer", "provider"), ("provider", "customer")])
def test_3_2_a_remediable_opens_on_the_31st_day_after_notice_for_the_other_party(
    start: str, given: str, safe: str, first: str, party: Party, by: Party
) -> None:
    story = breached(running(start).on(given), party=party).notice("breach", about="B-1", by=by)
    assert opens(story, "terminate", safe=safe, first=first, by=by, about="B-1").clause == "3.2(a)"


def test_1_12_d_the_worked_example_in_instants_spans_a_change_of_clocks() -> None:
    story = breached(running().on("2026-02-18T16:30-08:00")).notice("breach", about="B-1")
    window = permitted(story.on("2026-03-21"), "suspend").window
    assert window.opens == datetime(2026, 3, 21, 7, tzinfo=UTC)  # 00:00 PDT
    refused(story.on("2026-03-21T06:59:59Z"), "suspend", "clock")
    permitted(story.on("2026-03-21T07:00:00Z"), "suspend")
    whole_days_left = window.opens - datetime(2026, 2, 19, 8, tzinfo=UTC)  # from 00:00 PST of the day after the notice
    assert whole_days_left.total_seconds() == 719 * 3600


def test_a_notice_falls_on_its_day_in_los_angeles_whatever_the_time_or_the_day_elsewhere() -> None:
    story = breached(running().on("2026-02-18")).on("2026-02-19T07:59:59Z").notice("breach", about="B-1")  # 18 Feb, PST
    opens(story, "suspend", safe="2026-03-20", first="2026-03-21")


@pytest.mark.parametrize("does", ["suspend", "terminate"])
def test_a_breach_without_a_notice_opens_neither_1_12_d_nor_3_2_a(does: str) -> None:
    story = breached(running().on("2026-02-18")).on("2026-04-06")
    verdict = refused(story, does, "notice-missing", about="B-1")
    assert (verdict.supposing, str(verdict.first_day)) == (True, "2026-05-07")  # if given at once: 6 Apr + 31


@pytest.mark.parametrize("does", ["suspend", "terminate"])
def test_a_breach_notice_is_the_other_partys_to_give(does: str) -> None:
    story = breached(running().on("2026-02-18")).notice("breach", about="B-1", by="customer")
    refused(story.on("2026-06-01"), does, "notice-missing", about="B-1")


@pytest.mark.parametrize("does", ["suspend", "terminate"])
@pytest.mark.parametrize("cured", ["2026-02-18T12:00-08:00", "2026-03-20T23:59:59-07:00", "2026-03-21"])
def test_a_breach_cured_by_the_opening_is_neither_suspended_nor_terminated_for(does: str, cured: str) -> None:
    story = breached(running().on("2026-02-18")).notice("breach", about="B-1").on(cured).ended("B-1", "cured")
    for day in ("2026-03-21", "2026-05-01"):
        assert refused(story.on(day), does, "matter", about="B-1").first_day is None


@pytest.mark.parametrize("does", ["suspend", "terminate"])
def test_a_cure_at_noon_of_the_first_day_leaves_half_a_day(does: str) -> None:
    story = breached(running().on("2026-02-18")).notice("breach", about="B-1")
    story.on("2026-03-21T12:00-07:00").ended("B-1", "cured")
    permitted(story.on("2026-03-21T11:59:59-07:00"), does, about="B-1")
    refused(story.on("2026-03-21T12:00-07:00"), does, "matter", about="B-1")


@pytest.mark.parametrize("does", ["suspend", "terminate"])
def test_a_breach_that_returns_takes_a_new_notice(does: str) -> None:
    story = breached(running().on("2026-02-18")).notice("breach", about="B-1")
    story.on("2026-03-01").ended("B-1", "cured").on("2026-04-01").reopened("B-1")
    refused(story.on("2026-04-05"), does, "notice-missing", about="B-1")
    story.on("2026-04-06").notice("breach", about="B-1")
    opens(story, does, safe="2026-05-06", first="2026-05-07", about="B-1")


def test_1_12_d_an_incurable_breach_is_never_cured_but_its_notice_may_be_taken_back() -> None:
    story = breached(running().on("2026-02-18"), remediable=False).notice("breach", about="B-1")
    story.on("2026-03-01").ended("B-1", "cured")
    permitted(story.on("2026-03-21"), "suspend")


@pytest.mark.parametrize("remediable", [True, False])
def test_a_breach_that_is_no_longer_asserted_opens_nothing(*, remediable: bool) -> None:
    story = breached(running().on("2026-02-18"), remediable=remediable).notice("breach", about="B-1")
    story.on("2026-03-21").do("suspend")
    story.on("2026-03-25").ended("B-1", "withdrawn")
    assert story.on("2026-03-26").state == "suspended"  # until the provider lifts it
    story.do("reinstate")
    for does in ("suspend", "terminate"):
        verdict = story.on("2026-03-27").may(does, about="B-1")
        assert (verdict.permitted, "matter" in verdict.codes) == (False, True)


@pytest.mark.parametrize(("remediable", "power"), [(True, ""), (False, ".incurable")])
def test_a_refusal_speaks_of_the_power_that_fits_the_breach(power: str, *, remediable: bool) -> None:
    story = breached(running().on("2026-02-18"), remediable=remediable).notice("breach", about="B-1")
    story.on("2026-03-01").ended("B-1", "withdrawn")
    verdict = refused(story.on("2026-03-27"), "suspend", "matter")
    assert verdict.power is not None
    assert verdict.power.id == f"suspend.breach{power}"


def test_1_12_d_a_hold_outlives_the_cure_until_the_provider_lifts_it() -> None:
    story = breached(running().on("2026-02-18")).notice("breach", about="B-1")
    story.on("2026-03-21").do("suspend")
    story.on("2026-03-25").ended("B-1", "cured")
    assert story.on("2026-03-26").state == "suspended"
    assert story.do("reinstate").target == "active"


def test_1_12_d_is_not_about_the_providers_breach() -> None:
    story = breached(running().on("2026-02-18"), party="provider").notice("breach", about="B-1", by="customer")
    assert "not-applicable" in story.on("2026-04-01").may("suspend").codes


@pytest.mark.parametrize("unsaid", ["remediable", "material"])
def test_3_2_a_stays_shut_while_nobody_says_whether_the_breach_is_material_and_remediable(unsaid: str) -> None:
    story = running().on("2026-02-18")
    said: dict[str, Any] = {name: True for name in ("remediable", "material") if name != unsaid}
    story.opened("breach", "B-1", party="customer", by="provider", **said).notice("breach", about="B-1")
    refused(story.on("2026-04-01"), "terminate", "unsaid", about="B-1")


def test_3_2_a_takes_a_material_breach() -> None:
    story = breached(running().on("2026-02-18"), material=False).notice("breach", about="B-1")
    refused(story.on("2026-04-01"), "terminate", "not-applicable", about="B-1")


@pytest.mark.parametrize(("party", "by"), [("customer", "provider"), ("provider", "customer")])
def test_3_2_a_not_remediable_opens_at_the_instant_of_the_breach(party: Party, by: Party) -> None:
    story = breached(running().on("2026-04-10T14:00-07:00"), party=party, remediable=False)
    refused(story.on("2026-04-10T13:59:59-07:00"), "terminate", "no-matter", by=by, about="B-1")
    verdict = permitted(story.on("2026-04-10T14:00-07:00"), "terminate", by=by, about="B-1")
    assert (verdict.clause, verdict.window.opens) == ("3.2(a)", datetime(2026, 4, 10, 21, tzinfo=UTC))


@pytest.mark.parametrize("party", ["customer", "provider"])
@pytest.mark.parametrize("remediable", [True, False])
def test_3_2_a_gives_nothing_to_the_party_in_breach(party: Party, *, remediable: bool) -> None:
    by: Party = "provider" if party == "customer" else "customer"
    story = breached(running().on("2026-02-18"), party=party, remediable=remediable).notice(
        "breach", about="B-1", by=by
    )
    verdict = story.on("2026-04-01").may("terminate", by=party, about="B-1")
    assert (verdict.permitted, verdict.first_day) == (False, None)
    assert "wrong-party" in verdict.codes


@pytest.mark.parametrize("method", VALID_METHODS)
def test_3_2_a_is_exercised_by_a_second_written_notice_and_not_by_itself(method: str) -> None:
    story = breached(running().on("2026-04-06")).notice("breach", about="B-1")
    assert story.on("2026-12-31").state == "active"
    assert story.on("2026-05-07").do("terminate", about="B-1", method=method).target == "terminated"


@pytest.mark.parametrize("method", [*OTHER_METHODS, None])
def test_3_2_a_is_not_exercised_without_a_writing_that_8_5_knows(method: str | None) -> None:
    story = breached(running().on("2026-04-06")).notice("breach", about="B-1").on("2026-05-07")
    before = len(story.agreement.history)
    with pytest.raises(Refused) as refusal:
        story.do("terminate", about="B-1", method=method)
    assert refusal.value.verdict.codes == ("not-in-writing",)
    assert (len(story.agreement.history), story.state) == (before, "active")


@pytest.mark.parametrize(("notice", "by"), [("breach", "provider"), ("warranty", "customer"), ("claim", "customer")])
def test_a_notice_about_something_names_it(notice: str, by: Party) -> None:
    with pytest.raises(InvalidFact, match="names what it is about"):
        running().on("2026-04-06").notice(notice, by=by)


# ---- 1.12(e) and the overdue paragraph ---------------------------------------------------------------------

OVERDUE = [
    # payment, start of the order, D, O, last safe day, first day
    ("invoice", "2026-01-01", "2026-03-01", "2026-03-05", "2026-03-30", "2026-03-31"),  # D + 30; O + 10 = 15 Mar
    ("invoice", "2026-01-01", "2026-03-01", "2026-03-21", "2026-03-30", "2026-03-31"),  # D + 30 = O + 10 = 31 Mar
    ("invoice", "2026-01-01", "2026-03-01", "2026-03-22", "2026-03-31", "2026-04-01"),  # O + 10
    ("invoice", "2028-01-01", "2028-02-01", "2028-02-25", "2028-03-05", "2028-03-06"),  # O + 10: 4 to 29 Feb, 6 more
    ("invoice", "2026-01-01", "2026-01-30", "2026-01-31", "2026-02-28", "2026-03-01"),  # D + 30: 1 + 28 + 1
    ("invoice", "2028-01-01", "2028-01-30", "2028-01-31", "2028-02-28", "2028-02-29"),  # D + 30: 1 + 29
    ("invoice", "2026-01-01", "2026-10-15", "2026-10-20", "2026-11-13", "2026-11-14"),  # D + 30: 16 to 31 Oct, 14 more
    ("invoice", "2026-01-01", "2026-12-31", "2027-01-01", "2027-01-29", "2027-01-30"),  # D + 30, in the renewed term
    ("card", "2026-01-01", "2026-10-30", "2026-10-31", "2026-11-09", "2026-11-10"),  # O + 10; D + 10 = 9 Nov
    ("card", "2026-01-01", "2026-03-01", "2026-03-02", "2026-03-11", "2026-03-12"),  # earliest notice: D + 11
    ("card", "2026-01-01", "2026-03-01", "2026-03-20", "2026-03-29", "2026-03-30"),  # O + 10; D + 10 = 11 Mar
]


@pytest.mark.parametrize(("payment", "start", "due", "given", "safe", "first"), OVERDUE)
def test_1_12_e_opens_on_the_later_of_the_days_overdue_and_ten_days_after_notice(
    payment: str, start: str, due: str, given: str, safe: str, first: str
) -> None:
    story = running(start).on(start).invoice("INV-7", "120.00 USD", due=due, payment=payment)
    story.on(last_second(given)).notice("overdue", about="INV-7")
    assert opens(story, "suspend", safe=safe, first=first).clause == "1.12(e)"


def test_1_12_e_of_a_card_invoice_the_ten_days_overdue_are_met_a_day_before_the_earliest_notice_can_be() -> None:
    story = running().invoice("INV-7", "120.00 USD", due="2026-03-01", payment="card")
    story.on("2026-03-02").notice("overdue", about="INV-7")
    unmet = [len(story.on(day).may("suspend").unmet) for day in ("2026-03-10", "2026-03-11", "2026-03-12")]
    assert unmet == [2, 1, 0]  # D + 10 = 11 Mar; O + 10 = 12 Mar


@pytest.mark.parametrize(
    ("payment", "start", "due", "safe", "first"),
    [
        ("invoice", "2026-01-01", "2026-03-01", "2026-03-30", "2026-03-31"),  # D + 30
        ("invoice", "2028-01-01", "2028-02-01", "2028-03-01", "2028-03-02"),  # 28 to 29 Feb, 2 more
        ("card", "2026-01-01", "2026-03-01", "2026-03-10", "2026-03-11"),  # D + 10
        ("card", "2026-01-01", "2026-10-30", "2026-11-08", "2026-11-09"),  # 1 to 31 Oct, 9 more
    ],
)
def test_1_12_accelerating_takes_the_days_overdue_and_no_notice(
    payment: str, start: str, due: str, safe: str, first: str
) -> None:
    story = running(start).invoice("INV-7", "120.00 USD", due=due, payment=payment)
    assert opens(story, "accelerate", safe=safe, first=first).clause == "1.12"
    assert [effect.id for effect in story.on(first).do("accelerate").effects] == ["fees accelerated"]
    story.paid("INV-7", "120.00 USD")
    refused(story.on("2028-12-01"), "accelerate", "matter")


def test_1_12_stays_shut_while_nobody_says_whether_the_invoice_is_paid_by_card() -> None:
    story = running().opened("invoice", "INV-7", amount="120.00 USD", due="2026-03-01")
    story.on("2026-03-05").notice("overdue", about="INV-7")
    refused(story.on("2026-05-01"), "suspend", "unsaid")
    refused(story.on("2026-05-01"), "accelerate", "unsaid")


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("2026-02-10", "2026-03-31"),  # notice on D + 1 at the earliest: 2 + 10 = 12 Mar; D + 30 = 31 Mar
        ("2026-03-20", "2026-03-31"),  # 20 + 10 = 30 Mar; D + 30 = 31 Mar
        ("2026-04-06", "2026-04-16"),  # 6 + 10
    ],
)
def test_1_12_e_without_a_notice_the_refusal_says_from_when_if_it_were_given_at_once(asked: str, first: str) -> None:
    story = running().invoice("INV-7", "120.00 USD", due="2026-03-01").on(asked)
    verdict = story.may("suspend")
    assert (verdict.permitted, verdict.supposing, str(verdict.first_day)) == (False, True, first)
    assert "notice-missing" in verdict.codes


@pytest.mark.parametrize(
    ("given", "counts"),
    [
        ("2026-02-20", False),
        (last_second("2026-03-01"), False),  # the due day itself: not overdue yet
        ("2026-03-02", True),  # from its first instant
    ],
)
def test_1_12_e_a_notice_counts_only_from_the_day_after_the_due_day(given: str, *, counts: bool) -> None:
    story = running().invoice("INV-7", "120.00 USD", due="2026-03-01").on(given).notice("overdue", about="INV-7")
    verdict = story.on("2026-05-01").may("suspend")
    assert (verdict.permitted, verdict.codes) == (counts, () if counts else ("notice-missing",))


def test_1_12_e_the_earliest_valid_notice_counts() -> None:
    story = running().invoice("INV-7", "120.00 USD", due="2026-03-01")
    story.on("2026-03-01").notice("overdue", about="INV-7")  # too early
    story.on("2026-03-02").notice("overdue", about="INV-7", method="email")  # no notice
    story.on("2026-03-03").notice("overdue", about="INV-7", by="customer")  # not the customer's to give
    story.on("2026-03-25").notice("overdue", about="INV-7")
    story.on("2026-03-28").notice("overdue", about="INV-7")
    opens(story, "suspend", safe="2026-04-03", first="2026-04-04")  # 25 + 10: 6 to 31 Mar, 4 more


def two_invoices() -> Story:
    story = running().invoice("INV-1", "120.00 USD", due="2026-03-01")
    return story.invoice("INV-2", "80.00 USD", due="2026-03-10")


@pytest.mark.parametrize(
    ("given", "named", "covered"),
    [
        (last_second("2026-03-10"), (), ("INV-1",)),  # INV-2 is due that day, not overdue
        ("2026-03-11", (), ("INV-1", "INV-2")),
        ("2026-03-11", ("INV-2",), ("INV-2",)),
        ("2026-03-11", ("INV-1", "INV-2"), ("INV-1", "INV-2")),
        (last_second("2026-03-10"), ("INV-1", "INV-2"), ("INV-1",)),  # naming it on its due day is too early
    ],
)
def test_1_12_e_a_notice_covers_what_it_names_or_all_that_is_overdue_that_day(
    given: str, named: tuple[str, ...], covered: tuple[str, ...]
) -> None:
    story = two_invoices().on(given).notice("overdue", about=named).on("2026-05-01")
    for invoice in ("INV-1", "INV-2"):
        assert story.may("suspend", about=invoice).permitted is (invoice in covered)
    assert story.may("suspend").about == covered


def test_1_12_e_a_notice_naming_none_does_not_cover_an_invoice_issued_after_it() -> None:
    story = two_invoices().on("2026-03-05").notice("overdue")
    story.on("2026-03-12").invoice("INV-3", "10.00 USD", due="2026-03-20")
    refused(story.on("2026-06-01"), "suspend", "notice-missing", about="INV-3")


def suspended_for_overdue() -> Story:
    """INV-1 of 120.00 USD due 1 Mar 2026, notice on 5 Mar, suspended on 31 Mar."""
    story = running().invoice("INV-1", "120.00 USD", due="2026-03-01").on("2026-03-05").notice("overdue", about="INV-1")
    story.on("2026-03-31T09:00-07:00").do("suspend")
    return story


def test_1_12_e_the_hold_lifts_by_itself_at_the_instant_of_full_payment() -> None:
    story = suspended_for_overdue()
    story.on("2026-04-02T10:00-07:00").paid("INV-1", "119.99 USD")
    assert story.on("2026-04-03").state == "suspended"
    story.on("2026-04-04T10:00-07:00").paid("INV-1", "0.01 USD")
    assert story.on("2026-04-04T09:59:59-07:00").state == "suspended"
    assert story.on("2026-04-04T10:00-07:00").state == "active"


@pytest.mark.parametrize(
    "parts",
    [
        (("120.00 USD", "credit"),),
        (("120.00 USD", "write_off"),),
        (("100.00 USD", "payment"), ("20.00 USD", "credit")),
        (("60.00 USD", "credit"), ("30.00 USD", "payment"), ("30.00 USD", "write_off")),
        (("150.00 USD", "payment"),),
    ],
)
def test_1_12_e_paid_in_full_is_payments_credit_notes_and_write_offs_together(
    parts: tuple[tuple[str, str], ...],
) -> None:
    story = suspended_for_overdue()
    for day, (amount, means) in enumerate(parts, start=2):
        assert story.on(f"2026-04-{day:02}").state == "suspended"
        story.paid("INV-1", amount, means)  # type: ignore[arg-type]
    assert story.state == "active"
    refused(story.on("2026-05-01"), "suspend", "matter")


def test_1_12_e_the_hold_lifts_with_its_own_amounts_whatever_else_is_overdue() -> None:
    story = two_invoices().on("2026-03-05").notice("overdue", about="INV-1")
    story.on("2026-04-15").do("suspend")
    assert [hold.matter for hold in story.status().holds] == ["INV-1"]
    story.on("2026-04-20").paid("INV-1", "120.00 USD")
    assert story.state == "active"  # INV-2 is overdue since 11 Mar, but nobody gave notice of it


def test_1_12_e_a_hold_may_be_about_some_of_what_is_overdue_and_joined_by_another() -> None:
    story = two_invoices().on("2026-03-11").notice("overdue").on("2026-04-15")
    story.do("suspend", about="INV-2")
    assert [hold.matter for hold in story.status().holds] == ["INV-2"]
    story.on("2026-04-16").do("suspend")
    assert [hold.matter for hold in story.status().holds] == ["INV-2", "INV-1"]
    story.on("2026-04-17").paid("INV-2", "80.00 USD")
    assert [hold.matter for hold in story.status().holds] == ["INV-1"]
    story.on("2026-04-18").do("reinstate", about="INV-1")
    assert story.state == "active"


def test_1_12_suspending_stops_access_and_reinstating_resumes_it() -> None:
    story = running().on("2026-04-10").opened("security_risk", "R-1", by="provider")
    assert [effect.id for effect in story.do("suspend").effects] == ["access stops"]
    assert [effect.id for effect in story.on("2026-04-11").do("reinstate").effects] == ["access resumes"]
    assert not story.may("reinstate").permitted


def test_1_12_e_every_amount_of_the_hold_is_paid_before_it_lifts() -> None:
    story = two_invoices().on("2026-03-11").notice("overdue")
    story.on("2026-04-15").do("suspend")
    story.on("2026-04-20").paid("INV-1", "120.00 USD")
    assert story.state == "suspended"
    story.on("2026-04-21").paid("INV-2", "80.00 USD")
    assert story.state == "active"


def test_1_12_e_the_provider_may_lift_the_hold_before_it_is_paid_and_suspend_again() -> None:
    story = suspended_for_overdue()
    refused(story.on("2026-04-01"), "suspend", "already")
    assert story.do("reinstate").target == "active"
    permitted(story.on("2026-04-02"), "suspend")


def test_1_12_e_a_payment_learned_late_undoes_the_hold_only_once_it_is_known() -> None:
    story = suspended_for_overdue()
    assert story.on("2026-04-01").state == "suspended"
    story.on("2026-03-20", learned="2026-04-02").paid("INV-1", "120.00 USD")
    assert story.on("2026-04-01").state == "active"
    assert story.agreement.known_at("2026-04-01").status("2026-04-01").state == "suspended"


@pytest.mark.parametrize("means", ["chargeback", "refund"])
def test_1_12_e_a_reversed_payment_reopens_the_invoice_and_earlier_notices_do_not_count_again(means: str) -> None:
    story = running().invoice("INV-1", "120.00 USD", due="2026-03-01").on("2026-03-05").notice("overdue", about="INV-1")
    story.on("2026-03-10").paid("INV-1", "120.00 USD").on("2026-04-20").paid("INV-1", "0.01 USD", means)  # type: ignore[arg-type]
    verdict = refused(story.on("2026-04-21"), "suspend", "notice-missing")
    assert str(verdict.first_day) == "2026-05-01"  # if given at once: 21 Apr + 10
    assert permitted(story, "accelerate").window.opens == datetime(2026, 4, 20, 7, tzinfo=UTC)  # the days overdue stand
    story.on("2026-04-22").notice("overdue", about="INV-1")
    opens(story, "suspend", safe="2026-05-01", first="2026-05-02")  # 22 Apr + 10


def test_1_12_e_a_payment_reversed_before_the_due_day_changes_no_day() -> None:
    story = running().invoice("INV-1", "120.00 USD", due="2026-03-01").on("2026-02-10").paid("INV-1", "120.00 USD")
    story.on("2026-02-20").paid("INV-1", "120.00 USD", "chargeback").on("2026-03-05").notice("overdue", about="INV-1")
    opens(story, "suspend", safe="2026-03-30", first="2026-03-31")
    opens(story, "charge interest", safe="2026-03-01", first="2026-03-02")


def test_1_12_e_a_reversal_does_not_bring_a_lifted_hold_back() -> None:
    story = suspended_for_overdue()
    story.on("2026-04-04").paid("INV-1", "120.00 USD").on("2026-04-20").paid("INV-1", "120.00 USD", "chargeback")
    assert story.on("2026-04-21").state == "active"
    refused(story, "suspend", "notice-missing")


def test_1_12_e_a_hold_of_a_reopened_invoice_lifts_with_its_own_payment() -> None:
    story = suspended_for_overdue()
    story.on("2026-04-04").paid("INV-1", "120.00 USD").on("2026-04-20").paid("INV-1", "50.00 USD", "chargeback")
    story.on("2026-04-22").notice("overdue", about="INV-1").on("2026-05-02").do("suspend")  # 22 Apr + 10
    assert story.on("2026-05-04").state == "suspended"
    assert story.on("2026-05-05").paid("INV-1", "50.00 USD").state == "active"


def test_1_12_e_a_refund_of_what_was_overpaid_reopens_nothing() -> None:
    story = running().invoice("INV-1", "120.00 USD", due="2026-03-01").on("2026-03-05").notice("overdue", about="INV-1")
    story.on("2026-03-10").paid("INV-1", "150.00 USD").on("2026-03-12").paid("INV-1", "30.00 USD", "refund")
    refused(story.on("2026-04-21"), "suspend", "matter")


def test_1_12_e_a_partial_payment_does_not_stop_the_clocks() -> None:
    story = running().invoice("INV-1", "120.00 USD", due="2026-03-01").on("2026-03-05").notice("overdue", about="INV-1")
    story.on("2026-03-10").paid("INV-1", "119.00 USD")
    opens(story, "suspend", safe="2026-03-30", first="2026-03-31")


@pytest.mark.parametrize("paid", ["2026-02-10", "2026-03-30T23:59:59-07:00", "2026-03-31"])
def test_1_12_e_an_invoice_paid_by_the_opening_is_not_suspended_for(paid: str) -> None:
    story = running().invoice("INV-1", "120.00 USD", due="2026-03-01")
    story.on("2026-03-05").notice("overdue", about="INV-1").on(paid).paid("INV-1", "120.00 USD")
    assert "matter" in story.on("2026-03-31").may("suspend").codes


def test_1_12_e_an_invoice_voided_is_not_suspended_for() -> None:
    story = running().invoice("INV-1", "120.00 USD", due="2026-03-01").on("2026-03-05").notice("overdue", about="INV-1")
    story.on("2026-03-20").ended("INV-1", "voided")
    refused(story.on("2026-03-31"), "suspend", "matter")


def test_1_12_a_refusal_reads_as_documented() -> None:
    story = running().invoice("INV-7", "120.00 USD", due="2026-03-01").on("2026-03-05").notice("overdue", about="INV-7")
    with pytest.raises(Refused) as refusal:
        story.on("2026-03-28").do("suspend")
    told = str(refusal.value)
    assert told.startswith(
        "suspend refused on 2026-03-28: 1.12 needs 30 days overdue (invoice INV-7 due 2026-03-01: day 27)"
        " - opens 2026-03-31; "
    )
    assert "overdue notice given 2026-03-05" in told
    assert "- met" in told
    assert told.endswith(". First day: 2026-03-31.")


def test_8_5_a_refusal_says_why_a_notice_does_not_count() -> None:
    story = running().invoice("INV-7", "120.00 USD", due="2026-03-01")
    story.on("2026-03-05").notice("overdue", about="INV-7", method="email")
    told = str(story.on("2026-04-28").may("suspend"))
    assert "8.5: email gives no notice" in told
    assert "Missing: give an overdue notice about invoice INV-7 by personal, registered mail" in told
    assert told.endswith("First day: 2026-05-08 (if the missing notice is given as soon as it counts).")  # 28 Apr + 10


def test_1_12_e_an_invoice_is_counted_by_the_days_of_its_own_means_of_payment_alone() -> None:
    for payment, days in (("invoice", 30), ("card", 10)):
        story = running().invoice("INV-7", "120.00 USD", due="2026-03-01", payment=payment)
        story.on("2026-03-02").notice("overdue", about="INV-7")
        assert counts(refused(story, "accelerate", "clock")) == [("1.12", days)]
        assert counts(refused(story, "suspend", "clock")) == [("1.12", days), ("1.12", 10)]


def counts(verdict: Verdict) -> list[tuple[str, int]]:
    """The clause and the number of each count that is not met."""
    return [(reason.clause, reason.clock.n) for reason in verdict.unmet if isinstance(reason, Counted)]


# ---- 2 fees ------------------------------------------------------------------------------------------------


def test_2_1_there_is_no_termination_for_convenience() -> None:
    verdict = running().on("2026-04-10").may("terminate", by="customer")
    assert (verdict.permitted, verdict.first_day) == (False, None)
    assert [rule.clause for rule in verdict.rules] == ["2.1"]
    assert "2.1" in str(verdict)


def test_2_1_the_refusal_of_termination_for_convenience_has_a_code() -> None:
    assert running().on("2026-04-10").may("terminate", by="customer").codes


@pytest.mark.parametrize(
    ("rule", "clause"),
    [
        ("trial ends by its limits", "1.4"),
        ("no refund", "2.1"),
        ("no convenience", "2.1"),
        ("insolvency alone", "3.2(b)"),
        ("commitments stand", "2.1"),
        ("sole remedy", "6.2"),
        ("excused performance", "8.4"),
        ("precedence", "8.9"),
    ],
)
def test_what_has_no_window_is_still_said(rule: str, clause: str) -> None:
    assert (rule, clause) in {(said.id, said.clause) for said in running().agreement.terms.rules}


def test_2_1_no_end_refunds_anything() -> None:
    outcome = running().on("2026-04-10").do("terminate", by="both")
    assert not [effect.id for effect in outcome.effects if "refund" in effect.id]


def test_2_2_a_interest_runs_from_the_day_after_the_due_day_until_paid() -> None:
    story = running().invoice("INV-1", "120.00 USD", due="2026-03-01")
    assert opens(story, "charge interest", safe="2026-03-01", first="2026-03-02").clause == "2.2(a)"
    (effect,) = story.on("2026-03-02").do("charge interest").effects
    assert dict(effect.figures) == {"rate": "1.5 %", "per": "month", "cap": "the maximum rate permitted by law"}
    story.on("2026-03-20T12:00-07:00").paid("INV-1", "120.00 USD")
    permitted(story.on("2026-03-20T11:59:59-07:00"), "charge interest")
    refused(story.on("2026-03-20T12:00-07:00"), "charge interest", "matter")


def test_2_2_a_interest_on_accrued_fees_runs_on_after_the_end() -> None:
    story = running(renews=False).invoice("INV-1", "120.00 USD", due="2026-12-15")
    permitted(story.on("2027-02-01"), "charge interest")


@pytest.mark.parametrize("does", ["suspend", "accelerate", "charge interest", "shorten payment terms"])
@pytest.mark.parametrize("means", ["payment", "credit", "write_off", "voided"])
def test_what_is_settled_or_voided_before_it_is_due_opens_nothing(means: str, does: str) -> None:
    story = running().invoice("INV-1", "120.00 USD", due="2026-03-01").on("2026-02-20")
    if means == "voided":
        story.ended("INV-1", "voided")
    else:
        story.paid("INV-1", "120.00 USD", means)  # type: ignore[arg-type]
    story.on("2026-03-05").notice("overdue", about="INV-1")
    assert "matter" in story.on("2026-05-01").may(does).codes


def test_2_2_b_shorter_payment_terms_open_the_day_after_the_due_day() -> None:
    story = running().invoice("INV-1", "120.00 USD", due="2026-03-01")
    assert opens(story, "shorten payment terms", safe="2026-03-01", first="2026-03-02").clause == "2.2(b)"


@pytest.mark.parametrize("paid", ["2026-03-02", "2026-03-02T00:00:01-08:00", "2026-04-10"])
def test_2_2_b_late_payment_leaves_the_power_open(paid: str) -> None:
    story = running().invoice("INV-1", "120.00 USD", due="2026-03-01").on(paid).paid("INV-1", "120.00 USD")
    permitted(story.on("2026-10-01"), "shorten payment terms")


def test_2_2_b_a_part_paid_in_time_is_not_payment_by_the_due_day() -> None:
    story = running().invoice("INV-1", "120.00 USD", due="2026-03-01").on("2026-02-10").paid("INV-1", "119.99 USD")
    story.on("2026-04-10").paid("INV-1", "0.01 USD")
    permitted(story.on("2026-10-01"), "shorten payment terms")


@pytest.mark.parametrize("paid", ["2026-02-10", "2026-03-01", "2026-03-01T23:59:59-08:00"])
def test_2_2_b_payment_by_the_due_day_keeps_the_power_from_arising(paid: str) -> None:
    story = running().invoice("INV-1", "120.00 USD", due="2026-03-01").on(paid).paid("INV-1", "120.00 USD")
    refused(story.on("2026-10-01"), "shorten payment terms", "matter")


@pytest.mark.parametrize("does", ["accelerate", "charge interest", "shorten payment terms"])
def test_2_2_and_acceleration_are_the_providers(does: str) -> None:
    story = running().invoice("INV-1", "120.00 USD", due="2026-03-01").on("2026-05-01")
    refused(story, does, "wrong-party", by="customer")


# ---- 3.1 renewal -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "terms"),
    [
        ("2026-01-01", 12, [("2026-01-01", "2026-12-31"), ("2027-01-01", "2027-12-31")]),
        ("2026-01-05", 24, [("2026-01-05", "2028-01-04"), ("2028-01-05", "2030-01-04")]),
        (  # no 31st: the month's last day; always counted from 31 Jan
            "2027-01-31",
            1,
            [
                ("2027-01-31", "2027-02-28"),
                ("2027-03-01", "2027-03-30"),
                ("2027-03-31", "2027-04-30"),
                ("2027-05-01", "2027-05-30"),
            ],
        ),
        (  # half-years from 31 Aug, over a leap year
            "2026-08-31",
            6,
            [
                ("2026-08-31", "2027-02-28"),
                ("2027-03-01", "2027-08-30"),
                ("2027-08-31", "2028-02-29"),
                ("2028-03-01", "2028-08-30"),
            ],
        ),
        (  # 29 Feb exists again in 2032
            "2028-02-29",
            12,
            [
                ("2028-02-29", "2029-02-28"),
                ("2029-03-01", "2030-02-28"),
                ("2030-03-01", "2031-02-28"),
                ("2031-03-01", "2032-02-28"),
                ("2032-02-29", "2033-02-28"),
            ],
        ),
    ],
)
def test_3_1_each_term_is_as_long_as_the_one_that_expired(
    start: str, months: int, terms: list[tuple[str, str]]
) -> None:
    story = running(start, months=months)
    for number, (first, last) in enumerate(terms, start=1):
        for moment in (first, last_second(last)):
            status = story.on(moment).status()
            assert status.term is not None
            assert status.state == ("active" if number == 1 else "renewed")
            assert (status.term.number, str(status.term.first), str(status.term.last)) == (number, first, last)


NON_RENEWALS = [
    # start of 12 months, E - 30, the day after it, E, the day after it
    ("2026-01-01", "2026-12-01", "2026-12-02", "2026-12-31", "2027-01-01"),
    ("2026-01-05", "2026-12-05", "2026-12-06", "2027-01-04", "2027-01-05"),  # 4 back to 31 Dec, 26 more
    ("2026-03-01", "2027-01-29", "2027-01-30", "2027-02-28", "2027-03-01"),  # 28 back to 31 Jan, 2 more
    ("2027-03-01", "2028-01-30", "2028-01-31", "2028-02-29", "2028-03-01"),  # 29 back to 31 Jan, 1 more
    ("2026-04-15", "2027-03-15", "2027-03-16", "2027-04-14", "2027-04-15"),  # 14 back to 31 Mar, 16 more
]


@pytest.mark.parametrize(("start", "last_day", "late", "end", "after"), NON_RENEWALS)
@pytest.mark.parametrize("by", ["provider", "customer"])
def test_3_1_either_party_stops_the_renewal_through_30_days_before_the_last_day(
    start: str, last_day: str, late: str, end: str, after: str, by: Party
) -> None:
    story = running(start).on(last_second(last_day))
    verdict = permitted(story, "stop renewal", by=by)
    assert (verdict.clause, str(verdict.last_day)) == ("3.1", last_day)
    story.do("stop renewal", by=by, method="courier")
    assert story.on(last_second(end)).state == "active"
    status = story.on(after).status()
    assert status.ending is not None
    assert (status.state, status.ending.how, status.ending.clause) == ("terminated", "expired", "3.1")


@pytest.mark.parametrize(("start", "last_day", "late", "end", "after"), NON_RENEWALS)
def test_3_1_a_notice_one_day_late_counts_for_the_next_term(
    start: str, last_day: str, late: str, end: str, after: str
) -> None:
    story = running(start).on(late).notice("non_renewal", by="customer")
    status = story.on(after).status()
    assert (status.state, status.term and status.term.number) == ("renewed", 2)
    end_of_term_2 = f"{status.term.last}" if status.term else ""
    assert story.on(last_second(end_of_term_2)).state == "renewed"
    assert story.status().valid_until == story.agreement.instant(f"{int(after[:4]) + 1}{after[4:]}")
    assert story.on(f"{int(after[:4]) + 1}{after[4:]}").state == "terminated"


def test_3_1_the_worked_example_in_instants() -> None:
    in_time = running().on("2026-12-02T05:30:00Z").notice("non_renewal")  # 21:30 PST on 1 Dec
    assert in_time.on("2027-01-01").state == "terminated"
    assert in_time.on("2027-01-01T07:59:59Z").state == "active"  # 23:59:59 PST on 31 Dec
    late = running().on("2026-12-02T08:00:00Z").notice("non_renewal")  # 00:00 PST on 2 Dec
    assert late.on("2027-01-01").state == "renewed"
    assert late.on("2028-01-01").state == "terminated"


def test_3_1_too_late_for_this_term_the_power_is_open_for_the_next() -> None:
    assert str(permitted(running().on("2026-12-02"), "stop renewal").last_day) == "2027-12-01"


def test_3_1_a_term_shorter_than_30_days_is_stopped_only_by_a_notice_before_it() -> None:
    # 31 Jan to 28 Feb 2027; 28 Feb - 30 = 29 Jan. The next term ends on 30 Mar; 30 Mar - 30 = 28 Feb.
    early = Story(on="2027-01-10").order("O-1", start="2027-01-31", months=1)
    early.on(last_second("2027-01-29")).notice("non_renewal")
    assert (early.on(last_second("2027-02-28")).state, early.on("2027-03-01").state) == ("active", "terminated")
    late = Story(on="2027-01-10").order("O-1", start="2027-01-31", months=1).on("2027-01-30").notice("non_renewal")
    assert (late.on(last_second("2027-03-30")).state, late.on("2027-03-31").state) == ("renewed", "terminated")


def test_3_1_an_order_signed_after_the_notice_carries_the_agreement_on() -> None:
    story = running().on("2026-06-01").notice("non_renewal").on("2026-12-15").order("O-2", start="2027-01-01")
    assert (story.on("2027-01-01").state, story.on("2028-01-01").state) == ("renewed", "renewed")


@pytest.mark.parametrize("given", ["2025-12-20", "2026-01-01", "2026-06-01"])
def test_3_1_a_notice_may_come_any_day_before(given: str) -> None:
    story = Story(on="2025-12-15").order("O-1", start="2026-01-01").on(given).notice("non_renewal", by="customer")
    assert (story.on(last_second("2026-12-31")).state, story.on("2027-01-01").state) == ("active", "terminated")


@pytest.mark.parametrize("method", OTHER_METHODS)
def test_3_1_a_notice_by_another_method_stops_nothing_and_is_remarked(method: str) -> None:
    story = running().on("2026-06-01").notice("non_renewal", method=method, id="N-1")
    assert story.on("2027-01-01").state == "renewed"
    assert "8.5" in story.agreement.remarks("2027-01-01")["N-1"]


def test_3_1_a_notice_is_withdrawn_only_by_both() -> None:
    story = running().on("2026-06-01").notice("non_renewal", by="customer", id="N-1")
    story.on("2026-12-20").agreed("withdrawal", target="N-1")
    assert story.on("2027-01-01").state == "renewed"
    assert story.on("2028-01-01").state == "renewed"


def test_3_1_an_order_that_does_not_renew_expires() -> None:
    story = running(renews=False)
    assert (story.on(last_second("2026-12-31")).state, story.on("2027-01-01").state) == ("active", "terminated")


def test_3_1_the_term_follows_the_last_order() -> None:
    story = running().on("2026-11-15").order("O-2", start="2027-01-01", months=3)
    status = story.on("2027-01-01").status()
    assert status.term is not None
    assert (status.state, status.term.order, status.term.number) == ("renewed", "O-2", 2)
    assert str(status.term.last) == "2027-03-31"
    status = story.on("2027-04-01").status()
    assert status.term is not None
    assert str(status.term.last) == "2027-06-30"  # as long as the one that expired


def test_3_1_a_suspended_agreement_renews_and_stays_suspended() -> None:
    story = running().on("2026-12-15").opened("security_risk", "R-1", by="provider")
    story.do("suspend")
    status = story.on("2027-01-01").status()
    assert (status.state, status.term and status.term.number) == ("suspended", 2)
    assert story.do("reinstate").target == "renewed"


def test_3_1_a_suspended_agreement_expires() -> None:
    story = running(renews=False).on("2026-12-15").opened("security_risk", "R-1", by="provider")
    story.do("suspend")
    assert (story.on(last_second("2026-12-31")).state, story.on("2027-01-01").state) == ("suspended", "terminated")


# ---- 3.2(b) insolvency -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "attempted", "clause"),
    [
        ("creditor_assignment", False, "3.2(b)(i)"),
        ("creditor_assignment", True, "3.2(b)(i)"),
        ("composition", False, "3.2(b)(i)"),
        ("composition", True, "3.2(b)(i)"),
        ("liquidation", None, "3.2(b)(iii)"),
        ("analogous_event", None, "3.2(b)(iv)"),
    ],
)
def test_3_2_b_opens_at_the_instant_of_the_event_for_the_provider_and_never_ends(
    kind: str, clause: str, *, attempted: bool | None
) -> None:
    story = running().on("2026-04-10T14:00-07:00")
    details: dict[str, Any] = {} if attempted is None else {"attempted": attempted}
    story.opened(kind, "M-1", **details)
    refused(story.on("2026-04-10T13:59:59-07:00"), "terminate", "no-matter", about="M-1")
    verdict = permitted(story.on("2026-04-10T14:00-07:00"), "terminate", about="M-1")
    assert (verdict.clause, verdict.last_day) == (clause, None)
    assert not story.may("terminate", by="customer", about="M-1").permitted
    outcome = story.on("2028-04-10").do("terminate", about="M-1", method="registered_mail")
    assert outcome.target == "terminated"


@pytest.mark.parametrize(
    ("start", "filed", "safe", "first"),
    [
        ("2026-01-01", "2026-01-15", "2026-03-16", "2026-03-17"),  # 16 to 31 Jan, 28, 16 more
        ("2028-01-01", "2028-01-15", "2028-03-15", "2028-03-16"),  # 16 to 31 Jan, 29, 15 more
        ("2026-01-01", "2026-09-10", "2026-11-09", "2026-11-10"),  # 20 to 30 Sep, 31, 9 more
        ("2026-01-01", "2026-11-20", "2027-01-19", "2027-01-20"),  # 10 to 30 Nov, 31, 19 more
    ],
)
def test_3_2_b_ii_opens_on_the_61st_day_of_a_proceeding_still_pending(
    start: str, filed: str, safe: str, first: str
) -> None:
    story = running(start).on(f"{filed}T11:00[America/Los_Angeles]").opened("proceeding", "P-1")
    assert opens(story, "terminate", safe=safe, first=first, about="P-1").clause == "3.2(b)(ii)"
    assert not story.may("terminate", by="customer", about="P-1").permitted


@pytest.mark.parametrize("dismissed", ["2026-02-01", "2026-03-16T23:59:59-07:00", "2026-03-17"])
def test_3_2_b_ii_a_dismissal_by_the_opening_takes_the_power_away(dismissed: str) -> None:
    story = running().on("2026-01-15").opened("proceeding", "P-1").on(dismissed).ended("P-1", "dismissed")
    assert refused(story.on("2026-03-17"), "terminate", "matter", about="P-1").first_day is None


def test_3_2_b_ii_a_dismissal_at_noon_of_the_first_day_leaves_half_a_day() -> None:
    story = running().on("2026-01-15").opened("proceeding", "P-1")
    story.on("2026-03-17T12:00-07:00").ended("P-1", "dismissed")
    permitted(story.on("2026-03-17T11:59:59-07:00"), "terminate", about="P-1")
    refused(story.on("2026-03-17T12:00-07:00"), "terminate", "matter", about="P-1")


@pytest.mark.parametrize("kind", ["insolvency", "cessation"])
def test_3_2_b_insolvency_or_cessation_alone_does_not_terminate(kind: str) -> None:
    story = running().on("2026-04-10").opened(kind, "M-1", by="provider")
    permitted(story, "suspend")
    verdict = refused(story.on("2028-04-10"), "terminate", "no-matter", about="M-1")
    assert verdict.first_day is None
    assert [rule.id for rule in verdict.rules] == ["insolvency alone"]


# ---- 3.3 what follows the end, and 3.4 what survives it ----------------------------------------------------


def terminated(way: str) -> tuple[Story, Outcome]:
    """An agreement terminated one way or another, and what that brought about."""
    story = running().on("2026-02-18T09:00-08:00")
    by: Party = "customer" if way.endswith("by the customer") else "provider"
    party: Party = "provider" if by == "customer" else "customer"
    match way.split(",")[0]:
        case "3.2(a) remediable":
            breached(story, party=party).notice("breach", about="B-1", by=by).on("2026-03-21T09:00-07:00")
            return story, story.do("terminate", by=by, about="B-1", method="courier")
        case "3.2(a) not remediable":
            breached(story, party=party, remediable=False)
            return story, story.do("terminate", by=by, about="B-1", method="courier")
        case "3.2(b)":
            story.opened("liquidation", "L-1")
            return story, story.do("terminate", about="L-1", method="courier")
        case "8.4":
            story.opened("force_majeure", "FM-1").on("2026-03-21T09:00-07:00")
            return story, story.do("terminate", by=by, about="FM-1", method="courier")
        case "1.3":
            return story, story.do("terminate", power="terminate.discontinuation")
        case _:
            return story, story.do("terminate", by="both")


@pytest.mark.parametrize(
    ("way", "remaining"),
    [
        ("3.2(a) remediable, by the provider", True),
        ("3.2(a) not remediable, by the provider", True),
        ("3.2(a) remediable, by the customer", False),
        ("3.2(a) not remediable, by the customer", False),
        ("3.2(b), by the provider", False),
        ("8.4, by the provider", False),
        ("8.4, by the customer", False),
        ("1.3, by the provider", False),
        ("8.9, by both", False),
    ],
)
def test_3_3_the_orders_remaining_fees_are_owed_only_when_the_provider_terminates_under_3_2_a(
    way: str, *, remaining: bool
) -> None:
    story, outcome = terminated(way)
    duties = owed(story)
    effects = {effect.id for effect in outcome.effects}
    assert outcome.target == "terminated"
    assert ("pay_remaining" in duties, "order fees due" in effects) == (remaining, remaining)
    assert ("no order fees" in effects) == way.startswith("1.3")
    assert {"cease_use", "return_materials", "pay_accrued"} <= set(duties)
    assert {"access ends", "materials returned", "accrued fees owed", "survivors remain", "data deletable"} <= effects


def test_3_3_the_duties_are_the_customers_from_the_day_of_the_end() -> None:
    story, _ = terminated("3.2(a) remediable, by the provider")
    duties = owed(story.on("2026-04-10"))
    told = {name: (duty.by, str(duty.since), duty.due and str(duty.due)) for name, duty in duties.items()}
    assert told == {
        "cease_use": (("customer",), "2026-03-21", "2026-03-21"),
        "return_materials": (("customer",), "2026-03-21", None),  # the clause names no day, so none is invented
        "pay_accrued": (("customer",), "2026-03-21", None),
        "pay_remaining": (("customer",), "2026-03-21", None),
    }
    assert {duty.duty.clause for duty in duties.values()} == {"3.3"}
    assert duties["return_materials"].standing == "unscheduled"
    story.done("return_materials", by="customer")
    assert owed(story.on("2026-04-11"))["return_materials"].standing == "met"


@pytest.mark.parametrize("trial", [False, True])
def test_3_3_the_duties_follow_expiry_too_without_the_remaining_fees(*, trial: bool) -> None:
    story = on_trial("2026-12-31") if trial else running(renews=False)
    assert not owed(story.on(last_second("2026-12-31")))
    assert set(owed(story.on("2027-01-01"))) == {"cease_use", "return_materials", "pay_accrued"}


SURVIVORS = {"1.6", "3.3", "3.4", "4", "7", "8", *(f"8.{n}" for n in range(1, 10))}


def test_3_4_only_the_survivors_outlive_termination() -> None:
    story, _ = terminated("3.2(a) remediable, by the provider")
    assert in_force(story) == SURVIVORS
    assert in_force(story.on("2040-01-01")) == SURVIVORS
    assert {"5.1", "5.2", "1.4"} <= in_force(story.on("2026-03-20"))


def test_3_4_they_outlive_expiry_too() -> None:
    story = running(renews=False).on("2027-01-01")
    assert in_force(story) == SURVIVORS
    assert story.agreement.terms.survival is not None
    assert story.agreement.terms.survival.clause == "3.4"


# ---- 4 confidentiality -------------------------------------------------------------------------------------


@pytest.mark.parametrize("party", ["customer", "provider"])
@pytest.mark.parametrize(
    ("kind", "duty"), [("return_request", "return_on_request"), ("compelled_disclosure", "warn_of_disclosure")]
)
def test_4_the_duties_bind_either_party_without_a_date_and_outlive_the_end(party: Party, kind: str, duty: str) -> None:
    for day, story in (("2026-05-02", running()), ("2027-05-02", running(renews=False))):
        due = owed(story.on(day).opened(kind, "R-1", party=party))[duty]
        assert (due.by, due.duty.clause, str(due.since), due.due) == ((party,), "4", day, None)
        assert due.standing == "unscheduled"
        story.on("2027-06-01").done(duty, by=party, about="R-1")
        assert owed(story)[duty].standing == "met"


@pytest.mark.parametrize(
    ("kind", "duty"), [("return_request", "return_on_request"), ("compelled_disclosure", "warn_of_disclosure")]
)
def test_4_the_duties_end_where_the_request_or_the_compulsion_is_withdrawn(kind: str, duty: str) -> None:
    story = running().on("2026-05-02").opened(kind, "R-1", party="customer").on("2026-05-10").ended("R-1", "withdrawn")
    assert owed(story)[duty].standing == "met"


# ---- 5.3 claims --------------------------------------------------------------------------------------------

CLAIMS = [
    # start of the order, R, R + 30, R + 31
    ("2026-01-01", "2026-04-06", "2026-05-06", "2026-05-07"),  # 24 to 30 Apr, 6 more
    ("2028-01-01", "2028-02-15", "2028-03-16", "2028-03-17"),  # 14 to 29 Feb, 16 more
]


@pytest.mark.parametrize(("start", "received", "last_day", "late"), CLAIMS)
@pytest.mark.parametrize("party", ["customer", "provider"])
def test_5_3_a_claim_is_notified_by_the_30th_day_after_its_receipt(
    start: str, received: str, last_day: str, late: str, party: Party
) -> None:
    duty = f"notify_claim.{party}"
    story = running(start).on(f"{received}T16:00[America/Los_Angeles]").opened("claim", "C-1", party=party)
    due = owed(story)[duty]
    assert (due.by, due.duty.clause, str(due.due), due.standing) == ((party,), "5.3", last_day, "pending")
    assert owed(story.on(last_second(last_day)))[duty].standing == "pending"
    assert owed(story.on(late))[duty].standing == "missed"
    story.on(late).notice("claim", about="C-1", by=party)
    assert owed(story)[duty].standing == "missed"
    story.on(last_second(last_day)).notice("claim", about="C-1", by=party)
    assert owed(story)[duty].standing == "met"


def test_5_3_a_claim_is_not_notified_by_email_or_by_the_other_side() -> None:
    story = running().on("2026-04-06").opened("claim", "C-1", party="customer")
    story.on("2026-04-10").notice("claim", about="C-1", by="customer", method="email")
    story.on("2026-04-11").notice("claim", about="C-1", by="provider")
    assert owed(story.on("2026-05-07"))["notify_claim.customer"].standing == "missed"


@pytest.mark.parametrize("party", ["customer", "provider"])
def test_5_3_only_the_indemnified_party_notifies_and_lets_the_other_run_the_defence(party: Party) -> None:
    story = running().on("2026-04-06").opened("claim", "C-1", party=party)
    duties = owed(story)
    assert set(duties) == {f"notify_claim.{party}", f"allow_defence.{party}"}
    duty = duties[f"allow_defence.{party}"]
    assert (duty.by, duty.duty.clause, duty.due, duty.standing) == ((party,), "5.3", None, "unscheduled")


@pytest.mark.parametrize("party", ["customer", "provider"])
@pytest.mark.parametrize("how", ["settled", "decided", "withdrawn"])
def test_5_3_the_defence_is_over_with_the_claim(how: str, party: Party) -> None:
    story = running().on("2026-04-06").opened("claim", "C-1", party=party).on("2026-09-01").ended("C-1", how)
    assert owed(story)[f"allow_defence.{party}"].standing == "met"


@pytest.mark.parametrize("party", ["customer", "provider"])
@pytest.mark.parametrize(
    ("received", "last_day"),
    [
        ("2026-12-20", "2027-01-19"),  # before the end: 11 to 31 Dec, 19 more
        ("2027-01-10", "2027-02-09"),  # after it, for what accrued before (reading 3.4-five): 21 to 31 Jan, 9 more
    ],
)
def test_5_3_the_30_days_run_on_after_the_end(received: str, last_day: str, party: Party) -> None:
    story = running(renews=False).on(received).opened("claim", "C-1", party=party)
    duties = owed(story.on("2027-01-15"))
    assert (str(duties[f"notify_claim.{party}"].due), duties[f"notify_claim.{party}"].standing) == (last_day, "pending")
    assert duties[f"allow_defence.{party}"].standing == "unscheduled"


def test_5_3_on_trial_the_customers_indemnity_stands() -> None:
    story = on_trial("2026-02-10").on("2026-01-20").opened("claim", "C-1", party="provider")
    assert set(owed(story)) == {"notify_claim.provider", "allow_defence.provider"}


def test_5_3_on_trial_there_is_no_indemnity_by_the_provider_and_so_no_condition_of_it() -> None:
    assert not owed(on_trial("2026-02-10").on("2026-01-20").opened("claim", "C-1", party="customer"))


# ---- 6.2 warranty ------------------------------------------------------------------------------------------


def test_6_2_a_reported_breach_of_warranty_is_corrected_without_a_date() -> None:
    story = running().on("2026-04-06").opened("warranty_breach", "W-1", by="customer")
    assert "correct_warranty" not in owed(story)
    story.on("2026-04-07").notice("warranty", about="W-1", by="customer", method="email")
    story.notice("warranty", about="W-1", by="provider")
    assert "correct_warranty" not in owed(story)
    story.on("2026-04-08").notice("warranty", about="W-1", by="customer")
    duty = owed(story)["correct_warranty"]
    assert (duty.by, duty.duty.clause, str(duty.since), duty.due) == (("provider",), "6.2", "2026-04-08", None)
    assert duty.standing == "unscheduled"
    story.on("2026-04-20").ended("W-1", "corrected")
    assert owed(story)["correct_warranty"].standing == "met"


def defective() -> Story:
    story = running().on("2026-04-06").opened("warranty_breach", "W-1", by="customer", material=True)
    return story.notice("warranty", about="W-1", by="customer")


def test_6_2_correction_is_the_sole_remedy() -> None:
    """While nobody has said that it failed, and for good where it did not."""
    story = defective().on("2026-12-01")
    refused(story, "terminate", "unsaid", "notice-missing", by="customer", about="W-1")
    story.notice("breach", about="W-1", by="customer").on("2027-02-01")
    refused(story, "terminate", "unsaid", by="customer", about="W-1")
    story.changed("W-1", correction_failed=False)
    assert refused(story, "terminate", "not-applicable", by="customer", about="W-1").first_day is None


def test_6_2_after_a_failed_correction_notice_and_thirty_days_open_3_2a_to_the_customer() -> None:
    story = defective().on("2026-05-04").changed("W-1", correction_failed=True)
    refused(story.on("2026-05-11"), "terminate", "notice-missing", by="customer", about="W-1")
    story.notice("breach", about="W-1", by="customer")  # Monday 11 May + 30: 20 days of May, 10 of June
    verdict = opens(story, "terminate", safe="2026-06-10", first="2026-06-11", by="customer", about="W-1")
    assert verdict.clause == "3.2(a)"
    refused(story, "terminate", "wrong-party", about="W-1")
    story.on("2026-06-15").ended("W-1", "corrected")
    refused(story, "terminate", "matter", by="customer", about="W-1")


def test_6_2_a_trial_has_no_warranty() -> None:
    story = on_trial("2026-02-10").on("2026-01-20").opened("warranty_breach", "W-1", by="customer")
    assert not owed(story.notice("warranty", about="W-1", by="customer"))


def test_6_2_terminating_after_a_failed_correction_takes_a_writing_that_gives_notice() -> None:
    story = defective().on("2026-05-04").changed("W-1", correction_failed=True)
    story.on("2026-05-11").notice("breach", about="W-1", by="customer").on("2026-06-11")  # 11 May + 31
    for method in OTHER_METHODS:
        assert not story.may("terminate", by="customer", about="W-1", method=method).permitted
    assert story.do("terminate", by="customer", about="W-1", method="courier").target == "terminated"


# ---- 8.3 assignment ----------------------------------------------------------------------------------------


def test_8_3_both_assign_by_consent() -> None:
    verdict = running().on("2026-04-10").may("assign", by="both")
    assert (verdict.permitted, verdict.clause) == (True, "8.3")


@pytest.mark.parametrize("by", ["provider", "customer"])
def test_8_3_neither_party_assigns_alone(by: Party) -> None:
    verdict = running().on("2026-04-10").may("assign", by=by)
    assert (verdict.permitted, verdict.first_day) == (False, None)
    assert verdict.codes


def test_8_3_the_provider_assigns_alone_on_a_change_of_control() -> None:
    story = running().on("2026-04-10T14:00-07:00").opened("change_of_control", "A-1")
    assert not story.on("2026-04-10T13:59:59-07:00").may("assign").permitted
    assert permitted(story.on("2026-04-10T14:00-07:00"), "assign").clause == "8.3"
    assert not story.may("assign", by="customer").permitted


# ---- 8.4 force majeure -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "since", "safe", "first"),
    [
        ("2028-01-01", "2028-02-10", "2028-03-11", "2028-03-12"),  # 19 to 29 Feb, 11 more
        ("2026-01-01", "2026-02-10", "2026-03-12", "2026-03-13"),  # 18 to 28 Feb, 12 more
        ("2026-01-01", "2026-10-15", "2026-11-14", "2026-11-15"),  # 16 to 31 Oct, 14 more
    ],
)
@pytest.mark.parametrize("by", ["provider", "customer"])
def test_8_4_either_party_terminates_once_it_has_lasted_more_than_30_days(
    start: str, since: str, safe: str, first: str, by: Party
) -> None:
    story = running(start).on(f"{since}T18:00[America/Los_Angeles]").opened("force_majeure", "FM-1")
    assert opens(story, "terminate", safe=safe, first=first, by=by, about="FM-1").clause == "8.4"


def test_8_4_the_worked_example_opens_at_midnight_before_the_clocks_change() -> None:
    story = running("2028-01-01").on("2028-02-10").opened("force_majeure", "FM-1").on("2028-03-12")
    window = permitted(story, "terminate", about="FM-1").window
    assert window.opens == datetime(2028, 3, 12, 8, tzinfo=UTC)  # 00:00 PST


@pytest.mark.parametrize("ended", ["2026-02-20", "2026-03-12T23:59:59-07:00"])
def test_8_4_the_power_goes_with_the_force_majeure(ended: str) -> None:
    story = running().on("2026-02-10").opened("force_majeure", "FM-1").on(ended).ended("FM-1", "ended")
    refused(story.on("2026-03-13"), "terminate", "matter", about="FM-1")


def test_8_4_the_power_open_already_goes_at_the_instant_it_ends() -> None:
    story = running().on("2026-02-10").opened("force_majeure", "FM-1")
    story.on("2026-04-01T12:00-07:00").ended("FM-1", "ended")
    permitted(story.on("2026-04-01T11:59:59-07:00"), "terminate", by="customer", about="FM-1")
    refused(story.on("2026-04-01T12:00-07:00"), "terminate", "matter", by="customer", about="FM-1")


def test_8_4_an_interruption_starts_the_count_anew() -> None:
    story = running().on("2026-02-10").opened("force_majeure", "FM-1").on("2026-03-01").ended("FM-1", "ended")
    story.on("2026-03-03").reopened("FM-1")
    opens(story, "terminate", safe="2026-04-02", first="2026-04-03", about="FM-1")  # 28 to 31 Mar, 2 more


def test_8_4_takes_a_written_notice() -> None:
    story = running().on("2026-02-10").opened("force_majeure", "FM-1").on("2026-03-13")
    with pytest.raises(Refused) as refusal:
        story.do("terminate", by="customer", about="FM-1", method="email")
    assert refusal.value.verdict.codes == ("not-in-writing",)


def test_8_4_payment_for_service_rendered_is_not_excused() -> None:
    story = running().invoice("INV-1", "120.00 USD", due="2026-03-01").on("2026-03-05").notice("overdue", about="INV-1")
    story.on("2026-03-06").opened("force_majeure", "FM-1", prevents=("INV-1",))
    opens(story, "suspend", safe="2026-03-30", first="2026-03-31", about="INV-1")


# ---- 8.5 notice --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", VALID_METHODS)
def test_8_5_four_methods_give_notice(method: str) -> None:
    story = breached(running().on("2026-02-18")).notice("breach", about="B-1", method=method)
    opens(story, "suspend", safe="2026-03-20", first="2026-03-21")


@pytest.mark.parametrize("method", OTHER_METHODS)
def test_8_5_other_methods_give_none_even_with_proof_of_arrival(method: str) -> None:
    story = breached(running().on("2026-02-18")).notice("breach", about="B-1", method=method, id="N-1")
    story.on("2026-02-19").delivered("N-1")
    refused(story.on("2026-06-01"), "suspend", "notice-missing")
    assert "8.5" in story.agreement.remarks("2026-06-01")["N-1"]


@pytest.mark.parametrize(
    ("method", "safe", "first"),
    [
        ("personal", "2026-03-22", "2026-03-23"),  # delivered on 20 Feb: 8 to 28 Feb, 22 more
        ("registered_mail", "2026-03-20", "2026-03-21"),  # dispatched on 18 Feb
        ("certified_mail", "2026-03-20", "2026-03-21"),
        ("courier", "2026-03-20", "2026-03-21"),
    ],
)
def test_8_5_by_hand_it_counts_on_delivery_and_by_mail_or_courier_on_dispatch(
    method: str, safe: str, first: str
) -> None:
    story = breached(running().on("2026-02-18")).notice("breach", about="B-1", method=method, id="N-1")
    story.on("2026-02-20").delivered("N-1")
    opens(story, "suspend", safe=safe, first=first)


# ---- 8.9 both together -------------------------------------------------------------------------------------


@pytest.mark.parametrize("trial", [False, True])
def test_8_9_both_end_the_agreement_in_writing(*, trial: bool) -> None:
    story = on_trial("2026-12-31") if trial else running()
    assert story.on("2026-04-10").do("terminate", by="both").target == "terminated"
    status = story.on("2026-04-10").status()
    assert status.ending is not None
    assert (status.ending.by, status.ending.power, status.ending.clause) == ("both", "terminate.agreed", "8.9")


def test_8_9_a_termination_stands_until_both_rescind_it() -> None:
    story = running().on("2026-04-10").agreed("termination", power="terminate.agreed")
    ended = story.last
    assert story.on("2026-04-20").state == "terminated"
    assert story.agreed("rescission", target=ended).state == "active"


@pytest.mark.parametrize("by", ["provider", "customer"])
def test_8_9_neither_party_amends_alone(by: Party) -> None:
    verdict = refused(running().on("2026-04-10"), "amend", "wrong-party", by=by)
    assert verdict.clause == "8.9"


def test_8_9_both_amend_in_writing() -> None:
    verdict = running().on("2026-04-10").may("amend", by="both")
    assert (verdict.permitted, verdict.clause) == (True, "8.9")
    assert running().on("2026-04-10").do("amend", by="both").target == "active"


def test_1_12_e_the_lifting_by_itself_resumes_access() -> None:
    story = suspended_for_overdue().on("2026-04-04").paid("INV-1", "120.00 USD")
    (entry,) = story.on("2026-04-05").catch_up()
    assert (entry.transition, entry.clause, entry.effects) == ("reinstate", "1.12(e)", ("access resumes",))
    assert entry.effective == datetime(2026, 4, 4, 7, tzinfo=UTC)


def test_3_2_a_what_was_said_against_a_power_is_told_before_what_nobody_said() -> None:
    story = running().on("2026-04-06").opened("breach", "B-1", party="customer", remediable=False)
    verdict = story.may("terminate", power="terminate.breach")  # to say whether it is material would not help
    assert verdict.codes == ("not-applicable", "notice-missing")
    assert story.may("terminate", power="terminate.breach.irremediable").codes == ("unsaid",)


def test_2_2_a_no_interest_on_an_invoice_from_after_the_end() -> None:
    story = running(renews=False).on("2027-02-01").opened("invoice", "I-1", amount="9 USD", due="2027-02-10")
    refused(story.on("2027-03-01"), "charge interest", "ended")


# ---- how each power is exercised ---------------------------------------------------------------------------

BREACH: dict[str, Any] = {"party": "customer", "material": True, "remediable": True}
INVOICE: dict[str, Any] = {"amount": "120.00 USD", "due": "2026-03-01", "payment": "invoice"}

EXERCISES = [
    # power, act, clause, the matter it rests on, the notice it takes, the record of its exercise
    ("suspend.security", "suspend", "1.12(a)", "security_risk", {}, "", Acted),
    ("suspend.prohibited_use", "suspend", "1.12(b)", "prohibited_use", {}, "", Acted),
    ("suspend.insolvency", "suspend", "1.12(c)", "insolvency", {}, "", Acted),
    ("suspend.assignment", "suspend", "1.12(c)", "creditor_assignment", {"attempted": False}, "", Acted),
    ("suspend.breach", "suspend", "1.12(d)", "breach", BREACH, "breach", Acted),
    ("suspend.breach.incurable", "suspend", "1.12(d)", "breach", {**BREACH, "remediable": False}, "breach", Acted),
    ("suspend.overdue", "suspend", "1.12(e)", "invoice", INVOICE, "overdue", Acted),
    ("accelerate.overdue", "accelerate", "1.12", "invoice", INVOICE, "", Acted),
    ("interest.late", "charge interest", "2.2(a)", "invoice", INVOICE, "", Acted),
    ("payment_terms.shorter", "shorten payment terms", "2.2(b)", "invoice", INVOICE, "", Acted),
    ("assign.change_of_control", "assign", "8.3", "change_of_control", {}, "", Acted),
    ("terminate.discontinuation", "terminate", "1.3", "", {}, "", Posted),
    ("terms.modify", "modify terms", "1.3", "", {}, "", Posted),
]

WRITTEN_ENDS = [
    ("terminate.breach", "3.2(a)", "breach", BREACH, "breach"),
    ("terminate.breach.irremediable", "3.2(a)", "breach", {**BREACH, "remediable": False}, ""),
    ("terminate.assignment", "3.2(b)(i)", "creditor_assignment", {"attempted": True}, ""),
    ("terminate.assignment", "3.2(b)(i)", "composition", {"attempted": True}, ""),
    ("terminate.proceeding", "3.2(b)(ii)", "proceeding", {}, ""),
    ("terminate.liquidation", "3.2(b)(iii)", "liquidation", {}, ""),
    ("terminate.analogous", "3.2(b)(iv)", "analogous_event", {}, ""),
    ("terminate.force_majeure", "8.4", "force_majeure", {}, ""),
]


def long_open(kind: str, details: dict[str, Any], notice: str) -> Story:
    """1 Dec 2026, long after a matter of 18 Feb opened every power that rests on it."""
    story = running().on("2026-02-18")
    if kind:
        story.opened(kind, "M-1", by="provider", **details)
    if notice:
        story.on("2026-03-05").notice(notice, about="M-1")
    return story.on("2026-12-01T10:00-08:00")


@pytest.mark.parametrize(("power", "does", "clause", "kind", "details", "notice", "recorded"), EXERCISES)
def test_a_power_is_exercised_by_the_act_or_posting_its_clause_asks_for(
    power: str, does: str, clause: str, kind: str, details: dict[str, Any], notice: str, recorded: type
) -> None:
    story = long_open(kind, details, notice)
    assert not story.may(does, by="customer", power=power).permitted
    outcome = story.do(does, power=power)
    assert outcome.verdict.clause == clause
    assert isinstance(outcome.event.fact, recorded)
    assert outcome.event.fact.power == power  # type: ignore[union-attr]


@pytest.mark.parametrize(("power", "clause", "kind", "details", "notice"), WRITTEN_ENDS)
def test_3_2_and_8_4_end_the_agreement_by_a_written_notice_only(
    power: str, clause: str, kind: str, details: dict[str, Any], notice: str
) -> None:
    story = long_open(kind, details, notice)
    for method in ("email", None):
        with pytest.raises(Refused) as refusal:
            story.do("terminate", power=power, method=method)
        assert refusal.value.verdict.codes == ("not-in-writing",)
    outcome = story.do("terminate", power=power, method="personal")
    assert (outcome.verdict.clause, outcome.target) == (clause, "terminated")
    assert isinstance(outcome.event.fact, Acted)


@pytest.mark.parametrize(
    ("does", "recorded"), [("terminate", "termination"), ("amend", "amendment"), ("assign", "consent")]
)
def test_8_3_and_8_9_what_both_do_is_a_writing_of_both(does: str, recorded: str) -> None:
    fact = running().on("2026-04-10").do(does, by="both").event.fact
    assert isinstance(fact, Agreed)
    assert fact.what == recorded


def test_1_8_deleting_and_1_12_lifting_are_acts() -> None:
    story = running(renews=False).on("2026-04-10").opened("security_risk", "R-1", by="provider")
    story.do("suspend")
    lifted = story.on("2026-04-11").do("reinstate")
    assert (lifted.verdict.clause, type(lifted.event.fact)) == ("1.12", Acted)
    assert isinstance(story.on("2027-01-01").do("delete data").event.fact, Acted)


def test_3_1_not_renewing_is_a_notice() -> None:
    story = running().on("2026-06-01")
    assert isinstance(story.do("stop renewal", by="customer", method="courier").event.fact, NoticeGiven)
    with pytest.raises(Refused) as refusal:
        story.do("stop renewal", method="email")
    assert refusal.value.verdict.codes == ("not-in-writing",)


# ---- whom it is about and where it is said -----------------------------------------------------------------

KINDS = [
    # kind, clause, whom it is about: one party, either, or nobody
    ("trial_limit", "1.4", "customer"),
    ("invoice", "2.2", "customer"),
    ("security_risk", "1.12(a)", "customer"),
    ("prohibited_use", "1.12(b)", "customer"),
    ("insolvency", "1.12(c)", "customer"),
    ("cessation", "1.12(c)", "customer"),
    ("breach", "3.2(a)", "either"),
    ("creditor_assignment", "3.2(b)(i)", "customer"),
    ("composition", "3.2(b)(i)", "customer"),
    ("proceeding", "3.2(b)(ii)", "customer"),
    ("other_proceeding", "1.12(c)", "customer"),
    ("liquidation", "3.2(b)(iii)", "customer"),
    ("analogous_event", "3.2(b)(iv)", "customer"),
    ("return_request", "4", "either"),
    ("compelled_disclosure", "4", "either"),
    ("claim", "5.3", "either"),
    ("warranty_breach", "6.1", "provider"),
    ("change_of_control", "8.3", "provider"),
    ("force_majeure", "8.4", "none"),
]


@pytest.mark.parametrize(("kind", "clause", "about"), KINDS)
def test_a_matter_cites_its_clause_and_is_about_whom_the_clause_says(kind: str, clause: str, about: str) -> None:
    details = INVOICE if kind == "invoice" else {}
    parties: tuple[Party, Party] = ("provider", "customer")
    assert running().agreement.terms.kinds[kind].clause == clause
    for party in parties:
        story = running().on("2026-04-10")
        if about in (party, "either"):
            story.opened(kind, "M-1", party=party, **details)
        else:
            with pytest.raises(InvalidFact):
                story.opened(kind, "M-1", party=party, **details)


def test_notices_and_effects_cite_their_clauses() -> None:
    terms = running().agreement.terms
    assert {notice.id: notice.clause for notice in terms.notices.values()} == {
        "overdue": "1.12",
        "breach": "3.2(a)",
        "warranty": "6.2",
        "non_renewal": "3.1",
        "claim": "5.3",
    }
    assert {effect.id: effect.clause for effect in terms.effects} == {
        "access stops": "1.12",
        "access resumes": "1.12",
        "full terms apply": "1.4",
        "trial over": "1.4",
        "term renewed": "3.1",
        "fees accelerated": "1.12",
        "interest accrues": "2.2(a)",
        "access ends": "3.3",
        "materials returned": "3.3",
        "accrued fees owed": "3.3",
        "order fees due": "3.3",
        "no order fees": "1.3",
        "survivors remain": "3.4",
        "data deletable": "1.8",
    }


EXPIRY = ("access ends", "materials returned", "accrued fees owed", "survivors remain", "data deletable")


@pytest.mark.parametrize(
    ("way", "transition", "clause", "effects"),
    [
        ("converting", "convert", "1.4", ("full terms apply",)),
        ("renewing", "renew", "3.1", ("term renewed",)),
        ("not renewing", "expire", "3.1", EXPIRY),
        ("on trial", "expire", "1.4", EXPIRY),
    ],
)
def test_what_happens_by_itself_has_its_clause_and_effects(
    way: str, transition: str, clause: str, effects: tuple[str, ...]
) -> None:
    story = running(renews=way == "renewing") if "renewing" in way else on_trial("2026-02-10")
    if way == "converting":
        story.on("2026-02-02").order("O-1", start="2026-02-11")
    (entry,) = story.on("2027-01-02").catch_up()
    assert (entry.transition, entry.clause, entry.effects) == (transition, clause, effects)


def test_8_both_may_still_amend_and_assign_after_the_end_and_the_provider_assign_its_rights() -> None:
    story = running(renews=False).on("2026-06-01").opened("change_of_control", "A-1").on("2027-02-01")
    assert story.may("amend", by="both").permitted
    assert story.may("assign", by="both").permitted
    permitted(story, "assign", about="A-1")


def test_every_unclear_clause_has_its_reading() -> None:
    terms = running().agreement.terms
    assert {reading.key for reading in terms.readings} >= {
        *("3.4-number", "3.4-expiry", "3.4-five", "3.2a-cure", "3.2a-exercise", "late-cure", "1.12d-incurable"),
        *("1.12e", "or-more", "overdue-notice", "overdue-amounts", "8.5", "8.5-email", "3.1-anchor", "3.1-length"),
        *("3.1-month", "3.1-early", "1.3-notice", "3.3-direction", "8.4-start", "8.4-cure", "6.2", "counting-roll"),
    }
    assert {reading.clause for reading in terms.readings} <= set(terms.clauses)


# ---- a refusal, whatever it is about -----------------------------------------------------------------------


@pytest.mark.parametrize("does", ["suspend", "terminate", "accelerate", "modify terms", "stop renewal"])
def test_nothing_is_exercised_after_the_end_or_before_the_beginning(does: str) -> None:
    story = Story(on="2026-01-01").order("O-1", start="2026-02-01", renews=False)
    story.opened("security_risk", "R-1", by="provider").invoice("INV-1", "120.00 USD", due="2026-12-01")
    assert "not-in-force" in story.on("2026-01-31").may(does).codes
    assert "ended" in story.on("2027-02-01").may(does).codes


@pytest.mark.parametrize(
    ("kind", "details", "opened", "how", "does"),
    [
        ("security_risk", {}, "2026-04-10", "resolved", "suspend"),  # open since 10 Apr
        ("insolvency", {}, "2026-04-10", "ended", "suspend"),
        ("proceeding", {}, "2026-01-15", "dismissed", "terminate"),  # open since 17 Mar: 15 Jan + 61
        ("force_majeure", {}, "2026-02-10", "ended", "terminate"),  # open since 13 Mar: 10 Feb + 31
        (
            "invoice",
            {"amount": "9.00 USD", "due": "2026-03-01", "payment": "card"},
            "2026-01-01",
            "voided",
            "accelerate",
        ),
    ],
)
def test_a_refusal_names_no_first_day_where_the_window_has_closed(
    kind: str, details: dict[str, Any], opened: str, how: str, does: str
) -> None:
    story = running().on(opened).opened(kind, "M-1", by="provider", **details).on("2026-04-20").ended("M-1", how)
    permitted(story.on(last_second("2026-04-19")), does, about="M-1")
    verdict = refused(story.on("2026-04-23"), does, "matter", about="M-1")
    assert (verdict.first_day, str(verdict).endswith("First day: none, whatever the wait.")) == (None, True)


def test_2_1_no_act_of_the_terms_reduces_a_commitment() -> None:
    with pytest.raises(InvalidFact):
        running().on("2026-04-10").may("reduce commitment", by="customer")


def test_3_1_a_withdrawal_after_the_expiry_does_not_revive_the_agreement() -> None:
    story = running().on("2026-06-01").notice("non_renewal", by="customer", id="N-1")
    assert story.on("2027-01-01").state == "terminated"
    with suppress(Refused):
        story.on("2027-01-05").agreed("withdrawal", target="N-1")
    assert story.on("2027-01-06").state == "terminated"


# ---- the Privacy Policy ------------------------------------------------------------------------------------


def privacy() -> Story:
    return Story("modal-privacy-2023-05-17", on="2026-01-12")


def test_the_privacy_policy_is_changed_by_posting_and_at_once() -> None:
    story = privacy().on("2026-04-10")
    assert permitted(story, "modify terms").clause == "P8"
    outcome = story.do("modify terms")
    assert (outcome.target, [effect.id for effect in outcome.effects]) == ("active", ["policy changed"])
    refused(story, "modify terms", "wrong-party", by="customer")


def test_the_privacy_policy_is_no_agreement_and_never_ends_renews_or_suspends_by_itself() -> None:
    story = privacy().on("2036-01-12")
    assert (story.state, story.status().term, story.status().valid_until) == ("active", None, None)
    assert not story.agreement.terms.powers_to("terminate")


def test_a_childs_data_is_deleted_at_once_when_discovered() -> None:
    story = privacy().on("2026-04-10T14:00-07:00").opened("child_data", "CD-1")
    duty = owed(story)["child_data.delete"]
    assert (duty.by, duty.duty.clause, str(duty.since), str(duty.due)) == (
        ("provider",),
        "P7",
        "2026-04-10",
        "2026-04-10",
    )
    assert duty.standing == "pending"
    assert owed(story.on("2026-04-10T15:00-07:00").ended("CD-1", "deleted"))["child_data.delete"].standing == "met"


def test_1_12_c_a_proceeding_that_is_not_one_of_insolvency_suspends_and_does_not_terminate() -> None:
    story = running().on("2026-01-15").opened("other_proceeding", "D-1")
    permitted(story, "suspend")
    refused(
        story.on("2026-03-17"), "terminate", "no-matter"
    )  # 3.2(b)(ii) speaks of bankruptcy and insolvency laws only


def test_1_12_c_a_pending_proceeding_rests_on_its_not_having_been_dismissed() -> None:
    story = running().on("2026-01-15").opened("proceeding", "P-1")
    assert story.may("suspend", known=None).codes == ("unvouched",)
    story.on("2026-01-16").opened("security_risk", "S-1", by="provider")
    assert story.may("suspend", known=None, about="S-1").permitted  # its own belief the provider knows


def test_8_9_an_agreed_end_cites_its_clause() -> None:
    story = running().on("2026-04-06").agreed("termination")
    ending = story.status().ending
    assert ending is not None
    assert (ending.clause, ending.by) == ("8.9", "both")


def test_3_1_an_order_after_the_expiry_is_told_that_the_agreement_is_over() -> None:
    with pytest.raises(InvalidFact, match="the agreement ends before"):
        running(renews=False).on("2027-01-02").order("O-2", start="2027-02-01")
