"""What the form of Terms holds beyond the Modal ones: other clocks, notices and ways to count. Days by hand."""

from importlib import resources
from typing import Any

import pytest

from lifecycle import Period, terms
from lifecycle.errors import InvalidFact, InvalidTerms
from lifecycle.events import OpeningBalance
from lifecycle.terms import Terms
from lifecycle.terms.patching import places, put
from lifecycle.testing import Story

BASE = """
[terms]
id = "small"
title = "Small Terms"
dated = 2026-01-01
provider = "Small Ltd"
zone = "Europe/Berlin"
begins = "made"

[clauses]
"1" = { title = "One" }
"9" = { title = "Notice" }

[counting]
first_day = "FIRST"
roll = "ROLL"
holidays = [2026-04-03, 2026-04-06]   # Good Friday and Easter Monday
holidays_source = "Germany, nationwide"

[notice]
clause = "9"

[notice.methods]
post = { counts = "dispatch", n = 2, unit = "days" }
express = { counts = "dispatch", n = 2, unit = "business days" }
email = { counts = "delivery" }

[kind.breach]
title = "breach"
clause = "1"
party = "either"
ends = ["cured"]

[notice_kind.breach]
title = "breach notice"
clause = "1"
by = "other"
about = ["breach"]

[power.suspend]
title = "suspend"
does = "suspend"
by = "other"
clause = "1"
matter = ["breach"]
clocks = [CLOCK]
ended_by = ["cured"]
exercise = "act"
lifts = "by itself"
"""

STORM = """
[kind.storm]
title = "storm"
clause = "1"
party = "none"
ends = ["ended"]
attributes = { prevents = "matters" }
"""

AUDITS = """
[kind.loss]
title = "loss"
clause = "1"
party = "either"
ends = ["found"]

[power.end]
title = "end together"
does = "terminate"
by = "both"
clause = "1"
exercise = "consent"

[power."audit.breach"]
title = "audit a breach"
does = "audit"
by = "other"
clause = "1"
matter = ["breach"]
exercise = "act"

[power."audit.loss"]
title = "audit a loss"
does = "audit"
by = "other"
clause = "1"
matter = ["loss"]
ended_by = ["found"]
exercise = "act"
outlives = true
"""

FROM_NOTICE = '{ start = "notice:breach", compare = "not within", n = 10, leaves = "cure", performance = true }'


def small(clock: str = FROM_NOTICE, first: str = "exclude", roll: str = "none") -> Terms:
    text = BASE.replace("CLOCK", clock).replace("FIRST", first).replace("ROLL", roll)
    return terms.parse(text.encode(), "small.toml")


def breached(on: str, **how: Any) -> Story:
    return Story(small(**how), on="2026-01-05").on(on).opened("breach", "B-1", party="customer", by="provider")


def first_day(story: Story) -> str:
    return str(story.may("suspend").first_day)


def clock(n: int, compare: str = "at least", **more: Any) -> str:
    extra = "".join(f', {key} = "{value}"' for key, value in more.items())
    return f'{{ start = "start", compare = "{compare}", n = {n}{extra} }}'


@pytest.mark.parametrize(
    ("method", "opens"),
    [
        ("post", "2026-03-15"),  # Mon 2 March + 2 days = 4 March; + 10 = 14 March; so from the 15th
        ("express", "2026-03-15"),  # + 2 business days = Wed 4 March
    ],
)
def test_a_notice_counts_days_after_dispatch(method: str, opens: str) -> None:
    story = breached("2026-03-02").notice("breach", about="B-1", method=method)
    assert first_day(story.on("2026-03-02")) == opens


def test_business_days_leave_out_weekend_and_holidays() -> None:
    # Thu 2 April 2026 + 2 business days, without Good Friday, weekend and Easter Monday: Wed 8 April; + 10 = 18 April.
    story = breached("2026-04-02").notice("breach", about="B-1", method="express")
    assert first_day(story) == "2026-04-19"


def test_a_notice_that_counts_on_delivery_takes_proof_of_it() -> None:
    story = breached("2026-03-02").notice("breach", about="B-1", method="email", id="n-1")
    assert "no delivery is recorded" in str(story.may("suspend"))
    story.on("2026-03-06").delivered("n-1")
    assert first_day(story) == "2026-03-17"  # 6 March + 10 = 16 March


def test_after_the_end_what_does_not_outlive_it_says_so_even_where_another_power_of_the_act_does() -> None:
    story = Story(terms.parse((text_of(FROM_NOTICE) + AUDITS).encode()), on="2026-01-05")
    story.on("2026-03-02").opened("breach", "B-1", party="customer", by="provider")
    ended = "1 the agreement was terminated on 2026-03-09: nothing follows the end"
    assert story.may("audit").permitted
    story.on("2026-03-09").agreed("termination", power="end")
    after = story.may("audit")
    assert (after.codes, after.first_day) == (("ended",), None)
    assert str(after).count(ended) == 1
    assert str(story.may("suspend")).count(ended) == 1  # of which no power outlives it
    story.on("2026-03-08", learned="2026-03-10").opened("loss", "L-1", party="customer", by="provider")
    story.on("2026-03-10")
    assert (story.may("audit").permitted, story.may("audit").about) == (True, ("L-1",))
    assert story.may("audit", power="audit.breach").codes == ("ended",)
    story.on("2026-03-11").ended("L-1", "found")
    now, over = story.agreement.instant(story.now), story.may("audit").considered
    unmet = {o.power.id: {reason.code for reason in o.reasons if not reason.met(now)} for o in over}
    assert unmet == {"audit.breach": {"ended"}, "audit.loss": {"matter"}}


@pytest.mark.parametrize(
    ("told", "on", "opens"),
    [
        (clock(1, unit="months", rounding="down"), "2026-01-31", "2026-02-28"),  # 31 January + 1 month: 28 February
        (clock(1, unit="months", rounding="up"), "2026-01-31", "2026-03-01"),
        (clock(1, "more than", unit="months", rounding="down"), "2026-01-31", "2026-03-01"),
        (clock(1, unit="years", rounding="down"), "2028-02-29", "2029-02-28"),
        (clock(5, unit="business days"), "2026-04-01", "2026-04-10"),  # 2, 7, 8, 9, 10 April
        (clock(0, "more than"), "2026-04-01", "2026-04-02"),
        (clock(0), "2026-04-01", "2026-04-01"),
    ],
)
def test_clocks_in_other_units(told: str, on: str, opens: str) -> None:
    assert first_day(breached(on, clock=told)) == opens


def test_hours_are_elapsed_time() -> None:
    # 48 hours from Saturday noon over the night clocks go forward in Berlin (29 March 2026) end on Monday at 13:00.
    story = breached("2026-03-28T12:00+01:00", clock=clock(48, unit="hours"))
    assert not story.on("2026-03-30T12:59+02:00").may("suspend").permitted
    assert story.on("2026-03-30T13:00+02:00").may("suspend").permitted
    later = breached("2026-03-28T12:00+01:00", clock=clock(48, "more than", unit="hours"))
    assert not later.on("2026-03-30T13:00+02:00").may("suspend").permitted
    assert later.on("2026-03-30T13:00:00.000001+02:00").may("suspend").permitted


def test_a_power_can_shut() -> None:
    story = breached("2026-03-02", clock=clock(10, "no later than"))
    assert story.on("2026-03-12T23:59+01:00").may("suspend").permitted  # day 10 belongs to it
    verdict = story.on("2026-03-13").may("suspend")
    assert (verdict.permitted, verdict.first_day) == (False, None)
    assert "through 2026-03-12" in str(verdict)


def test_a_power_in_hours_can_shut() -> None:
    story = breached("2026-03-02T12:00Z", clock=clock(2, "no later than", unit="hours"))
    assert story.on("2026-03-02T13:59Z").may("suspend").permitted
    assert not story.on("2026-03-02T14:00Z").may("suspend").permitted


def test_a_first_day_that_counts_is_day_one() -> None:
    assert first_day(breached("2026-03-02", clock=clock(10), first="include")) == "2026-03-11"  # 2 March is day 1


def test_a_last_day_for_cure_rolls_where_the_terms_say_so() -> None:
    # Notice by post on Sun 22 March counts from Tue 24 March; + 10 = Fri 3 April, Good Friday: rolls to Tue 7 April.
    story = breached("2026-03-22", roll="next business day").notice("breach", about="B-1", method="post")
    assert first_day(story) == "2026-04-08"


def test_terms_without_order_trial_or_renewal_are_in_force_from_the_making() -> None:
    story = Story(small(), on="2026-01-05")
    assert story.state == "active"
    assert story.status().term is None
    assert story.on("2036-01-05").state == "active"
    assert "without an order" in story.agreement.timeline("2026-01-06").stops
    assert story.may("terminate", by="customer").codes == ("no-edge",)  # no power of these Terms ends it


def test_the_agreement_may_count_in_another_zone() -> None:
    story = Story(small(clock=clock(1)), on="2026-03-01", zone="Asia/Tokyo")
    story.on("2026-03-02T16:00Z").opened("breach", "B-1", party="customer", by="provider")  # 3 March in Tokyo
    assert first_day(story) == "2026-03-04"


def faults(text: str) -> str:
    with pytest.raises(InvalidTerms) as refused:
        terms.parse(text.encode(), "small.toml")
    return str(refused.value)


def text_of(clock: str) -> str:
    return BASE.replace("CLOCK", clock).replace("FIRST", "exclude").replace("ROLL", "none")


def test_a_power_is_not_rolled_only_a_time_to_perform_is() -> None:
    # 22 March + 10 = Wed 1 April; 23 March + 11 = Good Friday, 3 April: a day of a power, not of performance.
    assert first_day(breached("2026-03-23", clock=clock(11, "more than"), roll="next business day")) == "2026-04-04"


def test_hours_are_counted_from_instants_and_told_with_their_arithmetic() -> None:
    story = breached("2026-03-02T12:00+01:00", clock=clock(36, unit="hours"))
    assert (
        story.may("suspend").arithmetic
        == "breach B-1 since 2026-03-02 12:00 CET + 36 hours: opens 2026-03-04 00:00 CET"
    )
    invoice = text_of('{ start = "due", compare = "at least", n = 48, unit = "hours" }').replace(
        'ends = ["cured"]', 'ends = ["cured"]\ndays = ["due"]'
    )
    assert "hours are counted from an instant, not from the day 'due'" in faults(invoice)


def test_a_pause_of_a_clock_in_business_days_costs_business_days_only() -> None:
    paused = text_of('{ start = "start", compare = "at least", n = 5, unit = "business days", paused_by = "storm" }')
    story = Story(terms.parse((paused + STORM).encode()), on="2026-01-05")
    story.on("2026-03-06").opened("breach", "B-1", party="customer", by="provider")  # a Friday; 5 business days: Fri 13
    story.on("2026-03-07").opened("storm", "W-1", prevents=("B-1",)).on("2026-03-09").ended("W-1", "ended")
    assert first_day(story) == "2026-03-13"  # Saturday and Sunday were no business days to lose
    other = Story(terms.parse((paused + STORM).encode()), on="2026-01-05")
    other.on("2026-03-06").opened("breach", "B-1", party="customer", by="provider")
    other.on("2026-03-09").opened("storm", "W-1", prevents=("B-1",)).on("2026-03-11").ended("W-1", "ended")
    assert first_day(other) == "2026-03-17"  # Monday and Tuesday lost


def test_a_first_day_that_counts_can_be_excused() -> None:
    paused = '{ start = "start", compare = "at least", n = 10, paused_by = "storm" }'
    stormy = BASE.replace("CLOCK", paused).replace("FIRST", "include").replace("ROLL", "none") + STORM
    story = Story(terms.parse(stormy.encode()), on="2026-01-05")
    story.on("2026-03-02").opened("breach", "B-1", party="customer", by="provider")  # day 1; day 10 is 11 March
    assert first_day(story) == "2026-03-11"
    story.opened("storm", "W-1", prevents=("B-1",)).on("2026-03-03").ended("W-1", "ended")
    assert first_day(story) == "2026-03-12"
    earlier = Story(terms.parse(stormy.encode()), on="2026-01-05").on("2026-03-02")
    earlier.opened("breach", "B-1", party="customer", by="provider")
    earlier.on("2026-03-01", learned="2026-03-02").opened("storm", "W-1", prevents=("B-1",))
    assert first_day(earlier.on("2026-03-03").ended("W-1", "ended")) == "2026-03-12"  # 1 March was never counted


def test_of_two_notices_the_one_that_counts_first_is_taken_whichever_was_given_first() -> None:
    story = breached("2026-03-02").notice("breach", about="B-1", method="post")  # counts on 4 March
    story.on("2026-03-03").notice("breach", about="B-1", method="email", id="n-2").delivered("n-2")
    assert first_day(story) == "2026-03-14"  # 3 March + 10 = 13 March


def test_a_notice_counts_no_earlier_than_it_was_given() -> None:
    story = breached("2026-03-02").on("2026-03-10").notice("breach", about="B-1", method="email", id="n-1")
    story.on("2026-03-05", learned="2026-03-11").delivered("n-1")  # cannot be: it was given on the 10th
    assert first_day(story.on("2026-03-11")) == "2026-03-21"  # 10 March + 10


def test_a_window_opens_no_earlier_than_what_it_counts_from() -> None:
    story = breached("2026-03-02", clock='{ start = "notice:breach", compare = "at least", n = 0 }')
    story.on("2026-03-10T12:00+01:00").notice("breach", about="B-1", method="email", id="n").delivered("n")
    assert story.may("suspend").window.opens == story.agreement.instant("2026-03-10T12:00+01:00")


def test_a_notice_may_have_a_last_day() -> None:
    given = 'given = [{ start = "due", compare = "no later than", n = 5 }]'
    text = text_of(FROM_NOTICE).replace('ends = ["cured"]', 'ends = ["cured"]\ndays = ["due"]')
    text = text.replace('about = ["breach"]', f'about = ["breach"]\n{given}')
    story = Story(terms.parse(text.encode()), on="2026-01-05").on("2026-03-02")
    story.opened("breach", "B-1", party="customer", due="2026-03-10")
    assert "not before" not in str(story.may("suspend"))
    story.on("2026-03-14").notice("breach", about="B-1", method="post")  # counts on 16 March, the sixth day
    assert "too late, breach B-1 due 2026-03-10 + 5 days: through 2026-03-15" in str(story.may("suspend"))


ORDERED = """
[terms]
id = "ordered"
title = "Ordered Terms"
dated = 2026-01-01
provider = "Small Ltd"
zone = "Europe/Berlin"

[clauses]
"1" = { title = "One" }

[notice]
clause = "1"

[notice.methods]
mail = { counts = "dispatch", n = 3 }

[notice_kind.non_renewal]
title = "non-renewal notice"
clause = "1"
by = "either"

[kind.risk]
title = "risk"
clause = "1"
party = "customer"

[power.suspend]
title = "suspend"
does = "suspend"
by = "provider"
clause = "1"
matter = ["risk"]
exercise = "act"
lifts = "by an act"

[power.stop]
title = "give notice of non-renewal"
does = "stop renewal"
by = "either"
clause = "1"
matter = ["term"]
clocks = [{ start = "term end", direction = "before", compare = "at least", n = 30 }]
exercise = "notice:non_renewal"
"""
RENEWAL = """
[renewal]
clause = "1"
stopped_by = "stop"
"""


def ordered(more: str = "") -> Story:
    return Story(terms.parse((ORDERED + more).encode()), on="2026-01-01").order("O-1", start="2026-01-01", months=12)


def test_a_notice_that_would_count_too_late_is_refused() -> None:
    story = ordered(RENEWAL)  # term 1 ends 31 December 2026; 30 days before is 1 December
    assert story.on("2026-11-28").may("stop renewal", by="customer", method="mail").permitted  # counts 1 December
    verdict = story.on("2026-11-29").may("stop renewal", by="customer", method="mail")
    assert verdict.codes == ("too-late",)
    assert not verdict.permitted


def test_a_successor_order_follows_also_where_nothing_renews_by_itself() -> None:
    story = ordered().on("2026-11-01").order("O-2", start="2027-01-01", months=12)
    assert story.on("2027-01-01").state == "renewed"
    assert story.opened("risk", "R-1").do("suspend").target == "suspended"
    assert (
        story.do("reinstate", override="enough").target == "renewed"
    )  # no clause says so, but whoever suspends may lift
    assert story.on("2028-01-01").state == "terminated"


def test_terms_without_a_trial_make_no_trial() -> None:
    with pytest.raises(InvalidFact, match="knows no trial"):
        Story(small(), on="2026-01-05", trial=True)


def test_terms_in_force_from_the_making_take_no_order() -> None:
    with pytest.raises(InvalidFact, match="know no order"):
        Story(small(), on="2026-01-05").order("O-1", start="2026-01-05")
    with pytest.raises(InvalidFact, match="know no order"):
        Story(small(), on="2026-01-05").record(OpeningBalance(order="O", started="2026-01-05", term=Period(1, "years")))


def test_a_patch_may_add_the_next_place_of_a_list_and_none_further_on() -> None:
    document = {"power": {"stop": {"clocks": [{"n": 30}]}}}
    added = put(document, places("power.stop.clocks[1]"), {"n": 5})
    assert added == {"power": {"stop": {"clocks": [{"n": 30}, {"n": 5}]}}}
    assert document == {"power": {"stop": {"clocks": [{"n": 30}]}}}
    for path in ("power.stop.clocks[2]", "power.stop.clocks[1].n"):
        with pytest.raises(ValueError, match="there is nothing at"):
            put(document, places(path), {"n": 5})


MONTHS_BACK = [
    # from the last day back, and three full months before the end: 30 June - 3 months; 1 July - 3 months is 1 April
    ("2026-07-01", 'start = "term end", compare = "at least"', "2027-03-30"),
    ("2026-07-01", 'start = "next term start", compare = "more than"', "2027-03-31"),
    # a term through 28 February: 28 November, and the day before 1 December
    ("2026-03-01", 'start = "term end", compare = "at least"', "2026-11-28"),
    ("2026-03-01", 'start = "next term start", compare = "more than"', "2026-11-30"),
]


@pytest.mark.parametrize(("start", "clock", "last"), MONTHS_BACK)
def test_months_before_an_end_count_from_its_last_day_or_from_the_day_after(start: str, clock: str, last: str) -> None:
    modal = (resources.files("lifecycle.terms") / "modal-2024-03-26.toml").read_text(encoding="utf-8")
    head = modal.partition("[[reading]]\n")[0]
    old = 'start = "term end", direction = "before", compare = "at least", n = 30'
    assert old in head
    text = head.replace(old, f'{clock}, direction = "before", n = 3, unit = "months", rounding = "down"')
    story = Story(terms.parse(text.encode()), on=start).order("O-1", start=start, months=12)
    assert str(story.may("stop renewal", by="customer").last_day) == last
