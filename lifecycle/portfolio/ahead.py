"""What is open and what comes next, in columns: powers over every matter, duties, transitions, gathered for each
agreement.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from lifecycle.outlook import BEGIN
from lifecycle.portfolio.counting import BEGINNING, FOREVER, Instants
from lifecycle.portfolio.courses import BY_ACT, EXPIRED, TRIAL, Course, Holds, stopping_terms
from lifecycle.portfolio.entries import CLOSES, ENDING, NO_MATTER, OPENS, Ahead
from lifecycle.portfolio.facts import BOTH, CUSTOMER, PARTIES, PROVIDER, Facts, Flags, Rows
from lifecycle.portfolio.windows import Set, openings
from lifecycle.terms.model import TRIAL_END, Duty, Power, covers


def look_ahead(course: Course, matters: dict[str, Set], held: Holds, every: Set) -> Ahead:
    """All that is open and ahead of agreements on a course, whose recorded matters are ``matters``, by kind."""
    found = Ahead.of(course)
    standing = _standing(held, course.facts.at)
    sets = {**matters, **dict(_derived(course, held, standing, every))}
    for number, power in enumerate(course.facts.rules.powers):
        if power.exercise == "automatic":
            continue
        if not power.matter:
            _unconditional(found, number, power)
        for kind in power.matter:
            if kind in sets and len(sets[kind]):
                _open(found, number, power, sets[kind], held)
    for duty in course.facts.rules.terms.duties.values():
        for kind in duty.matter:
            if kind in sets and len(sets[kind]):
                _owe(found, duty, sets[kind])
    _transitions(found)
    return found


def _standing(held: Holds, at: int) -> Flags:
    found: Flags = (held.since <= at) & (at < held.until)
    return found


def _derived(course: Course, held: Holds, standing: Flags, every: Set) -> Iterator[tuple[str, Set]]:
    """The matters that the course itself opens: the term that can still be stopped, the holds, the ending."""
    facts = course.facts
    ended = np.flatnonzero(course.ending < FOREVER)
    ids = [power.id for power in facts.rules.powers]
    yield (
        "ending",
        _set(
            facts,
            "ending",
            ended,
            np.full(len(ended), ENDING),
            course.ending[ended],
            words={
                "how": np.where(course.ended_by[ended] == EXPIRED, "expired", "terminated"),
                "power": np.array([*ids, ""])[course.end_power[ended]],
                "by": np.array([*PARTIES, ""])[course.end_party[ended]],
            },
        ),
    )
    hold = np.flatnonzero(standing)
    row = every.row[held.matter[hold]]
    power = np.array([*ids, ""])[held.power[hold]]
    yield "hold", _set(facts, "hold", held.owner[hold], row, held.since[hold], held.until[hold], words={"power": power})
    owner, k = terms_to_stop(course)
    chain = course.terms.take(owner)
    last = chain.last_day(k)
    days = {"term start": chain.last_day(k - 1) + 1, "term end": last, "next term start": last + 1}
    yield "term", _set(facts, "term", owner, -3 - k, course.since[owner], days=days)


def _set(
    facts: Facts,
    kind: str,
    owner: Rows,
    row: Rows,
    opened: Instants,
    ended: Instants | None = None,
    *,
    days: dict[str, Any] | None = None,
    words: dict[str, Any] | None = None,
) -> Set:
    count, nobody = len(owner), np.full(len(owner), -1)
    lasting = np.full(count, FOREVER) if ended is None else ended
    none = np.zeros(count, np.int64)
    return Set(
        facts, row, owner, opened, lasting, none, nobody, nobody, kind, days=days or {}, words=words or {}, derived=True
    )


def terms_to_stop(course: Course) -> tuple[Rows, Rows]:
    """The agreements with a term whose renewal notice given now would stop, and its number."""
    if course.stoppable is None:
        course.stoppable = _terms_to_stop(course)
    return course.stoppable


def _terms_to_stop(course: Course) -> tuple[Rows, Rows]:
    facts = course.facts
    owner = np.flatnonzero((course.begins < FOREVER) & (course.ending > facts.at))
    today = facts.line.day_of(np.array([facts.at]))[0]
    k = stopping_terms(facts, course.terms.take(owner), today)
    last = course.last_term[owner]
    there = (last == 0) | (k <= last)
    return owner[there], k[there]


# ---- powers ------------------------------------------------------------------------------------------------


def _unconditional(found: Ahead, number: int, power: Power) -> None:
    course = found.course
    closes = np.full(found.facts.count, FOREVER) if power.outlives else course.ending
    everyone, opens = np.arange(found.facts.count), course.first
    now = (opens <= found.facts.at) & (found.facts.at < closes)
    for party in (PROVIDER, CUSTOMER):
        if power.by in (PARTIES[party], "either", "other", "subject"):
            _permit(found, number, party, everyone, now)
    if power.by == "both":
        _permit(found, number, BOTH, everyone, now)
    _edges(found, power, everyone, opens, closes, np.full(len(everyone), NO_MATTER))


def _permit(found: Ahead, number: int, party: int, owner: Rows, which: Flags) -> None:
    holding = owner[which]
    if len(holding):
        np.bitwise_or.at(found.may[party], holding, np.uint64(1 << number))


def _edges(found: Ahead, power: Power, owner: Rows, opens: Instants, closes: Instants, matter: Rows) -> None:
    real = opens < closes
    found.edge(owner, opens, OPENS, power, real, matter)
    found.edge(owner, closes, CLOSES, power, real & (closes != found.course.ending[owner]), matter)


def _open(found: Ahead, number: int, power: Power, matters: Set, held: Holds) -> None:
    """A power over matters of one kind: whose it is now, and when its windows open and close."""
    course, at = found.course, found.facts.at
    if not matters.derived:
        matters = matters.lasting(power.ended_by)
    opens, closes = openings(power, matters)
    if power.does == "suspend" and not matters.derived:
        closes = np.minimum(closes, _held_from(matters, held, number, at))
    ending = course.ending[matters.owner]
    opens = np.maximum(opens, course.first[matters.owner])
    after = np.full(len(matters), power.outlives) & ((matters.kind == "ending") | (matters.opened < ending))
    closes = np.where(after, closes, np.minimum(closes, ending)) if after.any() else np.minimum(closes, ending)
    if not matters.derived and _lacked_in_trial(found, power, matters.kind):
        began = course.phase_at(np.minimum(matters.opened, ending), matters.owner)
        closes = np.where(began == TRIAL, BEGINNING, closes)
    now = (opens <= at) & (at < closes)
    if now.any():
        for party, holding in zip((PROVIDER, CUSTOMER), matters.holders(power.by), strict=True):
            _permit(found, number, party, matters.owner, now & holding)
        if power.by == "both":
            _permit(found, number, BOTH, matters.owner, now)
    _edges(found, power, matters.owner, opens, closes, matters.row)


def _held_from(matters: Set, held: Holds, number: int, at: int) -> Instants:
    """From when each matter is suspended for under a power: by a hold that stands, or one that an act given already
    places later; FOREVER where there is none.
    """
    mine = (held.power == number) & (held.matter >= 0) & (at < held.until) & (held.since < held.until)
    if not mine.any():
        return np.full(len(matters), FOREVER)
    places = max(matters.place.max(initial=0), held.matter[mine].max()) + 1
    since = np.full(places, FOREVER)
    np.minimum.at(since, held.matter[mine], held.since[mine])
    return since[matters.place]


def _lacked_in_trial(found: Ahead, power: Power, kind: str) -> bool:
    terms = found.facts.rules.terms
    clauses = (power.clause, terms.kinds[kind].clause)
    return terms.trial is not None and any(covers(terms.trial.lacks, clause) for clause in clauses)


# ---- duties ------------------------------------------------------------------------------------------------


def _owe(found: Ahead, duty: Duty, matters: Set) -> None:
    """The last days of duties that have arisen and are still to be done."""
    line, at = found.facts.line, found.facts.at
    arises = matters.opened if duty.arises == "start" else matters.noticed(duty.arises.removeprefix("notice:"))
    applies, _ = matters.applicable(duty.when, duty.unless)
    which = np.flatnonzero(applies & (arises <= at) & (matters.opened <= at))
    matters, arises = matters.take(which), arises[which]
    due = np.full(len(matters), FOREVER)
    if duty.deadline == "at once":
        due = line.end_of(line.day_of(arises))
    elif duty.clocks:
        due = matters.last_safe(duty.clocks, duty.needs)
    pending = due > at
    for way in duty.met_by:
        if way.startswith("notice:"):
            pending &= ~(matters.noticed(way.removeprefix("notice:")) <= at)
        else:
            pending &= ~(matters.ended_as((way,)) & (matters.ended <= at))
    if pending.any():
        found.due(matters.owner, due, duty, pending & _binds(found, duty, matters), matters.row)


def _binds(found: Ahead, duty: Duty, matters: Set) -> Flags:
    """Where the clause that a duty rests on was in force when its matter began."""
    if matters.kind == "ending":
        return np.ones(len(matters), bool)
    course, terms, owner = found.course, found.facts.rules.terms, matters.owner
    clause, ended = duty.rests_on or duty.clause, course.ending[owner] <= matters.opened
    phase = course.phase_at(matters.opened, owner)
    lacks = terms.trial is not None and covers(terms.trial.lacks, clause)
    before = (phase > 0) & ~((phase == TRIAL) & lacks)
    survives = np.zeros(len(matters), bool)
    if terms.survival is not None and covers(terms.survival.clauses, clause):
        kept = {EXPIRED: "expire" in terms.survival.after, BY_ACT: "terminate" in terms.survival.after}
        survives = np.array([False, kept[EXPIRED], kept[BY_ACT]])[course.ended_by[owner]]
    return np.where(ended, survives | duty.outlives, before)


# ---- transitions -------------------------------------------------------------------------------------------


def _transitions(found: Ahead) -> None:
    course, terms, facts = found.course, found.facts.rules.terms, found.facts
    everyone, at = np.arange(facts.count), facts.at
    renewal, trial = terms.renewal.clause if terms.renewal else "", terms.trial.clause if terms.trial else ""
    every = np.ones(facts.count, bool)
    found.turn(everyone, course.first, BEGIN, renewal, every)
    found.turn(everyone, course.gap, TRIAL_END, trial, course.gap <= course.ending)
    found.turn(everyone, course.begins, "convert", trial, (course.trial < FOREVER) & (course.begins < course.ending))
    running = np.flatnonzero((course.begins <= at) & (course.ending > at))
    if len(running):
        turns = facts.line.end_of(course.terms.take(running).last_day(course.now[running]))
        found.turn(running, turns, "renew", renewal, turns < course.ending[running])
    acted = course.ended_by == BY_ACT
    for number, power in enumerate(facts.rules.powers):
        if power.does == "terminate":
            found.turn(everyone, course.ending, "terminate", power.clause, acted & (course.end_power == number))
    expires = course.ended_by == EXPIRED
    found.turn(everyone, course.ending, "expire", trial, expires & course.after_trial)
    found.turn(everyone, course.ending, "expire", renewal, expires & ~course.after_trial)
