"""What a power says of the facts: each condition in words, with what is missing and from when. Days by hand.

Breach B-1 of the customer came to light on 10 February 2026. A notice of 18 February leaves 30 days to cure, through 20
March; the provider may terminate from 21 March (3.2(a)).
"""

from __future__ import annotations

from typing import Any

import pytest

from lifecycle.powers import Opening, openings
from lifecycle.testing import Story
from lifecycle.windows import ALWAYS


def breached(**said: Any) -> Story:
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12).on("2026-02-10")
    attributes = said or {"material": True, "remediable": True}
    return story.opened("breach", "B-1", party="customer", by="provider", **attributes)


def noticed(method: str = "courier", by: Any = "provider") -> Story:
    return breached().on("2026-02-18").notice("breach", about="B-1", method=method, by=by, id="N-1")


def asked(story: Story, on: str) -> str:
    return str(story.on(on).may("terminate", by="provider", about="B-1", power="terminate.breach", method="courier"))


DEFECTS = {
    "8.5: email gives no notice; personal, registered mail, certified mail, courier do": noticed(method="email"),
    "not the customer's to give": noticed(by="customer"),
    "withdrawn by both in writing": noticed().on("2026-02-20").agreed("withdrawal", target="N-1"),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_notice_that_does_not_count_says_why(defect: str) -> None:
    assert asked(DEFECTS[defect], "2026-03-21") == (
        "terminate refused on 2026-03-21: 3.2(a) breach B-1 since 2026-02-10; 3.2(a) needs a breach notice about "
        f"breach B-1: none counts (breach notice of 2026-02-18: {defect}). "
        "Missing: give a breach notice about breach B-1 by "
        "personal, registered mail, certified mail, courier. First day: 2026-04-21 (if the missing notice is given as "
        "soon as it counts)."
    )


def test_a_notice_from_before_the_matter_or_from_before_it_came_back_says_so() -> None:
    early = breached().on("2026-02-05", learned="2026-02-11").notice("breach", about="B-1")
    assert "none counts (breach notice of 2026-02-05: from before breach B-1 began)." in asked(early, "2026-03-21")
    cured = breached().on("2026-02-12").notice("breach", about="B-1").on("2026-02-15").ended("B-1", "cured")
    back = cured.on("2026-02-20").reopened("B-1")
    assert "none counts (breach notice of 2026-02-12: from before breach B-1 reopened)." in asked(back, "2026-03-21")


def test_a_notice_known_by_its_day_may_have_come_after_what_happened_on_that_day() -> None:
    """B-1 comes to light at three in the afternoon of 10 February; + 30 = 12 March."""
    nine, noon, three = (f"2026-02-10T{hour}:00[America/Los_Angeles]" for hour in ("09", "12", "15"))

    def noticed_on(moment: str, method: str = "courier") -> Story:
        story = Story(on="2026-01-05").order("O-1", start="2026-01-05").on(three)
        story.opened("breach", "B-1", party="customer", by="provider", material=True, remediable=True)
        return story.on(moment, learned="2026-02-11").notice("breach", about="B-1", method=method, id="N-1")

    assert "(breach notice given 2026-02-10: day 31) - met" in asked(noticed_on("2026-02-10"), "2026-03-13")
    assert "2026-02-10: from before breach B-1 began" in asked(noticed_on(nine), "2026-03-13")
    accepted = noticed_on("2026-02-10", "email").on(noon, learned="2026-02-11").accepted("N-1", by="customer")
    assert "none counts" in asked(accepted, "2026-03-13")


def test_a_matter_that_ended_says_how_and_when() -> None:
    cured = noticed().on("2026-03-01").ended("B-1", "cured")
    assert asked(cured, "2026-03-21") == (
        "terminate refused on 2026-03-21: 3.2(a) breach B-1 was cured on 2026-03-01; "
        "3.2(a) leaves 30 days for cure (breach notice given 2026-02-18: day 31) - met. "
        "First day: none, whatever the wait."
    )
    late = breached().on("2026-03-01").ended("B-1", "cured").on("2026-03-02").notice("breach", about="B-1")
    assert "none counts (breach notice of 2026-03-02: breach B-1 had ended)." in asked(late, "2026-03-21")
    same_instant = breached().on("2026-03-01").ended("B-1", "cured").notice("breach", about="B-1")
    assert "none counts (breach notice of 2026-03-01: breach B-1 had ended)." in asked(same_instant, "2026-03-21")


def test_a_notice_with_a_time_of_its_own_says_what_that_time_turns_on() -> None:
    """Bonterms 8.3 counts the days for a report from the discovery or from the delivery, as the subject has it."""
    story = Story("bonterms-cloud-1.0", on="2026-01-05").order("O-1", start="2026-01-05").on("2026-02-10")
    story.opened("warranty_breach", "W-1", party="provider", verified=True).on("2026-02-12")
    story.notice("warranty", by="customer", about="W-1", method="personal")
    turns_on = "8.3 turns on whether breach of warranty W-1 is subject, and nobody has said"
    verdict = story.on("2026-04-01").may("terminate", by="customer", power="terminate.warranty")
    assert f"none counts (warranty report of 2026-02-12: too early, {turns_on})" in str(verdict)


def test_an_end_in_time_keeps_a_power_from_arising_and_is_told_first() -> None:
    """2.2(b) is about what is paid late: due on 1 March, paid on 27 February."""
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05").on("2026-02-01")
    story.invoice("INV-7", "100.00 USD", due="2026-03-01").on("2026-02-27").paid("INV-7", "100.00 USD")
    verdict = story.on("2026-03-05").may("shorten payment terms")
    assert [reason.code for reason in verdict.reasons] == ["matter", "clock"]
    assert str(verdict) == (
        "shorten payment terms refused on 2026-03-05: 2.2(b) invoice INV-7 was paid on 2026-02-27; "
        "2.2(b) needs overdue (invoice INV-7 due 2026-03-01: day 4) - met. First day: none, whatever the wait."
    )


def test_a_clock_tells_its_day_and_when_it_opens() -> None:
    leaves = "3.2(a) leaves 30 days for cure (breach notice given 2026-02-18: day"
    refused = f"terminate refused on 2026-03-20: {leaves} 30) - opens 2026-03-21. First day: 2026-03-21."
    assert asked(noticed(), "2026-03-20") == refused
    assert asked(noticed(), "2026-03-21") == f"terminate permitted on 2026-03-21: {leaves} 31) - met."


def test_a_deadline_is_told_by_its_last_day_and_what_it_counts_back_from() -> None:
    """3.1: the term ends on 4 January 2027; 30 days before is 5 December 2026."""
    assert str(breached().on("2026-12-05").may("stop renewal", by="customer", method="courier")) == (
        "stop renewal permitted on 2026-12-05: "
        "3.1 needs 30 days before the end of the term (term end 2027-01-04) - through 2026-12-05."
    )


def test_more_time_and_a_waiver_name_who_gave_it() -> None:
    met = "3.2(a) leaves 30 days for cure (breach notice given 2026-02-18: day 41) - met"
    more = noticed().extended("B-1", to="2026-04-01", power="terminate.breach")
    verdict = more.on("2026-03-31").may("terminate", power="terminate.breach", method="courier")
    assert verdict.missing == ("wait until 2026-04-02",)
    assert asked(more, "2026-03-31") == (
        f"terminate refused on 2026-03-31: {met}; "
        "3.2(a) the provider gave more time for breach B-1, through 2026-04-01. First day: 2026-04-02."
    )
    waived = noticed().on("2026-02-19").waived("B-1", "terminate.breach")
    assert asked(waived, "2026-03-31") == (
        f"terminate refused on 2026-03-31: {met}; 3.2(a) the provider waived the power for breach B-1 on 2026-02-19. "
        "First day: none, whatever the wait."
    )


def test_a_condition_on_the_matter_says_what_it_turns_on() -> None:
    unsaid, otherwise = (
        breached(**said).may("terminate", by="provider", power="terminate.breach", method="courier")
        for said in ({"remediable": True}, {"material": False})
    )
    assert unsaid.reasons[0].text(unsaid.on) == "3.2(a) turns on whether breach B-1 is material, and nobody has said"
    assert unsaid.missing[0] == "record material of breach B-1"
    assert otherwise.reasons[0].text(otherwise.on) == "3.2(a) is not about breach B-1: material is no"


def test_a_clock_for_some_matters_only_says_what_it_turns_on_under_its_own_clause() -> None:
    """1.12 has one count for card payments and one for the others; 1.12(e) is the power that they open."""
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05").on("2026-02-01")
    verdict = story.opened("invoice", "INV-7", amount="100 USD", due="2026-03-01").on("2026-04-05").may("suspend")
    told = "1.12 turns on whether invoice INV-7 is payment, and nobody has said"
    assert [reason.text(verdict.on) for reason in verdict.reasons if reason.code == "unsaid"] == [told, told]
    assert verdict.missing[0] == "record payment of invoice INV-7"


def test_what_rests_on_a_belief_takes_the_assertion_of_who_must_hold_it() -> None:
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05").on("2026-02-10")
    assert str(story.opened("security_risk", "S-1", by="customer").may("suspend", by="provider")) == (
        "suspend refused on 2026-02-10: 1.12(a) rests on what the provider believes, and security risk or adverse "
        "impact S-1 is not its assertion; 1.12(a) security risk or adverse impact S-1 since 2026-02-10. Missing: have "
        "the provider assert security risk or adverse impact S-1. First day: none, whatever the wait."
    )


def test_days_that_force_majeure_took_are_named_and_come_on_top() -> None:
    """It prevents the cure from 20 February until noon of 21 March, 30 days: 20 March + 30 = 19 April."""
    story = noticed().on("2026-02-20").opened("force_majeure", "FM-1", prevents=("B-1",))
    assert "3.2(a) breach notice given 2026-02-18 is not counting: FM-1 goes on" in asked(story, "2026-03-21")
    story.on("2026-03-21T12:00[America/Los_Angeles]").ended("FM-1", "ended")
    verdict = story.on("2026-04-19").may("terminate", by="provider", power="terminate.breach", method="courier")
    assert verdict.arithmetic == (
        "breach notice given 2026-02-18 + 30 days (not counting FM-1): cure through 2026-04-19, opens 2026-04-20"
    )


def test_force_majeure_that_turns_out_to_prevent_another_cure_took_none_of_these_days() -> None:
    story = noticed().on("2026-02-20").opened("force_majeure", "FM-1", prevents=("B-1",))
    story.opened("breach", "B-2", party="customer", by="provider", material=True, remediable=True)
    assert "is not counting: FM-1 goes on" in asked(story, "2026-03-21")
    story.on("2026-02-22").changed("FM-1", prevents=("B-2",))
    assert "(breach notice given 2026-02-18: day 31) - met" in asked(story, "2026-03-21")


def test_force_majeure_over_by_the_day_of_the_notice_took_no_day_and_is_not_named() -> None:
    """FM-0 ends as 18 February begins; FM-1 takes 20 February alone: 20 March + 1."""
    story = noticed().on("2026-02-11", learned="2026-02-19").opened("force_majeure", "FM-0", prevents=("B-1",))
    story.on("2026-02-18", learned="2026-02-19").ended("FM-0", "ended")
    story.on("2026-02-20").opened("force_majeure", "FM-1", prevents=("B-1",)).on("2026-02-21").ended("FM-1", "ended")
    verdict = story.on("2026-03-21").may("terminate", power="terminate.breach", method="courier")
    assert verdict.arithmetic == (
        "breach notice given 2026-02-18 + 30 days (not counting FM-1): cure through 2026-03-21, opens 2026-03-22"
    )


def test_a_power_that_rests_on_no_matter_is_told_by_its_title() -> None:
    verdict = breached().may("terminate", by="both")
    assert str(verdict) == "terminate permitted on 2026-02-10: 8.9 end the agreement together in writing."
    assert [reason.code for reason in verdict.reasons] == ["standing"]


@pytest.mark.parametrize(("orders", "on", "order", "first_day"), [
    (("allowed", "allowed"), "2026-03-01", "", ""),
    (("allowed", "excluded"), "2026-03-01", "", ""),
    (("allowed", "excluded"), "2027-03-01", "O-2", "none, whatever the wait"),
    (("excluded", "allowed"), "2026-03-01", "O-1", "2027-01-05"),
    (("excluded", "allowed"), "2027-03-01", "", ""),
])  # fmt: skip
def test_an_order_is_named_where_it_excludes_a_power_and_only_while_it_runs(
    orders: tuple[str, str], on: str, order: str, first_day: str
) -> None:
    """1.3 gives way to an order that excludes discontinuation; O-1 runs through 4 January 2027, then O-2."""
    first, second = ({"discontinuation": said} for said in orders)
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", attributes=first).on("2026-02-01")
    story.order("O-2", start="2027-01-05", attributes=second)
    told = f"on {on}: 1.3 discontinue the service"
    refused = (
        f"terminate refused {told}; 1.3 gives way to order {order}: discontinuation excluded. First day: {first_day}."
    )
    verdict = story.on(on).may("terminate", power="terminate.discontinuation")
    assert str(verdict) == (refused if order else f"terminate permitted {told}.")


def test_an_opening_is_made_once_while_its_matter_stays_as_it_is() -> None:
    story = noticed()
    power = story.agreement.terms.powers["terminate.breach"]

    def opening() -> Opening:
        docket = story.agreement._docket()
        (made,) = openings(power, docket.matters["B-1"], docket)
        return made

    made = opening()
    assert made is opening() is made.within(ALWAYS)
    story.on("2026-02-19").extended("B-1", to="2026-04-01", power="terminate.breach")
    assert opening().window.opens == story.agreement.instant("2026-04-02")
