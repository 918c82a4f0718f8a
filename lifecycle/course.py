"""The course of an agreement: three independent spans - phase, holds, ending - read off the docket, never moved along
by a job.

Ended: ``terminated``. Else any hold: ``suspended``. Else the phase: ``trial``, ``active`` (term 1) or ``renewed``. At
one instant facts come first, then what happens by itself (convert, lift, renew, expire), then acts. What the course
tells is fed back as matters (the term, each hold, the suspension, the ending), so that powers may rest on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from attrs import evolve, field

from lifecycle.days import FOREVER, Instant
from lifecycle.docket import Docket
from lifecycle.holds import Hold, Holds
from lifecycle.machine import State, table
from lifecycle.matters import Act, Matter, Order, Spell
from lifecycle.phases import Chain, Ending, Phase, Term
from lifecycle.powers import openings
from lifecycle.terms.model import DERIVED_KINDS, Power, Terms, covers
from lifecycle.values import frozen
from lifecycle.windows import ALWAYS, NEVER, Window, Windows


@frozen
class Lapse:
    """A stretch in which neither trial nor term is running, ``[since, until)``; after a trial, or after a term."""

    since: Instant
    until: Instant
    after_trial: bool


@frozen
class Stand:
    """Where an agreement stands at every instant of ``[since, until)``: nothing turns in between. ``kept``: what was
    made of it, for as long as it stands so.
    """

    since: Instant
    until: Instant
    state: State | None
    phase: Phase | None
    holds: tuple[Hold, ...]
    terms: Terms
    kept: dict[Any, Any] = field(factory=dict, eq=False, repr=False)


if TYPE_CHECKING:
    from lifecycle.policy import HousePolicy

_DERIVED = frozenset(DERIVED_KINDS)


class Course:
    """The states an agreement went through and, if nobody acts, will go through up to ``horizon``. policy: what a house
    asks of itself besides; it changes no state, only what the house lets itself do.
    """

    def __init__(
        self, docket: Docket, horizon: Instant, policy: HousePolicy | None = None, unheard: Instant = FOREVER
    ) -> None:
        self.docket = docket
        self.size = docket.size
        """How many events the docket had read; of no more use once it reads on."""
        self.unheard = unheard
        """When something happens that the docket was not told of."""
        self.policy = policy
        self.versions = docket.versions
        self.terms = docket.terms
        self.calendar = docket.calendar
        self.horizon = horizon
        self.chain = Chain.of(docket, horizon)
        self.phases = self.chain.phases
        """The trial and the terms, in order, up to the horizon and what is settled after it."""
        self.begins = self.phases[0].since if self.phases else None
        """The first instant in force, or None while nothing says when."""
        self.ending = self._ended()
        """The end: the earliest termination that stands while in force, by an act or by itself, else the expiry, else
        None.
        """
        self._held: Holds | None = None
        self._stand: Stand | None = None

    def up_to(self, horizon: Instant) -> Course:
        """The same course, followed to another horizon."""
        return Course(self.docket, horizon, self.policy, self.unheard)

    # ---- the phase -----------------------------------------------------------------------------------------

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

    def _ended(self) -> Ending | None:
        if by_themselves := self._end_by_themselves():
            kept: dict[object, Ending | None] = self.docket.kept.setdefault("ends by itself", {})
            excluded = [window for powers in by_themselves for power in powers for _, window in self._excluded(power)]
            rests_on = (self.docket.size, *excluded)  # any fact about a matter may bring it, or an order that ends
            if rests_on not in kept:
                kept.clear()
                kept[rests_on] = self._end_by_itself(by_themselves)
            return self._ending(kept[rests_on])
        if not self.chain.weighed:
            self.chain.ending, self.chain.weighed = self._ending(None), True
        return self.chain.ending

    def _ending(self, by_itself: Ending | None) -> Ending | None:
        expiry = self.chain.expiry
        limit = expiry.at if expiry else FOREVER
        if by_itself and by_itself.at < limit:
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

    def _end_by_themselves(self) -> list[list[Power]]:
        """The powers that end the agreement when their windows open, by version of the Terms; none where there are
        none.
        """
        powers = [
            [power for power in version.terms.powers_to("terminate") if power.exercise == "automatic"]
            for version in self.versions
        ]
        return powers if any(powers) else []

    def _end_by_itself(self, by_themselves: list[list[Power]]) -> Ending | None:
        """The first end that came by itself on the facts before it: whatever happens afterwards does not undo it."""
        kinds = {kind for powers in by_themselves for power in powers for kind in power.matter}
        about = [matter.id for matter in self.docket.of_kind(kinds)]
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
                    allowed = ~Windows.of(window for _, window in self._excluded(power))
                    for o in openings(power, matter, docket):
                        for window in allowed & Windows.of([o.window & Window(since, until)]):
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

    @property
    def holds(self) -> tuple[Hold, ...]:
        """Every hold there was, in the order of the acts; empty ones (lifted by what was learned later) included."""
        return tuple(self._holds.all)

    def holds_after(self, at: Instant) -> Sequence[Hold]:
        """Every hold that stands at an instant or begins later, in the order of the acts; earlier ones may be among
        them.
        """
        return self._holds.after(at)

    @property
    def _holds(self) -> Holds:
        if self._held is None:
            self._held = self._read_on()
        return self._held

    def _read_on(self) -> Holds:
        """The holds as far as they were read under this ending, and what was recorded since."""
        kept: tuple[Ending | None, Holds] | None = self.docket.kept.get("holds")
        holds = kept[1] if kept and kept[0] == self.ending else Holds(self.docket, self.begins)
        holds.grow(self._places)
        self.docket.kept["holds"] = (self.ending, holds)
        return holds

    def _places(self, act: Act) -> bool:
        """Whether an act of suspending finds the agreement in force."""
        before_the_end = self.ending is None or (act.at, act.sequence) < (self.ending.at, self.ending.sequence)
        return before_the_end and self._reaches(act, FOREVER)

    def power_of(self, hold: Hold) -> Power | None:
        return self.docket.power_over(hold.power, hold.matter, hold.since)

    # ---- the state -----------------------------------------------------------------------------------------

    def state(self, at: Instant) -> State | None:
        """The state at an instant; None before the agreement is in force."""
        return self._state(at, self.phase(at), suspended=bool(self._holds.standing(at)))

    def _state(self, at: Instant, phase: Phase | None, *, suspended: bool) -> State | None:
        if self.ending is not None and self.ending.at <= at:
            return "terminated"
        if phase is None or phase.state is None:
            return None
        return "suspended" if suspended else phase.state

    def phase(self, at: Instant) -> Phase | None:
        """Where the agreement stands apart from holds, and where it stood when it ended; None before it is in force."""
        limit = self.ending.at if self.ending and self.ending.at < at else at
        for phase in reversed(self.phases):
            if phase.since <= limit:
                return phase
        return None

    def stand(self, at: Instant) -> Stand:
        """Where the agreement stands at an instant, and until when it stands so if nothing else is recorded."""
        stand = self._stand
        if stand is None or not stand.since <= at < stand.until:
            phase, holds = self.phase(at), self._holds.standing(at)
            state = self._state(at, phase, suspended=bool(holds))
            stand = self._stand = Stand(at, self._turns(at), state, phase, holds, self.terms_at(at))
        return stand

    def _turns(self, at: Instant) -> Instant:
        """The first instant after ``at`` at which the agreement's phase, a hold, its Terms or the term that a notice
        stops turns, it ends, or more happens than the docket was told; FOREVER if never.
        """
        turns = [self.unheard, self.chain.stretch.closes, self._holds.turns(at)]
        for phase in reversed(self.phases):
            if phase.since <= at:
                break
            turns.append(phase.since)
        if self.ending and at < self.ending.at:
            turns.append(self.ending.at)
        turns += (turn for turn in self.versions.turns() if at < turn)
        if term := self.term_to_stop(at):
            turns.append(self.chain.non_renewal_window(term).closes)
        return min(turns)

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
        return self._holds.standing(at)

    def holds_from(self, at: Instant) -> tuple[Hold, ...]:
        """Those that stand at an instant or begin later, by an act that was given already."""
        return tuple([hold for hold in self._holds.after(at) if at < hold.until and hold.since < hold.until])

    def suspension(self, at: Instant) -> Window | None:
        """The whole suspension around an instant, whatever the holds it is made of; None without one."""
        return self._holds.span(at)

    def reach(self, power: Power, matter: Matter | None) -> Window:
        """When the agreement lets a power be exercised at all: while in force, or after its end too for what outlives
        it.
        """
        if self.begins is None:
            return NEVER
        if self.ending is None:
            return self.chain.open_end
        after = power.outlives and (matter is None or matter.kind == "ending" or matter.opened < self.ending.at)
        return self.chain.open_end if after else Window(self.begins, self.ending.at)

    def order_allows(self, power: Power, at: Instant) -> tuple[Window, Order | None]:
        """The window around or after an instant in which no running order excludes a power, and the order that excludes
        it at that instant, if one does.
        """
        if not (excluded := self._excluded(power)):
            return ALWAYS, None
        allowed = (~Windows.of(window for _, window in excluded)).following(at) or NEVER
        return allowed, next((order for order, window in excluded if at in window), None)

    def _excluded(self, power: Power) -> list[tuple[Order, Window]]:
        """The orders that exclude a power, and when they run."""
        if not power.order_unless:
            return []
        excluding = {order.id: order for order in self.docket.orders if power.excluded_by(order.attributes)}
        ends = [phase.since for phase in self.phases[1:]] + [FOREVER]
        return [
            (excluding[phase.term.order], Window(phase.since, end))
            for phase, end in zip(self.phases, ends, strict=False)
            if phase.term and phase.term.order in excluding
        ]

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

    def knows_nothing_for(self, power: Power) -> bool:
        """Whether nothing of what a power rests on was ever recorded, nor is of the course's own."""
        kinds = power.matter
        return bool(kinds) and self.docket.stamps.keys().isdisjoint(kinds) and _DERIVED.isdisjoint(kinds)

    # ---- fed back as matters -------------------------------------------------------------------------------

    def matters(self, kinds: Iterable[str], at: Instant) -> list[Matter]:
        """The matters that the course itself opens, of the kinds wanted, as they stand at an instant."""
        wanted = _DERIVED.intersection(kinds)
        made: list[Matter] = []
        if not wanted:
            return made
        if "term" in wanted and (term := self.term_to_stop(at)):
            made.append(self._opened(("term", f"term {term.number}"), term, lambda: self.chain.term_matter(term)))
        if "hold" in wanted:
            made += [
                self._derived("hold", h.key, Spell(h.since, h.until, "lifted"), power=h.power or "")
                for h in self.standing_holds(at)
            ]
        if "suspension" in wanted and (span := self.suspension(at)):
            made.append(self._derived("suspension", "suspension", Spell(span.opens, span.closes, "lifted")))
        if "idle" in wanted and (phase := self.phase(at)) and self.chain.idle(phase) and self.state(at) != "terminated":
            until = min((later.since for later in self.phases if later.since > phase.since), default=FOREVER)
            made.append(self._derived("idle", "idle", Spell(phase.since, until, "over")))
        if "ending" in wanted and self.ending:
            end = self.ending
            attributes = {"how": end.how, "power": end.power or "", "by": end.by or end.held_by or ""}
            made.append(self._derived("ending", "ending", Spell(end.at), **attributes))
        return made

    def _derived(self, kind: str, matter_id: str, spell: Spell, **attributes: str) -> Matter:
        like = (spell, *attributes.values())
        return self._opened((kind, matter_id), like, lambda: self.chain.derived(kind, matter_id, spell, **attributes))

    def _opened(self, name: tuple[str, str], like: object, make: Callable[[], Matter]) -> Matter:
        """A matter of the course with the notices about it; the same one for as long as what it is made of is alike."""
        kept: dict[tuple[str, str], tuple[object, Matter]] = self.docket.kept.setdefault("derived", {})
        if (found := kept.get(name)) is None or found[0] != like:
            found = kept[name] = (like, self._noticed(make()))
        return found[1]

    def _noticed(self, matter: Matter) -> Matter:
        kinds = self.docket.terms_of(matter).notices
        about = [n for n in self.docket.turning.values() if n.kind in kinds and matter.kind in kinds[n.kind].about]
        given = tuple(n for n in about if matter.id in n.about or (not n.about and kinds[n.kind].covers != "named"))
        return matter._replace(notices=given)

    def term_to_stop(self, at: Instant) -> Term | None:
        """The term whose renewal a notice given at an instant would stop: the first one for which it is not too
        late.
        """
        if self.ending is not None and self.ending.at <= at:
            return None
        terms = [phase.term for phase in self.phases if phase.term]
        while terms:
            for term in terms:
                if at < self.chain.non_renewal_window(term).closes:
                    return term
            terms = self._terms_after(terms[-1], at) if self.chain.expiry is None else []
        return None

    def _terms_after(self, term: Term, at: Instant) -> list[Term]:
        """The terms after the last one of the chain, as far as one that is likely to leave time for notice."""
        end = self.calendar.end_of(term.last)
        further = self.up_to(max(end, at + (end - self.chain.non_renewal_window(term).closes)))
        return [p.term for p in further.phases if p.term and p.term.number > term.number]
