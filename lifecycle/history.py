"""The ordered log of one agreement, and its form in files: one event a line of JSON.

Append-only: sequence 1, 2, 3 ... without a gap, one agreement, one record per idempotency key. What is wrong is
corrected by a further event. What was known at an instant is a prefix: the running maximum of ``recorded`` decides, so
that a skewed clock cannot reorder.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Any, NoReturn, cast

from attrs import evolve

from lifecycle.days import Instant
from lifecycle.errors import InvalidHistory, KeyConflict
from lifecycle.events import AgreementMade, CaughtUp, Corrected, Event, Fact, Withdrawn
from lifecycle.structuring import Faults, straight, structure, unstructure

MAX_LINE = 5_000_000  # more than any event that can be made


_NONE = frozenset[str]()
_ABOUT_RECORDS = frozenset({Corrected, Withdrawn, CaughtUp})


class History:
    """The events of one agreement, in the order in which they were recorded."""

    __slots__ = ("_by_id", "_by_key", "_events", "_withdrawn")

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._events: list[Event] = []
        self._by_key: dict[str, Event] = {}
        self._by_id: dict[str, Event] = {}
        self._withdrawn = _NONE
        for event in events:
            self.check(event)
            self.keep(event)

    def __len__(self) -> int:
        return len(self._events)

    def __iter__(self) -> Iterator[Event]:
        return iter(self._events)

    def __getitem__(self, index: int) -> Event:
        return self._events[index]

    def append(self, event: Event) -> None:
        """Add the next event.

        Raises InvalidHistory where it is not the next event of this agreement, KeyConflict where its key was used.
        """
        self.check(event)
        self.keep(event)

    def keep(self, event: Event) -> None:
        """Add an event that :meth:`check` has just let pass."""
        self._events.append(event)
        self._by_id[event.id] = event
        if event.key is not None:
            self._by_key[event.key] = event
        if type(event.fact) is Withdrawn:
            self._withdrawn |= {event.fact.event}

    def check(self, event: Event) -> None:
        """Raises what :meth:`append` would."""
        events, fact = self._events, event.fact
        if event.sequence != len(events) + 1:
            raise InvalidHistory(event.place, f"the next event is {len(events) + 1}: a gap or a repetition")
        if (type(fact) is AgreementMade) is bool(events):
            raise InvalidHistory(event.place, "a history begins with 'agreement made', and has it once")
        if events and event.agreement != events[0].agreement:
            raise InvalidHistory(event.place, f"this is the history of {events[0].agreement}")
        if event.id in self._by_id:
            raise InvalidHistory(event.place, f"the id {event.id!r} is taken by event {self._by_id[event.id].sequence}")
        if event.key is not None and event.key in self._by_key:
            raise KeyConflict(event.key, self._by_key[event.key].sequence, event.place)
        if type(fact) is Corrected or type(fact) is Withdrawn:
            self._check_target(fact, event.place)

    def _check_target(self, fact: Corrected | Withdrawn, where: str) -> None:
        target = self._by_id.get(fact.event)
        if target is None:
            raise InvalidHistory(where, f"there is no event {fact.event!r} to correct: name the id of an earlier event")
        if target.id in self._withdrawn:
            raise InvalidHistory(where, f"{fact.event} was withdrawn: record what happened instead as a new fact")
        if isinstance(target.fact, AgreementMade | Corrected | Withdrawn | CaughtUp):
            raise InvalidHistory(where, f"{fact.event} cannot be corrected: correct the fact it is about")

    def find(self, event_id: str) -> Event | None:
        """The event with an id, or None."""
        return self._by_id.get(event_id)

    def with_key(self, key: str) -> Event | None:
        """The event recorded under an idempotency key, or None."""
        return self._by_key.get(key)

    def known(self, at: Instant | None = None) -> list[Event]:
        """The events recorded by an instant, included; all of them without one. A list of its own."""
        if at is None:
            return [*self._events]
        return list(takewhile(lambda event: event.recorded <= at, self._events))


def effective(events: Iterable[Event]) -> list[Event]:
    """What the events say once corrections are read in place of what they correct; memos and corrections themselves are
    left out.
    """
    told = [*events]
    if _ABOUT_RECORDS.isdisjoint([type(event.fact) for event in told]):
        return told
    standing: dict[str, Event] = {}
    for event in told:
        match event.fact:
            case Corrected(event=target):
                if target in standing:
                    standing[target] = corrected(standing[target], event.fact)
            case Withdrawn(event=target):
                standing.pop(target, None)
            case CaughtUp():
                pass
            case _:
                standing[event.id] = event
    return list(standing.values())


def corrected(event: Event, by: Corrected) -> Event:
    """An event as it stands once it is corrected."""
    return evolve(event, fact=by.fact, occurred=event.occurred if by.occurred is None else by.occurred)


_TAGGED = (Fact, "type")


def to_line(event: Event) -> str:
    """An event as a line of JSON, without the newline; what equals its default is left out."""
    return _ENCODER.encode(to_document(event))


def to_document(event: Event) -> dict[str, Any]:
    """An event as the object that its line holds; what equals its default is left out."""
    document: dict[str, Any] = unstructure(event, _TAGGED)
    return document


def parsed(line: str, where: str = "line") -> Any:
    """The value that a line of JSON holds, as strictly as histories are read: no key twice, no NaN, no huge numbers.

    Raises InvalidHistory for anything else.
    """
    if len(line) > MAX_LINE:
        raise InvalidHistory(where, f"longer than {MAX_LINE} characters")
    try:
        value, end = _DECODER.raw_decode(line)
        return value if end == len(line) else _DECODER.decode(line)
    except (ValueError, RecursionError) as error:
        raise InvalidHistory(where, f"not a line of JSON: {error}") from None


def to_fact(document: object, where: str = "fact") -> Fact:
    """A fact from an object as lines hold it under ``fact``, its ``type`` with it.

    Raises InvalidHistory with every fault; ``where`` is what its message calls the object.
    """
    try:
        fact: Fact = structure(document, cast("Any", Fact), tagged=_TAGGED)
    except Faults as faults:
        raise InvalidHistory(where, str(faults)) from None
    return fact


def from_line(line: str, where: str = "line") -> Event:
    """An event from a line of JSON; ``where`` is what error messages call the line.

    Raises InvalidHistory for what is not JSON, not closed, not an event, too long or too deep.
    """
    document = parsed(line, where)
    try:
        return straight(document, Event, _TAGGED)
    except (TypeError, ValueError, KeyError, RecursionError):
        pass  # something is wrong with it: read again, to say all that is
    try:
        return structure(document, Event, tagged=_TAGGED)
    except Faults as faults:
        raise InvalidHistory(where, str(faults)) from None


def _closed(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key stands twice")
    return table


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _int(digits: str) -> int:
    if len(digits) > 10:
        raise ValueError("a number of more than ten digits")
    return int(digits)


_DECODER = json.JSONDecoder(object_pairs_hook=_closed, parse_constant=_no_constant, parse_int=_int)
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
