"""What clocks, notices, orders and duties of a Terms file can say. Days by hand; 1 March 2026 is a Sunday.

What orders say is in test_orders.py, what disputes stop and shut in test_disputes.py, what ends by itself in
test_automatic.py, the terms an agreement runs in test_framework.py, changes of the Terms in test_amendments.py.
"""

from datetime import timedelta
from typing import Any

import pytest

from lifecycle import terms
from lifecycle.duties import Owed
from lifecycle.errors import InvalidFact
from lifecycle.testing import Story
from lifecycle.verdict import Verdict

HEAD = """
[terms]
id = "small"
title = "Small Terms"
dated = 2026-01-01
provider = "Small Ltd"
zone = "UTC"
begins = "made"

[clauses]
"1" = { title = "One" }

[notice]
clause = "1"
methods.hand = { counts = "in person" }
methods.post = { counts = "dispatch", n = 5 }
methods.courier = { counts = "dispatch", n = 2, unit = "business days" }
OTHERS

[counting]
COUNTING

[kind.breach]
title = "breach"
clause = "1"
party = "customer"
ends = ["cured"]
attributes = { tier = ["gold", "silver", "basic"], order = "text" }

[notice_kind.breach]
title = "breach notice"
clause = "1"
by = "provider"
about = ["breach"]
given = [GIVEN]
"""
POWER = """
[power.suspend]
title = "suspend"
does = "suspend"
by = "provider"
clause = "1"
matter = ["breach"]
clocks = [CLOCKS]
needs = "NEEDS"
ended_by = ["cured"]
exercise = "act"
lifts = "by an act"
"""


def small(
    *clocks: str, needs: str = "all", counting: str = "", given: str = "", others: str = "", more: str = ""
) -> Any:
    text = HEAD + POWER + more
    for name, value in (("CLOCKS", ", ".join(clocks)), ("NEEDS", needs), ("GIVEN", given), ("COUNTING", counting)):
        text = text.replace(name, value)
    return terms.parse(text.replace("OTHERS", f"others = {others}" if others else "").encode(), "small.toml")


def clock(start: str, compare: str, n: int, unit: str = "days", more: str = "") -> str:
    return f'{{ start = "{start}", compare = "{compare}", n = {n}, unit = "{unit}"{more} }}'


def breached(made: terms.Terms, on: str = "2026-03-02", **details: Any) -> Story:
    return Story(made, on="2026-01-05").on(on).opened("breach", "B-1", **details)


def opens_on(first: str, story: Story, does: str = "suspend", **asked: Any) -> Verdict:
    """Claim that it is refused until the very end of the day before, and permitted from the first instant on."""
    before = story.agreement.instant(first) - timedelta(microseconds=1)
    refused = story.on(before).may(does, **asked)
    assert (refused.permitted, str(refused.first_day)) == (False, first if "T" not in first else first[:10])
    permitted = story.on(first).may(does, **asked)
    assert permitted.permitted
    return permitted


def shuts_after(last: str, story: Story, does: str = "suspend", **asked: Any) -> None:
    """Claim that it is permitted to the very end of a day, and never again."""
    end = story.agreement.instant(last) + timedelta(days=1)
    permitted = story.on(end - timedelta(microseconds=1)).may(does, **asked)
    assert (permitted.permitted, str(permitted.last_day)) == (True, last)
    refused = story.on(end).may(does, **asked)
    assert (refused.permitted, refused.first_day) == (False, None)


# ---- counting ------------------------------------------------------------------------------------------------------

CALIFORNIA = 'calendar = "us-california"'


@pytest.mark.parametrize(
    ("counting", "since", "n", "first"),
    [
        ("", "2026-03-25", 5, "2026-04-01"),  # Wednesday: 26, 27, 30, 31 March, 1 April
        (CALIFORNIA, "2026-03-25", 5, "2026-04-02"),  # 31 March is César Chávez Day
        (f"{CALIFORNIA}\nholidays = [2026-03-30]", "2026-03-25", 5, "2026-04-03"),  # and 30 March is listed
        (CALIFORNIA, "2026-11-24", 3, "2026-12-01"),  # Tuesday: 25, 30 Nov, 1 Dec; 26 is Thanksgiving, 27 the day after
        (CALIFORNIA, "2026-07-01", 2, "2026-07-06"),  # 4 July is a Saturday, kept on Friday 3 July: 2, 6 July
        ('weekend = ["friday", "saturday"]', "2026-03-25", 3, "2026-03-30"),  # 26, 29, 30 March
        ("", "2026-03-28", 1, "2026-03-30"),  # from a Saturday: Monday
    ],
)
def test_business_days_leave_out_weekends_and_the_holidays_listed_or_named(
    counting: str, since: str, n: int, first: str
) -> None:
    made = small(clock("start", "at least", n, "business days"), counting=counting)
    opens_on(first, breached(made, since))


@pytest.mark.parametrize(
    ("compare", "n", "unit", "since", "first"),
    [
        ("at least", 10, "days", "2026-03-02", "2026-03-11"),  # 2 March is day 1
        ("more than", 10, "days", "2026-03-02", "2026-03-12"),
        ("not within", 10, "days", "2026-03-02", "2026-03-12"),
        ("at least", 3, "business days", "2026-03-06", "2026-03-10"),  # Friday 6, 9, 10 March
        ("at least", 3, "business days", "2026-03-07", "2026-03-11"),  # a Saturday does not count: 9, 10, 11 March
        ("not within", 1, "months", "2026-03-02", "2026-04-02"),  # a month from and with 2 March ends with 1 April
    ],
)
def test_where_the_first_day_counts_it_is_day_one(compare: str, n: int, unit: str, since: str, first: str) -> None:
    more = ', rounding = "down"' if unit == "months" else ""
    made = small(clock("start", compare, n, unit, more), counting='first_day = "include"')
    opens_on(first, breached(made, since))


def test_where_the_first_day_counts_a_power_shuts_a_day_earlier() -> None:
    last_day = clock("start", "no later than", 10)
    shuts_after("2026-03-11", breached(small(last_day, counting='first_day = "include"')))
    shuts_after("2026-03-12", breached(small(last_day)))


def test_hours_from_a_notice_are_counted_from_the_instant_it_counts() -> None:
    story = breached(small(clock("notice:breach", "at least", 48, "hours")))
    story.on("2026-03-06T10:30Z").notice("breach", about="B-1", method="hand")  # a Friday; weekends are no matter
    opens_on("2026-03-08T10:30Z", story)


def test_hours_from_a_notice_that_counts_days_after_dispatch_begin_with_that_day() -> None:
    story = breached(small(clock("notice:breach", "at least", 48, "hours")))
    story.on("2026-03-06T10:30Z").notice("breach", about="B-1", method="post")  # counts on 11 March
    opens_on("2026-03-13T00:00Z", story)


# ---- several clocks ------------------------------------------------------------------------------------------------

THIRTY_OR_TEN = (clock("start", "at least", 30), clock("notice:breach", "at least", 10))  # from Mon 2 March: 1 April


@pytest.mark.parametrize(
    ("needs", "noticed", "first"),
    [
        ("all", "2026-03-20", "2026-04-01"),  # 30 March is over by then
        ("all", "2026-03-25", "2026-04-04"),
        ("any", "2026-03-20", "2026-03-30"),
        ("any", "2026-03-25", "2026-04-01"),  # 4 April comes later
    ],
)
def test_a_power_needs_all_of_its_clocks_or_any_of_them(needs: str, noticed: str, first: str) -> None:
    story = breached(small(*THIRTY_OR_TEN, needs=needs))
    opens_on(first, story.on(noticed).notice("breach", about="B-1", method="hand"))


def test_any_of_one_clock_is_that_clock() -> None:
    any_of, all_of = (breached(small(clock("start", "at least", 30), needs=needs)) for needs in ("any", "all"))
    assert str(any_of.on("2026-03-31").may("suspend")) == str(all_of.on("2026-03-31").may("suspend"))


def test_where_any_clock_suffices_no_notice_is_missed() -> None:
    assert breached(small(*THIRTY_OR_TEN)).may("suspend").codes == ("clock", "notice-missing")
    story = breached(small(*THIRTY_OR_TEN, needs="any"))
    assert story.may("suspend").codes == ("clock",)
    assert opens_on("2026-04-01", story).codes == ()


def test_where_any_of_two_notices_suffices_one_of_them_is_missed() -> None:
    warning = HEAD[HEAD.index("[notice_kind.breach]") :].replace("GIVEN", "").replace("breach]", "warning]", 1)
    either = (clock("notice:breach", "at least", 10), clock("notice:warning", "at least", 20))
    story = breached(small(*either, needs="any", more=warning))
    verdict = story.may("suspend")
    assert verdict.codes == ("notice-missing",)
    assert (str(verdict.first_day), verdict.supposing) == ("2026-03-12", True)  # 2 March + 10, given today
    opens_on("2026-03-23", story.on("2026-03-03").notice("warning", about="B-1", method="hand"))  # 3 March + 20


def test_reasons_say_how_each_clock_stands() -> None:
    clocks = (
        clock("start", "at least", 36, "hours"),
        clock("notice:breach", "at least", 10, more=', reads = "on notice"'),
    )
    story = breached(small(*clocks, needs="any"), "2026-03-02T12:00Z")
    told = str(story.on("2026-03-03").may("suspend"))
    assert "1 needs 36 hours (breach B-1 since 2026-03-02 12:00 UTC + 36 hours: opens 2026-03-04 00:00 UTC)" in told
    assert " or 1 needs a breach notice about breach B-1: none counts" in told
    steps = "wait until 2026-03-04 00:00 UTC or give a breach notice about breach B-1 by hand, post, courier"
    assert story.may("suspend").missing == (steps,)
    verdict = story.on("2026-03-03").notice("breach", about="B-1", method="hand").on("2026-03-05").may("suspend")
    assert verdict.permitted
    assert verdict.arithmetic == (
        "breach B-1 since 2026-03-02 12:00 UTC + 36 hours: opens 2026-03-04 00:00 UTC or "
        "breach notice given 2026-03-03 + 10 days: safe through 2026-03-12, opens 2026-03-13"
    )


@pytest.mark.parametrize(
    ("tier", "first"),
    [
        ("gold", "2026-04-01"),  # + 30
        ("silver", "2026-03-16"),  # + 14
        ("basic", "2026-03-16"),
    ],
)
def test_a_clock_applies_by_what_the_matter_is(tier: str, first: str) -> None:
    patient = clock("start", "at least", 30, more=', when = { tier = "gold" }')
    other = clock("start", "at least", 14, more=', when = { tier = ["silver", "basic"] }')
    unless = clock("start", "at least", 14, more=', unless = { tier = "gold" }')
    opens_on(first, breached(small(patient, other), tier=tier))
    opens_on(first, breached(small(patient, unless), tier=tier))


def test_a_clock_that_turns_on_what_nobody_said_keeps_the_power_shut() -> None:
    made = small(clock("start", "at least", 14, more=', when = { tier = "gold" }'))
    story = breached(made).on("2027-03-02")
    assert story.may("suspend").codes == ("unsaid",)
    assert story.may("suspend").missing == ("record tier of breach B-1",)
    assert story.changed("B-1", tier="gold").may("suspend").permitted


# ---- powers that shut ----------------------------------------------------------------------------------------------

PRICES = """
[kind.price_change]
title = "price change"
clause = "1"
party = "provider"

[notice_kind.price]
title = "price notice"
clause = "1"
by = "provider"
about = ["price_change"]

[power.exit]
title = "leave because of a price change"
does = "terminate"
by = "customer"
clause = "1"
matter = ["price_change"]
clocks = [{ start = "notice:price", compare = "no later than", n = 30, reads = "of the notice" }]
exercise = "written notice"
"""


def test_a_power_shuts_when_so_many_days_have_passed_since_a_notice() -> None:
    story = Story(small(more=PRICES), on="2026-01-05").on("2026-03-02").opened("price_change", "P-1")
    assert story.may("terminate", by="customer").codes == ("notice-missing",)
    story.on("2026-03-02T15:00Z").notice("price", about="P-1", method="hand")
    assert not story.on("2026-03-02T14:59Z").may("terminate", by="customer").permitted
    assert story.on("2026-03-02T15:00Z").may("terminate", by="customer").permitted
    shuts_after("2026-04-01", story, "terminate", by="customer")  # 2 March + 30
    timeline = story.on("2026-03-03").agreement.timeline("2026-03-03").entries
    assert [(str(e.on), e.what, e.power) for e in timeline] == [("2026-04-02", "closes", "exit")]


# ---- notices -------------------------------------------------------------------------------------------------------

FROM_NOTICE = clock("notice:breach", "at least", 10)
EARLY_FOR_GOLD = (
    '{ start = "start", compare = "at least", n = 5, when = { tier = "gold" } }, '
    '{ start = "start", compare = "at least", n = 10, unless = { tier = "gold" } }'
)


@pytest.mark.parametrize(
    ("tier", "early", "soonest", "first"),
    [
        ("gold", "2026-03-06", "2026-03-07", "2026-03-17"),  # 2 March + 5, + 10
        ("basic", "2026-03-11", "2026-03-12", "2026-03-22"),  # 2 March + 10, + 10
    ],
)
def test_when_a_notice_can_be_given_turns_on_the_matter(tier: str, early: str, soonest: str, first: str) -> None:
    story = breached(small(FROM_NOTICE, given=EARLY_FOR_GOLD), tier=tier)
    assert str(story.may("suspend").first_day) == first
    story.on(early).notice("breach", about="B-1", method="hand")
    assert "too early" in str(story.may("suspend"))
    assert soonest in story.may("suspend").missing[0]
    opens_on(first, story.on(soonest).notice("breach", about="B-1", method="hand"))


def test_a_notice_about_a_matter_of_which_nobody_said_enough_does_not_count() -> None:
    story = breached(small(FROM_NOTICE, given=EARLY_FOR_GOLD)).on("2026-03-20")
    verdict = story.notice("breach", about="B-1", method="hand").on("2026-12-01").may("suspend")
    assert (verdict.codes, verdict.first_day) == (("notice-missing",), None)
    assert "nobody has said" in str(verdict)
    assert story.changed("B-1", tier="basic").may("suspend").permitted


def test_a_notice_can_come_too_late() -> None:
    story = breached(small(FROM_NOTICE, given=clock("start", "no later than", 5)))
    story.on("2026-03-08").notice("breach", about="B-1", method="hand")  # 2 March + 5: through 7 March
    assert "too late" in str(story.may("suspend"))
    assert story.may("suspend").first_day is None
    in_time = breached(small(FROM_NOTICE, given=clock("start", "no later than", 5)))
    opens_on("2026-03-17", in_time.on("2026-03-07T23:59Z").notice("breach", about="B-1", method="hand"))


@pytest.mark.parametrize(
    ("method", "sent", "first"),
    [
        ("hand", "2026-03-05", "2026-03-15"),
        ("post", "2026-03-05", "2026-03-20"),  # counts on 10 March
        ("courier", "2026-03-05", "2026-03-19"),  # Thursday: counts on Monday 9 March
        ("courier", "2026-03-07", "2026-03-20"),  # Saturday: Tuesday 10 March
    ],
)
def test_a_notice_counts_by_its_method(method: str, sent: str, first: str) -> None:
    opens_on(first, breached(small(FROM_NOTICE)).on(sent).notice("breach", about="B-1", method=method))


def test_by_any_other_method_a_notice_counts_as_the_terms_say_of_all_others() -> None:
    others = '{ counts = "delivery", n = 1, unit = "business days" }'
    story = breached(small(FROM_NOTICE, others=others)).on("2026-03-04")
    story.notice("breach", about="B-1", method="email", id="n-1")
    assert "no delivery is recorded" in str(story.may("suspend"))
    opens_on("2026-03-19", story.on("2026-03-06T17:00Z").delivered("n-1"))  # Friday: counts on Monday 9 March
    listed = breached(small(FROM_NOTICE, others=others)).on("2026-03-04")
    opens_on("2026-03-14", listed.notice("breach", about="B-1", method="hand"))


def test_where_nothing_is_said_of_other_methods_they_give_no_notice() -> None:
    story = breached(small(FROM_NOTICE)).notice("breach", about="B-1", method="email", id="n-1").delivered("n-1")
    assert "email gives no notice; hand, post, courier do" in str(story.may("suspend"))


def test_an_exercise_in_writing_takes_effect_when_it_counts() -> None:
    story = Story(small(more=PRICES), on="2026-01-05").on("2026-03-02").opened("price_change", "P-1")
    story.notice("price", about="P-1", method="hand").on("2026-03-10").do("terminate", by="customer", method="post")
    assert story.on("2026-03-14T23:59Z").state == "active"
    assert story.on("2026-03-15").state == "terminated"  # 10 March + 5
    late = Story(small(more=PRICES), on="2026-01-05").on("2026-03-02").opened("price_change", "P-1")
    late.notice("price", about="P-1", method="hand").on("2026-03-28")  # by post: 2 April, a day too late
    assert late.may("terminate", by="customer", method="post").codes == ("too-late",)


def test_an_exercise_in_writing_that_counts_on_delivery_waits_for_proof_of_it() -> None:
    made = small(more=PRICES, others='{ counts = "delivery" }')
    story = Story(made, on="2026-01-05").on("2026-03-02").opened("price_change", "P-1")
    story.notice("price", about="P-1", method="hand").on("2026-03-10").do("terminate", by="customer", method="email")
    assert story.state == "active"


# ---- duties --------------------------------------------------------------------------------------------------------

REPORT = """
[duty.report]
title = "report"
by = "customer"
clause = "1"
matter = ["breach"]
HOW
met_by = ["cured"]
"""


def owed(story: Story) -> Owed:
    (one,) = story.agreement.duties(story.now)
    return one


def reporting(how: str, **more: str) -> Story:
    return breached(small(more=REPORT.replace("HOW", how)), **more)


TWO = f"""clocks = [{clock("start", "no later than", 30)}, {clock("notice:breach", "no later than", 10)}]"""


@pytest.mark.parametrize(
    ("needs", "noticed", "due"),
    [
        ("all", "2026-03-10", "2026-03-20"),  # the earliest of 1 April and 20 March
        ("all", "2026-03-25", "2026-04-01"),
        ("any", "2026-03-10", "2026-04-01"),  # the latest
        ("any", "2026-03-25", "2026-04-04"),
    ],
)
def test_a_duty_of_two_clocks_falls_due_by_the_first_or_by_the_last(needs: str, noticed: str, due: str) -> None:
    story = reporting(f'{TWO}\nneeds = "{needs}"')
    assert str(owed(story).due) == "2026-04-01"  # while no notice is given
    story.on(noticed).notice("breach", about="B-1", method="hand")
    assert (str(owed(story).due), owed(story).standing) == (due, "pending")
    assert owed(story.on(f"{due}T23:59Z")).standing == "pending"
    missed = owed(story.on(story.agreement.instant(due) + timedelta(days=1)))
    assert missed.standing == "missed"


def test_a_duty_done_on_its_last_day_is_met() -> None:
    story = reporting(TWO).on("2026-04-01T23:00Z").ended("B-1", "cured")
    assert owed(story.on("2026-05-01")).standing == "met"
    late = reporting(TWO).on("2026-04-02").ended("B-1", "cured")
    assert owed(late.on("2026-05-01")).standing == "missed"


def test_a_duty_to_try_is_never_missed() -> None:
    story = reporting(f"{TWO}\neffort = true")
    assert (str(owed(story).due), owed(story.on("2027-01-01")).standing) == ("2026-04-01", "pending")
    assert owed(story.done("report", by="customer", about="B-1")).standing == "met"


def test_a_duty_without_a_number_has_no_date() -> None:
    story = reporting('deadline = "unscheduled"').on("2030-01-01")
    assert (owed(story).due, owed(story).standing) == (None, "unscheduled")
    at_once = owed(reporting('deadline = "at once"'))
    assert (str(at_once.due), at_once.standing) == ("2026-03-02", "pending")


def test_a_duty_whose_only_clock_waits_for_a_notice_has_no_date_before() -> None:
    story = reporting(f"clocks = [{clock('notice:breach', 'no later than', 10)}]")
    assert (owed(story).due, owed(story).standing) == (None, "unscheduled")
    assert str(owed(story.notice("breach", about="B-1", method="hand")).due) == "2026-03-12"


def test_what_a_duty_counts_turns_on_the_matter() -> None:
    by_tier = f"""clocks = [{clock("start", "no later than", 5, more=', when = { tier = "gold" }')},
      {clock("start", "no later than", 3, "business days", ', unless = { tier = "gold" }')}]"""
    assert str(owed(reporting(by_tier.replace("\n", " "), tier="gold")).due) == "2026-03-07"
    assert str(owed(reporting(by_tier.replace("\n", " "), tier="basic")).due) == "2026-03-05"  # 3, 4, 5 March


# ---- whose power ---------------------------------------------------------------------------------------------------

STORM = """
[kind.storm]
title = "force majeure"
clause = "1"
party = "either"
ends = ["ended"]

[power.leave]
title = "end the agreement because of a lasting force majeure"
does = "terminate"
by = "other"
clause = "1"
matter = ["storm"]
clocks = [{ start = "start", compare = "more than", n = 30 }]
ended_by = ["ended"]
exercise = "written notice"
"""


@pytest.mark.parametrize(("affected", "may"), [("customer", "provider"), ("provider", "customer")])
def test_only_the_party_that_a_force_majeure_leaves_alone_may_end_the_agreement(affected: Any, may: Any) -> None:
    story = Story(small(more=STORM), on="2026-01-05").on("2026-03-02").opened("storm", "S-1", party=affected)
    opens_on("2026-04-02", story, "terminate", by=may)  # 2 March + 30 = 1 April belongs to it still
    assert story.may("terminate", by=affected).codes == ("wrong-party",)


def test_a_force_majeure_says_whom_it_affects() -> None:
    with pytest.raises(InvalidFact, match="say whom"):
        Story(small(more=STORM), on="2026-01-05").opened("storm", "S-1")
