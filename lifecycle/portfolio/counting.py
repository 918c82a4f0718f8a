"""Days, instants and terms in columns, counted as :mod:`lifecycle.days` counts them one by one.

Instants are microseconds since 1970, in UTC; days are days since 1970. What is never has ``FOREVER``.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lifecycle import days
from lifecycle.days import Calendar, MonthEnds, Rounding
from lifecycle.terms.model import Clock
from lifecycle.values import frozen

Instants: TypeAlias = NDArray[np.int64]
Days: TypeAlias = NDArray[np.int64]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_ZERO = date(1970, 1, 1).toordinal()
_LINE = (date(1989, 1, 1).toordinal() - _DAY_ZERO, date(2071, 1, 1).toordinal() - _DAY_ZERO)
FIRST_DAY, LAST_DAY = date(2000, 1, 1).toordinal() - _DAY_ZERO, date(2050, 1, 1).toordinal() - _DAY_ZERO
"""Days outside of these are counted singly: from them, what is counted stays within the years prepared for."""


def micros(instant: datetime) -> int:
    """An instant as a column holds it."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def number(day: date) -> int:
    """A day as a column holds it."""
    return day.toordinal() - _DAY_ZERO


def as_day(value: int) -> date:
    """A day from a column."""
    return date.fromordinal(int(value) + _DAY_ZERO)


FOREVER = micros(days.FOREVER)
BEGINNING = micros(days.BEGINNING)
EARLIEST, LATEST = number(days.EARLIEST), number(days.LATEST)
_ONE_DAY = micros(datetime(1970, 1, 2, tzinfo=UTC))
SANE = (EARLIEST * _ONE_DAY, (LATEST + 1) * _ONE_DAY)
"""No instant of an agreement is before or after these."""


@frozen(eq=False)
class DayLine:
    """The civil days of a zone in a row: ``starts[n]`` is the first instant of day ``first + n``."""

    first: int
    starts: Instants
    first_day_counts: bool

    def start_of(self, day: NDArray[Any]) -> Instants:
        """The first instants of days."""
        found: Instants = self.starts[day - self.first]
        return found

    def end_of(self, day: NDArray[Any]) -> Instants:
        """The first instants after days."""
        found: Instants = self.starts[day - (self.first - 1)]
        return found

    def day_of(self, instant: Instants) -> Days:
        """The civil days on which instants fall."""
        place = (instant - self.starts[0]) // _ONE_DAY
        place -= self.starts[place] > instant
        place += self.starts[place + 1] <= instant
        found: Days = place + self.first
        return found

    def knows(self, instant: Instants) -> NDArray[np.bool_]:
        """Which instants are counted in columns."""
        low, high = self.start_of(np.array([FIRST_DAY, LAST_DAY]))
        known: NDArray[np.bool_] = (instant >= low) & (instant < high)
        return known

    def moved(self, anchor: Days, clock: Clock) -> Days:
        """The days on which a clock's count from an anchor is complete; before the anchor, the last such days."""
        forward = clock.direction == "after"
        less = 1 if self.first_day_counts and forward else 0
        many = clock.period.months
        if many is None:
            return anchor + (clock.n - less if forward else -clock.n)
        return corresponding_days(anchor, many if forward else -many, clock.rounding) - less


@cache
def day_line(calendar: Calendar) -> DayLine:
    """The days of a calendar's zone, laid out once."""
    first, end = _LINE
    starts = [micros(calendar.start_of(as_day(n))) for n in range(first, end)]
    return DayLine(first, np.array(starts, np.int64), calendar.first_day_counts)


@frozen(eq=False)
class Months:
    """The months of the same days: which month each day is in, counted from the first, and where months begin."""

    of_day: NDArray[np.int32]
    starts: Days


@cache
def months() -> Months:
    """The months of all the days that are counted, laid out once."""
    every = np.arange(_LINE[0], _LINE[1]).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    starts = np.arange(every[0], every[-1] + 2).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return Months((every - every[0]).astype(np.int32), starts)


def corresponding_days(anchor: Days, many: Any, rounding: Rounding | None) -> Days:
    """The days so many months after anchors that have the anchors' number in their months; where a month has none, its
    last day, or (``up``) the first of the next.
    """
    line = months()
    month = line.of_day[anchor - _LINE[0]]
    nth = anchor - line.starts[month]
    there = month + many
    start = line.starts[there]
    length = line.starts[there + 1] - start
    found: Days = start + np.minimum(nth, length if rounding == "up" else length - 1)
    return found


@frozen(eq=False)
class Terms:
    """The chains of terms of orders: their first days and lengths, in ``days`` or in ``months`` (then not 0)."""

    first: Days
    days: Days
    months: Days
    month_ends: MonthEnds

    def take(self, rows: NDArray[Any] | slice) -> Terms:
        return Terms(self.first[rows], self.days[rows], self.months[rows], self.month_ends)

    def last_day(self, k: Days) -> Days:
        """The last day of the k-th terms; of the 0-th, the day before the first."""
        by_days = self.first + self.days * k - 1
        if not self.months.any():
            return by_days
        line = months()
        month = line.of_day[self.first - _LINE[0]]
        nth = self.first - line.starts[month]
        there = month + self.months * k
        length = line.starts[there + 1] - line.starts[there]
        # The day before the corresponding day; where there is none, the month's last, which a billing anchor leaves.
        whole = (nth >= length) & (self.month_ends != "billing anchor")
        ends = line.starts[there] + np.minimum(nth, length - 1) - ~whole
        return np.where(self.months > 0, np.where(k > 0, ends, self.first - 1), by_days)

    def first_reaching(self, day: Any) -> Days:
        """The numbers of the first terms, from 1, whose last day is ``day`` or later."""
        line = months()
        apart = np.maximum(day, self.first)
        whole = (line.of_day[apart - _LINE[0]] - line.of_day[self.first - _LINE[0]]) // np.maximum(self.months, 1)
        k = np.maximum(np.where(self.months > 0, whole, (apart - self.first) // np.maximum(self.days, 1)), 1)
        while (short := self.last_day(k) < day).any():
            k = k + short
        found: Days = k
        return found
