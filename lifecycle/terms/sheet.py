"""A sheet: some Terms in words, entry by entry, as counsel and account managers read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from attrs import field

from lifecycle.terms.model import covers
from lifecycle.values import frozen

Section: TypeAlias = Literal[
    "terms",
    "clause",
    "power",
    "notice",
    "duty",
    "term",
    "survival",
    "matter",
    "effect",
    "rule",
    "reading",
    "left out",
]
HEADINGS: Mapping[Section, str] = {
    "terms": "The Terms",
    "clause": "Clauses",
    "power": "What a party may do",
    "notice": "Notices",
    "duty": "What a party must do",
    "term": "Term, renewal and amendment",
    "survival": "What outlives the agreement",
    "matter": "What can happen",
    "effect": "What follows from an act",
    "rule": "What else is said",
    "reading": "Unclear clauses",
    "left out": "Left out",
}
"""The sections of a sheet, in their order, and what people call them."""


@frozen
class Line:
    """One thing an entry says. ``key`` tells apart the lines of one label."""

    label: str
    text: str
    key: str = ""


@frozen
class Entry:
    """One table of the file in words. group: for a power, the act it is a power to. cites: the clauses its parts name
    beside its own. source: the table itself.
    """

    section: Section
    id: str
    clause: str
    title: str
    lines: tuple[Line, ...]
    group: str = ""
    cites: tuple[str, ...] = ()
    source: Any = field(default=None, eq=False, repr=False)

    def about(self, clause: str) -> bool:
        """Whether it belongs to a clause or one below it, or cites one."""
        return any(covers((clause,), cited) for cited in (self.clause, *self.cites) if cited)


def lines(*pairs: tuple[str, str]) -> tuple[Line, ...]:
    """Lines from labels and texts, without those that say nothing."""
    return tuple(Line(label, text) for label, text in pairs if text)
