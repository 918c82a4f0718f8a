"""The account code of a small SaaS, embedding the library: what a team would write around it, and no more.

Every verb is the same three steps: load the account, let the library decide, and keep in one transaction what it
recorded, what other systems must hear of it, and when to look at the account again. Instants are arguments; the caller
has the clock.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, Literal, TypeVar

from attrs import frozen

from lifecycle import Agreement, LifecycleError, Outcome, Period
from lifecycle.days import Instant
from lifecycle.errors import UnknownAgreement
from lifecycle.events import MatterOpened, NoticeGiven, OrderSigned, Paid
from lifecycle.policy import HousePolicy
from lifecycle.repository import Repository
from lifecycle.steps import Step
from lifecycle.terms import Terms

from .billing import NotYet, Unusable, charge_of, customer_of, translated
from .customer import Line, view
from .database import Database, Message

_OVERDUE = "suspend.overdue"  # the power that this service uses by itself
_SKEW = timedelta(minutes=5)  # by how much the clock of the billing system may be ahead of ours

T = TypeVar("T")


@frozen(kw_only=True)
class Night:
    """What a nightly pass did: accounts looked at, invoices it gave notice of, accounts it suspended, accounts it did
    not dare to suspend, and accounts it could not look at, both with why.
    """

    looked: tuple[str, ...]
    noticed: tuple[str, ...]
    suspended: tuple[str, ...]
    held_back: dict[str, str]
    troubled: dict[str, str]


@frozen(kw_only=True)
class Answer:
    """What the support console shows: whether, why in one sentence, the first day, and the way there."""

    permitted: bool
    text: str
    codes: tuple[str, ...]
    first_day: str | None
    steps: tuple[str, ...]


class AccountService:
    """Accounts under one contract. policy: what the house asks of itself beyond it, such as days of grace. methods: how
    the house gives notices, the one it likes best first; each must count under the contract, or ValueError is raised.
    """

    def __init__(self, database: Database, terms: Terms, *, policy: HousePolicy, methods: tuple[str, ...]) -> None:
        uncounted = [name for name in methods if terms.notice is None or terms.notice.method(name) is None]
        if uncounted or not methods:
            raise ValueError(f"no method of notice under {terms.id}: {', '.join(uncounted) or 'none is named'}")
        self._database = database
        self._terms = terms
        self._repository = Repository(database, [terms], policy=policy)
        self._methods = methods

    # ---- what happens to an account ----------------------------------------------------------------------------

    def signup(self, account: str, *, customer: str, at: Instant, months: int) -> None:
        """A customer signs up: an order from today, renewing by itself. Signing up again changes nothing. What the
        billing system told of it before is read now.
        """
        made = Agreement.make(self._terms, agreement=account, customer=customer, at=at, freshness=Period(36, "hours"))
        made.record(OrderSigned(order=f"{account}-1", start=made.status(at).on, term=Period(months, "months")), at=at)
        with self._database.transaction():
            if not any(True for _ in self._database.load(account)):
                self._repository.add(made)
                self._database.sleeps_until(account, made.wake_at(at))
        self._read_again(at, "waiting")

    def webhook(self, body: str, *, at: Instant) -> Literal["taken", "known", "waiting", "set aside"]:
        """Take a webhook of the billing system: kept first, then understood. One that comes again is known; one that
        speaks of what is not known yet waits for it; one that cannot be understood is set aside for a person.
        """
        try:
            document = json.loads(body)
            webhook = document["id"]
            if not isinstance(webhook, str):
                raise TypeError("its id is not a text")
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise Unusable(f"no webhook: {error}") from None
        if not self._database.keep(webhook, body):
            return "known"
        found = self._understood(webhook, document, at)
        if found == "taken":
            self._read_again(at, "waiting")
        return found

    def dealt_with(self, webhook: str, *, how: str) -> None:
        """A person has settled by other means what a webhook says, and says how: it holds nothing back any more."""
        self._database.settle(webhook, "dealt with", how)

    def breach(self, account: str, breach: str, *, remediable: bool, at: Instant, actor: str) -> None:
        """A person of ours asserts that the customer breached the contract, and gives notice of it."""

        def decide(agreement: Agreement) -> None:
            opened = MatterOpened(
                kind="breach", matter=breach, party="customer", by="provider", attributes={"remediable": remediable}
            )
            agreement.record(opened, at=at, key=f"breach:{breach}", actor=actor)
            notice = NoticeGiven(kind="breach", by="provider", method=self._methods[0], about=breach)
            agreement.record(notice, at=at, key=f"breach notice:{breach}", actor=actor)

        self._change(account, at, decide)

    # ---- what we do --------------------------------------------------------------------------------------------

    def act(
        self, account: str, does: str, *, at: Instant, actor: str, known_through: Instant | None = None, **more: Any
    ) -> Outcome:
        """Act if contract and house permit it.

        Raises Refused, with the reasons; nothing is kept then.
        """
        return self._change(
            account,
            at,
            lambda agreement: agreement.do(
                does, by="provider", at=at, known_through=known_through, actor=actor, **more
            ),
        )

    def panic(self, account: str, why: str, *, at: Instant, actor: str) -> Outcome:
        """Stop an account now, whatever the contract says: a person answers for it, and the act is marked irregular
        where the contract did not permit it.
        """
        return self.act(account, "suspend", at=at, actor=actor, override=why)

    def nightly(self, *, at: Instant, known_through: Instant) -> Night:
        """Look at every account whose time has come: tell what took effect by itself, give the overdue notices that are
        due, suspend what may be suspended. known_through: up to when the payment feed is complete; nobody is suspended
        on older knowledge, nor while a webhook about the account could not be taken in: it may be the payment. What was
        held back, or could not be looked at, is told, stays awake, and stops no other.

        Running it late, twice or never changes no answer; it only tells later.
        """
        looked, noticed, suspended = [], [], []
        held_back: dict[str, str] = {}
        troubled: dict[str, str] = {}
        self._read_again(at, "new", "waiting", "set aside")
        for account in self._database.awake(at):
            notices: list[str] = []
            held: list[str] = []
            look = partial(self._tonight, at=at, known_through=known_through, noticed=notices, held=held)
            try:
                with self._database.transaction():
                    done = self._change(account, at, look)
                    if held:
                        self._database.sleeps_until(account, at)
            except LifecycleError as error:
                troubled[account] = str(error)
                self._database.troubled(account, str(error))
                continue
            looked.append(account)
            noticed += notices
            suspended += [account] if done else []
            held_back |= dict.fromkeys([account] * bool(held), "; ".join(held))
        return Night(
            looked=tuple(looked),
            noticed=tuple(noticed),
            suspended=tuple(suspended),
            held_back=held_back,
            troubled=troubled,
        )

    # ---- what people ask ---------------------------------------------------------------------------------------

    def agreement(self, account: str) -> Agreement:
        """The agreement, to ask it anything; what is recorded in it is not kept."""
        return self._repository.get(account)

    def explain(self, account: str, does: str, *, at: Instant, known_through: Instant | None = None) -> Answer:
        """May we do this now, and if not, why, from when, and what must be done first?"""
        agreement = self.agreement(account)
        verdict = agreement.may(does, by="provider", at=at, known_through=known_through)
        route = None if verdict.permitted else agreement.plan(does, by="provider", from_=at).earliest
        return Answer(
            permitted=verdict.permitted,
            text=str(verdict),
            codes=verdict.codes,
            first_day=str(verdict.first_day) if verdict.first_day else None,
            steps=tuple(str(step) for step in route.steps) if route else (),
        )

    def customers_view(self, account: str, *, at: Instant) -> tuple[Line, ...]:
        """What the customer sees, in codes to be said in a language: :func:`customer.said`."""
        return view(self.agreement(account), at)

    def irregular(self, account: str, *, at: Instant) -> tuple[str, ...]:
        """The acts that the audit finds wrong, in words, for whoever has to answer for them."""
        return tuple(str(finding) for finding in self.agreement(account).audit(at) if finding.standing != "right")

    # ---- what goes onward --------------------------------------------------------------------------------------

    def deliver(self, send: Callable[[Message], object]) -> int:
        """Hand on what other systems must hear, in order; how many. What ``send`` raises for is kept, and the rest
        waits behind it. A message may come twice, with the same key.
        """
        messages = self._database.unsent()
        for message in messages:
            send(message)
            self._database.sent(message.key)
        return len(messages)

    def set_aside(self) -> list[tuple[str, str]]:
        """The webhooks that a person must look at, and why; see :meth:`dealt_with`."""
        return [(webhook, why) for webhook, _, why in self._database.inbox("set aside")]

    # ---- inside ------------------------------------------------------------------------------------------------

    def _understood(self, webhook: str, document: Any, at: Instant) -> Literal["taken", "waiting", "set aside"]:
        """Record what a webhook says, and settle where it stands."""
        account = ""
        try:
            if charge := charge_of(document):
                self._database.learn(charge)
            account = customer_of(document, self._database.charge)
            with self._database.transaction():
                self._take(document, account, at)
                self._database.settle(webhook, "taken", account=account)
        except (NotYet, UnknownAgreement) as why:
            self._database.settle(webhook, "waiting", str(why), account)
            return "waiting"
        except (Unusable, LifecycleError) as why:
            self._database.settle(webhook, "set aside", str(why), account)
            return "set aside"
        return "taken"

    def _read_again(self, at: Instant, *states: str) -> None:
        """Read again what came and could not be taken in: what stood in its way may be gone."""
        for state in states:
            for webhook, kept, _ in self._database.inbox(state):
                self._understood(webhook, json.loads(kept), at)

    def _take(self, document: Any, account: str, at: Instant) -> None:
        def decide(agreement: Agreement) -> None:
            if told := translated(document, agreement, self._database.charge):
                if told.occurred > at + _SKEW:
                    raise Unusable(f"told on {at}, and happens only on {told.occurred}")
                agreement.record(told.fact, at=at, occurred=told.occurred, key=told.key, actor="billing")

        self._change(account, at, decide)

    def _tonight(
        self, agreement: Agreement, at: Instant, known_through: Instant, noticed: list[str], held: list[str]
    ) -> Outcome | None:
        """Give the notices that a suspension lacks, by a method that counts; suspend where that is permitted and all
        that came about the account is understood.
        """
        plan = agreement.plan("suspend", by="provider", from_=at, power=_OVERDUE)
        for route in plan.routes:
            step = route.steps[0]
            if step.kind == "give notice" and step.at <= at and route.matter:
                notice = NoticeGiven(kind=step.what, by="provider", method=self._counting(step), about=route.matter)
                agreement.record(notice, at=at, actor="nightly")
                noticed.append(route.matter)
        asked: dict[str, Any] = {"by": "provider", "at": at, "known_through": known_through, "power": _OVERDUE}
        verdict = agreement.may("suspend", **asked)
        if verdict.codes == ("stale",):
            held.append("the payment feed is not complete up to now")
        if not verdict.permitted:
            return None
        if self._database.unread(agreement.id):
            held.append("a webhook about it could not be taken in")
            return None
        if useless := _payments_without_effect(agreement, at):
            held.append(f"a payment counts for nothing, correct or withdraw it: {useless}")
            return None
        return agreement.do("suspend", **asked, actor="nightly")

    def _counting(self, step: Step) -> str:
        """The first of the house's methods by which a notice counts."""
        return next(method for method in self._methods if method in step.methods)

    def _change(self, account: str, at: Instant, decide: Callable[[Agreement], T]) -> T:
        """Let ``decide`` record in an account, and keep all that comes of it, or nothing. It returns the outcome of the
        act, if it did one.
        """
        with self._database.transaction():
            with self._repository.open(account) as agreement:
                done = decide(agreement)
                entries = agreement.catch_up(at)
            if isinstance(done, Outcome):
                for effect in done.effects:
                    self._database.tell(f"{done.event.id}:{effect.id}", account, effect.id)
            for entry in entries:
                for told in ("overturned",) if entry.overturned else entry.effects:
                    self._database.tell(f"{entry.key}:{told}", account, told)
            self._database.sleeps_until(account, agreement.wake_at(at))
        return done


def _payments_without_effect(agreement: Agreement, at: Instant) -> str:
    """Payments that were taken down and count for nothing, and why: in another currency, say."""
    remarks = agreement.remarks(at)
    paid = (event for event in agreement.history if isinstance(event.fact, Paid))
    ours = (event.id for event in paid if agreement.instant(event.occurred) <= event.recorded)  # told ahead, it counts
    return "; ".join(f"{event}: {remarks[event]}" for event in ours if event in remarks)
