"""What is over: matters of which nothing more can come in some regard, so that nobody need look at them again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from lifecycle.course import Course
from lifecycle.days import Instant
from lifecycle.matters import Matter

Regard: TypeAlias = tuple[str, str, int]
"""In what regard: a power or a duty, by its id and the version of the Terms it belongs to."""


class Over:
    """The matters, as they stand, of which nothing more can come from an instant on in one regard or another, while the
    agreement begins and ends as it does. Kept with the docket: asked about in order of time, each is seen off once.
    """

    __slots__ = ("_over", "_rests_on", "_since")

    def __init__(self, rests_on: object, since: Instant) -> None:
        self._rests_on = rests_on
        self._since = since
        self._over: dict[Regard, dict[str, Matter]] = {}

    @classmethod
    def of(cls, course: Course, at: Instant) -> Over:
        """What is over at an instant, as far as it was looked at."""
        rests_on, kept = (course.begins, course.ending), course.docket.kept
        found: Over | None = kept.get("over with")
        if found is None or not found.stands(rests_on, at):
            found = kept["over with"] = cls(rests_on, at)
        return found

    def stands(self, rests_on: object, at: Instant) -> bool:
        """Whether it is so at an instant too, and from then on."""
        stands = self._rests_on == rests_on and self._since <= at
        self._since = max(self._since, at)
        return stands

    def left(self, regard: Regard, matters: Iterable[Matter]) -> list[Matter]:
        """Those of some matters that are not over."""
        over = self._over.get(regard, {})
        return [matter for matter in matters if over.get(matter.id) is not matter]

    def add(self, regard: Regard, matter: Matter) -> None:
        """A matter is over, as long as it stands as it does."""
        self._over.setdefault(regard, {})[matter.id] = matter
