"""The shapes of answers as plain data: closed, frozen, made of texts, days, instants and numbers only.

:mod:`lifecycle.views` fills them in; the command, the report and every other renderer read them, and
``lifecycle/schemas/answers.json`` is made from them, one definition an answer. Every key is always there: what does not
apply is null, ``""`` or ``[]``. Days named ``first_day``, ``last_day``, ``due`` and ``last`` are included in what they
bound; windows of instants are half-open, ``[opens, closes)``, with null for an end that is not bounded.

Long because it is a list: every shape there is, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

from attrs import asdict

from lifecycle.days import as_text
from lifecycle.values import frozen

Party: TypeAlias = Literal["provider", "customer"]
By: TypeAlias = Literal["provider", "customer", "both"]
State: TypeAlias = Literal["trial", "active", "suspended", "terminated", "renewed"]


def as_data(answer: Any) -> dict[str, Any]:
    """An answer as dicts, lists and texts, ready for JSON."""
    return asdict(answer, value_serializer=_plain)


def _plain(_: object, __: object, value: Any) -> Any:
    if isinstance(value, date):
        return as_text(value)
    return list(value) if isinstance(value, tuple) else value


@frozen(kw_only=True)
class Asked:
    """What every answer about an account says first: of which agreement, at which instant (``on``: its civil day), as
    known when, and under which other readings than the agreed ones.
    """

    agreement: str
    at: datetime
    on: date
    known_at: datetime | None
    readings: Mapping[str, str]


@frozen(kw_only=True)
class Span:
    """A window of instants, with the first and last day on which it is open."""

    opens: datetime | None
    closes: datetime | None
    first_day: date | None
    last_day: date | None


# ---- where it stands -----------------------------------------------------------------------------------------


@frozen(kw_only=True)
class TermTold:
    """A running period: its number and order, and its first and last day."""

    number: int
    order: str
    first: date
    last: date


@frozen(kw_only=True)
class HoldTold:
    """One reason why the agreement is suspended. ``override``: why a person placed it against the verdict."""

    act: str
    power: str | None
    title: str
    clause: str
    matter: str | None
    by: str
    since: datetime
    since_day: date
    until: datetime | None
    lifts: Literal["by itself", "by an act"]
    override: str | None


@frozen(kw_only=True)
class EndingTold:
    """How and when the agreement ended: by whose act, or by operation of the Terms (``by`` and ``act`` null)."""

    at: datetime
    on: date
    how: str
    clause: str
    power: str | None
    by: str | None
    act: str | None


@frozen(kw_only=True)
class StatusTold(Asked):
    """Where an agreement stands. ``state`` is null while it is not in force yet; ``valid_until`` is when this answer
    changes if nothing is recorded, ``wake_at`` when any answer can.
    """

    customer: str
    terms: str
    terms_title: str
    state: State | None
    in_service: bool
    term: TermTold | None
    holds: tuple[HoldTold, ...]
    ending: EndingTold | None
    irregular: tuple[str, ...]
    unverified: bool
    valid_until: datetime | None
    valid_until_day: date | None
    wake_at: datetime | None
    wake_day: date | None
    text: str


@frozen(kw_only=True)
class ClauseTold:
    """A clause of the Terms in force, and whether it binds."""

    clause: str
    title: str
    in_force: bool


@frozen(kw_only=True)
class ClausesTold(Asked):
    """Which clauses bind: all but what a trial lacks, the survivors after the end, none before."""

    terms: str
    clauses: tuple[ClauseTold, ...]


# ---- who may do what -----------------------------------------------------------------------------------------


@frozen(kw_only=True)
class ReasonTold:
    """One condition, met or not: a stable code (docs/codes.md) and the words beside it; ``step`` is what would help."""

    code: str
    clause: str
    met: bool
    text: str
    arithmetic: str
    step: str


@frozen(kw_only=True)
class PowerTold:
    """What a party may do because of a matter: ``open`` now, ``later``, or ``waiting`` for something missing. ``by``:
    each party that may by itself, or ``both`` together.
    """

    power: str
    does: str
    title: str
    clause: str
    by: tuple[By, ...]
    matter: str | None
    about: str
    standing: Literal["open", "later", "waiting"]
    window: Span
    reasons: tuple[ReasonTold, ...]
    arithmetic: str
    missing: tuple[str, ...]


@frozen(kw_only=True)
class PowersTold(Asked):
    """What each party may do now or later, in the order of the Terms."""

    powers: tuple[PowerTold, ...]


@frozen(kw_only=True)
class RuleTold:
    """What the Terms say of an act without a window."""

    clause: str
    text: str


@frozen(kw_only=True)
class VerdictTold:
    """Whether a party may do something, from when, and why. ``first_day`` is null where waiting does not help;
    ``supposing``: it takes that the missing notices are given at once.
    """

    does: str
    by: By
    about: tuple[str, ...]
    power: str | None
    at: datetime
    on: date
    permitted: bool
    clause: str
    leads_to: State | None
    codes: tuple[str, ...]
    blocked_by: tuple[Literal["clause", "policy"], ...]
    reasons: tuple[ReasonTold, ...]
    missing: tuple[str, ...]
    rules: tuple[RuleTold, ...]
    window: Span | None
    first: datetime | None
    first_day: date | None
    last_day: date | None
    supposing: bool
    choices: tuple[str, ...]
    text: str


@frozen(kw_only=True)
class UnderTold:
    """When an act is open under some readings; as agreed, where ``readings`` names none."""

    readings: Mapping[str, str]
    windows: tuple[Span, ...]


@frozen(kw_only=True)
class WeighedTold:
    """An act under every reading of the clauses it depends on: closed, contested, or undisputed, and from which day."""

    standing: Literal["closed", "contested", "undisputed"]
    first_day: date | None
    depends_on: tuple[str, ...]
    undisputed: tuple[Span, ...]
    under: tuple[UnderTold, ...]
    text: str


@frozen(kw_only=True)
class WayTold:
    """Methods of giving a notice that come to the same; ``counts`` is null where that takes proof of delivery."""

    methods: tuple[str, ...]
    counts: date | None
    last: date | None
    text: str


@frozen(kw_only=True)
class StepTold:
    """One thing to do or to wait for, from its first day on."""

    kind: Literal["record", "give notice", "wait", "act"]
    at: datetime
    on: date
    text: str
    clause: str
    by: By | None
    what: str
    ways: tuple[WayTold, ...]
    supposes: str
    arithmetic: str
    rests_on_silence: bool


@frozen(kw_only=True)
class RouteTold:
    """One power over one matter and the steps to using it; or ``why_not``, where there is no way."""

    text: str
    power: str | None
    clause: str
    matter: str | None
    steps: tuple[StepTold, ...]
    first: datetime | None
    first_day: date | None
    last_day: date | None
    supposes: str
    why_not: str
    codes: tuple[str, ...]
    remark: str


@frozen(kw_only=True)
class ExplainedTold(Asked):
    """The whole answer to "may a party do it": the verdict, what holds under every reading, and the ways that lead
    there (``routes``, earliest first) or nowhere (``blocked``).
    """

    verdict: VerdictTold
    every_reading: WeighedTold
    routes: tuple[RouteTold, ...]
    blocked: tuple[RouteTold, ...]


# ---- what is ahead, owed, and was right ----------------------------------------------------------------------


@frozen(kw_only=True)
class AheadTold:
    """Something that will happen if nobody acts. ``by``: each party that may by itself, or ``both`` together; nobody
    where it happens by itself.
    """

    at: datetime
    on: date
    what: Literal["transition", "opens", "closes", "deadline", "fact"]
    text: str
    clause: str
    arithmetic: str
    power: str
    matter: str
    by: tuple[By, ...]


@frozen(kw_only=True)
class TimelineTold(Asked):
    """What happens next if nobody acts, in order, and why it stops there."""

    entries: tuple[AheadTold, ...]
    stops: str


@frozen(kw_only=True)
class OwedTold:
    """A duty as it stands; ``due`` is null where the Terms set no date."""

    duty: str
    title: str
    clause: str
    by: tuple[Party, ...]
    matter: str
    since: date
    due: date | None
    standing: Literal["pending", "met", "missed", "unscheduled"]
    arithmetic: str
    done: date | None


@frozen(kw_only=True)
class DutiesTold(Asked):
    """Who owes what by when: every duty that has arisen."""

    duties: tuple[OwedTold, ...]


@frozen(kw_only=True)
class FindingTold:
    """What the audit found of one act: the verdict on the record before it, on all that is known now, and what holds
    under every reading.
    """

    act: str
    on: date
    does: str
    by: str
    clause: str
    standing: Literal["right", "irregular", "overtaken", "contested"]
    override: str | None
    then: VerdictTold
    now: VerdictTold
    every_reading: WeighedTold
    text: str


@frozen(kw_only=True)
class AuditTold(Asked):
    """Whether each past act was right; ``right``: whether all were."""

    right: bool
    findings: tuple[FindingTold, ...]


# ---- what is recorded ----------------------------------------------------------------------------------------


@frozen(kw_only=True)
class EventTold:
    """A recorded event. ``fact`` is as a line of the history has it (see the schema ``history``), ``text`` says it in
    words, ``remark`` why it has no effect, if it has none.
    """

    sequence: int
    id: str
    occurred: str
    recorded: datetime
    type: str
    fact: Mapping[str, Any]
    key: str | None
    actor: str | None
    ref: str | None
    meta: Mapping[str, str]
    text: str
    remark: str


@frozen(kw_only=True)
class LogTold(Asked):
    """What was recorded, in order."""

    events: tuple[EventTold, ...]


@frozen(kw_only=True)
class RecordedTold:
    """An event that was appended; or, ``repeated``, that was there under its key already; or, where ``event`` is null,
    why it was ``refused``. ``state`` and ``on``: where the agreement stands after it, and that day.
    """

    agreement: str
    event: EventTold | None
    refused: str
    repeated: bool
    on: date
    state: State | None


@frozen(kw_only=True)
class EffectTold:
    """What follows from an act, as data for the host."""

    effect: str
    clause: str
    text: str
    figures: Mapping[str, str]


@frozen(kw_only=True)
class DoneTold:
    """What an act brought about, or, where ``event`` is null, why it was refused; nothing was recorded then.
    ``effective`` is null while an act in writing waits for proof of its delivery.
    """

    agreement: str
    verdict: VerdictTold
    event: EventTold | None
    repeated: bool
    source: State | None
    target: State | None
    effective: datetime | None
    effects: tuple[EffectTold, ...]


@frozen(kw_only=True)
class EntryTold:
    """Something that took effect by itself; ``overturned``: reported before, and undone by what was learned since."""

    key: str
    transition: str
    effective: datetime
    on: date
    clause: str
    text: str
    effects: tuple[str, ...]
    overturned: bool


@frozen(kw_only=True)
class CaughtUpTold:
    """What took effect by itself since the last time; ``recorded``: the ids of the memos appended."""

    agreement: str
    through: datetime
    entries: tuple[EntryTold, ...]
    recorded: tuple[str, ...]


@frozen(kw_only=True)
class StartedTold:
    """A history that was written: to which file, under which Terms, with which events."""

    written: str
    agreement: str
    customer: str
    terms: str
    digest: str
    events: tuple[EventTold, ...]


@frozen(kw_only=True)
class WrittenTold(Asked):
    """A report that was written, and to which file."""

    written: str


@frozen(kw_only=True)
class DeadlineTold:
    """A day to keep in mind, of a sort; ``over``: it was ahead once, and does not stand any more."""

    sort: Literal["first day", "last safe day", "last day", "duty", "turn"]
    on: date
    text: str
    clause: str
    arithmetic: str
    parties: tuple[str, ...]
    over: bool


@frozen(kw_only=True)
class CalendarTold(WrittenTold):
    """A calendar that was written, and the days in it."""

    deadlines: tuple[DeadlineTold, ...]


@frozen(kw_only=True)
class RepairedTold:
    """What was left of a write that did not come to its end, in a file of its own (``set_aside``); null where the
    history was whole. ``events``: how many it has.
    """

    repaired: str
    set_aside: str | None
    events: int


@frozen(kw_only=True)
class PlayedTold:
    """The life of an account as the demonstration tells it, line by line."""

    agreement: str
    events: int
    lines: tuple[str, ...]


# ---- many accounts -------------------------------------------------------------------------------------------


@frozen(kw_only=True)
class NextTold:
    """What is ahead of one account of many. ``at`` is its first instant - of a window that closes or of a deadline, the
    first one that is too late; ``on`` the civil day, of a deadline the last one. ``transition`` is null for what is
    none, ``power`` and ``matter`` where it is because of none.
    """

    agreement: str
    at: datetime
    on: date
    what: Literal["transition", "opens", "closes", "deadline"]
    transition: str | None
    clause: str
    power: str | None
    matter: str | None


@frozen(kw_only=True)
class RefusedTold:
    """An account whose history is refused, and why."""

    agreement: str
    why: str


@frozen(kw_only=True)
class SweptTold:
    """Many accounts at one instant: how many there are in each state (those not in force yet under ``not in force``),
    in service, answered ``singly`` by reason, and ``refused``; some of those, and the ``nearest`` of what is ahead.
    ``resumed``: how many parts of the answers were there from before; ``written``: their directory, if they are kept.
    """

    at: datetime
    accounts: int
    states: Mapping[str, int]
    in_service: int
    singly: Mapping[str, int]
    refused: int
    refusals: tuple[RefusedTold, ...]
    nearest: tuple[NextTold, ...]
    written: str | None
    resumed: int


@frozen(kw_only=True)
class ConvertedTold:
    """A table of events that was written: to which file, and how many accounts and events it has."""

    written: str
    accounts: int
    events: int


# ---- what Terms say ------------------------------------------------------------------------------------------


@frozen(kw_only=True)
class NamedTerms:
    """Which Terms: what their agreements pin."""

    terms: str
    title: str
    digest: str


@frozen(kw_only=True)
class PlaceDrawn:
    """A state in a picture, or a region of several; ``inside``: the region it lies in; ``entry``: how an agreement
    begins here; ``here``: where the account is.
    """

    id: str
    title: str
    region: bool
    inside: str
    entry: str
    note: str
    here: bool


@frozen(kw_only=True)
class WayDrawn:
    """One way along an arrow: ``who`` (``parties``: none where it happens by itself), because of what ``ground``, after
    which wait (``when``), ``how``; ``exact`` says it power by power. For an account also its ``standing``, from which
    day, and in words.
    """

    who: str
    clause: str
    ground: str
    when: str
    how: str
    parties: tuple[Party, ...]
    powers: tuple[str, ...]
    exact: tuple[str, ...]
    standing: Literal["open", "opens", "waits"] | None
    first_day: date | None
    told: str


@frozen(kw_only=True)
class ArrowDrawn:
    """A transition from a place to a place; ``pairs``: source and target of each arrow of the table it stands for;
    ``expected``: the day on which the account takes it if nobody acts.
    """

    id: str
    transition: str
    source: str
    target: str
    pairs: tuple[tuple[State, ...], ...]
    ways: tuple[WayDrawn, ...]
    note: str
    expected: date | None


@frozen(kw_only=True)
class MarkDrawn:
    """Where the account that a picture is drawn for is, on a day."""

    agreement: str
    on: date
    state: State | None
    told: str


@frozen(kw_only=True)
class DrawnTold(NamedTerms):
    """The picture of an agreement's life as data; ``readings``: the clauses read otherwise than by default; ``shows``:
    what it was narrowed to; ``mark`` is null where it is drawn for no account. ``written`` and ``format``: the file
    that was written, null where none was.
    """

    dated: date
    readings: tuple[str, ...]
    day_one: bool
    detail: Literal["overview", "full"]
    places: tuple[PlaceDrawn, ...]
    arrows: tuple[ArrowDrawn, ...]
    shows: str
    mark: MarkDrawn | None
    written: str | None
    format: Literal["mermaid", "dot", "svg", "png", "json"] | None


@frozen(kw_only=True)
class LineTold:
    """A line of an entry, under its label."""

    label: str
    text: str


@frozen(kw_only=True)
class EntryOfTerms:
    """One table of a Terms file in words. ``group``: the act a power is to."""

    section: str
    id: str
    clause: str
    title: str
    group: str
    lines: tuple[LineTold, ...]


@frozen(kw_only=True)
class SheetTold(NamedTerms):
    """What Terms say, in the order of the page, under the readings chosen."""

    readings: Mapping[str, str]
    entries: tuple[EntryOfTerms, ...]


@frozen(kw_only=True)
class FaultTold:
    """Something an author should look at; the codes are listed in docs/command-line.md."""

    severity: Literal["error", "advice"]
    code: str
    path: str
    problem: str
    advice: str


@frozen(kw_only=True)
class CheckedTold:
    """What there is to find of Terms; ``errors`` and ``advice``: how many of each."""

    terms: str
    errors: int
    advice: int
    findings: tuple[FaultTold, ...]


@frozen(kw_only=True)
class ClaimTold:
    """What a history shows at an instant, and on each day ``through`` another if there is one; with ``known_at``, as it
    was known then. ``commands``: those that answer it, with the history written to a file.
    """

    text: str
    at: datetime
    through: datetime | None
    known_at: datetime | None
    commands: tuple[str, ...]


@frozen(kw_only=True)
class FailureTold:
    """How a property fails; ``claims``: what a history shows of it, ``history``: the file that one was written to."""

    problem: str
    clause: str
    claims: tuple[ClaimTold, ...]
    history: str | None


@frozen(kw_only=True)
class PropertyTold:
    """What should be so under any Terms, and whether it is; ``declared``: where it holds only because they say so."""

    name: str
    title: str
    means: str
    holds: bool
    declared: tuple[str, ...]
    failures: tuple[FailureTold, ...]


@frozen(kw_only=True)
class ProvedTold(NamedTerms):
    """Which properties Terms have, under the readings chosen; ``holds``: whether all."""

    readings: Mapping[str, str]
    holds: bool
    properties: tuple[PropertyTold, ...]


@frozen(kw_only=True)
class DraftedTold:
    """A Terms file that was written, and what there is to find of it."""

    written: str
    terms: str
    findings: tuple[FaultTold, ...]


@frozen(kw_only=True)
class TurnTold:
    """A line that differs; ``""`` where it says nothing."""

    label: str
    old: str
    new: str


@frozen(kw_only=True)
class ChangeTold:
    """An entry that was added, removed or changed."""

    what: Literal["added", "removed", "changed"]
    section: str
    id: str
    clause: str
    title: str
    turns: tuple[TurnTold, ...]


@frozen(kw_only=True)
class StandTold:
    """Where an account stands, in words that are compared."""

    state: str
    term: str
    holds: str
    ending: str
    irregular: str


@frozen(kw_only=True)
class ReachTold:
    """When a power is open, its first and last day, and for what it ``waits`` while it has none."""

    first: date | None
    last: date | None
    waits: str


@frozen(kw_only=True)
class ShiftTold:
    """A power over a matter under the old and the new Terms; null where they give none."""

    power: str
    title: str
    matter: str
    old: ReachTold | None
    new: ReachTold | None


@frozen(kw_only=True)
class UnreadTold:
    """A fact that the new Terms give no meaning, and why."""

    event: str
    type: str
    why: str


@frozen(kw_only=True)
class ImpactTold:
    """What the new Terms change for an account; ``same``: how many powers do not differ."""

    agreement: str
    at: datetime
    old: StandTold
    new: StandTold
    powers: tuple[ShiftTold, ...]
    same: int
    unread: tuple[UnreadTold, ...]


@frozen(kw_only=True)
class DifferenceTold:
    """What differs between two Terms, clause by clause, and what that changes for accounts."""

    old: NamedTerms
    new: NamedTerms
    changes: tuple[ChangeTold, ...]
    accounts: tuple[ImpactTold, ...]


ANSWERS: Mapping[str, type[Any]] = {
    "status": StatusTold,
    "powers": PowersTold,
    "explain": ExplainedTold,
    "timeline": TimelineTold,
    "duties": DutiesTold,
    "audit": AuditTold,
    "clauses": ClausesTold,
    "log": LogTold,
    "record": RecordedTold,
    "do": DoneTold,
    "catch-up": CaughtUpTold,
    "new": StartedTold,
    "import": StartedTold,
    "report": WrittenTold,
    "calendar": CalendarTold,
    "diagram": DrawnTold,
    "sweep": SweptTold,
    "portfolio convert": ConvertedTold,
    "repair": RepairedTold,
    "demo": PlayedTold,
    "terms show": SheetTold,
    "terms check": CheckedTold,
    "terms prove": ProvedTold,
    "terms diff": DifferenceTold,
    "terms new": DraftedTold,
}
"""Which answer each command gives with ``--json``."""
