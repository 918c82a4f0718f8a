"""Many agreements at one instant, in columns: the extra ``portfolio``. See ``docs/portfolio.md``."""

from lifecycle.portfolio.answering import answers
from lifecycle.portfolio.converting import convert, convert_files, schema_for
from lifecycle.portfolio.parquet import Summary
from lifecycle.portfolio.sweeping import Part, sweep
from lifecycle.portfolio.tables import ANSWERS, event_schema

__all__ = [
    "ANSWERS",
    "Part",
    "Summary",
    "answers",
    "convert",
    "convert_files",
    "event_schema",
    "schema_for",
    "sweep",
]
