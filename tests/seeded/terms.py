"""Every small fault that the data of a Terms file could have: each number a day more and a day less, each comparator,
party, method and way of ending another, each entry, clock, condition, power and duty left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple, TypeAlias

from lifecycle.errors import InvalidTerms
from lifecycle.terms.loading import _checked, _Reader
from lifecycle.terms.model import Terms

Path: TypeAlias = tuple[str | int, ...]

WORDS = {"title", "gist", "text", "leaves", "reads", "missed", "id", "law", "dated", "does"}
"""What is only words to people, and the names of acts."""

LEFT_ALONE = {"clauses", "reading", "left_out"}

OTHERWISE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "compare": {
        "at least": ("more than", "no later than"),
        "more than": ("at least", "no later than"),
        "not within": ("at least", "no later than"),
        "no later than": ("at least", "more than"),
    },
    "by": {
        "provider": ("customer", "either"),
        "customer": ("provider", "either"),
        "either": ("provider", "customer"),
        "other": ("subject", "provider", "customer"),
        "subject": ("other", "provider", "customer"),
        "both": ("either",),
    },
    "party": {
        "provider": ("customer",),
        "customer": ("provider",),
        "either": ("provider", "customer"),
        "none": ("provider", "customer"),
    },
    "asserted_by": {"provider": ("customer",), "customer": ("provider",)},
    "counts": {
        "in person": ("dispatch", "delivery"),
        "dispatch": ("in person", "delivery"),
        "delivery": ("in person", "dispatch"),
    },
    "exercise": {
        "act": ("written notice", "posting", "automatic"),
        "written notice": ("act", "automatic"),
        "posting": ("act",),
        "consent": ("act",),
    },
    "lifts": {"by itself": ("by an act",), "by an act": ("by itself",)},
    "direction": {"before": ("after",)},
    "deadline": {"at once": ("unscheduled",), "unscheduled": ("at once",)},
    "start": {
        "due": ("start",),
        "start": ("notice:breach",),
        "term end": ("next term start", "term start"),
        "notice:breach": ("start",),
        "notice:overdue": ("start", "due"),
    },
    "arises": {"notice:warranty": ("start",)},
    "payment": {"card": ("invoice",)},
    "discontinuation": {"excluded": ("allowed",)},
    "first_day": {"exclude": ("include",)},
    "zone": {"America/Los_Angeles": ("UTC", "America/New_York")},
    "begins": {"order": ("made",)},
    "rate": {"1.5 %": ("2.5 %",)},
}
"""Key -> value -> what it could say instead."""


class Mutant(NamedTuple):
    """A document with one fault: what it is, of which sort, under which clause, and the document."""

    what: str
    sort: str
    clause: str
    document: dict[str, Any]


def mutants(document: dict[str, Any]) -> Iterator[Mutant]:
    """Every mutant of a Terms file, in the order of the file."""
    for path in _places(document, ()):
        value, clause = _at(document, path), _clause(document, path)
        told, named = ".".join(map(str, path)), [key for key in path if isinstance(key, str)]
        sort = f"{named[0]} {named[-1]}"
        for other in _instead(path, value):
            yield Mutant(f"{told} = {value!r} -> {other!r}", sort, clause, _with(document, path, other))
        if _can_go(path):
            yield Mutant(f"{told} left out", sort, clause, _without(document, path))


def read(document: dict[str, Any]) -> Terms:
    """The Terms of a document as it is, its digest apart.

    Raises InvalidTerms where the loader sees the fault.
    """
    reader = _Reader(document)
    fields = reader.fields()
    if reader.problems:
        raise InvalidTerms("mutant", tuple(reader.problems))
    terms, problems = _checked(Terms(digest="0" * 64, document=document, **fields))
    if problems:
        raise InvalidTerms("mutant", tuple(problems))
    return terms


def _places(value: Any, path: Path) -> Iterator[Path]:
    inside: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inside = [(key, item) for key, item in value.items() if not (path == () and key in LEFT_ALONE)]
    elif isinstance(value, list):
        inside = list(enumerate(value))
    for key, item in inside:
        if key not in WORDS:
            yield (*path, key)
            yield from _places(item, (*path, key))


def _instead(path: Path, value: Any) -> Iterator[Any]:
    if path[-1] == "clause":
        yield "8.8"  # of publicity, on which nothing rests
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
        yield from (value - 1,) if value else ()
    elif isinstance(value, str):
        yield from OTHERWISE.get(str(path[-1]), {}).get(value, ())


def _can_go(path: Path) -> bool:
    """Whether there is a meaning without it: tables, entries of lists, what need not be said."""
    return path[0] != "terms" and path[-1] not in (
        "clause",
        "start",
        "compare",
        "n",
        "by",
        "exercise",
        "party",
        "counts",
    )


def _at(document: Any, path: Path) -> Any:
    for key in path:
        document = document[key]
    return document


def _with(document: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    made = deepcopy(document)
    _at(made, path[:-1])[path[-1]] = value
    return made


def _without(document: dict[str, Any], path: Path) -> dict[str, Any]:
    made = deepcopy(document)
    del _at(made, path[:-1])[path[-1]]
    return made


def _clause(document: dict[str, Any], path: Path) -> str:
    """The clause that the innermost table around a place cites."""
    found = ""
    for n in range(len(path) + 1):
        value = _at(document, path[:n])
        if isinstance(value, dict) and isinstance(value.get("clause"), str):
            found = value["clause"]
    return found
