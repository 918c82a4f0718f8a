"""Civil days, instants and periods."""

from __future__ import annotations

import pickle
import time
import zoneinfo
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pendulum
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lifecycle import days
from lifecycle.days import (
    BEGINNING,
    EARLIEST,
    FOREVER,
    LATEST,
    Calendar,
    Moment,
    Period,
    Unit,
    as_text,
    corresponding_day,
    last_day_of_term,
    plus_days,
    to_day,
    to_instant,
    to_moment,
    to_zone,
    weekday_number,
)
from lifecycle.errors import InvalidTime

LOS_ANGELES = Calendar("America/Los_Angeles")
ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})  # names that say nothing
SECONDS = st.integers(0, int(datetime(2037, 12, 31, tzinfo=UTC).timestamp()))
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


def at(text: str) -> datetime:
    """An instant read by the standard library alone."""
    return datetime.fromisoformat(text).astimezone(UTC)


# ---- days from text -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "day"), [
    ("2026-02-18", date(2026, 2, 18)), ("2028-02-29", date(2028, 2, 29)), ("2000-02-29", date(2000, 2, 29)),
    ("1900-01-01", date(1900, 1, 1)), ("2999-12-31", date(2999, 12, 31)),
])  # fmt: skip
def test_a_day_is_read_from_rfc_3339_full_date(text: str, day: date) -> None:
    assert to_day(text) == day
    assert to_moment(text) == day
    assert as_text(day) == text


NOT_DAYS: list[Any] = [
    "", "now", "today", "12:00", "2024", "2024-06", "P1M", "20260218", "2026-2-18", "2026-W08-3", "2026-049",
    "18.02.2026", "02/18/2026", "+2026-02-18", "-2026-02-18", " 2026-02-18", "2026-02-18 ", "2026-02-18\n",
    "2026-02-18T00:00:00Z", "２０２６-０２-１８", "٢٠٢٦-٠٢-١٨", "2026‐02‐18",
    "2026-02-29", "1900-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00", "0000-01-01",
    None, True, 20260218, 2026.5, b"2026-02-18", ["2026-02-18"], datetime(2026, 2, 18),  # noqa: DTZ001 - refused is the claim
]  # fmt: skip


def spelled(value: object) -> str:
    """A name for a case in which no backslash can be escaped once more: a test is found again by it."""
    return ascii(value).replace("\\", "")[:60]


@pytest.mark.parametrize("value", NOT_DAYS, ids=spelled)
def test_a_day_that_must_be_guessed_is_refused(value: Any) -> None:
    with pytest.raises(InvalidTime):
        to_day(value)


@pytest.mark.parametrize("day", [EARLIEST, date(2026, 2, 18), LATEST])
def test_the_forms_that_are_written_here_are_read_without_a_pattern(day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    """A history is full of them."""
    monkeypatch.setattr(days, "_DAY", None)
    monkeypatch.setattr(days, "_INSTANT", None)
    instant = datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC)
    assert to_day(as_text(day)) == to_moment(as_text(day)) == to_day(day) == day
    assert to_instant(as_text(instant)) == to_moment(as_text(instant)) == to_instant(instant) == instant


@pytest.mark.parametrize("text", ["0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"])
def test_a_day_given_outside_1900_to_2999_is_refused(text: str) -> None:
    for value in (text, date.fromisoformat(text)):
        with pytest.raises(InvalidTime, match="days from 1900-01-01 to 2999-12-31 are understood"):
            to_day(value)


def test_a_day_given_as_a_pendulum_date_becomes_a_plain_date() -> None:
    day = to_day(pendulum.date(2026, 2, 18))
    assert day == date(2026, 2, 18)
    assert type(day) is date


# ---- instants from text ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "instant"), [
    ("2026-02-18T17:00:00Z", "2026-02-18T17:00:00+00:00"),
    ("2026-02-18T17:00Z", "2026-02-18T17:00:00+00:00"),
    ("2026-02-18T17:00:00.25Z", "2026-02-18T17:00:00.250000+00:00"),
    ("2026-02-18T17:00:00.123456Z", "2026-02-18T17:00:00.123456+00:00"),
    ("2026-02-18T09:00:00-08:00", "2026-02-18T17:00:00+00:00"),
    ("2026-02-18T17:00:00-00:00", "2026-02-18T17:00:00+00:00"),
    ("2026-02-18T22:45:00+05:45", "2026-02-18T17:00:00+00:00"),
    ("2026-02-19T16:59:00+23:59", "2026-02-18T17:00:00+00:00"),
    ("2026-02-18T09:00[America/Los_Angeles]", "2026-02-18T17:00:00+00:00"),
    ("2026-02-18T09:00-08:00[America/Los_Angeles]", "2026-02-18T17:00:00+00:00"),
    ("2026-07-18T10:00-07:00[America/Los_Angeles]", "2026-07-18T17:00:00+00:00"),
    ("2026-02-18T17:00[UTC]", "2026-02-18T17:00:00+00:00"),
    # Z and -00:00 say nothing about the local offset (RFC 9557): they go with every zone.
    ("2026-02-18T17:00-00:00[America/Los_Angeles]", "2026-02-18T17:00:00+00:00"),
    ("2026-02-18T17:00Z[America/Los_Angeles]", "2026-02-18T17:00:00+00:00"),
    ("2026-11-01T08:30Z[America/Los_Angeles]", "2026-11-01T08:30:00+00:00"),
    ("2026-03-08T10:30:00Z[Pacific/Apia]", "2026-03-08T10:30:00+00:00"),
    # The first and the last instant that can be given.
    ("1900-01-01T00:00Z", "1900-01-01T00:00:00+00:00"),
    ("2999-12-31T23:59:59.999999Z", "2999-12-31T23:59:59.999999+00:00"),
    # The hour that Los Angeles has twice: the offset settles which.
    ("2026-11-01T01:30-07:00[America/Los_Angeles]", "2026-11-01T08:30:00+00:00"),
    ("2026-11-01T01:30-08:00[America/Los_Angeles]", "2026-11-01T09:30:00+00:00"),
    # The last second before, and the first after, the hour it skips.
    ("2026-03-08T01:59:59[America/Los_Angeles]", "2026-03-08T09:59:59+00:00"),
    ("2026-03-08T03:00[America/Los_Angeles]", "2026-03-08T10:00:00+00:00"),
    ("2026-11-01T00:59:59[America/Los_Angeles]", "2026-11-01T07:59:59+00:00"),
    ("2026-11-01T02:00[America/Los_Angeles]", "2026-11-01T10:00:00+00:00"),
])  # fmt: skip
def test_an_instant_is_read_with_its_offset_or_its_zone(text: str, instant: str) -> None:
    assert to_instant(text) == datetime.fromisoformat(instant)
    assert to_instant(text).tzinfo is UTC
    assert to_moment(text) == to_instant(text)


NOT_INSTANTS: list[Any] = [
    "", "now", "12:00", "2024", "P1M", "2026-02-18",
    None, True, 0, 1.5, 1_771_000_000, b"2026-02-18T09:00Z", date(2026, 2, 18), [],
    # no zone, or another notation
    "2026-02-18T09:00", "2026-02-18T09:00:00", "2026-02-18T09:00:00 PST", "2026-02-18 09:00:00Z",
    "2026-02-18t09:00:00Z", "2026-02-18T09:00:00z", "2026-02-18T09Z", "20260218T090000Z", "2026-02-18T09:00:00,5Z",
    "2026-02-18T09:00:00.1234567Z", "2026-02-18T09:00:00.Z", "2026-02-18T09:00Z\n", " 2026-02-18T09:00Z",
    "２０２６-02-18T09:00Z", "2026-02-18T０９:00Z",
    "2026-02-18T09:00-0800", "2026-02-18T09:00-08", "2026-02-18T09:00+24:00", "2026-02-18T09:00-24:00",
    "2026-02-18T09:00+08:60", "2026-02-18T09:00+08:00:00", "2026-02-18T09:00−08:00",
    # no such time
    "2026-02-18T23:59:60Z", "2026-02-18T24:00:00Z", "2026-02-18T25:00Z", "2026-02-18T09:60Z", "2026-02-29T09:00Z",
    "0000-01-01T00:00Z", "0001-01-01T00:00Z", "0001-01-01T00:00+14:00", "1899-12-31T23:59:59Z", "3000-01-01T00:00Z",
    "2999-12-31T23:00-08:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-08:00",
    # no such zone
    "2026-02-18T09:00[]", "2026-02-18T09:00[PST]", "2026-02-18T09:00[america/los_angeles]",
    "2026-02-18T09:00[!America/Los_Angeles]", "2026-02-18T09:00[America/Los_Angeles][u-ca=gregory]",
    "2026-02-18T09:00[-08:00]", "2026-02-18T09:00[localtime]", "2026-02-18T09:00[Factory]",
    "2026-02-18T09:00[../../etc/passwd]", "2026-02-18T09:00[/etc/localtime]", "2026-02-18T09:00[America/../UTC]",
    "2026-02-18T09:00[America]", "2026-02-18T09:00[\x00]", "2026-02-18T09:00[" + "A" * 100_000 + "]",
    "2026-02-18T17:00+00:00[Nowhere/Land]", "2026-02-18T17:00Z[Nowhere/Land]", "2026-02-18T17:00Z[]",
    # an offset that the zone does not have then
    "2026-02-18T09:00-07:00[America/Los_Angeles]", "2026-07-18T09:00-08:00[America/Los_Angeles]",
    "2026-02-18T09:00+00:00[America/Los_Angeles]", "2026-11-01T01:30-09:00[America/Los_Angeles]",
    # a local time that the zone skips (the clocks go from 02:00 to 03:00), or has twice (from 02:00 back to 01:00)
    "2026-03-08T02:00[America/Los_Angeles]", "2026-03-08T02:30[America/Los_Angeles]",
    "2026-03-08T02:59:59.999999[America/Los_Angeles]", "2026-03-08T02:30-08:00[America/Los_Angeles]",
    "2026-03-08T02:30-07:00[America/Los_Angeles]", "2011-12-30T12:00[Pacific/Apia]",
    "2026-11-01T01:00[America/Los_Angeles]", "2026-11-01T01:30[America/Los_Angeles]",
    "2026-11-01T01:59:59[America/Los_Angeles]",
]  # fmt: skip


def told(read: Callable[[str], Any], text: str) -> Any:
    """What a text is read as; that it is refused is an answer too."""
    try:
        return read(text)
    except InvalidTime:
        return "refused"


@pytest.mark.parametrize("mark", list("0123789-:TtZzW+., \u0662\uff12"))
def test_an_instant_with_z_is_read_or_refused_like_the_same_with_its_offset(mark: str) -> None:
    """The one is read a shorter way: it must take the same notations, and no other that the standard library knows."""
    right = "2026-02-18T09:00:00Z"
    for place in range(len(right)):
        for end in {place + 1, place + 2, place + 4}:
            text = right[:place] + mark * (end - place) + right[end:]
            assert told(to_instant, text) == told(to_instant, text.removesuffix("Z") + "+00:00" * text.endswith("Z"))
            assert told(to_moment, text[:10]) == told(lambda day: to_instant(day).date(), f"{text[:10]}T00:00:00+00:00")


@pytest.mark.parametrize("value", NOT_INSTANTS, ids=spelled)
def test_an_instant_that_must_be_guessed_is_refused(value: Any) -> None:
    with pytest.raises(InvalidTime):
        to_instant(value)


@pytest.mark.parametrize("value", [None, True, 0, 1.5, "now", "12:00", "2026-02-18T09:00", datetime(2026, 2, 18)])  # noqa: DTZ001 - refused is the claim
def test_a_moment_is_a_day_or_an_instant_and_nothing_else(value: Any) -> None:
    with pytest.raises(InvalidTime):
        to_moment(value)


LA = "America/Los_Angeles"
AN_INSTANT = "YYYY-MM-DDThh:mm:ss with an offset (Z, -08:00) or a [Zone/Name]"
REFUSALS: list[tuple[Callable[[], object], str]] = [
    (lambda: Period(30, "weeks"), "'weeks': not a unit: days, business days, months, years, hours"),  # type: ignore[arg-type]
    (lambda: Period(101, "years"), "101: a period counts whole years, from 0 to 100 (a century)"),
    (lambda: to_day("1899-12-31"), "1899-12-31: days from 1900-01-01 to 2999-12-31 are understood"),
    (lambda: to_day("18.02.2026"), "'18.02.2026': not a day: say YYYY-MM-DD"),
    (lambda: to_day("2026-02-29"), "2026-02-29: there is no such day in the calendar"),
    (lambda: to_day(at("2026-02-18T09:00+00:00")),
     "2026-02-18 09:00:00+00:00: an instant where a day is wanted: say YYYY-MM-DD"),
    (lambda: to_instant("now"), f"'now': not an instant: say {AN_INSTANT}"),
    (lambda: to_moment("now"),
     f"'now': neither a day nor an instant: say a day, YYYY-MM-DD, or an instant, {AN_INSTANT}"),
    (lambda: to_moment("2026-02-18T25:00Z"), "2026-02-18T25:00Z: there is no such day, time or offset"),
    (lambda: to_instant("2026-02-18T25:00Z"), "2026-02-18T25:00Z: there is no such day, time or offset"),
    (lambda: to_instant("2026-02-18T09:00"),
     "2026-02-18T09:00: a time without a zone: add an offset (Z, -08:00) or a [Zone/Name]"),
    (lambda: to_instant("2026-02-18T09:00-07:00[America/Los_Angeles]"),
     "2026-02-18T09:00-07:00[America/Los_Angeles]: -07:00 is not the offset of America/Los_Angeles at that time"),
    (lambda: to_instant("2026-03-08T02:30[America/Los_Angeles]"),
     "2026-03-08T02:30[America/Los_Angeles]: America/Los_Angeles skips that local time"),
    (lambda: to_instant("2026-11-01T01:30[America/Los_Angeles]"),
     "2026-11-01T01:30[America/Los_Angeles]: America/Los_Angeles has that local time twice: add the offset"),
    (lambda: to_instant("2026-02-18T09:00[PST]"), "'PST': not a zone of the tz database: say for instance " + LA),
    (lambda: to_instant(datetime(2026, 2, 18, 9)), "2026-02-18T09:00:00: a time without a zone: give it a tzinfo"),  # noqa: DTZ001 - refused is the claim
    (lambda: to_instant(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))),
     "0001-01-01T00:00:00+14:00: out of range"),
    (lambda: to_instant(datetime(2026, 3, 8, 2, 30, tzinfo=zoneinfo.ZoneInfo(LA))),
     "2026-03-08T02:30:00-08:00: America/Los_Angeles skips that local time"),
    (lambda: corresponding_day(date(2026, 1, 31), 1),
     "2026-01-31 and 1 months: that month has no such day, and no rounding is named"),
    (lambda: corresponding_day(date(2026, 1, 31), -4_000),
     "2026-01-31 and -4000 months: days are counted from 1700-01-01 to 8000-12-31"),
    (lambda: plus_days(date(2026, 1, 31), 10**7),
     "2026-01-31 and 10000000 days: days are counted from 1700-01-01 to 8000-12-31"),
    (lambda: last_day_of_term(date(2026, 1, 1), Period(0), 1), "0 days: a term lasts at least one day, month or year"),
    (lambda: LOS_ANGELES.day_of(FOREVER), "9999-12-31T00:00:00Z: days are counted from 1700-01-01 to 8000-12-31"),
    (lambda: Calendar("Pacific/Apia").instant_of(date(2011, 12, 30)), "2011-12-30: Pacific/Apia has no such day"),
    (lambda: LOS_ANGELES.moved(date(2026, 1, 1), Period(5, "hours")),
     "5 hours: hours are counted from an instant, not from a day"),
    (lambda: LOS_ANGELES.before(date(2026, 1, 1), Period(5, "hours")),
     "5 hours: hours are counted from an instant, not from a day"),
    (lambda: weekday_number("Sunday"),
     "Sunday: not a weekday: monday, tuesday, wednesday, thursday, friday, saturday, sunday"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "text"), REFUSALS, ids=[text.split(": ")[-1] for _, text in REFUSALS])
def test_a_refusal_says_what_was_given_and_what_to_write_instead(asked: Callable[[], object], text: str) -> None:
    with pytest.raises(InvalidTime) as refused:
        asked()
    assert str(refused.value) == text


# ---- instants from datetimes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 2, 18, 17, tzinfo=UTC),
        datetime(2026, 2, 18, 9, tzinfo=timezone(timedelta(hours=-8))),
        datetime(2026, 2, 18, 9, tzinfo=zoneinfo.ZoneInfo("America/Los_Angeles")),
        pendulum.datetime(2026, 2, 18, 9, tz="America/Los_Angeles"),
        pendulum.datetime(2026, 2, 18, 17, tz="UTC"),
        pendulum.DateTime(2026, 2, 18, 17, tzinfo=UTC),
        pendulum.datetime(2026, 2, 18, 9, tz=pendulum.timezone("America/Los_Angeles")),
        pendulum.parse("2026-02-18T09:00:00-08:00"),
    ],
    ids=[
        "utc",
        "offset",
        "zoneinfo",
        "pendulum",
        "pendulum-utc",
        "pendulum-in-utc",
        "pendulum-zone",
        "pendulum-parsed",
    ],
)
def test_any_aware_datetime_becomes_a_plain_datetime_in_utc(value: Any) -> None:
    instant = to_instant(value)
    assert type(to_moment(value)) is datetime
    assert to_moment(value) == instant
    assert instant == datetime(2026, 2, 18, 17, tzinfo=UTC)
    assert type(instant) is datetime
    assert instant.tzinfo is UTC


@pytest.fixture
def in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose own clock is that of Tokyo."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("in_tokyo")
def test_the_zone_of_the_machine_means_nothing() -> None:
    nine = datetime(2026, 2, 18, 9, tzinfo=timezone(timedelta(hours=-8)))
    assert to_instant(nine) == to_instant("2026-02-18T09:00-08:00") == datetime(2026, 2, 18, 17, tzinfo=UTC)
    assert as_text(LOS_ANGELES.start_of(date(2031, 7, 9))) == "2031-07-09T07:00:00Z"


def test_a_day_begins_where_the_clocks_jumped_over_its_midnight() -> None:
    """Toronto went from 23:30 on 30 March 1919, five hours behind UTC, to 00:30 on the 31st."""
    toronto = Calendar("America/Toronto")
    assert toronto.start_of(date(1919, 3, 31)) == at("1919-03-31T04:30+00:00")
    assert toronto.start_of(date(1919, 3, 31)) is toronto.start_of(date(1919, 3, 31))


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(InvalidTime, match="without a zone"):
        to_instant(datetime(2026, 2, 18, 9))  # noqa: DTZ001 - refused is the claim


def test_fold_settles_the_hour_that_a_zone_has_twice() -> None:
    zone = zoneinfo.ZoneInfo("America/Los_Angeles")
    assert to_instant(datetime(2026, 11, 1, 1, 30, tzinfo=zone)) == at("2026-11-01T08:30+00:00")
    assert to_instant(datetime(2026, 11, 1, 1, 30, tzinfo=zone, fold=1)) == at("2026-11-01T09:30+00:00")


@pytest.mark.parametrize("fold", [0, 1])
def test_a_datetime_that_its_zone_skips_is_refused(fold: int) -> None:
    with pytest.raises(InvalidTime, match="skips"):
        to_instant(datetime(2026, 3, 8, 2, 30, tzinfo=zoneinfo.ZoneInfo("America/Los_Angeles"), fold=fold))


@pytest.mark.parametrize("value", [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
    datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-8))),
    datetime(9999, 12, 31, 23, tzinfo=zoneinfo.ZoneInfo("America/Los_Angeles")),
    datetime.max.replace(tzinfo=UTC),
    datetime(1899, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(3000, 1, 1, tzinfo=UTC),
    datetime(2999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-8))),
])  # fmt: skip
def test_a_datetime_out_of_range_is_refused(value: datetime) -> None:
    with pytest.raises(InvalidTime):
        to_instant(value)


@settings(max_examples=150, deadline=None)
@given(zone=st.sampled_from(ZONES), seconds=SECONDS)
def test_the_same_instant_is_read_from_every_notation_of_it(zone: str, seconds: int) -> None:
    instant = datetime.fromtimestamp(seconds, UTC)
    local = instant.astimezone(zoneinfo.ZoneInfo(zone))
    assert to_instant(local) == instant
    assert to_instant(as_text(instant)) == instant
    offset = local.utcoffset()
    assert offset is not None
    if offset % timedelta(minutes=1):
        return  # RFC 3339 has no offsets in seconds
    assert to_instant(local.isoformat()) == instant
    assert to_instant(f"{local.isoformat()}[{zone}]") == instant
    assert to_instant(f"{as_text(instant)}[{zone}]") == instant
    without_offset = f"{local.replace(tzinfo=None).isoformat()}[{zone}]"
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        assert to_instant(without_offset) == instant
    else:
        with pytest.raises(InvalidTime, match="twice"):
            to_instant(without_offset)


@pytest.mark.parametrize(("moment", "text"), [
    (date(2026, 2, 18), "2026-02-18"),
    (datetime(2026, 2, 18, 17, tzinfo=UTC), "2026-02-18T17:00:00Z"),
    (datetime(2026, 2, 18, 17, 0, 0, 5, tzinfo=UTC), "2026-02-18T17:00:00.000005Z"),
])  # fmt: skip
def test_a_moment_has_one_text_form_that_is_read_back(moment: Moment, text: str) -> None:
    assert as_text(moment) == text
    assert to_moment(text) == moment


# ---- zones ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["UTC", "America/Los_Angeles", "Asia/Kathmandu", "EST5EDT", "Etc/GMT+8"])
def test_a_zone_is_a_name_of_the_tz_database(name: str) -> None:
    assert Calendar(name).zone_name == name


NOT_ZONES = [
    "", "localtime", "Factory", "PST", "-08:00", "../../etc/passwd", "/etc/localtime", "America", "america/los_angeles",
    "UTC ", "posixrules", "tzdata.zi", "leapseconds", "right/UTC", "America/Los_Angeles\x00",
]  # fmt: skip


@pytest.mark.parametrize("name", NOT_ZONES)
def test_other_names_of_zones_are_refused(name: str) -> None:
    with pytest.raises(InvalidTime, match="not a zone"):
        to_zone(name)
    with pytest.raises(InvalidTime, match="not a zone"):
        Calendar(name)


# ---- periods --------------------------------------------------------------------------------------------------------


CENTURY: list[tuple[Unit, int]] = [
    ("days", 36_525),  # 100 x 365 days and 25 leap days, however the century falls
    ("business days", 36_525),
    ("months", 1_200),
    ("years", 100),
    ("hours", 876_600),  # 36,525 x 24
]


@pytest.mark.parametrize(("unit", "most"), CENTURY)
def test_a_period_lasts_a_century_at_most(unit: Unit, most: int) -> None:
    assert Period(most, unit).n == most
    assert Period(0, unit).n == 0
    for n in (most + 1, 10**30, -1):
        with pytest.raises(InvalidTime, match=rf"a period counts whole {unit}, from 0 to {most} \(a century\)$"):
            Period(n, unit)


@pytest.mark.parametrize("n", [True, False, 1.0, 30.5, "30", None, float("nan"), [30]], ids=repr)
def test_a_period_counts_whole_units(n: Any) -> None:
    with pytest.raises(InvalidTime, match=r"a period counts whole days, from 0 to 36525 \(a century\)$"):
        Period(n)


@pytest.mark.parametrize("unit", ["weeks", "day", "Days", "", "business  days", None, 1])
def test_a_period_is_of_a_known_unit(unit: Any) -> None:
    with pytest.raises(InvalidTime, match="not a unit: days, business days, months, years, hours"):
        Period(3, unit)


@pytest.mark.parametrize(("period", "text", "months"), [
    (Period(30), "30 days", None),
    (Period(1), "1 day", None),
    (Period(0), "0 days", None),
    (Period(1, "business days"), "1 business day", None),
    (Period(3, "months"), "3 months", 3),
    (Period(2, "years"), "2 years", 24),
    (Period(1, "hours"), "1 hour", None),
])  # fmt: skip
def test_a_period_says_its_number_and_unit_and_knows_its_months(period: Period, text: str, months: int | None) -> None:
    assert str(period) == text
    assert period.months == months


BEYOND = "days are counted from 1700-01-01 to 8000-12-31"

# ---- civil days partition time --------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(zone=st.sampled_from(ZONES), seconds=SECONDS, later=st.integers(0, 200_000))
@example(zone="Pacific/Apia", seconds=int(at("2011-12-30T10:00+00:00").timestamp()), later=1)
@example(zone="America/St_Johns", seconds=int(at("2010-11-07T02:45+00:00").timestamp()), later=1)
def test_every_instant_falls_on_exactly_one_day_and_days_never_run_backwards(
    zone: str, seconds: int, later: int
) -> None:
    calendar, instant = Calendar(zone), datetime.fromtimestamp(seconds, UTC)
    day = calendar.day_of(instant)
    assert calendar.start_of(day) <= instant < calendar.end_of(day)
    assert day <= calendar.day_of(instant + timedelta(seconds=later))


@settings(max_examples=200, deadline=None)
@given(zone=st.sampled_from(ZONES), day=st.dates(date(1970, 1, 2), date(2037, 12, 30)))
def test_days_follow_each_other_without_gap_or_overlap(zone: str, day: date) -> None:
    calendar = Calendar(zone)
    assert calendar.end_of(day) == calendar.start_of(day + timedelta(days=1))
    assert timedelta(0) <= calendar.end_of(day) - calendar.start_of(day) <= timedelta(hours=48)


UNUSUAL_DAYS = [
    # zone, day, its first instant, the first instant after it
    ("America/Los_Angeles", "2026-02-18", "2026-02-18T08:00+00:00", "2026-02-19T08:00+00:00"),
    ("America/Los_Angeles", "2026-03-08", "2026-03-08T08:00+00:00", "2026-03-09T07:00+00:00"),
    ("America/Los_Angeles", "2026-11-01", "2026-11-01T07:00+00:00", "2026-11-02T08:00+00:00"),
    # Midnight is skipped: the clocks go from 00:00 to 01:00.
    ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00+00:00", "2018-11-05T02:00+00:00"),
    ("Asia/Beirut", "2026-03-29", "2026-03-28T22:00+00:00", "2026-03-29T21:00+00:00"),
    ("Africa/Cairo", "2023-04-28", "2023-04-27T22:00+00:00", "2023-04-28T21:00+00:00"),
    ("America/Santiago", "2024-09-08", "2024-09-08T04:00+00:00", "2024-09-09T03:00+00:00"),
    ("America/Havana", "2026-03-08", "2026-03-08T05:00+00:00", "2026-03-09T04:00+00:00"),
    ("Asia/Tehran", "2022-03-22", "2022-03-21T20:30+00:00", "2022-03-22T19:30+00:00"),
    ("Asia/Amman", "2022-02-25", "2022-02-24T22:00+00:00", "2022-02-25T21:00+00:00"),
    ("America/Goose_Bay", "2010-03-14", "2010-03-14T04:00+00:00", "2010-03-15T03:00+00:00"),
    # The clocks go back to the day before at midnight: that day has 25 hours.
    ("America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00+00:00", "2018-02-18T03:00+00:00"),
    ("Asia/Beirut", "2026-10-24", "2026-10-23T21:00+00:00", "2026-10-24T22:00+00:00"),
    ("Africa/Cairo", "2023-10-26", "2023-10-25T21:00+00:00", "2023-10-26T22:00+00:00"),
    # They go back over midnight, at 00:01: the new day has begun, and keeps the repeated hour.
    ("America/St_Johns", "2010-11-06", "2010-11-06T02:30+00:00", "2010-11-07T02:30+00:00"),
    ("America/St_Johns", "2010-11-07", "2010-11-07T02:30+00:00", "2010-11-08T03:30+00:00"),
    ("America/Goose_Bay", "2010-11-07", "2010-11-07T03:00+00:00", "2010-11-08T04:00+00:00"),
    # They go back from 01:00 to 00:00: the day begins at the first of its two midnights.
    ("America/Havana", "2026-11-01", "2026-11-01T04:00+00:00", "2026-11-02T05:00+00:00"),
    # Whole days skipped on the way over the date line: empty.
    ("Pacific/Apia", "2011-12-29", "2011-12-29T10:00+00:00", "2011-12-30T10:00+00:00"),
    ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00+00:00", "2011-12-30T10:00+00:00"),
    ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00+00:00", "2011-12-31T10:00+00:00"),
    ("Pacific/Kiritimati", "1994-12-31", "1994-12-31T10:00+00:00", "1994-12-31T10:00+00:00"),
    ("Pacific/Kwajalein", "1993-08-21", "1993-08-21T12:00+00:00", "1993-08-21T12:00+00:00"),
]


@pytest.mark.parametrize(("zone", "day", "start", "end"), UNUSUAL_DAYS)
def test_a_day_begins_at_its_first_instant_in_the_zone(zone: str, day: str, start: str, end: str) -> None:
    calendar = Calendar(zone)
    assert calendar.start_of(to_day(day)) == at(start)
    assert calendar.end_of(to_day(day)) == at(end)


@pytest.mark.parametrize(("zone", "day"), [(zone, day) for zone, day, _, _ in UNUSUAL_DAYS])
def test_the_day_of_an_instant_is_the_latest_date_the_zone_has_shown(zone: str, day: str) -> None:
    calendar, zoned = Calendar(zone), zoneinfo.ZoneInfo(zone)
    instant = datetime.fromisoformat(f"{day}T00:00+00:00") - timedelta(hours=30)
    latest = date.min
    for _ in range(60 * 60):
        latest = max(latest, instant.astimezone(zoned).date())
        assert calendar.day_of(instant) == latest, instant
        instant += timedelta(minutes=1)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Pacific/Apia", "2011-12-30"), ("Pacific/Kiritimati", "1994-12-31"), ("Pacific/Kwajalein", "1993-08-21")],
)
def test_nothing_happened_on_a_day_that_the_zone_skips(zone: str, day: str) -> None:
    with pytest.raises(InvalidTime, match="no such day"):
        Calendar(zone).instant_of(to_day(day))


def test_what_is_known_only_by_its_day_happened_at_the_first_instant_of_the_day() -> None:
    assert LOS_ANGELES.instant_of(date(2026, 2, 18)) == at("2026-02-18T08:00+00:00")
    assert Calendar("America/Sao_Paulo").instant_of(date(2018, 11, 4)) == at("2018-11-04T03:00+00:00")
    instant = at("2026-02-18T17:00+00:00")
    assert LOS_ANGELES.instant_of(instant) == instant


def test_thirty_civil_days_across_the_change_of_clocks_are_719_hours() -> None:
    day = LOS_ANGELES.moved(date(2026, 2, 18), Period(30))
    assert day == date(2026, 3, 20)
    assert LOS_ANGELES.start_of(day) - LOS_ANGELES.start_of(date(2026, 2, 18)) == timedelta(hours=719)


@pytest.mark.parametrize("day", [EARLIEST, LATEST])
def test_the_first_and_the_last_day_understood_are_days_like_others(day: date) -> None:
    utc = Calendar("UTC")
    noon = to_instant(f"{day}T12:00Z")
    assert utc.day_of(noon) == day
    assert utc.start_of(day) <= noon < utc.end_of(day)
    assert utc.instant_of(day) == utc.start_of(day)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "UTC", "Asia/Tokyo"])
@pytest.mark.parametrize("instant", [BEGINNING, FOREVER])
def test_the_ends_of_unbounded_windows_fall_on_no_day(zone: str, instant: datetime) -> None:
    with pytest.raises(InvalidTime, match=BEYOND):
        Calendar(zone).day_of(instant)


def test_a_calendar_and_what_it_has_learned_do_not_change_its_identity() -> None:
    fresh, used = Calendar("Asia/Beirut"), Calendar("Asia/Beirut")
    used.start_of(date(2026, 3, 29))
    assert fresh == used
    assert hash(fresh) == hash(used)
    assert pickle.loads(pickle.dumps(used)) == fresh


# ---- months ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("anchor", "months", "down", "up"), [
    ("2027-01-31", 1, "2027-02-28", "2027-03-01"),
    ("2028-01-31", 1, "2028-02-29", "2028-03-01"),
    ("2028-01-30", 1, "2028-02-29", "2028-03-01"),
    ("2027-01-29", 1, "2027-02-28", "2027-03-01"),
    ("2027-03-31", 1, "2027-04-30", "2027-05-01"),
    ("2027-03-31", -1, "2027-02-28", "2027-03-01"),
    ("2028-02-29", 12, "2029-02-28", "2029-03-01"),
    ("2028-02-29", -12, "2027-02-28", "2027-03-01"),
])  # fmt: skip
def test_a_month_without_the_day_is_refused_unless_a_rounding_is_named(
    anchor: str, months: int, down: str, up: str
) -> None:
    assert corresponding_day(to_day(anchor), months, "down") == to_day(down)
    assert corresponding_day(to_day(anchor), months, "up") == to_day(up)
    with pytest.raises(InvalidTime, match="no rounding is named"):
        corresponding_day(to_day(anchor), months)


@pytest.mark.parametrize(("anchor", "months", "day"), [
    ("2026-02-18", 1, "2026-03-18"), ("2026-02-18", 0, "2026-02-18"), ("2026-02-18", -2, "2025-12-18"),
    ("2027-01-31", 2, "2027-03-31"), ("2026-12-31", 12, "2027-12-31"), ("2028-02-29", 48, "2032-02-29"),
])  # fmt: skip
@pytest.mark.parametrize("rounding", [None, "down", "up"])
def test_a_month_that_has_the_day_needs_no_rounding(anchor: str, months: int, day: str, rounding: Any) -> None:
    assert corresponding_day(to_day(anchor), months, rounding) == to_day(day)


@settings(max_examples=200, deadline=None)
@given(anchor=DAYS, months=st.integers(-360, 360))
def test_months_are_counted_as_dateutil_counts_them(anchor: date, months: int) -> None:
    theirs = anchor + relativedelta(months=months)
    assert corresponding_day(anchor, months, "down") == theirs
    exists = theirs.day == anchor.day
    assert corresponding_day(anchor, months, "up") == (theirs if exists else theirs + timedelta(days=1))


# ---- terms ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("anchor", "length", "lasts"), [
    ("2027-01-31", Period(1, "months"), ["2027-02-28", "2027-03-30", "2027-04-30", "2027-05-30", "2027-06-30"]),
    ("2027-01-30", Period(1, "months"), ["2027-02-28", "2027-03-29", "2027-04-29"]),
    ("2027-01-01", Period(1, "months"), ["2027-01-31", "2027-02-28", "2027-03-31"]),
    ("2028-02-29", Period(1, "years"), ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-28", "2033-02-28"]),
    ("2028-02-29", Period(12, "months"), ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-28"]),
    ("2027-08-31", Period(6, "months"), ["2028-02-29", "2028-08-30", "2029-02-28"]),
    ("2026-01-05", Period(12, "months"), ["2027-01-04", "2028-01-04"]),
    ("2026-01-01", Period(1, "years"), ["2026-12-31", "2027-12-31"]),
    ("2026-01-05", Period(1), ["2026-01-05", "2026-01-06"]),
    ("2026-01-05", Period(30), ["2026-02-03", "2026-03-05"]),
])  # fmt: skip
def test_a_term_ends_before_the_corresponding_day_counted_from_the_first(
    anchor: str, length: Period, lasts: list[str]
) -> None:
    assert [str(last_day_of_term(to_day(anchor), length, k)) for k in range(1, len(lasts) + 1)] == lasts


@pytest.mark.parametrize("months", [1, 2, 3, 6, 12, 24])
def test_terms_follow_each_other_without_gap_or_overlap_from_every_day_of_four_years(months: int) -> None:
    anchor = date(2027, 1, 1)
    while anchor < date(2031, 1, 1):
        last = anchor - timedelta(days=1)
        for number in range(1, 14):
            first, last = last + timedelta(days=1), last_day_of_term(anchor, Period(months, "months"), number)
            theirs = anchor + relativedelta(months=months * number)
            following = theirs if theirs.day == anchor.day else theirs + timedelta(days=1)
            assert first < last, (anchor, number)
            assert last + timedelta(days=1) == following, (anchor, number)
        anchor += timedelta(days=1)


@pytest.mark.parametrize("length", [Period(0), Period(0, "months"), Period(24, "hours"), Period(20, "business days")])
def test_a_term_lasts_at_least_one_day_month_or_year(length: Period) -> None:
    with pytest.raises(InvalidTime, match="a term lasts"):
        last_day_of_term(date(2026, 1, 5), length, 1)


@pytest.mark.parametrize("length", [Period(1), Period(1, "months"), Period(1, "years")])
@pytest.mark.parametrize("number", [0, -1, -12])
def test_terms_are_numbered_from_one(length: Period, number: int) -> None:
    with pytest.raises(InvalidTime):
        last_day_of_term(date(2026, 1, 5), length, number)


# ---- counting -------------------------------------------------------------------------------------------------------

FIRST_DAY_COUNTS = Calendar("America/Los_Angeles", first_day_counts=True)
# Independence Day 2026 is a Saturday, observed on Friday 3 July.
OFFICE = Calendar("America/Los_Angeles", holidays=frozenset({date(2026, 7, 3)}), rolls=True)


@pytest.mark.parametrize(("anchor", "period", "excluded", "included"), [
    ("2026-02-18", Period(30), "2026-03-20", "2026-03-19"),
    ("2028-02-01", Period(30), "2028-03-02", "2028-03-01"),  # a leap year: 29 February is day 28, 2 March day 30
    ("2026-04-06", Period(30), "2026-05-06", "2026-05-05"),
    ("2026-01-15", Period(60), "2026-03-16", "2026-03-15"),
    ("2026-02-18", Period(1), "2026-02-19", "2026-02-18"),
    ("2026-02-18", Period(1, "months"), "2026-03-18", "2026-03-17"),
    ("2026-02-18", Period(1, "years"), "2027-02-18", "2027-02-17"),
    ("2026-02-18", Period(5, "business days"), "2026-02-25", "2026-02-24"),
])  # fmt: skip
def test_the_first_day_is_not_counted_unless_the_terms_say_so(
    anchor: str, period: Period, excluded: str, included: str
) -> None:
    assert LOS_ANGELES.moved(to_day(anchor), period) == to_day(excluded)
    assert FIRST_DAY_COUNTS.moved(to_day(anchor), period) == to_day(included)


@pytest.mark.parametrize(("n", "day"), [(1, "2026-03-02"), (2, "2026-03-03"), (5, "2026-03-06"), (6, "2026-03-09")])
def test_a_first_day_that_is_no_business_day_is_not_one_of_the_business_days(n: int, day: str) -> None:
    sunday = date(2026, 3, 1)
    assert FIRST_DAY_COUNTS.moved(sunday, Period(n, "business days")) == to_day(day)


@pytest.mark.parametrize(("anchor", "period", "day"), [
    ("2026-12-31", Period(30), "2026-12-01"),
    ("2026-03-31", Period(30), "2026-03-01"),
    ("2026-12-31", Period(0), "2026-12-31"),
    ("2026-12-31", Period(3, "months"), "2026-09-30"),
    ("2026-12-31", Period(1, "years"), "2025-12-31"),
    ("2026-07-06", Period(1, "business days"), "2026-07-02"),
    ("2026-07-06", Period(3, "business days"), "2026-06-30"),
])  # fmt: skip
def test_backwards_the_last_day_in_time_is_that_long_before(anchor: str, period: Period, day: str) -> None:
    assert OFFICE.before(to_day(anchor), period, "down") == to_day(day)


@pytest.mark.parametrize(("day", "n", "reached"), [
    ("2026-07-02", 0, "2026-07-02"),
    ("2026-07-05", 0, "2026-07-05"),  # a Sunday stays one
    ("2026-07-02", 1, "2026-07-06"),  # over the holiday and the weekend
    ("2026-07-02", 2, "2026-07-07"),
    ("2026-07-04", 1, "2026-07-06"),
    ("2026-07-06", -1, "2026-07-02"),
    ("2026-07-05", -1, "2026-07-02"),
    ("2026-06-26", 5, "2026-07-06"),
])  # fmt: skip
def test_business_days_step_over_weekends_and_holidays(day: str, n: int, reached: str) -> None:
    assert OFFICE.business_days_after(to_day(day), n) == to_day(reached)


@settings(max_examples=200, deadline=None)
@given(
    day=DAYS,
    n=st.integers(-40, 40).filter(bool),
    weekend=st.frozensets(st.integers(0, 6), max_size=6),
    holidays=st.frozensets(DAYS, max_size=5),
)
def test_the_nth_business_day_has_n_of_them_on_the_way(
    day: date, n: int, weekend: frozenset[int], holidays: frozenset[date]
) -> None:
    reached = Calendar("UTC", weekend=weekend, holidays=holidays).business_days_after(day, n)
    first, last = (day + timedelta(days=1), reached) if n > 0 else (reached, day - timedelta(days=1))
    between = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    business = [d for d in between if d.weekday() not in weekend and d not in holidays]
    assert len(business) == abs(n)
    assert reached in business


@pytest.mark.parametrize("rounding", [None, "down", "up"])
@pytest.mark.parametrize("unit", ["months", "years"])
def test_months_are_moved_and_counted_back_with_the_rounding_named(unit: Any, rounding: Any) -> None:
    leap = date(2028, 2, 29)
    months = 1 if unit == "months" else 12
    assert LOS_ANGELES.moved(leap, Period(48 // months, unit), rounding) == date(2032, 2, 29)
    if rounding is None:
        with pytest.raises(InvalidTime, match="no rounding"):
            LOS_ANGELES.moved(leap, Period(12 // months, unit))
        with pytest.raises(InvalidTime, match="no rounding"):
            LOS_ANGELES.before(leap, Period(12 // months, unit))
    else:
        nearby = {"down": (2, 28), "up": (3, 1)}[rounding]
        assert LOS_ANGELES.moved(leap, Period(12 // months, unit), rounding) == date(2029, *nearby)
        assert LOS_ANGELES.before(leap, Period(12 // months, unit), rounding) == date(2027, *nearby)


def test_hours_are_not_counted_from_a_day() -> None:
    with pytest.raises(InvalidTime, match="hours"):
        LOS_ANGELES.moved(date(2026, 2, 18), Period(72, "hours"))
    with pytest.raises(InvalidTime, match="hours"):
        LOS_ANGELES.before(date(2026, 2, 18), Period(72, "hours"))


@pytest.mark.parametrize(("day", "rolled"), [
    ("2026-07-02", "2026-07-02"),
    ("2026-07-03", "2026-07-06"),  # the holiday
    ("2026-07-04", "2026-07-06"),
    ("2026-07-05", "2026-07-06"),
    ("2026-07-06", "2026-07-06"),
])  # fmt: skip
def test_a_last_day_rolls_to_the_next_business_day_only_where_the_terms_roll(day: str, rolled: str) -> None:
    assert OFFICE.rolled(to_day(day)) == to_day(rolled)
    assert LOS_ANGELES.rolled(to_day(day)) == to_day(day)


def test_a_weekend_is_what_the_terms_call_one() -> None:
    dubai = Calendar("Asia/Dubai", weekend=frozenset({weekday_number("friday"), weekday_number("saturday")}))
    assert not dubai.is_business_day(date(2026, 2, 20))
    assert dubai.is_business_day(date(2026, 2, 22))
    assert dubai.business_days_after(date(2026, 2, 19), 1) == date(2026, 2, 22)


def test_weekdays_are_english_words_numbered_from_monday() -> None:
    names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    assert [weekday_number(name) for name in names] == list(range(7))
    for name in ("Monday", "mon", "", "caturday", "0"):
        with pytest.raises(InvalidTime, match="not a weekday"):
            weekday_number(name)


# ---- how far it is counted -------------------------------------------------------------------------------------------

FIRST, LAST = date(1700, 1, 1), date(8000, 12, 31)
NO_BUSINESS = Calendar("UTC", weekend=frozenset(range(7)))


@pytest.mark.parametrize(
    ("day", "n"), [(EARLIEST, (FIRST - EARLIEST).days), (LATEST, (LAST - LATEST).days), (date(2026, 2, 18), 400_000)]
)
def test_days_may_be_counted_beyond_those_that_may_be_given(day: date, n: int) -> None:
    assert plus_days(day, n) == day + timedelta(days=n)


@pytest.mark.parametrize(("anchor", "months", "day"), [
    ("1900-01-31", -2_400, date(1700, 1, 31)),
    ("2999-12-31", 12 * 5_001, date(8000, 12, 31)),
    ("2999-12-31", 12 * 5_001 - 1, date(8000, 12, 1)),  # November has 30 days: rounded up
])  # fmt: skip
def test_months_may_be_counted_beyond_those_that_may_be_given(anchor: str, months: int, day: date) -> None:
    assert corresponding_day(to_day(anchor), months, "up") == day


BEYOND_ALL: dict[str, Callable[[], object]] = {
    "a day before": lambda: plus_days(EARLIEST, (FIRST - EARLIEST).days - 1),
    "a day after": lambda: plus_days(LATEST, (LAST - LATEST).days + 1),
    "many days": lambda: plus_days(EARLIEST, 10**12),
    "a month before": lambda: corresponding_day(EARLIEST, -2_401, "down"),
    "a month after": lambda: corresponding_day(LATEST, 12 * 5_001 + 1, "down"),
    "many months": lambda: corresponding_day(EARLIEST, 10**12, "down"),
    "many terms": lambda: last_day_of_term(EARLIEST, Period(1, "months"), 10**9),
    "many terms of days": lambda: last_day_of_term(EARLIEST, Period(1), 10**9),
    "business days in a calendar without any": lambda: NO_BUSINESS.business_days_after(date(7990, 1, 1), 1),
    "an instant before": lambda: LOS_ANGELES.day_of(at("1700-01-01T23:59:59.999999+00:00")),
    "an instant after": lambda: LOS_ANGELES.day_of(at("8000-12-31T00:00:00+00:00")),
}


@pytest.mark.parametrize("count", BEYOND_ALL.values(), ids=BEYOND_ALL)
def test_beyond_1700_and_8000_nothing_is_counted(count: Callable[[], object]) -> None:
    with pytest.raises(InvalidTime, match=BEYOND):
        count()


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "UTC", "Asia/Tokyo"])
def test_instants_fall_on_days_as_far_as_days_are_counted(zone: str) -> None:
    for instant in (at("1700-01-02T00:00+00:00"), at("8000-12-30T23:59:59.999999+00:00")):
        calendar = Calendar(zone)
        assert calendar.start_of(day := calendar.day_of(instant)) <= instant < calendar.end_of(day)


@pytest.mark.parametrize(("unit", "most"), [century for century in CENTURY if century[0] != "hours"])
def test_a_century_is_counted_from_every_day_that_may_be_given(unit: Unit, most: int) -> None:
    """Were it refused, a period that was accepted when it was recorded would make the record unusable."""
    utc, century = Calendar("UTC"), Period(most, unit)
    assert utc.moved(LATEST, century, "down") >= date(3099, 12, 31)
    assert utc.before(EARLIEST, century, "down") <= date(1800, 1, 1)


# ---- for people -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("zone", "instant", "text"), [
    ("America/Los_Angeles", "2026-03-21T07:00+00:00", "2026-03-21 00:00 PDT"),
    ("America/Los_Angeles", "2026-02-18T17:30+00:00", "2026-02-18 09:30 PST"),
    ("UTC", "2026-02-18T17:30+00:00", "2026-02-18 17:30 UTC"),
    ("Asia/Istanbul", "2026-02-18T17:30+00:00", "2026-02-18 20:30 +03"),
])  # fmt: skip
def test_an_instant_is_shown_on_the_clock_of_the_zone(zone: str, instant: str, text: str) -> None:
    assert Calendar(zone).shown(at(instant)) == text
