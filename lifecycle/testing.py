"""For examples and users' own tests: an agreement's life step by step, and the contract that every store keeps. Lives
drawn by Hypothesis are in :mod:`lifecycle.strategies`.

>>> story = Story("modal-2024-03-26", on="2026-01-05").order("O-1", start="2026-01-05", months=12)
>>> _ = story.on("2026-02-01").invoice("INV-7", "120.00 USD", due="2026-03-01")
>>> _ = story.on("2026-03-05").notice("overdue", about="INV-7", method="courier")
>>> story.on("2026-03-31").may("suspend", by="provider").permitted
True
"""

from __future__ import annotations

from typing import Any, Literal

from lifecycle.agreement import Agreement, Outcome, Status
from lifecycle.days import Instant, Moment, Period, to_moment
from lifecycle.events import (
    Accepted,
    Acted,
    Agreed,
    By,
    Corrected,
    Done,
    Entry,
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
from lifecycle.store_contract import StoreContract
from lifecycle.terms.model import Party, Scalar, Terms
from lifecycle.verdict import Verdict

__all__ = ["StoreContract", "Story"]


class Story:
    """An agreement and the moment the story has reached: :meth:`on` moves it, every other step happens then.

    Steps return the story, so that they can be chained; ``may``, ``do``, ``status`` and ``catch_up`` return what the
    agreement answers. What the teller vouches for (``known_through``) is everything up to the moment, unless said
    otherwise.
    """

    def __init__(
        self,
        terms: Terms | str = "modal-2024-03-26",
        *,
        on: str | Moment,
        agreement: str = "acme",
        customer: str = "Acme GmbH",
        **made: Any,
    ) -> None:
        self.agreement = Agreement.make(terms, agreement=agreement, customer=customer, at=on, **made)
        self.now: Moment = to_moment(on)
        self._learned: Moment = self.now

    def on(self, moment: str | Moment, *, learned: str | Moment | None = None) -> Story:
        """Move to a moment; ``learned`` is when its events are recorded, if later than they happen."""
        self.now = to_moment(moment)
        self._learned = self.now if learned is None else to_moment(learned)
        return self

    def record(self, fact: Fact, **place: Any) -> Story:
        """Record any fact; ``place`` may hold id, key, actor, ref and meta."""
        self.agreement.record(fact, at=self._learned, occurred=self.now, **place)
        return self

    # ---- facts ---------------------------------------------------------------------------------------------

    def order(
        self, order: str, *, start: str, months: int = 12, renews: bool = True, attributes: dict[str, str] | None = None
    ) -> Story:
        term = Period(months, "months")
        fact = OrderSigned(order=order, start=start, term=term, renews=renews, attributes=attributes or {})
        return self.record(fact)

    def invoice(self, matter: str, amount: str, *, due: str, payment: str = "invoice") -> Story:
        """An invoice over an amount such as ``120.00 USD``."""
        return self.opened("invoice", matter, amount=amount, due=due, payment=payment)

    def opened(
        self,
        kind: str,
        matter: str,
        *,
        party: Party | None = None,
        by: Party | None = None,
        amount: str | None = None,
        **details: Scalar,
    ) -> Story:
        """A matter of a kind; ``details`` are its days and attributes by name: ``remediable=True``."""
        declared = self.agreement.terms.kinds[kind].days if kind in self.agreement.terms.kinds else ()
        fact = MatterOpened(
            kind=kind,
            matter=matter,
            party=party,
            by=by,
            amount=None if amount is None else Money(*amount.split()),
            days={name: value for name, value in details.items() if name in declared},  # type: ignore[misc]
            attributes={name: value for name, value in details.items() if name not in declared},
        )
        return self.record(fact)

    def changed(self, matter: str, **attributes: Scalar) -> Story:
        return self.record(MatterChanged(matter=matter, attributes=attributes))

    def ended(self, matter: str, how: str) -> Story:
        return self.record(MatterEnded(matter=matter, how=how))

    def reopened(self, matter: str) -> Story:
        return self.record(MatterReopened(matter=matter))

    def paid(
        self,
        matter: str,
        amount: str,
        means: Literal["payment", "credit", "write_off", "refund", "chargeback"] = "payment",
        **place: Any,
    ) -> Story:
        return self.record(Paid(matter=matter, amount=Money(*amount.split()), means=means), **place)

    def notice(
        self,
        kind: str,
        *,
        about: str | tuple[str, ...] = (),
        by: Party = "provider",
        method: str = "courier",
        id: str | None = None,
    ) -> Story:
        return self.record(NoticeGiven(kind=kind, by=by, method=method, about=about), id=id)

    def delivered(self, notice: str) -> Story:
        return self.record(NoticeDelivered(notice=notice))

    def accepted(self, notice: str, *, by: Party, counts_from: str | None = None) -> Story:
        return self.record(Accepted(notice=notice, by=by, counts_from=counts_from))

    def extended(
        self, matter: str, *, to: str, day: str | None = None, power: str | None = None, by: Party = "provider"
    ) -> Story:
        return self.record(Extended(matter=matter, by=by, to=to, day=day, power=power))

    def waived(self, matter: str, power: str, *, by: Party = "provider") -> Story:
        return self.record(Waived(matter=matter, power=power, by=by))

    def agreed(
        self,
        what: Literal["termination", "withdrawal", "rescission", "amendment", "consent"],
        target: str | None = None,
        power: str | None = None,
    ) -> Story:
        return self.record(Agreed(what=what, target=target, power=power))

    def acted(
        self,
        does: str,
        *,
        by: By = "provider",
        power: str | None = None,
        about: str | tuple[str, ...] = (),
        method: str | None = None,
        id: str | None = None,
    ) -> Story:
        """An act done outside, without asking."""
        return self.record(Acted(does=does, by=by, power=power, about=about, method=method), id=id)

    def posted(self, power: str, *, effective: str | None = None) -> Story:
        return self.record(Posted(power=power, effective=effective))

    def done(self, duty: str, *, by: Party, about: str = "ending") -> Story:
        return self.record(Done(duty=duty, by=by, about=about))

    def corrected(self, event: str, fact: Fact, occurred: str | None = None) -> Story:
        return self.record(Corrected(event=event, fact=fact, occurred=occurred))

    def withdrawn(self, event: str) -> Story:
        return self.record(Withdrawn(event=event))

    # ---- verbs and questions -------------------------------------------------------------------------------

    def do(self, does: str, *, by: By = "provider", known: str | None = "now", **more: Any) -> Outcome:
        """Act if permitted; ``known=None`` vouches for nothing.

        Raises Refused.
        """
        return self.agreement.do(does, by=by, at=self.now, known_through=self._vouched(known), **more)

    def may(self, does: str, *, by: By = "provider", known: str | None = "now", **more: Any) -> Verdict:
        return self.agreement.may(does, by=by, at=self.now, known_through=self._vouched(known), **more)

    def catch_up(self) -> tuple[Entry, ...]:
        return self.agreement.catch_up(self.now)

    def status(self) -> Status:
        return self.agreement.status(self.now)

    @property
    def state(self) -> str | None:
        """The state at the moment."""
        return self.status().state

    @property
    def last(self) -> str:
        """The id of the event recorded last."""
        return self.agreement.history[-1].id

    def _vouched(self, known: str | None) -> Instant | None:
        if known is None:
            return None
        return self.agreement.instant(self.now if known == "now" else known)
