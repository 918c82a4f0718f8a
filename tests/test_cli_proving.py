"""``lifecycle terms prove``: what it says, what it writes, as what it ends."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lifecycle import Agreement
from lifecycle.files import read
from lifecycle.proving import PROPERTIES, graph
from lifecycle.terms import load
from tests.commands import Ran
from tests.proving.seeding import SMALL, small
from tests.proving.seeding import faulty as faulty_text
from tests.proving.test_properties import FAULTS

PAGE = Path(__file__).parents[1] / "docs" / "prove.md"
MODAL = PAGE.parents[1] / "lifecycle" / "terms" / "modal-2024-03-26.toml"
HISTORY = PAGE.parents[1] / "examples" / "acme" / "history.jsonl"
FAULT = (
    'compare = "at least", n = 40 }]',
    'compare = "at least", n = 40 }, { start = "due", compare = "no later than", n = 20 }]',
)


def prove(*arguments: object, terminal: bool = False) -> Ran:
    return Ran("terms", "prove", *arguments, terminal=terminal)


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """Small Terms in which nobody can ever accelerate: from day 40 on, and through day 20."""
    path = tmp_path / "faulty.toml"
    path.write_text(SMALL.read_text(encoding="utf-8").replace(*FAULT), encoding="utf-8")
    return path


def test_terms_with_every_property_end_with_nought_and_each_is_told() -> None:
    ran = prove("modal-2024-03-26")
    assert (ran.code, ran.wrong) == (0, "")
    declared = sum(bool(each["declared"]) for each in prove("modal-2024-03-26", "--json").json["properties"])
    assert declared > 1  # 1.12(a) to (c), for instance, ask for no notice
    assert ran.said.endswith(f"all {len(PROPERTIES)} hold, {declared} of them only because the Terms declare it so\n")
    for each in PROPERTIES:
        assert f"holds: {each.title} [{each.name}]" in ran.said
    assert "so declared: suspend.security asks for no notice (1.12(a))" in ran.said


def test_a_notice_that_was_dropped_is_only_declared_and_a_gate_can_ask_for_more(tmp_path: Path) -> None:
    """1.12(d) with its 30 days counted from the breach, not from its notice."""
    text = MODAL.read_text(encoding="utf-8")
    at = text.index('start = "notice:breach"', text.index('[power."suspend.breach"]'))
    path = tmp_path / "dropped.toml"
    path.write_text(text[:at] + text[at:].replace('start = "notice:breach"', 'start = "start"', 1), encoding="utf-8")
    asked = (path, "--property", "suspension-noticed", "--property", "can-end")
    ran = prove(*asked)
    assert ran.code == 0
    assert "so declared: suspend.breach asks for no notice (1.12(d))" in ran.said
    assert ran.said.endswith("all 2 hold, 1 of them only because the Terms declare it so\n")
    assert prove(*asked, "--nothing-declared").code == 1
    assert prove(path, "--property", "can-end", "--nothing-declared").code == 0


def test_a_property_that_fails_ends_with_one_and_its_history_replays(faulty: Path, tmp_path: Path) -> None:
    folder = tmp_path / "histories"
    ran = prove(faulty, "--property", "powers-open", "-o", folder)
    assert ran.code == 1
    assert "FAILS: every power can open [powers-open]" in ran.said
    assert "accelerate never opens: its clocks leave no day" in ran.said
    assert "there is a history in which from 2026-01-07 through 2026-02-18 accelerate is closed" in ran.said
    assert ran.said.endswith("0 hold, 1 fail\n")
    agreement = Agreement(read(folder / "powers-open-1.jsonl"), load(faulty))
    assert agreement.status("2026-02-18").state == "active"
    # Due on 6 January: day 40 is 15 February, and it is closed all the same.
    assert not any("2026-02-15" in str(o.window) for o in agreement.powers("2026-02-15") if o.power.id == "accelerate")


CLAIM = re.compile(r"(on|from) (?P<at>\S+)( through (?P<through>\S+))? (?P<what>.+?)(, as known on (?P<known>\S+))?")


@pytest.mark.parametrize("name", FAULTS)
def test_each_command_that_is_told_answers_as_its_history_is_said_to(name: str, tmp_path: Path) -> None:
    """Also in a folder whose name a shell would read as two."""
    patches, claims = FAULTS[name]
    terms, folder = tmp_path / "seeded.toml", tmp_path / "two words"
    terms.write_bytes(faulty_text(*patches))
    ran = prove(terms, "--reading", "seeded=yes", "--property", name, "-o", folder)
    lines = ran.said.split("\n")
    commands = [line.strip() for line in lines if line.startswith("    lifecycle ")]
    assert len(claims) <= len(commands)
    seen: list[tuple[str, str | None, str]] = []
    for command in commands:
        program, question, history, *more = shlex.split(command)
        assert (program, history.startswith(str(folder)), str(terms) in more) == ("lifecycle", True, True)
        assert re.search(r"--at \S+T\S+Z\b", command)
        told = Ran(question, history, *more)
        assert (told.code, told.wrong) == (0, "")
        answer = Ran(question, history, *more, "--json").json
        assert answer["at"] in command
        known = answer["known_at"] and answer["known_at"][:10]
        seen += [(answer["on"], known, words) for words in shown(question, answer, told.said)]
    for claim in claims:
        found = CLAIM.fullmatch(claim)
        assert found
        for words in found["what"].split(" and "):
            for day in filter(None, (found["at"], found["through"])):
                negated = re.fullmatch("the agreement is not (.+)", words)
                if negated:
                    stand = [told for on, _, told in seen if on == day and told.startswith("the agreement is")]
                    assert any(told != f"the agreement is {negated[1]}" for told in stand)
                else:
                    assert (day, found["known"], words) in seen


def shown(question: str, answer: Any, said: str) -> Iterator[str]:
    """What an answer says, in the words of claims."""
    if question == "status":
        assert said.startswith(f"proof on {answer['on']}: {answer['state']}")
        yield f"the agreement is {answer['state']}"
        yield f"it ended under {answer['ending'] and answer['ending']['power']}"
        if not answer["irregular"]:
            yield "every act was permitted"
    elif question == "powers":
        now = {each["power"] for each in answer["powers"] if each["standing"] == "open"}
        yield from (f"{power} is {'open' if power in now else 'closed'}" for power in small().powers)
        yield from (f"{power} is open" for power in now)
    else:
        yield from (f"{each['duty']} is {each['standing']}" for each in answer["duties"])


def test_a_history_that_stands_where_one_is_to_be_written_stays_and_none_is_written(tmp_path: Path) -> None:
    """Two failures: of the paths of their histories, the second is taken."""
    path = tmp_path / "faulty.toml"
    text = SMALL.read_text(encoding="utf-8").replace(*FAULT)
    path.write_text(text.replace('ended_by = ["dismissed", "settled"]', 'ended_by = ["dismissed"]'), encoding="utf-8")
    folder = tmp_path / "histories"
    folder.mkdir()
    theirs = folder / "cure-closes-1.jsonl"
    theirs.write_bytes(HISTORY.read_bytes())
    ran = prove(path, "-o", folder)
    assert (ran.code, ran.said) == (2, "")
    assert f"{theirs}: is there already, and nothing is written over it: name an empty or a new folder" in ran.wrong
    assert theirs.read_bytes() == HISTORY.read_bytes()
    assert list(folder.iterdir()) == [theirs]


def test_as_json_every_property_says_what_it_means_and_what_fails_it(faulty: Path) -> None:
    told = prove(faulty, "--json").json
    assert (told["terms"], told["holds"], told["readings"]) == ("small", False, {})
    assert [each["name"] for each in told["properties"]] == [each.name for each in PROPERTIES]
    [failing] = [each for each in told["properties"] if not each["holds"]]
    assert set(failing) == {"name", "title", "means", "holds", "declared", "failures"}
    [failure] = failing["failures"]
    assert failure["clause"] == "2"
    assert failure["history"] is None
    [claim] = failure["claims"]
    # Noon and a few minutes of 7 January and 18 February in Berlin, where it is UTC+1: nothing is written, nothing run.
    assert claim["text"] == "from 2026-01-07 through 2026-02-18 accelerate is closed"
    assert re.fullmatch(r"2026-01-07T11:0\d:00Z to 2026-02-18T11:0\d:00Z", f"{claim['at']} to {claim['through']}")
    assert (claim["known_at"], claim["commands"]) == (None, [])


def test_a_reading_is_proved_in_place_of_the_file_as_it_stands() -> None:
    ran = prove("modal-2024-03-26", "--reading", "6.2=never", "--property", "powers-open", "--property", "can-end")
    assert ran.code == 1
    assert "read with 6.2: never" in ran.said
    assert "holds: every state but the end can end [can-end]" in ran.said
    assert "terminate.warranty never opens" in ran.said


def test_where_somebody_watches_a_bar_shows_how_far_it_is() -> None:
    ran = prove("modal-2024-03-26", "--property", "can-end", terminal=True)
    assert "the course" in ran.wrong or "looking at everything" in ran.wrong
    assert "\x1b" not in ran.said


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("nowhere",), "nowhere"),
        (("modal-2024-03-26", "--property", "eternal"), "there is no such property"),
        (("modal-2024-03-26", "--reading", "6.2"), "KEY=MEANING"),
    ],
)
def test_bad_input_ends_with_two(arguments: tuple[str, ...], why: str) -> None:
    ran = prove(*arguments)
    assert (ran.code, ran.said) == (2, "")
    assert why in ran.wrong


def test_a_file_in_place_of_the_folder_ends_with_two(faulty: Path) -> None:
    ran = prove(faulty, "-o", faulty)
    assert ran.code == 2
    assert "no folder for histories" in ran.wrong


def test_terms_that_are_too_many_ways_to_look_at_end_with_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph, "MOST", 10)
    ran = prove("modal-2024-03-26")
    assert ran.code == 2
    assert "too many to look at" in ran.wrong


def test_a_fault_that_no_history_can_show_is_told_without(monkeypatch: pytest.MonkeyPatch, faulty: Path) -> None:
    monkeypatch.setattr("lifecycle.proving.claims.Counterexample.replays", lambda *_: False)
    ran = prove(faulty, "--property", "powers-open")
    assert ran.code == 1
    assert "no history to show it" in ran.said
    [failing] = prove(faulty, "--property", "powers-open", "--json").json["properties"]
    assert failing["failures"][0]["claims"] == []


def test_the_page_on_proofs_has_every_property_as_it_is_told() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+?) \|", page, flags=re.M)
    assert rows == [(each.name, each.title) for each in PROPERTIES]
