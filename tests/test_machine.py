"""The Machine is the one table: compiled table and course say the same; and a host's own model on the bridge."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transitions import MachineError
from transitions.extensions import GraphMachine

from lifecycle import terms
from lifecycle.changes import changes
from lifecycle.course import Course
from lifecycle.errors import InvalidFact
from lifecycle.machine import STATES, State, edges, host_machine, machine, table
from lifecycle.terms.model import TRANSITIONS
from lifecycle.testing import Story

MODAL = terms.load("modal-2024-03-26")


class Bare:
    """A model with nothing but a state."""

    def __init__(self, state: State) -> None:
        self.state = state


# DESIGN: transition, from, to. Suspended stays suspended under convert and renew, and while other holds stand.
RUNNING = ("trial", "active", "renewed", "suspended")
ARROWS = {
    *(("convert", s, t) for s, t in (("trial", "active"), ("suspended", "suspended"))),
    *(("renew", s, t) for s, t in (("active", "renewed"), ("renewed", "renewed"), ("suspended", "suspended"))),
    *(("suspend", s, "suspended") for s in RUNNING),
    *(("reinstate", "suspended", t) for t in RUNNING),
    *(("expire", s, "terminated") for s in RUNNING),
    *(("terminate", s, "terminated") for s in RUNNING),
}


def test_the_edges_are_those_of_the_design() -> None:
    assert {(e.transition, e.source, e.target) for e in edges(MODAL)} == ARROWS


def test_every_edge_names_who_takes_it_and_its_clauses() -> None:
    by = {e.transition: set(e.by) for e in edges(MODAL)}
    assert by == {
        "convert": set(),
        "renew": set(),
        "expire": set(),
        "suspend": {"provider"},
        "reinstate": {"provider"},
        "terminate": {"provider", "customer", "both"},
    }
    assert all(edge.clauses for edge in edges(MODAL))


def test_the_end_absorbs() -> None:
    assert not [edge for edge in edges(MODAL) if edge.source == "terminated"]


def test_terms_without_trial_or_renewal_have_no_such_arrows() -> None:
    policy = terms.load("modal-privacy-2023-05-17")
    assert edges(policy) == ()
    assert Story(policy, on="2026-01-05").state == "active"


@given(
    start=st.sampled_from(STATES),
    run=st.lists(st.tuples(st.sampled_from(TRANSITIONS), st.sampled_from(RUNNING)), max_size=12),
)
def test_the_compiled_table_runs_as_the_machine_does(start: State, run: list[tuple[str, State]]) -> None:
    theirs, ours, definition = Bare(start), start, machine(MODAL)
    compiled = table(MODAL)
    for trigger, stands in run:
        try:
            moved = definition.events[trigger].trigger(theirs, stands=stands)
        except MachineError:
            moved = False
        target = compiled.target(ours, trigger, stands)
        assert moved is (target is not None)
        ours = target or ours
        assert theirs.state == ours


def told() -> Iterator[Story]:
    """Stories whose courses take every transition."""
    story = Story(on="2026-01-05", trial_through="2026-01-31")
    story.on("2026-01-06").order("O-1", start="2026-01-20")
    story.on("2026-01-10").opened("security_risk", "S-1", by="provider").do("suspend")
    story.on("2026-01-25").do("reinstate")
    story.on("2026-02-25").opened("security_risk", "S-2", by="provider").do("suspend")
    story.on("2026-02-26").opened("prohibited_use", "U-1", by="provider").do("suspend", about="U-1")
    story.on("2026-02-27").do("reinstate", about="S-2")
    yield story
    story.on("2028-02-27").do("terminate", by="both")
    yield story
    yield Story(on="2026-01-05", trial_through="2026-01-31")
    yield (
        Story(on="2026-01-05", trial_through="2026-01-31").on("2026-01-10").opened("security_risk", "S", by="provider")
    )
    yield Story(on="2026-01-05").order("O-1", start="2026-01-05", renews=False)


def test_every_change_of_a_course_is_an_edge_of_the_table() -> None:
    for story in told():
        check_changes(story)


def check_changes(story: Story) -> None:
    agreement = story.agreement
    horizon = agreement.instant("2029-01-05")
    course = Course(agreement._docket(), horizon)
    taken = changes(course)
    for change in taken:
        assert change.target in table(MODAL).targets[change.source, change.transition]
    for one, following in pairwise(taken):
        assert following.source == one.target


# ---- the bridge -----------------------------------------------------------------------------------------------------


class Account:
    """A host's own model; its triggers are put on it by the machine."""

    state: str
    suspend: Any
    may_suspend: Any
    reinstate: Any
    terminate: Any
    renew: Any

    def __init__(self) -> None:
        self.log: list[tuple[str, str]] = []

    def note(self, event: Any) -> None:
        self.log.append((event.event.name, self.state))


def overdue() -> Story:
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-01").invoice("INV-7", "100.00 USD", due="2026-03-01")
    return story.on("2026-03-05").notice("overdue", about="INV-7")


def test_a_hosts_model_asks_the_agreement_and_records_through_it() -> None:
    story, account = overdue(), Account()
    bridge: Any = host_machine(story.agreement, account, at="2026-03-06", after_state_change="note")
    asked = {"by": "provider", "known_through": "2026-04-01T00:00Z"}
    assert not account.may_suspend(at="2026-03-30", **asked)
    assert account.suspend(at="2026-03-30", **asked) is False
    assert "opens 2026-03-31" in str(bridge.refused)
    assert len(story.agreement.history) == 4
    assert account.may_suspend(at="2026-03-31", **asked)
    assert account.suspend(at="2026-03-31", **asked) is True
    assert account.state == story.agreement.status("2026-03-31").state == "suspended"
    assert len(story.agreement.history) == 5


def test_what_happens_by_itself_reaches_the_model_with_its_callbacks() -> None:
    story, account = overdue(), Account()
    bridge: Any = host_machine(story.agreement, account, at="2026-03-06", after_state_change="note")
    account.suspend(at="2026-03-31", by="provider", known_through="2026-03-31")
    story.on("2026-04-02").paid("INV-7", "100.00 USD")
    bridge.catch_up("2026-04-03")
    bridge.catch_up("2027-02-01")
    assert account.log == [("suspend", "suspended"), ("reinstate", "active"), ("renew", "renewed")]
    assert account.renew(at="2027-02-02") is False


def test_a_trigger_first_takes_the_model_to_where_the_agreement_stands() -> None:
    story, account = overdue(), Account()
    host_machine(story.agreement, account, at="2026-03-06", after_state_change="note")
    assert account.terminate(at="2027-03-01", by="both") is True
    assert account.log == [("renew", "renewed"), ("terminate", "terminated")]
    with pytest.raises(MachineError):
        account.suspend(at="2027-03-02", by="provider")


def test_a_callback_that_raises_before_the_change_leaves_nothing_recorded() -> None:
    def veto(event: Any) -> None:
        raise RuntimeError("not today")

    story, account = overdue(), Account()
    host_machine(story.agreement, account, at="2026-03-06", before_state_change=veto)
    with pytest.raises(RuntimeError):
        account.terminate(at="2026-03-07", by="both")
    assert account.state == "active"
    assert story.agreement.status("2026-03-07").state == "active"


def test_an_overridden_act_and_an_overturned_one_reach_the_model() -> None:
    story, account = overdue(), Account()
    bridge: Any = host_machine(story.agreement, account, at="2026-03-06")
    assert account.suspend(at="2026-03-07", by="provider", override="attack") is True
    assert account.reinstate(at="2026-03-08", by="provider") is True
    bridge.catch_up("2027-02-01")
    assert account.state == "renewed"
    story.on("2026-11-01", learned="2027-02-02").notice("non_renewal", by="customer")
    bridge.catch_up("2027-02-03")
    assert account.state == "terminated"


def test_the_bridge_draws_with_the_hosts_graph_machine() -> None:
    account = Account()
    bridge: Any = host_machine(
        overdue().agreement, account, at="2026-03-06", machine_cls=GraphMachine, graph_engine="mermaid"
    )
    assert "suspended --> renewed: reinstate" in bridge.get_graph().source


def test_a_model_needs_a_state_to_start_from() -> None:
    with pytest.raises(InvalidFact, match="not in force yet"):
        host_machine(Story(on="2026-01-05").agreement, Account(), at="2026-01-05")
