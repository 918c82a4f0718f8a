"""Hypothesis strategies for users' own tests: lives that an account could have under any Terms.

What is drawn fits the Terms - their kinds, parties, attributes, ends, notices, methods and powers - and happens in any
order, in time and late, right and wrong. So a test can claim of its own code what must hold whatever happens:

>>> from hypothesis import given
>>> @given(lives("modal-2024-03-26"))
... def test_nobody_is_billed_after_the_end(account):
...     ...

The only module that knows Hypothesis; it is no dependency of the library.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import hypothesis.strategies as st

from lifecycle.agreement import Agreement
from lifecycle.days import Instant, Period
from lifecycle.errors import LifecycleError
from lifecycle.events import (
    Accepted,
    Acted,
    Agreed,
    CaughtUp,
    Corrected,
    Done,
    Event,
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
from lifecycle.terms.model import Kind, Scalar

BEGINS = date(2026, 1, 28)
_PARTIES = st.sampled_from(["provider", "customer"])
_AMOUNTS = st.sampled_from(["40.00", "60.00", "100.00"]).map(lambda amount: Money(amount, "USD"))
_LENGTHS = st.sampled_from([Period(20, "days"), Period(1, "months"), Period(12, "months")])
_LAGS = st.sampled_from([0, 0, 0, 1, 12]).map(lambda days: timedelta(days=days))
_GAPS = st.builds(timedelta, days=st.integers(0, 21), hours=st.sampled_from([0, 9]))


@st.composite
def lives(draw: st.DrawFn, terms: Terms | str, *, begins: date = BEGINS, most: int = 12) -> Agreement:
    """An account to which up to ``most`` things happened after it was made: facts and acts, of which those that its
    Terms or its history give no meaning were refused and left nothing. Often something happens at the very instant at
    which an answer changes.

    It is made on the day it ``begins``, in a trial or not where the Terms know one, with an order where they ask for
    one. ``account.history[-1].recorded`` is the last instant anything was recorded.
    """
    text = load(terms) if isinstance(terms, str) else terms
    trial = text.trial is not None and draw(st.booleans())
    through = begins + timedelta(days=10) if trial else None
    account = Agreement.make(text, agreement="A-1", customer="Acme", at=begins, trial_through=through)
    now = since = account.instant(begins)
    if text.begins == "order":
        start = begins + timedelta(days=draw(st.integers(0, 12)))
        _told(account, OrderSigned(order="O-1", start=start, term=draw(_LENGTHS), renews=draw(st.booleans())), now, now)
    for _ in range(draw(st.integers(0, most))):
        awaited = account.wake_at(now) if draw(st.booleans()) else None
        now = awaited or now + draw(_GAPS)
        opens = [o for o in account.powers(now) if now in o.window and o.holders]
        if opens and draw(st.integers(0, 2)) == 0:
            chosen: Opening = draw(st.sampled_from(opens))
            _tried(account, chosen, draw(st.sampled_from(chosen.holders)), draw(_methods(text)), now)
        else:
            _told(account, draw(facts(account)), now, max(since, now - draw(_LAGS)))
    return account


def facts(account: Agreement) -> st.SearchStrategy[Fact]:
    """Something that could be recorded next: about what was recorded so far, or of what the Terms speak of."""
    events, terms = list(account.history), account.terms
    opened = [event.fact for event in events if isinstance(event.fact, MatterOpened)]
    days = st.integers(0, 28).map(lambda days: account.day_of(events[-1].recorded) + timedelta(days=days))
    matters = {kind.id: _opened(kind, f"{kind.id}-{len(events)}", opened, days) for kind in terms.kinds.values()}
    sorts = (
        # As often as powers rest on a kind, and those of suspending once more: they are what an account lives through.
        [matters[kind] for power in terms.powers.values() for kind in power.matter if kind in matters],
        [matters[kind] for power in terms.powers_to("suspend") for kind in power.matter if kind in matters],
        list(matters.values()),
        list(_notices(terms, opened)),
        list(_about(terms, opened, days)),
        list(_others(terms, events, days)),
    )
    return st.one_of(*(st.one_of(*sort) for sort in sorts if sort))


def _told(account: Agreement, fact: Fact, at: Instant, occurred: Instant) -> None:
    with suppress(LifecycleError):  # what has no meaning is refused, and nothing is recorded
        account.record(fact, at=at, occurred=occurred)


def _tried(account: Agreement, opening: Opening, by: Any, method: str, at: Instant) -> None:
    about = (opening.matter.id,) if opening.matter else ()
    with suppress(LifecycleError):  # the method may give no notice
        power = opening.power
        account.do(power.does, by=by, at=at, about=about, power=power.id, method=method, known_through=at)


def _acts(terms: Terms) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted({power.does for power in terms.powers.values()}) or ["terminate"])


def _methods(terms: Terms) -> st.SearchStrategy[str]:
    return st.sampled_from([*(terms.notice.methods if terms.notice else ()), "fax"])


def _notices(terms: Terms, opened: list[MatterOpened]) -> Iterator[st.SearchStrategy[Fact]]:
    for notice in terms.notices.values():
        fits = [(fact.matter,) for fact in opened if fact.kind in notice.about]
        about = st.sampled_from(fits) | st.just(()) if fits else st.just(())
        yield st.builds(NoticeGiven, kind=st.just(notice.id), by=_PARTIES, method=_methods(terms), about=about)


def _about(
    terms: Terms, opened: list[MatterOpened], days: st.SearchStrategy[date]
) -> Iterator[st.SearchStrategy[Fact]]:
    """What can become of the matters there are."""
    powers = st.sampled_from(sorted(terms.powers) or ["none"])
    for fact in opened:
        kind, matter = terms.kinds[fact.kind], st.just(fact.matter)
        if kind.ends:
            yield st.builds(MatterEnded, matter=matter, how=st.sampled_from(kind.ends))
        if said := _attributes(kind, opened):
            yield st.builds(MatterChanged, matter=matter, attributes=st.fixed_dictionaries({}, optional=said))
        if kind.money == "owed":
            means = st.sampled_from(["payment", "payment", "credit", "refund", "chargeback"])
            yield st.builds(Paid, matter=matter, amount=_AMOUNTS, means=means)
    if opened:
        matters = st.sampled_from([fact.matter for fact in opened])
        yield st.builds(MatterReopened, matter=matters)
        yield st.builds(Waived, matter=matters, power=powers, by=_PARTIES)
        yield st.builds(Extended, matter=matters, power=powers, by=_PARTIES, to=days)


def _others(terms: Terms, events: list[Event], days: st.SearchStrategy[date]) -> Iterator[st.SearchStrategy[Fact]]:
    """What becomes of notices, acts done without asking, what both agree on, and what was recorded wrongly."""
    recorded = st.sampled_from([event.id for event in events[1:]] or ["none"])
    if notices := [event.id for event in events if isinstance(event.fact, NoticeGiven)]:
        yield st.builds(NoticeDelivered, notice=st.sampled_from(notices))
        yield st.builds(Accepted, notice=st.sampled_from(notices), by=_PARTIES)
    if terms.duties:
        yield st.builds(Done, duty=st.sampled_from(sorted(terms.duties)), by=_PARTIES, about=st.just("ending"))
    if posted := [power.id for power in terms.powers.values() if power.exercise == "posting"]:
        yield st.builds(Posted, power=st.sampled_from(posted))
    yield st.builds(Acted, does=_acts(terms), by=_PARTIES)
    yield st.builds(Agreed, what=st.sampled_from(["termination", "withdrawal", "rescission"]), target=recorded)
    yield st.builds(Withdrawn, event=recorded)
    if last := next(
        (e for e in reversed(events[1:]) if not isinstance(e.fact, CaughtUp | Corrected | Withdrawn)), None
    ):
        yield st.builds(Corrected, event=st.just(last.id), fact=st.just(last.fact), occurred=days)


def _opened(
    kind: Kind, matter: str, opened: list[MatterOpened], days: st.SearchStrategy[date]
) -> st.SearchStrategy[MatterOpened]:
    needed = {day: days for day in kind.days if day not in kind.defaults}
    party = _PARTIES if kind.party == "either" else st.none()
    return st.builds(
        MatterOpened,
        kind=st.just(kind.id),
        matter=st.just(matter),
        party=party,
        by=_PARTIES if kind.asserted_by is None else st.just(kind.asserted_by) | _PARTIES,
        amount=_AMOUNTS if kind.money == "owed" else st.none(),
        days=st.fixed_dictionaries(needed),
        attributes=st.fixed_dictionaries({}, optional=_attributes(kind, opened)),
    )


def _attributes(kind: Kind, opened: list[MatterOpened]) -> dict[str, st.SearchStrategy[Scalar]]:
    """What may be said of a matter of a kind, by name; of matters, that it names one of those there are."""
    names = st.sampled_from([fact.matter for fact in opened] or ["none"]).map(lambda name: (name,))
    values: dict[str, st.SearchStrategy[Any]] = {"yes or no": st.booleans(), "text": st.just("said"), "matters": names}
    return {
        name: values[allowed] if isinstance(allowed, str) else st.sampled_from(allowed)
        for name, allowed in kind.attributes.items()
        if allowed != "matters" or opened
    }
