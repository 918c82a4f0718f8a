"""What a customer sees of the account: codes with figures, to be said in the customer's language, and no accusations.

What the provider asserts about a customer - a breach, a risk, a court's proceeding - is between people, and is never
shown here: the view says only that somebody will be in touch. Dates are those of the clauses, not of a job's run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import field, frozen

from lifecycle import Agreement
from lifecycle.days import Instant


@frozen
class Line:
    """One thing to say: a code that does not change, and what its words need."""

    code: str
    figures: Mapping[str, str] = field(factory=dict)


def view(account: Agreement, at: Instant) -> tuple[Line, ...]:
    """What to tell the customer of an account at an instant, the most pressing first."""
    status = account.status(at)
    if status.ending is not None:
        return (Line("ended", {"day": str(account.status(status.ending.at).on)}),)
    lines = [Line("paused" if status.state == "suspended" else "running" if status.in_service else "not running")]
    lines += _to_pay(account, at)
    if status.holds and any(hold.power != "suspend.overdue" for hold in status.holds):
        lines.append(Line("in touch"))
    if status.term is not None:
        lines.append(Line("term", {"first": str(status.term.first), "last": str(status.term.last)}))
        lines += _to_leave(account, at)
    return tuple(lines)


def _to_pay(account: Agreement, at: Instant) -> Iterator[Line]:
    """What is owed, and the day on which the service may pause for it, where that is known."""
    held = {hold.matter for hold in account.status(at).holds}
    powers = account.powers(at)
    pauses = {o.matter.id: o for o in powers if o.matter and o.power.id == "suspend.overdue"}
    invoices = {o.matter.id: o.matter for o in powers if o.matter and o.matter.kind == "invoice"}
    for matter in (matter for matter in invoices.values() if not matter.last.how):
        currency = matter.amount.currency if matter.amount else ""
        figures = {"invoice": matter.id, "amount": f"{matter.balance} {currency}", "due": str(matter.days["due"])}
        pause = pauses.get(matter.id)
        if matter.id in held:
            yield Line("pay to resume", figures)
        elif pause and pause.window:
            yield Line("pay before", {**figures, "pause": str(account.status(max(at, pause.window.opens)).on)})
        else:
            yield Line("to pay", figures)


def _to_leave(account: Agreement, at: Instant) -> Iterator[Line]:
    """Until when the customer can say that the term shall be the last one."""
    verdict = account.may("stop renewal", by="customer", at=at)
    if verdict.permitted and verdict.last_day:
        yield Line("leave by", {"day": str(verdict.last_day)})


WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "running": "Your service is running.",
        "paused": "Your service is paused. Your data is kept.",
        "not running": "Your service is not running at the moment.",
        "ended": "Our agreement ended on {day}.",
        "to pay": "Invoice {invoice}: {amount}, due {due}.",
        "pay before": "Invoice {invoice}: {amount} was due {due}. From {pause} the service may be paused.",
        "pay to resume": "Invoice {invoice}: {amount} is open. The service resumes by itself when it is paid in full.",
        "in touch": "Somebody from our team is in touch with you about your account.",
        "term": "Your term runs from {first} through {last}.",
        "leave by": "If you do not want it to renew, tell us in writing by {day}.",
    },
    "de": {
        "running": "Ihr Dienst läuft.",
        "paused": "Ihr Dienst ruht. Ihre Daten bleiben erhalten.",
        "not running": "Ihr Dienst läuft zurzeit nicht.",
        "ended": "Unser Vertrag endete am {day}.",
        "to pay": "Rechnung {invoice}: {amount}, fällig am {due}.",
        "pay before": "Rechnung {invoice}: {amount} war am {due} fällig. Ab {pause} kann der Dienst ruhen.",
        "pay to resume": "Rechnung {invoice}: {amount} ist offen. Ist sie bezahlt, läuft der Dienst von selbst weiter.",
        "in touch": "Jemand aus unserem Team spricht mit Ihnen über Ihr Konto.",
        "term": "Ihre Laufzeit geht von {first} bis {last}.",
        "leave by": "Soll sie sich nicht verlängern, schreiben Sie uns bis {day}.",
    },
}


def said(lines: tuple[Line, ...], language: str) -> tuple[str, ...]:
    """The lines in a language."""
    return tuple(WORDS[language][line.code].format_map(line.figures) for line in lines)
