"""The report on the example account as it was known on 16 September 2027: in its second term, an invoice falling due.

Run this file to write ``report.html`` anew.
"""

from pathlib import Path

from lifecycle.agreement import Agreement
from lifecycle.files import read
from lifecycle.reporting.page import page
from lifecycle.reporting.report import gathered
from lifecycle.views import View

HISTORY = Path(__file__).with_name("history.jsonl")
REPORT = Path(__file__).with_name("report.html")


def report() -> str:
    """The page."""
    account = Agreement(read(HISTORY))
    day = account.instant("2027-09-16")
    return page(gathered(View(account=account.known_at(day), at=day, known_at=day)))


if __name__ == "__main__":
    REPORT.write_text(report(), encoding="utf-8")
    print(f"wrote {REPORT.name}")
