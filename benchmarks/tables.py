"""A run as tables of text: every ratio by work, memory, and what the budgets came to."""

from __future__ import annotations

from collections.abc import Iterator
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
    """A table for each work: every subject, the quickest first, as a multiple of the one it is held against; then one
    of the works that have one subject only.
    """
    tables = []
    for timings in _works(run):
        base = held_against(timings)
        found = sorted(((ratio(t, base), t) for t in timings), key=lambda each: each[0].value)
        rows = tuple((t.subject, _time(t.seconds), f"{times.value:.2f}", _spread(t)) for times, t in found)
        if len(timings) > 1:
            tables.append(Table(timings[0].work, ("subject", "an operation", f"of {base.subject}", "spread"), rows))
    return [*tables, *_alone(run)]


def _alone(run: Run) -> Iterator[Table]:
    """Works of one subject, each beside another work of the same run."""
    rows = tuple(_beside(run, timings[0]) for timings in _works(run) if len(timings) == 1)
    if rows:
        yield Table(
            "a work of one subject / what it is held against", ("what", "an operation", "ratio", "rounds"), rows
        )


def _beside(run: Run, timing: Timing) -> tuple[str, ...]:
    base = timing.beside and run.timing(*timing.beside)
    if not base:
        return f"{timing.subject}: {timing.work}", _time(timing.seconds), "-", "-"
    found, other = ratio(timing, base), "" if base.subject == timing.subject else f": {base.subject}"
    return f"{timing.work} / {base.work}{other}", _time(timing.seconds), f"{found.value:.2f}", _rounds(found)


def _works(run: Run) -> list[list[Timing]]:
    return [[t for t in run.timings if t.work == work] for work in dict.fromkeys(t.work for t in run.timings)]


def _spread(timing: Timing) -> str:
    """How far the rounds lie apart; one alone says nothing of that."""
    return f"{timing.spread:.0%}" if len(timing.rounds) > 1 else "-"


def held_against(timings: list[Timing]) -> Timing:
    """Of those of one work: bare ``transitions``, else the kernel by hand, else the first."""
    return next((t for base in _BASES for t in timings if t.subject == base), timings[0])


def memory(run: Run) -> Table:
    """What an account and what a whole portfolio holds."""
    rows = tuple((what, _amount(figure)) for what, figure in run.figures.items())
    return Table("memory", ("what", "figure"), rows)


def _time(seconds: float) -> str:
    return f"{seconds * 1e3:,.0f} ms" if seconds >= 0.01 else f"{seconds * 1e6:,.2f} us"


def _amount(figure: float) -> str:
    return f"{figure / 1e6:,.0f} MB" if figure >= 1e6 else f"{figure:,.0f} bytes"


def versions(run: Run) -> str:
    """What was measured, each with its version, and the commit of what is here."""
    at = f" ({run.commit})" if run.commit else ""
    return ", ".join(f"{name} {version}{at * (name == 'lifecycle')}" for name, version in run.versions.items())


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
            _rounds(found),
            budget.shown(budget.limit, bound=True),
            "met" if budget.meets(found.value) else "NOT MET",
        )
        for budget, found in kept(run)
    )
    return Table("budgets", ("what", "measured", "rounds", "budget", ""), rows)


def _rounds(found: Figure) -> str:
    """The least and the most of the rounds."""
    return "-" if found.least == found.most else f"{_bare(found.least)} to {_bare(found.most)}"


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
