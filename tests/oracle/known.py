"""Where the steps do not go yet: each place is a finding, with its claim in ``tests/test_oracle_findings.py``.

Once a claim comes true, its place here goes, and the steps go there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lifecycle import Event
from lifecycle.events import Accepted, Acted, Agreed, MatterReopened, NoticeDelivered, Waived
from tests.oracle.modal import Walk


def far_term(walk: Walk) -> bool:
    """The term to stop lies further ahead than the one after the running one."""
    stoppable, running = walk.stoppable(), walk.term.number if walk.term else 0
    return bool(stoppable) and stoppable[0].number > running + 1


def before_any_term(walk: Walk) -> bool:
    """No term has begun: the last day of notice for the first one may pass unseen by ``wake_at``."""
    return walk.term is None


def silent(walk: Walk) -> bool:
    """After the end a refusal may have no reason."""
    return walk.ending is not None


def reopened(history: Sequence[Event], matter: str) -> bool:
    """An invoice was voided and is no longer: whether it is owed is not asked, and late money may be refused."""
    return any(isinstance(e.fact, MatterReopened) and e.fact.matter == matter for e in history)


def waived(history: Sequence[Event], matter: str, power: str) -> bool:
    """A power was waived: waiving it again moves the first waiver."""
    return any(isinstance(e.fact, Waived) and (e.fact.matter, e.fact.power) == (matter, power) for e in history)


def cannot_befall(walk: Walk, kind: type, notice: str, at: datetime, history: Sequence[Event]) -> bool:
    """No notice meets the same twice, or before it is given; none is delivered once it has stopped a term."""
    again = any(isinstance(fact, kind) and notice in befalls(fact) for fact in (e.fact for e in history))
    given = walk.letters.get(notice)
    early = given is None or at < given.given
    return again or early or (kind is NoticeDelivered and notice in walk.spent)


def befalls(fact: object) -> set[str | None]:
    """The notice that a fact is about."""
    match fact:
        case Accepted(notice=notice) | NoticeDelivered(notice=notice):
            return {notice}
        case Agreed(target=target):
            return {target}
    return set()


def fixed(event: Event, history: Sequence[Event]) -> bool:
    """What is not corrected: a notice that something befell, a fact about an invoice once voided, the lifting of a
    hold (which anyone might then have done).
    """
    if isinstance(event.fact, Acted) and event.fact.does == "reinstate":
        return True
    if any(event.id in befalls(e.fact) for e in history) or befalls(event.fact):
        return True
    return of_reopened(event, history)


def of_reopened(event: Event, history: Sequence[Event]) -> bool:
    """A record about an invoice that was voided and is no longer."""
    matter = getattr(event.fact, "matter", None)
    return matter is not None and reopened(history, matter)
