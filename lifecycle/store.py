"""What keeps histories: the append contract, and a store in memory.

A store appends and reads, and judges nothing. What may be appended was decided by the caller on the events it had
loaded; ``expected`` - the sequence of the last of them - is how it says so, and the store's part is to refuse where
another one has become the last since. In SQL that is a unique key on agreement and sequence. What a store must do is
written as tests in :class:`lifecycle.testing.StoreContract`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from threading import Lock
from typing import Protocol

from lifecycle.errors import AppendConflict, InvalidHistory
from lifecycle.events import Event


class Store(Protocol):
    """Keeps the histories of many agreements, each by its id."""

    def load(self, agreement: str) -> Iterable[Event]:
        """The events of an agreement, in sequence, from 1; none where it is not recorded here. They may come one by
        one, and are those that stood when this was called, or a longer row.
        """
        ...

    def append(self, agreement: str, events: Sequence[Event], *, expected: int) -> None:
        """Append events ``expected + 1``, ``expected + 2`` ... of an agreement: all of them, for good, or none.

        expected: the sequence of the last event the caller has loaded, 0 for none. No events: nothing happens. Raises
        AppendConflict where another event is the last; InvalidHistory for events that are not the next ones (see
        :func:`check_next`); for a fault of the medium an error of its own. Nothing is recorded where it raises.
        """
        ...

    def agreements(self) -> Iterable[str]:
        """The ids of the agreements that have events, each once, in any order."""
        ...


def check_next(agreement: str, events: Sequence[Event], expected: int) -> None:
    """Raises InvalidHistory where events are not those of an agreement that come next, one by one; every store asks
    this first.
    """
    for sequence, event in enumerate(events, expected + 1):
        if event.agreement != agreement:
            raise InvalidHistory(event.place, f"it was to be appended to {agreement}")
        if event.sequence != sequence:
            raise InvalidHistory(event.place, f"event {sequence} is the next: a gap or a repetition")


class MemoryStore:
    """Histories in memory, for tests and trials."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Event, ...]] = {}
        self._lock = Lock()

    def load(self, agreement: str) -> Iterator[Event]:
        return iter(self._kept.get(agreement, ()))

    def append(self, agreement: str, events: Sequence[Event], *, expected: int) -> None:
        check_next(agreement, events, expected)
        with self._lock:
            kept = self._kept.get(agreement, ())
            if events and len(kept) != expected:
                raise AppendConflict(agreement, expected, len(kept))
            if events:
                self._kept[agreement] = (*kept, *events)

    def agreements(self) -> Iterator[str]:
        return iter(tuple(self._kept))
