"""Whether past acts were right, judged on the record as it stood before them."""

from __future__ import annotations

from lifecycle.course import Course
from lifecycle.days import Instant
from lifecycle.docket import fold
from lifecycle.events import Acted, Event, Posted
from lifecycle.history import effective
from lifecycle.judge import judge
from lifecycle.terms.model import Terms
from lifecycle.verdict import Question


def was_regular(event: Event, events: list[Event], terms: Terms) -> bool:
    """Whether the Terms permitted a recorded act, on what was recorded before it. Facts and acts of both together are
    always regular.

    What its actor vouched for at the time is not questioned here; an act done by overriding the verdict is never
    regular.
    """
    # As it stands now, should it have been corrected; judged on what was recorded before it.
    event = next((stands for stands in effective(events[1:]) if stands.id == event.id), event)
    fact = event.fact
    if not isinstance(fact, Acted | Posted):
        return True
    if isinstance(fact, Acted) and fact.override is not None:
        return False
    before = events[: event.sequence - 1]
    docket = fold(terms, before, None)
    at = docket.instant_of(event)
    course = Course(docket if docket.latest <= at else fold(terms, before, at), at)
    return judge(course, _asked(fact, at, terms)).permitted


def _asked(fact: Acted | Posted, at: Instant, terms: Terms) -> Question:
    if isinstance(fact, Posted):
        return Question(does=terms.powers[fact.power].does, by="provider", at=at, power=fact.power, known_through=at)
    return Question(
        does=fact.does,
        by=fact.by,
        at=at,
        about=fact.about,
        power=fact.power,
        method=fact.method or "",
        known_through=at,
    )
