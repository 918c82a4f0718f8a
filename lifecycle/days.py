"""Civil days, instants and periods; the only module that knows pendulum.

An *instant* is an aware ``datetime`` in UTC. A *day* is a ``date``: a civil day in the zone of the Terms. Days are
half-open stretches ``[first instant, first instant of the next day)`` that follow each other without gap or overlap, so
every instant falls on exactly one day, whatever the zone's clocks do at midnight. Nothing here reads a clock.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Any, Literal, TypeAlias

from attrs import field

from lifecycle.errors import InvalidTime
from lifecycle.plain import shown
from lifecycle.values import frozen

Day: TypeAlias = date
Instant: TypeAlias = datetime
Moment: TypeAlias = date | datetime
"""When something happened, as precisely as it is known: an instant, or only the day."""

Unit: TypeAlias = Literal["days", "business days", "months", "years", "hours"]
Rounding: TypeAlias = Literal["down", "up"]
MonthEnds: TypeAlias = Literal["corresponding day", "billing anchor"]

BEGINNING: Instant = datetime(1, 1, 1, tzinfo=UTC)
FOREVER: Instant = datetime(9999, 12, 31, tzinfo=UTC)

EARLIEST = date(1900, 1, 1)
LATEST = date(2999, 12, 31)
"""Days and instants given outside [EARLIEST, LATEST] are refused: no contract lives there."""

_EARLIEST_YEAR, _LATEST_YEAR = EARLIEST.year, LATEST.year  # whole years

_LONGEST = {"days": 36_525, "business days": 36_525, "months": 1_200, "years": 100, "hours": 876_600}

# What is counted from a day in range may lie outside it: a century's notice, a millennium of terms.
_FIRST, _LAST = date(1700, 1, 1), date(8000, 12, 31)
_FIRST_ORDINAL, _LAST_ORDINAL = _FIRST.toordinal(), _LAST.toordinal()
_FIRST_INSTANT, _LAST_INSTANT = datetime(1700, 1, 2, tzinfo=UTC), datetime(8000, 12, 31, tzinfo=UTC)
_ONE_DAY = timedelta(days=1)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(
    r"(?P<local>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)(?P<offset>Z|[+-]\d{2}:[0-5]\d)?(\[(?P<zone>[^\[\]]+)\])?",
    re.ASCII,
)
# The first instants of days in a zone, as far as anyone asked: the rules of a zone do not change while a program runs.
_STARTS: dict[str, dict[Day, Instant]] = {}
_BEGUN: dict[str, dict[Day, Instant]] = {}  # only of those that the zone does not skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@frozen
class Period:
    """A length: a whole number, at least 0, of a unit. ``Period(30, "days")``."""

    n: int
    unit: Unit = "days"

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.unit, str) or self.unit not in _LONGEST:
            raise InvalidTime(shown(self.unit), f"not a unit: {', '.join(_LONGEST)}")
        if type(self.n) is not int or not 0 <= self.n <= _LONGEST[self.unit]:
            problem = f"a period counts whole {self.unit}, from 0 to {_LONGEST[self.unit]} (a century)"
            raise InvalidTime(shown(self.n), problem)

    def __str__(self) -> str:
        return f"{self.n} {self.unit if self.n != 1 else self.unit.removesuffix('s')}"

    @property
    def months(self) -> int | None:
        """The period in months, or None where it is not made of months."""
        return {"months": self.n, "years": 12 * self.n}.get(self.unit)


def in_range(day: Day) -> Day:
    """The day itself.

    Raises InvalidTime outside [EARLIEST, LATEST].
    """
    if not EARLIEST <= day <= LATEST:
        raise InvalidTime(str(day), f"days from {EARLIEST} to {LATEST} are understood")
    return day


def to_day(value: str | Day) -> Day:
    """A day from ``YYYY-MM-DD`` (RFC 3339 full-date); words, partial and other dates are refused.

    >>> to_day("2026-02-18")
    datetime.date(2026, 2, 18)
    """
    if type(value) is str and (written := _day_as_written(value)):
        return written
    if isinstance(value, datetime):
        raise InvalidTime(str(value), "an instant where a day is wanted: say YYYY-MM-DD")
    if isinstance(value, date):
        return in_range(date(value.year, value.month, value.day))  # plain, also where the caller's is a subclass
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise InvalidTime(shown(value), "not a day: say YYYY-MM-DD")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise InvalidTime(value, "there is no such day in the calendar") from None
    return in_range(day)


def to_instant(value: str | datetime) -> Instant:
    """An instant in UTC, from an aware ``datetime`` or from text in RFC 3339, with a zone after it or instead of the
    offset (RFC 9557).

    Refused with InvalidTime: naive times, local times that a zone skips or has twice (unless the offset settles which),
    an offset that is not the zone's, and every other notation.

    >>> to_instant("2026-02-18T09:00:00-08:00")
    datetime.datetime(2026, 2, 18, 17, 0, tzinfo=datetime.timezone.utc)
    >>> to_instant("2026-02-18T09:00[America/Los_Angeles]").hour
    17
    """
    if isinstance(value, datetime):
        return _from_datetime(value)
    if type(value) is str and (written := _instant_as_written(value)):
        return written
    found = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise InvalidTime(
            shown(value), "not an instant: say YYYY-MM-DDThh:mm:ss with an offset (Z, -08:00) or a [Zone/Name]"
        )
    local, offset, named = found["local"], found["offset"], found["zone"]
    try:
        told = datetime.fromisoformat(local + (offset or ""))
    except ValueError:
        raise InvalidTime(value, "there is no such day, time or offset") from None
    if named is None and offset is None:
        raise InvalidTime(value, "a time without a zone: add an offset (Z, -08:00) or a [Zone/Name]")
    if named is None:
        return _from_datetime(told)
    naive = told.replace(tzinfo=None)
    if offset is not None:
        zone, instant = to_zone(named), _from_datetime(told)
        # Z and -00:00 say nothing about the local offset (RFC 9557, section 2.2).
        if offset not in ("Z", "-00:00") and instant.astimezone(zone).replace(tzinfo=None) != naive:
            raise InvalidTime(value, f"{offset} is not the offset of {named} at that time")
        return instant
    return _from_wall_clock(naive, named, value)


# What :func:`as_text` writes is read without a regular expression; any other text is read, or refused, the long way.
# The standard library knows more notations than we do: of this length, and with these marks in their places, only ours.


def _day_as_written(text: str) -> Day | None:
    if len(text) == 10 and text[4] == text[7] == "-":
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return None
        return day if EARLIEST <= day <= LATEST else None
    return None


def _instant_as_written(text: str) -> Instant | None:
    if len(text) == 20 and text[4] == text[7] == "-" and text[10::3] == "T::Z":
        try:
            instant = datetime.fromisoformat(text)
        except ValueError:
            return None
        return instant if _EARLIEST_YEAR <= instant.year <= _LATEST_YEAR else None
    return None


def _from_datetime(value: datetime) -> Instant:
    if value.tzinfo is UTC and type(value) is datetime and _EARLIEST_YEAR <= value.year <= _LATEST_YEAR:
        return value
    if value.tzinfo is not UTC or type(value) is not datetime:
        if value.utcoffset() is None:
            raise InvalidTime(value.isoformat(), "a time without a zone: give it a tzinfo")
        try:
            utc = value.astimezone(UTC)
        except OverflowError:
            raise InvalidTime(value.isoformat(), "out of range") from None
        if not isinstance(value.tzinfo, timezone) and utc.astimezone(value.tzinfo).replace(
            tzinfo=None
        ) != value.replace(tzinfo=None):
            raise InvalidTime(value.isoformat(), f"{value.tzinfo} skips that local time")
        # A plain datetime, also when the caller's is a subclass (pendulum's DateTime): the type must not leak inside.
        value = datetime(utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second, utc.microsecond, tzinfo=UTC)
    in_range(value.date())
    return value


def _from_wall_clock(naive: datetime, named: str, given: str) -> Instant:
    from pendulum.tz.exceptions import AmbiguousTime, NonExistingTime

    zone: Any = to_zone(named)
    try:
        return _from_datetime(zone.convert(naive, raise_on_unknown_times=True))
    except NonExistingTime:
        raise InvalidTime(given, f"{named} skips that local time") from None
    except AmbiguousTime:
        raise InvalidTime(given, f"{named} has that local time twice: add the offset") from None


def to_moment(value: str | Moment) -> Moment:
    """An instant where the time of day is known, else a day; refused as :func:`to_instant` and :func:`to_day` do."""
    if isinstance(value, datetime):
        return _from_datetime(value)
    if isinstance(value, str):
        if written := _day_as_written(value) or _instant_as_written(value):
            return written
        if _DAY.fullmatch(value):
            return to_day(value)
        try:
            return to_instant(value)
        except InvalidTime:
            if _INSTANT.fullmatch(value):
                raise
        wanted = "say a day, YYYY-MM-DD, or an instant, YYYY-MM-DDThh:mm:ss with an offset (Z, -08:00) or a [Zone/Name]"
        raise InvalidTime(shown(value), f"neither a day nor an instant: {wanted}")
    return to_day(value)


@cache
def to_zone(name: str) -> tzinfo:
    """A zone of the tz database, by its name.

    Raises InvalidTime for names that are not in the database: paths, ``localtime`` and fixed offsets among them.
    """
    import pendulum

    if name not in pendulum.timezones() or name in ("localtime", "Factory"):
        raise InvalidTime(shown(name), "not a zone of the tz database: say for instance America/Los_Angeles")
    return pendulum.timezone(name)


def corresponding_day(anchor: Day, months: int, rounding: Rounding | None = None) -> Day:
    """The day ``months`` after (or, negative, before) the anchor that has the anchor's number in its month.

    Where the month has no such day, ``rounding`` says which to take: its last day (``"down"``) or the first of the next
    month (``"up"``); without one InvalidTime is raised. Counted from the anchor, never step by step.

    >>> corresponding_day(date(2027, 1, 31), 1, "down")
    datetime.date(2027, 2, 28)
    """
    year, month0 = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    if not _FIRST.year <= year <= _LAST.year:
        raise InvalidTime(f"{anchor} and {months} months", f"days are counted from {_FIRST} to {_LAST}")
    last = monthrange(year, month0 + 1)[1]
    if anchor.day <= last:
        return date(year, month0 + 1, anchor.day)
    match rounding:
        case "down":
            return date(year, month0 + 1, last)
        case "up":
            return date(year, month0 + 1, last) + timedelta(days=1)
        case _:
            raise InvalidTime(f"{anchor} and {months} months", "that month has no such day, and no rounding is named")


def last_day_of_term(anchor: Day, length: Period, number: int, month_ends: MonthEnds = "corresponding day") -> Day:
    """The last day, included, of term ``number`` (1, 2, 3 ...) in a chain of equal terms whose first one starts on
    ``anchor``.

    The corresponding-date rule: a term of months ends on the day before the corresponding day, or on the last day of
    the month where there is none; always counted from the anchor. A billing anchor instead begins the next term on the
    last day of such a month.

    >>> [str(last_day_of_term(date(2027, 1, 31), Period(1, "months"), k)) for k in (1, 2, 3)]
    ['2027-02-28', '2027-03-30', '2027-04-30']
    >>> str(last_day_of_term(date(2027, 1, 31), Period(1, "months"), 1, "billing anchor"))
    '2027-02-27'
    """
    if number < 1 or length.n < 1 or length.unit in ("hours", "business days"):
        raise InvalidTime(str(length), "a term lasts at least one day, month or year")
    if (months := length.months) is None:
        return plus_days(anchor, length.n * number - 1)
    ending = corresponding_day(anchor, months * number, "down")
    return ending - timedelta(days=1) if ending.day == anchor.day or month_ends == "billing anchor" else ending


def plus_days(day: Day, n: int) -> Day:
    """The day ``n`` civil days later, or earlier where negative.

    Raises InvalidTime far outside [EARLIEST, LATEST].
    """
    ordinal = day.toordinal() + n
    if not _FIRST_ORDINAL <= ordinal <= _LAST_ORDINAL:
        raise InvalidTime(f"{day} and {n} days", f"days are counted from {_FIRST} to {_LAST}")
    return date.fromordinal(ordinal)


@frozen
class Calendar:
    """How the Terms count: the zone whose civil days count, whether the first day does, and which days are no business
    days.
    """

    zone_name: str
    first_day_counts: bool = False
    weekend: frozenset[int] = frozenset({5, 6})
    holidays: frozenset[Day] = frozenset()
    rolls: bool = False
    _zone: tzinfo = field(init=False, eq=False, repr=False)
    _starts: dict[Day, Instant] = field(init=False, eq=False, repr=False)
    _begun: dict[Day, Instant] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_zone", to_zone(self.zone_name))
        object.__setattr__(self, "_starts", _STARTS.setdefault(self.zone_name, {}))
        object.__setattr__(self, "_begun", _BEGUN.setdefault(self.zone_name, {}))

    def start_of(self, day: Day) -> Instant:
        """The first instant of a civil day: midnight, or the first instant after it where the zone skips midnight.

        A day the zone skips altogether (Apia, 30 December 2011) is empty: it starts where the next one does.
        """
        if (start := self._starts.get(day)) is None:
            start = self._starts[day] = self._first_instant(day)
        return start

    def _first_instant(self, day: Day) -> Instant:
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a wall clock's reading, not an instant
        guess = midnight.replace(tzinfo=self._zone).astimezone(UTC)
        if self._local(guess) == midnight:
            return guess
        # Midnight is skipped. fold=0 reads it with the offset from before the gap, so the gap ends at the guess or up
        # to a day earlier.
        low, high = guess - timedelta(hours=26), guess
        while high - low > timedelta(seconds=1):
            middle = low + (high - low) // 2
            middle = middle.replace(microsecond=0)
            low, high = (low, middle) if self._local(middle) >= midnight else (middle, high)
        return high

    def _local(self, instant: Instant) -> datetime:
        return instant.astimezone(self._zone).replace(tzinfo=None)

    def day_of(self, instant: Instant) -> Day:
        """The civil day an instant falls on. Days never run backwards: an hour repeated after midnight belongs to the
        later day.

        Raises InvalidTime for instants no agreement has, such as the ends of unbounded windows.
        """
        if not _FIRST_INSTANT <= instant < _LAST_INSTANT:
            raise InvalidTime(as_text(instant), f"days are counted from {_FIRST} to {_LAST}")
        day = date.fromordinal(instant.toordinal())  # by UTC: the zone's own is at most a day or two away
        while self.start_of(day) > instant:
            day -= _ONE_DAY
        while self.end_of(day) <= instant:
            day += _ONE_DAY
        return day

    def end_of(self, day: Day) -> Instant:
        """The first instant after a day: days are half-open."""
        return self.start_of(day + _ONE_DAY)

    def instant_of(self, moment: Moment) -> Instant:
        """The instant of a moment; what is known only by its day happened at the day's first instant.

        Raises InvalidTime for a day the zone skips.
        """
        if isinstance(moment, datetime):
            return moment
        if (start := self._begun.get(moment)) is None:
            start = self.start_of(moment)
            if start == self.end_of(moment):
                raise InvalidTime(str(moment), f"{self.zone_name} has no such day")
            self._begun[moment] = start
        return start

    def moved(self, anchor: Day, period: Period, rounding: Rounding | None = None) -> Day:
        """The day on which ``period`` since the anchor is complete, by the Terms' counting.

        The anchor's day is day 0 and does not count, unless the Terms say that the first day does: then it is day 1.
        """
        less = 1 if self.first_day_counts else 0
        if (months := period.months) is not None:
            return plus_days(corresponding_day(anchor, months, rounding), -less)
        match period.unit:
            case "days":
                return plus_days(anchor, period.n - less)
            case "business days":
                # The day before, so that a first day that counts counts only if it is a business day.
                return self.business_days_after(plus_days(anchor, -less), period.n)
            case _:
                raise InvalidTime(str(period), "hours are counted from an instant, not from a day")

    def before(self, anchor: Day, period: Period, rounding: Rounding | None = None) -> Day:
        """The last day that is at least ``period`` before the anchor. Backwards the anchor's day never counts, and
        deadlines never roll.
        """
        if (months := period.months) is not None:
            return corresponding_day(anchor, -months, rounding)
        match period.unit:
            case "days":
                return plus_days(anchor, -period.n)
            case "business days":
                return self.business_days_after(anchor, -period.n)
            case _:
                raise InvalidTime(str(period), "hours are counted from an instant, not from a day")

    def is_business_day(self, day: Day) -> bool:
        return day.weekday() not in self.weekend and day not in self.holidays

    def business_days_after(self, day: Day, n: int) -> Day:
        """The ``n``-th business day after (before, where negative) a day; the day itself for 0."""
        step = 1 if n > 0 else -1
        for _ in range(abs(n)):
            day = plus_days(day, step)
            while not self.is_business_day(day):
                day = plus_days(day, step)
        return day

    def rolled(self, day: Day) -> Day:
        """A last day for performance: moved to the next business day where the Terms roll, else the day itself."""
        while self.rolls and not self.is_business_day(day):
            day = plus_days(day, 1)
        return day

    def shown(self, instant: Instant) -> str:
        """An instant for people: ``2026-03-21 00:00 PDT``."""
        import pendulum

        return pendulum.instance(instant).in_timezone(self.zone_name).format("YYYY-MM-DD HH:mm zz")


def weekday_number(name: str) -> int:
    """0 for monday ... 6 for sunday.

    Raises InvalidTime for other words.
    """
    if name not in WEEKDAYS:
        raise InvalidTime(name, f"not a weekday: {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(name)


def as_text(moment: Moment) -> str:
    """The one text form of a moment in files: ``2026-02-18``, or ``2026-02-18T17:00:00Z`` with microseconds where there
    are any.
    """
    return moment.isoformat().replace("+00:00", "Z")
