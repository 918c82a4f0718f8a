"""Hostile input at the third door, Terms: every refusal is one of the library's errors, names the file and the place in
it, takes bounded time and memory, and writes nothing.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
from rich.console import Console

from lifecycle.cli import main
from lifecycle.errors import InvalidTerms, LifecycleError, UnknownTerms
from lifecycle.terms import load, parse
from tests.hostile import NO_FILES, no_file

MODAL = (resources.files("lifecycle.terms") / "modal-2024-03-26.toml").read_text(encoding="utf-8")
OVERDUE = 'compare = "at least", n = 30'
HUGE = "9" * 5_000


def edited(old: str, new: str) -> str:
    assert old in MODAL, old
    return MODAL.replace(old, new, 1)


def number(text: str) -> str:
    """The Modal Terms with another number of days than 30 in 1.12."""
    return edited(OVERDUE, f'compare = "at least", n = {text}')


AT_N = 'at power."suspend.overdue".clocks[0].n'
PLACED = {
    **{
        text: (number(text), AT_N)
        for text in ("true", "false", "30.0", "-1", "nan", "inf", "1e2", '"30"', "[30]", "{}")
    },
    "a billion days": (number("1_000_000_001"), AT_N),
    "a century and a day": (number("36_526"), 'at power."suspend.overdue".clocks[0]'),
    "a time": (number("12:00:00"), AT_N),
    "a day": (number("2026-02-28"), AT_N),
    "no zone": (edited('zone = "America/Los_Angeles"', 'zone = ""'), "at terms.zone"),
    "a zone that is a path": (edited('zone = "America/Los_Angeles"', 'zone = "../../etc/passwd"'), "at terms.zone"),
    "a zone of the machine": (edited('zone = "America/Los_Angeles"', 'zone = "localtime"'), "at terms.zone"),
    "a day as a text": (edited("dated = 2024-03-26", 'dated = "soon"'), "at terms.dated"),
    "an instant": (edited("dated = 2024-03-26", "dated = 2024-03-26T00:00:00Z"), "at terms.dated"),
    "year 9999": (edited("dated = 2024-03-26", "dated = 9999-12-31"), "at terms.dated"),
    "year 1": (edited("dated = 2024-03-26", "dated = 0001-01-01"), "at terms.dated"),
    "a number for a name": (edited('id = "modal-2024-03-26"', "id = 7"), "at terms.id"),
    "bidi": (edited('provider = "', 'provider = "\u202e'), "the control character U+202E at terms.provider"),
    "an escape": (edited('provider = "', 'provider = "\\u001b[2J'), "the control character U+001B at terms.provider"),
    "NUL": (edited('provider = "', 'provider = "\\u0000'), "the control character U+0000 at terms.provider"),
    "an unknown key": (edited('id = "modal-2024-03-26"', 'id = "modal-2024-03-26"\ncolour = 1'), "'colour' at terms"),
    "an unknown table": (MODAL + "\n[colour]\na = 1\n", "unknown key 'colour' at the top"),
    "a nest of tables": (MODAL + "\n[duty]\nx = " + "{a=" * 90 + "1" + "}" * 90 + "\n", "duty"),
}
UNREADABLE = {
    "no such day": (edited("dated = 2024-03-26", "dated = 2023-02-29"), "not TOML"),
    "23:59:60": (edited("dated = 2024-03-26", "dated = 2024-03-26T23:59:60Z"), "not TOML"),
    "24:00": (edited("dated = 2024-03-26", "dated = 2024-03-26T24:00:00Z"), "not TOML"),
    "an offset of a day": (edited("dated = 2024-03-26", "dated = 2024-03-26T00:00:00+24:00"), "not TOML"),
    "fullwidth digits": (number("\uff13\uff10"), "not TOML: line"),
    "Arabic digits": (number("\u0663\u0660"), "not TOML: line"),
    "5,000 digits": (number(HUGE), "not TOML"),
    "a key twice": (edited('id = "modal-2024-03-26"', 'id = "modal-2024-03-26"\nid = "x"'), "not TOML: line"),
    "a raw NUL": (edited("Modal", "Mod\0al"), "not TOML: line"),
    "a surrogate": (edited('provider = "', 'provider = "\\ud800'), "not TOML: line"),
    "cut in the middle": (MODAL[: len(MODAL) // 2] + '"', "not TOML"),
    "lists 100,000 deep": (MODAL + "a = " + "[" * 100_000 + "]" * 100_000, "not TOML"),
    "tables 100,000 deep": (MODAL + "a = " + "{a=" * 100_000 + "1" + "}" * 100_000, "not TOML"),
    "a megabyte of comment": (MODAL + "#" * 1_000_000, "larger than 1000000 bytes"),
    "a key of a thousand dots": (MODAL + "a" + ".a" * 1_000 + " = 1\n", "more than 100 dots"),
    "a line break of old": (edited("dated = 2024-03-26", "dated = 2024-03-26\r#"), "not TOML: line"),
}


@pytest.mark.parametrize("name", [*PLACED, *UNREADABLE])
def test_terms_that_are_none_are_refused_with_file_and_place(tmp_path: Path, name: str) -> None:
    content, says = {**PLACED, **UNREADABLE}[name]
    path = tmp_path / "ours.toml"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.raises(InvalidTerms) as caught:
        load(path)
    assert says in str(caught.value)
    assert str(caught.value).startswith(f"{path}: ")
    assert len(str(caught.value)) < 3_000
    assert all(line.isprintable() for line in str(caught.value).split("\n"))
    assert [file.name for file in tmp_path.iterdir()] == ["ours.toml"]


@pytest.mark.parametrize("name", [*PLACED, *UNREADABLE])
def test_the_command_tells_the_same_without_a_traceback(tmp_path: Path, name: str) -> None:
    content, says = {**PLACED, **UNREADABLE}[name]
    path = tmp_path / "ours.toml"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    for command, code in (("check", 1), ("show", 2), ("diff", 2)):
        said, wrong = io.StringIO(), io.StringIO()
        other = ("modal-2024-03-26",) if command == "diff" else ()
        console, errors = Console(file=said, width=4_000), Console(file=wrong, width=4_000)
        assert main(["terms", command, str(path), *other], console=console, errors=errors) == code
        assert "Traceback" not in said.getvalue() + wrong.getvalue()
        assert says in wrong.getvalue() or command == "check"  # which sets them out in columns


def test_the_terms_that_are_spoiled_above_are_good() -> None:
    assert parse(number("30").encode()).id == "modal-2024-03-26"


@pytest.fixture(params=[*NO_FILES, "missing"])
def at_no_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "ours.toml"
    return path if request.param == "missing" else no_file(request.param, path)


def test_what_is_no_file_is_not_read_and_not_waited_for(at_no_file: Path) -> None:
    for source in (at_no_file, str(at_no_file)):
        with pytest.raises(UnknownTerms, match="cannot be read"):
            load(source)
    for command in ("check", "show"):
        said = io.StringIO()
        assert main(["terms", command, str(at_no_file)], console=Console(file=said, width=400)) == 2
        assert "cannot be read" in said.getvalue()


def test_a_link_to_terms_is_followed(tmp_path: Path) -> None:
    (tmp_path / "terms.toml").write_text(MODAL, encoding="utf-8")
    (tmp_path / "link.toml").symlink_to(tmp_path / "terms.toml")
    assert load(tmp_path / "link.toml").digest == load("modal-2024-03-26").digest


def test_answers_that_are_no_file_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "answers.json")
    said = io.StringIO()
    arguments = ["terms", "new", str(tmp_path / "new.toml"), "--answers", str(tmp_path / "answers.json")]
    assert main(arguments, console=Console(file=said, width=400)) == 2
    assert "no answers" in said.getvalue()
    assert not (tmp_path / "new.toml").exists()


DOORS: dict[str, Callable[[str], object]] = {"as an id": load, "as a path": lambda name: load(f"{name}.toml")}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "name", ["", "\0", "\ud800", "a\nb", "\x1b[2J", "\u202e", "x" * 5_000, "..", "/", "~", "-", "."]
)
def test_a_name_of_terms_that_is_none_is_told_as_text(door: str, name: str) -> None:
    with pytest.raises(LifecycleError) as caught:
        DOORS[door](name)
    assert isinstance(caught.value, UnknownTerms)
    assert str(caught.value).isprintable()
