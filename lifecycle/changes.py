"""The course read as the transitions it takes: what the table's arrows, one after the other, made of the agreement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from lifecycle.course import Course
from lifecycle.days import FOREVER, Instant
from lifecycle.holds import Hold
from lifecycle.machine import State
from lifecycle.terms.model import Effect, Terms, Transition
from lifecycle.values import frozen


@frozen
class Change:
    """A transition that took or will take effect. ``automatic``: by operation of the Terms, without an act;
    ``deferred``: only some time after its act. ``cause``: what tells it apart.
    """

    at: Instant
    transition: Transition
    source: State
    target: State
    clause: str
    automatic: bool
    cause: str
    power: str | None = None
    by: str | None = None
    deferred: bool = False

    @property
    def text(self) -> str:
        """The transition in words: ``renew: active -> renewed (term 2)``."""
        cause = f" ({self.cause})" if self.cause else ""
        return f"{self.transition}: {self.source} -> {self.target}{cause}"


def effects_of(
    terms: Terms, does: str, power: str | None, by: str | None, source: object, target: object
) -> tuple[Effect, ...]:
    """What an act brings about: nothing where a suspension is added or lifted while another goes on."""
    if does in ("suspend", "reinstate") and source == target:
        return ()
    return terms.effects_of(does, power, by)


@frozen(kw_only=True)
class _Step:
    """A change before it is known from which state and to which: it moves the phase, adds or lifts holds, or ends
    all.
    """

    order: tuple[Instant, int, int]
    transition: Transition
    clause: str
    automatic: bool
    cause: str
    power: str | None = None
    by: str | None = None
    deferred: bool = False
    phase: State | None = None
    adds: tuple[Hold, ...] = ()
    lifts: tuple[Hold, ...] = ()


# The order of one instant: what happens by itself (lift, convert or renew, expire), then acts in their sequence, then
# the lifting of holds whose matter had ended before they were placed.
_LIFT, _PHASE, _EXPIRE, _ACT, _EMPTY = range(5)


def changes(course: Course) -> list[Change]:
    """Every transition up to the course's horizon, in order; each begins in the state where the one before it ended."""
    if course.begins is None:
        return []
    phase: State = course.phases[0].state or "trial"
    standing = {hold for hold in course.holds if hold.sequence == 0}
    state: State = "suspended" if standing else phase
    made = []
    for step in sorted(_steps(course, course.holds), key=lambda step: step.order):
        phase = step.phase or phase
        standing = (standing | set(step.adds)) - set(step.lifts)
        target: State = "suspended" if standing else phase
        if step.transition in ("expire", "terminate"):
            target = "terminated"
        made.append(
            Change(
                at=step.order[0],
                transition=step.transition,
                source=state,
                target=target,
                clause=step.clause,
                automatic=step.automatic,
                cause=step.cause,
                power=step.power,
                by=step.by,
                deferred=step.deferred,
            )
        )
        state = target
    return made


def turns_after(course: Course, at: Instant) -> Iterator[Instant]:
    """When the transitions after an instant take effect, up to the course's horizon; unordered."""
    steps = _steps(course, course.holds_after(at)) if course.begins is not None else ()
    yield from (turn for step in steps if (turn := step.order[0]) > at)


def _steps(course: Course, holds: Sequence[Hold]) -> Iterator[_Step]:
    """The steps up to the horizon and before the end that phases and holds make, and the end itself; unordered."""
    limit = course.ending.at if course.ending else FOREVER
    steps = (*_phase_steps(course), *_suspensions(course, holds), *_liftings(course, holds))
    yield from (step for step in steps if step.order[0] <= course.horizon and (step.order[0] < limit or step.adds))
    if course.ending and course.ending.at <= course.horizon:
        end = course.ending
        yield _Step(
            order=(end.at, _EXPIRE if end.automatic else _ACT, end.sequence),
            transition="expire" if end.how == "expired" else "terminate",
            clause=end.clause,
            automatic=end.automatic,
            cause=end.about or end.how,
            power=end.power,
            by=end.by or end.held_by,
            deferred=end.deferred,
        )


def _phase_steps(course: Course) -> Iterator[_Step]:
    for before, phase in pairwise(course.phases):
        over = before.state == "trial" and phase.term is None and phase.state is not None
        if phase.term is not None or over:
            converts = over or (phase.term is not None and phase.term.number == 1)
            terms = course.versions.at(phase.since)
            begun = terms.trial if course.docket.made.on_trial and not over else terms.framework
            rule = begun if converts else terms.renewal
            yield _Step(
                order=(phase.since, _PHASE, 0),
                transition="convert" if converts else "renew",
                clause=rule.clause if rule else "",
                automatic=True,
                cause="no term" if phase.term is None else f"term {phase.term.number}",
                phase=phase.state,
            )


def _suspensions(course: Course, every: Sequence[Hold]) -> Iterator[_Step]:
    """One step an act, whatever the number of matters it is about."""
    for _, group in groupby((h for h in every if h.sequence), key=lambda hold: hold.sequence):
        holds = tuple(group)
        first = holds[0]
        yield _Step(
            order=(first.since, _ACT, first.sequence),
            transition="suspend",
            clause=_clause(course, first),
            automatic=False,
            cause=_named([hold.key for hold in holds]),
            power=first.power,
            by=first.by,
            adds=holds,
        )


def _liftings(course: Course, every: Sequence[Hold]) -> Iterator[_Step]:
    """One step for all holds that lift together: by one act, or by themselves at one instant."""
    lifted = sorted((hold for hold in every if hold.until < FOREVER), key=_lifting)
    for order, group in groupby(lifted, key=_lifting):
        holds = tuple(group)
        yield _Step(
            order=order,
            transition="reinstate",
            clause=_clause(course, holds[0]),
            automatic=holds[0].by_itself,
            cause=_named([f"{hold.key} {hold.event}" for hold in holds]),
            power=holds[0].power,
            by=holds[0].by,
            lifts=holds,
        )


def _named(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _lifting(hold: Hold) -> tuple[Instant, int, int]:
    if hold.lifter:
        return (hold.until, _ACT, hold.lifter)
    return (hold.until, _EMPTY if hold.until == hold.since else _LIFT, 0)


def _clause(course: Course, hold: Hold) -> str:
    power = course.power_of(hold)
    return power.clause if power else ""
