"""The command ``lifecycle diagram``: what it draws, where it writes, and as what it ends."""

from __future__ import annotations

import json
import re
import struct
import sys
from pathlib import Path

import attrs
import pytest

from lifecycle import files
from lifecycle.agreement import Agreement
from lifecycle.answers import ArrowDrawn, DrawnTold, MarkDrawn, PlaceDrawn, WayDrawn
from lifecycle.demo import example
from lifecycle.diagrams import marked, picture, render
from lifecycle.terms import load, under
from tests.commands import MODAL, Ran

ACME = str(example())


def run(*arguments: object) -> Ran:
    return Ran("diagram", *arguments)


def test_it_prints_mermaid_where_nobody_says_otherwise() -> None:
    ran = run(MODAL)
    assert (ran.code, ran.wrong) == (0, "")
    assert ran.said == render(picture(load(MODAL)), "mermaid")


@pytest.mark.parametrize("format", ["mermaid", "dot", "svg", "json"])
def test_it_prints_any_text_format(format: str) -> None:
    ran = run(MODAL, "--format", format, "--detail", "full")
    assert (ran.code, ran.said) == (0, render(picture(load(MODAL), detail="full"), format))


@pytest.mark.parametrize(("name", "format"), [
    ("a.mmd", "mermaid"), ("a.mermaid", "mermaid"), ("a.dot", "dot"), ("a.gv", "dot"), ("a.SVG", "svg"),
    ("a.json", "json"),
])  # fmt: skip
def test_the_ending_of_a_file_says_the_format(name: str, format: str, tmp_path: Path) -> None:
    path = tmp_path / name
    ran = run(MODAL, "-o", str(path))
    assert (ran.code, ran.wrong) == (0, "")
    assert ran.said == f"wrote {path}\n"
    assert path.read_text(encoding="utf-8") == render(picture(load(MODAL)), format)


def test_a_png_has_two_pixels_to_each_unit_of_the_svg(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    assert run(MODAL, "-o", str(path), "--theme", "dark").code == 0
    content = path.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", content[16:20])[0] == 2 * 960


def test_without_the_extra_png_says_which_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mermaidx", None)
    ran = run(MODAL, "-o", str(tmp_path / "a.png"))
    assert ran.code == 2
    assert "pip install 'contract-lifecycle[pictures]'" in ran.wrong
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_written_anew_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    path.write_text("mine", encoding="utf-8")
    assert run(MODAL, "-o", str(path), "--theme", "light").code == 0
    before = path.read_bytes()
    assert before.startswith(b"<svg")
    assert run(MODAL, "-o", str(path), "--only", "nope").code == 2
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["a.svg"]


def test_json_tells_the_picture_and_what_was_written(tmp_path: Path) -> None:
    drawn = json.loads(render(picture(load(MODAL)), "json"))
    assert run(MODAL, "--json").json == {**drawn, "written": None, "format": None}
    path = tmp_path / "a.svg"
    assert run(MODAL, "-o", path, "--json").json == {**drawn, "written": str(path), "format": "svg"}
    assert path.exists()


def test_it_draws_one_party_one_transition_and_readings() -> None:
    ran = run(MODAL, "-f", "svg", "--party", "customer", "--only", "terminate", "--reading", "8.5=receipt")
    expected = picture(under(load(MODAL), {"8.5": "receipt"}), party="customer", only="terminate")
    assert (ran.code, ran.said) == (0, render(expected, "svg"))


def of_acme(at: str) -> str:
    account = Agreement(files.read(example()))
    return render(marked(picture(account.terms_at(at)), account, at), "mermaid")


def test_with_a_history_it_marks_where_the_account_stands() -> None:
    ran = run("--history", ACME, "--at", "2026-03-10")
    assert (ran.code, ran.said) == (0, of_acme("2026-03-10"))
    assert "class active here" in ran.said
    assert "opens 2026-03-16" in ran.said  # the notice of 03-06 has run its 10 days
    assert "opens" not in run("--history", ACME, "--at", "2026-03-10", "--known-at", "2026-03-05").said


def test_a_history_is_drawn_as_it_was_known_and_as_clauses_are_read() -> None:
    # Suspended on 2026-08-31; the payment of 08-20 was learned on 09-02.
    asked = ("--history", ACME, "--at", "2026-09-01")
    assert "class suspended here" in run(*asked, "--known-at", "2026-09-01").said
    assert "class active here" in run(*asked).said
    assert "read as 8.5: receipt" in run(*asked, "--reading", "8.5=receipt", "-f", "svg").said


def test_without_a_day_the_account_is_drawn_as_it_is_now() -> None:
    assert "class terminated here" in run("--history", ACME, "--at", "2029-01-01").said
    assert run("--history", ACME).code == 0


BAD: list[tuple[tuple[str, ...], str]] = [
    ((), "of which Terms? Name some, or an account (--history FILE)"),
    (("nope",), "Terms nope"),
    ((MODAL, "--format", "gif"), '"mermaid", "dot", "svg", "png", "json"'),
    ((MODAL, "--theme", "blue"), '"light", "dark"'),
    ((MODAL, "--detail", "some"), '"overview", "full"'),
    ((MODAL, "--party", "both"), '"provider", "customer"'),
    ((MODAL, "--only", "nope"), "there is no 'nope': convert, renew, suspend"),
    ((MODAL, "--format", "png"), "png is no text: say where to write it (-o FILE.png)"),
    ((MODAL, "-o", "a.gif"), "of which format? Name one (--format), or end it in .mmd"),
    ((MODAL, "-o", "missing/a.svg"), "cannot be written"),
    ((MODAL, "-o", "nul\0.svg"), "cannot be written"),
    ((MODAL, "--at", "2026-01-01"), "ask about an account: name its history"),
    ((MODAL, "--reading", "8.5=pigeon"), "pigeon"),
    ((MODAL, "--history", ACME), "with --history the Terms are those it names"),
    (("--history", "missing.jsonl"), "missing.jsonl"),
    (("--history", ACME, "--at", "soon"), "soon"),
]


@pytest.mark.parametrize(("arguments", "problem"), BAD, ids=[" ".join(arguments)[:50] for arguments, _ in BAD])
def test_bad_input_ends_with_two_and_says_what_is_wrong(
    arguments: tuple[str, ...], problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments)
    assert (ran.code, ran.said) == (2, "")
    assert ran.wrong.startswith("lifecycle: ")
    assert problem in ran.wrong
    assert list(tmp_path.iterdir()) == []


def test_its_help_teaches() -> None:
    told = " ".join(run("--help").said.replace("│", " ").split())
    assert "Example: lifecycle diagram modal-2024-03-26 --detail full -o modal.svg" in told
    assert "Ends with 0, or 2 for input that cannot be used." in told
    assert "--json" in told


def test_what_its_help_says_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files.write("acme.jsonl", files.read(ACME))
    assert run(MODAL, "--detail", "full", "-o", "modal.svg").code == 0
    assert run("--history", "acme.jsonl", "--at", "2026-03-10", "-o", "acme.png").code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"acme.jsonl", "modal.svg", "acme.png"}


def test_what_is_printed_cannot_act_on_a_terminal(tmp_path: Path) -> None:
    ran = run("[bold]\x1b[2J\u202eX.toml", "-o", str(tmp_path / "a.svg"))
    assert ran.code == 2
    assert "\x1b" not in ran.wrong
    assert "\u202e" not in ran.wrong


# ---- the pages -----------------------------------------------------------------------------------------------------

DOCS = Path(__file__).parents[1] / "docs"


def test_the_page_on_pictures_has_every_option() -> None:
    page = (DOCS / "pictures.md").read_text(encoding="utf-8")
    options = set(re.findall(r"--[a-z-]+", run("--help").said))
    assert options - {"--json"} <= set(re.findall(r"--[a-z-]+", page))


def test_the_page_on_pictures_names_all_that_json_has() -> None:
    page = (DOCS / "pictures.md").read_text(encoding="utf-8").partition("## As data")[2]
    named = set(re.findall(r"`(\w+)`", page))
    for part in (DrawnTold, PlaceDrawn, ArrowDrawn, WayDrawn, MarkDrawn):
        assert {field.name for field in attrs.fields(part)} <= named
