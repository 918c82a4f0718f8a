"""The house policy of docs/house-policy.md, day by day, counted by hand from the Modal Terms and the policy's text."""

from pathlib import Path

import pytest

from lifecycle import terms
from lifecycle.files import read_policy
from lifecycle.testing import Story

MODAL = terms.load("modal-2024-03-26")
HOUSE = read_policy(Path(__file__).with_name("policy.toml"), MODAL)


def invoiced(due: str, noticed: str) -> Story:
    """An invoice, and an overdue notice about it, handed over."""
    story = Story(MODAL, on="2026-01-05", policy=HOUSE).order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-01").invoice("I-1", "1200.00 USD", due=due)
    return story.on(noticed).notice("overdue", about="I-1", method="personal")


WAITS = [
    # due, notice, by the Terms, by the house
    # 3 March + 30 = 2 April, 6 April + 10 = 16 April; 3 March + 45 = 17 April, a Friday: Monday 20 April
    ("2026-03-03", "2026-04-06", "2026-04-16", "2026-04-20"),
    # Monday 6 April + 45 = Thursday 21 May; the Terms: + 30 = 6 May, 8 May + 10 = 18 May
    ("2026-04-06", "2026-05-08", "2026-05-18", "2026-05-21"),
    # 9 April + 45 = Sunday 24 May, before Memorial Day; Monday 25 May, the holiday itself, is before no other
    ("2026-04-09", "2026-05-11", "2026-05-21", "2026-05-25"),
]


@pytest.mark.parametrize(("due", "noticed", "by_terms", "by_house"), WAITS)
def test_the_house_waits_longer_than_the_terms(due: str, noticed: str, by_terms: str, by_house: str) -> None:
    story = invoiced(due, noticed)
    verdict = story.on(by_terms).may("suspend")
    assert (verdict.blocked_by, str(verdict.first_day)) == (("policy",), by_house)
    assert story.on(by_house).may("suspend").permitted


def test_a_security_risk_waits_for_no_monday() -> None:
    story = (
        invoiced("2026-03-03", "2026-04-06").on("2026-04-10").opened("security_risk", "S-1", by="provider")
    )  # Friday
    assert story.may("suspend", about="S-1").permitted


def test_fees_are_never_accelerated() -> None:
    assert invoiced("2026-03-03", "2026-04-06").on("2026-06-01").may("accelerate").codes == ("policy-never",)


def test_two_persons_approve_a_termination() -> None:
    story = invoiced("2026-03-03", "2026-04-06").on("2026-04-13").opened("liquidation", "L-1")
    assert story.may("terminate", approvals=("anna",)).codes == ("policy-approvals",)
    assert story.may("terminate", approvals=("anna", "ben")).permitted


def test_the_customer_is_not_bound_by_it() -> None:
    story = invoiced("2026-03-03", "2026-04-06").on("2026-04-13")
    story.opened("breach", "B-1", party="provider", material=True, remediable=False)
    assert story.may("terminate", by="customer").permitted
