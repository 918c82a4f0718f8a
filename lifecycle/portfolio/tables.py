"""Tables of events and of answers: their columns, how a batch of events is read, and what is refused.

Columns leave here as :class:`Columns`: numpy arrays, words as codes beside their values. What is wrong with a table is
said as InvalidTable, naming the column or row and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import field
from numpy.typing import NDArray

from lifecycle.errors import InvalidTable
from lifecycle.values import define, frozen

Ints: TypeAlias = NDArray[np.int64]
Batch: TypeAlias = Any
"""A ``pyarrow.RecordBatch``."""

_WORD = pa.dictionary(pa.int32(), pa.string())
INSTANT = pa.timestamp("us", tz="UTC")
FIXED: dict[str, Any] = {
    "agreement": _WORD,
    "sequence": pa.int32(),
    "type": _WORD,
    "occurred": INSTANT,
    "by_day": pa.bool_(),
    "recorded": INSTANT,
    "about": pa.list_(pa.int32()),
    "matter": pa.string(),
    "kind": _WORD,
    "party": _WORD,
    "by": _WORD,
    "how": _WORD,
    "means": _WORD,
    "does": _WORD,
    "power": _WORD,
    "method": _WORD,
    "amount": pa.decimal128(21, 6),
    "currency": _WORD,
    "delivered": INSTANT,
    "start": pa.date32(),
    "length": pa.int32(),
    "unit": _WORD,
    "renews": pa.bool_(),
    "terms": _WORD,
    "digest": _WORD,
    "trial": pa.bool_(),
    "trial_through": pa.date32(),
    "beyond": _WORD,
    "line": pa.string(),
}
WORDS = frozenset(name for name, type_ in FIXED.items() if type_ == _WORD)
MAKE_IT = "make the table of histories with `lifecycle portfolio convert`"
DAY, ATTRIBUTE = "day:", "attribute:"
_NEVER_NULL = ("agreement", "sequence", "type", "occurred", "by_day", "recorded")
_NOT_ASKED = ("line", "recorded")
"""What the columns are answered without: a batch may lack it."""
HOLD = pa.struct([("power", pa.string()), ("matter", pa.string()), ("since", INSTANT)])
ANSWERS = pa.schema(
    [
        ("agreement", pa.string()),
        ("state", pa.dictionary(pa.int32(), pa.string())),
        ("in_service", pa.bool_()),
        ("term_number", pa.int32()),
        ("term_first", pa.date32()),
        ("term_last", pa.date32()),
        ("holds", pa.list_(HOLD)),
        ("provider_may", pa.list_(pa.string())),
        ("customer_may", pa.list_(pa.string())),
        ("both_may", pa.list_(pa.string())),
        ("next_at", INSTANT),
        ("next_on", pa.date32()),
        ("next_what", _WORD),
        ("next_transition", _WORD),
        ("next_clause", _WORD),
        ("next_power", _WORD),
        ("next_matter", pa.string()),
        ("wake_at", INSTANT),
        ("singly", _WORD),
        ("refused", pa.string()),
    ]
)
"""The columns of answers, one row an agreement; ``docs/portfolio.md`` says what each means."""


def event_schema(days: Iterable[str] = (), attributes: Iterable[str] = ()) -> Any:
    """The columns of a table of events, one row an event, for Terms with these days and attributes of matters."""
    more = {**{f"{DAY}{name}": pa.date32() for name in days}, **{f"{ATTRIBUTE}{name}": _WORD for name in attributes}}
    return pa.schema([pa.field(n, t, nullable=n not in _NEVER_NULL) for n, t in {**FIXED, **more}.items()])


@frozen
class Coded:
    """Words as codes, -1 for none, beside the values that the codes stand for."""

    codes: NDArray[np.int32]
    values: tuple[str, ...]

    def as_index_of(self, words: Sequence[str]) -> NDArray[np.int16]:
        """Each as its index in a list of words; -1 for none, -2 for one that is not in it."""
        places = {word: number for number, word in enumerate(words)}
        lookup = np.array([places.get(value, -2) for value in self.values] + [-1], np.int16)
        return lookup[self.codes]

    def among(self, words: Iterable[str]) -> NDArray[np.bool_]:
        """Which are one of some words."""
        wanted = set(words)
        return np.array([value in wanted for value in self.values] + [False])[self.codes]

    def take(self, rows: Ints) -> Coded:
        return Coded(self.codes[rows], self.values)


@define
class Columns:
    """The columns of a batch of events, read where they are asked for."""

    batch: Batch
    where: str = "table"
    rows: Ints | None = None
    """Which rows of the table they are, where they are only some."""
    _kept: dict[Any, Any] = field(factory=dict, init=False)

    def __len__(self) -> int:
        return int(self.batch.num_rows)

    def wrong(self, row: Any, name: str, problem: str) -> InvalidTable:
        """That a row's column cannot be relied on."""
        number = int(row if self.rows is None else self.rows[row])
        return InvalidTable(self.where, f"row {number + 1}, {name}", problem)

    def has(self, name: str) -> bool:
        return name in self.batch.schema.names

    def ints(self, name: str, missing: int = 0) -> NDArray[Any]:
        """Numbers, days (since 1970) or instants (microseconds of it), with ``missing`` where there is none."""
        if (kept := self._kept.get(name)) is None:
            column = self.batch.column(name)
            width = np.int32 if column.type in (pa.int32(), pa.date32()) else np.int64
            values = np.frombuffer(column.buffers()[1], width)[column.offset : column.offset + len(column)]
            if column.null_count:
                values = np.where(self._valid(name), values, width(missing))
            kept = self._kept[name] = values
        found: NDArray[Any] = kept
        return found

    def flags(self, name: str, rows: Ints) -> NDArray[np.bool_]:
        """Which of some rows, all with a value, are true."""
        found: NDArray[np.bool_] = self.batch.column(name).take(pa.array(rows)).to_numpy(zero_copy_only=False)
        return found

    def present(self, name: str, rows: Ints) -> NDArray[np.bool_]:
        """Where there is a value, of some rows."""
        column = self.batch.column(name)
        if not column.null_count:
            return np.ones(len(rows), bool)
        return self._valid(name)[rows]

    def _valid(self, name: str) -> NDArray[np.bool_]:
        """Where there is a value."""
        if (kept := self._kept.get(("valid", name))) is None:
            column = self.batch.column(name)
            bits = column.buffers()[0]
            if bits is None:
                kept = np.full(len(column), column.null_count == 0)
            else:
                end = column.offset + len(column)
                every = np.unpackbits(np.frombuffer(bits, np.uint8), count=end, bitorder="little")
                kept = every[column.offset :].view(np.bool_)
            self._kept["valid", name] = kept
        found: NDArray[np.bool_] = kept
        return found

    def coded(self, name: str) -> Coded:
        """Words, as codes."""
        if (kept := self._kept.get(name)) is None:
            column = self.batch.column(name)
            if not pa.types.is_dictionary(column.type):
                column = column.dictionary_encode()
            indices = column.indices
            codes = np.frombuffer(indices.buffers()[1], np.int32)[indices.offset : indices.offset + len(indices)]
            if column.null_count:
                codes = np.where(self._valid(name), codes, np.int32(-1))
            kept = self._kept[name] = Coded(codes, tuple(column.dictionary.to_pylist()))
        found: Coded = kept
        return found

    def millionths(self, name: str) -> tuple[Ints, NDArray[np.bool_]]:
        """Amounts in millionths, and which of them can be held so."""
        column = self.batch.column(name)
        halves = np.frombuffer(column.buffers()[1], np.int64).reshape(-1, 2)
        low, high = halves[column.offset : column.offset + len(column)].T
        sane = (high == 0) & (low >= 0)
        if column.null_count:
            sane = sane & self._valid(name)
        return low, sane

    def lists(self, name: str) -> tuple[Ints, NDArray[np.int32]]:
        """Lists of numbers: where each begins and the last one ends, and all of them in a row."""
        if (kept := self._kept.get(name)) is not None:
            found: tuple[Ints, NDArray[np.int32]] = kept
            return found
        column = self.batch.column(name)
        offsets = np.frombuffer(column.buffers()[1], np.int32)[column.offset : column.offset + len(column) + 1]
        if column.null_count:
            column = pc.fill_null(column, pa.scalar([], column.type))
            offsets = np.frombuffer(column.buffers()[1], np.int32)[column.offset : column.offset + len(column) + 1]
        values = column.values
        if values.null_count:
            raise InvalidTable(self.where, f"column {name}", "a list holds no number: leave it out")
        numbers = np.frombuffer(values.buffers()[1], np.int32) if len(values) else np.zeros(0, np.int32)
        ends = offsets.astype(np.int64)
        self._kept[name] = (ends - ends[0], numbers[values.offset + ends[0] : values.offset + ends[-1]])
        return self.lists(name)

    def texts(self, name: str, rows: Ints) -> list[str | None]:
        """The texts of some rows."""
        found: list[str | None] = self.batch.column(name).take(pa.array(rows, pa.int64())).to_pylist()
        return found

    def out_of_order(self, name: str, rows: Ints) -> int | None:
        """The first of some rows whose text does not come after the one before it, None where all do."""
        told = self.picked(name, rows)
        follows = pc.less(told[:-1], told[1:])
        place = pc.index(follows, False).as_py()
        return None if place < 0 else place + 1

    def picked(self, name: str, rows: Ints) -> Any:
        """The texts of some rows, as a column; none where the row is negative."""
        return self.batch.column(name).take(pa.array(rows, pa.int64(), mask=rows < 0)).cast(pa.string())


def checked(batch: Batch, where: str = "table") -> Columns:
    """The columns of a batch.

    Raises InvalidTable where a column is missing, of another type, or null where it never is.
    """
    schema = batch.schema
    check_names(schema.names, where)
    for name, wanted in FIXED.items():
        if name in _NOT_ASKED and name not in schema.names:
            continue
        _check_column(schema, name, wanted, where)
    for name in schema.names:
        if name.startswith(DAY):
            _check_column(schema, name, pa.date32(), where)
        elif name.startswith(ATTRIBUTE):
            _check_column(schema, name, _WORD, where)
    for name in (name for name in _NEVER_NULL if name in schema.names):
        if batch.column(name).null_count:
            row = pc.index(pc.is_null(batch.column(name)), True).as_py()
            raise InvalidTable(where, f"row {row + 1}, {name}", "null: every event has one")
    return Columns(batch, where)


def check_names(names: Sequence[str], where: str) -> None:
    """Raise InvalidTable where a column stands twice."""
    if twice := [name for name in names if names.count(name) > 1]:
        raise InvalidTable(where, f"column {twice[0]}", f"it stands twice: {MAKE_IT}")


def _check_column(schema: Any, name: str, wanted: Any, where: str) -> None:
    if name not in schema.names:
        raise InvalidTable(where, f"column {name}", f"there is none: {MAKE_IT}")
    found = schema.field(name).type
    if found != wanted and not (wanted == _WORD and found == pa.string()):
        raise InvalidTable(where, f"column {name}", f"{wanted} is wanted, not {found}")
