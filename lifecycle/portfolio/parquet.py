"""Tables in Parquet files: read by row group, written whole or not at all, summed up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from attrs import field

from lifecycle.disk import replacing
from lifecycle.errors import InvalidTable
from lifecycle.files import holds_history
from lifecycle.portfolio.tables import Batch
from lifecycle.values import define


class EventFile:
    """A Parquet file of events whose row groups hold whole agreements.

    Raises InvalidTable where it is none.
    """

    def __init__(self, path: str | Path) -> None:
        self.name = Path(path).name
        try:
            self._file = pq.ParquetFile(path)
        except (OSError, pa.ArrowException) as error:
            raise InvalidTable(
                self.name,
                "",
                f"cannot be read as Parquet, which `lifecycle portfolio convert` makes of histories: {error}",
            ) from None
        self.groups: int = self._file.num_row_groups
        self.rows: int = self._file.metadata.num_rows
        self.names: list[str] = self._file.schema_arrow.names

    def read(self, group: int, names: Iterable[str] | None = None) -> Batch:
        """A row group, or some columns of it, as one batch."""
        wanted = list(self.names if names is None else names)
        empty = self._empty(group) & set(wanted)
        try:
            table = self._file.read_row_group(group, [n for n in wanted if n not in empty], use_threads=False)
        except (OSError, pa.ArrowException) as error:
            raise InvalidTable(self.name, f"row group {group}", f"cannot be read: {error}") from None
        batches = table.unify_dictionaries().combine_chunks().to_batches()
        if len(batches) > 1:
            raise InvalidTable(self.name, f"row group {group}", "too large for one batch: write smaller row groups")
        schema = pa.schema([self._file.schema_arrow.field(name) for name in wanted])
        if not batches:
            return pa.RecordBatch.from_pylist([], schema=schema)
        found, rows = batches[0], batches[0].num_rows
        columns = [pa.nulls(rows, schema.field(n).type) if n in empty else found.column(n) for n in wanted]
        return pa.RecordBatch.from_arrays(columns, schema=schema)

    def _empty(self, group: int) -> set[str]:
        """The columns of a row group that the file itself says hold nothing: they need not be read."""
        told = self._file.metadata.row_group(group)
        columns = (told.column(number) for number in range(told.num_columns))
        nothing = {c.path_in_schema for c in columns if c.statistics and c.statistics.null_count == told.num_rows}
        return nothing if len(nothing) < told.num_columns else set()


def write_table(path: str | Path, batches: Iterable[Batch], schema: Any) -> int:
    """Write batches as a Parquet file, a row group each; the number of rows. Whole and on disk, or not at all; never in
    place of a history.
    """
    target, rows = Path(path), 0
    if holds_history(target):
        raise InvalidTable(target.name, "", "holds a history, which nothing is written over: name another file")
    try:
        with (
            replacing(target) as file,
            pq.ParquetWriter(file, schema, compression="zstd", compression_level=1) as writer,
        ):
            for batch in batches:
                writer.write_batch(batch, row_group_size=max(1, batch.num_rows))
                rows += batch.num_rows
    except OSError as error:
        raise InvalidTable(target.name, "", f"cannot be written: {error}") from None
    return rows


def read_answers(path: str | Path) -> Any:
    """A table of answers, whole.

    Raises InvalidTable where it cannot be read.
    """
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise InvalidTable(Path(path).name, "", f"cannot be read: {error}") from None


@define
class Summary:
    """What many parts of answers come to: agreements by state (None: not in force), how many are in service, how many
    were answered singly and why, how many are refused, and the nearest of what is ahead.
    """

    most: int
    agreements: int = 0
    states: Counter[str | None] = field(factory=Counter)
    in_service: int = 0
    singly: Counter[str] = field(factory=Counter)
    refused: int = 0
    nearest: list[dict[str, Any]] = field(factory=list)
    refusals: list[dict[str, Any]] = field(factory=list)

    def add(self, path: Path) -> None:
        """Add a part.

        Raises InvalidTable where it cannot be read.
        """
        table = read_answers(path)
        self.agreements += table.num_rows
        told = table.filter(pc.is_null(table.column("refused")))
        self.states.update(_counted(told.column("state")))
        self.in_service += pc.sum(told.column("in_service")).as_py() or 0
        self.singly.update({str(why): many for why, many in _counted(table.column("singly")).items() if why})
        wrong = table.filter(pc.is_valid(table.column("refused"))).select(["agreement", "refused"])
        self.refused += wrong.num_rows
        self.refusals = (self.refusals + wrong.slice(0, self.most).to_pylist())[: self.most]
        ahead = told.filter(pc.is_valid(told.column("next_at")))
        names = ["agreement", "next_at", "next_what", "next_clause", "next_power", "next_matter"]
        soonest = pc.select_k_unstable(ahead, self.most, [("next_at", "ascending"), ("agreement", "ascending")])
        more = ahead.select(names).take(soonest).to_pylist()
        self.nearest = sorted(self.nearest + more, key=lambda row: (row["next_at"], row["agreement"]))[: self.most]


def _counted(column: Any) -> dict[str | None, int]:
    return {one["values"]: one["counts"] for one in pc.value_counts(column.cast(pa.string())).to_pylist()}
