"""Terms as data: one published version of a contract, frozen.

Values and names only; nothing here is evaluated. The shapes are those of the TOML files beside this module, so the
file is the documentation by example: ``modal-2024-03-26.toml``. Every number is a :class:`Clock` and cites its clause.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, TypeAlias

from attrs import field, frozen

from lifecycle.days import Calendar, Period, Rounding, Unit, weekday_number

Party: TypeAlias = Literal["provider", "customer"]
PARTIES: tuple[Party, Party] = ("provider", "customer")

Who: TypeAlias = Literal["provider", "customer", "either", "both", "other", "subject"]
"""Who holds a power or owes a duty. ``other`` and ``subject`` depend on the matter: the party it is not, or is,
about.
"""

Transition: TypeAlias = Literal["convert", "renew", "suspend", "reinstate", "expire", "terminate"]
TRANSITIONS: tuple[Transition, ...] = ("convert", "renew", "suspend", "reinstate", "expire", "terminate")

TRIAL_END = "trial end"
"""Not a transition: a trial that ends before the order signed by then starts leaves the agreement not in force."""

Scalar: TypeAlias = str | bool | tuple[str, ...]
Condition: TypeAlias = Mapping[str, Scalar]
"""Attribute -> the value, or one of the values, that it must have."""

DERIVED_KINDS = ("term", "hold", "suspension", "ending")
"""Matters nobody records: the course of the agreement opens and ends them. ``term`` has the days ``term start`` and
``term end``.
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
    performance: it is a time to pay or cure, so that its last day rolls where the Terms roll such days.
    paused_by: a kind of matter whose days are not counted for the matters it ``prevents``.
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
    rounding: Rounding | None = None

    @property
    def period(self) -> Period:
        return Period(self.n, self.unit)

    @property
    def notice(self) -> str:
        """The kind of notice it counts from, or ''."""
        return self.start.removeprefix("notice:") if self.start.startswith("notice:") else ""


@frozen
class Kind:
    """A kind of matter: whom it is about, which days and attributes it has, how it can end.

    party: ``either`` means that each matter says so; ``none`` that it is about nobody. With ``money`` it has an amount,
    and how it ends is computed from what is paid; ``ends`` then also lists ``paid``, ``credited`` and ``written_off``.
    """

    id: str
    title: str
    clause: str
    party: Literal["provider", "customer", "either", "none"]
    ends: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    money: bool = False
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
    given: Clock | None = None


Basis: TypeAlias = Literal["in person", "dispatch", "delivery"]


@frozen
class Method:
    """When a notice by this method counts as given: handed over, sent, or proved to be delivered, plus so many days."""

    counts: Basis
    n: int = 0
    unit: Unit = "days"


@frozen
class NoticeRule:
    """Which methods give notice at all; every other method gives none."""

    clause: str
    methods: Mapping[str, Method]


@frozen
class Counting:
    """How days are counted: see :class:`lifecycle.days.Calendar`. Holidays are days of a named, cited calendar."""

    first_day: Literal["exclude", "include"] = "exclude"
    weekend: tuple[str, ...] = ("saturday", "sunday")
    holidays: tuple[date, ...] = ()
    holidays_source: str = ""
    roll: Literal["none", "next business day"] = "none"


@frozen
class Power:
    """What a party may do under a clause because of a matter, or of nothing.

    does: a transition (suspend, terminate ...) or another act. ended_by: the ends of the matter that take the power
    away, whenever they come; prevented_by: those that only keep it from arising, if they come before its window opens.
    outlives: it can still be exercised after the end of the agreement, for matters from before. exercise
    ``notice:KIND``: by giving that notice. lifts: how a hold under this power goes. order_unless: attributes of the
    running order that exclude the power.
    """

    id: str
    title: str
    does: str
    by: Who
    clause: str
    exercise: str
    matter: tuple[str, ...] = ()
    clocks: tuple[Clock, ...] = ()
    when: Condition = field(factory=dict)
    unless: Condition = field(factory=dict)
    order_unless: Condition = field(factory=dict)
    ended_by: tuple[str, ...] = ()
    prevented_by: tuple[str, ...] = ()
    lifts: Literal["by itself", "by an act"] | None = None
    outlives: bool = False

    @property
    def in_writing(self) -> bool:
        """Whether it is exercised by a notice, so that it takes a method that gives one."""
        return self.exercise == "written notice" or self.exercise.startswith("notice:")


@frozen
class Duty:
    """What a party must do because of a matter. ``deadline`` a clock: by that day; ``at once``; or ``unscheduled``: no
    date is invented.

    arises: ``start`` (with its matter) or ``notice:KIND`` (once that notice was given). met_by: ends of the matter that
    fulfil it. rests_on: the clause that must be in force when the matter arises (default: its own).
    """

    id: str
    title: str
    by: Who
    clause: str
    matter: tuple[str, ...]
    deadline: Clock | Literal["at once", "unscheduled"]
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
    """The trial: which clauses it lacks, and the kind of matter that uses it up before its last day."""

    clause: str
    lacks: tuple[str, ...] = ()
    limit: str = ""


@frozen
class Renewal:
    """What happens at the end of a term: a further term as long as the expiring one, unless ``stopped_by`` (a power)
    was exercised in time.
    """

    clause: str
    stopped_by: str


@frozen
class Survival:
    clause: str
    clauses: tuple[str, ...]


@frozen
class Reading:
    """One of several defensible meanings of an unclear clause. The first alternative is never chosen silently:
    ``default`` says what holds.
    """

    key: str
    clause: str
    question: str
    default: str
    alternatives: tuple[str, ...]


@frozen
class Terms:
    """One version of a contract. ``digest`` is the SHA-256 of the file it was read from and pins the version.

    begins: an agreement is in force from the start of its ``order``, or as soon as it is ``made`` (then without a
    term).
    """

    id: str
    title: str
    dated: date
    provider: str
    zone: str
    digest: str
    law: str = ""
    begins: Literal["order", "made"] = "order"
    clauses: Mapping[str, Clause] = field(factory=dict)
    counting: Counting = field(factory=Counting)
    notice: NoticeRule | None = None
    trial: Trial | None = None
    renewal: Renewal | None = None
    survival: Survival | None = None
    order_attributes: Mapping[str, tuple[str, ...]] = field(factory=dict)
    kinds: Mapping[str, Kind] = field(factory=dict)
    notices: Mapping[str, NoticeKind] = field(factory=dict)
    powers: Mapping[str, Power] = field(factory=dict)
    duties: Mapping[str, Duty] = field(factory=dict)
    effects: tuple[Effect, ...] = ()
    rules: tuple[Rule, ...] = ()
    readings: tuple[Reading, ...] = ()

    def calendar(self, zone: str | None = None) -> Calendar:
        """How days are counted, in the zone of the Terms or the one an agreement names."""
        return Calendar(
            zone_name=zone or self.zone,
            first_day_counts=self.counting.first_day == "include",
            weekend=frozenset(weekday_number(name) for name in self.counting.weekend),
            holidays=frozenset(self.counting.holidays),
            rolls=self.counting.roll != "none",
        )

    def powers_to(self, does: str) -> tuple[Power, ...]:
        """The powers to do something, in the order of the file."""
        return tuple(power for power in self.powers.values() if power.does == does)

    def rests_on_silence(self, power: Power) -> bool:
        """Whether a power rests on something *not* having happened: unpaid, uncured, not dismissed. What its holder
        itself asserts, like a security risk, the holder knows to have ended.
        """
        kinds = [self.kinds[kind] for kind in power.matter if kind in self.kinds]
        return bool(power.ended_by or power.prevented_by) and any(kind.asserted_by != power.by for kind in kinds)

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
