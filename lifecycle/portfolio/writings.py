"""Notices and acts in columns: when each counts or takes effect, and which notice counts first for a matter."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lifecycle.portfolio.counting import FOREVER, Instants
from lifecycle.portfolio.facts import ACTED, NOTICE, PARTIES, Facts, Flags, Rows
from lifecycle.terms.model import Duty, Method, NoticeKind, Power, Terms
from lifecycle.values import frozen

_KNOWN = ("suspend", "reinstate", "terminate")


@frozen(eq=False)
class Notices:
    """The notices that were given: when each counts, FOREVER where it does not."""

    row: Rows
    kind: NDArray[Any]
    by: NDArray[Any]
    given: Instants
    counts: Instants
    by_day: Flags


@frozen(eq=False)
class Acts:
    """The acts that were done, and when each takes effect; ``does`` is an index into suspend, reinstate, terminate, or
    -2 for another act; ``power`` into the powers of the rules.
    """

    row: Rows
    owner: Rows
    at: Instants
    does: NDArray[Any]
    by: NDArray[Any]
    power: NDArray[Any]


def notices(facts: Facts) -> Notices:
    """The notices of the batch; kinds and methods that the columns do not count are left."""
    columns, rules = facts.columns, facts.rules
    every = facts.of_type(NOTICE, happened=False)
    kinds = columns.coded("kind")
    for code, value in [*enumerate(kinds.values), (-1, "")]:
        unknown = "" if value in rules.notices else f"a notice unknown to the Terms: {value}"
        if why := rules.refused_notices.get(value, unknown):
            facts.leave_rows(every, kinds.codes[every] == code, why)
    rows = every[facts.occurred[every] <= facts.at]
    given = facts.occurred[rows]
    kind, by = kinds.take(rows).as_index_of(rules.notices), columns.coded("by").take(rows).as_index_of(PARTIES)
    counts = _counting(facts, rows, given)
    for number, name in enumerate(rules.notices):
        declared = rules.terms.notices[name]
        if not declared.about and declared.by in PARTIES:
            counts = np.where((kind == number) & (by != PARTIES.index(declared.by)), FOREVER, counts)
    return Notices(rows, kind, by, given, counts, columns.flags("by_day", rows))


def _counting(facts: Facts, rows: Rows, given: Instants) -> Instants:
    """When writings given at some instants count by their methods, apart from who gives them."""
    rule, columns = facts.rules.terms.notice, facts.columns
    if rule is None:
        return given
    methods = columns.coded("method")
    counts = np.full(len(rows), FOREVER)
    delivered = columns.ints("delivered", FOREVER)[rows]
    facts.leave_rows(rows, (delivered < FOREVER) & ~facts.line.knows(delivered), "days far off")
    arrived = np.maximum(delivered, given)
    for code, name in enumerate(methods.values):
        method = rule.method(name)
        here = methods.codes[rows] == code
        if method is None:
            continue
        if method.unit == "business days":
            facts.leave_rows(rows, here, "a method that counts in business days")
        start = given
        if method.counts == "in person":
            start = np.where(delivered < FOREVER, arrived, given)
        if method.counts == "delivery":
            start = np.where(delivered < FOREVER, arrived, FOREVER)
        counts = np.where(here, _after(facts, start, method), counts)
    return counts


def _after(facts: Facts, start: Instants, method: Method) -> Instants:
    if not method.n:
        return start
    known = facts.line.knows(start)
    day = facts.line.day_of(np.where(known, start, facts.at)) + method.n
    return np.where(known, facts.line.start_of(day), FOREVER)


def first_notices(
    facts: Facts, given: Notices, kinds: NDArray[Any], matters: Any, opening: Rows
) -> dict[str, Instants]:
    """For each kind of notice about matters: when the first that counts for a matter counts, FOREVER where none does.

    ``matters`` are those of :func:`lifecycle.portfolio.matters.matters` as a :class:`~lifecycle.portfolio.windows.Set`,
    ``kinds`` their kinds as indices.
    """
    found = {}
    place, target = facts.about(given.row)
    matter = opening[target]
    place, matter = place[matter >= 0], matter[matter >= 0]
    for number, name in enumerate(facts.rules.notices):
        declared = facts.rules.terms.notices[name]
        if not declared.about:
            continue
        about = np.array([facts.rules.kinds.index(kind) for kind in declared.about])
        mine = given.kind[place] == number
        pairs = [place[mine]], [matter[mine]]
        for more, covered in zip(pairs, _covering_all(facts, given, number, kinds, matters, about), strict=True):
            more.append(covered)
        one, of = np.concatenate(pairs[0]), np.concatenate(pairs[1])
        first = np.full(len(kinds), FOREVER)
        for kind_number in about if len(one) else ():
            here = np.flatnonzero(kinds[of] == kind_number)
            of_kind = matters.of_kind(facts.rules.kinds[kind_number], of[here], {})
            counts = given.counts[one[here]]
            late = (counts >= of_kind.ended) & (counts < FOREVER)
            if (late := late & ~of_kind.ended_as(_ending_all(facts.rules.terms, name, of_kind.kind))).any():
                facts.leave_rows(given.row[one[here]], late, "a notice about what had ended, but not for every power")
            valid = here[_counts_for(facts, given, declared, one[here], of_kind)]
            np.minimum.at(first, of[valid], given.counts[one[valid]])
        found[name] = first
    return found


def _ending_all(terms: Terms, notice: str, kind: str) -> tuple[str, ...]:
    """The ways to end a matter of a kind that end it for all that counts from a kind of notice about it."""
    resting: tuple[Power | Duty, ...] = (*terms.powers.values(), *terms.duties.values())
    counting = [
        set(one.ended_by) if isinstance(one, Power) else set[str]()
        for one in resting
        if kind in one.matter and any(clock.notice == notice for clock in one.clocks)
    ]
    return tuple(sorted(set.intersection(*counting))) if counting else tuple(terms.kinds[kind].ends)


def _covering_all(
    facts: Facts, given: Notices, number: int, kinds: NDArray[Any], matters: Any, about: Rows
) -> tuple[Rows, Rows]:
    """The pairs of notices that name no matter and the matters that had begun when they were given."""
    offsets, _ = facts.columns.lists("about")
    naming_none = np.flatnonzero((given.kind == number) & (offsets[given.row + 1] == offsets[given.row]))
    candidates = np.flatnonzero(np.isin(kinds, about)) if len(naming_none) else naming_none
    place, which = paired(facts.owner[given.row[naming_none]], matters.owner[candidates], facts.count)
    one, of = naming_none[place], candidates[which]
    before = matters.opened[of] < given.given[one]
    same = (matters.opened[of] == given.given[one]) & (matters.row[of] < given.row[one])
    return one[before | same], of[before | same]


def paired(left: Rows, right: Rows, count: int) -> tuple[Rows, Rows]:
    """All pairs of places whose agreements are the same; ``right`` is in the order of the agreements."""
    many = np.bincount(right, minlength=count)
    begins = np.cumsum(many) - many
    lengths = many[left]
    place = np.repeat(np.arange(len(left)), lengths)
    within = np.arange(len(place)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return place, np.repeat(begins[left], lengths) + within


def _counts_for(facts: Facts, given: Notices, kind: NoticeKind, one: Rows, matters: Any) -> Flags:
    """Which notices count for which matters, pair by pair."""
    counts, by = given.counts[one], given.by[one]
    by_day = given.by_day[one] & (counts == given.given[one])
    line = facts.line
    began = np.where(by_day, line.start_of(line.day_of(matters.opened)), matters.opened)
    valid: Flags = (counts < FOREVER) & (counts >= began) & (counts < matters.ended) & matters.holds(kind.by, by)
    for clock in kind.given:
        applies, unsaid = matters.applicable(clock.when, clock.unless)
        opens, closes = matters.counted(clock)
        valid &= ~unsaid & (~applies | ((counts >= opens) & (counts < closes)))
    return valid


def acts(facts: Facts) -> Acts:
    """The acts of the batch; those without a power, or unlike their power, are left."""
    columns, rules = facts.columns, facts.rules
    every = facts.of_type(ACTED, happened=False)
    power = columns.coded("power").take(every).as_index_of([power.id for power in rules.powers])
    does = columns.coded("does").take(every)
    facts.leave_rows(every, power < 0, "an act under no power")
    transitions = np.array([_KNOWN.index(p.does) if p.does in _KNOWN else -2 for p in rules.powers], np.int8)
    said, meant = does.as_index_of(_KNOWN), transitions[power]
    facts.leave_rows(every, (power >= 0) & (said != meant), "an act unlike its power")
    if rules.refused_holds:
        facts.leave_rows(every, said == 0, rules.refused_holds)
    rows = every[facts.occurred[every] <= facts.at]
    now = facts.occurred[every] <= facts.at
    at = facts.occurred[rows]
    written = np.array([p.exercise == "written notice" for p in rules.powers], bool)[power[now]]
    if written.any() and rules.terms.notice is not None:
        at = np.where(written, _taking_effect(facts, rows, at), at)
    return Acts(
        rows, facts.owner[rows], at, meant[now], columns.coded("by").take(rows).as_index_of(PARTIES), power[now]
    )


def _taking_effect(facts: Facts, rows: Rows, at: Instants) -> Instants:
    """When acts in writing take effect; by a method that counts on delivery, which the columns do not follow, never."""
    rule, methods = facts.rules.terms.notice, facts.columns.coded("method")
    found = at
    for code, name in enumerate(methods.values):
        method = rule.method(name) if rule else None
        here = methods.codes[rows] == code
        if method is None:
            continue
        if method.unit == "business days":
            facts.leave_rows(rows, here, "a method that counts in business days")
        effect = np.full(len(at), FOREVER) if method.counts == "delivery" else _after(facts, at, method)
        found = np.where(here, effect, found)
    return found
