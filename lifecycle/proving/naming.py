"""What the variables and clocks of the model are called."""

from __future__ import annotations

from lifecycle.terms.model import PARTIES, Party
from lifecycle.terms.reach import Attributes

COURSE, ACTIVE = "course", "active"
ON, OFF = "yes", ""
DONE = "done"
"""How a duty is met that the Terms name no way for."""


def over(sort: int, how: str) -> str:
    """The value of a kind's variable after its matter ended."""
    return f"{sort}~{how}"


def held(power: str, kind: str) -> str:
    """The variable of a hold."""
    return f"hold {power} {kind}"


def names(stopper: str, kind: str) -> str:
    """The variable of a matter that names another, while it lasts."""
    return f"{stopper} names {kind}"


def late(power: str, kind: str) -> str:
    """The variable of a power that was open before its matter ended in a way that only prevents it."""
    return f"late {power} {kind}"


def given(kind: str, notice: str) -> str:
    """The clock that counts from a notice."""
    return f"{kind}/{notice}"


def since(kind: str, stopper: str) -> str:
    """The clock that counts from the end of what stopped another."""
    return f"{kind}<{stopper}"


def party_of(matter: Attributes) -> Party | None:
    """Whom a sort of matter is about."""
    return next((party for party in PARTIES if party == matter.get("party")), None)
