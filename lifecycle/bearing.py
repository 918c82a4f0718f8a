"""Which readings bear on a question: those that can change its answer, given what is recorded; in doubt they can."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TypeAlias, cast

from lifecycle.course import Course
from lifecycle.terms.loading import under
from lifecycle.terms.model import DERIVED_KINDS, Power, Terms
from lifecycle.terms.patching import Place, places
from lifecycle.values import frozen
from lifecycle.verdict import Question

Path: TypeAlias = tuple[Place, ...]


@frozen
class Choices:
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


def choices(course: Course, question: Question) -> Choices:
    """The readings that bear on a question, as a course tells what is recorded."""
    meanings: dict[str, tuple[str, ...]] = {}
    of_course, of_powers = set(), set()
    for version in course.versions:
        terms: Terms = version.terms.memo.get("base", version.terms)
        record = _Record(course, terms, question)
        for reading, paths in zip(terms.readings, record.said.paths, strict=True):
            if any(map(record.turns_course, paths)):
                of_course.add(reading.key)
            if any(map(record.turns_powers, paths)):
                of_powers.add(reading.key)
            if reading.key in of_course | of_powers:
                agreed = version.terms.chosen.get(reading.key, reading.default)
                meanings[reading.key] = (agreed, *(meaning for meaning in reading.meanings if meaning != agreed))
    return Choices(meanings, frozenset(of_course), frozenset(of_powers))


class _Record:
    """What a question can turn on, given what is recorded: a change of the Terms that touches nothing recorded, and
    nothing asked about, changes no answer. When in doubt it can.
    """

    def __init__(self, course: Course, terms: Terms, question: Question) -> None:
        self.course, self.docket, self.terms, self.question = course, course.docket, terms, question
        self.said = _Said.of(terms)
        self.kinds = frozenset(self.docket.stamps)
        variants = self.said.variants
        self.asked = {
            name: powers
            for name, powers in variants.items()
            if any(p.does == question.does and question.power in (None, name) and self._rests(p) for p in powers)
        }
        asked = [power for powers in self.asked.values() for power in powers]
        # Holds matter to suspending, lifting, and what rests on them; they turn on how their powers lift.
        on_holds = question.does in ("suspend", "reinstate") or any(_ON_HOLDS & set(p.matter) for p in asked)
        suspensions = [act for act in self.docket.acts if act.does == "suspend" and on_holds]
        self.held = {act.power: variants[act.power] for act in suspensions if act.power and act.power in variants}
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
            stopping in self.methods
            or any(not order.renews for order in self.docket.orders)
            or terms.framework
            or any(power.order_unless or {"term", "idle"} & set(power.matter) for power in asked)
        )

    def turns_course(self, path: Path) -> bool:
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

    def turns_powers(self, path: Path) -> bool:
        """Whether a change at a path can change the windows of the powers asked about, apart from the course."""
        name = str(path[1]) if len(path) > 1 else ""
        if path[0] == "notice":
            return self._turns_methods(path, self.asked, {self.question.method or ""})
        return path[0] == "order" or self._turns(path, name, self.asked)

    def _turns(self, path: Path, name: str, powers: Mapping[str, tuple[Power, ...]]) -> bool:
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

    def _turns_methods(self, path: Path, powers: Mapping[str, tuple[Power, ...]], others: set[str]) -> bool:
        """Whether a change to the ways of giving notice touches a notice that some powers count from, or other ways."""
        kinds, known = self._notice_kinds(powers), self.terms.notice.methods if self.terms.notice else {}
        methods = {method for kind in kinds for method in self.methods.get(kind, ())} | (others - {""})
        if path[1:2] == ("methods",) and len(path) > 2:
            return path[2] in methods
        return any(method not in known for method in methods)

    def _rests(self, power: Power) -> bool:
        """Whether a power rests on anything recorded, on the course, or on nothing."""
        return not power.matter or bool((self.kinds | set(DERIVED_KINDS)) & set(power.matter))

    @cached_property
    def methods(self) -> dict[str, set[str]]:
        """The kinds of notices recorded, each with the methods by which such were given."""
        found: dict[str, set[str]] = {}
        for notice in self.docket.notices.values():
            found.setdefault(notice.kind, set()).add(notice.method)
        return found


@frozen
class _Said:
    """What Terms say of their readings. ``paths``: for each, what its alternatives touch. ``variants``: each power as
    the file has it and as each single alternative would, of those that any of them has.
    """

    paths: tuple[tuple[Path, ...], ...]
    variants: Mapping[str, tuple[Power, ...]]

    @classmethod
    def of(cls, terms: Terms) -> _Said:
        if (said := terms.memo.get("readings said")) is None:
            patched = [[(a, tuple(places(p.at) for p in a.patch)) for a in r.alternative] for r in terms.readings]
            paths = tuple(tuple(path for _, found in alternatives for path in found) for alternatives in patched)
            touching: dict[str, list[Terms]] = {}
            for reading, alternatives in zip(terms.readings, patched, strict=True):
                for alternative, found in alternatives:
                    for name in sorted({str(path[1]) for path in found if path[0] == "power" and len(path) > 1}):
                        touching.setdefault(name, []).append(under(terms, {reading.key: alternative.meaning}))
            variants = {
                name: tuple(p for each in (terms, *touching.get(name, ())) if (p := each.powers.get(name)))
                for name in dict.fromkeys((*terms.powers, *sorted(touching)))
            }
            said = terms.memo["readings said"] = cls(paths, variants)
        return cast("_Said", said)


_ON_HOLDS = {"hold", "suspension"}
_DELAYS = ("paused_by", "restarted_by", "blocked_by")
_ROLLING = ("roll", "weekend", "calendar", "holidays")
