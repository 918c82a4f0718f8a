"""The answers about one agreement by the single path, in the words of the columns; also what the columns are held
equal to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from lifecycle.agreement import Agreement
from lifecycle.days import Instant
from lifecycle.errors import LifecycleError
from lifecycle.events import Event, MatterOpened
from lifecycle.outlook import Ahead
from lifecycle.portfolio.entries import WHAT
from lifecycle.portfolio.tables import ANSWERS
from lifecycle.terms import Library


def answered(agreement: str, events: Iterable[Event], library: Library, at: Instant, why: str) -> dict[str, Any]:
    """The row of answers about an agreement; where it refuses its history, the row says only that.

    ``why`` it is answered singly.
    """
    row = nothing_told(agreement, why)
    try:
        return {**row, **answers(Agreement(events, library), at)}
    except LifecycleError as error:
        return nothing_told(agreement, why, str(error))


def nothing_told(agreement: str, why: str, refused: str | None = None) -> dict[str, Any]:
    """A row that says of an agreement only why it was answered singly, and why its history is refused."""
    return {**dict.fromkeys(ANSWERS.names), "agreement": agreement, "singly": why or None, "refused": refused}


def answers(account: Agreement, at: Instant) -> dict[str, Any]:
    """What a row of answers says of an agreement at an instant."""
    status, term = account.status(at), account.status(at).term
    open_now = [o for o in account.powers(at) if at in o.window]
    ahead = min(_dated(account, at), key=lambda entry: entry[0], default=(None, None))[1]
    return {
        "state": status.state,
        "in_service": status.in_service,
        "term_number": term and term.number,
        "term_first": term and term.first,
        "term_last": term and term.last,
        "holds": [{"power": hold.power, "matter": hold.matter, "since": hold.since} for hold in status.holds],
        "provider_may": list(dict.fromkeys(o.power.id for o in open_now if "provider" in o.holders)),
        "customer_may": list(dict.fromkeys(o.power.id for o in open_now if "customer" in o.holders)),
        "both_may": list(dict.fromkeys(o.power.id for o in open_now if not o.holders)),
        "next_at": ahead and ahead.at,
        "next_on": ahead and ahead.on,
        "next_what": ahead and ahead.what,
        "next_transition": (ahead and ahead.transition) or None,
        "next_clause": ahead and ahead.clause,
        "next_power": (ahead and ahead.power) or None,
        "next_matter": (ahead and ahead.matter) or None,
        "wake_at": account.wake_at(at),
    }


def _dated(account: Agreement, at: Instant) -> Iterator[tuple[Any, Ahead]]:
    """What is ahead, each with its place: by instant, sort, clause, power, transition, and the record of its
    matter.
    """
    opened = [event.fact.matter for event in account.history if isinstance(event.fact, MatterOpened)]
    for entry in account.timeline(at).entries:
        if entry.what in WHAT:
            place = opened.index(entry.matter) if entry.matter in opened else -1
            yield (entry.at, WHAT.index(entry.what), entry.clause, entry.power, entry.transition, place), entry
