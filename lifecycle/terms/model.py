"""Terms as data: one published version of a contract, frozen.

Values and names only; nothing here is evaluated. The shapes are those of the TOML files beside this module, so the
file is the documentation by example: ``modal-2024-03-26.toml``. Every number is a :class:`Clock` and cites its clause.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, TypeAlias, cast

from attrs import field

from lifecycle.days import Calendar, MonthEnds, Period, Rounding, Unit, weekday_number
from lifecycle.values import frozen

Party: TypeAlias = Literal["provider", "customer"]
PARTIES: tuple[Party, Party] = ("provider", "customer")

Who: TypeAlias = Literal["provider", "customer", "either", "both", "other", "subject"]
"""Who holds a power or owes a duty. ``other`` and ``subject`` depend on the matter: the party it is not, or is,
about.
"""

Transition: TypeAlias = Literal["convert", "renew", "suspend", "reinstate", "expire", "terminate"]
TRANSITIONS: tuple[Transition, ...] = ("convert", "renew", "suspend", "reinstate", "expire", "terminate")

TRIAL_END, TERM_END = "trial end", "term end"
"""No transitions: a trial that ends before the order signed by then starts leaves the agreement not in force; the end
of the last term under a framework leaves it in force without a term.
"""

Scalar: TypeAlias = str | bool | tuple[str, ...]
Condition: TypeAlias = Mapping[str, Scalar]
"""Attribute -> the value, or one of the values, that it must have."""

DERIVED_KINDS = ("term", "hold", "suspension", "idle", "ending")
"""Matters nobody records: the course of the agreement opens and ends them. ``term`` has the days ``term start``, ``term
end`` and ``next term start``; ``hold`` is one reason of a suspension, ``suspension`` the whole of it; ``idle`` is the
time in force without a term.
"""


def other(party: Party) -> Party:
    return "customer" if party == "provider" else "provider"


@frozen
class Clause:
    """A numbered section: its title and, in our words, what it says."""

    title: str
    gist: str = ""


@frozen
class Clock:
    """A condition in time: ``n`` units after (or before) the day named by ``start``, compared as the clause says.

    With x the number of days from the start's day to a day: ``at least`` n holds from x = n on; ``more than`` and ``not
    within`` n from x = n + 1 on (day n belongs wholly to the other side); ``no later than`` n holds through x = n.
    Before: ``at least`` n holds through the n-th day before the start.

    start: ``start`` (the matter's beginning), ``notice:KIND``, or a day of the matter such as ``due``. leaves: what the
    other side may still do until then, in a word ("cure"). reads: how the clause calls the count ("overdue").
    performance: it is a time to pay or cure, so that its last day rolls where the Terms roll such days, and so does the
    day of the matter that it counts from (a due day).
    paused_by: a kind of matter whose days are not counted for the matters it names. restarted_by: one after whose end
    the count begins anew, for the matters it names. order_value: the period that the order names in place of ``n`` and
    ``unit``, if it names one - the order that the matter names (attribute ``order``), else the one running when the
    matter opened.
    """

    start: str
    n: int
    compare: Literal["at least", "more than", "not within", "no later than"]
    unit: Unit = "days"
    direction: Literal["after", "before"] = "after"
    clause: str = ""
    when: Condition = field(factory=dict)
    unless: Condition = field(factory=dict)
    reads: str = ""
    leaves: str = ""
    performance: bool = False
    paused_by: str = ""
    restarted_by: str = ""
    order_value: str = ""
    rounding: Rounding | None = None

    @property
    def period(self) -> Period:
        return Period(self.n, self.unit)

    def takes(self, period: Period) -> bool:
        """Whether a period can stand in place of its own: hours for hours, months only where it names its rounding."""
        same = (period.unit == "hours") == (self.unit == "hours")
        return same and (period.months is None or self.rounding is not None)

    @property
    def notice(self) -> str:
        """The kind of notice it counts from, or ''."""
        return self.start.removeprefix("notice:") if self.start.startswith("notice:") else ""


@frozen
class Kind:
    """A kind of matter: whom it is about, which days and attributes it has, how it can end.

    party: ``either`` means that each matter says so; ``none`` that it is about nobody. money: ``owed`` - it has an
    amount, and how it ends is computed from what is paid; ``ends`` then also lists ``paid``, ``credited`` and
    ``written_off``. ``disputed`` - it may name how much of the matters it names is disputed; without an amount, all of
    it. defaults: how a day is counted that a matter does not give, from its beginning or another of its days. lasts: it
    ends by itself, as ``lapsed``, when this is over.
    """

    id: str
    title: str
    clause: str
    party: Literal["provider", "customer", "either", "none"]
    ends: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    defaults: Mapping[str, Clock] = field(factory=dict)
    money: Literal["owed", "disputed"] | None = None
    lasts: Clock | None = None
    asserted_by: Party | None = None
    attributes: Mapping[str, str | tuple[str, ...]] = field(factory=dict)
    """Attribute -> ``yes or no``, ``text``, ``matters`` (ids), or the list of its possible values."""


@frozen
class NoticeKind:
    """A kind of notice: who gives it, about what, from when on it can be given, and which matters it covers if it names
    none.
    """

    id: str
    title: str
    clause: str
    by: Who
    about: tuple[str, ...] = ()
    covers: Literal["named", "named or all"] = "named"
    given: tuple[Clock, ...] = ()


Basis: TypeAlias = Literal["in person", "dispatch", "delivery"]


@frozen
class Method:
    """When a notice by this method counts as given: handed over, sent, or proved to be delivered, plus so many days."""

    counts: Basis
    n: int = 0
    unit: Unit = "days"


@frozen
class NoticeRule:
    """Which methods give notice, and when; by any other method it counts as ``others`` says, or not at all."""

    clause: str
    methods: Mapping[str, Method]
    others: Method | None = None

    def method(self, name: str | None) -> Method | None:
        """The rule for a method, or None where it gives no notice."""
        return self.methods.get(name, self.others) if name else None


@frozen
class Counting:
    """How days are counted: see :class:`lifecycle.days.Calendar`. Holidays are those of a calendar published beside the
    Terms, by its name, and any others listed.
    """

    first_day: Literal["exclude", "include"] = "exclude"
    weekend: tuple[str, ...] = ("saturday", "sunday")
    calendar: str = ""
    holidays: tuple[date, ...] = ()
    holidays_source: str = ""
    roll: Literal["none", "next business day"] = "none"


@frozen
class Power:
    """What a party may do under a clause because of a matter, or of nothing.

    does: a transition (suspend, terminate ...) or another act. ended_by: the ends of the matter that take the power
    away, whenever they come; prevented_by: those that only keep it from arising, if they come before its window opens.
    outlives: it can still be exercised after the end of the agreement, for matters from before. exercise
    ``notice:KIND``: by giving that notice; ``automatic``: by nobody, it takes effect when its window opens. needs:
    whether all of its clocks must be open, or any of them suffices. blocked_by: kinds of matter that shut the power for
    the matters they name, while they last. lifts: how a hold under this power goes; lifts_with: a further power that
    must be open for no matter any more. order_unless: attributes of the running order that exclude the power.
    """

    id: str
    title: str
    does: str
    by: Who
    clause: str
    exercise: str
    matter: tuple[str, ...] = ()
    clocks: tuple[Clock, ...] = ()
    needs: Literal["all", "any"] = "all"
    when: Condition = field(factory=dict)
    unless: Condition = field(factory=dict)
    order_unless: Condition = field(factory=dict)
    ended_by: tuple[str, ...] = ()
    prevented_by: tuple[str, ...] = ()
    blocked_by: tuple[str, ...] = ()
    lifts: Literal["by itself", "by an act"] | None = None
    lifts_with: str = ""
    outlives: bool = False

    def excluded_by(self, attributes: Mapping[str, str]) -> dict[str, str]:
        """What an order with some attributes says that excludes the power; nothing where it does not."""
        shut = {name: values_of(value) for name, value in self.order_unless.items()}
        return {name: said for name, said in attributes.items() if said in shut.get(name, ())}

    @property
    def in_writing(self) -> bool:
        """Whether it is exercised by a notice, so that it takes a method that gives one."""
        return self.exercise == "written notice" or self.exercise.startswith("notice:")

    @property
    def stopped_by(self) -> tuple[str, ...]:
        """The kinds of matter that stop it or its clocks for the matters they name."""
        return (*self.blocked_by, *filter(None, (by for c in self.clocks for by in (c.paused_by, c.restarted_by))))


@frozen
class Duty:
    """What a party must do because of a matter, by the last day of its ``clocks`` (``needs``: of all of them, or of
    any), ``at once``, or ``unscheduled``: no date is invented.

    arises: ``start`` (with its matter) or ``notice:KIND`` (once that notice was given). met_by: ends of the matter, or
    notices, that fulfil it. rests_on: the clause that must be in force when the matter arises (default: its own), after
    the end as one of the survivors; ``outlives``: it binds after the end without that, for what accrued before.
    effort: it asks for an attempt ("where practical"), so that it is never missed and gates nothing.
    """

    id: str
    title: str
    by: Who
    clause: str
    matter: tuple[str, ...]
    clocks: tuple[Clock, ...] = ()
    needs: Literal["all", "any"] = "all"
    deadline: Literal["clocks", "at once", "unscheduled"] = "clocks"
    effort: bool = False
    when: Condition = field(factory=dict)
    unless: Condition = field(factory=dict)
    arises: str = "start"
    met_by: tuple[str, ...] = ()
    rests_on: str = ""
    outlives: bool = False
    missed: str = ""
    """What missing it means, in our words."""


@frozen
class Effect:
    """What follows from an act, as data for the host: ``on`` transitions or acts, or only ``powers``, or only when
    ``by`` a party.
    """

    id: str
    clause: str
    text: str
    on: tuple[str, ...]
    powers: tuple[str, ...] = ()
    by: Party | None = None
    figures: Mapping[str, str] = field(factory=dict)


@frozen
class Rule:
    """What the Terms say without a window: that fees are not refundable. ``on`` names the acts whose refusal should
    quote it.
    """

    id: str
    clause: str
    text: str
    on: tuple[str, ...] = ()
    by: Party | None = None


@frozen
class Trial:
    """The trial: which clauses it lacks, how long it lasts where nobody says, and the kind of matter that uses it up
    before its last day. gap: what becomes of it between its last day and the start of an order signed by then.
    """

    clause: str
    lacks: tuple[str, ...] = ()
    limit: str = ""
    length: Period | None = None
    gap: Literal["ends", "goes on"] = "ends"


@frozen
class OrderForm:
    """What orders under these Terms may leave open or say: the length of a term where they name none, their attributes
    with their possible values, and the periods they may name (name -> what it is).
    """

    term: Period | None = None
    attributes: Mapping[str, tuple[str, ...]] = field(factory=dict)
    values: Mapping[str, str] = field(factory=dict)


@frozen
class Renewal:
    """What happens at the end of a term: a further term as long as the expiring one (but no longer than ``longest``),
    unless ``stopped_by`` (a power) was exercised in time. month_ends: where terms of months end, see
    :func:`lifecycle.days.last_day_of_term`.
    """

    clause: str
    stopped_by: str
    longest: Period | None = None
    month_ends: MonthEnds = "corresponding day"


@frozen
class Framework:
    """The agreement is in force from its making, with or without an order, and outlives its orders: it ends at the end
    of the last one, but not before ``at_least`` has passed since it was made.
    """

    clause: str
    at_least: Period | None = None


@frozen
class Amendment:
    """How one party may amend a running agreement: by exercising ``power``, in effect when ``lead`` has passed since
    the posting, or since the notice counted. objection: the kind of notice by which the other side objects before that;
    objected: what then becomes of it.
    """

    clause: str
    power: str
    lead: Period | None = None
    objection: str = ""
    objected: Literal["waits for renewal", "does not bind"] = "does not bind"


@frozen
class Survival:
    """The clauses that outlive the agreement, and whether they do after expiry, termination, or both."""

    clause: str
    clauses: tuple[str, ...]
    after: tuple[Literal["expire", "terminate"], ...] = ("expire", "terminate")


@frozen
class LeftOut:
    """A clause about the life of the agreement that the file does not hold, and why."""

    clause: str
    why: str


@frozen
class Patch:
    """One change of the file: ``put`` a value ``at`` a path, or ``drop`` what is there."""

    at: str
    put: Any = None
    drop: bool = False


@frozen
class Alternative:
    """Another meaning that an unclear clause can have, and what it changes in the file."""

    meaning: str
    patch: tuple[Patch, ...]


@frozen
class Reading:
    """One of several defensible meanings of an unclear clause, never a silent choice: the file as it stands takes the
    ``default``, and each alternative says what would differ.
    """

    key: str
    clause: str
    question: str
    default: str
    alternative: tuple[Alternative, ...]

    @property
    def meanings(self) -> tuple[str, ...]:
        """All of its meanings, the default first."""
        return (self.default, *(alternative.meaning for alternative in self.alternative))


@frozen
class Terms:
    """One version of a contract. ``digest`` is the SHA-256 of the file it was read from and pins the version.

    begins: an agreement is in force from the start of its ``order``, or as soon as it is ``made`` (then without a
    term). applies_to: which matters these Terms govern when they replace others in a running agreement. chosen: the
    readings that differ from the defaults. document: the file's tables as they were read, with those readings.
    """

    id: str
    title: str
    dated: date
    provider: str
    zone: str
    digest: str
    law: str = ""
    credit: str = ""
    begins: Literal["order", "made"] = "order"
    applies_to: Literal["new matters", "all matters"] = "new matters"
    clauses: Mapping[str, Clause] = field(factory=dict)
    counting: Counting = field(factory=Counting)
    notice: NoticeRule | None = None
    trial: Trial | None = None
    renewal: Renewal | None = None
    framework: Framework | None = None
    amendment: Amendment | None = None
    survival: Survival | None = None
    order: OrderForm = field(factory=OrderForm)
    kinds: Mapping[str, Kind] = field(factory=dict)
    notices: Mapping[str, NoticeKind] = field(factory=dict)
    powers: Mapping[str, Power] = field(factory=dict)
    duties: Mapping[str, Duty] = field(factory=dict)
    effects: tuple[Effect, ...] = ()
    rules: tuple[Rule, ...] = ()
    readings: tuple[Reading, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    holidays: frozenset[date] = field(factory=frozenset, repr=False)
    chosen: Mapping[str, str] = field(factory=dict)
    document: Mapping[str, Any] = field(factory=dict, eq=False, repr=False)
    memo: dict[Any, Any] = field(factory=dict, eq=False, repr=False, init=False)
    """What others computed from these Terms alone, kept for as long as they are."""

    def calendar(self, zone: str | None = None) -> Calendar:
        """How days are counted, in the zone of the Terms or the one an agreement names."""
        if (kept := self.memo.get(("calendar", zone))) is None:
            kept = self.memo["calendar", zone] = Calendar(
                zone_name=self.zone if zone is None else zone,
                first_day_counts=self.counting.first_day == "include",
                weekend=frozenset(weekday_number(name) for name in self.counting.weekend),
                holidays=self.holidays,
                rolls=self.counting.roll != "none",
            )
        return cast("Calendar", kept)

    def powers_to(self, does: str) -> tuple[Power, ...]:
        """The powers to do something, in the order of the file."""
        if (kept := self.memo.get("powers to")) is None:
            kept = self.memo["powers to"] = {}
            for power in self.powers.values():
                kept[power.does] = (*kept.get(power.does, ()), power)
        return cast("dict[str, tuple[Power, ...]]", kept).get(does, ())

    @property
    def stopping_notice(self) -> str:
        """The kind of notice that stops the renewal of a term; '' where there is no renewal."""
        renewal = self.renewal
        return self.powers[renewal.stopped_by].exercise.removeprefix("notice:") if renewal else ""

    @property
    def turning_notices(self) -> frozenset[str]:
        """The kinds of notice that the course itself hears: what stops a term, or is about what the course opens."""
        if (kept := self.memo.get("turning notices")) is None:
            about = (kind.id for kind in self.notices.values() if not set(kind.about).isdisjoint(DERIVED_KINDS))
            kept = self.memo["turning notices"] = frozenset({self.stopping_notice, *about})
        return cast("frozenset[str]", kept)

    @property
    def naming_kinds(self) -> frozenset[str]:
        """The kinds of matter that name others: whose cure they prevent, what they dispute."""
        if (kept := self.memo.get("naming kinds")) is None:
            kept = frozenset(kind.id for kind in self.kinds.values() if "matters" in kind.attributes.values())
            self.memo["naming kinds"] = kept
        return cast("frozenset[str]", kept)

    def noticed_by(self, does: str) -> tuple[str, ...]:
        """The kinds of notice by which something is done, where giving one is the only way to do it."""
        if (kept := self.memo.get(("noticed by", does))) is None:
            ways = [power.exercise for power in self.powers_to(does)]
            only = all(way.startswith("notice:") for way in ways)
            kept = self.memo["noticed by", does] = tuple(way.removeprefix("notice:") for way in ways if only)
        return cast("tuple[str, ...]", kept)

    def rests_on_silence(self, power: Power) -> bool:
        """Whether a power rests on something *not* having happened: unpaid, uncured, not dismissed. What its holder
        itself asserts, like a security risk, the holder knows to have ended.
        """
        if (kept := self.memo.get(("rests on silence", power.id))) is None:
            kept = self.memo["rests on silence", power.id] = self._rests_on_silence(power)
        return cast("bool", kept)

    def _rests_on_silence(self, power: Power) -> bool:
        if any(kind in ("hold", "suspension") for kind in power.matter) and power.does != "reinstate":
            return any(p.lifts == "by itself" for p in self.powers_to("suspend"))
        kinds = [kind for kind in power.matter if kind in self.kinds and (power.ended_by or power.prevented_by)]
        return any(self.kinds[kind].asserted_by != power.by for kind in (*kinds, *power.stopped_by))

    def effects_of(self, does: str, power: str | None, by: str | None) -> tuple[Effect, ...]:
        """What an act brings about, in the order of the file."""
        return tuple(
            effect
            for effect in self.effects
            if does in effect.on and (not effect.powers or power in effect.powers) and effect.by in (None, by)
        )

    def rules_on(self, does: str, by: str) -> tuple[Rule, ...]:
        """What the Terms say about an act apart from its powers."""
        return tuple(rule for rule in self.rules if does in rule.on and rule.by in (None, by))


def values_of(asked: Scalar) -> tuple[str | bool, ...]:
    """The values of an attribute that a condition asks for: one, or any of several."""
    return asked if isinstance(asked, tuple) else (asked,)


def covers(clauses: tuple[str, ...], clause: str) -> bool:
    """Whether a clause is in a list of clauses, itself or under a parent: 8.4 is under 8, 3.2(a) under 3.2.

    >>> covers(("8", "3.3"), "8.4"), covers(("3.3",), "3.2(a)")
    (True, False)
    """
    return any(clause == listed or clause.startswith((f"{listed}.", f"{listed}(")) for listed in clauses)


def holders(who: Who, subject: Party | None) -> tuple[Party, ...]:
    """The parties that ``who`` stands for, given whom the matter is about; none for ``both``, which takes both
    together.
    """
    match who:
        case "provider" | "customer":
            return (who,)
        case "either":
            return PARTIES
        case "other":
            return (other(subject),) if subject else PARTIES
        case "subject":
            return (subject,) if subject else PARTIES
        case "both":
            return ()


def named(holders: tuple[str, ...]) -> str:
    """Holders in words: ``provider or customer``, each for itself; none, or ``both``, are both together."""
    return "both together" if holders in ((), ("both",)) else " or ".join(holders)
