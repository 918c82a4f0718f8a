"""Histories in files: JSON Lines, UTF-8, one event a line, line n the event of sequence n; and a folder of them as a
store.

Appending is atomic by the last byte of a single line, its newline, or, where several lines come at once, by the first:
until all of them are on disk a ``#`` stands in its place. So a write that was cut off is always told from a whole one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO, NoReturn
from urllib.parse import quote, unquote

from attrs import evolve

from lifecycle import disk
from lifecycle.agreement import Agreement
from lifecycle.errors import (
    AppendConflict,
    InvalidFact,
    InvalidHistory,
    InvalidTerms,
    InvalidTime,
    KeyConflict,
    LifecycleError,
    TornHistory,
    UnknownTerms,
)
from lifecycle.events import Event
from lifecycle.history import MAX_LINE, from_line, to_line
from lifecycle.plain import MAX_NAME, shown, text_problem
from lifecycle.policy import HousePolicy, parse
from lifecycle.store import check_next
from lifecycle.terms import Library
from lifecycle.terms.loading import MAX_BYTES
from lifecycle.terms.model import Terms

_LONGEST = 4 * MAX_LINE + 1  # bytes of a line
_BLOCK = 1 << 16
_VEIL = b"#"
_OPENING = b'{"agreement":"'
_EVENT = re.compile(r"((?P<field>occurred|agreement made\.zone) in )?event (?P<sequence>\d+) of ")


def read(path: str | Path) -> Iterator[Event]:
    """The events of a history file as it stands now, line by line, in bounded memory.

    Raises InvalidHistory, naming file and line, for a line that is not an event or not the next one; TornHistory, after
    the events before it, where the last write was cut off.
    """
    name = Path(path).name
    with _told(name, "read"), disk.reading(path) as file:
        yield from _lines(file, disk.settled(file), name)


def holds_history(path: str | Path) -> bool:
    """Whether a file begins with an event: told nowhere else, so that nothing but a history may replace it."""
    try:
        return next(read(path), None) is not None
    except InvalidHistory:
        return False


def account(
    path: str | Path, terms: Terms | Iterable[Terms] | Library = (), *, policy: HousePolicy | None = None
) -> Agreement:
    """The agreement that a history file tells.

    Raises what :func:`read` and :class:`lifecycle.Agreement` do, naming file and line.
    """
    name = Path(path).name
    try:
        return Agreement(read(path), terms, policy=policy)
    except (InvalidHistory, InvalidFact, InvalidTime, KeyConflict, UnknownTerms) as error:
        if event := _EVENT.match(error.where):  # line n is event n
            field = f", {event['field']}" if event["field"] else ""
            raise evolve(error, where=f"{name}, line {event['sequence']}{field}") from None
        raise


def write(path: str | Path, events: Iterable[Event]) -> None:
    """Write a history as a new file, or in place of the one that is there: whole, or not at all.

    Raises InvalidHistory where it cannot be written.
    """
    content = _text(events)
    with _told(Path(path).name, "written"):
        disk.replace(path, content)


def append(path: str | Path, events: Sequence[Event], *, expected: int) -> None:
    """Append the next events of an agreement to its file, all of them or none; a new file where ``expected`` is 0. They
    are on disk when this returns.

    Raises AppendConflict where the last event is not the one of sequence ``expected``, TornHistory where the last write
    was cut off, InvalidHistory where the file is not such a history or cannot be written. Nothing is written then.
    """
    if not events:
        return
    agreement, name = events[0].agreement, Path(path).name
    check_next(agreement, events, expected)
    content = _text(events)
    with _told(name, "written"):
        try:
            with disk.locked(path, create=not expected) as file:
                _check_last(file, agreement, expected, name)
                disk.extend(file, content, veiled=_VEIL if len(events) > 1 else b"")
        except FileNotFoundError:
            if expected and Path(path).parent.is_dir():
                raise AppendConflict(agreement, expected, 0) from None
            raise


def repair(path: str | Path) -> Path | None:
    """Cut off what a write that did not come to its end has left, and keep those bytes in a file of their own beside
    it: its path, or None where the history is whole. No event that was recorded is lost.

    Raises InvalidHistory for a fault of another kind, which nobody but its author can mend.
    """
    name = Path(path).name
    with _told(name, "repaired"), disk.locked(path, create=False) as file:
        end = os.fstat(file.fileno()).st_size
        try:
            for _ in _lines(file, end, name):
                pass
        except TornHistory as torn:
            kept = _set_aside(Path(path), file, torn.whole)
            disk.cut(file, torn.whole)
            return kept
    return None


class Folder:
    """A folder of histories, a file for each agreement: its id, with what is no letter, digit, ``_.-~`` written as
    ``%2F``, and ``.jsonl``. Files of other names in it are let alone.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def load(self, agreement: str) -> Iterator[Event]:
        path = self.file(agreement)
        if not os.path.lexists(path):
            return
        for event in read(path):
            if event.agreement != agreement:
                _refuse(f"{path.name}, line {event.sequence}", agreement, event)
            yield event

    def append(self, agreement: str, events: Sequence[Event], *, expected: int) -> None:
        check_next(agreement, events, expected)
        append(self.file(agreement), events, expected=expected)

    def agreements(self) -> Iterator[str]:
        with _told(self.path.name, "read"), os.scandir(self.path) as entries:
            for entry in entries:
                agreement = unquote(entry.name.removesuffix(_SUFFIX), errors="replace")
                if entry.name == _named(agreement) and entry.stat().st_size:
                    yield agreement

    def file(self, agreement: str) -> Path:
        """Where the history of an agreement is, or would be.

        Raises InvalidHistory for what cannot be the id of one here.
        """
        if problem := text_problem(agreement, MAX_NAME):
            raise InvalidHistory(shown(agreement), f"no id of an agreement: {problem}")
        return self.path / _named(agreement)


_SUFFIX = ".jsonl"


def read_policy(path: str | Path, terms: Terms) -> HousePolicy:
    """The house policy in a TOML file, for the Terms it narrows.

    Raises InvalidTerms with every fault, or where it cannot be read.
    """
    name = Path(path).name
    try:
        with disk.reading(path) as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InvalidTerms(name, (f"cannot be read: {error}",)) from None
    return parse(content, terms, name)


# ---- lines -------------------------------------------------------------------------------------------------


def _text(events: Iterable[Event]) -> bytes:
    return "".join(f"{to_line(event)}\n" for event in events).encode("utf-8")


def _lines(file: BinaryIO, end: int, name: str) -> Iterator[Event]:
    """The events of the first ``end`` bytes of a file."""
    start, agreement = file.seek(0), None
    for number in count(1):
        where = f"{name}, line {number}"
        line = file.readline(min(_LONGEST, end - start))
        if not line:
            return
        event = _event(line, where, start, end)
        if event.sequence != number:
            raise InvalidHistory(where, f"event {event.sequence}, where {number} is the next: a gap or a repetition")
        if event.agreement != (agreement := agreement or event.agreement):
            _refuse(where, agreement, event)
        yield event
        start += len(line)


def _event(line: bytes, where: str, start: int, end: int) -> Event:
    endless = len(line) == _LONGEST and not line.endswith(b"\n")
    is_torn = _is_torn(line, last=start + len(line) == end)
    if not start and (endless or is_torn) and not _begins_a_history(line):
        raise InvalidHistory(where, "not a history: that is JSON Lines, an event a line; this begins as no event does")
    if endless:
        raise InvalidHistory(where, f"torn or too long: no newline in {_LONGEST} bytes")
    if is_torn:
        told = "torn: the last write was cut off; the lines before it are whole"
        raise TornHistory(
            where, f"{told}. Set it aside (`lifecycle repair`, or lifecycle.files.repair), then go on", start
        )
    try:
        text = line[:-1].decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidHistory(where, f"not UTF-8: {error.reason} at its byte {error.start + 1}") from None
    return from_line(text, where)


def _is_torn(line: bytes, *, last: bool) -> bool:
    """Whether a line is the beginning of what a write that was cut off has left; after a loss of power with bytes that
    were never written, which read as zero.
    """
    return line.startswith((_VEIL, b"\0\0")) or (last and (b"\0\0" in line or not line.endswith(b"\n")))


def _begins_a_history(line: bytes) -> bool:
    """Whether what a file begins with may be the beginning of an event; or is one, whatever comes first in it."""
    head = line[: 4 * len(_OPENING)].replace(b" ", b"").replace(_VEIL, _OPENING[:1], 1)
    if all(byte in (wanted, 0) for byte, wanted in zip(head, _OPENING, strict=False)):
        return True
    with suppress(ValueError):
        from_line(line.decode("utf-8"))
        return True
    return False


def _last(file: BinaryIO, name: str) -> Event | None:
    """The last event of a file, from its last line alone.

    Raises InvalidHistory where that is none.
    """
    start = end = file.seek(0, os.SEEK_END)
    tail = b""
    while start and len(tail) < _LONGEST and b"\n" not in tail[:-1]:
        size = min(max(len(tail), _BLOCK), start)
        start = file.seek(start - size)
        tail = file.read(size) + tail
    line = tail[tail.rfind(b"\n", 0, -1) + 1 :]
    return _event(line, name, end - len(line), end) if line else None


def _check_last(file: BinaryIO, agreement: str, expected: int, name: str) -> None:
    """Raises AppendConflict where the last event of a file is another one than expected, InvalidHistory where the file
    is no history of the agreement. All lines are read only to say which.
    """
    with suppress(InvalidHistory):
        last = _last(file, name)
        if (last.sequence if last else 0) == expected and (not last or last.agreement == agreement):
            return
    found = 0
    for event in _lines(file, file.seek(0, os.SEEK_END), name):
        if event.agreement != agreement:
            _refuse(name, agreement, event)
        found = event.sequence
    raise AppendConflict(agreement, expected, found)


def _refuse(where: str, agreement: str, event: Event) -> NoReturn:
    raise InvalidHistory(where, f"an event of {event.agreement!r}; this is the history of {agreement!r}")


def _named(agreement: str) -> str:
    return f"{quote(agreement, safe='')}{_SUFFIX}"


def _set_aside(torn: Path, file: BinaryIO, start: int) -> Path:
    """Copy a file from a byte on into a new one beside it."""
    for number in count(1):
        kept = torn.with_name(f"{torn.name}.torn-{number}")
        try:
            with kept.open("xb") as copy:
                file.seek(start)
                copyfileobj(file, copy)
                copy.flush()
                os.fsync(copy.fileno())
        except FileExistsError:
            continue
        return kept
    raise AssertionError


@contextmanager
def _told(name: str, verb: str) -> Iterator[None]:
    """What the medium refuses, as an error of this library."""
    try:
        yield
    except (OSError, ValueError) as error:
        if isinstance(error, LifecycleError):
            raise
        raise InvalidHistory(name, f"cannot be {verb}: {error}") from None
