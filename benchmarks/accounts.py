"""Accounts under the Modal Terms, for what is measured here."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

from lifecycle import Agreement, Event, Money
from lifecycle.days import to_instant
from lifecycle.events import MatterOpened, Paid
from lifecycle.testing import Story

TERMS = "modal-2024-03-26"
NOON = to_instant("2026-03-31T12:00:00-07:00")  # 30 days after the invoice fell due, 26 after the notice
EARLY = to_instant("2026-03-28T12:00:00-07:00")  # three days too early

_HUNDRED = Money("100.00", "USD")


def overdue() -> Agreement:
    """An annual order, an unpaid invoice due on 2026-03-01, an overdue notice of 2026-03-05: the README's account."""
    story = Story(TERMS, on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-01").invoice("INV-7", "1200.00 USD", due="2026-03-01")
    return story.on("2026-03-05").notice("overdue", about="INV-7").agreement


@cache
def life(events: int) -> tuple[Event, ...]:
    """So many events of a customer who pays late: each month an invoice, a notice, a suspension, a payment."""
    story = Story(TERMS, on="2020-01-06").order("O-1", start="2020-01-06", months=12)
    history = story.agreement.history
    due = date(2020, 2, 3)
    while len(history) < events:
        story.on(_day(due, -20)).invoice(f"INV-{len(history)}", "100.00 USD", due=due.isoformat())
        matter = history[-1].fact.matter  # type: ignore[union-attr]
        for day, step in ((5, "notice"), (31, "suspend"), (33, "paid")):
            if len(history) >= events:
                break
            story.on(_day(due, day))
            if step == "notice":
                story.notice("overdue", about=matter)
            elif step == "suspend":
                story.do("suspend", about=matter)
            else:
                story.paid(matter, "100.00 USD")
        due += timedelta(days=35)
    return tuple(history)


def _day(start: date, days: int) -> str:
    return (start + timedelta(days=days)).isoformat()


def instants(start: datetime, count: int, step: timedelta) -> list[datetime]:
    """So many instants from one on, a step apart: no question is asked twice."""
    return [start + n * step for n in range(count)]


def breached() -> Agreement:
    """A breach notified on 2026-02-18 and not cured: 1.12(d) suspends from 2026-03-21."""
    story = Story(TERMS, on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-17").opened("breach", "B-1", party="customer", remediable=True)
    return story.on("2026-02-18").notice("breach", about="B-1").agreement


@cache
def payments(events: int) -> tuple[Event, ...]:
    """So many events, an hour apart, of a customer who pays each invoice when it comes."""
    story = Story(TERMS, on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    told, at = list(story.agreement.history), to_instant("2026-01-05T12:00:00-08:00")
    for sequence in range(3, events + 1):
        at += timedelta(hours=1)
        number = sequence - sequence % 2  # an odd event is an invoice, an even one pays it
        fact = _invoice(number) if sequence % 2 else Paid(matter=f"INV-{number - 2}", amount=_HUNDRED)
        told.append(Event(agreement="acme", sequence=sequence, id=f"E-{sequence}", occurred=at, recorded=at, fact=fact))
    return tuple(told)


def _invoice(number: int) -> MatterOpened:
    attributes = {"payment": "invoice"}
    days = {"due": "2030-01-01"}
    return MatterOpened(kind="invoice", matter=f"INV-{number}", amount=_HUNDRED, days=days, attributes=attributes)


def paying(count: int) -> list[Paid]:
    """Payments for invoices that are still to come."""
    return [Paid(matter=f"NEXT-{number}", amount=_HUNDRED) for number in range(count)]
