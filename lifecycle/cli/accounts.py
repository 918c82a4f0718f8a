"""What commands about an account ask for: its history, its Terms, the instant a question is about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

from cyclopts import Parameter

from lifecycle.agreement import Agreement
from lifecycle.days import Instant
from lifecycle.files import account
from lifecycle.terms import load

History: TypeAlias = Annotated[Path, Parameter(help="The account's history: a file of JSON Lines.")]
TermsFiles: TypeAlias = Annotated[
    tuple[str, ...],
    Parameter(
        name="--terms",
        negative="",
        show_default=False,
        help="Terms that the history names and that are not published here: the path of a TOML file. Repeatable.",
    ),
]
At: TypeAlias = Annotated[
    str | None,
    Parameter(
        name="--at",
        show_default=False,
        help="The day or instant the question is about, as 2026-03-28 or 2026-03-28T09:00:00-07:00. Default: now.",
    ),
]
KnownAt: TypeAlias = Annotated[
    str | None,
    Parameter(
        name="--known-at",
        show_default=False,
        help="Answer as it was known then: only with what had been recorded. Default: with all that is recorded.",
    ),
]


def opened(history: Path, terms: Iterable[str] = (), known_at: str | None = None) -> Agreement:
    """The agreement that a history file tells, as known at a moment.

    Raises InvalidHistory, InvalidTerms, UnknownTerms or InvalidFact, each saying where.
    """
    found = account(history, [load(source) for source in terms])
    return found if known_at is None else found.known_at(known_at)


def asked_at(asked: Agreement, at: str | None) -> Instant:
    """The instant a question is about; now where none was given. The only clock that is read is this one."""
    return datetime.now(UTC) if at is None else asked.instant(at)
