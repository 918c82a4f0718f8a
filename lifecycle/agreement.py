"""Agreement: the thin door that account code embeds. It keeps the history, and reads every answer off it.

Verbs: :meth:`~Agreement.record` takes what happened; :meth:`~Agreement.do` acts if the Terms permit it, and otherwise
raises and records nothing. Questions take the instant ``at`` they are about; nothing here reads a clock.

Longer than other modules: every verb and every question of the door, each of them a few lines on what answers it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import takewhile
from types import NoneType
from typing import TYPE_CHECKING, Any

from attrs import evolve

from lifecycle.admission import check_admissible, check_orders, exercised, is_exercise_of, takes_effect
from lifecycle.changes import effects_of
from lifecycle.chronicle import Chronicle, Ledger, Reader
from lifecycle.course import Course
from lifecycle.days import FOREVER, Day, Instant, Moment, Period, as_text, to_moment
from lifecycle.docket import Docket, fold
from lifecycle.duties import Owed, duties
from lifecycle.errors import InvalidFact, InvalidHistory, InvalidTime, KeyConflict, LifecycleError, placed
from lifecycle.events import (
    FORMAT,
    Acted,
    Agreed,
    AgreementMade,
    By,
    CaughtUp,
    Entry,
    Event,
    Fact,
    OpeningBalance,
    OrderSigned,
    Posted,
)
from lifecycle.history import History, effective
from lifecycle.holds import Hold
from lifecycle.judge import hours, judge
from lifecycle.machine import IN_SERVICE, State
from lifecycle.matters import Matter
from lifecycle.memos import entries_since
from lifecycle.outlook import Timeline, live_powers, timeline, wake_at
from lifecycle.phases import Ending, Term
from lifecycle.plain import MAX_ITEMS, shown, spoken, text_problem
from lifecycle.powers import Opening
from lifecycle.reasons import Reason
from lifecycle.terms import Library, Terms, load
from lifecycle.terms.model import Effect, Power
from lifecycle.values import frozen
from lifecycle.verdict import Question, Refused, Verdict
from lifecycle.versions import Policy, Version

# What few callers ask is imported where it is asked: plans, what holds under every reading, audits.
if TYPE_CHECKING:
    from lifecycle.audit import Finding, Record
    from lifecycle.plan import Plan
    from lifecycle.policy import HousePolicy
    from lifecycle.weighing import Weighed, World


_COURSES = 4  # kept: that of the moment, and of other instants asked about lately
_SUPPOSED = 256  # combinations of readings under which the history is kept read


@frozen(kw_only=True)
class Status:
    """Where an agreement stands at an instant. ``state`` is None while it is not in force yet.

    in_service: in trial, active or renewed, and not without a term under a framework. term: the running one, or the
    last one. irregular: ids of standing acts that the Terms did not permit on the record before them. valid_until: when
    this answer changes if nothing is recorded, None if never. unverified: it rests on an opening balance. terms: the id
    of those in force.
    """

    agreement: str
    at: Instant
    on: Day
    state: State | None
    in_service: bool
    term: Term | None
    holds: tuple[Hold, ...]
    ending: Ending | None
    irregular: tuple[str, ...]
    valid_until: Instant | None
    unverified: bool
    terms: str


@frozen(kw_only=True)
class Outcome:
    """What :meth:`Agreement.do` brought about: the event recorded, from which state to which, and the effects as data
    for the host's outbox.

    effective: when the act takes effect; later than it was done for a writing that counts later, None while its
    delivery is not proved. There are no effects until then: :meth:`Agreement.catch_up` reports them when they come.
    """

    event: Event
    verdict: Verdict
    source: State | None
    target: State | None
    effects: tuple[Effect, ...]
    effective: Instant | None


class Agreement:
    """One agreement under its Terms. Make a new one with :meth:`make`, or give the events of a recorded one, and the
    Terms it names - all of them, if it was amended - where they are not published here. policy: what the house asks of
    itself beyond the Terms.

    Raises InvalidHistory, InvalidFact, or UnknownTerms where the Terms are not the ones the history pins.
    """

    __slots__ = (
        "__weakref__",
        "_calendar",
        "_chronicle",
        "_courses",
        "_judged",
        "_ledger",
        "_supposed",
        "customer",
        "history",
        "id",
        "library",
        "policy",
        "terms",
    )

    def __init__(
        self,
        events: Iterable[Event],
        terms: Terms | Iterable[Terms] | Library = (),
        *,
        policy: HousePolicy | None = None,
    ) -> None:
        self.history = History(events)
        self.policy = policy
        if not len(self.history):
            raise InvalidHistory("history", "empty: it begins with 'agreement made'")
        made = self.history[0].fact
        assert isinstance(made, AgreementMade)
        self.id = self.history[0].agreement
        self.library = terms if isinstance(terms, Library) else Library([terms] if isinstance(terms, Terms) else terms)
        self.customer = made.customer
        try:
            self.terms = self.library.find(made.terms, made.digest, made.readings)
            _check_made(made, self.terms)
            self._calendar = self.terms.calendar(made.zone)
        except InvalidTime as error:
            raise placed(error, f"agreement made.zone in {self.history[0].place}") from None
        except LifecycleError as error:
            raise placed(error, self.history[0].place) from None
        self._chronicle = Chronicle(self.library, self.history)
        self._courses: list[Course] = []
        self._supposed: dict[frozenset[tuple[str, str]], Reader] = {}
        self._judged: dict[str, bool] = {}
        self._ledger: Ledger | None = None

    @classmethod
    def make(
        cls,
        terms: Terms | str,
        *,
        agreement: str,
        customer: str,
        at: str | Moment,
        trial: bool = False,
        trial_through: str | Day | None = None,
        zone: str | None = None,
        freshness: Period | None = None,
        readings: Mapping[str, str] | None = None,
        policy: HousePolicy | None = None,
        **place: Any,
    ) -> Agreement:
        """A new agreement, made ``at`` a moment; ``place`` may hold actor, key, ref and meta of its first event.

        readings: what the parties take unclear clauses to mean, key -> meaning, where it is not the default.
        """
        text = load(terms) if isinstance(terms, str) else terms
        _check_texts("agreement", (agreement,))
        made = AgreementMade(
            format=FORMAT,
            terms=text.id,
            digest=text.digest,
            customer=customer,
            zone=zone,
            trial=trial,
            trial_through=trial_through,
            freshness=freshness,
            readings=readings or {},
        )
        moment = to_moment(at)
        try:
            calendar = text.calendar(zone)
        except InvalidTime as error:
            raise placed(error, "agreement made.zone") from None
        recorded = calendar.instant_of(moment)
        event = Event(
            agreement=agreement, sequence=1, id=f"{agreement}:1", occurred=moment, recorded=recorded, fact=made, **place
        )
        return cls([event], [text], policy=policy)

    # ---- verbs ---------------------------------------------------------------------------------------------

    def record(
        self,
        fact: Fact,
        *,
        at: str | Moment,
        occurred: str | Moment | None = None,
        id: str | None = None,
        key: str | None = None,
        actor: str | None = None,
        ref: str | None = None,
        meta: Mapping[str, str] | None = None,
    ) -> Event:
        """Take down what happened: ``at`` is now, ``occurred`` when it happened if that was not now. Returns the event;
        the same key again, the same event.

        Raises KeyConflict, InvalidFact, InvalidHistory; and Refused for an act where no edge leads on, as after the
        end. Facts are never refused for coming late. Nothing is recorded where it raises.
        """
        moment = to_moment(at if occurred is None else occurred)
        event = self._event(fact, moment, self.instant(at), id, key, actor, ref, meta)
        if key is not None and (before := self.history.with_key(key)):
            # Recorded as happening now, a retry happens a little later; it is the same fact.
            if before.says_the_same(evolve(event, occurred=before.occurred) if occurred is None else event):
                return before
            raise KeyConflict(key, before.sequence)
        self.history.check(event)
        check_admissible(event, event.recorded if occurred is None else self.instant(moment), self._course)
        if isinstance(fact, CaughtUp):
            self.history.keep(event)
        else:
            self._take(event)
        return event

    def do(
        self,
        does: str,
        *,
        by: By,
        at: str | Moment,
        about: str | tuple[str, ...] = (),
        power: str | None = None,
        method: str | None = None,
        known_through: str | Moment | None = None,
        approvals: tuple[str, ...] = (),
        only_undisputed: bool = False,
        override: str | None = None,
        key: str | None = None,
        actor: str | None = None,
        ref: str | None = None,
        meta: Mapping[str, str] | None = None,
    ) -> Outcome:
        """Act now, if the Terms permit it; ``only_undisputed``: if they do under every reading. ``override`` gives a
        person's reason for acting against the verdict: the act is then marked irregular.

        Raises Refused, with the verdict in it; nothing is recorded then. The same key again returns the first outcome.
        """
        question = self._question(does, by, at, about, power, method or "", known_through, approvals)
        if key is not None:
            _check_texts("key", (key,))
            if before := self.history.with_key(key):
                return self._repeated(before, question, key, only_undisputed=only_undisputed)
        verdict = self._judge(question, only_undisputed=only_undisputed)
        if verdict.permitted and len(verdict.choices) > 1 and power is None:
            raise Refused(_ambiguous(verdict))
        course = self._course(question.at)
        if not verdict.permitted and (not override or not takes_effect(course, question)):
            raise Refused(verdict)
        fact = exercised(question, verdict, override if not verdict.permitted else None)
        source = course.stand(question.at).state
        event = self._event(fact, question.at, question.at, None, key, actor, ref, meta)
        self.history.check(event)
        self._take(event)
        outcome = _outcome(event, verdict, source, self._course(question.at))
        if isinstance(fact, Acted | Posted) and outcome.effective == question.at:
            self._judged[event.id] = verdict.permitted
        return outcome

    def catch_up(self, at: str | Moment) -> tuple[Entry, ...]:
        """What took effect by itself since the last call, up to ``at``, and what was reported before that later facts
        undo; recorded as a memo.

        Never needed for a right answer: memos are not premises. Keys are deterministic, for the host's outbox.
        """
        instant = self.instant(at)
        entries = entries_since(self.history, self._course(instant), instant)
        for start in range(0, len(entries), MAX_ITEMS):
            self.record(CaughtUp(through=instant, entries=entries[start : start + MAX_ITEMS]), at=instant)
        return entries

    # ---- questions -----------------------------------------------------------------------------------------

    def may(
        self,
        does: str,
        *,
        by: By,
        at: str | Moment,
        about: str | tuple[str, ...] = (),
        power: str | None = None,
        method: str | None = None,
        known_through: str | Moment | None = None,
        approvals: tuple[str, ...] = (),
        only_undisputed: bool = False,
    ) -> Verdict:
        """May a party do something at an instant: whether, from when, why, and what is missing.

        does: a transition (suspend, terminate ...) or another act of the Terms (accelerate, delete data ...). about:
        only because of these matters. method: how it would be given; None leaves that open. known_through: up to when
        the asker vouches that facts are complete. only_undisputed: under every reading of the clauses it depends on,
        not only the agreed one.
        """
        question = self._question(does, by, at, about, power, method, known_through, approvals)
        return self._judge(question, only_undisputed=only_undisputed)

    def weigh(
        self, does: str, *, by: By, at: str | Moment, about: str | tuple[str, ...] = (), power: str | None = None
    ) -> Weighed:
        """When an act is open under every reading of the clauses it depends on, when under some, and which; apart from
        how it is exercised and what is vouched for.
        """
        from lifecycle.weighing import weigh

        question = self._question(does, by, at, about, power, None, None)
        return weigh(self._world(question.at), question)

    def weigh_all(self, at: str | Moment) -> tuple[tuple[Opening, Weighed], ...]:
        """Every power that is open or will be under some reading, with what holds under every one, in the order of the
        Terms.
        """
        from lifecycle.weighing import weigh_all

        instant = self.instant(at)
        return tuple(weigh_all(self._world(instant), instant))

    def as_of(self, at: str | Moment, *, known_at: str | Moment | None = None) -> Status:
        """Where the agreement stood at an instant, as it was known at another; as known now without one."""
        return (self if known_at is None else self.known_at(known_at)).status(at)

    def audit(self, at: str | Moment | None = None) -> tuple[Finding, ...]:
        """Every act done by an instant (ever, without one), in order: whether it was right on the record as it stood,
        whether it is as known now, and whether it is under every reading.
        """
        from lifecycle.audit import audited

        limit = None if at is None else self.instant(at)
        return tuple(audited(self._record(), limit))

    def status(self, at: str | Moment) -> Status:
        """Where the agreement stands at an instant, with all that is recorded."""
        instant = self.instant(at)
        course = self._course(instant)
        stand = course.stand(instant)
        state, phase = stand.state, stand.phase
        ending = course.ending if course.ending and course.ending.at <= instant else None
        holds = stand.holds if ending is None else ()
        acts = [h.event for h in holds] + ([ending.event] if ending and ending.event else [])
        changing = [hold.until for hold in holds if hold.until < FOREVER]
        changing += self._next_coming(instant)
        changing += [turn] if (turn := course.next_turn(instant)) else []
        return Status(
            agreement=self.id,
            at=instant,
            on=course.calendar.day_of(instant),
            state=state,
            in_service=state in IN_SERVICE and not (phase and course.chain.idle(phase)),
            term=phase.term if phase else None,
            holds=holds,
            ending=ending,
            irregular=tuple(act for act in dict.fromkeys(acts) if not self.was_regular(act)),
            valid_until=min(changing, default=None),
            unverified=course.docket.opening is not None,
            terms=stand.terms.id,
        )

    def powers(self, at: str | Moment) -> tuple[Opening, ...]:
        """What each party may do now or later, with windows and reasons, in the order of the Terms."""
        instant = self.instant(at)
        return live_powers(self._course(instant), instant)

    def timeline(self, at: str | Moment, until: str | Moment | None = None) -> Timeline:
        """What happens next if nobody acts: dated, each with clause and arithmetic, and why it stops."""
        instant = self.instant(at)
        limit = None if until is None else self.instant(until)
        return timeline(self._course(instant), instant, self._coming(instant), limit)

    def plan(
        self, does: str, *, by: By, from_: str | Moment, about: str | tuple[str, ...] = (), power: str | None = None
    ) -> Plan:
        """How a party gets to an act from a moment on: for each power that could lead to it, over each matter recorded
        by then, the steps and the first day of each, or why there is no way. ``about`` and ``power`` narrow it.

        Nobody else is taken to do anything meanwhile. Raises InvalidFact where the Terms know no such act or power.
        """
        from lifecycle.plan import plan

        question = self._question(does, by, from_, about, power, None, None)
        return plan(self._course(question.at), question)

    def duties(self, at: str | Moment) -> tuple[Owed, ...]:
        """Who owes what by when: every duty that has arisen, pending, met, missed or unscheduled."""
        instant = self.instant(at)
        return tuple(duties(self._course(instant), instant))

    def clauses_in_force(self, at: str | Moment) -> tuple[str, ...]:
        """The clauses that bind at an instant: all but what a trial lacks; after the end the survivors; none before."""
        instant = self.instant(at)
        course = self._course(instant)
        return tuple(clause for clause in course.terms_at(instant).clauses if course.clause_in_force(clause, instant))

    def matters(self, at: str | Moment) -> tuple[Matter, ...]:
        """The matters recorded by an instant, in the order in which they were; those of the course not among them."""
        return tuple(self._course(self.instant(at)).docket.matters.values())

    def power(self, power_id: str | None, at: str | Moment) -> Power | None:
        """A power by its id: of the Terms in force at an instant, else of the latest that have it; None where none
        do.
        """
        return self._docket().versions.power(power_id, self.instant(at))

    def terms_at(self, at: str | Moment) -> Terms:
        """The Terms in force at an instant: those it was made under, or was amended to since."""
        return self._course(self.instant(at)).terms_at(self.instant(at))

    def versions(self) -> tuple[Version, ...]:
        """The Terms the agreement was made under and those it was amended to, each with the instant from which it
        governs; FOREVER for an amendment that does not bind.
        """
        return tuple(self._docket().versions)

    def learn(self, terms: Terms) -> None:
        """Keep further Terms at hand, for amending the agreement to them."""
        self.library = self.library.holding(terms)
        self._chronicle = Chronicle(self.library, self.history)
        self._courses.clear()
        self._supposed.clear()
        self._ledger = None

    def read_as(self, readings: Mapping[str, str]) -> Agreement:
        """The agreement as it would be if unclear clauses were read so, where its Terms have such readings. A copy."""
        return Agreement(self.history, self.library.supposing(readings), policy=self.policy)

    def policies(self, at: str | Moment) -> tuple[Policy, ...]:
        """The policies posted beside the agreement by an instant, in order; they are no part of it."""
        return tuple(self._course(self.instant(at)).docket.policies)

    def wake_at(self, at: str | Moment) -> Instant | None:
        """The first instant after ``at`` at which any answer can change without new facts; None if none can."""
        instant = self.instant(at)
        return wake_at(self._course(instant), instant, self._next_coming(instant))

    def remarks(self, at: str | Moment) -> Mapping[str, str]:
        """What was recorded by an instant but has no effect, and why, or was recorded before it happened: event id ->
        reason.
        """
        instant = self.instant(at)
        course = self._course(instant)
        early = {
            event.id: f"recorded at {as_text(event.recorded)}, before it happened: one of the two is wrong"
            for event in effective(self.history.known(instant))
            if event.recorded < course.docket.instant_of(event)
        }
        unused = {order.event: f"order {order.id} follows no term" for order in course.chain.unused_orders}
        return {**early, **course.docket.remarks, **unused}

    def known_at(self, at: str | Moment) -> Agreement:
        """The agreement as it was known at an instant: only what was recorded by then. A copy; recording in it does not
        touch this one.
        """
        return Agreement(self.history.known(self.instant(at)), self.library, policy=self.policy)

    def was_regular(self, event_id: str) -> bool:
        """Whether the Terms permitted a recorded act, on the record as it stood before it."""
        if event_id not in self._judged:
            from lifecycle.audit import was_regular

            event = self.history.find(event_id)
            self._judged[event_id] = event is None or was_regular(event, self._record())
        return self._judged[event_id]

    def instant(self, at: str | Moment) -> Instant:
        """The instant of a moment, days counted in the agreement's zone: a day is its first instant."""
        return self._calendar.instant_of(to_moment(at))

    def day_of(self, at: str | Moment) -> Day:
        """The civil day of a moment, in the agreement's zone."""
        return self._calendar.day_of(self.instant(at))

    # ---- inside --------------------------------------------------------------------------------------------

    def _judge(self, question: Question, *, only_undisputed: bool) -> Verdict:
        verdict, policy = judge(self._course(question.at), question), self.policy
        asked = policy and verdict.power and question.by == policy.by and policy.wants_undisputed(verdict.power)
        if not verdict.permitted or not (only_undisputed or asked):
            return verdict
        from lifecycle.weighing import undisputed, weigh

        weighed = weigh(self._world(question.at), question)
        return (
            undisputed(verdict, weighed) if only_undisputed else undisputed(verdict, weighed, code="policy-contested")
        )

    def _world(self, at: Instant) -> World:
        """The course at an instant under other readings than the agreed ones, apart from house policy."""
        courses: dict[frozenset[tuple[str, str]], Course] = {frozenset(): Course(self._course(at).docket, at)}
        place = self._chronicle.place(at)

        def world(readings: Mapping[str, str]) -> Course:
            key = frozenset(readings.items())
            if key not in courses:
                courses[key] = Course(self._supposing(key).up_to(place), at)
            return courses[key]

        return world

    def _record(self) -> Record:
        """What acts are judged on; who asks about one after the other has it read once."""
        from lifecycle.audit import Record

        ledger = self._ledger or Ledger(self.library, self.history)
        self._ledger = ledger if self._judged else None
        return Record(known=self._chronicle, recorded=ledger, supposing=self._supposing)

    def _supposing(self, readings: frozenset[tuple[str, str]]) -> Reader:
        """What happened, under other readings; kept until anything is recorded out of order."""
        if (kept := self._supposed.get(readings)) is None:
            if len(self._supposed) >= _SUPPOSED:
                self._supposed.clear()
            kept = self._supposed[readings] = self._chronicle.supposing(dict(readings))
        return kept

    def _docket(self) -> Docket:
        """The docket of everything recorded, whenever it happens."""
        return self._chronicle.head

    def _course(self, at: Instant) -> Course:
        """The course as it looks from an instant: facts that happen later are not in it."""
        for course in self._courses:
            if course.horizon == at or (course.horizon < at < course.stand(course.horizon).until):
                return course
        course = Course(self._chronicle.at(at), at, self.policy, self._chronicle.next_after(at))
        standing = (other for other in self._courses[: _COURSES - 1] if other.size == other.docket.size)
        self._courses = [course, *standing]
        return course

    def _coming(self, at: Instant) -> list[tuple[Instant, str]]:
        """What is recorded already and happens or takes effect after an instant: when, and what."""
        found = [(instant, spoken(type(event.fact))) for instant, event in self._chronicle.coming(at)]
        return sorted({*found, *self._docket().coming(at)})

    def _next_coming(self, at: Instant) -> list[Instant]:
        """The first instants after one at which something recorded happens, and at which it takes effect."""
        recorded = next(self._chronicle.coming(at), None)
        return [*([recorded[0]] if recorded else []), *self._docket().next_coming(at)]

    def _question(
        self,
        does: str,
        by: By,
        at: str | Moment,
        about: str | tuple[str, ...],
        power: str | None,
        method: str | None,
        known_through: str | Moment | None,
        approvals: tuple[str, ...] = (),
    ) -> Question:
        if by not in ("provider", "customer", "both"):
            raise InvalidFact("question", "by", f"provider, customer or both, not {shown(by)}")
        matters = (about,) if isinstance(about, str) else about
        if type(does) is not str or type(power) not in (str, NoneType):
            _check_texts("does", (does,))
            _check_texts("power", (power,))
        if method:
            _check_texts("method", (method,))
        if matters != () or approvals != ():
            _check_texts("about", matters)
            _check_texts("approvals", approvals)
        return Question(
            does=does,
            by=by,
            at=self.instant(at),
            about=tuple(matters),
            power=power,
            method=method,
            known_through=None if known_through is None else self.instant(known_through),
            approvals=approvals,
        )

    def _event(
        self,
        fact: Fact,
        occurred: Moment,
        recorded: Instant,
        id: str | None,
        key: str | None,
        actor: str | None,
        ref: str | None,
        meta: Mapping[str, str] | None,
    ) -> Event:
        """The next event, not recorded yet."""
        sequence = len(self.history) + 1
        automatic = f"{self.id}:{sequence}"
        while self.history.find(automatic):
            automatic += "'"
        return Event(
            agreement=self.id,
            sequence=sequence,
            id=id or automatic,
            occurred=occurred,
            recorded=recorded,
            fact=fact,
            key=key,
            actor=actor,
            ref=ref,
            meta=meta or {},
        )

    def _take(self, event: Event) -> None:
        """Append an event that was checked and is no memo."""
        told = self._chronicle
        self._courses.clear()  # also where it raises: it may have been half read by then
        if isinstance(event.fact, OrderSigned | OpeningBalance) or not told.comes_in_order(event):
            after = told.having(event, self.history)
            check_orders(event, told.head, after.head)
            self._chronicle = after
            self._judged.clear()
            self._supposed.clear()
        else:
            coming = takewhile(lambda act: act.at >= event.recorded, reversed(told.head.acts))
            waiting = [act.event for act in coming if act.deferred]
            told.add(event)
            for act in waiting:  # judged on what is recorded until it takes effect
                self._judged.pop(act, None)
        self.history.keep(event)

    def _repeated(self, before: Event, question: Question, key: str, *, only_undisputed: bool) -> Outcome:
        """The outcome of an act that was done under this key already, as it was then. When it is asked again does not
        matter.
        """
        if not is_exercise_of(before.fact, question, self._docket().versions):
            raise KeyConflict(key, before.sequence)
        at = self.instant(before.occurred)
        known = before.fact.known_through if isinstance(before.fact, Acted) else at
        earlier = Agreement(list(self.history)[: before.sequence - 1], self.library, policy=self.policy)
        verdict = earlier.may(
            question.does,
            by=question.by,
            at=at,
            about=question.about,
            power=question.power,
            method=question.method,
            known_through=known,
            approvals=question.approvals,
            only_undisputed=only_undisputed,
        )
        then = Course(fold(self.library, list(self.history)[: before.sequence], at), at)
        return _outcome(before, verdict, earlier.status(at).state, then)


def _outcome(event: Event, verdict: Verdict, source: State | None, after: Course) -> Outcome:
    question = verdict.question
    power = getattr(event.fact, "power", None)
    stand = after.stand(question.at)
    target = stand.state
    acts = reversed(after.docket.acts) if isinstance(event.fact, Acted | Posted | Agreed) else ()
    effective = next((act.at for act in acts if act.event == event.id), question.at)
    effects = effects_of(stand.terms, question.does, power, question.by, source, target)
    return Outcome(
        event=event,
        verdict=verdict,
        source=source,
        target=target,
        effects=effects if effective <= question.at else (),
        effective=effective if effective < FOREVER else None,
    )


def _ambiguous(verdict: Verdict) -> Verdict:
    """The verdict, refused: several powers permit it, and what follows depends on which is exercised."""
    choices = ", ".join(verdict.choices)
    reason = Reason(
        code="ambiguous", clause="", words=f"several powers permit it: {choices}", missing="name one (power=)"
    )
    return evolve(verdict, permitted=False, hindrances=(reason,))


def _check_texts(field: str, texts: object) -> None:
    """Raise InvalidFact where something is not a tuple or list of texts."""
    if not isinstance(texts, tuple | list):
        raise InvalidFact("question", field, f"texts are wanted, not {shown(texts)}")
    if problem := next(filter(None, map(text_problem, texts)), None):
        raise InvalidFact("question", field, problem)


def _check_made(made: AgreementMade, terms: Terms) -> None:
    if made.format != FORMAT:
        raise InvalidFact("agreement made", "format", f"{made.format} is not understood: this version reads {FORMAT}")
    if made.on_trial and terms.trial is None:
        raise InvalidFact("agreement made", "trial", f"{terms.id} knows no trial")
    hours(made.freshness)
