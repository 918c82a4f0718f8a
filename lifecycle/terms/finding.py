"""A finding: something about Terms that their author should look at before relying on them."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from lifecycle.errors import InvalidTerms
from lifecycle.values import frozen

Severity: TypeAlias = Literal["error", "advice"]
"""``error``: the Terms do not do what they say. ``advice``: something in them does nothing, which may be meant."""


_PATH = re.compile(r"\w+((\.[\w-]+)|(\.\"[^\"]*\")|(\[\d+\]))*")


@frozen
class Finding:
    """Something about Terms that their author should look at: where, what, and what to do. ``code`` names the sort and
    does not change.
    """

    severity: Severity
    code: str
    path: str
    problem: str
    advice: str

    def __str__(self) -> str:
        where = f" at {self.path}" if self.path else ""
        return f"{self.severity}: {self.problem}{where} - {self.advice}"


def error(code: str, path: str, problem: str, advice: str) -> Finding:
    return Finding("error", code, path, problem, advice)


def hint(code: str, path: str, problem: str, advice: str) -> Finding:
    return Finding("advice", code, path, problem, advice)


def faults(refusal: InvalidTerms) -> tuple[Finding, ...]:
    """What the loader reports of a file, as findings."""
    found = []
    for problem in refusal.problems:
        what, _, path = problem.rpartition(" at ")
        where = path if what and _PATH.fullmatch(path) else ""
        found.append(error("fault", where, what if where else problem, "mend it: the file is no Terms until then"))
    return tuple(found)
