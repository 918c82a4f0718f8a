"""The days to keep in mind about an account: first and last days of powers, last safe days, duties, turns of the term.

Each has a key that stays the same while its day moves, so that a later list can be laid over an earlier one; what was
once to be kept in mind and no longer is, is listed as ``over``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from attrs import evolve

from lifecycle.agreement import Agreement
from lifecycle.days import Day, Instant, plus_days
from lifecycle.duties import Owed
from lifecycle.outlook import Ahead
from lifecycle.reporting.spans import Right, calendar_of, span_at, spans
from lifecycle.terms.model import named
from lifecycle.values import frozen

Sort: TypeAlias = Literal["first day", "last safe day", "last day", "duty", "turn"]
"""``first day``: from then on a power is open; ``last safe day``: the day before, the last one on which the other side
can still pay or cure without it; ``last day`` of a power that closes; ``duty``: the last day to do one; ``turn``: a
transition by itself.
"""


@frozen(kw_only=True)
class Deadline:
    """A day to keep in mind. parties: whom it concerns. over: it was ahead once, and does not stand any more."""

    key: str
    sort: Sort
    on: Day
    text: str
    clause: str
    arithmetic: str
    parties: tuple[str, ...]
    over: bool = False


def deadlines(account: Agreement, at: Instant) -> tuple[Deadline, ...]:
    """What is to be kept in mind from an instant on, in order of days; then what no longer is."""
    calendar = calendar_of(account)
    today = calendar.day_of(at)
    ahead = {each.key: each for each in _ahead(account, at) if each.on >= today}
    once: dict[str, Deadline] = {}
    for span in spans(account, at):
        seen = calendar.day_of(span.since)
        once |= {each.key: each for right in span.rights for each in _of_right(right) if each.on >= seen}
    over = [evolve(each, over=True) for key, each in once.items() if key not in ahead and each.on >= today]
    return (*sorted(ahead.values(), key=_order), *sorted(over, key=_order))


def _order(deadline: Deadline) -> tuple[Day, str, str]:
    return deadline.on, deadline.sort, deadline.key


def _ahead(account: Agreement, at: Instant) -> Iterator[Deadline]:
    for right in span_at(account, at, calendar_of(account)).rights:
        yield from _of_right(right)
    for owed in account.duties(at):
        yield from _of_duty(owed)
    for entry in account.timeline(at).entries:
        if entry.what == "transition":
            yield _of_turn(entry)


def _of_right(right: Right) -> Iterator[Deadline]:
    """The first and last day of a power over a matter, and the last safe day before it."""
    if not right.matter:
        return
    who, about = named(right.by), f"{right.title} ({right.about})"
    days: list[tuple[Sort, Day | None, str]] = [("last day", right.last, f"last day for {who} to {about}")]
    if right.first and right.standing != "waiting":
        days.append(("first day", right.first, f"{who} may {about}"))
        if right.vouched:
            days.append(("last safe day", plus_days(right.first, -1), f"last safe day before {who} may {about}"))
    for sort, day, text in days:
        if day is not None:
            yield Deadline(
                key=_key(sort, right.power, right.matter, *right.by),
                sort=sort,
                on=day,
                text=text,
                clause=right.clause,
                arithmetic=right.arithmetic,
                parties=("provider", "customer") if sort == "last safe day" else right.by or ("provider", "customer"),
            )


def _of_duty(owed: Owed) -> Iterator[Deadline]:
    if owed.due is not None and owed.standing == "pending":
        yield Deadline(
            key=_key("duty", owed.duty.id, owed.matter, *owed.by),
            sort="duty",
            on=owed.due,
            text=f"last day for {' or '.join(owed.by)} to {owed.duty.title} ({owed.matter})",
            clause=owed.duty.clause,
            arithmetic=owed.arithmetic,
            parties=owed.by,
        )


def _of_turn(entry: Ahead) -> Deadline:
    return Deadline(
        key=_key("turn", entry.change.transition, entry.change.cause) if entry.change else _key("turn", entry.text),
        sort="turn",
        on=entry.on,
        text=entry.text,
        clause=entry.clause,
        arithmetic=entry.arithmetic,
        parties=entry.by or ("provider", "customer"),
    )


def _key(*parts: str) -> str:
    """Parts as one text that no other parts come to."""
    return "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)


def concerning(found: Iterable[Deadline], party: str | None) -> tuple[Deadline, ...]:
    """Those that concern a party; all of them without one."""
    return tuple(each for each in found if party is None or party in each.parties)
