"""Powers: a power of the Terms applied to the docket gives windows, each with its reasons.

The path of every answer: Terms -> docket -> :func:`openings` (one power over one matter: its conditions intersected) ->
verdict. A condition is never evaluated to true or false but to a :class:`~lifecycle.windows.Window`; permission, first
day, deadline and what is missing are all read off the windows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from attrs import evolve

from lifecycle.days import BEGINNING, FOREVER, Calendar, Day, Instant, plus_days
from lifecycle.docket import Docket
from lifecycle.matters import HeldUp, Matter, Notice, Spell
from lifecycle.reasons import Counted, Either, Elapsed, Lasting, NoNotice, Reason, Stopped, Unfit, Unsaid
from lifecycle.terms.model import Clock, Condition, NoticeKind, Party, Power, holders
from lifecycle.values import frozen
from lifecycle.windows import ALWAYS, Window


@frozen
class Opening:
    """What one power comes to for one matter, in its latest spell: when it may be exercised, by whom, and why."""

    power: Power
    matter: Matter | None
    holders: tuple[Party, ...]
    window: Window
    reasons: tuple[Reason, ...]

    @property
    def arithmetic(self) -> str:
        """How the window was calculated, clock by clock."""
        return "; ".join(reason.arithmetic for reason in self.reasons if reason.arithmetic)

    def within(self, reach: Window, *reasons: Reason) -> Opening:
        """The opening as far as the agreement lets it reach, with what else there is to say of it."""
        window = intersection(reasons) & self.window & reach if reasons else self.window & reach
        if window is self.window and not reasons:
            return self
        return Opening(self.power, self.matter, self.holders, window, (*self.reasons, *reasons))

    def held_by(self, party: str) -> bool:
        """Whether a party (or ``both`` together) holds the power."""
        return party in self.holders or (party == "both" and self.power.by == "both")


def openings(power: Power, matter: Matter, docket: Docket) -> tuple[Opening, ...]:
    """The openings of a power over the latest spell of a matter: one for all its holders, or one each where one of them
    promised to wait or gave it up. Calculated once for as long as the matter stays as it is.
    """
    kept = docket.memo.get((power.id, matter.id))
    if kept is None or kept[0] is not matter:
        kept = (matter, openings_over(power, matter, matter.last, docket))
        docket.memo[power.id, matter.id] = kept
    return kept[1]


def openings_over(power: Power, matter: Matter, spell: Spell, docket: Docket) -> tuple[Opening, ...]:
    """The openings of a power over one spell of a matter, for each group of holders as :func:`openings` says."""
    parties = holders(power.by, matter.party)
    promised = any((power.id, party) in told for party in parties for told in (matter.waits, matter.waived))
    groups = tuple((party,) for party in parties) if promised else (parties,)
    return tuple(_opening(power, matter, spell, docket, group) for group in groups)


def _opening(power: Power, matter: Matter, spell: Spell, docket: Docket, parties: tuple[Party, ...]) -> Opening:
    clocks = tuple(_clocks(power, matter, lasting_for(power, matter, spell, docket), docket))
    if power.needs == "any" and len(clocks) > 1:
        clocks = (Either.of(clocks),)
    promises = tuple(_promises(power, matter, parties, docket.calendar))
    reasons = (*_conditions(power, matter, spell, docket), *clocks, *promises)
    window = intersection(reasons)
    if spell.how in power.prevented_by and spell.ended < window.opens:
        lasted = _lasting(power, matter, spell, docket.calendar, spell.how)
        reasons = (lasted, *(reason for reason in reasons if reason.code != "matter"))
        window = window & lasted.window
    return Opening(power, matter, parties, window, reasons)


def standing(power: Power) -> Opening:
    """The opening of a power that rests on no matter: always, as far as it goes."""
    reason = Reason(code="standing", clause=power.clause, window=ALWAYS, words=power.title)
    return Opening(power, None, holders(power.by, None), ALWAYS, (reason,))


def intersection(reasons: Iterable[Reason]) -> Window:
    """Where all of them hold."""
    window = ALWAYS
    for reason in reasons:
        window = window & reason.window
    return window


def _lasting(power: Power, matter: Matter, spell: Spell, calendar: Calendar, how: str) -> Lasting:
    """The matter goes on; ``how`` is the end that takes the power away, '' where none has."""
    return Lasting(
        clause=power.clause,
        window=Window(spell.opened, spell.ended if how else FOREVER),
        label=matter.label,
        since=calendar.day_of(spell.opened),
        ended=calendar.day_of(spell.ended) if how else None,
        how=how,
    )


def _is_over(power: Power, matter: Matter, spell: Spell, docket: Docket) -> bool:
    """Whether a matter has ended in a way that takes the power away; what the course opens ends in but one."""
    recorded = matter.kind in docket.terms_of(matter).kinds
    return spell.ended < FOREVER and (not recorded or spell.how in power.ended_by)


def lasting_for(power: Power, matter: Matter, spell: Spell, docket: Docket) -> Spell:
    """A spell as long as it lasts for a power: an end that does not take the power away is none, and notice of the
    matter can still be given.
    """
    over = _is_over(power, matter, spell, docket) or spell.how in power.prevented_by
    return spell if over else Spell(spell.opened)


def _conditions(power: Power, matter: Matter, spell: Spell, docket: Docket) -> Iterator[Reason]:
    calendar = docket.calendar
    yield from _fits(power.clause, power.when, power.unless, matter)
    kind = docket.terms_of(matter).kinds.get(matter.kind)
    if kind and kind.asserted_by and matter.by != kind.asserted_by:
        yield Reason(
            code="not-asserted",
            clause=power.clause,
            words=f"rests on what the {kind.asserted_by} believes, and {matter.label} is not its assertion",
            missing=f"have the {kind.asserted_by} assert {matter.label}",
        )
    yield _lasting(power, matter, spell, calendar, spell.how if _is_over(power, matter, spell, docket) else "")
    for blocker in power.blocked_by:
        if blocking := matter.held_up_by(blocker):
            yield _blocked(power, blocking, calendar)


def _blocked(power: Power, blocking: tuple[HeldUp, ...], calendar: Calendar) -> Reason:
    """Something that shuts the power for this matter while it lasts: shut from its beginning, open again after it."""
    last = max(blocking, key=lambda held: (held.window.closes, held.window.opens))
    lasting = last.window.closes == FOREVER
    through = "goes on" if lasting else f"lasts through {_last_day(last.window, calendar)}"
    return Reason(
        code="blocked",
        clause=power.clause,
        window=Window(closes=last.window.opens) if lasting else Window(opens=last.window.closes),
        words=f"waits while {last.matter} {through}",
        missing=f"settle {last.matter}" if lasting else "",
    )


def _last_day(window: Window, calendar: Calendar) -> Day:
    """The last day on any part of which a window that closes is open."""
    return calendar.day_of(window.closes - timedelta.resolution)


def _clocks(power: Power, matter: Matter, spell: Spell, docket: Docket) -> Iterator[Reason]:
    for clock in power.clocks:
        applies, name = applicable(clock.when, clock.unless, matter)
        if applies:
            yield counted(clock, clock.clause or power.clause, matter, spell, docket)
        elif matter.attribute(name) is None:
            yield Unsaid(clause=clock.clause or power.clause, label=matter.label, name=name)


def _promises(power: Power, matter: Matter, parties: tuple[Party, ...], calendar: Calendar) -> Iterator[Reason]:
    """What a holder promised: to wait through a day, or not to use the power for this matter at all."""
    for party in parties:
        if (through := matter.waits.get((power.id, party))) is not None:
            yield Reason(
                code="extended",
                clause=power.clause,
                window=Window(opens=calendar.end_of(through)),
                words=f"the {party} gave more time for {matter.label}, through {through}",
                missing=f"wait until {plus_days(through, 1)}",
            )
        if (given_up := matter.waived.get((power.id, party))) is not None:
            yield Reason(
                code="waived",
                clause=power.clause,
                window=Window(closes=given_up),
                words=f"the {party} waived the power for {matter.label} on {calendar.day_of(given_up)}",
            )


def applicable(when: Condition, unless: Condition, matter: Matter) -> tuple[bool, str]:
    """Whether conditions on attributes hold, and the attribute they turn on where not: one of another value, else one
    that nobody has said. Where one is of another value, saying the others would not help.
    """
    unsaid = ""
    for conditions, wanted in ((when, True), (unless, False)):
        for name, value in conditions.items():
            found = matter.attribute(name)
            if found is None:
                unsaid = unsaid or name
            elif (found in value if isinstance(value, tuple) else found == value) is not wanted:
                return False, name
    return not unsaid, unsaid


def _fits(clause: str, when: Condition, unless: Condition, matter: Matter) -> Iterator[Reason]:
    applies, name = applicable(when, unless, matter)
    if not applies and matter.attribute(name) is None:
        yield Unsaid(clause=clause, label=matter.label, name=name)
    elif not applies:
        yield Unfit(clause=clause, label=matter.label, found=matter.attribute(name), name=name)


# ---- clocks ------------------------------------------------------------------------------------------------


def counted(clock: Clock, clause: str, matter: Matter, spell: Spell, docket: Docket) -> Reason:
    """A clock applied to one spell of a matter: the window in which its condition holds, or why it does not run."""
    calendar = docket.calendar_of(matter)
    clock = docket.resolved(clock, matter)
    if clock.notice:
        notice = earliest_notice(clock.notice, matter, spell, docket)
        if notice is None:
            return _no_notice(clock.notice, clause, matter, spell, docket)
        start, label = notice.counts, f"{docket.terms_of(matter).notices[clock.notice].title} given"
    elif clock.start == "start":
        start, label = spell.opened, f"{matter.label} since"
    else:
        of_matter = "" if clock.start.startswith(matter.kind) else f"{matter.label} "
        start, label = None, f"{of_matter}{clock.start}"
    if start is None:
        named = matter.days[clock.start]
        day = calendar.rolled(named) if clock.performance else named
        label = label if day == named else f"{label} {named}, rolled to"
        return _days(clock, clause, matter, label, day, calendar)
    if clock.unit == "hours":
        return _elapsed(clock, clause, label, start, calendar)
    found = _days(clock, clause, matter, label, calendar.day_of(start), calendar)
    # The day it counts from may have begun before what it counts from.
    return found if found.window.opens >= start else evolve(found, window=found.window & Window(opens=start))


def _days(clock: Clock, clause: str, matter: Matter, label: str, anchor: Day, calendar: Calendar) -> Reason:
    """A clock in days, months or years from (or before) a day."""
    if clock.restarted_by and (delays := matter.held_up_by(clock.restarted_by)):
        delay = max(delays, key=lambda held: (held.window.closes, held.lapses))
        if delay.window.closes == FOREVER:
            return Stopped(clause=clause, label=f"{label} {anchor}", by=(delay.matter,))
        restarted = _last_day(delay.window, calendar) if delay.lapses else calendar.day_of(delay.window.closes)
        if restarted > anchor:
            anchor, label = restarted, f"end of {delay.matter}"
    reached, excused = _reached(clock, matter, anchor, calendar)
    if reached is None:
        return Stopped(clause=clause, label=f"{label} {anchor}", by=excused)
    # "at least n" opens on day n, so the last safe day is the one before; "more than" and "not within" leave day n too.
    if clock.direction == "before":
        safe, shuts = (plus_days(reached, -1) if clock.compare == "more than" else reached), True
    else:
        last = plus_days(reached, -1) if clock.compare == "at least" else reached
        safe, shuts = (calendar.rolled(last) if clock.performance else last), clock.compare == "no later than"
    edge = calendar.end_of(safe)
    window = Window(closes=edge) if shuts else Window(opens=edge)
    return Counted(clause=clause, window=window, clock=clock, label=label, anchor=anchor, safe=safe, excused=excused)


def _reached(clock: Clock, matter: Matter, anchor: Day, calendar: Calendar) -> tuple[Day | None, tuple[str, ...]]:
    """The day on which a clock's count is complete, and what was not counted; no day while something stops it."""
    if clock.direction == "before":
        return calendar.before(anchor, clock.period, clock.rounding), ()
    reached = calendar.moved(anchor, clock.period, clock.rounding)
    since = calendar.start_of(anchor)
    pauses = [(held.matter, held.window) for held in matter.held_up_by(clock.paused_by) if held.window.closes > since]
    if not pauses:
        return reached, ()
    stretched = _uncounted(anchor, reached, clock, pauses, calendar)
    return stretched, () if stretched == reached else tuple(cause for cause, _ in pauses)


def _uncounted(
    anchor: Day, reached: Day, clock: Clock, pauses: list[tuple[str, Window]], calendar: Calendar
) -> Day | None:
    """The day on which as many days have been counted as from anchor to ``reached``, leaving out the days of the
    pauses; None if one lasts. A day is left out as a whole if any part of it was excused.
    """
    lasting = [calendar.day_of(pause.opens) for _, pause in pauses if pause.closes == FOREVER]
    ended = [(calendar.day_of(p.opens), _last_day(p, calendar)) for _, p in pauses if p.closes < FOREVER]
    start = plus_days(anchor, -1) if calendar.first_day_counts else anchor

    def counts(day: Day) -> bool:
        return clock.unit != "business days" or calendar.is_business_day(day)

    wanted = sum(counts(plus_days(start, n)) for n in range(1, (reached - start).days + 1))
    day = start
    while wanted > 0:
        day = plus_days(day, 1)
        if any(day >= opens for opens in lasting):
            return None
        wanted -= counts(day) and not any(first <= day <= last for first, last in ended)
    return day


def _elapsed(clock: Clock, clause: str, label: str, start: Instant, calendar: Calendar) -> Elapsed:
    """A clock in hours: the one exception that counts elapsed time, not civil days."""
    reached = start + timedelta(hours=clock.n)
    edge = reached if clock.compare in ("at least", "no later than") else reached + timedelta.resolution
    window = Window(closes=edge) if clock.compare == "no later than" else Window(opens=edge)
    told = (calendar.shown(start), calendar.shown(reached))
    return Elapsed(clause=clause, window=window, clock=clock, label=label, start=told[0], reached=told[1])


# ---- notices -----------------------------------------------------------------------------------------------


def earliest_notice(kind: str, matter: Matter, spell: Spell, docket: Docket) -> Notice | None:
    """The notice of a kind that counts first for a spell of a matter, with when it counts for it; None where none
    does.
    """
    valid = []
    for notice in (n for n in matter.notices if n.kind == kind):
        # A notice that does not count as it was given may count from when the other side accepted it.
        for counts in dict.fromkeys((notice.counts, notice.accepted)):
            supposed = notice._replace(counts=counts, by_day=notice.by_day and counts == notice.given)
            if counts is not None and not notice_defect(supposed, matter, spell, docket):
                valid.append(supposed)
                break
    return min(valid, key=lambda notice: notice.counts or FOREVER, default=None)


def notice_defect(notice: Notice, matter: Matter, spell: Spell, docket: Docket) -> str:
    """Why a notice does not count for a spell of a matter; '' where it does."""
    kind, day_of = docket.terms_of(matter).notices.get(notice.kind), docket.calendar.day_of
    if kind is None:
        return f"{notice.kind}: unknown to the Terms that govern {matter.label}"
    given = f"{kind.title} of {day_of(notice.given)}"
    if notice.counts is None:
        return f"{given}: {notice.defect}"
    if notice.withdrawn is not None:
        return f"{given}: withdrawn by both in writing"
    if notice.by not in holders(kind.by, matter.party):
        return f"{given}: not the {notice.by}'s to give"
    if kind.about and matter.kind not in kind.about:
        return f"{given}: not about {matter.label}"
    # Of a notice known only by its day, the day is compared: it may have been given after what happened that day.
    began = docket.calendar.start_of(day_of(spell.opened)) if notice.by_day else spell.opened
    if notice.counts < began:
        return f"{given}: from before {matter.label} {'reopened' if len(matter.spells) > 1 else 'began'}"
    if notice.counts >= spell.ended:
        return f"{given}: {matter.label} had ended"
    for rule in givable(kind, matter, spell, docket):
        if notice.counts not in rule.window:
            outside = "too late" if rule.window and notice.counts >= rule.window.closes else "too early"
            return f"{given}: {outside}, {rule.arithmetic or rule.text(day_of(notice.counts))}"
    return ""


def givable(kind: NoticeKind, matter: Matter, spell: Spell, docket: Docket) -> Iterator[Reason]:
    """When a notice of a kind can be given about a matter."""
    for clock in kind.given:
        applies, name = applicable(clock.when, clock.unless, matter)
        clause = clock.clause or kind.clause
        if applies:
            yield counted(clock, clause, matter, spell, docket)
        elif matter.attribute(name) is None:
            yield Unsaid(clause=clause, label=matter.label, name=name)


def _no_notice(kind_id: str, clause: str, matter: Matter, spell: Spell, docket: Docket) -> NoNotice:
    kind, rule = docket.terms_of(matter).notices[kind_id], docket.terms_of(matter).notice
    defects = tuple(notice_defect(n, matter, spell, docket) for n in matter.notices if n.kind == kind_id)
    methods = tuple(rule.methods) if rule else ()
    opens = allowed(kind, matter, docket).opens
    soonest = docket.calendar.day_of(opens) if BEGINNING < opens < FOREVER else None
    return NoNotice(
        clause=clause,
        title=kind.title,
        label=matter.label,
        defects=tuple(filter(None, defects)),
        methods=methods,
        soonest=soonest,
    )


def allowed(kind: NoticeKind, matter: Matter, docket: Docket) -> Window:
    """When the Terms let a notice of a kind be given about the latest spell of a matter."""
    return intersection(givable(kind, matter, matter.last, docket))
