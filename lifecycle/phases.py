"""The chain of phases: the trial, then term after term, and where it stops; apart from holds and terminations.

Read off the orders, the notices of non-renewal and the Terms in force when each term began.
"""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.days import FOREVER, Day, Instant, last_day_of_term, plus_days
from lifecycle.docket import Docket
from lifecycle.machine import State
from lifecycle.matters import Matter, Notice, Order, Spell, spans
from lifecycle.powers import counted, intersection
from lifecycle.terms.model import Renewal
from lifecycle.values import frozen
from lifecycle.windows import ALWAYS, NEVER, Window

_CHAINS = 4  # kept for a docket: that of the moment, and of the horizons that answers look ahead to


@frozen
class Term:
    """A running period: its number, and its first and last day, both included."""

    number: int
    first: Day
    last: Day
    order: str


@frozen
class Phase:
    """A stretch of the agreement apart from holds: the trial, one term, the time without a term under a framework (in
    the state it stood in before), or (state None) the time between a trial's end and the start of an order signed by
    then. ``since`` its first instant; ``term`` None outside of terms.
    """

    state: State | None
    since: Instant
    term: Term | None = None


@frozen
class Ending:
    """How and when an agreement ended. ``power``, ``by`` and ``event`` where it was terminated; by itself, without
    ``by`` and ``event``, ``about`` a matter, under a power that was ``held_by`` a party. deferred:
    it took effect only after the act.
    """

    at: Instant
    how: str
    clause: str
    power: str | None = None
    by: str | None = None
    event: str | None = None
    sequence: int = 0
    about: str = ""
    held_by: str | None = None
    deferred: bool = False

    @property
    def automatic(self) -> bool:
        """Whether it came by operation of the Terms, without an act."""
        return self.event is None


class Chain:
    """The phases of an agreement up to ``horizon``, and what is settled after it. ``stretch``: the horizons for which
    it is the same.
    """

    def __init__(self, docket: Docket, horizon: Instant) -> None:
        self.docket = docket
        self.versions = docket.versions
        self.terms = docket.terms
        self.calendar = docket.calendar
        self.horizon = horizon
        self.stretch = ALWAYS
        self.ending: Ending | None = None
        """What the course made of it: the end by an act or by itself; meaningful once ``weighed``."""
        self.weighed = False
        phases, self.expiry = self._settled()
        self.phases = tuple(phases)
        """The trial and the terms, in order, up to the horizon and what is settled after it."""
        self.open_end = Window(phases[0].since) if phases else NEVER
        """From the first instant in force, as if it never ended."""

    @classmethod
    def of(cls, docket: Docket, horizon: Instant) -> Chain:
        """The chain at a horizon, as it was read before if nothing turned it since."""
        chains: list[Chain] = docket.kept.setdefault("chains", [])
        if (kept := next((chain for chain in chains if horizon in chain.stretch), None)) is None:
            kept = cls(docket, horizon)
            chains[:] = [kept, *chains[: _CHAINS - 1]]
        return kept

    def _settled(self) -> tuple[list[Phase], Ending | None]:
        """The phases up to the horizon and what is settled after it, and the expiry that they come to, if one is
        settled.
        """
        docket, calendar = self.docket, self.calendar
        if self.terms.begins == "made":
            return [Phase("active", docket.since)], None
        expiry = self._expired(FOREVER)
        orders = sorted((o for o in docket.orders if expiry is None or o.at < expiry.at), key=lambda order: order.at)
        phases: list[Phase] = [Phase("active", docket.since)] if self.terms.framework else []
        trial_end = FOREVER
        if docket.made.on_trial:
            phases = [Phase("trial", docket.since)]
            trial_end = self._trial_end()
            if not self.terms.framework and (not orders or orders[0].at > trial_end):
                return phases, self._expired(trial_end, self.terms.trial.clause if self.terms.trial else "")
        if not orders:
            phases += [Phase("active", trial_end)] if trial_end < FOREVER else []
            return phases, expiry
        first = orders[0]
        begins = max(first.at, calendar.start_of(first.start))
        if self.terms.trial is not None and self.terms.trial.gap == "goes on" and first.at <= trial_end:
            trial_end = self._trial_limit()  # the days go on, but what is used up stays so
        if phases and begins <= docket.since:
            phases.clear()
        elif docket.made.on_trial and begins > trial_end:
            phases.append(Phase("active" if self.terms.framework else None, trial_end))
        expiry = self._terms_of(first, begins, orders[1:], phases)
        return phases, expiry

    def _expired(self, at: Instant, clause: str = "") -> Ending | None:
        """The end at the end of trial or terms; a framework outlives them as long as it lasts at least."""
        framework = self.terms.framework
        if framework and framework.at_least:
            made = self.calendar.day_of(self.docket.since)
            least = self.calendar.start_of(self.calendar.moved(made, framework.at_least, "up"))
            if at == FOREVER or least > at:
                at, clause = least, framework.clause
        return Ending(at, "expired", clause) if at < FOREVER else None

    @property
    def has_trial_gap(self) -> bool:
        """Whether an order signed during the trial starts only after its end."""
        signed = [order for order in self.docket.orders if order.at <= self._trial_end()]
        return self.docket.made.on_trial and any(
            self.calendar.start_of(order.start) > self._trial_end() for order in signed[:1]
        )

    def _trial_end(self) -> Instant:
        trial, through = self.terms.trial, self.docket.made.trial_through
        if through is None and trial and trial.length:
            through = last_day_of_term(self.calendar.day_of(self.docket.since), trial.length, 1)
        return min(self._trial_limit(), FOREVER if through is None else self.calendar.end_of(through))

    def _trial_limit(self) -> Instant:
        """When the trial is used up, whatever its last day."""
        limit = self.terms.trial.limit if self.terms.trial else ""
        reached = (max(matter.opened, self.docket.since) for matter in self.docket.of_kind((limit,)))
        return min(reached, default=FOREVER)

    def _terms_of(self, order: Order, begins: Instant, successors: list[Order], phases: list[Phase]) -> Ending | None:
        """Append the chain of terms of an order and its successors; return the expiry where the chain stops."""
        number, since, chain = order.number, begins, self._spans(order)
        spent: set[str] = set()
        while True:
            term = Term(number, *next(chain), order.id)
            phases.append(Phase("active" if number == 1 else "renewed", since, term))
            end = self.calendar.end_of(term.last)
            since = end if end > since else since
            stopping = self._stopping(term, spent)
            # A notice is about the first term it is in time for, whether or not it then stops it.
            closes = self.non_renewal_window(term).closes
            spent.update(n.id for n in self._non_renewals() if n in stopping or min(self._counts(n, end)) < closes)
            renewal = self.renewal(term)
            successor = next((o for o in successors if o.start == plus_days(term.last, 1) and o.at <= end), None)
            if successor:
                order, chain = successor, self._spans(successor)
            elif stopping or not order.renews or renewal is None:
                expiry = self._expired(since, renewal.clause if renewal else "")
                later = self._after_a_gap(expiry, since, successors)
                if later is None:
                    phases += [Phase(phases[-1].state, since)] if expiry and expiry.at > since else []
                    return expiry
                phases.append(Phase(phases[-1].state, since))
                order, chain, since = later, self._spans(later), max(later.at, self.calendar.start_of(later.start))
            elif not self._settled_later(term, spent, successors):
                if end > self.horizon:
                    self.stretch = Window(self.stretch.opens, end)
                    return None
                self.stretch = Window(max(self.stretch.opens, end))
            number += 1

    def _spans(self, order: Order) -> Iterator[tuple[Day, Day]]:
        return spans(order.start, order.term, lambda first: self.versions.at(self.calendar.start_of(first)).renewal)

    def renewal(self, term: Term) -> Renewal | None:
        """The rule by which a term renews: that of the Terms in force when it began."""
        return self.versions.at(self.calendar.start_of(term.first)).renewal

    def _after_a_gap(self, expiry: Ending | None, since: Instant, orders: list[Order]) -> Order | None:
        """The next order under a framework that outlives its orders."""
        limit = expiry.at if expiry else FOREVER
        if self.terms.framework is None:
            return None
        later = (o for o in orders if o.at < limit and self.calendar.start_of(o.start) >= since)
        return min(later, key=lambda o: o.start, default=None)

    def _settled_later(self, term: Term, spent: set[str], successors: list[Order]) -> bool:
        """Whether facts so far already say something about a later term: a notice that counts for it, or an order that
        follows it.
        """
        return any(order.start > term.last for order in successors) or any(
            n.id not in spent for n in self._non_renewals()
        )

    def idle(self, phase: Phase) -> bool:
        """Whether an agreement is in force, under a framework, without trial or term."""
        return self.terms.framework is not None and phase.term is None and phase.state in ("active", "renewed")

    @property
    def unused_orders(self) -> tuple[Order, ...]:
        """Orders that the chain of terms does not use: none of them follows the term before it."""
        used = {phase.term.order for phase in self.phases if phase.term}
        return tuple(order for order in self.docket.orders if order.id not in used)

    def _non_renewals(self) -> Iterator[Notice]:
        stops = {version.terms.stopping_notice for version in self.versions}
        yield from (n for n in self.docket.turning.values() if n.kind in stops and n.counts is not None)

    def _counts(self, notice: Notice, end: Instant) -> list[Instant]:
        """When a notice counts for a term that ends at an instant: as it counts, and as it did until then, for what
        moves it afterwards does not undo what it has done.
        """
        return [counts for counts in (notice.counts, notice.counted(end)) if counts is not None]

    def _stopping(self, term: Term, spent: set[str]) -> list[Notice]:
        """The notices that stop the renewal of a term: given in time for it (and for none before), or late but accepted
        before its end.
        """
        if self.renewal(term) is None:
            return []
        window = self.non_renewal_window(term)
        start, end = self.calendar.start_of(term.first), self.calendar.end_of(term.last)
        stopping = []
        for notice in self._non_renewals():
            in_time = any(counts in window for counts in self._counts(notice, end))
            late_but_accepted = notice.accepted is not None and notice.accepted <= end and start <= notice.given < end
            # Withdrawn in time it never counted; withdrawn after the end of the term it has done its work.
            withdrawn = notice.withdrawn or FOREVER
            if notice.id not in spent and (in_time or late_but_accepted) and end < withdrawn:
                stopping.append(notice)
        return stopping

    def non_renewal_window(self, term: Term) -> Window:
        """When notice of non-renewal can be given for a term: up to the last day the clause leaves."""
        kept: dict[Term, Window] = self.docket.kept.setdefault("non-renewal", {})
        if term not in kept:
            kept[term] = self._when_non_renewal(term)
        return kept[term]

    def _when_non_renewal(self, term: Term) -> Window:
        matter = self.term_matter(term)
        terms = self.docket.terms_of(matter)
        if terms.renewal is None:
            return NEVER
        power = terms.powers[terms.renewal.stopped_by]
        clocks = ((clock, clock.clause or power.clause) for clock in power.clocks)
        return intersection(counted(clock, clause, matter, matter.last, self.docket) for clock, clause in clocks)

    def term_matter(self, term: Term) -> Matter:
        following = plus_days(term.last, 1)
        days = {"term start": term.first, "term end": term.last, "next term start": following}
        version = self.versions.index_at(self.calendar.start_of(term.first))
        made = self.derived("term", f"term {term.number}", Spell(self.docket.since), order=term.order)
        return made._replace(days=days, version=version)

    def derived(self, kind: str, matter_id: str, spell: Spell, **attributes: str) -> Matter:
        version = self.versions.index_at(spell.opened)
        return Matter(matter_id, kind, kind, None, (spell,), attributes=attributes, version=version)
