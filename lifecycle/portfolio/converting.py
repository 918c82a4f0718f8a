"""Histories to tables of events: each is read as an agreement first, so that a table holds only what one accepts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from lifecycle.agreement import Agreement
from lifecycle.errors import InvalidTable
from lifecycle.events import (
    Acted,
    AgreementMade,
    Event,
    MatterEnded,
    MatterOpened,
    NoticeGiven,
    OrderSigned,
    Paid,
)
from lifecycle.files import read
from lifecycle.history import to_line
from lifecycle.plain import spoken
from lifecycle.portfolio.batches import batch_of
from lifecycle.portfolio.parquet import write_table
from lifecycle.portfolio.rules import as_word
from lifecycle.portfolio.tables import ATTRIBUTE, DAY, Batch, event_schema
from lifecycle.terms import Library, Terms, load, published

ROWS = 500_000
"""About how many events a row group holds: what is in memory at a time."""


def schema_for(terms: Iterable[Terms]) -> Any:
    """The columns of a table of events of agreements under some Terms."""
    kinds = [kind for text in terms for kind in text.kinds.values()]
    days = dict.fromkeys(day for kind in kinds for day in kind.days)
    attributes = dict.fromkeys(name for kind in kinds for name in kind.attributes)
    return event_schema(days, attributes)


def convert(
    histories: Iterable[Iterable[Event]], target: str | Path, terms: Sequence[Terms], *, rows: int = ROWS
) -> tuple[int, int]:
    """Write histories, in the order of their agreements' ids, as a table of events; how many agreements and events.

    ``terms``: those that histories name and that are not published here. Raises what
    :class:`~lifecycle.agreement.Agreement` raises for a history it does not accept, InvalidTable for histories out of
    order.
    """
    schema, count = schema_for([*terms, *map(load, published())]), 0

    def batches() -> Iterator[Batch]:
        nonlocal count
        kept: list[dict[str, Any]] = []
        before = ""
        for history in histories:
            account = Agreement(history, Library(terms))
            if not before < account.id:
                problem = f"{account.id!r} follows {before!r}: give histories by agreement, each once"
                raise InvalidTable(Path(target).name, "", problem)
            before, count = account.id, count + 1
            kept += rows_of(account)
            if len(kept) >= rows:
                yield batch_of(kept, schema)
                kept = []
        if kept:
            yield batch_of(kept, schema)

    written = write_table(target, batches(), schema)
    return count, written


def convert_files(
    paths: Iterable[Path],
    target: str | Path,
    terms: Sequence[Terms],
    *,
    rows: int = ROWS,
    told: Callable[[int, int], None] = lambda _done, _of: None,
) -> tuple[int, int]:
    """The same from files of JSON Lines, one history each, in any order; ``told`` how many are read, of how many."""
    named = sorted((next(read(path)).agreement, path) for path in paths)

    def histories() -> Iterator[Iterator[Event]]:
        for done, (_, path) in enumerate(named):
            told(done, len(named))
            yield read(path)

    return convert(histories(), target, terms, rows=rows)


def rows_of(account: Agreement) -> list[dict[str, Any]]:
    """The rows of an agreement's events."""
    opened = {e.fact.matter: e.sequence for e in account.history if isinstance(e.fact, MatterOpened)}
    return [_row(event, account, opened) for event in account.history]


def _row(event: Event, account: Agreement, opened: dict[str, int]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "agreement": event.agreement,
        "sequence": event.sequence,
        "type": spoken(type(event.fact)),
        "occurred": account.instant(event.occurred),
        "by_day": not isinstance(event.occurred, datetime),
        "recorded": event.recorded,
        "line": to_line(event),
        "beyond": None,
    }
    named: tuple[str, ...] = ()
    match event.fact:
        case AgreementMade() as made:
            row.update(terms=made.terms, digest=made.digest, trial=made.on_trial, trial_through=made.trial_through)
            row["beyond"] = "readings" if made.readings else None
            if made.zone not in (None, account.terms.zone):
                row["beyond"] = "a zone of its own"
        case OrderSigned() as order:
            length = order.term
            row.update(start=order.start, renews=order.renews)
            row.update(length=length and length.n, unit=length and length.unit)
            row["beyond"] = "order attributes" if order.attributes else "order values" if order.values else None
        case MatterOpened() as matter:
            named = (matter.matter,)
            row.update(matter=matter.matter, kind=matter.kind, party=matter.party, by=matter.by)
            if matter.amount is not None:
                row.update(amount=matter.amount.amount, currency=matter.amount.currency)
            row.update({f"{DAY}{name}": day for name, day in matter.days.items()})
            for name, value in matter.attributes.items():
                row[f"{ATTRIBUTE}{name}"] = ",".join(value) if isinstance(value, tuple) else as_word(value)
        case Paid() as money:
            named = (money.matter,)
            row.update(means=money.means, amount=money.amount.amount, currency=money.amount.currency)
        case MatterEnded() as end:
            named = (end.matter,)
            row.update(how=end.how)
        case NoticeGiven() as notice:
            named = notice.about
            delivered = None if notice.delivered is None else account.instant(notice.delivered)
            row.update(kind=notice.kind, by=notice.by, method=notice.method, delivered=delivered)
            row["beyond"] = "a notice of other Terms" if notice.terms is not None else None
        case Acted() as act:
            named = act.about
            row.update(does=act.does, by=act.by, power=act.power, method=act.method or None)
    if known := [opened[name] for name in named if name in opened]:
        row["about"] = known
    if len(known) < len(named):
        row["beyond"] = row["beyond"] or "about what is not recorded"
    return row
