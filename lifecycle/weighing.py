"""What holds under every reading: an act weighed over each combination of the readings that it depends on.

Because windows are sets of instants, so is the answer: *undisputed* where the act is open under all of them,
*contested* where it is open under some, *closed* elsewhere. A careful party waits for undisputed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from itertools import product
from math import prod
from typing import Literal, TypeAlias

from attrs import evolve

from lifecycle.bearing import Choices, choices
from lifecycle.course import Course
from lifecycle.days import Day, Instant
from lifecycle.errors import InvalidFact
from lifecycle.events import By
from lifecycle.judge import openings_of, powers_asked
from lifecycle.outlook import live_powers
from lifecycle.powers import Opening
from lifecycle.reasons import Reason
from lifecycle.values import frozen
from lifecycle.verdict import Question, Verdict
from lifecycle.windows import NEVER, Windows

Readings: TypeAlias = Mapping[str, str]
World: TypeAlias = Callable[[Readings], Course]
"""The course as it would be under other readings, by what differs from those agreed."""

Standing: TypeAlias = Literal["closed", "contested", "undisputed"]

MOST = 65_536
"""The most combinations of readings that are weighed."""


@frozen
class Under:
    """When an act is open under some readings: those that differ from the agreed ones, as few as lead to it."""

    readings: Readings
    windows: Windows

    @property
    def named(self) -> str:
        """The readings in words; as agreed, where none differs."""
        return "; ".join(f"{key} read as {meaning!r}" for key, meaning in self.readings.items()) or "as agreed"


@frozen(kw_only=True)
class Weighed:
    """An act under every reading. ``undisputed`` and ``possible``: when it is open under all, and under any of them;
    ``depends_on``: the readings that change that; ``under``: each differing answer, the agreed one first.

    first_day: the first day from the question's on of which some part is undisputed, None where there is none.
    """

    question: Question
    standing: Standing
    undisputed: Windows
    possible: Windows
    first_day: Day | None
    depends_on: tuple[str, ...]
    under: tuple[Under, ...]


def weigh(world: World, question: Question) -> Weighed:
    """Weigh a question - by whom, what, because of which matters - over every combination of readings it depends on.

    Raises InvalidFact where there are more than MOST of them: ask about one power then.
    """
    agreed = world({})
    bearing = choices(agreed, question)
    found = _every_answer(world, question, bearing)
    undisputed, possible = reduce(Windows.__and__, found.values()), reduce(Windows.__or__, found.values())
    standing: Standing = (
        "undisputed" if question.at in undisputed else "contested" if question.at in possible else "closed"
    )
    following = undisputed.following(question.at)
    depends_on = tuple(_influential(bearing.meanings, found))
    return Weighed(
        question=question,
        standing=standing,
        undisputed=undisputed,
        possible=possible,
        first_day=agreed.calendar.day_of(max(following.opens, question.at)) if following else None,
        depends_on=depends_on,
        under=tuple(_answers(bearing, found, depends_on)),
    )


def _every_answer(world: World, question: Question, choices: Choices) -> dict[tuple[str, ...], Windows]:
    """The windows under each combination of readings, in the order of the choices. Those that differ only in readings
    of the course, and come to the same course, are looked at once.
    """
    if (count := prod(map(len, choices.meanings.values()))) > MOST:
        raise InvalidFact("question", "readings", f"{count} combinations are too many: name one power (power=)")
    courses: dict[frozenset[tuple[str, str]], tuple[object, ...]] = {}
    answers: dict[object, Windows] = {}
    found = {}
    for combination in product(*choices.meanings.values()):
        of_course = choices.differing(combination, choices.of_course)
        key = frozenset(of_course.items())
        if key not in courses:
            courses[key] = _seen(world(of_course), question.at)
        of_powers = frozenset(choices.differing(combination, choices.of_powers).items())
        if (same := (courses[key], of_powers)) not in answers:
            answers[same] = _windows(world(choices.differing(combination)), question)
        found[combination] = answers[same]
    return found


def _seen(course: Course, at: Instant) -> tuple[object, ...]:
    """All of a course that powers see of it at an instant."""
    return course.phases, course.ending, course.standing_holds(at), course.suspension(at)


def weigh_all(world: World, at: Instant) -> Iterator[tuple[Opening, Weighed]]:
    """Every power over every matter that is open or will be under some reading, in the order of the Terms, with what
    holds under every reading; the opening is that under the readings it is first found with, the agreed ones if it is.
    """
    agreed = world({})
    singly = [{r.key: a.meaning} for v in agreed.versions for r in v.terms.readings for a in r.alternative]
    found: dict[tuple[str, str], Opening] = {}
    for readings in ({}, *singly):
        for o in live_powers(world(readings), at):
            found.setdefault((o.power.id, o.matter.id if o.matter else ""), o)
    for o in found.values():
        by: By = o.holders[0] if o.holders else "both"
        about = (o.matter.id,) if o.matter else ()
        yield o, weigh(world, Question(does=o.power.does, by=by, at=at, about=about, power=o.power.id))


def undisputed(verdict: Verdict, weighed: Weighed, code: str = "contested") -> Verdict:
    """The verdict, refused where the act is not open under every reading: it says under which it is not."""
    if not verdict.permitted or weighed.standing == "undisputed":
        return verdict
    following = weighed.undisputed.following(verdict.question.at)
    against = next(u for u in weighed.under if verdict.question.at not in u.windows)
    reason = Reason(
        code=code,
        clause=verdict.clause,
        window=following or NEVER,
        words=f"is contested: not open with {against.named}",
        missing=f"wait until {weighed.first_day}, when it is undisputed" if weighed.first_day else "",
    )
    first = following.opens if following else None
    return evolve(
        verdict, permitted=False, hindrances=(*verdict.hindrances, reason), first=first, first_day=weighed.first_day
    )


def _windows(course: Course, question: Question) -> Windows:
    """When the act is open to the asker, by any of the powers asked about."""
    if question.power is not None and not any(p.id == question.power for _, p in course.powers(question.at)):
        return Windows()
    openings = (
        o
        for version, power in powers_asked(course, question)
        for o in openings_of(power, course, question.at, version, question.about)
        if o.held_by(question.by)
    )
    return Windows.of(o.window for o in openings)


def _influential(choices: Mapping[str, tuple[str, ...]], found: Mapping[tuple[str, ...], Windows]) -> Iterator[str]:
    """The readings on which the windows turn, under one combination of the others or another."""
    for i, key in enumerate(choices):
        rest: dict[tuple[str, ...], set[Windows]] = {}
        for meanings, windows in found.items():
            rest.setdefault((*meanings[:i], *meanings[i + 1 :]), set()).add(windows)
        if any(len(answers) > 1 for answers in rest.values()):
            yield key


def _answers(
    choices: Choices, found: Mapping[tuple[str, ...], Windows], depends_on: tuple[str, ...]
) -> Iterator[Under]:
    """Each differing answer once, with the fewest readings that lead to it."""
    fewest: dict[Windows, dict[str, str]] = {}
    for combination, windows in found.items():
        differing = choices.differing(combination, depends_on)
        if windows not in fewest or len(differing) < len(fewest[windows]):
            fewest[windows] = differing
    for windows, readings in sorted(fewest.items(), key=lambda item: len(item[1])):
        yield Under(readings, windows)
