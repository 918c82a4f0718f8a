"""A contract-lifecycle state machine: whether a party may act, from when, why, and under which clause.

Each name is imported when it is first asked for: the package alone, its version and its command cost next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

_HOMES = {
    "Agreement": "agreement",
    "Ahead": "outlook",
    "Event": "events",
    "History": "history",
    "LifecycleError": "errors",
    "Money": "events",
    "Opening": "powers",
    "Outcome": "agreement",
    "Owed": "duties",
    "Period": "days",
    "Reason": "reasons",
    "Refused": "verdict",
    "State": "machine",
    "Status": "agreement",
    "Terms": "terms",
    "Timeline": "outlook",
    "Transition": "terms.model",
    "Verdict": "verdict",
    "Window": "windows",
}

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

if not TYPE_CHECKING:  # to type checkers the window holds the names above, and no others

    def __getattr__(name):
        """A name of the window, out of its module."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        home = import_module(f"{__name__}.{_HOMES.get(name, name)}")
        found = globals()[name] = getattr(home, name, home)
        return found

    def __dir__():
        return sorted({*globals(), *__all__})
