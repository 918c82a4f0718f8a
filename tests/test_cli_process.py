"""The command as a process of its own: exit codes, pipes, several writers at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import lifecycle
from lifecycle import files
from lifecycle.agreement import Agreement
from tests.commands import overdue

ROOT = Path(lifecycle.__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
COMMAND = (sys.executable, "-m", "lifecycle.cli")


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own interpreter
        [*COMMAND, *map(str, arguments)],
        env={**ENVIRONMENT, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_ends_with_zero_one_or_two(tmp_path: Path) -> None:
    history = overdue(tmp_path)
    may = ("explain", "suspend", history, "--known-through", "now", "--at")
    assert [run(*may, day).returncode for day in ("2026-03-31", "2026-03-30", "soon")] == [0, 1, 2]
    wrong = run("status", tmp_path / "nope.jsonl")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "Traceback" not in wrong.stderr


def test_what_is_piped_holds_no_colours_and_is_not_cut(tmp_path: Path) -> None:
    ran = run("explain", "suspend", overdue(tmp_path), "--at", "2026-03-30", COLUMNS="30")
    assert "\x1b" not in ran.stdout
    assert "May the provider suspend acme on 2026-03-30? No.\n" in ran.stdout


def test_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    """Six processes each record a payment: six events, in sequence, none of them lost."""
    history = overdue(tmp_path)
    paid = ("record", "paid", history, "--matter", "INV-7", "--amount", "10.00 USD", "--at", "2026-04-02", "--key")
    writers = [
        subprocess.Popen(  # noqa: S603 - our own interpreter
            [*COMMAND, *map(str, paid), f"psp-{number}"],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for number in range(6)
    ]
    told = [writer.communicate() for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * len(writers), told
    events = list(files.read(history))
    assert [event.sequence for event in events] == list(range(1, 11))
    assert {event.key for event in events[4:]} == {f"psp-{number}" for number in range(6)}
    assert Agreement(events).status("2026-04-02").state == "active"
