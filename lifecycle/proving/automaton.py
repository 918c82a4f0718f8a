"""Timed automata as data: locations, clocks in whole days, and moves between them.

Time is a count of civil days. A clock runs only while something is pending and is not there otherwise; a bound says on
which of its days, both included, a move can be made. An automatic move is made at the first moment at which its bounds
hold, before anything else on that day; every other move waits for somebody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from attrs import field

from lifecycle.terms.reach import Attributes
from lifecycle.values import frozen

What: TypeAlias = Literal["begin", "sign", "open", "end", "pass", "notice", "use", "meet", "forget"]
"""``begin`` the agreement, ``sign`` an order, ``open`` or ``end`` a matter, ``pass``: a transition by itself, give a
``notice``, ``use`` a power, ``meet`` a duty; ``forget``: a matter that is over makes room for another of its kind.
"""

Location: TypeAlias = tuple[str, ...]
"""A value for each variable of an automaton, in their order."""

ENDED = "ended"


@frozen
class Bound:
    """The days of a clock on which something holds, both included. spare: it also holds where the clock is not
    running.
    """

    clock: str
    least: int = 0
    most: int | None = None
    spare: bool = False


@frozen(kw_only=True)
class Move:
    """One way on. needs: the values that variables must have; absent: clocks that must not run; starts: clocks that
    begin, with the day they stand at.

    subject: the id of the power, duty, kind or kind of notice. about: the kind of the matter, and ``sort`` which sort
    of them. how: the end of a matter, or which way where there are several. by: who may make it, none for both
    together. automatic: made by itself, and its bounds have no last day, unless another such move then takes its place.
    """

    what: What
    subject: str = ""
    about: str = ""
    sort: int = 0
    how: str = ""
    by: tuple[str, ...] = ()
    needs: Mapping[str, frozenset[str]] = field(factory=dict)
    absent: frozenset[str] = frozenset()
    bounds: tuple[Bound, ...] = ()
    sets: Mapping[str, str] = field(factory=dict)
    starts: Mapping[str, int] = field(factory=dict)
    stops: frozenset[str] = frozenset()
    automatic: bool = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing is different afterwards."""
        return not (self.sets or self.starts or self.stops or self.automatic)

    @property
    def label(self) -> str:
        """The move in a word or two: ``use suspend.overdue about invoice``."""
        about = f" about {self.about}" if self.about and self.about != self.subject else ""
        return f"{self.what} {self.subject}{about}{f' ({self.how})' if self.how else ''}".strip()


@frozen(kw_only=True)
class Automaton:
    """A part of what can become of an agreement whose clocks and matters touch no other part.

    variables: name -> the values it can have, the first one at the beginning. sorts: kind -> the sorts of its matters
    that the Terms tell apart. leads: kind -> day -> how many days after the opening a matter's day falls here.
    approximate: powers whose first day the model knows only roughly (months, business days, pauses, a day that rolls).
    length: the days of a term, 0 where the order is as long as need be; trial: those of the trial.
    """

    name: str
    variables: Mapping[str, tuple[str, ...]]
    moves: tuple[Move, ...]
    sorts: Mapping[str, tuple[Attributes, ...]] = field(factory=dict)
    leads: Mapping[str, Mapping[str, int]] = field(factory=dict)
    approximate: frozenset[str] = frozenset()
    length: int = 0
    trial: int = 0

    @property
    def start(self) -> Location:
        return tuple(values[0] for values in self.variables.values())

    def value(self, location: Location, name: str) -> str:
        return location[tuple(self.variables).index(name)] if name in self.variables else ""

    def allows(self, move: Move, location: Location) -> bool:
        """Whether a location lets a move be made, whatever the clocks read."""
        found = dict(zip(self.variables, location, strict=True))
        return all(found.get(name, "") in values for name, values in move.needs.items())

    def after(self, move: Move, location: Location) -> Location:
        return tuple(move.sets.get(name, value) for name, value in zip(self.variables, location, strict=True))

    @property
    def largest(self) -> Mapping[str, int]:
        """Clock -> the largest day that any bound compares it with: beyond that all its days are alike."""
        found: dict[str, int] = {}
        for bound in (bound for move in self.moves for bound in move.bounds):
            found[bound.clock] = max(found.get(bound.clock, 0), bound.least, bound.most or 0)
        return found
