"""The docket: the matters, notices, orders and acts that a history tells, seen from one instant.

Events are read in the order in which things happened - by instant, facts before acts, then by sequence - whatever the
order in which they were recorded. A fact about something not recorded yet waits for it. Whatever has no effect (an
email where only mail gives notice, an extension by the wrong party) is kept, with the reason, in ``remarks``.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from copy import copy
from datetime import datetime
from typing import Any, TypeAlias

from attrs import evolve

from lifecycle.days import Calendar, Instant, plus_days
from lifecycle.errors import InvalidFact
from lifecycle.events import (
    Accepted,
    Acted,
    Agreed,
    AgreementMade,
    Done,
    Event,
    Extended,
    MatterChanged,
    MatterEnded,
    MatterOpened,
    MatterReopened,
    NoticeDelivered,
    NoticeGiven,
    OpeningBalance,
    OrderSigned,
    Paid,
    Posted,
    Waived,
    Withdrawn,
)
from lifecycle.history import effective
from lifecycle.matters import (
    Act,
    Matter,
    Notice,
    Order,
    changed,
    check_end,
    check_order,
    check_reopening,
    ended,
    kind_of,
    opened,
    paid,
    prevents,
    reopened,
)
from lifecycle.terms.model import Method, Party, Power, Terms, holders, other

Waiting: TypeAlias = tuple[Event, Instant]


class Docket:
    """What a history tells, up to an instant. Grown by :meth:`apply` in order of occurrence; everything else only reads
    it.
    """

    def __init__(self, terms: Terms, made: Event) -> None:
        if not isinstance(made.fact, AgreementMade):
            raise InvalidFact("history", "", "begins with 'agreement made'")
        self.terms = terms
        self.made = made.fact
        self.calendar: Calendar = terms.calendar(made.fact.zone)
        self.since: Instant = self.calendar.instant_of(made.occurred)
        self.matters: dict[str, Matter] = {}
        self.notices: dict[str, Notice] = {}
        self.orders: list[Order] = []
        self.acts: list[Act] = []
        self.rescinded: set[str] = set()
        self.mistaken: set[str] = set()
        """Matters whose opening was withdrawn: they were recorded by mistake."""
        self.opening: OpeningBalance | None = None
        self.done: dict[tuple[str, str], list[tuple[Instant, Party]]] = {}
        self.notes: dict[str, str] = {}
        self.latest_order: tuple[Instant, int, int] = (self.since, 0, 1)
        self.memo: dict[tuple[str, str], Any] = {}
        """What the powers made of a matter, kept while the matter stays as it is: (power, matter) -> (matter,
        openings).
        """
        self._recorded: dict[str, int] = {}
        self._waiting: dict[str, list[Waiting]] = {}
        self._preventing: dict[str, tuple[str, ...]] = {}

    def instant_of(self, event: Event) -> Instant:
        return self.calendar.instant_of(event.occurred)

    def order_of(self, event: Event) -> tuple[Instant, int, int]:
        """The sort key of occurrence: instant, facts before acts, sequence."""
        return (self.instant_of(event), 1 if isinstance(event.fact, Acted | Posted | Agreed) else 0, event.sequence)

    def of_kind(self, kinds: Iterable[str]) -> list[Matter]:
        wanted = set(kinds)
        return [matter for matter in self.matters.values() if matter.kind in wanted]

    def supposing(self, matter: Matter) -> Docket:
        """A docket that differs from this one, which stays as it is, in how one matter stands; only to be read."""
        supposed = copy(self)
        supposed.matters, supposed.memo = {**self.matters, matter.id: matter}, {}
        return supposed

    @property
    def remarks(self) -> dict[str, str]:
        """What was recorded without effect, and why: event id -> reason. Facts about what is not recorded yet wait for
        it.
        """
        waiting = {
            e.id: f"waits: nothing is recorded of {name} yet" for name, es in self._waiting.items() for e, _ in es
        }
        return {**self.notes, **waiting}

    @property
    def latest(self) -> Instant:
        """The instant of the latest event read."""
        return self.latest_order[0]

    def apply(self, event: Event) -> None:
        """Read one more event, which happened no earlier than those read before.

        Raises InvalidFact for what the Terms or the facts so far give no meaning; the docket is then of no further use.
        """
        at = self.instant_of(event)
        self.latest_order = self.order_of(event)
        match event.fact:
            case MatterOpened():
                self._open(event.fact, event.sequence, at)
            case MatterChanged() | MatterEnded() | MatterReopened() | Paid() | Extended() | Waived():
                self._about(event.fact.matter, event, at)
            case Done(duty=duty, about=about, by=by):
                if duty not in self.terms.duties:
                    raise InvalidFact(
                        "done", "duty", f"the Terms know no duty {duty!r}: {', '.join(self.terms.duties)}"
                    )
                if by not in holders(self.terms.duties[duty].by, None):
                    self.notes[event.id] = f"{duty} is not the {by}'s duty"
                self.done.setdefault((duty, about), []).append((at, by))
            case NoticeGiven():
                self._notice(event, event.fact, at)
            case NoticeDelivered(notice=notice) | Accepted(notice=notice):
                self._about_notice(notice, event, at)
            case Acted() | Posted():
                self._act(event, event.fact, at)
            case Agreed():
                self._agree(event, event.fact, at)
            case OrderSigned():
                check_order(event.fact, self.terms)
                self._order(Order(at, event.id, event.fact.order, event.fact.start, event.fact))
            case OpeningBalance():
                check_order(event.fact, self.terms)
                self.opening = event.fact
                self._order(Order(at, event.id, event.fact.order, event.fact.started, event.fact, event.fact.number))
            case _:  # the making, and what is about the record itself, are not part of what happened
                pass

    def _order(self, order: Order) -> None:
        if any(order.id == known.id for known in self.orders):
            raise InvalidFact("order signed", "order", f"{order.id} was signed before: use another id, or correct it")
        self.orders.append(order)

    # ---- matters -------------------------------------------------------------------------------------------

    def _open(self, fact: MatterOpened, sequence: int, at: Instant) -> None:
        kind = kind_of(fact, self.terms)
        if fact.matter in self.matters:
            raise InvalidFact(
                "matter opened",
                "matter",
                f"{fact.matter} was opened before: change, reopen or correct it, or use another id",
            )
        self._recorded[fact.matter] = sequence
        self._put(opened(fact, kind, at))
        for waiting, occurred in self._waiting.pop(fact.matter, []):
            self._about(fact.matter, waiting, max(occurred, at))

    def _put(self, matter: Matter) -> None:
        """Keep a matter as it has become, and what that means for the matters it prevents from being cured."""
        self.matters[matter.id] = matter
        before = self._preventing.pop(matter.id, ())
        if after := prevents(matter, self.terms.kinds[matter.kind]):
            self._preventing[matter.id] = after
        for affected in dict.fromkeys((*before, *after, matter.id)):
            self._pause(affected)

    def _pause(self, matter_id: str) -> None:
        """Note on a matter what prevents its cure, and when."""
        if matter := self.matters.get(matter_id):
            preventers = [self.matters[p] for p, prevented in self._preventing.items() if matter_id in prevented]
            pauses = tuple((p.id, spell.window) for p in preventers for spell in p.spells if spell.window)
            if pauses != matter.pauses:
                self.matters[matter_id] = evolve(matter, pauses=pauses)

    def _about(self, matter_id: str, event: Event, at: Instant) -> None:
        """Read a fact about a matter, or keep it until the matter is known."""
        matter = self.matters.get(matter_id)
        if isinstance(event.fact, Waived | Extended) and event.fact.power and not self._known(event.fact):
            raise InvalidFact("waived or extended", "power", f"the Terms know no power or duty {event.fact.power!r}")
        if matter is None:
            self._waiting.setdefault(matter_id, []).append((event, at))
            return
        try:
            self._change(matter, event, at)
        except InvalidFact as error:
            if event.sequence > self._recorded[matter_id]:
                raise
            # It was recorded before anyone could know that it does not fit; it must not stand in a later fact's way.
            self.notes[event.id] = str(error)

    def _change(self, matter: Matter, event: Event, at: Instant) -> None:
        match event.fact:
            case Paid():
                self._put(paid(matter, event.fact, at))
            case MatterEnded(how=how):
                check_end(matter, self.terms.kinds[matter.kind], how)
                self._put(ended(matter, how, at))
            case MatterReopened():
                check_reopening(matter)
                self._put(reopened(matter, at))
            case MatterChanged():
                self._put(changed(matter, event.fact, self.terms.kinds[matter.kind], at))
            case Extended():
                self._extend(event, matter, event.fact)
            case Waived(power=power, by=by):
                if by in holders(self.terms.powers[power].by, matter.party):
                    self.matters[matter.id] = evolve(matter, waived={**matter.waived, (power, by): at})
                else:
                    self.notes[event.id] = f"{power} is not the {by}'s to waive"
            case NoticeGiven():
                self._cover(matter, self.notices[event.id])

    def _known(self, fact: Waived | Extended) -> bool:
        return fact.power in self.terms.powers or (isinstance(fact, Extended) and fact.power in self.terms.duties)

    def _extend(self, event: Event, matter: Matter, fact: Extended) -> None:
        """More time for the other side; never less, and only from the party entitled."""
        entitled: tuple[Party, ...]
        if fact.power is not None:
            entitled, before = self._entitled(fact.power, matter), matter.waits.get((fact.power, fact.by))
        elif fact.day is not None and fact.day in matter.days:
            entitled, before = holders("other", matter.party), matter.days[fact.day]
        else:
            raise InvalidFact(
                "extended", "day", f"{matter.label} has no day {fact.day!r}: name one of its days, or a power"
            )
        if fact.by not in entitled:
            self.notes[event.id] = f"{fact.power or fact.day} of {matter.label} is not the {fact.by}'s to extend"
        elif before is not None and fact.to <= before:
            self.notes[event.id] = f"{fact.to} gives no more time than {before}"
        elif fact.power is not None:
            self.matters[matter.id] = evolve(matter, waits={**matter.waits, (fact.power, fact.by): fact.to})
        else:
            self.matters[matter.id] = evolve(matter, days={**matter.days, str(fact.day): fact.to})

    def _entitled(self, power_or_duty: str, matter: Matter) -> tuple[Party, ...]:
        """Who may give more time: the holder of a power, or the side to which a duty is owed."""
        if power_or_duty in self.terms.powers:
            return holders(self.terms.powers[power_or_duty].by, matter.party)
        return tuple(other(party) for party in holders(self.terms.duties[power_or_duty].by, matter.party))

    # ---- notices -------------------------------------------------------------------------------------------

    def _notice(self, event: Event, fact: NoticeGiven, at: Instant) -> None:
        kind = self.terms.notices.get(fact.kind)
        if kind is None:
            raise InvalidFact(
                "notice given", "kind", f"the Terms know no {fact.kind!r} notice: {', '.join(self.terms.notices)}"
            )
        if kind.about and kind.covers == "named" and not fact.about:
            raise InvalidFact("notice given", "about", f"a {kind.title} names what it is about")
        delivered = None if fact.delivered is None else self.calendar.instant_of(fact.delivered)
        notice = Notice(
            id=event.id,
            kind=fact.kind,
            by=fact.by,
            method=fact.method,
            given=at,
            about=fact.about,
            delivered=delivered,
            by_day=not isinstance(event.occurred, datetime),
        )
        self._keep(self._judged(notice))
        for matter_id in fact.about:
            self._about(matter_id, event, at)
        if kind.about and not fact.about:
            for matter in self.of_kind(kind.about):
                self._cover(matter, self.notices[event.id])
        for waiting, occurred in self._waiting.pop(event.id, []):
            self._about_notice(event.id, waiting, occurred)

    def _judged(self, notice: Notice) -> Notice:
        """The notice with when it counts, or why it does not."""
        rule, kind = self.terms.notice, self.terms.notices[notice.kind]
        if not kind.about and notice.by not in holders(kind.by, None):
            return evolve(notice, counts=None, defect=f"{kind.clause}: not the {notice.by}'s to give")
        if notice.accepted is not None:
            return evolve(notice, counts=notice.counts or notice.accepted, defect="")
        if rule is None:
            return evolve(notice, counts=notice.given)
        method = rule.methods.get(notice.method)
        if method is None:
            known = ", ".join(rule.methods).replace("_", " ")
            return evolve(notice, counts=None, defect=f"{rule.clause}: {notice.method} gives no notice; {known} do")
        # What arrived cannot have arrived before it was given.
        delivered = None if notice.delivered is None else max(notice.delivered, notice.given)
        start = (delivered or notice.given) if method.counts == "in person" else notice.given
        if method.counts == "delivery":
            if delivered is None:
                return evolve(
                    notice,
                    counts=None,
                    defect=f"{rule.clause}: {notice.method} counts once delivered, and no delivery is recorded",
                )
            start = delivered
        return evolve(notice, counts=self.after(start, method), defect="")

    def after(self, start: Instant, method: Method) -> Instant:
        """When what was sent or arrived at an instant counts: so many days later, where the method says so."""
        if not method.n:
            return start
        day = self.calendar.day_of(start)
        business = method.unit == "business days"
        return self.calendar.start_of(
            self.calendar.business_days_after(day, method.n) if business else plus_days(day, method.n)
        )

    def written(self, method: str | None, at: Instant) -> Instant:
        """When a writing given by a method at an instant takes effect; at once where the Terms do not say otherwise."""
        rule = self.terms.notice.methods.get(method or "") if self.terms.notice else None
        return at if rule is None or rule.counts == "delivery" else self.after(at, rule)

    def fastest(self, at: Instant) -> tuple[str, Instant]:
        """The method by which a writing given at an instant counts first, and from when; '' where the Terms name none.
        One that counts on delivery is taken to be delivered at once, and comes after others that count as soon.
        """
        rules = self.terms.notice.methods if self.terms.notice else {}
        found = [(self.after(at, rule), rule.counts == "delivery", name) for name, rule in rules.items()]
        counts, _, method = min(found, key=lambda one: one[:2], default=(at, False, ""))
        return method, counts

    def _keep(self, notice: Notice) -> None:
        self.notices[notice.id] = notice
        self.notes.pop(notice.id, None)
        if note := "withdrawn by both in writing" if notice.withdrawn else notice.defect:
            self.notes[notice.id] = note

    def _cover(self, matter: Matter, notice: Notice) -> None:
        self.matters[matter.id] = evolve(matter, notices=(*matter.notices, notice))

    def _about_notice(self, notice_id: str, event: Event, at: Instant) -> None:
        notice = self.notices.get(notice_id)
        if notice is None:
            self._waiting.setdefault(notice_id, []).append((event, at))
            return
        match event.fact:
            case NoticeDelivered():
                heard = evolve(notice, delivered=at)
            case Accepted(by=by) if by != other(notice.by):
                self.notes[event.id] = "only the other side can accept a notice"
                return
            case Accepted(counts_from=day):
                from_day = None if day is None else self.calendar.start_of(day)
                heard = evolve(notice, accepted=at, counts=from_day or notice.counts or at)
            case _:
                heard = evolve(notice, withdrawn=at)
        heard = self._judged(heard)
        self._keep(heard)
        for matter in [m for m in self.matters.values() if any(n.id == notice_id for n in m.notices)]:
            replaced = tuple(heard if n.id == notice_id else n for n in matter.notices)
            self.matters[matter.id] = evolve(matter, notices=replaced)

    # ---- acts ----------------------------------------------------------------------------------------------

    def _act(self, event: Event, fact: Acted | Posted, at: Instant) -> None:
        power = self.terms.powers.get(fact.power) if fact.power is not None else None
        if fact.power is not None and power is None:
            raise InvalidFact("acted", "power", f"the Terms know no power {fact.power!r}")
        if power is not None and isinstance(fact, Posted) and power.exercise != "posting":
            raise InvalidFact("posted", "power", f"{power.id} is not exercised by posting, but by {power.exercise}")
        if power is not None and isinstance(fact, Acted) and power.does != fact.does:
            raise InvalidFact("acted", "power", f"{power.id} is a power to {power.does}, not to {fact.does}")
        if isinstance(fact, Acted):
            ways = [p.exercise for p in self.terms.powers_to(fact.does)]
            if ways and all(way.startswith("notice:") for way in ways):
                kinds = ", ".join(way.removeprefix("notice:") for way in ways)
                raise InvalidFact("acted", "does", f"to {fact.does} is to give notice: record the notice ({kinds})")
            if power is not None and power.exercise == "written notice":
                at = self.written(fact.method, at)
            seen = tuple(self.of_kind(power.matter)) if power and power.does == "suspend" and not fact.about else ()
            act = Act(
                event=event.id,
                sequence=event.sequence,
                at=at,
                does=fact.does,
                by=fact.by,
                power=fact.power,
                about=fact.about,
                method=fact.method,
                override=fact.override,
                known_through=fact.known_through,
                seen=seen,
            )
        else:
            assert power is not None
            later = at if fact.effective is None else max(at, self.calendar.start_of(fact.effective))
            act = Act(event.id, event.sequence, later, power.does, "provider", power.id)
        insort(self.acts, act, key=lambda act: act.at)

    def _agree(self, event: Event, fact: Agreed, at: Instant) -> None:
        match fact.what:
            case "withdrawal" | "rescission" if fact.target is None:
                raise InvalidFact("agreed", "target", "name the event that is withdrawn or rescinded, by its id")
            case "withdrawal":
                self._about_notice(str(fact.target), event, at)
            case "rescission":
                self._rescind(event, str(fact.target))
            case _:
                does = {"termination": "terminate", "amendment": "amend", "consent": "consent"}[fact.what]
                power = self._agreed_power(fact.power, does)
                act = Act(event.id, event.sequence, at, power.does if power else does, "both", fact.power)
                insort(self.acts, act, key=lambda act: act.at)

    def _agreed_power(self, power_id: str | None, does: str) -> Power | None:
        """The power that an agreement of both exercises, if it names one."""
        if power_id is None:
            return None
        power = self.terms.powers.get(power_id)
        if power is None or power.exercise != "consent" or (does != "consent" and power.does != does):
            raise InvalidFact("agreed", "power", f"{power_id!r} is no power of both to {does} by consent")
        return power

    def _rescind(self, event: Event, target: str) -> None:
        """Undo a termination or an order as if it had never been."""
        if any(act.event == target and act.does == "terminate" for act in self.acts):
            self.rescinded.add(target)
        elif any(order.event == target for order in self.orders):
            self.orders = [order for order in self.orders if order.event != target]
        else:
            self.notes[event.id] = f"{target} is neither a termination nor an order: there is nothing to rescind"


def fold(terms: Terms, events: list[Event], until: Instant | None) -> Docket:
    """The docket of a history as recorded, of what happened up to an instant, included; of everything without one.

    ``events`` begin with 'agreement made'.
    """
    docket = Docket(terms, events[0])
    by_id = {event.id: event.fact for event in events}
    for event in events:
        if isinstance(event.fact, Withdrawn) and isinstance(fact := by_id.get(event.fact.event), MatterOpened):
            docket.mistaken.add(fact.matter)
    for event in sorted(effective(events[1:]), key=docket.order_of):
        if until is None or docket.instant_of(event) <= until:
            docket.apply(event)
    return docket
