"""What happens next if nobody does anything: the timeline, the next instant to look again, and who owes what by
when.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias, cast

from lifecycle.changes import Change, changes
from lifecycle.course import Course, Lapse
from lifecycle.days import FOREVER, Day, Instant
from lifecycle.judge import openings_of
from lifecycle.matters import Matter, Spell
from lifecycle.powers import Opening, applicable, counted, earliest_notice
from lifecycle.reasons import Counted
from lifecycle.terms.model import TERM_END, TRIAL_END, Duty, Party, holders, named
from lifecycle.values import frozen
from lifecycle.windows import NEVER, Window

What: TypeAlias = Literal["transition", "opens", "closes", "deadline", "fact"]


@frozen(kw_only=True)
class Ahead:
    """Something that will happen at an instant if nobody acts: a transition, a window that opens or closes, a deadline,
    or a recorded fact whose time comes. ``power``, ``matter`` and ``by`` where there are any; ``change`` for a
    transition of the table.
    """

    at: Instant
    on: Day
    what: What
    text: str
    clause: str
    arithmetic: str = ""
    power: str = ""
    matter: str = ""
    by: tuple[str, ...] = ()
    change: Change | None = None


@frozen
class Timeline:
    """What is ahead, in order, and why it stops there."""

    entries: tuple[Ahead, ...]
    stops: str


Standing: TypeAlias = Literal["pending", "met", "missed", "unscheduled"]


@frozen(kw_only=True)
class Owed:
    """A duty as it stands: who owes it because of what, from when, by when (``due`` included; None where no date is
    set).
    """

    duty: Duty
    by: tuple[Party, ...]
    matter: str
    since: Day
    due: Day | None
    standing: Standing
    arithmetic: str = ""
    done: Day | None = None


def live_powers(course: Course, at: Instant) -> tuple[Opening, ...]:
    """Every power that is open at an instant, will open, or would open after a notice; powers that do not fit or have
    closed are left out.
    """
    kept = course.stand(at).kept
    alike, live = kept.get("live", (NEVER, ()))
    if at not in alike:
        powers = ((version, power) for version, power in course.powers(at) if power.exercise != "automatic")
        considered = [o for version, power in powers for o in openings_of(power, course, at, version)]
        live = tuple(o for o in considered if _is_live(o, course, at))
        if course.policy is None:  # a house may look at the day
            kept["live"] = (Window(at, _next_edge(considered, at)), live)
    return cast("tuple[Opening, ...]", live)


def _is_live(o: Opening, course: Course, at: Instant) -> bool:
    return bool(o.window and at < o.window.closes) or (_waits(o, at) and at in course.reach(o.power, o.matter))


def _next_edge(considered: list[Opening], at: Instant) -> Instant:
    """The first instant after ``at`` at which one of some openings, or a reason for it, opens or closes."""
    windows = (window for o in considered for window in (o.window, *(reason.window for reason in o.reasons)))
    edges = (edge for window in windows for edge in (window.opens, window.closes))
    return min((edge for edge in edges if at < edge), default=FOREVER)


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


def wake_at(course: Course, at: Instant, coming: list[tuple[Instant, str]]) -> Instant | None:
    """The first instant after ``at`` at which any answer can change without new facts, or None. ``coming``: what is
    recorded already and happens later.
    """
    horizon, _ = _horizon(course, at)
    instants = [entry.at for entry in ahead(course.up_to(horizon), at)]
    instants += [instant for instant, _ in coming]
    instants += [turn] if (turn := course.next_turn(at)) else []
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
        yield Ahead(at=course.begins, on=day_of(course.begins), what="transition", text=text, clause=clause)
    for lapse in course.lapses:
        if lapse.since > at:
            _, text, clause = told_lapse(lapse, course)
            yield Ahead(at=lapse.since, on=day_of(lapse.since), what="transition", text=text, clause=clause)
    for version in course.versions:
        if at < version.at < FOREVER:
            text = f"the agreement is amended: {version.terms.title} ({version.terms.dated})"
            clause = version.announced.rule.clause if version.announced else ""
            yield Ahead(at=version.at, on=day_of(version.at), what="transition", text=text, clause=clause)
    for change in changes(course):
        if change.at > at:
            on, text = day_of(change.at), change.text
            yield Ahead(at=change.at, on=on, what="transition", text=text, clause=change.clause, change=change)
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


def _edges(o: Opening, course: Course, at: Instant) -> Iterator[Ahead]:
    about = f" ({o.matter.label})" if o.matter else ""
    by = o.holders or ("provider", "customer")
    ends_with_agreement = course.ending is not None and o.window.closes == course.ending.at
    for edge, what, verb in ((o.window.opens, "opens", "may"), (o.window.closes, "closes", "may no longer")):
        if at < edge < FOREVER and not (what == "closes" and ends_with_agreement):
            yield Ahead(
                at=edge,
                on=course.calendar.day_of(edge),
                what="opens" if what == "opens" else "closes",
                text=f"{named(o.holders)} {verb} {o.power.title}{about}",
                clause=o.power.clause,
                arithmetic=o.arithmetic,
                power=o.power.id,
                matter=o.matter.id if o.matter else "",
                by=by,
            )


# ---- duties ------------------------------------------------------------------------------------------------


def duties(course: Course, at: Instant) -> Iterator[Owed]:
    """Every duty that has arisen by an instant and how it stands, in the order of the Terms."""
    recorded = [course.docket.governed(matter, at) for matter in course.docket.matters.values()]
    for version in course.governing(at):
        for duty in course.versions[version].terms.duties.values():
            matters = [matter for matter in recorded if matter.kind in duty.matter]
            for matter in (m for m in (*matters, *course.matters(duty.matter, at)) if m.version == version):
                for spell in matter.spells:
                    if spell.opened <= at and (owed := _owed(duty, matter, spell, course, at)):
                        yield owed


def _owed(duty: Duty, matter: Matter, spell: Spell, course: Course, at: Instant) -> Owed | None:
    applies, _ = applicable(duty.when, duty.unless, matter)
    arises = _arises(duty, matter, spell, course)
    if not applies or arises is None or arises > at or not _binds(duty, matter, spell, course):
        return None
    day_of = course.calendar.day_of
    due, arithmetic = _due(duty, matter, spell, course)
    if duty.deadline == "at once":
        due = day_of(arises)
    done = _done(duty, matter, spell, course)
    done = done if done is not None and done <= at else None
    standing: Standing = "unscheduled" if due is None else "pending"
    binding = duty.deadline == "clocks" and not duty.effort
    if done is not None:
        standing = "missed" if binding and due is not None and day_of(done) > due else "met"
    elif binding and due is not None and day_of(at) > due:
        standing = "missed"
    return Owed(
        duty=duty,
        by=holders(duty.by, matter.party),
        matter=matter.id,
        since=day_of(arises),
        due=due,
        standing=standing,
        arithmetic=arithmetic,
        done=None if done is None else day_of(done),
    )


def _arises(duty: Duty, matter: Matter, spell: Spell, course: Course) -> Instant | None:
    if duty.arises == "start":
        return spell.opened
    notice = earliest_notice(duty.arises.removeprefix("notice:"), matter, spell, course.docket)
    return notice.counts if notice else None


def _binds(duty: Duty, matter: Matter, spell: Spell, course: Course) -> bool:
    """Whether the clause a duty rests on was in force when its matter arose, after the end as a survivor; or the duty
    is one that the end itself brings, or outlives it whatever survives.
    """
    if matter.kind == "ending":
        return True
    outlives = duty.outlives and course.state(spell.opened) == "terminated"
    return outlives or course.clause_in_force(duty.rests_on or duty.clause, spell.opened)


def _due(duty: Duty, matter: Matter, spell: Spell, course: Course) -> tuple[Day | None, str]:
    """The last day for a duty, and how it was counted: the earliest of its clocks, or the latest where any suffices."""
    counts = [
        counted(clock, clock.clause or duty.clause, matter, spell, course.docket)
        for clock in duty.clocks
        if applicable(clock.when, clock.unless, matter)[0]
    ]
    dated = [reason for reason in counts if isinstance(reason, Counted)]
    if not dated:
        return None, ""
    binding = (min if duty.needs == "all" else max)(dated, key=lambda reason: reason.safe)
    promised = (day for (name, _), day in matter.waits.items() if name == duty.id)
    return max((binding.safe, *promised)), binding.arithmetic


def _done(duty: Duty, matter: Matter, spell: Spell, course: Course) -> Instant | None:
    """When a duty was fulfilled: as recorded, by a notice of the kind that fulfils it, or by its matter's end."""
    docket = course.docket
    entitled = holders(duty.by, matter.party)
    found = [done for done, by in docket.done.get((duty.id, matter.id), ()) if done >= spell.opened and by in entitled]
    for way in duty.met_by:
        if way.startswith("notice:"):
            notice = earliest_notice(way.removeprefix("notice:"), matter, spell, docket)
            found += [notice.counts] if notice and notice.counts else []
        elif spell.how == way:
            found.append(spell.ended)
    return min(found, default=None)
