"""What Hypothesis throws at the doors: hostile values, and good histories and Terms with something spoiled in them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeAlias

from hypothesis import strategies as st

from lifecycle.history import to_line
from lifecycle.testing import Story

Lines: TypeAlias = list[Any]

TIMES = [
    "now", "12:00", "2024", "P1M", "2026-02-29", "2026-02-28", "2999-12-31", "9999-12-31", "0001-01-01", "2011-12-30",
    "2026-03-08T02:30[America/Los_Angeles]", "2026-11-01T01:30[America/Los_Angeles]", "2026-04-01T00:00Z",
    "2026-04-01T09:00+24:00", "2026-04-01T23:59:60Z", "2026-04-01T24:00Z", "2026-04-01T09:00", "2026-04-01T09:00-08:00",
    "2026-04-01T09:00[../../etc/passwd]", "2026-04-01T09:00[localtime]", "\uff12\uff10\uff12\uff16-04-01",
]  # fmt: skip
NAMES = [
    "", "acme", "acme:1", "acme:2", "acme:5", "INV-7", "B-1", "courier", "ending", "modal-privacy-2023-05-17", "both",
    "Pacific/Apia", "../../etc/passwd", "__class__", "{0}", "%s", "\0", "\ud800", "a\u202eb", "a\nb", "x" * 201,
    "x" * 2_001, "9" * 5_000, "NaN", "-1", "1e400",
]  # fmt: skip
NUMBERS = [0, 1, -1, 2, 12, 100, 1_201, 10**9, 10**10, True, False, 1.0, 1.5, float("nan"), float("inf")]

SCALARS: st.SearchStrategy[Any] = (
    st.sampled_from(TIMES) | st.sampled_from(NAMES) | st.sampled_from(NUMBERS) | st.none() | st.text(max_size=5)
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=4,
)
"""Anything that JSON can say, and then some."""


def _life() -> Lines:
    """An account to which everything happens that the example is spared."""
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-01").invoice("INV-7", "120.00 USD", due="2026-03-01")
    story.on("2026-02-02").opened("breach", "B-1", party="customer", by="provider", remediable=True)
    story.on("2026-03-05").notice("overdue", about="INV-7").notice("breach", about="B-1")
    story.on("2026-03-06").delivered(story.last).extended("INV-7", to="2026-03-03", day="due")
    story.on("2026-03-07").changed("B-1", remediable=False).ended("B-1", "cured").reopened("B-1")
    story.on("2026-04-21").acted("suspend", power="suspend.overdue", about="INV-7").catch_up()
    story.on("2026-04-22").paid("INV-7", "100.00 USD").paid("INV-7", "20.00 USD", means="credit")
    story.on("2026-04-23").paid("INV-7", "20.00 USD", means="chargeback").waived("B-1", "terminate.breach")
    story.on("2026-04-24").notice("non_renewal", by="customer").agreed("withdrawal", target=story.last)
    story.on("2026-04-25").agreed("consent").posted("terms.modify", effective="2026-06-30")
    story.on("2026-05-01").agreed("termination").agreed("rescission", target=story.last)
    return [json.loads(to_line(event)) for event in story.agreement.history]


def _example() -> Lines:
    return [json.loads(line) for line in Path("examples/acme/history.jsonl").read_text(encoding="utf-8").splitlines()]


LIVES = (_life(), _example())


def _walk(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every part of a document but the whole."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in items:
        yield (*path, key)
        yield from _walk(part, (*path, key))


def _at(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        document = document[key]
    return document


def _kin() -> dict[Any, list[Any]]:
    """Key -> every value that some good line has under it: those spoil what is checked last."""
    found: dict[Any, list[Any]] = {}
    for line in (line for life in LIVES for line in life):
        for path in _walk(line):
            found.setdefault(path[-1], []).append(_at(line, path))
    return found


KIN = _kin()
KEYS = sorted(key for key in KIN if isinstance(key, str))


@st.composite
def spoiled(draw: st.DrawFn, good: Any) -> Any:
    """A document with one part replaced, removed, added or said by another's value."""
    document = deepcopy(good)
    path = draw(st.sampled_from(list(_walk(document))))
    parent, key = _at(document, path[:-1]), path[-1]
    match draw(st.sampled_from(["hostile", "kin", "kin", "gone", "more"])):
        case "hostile":
            parent[key] = draw(VALUES)
        case "kin":
            parent[key] = deepcopy(draw(st.sampled_from(KIN[key]))) if key in KIN else draw(SCALARS)
        case "gone":
            del parent[key]
        case _ if isinstance(parent, dict):
            name = draw(st.sampled_from(KEYS))
            parent[name] = deepcopy(draw(st.sampled_from(KIN[name])))
        case _:
            parent.append(draw(VALUES))
    return document


@st.composite
def histories(draw: st.DrawFn) -> Lines:
    """The documents of a history in which lines are spoiled, lost, doubled or swapped; mostly numbered anew, so that
    what is checked after the sequence is reached.
    """
    life = draw(st.sampled_from(LIVES))
    lines = deepcopy(life[: draw(st.integers(1, len(life)))])
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["lost", "doubled", "swapped"])):
            case "lost" if len(lines) > 1:
                del lines[at]
            case "doubled":
                lines.insert(at, deepcopy(lines[at]))
            case _:
                lines[at], lines[-1] = lines[-1], lines[at]
    if draw(st.integers(0, 9)):
        lines = [{**line, "sequence": n, "id": f"acme:{n}"} for n, line in enumerate(lines, 1)]
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        lines[at] = draw(spoiled(lines[at])) if isinstance(lines[at], dict) and lines[at] else draw(VALUES)
    return lines


NO_FILES = ("pipe", "folder", "null device", "full device", "endless device", "loop of links", "link to a pipe")


def no_file(kind: str, path: Path) -> Path:
    """Something at a path that is no file."""
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "loop of links":
            path.symlink_to(path)
        case "link to a pipe":
            os.mkfifo(path.with_name("pipe"))
            path.symlink_to(path.with_name("pipe"))
        case device:
            path.symlink_to({"null": "/dev/null", "full": "/dev/full", "endless": "/dev/zero"}[device.split()[0]])
    return path


def as_bytes(lines: Lines) -> bytes:
    """The documents as a file, as a careless program would write it."""
    return "".join(f"{json.dumps(line)}\n" for line in lines).encode()


@st.composite
def torn(draw: st.DrawFn, content: bytes) -> bytes:
    """Bytes that are cut, or have others put among them."""
    at = draw(st.integers(0, len(content)))
    junk = draw(st.sampled_from([b"", b"\0", b"\xff", b"#", b"\n", b"{", b"[" * 2_000, b'"', b"\xed\xa0\x80", b"\r\n"]))
    cut = draw(st.sampled_from([0, 0, 1, 20, len(content)]))
    return content[:at] + junk + content[at + cut :]


TERMS = tuple(
    Path(path).read_text(encoding="utf-8")
    for path in (
        "tests/every_key.toml",
        "lifecycle/terms/modal-privacy-2023-05-17.toml",
        "examples/harbour/harbour-hosting-2026.toml",
    )
)
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|\d{4}-\d{2}-\d{2}|\b\d+\b|\btrue\b|\bfalse\b|[\w.-]+(?= =)|[\[\]{}=]')
TOKENS = [
    "true", "false", "0", "-1", "1.5", "nan", "inf", "1e400", "9" * 5_000, "10_000_000_000", "2026-02-29", "9999-12-31",
    "0001-01-01", "12:00:00", "2026-02-28T24:00:00Z", "2026-02-28T00:00:00", '""', '"\\u0000"', '"\\ud800"', '"now"',
    '"\u202e"', '"../../etc/passwd"', '"localtime"', "[]", "{}", "[[]]", '["both"]', "\uff13\uff10", "[" * 2_000,
    "{a=" * 99, "a.b.c", '"x"', "'''", '"""', "#", "=", "\0", "[[power]]", "[power]", "[terms]",
]  # fmt: skip


@st.composite
def terms(draw: st.DrawFn) -> bytes:
    """Good Terms in which words are replaced, also by others of the file, and lines lost, doubled or swapped."""
    text = draw(st.sampled_from(TERMS))
    for _ in range(draw(st.integers(1, 3))):
        found = list(_TOKEN.finditer(text))
        if not found or draw(st.integers(0, 3)) == 0:
            text = _moved(draw, text)
            continue
        word = draw(st.sampled_from(found))
        other = draw(st.sampled_from(TOKENS) | st.sampled_from(found).map(lambda token: token[0]))
        text = text[: word.start()] + other + text[word.end() :]
    return text.encode()


def _moved(draw: Callable[[st.SearchStrategy[Any]], Any], text: str) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    match draw(st.sampled_from(["lost", "doubled", "swapped"])):
        case "lost":
            del lines[at]
        case "doubled":
            lines.insert(other, lines[at])
        case _:
            lines[at], lines[other] = lines[other], lines[at]
    return "".join(lines)
