"""The zone graph: every location that can be reached, with the clock readings it can be entered at, and every move
from there.

A node's zone holds the readings on entry. A node that another includes is not followed again: whatever it can do, the
larger one can. A move that changes nothing leads back to its node: what can be done later can be done from there.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from itertools import product
from typing import TypeAlias

from attrs import field

from lifecycle.errors import LifecycleError
from lifecycle.proving.automaton import Automaton, Bound, Location, Move
from lifecycle.proving.zones import Zone
from lifecycle.values import frozen

MOST = 20_000
"""The most nodes that are looked at."""

Told: TypeAlias = Callable[[int], None]
"""Is told how many nodes there are, now and then."""


class TooLarge(LifecycleError, ValueError):
    """Terms whose clocks run in more ways than can be looked at."""

    def __init__(self, name: str, nodes: int) -> None:
        super().__init__(name, nodes)
        self.name, self.nodes = name, nodes

    def __str__(self) -> str:
        return f"{self.name}: more than {self.nodes} ways in which it can stand: too many to look at"


@frozen(eq=False)
class Node:
    """A location with the readings on entry, and the edge by which it was first reached (None at the beginning)."""

    location: Location
    zone: Zone
    reached: Edge | None = None
    edges: list[Edge] = field(factory=list, repr=False)

    @property
    def trace(self) -> tuple[Edge, ...]:
        """The edges from the beginning to here."""
        found, node = [], self
        while node.reached is not None:
            found.append(node.reached)
            node = node.reached.source
        return tuple(reversed(found))


@frozen(eq=False)
class Edge:
    """A move from a node. bounds: everything that the clocks had to meet, on the day of the move. at_once: made on
    entry, by itself. sure: its move can be made at every reading on entry at which nothing comes by itself first.
    before: the readings at which it is made.
    """

    source: Node
    move: Move
    bounds: tuple[Bound, ...]
    before: Zone = field(repr=False)
    at_once: bool = False
    sure: bool = False
    targets: list[Node] = field(factory=list, repr=False)

    @property
    def target(self) -> Node:
        return self.targets[0]

    @property
    def lasting(self) -> bool:
        """Whether it can be made ever after, once it can."""
        return all(bound.most is None for bound in self.move.bounds)

    @property
    def trace(self) -> tuple[Edge, ...]:
        return (*self.source.trace, self)


@frozen(eq=False)
class Graph:
    """The nodes and edges of an automaton, in the order in which they were found."""

    automaton: Automaton
    nodes: tuple[Node, ...]

    @property
    def edges(self) -> Iterator[Edge]:
        return (edge for node in self.nodes for edge in node.edges)

    def value(self, node: Node, name: str) -> str:
        return self.automaton.value(node.location, name)

    def surely(self, wanted: Callable[[Node], bool], counted: Callable[[Edge], bool] = lambda _: True) -> set[int]:
        """The nodes (by ``id``) from which, at every reading, some way leads to a node that is wanted, by what comes by
        itself and by other edges that are ``counted`` on.
        """
        found = {id(node) for node in self.nodes if wanted(node)}
        before: dict[int, list[Node]] = defaultdict(list)
        for edge in self.edges:
            before[id(edge.target)].append(edge.source)
        waiting = deque(source for n in tuple(found) for source in before[n])
        while waiting:
            node = waiting.popleft()
            if id(node) not in found and _leads(node, found, counted):
                found.add(id(node))
                waiting.extend(before[id(node)])
        return found


def _leads(node: Node, found: set[int], counted: Callable[[Edge], bool]) -> bool:
    by_itself = [edge for edge in node.edges if edge.move.automatic]
    others = [edge for edge in node.edges if not edge.move.automatic]
    acts = [edge for edge in others if id(edge.target) in found and counted(edge)]
    if not by_itself:
        return any(edge.lasting or edge.sure for edge in acts)
    missed = {id(edge.move) for edge in others if id(edge.target) not in found}
    at_once = all(id(edge.target) in found for edge in by_itself if edge.at_once)
    at_will = any(edge.sure and id(edge.move) not in missed for edge in acts)
    return (at_once and at_will) or all(id(edge.target) in found for edge in by_itself)


def explore(automaton: Automaton, told: Told | None = None) -> Graph:
    """Every node that can be reached.

    Raises TooLarge beyond MOST nodes.
    """
    largest = automaton.largest
    moves = tuple(automaton.moves)
    root = Node(automaton.start, Zone())
    nodes, waiting = [root], deque([root])
    passed: dict[tuple[Location, tuple[str, ...]], list[Node]] = defaultdict(list)
    passed[root.location, ()].append(root)
    while waiting:
        node = waiting.popleft()
        for edge in _edges(automaton, moves, node):
            if edge.move.is_idle:
                edge.targets.append(node)
                node.edges.append(edge)
                continue
            zone = edge.before.stopped(edge.move.stops).started(edge.move.starts).widened(largest)
            location = automaton.after(edge.move, node.location)
            known = passed[location, zone.names]
            target = next((other for other in known if other.zone.includes(zone)), None)
            if target is None:
                target = Node(location, zone, edge)
                known[:] = [other for other in known if not zone.includes(other.zone)]
                known.append(target)
                nodes.append(target)
                waiting.append(target)
                if told:
                    told(len(nodes))
            edge.targets.append(target)
            node.edges.append(edge)
        if len(nodes) > MOST:
            raise TooLarge(automaton.name, MOST)
    return Graph(automaton, tuple(nodes))


def _edges(automaton: Automaton, moves: tuple[Move, ...], node: Node) -> Iterator[Edge]:
    """The moves from a node: those made by themselves on entry, then those after a wait."""
    running = set(node.zone.names)
    possible = [m for m in moves if automaton.allows(m, node.location) and _runs(m, running)]
    by_itself = [move for move in possible if move.automatic]
    for move in by_itself:
        if (zone := narrowed(node.zone, move.bounds)) is not None:
            yield Edge(node, move, move.bounds, zone, at_once=True)
    parts = tuple(_quiet(node.zone, by_itself))
    for bounds, _, _, after in parts:
        for move, awaited in zip(by_itself, bounds, strict=True):
            on = (*move.bounds, Bound(awaited.clock, awaited.least, awaited.least))
            if (zone := narrowed(after, on)) is not None:
                yield Edge(node, move, on, zone)
    for move in (move for move in possible if not move.automatic):
        entries = [(entry, narrowed(entry, move.bounds)) for _, _, entry, _ in parts]
        sure = all(now is not None and now.includes(entry) for entry, now in entries)
        for _, quiet, _, after in parts:
            on = (*move.bounds, *quiet)
            if (zone := narrowed(after, on)) is not None:
                yield Edge(node, move, on, zone, sure=sure)


_Part: TypeAlias = tuple[tuple[Bound, ...], tuple[Bound, ...], Zone, Zone]


def _quiet(zone: Zone, by_itself: list[Move]) -> Iterator[_Part]:
    """The readings on entry at which nothing has come by itself yet, in parts by which bound each move still waits for:
    those bounds, what they leave, the readings on entry, and all until the day of the first such move, included.
    """
    for bounds in product(*(_awaited(move) for move in by_itself)):
        # Until the day of what comes by itself, and on that day only it.
        quiet = tuple(Bound(b.clock, 0, b.least - 1) for b in bounds)
        if (entry := narrowed(zone, quiet)) is not None:
            after = narrowed(entry.later(), tuple(Bound(b.clock, 0, b.least) for b in bounds))
            assert after is not None
            yield bounds, quiet, entry, after


def _awaited(move: Move) -> tuple[Bound, ...]:
    return tuple(bound for bound in move.bounds if bound.least > 0)


def _runs(move: Move, running: set[str]) -> bool:
    return not move.absent & running and all(bound.spare or bound.clock in running for bound in move.bounds)


def narrowed(zone: Zone, bounds: tuple[Bound, ...]) -> Zone | None:
    """The readings of a zone that meet bounds; None where there are none."""
    found: Zone | None = zone
    for bound in bounds:
        if bound.clock in zone.names and found is not None:
            found = found.within(bound.clock, bound.least, bound.most)
    return found
