"""The counts of the Terms in whole days, as the model takes them.

A month counts as the shortest there is, a business day as a day, an hour as part of one: powers then open no later in
the model than they do in the library. What is only roughly so is told by :func:`is_rough`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from attrs import evolve

from lifecycle.days import Period, last_day_of_term
from lifecycle.proving.automaton import Bound
from lifecycle.terms.model import Clock, Kind, Method, Terms
from lifecycle.terms.reach import days
from lifecycle.values import frozen

FIRST = date(2026, 1, 5)
"""The day on which every agreement of the model begins: a Monday; any other would do."""

_HOURS = 24


@frozen
class Days:
    """The days of a clock on which its condition holds, from its start; ``most`` None without end."""

    least: int | None
    most: int | None


def counted(clock: Clock, terms: Terms) -> Days:
    """When a clock's condition holds, where the order names no period of its own."""
    n, less = int(days(evolve(clock, order_value=""), terms)[0]), terms.counting.first_day == "include"
    if clock.unit == "hours":
        whole = -(-clock.n // _HOURS)
        return Days(None, max(0, clock.n - 1) // _HOURS) if clock.compare == "no later than" else Days(whole, None)
    if clock.direction == "before":
        return Days(None, -n - (clock.compare == "more than"))
    if clock.compare == "no later than":
        return Days(None, n - less)
    return Days(n - less + (clock.compare != "at least"), None)


def is_rough(clock: Clock, terms: Terms) -> bool:
    """Whether the day on which a clock is met is only roughly known to the model."""
    rolls = clock.performance and terms.counting.roll != "none"
    return clock.unit != "days" or bool(clock.paused_by) or rolls


def leads(kind: Kind, clocks: list[Clock], terms: Terms) -> dict[str, int]:
    """How many days after its opening each day of a matter falls: as the Terms say where nobody does, else late enough
    for every count back from it.
    """
    back = [counted(clock, terms).most or 0 for clock in clocks if clock.direction == "before"]
    later = 1 - min(back, default=0)
    found = {day: later for day in kind.days if day not in kind.defaults}
    for name, clock in kind.defaults.items():
        found[name] = max(0, found.get(clock.start, 0) + (counted(clock, terms).most or 0))
    return found


def placed(clock: Clock, name: str, offset: int, terms: Terms) -> Bound | None:
    """The bound that a clock of the Terms comes to on a clock of the model that started so many days before it; None
    where there is no such day.
    """
    span = counted(clock, terms)
    most = None if span.most is None else span.most + offset
    least = 0 if span.least is None else max(0, span.least + offset)
    return None if most is not None and most < 0 else Bound(name, least, most)


def fastest(terms: Terms) -> tuple[str, Method | None]:
    """The method by which a writing counts first, and its rule; '' where every writing counts at once."""
    if terms.notice is None:
        return "", None
    known = [(rule.n, rule.counts == "delivery", name) for name, rule in terms.notice.methods.items()]
    if known:
        name = min(known)[2]
        return name, terms.notice.methods[name]
    return "letter", terms.notice.others


def shift(terms: Terms) -> int:
    """How many days after it is given a writing counts, at the soonest."""
    rule = fastest(terms)[1]
    return rule.n if rule else 0


def shortest(length: Period) -> int:
    """The days of a term, at the fewest."""
    if length.months is None:
        return length.n
    starts = [date(FIRST.year + more, month, 1) for more in (0, 1) for month in range(1, 13)]
    return min((last_day_of_term(start, length, 1) - start).days + 1 for start in starts)


def all_clocks(kind: str, terms: Terms) -> Iterator[Clock]:
    """Every clock that counts something about matters of a kind."""
    for power in terms.powers.values():
        yield from power.clocks if kind in power.matter else ()
    for duty in terms.duties.values():
        yield from duty.clocks if kind in duty.matter else ()
    for notice in terms.notices.values():
        yield from notice.given if kind in notice.about else ()
