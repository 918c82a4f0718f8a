"""Verdicts: may a party do something at an instant - whether, from when, why, and what is missing. One validator behind
may, do and record.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import NoReturn

from attrs import define, evolve, frozen

from lifecycle.course import Course
from lifecycle.days import FOREVER, Day, Instant, Period, plus_days
from lifecycle.errors import InvalidFact, LifecycleError
from lifecycle.events import By
from lifecycle.machine import TRANSITIONS, State, table
from lifecycle.matters import Matter
from lifecycle.powers import Opening, opening, standing, with_notices
from lifecycle.reasons import Counted, Lasting, Reason, a
from lifecycle.terms.model import DERIVED_KINDS, Power, Rule
from lifecycle.windows import NEVER, Window


@frozen(kw_only=True)
class Question:
    """May ``by`` do ``does`` at an instant? ``about`` and ``power`` narrow it. ``method``: how it is given, where that
    matters; None leaves it open.

    known_through: the instant up to which the asker vouches that facts are complete.
    """

    does: str
    by: By
    at: Instant
    about: tuple[str, ...] = ()
    power: str | None = None
    method: str | None = None
    known_through: Instant | None = None


@frozen(kw_only=True)
class Verdict:
    """The answer. ``openings`` are what permits it or, refused, what it would first come from; ``hindrances`` stand in
    the way besides windows.

    ``first`` is the first instant at which the windows permit it (``supposing``: if the missing notices were given
    now), None where waiting does not help. It has no truth value of its own: ask ``.permitted``.
    """

    question: Question
    on: Day
    permitted: bool
    openings: tuple[Opening, ...]
    considered: tuple[Opening, ...]
    hindrances: tuple[Reason, ...]
    rules: tuple[Rule, ...]
    first: Instant | None
    first_day: Day | None
    last_day: Day | None
    supposing: bool = False
    leads_to: State | None = None

    def __bool__(self) -> NoReturn:
        raise TypeError("a verdict is not true or false: ask verdict.permitted")

    @property
    def power(self) -> Power | None:
        return self.openings[0].power if self.openings else None

    @property
    def clause(self) -> str:
        """The clause of the power, or of what stands in the way."""
        return self.power.clause if self.power else next((r.clause for r in self.reasons if r.clause), "")

    @property
    def about(self) -> tuple[str, ...]:
        """The ids of the matters it rests on."""
        return tuple(o.matter.id for o in self.openings if o.matter)

    @property
    def window(self) -> Window:
        """The window it falls in or waits for; NEVER where there is none."""
        return self.openings[0].window if self.openings else NEVER

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Every condition, met or not."""
        return (*self.hindrances, *(reason for o in self.openings for reason in o.reasons))

    @property
    def unmet(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if not reason.met(self.question.at))

    @property
    def codes(self) -> tuple[str, ...]:
        """The stable codes of what is not met; () where it is permitted."""
        return tuple(dict.fromkeys(reason.code for reason in self.unmet))

    @property
    def missing(self) -> tuple[str, ...]:
        """What would help, as steps in words."""
        return tuple(dict.fromkeys(step for reason in self.unmet if (step := reason.step())))

    @property
    def arithmetic(self) -> str:
        """How the windows were calculated."""
        return "; ".join(o.arithmetic for o in self.openings if o.arithmetic)

    def __str__(self) -> str:
        head = f"{self.question.does} {'permitted' if self.permitted else 'refused'} on {self.on}"
        has_clocks = any(isinstance(reason, Counted) for reason in self.reasons)
        told = [
            r.text(self.on)
            for r in self.reasons
            if not (isinstance(r, Lasting) and r.met(self.question.at) and has_clocks)
        ]
        told += [f"{rule.clause} {rule.text}" for rule in self.rules if not self.permitted]
        sentences = [f"{head}: {'; '.join(told)}" if told else head]
        if not self.permitted:
            if steps := [step for step in self.missing if not step.startswith("wait until")]:
                sentences.append(f"Missing: {'; '.join(steps)}")
            sentences.append(self._when())
        return ". ".join(sentences) + "."

    def _when(self) -> str:
        if self.first_day is None:
            return "First day: none, whatever the wait"
        supposing = " (if the notice is given at once)" if self.supposing else ""
        return f"First day: {self.first_day}{supposing}"


@define(eq=False)
class Refused(LifecycleError):
    """What was asked for is not permitted; nothing was recorded. ``verdict`` says why and from when."""

    verdict: Verdict

    def __str__(self) -> str:
        return str(self.verdict)


def judge(course: Course, question: Question) -> Verdict:
    """The verdict on a question, from the course as known.

    Raises InvalidFact where the Terms know no such act or power.
    """
    powers = _powers(course, question)
    state = course.state(question.at)
    considered = [o for power in powers for o in openings_of(power, course, question.at) if _asked(o, question)]
    held = [o for o in considered if o.held_by(question.by)]
    hindrances = list(_state_hindrances(course, question, state, powers))
    chosen = [o for o in held if question.at in o.window]
    chosen = [o for o in chosen if o.power is chosen[0].power]
    if chosen:
        hindrances += _exercise_hindrances(course, question, chosen[0].power)
    elif not hindrances and not considered:
        hindrances.append(_no_matter(question, powers))
    permitted = bool(chosen) and not hindrances
    best, supposing = ([chosen[0]] if chosen else []), False
    if not chosen:
        best, supposing = _soonest(held, course, question.at)
    first = best[0].window.opens if best and best[0].window and state not in (None, "terminated") else None
    shown = tuple(chosen) if chosen else tuple(o for o in held if best and _same(o, best[0]))
    calendar = course.calendar
    window = best[0].window if best else NEVER
    first = None if first is None else max(first, question.at)
    return Verdict(
        question=question,
        on=calendar.day_of(question.at),
        permitted=permitted,
        openings=shown,
        considered=tuple(considered),
        hindrances=tuple(hindrances),
        rules=() if held else course.terms.rules_on(question.does, question.by),
        first=first,
        first_day=None if first is None else calendar.day_of(first),
        last_day=plus_days(calendar.day_of(window.closes), -1) if window and window.closes < FOREVER else None,
        supposing=supposing,
        leads_to=_leads_to(course, question, state),
    )


def openings_of(power: Power, course: Course, at: Instant) -> Iterator[Opening]:
    """The openings of a power at an instant: one for the latest spell of each matter it may rest on, or one that rests
    on none.
    """
    if not power.matter:
        yield standing(power, course.docket, course.reach(power, None))
        return
    for matter in [*course.docket.of_kind(power.matter), *course.matters(power.matter, at)]:
        found = opening(power, matter, matter.last, course.docket, course.reach(power, matter))
        yield _unless_held_already(found, course, at)


def _powers(course: Course, question: Question) -> tuple[Power, ...]:
    terms = course.terms
    if question.power is not None and question.power not in terms.powers:
        raise InvalidFact("question", "power", f"the Terms know no power {question.power!r}: {', '.join(terms.powers)}")
    powers = tuple(p for p in terms.powers_to(question.does) if question.power in (None, p.id))
    if not powers and question.does not in TRANSITIONS:
        acts = dict.fromkeys((*TRANSITIONS, *(p.does for p in terms.powers.values())))
        raise InvalidFact("question", "does", f"the Terms know no act {question.does!r}: {', '.join(acts)}")
    return powers


def _asked(o: Opening, question: Question) -> bool:
    return not question.about or (o.matter is not None and o.matter.id in question.about)


def _same(one: Opening, best: Opening) -> bool:
    return one.power is best.power and (one.matter and one.matter.id) == (best.matter and best.matter.id)


def _state_hindrances(
    course: Course, question: Question, state: State | None, powers: tuple[Power, ...]
) -> Iterator[Reason]:
    """What the state and the table have against it, whatever the windows say."""
    if state is None:
        since = (
            f", from {course.calendar.day_of(course.begins)} on"
            if course.begins
            else ": it has neither a trial nor an order"
        )
        yield Reason(
            code="not-in-force",
            clause="",
            words=f"the agreement is not in force yet{since}",
            missing="" if course.begins else "sign an order",
        )
        return
    ended = course.ending
    if state == "terminated" and ended and not any(power.outlives for power in powers):
        verb = "expired" if ended.how == "expired" else "was terminated"
        words = f"the agreement {verb} on {course.calendar.day_of(ended.at)}: nothing follows the end"
        yield Reason(code="ended", clause=ended.clause, words=words)
        return
    edges = table(course.terms)
    if question.does in TRANSITIONS:
        if not edges.by[question.does]:
            yield Reason(code="automatic", clause="", words=f"{question.does} takes effect by itself: nobody does it")
        elif (state, question.does) not in edges.targets:
            yield Reason(
                code="no-edge", clause="", words=f"there is nothing to {question.does}: the agreement is {state}"
            )
    if powers and not any(_may_hold(power, question.by) for power in powers):
        by = sorted({power.by for power in powers})
        yield Reason(
            code="wrong-party",
            clause=powers[0].clause,
            words=f"gives the {question.by} no power to {question.does}: it is for {', '.join(by)}",
        )


def _may_hold(power: Power, by: str) -> bool:
    return power.by == by or (by != "both" and power.by in ("either", "other", "subject"))


def _exercise_hindrances(course: Course, question: Question, power: Power) -> Iterator[Reason]:
    """What the way of exercising has against it: no writing, stale knowledge."""
    rule = course.terms.notice
    written = power.exercise == "written notice" or power.exercise.startswith("notice:")
    if written and rule and question.method is not None and question.method not in rule.methods:
        known = ", ".join(rule.methods).replace("_", " ")
        given = f"{question.method} gives no notice" if question.method else "no method is named"
        yield Reason(
            code="not-in-writing",
            clause=rule.clause,
            words=f"takes written notice: {given}",
            missing=f"give it in writing by {known} (method=)",
        )
    if power.rests_on_silence:
        yield from _staleness(course, question, power)


def _staleness(course: Course, question: Question, power: Power) -> Iterator[Reason]:
    """Silence is not evidence: a power that rests on it takes facts known to be complete, as freshly as the parties
    agreed.
    """
    fresh = hours(course.docket.made.freshness)
    ends = " or ".join(power.ended_by or power.prevented_by).replace("_", " ")
    step = "ask again with known_through=: the instant up to which the facts are complete"
    if question.known_through is None:
        yield Reason(
            code="unvouched",
            clause=power.clause,
            words=f"rests on nothing having been {ends}, and nobody vouches for that",
            missing=step,
        )
    elif question.known_through < question.at - fresh:
        shown = course.calendar.shown(question.known_through)
        words = f"rests on nothing having been {ends}, and facts are complete only through {shown}"
        yield Reason(code="stale", clause=power.clause, words=words, missing=step)


def hours(period: Period | None) -> timedelta:
    """A freshness as elapsed time; none at all where none was agreed.

    Raises InvalidFact for units other than hours and days.
    """
    if period is None:
        return timedelta(0)
    if period.unit not in ("hours", "days"):
        raise InvalidFact("agreement made", "freshness", f"hours or days are wanted, not {period.unit}")
    return timedelta(hours=period.n) if period.unit == "hours" else timedelta(days=period.n)


def _unless_held_already(o: Opening, course: Course, at: Instant) -> Opening:
    if o.power.does == "suspend" and o.matter is not None:
        for hold in course.standing_holds(at):
            if (hold.power, hold.key) == (o.power.id, o.matter.id):
                words = f"the agreement is suspended for {o.matter.label} since {course.calendar.day_of(hold.since)}"
                reason = Reason(code="already", clause=o.power.clause, words=words)
                return evolve(o, window=NEVER, reasons=(reason, *o.reasons))
    return o


def _soonest(held: list[Opening], course: Course, at: Instant) -> tuple[list[Opening], bool]:
    """Of openings that are not open, the one that opens first; supposing, where none will otherwise, that missing
    notices are given at once.
    """
    ahead = [o for o in held if o.window and o.window.opens > at]
    if ahead:
        return [min(ahead, key=lambda o: o.window.opens)], False
    supposed = []
    for o in held:
        if (
            o.matter is not None
            and o.matter.kind not in DERIVED_KINDS
            and any(r.code == "notice-missing" for r in o.reasons)
        ):
            matter: Matter = with_notices(o.power, o.matter, course.docket, at)
            there = opening(o.power, matter, matter.last, course.docket, course.reach(o.power, matter))
            if there.window and there.window.closes > at:
                supposed.append(there)
    if supposed:
        return [min(supposed, key=lambda o: o.window.opens)], True
    return held[:1], False


def _no_matter(question: Question, powers: tuple[Power, ...]) -> Reason:
    wanted = [power for power in powers if _may_hold(power, question.by)]
    about = f" about {', '.join(question.about)}" if question.about else ""
    takes = "; ".join(f"{p.clause} {' or '.join(p.matter).replace('_', ' ')}" for p in wanted)
    words = f"nothing recorded{about} gives the {question.by} a power to {question.does}"
    return Reason(
        code="no-matter",
        clause="",
        words=f"{words}: it takes {a(takes) if not takes[:1].isdigit() else takes}" if takes else words,
    )


def _leads_to(course: Course, question: Question, state: State | None) -> State | None:
    """The state it would lead to, for a transition; None for other acts and where no edge leads on."""
    phase = course.phase(question.at)
    if state is None or phase is None or question.does not in TRANSITIONS:
        return None
    remaining = [h for h in course.standing_holds(question.at) if question.about and h.key not in question.about]
    stands: State = "suspended" if question.does == "reinstate" and remaining else phase.state
    return table(course.terms).target(state, question.does, stands)
