"""Every error of the library: one base, one class per reason.

Each message says what is wrong and what to do next; what could control a terminal or a log is written as its number.
All of them survive pickling, so they can cross a process boundary. ``Refused`` - a verb that the Terms do not permit -
lives beside :class:`lifecycle.verdict.Verdict`, whose words it carries.
"""

from __future__ import annotations

from typing import TypeVar

from attrs import evolve

from lifecycle.plain import writable
from lifecycle.values import define


class LifecycleError(Exception):
    """The base of everything this library raises on purpose."""


E = TypeVar("E", bound=LifecycleError)


def placed(error: E, where: str) -> E:
    """The same error, saying where in a history it was met; itself where it says so already, or never does.

    >>> print(placed(InvalidFact("paid", "amount", "an amount is wanted"), "event 7 of acme"))
    event 7 of acme: paid.amount: an amount is wanted
    """
    return evolve(error, where=where) if getattr(error, "where", None) == "" else error  # type: ignore[misc]


def _at(where: str) -> str:
    return f"{where}: " if where else ""


@define(eq=False)
class InvalidTime(LifecycleError, ValueError):
    """A day, an instant, a zone or a period that cannot be read without guessing."""

    given: str
    problem: str
    where: str = ""

    def __str__(self) -> str:
        return writable(f"{_at(self.where)}{self.given}: {self.problem}")


@define(eq=False)
class InvalidTerms(LifecycleError, ValueError):
    """A Terms file with faults: all of them, each with its path in the file."""

    source: str
    problems: tuple[str, ...]

    def __str__(self) -> str:
        faults = "\n".join(f"  - {writable(problem)}" for problem in self.problems)
        count = len(self.problems)
        return f"{writable(self.source)}: {count} fault{'s' if count != 1 else ''} to mend\n{faults}"


@define(eq=False)
class UnknownTerms(LifecycleError, LookupError):
    """Terms asked for by an id that nobody published here, or whose text is not the one an agreement was made under."""

    wanted: str
    problem: str
    where: str = ""

    def __str__(self) -> str:
        return writable(f"{_at(self.where)}Terms {self.wanted}: {self.problem}")


@define(eq=False)
class InvalidFact(LifecycleError, ValueError):
    """Something that cannot be recorded, because the Terms or the history give it no meaning."""

    fact: str
    field: str
    problem: str
    where: str = ""

    def __str__(self) -> str:
        named = f"{self.fact}.{self.field}" if self.field else self.fact
        return writable(f"{_at(self.where)}{named}: {self.problem}")


@define(eq=False)
class InvalidHistory(LifecycleError, ValueError):
    """A history that is not a gapless record of one agreement, or a line that is not an event."""

    where: str
    problem: str

    def __str__(self) -> str:
        return writable(f"{self.where}: {self.problem}")


@define(eq=False)
class TornHistory(InvalidHistory):
    """A history file whose last write was cut off. What stands before it is whole; ``whole`` says how many bytes that
    are.
    """

    whole: int


@define(eq=False)
class KeyConflict(LifecycleError, ValueError):
    """An idempotency key that was used before, for something else."""

    key: str
    sequence: int
    where: str = ""

    def __str__(self) -> str:
        used = f"idempotency key {self.key!r} was used for event {self.sequence}, which says something else"
        return writable(f"{_at(self.where)}{used}: send the same body again, or a new key")


@define(eq=False)
class InvalidTable(LifecycleError, ValueError):
    """A table of events, of answers, or a sweep begun before, that cannot be relied on."""

    where: str
    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.where}, {self.place}: {self.problem}" if self.place else f"{self.where}: {self.problem}"


@define(eq=False)
class AppendConflict(LifecycleError):
    """Somebody else appended first: what was decided rests on a history that has moved on. Nothing was appended.

    expected: the last event that the decision rests on. found: the last one there is, None where the store cannot tell.
    """

    agreement: str
    expected: int
    found: int | None = None

    def __str__(self) -> str:
        stands = "it is no longer the last" if self.found is None else f"{self.found} is the last"
        moved = f"{self.agreement}: decided after event {self.expected}, but {stands}: nothing was recorded"
        return writable(f"{moved}; load it again and decide again")


@define(eq=False)
class UnknownAgreement(LifecycleError, LookupError):
    """An agreement asked for that a store has no events of."""

    wanted: str

    def __str__(self) -> str:
        return writable(f"{self.wanted}: no such agreement is recorded here")
