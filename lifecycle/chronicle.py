"""The chronicle: what a history says happened, in the order in which it did, and the docket it gives at any instant.

Dockets are read onwards from the nearest one that was read before and still stands. A fact that comes late is read in
its place, and what was read from there on is dropped; one that comes in order is only read on. Who asks about one
instant after the other, in order, has the whole read once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import merge

from lifecycle.days import FOREVER, Instant
from lifecycle.docket import Docket, mistaken, source
from lifecycle.errors import LifecycleError, placed
from lifecycle.events import CaughtUp, Corrected, Event, Withdrawn
from lifecycle.history import History, corrected, effective
from lifecycle.terms.library import Library

_KEPT = 16  # dockets seen from earlier instants


class Reader:
    """The dockets that ``events``, in order, give under the Terms of a library, at any place among them.

    Whoever asks about one place and then about later ones has one docket read on from place to place: what was handed
    out before has then moved on with it (``Docket.size`` says so).
    """

    __slots__ = ("_kept", "_last", "_made", "_mistaken", "_stepped", "events", "library")

    def __init__(self, library: Library, made: Event, mistaken: frozenset[str], events: list[Event]) -> None:
        self.library = library
        self.events = events
        self._made = made
        self._mistaken = mistaken
        self._kept: dict[int, Docket] = {}
        self._last = 0
        self._stepped = False

    def up_to(self, place: int) -> Docket:
        """The docket of the events before a place."""
        if (docket := self._kept.pop(place, None)) is None:
            near = max((n for n in self._kept if n < place), default=0)
            goes_on = 0 < near == self._last
            # The second step in a row takes along what the first one read; the first leaves it where it was.
            docket = self._read_on(self._kept.pop(near) if goes_on and self._stepped else self._at(near), near, place)
            self._stepped = goes_on
        elif place != self._last:
            self._stepped = False
        self._last = place
        self._kept[place] = docket  # the last one asked for is the last to go
        if len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
        return docket

    def afresh(self, place: int) -> Docket:
        """A docket of the events before a place, apart from those kept."""
        near = max((n for n in self._kept if n <= place), default=0)
        return self._read_on(self._at(near), near, place)

    def with_events(self, events: list[Event], mistaken: frozenset[str], place: int) -> Reader:
        """A reader of other events, which are the same before a place: what was read of them is kept by both."""
        other = Reader(self.library, self._made, mistaken, events)
        if mistaken == self._mistaken:
            other._kept = {n: docket for n, docket in self._kept.items() if n <= place}
            self._stepped = False
        return other

    def keep(self, place: int, docket: Docket) -> None:
        """Keep a docket that was read up to a place, and stays there."""
        self._kept[place] = docket

    def _at(self, place: int) -> Docket:
        """A docket of its own at a place where one is kept, or at the beginning."""
        if place in self._kept:
            return self._kept[place].copied()
        docket = Docket(self.library, self._made)
        docket.mistaken = self._mistaken
        return docket

    def _read_on(self, docket: Docket, start: int, end: int) -> Docket:
        for event in self.events[start:end]:
            docket.apply(event)
        return docket


class Chronicle:
    """What happened to one agreement, as far as recorded: corrections read in place of what they correct, memos left
    out. ``events`` begin with 'agreement made'.

    Raises UnknownTerms where the library does not hold the Terms they name, InvalidFact or InvalidTime for what has no
    meaning under them, naming the event.
    """

    __slots__ = ("_events", "_made", "_reader", "head", "library", "mistaken")

    def __init__(self, library: Library, events: Iterable[Event]) -> None:
        recorded = list(events)
        self.library = library
        self._made = recorded[0]
        self.mistaken = mistaken(recorded)
        self.head = Docket(library, self._made)
        """The docket of everything recorded, whenever it happens."""
        self.head.mistaken = self.mistaken
        ordered = self.head.in_order(effective(recorded[1:]))
        self._events = [event for _, event in ordered]
        self._reader = Reader(library, self._made, self.mistaken, self._events)
        for order, event in ordered:
            try:
                self.head.apply(event, order)
            except LifecycleError as error:
                raise placed(error, source(event, recorded).place) from None

    @property
    def events(self) -> Sequence[Event]:
        """What happened, in order; without that the agreement is made."""
        return self._events

    def at(self, at: Instant) -> Docket:
        """The docket of what happened up to an instant, included; it stands until a later instant is asked about."""
        return self.head if self.head.latest <= at else self._reader.up_to(self.place(at))

    def place(self, at: Instant) -> int:
        """How many of the events happened up to an instant, included."""
        return bisect_right(self._events, at, key=self.head.instant_of)

    def place_of(self, event: Event) -> int:
        """How many of the events come before one."""
        return bisect_left(self._events, self.head.order_of(event), key=self.head.order_of)

    def standing(self, event: Event) -> Event:
        """A recorded event as it stands now that it may have been corrected; as it was recorded if it was withdrawn."""
        place = self.place_of(event)
        if place < len(self._events) and self._events[place].id == event.id:
            return self._events[place]
        return next((stands for stands in self._events if stands.id == event.id), event)

    def supposing(self, readings: Mapping[str, str]) -> Reader:
        """The same events, as far as recorded in order from now on too, under other readings than those agreed."""
        return Reader(self.library.supposing(readings), self._made, self.mistaken, self._events)

    def next_after(self, at: Instant) -> Instant:
        """The first instant after one at which something recorded happens; FOREVER if nothing does."""
        if self.head.latest <= at:
            return FOREVER
        return next((instant for instant, _ in self.coming(at)), FOREVER)

    def coming(self, at: Instant) -> Iterator[tuple[Instant, Event]]:
        """What is recorded and happens only after an instant, in order; that the agreement is made is among it."""
        instant_of = self.head.instant_of
        later = self._events[self.place(at) :]
        made = [self._made] if instant_of(self._made) > at else []
        return ((instant_of(event), event) for event in merge(made, later, key=instant_of))

    def add(self, event: Event) -> None:
        """Read a further event in order: it happens no earlier than any other, and corrects none.

        Raises InvalidFact for what has no meaning; the chronicle is then as before.
        """
        try:
            self.head.apply(event)
        except BaseException:
            self.head = self._reader.afresh(len(self._events))  # it may have read half of it
            raise
        self._events.append(event)

    def comes_in_order(self, event: Event) -> bool:
        return self.head.order_of(event) >= self.head.latest_order and not isinstance(event.fact, Corrected | Withdrawn)

    def having(self, event: Event, recorded: Iterable[Event]) -> Chronicle:
        """The chronicle with one more event, after those ``recorded`` so far; this one stays as it is.

        Raises InvalidFact for what has no meaning in its place, or takes the meaning of what comes after it.
        """
        other = object.__new__(Chronicle)
        other.library, other._made, other.mistaken = self.library, self._made, self.mistaken
        if isinstance(event.fact, Corrected | Withdrawn):
            other.mistaken = mistaken([*recorded, event])
            other._events, place = self._correcting(event.fact)
        else:
            place = self.place_of(event)
            other._events = [*self._events[:place], event, *self._events[place:]]
        other._reader = self._reader.with_events(other._events, other.mistaken, place)
        if place == len(self._events):
            other._reader.keep(place, self.head.copied())
        other.head = other._reader.up_to(place).copied()
        for late in other._events[place:]:
            other.head.apply(late)
        return other

    def _correcting(self, fact: Corrected | Withdrawn) -> tuple[list[Event], int]:
        """The events as corrected, and the place from which they differ; only what stands is ever corrected."""
        told = self._events
        place = next(n for n, other in enumerate(told) if other.id == fact.event)
        events = told[:place] + told[place + 1 :]
        if isinstance(fact, Corrected):
            stands = corrected(told[place], fact)
            there = bisect_left(events, self.head.order_of(stands), key=self.head.order_of)
            events.insert(there, stands)
            place = min(place, there)
        return events, place


class Ledger:
    """What was recorded before one event or another, as chronicles. Asked in the order of record it reads all once."""

    __slots__ = ("_chronicle", "_read", "events", "library")

    def __init__(self, library: Library, events: History) -> None:
        self.library = library
        self.events = events
        self._chronicle: Chronicle | None = None
        self._read = 0

    def before(self, sequence: int) -> Chronicle:
        """The chronicle of what was recorded before an event; it stands until a later one is asked about.

        Raises what :class:`Chronicle` does.
        """
        until = sequence - 1
        chronicle = self._chronicle if self._read <= until else None
        self._chronicle = None  # until it is known that what follows can be read on
        try:
            chronicle = chronicle and self._read_on(chronicle, until)
        except LifecycleError:  # what was withdrawn or corrected by then, must not be read by itself
            chronicle = None
        self._chronicle, self._read = chronicle or Chronicle(self.library, self.events.known()[:until]), until
        return self._chronicle

    def _read_on(self, chronicle: Chronicle, until: int) -> Chronicle:
        for place in range(self._read, until):
            event = self.events[place]
            if isinstance(event.fact, CaughtUp):
                continue
            if chronicle.comes_in_order(event):
                chronicle.add(event)
            else:
                chronicle = chronicle.having(event, self.events.known()[:place])
        return chronicle
