"""Announcing once to many agreements: new Terms as the Terms in force let one party, or a policy beside them.

What is announced is recorded in each agreement's own history, under one key, so that announcing again changes nothing
and every history stays complete in itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from lifecycle.agreement import Agreement
from lifecycle.days import FOREVER, Day, Instant, Moment
from lifecycle.errors import LifecycleError
from lifecycle.events import Event, Fact, NoticeGiven, Posted
from lifecycle.terms import Terms
from lifecycle.terms.model import Amendment, Party
from lifecycle.values import frozen


@frozen
class Announced:
    """What announcing came to for one agreement: the event recorded and when the Terms take effect, or why they do not
    (``problem``; nothing is recorded where ``event`` is None).
    """

    agreement: str
    event: Event | None = None
    effective: Instant | None = None
    problem: str = ""


def announce(
    terms: Terms,
    agreements: Iterable[Agreement],
    *,
    at: str | Moment,
    effective: str | Day | None = None,
    method: str | None = None,
    readings: Mapping[str, str] | None = None,
) -> Iterator[Announced]:
    """Amend each agreement to other Terms by one party's posting or notice, as the Terms in force there say.
    ``method``: how the notice is given, where they ask for one.
    """
    for agreement in agreements:
        rule = agreement.terms_at(at).amendment
        if (ended := agreement.status(at).ending) is not None:
            yield Announced(agreement.id, problem=f"the agreement ended on {agreement.status(ended.at).on}")
            continue
        if rule is None:
            problem = f"{agreement.terms_at(at).id} cannot be amended by one party: both sign (agreed, amendment)"
            yield Announced(agreement.id, problem=problem)
            continue
        agreement.learn(terms)
        fact = _fact(terms, agreement, rule, at, effective, method, readings or {})
        announced = _recorded(agreement, fact, terms, at)
        if announced.event is None:
            yield announced
            continue
        event = announced.event
        binds = next((v.at for v in agreement.versions() if v.event == event.id), FOREVER)
        problem = agreement.remarks(at).get(event.id, "") if binds == FOREVER else ""
        yield Announced(agreement.id, event, binds if binds < FOREVER else None, problem)


def announce_policy(policy: Terms, agreements: Iterable[Agreement], *, at: str | Moment) -> Iterator[Announced]:
    """Post a policy beside each agreement: in force at once, and no part of it."""
    for agreement in agreements:
        posted = _recorded(agreement, Posted(terms=policy.id, digest=policy.digest), policy, at)
        yield Announced(posted.agreement, posted.event, agreement.instant(at) if posted.event else None, posted.problem)


def _fact(
    terms: Terms,
    agreement: Agreement,
    rule: Amendment,
    at: str | Moment,
    effective: str | Day | None,
    method: str | None,
    readings: Mapping[str, str],
) -> Fact:
    power = agreement.terms_at(at).powers[rule.power]
    if power.exercise == "posting":
        return Posted(power=power.id, terms=terms.id, digest=terms.digest, effective=effective, readings=readings)
    return NoticeGiven(
        kind=power.exercise.removeprefix("notice:"),
        by=cast("Party", power.by),
        method=method or "",
        terms=terms.id,
        digest=terms.digest,
        effective=effective,
        readings=readings,
    )


def _recorded(agreement: Agreement, fact: Fact, terms: Terms, at: str | Moment) -> Announced:
    try:
        event = agreement.record(fact, at=at, key=f"announced {terms.id} {terms.digest[:12]}")
    except LifecycleError as error:
        return Announced(agreement.id, problem=str(error))
    return Announced(agreement.id, event)
