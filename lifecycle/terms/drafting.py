"""Starting a Terms file from a few answers: a file that loads, checks without errors, and says what to fill in next."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from string import Template
from typing import Any, Literal, get_origin, get_type_hints

from attrs import asdict

from lifecycle.days import Day, Period, to_zone
from lifecycle.errors import InvalidTerms, InvalidTime
from lifecycle.structuring import Faults, structure
from lifecycle.terms.loading import parse
from lifecycle.terms.toml import written
from lifecycle.values import frozen

_MARK = "#: "


@frozen
class Answers:
    """What a file is started from. A count of 0 leaves its clause out."""

    id: str
    title: str
    provider: str
    dated: date
    zone: str
    begins: Literal["order", "made"]
    term_months: int
    renewal_days: int
    trial_days: int
    methods: tuple[Literal["personal", "registered_mail", "certified_mail", "courier", "email"], ...]
    overdue_days: int
    cure_days: int
    insolvency_days: int
    force_majeure_days: int


@frozen
class Question:
    """One answer asked for; ``default`` is taken where there is none. only: it is asked where these answers are so."""

    key: str
    ask: str
    default: Any
    only: Mapping[str, str]

    def asked(self, answers: Mapping[str, Any]) -> bool:
        """Whether it is asked after these answers."""
        return all(answers.get(key) == value for key, value in self.only.items())

    def read(self, text: str) -> Any:
        """The answer in a line of text: a number, a list where several are wanted, else the text itself.

        Raises Faults, as the loader would, for what is no answer.
        """
        hint = get_type_hints(Answers)[self.key]
        given: Any = text.strip()
        if hint is int and given.isascii() and given.isdigit() and len(given) < _LONGEST_NUMBER:
            given = int(given)
        elif get_origin(hint) is tuple:
            given = given.replace(",", " ").split()
        _check(self.key, structure(given, hint, self.key))
        return given


_LONGEST_NUMBER = 10


@cache
def _asked() -> tuple[Mapping[str, Any], ...]:
    return tuple(tomllib.loads(_file("questions.toml"))["question"])


def _file(name: str) -> str:
    return (resources.files("lifecycle.terms") / "draft" / name).read_text(encoding="utf-8")


def questions(today: Day) -> tuple[Question, ...]:
    """What is asked, in order; a new file is dated ``today`` where nobody says."""
    return tuple(Question(q["key"], q["ask"], q.get("default", str(today)), q.get("only", {})) for q in _asked())


def answered(given: Mapping[str, Any], today: Day) -> Answers:
    """The answers given, with the default of every other question.

    Raises InvalidTerms with everything that is wrong with them.
    """
    document = {question.key: question.default for question in questions(today)}
    try:
        answers = structure({**document, **given}, Answers)
    except Faults as faults:
        raise InvalidTerms("answers", faults.problems) from None
    problems: list[str] = []
    for key, value in asdict(answers, recurse=False).items():
        try:
            _check(key, value)
        except Faults as faults:
            problems += faults.problems
    if problems:
        raise InvalidTerms("answers", tuple(problems))
    return answers


def _check(key: str, value: Any) -> None:
    """Raise Faults for what is of the right type, and yet no answer."""
    try:
        if key == "zone":
            to_zone(value)
        if isinstance(value, int):
            Period(value, "months" if key.endswith("months") else "days")
    except InvalidTime as error:
        raise Faults((f"{error} at {key}",)) from None
    if isinstance(value, str | tuple) and not (value.strip() if isinstance(value, str) else value):
        raise Faults((f"{'a text' if isinstance(value, str) else 'at least one'} is wanted at {key}",))


def drafted(answers: Answers) -> str:
    """The text of a new Terms file. It loads as it stands."""
    values = asdict(answers, recurse=False)
    if answers.begins == "made":  # what only an order has
        values |= {question["key"]: 0 for question in _asked() if "only" in question}
    told = {f"{key}_told": _told(value) for key, value in values.items()}
    ends = ["expire", "terminate"] if answers.begins == "order" else ["terminate"]
    put = {key: str(value) if isinstance(value, date) else written(value) for key, value in values.items()}
    text = Template(_chosen(values)).substitute({**put, **told, "ends": written(ends)})
    parse(text.encode(), "the new file")
    return text


def _told(value: Any) -> str:
    """An answer inside a text or a comment of the file."""
    if isinstance(value, int):
        return str(Period(value, "days"))
    return value if isinstance(value, str) else ""


def _chosen(values: Mapping[str, Any]) -> str:
    """The lines of the skeleton that the answers ask for: those after each mark, as far as what it names is so."""
    kept, wanted = [], True
    for line in _file("terms.txt").splitlines(keepends=True):
        if line.startswith(_MARK):
            wanted = all(_holds(name, values) for name in line.removeprefix(_MARK).split())
        elif wanted:
            kept.append(line)
    return "".join(kept)


def _holds(name: str, values: Mapping[str, Any]) -> bool:
    key, _, value = name.partition("=")
    if key == "always":
        return True
    found = values[key]
    return (value in found if isinstance(found, tuple) else found == value) if value else bool(found)
