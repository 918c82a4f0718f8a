"""``now`` on the command line: in ``--at`` the instant that it is, in every other option the instant of ``--at``."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from lifecycle import files
from lifecycle.events import Acted, Corrected, NoticeGiven
from lifecycle.portfolio import convert_files
from tests.commands import MODAL, Ran, overdue, started

PAID = ("--matter", "INV-7", "--amount", "1200.00 USD")
ORDER = ("--order", "O-1", "--started", "2026-01-05", "--term", "12 months")
# Every command that takes --at, by what else it takes; None stands for the history of an account.
TAKING: dict[str, tuple[str | None, ...]] = {
    **dict.fromkeys(("status", "powers", "timeline", "duties", "audit", "clauses", "log"), (None,)),
    "explain": ("suspend", None),
    "new": ("{folder}/new.jsonl", "--terms", MODAL, "--customer", "Acme"),
    "import": ("{folder}/new.jsonl", "--terms", MODAL, "--customer", "Acme", *ORDER),
    "record": (
        None,
        "--json-fact",
        '{"type": "paid", "matter": "INV-7", "amount": {"amount": "1", "currency": "USD"}}',
    ),
    "do": ("suspend", None),
    "catch-up": (None,),
    "report": (None, "-o", "{folder}/acme.html"),
    "calendar": (None, "-o", "{folder}/acme.ics"),
    "diagram": ("--history", None),
    "sweep": ("{folder}/events.parquet",),
    "terms diff": (MODAL, MODAL, None),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    convert_files([overdue(tmp_path)], tmp_path / "events.parquet", ())
    return tmp_path


def test_those_are_the_commands_that_take_a_moment() -> None:
    page = (Path(__file__).parents[1] / "docs" / "command-line.md").read_text(encoding="utf-8")
    sections = re.findall(r"^#+ lifecycle (.*?)\n(.*?)(?=^#|\Z)", page, flags=re.M | re.S)
    assert {name for name, text in sections if "| `--at` |" in text} == set(TAKING)


@pytest.mark.parametrize("command", TAKING)
def test_every_command_that_takes_a_moment_takes_now_and_says_so(command: str, folder: Path) -> None:
    words = [
        str(folder / "acme.jsonl") if word is None else word.replace("{folder}", str(folder))
        for word in TAKING[command]
    ]
    ran = Ran(*command.split(), *words, "--at", "now")
    assert (ran.code in (0, 1), ran.wrong) == (True, "")
    told = " ".join(Ran(*command.split(), "--help").said.replace("│", " ").split())
    assert re.search(r"--at [^-]*(-[^-]+)*?'now'", told)


def test_now_in_at_is_the_instant_that_it_is(tmp_path: Path) -> None:
    history, before = started(tmp_path), datetime.now(UTC)
    asked = datetime.fromisoformat(Ran("status", history, "--at", "now", "--json").json["at"])
    assert Ran("record", "paid", history, *PAID, "--at", "now", "--occurred", "now").code == 0
    paid = list(files.read(history))[-1]
    assert before <= asked <= paid.recorded <= datetime.now(UTC)
    assert paid.occurred == paid.recorded


@pytest.mark.parametrize(("question", "option"), [
    (("status",), "--known-at"),
    (("timeline",), "--until"),
    (("explain", "suspend"), "--known-through"),
])  # fmt: skip
def test_now_in_another_option_is_the_instant_of_at(question: tuple[str, ...], option: str, tmp_path: Path) -> None:
    asked = (*question, overdue(tmp_path), "--at", "2026-03-31", "--json")
    assert Ran(*asked, option, "now").json == Ran(*asked, option, "2026-03-31").json != Ran(*asked).json


def test_what_happened_now_happened_when_it_is_written_down(tmp_path: Path) -> None:
    history = overdue(tmp_path)
    key = ("--at", "2026-04-02", "--key", "psp-1")
    assert Ran("record", "paid", history, *PAID, *key, "--occurred", "now").code == 0
    assert list(files.read(history))[-1].occurred == date(2026, 4, 2)
    assert Ran("record", "paid", history, *PAID, *key).code == 0  # the same again
    assert len(list(files.read(history))) == 5


def test_now_in_a_fact_is_when_it_is_written_down(tmp_path: Path) -> None:
    """A day begins at 07:00 UTC in California in summer, and at 08:00 in winter."""
    history = overdue(tmp_path)
    notice = ("--kind", "overdue", "--by", "provider", "--method", "courier", "--delivered", "now")
    assert Ran("record", "notice-given", history, *notice, "--at", "2026-03-06").code == 0
    act = ("--does", "suspend", "--by", "provider", "--power", "suspend.overdue", "--known-through", "now")
    assert Ran("record", "acted", history, *act, "--at", "2026-03-31").code == 0
    right = '{"type": "notice given", "kind": "overdue", "by": "provider", "method": "courier"}'
    mended = ("--event", "acme:5", "--fact", right, "--fact-occurred", "now")
    assert Ran("record", "corrected", history, *mended, "--at", "2026-04-01").code == 0
    given, acted, corrected = (event.fact for event in list(files.read(history))[-3:])
    assert isinstance(given, NoticeGiven)
    assert isinstance(acted, Acted)
    assert isinstance(corrected, Corrected)
    assert given.delivered == datetime(2026, 3, 6, 8, tzinfo=UTC)
    assert acted.known_through == datetime(2026, 3, 31, 7, tzinfo=UTC)
    assert corrected.occurred == datetime(2026, 4, 1, 7, tzinfo=UTC)


def test_the_accounts_of_one_question_are_asked_about_one_instant(tmp_path: Path) -> None:
    history = str(overdue(tmp_path))
    accounts = Ran("terms", "diff", MODAL, MODAL, history, history, "--at", "now", "--json").json["accounts"]
    assert len({account["at"] for account in accounts}) == 1
    assert datetime.now(UTC) - datetime.fromisoformat(accounts[0]["at"]) < timedelta(hours=1)
