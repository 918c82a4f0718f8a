"""The three doors - API, files with the command, Terms - under what Hypothesis makes of good input: it is read, or
refused with an error of the library that can be printed. One history is thrown at all doors, and they must agree.
"""

from __future__ import annotations

import io
import json
import math
import shlex
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import fields
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from lifecycle import files
from lifecycle.agreement import Agreement
from lifecycle.cli import main
from lifecycle.errors import InvalidHistory, LifecycleError
from lifecycle.events import Event
from lifecycle.history import from_line, to_line
from lifecycle.plain import text_problem
from lifecycle.terms import parse
from tests.hostile import LIVES, VALUES, Lines, as_bytes, histories, spoiled, terms, torn

MODAL = "modal-2024-03-26"
DAYS = ("2026-03-31", "2026-04-22T12:00-07:00")


def tried(many: float) -> settings:
    """So many times as often as the profile tries."""
    examples = math.ceil(settings().max_examples * many)
    slow = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.large_base_example)
    return settings(max_examples=examples, deadline=None, suppress_health_check=slow)


def controls(character: str) -> bool:
    """Whether it may do something to a terminal: a control, a break of the line, half a character, or a turn of the
    direction. One that merely has no shape yet does not.
    """
    turns = unicodedata.bidirectional(character) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    return turns or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in "\u061c\u200e\u200f"


def outcome(attempt: Callable[[], object]) -> str | None:
    """What a door says against it, None if it lets it in. Anything but an error of the library is a bug."""
    try:
        attempt()
    except LifecycleError as error:
        said = str(error)
        said.encode()
        assert len(said) < 20_000
        assert not any(controls(character) for character in said.replace("\n", "")), said
        return said
    return None


def asked(account: Agreement) -> None:
    """Every question, on days before, in and after what happened."""
    for day in DAYS:
        for ask in (account.status, account.powers, account.timeline, account.duties, account.wake_at, account.remarks):
            outcome(lambda ask=ask, day=day: ask(day))  # type: ignore[misc]
        for does, by in (("suspend", "provider"), ("terminate", "customer"), ("reinstate", "provider")):
            outcome(lambda does=does, by=by, day=day: account.may(does, by=by, at=day, known_through=day))  # type: ignore[misc]
    outcome(account.audit)
    outcome(lambda: account.known_at(DAYS[0]).status(DAYS[1]))


def command(*arguments: str) -> int:
    said, wrong = io.StringIO(), io.StringIO()
    code = main(arguments, console=Console(file=said, width=100), errors=Console(file=wrong, width=100))
    assert code in (0, 1, 2)
    assert "Traceback" not in said.getvalue() + wrong.getvalue()
    assert (code == 2) == bool(wrong.getvalue())
    return code


def test_whatever_controls_a_terminal_is_refused_in_a_name() -> None:
    for character in map(chr, range(sys.maxunicode + 1)):
        assert (text_problem(f"a{character}b") is not None) == controls(character), hex(ord(character))


@tried(0.3)
@given(lines=histories())
def test_a_spoiled_history_is_read_or_refused_alike_at_every_door(tmp_path: Path, lines: Lines) -> None:
    path = tmp_path / "acme.jsonl"
    path.write_bytes(as_bytes(lines))
    read: list[Agreement] = []
    by_api = outcome(lambda: read.append(Agreement([from_line(json.dumps(line)) for line in lines])))
    by_file = outcome(lambda: files.account(path))
    by_command = command("terms", "diff", MODAL, MODAL, str(path))
    assert (by_api is None) == (by_file is None) == (by_command != 2), (by_api, by_file, by_command)
    assert by_file is None or not lines or "acme.jsonl" in by_file, by_file
    for account in read:
        asked(account)
        again = [from_line(to_line(event)) for event in account.history]
        assert again == list(account.history)


ASKED = [
    "status {file} --at 2026-03-31",
    "status {file} --at 2026-04-22T12:00-07:00 --known-at 2026-03-31 --json",
    "powers {file} --at 2026-04-22 --json",
    "explain suspend {file} --at 2026-03-31",
    "explain terminate {file} --by customer --at 2026-04-22 --json",
    "timeline {file} --at 2026-03-31",
    "duties {file} --at 2026-04-22",
    "clauses {file} --at 2026-04-22",
    "audit {file} --at 2026-05-02",
    "log {file} --at 2026-05-02 --json",
    "calendar {file} -o {made} --at 2026-03-31",
    "diagram --history {file} -o {made} -f svg --at 2026-03-31",
]
APPENDED = [
    "record paid {file} --matter INV-7 --amount '5.00 USD' --at 2028-06-30 --json",
    "record paid {file} --matter INV-7 --amount '5.00 USD' --key acme:5 --at 2028-06-30",
    "record withdrawn {file} --event acme:3 --why wrong --at 2028-06-30",
    """record corrected {file} --event acme:3 --fact '{{"type": "matter ended", "matter": "INV-7"}}' --at 2028-06-30""",
    "do suspend {file} --known-through now --at 2026-03-31",
    "do terminate {file} --override panic --by provider --at 2028-06-30",
    "catch-up {file} --at 2028-06-30",
]
DRAWN = ["report {file} -o {made} --at 2026-03-31", "timeline {file} --svg {made} --at 2026-03-31"]


@tried(0.3)
@given(lines=histories(), data=st.data())
def test_every_command_reads_a_spoiled_history_or_refuses_it(tmp_path: Path, lines: Lines, data: st.DataObject) -> None:
    for asked in data.draw(st.lists(st.sampled_from(ASKED), min_size=3, max_size=3, unique=True)):
        run_on(tmp_path, lines, asked)


@tried(0.3)
@given(lines=histories(), data=st.data())
def test_a_command_appends_to_a_spoiled_history_or_leaves_it(tmp_path: Path, lines: Lines, data: st.DataObject) -> None:
    for asked in data.draw(st.lists(st.sampled_from(APPENDED), min_size=2, max_size=2, unique=True)):
        before = as_bytes(lines)
        code, after = run_on(tmp_path, lines, asked)
        assert after.startswith(before)
        assert code == 0 or after == before
        assert code == 2 or outcome(lambda: files.account(tmp_path / "acme.jsonl")) is None


@tried(0.05)
@given(lines=histories(), asked=st.sampled_from(DRAWN))
def test_a_report_is_drawn_of_a_spoiled_history_or_it_is_refused(tmp_path: Path, lines: Lines, asked: str) -> None:
    run_on(tmp_path, lines, asked)


def run_on(folder: Path, lines: Lines, asked: str) -> tuple[int, bytes]:
    """As what a command on a spoiled history ends, and the history after it."""
    path, made = folder / "acme.jsonl", folder / "made"
    path.write_bytes(as_bytes(lines))
    made.unlink(missing_ok=True)
    refused = outcome(lambda: files.account(path))
    code = command(*shlex.split(asked.format(file=path, made=made)))
    assert refused is None or code == 2
    assert made.exists() == (code != 2 and "{made}" in asked)
    return code, path.read_bytes()


@tried(0.3)
@given(data=st.data())
def test_a_torn_history_is_read_or_refused_and_mended_or_left(tmp_path: Path, data: st.DataObject) -> None:
    whole = as_bytes(data.draw(st.sampled_from(LIVES)))
    path = tmp_path / "acme.jsonl"
    path.write_bytes(content := data.draw(torn(whole)))
    for aside in tmp_path.glob("*.torn-*"):
        aside.unlink()
    refused = outcome(lambda: list(files.read(path)))
    kept: list[Path | None] = []
    mended = outcome(lambda: kept.append(files.repair(path)))
    aside_bytes = kept[0].read_bytes() if kept and kept[0] else b""
    assert path.read_bytes() + aside_bytes == content  # nothing is lost, whatever it was
    assert bool(aside_bytes) == (refused is not None and mended is None)
    assert mended is not None or outcome(lambda: list(files.read(path))) is None
    command("terms", "diff", MODAL, MODAL, str(path))


@tried(0.3)
@given(data=st.data())
def test_a_spoiled_fact_is_recorded_or_refused_and_leaves_nothing(data: st.DataObject) -> None:
    life = data.draw(st.sampled_from(LIVES))
    events = [from_line(json.dumps(line)) for line in life[: data.draw(st.integers(1, len(life)))]]
    account = Agreement(events)
    document = data.draw(st.sampled_from([line for line in life if line["fact"]["type"] != "agreement made"]))
    document = {**data.draw(spoiled(document)), "agreement": "acme", "sequence": 99, "id": "acme:99"}
    try:
        event = from_line(json.dumps(document))
    except InvalidHistory:
        return
    before = list(account.history)
    refused = outcome(
        lambda: account.record(event.fact, at=event.recorded, occurred=event.occurred, ref=event.ref, meta=event.meta)
    )
    assert list(account.history)[: len(before)] == before
    assert len(account.history) == len(before) + (refused is None)
    asked(account)
    assert outcome(lambda: Agreement(account.history)) is None  # what was recorded can be read back


METHODS: dict[str, dict[str, Any]] = {
    "may": {"does": "suspend", "by": "provider", "at": "2026-03-31", "about": (), "power": None, "method": None,
            "known_through": None, "approvals": ()},
    "do": {"does": "suspend", "by": "provider", "at": "2026-03-31", "about": (), "power": None, "method": None,
           "known_through": "2026-03-31", "approvals": (), "override": None, "key": None, "actor": None, "ref": None,
           "meta": None},
    "plan": {"does": "terminate", "by": "provider", "from_": "2026-03-31", "about": (), "power": None},
    "weigh": {"does": "suspend", "by": "provider", "at": "2026-03-31", "about": (), "power": None},
    "status": {"at": "2026-03-31"},
    "as_of": {"at": "2026-03-31", "known_at": "2026-03-31"},
    "timeline": {"at": "2026-03-31", "until": None},
    "catch_up": {"at": "2026-03-31"},
    "known_at": {"at": "2026-03-31"},
}  # fmt: skip
ACCOUNT = [from_line(json.dumps(line)) for line in LIVES[0][:6]]


@pytest.mark.parametrize("method", METHODS)
@tried(0.3)
@given(data=st.data())
def test_a_hostile_argument_is_taken_or_refused_and_leaves_nothing(method: str, data: st.DataObject) -> None:
    account, arguments = Agreement(ACCOUNT), dict(METHODS[method])
    for name in data.draw(st.lists(st.sampled_from(sorted(arguments)), min_size=1, max_size=2)):
        arguments[name] = data.draw(VALUES)
    refused = outcome(lambda: getattr(account, method)(**arguments))
    assert list(account.history)[: len(ACCOUNT)] == ACCOUNT
    assert refused is None or len(account.history) == len(ACCOUNT)


KINDS = sorted({type(event.fact) for event in map(from_line, map(json.dumps, [*LIVES[0], *LIVES[1]]))}, key=str)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@tried(0.2)
@given(data=st.data())
def test_a_fact_with_a_hostile_field_is_made_or_refused(kind: type[Any], data: st.DataObject) -> None:
    good = next(e.fact for e in map(from_line, map(json.dumps, [*LIVES[0], *LIVES[1]])) if type(e.fact) is kind)
    given = {field.name: getattr(good, field.name) for field in fields(kind)}
    given[data.draw(st.sampled_from(sorted(given)))] = data.draw(VALUES)
    made: list[Any] = []
    if outcome(lambda: made.append(kind(**given))) is None:
        place: dict[str, Any] = {"agreement": "acme", "sequence": 2, "id": "x", "occurred": "2026-03-01"}
        event = Event(**place, recorded="2026-03-01T00:00Z", fact=made[0])
        assert from_line(to_line(event)) == event


@tried(0.5)
@given(content=terms())
def test_spoiled_terms_are_read_or_refused_alike_by_loader_and_command(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ours.toml"
    path.write_bytes(content)
    refused = outcome(lambda: parse(content, "ours.toml"))
    assert refused is None or refused.startswith("ours.toml: ")
    assert command("terms", "show", str(path)) == (0 if refused is None else 2)
    assert command("terms", "check", str(path)) in ((0, 1) if refused is None else (1,))


@tried(1)
@given(data=st.data())
def test_torn_terms_are_read_or_refused(data: st.DataObject) -> None:
    content = data.draw(torn(data.draw(terms())))
    refused = outcome(lambda: parse(content, "ours.toml"))
    assert refused is None or refused.startswith("ours.toml: ")
