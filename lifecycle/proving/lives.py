"""Properties of an agreement's life: its states, its end, its renewal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import combinations

from attrs import evolve

from lifecycle.days import Instant
from lifecycle.machine import edges as arrows
from lifecycle.proving.automaton import Move
from lifecycle.proving.claims import Claim, Counterexample, Declared, Failure
from lifecycle.proving.graph import Edge, Graph, Node
from lifecycle.proving.model import differ
from lifecycle.proving.naming import ACTIVE, COURSE, ON
from lifecycle.proving.phases import AFTER_ITS_END, RENEWED, STATES, TERM
from lifecycle.proving.proof import Property
from lifecycle.proving.story import Teller
from lifecycle.proving.world import World, is_over
from lifecycle.terms.model import TRANSITIONS, Power, holders

_MINUTE = timedelta(minutes=1)


def _reachable(world: World) -> Iterator[Failure | Declared]:
    """The states that the table has, against those that the graphs reach."""
    named = {state for arrow in arrows(world.terms) for state in (arrow.source, arrow.target)} - {"terminated"}
    reached = {STATES.get(world.course.value(node, COURSE), "") for node in world.course.nodes}
    reached |= {"suspended" for graph in world.parts for node in graph.nodes if _holds(graph, node)}
    for state in sorted(named - reached):
        does = next((arrow.transition for arrow in arrows(world.terms) if arrow.target == state), "")
        tried = next((found for p in world.terms.powers_to(does) for found in world.uses[p.id]), None)
        graph, trace = (tried[0], tried[1].trace) if tried else (world.course, world.course.nodes[1].trace)
        shown = world.shown(graph, trace, lambda _, at, state=state: (Claim(at=at, not_state=state),))  # type: ignore[misc]
        yield Failure(words=f"nothing ever makes an agreement {state}", counterexample=shown)


def _holds(graph: Graph, node: Node) -> list[str]:
    return [v for v in graph.automaton.variables if v.startswith("hold ") and graph.value(node, v) == ON]


def _can_end(world: World) -> Iterator[Failure | Declared]:
    """By itself, or by what somebody may do: not by a further order, nor by what may happen to a party."""
    graph = world.course
    ends = graph.surely(partial(is_over, graph), lambda edge: edge.move.what not in ("sign", "open", "end"))
    stuck = [node for node in graph.nodes if id(node) not in ends]
    if not stuck:
        return
    if world.terms.begins == "made" and not world.terms.powers_to("terminate"):
        yield Declared("it is in force once made, has no term, and gives nobody a power to end it")
        return
    node = stuck[-1]
    state = STATES[graph.value(node, COURSE)]
    far = 3 * timedelta(days=max(graph.automaton.largest.values(), default=1))

    def endless(_: Teller, at: Instant) -> list[Claim]:
        closed = [Claim(at=at, power=p.id, open=False) for p in world.terms.powers_to("terminate")]
        return [Claim(at=at + far, not_state="terminated"), *closed]

    shown = world.shown(graph, node.trace, endless)
    yield Failure(
        words=f"an agreement that is {state} may never end: no term runs out, and no power ends it",
        counterexample=shown,
    )


def _absorbs(world: World) -> Iterator[Failure | Declared]:
    for power in (p for p in world.terms.powers.values() if p.does in TRANSITIONS and p.outlives):
        for graph, edge in world.uses[power.id]:
            if is_over(graph, edge.source):
                words = f"{power.id}, a power to {power.does}, is open after the end"
                shown = world.shown(graph, edge.trace, partial(_open_after, power), acts=False)
                yield Failure(words=words, clause=power.clause, counterexample=shown)
                break


def _open_after(power: Power, _: Teller, at: Instant) -> list[Claim]:
    return [Claim(at=at, state="terminated", power=power.id, open=True)]


def _one_outcome(world: World) -> Iterator[Failure | Declared]:
    """What comes by itself comes in a fixed order, but for two ends because of matters: those must come to the same."""
    told = set()
    for graph in world.parts:
        for node in graph.nodes:
            ends = [edge for edge in node.edges if edge.move.automatic and edge.move.what == "use"]
            for one, other in combinations(ends, 2):
                pair = frozenset({one.move.subject, other.move.subject})
                if pair not in told and _differ(world, one, other) and one.before.meets(other.before):
                    told.add(pair)
                    yield _two_ends(world, graph, one, other)


def _differ(world: World, one: Edge, other: Edge) -> bool:
    return differ(world.terms, *(world.terms.powers[edge.move.subject] for edge in (one, other)))


def _two_ends(world: World, graph: Graph, one: Edge, other: Edge) -> Failure:
    both = evolve(one, bounds=(*one.bounds, *other.bounds))
    names = sorted({one.move.subject, other.move.subject}, key=list(world.terms.powers).index)
    ends = [partial(_ended_under, name) for name in names]
    trace = (*one.source.trace, both)
    shown = next((found for claims in ends if (found := world.shown(graph, trace, claims))), None)
    words = f"{names[0]} and {names[1]} can take effect at one instant, and what follows differs"
    return Failure(words=words, clause=world.terms.powers[names[0]].clause, counterexample=shown)


def _ended_under(power: str, _: Teller, at: Instant) -> list[Claim]:
    return [Claim(at=at, state="terminated", ended_under=power)]


def _seamless(world: World) -> Iterator[Failure | Declared]:
    graph, terms = world.course, world.terms
    for edge in graph.edges:
        if edge.move.how == AFTER_ITS_END:
            power = terms.powers[edge.move.subject]
            words = "notice can still stop a renewal when the next term has begun: it was renewed, and had ended"
            yield Failure(
                words=words, clause=power.clause, counterexample=world.shown(graph, edge.trace, _both_at_once)
            )
            break
    for node in graph.nodes:
        if TERM in node.zone.names and not any(edge.move.automatic for edge in node.edges):
            yield Failure(words="at the end of a term neither the next one nor the end follows")
            break


def _both_at_once(_: Teller, at: Instant) -> list[Claim]:
    """Renewed just before the notice, and with it over since the end of the term."""
    before = at - _MINUTE
    return [Claim(at=before, state="renewed", known=before), Claim(at=at, not_state="renewed")]


def _stoppable(world: World) -> Iterator[Failure | Declared]:
    renewal, graph = world.terms.renewal, world.course
    if renewal is None or world.terms.begins != "order":
        return
    power = world.terms.powers[renewal.stopped_by]
    stops = {graph.value(e.source, COURSE) for _, e in world.uses[power.id] if e.move.how != AFTER_ITS_END}
    for course in (ACTIVE, RENEWED):
        if course not in stops and not world.lacking(power):
            words = f"nobody can stop the renewal of a term of {graph.automaton.length} days in time ({course})"
            yield Failure(words=words, clause=power.clause, counterexample=_unstopped(world, power))


def _unstopped(world: World, power: Power) -> Counterexample | None:
    """Notice on the first day of the first term, which renews all the same."""
    graph = world.course
    begin = next(node for node in graph.nodes if graph.value(node, COURSE) == ACTIVE)

    def renews(teller: Teller, _: Instant) -> list[Claim]:
        next_term = teller.noon(graph.automaton.length)
        teller.tell([(Move(what="use", subject=power.id, by=holders(power.by, None)), 0)])
        return [Claim(at=next_term, state="renewed")]

    return world.shown(graph, begin.trace, renews)


LIVES = (
    Property(
        "states-reachable",
        "every state can be reached",
        "What the Terms provide for - a trial, a suspension, a renewal - can really come about.",
        _reachable,
    ),
    Property(
        "can-end",
        "every state but the end can end",
        "Nobody is bound for ever: wherever the agreement stands, some way leads out of it.",
        _can_end,
    ),
    Property(
        "end-absorbs",
        "the end absorbs",
        "What has ended stays ended: no power to change its state is open afterwards.",
        _absorbs,
    ),
    Property(
        "one-outcome",
        "nothing ends in two ways at once",
        "Where the agreement ends by itself, one clause says why, so that what follows is never a matter of chance.",
        _one_outcome,
    ),
    Property(
        "renewal-seamless",
        "renewal and expiry neither overlap nor leave a gap",
        "On the day after a term either the next one runs or the agreement is over, and neither is undone later.",
        _seamless,
    ),
    Property(
        "renewal-stoppable",
        "every term can be stopped from renewing",
        "Each term leaves a day on which notice of non-renewal is in time for it.",
        _stoppable,
    ),
)
