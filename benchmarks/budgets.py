"""The budgets: what each work may cost, against what ran beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from attrs import frozen

from benchmarks import works
from benchmarks.outside import IMPORT, MEMORY
from benchmarks.works import ACT, OURS, POSSIBLE, REFUSAL, rebuild

_BARE, _REGISTERED = "transitions, unregistered", "transitions, registered"


@frozen
class Measured:
    """What a run found: processor seconds by work and subject, and the figures from outside."""

    seconds: Mapping[tuple[str, str], float]
    figures: Mapping[str, float]

    def ratio(self, work: str, subject: str, peer: str, peers_work: str | None = None) -> float | None:
        """How many times what the peer takes; None where one was not measured."""
        ours, theirs = self.seconds.get((work, subject)), self.seconds.get((peers_work or work, peer))
        return ours / theirs if ours and theirs else None


@frozen
class Budget:
    """``measured`` gives the figure, None where the run has not got it; ``limit`` is included."""

    work: str
    limit: float
    measured: Callable[[Measured], float | None]
    sense: Literal["at most", "at least"] = "at most"
    unit: Literal["x", "bytes", "ms"] = "x"

    def meets(self, found: float) -> bool:
        return found <= self.limit if self.sense == "at most" else found >= self.limit

    def shown(self, figure: float, *, bound: bool = False) -> str:
        words = f"{figure:,.2f}x" if self.unit == "x" else f"{figure:,.0f} {self.unit}"
        return f"{self.sense} {words}" if bound else words


def budgets() -> tuple[Budget, ...]:
    """All of them, in the order in which they are told."""
    return (
        Budget(f"{ACT}, guarded, explained, recorded / bare transitions", 0.5, lambda m: m.ratio(ACT, OURS, _BARE)),
        Budget(f"{REFUSAL}, with its reasons / bare transitions", 2, lambda m: m.ratio(REFUSAL, OURS, _BARE)),
        Budget(f"{POSSIBLE}, all powers / transitions", 0.5, lambda m: m.ratio(POSSIBLE, OURS, _REGISTERED)),
        *(
            Budget(
                f"events a second, rebuilt from {size} / transitions",
                4,
                lambda m, size=size: _inverse(m.ratio(rebuild(size), OURS, _BARE)),  # type: ignore[misc]
                "at least",
            )
            for size in (works.SHORT, works.LONG)
        ),
        *(
            Budget(
                f"rebuilt from {size} lines / json.loads",
                3,
                lambda m, size=size: m.ratio(rebuild(size), f"{OURS}, from lines", "json.loads alone"),  # type: ignore[misc]
            )
            for size in (works.SHORT, works.LONG)
        ),
        Budget(MEMORY, 3_000, lambda m: m.figures.get(MEMORY), unit="bytes"),
        Budget(
            "a fact in order after 20,000 events / after 20",
            1.5,
            lambda m: m.ratio(works.grown(20_000), OURS, OURS, works.grown(20)),
        ),
        Budget(IMPORT, 120, lambda m: _milliseconds(m.figures.get(IMPORT)), unit="ms"),
    )


def _inverse(ratio: float | None) -> float | None:
    return 1 / ratio if ratio else None


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1e3
