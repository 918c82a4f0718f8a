"""Timing many tasks fairly: in turn, round after round, by the processor time this process takes.

Machines are noisy and drift, so that only what ran side by side in one run may be compared, and only as a ratio.
"""

from __future__ import annotations

import gc
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from statistics import median

from attrs import frozen

LEAST, SHARE = 3, 20.0  # rounds that every work takes part in; seconds after which it takes part in no more


@frozen
class Task:
    """One subject at one work. ``prepare`` sets up a lot, untimed, and returns what is timed: it does the lot and says
    how many operations that was. beside: the work and the subject to hold it against, where nobody else can do it.
    """

    work: str
    subject: str
    prepare: Callable[[], Callable[[], int]]
    beside: tuple[str, str] | None = None


@frozen
class Timing:
    """Processor seconds for one operation, round by round."""

    work: str
    subject: str
    rounds: tuple[float, ...]
    beside: tuple[str, str] | None = None

    @property
    def seconds(self) -> float:
        """The median of the rounds."""
        return median(self.rounds)

    @property
    def spread(self) -> float:
        """How far the rounds lie apart, as a share of the median."""
        return (max(self.rounds) - min(self.rounds)) / self.seconds


@frozen
class Figure:
    """What was found: the median, and the least and the most of the rounds."""

    value: float
    least: float
    most: float

    @classmethod
    def of(cls, rounds: Sequence[float]) -> Figure:
        return cls(median(rounds), min(rounds), max(rounds))


def ratio(ours: Timing, theirs: Timing) -> Figure:
    """How many times what the other takes, round by round: what ran in the same minute is compared."""
    return Figure.of([one / other for one, other in zip(ours.rounds, theirs.rounds, strict=False)])


def timed(tasks: Sequence[Task], rounds: int, done: Callable[[], object], share: float = SHARE) -> list[Timing]:
    """The timings of all tasks, in their order. Every other round runs backwards, so that none is always first; a work
    that has taken its ``share``, in processor seconds with what is set up, is left out of the rounds after the third.
    ``done`` is called after each lot, left out or not.
    """
    found: dict[int, list[float]] = {index: [] for index in range(len(tasks))}
    spent: dict[str, float] = defaultdict(float)
    for turn in range(rounds):
        order = list(enumerate(tasks))
        over = {work for work, seconds in spent.items() if turn >= LEAST and seconds >= share}
        for index, task in reversed(order) if turn % 2 else order:
            if task.work not in over:
                began = time.process_time()
                found[index].append(_once(task))
                spent[task.work] += time.process_time() - began
            done()
    return [Timing(task.work, task.subject, tuple(found[index]), task.beside) for index, task in enumerate(tasks)]


def _once(task: Task) -> float:
    """Processor seconds of one operation, of one lot."""
    lot = task.prepare()
    gc.collect()
    start = time.process_time()
    operations = lot()
    return (time.process_time() - start) / operations
