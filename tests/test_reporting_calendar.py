"""Deadlines, to the day, and the calendar they make: read back, and laid over an earlier one.

Days are those of examples/acme/story.py; clauses those of the Modal Terms.
"""

import builtins
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import icalendar
import pytest

from lifecycle.agreement import Agreement
from lifecycle.files import read
from lifecycle.reporting.calendar import NoCalendar, calendar
from lifecycle.reporting.deadlines import Deadline, concerning, deadlines
from lifecycle.testing import Story

HISTORY = Path(__file__).parents[1] / "examples/acme/history.jsonl"
ACME = Agreement(read(HISTORY))


def kept(day: str) -> tuple[Deadline, ...]:
    """What was to be kept in mind on a day, as known then."""
    account = ACME.known_at(day)
    return deadlines(account, account.instant(day))


def brief(found: Sequence[Deadline]) -> list[tuple[str, str, str]]:
    return [(str(each.on), each.sort, each.clause) for each in found if not each.over]


def events(ics: bytes) -> dict[str, Any]:
    return {str(event["uid"]): event for event in icalendar.Calendar.from_ical(ics).walk("VEVENT")}


def export(day: str, remind: int | None = None) -> dict[str, Any]:
    account = ACME.known_at(day)
    at = account.instant(day)
    return events(calendar(account, deadlines(account, at), at, remind))


def test_the_days_to_keep_in_mind_are_the_clauses_own() -> None:
    """Card invoice due 1 March 2026, notice 6 March. 2.2: interest and shorter terms from 2 March; 1.12 accelerate:
    1 + 10 = 11 March (10 is safe); 1.12(e) suspend: 6 + 10 = 16 March (15 is safe); 3.1: term ends 10 February 2027,
    30 days before is 11 January; it renews on 11 February.
    """
    assert brief(kept("2026-03-07")) == [
        ("2026-03-10", "last safe day", "1.12"),
        ("2026-03-11", "first day", "1.12"),
        ("2026-03-15", "last safe day", "1.12(e)"),
        ("2026-03-16", "first day", "1.12(e)"),
        ("2027-01-11", "last day", "3.1"),
        ("2027-02-11", "turn", "3.1"),
    ]


def test_a_duty_is_to_be_kept_in_mind_until_it_is_met() -> None:
    """5.3: claim received 28 April 2028, notice within 30 days: 28 May; given on 20 May."""
    assert ("2028-05-28", "duty", "5.3") in brief(kept("2028-05-03"))
    assert not any(each.sort == "duty" and each.clause == "5.3" for each in kept("2028-05-21") if not each.over)


def test_what_no_longer_stands_is_listed_as_over() -> None:
    """More time on 13 September 2027 moved the due day behind the notice of the 10th, which no longer counts: the
    suspension of 1 October (1 September + 30) is off.
    """
    before = {each.key: each for each in kept("2027-09-11")}
    after = {each.key: each for each in kept("2027-09-14")}
    (key,) = (k for k, each in before.items() if (each.sort, each.clause) == ("first day", "1.12(e)"))
    assert (str(before[key].on), before[key].over) == ("2027-10-01", False)
    assert after[key].over
    assert str(after[key].on) == "2027-10-01"


def test_a_day_that_moves_keeps_its_key() -> None:
    """2.2(a): due 1 September, so from 2 September; moved to 21 September, so from 22 September."""
    account = ACME.known_at("2027-08-20")
    before = {each.key: str(each.on) for each in deadlines(account, account.instant("2027-08-20"))}
    after = {each.key: str(each.on) for each in kept("2027-09-14")}
    moved = {(before[key], after[key]) for key in before.keys() & after.keys() if before[key] != after[key]}
    assert ("2027-09-02", "2027-09-22") in moved


def test_each_party_can_have_its_own() -> None:
    found = kept("2026-03-07")
    assert {each.sort for each in concerning(found, "customer")} == {"last safe day", "last day", "turn"}
    assert concerning(found, None) == found


# ---- the calendar --------------------------------------------------------------------------------------------


def test_entries_are_whole_days_and_read_back_as_written() -> None:
    found, exported = kept("2026-03-07"), export("2026-03-07")
    assert sorted((e.decoded("dtstart"), e.decoded("dtend")) for e in exported.values()) == sorted(
        (each.on, each.on + timedelta(days=1)) for each in found
    )
    suspend = next(e for e in exported.values() if e.decoded("dtstart") == date(2026, 3, 16))
    assert str(suspend["summary"]) == "Acme GmbH: provider may suspend for overdue amounts (invoice INV-1)"
    assert "[1.12(e)]" in str(suspend["description"])
    assert "overdue notice given 2026-03-06 + 10 days: payment through 2026-03-15" in str(suspend["description"])
    assert suspend["dtstart"].params["VALUE"] == "DATE"
    assert [str(category) for category in suspend["categories"].cats] == ["first day", "provider"]


def test_a_later_export_updates_an_earlier_one() -> None:
    """Same UID, higher SEQUENCE; cancelled where it does not stand any more; stamped from the record, not a clock."""
    first, second = export("2027-09-11"), export("2027-09-14")
    both = first.keys() & second.keys()
    assert both
    assert all(second[uid]["sequence"] > first[uid]["sequence"] for uid in both)
    assert {str(first[uid]["status"]) for uid in both} == {"CONFIRMED"}
    assert {str(second[uid]["status"]) for uid in both} == {"CONFIRMED", "CANCELLED"}
    some = next(iter(second.values()))
    assert some.decoded("dtstamp") == datetime(2027, 9, 14, 7, tzinfo=UTC)
    assert some.decoded("last-modified") == datetime(2027, 9, 13, 7, tzinfo=UTC)  # the extension of that day


def test_the_same_question_has_the_same_bytes() -> None:
    at = ACME.instant("2027-09-14")
    one, two = (calendar(ACME, deadlines(ACME, at), at, 3) for _ in range(2))
    assert one == two


def test_no_two_accounts_share_an_entry() -> None:
    def of(name: str) -> set[str]:
        story = Story(on="2026-01-05", agreement=name).order("O-1", start="2026-01-05")
        at = story.agreement.instant("2026-01-06")
        return set(events(calendar(story.agreement, deadlines(story.agreement, at), at)))

    assert of("acme")
    assert not of("acme") & of("acme|O-1")


def test_alarms_come_so_many_days_before_and_not_for_what_is_over() -> None:
    for event in export("2027-09-14", remind=7).values():
        alarms = [part.decoded("trigger") for part in event.walk("VALARM")]
        assert alarms == ([] if str(event["status"]) == "CANCELLED" else [timedelta(days=-7)])
    assert not any(event.walk("VALARM") for event in export("2027-09-14").values())


def test_lines_are_folded_and_what_others_wrote_stays_text() -> None:
    hostile = 'Acme; GmbH, \\n"BEGIN:VEVENT" ' + "ü" * 90
    story = Story(on="2026-01-05", customer=hostile).order("O-1", start="2026-01-05")
    at = story.agreement.instant("2026-01-06")
    ics = calendar(story.agreement, deadlines(story.agreement, at), at)
    assert all(len(line) <= 75 for line in ics.split(b"\r\n"))
    found = events(ics)
    assert len(found) == 2  # the last day for notice of non-renewal, and the renewal
    assert all(hostile in str(event["summary"]) for event in found.values())


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refusing(
        name: str, globals: Mapping[str, object] | None = None, locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] = (), level: int = 0,
    ) -> ModuleType:  # fmt: skip
        if name == "icalendar":
            raise ModuleNotFoundError(name)
        return real(name, globals, locals, fromlist, level)

    monkeypatch.setattr(builtins, "__import__", refusing)
    with pytest.raises(NoCalendar, match=r"pip install 'contract-lifecycle\[calendar\]'"):
        calendar(ACME, (), ACME.instant("2026-03-07"))
