"""The judge: powers, state and manner of exercise, weighed into one verdict.

The one validator behind may, do and record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import cast

from attrs import evolve

from lifecycle.course import Course
from lifecycle.days import FOREVER, Instant, Period
from lifecycle.errors import InvalidFact
from lifecycle.events import By
from lifecycle.holds import Hold
from lifecycle.machine import State, table
from lifecycle.matters import Matter
from lifecycle.plain import a
from lifecycle.powers import Opening, openings, openings_over, standing
from lifecycle.reasons import Reason, said
from lifecycle.supposing import with_notices
from lifecycle.terms.model import TRANSITIONS, Power, Terms, covers, named, other
from lifecycle.values import frozen
from lifecycle.verdict import Question, Verdict
from lifecycle.windows import ALWAYS, NEVER, Window


def judge(course: Course, question: Question) -> Verdict:
    """The verdict on a question, from the course as known.

    Raises InvalidFact where the Terms know no such act or power.
    """
    at, calendar = question.at, course.calendar
    case = _case(course, question)
    choices = _choices(case.held, question)
    chosen = [o for o in case.held if choices and at in o.window and o.power.id == choices[0]]
    if chosen:
        hindrances = (*case.hindrances, *_exercise_hindrances(course, question, chosen[0]))
    else:
        hindrances = case.hindrances or tuple(_nothing_recorded(course, question, case))
    best, supposing = (chosen[0], False) if chosen else _soonest(case.held, course, at)
    window = best.window if best else NEVER
    waiting_helps = at < window.closes and not any(reason.code in _FINAL for reason in hindrances)
    first = max(window.opens, at) if window and waiting_helps else None
    return Verdict(
        question=question,
        on=calendar.day_of(at),
        permitted=bool(chosen) and not hindrances,
        openings=tuple(chosen) or ((best,) if best else ()),
        considered=case.considered,
        hindrances=hindrances,
        rules=() if case.considered else course.terms_at(at).rules_on(question.does, question.by),
        first=first,
        first_day=None if first is None else calendar.day_of(first),
        last_day=calendar.day_of(window.closes - _MOMENT) if window.closes < FOREVER else None,
        supposing=supposing,
        choices=choices,
        leads_to=case.leads_to,
    )


@frozen
class _Case:
    """What is asked, for as long as the agreement stands as it does: all of the answer that neither the very instant
    nor the manner of exercising changes. ``held``: the openings considered that are the asker's.
    """

    powers: tuple[Power, ...]
    considered: tuple[Opening, ...]
    held: tuple[Opening, ...]
    hindrances: tuple[Reason, ...]
    leads_to: State | None


def _case(course: Course, question: Question) -> _Case:
    kept = course.stand(question.at).kept
    key = (question.does, question.by, question.power, question.about)
    if (case := kept.get(key)) is None:
        case = _made_case(course, question)
        if course.policy is None:  # a house may look at the day
            kept[key] = case
    return cast("_Case", case)


def _made_case(course: Course, question: Question) -> _Case:
    at, asked = question.at, powers_asked(course, question)
    considered = [o for version, power in asked for o in openings_of(power, course, at, version, question.about)]
    powers = tuple([power for _, power in asked])
    if course.stand(at).state == "terminated" and any(power.outlives for power in powers):  # else the state hinders
        considered = [o if o.power.outlives else o.within(NEVER, *_about_end(course)) for o in considered]
    held = [o for o in considered if o.held_by(question.by)]
    hindrances = tuple(_state_hindrances(course, question, powers))
    return _Case(powers, tuple(considered), tuple(held), hindrances, _leads_to(course, question))


_MOMENT = timedelta(microseconds=1)

# Hindrances that no waiting removes.
_FINAL = ("ended", "no-edge", "automatic", "wrong-party", "no-matter")


def _choices(held: Sequence[Opening], question: Question) -> tuple[str, ...]:
    """The powers that permit it, in the order of the Terms: each for every matter that the question names."""
    found: dict[str, set[str]] = {}
    for o in held:
        if question.at in o.window:
            found.setdefault(o.power.id, set()).add(o.matter.id if o.matter else "")
    return tuple(power for power, matters in found.items() if set(question.about) <= matters)


def openings_of(
    power: Power, course: Course, at: Instant, version: int, about: tuple[str, ...] = ()
) -> Iterable[Opening]:
    """The openings of a power at an instant: one for the latest spell of each matter it may rest on, or one that rests
    on none; only over the matters that ``about`` names, if it names any. ``version``: which of the agreement's Terms
    it belongs to; a matter has only the powers of those that govern it.
    """
    if course.knows_nothing_for(power):
        return ()
    return _as_things_stand(power, _reached(power, course, at, version, about), course, at)


def _as_things_stand(power: Power, found: Iterable[Opening], course: Course, at: Instant) -> Iterable[Opening]:
    """Openings of a power with what stands in its way at the very instant: the order, the running term, what the
    agreement is suspended for already, the house.
    """
    if power.order_unless:
        found = [_by_order(o, course, at) for o in found]
    if "term" in power.matter:
        found = [o.within(ALWAYS, *_about_running_term(o, course, at)) for o in found]
    if power.does == "suspend" and (holds := course.holds_from(at)):
        found = [_until_held(o, holds, course, at) for o in found]
    return found if course.policy is None else [course.policy.narrowed(o, course.docket, at) for o in found]


def _reached(power: Power, course: Course, at: Instant, version: int, about: tuple[str, ...]) -> Sequence[Opening]:
    """The openings of a power as far as the agreement lets it reach, apart from what stands at the very instant."""
    if not power.matter:
        governs = version == course.versions.index_at(at)
        return (standing(power).within(course.reach(power, None)),) if governs and not about else ()
    found = recorded(power, course, at, version, about)
    derived = [m for m in course.matters(power.matter, at) if m.version == version and (not about or m.id in about)]
    return (*found, *_over_all(power, derived, course)) if derived else found


def recorded(power: Power, course: Course, at: Instant, version: int, about: tuple[str, ...]) -> Sequence[Opening]:
    """The openings of a power over the recorded matters that it may rest on, as far as the agreement lets it reach."""
    docket = course.docket
    if len(course.versions) > 1:
        governed = [docket.governed(matter, at) for matter in docket.of_kind(power.matter, about)]
        return _over_all(power, [matter for matter in governed if matter.version == version], course)
    if about:
        return _over_all(power, docket.of_kind(power.matter, about), course)
    return _over_every(power, course)  # under Terms that were never amended they are the same at any instant


def _over_every(power: Power, course: Course) -> tuple[Opening, ...]:
    """The openings of a power over all that is recorded, kept for as long as none of it changes."""
    docket = course.docket
    kept: dict[str, tuple[object, tuple[Opening, ...]]] = docket.kept.setdefault("over every", {})
    rests_on = ([docket.stamps.get(kind) for kind in power.matter], course.begins, course.ending)
    if (found := kept.get(power.id)) is None or found[0] != rests_on:
        found = kept[power.id] = (rests_on, _over_all(power, docket.of_kind(power.matter), course))
    return found[1]


def _over_all(power: Power, matters: Iterable[Matter], course: Course) -> tuple[Opening, ...]:
    return tuple(o for matter in matters for o in _over(power, matter, course))


def _over(power: Power, matter: Matter, course: Course) -> tuple[Opening, ...]:
    """The openings of a power over a matter, as far as the agreement lets it reach; kept for as long as the matter and
    the agreement's course stay so.
    """
    kept: dict[tuple[str, str], tuple[object, tuple[Opening, ...]]] = course.docket.kept.setdefault("over", {})
    rests_on = (matter, course.begins, course.ending)
    if (found := kept.get((power.id, matter.id))) is None or found[0] != rests_on:
        reached = _within_life(power, matter, openings_over(power, matter, matter.last, course.docket), course)
        found = kept[power.id, matter.id] = (rests_on, reached)
    return found[1]


def _within_life(power: Power, matter: Matter, found: Iterable[Opening], course: Course) -> tuple[Opening, ...]:
    """Openings over a matter as far as the agreement lets them reach, from its trial to after its end."""
    reach, told = course.reach(power, matter), tuple(_about_life(matter, power, course))
    return tuple(o.within(reach, *told) for o in found)


def _by_order(o: Opening, course: Course, at: Instant) -> Opening:
    """An opening where no running order excludes its power, and what is to be said where one does at an instant."""
    allowed, excluding = course.order_allows(o.power, at)
    if excluding is None:
        return o.within(allowed)
    says = ", ".join(f"{name} {value}" for name, value in o.power.excluded_by(excluding.attributes).items())
    words = f"gives way to order {excluding.id}: {says}"
    return o.within(allowed, Reason(code="order", clause=o.power.clause, window=allowed, words=words))


def _about_life(matter: Matter, power: Power, course: Course) -> Iterator[Reason]:
    """What should be said of a matter from after the end, that not even a power that outlives it rests on that; and of
    one from the trial, that its clause is none of the trial's.
    """
    terms = course.docket.terms_of(matter)
    began = course.phase(matter.opened) if terms.trial else None
    if terms.trial and began and began.state == "trial" and (kind := terms.kinds.get(matter.kind)):
        for clause in (c for c in dict.fromkeys((power.clause, kind.clause)) if covers(terms.trial.lacks, c)):
            words = f"gives a trial no {clause}, and {matter.label} began in one"
            yield Reason(code="trial", clause=terms.trial.clause, words=words)
    if power.outlives and course.ending and matter.kind != "ending" and matter.opened >= course.ending.at:
        words = f"the agreement ended on {course.calendar.day_of(course.ending.at)}, before {matter.label}"
        yield Reason(code="ended", clause=power.clause, words=words)


def _about_running_term(o: Opening, course: Course, at: Instant) -> Iterator[Reason]:
    """What should be said of a notice that stops the renewal of a term: that another one is past stopping, or
    stopped.
    """
    matter, clause = o.matter, o.power.clause
    running = phase.term if matter and matter.kind == "term" and (phase := course.phase(at)) else None
    if matter and running and matter.days["term end"] > running.last:
        words = f"too late for term {running.number}, which ends {running.last} and renews: this is for the next"
        yield Reason(code="late", clause=clause, window=ALWAYS, words=words)
    elif running and course.ending and course.ending.how == "expired" and course.ending.at > at:
        words = f"the renewal of term {running.number} is stopped already"
        yield Reason(code="stopped", clause=clause, window=ALWAYS, words=words)


def powers_asked(course: Course, question: Question) -> tuple[tuple[int, Power], ...]:
    """The powers that the question is about, with the version of the Terms each belongs to: the one it names, else all
    of that act. A power that rests on no matter, such as discontinuing the service, must be named where others rest on
    one: it is never what someone meant by the way.
    """
    if len(course.versions) > 1:
        return _asked(powers_named(course, question), question)
    memo, key = course.terms.memo, ("asked", question.does, question.by, question.power)
    if (asked := memo.get(key)) is None:
        asked = memo[key] = _asked(powers_named(course, question), question)
    return cast("tuple[tuple[int, Power], ...]", asked)


def _asked(powers: tuple[tuple[int, Power], ...], question: Question) -> tuple[tuple[int, Power], ...]:
    if question.power is None and any(p.matter and may_hold(p, question.by) for _, p in powers):
        return tuple(p for p in powers if p[1].matter)
    return powers


def powers_named(course: Course, question: Question) -> tuple[tuple[int, Power], ...]:
    """The power a question names, else all those to do what it asks about, with the version of the Terms of each.

    Raises InvalidFact where the Terms know no such act or power.
    """
    powers = tuple(
        (version, power)
        for version in course.governing(question.at)
        for power in course.versions[version].terms.powers_to(question.does)
        if question.power in (None, power.id)
    )
    if powers:
        return powers
    known = tuple(course.powers(question.at))
    names = dict.fromkeys(power.id for _, power in known)
    if question.power is not None and question.power not in names:
        raise InvalidFact("question", "power", f"the Terms know no power {question.power!r}: {', '.join(names)}")
    if question.does not in TRANSITIONS or question.power is not None:
        acts = dict.fromkeys((*TRANSITIONS, *(power.does for _, power in known)))
        raise InvalidFact("question", "does", f"no act {question.does!r} of such a power: {', '.join(acts)}")
    return powers


def _state_hindrances(course: Course, question: Question, powers: tuple[Power, ...]) -> Iterator[Reason]:
    """What the state and the table have against it, whatever the windows say."""
    stand = course.stand(question.at)
    state = stand.state
    if state is None:
        turn = course.next_turn(question.at)
        words = "the agreement is not in force" + (
            f" until {course.calendar.day_of(turn)}" if turn else ": it takes a trial or an order"
        )
        window, missing = (Window(opens=turn), "") if turn else (NEVER, "sign an order")
        yield Reason(code="not-in-force", clause="", window=window, words=words, missing=missing)
        return
    if state == "terminated" and not any(power.outlives for power in powers):
        yield from _about_end(course)
        return
    edges = table(stand.terms)
    if question.does in TRANSITIONS:
        if question.does not in edges.transitions:
            yield Reason(code="no-edge", clause="", words=f"these Terms know no way to {question.does}")
        elif not edges.by[question.does] or (powers and all(power.exercise == "automatic" for power in powers)):
            yield Reason(code="automatic", clause="", words=f"{question.does} takes effect by itself: nobody does it")
            return
        elif (state, question.does) not in edges.targets:
            words = f"there is nothing to {question.does}: the agreement is {state}"
            yield Reason(code="no-edge", clause="", words=words)
    if powers and not any(may_hold(power, question.by) for power in powers):
        by = sorted({power.by for power in powers})
        yield Reason(
            code="wrong-party",
            clause=powers[0].clause,
            words=f"gives the {question.by} no power to {question.does}: it is for {', '.join(by)}",
        )


def _about_end(course: Course) -> Iterator[Reason]:
    """That the agreement has ended, which nothing follows but what outlives it."""
    if ended := course.ending:
        verb = "expired" if ended.how == "expired" else "was terminated"
        words = f"the agreement {verb} on {course.calendar.day_of(ended.at)}: nothing follows the end"
        yield Reason(code="ended", clause=ended.clause, words=words)


def may_hold(power: Power, by: str) -> bool:
    """Whether a party can hold a power, about one matter or another."""
    return power.by == by or (by != "both" and power.by in ("either", "other", "subject"))


def _exercise_hindrances(course: Course, question: Question, chosen: Opening) -> Iterator[Reason]:
    """What the way of exercising has against it: no writing, one that counts too late, stale knowledge."""
    now = course.stand(question.at).terms
    terms = course.docket.terms_of(chosen.matter) if chosen.matter else now
    power, rule = chosen.power, now.notice
    if power.in_writing and rule and question.method is not None and rule.method(question.method) is None:
        known = ", ".join(rule.methods).replace("_", " ")
        given = f"{question.method} gives no notice" if question.method else "no method is named"
        yield Reason(
            code="not-in-writing",
            clause=rule.clause,
            words=f"takes written notice: {given}",
            missing=f"give it in writing by {known} (method=)",
        )
    counts = course.docket.writing.written(question.method, question.at) if power.in_writing else question.at
    if counts not in chosen.window:
        words = f"{question.method} counts from {course.calendar.day_of(counts)}, when the power has closed"
        yield Reason(code="too-late", clause=power.clause, words=words, missing="use a method that counts sooner")
    if course.policy is not None:
        yield from course.policy.unapproved(power, question.by, question.approvals)
    if terms.rests_on_silence(power):
        yield from _staleness(course, question, power)


def _staleness(course: Course, question: Question, power: Power) -> Iterator[Reason]:
    """Silence is not evidence: a power that rests on it takes facts known to be complete, as freshly as the parties
    agreed.
    """
    known = question.known_through
    if known is not None and known >= question.at - hours(course.docket.made.freshness):
        return
    stops = dict.fromkeys(power.stopped_by)
    ended = power.ended_by or power.prevented_by or tuple(f"named in {a(kind)}" for kind in stops) or ("lifted",)
    silence = f"rests on nothing having been {' or '.join(ended).replace('_', ' ')}, and"
    step = "ask again with known_through=: the instant up to which the facts are complete"
    if known is None:
        words = f"{silence} nobody vouches for that"
        yield Reason(code="unvouched", clause=power.clause, words=words, missing=step)
    else:
        words = f"{silence} facts are complete only through {course.calendar.shown(known)}"
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


def _until_held(o: Opening, holds: tuple[Hold, ...], course: Course, at: Instant) -> Opening:
    """Open no longer than the agreement is not suspended under the same power for the same matter: now, or once a
    notice counts that was given for it.
    """
    if o.matter is None:
        return o
    about = (hold for hold in holds if (hold.power, hold.key) == (o.power.id, o.matter.id))
    if (hold := next(about, None)) is None:  # in the order in which they begin
        return o
    words = f"the agreement is suspended for {o.matter.label} {'since' if hold.since <= at else 'from'} "
    words += str(course.calendar.day_of(hold.since))
    window = NEVER if hold.since <= at else Window(closes=hold.since)
    reason = Reason(code="already", clause=o.power.clause, words=words, window=window)
    return evolve(o, window=o.window & window, reasons=(reason, *o.reasons))


def _soonest(held: Sequence[Opening], course: Course, at: Instant) -> tuple[Opening | None, bool]:
    """Of openings that are not open, the one that opens first; supposing, where none otherwise will, that the notices
    it lacks are given as soon as they count. Else the first of them, to say why not.
    """
    ahead = [o for o in held if o.window and o.window.opens > at]
    if ahead:
        return min(ahead, key=lambda o: o.window.opens), False
    supposed = {}
    for o in (o for o in held if o.power.exercise != "automatic"):  # nobody does those
        lacks = any(reason.code == "notice-missing" for reason in o.reasons)
        possible = all(r.code == "notice-missing" or (r.window and at < r.window.closes) for r in o.reasons)
        if o.matter is not None and lacks and possible:
            matter = with_notices(o.power, o.matter, course.docket, at)
            given = _within_life(o.power, matter, openings(o.power, matter, course.docket), course)
            for there in _as_things_stand(o.power, given, course, at):
                if there.holders == o.holders and there.window and there.window.closes > at:
                    supposed[there.window.opens] = evolve(o, window=there.window)
    if supposed:
        return supposed[min(supposed)], True
    closed = [o for o in held if at not in o.window]
    return min(closed, key=lambda o: sum(not reason.met(at) for reason in o.reasons), default=None), False


def _nothing_recorded(course: Course, question: Question, case: _Case) -> Iterator[Reason]:
    """That nothing recorded, or nothing of what the question names, gives a power; and what it would take."""
    known = {o.matter.id for o in case.considered if o.matter} if question.about else ()
    unknown = [name for name in question.about if name not in known]
    if case.considered and not unknown:
        if not case.held:
            first = case.considered[0]
            about = f" over {first.matter.label}" if first.matter else ""
            words = f"gives the power{about} to the {named(first.holders)}, not to the {question.by}"
            yield Reason(code="wrong-party", clause=first.power.clause, words=words)
        return
    about = f" about {', '.join(unknown)}" if unknown else ""
    terms = course.terms_at(question.at)
    wanted = [power for power in case.powers if may_hold(power, question.by)]
    takes = "; ".join(f"{wanting(p, question.by, terms)} [{p.clause}]" for p in wanted if p.matter)
    words = f"nothing recorded{about} gives the {question.by} a power to {question.does}"
    yield Reason(code="no-matter", clause="", words=f"{words}: it takes {takes}" if takes else words)


def wanting(power: Power, by: By, terms: Terms) -> str:
    """What must be recorded for a party to hold a power: ``a breach by the provider (material: yes)``."""
    kinds = " or ".join(a(terms.kinds[kind].title if kind in terms.kinds else kind) for kind in power.matter)
    sides = {} if by == "both" else {"other": other(by), "subject": by}
    party = power.when.get("party") or sides.get(power.by)
    told = [f"{name}: {said(value)}" for name, value in power.when.items() if name != "party"]
    told += [f"{name}: not {said(value)}" for name, value in power.unless.items()]
    return kinds + (f" by the {party}" if party else "") + (f" ({', '.join(told)})" if told else "")


def _leads_to(course: Course, question: Question) -> State | None:
    """The state it would lead to, for a transition; None for other acts and where no edge leads on."""
    stand = course.stand(question.at)
    state, phase = stand.state, stand.phase
    if state is None or phase is None or phase.state is None:
        return None
    remaining = [hold for hold in stand.holds if question.about and hold.key not in question.about]
    stands: State = "suspended" if question.does == "reinstate" and remaining else phase.state
    return table(stand.terms).target(state, question.does, stands)
