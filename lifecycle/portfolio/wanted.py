"""What an event of each type wants of the columns: read off the classes of what can be recorded, so that a value that
is missing, or that no such event has, is refused and never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import NoneType
from typing import Any, get_args

import numpy as np
from attrs import fields
from numpy.typing import NDArray

from lifecycle.days import Period
from lifecycle.errors import InvalidFact, InvalidTime
from lifecycle.events import Check, Fact, MatterOpened, Money, checks_of
from lifecycle.plain import spoken
from lifecycle.portfolio.facts import CAUGHT_UP, TYPES, Flags, Rows
from lifecycle.portfolio.tables import FIXED, WORDS, Columns
from lifecycle.values import frozen

_TOGETHER = {"amount": ("amount", "currency"), "term": ("length", "unit")}
"""Fields that stand in two columns: of both or of neither."""


@frozen
class Wanted:
    """What one type of event wants of a column: a value, where ``needed``, or where there is one ``beside`` it; and one
    that ``problem`` finds nothing wrong with.
    """

    column: str
    needed: bool
    problem: Check | None = None
    beside: str = ""


def _refused_by(make: Callable[[Any], object]) -> Check:
    def problem(value: object) -> str | None:
        try:
            make(value)
        except (InvalidFact, InvalidTime) as error:
            return str(error)
        return None

    return problem


_PROBLEMS = {
    "currency": _refused_by(lambda value: Money("0", value)),
    "unit": _refused_by(lambda value: Period(1, value)),
}


def _of(cls: type[Any]) -> Iterator[Wanted]:
    """What the events of a class want; that its one ``matter`` stands in ``about`` is checked apart."""
    problems = {name: problem for name, _, problem in checks_of(cls)}
    for each in fields(cls):
        needed = NoneType not in get_args(cls.__annotations__[each.name])
        if each.name in _TOGETHER:
            one, other = _TOGETHER[each.name]
            for column, beside in ((one, other), (other, one)):
                yield Wanted(column, needed, _PROBLEMS.get(column), beside)
        elif each.name in FIXED and each.name != "about" and (each.name != "matter" or cls is MatterOpened):
            yield Wanted(each.name, needed, problems.get(each.name) if each.name in WORDS else None)


_CLASSES: dict[str, type[Any]] = {spoken(cls): cls for cls in get_args(Fact)}
WANTED = {name: tuple(_of(_CLASSES[name])) for name in TYPES[:CAUGHT_UP]}
"""Of each type that is answered in columns."""


def check_wanted(columns: Columns, types: NDArray[np.int16]) -> None:
    """Raise InvalidTable, naming row and column, where an event lacks what it has, or says what no such event says."""
    for number, (name, wanted) in enumerate(WANTED.items()):
        rows = np.flatnonzero(types == number)
        if not len(rows):
            continue
        for one in wanted:
            _check(columns, rows, one, name)
        if any(each.name == "matter" for each in fields(_CLASSES[name])):
            _check_about(columns, rows, name)


def _check(columns: Columns, rows: Rows, wanted: Wanted, name: str) -> None:
    present = columns.present(wanted.column, rows)
    if wanted.needed and not present.all():
        raise columns.wrong(rows[np.argmin(present)], wanted.column, f"null: every {name!r} has one")
    if wanted.beside and (alone := columns.present(wanted.beside, rows) & ~present).any():
        raise columns.wrong(rows[np.argmax(alone)], wanted.column, f"null beside {wanted.beside}: both or neither")
    if wanted.problem is None:
        return
    coded = columns.coded(wanted.column)
    problems = [wanted.problem(value) for value in coded.values]
    if any(problems):
        codes = coded.codes[rows]
        wrong: Flags = np.array([*map(bool, problems), False])[codes]
        if wrong.any():
            place = np.argmax(wrong)
            raise columns.wrong(rows[place], wanted.column, str(problems[codes[place]]))


def _check_about(columns: Columns, rows: Rows, name: str) -> None:
    """The one matter that an event is about, unless it is not recorded; an opening names itself."""
    offsets, numbers = columns.lists("about")
    many = offsets[rows + 1] - offsets[rows]
    wrong = (many != 1) & ~columns.present("beyond", rows)
    if wrong.any():
        problem = f"every {name!r} is about one matter: the sequence of the event that opened it is wanted"
        raise columns.wrong(rows[np.argmax(wrong)], "about", problem)
    if _CLASSES[name] is MatterOpened:
        rows = rows[many == 1]
        other = numbers[offsets[rows]] != columns.ints("sequence")[rows]
        if other.any():
            raise columns.wrong(rows[np.argmax(other)], "about", "a matter's opening names itself: its own sequence")
