"""What a docket holds: matters with their spells, notices, acts and orders, and what the Terms ask of a fact about
them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise, starmap
from typing import Any, NamedTuple, TypeAlias

from attrs import evolve

from lifecycle.days import FOREVER, Day, Instant, Period, last_day_of_term, plus_days
from lifecycle.errors import InvalidFact
from lifecycle.events import MatterChanged, MatterOpened, Money, OpeningBalance, OrderSigned, Paid
from lifecycle.plain import a
from lifecycle.terms.checking import clocks
from lifecycle.terms.model import Kind, Party, Renewal, Scalar, Terms
from lifecycle.values import frozen
from lifecycle.windows import Window, Windows

_NOTHING: Mapping[Any, Any] = {}  # nothing is ever put in place: a matter that changes is another one
_NOUGHT = Decimal(0)
_ENDED_BY = {"payment": "paid", "credit": "credited", "write_off": "written_off"}
_SETTLED = frozenset(_ENDED_BY.values())


class Spell(NamedTuple):
    """One stretch for which a matter lasted; a matter that reopens has another. Open-ended where it has not ended."""

    opened: Instant
    ended: Instant = FOREVER
    how: str = ""

    @property
    def window(self) -> Window:
        return Window(self.opened, self.ended)


Spells: TypeAlias = tuple[Spell, ...]


class Notice(NamedTuple):
    """A notice given. ``counts`` is when it takes effect under the Terms, None while it does not, and then ``defect``
    says why.
    """

    id: str
    kind: str
    by: Party
    method: str
    given: Instant
    about: tuple[str, ...] = ()
    delivered: Instant | None = None
    accepted: Instant | None = None
    withdrawn: Instant | None = None
    counts: Instant | None = None
    defect: str = ""
    by_day: bool = False
    """Whether only the day is known on which it was given."""
    earlier: tuple[tuple[Instant, Instant | None], ...] = ()
    """When it counted before a fact moved it: (the instant of that fact, when it counted until then), in order."""

    def counted(self, at: Instant) -> Instant | None:
        """When it counted, as it stood before an instant."""
        return next((counts for moved, counts in self.earlier if at <= moved), self.counts)


@frozen
class HeldUp:
    """That another matter names one, from when to when. ``amount``: how much of it is disputed, None for all of it.
    ``lapses``: it ends by itself, with the last moment of a day.
    """

    matter: str
    kind: str
    window: Window
    amount: Decimal | None = None
    lapses: bool = False


class Matter(NamedTuple):
    """A matter as the facts so far tell it. ``balance`` is what is still owed, where it has money."""

    id: str
    kind: str
    title: str
    party: Party | None
    spells: Spells
    by: Party | None = None
    days: Mapping[str, Day] = _NOTHING
    attributes: Mapping[str, Scalar] = _NOTHING
    amount: Money | None = None
    balance: Decimal = _NOUGHT
    notices: tuple[Notice, ...] = ()
    waits: Mapping[tuple[str, str], Day] = _NOTHING
    """(power or duty, party) -> the last day through which that party promised to wait."""
    waived: Mapping[tuple[str, str], Instant] = _NOTHING
    """(power, party) -> when that party gave it up for this matter."""
    held_up: tuple[HeldUp, ...] = ()
    """What names this matter and so may stop a clock or shut a power: a force majeure, a dispute."""
    version: int = 0
    """Which of the agreement's Terms govern it: those in force when it opened."""

    @property
    def opened(self) -> Instant:
        return self.spells[0].opened

    @property
    def last(self) -> Spell:
        return self.spells[-1]

    @property
    def label(self) -> str:
        """What people call it: ``invoice INV-7``, ``term 2``."""
        return self.id if self.id.startswith(self.kind) else f"{self.title} {self.id}"

    def after(self, spells: Spells, balance: Decimal, notices: tuple[Notice, ...]) -> Matter:
        """The matter after what most facts change; several times as quick as ``_replace``."""
        name, kind, title, party, _, by, days, said, amount, _, _, waits, waived, held_up, version = self
        rest = (amount, balance, notices, waits, waived, held_up, version)
        return Matter(name, kind, title, party, spells, by, days, said, *rest)

    def held_up_by(self, kind: str) -> tuple[HeldUp, ...]:
        """What of a kind names this matter, and when: disputes about less than all that is owed only while they come to
        it together, for the rest is undisputed.
        """
        found = [held for held in self.held_up if held.kind == kind]
        if all(held.amount is None for held in found):
            return tuple(found)
        edges = sorted({edge for held in found for edge in (held.window.opens, held.window.closes)})
        whole = Windows.of(stretch for stretch in starmap(Window, pairwise(edges)) if self._is_all(stretch, found))
        return tuple(
            evolve(held, window=part, lapses=held.lapses and part.closes == held.window.closes)
            for held in found
            for part in Windows((held.window,)) & whole
        )

    def _is_all(self, stretch: Window, found: list[HeldUp]) -> bool:
        """Whether what is disputed in a stretch of time comes to all that is owed."""
        amounts = [held.amount for held in found if held.window & stretch]
        return None in amounts or sum(filter(None, amounts), Decimal(0)) >= self.balance

    def attribute(self, name: str) -> Scalar | None:
        """An attribute, or the party it is about under the name ``party``; None where nobody said."""
        return self.party if name == "party" else self.attributes.get(name)


class Act(NamedTuple):
    """Something a party did, or both: an exercise of a power, or an act outside of all powers. ``at`` is when it takes
    effect, FOREVER while that is open; ``deferred`` where that was not yet so when it was done.
    """

    event: str
    sequence: int
    at: Instant
    does: str
    by: str
    power: str | None = None
    about: tuple[str, ...] = ()
    method: str | None = None
    override: str | None = None
    known_through: Instant | None = None
    deferred: bool = False
    seen: tuple[Matter, ...] = ()
    """The matters it may rest on, as they stood when it was done; only where it names none."""


@frozen
class Order:
    """An order both signed at an instant, or (``number`` > 1) what an imported account says about its running term."""

    at: Instant
    event: str
    id: str
    start: Day
    term: Period
    renews: bool
    attributes: Mapping[str, str]
    values: Mapping[str, Period]
    number: int = 1


def spans(start: Day, length: Period, renewal_at: Callable[[Day], Renewal | None]) -> Iterator[tuple[Day, Day]]:
    """The first and last days, both included, of an order's terms, one after the other without end; ``renewal_at``: the
    rule of renewal that governs the term beginning on a day.
    """
    anchor, k, first = start, 1, start
    while True:
        renewal = renewal_at(first)
        month_ends = renewal.month_ends if renewal else "corresponding day"
        last = last_day_of_term(anchor, length, k, month_ends)
        yield first, last
        first = plus_days(last, 1)
        k += 1
        longest = renewal.longest if renewal else None
        if longest and last_day_of_term(first, longest, 1) < last_day_of_term(anchor, length, k, month_ends):
            anchor, length, k = first, longest, 1


# ---- what facts make of a matter ----------------------------------------------------------------------------


def opened(fact: MatterOpened, kind: Kind, at: Instant, version: int = 0) -> Matter:
    """The matter as it begins; an invoice over nothing is paid from the start."""
    amount, party, balance = fact.amount, fact.party, _NOUGHT
    spells: Spells = (Spell(at),)
    if party is None and (kind.party == "provider" or kind.party == "customer"):
        party = kind.party
    if amount is not None and kind.money == "owed":
        balance = amount.amount
        spells = settled(spells, balance, "paid", at)
    return Matter(
        fact.matter,
        kind.id,
        kind.title,
        party,
        spells,
        fact.by,
        fact.days,
        fact.attributes,
        amount,
        balance,
        version=version,
    )


def paid(matter: Matter, fact: Paid, kind: Kind, at: Instant) -> Matter:
    """The matter after money was paid, credited or written off, or taken back; earlier spells stay as they are.

    Raises InvalidFact for a matter without an amount, or money in another currency.
    """
    if matter.amount is None or kind.money != "owed":
        raise InvalidFact("paid", "matter", f"{matter.label} has no amount that could be paid")
    if fact.amount.currency != matter.amount.currency:
        problem = f"{matter.label} is in {matter.amount.currency}: record what was credited to it in that currency"
        raise InvalidFact("paid", "amount", problem)
    how, amount = _ENDED_BY.get(fact.means), fact.amount.amount
    balance = matter.balance + amount if how is None else matter.balance - amount
    return matter.after(settled(matter.spells, balance, how or "paid", at), balance, matter.notices)


def settled(spells: Spells, balance: Decimal, how: str, at: Instant) -> Spells:
    """The spells of a matter with money by what is owed: the running one ended (as ``how``) where nothing is, a further
    one where something is again.
    """
    last = spells[-1]
    if last.ended == FOREVER:
        return ended(spells, how, at) if balance <= 0 else spells
    return reopened(spells, at) if balance > 0 and last.how in _SETTLED else spells


def ended(spells: Spells, how: str, at: Instant) -> Spells:
    """The spells with the running one ended; an end before its beginning ends it where it begins."""
    last = spells[-1]
    return spells if at >= last.ended else (*spells[:-1], Spell(last.opened, max(at, last.opened), how))


def reopened(spells: Spells, at: Instant) -> Spells:
    """The spells with a further one, where the last one has ended."""
    last = spells[-1]
    return spells if at < last.ended else (*spells, Spell(max(at, last.ended)))


def changed(matter: Matter, fact: MatterChanged, kind: Kind, at: Instant) -> Matter:
    """The matter with what the fact names changed.

    Raises InvalidFact for what the kind does not have, and for another currency.
    """
    check_details("matter changed", kind, fact.days, fact.attributes, fact.amount)
    if fact.amount and matter.amount and fact.amount.currency != matter.amount.currency:
        raise InvalidFact("matter changed", "amount", f"{matter.label} is in {matter.amount.currency}")
    amount, balance, spells = fact.amount or matter.amount, matter.balance, matter.spells
    if kind.money == "owed":
        if fact.amount and matter.amount:
            balance += fact.amount.amount - matter.amount.amount
        if amount:
            spells = settled(spells, balance, "credited", at)
    return matter._replace(
        days={**matter.days, **fact.days},
        attributes={**matter.attributes, **fact.attributes},
        amount=amount,
        balance=balance,
        spells=spells,
    )


def names(matter: Matter, kind: Kind) -> tuple[str, ...]:
    """The ids of the matters that this one is about: whose cure it prevents, what it disputes."""
    named = (matter.attributes.get(name) for name, allowed in kind.attributes.items() if allowed == "matters")
    return tuple(each for ids in named if isinstance(ids, tuple) for each in ids)


# ---- what the Terms ask of a fact ---------------------------------------------------------------------------


def check_reopening(matter: Matter) -> None:
    """Raise InvalidFact for reopening what was paid: money taken back reopens it, as a refund or a chargeback."""
    if matter.amount is not None and matter.last.how in _SETTLED:
        raise InvalidFact("matter reopened", "matter", f"{matter.label} is settled: record the refund or chargeback")


def check_end(matter: Matter, kind: Kind, how: str) -> None:
    """Raise InvalidFact for an end that a matter of the kind cannot have, or that is computed from what is paid."""
    possible = [end for end in kind.ends if kind.money != "owed" or end not in _SETTLED]
    if how not in possible:
        ways = f"it ends as {', '.join(possible)}" if possible else "it has no end under the Terms"
        computed = " or by being paid" if kind.money == "owed" else ""
        raise InvalidFact("matter ended", "how", f"{matter.label} cannot be {how}: {ways}{computed}")


def kind_of(fact: MatterOpened, terms: Terms) -> Kind:
    """The kind of a matter as the Terms declare it.

    Raises InvalidFact where the fact does not say what the kind asks for.
    """
    kind = terms.kinds.get(fact.kind)
    if kind is None:
        raise InvalidFact("matter opened", "kind", f"the Terms know no matter {fact.kind!r}: {', '.join(terms.kinds)}")
    if kind.party == "either" and fact.party is None:
        raise InvalidFact("matter opened", "party", f"say whom the {kind.title} is about: provider or customer")
    if kind.party != "either" and fact.party not in (None, kind.party):
        raise InvalidFact("matter opened", "party", f"{a(kind.title)} is about {kind.party}")
    if kind.money == "owed" and fact.amount is None:
        raise InvalidFact("matter opened", "amount", f"{a(kind.title)} has an amount")
    if missing := [day for day in kind.days if day not in fact.days and day not in kind.defaults]:
        raise InvalidFact("matter opened", "days", f"{a(kind.title)} needs the day {', '.join(missing)}")
    check_details("matter opened", kind, fact.days, fact.attributes, fact.amount)
    return kind


def check_details(
    fact: str, kind: Kind, days: Mapping[str, Day], attributes: Mapping[str, Scalar], amount: Money | None
) -> None:
    """Raise InvalidFact for days, attributes or an amount that a kind does not have, or not with that value."""
    if amount is not None and not kind.money:
        raise InvalidFact(fact, "amount", f"{a(kind.title)} has no amount")
    if unknown := [day for day in days if day not in kind.days]:
        raise InvalidFact(
            fact, "days", f"{a(kind.title)} has no day {', '.join(unknown)}: {', '.join(kind.days) or 'none'}"
        )
    for name, value in attributes.items():
        allowed = kind.attributes.get(name)
        if allowed is None:
            raise InvalidFact(
                fact,
                f"attributes.{name}",
                f"{a(kind.title)} has no such attribute: {', '.join(kind.attributes) or 'none'}",
            )
        if allowed == "yes or no" and not isinstance(value, bool):
            raise InvalidFact(fact, f"attributes.{name}", f"true or false is wanted, not {value!r}")
        if allowed == "matters" and not isinstance(value, tuple):
            raise InvalidFact(fact, f"attributes.{name}", f"a list of matters is wanted, not {value!r}")
        if isinstance(allowed, tuple) and value not in allowed:
            raise InvalidFact(fact, f"attributes.{name}", f"one of {', '.join(allowed)} is wanted, not {value!r}")


def check_order(fact: OrderSigned | OpeningBalance, terms: Terms) -> None:
    """Raise InvalidFact for an order whose term is no term, or with attributes the Terms do not know."""
    name = "order signed" if isinstance(fact, OrderSigned) else "opening balance"
    term = fact.term or terms.order.term
    if term is None:
        raise InvalidFact(name, "term", "say how long its term is: these Terms name no length of their own")
    if term.n < 1 or term.unit in ("hours", "business days"):
        raise InvalidFact(name, "term", f"a term lasts at least one day, month or year, not {term}")
    for key, value in fact.attributes.items():
        if value not in terms.order.attributes.get(key, ()):
            raise InvalidFact(name, f"attributes.{key}", f"the Terms know no order with {key} = {value!r}")
    if unknown := [key for key in fact.values if key not in terms.order.values]:
        known = ", ".join(terms.order.values) or "none"
        raise InvalidFact(name, "values", f"the Terms know no period {', '.join(unknown)} in an order: {known}")
    for path, clock in clocks(terms) if fact.values else ():
        period = fact.values.get(clock.order_value)
        if period and not clock.takes(period):
            problem = f"{path} counts in {clock.unit}, and cannot count {period}"
            raise InvalidFact(name, f"values.{clock.order_value}", problem)
