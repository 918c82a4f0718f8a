"""Whether what the Terms provide can ever come about: a power that opens, a duty that arises, a notice that counts.

Asked of every matter there can be - each kind, with each value of the attributes that the conditions turn on. Counts
are compared in days as far as they are certain: a month has from 28 to 31 of them, and what the order may name, or a
pause stretch, is unknown. When in doubt it can come about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import inf, prod
from typing import TypeAlias

from lifecycle.terms.model import (
    DERIVED_KINDS,
    PARTIES,
    Clock,
    Condition,
    Duty,
    NoticeKind,
    Party,
    Power,
    Scalar,
    Terms,
    holders,
    values_of,
)
from lifecycle.values import frozen

Attributes: TypeAlias = Mapping[str, Scalar | None]
"""A matter as far as conditions see it: attribute -> value; ``party`` is whom it is about, None for nobody."""

MOST = 4_096
"""The most sorts of matters that are looked at; a power with more conditions than that is taken to open."""

_OTHER = "\0other"  # a text that no condition names
_MONTH = (28, 31)
_HOURS = 24


@frozen
class Span:
    """The days, counted from a start, in which something may happen: from ``first`` to ``last``, both included."""

    first: float = -inf
    last: float = inf

    def __and__(self, other: Span) -> Span:
        return Span(max(self.first, other.first), min(self.last, other.last))

    def __add__(self, other: Span) -> Span:
        return Span(self.first + other.first, self.last + other.last)


def why_never_opens(power: Power, terms: Terms) -> str:
    """Why nobody can ever exercise a power; '' where somebody can."""
    if problem := _no_such_matter(power.matter, terms):
        return problem
    if problem := _nobody_to_give(power, terms):
        return problem
    return _closed(power.matter, power.when, power.unless, power.clocks, terms, all_of=power.needs == "all")


def why_never_arises(duty: Duty, terms: Terms) -> str:
    """Why nobody can ever owe a duty; '' where somebody can."""
    if problem := _no_such_matter(duty.matter, terms):
        return problem
    kind = duty.arises.removeprefix("notice:")
    if duty.arises != "start" and not any(_may_be_about(terms.notices[kind], matter) for matter in duty.matter):
        return f"{kind!r} notices are not about {_listed(duty.matter)}"
    return _closed(duty.matter, duty.when, duty.unless, (), terms, all_of=True)


def why_never_given(notice: NoticeKind, terms: Terms) -> str:
    """Why a notice of a kind can never be given so that it counts; '' where it can."""
    if not holders(notice.by, None):
        return "a notice is given by one party, not by both together"
    if terms.notice and not terms.notice.methods and terms.notice.others is None:
        return "no method gives notice"
    return _closed(notice.about, {}, {}, notice.given, terms, all_of=True) if notice.about else ""


def _no_such_matter(kinds: tuple[str, ...], terms: Terms) -> str:
    """Why there is never a matter for it to be about."""
    missing = {
        "term": "" if terms.begins == "order" else "there is no term: the Terms are in force once made",
        "hold": "" if terms.powers_to("suspend") else "there is no hold: nobody may suspend",
        "suspension": "" if terms.powers_to("suspend") else "there is no suspension: nobody may suspend",
        "idle": "" if terms.framework else "there is no time in force without a term: the Terms are no framework",
        "ending": "" if terms.begins == "order" or terms.powers_to("terminate") else "nothing ends the agreement",
    }
    problems = [missing.get(kind, "") for kind in kinds]
    return problems[0] if problems and all(problems) else ""


def _nobody_to_give(power: Power, terms: Terms) -> str:
    """Why its holder cannot give the notice by which a power is exercised."""
    notice = terms.notices.get(power.exercise.removeprefix("notice:"))
    if notice is None or not power.exercise.startswith("notice:"):
        return ""
    recorded = [kind for kind in power.matter if kind not in DERIVED_KINDS]
    if recorded and not any(_may_be_about(notice, kind) for kind in recorded):
        return f"it is exercised by a {notice.id!r} notice, which is not about {_listed(tuple(recorded))}"
    if why_never_given(notice, terms):
        return f"it is exercised by a {notice.id!r} notice, which nobody can give"
    parties = {party for kind in power.matter for party in _parties(kind, terms)} or {None}
    if not any(set(holders(power.by, party)) & set(holders(notice.by, party)) for party in parties):
        return (
            f"its holder ({power.by}) cannot give the {notice.id!r} notice that exercises it: that is for {notice.by}"
        )
    return ""


def _may_be_about(notice: NoticeKind, kind: str) -> bool:
    return not notice.about or kind in notice.about


def _listed(kinds: tuple[str, ...]) -> str:
    return " or ".join(kinds)


# ---- every matter there can be -------------------------------------------------------------------------------


def _closed(
    kinds: tuple[str, ...],
    when: Condition,
    unless: Condition,
    clocks: tuple[Clock, ...],
    terms: Terms,
    *,
    all_of: bool,
) -> str:
    """Why no matter of some kinds meets conditions and clocks; '' where one does."""
    conditions = (when, unless, *(condition for clock in clocks for condition in (clock.when, clock.unless)))
    met, conflict = not kinds, ""
    for kind in kinds:
        every = sorts(kind, conditions, terms)
        if every is None:
            return ""
        for matter in every:
            if not fits(when, unless, matter):
                continue
            met = True
            running = [clock for clock in clocks if fits(clock.when, clock.unless, matter)]
            problems = [_unmet(clock, kind, terms) for clock in running]
            problem = next(filter(None, problems), "") or _apart(running, matter, terms) if all_of else ""
            if not all_of and running and all(problems):
                problem = problems[0]
            if not problem:
                return ""
            conflict = conflict or problem
    return conflict if met else f"no matter of {_listed(kinds)} can be so: its conditions exclude each other"


def fits(when: Condition, unless: Condition, matter: Attributes) -> bool:
    """Whether conditions hold for a matter; what is not said of it fits none."""
    for conditions, wanted in ((when, True), (unless, False)):
        for name, value in conditions.items():
            found = matter.get(name)
            if found is None or (found in values_of(value)) is not wanted:
                return False
    return True


def sorts(kind: str, conditions: tuple[Condition, ...], terms: Terms) -> Iterator[Attributes] | None:
    """Every sort of matter of a kind that conditions can tell apart; None where there are too many."""
    names = dict.fromkeys(name for condition in conditions for name in condition)
    values = [_values(name, kind, conditions, terms) for name in names]
    if prod(map(len, values)) > MOST:
        return None
    return (dict(zip(names, combination, strict=True)) for combination in product(*values))


def _values(name: str, kind: str, conditions: tuple[Condition, ...], terms: Terms) -> tuple[Scalar | None, ...]:
    if name == "party":
        return _parties(kind, terms)
    declared = terms.kinds[kind].attributes.get(name) if kind in terms.kinds else None
    if declared == "yes or no":
        return (True, False)
    if isinstance(declared, tuple):
        return declared
    named = [value for condition in conditions for value in [condition.get(name)] if value is not None]
    every = (each for value in named for each in values_of(value))
    return (*dict.fromkeys(every), _OTHER)


def _parties(kind: str, terms: Terms) -> tuple[Party | None, ...]:
    party = terms.kinds[kind].party if kind in terms.kinds else "none"
    if party == "either":
        return PARTIES
    return (None,) if party == "none" else (party,)


# ---- clocks --------------------------------------------------------------------------------------------------


def _unmet(clock: Clock, kind: str, terms: Terms) -> str:
    """Why a clock about matters of a kind can never run."""
    notice = terms.notices.get(clock.notice)
    if notice is None:
        return ""
    if not _may_be_about(notice, kind):
        return f"it counts from a {notice.id!r} notice, which is not about {kind}"
    return f"it counts from a {notice.id!r} notice, which nobody can give" if why_never_given(notice, terms) else ""


def _apart(clocks: list[Clock], matter: Attributes, terms: Terms) -> str:
    """Why clocks that must all be open leave no day, where they count from the same start."""
    spans: dict[str, Span] = {}
    for clock in clocks:
        for start, span in _spans(clock, matter, terms):
            spans[start] = spans.get(start, Span()) & span
            if spans[start].first > spans[start].last:
                after = f"not before day {spans[start].first:.0f}, and not after day {spans[start].last:.0f}"
                return f"its clocks leave no day: counted from {start}, {after}"
    return ""


def _spans(clock: Clock, matter: Attributes, terms: Terms) -> Iterator[tuple[str, Span]]:
    """The days that a clock leaves, counted from its start; and from where the notice it counts from can be given."""
    span = _span(clock, terms)
    yield clock.start, span
    if clock.notice:
        for given in terms.notices[clock.notice].given:
            if fits(given.when, given.unless, matter):
                yield given.start, _span(given, terms) + span


def _span(clock: Clock, terms: Terms) -> Span:
    """The days that a clock leaves open, counted from its start, as far as they are certain."""
    fewest, most = days(clock, terms)
    if clock.direction == "before":
        return Span(last=-(fewest + (clock.compare == "more than")))
    if clock.compare == "no later than":
        return Span(last=most)
    return Span(first=fewest + (clock.compare in ("more than", "not within")))


def days(clock: Clock, terms: Terms) -> tuple[float, float]:
    """How many days the count of a clock can come to, at least and at most."""
    if clock.order_value:
        return 0, inf
    n, months = clock.n, clock.period.months
    fewest, most = {
        "days": (n, n),
        "business days": (n, inf),
        "hours": (n // _HOURS, n // _HOURS + 1),
    }.get(clock.unit, (_MONTH[0] * (months or 0), _MONTH[1] * (months or 0)))
    stretched = clock.paused_by or clock.restarted_by or (clock.performance and terms.counting.roll != "none")
    return fewest, inf if stretched else most
