"""Spans: an account's life as answers that stay the same from one instant to the next.

Because windows are data, the answers only change at instants the library can name (:meth:`Agreement.wake_at`). Between
two of them they are one answer, so that every day past or future is covered by a few of them, as known now.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import evolve

from lifecycle.agreement import Agreement
from lifecycle.days import FOREVER, Calendar, Day, Instant, corresponding_day
from lifecycle.errors import LifecycleError
from lifecycle.events import AgreementMade, By
from lifecycle.holds import Hold
from lifecycle.machine import State
from lifecycle.phases import Ending, Term
from lifecycle.powers import Opening
from lifecycle.reasons import Reason
from lifecycle.terms import Terms
from lifecycle.terms.model import Party
from lifecycle.values import frozen

MOST = 5_000
"""The most turns that are followed; a history with more is refused."""

_AHEAD = 24  # months

Standing: TypeAlias = Literal["open", "later", "waiting"]
"""``open``: it may be exercised; ``later``: from its first day on, if nothing changes; ``waiting``: for something other
than time.
"""


class TooLong(LifecycleError, ValueError):
    """A life with more turns than can be shown."""


@frozen(kw_only=True)
class Right:
    """A power over a matter (or over none) as it stands in a span, for those who hold it.

    first, last: the first and last day on any part of which it is open, None where no day can be named or it has no
    end. in_writing: by notice. vouched: it rests on something not having happened, so that whoever uses it must vouch
    that the facts are complete.
    """

    power: str
    does: str
    title: str
    clause: str
    by: tuple[Party, ...]
    matter: str
    about: str
    standing: Standing
    first: Day | None
    last: Day | None
    arithmetic: str
    missing: tuple[str, ...]
    in_writing: bool
    vouched: bool

    @property
    def key(self) -> tuple[str, str, tuple[Party, ...]]:
        return self.power, self.matter, self.by


@frozen(kw_only=True)
class Span:
    """What is so from ``since`` until the next span, or until the end of what is told."""

    since: Instant
    state: State | None
    in_service: bool
    term: Term | None
    holds: tuple[Hold, ...]
    ending: Ending | None
    rights: tuple[Right, ...]


Put: TypeAlias = dict[int, tuple[Opening, tuple[tuple[Reason, ...], Terms], Right]]
"""The rights that open powers were put as, by the identity of the opening, which is kept with it; with what there was
against using it, under which Terms.
"""


def spans(account: Agreement, until: Instant) -> tuple[Span, ...]:
    """The answers from the first recorded day through ``until``, in order; one for each stretch of like answers.

    Raises TooLong for a life of more than MOST turns.
    """
    calendar = calendar_of(account)
    found: list[Span] = []
    put: Put = {}
    at: Instant | None = calendar.start_of(calendar.day_of(min(account.instant(e.occurred) for e in account.history)))
    for _ in range(MOST):
        if at is None or at > until:
            return tuple(found)
        span = span_at(account, at, calendar, put)
        if not found or evolve(span, since=found[-1].since) != found[-1]:
            found.append(span)
        at = account.wake_at(at)
    raise TooLong(f"{account.id}: more than {MOST} turns until {until}: ask about a shorter time")


def calendar_of(account: Agreement) -> Calendar:
    """How the agreement counts its days, in its own zone."""
    made = account.history[0].fact
    return account.terms.calendar(made.zone if isinstance(made, AgreementMade) else None)


def horizon(account: Agreement, at: Instant) -> Instant:
    """How far ahead a life is told: two years, and at least as far as something is scheduled; once it has ended, as far
    as something is still recorded or scheduled.
    """
    calendar = calendar_of(account)
    ahead = account.timeline(at).entries
    last = max([at, *(entry.at for entry in ahead)])
    if account.status(last).state == "terminated":
        return last
    return max(last, calendar.start_of(corresponding_day(calendar.day_of(at), _AHEAD, "down")))


def span_at(account: Agreement, at: Instant, calendar: Calendar, put: Put | None = None) -> Span:
    """What is so at an instant. put: the rights put so far, to be taken again where they stand as they did."""
    status, asked = account.status(at), dict[object, tuple[Reason, ...]]()
    terms, known = account.terms_at(at), {} if put is None else put

    def hindrances(o: Opening) -> tuple[Reason, ...]:
        """What :meth:`Agreement.may` has against using an open power, to a holder who vouches for all facts: the same
        for each matter under the same Terms.
        """
        by: By = o.holders[0] if o.holders else "both"
        key = (o.power.id, by, o.matter.version if o.matter else None)
        if key not in asked:
            about = (o.matter.id,) if o.matter else ()
            verdict = account.may(o.power.does, by=by, at=at, about=about, power=o.power.id, known_through=at)
            asked[key] = () if verdict.permitted else verdict.unmet
        return asked[key]

    def as_put(o: Opening) -> Right:
        """An open power is the same right for as long as nothing about it changes."""
        if at not in o.window:
            return right(o, at, (), terms, calendar)
        before, rests_on = known.get(id(o)), (hindrances(o), terms)
        if before is None or before[1] != rests_on:
            before = known[id(o)] = (o, rests_on, right(o, at, rests_on[0], terms, calendar))
        return before[2]

    return Span(
        since=at,
        state=status.state,
        in_service=status.in_service,
        term=status.term,
        holds=status.holds,
        ending=status.ending,
        rights=tuple(map(as_put, account.powers(at))),
    )


def right(o: Opening, at: Instant, hindrances: tuple[Reason, ...], terms: Terms, calendar: Calendar) -> Right:
    """A power as it stands at an instant. hindrances: what there is against using it although its window is open."""
    unmet = hindrances if at in o.window else tuple(reason for reason in o.reasons if not reason.met(at))
    steps = [step for reason in unmet if (step := reason.step()) and not step.startswith("wait until")]
    missing = tuple(dict.fromkeys(steps or (reason.words for reason in hindrances)))
    standing: Standing = "waiting"
    if at in o.window and not hindrances:
        standing = "open"
    elif o.window and at < o.window.opens and not missing:
        standing = "later"
    return Right(
        power=o.power.id,
        does=o.power.does,
        title=o.power.title,
        clause=o.power.clause,
        by=o.holders,
        matter=o.matter.id if o.matter else "",
        about=o.matter.label if o.matter else "",
        standing=standing,
        first=calendar.day_of(o.window.opens) if o.window else None,
        last=_last(o, calendar),
        arithmetic=o.arithmetic,
        missing=missing,
        in_writing=o.power.in_writing,
        vouched=terms.rests_on_silence(o.power),
    )


def _last(o: Opening, calendar: Calendar) -> Day | None:
    if not o.window or o.window.closes == FOREVER:
        return None
    day = calendar.day_of(o.window.closes)
    return day if calendar.start_of(day) < o.window.closes else Day.fromordinal(day.toordinal() - 1)
