"""Terms with the zone graph of each part of their model, and histories told along it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import cached_property
from typing import TypeAlias

from lifecycle.days import Instant
from lifecycle.errors import LifecycleError
from lifecycle.proving.automaton import ENDED
from lifecycle.proving.claims import Claim, Counterexample
from lifecycle.proving.graph import Edge, Graph, Node, explore
from lifecycle.proving.model import automata
from lifecycle.proving.naming import ACTIVE, COURSE, given
from lifecycle.proving.schedule import earliest, latest
from lifecycle.proving.story import Teller
from lifecycle.terms.model import Party, Power, Terms
from lifecycle.terms.reach import Attributes, fits, why_never_given

Progress: TypeAlias = Callable[[str, int, int], None]
"""Is told the part that is looked at, how many are done, and how many there are."""


class World:
    """Everything that the properties are read off."""

    def __init__(self, terms: Terms, progress: Progress | None = None) -> None:
        self.terms = terms
        parts, graphs = automata(terms), list[Graph]()
        for done, part in enumerate(parts):
            if progress:
                progress(part.name, done, len(parts))
            graphs.append(explore(part))
        self.graphs = tuple(graphs)

    @property
    def course(self) -> Graph:
        return self.graphs[0]

    @property
    def parts(self) -> tuple[Graph, ...]:
        """The graphs of matters, without the course."""
        return self.graphs[1:]

    @cached_property
    def uses(self) -> dict[str, list[tuple[Graph, Edge]]]:
        """Power -> the edges that use it."""
        found: dict[str, list[tuple[Graph, Edge]]] = defaultdict(list)
        for graph in self.graphs:
            for edge in graph.edges:
                if edge.move.what == "use":
                    found[edge.move.subject].append((graph, edge))
        return found

    @cached_property
    def given(self) -> set[str]:
        """The kinds of notice that can be given so that they count."""
        moves = (edge.move for graph in self.graphs for edge in graph.edges)
        return {move.subject for move in moves if move.what == "notice"}

    def graph_of(self, kind: str) -> Graph | None:
        return next((graph for graph in self.parts if kind in graph.automaton.sorts), None)

    def sorts(self, power: Power) -> Iterator[tuple[Graph, str, int, Attributes]]:
        """Every sort of matter that a power is about."""
        for kind in power.matter:
            if graph := self.graph_of(kind):
                for sort, matter in enumerate(graph.automaton.sorts[kind]):
                    if fits(power.when, power.unless, matter):
                        yield graph, kind, sort, matter

    def lacking(self, power: Power) -> tuple[str, ...]:
        """The kinds of notice that a power cannot do without and that nobody can give."""
        needed = {clock.notice for clock in power.clocks if clock.notice} if power.needs == "all" else set()
        by_notice = power.exercise.removeprefix("notice:") if power.exercise.startswith("notice:") else ""
        gone = {n for n in needed if n not in self.given}
        gone |= {by_notice} if by_notice and why_never_given(self.terms.notices[by_notice], self.terms) else set()
        return tuple(sorted(gone))

    # ---- histories -----------------------------------------------------------------------------------------

    def shown(
        self,
        graph: Graph,
        trace: Sequence[Edge],
        claims: Callable[[Teller, Instant], Sequence[Claim]],
        *,
        by: Party | None = None,
        acts: bool = True,
    ) -> Counterexample | None:
        """A way through a graph as a history of which the library answers what is claimed, each step as early as can be
        or, where the model knows days only roughly, later; None where there is none. The claims are told the
        instant of the last step, which without ``acts`` is left out.
        """
        longest = max(graph.automaton.largest.values(), default=0) + 1
        told = trace if acts else trace[:-1]
        for days in (earliest(trace), latest(trace, longest), latest(trace, 2 * longest)):
            teller = Teller(self.terms, graph.automaton, by=by)
            try:
                teller.tell(zip((edge.move for edge in told), days, strict=False))
                teller.steps += not acts
                at = teller.at if acts else teller.noon(days[-1])
                found = Counterexample(claims=tuple(claims(teller, at)), events=teller.events)
                if found.replays(self.terms):
                    return found
            except LifecycleError:
                continue
        return None

    def fullest(self, graph: Graph, kind: str, sort: int) -> Node:
        """The first node at which most clocks of a live matter of some sort are running."""
        clocks = {kind, *(given(kind, notice) for notice in self.terms.notices)}
        live = [n for n in graph.nodes if graph.value(n, kind) == str(sort) and graph.value(n, COURSE) == ACTIVE]
        return max(live, key=lambda node: (len(clocks & set(node.zone.names)), -len(node.trace)))

    def never(self, power: Power) -> Counterexample | None:
        """A history in which a power stays closed though everything it needs was done as soon as it could be."""
        graph, kind, sort = next(((g, k, s) for g, k, s, _ in self.sorts(power)), (self.course, "", 0))
        return self.never_for(power, graph, kind, sort)

    def never_for(self, power: Power, graph: Graph, kind: str, sort: int) -> Counterexample | None:
        """The same, about one sort of matter."""
        trace = (self.fullest(graph, kind, sort) if kind else graph.nodes[1]).trace

        def closed(_: Teller, at: Instant) -> tuple[Claim]:
            return (Claim(at=at, power=power.id, open=False, through=self.later(graph, at)),)

        return self.shown(graph, trace, closed)

    def still_open(self, power: Power, graph: Graph, edge: Edge) -> Counterexample | None:
        """A history after which a power is open, when an edge uses it."""
        return self.shown(graph, edge.trace, lambda _, at: (Claim(at=at, power=power.id, open=True),), acts=False)

    def later(self, graph: Graph, at: Instant) -> Instant:
        """An instant by which every clock of a graph that was running has passed all it is compared with."""
        return at + timedelta(days=max(graph.automaton.largest.values(), default=0) + 1)


def is_over(graph: Graph, node: Node) -> bool:
    return graph.value(node, COURSE) == ENDED
