"""Histories in files: JSON Lines, UTF-8, one event a line, in sequence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from lifecycle.errors import InvalidHistory
from lifecycle.events import Event
from lifecycle.history import MAX_LINE, from_line, to_line


def read(path: str | Path) -> Iterator[Event]:
    """The events of a history file, line by line, in bounded memory.

    Raises InvalidHistory, naming file and line, for a line that is not an event or is torn (no newline at its end).
    """
    name = Path(path).name
    try:
        with Path(path).open(encoding="utf-8", errors="strict", newline="\n") as lines:
            for number in range(1, 2**31):
                line = lines.readline(MAX_LINE + 2)
                if not line:
                    return
                where = f"{name}, line {number}"
                if not line.endswith("\n"):
                    raise InvalidHistory(where, "torn or too long: it does not end in a newline")
                yield from_line(line, where)
    except UnicodeDecodeError as error:
        raise InvalidHistory(name, f"not UTF-8: {error.reason} at byte {error.start}") from None
    except OSError as error:
        raise InvalidHistory(name, f"cannot be read: {error.strerror}") from None


def write(path: str | Path, events: Iterable[Event]) -> None:
    """Write a history as a new file, or in place of the one that is there."""
    text = "".join(f"{to_line(event)}\n" for event in events)
    Path(path).write_text(text, encoding="utf-8", newline="\n")
