"""The life of acme, checked day by day against the clauses; and the history file against the story."""

import importlib.util
from pathlib import Path

import pytest

from lifecycle import Agreement
from lifecycle.files import read
from lifecycle.history import to_line

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def acme() -> Agreement:
    return Agreement(read(HERE / "history.jsonl"))


def test_the_history_file_is_the_story() -> None:
    specification = importlib.util.spec_from_file_location("story", HERE / "story.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    told = "".join(f"{to_line(event)}\n" for event in module.tell().history)
    assert (HERE / "history.jsonl").read_text(encoding="utf-8") == told, "stale: make story"


@pytest.mark.parametrize(
    ("day", "state", "why"),
    [
        ("2026-01-11", None, "the agreement is made on 12 January"),
        ("2026-01-12", "trial", "1.4"),
        ("2026-02-10", "trial", "1.4: the trial's last day, and the day before the order starts"),
        ("2026-02-11", "active", "1.4, 3.1: the order's start"),
        ("2026-03-15", "active", "1.12: 6 March + 10 days = 16 March; the email of 3 March gave no notice (8.5)"),
        ("2026-03-17", "suspended", "1.12(e)"),
        ("2026-03-20", "active", "1.12: paid in full on 19 March, the hold lifts by itself"),
        ("2026-06-06", "active", "1.12(d), 3.2(a): cured on day 30, 6 May + 30 = 5 June"),
        ("2026-09-01", "active", "in hindsight: paid on 20 August, before the suspension of 31 August"),
        ("2027-02-10", "active", "3.1: last day of term 1"),
        ("2027-02-11", "renewed", "3.1: renewed while nobody looked"),
        ("2027-05-02", "renewed", "8.4: the force majeure of 1 April ended on day 29"),
        ("2027-08-01", "renewed", "3.2(b)(ii): the proceeding of 1 June was dismissed on day 59"),
        ("2028-02-11", "renewed", "3.1: term 3"),
        ("2028-04-14", "renewed", "3.2(b)(ii): 14 February + 60 days = 14 April (29-day February)"),
        ("2028-04-16", "terminated", "3.2(b)(ii): from 15 April, by courier"),
    ],
)
def test_the_state_on_a_day(acme: Agreement, day: str, state: str | None, why: str) -> None:
    assert acme.status(day).state == state, why


@pytest.mark.parametrize(
    ("does", "refused", "permitted", "power"),
    [
        # Card invoice due 1 March: day 10 is 11 March; courier notice of 6 March: day 10 is 16 March.
        ("suspend", "2026-03-15", "2026-03-16", "suspend.overdue"),
        # Breach notice 6 May 2026: cure through 5 June; it was cured on that day, so there is no first day.
        ("terminate", "2026-06-05", None, "terminate.breach"),
        # Invoice due 1 August 2026: day 30 is 31 August.
        ("suspend", "2026-08-30", "2026-08-31", "suspend.overdue"),
        # Force majeure since 1 April 2027, ended on 30 April: more than 30 days were never reached.
        ("terminate", "2027-05-02", None, "terminate.force_majeure"),
        # Support moved the due day from 1 to 21 September 2027; under the old one it would have opened on 1 October.
        ("suspend", "2027-10-01", None, "suspend.overdue"),
        # Filed 14 February 2028: dismissal through 14 April.
        ("terminate", "2028-04-14", "2028-04-15", "terminate.proceeding"),
    ],
)
def test_what_the_provider_may_do_as_known_on_the_day(
    acme: Agreement, does: str, refused: str, permitted: str | None, power: str
) -> None:
    before = acme.known_at(refused)
    assert not before.may(does, by="provider", at=refused, power=power, known_through=refused).permitted
    if permitted is not None:
        then = acme.known_at(permitted)
        assert then.may(does, by="provider", at=permitted, power=power, known_through=permitted).permitted


def test_the_suspension_of_31_august_was_right_on_the_record_and_falls_in_hindsight(acme: Agreement) -> None:
    (suspension,) = [e for e in acme.history if str(e.occurred).startswith("2026-08-31")]
    assert acme.was_regular(suspension.id)
    assert acme.known_at("2026-09-01").status("2026-09-01").state == "suspended"
    assert acme.status("2026-09-01").state == "active"


def test_the_email_is_kept_and_shown_without_effect(acme: Agreement) -> None:
    (reason,) = [text for text in acme.remarks("2026-03-04").values() if "email" in text]
    assert reason.startswith("8.5: email gives no notice")


def test_duties_after_the_end(acme: Agreement) -> None:
    standing = {owed.duty.id: (owed.standing, str(owed.due), str(owed.done)) for owed in acme.duties("2028-07-02")}
    assert standing["notify_claim.provider"] == ("met", "2028-05-28", "2028-05-20")  # 28 April + 30 days = 28 May
    assert standing["return_materials"] == ("met", "None", "2028-05-05")
    assert standing["return_on_request"] == ("met", "None", "2028-06-01")
    assert "pay_remaining" not in standing  # 3.3: only where the provider terminates under 3.2(a)


def test_only_the_survivors_outlive_the_end(acme: Agreement) -> None:
    clauses = acme.clauses_in_force("2028-07-02")
    assert {"1.6", "3.3", "3.4", "4", "7", "8"} <= set(clauses)
    assert not {"1.4", "1.12", "2.1", "3.1", "3.2", "5", "6.1"} & set(clauses)
