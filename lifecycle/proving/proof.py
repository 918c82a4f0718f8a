"""A property of Terms, and its proof or what fails it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from lifecycle.proving.claims import Declared, Failure
from lifecycle.proving.world import World
from lifecycle.values import frozen

Check: TypeAlias = Callable[[World], Iterator[Failure | Declared]]


@frozen
class Property:
    """What should be so under any Terms. ``means``: what that is worth to the parties, in plain words."""

    name: str
    title: str
    means: str
    check: Check

    def prove(self, world: World) -> Proof:
        found = tuple(self.check(world))
        return Proof(
            of=self,
            failures=tuple(each for each in found if isinstance(each, Failure)),
            declared=tuple(dict.fromkeys(each.words for each in found if isinstance(each, Declared))),
        )


@frozen(kw_only=True)
class Proof:
    """Whether Terms have a property. declared: where that is so only because they say so."""

    of: Property
    failures: tuple[Failure, ...]
    declared: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.failures
