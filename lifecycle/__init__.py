"""A contract-lifecycle state machine: whether a party may act, from when, why, and under which clause."""

from lifecycle import terms
from lifecycle.agreement import Agreement, Outcome, Status
from lifecycle.days import Period
from lifecycle.duties import Owed
from lifecycle.errors import LifecycleError
from lifecycle.events import Event, Money
from lifecycle.history import History
from lifecycle.machine import State
from lifecycle.outlook import Ahead, Timeline
from lifecycle.powers import Opening
from lifecycle.reasons import Reason
from lifecycle.terms import Terms
from lifecycle.terms.model import Transition
from lifecycle.verdict import Refused, Verdict
from lifecycle.windows import Window

__version__ = "0.1.0"

__all__ = [
    "Agreement",
    "Ahead",
    "Event",
    "History",
    "LifecycleError",
    "Money",
    "Opening",
    "Outcome",
    "Owed",
    "Period",
    "Reason",
    "Refused",
    "State",
    "Status",
    "Terms",
    "Timeline",
    "Transition",
    "Verdict",
    "Window",
    "terms",
]
