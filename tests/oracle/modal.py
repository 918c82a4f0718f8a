"""The Modal Terms told by other means than the library's: a calendar walked one day after the other.

On each day, what happened is read in its order: facts, then what happens by itself, then acts. A power's first day is
found by counting the days from what starts its clocks, one by one, until each count reads what the clause table says
(:mod:`tests.oracle.clauses`). Nothing here knows windows, transitions or the Terms file; of the library it takes the
names of the events, and of Python the standard library's days and zones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from lifecycle import events as told
from tests.oracle.clauses import (
    ABOUT,
    CLAIM,
    CUSTOMER,
    EITHER,
    ENDS,
    LIFTS_BY_ITSELF,
    METHODS,
    NON_RENEWAL,
    OTHER,
    PROVIDER,
    SURVIVORS,
    TABLE,
    TRIAL_LACKS,
    Row,
    among,
    holders,
    opposite,
)

ONE = timedelta(days=1)
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)


# ---- what is known of an account -------------------------------------------------------------------------------------


@dataclass
class Letter:
    """A notice: from when it counts; None while 8.5 knows no such way of giving it, and the other side has not accepted
    it. moved: when a fact last changed that, and from what.
    """

    id: str
    kind: str
    by: str
    method: str
    given: datetime
    day_only: bool
    counts: datetime | None
    accepted: datetime | None = None
    withdrawn: bool = False
    delivered: bool = False
    moved: tuple[datetime, datetime | None] | None = None


@dataclass
class Matter:
    """Something that lasts: since when, first and this time; how it is over; what was said and promised about it."""

    id: str
    kind: str
    party: str | None
    by: str | None
    first: datetime
    since: datetime
    due: date | None
    said: dict[str, Any]
    amount: Decimal
    owed: Decimal
    over: tuple[datetime, str] | None = None
    letters: list[Letter] = field(default_factory=list)
    waits: dict[tuple[str, str], date] = field(default_factory=dict)
    waived: dict[tuple[str, str], datetime] = field(default_factory=dict)
    days: set[date] = field(default_factory=set)
    binds: bool = True


class Hold(NamedTuple):
    event: str
    power: str | None
    matter: str | None
    since: datetime

    @property
    def key(self) -> str:
        return self.matter or f"hold {self.event}"


class Order(NamedTuple):
    event: str
    id: str
    start: date
    term: Any
    renews: bool
    excludes: bool
    number: int
    holds: Sequence[Any]


class Term(NamedTuple):
    number: int
    first: date
    last: date
    order: str

    @property
    def last_notice(self) -> date:
        """3.1: E-30."""
        return days_before(self.last, NON_RENEWAL)


class End(NamedTuple):
    at: datetime
    how: str
    power: str | None = None
    by: str | None = None
    event: str | None = None


class Open(NamedTuple):
    """A power as it may be exercised: about which matter, by whom, from when, until when (FOREVER: for good)."""

    power: str
    matter: str
    by: str
    first: datetime
    until: datetime


# ---- days ------------------------------------------------------------------------------------------------------------


@cache
def dawn_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day, in a zone whose clocks do not change at midnight."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


@cache
def last_day(first: date, number: int, n: int, unit: str) -> date:
    """The last day of a term, walked from its first. ``number`` is that of the day on which the order began: a month is
    over on the eve of the day with that number, or on its last day where it has no such day.
    """
    day, passed, wanted = first, 0, n * (12 if unit == "years" else 1)
    while True:
        morrow = day + ONE
        passed += unit == "days" or morrow.day == number or (morrow.day == 1 and day.day < number)
        if passed == wanted:
            return day
        day = morrow


@cache
def days_before(day: date, n: int) -> date:
    """Walked backwards; the day itself is not counted."""
    for _ in range(n):
        day -= ONE
    return day


# ---- the record ------------------------------------------------------------------------------------------------------


def standing(history: Sequence[told.Event]) -> list[told.Event]:
    """What the records come to: corrections read in place of what they correct, withdrawn ones left out."""
    kept: dict[str, tuple[told.Event, Any, Any]] = {}
    for event in history:
        match event.fact:
            case told.Corrected(event=target, fact=fact, occurred=occurred):
                before = kept[target]
                kept[target] = (before[0], fact, before[2] if occurred is None else occurred)
            case told.Withdrawn(event=target):
                kept.pop(target, None)
            case told.CaughtUp():
                pass
            case _:
                kept[event.id] = (event, event.fact, event.occurred)
    return [
        told.Event(agreement=e.agreement, sequence=e.sequence, id=e.id, occurred=at, recorded=e.recorded, fact=fact)
        for e, fact, at in kept.values()
    ]


def is_act(event: told.Event) -> bool:
    return isinstance(event.fact, told.Acted | told.Posted | told.Agreed)


def ends(event: told.Event) -> bool:
    """Whether it terminates."""
    match event.fact:
        case told.Acted(does="terminate") | told.Agreed(what="termination"):
            return True
        case told.Posted(power="terminate.discontinuation"):
            return True
    return False


# ---- the walk --------------------------------------------------------------------------------------------------------


class Walk:
    """An account walked from its first day to an instant, on what is recorded; and from there on as if nothing more
    happened.

    state, term, holds, ending: at the instant. end: the end that is settled already, if one is, then or later.
    """

    def __init__(self, history: Sequence[told.Event], at: datetime) -> None:
        made = history[0].fact
        assert isinstance(made, told.AgreementMade)
        self.made, self.at = made, at
        self.zone = ZoneInfo(made.zone or "America/Los_Angeles")
        self.since = self.instant(history[0].occurred)
        self.matters: dict[str, Matter] = {}
        self.letters: dict[str, Letter] = {}
        self.orders: list[Order] = []
        self.order: Order | None = None
        self.terms: list[Term] = []
        self.turns: list[tuple[datetime, bool]] = []
        self.phase: str | None = "trial" if made.on_trial else None
        self.standing_holds: list[Hold] = []
        self.end: End | None = None
        self.postings: list[told.Event] = []
        self.waiting: dict[str, list[told.Event]] = {}
        self.spent: set[str] = set()
        self._read(history)
        self._walk()

    def dawn(self, day: date) -> datetime:
        return dawn_of(day, self.zone)

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def instant(self, moment: date | datetime) -> datetime:
        """What is known only by its day happened at its first instant."""
        return moment if isinstance(moment, datetime) else self.dawn(moment)

    def _read(self, history: Sequence[told.Event]) -> None:
        """Sort what happened by instant, facts before acts, as recorded; leave out what both undid in writing."""
        events = [e for e in standing(history[1:]) if self.instant(e.occurred) <= self.at]
        events.sort(key=lambda e: (self.instant(e.occurred), is_act(e), e.sequence))
        givers = {e.id: e.fact.by for e in events if isinstance(e.fact, told.NoticeGiven)}
        opened = {e.fact.matter for e in events if isinstance(e.fact, told.MatterOpened)}
        withdrawn = {e.fact.event for e in history if isinstance(e.fact, told.Withdrawn)}
        once = {e.fact.matter for e in history if isinstance(e.fact, told.MatterOpened) and e.id in withdrawn}
        self.mistaken = once - opened
        self.taken_back: dict[str, datetime] = {}
        self.agreed: dict[str, datetime | None] = {}
        seen, undone = set(), set()
        for event in events:
            match event.fact:
                case told.Agreed(what="rescission", target=str(target)) if target in seen:
                    undone.add(target)
                case told.Agreed(what="withdrawal", target=str(target)):
                    self.taken_back.setdefault(target, self.instant(event.occurred))
                case told.Accepted(notice=name, by=by, counts_from=agreed) if by != givers.get(name, by):
                    self.agreed.setdefault(name, self.dawn(agreed) if agreed else None)
            if ends(event) or isinstance(event.fact, told.OrderSigned | told.OpeningBalance):
                seen.add(event.id)
        self.days: dict[date, list[told.Event]] = {}
        for event in events:
            if event.id not in undone:
                self.days.setdefault(self.day(self.instant(event.occurred)), []).append(event)

    def _walk(self) -> None:
        day, today = self.day(self.since), self.day(self.at)
        while day <= today:
            events = self.days.get(day, [])
            moments = {self.instant(e.occurred) for e in events} | {max(self.since, self.dawn(day))}
            for now in sorted(moment for moment in moments if moment <= self.at):
                self._moment(now, [e for e in events if self.instant(e.occurred) == now])
            day += ONE
        self.state = "terminated" if self.end else "suspended" if self.phase and self.standing_holds else self.phase
        self.term = self.terms[-1] if self.terms else None
        self.held = list(self.standing_holds)
        self.holds = [] if self.end else self.held
        self.ending, self.on_trial = self.end, self.phase == "trial"
        posted: End | None = None
        while not self.end and self._more_is_settled(day):
            self._by_itself(self.dawn(day))
            expired = self.end
            self._acts(self.dawn(day), [])
            # Reading: an end posted for a later day does not keep anybody from stopping what would else follow.
            posted, self.end = posted or (None if expired else self.end), expired
            day += ONE
        self.end = posted or self.end

    def _more_is_settled(self, day: date) -> bool:
        """Whether something is settled for later: a posting, an order's start, the end of a trial or of a term."""
        if any(self.effective(e) >= self.dawn(day) for e in self.postings):
            return True
        if self.order is None:
            return bool(self.orders) or (self.phase == "trial" and self.made.trial_through is not None)
        term = self.terms[-1]
        return (
            not self.order.renews
            or self.at >= self.dawn(term.last_notice + ONE)
            or any(order.start > term.last for order in self.orders)
            or any(n.kind == "non_renewal" and n.counts and n.id not in self.spent for n in self.letters.values())
        )

    def _moment(self, now: datetime, events: list[told.Event]) -> None:
        for event in events:
            if not is_act(event):
                self._fact(event, now)
        self._by_itself(now)
        self._acts(now, [event for event in events if is_act(event)])
        for matter in self.matters.values():
            if matter.over is None:
                matter.days.add(self.day(now))
            if matter.kind == "claim" and matter.since == now:  # 1.4: a trial has no 5.2, and so no condition of it
                lacking = self.phase is None or (self.phase == "trial" and matter.party == CUSTOMER)
                matter.binds = self.end is not None or not lacking

    # ---- what happens by itself ----------------------------------------------------------------------------------

    def _by_itself(self, now: datetime) -> None:
        today, first = self.day(now), self.orders[0] if self.orders else None
        if self.order is None and not self.end:
            if first and today >= first.start:
                self.order = first
                self._begin_term(first.number, first.start, now)
                for held in first.holds:
                    self._place(Hold("opening balance", held.power, held.matter, now))
            elif self.phase == "trial" and self._trial_is_over(today):  # 1.4
                self.phase = None  # reading 1.4-gap: an order signed by then begins on its day, and not before
                self.end = None if first else End(now, "expired")
        while self.terms and not self.end and today > self.terms[-1].last:
            self._end_term(now)

    def _trial_is_over(self, today: date) -> bool:
        through = self.made.trial_through
        limit = any(matter.kind == "trial_limit" for matter in self.matters.values())
        return limit or (through is not None and today > through)

    def _begin_term(self, number: int, first: date, now: datetime) -> None:
        assert self.order is not None
        last = last_day(first, self.order.start.day, self.order.term.n, self.order.term.unit)
        self.phase = "active" if number == 1 else "renewed"
        self.terms.append(Term(number, first, last, self.order.id))
        self.turns.append((now, self.order.excludes))

    def _end_term(self, now: datetime) -> None:
        """3.1: it renews, for as long, unless a notice came in time or another order follows. A notice is about the
        first term it is in time for, and is then used up.
        """
        assert self.order is not None
        term, stopped = self.terms[-1], False
        for letter in self.letters.values():
            if letter.kind == "non_renewal" and letter.counts and letter.id not in self.spent:
                # Reading: a day both agree on is the notice's day, whenever they agreed on it.
                given = [self.agreed.get(letter.id) or letter.counts]
                # What arrives when the term is over, at its first instant, comes too late to undo the notice.
                given += [before for moved, before in [letter.moved] if moved == now and before] if letter.moved else []
                in_time = any(self.day(at) <= term.last_notice for at in given)
                # Late, but accepted while the term it was given in still ran.
                accepted = letter.accepted is not None and term.first <= self.day(letter.given) <= term.last
                stops = (in_time or accepted) and self.taken_back.get(letter.id, FOREVER) > now
                stopped |= stops
                if in_time or stops:
                    self.spent.add(letter.id)
        following = [o for o in self.orders if o.start == term.last + ONE and o is not self.order]
        if not following and (stopped or not self.order.renews):
            self.end = End(now, "expired")
            return
        self.order = following[0] if following else self.order
        self._begin_term(term.number + 1, term.last + ONE, now)

    # ---- acts ----------------------------------------------------------------------------------------------------

    def effective(self, event: told.Event) -> datetime:
        at, fact = self.instant(event.occurred), event.fact
        return max(at, self.dawn(fact.effective)) if isinstance(fact, told.Posted) and fact.effective else at

    def _acts(self, now: datetime, events: list[told.Event]) -> None:
        self.postings += [event for event in events if self.effective(event) > now]
        due = [event for event in self.postings if self.effective(event) == now]
        due += [event for event in events if self.effective(event) == now]
        # Reading: of acts that take effect at one instant, the one that happened earlier comes first.
        for event in sorted(due, key=lambda e: (self.instant(e.occurred), e.sequence)):
            if isinstance(event.fact, told.Agreed) and event.fact.what == "withdrawal":
                self._about_letter(str(event.fact.target), event, now)
            elif self.phase is not None and not self.end:
                self._act(event, now)

    def _act(self, event: told.Event, now: datetime) -> None:
        """What is recorded happened, permitted or not, where it is that party's act."""
        match event.fact:
            case told.Acted(does="suspend", by="provider") as fact:
                for matter in self._held_about(fact, now):
                    self._place(Hold(event.id, fact.power, matter, now))
            case told.Acted(does="reinstate", by="provider", about=about):
                self.standing_holds = [h for h in self.standing_holds if about and h.key not in about]
            case told.Acted(does="terminate", by=by, power=power):
                self.end = End(now, "terminated", power, by, event.id)
            case told.Posted(power="terminate.discontinuation" as power):
                self.end = End(now, "terminated", power, PROVIDER, event.id)
            case told.Agreed(what="termination", power=power):
                self.end = End(now, "terminated", power, "both", event.id)

    def _held_about(self, fact: told.Acted, now: datetime) -> Sequence[str | None]:
        """Reading: an act that names no matter is about those its power was open for; else those it would have been
        open for, had they not ended; else those that went on.
        """
        if fact.about or fact.power is None:
            return fact.about or (None,)
        seen = [m for m in self.matters.values() if m.kind in TABLE[fact.power].kinds.split()]
        for asked in (True, False):
            spans = [(m.id, self._span(str(fact.power), m, PROVIDER, ended=asked)) for m in seen]
            if found := [name for name, span in spans if span and span[0] <= now < span[1]]:
                return found
        return [m.id for m in seen if m.over is None] or (None,)

    def _place(self, hold: Hold) -> None:
        """A hold is not placed twice; one that lifts by itself lifts at once where nothing is owed any more."""
        matter = self.matters.get(hold.matter or "")
        settled = hold.matter in self.mistaken or (matter is not None and matter.over is not None)
        again = (hold.power, hold.key) in [(h.power, h.key) for h in self.standing_holds]
        if not again and not (hold.power == LIFTS_BY_ITSELF and settled):
            self.standing_holds.append(hold)

    # ---- facts ---------------------------------------------------------------------------------------------------

    def _fact(self, event: told.Event, now: datetime) -> None:
        match event.fact:
            case told.OrderSigned() as fact:
                self._sign(event.id, fact, fact.start, 1, ())
            case told.OpeningBalance() as fact:
                self._sign(event.id, fact, fact.started, fact.number, fact.holds)
            case told.MatterOpened() as fact:
                self._open(fact, now)
            case told.NoticeGiven() as fact:
                self._letter(event, fact, now)
            case told.NoticeDelivered(notice=name) | told.Accepted(notice=name):
                self._about_letter(name, event, now)
            case told.Done() | told.AgreementMade():
                pass
            case _:
                self._about(event.fact.matter, event, now)  # type: ignore[union-attr]

    def _sign(self, event: str, fact: Any, start: date, number: int, holds: Sequence[Any]) -> None:
        excludes = fact.attributes.get("discontinuation") == "excluded"  # 1.3 gives way to a committed order
        self.orders.append(Order(event, fact.order, start, fact.term, fact.renews, excludes, number, holds))

    def _open(self, fact: told.MatterOpened, now: datetime) -> None:
        party = fact.party or ABOUT.get(fact.kind, CUSTOMER)
        amount = fact.amount.amount if fact.amount else Decimal(0)
        said, due = dict(fact.attributes), fact.days.get("due")
        matter = Matter(fact.matter, fact.kind, party, fact.by, now, now, due, said, amount, amount)
        self.matters[fact.matter] = matter
        self._settle(matter, now)
        for event in self.waiting.pop(fact.matter, []):
            self._about(fact.matter, event, now)

    def _about(self, name: str, event: told.Event, now: datetime) -> None:
        """A fact about a matter; one that came before its matter was known waits for it."""
        matter = self.matters.get(name)
        if matter is None:
            self.waiting.setdefault(name, []).append(event)
            return
        match event.fact:
            case told.Paid(amount=money, means=means):
                matter.owed += money.amount if means in ("refund", "chargeback") else -money.amount
                self._settle(matter, now)
            case told.MatterChanged(days=days, attributes=said, amount=money):
                matter.due = days.get("due", matter.due)
                matter.said |= dict(said)
                matter.owed += money.amount - matter.amount if money else 0
                matter.amount = money.amount if money else matter.amount
                self._settle(matter, now)
            case told.MatterEnded(how=how) if how in ENDS.get(matter.kind, "").split() and not matter.over:
                self._over(matter, now, how)
            case told.MatterReopened() if matter.over and matter.over[1] != "paid":
                matter.over, matter.since = None, now
                self._settle(matter, now)
            case told.Extended() as fact:
                self._extend(matter, fact)
            case told.Waived(power=power, by=by) if by in holders(TABLE[power].who, matter.party):
                matter.waived.setdefault((power, by), now)
            case told.NoticeGiven():
                matter.letters.append(self.letters[event.id])

    def _settle(self, matter: Matter, now: datetime) -> None:
        """Paid in full is computed; money taken back reopens the invoice."""
        if matter.kind == "invoice" and matter.owed <= 0 and not matter.over:
            self._over(matter, now, "paid")
        elif matter.owed > 0 and matter.over and matter.over[1] == "paid":
            matter.over, matter.since = None, now

    def _over(self, matter: Matter, now: datetime, how: str) -> None:
        matter.over = (now, how)
        lifts = (LIFTS_BY_ITSELF, matter.id)
        self.standing_holds = [h for h in self.standing_holds if (h.power, h.matter) != lifts]

    def _extend(self, matter: Matter, fact: told.Extended) -> None:
        """More time, never less, and only from the party entitled: a power's holder, the side a duty is owed to."""
        if fact.power is None:
            if fact.by == PROVIDER and matter.due:
                matter.due = max(matter.due, fact.to)
        else:
            _, _, bound = fact.power.partition("notify_claim.")
            entitled = (opposite(bound),) if bound else holders(TABLE[fact.power].who, matter.party)
            if fact.by in entitled:
                before = matter.waits.get((fact.power, fact.by), date.min)
                matter.waits[fact.power, fact.by] = max(before, fact.to)

    # ---- notices -------------------------------------------------------------------------------------------------

    def _letter(self, event: told.Event, fact: told.NoticeGiven, now: datetime) -> None:
        arrived = now if fact.delivered is None else max(now, self.instant(fact.delivered))
        counts = arrived if fact.method == "personal" else now  # 8.5: on delivery by hand, on dispatch by mail
        day_only = not isinstance(event.occurred, datetime)
        letter = Letter(event.id, fact.kind, fact.by, fact.method, now, day_only, counts)
        letter.counts = counts if fact.method in METHODS else None
        letter.delivered = fact.delivered is not None
        self.letters[event.id] = letter
        for name in fact.about:
            self._about(name, event, now)
        if fact.kind == "overdue" and not fact.about:  # one that names none covers all that is overdue that day
            for matter in self.matters.values():
                matter.letters += [letter] if matter.kind == "invoice" else []
        for later in self.waiting.pop(event.id, []):
            self._about_letter(event.id, later, now)

    def _about_letter(self, name: str, event: told.Event, now: datetime) -> None:
        letter = self.letters.get(name)
        if letter is None:
            self.waiting.setdefault(name, []).append(event)
            return
        before = letter.counts
        match event.fact:
            case told.NoticeDelivered() if not letter.delivered:
                letter.delivered = True
                if letter.method == "personal" and not letter.accepted:
                    letter.counts = max(now, letter.given)
            case told.Accepted(by=by, counts_from=agreed) if by != letter.by and not letter.accepted:
                letter.accepted = max(now, letter.given)
                letter.counts = self.dawn(agreed) if agreed else letter.counts or letter.accepted
            case told.Agreed():
                letter.withdrawn = True
        if letter.counts != before:
            letter.moved = (now, before)

    def counts(self, letter: Letter, matter: Matter, row: Row | None = None) -> datetime | None:
        """From when a notice counts for a matter as it goes on now: given by the right side, while the matter lasted;
        an overdue notice not before the day after the due day. Else from its acceptance, if that was in time. For the
        power of a row the matter lasts until what ends that power: a breach that cannot be cured goes on when cured.
        """
        givers = {"overdue": (PROVIDER,), "warranty": (CUSTOMER,), "claim": (matter.party,)}
        if letter.withdrawn or letter.by not in givers.get(letter.kind, holders(OTHER, matter.party)):
            return None
        over = matter.over[0] if matter.over and (row is None or matter.over[1] in row.ends.split()) else FOREVER
        for start in (letter.counts, letter.accepted):
            # Reading: of a notice known only by its day, given on the day the matter began, the days are compared.
            day_only = letter.day_only and start == letter.given
            began = self.dawn(self.day(matter.since)) if day_only else matter.since
            lasted = start is not None and began <= start < over
            if start and lasted and (letter.kind != "overdue" or (matter.due and self.day(start) > matter.due)):
                return start
        return None

    def noticed(self, kind: str, matter: Matter, row: Row | None = None) -> datetime | None:
        """From when the earliest notice of a kind counts for a matter, as far as a power's row."""
        found = [self.counts(letter, matter, row) for letter in matter.letters if letter.kind == kind]
        return min((at for at in found if at), default=None)

    # ---- powers --------------------------------------------------------------------------------------------------

    def _starts(self, row: Row, matter: Matter) -> dict[str, date] | None:
        """What is counted from which day; None where a notice lacks, or nobody has said how the invoice is paid."""
        starts: dict[str, date] = {}
        by = matter.said.get("payment")
        for what in row.days:
            if what in ("overdue", "breach"):
                notice = self.noticed(what, matter, row)
                if notice is None:
                    return None
                starts[what] = self.day(notice)
            elif what == "start":
                starts[what] = self.day(matter.since)
            elif matter.due and what in ("due", f"due by {by}"):
                starts[what] = matter.due
            elif by is None:
                return None
        return starts

    def _first_day(self, row: Row, matter: Matter) -> date | None:
        """The day on which every count is reached, counted one by one from what starts it; None where one never is."""
        starts = self._starts(row, matter)
        if starts is None:
            return None
        day = min(starts.values(), default=self.day(matter.since))
        counts = dict.fromkeys(starts, 0)
        excuses = self._excuses(matter) if {"cured", "corrected"} & {*row.ends.split()} else []
        while any(counts[what] < row.days[what] for what in starts):
            yesterday, day = day, day + ONE
            # 8.4: a day on which the cure was prevented does not count (reading 8.4-cure).
            going_on = any(not m.over and yesterday >= self.day(m.since) for m in excuses)
            excused = going_on or any(yesterday in m.days for m in excuses)
            for what, start in starts.items():
                if going_on and yesterday > start:
                    return None
                counts[what] += day > start and not (excused and yesterday > start)
        return day

    def _excuses(self, matter: Matter) -> list[Matter]:
        said = ((m, m.said.get("prevents", ())) for m in self.matters.values())
        return [m for m, prevented in said if isinstance(prevented, tuple) and matter.id in prevented]

    def _span(self, power: str, matter: Matter, by: str, *, ended: bool = True) -> tuple[datetime, datetime] | None:
        """From when until when a row's conditions hold for a matter, apart from the agreement's own course."""
        row, said = TABLE[power], {**matter.said, "party": matter.party}
        if any(said.get(name) != value for name, value in row.fits.items()) or by not in holders(row.who, matter.party):
            return None
        if matter.kind in ("security_risk", "prohibited_use") and matter.by != PROVIDER:
            return None  # 1.12(a), (b): what the provider believes
        day = self._first_day(row, matter)
        if day is None:
            return None
        while day <= matter.waits.get((power, by), date.min):
            day += ONE
        first = max(self.dawn(day), matter.since) if row.days or (power, by) in matter.waits else matter.since
        until = matter.waived.get((power, by), FOREVER)
        if ended and matter.over:
            in_time = power == "payment_terms.shorter" and matter.over[0] < first  # 2.2(b): paid late leaves it open
            if in_time or matter.over[1] in row.ends.split():
                until = min(until, matter.over[0])
        return (first, until) if first < until else None

    @cached_property
    def powers(self) -> list[Open]:
        """Every power as it can or could be exercised, on what has happened, once for each who holds it."""
        return sorted(self._powers())

    def _powers(self) -> Iterator[Open]:
        at_once = bool(self.turns) and self.turns[0][0] <= self.since
        begins = self.since if self.made.on_trial or at_once else self.turns[0][0] if self.turns else FOREVER
        end = self.end.at if self.end else FOREVER
        for power, row in TABLE.items():
            for name, by, first, until, outlives in self._spans(power, row):
                opens, closes = max(first, begins), until if outlives else min(until, end)
                if opens < closes:
                    yield Open(power, name, by, opens, closes)

    def _spans(self, power: str, row: Row) -> Iterator[tuple[str, str, datetime, datetime, bool]]:
        """Of a row: about what, by whom, from when, until when, and whether it outlives the end."""
        match row.kinds:
            case "":
                first, until = self._while_orders_allow() if row.how == "posting" else (self.since, FOREVER)
                yield "", row.who, first, until, row.outlives
            case "hold":
                yield from ((hold.key, PROVIDER, hold.since, FOREVER, False) for hold in self.held)
            case "ending":
                yield from (("ending", PROVIDER, end.at, FOREVER, True) for end in [self.end] if end)
            case "term":
                for term in self.stoppable():
                    until = self.dawn(term.last_notice + ONE)
                    yield from ((f"term {term.number}", by, self.since, until, False) for by in holders(EITHER, None))
            case _:
                held = [(hold.power, hold.key) for hold in self.held]
                for matter in self.matters.values():
                    if matter.kind in row.kinds.split() and (power, matter.id) not in held:
                        outlives = row.outlives and (self.end is None or matter.first < self.end.at)
                        for by in (PROVIDER, CUSTOMER):
                            if span := self._span(power, matter, by):
                                yield matter.id, by, *span, outlives

    def stoppable(self) -> list[Term]:
        """The term whose renewal a notice given now would stop: the first one for which it is not too late."""
        in_time = [term for term in self.terms if self.day(self.at) <= term.last_notice]
        return [] if self.ending else in_time[:1]

    def _while_orders_allow(self) -> tuple[datetime, datetime]:
        """The stretch around or after now in which no running order excludes discontinuing (1.3)."""
        first = self.since
        for since, excludes in self.turns:
            if excludes and first < since and self.at < since:
                return first, since
            first = FOREVER if excludes else min(first, since) if first < FOREVER else since
        return first, FOREVER

    # ---- questions -----------------------------------------------------------------------------------------------

    def may(self, does: str, by: str, *, about: Sequence[str] = (), power: str | None = None) -> list[str]:
        """The powers under which a party may do it now, each for all the matters named; [] if it may not."""
        rows = {p: row for p, row in TABLE.items() if row.does == does and power in (None, p)}
        if power is None and any(row.kinds and row.who in (by, EITHER, OTHER) for row in rows.values()):
            # Reading: what rests on no matter, such as discontinuing the service, is never done by the way.
            rows = {p: row for p, row in rows.items() if row.kinds}
        found: dict[str, set[str]] = {}
        for o in self.powers:
            if o.power in rows and o.by == by and o.first <= self.at < o.until and self.state is not None:
                found.setdefault(o.power, set()).add(o.matter)
        return [p for p in rows if p in found and set(about) <= found[p]]

    def claims(self) -> dict[str, tuple[date, str]]:
        """5.3: of each claim the last day to notify it, and whether that is pending, met or missed."""
        found = {}
        for matter in self.matters.values():
            if matter.kind == "claim" and matter.binds:
                day, counted = self.day(matter.since), 0
                given = [to for (duty, _), to in matter.waits.items() if duty == f"notify_claim.{matter.party}"]
                while counted < CLAIM or any(day < to for to in given):
                    day, counted = day + ONE, counted + 1
                notice = self.noticed("claim", matter)
                met = notice if notice and notice <= self.at else None
                late = self.day(met or self.at) > day
                found[matter.id] = (day, "missed" if late else "met" if met else "pending")
        return found

    def in_force(self, clause: str) -> bool:
        """All clauses but what a trial lacks; after the end the survivors alone; none before."""
        if self.ending:
            return among(clause, SURVIVORS)
        return self.state is not None and not (self.on_trial and among(clause, TRIAL_LACKS))

    def edges(self) -> list[tuple[datetime, str]]:
        """The instants ahead at which something opens, closes, turns or ends if nothing more happens, and what."""
        found = [(at, o.power) for o in self.powers for at in (o.first, o.until)]
        found += [(self.dawn(day + ONE), "claim") for day, stands in self.claims().values() if stands == "pending"]
        found += [(since, "turn") for since, _ in self.turns] + [(end.at, "end") for end in [self.end] if end]
        found += [(self.dawn(self.term.last + ONE), "turn")] if self.term and not self.ending else []
        return sorted((at, what) for at, what in found if self.at < at < FOREVER)
