"""``python -m benchmarks``: everything that is measured, as ratios, beside the budget of each.

Every figure is processor time in this one run, the median of interleaved rounds. Only the ratios say something: they
compare what ran side by side on the same machine in the same minutes.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks import outside, works
from benchmarks.budgets import Measured, budgets
from benchmarks.timing import Timing, timed

_ROUNDS = 11
_PACKAGES = ("transitions", "python-statemachine", "sismic", "automat", "django-fsm-2", "attrs", "cattrs", "pendulum")


def main() -> None:
    """Measure, print, and write the figures where ``--output`` says."""
    asked = _arguments()
    console = Console(width=None if sys.stdout.isatty() else 110)
    timings = _timings(asked.rounds, asked.scale, asked.only)
    extra = outside.figures(asked.rounds) if not asked.only else {}
    if extra and (xstate := outside.xstate(asked.rounds)):
        timings += xstate
    measured = Measured({(t.work, t.subject): t.seconds for t in timings}, extra)
    console.print(f"{_machine()}, {asked.rounds} rounds; processor time, medians")
    for table in (*_by_work(timings), _outside_table(extra), _budget_table(measured)):
        console.print()
        console.print(table)
    if asked.output:
        told = {
            "machine": _machine(),
            "versions": {name: version(name) for name in _PACKAGES},
            "rounds": asked.rounds,
            "timings": [
                {"work": t.work, "subject": t.subject, "seconds": t.seconds, "least": t.least, "most": t.most}
                for t in timings
            ],
            "outside": extra,
            "budgets": [
                {"work": b.work, "measured": b.measured(measured), "limit": b.limit, "unit": b.unit} for b in budgets()
            ],
        }
        asked.output.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help=f"interleaved rounds; default {_ROUNDS}")
    parser.add_argument("--scale", type=float, default=1.0, help="make the lots of a round larger or smaller")
    parser.add_argument("--only", default="", help="only works and subjects that contain this text")
    parser.add_argument("--output", type=Path, help="write the figures to a file, as JSON")
    return parser.parse_args()


def _timings(rounds: int, scale: float, only: str) -> list[Timing]:
    tasks = [task for task in works.tasks(scale) if only in f"{task.work}: {task.subject}"]
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("measuring", total=rounds * len(tasks))
        return timed(tasks, rounds, lambda: progress.advance(bar))


def _machine() -> str:
    return f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"


def _by_work(timings: list[Timing]) -> list[Table]:
    """A table for each work: every subject against bare ``transitions``, or the first where that is not in it."""
    tables = []
    for work in dict.fromkeys(timing.work for timing in timings):
        rows = sorted((t for t in timings if t.work == work), key=lambda t: t.seconds)
        base = next((t for t in rows if t.subject == "transitions, unregistered"), None)
        base = base or next((t for t in rows if t.subject.startswith("transitions")), rows[0])
        table = Table(title=work, title_justify="left", title_style="bold")
        table.add_column("subject", min_width=36)
        table.add_column("an operation", justify="right")
        table.add_column(f"of {base.subject}", justify="right")
        table.add_column("spread", justify="right")
        for row in rows:
            ratio = f"{row.seconds / base.seconds:.2f}"
            table.add_row(row.subject, f"{row.seconds * 1e6:,.2f} us", ratio, f"{row.spread:.0%}")
        tables.append(table)
    return tables


def _outside_table(extra: dict[str, float]) -> Table:
    table = Table(title="memory and starting", title_justify="left", title_style="bold")
    table.add_column("what", min_width=36)
    table.add_column("figure", justify="right")
    for what, figure in extra.items():
        table.add_row(what, f"{figure:,.0f} bytes" if "bytes" in what else f"{figure * 1e3:,.0f} ms")
    return table


def _budget_table(measured: Measured) -> Table:
    table = Table(title="budgets", title_justify="left", title_style="bold")
    table.add_column("what")
    for column in ("measured", "budget", ""):
        table.add_column(column, justify="right")
    for budget in budgets():
        found = budget.measured(measured)
        if found is not None:
            met = "met" if budget.meets(found) else "NOT MET"
            table.add_row(budget.work, budget.shown(found), budget.shown(budget.limit, bound=True), met)
    return table


if __name__ == "__main__":
    main()
