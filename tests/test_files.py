"""Histories on disk: appended whole or not at all, one by one, for good; what a crash leaves is told and mended."""

from __future__ import annotations

import errno
import json
import os
import random
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lifecycle import disk, files
from lifecycle.errors import AppendConflict, InvalidHistory, TornHistory
from lifecycle.events import Event
from lifecycle.files import Folder
from lifecycle.history import to_line
from tests.hostile import NO_FILES, no_file
from tests.test_history import event, invoice

LOG = [event(1), *(event(n, invoice(f"INV-{n} Zürich")) for n in range(2, 7))]
LINES = [f"{to_line(one)}\n".encode() for one in LOG]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A history of three events."""
    files.write(path := tmp_path / "acme.jsonl", LOG[:3])
    return path


def written(path: Path) -> list[Event]:
    return list(files.read(path))


# ---- appending -------------------------------------------------------------------------------------------------------


def test_lines_are_appended_as_they_would_be_written(path: Path) -> None:
    files.append(path, LOG[3:4], expected=3)
    files.append(path, LOG[4:], expected=4)
    assert path.read_bytes() == b"".join(LINES)


def test_the_first_event_makes_the_file(tmp_path: Path) -> None:
    files.append(tmp_path / "new.jsonl", LOG[:2], expected=0)
    assert written(tmp_path / "new.jsonl") == LOG[:2]
    assert (tmp_path / "new.jsonl").stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_file_keeps_its_mode_when_it_is_written_anew(path: Path) -> None:
    path.chmod(0o640)
    files.write(path, LOG)
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(("expected", "new"), [(0, LOG[:1]), (2, LOG[2:4]), (4, LOG[4:])])
def test_a_decision_on_another_history_than_the_one_there_is_refused(
    path: Path, expected: int, new: list[Event]
) -> None:
    before = path.read_bytes()
    with pytest.raises(AppendConflict) as refused:
        files.append(path, new, expected=expected)
    assert (refused.value.expected, refused.value.found) == (expected, 3)
    assert path.read_bytes() == before


def test_there_is_no_history_to_go_on_with(tmp_path: Path) -> None:
    with pytest.raises(AppendConflict) as refused:
        files.append(tmp_path / "acme.jsonl", LOG[3:], expected=3)
    assert refused.value.found == 0
    assert list(tmp_path.iterdir()) == []


def test_another_agreements_event_is_not_appended(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(InvalidHistory, match="an event of 'acme'; this is the history of 'zenith'"):
        files.append(path, [event(4, invoice("X"), agreement="zenith")], expected=3)
    assert path.read_bytes() == before


def test_a_long_last_line_is_found(path: Path) -> None:
    long = event(4, invoice("INV-4"), meta={f"{n}": "x" * 2_000 for n in range(100)})
    assert len(to_line(long)) > 200_000
    files.append(path, [long], expected=3)
    files.append(path, LOG[4:], expected=4)
    assert written(path) == [*LOG[:3], long, *LOG[4:]]


def test_a_symbolic_link_is_followed_and_stays(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.jsonl"
    link.symlink_to(path)
    files.append(link, LOG[3:4], expected=3)
    assert written(link) == LOG[:4]
    files.write(link, LOG)
    assert link.is_symlink()
    assert written(path) == LOG


def test_a_link_that_leads_nowhere_yet_leads_to_the_new_file(tmp_path: Path) -> None:
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "acme.jsonl")
    files.append(tmp_path / "link.jsonl", LOG[:1], expected=0)
    assert (tmp_path / "link.jsonl").is_symlink()
    assert written(tmp_path / "acme.jsonl") == LOG[:1]


def test_who_waited_while_the_file_was_replaced_appends_to_the_new_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the event would go into a file that no name leads to any more."""
    lock, replaced = disk._lock, list[Path]()

    def slow(descriptor: int, *, shared: bool) -> None:
        if not replaced and not shared:
            replaced.append(path.rename(path.with_suffix(".old")))
            path.write_bytes(b"".join(LINES[:3]))
        lock(descriptor, shared=shared)

    monkeypatch.setattr(disk, "_lock", slow)
    files.append(path, LOG[3:], expected=3)
    assert replaced
    assert written(path) == LOG


# ---- what a write that was cut off leaves ----------------------------------------------------------------------------


def cut_off(lines: list[bytes]) -> dict[str, bytes]:
    """What may be left of a write of some lines, or of the first of them alone."""
    first, rest = lines[0], b"".join(lines[1:])
    return {
        **{f"cut after {n} bytes": first[:n] for n in (1, 5, len(first) // 2, len(first) - 1)},
        "several lines, not yet unveiled": b"#" + first[1:] + rest,
        "several lines, the last not whole": b"#" + first[1:] + rest[:-9],
        "the first of several lines alone": b"#" + first[1:],
        "only the veil": b"#",
        "never written": b"\0" * 4_096,
        "several lines, the first never written": b"\0" * 100 + first[100:] + rest,
        "one line, its middle never written": first[:50] + b"\0" * 50 + first[100:],
    }


TORN = cut_off(LINES[3:])


@pytest.fixture(params=list(TORN.values()), ids=list(TORN))
def torn(request: pytest.FixtureRequest, path: Path) -> Path:
    path.write_bytes(path.read_bytes() + request.param)
    return path


def test_what_stands_before_a_cut_write_is_read(torn: Path) -> None:
    events = files.read(torn)
    assert [next(events), next(events), next(events)] == LOG[:3]
    with pytest.raises(TornHistory) as refused:
        next(events)
    assert refused.value.where == "acme.jsonl, line 4"
    assert refused.value.whole == len(b"".join(LINES[:3]))
    assert "lifecycle.files.repair" in str(refused.value)


@pytest.mark.parametrize("expected", [3, 4])
def test_nothing_is_appended_after_a_cut_write(torn: Path, expected: int) -> None:
    before = torn.read_bytes()
    with pytest.raises(TornHistory):
        files.append(torn, [event(expected + 1, invoice("X"))], expected=expected)
    assert torn.read_bytes() == before


def test_a_repair_keeps_every_event_and_sets_the_rest_aside(torn: Path) -> None:
    rest = torn.read_bytes()[len(b"".join(LINES[:3])) :]
    kept = files.repair(torn)
    assert kept == torn.with_name("acme.jsonl.torn-1")
    assert kept.read_bytes() == rest
    assert torn.read_bytes() == b"".join(LINES[:3])
    assert files.repair(torn) is None
    files.append(torn, LOG[3:], expected=3)
    assert written(torn) == LOG


SPACED = f"{json.dumps(json.loads(LINES[0]))}\n".encode()
FIRST = {
    **cut_off(LINES),
    "as another program writes JSON": SPACED[:-1],
    "that, cut": SPACED[:30],
    "an event whose names come in another order": json.dumps(dict(reversed(json.loads(LINES[0]).items()))).encode(),
}


@pytest.mark.parametrize("left", FIRST.values(), ids=list(FIRST))
def test_the_first_write_of_a_history_may_have_been_cut_off(path: Path, left: bytes) -> None:
    path.write_bytes(left)
    with pytest.raises(TornHistory, match="line 1: torn") as refused:
        list(files.read(path))
    assert refused.value.whole == 0
    kept = files.repair(path)
    assert kept
    assert (kept.read_bytes(), path.read_bytes()) == (left, b"")


NO_HISTORY = {
    "a text without a last newline": b"Dear customer",
    "a text with one": b"# Title\n",
    "a picture": b"\x89PNG\x0d\x1a",
    "a film": b"\0\0\0\x20ftypisom\n",
    "JSON that is no event": b'{"name": "acme"}',
    "JSON that was cut": b'{"name": "acm',
    "a list": b"[]",
    "UTF-16": "Dear customer".encode("utf-16-be"),
}


@pytest.mark.parametrize("content", NO_HISTORY.values(), ids=list(NO_HISTORY))
def test_a_file_that_is_no_history_is_not_called_torn_and_no_repair_touches_it(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    attempts: list[Callable[[], object]] = [
        lambda: list(files.read(path)),
        lambda: files.repair(path),
        lambda: files.append(path, LOG[1:2], expected=1),
    ]
    for attempt in attempts:
        with pytest.raises(InvalidHistory, match=r"acme.jsonl, line 1: not a history: that is JSON Lines") as refused:
            attempt()
        assert type(refused.value) is InvalidHistory
    assert path.read_bytes() == content


def test_what_an_earlier_repair_set_aside_stays(path: Path) -> None:
    for number in (1, 2):
        path.write_bytes(path.read_bytes() + b"{" * number)
        assert files.repair(path) == path.with_name(f"acme.jsonl.torn-{number}")
    assert path.with_name("acme.jsonl.torn-1").read_bytes() == b"{"


def test_a_whole_history_needs_no_repair(path: Path) -> None:
    assert files.repair(path) is None
    assert [file.name for file in path.parent.iterdir()] == ["acme.jsonl"]


@pytest.mark.parametrize("line", [b"{}\n", b"\n", LINES[0], LINES[4], b"\xff\n", LINES[3].replace(b'"acme"', b'"z"')])
def test_what_was_written_wrong_is_not_cut_off(path: Path, line: bytes) -> None:
    path.write_bytes(before := path.read_bytes() + line + LINES[3])
    with pytest.raises(InvalidHistory, match=r"acme.jsonl, line 4") as refused:
        files.repair(path)
    assert not isinstance(refused.value, TornHistory)
    assert path.read_bytes() == before


def test_only_the_last_line_can_have_been_cut_off(path: Path) -> None:
    """Half a line with others after it was written by something else."""
    path.write_bytes(path.read_bytes() + LINES[3][:60] + b"\n" + LINES[4])
    with pytest.raises(InvalidHistory, match="line 4: not a line of JSON"):
        files.repair(path)


# ---- media that fail -------------------------------------------------------------------------------------------------


@contextmanager
def full(size: int) -> Iterator[None]:
    """The disk is full: no file may grow beyond a size. Only briefly, since a log of the tests is a file too."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize("new", [LOG[3:4], LOG[3:]])
def test_a_full_disk_leaves_the_file_as_it_was(path: Path, new: list[Event]) -> None:
    before = path.read_bytes()
    with (
        pytest.raises(InvalidHistory, match=r"acme.jsonl: cannot be written: .*File too large"),
        full(len(before) + 100),
    ):
        files.append(path, new, expected=3)
    assert path.read_bytes() == before
    with pytest.raises(InvalidHistory, match=r"cannot be written"), full(len(before) + 100):
        files.write(path, LOG)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["acme.jsonl"]


def test_a_file_that_a_full_disk_could_not_hold_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(InvalidHistory, match=r"cannot be written"), full(100):
        files.append(tmp_path / "acme.jsonl", LOG, expected=0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("new", [LOG[3:4], LOG[3:]])
@pytest.mark.parametrize("failing", [1, 2])
def test_what_does_not_reach_the_disk_is_taken_back(
    path: Path, monkeypatch: pytest.MonkeyPatch, new: list[Event], failing: int
) -> None:
    """Some file systems tell of a full disk only when asked to let it last; several lines are asked for twice."""
    if failing == 2 and len(new) == 1:
        return
    fsync, asked, before = os.fsync, [], path.read_bytes()

    def full(descriptor: int) -> None:
        asked.append(descriptor)
        if len(asked) == failing:
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InvalidHistory, match=r"cannot be written: .*No space left"):
        files.append(path, new, expected=3)
    assert path.read_bytes() == before


def test_an_interrupted_append_is_taken_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(descriptor: int) -> None:
        monkeypatch.undo()
        raise KeyboardInterrupt

    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        files.append(path, LOG[3:], expected=3)
    assert path.read_bytes() == before


def test_what_can_only_be_read_is_not_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said by the system, not by modes: root may write whatever its mode."""
    opened = os.open

    def read_only(name: str, flags: int, mode: int = 0o777) -> int:
        if flags & (os.O_RDWR | os.O_CREAT):
            raise OSError(errno.EROFS, "Read-only file system", name)
        return opened(name, flags, mode)

    monkeypatch.setattr(os, "open", read_only)
    before = path.read_bytes()
    with pytest.raises(InvalidHistory, match=r"cannot be written: .*Read-only file system"):
        files.append(path, LOG[3:], expected=3)
    with pytest.raises(InvalidHistory, match=r"cannot be written: .*Read-only file system"):
        files.write(path, LOG)
    with pytest.raises(InvalidHistory, match=r"cannot be repaired: .*Read-only file system"):
        files.repair(path)
    with pytest.raises(InvalidHistory, match=r"cannot be written: .*Read-only file system"):
        files.append(path.with_name("new.jsonl"), LOG[:1], expected=0)
    assert path.read_bytes() == before
    assert written(path) == LOG[:3]


@pytest.fixture(params=NO_FILES)
def at_no_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return no_file(request.param, tmp_path / "acme.jsonl")


@pytest.fixture
def impatient() -> Iterator[None]:
    """What waits for a pipe is interrupted, and fails."""

    def interrupt(*_: object) -> None:
        raise AssertionError("waited for")

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.alarm(30)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("impatient")
def test_what_is_no_file_is_neither_read_nor_written_nor_waited_for(at_no_file: Path) -> None:
    attempts: list[Callable[[], object]] = [
        lambda: written(at_no_file),
        lambda: files.append(at_no_file, LOG[:1], expected=0),
        lambda: files.append(at_no_file, LOG[1:], expected=1),
        lambda: files.write(at_no_file, LOG),
        lambda: files.repair(at_no_file),
        lambda: list(Folder(at_no_file.parent).load("acme")),
        lambda: Folder(at_no_file.parent).append("acme", LOG[:1], expected=0),
    ]
    before = sorted(at_no_file.parent.iterdir())
    for attempt in attempts:
        with pytest.raises(InvalidHistory, match=r"acme\.jsonl: cannot be (read|written|repaired)"):
            attempt()
    assert sorted(at_no_file.parent.iterdir()) == before


@pytest.mark.parametrize("name", ["missing/acme.jsonl", "nul\0.jsonl", "x" * 300, "acme.jsonl/acme.jsonl"])
def test_where_no_file_can_be_none_is_written(path: Path, name: str) -> None:
    target = path.parent / name
    attempts: list[Callable[[], object]] = [
        lambda: files.append(target, LOG[:1], expected=0),
        lambda: files.append(target, LOG[1:], expected=1),
        lambda: files.write(target, LOG),
        lambda: files.repair(target),
    ]
    for attempt in attempts:
        with pytest.raises(InvalidHistory, match=r"cannot be (written|repaired)"):
            attempt()
    assert [file.name for file in path.parent.iterdir()] == ["acme.jsonl"]


def test_a_file_system_without_locks_can_be_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(descriptor: int, *, shared: bool) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(disk, "_lock", none)
    assert written(path) == LOG[:3]
    with pytest.raises(InvalidHistory, match=r"cannot be written: .*No locks available"):
        files.append(path, LOG[3:], expected=3)


# ---- several processes -----------------------------------------------------------------------------------------------


def forked(work: Callable[[], None]) -> int:
    """A process of its own that does the work and ends, 0 where it did not raise."""
    if (child := os.fork()) == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - it must never return into the tests
            os._exit(1)
        os._exit(0)
    return child


def ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_two_processes_that_append_at_once_lose_nothing(path: Path) -> None:
    def work(name: str) -> None:
        for number in range(25):
            while True:
                last = len(written(path))
                try:
                    files.append(path, [event(last + 1, invoice(f"{name}{number}"))], expected=last)
                    break
                except AppendConflict:
                    continue

    assert [ended(child) for child in [forked(lambda: work("a")), forked(lambda: work("b"))]] == [0, 0]
    told = [one.fact.matter for one in written(path)[3:]]  # type: ignore[union-attr]
    assert sorted(told) == sorted(f"{name}{number}" for name in "ab" for number in range(25))


def test_killed_in_the_middle_of_appending_nothing_acknowledged_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """100 times, at moments the test does not choose: writes are made slow, 16 bytes at a time. To be killed is not to
    lose power, so that nothing need be waited for to reach the disk.
    """
    monkeypatch.setattr(os, "fsync", lambda _: None)
    torn, dice, written_at_once = 0, random.Random(7), os.write  # noqa: S311
    long = {"x": "x" * 2_000, "y": "y" * 2_000}

    def work(path: Path, telling: int) -> None:
        os.write = lambda descriptor, content: written_at_once(descriptor, memoryview(content)[:16])
        for last in range(0, 10**9, 3):
            batch = [event(n, invoice(f"{n}"), meta=long) for n in range(last + 1, last + 4)]
            files.append(path, batch, expected=last)
            written_at_once(telling, f"{last + 3}\n".encode())

    for number in range(100):
        path = tmp_path / f"{number}.jsonl"
        hearing, telling = os.pipe()
        child = forked(lambda path=path, telling=telling: work(path, telling))  # type: ignore[misc]
        os.close(telling)
        size = dice.randrange(1, 40_000)
        while not path.exists() or path.stat().st_size < size:
            pass
        os.kill(child, signal.SIGKILL)
        assert ended(child) == -signal.SIGKILL
        with os.fdopen(hearing, "rb") as told:
            heard = told.read().splitlines(keepends=True)
        acknowledged = int(([line for line in heard if line.endswith(b"\n")] or [b"0"])[-1])
        torn += files.repair(path) is not None
        assert len(written(path)) in (acknowledged, acknowledged + 3)  # done but not told; never anything in between
    assert torn > 10, "the kills have missed what this is about"
