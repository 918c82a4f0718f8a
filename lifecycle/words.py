"""Recorded facts and openings in plain words, one line each, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lifecycle.agreement import Status
from lifecycle.events import (
    Accepted,
    Acted,
    Agreed,
    AgreementMade,
    CaughtUp,
    Corrected,
    Done,
    Extended,
    Fact,
    MatterChanged,
    MatterEnded,
    MatterOpened,
    MatterReopened,
    NoticeDelivered,
    NoticeGiven,
    OpeningBalance,
    OrderSigned,
    Paid,
    Posted,
    Waived,
    Withdrawn,
)
from lifecycle.holds import Hold
from lifecycle.plain import a
from lifecycle.powers import Opening
from lifecycle.reasons import said
from lifecycle.terms.model import Power, Terms, named
from lifecycle.weighing import Weighed

_MEANS = {
    "payment": "paid",
    "credit": "credited",
    "write_off": "written off",
    "refund": "refunded",
    "chargeback": "charged back",
}


def told(fact: Fact, terms: Terms) -> str:
    """What a fact says: ``the provider gave an overdue notice about INV-1 by courier``."""
    match fact:
        case AgreementMade():
            trial = ", on trial" if fact.on_trial else ""
            through = f" through {fact.trial_through}" if fact.trial_through else ""
            return f"agreement made with {fact.customer} under {terms.title}{trial}{through}"
        case OpeningBalance():
            return (
                f"account imported: term {fact.number} of order {fact.order} running since {fact.started} (unverified)"
            )
        case OrderSigned():
            renews = "" if fact.renews else ", not renewing"
            term = f"{fact.term} from" if fact.term else "from"
            named = "".join(f", {name.replace('_', ' ')} {period}" for name, period in fact.values.items())
            return f"order {fact.order} signed by both: {term} {fact.start}{renews}{named}"
        case MatterOpened():
            return _opened(fact, terms)
        case MatterChanged():
            return f"{fact.matter} changed: {_details(fact)}"
        case MatterEnded():
            return f"{fact.matter} was {fact.how.replace('_', ' ')}"
        case MatterReopened():
            return f"{fact.matter} goes on again"
        case Paid():
            return f"{fact.amount} {_MEANS[fact.means]} for {fact.matter}"
        case Done():
            return f"the {fact.by} did its duty to {_titled(terms.duties, fact.duty)} ({fact.about})"
        case Corrected():
            return f"correction of {fact.event}: {told(fact.fact, terms)}"
        case Withdrawn():
            return f"correction: {fact.event} did not happen"
        case CaughtUp():
            return f"caught up: {'; '.join(e.text + (' - overturned' if e.overturned else '') for e in fact.entries)}"
        case _:
            return _between(fact, terms)


def _titled(table: Mapping[str, Any], name: str) -> str:
    """What the Terms call something; its id where these Terms do not know it, as others may that governed then."""
    return str(table[name].title) if name in table else name.replace("_", " ")


def _opened(fact: MatterOpened, terms: Terms) -> str:
    title = _titled(terms.kinds, fact.kind)
    details = f" ({told})" if (told := _details(fact)) else ""
    about = f" (the {fact.party}'s)" if fact.party else ""
    says = f", says the {fact.by}" if fact.by else ""
    return f"{title} {fact.matter}{about}{details}{says}"


def _details(fact: MatterOpened | MatterChanged) -> str:
    details = [str(fact.amount)] if fact.amount else []
    details += [f"{name} {day}" for name, day in fact.days.items()]
    details += [f"{name}: {said(value)}" for name, value in fact.attributes.items()]
    return ", ".join(details)


def _between(fact: Fact, terms: Terms) -> str:
    """What one party says or does to the other, or both together."""
    match fact:
        case NoticeGiven():
            about = f" about {', '.join(fact.about)}" if fact.about else ""
            return (
                f"the {fact.by} gave {a(_titled(terms.notices, fact.kind))}{about} by {fact.method.replace('_', ' ')}"
            )
        case NoticeDelivered():
            return f"notice {fact.notice} was delivered"
        case Acted():
            about = f" because of {', '.join(fact.about)}" if fact.about else ""
            against = f", against the verdict: {fact.override}" if fact.override else ""
            method = f" by {fact.method.replace('_', ' ')}" if fact.method else ""
            named = terms.powers.get(fact.power or "")
            power = f" under {named.clause if named else fact.power}" if fact.power else ""
            return f"the {fact.by} acted: {fact.does}{power}{about}{method}{against}"
        case Accepted():
            return f"the {fact.by} accepted notice {fact.notice}"
        case Extended():
            return f"the {fact.by} gave more time for {fact.matter}: {fact.day or fact.power} {fact.to}"
        case Waived():
            return f"the {fact.by} waived {fact.power} for {fact.matter}"
        case Agreed():
            target = f" of {fact.target}" if fact.target else ""
            to = f" to {fact.terms}" if fact.terms else ""
            return f"both agreed in writing: {fact.what}{target}{to}"
        case Posted():
            when = f", effective {fact.effective}" if fact.effective else ""
            exercised = terms.powers.get(fact.power or "")
            what = exercised.title if exercised else fact.power or "policy"
            return f"the provider posted: {what}{f' {fact.terms}' if fact.terms else ''}{when}"
        case _:
            return type(fact).__name__


def opening_told(o: Opening) -> str:
    """Who may do what, because of what: ``provider may suspend for overdue amounts [1.12(e)] (invoice INV-1)``."""
    who = named(o.holders)
    about = f" ({o.matter.label})" if o.matter else ""
    return f"{who} may {o.power.title} [{o.power.clause}]{about}"


def status_told(status: Status) -> str:
    """Where an agreement stands, in a sentence: ``acme is suspended (term 1 through 2027-01-04)``."""
    match status.state:
        case None:
            stands = "is not in force yet"
        case "terminated":
            by = f" by the {status.ending.by}" if status.ending and status.ending.by in ("provider", "customer") else ""
            how = status.ending.how if status.ending else "ended"
            stands = f"ended: {how}{by}" + (
                f" [{status.ending.clause}]" if status.ending and status.ending.clause else ""
            )
        case "active" | "renewed" if not status.in_service:
            stands = f"is {status.state}, without a term"
        case "trial":
            stands = "is on trial"
        case _:
            stands = f"is {status.state}"
    running = status.term if status.state != "terminated" else None
    term = f" (term {running.number} through {running.last})" if running else ""
    return f"{status.agreement} {stands}{term}"


def hold_told(hold: Hold, power: Power | None) -> str:
    """Why an agreement is suspended: ``suspend for overdue amounts (INV-7)``."""
    about = f" ({hold.matter})" if hold.matter else ""
    return f"{power.title if power else 'suspend, under no power of the Terms'}{about}"


def weighed_told(weighed: Weighed) -> str:
    """What holds under every reading, in a sentence."""
    from_ = f"undisputed from {weighed.first_day}" if weighed.first_day else "never undisputed, as things are"
    match weighed.standing:
        case "undisputed":
            return "open under every reading of the clauses it depends on"
        case "contested":
            against = next(u for u in weighed.under if weighed.question.at not in u.windows)
            with_ = "with " if against.readings else ""
            return f"contested: not open {with_}{against.named}; {from_}"
        case _:
            return f"closed under every reading; {from_}"
