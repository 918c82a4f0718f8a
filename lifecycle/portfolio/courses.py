"""The course of many agreements in columns: phases, ending and holds, as :mod:`lifecycle.phases` and
:mod:`lifecycle.course` derive them one by one. One order at most, and no framework: the rest is answered singly.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lifecycle.days import last_day_of_term
from lifecycle.portfolio.counting import BEGINNING, FOREVER, Days, Instants, Terms, as_day, number
from lifecycle.portfolio.facts import PARTIES, Facts, Flags, Rows, checked_days
from lifecycle.portfolio.matters import Matters
from lifecycle.portfolio.orders import Orders
from lifecycle.portfolio.windows import Set
from lifecycle.portfolio.writings import Acts, Notices, paired
from lifecycle.terms.model import Clock
from lifecycle.values import define, frozen

NONE, TRIAL, ACTIVE, SUSPENDED, TERMINATED, RENEWED = range(6)
STATES = ("", "trial", "active", "suspended", "terminated", "renewed")
EXPIRED, BY_ACT = 1, 2


@frozen(eq=False)
class Holds:
    """Holds: whose, under which power (an index), about which matter, placed by which act; ``until`` excluded."""

    owner: Rows
    power: NDArray[Any]
    matter: Rows
    since: Instants
    until: Instants
    placed: Rows


@define(eq=False)
class Course:
    """Phases and ending of each agreement. trial: since when it is on trial, FOREVER where it never is; gap: since when
    the trial is over and the order has not begun; begins: the first instant of the first term; expires: the end that
    the chain comes to, and ``last_term`` the term it ends with (0: none settled). ending: the end of the agreement.
    """

    facts: Facts
    since: Instants
    trial: Instants
    gap: Instants
    begins: Instants
    terms: Terms
    expires: Instants
    last_term: Days
    after_trial: Flags
    ending: Instants
    ended_by: NDArray[Any]
    end_power: NDArray[Any]
    end_party: NDArray[Any]
    stoppable: tuple[Rows, Rows] | None = None
    """What :func:`lifecycle.portfolio.ahead.terms_to_stop` found."""
    _now: Days | None = None

    @property
    def now(self) -> Days:
        """The numbers of the terms that run at the instant of the question, or ran last; 0 outside of terms."""
        if self._now is None:
            reached = np.minimum(self.facts.at, self.ending)
            self._now = np.zeros(self.facts.count, np.int64)
            running = np.flatnonzero(reached >= self.begins)
            self._now[running] = self.term_at(self.facts.line.day_of(reached[running]), running)
        return self._now

    @property
    def first(self) -> Instants:
        """The first instant in force."""
        return np.minimum(self.trial, self.begins)

    def term_at(self, day: Any, owner: Rows | slice = slice(None)) -> Days:
        """The numbers of the terms that run on a day, as far as the chain goes."""
        k = self.terms.take(owner).first_reaching(day)
        last = self.last_term[owner]
        return np.where(last > 0, np.minimum(k, last), k)

    def phase_at(self, at: Instants, owner: Rows | slice = slice(None)) -> NDArray[np.int8]:
        """The state of the phases at instants, whatever ends the agreement."""
        begun = at >= self.begins[owner]
        found = np.full(len(at), NONE, np.int8)
        trial = (at >= self.trial[owner]) & (at < self.gap[owner])
        found[trial] = TRIAL
        if begun.any():
            owners = np.arange(self.facts.count)[owner][begun]
            k = self.term_at(self.facts.line.day_of(at[begun]), owners)
            found[begun] = np.where(k == 1, ACTIVE, RENEWED)
        return found


def course(facts: Facts, signed: Orders, matters: dict[str, Set], given: Notices, done: Acts) -> Course:
    """The course of each agreement, from its order, its matters by kind, its notices and its acts."""
    line, rules, made = facts.line, facts.rules.terms, facts.starts
    since = facts.occurred[made]
    on_trial = facts.columns.flags("trial", made) | facts.columns.present("trial_through", made)
    if rules.trial is None:
        facts.leave(np.flatnonzero(on_trial), "a trial that the Terms do not know")
    limit, trial_end = _trial_ends(facts, since, matters)
    has_order = signed.signed < FOREVER
    used = has_order & (~on_trial | (signed.signed <= trial_end))
    begins = np.where(
        used, np.maximum(signed.signed, line.start_of(np.where(used, signed.start, facts_day(facts)))), FOREVER
    )
    if rules.trial is not None and rules.trial.gap == "goes on":
        trial_end = np.where(used, limit, trial_end)
    trial = np.where(on_trial & (begins > since), since, FOREVER)
    gap = np.where((trial < FOREVER) & used & (begins > trial_end), trial_end, FOREVER)
    month_ends = rules.renewal.month_ends if rules.renewal else "corresponding day"
    chain = Terms(np.where(used, signed.start, facts_day(facts)), signed.days, signed.months, month_ends)
    last_term = _last_terms(facts, used, signed, chain, given)
    settled = last_term > 0
    ends = line.end_of(chain.last_day(np.maximum(last_term, 1)))
    expires = np.where(settled, np.maximum(ends, begins), FOREVER)
    after_trial = on_trial & ~used
    expires = np.where(after_trial, trial_end, expires)
    none = np.full(facts.count, -1)
    found = Course(
        facts,
        since,
        trial,
        gap,
        begins,
        chain,
        expires,
        last_term,
        after_trial,
        expires,
        np.where(expires < FOREVER, EXPIRED, 0),
        none,
        none.copy(),
    )
    _terminate(found, done)
    return found


def facts_day(facts: Facts) -> Any:
    """The day of the question, where any day would do."""
    return facts.line.day_of(np.array([facts.at]))[0]


def _trial_ends(facts: Facts, since: Instants, matters: dict[str, Set]) -> tuple[Instants, Instants]:
    """When trials are used up whatever their last day, and when they end."""
    rule, made, line = facts.rules.terms.trial, facts.starts, facts.line
    limit = np.full(facts.count, FOREVER)
    if rule is not None and (using := matters.get(rule.limit)) is not None:
        np.minimum.at(limit, using.owner, np.maximum(using.opened, since[using.owner]))
    through = checked_days(facts, "trial_through", made)
    has = facts.columns.present("trial_through", made)
    if rule is not None and rule.length is not None:
        began, which = np.unique(line.day_of(np.where(line.knows(since), since, facts.at)), return_inverse=True)
        own = [number(last_day_of_term(as_day(day), rule.length, 1)) for day in began]
        through, has = np.where(has, through, np.array(own, np.int64)[which]), np.ones(facts.count, bool)
    return limit, np.where(has, np.minimum(limit, line.end_of(through)), limit)


# ---- the chain of terms ------------------------------------------------------------------------------------


def shift_of(clock: Clock) -> int:
    """How many days before the last day of a term a notice that stops its renewal is given at the latest."""
    return clock.n + (clock.compare == "more than") - (clock.start == "next term start")


def stopping_terms(facts: Facts, chain: Terms, day: Any) -> Days:
    """The first terms for which a notice given on a day is in time."""
    rule = facts.rules.terms.renewal
    if rule is None:
        return np.ones(len(chain.first), np.int64)
    shifts = [shift_of(clock) for clock in facts.rules.terms.powers[rule.stopped_by].clocks]
    return chain.first_reaching(day + max(shifts)) if shifts else np.ones(len(chain.first), np.int64)


def _last_terms(facts: Facts, used: Flags, signed: Orders, chain: Terms, given: Notices) -> Days:
    """The numbers of the terms after which chains stop; 0 where nothing says that they do."""
    rule = facts.rules.terms.renewal
    last = np.where(used & (~signed.renews | (rule is None)), 1, 0).astype(np.int64)
    if rule is None:
        return last
    stops = facts.rules.terms.powers[rule.stopped_by].exercise.removeprefix("notice:")
    if stops not in facts.rules.notices:
        return last
    mine = np.flatnonzero((given.kind == facts.rules.notices.index(stops)) & (given.counts < FOREVER))
    owner = facts.owner[given.row[mine]]
    counts = given.counts[mine]
    near = used[owner] & facts.line.knows(counts)
    owner, counts = owner[near], counts[near]
    stopped = stopping_terms(facts, chain.take(owner), facts.line.day_of(counts))
    first = np.full(facts.count, np.iinfo(np.int64).max)
    np.minimum.at(first, owner, stopped)
    return np.where((last == 0) & (first < np.iinfo(np.int64).max), first, last)


# ---- acts --------------------------------------------------------------------------------------------------


def _reaching(found: Course, done: Acts, which: Rows, transition: str) -> Flags:
    """Which acts find their agreements in force, and are their party's to do."""
    allowed = [PARTIES.index(party) for party in found.facts.rules.acting(transition) if party in PARTIES]
    effect = np.where(found.facts.line.knows(done.at[which]), done.at[which], BEGINNING)
    near = effect > BEGINNING
    owner = done.owner[which]
    state = found.phase_at(np.where(near, effect, found.facts.at), owner)
    reaching: Flags = near & (state != NONE) & np.isin(done.by[which], allowed)
    return reaching


def _terminate(found: Course, done: Acts) -> None:
    """Let the first termination of each agreement that comes before its expiry end it."""
    which = np.flatnonzero(done.does == 2)
    which = which[_reaching(found, done, which, "terminate")] if len(which) else which
    which = which[done.at[which] < found.expires[done.owner[which]]]
    # By instant; of one instant, the one that was done first, and then the one recorded first.
    order = np.lexsort((done.row[which], found.facts.occurred[done.row[which]], done.at[which], done.owner[which]))
    which = which[order]
    which = which[np.diff(done.owner[which], prepend=-1) != 0]
    owner = done.owner[which]
    found.ending = found.ending.copy()
    found.ending[owner] = done.at[which]
    found.ended_by[owner] = BY_ACT
    found.end_power[owner] = done.power[which]
    found.end_party[owner] = done.by[which]


def holds(found: Course, done: Acts, matters: Matters, opening: Rows) -> Holds:
    """The holds there were, and when each lifted."""
    facts, rules = found.facts, found.facts.rules
    which = np.flatnonzero(done.does == 0)
    which = which[_reaching(found, done, which, "suspend")] if len(which) else which
    place, target = facts.about(done.row[which])
    facts.leave(done.owner[which[np.bincount(place, minlength=len(which)) == 0]], "a suspension that names no matter")
    act, matter = which[place], opening[target]
    facts.leave(done.owner[act[matter < 0]], "a suspension for what is not recorded")
    known = matter >= 0
    act, matter = act[known], matter[known]
    owner, since = done.owner[act], done.at[act]
    facts.leave(owner[since > facts.at], "a suspension that takes effect later")
    before_end = since < found.ending[owner]
    act, matter, owner, since = act[before_end], matter[before_end], owner[before_end], since[before_end]
    # A matter is of one agreement, so that power and matter tell a hold.
    _, first, many = np.unique(matter * len(rules.powers) + done.power[act], return_index=True, return_counts=True)
    facts.leave(owner[first[many > 1]], "suspended twice for one matter")
    power = done.power[act]
    until = np.full(len(act), FOREVER)
    for number_, rule in enumerate(rules.powers):
        if rule.does == "suspend" and rule.lifts == "by itself":
            mine = np.flatnonzero(power == number_)
            ends = [rules.ends.index(end) for end in rule.ended_by]
            over = np.isin(matters.how[matter[mine]], ends)
            lifted = np.maximum(since[mine], matters.ended[matter[mine]])
            until[mine] = np.where(over, lifted, FOREVER)
    until = np.minimum(until, _lifted_by_acts(found, done, owner, since, done.row[act], matter, opening))
    return Holds(owner, power, matter, since, until, done.row[act])


def _lifted_by_acts(
    found: Course, done: Acts, owner: Rows, since: Instants, placed: Rows, matter: Rows, opening: Rows
) -> Instants:
    """When the first act that lifts each hold does; FOREVER where none does."""
    facts = found.facts
    allowed = [PARTIES.index(party) for party in facts.rules.acting("reinstate") if party in PARTIES]
    until = np.full(len(owner), FOREVER)
    lifting = np.flatnonzero((done.does == 1) & np.isin(done.by, allowed))
    facts.leave(done.owner[lifting[done.at[lifting] > facts.at]], "a lifting that takes effect later")
    place, target = facts.about(done.row[lifting])
    every = lifting[np.bincount(place, minlength=len(lifting)) == 0]
    naming, named = lifting[place], opening[target]
    for acts, wanted in ((every, None), (naming, named)):
        hold, which = paired(owner, done.owner[acts], facts.count)
        act = acts[which]
        later = (done.at[act] > since[hold]) | ((done.at[act] == since[hold]) & (done.row[act] > placed[hold]))
        if wanted is not None:
            later &= wanted[which] == matter[hold]
        np.minimum.at(until, hold[later], done.at[act[later]])
    return until
