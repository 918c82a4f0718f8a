"""A model on ``transitions`` under the Modal Terms. The invoice falls due on 1 March 2026 and a notice is given on 5
March: 1.12 suspends from 1 + 30 = 31 March.
"""

from __future__ import annotations

from typing import Any

import pytest

from lifecycle.events import Acted
from lifecycle.testing import Story

from .host import Workspace, guarded


@pytest.fixture
def story() -> Story:
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-01").invoice("INV-7", "1200.00 USD", due="2026-03-01")
    return story.on("2026-03-05").notice("overdue", about="INV-7")


def asked(day: str) -> dict[str, Any]:
    return {"by": "provider", "at": day, "known_through": day}


def test_a_trigger_waits_for_the_clause_and_says_from_when(story: Story) -> None:
    workspace: Any = Workspace("acme", seats=5)
    machine = guarded(workspace, story.agreement, story.agreement.instant("2026-03-06"))
    assert workspace.state == "active"
    assert not workspace.may_suspend(**asked("2026-03-30"))
    assert workspace.suspend(**asked("2026-03-30")) is False
    assert (str(machine.refused.first_day), machine.refused.clause) == ("2026-03-31", "1.12(e)")
    assert (workspace.state, workspace.open_seats, workspace.log) == ("active", 5, [])


def test_what_is_done_is_recorded_and_its_callbacks_run_as_ever(story: Story) -> None:
    workspace: Any = Workspace("acme", seats=5)
    guarded(workspace, story.agreement, story.agreement.instant("2026-03-06"))
    assert workspace.suspend(**asked("2026-03-31"))
    assert (workspace.state, workspace.open_seats) == ("suspended", 0)
    assert workspace.log == ["seats closed: 1.12(e), by the provider"]
    fact = story.agreement.history[-1].fact
    assert isinstance(fact, Acted)
    assert (fact.does, fact.power) == ("suspend", "suspend.overdue")


def test_what_takes_effect_by_itself_reaches_the_model_when_it_is_asked_to_catch_up(story: Story) -> None:
    workspace: Any = Workspace("acme", seats=5)
    machine = guarded(workspace, story.agreement, story.agreement.instant("2026-03-06"))
    workspace.suspend(**asked("2026-03-31"))
    story.on("2026-04-02").paid("INV-7", "1200.00 USD")
    machine.catch_up("2026-04-02")
    assert (workspace.state, workspace.open_seats) == ("active", 5)
    assert workspace.log[-1] == "seats open again: 1.12(e), by itself"


def test_the_model_and_the_agreement_never_disagree(story: Story) -> None:
    workspace: Any = Workspace("acme", seats=5)
    machine = guarded(workspace, story.agreement, story.agreement.instant("2026-03-06"))
    workspace.suspend(**asked("2026-03-31"))
    story.on("2026-04-02").paid("INV-7", "1200.00 USD")
    for day in ("2026-04-03", "2027-01-04", "2027-01-05", "2028-01-05"):
        machine.catch_up(day)
        assert workspace.state == story.agreement.status(day).state
    assert workspace.state == "renewed"
