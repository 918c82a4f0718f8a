"""SQLite for the account service: histories, what is to be told onward, what came in, when to look again.

One file, the standard library. Histories keep the library's append contract: the key on agreement and sequence is what
refuses a second writer. Everything one change brings about is in one transaction: the events, the effects that other
systems must hear of, the instant at which the account must be looked at again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from attrs import frozen

from lifecycle import Event
from lifecycle.days import Instant
from lifecycle.errors import AppendConflict
from lifecycle.history import from_line, to_line
from lifecycle.store import check_next

from .billing import Charge

_TABLES = """
create table if not exists events (
    agreement text not null, sequence integer not null, line text not null, primary key (agreement, sequence)
) without rowid;
create table if not exists accounts (agreement text primary key, wake_at integer, trouble text not null default '');
create table if not exists outbox (
    key text primary key, agreement text not null, effect text not null, sent integer not null default 0
);
create table if not exists inbox (
    id text primary key, body text not null, state text not null, why text not null default '',
    account text not null default ''
);
create table if not exists charges (id text primary key, customer text not null, invoice text);
create index if not exists waking on accounts (wake_at);
"""


@frozen(kw_only=True)
class Message:
    """An effect that another system must hear of. ``key`` is the same however often it is told."""

    key: str
    agreement: str
    effect: str


class Database:
    """A SQLite file, or ``:memory:``. It is a store of histories, and keeps the rest of the service's tables."""

    def __init__(self, path: str | Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=10)
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = full")
        self._connection.executescript(_TABLES)

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written within it is kept, or none; one within another is part of it. It holds the file's only
        right to write from its beginning, so that what it reads stays so.
        """
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")

    # ---- the append contract -------------------------------------------------------------------------------

    def load(self, agreement: str) -> Iterator[Event]:
        rows = self._connection.execute(
            "select sequence, line from events where agreement = ? order by sequence", (agreement,)
        ).fetchall()
        return (from_line(line, f"event {sequence} of {agreement}") for sequence, line in rows)

    def append(self, agreement: str, events: Sequence[Event], *, expected: int) -> None:
        check_next(agreement, events, expected)
        if not events:
            return
        with self.transaction():
            last = self._last(agreement)
            if last != expected:
                raise AppendConflict(agreement, expected, last)
            self._connection.executemany(
                "insert into events values (?, ?, ?)",
                [(agreement, event.sequence, to_line(event)) for event in events],
            )

    def agreements(self) -> Iterator[str]:
        rows = self._connection.execute("select distinct agreement from events order by agreement").fetchall()
        return (agreement for (agreement,) in rows)

    def _last(self, agreement: str) -> int:
        rows = self._connection.execute("select max(sequence) from events where agreement = ?", (agreement,))
        return int(rows.fetchone()[0] or 0)

    # ---- when to look again --------------------------------------------------------------------------------

    def sleeps_until(self, agreement: str, wake_at: Instant | None) -> None:
        """When an account must be looked at again; never, with None, until something is recorded."""
        self._connection.execute(
            "insert into accounts (agreement, wake_at) values (?, ?)"
            " on conflict (agreement) do update set wake_at = excluded.wake_at, trouble = ''",
            (agreement, _seconds(wake_at)),
        )

    def awake(self, at: Instant) -> list[str]:
        """The accounts whose time has come, the longest waiting first."""
        rows = self._connection.execute(
            "select agreement from accounts where wake_at <= ? order by wake_at, agreement", (_seconds(at),)
        )
        return [agreement for (agreement,) in rows]

    def troubled(self, agreement: str, why: str) -> None:
        """Note that an account could not be looked at; it stays awake."""
        self._connection.execute("update accounts set trouble = ? where agreement = ?", (why, agreement))

    def troubles(self) -> dict[str, str]:
        return dict(self._connection.execute("select agreement, trouble from accounts where trouble != ''"))

    # ---- what other systems must hear ------------------------------------------------------------------------

    def tell(self, key: str, agreement: str, effect: str) -> None:
        """Put an effect into the outbox; once for a key, however often it is told."""
        self._connection.execute(
            "insert into outbox (key, agreement, effect) values (?, ?, ?) on conflict do nothing",
            (key, agreement, effect),
        )

    def unsent(self) -> list[Message]:
        rows = self._connection.execute("select key, agreement, effect from outbox where not sent order by rowid")
        return [Message(key=key, agreement=agreement, effect=effect) for key, agreement, effect in rows]

    def sent(self, key: str) -> None:
        self._connection.execute("update outbox set sent = 1 where key = ?", (key,))

    # ---- what came in ----------------------------------------------------------------------------------------

    def keep(self, webhook: str, body: str) -> bool:
        """Keep a webhook as it came; False where it was read before. One that was kept and never read - the process
        died between the two - is not known yet.
        """
        self._connection.execute(
            "insert into inbox (id, body, state) values (?, ?, 'new') on conflict do nothing", (webhook, body)
        )
        (state,) = self._connection.execute("select state from inbox where id = ?", (webhook,)).fetchone()
        return bool(state == "new")

    def settle(self, webhook: str, state: str, why: str = "", account: str = "") -> None:
        """Where a webhook stands, why, and whose account it names, where it names one."""
        self._connection.execute(
            "update inbox set state = ?, why = ?, account = ? where id = ?", (state, why, account, webhook)
        )

    def unread(self, account: str) -> bool:
        """Whether something came about an account that could not be taken in."""
        rows = self._connection.execute(
            "select 1 from inbox where account = ? and state in ('waiting', 'set aside')", (account,)
        )
        return rows.fetchone() is not None

    def inbox(self, state: str) -> list[tuple[str, str, str]]:
        """Id, body and why of the webhooks in a state, in the order in which they came."""
        rows = self._connection.execute("select id, body, why from inbox where state = ? order by rowid", (state,))
        return list(rows)

    def learn(self, charge: Charge) -> None:
        self._connection.execute(
            "insert into charges values (?, ?, ?) on conflict do nothing", (charge.id, charge.customer, charge.invoice)
        )

    def charge(self, charge: str) -> Charge | None:
        row = self._connection.execute("select id, customer, invoice from charges where id = ?", (charge,)).fetchone()
        return None if row is None else Charge(id=row[0], customer=row[1], invoice=row[2])


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()
