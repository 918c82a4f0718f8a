"""What the Terms ask of an act, or of more time and giving up, before it means anything: raised, not judged."""

from __future__ import annotations

from lifecycle.errors import InvalidFact
from lifecycle.events import Acted, Agreed, Extended, Posted, Waived
from lifecycle.matters import Matter
from lifecycle.terms.model import Party, Power, Terms, holders, other


def check_exercise(fact: Acted | Posted, power: Power) -> None:
    """Raise InvalidFact for an act that is not what its power is to do, or a posting of what no posting exercises."""
    # A posting is an act too, where an act about nothing is all it takes.
    if isinstance(fact, Posted) and power.exercise != "posting" and (power.exercise != "act" or power.matter):
        raise InvalidFact("posted", "power", f"{power.id} is not exercised by posting, but by {power.exercise}")
    if isinstance(fact, Acted) and power.does != fact.does:
        raise InvalidFact("acted", "power", f"{power.id} is a power to {power.does}, not to {fact.does}")


def check_is_act(fact: Acted, terms: Terms) -> None:
    """Raise InvalidFact for an act that is done by giving a notice: the notice is what is recorded."""
    if kinds := terms.noticed_by(fact.does):
        raise InvalidFact("acted", "does", f"to {fact.does} is to give notice: record the notice ({', '.join(kinds)})")


def check_agreed(fact: Agreed, power: Power | None, does: str) -> None:
    """Raise InvalidFact where both agreed under a power that is not theirs together to do so."""
    if fact.power is None:
        return
    if power is None or power.exercise != "consent" or (does != "consent" and power.does != does):
        raise InvalidFact("agreed", "power", f"{fact.power!r} is no power of both to {does} by consent")


def granting(fact: Waived | Extended, governing: list[Terms]) -> Terms:
    """The first of some Terms that know the power or duty of a fact.

    Raises InvalidFact where none do.
    """
    for terms in governing:
        if fact.power in terms.powers or (isinstance(fact, Extended) and fact.power in terms.duties):
            return terms
    raise InvalidFact("waived or extended", "power", f"the Terms know no power or duty {fact.power!r}")


def entitled(power_or_duty: str, terms: Terms, matter: Matter) -> tuple[Party, ...]:
    """Who may give more time: the holder of a power, or the side to which a duty is owed."""
    if power_or_duty in terms.powers:
        return holders(terms.powers[power_or_duty].by, matter.party)
    return tuple(other(party) for party in holders(terms.duties[power_or_duty].by, matter.party))
