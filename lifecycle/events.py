"""What can be recorded about an agreement: a closed set of facts, each frozen, each a past participle.

A *fact* says what happened and nothing about who wrote it down; :class:`Event` is the record of it, with its place in
the history and its two times. Facts hold no judgement of ours: "material", "remediable", "reasonably believes" are
asserted by a named party.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, TypeAlias

from attrs import converters, field, frozen

from lifecycle.days import Day, Instant, Moment, Period, to_day, to_instant, to_moment
from lifecycle.errors import InvalidFact
from lifecycle.structuring import to_amount
from lifecycle.terms.model import Party, Scalar

By: TypeAlias = Literal["provider", "customer", "both"]

_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


def _amount(value: object) -> Decimal:
    try:
        return to_amount(value)
    except ValueError as error:
        raise InvalidFact("money", "amount", str(error)) from None


def _currency(value: str) -> str:
    if not isinstance(value, str) or not _CURRENCY.fullmatch(value):
        raise InvalidFact("money", "currency", f"three capital letters (ISO 4217) are wanted, not {value!r}")
    return value


def _days(value: Mapping[str, str | Day]) -> Mapping[str, Day]:
    return {name: to_day(day) for name, day in value.items()}


def _ids(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@frozen
class Money:
    """An amount, never negative, in a currency. ``Money("120.00", "USD")``."""

    amount: Decimal = field(converter=_amount)
    currency: str = field(converter=_currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


@frozen(kw_only=True)
class AgreementMade:
    """The first event of every history: under which Terms, by their id and the digest of their text, between whom.

    trial_through: the trial's last day, included; ``trial`` without it is a trial that only its limits or an order end.
    freshness: how old, in hours, the caller's knowledge may be when a power rests on silence; without it none at all.
    format: the version of the form of this history's events. readings: only the defaults of the Terms. zone: where days
    are counted; the Terms' own if not given.
    """

    format: int
    terms: str
    digest: str
    customer: str
    zone: str | None = None
    trial: bool = False
    trial_through: Day | None = field(default=None, converter=converters.optional(to_day))
    freshness: Period | None = None
    readings: Mapping[str, str] = field(factory=dict)


@frozen
class StandingHold:
    """A hold that stood when the account was imported: under which power and about which matter, as far as known."""

    power: str | None = None
    matter: str | None = None


@frozen(kw_only=True)
class OpeningBalance:
    """An account imported mid-life without its past: where it stands on the day it happened. Everything it says is
    unverified.

    number: which term is running, from 1. started: the running term's first day. holds: why it is suspended, if it is.
    """

    order: str
    started: Day = field(converter=to_day)
    term: Period
    number: int = 1
    renews: bool = True
    attributes: Mapping[str, str] = field(factory=dict)
    holds: tuple[StandingHold, ...] = ()


@frozen(kw_only=True)
class OrderSigned:
    """Both signed an order: its term runs ``term`` long from ``start``, and renews unless it says that it does not."""

    order: str
    start: Day = field(converter=to_day)
    term: Period
    renews: bool = True
    attributes: Mapping[str, str] = field(factory=dict)


@frozen(kw_only=True)
class MatterOpened:
    """Something began that lasts and counts: a breach, an invoice, a proceeding. ``by`` is the party that asserts it.

    party: whom it is about, where the kind leaves that open. days: named days of the kind, such as ``due``.
    """

    kind: str
    matter: str
    by: Party | None = None
    party: Party | None = None
    days: Mapping[str, Day] = field(factory=dict, converter=_days)
    amount: Money | None = None
    attributes: Mapping[str, Scalar] = field(factory=dict)


@frozen(kw_only=True)
class MatterChanged:
    """What was said about a matter is different from now on: only what is named changes."""

    matter: str
    days: Mapping[str, Day] = field(factory=dict, converter=_days)
    amount: Money | None = None
    attributes: Mapping[str, Scalar] = field(factory=dict)


@frozen(kw_only=True)
class MatterEnded:
    """A matter ended: cured, dismissed, resolved ... (an invoice ends by being paid, which is computed)."""

    matter: str
    how: str


@frozen(kw_only=True)
class MatterReopened:
    """A matter that had ended goes on: the dismissal was reversed. Earlier notices do not count for it again."""

    matter: str


@frozen(kw_only=True)
class Paid:
    """Money for an invoice: ``payment``, ``credit`` (a credit note), ``write_off``; or taken back: ``refund``,
    ``chargeback``.
    """

    matter: str
    amount: Money
    means: Literal["payment", "credit", "write_off", "refund", "chargeback"] = "payment"


@frozen(kw_only=True)
class NoticeGiven:
    """A writing from one party to the other, handed over or sent when it happened. Whether and when it counts, the
    Terms say.

    about: the matters it names; none for those notices that then cover all. delivered: when it is known to have
    arrived.
    """

    kind: str
    by: Party
    method: str
    about: tuple[str, ...] = field(default=(), converter=_ids)
    delivered: Moment | None = field(default=None, converter=converters.optional(to_moment))


@frozen(kw_only=True)
class NoticeDelivered:
    """Proof that a notice arrived, when this happened. ``notice`` is the id of the event that gave it."""

    notice: str


@frozen(kw_only=True)
class Acted:
    """A party exercised a power, or did the act without asking: a transition (suspend, terminate, reinstate) or another
    act.

    about: the matters it is about; for ``reinstate`` the matters whose holds it lifts, all if none. method: how it was
    given, where the clause asks for writing. override: why a person acted against the verdict. known_through: up to
    when facts were vouched for.
    """

    does: str
    by: By
    power: str | None = None
    about: tuple[str, ...] = field(default=(), converter=_ids)
    method: str | None = None
    override: str | None = None
    known_through: Instant | None = field(default=None, converter=converters.optional(to_instant))


@frozen(kw_only=True)
class Done:
    """A party fulfilled a duty, named by its id, about a matter (``ending`` for what follows the end)."""

    duty: str
    by: Party
    about: str


@frozen(kw_only=True)
class Accepted:
    """The other side accepts a late or defective notice: it counts from the acceptance, or from the day both agree
    on.
    """

    notice: str
    by: Party
    counts_from: Day | None = field(default=None, converter=converters.optional(to_day))


@frozen(kw_only=True)
class Extended:
    """More time, given by the party entitled: a day of a matter moves (``day`` to ``to``), or a power waits through a
    day (``power``, ``to``).
    """

    matter: str
    by: Party
    to: Day = field(converter=to_day)
    day: str | None = None
    power: str | None = None


@frozen(kw_only=True)
class Waived:
    """The party entitled gives up a power for a matter, from now on."""

    matter: str
    power: str
    by: Party


@frozen(kw_only=True)
class Agreed:
    """Both parties, in writing: end the agreement, withdraw a notice, rescind a termination, amend, or consent to what
    ``text`` says.

    target: the id of the event that gave the notice or terminated. power: which power of the Terms this exercises, if
    one.
    """

    what: Literal["termination", "withdrawal", "rescission", "amendment", "consent"]
    target: str | None = None
    power: str | None = None
    text: str = ""


@frozen(kw_only=True)
class Posted:
    """The provider posted a change on its website: exercises a power by posting, on the day it names or at once."""

    power: str
    effective: Day | None = field(default=None, converter=converters.optional(to_day))
    text: str = ""


@frozen(kw_only=True)
class Corrected:
    """An earlier record was wrong: read ``fact`` in its place, at the time it says or, without one, at the time
    recorded then.
    """

    event: str
    fact: Fact
    occurred: Moment | None = field(default=None, converter=converters.optional(to_moment))


@frozen(kw_only=True)
class Withdrawn:
    """An earlier record was wrong altogether: it did not happen."""

    event: str
    why: str = ""


@frozen(kw_only=True)
class Entry:
    """One line of a memo: a transition that took effect by itself, or, ``overturned``, one reported before that later
    facts undo.
    """

    key: str
    transition: str
    effective: Instant = field(converter=to_instant)
    clause: str
    text: str
    effects: tuple[str, ...] = ()
    overturned: bool = False


@frozen(kw_only=True)
class CaughtUp:
    """A memo of what took effect by itself up to an instant. Never a premise: every answer is derived without it."""

    through: Instant = field(converter=to_instant)
    entries: tuple[Entry, ...]


Fact: TypeAlias = (
    AgreementMade
    | OpeningBalance
    | OrderSigned
    | MatterOpened
    | MatterChanged
    | MatterEnded
    | MatterReopened
    | Paid
    | NoticeGiven
    | NoticeDelivered
    | Acted
    | Done
    | Accepted
    | Extended
    | Waived
    | Agreed
    | Posted
    | Corrected
    | Withdrawn
    | CaughtUp
)


@frozen(kw_only=True)
class Event:
    """A recorded fact. ``occurred`` is when it happened in the world, ``recorded`` when we learned it; they are never
    mixed.

    sequence: 1, 2, 3 ... in one agreement. key: makes recording it again a no-op. actor: who wrote it down. ref and
    meta are the host's own.
    """

    agreement: str
    sequence: int
    id: str
    occurred: Moment = field(converter=to_moment)
    recorded: Instant = field(converter=to_instant)
    fact: Fact
    key: str | None = None
    actor: str | None = None
    ref: str | None = None
    meta: Mapping[str, str] = field(factory=dict)

    def says_the_same(self, other: Event) -> bool:
        """Whether two records of one key have the same body: everything but their place and the time of recording."""
        return (self.fact, self.occurred, self.actor, self.ref, self.meta) == (
            other.fact,
            other.occurred,
            other.actor,
            other.ref,
            other.meta,
        )


FORMAT = 1
"""The version of the form of events in files. Old versions stay readable."""
