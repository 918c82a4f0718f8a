"""The part of the model that some kinds of matters make: what opens, counts, is given, permitted and ended.

One matter of each kind is live at a time. Everything else that the agreement could go through stands still: the order
is as long as need be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product

from attrs import evolve

from lifecycle.proving.automaton import ENDED, Automaton, Bound, Move
from lifecycle.proving.counting import all_clocks, is_rough, leads, placed, shift
from lifecycle.terms.model import PARTIES, Clock, Duty, NoticeKind, Party, Power, Terms, holders
from lifecycle.terms.reach import Attributes, fits, sorts, why_never_given

COURSE, ACTIVE = "course", "active"
ON, OFF = "yes", ""
DONE = "done"
"""How a duty is met that the Terms name no way for."""


def over(sort: int, how: str) -> str:
    """The value of a kind's variable after its matter ended."""
    return f"{sort}~{how}"


def held(power: str, kind: str) -> str:
    """The variable of a hold."""
    return f"hold {power} {kind}"


def names(stopper: str, kind: str) -> str:
    """The variable of a matter that names another, while it lasts."""
    return f"{stopper} names {kind}"


def late(power: str, kind: str) -> str:
    """The variable of a power that was open before its matter ended in a way that only prevents it."""
    return f"late {power} {kind}"


def given(kind: str, notice: str) -> str:
    """The clock that counts from a notice."""
    return f"{kind}/{notice}"


def since(kind: str, stopper: str) -> str:
    """The clock that counts from the end of what stopped another."""
    return f"{kind}<{stopper}"


class Matters:
    """Makes the automaton of some kinds of matters."""

    def __init__(self, terms: Terms, kinds: Sequence[str]) -> None:
        self.terms, self.kinds = terms, tuple(kinds)
        self.powers = {k: [p for p in terms.powers.values() if k in p.matter] for k in kinds}
        self.duties = {k: [d for d in terms.duties.values() if k in d.matter] for k in kinds}
        self.leads = {k: leads(terms.kinds[k], list(all_clocks(k, terms)), terms) for k in kinds}
        self.sorts = {k: self._sorts(k) for k in kinds}
        self.outlives = any(power.outlives for k in kinds for power in self.powers[k])
        self.shift = shift(terms)

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
            approximate=frozenset(p.id for k in self.kinds for p in self.powers[k] if self._is_rough(p, k)),
        )

    # ---- what there is -------------------------------------------------------------------------------------

    def _sorts(self, kind: str) -> tuple[Attributes, ...]:
        """One matter of each sort that the Terms treat alike."""
        clocks = list(all_clocks(kind, self.terms))
        about: list[Power | Duty | Clock] = [*self.powers[kind], *self.duties[kind], *clocks]
        found: dict[object, Attributes] = {}
        # Whom it is about is always told apart: it says who holds a power.
        conditions = ({"party": "customer"}, *(c for each in about for c in (each.when, each.unless)))
        for matter in sorts(kind, conditions, self.terms) or ():
            said = tuple(fits(each.when, each.unless, matter) for each in about)
            found.setdefault((said, self._givers(kind, matter)), matter)
        return tuple(found.values())

    def _givers(self, kind: str, matter: Attributes) -> tuple[tuple[Party, ...], ...]:
        who = [p.by for p in self.powers[kind]] + [n.by for n in self.terms.notices.values() if kind in n.about]
        return tuple(holders(each, party_of(matter)) for each in who)

    @cached_property
    def suspending(self) -> dict[str, tuple[Power, str]]:
        """Variable of a hold -> the power and the kind of matter that it rests on."""
        return {
            held(p.id, k): (p, k)
            for k in self.kinds
            for p in self.powers[k]
            if p.does == "suspend" and not p.exercise.startswith("notice:")
        }

    @cached_property
    def stopped(self) -> dict[str, tuple[str, ...]]:
        """Kind -> the kinds here whose matters it can name and stop."""
        attributes = {k: self.terms.kinds[k].attributes.values() for k in self.kinds}
        clocks = {k: list(all_clocks(k, self.terms)) for k in self.kinds}
        stops = {
            k: {b for p in self.powers[k] for b in p.stopped_by} | {b for c in clocks[k] for b in _stoppers(c)}
            for k in self.kinds
        }
        return {s: tuple(k for k in self.kinds if s in stops[k] and "matters" in attributes[s]) for s in self.kinds}

    @cached_property
    def variables(self) -> Mapping[str, tuple[str, ...]]:
        ends = {k: self._ends(k) for k in self.kinds}
        live = {k: tuple(str(n) for n in range(len(self.sorts[k]))) for k in self.kinds}
        made: dict[str, tuple[str, ...]] = {COURSE: (OFF, ACTIVE, ENDED)}
        for k in self.kinds:
            made[k] = (OFF, *live[k], *(over(int(n), how) for n in live[k] for how in ends[k]))
        flags = [*self.suspending, *(names(s, k) for s, ks in self.stopped.items() for k in ks)]
        flags += [late(p.id, k) for k in self.kinds for p in self.powers[k] if p.prevented_by]
        return {**made, **dict.fromkeys(flags, (OFF, ON))}

    def _ends(self, kind: str) -> tuple[str, ...]:
        return (*self.terms.kinds[kind].ends, *(("lapsed",) if self.terms.kinds[kind].lasts else ()))

    def _live(self, kind: str) -> frozenset[str]:
        return frozenset(str(n) for n in range(len(self.sorts[kind])))

    def _clocks_of(self, kind: str) -> frozenset[str]:
        stoppers = (since(kind, s) for s, ks in self.stopped.items() if kind in ks)
        return frozenset({kind, *stoppers, *(given(kind, n) for n in self.terms.notices)})

    def _is_rough(self, power: Power, kind: str) -> bool:
        counts = [
            *power.clocks,
            *(c for n in self._notices(kind) for c in n.given),
            *self.terms.kinds[kind].defaults.values(),
        ]
        return any(is_rough(c, self.terms) for c in counts) or (power.in_writing and self.shift > 0)

    # ---- what can happen -----------------------------------------------------------------------------------

    def _moves(self) -> Iterator[Move]:
        yield Move(what="begin", needs={COURSE: frozenset({OFF})}, sets={COURSE: ACTIVE})
        for kind in self.kinds:
            for sort, matter in enumerate(self.sorts[kind]):
                yield from self._open(kind, sort)
                for how in self._ends(kind):
                    yield from self._end(kind, sort, how)
                for notice in self._notices(kind):
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
                k: self._live(k) if yes else frozenset(self.variables[k]) - self._live(k) for k, yes in chosen.items()
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
        lifted = {h: OFF for h, (p, k) in self.suspending.items() if k == kind and self._lifts(p, how)}
        freed = {names(s, kind): OFF for s, ks in self.stopped.items() if kind in ks}
        nothing_left = not any(h for h, (_, k) in self.suspending.items() if k == kind) and not self._left(kind, how)
        after = {kind: OFF if nothing_left else over(sort, how), **lifted, **freed}
        stops = {since(kind, s) for s, ks in self.stopped.items() if kind in ks}
        stops |= set() if self._left(kind, how) else self._clocks_of(kind)
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

    def _lifts(self, power: Power, how: str) -> bool:
        awaited = self.terms.powers.get(power.lifts_with)
        return power.lifts == "by itself" and how in power.ended_by and (awaited is None or how in awaited.ended_by)

    def _left(self, kind: str, how: str) -> bool:
        """Whether any power stays after a matter ended so."""
        return any(how not in p.ended_by and how not in p.prevented_by for p in self.powers[kind])

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
                stops=self._clocks_of(kind),
            )

    # ---- notices, powers, duties ---------------------------------------------------------------------------

    def _notices(self, kind: str) -> list[NoticeKind]:
        """The notices that something about a kind of matter counts from."""
        wanted = {clock.notice for clock in all_clocks(kind, self.terms)}
        wanted |= {duty.arises.removeprefix("notice:") for duty in self.duties[kind] if duty.arises != "start"}
        found = (self.terms.notices[name] for name in self.terms.notices if name in wanted)
        return [n for n in found if (not n.about or kind in n.about) and not why_never_given(n, self.terms)]

    def _notice(self, notice: NoticeKind, kind: str, sort: int, matter: Attributes) -> Iterator[Move]:
        bounds = self._bounds(notice.given, kind, matter, -self.shift)
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

    def _bounds(
        self, clocks: Sequence[Clock], kind: str, matter: Attributes, ahead: int = 0
    ) -> tuple[Bound, ...] | None:
        """What clocks come to for a sort of matter; None where they leave no day. ahead: days added to each."""
        found = []
        for clock in (c for c in clocks if fits(c.when, c.unless, matter)):
            if clock.notice:
                bound = placed(clock, given(kind, clock.notice), self.shift + ahead, self.terms)
            else:
                bound = placed(clock, kind, self.leads[kind].get(clock.start, 0) + ahead, self.terms)
            if bound is None:
                return None
            found.append(bound)
            found += [
                Bound(since(kind, s), placed_from(clock, self.terms), spare=True)
                for s in _stoppers(clock)
                if kind in self.stopped.get(s, ())
            ]
        return tuple(found)

    def _use(self, power: Power, kind: str, sort: int, matter: Attributes, *, spent: bool = True) -> Iterator[Move]:
        """A party uses a power, or it takes effect by itself. Without ``spent`` only while the matter is live."""
        by = holders(power.by, party_of(matter))
        if not fits(power.when, power.unless, matter) or (power.by != "both" and not by):
            return
        ways = [[c] for c in power.clocks if fits(c.when, c.unless, matter)] if power.needs == "any" else []
        stays = [over(sort, how) for how in self._ends(kind) if how not in power.ended_by + power.prevented_by]
        for clocks in ways or [list(power.clocks)]:
            bounds = self._bounds(clocks, kind, matter)
            stoppers = {*power.blocked_by, *(s for c in clocks for s in _stoppers(c))}
            free = {names(s, kind): frozenset({OFF}) for s in stoppers if kind in self.stopped.get(s, ())}
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
        every = frozenset().union(*(self._clocks_of(k) for k in self.kinds), self.suspending)
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
            due = self._bounds(clocks, kind, matter, -ahead)
            when = self._bounds(notice.given, kind, matter, -ahead) if notice else ()
            possible = notice is None or not why_never_given(notice, self.terms)
            if due is not None and when is not None and possible and (notice or way in (DONE, *self._ends(kind))):
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


def placed_from(clock: Clock, terms: Terms) -> int:
    bound = placed(clock, "", 0, terms)
    return bound.least if bound else 0


def _stoppers(clock: Clock) -> tuple[str, ...]:
    return tuple(filter(None, (clock.paused_by, clock.restarted_by)))


def party_of(matter: Attributes) -> Party | None:
    """Whom a sort of matter is about."""
    return next((party for party in PARTIES if party == matter.get("party")), None)
