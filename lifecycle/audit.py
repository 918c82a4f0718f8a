"""Whether past acts were right: on the record as it stood before them, as known now, and under each reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Literal, TypeAlias, TypeGuard

from attrs import evolve

from lifecycle.chronicle import Chronicle, Ledger, Reader
from lifecycle.course import Course
from lifecycle.days import FOREVER, Day, Instant
from lifecycle.docket import Docket, fold
from lifecycle.events import Acted, Event, Fact, Posted
from lifecycle.judge import judge
from lifecycle.reasons import Reason
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


@frozen(kw_only=True)
class Record:
    """What acts are judged on: what is known now, what was recorded before each event, and what happened under other
    readings, by what differs from those agreed.
    """

    known: Chronicle
    recorded: Ledger
    supposing: Callable[[frozenset[tuple[str, str]]], Reader]


def audited(record: Record, until: Instant | None) -> Iterator[Finding]:
    """What there is to find of every act done by an instant, in the order in which they were done."""
    head = record.known.head
    acts = [
        event
        for event in record.known.events
        if _is_act(event.fact) and (until is None or head.instant_of(event) <= until)
    ]
    # Read in the order in which they were recorded, then in that in which they were done, each once.
    in_order = sorted(acts, key=lambda event: event.sequence)
    then = {event.id: _then(event, record, head.versions) for event in in_order}
    for event in acts:
        yield _finding(event, then[event.id], record)


def _is_act(fact: Fact) -> TypeGuard[Acted | Posted]:
    """Whether a fact is an act under the agreement; a policy that is posted is none."""
    return isinstance(fact, Acted) or (isinstance(fact, Posted) and fact.power is not None)


def _then(event: Event, record: Record, versions: Versions | None = None) -> Verdict:
    """The verdict on an act on what was recorded before it, as of when it was done; ``versions``: the Terms that are
    asked for its power, by default those known then.
    """
    chronicle = record.recorded.before(event.sequence)
    at = chronicle.head.instant_of(event)
    course = Course(chronicle.at(at), at)
    assert _is_act(event.fact)
    return _judged(course, event.fact, _asked(event.fact, at, versions or course.versions))


def _finding(event: Event, then: Verdict, record: Record) -> Finding:
    assert _is_act(event.fact)
    override = event.fact.override if isinstance(event.fact, Acted) else None
    head, place = record.known.head, record.known.place_of(event)
    effect = _effect(event, head)
    meanwhile = tuple(_meanwhile(record.known, place, effect))
    courses: dict[frozenset[tuple[str, str]], Course] = {}

    def world(readings: Mapping[str, str]) -> Course:
        key = frozenset(readings.items())
        if key not in courses:
            docket = record.supposing(key).up_to(place)
            courses[key] = Course(_having(docket, meanwhile), effect)
        return courses[key]

    counting = _counting(_asked(event.fact, head.instant_of(event), head.versions), effect)
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


def _meanwhile(known: Chronicle, place: int, effect: Instant) -> Iterator[Event]:
    """What happened after an act was done, up to when it took effect, other than what one party did."""
    for event in islice(known.events, place + 1, None):
        if known.head.instant_of(event) > effect:
            return
        if not isinstance(event.fact, Acted | Posted):
            yield event


def _having(docket: Docket, further: tuple[Event, ...]) -> Docket:
    """A docket that was told further events; itself where there are none."""
    if further:
        docket = docket.copied()
        for event in further:
            docket.apply(event)
    return docket


def was_regular(event: Event, record: Record) -> bool:
    """Whether the Terms permitted a recorded act, on what was recorded before it. Facts and acts of both together are
    always regular.

    What its actor vouched for at the time is not questioned here; an act done by overriding the verdict is never
    regular.
    """
    event = record.known.standing(event)  # as it stands now, should it have been corrected
    fact = event.fact
    if not _is_act(fact):
        return True
    if isinstance(fact, Acted) and fact.override is not None:
        return False
    then = _then(event, record)
    if not then.permitted or (effect := _effect(event, record.known.head)) <= then.question.at:
        return then.permitted
    # What counts only later, must be permitted then too, on what is recorded by then.
    later = {e.id for e in record.known.events[record.known.place_of(event) :] if isinstance(e.fact, Acted | Posted)}
    recorded = [
        e
        for e in record.recorded.events.known(effect)
        if e.id not in later and getattr(e.fact, "event", None) not in later
    ]
    there = Course(fold(record.known.library, recorded, effect), effect)
    return _judged(there, fact, _counting(_asked(fact, then.question.at, there.versions), effect)).permitted


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


def _counting(asked: Question, effect: Instant) -> Question:
    """What is asked of an act as of when it took effect. What was given before then counts by then: how it was given
    puts it off no further.
    """
    return evolve(asked, at=effect, known_through=effect, method=asked.method if effect <= asked.at else None)
