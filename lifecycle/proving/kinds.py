"""What the Terms say of some kinds of matters, as the model needs it: sorts, variables, clocks, bounds, notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from lifecycle.proving.automaton import ENDED, Bound
from lifecycle.proving.counting import all_clocks, is_rough, leads, placed, shift
from lifecycle.proving.graph import TooLarge
from lifecycle.proving.naming import ACTIVE, COURSE, OFF, ON, given, held, late, names, over, party_of, since
from lifecycle.terms.model import Clock, Duty, NoticeKind, Party, Power, Terms, holders
from lifecycle.terms.reach import MOST, Attributes, fits, sorts, why_never_given


class Kinds:
    """Some kinds of matters and what is about them."""

    def __init__(self, terms: Terms, kinds: Sequence[str]) -> None:
        self.terms, self.kinds = terms, tuple(kinds)
        self.powers = {k: [p for p in terms.powers.values() if k in p.matter] for k in kinds}
        self.duties = {k: [d for d in terms.duties.values() if k in d.matter] for k in kinds}
        self.leads = {k: leads(terms.kinds[k], list(all_clocks(k, terms)), terms) for k in kinds}
        self.sorts = {k: self._sorts(k) for k in kinds}
        self.outlives = any(power.outlives for k in kinds for power in self.powers[k])
        self.shift = shift(terms)

    # ---- what there is -------------------------------------------------------------------------------------

    def _sorts(self, kind: str) -> tuple[Attributes, ...]:
        """One matter of each sort that the Terms treat alike."""
        clocks = list(all_clocks(kind, self.terms))
        about: list[Power | Duty | Clock] = [*self.powers[kind], *self.duties[kind], *clocks]
        found: dict[object, Attributes] = {}
        # Whom it is about is always told apart: it says who holds a power.
        conditions = ({"party": "customer"}, *(c for each in about for c in (each.when, each.unless)))
        every = sorts(kind, conditions, self.terms)
        if every is None:
            raise TooLarge(kind, MOST)
        for matter in every:
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
            k: {b for p in self.powers[k] for b in p.stopped_by} | {b for c in clocks[k] for b in stoppers(c)}
            for k in self.kinds
        }
        found = {s: tuple(k for k in self.kinds if s in stops[k] and "matters" in attributes[s]) for s in self.kinds}
        if 2 ** max(map(len, found.values()), default=0) > MOST:
            raise TooLarge(" + ".join(self.kinds), MOST)
        return found

    @cached_property
    def variables(self) -> Mapping[str, tuple[str, ...]]:
        ends = {k: self.ends(k) for k in self.kinds}
        live = {k: tuple(str(n) for n in range(len(self.sorts[k]))) for k in self.kinds}
        made: dict[str, tuple[str, ...]] = {COURSE: (OFF, ACTIVE, ENDED)}
        for k in self.kinds:
            made[k] = (OFF, *live[k], *(over(int(n), how) for n in live[k] for how in ends[k]))
        flags = [*self.suspending, *(names(s, k) for s, ks in self.stopped.items() for k in ks)]
        flags += [late(p.id, k) for k in self.kinds for p in self.powers[k] if p.prevented_by]
        return {**made, **dict.fromkeys(flags, (OFF, ON))}

    def ends(self, kind: str) -> tuple[str, ...]:
        """How its matters can end, by themselves too."""
        return (*self.terms.kinds[kind].ends, *(("lapsed",) if self.terms.kinds[kind].lasts else ()))

    def live(self, kind: str) -> frozenset[str]:
        """The values of its variable while a matter of it goes on."""
        return frozenset(str(n) for n in range(len(self.sorts[kind])))

    def clocks_of(self, kind: str) -> frozenset[str]:
        anew = (since(kind, s) for s, ks in self.stopped.items() if kind in ks)
        return frozenset({kind, *anew, *(given(kind, n) for n in self.terms.notices)})

    def rough(self, power: Power, kind: str) -> bool:
        """Whether the model knows only roughly when a power opens."""
        counts = [
            *power.clocks,
            *(c for n in self.noticed(kind) for c in n.given),
            *self.terms.kinds[kind].defaults.values(),
        ]
        return any(is_rough(c, self.terms) for c in counts) or (power.in_writing and self.shift > 0)

    def noticed(self, kind: str) -> list[NoticeKind]:
        """The notices that something about a kind of matter counts from."""
        wanted = {clock.notice for clock in all_clocks(kind, self.terms)}
        for duty in self.duties[kind]:
            ways = (duty.arises, *(duty.met_by if duty.deadline == "clocks" else ()))
            wanted |= {way.removeprefix("notice:") for way in ways if way.startswith("notice:")}
        found = (self.terms.notices[name] for name in self.terms.notices if name in wanted)
        return [n for n in found if (not n.about or kind in n.about) and not why_never_given(n, self.terms)]

    def lifts(self, power: Power, how: str) -> bool:
        """Whether a hold under a power lifts by itself when its matter ends so."""
        awaited = self.terms.powers.get(power.lifts_with)
        return power.lifts == "by itself" and how in power.ended_by and (awaited is None or how in awaited.ended_by)

    def left(self, kind: str, how: str) -> bool:
        """Whether any power stays after a matter ended so."""
        return any(how not in p.ended_by and how not in p.prevented_by for p in self.powers[kind])

    # ---- clocks ----------------------------------------------------------------------------------------------

    def bounds(
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
                for s in stoppers(clock)
                if kind in self.stopped.get(s, ())
            ]
        return tuple(found)


def stoppers(clock: Clock) -> tuple[str, ...]:
    """The kinds of matter whose end lets a clock begin anew: exactly so, or as the model takes a pause."""
    return tuple(filter(None, (clock.paused_by, clock.restarted_by)))


def placed_from(clock: Clock, terms: Terms) -> int:
    """The day on which a clock is met, counted from where it began anew."""
    bound = placed(clock, "", 0, terms)
    return bound.least if bound else 0
