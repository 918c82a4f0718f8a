"""The days of an account as data for the page's slider: where it can be put, and what is so there.

The slider stops at the beginning of every day, and besides at each instant within a day at which an answer changes, so
that it never shows what is no longer so. Every sentence stands in the data once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from lifecycle.days import Calendar, Day, Instant
from lifecycle.reporting.sentences import row, stands
from lifecycle.reporting.spans import Right, Span
from lifecycle.values import frozen


@frozen(kw_only=True)
class Stops:
    """Where the slider stops: at the start of each day from ``first`` through ``last``, and at ``within``, instants
    inside a day, in order.
    """

    first: Day
    last: Day
    within: tuple[Instant, ...]
    calendar: Calendar

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1 + len(self.within)

    def at(self, instant: Instant) -> int:
        """The last stop that is not after an instant."""
        day = (self.calendar.day_of(instant) - self.first).days
        return day + bisect_right(self.within, instant)


def stops(told: Sequence[Span], until: Instant, at: Instant, calendar: Calendar) -> Stops:
    """The stops of a life through ``until``; ``at``, the instant it is seen from, is one of them."""
    instants = {at, *(span.since for span in told)}
    within = (each for each in instants if calendar.start_of(calendar.day_of(each)) < each)
    first, last = calendar.day_of(min(instants)), calendar.day_of(max(until, at))
    return Stops(first=first, last=last, within=tuple(sorted(within)), calendar=calendar)


def data(told: Sequence[Span], where: Stops, at: Instant, customer: str) -> dict[str, Any]:
    """What the page's script reads. ``spans``: from which stop on, the state, the sentence, and the rows that are open,
    not yet open, and open at any time; ``rows``: who, may, about, clause, when, how; all as places in ``texts``.
    """
    texts: dict[str, int] = {}
    rows: dict[tuple[int, ...], int] = {}

    def text(words: str) -> int:
        return texts.setdefault(words, len(texts))

    def placed(right: Right) -> int:
        found = row(right)
        cells = (found.who, found.may, found.about, found.clause, found.when, found.how)
        return rows.setdefault(tuple(map(text, cells)), len(rows))

    spans = []
    for span in told:
        open_, later, always = sorted_out(span.rights)
        spans.append(
            [
                where.at(span.since),
                text(span.state or ""),
                text(stands(span, customer, where.calendar)),
                *([placed(right) for right in group] for group in (open_, later, always)),
            ]
        )
    return {
        "first": str(where.first),
        "stops": where.count,
        "seen": where.at(at),
        "within": [_within(instant, where) for instant in where.within],
        "spans": spans,
        "rows": list(rows),
        "texts": list(texts),
    }


def _within(instant: Instant, where: Stops) -> list[int | str]:
    """A stop inside a day: its number, and the time of day."""
    return [where.at(instant), where.calendar.shown(instant).partition(" ")[2]]


def sorted_out(rights: Sequence[Right]) -> tuple[list[Right], list[Right], list[Right]]:
    """The rights that are open because of something, those that are not open yet, and those that need no occasion."""
    occasional = [right for right in rights if right.matter]
    return (
        [right for right in occasional if right.standing == "open"],
        [right for right in rights if right.standing != "open"],
        [right for right in rights if not right.matter and right.standing == "open"],
    )
