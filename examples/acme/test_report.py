"""The report beside this file is the one its account has now."""

from examples.acme.report import REPORT, report


def test_the_report_is_fresh() -> None:
    assert REPORT.read_text(encoding="utf-8") == report(), "make report"


def test_the_report_can_be_mailed() -> None:
    assert REPORT.stat().st_size < 400_000
