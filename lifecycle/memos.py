"""Memos: what took effect by itself since the last one, and what an earlier memo reported that later facts undo."""

from __future__ import annotations

from collections.abc import Iterable

from lifecycle.changes import Change, changes, effects_of
from lifecycle.course import Course
from lifecycle.events import CaughtUp, Entry, Event


def entries_since(events: Iterable[Event], course: Course) -> tuple[Entry, ...]:
    """The entries of the next memo: overturned ones first, then what took effect by itself, in order of effect, up to
    the course's horizon.

    Found by comparing what the course derives with what the memos said; a memo is never a premise. An entry's key is
    made of the agreement, the transition, its cause and its day; one that is overturned and comes back is numbered, so
    that a host's outbox sees each once.
    """
    events = list(events)
    through = [event.fact.through for event in events if isinstance(event.fact, CaughtUp)]
    if through and course.horizon < max(through):
        return ()  # a slow worker's question about an instant that a memo is past
    derived = {_key(events[0].agreement, change, course): change for change in changes(course) if change.automatic}
    standing: dict[str, Entry] = {}
    announced: dict[str, int] = {}
    for event in events:
        for entry in event.fact.entries if isinstance(event.fact, CaughtUp) else ():
            base = entry.key.partition("#")[0]
            if entry.overturned:
                standing.pop(base, None)
            else:
                standing[base] = entry
                announced[base] = announced.get(base, 0) + 1
    undone = [
        _overturned(entry)
        for base, entry in standing.items()
        if base not in derived and entry.effective <= course.horizon
    ]
    new = [
        _entry(base, change, course, announced.get(base, 0)) for base, change in derived.items() if base not in standing
    ]
    return (*undone, *new)


def _key(agreement: str, change: Change, course: Course) -> str:
    return f"{agreement}:{change.transition}:{change.cause}:{course.calendar.day_of(change.at)}".replace("#", "_")


def _entry(base: str, change: Change, course: Course, before: int) -> Entry:
    effects = effects_of(course.terms, change.transition, change.power, change.by, change.source, change.target)
    return Entry(
        key=f"{base}#{before + 1}" if before else base,
        transition=change.transition,
        effective=change.at,
        clause=change.clause,
        text=change.text,
        effects=tuple(effect.id for effect in effects),
    )


def _overturned(entry: Entry) -> Entry:
    return Entry(
        key=f"{entry.key}#overturned",
        transition=entry.transition,
        effective=entry.effective,
        clause=entry.clause,
        text=entry.text,
        overturned=True,
    )
