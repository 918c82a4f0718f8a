"""Facts told in plain words."""

from typing import get_args

import pytest

from lifecycle import Money, Period, terms
from lifecycle.events import (
    Accepted,
    Acted,
    Agreed,
    AgreementMade,
    CaughtUp,
    Corrected,
    Done,
    Entry,
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
from lifecycle.words import told

MODAL = terms.load("modal-2024-03-26")
PAID = Paid(matter="INV-7", amount=Money("5", "USD"))
ENTRY = Entry(key="k", transition="renew", effective="2027-01-05T08:00Z", clause="3.1", text="renew: active -> renewed")

TOLD: list[tuple[Fact, str]] = [
    (
        AgreementMade(format=1, terms="modal-2024-03-26", digest="d", customer="Acme", trial_through="2026-01-31"),
        "agreement made with Acme under Modal Terms of Service, on trial through 2026-01-31",
    ),
    (
        OpeningBalance(order="O-9", started="2026-03-01", term=Period(1, "years"), number=4),
        "account imported: term 4 of order O-9 running since 2026-03-01 (unverified)",
    ),
    (
        OrderSigned(order="O-1", start="2026-01-05", term=Period(12, "months"), renews=False),
        "order O-1 signed by both: 12 months from 2026-01-05, not renewing",
    ),
    (
        MatterOpened(kind="breach", matter="B-1", party="customer", by="provider", attributes={"remediable": True}),
        "breach B-1 (the customer's) (remediable: yes), says the provider",
    ),
    (
        MatterChanged(
            matter="INV-7", amount=Money("5", "USD"), days={"due": "2026-03-01"}, attributes={"payment": "card"}
        ),
        "INV-7 changed: 5 USD, due 2026-03-01, payment: card",
    ),
    (MatterEnded(matter="FM-1", how="written_off"), "FM-1 was written off"),
    (MatterReopened(matter="P-1"), "P-1 goes on again"),
    (PAID, "5 USD paid for INV-7"),
    (
        NoticeGiven(kind="overdue", by="provider", method="certified_mail", about="INV-7"),
        "the provider gave an overdue notice about INV-7 by certified mail",
    ),
    (NoticeDelivered(notice="acme:4"), "notice acme:4 was delivered"),
    (
        Acted(does="suspend", by="provider", power="suspend.overdue", about="INV-7", override="attack"),
        "the provider acted: suspend under 1.12(e) because of INV-7, against the verdict: attack",
    ),
    (
        Done(duty="return_materials", by="customer", about="ending"),
        "the customer did its duty to return confidential information and other materials (ending)",
    ),
    (Accepted(notice="acme:4", by="customer"), "the customer accepted notice acme:4"),
    (
        Extended(matter="INV-7", by="provider", to="2026-04-01", day="due"),
        "the provider gave more time for INV-7: due 2026-04-01",
    ),
    (Waived(matter="INV-7", by="provider", power="suspend.overdue"), "the provider waived suspend.overdue for INV-7"),
    (Agreed(what="rescission", target="acme:9"), "both agreed in writing: rescission of acme:9"),
    (
        Posted(power="terminate.discontinuation", effective="2026-06-30"),
        "the provider posted: discontinue the service, effective 2026-06-30",
    ),
    (Corrected(event="acme:4", fact=PAID), "correction of acme:4: 5 USD paid for INV-7"),
    (Withdrawn(event="acme:4"), "correction: acme:4 did not happen"),
    (CaughtUp(through="2027-01-05T08:00Z", entries=(ENTRY,)), "caught up: renew: active -> renewed"),
]


def test_every_fact_has_its_words() -> None:
    assert {type(fact) for fact, _ in TOLD} == set(get_args(Fact))


@pytest.mark.parametrize(("fact", "words"), TOLD, ids=[type(fact).__name__ for fact, _ in TOLD])
def test_a_fact_in_plain_words(fact: Fact, words: str) -> None:
    assert told(fact, MODAL) == words
