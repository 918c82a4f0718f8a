"""Histories in files: JSON Lines, UTF-8, one event a line, in sequence."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from lifecycle.errors import InvalidHistory, InvalidTerms
from lifecycle.events import Event
from lifecycle.history import MAX_LINE, from_line, to_line
from lifecycle.policy import HousePolicy, parse
from lifecycle.terms.loading import MAX_BYTES
from lifecycle.terms.model import Terms

_MAX_BYTES = 4 * MAX_LINE + 1


def read(path: str | Path) -> Iterator[Event]:
    """The events of a history file, line by line, in bounded memory.

    Raises InvalidHistory, naming file and line, for a line that is not an event or is torn (no newline at its end).
    """
    name = Path(path).name
    try:
        with Path(path).open("rb") as lines:
            for number in count(1):
                line = lines.readline(_MAX_BYTES)
                if not line:
                    return
                yield from_line(_text(line, where := f"{name}, line {number}"), where)
    except (OSError, ValueError) as error:
        if isinstance(error, InvalidHistory):
            raise
        raise InvalidHistory(name, f"cannot be read: {error}") from None


def _text(line: bytes, where: str) -> str:
    if not line.endswith(b"\n"):
        raise InvalidHistory(where, "torn or too long: it does not end in a newline")
    try:
        return line[:-1].decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidHistory(where, f"not UTF-8: {error.reason} at its byte {error.start + 1}") from None


def write(path: str | Path, events: Iterable[Event]) -> None:
    """Write a history as a new file, or in place of the one that is there: whole, or not at all.

    Raises InvalidHistory where it cannot be written.
    """
    content = "".join(f"{to_line(event)}\n" for event in events).encode("utf-8")
    target = Path(path)
    try:
        beside = target.resolve().with_name(f".{target.name}.{os.getpid()}")
        beside.write_bytes(content)
        beside.replace(target.resolve())
    except (OSError, ValueError) as error:
        raise InvalidHistory(target.name, f"cannot be written: {error}") from None


def read_policy(path: str | Path, terms: Terms) -> HousePolicy:
    """The house policy in a TOML file, for the Terms it narrows.

    Raises InvalidTerms with every fault, or where it cannot be read.
    """
    name = Path(path).name
    try:
        with Path(path).open("rb") as stream:
            return parse(stream.read(MAX_BYTES + 1), terms, name)
    except OSError as error:
        raise InvalidTerms(name, (f"cannot be read: {error}",)) from None
