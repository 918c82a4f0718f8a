"""Whether past acts were right: on the record as it stood before them, as known now, and under each reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from attrs import evolve

from lifecycle.course import Course
from lifecycle.days import FOREVER, Day, Instant
from lifecycle.docket import Docket, fold
from lifecycle.events import Acted, Event, Posted
from lifecycle.history import effective
from lifecycle.judge import judge
from lifecycle.reasons import Reason
from lifecycle.terms.library import Library
from lifecycle.values import frozen
from lifecycle.verdict import Question, Verdict
from lifecycle.versions import Versions
from lifecycle.weighing import Weighed, weigh

Standing: TypeAlias = Literal["right", "irregular", "overtaken", "contested"]
"""``right``: permitted on the record, as known now, and under every reading. ``irregular``: not permitted on the record
as it stood. ``overtaken``: permitted then, but not on what is known now. ``contested``: permitted then and now as the
readings were agreed, but not under all of them.
"""


@frozen(kw_only=True)
class Finding:
    """What the audit found of one act. ``then`` is the verdict on what was recorded before it, ``now`` on all that is
    known now of what had happened when it took effect, ``weighed`` the same under every reading. override: the reason a
    person gave for acting against the verdict.
    """

    event: Event
    on: Day
    standing: Standing
    then: Verdict
    now: Verdict
    weighed: Weighed
    override: str | None

    @property
    def clause(self) -> str:
        return self.now.clause or self.then.clause

    def __str__(self) -> str:
        question = self.then.question
        head = f"{self.on}: {question.by} {question.does} ({self.event.id}) [{self.clause}] - "
        match self.standing:
            case "right":
                return f"{head}right on the record, in hindsight and under every reading"
            case "irregular":
                hindsight = "; permitted on what is known now" if self.now.permitted else ""
                reason = f" (done because: {self.override})" if self.override else ""
                return f"{head}irregular{reason}{hindsight}: {self.then}"
            case "overtaken":
                return f"{head}right on the record, falls in hindsight: {self.now}"
            case "contested":
                against = next(u for u in self.weighed.under if question.at not in u.windows)
                return f"{head}right as the clauses are read, contested: not open with {against.named}"


def audited(events: list[Event], library: Library, until: Instant | None) -> Iterator[Finding]:
    """What there is to find of every act done by an instant, in the order in which they were done."""
    docket = fold(library, events, None)
    acts = [e for e in effective(events[1:]) if isinstance(e.fact, Acted | Posted)]
    for event in sorted(acts, key=docket.order_of):
        if isinstance(event.fact, Posted) and event.fact.power is None:
            continue  # a policy, which is no act under the agreement
        if until is None or docket.instant_of(event) <= until:
            yield _finding(event, events, docket, library)


def _finding(event: Event, events: list[Event], docket: Docket, library: Library) -> Finding:
    at = docket.instant_of(event)
    assert isinstance(event.fact, Acted | Posted)
    override = event.fact.override if isinstance(event.fact, Acted) else None
    question = _asked(event.fact, at, docket.versions)
    then = _judged(_before(event, events, library), event.fact, question)
    known, effect = _without_later_acts(event, events, docket), _effect(event, docket)

    def world(readings: Mapping[str, str]) -> Course:
        return Course(fold(library.supposing(readings) if readings else library, known, effect), effect)

    counting = evolve(question, at=effect, known_through=effect)
    now, weighed = _judged(world({}), event.fact, counting), weigh(world, counting)
    standing: Standing = "right"
    if override is not None or not then.permitted:
        standing = "irregular"
    elif not now.permitted:
        standing = "overtaken"
    elif weighed.standing != "undisputed":
        standing = "contested"
    return Finding(
        event=event,
        on=then.on,
        standing=standing,
        then=then,
        now=now,
        weighed=weighed,
        override=override,
    )


def _before(event: Event, events: list[Event], library: Library) -> Course:
    """The course on what was recorded before an event, as of when it happened."""
    before = events[: event.sequence - 1]
    docket = fold(library, before, None)
    at = docket.instant_of(event)
    return Course(docket if docket.latest <= at else fold(library, before, at), at)


def _without_later_acts(event: Event, events: list[Event], docket: Docket) -> list[Event]:
    """What is known now, but for the act itself and those done after it."""
    gone = {
        e.id
        for e in effective(events[1:])
        if isinstance(e.fact, Acted | Posted) and docket.order_of(e) >= docket.order_of(event)
    }
    return [e for e in events if e.id not in gone and getattr(e.fact, "event", None) not in gone]


def was_regular(event: Event, events: list[Event], library: Library) -> bool:
    """Whether the Terms permitted a recorded act, on what was recorded before it. Facts and acts of both together are
    always regular.

    What its actor vouched for at the time is not questioned here; an act done by overriding the verdict is never
    regular.
    """
    # As it stands now, should it have been corrected; judged on what was recorded before it.
    event = next((stands for stands in effective(events[1:]) if stands.id == event.id), event)
    fact = event.fact
    if not isinstance(fact, Acted | Posted) or (isinstance(fact, Posted) and fact.power is None):
        return True
    if isinstance(fact, Acted) and fact.override is not None:
        return False
    course = _before(event, events, library)
    regular = _judged(course, fact, _asked(fact, course.horizon, course.versions)).permitted
    docket = fold(library, events, None)
    if not regular or (effect := _effect(event, docket)) <= course.horizon:
        return regular
    # What counts only later, must be permitted then too, on what is recorded by then.
    recorded = [e for e in _without_later_acts(event, events, docket) if e.recorded <= effect]
    there = Course(fold(library, recorded, effect), effect)
    return _judged(there, fact, _asked(fact, effect, there.versions)).permitted


def _effect(event: Event, docket: Docket) -> Instant:
    """When an act took effect; when it was done, while that is open."""
    done = docket.instant_of(event)
    at = next((act.at for act in docket.acts if act.event == event.id), done)
    return at if at < FOREVER else done


def _judged(course: Course, fact: Acted | Posted, question: Question) -> Verdict:
    """The verdict on an act as it was exercised: what takes a posting is not exercised without one."""
    verdict = judge(course, question)
    if verdict.permitted and isinstance(fact, Acted) and verdict.power and verdict.power.exercise == "posting":
        words, missing = "takes a posting, and nothing was posted", "post it"
        reason = Reason(code="not-posted", clause=verdict.clause, words=words, missing=missing)
        return evolve(verdict, permitted=False, hindrances=(*verdict.hindrances, reason))
    return verdict


def _asked(fact: Acted | Posted, at: Instant, versions: Versions) -> Question:
    if isinstance(fact, Posted):
        power = versions.power(fact.power, at)
        assert power is not None
        return Question(does=power.does, by="provider", at=at, power=power.id, known_through=at)
    return Question(
        does=fact.does,
        by=fact.by,
        at=at,
        about=fact.about,
        power=fact.power if versions.power(fact.power, at) else None,  # read otherwise, the Terms may not have it
        method=fact.method or "",
        known_through=at,
    )
