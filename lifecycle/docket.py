"""The docket: the matters, notices, orders and acts that a history tells, seen from one instant.

Events are read in the order in which things happened - by instant, facts before acts, then by sequence - whatever the
order in which they were recorded. A fact about something not recorded yet waits for it. Whatever has no effect (an
email where only mail gives notice, an extension by the wrong party) is kept, with the reason, in ``remarks``.

Longer than other modules: one arm for each sort of fact, over one state that they share. What a fact must be like
before it is read is checked elsewhere (:mod:`lifecycle.matters`, :mod:`lifecycle.acting`), as is when a writing counts.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Collection, Iterator
from copy import copy
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias

from attrs import evolve

from lifecycle.acting import check_agreed, check_exercise, check_is_act, entitled, granting
from lifecycle.days import BEGINNING, FOREVER, Calendar, Day, Instant
from lifecycle.errors import InvalidFact, InvalidTime, LifecycleError, placed
from lifecycle.events import (
    Accepted,
    Acted,
    Agreed,
    AgreementMade,
    Corrected,
    Done,
    Event,
    Extended,
    MatterChanged,
    MatterEnded,
    MatterOpened,
    MatterReopened,
    Money,
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
    HeldUp,
    Matter,
    Notice,
    Order,
    changed,
    check_end,
    check_order,
    check_reopening,
    ended,
    kind_of,
    names,
    opened,
    paid,
    reopened,
    settled,
    spans,
)
from lifecycle.plain import a
from lifecycle.terms.library import Library
from lifecycle.terms.model import DERIVED_KINDS, Clock, Kind, Party, Power, Terms, holders, other
from lifecycle.versions import Policy, Versions
from lifecycle.windows import Window
from lifecycle.writing import Writing

Waiting: TypeAlias = tuple[Event, Instant]

_NONE = frozenset[str]()


class Docket:
    """What a history tells, up to an instant. Grown by :meth:`apply` in order of occurrence; everything else only reads
    it.
    """

    __slots__ = (
        "_by_kind",
        "_made",
        "_naming",
        "_read",
        "_recorded",
        "_waiting",
        "acts",
        "calendar",
        "counting",
        "done",
        "kept",
        "latest_order",
        "library",
        "made",
        "matters",
        "memo",
        "mistaken",
        "notes",
        "notices",
        "opening",
        "orders",
        "policies",
        "rescinded",
        "since",
        "stamps",
        "turning",
        "versions",
        "writing",
    )

    def __init__(self, library: Library, made: Event) -> None:
        assert isinstance(made.fact, AgreementMade)
        self.made = made.fact
        self._made = made
        self.library = library
        self.versions = Versions(library, self.made, made.id)
        self.writing = Writing(self.versions)
        self.policies: list[Policy] = []
        self.calendar: Calendar = self.terms.calendar(made.fact.zone)
        self.since: Instant = self.calendar.instant_of(made.occurred)
        self.matters: dict[str, Matter] = {}
        self.notices: dict[str, Notice] = {}
        self.orders: list[Order] = []
        self.acts: list[Act] = []
        self.rescinded = _NONE
        self.mistaken = _NONE
        """Matters whose opening was withdrawn: they were recorded by mistake."""
        self.opening: OpeningBalance | None = None
        self.counting: list[Instant] = []
        """When the notices count, in order."""
        self.done: dict[tuple[str, str], list[tuple[Instant, Party]]] = {}
        self.notes: dict[str, str] = {}
        self.latest_order: tuple[Instant, int, int] = (self.since, 0, 1)
        self.memo: dict[tuple[str, str], Any] = {}
        """What the powers made of a matter, kept while the matter stays as it is: (power, matter) -> (matter,
        openings).
        """
        self.turning: dict[str, Notice] = {}
        """The notices that the course itself hears: those that stop a term, those about what it opens."""
        self.kept: dict[str, Any] = {}
        """What the course made of all this, dropped when a fact may turn what went before it: orders, amendments, the
        notices that it hears, the end of a trial, acts of ending, acts that take effect out of their order.
        """
        self._read: list[Event] = []
        self._recorded: dict[str, int] = {}
        self._waiting: dict[str, list[Waiting]] = {}
        self._naming: dict[str, tuple[str, ...]] = {}
        self._by_kind: dict[str, list[str]] = {}
        self.stamps: dict[str, int] = {}
        """How often a matter of each kind was recorded or changed."""

    @property
    def terms(self) -> Terms:
        """The Terms under which the agreement was made."""
        return self.versions[0].terms

    def terms_of(self, matter: Matter) -> Terms:
        """The Terms that govern a matter: those in force when it opened."""
        return self.versions[matter.version].terms

    def governed(self, matter: Matter, at: Instant) -> Matter:
        """A matter as governed at an instant: by the Terms from its opening, unless those in force since govern all."""
        index = self.versions.index_at(at)
        terms = self.versions[index].terms
        if index == matter.version or terms.applies_to == "new matters" or matter.kind not in terms.kinds:
            return matter
        return evolve(matter, version=index)

    def power_over(self, power_id: str | None, matter_id: str | None, at: Instant) -> Power | None:
        """A power as the Terms say it that govern a matter at an instant; where they do not have it, or no matter is
        known, those in force.
        """
        matter = self.matters.get(matter_id or "")
        found = self.terms_of(self.governed(matter, at)).powers.get(power_id or "") if matter else None
        return found or self.versions.power(power_id, at)

    def calendar_of(self, matter: Matter) -> Calendar:
        """How the Terms that govern a matter count."""
        return self.versions[matter.version].calendar

    def kind_of(self, matter: Matter) -> Kind:
        return self.terms_of(matter).kinds[matter.kind]

    def resolved(self, clock: Clock, matter: Matter) -> Clock:
        """A clock with the period that the order names in its place."""
        order = self._order_of(matter) if clock.order_value else None
        period = order.values.get(clock.order_value) if order else None
        return evolve(clock, n=period.n, unit=period.unit) if period and clock.takes(period) else clock

    def _order_of(self, matter: Matter) -> Order | None:
        """The order that a matter names, else the one running when it opened."""
        if (named := matter.attribute("order")) is not None:
            return next((order for order in self.orders if order.id == named), None)
        return self._order_on(self.calendar.day_of(matter.opened))

    def _order_on(self, day: Day) -> Order | None:
        """The last order to start by a day, else the first to start."""
        orders = sorted(self.orders, key=lambda order: order.start)
        return next((order for order in reversed(orders) if order.start <= day), next(iter(orders), None))

    def instant_of(self, event: Event) -> Instant:
        try:
            return self.calendar.instant_of(event.occurred)
        except InvalidTime as error:
            raise placed(error, f"occurred in {event.place}") from None

    def order_of(self, event: Event) -> tuple[Instant, int, int]:
        """The sort key of occurrence: instant, facts before acts, sequence."""
        return (self.instant_of(event), 1 if isinstance(event.fact, Acted | Posted | Agreed) else 0, event.sequence)

    def of_kind(self, kinds: Collection[str], named: tuple[str, ...] = ()) -> list[Matter]:
        """The matters of some kinds, in the order in which they opened; only those ``named``, if any are."""
        found = [self._by_kind[kind] for kind in dict.fromkeys(kinds) if kind in self._by_kind]
        if len(named) == 1:
            matter = self.matters.get(named[0])
            return [matter] if matter and matter.kind in kinds else []
        if named or len(found) > 1:
            wanted = {name for names in found for name in names if not named or name in named}
            return [matter for name, matter in self.matters.items() if name in wanted]
        return [self.matters[name] for name in found[0]] if found else []

    def supposing(self, matter: Matter) -> Docket:
        """A docket that differs from this one, which stays as it is, in how one matter stands; only to be read."""
        supposed: Docket = copy(self)
        supposed.matters, supposed.memo, supposed.kept = {**self.matters, matter.id: matter}, {}, {}
        if matter.id not in self.matters:
            supposed._by_kind = {**self._by_kind, matter.kind: [*self._by_kind.get(matter.kind, ()), matter.id]}
        return supposed

    def copied(self) -> Docket:
        """A docket that stands where this one does and grows apart from it."""
        other = object.__new__(Docket)
        other.made, other._made, other.library = self.made, self._made, self.library
        other.calendar, other.since, other.latest_order = self.calendar, self.since, self.latest_order
        other.opening, other.mistaken = self.opening, self.mistaken
        other.versions = self.versions.copied()
        other.writing = Writing(other.versions)
        other.matters, other.notices, other.turning = {**self.matters}, {**self.notices}, {**self.turning}
        other.orders, other.acts, other.policies = [*self.orders], [*self.acts], [*self.policies]
        other.rescinded, other.notes, other.counting = self.rescinded, {**self.notes}, [*self.counting]
        other.done = {about: [*done] for about, done in self.done.items()}
        other.memo, other.kept = {}, {}
        other._read, other._recorded, other._naming = [*self._read], {**self._recorded}, {**self._naming}
        other.stamps = {**self.stamps}
        other._by_kind = {kind: [*names] for kind, names in self._by_kind.items()}
        other._waiting = {name: [*waiting] for name, waiting in self._waiting.items()}
        return other

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
    def size(self) -> int:
        """How many events were read."""
        return len(self._read)

    @property
    def latest(self) -> Instant:
        """The instant of the latest event read."""
        return self.latest_order[0]

    def apply(self, event: Event) -> None:
        """Read one more event, which happened no earlier than those read before.

        Raises InvalidFact for what the Terms or the facts so far give no meaning; the docket is then of no further use.
        """
        self.latest_order = self.order_of(event)
        at = self.latest_order[0]
        match event.fact:
            case MatterOpened():
                self._open(event.fact, event.sequence, at)
            case MatterChanged() | MatterEnded() | MatterReopened() | Paid() | Extended() | Waived():
                self._about(event.fact.matter, event, at)
            case Done(duty=duty, about=about, by=by):
                duties = {name: each for version in self.versions for name, each in version.terms.duties.items()}
                if duty not in duties:
                    raise InvalidFact("done", "duty", f"the Terms know no duty {duty!r}: {', '.join(duties)}")
                if by not in holders(duties[duty].by, None):
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
                self._order(event, event.fact, event.fact.start, at)
            case OpeningBalance():
                self.opening = event.fact
                self._order(event, event.fact, event.fact.started, at, event.fact.number)
            case _:  # the making, and what is about the record itself, are not part of what happened
                pass
        self._read.append(event)

    def grown(self) -> Iterator[tuple[Docket, Window]]:
        """This docket as it stood between one event and the next, each with the stretch for which it did; last as it
        stands.
        """
        docket, since = Docket(self.library, self._made), BEGINNING
        for event in self._read:
            yield docket, Window(since, at := self.instant_of(event))
            docket.apply(event)
            since = at
        yield docket, Window(since)

    def coming(self, at: Instant) -> Iterator[tuple[Instant, str]]:
        """What was read and counts, takes effect or governs only after an instant: when, and what."""
        yield from ((counts, "notice counts") for counts in self.counting[bisect_right(self.counting, at) :])
        later = self.acts[bisect_right(self.acts, at, key=lambda act: act.at) :]
        yield from ((act.at, f"{act.does} takes effect") for act in later if act.at < FOREVER)
        yield from ((turn, "amendment takes effect") for turn in self.versions.turns() if turn > at)

    def _order(
        self, event: Event, fact: OrderSigned | OpeningBalance, start: Day, at: Instant, number: int = 1
    ) -> None:
        terms = self.versions.at(at)
        check_order(fact, terms)
        term = fact.term or terms.order.term
        assert term is not None
        if any(fact.order == known.id for known in self.orders):
            raise InvalidFact("order signed", "order", f"{fact.order} was signed before: use another id, or correct it")
        order = Order(at, event.id, fact.order, start, term, fact.renews, fact.attributes, fact.values, number)
        self.orders.append(order)
        self._turn()

    def _turn(self) -> None:
        """Drop what was made of an order, which may name the periods that are counted, and of all that rests on it."""
        self.memo.clear()
        self.kept.clear()

    # ---- matters -------------------------------------------------------------------------------------------

    def _open(self, fact: MatterOpened, sequence: int, at: Instant) -> None:
        version = self.versions.index_at(at)
        kind = kind_of(fact, self.versions[version].terms)
        if fact.matter in self.matters:
            raise InvalidFact(
                "matter opened",
                "matter",
                f"{fact.matter} was opened before: change, reopen or correct it, or use another id",
            )
        self._recorded[fact.matter] = sequence
        self._by_kind.setdefault(fact.kind, []).append(fact.matter)
        if any(v.terms.trial and v.terms.trial.limit == fact.kind for v in self.versions):
            self.kept.clear()
        matter = opened(fact, kind, at, version)
        if not kind.defaults.keys() <= matter.days.keys():
            matter = evolve(matter, days=self._with_defaults(matter, kind))
        self._put(self._lasting(matter))
        for waiting, occurred in self._waiting.pop(fact.matter, []):
            self._about(fact.matter, waiting, max(occurred, at))

    def _with_defaults(self, matter: Matter, kind: Kind) -> dict[str, Day]:
        """The days of a matter, those it does not give counted as the Terms say."""
        days = dict(matter.days)
        for name, clock in kind.defaults.items():
            if name not in days:
                start = self.calendar.day_of(matter.opened) if clock.start == "start" else days[clock.start]
                resolved = self.resolved(clock, matter)
                days[name] = self.calendar_of(matter).moved(start, resolved.period, resolved.rounding)
        return days

    def _lasting(self, matter: Matter) -> Matter:
        """The matter with the end that it comes to by itself, where its kind lasts only so long."""
        lasts = self.kind_of(matter).lasts
        if lasts is None or matter.last.ended < FOREVER:
            return matter
        lasts = self.resolved(lasts, matter)
        calendar = self.calendar_of(matter)
        through = calendar.moved(calendar.day_of(matter.last.opened), lasts.period, lasts.rounding)
        return ended(matter, "lapsed", calendar.end_of(through))

    def _put(self, matter: Matter) -> None:
        """Keep a matter as it has become, and what that means for the matters it names."""
        self._become(matter)
        before = self._naming.pop(matter.id, ())
        if after := names(matter, self.kind_of(matter)):
            self._naming[matter.id] = after
        for affected in dict.fromkeys((*before, *after, matter.id)):
            self._hold_up(affected)

    def _become(self, matter: Matter) -> None:
        self.matters[matter.id] = matter
        self.stamps[matter.kind] = self.stamps.get(matter.kind, 0) + 1

    def _hold_up(self, matter_id: str) -> None:
        """Note on a matter what names it, and when."""
        matter = self.matters.get(matter_id)
        if matter and (self._naming or matter.held_up):
            naming = [self.matters[name] for name, named in self._naming.items() if matter_id in named]
            held_up = tuple(
                HeldUp(m.id, m.kind, spell.window, _comparable(m.amount, matter.amount), spell.how == "lapsed")
                for m in naming
                for spell in m.spells
                if spell.window
            )
            if held_up != matter.held_up:
                self._become(evolve(matter, held_up=held_up))

    def _about(self, matter_id: str, event: Event, at: Instant) -> None:
        """Read a fact about a matter, or keep it until the matter is known."""
        matter = self.matters.get(matter_id)
        if self._supposed_away(event):
            return
        if matter is None:
            if isinstance(event.fact, Waived | Extended) and event.fact.power is not None:
                granting(event.fact, [version.terms for version in self.versions])
            self._waiting.setdefault(matter_id, []).append((event, at))
            return
        try:
            self._change(matter, event, at)
        except InvalidFact as error:
            if event.sequence > self._recorded[matter_id]:
                raise
            # It was recorded before anyone could know that it does not fit; it must not stand in a later fact's way.
            self.notes[event.id] = str(error)
        self._recorded[matter_id] = max(self._recorded[matter_id], event.sequence)

    def _supposed_away(self, event: Event) -> bool:
        """Whether a fact is about a power that the Terms only have as they were agreed, not as they are supposed."""
        fact = event.fact
        if not isinstance(fact, Waived | Extended) or fact.power is None or not self.versions.library.supposes:
            return False
        every = [version.terms for version in self.versions]
        if any(fact.power in terms.powers or fact.power in terms.duties for terms in every):
            return False
        self.notes[event.id] = f"read so, the Terms give no power {fact.power!r}"
        return True

    def _change(self, matter: Matter, event: Event, at: Instant) -> None:
        match event.fact:
            case Paid():
                self._put(paid(matter, event.fact, self.kind_of(matter), at))
            case MatterEnded(how=how):
                check_end(matter, self.kind_of(matter), how)
                self._put(ended(matter, how, at))
            case MatterReopened():
                check_reopening(matter)
                again = self._lasting(reopened(matter, at))
                self._put(settled(again, "paid", at) if self.kind_of(matter).money == "owed" else again)
            case MatterChanged():
                self._put(changed(matter, event.fact, self.kind_of(matter), at))
            case Extended():
                self._extend(event, matter, event.fact, self._governing(matter, at))
            case Waived(power=power, by=by):
                if by in holders(granting(event.fact, self._governing(matter, at)).powers[power].by, matter.party):
                    self._become(evolve(matter, waived={(power, by): at, **matter.waived}))
                else:
                    self.notes[event.id] = f"{power} is not the {by}'s to waive"
            case NoticeGiven():
                self._cover(matter, self.notices[event.id])

    def _governing(self, matter: Matter, at: Instant) -> list[Terms]:
        """The Terms that govern a matter at an instant, and those that did when it opened."""
        return [self.terms_of(self.governed(matter, at)), self.terms_of(matter)]

    def _extend(self, event: Event, matter: Matter, fact: Extended, governing: list[Terms]) -> None:
        """More time for the other side; never less, and only from the party entitled."""
        givers: tuple[Party, ...]
        if fact.power is not None:
            givers = entitled(fact.power, granting(fact, governing), matter)
            before = matter.waits.get((fact.power, fact.by))
        elif fact.day is not None and fact.day in matter.days:
            givers, before = holders("other", matter.party), matter.days[fact.day]
        else:
            raise InvalidFact(
                "extended", "day", f"{matter.label} has no day {fact.day!r}: name one of its days, or a power"
            )
        if fact.by not in givers:
            self.notes[event.id] = f"{fact.power or fact.day} of {matter.label} is not the {fact.by}'s to extend"
        elif before is not None and fact.to <= before:
            self.notes[event.id] = f"{fact.to} gives no more time than {before}"
        elif fact.power is not None:
            self._become(evolve(matter, waits={**matter.waits, (fact.power, fact.by): fact.to}))
        else:
            self._become(evolve(matter, days={**matter.days, str(fact.day): fact.to}))

    # ---- notices -------------------------------------------------------------------------------------------

    def _notice(self, event: Event, fact: NoticeGiven, at: Instant) -> None:
        kind = self.writing.notice_kind(fact.kind, at)
        if kind is None:
            known = ", ".join(self.versions.at(at).notices)
            raise InvalidFact("notice given", "kind", f"the Terms know no {fact.kind!r} notice: {known}")
        if kind.about and kind.covers == "named" and not fact.about:
            raise InvalidFact("notice given", "about", f"{a(kind.title)} names what it is about")
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
        self._keep(self.writing.judged(notice))
        self._announce(event, fact, at)
        for matter_id in fact.about:
            # What the course opens is not recorded: the course itself looks for what was said of it.
            if matter_id in self.matters or not set(kind.about) & set(DERIVED_KINDS):
                self._about(matter_id, event, at)
        if kind.about and not fact.about:
            for matter in self.of_kind(kind.about):
                self._cover(matter, self.notices[event.id])
        for waiting, occurred in self._waiting.pop(event.id, []):
            self._about_notice(event.id, waiting, occurred)

    def _keep(self, notice: Notice) -> None:
        if (before := self.notices.get(notice.id)) and before.counts is not None:
            self.counting.remove(before.counts)
        if notice.counts is not None:
            insort(self.counting, notice.counts)
        self.notices[notice.id] = notice
        if self._is_turning(notice):
            self.turning[notice.id] = notice
            self.kept.clear()
        if self.versions.heard(notice, self._next_term):
            self._turn()
        self.notes.pop(notice.id, None)
        if note := "withdrawn by both in writing" if notice.withdrawn else notice.defect:
            self.notes[notice.id] = note

    def _is_turning(self, notice: Notice) -> bool:
        """Whether the course hears a notice: it stops a term, or is about what the course opens."""
        for terms in (version.terms for version in self.versions):
            kind = terms.notices.get(notice.kind)
            if notice.kind == terms.stopping_notice or (kind and not set(kind.about).isdisjoint(DERIVED_KINDS)):
                return True
        return False

    def _cover(self, matter: Matter, notice: Notice) -> None:
        self._become(evolve(matter, notices=(*matter.notices, notice)))

    def _about_notice(self, notice_id: str, event: Event, at: Instant) -> None:
        notice = self.notices.get(notice_id)
        if notice is None and isinstance(event.fact, NoticeDelivered) and self._deliver(notice_id, at):
            return
        if notice is None:
            self._waiting.setdefault(notice_id, []).append((event, at))
            return
        match event.fact:
            case NoticeDelivered() if notice.delivered is not None and notice.delivered <= at:
                self.notes[event.id] = f"{notice_id} was delivered before"
                return
            case NoticeDelivered():
                heard = self.writing.judged(evolve(notice, delivered=at))
            case Accepted(by=by) if by != other(notice.by):
                self.notes[event.id] = "only the other side can accept a notice"
                return
            case Accepted() if notice.accepted is not None:
                self.notes[event.id] = f"{notice_id} was accepted before"
                return
            case Accepted(counts_from=day):
                from_day, accepted = None if day is None else self.calendar.start_of(day), max(at, notice.given)
                counts = from_day or notice.counts or accepted
                heard = self.writing.judged(evolve(notice, accepted=accepted, counts=counts))
            case _ if notice.withdrawn is not None:
                self.notes[event.id] = f"{notice_id} was withdrawn before"
                return
            case _:
                heard = self.writing.judged(evolve(notice, withdrawn=at))
        if heard.counts != notice.counts:
            heard = evolve(heard, earlier=(*notice.earlier, (at, notice.counts)))
        self._keep(heard)
        for matter in [m for m in self.matters.values() if any(n.id == notice_id for n in m.notices)]:
            replaced = tuple(heard if n.id == notice_id else n for n in matter.notices)
            self._become(evolve(matter, notices=replaced))

    # ---- amendments ----------------------------------------------------------------------------------------

    def _announce(self, event: Event, fact: Posted | NoticeGiven, at: Instant) -> None:
        """Other Terms announced by one party's posting or notice, if it names any. The running order may exclude it."""
        if fact.terms is None:
            return
        terms, order = self.versions.at(at), self._order_on(self.calendar.day_of(at))
        amending = terms.amendment and terms.powers[terms.amendment.power]
        excluded = bool(order and amending and amending.order_unless.items() & order.attributes.items())
        if order and excluded:
            self.notes[event.id] = f"gives way to order {order.id}: the Terms in force go on"
        self.versions.announced(event, fact, at, excluded=excluded, next_term=self._next_term)
        self._hear_again()

    def _hear_again(self) -> None:
        """Other Terms may hear notices that those so far do not."""
        self._turn()
        self.turning = {notice.id: notice for notice in self.notices.values() if self._is_turning(notice)}

    def _next_term(self, day: Day) -> Day | None:
        """The first day of a term on or after a day, under the order signed last."""
        if not self.orders:
            return None
        order, start_of = self.orders[-1], self.calendar.start_of
        chain = spans(order.start, order.term, lambda first: self.versions.at(start_of(first)).renewal)
        return next(first for first, _ in chain if first >= day)

    def _post_policy(self, event: Event, fact: Posted, at: Instant) -> None:
        """A policy posted beside the agreement: in force at once."""
        if fact.terms is None:
            raise InvalidFact("posted", "power", "name the power it exercises, or the policy that is posted (terms)")
        self.policies.append(Policy(fact.terms, fact.digest or "", at, event.id))

    # ---- acts ----------------------------------------------------------------------------------------------

    def _act(self, event: Event, fact: Acted | Posted, at: Instant) -> None:
        about = fact.about[0] if isinstance(fact, Acted) and fact.about else None
        power = self.power_over(fact.power, about, at)
        if power is None and fact.power is not None and self.versions.library.supposes:
            self.notes[event.id] = f"read so, the Terms give no power {fact.power!r}"
            fact = evolve(fact, power=None)
        if fact.power is not None and power is None:
            raise InvalidFact("acted", "power", f"the Terms know no power {fact.power!r}")
        if power is None and isinstance(fact, Posted):
            self._post_policy(event, fact, at)
            return
        if power is not None:
            check_exercise(fact, power)
        if isinstance(fact, Acted):
            check_is_act(fact, self.versions.at(at))
            given = at
            if power is not None and power.exercise == "written notice":
                at = self._act_in_writing(event.id, fact.method, at)
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
                deferred=at > given,
                seen=seen,
            )
        else:
            assert power is not None
            given = later = at
            if fact.terms is not None:  # when other Terms take effect, the versions know
                self._announce(event, fact, at)
            elif fact.effective is not None:
                later = max(at, self.calendar.start_of(fact.effective))
            act = Act(event.id, event.sequence, later, power.does, "provider", power.id, deferred=later > at)
        self._add(act)
        for waiting, occurred in self._waiting.pop(event.id, []):
            self._about_notice(event.id, waiting, max(occurred, given))

    def _add(self, act: Act) -> None:
        """Keep an act, in the order in which acts take effect."""
        if act.does == "terminate" or (self.acts and self.acts[-1].at > act.at):
            self.kept.clear()
        insort(self.acts, act, key=lambda act: act.at)

    def _act_in_writing(self, event_id: str, method: str | None, at: Instant) -> Instant:
        """When an act in writing takes effect: not before its delivery, where the method counts from that."""
        notice = self.versions.at(at).notice
        rule = notice.method(method) if notice else None
        if notice is None or rule is None or rule.counts != "delivery":
            return self.writing.written(method, at)
        self.notes[event_id] = f"{notice.clause}: {method} counts once delivered, and no delivery is recorded"
        return FOREVER

    def _deliver(self, event_id: str, at: Instant) -> bool:
        """Let an act in writing take effect on its delivery; whether there is such an act."""
        act = next((act for act in self.acts if act.event == event_id), None)
        notice = self.versions.at(at).notice
        rule = notice.method(act.method) if notice and act else None
        if act and rule and act.at == FOREVER:
            self.acts.remove(act)
            self.kept.clear()
            self._add(evolve(act, at=self.writing.after(at, rule, at)))
            self.notes.pop(event_id, None)
        return act is not None

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
                power = self.versions.power(fact.power, at)
                check_agreed(fact, power, does)
                if fact.what == "amendment":
                    self.versions.agreed(event, fact, at)
                    self._hear_again()
                self._add(Act(event.id, event.sequence, at, power.does if power else does, "both", fact.power))

    def _rescind(self, event: Event, target: str) -> None:
        """Undo a termination or an order as if it had never been."""
        if any(act.event == target and act.does == "terminate" for act in self.acts):
            self.rescinded |= {target}
            self.kept.clear()
        elif any(order.event == target for order in self.orders):
            self.orders = [order for order in self.orders if order.event != target]
            self._turn()
        else:
            self.notes[event.id] = f"{target} is neither a termination nor an order: there is nothing to rescind"


def _comparable(disputed: Money | None, owed: Money | None) -> Decimal | None:
    """How much of what is owed is disputed; None for all of it, as where no amount or another currency is named."""
    return disputed.amount if disputed and owed and disputed.currency == owed.currency else None


def fold(library: Library, events: list[Event], until: Instant | None) -> Docket:
    """The docket of a history as recorded, of what happened up to an instant, included; of everything without one.

    ``events`` begin with 'agreement made'. Raises UnknownTerms where the library does not hold the Terms they name,
    InvalidFact or InvalidTime for what has no meaning under them, naming the event.
    """
    docket = Docket(library, events[0])
    docket.mistaken = mistaken(events)
    for event in sorted(effective(events[1:]), key=docket.order_of):
        if until is None or docket.instant_of(event) <= until:
            try:
                docket.apply(event)
            except LifecycleError as error:
                raise placed(error, source(event, events).place) from None
    return docket


def source(event: Event, events: list[Event]) -> Event:
    """The event that says what this one says: itself, or its last correction."""
    corrections = (one for one in reversed(events) if isinstance(one.fact, Corrected) and one.fact.event == event.id)
    return next(corrections, event)


def mistaken(events: list[Event]) -> frozenset[str]:
    """The matters whose opening was withdrawn: they were recorded by mistake."""
    withdrawn = [event.fact.event for event in events if isinstance(event.fact, Withdrawn)]
    if not withdrawn:
        return _NONE
    facts = {event.id: event.fact for event in events}
    opened = (facts.get(event_id) for event_id in withdrawn)
    return frozenset(fact.matter for fact in opened if isinstance(fact, MatterOpened))
