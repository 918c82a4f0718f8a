"""A sweep: every agreement of a file of events answered at one instant, batch by batch, into parts that can be resumed.

The output is a directory: one Parquet file of answers a row group, and ``manifest.json``, which pins what they answer -
the events' digest, the Terms', the instant. A sweep begun again with the same goes on where it stopped; with another it
is refused. A part is written whole or not at all, so that a killed sweep leaves none that is torn.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from hashlib import sha256
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import lifecycle
from lifecycle.days import Instant, as_text
from lifecycle.disk import reading, replace
from lifecycle.errors import InvalidTable
from lifecycle.portfolio.answering import answers_of
from lifecycle.portfolio.parquet import EventFile, write_table
from lifecycle.portfolio.tables import ANSWERS, checked
from lifecycle.terms import Library, Terms
from lifecycle.values import frozen

MANIFEST = "manifest.json"
_CHUNK = 1 << 22


@frozen
class Part:
    """One part of a sweep, done now or before: which, of how many, where, how many agreements, and which is its first
    and last.
    """

    number: int
    of: int
    path: Path
    agreements: int
    first: str
    last: str
    resumed: bool = False


def sweep(
    events: str | Path, at: Instant, terms: Sequence[Terms], target: str | Path, *, processes: int = 1
) -> Iterator[Part]:
    """Answer a file of events into a directory, part by part as they are done; those done before come first.

    Raises InvalidTable for a table that cannot be relied on, and for a directory with the answers to something else.
    """
    file, directory = EventFile(events), Path(target)
    _claim(directory, _pinned(Path(events), at, terms), file.groups)
    done = [_found(directory, number, file.groups) for number in range(file.groups)]
    yield from filter(None, done)
    wanted = [number for number, part in enumerate(done) if part is None]
    working = _here if processes < 2 or len(wanted) < 2 else _in_processes
    parts = [part for part in done if part]
    for part in working(Path(events), at, terms, directory, wanted, processes):
        parts.append(part)
        yield part
    _check_order(file.name, parts)


def _here(
    events: Path, at: Instant, terms: Sequence[Terms], directory: Path, wanted: Sequence[int], _: int
) -> Iterator[Part]:
    _begin(events, at, terms, directory)
    yield from map(_answer, wanted)


def _in_processes(
    events: Path, at: Instant, terms: Sequence[Terms], directory: Path, wanted: Sequence[int], processes: int
) -> Iterator[Part]:
    """The parts as they are done by several processes; at most a few are under way at once."""
    begin = (events, at, tuple(terms), directory)
    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_begin, initargs=begin)
    with pool:
        waiting, left = set[Future[Part]](), iter(wanted)
        for number in left:
            waiting.add(pool.submit(_answer, number))
            if len(waiting) > 2 * processes:
                ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in ready)
        yield from (future.result() for future in waiting)


# What a process works on; each has its own, set when it begins.
_at_work: dict[str, Any] = {}


def _begin(events: Path, at: Instant, terms: Sequence[Terms], directory: Path) -> None:
    _at_work.update(file=EventFile(events), at=at, library=Library(terms), directory=directory)


def _answer(number: int) -> Part:
    """Answer one row group and write its part."""
    file: EventFile = _at_work["file"]
    where = f"{file.name}, row group {number + 1}"
    batch = file.read(number, [name for name in file.names if name not in ("line", "recorded")])

    def lines(rows: Any) -> Sequence[str | None]:
        if "line" not in file.names:
            return ()
        if "lines" not in kept:
            kept["lines"] = file.read(number, ["line"]).column(0)
        found: Sequence[str | None] = kept["lines"].take(rows).to_pylist()
        return found

    kept: dict[str, Any] = {}
    told = answers_of(checked(batch, where), _at_work["at"], _at_work["library"], lines)
    path = _path(_at_work["directory"], number)
    write_table(path, [told], ANSWERS)
    return Part(number, file.groups, path, told.num_rows, *_ends(told))


def _ends(told: Any) -> tuple[str, str]:
    """The first and the last agreement of a part."""
    if told is None or not told.num_rows:
        return "", ""
    return told.column(0)[0].as_py(), told.column(0)[told.num_rows - 1].as_py()


def _path(directory: Path, number: int) -> Path:
    return directory / f"part-{number:06}.parquet"


def _found(directory: Path, number: int, of: int) -> Part | None:
    """A part that was done before."""
    path = _path(directory, number)
    if not path.exists() or not path.stat().st_size:  # empty: killed just before it would have been put there
        return None
    file = EventFile(path)
    return Part(number, of, path, file.rows, *_ends(file.read(0, ["agreement"]) if file.groups else None), True)


def _check_order(name: str, parts: list[Part]) -> None:
    """Refuse a file whose row groups do not follow each other."""
    ordered = sorted((part for part in parts if part.agreements), key=lambda part: part.number)
    for part, following in pairwise(ordered):
        if not part.last < following.first:
            problem = f"{following.first!r} follows {part.last!r}: sort by agreement, and give each once"
            raise InvalidTable(name, f"row group {following.number + 1}", problem)


# ---- what is pinned ----------------------------------------------------------------------------------------


def _pinned(events: Path, at: Instant, terms: Sequence[Terms]) -> dict[str, Any]:
    digest = sha256()
    try:
        with reading(events) as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except (OSError, ValueError) as error:
        raise InvalidTable(events.name, "", f"cannot be read: {error}") from None
    texts = {text.id: text.digest for text in terms}
    return {"events": digest.hexdigest(), "terms": texts, "at": as_text(at), "version": lifecycle.__version__}


def _claim(directory: Path, pinned: dict[str, Any], parts: int) -> None:
    """Begin a directory, or go on with one that was begun for the same."""
    manifest = directory / MANIFEST
    wanted = {**pinned, "parts": parts}
    try:
        directory.mkdir(parents=True, exist_ok=True)
        found = json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else None
        if found is None and any(directory.iterdir()):
            raise InvalidTable(str(directory), "", "holds files, and no manifest of a sweep: name another directory")
        if found is None:
            replace(manifest, json.dumps(wanted, indent=2).encode())
    except (OSError, ValueError) as error:
        if isinstance(error, InvalidTable):
            raise
        raise InvalidTable(str(directory), MANIFEST, f"cannot be used: {error}") from None
    if found is not None and found != wanted:
        differs = next((key for key in wanted if not isinstance(found, dict) or found.get(key) != wanted[key]), "parts")
        problem = f"this sweep was begun for another {differs}: name another directory, or remove this one"
        raise InvalidTable(str(directory), MANIFEST, problem)


def first_terms(events: str | Path, terms: Sequence[Terms]) -> Terms:
    """The Terms that the first agreement of a file of events names.

    Raises InvalidTable where it names none, UnknownTerms where they are not at hand.
    """
    file = EventFile(events)
    if not file.groups or not {"terms", "digest"} <= set(file.names):
        raise InvalidTable(file.name, "", "no table of events: make one with lifecycle.portfolio.convert")
    batch = file.read(0, ["terms", "digest"])
    text, digest = (batch.column(n)[0].as_py() if batch.num_rows else None for n in (0, 1))
    if not isinstance(text, str) or not isinstance(digest, str):
        raise InvalidTable(file.name, "row 1, terms", "an agreement was made under Terms: give their id and digest")
    return Library(terms).find(text, digest, {})
