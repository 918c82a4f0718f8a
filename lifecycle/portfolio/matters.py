"""Matters in columns: what began, and when and how it ended - by what was said of it, or by being paid."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lifecycle.portfolio.counting import BEGINNING, FOREVER, Instants
from lifecycle.portfolio.facts import ENDED, OPENED, PAID, PARTIES, Facts, Flags, Rows
from lifecycle.portfolio.tables import ATTRIBUTE, DAY, Coded
from lifecycle.terms.model import Kind
from lifecycle.values import frozen

_MEANS = ("payment", "credit", "write_off")
_MEANS_END = ("paid", "credited", "written_off")


@frozen(eq=False)
class Matters:
    """Matters that began, in the order in which their beginnings were recorded. ``how`` is an index into the ends of
    the rules; ``party`` and ``by`` into PARTIES, -1 for none. row: their events; -1 for what the course opened.
    """

    row: Rows
    owner: Rows
    opened: Instants
    ended: Instants
    how: NDArray[Any]
    party: NDArray[Any]
    by: NDArray[Any]


def matters(facts: Facts) -> tuple[Matters, Coded, Rows]:
    """The matters that had begun, their kinds, and for each row of the batch the matter it opened (-1: none)."""
    columns, rules = facts.columns, facts.rules
    every = facts.of_type(OPENED, happened=False)
    kinds = columns.coded("kind")
    for code, value in enumerate(kinds.values):
        why = rules.refused_kinds.get(value, "" if value in rules.kinds else f"unknown to the Terms: {value}")
        if why:
            facts.leave_rows(every, kinds.codes[every] == code, why)
    _leave_details(facts, every)
    rows = every[facts.occurred[every] <= facts.at]
    opening = np.full(len(columns), -1, np.int64)
    opening[rows] = np.arange(len(rows))
    owner, opened = facts.owner[rows], facts.occurred[rows]
    party = columns.coded("party").take(rows).as_index_of(PARTIES)
    implied = {kind.id: PARTIES.index(kind.party) for kind in rules.terms.kinds.values() if kind.party in PARTIES}
    of_kind = np.array([implied.get(value, -1) for value in kinds.values] + [-1], np.int8)
    party = np.where(party < 0, of_kind[kinds.codes[rows]], party)
    ended, how = _endings(facts, rows, opening, kinds)
    by = columns.coded("by").take(rows).as_index_of(PARTIES)
    return Matters(rows, owner, opened, ended, how, party, by), kinds.take(rows), opening


def _leave_details(facts: Facts, rows: Rows) -> None:
    """Leave agreements whose matters name others, miss what their kind asks for, or say what it does not have."""
    columns, terms = facts.columns, facts.rules.terms
    kinds, parties = columns.coded("kind"), columns.coded("party")
    days = [name for name in columns.batch.schema.names if name.startswith(DAY)]
    attributes = [name for name in columns.batch.schema.names if name.startswith(ATTRIBUTE)]
    for kind in terms.kinds.values():
        mine = rows[kinds.among((kind.id,))[rows]]
        if not len(mine):
            continue
        said = parties.codes[mine] >= 0
        other = ~said if kind.party == "either" else said & ~parties.among((kind.party,))[mine]
        facts.leave_rows(mine, other, f"{kind.id}: whom it is about")
        if kind.money is None:
            facts.leave_rows(mine, columns.present("amount", mine), f"{kind.id}: an amount")
        for name in (f"{DAY}{day}" for day in kind.days if day not in kind.defaults):
            has = columns.present(name, mine) if columns.has(name) else np.zeros(len(mine), bool)
            facts.leave_rows(mine, ~has, f"{kind.id}: no {name}")
        for name in days:
            if name.removeprefix(DAY) not in kind.days:
                facts.leave_rows(mine, columns.present(name, mine), f"{kind.id}: {name}")
        for name in attributes:
            _leave_attribute(facts, mine, kind, name)


def _leave_attribute(facts: Facts, rows: Rows, kind: Kind, name: str) -> None:
    """Leave agreements whose matters have an attribute with a value that the columns, or its kind, do not hold."""
    allowed, said = kind.attributes.get(name.removeprefix(ATTRIBUTE)), facts.columns.coded(name)
    if allowed == "text":
        return
    values = ("true", "false") if allowed == "yes or no" else allowed if isinstance(allowed, tuple) else ()
    wrong = (said.codes[rows] >= 0) & ~said.among(values)[rows]
    facts.leave_rows(rows, wrong, "a matter names others" if allowed == "matters" else f"{kind.id}: {name}")


def _endings(facts: Facts, opened: Rows, opening: Rows, kinds: Coded) -> tuple[Instants, NDArray[Any]]:
    """When each matter ended and how: the first of what was said to end it and of the payment that settled it."""
    columns, rules, count = facts.columns, facts.rules, len(opened)
    owed = rules.terms.kinds
    money = kinds.among(kind.id for kind in owed.values() if kind.money == "owed")[opened]
    disputed = kinds.among(kind.id for kind in owed.values() if kind.money == "disputed")[opened]
    facts.leave_rows(opened, disputed, "a dispute")
    ends, ending = _said_ended(facts, opening, kinds, opened)
    amounts, sane = columns.millionths("amount")
    facts.leave_rows(opened, money & ~sane[opened], "an amount beyond the columns")
    settled, settling = _settled(facts, opened, opening, amounts, sane, money)
    free = money & (amounts[opened] == 0)
    when = np.concatenate((facts.occurred[ends], facts.occurred[settled], np.full(int(free.sum()), BEGINNING)))
    row = np.concatenate((ends, settled, opened[free]))
    matter = np.concatenate((ending, settling, np.flatnonzero(free)))
    how = np.concatenate(
        (
            columns.coded("how").take(ends).as_index_of(rules.ends),
            np.array([rules.ends.index(end) for end in _MEANS_END] + [0])[
                columns.coded("means").take(settled).as_index_of(_MEANS)
            ],
            np.full(int(free.sum()), rules.ends.index("paid")),
        )
    )
    first = _first_of_each(matter, when, row)
    at, ended_how = np.full(count, FOREVER), np.zeros(count, np.int8)
    at[matter[first]] = np.maximum(when[first], facts.occurred[opened[matter[first]]])
    ended_how[matter[first]] = how[first]
    return at, ended_how


def _first_of_each(group: Rows, when: Instants, row: Rows) -> Rows:
    """Of each group, the place of what came first: by instant, then by place in the history."""
    if len(group) < 2 or np.bincount(group).max() < 2:
        return np.arange(len(group))
    order = np.lexsort((row, when, group))
    first: Rows = order[np.diff(group[order], prepend=-1) != 0]
    return first


def _said_ended(facts: Facts, opening: Rows, kinds: Coded, opened: Rows) -> tuple[Rows, Rows]:
    """The events that ended a matter which had begun, and the matters; ends a kind cannot have are left."""
    rules = facts.rules
    rows = facts.of_type(ENDED)
    place, target = facts.about(rows)
    matter = opening[target]
    known = matter >= 0
    rows, matter = rows[place[known]], matter[known]
    how = facts.columns.coded("how").take(rows).as_index_of(rules.ends)
    possible = np.zeros((len(kinds.values) + 1, len(rules.ends)), bool)
    for code, value in enumerate(kinds.values):
        if kind := rules.terms.kinds.get(value):
            ways = [end for end in kind.ends if kind.money != "owed" or end not in _MEANS_END]
            possible[code, [rules.ends.index(end) for end in ways]] = True
    facts.leave_rows(rows, (how < 1) | ~possible[kinds.codes[opened[matter]], how], "an end its matter cannot have")
    return rows, matter


def _settled(facts: Facts, opened: Rows, opening: Rows, amounts: Rows, sane: Flags, money: Flags) -> tuple[Rows, Rows]:
    """The payments that settled a matter, and the matters."""
    columns = facts.columns
    every = facts.of_type(PAID, happened=False)
    means = columns.coded("means").take(every).as_index_of(_MEANS)
    facts.leave_rows(every, means < 0, "money taken back")
    facts.leave_rows(every, ~sane[every], "an amount beyond the columns")
    rows = every[facts.occurred[every] <= facts.at]
    place, target = facts.about(rows)
    matter = opening[target]
    known = matter >= 0
    rows, matter = rows[place[known]], matter[known]
    currency = columns.coded("currency").codes
    facts.leave_rows(rows, (currency[rows] != currency[opened[matter]]) | ~money[matter], "money of another sort")
    if not len(rows):
        return rows, matter
    owed = amounts[opened[matter]]
    if np.bincount(matter).max() == 1:
        enough = amounts[rows] >= owed
        return rows[enough], matter[enough]
    order = np.lexsort((rows, facts.occurred[rows], matter))
    rows, matter, owed = rows[order], matter[order], owed[order]
    first = np.diff(matter, prepend=-1) != 0
    total = np.cumsum(amounts[rows].astype(np.float64))
    facts.leave_rows(rows, np.full(len(rows), total[-1] >= 2.0**62), "an amount beyond the columns")
    summed = np.cumsum(amounts[rows])
    before = np.maximum.accumulate(np.where(first, np.arange(len(rows)), 0))
    summed = summed - (summed[before] - amounts[rows[before]])
    enough = summed >= owed
    return rows[enough], matter[enough]
