"""What may be recorded, and as what: the checks behind ``record``, and the fact that exercising a power is.

Facts are never refused for coming late. An act takes effect where the table has an edge for it, whether or not it was
permitted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from lifecycle.course import Course
from lifecycle.days import Instant
from lifecycle.docket import Docket
from lifecycle.errors import InvalidFact
from lifecycle.events import Acted, Agreed, Event, Fact, NoticeGiven, OpeningBalance, OrderSigned, Posted
from lifecycle.judge import judge, may_hold
from lifecycle.machine import table
from lifecycle.terms.model import DERIVED_KINDS, TRANSITIONS, Party
from lifecycle.verdict import Question, Refused, Verdict
from lifecycle.versions import Versions


def check_admissible(event: Event, at: Instant, course_at: Callable[[Instant], Course]) -> None:
    """Raise Refused for an act that takes no effect at its time: no edge leads on, or it is not that party's."""
    fact = event.fact
    if not isinstance(fact, Acted | Posted | Agreed):
        return
    course = course_at(at)
    match fact:
        case Acted():
            question = Question(does=fact.does, by=fact.by, at=at, power=fact.power, about=fact.about)
        case Posted(power=power_id) if power := course.versions.power(power_id, at):
            question = Question(does=power.does, by="provider", at=at, power=power_id)
        case Agreed(what="termination"):
            question = Question(does="terminate", by="both", at=at, power=fact.power)
        case _:
            return
    if not takes_effect(course, question):
        raise Refused(judge(course, question))


def takes_effect(course: Course, question: Question) -> bool:
    """Whether an act takes effect at all if it is done: an edge of the table that is this party's, something to lift;
    or an act of another sort that the party can hold a power to, before the end or outliving it.
    """
    state = course.state(question.at)
    if question.does in TRANSITIONS:
        held = {hold.key for hold in course.standing_holds(question.at)}
        lifts_nothing = question.does == "reinstate" and question.about and not held & set(question.about)
        return table(course.terms_at(question.at)).allows(state, question.does, question.by) and not lifts_nothing
    powers = [p for _, p in course.powers(question.at) if p.does == question.does and question.power in (None, p.id)]
    powers = [p for p in powers if may_hold(p, question.by)]
    return bool(powers) and state is not None and (state != "terminated" or any(p.outlives for p in powers))


def check_orders(event: Event, before: Docket, after: Docket) -> None:
    """Raise InvalidFact for an order that leaves one of those signed unused: one runs at a time, and a successor
    follows the term before it; and for a balance opened beside anything else.
    """
    fact = event.fact
    if isinstance(fact, OrderSigned | OpeningBalance) and after.terms.begins == "made":
        raise InvalidFact(
            "order signed", "order", "these Terms know no order: an agreement is in force once it is made"
        )
    if isinstance(fact, OpeningBalance):
        _check_balance(fact, before)
    if isinstance(fact, OrderSigned | OpeningBalance):
        course = Course(after, after.instant_of(event))
        ends = [str(phase.term.last) for phase in course.phases if phase.term]
        if course.chain.unused_orders:
            orders = ", ".join(order.id for order in course.chain.unused_orders)
            follows = f"a successor starts on the day after the term it follows ({', '.join(ends[-2:])})"
            unused = f"{orders} would take no effect: an order is running; {follows}"
            ended = f"{orders} would take no effect: the agreement ends before; make a new agreement"
            running = ends and (course.ending is None or course.ending.at > course.horizon)
            raise InvalidFact("order signed", "start", unused if running else ended)


def _check_balance(fact: OpeningBalance, before: Docket) -> None:
    if before.orders or before.made.on_trial:
        raise InvalidFact("opening balance", "order", "an account is imported before anything else is recorded of it")
    if fact.number < 1:
        raise InvalidFact("opening balance", "number", f"terms are numbered from 1, not {fact.number}")
    if fact.holds and not before.terms.powers_to("suspend"):
        raise InvalidFact("opening balance", "holds", "these Terms know no suspension")
    for hold in fact.holds:
        if hold.power is not None and hold.power not in before.terms.powers:
            raise InvalidFact("opening balance", "holds", f"the Terms know no power {hold.power!r}")


def exercised(question: Question, verdict: Verdict, override: str | None) -> Fact:
    """The fact that exercising a power is: an act, a posting, a writing of both, or a notice.

    Against the verdict (``override``) it is an act without a power, unless what it is about says which one it comes
    under, and so how its hold lifts; what is exercised by notice is then given as a notice too.
    """
    power = verdict.power if verdict.permitted else None
    near = power or next((o.power for o in verdict.considered), None)
    if near is not None and near.exercise.startswith("notice:"):
        by = cast("Party", question.by)
        about = tuple(o.matter.id for o in verdict.openings if o.matter and o.matter.kind not in DERIVED_KINDS)
        kind = near.exercise.removeprefix("notice:")
        return NoticeGiven(kind=kind, by=by, method=question.method or "", about=about)
    if power is not None and power.exercise == "posting":
        return Posted(power=power.id)
    if power is not None and power.exercise == "consent":
        match question.does:
            case "terminate":
                return Agreed(what="termination", power=power.id)
            case "amend":
                return Agreed(what="amendment", power=power.id)
            case _:
                return Agreed(what="consent", power=power.id)
    nearest = verdict.power.id if verdict.power and question.about else question.power
    return Acted(
        does=question.does,
        by=question.by,
        power=power.id if power else nearest,
        about=verdict.about if power else question.about,
        method=question.method or None,
        override=override,
        known_through=question.known_through,
        approvals=question.approvals,
    )


def is_exercise_of(fact: Fact, question: Question, versions: Versions) -> bool:
    """Whether a recorded fact is what doing what the question asks about was recorded as, whenever it was asked."""
    match fact:
        case Acted(does=does, by=by, power=power, method=method, about=about):
            asked = (question.does, question.by, question.method or "")
            return (
                (does, by, method or "") == asked and question.power in (None, power) and question.about in ((), about)
            )
        case NoticeGiven(kind=kind, by=by, method=method):
            acts = {p.does for v in versions for p in v.terms.powers.values() if p.exercise == f"notice:{kind}"}
            return question.does in acts and (by, method) == (question.by, question.method)
        case Posted(power=power) | Agreed(power=power) if named := versions.power(power, question.at):
            by = "provider" if isinstance(fact, Posted) else "both"
            return (named.does, by) == (question.does, question.by)
        case _:
            return False
