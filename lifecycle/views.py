"""Answers of an agreement as plain data, in the shapes of :mod:`lifecycle.answers`: one function a question.

``known_at`` and ``readings`` only say how the agreement was looked at, which whoever asks has done before
(``account.known_at(...)``, ``account.read_as(...)``); they are told with the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

from attrs import field

from lifecycle import answers as told
from lifecycle.agreement import Agreement, Status
from lifecycle.audit import Finding
from lifecycle.days import BEGINNING, FOREVER, Instant, as_text
from lifecycle.duties import Owed
from lifecycle.events import Entry, Event
from lifecycle.history import to_document
from lifecycle.holds import Hold
from lifecycle.outlook import Ahead
from lifecycle.plain import spoken
from lifecycle.plan import Route, Step, Way
from lifecycle.powers import Opening
from lifecycle.reasons import Reason
from lifecycle.values import frozen
from lifecycle.verdict import Verdict
from lifecycle.weighing import Weighed
from lifecycle.windows import Window, Windows
from lifecycle.words import hold_told, status_told, weighed_told
from lifecycle.words import told as fact_told

A = TypeVar("A", bound=told.Asked)


@frozen(kw_only=True)
class View:
    """An agreement looked at from an instant: each question's answer as plain data."""

    account: Agreement
    at: Instant
    known_at: Instant | None = None
    readings: Mapping[str, str] = field(factory=dict)

    def asked(self, shape: type[A], **answer: Any) -> A:
        """An answer of a shape, with what every answer about an account says first."""
        return shape(
            agreement=self.account.id,
            at=self.at,
            on=self.account.day_of(self.at),
            known_at=self.known_at,
            readings=dict(self.readings),
            **answer,
        )

    # ---- where it stands -------------------------------------------------------------------------------------

    def status(self) -> told.StatusTold:
        account, day_of = self.account, self.account.day_of
        status, terms, wake_at = account.status(self.at), account.terms_at(self.at), account.wake_at(self.at)
        return self.asked(
            told.StatusTold,
            customer=account.customer,
            terms=terms.id,
            terms_title=terms.title,
            state=status.state,
            in_service=status.in_service,
            term=_term(status),
            holds=tuple(self._hold(hold) for hold in status.holds),
            ending=self._ending(status),
            irregular=status.irregular,
            unverified=status.unverified,
            valid_until=status.valid_until,
            valid_until_day=day_of(status.valid_until) if status.valid_until else None,
            wake_at=wake_at,
            wake_day=day_of(wake_at) if wake_at else None,
            text=status_told(status),
        )

    def _hold(self, hold: Hold) -> told.HoldTold:
        power = self.account.power(hold.power, hold.since)
        return told.HoldTold(
            act=hold.event,
            power=hold.power,
            title=hold_told(hold, power),
            clause=power.clause if power else "",
            matter=hold.matter,
            by=hold.by,
            since=hold.since,
            since_day=self.account.day_of(hold.since),
            until=_bounded(hold.until),
            lifts="by itself" if power is not None and power.lifts == "by itself" else "by an act",
            override=hold.override,
        )

    def _ending(self, status: Status) -> told.EndingTold | None:
        if (ending := status.ending) is None:
            return None
        return told.EndingTold(
            at=ending.at,
            on=self.account.day_of(ending.at),
            how=ending.how,
            clause=ending.clause,
            power=ending.power,
            by=ending.by,
            act=ending.event,
        )

    def clauses(self) -> told.ClausesTold:
        terms, binding = self.account.terms_at(self.at), set(self.account.clauses_in_force(self.at))
        clauses = (
            told.ClauseTold(clause=number, title=clause.title, in_force=number in binding)
            for number, clause in terms.clauses.items()
        )
        return self.asked(told.ClausesTold, terms=terms.id, clauses=tuple(clauses))

    # ---- who may do what -------------------------------------------------------------------------------------

    def powers(self) -> told.PowersTold:
        return self.asked(told.PowersTold, powers=tuple(self._power(o) for o in self.account.powers(self.at)))

    def _power(self, o: Opening) -> told.PowerTold:
        unmet = [reason.step() for reason in o.reasons if not reason.met(self.at)]
        return told.PowerTold(
            power=o.power.id,
            does=o.power.does,
            title=o.power.title,
            clause=o.power.clause,
            by=o.holders or ("both",),
            matter=o.matter.id if o.matter else None,
            about=o.matter.label if o.matter else "",
            standing="open" if self.at in o.window else "later" if o.window else "waiting",
            window=self._span(o.window),
            reasons=self._reasons(o.reasons, self.at),
            arithmetic=o.arithmetic,
            missing=tuple(dict.fromkeys(filter(None, unmet))),
        )

    def verdict(self, verdict: Verdict) -> told.VerdictTold:
        """A verdict of the agreement, whenever it was asked."""
        question = verdict.question
        return told.VerdictTold(
            does=question.does,
            by=question.by,
            about=question.about or verdict.about,
            power=verdict.power.id if verdict.power else question.power,
            at=question.at,
            on=verdict.on,
            permitted=verdict.permitted,
            clause=verdict.clause,
            leads_to=verdict.leads_to,
            codes=verdict.codes,
            blocked_by=verdict.blocked_by,
            reasons=self._reasons(verdict.reasons, question.at),
            missing=verdict.missing,
            rules=tuple(told.RuleTold(clause=rule.clause, text=rule.text) for rule in verdict.rules),
            window=self._span(verdict.window) if verdict.window else None,
            first=verdict.first,
            first_day=verdict.first_day,
            last_day=verdict.last_day,
            supposing=verdict.supposing,
            choices=verdict.choices,
            text=str(verdict),
        )

    def explained(self, verdict: Verdict) -> told.ExplainedTold:
        """A verdict at this instant, with what holds under every reading and the ways that lead to the act."""
        q = verdict.question
        weighed = self.account.weigh(q.does, by=q.by, at=q.at, about=q.about, power=q.power)
        plan = self.account.plan(q.does, by=q.by, from_=q.at, about=q.about, power=q.power)
        return self.asked(
            told.ExplainedTold,
            verdict=self.verdict(verdict),
            every_reading=self._weighed(weighed),
            routes=tuple(map(_route, plan.routes)),
            blocked=tuple(map(_route, plan.blocked)),
        )

    def _weighed(self, weighed: Weighed) -> told.WeighedTold:
        under = (told.UnderTold(readings=dict(u.readings), windows=self._spans(u.windows)) for u in weighed.under)
        return told.WeighedTold(
            standing=weighed.standing,
            first_day=weighed.first_day,
            depends_on=weighed.depends_on,
            undisputed=self._spans(weighed.undisputed),
            under=tuple(under),
            text=weighed_told(weighed),
        )

    def _reasons(self, reasons: Iterable[Reason], at: Instant) -> tuple[told.ReasonTold, ...]:
        on = self.account.day_of(at)
        return tuple(
            told.ReasonTold(
                code=reason.code,
                clause=reason.clause,
                met=reason.met(at),
                text=reason.text(on),
                arithmetic=reason.arithmetic,
                step="" if reason.met(at) else reason.step(),
            )
            for reason in reasons
        )

    def _spans(self, windows: Windows) -> tuple[told.Span, ...]:
        return tuple(map(self._span, windows))

    def _span(self, window: Window) -> told.Span:
        opens, closes = _bounded(window.opens), _bounded(window.closes)
        day_of = self.account.day_of
        return told.Span(
            opens=opens,
            closes=closes,
            first_day=day_of(opens) if opens else None,
            last_day=day_of(closes - timedelta(microseconds=1)) if closes else None,
        )

    # ---- what is ahead, owed, and was right ------------------------------------------------------------------

    def timeline(self, until: Instant | None = None) -> told.TimelineTold:
        timeline = self.account.timeline(self.at, until)
        return self.asked(told.TimelineTold, entries=tuple(map(_ahead, timeline.entries)), stops=timeline.stops)

    def duties(self) -> told.DutiesTold:
        return self.asked(told.DutiesTold, duties=tuple(map(_owed, self.account.duties(self.at))))

    def audit(self) -> told.AuditTold:
        findings = tuple(map(self._finding, self.account.audit(self.at)))
        return self.asked(told.AuditTold, right=all(f.standing == "right" for f in findings), findings=findings)

    def _finding(self, finding: Finding) -> told.FindingTold:
        question = finding.then.question
        return told.FindingTold(
            act=finding.event.id,
            on=finding.on,
            does=question.does,
            by=question.by,
            clause=finding.clause,
            standing=finding.standing,
            override=finding.override,
            then=self.verdict(finding.then),
            now=self.verdict(finding.now),
            every_reading=self._weighed(finding.weighed),
            text=str(finding),
        )

    # ---- what is recorded ------------------------------------------------------------------------------------

    def log(self) -> told.LogTold:
        """Everything recorded, whenever it happens, with what has no effect by this instant."""
        remarks = self.account.remarks(self.at)
        return self.asked(told.LogTold, events=tuple(self._event(event, remarks) for event in self.account.history))

    def event(self, event: Event) -> told.EventTold:
        return self._event(event, self.account.remarks(self.at))

    def _event(self, event: Event, remarks: Mapping[str, str]) -> told.EventTold:
        at, document = self.account.instant(event.occurred), to_document(event)
        return told.EventTold(
            sequence=event.sequence,
            id=event.id,
            occurred=as_text(event.occurred),
            recorded=event.recorded,
            type=spoken(type(event.fact)),
            fact=document["fact"],
            key=event.key,
            actor=event.actor,
            ref=event.ref,
            meta=dict(event.meta),
            text=fact_told(event.fact, self.account.terms_at(at)),
            remark=remarks.get(event.id, ""),
        )

    def entry(self, entry: Entry) -> told.EntryTold:
        return told.EntryTold(
            key=entry.key,
            transition=entry.transition,
            effective=entry.effective,
            on=self.account.day_of(entry.effective),
            clause=entry.clause,
            text=entry.text,
            effects=entry.effects,
            overturned=entry.overturned,
        )


def _bounded(edge: Instant) -> Instant | None:
    return edge if BEGINNING < edge < FOREVER else None


def _term(status: Status) -> told.TermTold | None:
    if (term := status.term) is None:
        return None
    return told.TermTold(number=term.number, order=term.order, first=term.first, last=term.last)


def _route(route: Route) -> told.RouteTold:
    return told.RouteTold(
        text=route.text,
        power=route.power.id if route.power else None,
        clause=route.power.clause if route.power else "",
        matter=route.matter,
        steps=tuple(map(_step, route.steps)),
        first=route.first,
        first_day=route.first_day,
        last_day=route.last_day,
        supposes=route.supposes,
        why_not=route.why_not,
        codes=route.codes,
        remark=route.remark,
    )


def _step(step: Step) -> told.StepTold:
    return told.StepTold(
        kind=step.kind,
        at=step.at,
        on=step.on,
        text=step.text,
        clause=step.clause,
        by=step.by,
        what=step.what,
        ways=tuple(map(_way, step.ways)),
        supposes=step.supposes,
        arithmetic=step.arithmetic,
        rests_on_silence=step.rests_on_silence,
    )


def _way(way: Way) -> told.WayTold:
    return told.WayTold(methods=way.methods, counts=way.counts, last=way.last, text=str(way))


def _ahead(entry: Ahead) -> told.AheadTold:
    return told.AheadTold(
        at=entry.at,
        on=entry.on,
        what=entry.what,
        text=entry.text,
        clause=entry.clause,
        arithmetic=entry.arithmetic,
        power=entry.power,
        matter=entry.matter,
        by=entry.by,
    )


def _owed(owed: Owed) -> told.OwedTold:
    return told.OwedTold(
        duty=owed.duty.id,
        title=owed.duty.title,
        clause=owed.duty.clause,
        by=owed.by,
        matter=owed.matter,
        since=owed.since,
        due=owed.due,
        standing=owed.standing,
        arithmetic=owed.arithmetic,
        done=owed.done,
    )
