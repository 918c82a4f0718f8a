"""Sweeps: parts that can be resumed, what they are pinned to, and the commands of the command line."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import made_up as bench
from benchmarks.portfolio import floor
from lifecycle import files
from lifecycle.days import Instant
from lifecycle.demo import example
from lifecycle.errors import InvalidTable
from lifecycle.portfolio import Part, convert, sweep
from lifecycle.portfolio.counting import day_line, micros
from lifecycle.portfolio.parquet import EventFile, read_answers, write_table
from lifecycle.portfolio.sweeping import MANIFEST
from lifecycle.portfolio.tables import checked
from lifecycle.terms import load
from lifecycle.testing import Story
from tests.commands import Ran
from tests.lives import MODAL, TERMS, life

AT = MODAL.calendar().start_of(bench.AT)
ROOT = Path(__file__).parents[1]


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """A table of 12 agreements in several row groups, under three Terms."""
    path = tmp_path / "events.parquet"
    convert((life(n).history for n in range(12)), path, TERMS, rows=30)
    assert EventFile(path).groups >= 4
    return path


def swept(events: Path, target: Path, at: Instant = AT, **more: Any) -> list[Part]:
    return list(sweep(events, at, TERMS, target, **more))


def told(target: Path) -> list[dict[str, Any]]:
    return [row for path in sorted(target.glob("*.parquet")) for row in read_answers(path).to_pylist()]


# ---- resuming ----------------------------------------------------------------------------------------------


def test_a_sweep_answers_every_agreement_in_order_a_part_for_each_row_group(events: Path, tmp_path: Path) -> None:
    parts = swept(events, tmp_path / "answers")
    assert len(parts) == EventFile(events).groups
    assert sum(part.agreements for part in parts) == 12
    assert [row["agreement"] for row in told(tmp_path / "answers")] == [f"A-{n:06}" for n in range(12)]


def test_a_killed_sweep_goes_on_where_it_stopped_and_ends_the_same(events: Path, tmp_path: Path) -> None:
    whole, target = tmp_path / "whole", tmp_path / "answers"
    swept(events, whole)
    script = (
        "import os, signal, sys\n"
        "from tests.test_sweep import AT, TERMS, sweep\n"
        "for part in sweep(sys.argv[1], AT, TERMS, sys.argv[2]):\n"
        "    if part.number == 1:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    command = [sys.executable, "-c", script, str(events), str(target)]
    killed = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)  # noqa: S603
    assert killed.returncode == -signal.SIGKILL
    before = {path.name: path.stat().st_mtime_ns for path in target.glob("*.parquet")}
    assert sorted(before) == ["part-000000.parquet", "part-000001.parquet"]
    parts = swept(events, target)
    assert [part.resumed for part in parts] == [True, True] + [False] * (len(parts) - 2)
    assert {name: (target / name).stat().st_mtime_ns for name in before} == before
    assert told(target) == told(whole)


def test_a_part_is_on_disk_before_it_is_put_in_place(
    events: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, settle, put = list[tuple[str, int]](), os.fsync, Path.replace

    def settled(descriptor: int) -> None:
        settle(descriptor)
        done.append(("on disk", os.fstat(descriptor).st_size))

    def in_place(path: Path, target: Path) -> Path:
        done.append(("in place", path.stat().st_size))
        return put(path, target)

    batch = EventFile(events).read(0)
    monkeypatch.setattr(os, "fsync", settled)
    monkeypatch.setattr(Path, "replace", in_place)
    write_table(tmp_path / "part.parquet", [batch], batch.schema)
    size = (tmp_path / "part.parquet").stat().st_size
    assert done[:2] == [("on disk", size), ("in place", size)]


def test_a_part_that_does_not_reach_the_disk_is_not_there(
    events: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    batch, before = EventFile(events).read(0), sorted(tmp_path.iterdir())
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InvalidTable, match=r"part.parquet: cannot be written: .*No space left"):
        write_table(tmp_path / "part.parquet", [batch], batch.schema)
    assert sorted(tmp_path.iterdir()) == before


def test_a_part_of_which_a_kill_left_only_the_name_is_done_again(events: Path, tmp_path: Path) -> None:
    target = tmp_path / "answers"
    whole = [part.path.read_bytes() for part in swept(events, target)]
    (target / "part-000001.parquet").write_bytes(b"")
    parts = sorted(swept(events, target), key=lambda part: part.number)
    assert [part.resumed for part in parts] == [True, False, *[True] * (len(parts) - 2)]
    assert [part.path.read_bytes() for part in parts] == whole


def test_two_processes_answer_what_one_does(events: Path, tmp_path: Path) -> None:
    swept(events, tmp_path / "one")
    swept(events, tmp_path / "two", processes=2)
    assert told(tmp_path / "one") == told(tmp_path / "two")


@pytest.mark.parametrize("other", ["at", "events", "terms"])
def test_a_sweep_begun_for_something_else_is_refused(events: Path, tmp_path: Path, other: str) -> None:
    target = tmp_path / "answers"
    swept(events, target)
    at, terms = AT, list(TERMS)
    match other:
        case "at":
            at = MODAL.calendar().end_of(bench.AT)
        case "events":
            convert((life(n).history for n in range(11)), events, TERMS, rows=30)
        case "terms":
            terms = terms[:2]
    with pytest.raises(InvalidTable, match=f"begun for another {other}"):
        list(sweep(events, at, terms, target))


def test_a_directory_with_other_files_or_a_broken_manifest_is_left_alone(events: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    with pytest.raises(InvalidTable, match="no manifest of a sweep"):
        swept(events, tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]
    (tmp_path / "broken").mkdir()
    for broken in ("not json", "[]"):
        (tmp_path / "broken" / MANIFEST).write_text(broken)
        with pytest.raises(InvalidTable, match=MANIFEST):
            swept(events, tmp_path / "broken")


def test_row_groups_out_of_order_are_refused(events: Path, tmp_path: Path) -> None:
    file = EventFile(events)
    batches = [file.read(group) for group in reversed(range(file.groups))]
    write_table(tmp_path / "turned.parquet", batches, batches[0].schema)
    with pytest.raises(InvalidTable, match="sort by agreement"):
        swept(tmp_path / "turned.parquet", tmp_path / "answers")


def test_a_row_group_that_begins_within_an_agreement_is_refused_by_its_number(events: Path, tmp_path: Path) -> None:
    first = EventFile(events).read(0)
    write_table(tmp_path / "cut.parquet", [first.slice(0, 3), first.slice(3)], first.schema)
    with pytest.raises(InvalidTable, match=r"row group 2, row 1: begins within an agreement"):
        swept(tmp_path / "cut.parquet", tmp_path / "answers")


def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "events.parquet").write_bytes(b"PAR1 not really PAR1")
    for path in (tmp_path / "events.parquet", tmp_path / "nowhere.parquet"):
        with pytest.raises(InvalidTable, match="cannot be read as Parquet"):
            swept(path, tmp_path / "answers")


# ---- the commands ------------------------------------------------------------------------------------------


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    """A table made by the command, of three accounts: one suspended, one active, one that the columns do not hold."""
    held = Story(on="2026-01-05", agreement="held").order("O-1", start="2026-01-05")
    held.on("2026-02-01").invoice("INV-7", "120.00 USD", due="2026-03-01").on("2026-03-05").notice("overdue")
    held.on("2026-03-31").do("suspend", by="provider")
    free = Story(on="2026-01-05", agreement="free").order("O-1", start="2026-01-05")
    for story in (held, free):
        files.write(tmp_path / f"{story.agreement.id}.jsonl", story.agreement.history)
    (tmp_path / "acme.jsonl").write_bytes(example().read_bytes())
    ran = Ran("portfolio", "convert", *sorted(tmp_path.glob("*.jsonl")), "-o", tmp_path / "t.parquet")
    assert (ran.code, ran.said.split(":")[1].split(",")[0]) == (0, " 3 accounts")
    return tmp_path / "t.parquet"


def test_a_sweep_tells_states_reasons_and_what_is_next(accounts: Path) -> None:
    """The last day to stop renewal is 5 December 2026, thirty days before 4 January 2027."""
    ran = Ran("sweep", accounts, "--at", "2026-04-01", "--json")
    assert ran.code == 0
    assert (ran.json["accounts"], ran.json["at"]) == (3, "2026-04-01T07:00:00Z")
    assert ran.json["states"]["suspended"] >= 1
    assert sum(ran.json["singly"].values()) == 1
    nearest = {one["agreement"]: one for one in ran.json["nearest"]}
    assert (nearest["free"]["at"], nearest["free"]["power"]) == ("2026-12-06T08:00:00Z", "non_renewal")
    spoken = Ran("sweep", accounts, "--at", "2026-04-01").said
    assert "3 accounts at 2026-04-01T07:00:00Z" in spoken
    assert "free: closes non_renewal term 1 [3.1]" in spoken


def test_a_table_that_is_made_says_how_much_is_in_it(accounts: Path, tmp_path: Path) -> None:
    """An account, its order, an invoice, a notice and a suspension; an account and its order."""
    target = tmp_path / "two.parquet"
    ran = Ran("portfolio", "convert", tmp_path / "held.jsonl", tmp_path / "free.jsonl", "-o", target, "--json")
    assert ran.json == {"written": str(target), "accounts": 2, "events": EventFile(target).rows}
    assert ran.json["events"] == 5 + 2


def test_a_sweep_with_an_output_says_where_and_what_it_found_there(accounts: Path, tmp_path: Path) -> None:
    target = tmp_path / "answers"
    assert "answers in" in Ran("sweep", accounts, "--at", "2026-04-01", "-o", target).said
    again = Ran("sweep", accounts, "--at", "2026-04-01", "-o", target, "--json")
    assert (again.code, again.json["resumed"]) == (0, 1)
    assert Ran("sweep", accounts, "--at", "2026-04-02", "-o", target).code == 2


def test_a_refused_history_is_a_finding(accounts: Path, tmp_path: Path) -> None:
    batch = EventFile(accounts).read(0)
    place = batch.schema.names.index("line")
    spoiled = batch.set_column(place, batch.schema.field(place), batch.column("agreement").cast("string"))
    write_table(tmp_path / "spoiled.parquet", [spoiled], batch.schema)
    ran = Ran("sweep", tmp_path / "spoiled.parquet", "--at", "2026-04-01")
    assert ran.code == 1
    assert "1 history is refused" in ran.said
    assert "not a line of JSON" in ran.said


@pytest.mark.parametrize(
    "arguments",
    [
        ("sweep", "nowhere.parquet", "--at", "2026-04-01"),
        ("sweep", "{table}", "--at", "noon"),
        ("sweep", "{table}", "--at", "2026-04-01", "--processes", "0"),
        ("sweep", "{table}"),
        ("sweep", "{table}", "--at", "2026-04-01", "--terms", "nothing.toml"),
        ("portfolio", "convert", "-o", "t2.parquet"),
        ("portfolio", "convert", "nowhere.jsonl", "-o", "t2.parquet"),
        ("portfolio", "convert", "{table}", "-o", "t2.parquet"),
    ],
)
def test_bad_input_ends_with_2_and_no_traceback(accounts: Path, arguments: tuple[str, ...]) -> None:
    ran = Ran(*(argument.format(table=accounts) for argument in arguments))
    assert ran.code == 2
    assert ran.wrong
    assert "Traceback" not in ran.wrong


def test_a_table_that_names_no_terms_is_bad_input(tmp_path: Path, accounts: Path) -> None:
    batch = EventFile(accounts).read(0)
    write_table(tmp_path / "none.parquet", [batch.slice(1)], batch.schema)
    bare = batch.select(["agreement"])
    write_table(tmp_path / "bare.parquet", [bare], bare.schema)
    for name in ("none", "bare"):
        assert Ran("sweep", tmp_path / f"{name}.parquet", "--at", "2026-04-01").code == 2


def test_the_command_names_the_extra_it_takes(accounts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("lifecycle.portfolio")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    ran = Ran("sweep", accounts, "--at", "2026-04-01")
    assert ran.code == 2
    assert "contract-lifecycle[portfolio]" in ran.wrong


def test_help_teaches_with_an_example() -> None:
    assert "lifecycle sweep events.parquet --at 2026-03-31 -o answers" in Ran("sweep", "--help").said
    assert "lifecycle portfolio convert" in Ran("portfolio", "convert", "--help").said


# ---- the benchmark, tiny -----------------------------------------------------------------------------------


def test_the_made_up_table_is_a_table_and_the_floor_agrees_about_what_it_answers(tmp_path: Path) -> None:
    """The floor says from when a suspension opens, by hand; the columns say the same of those open at the instant."""
    path = tmp_path / "events.parquet"
    assert bench.made_up(path, 60, 5) == EventFile(path).rows
    columns = checked(EventFile(path).read(0))
    opens = floor(columns, day_line(MODAL.calendar()))
    swept(path, tmp_path / "answers")
    rows = told(tmp_path / "answers")
    assert {row["singly"] for row in rows} == {None}
    open_now = [first <= micros(AT) for first in opens]
    # A suspension that is in force already is no longer open.
    by_hand = [now for now, row in zip(open_now, rows, strict=True) if row["state"] != "suspended"]
    assert by_hand == ["suspend.overdue" in row["provider_may"] for row in rows if row["state"] != "suspended"]
    assert len(load(bench.TERMS).powers) > 1
    assert any(by_hand)
    assert not all(by_hand)
