"""All the properties, and the proof of some Terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lifecycle.errors import InvalidFact
from lifecycle.proving.lives import LIVES
from lifecycle.proving.openings import OPENINGS
from lifecycle.proving.proof import Proof, Property
from lifecycle.proving.remedies import REMEDIES
from lifecycle.proving.world import Progress, World
from lifecycle.terms.model import Terms

PROPERTIES = (*LIVES, *OPENINGS, *REMEDIES)


def prove(terms: Terms, names: Iterable[str] = (), progress: Progress | None = None) -> tuple[Proof, ...]:
    """The proofs of the properties named, of all without names, in the order of the list.

    Raises InvalidFact for a name that is none, TooLarge where there are too many ways to look at.
    """
    chosen = tuple(_named(names))
    world = World(terms, progress)
    return tuple(each.prove(world) for each in chosen)


def _named(names: Iterable[str]) -> Iterator[Property]:
    known = {each.name: each for each in PROPERTIES}
    wanted = tuple(names)
    for name in wanted:
        if name not in known:
            raise InvalidFact("property", name, f"there is no such property; these there are: {', '.join(known)}")
    yield from (each for each in PROPERTIES if not wanted or each.name in wanted)
