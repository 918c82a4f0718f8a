"""Civil days share out time in every zone of the tz database, around every turn of its clocks from 2020 to 2037.

Held to two readings of the database: a *dial*, made of the offsets that zoneinfo shows (the clock as a row of straight
stretches, where days are sums of whole seconds), and the days of whenever, which reads the files by itself. By default
zones with the same dial are tried once; the deep profile tries every name.
"""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import TypeAlias

import pytest
import whenever
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle.days import Calendar, Day, Instant
from lifecycle.errors import InvalidTime

Dial: TypeAlias = tuple[tuple[int, int], ...]
"""From which second on, counted from 1970 in UTC, how many seconds are added to UTC. The first is from ever."""

EPOCH, TICK, ONE_DAY = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1), timedelta(days=1)
DAY, STEP = 86_400, 3 * 86_400
LONG_AGO, NEVER = -(10**12), 10**12
NAMES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})  # names that say nothing


# ---- the dials -------------------------------------------------------------------------------------------------------


def to_seconds(at: Instant) -> int:
    return (at - EPOCH) // timedelta(seconds=1)


def to_instant(seconds: int) -> Instant:
    return EPOCH + timedelta(seconds=seconds)


SINCE, UNTIL = (to_seconds(datetime(year, 1, 1, tzinfo=UTC)) for year in (2020, 2038))


def dial_of(name: str, since: int = SINCE, until: int = UNTIL, step: int = STEP) -> Dial:
    """Walks the offsets of zoneinfo, and halves each step in which they change down to the second."""
    zone = zoneinfo.ZoneInfo(name)

    def offset(at: int) -> int:
        found = to_instant(at).astimezone(zone).utcoffset()
        assert found is not None
        return found // timedelta(seconds=1)

    dial = [(LONG_AGO, offset(since))]
    for low, high in pairwise(range(since, until + step, step)):
        while offset(high) != dial[-1][1]:
            before, after = low, high
            while after - before > 1:
                middle = (before + after) // 2
                before, after = (middle, after) if offset(middle) == dial[-1][1] else (before, middle)
            dial.append((after, offset(after)))
            low = after
    return tuple(dial)


@cache
def dials() -> dict[str, Dial]:
    """A dial for each name; by default, for one name of those that share it."""
    every = {name: dial_of(name) for name in NAMES}
    if settings.get_current_profile_name() == "deep":
        return every
    return {name: dial for dial, name in {dial: name for name, dial in every.items()}.items()}


def first_second(dial: Dial, day: Day) -> int:
    """The first second at which the clock shows this day or a later one."""
    midnight = (day - EPOCH.date()).days * DAY
    for (since, offset), (until, _) in pairwise([*dial, (NEVER, 0)]):
        if (found := max(since, midnight - offset)) < until:
            return found
    raise AssertionError(day)


def latest_day(dial: Dial, at: int) -> Day:
    """The latest day that the clock has shown by this second."""
    shown = max(
        (min(at, until - 1) + offset) // DAY
        for (since, offset), (until, _) in pairwise([*dial, (NEVER, 0)])
        if since <= at
    )
    return EPOCH.date() + timedelta(days=shown)


def turning_points(dial: Dial) -> list[int]:
    """The seconds at which the clock is put forward or back, and both ends of the walk."""
    return [SINCE, *(since for since, _ in dial[1:]), UNTIL - 4 * DAY]


def days_around(at: int) -> list[Day]:
    return [to_instant(at).date() + n * ONE_DAY for n in range(-2, 4)]


def probes(dial: Dial, turn: int) -> list[Instant]:
    """The turn, the first instants of the days around it, the instants beside these, and the hours about the turn."""
    seconds = [turn, *(first_second(dial, day) for day in days_around(turn))]
    beside = [to_instant(at) + n * TICK for at in seconds for n in (-1_000_000, -1, 0, 1)]
    return sorted({*beside, *(to_instant(turn + hours * 900) for hours in range(-20, 21))})


@pytest.fixture(scope="module", autouse=True)
def one_database() -> None:
    """Both readings are of the same files."""
    whenever.reset_tzpath(zoneinfo.TZPATH)


def test_the_dials_turn_when_whenever_has_the_zones_turn() -> None:
    for name, dial in dials().items():
        at = whenever.Instant(to_instant(SINCE)).to_tz(name)
        theirs = [(LONG_AGO, at.offset.total("seconds"))]
        while (turn := at.next_transition()) and turn.timestamp() < UNTIL:
            at = turn
            if (offset := at.offset.total("seconds")) != theirs[-1][1]:
                theirs.append((at.timestamp(), offset))
        assert list(dial) == theirs, name


# ---- days share out time ---------------------------------------------------------------------------------------------


def test_a_day_starts_at_the_first_instant_the_clock_shows_it_or_a_later_one() -> None:
    for name, dial in dials().items():
        calendar = Calendar(name)
        for turn in turning_points(dial):
            for day in days_around(turn):
                assert calendar.start_of(day) == to_instant(first_second(dial, day)), (name, day)


def test_days_follow_each_other_without_gap_or_overlap() -> None:
    for name, dial in dials().items():
        calendar = Calendar(name)
        for turn in turning_points(dial):
            for day, following in pairwise(days_around(turn)):
                assert calendar.start_of(day) < calendar.end_of(day) == calendar.start_of(following), (name, day)


def test_every_instant_falls_on_the_one_day_that_holds_it_the_latest_the_clock_has_shown() -> None:
    for name, dial in dials().items():
        calendar = Calendar(name)
        for turn in turning_points(dial):
            fell_on = date.min
            for at in probes(dial, turn):
                day = calendar.day_of(at)
                assert day == latest_day(dial, to_seconds(at)), (name, at)
                near = [day + n * ONE_DAY for n in range(-2, 3)]
                assert [d for d in near if calendar.start_of(d) <= at < calendar.end_of(d)] == [day], (name, at)
                assert fell_on <= day, (name, at)
                fell_on = day


def test_the_day_of_an_instant_starts_when_whenever_says() -> None:
    for name, dial in dials().items():
        calendar = Calendar(name)
        for turn in turning_points(dial):
            for at in probes(dial, turn):
                theirs = whenever.Instant(at).to_tz(name).start_of("day").to_instant().to_stdlib()
                assert calendar.start_of(calendar.day_of(at)) == theirs, (name, at)


@given(name=st.sampled_from(NAMES), at=st.integers(to_seconds(datetime(1900, 1, 2, tzinfo=UTC)), 32_503_000_000))
def test_so_it_is_in_any_zone_at_any_instant_of_eleven_centuries(name: str, at: int) -> None:
    """Up to the year 2999, by the rules the database gives for the time to come."""
    calendar, instant = Calendar(name), to_instant(at)
    day = calendar.day_of(instant)
    assert calendar.start_of(day) <= instant < calendar.end_of(day)
    assert calendar.start_of(day) == whenever.Instant(instant).to_tz(name).start_of("day").to_instant().to_stdlib()


# ---- oddities --------------------------------------------------------------------------------------------------------

# Zone, day, its first instant and the first after it: reckoned by hand from the lines of the tz database.
ODD_DAYS = [
    # Samoa (-10, +14 after) went over the date line from the 29th to the 31st: the 30th is empty.
    ("Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00", "2011-12-30T10:00:00"),
    ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00", "2011-12-30T10:00:00"),
    ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00", "2011-12-31T10:00:00"),
    ("Pacific/Fakaofo", "2011-12-30", "2011-12-30T11:00:00", "2011-12-30T11:00:00"),  # -11, +13 after
    ("Pacific/Kiritimati", "1994-12-31", "1994-12-31T10:00:00", "1994-12-31T10:00:00"),  # -10, +14 after
    ("Pacific/Kwajalein", "1993-08-21", "1993-08-21T12:00:00", "1993-08-21T12:00:00"),  # -12, +12 after
    ("Pacific/Guam", "1844-12-31", "1844-12-31T14:21:00", "1844-12-31T14:21:00"),  # -14:21, +9:39 after
    # Alaska went over it the other way, in the afternoon of the 19th back to that of the 18th: +15:02:19, -8:57:41
    # after. What comes twice of the 18th belongs to the 19th, which has begun.
    ("America/Juneau", "1867-10-18", "1867-10-17T08:57:41", "1867-10-18T08:57:41"),
    ("America/Juneau", "1867-10-19", "1867-10-18T08:57:41", "1867-10-20T08:57:41"),
    # The clocks went from 23:30 to 00:30: the day begins half an hour into itself.
    ("America/Toronto", "1919-03-30", "1919-03-30T05:00:00", "1919-03-31T04:30:00"),
    ("America/Toronto", "1919-03-31", "1919-03-31T04:30:00", "1919-04-01T04:00:00"),
    # A quarter of an hour, and 44 minutes and a half, were left out at midnight.
    ("Asia/Kathmandu", "1986-01-01", "1985-12-31T18:30:00", "1986-01-01T18:15:00"),  # +5:30, +5:45 after
    ("Africa/Monrovia", "1972-01-07", "1972-01-07T00:44:30", "1972-01-08T00:00:00"),  # -0:44:30, 0 after
    # From 23:30 straight to midnight (+8:30, +9 after): the evening is short, and midnight is there.
    ("Asia/Pyongyang", "2018-05-04", "2018-05-03T15:30:00", "2018-05-04T15:00:00"),
    ("Asia/Pyongyang", "2018-05-05", "2018-05-04T15:00:00", "2018-05-05T15:00:00"),
    # From midnight back to 23:30 (+9, +8:30 after): the evening is long.
    ("Asia/Pyongyang", "2015-08-14", "2015-08-13T15:00:00", "2015-08-14T15:30:00"),
    # From 02:00 on the 5th back to 23:00 on the 4th (+11, +8 after): the 5th has begun, and has 27 hours.
    ("Antarctica/Casey", "2010-03-04", "2010-03-03T13:00:00", "2010-03-04T13:00:00"),
    ("Antarctica/Casey", "2010-03-05", "2010-03-04T13:00:00", "2010-03-05T16:00:00"),
    # From 02:00 back to midnight (+7, +5 after): the day has two midnights, and begins with the first.
    ("Antarctica/Vostok", "2023-12-18", "2023-12-17T17:00:00", "2023-12-18T19:00:00"),
    # Half an hour of summer, from 02:00 to 02:30 (+10:30, +11 after).
    ("Australia/Lord_Howe", "2026-10-04", "2026-10-03T13:30:00", "2026-10-04T13:00:00"),
]


@pytest.mark.parametrize(("name", "day", "start", "end"), ODD_DAYS)
def test_an_odd_day_starts_and_ends_as_reckoned_by_hand(name: str, day: str, start: str, end: str) -> None:
    calendar, odd = Calendar(name), date.fromisoformat(day)
    assert calendar.start_of(odd) == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert calendar.end_of(odd) == datetime.fromisoformat(end).replace(tzinfo=UTC)
    if start == end:
        with pytest.raises(InvalidTime, match="has no such day"):
            calendar.instant_of(odd)


@pytest.mark.parametrize(("name", "day"), sorted({(name, day) for name, day, _, _ in ODD_DAYS}))
def test_around_an_odd_day_days_share_out_time(name: str, day: str) -> None:
    """Minute by minute over five days."""
    calendar, noon = Calendar(name), (date.fromisoformat(day) - EPOCH.date()).days * DAY + DAY // 2
    dial = dial_of(name, noon - 4 * DAY, noon + 5 * DAY, 3_600)
    for second in range(noon - 2 * DAY, noon + 3 * DAY, 60):
        at = to_instant(second)
        found = calendar.day_of(at)
        assert found == latest_day(dial, second)
        assert calendar.start_of(found) == to_instant(first_second(dial, found)) <= at < calendar.end_of(found)
        assert calendar.start_of(found) == whenever.Instant(at).to_tz(name).start_of("day").to_instant().to_stdlib()
