"""What holds under every reading: an act weighed over each combination of the readings that it depends on.

Because windows are sets of instants, so is the answer: *undisputed* where the act is open under all of them,
*contested* where it is open under some, *closed* elsewhere. A careful party waits for undisputed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from itertools import product
from math import prod
from typing import Literal, TypeAlias

from attrs import evolve

from lifecycle.course import Course
from lifecycle.days import Day, Instant
from lifecycle.errors import InvalidFact
from lifecycle.events import By
from lifecycle.judge import openings_of, powers_asked
from lifecycle.outlook import live_powers
from lifecycle.powers import Opening
from lifecycle.reasons import Reason
from lifecycle.terms.loading import under
from lifecycle.terms.model import DERIVED_KINDS, Power, Terms
from lifecycle.terms.patching import Place, places
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
    choices = _choices(agreed, question)
    found = _every_answer(world, question, choices)
    undisputed, possible = reduce(Windows.__and__, found.values()), reduce(Windows.__or__, found.values())
    standing: Standing = (
        "undisputed" if question.at in undisputed else "contested" if question.at in possible else "closed"
    )
    following = undisputed.following(question.at)
    depends_on = tuple(_influential(choices.meanings, found))
    return Weighed(
        question=question,
        standing=standing,
        undisputed=undisputed,
        possible=possible,
        first_day=agreed.calendar.day_of(max(following.opens, question.at)) if following else None,
        depends_on=depends_on,
        under=tuple(_answers(choices, found, depends_on)),
    )


def _every_answer(world: World, question: Question, choices: _Choices) -> dict[tuple[str, ...], Windows]:
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
            course = world(of_course)
            courses[key] = (course.phases, course.ending, course.holds)
        of_powers = frozenset(choices.differing(combination, choices.of_powers).items())
        if (same := (courses[key], of_powers)) not in answers:
            answers[same] = _windows(world(choices.differing(combination)), question)
        found[combination] = answers[same]
    return found


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
    choices: _Choices, found: Mapping[tuple[str, ...], Windows], depends_on: tuple[str, ...]
) -> Iterator[Under]:
    """Each differing answer once, with the fewest readings that lead to it."""
    fewest: dict[Windows, dict[str, str]] = {}
    for combination, windows in found.items():
        differing = choices.differing(combination, depends_on)
        if windows not in fewest or len(differing) < len(fewest[windows]):
            fewest[windows] = differing
    for windows, readings in sorted(fewest.items(), key=lambda item: len(item[1])):
        yield Under(readings, windows)


# ---- which readings a question can depend on ----------------------------------------------------------------


@frozen
class _Choices:
    """The readings that can change an answer on a record, each with its meanings, the agreed one first; those that can
    change the course, and those that can change the powers asked about.
    """

    meanings: Mapping[str, tuple[str, ...]]
    of_course: frozenset[str]
    of_powers: frozenset[str]

    def differing(self, combination: tuple[str, ...], keys: Iterable[str] | None = None) -> dict[str, str]:
        """The readings of a combination that differ from the agreed ones; only some of them with ``keys``."""
        among = self.meanings if keys is None else keys
        pairs = zip(self.meanings.items(), combination, strict=True)
        return {key: meaning for (key, (agreed, *_)), meaning in pairs if meaning != agreed and key in among}


def _choices(course: Course, question: Question) -> _Choices:
    meanings: dict[str, tuple[str, ...]] = {}
    of_course, of_powers = set(), set()
    for version in course.versions:
        terms: Terms = version.terms.memo.get("base", version.terms)
        record = _Record(course, terms, question)
        for reading in terms.readings:
            paths = [places(patch.at) for alternative in reading.alternative for patch in alternative.patch]
            if any(map(record.turns_course, paths)):
                of_course.add(reading.key)
            if any(map(record.turns_powers, paths)):
                of_powers.add(reading.key)
            if reading.key in of_course | of_powers:
                agreed = version.terms.chosen.get(reading.key, reading.default)
                meanings[reading.key] = (agreed, *(meaning for meaning in reading.meanings if meaning != agreed))
    return _Choices(meanings, frozenset(of_course), frozenset(of_powers))


class _Record:
    """What a question can turn on, given what is recorded: a change of the Terms that touches nothing recorded, and
    nothing asked about, changes no answer. When in doubt it can.
    """

    def __init__(self, course: Course, terms: Terms, question: Question) -> None:
        self.course, self.docket, self.terms, self.question = course, course.docket, terms, question
        self.kinds = {matter.kind for matter in self.docket.matters.values()}
        paths = (places(p.at) for reading in terms.readings for a in reading.alternative for p in a.patch)
        introduced = sorted({str(path[1]) for path in paths if path[0] == "power" and len(path) > 1})
        variants = {power: tuple(self._variants(power)) for power in dict.fromkeys((*terms.powers, *introduced))}
        self.asked = {
            name: powers
            for name, powers in variants.items()
            if any(p.does == question.does and question.power in (None, name) and self._rests(p) for p in powers)
        }
        asked = [power for powers in self.asked.values() for power in powers]
        # Holds matter to suspending, lifting, and what rests on them; they turn on how their powers lift.
        on_holds = question.does in ("suspend", "reinstate") or any(_ON_HOLDS & set(p.matter) for p in asked)
        suspensions = [act for act in self.docket.acts if act.does == "suspend" and on_holds]
        self.held = {act.power: variants[act.power] for act in suspensions if act.power in variants}
        waited_for = {p.lifts_with for powers in self.held.values() for p in powers if p.lifts_with}
        unnamed = {act.power for act in suspensions if act.power in variants and not act.about}
        by_itself = {
            n for n, powers in variants.items() if any(p.exercise == "automatic" and self._rests(p) for p in powers)
        }
        self.moving = {name: variants[name] for name in variants if name in waited_for | unnamed | by_itself}
        stops = terms.powers.get(terms.renewal.stopped_by) if terms.renewal else None
        self.stops = {stops.id: (stops,)} if stops else {}
        stopping = stops.exercise.removeprefix("notice:") if stops else ""
        self.on_terms = bool(
            any(notice.kind == stopping for notice in self.docket.notices.values())
            or any(not order.renews for order in self.docket.orders)
            or terms.framework
            or any(power.order_unless or {"term", "idle"} & set(power.matter) for power in asked)
        )

    def turns_course(self, path: tuple[Place, ...]) -> bool:
        """Whether a change at a path can change phases, holds or the end."""
        name = str(path[1]) if len(path) > 1 else ""
        powers = {**self.moving, **(self.stops if self.on_terms else {})}
        match path[0]:
            case "power" if name in self.held and (len(path) < 3 or path[2] in ("lifts", "lifts_with", "ended_by")):
                return True
            case "trial":
                return self.docket.made.on_trial and (name != "gap" or self.course.chain.has_trial_gap)
            case "renewal" | "framework" | "order":
                return self.on_terms
            case "notice":
                methods = {act.method or "" for act in self.docket.acts if act.does == "terminate"}
                return self._turns_methods(path, powers, methods)
            case "counting" if name not in _ROLLING and self.on_terms:
                return True
            case _:
                return self._turns(path, name, powers)

    def turns_powers(self, path: tuple[Place, ...]) -> bool:
        """Whether a change at a path can change the windows of the powers asked about, apart from the course."""
        name = str(path[1]) if len(path) > 1 else ""
        if path[0] == "notice":
            return self._turns_methods(path, self.asked, {self.question.method or ""})
        return path[0] == "order" or self._turns(path, name, self.asked)

    def _turns(self, path: tuple[Place, ...], name: str, powers: Mapping[str, tuple[Power, ...]]) -> bool:
        """Whether a change to powers, kinds, notices or counting can change the windows of some powers."""
        every = [power for variants in powers.values() for power in variants]
        clocks = [clock for power in every for clock in power.clocks]
        match path[0]:
            case "power" if path[-1] in _DELAYS:
                return name in powers and any(matter.held_up for matter in self.docket.matters.values())
            case "power":
                return name in powers
            case "kind":
                return name in self.kinds
            case "notice_kind":
                return name in self._notice_kinds(powers)
            case "counting" if name in _ROLLING:
                rules = self.terms.notice.methods.values() if self.terms.notice else ()
                counts = any(clock.performance or clock.unit == "business days" for clock in clocks)
                return counts or any(method.unit == "business days" for method in rules)
            case "counting":
                return bool(clocks)
            case _:  # survivors, effects, duties and rules open no window
                return False

    def _notice_kinds(self, powers: Mapping[str, tuple[Power, ...]]) -> set[str]:
        """The kinds of notices from which some powers count, or by which they are exercised."""
        every = [power for variants in powers.values() for power in variants]
        exercised = {power.exercise.removeprefix("notice:") for power in every if power.exercise.startswith("notice:")}
        return {clock.notice for power in every for clock in power.clocks} | exercised

    def _turns_methods(
        self, path: tuple[Place, ...], powers: Mapping[str, tuple[Power, ...]], others: set[str]
    ) -> bool:
        """Whether a change to the ways of giving notice touches a notice that some powers count from, or other ways."""
        kinds, known = self._notice_kinds(powers), self.terms.notice.methods if self.terms.notice else {}
        methods = {n.method for n in self.docket.notices.values() if n.kind in kinds} | (others - {""})
        if path[1:2] == ("methods",) and len(path) > 2:
            return path[2] in methods
        return any(method not in known for method in methods)

    def _rests(self, power: Power) -> bool:
        """Whether a power rests on anything recorded, on the course, or on nothing."""
        return not power.matter or bool((self.kinds | set(DERIVED_KINDS)) & set(power.matter))

    def _variants(self, power_id: str) -> Iterator[Power]:
        """A power as the file has it and as each single alternative would; none where it has no such power."""
        meanings = [
            {reading.key: alternative.meaning}
            for reading in self.terms.readings
            for alternative in reading.alternative
            if any(places(p.at)[:2] == ("power", power_id) for p in alternative.patch)
        ]
        found = (under(self.terms, readings).powers.get(power_id) for readings in ({}, *meanings))
        yield from filter(None, found)


_ON_HOLDS = {"hold", "suspension"}
_DELAYS = ("paused_by", "restarted_by", "blocked_by")
_ROLLING = ("roll", "weekend", "calendar", "holidays")
