"""What of some Terms can be answered in columns, and why not the rest.

Nothing is translated: the columns read the same :class:`~lifecycle.terms.model.Terms` that a single agreement does.
This module only says where that reading would not be complete - a clock in hours, a power that takes effect by itself
- so that every agreement it touches is answered singly instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from attrs import field

from lifecycle.machine import table
from lifecycle.terms.model import Clock, Condition, Duty, Power, Terms
from lifecycle.values import frozen

LONGEST = 3_660
"""The longest count, in days, that is answered in columns."""

MOST_POWERS = 64
_MONEY_ENDS = ("paid", "credited", "written_off")
_TERM_DAYS = ("term end", "next term start")


@frozen
class Rules:
    """Terms, and what of them is answered singly: ``refused`` why every agreement is (''), ``refused_kinds`` those with
    a matter of a kind, ``refused_notices`` those with a notice of a kind, ``refused_holds`` those ever suspended.

    kinds, notices, ends, parties: the words that the columns hold as their index. ``ends[0]`` is no end.
    """

    terms: Terms
    kinds: tuple[str, ...]
    notices: tuple[str, ...]
    ends: tuple[str, ...]
    powers: tuple[Power, ...]
    attributes: frozenset[str]
    refused: str = ""
    refused_kinds: Mapping[str, str] = field(factory=dict)
    refused_notices: Mapping[str, str] = field(factory=dict)
    refused_holds: str = ""

    def acting(self, transition: str) -> frozenset[str]:
        """Who can bring a transition about."""
        return table(self.terms).by.get(transition, frozenset())


def rules(terms: Terms) -> Rules:
    """The rules of some Terms, worked out once."""
    if (found := terms.memo.get("portfolio rules")) is None:
        found = terms.memo["portfolio rules"] = _rules(terms)
    known: Rules = found
    return known


def _rules(terms: Terms) -> Rules:
    ends = dict.fromkeys(chain(("",), _MONEY_ENDS, (end for kind in terms.kinds.values() for end in kind.ends)))
    conditions = chain.from_iterable(
        (one.when, one.unless, *(c for clock in one.clocks for c in (clock.when, clock.unless)))
        for one in _resting(terms)
    )
    given = (c for n in terms.notices.values() for clock in n.given for c in (clock.when, clock.unless))
    named = {name for condition in (*conditions, *given) for name in condition} - {"party"}
    return Rules(
        terms=terms,
        kinds=tuple(terms.kinds),
        notices=tuple(terms.notices),
        ends=tuple(ends),
        powers=tuple(terms.powers.values()),
        attributes=frozenset(named),
        refused=next(_of_all(terms), ""),
        refused_kinds=dict(_of_kinds(terms)),
        refused_notices=dict(_of_notices(terms)),
        refused_holds=next(_of_holds(terms), ""),
    )


def _resting(terms: Terms) -> tuple[Power | Duty, ...]:
    return (*terms.powers.values(), *terms.duties.values())


def _of_all(terms: Terms) -> Iterator[str]:
    """Why no agreement under the Terms is answered in columns."""
    if terms.begins != "order":
        yield "terms: in force once made"
    if terms.framework:
        yield "terms: a framework outlives its orders"
    if terms.counting.roll != "none":
        yield "terms: last days roll"
    if terms.renewal and terms.renewal.longest:
        yield "terms: renewed terms are no longer than so much"
    if len(terms.powers) > MOST_POWERS:
        yield f"terms: more than {MOST_POWERS} powers"
    if terms.renewal and not all(_stops_renewal(c) for c in terms.powers[terms.renewal.stopped_by].clocks):
        yield "terms: how notice of non-renewal is counted"
    derived = {"term", "hold", "ending"}
    for one in _resting(terms):
        if derived & set(one.matter) and any(c.notice or _uncountable(c) for c in one.clocks):
            yield f"terms: clocks of {one.id}"
        if "idle" in one.matter:
            yield f"terms: {one.id} rests on the time without a term"
        if {"term", "hold"} & set(one.matter) and isinstance(one, Duty):
            yield f"terms: duty {one.id} rests on the course"
    if any(derived & set(kind.about) for kind in terms.notices.values()):
        yield "terms: notices about the course"
    if any(p.does == "terminate" and p.exercise == "automatic" and not p.matter for p in terms.powers.values()):
        yield "terms: ends by itself"


def _stops_renewal(clock: Clock) -> bool:
    plain = clock.direction == "before" and clock.unit == "days" and clock.n <= LONGEST
    return plain and clock.start in _TERM_DAYS and not (clock.when or clock.unless or clock.paused_by)


def _of_kinds(terms: Terms) -> Iterator[tuple[str, str]]:
    for kind in terms.kinds.values():
        if kind.lasts:
            yield kind.id, f"{kind.id}: lapses by itself"
        if any(c.notice or c.direction == "before" or _uncountable(c) for c in kind.defaults.values()):
            yield kind.id, f"{kind.id}: how its days are counted"
    for one in _resting(terms):
        automatic = isinstance(one, Power) and one.exercise == "automatic"
        if automatic or any(_uncountable(clock) for clock in one.clocks):
            why = "takes effect by itself" if automatic else "how it is counted"
            yield from ((kind, f"{one.id}: {why}") for kind in one.matter)


def _of_notices(terms: Terms) -> Iterator[tuple[str, str]]:
    for kind in terms.notices.values():
        if any(clock.notice or _uncountable(clock) for clock in kind.given):
            yield kind.id, f"notice {kind.id}: how it is counted"


def _of_holds(terms: Terms) -> Iterator[str]:
    for one in _resting(terms):
        if "suspension" in one.matter:
            yield f"{one.id}: rests on the suspension"
    for power in terms.powers_to("suspend"):
        if power.lifts_with:
            yield f"{power.id}: its hold waits for others"


def _uncountable(clock: Clock) -> bool:
    months = clock.period.months
    short = clock.n <= LONGEST if months is None else months * 31 <= LONGEST
    counts = clock.unit == "days" or (months is not None and clock.rounding is not None)
    return not (counts and short)


def wants(condition: Condition, name: str) -> tuple[str, ...]:
    """The values, as the columns write them, that a condition wants of an attribute."""
    value = condition[name]
    return value if isinstance(value, tuple) else (as_word(value),)


def as_word(value: str | bool) -> str:  # noqa: FBT001 - an attribute, not a switch
    """An attribute's value in a column: yes and no are ``true`` and ``false``, which no text can be."""
    return value if isinstance(value, str) else str(value).lower()
