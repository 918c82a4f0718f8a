"""Powers that rest on a suspension or on one reason of it, and holds that wait for more than their own matter.

Entry into a state is a matter like any other: it has a beginning, and counts. Days by hand.
"""

from datetime import date, timedelta
from typing import Any

import pytest

from lifecycle import Agreement, terms
from lifecycle.changes import changes
from lifecycle.events import Agreed
from lifecycle.terms import Terms
from lifecycle.testing import Story

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

[kind.risk]
title = "risk"
clause = "1"
party = "customer"
asserted_by = "provider"
ends = ["resolved"]

[kind.invoice]
title = "invoice"
clause = "1"
party = "customer"
money = "owed"
days = ["due"]
ends = ["paid", "credited", "written_off"]

[power."suspend.risk"]
title = "suspend for a risk"
does = "suspend"
by = "provider"
clause = "1"
matter = ["risk"]
ended_by = ["resolved"]
exercise = "act"
lifts = "by an act"
"""
OVERDUE = """
[power."suspend.overdue"]
title = "suspend for overdue amounts"
does = "suspend"
by = "provider"
clause = "1"
matter = ["invoice"]
clocks = [{ start = "due", compare = "at least", n = 30 }]
ended_by = ["paid", "credited", "written_off"]
exercise = "act"
lifts = "by itself"
LIFTS_WITH

[power.interest]
title = "charge interest"
does = "charge interest"
by = "provider"
clause = "1"
matter = ["invoice"]
clocks = [{ start = "due", compare = "more than", n = 0 }]
ended_by = ["paid", "credited", "written_off"]
exercise = "act"
"""
LONG = """
[power."end.suspended"]
title = "end what has been suspended for long"
does = "terminate"
by = "either"
clause = "1"
matter = ["suspension"]
clocks = [{ start = "start", compare = "more than", n = 90, reads = "of suspension" }]
exercise = "act"
"""
FURTHER = """
[power."end.overdue"]
title = "end after a suspension for overdue amounts"
does = "terminate"
by = "provider"
clause = "1"
matter = ["hold"]
when = { power = "suspend.overdue" }
clocks = [{ start = "start", compare = "at least", n = 10, reads = "further" }]
exercise = "act"
"""


def small(*parts: str, lifts_with: str = "") -> Terms:
    return terms.parse((TERMS + "".join(parts)).replace("LIFTS_WITH", lifts_with).encode(), "small.toml")


def running(*parts: str, **how: Any) -> Story:
    return Story(small(*parts, **how), on="2026-01-05")


def risky(story: Story, on: str, matter: str) -> Story:
    story.on(on).opened("risk", matter, by="provider").do("suspend", about=matter)
    return story


def overdue(story: Story, matter: str = "I-1", due: str = "2026-03-01", on: str = "2026-02-01") -> Story:
    return story.on(on).opened("invoice", matter, amount="100 USD", due=due)


def opens_on(first: str, story: Story, **asked: Any) -> None:
    before = story.agreement.instant(first) - timedelta(microseconds=1)
    refused = story.on(before).may("terminate", **asked)
    assert (refused.permitted, refused.codes, str(refused.first_day)) == (False, ("clock",), first)
    assert story.on(first).may("terminate", **asked).permitted


# ---- the whole of a suspension -------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["provider", "customer"])
def test_what_has_been_suspended_for_more_than_ninety_days_may_be_ended(by: Any) -> None:
    # 2 March + 90 = 31 May: 29 days of March, 30 of April, 31 of May. Day 90 is not yet more than 90.
    opens_on("2026-06-01", risky(running(LONG), "2026-03-02", "R-1"), by=by)


def test_without_a_suspension_there_is_nothing_to_rest_on() -> None:
    assert running(LONG).may("terminate").codes == ("no-matter",)


def test_a_suspension_goes_on_while_any_reason_of_it_does() -> None:
    story = risky(risky(running(LONG), "2026-03-02", "R-1"), "2026-03-20", "R-2")
    story.on("2026-04-01").acted("reinstate", about="R-1")
    opens_on("2026-06-01", story)


def test_a_suspension_that_was_lifted_begins_anew() -> None:
    story = risky(running(LONG), "2026-03-02", "R-1")
    story.on("2026-04-01").acted("reinstate")
    assert story.on("2026-06-01").may("terminate").codes == ("no-matter",)
    opens_on("2026-07-05", risky(story, "2026-04-05", "R-2"))  # 5 April + 90 = 4 July: 25 + 31 + 30 + 4


def test_a_suspension_ahead_is_in_the_timeline() -> None:
    story = risky(running(LONG), "2026-03-02", "R-1")
    entries = [(str(e.on), e.what, e.power) for e in story.agreement.timeline("2026-03-02").entries]
    assert entries == [("2026-06-01", "opens", "end.suspended")]
    assert story.agreement.wake_at("2026-03-02") == story.agreement.instant("2026-06-01")


# ---- one reason of it ----------------------------------------------------------------------------------------------


def test_a_further_ten_days_count_from_the_suspension() -> None:
    story = overdue(running(OVERDUE, FURTHER)).on("2026-04-03")  # it could have been suspended from 31 March on
    story.do("suspend")
    opens_on("2026-04-13", story)


def test_they_count_only_for_a_suspension_under_that_power() -> None:
    story = risky(running(OVERDUE, FURTHER), "2026-03-02", "R-1")
    assert story.on("2026-06-01").may("terminate").codes == ("not-applicable",)
    overdue(story, on="2026-06-02", due="2026-05-01").do("suspend", about="I-1")
    assert story.may("terminate", about="R-1").codes == ("not-applicable",)
    opens_on("2026-06-12", story)


def test_each_reason_counts_its_own_days() -> None:
    story = overdue(overdue(running(OVERDUE, FURTHER)), "I-2", due="2026-03-05").on("2026-03-31")
    story.do("suspend", about="I-1")
    story.on("2026-04-04").do("suspend", about="I-2")
    assert story.on("2026-04-10").may("terminate").about == ("I-1",)  # 31 March + 10
    story.paid("I-1", "100 USD")
    opens_on("2026-04-14", story)  # 4 April + 10


def test_payment_lifts_the_suspension_and_takes_the_power_away() -> None:
    story = overdue(running(OVERDUE, FURTHER)).on("2026-03-31")
    story.do("suspend")
    story.on("2026-04-09").paid("I-1", "100 USD")
    assert story.state == "active"
    assert story.on("2026-05-01").may("terminate").codes == ("no-matter",)


# ---- silence -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [LONG, FURTHER], ids=["suspension", "hold"])
def test_a_suspension_that_lifts_by_itself_must_be_known_to_stand(more: str) -> None:
    story = overdue(running(OVERDUE, more)).on("2026-03-31")
    story.do("suspend")
    assert story.on("2026-08-01").may("terminate", known=None).codes == ("unvouched",)
    assert story.may("terminate", known="2026-07-31").codes == ("stale",)
    assert story.may("terminate").permitted


def test_one_that_lifts_only_by_an_act_is_known_to_stand() -> None:
    story = risky(running(LONG), "2026-03-02", "R-1")
    assert story.on("2026-08-01").may("terminate", known=None).permitted


# ---- holds that wait for more --------------------------------------------------------------------------------------

ALL_PAID = 'lifts_with = "interest"'


def suspended(*invoices: tuple[str, str], lifts_with: str = ALL_PAID) -> Story:
    """Suspended on 31 March for I-1, which was due on 1 March; other invoices are due when they say."""
    story = overdue(running(OVERDUE, lifts_with=lifts_with))
    for matter, due in invoices:
        overdue(story, matter, due)
    story.on("2026-03-31").do("suspend", about="I-1")
    return story


def test_a_hold_lifts_when_nothing_else_is_overdue() -> None:
    story = suspended(("I-2", "2026-03-10")).on("2026-04-05").paid("I-1", "100 USD")
    assert story.on("2026-04-08").state == "suspended"
    story.on("2026-04-09T10:00Z").paid("I-2", "100 USD")
    assert story.on("2026-04-09T09:59Z").state == "suspended"
    assert story.on("2026-04-09T10:00Z").state == "active"
    (entry,) = story.on("2026-04-10").catch_up()
    assert (entry.transition, entry.effective) == ("reinstate", story.agreement.instant("2026-04-09T10:00Z"))


def test_it_waits_for_nothing_that_is_not_overdue_by_then() -> None:
    story = suspended(("I-2", "2026-04-20")).on("2026-04-05").paid("I-1", "100 USD")
    assert story.state == "active"
    assert story.on("2026-05-01").state == "active"  # what falls due later suspends nothing by itself


def test_it_waits_for_what_became_overdue_meanwhile() -> None:
    story = suspended(("I-2", "2026-04-20")).on("2026-04-25").paid("I-1", "100 USD")
    assert story.on("2026-04-26").state == "suspended"
    assert story.on("2026-04-27").paid("I-2", "100 USD").state == "active"


def test_it_waits_while_one_amount_after_the_other_is_overdue() -> None:
    story = suspended(("I-2", "2026-03-10"), ("I-3", "2026-04-06")).on("2026-04-05").paid("I-1", "100 USD")
    story.on("2026-04-09").paid("I-2", "100 USD")  # I-3 is overdue since 7 April
    assert story.on("2026-04-10").state == "suspended"
    assert story.on("2026-04-11").paid("I-3", "100 USD").state == "active"


def test_more_time_for_what_it_waits_for_is_no_payment() -> None:
    story = suspended(("I-2", "2026-03-10")).on("2026-04-01").extended("I-2", to="2026-05-01", power="interest")
    assert story.on("2026-04-05").paid("I-1", "100 USD").state == "suspended"
    assert story.on("2026-04-06").paid("I-2", "100 USD").state == "active"


def test_what_it_waits_for_is_judged_by_the_terms_of_each_matter() -> None:
    text = (TERMS + OVERDUE).replace("LIFTS_WITH", ALL_PAID)
    later = terms.parse(text.replace('"small"', '"later"').replace("n = 0", "n = 40").encode())
    story = suspended(("I-2", "2026-03-10"))
    story.agreement = Agreement(list(story.agreement.history), (story.agreement.terms, later))
    story.on("2026-04-01").record(Agreed(what="amendment", terms="later", digest=later.digest))
    overdue(story, "I-3", due="2026-03-20", on="2026-04-02")  # interest on it begins after 29 April
    assert story.on("2026-04-05").paid("I-1", "100 USD").state == "suspended"  # on I-2 it began on 11 March
    assert story.on("2026-04-06").paid("I-2", "100 USD").state == "active"


@pytest.mark.parametrize("asked", [True, False])
def test_what_is_overdue_from_the_instant_of_the_last_payment_on_keeps_it(*, asked: bool) -> None:
    story = suspended().on("2026-04-05").paid("I-1", "100 USD")
    assert story.state == "active"
    overdue(story, "I-2", due="2026-03-10", on="2026-04-05")  # recorded as of that very instant, and overdue already
    assert not asked or story.state == "suspended"
    overdue(story, "I-3", due="2026-03-10", on="2026-04-07")
    assert [story.on(on).state for on in ("2026-04-05", "2026-04-07")] == ["suspended", "suspended"]


def test_what_it_waits_for_is_read_however_much_is_recorded_at_once() -> None:
    story = suspended(("I-2", "2026-03-10")).on("2026-04-05").paid("I-1", "100 USD")
    assert story.state == "suspended"
    story.on("2026-04-06").paid("I-2", "100 USD")
    for n in range(3, 12):
        overdue(story, f"I-{n}", due="2026-06-01", on="2026-04-07")
    assert story.state == "active"


CHASE = """
[power.chase]
title = "call about it"
does = "call"
by = "provider"
clause = "1"
matter = ["invoice"]
clocks = [
  { start = "due", compare = "more than", n = 0 },
  { start = "due", compare = "no later than", n = 10 },
]
ended_by = ["paid", "credited", "written_off"]
exercise = "act"

[power."suspend.late"]
title = "suspend for late amounts"
does = "suspend"
by = "provider"
clause = "1"
matter = ["invoice"]
ended_by = ["paid", "credited", "written_off"]
exercise = "act"
lifts = "by itself"
lifts_with = "chase"
"""


def test_what_it_waits_for_may_close_by_itself_and_open_again_at_that_instant() -> None:
    """I-2, due on 1 April, is called about through 11 April; I-3, due on 8 April, through 18 April."""
    story = overdue(overdue(running(OVERDUE, CHASE)), "I-2", due="2026-04-01").on("2026-03-31")
    story.do("suspend", power="suspend.late", about="I-1")
    story.on("2026-04-05").paid("I-1", "100 USD")
    assert [story.on(on).state for on in ("2026-04-11", "2026-04-12")] == ["suspended", "active"]
    overdue(story, "I-3", due="2026-04-08", on="2026-04-12")
    assert [story.on(on).state for on in ("2026-04-12", "2026-04-18", "2026-04-19")] == [
        "suspended",
        "suspended",
        "active",
    ]


def test_each_hold_waits_for_what_its_own_power_says() -> None:
    """Interest on I-2 goes on; called about it is only through 11 April."""
    story = overdue(overdue(running(OVERDUE, CHASE, lifts_with=ALL_PAID)), "I-2", due="2026-04-01").on("2026-03-31")
    for power in ("suspend.overdue", "suspend.late"):
        story.do("suspend", power=power, about="I-1")
    story.on("2026-04-05").paid("I-1", "100 USD")
    held = [[hold.power for hold in story.on(on).status().holds] for on in ("2026-04-11", "2026-04-12")]
    assert held == [["suspend.overdue", "suspend.late"], ["suspend.overdue"]]


def test_without_more_to_wait_for_it_lifts_with_its_own_matter() -> None:
    story = suspended(("I-2", "2026-03-10"), lifts_with="").on("2026-04-05").paid("I-1", "100 USD")
    assert story.state == "active"


def test_an_act_lifts_it_whatever_it_waits_for() -> None:
    story = suspended(("I-2", "2026-03-10")).on("2026-04-05").paid("I-1", "100 USD")
    story.on("2026-04-06").do("reinstate", override="a friend of the house")
    assert story.state == "active"


# ---- what a hold is for, and which spell of it ---------------------------------------------------------------------


def test_a_suspension_recorded_without_saying_for_what_is_for_what_its_power_was_open_for() -> None:
    story = running().on("2026-03-02").opened("risk", "R-1", by="provider").opened("risk", "R-2", by="provider")
    story.on("2026-03-05").ended("R-1", "resolved").on("2026-03-10").acted("suspend", power="suspend.risk")
    assert [hold.matter for hold in story.status().holds] == ["R-2"]
    story.on("2026-03-12").ended("R-2", "resolved").on("2026-03-20").reopened("R-2")  # it stands for what was then
    anew = Agreement(list(story.agreement.history), story.agreement.library)
    assert [hold.matter for hold in anew.status("2026-03-21").holds] == ["R-2"]
    assert story.acted("reinstate", about="R-2").state == "active"


def test_a_hold_placed_as_its_matter_begins_again_is_for_what_begins() -> None:
    story = overdue(running(OVERDUE)).on("2026-03-05").paid("I-1", "100 USD")
    story.on("2026-03-31").paid("I-1", "100 USD", "chargeback").acted("suspend", power="suspend.overdue", about="I-1")
    assert story.on("2026-04-01").state == "suspended"
    assert story.on("2026-04-02").paid("I-1", "100 USD").state == "active"


# ---- suspensions in writing ------------------------------------------------------------------------------

BY_POST = """
[notice]
clause = "1"
methods.hand = { counts = "in person" }
methods.post = { counts = "dispatch", n = 3 }
"""


def in_writing(days: int) -> str:
    """The Terms, where a suspension for a risk takes a writing, which counts some days after it is posted."""
    head, power, suspending = TERMS.partition('[power."suspend.risk"]')
    written = suspending.replace('exercise = "act"', 'exercise = "written notice"', 1)
    return head + power + written + BY_POST.replace("n = 3", f"n = {days}")


def test_a_suspension_on_its_way_leaves_time_only_for_a_quicker_one() -> None:
    """Posted on 2 February it counts on the 5th. A second letter would count when there is nothing left to do."""
    story = (
        Story(terms.parse(in_writing(3).encode()), on="2026-01-05")
        .opened("risk", "R-1", by="provider")
        .on("2026-02-02")
    )
    first = story.do("suspend", method="post").event
    again = story.may("suspend", method="post")
    assert (again.permitted, again.codes) == (False, ("too-late",))
    assert "the agreement is suspended for risk R-1 from 2026-02-05" in str(again)
    assert [story.on(on).state for on in ("2026-02-04", "2026-02-05")] == ["active", "suspended"]
    assert story.may("suspend", method="post").codes == ("already",)
    assert story.agreement.was_regular(first.id)
    quicker = story.on("2026-02-03", learned="2026-02-05").may("suspend", method="hand")
    assert (quicker.permitted, str(quicker.last_day)) == (True, "2026-02-04")


RENEWING = """
[renewal]
clause = "1"
stopped_by = "stop"

[notice_kind.stop]
title = "notice of non-renewal"
clause = "1"
by = "either"

[power.stop]
title = "stop renewal"
does = "stop renewal"
by = "either"
clause = "1"
matter = ["term"]
clocks = [{ start = "term end", direction = "before", compare = "at least", n = 5 }]
exercise = "notice:stop"
"""


def test_a_suspension_that_would_count_only_after_the_end_is_none() -> None:
    """Posted on 10 January for 20 April. By other Terms from 10 February on, the third term, from 5 March on, renews
    no more: asked in January, nobody knows of its end on 4 April yet.
    """
    text = in_writing(100).replace('begins = "made"', 'begins = "order"')
    first, second = terms.parse((text + RENEWING).encode()), terms.parse(text.replace('"small"', '"later"').encode())
    story = Story(first, on="2026-01-05")
    story.agreement = Agreement(list(story.agreement.history), (first, second))
    story.order("O-1", start="2026-01-05", months=1).opened("risk", "R-1", by="provider")
    story.record(Agreed(what="amendment", terms="later", digest=second.digest, effective=date(2026, 2, 10)))
    story.on("2026-01-10").do("suspend", method="post")
    assert [hold.matter for hold in story.agreement._course(story.agreement.instant("2026-01-10")).holds] == ["R-1"]
    ended = story.agreement._course(story.agreement.instant("2026-05-01"))
    assert [str(change.at.date()) for change in changes(ended)] == ["2026-02-05", "2026-03-05", "2026-04-05"]
    assert [change.transition for change in changes(ended)] == ["renew", "renew", "expire"]
    assert ended.holds == ()


CEASED = """
[kind.cessation]
title = "cessation"
clause = "1"
party = "customer"
ends = ["resumed"]

[power."end.ceased"]
title = "end by itself"
does = "terminate"
by = "provider"
clause = "1"
matter = ["cessation"]
clocks = [{ start = "start", compare = "at least", n = 10 }]
ended_by = ["resumed"]
exercise = "automatic"
"""


def test_a_suspension_on_its_way_is_none_where_the_agreement_ends_by_itself_before() -> None:
    """Posted on 2 February for the 20th; from 5 February on the customer has ceased: the end comes on the 15th."""
    story = Story(terms.parse((in_writing(18) + CEASED).encode()), on="2026-01-05").opened("risk", "R-1", by="provider")
    story.on("2026-02-02").do("suspend", method="post")
    assert [hold.matter for hold in story.agreement._course(story.agreement.instant("2026-02-02")).holds] == ["R-1"]
    story.on("2026-02-05").opened("cessation", "C-1", party="customer")
    for asked in ("2026-02-05", "2026-02-25"):
        course = story.agreement._course(story.agreement.instant(asked))
        assert course.holds == ()
    assert [(change.transition, str(change.at.date())) for change in changes(course)] == [("terminate", "2026-02-15")]


# ---- notices about what the course itself opens ------------------------------------------------------

DELETION = """
[notice_kind.deletion]
title = "request to delete"
clause = "1"
by = "customer"
about = ["ending"]

[duty.delete]
title = "delete the data"
by = "provider"
clause = "1"
matter = ["ending"]
arises = "notice:deletion"
clocks = [{ start = "notice:deletion", compare = "no later than", n = 30 }]

[power.agreed]
title = "end it together"
does = "terminate"
by = "both"
clause = "1"
exercise = "consent"
"""
WARNED = """
[notice_kind.cutoff]
title = "cut-off warning"
clause = "1"
by = "provider"
about = ["suspension"]

[power."end.warned"]
title = "end after a warning"
does = "terminate"
by = "provider"
clause = "1"
matter = ["suspension"]
clocks = [{ start = "notice:cutoff", compare = "at least", n = 10, reads = "on notice" }]
exercise = "act"
"""


def test_a_duty_may_arise_from_a_notice_about_the_end() -> None:
    story = Story(terms.parse((TERMS + DELETION).encode()), on="2026-01-05")
    story.on("2026-07-01").agreed("termination", power="agreed")
    assert story.agreement.duties("2026-07-09") == ()
    story.on("2026-07-10").notice("deletion", about="ending", by="customer")
    (owed,) = story.agreement.duties("2026-07-10")
    assert (str(owed.due), owed.standing) == ("2026-08-09", "pending")  # 10 July + 30: 21 days to the 31st, 9 more
    assert story.agreement.remarks("2026-07-10") == {}


def test_a_power_may_count_from_a_notice_about_the_suspension() -> None:
    story = Story(terms.parse((TERMS + WARNED).encode()), on="2026-01-05")
    story.opened("risk", "R-1", by="provider").do("suspend")
    assert story.may("terminate").codes == ("notice-missing",)
    story.on("2026-02-02").notice("cutoff", about="suspension")
    assert not story.on("2026-02-11").may("terminate").permitted
    assert story.on("2026-02-12").may("terminate").permitted  # 2 February + 10


@pytest.mark.parametrize(
    ("covers", "about", "warned"),
    [
        ("", "suspension", True),
        ("", "R-1", False),
        ('covers = "named or all"', (), True),
        ('covers = "named or all"', "R-1", False),
    ],
)
def test_a_notice_about_the_suspension_names_it_unless_it_may_cover_all(covers: str, about: Any, warned: bool) -> None:  # noqa: FBT001
    both = WARNED.replace('about = ["suspension"]', f'about = ["suspension", "risk"]\n{covers}')
    story = Story(terms.parse((TERMS + both).encode()), on="2026-01-05")
    story.opened("risk", "R-1", by="provider").do("suspend")
    story.on("2026-02-02").notice("cutoff", about=about)
    assert story.on("2026-02-12").may("terminate").permitted is warned


def test_a_notice_about_a_suspension_names_it_as_long_as_the_terms_want_that_under_which_it_began() -> None:
    """Under the first Terms it names what it is about; under the second, agreed on later, it may cover all."""
    named = (TERMS + WARNED).replace('about = ["suspension"]', 'about = ["suspension"]\nCOVERS')
    first, second = (terms.parse(named.replace("COVERS", it).encode()) for it in ("", 'covers = "named or all"'))
    amendment = Agreed(what="amendment", terms="small", digest=second.digest)
    for agreed, warned in (("2026-01-06", True), ("2026-02-03", False)):
        story = Story(first, on="2026-01-05")
        story.agreement = Agreement(list(story.agreement.history), (first, second))
        story.on(agreed).record(amendment).on("2026-02-01").opened("risk", "R-1", by="provider").do("suspend")
        story.on("2026-02-04").notice("cutoff")
        assert story.on("2026-02-14").may("terminate").permitted is warned  # 4 February + 10


def test_a_further_suspension_for_the_same_counts_from_its_own_day() -> None:
    story = overdue(running(OVERDUE, FURTHER), "I-1", due="2026-02-05", on="2026-02-01")
    for placed, lifted in (("2026-03-10", "2026-03-12"), ("2026-04-01", "2026-04-20")):
        story.on(placed).do("suspend")
        assert [o.matter.opened for o in of_hold(story, placed)] == [story.agreement.instant(placed)]
        story.on(lifted).do("reinstate", override="goodwill")
    story.on("2026-05-01").do("suspend")
    assert story.on("2026-05-10").may("terminate").first_day == date(2026, 5, 11)  # 1 May + 10


def of_hold(story: Story, on: str) -> list[Any]:
    """The openings of the power to end after a suspension, one for each hold."""
    return [o for o in story.agreement.powers(f"{on}T20:00Z") if o.power.id == "end.overdue"]
