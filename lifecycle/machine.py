"""Which state follows which: one ``transitions.Machine`` built from the Terms, and the table compiled from it.

The Machine is the only statement of it. At run time a lookup in the compiled table stands in for it (the same results,
a thirtieth of the time); pictures, checks and hosts that speak ``transitions`` get the Machine itself. The only module
that knows that library.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from attrs import frozen

from lifecycle.terms.model import Terms

if TYPE_CHECKING:
    from transitions import EventData, Machine

State: TypeAlias = Literal["trial", "active", "suspended", "terminated", "renewed"]
Transition: TypeAlias = Literal["convert", "renew", "suspend", "reinstate", "expire", "terminate"]

STATES: tuple[State, ...] = ("trial", "active", "suspended", "terminated", "renewed")
TRANSITIONS: tuple[Transition, ...] = ("convert", "renew", "suspend", "reinstate", "expire", "terminate")
RUNNING: tuple[State, ...] = ("trial", "active", "suspended", "renewed")
IN_SERVICE: tuple[State, ...] = ("trial", "active", "renewed")


@frozen
class Edge:
    """One arrow: who takes it, under which clauses. ``by`` is empty where it takes effect by itself."""

    transition: Transition
    source: State
    target: State
    by: tuple[str, ...]
    clauses: tuple[str, ...]


@frozen
class Table:
    """The Machine, compiled: (state, transition) -> the states it may lead to."""

    targets: Mapping[tuple[str, str], tuple[State, ...]]
    by: Mapping[str, frozenset[str]]

    def allows(self, source: str | None, transition: str, by: str) -> bool:
        """Whether the table has an edge, and it is this party's (or ``both``'s) to take."""
        return (source, transition) in self.targets and by in self.by[transition]

    def target(self, source: str, transition: str, stands: State) -> State | None:
        """Where a transition leads, when the agreement apart from this state ``stands`` in one; None where there is no
        edge.
        """
        targets = self.targets.get((source, transition), ())
        return targets[0] if len(targets) == 1 else (stands if stands in targets else None)


def edges(terms: Terms) -> tuple[Edge, ...]:
    """Every arrow of an agreement under these Terms, in a fixed order."""
    made: list[Edge] = []

    def add(
        transition: Transition,
        sources: tuple[State, ...],
        targets: tuple[State, ...],
        by: tuple[str, ...],
        *clauses: str,
    ) -> None:
        made.extend(Edge(transition, source, target, by, clauses) for source in sources for target in targets)

    trial, renewal = terms.trial, terms.renewal
    states = tuple(s for s in RUNNING if (trial or s != "trial") and (renewal or s != "renewed"))
    if trial:
        add("convert", ("trial",), ("active",), (), trial.clause)
    if trial and terms.powers_to("suspend"):
        add("convert", ("suspended",), ("suspended",), (), trial.clause)
    if renewal:
        add("renew", ("active", "renewed"), ("renewed",), (), renewal.clause)
    if renewal and terms.powers_to("suspend"):
        add("renew", ("suspended",), ("suspended",), (), renewal.clause)
    for power_to in ("suspend", "reinstate", "terminate"):
        powers = terms.powers_to(power_to)
        by = tuple(dict.fromkeys(party for power in powers for party in _parties(power.by)))
        clauses = tuple(dict.fromkeys(power.clause for power in powers))
        if powers and power_to == "suspend":
            add("suspend", states, ("suspended",), by, *clauses)
        if powers and power_to == "reinstate":
            add(
                "reinstate",
                ("suspended",),
                tuple(dict.fromkeys((*(s for s in states if s != "suspended"), "suspended"))),
                by,
                *clauses,
            )
        if powers and power_to == "terminate":
            add("terminate", states, ("terminated",), by, *clauses)
    if trial or terms.begins == "order":
        add("expire", states, ("terminated",), (), *(rule.clause for rule in (trial, renewal) if rule))
    return tuple(made)


def _parties(who: str) -> tuple[str, ...]:
    return (who,) if who in ("provider", "customer", "both") else ("provider", "customer")


def machine(terms: Terms) -> Machine:
    """The Machine of these Terms, without a model. Where several edges share a trigger, the keyword ``stands`` chooses:
    the state the agreement stands in apart from its suspension.
    """
    from transitions import Machine

    return Machine(
        model=None,
        states=[s for s in STATES if any(s in (edge.source, edge.target) for edge in edges(terms))] or ["active"],
        initial=None,
        transitions=[_definition(edge, _stands_in(edge.target)) for edge in edges(terms)],
        auto_transitions=False,
        send_event=True,
    )


def _definition(edge: Edge, condition: Any) -> dict[str, Any]:
    conditions = [condition] if edge.transition == "reinstate" else []
    return {"trigger": edge.transition, "source": edge.source, "dest": edge.target, "conditions": conditions}


def _stands_in(state: State) -> Any:
    def stands(event: EventData) -> bool:
        return bool(event.kwargs["stands"] == state)

    return stands


_TABLES: dict[str, Table] = {}


def table(terms: Terms) -> Table:
    """The compiled table of these Terms, made once for each version of them."""
    if (made := _TABLES.get(terms.digest)) is None:
        made = _TABLES[terms.digest] = compiled(machine(terms), terms)
    return made


def compiled(source: Machine, terms: Terms) -> Table:
    """The table of a Machine: what its events hold, without its calls."""
    targets: dict[tuple[str, str], tuple[State, ...]] = {
        (state, name): tuple(cast("State", transition.dest) for transition in transitions)
        for name, event in source.events.items()
        for state, transitions in event.transitions.items()
    }
    by: dict[str, frozenset[str]] = {
        name: frozenset(party for edge in edges(terms) if edge.transition == name for party in edge.by)
        for name in TRANSITIONS
    }
    return Table(targets, by)
