"""The Machine is the one table: compiled table and course say the same; and a host's own model on the bridge."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transitions import MachineError
from transitions.extensions import GraphMachine

from lifecycle import policy, terms
from lifecycle.changes import changes
from lifecycle.course import Course
from lifecycle.errors import InvalidFact
from lifecycle.machine import STATES, State, edges, host_machine, machine, table
from lifecycle.terms import Terms
from lifecycle.terms.model import TRANSITIONS
from lifecycle.testing import Story
from lifecycle.verdict import Refused

MODAL = terms.load("modal-2024-03-26")


class Bare:
    """A model with nothing but a state."""

    def __init__(self, state: State) -> None:
        self.state = state


# Transition, from, to. Suspended stays suspended under convert and renew, and while other holds stand.
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
    assert list(machine(policy).states) == ["active"]
    assert Story(policy, on="2026-01-05").state == "active"


def taken(terms: Terms, transition: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """The arrows of one transition, each with the clauses it cites."""
    return {(e.source, e.target): e.clauses for e in edges(terms) if e.transition == transition}


# Their sections: an order ends (5.1, 14.1), a framework outlives it (5.2, 14.2), a trial (21), lifting (1.12, 2.2, 13).
@pytest.mark.parametrize(("published", "lifting", "convert", "expire"), [
    ("modal-2024-03-26", "1.12", {
        ("trial", "active"): ("1.4",), ("suspended", "suspended"): ("1.4",),
    }, dict.fromkeys(("trial", "active", "renewed", "suspended"), ("1.4", "3.1"))),
    ("common-paper-csa-2.1", "2.2", {
        ("active", "active"): ("5.2",), ("suspended", "suspended"): ("5.2",),
    }, dict.fromkeys(("active", "renewed", "suspended"), ("5.1", "5.2"))),
    ("bonterms-cloud-1.0", "13", {
        ("trial", "active"): ("21",), ("active", "active"): ("14.2",), ("suspended", "suspended"): ("21", "14.2"),
    }, dict.fromkeys(("trial", "active", "renewed", "suspended"), ("21", "14.1", "14.2"))),
])  # fmt: skip
def test_trial_and_framework_each_have_their_arrows_and_clauses(
    published: str, lifting: str, convert: dict[tuple[str, str], tuple[str, ...]], expire: dict[str, tuple[str, ...]]
) -> None:
    of = terms.load(published)
    assert taken(of, "convert") == convert
    assert taken(of, "expire") == {(source, "terminated"): clauses for source, clauses in expire.items()}
    assert {source for source, _ in taken(of, "suspend")} == set(expire)
    assert taken(of, "reinstate") == {("suspended", state): (lifting,) for state in expire}


SMALL = """
[terms]
id = "small"
title = "Small Terms"
dated = 2026-01-01
provider = "Small Ltd"
zone = "UTC"
begins = "BEGINS"

[clauses]
"1" = { title = "One" }
"2" = { title = "Two" }
"3" = { title = "Three" }

[notice]
clause = "1"
methods.hand = { counts = "in person" }

[kind.breach]
title = "breach"
clause = "1"
party = "customer"
ends = ["cured"]
"""
TRIAL = """
[trial]
clause = "3"
"""
SUSPENDS = """
[power.suspend]
title = "suspend for a breach"
does = "suspend"
by = "provider"
clause = "2"
matter = ["breach"]
ended_by = ["cured"]
exercise = "act"
lifts = "by an act"
"""
ENDS = """
[power.end]
title = "end for a breach"
does = "terminate"
by = "provider"
clause = "1"
matter = ["breach"]
ended_by = ["cured"]
exercise = "automatic"
"""
LEAVES = """
[power.leave]
title = "leave"
does = "terminate"
by = "customer"
clause = "3"
exercise = "written notice"
"""


def small(*parts: str, begins: str = "order") -> Terms:
    return terms.parse((SMALL.replace("BEGINS", begins) + "".join(parts)).encode(), "small.toml")


def test_under_terms_without_suspension_only_what_was_suspended_under_earlier_ones_is_and_still_ends() -> None:
    assert {(e.transition, e.source, e.target) for e in edges(small(TRIAL))} == {
        ("convert", "trial", "active"),
        ("renew", "active", "renewed"),
        ("renew", "renewed", "renewed"),
        ("expire", "trial", "terminated"),
        ("expire", "active", "terminated"),
        ("expire", "renewed", "terminated"),
        ("expire", "suspended", "terminated"),
    }


def test_terms_in_force_as_soon_as_made_have_no_term_to_renew_or_to_run_out() -> None:
    assert {(e.transition, e.source, e.target) for e in edges(small(SUSPENDS, begins="made"))} == {
        ("suspend", "active", "suspended"),
        ("suspend", "suspended", "suspended"),
        ("reinstate", "suspended", "active"),
        ("reinstate", "suspended", "suspended"),
    }


def test_who_may_suspend_may_lift_under_the_same_clause_where_none_says_so() -> None:
    lifting = [edge for edge in edges(small(SUSPENDS)) if edge.transition == "reinstate"]
    assert {(edge.by, edge.clauses) for edge in lifting} == {(("provider",), ("2",))}


def test_who_can_terminate_is_who_holds_a_power_that_takes_an_act() -> None:
    def terminate(*parts: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        ((by, clauses),) = {(e.by, e.clauses) for e in edges(small(*parts)) if e.transition == "terminate"}
        return by, clauses

    assert terminate(ENDS) == ((), ("1",))
    assert terminate(LEAVES) == (("customer",), ("3",))
    assert terminate(ENDS, LEAVES) == (("customer",), ("1", "3"))
    assert terminate(LEAVES.replace('"customer"', '"either"')) == (("provider", "customer"), ("3",))


def test_a_party_is_let_take_only_an_arrow_that_is_there_and_its_own() -> None:
    arrows = table(small(TRIAL, SUSPENDS))
    assert arrows.allows("active", "suspend", "provider")
    assert not arrows.allows("active", "suspend", "customer")
    assert not arrows.allows("active", "reinstate", "provider")
    assert not arrows.allows("active", "terminate", "provider")
    assert not arrows.allows(None, "suspend", "provider")


def test_a_table_is_made_once_for_terms_and_for_their_readings_with_the_same_arrows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read_so = terms.under(MODAL, {"or-more": "from the 31st day"})
    made = table(MODAL)
    assert table(read_so) is made
    monkeypatch.setattr("lifecycle.machine.edges", None)
    assert table(MODAL) is table(read_so) is made


def test_the_machine_knows_the_transitions_and_states_of_its_arrows_and_nothing_else() -> None:
    for of in (MODAL, small(SUSPENDS)):
        assert set(machine(of).events) == {edge.transition for edge in edges(of)}
        assert set(machine(of).states) == {state for edge in edges(of) for state in (edge.source, edge.target)}
        assert not machine(of).models


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


def test_a_callback_is_told_what_happened_by_itself_and_when_it_was_looked_for() -> None:
    story, account, told = overdue(), Account(), list[Any]()
    bridge: Any = host_machine(story.agreement, account, at="2026-03-06", after_state_change=told.append)
    entries = bridge.catch_up("2027-02-01")
    (event,) = told
    assert event.kwargs == {"at": "2027-02-01", "entry": entries[0]}
    assert (entries[0].transition, str(entries[0].effective.date())) == ("renew", "2027-01-05")


def test_an_end_that_a_later_record_undoes_takes_the_model_back() -> None:
    story, account = overdue(), Account()
    notice = story.on("2026-11-01").notice("non_renewal", by="customer").last
    bridge: Any = host_machine(story.agreement, account, at="2026-12-01", after_state_change="note")
    bridge.catch_up("2027-01-10")
    assert account.state == "terminated"
    story.on("2027-02-01").withdrawn(notice)
    bridge.catch_up("2027-02-01")
    assert account.state == "renewed"
    assert account.log == [("expire", "terminated")]


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
    with pytest.raises(InvalidFact) as refused:
        host_machine(Story(on="2026-01-05").agreement, Account(), at="2026-01-05")
    assert str(refused.value) == "host machine.at: the agreement is not in force yet: make the machine when it is"


def test_a_model_starts_where_the_agreement_stands() -> None:
    account = Account()
    bridge: Any = host_machine(overdue().agreement, account, at="2027-02-01")
    assert (account.state, bridge.refused) == ("renewed", None)


def test_a_model_gets_no_trigger_that_goes_round_the_agreement() -> None:
    account = Account()
    bridge: Any = host_machine(overdue().agreement, account, at="2026-03-06")
    assert set(bridge.events) == set(TRANSITIONS)
    assert not [name for name in dir(account) if name.startswith("to_")]


def test_a_callback_is_told_what_was_recorded() -> None:
    story, account, told = overdue(), Account(), list[Any]()
    host_machine(story.agreement, account, at="2026-03-06", after_state_change=told.append)
    account.suspend("by night", at="2026-03-31", by="provider", known_through="2026-03-31", actor="ann")
    (event,) = told
    assert event.args == ("by night",)
    assert event.outcome.event == story.agreement.history[-1]
    assert (event.outcome.event.actor, event.outcome.target) == ("ann", "suspended")


def test_a_refused_trigger_keeps_the_verdict_on_all_that_was_asked() -> None:
    story, account = overdue(), Account()
    bridge: Any = host_machine(story.agreement, account, at="2026-03-06")
    asked: dict[str, Any] = {
        "by": "provider",
        "about": "INV-7",
        "power": "suspend.overdue",
        "known_through": "2026-03-19",
    }
    assert account.suspend(at="2026-03-20", **asked) is False
    assert bridge.refused == story.agreement.may("suspend", at="2026-03-20", method="", **asked)
    assert account.terminate(at="2026-03-20", by="customer", method="email") is False
    assert bridge.refused == story.agreement.may("terminate", at="2026-03-20", by="customer", method="email")


def test_a_trigger_that_several_powers_permit_raises_and_names_them() -> None:
    """Overdue since 31 March, and a security risk besides: what lifts the hold depends on which is exercised."""
    story, account = overdue(), Account()
    story.on("2026-03-31").opened("security_risk", "S-1", by="provider")
    bridge: Any = host_machine(story.agreement, account, at="2026-03-06", after_state_change="note")
    before, asked = len(story.agreement.history), {"by": "provider", "at": "2026-03-31", "known_through": "2026-03-31"}
    assert account.may_suspend(**asked)
    with pytest.raises(Refused) as refused:
        account.suspend(**asked)
    assert refused.value.verdict.codes == ("ambiguous",)
    assert "several powers permit it: suspend.security, suspend.overdue" in str(refused.value)
    assert "name one (power=)" in str(refused.value)
    assert (account.state, account.log, bridge.refused) == ("active", [], None)
    assert len(story.agreement.history) == before
    assert account.suspend(**asked, power="suspend.overdue") is True
    assert (account.state, account.log) == ("suspended", [("suspend", "suspended")])


def test_the_bridge_can_wait_for_what_every_reading_permits() -> None:
    """Due on 1 March 2026, INV-7 is 30 days overdue on 31 March; who reads "30 or more" as more than 30 still waits."""
    story, account = overdue(), Account()
    host_machine(story.agreement, account, at="2026-03-06")
    asked = {"at": "2026-03-31", "by": "provider", "known_through": "2026-03-31"}
    assert account.suspend(**asked, only_undisputed=True) is False
    assert account.suspend(**asked) is True


def test_the_bridge_asks_what_the_house_asks_besides() -> None:
    house = policy.parse(
        b'[policy]\nid="h"\ntitle="House"\nnarrows="modal-2024-03-26"\n[act.suspend]\napprovals=1\n', MODAL
    )
    account, story = Account(), Story(on="2026-01-05", policy=house).order("O-1", start="2026-01-05")
    story.on("2026-02-01").opened("security_risk", "S-1", by="provider")
    bridge: Any = host_machine(story.agreement, account, at="2026-02-01")
    asked = {"by": "provider", "at": "2026-02-02", "known_through": "2026-02-02"}
    assert not account.may_suspend(**asked)
    assert bridge.refused.codes == ("policy-approvals",)
    assert account.suspend(**asked, approvals=("ann",)) is True
