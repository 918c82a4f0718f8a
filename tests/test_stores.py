"""The append contract: kept by the stores here, and sharp enough to find one that does not keep it."""

from __future__ import annotations

import inspect
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from lifecycle.errors import AppendConflict, InvalidHistory
from lifecycle.events import Event
from lifecycle.files import Folder
from lifecycle.history import from_line, to_line
from lifecycle.store import MemoryStore, Store, check_next
from lifecycle.testing import StoreContract


class TestMemory(StoreContract):
    @pytest.fixture(autouse=True)
    def place(self) -> None:
        self.kept = MemoryStore()

    def store(self) -> Store:
        return self.kept


class TestFolder(StoreContract):
    @pytest.fixture(autouse=True)
    def place(self, tmp_path: Path) -> None:
        self.path = tmp_path

    def store(self) -> Store:
        return Folder(self.path)


class SqlStore:
    """The contract in SQL: a unique key is all it takes."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, timeout=60, check_same_thread=False)
        self.connection.execute(
            "create table if not exists events (agreement, sequence, line, unique(agreement, sequence))"
        )

    def load(self, agreement: str) -> list[Event]:
        rows = self.connection.execute("select line from events where agreement = ? order by sequence", (agreement,))
        return [from_line(line) for (line,) in rows]

    def append(self, agreement: str, events: Sequence[Event], *, expected: int) -> None:
        check_next(agreement, events, expected)
        rows = [(agreement, event.sequence, to_line(event)) for event in events]
        gap = "select count(*) < ? from events where agreement = ?"
        try:
            with self.connection:
                self.connection.executemany("insert into events values (?, ?, ?)", rows)
                if self.connection.execute(gap, (expected + len(events), agreement)).fetchone()[0] and events:
                    raise AppendConflict(agreement, expected)
        except sqlite3.IntegrityError:
            raise AppendConflict(agreement, expected) from None

    def agreements(self) -> Iterator[str]:
        return (agreement for (agreement,) in self.connection.execute("select distinct agreement from events"))


class TestSql(StoreContract):
    @pytest.fixture(autouse=True)
    def place(self, tmp_path: Path) -> Iterator[None]:
        self.path, self.opened = tmp_path / "events.db", list[SqlStore]()
        yield
        for store in self.opened:
            store.connection.close()

    def store(self) -> Store:
        self.opened.append(SqlStore(self.path))
        return self.opened[-1]


# ---- a store that does not keep the contract is found ----------------------------------------------------------------


class Deaf(MemoryStore):
    """Does not look at what is expected."""

    def append(self, agreement: str, events: Sequence[Event], *, expected: int) -> None:
        super().append(agreement, events, expected=len(self._kept.get(agreement, ())))


class Lenient(MemoryStore):
    """Appends after any event that is not newer than the one expected."""

    def append(self, agreement: str, events: Sequence[Event], *, expected: int) -> None:
        check_next(agreement, events, expected)
        if len(self._kept.get(agreement, ())) > expected:
            raise AppendConflict(agreement, expected)
        if events:
            self._kept[agreement] = (*self._kept.get(agreement, ()), *events)


class Piecemeal(MemoryStore):
    """Appends one by one what belongs together, and checks each when its turn comes."""

    def append(self, agreement: str, events: Sequence[Event], *, expected: int) -> None:
        for number, event in enumerate(events):
            super().append(agreement, [event], expected=expected + number)


class Unchecked(MemoryStore):
    """Takes whatever it is given, if nobody else appended."""

    def append(self, agreement: str, events: Sequence[Event], *, expected: int) -> None:
        if len(self._kept.get(agreement, ())) != expected:
            raise AppendConflict(agreement, expected)
        if events:
            self._kept[agreement] = (*self._kept.get(agreement, ()), *events)


class Listing(MemoryStore):
    """Lists who was asked for."""

    def load(self, agreement: str) -> Iterator[Event]:
        self._kept.setdefault(agreement, ())
        return super().load(agreement)


class Folding(MemoryStore):
    """Takes ids that differ in case for the same."""

    def load(self, agreement: str) -> Iterator[Event]:
        return super().load(agreement.lower())

    def append(self, agreement: str, events: Sequence[Event], *, expected: int) -> None:
        check_next(agreement, events, expected)
        if len(self._kept.get(agreement.lower(), ())) != expected:
            raise AppendConflict(agreement, expected)
        self._kept[agreement.lower()] = (*self._kept.get(agreement.lower(), ()), *events)


class Sharing(MemoryStore):
    """Hands out the list it keeps."""

    def __init__(self) -> None:
        super().__init__()
        self.lists: dict[str, list[Event]] = {}

    def load(self, agreement: str) -> list[Event]:  # type: ignore[override]
        super_kept = list(self._kept.get(agreement, ()))
        return self.lists.setdefault(agreement, super_kept) if super_kept else []


class Hasty(MemoryStore):
    """Looks, and appends only when another one has looked too."""

    def __init__(self) -> None:
        super().__init__()
        self.both_looked = threading.Barrier(2)

    def append(self, agreement: str, events: Sequence[Event], *, expected: int) -> None:
        check_next(agreement, events, expected)
        if events and len(self._kept.get(agreement, ())) != expected:
            raise AppendConflict(agreement, expected)
        if threading.current_thread() is not threading.main_thread():
            with suppress(threading.BrokenBarrierError):
                self.both_looked.wait(timeout=1)
        if events:
            self._kept[agreement] = (*self._kept.get(agreement, ()), *events)


def breaches(make: Callable[[], Store]) -> set[str]:
    """The tests of the contract that a store fails."""
    found = set()
    for name, _ in inspect.getmembers(StoreContract, inspect.isfunction):
        if name.startswith("test_"):
            store = make()
            contract = type("Contract", (StoreContract,), {"store": lambda _, kept=store: kept})()
            try:
                getattr(contract, name)()
            except (AssertionError, AppendConflict, InvalidHistory):
                found.add(name.removeprefix("test_"))
    return found


def test_a_store_that_keeps_the_contract_breaches_nothing() -> None:
    assert breaches(MemoryStore) == set()


@pytest.mark.parametrize(("store", "breach"), [
    (Deaf, "whoever_comes_second_is_refused_and_leaves_nothing"),
    (Lenient, "nothing_is_appended_beyond_a_gap"),
    (Piecemeal, "events_that_are_not_the_next_ones_are_refused_all_of_them"),
    (Unchecked, "events_that_are_not_the_next_ones_are_refused_all_of_them"),
    (Listing, "an_agreement_that_is_not_recorded_has_no_events"),
    (Folding, "agreements_are_kept_apart_whatever_their_ids"),
    (Sharing, "what_was_loaded_and_what_was_appended_are_not_the_hosts_to_change"),
    (Hasty, "of_many_who_append_at_once_each_is_heard_once"),
])  # fmt: skip
def test_a_store_that_does_not_keep_the_contract_is_found(store: type[MemoryStore], breach: str) -> None:
    assert breach in breaches(store)


def test_the_contract_says_what_a_host_has_to_give() -> None:
    with pytest.raises(NotImplementedError):
        StoreContract().store()
