"""A run on a page: its tables as Markdown, between two marks, in place of those of the run before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks import tables
from benchmarks.run import Run
from benchmarks.tables import Table
from benchmarks.timing import ratio

BEGIN, END = "<!-- measured by make bench -->\n", "<!-- end -->"


def write(page: Path, run: Run) -> None:
    """Put a run in its place on a page; raises ValueError, and writes nothing, where the page has no such place."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page}: no place for figures: {BEGIN.strip()} and {END} are wanted, each on its line")
    page.write_text(before + begin + markdown(run) + end + after, encoding="utf-8")


def markdown(run: Run) -> str:
    """What was measured where and how, the budgets, and every ratio by work."""
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    events = ", ".join(f"{events:,} events of {agreements:,}" for agreements, events in run.portfolios.items())
    told = [
        f"Measured on {run.on}: {run.machine}; {run.rounds} rounds. {versions}.",
        f"Agreements made up for portfolios: {events}." if events else "",
        table(tables.verdicts(run)),
        *by_work(run),
    ]
    return "\n" + "\n\n".join(filter(None, told)) + "\n\n"


def by_work(run: Run) -> Iterator[str]:
    """For each work how many times what it is held against every subject takes, and how far its rounds lie apart."""
    for work in dict.fromkeys(timing.work for timing in run.timings):
        timings = [timing for timing in run.timings if timing.work == work]
        if len(timings) < 2:
            continue
        base = tables.held_against(timings)
        rows = [(t.subject, ratio(t, base), t) for t in timings]
        rows.sort(key=lambda row: row[1].value)
        told = tuple((subject, f"{found.value:.2f}", f"{t.spread:.0%}") for subject, found, t in rows)
        yield table(Table(work, (work, f"of {base.subject}", "spread"), told))


def table(of: Table) -> str:
    """A table as Markdown; figures to the right."""
    lines = [of.columns, ("---", *("--:" for _ in of.columns[1:])), *of.rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
