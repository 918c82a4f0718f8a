"""Zones: sets of clock readings, as matrices of bounds on differences, over whole days.

A zone holds the readings for which ``x - y <= bound`` for every two clocks, with a clock 0 that always reads 0. Days
are whole, so every bound is included; a zone is kept tight, every bound being the smallest that others imply.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from lifecycle.values import frozen

Matrix: TypeAlias = tuple[tuple[int, ...], ...]

NONE = 1 << 40
"""No bound: larger than any that is."""


@frozen
class Zone:
    """Readings of the clocks named; ``rows[i][j]`` bounds clock i minus clock j, row and column 0 being the clock 0."""

    names: tuple[str, ...] = ()
    rows: Matrix = ((0,),)

    def place(self, clock: str) -> int:
        return self.names.index(clock) + 1

    def later(self) -> Zone:
        """The readings after any number of days."""
        return Zone(self.names, (self.rows[0], *((NONE, *row[1:]) for row in self.rows[1:])))

    def within(self, clock: str, least: int = 0, most: int | None = None) -> Zone | None:
        """The readings at which a clock reads at least and at most so many days; None where there are none."""
        found = self.tightened(0, self.place(clock), -least) if least > 0 else self
        if most is not None and found is not None:
            found = found.tightened(self.place(clock), 0, most)
        return found

    def tightened(self, i: int, j: int, bound: int) -> Zone | None:
        """The readings at which clock i minus clock j is at most a bound; None where there are none."""
        rows = self.rows
        if bound >= rows[i][j]:
            return self
        if bound + rows[j][i] < 0:
            return None
        onward = rows[j]
        made = []
        for row in rows:
            through = row[i] + bound
            made.append(row if row[i] == NONE else _least(row, through, onward))
        return Zone(self.names, tuple(made))

    def started(self, clocks: Mapping[str, int]) -> Zone:
        """The readings after clocks began anew, each at a day."""
        zone = self.stopped(clocks)
        for clock, day in clocks.items():
            names = (*zone.names, clock)
            rows = [(*row, _sum(row[0], -day)) for row in zone.rows]
            rows.append((*(_sum(day, value) for value in zone.rows[0]), 0))
            zone = Zone(names, tuple(rows))
        return zone._ordered()

    def stopped(self, clocks: Iterable[str]) -> Zone:
        """The readings without some clocks."""
        gone = {self.place(clock) for clock in clocks if clock in self.names}
        if not gone:
            return self
        kept = [i for i in range(len(self.rows)) if i not in gone]
        return Zone(
            tuple(self.names[i - 1] for i in kept[1:]), tuple(tuple(self.rows[i][j] for j in kept) for i in kept)
        )

    def _ordered(self) -> Zone:
        order = [0, *sorted(range(1, len(self.rows)), key=lambda i: self.names[i - 1])]
        return Zone(
            tuple(self.names[i - 1] for i in order[1:]), tuple(tuple(self.rows[i][j] for j in order) for i in order)
        )

    def includes(self, other: Zone) -> bool:
        """Whether every reading of another zone of the same clocks is one of its own."""
        pairs = zip(self.rows, other.rows, strict=True)
        return all(a >= b for mine, theirs in pairs for a, b in zip(mine, theirs, strict=True))

    def meets(self, other: Zone) -> bool:
        """Whether two zones of the same clocks have a reading in common."""
        found: Zone | None = self
        for i, row in enumerate(other.rows):
            for j, bound in enumerate(row):
                if i != j and bound != NONE:
                    found = found and found.tightened(i, j, bound)
        return found is not None

    def widened(self, largest: Mapping[str, int]) -> Zone:
        """The zone with readings beyond the largest day that anything compares a clock with taken as one (extrapolation
        at the largest constants): so that there are finitely many zones, and nothing else can be reached.
        """
        most = [0, *(largest.get(name, 0) for name in self.names)]
        past = [False, *(-self.rows[0][i] > most[i] for i in range(1, len(self.rows)))]
        size = range(len(self.rows))
        rows = [tuple(self._wide(i, j, most, past) for j in size) for i in size]
        return self if tuple(rows) == self.rows else Zone(self.names, _closed(rows))

    def _wide(self, i: int, j: int, most: list[int], past: list[bool]) -> int:
        bound = self.rows[i][j]
        if i == j:
            return 0
        if i == 0:
            return max(bound, -most[j] - 1)
        return NONE if bound > most[i] or past[i] or past[j] else bound

    def holds(self, reading: Mapping[str, int]) -> bool:
        """Whether clocks that read so are in the zone."""
        days = [0, *(reading[name] for name in self.names)]
        return all(days[i] - days[j] <= bound for i, row in enumerate(self.rows) for j, bound in enumerate(row))


def _sum(one: int, other: int) -> int:
    return NONE if NONE in (one, other) else one + other


def _least(row: Sequence[int], through: int, onward: Sequence[int]) -> tuple[int, ...]:
    """A row's bounds, or those by way of another clock where they are smaller."""
    return tuple(
        bound if further == NONE or bound <= through + further else through + further
        for bound, further in zip(row, onward, strict=True)
    )


def _closed(rows: list[tuple[int, ...]]) -> Matrix:
    """The tightest bounds that say the same (Floyd and Warshall)."""
    for k in range(len(rows)):
        rows = [row if row[k] == NONE else _least(row, row[k], rows[k]) for row in rows]
    return tuple(rows)
