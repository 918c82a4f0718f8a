"""Section by section of the course: phase, holds and ending, on days taken from the clauses."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve

from lifecycle import Money, Period, Refused
from lifecycle.changes import changes
from lifecycle.course import Course
from lifecycle.errors import InvalidFact
from lifecycle.events import Agreed, OpeningBalance, OrderSigned, Paid, StandingHold
from lifecycle.holds import Holds
from lifecycle.testing import Story
from lifecycle.windows import Window

MOMENT = timedelta(microseconds=1)
PAID = Paid(matter="I-1", amount=Money("10.00", "USD"))


def in_service(**made: Any) -> Story:
    """An agreement in term 1, from 5 January 2026 through 4 January 2027."""
    return Story(on="2026-01-05", **made).order("O-1", start="2026-01-05", months=12)


def suspended(story: Story, on: str = "2026-02-02") -> Story:
    """Suspended for a security risk (1.12(a): at once, lifted by an act)."""
    story.on(on).opened("security_risk", f"S-{on}", by="provider").do("suspend")
    return story


# ---- phase -------------------------------------------------------------------------------------------------------


def test_without_trial_or_order_the_agreement_is_not_in_force_and_says_so() -> None:
    story = Story(on="2026-01-05")
    assert story.state is None
    verdict = story.may("terminate", by="both")
    assert not verdict.permitted
    assert verdict.codes == ("not-in-force",)


def test_an_agreement_without_trial_is_active_from_its_orders_start() -> None:
    story = Story(on="2026-01-05").order("O-1", start="2026-01-20")
    assert story.on("2026-01-19").state is None
    assert story.on("2026-01-20").state == "active"
    assert story.status().in_service


def test_a_trial_ends_on_its_last_day_and_never_converts_by_itself() -> None:
    story = Story(on="2026-01-05", trial_through="2026-01-31")
    assert story.on("2026-01-31T23:59-08:00").state == "trial"
    assert story.on("2026-02-01").state == "terminated"
    ending = story.status().ending
    assert ending is not None
    assert (ending.how, ending.clause) == ("expired", "1.4")


def test_a_trial_without_a_last_day_lasts_until_its_limit_is_reached() -> None:
    story = Story(on="2026-01-05", trial=True)
    assert story.on("2027-01-05").state == "trial"
    story.on("2027-02-01T12:00Z").opened("trial_limit", "T-1")
    assert story.on("2027-02-01T11:59Z").state == "trial"
    assert story.on("2027-02-01T12:00Z").state == "terminated"


def test_an_order_signed_during_the_trial_converts_it_on_the_orders_start() -> None:
    story = Story(on="2026-01-05", trial_through="2026-01-31")
    story.on("2026-01-10").order("O-1", start="2026-01-21")
    assert story.on("2026-01-20T23:59-08:00").state == "trial"
    assert story.on("2026-01-21").state == "active"


def test_between_a_trials_end_and_the_start_of_a_signed_order_the_agreement_is_not_in_force_but_not_ended() -> None:
    story = Story(on="2026-01-05", trial_through="2026-01-31")
    story.on("2026-01-10").order("O-1", start="2026-02-10")
    assert story.on("2026-01-31").state == "trial"
    gap = story.on("2026-02-05").status()
    assert (gap.state, gap.in_service, gap.ending) == (None, False, None)
    assert gap.valid_until == story.agreement.instant("2026-02-10") == story.agreement.wake_at("2026-02-05")
    assert "until 2026-02-10" in str(story.may("terminate", by="both"))
    before = story.on("2026-01-15").agreement
    assert before.wake_at("2026-01-15") == before.instant("2026-02-01")
    assert "not in force until 2026-02-10" in before.timeline("2026-01-15").entries[0].text
    (entry,) = story.on("2026-02-05").catch_up()
    assert (entry.key, entry.effects) == ("acme:trial end::2026-02-01", ("trial over",))
    assert [e.transition for e in story.on("2026-02-11").catch_up()] == ["convert"]
    assert story.on("2026-02-10").state == "active"


def test_an_order_signed_after_the_trial_ended_is_refused_for_the_agreement_is_over() -> None:
    story = Story(on="2026-01-05", trial_through="2026-01-31")
    with pytest.raises(InvalidFact, match="the agreement ends before"):
        story.on("2026-02-02").order("O-1", start="2026-02-02")
    assert len(story.agreement.history) == 1


def test_an_order_signed_at_the_instant_the_trial_ends_comes_first() -> None:
    story = Story(on="2026-01-05", trial_through="2026-01-31")
    assert story.on("2026-02-01").order("O-1", start="2026-02-01").state == "active"


def test_a_late_learned_order_that_would_put_another_aside_is_refused() -> None:
    story = in_service()
    with pytest.raises(InvalidFact, match="O-1 would take no effect"):
        story.on("2026-01-01", learned="2026-02-01").order("O-0", start="2026-01-02")
    assert story.on("2026-02-02").state == "active"


def test_a_successor_signed_after_the_term_it_would_follow_is_refused() -> None:
    with pytest.raises(InvalidFact, match="O-2 would take no effect"):
        in_service().on("2027-01-06").order("O-2", start="2027-01-05")


def test_an_order_called_off_by_both_before_it_starts_never_was() -> None:
    story = Story(on="2026-01-05").order("O-1", start="2026-02-01")
    order = story.last
    assert story.on("2026-01-20").agreed("rescission", order).on("2026-03-01").state is None


def test_an_order_signed_after_its_start_binds_from_the_signature_and_counts_its_term_from_the_start() -> None:
    story = Story(on="2026-01-05").on("2026-01-10").order("O-1", start="2026-01-05")
    assert story.on("2026-01-09").state is None
    status = story.on("2026-01-10").status()
    assert status.state == "active"
    assert status.term is not None
    assert status.term.last == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("start", "months", "lasts"),
    [
        (
            "2027-01-31",
            1,
            ["2027-02-28", "2027-03-30", "2027-04-30"],
        ),  # corresponding date, counted from the first start
        ("2028-02-29", 12, ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-28"]),
        ("2026-01-05", 12, ["2027-01-04", "2028-01-04"]),
    ],
)
def test_terms_follow_each_other_by_the_corresponding_date(start: str, months: int, lasts: list[str]) -> None:
    story = Story(on="2026-01-01").order("O-1", start=start, months=months)
    for number, last in enumerate(lasts, start=1):
        status = story.on(last).status()
        assert status.term is not None
        assert (status.term.number, str(status.term.last)) == (number, last)
        assert status.state == ("active" if number == 1 else "renewed")


def test_an_order_that_does_not_renew_expires_after_its_last_day() -> None:
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12, renews=False)
    assert story.on("2027-01-04").state == "active"
    assert story.on("2027-01-05").state == "terminated"


def test_a_successor_order_starts_on_the_day_after_the_term_it_follows() -> None:
    story = in_service()
    story.on("2026-11-01").order("O-2", start="2027-01-05", months=6)
    status = story.on("2027-01-05").status()
    assert status.state == "renewed"
    assert status.term is not None
    assert (status.term.number, status.term.order, status.term.last) == (2, "O-2", date(2027, 7, 4))
    later = story.on("2027-07-05").status().term
    assert later is not None
    assert (later.number, later.last) == (3, date(2028, 1, 4))  # as long as the expiring one: six months


def test_an_order_beside_the_running_one_is_refused() -> None:
    with pytest.raises(InvalidFact, match="a successor starts on the day after"):
        in_service().on("2026-06-01").order("O-2", start="2026-07-01")


# ---- renewal and its notice ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "ends"),
    [
        ("2026-12-05", "2027-01-05"),  # term 1 ends 4 Jan 2027; 30 days before is 5 Dec 2026: in time
        ("2026-12-06", "2028-01-05"),  # too late for term 1, so it counts for term 2, which ends 4 Jan 2028
        ("2026-01-05", "2027-01-05"),  # reading 3.1-early: valid from the start
    ],
)
def test_non_renewal_notice_stops_the_first_term_it_is_in_time_for(given: str, ends: str) -> None:
    story = in_service()
    story.on(given).notice("non_renewal", by="customer", method="courier")
    year, month, day = map(int, ends.split("-"))
    before = date.fromordinal(date(year, month, day).toordinal() - 1)
    assert story.on(before).state in ("active", "renewed")
    assert story.on(ends).state == "terminated"
    assert story.status().ending is not None


def test_a_non_renewal_notice_is_spent_on_its_term_and_does_not_stop_a_successor_order() -> None:
    story = in_service()
    story.on("2026-06-01").notice("non_renewal", by="customer")
    story.on("2026-11-01").order("O-2", start="2027-01-05", months=12)
    assert story.on("2028-01-05").state == "renewed"


def test_a_non_renewal_notice_is_withdrawn_only_by_both() -> None:
    story = in_service()
    story.on("2026-06-01").notice("non_renewal", by="customer", id="n-1")
    story.on("2026-07-01").agreed("withdrawal", "n-1")
    assert story.on("2027-01-05").state == "renewed"


def test_a_withdrawal_at_the_last_instant_comes_before_the_expiry_and_one_after_it_comes_too_late() -> None:
    for withdrawn, state in (("2027-01-05", "renewed"), ("2027-01-05T00:00:01-08:00", "terminated")):
        story = in_service().on("2026-06-01").notice("non_renewal", by="customer", id="n-1")
        assert story.on(withdrawn).agreed("withdrawal", "n-1").on("2027-01-06").state == state


def test_after_the_deadline_the_power_is_about_the_next_term() -> None:
    story = in_service()
    assert story.on("2026-12-05").may("stop renewal", by="customer").about == ("term 1",)
    assert story.on("2026-12-06").may("stop renewal", by="customer").about == ("term 2",)
    verdict = story.may("stop renewal", by="customer")
    assert verdict.permitted
    assert verdict.last_day == date(2027, 12, 5)  # 4 Jan 2028 - 30 days


def test_doing_it_gives_the_notice() -> None:
    story = in_service()
    story.on("2026-12-05").do("stop renewal", by="customer", method="certified_mail")
    assert story.on("2027-01-05").state == "terminated"


# ---- holds --------------------------------------------------------------------------------------------------------


def test_suspended_in_trial_converts_underneath_and_stays_suspended() -> None:
    story = Story(on="2026-01-05", trial_through="2026-01-31").on("2026-01-06").order("O-1", start="2026-01-20")
    suspended(story, "2026-01-10")
    assert story.on("2026-01-20").state == "suspended"
    story.on("2026-01-25").do("reinstate")
    assert story.state == "active"


def test_the_term_rolls_under_a_suspension() -> None:
    story = suspended(in_service())
    status = story.on("2027-01-05").status()
    assert status.state == "suspended"
    assert status.term is not None
    assert status.term.number == 2
    story.do("reinstate")
    assert story.state == "renewed"


def test_a_further_suspension_adds_a_hold_and_each_lifts_alone() -> None:
    story = suspended(suspended(in_service(), "2026-02-02"), "2026-03-02")
    assert len(story.on("2026-03-03").status().holds) == 2
    story.do("reinstate", about="S-2026-02-02")
    assert story.state == "suspended"
    story.do("reinstate", about="S-2026-03-02")
    assert story.state == "active"


def test_the_same_matter_is_not_suspended_for_twice() -> None:
    story = suspended(in_service())
    assert "already" in story.on("2026-02-03").may("suspend").codes


def test_an_expiry_ends_a_suspended_agreement_too() -> None:
    story = in_service()
    story.on("2026-06-01").notice("non_renewal", by="customer")
    suspended(story, "2026-12-20")
    assert story.on("2027-01-04").state == "suspended"
    assert story.on("2027-01-05").state == "terminated"
    assert story.status().holds == ()


def test_a_hold_lifts_by_itself_at_the_later_of_the_act_and_its_matters_end() -> None:
    story = in_service()
    story.on("2026-02-01").invoice("INV-7", "100.00 USD", due="2026-03-01")
    story.on("2026-03-05").notice("overdue", about="INV-7")
    story.on("2026-03-31T10:00-07:00").do("suspend")
    story.on("2026-03-20", learned="2026-04-02").paid("INV-7", "100.00 USD")
    assert story.agreement.known_at("2026-04-01").status("2026-04-01").state == "suspended"
    assert story.agreement.status("2026-04-01").state == "active"


def test_after_a_hold_that_has_lifted_the_next_wake_is_at_what_comes_then() -> None:
    story = suspended(in_service())
    story.on("2026-02-10").do("reinstate")
    # 30 days before 4 January 2027 a notice stops the renewal for the last time (3.1): 5 December is the last day.
    assert story.agreement.wake_at("2026-02-11") == story.agreement.instant("2026-12-06")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often courses are made, and the holds in them from the first act on."""
    found: Counter[str] = Counter()

    def counting(cls: type[Course | Holds]) -> None:
        init = cls.__init__

        def noting(self: Any, *given: Any) -> None:
            found[cls.__name__] += 1
            init(self, *given)

        monkeypatch.setattr(cls, "__init__", noting)

    counting(Course)
    counting(Holds)
    return found


def test_holds_are_read_on_from_act_to_act_and_from_term_to_term(made: Counter[str]) -> None:
    story = suspended(in_service())
    made.clear()
    for lifts, holds in (("2026-02-10", "2026-02-12"), ("2026-02-20", "2026-02-22")):
        story.on(lifts).do("reinstate")
        suspended(story, holds)
    assert story.state == "suspended"
    assert story.on("2028-02-12").state == "suspended"
    assert made["Holds"] == 0


def test_holds_are_read_once_before_an_act_that_takes_effect_later(made: Counter[str]) -> None:
    story = suspended(in_service(readings={"8.5": "receipt"})).on("2026-02-10")
    story.acted("terminate", by="customer", power="terminate.breach", method="certified_mail")  # counts on its delivery
    assert story.state == "suspended"
    made.clear()
    assert story.on("2026-02-12").invoice("I-1", "10 USD", due="2026-03-14").state == "suspended"
    assert made["Holds"] == 0


def test_holds_are_read_anew_once_the_agreement_ends(made: Counter[str]) -> None:
    story = suspended(in_service())
    made.clear()
    story.on("2026-02-10").acted("terminate", by="customer").agreement.powers("2026-02-10T12:00Z")
    assert made["Holds"] == 1


def test_what_is_asked_at_one_instant_is_asked_of_one_course(made: Counter[str]) -> None:
    story = in_service()
    made.clear()
    story.status()
    story.agreement.powers(story.now)
    story.may("suspend")
    assert made["Course"] == 1
    story.agreement.powers("2026-01-04")  # before it begins: another course
    story.agreement.powers(story.now)
    assert made["Course"] == 2


def test_where_it_stands_is_told_once_from_one_turn_up_to_the_next() -> None:
    story = in_service().on("2026-02-02").opened("security_risk", "S-1", by="provider")
    story.acted("suspend", power="suspend.security", about="S-1")
    story.on("2026-06-01").acted("terminate", by="customer")
    turns = [story.agreement.instant(day) for day in ("2026-01-05", "2026-02-02", "2026-06-01", "2027-01-05")]
    course = Course(story.agreement._docket(), turns[2])  # followed as far as the term runs in which it ends
    for since, until, state in zip(turns, turns[1:], ("active", "suspended", "terminated"), strict=False):
        stand = course.stand(since)
        assert (stand.since, stand.until, stand.state) == (since, until, state)
        assert course.stand(since) is course.stand(min(until, since + timedelta(30)) - MOMENT) is stand


# ---- ending ---------------------------------------------------------------------------------------------------------


def test_acts_after_the_end_are_refused_and_facts_are_kept() -> None:
    story = in_service()
    story.on("2026-02-01").invoice("INV-7", "100.00 USD", due="2026-03-01")
    story.on("2026-06-01").do("terminate", by="both")
    count = len(story.agreement.history)
    with pytest.raises(Refused):
        story.on("2026-06-02").acted("suspend")
    assert len(story.agreement.history) == count
    story.on("2026-06-03").paid("INV-7", "100.00 USD")
    assert len(story.agreement.history) == count + 1


def test_what_happens_by_itself_comes_before_an_act_of_the_same_instant() -> None:
    story = in_service()
    story.on("2026-06-01").notice("non_renewal", by="customer")
    with pytest.raises(Refused) as refused:  # expired at the first instant of 5 January 2027, before the act
        story.on("2027-01-05").acted("terminate", by="customer")
    assert "ended" in refused.value.verdict.codes


def test_a_term_that_turns_out_to_have_run_out_leaves_nothing_to_terminate_at_that_instant() -> None:
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    story.on("2027-01-05").agreed("termination", power="terminate.agreed")
    story.on("2026-11-01", learned="2027-02-01").notice("non_renewal", by="customer")
    ending = story.on("2027-02-01").status().ending
    assert ending
    assert (ending.how, ending.at) == ("expired", story.agreement.instant("2027-01-05"))


def test_what_has_ended_stands_in_the_term_in_which_it_ended() -> None:
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    story.on("2026-06-01").agreed("termination", power="terminate.agreed")
    term = story.on("2028-06-01").status().term
    assert term
    assert term.number == 1


def test_a_fact_of_the_same_instant_comes_before_the_act() -> None:
    story = in_service()
    story.on("2026-02-01").opened("force_majeure", "FM-1")
    story.on("2026-03-04T08:00Z").ended("FM-1", "ended")  # 1 Feb + 30 = 3 Mar; the window opens with 4 March, 00:00 PST
    assert not story.on("2026-03-04T08:00Z").may("terminate", by="customer").permitted


def test_of_two_acts_of_one_instant_the_suspension_recorded_first_comes_before_the_end() -> None:
    story = in_service().on("2026-02-02").opened("security_risk", "S-1", by="provider")
    story.acted("suspend", power="suspend.security", about="S-1").acted("terminate", by="customer")
    course = Course(story.agreement._docket(), story.agreement.instant(story.now))
    assert [change.transition for change in changes(course)] == ["suspend", "terminate"]


def test_a_termination_under_no_power_rests_on_no_clause() -> None:
    ending = in_service().on("2026-06-01").acted("terminate", by="customer").status().ending
    assert ending
    assert (ending.clause, ending.power) == ("", None)


def test_a_termination_stands_until_both_rescind_it_in_writing() -> None:
    story = in_service()
    story.on("2026-06-01").acted("terminate", by="customer", id="t-1")
    assert story.on("2026-06-09").state == "terminated"
    story.on("2026-06-10").agreed("rescission", "t-1")
    assert story.state == "active"
    assert story.on("2027-06-10").state == "renewed"
    assert story.agreement.known_at("2026-06-09").status("2026-06-09").state == "terminated"


# ---- acts done outside ---------------------------------------------------------------------------------------------


def test_an_act_done_outside_takes_effect_and_is_marked_irregular_where_the_terms_did_not_permit_it() -> None:
    story = in_service()
    story.on("2026-02-10").acted("suspend", id="panic")
    status = story.status()
    assert status.state == "suspended"
    assert status.irregular == ("panic",)


def test_an_act_done_outside_that_the_terms_permitted_is_regular() -> None:
    story = in_service()
    story.on("2026-02-10").opened("security_risk", "S-1", by="provider").acted(
        "suspend", power="suspend.security", about="S-1"
    )
    assert story.status().irregular == ()


def test_a_panic_suspension_works_with_its_reason_and_is_marked() -> None:
    story = in_service()
    outcome = story.on("2026-02-10").do("suspend", override="traffic looks like an attack", actor="on call")
    assert outcome.target == "suspended"
    assert not outcome.verdict.permitted
    assert story.status().irregular == (outcome.event.id,)
    assert story.status().holds[0].override == "traffic looks like an attack"


def test_an_override_cannot_go_where_no_edge_leads() -> None:
    story = in_service()
    with pytest.raises(Refused):
        story.on("2026-02-10").do("reinstate", override="just in case")
    with pytest.raises(Refused):
        story.do("suspend", by="customer", override="we want to pause")


def test_a_regular_act_stays_regular_whatever_is_learned_later() -> None:
    story = in_service()
    story.on("2026-02-01").invoice("INV-7", "100.00 USD", due="2026-03-01")
    story.on("2026-03-05").notice("overdue", about="INV-7")
    outcome = story.on("2026-03-31T10:00-07:00").do("suspend")
    story.on("2026-03-20", learned="2026-04-02").paid("INV-7", "100.00 USD")
    assert story.agreement.was_regular(outcome.event.id)


# ---- opening balance -----------------------------------------------------------------------------------------------


def test_an_imported_account_starts_where_its_balance_says_and_is_marked_unverified() -> None:
    story = Story(on="2026-06-01")
    story.record(OpeningBalance(order="O-9", started="2026-03-01", term=Period(12, "months"), number=4))
    status = story.status()
    assert (status.state, status.unverified) == ("renewed", True)
    assert status.term is not None
    assert (status.term.number, status.term.last) == (4, date(2027, 2, 28))
    assert story.on("2027-03-01").status().term is not None
    assert story.on("2026-05-31").state is None


def test_an_account_imported_suspended_stays_so_until_its_hold_lifts() -> None:
    story = Story(on="2026-06-01")
    holds = (StandingHold(power="suspend.overdue", matter="INV-1"),)
    story.record(OpeningBalance(order="O-9", started="2026-03-01", term=Period(12, "months"), holds=holds))
    assert story.on("2026-06-02").state == "suspended"
    (hold,) = story.status().holds
    assert (hold.event, hold.sequence, hold.power, hold.by) == ("opening balance", 0, "suspend.overdue", "provider")
    story.on("2026-05-01", learned="2026-06-02").invoice("INV-1", "10.00 USD", due="2026-05-02")
    assert story.on("2026-06-03").state == "suspended"
    story.on("2026-06-04").paid("INV-1", "10.00 USD")
    assert story.state == "active"


def test_what_an_imported_order_brought_goes_with_it_when_both_undo_it() -> None:
    # The order of the import was suspended for an invoice. Undone on 2 June, it binds nobody, and the order that starts
    # on 10 June was never suspended: 1.12(e) takes a notice, and none was given under it.
    story = Story(on="2026-06-01").invoice("INV-1", "10.00 USD", due="2026-05-02")
    holds = (StandingHold(power="suspend.overdue", matter="INV-1"), StandingHold())
    story.record(OpeningBalance(order="O-9", started="2026-03-01", term=Period(12, "months"), holds=holds))
    assert story.state == "suspended"
    story.on("2026-06-02").agreed("rescission", target=story.agreement.history[-1].id)
    assert story.status().state is None
    story.order("O-10", start="2026-06-10", months=12)
    status = story.on("2026-06-10").status()
    assert (status.state, status.holds, status.unverified) == ("active", (), False)


def test_a_balance_cannot_be_opened_beside_an_order() -> None:
    with pytest.raises(InvalidFact, match="imported before"):
        in_service().on("2026-06-01").record(OpeningBalance(order="O-9", started="2026-03-01", term=Period(1, "years")))


@pytest.mark.parametrize("term", [Period(0, "months"), Period(5, "hours"), Period(3, "business days")])
def test_a_term_that_is_no_term_is_refused(term: Period) -> None:
    with pytest.raises(InvalidFact, match="a term lasts"):
        Story(on="2026-01-05").record(OrderSigned(order="O-1", start="2026-01-05", term=term))


def test_a_hold_named_by_no_matter_falls_with_the_payment_that_came_before_it() -> None:
    story = in_service()
    story.on("2026-01-10").invoice("I-1", "10.00 USD", due="2026-01-20").on("2026-01-22").notice("overdue", about="I-1")
    story.invoice("I-2", "10.00 USD", due="2026-09-20")
    story.on("2026-03-10").acted("suspend", power="suspend.overdue")
    assert [hold.matter for hold in story.status().holds] == ["I-1"]
    story.on("2026-03-05", learned="2026-03-12").paid("I-1", "10.00 USD")
    assert story.on("2026-03-12").state == "active"


def test_a_hold_named_by_no_matter_rests_on_what_was_pending_where_nothing_was_open() -> None:
    """I-2 is 18 days overdue, and nobody was told: 1.12 takes 30 days and a notice."""
    story = in_service()
    story.on("2026-01-10").invoice("I-1", "10.00 USD", due="2026-01-20").invoice("I-2", "10.00 USD", due="2026-02-20")
    story.on("2026-01-15").paid("I-1", "10.00 USD").on("2026-03-10").acted("suspend", power="suspend.overdue")
    (hold,) = story.status().holds
    assert (hold.matter, hold.by, hold.event) == ("I-2", "provider", story.last)
    assert story.status().irregular == (story.last,)
    assert story.on("2026-03-12").paid("I-2", "10.00 USD").state == "active"


def test_what_stands_or_comes_leaves_out_what_had_lifted_by_then_and_what_never_began() -> None:
    """From 10 to 12 March, and from 1 to 5 May; the payment of the third, of 15 April, was learned after the act."""
    story = in_service().on("2026-01-10")
    for invoice, due in (("I-1", "2026-01-20"), ("I-2", "2026-02-20"), ("I-3", "2026-02-21")):
        story.invoice(invoice, "10.00 USD", due=due)
    for matter, placed, paid in (("I-1", "2026-03-10", "2026-03-12"), ("I-2", "2026-05-01", "2026-05-05")):
        story.on(placed).acted("suspend", power="suspend.overdue", about=matter).on(paid).paid(matter, "10.00 USD")
    story.on("2026-04-20", learned="2026-05-06").acted("suspend", power="suspend.overdue", about="I-3")
    story.on("2026-04-15", learned="2026-05-07").paid("I-3", "10.00 USD")
    course, instant = story.agreement._course(story.agreement.instant("2026-06-01")), story.agreement.instant
    days = ("2026-03-11", "2026-03-12", "2026-04-10", "2026-05-04", "2026-05-05")
    found = [[hold.matter for hold in course.holds_from(instant(day))] for day in days]
    assert found == [["I-1", "I-2"], ["I-2"], ["I-2"], ["I-2"], []]
    stand = [[hold.matter for hold in course.stand(instant(day)).holds] for day in days]
    assert stand == [["I-1"], [], [], ["I-2"], []]


def placed(story: Story, *holds: tuple[str, str, str]) -> Course:
    """The course as of June 2026: invoices overdue, each suspended for and paid on the days that are told."""
    story.on("2026-01-10")
    for invoice, _, _ in holds:
        story.invoice(invoice, "10.00 USD", due="2026-01-20")
    facts = [(since, "suspend", invoice) for invoice, since, _ in holds]
    facts += [(until, "pay", invoice) for invoice, _, until in holds]
    for on, what, invoice in sorted(facts, key=lambda fact: fact[0]):
        if what == "suspend":
            story.on(on).acted("suspend", power="suspend.overdue", about=invoice)
        else:
            story.on(on).paid(invoice, "10.00 USD")
    return story.agreement._course(story.agreement.instant("2026-06-01"))


def test_what_lifted_first_hides_nothing_that_lifted_later() -> None:
    story = in_service()
    course = placed(story, ("I-1", "2026-03-10", "2026-05-05"), ("I-2", "2026-03-11", "2026-03-20"))
    assert [hold.matter for hold in course.stand(story.agreement.instant("2026-04-01")).holds] == ["I-1"]


def test_reasons_that_follow_each_other_at_once_are_one_suspension() -> None:
    story = in_service()
    course = placed(story, ("I-1", "2026-03-10", "2026-03-15"), ("I-2", "2026-03-15", "2026-05-20"))
    instant = story.agreement.instant
    whole = course.suspension(instant("2026-04-01"))
    assert whole == Window(instant("2026-03-10"), instant("2026-05-20"))
    apart = placed(story := in_service(), ("I-1", "2026-03-10", "2026-03-14"), ("I-2", "2026-03-15", "2026-05-20"))
    assert apart.suspension(instant("2026-04-01")) == Window(instant("2026-03-15"), instant("2026-05-20"))
    assert apart.suspension(instant("2026-03-11")) == Window(instant("2026-03-10"), instant("2026-03-14"))
    assert apart.suspension(instant("2026-03-14")) is None


def test_a_hold_is_read_once_however_often_it_is_asked_about() -> None:
    story = in_service().on("2026-01-10")
    for invoice in ("I-1", "I-2", "I-3"):
        story.invoice(invoice, "10.00 USD", due="2026-01-20")
    for invoice, day in (("I-1", 10), ("I-2", 14), ("I-3", 18)):
        assert story.on(f"2026-03-{day}").acted("suspend", power="suspend.overdue", about=invoice).state == "suspended"
        assert story.on(f"2026-03-{day + 2}").paid(invoice, "10.00 USD").state == "active"
    course = story.agreement._course(story.agreement.instant("2026-06-01"))
    assert [hold.matter for hold in course.holds] == ["I-1", "I-2", "I-3"]


def test_a_payment_at_the_instant_of_an_act_lifts_before_the_act_could() -> None:
    story = in_service()
    story.on("2026-01-10").invoice("I-1", "10.00 USD", due="2026-01-20")
    story.on("2026-03-10").acted("suspend", power="suspend.overdue", about="I-1")
    story.on("2026-03-12").acted("reinstate", about="I-1").paid("I-1", "10.00 USD")
    (hold,) = story.agreement._course(story.agreement.instant("2026-06-01")).holds
    assert (str(hold.until.date()), hold.by_itself) == ("2026-03-12", True)


def test_acts_of_one_instant_change_the_state_in_the_order_in_which_they_were_done() -> None:
    story = in_service().on("2026-02-10").opened("security_risk", "S-1", by="provider")
    story.opened("security_risk", "S-2", by="provider").acted("suspend", power="suspend.security", about="S-1")
    story.on("2026-02-20").acted("suspend", power="suspend.security", about="S-2").acted("reinstate", about="S-1")
    course = story.agreement._course(story.agreement.instant("2026-03-01"))
    assert [change.transition for change in changes(course)] == ["suspend", "suspend", "reinstate"]


def test_a_further_suspension_for_what_is_suspended_already_adds_no_hold() -> None:
    story = in_service()
    story.on("2026-01-10").invoice("I-1", "10.00 USD", due="2026-01-20")
    for day in ("2026-03-10", "2026-03-11"):
        story.on(day).acted("suspend", power="suspend.overdue", about="I-1")
    assert [(hold.matter, str(hold.since.date())) for hold in story.status().holds] == [("I-1", "2026-03-10")]


def test_a_hold_may_be_placed_for_an_invoice_that_is_recorded_as_of_a_later_day() -> None:
    story = in_service().on("2026-03-10").acted("suspend", power="suspend.overdue", about="I-1")
    story.on("2026-03-12").invoice("I-1", "10.00 USD", due="2026-03-20")
    assert story.on("2026-03-13").state == "suspended"
    assert story.on("2026-03-14").paid("I-1", "10.00 USD").state == "active"


def test_a_hold_for_an_invoice_recorded_by_mistake_falls_with_it() -> None:
    story = in_service()
    story.on("2026-01-10").invoice("I-1", "10.00 USD", due="2026-01-20")
    mistake = story.last
    story.on("2026-01-22").notice("overdue", about="I-1").on("2026-03-10").do("suspend")
    assert story.on("2026-03-12").withdrawn(mistake).state == "active"


def test_without_the_order_that_was_recorded_by_mistake_nothing_is_in_force_and_no_act_stands() -> None:
    story = in_service()
    order = story.last
    suspended(story)
    status = story.on("2026-02-10").withdrawn(order).status()
    assert (status.state, status.holds, status.term) == (None, (), None)


def test_a_corrected_act_is_judged_as_it_stands_now() -> None:
    story = in_service()
    story.on("2026-01-10").invoice("I-1", "10.00 USD", due="2026-01-20").on("2026-01-22").notice("overdue", about="I-1")
    act = story.on("2026-03-10").do("suspend").event
    assert story.status().irregular == ()
    story.on("2026-03-11").corrected(act.id, act.fact, "2026-01-23")  # long before the window
    assert story.status().irregular == (act.id,)


def test_a_suspension_recorded_for_later_is_seen_coming() -> None:
    story = in_service()
    story.on("2026-06-01", learned="2026-05-01").acted("terminate", by="customer")
    agreement = story.agreement
    assert (
        agreement.status("2026-05-02").valid_until == agreement.wake_at("2026-05-02") == agreement.instant("2026-06-01")
    )
    assert "fact" in [entry.what for entry in agreement.timeline("2026-05-02").entries]


def test_a_notice_given_against_the_verdict_is_a_notice_and_its_fault_is_shown() -> None:
    story = in_service().on("2026-11-01")
    outcome = story.do("stop renewal", by="customer", method="email", override="the courier is on strike")
    assert "email gives no notice" in story.agreement.remarks("2026-11-02")[outcome.event.id]
    with pytest.raises(InvalidFact, match="record the notice"):
        story.acted("stop renewal", by="customer", power="non_renewal")


@pytest.mark.parametrize(
    ("what", "power"),
    [("termination", "suspend.overdue"), ("amendment", "terminate.agreed"), ("consent", "nap")],
)
def test_both_agree_only_under_a_power_of_both(what: Any, power: str) -> None:
    with pytest.raises(InvalidFact, match="is no power of both"):
        in_service().on("2026-06-01").agreed(what, power=power)


def test_a_retry_of_a_fact_without_its_own_time_is_the_same_fact() -> None:
    story = in_service().on("2026-02-01").invoice("I-1", "10.00 USD", due="2026-03-01")
    story.on("2026-02-10T10:00Z").agreement.record(PAID, at=story.now, key="k")
    story.on("2026-02-10T10:05Z").agreement.record(PAID, at=story.now, key="k")
    assert len(story.agreement.history) == 4


def test_an_id_that_a_host_took_does_not_stand_in_the_way() -> None:
    story = in_service().on("2026-02-01").record(PAID, id="acme:4").record(PAID)
    assert [event.id for event in story.agreement.history] == ["acme:1", "acme:2", "acme:4", "acme:4'"]


def test_only_a_termination_or_an_order_can_be_rescinded() -> None:
    story = in_service().on("2026-02-10").acted("suspend", id="s-1").on("2026-02-11").agreed("rescission", "s-1")
    assert story.state == "suspended"
    assert "neither a termination nor an order" in story.agreement.remarks("2026-02-12")[story.last]


def test_a_late_notice_accepted_before_the_terms_end_stops_the_term_it_was_given_in() -> None:
    story = in_service().on("2026-12-20").notice("non_renewal", by="customer", id="n-1")  # last day: 5 December
    assert story.on("2026-12-28").accepted("n-1", by="provider").on("2027-01-05").state == "terminated"
    late = in_service().on("2026-12-20").notice("non_renewal", by="customer", id="n-1")
    assert late.on("2027-01-06").accepted("n-1", by="provider").state == "renewed"


def test_an_act_at_the_first_instant_in_force_takes_effect() -> None:
    story = in_service().opened("security_risk", "S-1", by="provider")
    assert story.do("suspend").target == "suspended"
    assert [hold.matter for hold in story.status().holds] == ["S-1"]


# ---- one instant, and what is learned late -----------------------------------------------------------------------


def test_a_hold_may_be_lifted_at_the_instant_it_was_placed() -> None:
    story = suspended(in_service())
    assert story.acted("reinstate").state == "active"


def test_an_end_learned_late_that_came_earlier_is_the_end() -> None:
    """3.1: a notice in time, learned after the term was thought to be renewed and was then terminated."""
    story = in_service().on("2027-01-10").agreed("termination")
    assert story.status().ending is not None
    story.on("2026-06-01", learned="2027-01-12").notice("non_renewal", by="customer")
    ending = story.on("2027-01-12").status().ending
    assert ending is not None
    assert (ending.how, ending.at) == ("expired", story.agreement.instant("2027-01-05"))  # the day after the term


def test_where_the_end_is_learned_to_have_come_before_a_suspension_there_was_none() -> None:
    story = suspended(in_service(), "2026-02-10")
    story.on("2026-02-01", learned="2026-02-20").agreed("termination", power="terminate.agreed")
    course = Course(story.agreement._docket(), story.agreement.instant("2026-02-20"))
    assert [change.transition for change in changes(course)] == ["terminate"]
    assert course.holds == ()


def test_at_one_instant_facts_come_before_acts_in_whatever_order_they_were_recorded() -> None:
    """A matter of the instant at which both agree on other Terms is still under those from before."""
    story = in_service().on("2026-03-02T09:00-08:00")
    later = evolve(story.agreement.terms, id="modal-later", digest="1" * 64)
    story.agreement.learn(later)
    story.record(Agreed(what="amendment", terms=later.id, digest=later.digest)).opened("security_risk", "S-1")
    assert [version.terms.id for version in story.agreement.versions()] == ["modal-2024-03-26", "modal-later"]
    docket = story.agreement._docket()
    assert docket.terms_of(docket.matters["S-1"]).id == "modal-2024-03-26"


def test_after_the_end_only_what_outlives_it_is_open() -> None:
    """An overdue account ended by both on 15 April 2026: 1.12 suspends and accelerates no more, by 2.2(a) interest goes
    on, and by 1.8 data may be deleted from that day.
    """
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-01").invoice("INV-1", "10.00 USD", due="2026-03-01")
    story.on("2026-03-05").notice("overdue", about="INV-1").on("2026-04-15").agreed("termination")

    def over(day: str) -> set[str]:
        return {opening.power.id for opening in story.agreement.powers(day) if opening.matter}

    assert {"suspend.overdue", "accelerate.overdue", "interest.late"} <= over("2026-04-14")
    assert over("2026-04-15") == {"interest.late", "data.delete"}


def fed_back(story: Story, at: str) -> list[tuple[str, str, str, str, dict[str, Any]]]:
    """What the course itself opens, as it stands at an instant: kind, id, day, how it ends, what is said of it."""
    course, instant = story.agreement._course(story.agreement.instant("2027-06-01")), story.agreement.instant(at)
    return [
        (each.kind, each.id, str(each.opened.date()), each.last.how, dict(each.attributes))
        for each in course.matters(("term", "hold", "suspension", "idle", "ending"), instant)
    ]


def test_term_hold_suspension_and_ending_are_matters_on_which_powers_may_rest() -> None:
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05")
    story.on("2026-02-10").opened("security_risk", "S-1", by="provider").do("suspend")
    story.on("2026-02-20").do("reinstate")
    story.on("2026-03-01").agreed("termination", power="terminate.agreed")
    ending = ("ending", "ending", "2026-03-01", "", {"how": "terminated", "power": "terminate.agreed", "by": "both"})
    assert fed_back(story, "2026-02-15") == [
        ("term", "term 1", "2026-01-05", "", {"order": "O-1"}),
        ("hold", "S-1", "2026-02-10", "lifted", {"power": "suspend.security"}),
        ("suspension", "suspension", "2026-02-10", "lifted", {}),
        ending,
    ]
    assert fed_back(story, "2026-03-01") == [ending]


def test_a_hold_under_no_power_says_so() -> None:
    story = in_service().on("2026-02-02").acted("suspend")
    course = Course(story.agreement._docket(), story.agreement.instant(story.now))
    (hold,) = course.matters(("hold",), course.horizon)
    assert hold.attributes == {"power": ""}


def test_an_expiry_is_an_ending_under_no_power_by_nobody() -> None:
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", renews=False)
    assert fed_back(story, "2027-01-05") == [
        ("ending", "ending", "2027-01-05", "", {"how": "expired", "power": "", "by": ""})
    ]


def test_a_framework_without_an_order_is_idle_until_one_starts() -> None:
    story = Story("common-paper-csa-2.1", on="2026-01-05").on("2026-04-01").order("O-1", start="2026-04-05")
    idle: tuple[str, str, str, str, dict[str, Any]] = ("idle", "idle", "2026-01-05", "over", {})
    assert idle in fed_back(story, "2026-01-05")
    assert idle in fed_back(story, "2026-04-04")
    assert idle not in fed_back(story, "2026-04-05")
