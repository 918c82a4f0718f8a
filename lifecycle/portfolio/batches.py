"""Batches put together: rows, columns, words and lists made into Arrow, and batches into one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lifecycle.errors import InvalidTable
from lifecycle.portfolio.tables import HOLD, INSTANT, Batch, Ints


def batch_of(rows: Sequence[Mapping[str, Any]], schema: Any) -> Batch:
    """Rows as a batch.

    Raises InvalidTable for a row with what no column holds: it would be lost.
    """
    if lost := set().union(*rows) - set(schema.names):
        raise InvalidTable("table", f"column {min(lost)}", "there is none: give the Terms of every agreement")
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


def encoded(values: NDArray[Any]) -> tuple[NDArray[np.int32], list[int]]:
    """Numbers as codes, and the numbers that the codes stand for."""
    found = pa.array(values).dictionary_encode()
    return found.indices.to_numpy(), found.dictionary.to_pylist()


def list_choices(codes: NDArray[Any], choices: Sequence[Sequence[str]]) -> Any:
    """Codes as a column of the lists they stand for."""
    return pa.array([list(choice) for choice in choices], pa.list_(pa.string())).take(pa.array(codes))


def hold_lists(count: int, owner: Ints, power: Any, matter: Any, since: Ints) -> Any:
    """Holds, in the order of the agreements they belong to, as a column of lists."""
    offsets = np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=count)))).astype(np.int32)
    held = pa.StructArray.from_arrays([power, matter, pa.array(since).cast(INSTANT)], fields=list(HOLD))
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
