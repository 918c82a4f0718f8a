"""What was seen of matters, and until when it is so: whoever looks on in order of time looks again only where it may
not be so any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from lifecycle.course import Course
from lifecycle.days import FOREVER, Instant
from lifecycle.matters import Matter

Regard: TypeAlias = tuple[str, str, int]
"""In what regard: a power or a duty, by its id and the version of the Terms it belongs to."""

Look: TypeAlias = Callable[[Matter], tuple[Sequence[Any], Instant]]
"""What is found of a matter at an instant, and when that turns if nothing else happens to the matter."""


class Seen:
    """What was found of the matters of a docket in one regard or another, while the agreement begins and ends as it
    does; kept with the docket.
    """

    __slots__ = ("_found", "_over", "_rests_on", "_since")

    def __init__(self, rests_on: object, since: Instant) -> None:
        self._rests_on = rests_on
        self._since = since
        self._over: dict[Regard, dict[str, Matter]] = {}
        self._found: dict[Regard, dict[str, tuple[Matter, Sequence[Any], Instant]]] = {}

    @classmethod
    def of(cls, course: Course, at: Instant) -> Seen:
        """What was seen by an instant."""
        rests_on, kept = (course.begins, course.ending), course.docket.kept
        seen: Seen | None = kept.get("seen")
        if seen is None or not seen.stands(rests_on, at):
            seen = kept["seen"] = cls(rests_on, at)
        return seen

    def stands(self, rests_on: object, at: Instant) -> bool:
        """Whether it is so at an instant too, and from then on."""
        stands = self._rests_on == rests_on and self._since <= at
        self._since = max(self._since, at)
        return stands

    def look(self, regard: Regard, matters: Iterable[Matter], at: Instant, look: Look) -> tuple[list[Any], Instant]:
        """All that is found of some matters at an instant, in their order, and when that turns; FOREVER for never."""
        over, known = self._over.setdefault(regard, {}), self._found.setdefault(regard, {})
        every, turns = list[Any](), FOREVER
        for matter in [matter for matter in matters if over.get(matter.id) is not matter]:
            seen = known.get(matter.id)
            if seen is None or seen[0] is not matter or at >= seen[2]:
                seen = known[matter.id] = (matter, *look(matter))
                if not seen[1] and seen[2] == FOREVER:
                    over[matter.id] = matter
            every += seen[1]
            turns = min(turns, seen[2])
        return every, turns
