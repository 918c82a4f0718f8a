"""The budgets: what each work may cost, against what ran beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Literal

from attrs import frozen

from benchmarks import portfolio, works
from benchmarks.outside import DOOR, IMPORT, MEMORY, STARTING
from benchmarks.run import Run
from benchmarks.timing import Figure
from benchmarks.works import ACT, BARE, OURS, POSSIBLE, REFUSAL, rebuild

_REGISTERED = "transitions, registered"


@frozen
class Budget:
    """``measured`` gives the figure, None where the run has not got it; ``limit`` is included."""

    work: str
    limit: float
    measured: Callable[[Run], Figure | None]
    sense: Literal["at most", "at least"] = "at most"
    unit: Literal["x", "bytes", "MB", "ms"] = "x"

    def meets(self, found: float) -> bool:
        return found <= self.limit if self.sense == "at most" else found >= self.limit

    def shown(self, figure: float, *, bound: bool = False) -> str:
        words = f"{figure:,.2f}x" if self.unit == "x" else f"{figure:,.0f} {self.unit}"
        return f"{self.sense} {words}" if bound else words


def budgets(agreements: Iterable[int]) -> tuple[Budget, ...]:
    """All of them, in the order in which they are told; for portfolios of so many agreements."""
    sizes = sorted(agreements)
    return (
        Budget(f"{ACT}, guarded, explained, recorded / bare transitions", 0.5, lambda r: r.ratio(ACT, OURS, BARE)),
        Budget(f"{REFUSAL}, with its reasons / bare transitions", 2, lambda r: r.ratio(REFUSAL, OURS, BARE)),
        Budget(f"{POSSIBLE}, all powers / transitions", 0.5, lambda r: r.ratio(POSSIBLE, OURS, _REGISTERED)),
        *(_rebuilt(size) for size in (works.SHORT, works.LONG)),
        *(_read(size) for size in (works.SHORT, works.LONG)),
        Budget(MEMORY, 3_000, lambda r: r.bytes_of(MEMORY), unit="bytes"),
        Budget(
            "a fact in order after 20,000 events / after 20",
            1.5,
            lambda r: r.ratio(works.grown(20_000), OURS, OURS, works.grown(20)),
        ),
        *(_started(subject) for subject in (IMPORT, DOOR)),
        *(_floor(what) for size in sizes for what in (portfolio.in_memory(size), portfolio.from_file(size))),
        *(_grown(less, more) for less, more in pairwise(sizes)),
        *(_bounded(size) for size in sizes),
    )


def _rebuilt(size: int) -> Budget:
    """Of events a second, which is the other way round."""
    work = f"events a second, rebuilt from {size} / transitions"
    return Budget(work, 4, lambda r: r.ratio(rebuild(size), BARE, OURS), "at least")


def _read(size: int) -> Budget:
    work = f"rebuilt from {size} lines / json.loads"
    return Budget(work, 3, lambda r: r.ratio(rebuild(size), f"{OURS}, from lines", "json.loads alone"))


def _started(subject: str) -> Budget:
    def measured(run: Run) -> Figure | None:
        found = run.timing(STARTING, subject)
        return None if found is None else Figure.of([seconds * 1e3 for seconds in found.rounds])

    return Budget(f"{subject}, beyond Python's own start", 120, measured, unit="ms")


def _floor(work: str) -> Budget:
    what = work.removesuffix(", an agreement")
    return Budget(f"{what}, all answers / bare numpy", 5, lambda r: r.ratio(work, OURS, portfolio.FLOOR))


def _grown(less: int, more: int) -> Budget:
    return Budget(
        f"an agreement among {more:,} / among {less:,}",
        1.5,
        lambda r: r.ratio(portfolio.in_memory(more), OURS, OURS, portfolio.in_memory(less)),
    )


def _bounded(size: int) -> Budget:
    def measured(run: Run) -> Figure | None:
        found = run.bytes_of(portfolio.peak(size))
        return None if found is None else Figure.of([found.value / 1e6])

    return Budget(f"memory at most, {size:,} agreements swept", 512, measured, unit="MB")
