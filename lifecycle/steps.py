"""The steps of a plan: what is to be recorded, given in writing, waited for and done, each with its first day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal, TypeAlias

from attrs import evolve

from lifecycle.days import FOREVER, Day, Instant, Period, plus_days
from lifecycle.docket import Docket
from lifecycle.events import By
from lifecycle.matters import Matter, Notice
from lifecycle.plain import a
from lifecycle.powers import givable, intersection, notice_defect
from lifecycle.reasons import Reason
from lifecycle.terms.model import Method, Power, Scalar
from lifecycle.values import frozen
from lifecycle.verdict import Question, Verdict

What: TypeAlias = Literal["record", "give notice", "wait", "act"]


@frozen(kw_only=True)
class Way:
    """Methods of giving a notice that come to the same. counts: the day from which it counts if it is given on the day
    of its step; None where that takes proof of its delivery, and ``rule`` says how long after. last: the last day on
    which it can be given, included; None where no day is too late.
    """

    methods: tuple[str, ...]
    rule: Method
    counts: Day | None
    last: Day | None = None

    def __str__(self) -> str:
        names = ", ".join(self.methods).replace("_", " ")
        proved = f"{Period(self.rule.n, self.rule.unit)} after its delivery" if self.rule.n else "once its delivery"
        counts = f"counts {proved} is proved" if self.counts is None else f"counts from {self.counts}"
        return f"{names}: {counts}" + (f", last day {self.last}" if self.last else "")


@frozen(kw_only=True)
class Step:
    """One thing to do, or to wait for. at: the first instant at which it can be done, or the one waited for; ``on`` is
    its day.

    what: the attribute to record (``by`` for whoever asserts the matter), the kind of notice to give, or the power to
    use. value: what the attribute is supposed to be. by: who does it, None for a wait. ways: how it can be given in
    writing, the fastest first. supposes: what the later steps rest on. rests_on_silence: the act takes
    ``known_through``.
    """

    kind: What
    at: Instant
    on: Day
    text: str
    clause: str
    what: str = ""
    value: Scalar | None = None
    by: By | None = None
    ways: tuple[Way, ...] = ()
    supposes: str = ""
    arithmetic: str = ""
    rests_on_silence: bool = False

    @property
    def methods(self) -> tuple[str, ...]:
        """Every method that would count, the fastest first."""
        return tuple(method for way in self.ways for method in way.methods)

    def __str__(self) -> str:
        ways = f" ({'; '.join(map(str, self.ways))})" if self.ways else ""
        return self.text if self.kind == "wait" else f"{self.on}: {self.text}{ways}"


def supposed_steps(
    power: Power, matter: Matter, supposed: Matter, docket: Docket, question: Question
) -> Iterator[Step]:
    """The steps that make of a matter what is supposed of it for a power: what to record, what notices to give."""
    on = docket.calendar.day_of(question.at)
    step = Step(kind="record", at=question.at, on=on, text="", clause=power.clause, by=question.by)
    if supposed.by and supposed.by != matter.by:
        text, told = f"assert {matter.label}", f"the {supposed.by} asserts {matter.label}"
        text = _said_to(question.by, supposed.by, text)
        yield evolve(step, text=text, what="by", value=supposed.by, by=supposed.by, supposes=told)
    for name, value in supposed.attributes.items():
        if name not in matter.attributes:
            word = name.replace("_", " ")
            text, told = f"say the {word} of {matter.label}", f"the {word} of {matter.label} is {value}"
            if isinstance(value, bool):
                text, told = (
                    f"say whether {matter.label} is {word}",
                    f"{matter.label} is {'' if value else 'not '}{word}",
                )
            yield evolve(step, text=text, what=name, value=value, supposes=told)
    for notice in supposed.notices[len(matter.notices) :]:
        yield _notice(notice, supposed, docket, question)


def _notice(notice: Notice, matter: Matter, docket: Docket, question: Question) -> Step:
    """To give a notice that is supposed to be given."""
    kind, on = docket.terms_of(matter).notices[notice.kind], docket.calendar.day_of(notice.given)
    rules = tuple(givable(kind, matter, matter.last, docket))
    ways = ways_of_giving(docket, notice.given, intersection(rules).closes)
    text = _said_to(question.by, notice.by, f"give {a(kind.title)} about {matter.label}")
    earlier = [notice_defect(n, matter, matter.last, docket) for n in matter.notices if n.kind == kind.id]
    if defects := "; ".join(filter(None, earlier)):
        text = f"{text}, as none counts yet: {defects}"
    by = f" by {notice.method.replace('_', ' ')}" if notice.method else ""
    proved = ", its delivery proved that day" if ways and ways[0].counts is None else ""
    return Step(
        kind="give notice",
        at=notice.given,
        on=on,
        text=text,
        clause=kind.clause,
        what=kind.id,
        by=notice.by,
        ways=ways,
        supposes=f"the {kind.title} is given on {on}{by}{proved}",
        arithmetic="; ".join(rule.arithmetic for rule in rules if rule.arithmetic),
    )


def _said_to(asker: By, party: By, text: str) -> str:
    """What a party is to do, as it is said to the one that asks."""
    return text if party == asker else f"have the {party} {text}"


def wait(reason: Reason, docket: Docket) -> Step:
    """To wait until the window of a reason opens."""
    at, day = reason.window.opens, docket.calendar.day_of(reason.window.opens)
    why = reason.arithmetic or reason.words or reason.text(day)
    text = f"{reason.step() or f'wait until {day}'}: {why}"
    return Step(kind="wait", at=at, on=day, text=text, clause=reason.clause, arithmetic=reason.arithmetic)


_EXERCISED = {"act": "", "posting": ", by posting", "consent": ", both consenting"}


def act(power: Power, verdict: Verdict, docket: Docket) -> Step:
    """To use a power at the instant of a verdict that permits it."""
    at, closes, matter = verdict.question.at, verdict.window.closes, verdict.openings[0].matter
    text = f"{power.title}{_EXERCISED.get(power.exercise, ', in writing')}"
    terms = docket.terms_of(matter) if matter else docket.versions.at(at)
    rests_on_silence = terms.rests_on_silence(power)
    if rests_on_silence and matter:
        ends = " or ".join(power.ended_by or power.prevented_by or ("lifted",)).replace("_", " ")
        text = f"if {matter.label} has not been {ends} (vouch for that: known_through), {text}"
    return Step(
        kind="act",
        at=at,
        on=verdict.on,
        text=text,
        clause=power.clause,
        what=power.id,
        by=verdict.question.by,
        ways=ways_of_giving(docket, at, closes) if power.in_writing else (),
        arithmetic=verdict.arithmetic,
        rests_on_silence=rests_on_silence,
    )


def ways_of_giving(docket: Docket, at: Instant, closes: Instant) -> tuple[Way, ...]:
    """How a notice can be given at an instant so that it counts before another, the fastest first. One that counts on
    delivery is taken to be delivered at once, and comes after others that count as soon.
    """
    notice, alike = docket.versions.at(at).notice, dict[Method, list[str]]()
    for method, rule in notice.methods.items() if notice else ():
        # What is handed over counts as what is sent does, unless it is known to have arrived later.
        alike.setdefault(rule if rule.counts == "delivery" else evolve(rule, counts="dispatch"), []).append(method)
    found = sorted((docket.writing.after(at, rule, at), rule.counts == "delivery", n) for n, rule in enumerate(alike))
    rules = list(alike)
    return tuple(
        Way(
            methods=tuple(alike[rules[n]]),
            rule=rules[n],
            counts=None if on_delivery else docket.calendar.day_of(counts),
            last=None if closes == FOREVER else _last_day(rules[n], docket, closes),
        )
        for counts, on_delivery, n in found
        if counts < closes
    )


def _last_day(rule: Method, docket: Docket, closes: Instant) -> Day:
    """The last day on which what is given counts before an instant, if it is delivered at once."""
    day = plus_days(docket.calendar.day_of(closes - timedelta(microseconds=1)), -rule.n)
    while docket.writing.after(start := docket.calendar.start_of(day), rule, start) >= closes:
        day = plus_days(day, -1)
    return day
