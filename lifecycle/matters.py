"""What a docket holds: matters with their spells, notices, acts and orders, and what the Terms ask of a fact about
them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise, starmap
from typing import Any

from attrs import evolve, field

from lifecycle.days import FOREVER, Day, Instant, Period, last_day_of_term, plus_days
from lifecycle.errors import InvalidFact
from lifecycle.events import MatterChanged, MatterOpened, Money, OpeningBalance, OrderSigned, Paid
from lifecycle.plain import a
from lifecycle.terms.checking import clocks
from lifecycle.terms.model import Kind, Party, Renewal, Scalar, Terms
from lifecycle.values import frozen
from lifecycle.windows import Window, Windows

_NOTHING: Mapping[Any, Any] = {}  # nothing is ever put in place: a matter that changes is another one
_ENDED_BY = {"payment": "paid", "credit": "credited", "write_off": "written_off"}


@frozen
class Spell:
    """One stretch for which a matter lasted; a matter that reopens has another. Open-ended where it has not ended."""

    opened: Instant
    ended: Instant = FOREVER
    how: str = ""

    @property
    def window(self) -> Window:
        return Window(self.opened, self.ended)


@frozen
class Notice:
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


@frozen
class Matter:
    """A matter as the facts so far tell it. ``balance`` is what is still owed, where it has money."""

    id: str
    kind: str
    title: str
    party: Party | None
    spells: tuple[Spell, ...]
    by: Party | None = None
    days: Mapping[str, Day] = field(default=_NOTHING)
    attributes: Mapping[str, Scalar] = field(default=_NOTHING)
    amount: Money | None = None
    balance: Decimal = Decimal(0)
    notices: tuple[Notice, ...] = ()
    waits: Mapping[tuple[str, str], Day] = field(default=_NOTHING)
    """(power or duty, party) -> the last day through which that party promised to wait."""
    waived: Mapping[tuple[str, str], Instant] = field(default=_NOTHING)
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


@frozen
class Act:
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
    owed = fact.amount.amount if fact.amount and kind.money == "owed" else Decimal(0)
    matter = Matter(
        id=fact.matter,
        kind=kind.id,
        title=kind.title,
        party=fact.party or (kind.party if kind.party in ("provider", "customer") else None),
        spells=(Spell(at),),
        by=fact.by,
        days=fact.days,
        attributes=fact.attributes,
        amount=fact.amount,
        balance=owed,
        version=version,
    )
    return settled(matter, "paid", at) if kind.money == "owed" else matter


def paid(matter: Matter, fact: Paid, kind: Kind, at: Instant) -> Matter:
    """The matter after money was paid, credited or written off, or taken back; earlier spells stay as they are.

    Raises InvalidFact for a matter without an amount, or money in another currency.
    """
    if matter.amount is None or kind.money != "owed":
        raise InvalidFact("paid", "matter", f"{matter.label} has no amount that could be paid")
    if fact.amount.currency != matter.amount.currency:
        problem = f"{matter.label} is in {matter.amount.currency}: record what was credited to it in that currency"
        raise InvalidFact("paid", "amount", problem)
    sign = -1 if fact.means in _ENDED_BY else 1
    changed = evolve(matter, balance=matter.balance + sign * fact.amount.amount)
    return settled(changed, _ENDED_BY.get(fact.means, "paid"), at)


def settled(matter: Matter, how: str, at: Instant) -> Matter:
    """A matter with money, ended (as ``how``) where nothing is owed any more, or reopened where something is again."""
    if matter.amount is None:
        return matter
    running = matter.last.ended == FOREVER
    if running and matter.balance <= 0:
        return ended(matter, how, at)
    if not running and matter.balance > 0 and matter.last.how in _ENDED_BY.values():
        return reopened(matter, at)
    return matter


def ended(matter: Matter, how: str, at: Instant) -> Matter:
    """The matter with its running spell ended; an end before its beginning ends it where it begins."""
    spell = matter.last
    if at >= spell.ended:
        return matter
    return evolve(matter, spells=(*matter.spells[:-1], Spell(spell.opened, max(at, spell.opened), how)))


def reopened(matter: Matter, at: Instant) -> Matter:
    """The matter with a further spell, where the last one has ended."""
    if at < matter.last.ended:
        return matter
    return evolve(matter, spells=(*matter.spells, Spell(max(at, matter.last.ended))))


def changed(matter: Matter, fact: MatterChanged, kind: Kind, at: Instant) -> Matter:
    """The matter with what the fact names changed.

    Raises InvalidFact for what the kind does not have, and for another currency.
    """
    check_details("matter changed", kind, fact.days, fact.attributes, fact.amount)
    if fact.amount and matter.amount and fact.amount.currency != matter.amount.currency:
        raise InvalidFact("matter changed", "amount", f"{matter.label} is in {matter.amount.currency}")
    more = fact.amount.amount - matter.amount.amount if fact.amount and matter.amount else Decimal(0)
    after = evolve(
        matter,
        days={**matter.days, **fact.days},
        attributes={**matter.attributes, **fact.attributes},
        amount=fact.amount or matter.amount,
        balance=matter.balance + more if kind.money == "owed" else matter.balance,
    )
    return settled(after, "credited", at) if kind.money == "owed" else after


def names(matter: Matter, kind: Kind) -> tuple[str, ...]:
    """The ids of the matters that this one is about: whose cure it prevents, what it disputes."""
    named = (matter.attributes.get(name) for name, allowed in kind.attributes.items() if allowed == "matters")
    return tuple(each for ids in named if isinstance(ids, tuple) for each in ids)


# ---- what the Terms ask of a fact ---------------------------------------------------------------------------


def check_reopening(matter: Matter) -> None:
    """Raise InvalidFact for reopening what was paid: money taken back reopens it, as a refund or a chargeback."""
    if matter.amount is not None and matter.last.how in _ENDED_BY.values():
        raise InvalidFact("matter reopened", "matter", f"{matter.label} is settled: record the refund or chargeback")


def check_end(matter: Matter, kind: Kind, how: str) -> None:
    """Raise InvalidFact for an end that a matter of the kind cannot have, or that is computed from what is paid."""
    possible = [end for end in kind.ends if kind.money != "owed" or end not in _ENDED_BY.values()]
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
