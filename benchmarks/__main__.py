"""``python -m benchmarks``: everything that is measured, as ratios, beside the budget of each.

Every figure is processor time in this one run, the median of interleaved rounds. Only the ratios say something: they
compare what ran side by side on the same machine in the same minutes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table as Shown

from benchmarks import outside, page, portfolio, tables, works
from benchmarks.run import Run, machine, read, today, versions, written
from benchmarks.tables import Table
from benchmarks.timing import Timing, timed

ROUNDS, AGREEMENTS = 11, (100_000, 200_000)


def main() -> None:
    """Measure, or read what was measured, and tell it: on the console, in a file, on a page."""
    asked = _arguments()
    run = read(asked.told.read_text(encoding="utf-8")) if asked.told else _measured(asked)
    console = Console(width=None if sys.stdout.isatty() else 130)
    console.print(f"{run.machine}; {run.rounds} rounds on {run.on}; processor time, medians")
    console.print(", ".join(f"{name} {version}" for name, version in run.versions.items()))
    for table in (*tables.by_work(run), tables.memory(run), tables.verdicts(run)):
        console.print()
        console.print(_shown(table))
    if asked.output:
        asked.output.parent.mkdir(parents=True, exist_ok=True)
        asked.output.write_text(written(run, tables.as_data(run)), encoding="utf-8")
    if asked.table:
        page.write(asked.table, run)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"interleaved rounds; default {ROUNDS}")
    parser.add_argument("--scale", type=float, default=1.0, help="make the lots of a round larger or smaller")
    parser.add_argument(
        "--agreements",
        type=int,
        nargs="*",
        default=AGREEMENTS,
        help=f"sizes of the made-up portfolios, none for none; default {' '.join(map(str, AGREEMENTS))}",
    )
    parser.add_argument("--keep", type=Path, help="a directory in which made-up portfolios stay for the next run")
    parser.add_argument("--only", default="", help="only what contains this text: a work, a subject, starting, memory")
    parser.add_argument("--output", type=Path, help="write what was measured to a file, as JSON")
    parser.add_argument("--from", dest="told", type=Path, help="measure nothing: tell such a file again")
    parser.add_argument("--table", type=Path, help="write the tables into this page, between its marks")
    return parser.parse_args()


def _measured(asked: argparse.Namespace) -> Run:
    """Everything asked for. Portfolios first: what starts a process is small then."""
    tasks = [task for task in works.tasks(asked.scale) if asked.only in f"{task.work}: {task.subject}"]
    sizes = sorted(asked.agreements) if asked.only in "a portfolio of agreements" else []
    turns = {size: portfolio.rounds_for(size, asked.rounds) for size in sizes}
    lots = asked.rounds * len(tasks) + sum(turns.values()) * len(portfolio.MEASURES)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("measuring", total=lots)

        def done() -> None:
            progress.advance(bar)

        many = [portfolio.measured(size, rounds, asked.keep, done) for size, rounds in turns.items()]
        timings = timed(tasks, asked.rounds, done)
    timings += _around(asked.only, asked.rounds)
    figures = outside.memory() if asked.only in "memory" else {}
    return Run(
        machine=machine(),
        on=today(),
        versions={**versions(), **outside.xstate_version()},
        rounds=asked.rounds,
        timings=tuple(timings + [timing for each in many for timing in each.timings]),
        figures={
            what: figure for found in (figures, *(each.figures for each in many)) for what, figure in found.items()
        },
        portfolios={each.agreements: each.events for each in many},
    )


def _around(only: str, rounds: int) -> list[Timing]:
    """What runs in processes of its own."""
    started = outside.starting(rounds) if only in "starting" else []
    return [*started, *(outside.xstate(rounds) if only in "XState" else [])]


def _shown(table: Table) -> Shown:
    shown = Shown(title=table.title, title_justify="left", title_style="bold")
    shown.add_column(table.columns[0], min_width=36)
    for column in table.columns[1:]:
        shown.add_column(column, justify="right")
    for row in table.rows:
        shown.add_row(*row)
    return shown


if __name__ == "__main__":
    main()
