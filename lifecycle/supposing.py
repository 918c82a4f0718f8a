"""What would be: a matter as if what a power lacks had been said of it, and given. Nothing supposed is recorded."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.days import FOREVER, Instant
from lifecycle.docket import Docket
from lifecycle.matters import Matter, Notice
from lifecycle.powers import allowed, applicable, earliest_notice, lasting_for, notice_defect
from lifecycle.terms.model import Kind, NoticeKind, Power, Scalar, Terms, holders, values_of

_OTHERWISE = "something else"


def with_answers(power: Power, matter: Matter, docket: Docket) -> tuple[Matter, ...]:
    """The matter as it would be for each answer to what a power turns on and nobody has said, asserted by the party
    that must; only answers under which the power is about it. The matter itself where none is.
    """
    kind = docket.kind_of(matter)
    asserted = matter._replace(by=kind.asserted_by) if kind.asserted_by else matter
    return tuple(_answered(power, asserted, kind)) or (matter,)


def _answered(power: Power, matter: Matter, kind: Kind) -> Iterator[Matter]:
    fits, name = applicable(power.when, power.unless, matter)
    if fits:
        turned_on = (applicable(clock.when, clock.unless, matter)[1] for clock in power.clocks)
        name = next((name for name in turned_on if name and matter.attribute(name) is None), "")
        if not name:
            yield matter
    if name and matter.attribute(name) is None:
        for value in _answers(power, kind, name):
            yield from _answered(power, matter._replace(attributes={**matter.attributes, name: value}), kind)


def _answers(power: Power, kind: Kind, name: str) -> tuple[Scalar, ...]:
    """What can be said of an attribute; of a free text, what the power asks about, and something else."""
    known = kind.attributes.get(name, ())
    if isinstance(known, tuple):
        return known
    if known == "yes or no":
        return (True, False)
    conditions = (power.when, power.unless, *(c for clock in power.clocks for c in (clock.when, clock.unless)))
    asked = [condition[name] for condition in conditions if name in condition]
    values = [value for found in asked for value in values_of(found)]
    return (*dict.fromkeys(values), _OTHERWISE)


def with_notices(power: Power, matter: Matter, docket: Docket, at: Instant, by: str = "") -> Matter:
    """The matter as it would be if every notice that a power lacks were given as soon as it can be, from ``at`` on, by
    the method that counts first: after its own notices, in the order in which they are given. ``by`` gives those that
    are for either party. What would not count even so is left out.
    """
    matter = _going_on(power, matter, docket)
    for lacking in _lacking(power, matter, docket):
        for kind in _leading_to(lacking, docket.terms_of(matter)):
            supposed = _supposed(kind, matter, docket, at, by)
            if supposed and not notice_defect(supposed, matter, matter.last, docket):
                matter = matter._replace(notices=(*matter.notices, supposed))
    return matter


def futile_notices(power: Power, matter: Matter, docket: Docket, at: Instant) -> tuple[str, ...]:
    """Why the notices that a power still lacks would not count, if they were given as soon as they can be."""
    matter = _going_on(power, matter, docket)
    supposed = (_supposed(kind, matter, docket, at) for kind in _lacking(power, matter, docket))
    return tuple(notice_defect(notice, matter, matter.last, docket) for notice in supposed if notice)


def _going_on(power: Power, matter: Matter, docket: Docket) -> Matter:
    return matter._replace(spells=(*matter.spells[:-1], lasting_for(power, matter, matter.last, docket)))


def _lacking(power: Power, matter: Matter, docket: Docket) -> list[NoticeKind]:
    """The kinds of notice that a power counts from, and of which none counts for the matter."""
    wanted = (c.notice for c in power.clocks if c.notice and applicable(c.when, c.unless, matter)[0])
    return [
        docket.terms_of(matter).notices[kind] for kind in dict.fromkeys(wanted) if not _counts(kind, matter, docket)
    ]


def _counts(kind_id: str, matter: Matter, docket: Docket) -> bool:
    return earliest_notice(kind_id, matter, matter.last, docket) is not None


def _leading_to(kind: NoticeKind, terms: Terms) -> list[NoticeKind]:
    """A kind of notice, after those that must be given before it: a reminder, then a final notice."""
    kinds = [kind]
    for later in kinds:
        kinds += [terms.notices[c.notice] for c in later.given if c.notice and terms.notices[c.notice] not in kinds]
    return kinds[::-1]


def _supposed(kind: NoticeKind, matter: Matter, docket: Docket, at: Instant, by: str = "") -> Notice | None:
    """A notice of a kind as soon as it can be given; None where one counts already, or nobody can ever give one."""
    soonest = max(at, matter.last.opened, allowed(kind, matter, docket).opens)
    givers = holders(kind.by, matter.party)
    if soonest == FOREVER or not givers or _counts(kind.id, matter, docket):
        return None
    method, counts = docket.writing.fastest(soonest)
    giver = next((party for party in givers if party == by), givers[0])
    return Notice(f"supposed {kind.id}", kind.id, giver, method, soonest, about=(matter.id,), counts=counts)
