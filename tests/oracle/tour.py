"""A tour on purpose: an account brought into each state, and every sort of event recorded there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lifecycle import Money, Period
from lifecycle.events import (
    Accepted,
    Acted,
    Agreed,
    CaughtUp,
    Corrected,
    Done,
    Extended,
    MatterChanged,
    MatterEnded,
    MatterReopened,
    NoticeDelivered,
    OrderSigned,
    Paid,
    Posted,
    Waived,
    Withdrawn,
)
from tests.oracle.clauses import TABLE
from tests.oracle.modal import ONE
from tests.oracle.steps import Steps
from tests.oracle.telling import NOW

START = date(2026, 1, 5)

# How an account begins, how long its term is, how many days later it is in the state, when another order may start.
WAYS = {
    "None": ("later", (12, "months"), 1, date(2027, 2, 14)),  # it starts on day 40, 14 February
    "trial": ("trial", (12, "months"), 1, date(2027, 1, 17)),  # on day 12, 17 January
    "active": ("order", (12, "months"), 1, date(2027, 1, 5)),
    "suspended": ("order", (12, "months"), 1, date(2027, 1, 5)),
    "renewed": ("order", (1, "months"), 40, date(2026, 3, 5)),  # 14 February: term 2 ends on 4 March
    "terminated": ("order", (20, "days"), 21, date(2026, 1, 25)),  # it does not renew: over with 24 January
}


class Tour(Steps):
    """Steps in a fixed order."""

    def arrive(self, state: str) -> None:
        shape, length, days, _ = WAYS[state]
        self.begin(START, shape, length, renews=state != "terminated", excludes=False)
        self.now += days * ONE
        if state == "suspended":
            risk = self.open(0, "security_risk", by="provider")
            self.attempt(0, "suspend", "provider", about=(risk,), power="suspend.security")

    def everything(self, state: str) -> Iterator[None]:
        """One event after the other; a pause after each. What would change the state comes last, or happened on a day
        when there was such a state.
        """
        invoice, breach = self.invoice(0, 3, "invoice"), self.breach(0, "customer", remediable=True)
        notice = self.notice(0, "breach", "provider", "email", breach)
        yield
        hundred, to = Money("40", "USD"), self.today(0) + 20 * ONE
        for fact in (
            Accepted(notice=notice, by="customer"),
            NoticeDelivered(notice=notice),
            MatterChanged(matter=invoice, attributes={"payment": "card"}),
            Extended(matter=invoice, by="provider", day="due", to=to),
            Waived(matter=breach, power="terminate.breach", by="provider"),
            MatterEnded(matter=breach, how="cured"),
            MatterReopened(matter=breach),
            Done(duty="cease_use", by="customer", about="ending"),
            Agreed(what="consent", text="as both want"),
            CaughtUp(through=self.now, entries=()),
        ):
            self.tell(0, fact)
            yield
        paid = self.tell(0, Paid(matter=invoice, amount=hundred))
        assert paid is not None
        yield
        self.tell(0, Corrected(event=paid, fact=Paid(matter=invoice, amount=Money("60", "USD"))))
        yield
        self.tell(0, Withdrawn(event=paid))
        yield
        in_force = {"None": (-60, False), "terminated": (2, False)}.get(state, NOW)  # in 60 days; two days ago
        self.outside(0, Posted(power="terms.modify"), in_force)
        yield
        order = OrderSigned(order="O-2", start=WAYS[state][3], term=Period(12, "months"))
        if state != "terminated":  # that would go on with another order
            self.tell(0, order, in_force)
            yield
        self.outside(0, Acted(does="suspend", by="provider"), in_force)
        yield
        if state == "terminated":
            self.tell(0, order, in_force)
            yield

    def use(self, power: str) -> None:
        """What a power takes happens, and it is exercised as soon as it is open. A hold is there for one that lifts it,
        an end for one that follows it.
        """
        self.arrive({"hold": "suspended", "ending": "terminated"}.get(TABLE[power].kinds, "active"))
        name = self.what_it_takes(0, power)
        openings = self.accounts[0].walk(self.now).powers
        found = next(o for o in openings if o.power == power and name in ("", o.matter))
        self.now = max(self.now, found.first)
        self.check(0)
        about = (found.matter,) if found.matter else ()
        self.attempt(0, TABLE[power].does, found.by, about=about, power=power, method="courier")
        self.check(0)

    def around(self, what: str) -> None:
        """What a power takes happens in an account that is active, and each side of its first day is checked; of a
        claim its last day (5.3), of the term its end.
        """
        self.arrive("active")
        if what in TABLE:
            self.course(0, what, act=False)
            return
        if what == "claim":
            self.open(0, "claim", party="customer")
        walk = self.accounts[0].walk(self.now)
        last = walk.day(self.now) + 30 * ONE if what == "claim" else date(2027, 1, 4)
        for at in (walk.dawn(last), walk.dawn(last + ONE), walk.dawn(last + 2 * ONE)):
            self.now = at
            self.check(0)
