"""A run as tables of text: every ratio by work, memory, and what the budgets came to."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from benchmarks.budgets import Budget, budgets
from benchmarks.run import Run
from benchmarks.timing import Figure, Timing, ratio

_BASES = ("transitions, unregistered", "transitions, registered", "import transitions", "numpy, one clause by hand")


@frozen
class Table:
    """All but the first columns are figures."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def by_work(run: Run) -> list[Table]:
    """A table for each work: every subject, the quickest first, as a multiple of the one it is held against."""
    tables = []
    for work in dict.fromkeys(timing.work for timing in run.timings):
        timings = [timing for timing in run.timings if timing.work == work]
        base = held_against(timings)
        rows = tuple(
            (t.subject, _time(t.seconds), f"{ratio(t, base).value:.2f}", f"{t.spread:.0%}")
            for t in sorted(timings, key=lambda t: t.seconds)
        )
        tables.append(Table(work, ("subject", "an operation", f"of {base.subject}", "spread"), rows))
    return tables


def held_against(timings: list[Timing]) -> Timing:
    """Of those of one work: bare ``transitions``, else the kernel by hand, else the first."""
    return next((t for base in _BASES for t in timings if t.subject == base), timings[0])


def memory(run: Run) -> Table:
    rows = tuple((what, _amount(figure)) for what, figure in run.figures.items())
    return Table("memory", ("what", "figure"), rows)


def _time(seconds: float) -> str:
    return f"{seconds * 1e3:,.0f} ms" if seconds >= 0.01 else f"{seconds * 1e6:,.2f} us"


def _amount(figure: float) -> str:
    return f"{figure / 1e6:,.0f} MB" if figure >= 1e6 else f"{figure:,.0f} bytes"


def kept(run: Run) -> list[tuple[Budget, Figure]]:
    """Every budget that the run has a figure for."""
    measured = ((budget, budget.measured(run)) for budget in budgets(run.portfolios))
    return [(budget, found) for budget, found in measured if found is not None]


def verdicts(run: Run) -> Table:
    """What the budgets came to."""
    rows = tuple(
        (
            budget.work,
            budget.shown(found.value),
            "-" if found.least == found.most else f"{_bare(found.least)} to {_bare(found.most)}",
            budget.shown(budget.limit, bound=True),
            "met" if budget.meets(found.value) else "NOT MET",
        )
        for budget, found in kept(run)
    )
    return Table("budgets", ("what", "measured", "rounds", "budget", ""), rows)


def _bare(figure: float) -> str:
    return f"{figure:,.2f}" if figure < 100 else f"{figure:,.0f}"


def as_data(run: Run) -> list[dict[str, Any]]:
    """What the budgets came to, for JSON."""
    return [
        {
            "work": budget.work,
            "measured": found.value,
            "least": found.least,
            "most": found.most,
            "limit": budget.limit,
            "sense": budget.sense,
            "unit": budget.unit,
            "met": budget.meets(found.value),
        }
        for budget, found in kept(run)
    ]
