"""The command ``lifecycle terms``: what it says, as what it ends, and that nothing given to it breaks it."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import lifecycle
from lifecycle import files, schema
from lifecycle.cli import main
from lifecycle.cli.output import wrapped
from lifecycle.demo import example
from lifecycle.terms import load, published
from lifecycle.testing import Story
from tests import commands

MODAL = "modal-2024-03-26"
EVERY_KEY = str(Path(__file__).parent / "every_key.toml")
PAGE = Path(__file__).parents[1] / "docs" / "command-line.md"


class Ran(commands.Ran):
    """A run of ``lifecycle terms``; of ``lifecycle`` itself where the first argument is empty."""

    def __init__(self, *arguments: str, answers: str = "", width: int = 100) -> None:
        given = ("terms", *arguments) if arguments[:1] != ("",) else arguments[1:]
        super().__init__(*given, answer=answers, width=width)


def run(*arguments: str, **more: Any) -> Ran:
    return Ran(*arguments, **more)


@pytest.fixture
def next_terms(tmp_path: Path) -> str:
    """The Modal Terms with 45 days in place of 30, before a suspension."""
    text = (Path(lifecycle.__file__).parent / "terms" / f"{MODAL}.toml").read_text(encoding="utf-8")
    text = text.replace('compare = "at least", n = 30, clause', 'compare = "at least", n = 45, clause', 1)
    path = tmp_path / "next.toml"
    path.write_text(text.replace(f'id = "{MODAL}"', 'id = "next"'), encoding="utf-8")
    return str(path)


@pytest.fixture
def history(tmp_path: Path) -> str:
    """An account with an invoice overdue since 1 March 2026, on notice since the 5th."""
    story = Story(MODAL, on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-01").invoice("INV-7", "120.00 USD", due="2026-03-01")
    story.on("2026-03-05").notice("overdue", about="INV-7")
    path = tmp_path / "acme.jsonl"
    files.write(path, story.agreement.history)
    return str(path)


# ---- show --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("terms", [*published(), EVERY_KEY])
def test_show_tells_every_entry(terms: str) -> None:
    ran = run("show", terms)
    assert (ran.code, ran.wrong) == (0, "")
    found = load(terms)
    assert ran.said.startswith(f"{found.title} ({found.id})\n  the text with SHA-256 {found.digest}\n")
    for title in (power.title for power in found.powers.values()):
        assert title in " ".join(ran.said.split())
    assert "\n\n\n" not in ran.said


def test_show_reads_like_this() -> None:
    assert (
        run("show", MODAL, "--power", "terminate.force_majeure")
        .said.partition("What a party may do")[2]
        .startswith("""

  to terminate

  8.4           terminate for a lasting force majeure [terminate.force_majeure]
    who             either party
    because of      force majeure
    when            more than 30 days after the force majeure begins (time for its end)
    gone once       ended
    how             by written notice

Notices
""")
    )


def test_a_label_stands_once_before_all_that_it_labels() -> None:
    said = run("show", MODAL, "--power", "suspend.overdue").said
    assert (
        """
    when            30 days or more after the due day where payment is not card (time for payment) [1.12]
                    10 days or more after the due day where payment is card (time for payment) [1.12]
"""
        in said
    )


def test_show_wraps_to_the_terminal_and_lines_end_where_their_words_do() -> None:
    for width in (20, 60, 100, 300):
        said = io.StringIO()
        assert main(["terms", "show", MODAL], console=Console(file=said, width=width, force_terminal=True)) == 0
        lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in said.getvalue().splitlines()]
        assert max(map(len, lines)) <= max(min(width, 110), 90)  # a digest is one word
        assert not [line for line in lines if line != line.rstrip()]


def test_show_as_json_has_the_documented_shape() -> None:
    told = run("show", MODAL, "--clause", "1.12", "--reading", "8.5=receipt", "--json").json
    assert list(told) == ["terms", "title", "digest", "readings", "entries"]
    assert (told["terms"], told["readings"]) == (MODAL, {"8.5": "receipt"})
    entry = next(entry for entry in told["entries"] if entry["id"] == "suspend.overdue")
    assert list(entry) == ["section", "id", "clause", "title", "group", "lines"]
    assert (entry["section"], entry["clause"], entry["group"]) == ("power", "1.12(e)", "suspend")
    assert {"label": "who", "text": "the provider"} in entry["lines"]


def test_show_under_a_reading_says_so_and_shows_its_days() -> None:
    said = run("show", MODAL, "--power", "suspend.overdue", "--reading", "or-more=from the 31st day").said
    assert "read with or-more: from the 31st day" in said
    assert "more than 30 days after the due day where payment is not card" in said


# ---- check -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("terms", published())
def test_check_finds_no_errors_in_published_terms(terms: str) -> None:
    ran = run("check", terms)
    assert (ran.code, ran.wrong) == (0, "")
    assert "no errors" in ran.said


def test_check_tells_each_fault_with_its_path_and_ends_with_one(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    text = Path(EVERY_KEY).read_text(encoding="utf-8")
    text = text.replace("n = 14, unit", "n = 14.5, unit").replace('gap = "goes on"', 'gap = "x"')
    path.write_text(text, encoding="utf-8")
    ran = run("check", str(path))
    assert (ran.code, ran.wrong) == (1, "")
    assert "error: a whole number is wanted, not 14.5\n  at  trial.length.n\n  do  mend it" in ran.said
    assert ran.said.endswith("bad.toml: 2 errors, 0 pieces of advice\n")


def test_check_tells_advice_and_ends_with_zero() -> None:
    ran = run("check", "modal-privacy-2023-05-17")
    assert ran.said.splitlines() == [
        "advice: nothing ends an agreement under these Terms: it has no term, and no party may terminate",
        "  at  terms.begins",
        "  do  add a power to terminate, unless that is meant",
        "",
        "modal-privacy-2023-05-17: no errors, 1 piece of advice",
    ]
    assert run("check", EVERY_KEY).said == f"{EVERY_KEY}: no errors, 0 pieces of advice\n"


def test_check_as_json_has_the_documented_shape(tmp_path: Path) -> None:
    told = run("check", "modal-privacy-2023-05-17", "--json").json
    assert (told["terms"], told["errors"], told["advice"]) == ("modal-privacy-2023-05-17", 0, 1)
    assert [list(finding) for finding in told["findings"]] == [["severity", "code", "path", "problem", "advice"]]
    path = tmp_path / "bad.toml"
    path.write_text("[terms]\n[terms]\n", encoding="utf-8")
    assert "  at" not in run("check", str(path)).said  # of no place in the file but a line
    ran = run("check", str(path), "--json")
    assert (ran.code, ran.json["errors"], ran.json["findings"][0]["code"]) == (1, 1, "fault")


def test_check_looks_at_the_terms_as_read() -> None:
    ran = run("check", MODAL, "--reading", "6.2=never")
    assert ran.code == 1
    assert 'its conditions exclude each other\n  at  power."terminate.warranty"' in ran.said


# ---- diff --------------------------------------------------------------------------------------------------------


OVERDUE = "days or more after the due day where payment is not card (time for payment) [1.12]"


def test_diff_tells_what_differs_clause_by_clause(next_terms: str) -> None:
    ran = run("diff", MODAL, next_terms)
    assert (ran.code, ran.wrong) == (1, "")
    assert ran.said.splitlines() == [
        f"old  Modal Terms of Service, 2024-03-26 ({MODAL}, {load(MODAL).digest[:12]})",
        f"new  Modal Terms of Service, 2024-03-26 (next, {load(next_terms).digest[:12]})",
        "",
        "  changed: the Terms",
        f"      id              {MODAL}",
        "                      -> next",
        "",
        "1.12(e) Suspension: non-payment",
        "  changed: power suspend for overdue amounts [suspend.overdue]",
        f"      when            30 {OVERDUE}",
        f"                      -> 45 {OVERDUE}",
    ]


def test_diff_of_terms_that_say_the_same_ends_with_zero() -> None:
    ran = run("diff", MODAL, MODAL)
    assert ran.code == 0
    assert ran.said.endswith("\n\nThey say the same.\n")


def test_diff_tells_what_changes_for_an_account(next_terms: str, history: str) -> None:
    """Due 1 March: 30 days overdue on the 31st, 45 on 15 April."""
    said = run("diff", MODAL, next_terms, history).said
    assert said.partition("acme as of ")[2].splitlines() == [
        "2026-03-05",
        "  suspend for overdue amounts (invoice INV-7) [suspend.overdue]",
        "          from 2026-03-31",
        "      ->  from 2026-04-15",
        "  9 further powers are as they were",
    ]


def test_diff_as_of_another_day(next_terms: str, history: str) -> None:
    said = run("diff", MODAL, next_terms, history, "--at", "2026-01-20").said
    assert "acme as of 2026-01-20\n  nothing changes\n" in said


def test_diff_lists_what_the_new_terms_give_no_meaning(history: str) -> None:
    said = run("diff", MODAL, "modal-privacy-2023-05-17", history).said
    assert "  facts that the new Terms give no meaning:\n    acme:2 (order signed): order signed.order: " in said
    assert "(invoice INV-7) [suspend.overdue]\n          from 2026-03-31\n      ->  no such power" in said
    assert "term            term 1 through 2027-01-04 -> no term" in said


def test_diff_as_json_has_the_documented_shape(next_terms: str, history: str) -> None:
    told = run("diff", MODAL, next_terms, history, "--json").json
    assert list(told) == ["old", "new", "changes", "accounts"]
    assert list(told["old"]) == ["terms", "title", "digest"]
    assert list(told["changes"][0]) == ["what", "section", "id", "clause", "title", "turns"]
    assert list(told["changes"][0]["turns"][0]) == ["label", "old", "new"]
    (account,) = told["accounts"]
    assert list(account) == ["agreement", "at", "old", "new", "powers", "same", "unread"]
    assert list(account["old"]) == ["state", "term", "holds", "ending", "irregular"]
    (power,) = account["powers"]
    assert (power["power"], power["matter"]) == ("suspend.overdue", "invoice INV-7")
    assert power["new"] == {"first": "2026-04-15", "last": None, "waits": ""}
    (account,) = run("diff", MODAL, "modal-privacy-2023-05-17", history, "--json").json["accounts"]
    assert [(unread["event"], unread["type"]) for unread in account["unread"]] == [
        ("acme:2", "order signed"), ("acme:3", "matter opened"), ("acme:4", "notice given")]  # fmt: skip
    assert list(account["unread"][0]) == ["event", "type", "why"]


def test_diff_of_a_reading_by_itself(history: str) -> None:
    ran = run("diff", MODAL, MODAL, history, "--new-reading", "or-more=from the 31st day")
    assert ran.code == 1
    assert "-> from the 31st day" in ran.said
    assert "          from 2026-03-31\n      ->  from 2026-04-01\n" in ran.said


def test_diff_takes_a_reading_wherever_the_terms_have_it(next_terms: str) -> None:
    told = run("diff", MODAL, next_terms, "--reading", "8.5=receipt").said
    assert told.count("8.5 read as 'receipt'") == 2
    assert "registered mail" not in told
    privacy = run("diff", MODAL, "modal-privacy-2023-05-17", "--reading", "8.5=receipt").said
    assert "registered mail counts once delivered" in privacy


def test_diff_reads_a_history_of_terms_that_are_not_published(next_terms: str, tmp_path: Path) -> None:
    path = tmp_path / "theirs.jsonl"
    files.write(path, Story(load(next_terms), on="2026-01-05").agreement.history)
    assert "acme as of 2026-01-05" in run("diff", next_terms, MODAL, str(path)).said
    ran = run("diff", MODAL, MODAL, str(path))
    assert (ran.code, ran.said) == (2, "")
    assert "Terms next: not at hand" in ran.wrong


# ---- schema ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", schema.NAMES)
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_schema_prints_the_file_that_ships(name: str, more: tuple[str, ...]) -> None:
    ran = run("schema", name, *more)
    assert (ran.code, ran.said) == (0, schema.shipped(name))


def test_schema_is_that_of_terms_where_nobody_says() -> None:
    assert run("schema").said == schema.shipped("terms")


# ---- new ---------------------------------------------------------------------------------------------------------


def test_new_with_defaults_writes_a_file_that_checks(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    ran = run("new", str(path), "--defaults")
    assert (ran.code, ran.wrong) == (0, "")
    assert "wrote" in ran.said
    assert run("check", str(path)).said.endswith("no errors, 0 pieces of advice\n")
    assert "what to do next" in path.read_text(encoding="utf-8").lower()


def test_new_names_the_file_after_the_terms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("new", "--defaults").code == 0
    assert load("our-terms-1.toml").id == "our-terms-1"


def test_new_never_overwrites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ours.toml"
    path.write_text("mine", encoding="utf-8")
    ran = run("new", str(path), "--defaults")
    assert (ran.code, ran.said, path.read_text(encoding="utf-8")) == (1, "", "mine")
    assert "there is such a file, and it is not overwritten" in ran.wrong
    monkeypatch.chdir(tmp_path)
    (tmp_path / "our-terms-1.toml").symlink_to(path)
    assert run("new", "--defaults").code == 1
    assert path.read_text(encoding="utf-8") == "mine"


def test_new_asks_and_asks_again_where_an_answer_cannot_be_used(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    answers = 'ours-1\n\nOurs "& Co"\nsoon\n2026-02-03\nMars\nEurope/Berlin\nmade\nfax\nemail personal\n45\n\n\n0\n'
    ran = run("new", str(path), answers=answers)
    assert ran.code == 0, ran.wrong
    terms = load(path)
    assert (terms.id, terms.title, terms.provider) == ("ours-1", "Our Terms of Service", 'Ours "& Co"')
    assert (str(terms.dated), terms.zone, terms.begins) == ("2026-02-03", "Europe/Berlin", "made")
    assert terms.powers["suspend.overdue"].clocks[0].n == 45
    assert terms.notice
    assert list(terms.notice.methods) == ["personal", "email"]
    assert "terminate.force_majeure" not in terms.powers
    assert "lifecycle: 'soon': not a day: say YYYY-MM-DD at dated" in ran.wrong
    assert "How many months a term lasts" not in ran.wrong


def test_new_says_so_where_answers_run_out(tmp_path: Path) -> None:
    ran = run("new", str(tmp_path / "ours.toml"), answers="ours-1\n")
    assert ran.code == 2
    assert "no answer: the input has ended (give --answers FILE, or --defaults)" in ran.wrong
    assert list(tmp_path.iterdir()) == []


def test_new_takes_answers_from_a_file(tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"id": "ours-2", "cure_days": 14}), encoding="utf-8")
    path = tmp_path / "ours.toml"
    ran = run("new", str(path), "--answers", str(answers), "--json")
    assert (ran.code, ran.json) == (0, {"written": str(path), "terms": "ours-2", "findings": []})
    assert load(path).powers["terminate.breach"].clocks[0].n == 14


@pytest.mark.parametrize(("content", "problem"), [
    ("{", "no answers: "),
    ("[]", "an object of names and values is wanted"),
    ('{"id": "a", "id": "b"}', "a name stands twice"),
    ('{"nope": 1}', "unknown key 'nope'"),
    ('{"zone": "Nowhere", "cure_days": "x"}', "a whole number is wanted, not 'x' at cure_days"),
    ('{"id": "a/b"}', "'a/b' is no name of a file"),
    ("[" * 100_000, "no answers: "),
    ("\udcff", "no answers: "),
    (None, "no answers: "),
])  # fmt: skip
def test_answers_that_cannot_be_used_end_with_two(
    content: str | None, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if content is not None:
        Path("answers.json").write_bytes(content.encode(errors="surrogateescape"))
    ran = run("new", "--answers", "answers.json")
    assert (ran.code, ran.said) == (2, "")
    assert problem in ran.wrong
    assert not list(tmp_path.glob("*.toml"))


def test_new_says_so_where_it_cannot_write(tmp_path: Path) -> None:
    ran = run("new", str(tmp_path / "missing" / "ours.toml"), "--defaults")
    assert ran.code == 2
    assert "cannot be written" in ran.wrong


# ---- bad input, and hostile ---------------------------------------------------------------------------------------

BAD = [
    ("show",),
    ("show", "acme"),
    ("show", "missing.toml"),
    ("show", "/"),
    ("show", "nul\0.toml"),
    ("show", MODAL, "--clause", "9.9"),
    ("show", MODAL, "--power", "suspend"),
    ("show", MODAL, "--reading", "8.5"),
    ("show", MODAL, "--reading", "8.5=pigeon"),
    ("show", MODAL, "--reading", "nope=x"),
    ("show", MODAL, "--nope"),
    ("show", MODAL, "more"),
    ("check",),
    ("check", "missing.toml"),
    ("diff", MODAL),
    ("diff", MODAL, "acme"),
    ("diff", MODAL, MODAL, "missing.jsonl"),
    ("diff", MODAL, MODAL, EVERY_KEY),
    ("diff", MODAL, MODAL, str(example()), "--at", "soon"),
    ("diff", MODAL, MODAL, "--reading", "nope=x"),
    ("diff", MODAL, MODAL, "--new-reading", "nope=x"),
    ("schema", "nope"),
    ("nope",),
    ("", "nope"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", BAD, ids=[" ".join(arguments)[:60] for arguments in BAD])
def test_bad_input_ends_with_two_and_says_what_is_wrong(arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.said) == (2, "")
    assert ran.wrong.startswith("lifecycle: ")
    assert "Traceback" not in ran.wrong


def test_terms_with_faults_are_told_by_show_and_diff_too(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text("[terms]\nid = 7\n", encoding="utf-8")
    for arguments in (("show", str(path)), ("diff", MODAL, str(path))):
        ran = run(*arguments)
        assert ran.code == 2
        assert "  - a text is wanted, not 7 at terms.id\n" in ran.wrong


HOSTILE = "[bold]\x1b[2J\x07\u202eX\udc9b[/bold]:smile:"


@pytest.mark.parametrize("make", [
    lambda text: ("show", text),
    lambda text: ("show", f"{text}.toml"),
    lambda text: ("show", MODAL, "--clause", text),
    lambda text: ("show", MODAL, "--reading", f"{text}=x"),
    lambda text: ("diff", MODAL, MODAL, text),
    lambda text: (text,),
    lambda text: ("schema", text),
    lambda text: ("show", MODAL, f"--{text}"),
    lambda text: ("new", "--answers", text),
])  # fmt: skip
def test_nothing_given_can_act_on_a_terminal(make: Callable[[str], tuple[str, ...]]) -> None:
    ran = run(*make(HOSTILE))
    assert ran.code == 2
    printed = ran.said + ran.wrong
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", printed)
    assert "[bold]" in printed  # it is shown as it was given
    assert ":smile:" in printed


def test_markup_in_terms_is_text(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    text = Path(EVERY_KEY).read_text(encoding="utf-8")
    path.write_text(text.replace("Every Key", "[red]Every[/red] :smile: Key"), encoding="utf-8")
    said = io.StringIO()
    assert main(["terms", "show", str(path)], console=Console(file=said, width=100, force_terminal=True)) == 0
    assert "[red]Every[/red] :smile: Key" in said.getvalue()


def test_json_stays_json_whatever_the_path(tmp_path: Path) -> None:
    path = tmp_path / "[b]\x1b\u202e größe.toml"
    path.write_text("[terms]\n", encoding="utf-8")
    ran = run("check", str(path), "--json")
    assert ran.json["terms"] == str(path)
    assert "\x1b" not in ran.said
    assert "größe" in ran.said


# ---- help, and the extra -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["show", "check", "prove", "diff", "schema", "new"])
def test_every_command_has_help_that_teaches(command: str) -> None:
    ran = run(command, "--help")
    told = " ".join(ran.said.replace("│", " ").split())
    assert ran.code == 0
    assert f"Example: lifecycle terms {command}" in told
    assert "--json" in told
    assert re.search(r"Ends with 0", told)


def test_without_a_command_it_tells_those_there_are() -> None:
    assert run("", "--help").code == 0
    said = run("").said
    assert "Terms as data" in said
    assert all(command in run().said for command in ("check", "diff", "new", "prove", "schema", "show"))
    assert run("", "--version").said == f"{lifecycle.__version__}\n"


def test_what_a_help_example_says_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("show", MODAL, "--clause", "1.12").code == 0
    assert run("new", "our-terms.toml", "--defaults").code == 0
    assert run("check", "our-terms.toml").code == 0
    assert run("prove", "our-terms.toml", "-o", "histories").code == 0


def test_it_speaks_on_standard_output_and_of_errors_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["lifecycle", "terms", "schema", "policy"])
    assert main() == 0
    assert capsys.readouterr() == (schema.shipped("policy"), "")
    assert main(["terms", "nope"]) == 2
    said, wrong = capsys.readouterr()
    assert (said, wrong[:11]) == ("", "lifecycle: ")


def test_a_terminal_that_does_not_know_a_character_gets_its_number() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lifecycle.cli", "terms", "show", "größe.toml"],
        env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        cwd=Path(lifecycle.__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "gr\\xf6\\xdfe.toml" in done.stderr


def test_it_runs_as_a_program() -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "lifecycle.cli", "terms", "check", MODAL], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "no errors" in done.stdout


@pytest.mark.parametrize("missing", ["cyclopts", "rich"])
def test_without_the_extra_it_says_which_one(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith(("lifecycle.cli.", f"{missing}."))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    assert main(["terms"]) == 2
    assert "pip install 'contract-lifecycle[cli]'" in capsys.readouterr().err


def test_another_missing_module_is_no_matter_of_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("lifecycle.cli.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "lifecycle.cli.app", None)
    with pytest.raises(ModuleNotFoundError):
        main(["terms"])


def test_to_be_interrupted_is_no_error(tmp_path: Path) -> None:
    def interrupted() -> str:
        raise KeyboardInterrupt

    console = Console(file=io.StringIO())
    assert main(["terms", "new", str(tmp_path / "x.toml")], console=console, answer=interrupted) == 130


class Unwritable(io.StringIO):
    """A place that takes no text, for a reason."""

    def __init__(self, reason: OSError) -> None:
        super().__init__()
        self.reason = reason

    def write(self, text: str) -> int:
        raise self.reason


def test_what_cannot_be_written_is_said() -> None:
    wrong = io.StringIO()
    console, errors = Console(file=Unwritable(OSError(28, "No space left on device"))), Console(file=wrong)
    assert main(["terms", "check", MODAL], console=console, errors=errors) == 2
    assert wrong.getvalue().startswith("lifecycle: cannot be written: ")


def test_a_reader_that_goes_away_is_no_error() -> None:
    arguments = [sys.executable, "-m", "lifecycle.cli", "terms", "show", MODAL]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:  # noqa: S603 - our own
        assert program.stdout
        assert program.stderr
        program.stdout.close()
        assert program.stderr.read() == b""
    assert program.returncode == 141  # as a shell tells of a closed pipe


@pytest.mark.parametrize(("text", "width", "lines"), [
    ("one two three", 7, ["one two", "three"]),
    ("  one two three", 9, ["  one two", "three"]),
    ("a-very-long-word b", 5, ["a-very-long-word", "b"]),
    ("", 5, []),
])  # fmt: skip
def test_lines_are_broken_at_spaces(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width) == lines


def test_the_page_on_the_command_has_every_command_and_every_code_of_a_finding() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for command in ("show", "check", "prove", "diff", "schema", "new"):
        assert f"#### lifecycle terms {command}" in page
    source = "".join(
        (Path(lifecycle.__file__).parent / "terms" / f"{name}.py").read_text(encoding="utf-8")
        for name in ("finding", "review", "idle")
    )
    codes = set(re.findall(r'\b(?:error|hint)\(\s*"([a-z-]+)"', source))
    assert set(re.findall(r"^\| `([a-z][a-z-]*)` \|", page, flags=re.M)) == codes
