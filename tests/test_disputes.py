"""Matters that last only so long, and what a dispute stops, restarts and shuts.

Invoices fall due on Sunday 1 March 2026, and the power over them opens on the 30th day: 31 March. Days by hand.
"""

from datetime import timedelta
from typing import Any

import pytest

from lifecycle import Agreement, terms
from lifecycle.events import MatterChanged, Money
from lifecycle.history import from_line, to_line
from lifecycle.powers import openings
from lifecycle.terms import Terms
from lifecycle.testing import Story
from lifecycle.windows import Window

TERMS = """
[terms]
id = "small"
title = "Small Terms"
dated = 2026-01-01
provider = "Small Ltd"
zone = "UTC"
begins = "made"

[clauses]
"1" = { title = "One" }

[kind.invoice]
title = "invoice"
clause = "1"
party = "customer"
money = "owed"
days = ["due"]
ends = ["paid", "credited", "written_off"]

[kind.dispute]
title = "dispute"
clause = "1"
party = "customer"
money = "disputed"
ends = ["settled"]
attributes = { disputes = "matters" }
LASTS

[power.suspend]
title = "suspend"
does = "suspend"
by = "provider"
clause = "1"
matter = ["invoice"]
clocks = [{ start = "due", compare = "at least", n = 30CLOCK }]
ended_by = ["paid", "credited", "written_off"]
exercise = "act"
lifts = "by itself"
POWER

[power.reject]
title = "reject a dispute"
does = "reject"
by = "provider"
clause = "1"
matter = ["dispute"]
ended_by = ["settled"ENDS]
exercise = "act"
"""
BLOCKED = {"POWER": 'blocked_by = ["dispute"]'}
PAUSED = {"CLOCK": ', paused_by = "dispute"'}
RESTARTED = {"CLOCK": ', restarted_by = "dispute"'}
LASTING = {"LASTS": 'lasts = { start = "start", compare = "no later than", n = 15 }', "ENDS": ', "lapsed"'}


def small(*said: dict[str, str], more: str = "") -> Terms:
    text = TERMS
    for name in ("LASTS", "CLOCK", "POWER", "ENDS"):
        text = text.replace(name, "".join(says.get(name, "") for says in said))
    return terms.parse((text + more).encode(), "small.toml")


def billed(*said: dict[str, str]) -> Story:
    story = Story(small(*said), on="2026-01-05").on("2026-02-01")
    return story.opened("invoice", "I-1", amount="100 USD", due="2026-03-01")


def disputed(story: Story, on: str, matter: str = "D-1", amount: str | None = None) -> Story:
    return story.on(on).opened("dispute", matter, amount=amount, disputes=("I-1",))


def may(story: Story, on: str) -> bool:
    return story.on(on).may("suspend").permitted


def opens_on(first: str, story: Story) -> None:
    """Claim that it is refused until the very end of the time before, and permitted from the first instant on."""
    before = story.agreement.instant(first) - timedelta(microseconds=1)
    assert not story.on(before).may("suspend").permitted
    assert may(story, first)


# ---- how long a matter lasts ---------------------------------------------------------------------------------------


def pending(story: Story, on: str) -> bool:
    return story.on(on).may("reject", about="D-1").permitted


def test_a_matter_that_lasts_only_so_long_lapses() -> None:
    story = disputed(billed(LASTING), "2026-03-10")
    assert pending(story, "2026-03-25T23:59Z")  # 10 March + 15: through 25 March
    assert not pending(story, "2026-03-26")
    verdict = story.on("2026-03-26").may("reject", about="D-1")
    assert (verdict.codes, verdict.first_day) == (("matter",), None)
    assert "lapsed on 2026-03-26" in str(verdict)


def test_one_that_ends_before_does_not_lapse() -> None:
    story = disputed(billed(LASTING), "2026-03-10").on("2026-03-20T12:00Z").ended("D-1", "settled")
    assert pending(story, "2026-03-20T11:59Z")
    assert "settled" in str(story.on("2026-03-28").may("reject", about="D-1"))
    assert not pending(story, "2026-03-20T12:00Z")


def test_an_end_that_comes_after_it_lapsed_changes_nothing() -> None:
    story = disputed(billed(LASTING), "2026-03-10").on("2026-04-02").ended("D-1", "settled")
    assert "lapsed on 2026-03-26" in str(story.may("reject", about="D-1"))


@pytest.mark.parametrize("ended", [True, False])
def test_one_that_reopens_lasts_as_long_again(ended: bool) -> None:  # noqa: FBT001 - a parameter of the test
    story = disputed(billed(LASTING), "2026-03-10")
    if ended:
        story.on("2026-03-12").ended("D-1", "settled")
    story.on("2026-04-01").reopened("D-1")
    assert not pending(story, "2026-03-31")
    assert pending(story, "2026-04-16T23:59Z")  # 1 April + 15
    assert not pending(story, "2026-04-17")


def test_reopening_what_is_still_pending_gives_no_more_time() -> None:
    story = disputed(billed(LASTING), "2026-03-10").on("2026-03-20").reopened("D-1")
    assert pending(story, "2026-03-25")
    assert not pending(story, "2026-03-26")


def test_one_that_lasts_until_it_ends_does_not_lapse() -> None:
    assert pending(disputed(billed(), "2026-03-10"), "2027-03-10")


def test_a_lapse_is_ahead_in_the_timeline_and_wakes_the_host() -> None:
    story = disputed(billed(LASTING, BLOCKED), "2026-03-20")
    entries = [(str(e.on), e.what, e.power) for e in story.agreement.timeline("2026-04-01").entries]
    assert entries == [
        ("2026-04-05", "closes", "reject"),
        ("2026-04-05", "opens", "suspend"),
    ]  # 20 March + 15 = 4 April
    assert story.agreement.wake_at("2026-04-01") == story.agreement.instant("2026-04-05")


# ---- what shuts a power --------------------------------------------------------------------------------------------


def test_a_dispute_that_no_longer_names_an_invoice_shuts_nothing() -> None:
    story = disputed(billed(BLOCKED), "2026-03-20")
    assert not may(story, "2026-04-01")
    assert may(story.record(MatterChanged(matter="D-1", attributes={"disputes": ()})), "2026-04-01")


def test_a_dispute_shuts_the_power_until_it_is_settled() -> None:
    story = disputed(billed(BLOCKED), "2026-03-20")
    verdict = story.on("2026-04-01").may("suspend")
    assert (verdict.codes, verdict.first_day, verdict.missing) == (("blocked",), None, ("settle D-1",))
    assert str(verdict) == (
        "suspend refused on 2026-04-01: 1 waits while D-1 goes on; "
        "1 needs 30 days (invoice I-1 due 2026-03-01: day 31) - "
        "met. Missing: settle D-1. First day: none, whatever the wait."
    )
    opens_on("2026-04-02T15:00Z", story.on("2026-04-02T15:00Z").ended("D-1", "settled"))


def test_a_dispute_settled_before_the_power_opens_costs_nothing() -> None:
    opens_on("2026-03-31", disputed(billed(BLOCKED), "2026-03-20").on("2026-03-25").ended("D-1", "settled"))


def test_a_dispute_raised_after_the_power_opened_shuts_it_again() -> None:
    story = billed(BLOCKED, LASTING)
    assert may(story, "2026-03-31")
    disputed(story, "2026-04-02T09:00Z")
    assert may(story, "2026-04-02T08:59Z")
    assert not may(story, "2026-04-02T09:00Z")
    verdict = story.on("2026-04-03").may("suspend")
    assert (verdict.codes, str(verdict.first_day)) == (("blocked",), "2026-04-18")
    assert str(verdict) == (  # 2 April + 15 = 17 April
        "suspend refused on 2026-04-03: 1 waits while D-1 lasts through 2026-04-17; "
        "1 needs 30 days (invoice I-1 due 2026-03-01: day 33) - met. First day: 2026-04-18."
    )
    opens_on("2026-04-18", story)


def test_a_dispute_without_an_end_leaves_the_power_the_time_before_it() -> None:
    story = disputed(billed(BLOCKED), "2026-04-10")
    docket, power = story.agreement._docket(), story.agreement.terms.powers["suspend"]
    (opening,) = openings(power, docket.matters["I-1"], docket)
    assert opening.window == Window(story.agreement.instant("2026-03-31"), story.agreement.instant("2026-04-10"))


def test_a_dispute_that_lapses_shuts_the_power_no_longer() -> None:
    opens_on("2026-04-05", disputed(billed(BLOCKED, LASTING), "2026-03-20"))  # 20 March + 15: through 4 April


def test_of_two_disputes_the_one_that_lasts_longer_counts() -> None:
    story = disputed(disputed(billed(BLOCKED, LASTING), "2026-03-20"), "2026-03-30", "D-2")
    assert story.on("2026-04-01").may("suspend").codes == ("blocked",)
    opens_on("2026-04-15", story)  # 30 March + 15 = 14 April
    other = disputed(disputed(billed(BLOCKED), "2026-03-20"), "2026-03-30", "D-2")
    other.on("2026-04-10").ended("D-2", "settled")
    assert not may(other, "2026-04-12")
    opens_on("2026-04-20", other.on("2026-04-20").ended("D-1", "settled"))


def test_between_two_disputes_the_power_is_open() -> None:
    story = disputed(billed(BLOCKED, LASTING), "2026-03-20").on("2026-03-25").ended("D-1", "settled")
    disputed(story, "2026-04-10", "D-2")
    assert may(story, "2026-04-09")
    assert not may(story, "2026-04-10")
    opens_on("2026-04-26", story)  # 10 April + 15


def test_what_is_paid_is_not_waited_for() -> None:
    story = disputed(billed(BLOCKED), "2026-03-20").on("2026-04-01").paid("I-1", "100 USD")
    assert "matter" in story.on("2026-04-02").may("suspend").codes


def test_a_suspension_placed_before_the_dispute_goes_on() -> None:
    story = billed(BLOCKED).on("2026-04-01")
    story.do("suspend")
    assert disputed(story, "2026-04-02").on("2026-04-03").state == "suspended"


def test_a_dispute_may_be_recorded_before_what_it_is_about() -> None:
    story = Story(small(BLOCKED), on="2026-01-05").on("2026-03-20").opened("dispute", "D-1", disputes=("I-1", "I-2"))
    story.opened("invoice", "I-1", amount="100 USD", due="2026-03-01")
    story.opened("invoice", "I-3", amount="100 USD", due="2026-03-01").on("2026-03-31")
    assert story.may("suspend", about="I-1").codes == ("blocked",)
    assert story.may("suspend", about="I-3").permitted


RISK = """
[kind.risk]
title = "risk"
clause = "1"
party = "customer"
asserted_by = "provider"

[power."suspend.risk"]
title = "suspend for a risk"
does = "suspend"
by = "provider"
clause = "1"
matter = ["risk"]
clocks = [{ start = "start", compare = "at least", n = 3CLOCK }]
exercise = "act"
lifts = "by an act"
POWER
"""


@pytest.mark.parametrize("said", [BLOCKED, PAUSED, RESTARTED], ids=["blocked", "paused", "restarted"])
def test_a_power_that_a_dispute_would_stop_rests_on_silence(said: dict[str, str]) -> None:
    """Also where nothing ends it, and its holder itself asserts what it rests on."""
    more = RISK.replace("CLOCK", said.get("CLOCK", "")).replace("POWER", said.get("POWER", ""))
    story = (
        Story(small(more=more), on="2026-01-05").on("2026-03-02").opened("risk", "R-1", by="provider").on("2026-03-05")
    )
    verdict = story.may("suspend", known=None)
    assert verdict.codes == ("unvouched",)
    assert "rests on nothing having been named in a dispute" in str(verdict)
    assert story.may("suspend").permitted


# ---- what stops a clock --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raised", "settled", "first"),
    [
        ("2026-03-10", "2026-03-15", "2026-04-05"),  # 10 to 14 March do not count: 31 March + 5
        ("2026-03-10", "2026-03-15T12:00Z", "2026-04-06"),  # nor a part of 15 March: + 6
        ("2026-02-20", "2026-03-05", "2026-04-03"),  # of the days after 1 March only 2, 3 and 4 are lost
        ("2026-02-10", "2026-02-20", "2026-03-31"),  # before it was due
        ("2026-04-02", "2026-04-20", "2026-03-31"),  # after the count was complete
    ],
)
def test_the_days_of_a_dispute_are_not_counted(raised: str, settled: str, first: str) -> None:
    story = disputed(billed(PAUSED), raised).on(settled).ended("D-1", "settled")
    assert may(story, first)
    assert not may(story, str(story.agreement.instant(first) - timedelta(seconds=1)).replace(" ", "T"))


@pytest.mark.parametrize(
    ("raised", "settled", "told"),
    [
        (
            "2026-03-10",
            "2026-03-12",
            " (not counting D-1): safe through 2026-04-01, opens 2026-04-02",
        ),  # 10 and 11 March
        ("2026-04-02", "2026-04-20", ": safe through 2026-03-30, opens 2026-03-31"),
    ],
)
def test_the_arithmetic_names_a_dispute_whose_days_were_not_counted(raised: str, settled: str, told: str) -> None:
    story = disputed(billed(PAUSED), raised).on(settled).ended("D-1", "settled")
    (opening,) = (o for o in story.agreement.powers(settled) if o.power.id == "suspend")
    (counted,) = (reason.arithmetic for reason in opening.reasons if reason.code == "clock")
    assert counted == f"invoice I-1 due 2026-03-01 + 30 days{told}"


def test_while_the_clock_stands_still_no_day_can_be_named() -> None:
    verdict = disputed(billed(PAUSED), "2026-03-10").on("2026-06-01").may("suspend")
    assert (verdict.codes, verdict.first_day) == (("paused",), None)


def test_a_dispute_that_will_lapse_has_its_days_known() -> None:
    story = disputed(billed(PAUSED, LASTING), "2026-03-10")
    assert str(story.may("suspend").first_day) == "2026-04-16"  # 10 to 25 March are 16 days: 31 March + 16
    opens_on("2026-04-16", story)


def test_days_of_two_disputes_are_lost_once() -> None:
    story = disputed(disputed(billed(PAUSED), "2026-03-10"), "2026-03-12", "D-2")
    story.on("2026-03-15").ended("D-1", "settled").on("2026-03-20T12:00Z").ended("D-2", "settled")
    opens_on("2026-04-11", story)  # 10 to 20 March: 31 March + 11


def test_where_any_clock_suffices_and_all_stand_still_the_power_waits() -> None:
    both = {"CLOCK": PAUSED["CLOCK"] + ' }, { start = "due", compare = "at least", n = 40, paused_by = "dispute"'}
    story = disputed(billed(both, {"POWER": 'needs = "any"'}), "2026-03-10").on("2026-06-01")
    assert story.may("suspend").codes == ("paused",)
    assert "suspend" in {opening.power.id for opening in story.agreement.powers("2026-06-01")}


# ---- what restarts a clock -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raised", "settled", "first"),
    [
        ("2026-03-10", "2026-03-20", "2026-04-19"),  # 20 March + 30
        ("2026-03-10", "2026-03-20T15:00Z", "2026-04-19"),
        ("2026-02-20", "2026-03-01", "2026-03-31"),  # settled on the due day
        ("2026-02-10", "2026-02-20", "2026-03-31"),  # before it
        ("2026-04-05", "2026-04-10", "2026-05-10"),  # raised after the power had opened: 10 April + 30
    ],
)
def test_when_a_dispute_is_settled_the_count_begins_anew(raised: str, settled: str, first: str) -> None:
    story = disputed(billed(RESTARTED), raised).on(settled).ended("D-1", "settled")
    opens_on(first, story)


def test_when_a_dispute_lapses_the_count_begins_anew_with_its_last_day() -> None:
    story = disputed(billed(RESTARTED, LASTING), "2026-03-10")
    assert str(story.on("2026-03-12").may("suspend").first_day) == "2026-04-24"  # through 25 March, + 30
    opens_on("2026-04-24", story)


def test_while_a_dispute_is_pending_the_count_has_not_begun() -> None:
    verdict = disputed(billed(RESTARTED), "2026-03-10").on("2026-06-01").may("suspend")
    assert (verdict.codes, verdict.first_day) == (("paused",), None)
    assert str(verdict) == (
        "suspend refused on 2026-06-01: 1 invoice I-1 since 2026-02-01; 1 invoice I-1 due 2026-03-01 is not counting: "
        "D-1 goes on, and no day can be named until it ends. First day: none, whatever the wait."
    )


def test_a_dispute_settled_by_the_day_it_counts_from_changes_nothing() -> None:
    verdict = disputed(billed(RESTARTED), "2026-02-20").on("2026-03-01").ended("D-1", "settled").may("suspend")
    assert verdict.arithmetic == "invoice I-1 due 2026-03-01 + 30 days: safe through 2026-03-30, opens 2026-03-31"


def test_of_two_disputes_the_end_of_the_last_one_counts() -> None:
    story = disputed(disputed(billed(RESTARTED, LASTING), "2026-03-10"), "2026-03-12", "D-2")
    opens_on("2026-04-26", story)  # D-2 through 27 March, + 30
    story = disputed(disputed(billed(RESTARTED), "2026-03-10"), "2026-03-12", "D-2").on("2026-03-15")
    story.ended("D-2", "settled")
    assert story.on("2026-05-01").may("suspend").codes == ("paused",)
    opens_on("2026-06-01", story.on("2026-05-02").ended("D-1", "settled"))  # 2 May + 30


def test_a_dispute_that_goes_on_restarts_the_count_again() -> None:
    story = disputed(billed(RESTARTED), "2026-03-10").on("2026-03-20").ended("D-1", "settled")
    story.on("2026-04-01").reopened("D-1").on("2026-04-05").ended("D-1", "settled")
    opens_on("2026-05-05", story)  # 5 April + 30


# ---- how much is disputed ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [BLOCKED, PAUSED, RESTARTED], ids=["blocked", "paused", "restarted"])
@pytest.mark.parametrize(("amount", "shut"), [(None, True), ("100 USD", True), ("150 USD", True), ("99.99 USD", False)])
def test_what_is_not_disputed_counts_as_if_nothing_were(said: dict[str, str], amount: Any, shut: bool) -> None:  # noqa: FBT001 - a parameter of the test
    story = disputed(billed(said), "2026-03-10", amount=amount)
    assert may(story, "2026-03-31") is not shut


def test_an_amount_in_another_currency_cannot_be_compared_and_disputes_all() -> None:
    assert not may(disputed(billed(BLOCKED), "2026-03-10", amount="1 EUR"), "2026-03-31")


def test_once_the_undisputed_part_is_paid_the_rest_is_disputed() -> None:
    story = disputed(billed(BLOCKED), "2026-03-10", amount="40 USD")
    assert may(story, "2026-03-31")
    story.on("2026-04-01").paid("I-1", "59 USD")
    assert may(story, "2026-04-02")  # 41 of which 40 are disputed
    story.on("2026-04-03").paid("I-1", "1 USD")
    assert story.on("2026-04-04").may("suspend").codes == ("blocked",)
    assert may(story.on("2026-04-10").ended("D-1", "settled"), "2026-04-10")


def test_disputes_of_parts_add_up_while_they_last_together() -> None:
    story = disputed(billed(BLOCKED, LASTING), "2026-03-20", amount="40 USD")  # through 4 April
    disputed(story, "2026-04-01T12:00Z", "D-2", amount="60 USD")  # through 16 April
    assert may(story, "2026-04-01T11:59Z")
    assert not may(story, "2026-04-01T12:00Z")
    opens_on("2026-04-05", story)  # from then on 40 are undisputed again


def test_days_count_on_which_a_part_was_undisputed() -> None:
    story = disputed(billed(PAUSED), "2026-03-10", amount="40 USD")
    disputed(story, "2026-03-12", "D-2", amount="60 USD").on("2026-03-15").ended("D-1", "settled")
    story.on("2026-03-25").ended("D-2", "settled")
    opens_on("2026-04-03", story)  # only 12, 13 and 14 March are lost


def test_disputes_read_the_same_from_a_file() -> None:
    story = disputed(billed(BLOCKED, LASTING), "2026-03-20", amount="40 USD")
    disputed(story, "2026-04-01T12:00Z", "D-2", amount="60 USD").on("2026-04-03").ended("D-2", "settled")
    events = [from_line(to_line(event)) for event in story.agreement.history]
    again = Agreement(events, story.agreement.terms)
    for on in ("2026-03-31", "2026-04-02", "2026-04-03", "2026-04-06"):
        assert again.powers(on) == story.agreement.powers(on)
        assert again.timeline(on) == story.agreement.timeline(on)


def test_the_amount_disputed_may_change() -> None:
    story = disputed(billed(BLOCKED), "2026-03-10", amount="40 USD").on("2026-03-31")
    story.record(MatterChanged(matter="D-1", amount=Money("100", "USD")))
    assert story.may("suspend").codes == ("blocked",)
