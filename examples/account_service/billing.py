"""Billing webhooks, Stripe-shaped, as facts of the agreement.

Webhooks come late, twice and in any order; a payment may come before its invoice. That is no trouble downstream: facts
may refer to what is not recorded yet, and a key made of the thing itself (not of the delivery) makes the second telling
of it a no-op. Only the form is translated here: seconds since 1970 to the day in the Terms' zone, minor units to
amounts, what is null to what it means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from attrs import frozen

from lifecycle import Agreement, Money
from lifecycle.days import Day, Instant
from lifecycle.events import Fact, MatterEnded, MatterOpened, Paid

Document: TypeAlias = Mapping[str, Any]


class Unusable(ValueError):
    """A webhook that cannot be understood: kept aside for a person, never guessed at."""


@frozen(kw_only=True)
class Told:
    """What a webhook says about one account: a fact, when it happened, and the key that makes it happen once."""

    fact: Fact
    occurred: Instant
    key: str


class NotYet(Exception):
    """What this is about has not been told yet: to be tried again when more has come."""


@frozen(kw_only=True)
class Charge:
    """Whose charge it was and for which invoice, None if for none."""

    id: str
    customer: str
    invoice: str | None


Charges: TypeAlias = Callable[[str], Charge | None]
"""The charge with an id, None where it is not known yet."""


# Currencies whose minor unit is not a hundredth, as the billing system counts them.
_NO_MINOR_UNIT = tuple("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF".split())  # noqa: SIM905
_THREE_DIGITS = ("BHD", "JOD", "KWD", "OMR", "TND")


def money(minor: int, currency: str) -> Money:
    """An amount in minor units: 12050 of ``usd`` is 120.50 USD, 12050 of ``jpy`` is 12050 JPY."""
    code = currency.upper()
    digits = 0 if code in _NO_MINOR_UNIT else 3 if code in _THREE_DIGITS else 2
    if type(minor) is not int:
        raise Unusable(f"an amount in minor units is wanted, not {minor!r}")
    return Money(str(Decimal(minor).scaleb(-digits)), code)


def moment(seconds: int) -> Instant:
    """Seconds since 1970 as an instant."""
    if type(seconds) is not int:
        raise Unusable(f"seconds since 1970 are wanted, not {seconds!r}")
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise Unusable(f"{seconds} is no second of a year from 1 to 9999") from None


def day(seconds: int, account: Agreement) -> Day:
    """The civil day of an instant where the agreement counts its days; a due date at midnight UTC is the day before in
    California.
    """
    return account.status(moment(seconds)).on


def charge_of(webhook: Document) -> Charge | None:
    """The charge that a webhook tells of, if it tells of one. Raises Unusable where it does not say whose it is."""
    if webhook.get("type") != "charge.succeeded":
        return None
    about = _about(webhook)
    if not isinstance(invoice := about.get("invoice"), str | None):
        raise Unusable(f"the id of an invoice is wanted, not {invoice!r}")
    return Charge(id=_text(about, "id"), customer=_text(about, "customer"), invoice=invoice)


def customer_of(webhook: Document, charges: Charges) -> str:
    """Which customer a webhook is about; a refund or dispute names only the charge.

    Raises Unusable where it does not say, NotYet where its charge is not known.
    """
    about = _about(webhook)
    if isinstance(customer := about.get("customer"), str):
        return customer
    if isinstance(charge := about.get("charge"), str):
        return _known(charges, charge).customer
    raise Unusable("no customer and no charge: nothing says whose account this is")


def translated(webhook: Document, account: Agreement, charges: Charges) -> Told | None:
    """What a webhook says, as a fact; None for what says nothing about the agreement.

    Raises Unusable, and NotYet for what cannot be placed until another webhook has come.
    """
    kind = _field(webhook, "type")
    about = _about(webhook)
    at = moment(_field(webhook, "created"))
    try:
        invoice = about.get("invoice")
        if charge := about.get("charge"):
            invoice = _known(charges, charge).invoice
        match kind:
            case "invoice.finalized":
                return _invoice(about, account)
            case "invoice.voided":
                return _told(MatterEnded(matter=about["id"], how="voided"), at, f"voided:{about['id']}")
            case "invoice.marked_uncollectible":
                remaining = about["amount_remaining"]
                return _paid(about["id"], remaining, about, at, f"uncollectible:{about['id']}", "write_off")
            case "invoice.paid" if about.get("paid_out_of_band"):
                return _paid(about["id"], about["amount_due"], about, at, f"out-of-band:{about['id']}", "payment")
            case "charge.succeeded" if invoice:
                return _paid(invoice, about["amount"], about, at, f"charge:{about['id']}", "payment")
            case "refund.created" if invoice and about.get("status") != "failed":
                return _paid(invoice, about["amount"], about, at, f"refund:{about['id']}", "refund")
            case "refund.failed" if invoice:
                return _paid(invoice, about["amount"], about, at, f"refund failed:{about['id']}", "payment")
            case "charge.dispute.funds_withdrawn" if invoice:
                return _paid(invoice, about["amount"], about, at, f"dispute:{about['id']}", "chargeback")
            case "charge.dispute.funds_reinstated" if invoice:
                return _paid(invoice, about["amount"], about, at, f"dispute won:{about['id']}", "payment")
            case "credit_note.created" if about.get("status") != "void":
                return _paid(about["invoice"], about["amount"], about, at, f"credit:{about['id']}", "credit")
            case "credit_note.voided":
                return _paid(about["invoice"], about["amount"], about, at, f"credit voided:{about['id']}", "refund")
    except (KeyError, TypeError, AttributeError) as error:
        raise Unusable(f"{kind}: {error} is missing or not what it should be") from None
    return None


def _invoice(about: Document, account: Agreement) -> Told:
    """An invoice, owed from when it was made final. One that is charged by itself carries no due date: it falls due on
    that day.
    """
    final = about["status_transitions"]["finalized_at"]
    due = about["due_date"] if about.get("due_date") is not None else final
    payment = "card" if about["collection_method"] == "charge_automatically" else "invoice"
    fact = MatterOpened(
        kind="invoice",
        matter=about["id"],
        days={"due": day(due, account)},
        amount=money(about["amount_due"], about["currency"]),
        attributes={"payment": payment},
    )
    return _told(fact, moment(final), f"invoice:{about['id']}")


def _paid(invoice: str, minor: int, about: Document, at: Instant, key: str, means: Any) -> Told:
    return _told(Paid(matter=invoice, amount=money(minor, about["currency"]), means=means), at, key)


def _told(fact: Fact, at: Instant, key: str) -> Told:
    return Told(fact=fact, occurred=at, key=key)


def _known(charges: Charges, charge: str) -> Charge:
    if (found := charges(charge)) is None:
        raise NotYet(f"the charge {charge} has not been told yet")
    return found


def _about(webhook: Document) -> Document:
    """What a webhook is about."""
    about = _field(webhook, "data", "object")
    if not isinstance(about, Mapping):
        raise Unusable("data.object is no object")
    return about


def _text(about: Document, name: str) -> str:
    if not isinstance(text := about.get(name), str):
        raise Unusable(f"{name}: a text is wanted, not {text!r}")
    return text


def _field(document: Document, *path: str) -> Any:
    found: Any = document
    for name in path:
        if not isinstance(found, Mapping) or name not in found:
            raise Unusable(f"no {'.'.join(path)}")
        found = found[name]
    return found
