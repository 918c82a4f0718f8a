"""Telling an account what happened, asking it and acting on it, each time with what the walk expects."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine

from lifecycle import Agreement, Event, Money, Period, Refused
from lifecycle.errors import InvalidFact, InvalidHistory
from lifecycle.events import (
    Acted,
    Agreed,
    Fact,
    MatterOpened,
    NoticeGiven,
    OpeningBalance,
    OrderSigned,
    Posted,
    StandingHold,
)
from tests.oracle.clauses import METHODS, SILENT, TABLE, opposite
from tests.oracle.comparing import agree, takes, told
from tests.oracle.modal import ONE, Walk
from tests.oracle.reached import REACHED

NOW = (0, False)
"""When something happened: how many days ago, and whether only its day is known."""


class Account:
    """An account, and the walk of what is recorded of it."""

    def __init__(self, name: str, start: date, **made: Any) -> None:
        self.agreement = Agreement.make("modal-2024-03-26", agreement=name, customer="Acme", at=start, **made)
        self.start = self.agreement.instant(start)
        self.names = 0
        self.checked: object = None
        self._walk: tuple[tuple[int, datetime], Walk] | None = None
        self._told: tuple[tuple[int, datetime], dict[str, Any]] | None = None

    @property
    def history(self) -> list[Event]:
        return list(self.agreement.history)

    def walk(self, at: datetime) -> Walk:
        asked = (len(self.agreement.history), at)
        if self._walk is None or self._walk[0] != asked:
            self._walk = (asked, Walk(self.history, at))
        return self._walk[1]

    def told(self, at: datetime) -> dict[str, Any]:
        asked = (len(self.agreement.history), at)
        if self._told is None or self._told[0] != asked:
            self._told = (asked, told(self.agreement, at))
        return self._told[1]

    def name(self, kind: str) -> str:
        self.names += 1
        return f"{kind}-{self.names}"


class Telling(RuleBasedStateMachine):
    """Two accounts, one clock, and the ways to step; a subclass gives the rules."""

    def __init__(self) -> None:
        super().__init__()
        self.accounts: list[Account] = []
        self.matters: list[tuple[int, str, str]] = []
        self.now = datetime.min.replace(tzinfo=UTC)
        self.steps = 0

    # ---- how an account begins -----------------------------------------------------------------------------------

    def begin(self, start: date, shape: str, length: Any, *, renews: bool, excludes: bool) -> None:
        """An account of one of several shapes: an order at once or later, a trial with one or alone, an import."""
        n, made = len(self.accounts), dict[str, Any]()
        if shape in ("trial", "trial and gap"):
            made["trial_through"] = start + timedelta(25)
        elif shape == "trial alone":
            made["trial"] = True
        if n == 1:
            made |= {"freshness": Period(6, "hours"), "zone": "Europe/Berlin"}
        account = Account(f"account-{n}", start, **made)
        self.accounts.append(account)
        self.now = account.start if n == 0 else max(self.now, account.start)
        terms: dict[str, Any] = {"term": Period(*length), "renews": renews}
        terms["attributes"] = {"discontinuation": "excluded"} if excludes else {}
        if shape == "import":
            holds = (StandingHold(power="suspend.overdue", matter="invoice-1"), StandingHold())[: 1 + excludes]
            balance = OpeningBalance(order="O-1", started=start - timedelta(70), number=3, holds=holds, **terms)
            account.agreement.record(balance, at=start)
        elif shape != "trial alone":
            later = {"trial": 12, "trial and gap": 40, "later": 40}.get(shape, 0)
            account.agreement.record(OrderSigned(order="O-1", start=start + timedelta(later), **terms), at=start)

    # ---- what is there -------------------------------------------------------------------------------------------

    def of(self, *kinds: str) -> list[tuple[int, str, str]]:
        """The matters of some kinds, of all kinds where none is named, the newest first."""
        return [matter for matter in reversed(self.matters) if not kinds or matter[2] in kinds]

    def today(self, n: int) -> date:
        return self.accounts[n].walk(self.now).day(self.now)

    def moment(self, n: int, when: tuple[int, bool]) -> date | datetime:
        account, (lag, by_day) = self.accounts[n], when
        at = max(account.start, self.now - lag * ONE)
        return account.walk(self.now).day(at) if by_day else at

    def check(self, n: int) -> None:
        """Claim that library and walk agree now, once for each thing told and each instant reached."""
        account = self.accounts[n]
        if account.checked != (len(account.agreement.history), self.now):
            walk = account.walk(self.now)
            agree(account.agreement, account.told(self.now), walk)
            REACHED.edges(walk)
            account.checked = (len(account.agreement.history), self.now)

    # ---- telling -------------------------------------------------------------------------------------------------

    def tell(self, n: int, fact: Fact, when: tuple[int, bool] = NOW, *, fits: bool = True) -> str | None:
        """Record a fact: one that fits is never refused, however late it comes; what is refused leaves nothing. Gives
        its id.
        """
        account = self.accounts[n]
        state, before = account.walk(self.now).state, len(account.history)
        try:
            event = account.agreement.record(fact, at=self.now, occurred=self.moment(n, when))
        except (InvalidFact, InvalidHistory):
            assert len(account.history) == before
            if fits:
                raise
            return None
        REACHED.step(state, event)
        return event.id

    def open(self, n: int, kind: str, when: tuple[int, bool] = NOW, name: str = "", **details: Any) -> str:
        name = name or self.accounts[n].name(kind)
        self.tell(n, MatterOpened(kind=kind, matter=name, **details), when)
        self.matters.append((n, name, kind))
        return name

    def invoice(self, n: int, due: int, by: str | None, when: tuple[int, bool] = NOW, name: str = "") -> str:
        """An invoice due so many days from today, paid by card, invoice, or nobody says how."""
        said, days = {"payment": by} if by else {}, {"due": self.today(n) + due * ONE}
        return self.open(n, "invoice", when, name, amount=Money("100", "USD"), days=days, attributes=said)

    def breach(self, n: int, party: Any, *, remediable: bool) -> str:
        """A material breach, with its notice."""
        name = self.open(n, "breach", party=party, attributes={"remediable": remediable, "material": True})
        self.notice(n, "breach", opposite(party), "courier", name)
        return name

    def notice(self, n: int, kind: str, by: Any, method: str, about: Any = (), when: tuple[int, bool] = NOW) -> str:
        event = self.tell(n, NoticeGiven(kind=kind, by=by, method=method, about=about), when)
        assert event is not None
        return event

    def refused(self, n: int, fact: Fact) -> None:
        """What gives no sense is refused, and leaves nothing."""
        account, before = self.accounts[n], len(self.accounts[n].history)
        try:
            account.agreement.record(fact, at=self.now)
        except InvalidFact:
            assert len(account.history) == before
        else:
            raise AssertionError(f"recorded: {fact}")

    def outside(self, n: int, fact: Acted | Posted | Agreed, when: tuple[int, bool]) -> None:
        """An act done elsewhere takes effect, permitted or not, where the agreement then had an edge for that party."""
        account, moment = self.accounts[n], self.moment(n, when)
        state, before = account.walk(self.now).state, len(account.history)
        then = Walk(account.history, account.agreement.instant(moment))
        match fact:
            case Acted(does=does, by=by, about=about):
                possible = takes(then, does, by, about)
            case Posted(power=str(power)):
                possible = takes(then, TABLE[power].does, "provider")
            case _:
                possible = takes(then, "terminate", "both")
        try:
            event = account.agreement.record(fact, at=self.now, occurred=moment)
        except Refused:
            assert not possible
            assert len(account.history) == before
        else:
            assert possible
            REACHED.step(state, event)

    # ---- asking and doing ----------------------------------------------------------------------------------------

    def permits(self, n: int, asked: dict[str, Any], hours: int | None) -> list[str]:
        """The powers under which the walk permits it; ``hours``: facts are vouched for up to so many hours ago."""
        method = asked["method"]
        found = (
            self.accounts[n].walk(self.now).may(asked["does"], asked["by"], about=asked["about"], power=asked["power"])
        )
        fresh = hours is not None and hours <= (6 if n == 1 else 0)
        written = method is None or method in METHODS
        first_is_good = found and (written or TABLE[found[0]].how != "written") and (fresh or found[0] not in SILENT)
        return found if first_is_good else []

    def ask(self, n: int, asked: dict[str, Any], hours: int | None) -> Any:
        """The verdict, which must be the walk's."""
        through = None if hours is None else self.now - timedelta(hours=hours)
        verdict = self.accounts[n].agreement.may(**asked, at=self.now, known_through=through)
        assert verdict.permitted == bool(self.permits(n, asked, hours)), verdict
        return verdict

    def attempt(self, n: int, does: str, by: Any, hours: int | None = 0, **more: Any) -> None:
        """Ask, then do; what is refused leaves nothing behind."""
        account, asked = self.accounts[n], {"does": does, "by": by, "about": (), "power": None, "method": None, **more}
        self.ask(n, asked, hours)
        state, before = account.walk(self.now).state, len(account.history)
        permitted = self.permits(n, {**asked, "method": asked["method"] or ""}, hours)
        through = None if hours is None else self.now - timedelta(hours=hours)
        try:
            outcome = account.agreement.do(**asked, at=self.now, known_through=through)
        except Refused as refused:
            why = refused.verdict
            assert not permitted or (len(permitted) > 1 and asked["power"] is None)
            assert why.codes or why.rules
            assert len(account.history) == before
        else:
            assert permitted
            assert len(account.history) == before + 1
            assert (outcome.source, outcome.target) == (state, account.walk(self.now).state)
            REACHED.step(state, outcome.event)
            REACHED.exercised(permitted[0])
