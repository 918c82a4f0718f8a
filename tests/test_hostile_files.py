"""Hostile input at the second door, files: histories and policies. Every refusal is one of the library's errors, names
file, line and field, and leaves the folder as it was.
"""

from __future__ import annotations

import io
import json
import os
import tracemalloc
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from rich.console import Console

from lifecycle import files
from lifecycle.agreement import Agreement
from lifecycle.cli import main
from lifecycle.errors import (
    InvalidFact,
    InvalidHistory,
    InvalidTerms,
    InvalidTime,
    KeyConflict,
    LifecycleError,
    TornHistory,
    UnknownTerms,
)
from lifecycle.history import to_line
from lifecycle.terms import load
from lifecycle.testing import Story

STORY = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)
STORY.on("2026-02-01").invoice("INV-7", "120.00 USD", due="2026-03-01")
STORY.on("2026-03-05").notice("overdue", about="INV-7", method="courier")
GOOD: list[dict[str, Any]] = [json.loads(to_line(event)) for event in STORY.agreement.history]


def edited(line: int, **changes: Any) -> list[dict[str, Any]]:
    """The good history with changes at the top of one line; a key with a dot is one of its fact."""
    lines = deepcopy(GOOD)
    for key, value in changes.items():
        (lines[line - 1]["fact"] if key.startswith("fact_") else lines[line - 1])[key.removeprefix("fact_")] = value
    return lines


def instead(line: int, fact: dict[str, Any]) -> list[dict[str, Any]]:
    return edited(line, fact=fact)


NO_TIMES: list[Any] = ["now", "12:00", "2024", "P1M", "", None, True, 0, 1.5, [], {}]
HISTORIES: dict[str, tuple[list[dict[str, Any]], type[LifecycleError], str]] = {
    "a gap": (GOOD[:2] + GOOD[3:], InvalidHistory, "acme.jsonl, line 3: event 4, where 3 is the next: a gap or"),
    "a repetition": (GOOD[:2] + GOOD[1:], InvalidHistory, "acme.jsonl, line 3: event 2, where 3 is the next"),
    "another order": ([GOOD[1], GOOD[0]], InvalidHistory, "acme.jsonl, line 1: event 2, where 1 is the next"),
    "no beginning": ([{**GOOD[1], "sequence": 1}], InvalidHistory, "acme.jsonl, line 1: a history begins with"),
    "two beginnings": (instead(2, GOOD[0]["fact"]), InvalidHistory, "acme.jsonl, line 2: a history begins with"),
    "two agreements": (edited(3, agreement="z"), InvalidHistory, "acme.jsonl, line 3: an event of 'z'; this is the"),
    "an id twice": (edited(3, id="acme:1"), InvalidHistory, "acme.jsonl, line 3: the id 'acme:1' is taken by event 1"),
    "a key twice": (
        [{**line, "key": "k"} for line in GOOD], KeyConflict, "line 2: idempotency key 'k' was used for event 1"
    ),
    "an unknown key": (edited(3, colour="red"), InvalidHistory, "line 3: unknown key 'colour'"),
    "an unknown field": (edited(3, fact_colour="red"), InvalidHistory, "line 3: unknown key 'colour' at fact"),
    "an unknown type": (instead(3, {"type": "bribed"}), InvalidHistory, "line 3: type 'bribed' is unknown: known are"),
    "no type": (instead(3, {"matter": "x"}), InvalidHistory, "line 3: type null is unknown"),
    "an unknown format": (edited(1, fact_format=2), InvalidFact, "line 1: agreement made.format: 2 is not understood"),
    "unknown Terms": (edited(1, fact_terms="nope"), UnknownTerms, "acme.jsonl, line 1: Terms nope: not at hand"),
    "other Terms": (edited(1, fact_digest="0" * 64), UnknownTerms, "line 1: Terms modal-2024-03-26: the agreement pin"),
    "an unknown reading": (edited(1, fact_readings={"9.9": "x"}), InvalidFact, "acme.jsonl, line 1: readings.9.9: "),
    "an unknown meaning": (edited(1, fact_readings={"8.5": "x"}), InvalidFact, "acme.jsonl, line 1: readings.8.5: "),
    "a zone that is a path": (
        edited(1, fact_zone="../../etc/passwd"), InvalidTime, "line 1, agreement made.zone: '../../etc/passwd'"
    ),
    "a zone of the machine": (edited(1, fact_zone="localtime"), InvalidTime, "line 1, agreement made.zone: 'localtime"),
    "no zone": (edited(1, fact_zone=""), InvalidTime, "line 1, agreement made.zone: ''"),
    "a naive time": (edited(3, occurred="2026-02-01T09:00"), InvalidHistory, "line 3: 2026-02-01T09:00: a time withou"),
    "a day recorded": (edited(3, recorded="2026-02-01"), InvalidHistory, "not an instant"),
    "an offset of a day": (edited(3, occurred="2026-02-01T09:00+24:00"), InvalidHistory, "offset at occurred"),
    "a leap second": (edited(3, recorded="2026-02-01T23:59:60Z"), InvalidHistory, "line 3: 2026-02-01T23:59:60Z: ther"),
    "24:00": (edited(3, recorded="2026-02-01T24:00Z"), InvalidHistory, "line 3: 2026-02-01T24:00Z: there is no such d"),
    "year 9999": (edited(3, occurred="9999-12-31"), InvalidHistory, "line 3: 9999-12-31: days from 1900-01-01 to 2999"),
    "year 1": (edited(3, occurred="0001-01-01"), InvalidHistory, "line 3: 0001-01-01: days from 1900-01-01 to 2999"),
    "year 0": (edited(3, occurred="0000-01-01"), InvalidHistory, "line 3: 0000-01-01: there is no such day"),
    "no such day": (edited(3, fact_days={"due": "2026-02-29"}), InvalidHistory, "2026-02-29: there is no such day in"),
    "a gap of clocks": (
        edited(3, occurred="2026-03-08T02:30[America/Los_Angeles]"), InvalidHistory, "skips that local time at occurred"
    ),
    "an hour twice": (
        edited(3, occurred="2025-11-02T01:30[America/Los_Angeles]"), InvalidHistory, "twice: add the offset at occurred"
    ),
    "a day skipped": (
        [*edited(1, fact_zone="Pacific/Apia")[:3], {**GOOD[3], "occurred": "2011-12-30"}],
        InvalidTime,
        "acme.jsonl, line 4, occurred: 2011-12-30: Pacific/Apia has no such day",
    ),
    "fullwidth digits": (edited(3, occurred="\uff12\uff10\uff12\uff16-02-01"), InvalidHistory, "nor an instant"),
    **{
        f"{given!r} as a time": (edited(3, occurred=given), InvalidHistory, "at occurred")
        for given in NO_TIMES
    },
    **{
        f"{str(n)[:9]} as a number of months": (
            edited(2, fact_term={"n": n, "unit": "months"}), InvalidHistory, "at fact.term"
        )
        for n in (True, 1.0, -1, 1_201, 10**9, "12", None, [12])
    },
    "a surrogate": (edited(3, id="a\ud800"), InvalidHistory, "line 3: a text with the control character U+D800 at id"),
    "NUL": (edited(3, id="a\0"), InvalidHistory, "line 3: a text with the control character U+0000 at id"),
    "bidi": (edited(3, actor="a\u202eb"), InvalidHistory, "line 3: a text with the control character U+202E at actor"),
    "an escape": (edited(1, fact_customer="\x1b[2J"), InvalidHistory, "control character U+001B at fact.customer"),
    "an unknown matter": (edited(3, fact_kind="spaceship"), InvalidFact, "line 3: matter opened.kind: the Terms"),
    "an unknown notice": (edited(4, fact_kind="parking"), InvalidFact, "line 4: notice given.kind: the Terms"),
    "an order of hours": (
        edited(2, fact_term={"n": 12, "unit": "hours"}), InvalidFact, "line 2: order signed.term: a term lasts"
    ),
    "a correction of nothing": (
        instead(4, {"type": "withdrawn", "event": "acme:9"}), InvalidHistory, "line 4: there is no event 'acme:9'"
    ),
    "a correction that says nonsense": (
        instead(4, {"type": "corrected", "event": "acme:3", "fact": {**GOOD[2]["fact"], "kind": "spaceship"}}),
        InvalidFact,
        "acme.jsonl, line 4: matter opened.kind",
    ),
    "an amendment to unknown Terms": (
        instead(4, {"type": "agreed", "what": "amendment", "terms": "nope", "digest": "0"}),
        UnknownTerms,
        "acme.jsonl, line 4: Terms nope",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HISTORIES)
def test_a_history_that_is_none_is_refused_with_its_line_and_field(tmp_path: Path, name: str) -> None:
    lines, error, says = HISTORIES[name]
    path = tmp_path / "acme.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    refuses(tmp_path, lambda: files.account(path), error, says)


def refuses(folder: Path, attempt: Callable[[], object], error: type[LifecycleError], says: str) -> None:
    before = {file: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    with pytest.raises(error) as caught:
        attempt()
    assert type(caught.value) is error
    assert says in str(caught.value)
    assert "acme.jsonl" in str(caught.value)
    assert str(caught.value).isprintable()
    assert {file: file.read_bytes() for file in folder.iterdir() if file.is_file()} == before


def test_the_history_that_is_spoiled_above_is_good(tmp_path: Path) -> None:
    path = tmp_path / "acme.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in GOOD), encoding="utf-8")
    assert files.account(path).status("2026-03-31") == STORY.agreement.status("2026-03-31")


def test_a_place_is_named_by_the_line_whatever_the_agreement_is_called(tmp_path: Path) -> None:
    path = tmp_path / "acme.jsonl"
    for odd in ("Acme, Inc", "event 9 of x", ", occurred", ""):
        lines = [{**line, "agreement": odd} for line in edited(4, fact_kind="parking")]
        path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
        refuses(tmp_path, lambda: files.account(path), InvalidFact, "acme.jsonl, line 4: notice given.kind")


BYTES: dict[str, tuple[bytes, type[LifecycleError], str]] = {
    "no newline": (b'{"agreement":"acme"}', TornHistory, "line 5: torn"),
    "half a line": (json.dumps(GOOD[3]).encode()[:100], TornHistory, "line 5: torn"),
    "a line begun and never written": (b"\0" * 10_000, TornHistory, "line 5: torn"),
    "an endless line": (b"x" * 25_000_000, InvalidHistory, "line 5: torn or too long: no newline in 20000001 bytes"),
    "not JSON": (b"agreement: acme\n", InvalidHistory, "line 5: not a line of JSON"),
    "a list": (b"[]\n", InvalidHistory, "line 5: a table is wanted"),
    "an empty line": (b"\n", InvalidHistory, "line 5: not a line of JSON"),
    "a name twice": (
        b'{"sequence":5,"sequence":5}\n',
        InvalidHistory,
        "line 5: not a line of JSON: a key stands twice",
    ),
    "NaN": (b'{"sequence":NaN}\n', InvalidHistory, "line 5: not a line of JSON: NaN is not a number"),
    "Infinity": (b'{"sequence":-Infinity}\n', InvalidHistory, "line 5: not a line of JSON: -Infinity is not a number"),
    "1e400": (b'{"sequence":1e400}\n', InvalidHistory, "line 5"),
    "5,000 digits": (
        b'{"sequence":' + b"9" * 5_000 + b"}\n",
        InvalidHistory,
        "line 5: not a line of JSON: a number of",
    ),
    "100,000 deep": (b"[" * 100_000 + b"]" * 100_000 + b"\n", InvalidHistory, "line 5: not a line of JSON"),
    "tables 100,000 deep": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"\n", InvalidHistory, "line 5: not a line"),
    "UTF-16": ("{}\n".encode("utf-16"), InvalidHistory, "line 5: not UTF-8"),
    "not UTF-8": (b'{"id":"\xff"}\n', InvalidHistory, "line 5: not UTF-8: invalid start byte at its byte 8"),
    "an overlong NUL": (b'{"id":"\xc0\x80"}\n', InvalidHistory, "line 5: not UTF-8"),
    "a surrogate in UTF-8": (b'{"id":"\xed\xa0\x80"}\n', InvalidHistory, "line 5: not UTF-8"),
    "a raw NUL": (b'{"id":"a\0b"}\n', InvalidHistory, "line 5: not a line of JSON"),
    "a byte order mark": (b"\xef\xbb\xbf{}\n", InvalidHistory, "line 5: not a line of JSON"),
}


@pytest.mark.parametrize("name", BYTES)
def test_bytes_that_are_no_line_are_refused_after_the_lines_before_them(tmp_path: Path, name: str) -> None:
    content, error, says = BYTES[name]
    path = tmp_path / "acme.jsonl"
    files.write(path, STORY.agreement.history)
    path.write_bytes(path.read_bytes() + content)
    events = files.read(path)
    assert [next(events).sequence for _ in GOOD] == [1, 2, 3, 4]
    refuses(tmp_path, lambda: list(files.read(path)), error, says)
    refuses(tmp_path, lambda: files.account(path), error, says)
    refuses(tmp_path, lambda: files.append(path, [event(5)], expected=4), error, says)
    if error is InvalidHistory:
        refuses(tmp_path, lambda: files.repair(path), error, says)


def event(sequence: int) -> Any:
    last = STORY.agreement.history[-1]
    return evolve(last, sequence=sequence, id=f"acme:{sequence}")


# ---- memory ----------------------------------------------------------------------------------------------------------


def peak(attempt: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        attempt()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_reading_takes_no_more_memory_the_longer_the_history(tmp_path: Path) -> None:
    """1,600 events would be 2 MB as a list. The bound leaves room for what other tests left behind."""
    path = tmp_path / "acme.jsonl"

    def read() -> None:
        for _ in files.read(path):
            pass

    peaks = []
    for count in (200, 1_600):
        files.write(path, [STORY.agreement.history[0], *(event(n) for n in range(2, count + 1))])
        peaks.append(peak(read))
    assert peaks[1] < peaks[0] + 250_000
    assert peaks[1] < 1_000_000


def test_appending_takes_no_more_memory_the_longer_the_history(tmp_path: Path) -> None:
    path, peaks = tmp_path / "acme.jsonl", []
    for count in (500, 2_000):
        files.write(path, [STORY.agreement.history[0], *(event(n) for n in range(2, count + 1))])
        peaks.append(peak(partial(files.append, path, [event(count + 1)], expected=count)))
    assert peaks[1] < peaks[0] + 250_000


@pytest.mark.parametrize("filler", [b"x", b"\0", b"[", b'"', b"\xff", b"#"])
def test_a_line_without_end_is_given_up_in_bounded_memory(tmp_path: Path, filler: bytes) -> None:
    path = tmp_path / "acme.jsonl"
    with path.open("wb") as file:
        for _ in range(100):
            file.write(filler * 1_000_000)
    attempts: list[Callable[[], object]] = [
        lambda: list(files.read(path)),
        lambda: files.append(path, [event(5)], expected=4),
        lambda: files.repair(path),
    ]

    def given_up(attempt: Callable[[], object]) -> None:
        told = "torn or too long" if filler == b"\0" else "not a history"
        with pytest.raises(InvalidHistory, match=f"acme.jsonl, line 1: {told}"):
            attempt()

    assert [peak(partial(given_up, attempt)) < 90_000_000 for attempt in attempts] == [True, True, True]


# ---- other files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [
    b"\xff", b"policy: house", b"[policy]\n" * 2, b"[policy]\nid = 7\n", b"x" * 1_000_001, b"a = " + b"[" * 100_000,
    b'[policy]\nid = "\\u0000"\ntitle = "t"\nnarrows = "modal-2024-03-26"\n', b"[policy]\nid = 2026-02-30\n",
    b'[policy]\nid = "h"\ntitle = "t"\nnarrows = "modal-2024-03-26"\n[power."x"]\nnever = true\n', b"\0",
    b'[policy]\nid = "h"\ntitle = "t"\nnarrows = "modal-2024-03-26"\n[act.suspend]\nnever = 1\n',
    b'[policy]\nid = "h"\ntitle = "t"\nnarrows = "modal-2024-03-26"\n[act.suspend]\nn = nan\n',
])  # fmt: skip
def test_a_policy_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "house.toml").write_bytes(content)
    with pytest.raises(InvalidTerms, match=r"house.toml: \d+ faults? to mend"):
        files.read_policy(tmp_path / "house.toml", load("modal-2024-03-26"))


def test_a_policy_that_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "house.toml")
    for name in ("house.toml", "missing.toml", ".", "nul\0.toml"):
        with pytest.raises(InvalidTerms, match="cannot be read"):
            files.read_policy(tmp_path / name, load("modal-2024-03-26"))


def test_a_file_name_cannot_act_on_a_log(tmp_path: Path) -> None:
    path = tmp_path / "\x1b[2J\u202e\n.jsonl"
    path.write_text("{}\n", encoding="utf-8")
    for attempt in (lambda: files.account(path), lambda: files.repair(path), lambda: Agreement(files.read(path))):
        with pytest.raises(InvalidHistory) as caught:
            attempt()
        assert str(caught.value).isprintable()
        assert "\\u001b[2J\\u202e\\u000a.jsonl, line 1" in str(caught.value)


def test_only_what_is_named_as_the_folder_names_it_is_in_it(tmp_path: Path) -> None:
    folder = files.Folder(tmp_path)
    folder.append("acme", list(STORY.agreement.history), expected=0)
    for name in ("a b.jsonl", "x.json", "acme.jsonl.torn-1", "%zz.jsonl", "%ff.jsonl", "A%2f.jsonl", "empty.jsonl"):
        (tmp_path / name).write_bytes(b"" if name == "empty.jsonl" else b"{}\n")
    (tmp_path / "zenith.jsonl").write_bytes((tmp_path / "acme.jsonl").read_bytes())
    assert set(folder.agreements()) == {"acme", "zenith"}
    with pytest.raises(InvalidHistory, match=r"zenith.jsonl, line 1: an event of 'acme'; this is the history"):
        list(folder.load("zenith"))


@pytest.mark.parametrize("agreement", ["a\0", "a\nb", "\ud800", "\u202e", "x" * 201, None, 7, b"acme"])
def test_what_no_agreement_is_called_is_not_looked_for(tmp_path: Path, agreement: Any) -> None:
    folder = files.Folder(tmp_path)
    for attempt in (lambda: list(folder.load(agreement)), lambda: folder.file(agreement)):
        with pytest.raises(InvalidHistory, match="no id of an agreement"):
            attempt()


def test_an_id_too_long_for_a_name_is_refused(tmp_path: Path) -> None:
    made = evolve(STORY.agreement.history[0], agreement="東" * 100)
    with pytest.raises(InvalidHistory, match=r"cannot be written: .*too long"):
        files.Folder(tmp_path).append("東" * 100, [made], expected=0)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_missing_is_not_made(tmp_path: Path) -> None:
    folder = files.Folder(tmp_path / "missing")
    with pytest.raises(InvalidHistory, match="missing: cannot be read"):
        list(folder.agreements())
    with pytest.raises(InvalidHistory, match=r"acme.jsonl: cannot be written"):
        folder.append("acme", list(STORY.agreement.history), expected=0)
    assert list(folder.load("acme")) == []
    assert list(tmp_path.iterdir()) == []


# ---- the command -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*HISTORIES, *BYTES])
def test_the_command_tells_the_same_and_ends_with_two(tmp_path: Path, name: str) -> None:
    path = tmp_path / "acme.jsonl"
    if name in HISTORIES:
        path.write_text("".join(f"{json.dumps(line)}\n" for line in HISTORIES[name][0]), encoding="utf-8")
    else:
        files.write(path, STORY.agreement.history)
        path.write_bytes(path.read_bytes() + BYTES[name][0])
    said, wrong = io.StringIO(), io.StringIO()
    arguments = ("terms", "diff", "modal-2024-03-26", "modal-2024-03-26", str(path))
    assert main(arguments, console=Console(file=said, width=400), errors=Console(file=wrong, width=400)) == 2
    assert said.getvalue() == ""
    assert "acme.jsonl, line " in wrong.getvalue()
    assert {**HISTORIES, **BYTES}[name][2][:40] in wrong.getvalue()
    assert "Traceback" not in wrong.getvalue()


def test_the_command_does_not_wait_for_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "acme.jsonl")
    wrong = io.StringIO()
    arguments = ("terms", "diff", "modal-2024-03-26", "modal-2024-03-26", str(tmp_path / "acme.jsonl"))
    assert main(arguments, console=Console(file=wrong, width=400)) == 2
    assert "acme.jsonl: cannot be read" in wrong.getvalue()
