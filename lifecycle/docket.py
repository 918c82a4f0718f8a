"""The docket: the matters, notices, orders and acts that a history tells, seen from one instant.

Events are read in the order in which things happened - by instant, facts before acts, then by sequence - whatever the
order in which they were recorded. A fact about something not recorded yet waits for it. Whatever has no effect (an
email where only mail gives notice, an extension by the wrong party) is kept, with the reason, in ``remarks``.

Longer than other modules: one arm for each sort of fact, over one state that they share. What a fact must be like
before it is read is checked elsewhere (:mod:`lifecycle.matters`, :mod:`lifecycle.acting`), as is when a writing counts.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Collection, Iterable, Iterator
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, TypeAlias

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
    Fact,
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
    Spells,
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
Occurrence: TypeAlias = tuple[Instant, int, int]
"""When an event happened, as a sort key: instant, facts before acts, sequence."""
AboutMatter: TypeAlias = MatterChanged | MatterEnded | MatterReopened | Paid

_NONE = frozenset[str]()
_ACTS = frozenset({Acted, Posted, Agreed})
_DERIVED = frozenset(DERIVED_KINDS)


class Docket:
    """What a history tells, up to an instant. Grown by :meth:`apply` in order of occurrence; everything else only reads
    it.
    """

    __slots__ = (
        "_by_kind",
        "_made",
        "_naming",
        "_recorded",
        "_waiting",
        "acts",
        "became",
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
        "read",
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
        self.latest_order: Occurrence = (self.since, 0, 1)
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
        self.read: list[Event] = []
        """The events that were read, in order; the making of the agreement is not among them."""
        self._recorded: dict[str, int] = {}
        self._waiting: dict[str, list[Waiting]] = {}
        self._naming: dict[str, tuple[str, ...]] = {}
        self._by_kind: dict[str, list[str]] | None = None
        self.stamps: dict[str, int] = {}
        """How often a matter of each kind was recorded or changed."""
        self.became: list[str] = []
        """The ids of the matters in the order in which they became as they are, with those of what they were before."""

    @property
    def terms(self) -> Terms:
        """The Terms under which the agreement was made."""
        return self.versions[0].terms

    def terms_of(self, matter: Matter) -> Terms:
        """The Terms that govern a matter: those in force when it opened."""
        return self.versions.all[matter.version].terms

    def governed(self, matter: Matter, at: Instant) -> Matter:
        """A matter as governed at an instant: by the Terms from its opening, unless those in force since govern all."""
        if len(self.versions.all) == 1:
            return matter
        index = self.versions.index_at(at)
        terms = self.versions[index].terms
        if index == matter.version or terms.applies_to == "new matters" or matter.kind not in terms.kinds:
            return matter
        return matter._replace(version=index)

    def power_over(self, power_id: str | None, matter_id: str | None, at: Instant) -> Power | None:
        """A power as the Terms say it that govern a matter at an instant; where they do not have it, or no matter is
        known, those in force.
        """
        if power_id is None:
            return None
        matter = self.matters.get(matter_id) if matter_id else None
        found = self.terms_of(self.governed(matter, at)).powers.get(power_id) if matter else None
        return found or self.versions.power(power_id, at)

    def calendar_of(self, matter: Matter) -> Calendar:
        """How the Terms that govern a matter count."""
        return self.versions[matter.version].calendar

    def kind_of(self, matter: Matter) -> Kind:
        return self.versions.all[matter.version].terms.kinds[matter.kind]

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

    def order_of(self, event: Event) -> Occurrence:
        """The sort key of occurrence: instant, facts before acts, sequence."""
        occurred = event.occurred
        at = occurred if type(occurred) is datetime else self.instant_of(event)
        return (at, 1 if type(event.fact) in _ACTS else 0, event.sequence)

    def in_order(self, events: Iterable[Event]) -> list[tuple[Occurrence, Event]]:
        """Events in the order in which they happened, each with its sort key."""
        order_of = self.order_of
        return sorted([(order_of(event), event) for event in events])

    def of_kind(self, kinds: Collection[str], named: tuple[str, ...] = ()) -> list[Matter]:
        """The matters of some kinds, in the order in which they opened; only those ``named``, if any are."""
        if len(named) == 1:
            matter = self.matters.get(named[0])
            return [matter] if matter and matter.kind in kinds else []
        by_kind = self._names_by_kind()
        found = [by_kind[kind] for kind in dict.fromkeys(kinds) if kind in by_kind]
        if named or len(found) > 1:
            known = {name for names in found for name in names}
            wanted = known.intersection(named) if named else known
            return [matter for name, matter in self.matters.items() if name in wanted]
        return [self.matters[name] for name in found[0]] if found else []

    def _names_by_kind(self) -> dict[str, list[str]]:
        """The ids of the matters of each kind, in the order in which they opened; found when first asked for."""
        if self._by_kind is None:
            self._by_kind = {}
            for matter in self.matters.values():
                self._by_kind.setdefault(matter.kind, []).append(matter.id)
        return self._by_kind

    def supposing(self, matter: Matter) -> Docket:
        """A docket that differs from this one only in how one of its matters stands; to be read, not to be grown."""
        supposed: Docket = copy(self)
        supposed.matters, supposed.memo, supposed.kept = {**self.matters, matter.id: matter}, {}, {}
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
        other.read, other._recorded, other._naming = [*self.read], {**self._recorded}, {**self._naming}
        other._by_kind, other.stamps, other.became = None, {**self.stamps}, [*self.became]
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
        return len(self.read)

    @property
    def latest(self) -> Instant:
        """The instant of the latest event read."""
        return self.latest_order[0]

    def apply(self, event: Event, order: Occurrence | None = None) -> None:
        """Read one more event, which happened no earlier than those read before; ``order``: its place, if reckoned.

        Raises InvalidFact for what the Terms or the facts so far give no meaning; the docket is then of no further use.
        """
        self.latest_order = order or self.order_of(event)
        # The making, and what is about the record itself, are not part of what happened.
        if read := self._READERS.get(type(event.fact)):
            read(self, event, event.fact, self.latest_order[0])
        self.read.append(event)

    def grown(self) -> Iterator[tuple[Docket, Window]]:
        """This docket as it stood between one event and the next, each with the stretch for which it did; last as it
        stands.
        """
        docket, since = Docket(self.library, self._made), BEGINNING
        for event in self.read:
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

    def _sign(self, event: Event, fact: OrderSigned, at: Instant) -> None:
        self._order(event, fact, fact.start, at)

    def _import(self, event: Event, fact: OpeningBalance, at: Instant) -> None:
        self.opening = fact
        self._order(event, fact, fact.started, at, fact.number)

    def next_coming(self, at: Instant) -> Iterator[Instant]:
        """The first instants after one at which a notice counts, an act takes effect and other Terms govern."""
        yield from self.counting[(n := bisect_right(self.counting, at)) : n + 1]
        later = self.acts[(n := bisect_right(self.acts, at, key=lambda act: act.at)) : n + 1]
        yield from (act.at for act in later if act.at < FOREVER)
        yield from (turn for turn in self.versions.turns() if turn > at)

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

    def _fulfil(self, event: Event, fact: Done, at: Instant) -> None:
        duties = {name: each for version in self.versions for name, each in version.terms.duties.items()}
        if fact.duty not in duties:
            raise InvalidFact("done", "duty", f"the Terms know no duty {fact.duty!r}: {', '.join(duties)}")
        if fact.by not in holders(duties[fact.duty].by, None):
            self.notes[event.id] = f"{fact.duty} is not the {fact.by}'s duty"
        self.done.setdefault((fact.duty, fact.about), []).append((at, fact.by))

    # ---- matters -------------------------------------------------------------------------------------------

    def _open(self, event: Event, fact: MatterOpened, at: Instant) -> None:
        version = self.versions.index_at(at)
        kind = kind_of(fact, self.versions.all[version].terms)
        if fact.matter in self.matters:
            raise InvalidFact(
                "matter opened",
                "matter",
                f"{fact.matter} was opened before: change, reopen or correct it, or use another id",
            )
        self._recorded[fact.matter] = event.sequence
        if self._by_kind is not None:
            self._by_kind.setdefault(fact.kind, []).append(fact.matter)
        if self.kept:
            limits = (v.terms.trial.limit for v in self.versions if v.terms.trial)
            if fact.kind in limits:
                self.kept.clear()
        matter = opened(fact, kind, at, version)
        if kind.defaults and not kind.defaults.keys() <= matter.days.keys():
            matter = matter._replace(days=self._with_defaults(matter, kind))
        if kind.lasts:
            matter = matter._replace(spells=self._lasting(matter, matter.spells))
        self._put(matter)
        if self._waiting:
            for waiting, occurred in self._waiting.pop(fact.matter, []):
                self._about(fact.matter, waiting, waiting.fact, max(occurred, at))

    def _with_defaults(self, matter: Matter, kind: Kind) -> dict[str, Day]:
        """The days of a matter, those it does not give counted as the Terms say."""
        days = dict(matter.days)
        for name, clock in kind.defaults.items():
            if name not in days:
                start = self.calendar.day_of(matter.opened) if clock.start == "start" else days[clock.start]
                resolved = self.resolved(clock, matter)
                days[name] = self.calendar_of(matter).moved(start, resolved.period, resolved.rounding)
        return days

    def _lasting(self, matter: Matter, spells: Spells) -> Spells:
        """The spells of a matter with the end that it comes to by itself, where its kind lasts only so long."""
        lasts = self.kind_of(matter).lasts
        if lasts is None or spells[-1].ended < FOREVER:
            return spells
        lasts = self.resolved(lasts, matter)
        calendar = self.calendar_of(matter)
        through = calendar.moved(calendar.day_of(spells[-1].opened), lasts.period, lasts.rounding)
        return ended(spells, "lapsed", calendar.end_of(through))

    def _put(self, matter: Matter) -> None:
        """Keep a matter as it has become, and what that means for the matters it names."""
        self._become(matter)
        before = after = tuple[str, ...]()
        if matter.kind in self.versions.naming:
            before = self._naming.pop(matter.id, ())
            if after := names(matter, self.kind_of(matter)):
                self._naming[matter.id] = after
        if self._naming or before or matter.held_up:
            for affected in dict.fromkeys((*before, *after, matter.id)):
                self._hold_up(affected)

    def _become(self, matter: Matter) -> None:
        self.matters[matter.id] = matter
        self.stamps[matter.kind] = self.stamps.get(matter.kind, 0) + 1
        self.became.append(matter.id)

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
                self._become(matter._replace(held_up=held_up))

    def _turn_out(self, event: Event, fact: AboutMatter, at: Instant) -> None:
        self._about(fact.matter, event, fact, at)

    def _grant(self, event: Event, fact: Waived | Extended, at: Instant) -> None:
        if not self._supposed_away(event, fact):
            if fact.power is not None and fact.matter not in self.matters:
                granting(fact, [version.terms for version in self.versions])
            self._about(fact.matter, event, fact, at)

    def _about(self, matter_id: str, event: Event, fact: Fact, at: Instant) -> None:
        """Read a fact about a matter, or keep it until the matter is known."""
        matter = self.matters.get(matter_id)
        if matter is None:
            self._waiting.setdefault(matter_id, []).append((event, at))
            return
        latest = self._recorded[matter_id]
        try:
            self._CHANGES[type(fact)](self, matter, event, fact, at)
        except InvalidFact as error:
            if event.sequence > latest:
                raise
            # It was recorded before anyone could know that it does not fit; it must not stand in a later fact's way.
            self.notes[event.id] = str(error)
        if event.sequence > latest:
            self._recorded[matter_id] = event.sequence

    def _supposed_away(self, event: Event, fact: Waived | Extended) -> bool:
        """Whether a fact is about a power that the Terms only have as they were agreed, not as they are supposed."""
        if fact.power is None or not self.versions.library.supposes:
            return False
        every = [version.terms for version in self.versions]
        if any(fact.power in terms.powers or fact.power in terms.duties for terms in every):
            return False
        self.notes[event.id] = f"read so, the Terms give no power {fact.power!r}"
        return True

    def _pay(self, matter: Matter, _: Event, fact: Paid, at: Instant) -> None:
        self._put(paid(matter, fact, self.kind_of(matter), at))

    def _end(self, matter: Matter, _: Event, fact: MatterEnded, at: Instant) -> None:
        check_end(matter, self.kind_of(matter), fact.how)
        spells = ended(matter.spells, fact.how, at)
        if spells is not matter.spells:
            self._put(matter.after(spells, matter.balance, matter.notices))

    def _reopen(self, matter: Matter, _: Event, _fact: MatterReopened, at: Instant) -> None:
        check_reopening(matter)
        spells = self._lasting(matter, reopened(matter.spells, at))
        if self.kind_of(matter).money == "owed":
            spells = settled(spells, matter.balance, "paid", at)
        if spells is not matter.spells:
            self._put(matter.after(spells, matter.balance, matter.notices))

    def _change(self, matter: Matter, _: Event, fact: MatterChanged, at: Instant) -> None:
        self._put(changed(matter, fact, self.kind_of(matter), at))

    def _waive(self, matter: Matter, event: Event, fact: Waived, at: Instant) -> None:
        governing = granting(fact, self._governing(matter, at))
        if fact.by in holders(governing.powers[fact.power].by, matter.party):
            self._become(matter._replace(waived={(fact.power, fact.by): at, **matter.waived}))
        else:
            self.notes[event.id] = f"{fact.power} is not the {fact.by}'s to waive"

    def _governing(self, matter: Matter, at: Instant) -> list[Terms]:
        """The Terms that govern a matter at an instant, and those that did when it opened."""
        return [self.terms_of(self.governed(matter, at)), self.terms_of(matter)]

    def _extend(self, matter: Matter, event: Event, fact: Extended, at: Instant) -> None:
        """More time for the other side; never less, and only from the party entitled."""
        givers: tuple[Party, ...]
        if fact.power is not None:
            givers = entitled(fact.power, granting(fact, self._governing(matter, at)), matter)
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
            self._become(matter._replace(waits={**matter.waits, (fact.power, fact.by): fact.to}))
        else:
            self._become(matter._replace(days={**matter.days, str(fact.day): fact.to}))

    # ---- notices -------------------------------------------------------------------------------------------

    def _notice(self, event: Event, fact: NoticeGiven, at: Instant) -> None:
        kind = self.versions.notice_kind(fact.kind, at)
        if kind is None:
            known = ", ".join(self.versions.at(at).notices)
            raise InvalidFact("notice given", "kind", f"the Terms know no {fact.kind!r} notice: {known}")
        if kind.about and kind.covers == "named" and not fact.about:
            raise InvalidFact("notice given", "about", f"{a(kind.title)} names what it is about")
        delivered = None if fact.delivered is None else self.calendar.instant_of(fact.delivered)
        counts, defect = self.writing.heard(kind, fact.by, fact.method, at, delivered)
        notice = Notice(
            event.id,
            fact.kind,
            fact.by,
            fact.method,
            at,
            fact.about,
            delivered,
            counts=counts,
            defect=defect,
            by_day=type(event.occurred) is date,
        )
        self._keep(notice)
        if fact.terms is not None:
            self._announce(event, fact, at)
        for matter_id in fact.about:
            # What the course opens is not recorded: the course itself looks for what was said of it.
            if matter_id in self.matters or _DERIVED.isdisjoint(kind.about):
                self._about(matter_id, event, fact, at)
        if kind.about and not fact.about:
            for matter in self.of_kind(kind.about):
                self._cover(matter, event, fact, at)
        if self._waiting:
            for waiting, occurred in self._waiting.pop(event.id, []):
                self._about_notice(event.id, waiting, waiting.fact, occurred)

    def _keep(self, notice: Notice) -> None:
        if (before := self.notices.get(notice.id)) and before.counts is not None:
            self.counting.remove(before.counts)
        if notice.counts is not None:
            insort(self.counting, notice.counts)
        self.notices[notice.id] = notice
        if notice.kind in self.versions.turning:
            self.turning[notice.id] = notice
            self.kept.clear()
        if self.versions.heard(self.notices, self._next_term):
            self._turn()
        self.notes.pop(notice.id, None)
        if note := "withdrawn by both in writing" if notice.withdrawn else notice.defect:
            self.notes[notice.id] = note

    def _cover(self, matter: Matter, event: Event, _: NoticeGiven, _at: Instant) -> None:
        notices = (*matter.notices, self.notices[event.id])
        self._become(matter.after(matter.spells, matter.balance, notices))

    def _hear_of(self, event: Event, fact: NoticeDelivered | Accepted, at: Instant) -> None:
        self._about_notice(fact.notice, event, fact, at)

    def _about_notice(self, notice_id: str, event: Event, fact: Fact, at: Instant) -> None:
        notice = self.notices.get(notice_id)
        if notice is None and isinstance(fact, NoticeDelivered) and self._deliver(notice_id, at):
            return
        if notice is None:
            self._waiting.setdefault(notice_id, []).append((event, at))
            return
        match fact:
            case NoticeDelivered() if notice.delivered is not None and notice.delivered <= at:
                self.notes[event.id] = f"{notice_id} was delivered before"
                return
            case NoticeDelivered():
                heard = self.writing.judged(notice._replace(delivered=at))
            case Accepted(by=by) if by != other(notice.by):
                self.notes[event.id] = "only the other side can accept a notice"
                return
            case Accepted() if notice.accepted is not None:
                self.notes[event.id] = f"{notice_id} was accepted before"
                return
            case Accepted(counts_from=day):
                from_day, accepted = None if day is None else self.calendar.start_of(day), max(at, notice.given)
                counts = from_day or notice.counts or accepted
                heard = self.writing.judged(notice._replace(accepted=accepted, counts=counts))
            case _ if notice.withdrawn is not None:
                self.notes[event.id] = f"{notice_id} was withdrawn before"
                return
            case _:
                heard = self.writing.judged(notice._replace(withdrawn=at))
        if heard.counts != notice.counts:
            heard = heard._replace(earlier=(*notice.earlier, (at, notice.counts)))
        self._keep(heard)
        for matter in [m for m in self.matters.values() if any(n.id == notice_id for n in m.notices)]:
            replaced = tuple(heard if n.id == notice_id else n for n in matter.notices)
            self._become(matter._replace(notices=replaced))

    # ---- amendments ----------------------------------------------------------------------------------------

    def _announce(self, event: Event, fact: Posted | NoticeGiven, at: Instant) -> None:
        """Other Terms announced by one party's posting or notice. The running order may exclude it."""
        terms, order = self.versions.at(at), self._order_on(self.calendar.day_of(at))
        amending = terms.amendment and terms.powers[terms.amendment.power]
        excluded = bool(order and amending and amending.excluded_by(order.attributes))
        if order and excluded:
            self.notes[event.id] = f"gives way to order {order.id}: the Terms in force go on"
        self.versions.announced(event, fact, at, self.notices, self._next_term, excluded=excluded)
        self._hear_again()

    def _hear_again(self) -> None:
        """Other Terms may hear notices that those so far do not."""
        self._turn()
        turning = self.versions.turning
        self.turning = {notice.id: notice for notice in self.notices.values() if notice.kind in turning}

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
        if self._waiting:
            for waiting, occurred in self._waiting.pop(event.id, []):
                self._about_notice(event.id, waiting, waiting.fact, max(occurred, given))

    def _add(self, act: Act) -> None:
        """Keep an act, in the order in which acts take effect."""
        late = bool(self.acts) and self.acts[-1].at > act.at
        if late or act.does == "terminate":
            self.kept.clear()
        if late:
            insort(self.acts, act, key=lambda act: act.at)
        else:
            self.acts.append(act)

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
            self._add(act._replace(at=self.writing.after(at, rule, at)))
            self.notes.pop(event_id, None)
        return act is not None

    def _agree(self, event: Event, fact: Agreed, at: Instant) -> None:
        match fact.what:
            case "withdrawal" | "rescission" if fact.target is None:
                raise InvalidFact("agreed", "target", "name the event that is withdrawn or rescinded, by its id")
            case "withdrawal":
                self._about_notice(str(fact.target), event, fact, at)
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
        elif undone := [order for order in self.orders if order.event == target]:
            self.orders = [order for order in self.orders if order.event != target]
            if self.opening and self.opening.order == undone[0].id:
                self.opening = None  # and with it the holds that it brought
            self._turn()
        else:
            self.notes[event.id] = f"{target} is neither a termination nor an order: there is nothing to rescind"

    # ---- which method reads a fact, and which one tells what it makes of a matter ---------------------------

    _READERS: ClassVar[dict[type[Any], Callable[[Docket, Event, Any, Instant], None]]] = {
        MatterOpened: _open,
        **dict.fromkeys((MatterChanged, MatterEnded, MatterReopened, Paid), _turn_out),
        **dict.fromkeys((Extended, Waived), _grant),
        Done: _fulfil,
        NoticeGiven: _notice,
        **dict.fromkeys((NoticeDelivered, Accepted), _hear_of),
        **dict.fromkeys((Acted, Posted), _act),
        Agreed: _agree,
        OrderSigned: _sign,
        OpeningBalance: _import,
    }
    _CHANGES: ClassVar[dict[type[Any], Callable[[Docket, Matter, Event, Any, Instant], None]]] = {
        Paid: _pay,
        MatterEnded: _end,
        MatterReopened: _reopen,
        MatterChanged: _change,
        Extended: _extend,
        Waived: _waive,
        NoticeGiven: _cover,
    }


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
    for order, event in docket.in_order(effective(events[1:])):
        if until is None or order[0] <= until:
            try:
                docket.apply(event, order)
            except LifecycleError as error:
                raise placed(error, source(event, events).place) from None
    return docket


def source(event: Event, events: list[Event]) -> Event:
    """The event that says what this one says: itself, or its last correction."""
    corrections = (one for one in reversed(events) if isinstance(one.fact, Corrected) and one.fact.event == event.id)
    return next(corrections, event)


def mistaken(events: list[Event]) -> frozenset[str]:
    """The matters whose opening was withdrawn: they were recorded by mistake."""
    withdrawn = [event.fact.event for event in events if type(event.fact) is Withdrawn]
    if not withdrawn:
        return _NONE
    facts = {event.id: event.fact for event in events}
    opened = (facts.get(event_id) for event_id in withdrawn)
    return frozenset(fact.matter for fact in opened if isinstance(fact, MatterOpened))
