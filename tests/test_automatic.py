"""Ends that come by themselves. A breach notice of Monday 2 March 2026 leaves 30 days to cure, through 1 April; the
agreement ends on 2 April. Days by hand.
"""

from datetime import timedelta
from typing import Any

import pytest

from lifecycle import Agreement, terms
from lifecycle.events import MatterChanged
from lifecycle.history import from_line, to_line
from lifecycle.outlook import Ahead
from lifecycle.terms import Terms
from lifecycle.testing import Story
from lifecycle.verdict import Refused

TERMS = """
[terms]
id = "small"
title = "Small Terms"
dated = 2026-01-01
provider = "Small Ltd"
zone = "UTC"

[clauses]
"1" = { title = "One" }
"2" = { title = "Ends" }

[notice]
clause = "1"
methods.hand = { counts = "in person" }
methods.email = { counts = "delivery" }

[kind.breach]
title = "breach"
clause = "1"
party = "customer"
days = ["promised"]
defaults.promised = { start = "start", compare = "no later than", n = 0 }
ends = ["cured"]

[kind.dispute]
title = "dispute"
clause = "1"
party = "customer"
ends = ["settled"]
attributes = { disputes = "matters" }

[notice_kind.breach]
title = "breach notice"
clause = "1"
by = "provider"
about = ["breach"]

[power.suspend]
title = "suspend"
does = "suspend"
by = "provider"
clause = "1"
matter = ["breach"]
ended_by = ["cured"]
exercise = "act"
lifts = "by itself"

[power.end]
title = "end for an uncured breach"
does = "terminate"
by = "provider"
clause = "2"
matter = ["breach"]
clocks = [{ start = "START", compare = "not within", n = 30, leaves = "cure" }]
blocked_by = ["dispute"]
ended_by = ["cured"]
exercise = "automatic"

[[effect]]
id = "access ends"
clause = "2"
text = "access ends"
on = ["terminate"]
powers = ["end"]
"""
LEAVE = """
[power.leave]
title = "leave at any time"
does = "terminate"
by = "customer"
clause = "1"
exercise = "written notice"
"""


def small(more: str = "", start: str = "notice:breach") -> Terms:
    return terms.parse((TERMS.replace("START", start) + more).encode(), "small.toml")


def running(more: str = "", *, start: str = "notice:breach", months: int = 12) -> Story:
    return Story(small(more, start), on="2026-01-01").order("O-1", start="2026-01-01", months=months, renews=False)


def noticed(more: str = "", **how: Any) -> Story:
    story = running(more, **how).on("2026-03-01").opened("breach", "B-1").on("2026-03-02T15:00Z")
    return story.notice("breach", about="B-1", method="hand")


def ends_on(first: str, story: Story, power: str = "end") -> None:
    """Claim that it ends at an instant, by itself, and stays ended."""
    assert story.on(story.agreement.instant(first) - timedelta(microseconds=1)).state != "terminated"
    for later in (first, "2026-12-31"):
        status = story.on(later).status()
        assert (status.state, status.in_service) == ("terminated", False)
        assert status.ending
        assert status.ending.at == story.agreement.instant(first)
        assert (status.ending.how, status.ending.power, status.ending.automatic) == ("terminated", power, True)


def goes_on(story: Story) -> None:
    ending = story.on("2026-12-31").status().ending
    assert ending is None


# ---- when it ends, and when not ------------------------------------------------------------------------------------


def test_the_agreement_ends_when_the_window_opens() -> None:
    story = noticed()
    ends_on("2026-04-02", story)
    ending = story.status().ending
    assert ending
    assert (ending.clause, ending.about, ending.by, ending.event) == ("2", "B-1", None, None)
    assert ending.held_by == "provider"
    assert story.status().irregular == ()


def test_an_end_of_which_each_side_had_the_power_is_neither_ones() -> None:
    held_by_either = terms.parse(
        TERMS.replace("START", "notice:breach")
        .replace('does = "terminate"\nby = "provider"', 'does = "terminate"\nby = "either"')
        .encode(),
        "small.toml",
    )
    story = Story(held_by_either, on="2026-01-01").order("O-1", start="2026-01-01").on("2026-03-01")
    story.opened("breach", "B-1").on("2026-03-02").notice("breach", about="B-1", method="hand")
    ending = story.on("2026-05-01").status().ending
    assert ending
    assert (ending.power, ending.held_by) == ("end", None)


@pytest.mark.parametrize("cured", ["2026-03-02T15:00Z", "2026-03-20", "2026-04-01T23:59Z"])
def test_a_cure_in_time_keeps_it_going(cured: str) -> None:
    goes_on(noticed().on(cured).ended("B-1", "cured"))


def test_facts_of_one_instant_come_before_what_happens_by_itself() -> None:
    goes_on(noticed().on("2026-04-02T00:00Z").ended("B-1", "cured"))


@pytest.mark.parametrize("cured", ["2026-04-02T00:00:01Z", "2026-04-20"])
def test_a_later_cure_does_not_revive_it(cured: str) -> None:
    ends_on("2026-04-02", noticed().on(cured).ended("B-1", "cured"))


def test_without_notice_nothing_ends() -> None:
    goes_on(running().on("2026-03-01").opened("breach", "B-1"))
    goes_on(noticed().on("2026-03-02").withdrawn("acme:4"))


def test_a_breach_that_began_again_needs_notice_again() -> None:
    story = noticed().on("2026-03-20").ended("B-1", "cured").on("2026-03-25").reopened("B-1")
    goes_on(story)
    ends_on("2026-05-11", story.on("2026-04-10").notice("breach", about="B-1", method="hand"))  # 10 April + 30


def test_a_breach_that_goes_on_after_the_end_ends_nothing_again() -> None:
    story = noticed().on("2026-04-05").ended("B-1", "cured").on("2026-05-01").reopened("B-1")
    ends_on("2026-04-02", story.on("2026-05-02").notice("breach", about="B-1", method="hand"))


def test_of_two_breaches_the_first_to_open_its_window_ends_it() -> None:
    story = running().on("2026-03-01").opened("breach", "B-1").opened("breach", "B-2").on("2026-03-05")
    story.notice("breach", about="B-1", method="hand").on("2026-03-10").notice("breach", about="B-2", method="hand")
    ends_on("2026-04-05", story)  # 5 March + 30 = 4 April
    story.on("2026-04-01", learned="2026-05-01").ended("B-1", "cured")
    ends_on("2026-04-10", story)  # 10 March + 30 = 9 April


def test_what_expires_before_cannot_end_again() -> None:
    story = noticed(months=3)  # through 31 March
    ending = story.on("2026-05-01").status().ending
    assert ending
    assert (ending.how, ending.at) == ("expired", story.agreement.instant("2026-04-01"))


def test_what_runs_out_at_the_instant_at_which_it_would_end_has_run_out() -> None:
    """Noticed on 1 December, the breach may be cured through 31 December, the last day of the term."""
    story = running().on("2026-11-30").opened("breach", "B-1")
    ending = story.on("2026-12-01").notice("breach", about="B-1", method="hand").on("2027-01-01").status().ending
    assert ending
    assert (ending.how, ending.at) == ("expired", story.agreement.instant("2027-01-01"))


def test_an_act_before_ends_it_before() -> None:
    story = noticed(LEAVE).on("2026-03-20")
    story.do("terminate", by="customer", method="hand")
    ending = story.on("2026-05-01").status().ending
    assert ending
    assert (ending.power, ending.by) == ("leave", "customer")


def test_a_suspension_is_over_when_it_ends() -> None:
    story = noticed().on("2026-03-20")
    story.do("suspend")
    assert story.on("2026-04-01").state == "suspended"
    ends_on("2026-04-02", story)


def test_a_window_that_opened_before_the_agreement_was_in_force_ends_it_where_it_begins() -> None:
    story = Story(small(start="start"), on="2026-01-01").opened("breach", "B-1").on("2026-03-01")
    assert story.order("O-1", start="2026-03-01").status().state == "terminated"


# ---- more time -----------------------------------------------------------------------------------------------------


def test_more_time_given_before_moves_the_end() -> None:
    ends_on("2026-04-16", noticed().on("2026-03-20").extended("B-1", power="end", to="2026-04-15"))


def test_a_waiver_before_takes_the_end_away() -> None:
    goes_on(noticed().on("2026-04-01").waived("B-1", "end"))


@pytest.mark.parametrize("on", ["2026-04-03", "2026-05-01"])
def test_whatever_is_granted_or_said_after_the_end_does_not_undo_it(on: str) -> None:
    ends_on("2026-04-02", noticed().on(on).waived("B-1", "end"))
    ends_on("2026-04-02", noticed().on(on).extended("B-1", power="end", to="2026-06-15"))
    ends_on("2026-04-02", noticed().on(on).opened("dispute", "D-1", disputes=("B-1",)))
    raised = noticed().on(on).opened("dispute", "D-1", disputes=("B-1",))
    ends_on("2026-04-02", raised.on("2026-06-01").ended("D-1", "settled"))
    later = running(start="promised").on("2026-03-02").opened("breach", "B-1").on(on)
    ends_on("2026-04-02", later.record(MatterChanged(matter="B-1", days={"promised": "2026-05-01"})))


def test_while_a_dispute_is_pending_it_does_not_end() -> None:
    story = noticed().on("2026-03-20").opened("dispute", "D-1", disputes=("B-1",))
    goes_on(story)
    ends_on("2026-04-10T09:00Z", story.on("2026-04-10T09:00Z").ended("D-1", "settled"))


def test_a_dispute_after_the_end_does_not_move_it_back_into_one_before() -> None:
    story = noticed().on("2026-03-20").opened("dispute", "D-1", disputes=("B-1",))
    story.on("2026-04-10").ended("D-1", "settled")
    ends_on("2026-04-10", story.on("2026-04-20").opened("dispute", "D-2", disputes=("B-1",)))


# ---- what is told of it --------------------------------------------------------------------------------------------


def test_the_next_memo_reports_it_once() -> None:
    story = noticed().on("2026-04-01")
    assert story.catch_up() == ()
    (entry,) = story.on("2026-04-05").catch_up()
    assert (entry.transition, entry.effective, entry.clause) == (
        "terminate",
        story.agreement.instant("2026-04-02"),
        "2",
    )
    assert (entry.key, entry.effects) == ("acme:terminate:B-1:2026-04-02", ("access ends",))
    assert entry.text == "terminate: active -> terminated (B-1)"
    assert story.catch_up() == story.on("2026-06-01").catch_up() == ()


def test_a_cure_learned_late_overturns_it() -> None:
    story = noticed().on("2026-04-05")
    (entry,) = story.catch_up()
    story.on("2026-03-20", learned="2026-04-10").ended("B-1", "cured")
    assert story.on("2026-04-11").state == "active"
    (undone,) = story.catch_up()
    assert (undone.key, undone.overturned, undone.effects) == (f"{entry.key}#overturned", True, ())
    assert story.agreement.known_at("2026-04-09").status("2026-04-09").state == "terminated"  # as known then


def test_the_end_ahead_is_announced() -> None:
    story = noticed().on("2026-03-10")
    agreement, end = story.agreement, story.agreement.instant("2026-04-02")
    assert agreement.wake_at("2026-03-10") == story.status().valid_until == end
    timeline = agreement.timeline("2026-03-10")
    (entry,) = timeline.entries
    assert isinstance(entry, Ahead)
    assert (entry.at, entry.what, entry.clause) == (end, "transition", "2")
    assert entry.text == "terminate: active -> terminated (B-1)"
    assert timeline.stops == "the agreement ends on 2026-04-02 (terminated): no state follows"
    assert story.may("suspend").last_day == story.agreement.terms.calendar().day_of(end - timedelta(seconds=1))


@pytest.mark.parametrize("by", ["provider", "customer", "both"])
@pytest.mark.parametrize("more", ["", LEAVE], ids=["the only end", "one of two"])
def test_nobody_can_do_what_takes_effect_by_itself(by: Any, more: str) -> None:
    story = noticed(more)
    for on in ("2026-03-10", "2026-04-01"):
        verdict = story.on(on).may("terminate", by=by, power="end")
        assert (verdict.permitted, verdict.first_day) == (False, None)
        assert "automatic" in verdict.codes
        with pytest.raises(Refused):
            story.do("terminate", by=by, power="end", method="hand")
    assert "end" not in {opening.power.id for opening in story.agreement.powers("2026-03-10")}
    assert "ended" in story.on("2026-04-02").may("terminate", by=by, power="end").codes


def test_acts_after_it_are_refused_and_facts_are_not() -> None:
    story = noticed(LEAVE).on("2026-04-02")
    assert "ended" in story.may("suspend").codes
    with pytest.raises(Refused):
        story.acted("terminate", by="customer", power="leave", method="hand")
    story.opened("breach", "B-2").on("2026-04-03").ended("B-1", "cured")
    assert story.state == "terminated"


def test_it_reads_the_same_from_a_file() -> None:
    story = noticed().on("2026-04-05")
    story.catch_up()
    story.on("2026-04-10").extended("B-1", power="end", to="2026-06-15").on("2026-04-20").ended("B-1", "cured")
    events = [from_line(to_line(event)) for event in story.agreement.history]
    again = Agreement(events, small())
    for on in ("2026-04-01", "2026-04-02", "2026-05-01"):
        assert again.status(on) == story.agreement.status(on)
    assert again.catch_up("2026-05-01") == ()


def test_the_modal_terms_may_be_read_to_end_by_themselves() -> None:
    """Reading 3.2a-exercise: the 30 days of 3.2(a) after notice of 6 April 2026 end with 6 May."""
    for meaning, states in (("ends by itself", ("active", "terminated")), ("yes, written", ("active", "active"))):
        story = Story(on="2026-01-05", readings={"3.2a-exercise": meaning}).order("O-1", start="2026-01-05")
        story.on("2026-04-01").opened("breach", "B-1", party="provider", material=True, remediable=True)
        story.on("2026-04-06").notice("breach", about="B-1", by="customer")
        assert (story.on("2026-05-06").state, story.on("2026-05-07").state) == states
