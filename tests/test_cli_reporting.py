"""report, calendar and timeline --svg on the command line: what they write, and that bad input breaks nothing."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import icalendar
import pytest

from lifecycle.demo import example
from tests.commands import Ran

ACME = example()
WRITES = ("report", "calendar")


@pytest.mark.parametrize("command", WRITES)
def test_what_was_written_is_said_in_words_and_as_its_schema_says(command: str, tmp_path: Path) -> None:
    target = tmp_path / "acme.out"
    told = Ran(command, ACME, "-o", target, "--at", "2026-03-10", "--known-at", "2026-03-10")
    assert (told.code, told.said, told.wrong) == (0, f"wrote {target}\n", "")
    before = target.read_bytes()
    answer = Ran(command, ACME, "-o", target, "--at", "2026-03-10", "--known-at", "2026-03-10", "--json")
    assert (answer.code, answer.json["written"], answer.json["on"]) == (0, str(target), "2026-03-10")
    assert target.read_bytes() == before  # the same question, the same bytes


def test_a_report_is_a_page_about_the_account(tmp_path: Path) -> None:
    target = tmp_path / "acme.html"
    assert Ran("report", ACME, "-o", target, "--at", "2026-03-17").code == 0
    text = target.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "Acme GmbH is suspended" in text


def test_a_report_can_be_as_it_was_known_and_read_otherwise(tmp_path: Path) -> None:
    """Paid on 20 August 2026, learned on 2 September: on 1 September it was suspended, as far as anyone knew."""
    target = tmp_path / "acme.html"
    Ran("report", ACME, "-o", target, "--at", "2026-09-01", "--known-at", "2026-09-01", "--reading", "8.5=receipt")
    text = target.read_text(encoding="utf-8")
    assert "8.5 read as: receipt" in text
    assert "as it was known on 2026-09-01" in text


def test_a_calendar_holds_what_the_answer_lists(tmp_path: Path) -> None:
    target = tmp_path / "acme.ics"
    look = ("--at", "2026-03-07", "--known-at", "2026-03-07")
    answer = Ran("calendar", ACME, "-o", target, *look, "--party", "customer", "--remind", "3", "--json").json
    found = icalendar.Calendar.from_ical(target.read_bytes()).walk("VEVENT")
    assert [str(event.decoded("dtstart")) for event in found] == [each["on"] for each in answer["deadlines"]]
    # 1.12: 10 and 15 March are the last safe days; 3.1: 11 January is the last day, it renews on 11 February.
    assert [each["on"] for each in answer["deadlines"]] == ["2026-03-10", "2026-03-15", "2027-01-11", "2027-02-11"]
    assert all(event.walk("VALARM") for event in found)


def test_a_timeline_is_drawn_beside_its_answer(tmp_path: Path) -> None:
    target = tmp_path / "acme.svg"
    ran = Ran("timeline", ACME, "--at", "2027-09-16", "--known-at", "2027-09-16", "--svg", target)
    assert (ran.code, ran.wrong) == (0, "")
    assert "2027-10-21" in ran.said
    assert ElementTree.parse(target).getroot().get("role") == "img"  # noqa: S314 - drawn here


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("report", ACME), "--output"),
        (("report", "nowhere.jsonl", "-o", "x.html"), "there is no such file"),
        (("report", ACME, "-o", "x.html", "--at", "tomorrow"), "neither a day nor an instant"),
        (("report", ACME, "-o", "no/such/folder/x.html", "--at", "2026-03-10"), "cannot be written"),
        (("calendar", ACME, "-o", "\0", "--at", "2026-03-10"), "cannot be written"),
        (("calendar", ACME, "-o", "x.ics", "--remind", "-1"), "--remind takes 0 to 366 days, not -1"),
        (("calendar", ACME, "-o", "x.ics", "--party", "court"), "court"),
        (("timeline", ACME, "--svg", "no/such/folder/x.svg", "--at", "2026-03-10"), "cannot be written"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_written(
    arguments: tuple[str, ...], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = Ran(*arguments)
    assert (ran.code, ran.said) == (2, "")
    assert says in ran.wrong
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", WRITES)
def test_help_teaches_with_an_example(command: str) -> None:
    ran = Ran(command, "--help")
    assert ran.code == 0
    assert f"Example: lifecycle {command} acme.jsonl -o" in " ".join(ran.said.split())
