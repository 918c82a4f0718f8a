"""What is ahead of many agreements, kept as entries - whose, when, of what sort, under which clause, by which power,
about which matter - of which :meth:`Ahead.first` takes the first of each agreement.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import field
from numpy.typing import NDArray

from lifecycle.outlook import BEGIN
from lifecycle.portfolio.counting import FOREVER, Instants
from lifecycle.portfolio.courses import Course
from lifecycle.portfolio.facts import BOTH, CUSTOMER, PROVIDER, Facts, Flags, Rows
from lifecycle.terms.model import TRIAL_END, Duty, Power
from lifecycle.values import define, frozen

WHAT = ("transition", "closes", "opens", "deadline")
TRANSITION, CLOSES, OPENS, DEADLINE = range(4)
CALLED = ("", *sorted((BEGIN, TRIAL_END, "convert", "renew", "expire", "terminate")))
"""What the transitions that are ahead are called; nothing else that is ahead is."""
ENDING, NO_MATTER = -2, -1
"""In place of the row that opened a matter: the ending, no matter; ``-3 - n`` is the n-th term."""


@frozen(eq=False)
class First:
    """What is ahead first of each agreement: FOREVER where nothing is. Words are indices, -1 for none."""

    at: Instants
    what: NDArray[Any]
    clause: NDArray[Any]
    power: NDArray[Any]
    transition: NDArray[Any]
    matter: Rows


@define(eq=False)
class Ahead:
    """What is open at an instant, and what is ahead of it."""

    course: Course
    may: dict[int, NDArray[np.uint64]]
    clauses: tuple[str, ...]
    names: tuple[str, ...]
    soonest: Instants
    _entries: list[tuple[Rows, Instants, int, Rows]] = field(factory=list)

    @classmethod
    def of(cls, course: Course) -> Ahead:
        """Nothing yet, about agreements on a course."""
        terms, count = course.facts.rules.terms, course.facts.count
        of_all = [*(p.clause for p in terms.powers.values()), *(d.clause for d in terms.duties.values())]
        rules = [rule.clause for rule in (terms.trial, terms.renewal) if rule]
        nothing = {party: np.zeros(count, np.uint64) for party in (PROVIDER, CUSTOMER, BOTH)}
        clauses = tuple(sorted({"", *of_all, *rules}))
        return cls(course, nothing, clauses, ("", *sorted(terms.powers)), np.full(count, FOREVER))

    @property
    def facts(self) -> Facts:
        return self.course.facts

    def turn(self, owner: Rows, at: Instants, called: str, clause: str, which: Flags) -> None:
        """A transition of those of some agreements for which there is one."""
        self.add(owner, at, self._sort(TRANSITION, clause, "", called), which)

    def edge(self, owner: Rows, at: Instants, what: int, power: Power, which: Flags, matter: Rows) -> None:
        """A window that opens or closes."""
        self.add(owner, at, self._sort(what, power.clause, power.id), which, matter)

    def due(self, owner: Rows, at: Instants, duty: Duty, which: Flags, matter: Rows) -> None:
        """The end of the last day of a duty."""
        self.add(owner, at, self._sort(DEADLINE, duty.clause), which, matter)

    def _sort(self, what: int, clause: str, power: str = "", called: str = "") -> int:
        place = what * len(self.clauses) + self.clauses.index(clause)
        return (place * len(self.names) + self.names.index(power)) * len(CALLED) + CALLED.index(called)

    def add(self, owner: Rows, at: Instants, sort: int, which: Flags, matter: Any = NO_MATTER) -> None:
        """Entries of a sort for those of some agreements, one each, for which there is something."""
        which = which & (at > self.facts.at) & (at < FOREVER)
        chosen = np.flatnonzero(which)
        if len(chosen):
            owner, at = owner[chosen], at[chosen]
            about = matter[chosen] if isinstance(matter, np.ndarray) else np.full(len(chosen), matter)
            np.minimum.at(self.soonest, owner, at)
            self._entries.append((owner, at, sort, about))

    def first(self) -> First:
        """The first entry of each agreement; of several at one instant by sort, clause, power, transition,
        matter.
        """
        count, kept = self.facts.count, []
        for owner, at, sort_, matter in self._entries:
            soon = at == self.soonest[owner]
            kept.append((owner[soon], np.full(int(soon.sum()), sort_), matter[soon]))
        owner = np.concatenate([one[0] for one in kept] or [np.zeros(0, np.int64)])
        sort = np.concatenate([one[1] for one in kept] or [np.zeros(0, np.int64)])
        matter = np.concatenate([one[2] for one in kept] or [np.zeros(0, np.int64)])
        order = np.lexsort((matter, sort, owner))
        order = order[np.diff(owner[order], prepend=-1) != 0]
        place, called = np.divmod(sort, len(CALLED))
        place, power = np.divmod(place, len(self.names))
        what, clause = np.divmod(place, len(self.clauses))
        power, called = (np.where(words == 0, -1, words) for words in (power, called))
        found = [np.full(count, -1) for _ in range(4)] + [np.full(count, NO_MATTER)]
        for column, part in zip(found, (what, clause, power, called, matter), strict=True):
            column[owner[order]] = part[order]
        return First(self.soonest, *found)
