"""When a way through the graph is gone: the earliest and the latest day of each of its moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lifecycle.proving.graph import Edge


def earliest(trace: Sequence[Edge]) -> tuple[int, ...]:
    """The first day of each move, counted from the beginning; each as early as any schedule has it."""
    days = [0] * (len(trace) + 1)
    _settle(trace, days, raising=True)
    return tuple(days[1:])


def latest(trace: Sequence[Edge], pause: int) -> tuple[int, ...]:
    """The last day of each move where none waits longer than ``pause`` days, each as late as any schedule has it."""
    days = [n * pause for n in range(len(trace) + 1)]
    _settle(trace, days, raising=False)
    return tuple(days[1:])


def readings(trace: Sequence[Edge], days: Sequence[int]) -> Mapping[str, int]:
    """What each clock reads right after the last move of a way gone on some days."""
    started: dict[str, int] = {}
    for edge, day in zip(trace, days, strict=True):
        for clock in edge.move.stops:
            started.pop(clock, None)
        started |= {clock: day - at for clock, at in edge.move.starts.items()}
    return {clock: days[-1] - since for clock, since in started.items()}


def _settle(trace: Sequence[Edge], days: list[int], *, raising: bool) -> None:
    """Move days until every distance holds: a shortest way in a graph without negative circles."""
    distances = tuple(_settling(trace))
    for _ in range(len(days) + 1):
        moved = False
        for i, j, least in distances:
            if days[j] - days[i] < least:
                moved = True
                if raising:
                    days[j] = days[i] + least
                else:
                    days[i] = days[j] - least
        if not moved:
            return
    raise AssertionError(f"no days for {[edge.move.label for edge in trace]}")


def _settling(trace: Sequence[Edge]) -> Iterator[tuple[int, int, int]]:
    """(i, j, n): move j is at least n days after move i (negative: move i is at most -n days after move j)."""
    started: dict[str, tuple[int, int]] = {}
    for j, edge in enumerate(trace, start=1):
        yield j - 1, j, 0
        if edge.at_once or edge.move.what == "begin":
            yield j, j - 1, 0
        for bound in edge.bounds:
            if bound.clock in started:
                i, at = started[bound.clock]
                yield i, j, bound.least - at
                if bound.most is not None:
                    yield j, i, at - bound.most
        for clock in edge.move.stops:
            started.pop(clock, None)
        started |= {clock: (j, at) for clock, at in edge.move.starts.items()}
