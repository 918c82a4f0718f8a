"""The part of the model that some kinds of matters make: what opens, counts, is given, permitted and ended.

One matter of each kind is live at a time. Everything else that the agreement could go through stands still: the order
is as long as need be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product

from attrs import evolve

from lifecycle.proving.automaton import ENDED, Automaton, Bound, Move
from lifecycle.proving.counting import placed
from lifecycle.proving.kinds import Kinds, stoppers
from lifecycle.proving.naming import ACTIVE, COURSE, DONE, OFF, ON, given, held, late, names, over, party_of, since
from lifecycle.terms.model import Duty, NoticeKind, Party, Power, Terms, holders
from lifecycle.terms.reach import Attributes, fits, why_never_given


class Matters(Kinds):
    """Makes the automaton of some kinds of matters."""

    def automaton(self) -> Automaton:
        moves = tuple(self._moves())
        used = {bound.clock for move in moves for bound in move.bounds}
        asked = {clock for move in moves for clock in move.absent} | used
        return Automaton(
            name=" + ".join(self.kinds),
            variables=self.variables,
            moves=tuple(evolve(m, starts={c: day for c, day in m.starts.items() if c in asked}) for m in moves),
            sorts=self.sorts,
            leads=self.leads,
            approximate=frozenset(p.id for k in self.kinds for p in self.powers[k] if self.rough(p, k)),
        )

    # ---- what can happen -----------------------------------------------------------------------------------

    def _moves(self) -> Iterator[Move]:
        yield Move(what="begin", needs={COURSE: frozenset({OFF})}, sets={COURSE: ACTIVE})
        for kind in self.kinds:
            for sort, matter in enumerate(self.sorts[kind]):
                yield from self._open(kind, sort)
                for how in self.ends(kind):
                    yield from self._end(kind, sort, how)
                for notice in self.noticed(kind):
                    yield from self._notice(notice, kind, sort, matter)
                for power in self.powers[kind]:
                    yield from self._use(power, kind, sort, matter)
                for duty in self.duties[kind]:
                    yield from self._meet(duty, kind, sort, matter)
            yield from self._forget(kind)
        for hold, (_, kind) in self.suspending.items():
            yield from self._about_hold(hold, kind)
        yield from standing_ends(self.terms, frozenset({ACTIVE}), self._ending)

    def _going_on(self) -> frozenset[str]:
        return frozenset({ACTIVE, ENDED} if self.outlives else {ACTIVE})

    def _open(self, kind: str, sort: int) -> Iterator[Move]:
        """A matter begins. One that can name others names those that are live."""
        targets = self.stopped[kind]
        for live in product((True, False), repeat=len(targets)):
            chosen = dict(zip(targets, live, strict=True))
            values = {
                k: self.live(k) if yes else frozenset(self.variables[k]) - self.live(k) for k, yes in chosen.items()
            }
            yield Move(
                what="open",
                subject=kind,
                about=kind,
                sort=sort,
                needs={COURSE: frozenset({ACTIVE}), kind: frozenset({OFF}), **values},
                sets={kind: str(sort), **{names(kind, k): ON for k, yes in chosen.items() if yes}},
                starts={kind: 0},
            )

    def _end(self, kind: str, sort: int, how: str) -> Iterator[Move]:
        """A matter ends; what it stopped counts anew, and holds that lift by themselves lift."""
        lifted = {h: OFF for h, (p, k) in self.suspending.items() if k == kind and self.lifts(p, how)}
        freed = {names(s, kind): OFF for s, ks in self.stopped.items() if kind in ks}
        nothing_left = not any(h for h, (_, k) in self.suspending.items() if k == kind) and not self.left(kind, how)
        after = {kind: OFF if nothing_left else over(sort, how), **lifted, **freed}
        stops = {since(kind, s) for s, ks in self.stopped.items() if kind in ks}
        stops |= set() if self.left(kind, how) else self.clocks_of(kind)
        lasts = self.terms.kinds[kind].lasts
        lapses = placed(lasts, kind, 1, self.terms) if how == "lapsed" and lasts else None
        for named in product((True, False), repeat=len(self.stopped[kind])):
            chosen = dict(zip(self.stopped[kind], named, strict=True))
            move = Move(
                what="pass" if lapses else "end",
                subject=kind,
                about=kind,
                sort=sort,
                how=how,
                needs={
                    COURSE: self._going_on(),
                    kind: frozenset({str(sort)}),
                    **{names(kind, k): frozenset({ON if yes else OFF}) for k, yes in chosen.items()},
                },
                bounds=(Bound(kind, lapses.most or 0),) if lapses else (),
                sets={**after, **{names(kind, k): OFF for k in chosen}},
                starts={since(k, kind): int(how == "lapsed") for k, yes in chosen.items() if yes},
                stops=frozenset(stops),
                automatic=lapses is not None,
            )
            yield from self._prevented(move, kind, sort, how) if not lapses else (move,)

    def _prevented(self, move: Move, kind: str, sort: int, how: str) -> Iterator[Move]:
        """The end of a matter, apart by whether the powers that it only prevents had opened: those stay."""
        ways = [move]
        for power in (p for p in self.powers[kind] if how in p.prevented_by):
            for use in self._use(power, kind, sort, self.sorts[kind][sort], spent=False):
                open_before = evolve(
                    move, sets={late(power.id, kind): ON, kind: over(sort, how)}, needs=use.needs, bounds=use.bounds
                )
                shut = [
                    evolve(move, sets={}, needs={f: frozenset({ON})}, bounds=()) for f in use.needs if " names " in f
                ]
                shut += [
                    evolve(open_before, sets={}, bounds=(Bound(b.clock, 0, b.least - 1),))
                    for b in use.bounds
                    if b.least > 0
                ]
                ways = [both for one in ways for other in (open_before, *shut) if (both := _together(one, other))]
        yield from ways

    def _forget(self, kind: str) -> Iterator[Move]:
        """Room for another matter of the kind, once nothing is left of the last one."""
        flags = [h for h, (_, k) in self.suspending.items() if k == kind]
        lates = [late(p.id, kind) for p in self.powers[kind] if p.prevented_by]
        ended = frozenset(value for value in self.variables[kind] if "~" in value)
        if ended:
            yield Move(
                what="forget",
                subject=kind,
                about=kind,
                needs={COURSE: frozenset({ACTIVE}), kind: ended, **{f: frozenset({OFF}) for f in flags}},
                sets={kind: OFF, **dict.fromkeys(lates, OFF)},
                stops=self.clocks_of(kind),
            )

    # ---- notices, powers, duties ---------------------------------------------------------------------------

    def _notice(self, notice: NoticeKind, kind: str, sort: int, matter: Attributes) -> Iterator[Move]:
        bounds = self.bounds(notice.given, kind, matter, -self.shift)
        by = holders(notice.by, party_of(matter))
        if bounds is not None and by:
            yield Move(
                what="notice",
                subject=notice.id,
                about=kind,
                sort=sort,
                by=by,
                needs={COURSE: self._going_on(), kind: frozenset({str(sort)})},
                absent=frozenset({given(kind, notice.id)}),
                bounds=bounds,
                starts={given(kind, notice.id): 0},
            )

    def _use(self, power: Power, kind: str, sort: int, matter: Attributes, *, spent: bool = True) -> Iterator[Move]:
        """A party uses a power, or it takes effect by itself. Without ``spent`` only while the matter is live."""
        by = holders(power.by, party_of(matter))
        if not fits(power.when, power.unless, matter) or (power.by != "both" and not by):
            return
        ways = [[c] for c in power.clocks if fits(c.when, c.unless, matter)] if power.needs == "any" else []
        stays = [over(sort, how) for how in self.ends(kind) if how not in power.ended_by + power.prevented_by]
        for clocks in ways or [list(power.clocks)]:
            bounds = self.bounds(clocks, kind, matter)
            stopping = {*power.blocked_by, *(s for c in clocks if fits(c.when, c.unless, matter) for s in stoppers(c))}
            free = {names(s, kind): frozenset({OFF}) for s in stopping if kind in self.stopped.get(s, ())}
            where = frozenset({str(sort), *(stays if spent else ())})
            if bounds is not None:
                yield self._used(power, kind, sort, by, {kind: where, **free}, bounds)
        if spent and power.prevented_by:
            ended = frozenset(over(sort, how) for how in power.prevented_by)
            yield self._used(power, kind, sort, by, {kind: ended, late(power.id, kind): frozenset({ON})}, ())

    def _used(
        self,
        power: Power,
        kind: str,
        sort: int,
        by: tuple[Party, ...],
        needs: Mapping[str, frozenset[str]],
        bounds: tuple[Bound, ...],
    ) -> Move:
        course = frozenset({ACTIVE, ENDED}) if power.outlives else frozenset({ACTIVE})
        hold = held(power.id, kind)
        placing = hold in self.suspending
        move = Move(
            what="use",
            subject=power.id,
            about=kind,
            sort=sort,
            by=by,
            needs={COURSE: course, **needs, **({hold: frozenset({OFF})} if placing else {})},
            bounds=bounds,
            sets={hold: ON} if placing else {},
            starts={hold: 0} if placing else {},
            automatic=power.exercise == "automatic",
        )
        ends = power.does == "terminate" and not power.exercise.startswith("notice:")
        return self._ending(move) if ends else move

    def _ending(self, move: Move) -> Move:
        """A move by which the agreement ends; nothing is left pending unless a power outlives it."""
        if self.outlives:
            lifted = dict.fromkeys(self.suspending, OFF)
            return evolve(move, sets={**move.sets, COURSE: ENDED, **lifted}, stops=frozenset(lifted))
        every = frozenset().union(*(self.clocks_of(k) for k in self.kinds), self.suspending)
        return evolve(move, sets={**dict.fromkeys(self.variables, OFF), COURSE: ENDED}, starts={}, stops=every)

    def _about_hold(self, hold: str, kind: str) -> Iterator[Move]:
        """Powers that rest on a hold or the whole suspension, and those to lift any."""
        for power in self.terms.powers.values():
            lifts = power.does == "reinstate" and (not power.matter or {"hold", "suspension"} & set(power.matter))
            if lifts or {"hold", "suspension"} & set(power.matter):
                found = [placed(c, hold, 0, self.terms) for c in power.clocks if c.start == "start"]
                move = Move(
                    what="use",
                    subject=power.id,
                    about=kind,
                    by=holders(power.by, None),
                    needs={COURSE: frozenset({ACTIVE}), hold: frozenset({ON})},
                    bounds=tuple(filter(None, found)),
                    sets={hold: OFF} if lifts else {},
                    stops=frozenset({hold} if lifts else ()),
                    how=hold,
                )
                yield self._ending(move) if power.does == "terminate" else move

    def _meet(self, duty: Duty, kind: str, sort: int, matter: Attributes) -> Iterator[Move]:
        """A party meets a duty with a deadline, in each way there is."""
        if duty.deadline != "clocks" or duty.effort or not fits(duty.when, duty.unless, matter):
            return
        arises = duty.arises.removeprefix("notice:")
        asked = () if duty.arises == "start" else (Bound(given(kind, arises)),)
        groups = [[clock] for clock in duty.clocks] if duty.needs == "any" else [list(duty.clocks)]
        for clocks, way in product(groups, duty.met_by or (DONE,)):
            notice = self.terms.notices.get(way.removeprefix("notice:")) if way.startswith("notice:") else None
            ahead = self.shift if notice else 0
            # It must count by the last day, so it must be given that much sooner.
            due = self.bounds(clocks, kind, matter, -ahead)
            when = self.bounds(notice.given, kind, matter, -ahead) if notice else ()
            possible = notice is None or not why_never_given(notice, self.terms)
            if due is not None and when is not None and possible and (notice or way in (DONE, *self.ends(kind))):
                yield Move(
                    what="meet",
                    subject=duty.id,
                    about=kind,
                    sort=sort,
                    how=way,
                    needs={COURSE: self._going_on(), kind: frozenset({str(sort)})},
                    bounds=(*asked, *due, *when),
                )


def standing_ends(terms: Terms, running: frozenset[str], ending: Callable[[Move], Move]) -> Iterator[Move]:
    """The powers that end an agreement whatever else there is, while it is running."""
    for power in terms.powers_to("terminate"):
        if not power.matter and not power.exercise.startswith("notice:"):
            move = Move(
                what="use",
                subject=power.id,
                by=holders(power.by, None),
                needs={COURSE: running | ({ENDED} if power.outlives else set())},
            )
            yield ending(move)


def _together(one: Move, other: Move) -> Move | None:
    """A move as two say it at once; None where no location lets both be made."""
    shared = {name: one.needs[name] & values for name, values in other.needs.items() if name in one.needs}
    if not all(shared.values()):
        return None
    needs = {**one.needs, **other.needs, **shared}
    return evolve(one, needs=needs, bounds=(*one.bounds, *other.bounds), sets={**one.sets, **other.sets})
