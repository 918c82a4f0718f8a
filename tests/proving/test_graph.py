"""The zone graph against a search that lets one day pass after the other, on small automata of any kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.proving import TooLarge, graph
from lifecycle.proving.automaton import Automaton, Bound, Location, Move
from lifecycle.proving.graph import Edge, Graph, Node, explore, narrowed
from lifecycle.proving.schedule import earliest, latest, readings

CLOCKS = ("a", "b", "c")
PLACES = ("p", "q", "r")
COUNTED = 6
State = tuple[Location, tuple[tuple[str, int], ...]]


@st.composite
def bounds(draw: st.DrawFn, *, by_itself: bool) -> Bound:
    least = draw(st.integers(1 if by_itself else 0, 3))
    most = None if by_itself else draw(st.none() | st.integers(least, 4))
    return Bound(draw(st.sampled_from(CLOCKS)), least, most, spare=not by_itself and draw(st.booleans()))


@st.composite
def moves(draw: st.DrawFn) -> Move:
    by_itself = draw(st.integers(0, 4)) == 0
    clocks = st.frozensets(st.sampled_from(CLOCKS), max_size=2)
    return Move(
        what="pass",
        how=str(draw(st.integers(0, 99))),
        needs={"place": draw(st.frozensets(st.sampled_from(PLACES), min_size=1, max_size=2))},
        absent=draw(st.frozensets(st.sampled_from(CLOCKS), max_size=1)),
        bounds=tuple(draw(st.lists(bounds(by_itself=by_itself), min_size=int(by_itself), max_size=2))),
        sets={"place": draw(st.sampled_from(PLACES))} if draw(st.integers(0, 4)) else {},
        starts={clock: draw(st.integers(0, 1)) for clock in sorted(draw(clocks))},
        stops=draw(clocks),
        automatic=by_itself,
    )


@st.composite
def automata(draw: st.DrawFn) -> Automaton:
    begin = Move(
        what="begin",
        needs={"place": frozenset({""})},
        sets={"place": draw(st.sampled_from(PLACES))},
        starts=dict.fromkeys(sorted(draw(st.frozensets(st.sampled_from(CLOCKS)))), 0),
    )
    return Automaton(
        name="drawn",
        variables={"place": ("", *PLACES)},
        moves=(begin, *draw(st.lists(moves(), min_size=1, max_size=5))),
    )


def can(automaton: Automaton, move: Move, state: State) -> bool:
    """Whether a move can be made now, read off its definition."""
    location, reads = state[0], dict(state[1])
    met = all(
        (b.least <= reads[b.clock] and (b.most is None or reads[b.clock] <= b.most)) if b.clock in reads else b.spare
        for b in move.bounds
    )
    return automaton.allows(move, location) and met and not move.absent & reads.keys()


def made(automaton: Automaton, move: Move, state: State) -> State:
    reads = {clock: day for clock, day in state[1] if clock not in move.stops} | dict(move.starts)
    return automaton.after(move, state[0]), tuple(sorted(reads.items()))


def onward(automaton: Automaton, state: State) -> Iterator[tuple[Move | None, State]]:
    """What can come next: what comes by itself, else any other move, or the next day. Past everything they are compared
    with, days are counted no further.
    """
    now = [move for move in automaton.moves if move.automatic and can(automaton, move, state)]
    for move in now or [move for move in automaton.moves if can(automaton, move, state)]:
        yield move, made(automaton, move, state)
    if not now:
        yield None, (state[0], tuple((clock, min(day + 1, COUNTED)) for clock, day in state[1]))


def searched(automaton: Automaton) -> dict[State, list[tuple[Move | None, State]]]:
    """Every state that can be reached, with what can come next."""
    found: dict[State, list[tuple[Move | None, State]]] = {}
    waiting: list[State] = [(automaton.start, ())]
    while waiting:
        state = waiting.pop()
        if state not in found:
            found[state] = list(onward(automaton, state))
            waiting += [after for _, after in found[state]]
    return found


@given(automata())
def test_the_graph_makes_exactly_the_moves_that_days_make_one_by_one(automaton: Automaton) -> None:
    found = searched(automaton)
    by_days = {(state[0], id(move)) for state, after in found.items() for move, _ in after if move}
    by_zones = {(edge.source.location, id(edge.move)) for edge in explore(automaton).edges}
    assert by_zones == by_days


def stands(node: Node, reads: dict[str, int]) -> bool:
    """Whether clocks can read so in a node; the last day counted stands for all after it."""
    on = tuple(Bound(clock, day, day if day < COUNTED else None) for clock, day in reads.items())
    return reads.keys() == set(node.zone.names) and narrowed(node.zone, on) is not None


@given(automata())
def test_every_state_that_a_move_leads_to_is_in_a_node_of_the_graph(automaton: Automaton) -> None:
    explored = explore(automaton)
    for after in searched(automaton).values():
        for location, reads in (state for move, state in after if move and not move.is_idle):
            places = [node for node in explored.nodes if node.location == location]
            assert any(stands(node, dict(reads)) for node in places), (location, reads)


@given(automata())
def test_where_a_way_surely_leads_somewhere_every_state_can_get_there(automaton: Automaton) -> None:
    explored, found = explore(automaton), searched(automaton)
    there = {state for state in found if state[0] == ("r",)}
    while more := {s for s, after in found.items() if s not in there and any(n in there for _, n in after)}:
        there |= more
    sure = explored.surely(lambda node: node.location == ("r",))
    entered = {state for after in found.values() for move, state in after if move and not move.is_idle}
    for node in (node for node in explored.nodes if id(node) in sure):
        for state in entered:
            if state[0] == node.location and stands(node, dict(state[1])):
                assert state in there


@given(automata())
def test_a_schedule_keeps_every_bound_and_none_is_earlier(automaton: Automaton) -> None:
    for edge in [edge for edge in explore(automaton).edges if len(edge.trace) <= 4][:12]:
        trace = edge.trace
        first, last = earliest(trace), latest(trace, 5)
        assert kept(trace, first)
        assert kept(trace, last)
        every = (days for days in product(range(max(first) + 1), repeat=len(trace)) if kept(trace, days))
        assert all(all(a <= b for a, b in zip(first, days, strict=True)) for days in every)


def kept(trace: Sequence[Edge], days: Sequence[int]) -> bool:
    """Whether moves made on these days keep what their edges ask."""
    if days[0] != 0 or any(later < earlier for earlier, later in pairwise(days)):
        return False
    for n, edge in enumerate(trace):
        reads = readings(trace[:n], [*days[:n]]) if n else {}
        waited = days[n] - days[n - 1] if n else 0
        if edge.at_once and waited:
            return False
        for bound in (bound for bound in edge.bounds if bound.clock in reads):
            day = reads[bound.clock] + waited
            if day < bound.least or (bound.most is not None and day > bound.most):
                return False
    return True


def test_too_many_ways_are_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    step = Move(what="pass", needs={"place": frozenset({"", "p"})}, sets={"place": "p"}, starts={"a": 0})
    longer = evolve(step, needs={"place": frozenset({"p"})}, bounds=(Bound("a", 1),), sets={"place": "q"})
    drawn = Automaton(name="drawn", variables={"place": ("", "p", "q")}, moves=(step, longer))
    assert len(explore(drawn).nodes) == 3
    monkeypatch.setattr(graph, "MOST", 2)
    with pytest.raises(TooLarge, match="drawn: more than 2 ways"):
        explore(drawn)


def test_what_comes_by_itself_on_a_day_comes_before_anything_else_on_it() -> None:
    """By itself on day 3: another move can be made through day 2."""
    begin = Move(what="begin", needs={"place": frozenset({""})}, sets={"place": "p"}, starts={"a": 0})
    comes = Move(
        what="pass", needs={"place": frozenset({"p"})}, bounds=(Bound("a", 3),), sets={"place": "q"}, automatic=True
    )
    other = Move(what="use", needs={"place": frozenset({"p"})}, sets={"place": "r"})
    found: Graph = explore(Automaton(name="one", variables={"place": ("", "p", "q", "r")}, moves=(begin, comes, other)))
    days = {edge.move.what: (earliest(edge.trace)[-1], latest(edge.trace, 9)[-1]) for edge in found.edges}
    assert days == {"begin": (0, 0), "pass": (3, 3), "use": (0, 2)}
