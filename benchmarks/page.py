"""A run on a page: its tables as Markdown, between two marks, in place of those of the run before."""

from __future__ import annotations

from pathlib import Path

from benchmarks import tables
from benchmarks.run import Run
from benchmarks.tables import Table

BEGIN, END = "<!-- measured by make bench -->\n", "<!-- end -->"


def write(page: Path, run: Run) -> None:
    """Put a run in its place on a page; raises ValueError, and writes nothing, where the page has no such place."""
    before, after = around(page)
    page.write_text(before + markdown(run) + after, encoding="utf-8")


def around(page: Path) -> tuple[str, str]:
    """What stands before and after the figures of a page; raises ValueError where there is no place for them."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page}: no place for figures: {BEGIN.strip()} and {END} are wanted, each on its line")
    return before + begin, end + after


def markdown(run: Run) -> str:
    """What was measured where and how, the budgets, every ratio by work, and memory: all that carries over."""
    events = ", ".join(f"{events:,} events of {agreements:,}" for agreements, events in run.portfolios.items())
    told = [
        f"Measured on {run.on}: {run.machine}; {run.told_rounds}. {tables.versions(run)}.",
        f"Agreements made up for portfolios: {events}." if events else "",
        table(tables.verdicts(run)),
        *(table(_carried(each)) for each in tables.by_work(run)),
        table(tables.memory(run)) if run.figures else "",
    ]
    return "\n" + "\n\n".join(filter(None, told)) + "\n\n"


def _carried(of: Table) -> Table:
    """Without the time of an operation, which says something of one machine only."""
    return Table(of.title, (of.title, *of.columns[2:]), tuple((row[0], *row[2:]) for row in of.rows))


def table(of: Table) -> str:
    """A table as Markdown; figures to the right."""
    lines = [of.columns, ("---", *("--:" for _ in of.columns[1:])), *of.rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
