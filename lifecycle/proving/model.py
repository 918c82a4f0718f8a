"""From Terms to the automata that prove them: the course, and each group of kinds of matters that touch each other.

Why the parts can be looked at apart: a matter is never made to begin, so what one part can do, the whole agreement can
do while no other matter begins, under an order that is long enough; and what other parts do changes nothing in a part
but to end the agreement or to add holds of their own. A kind is looked at together with those whose matters stop its
clocks, shut its powers or keep its holds, as what they do depends on nothing of it; and with those by which the
agreement can end by itself in another way.
"""

from __future__ import annotations

from itertools import permutations

from lifecycle.proving.automaton import Automaton
from lifecycle.proving.matters import Matters
from lifecycle.proving.phases import Phases
from lifecycle.terms.model import DERIVED_KINDS, Power, Terms


def automata(terms: Terms) -> tuple[Automaton, ...]:
    """The parts, the course first."""
    return (Phases(terms).automaton(), *(Matters(terms, kinds).automaton() for kinds in groups(terms)))


def groups(terms: Terms) -> tuple[tuple[str, ...], ...]:
    """For each kind of matter that something is about, that kind with those its powers and duties depend on; a group
    within another is left out. In the order of the Terms.
    """
    needs = {kind: {kind} for kind in terms.kinds}
    for power in terms.powers.values():
        awaited = terms.powers.get(power.lifts_with)
        for kind in set(power.matter) & needs.keys():
            needs[kind] |= {*power.stopped_by, *(awaited.matter if awaited else ())}
    for duty in terms.duties.values():
        for kind in set(duty.matter) & needs.keys():
            needs[kind] |= {by for clock in duty.clocks for by in (clock.paused_by, clock.restarted_by) if by}
    for one, other in permutations(automatic_ends(terms), 2):
        if differ(terms, one, other):
            for kind in one.matter:
                needs[kind] |= set(other.matter)
    asked = {kind for power in terms.powers.values() for kind in power.matter}
    asked |= {kind for duty in terms.duties.values() for kind in duty.matter}
    found = [_closed(kind, needs) for kind in terms.kinds if kind in asked]
    largest = [group for group in found if not any(group < other for other in found)]
    return tuple(dict.fromkeys(tuple(kind for kind in terms.kinds if kind in group) for group in largest))


def automatic_ends(terms: Terms) -> tuple[Power, ...]:
    """The powers by which an agreement ends by itself."""
    return tuple(power for power in terms.powers_to("terminate") if power.exercise == "automatic")


def differ(terms: Terms, one: Power, other: Power) -> bool:
    """Whether something else follows an end under one power than under another."""
    return terms.effects_of("terminate", one.id, None) != terms.effects_of("terminate", other.id, None)


def _closed(kind: str, needs: dict[str, set[str]]) -> frozenset[str]:
    """A kind with all that it depends on, directly or not."""
    found, waiting = {kind}, [kind]
    while waiting:
        more = needs[waiting.pop()] - found - set(DERIVED_KINDS)
        found |= more
        waiting += more
    return frozenset(found)
