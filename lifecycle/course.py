"""The course of an agreement: three independent spans - phase, holds, ending - read off the docket, never moved along
by a job.

Ended: ``terminated``. Else any hold: ``suspended``. Else the phase: ``trial``, ``active`` (term 1) or ``renewed``. At
one instant facts come first, then what happens by itself (convert, lift, renew, expire), then acts. What the course
tells is fed back as matters (the term, each hold, the suspension, the ending), so that powers may rest on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise

from attrs import evolve, frozen

from lifecycle.days import FOREVER, Instant
from lifecycle.docket import Docket
from lifecycle.machine import State, table
from lifecycle.matters import Act, Matter, Spell
from lifecycle.phases import Chain, Ending, Phase, Term
from lifecycle.policy import HousePolicy
from lifecycle.powers import openings, openings_over
from lifecycle.terms.model import DERIVED_KINDS, Power, Terms, covers
from lifecycle.windows import ALWAYS, NEVER, Window, Windows


@frozen
class Lapse:
    """A stretch in which neither trial nor term is running, ``[since, until)``; after a trial, or after a term."""

    since: Instant
    until: Instant
    after_trial: bool


@frozen
class Hold:
    """One reason why an agreement is suspended, from the act until it lifts. ``by_itself``: how it lifts, or lifted.

    sequence: the place in the history of the act that placed it (0: it stood when the account was imported). lifter:
    that of the act that lifted it, if one did.
    """

    event: str
    sequence: int
    power: str | None
    matter: str | None
    by: str
    since: Instant
    until: Instant = FOREVER
    by_itself: bool = False
    override: str | None = None
    lifter: int = 0

    @property
    def key(self) -> str:
        return self.matter or f"hold {self.event}"

    @property
    def window(self) -> Window:
        return Window(self.since, self.until)


class Course:
    """The states an agreement went through and, if nobody acts, will go through up to ``horizon``. policy: what a house
    asks of itself besides; it changes no state, only what the house lets itself do.
    """

    def __init__(self, docket: Docket, horizon: Instant, policy: HousePolicy | None = None) -> None:
        self.docket = docket
        self.policy = policy
        self.versions = docket.versions
        self.terms = docket.terms
        self.calendar = docket.calendar
        self.horizon = horizon
        self.chain = Chain(docket, horizon)

    def up_to(self, horizon: Instant) -> Course:
        """The same course, followed to another horizon."""
        return Course(self.docket, horizon, self.policy)

    # ---- the phase -----------------------------------------------------------------------------------------

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The trial and the terms, in order, up to the horizon and what is settled after it."""
        return self.chain.phases

    @property
    def lapses(self) -> tuple[Lapse, ...]:
        """The stretches without trial or term that follow one, up to the horizon."""
        ends = [phase.since for phase in self.phases[1:]] + [self.ending.at if self.ending else FOREVER]
        return tuple(
            Lapse(phase.since, end, self.phases[number - 1].state == "trial")
            for number, (phase, end) in enumerate(zip(self.phases, ends, strict=False))
            if number and (phase.state is None or self.chain.idle(phase)) and phase.since <= min(end, self.horizon)
        )

    # ---- ending and holds ----------------------------------------------------------------------------------

    @cached_property
    def begins(self) -> Instant | None:
        """The first instant in force, or None while nothing says when."""
        return self.phases[0].since if self.phases else None

    @cached_property
    def ending(self) -> Ending | None:
        """The end: the earliest termination that stands while in force, by an act or by itself, else the expiry, else
        None.
        """
        expiry = self.chain.expiry
        limit = expiry.at if expiry else FOREVER
        if (by_itself := self._end_by_itself()) and by_itself.at < limit:
            expiry, limit = by_itself, by_itself.at
        for act in self.docket.acts:
            if act.does == "terminate" and act.event not in self.docket.rescinded and self._reaches(act, limit):
                # Both together need name no power: what they agree on is what the Terms say of their agreement.
                named = self.versions.power(act.power, act.at)
                agreed = (p for p in self.versions.at(act.at).powers_to("terminate") if p.by == act.by == "both")
                power = named or next(agreed, None)
                clause = power.clause if power else ""
                return Ending(
                    at=act.at,
                    how="terminated",
                    clause=clause,
                    power=act.power,
                    by=act.by,
                    event=act.event,
                    sequence=act.sequence,
                    deferred=act.deferred,
                )
        return expiry

    def _end_by_itself(self) -> Ending | None:
        """The first end that came by itself on the facts before it: whatever happens afterwards does not undo it."""
        by_themselves = [
            [power for power in version.terms.powers_to("terminate") if power.exercise == "automatic"]
            for version in self.versions
        ]
        kinds = {kind for powers in by_themselves for power in powers for kind in power.matter}
        about = [matter.id for matter in self.docket.of_kind(kinds)] if kinds else []
        stood, ends = None, list[tuple[Window, Ending]]()
        for docket, stretch in self.docket.grown() if about else ():
            matters = [matter for name in about if (matter := docket.matters.get(name))]
            stands = (matters, len(docket.orders), list(docket.versions.turns()))
            if stands != stood:
                stood, ends = stands, list(self._ends_by_themselves(docket, matters, by_themselves))
            if came := [evolve(ending, at=there.opens) for window, ending in ends if (there := window & stretch)]:
                return min(came, key=lambda ending: ending.at)
        return None

    def _ends_by_themselves(
        self, docket: Docket, matters: list[Matter], by_themselves: list[list[Power]]
    ) -> Iterator[tuple[Window, Ending]]:
        """What would end the agreement if nothing else happened, and when, in any order: a power that takes effect when
        its window opens, under the Terms that govern its matter by then. ``by_themselves``: such powers by version.
        """
        if self.begins is None:
            return
        turns = sorted({self.begins, FOREVER, *(turn for turn in docket.versions.turns() if turn > self.begins)})
        for since, until in pairwise(turns):
            for matter in (docket.governed(matter, since) for matter in matters):
                for power in (p for p in by_themselves[matter.version] if matter.kind in p.matter):
                    for o in openings(power, matter, docket):
                        if window := o.window & Window(since, until):
                            by = o.holders[0] if len(o.holders) == 1 else None
                            how, clause = "terminated", power.clause
                            yield window, Ending(since, how, clause, power.id, about=matter.id, held_by=by)

    def _reaches(self, act: Act, limit: Instant) -> bool:
        """Whether an act finds the agreement in force: begun, and not yet at its limit (what happens by itself comes
        before acts).
        """
        phase = next((phase for phase in reversed(self.phases) if phase.since <= act.at), None)
        in_force = phase is not None and phase.state is not None and act.at < limit
        return in_force and act.by in table(self.versions.at(act.at)).by[act.does]

    @cached_property
    def holds(self) -> tuple[Hold, ...]:
        """Every hold there was, in the order of the acts; empty ones (lifted by what was learned later) included."""
        made: list[Hold] = []
        stood = self.docket.opening.holds if self.docket.opening else ()
        if self.begins is not None:
            made += [
                self._lifted(Hold("opening balance", 0, h.power, h.matter, "provider", self.begins)) for h in stood
            ]
        for act in self.docket.acts:
            before_the_end = self.ending is None or (act.at, act.sequence) < (self.ending.at, self.ending.sequence)
            if act.does == "suspend" and before_the_end and self._reaches(act, FOREVER):
                for matter in self._held_about(act):
                    hold = Hold(act.event, act.sequence, act.power, matter, act.by, act.at, override=act.override)
                    if not any((h.power, h.key) == (hold.power, hold.key) and act.at in h.window for h in made):
                        made.append(self._lifted(hold))
        return tuple(made)

    def power_of(self, hold: Hold) -> Power | None:
        return self.docket.power_over(hold.power, hold.matter, hold.since)

    def _held_about(self, act: Act) -> tuple[str | None, ...]:
        """The matters a suspension rests on, as they stood when it was placed: those it names, else those for which its
        power was open, else those pending, else those there were.
        """
        if act.about or act.power is None:
            return act.about or (None,)
        governed = [self.docket.governed(matter, act.at) for matter in act.seen]
        powers = [(m, self.docket.terms_of(m).powers.get(act.power)) for m in governed]
        found = [(m, o) for m, power in powers if power for o in openings(power, m, self.docket)]
        open_ones = [m.id for m, o in found if act.at in o.window]
        # What had ended before would have been open: the hold then lifts at once. Else what was pending, or there.
        but_for_the_end = [m.id for m, o in found if all(r.met(act.at) for r in o.reasons if r.code != "matter")]
        pending = [m.id for m in act.seen if act.at in m.last.window]
        return tuple(dict.fromkeys(open_ones or but_for_the_end or pending)) or (None,)

    def _lifted(self, hold: Hold) -> Hold:
        """The hold with the instant it lifts: by itself with its matter's end, or by the first act of lifting,
        whichever is earlier.
        """
        power = self.power_of(hold)
        until, by_itself, lifter = FOREVER, power is not None and power.lifts == "by itself", 0
        matter = self.docket.matters.get(hold.matter or "")
        if by_itself and matter is None and hold.matter in self.docket.mistaken:
            until = hold.since
        if by_itself and power and matter:
            spell = next((s for s in reversed(matter.spells) if s.opened <= hold.since), matter.spells[0])
            if spell.how in power.ended_by:
                until = max(hold.since, self._none_left(power, spell.ended))
        for act in self.docket.acts:
            after_the_hold = (act.at, act.sequence) > (hold.since, hold.sequence)
            if act.does == "reinstate" and after_the_hold and act.at < until and hold.key in (act.about or (hold.key,)):
                until, by_itself, lifter = act.at, False, act.sequence
        return evolve(hold, until=until, by_itself=by_itself, lifter=lifter)

    def _none_left(self, power: Power, at: Instant) -> Instant:
        """The first instant from ``at`` on at which the power that the lifting waits for is open for no matter."""
        if not power.lifts_with:
            return at
        # More time for that power, or giving it up, is no payment.
        every = (evolve(matter, waits={}, waived={}) for matter in self.docket.matters.values())
        governed = [self.docket.governed(matter, at) for matter in every]
        others = [(m, self.docket.terms_of(m).powers.get(power.lifts_with)) for m in governed]
        spells = ((m, p, spell) for m, p in others if p and m.kind in p.matter for spell in m.spells)
        still = Windows.of(o.window for m, p, s in spells for o in openings_over(p, m, s, self.docket))
        waiting = still.following(at)
        return waiting.closes if waiting and at in waiting else at

    # ---- the state -----------------------------------------------------------------------------------------

    def state(self, at: Instant) -> State | None:
        """The state at an instant; None before the agreement is in force."""
        if self.ending is not None and self.ending.at <= at:
            return "terminated"
        phase = self.phase(at)
        if phase is None or phase.state is None:
            return None
        return "suspended" if any(at in hold.window for hold in self.holds) else phase.state

    def phase(self, at: Instant) -> Phase | None:
        """Where the agreement stands apart from holds, and where it stood when it ended; None before it is in force."""
        limit = min(at, self.ending.at) if self.ending else at
        return next((phase for phase in reversed(self.phases) if phase.since <= limit), None)

    def next_turn(self, at: Instant) -> Instant | None:
        """The first instant after ``at`` at which the agreement begins, its phase or its Terms turn, or it ends; None
        if never.
        """
        turns = [*(phase.since for phase in self.phases), *self.versions.turns()]
        if (phase := self.phase(at)) and phase.term:
            turns.append(self.calendar.end_of(phase.term.last))
        limit = self.ending.at if self.ending else FOREVER
        return min((turn for turn in (*turns, limit) if at < turn <= limit and turn < FOREVER), default=None)

    def standing_holds(self, at: Instant) -> tuple[Hold, ...]:
        return tuple(hold for hold in self.holds if at in hold.window)

    def reach(self, power: Power, matter: Matter | None) -> Window:
        """When the agreement lets a power be exercised at all: while in force, or after its end too for what outlives
        it.
        """
        if self.begins is None:
            return NEVER
        if self.ending is None:
            return Window(self.begins)
        after = power.outlives and (matter is None or matter.kind == "ending" or matter.opened < self.ending.at)
        return Window(self.begins, FOREVER if after else self.ending.at)

    def order_allows(self, power: Power, at: Instant) -> tuple[Window, str]:
        """The window around or after an instant in which no running order excludes a power, and the order that excludes
        it at that instant, if one does.
        """
        if not power.order_unless:
            return ALWAYS, ""
        excluding = {o.id for o in self.docket.orders if power.order_unless.items() & o.attributes.items()}
        ends = [phase.since for phase in self.phases[1:]] + [FOREVER]
        excluded = [
            (phase.term.order, Window(phase.since, end))
            for phase, end in zip(self.phases, ends, strict=False)
            if phase.term and phase.term.order in excluding
        ]
        allowed = (~Windows.of(window for _, window in excluded)).following(at) or NEVER
        return allowed, next((order for order, window in excluded if at in window), "")

    def clause_in_force(self, clause: str, at: Instant) -> bool:
        """Whether a clause binds at an instant: a trial lacks some; only the survivors outlive the end."""
        terms, state = self.terms_at(at), self.state(at)
        if state == "terminated":
            survives = terms.survival is not None and self.ended_as(terms.survival.after)
            return survives and terms.survival is not None and covers(terms.survival.clauses, clause)
        phase = self.phase(at)
        if phase is not None and phase.state == "trial" and terms.trial:
            return not covers(terms.trial.lacks, clause)
        return phase is not None and phase.state is not None

    def terms_at(self, at: Instant) -> Terms:
        """The Terms in force at an instant, and after the end those in force when it came."""
        return self.versions.at(min(at, self.ending.at) if self.ending else at)

    def ended_as(self, transitions: Iterable[str]) -> bool:
        """Whether the agreement ended by one of some transitions."""
        how = {"expired": "expire", "terminated": "terminate"}
        return self.ending is not None and how[self.ending.how] in transitions

    def powers(self, at: Instant) -> Iterator[tuple[int, Power]]:
        """Every power that may matter at an instant, with the version of the Terms it belongs to."""
        for index in self.governing(at):
            yield from ((index, power) for power in self.versions[index].terms.powers.values())

    def governing(self, at: Instant) -> list[int]:
        """The versions of the Terms that may matter at an instant: those in force, and those that govern a matter from
        before, recorded or of the course's own.
        """
        if len(self.versions) == 1:
            return [0]
        matters = (*self.docket.matters.values(), *self.matters(DERIVED_KINDS, at))
        return sorted({self.versions.index_at(at), *(matter.version for matter in matters)})

    # ---- fed back as matters -------------------------------------------------------------------------------

    def matters(self, kinds: Iterable[str], at: Instant) -> list[Matter]:
        """The matters that the course itself opens, of the kinds wanted, as they stand at an instant."""
        wanted, made = set(kinds), []
        if "term" in wanted and (term := self.term_to_stop(at)):
            made.append(self.chain.term_matter(term))
        if "hold" in wanted:
            made += [
                self.chain.derived("hold", h.key, Spell(h.since, h.until, "lifted"), power=h.power or "")
                for h in self.standing_holds(at)
            ]
        if "suspension" in wanted and (span := Windows.of(h.window for h in self.holds).following(at)) and at in span:
            made.append(self.chain.derived("suspension", "suspension", Spell(span.opens, span.closes, "lifted")))
        if "idle" in wanted and (phase := self.phase(at)) and self.chain.idle(phase) and self.state(at) != "terminated":
            until = min((later.since for later in self.phases if later.since > phase.since), default=FOREVER)
            made.append(self.chain.derived("idle", "idle", Spell(phase.since, until, "over")))
        if "ending" in wanted and self.ending:
            end = self.ending
            attributes = {"how": end.how, "power": end.power or "", "by": end.by or end.held_by or ""}
            made.append(self.chain.derived("ending", "ending", Spell(end.at), **attributes))
        return [self._noticed(matter) for matter in made]

    def _noticed(self, matter: Matter) -> Matter:
        """A matter of the course with the notices about it."""
        kinds = self.docket.terms_of(matter).notices
        about = [n for n in self.docket.notices.values() if n.kind in kinds and matter.kind in kinds[n.kind].about]
        given = tuple(n for n in about if matter.id in n.about or (not n.about and kinds[n.kind].covers != "named"))
        return evolve(matter, notices=given) if given else matter

    def term_to_stop(self, at: Instant) -> Term | None:
        """The term whose renewal a notice given at an instant would stop: the first one for which it is not too
        late.
        """
        if self.ending is not None and self.ending.at <= at:
            return None
        terms = [phase.term for phase in self.phases if phase.term]
        for term in terms:
            if at < self.chain.non_renewal_window(term).closes:
                return term
        return self._next_term(terms[-1]) if terms and self.chain.expiry is None else None

    def _next_term(self, term: Term) -> Term | None:
        """The term after the last one of the chain; it always leaves time for notice, being as long as that one."""
        further = self.up_to(self.calendar.end_of(term.last))
        return next(
            (phase.term for phase in further.phases if phase.term and phase.term.number == term.number + 1), None
        )
