"""What the library and the walk say of one account at one instant, in one form, so that they can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve

from lifecycle import Agreement, Event
from lifecycle.judge import openings_of
from lifecycle.powers import earliest_notice
from tests.oracle.clauses import TABLE
from tests.oracle.modal import Open, Walk

NOTICES = {"breach": "breach", "overdue": "invoice", "claim": "claim", "warranty": "warranty_breach"}


def told(agreement: Agreement, at: datetime) -> dict[str, Any]:
    """What the library says, without how it numbers the events."""
    status, docket = agreement.status(at), agreement._course(at).docket
    term, ending = status.term, status.ending
    claims = (owed for owed in agreement.duties(at) if owed.duty.id.startswith("notify_claim"))
    return {
        "state": status.state,
        "term": (term.number, term.first, term.last, term.order) if term else None,
        "holds": sorted((h.power or "", h.key, h.since) for h in status.holds),
        "ending": (ending.at, ending.how, ending.power, ending.by, ending.event) if ending else None,
        "powers": telling(library_powers(agreement, at), at),
        "claims": {owed.matter: (owed.due, owed.standing) for owed in claims},  # the last time it was received
        "notices": {
            (kind, matter.id): found.counts if (found := earliest_notice(kind, matter, matter.last, docket)) else None
            for kind, of in NOTICES.items()
            for matter in docket.of_kind([of])
        },
    }


def library_powers(agreement: Agreement, at: datetime) -> Iterator[Open]:
    """Every window that there is, was or will be, once for each who holds the power."""
    course = agreement._course(at)
    for power in agreement.terms.powers.values():
        for o in openings_of(power, course, at, 0):
            for by in (o.holders or (power.by,)) if o.window else ():
                yield Open(power.id, o.matter.id if o.matter else "", by, o.window.opens, o.window.closes)


def telling(powers: Iterable[Open], at: datetime) -> list[Open]:
    """Windows ahead, and those past that rest on a matter alone and not on what became of holds and orders since."""
    past = {power for power, row in TABLE.items() if row.does not in ("suspend", "reinstate") and row.kinds}
    return sorted(o for o in powers if at < o.until or o.power in past)


def walked(walk: Walk) -> dict[str, Any]:
    """What the walk says."""
    return {
        "state": walk.state,
        "term": walk.term and tuple(walk.term),
        "holds": sorted((h.power or "", h.key, h.since) for h in walk.holds),
        "ending": walk.ending and tuple(walk.ending),
        "powers": telling(walk.powers, walk.at),
        "claims": walk.claims(),
        "notices": {
            (kind, matter.id): walk.noticed(kind, matter)
            for kind, of in NOTICES.items()
            for matter in walk.matters.values()
            if matter.kind == of
        },
    }


def agree(agreement: Agreement, said: dict[str, Any], walk: Walk) -> None:
    """Claim that library and walk say the same."""
    same(said, walked(walk))
    in_force = {clause for clause in agreement.terms.clauses if walk.in_force(clause)}
    assert set(agreement.clauses_in_force(walk.at)) == in_force


def same(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Claim that two tellings are one."""
    apart = {name: differing(one[name], other[name]) for name in one if one[name] != other[name]}
    assert not apart, apart


def differing(one: Any, other: Any) -> Any:
    """What is in one and not in the other, where they are many."""
    if isinstance(one, list):
        return [x for x in one if x not in other], [x for x in other if x not in one]
    return one, other


def numbered(events: Sequence[Event]) -> Agreement:
    """The agreement of these events, numbered anew in this order."""
    return Agreement([evolve(event, sequence=n) for n, event in enumerate(events, start=1)])


def takes(walk: Walk, does: str, by: str, about: Sequence[str] = ()) -> bool:
    """Whether an act takes effect at all if it is done, permitted or not: only the provider suspends, and lifts; nobody
    acts on what is not in force yet, or has ended, but under what outlives the end.
    """
    if does == "suspend":
        return by == "provider" and walk.state in ("trial", "active", "suspended", "renewed")
    if does == "reinstate":
        held = {hold.key for hold in walk.holds}
        return by == "provider" and walk.state == "suspended" and (not about or bool(held & set(about)))
    if does == "terminate":
        return walk.state in ("trial", "active", "suspended", "renewed")
    rows = [row for row in TABLE.values() if row.does == does]
    rows = [row for row in rows if row.who == by or (by != "both" and row.who in ("either", "other"))]
    return bool(rows) and walk.state is not None and (walk.state != "terminated" or any(row.outlives for row in rows))
