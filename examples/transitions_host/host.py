"""A host that already runs on ``transitions``: its model, its callbacks and its calls stay as they are, and from now on
every transition asks the agreement first and is recorded in it.

Before, the model had a Machine of its own, and conditions such as ``if days_overdue > 30``. Now :func:`guarded` gives
it one whose states and edges come from the Terms. What changes for the code around it: a trigger takes ``by`` and
``at``, and where it returns False, ``machine.refused`` says why and from which day.
"""

from __future__ import annotations

from typing import Any

from lifecycle import Agreement
from lifecycle.days import Instant
from lifecycle.machine import host_machine


class Workspace:
    """A customer's workspace, as it was before: seats, a log, and what is to be done on the way between states."""

    state: str

    def __init__(self, name: str, seats: int) -> None:
        self.name = name
        self.seats = seats
        self.open_seats = seats
        self.log: list[str] = []

    def on_enter_suspended(self, event: Any) -> None:
        self.open_seats = 0
        self.log.append(f"seats closed: {self._why(event)}")

    def on_exit_suspended(self, event: Any) -> None:
        if event.transition.dest != "terminated":
            self.open_seats = self.seats
            self.log.append(f"seats open again: {self._why(event)}")

    def on_enter_terminated(self, event: Any) -> None:
        self.open_seats = 0
        self.log.append(f"workspace archived: {self._why(event)}")

    @staticmethod
    def _why(event: Any) -> str:
        """The clause, from what was recorded; or what took effect by itself, from the memo's entry."""
        if entry := event.kwargs.get("entry"):
            return f"{entry.clause}, by itself"
        return f"{event.outcome.verdict.clause}, by the {event.kwargs['by']}"


def guarded(workspace: Workspace, agreement: Agreement, at: Instant) -> Any:
    """The Machine of a workspace under an agreement. The workspace has ``suspend``, ``may_suspend`` and so on from now
    on, and stands where the agreement stands.
    """
    return host_machine(agreement, workspace, at=at)
