"""Tables of events and of answers: their columns, and what is refused. The only module that knows Arrow.

Columns leave here as :class:`Columns`: numpy arrays, words as codes beside their values. What is wrong with a table is
said as InvalidTable, naming the column or row and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from attrs import define, field, frozen
from numpy.typing import NDArray

from lifecycle.errors import InvalidTable

Ints: TypeAlias = NDArray[np.int64]
Batch: TypeAlias = Any
"""A ``pyarrow.RecordBatch``."""

_WORD = pa.dictionary(pa.int32(), pa.string())
_INSTANT = pa.timestamp("us", tz="UTC")
_FIXED: dict[str, Any] = {
    "agreement": _WORD,
    "sequence": pa.int32(),
    "type": _WORD,
    "occurred": _INSTANT,
    "by_day": pa.bool_(),
    "recorded": _INSTANT,
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
    "delivered": _INSTANT,
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
DAY, ATTRIBUTE = "day:", "attribute:"
_NEVER_NULL = ("agreement", "sequence", "type", "occurred", "by_day", "recorded")
_HOLD = pa.struct([("power", pa.string()), ("matter", pa.string()), ("since", _INSTANT)])
ANSWERS = pa.schema(
    [
        ("agreement", pa.string()),
        ("state", pa.dictionary(pa.int32(), pa.string())),
        ("in_service", pa.bool_()),
        ("term_number", pa.int32()),
        ("term_first", pa.date32()),
        ("term_last", pa.date32()),
        ("holds", pa.list_(_HOLD)),
        ("provider_may", pa.list_(pa.string())),
        ("customer_may", pa.list_(pa.string())),
        ("next_at", _INSTANT),
        ("next_what", _WORD),
        ("next_clause", _WORD),
        ("next_power", _WORD),
        ("next_matter", pa.string()),
        ("wake_at", _INSTANT),
        ("singly", _WORD),
        ("refused", pa.string()),
    ]
)
"""The columns of answers, one row an agreement; ``docs/portfolio.md`` says what each means."""


def event_schema(days: Iterable[str] = (), attributes: Iterable[str] = ()) -> Any:
    """The columns of a table of events, one row an event, for Terms with these days and attributes of matters."""
    more = {**{f"{DAY}{name}": pa.date32() for name in days}, **{f"{ATTRIBUTE}{name}": _WORD for name in attributes}}
    return pa.schema([pa.field(n, t, nullable=n not in _NEVER_NULL) for n, t in {**_FIXED, **more}.items()])


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
    _kept: dict[Any, Any] = field(factory=dict, init=False)

    def __len__(self) -> int:
        return int(self.batch.num_rows)

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
        """Which of some rows are true; none is not."""
        column = pc.fill_null(self.batch.column(name).take(pa.array(rows)), False)
        found: NDArray[np.bool_] = column.to_numpy(zero_copy_only=False)
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
    for name, wanted in _FIXED.items():
        if name == "line" and name not in schema.names:
            continue
        _check_column(schema, name, wanted, where)
    for name in schema.names:
        if name.startswith(DAY):
            _check_column(schema, name, pa.date32(), where)
        elif name.startswith(ATTRIBUTE):
            _check_column(schema, name, _WORD, where)
    for name in _NEVER_NULL:
        if batch.column(name).null_count:
            raise InvalidTable(where, f"column {name}", "null in some row: every event has one")
    return Columns(batch, where)


def _check_column(schema: Any, name: str, wanted: Any, where: str) -> None:
    if schema.names.count(name) != 1:
        problem = "there is none" if name not in schema.names else "it stands twice"
        raise InvalidTable(where, f"column {name}", f"{problem}: make the table with lifecycle.portfolio.converting")
    found = schema.field(name).type
    if found != wanted and not (wanted == _WORD and found == pa.string()):
        raise InvalidTable(where, f"column {name}", f"{wanted} is wanted, not {found}")


# ---- files -------------------------------------------------------------------------------------------------


class EventFile:
    """A Parquet file of events whose row groups hold whole agreements.

    Raises InvalidTable where it is none.
    """

    def __init__(self, path: str | Path) -> None:
        self.name = Path(path).name
        try:
            self._file = pq.ParquetFile(path)
        except (OSError, pa.ArrowException) as error:
            raise InvalidTable(self.name, "", f"cannot be read as Parquet: {error}") from None
        self.groups: int = self._file.num_row_groups
        self.rows: int = self._file.metadata.num_rows
        self.names: list[str] = self._file.schema_arrow.names

    def read(self, group: int, names: Iterable[str] | None = None) -> Batch:
        """A row group, or some columns of it, as one batch."""
        try:
            table = self._file.read_row_group(group, columns=None if names is None else list(names), use_threads=False)
        except (OSError, pa.ArrowException) as error:
            raise InvalidTable(self.name, f"row group {group}", f"cannot be read: {error}") from None
        batches = table.unify_dictionaries().combine_chunks().to_batches()
        if len(batches) > 1:
            raise InvalidTable(self.name, f"row group {group}", "too large for one batch: write smaller row groups")
        return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema)


def write_table(path: str | Path, batches: Iterable[Batch], schema: Any) -> int:
    """Write batches as a Parquet file, a row group each; the number of rows. Whole, or not at all."""
    target, rows = Path(path), 0
    beside = target.with_name(f".{target.name}.part")
    try:
        with pq.ParquetWriter(beside, schema, compression="zstd", compression_level=1) as writer:
            for batch in batches:
                writer.write_batch(batch, row_group_size=max(1, batch.num_rows))
                rows += batch.num_rows
        beside.replace(target)
    except OSError as error:
        raise InvalidTable(target.name, "", f"cannot be written: {error}") from None
    finally:
        beside.unlink(missing_ok=True)
    return rows


def read_answers(path: str | Path) -> Any:
    """A table of answers, whole.

    Raises InvalidTable where it cannot be read.
    """
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise InvalidTable(Path(path).name, "", f"cannot be read: {error}") from None


def batch_of(rows: Sequence[Mapping[str, Any]], schema: Any) -> Batch:
    """Rows as a batch."""
    return pa.RecordBatch.from_pylist(list(rows), schema=schema)


def batch_from(columns: Mapping[str, Any], schema: Any) -> Batch:
    """Columns as a batch: numpy arrays, masked where they hold none, or Arrow arrays."""
    arrays = []
    for name in schema.names:
        given = columns[name]
        wanted = schema.field(name).type
        if not isinstance(given, pa.Array):
            mask = np.ma.getmaskarray(given) if isinstance(given, np.ma.MaskedArray) else None
            given = pa.array(np.ma.getdata(given), mask=mask)
        arrays.append(given if given.type == wanted else given.cast(wanted))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def words(codes: NDArray[Any], values: Sequence[str]) -> Any:
    """Codes as a column of words; none where the code is negative."""
    return pa.DictionaryArray.from_arrays(
        pa.array(codes.astype(np.int32), mask=codes < 0), pa.array(list(values), pa.string())
    )


def list_choices(codes: NDArray[Any], choices: Sequence[Sequence[str]]) -> Any:
    """Codes as a column of the lists they stand for."""
    return pa.array([list(choice) for choice in choices], pa.list_(pa.string())).take(pa.array(codes))


def hold_lists(count: int, owner: Ints, power: Any, matter: Any, since: Ints) -> Any:
    """Holds, in the order of the agreements they belong to, as a column of lists."""
    offsets = np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=count)))).astype(np.int32)
    held = pa.StructArray.from_arrays(
        [power, matter, pa.array(since).cast(_INSTANT)], fields=list(_HOLD)
    )
    return pa.ListArray.from_arrays(pa.array(offsets), held)


def rows_of(batch: Batch, rows: NDArray[Any]) -> Batch:
    """Some rows of a batch."""
    return batch.take(pa.array(rows))


def reordered(batches: Sequence[Batch], place: NDArray[Any]) -> Batch:
    """Batches put together, and their rows in the order of ``place``."""
    table = pa.Table.from_batches(batches).unify_dictionaries().combine_chunks()
    return table.to_batches()[0].take(pa.array(place))


def picked_from(column: Any, rows: NDArray[Any]) -> Any:
    """Some rows of a column."""
    return column.take(pa.array(rows))


def texts(values: Sequence[str | None]) -> Any:
    return pa.array(list(values), pa.string())


def joined(first: Any, second: Any) -> Any:
    """Two columns, one after the other."""
    return pa.concat_arrays([first, second])
