"""How fast a portfolio is answered, beside a bare numpy kernel over the same columns.

    python -m benchmarks --only portfolio                                 # 100,000 and a million: some minutes
    python -m benchmarks --only portfolio --agreements 100000 --rounds 1  # a first look
    python -m benchmarks --only portfolio --agreements 10000000 --keep /somewhere/large

Seconds are processor time, but where they are said to be by the clock. The *floor* is what a person would write by hand
for one clause only: for each agreement, the first instant at which a suspension for overdue amounts opens. Every
measurement runs in a process of its own (``python -m benchmarks.portfolio SUBJECT EVENTS``), so that its peak memory is
its own.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen

from benchmarks.made_up import AT, TERMS, made_up
from benchmarks.timing import Timing
from benchmarks.works import OURS
from lifecycle.days import Instant
from lifecycle.machine import table
from lifecycle.portfolio import tables
from lifecycle.portfolio.answering import answers_of
from lifecycle.portfolio.counting import FOREVER, DayLine, day_line
from lifecycle.portfolio.parquet import EventFile
from lifecycle.portfolio.sweeping import sweep
from lifecycle.portfolio.tables import checked
from lifecycle.terms import Library, load

FLOOR, SQL, POLARS = "numpy, one clause by hand", "DuckDB, the same clause in SQL", "Polars, the same clause as a query"
TWO = f"{OURS}, two processes"
MATTERS = 5
_UNIT = 1.0 if sys.platform == "darwin" else 1024.0  # of the memory that the system tells


def in_memory(agreements: int) -> str:
    return f"{agreements:,} agreements in memory, an agreement"


def from_file(agreements: int) -> str:
    return f"{agreements:,} agreements read from Parquet, an agreement"


def by_the_clock(agreements: int) -> str:
    return f"{agreements:,} agreements swept to parts on disk, by the clock, an agreement"


def peak(agreements: int, subject: str = OURS) -> str:
    return f"memory at most, {agreements:,} agreements, {subject}"


# ---- what is measured ----------------------------------------------------------------------------------------


def floor(columns: tables.Columns, line: DayLine) -> Any:
    """The first instant, for each agreement, at which a suspension for overdue amounts opens: one clause, by hand."""
    types, sequence = columns.coded("type"), columns.ints("sequence")
    starts = np.flatnonzero(sequence == 1)
    owner = np.cumsum(sequence == 1) - 1
    offsets, about = columns.lists("about")
    amounts, _ = columns.millionths("amount")
    occurred = columns.ints("occurred")
    named = np.append(about, 0)[offsets[:-1]] - 1 + starts[owner]
    opened = np.flatnonzero(types.among(("matter opened",)) & columns.coded("kind").among(("invoice",)))
    paid = np.flatnonzero(types.among(("paid",)))
    owed = amounts.copy()
    np.subtract.at(owed, named[paid], amounts[paid])
    notice = np.flatnonzero(
        types.among(("notice given",)) & columns.coded("method").among(("courier", "certified_mail"))
    )
    first = np.full(len(columns), FOREVER)
    np.minimum.at(first, named[notice], occurred[notice])
    opened = opened[(owed[opened] > 0) & (first[opened] < FOREVER)]
    due = columns.ints("day:due", 0)[opened].astype(np.int64)
    card = columns.coded("attribute:payment").among(("card",))[opened]
    opens = line.start_of(np.maximum(due + np.where(card, 10, 30), line.day_of(first[opened]) + 10))
    earliest = np.full(len(starts), FOREVER)
    np.minimum.at(earliest, owner[opened], opens)
    return earliest


def _read(path: Path) -> Iterator[Any]:
    file = EventFile(path)
    for group in range(file.groups):
        yield file.read(group, [name for name in file.names if name != "line"])


def _floor_in_memory(path: Path, _: Instant) -> dict[str, float]:
    line = day_line(load(TERMS).calendar())
    return _timed(path, lambda batch: floor(checked(batch), line))


def _answers_in_memory(path: Path, at: Instant) -> dict[str, float]:
    terms = load(TERMS)
    library = Library([terms])
    day_line(terms.calendar())
    table(terms)  # what is laid out once in a process, as the line of days is
    return _timed(path, lambda batch: answers_of(checked(batch), at, library, lambda _: ()))


def _timed(path: Path, work: Callable[[Any], Any]) -> dict[str, float]:
    """Processor time in which batches are worked on, apart from reading them, and with it."""
    began, working = time.process_time(), 0.0
    for batch in _read(path):
        before = time.process_time()
        work(batch)
        working += time.process_time() - before
    return {"working": working, "with reading": time.process_time() - began}


_SQL = """
WITH opened AS (
  SELECT agreement, sequence, amount, "day:due" + CASE "attribute:payment" WHEN 'card' THEN 10 ELSE 30 END AS overdue
  FROM events WHERE type = 'matter opened' AND kind = 'invoice'
), paid AS (
  SELECT agreement, about[1] AS sequence, sum(amount) AS amount FROM events WHERE type = 'paid' GROUP BY ALL
), noticed AS (
  SELECT agreement, about[1] AS sequence, (min(occurred) AT TIME ZONE 'UTC')::DATE + 10 AS noticed
  FROM events WHERE type = 'notice given' AND method IN ('courier', 'certified_mail') GROUP BY ALL
)
SELECT agreement, min(greatest(overdue, noticed)) FROM opened JOIN noticed USING (agreement, sequence)
LEFT JOIN paid USING (agreement, sequence) WHERE opened.amount > coalesce(paid.amount, 0) GROUP BY agreement
"""


def _floor_in_sql(path: Path, _: Instant) -> dict[str, float]:
    """The floor as a query over the file; in days of UTC, which costs the same."""
    import duckdb

    began = time.process_time()
    with duckdb.connect(config={"threads": 1}) as base:
        base.execute("CREATE VIEW events AS SELECT * FROM read_parquet($1)".replace("$1", f"'{path}'"))
        base.execute(_SQL).fetchall()
    return {"with reading": time.process_time() - began}


def _floor_in_polars(path: Path, _: Instant) -> dict[str, float]:
    """The same query over the file in Polars, in days of UTC too."""
    os.environ["POLARS_MAX_THREADS"] = "1"
    import polars

    col, lit = polars.col, polars.lit
    began = time.process_time()
    events = polars.scan_parquet(path)
    matter = ("agreement", "sequence")
    waits = polars.when(col("attribute:payment") == "card").then(lit(10)).otherwise(lit(30))
    overdue = (col("day:due") + polars.duration(days=waits)).alias("overdue")
    opened = events.filter(col("type") == "matter opened", col("kind") == "invoice").select(*matter, "amount", overdue)
    about = events.with_columns(sequence=col("about").list.first())
    paid = about.filter(col("type") == "paid").group_by(*matter).agg(paid=col("amount").sum())
    written = about.filter(col("type") == "notice given", col("method").is_in(["courier", "certified_mail"]))
    noticed = written.group_by(*matter).agg(noticed=col("occurred").min().dt.date() + polars.duration(days=10))
    owed = opened.join(noticed, on=matter).join(paid, on=matter, how="left")
    owed = owed.filter(col("amount") > col("paid").fill_null(0))
    owed.group_by("agreement").agg(polars.max_horizontal("overdue", "noticed").min().alias("first")).collect()
    return {"with reading": time.process_time() - began}


def _swept(path: Path, at: Instant, processes: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir=path.parent) as target:
        began = time.perf_counter()
        for _ in sweep(path, at, [load(TERMS)], Path(target) / "answers", processes=processes):
            pass
        return {"by the clock": time.perf_counter() - began}


MEASURES: dict[str, Callable[[Path, Instant], dict[str, float]]] = {
    "floor": _floor_in_memory,
    "sql": _floor_in_sql,
    "polars": _floor_in_polars,
    "all": _answers_in_memory,
    "one": lambda path, at: _swept(path, at, 1),
    "two": lambda path, at: _swept(path, at, 2),
}

# What a measure finds -> the work it belongs to, and the subject it is told of.
_TOLD: Mapping[tuple[str, str], tuple[Callable[[int], str], str]] = {
    ("floor", "working"): (in_memory, FLOOR),
    ("all", "working"): (in_memory, OURS),
    ("floor", "with reading"): (from_file, FLOOR),
    ("sql", "with reading"): (from_file, SQL),
    ("polars", "with reading"): (from_file, POLARS),
    ("all", "with reading"): (from_file, OURS),
    ("one", "by the clock"): (by_the_clock, OURS),
    ("two", "by the clock"): (by_the_clock, TWO),
}
_PEAKS = {"one": OURS, "two": TWO, "floor": FLOOR, "sql": SQL, "polars": POLARS}


def measure(name: str, path: Path) -> dict[str, float]:
    """What a measure finds, and the most memory that this process, or one that it started, has taken so far."""
    found = MEASURES[name](path, load(TERMS).calendar().start_of(AT))
    return {**found, "bytes": max(_own(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * _UNIT)}


def _own() -> float:
    """The most memory this process has taken; where the system says so without that of who started it."""
    if not (status := Path("/proc/self/status")).exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
    lines = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
    return float(lines["VmHWM"].split()[0]) * 1024


def apart(name: str, path: Path) -> dict[str, float]:
    """What a measure finds in a process of its own."""
    ran = subprocess.run(  # noqa: S603  - a Python of our own, on this module
        [sys.executable, "-m", "benchmarks.portfolio", name, str(path)],
        check=True,
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
    )
    found: dict[str, float] = json.loads(ran.stdout)
    return found


def rounds_for(agreements: int, most: int) -> int:
    """How often so many agreements are measured: fewer times where once takes long."""
    return max(1, min(most, 3, 2_000_000 // agreements))


@frozen
class Portfolio:
    """A made-up table, and what was measured on it."""

    agreements: int
    events: int
    timings: tuple[Timing, ...]
    figures: Mapping[str, float]


def measured(
    agreements: int,
    rounds: int,
    keep: Path | None = None,
    done: Callable[[], object] = lambda: None,
    measuring: Callable[[str, Path], dict[str, float]] = apart,
) -> Portfolio:
    """All measures on a table of so many agreements, in turn, round after round; ``done`` is called after each."""
    with tempfile.TemporaryDirectory() as passing:
        path = (keep or Path(passing)) / f"events-{agreements}-{MATTERS}.parquet"
        if not path.exists():
            made_up(path, agreements, MATTERS)
        found: dict[str, list[dict[str, float]]] = {name: [] for name in MEASURES}
        for turn in range(rounds):
            for name in reversed(MEASURES) if turn % 2 else MEASURES:
                found[name].append(measuring(name, path))
                done()
        timings = (
            Timing(work(agreements), subject, tuple(each[what] / agreements for each in found[name]))
            for (name, what), (work, subject) in _TOLD.items()
        )
        figures = {peak(agreements, told): max(each["bytes"] for each in found[name]) for name, told in _PEAKS.items()}
        return Portfolio(agreements, EventFile(path).rows, tuple(timings), figures)


def main(arguments: Sequence[str]) -> None:
    """One measure, in this process: its name and the table; what it finds is written out as JSON."""
    name, path = arguments
    sys.stdout.write(json.dumps(measure(name, Path(path))))


if __name__ == "__main__":
    main(sys.argv[1:])
