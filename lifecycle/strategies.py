"""Hypothesis strategies for users' own tests: lives that an account could have under any Terms.

What is drawn fits the Terms - their kinds, parties, attributes, ends, notices, methods and powers - and happens in any
order, in time and late, right and wrong. So a test can claim of its own code what must hold whatever happens:

>>> from hypothesis import given
>>> @given(lives("modal-2024-03-26"))
... def test_nobody_is_billed_after_the_end(account):
...     ...

The only module that knows Hypothesis, which is no dependency of the library: install it beside. What is drawn is made
step by step from a few small draws, because making strategies anew for each step takes longer than the account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from typing import Literal, TypeAlias, TypeVar

import hypothesis.strategies as st

from lifecycle.agreement import Agreement
from lifecycle.days import Instant, Period
from lifecycle.errors import LifecycleError
from lifecycle.events import (
    Accepted,
    Acted,
    Agreed,
    By,
    CaughtUp,
    Corrected,
    Done,
    Extended,
    Fact,
    MatterChanged,
    MatterEnded,
    MatterOpened,
    MatterReopened,
    Money,
    NoticeDelivered,
    NoticeGiven,
    OrderSigned,
    Paid,
    Posted,
    Waived,
    Withdrawn,
)
from lifecycle.powers import Opening
from lifecycle.terms import Terms, load
from lifecycle.terms.model import Kind, NoticeKind, Party, Scalar

Drawn = TypeVar("Drawn")
Make: TypeAlias = Callable[[], Fact]

BEGINS = date(2026, 1, 28)
_PARTIES: tuple[Party, ...] = ("provider", "customer")
_AMOUNTS = tuple(Money(amount, "USD") for amount in ("40.00", "60.00", "100.00"))
_LENGTHS = (Period(20, "days"), Period(1, "months"), Period(12, "months"))
_LAGS = tuple(timedelta(days=days) for days in (0, 0, 0, 1, 12))
_MEANS: tuple[Literal["payment", "credit", "refund", "chargeback"], ...] = (
    *("payment", "payment", "credit", "refund", "chargeback"),
)
_WRITINGS: tuple[Literal["termination", "withdrawal", "rescission"], ...] = ("termination", "withdrawal", "rescission")
_YES = st.booleans()


@st.composite
def lives(draw: st.DrawFn, terms: Terms | str, *, begins: date = BEGINS, most: int = 12) -> Agreement:
    """An account to which up to ``most`` things happened after it was made: facts and acts, of which those that its
    Terms or its history give no meaning were refused and left nothing. Often something happens at the very instant at
    which an answer changes.

    It is made on the day it ``begins``, in a trial or not where the Terms know one, with an order where they ask for
    one. ``account.history[-1].recorded`` is the last instant anything was recorded.
    """
    text = load(terms) if isinstance(terms, str) else terms
    trial = text.trial is not None and draw(_YES)
    through = begins + timedelta(days=10) if trial else None
    account = Agreement.make(text, agreement="A-1", customer="Acme", at=begins, trial_through=through)
    now = since = account.instant(begins)
    if text.begins == "order":
        start = begins + timedelta(days=draw(st.integers(0, 12)))
        length = _one(draw, _LENGTHS)
        _told(account, OrderSigned(order="O-1", start=start, term=length, renews=draw(_YES)), now, now)
    for _ in range(draw(st.integers(0, most))):
        awaited = account.wake_at(now) if draw(_YES) else None
        now = awaited or now + timedelta(days=draw(st.integers(0, 21)), hours=_one(draw, (0, 9)))
        tries = draw(st.integers(0, 2)) == 0
        opens = [o for o in account.powers(now) if now in o.window and o.holders] if tries else []
        if opens:
            chosen = _one(draw, opens)
            _tried(account, chosen, _one(draw, chosen.holders), _one(draw, _methods(text)), now)
        else:
            _told(account, _Next(draw, account).fact(), now, max(since, now - _one(draw, _LAGS)))
    return account


@st.composite
def facts(draw: st.DrawFn, account: Agreement) -> Fact:
    """Something that could be recorded next: about what was recorded so far, or of what the Terms speak of."""
    return _Next(draw, account).fact()


def _one(draw: st.DrawFn, options: Sequence[Drawn]) -> Drawn:
    return options[draw(st.integers(0, len(options) - 1))]


def _told(account: Agreement, fact: Fact, at: Instant, occurred: Instant) -> None:
    with suppress(LifecycleError):  # what has no meaning is refused, and nothing is recorded
        account.record(fact, at=at, occurred=occurred)


def _tried(account: Agreement, opening: Opening, by: By, method: str, at: Instant) -> None:
    about = (opening.matter.id,) if opening.matter else ()
    with suppress(LifecycleError):  # the method may give no notice
        power = opening.power
        account.do(power.does, by=by, at=at, about=about, power=power.id, method=method, known_through=at)


def _methods(terms: Terms) -> tuple[str, ...]:
    return (*(terms.notice.methods if terms.notice else ()), "fax")


class _Next:
    """What :func:`facts` draws."""

    def __init__(self, draw: st.DrawFn, account: Agreement) -> None:
        self.draw, self.terms, self.events = draw, account.terms, tuple(account.history)
        self.opened = [event.fact for event in self.events if isinstance(event.fact, MatterOpened)]
        self.today = account.day_of(self.events[-1].recorded)

    def fact(self) -> Fact:
        return self.one(self.one([made for sort in self._sorts() if (made := list(sort))]))()

    def one(self, options: Sequence[Drawn]) -> Drawn:
        return _one(self.draw, options)

    def _sorts(self) -> Iterator[Iterator[Make]]:
        """What can be told, by sort, each as often as another."""
        terms, kinds = self.terms, self.terms.kinds
        # As often as powers rest on a kind, and those of suspending once more: they are what an account lives through.
        for powers in (terms.powers.values(), terms.powers_to("suspend")):
            yield (partial(self._open, kinds[kind]) for power in powers for kind in power.matter if kind in kinds)
        yield (partial(self._open, kind) for kind in kinds.values())
        yield (partial(self._notice, notice) for notice in terms.notices.values())
        yield self._about()
        yield self._others()

    def _open(self, kind: Kind) -> Fact:
        theirs = kind.asserted_by
        return MatterOpened(
            kind=kind.id,
            matter=f"{kind.id}-{len(self.events)}",
            party=self.party() if kind.party == "either" else None,
            by=self.party() if theirs is None or self.yes() else theirs,
            amount=self.one(_AMOUNTS) if kind.money == "owed" else None,
            days={day: self.day() for day in kind.days if day not in kind.defaults},
            attributes=self.attributes(kind),
        )

    def _notice(self, notice: NoticeKind) -> Fact:
        fits = [fact.matter for fact in self.opened if fact.kind in notice.about]
        about = (self.one(fits),) if fits and self.yes() else ()
        return NoticeGiven(kind=notice.id, by=self.party(), method=self.one(_methods(self.terms)), about=about)

    def _about(self) -> Iterator[Make]:
        """What can become of the matters there are."""
        for fact in self.opened:
            yield from self._of(fact.matter, self.terms.kinds[fact.kind])
        if self.opened:
            powers = sorted(self.terms.powers) or ["none"]
            yield lambda: MatterReopened(matter=self.matter())
            yield lambda: Waived(matter=self.matter(), power=self.one(powers), by=self.party())
            yield lambda: Extended(matter=self.matter(), power=self.one(powers), by=self.party(), to=self.day())

    def _of(self, matter: str, kind: Kind) -> Iterator[Make]:
        if kind.ends:
            yield lambda: MatterEnded(matter=matter, how=self.one(kind.ends))
        if kind.attributes:
            yield lambda: MatterChanged(matter=matter, attributes=self.attributes(kind))
        if kind.money == "owed":
            yield lambda: Paid(matter=matter, amount=self.one(_AMOUNTS), means=self.one(_MEANS))

    def _others(self) -> Iterator[Make]:
        """What becomes of notices, acts done without asking, what both agree on, and what was recorded wrongly."""
        recorded = [event.id for event in self.events[1:]] or ["none"]
        if notices := [event.id for event in self.events if isinstance(event.fact, NoticeGiven)]:
            yield lambda: NoticeDelivered(notice=self.one(notices))
            yield lambda: Accepted(notice=self.one(notices), by=self.party())
        if duties := sorted(self.terms.duties):
            yield lambda: Done(duty=self.one(duties), by=self.party(), about="ending")
        if posted := [power.id for power in self.terms.powers.values() if power.exercise == "posting"]:
            yield lambda: Posted(power=self.one(posted))
        acts = sorted({power.does for power in self.terms.powers.values()}) or ["terminate"]
        yield lambda: Acted(does=self.one(acts), by=self.party())
        yield lambda: Agreed(what=self.one(_WRITINGS), target=self.one(recorded))
        yield lambda: Withdrawn(event=self.one(recorded))
        plain = (e for e in reversed(self.events[1:]) if not isinstance(e.fact, CaughtUp | Corrected | Withdrawn))
        if last := next(plain, None):
            yield lambda: Corrected(event=last.id, fact=last.fact, occurred=self.day())

    def yes(self) -> bool:
        return self.draw(_YES)

    def party(self) -> Party:
        return self.one(_PARTIES)

    def matter(self) -> str:
        return self.one(self.opened).matter

    def day(self) -> date:
        return self.today + timedelta(days=self.draw(st.integers(0, 28)))

    def attributes(self, kind: Kind) -> dict[str, Scalar]:
        """What may be said of a matter of a kind, by name, some of it; of matters, that it names one of those there
        are.
        """
        return {
            name: self._value(allowed)
            for name, allowed in kind.attributes.items()
            if (allowed != "matters" or self.opened) and self.yes()
        }

    def _value(self, allowed: str | tuple[str, ...]) -> Scalar:
        if allowed == "matters":
            return (self.matter(),)
        if isinstance(allowed, str):
            return self.yes() if allowed == "yes or no" else "said"
        return self.one(allowed)
