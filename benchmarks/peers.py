"""The same agreement in the libraries people would use otherwise: five states, eight transitions, guards over days.

A day is a whole number and an argument, as it is here; no peer keeps a history, gives a reason or knows a clause. Each
has ``make``, ``fire`` (whether it went through), and ``asks`` where it can say what is possible without trying.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, Protocol

from attrs import define

STATES = ("trial", "active", "suspended", "terminated", "renewed")
TRIGGERS = ("activate", "cancel_trial", "suspend", "resume", "terminate", "renew", "start_term")
BEGIN, SUSPENDABLE, TOO_EARLY = 1020, 1100, 1020


@define(eq=False)
class Guards:
    """An account's days, what each transition waits for, and what it changes."""

    start: int = 1000
    trial_end: int = 1030
    notice: int = 1010
    due: int = 1012
    end: int = 1400
    suspended_at: int = 0

    def in_trial(self, now: int) -> bool:
        return self.start <= now <= self.trial_end

    def before_trial_ends(self, now: int) -> bool:
        return now <= self.trial_end

    def overdue(self, now: int) -> bool:
        return now >= max(self.notice + 30, self.due + 30)

    def soon_enough(self, now: int) -> bool:
        return now <= self.suspended_at + 60

    def uncured(self, now: int) -> bool:
        return now >= self.notice + 30

    def long_suspended(self, now: int) -> bool:
        return now >= self.suspended_at + 60

    def in_window(self, now: int) -> bool:
        return self.end - 60 <= now < self.end

    def over(self, now: int) -> bool:
        return now >= self.end

    def mark(self, now: int) -> None:
        self.suspended_at = now

    def roll(self, now: int) -> None:
        self.end += 365


# trigger, from, to, guard, change
EDGES = (
    ("activate", "trial", "active", "in_trial", None),
    ("cancel_trial", "trial", "terminated", "before_trial_ends", None),
    ("suspend", "active", "suspended", "overdue", "mark"),
    ("resume", "suspended", "active", "soon_enough", None),
    ("terminate", "active", "terminated", "uncured", None),
    ("terminate", "suspended", "terminated", "long_suspended", None),
    ("renew", "active", "renewed", "in_window", None),
    ("start_term", "renewed", "active", "over", "roll"),
)


@define(eq=False)
class Account(Guards):
    """The model, with slots."""

    state: Any = "trial"


@define(eq=False, slots=False)
class Open(Guards):
    """The model as libraries want it that set attributes on it."""


class Peer(Protocol):
    """One library in one manner of use, and what it is called."""

    @property
    def name(self) -> str: ...
    def make(self) -> Any: ...
    def fire(self, model: Any, trigger: str, now: int) -> bool: ...


class Floor:
    """No library: an attrs class, a dictionary of edges, a call."""

    name = "hand-written attrs class"
    edges: ClassVar[Mapping[tuple[str, str], tuple[Any, Any, str]]] = {
        (trigger, source): (getattr(Guards, guard), getattr(Guards, change) if change else None, target)
        for trigger, source, target, guard, change in EDGES
    }

    def make(self) -> Account:
        return Account()

    def fire(self, model: Account, trigger: str, now: int) -> bool:
        edge = self.edges.get((trigger, model.state))
        if edge is None or not edge[0](model, now):
            return False
        if edge[1]:
            edge[1](model, now)
        model.state = edge[2]
        return True

    def asks(self, model: Account, now: int) -> list[str]:
        return [t for t in TRIGGERS if (edge := self.edges.get((t, model.state))) and edge[0](model, now)]


def _transitions(machine: type, model: object, **more: Any) -> Any:
    edges: list[dict[str, Any]] = [
        {"trigger": trigger, "source": source, "dest": target, "conditions": guard, "before": change or []}
        for trigger, source, target, guard, change in EDGES
    ]
    return machine(model=model, states=list(STATES), transitions=edges, initial="trial", auto_transitions=False, **more)


class Unregistered:
    """One Machine, models never added to it: its quickest manner."""

    name = "transitions, unregistered"

    def __init__(self) -> None:
        from transitions import Machine, MachineError

        self.machine, self.refused = _transitions(Machine, None), MachineError

    def make(self) -> Account:
        return Account()

    def fire(self, model: Account, trigger: str, now: int) -> bool:
        try:
            return bool(self.machine.events[trigger].trigger(model, now))
        except self.refused:
            return False


class Registered(Unregistered):
    """One Machine, every model added to it: the manner of its handbook for many models."""

    name = "transitions, registered"

    def make(self) -> Any:
        model = Open()
        self.machine.add_model(model)
        return model

    def fire(self, model: Any, trigger: str, now: int) -> bool:
        try:
            return bool(getattr(model, trigger)(now))
        except self.refused:
            return False

    def asks(self, model: Any, now: int) -> list[str]:
        return [t for t in TRIGGERS if getattr(model, f"may_{t}")(now)]


class PerObject(Registered):
    """A Machine for each object: the manner of its first example."""

    name = "transitions, Machine per object"

    def __init__(self) -> None:
        from transitions import Machine, MachineError

        self.kind, self.refused = Machine, MachineError

    def make(self) -> Any:
        model: Any = Open()
        model.machine = _transitions(self.kind, model)
        return model


class PythonStatemachine:
    name = "python-statemachine"

    def __init__(self) -> None:
        from statemachine import State, StateChart

        states = {name: State(initial=name == "trial", final=name == "terminated") for name in STATES}
        made: dict[str, Any] = dict(states)
        for trigger, source, target, guard, change in EDGES:
            edge = states[source].to(states[target], cond=guard, on=change)
            made[trigger] = made[trigger] | edge if trigger in made else edge
        self.chart = type("AccountChart", (StateChart,), {"__module__": __name__, **made})

    def make(self) -> Any:
        model: Any = Open()
        model.state = None
        return self.chart(model=model)

    def fire(self, chart: Any, trigger: str, now: int) -> bool:
        before = chart.model.state
        chart.send(trigger, now=now)
        return bool(chart.model.state != before)

    def asks(self, chart: Any, now: int) -> list[str]:
        return [str(event.id) for event in chart.enabled_events(now=now)]


_SISMIC = """
statechart:
  name: account
  preamble: |
    start, trial_end, notice, due, end, suspended_at = 1000, 1030, 1010, 1012, 1400, 0
  root state:
    name: root
    initial: trial
    states:
"""
_SISMIC_GUARDS = {
    "in_trial": "start <= event.now <= trial_end",
    "before_trial_ends": "event.now <= trial_end",
    "overdue": "event.now >= max(notice + 30, due + 30)",
    "soon_enough": "event.now <= suspended_at + 60",
    "uncured": "event.now >= notice + 30",
    "long_suspended": "event.now >= suspended_at + 60",
    "in_window": "end - 60 <= event.now < end",
    "over": "event.now >= end",
}
_SISMIC_CHANGES = {"mark": "suspended_at = event.now", "roll": "end += 365"}


class Sismic:
    name = "sismic"

    def __init__(self) -> None:
        from sismic.interpreter import Interpreter
        from sismic.io import import_from_yaml

        self.interpreter, self.chart = Interpreter, import_from_yaml(_SISMIC + "".join(_sismic_states()))

    def make(self) -> Any:
        made = self.interpreter(self.chart)
        made.execute_once()
        return made

    def fire(self, model: Any, trigger: str, now: int) -> bool:
        model.queue(trigger, now=now)
        step = model.execute_once()
        return bool(step and step.transitions)


def _sismic_states() -> list[str]:
    lines = []
    for state in STATES:
        lines.append(f"      - name: {state}\n")
        leaving = [edge for edge in EDGES if edge[1] == state]
        if leaving:
            lines.append("        transitions:\n")
        for trigger, _, target, guard, change in leaving:
            action = f', action: "{_SISMIC_CHANGES[change]}"' if change else ""
            told = f'event: {trigger}, target: {target}, guard: "{_SISMIC_GUARDS[guard]}"{action}'
            lines.append(f"          - {{{told}}}\n")
    return lines


class Automat:
    """It has no guards: one is asked before the input is given."""

    name = "Automat"

    def __init__(self) -> None:
        from automat import TypeMachineBuilder

        inputs = type("Inputs", (Protocol,), {trigger: _input(trigger) for trigger in TRIGGERS})
        builder: Any = TypeMachineBuilder(inputs, Account)
        states = {name: builder.state(name) for name in STATES}
        for trigger, source, target, _, change in EDGES:
            upon = states[source].upon(getattr(inputs, trigger)).to(states[target])
            if change is None:
                upon.returns(None)
            else:
                upon(_changing(getattr(Guards, change)))
        self.build = builder.build()
        self.guards = {(trigger, source): getattr(Guards, guard) for trigger, source, _, guard, _ in EDGES}
        self.targets = {(trigger, source): target for trigger, source, target, _, _ in EDGES}

    def make(self) -> Any:
        core = Account()
        return core, self.build(core)

    def fire(self, model: Any, trigger: str, now: int) -> bool:
        core, machine = model
        guard = self.guards.get((trigger, core.state))
        if guard is None or not guard(core, now):
            return False
        getattr(machine, trigger)(now)
        core.state = self.targets[trigger, core.state]
        return True


def _input(name: str) -> Any:
    def method(self: Any, now: int) -> None: ...

    method.__name__ = name
    return method


def _changing(change: Any) -> Any:
    def changing(_: Any, core: Any, now: int) -> None:
        change(core, now)

    return changing


class DjangoFsm:
    """Model instances that are never saved. A condition gets only the instance, so that the day is put on it before."""

    name = "django-fsm-2, unsaved"

    def __init__(self) -> None:
        self.model = _django_model()
        from django_fsm import TransitionNotAllowed, can_proceed

        self.refused, self.can_proceed = TransitionNotAllowed, can_proceed

    def make(self) -> Any:
        return self.model()

    def fire(self, model: Any, trigger: str, now: int) -> bool:
        model.now = now
        try:
            getattr(model, trigger)()
        except self.refused:
            return False
        return True

    def asks(self, model: Any, now: int) -> list[str]:
        model.now = now
        return [t for t in TRIGGERS if self.can_proceed(getattr(model, t))]


@cache
def _django_model() -> Any:
    """Django registers a model under its name, so that it is made once in a process."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(DEFAULT_AUTO_FIELD="django.db.models.BigAutoField")
        django.setup()
    from django.db import models
    from django_fsm import FSMField, transition

    days = {"start": 1000, "trial_end": 1030, "notice": 1010, "due": 1012, "end": 1400, "suspended_at": 0}
    state = FSMField(default="trial")
    made: dict[str, Any] = {name: models.IntegerField(default=day) for name, day in days.items()}
    for trigger in TRIGGERS:
        made[trigger] = _fsm_method(trigger, state, transition)
    meta = type("Meta", (), {"app_label": "bench"})
    named = {"__module__": __name__, "Meta": meta, "state": state, "now": 0}
    return type("DjangoAccount", (models.Model,), {**made, **named})


def _fsm_method(trigger: str, state: Any, transition: Any) -> Any:
    edges = {source: (target, guard, change) for name, source, target, guard, change in EDGES if name == trigger}
    change = next((getattr(Guards, change) for _, _, change in edges.values() if change), None)

    def allowed(model: Any) -> bool:
        return bool(getattr(Guards, edges[model.state][1])(model, model.now))

    def method(model: Any) -> None:
        if change:
            change(model, model.now)

    method.__name__ = trigger
    (target,) = {target for target, _, _ in edges.values()}
    return transition(field=state, source=list(edges), target=target, conditions=[allowed])(method)


PEERS: Sequence[Callable[[], Peer]] = (
    Floor,
    Unregistered,
    Registered,
    PerObject,
    PythonStatemachine,
    Sismic,
    Automat,
    DjangoFsm,
)


def life(events: int) -> list[tuple[str, int]]:
    """An even number of triggers that all go through, over a life that ends."""
    pairs = [[("suspend", SUSPENDABLE + 2 * n), ("resume", SUSPENDABLE + 2 * n + 1)] for n in range(events // 2 - 1)]
    return [("activate", BEGIN), *(step for pair in pairs for step in pair), ("terminate", SUSPENDABLE + events)]
