"""Whether past acts were right, judged on the record as it stood before them."""

from __future__ import annotations

from lifecycle.course import Course
from lifecycle.days import Instant
from lifecycle.docket import fold
from lifecycle.events import Acted, Event, Posted
from lifecycle.history import effective
from lifecycle.judge import judge
from lifecycle.terms.library import Library
from lifecycle.verdict import Question
from lifecycle.versions import Versions


def was_regular(event: Event, events: list[Event], library: Library) -> bool:
    """Whether the Terms permitted a recorded act, on what was recorded before it. Facts and acts of both together are
    always regular.

    What its actor vouched for at the time is not questioned here; an act done by overriding the verdict is never
    regular.
    """
    # As it stands now, should it have been corrected; judged on what was recorded before it.
    event = next((stands for stands in effective(events[1:]) if stands.id == event.id), event)
    fact = event.fact
    if not isinstance(fact, Acted | Posted) or (isinstance(fact, Posted) and fact.power is None):
        return True
    if isinstance(fact, Acted) and fact.override is not None:
        return False
    before = events[: event.sequence - 1]
    docket = fold(library, before, None)
    at = docket.instant_of(event)
    course = Course(docket if docket.latest <= at else fold(library, before, at), at)
    return judge(course, _asked(fact, at, docket.versions)).permitted


def _asked(fact: Acted | Posted, at: Instant, versions: Versions) -> Question:
    if isinstance(fact, Posted):
        power = versions.power(fact.power, at)
        assert power is not None
        return Question(does=power.does, by="provider", at=at, power=power.id, known_through=at)
    return Question(
        does=fact.does,
        by=fact.by,
        at=at,
        about=fact.about,
        power=fact.power,
        method=fact.method or "",
        known_through=at,
    )
