"""What a history shows that fails a property: claims about a real agreement, each checked by asking it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from lifecycle.agreement import Agreement
from lifecycle.days import Instant
from lifecycle.events import Event
from lifecycle.terms.model import Terms
from lifecycle.values import frozen

_DAY = timedelta(days=1)


@frozen(kw_only=True)
class Claim:
    """What an agreement answers at an instant: its state, or one that it is not in; whether a power is open (then also
    on each day ``through`` another instant, included); how a duty stands; under which power it ended. regular: every
    act that stands was permitted. known: as it was known at that instant, instead of with all that is recorded.
    """

    at: Instant
    state: str | None = None
    not_state: str | None = None
    power: str = ""
    open: bool | None = None
    through: Instant | None = None
    duty: str = ""
    standing: str = ""
    ended_under: str = ""
    regular: bool = False
    known: Instant | None = None

    def holds(self, agreement: Agreement) -> bool:
        asked = agreement if self.known is None else agreement.known_at(self.known)
        status = asked.status(self.at)
        return (
            self.state in (None, status.state)
            and (self.not_state is None or self.not_state != status.state)
            and (self.open is None or all(_is_open(asked, self.power, day) is self.open for day in self._days()))
            and (
                not self.duty or self.standing in {o.standing for o in asked.duties(self.at) if o.duty.id == self.duty}
            )
            and not (self.regular and status.irregular)
            and (not self.ended_under or (status.ending is not None and status.ending.power == self.ended_under))
        )

    def _days(self) -> Iterator[Instant]:
        at = self.at
        yield at
        while self.through is not None and at < self.through:
            at = min(at + _DAY, self.through)
            yield at

    def questions(self) -> tuple[tuple[str, Instant], ...]:
        """The questions of the command whose answers show it, each with its instant."""
        status = self.state or self.not_state or self.ended_under or self.regular
        return (
            *((("status", self.at),) if status else ()),
            *(("powers", at) for at in (self.at, self.through) if self.power and at),
            *((("duties", self.at),) if self.duty else ()),
        )

    def text(self, agreement: Agreement) -> str:
        """The claim in words, with days as the agreement counts them."""
        calendar = agreement.terms.calendar()
        on, through = calendar.day_of(self.at), self.through and calendar.day_of(self.through)
        when = f"from {on} through {through}" if through else f"on {on}"
        known = f", as known on {calendar.day_of(self.known)}" if self.known else ""
        told = [f"the agreement is {self.state}"] if self.state else []
        told += [f"the agreement is not {self.not_state}"] if self.not_state else []
        told += [f"{self.power} is {'open' if self.open else 'closed'}"] if self.open is not None else []
        told += [f"{self.duty} is {self.standing}"] if self.duty else []
        told += [f"it ended under {self.ended_under}"] if self.ended_under else []
        told += ["every act was permitted"] if self.regular else []
        return f"{when} {' and '.join(told)}{known}"


def _is_open(agreement: Agreement, power: str, at: Instant) -> bool:
    return any(o.power.id == power and at in o.window for o in agreement.powers(at))


@frozen(kw_only=True)
class Counterexample:
    """A history that fails a property, and what it shows."""

    events: tuple[Event, ...]
    claims: tuple[Claim, ...]

    def replays(self, terms: Terms) -> bool:
        """Whether the library, given the history, answers as claimed."""
        agreement = Agreement(self.events, terms)
        return all(claim.holds(agreement) for claim in self.claims)

    def texts(self, terms: Terms) -> tuple[str, ...]:
        agreement = Agreement(self.events, terms)
        return tuple(claim.text(agreement) for claim in self.claims)


@frozen(kw_only=True)
class Failure:
    """How Terms fail a property, where, and a history that shows it; None where the library does not let it be told."""

    words: str
    clause: str = ""
    counterexample: Counterexample | None = None


@frozen
class Declared:
    """Where a property holds only because the Terms say so."""

    words: str
