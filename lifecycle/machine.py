"""Which state follows which: one ``transitions.Machine`` built from the Terms, and the table compiled from it.

The Machine is the only statement of it. At run time a lookup in the compiled table stands in for it, with the same
results; pictures, checks and hosts that speak ``transitions`` get the Machine itself. The only module that knows that
library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, cast

from lifecycle.errors import InvalidFact
from lifecycle.terms.model import TRANSITIONS, Power, Terms, Transition
from lifecycle.values import frozen

if TYPE_CHECKING:
    from transitions import EventData, Machine

State: TypeAlias = Literal["trial", "active", "suspended", "terminated", "renewed"]

STATES: tuple[State, ...] = ("trial", "active", "suspended", "terminated", "renewed")
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
    """The Machine, compiled: (state, transition) -> the states it may lead to; and who takes each transition."""

    targets: Mapping[tuple[str, str], tuple[State, ...]]
    by: Mapping[str, frozenset[str]]
    transitions: frozenset[str]
    """Those that some state knows."""

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

    trial, framework, renewal, has_order = terms.trial, terms.framework, terms.renewal, terms.begins == "order"
    suspends = terms.powers_to("suspend")
    states = tuple(s for s in RUNNING if (trial or s != "trial") and (has_order or s != "renewed"))
    if trial:
        add("convert", ("trial",), ("active",), (), trial.clause)
    if framework:
        add("convert", ("active",), ("active",), (), framework.clause)
    if (trial or framework) and suspends:
        add("convert", ("suspended",), ("suspended",), (), *(rule.clause for rule in (trial, framework) if rule))
    # Without a renewal clause a further term still follows where both sign a successor order.
    renewing = (renewal.clause,) if renewal else ()
    if has_order:
        add("renew", ("active", "renewed"), ("renewed",), (), *renewing)
    if has_order and suspends:
        add("renew", ("suspended",), ("suspended",), (), *renewing)
    if suspends:
        by, clauses = _holders(suspends)
        add("suspend", states, ("suspended",), by, *clauses)
        # Whoever may suspend may lift it, whether or not a clause says so.
        by, clauses = _holders(terms.powers_to("reinstate") or suspends)
        add("reinstate", ("suspended",), states, by, *clauses)
    if terminates := terms.powers_to("terminate"):
        by, _ = _holders(tuple(power for power in terminates if power.exercise != "automatic"))
        _, clauses = _holders(terminates)
        add("terminate", states, ("terminated",), by, *clauses)
    if has_order:
        add("expire", states, ("terminated",), (), *(r.clause for r in (trial, renewal, framework) if r))
    return tuple(made)


def _holders(powers: tuple[Power, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who can hold one of some powers, and their clauses; each once, in order."""
    by = dict.fromkeys(party for power in powers for party in _parties(power.by))
    return tuple(by), tuple(dict.fromkeys(power.clause for power in powers))


def _parties(who: str) -> tuple[str, ...]:
    return (who,) if who in ("provider", "customer", "both") else ("provider", "customer")


def machine(terms: Terms) -> Machine:
    """The Machine of these Terms, without a model. Where several edges share a trigger, the keyword ``stands`` chooses:
    the state the agreement stands in apart from its suspension.
    """
    from transitions import Machine

    arrows = edges(terms)
    return Machine(
        model=None,
        states=_states(arrows),
        initial=None,
        transitions=[_definition(edge, _chosen_by_stand(edge)) for edge in arrows],
        auto_transitions=False,
        send_event=True,
    )


def _states(arrows: tuple[Edge, ...]) -> list[str]:
    return [s for s in STATES if any(s in (edge.source, edge.target) for edge in arrows)] or ["active"]


def _definition(edge: Edge, condition: Any) -> dict[str, Any]:
    return {"trigger": edge.transition, "source": edge.source, "dest": edge.target, "conditions": condition}


def _chosen_by_stand(edge: Edge) -> Any:
    """The condition of an edge that shares its trigger and source with others; None where it is alone."""
    if edge.transition != "reinstate":
        return None

    def stands(event: EventData) -> bool:
        return bool(event.kwargs["stands"] == edge.target)

    return stands


def table(terms: Terms) -> Table:
    """The compiled table of these Terms, made once for each of them; readings that draw the same arrows share it."""
    kept: Table | None = terms.memo.get("table")
    if kept is None:
        shared = terms.memo.get("base", terms).memo.setdefault("tables", {})
        if (arrows := edges(terms)) not in shared:
            shared[arrows] = compiled(machine(terms), terms)
        kept = terms.memo["table"] = shared[arrows]
    return kept


def compiled(source: Machine, terms: Terms) -> Table:
    """The table of a Machine: what its events hold, without its calls."""
    targets: dict[tuple[str, str], tuple[State, ...]] = {
        (state, name): tuple(cast("State", transition.dest) for transition in transitions)
        for name, event in source.events.items()
        for state, transitions in event.transitions.items()
    }
    by: dict[str, set[str]] = {name: set() for name in TRANSITIONS}
    for edge in edges(terms):
        by[edge.transition].update(edge.by)
    known = frozenset(name for _, name in targets)
    return Table(targets, {name: frozenset(parties) for name, parties in by.items()}, known)


# ---- for hosts that speak transitions ------------------------------------------------------------------


class Door(Protocol):
    """What the bridge asks of an agreement; :class:`lifecycle.Agreement` has it."""

    terms: Terms

    @property
    def may(self) -> Callable[..., Any]: ...
    @property
    def do(self) -> Callable[..., Any]: ...
    @property
    def status(self) -> Callable[..., Any]: ...
    @property
    def catch_up(self) -> Callable[..., Any]: ...


_ASKED_OF_MAY = ("by", "at", "about", "power", "method", "known_through", "approvals", "only_undisputed")


def host_machine(
    agreement: Door, model: object, *, at: Any, machine_cls: type[Machine] | None = None, **options: Any
) -> Machine:
    """A real Machine for a host's own model, whose conditions ask the agreement and whose triggers record through it.

    The model gets ``suspend(by=..., at=...)``, ``may_suspend(...)`` and so on, with the keywords of
    :meth:`Agreement.do`; callbacks get the :class:`EventData`, with what was recorded as ``event.outcome``. Recording
    is the moment of the change of state: after every condition and ``before`` callback, so that one that raises leaves
    nothing recorded. A trigger the agreement refuses returns False, and the verdict is ``machine.refused``. One that
    several powers permit raises Refused, as :meth:`Agreement.do` does: its verdict names them, and the trigger is to be
    asked again with ``power=``; nothing is recorded, and the model stays, but ``before`` callbacks have run. Each
    trigger, and ``machine.catch_up(at)``, first takes the model through what took effect by itself.

    machine_cls: another Machine of that library, such as its GraphMachine. options: passed on to it.

    Raises InvalidFact where the agreement is not in force at ``at``: a model needs a state to start from.
    """
    from transitions import Machine

    state = agreement.status(at).state
    if state is None:
        raise InvalidFact("host machine", "at", "the agreement is not in force yet: make the machine when it is")
    base = machine_cls or Machine
    recording = type("RecordingTransition", (_Recording, base.transition_cls), {})
    syncing = type("SyncingEvent", (_Syncing, base.event_cls), {})
    bridged = type("HostMachine", (_Bridged, base), {"transition_cls": recording, "event_cls": syncing})
    made: Machine = bridged(
        model=model,
        states=_states(edges(agreement.terms)),
        initial=state,
        transitions=[_definition(edge, _allowed(agreement, edge)) for edge in edges(agreement.terms)],
        auto_transitions=False,
        send_event=True,
        agreement=agreement,
        **options,
    )
    return made


class _Bridged:
    """A Machine that knows its agreement."""

    def __init__(self, *, agreement: Door, **options: Any) -> None:
        self.agreement = agreement
        self.refused: Any = None
        super().__init__(**options)

    def catch_up(self: Any, at: Any) -> tuple[Any, ...]:
        """Take the models through what took effect by itself up to an instant; returns the entries of the memo."""
        entries = self.agreement.catch_up(at)
        for model in self.models:
            for entry in entries:
                state = self.get_model_state(model).name
                if not entry.overturned and entry.transition in self.get_triggers(state):
                    self.events[entry.transition].trigger(model, at=at, entry=entry)
        # What later facts overturned is no transition; the state is what the agreement says it is.
        if (stands := self.agreement.status(at).state) is not None:
            self.set_state(stands)
        return tuple(entries)


class _Recording:
    """A transition that records through the agreement when the state changes."""

    def _change_state(self, event: Any) -> None:
        if "entry" not in event.kwargs:
            event.outcome = event.machine.agreement.do(event.event.name, **event.kwargs)
        super()._change_state(event)  # type: ignore[misc]


class _Syncing:
    """An event that first takes the model to where the agreement stands."""

    def trigger(self: Any, model: Any, *args: Any, **asked: Any) -> bool:
        if "entry" not in asked:
            self.machine.catch_up(asked["at"])
        return bool(super().trigger(model, *args, **asked))  # type: ignore[misc]


def _allowed(agreement: Door, edge: Edge) -> Any:
    """The condition of an edge: what happens by itself only from a memo's entry, an act only if permitted (or
    overridden).
    """

    def allowed(event: Any) -> bool:
        asked = event.kwargs
        if "entry" in asked:
            return bool(agreement.status(asked["entry"].effective).state == edge.target)
        if not edge.by:
            return False
        question = {name: asked[name] for name in _ASKED_OF_MAY if name in asked}
        verdict = agreement.may(edge.transition, **{**question, "method": question.get("method") or ""})
        if not verdict.permitted:
            event.machine.refused = verdict
        return bool((verdict.permitted or asked.get("override")) and verdict.leads_to == edge.target)

    return allowed
