"""The chronicle: what a history says happened, in the order in which it did, and the docket it gives at any instant.

Dockets are read onwards from the nearest one that was read before and still stands. A fact that comes late is read in
its place, and what was read from there on is dropped; one that comes in order is only read on.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from heapq import merge

from attrs import evolve

from lifecycle.days import FOREVER, Instant
from lifecycle.docket import Docket, mistaken, source
from lifecycle.errors import LifecycleError, placed
from lifecycle.events import Corrected, Event, Withdrawn
from lifecycle.history import effective
from lifecycle.terms.library import Library

_KEPT = 16  # dockets seen from earlier instants


class Chronicle:
    """What happened to one agreement, as far as recorded: corrections read in place of what they correct, memos left
    out. ``events`` begin with 'agreement made'.

    Raises UnknownTerms where the library does not hold the Terms they name, InvalidFact or InvalidTime for what has no
    meaning under them, naming the event.
    """

    __slots__ = ("_events", "_kept", "_made", "head", "library", "mistaken")

    def __init__(self, library: Library, events: Iterable[Event]) -> None:
        recorded = list(events)
        self.library = library
        self._made = recorded[0]
        self.mistaken = mistaken(recorded)
        self._kept: dict[int, Docket] = {}
        self.head = self._first()
        """The docket of everything recorded, whenever it happens."""
        self._events = sorted(effective(recorded[1:]), key=self.head.order_of)
        for event in self._events:
            try:
                self.head.apply(event)
            except LifecycleError as error:
                raise placed(error, source(event, recorded).place) from None

    def at(self, at: Instant) -> Docket:
        """The docket of what happened up to an instant, included."""
        if self.head.latest <= at:
            return self.head
        place = bisect_right(self._events, at, key=self.head.instant_of)
        if (docket := self._kept.pop(place, None)) is None:
            docket = self._onwards(place)
        self._kept[place] = docket  # the last one asked for is the last to go
        if len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
        return docket

    def next_after(self, at: Instant) -> Instant:
        """The first instant after one at which something recorded happens; FOREVER if nothing does."""
        if self.head.latest <= at:
            return FOREVER
        return next((instant for instant, _ in self.coming(at)), FOREVER)

    def coming(self, at: Instant) -> Iterator[tuple[Instant, Event]]:
        """What is recorded and happens only after an instant, in order; that the agreement is made is among it."""
        instant_of = self.head.instant_of
        later = self._events[bisect_right(self._events, at, key=instant_of) :]
        made = [self._made] if instant_of(self._made) > at else []
        return ((instant_of(event), event) for event in merge(made, later, key=instant_of))

    def add(self, event: Event) -> None:
        """Read a further event in order: it happens no earlier than any other, and corrects none.

        Raises InvalidFact for what has no meaning; the chronicle is then as before.
        """
        try:
            self.head.apply(event)
        except BaseException:
            self.head = self._onwards(len(self._events))  # it may have read half of it
            raise
        self._events.append(event)

    def comes_in_order(self, event: Event) -> bool:
        return self.head.order_of(event) >= self.head.latest_order and not isinstance(event.fact, Corrected | Withdrawn)

    def having(self, event: Event, recorded: Iterable[Event]) -> Chronicle:
        """The chronicle with one more event, after those ``recorded`` so far; this one stays as it is.

        Raises InvalidFact for what has no meaning in its place, or takes the meaning of what comes after it.
        """
        other = object.__new__(Chronicle)
        other.library, other._made, other.mistaken, other._kept = self.library, self._made, self.mistaken, {}
        if isinstance(event.fact, Corrected | Withdrawn):
            other.mistaken = mistaken([*recorded, event])
            other._events, place = self._correcting(event.fact)
        else:
            place = bisect_left(self._events, self.head.order_of(event), key=self.head.order_of)
            other._events = [*self._events[:place], event, *self._events[place:]]
        if other.mistaken == self.mistaken:
            other._kept = {n: docket for n, docket in self._kept.items() if n <= place}
            if place == len(self._events):
                other._kept[place] = self.head.copied()
        before = other._kept[place] = other._onwards(place)
        other.head = before.copied()
        for late in other._events[place:]:
            other.head.apply(late)
        return other

    def _correcting(self, fact: Corrected | Withdrawn) -> tuple[list[Event], int]:
        """The events as corrected, and the place from which they differ."""
        place = next((n for n, other in enumerate(self._events) if other.id == fact.event), len(self._events))
        events = self._events[:place] + self._events[place + 1 :]
        if isinstance(fact, Corrected) and place < len(self._events):
            before = self._events[place]
            occurred = before.occurred if fact.occurred is None else fact.occurred
            corrected = evolve(before, fact=fact.fact, occurred=occurred)
            there = bisect_left(events, self.head.order_of(corrected), key=self.head.order_of)
            events.insert(there, corrected)
            place = min(place, there)
        return events, place

    def _first(self) -> Docket:
        docket = Docket(self.library, self._made)
        docket.mistaken = self.mistaken
        return docket

    def _onwards(self, place: int) -> Docket:
        """A docket of the events before a place, apart from those kept."""
        near = max((n for n in self._kept if n <= place), default=0)
        docket = self._kept[near].copied() if near in self._kept else self._first()
        for event in self._events[near:place]:
            docket.apply(event)
        return docket
