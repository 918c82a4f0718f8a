"""Properties of what takes a power away: cure, payment, lifting; and of who may use it against whom."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from lifecycle.days import Instant
from lifecycle.proving.claims import Claim, Counterexample, Declared, Failure
from lifecycle.proving.graph import Graph, Node
from lifecycle.proving.naming import ACTIVE, COURSE, ON, party_of
from lifecycle.proving.proof import Property
from lifecycle.proving.story import Teller
from lifecycle.proving.world import World, is_over
from lifecycle.terms.model import DERIVED_KINDS, Power, other


def _holds_lift(world: World) -> Iterator[Failure | Declared]:
    rules = [rule for rule in world.terms.rules if "reinstate" in rule.on]
    for graph in world.parts:
        for hold in (name for name in graph.automaton.variables if name.startswith("hold ")):
            power = world.terms.powers[hold.split()[1]]
            stuck = _stuck(graph, hold)
            if stuck and rules:
                yield Declared(f"{power.id} places a hold that stays: {rules[0].text} ({rules[0].clause})")
            elif stuck:
                words = f"a hold under {power.id} can stand for ever: nothing lifts it"
                yield Failure(words=words, clause=power.clause, counterexample=_stays(world, graph, stuck))


def _stuck(graph: Graph, hold: str) -> Node | None:
    """The first node with a hold from which nothing surely leads to where it is lifted, short of a party's ending the
    agreement.
    """
    free = graph.surely(lambda node: graph.value(node, hold) != ON, lambda edge: not is_over(graph, edge.target))
    standing = (node for node in graph.nodes if graph.value(node, hold) == ON and graph.value(node, COURSE) == ACTIVE)
    return next((node for node in standing if id(node) not in free), None)


def _stays(world: World, graph: Graph, node: Node) -> Counterexample | None:
    def stays(_: Teller, at: Instant) -> list[Claim]:
        later = world.later(graph, at)
        closed = [Claim(at=later, power=p.id, open=False) for p in world.terms.powers_to("reinstate")]
        return [Claim(at=at, state="suspended", regular=True), Claim(at=later, state="suspended"), *closed]

    return world.shown(graph, node.trace, stays)


# ---- cure and payment ----------------------------------------------------------------------------------------


def _cure_closes(world: World) -> Iterator[Failure | Declared]:
    for power in _leaving(world):
        yield from _stays_open(world, power, [k for k in power.matter if world.terms.kinds[k].money != "owed"])


def _payment_closes(world: World) -> Iterator[Failure | Declared]:
    for power in world.terms.powers.values():
        owed = [k for k in power.matter if k not in DERIVED_KINDS and world.terms.kinds[k].money == "owed"]
        against = [k for k in owed if power.by != world.terms.kinds[k].party]
        yield from _stays_open(world, power, against)


def _leaving(world: World) -> Iterator[Power]:
    """The powers that leave the other side something to do first."""
    for power in world.terms.powers.values():
        if any(clock.leaves for clock in power.clocks) and not set(power.matter) & set(DERIVED_KINDS):
            yield power


def _stays_open(world: World, power: Power, kinds: list[str]) -> Iterator[Failure | Declared]:
    """Uses of a power after its matter ended, apart from those the Terms provide for."""
    for end in (end for end in power.prevented_by if kinds):
        yield Declared(
            f"{power.id} stays where the matter was {end.replace('_', ' ')} only after it opened ({power.clause})"
        )
    for graph, edge in world.uses[power.id]:
        value = graph.value(edge.source, edge.move.about) if edge.move.about in kinds else ""
        how = value.partition("~")[2]
        if how and how not in power.prevented_by:
            words = f"{power.id} stays open though the matter was {how.replace('_', ' ')}"
            yield Failure(words=words, clause=power.clause, counterexample=world.still_open(power, graph, edge))
            return


def _cure_possible(world: World) -> Iterator[Failure | Declared]:
    for power in _leaving(world):
        for graph, kind, sort, _ in world.sorts(power):
            ends = {
                e.move.how
                for e in graph.edges
                if e.move.what in ("end", "pass") and (e.move.about, e.move.sort) == (kind, sort)
            }
            leaves = ", ".join(dict.fromkeys(clock.leaves for clock in power.clocks if clock.leaves))
            if world.uses[power.id] and not ends & {*power.ended_by, *power.prevented_by}:
                words = f"{power.id} leaves time for {leaves}, and nothing takes it away"
                used = next(((g, e) for g, e in world.uses[power.id] if e.move.about == kind), None)
                shown = world.still_open(power, *used) if used else None
                yield Failure(words=words, clause=power.clause, counterexample=shown)
                break


# ---- fault ---------------------------------------------------------------------------------------------------


def _fault(world: World) -> Iterator[Failure | Declared]:
    """Who ends the agreement because of whose matter: never a party because of its own."""
    for power in world.terms.powers_to("terminate"):
        if power.by == "both" or power.exercise == "automatic":
            continue
        if not set(power.matter) - set(DERIVED_KINDS):
            yield Declared(f"{power.id} needs no fault ({power.clause})")
            continue
        if own := [k for k in power.matter if world.terms.kinds[k].party == "none"]:
            yield Declared(f"{power.id} rests on {', '.join(own)}, which is nobody's fault ({power.clause})")
        yield from _by_itself_at_fault(world, power)


def _by_itself_at_fault(world: World, power: Power) -> Iterator[Failure | Declared]:
    for graph, edge in world.uses[power.id]:
        kind = world.terms.kinds.get(edge.move.about)
        party = party_of(graph.automaton.sorts[kind.id][edge.move.sort]) if kind else None
        if kind is None or party is None or party not in edge.move.by:
            continue
        if kind.party != "either":
            yield Declared(f"{power.id} is the {party}'s too, for its own {kind.title} ({power.clause})")
            continue
        words = (
            f"{power.id} lets a party end the agreement for its own {kind.title}: the {other(party)} did nothing wrong"
        )
        shown = world.shown(graph, edge.trace, partial(_ended_under, power), by=party)
        yield Failure(words=words, clause=power.clause, counterexample=shown)
        return


def _ended_under(power: Power, _: Teller, at: Instant) -> list[Claim]:
    return [Claim(at=at, state="terminated", ended_under=power.id, regular=True)]


REMEDIES = (
    Property(
        "holds-lift",
        "every hold can lift",
        "A suspended customer can get back into service, unless the Terms say that it cannot.",
        _holds_lift,
    ),
    Property(
        "cure-closes",
        "cure closes",
        "Whoever does what a power leaves it time for is safe from that power.",
        _cure_closes,
    ),
    Property(
        "cure-possible",
        "what a power leaves to be done can be done",
        "A time to cure is no empty promise: some end of the matter takes the power away.",
        _cure_possible,
    ),
    Property(
        "payment-closes",
        "what rests on money owed needs money owed",
        "Once an invoice is paid, credited or written off, nothing is suspended, accelerated or charged for it.",
        _payment_closes,
    ),
    Property(
        "fault-needed",
        "who does nothing wrong is terminated only by powers that need no fault",
        "No party ends the agreement because of what it did wrong itself.",
        _fault,
    ),
)
