"""A way through the model, told as the history of a real agreement: the same moves, on some days, as facts and acts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import cast

from lifecycle.agreement import Agreement
from lifecycle.days import Day, Instant, Period, plus_days
from lifecycle.events import (
    By,
    Event,
    Fact,
    MatterEnded,
    MatterOpened,
    Money,
    NoticeDelivered,
    NoticeGiven,
    OrderSigned,
    Paid,
)
from lifecycle.proving.automaton import Automaton, Move
from lifecycle.proving.counting import FIRST, fastest
from lifecycle.proving.naming import ACTIVE, names
from lifecycle.proving.phases import NAME, TRIAL
from lifecycle.terms.model import DERIVED_KINDS, Party, Scalar, Terms

_LONG = Period(50, "years")
_OWED = Money("1000.00", "USD")
_MEANS = {"paid": "payment", "credited": "credit", "written_off": "write_off"}
_NOON, _MINUTE = timedelta(hours=12), timedelta(minutes=1)


class Teller:
    """Tells moves to a new agreement, each a minute after the one before on its day. ``by``: which of the holders of a
    power uses it where it has several.
    """

    def __init__(self, terms: Terms, automaton: Automaton, *, by: Party | None = None) -> None:
        self.terms, self.automaton, self.by = terms, automaton, by
        self.made: Agreement | None = None
        self.matters: dict[str, str] = {}
        self.steps = self.opened = self.orders = 0
        self.term_began: Day = FIRST
        self.at: Instant = terms.calendar().start_of(FIRST)

    @property
    def agreement(self) -> Agreement:
        assert self.made is not None
        return self.made

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(self.agreement.history)

    def tell(self, moves: Iterable[tuple[Move, int]]) -> Teller:
        """Tell moves, each with its day from the beginning.

        Raises Refused where the library does not permit what the model does.
        """
        for move, day in moves:
            self._tell(move, day)
        return self

    def noon(self, day: int) -> Instant:
        """The time at which the next step on a day happens: after noon, and after the steps before it."""
        return self.terms.calendar().start_of(plus_days(FIRST, day)) + _NOON + self.steps * _MINUTE

    def _tell(self, move: Move, day: int) -> None:
        self.steps += 1
        self.at = self.terms.calendar().start_of(plus_days(FIRST, day)) if move.automatic else self.noon(day)
        match move.what:
            case "begin":
                self._begin(move)
            case "sign":
                self._sign(move, plus_days(FIRST, day))
            case "pass" if move.subject == "renew":
                self.term_began = plus_days(FIRST, day)
            case "open":
                self._open(move, plus_days(FIRST, day))
            case "end":
                self._end(move)
            case "notice":
                self._notice(move.subject, move.by[0], self._about(move))
            case "forget":
                self.matters.pop(move.subject)
            case "use" if not move.automatic:
                self._use(move)

    def record(self, fact: Fact) -> Event:
        return self.agreement.record(fact, at=self.at)

    # ---- the course ----------------------------------------------------------------------------------------

    def _begin(self, move: Move) -> None:
        through = plus_days(FIRST, self.automaton.trial - 1) if move.how == TRIAL else None
        self.at = self.terms.calendar().start_of(FIRST)
        self.made = Agreement.make(
            self.terms,
            agreement="proof",
            customer="Customer",
            at=FIRST,
            trial_through=through,
            readings=self.terms.chosen,
        )
        if self.terms.begins == "order" and (self.automaton.name != NAME or move.how == ACTIVE):
            self._order(FIRST)

    def _sign(self, move: Move, day: Day) -> None:
        self._order(plus_days(self.term_began, self.automaton.length) if move.subject == "successor" else day)

    def _order(self, start: Day) -> None:
        self.orders += 1
        length = Period(self.automaton.length, "days") if self.automaton.length else _LONG
        self.record(OrderSigned(order=f"O-{self.orders}", start=start, term=length))
        self.term_began = start

    # ---- matters -------------------------------------------------------------------------------------------

    def _open(self, move: Move, day: Day) -> None:
        kind = self.terms.kinds[move.subject]
        self.opened += 1
        self.matters[kind.id] = f"{kind.id}-{self.opened}"
        sorts = self.automaton.sorts.get(kind.id, ({},))
        said = {name: value for name, value in sorts[move.sort].items() if name != "party" and value is not None}
        attributes: dict[str, Scalar] = {k: v.removeprefix("\0") if isinstance(v, str) else v for k, v in said.items()}
        named = tuple(self.matters[k] for k in self.matters if names(kind.id, k) in move.sets)
        field = next((name for name, allowed in kind.attributes.items() if allowed == "matters"), "")
        leads = self.automaton.leads.get(kind.id, {})
        party = sorts[move.sort].get("party") or ("customer" if kind.party == "either" else None)
        self.record(
            MatterOpened(
                kind=kind.id,
                matter=self.matters[kind.id],
                by=kind.asserted_by,
                party=cast("Party | None", party),
                days={name: plus_days(day, leads.get(name, 0)) for name in kind.days if name not in kind.defaults},
                amount=_OWED if kind.money == "owed" else None,
                attributes={**attributes, **({field: named} if named else {})},
            )
        )

    def _end(self, move: Move) -> None:
        matter = self.matters[move.subject]
        if self.terms.kinds[move.subject].money == "owed" and move.how in _MEANS:
            self.record(Paid(matter=matter, amount=_OWED, means=_MEANS[move.how]))  # type: ignore[arg-type]
        else:
            self.record(MatterEnded(matter=matter, how=move.how))

    def _about(self, move: Move) -> tuple[str, ...]:
        return (self.matters[move.about],) if move.about in self.matters and move.about not in DERIVED_KINDS else ()

    # ---- notices and powers --------------------------------------------------------------------------------

    def _notice(self, kind: str, by: str, about: tuple[str, ...]) -> None:
        method, rule = fastest(self.terms)
        delivered = self.at if rule and rule.counts == "delivery" else None
        about = about if self.terms.notices[kind].about else ()
        self.record(NoticeGiven(kind=kind, by=cast("Party", by), method=method, about=about, delivered=delivered))

    def _use(self, move: Move) -> None:
        power = self.terms.powers[move.subject]
        method, rule = fastest(self.terms)
        by: By = "both" if not move.by else self.by if self.by in move.by else cast("Party", move.by[0])
        outcome = self.agreement.do(
            power.does,
            by=by,
            at=self.at,
            about=self._about(move) if "hold" in power.matter or not move.how else (),
            power=power.id,
            method=method if power.in_writing else None,
            known_through=self.at,
        )
        if power.in_writing and rule and rule.counts == "delivery":
            self.record(NoticeDelivered(notice=outcome.event.id))
