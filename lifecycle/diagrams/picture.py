"""A picture as data: places, arrows between them, and on each arrow the ways to take it. What it looks like is a matter
of the renderers.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import evolve

from lifecycle.days import Day
from lifecycle.machine import State
from lifecycle.terms.model import Party, Transition
from lifecycle.values import frozen

Detail: TypeAlias = Literal["overview", "full"]
DETAILS: tuple[Detail, ...] = ("overview", "full")

Standing: TypeAlias = Literal["open", "opens", "waits"]
"""Of a way, for an account: it can be taken now, from a later day, or once something that is missing is there."""


@frozen(kw_only=True)
class Place:
    """A state, or a region of several. inside: the region it lies in, '' for none. entry: how an agreement begins here,
    '' where none does. note: what else there is to say. here: where the marked account is.
    """

    id: str
    title: str
    region: bool = False
    inside: str = ""
    entry: str = ""
    note: str = ""
    here: bool = False


@frozen(kw_only=True)
class Way:
    """One way along an arrow: a power or, of an overview, all powers of the same holders.

    who: in words; ``parties``: who that can be, none where it happens by itself. ground: because of what. when: after
    which wait. how: how it is exercised. exact: the same in exact words, power by power. standing,
    first_day and told: as it is for the marked account - if it opens later, from which day - and in words.
    """

    who: str
    clause: str
    ground: str = ""
    when: str = ""
    how: str = ""
    parties: tuple[Party, ...] = ()
    powers: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    standing: Standing | None = None
    first_day: Day | None = None
    told: str = ""

    @property
    def automatic(self) -> bool:
        return not self.parties


@frozen(kw_only=True)
class Arrow:
    """A transition from a place to a place. pairs: the arrows of the table that it stands for. note: what it means
    where that needs saying. expected: the day on which the marked account takes it if nobody acts.
    """

    id: str
    transition: Transition
    source: str
    target: str
    pairs: tuple[tuple[State, State], ...]
    ways: tuple[Way, ...]
    note: str = ""
    expected: Day | None = None

    @property
    def automatic(self) -> bool:
        """Whether it is taken by itself only."""
        return all(way.automatic for way in self.ways)

    @property
    def loops(self) -> bool:
        return self.source == self.target

    @property
    def how(self) -> str:
        """How it is mostly taken, where most of its ways say the same."""
        told = [way.how for way in self.ways if way.how]
        return max(told, key=told.count) if told and 2 * max(map(told.count, told)) > len(told) else ""


@frozen(kw_only=True)
class Mark:
    """The account a picture is marked for: where it is on a day, in words."""

    agreement: str
    on: Day
    state: State | None
    told: str


@frozen(kw_only=True)
class Picture:
    """The life of an agreement under some Terms. readings: how unclear clauses are read, where not by default. shows:
    what it was narrowed to, '' for all. day_one: whether the day of an event is day 1 of what is counted from it, and
    not day 0.
    """

    terms: str
    digest: str
    title: str
    dated: Day
    readings: tuple[str, ...]
    day_one: bool
    detail: Detail
    places: tuple[Place, ...]
    arrows: tuple[Arrow, ...]
    shows: str = ""
    mark: Mark | None = None

    def place(self, id_: str) -> Place | None:
        return next((place for place in self.places if place.id == id_), None)

    def within(self, region: str) -> tuple[Place, ...]:
        """The places that lie in a region itself, not in one inside it."""
        return tuple(place for place in self.places if place.inside == region)

    def states_of(self, id_: str) -> tuple[str, ...]:
        """The states a place stands for."""
        inner = tuple(state for place in self.within(id_) for state in self.states_of(place.id))
        return inner or (id_,)

    def narrowed(self, ways: tuple[tuple[str, tuple[Way, ...]], ...], shows: str) -> Picture:
        """The same with only these arrows, each with these ways."""
        kept = dict(ways)
        arrows = tuple(evolve(arrow, ways=kept[arrow.id]) for arrow in self.arrows if arrow.id in kept)
        return evolve(self, arrows=arrows, shows=shows)
