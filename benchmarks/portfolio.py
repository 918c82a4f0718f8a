"""How fast a portfolio is answered, beside a bare numpy kernel over the same columns.

    python -m benchmarks.portfolio --agreements 20000            # seconds
    python -m benchmarks.portfolio --agreements 1000000          # the numbers of docs/portfolio.md
    python -m benchmarks.portfolio --agreements 10000000 --keep /somewhere/large

The table is made up from a seed: each agreement has an order and so many matters, invoices with due days, payments,
overdue notices and suspensions, and breaches with notices and cures. Seconds are processor time, but where they are
said to be by the clock. The *floor* is what a person would write by hand
for one clause only: for each agreement, the first instant at which a suspension for overdue amounts opens. Every
measurement runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from lifecycle.days import Instant
from lifecycle.portfolio import tables
from lifecycle.portfolio.answering import answers_of
from lifecycle.portfolio.batches import batch_from, words
from lifecycle.portfolio.counting import FOREVER, DayLine, day_line, number
from lifecycle.portfolio.parquet import EventFile, write_table
from lifecycle.portfolio.sweeping import sweep
from lifecycle.portfolio.tables import checked, event_schema
from lifecycle.terms import Library, Terms, load

TERMS = "modal-2024-03-26"
AT = date(2026, 6, 15)
BATCH = 32_768
_FIRST = number(date(2025, 1, 1))
_KINDS, _METHODS = ("invoice", "breach", "force_majeure", "proceeding"), ("courier", "email", "certified_mail")
_SUSPEND, _TYPES = "suspend.overdue", ("agreement made", "order signed", "matter opened", "paid", "matter ended",
                                      "notice given", "acted")  # fmt: skip
_MADE, _ORDER, _OPENED, _PAID, _ENDED, _NOTICE, _ACTED = range(7)


# ---- a made-up table -----------------------------------------------------------------------------------------


def made_up(path: Path, agreements: int, matters: int, seed: int = 1) -> int:
    """Write a table of events; how many there are."""
    terms = load(TERMS)
    schema = event_schema(("due", "failure"), ("payment", "remediable", "material"))
    schema = schema.remove(schema.get_field_index("line"))
    batches = (
        batch_from(_columns(terms, first, min(BATCH, agreements - first), matters, seed), schema)
        for first in range(0, agreements, BATCH)
    )
    return write_table(path, batches, schema)


def _columns(terms: Terms, first: int, count: int, matters: int, seed: int) -> dict[str, Any]:
    dice = np.random.default_rng([seed, first])
    line = day_line(terms.calendar())
    facts = _facts(dice, count, matters)
    order = np.lexsort((facts["rank"], facts["day"], facts["owner"]))
    facts = {name: values[order] for name, values in facts.items()}
    starts = np.flatnonzero(facts["type"] == _MADE)
    owner = facts["owner"]
    sequence = np.arange(len(owner)) - starts[owner] + 1
    opening = np.zeros((count, matters), np.int64)
    opened = facts["type"] == _OPENED
    opening[owner[opened], facts["nth"][opened]] = sequence[opened]
    named = facts["nth"] >= 0
    about = opening[owner[named], facts["nth"][named]]
    offsets = np.concatenate(([0], np.cumsum(named)))
    occurred = line.start_of(facts["day"]) + facts["hour"] * 3_600_000_000
    kind, none = facts["kind"], np.full(len(owner), -1)
    is_type = {n: facts["type"] == n for n in range(len(_TYPES))}
    money = opened & (kind == 0) | is_type[_PAID]

    def only(which: Any, values: Any) -> Any:
        return np.ma.masked_array(values, ~which)

    def word(which: Any, *values: str, codes: Any = 0) -> Any:
        return words(np.where(which, codes, none), values)

    names = [f"A-{number_:09}" for number_ in range(first, first + count)]
    breach = opened & (kind == 1)
    return {
        "agreement": words(owner, names),
        "sequence": sequence.astype(np.int32),
        "type": words(facts["type"], _TYPES),
        "occurred": occurred,
        "by_day": facts["hour"] == 0,
        "recorded": occurred,
        "about": pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), pa.array(about.astype(np.int32))),
        "matter": word(opened, *(f"M-{n}" for n in range(matters)), codes=facts["nth"]).cast(pa.string()),
        "kind": words(
            np.where(opened, kind, np.where(is_type[_NOTICE], np.where(kind == 1, 1, 4), -1)), (*_KINDS, "overdue")
        ),
        "party": word(breach, "customer"),
        "by": word(is_type[_NOTICE] | is_type[_ACTED], "provider"),
        "how": word(is_type[_ENDED], "cured", "ended", "dismissed", codes=np.clip(kind - 1, 0, 2)),
        "means": word(is_type[_PAID], "payment"),
        "does": word(is_type[_ACTED], "suspend"),
        "power": word(is_type[_ACTED], _SUSPEND),
        "method": words(np.where(is_type[_NOTICE], facts["method"], -1), _METHODS),
        "amount": pa.array(np.full(len(owner), 120), mask=~money).cast(pa.decimal128(25, 6)),
        "currency": word(money, "USD"),
        "delivered": only(none >= 0, none),
        "start": only(is_type[_ORDER], facts["day"].astype(np.int32)),
        "length": only(is_type[_ORDER], np.where(owner % 3 == 0, 1, 12).astype(np.int32)),
        "unit": word(is_type[_ORDER], "months"),
        "renews": only(is_type[_ORDER], np.ones(len(owner), bool)),
        "terms": word(is_type[_MADE], terms.id),
        "digest": word(is_type[_MADE], terms.digest),
        "trial": only(is_type[_MADE], np.zeros(len(owner), bool)),
        "trial_through": only(none >= 0, none.astype(np.int32)),
        "beyond": word(none >= 0),
        f"{tables.DAY}due": only(opened & (kind == 0), (facts["day"] + 28).astype(np.int32)),
        f"{tables.DAY}failure": only(none >= 0, none.astype(np.int32)),
        f"{tables.ATTRIBUTE}payment": word(opened & (kind == 0), "invoice", "card", codes=owner % 4 == 0),
        f"{tables.ATTRIBUTE}remediable": word(breach, "true"),
        f"{tables.ATTRIBUTE}material": word(breach, "true", "false", codes=owner % 2),
    }


def _facts(dice: np.random.Generator, count: int, matters: int) -> dict[str, Any]:
    """The events of some agreements, in no order: whose, on which day, of what type, about which of its matters."""
    told: list[tuple[Any, ...]] = []

    def tell(owner: Any, day: Any, type_: int, nth: Any = -1, kind: Any = -1, method: Any = 0) -> None:
        full = [np.broadcast_to(np.asarray(v), owner.shape) for v in (day, type_, nth, kind, method)]
        hour = np.where(np.isin(type_, (_MADE, _ORDER)), 0, dice.integers(0, 20, len(owner)))
        told.append((owner, *full, np.where(full[1] < _PAID, full[1], _PAID), hour))

    everyone = np.arange(count)
    made = _FIRST + dice.integers(0, 300, count)
    tell(everyone, made, _MADE)
    tell(everyone, made, _ORDER)
    owner, nth = np.repeat(everyone, matters), np.tile(np.arange(matters), count)
    kind = np.where(nth < matters - 1, 0, dice.choice(4, len(owner), p=(0.4, 0.5, 0.05, 0.05)))
    opened = made[owner] + 1 + dice.integers(0, 240, len(owner))
    tell(owner, opened, _OPENED, nth, kind)
    roll = dice.random(len(owner))
    invoice, breach = kind == 0, kind == 1
    paid = invoice & (roll < 0.8)
    tell(owner[paid], (opened + dice.integers(5, 70, len(owner)))[paid], _PAID, nth[paid], 0)
    late = invoice & ((roll > 0.7) | (roll < 0.1))
    noticed = opened + 30 + dice.integers(0, 20, len(owner))
    methods = dice.choice(3, len(owner), p=(0.8, 0.1, 0.1))
    tell(owner[late], noticed[late], _NOTICE, nth[late], 0, methods[late])
    held = invoice & (roll > 0.95)
    tell(owner[held], (noticed + 40)[held], _ACTED, nth[held], 0)
    warned = breach & (roll < 0.7)
    tell(owner[warned], (opened + 2)[warned], _NOTICE, nth[warned], 1, methods[warned])
    over = ~invoice & (roll < 0.5)
    tell(owner[over], (opened + dice.integers(3, 60, len(owner)))[over], _ENDED, nth[over], kind[over])
    names = ("owner", "day", "type", "nth", "kind", "method", "rank", "hour")
    return {name: np.concatenate(column) for name, column in zip(names, zip(*told, strict=True), strict=True)}


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
    library = Library([load(TERMS)])
    day_line(load(TERMS).calendar())
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


def _swept(path: Path, at: Instant, processes: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir=path.parent) as target:
        began = time.perf_counter()
        for _ in sweep(path, at, [load(TERMS)], Path(target) / "answers", processes=processes):
            pass
        return {"by the clock": time.perf_counter() - began}


def _alone(path: Path, at: Instant) -> dict[str, float]:
    return _swept(path, at, 1)


def _both(path: Path, at: Instant) -> dict[str, float]:
    return _swept(path, at, 2)


def _in_process(work: Callable[[Path, Instant], dict[str, float]], path: Path, at: Instant) -> dict[str, float]:
    """What some work measures in a process of its own, with its peak memory in MB (its children's largest added)."""
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(work, path, at, sending))
    process.start()
    sending.close()
    try:
        found: dict[str, float] = receiving.recv()
    finally:
        process.join()
    return found


def _measure(work: Callable[[Path, Instant], dict[str, float]], path: Path, at: Instant, answer: Any) -> None:
    found = work(path, at)
    own, theirs = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    if "with reading" not in found:
        every = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        found["processor, all told"] = sum(one.ru_utime + one.ru_stime for one in every)
    answer.send({**found, "peak MB": own / 1024, "peak MB of the largest child": theirs / 1024})


MEASURED = {
    "floor: one clause by hand, bare numpy": _floor_in_memory,
    "floor: the same in SQL, DuckDB": _floor_in_sql,
    "all answers, one core": _answers_in_memory,
    "sweep to parts on disk, one process": _alone,
    "sweep to parts on disk, two processes": _both,
}


def measured(agreements: int, matters: int, keep: Path | None) -> dict[str, Any]:
    """All measurements on a made-up table."""
    at = load(TERMS).calendar().start_of(AT)
    with tempfile.TemporaryDirectory() as directory:
        path = (keep or Path(directory)) / f"events-{agreements}-{matters}.parquet"
        began = time.perf_counter()
        if not path.exists():
            made_up(path, agreements, matters)
        events, made = EventFile(path).rows, time.perf_counter() - began
        print(f"{agreements:,} agreements, {matters} matters each, {events:,} events, "
              f"{path.stat().st_size / 2**20:,.0f} MB of Parquet (made in {made:.0f} s)")  # fmt: skip
        found = {}
        for name, work in MEASURED.items():
            found[name] = _in_process(work, path, at)
            told = ", ".join(f"{value:,.2f} s {what}" for what, value in found[name].items() if "MB" not in what)
            peak = found[name]["peak MB"], found[name]["peak MB of the largest child"]
            print(f"  {name:40} {told}; peak {peak[0]:,.0f} MB (+ {peak[1]:,.0f} MB a child)", flush=True)
    bare, full = found["floor: one clause by hand, bare numpy"], found["all answers, one core"]
    ratios = {key: full[key] / bare[key] for key in ("working", "with reading")}
    for key, ratio in ratios.items():
        print(f"  all answers / floor, {key}: {ratio:.1f} x (goal: within 5 x)")
    return {"agreements": agreements, "matters": matters, "events": events, "measured": found, "ratios": ratios}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agreements", type=int, default=100_000)
    parser.add_argument("--matters", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="a directory in which the made-up table stays for the next run")
    parser.add_argument("--json", type=Path, help="write what was measured to a file, too")
    given = parser.parse_args(arguments)
    found = measured(given.agreements, given.matters, given.keep)
    if given.json:
        given.json.write_text(json.dumps(found, indent=2), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
