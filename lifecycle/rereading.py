"""A history read under other Terms than its own: what would hold, had the agreement been made under them.

The same facts are recorded once more, in the order in which they were, in an agreement made under the other Terms.
What those give no meaning - a matter they do not know, an act that nobody could take - is left out, and listed with the
reason. They govern throughout: amendments to further Terms are left out too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Literal

from attrs import evolve

from lifecycle.agreement import Agreement, Status
from lifecycle.days import BEGINNING, FOREVER, Day, Instant
from lifecycle.errors import InvalidFact, InvalidHistory
from lifecycle.events import Agreed, AgreementMade, CaughtUp, Event, NoticeGiven, Posted
from lifecycle.powers import Opening
from lifecycle.terms import Terms
from lifecycle.values import frozen
from lifecycle.verdict import Refused


@frozen
class Unread:
    """A fact that other Terms give no meaning, and why; an agreed reading is one too (``event`` is then the making)."""

    event: Event
    why: str


@frozen
class Reread:
    """An agreement under other Terms, and what of its history they give no meaning."""

    agreement: Agreement
    unread: tuple[Unread, ...]


def repinned(events: Iterable[Event], terms: Terms) -> list[Event]:
    """The events with the agreement made under other Terms: their id, their digest and the readings chosen in them.
    What the Terms do not know of its making - a trial, agreed readings - is left out.
    """
    first, *rest = events
    made = _making(first)
    agreed = {r.key: made.readings[r.key] for r in terms.readings if made.readings.get(r.key) in r.meanings}
    fact = evolve(made, terms=terms.id, digest=terms.digest, readings={**agreed, **terms.chosen})
    if terms.trial is None:
        fact = evolve(fact, trial=False, trial_through=None)
    return [evolve(first, fact=fact), *rest]


def _making(first: Event) -> AgreementMade:
    assert isinstance(first.fact, AgreementMade)
    return first.fact


def reread(events: Iterable[Event], terms: Terms) -> Reread:
    """The history under other Terms, as far as they give it meaning.

    Raises InvalidTerms where the readings agreed on do not go together with those chosen in the Terms.
    """
    before, *rest = events
    first, *_ = repinned([before], terms)
    agreement = Agreement([first], [terms])
    unread = [*_unmeant(before, first)]
    for event in rest:
        if isinstance(event.fact, CaughtUp):
            continue
        try:
            _record(agreement, event)
        except (InvalidFact, InvalidHistory, Refused) as error:
            unread.append(Unread(event, str(error)))
    last = max(event.recorded for event in agreement.history)
    remarks = agreement.remarks(last)
    unread += [Unread(event, why) for event in rest if (why := remarks.get(event.id, "")).startswith("waits")]
    return Reread(agreement, tuple(sorted(unread, key=lambda found: found.event.sequence)))


def _unmeant(before: Event, after: Event) -> Iterator[Unread]:
    """What of the making of the agreement was left out."""
    was, now = _making(before), _making(after)
    for key, meaning in was.readings.items():
        if now.readings.get(key) != meaning:
            taken = now.readings.get(key)
            why = f"read as {taken!r} here" if taken else "these Terms have no such reading"
            yield Unread(before, f"{key} read as {meaning!r}: {why}")
    if was.on_trial and not now.on_trial:
        yield Unread(before, "trial: these Terms know none")


def _record(agreement: Agreement, event: Event) -> None:
    """Raises InvalidFact, InvalidHistory or Refused where the Terms give an event no meaning."""
    fact = event.fact
    amends = isinstance(fact, Agreed | NoticeGiven) or (isinstance(fact, Posted) and fact.power is not None)
    if amends and getattr(fact, "terms", None) is not None:
        raise InvalidFact("amendment", "terms", f"{agreement.terms.id} is read throughout")
    agreement.record(
        fact,
        at=event.recorded,
        occurred=event.occurred,
        id=event.id,
        key=event.key,
        actor=event.actor,
        ref=event.ref,
        meta=event.meta,
    )


# ---- what it changes -----------------------------------------------------------------------------------------


@frozen
class Reach:
    """When a power is open: from its first day to its last, both included, None where there is none; ``waits``: for
    what, while it has no days.
    """

    first: Day | None = None
    last: Day | None = None
    waits: str = ""

    def __str__(self) -> str:
        if self.waits:
            return self.waits
        first = f"from {self.first}" if self.first else "at any time"
        return f"{first} through {self.last}" if self.last else first


@frozen
class Shift:
    """A power over a matter as it stands under the old and the new Terms; None where they give none."""

    power: str
    title: str
    matter: str
    old: Reach | None
    new: Reach | None


@frozen
class Impact:
    """What other Terms change for one agreement as of an instant. shifts: the powers that differ; same: how many do
    not.
    """

    agreement: str
    at: Instant
    on: Day
    old: Status
    new: Status
    shifts: tuple[Shift, ...]
    same: int
    unread: tuple[Unread, ...]

    @property
    def differs(self) -> bool:
        """Whether they change anything for it."""
        return bool(self.shifts or self.unread or standing(self.old) != standing(self.new))


def impact(old: Agreement, terms: Terms, at: Instant | None = None) -> Impact:
    """What other Terms change for an agreement as of an instant; without one, of the last record.

    Raises InvalidTerms where readings do not go together.
    """
    under = reread(old.history, terms)
    at = max(event.recorded for event in old.history) if at is None else at
    before, after = ({_place(o): o for o in agreement.powers(at)} for agreement in (old, under.agreement))
    shifts = [_shift(before.get(place), after.get(place), old, at) for place in dict.fromkeys((*before, *after))]
    changed = tuple(shift for shift in shifts if shift.old != shift.new)
    return Impact(
        agreement=old.id,
        at=at,
        on=old.status(at).on,
        old=old.status(at),
        new=under.agreement.status(at),
        shifts=changed,
        same=len(shifts) - len(changed),
        unread=under.unread,
    )


def standing(status: Status) -> dict[Literal["state", "term", "holds", "ending", "irregular"], str]:
    """What a status comes to, in words: what is compared, and told."""
    term, ending = status.term, status.ending
    holds = (f"{hold.matter or 'no matter'} ({hold.power or 'no power'})" for hold in status.holds)
    ended = f"{ending.how}{f' under {ending.power}' if ending.power else ''}" if ending else ""
    return {
        "state": status.state or "not in force",
        "term": f"term {term.number} through {term.last}" if term else "no term",
        "holds": ", ".join(holds) or "no hold",
        "ending": ended or "not ended",
        "irregular": ", ".join(status.irregular) or "no act",
    }


def _place(o: Opening) -> tuple[str, str, tuple[str, ...]]:
    """What makes an opening the same under both Terms: its power, its matter, who holds it."""
    return (o.power.id, o.matter.id if o.matter else "", o.holders)


def _shift(before: Opening | None, after: Opening | None, agreement: Agreement, at: Instant) -> Shift:
    old, new = (None if o is None else _reach(o, agreement, at) for o in (before, after))
    found = after or before
    assert found is not None
    return Shift(found.power.id, found.power.title, found.matter.label if found.matter else "", old, new)


def _reach(o: Opening, agreement: Agreement, at: Instant) -> Reach:
    if not o.window:
        steps = dict.fromkeys(step for reason in o.reasons if not reason.met(at) and (step := reason.step()))
        return Reach(waits="; ".join(steps) or "shut")
    day_of = agreement.terms.calendar(_making(agreement.history[0]).zone).day_of
    first = day_of(o.window.opens) if o.window.opens > BEGINNING else None
    last = day_of(o.window.closes - timedelta(microseconds=1)) if o.window.closes < FOREVER else None
    return Reach(first, last)
