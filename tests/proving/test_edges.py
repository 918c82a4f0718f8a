"""The library itself, driven along the edges of the graph on their earliest and their latest days, says what the model
says: the state, and which powers are open; the day before a window opens and the day after it closes they are not.

The gate drives some edges of every graph; ``HYPOTHESIS_PROFILE=deep`` all of them. Under the Modal Terms every step is
also compared with the walk of :mod:`tests.oracle`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from itertools import islice

import pytest

from lifecycle.days import Instant
from lifecycle.proving.automaton import Automaton, Bound, Location
from lifecycle.proving.graph import Edge, Graph, explore
from lifecycle.proving.model import automata
from lifecycle.proving.naming import ON
from lifecycle.proving.phases import STATES
from lifecycle.proving.schedule import earliest, latest, readings
from lifecycle.proving.story import Teller
from lifecycle.terms import Terms, load
from tests.oracle.clauses import OTHER, TABLE, Row
from tests.oracle.comparing import agree, told
from tests.oracle.modal import Walk
from tests.proving.seeding import small

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
SAMPLE = 12
"""How many edges of each graph the gate drives."""

MODAL = "modal-2024-03-26"
HARBOUR = "examples/harbour/harbour-hosting-2026.toml"
NAMES = ("small", HARBOUR, MODAL, "common-paper-csa-2.1", "bonterms-cloud-1.0", "modal-privacy-2023-05-17")
DAY = timedelta(days=1)


@cache
def terms_of(name: str) -> Terms:
    return small() if name == "small" else load(name)


@cache
def graphs(name: str) -> tuple[Graph, ...]:
    return tuple(explore(automaton) for automaton in automata(terms_of(name)))


def driven(graph: Graph) -> list[Edge]:
    every = list(graph.edges)
    return every if DEEP else every[:: max(1, len(every) // SAMPLE)]


def schedules(graph: Graph, edge: Edge) -> tuple[tuple[int, ...], ...]:
    pause = max(graph.automaton.largest.values(), default=0) + 1
    return earliest(edge.trace), latest(edge.trace, pause)


CASES = [(name, n) for name in NAMES for n in range(len(automata(terms_of(name))))]


@pytest.mark.parametrize(("name", "n"), CASES)
def test_the_library_stands_where_the_model_stands(name: str, n: int) -> None:
    terms, graph = terms_of(name), graphs(name)[n]
    for edge in driven(graph):
        location = graph.automaton.after(edge.move, edge.source.location)
        for days in schedules(graph, edge):
            teller = Teller(terms, graph.automaton).tell((e.move, day) for e, day in zip(edge.trace, days, strict=True))
            account = [(e.move.label, day) for e, day in zip(edge.trace, days, strict=True)]
            assert teller.agreement.status(teller.at).state == expected(graph.automaton, location), account
            reads = readings(edge.trace, days)
            assert missing(graph, teller, permitted(graph.automaton, location, reads), reads) == {}, account


def expected(automaton: Automaton, location: Location) -> str:
    holds = (value == ON for name, value in zip(automaton.variables, location, strict=True) if name.startswith("hold "))
    return "suspended" if any(holds) else STATES[location[0]]


def permitted(automaton: Automaton, location: Location, reads: Mapping[str, int]) -> set[str]:
    """The powers that the model lets be used at some readings."""
    uses = [m for m in automaton.moves if m.what == "use" and not m.automatic and automaton.allows(m, location)]
    return {move.subject for move in uses if all(met(bound, reads) for bound in move.bounds)}


def met(bound: Bound, reads: Mapping[str, int]) -> bool:
    day = reads.get(bound.clock)
    return bound.spare if day is None else bound.least <= day and (bound.most is None or day <= bound.most)


def missing(graph: Graph, teller: Teller, model: set[str], reads: Mapping[str, int]) -> dict[str, set[str]]:
    """Where library and model differ about the powers that are open now."""
    terms, known = teller.terms, {move.subject for move in graph.automaton.moves if move.what == "use"}
    # One that stopped its renewal already, or came too late for it, is about the next term for the library.
    known -= {terms.renewal.stopped_by} if terms.renewal else set()
    # The model holds one matter of a kind, and forgets the one before.
    ids = {None, *teller.matters.values()}
    library = {power for power, matter in opened(teller, teller.at) if power in known and matter in ids}
    # After a pause the model counts anew, which is later; what it opens, the library opens.
    paused = {p.id for p in terms.powers.values() if any(clock.paused_by for clock in p.clocks)}
    found = {"model": (model & known) - library, "library": library - model - paused}
    return {who: powers for who, powers in found.items() if powers}


@pytest.mark.parametrize(("name", "n"), CASES)
def test_the_day_before_a_window_and_the_day_after_it_are_closed(name: str, n: int) -> None:
    terms, graph = terms_of(name), graphs(name)[n]
    uses = [e for e in graph.edges if e.move.what == "use" and e.move.bounds and not e.move.automatic]
    skipped = {*graph.automaton.approximate, *([terms.renewal.stopped_by] if terms.renewal else ())}
    for edge in uses if DEEP else uses[:: max(1, len(uses) // SAMPLE)]:
        if edge.move.subject in skipped:
            continue
        first, last = schedules(graph, edge)
        before = reads_at(edge, first)
        if first[-1] > first[-2] and any(b.least and before.get(b.clock) == b.least for b in edge.move.bounds):
            assert not open_on(terms, graph, edge, first, -DAY), edge.move.label
        after = reads_at(edge, last)
        if any(b.most is not None and after.get(b.clock) == b.most for b in edge.move.bounds):
            assert not open_on(terms, graph, edge, last, DAY), edge.move.label


def reads_at(edge: Edge, days: Sequence[int]) -> Mapping[str, int]:
    """What the clocks read on the day of the last move, before it."""
    waited = days[-1] - days[-2]
    return {clock: day + waited for clock, day in readings(edge.trace[:-1], days[:-1]).items()}


def open_on(terms: Terms, graph: Graph, edge: Edge, days: Sequence[int], off: timedelta) -> bool:
    steps = zip((e.move for e in edge.source.trace), days, strict=False)
    teller = Teller(terms, graph.automaton).tell(steps)
    teller.steps += 1
    at = teller.noon(days[-1])
    assert is_open(teller, edge, at), edge.move.label
    return is_open(teller, edge, at + off)


def is_open(teller: Teller, edge: Edge, at: Instant) -> bool:
    """Whether the power that an edge uses is open about the matter that it is about, or about the suspension."""
    about = {None, teller.matters.get(edge.move.about)}
    return any(power == edge.move.subject and matter in about for power, matter in opened(teller, at))


def opened(teller: Teller, at: Instant) -> set[tuple[str, str | None]]:
    """The powers that are open, each with the id of a recorded matter that it is about, if any."""
    terms, found = teller.terms, [o for o in teller.agreement.powers(at) if at in o.window]
    return {(o.power.id, o.matter.id if o.matter and o.matter.kind in terms.kinds else None) for o in found}


# The one power that the table of the walk leaves out: 3.2(a) for a breach of warranty, read with 6.2. Breach notice,
# then 30 days in which it was not corrected; what prevents the correction does not count (reading 8.4-cure).
WARRANTY = Row(
    "3.2(a)",
    "terminate",
    OTHER,
    "warranty_breach",
    {"material": True, "correction_failed": True},
    {"breach": 31},
    "corrected",
    "written",
)


@pytest.mark.parametrize("n", [n for name, n in CASES if name == MODAL])
def test_the_walk_of_the_modal_terms_agrees_along_the_graph(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLE, "terminate.warranty", WARRANTY)
    terms, graph = terms_of(MODAL), graphs(MODAL)[n]
    every = driven(graph)
    for edge in every if DEEP else islice(every, 4, None, 4):
        for days in schedules(graph, edge):
            teller = Teller(terms, graph.automaton).tell((e.move, day) for e, day in zip(edge.trace, days, strict=True))
            for at in (teller.at, teller.at + DAY):
                agree(teller.agreement, told(teller.agreement, at), Walk(list(teller.events), at))
