"""Memos: what took effect by itself since the last one, and what an earlier memo reported that later facts undo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from lifecycle.changes import changes, effects_of
from lifecycle.course import Course
from lifecycle.days import Instant
from lifecycle.events import CaughtUp, Entry, Event
from lifecycle.outlook import told_lapse


def entries_since(events: Iterable[Event], course: Course, at: Instant) -> tuple[Entry, ...]:
    """The entries of the next memo: overturned ones first, then what took effect by itself, in order of effect, up to
    an instant; the course is that of this instant.

    Found by comparing what the course derives with what the memos said; a memo is never a premise. An entry's key is
    made of the agreement, the transition, its cause and its day; one that is overturned and comes back is numbered, so
    that a host's outbox sees each once.
    """
    events = list(events)
    through = [event.fact.through for event in events if isinstance(event.fact, CaughtUp)]
    if through and at < max(through):
        return ()  # a slow worker's question about an instant that a memo is past
    derived = {entry.key: entry for entry in sorted(_derived(events[0].agreement, course), key=lambda e: e.effective)}
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
        evolve(entry, key=f"{entry.key}#overturned", effects=(), overturned=True)
        for base, entry in standing.items()
        if base not in derived and entry.effective <= at
    ]
    new = [
        evolve(entry, key=f"{base}#{announced[base] + 1}") if base in announced else entry
        for base, entry in derived.items()
        if base not in standing
    ]
    return (*undone, *new)


def _derived(agreement: str, course: Course) -> Iterator[Entry]:
    """What took effect without an act at that time: automatic transitions, a termination some time after it was given,
    and the end of trial or term that no other follows at once.
    """
    for change in (change for change in changes(course) if change.automatic or change.deferred):
        effects = effects_of(
            course.terms_at(change.at), change.transition, change.power, change.by, change.source, change.target
        )
        yield Entry(
            key=_key(agreement, change.transition, change.cause, change.at, course),
            transition=change.transition,
            effective=change.at,
            clause=change.clause,
            text=change.text,
            effects=tuple(effect.id for effect in effects),
        )
    for lapse in course.lapses:
        what, text, clause = told_lapse(lapse, course)
        effects = course.terms_at(lapse.since).effects_of(what, None, None)
        yield Entry(
            key=_key(agreement, what, "", lapse.since, course),
            transition=what,
            effective=lapse.since,
            clause=clause,
            text=text,
            effects=tuple(effect.id for effect in effects),
        )


def _key(agreement: str, transition: str, cause: str, at: Instant, course: Course) -> str:
    return f"{agreement}:{transition}:{cause}:{course.calendar.day_of(at)}".replace("#", "_")
