"""Plays a recorded life: ``python -m lifecycle.demo [HISTORY.jsonl]``, by default that of the example account *acme*.

Each step shows its date, what happened, the state, and who may do what from when; before each act, why it would have
been refused the day before.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from textwrap import wrap

from lifecycle.agreement import Agreement
from lifecycle.days import Instant, plus_days
from lifecycle.errors import LifecycleError
from lifecycle.events import Acted, Event
from lifecycle.files import read
from lifecycle.words import opening_told, told

INDENT = " " * 12
WIDTH = 100


def play(events: list[Event]) -> Iterator[str]:
    """The lines of the demonstration."""
    first = Agreement(events[:1])
    yield f"{first.terms.title} ({first.terms.dated}), history of {first.id}, {len(events)} events"
    for count in range(1, len(events) + 1):
        event = events[count - 1]
        before, after = Agreement(events[: max(count - 1, 1)]), Agreement(events[:count])
        yield from _step(event, before, after)
    yield from _outlook(Agreement(events), events[-1].recorded)


def _step(event: Event, before: Agreement, after: Agreement) -> Iterator[str]:
    at, seen = after.instant(event.occurred), event.recorded
    status = after.status(seen)
    known = "" if after.status(at).on == status.on else f" (learned {status.on})"
    yield ""
    if isinstance(event.fact, Acted):
        yield from _the_day_before(event.fact, before, at)
    yield f"{after.status(at).on}{known}  {told(event.fact, after.terms)}"
    if remark := after.remarks(seen).get(event.id):
        yield f"{INDENT}without effect - {remark}"
    running = status.term if status.state != "terminated" else None
    term = f", term {running.number} through {running.last}" if running else ""
    irregular = f", irregular: {', '.join(status.irregular)}" if status.irregular else ""
    yield f"{INDENT}state: {status.state or 'not in force yet'}{term}{irregular}"
    shown = set(_who_may_what(before, before.history[-1].recorded)) if event.sequence > 1 else set()
    yield from (line for line in _who_may_what(after, seen) if line not in shown)


def _the_day_before(fact: Acted, before: Agreement, at: Instant) -> Iterator[str]:
    day = plus_days(before.status(at).on, -1)
    known = before.instant(day)
    verdict = before.may(fact.does, by=fact.by, at=day, about=fact.about, power=fact.power, known_through=known)
    if not verdict.permitted:
        yield "\n".join(wrap(f"{day}  asked a day early: {verdict}", WIDTH + 12, subsequent_indent=INDENT))


def _who_may_what(agreement: Agreement, at: Instant) -> Iterator[str]:
    """Powers that rest on a matter; those that are always there are left out. A step shows what it changed."""
    for o in agreement.powers(at):
        if o.matter is None or o.matter.kind in ("term", "hold"):
            continue
        if at in o.window:
            yield _told(f"now: {opening_told(o)}", o.arithmetic)
        elif o.window:
            yield _told(f"from {agreement.status(o.window.opens).on}: {opening_told(o)}", o.arithmetic)
        else:
            missing = "; ".join(step for reason in o.reasons if not reason.met(at) and (step := reason.step()))
            yield _told(f"not yet: {opening_told(o)}", missing)


def _told(head: str, details: str) -> str:
    """A line under a step, and below it its details, one a line."""
    below = "".join(f"\n{INDENT}    {wrapped}" for detail in details.split("; ") for wrapped in wrap(detail, WIDTH))
    return f"{INDENT}{head}{below}"


def _outlook(agreement: Agreement, at: Instant) -> Iterator[str]:
    yield ""
    yield f"Duties on {agreement.status(at).on}:"
    for owed in agreement.duties(at):
        due = f" by {owed.due}" if owed.due else ""
        done = f", done {owed.done}" if owed.done else ""
        yield f"{INDENT}{' or '.join(owed.by)}: {owed.duty.title}{due} [{owed.duty.clause}] - {owed.standing}{done}"
    yield f"Clauses in force: {', '.join(agreement.clauses_in_force(at))}"
    timeline = agreement.timeline(at)
    for entry in timeline.entries:
        yield f"{INDENT}{entry.on}  {entry.text} [{entry.clause}]"
    yield f"Then: {timeline.stops}."


def example() -> Path:
    """The history of the example account: shipped with the package, or beside it in a checkout."""
    shipped = Path(str(resources.files("lifecycle") / "acme.jsonl"))
    return shipped if shipped.exists() else Path(__file__).parents[1] / "examples" / "acme" / "history.jsonl"


def main(arguments: list[str]) -> int:
    """Play the history named, or the example; 0 where it could be read, 2 where not."""
    try:
        for line in play(list(read(arguments[0] if arguments else example()))):
            print(line)
    except LifecycleError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
