"""How a party gets to an act: for each power that could lead to it the steps and their first days, or why there is no
way.

A plan is the reasons of an opening read as steps. What a power lacks is supposed to be said and given; then the judge
is asked, again and again, at the latest instant that an unmet reason waits for. What it waited for on the way are the
waits; what is still unmet at the end is why there is no way. So a plan promises nothing that ``may`` would refuse.
"""

from __future__ import annotations

from attrs import evolve

from lifecycle.course import Course
from lifecycle.days import FOREVER, Day, Instant
from lifecycle.docket import Docket
from lifecycle.judge import judge, may_hold, powers_named, wanting
from lifecycle.matters import Matter
from lifecycle.reasons import Reason
from lifecycle.steps import Step, Way, act, supposed_steps, wait
from lifecycle.supposing import futile_notices, with_answers, with_notices
from lifecycle.terms.model import Power, Rule
from lifecycle.values import frozen
from lifecycle.verdict import Question, Verdict

__all__ = ["Plan", "Route", "Step", "Way", "plan"]


@frozen(kw_only=True)
class Route:
    """One power over one matter (None where it rests on none, or none is recorded), and the steps to using it.

    first: the first instant at which it can be used, if each step is taken as soon as it can be and each notice given
    by the method that counts first; None where there is no way. first_day, last_day: days, both included; last_day None
    where the power does not close. reasons: what there is no way around, if anything; ``steps`` are then only what can
    be done meanwhile. remark: what is worth knowing besides. power: None where the Terms have none for the act.
    """

    text: str
    power: Power | None
    matter: str | None
    steps: tuple[Step, ...] = ()
    first: Instant | None = None
    first_day: Day | None = None
    last_day: Day | None = None
    reasons: tuple[Reason, ...] = ()
    why_not: str = ""
    remark: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The stable codes of why there is no way; () where there is one."""
        return tuple(dict.fromkeys(reason.code for reason in self.reasons))

    @property
    def supposes(self) -> str:
        """What the first day rests on, in words."""
        return " and ".join(step.supposes for step in self.steps if step.supposes)

    def __str__(self) -> str:
        told = self.why_not
        if self.first is not None:
            through = f" through {self.last_day}" if self.last_day else ""
            told = f"from {self.first_day}{through}" + (f", if {self.supposes}" if self.supposes else "")
        remark = f" ({self.remark})" if self.remark else ""
        return "\n".join([f"{self.text}: {told}{remark}", *(f"   {n}. {s}" for n, s in enumerate(self.steps, 1))])


@frozen(kw_only=True)
class Plan:
    """The answer to "how does a party get to an act, from an instant on". routes: the ways there are, earliest first;
    blocked: the powers that lead nowhere, and why. rules: what the Terms say of the act besides.
    """

    question: Question
    on: Day
    routes: tuple[Route, ...]
    blocked: tuple[Route, ...]
    rules: tuple[Rule, ...]

    @property
    def earliest(self) -> Route | None:
        return self.routes[0] if self.routes else None

    def __str__(self) -> str:
        head = f"{self.question.does}, by {self.question.by}, from {self.on}"
        lines = [head if self.routes else f"{head}: no way"]
        lines += [f"{n}. {route}" for n, route in enumerate(self.routes, 1)]
        lines += ["No way:"] if self.routes and self.blocked else []
        lines += [f"-  {route}" for route in self.blocked]
        lines += [f"-  {rule.clause} {rule.text}" for rule in self.rules if not self.routes]
        return "\n".join(lines)


def plan(course: Course, question: Question) -> Plan:
    """The plan for a question, from the course as known at its instant, nobody else doing anything meanwhile.

    Raises InvalidFact where the Terms know no such act or power.
    """
    powers = powers_named(course, question)
    found = [
        route
        for version, power in powers
        for matter in _matters(power, version, course, question)
        for route in _routes(power, matter, course, question)
    ]
    if not powers:
        route = Route(text=question.does, power=None, matter=None)
        found = [_blocked(route, (), judge(course, question), question, course.docket)]
    return Plan(
        question=question,
        on=course.calendar.day_of(question.at),
        routes=tuple(sorted((r for r in found if r.first), key=lambda route: route.first or FOREVER)),
        blocked=tuple(route for route in found if not route.first),
        rules=course.terms_at(question.at).rules_on(question.does, question.by),
    )


def _matters(power: Power, version: int, course: Course, question: Question) -> list[Matter | None]:
    """The matters to ask about; None for a power that rests on none, or where none is recorded, or none would help."""
    if not may_hold(power, question.by):
        return [None]
    if not power.matter:
        return [] if question.about else [None]
    recorded = [*course.docket.of_kind(power.matter), *course.matters(power.matter, question.at)]
    governed = [matter for matter in recorded if course.docket.governed(matter, question.at).version == version]
    found: list[Matter | None] = [m for m in governed if not question.about or m.id in question.about]
    return found or ([None] if version == course.versions.index_at(question.at) else [])


def _routes(power: Power, matter: Matter | None, course: Course, question: Question) -> list[Route]:
    """The ways there are, one for each answer to what nobody has said of the matter; else one that says why none is."""
    docket = course.docket
    if matter is None or docket.matters.get(matter.id) is not matter:  # nothing can be said of what the course opens
        return [_route(power, matter, (), course, docket, question)]
    routes = []
    for answered in with_answers(power, matter, docket):
        supposed = with_notices(power, answered, docket, question.at, question.by)
        steps = tuple(supposed_steps(power, matter, supposed, docket, question))
        route = _route(power, matter, steps, course, docket.supposing(supposed), question)
        if "notice-missing" in route.codes and (futile := futile_notices(power, supposed, docket, question.at)):
            why_not = f"{route.why_not}; nor would one given as soon as it can be ({'; '.join(futile)})"
            route = evolve(route, why_not=why_not)
        routes.append(route)
    return [route for route in routes if route.first] or routes[:1]


def _route(
    power: Power,
    matter: Matter | None,
    supposed: tuple[Step, ...],
    course: Course,
    docket: Docket,
    question: Question,
) -> Route:
    """What using a power comes to, in a docket in which the supposed steps are taken."""
    about = (matter.id,) if matter else question.about
    seen = Course(docket, question.at, course.policy)
    verdict, waited_for = _sought(power, evolve(question, power=power.id, about=about), seen)
    text = f"{power.title} [{power.clause}]" + (f" ({matter.label})" if matter else "")
    route = Route(text=text, power=power, matter=matter.id if matter else None)
    if not verdict.permitted:
        return _blocked(route, supposed, verdict, question, docket)
    # What is over before the last notice can be given need not be waited for.
    ready = max((step.at for step in supposed), default=question.at)
    waits = [wait(reason, docket) for reason in waited_for if reason.window.opens > ready]
    using = act(power, verdict, docket)
    return evolve(
        route,
        steps=(*sorted((*supposed, *waits), key=lambda step: step.at), using),
        first=using.at,
        first_day=using.on,
        last_day=max((way.last for way in using.ways if way.last), default=verdict.last_day),
        remark="; ".join(reason.words for reason in verdict.reasons if reason.code in ("late", "stopped")),
    )


def _sought(power: Power, question: Question, course: Course) -> tuple[Verdict, list[Reason]]:
    """The verdict at the first instant from which on no waiting helps, and what was waited for until then."""
    waited_for: list[Reason] = []
    while True:
        at = question.at
        method = course.docket.writing.fastest(at)[0] if power.in_writing else None
        verdict = judge(course.up_to(at), evolve(question, method=method, known_through=at))
        later = [reason for reason in verdict.unmet if at < reason.window.opens < FOREVER]
        if verdict.permitted or not later:
            return verdict, waited_for
        waited_for += [reason for reason in later if reason not in waited_for]
        question = evolve(question, at=max(reason.window.opens for reason in later))


def _blocked(route: Route, supposed: tuple[Step, ...], verdict: Verdict, question: Question, docket: Docket) -> Route:
    """The route, closed by what is unmet and no step helps against. While a clock stands still the supposed steps can
    be taken meanwhile.
    """
    reasons = tuple(reason for reason in verdict.unmet if not reason.step()) or verdict.unmet
    codes = {reason.code for reason in reasons}
    why_not = "; ".join(reason.text(verdict.on) for reason in reasons) or str(verdict)
    if verdict.question.at > question.at and codes <= {reason.code for reason in verdict.hindrances}:
        why_not = f"would open on {verdict.on}, but {why_not}"
    if route.power and route.matter and "wrong-party" in codes:
        why_not = f"{why_not}; it takes {wanting(route.power, question.by, docket.versions.at(question.at))}"
    return evolve(route, steps=supposed if "paused" in codes else (), reasons=reasons, why_not=why_not)
