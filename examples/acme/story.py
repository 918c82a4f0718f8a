"""The life of one account over two and a half years, from trial to the duties after its end.

Every day is one that the Terms put there; ``test_story.py`` cites the clause for each. Run this file to write
``history.jsonl`` anew.
"""

from pathlib import Path

from lifecycle.agreement import Agreement
from lifecycle.days import Period
from lifecycle.files import write
from lifecycle.testing import Story

HISTORY = Path(__file__).with_name("history.jsonl")


def tell() -> Agreement:
    """The whole story."""
    freshness = Period(
        6, "hours"
    )  # how old knowledge of payments, cures and dismissals may be when a power rests on it
    story = Story(
        on="2026-01-12", agreement="acme", customer="Acme GmbH", trial_through="2026-02-10", freshness=freshness
    )
    _from_trial_to_suspension(story)
    _a_cure_and_a_payment_learned_late(story)
    _renewed_and_spared(story)
    _the_end(story)
    return story.agreement


def _from_trial_to_suspension(story: Story) -> None:
    story.on("2026-02-02").order("O-1", start="2026-02-11", months=12)
    story.on("2026-02-11").catch_up()
    story.on("2026-02-11").invoice("INV-1", "1200.00 USD", due="2026-03-01", payment="card")
    # An email is not one of the methods of 8.5, so it gives no notice; the courier does.
    story.on("2026-03-03T10:00-08:00").notice("overdue", about="INV-1", method="email")
    story.on("2026-03-06T11:30-08:00").notice("overdue", about="INV-1", method="courier")
    story.on("2026-03-16T09:00-07:00").do("suspend", known="2026-03-16T08:55-07:00", actor="collections")
    story.on("2026-03-19T14:20-07:00").paid("INV-1", "1200.00 USD", key="psp-901")
    story.on("2026-03-20").catch_up()


def _a_cure_and_a_payment_learned_late(story: Story) -> None:
    story.on("2026-05-04").opened("breach", "B-1", party="customer", by="provider", remediable=True, material=True)
    story.on("2026-05-06").notice("breach", about="B-1", method="certified_mail")
    story.on("2026-06-05T16:00-07:00").ended("B-1", "cured")
    story.on("2026-07-15").invoice("INV-2", "1200.00 USD", due="2026-08-01")
    story.on("2026-08-05").notice("overdue", about="INV-2", method="courier")
    # The bank reported the payment of 20 August only on 2 September: the suspension was right on the record, and falls
    # in hindsight.
    story.on("2026-08-31T09:00-07:00").do("suspend", known="2026-08-31T08:55-07:00", actor="collections")
    story.on("2026-08-20", learned="2026-09-02T10:00-07:00").paid("INV-2", "1200.00 USD", key="psp-944")
    story.on("2026-09-02T10:05-07:00").catch_up()


def _renewed_and_spared(story: Story) -> None:
    # Nobody looked on 11 February 2027, when the term renewed; the memo of 15 March reports it.
    story.on("2027-03-15").catch_up()
    story.on("2027-04-01").opened("force_majeure", "FM-1")
    story.on("2027-04-30").ended("FM-1", "ended")
    story.on("2027-06-01").opened("proceeding", "P-1")
    story.on("2027-07-30").ended("P-1", "dismissed")
    story.on("2027-08-15").invoice("INV-3", "1200.00 USD", due="2027-09-01")
    story.on("2027-09-10").notice("overdue", about="INV-3", method="courier")
    story.on("2027-09-13").extended("INV-3", day="due", to="2027-09-21")
    story.on("2027-10-10").paid("INV-3", "1200.00 USD", key="psp-1107")


def _the_end(story: Story) -> None:
    story.on("2028-02-14").catch_up()
    story.on("2028-02-14T13:00-08:00").opened("proceeding", "P-2")
    terminated = story.on("2028-04-15T09:00-07:00").do("terminate", method="courier", known="2028-04-15T08:00-07:00")
    assert terminated.target == "terminated"
    story.on("2028-04-28").opened("claim", "C-1", party="provider")
    story.on("2028-05-02").opened("return_request", "R-1", party="customer", by="provider")
    story.on("2028-05-05").done("return_materials", by="customer")
    story.on("2028-05-10").paid("INV-3", "1200.00 USD", "chargeback", key="psp-1107-cb")
    story.on("2028-05-16").do("delete data")
    story.on("2028-05-20").notice("claim", about="C-1", by="provider", method="registered_mail")
    story.on("2028-06-01").done("return_on_request", by="customer", about="R-1")
    story.on("2028-07-01").paid("INV-3", "1200.00 USD", key="psp-1230")


if __name__ == "__main__":
    write(HISTORY, tell().history)
    print(f"wrote {HISTORY.name}")
