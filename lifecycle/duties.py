"""Duties: who owes what by when, because of what, and how it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from lifecycle.course import Course
from lifecycle.days import BEGINNING, FOREVER, Day, Instant
from lifecycle.matters import Matter, Spell
from lifecycle.powers import applicable, counted, earliest_notice
from lifecycle.reasons import Counted
from lifecycle.seen import Seen
from lifecycle.terms.model import Duty, Party, holders
from lifecycle.values import frozen

Standing: TypeAlias = Literal["pending", "met", "missed", "unscheduled"]


@frozen(kw_only=True)
class Owed:
    """A duty as it stands: who owes it because of what, from when, by when (``due`` included; None where no date is
    set).
    """

    duty: Duty
    by: tuple[Party, ...]
    matter: str
    since: Day
    due: Day | None
    standing: Standing
    arithmetic: str = ""
    done: Day | None = None


def duties(course: Course, at: Instant) -> Iterator[Owed]:
    """Every duty that has arisen by an instant and how it stands, in the order of the Terms."""
    recorded = [course.docket.governed(matter, at) for matter in course.docket.matters.values()]
    for version in course.governing(at):
        for duty in course.versions[version].terms.duties.values():
            matters = [matter for matter in recorded if matter.kind in duty.matter]
            for matter in (m for m in (*matters, *course.matters(duty.matter, at)) if m.version == version):
                for spell in matter.spells:
                    if spell.opened <= at and (owed := _owed(duty, matter, spell, course, at)):
                        yield owed


def due_after(course: Course, at: Instant) -> Iterator[Instant]:
    """When the last days of the duties end that are pending at an instant."""
    seen, docket = Seen.of(course, at), course.docket
    for version in course.governing(at):
        for duty in course.versions[version].terms.duties.values():

            def look(matter: Matter, duty: Duty = duty, version: int = version) -> tuple[list[Instant], Instant]:
                governed = docket.governed(matter, at)
                spells = governed.spells if governed.version == version else ()
                ends = [_pending_until(duty, governed, spell, course, at) for spell in spells]
                pending = [end for end in ends if at < end < FOREVER]
                # A date may be met, or come to be set, without the matter changing: look again.
                return pending, at if any(at < end for end in ends) or len(course.versions) > 1 else FOREVER

            found, _ = seen.look(("duty", duty.id, version), docket.of_kind(duty.matter), at, look)
            yield from found
            for matter in (m for m in course.matters(duty.matter, at) if m.version == version):
                ends = (_pending_until(duty, matter, spell, course, at) for spell in matter.spells)
                yield from (end for end in ends if at < end < FOREVER)


def _pending_until(duty: Duty, matter: Matter, spell: Spell, course: Course, at: Instant) -> Instant:
    """Until when a duty is pending, seen from an instant; FOREVER where it may still arise."""
    if spell.opened > at:
        return FOREVER
    applies, _ = applicable(duty.when, duty.unless, matter)
    arises = _arises(duty, matter, spell, course)
    if not applies or arises is None or not _binds(duty, matter, spell, course):
        return BEGINNING
    if arises > at:
        return FOREVER
    done = _done(duty, matter, spell, course)
    due = course.calendar.day_of(arises) if duty.deadline == "at once" else _due(duty, matter, spell, course)[0]
    return BEGINNING if due is None or (done is not None and done <= at) else course.calendar.end_of(due)


def _owed(duty: Duty, matter: Matter, spell: Spell, course: Course, at: Instant) -> Owed | None:
    applies, _ = applicable(duty.when, duty.unless, matter)
    arises = _arises(duty, matter, spell, course)
    if not applies or arises is None or arises > at or not _binds(duty, matter, spell, course):
        return None
    day_of = course.calendar.day_of
    due, arithmetic = _due(duty, matter, spell, course)
    if duty.deadline == "at once":
        due = day_of(arises)
    done = _done(duty, matter, spell, course)
    done = done if done is not None and done <= at else None
    standing: Standing = "unscheduled" if due is None else "pending"
    binding = duty.deadline == "clocks" and not duty.effort
    if done is not None:
        standing = "missed" if binding and due is not None and day_of(done) > due else "met"
    elif binding and due is not None and day_of(at) > due:
        standing = "missed"
    return Owed(
        duty=duty,
        by=holders(duty.by, matter.party),
        matter=matter.id,
        since=day_of(arises),
        due=due,
        standing=standing,
        arithmetic=arithmetic,
        done=None if done is None else day_of(done),
    )


def _arises(duty: Duty, matter: Matter, spell: Spell, course: Course) -> Instant | None:
    if duty.arises == "start":
        return spell.opened
    notice = earliest_notice(duty.arises.removeprefix("notice:"), matter, spell, course.docket)
    return notice.counts if notice else None


def _binds(duty: Duty, matter: Matter, spell: Spell, course: Course) -> bool:
    """Whether the clause a duty rests on was in force when its matter arose, after the end as a survivor; or the duty
    is one that the end itself brings, or outlives it whatever survives.
    """
    if matter.kind == "ending":
        return True
    outlives = duty.outlives and course.state(spell.opened) == "terminated"
    return outlives or course.clause_in_force(duty.rests_on or duty.clause, spell.opened)


def _due(duty: Duty, matter: Matter, spell: Spell, course: Course) -> tuple[Day | None, str]:
    """The last day for a duty, and how it was counted: the earliest of its clocks, or the latest where any suffices."""
    counts = [
        counted(clock, clock.clause or duty.clause, matter, spell, course.docket)
        for clock in duty.clocks
        if applicable(clock.when, clock.unless, matter)[0]
    ]
    dated = [reason for reason in counts if isinstance(reason, Counted)]
    if not dated:
        return None, ""
    binding = (min if duty.needs == "all" else max)(dated, key=lambda reason: reason.safe)
    promised = (day for (name, _), day in matter.waits.items() if name == duty.id)
    return max((binding.safe, *promised)), binding.arithmetic


def _done(duty: Duty, matter: Matter, spell: Spell, course: Course) -> Instant | None:
    """When a duty was fulfilled: as recorded, by a notice of the kind that fulfils it, or by its matter's end."""
    docket = course.docket
    entitled = holders(duty.by, matter.party)
    found = [done for done, by in docket.done.get((duty.id, matter.id), ()) if done >= spell.opened and by in entitled]
    for way in duty.met_by:
        if way.startswith("notice:"):
            notice = earliest_notice(way.removeprefix("notice:"), matter, spell, docket)
            found += [notice.counts] if notice and notice.counts else []
        elif spell.how == way:
            found.append(spell.ended)
    return min(found, default=None)
