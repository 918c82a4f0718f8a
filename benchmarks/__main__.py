"""``python -m benchmarks``: everything that is measured, as ratios, beside the budget of each.

Every figure is processor time in this one run, the median of interleaved rounds. Only the ratios say something: they
compare what ran side by side on the same machine in the same minutes.
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path
from typing import NoReturn

from rich.console import Console
from rich.progress import Progress
from rich.table import Table as Shown

from benchmarks import outside, page, portfolio, tables, works
from benchmarks.run import Run, commit, machine, read, today, versions, written
from benchmarks.tables import Table
from benchmarks.timing import LEAST, SHARE, Task, Timing, timed

ROUNDS, AGREEMENTS = 11, (100_000, 1_000_000)
_PORTFOLIO, _STARTING, _XSTATE, _MEMORY = "a portfolio of agreements", "starting", "XState", "memory"


class _Parser(argparse.ArgumentParser):
    """It tells what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def main() -> None:
    """Measure, or read what was measured, and tell it: on the console, in a file, on a page."""
    parser = _parser()
    asked = parser.parse_args()
    try:
        _make_room(asked)
        run = _told(asked.told) if asked.told else None
        tasks, sizes = ([], []) if run else _chosen(asked)
    except ModuleNotFoundError as missing:
        parser.error(f"{missing.name} is not installed; make bench installs all that is measured")
    except OSError as error:
        parser.error(f"{error.filename}: {error.strerror}; name another")
    except ValueError as error:
        parser.error(str(error))
    _tell(asked, run or _measured(asked, tasks, sizes))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--rounds",
        type=_count,
        default=ROUNDS,
        help=f"interleaved rounds; default {ROUNDS}; of a work that took {SHARE:.0f} seconds no more than {LEAST}",
    )
    parser.add_argument("--scale", type=_factor, default=1.0, help="make the lots of a round larger or smaller")
    parser.add_argument(
        "--agreements",
        type=_count,
        nargs="*",
        default=AGREEMENTS,
        help=f"sizes of the made-up portfolios, none for none; default {' '.join(map(str, AGREEMENTS))}",
    )
    parser.add_argument("--keep", type=Path, help="a directory in which made-up portfolios stay for the next run")
    parser.add_argument("--only", default="", help="only what contains this text: a work, a subject, starting, memory")
    parser.add_argument("--output", type=Path, help="write what was measured to a file, as JSON")
    parser.add_argument("--from", dest="told", type=Path, help="measure nothing: tell such a file again")
    parser.add_argument("--table", type=Path, help="write the tables into this page, between its marks")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no count; give a whole number from 1 on")
    return int(text)


def _factor(text: str) -> float:
    try:
        factor = float(text)
    except ValueError:
        factor = math.nan
    if not 0 < factor <= 1_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no scale; give a number above 0 and up to 1000, as 0.5")
    return factor


def _make_room(asked: argparse.Namespace) -> None:
    """See before minutes are spent that what comes out of them has its place; raises OSError or ValueError if not."""
    if asked.table:
        page.around(asked.table)
    for folder in filter(None, (asked.keep, asked.output and asked.output.parent)):
        folder.mkdir(parents=True, exist_ok=True)
    if asked.output and asked.output.is_dir():
        raise ValueError(f"{asked.output}: a folder; name a file in it")


def _told(path: Path) -> Run:
    """A run from a file; raises ValueError where it holds none."""
    try:
        return read(path.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: not what --output of this version writes; measure anew with --output") from error


def _chosen(asked: argparse.Namespace) -> tuple[list[Task], list[int]]:
    """The tasks and the sizes of portfolios asked for; raises ValueError where nothing is asked for at all."""
    tasks = [task for task in works.tasks(asked.scale) if asked.only in f"{task.work}: {task.subject}"]
    sizes = sorted(set(asked.agreements)) if asked.only in _PORTFOLIO else []
    if not tasks and not sizes and not any(asked.only in name for name in (_STARTING, _XSTATE, _MEMORY)):
        names = ", ".join(dict.fromkeys(" ".join(task.work.split()[:2]).strip(",") for task in works.tasks()))
        around = ", ".join((_PORTFOLIO, _STARTING, _XSTATE, _MEMORY))
        raise ValueError(f"nothing to measure is called {asked.only!r}; --only takes words of these: {names}, {around}")
    return tasks, sizes


def _measured(asked: argparse.Namespace, tasks: list[Task], sizes: list[int]) -> Run:
    """Everything asked for. Portfolios first: what starts a process is small then."""
    many, timings = _inside(asked, tasks, {size: portfolio.rounds_for(size, asked.rounds) for size in sizes})
    timings += _around(asked.only, asked.rounds)
    figures = outside.memory() if asked.only in _MEMORY else {}
    return Run(
        machine=machine(),
        on=today(),
        commit=commit(),
        versions={**versions(), **outside.xstate_version()},
        rounds=asked.rounds,
        timings=tuple(timings + [timing for each in many for timing in each.timings]),
        figures={
            what: figure for found in (figures, *(each.figures for each in many)) for what, figure in found.items()
        },
        portfolios={each.agreements: each.events for each in many},
    )


def _inside(
    asked: argparse.Namespace, tasks: list[Task], turns: dict[int, int]
) -> tuple[list[portfolio.Portfolio], list[Timing]]:
    """Portfolios of so many agreements, each in so many rounds, and tasks, with a bar that shows how far that is."""
    lots = asked.rounds * len(tasks) + sum(turns.values()) * len(portfolio.MEASURES)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("measuring", total=lots)

        def done() -> None:
            progress.advance(bar)

        many = [portfolio.measured(size, rounds, asked.keep, done) for size, rounds in turns.items()]
        return many, timed(tasks, asked.rounds, done)


def _around(only: str, rounds: int) -> list[Timing]:
    """What runs in processes of its own."""
    started = outside.starting(rounds) if only in _STARTING else []
    return [*started, *(outside.xstate(rounds) if only in _XSTATE else [])]


def _tell(asked: argparse.Namespace, run: Run) -> None:
    console = Console(width=None if sys.stdout.isatty() else 130)
    console.print(f"{run.machine}; {run.told_rounds} on {run.on}; processor time, medians")
    console.print(tables.versions(run))
    for each in (*tables.by_work(run), tables.memory(run), tables.verdicts(run)):
        if each.rows:
            console.print()
            console.print(_shown(each))
    if asked.output:
        asked.output.write_text(written(run, tables.as_data(run)), encoding="utf-8")
    if asked.table:
        page.write(asked.table, run)


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
