"""What an author of Terms should know before relying on them: what can never come about, what has no effect, what
leads nowhere. The loader refuses what is no Terms; this reads Terms that load.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from math import inf

from attrs import evolve

from lifecycle.errors import InvalidTerms
from lifecycle.terms import reach
from lifecycle.terms.checking import at, clocks
from lifecycle.terms.finding import Finding, error, hint
from lifecycle.terms.idle import idle
from lifecycle.terms.loading import under
from lifecycle.terms.model import Clock, Power, Reading, Terms
from lifecycle.terms.patching import Place, places


def findings(terms: Terms) -> tuple[Finding, ...]:
    """Everything there is to find, errors first, each sort in the order of the file."""
    found = (
        *_unreachable(terms),
        *_suspensions(terms),
        *_doubles(terms),
        *_readings(under(terms, {})),
        *idle(terms),
        *_lengths(terms),
        *_slow_methods(terms),
        *_ending(terms),
    )
    return tuple(sorted(found, key=lambda finding: finding.severity != "error"))


# ---- what can never come about -------------------------------------------------------------------------------


def _unreachable(terms: Terms) -> Iterator[Finding]:
    for notice in terms.notices.values():
        if why := reach.why_never_given(notice, terms):
            yield error("never-given", at("notice_kind", notice.id), why, "say who gives it, how and when")
    for power in terms.powers.values():
        if why := reach.why_never_opens(power, terms):
            yield error("never-opens", at("power", power.id), why, "change its conditions, or leave the power out")
    for duty in terms.duties.values():
        if why := reach.why_never_arises(duty, terms):
            yield error("never-arises", at("duty", duty.id), why, "change its conditions, or leave the duty out")


def _suspensions(terms: Terms) -> Iterator[Finding]:
    may_lift = bool(terms.powers_to("reinstate"))
    for power in terms.powers_to("suspend"):
        path = at("power", power.id)
        if power.lifts == "by an act" and not may_lift:
            what = "it lifts by an act, and no power is there to reinstate"
            yield error("never-lifts", f"{path}.lifts", what, 'add a power that does "reinstate"')
        elif power.lifts == "by itself" and not power.ended_by and not may_lift:
            what = "it lifts by itself, and nothing takes the power away"
            yield error("never-lifts", f"{path}.lifts", what, "say what ends it, or add a power to reinstate")


# ---- what stands there twice ---------------------------------------------------------------------------------


def _doubles(terms: Terms) -> Iterator[Finding]:
    listed = {"effect": [effect.id for effect in terms.effects], "rule": [rule.id for rule in terms.rules]}
    for section, names in listed.items():
        for i, name in enumerate(names):
            if name in names[:i]:
                path = f"{section}[{i}].id"
                yield error("twice", path, f"the id {name!r} is taken", "give it an id of its own")
    for path, values in _lists(terms):
        for value, times in Counter(values).items():
            if times > 1:
                yield hint("twice", path, f"{value!r} stands {times} times", "say it once")


def _lists(terms: Terms) -> Iterator[tuple[str, tuple[object, ...]]]:
    if terms.survival:
        yield "survival.clauses", terms.survival.clauses
    if terms.trial:
        yield "trial.lacks", terms.trial.lacks
    for kind in terms.kinds.values():
        yield f"{at('kind', kind.id)}.ends", kind.ends
    for power in terms.powers.values():
        for name in ("matter", "ended_by", "prevented_by"):
            yield f"{at('power', power.id)}.{name}", getattr(power, name)
        yield f"{at('power', power.id)}.clocks", tuple(f"{clock.compare} {clock.period}" for clock in _same(power))


def _same(power: Power) -> tuple[Clock, ...]:
    """The clocks of a power that say the same as another of them."""
    return tuple(clock for clock in power.clocks if power.clocks.count(clock) > 1)


# ---- readings ------------------------------------------------------------------------------------------------


def _readings(terms: Terms) -> Iterator[Finding]:
    """Each alternative must make other Terms (that it makes Terms, the loader saw to); each pair must make Terms, and
    be more than one of the two.
    """
    read: dict[tuple[int, str], Terms] = {}
    for i, reading in enumerate(terms.readings):
        for k, alternative in enumerate(reading.alternative):
            read[i, alternative.meaning] = made = under(terms, {reading.key: alternative.meaning})
            if _alike(made, terms):
                what = f"{reading.key} read as {alternative.meaning!r} changes nothing"
                path = f"reading[{i}].alternative[{k}]"
                yield error("reading-vain", path, what, "patch what would differ, or leave the meaning out")
    for one, two in combinations(read, 2):
        if one[0] != two[0]:
            yield from _pair(terms, one, two, read)


def _pair(
    terms: Terms, one: tuple[int, str], two: tuple[int, str], read: dict[tuple[int, str], Terms]
) -> Iterator[Finding]:
    named = [(terms.readings[i], meaning) for i, meaning in (one, two)]
    told = " and ".join(f"{reading.key} read as {meaning!r}" for reading, meaning in named)
    path = f"reading[{two[0]}]"
    try:
        made = under(terms, {reading.key: meaning for reading, meaning in named})
    except InvalidTerms as refusal:
        what = f"{told} cannot be combined: {'; '.join(refusal.problems)}"
        yield error("readings-clash", path, what, "let their patches touch different places")
        return
    if not _touch(*named):
        return
    if lost := next((r.key for (r, _), other in zip(named, (two, one), strict=True) if _alike(made, read[other])), ""):
        what = f"{told} come to no more than one of them: what {lost} changes is lost"
        yield hint("readings-overlap", path, what, "patch single keys rather than the list or table they are in")


def _touch(*named: tuple[Reading, str]) -> bool:
    """Whether two meanings patch the same place, or one a place within the other's."""
    one, two = (_touched(reading, meaning) for reading, meaning in named)
    return any(a[: len(b)] == b[: len(a)] for a in one for b in two)


def _touched(reading: Reading, meaning: str) -> list[tuple[Place, ...]]:
    return [places(patch.at) for a in reading.alternative if a.meaning == meaning for patch in a.patch]


def _alike(one: Terms, two: Terms) -> bool:
    return evolve(one, chosen={}) == evolve(two, chosen={})


# ---- lengths, and the end ------------------------------------------------------------------------------------


def _lengths(terms: Terms) -> Iterator[Finding]:
    """Periods that are no shorter than the term they sit in, where orders name none of their own."""
    term = terms.order.term
    if term is None:
        return
    length = reach.days(Clock("start", term.n, "at least", term.unit), terms)[1]
    for path, clock in clocks(terms):
        if clock.direction == "before" and reach.days(clock, terms)[0] >= length:
            what = f"{clock.period} before the end of a term of {term}: its last day is over when the term begins"
            yield hint("longer-than-term", f"{path}.n", what, "shorten it, or lengthen order.term")
    lead = terms.amendment.lead if terms.amendment else None
    if lead and reach.days(Clock("start", lead.n, "at least", lead.unit), terms)[0] >= length:
        what = f"{lead} are no shorter than a term of {term}"
        yield hint("longer-than-term", "amendment.lead", what, "shorten it, or lengthen order.term")


def _slow_methods(terms: Terms) -> Iterator[Finding]:
    """Methods by which a notice counts only after the last day on which it must have."""
    deadlines = [
        (notice.id, clock) for notice in terms.notices.values() for clock in notice.given if clock.start == "start"
    ]
    deadlines += [
        (way.removeprefix("notice:"), clock)
        for duty in terms.duties.values()
        for way in duty.met_by
        if way.startswith("notice:")
        for clock in duty.clocks
        if clock.start == duty.arises == "start"
    ]
    methods = terms.notice.methods if terms.notice else {}
    for notice, clock in deadlines:
        last = reach.days(clock, terms)[1] if clock.compare == "no later than" else inf
        for name, method in methods.items():
            if method.n > last:
                what = f"by {name} a {notice!r} notice counts {method.n} days later, and {clock.period} are left for it"
                yield hint("too-slow", at("notice.methods", name), what, "let it count sooner, or leave more time")


def _ending(terms: Terms) -> Iterator[Finding]:
    if terms.begins == "made" and not terms.powers_to("terminate"):
        what = "nothing ends an agreement under these Terms: it has no term, and no party may terminate"
        yield hint("no-ending", "terms.begins", what, "add a power to terminate, unless that is meant")
