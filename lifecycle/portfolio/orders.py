"""The orders of many agreements in columns, one each at most."""

from __future__ import annotations

import numpy as np

from lifecycle.days import Period
from lifecycle.portfolio.counting import FOREVER, Instants
from lifecycle.portfolio.facts import ORDER, Facts, Flags, Rows, checked_days
from lifecycle.portfolio.rules import LONGEST
from lifecycle.values import frozen

_UNITS = ("days", "months", "years")
_PER_YEAR = Period(1, "years").months or 0


@frozen(eq=False)
class Orders:
    """The one order of each agreement: signed FOREVER where there is none yet."""

    signed: Instants
    start: Rows
    days: Rows
    months: Rows
    renews: Flags


def orders(facts: Facts) -> Orders:
    """The orders that were signed; agreements with several are left."""
    every = facts.of_type(ORDER, happened=False)
    if len(every) and np.bincount(facts.owner[every]).max() > 1:
        facts.leave(np.flatnonzero(np.bincount(facts.owner[every], minlength=facts.count) > 1), "several orders")
    rows = every[facts.occurred[every] <= facts.at]
    own = facts.rules.terms.order.term
    lengths = facts.columns.ints("length")[rows].astype(np.int64)
    units = facts.columns.coded("unit").take(rows).as_index_of(_UNITS).astype(np.int64)
    if own is not None:
        said = facts.columns.present("length", rows)
        lengths = np.where(said, lengths, own.n)
        units = np.where(said, units, _UNITS.index(own.unit))
    facts.leave_rows(rows, (lengths < 1) | (units < 0), "order without a length")
    months = np.select([units == 1, units == 2], [lengths, lengths * _PER_YEAR], 0)
    facts.leave_rows(rows, (months * 31 > LONGEST) | (lengths > LONGEST), "long terms")
    usable = facts.singly[facts.owner[rows]] == 0
    rows, months, lengths, units = rows[usable], months[usable], lengths[usable], units[usable]
    owner, count = facts.owner[rows], facts.count
    made = Orders(
        np.full(count, FOREVER),
        np.zeros(count, np.int64),
        np.ones(count, np.int64),
        np.zeros(count, np.int64),
        np.zeros(count, bool),
    )
    made.signed[owner] = facts.occurred[rows]
    made.start[owner] = checked_days(facts, "start", rows)
    made.days[owner] = np.where(units == 0, lengths, 1)
    made.months[owner] = months
    made.renews[owner] = facts.columns.flags("renews", rows)
    return made
