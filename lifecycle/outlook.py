"""What happens next if nobody does anything: the timeline, and the next instant to look again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias, cast

from lifecycle.changes import Change, changes, turns_after
from lifecycle.course import Course, Lapse
from lifecycle.days import FOREVER, Day, Instant
from lifecycle.duties import due_after, duties
from lifecycle.events import By
from lifecycle.judge import openings_of, recorded
from lifecycle.matters import Matter
from lifecycle.powers import Opening
from lifecycle.seen import Seen
from lifecycle.terms.model import DERIVED_KINDS, TERM_END, TRIAL_END, Power, named
from lifecycle.values import frozen
from lifecycle.windows import NEVER, Window

_DERIVED = frozenset(DERIVED_KINDS)
BEGIN = "begin"
"""What the first instant in force is called, beside the transitions of the table."""

What: TypeAlias = Literal["transition", "opens", "closes", "deadline", "fact"]


@frozen(kw_only=True)
class Ahead:
    """Something that will happen at an instant if nobody acts: a transition, a window that opens or closes, a deadline,
    or a recorded fact whose time comes. ``power``, ``matter`` and ``by`` where there are any: each party that may by
    itself, or ``both`` together; ``change`` for a transition of the table. ``transition``: what one is called - as in
    the table, ``begin``, ``amend``, or as a stretch without trial or term is.
    """

    at: Instant
    on: Day
    what: What
    text: str
    clause: str
    arithmetic: str = ""
    power: str = ""
    matter: str = ""
    by: tuple[By, ...] = ()
    change: Change | None = None
    transition: str = ""


@frozen
class Timeline:
    """What is ahead, in order, and why it stops there."""

    entries: tuple[Ahead, ...]
    stops: str


def live_powers(course: Course, at: Instant) -> tuple[Opening, ...]:
    """Every power that is open at an instant, will open, or would open after a notice; powers that do not fit or have
    closed are left out.
    """
    kept = course.stand(at).kept
    alike, live = kept.get("live", (NEVER, ()))
    if at not in alike:
        powers = ((version, power) for version, power in course.powers(at) if power.exercise != "automatic")
        found = [_live_openings(power, course, at, version) for version, power in powers]
        live = tuple(o for openings, _ in found for o in openings)
        if course.policy is None:  # a house may look at the day
            kept["live"] = (Window(at, min((turns for _, turns in found), default=FOREVER)), live)
    return cast("tuple[Opening, ...]", live)


def _live_openings(power: Power, course: Course, at: Instant, version: int) -> tuple[Iterable[Opening], Instant]:
    """The openings of a power that are live at an instant, and when that turns if the agreement stands as it does."""
    if course.begins is None or at < course.begins or not power.matter or not _DERIVED.isdisjoint(power.matter):
        return _live_among(openings_of(power, course, at, version), course, at)
    turns = min((turn for turn in course.versions.turns() if at < turn), default=FOREVER)

    def look(matter: Matter) -> tuple[Sequence[Opening], Instant]:
        live, turn = _live_among(recorded(power, course, at, version, (matter.id,)), course, at)
        ends = course.reach(power, matter).closes  # what waits for a notice is over by then too
        return live, min(turn, turns, ends if at < ends else FOREVER)

    matters = course.docket.of_kind(power.matter)
    live, turns_so = Seen.of(course, at).look(("power", power.id, version), matters, at, look)
    if not live or not (course.policy or power.order_unless or power.does == "suspend"):
        return live, turns_so
    # What is not live apart from what stands at the instant, is not live with it.
    about = tuple(dict.fromkeys(o.matter.id for o in live if o.matter))
    live, turns = _live_among(openings_of(power, course, at, version, about), course, at)
    return live, min(turns, turns_so)


def _live_among(openings: Iterable[Opening], course: Course, at: Instant) -> tuple[list[Opening], Instant]:
    """Those of some openings that are live at an instant, and the first instant after it at which one of them all, or a
    reason for it, opens or closes.
    """
    every = list(openings)
    windows = (window for o in every for window in (o.window, *(reason.window for reason in o.reasons)))
    edges = (edge for window in windows for edge in (window.opens, window.closes))
    turns = min((edge for edge in edges if at < edge), default=FOREVER)
    return [o for o in every if _is_live(o, course, at)], turns


def _is_live(o: Opening, course: Course, at: Instant) -> bool:
    return bool(o.window and at < o.window.closes) or (_waits(o, at) and at in course.reach(o.power, o.matter))


def _waits(o: Opening, at: Instant) -> bool:
    """Whether something that can still come would open a power: a notice, an end of what stops it, an answer."""
    if not any(reason.code in _STILL_OPEN for reason in o.reasons):
        return False
    gone = any(r.code in ("matter", "waived", "not-applicable") and at >= r.window.closes for r in o.reasons)
    return not gone and not any(r.code in ("not-applicable", "not-asserted", "order") for r in o.reasons)


_STILL_OPEN = ("notice-missing", "paused", "blocked", "unsaid")


def timeline(course: Course, at: Instant, coming: list[tuple[Instant, str]], until: Instant | None = None) -> Timeline:
    """What is ahead after ``at`` up to ``until``, included; the transitions by default to the next turn of the
    agreement's course.
    """
    horizon, stops = _horizon(course, at)
    limit = FOREVER
    if until is not None:
        horizon, limit, stops = until, until, f"shown through {course.calendar.day_of(until)}"
    told = [*ahead(course.up_to(horizon), at), *_recorded(course, coming)]
    entries = [entry for entry in told if entry.at <= limit]
    order = {"fact": 0, "transition": 1, "closes": 2, "opens": 3, "deadline": 4}
    return Timeline(tuple(sorted(entries, key=lambda e: (e.at, order[e.what], e.text))), stops)


def _horizon(course: Course, at: Instant) -> tuple[Instant, str]:
    """How far the states ahead are worth following, and why they stop there."""
    if course.ending is not None:
        how = "ended" if course.ending.at <= at else "ends"
        day = course.calendar.day_of(course.ending.at)
        return max(at, course.ending.at), f"the agreement {how} on {day} ({course.ending.how}): no state follows"
    turn = course.next_turn(at)
    while turn is not None and course.up_to(turn).state(turn) is None:
        turn = course.next_turn(turn)  # a trial that ends before its order starts: on to the order
    if turn is None:
        return at, "nothing else is scheduled: without an order there is no term to end"
    phase = course.up_to(turn).phase(turn)
    number = phase.term.number if phase and phase.term else 1
    return turn, f"the start of term {number}; from then on it renews, term by term, until someone stops it"


def wake_at(course: Course, at: Instant, coming: Iterable[Instant]) -> Instant | None:
    """The first instant after ``at`` at which any answer can change without new facts, or None. ``coming``: when what
    is recorded already happens later.
    """
    there = course.up_to(_horizon(course, at)[0])
    instants = [*coming, *turns_after(there, at), *due_after(there, at)]
    instants += [edge for o in live_powers(there, at) for edge, _ in _edges_after(o, there, at)]
    instants += [lapse.since for lapse in there.lapses if lapse.since > at]
    instants += [version.at for version in there.versions if at < version.at < FOREVER]
    instants += [turn] if (turn := course.next_turn(at)) else []
    instants += [there.begins] if there.begins is not None and there.begins > at else []
    if term := course.term_to_stop(at):  # past its last day, another term is the one to stop
        instants += [edge for edge in (course.chain.non_renewal_window(term).closes,) if at < edge < FOREVER]
    return min(instants, default=None)


def _recorded(course: Course, coming: list[tuple[Instant, str]]) -> Iterator[Ahead]:
    for instant, what in coming:
        yield Ahead(at=instant, on=course.calendar.day_of(instant), what="fact", text=f"recorded: {what}", clause="")


def ahead(course: Course, at: Instant) -> Iterator[Ahead]:
    """Everything after ``at``, unordered: the course's transitions up to its horizon, and all edges of windows and
    deadlines.
    """
    day_of = course.calendar.day_of
    if course.begins is not None and course.begins > at:
        phase = course.phases[0]
        renewal = course.terms_at(course.begins).renewal
        clause = renewal.clause if renewal else ""
        text = f"the agreement is in force: {phase.state}"
        on = day_of(course.begins)
        yield Ahead(at=course.begins, on=on, what="transition", text=text, clause=clause, transition=BEGIN)
    for lapse in course.lapses:
        if lapse.since > at:
            called, text, clause = told_lapse(lapse, course)
            on = day_of(lapse.since)
            yield Ahead(at=lapse.since, on=on, what="transition", text=text, clause=clause, transition=called)
    for version in course.versions:
        if at < version.at < FOREVER:
            text = f"the agreement is amended: {version.terms.title} ({version.terms.dated})"
            clause = version.announced.rule.clause if version.announced else ""
            on = day_of(version.at)
            yield Ahead(at=version.at, on=on, what="transition", text=text, clause=clause, transition="amend")
    for change in changes(course):
        if change.at > at:
            yield Ahead(
                at=change.at,
                on=day_of(change.at),
                what="transition",
                text=change.text,
                clause=change.clause,
                change=change,
                transition=change.transition,
            )
    for o in live_powers(course, at):
        yield from _edges(o, course, at)
    for owed in duties(course, at):
        if owed.due is not None and owed.standing == "pending":
            closes = course.calendar.end_of(owed.due)
            if closes > at:
                yield Ahead(
                    at=closes,
                    on=owed.due,
                    what="deadline",
                    text=f"last day for {' or '.join(owed.by)} to {owed.duty.title}",
                    clause=owed.duty.clause,
                    arithmetic=owed.arithmetic,
                    matter=owed.matter,
                    by=owed.by,
                )


def told_lapse(lapse: Lapse, course: Course) -> tuple[str, str, str]:
    """What a stretch without trial or term is called, in a word and in a sentence, and the clause that brings it."""
    until = f" until {course.calendar.day_of(lapse.until)}" if lapse.until < FOREVER else ""
    terms = course.terms_at(lapse.since)
    if lapse.after_trial:
        what = "in force without a term" if terms.framework else "not in force"
        return TRIAL_END, f"the trial ends: {what}{until}", terms.trial.clause if terms.trial else ""
    clause = terms.framework.clause if terms.framework else ""
    return TERM_END, f"the last term ends: in force without one{until}", clause


def _edges_after(o: Opening, course: Course, at: Instant) -> Iterator[tuple[Instant, Literal["opens", "closes"]]]:
    """When a power opens or closes after an instant, other than by the end of the agreement."""
    if at < o.window.opens < FOREVER:
        yield o.window.opens, "opens"
    if at < o.window.closes < FOREVER and not (course.ending is not None and o.window.closes == course.ending.at):
        yield o.window.closes, "closes"


def _edges(o: Opening, course: Course, at: Instant) -> Iterator[Ahead]:
    about = f" ({o.matter.label})" if o.matter else ""
    for edge, what in _edges_after(o, course, at):
        verb = "may" if what == "opens" else "may no longer"
        yield Ahead(
            at=edge,
            on=course.calendar.day_of(edge),
            what=what,
            text=f"{named(o.holders)} {verb} {o.power.title}{about}",
            clause=o.power.clause,
            arithmetic=o.arithmetic,
            power=o.power.id,
            matter=o.matter.id if o.matter else "",
            by=o.holders or ("both",),
        )
