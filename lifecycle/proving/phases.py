"""The part of the model that the agreement's own course makes: trial, terms, the time between them, and the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve

from lifecycle.days import Period
from lifecycle.proving.automaton import ENDED, Automaton, Bound, Move, What
from lifecycle.proving.counting import FIRST, placed, shift, shortest
from lifecycle.proving.matters import standing_ends
from lifecycle.proving.naming import ACTIVE, COURSE, OFF, ON
from lifecycle.terms.model import Power, Terms, holders

TRIAL, RENEWED = "trial", "renewed"
IDLE, AFTER_FIRST, AFTER_LATER = "idle", "after term 1", "after a later term"
STOPPED, FOLLOWED = "stopped", "followed"
TERM, MADE, PAUSE, END = "term", "made", "idle", "ending"

RUNNING = frozenset({TRIAL, ACTIVE, RENEWED, IDLE, AFTER_FIRST, AFTER_LATER})
"""Where the course stands while the agreement is in force."""

AFTER_ITS_END = "after its end"
"""How a renewal is stopped when the next term has begun already."""

STATES: Mapping[str, str] = {
    TRIAL: "trial",
    ACTIVE: "active",
    RENEWED: "renewed",
    IDLE: "active",
    AFTER_FIRST: "active",
    AFTER_LATER: "renewed",
    ENDED: "terminated",
}
"""Where the course stands -> the state that is, apart from holds."""

NAME = "the course"
_TRIAL_DAYS = 14
_FOLLOWS = {ACTIVE: AFTER_FIRST, RENEWED: AFTER_LATER}


class Phases:
    """Makes the automaton of the course."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.ordered = terms.begins == "order"
        self.length = shortest(terms.order.term or Period(1, "years"))
        longest = terms.renewal.longest if terms.renewal else None
        self.further = min(self.length, shortest(longest)) if longest else self.length
        given = terms.trial.length if terms.trial else None
        self.trial = shortest(given) if given else _TRIAL_DAYS
        least = terms.framework.at_least if terms.framework else None
        self.least = (terms.calendar().moved(FIRST, least, "up") - FIRST).days if least else None

    def automaton(self) -> Automaton:
        moves = tuple(self._moves())
        asked = {bound.clock for move in moves for bound in move.bounds}
        values = (OFF, TRIAL, ACTIVE, RENEWED, IDLE, AFTER_FIRST, AFTER_LATER, ENDED)
        return Automaton(
            name=NAME,
            variables={COURSE: values, STOPPED: (OFF, ON, FOLLOWED)},
            moves=tuple(evolve(m, starts={c: day for c, day in m.starts.items() if c in asked}) for m in moves),
            length=self.length,
            trial=self.trial,
        )

    def _moves(self) -> Iterator[Move]:
        yield from self._beginnings()
        if self.terms.trial:
            yield from self._trial()
        if self.ordered:
            yield from self._term_ends(ACTIVE, self.length)
            yield from self._term_ends(RENEWED, self.further)
        if self.ordered and self.terms.framework:
            yield from self._between()
        for power in self.terms.powers.values():
            yield from self._uses(power)
        yield from standing_ends(self.terms, RUNNING, self._ending)

    def _step(self, what: What, of: tuple[str, ...], to: str, **more: object) -> Move:
        """A move of the course, with the clocks that what it leads to has."""
        starts = {TERM: 0} if to in (ACTIVE, RENEWED) and self.ordered else {}
        starts |= {PAUSE: 0} if to in (IDLE, AFTER_FIRST, AFTER_LATER) else {}
        move = Move(
            what=what,
            needs={COURSE: frozenset(of)},
            sets={COURSE: to, STOPPED: OFF},
            starts=starts,
            stops=frozenset({TERM, TRIAL, PAUSE}),
        )
        return self._ending(evolve(move, **more)) if to == ENDED else evolve(move, **more)  # type: ignore[arg-type]

    def _ending(self, move: Move) -> Move:
        stops = frozenset({TERM, TRIAL, PAUSE, MADE})
        return evolve(move, sets={COURSE: ENDED, STOPPED: OFF}, starts={END: 0}, stops=stops)

    def _beginnings(self) -> Iterator[Move]:
        yield self._begin(ACTIVE)
        if self.terms.trial:
            yield self._begin(TRIAL)
        if self.ordered and self.terms.framework:
            yield self._begin(IDLE)

    def _begin(self, to: str) -> Move:
        move = self._step("begin", (OFF,), to, how=to)
        return evolve(move, starts={**move.starts, MADE: 0, **({TRIAL: 0} if to == TRIAL else {})})

    def _trial(self) -> Iterator[Move]:
        trial = self.terms.trial
        assert trial is not None
        after = IDLE if self.terms.framework else ENDED
        through = (Bound(TRIAL, self.trial),)
        yield self._step("pass", (TRIAL,), after, subject="trial end", bounds=through, automatic=True)
        if self.ordered:
            yield self._step("sign", (TRIAL,), ACTIVE, subject="order")
        if trial.limit:
            yield self._step("open", (TRIAL,), after, subject=trial.limit, about=trial.limit)

    def _term_ends(self, of: str, length: int) -> Iterator[Move]:
        """What comes by itself at the end of a term: the next one, or the end, or the time without one."""
        at, renewal = Bound(TERM, length), self.terms.renewal
        goes_on, stops = (
            (frozenset({OFF, FOLLOWED}), frozenset({ON})) if renewal else (frozenset({FOLLOWED}), frozenset({OFF, ON}))
        )
        renew = self._step("pass", (of,), RENEWED, subject="renew", bounds=(at,), automatic=True)
        yield evolve(renew, needs={**renew.needs, STOPPED: goes_on})
        for to, bounds in self._after_terms(of):
            subject = "expire" if to == ENDED else "term end"
            ends = self._step("pass", (of,), to, subject=subject, bounds=(at, *bounds), automatic=True)
            yield evolve(ends, needs={**ends.needs, STOPPED: stops})
        if renewal is None:
            follow = Move(what="sign", subject="successor", needs={COURSE: frozenset({of}), STOPPED: frozenset({OFF})})
            yield evolve(follow, sets={STOPPED: FOLLOWED})
        else:
            yield from self._stop(self.terms.powers[renewal.stopped_by], of, length)

    def _after_terms(self, of: str) -> Iterator[tuple[str, tuple[Bound, ...]]]:
        """What follows the last term: the end, at once or once the framework has lasted."""
        if self.least is None:
            yield ENDED, ()
        else:
            yield ENDED, (Bound(MADE, self.least),)
            yield _FOLLOWS[of], (Bound(MADE, 0, self.least - 1),)

    def _stop(self, power: Power, of: str, length: int) -> Iterator[Move]:
        """Notice that stops the renewal of the running term; and, where the Terms leave time for that, of the last."""
        found = self._bounds(power, length)
        if found is None:
            return
        move = Move(what="use", subject=power.id, by=holders(power.by, None), bounds=found)
        needs = {COURSE: frozenset({of}), STOPPED: frozenset({OFF})}
        yield evolve(move, needs=needs, sets={STOPPED: ON})
        closes = min((b.most for b in found if b.most is not None), default=None)
        if closes is None or closes >= length:
            left = None if closes is None else closes - length
            for to, _ in self._after_terms(of):
                back = self._step("use", (RENEWED,), to, subject=power.id, by=move.by, how=AFTER_ITS_END)
                yield evolve(back, bounds=(Bound(TERM, 0, left),))

    def _between(self) -> Iterator[Move]:
        """The time in force without a term."""
        yield self._step("sign", (IDLE,), ACTIVE, subject="order")
        yield self._step("sign", (AFTER_FIRST, AFTER_LATER), RENEWED, subject="order")
        if self.least is not None:
            over = (Bound(MADE, self.least),)
            yield self._step(
                "pass", (IDLE, AFTER_FIRST, AFTER_LATER), ENDED, subject="expire", bounds=over, automatic=True
            )

    def _bounds(self, power: Power, length: int) -> tuple[Bound, ...] | None:
        days = {"term start": 0, "term end": length - 1, "next term start": length}
        ahead = shift(self.terms) if power.in_writing else 0
        found = [placed(clock, TERM, days.get(clock.start, 0) - ahead, self.terms) for clock in power.clocks]
        return None if None in found else tuple(filter(None, found))

    def _uses(self, power: Power) -> Iterator[Move]:
        """What a party may do because of the course, or of nothing."""
        renewal, running = self.terms.renewal, RUNNING
        move = Move(what="use", subject=power.id, by=holders(power.by, None))
        after = frozenset({ENDED}) if power.outlives else frozenset()
        ends = power.does == "terminate" and not power.exercise.startswith("notice:")
        if not power.matter and not ends and power.does != "reinstate":
            yield evolve(move, needs={COURSE: running | after})
        if "term" in power.matter and self.ordered and not (renewal and power.id == renewal.stopped_by):
            for of, length in ((ACTIVE, self.length), (RENEWED, self.further)):
                if (bounds := self._bounds(power, length)) is not None:
                    use = evolve(move, about="term", needs={COURSE: frozenset({of})}, bounds=bounds)
                    yield self._ending(use) if ends else use
        for kind, where in (("idle", frozenset({IDLE, AFTER_FIRST, AFTER_LATER})), ("ending", frozenset({ENDED}))):
            if kind in power.matter:
                clock = PAUSE if kind == "idle" else END
                bounds = tuple(
                    filter(None, (placed(c, clock, 0, self.terms) for c in power.clocks if c.start == "start"))
                )
                use = evolve(move, about=kind, needs={COURSE: where}, bounds=bounds)
                yield self._ending(use) if ends and kind == "idle" else use
