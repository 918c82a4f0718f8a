"""What may be recorded, and as what: the checks behind ``record``, and the fact that exercising a power is.

Facts are never refused for coming late. An act takes effect where the table has an edge for it, whether or not it was
permitted.
"""

from __future__ import annotations

from typing import cast

from lifecycle.course import Course
from lifecycle.errors import InvalidFact
from lifecycle.events import Acted, Agreed, Event, Fact, NoticeGiven, OpeningBalance, OrderSigned, Posted
from lifecycle.machine import TRANSITIONS, table
from lifecycle.terms.model import DERIVED_KINDS, Party, Power
from lifecycle.verdict import Question, Refused, Verdict, judge


def check_admissible(event: Event, course: Course) -> None:
    """Raise Refused for an act that finds no edge at its time, and InvalidFact for an order that cannot follow."""
    fact, at, terms = event.fact, course.docket.instant_of(event), course.terms
    match fact:
        case Acted():
            question = Question(does=fact.does, by=fact.by, at=at, power=fact.power, about=fact.about)
        case Posted(power=power) if power in terms.powers:
            question = Question(does=terms.powers[power].does, by="provider", at=at, power=power)
        case Agreed(what="termination"):
            question = Question(does="terminate", by="both", at=at, power=fact.power)
        case OrderSigned() | OpeningBalance():
            _check_order(fact, course, event)
            return
        case _:
            return
    if not takes_effect(course, question):
        raise Refused(judge(course, question))


def takes_effect(course: Course, question: Question) -> bool:
    """Whether an act takes effect at all if it is done: an edge of the table, or an act of another sort before the end
    or that outlives it.
    """
    state = course.state(question.at)
    if question.does in TRANSITIONS:
        return table(course.terms).allows(state, question.does, question.by)
    powers = [p for p in course.terms.powers_to(question.does) if question.power in (None, p.id)]
    return bool(powers) and state is not None and (state != "terminated" or any(p.outlives for p in powers))


def _check_order(fact: OrderSigned | OpeningBalance, course: Course, event: Event) -> None:
    at = course.docket.instant_of(event)
    if course.state(at) == "terminated":
        raise Refused(judge(course, Question(does="renew", by="both", at=at)))
    if isinstance(fact, OpeningBalance) and (course.docket.orders or course.docket.made.trial):
        raise InvalidFact(
            "opening balance", "order", "an account is imported before anything else is recorded of its order"
        )
    if isinstance(fact, OrderSigned) and course.docket.orders:
        ends = [phase.term.last for phase in course.phases if phase.term]
        if not any((fact.start - last).days == 1 for last in ends):
            after = ", ".join(str(last) for last in ends[-2:])
            raise InvalidFact(
                "order signed",
                "start",
                f"an order is running: a successor starts on the day after the term it follows ({after})",
            )


def exercised(question: Question, verdict: Verdict, override: str | None) -> Fact:
    """The fact that exercising a power is: an act, a posting, a writing of both, or a notice."""
    power: Power | None = verdict.power if verdict.permitted else None
    about = tuple(o.matter.id for o in verdict.openings if o.matter) if power else question.about
    exercise = power.exercise if power else "act"
    if exercise == "posting" and power:
        return Posted(power=power.id)
    if exercise == "consent" and power:
        match question.does:
            case "terminate":
                return Agreed(what="termination", power=power.id)
            case "amend":
                return Agreed(what="amendment", power=power.id)
            case _:
                return Agreed(what="consent", power=power.id)
    if exercise.startswith("notice:") and power:
        kinds = [o.matter.id for o in verdict.openings if o.matter and o.matter.kind not in DERIVED_KINDS]
        by = cast("Party", question.by)  # a notice power is held by one party: the verdict has seen to it
        kind = exercise.removeprefix("notice:")
        return NoticeGiven(kind=kind, by=by, method=question.method or "", about=tuple(kinds))
    return Acted(
        does=question.does,
        by=question.by,
        power=power.id if power else question.power,
        about=about,
        method=question.method or None,
        override=override,
        known_through=question.known_through,
    )
