"""Months, terms and business days, held to dateutil, to whenever and to counting on the fingers.

The months are tried exhaustively: 0 to 60 of them, forth and back, from every day of 28 years (after which weekdays and
leap years come round again) and from the ends of all months around a century without a leap day. What rests on them is
tried from every day of four years and from every end of a month; the deep profile tries all from everywhere.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest
from attrs import evolve
from dateutil.relativedelta import relativedelta
from dateutil.rrule import DAILY, rrule, rruleset
from hypothesis import given, settings
from hypothesis import strategies as st
from whenever import Date

from lifecycle.days import Calendar, Day, Period, corresponding_day, last_day_of_term
from lifecycle.errors import InvalidTime

ONE_DAY = timedelta(days=1)


def every_day(first: Day, until: Day) -> list[Day]:
    return [first + timedelta(days=n) for n in range((until - first).days)]


CENTURY = every_day(date(2096, 1, 1), date(2104, 1, 1))
EVERYWHERE = every_day(date(2024, 1, 1), date(2052, 1, 1)) + [day for day in CENTURY if day.day > 27]
FOUR_YEARS = every_day(date(2027, 1, 1), date(2031, 1, 1))
DEEP = settings.get_current_profile_name() == "deep"
ENOUGH = EVERYWHERE if DEEP else [day for day in EVERYWHERE if day.day > 27 or 2027 <= day.year <= 2030]
MONTHS = range(61)
MONTH = Period(1, "months")
PLAIN, FIRST_COUNTS = Calendar("UTC"), Calendar("UTC", first_day_counts=True)


# ---- the references --------------------------------------------------------------------------------------------------


@cache
def by_whenever(day: Day) -> list[Day]:
    """The day 0 to 60 months on, or the last of its month where that has no such day."""
    start = Date(day)
    return [start.add(months=n).to_stdlib() for n in MONTHS]


@cache
def next_starts(day: Day) -> list[Day]:
    """Where the next term starts after 0 to 60 months from a day, by the rule's own words: on the day with the same
    number, counted from the first of its month; where the count runs over the month's end, the term has ended with the
    month, and the next starts on the first of the month after.
    """
    first = Date(day.year, day.month, 1)
    found = []
    for n in MONTHS:
        month = first.add(months=n)
        found.append(min(month.add(days=day.day - 1), month.add(months=1)).to_stdlib())
    return found


@pytest.mark.parametrize(("anchor", "months", "starts"), [
    # 31 January: February has 28 days, and ends on the 28th; March has a 31st, and the second term ends before it.
    (date(2027, 1, 31), 1, ["2027-03-01", "2027-03-31", "2027-05-01", "2027-05-31", "2027-07-01"]),
    (date(2027, 1, 30), 1, ["2027-03-01", "2027-03-30", "2027-04-30"]),
    (date(2027, 1, 28), 1, ["2027-02-28", "2027-03-28", "2027-04-28"]),
    # 29 February: only every fourth year has one.
    (date(2028, 2, 29), 12, ["2029-03-01", "2030-03-01", "2031-03-01", "2032-02-29", "2033-03-01"]),
    (date(2096, 2, 29), 12, ["2097-03-01", "2098-03-01", "2099-03-01", "2100-03-01", "2101-03-01"]),
    (date(2027, 8, 31), 6, ["2028-03-01", "2028-08-31", "2029-03-01"]),
])  # fmt: skip
def test_the_rule_read_by_hand(anchor: Day, months: int, starts: list[str]) -> None:
    by_hand = [date.fromisoformat(text) for text in starts]
    assert next_starts(anchor)[months : months * len(starts) + 1 : months] == by_hand
    ends = [last_day_of_term(anchor, Period(months, "months"), k + 1) for k in range(len(starts))]
    assert ends == [start - ONE_DAY for start in by_hand]


# ---- months ----------------------------------------------------------------------------------------------------------


def test_months_are_counted_and_rounded_down_as_whenever_counts_them() -> None:
    for day in EVERYWHERE:
        assert [corresponding_day(day, n, "down") for n in MONTHS] == by_whenever(day)


def test_months_are_counted_and_rounded_down_as_dateutil_counts_them() -> None:
    lengths = [relativedelta(months=n) for n in range(-60, 61)]
    for day in ENOUGH:
        assert [corresponding_day(day, n, "down") for n in range(-60, 61)] == [day + length for length in lengths]


def test_a_month_without_the_day_is_rounded_up_to_the_first_of_the_next() -> None:
    for day in ENOUGH:
        assert [corresponding_day(day, n, "up") for n in MONTHS] == next_starts(day)


def test_a_rounding_is_wanted_exactly_where_the_two_roundings_part() -> None:
    for day in ENOUGH:
        for n, down, up in zip(MONTHS, by_whenever(day), next_starts(day), strict=True):
            if down == up:
                assert corresponding_day(day, n) == down
            else:
                with pytest.raises(InvalidTime):
                    corresponding_day(day, n)


def test_months_before_a_day_are_counted_as_whenever_counts_them() -> None:
    periods = [Period(n, "months") for n in MONTHS]
    for day in EVERYWHERE:
        start = Date(day)
        theirs = [start.subtract(months=n).to_stdlib() for n in MONTHS]
        assert [PLAIN.before(day, period, "down") for period in periods] == theirs


def test_a_day_so_many_months_before_is_the_last_from_which_they_are_complete() -> None:
    """The last day that is at least so long before: from it the months are over by the anchor, from the next they are
    not.
    """
    for day in FOUR_YEARS:
        for n in MONTHS:
            last = PLAIN.before(day, Period(n, "months"), "down")
            assert corresponding_day(last, n, "up") <= day < corresponding_day(last + ONE_DAY, n, "up")


def test_a_calendar_moves_by_months_and_by_years_alike() -> None:
    months, years = [Period(n, "months") for n in MONTHS], [Period(n, "years") for n in range(6)]
    for day in ENOUGH:
        assert [PLAIN.moved(day, period, "down") for period in months] == by_whenever(day)
        assert [PLAIN.moved(day, period, "down") for period in years] == by_whenever(day)[::12]
        assert [PLAIN.moved(day, period, "up") for period in years] == next_starts(day)[::12]
        for period in years:
            assert PLAIN.before(day, period, "down") == Date(day).subtract(years=period.n).to_stdlib()


def test_where_the_first_day_counts_a_period_is_complete_a_day_sooner() -> None:
    for day in FOUR_YEARS[365:731]:
        for n, theirs in zip(MONTHS, by_whenever(day), strict=True):
            assert FIRST_COUNTS.moved(day, Period(n, "months"), "down") + ONE_DAY == theirs
            assert FIRST_COUNTS.moved(day, Period(n)) == day + timedelta(days=n - 1)
            assert FIRST_COUNTS.before(day, Period(n)) == day - timedelta(days=n)


# ---- terms -----------------------------------------------------------------------------------------------------------


def test_terms_of_a_month_follow_each_other_as_the_rule_says_and_last_a_month_each() -> None:
    """No gap and no overlap: each starts the day after the last, on the anchor's number or on the first of a month, and
    lasts 28 to 31 days.
    """
    for day in EVERYWHERE:
        starts = [day, *(last_day_of_term(day, MONTH, k) + ONE_DAY for k in MONTHS[1:])]
        assert starts == next_starts(day)
        assert {(following - start).days for start, following in pairwise(starts)} <= {28, 29, 30, 31}
        assert {start.day for start in starts} <= {day.day, 1}


@pytest.mark.parametrize("length", [
    Period(2, "months"), Period(3, "months"), Period(6, "months"), Period(12, "months"), Period(24, "months"),
    Period(1, "years"), Period(2, "years"), Period(5, "years"),
], ids=str)  # fmt: skip
def test_a_longer_term_ends_with_the_last_of_its_months(length: Period) -> None:
    months = length.months or 0
    for day in ENOUGH:
        starts = [last_day_of_term(day, length, k) + ONE_DAY for k in range(1, 60 // months + 1)]
        assert starts == next_starts(day)[months::months]


def test_terms_end_where_a_walk_from_day_to_day_ends_them() -> None:
    """A walk cannot leave a gap: tomorrow starts a term when it has the anchor's number, or when a month went by
    without one.
    """
    road = every_day(FOUR_YEARS[0], date(2037, 1, 1))
    for n, anchor in enumerate(FOUR_YEARS):
        ends = [
            today
            for today, tomorrow in pairwise(road[n : n + 1_900])
            if tomorrow.day == anchor.day or (tomorrow.day == 1 and today.day < anchor.day)
        ]
        assert [last_day_of_term(anchor, MONTH, k) for k in MONTHS[1:]] == ends[:60]


@given(anchor=st.sampled_from(EVERYWHERE), n=st.integers(1, 400), number=st.integers(1, 60))
def test_terms_of_days_are_all_as_long(anchor: Day, n: int, number: int) -> None:
    end = last_day_of_term(anchor, Period(n), number)
    assert end == anchor + timedelta(days=n * number) - ONE_DAY
    assert last_day_of_term(end + ONE_DAY, Period(n), 1) == last_day_of_term(anchor, Period(n), number + 1)


# ---- business days ---------------------------------------------------------------------------------------------------

# On a weekday, beside a weekend, on one, and several in a row.
HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in ("2026-01-01", "2026-07-03", "2026-07-04", "2026-12-24", "2026-12-25", "2026-12-28", "2027-01-01")
)
# The weeks about them: where there is no holiday, one week is as the next.
SEASONS = every_day(date(2026, 6, 22), date(2026, 7, 13)) + every_day(date(2026, 12, 14), date(2027, 1, 11))
OFFICES = {
    "saturday and sunday": Calendar("UTC", rolls=True),
    "with holidays": Calendar("UTC", holidays=HOLIDAYS, rolls=True),
    "friday and saturday": Calendar("UTC", weekend=frozenset({4, 5}), holidays=HOLIDAYS, rolls=True),
    "open on wednesdays": Calendar("UTC", weekend=frozenset(range(7)) - {2}, holidays=HOLIDAYS, rolls=True),
    "always open": Calendar("UTC", weekend=frozenset(), rolls=True),
}
offices = pytest.mark.parametrize("office", OFFICES.values(), ids=OFFICES)


@cache
def business_days(office: Calendar) -> list[Day]:
    """As RFC 5545 recurs: daily on the weekdays that are no weekend, the holidays left out."""
    rule = rruleset()
    weekdays = [n for n in range(7) if n not in office.weekend]
    first, until = (datetime(year, 1, 1, tzinfo=UTC) for year in (2024, 2029))
    rule.rrule(rrule(DAILY, dtstart=first, until=until, byweekday=weekdays))
    for holiday in office.holidays:
        rule.exdate(datetime(holiday.year, holiday.month, holiday.day, tzinfo=UTC))
    return [found.date() for found in rule]


@offices
def test_the_nth_business_day_is_the_nth_of_dateutils(office: Calendar) -> None:
    business = business_days(office)
    for day in SEASONS:
        after, before = business[bisect_right(business, day) :], business[: bisect_left(business, day)]
        assert [office.business_days_after(day, n) for n in range(31)] == [day, *after[:30]]
        assert [office.business_days_after(day, -n) for n in range(31)] == [day, *before[:-31:-1]]
        assert office.is_business_day(day) == (before + after != business)


@offices
def test_the_nth_business_day_is_the_one_a_walk_comes_to(office: Calendar) -> None:
    for day in SEASONS:
        for step in (1, -1):
            walked, seen = day, 0
            while seen < 20:
                walked += timedelta(days=step)
                seen += walked.weekday() not in office.weekend and walked not in office.holidays
                if seen and office.is_business_day(walked):
                    assert office.business_days_after(day, step * seen) == walked


@offices
def test_business_days_before_a_day_are_all_spent_between(office: Calendar) -> None:
    """The last day that is at least n business days before: so many from it up to the anchor, fewer from the next."""
    for anchor in SEASONS:
        for n in range(1, 16):
            last = office.before(anchor, Period(n, "business days"))
            open_days = [office.is_business_day(day) for day in every_day(last, anchor)]
            assert sum(open_days) == n
            assert sum(open_days[1:]) == n - 1


@offices
def test_where_the_first_day_counts_it_is_the_first_business_day_if_it_is_one(office: Calendar) -> None:
    counting, business = evolve(office, first_day_counts=True), business_days(office)
    for day in SEASONS:
        here = bisect_left(business, day)
        assert [counting.moved(day, Period(n, "business days")) for n in range(1, 16)] == business[here : here + 15]
        assert [office.moved(day, Period(n, "business days")) for n in range(1, 16)] == [
            office.business_days_after(day, n) for n in range(1, 16)
        ]


@offices
def test_a_day_rolls_to_the_first_business_day_not_before_it(office: Calendar) -> None:
    business = business_days(office)
    for day in SEASONS:
        assert office.rolled(day) == business[bisect_left(business, day)]


@offices
@given(day=st.sampled_from(SEASONS), a=st.integers(1, 60), b=st.integers(1, 60))
def test_business_days_add_up_and_lead_back(office: Calendar, day: Day, a: int, b: int) -> None:
    there = office.business_days_after(day, a)
    assert office.business_days_after(there, b) == office.business_days_after(day, a + b)
    back = office.business_days_after(day, -a)
    assert office.business_days_after(back, -b) == office.business_days_after(day, -a - b)
    assert office.business_days_after(there, -a) <= day <= office.business_days_after(back, a)
    assert office.business_days_after(office.business_days_after(there, b), -b) == there
    assert there < office.business_days_after(there, 1)
