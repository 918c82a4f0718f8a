"""Deadlines as a calendar in the iCalendar format (RFC 5545); the only importer of icalendar.

A later export updates an earlier one: an entry keeps its UID while its day moves, SEQUENCE is the number of events on
record, LAST-MODIFIED when the last of them was recorded, DTSTAMP the instant it is seen from. Nothing else in it tells
when it was written.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from lifecycle.agreement import Agreement
from lifecycle.days import Instant
from lifecycle.errors import LifecycleError
from lifecycle.reporting.deadlines import Deadline
from lifecycle.values import frozen

if TYPE_CHECKING:
    from icalendar import Alarm, Event

_NAMESPACE = UUID("6f0b3c1e-5d0e-5a57-9f0f-3a2b7c1d9e84")


class NoCalendar(LifecycleError, ImportError):
    """Calendars take an extra that is not installed."""


@frozen(kw_only=True)
class Stamp:
    """What an export is stamped with: seen from when, after how many recorded events, the last one recorded when."""

    at: Instant
    events: int
    recorded: Instant


def stamp(account: Agreement, at: Instant) -> Stamp:
    return Stamp(at=at, events=len(account.history), recorded=max(event.recorded for event in account.history))


def calendar(account: Agreement, found: Iterable[Deadline], at: Instant, remind: int | None = None) -> bytes:
    """Deadlines as an iCalendar file: each a day, with its clause and its arithmetic. remind: an alarm so many days
    before.

    Raises NoCalendar without the extra ``calendar``.
    """
    try:
        from icalendar import Calendar
    except ModuleNotFoundError:
        raise NoCalendar(
            "calendars need icalendar, which comes with the extra 'calendar': "
            "pip install 'contract-lifecycle[calendar]'"
        ) from None
    name = f"{account.customer} ({account.id})"
    made = Calendar()
    made.add("prodid", "-//contract-lifecycle//deadlines//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    seen = stamp(account, at)
    for deadline in found:
        made.add_component(_event(account, deadline, seen, remind))
    return bytes(made.to_ical())


def _event(account: Agreement, deadline: Deadline, seen: Stamp, remind: int | None) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", str(uuid5(_NAMESPACE, f"{account.id}|{deadline.key}")))
    event.add("dtstamp", seen.at)
    event.add("last-modified", seen.recorded)
    event.add("sequence", seen.events)
    event.add("dtstart", deadline.on)
    event.add("dtend", deadline.on + timedelta(days=1))
    event.add("summary", f"{account.customer}: {deadline.text}")
    event.add("description", _description(account, deadline))
    event.add("categories", [deadline.sort, *deadline.parties])
    event.add("status", "CANCELLED" if deadline.over else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    if remind is not None and not deadline.over:
        event.add_component(_alarm(deadline, remind))
    return event


def _description(account: Agreement, deadline: Deadline) -> str:
    told = [f"{deadline.text} [{deadline.clause}]" if deadline.clause else deadline.text]
    if deadline.over:
        told.append("This no longer stands.")
    told += [deadline.arithmetic] if deadline.arithmetic else []
    return "\n".join([*told, f"Agreement {account.id}, {account.terms.title}."])


def _alarm(deadline: Deadline, days: int) -> Alarm:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(days=-days))
    alarm.add("description", f"in {days} days: {deadline.text}")
    return alarm
