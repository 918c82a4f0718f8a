"""What can be recorded about an agreement: a closed set of facts, each frozen, each a past participle.

A *fact* says what happened and nothing about who wrote it down; :class:`Event` is the record of it, with its place in
the history and its two times. Facts hold no judgement of ours: "material", "remediable", "reasonably believes" are
asserted by a named party.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

from attrs import converters, field, fields

from lifecycle.days import Day, Instant, Moment, Period, to_day, to_instant, to_moment
from lifecycle.errors import InvalidFact
from lifecycle.plain import MAX_COUNT, MAX_ITEMS, MAX_NAME, MAX_TEXT, shown, spoken, text_problem, to_amount
from lifecycle.terms.model import Party, Scalar
from lifecycle.values import frozen

By: TypeAlias = Literal["provider", "customer", "both"]

_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


def _amount(value: object) -> Decimal:
    try:
        return to_amount(value)
    except ValueError as error:
        raise InvalidFact("money", "amount", str(error)) from None


def _currency(value: str) -> str:
    if not isinstance(value, str) or not _CURRENCY.fullmatch(value):
        raise InvalidFact("money", "currency", f"three capital letters (ISO 4217) are wanted, not {shown(value)}")
    return value


def _days(value: Mapping[str, str | Day]) -> Mapping[str, Day]:
    return {name: to_day(day) for name, day in _table(value).items()}


def _details(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The host's own dict is copied, lists become tuples: a recorded fact does not change."""
    copied = dict(value if type(value) is dict else _table(value))
    for name, item in copied.items():
        if isinstance(item, list):
            copied[name] = tuple(item)
    return copied


def _table(value: Mapping[str, Any]) -> Mapping[str, Any]:
    if type(value) is not dict and not isinstance(value, Mapping):
        raise InvalidFact("event", "", f"a table of names is wanted, not {shown(value)}")
    return value


def _ids(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


Check: TypeAlias = Callable[[Any], str | None]
"""What is wrong with a value, or None."""


class Checked:
    """Every field refuses what its annotation does not allow, so that what is recorded can be read back."""

    __slots__ = ()

    def __attrs_post_init__(self) -> None:
        cls = type(self)
        if (checks := _CHECKS.get(cls)) is None:
            checks = _CHECKS[cls] = tuple(checks_of(cls))
        for name, default, check in checks:
            value = getattr(self, name)
            if value is not default and (problem := check(value)):
                raise InvalidFact(spoken(cls), name, problem)


# The fields of a class that are checked, found when the first of it is made: name, default (which is fine), and check.
_CHECKS: dict[type[Checked], tuple[tuple[str, object, Check], ...]] = {}


def checks_of(cls: type[Any]) -> Iterator[tuple[str, object, Check]]:
    """The fields of a class that are checked: name, default (which is fine), and check."""
    for each in fields(cls):
        annotation = cls.__annotations__[each.name]  # as written here: cattrs resolves the types of fields
        if check := _check(annotation, MAX_TEXT if each.name in LONG else MAX_NAME):
            yield each.name, each.default, check


# Texts that may be sentences; every other one is a name or an id.
LONG = ("text", "why", "override", "key")


def _check(type_: Any, longest: int = MAX_TEXT) -> Check | None:
    """The check that an annotation comes to; None where a converter has seen to it, or where it allows anything."""
    origin, arguments = get_origin(type_), get_args(type_)
    if type_ is str:
        return _text(longest)
    if type_ is int:
        return lambda v: None if type(v) is int and 0 <= v <= MAX_COUNT else f"a count is wanted, not {shown(v)}"
    if type_ == "Fact":  # of a correction
        return _what_happened
    if origin is Literal:
        return lambda value: (
            None if value in arguments else f"one of {', '.join(arguments)} is wanted, not {shown(value)}"
        )
    if origin is tuple:
        return _NAMES if arguments[0] is str else _each(_instance((arguments[0],)))
    if origin is Mapping:
        return _table_of(_check(arguments[1]) or (lambda _: None))
    if origin in (Union, UnionType):
        return _one_of(arguments, longest)
    return _instance((type_,)) if isinstance(type_, type) and type_ not in (Decimal, date, datetime) else None


def _text(longest: int) -> Check:
    def problem(value: object) -> str | None:
        plain = type(value) is str and len(value) <= longest and value.isprintable()
        return None if plain else text_problem(value, longest)

    return problem


def _what_happened(value: object) -> str | None:
    """A correction says what happened instead; it is not itself about the record."""
    if type(value) in (AgreementMade, Corrected, Withdrawn, CaughtUp):
        return f"what happened instead is wanted, not {spoken(type(value))}"
    return None if type(value) in get_args(Fact) else f"what happened instead is wanted, not {shown(value)}"


def _instance(classes: tuple[type[Any], ...]) -> Check:
    words = " or ".join(spoken(cls) for cls in classes[:3]) + (" ..." if len(classes) > 3 else "")
    among = frozenset(classes)
    return lambda value: None if type(value) in among else f"{words} is wanted, not {shown(value)}"


def _one_of(arguments: tuple[Any, ...], longest: int) -> Check | None:
    """Of a union: None where it is allowed, and one of the rest."""
    rest = tuple(kind for kind in arguments if kind is not NoneType)
    if any(kind in (date, datetime) for kind in rest):
        return None
    if len(rest) == 1 and (check := _check(rest[0], longest)):
        return lambda value: None if value is None and NoneType in arguments else check(value)
    if str in rest:  # an attribute: a text, yes or no, or a list of names
        return lambda v: None if type(v) is bool else _NAMES(v) if isinstance(v, tuple) else text_problem(v)
    return _instance(rest)


def _each(check: Check) -> Check:
    def items(value: object) -> str | None:
        if not isinstance(value, tuple):
            return f"a list is wanted, not {shown(value)}"
        if len(value) > MAX_ITEMS:
            return f"{len(value)} items, more than {MAX_ITEMS}"
        for item in value:
            if problem := check(item):
                return problem
        return None

    return items


_NAMES = _each(_text(MAX_NAME))


def _table_of(check: Check) -> Check:
    values = _each(check)
    return lambda value: (_NAMES(tuple(value)) or values(tuple(value.values()))) if value else None


@frozen
class Money:
    """An amount, never negative, in a currency. ``Money("120.00", "USD")``."""

    amount: Decimal = field(converter=_amount)
    currency: str = field(converter=_currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


@frozen(kw_only=True)
class AgreementMade(Checked):
    """The first event of every history: under which Terms, by their id and the digest of their text, between whom.

    trial_through: the trial's last day, included; ``trial`` without it is a trial that only its limits or an order end.
    freshness: how old, in hours, the caller's knowledge may be when a power rests on silence; without it none at all.
    format: the version of the form of this history's events. readings: what unclear clauses are taken to mean, where it
    is not the default of the Terms. zone: where days are counted; the Terms' own if not given.
    """

    format: int
    terms: str
    digest: str
    customer: str
    zone: str | None = None
    trial: bool = False
    trial_through: Day | None = field(default=None, converter=converters.optional(to_day))
    freshness: Period | None = None
    readings: Mapping[str, str] = field(factory=dict, converter=_details)

    @property
    def on_trial(self) -> bool:
        """Whether the agreement begins with a trial, with or without a last day."""
        return self.trial or self.trial_through is not None


@frozen
class StandingHold(Checked):
    """A hold that stood when the account was imported: under which power and about which matter, as far as known."""

    power: str | None = None
    matter: str | None = None


@frozen(kw_only=True)
class OpeningBalance(Checked):
    """An account imported mid-life without its past: where it stands on the day it happened. Everything it says is
    unverified.

    number: which term is running, from 1. started: the running term's first day. holds: why it is suspended, if it is.
    """

    order: str
    started: Day = field(converter=to_day)
    term: Period | None = None
    number: int = 1
    renews: bool = True
    attributes: Mapping[str, str] = field(factory=dict, converter=_details)
    values: Mapping[str, Period] = field(factory=dict, converter=_details)
    holds: tuple[StandingHold, ...] = field(default=(), converter=_tuple)


@frozen(kw_only=True)
class OrderSigned(Checked):
    """Both signed an order: its term runs ``term`` long from ``start`` (or as long as the Terms say), and renews unless
    it says that it does not.

    order: its id. start: the first day of its term. term: how long it runs. attributes: what it says besides. values:
    the periods it names where the Terms leave them to it.
    """

    order: str
    start: Day = field(converter=to_day)
    term: Period | None = None
    renews: bool = True
    attributes: Mapping[str, str] = field(factory=dict, converter=_details)
    values: Mapping[str, Period] = field(factory=dict, converter=_details)


@frozen(kw_only=True)
class MatterOpened(Checked):
    """Something began that lasts and counts: a breach, an invoice, a proceeding. ``by`` is the party that asserts it.

    kind: one that the Terms declare. matter: its id. party: whom it is about, where the kind leaves that open. days:
    named days of the kind, such as ``due``. amount: what is owed or disputed. attributes: what the Terms ask of it.
    """

    kind: str
    matter: str
    by: Party | None = None
    party: Party | None = None
    days: Mapping[str, Day] = field(factory=dict, converter=_days)
    amount: Money | None = None
    attributes: Mapping[str, Scalar] = field(factory=dict, converter=_details)


@frozen(kw_only=True)
class MatterChanged(Checked):
    """What was said about a matter is different from now on: only what is named changes."""

    matter: str
    days: Mapping[str, Day] = field(factory=dict, converter=_days)
    amount: Money | None = None
    attributes: Mapping[str, Scalar] = field(factory=dict, converter=_details)


@frozen(kw_only=True)
class MatterEnded(Checked):
    """A matter ended: cured, dismissed, resolved ... (an invoice ends by being paid, which is computed).

    how: one of the ends that the Terms declare for its kind.
    """

    matter: str
    how: str


@frozen(kw_only=True)
class MatterReopened(Checked):
    """A matter that had ended goes on: the dismissal was reversed. Earlier notices do not count for it again."""

    matter: str


@frozen(kw_only=True)
class Paid(Checked):
    """Money for an invoice: ``payment``, ``credit`` (a credit note), ``write_off``; or taken back: ``refund``,
    ``chargeback``.
    """

    matter: str
    amount: Money
    means: Literal["payment", "credit", "write_off", "refund", "chargeback"] = "payment"


@frozen(kw_only=True)
class NoticeGiven(Checked):
    """A writing from one party to the other, handed over or sent when it happened. Whether and when it counts, the
    Terms say.

    kind: one that the Terms declare. method: how it was given, such as ``courier`` or ``email``. about: the matters it
    names; none for those notices that then cover all. delivered: when it is known to have arrived. terms, digest: the
    Terms to which it amends the agreement, where it is that kind of notice.
    """

    kind: str
    by: Party
    method: str
    about: tuple[str, ...] = field(default=(), converter=_ids)
    delivered: Moment | None = field(default=None, converter=converters.optional(to_moment))
    terms: str | None = None
    digest: str | None = None
    readings: Mapping[str, str] = field(factory=dict, converter=_details)
    effective: Day | None = field(default=None, converter=converters.optional(to_day))


@frozen(kw_only=True)
class NoticeDelivered(Checked):
    """Proof that a notice, or an act in writing, arrived when this happened. ``notice`` is the id of its event."""

    notice: str


@frozen(kw_only=True)
class Acted(Checked):
    """A party exercised a power, or did the act without asking: a transition (suspend, terminate, reinstate) or another
    act.

    does: the transition or act. power: under which power of the Terms, by its id. about: the matters it is about; for
    ``reinstate`` the matters whose holds it lifts, all if none. method: how it was given, where the clause asks for
    writing. override: why a person acted against the verdict. known_through: up to when facts were vouched for.
    approvals: the persons who approved it.
    """

    does: str
    by: By
    power: str | None = None
    about: tuple[str, ...] = field(default=(), converter=_ids)
    method: str | None = None
    override: str | None = None
    known_through: Instant | None = field(default=None, converter=converters.optional(to_instant))
    approvals: tuple[str, ...] = field(default=(), converter=_ids)


@frozen(kw_only=True)
class Done(Checked):
    """A party fulfilled a duty, named by its id, about a matter (``ending`` for what follows the end)."""

    duty: str
    by: Party
    about: str


@frozen(kw_only=True)
class Accepted(Checked):
    """The other side accepts a late or defective notice: it counts from the acceptance, or from the day both agree
    on.
    """

    notice: str
    by: Party
    counts_from: Day | None = field(default=None, converter=converters.optional(to_day))


@frozen(kw_only=True)
class Extended(Checked):
    """More time, given by the party entitled: a day of a matter moves (``day`` to ``to``), or a power waits through a
    day (``power``, ``to``).
    """

    matter: str
    by: Party
    to: Day = field(converter=to_day)
    day: str | None = None
    power: str | None = None


@frozen(kw_only=True)
class Waived(Checked):
    """The party entitled gives up a power for a matter, from now on."""

    matter: str
    power: str
    by: Party


@frozen(kw_only=True)
class Agreed(Checked):
    """Both parties, in writing: end the agreement, withdraw a notice, rescind a termination, amend, or consent to what
    ``text`` says.

    target: the id of the event that gave the notice or terminated. power: which power of the Terms this exercises, if
    one. An amendment may name other Terms, by id and digest, with the readings they agree on, and the day from which
    they govern.
    """

    what: Literal["termination", "withdrawal", "rescission", "amendment", "consent"]
    target: str | None = None
    power: str | None = None
    text: str = ""
    terms: str | None = None
    digest: str | None = None
    readings: Mapping[str, str] = field(factory=dict, converter=_details)
    effective: Day | None = field(default=None, converter=converters.optional(to_day))


@frozen(kw_only=True)
class Posted(Checked):
    """The provider posted something on its website, in effect on the day it names or at once.

    power: what it exercises by posting. With ``terms`` and ``digest`` it amends the agreement to those Terms, as far as
    the Terms in force let it. Without a power, the Terms it names are a policy: they are in force at once, and no part
    of the agreement.
    """

    power: str | None = None
    effective: Day | None = field(default=None, converter=converters.optional(to_day))
    text: str = ""
    terms: str | None = None
    digest: str | None = None
    readings: Mapping[str, str] = field(factory=dict, converter=_details)


@frozen(kw_only=True)
class Corrected(Checked):
    """An earlier record was wrong: read ``fact`` in its place, at the time it says or, without one, at the time
    recorded then.
    """

    event: str
    fact: "Fact"
    occurred: Moment | None = field(default=None, converter=converters.optional(to_moment))


@frozen(kw_only=True)
class Withdrawn(Checked):
    """An earlier record was wrong altogether: it did not happen."""

    event: str
    why: str = ""


@frozen(kw_only=True)
class Entry(Checked):
    """One line of a memo: a transition that took effect by itself, or, ``overturned``, one reported before that later
    facts undo.
    """

    key: str
    transition: str
    effective: Instant = field(converter=to_instant)
    clause: str
    text: str
    effects: tuple[str, ...] = field(default=(), converter=_tuple)
    overturned: bool = False


@frozen(kw_only=True)
class CaughtUp(Checked):
    """A memo of what took effect by itself up to an instant. Never a premise: every answer is derived without it."""

    through: Instant = field(converter=to_instant)
    entries: tuple[Entry, ...] = field(converter=_tuple)


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
class Event(Checked):
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
    meta: Mapping[str, str] = field(factory=dict, converter=_details)

    @property
    def place(self) -> str:
        """How messages call it: by its sequence and agreement."""
        return f"event {self.sequence} of {self.agreement}"

    def says_the_same(self, other: "Event") -> bool:
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
