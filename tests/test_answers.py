"""Answers as plain data: their schema is closed, and says what the views give and what the commands print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from attrs import fields
from jsonschema import ValidationError

from lifecycle import answers, diagrams, schema
from lifecycle.agreement import Agreement
from lifecycle.answers import ANSWERS, as_data
from lifecycle.demo import example
from lifecycle.diagrams.formats import Format
from lifecycle.diagrams.picture import Detail
from lifecycle.diagrams.picture import Standing as Taken
from lifecycle.duties import Standing
from lifecycle.events import By
from lifecycle.files import read
from lifecycle.machine import State
from lifecycle.outlook import What
from lifecycle.steps import What as Kind
from lifecycle.terms.model import Party
from lifecycle.views import View
from tests.commands import Ran, validate

ACCOUNT = Agreement(read(example()))
PUBLISHED = json.loads(schema.shipped("answers"))


@pytest.mark.parametrize("question", ["status", "powers", "timeline", "duties", "audit", "clauses", "log"])
@pytest.mark.parametrize("at", ["2026-01-01", "2026-03-17", "2027-09-15", "2028-06-01"])
def test_every_view_is_what_its_schema_says(question: str, at: str) -> None:
    view = View(account=ACCOUNT, at=ACCOUNT.instant(at))
    answer = as_data(getattr(view, question)())
    validate(question, answer)
    assert json.loads(json.dumps(answer)) == answer  # nothing but what JSON knows


def test_every_object_of_the_schema_is_closed_and_every_key_is_always_there() -> None:
    objects = [made for made in PUBLISHED["$defs"].values() if "properties" in made]
    assert len(objects) > len(set(ANSWERS.values()))
    for made in objects:
        assert made["additionalProperties"] is False
        assert made["required"] == list(made["properties"])


def test_the_picture_is_told_whole(tmp_path: Path) -> None:
    """As it is for an account, with a mark and with what is ahead, its schema says so, and no key is left out."""
    path = tmp_path / "acme.svg"
    ran = Ran("diagram", "--history", example(), "--at", "2026-03-10", "--detail", "full", "-o", path, "--json")
    answer = ran.json  # held to the schema
    assert answer["mark"]["state"] == "active"
    assert any(way["first_day"] for arrow in answer["arrows"] for way in arrow["ways"])
    for told, drawn in (
        (answers.DrawnTold, diagrams.Picture), (answers.PlaceDrawn, diagrams.Place),
        (answers.ArrowDrawn, diagrams.Arrow), (answers.WayDrawn, diagrams.Way), (answers.MarkDrawn, diagrams.Mark),
    ):  # fmt: skip
        more = {"written", "format"} if told is answers.DrawnTold else set()
        assert {field.name for field in fields(told)} == {field.name for field in fields(drawn)} | more


def test_a_key_too_many_or_too_few_is_no_answer() -> None:
    answer = as_data(View(account=ACCOUNT, at=ACCOUNT.instant("2026-03-17")).status())
    validate("status", answer)
    for wrong in ({**answer, "more": 1}, {k: v for k, v in answer.items() if k != "state"}, {**answer, "state": "on"}):
        with pytest.raises(ValidationError):
            validate("status", wrong)


def test_every_command_that_answers_as_json_has_a_definition_under_its_name() -> None:
    assert set(ANSWERS) <= set(PUBLISHED["$defs"])
    for command in ANSWERS:
        assert "--json" in Ran(*command.split(), "--help").said


@pytest.mark.parametrize(("told", "meant"), [
    (answers.Party, Party),
    (answers.By, By),
    (answers.State, State),
    (answers.AheadTold.__annotations__["what"], What),
    (answers.StepTold.__annotations__["kind"], Kind),
    (answers.OwedTold.__annotations__["standing"], Standing),
    (answers.WayDrawn.__annotations__["standing"], Taken | None),
    (answers.DrawnTold.__annotations__["detail"], Detail),
    (answers.DrawnTold.__annotations__["format"], Format | None),
])  # fmt: skip
def test_the_words_of_answers_are_those_of_the_library(told: Any, meant: Any) -> None:
    known = vars(answers)
    assert get_args(eval(told, known) if isinstance(told, str) else told) == get_args(meant)  # noqa: S307 - our own


def test_the_fact_in_an_event_is_as_a_line_of_the_history_has_it() -> None:
    """Another program may record it elsewhere."""
    lines = [json.loads(line) for line in example().read_text(encoding="utf-8").splitlines()]
    events = as_data(View(account=ACCOUNT, at=ACCOUNT.instant("2028-07-01")).log())["events"]
    for line, event in zip(lines, events, strict=True):
        assert [event[name] for name in ("sequence", "id", "occurred", "recorded", "fact")] == [
            line[name] for name in ("sequence", "id", "occurred", "recorded", "fact")
        ]
