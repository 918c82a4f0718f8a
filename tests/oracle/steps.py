"""The steps an account can take: what can happen to it, what can be asked of it and done, rule by rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import hypothesis.strategies as st
import pytest
from attrs import evolve
from hypothesis.stateful import Bundle, consumes, initialize, multiple, precondition, rule

from lifecycle import Money, Period, Refused
from lifecycle.errors import InvalidFact, KeyConflict
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
    MatterOpened,
    MatterReopened,
    NoticeDelivered,
    NoticeGiven,
    OrderSigned,
    Paid,
    Posted,
    Waived,
    Withdrawn,
)
from tests.oracle.clauses import ENDS, METHODS, TABLE
from tests.oracle.comparing import same, takes, told
from tests.oracle.modal import ONE, Walk, is_act
from tests.oracle.reached import REACHED
from tests.oracle.telling import Account, Telling

Step = TypeVar("Step", bound=Callable[..., Any])

STARTS = [date(2026, 1, 5), date(2026, 1, 31), date(2027, 10, 10), date(2028, 1, 31)]
SHAPES = ["order", "order", "order", "trial", "trial alone", "trial and gap", "later", "import"]
LENGTHS = [(12, "months"), (1, "months"), (3, "months"), (1, "years"), (20, "days")]
SCENES = [
    *("overdue", "overdue card", "invoice", "breach", "provider's breach", "incurable breach", "prevented cure"),
    "emailed breach",
    *("security_risk", "prohibited_use", "insolvency", "cessation", "composition", "liquidation", "analogous_event"),
    *("proceeding", "other_proceeding", "assignment", "force majeure", "claim", "change_of_control", "non-renewal"),
]
AT_ONCE = [
    "security_risk",
    "prohibited_use",
    "insolvency",
    "cessation",
    "composition",
    "liquidation",
    "analogous_event",
]
OTHERS = ["proceeding", "other_proceeding", "warranty_breach", "change_of_control"]
ABOUT_EITHER = ["claim", "return_request", "compelled_disclosure"]
COUNTED = [power for power, row in TABLE.items() if row.days or row.kinds == "term"]
CORRECTABLE = (
    *(MatterOpened, MatterEnded, MatterReopened, MatterChanged, Paid, Extended, Waived),
    *(NoticeGiven, NoticeDelivered, Accepted, Acted),
)

whens = st.tuples(st.sampled_from([0, 0, 0, 0, 0, 1, 2, 7, 12, 33, -4]), st.booleans())
parties: Any = st.sampled_from(["provider", "customer"])
mostly_provider: Any = st.sampled_from(["provider", "provider", "provider", "customer"])
methods = st.sampled_from([*METHODS, "courier", "courier", "email"])
picks = st.integers(0, 11)
accounts = st.sampled_from([0, 0, 0, 1])
yes = st.booleans()
vouched = st.sampled_from([0, 0, 0, 5, 7, None])


def there_is(*kinds: str) -> Callable[[Step], Step]:
    """A step that takes a matter of one of some kinds, of any where none is named."""
    return precondition(lambda self: bool(self.of(*kinds)))


class Steps(Telling):
    """Two accounts under the Modal Terms, and one clock. What must hold after each step, a subclass says."""

    notices = Bundle("notices")
    verdicts = Bundle("verdicts")
    repeats = Bundle("repeats")
    unknown = Bundle("unknown")

    @initialize(
        target=notices,
        start=st.sampled_from(STARTS),
        shapes=st.tuples(st.sampled_from(SHAPES), st.sampled_from(SHAPES)),
        lengths=st.tuples(st.sampled_from(LENGTHS), st.sampled_from(LENGTHS)),
        renews=st.sampled_from([True, True, True, False]),
        excludes=yes,
        scenes=st.lists(st.sampled_from(SCENES), min_size=1, max_size=4, unique=True),
    )
    def two_accounts(self, *, start: date, shapes: Any, lengths: Any, renews: bool, excludes: bool, scenes: Any) -> Any:
        for shape, length in zip(shapes, lengths, strict=True):
            self.begin(start, shape, length, renews=renews, excludes=excludes)
        given = [(n, self.scene(n, scene)) for n, scene in [*((0, scene) for scene in scenes), (1, scenes[0])]]
        return multiple(*((n, notice) for n, notice in given if notice))

    def scene(self, n: int, scene: str) -> str | None:
        """Something to begin with; the notice that belongs to it, if one does."""
        match scene:
            case "overdue":
                return self.notice(n, "overdue", "provider", "courier", self.invoice(n, -1, "invoice"))
            case "overdue card":
                self.invoice(n, -1, "card")
                return self.notice(n, "overdue", "provider", "certified_mail")
            case "invoice":
                self.invoice(n, 3, "invoice")
            case "breach" | "incurable breach":
                self.breach(n, "customer", remediable=scene == "breach")
            case "provider's breach":
                self.breach(n, "provider", remediable=True)
            case "prevented cure":
                name = self.breach(n, "customer", remediable=True)
                self.open(n, "force_majeure", attributes={"prevents": (name,)})
            case "emailed breach":
                name = self.open(n, "breach", party="customer", attributes={"remediable": True, "material": True})
                return self.notice(n, "breach", "provider", "email", name)
            case "assignment":
                self.open(n, "creditor_assignment", attributes={"attempted": False})
            case "force majeure":
                self.open(n, "force_majeure")
            case "claim":
                self.open(n, "claim", party="customer")
            case "non-renewal":
                return self.notice(n, "non_renewal", "customer", "registered_mail")
            case kind:
                self.open(n, kind, by="provider" if kind in AT_ONCE else None)
        return None

    # ---- time ----------------------------------------------------------------------------------------------------

    @rule(days=st.integers(1, 12))
    def days_pass(self, *, days: int) -> None:
        self.now += days * ONE

    @rule(hours=st.integers(1, 13))
    def hours_pass(self, *, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(days=st.sampled_from([31, 61, 200]))
    def months_pass(self, *, days: int) -> None:
        self.now += days * ONE

    @rule(n=accounts, pick=picks, step=st.sampled_from([-1, 0, 1]), late=yes)
    def an_edge_is_near(self, *, n: int, pick: int, step: int, late: bool) -> None:
        """Land on the day before an edge ahead, on its day, or on the day after: at its first or last second."""
        walk = self.accounts[n].walk(self.now)
        if (edge := self.edge(n, pick)) is not None:
            day = walk.day(edge) + step * ONE
            at = walk.dawn(day + ONE) - timedelta(seconds=1) if late else walk.dawn(day)
            self.now = max(self.now, at)

    @rule(n=accounts, pick=picks, before=yes)
    def an_edge_is_here(self, *, n: int, pick: int, before: bool) -> None:
        """Land on the very instant of an edge, or on the last one before it."""
        if (edge := self.edge(n, pick)) is not None:
            self.now = max(self.now, edge - timedelta(microseconds=before))

    @rule(n=accounts, pick=picks)
    def an_edge_is_walked_over(self, *, n: int, pick: int) -> None:
        """The day before, the day itself, the day after: checked on each."""
        walk = self.accounts[n].walk(self.now)
        if (edge := self.edge(n, pick)) is not None:
            day = walk.day(edge)
            for at in (walk.dawn(day) - timedelta(seconds=1), walk.dawn(day), edge, walk.dawn(day + ONE)):
                self.now = max(self.now, at)
                self.check(n)

    @rule(n=accounts, power=st.sampled_from(list(TABLE)), act=yes, hours=vouched, method=methods)
    def a_power_runs_its_course(self, *, n: int, power: str, act: bool, hours: int | None, method: str) -> None:
        self.course(n, power, act=act, hours=hours, method=method)

    @rule(n=accounts, power=st.sampled_from(COUNTED), act=yes)
    def a_power_with_a_count_runs_its_course(self, *, n: int, power: str, act: bool) -> None:
        self.course(n, power, act=act)

    def course(self, n: int, power: str, *, act: bool, hours: int | None = 0, method: str = "courier") -> None:
        """What it takes happens now; then the day before its first day, that day - done then, or not - and the next."""
        name, row, account = self.what_it_takes(n, power), TABLE[power], self.accounts[n]
        for o in [o for o in account.walk(self.now).powers if o.power == power and name in ("", o.matter)][:1]:
            edge = o.until if power == "non_renewal" else o.first
            walk = account.walk(self.now)
            for at in (walk.dawn(walk.day(edge)) - timedelta(seconds=1), edge, walk.dawn(walk.day(edge) + ONE)):
                self.now = max(self.now, at)
                self.check(n)
                if act and at == edge and row.does != "terminate":
                    about = (name,) if name else ()
                    self.attempt(n, row.does, o.by, hours, about=about, power=power, method=method)

    def what_it_takes(self, n: int, power: str) -> str:
        """Make happen what a power rests on; the matter's name, '' where it rests on none that can be opened."""
        row = TABLE[power]
        match row.kinds.split()[:1]:
            case ["invoice"]:
                name = self.invoice(n, 1, "card" if self.steps % 2 else "invoice")
                if "overdue" in row.days:
                    self.now += 2 * ONE
                    self.notice(n, "overdue", "provider", "courier", name)
                return name
            case ["breach"]:
                return self.breach(n, "customer", remediable=bool(row.fits["remediable"]))
            case ["creditor_assignment"]:
                return self.open(n, "creditor_assignment", attributes={"attempted": False})
            case [kind] if kind not in ("hold", "term", "ending"):
                return self.open(n, kind, by="provider")
        return ""

    def edge(self, n: int, pick: int) -> datetime | None:
        """The next edge of one of the powers that have one ahead."""
        first: dict[str, datetime] = {}
        for at, what in self.accounts[n].walk(self.now).edges():
            first.setdefault(what, at)
        return list(first.values())[pick % len(first)] if first else None

    # ---- matters -------------------------------------------------------------------------------------------------

    @rule(n=accounts, due=st.integers(-3, 9), by=st.sampled_from(["card", "invoice", "invoice", None]), when=whens)
    def an_invoice(self, *, n: int, due: int, by: str | None, when: Any) -> None:
        self.invoice(n, due, by, when)

    @rule(n=accounts, said=st.tuples(yes, st.sampled_from([True, False, None])), party=parties, when=whens)
    def a_breach(self, *, n: int, said: Any, party: Any, when: Any) -> None:
        attributes = {k: v for k, v in zip(("material", "remediable"), said, strict=True) if v is not None}
        self.open(n, "breach", when, party=party, attributes=attributes)

    @rule(n=accounts, party=parties, remediable=yes)
    def a_breach_and_its_notice(self, *, n: int, party: Any, remediable: bool) -> None:
        self.breach(n, party, remediable=remediable)

    @rule(n=accounts, kind=st.sampled_from(AT_ONCE), by=st.sampled_from(["provider", "customer", None]), when=whens)
    def something_that_counts_at_once(self, *, n: int, kind: str, by: Any, when: Any) -> None:
        self.open(n, kind, when, by=by)

    @rule(n=accounts, attempted=st.sampled_from([True, False, None]), when=whens)
    def an_assignment_for_creditors(self, *, n: int, attempted: bool | None, when: Any) -> None:
        self.open(n, "creditor_assignment", when, attributes={} if attempted is None else {"attempted": attempted})

    @rule(n=accounts, kind=st.sampled_from(OTHERS), when=whens)
    def something_else_begins(self, *, n: int, kind: str, when: Any) -> None:
        self.open(n, kind, when)

    @rule(n=accounts, kind=st.sampled_from(ABOUT_EITHER), party=parties, when=whens)
    def something_about_either_party(self, *, n: int, kind: str, party: Any, when: Any) -> None:
        self.open(n, kind, when, party=party)

    @rule(n=accounts, when=whens)
    def a_force_majeure(self, *, n: int, when: Any) -> None:
        self.open(n, "force_majeure", when)

    @there_is("breach")
    @rule(pick=picks, when=whens)
    def a_force_majeure_that_prevents_a_cure(self, *, pick: int, when: Any) -> None:
        n, breach, _ = self.one(pick, "breach")
        self.open(n, "force_majeure", when, attributes={"prevents": (breach,)})

    @rule(n=accounts, pick=picks, when=whens)
    def the_trials_limit_is_reached(self, *, n: int, pick: int, when: Any) -> None:
        if pick < 3:
            self.tell(n, MatterOpened(kind="trial_limit", matter=self.accounts[n].name("trial_limit")), when)

    @there_is()
    @rule(pick=picks)
    def a_matter_cannot_be_opened_twice(self, *, pick: int) -> None:
        n, name, kind = self.one(pick)
        if name in self.accounts[n].walk(self.now).matters:
            self.refused(n, MatterOpened(kind=kind, matter=name))

    @there_is()
    @rule(pick=picks, way=picks, when=whens)
    def a_matter_ends(self, *, pick: int, way: int, when: Any) -> None:
        n, name, kind = self.one(pick)
        if ways := ENDS.get(kind, "").split():
            self.tell(n, MatterEnded(matter=name, how=ways[way % len(ways)]), when)

    @there_is()
    @rule(pick=picks, when=whens)
    def a_matter_goes_on_again(self, *, pick: int, when: Any) -> None:
        n, name, kind = self.one(pick)
        self.tell(n, MatterReopened(matter=name), when, fits=kind != "invoice")  # what was paid goes on by a refund

    @there_is("breach")
    @rule(pick=picks, name=st.sampled_from(["remediable", "material"]), value=yes, when=whens)
    def of_a_breach_something_else_is_said(self, *, pick: int, name: str, value: bool, when: Any) -> None:
        n, matter, _ = self.one(pick, "breach")
        self.tell(n, MatterChanged(matter=matter, attributes={name: value}), when)

    @there_is("creditor_assignment", "composition")
    @rule(pick=picks, attempted=yes, when=whens)
    def of_an_assignment_something_else_is_said(self, *, pick: int, attempted: bool, when: Any) -> None:
        n, name, _ = self.one(pick, "creditor_assignment", "composition")
        self.tell(n, MatterChanged(matter=name, attributes={"attempted": attempted}), when)

    @there_is("force_majeure")
    @rule(pick=picks, other=picks, when=whens)
    def a_force_majeure_is_found_to_prevent_something(self, *, pick: int, other: int, when: Any) -> None:
        n, name, _ = self.one(pick, "force_majeure")
        self.tell(n, MatterChanged(matter=name, attributes={"prevents": (self.one(other)[1],)}), when)

    @there_is("invoice")
    @rule(pick=picks, by=st.sampled_from(["card", "invoice"]), when=whens)
    def of_an_invoice_it_is_said_how_it_is_paid(self, *, pick: int, by: str, when: Any) -> None:
        n, name, _ = self.one(pick, "invoice")
        self.tell(n, MatterChanged(matter=name, attributes={"payment": by}), when)

    @there_is("invoice")
    @rule(pick=picks, amount=st.sampled_from(["60", "140"]), when=whens)
    def an_invoice_is_over_another_amount(self, *, pick: int, amount: str, when: Any) -> None:
        n, name, _ = self.one(pick, "invoice")
        self.tell(n, MatterChanged(matter=name, amount=Money(amount, "USD")), when)

    @there_is("invoice")
    @rule(pick=picks, days=st.integers(-9, 9), when=whens)
    def an_invoice_is_due_on_another_day(self, *, pick: int, days: int, when: Any) -> None:
        n, name, _ = self.one(pick, "invoice")
        self.tell(n, MatterChanged(matter=name, days={"due": self.today(n) + days * ONE}), when)

    # ---- money ---------------------------------------------------------------------------------------------------

    @there_is("invoice")
    @rule(pick=picks, amount=st.sampled_from(["40", "60"]), means=st.sampled_from(["payment", "credit"]), when=whens)
    def part_of_an_invoice_is_paid(self, *, pick: int, amount: str, means: Any, when: Any) -> None:
        n, name, _ = self.one(pick, "invoice")
        self.tell(n, Paid(matter=name, amount=Money(amount, "USD"), means=means), when)

    @there_is("invoice")
    @rule(pick=picks, means=st.sampled_from(["payment", "payment", "write_off"]), when=whens)
    def an_invoice_is_paid(self, *, pick: int, means: Any, when: Any) -> None:
        n, name, _ = self.one(pick, "invoice")
        self.tell(n, Paid(matter=name, amount=Money("100", "USD"), means=means), when)

    @there_is("invoice")
    @rule(
        pick=picks, amount=st.sampled_from(["40", "100"]), means=st.sampled_from(["refund", "chargeback"]), when=whens
    )
    def money_is_taken_back(self, *, pick: int, amount: str, means: Any, when: Any) -> None:
        n, name, _ = self.one(pick, "invoice")
        self.tell(n, Paid(matter=name, amount=Money(amount, "USD"), means=means), when)

    @rule(target=unknown, n=accounts, what=st.sampled_from(["paid", "notice", "voided"]), when=whens)
    def a_fact_comes_before_its_invoice(self, *, n: int, what: str, when: Any) -> Any:
        name = self.accounts[n].name("invoice")
        match what:
            case "paid":
                self.tell(n, Paid(matter=name, amount=Money("40", "USD")), when)
            case "notice":
                self.notice(n, "overdue", "provider", "courier", name, when)
            case _:
                self.tell(n, MatterEnded(matter=name, how="voided"), when)
        return n, name

    @rule(heard=consumes(unknown), due=st.integers(-20, 3), when=whens)
    def the_invoice_is_learned_of(self, *, heard: Any, due: int, when: Any) -> None:
        self.invoice(heard[0], due, "invoice", when, name=heard[1])

    # ---- notices -------------------------------------------------------------------------------------------------

    @there_is("breach", "claim", "warranty_breach", "proceeding")
    @rule(target=notices, pick=picks, by=parties, method=methods, when=whens)
    def a_notice_about_a_matter(self, *, pick: int, by: Any, method: str, when: Any) -> Any:
        n, name, kind = self.one(pick, "breach", "claim", "warranty_breach", "proceeding")
        about = {"claim": "claim", "warranty_breach": "warranty"}.get(kind, "breach")
        return n, self.notice(n, about, by, method, name, when)

    @there_is("breach")
    @rule(target=notices, pick=picks, by=parties, method=methods, days=st.integers(-3, 9))
    def a_notice_is_said_to_arrive_on_another_day(self, *, pick: int, by: Any, method: str, days: int) -> Any:
        n, name, _ = self.one(pick, "breach")
        to = self.today(n) + days * ONE
        return n, self.tell(n, NoticeGiven(kind="breach", by=by, method=method, about=name, delivered=to))

    @there_is("invoice")
    @rule(target=notices, pick=picks, by=mostly_provider, method=methods, named=yes, when=whens)
    def an_overdue_notice(self, *, pick: int, by: Any, method: str, named: bool, when: Any) -> Any:
        n, name, _ = self.one(pick, "invoice")
        return n, self.notice(n, "overdue", by, method, (name,) if named else (), when)

    @rule(target=notices, n=accounts, by=parties, method=methods, when=whens)
    def a_non_renewal_notice(self, *, n: int, by: Any, method: str, when: Any) -> Any:
        return n, self.notice(n, "non_renewal", by, method, (), when)

    @rule(notice=notices, when=whens)
    def a_notice_is_delivered(self, *, notice: Any, when: Any) -> None:
        self.tell(notice[0], NoticeDelivered(notice=notice[1]), when)

    @rule(notice=notices, by=parties, from_day=st.sampled_from([None, None, -10, 5]), when=whens)
    def a_notice_is_accepted(self, *, notice: Any, by: Any, from_day: int | None, when: Any) -> None:
        counts_from = None if from_day is None else self.today(notice[0]) + from_day * ONE
        self.tell(notice[0], Accepted(notice=notice[1], by=by, counts_from=counts_from), when)

    @rule(notice=notices, when=whens)
    def a_notice_is_taken_back_by_both(self, *, notice: Any, when: Any) -> None:
        self.tell(notice[0], Agreed(what="withdrawal", target=notice[1]), when)

    # ---- more time, and less power -------------------------------------------------------------------------------

    @there_is("invoice")
    @rule(pick=picks, by=mostly_provider, days=st.integers(-5, 20), when=whens)
    def a_due_day_is_put_off(self, *, pick: int, by: Any, days: int, when: Any) -> None:
        n, name, _ = self.one(pick, "invoice")
        self.tell(n, Extended(matter=name, by=by, day="due", to=self.today(n) + days * ONE), when)

    @there_is()
    @rule(pick=picks, which=picks, by=mostly_provider, days=st.integers(-5, 40), when=whens)
    def a_power_or_a_duty_waits(self, *, pick: int, which: int, by: Any, days: int, when: Any) -> None:
        n, name, kind = self.one(pick)
        duties = ["notify_claim.provider", "notify_claim.customer"] if kind == "claim" else []
        if names := powers_over(kind) + duties:
            to = self.today(n) + days * ONE
            self.tell(n, Extended(matter=name, by=by, power=names[which % len(names)], to=to), when)

    @there_is()
    @rule(pick=picks, which=picks, by=mostly_provider, when=whens)
    def a_power_is_waived(self, *, pick: int, which: int, by: Any, when: Any) -> None:
        n, name, kind = self.one(pick)
        if names := powers_over(kind):
            self.tell(n, Waived(matter=name, power=names[which % len(names)], by=by), when)

    # ---- orders, and what both agree on --------------------------------------------------------------------------

    @rule(n=accounts, follows=yes, months=st.sampled_from([1, 12]), excludes=yes, when=whens)
    def another_order(self, *, n: int, follows: bool, months: int, excludes: bool, when: Any) -> None:
        account, term = self.accounts[n], self.accounts[n].walk(self.now).term
        start = term.last + ONE if term and follows else self.today(n) + ONE
        said = {"discontinuation": "excluded" if excludes else "allowed"}
        order = OrderSigned(order=account.name("O"), start=start, term=Period(months, "months"), attributes=said)
        self.tell(n, order, when, fits=False)

    @rule(n=accounts, pick=picks, when=whens)
    def both_undo(self, *, n: int, pick: int, when: Any) -> None:
        """A termination, seldom an order, or nothing that can be undone."""
        walk = self.accounts[n].walk(self.now)
        targets = [walk.ending.event] if walk.ending and walk.ending.event else []
        targets += [order.event for order in walk.orders if pick == 0] + ["nothing"]
        self.tell(n, Agreed(what="rescission", target=targets[0]), when)

    @rule(n=accounts, what=st.sampled_from(["amendment", "consent"]), when=whens)
    def both_agree_on_something_else(self, *, n: int, what: Any, when: Any) -> None:
        self.tell(n, Agreed(what=what, text="as both want"), when)

    @rule(n=accounts, duty=st.sampled_from(["cease_use", "return_materials", "pay_accrued"]))
    def a_duty_is_done(self, *, n: int, duty: str) -> None:
        self.tell(n, Done(duty=duty, by="customer", about="ending"))

    # ---- acts ----------------------------------------------------------------------------------------------------

    @rule(n=accounts, pick=picks, method=methods, hours=vouched, ends=st.integers(0, 4))
    def someone_does_what_is_open(self, *, n: int, pick: int, method: str, hours: int | None, ends: int) -> None:
        ready = [o for o in self.accounts[n].walk(self.now).powers if o.first <= self.now < o.until]
        ready = [o for o in ready if (TABLE[o.power].does == "terminate") == (ends == 0)]
        if ready:
            o = ready[pick % len(ready)]
            about = (o.matter,) if o.matter else ()
            self.attempt(n, TABLE[o.power].does, o.by, hours, about=about, power=o.power, method=method)

    @there_is()
    @rule(pick=picks, which=picks, by=mostly_provider, hours=vouched)
    def someone_tries_because_of_a_matter(self, *, pick: int, which: int, by: Any, hours: int | None) -> None:
        """Not to terminate: that would end most stories."""
        n, name, kind = self.one(pick)
        if powers := [power for power in powers_over(kind) if TABLE[power].does != "terminate"]:
            power = powers[which % len(powers)]
            self.attempt(n, TABLE[power].does, by, hours, about=(name,), power=power)

    @there_is()
    @rule(pick=picks, by=parties, method=methods)
    def someone_asks_to_terminate(self, *, pick: int, by: Any, method: str) -> None:
        n, name, _ = self.one(pick)
        asked = {"does": "terminate", "by": by, "about": (name,), "power": None, "method": method}
        self.ask(n, asked, 0)
        self.ask(n, {**asked, "about": ()}, 0)

    @rule(
        n=accounts,
        does=st.sampled_from(["suspend", "suspend", "reinstate", "accelerate", "stop renewal"]),
        by=mostly_provider,
        hours=vouched,
    )
    def someone_tries(self, *, n: int, does: str, by: Any, hours: int | None) -> None:
        self.attempt(n, does, by, hours, method="courier")

    @rule(
        n=accounts,
        does=st.sampled_from(["charge interest", "shorten payment terms", "delete data", "assign", "amend"]),
        by=st.sampled_from(["provider", "customer", "both"]),
    )
    def someone_tries_something_else(self, *, n: int, does: str, by: Any) -> None:
        self.attempt(n, does, by)

    @rule(n=accounts, does=st.sampled_from(["suspend", "suspend", "reinstate"]), by=mostly_provider)
    def someone_overrides(self, *, n: int, does: Any, by: Any) -> None:
        account = self.accounts[n]
        walk, before = account.walk(self.now), len(account.history)
        try:
            outcome = account.agreement.do(does, by=by, at=self.now, override="it cannot wait")
        except Refused:
            assert len(account.history) == before
            assert not takes(walk, does, by) or len(walk.may(does, by)) > 1
        else:
            assert takes(walk, does, by)
            assert outcome.verdict.permitted or not account.agreement.was_regular(outcome.event.id)
            REACHED.step(walk.state, outcome.event)

    @rule(
        n=accounts,
        does=st.sampled_from(["suspend", "suspend", "reinstate", "accelerate", "delete data"]),
        by=mostly_provider,
        which=picks,
        when=whens,
    )
    def an_act_was_done_outside(self, *, n: int, does: str, by: Any, which: int, when: Any) -> None:
        powers: list[str | None] = [None, *(p for p, row in TABLE.items() if row.does == does)]
        self.outside(n, Acted(does=does, by=by, power=powers[which % len(powers)]), when)

    @there_is()
    @rule(pick=picks, does=st.sampled_from(["suspend", "reinstate"]), which=picks, when=whens)
    def an_act_about_a_matter_was_done_outside(self, *, pick: int, does: str, which: int, when: Any) -> None:
        n, name, kind = self.one(pick)
        powers: list[str | None] = [None, *(p for p in powers_over(kind) if TABLE[p].does == does)]
        self.outside(n, Acted(does=does, by="provider", power=powers[which % len(powers)], about=name), when)

    @rule(n=accounts, by=st.sampled_from(["provider", "customer", "both"]), pick=picks, when=whens)
    def an_end_was_made_outside(self, *, n: int, by: Any, pick: int, when: Any) -> None:
        if pick < 4:
            self.outside(n, Agreed(what="termination") if by == "both" else Acted(does="terminate", by=by), when)

    @rule(n=accounts, pick=picks, ahead=st.sampled_from([None, 0, 20]), when=whens)
    def a_change_is_posted(self, *, n: int, pick: int, ahead: int | None, when: Any) -> None:
        effective = None if ahead is None else self.today(n) + ahead * ONE
        power = "terminate.discontinuation" if pick < 2 else "terms.modify"
        self.outside(n, Posted(power=power, effective=effective), when)

    # ---- tickets that grow old -----------------------------------------------------------------------------------

    @there_is()
    @rule(target=verdicts, pick=picks, which=picks, by=mostly_provider)
    def a_verdict_is_kept(self, *, pick: int, which: int, by: Any) -> Any:
        n, name, kind = self.one(pick)
        if not (powers := [power for power in powers_over(kind) if TABLE[power].does != "terminate"]):
            return multiple()
        power = powers[which % len(powers)]
        asked = {"does": TABLE[power].does, "by": by, "about": (name,), "power": power, "method": None}
        return n, asked, self.ask(n, asked, 0)

    @rule(ticket=verdicts)
    def a_kept_verdict_is_acted_on(self, *, ticket: Any) -> None:
        """What counts is what the Terms permit now, whatever it says."""
        n, asked, verdict = ticket
        assert verdict.question.does == asked["does"]
        self.attempt(n, **asked)

    # ---- the record ----------------------------------------------------------------------------------------------

    @there_is("invoice")
    @rule(target=repeats, pick=picks, when=whens)
    def a_payment_has_a_key(self, *, pick: int, when: Any) -> Any:
        n, name, _ = self.one(pick, "invoice")
        account, moment, fact = self.accounts[n], self.moment(n, when), Paid(matter=name, amount=Money("60", "USD"))
        key = account.name("key")
        event = account.agreement.record(fact, at=self.now, occurred=moment, key=key)
        return n, key, fact, moment, event.id

    @rule(repeat=repeats)
    def the_same_again_is_not_recorded(self, *, repeat: Any) -> None:
        n, key, fact, moment, event = repeat
        before = len(self.accounts[n].history)
        assert self.accounts[n].agreement.record(fact, at=self.now, occurred=moment, key=key).id == event
        assert len(self.accounts[n].history) == before

    @rule(repeat=repeats)
    def another_body_under_the_same_key_is_a_conflict(self, *, repeat: Any) -> None:
        n, key, fact, moment, _ = repeat
        before, other = len(self.accounts[n].history), evolve(fact, amount=Money("61", "USD"))
        with pytest.raises(KeyConflict):
            self.accounts[n].agreement.record(other, at=self.now, occurred=moment, key=key)
        assert len(self.accounts[n].history) == before

    @rule(n=accounts, pick=picks, days=st.integers(-9, 9))
    def a_record_had_the_wrong_time(self, *, n: int, pick: int, days: int) -> None:
        account = self.accounts[n]
        if plain := [e for e in account.history[2:] if isinstance(e.fact, CORRECTABLE)]:
            event = plain[pick % len(plain)]
            moment = event.occurred + days * ONE
            if account.agreement.instant(moment) >= account.start:
                self.tell(n, Corrected(event=event.id, fact=event.fact, occurred=moment), fits=False)

    @rule(n=accounts, pick=picks, amount=st.sampled_from(["40", "100"]), method=methods, days=st.integers(-9, 9))
    def a_record_said_something_else(self, *, n: int, pick: int, amount: str, method: str, days: int) -> None:
        """Another amount, another way of giving a notice, another due day."""
        for event in [e for e in self.accounts[n].history if isinstance(e.fact, Paid | NoticeGiven | MatterOpened)]:
            other: Any = None
            match event.fact:
                case Paid() as fact:
                    other = evolve(fact, amount=Money(amount, "USD"))
                case NoticeGiven() as fact:
                    other = evolve(fact, method=method)
                case MatterOpened(kind="invoice") as fact:
                    other = evolve(fact, days={"due": self.today(n) + days * ONE})
            if other and (pick := pick - 1) < 0:
                self.tell(n, Corrected(event=event.id, fact=other), fits=False)
                return

    @rule(n=accounts, pick=picks)
    def a_fact_is_recorded_twice(self, *, n: int, pick: int) -> None:
        """By someone who did not know that it was recorded: the same, of the same time, without a key."""
        if plain := [e for e in self.accounts[n].history[2:] if isinstance(e.fact, CORRECTABLE) and not is_act(e)]:
            event = plain[pick % len(plain)]
            account, before = self.accounts[n], len(self.accounts[n].history)
            state = account.walk(self.now).state
            try:
                recorded = account.agreement.record(event.fact, at=self.now, occurred=event.occurred)
            except InvalidFact:
                assert isinstance(event.fact, MatterOpened | MatterReopened)
                assert len(account.history) == before
            else:
                REACHED.step(state, recorded)

    @rule(n=accounts, pick=picks, party=parties)
    def an_act_was_recorded_of_the_wrong_party(self, *, n: int, pick: int, party: Any) -> None:
        if acts := [e for e in self.accounts[n].history if isinstance(e.fact, Acted)]:
            event = acts[pick % len(acts)]
            assert isinstance(event.fact, Acted)
            self.tell(n, Corrected(event=event.id, fact=evolve(event.fact, by=party)), fits=False)

    @rule(n=accounts, pick=picks)
    def a_record_was_wrong_altogether(self, *, n: int, pick: int) -> None:
        if events := self.accounts[n].history[1 if pick == 0 else 2 :]:
            self.tell(n, Withdrawn(event=events[pick % len(events)].id), fits=False)

    @rule(n=accounts, lag=st.sampled_from([0, 0, 1, 30, 400]))
    def the_host_catches_up(self, *, n: int, lag: int) -> None:
        account = self.accounts[n]
        at = max(account.start, self.now - lag * ONE)
        state, before = account.walk(self.now).state, account.told(self.now)
        if account.agreement.catch_up(at):
            REACHED.step(state, account.history[-1])
        same(told(account.agreement, self.now), before)
        assert account.agreement.catch_up(at) == ()
        if lag == 0:
            assert self.told_in_memos(account) == self.turns(account.walk(self.now))

    def told_in_memos(self, account: Account) -> set[tuple[str, datetime]]:
        """What the memos say took effect by itself up to now, but for what was overturned since."""
        stands: dict[str, tuple[str, datetime]] = {}
        for event in account.history:
            for entry in event.fact.entries if isinstance(event.fact, CaughtUp) else ():
                key = entry.key.partition("#")[0]
                if entry.overturned:
                    stands.pop(key)
                elif entry.transition in ("convert", "renew", "expire"):
                    stands[key] = (entry.transition, entry.effective)
        return {(transition, at) for transition, at in stands.values() if at <= self.now}

    def turns(self, walk: Walk) -> set[tuple[str, datetime]]:
        """What the walk says took effect by itself up to now."""
        end = walk.ending.at if walk.ending else self.now + ONE
        begun = [
            (term, at) for term, (at, _) in zip(walk.terms, walk.turns, strict=False) if at <= self.now and at < end
        ]
        converted = walk.made.on_trial and begun and begun[0][1] > walk.since
        found = {("convert" if term.number == 1 else "renew", at) for term, at in begun[0 if converted else 1 :]}
        return found | ({("expire", end)} if walk.ending and walk.ending.how == "expired" else set())

    def one(self, pick: int, *kinds: str) -> tuple[int, str, str]:
        """A matter of one of some kinds, the newest first."""
        found = self.of(*kinds)
        return found[pick % len(found)]


def powers_over(kind: str) -> list[str]:
    return [power for power, row in TABLE.items() if kind in row.kinds.split()]
