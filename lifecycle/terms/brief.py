"""Powers in a few words, for pictures: because of what, and after which wait. The exact words are those of
:mod:`lifecycle.terms.wording`; where few words would leave a day open, these are taken.

``+ 30 days`` is open from day 30 on; ``+ 30 full days`` leaves day 30 to the other side, and is open after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lifecycle.terms import wording
from lifecycle.terms.model import PARTIES, Clock, Party, Power, Terms
from lifecycle.terms.wording import either

AT_ONCE = "at once"
BY_ITSELF = "by itself"


def who(power: Power, terms: Terms) -> str:
    """Who exercises a power: ``provider``, ``either party``, ``other side`` (that which the matter is not about)."""
    if power.exercise == "automatic":
        return BY_ITSELF
    told = wording.who(power.by, power.matter, terms)
    if told.startswith("the party that"):
        return {"other": "other side", "subject": "side concerned"}[power.by]
    return told.removeprefix("the ").replace("both parties together", "both together")


def parties(power: Power, terms: Terms) -> tuple[Party, ...]:
    """The parties that can come to exercise a power, together or each by itself; none where it takes effect by
    itself.
    """
    told = who(power, terms)
    return () if told == BY_ITSELF else tuple(party for party in PARTIES if party == told) or PARTIES


def ground(power: Power, terms: Terms) -> str:
    """Because of what: ``customer's breach, remediable``; what the power is called where it takes nothing."""
    if not power.matter:
        return power.title
    kinds = either(_kind(kind, terms) for kind in power.matter)
    of = power.when.get("party")
    when = {name: wanted for name, wanted in power.when.items() if name != "party"}
    asked = wording.conditions(when, power.unless, power.matter)
    return ", ".join(filter(None, (f"{of}'s {kinds}" if isinstance(of, str) else kinds, asked)))


def grounds(powers: Sequence[Power], terms: Terms) -> str:
    """What several powers rest on, each kind of matter once, without what is asked of it."""
    told = (_kind(kind, terms) for power in powers for kind in power.matter)
    titles = (power.title for power in powers if not power.matter)
    return ", ".join(dict.fromkeys((*told, *titles)))


def _kind(kind: str, terms: Terms) -> str:
    """A kind of matter by its title; one that is owed, as unpaid."""
    if kind not in terms.kinds:
        return wording.matters([kind], terms)
    title = terms.kinds[kind].title
    return f"unpaid {title}" if terms.kinds[kind].money == "owed" and "unpaid" not in title else title


def wait(power: Power, terms: Terms) -> str:
    """When, in few words: ``breach notice + 30 full days, uncured``.

    >>> from lifecycle.terms import load
    >>> modal = load("modal-2024-03-26")
    >>> wait(modal.powers["suspend.overdue"], modal)
    'due day + 30 days (payment is card: 10 days) and overdue notice + 10 days'
    """
    told: list[str] = []
    clocks = [*power.clocks]
    while clocks:
        clock = clocks.pop(0)
        text = _clock(clock, power, terms)
        if (opposite := next((c for c in clocks if _otherwise(clock, c)), None)) is not None:
            clocks.remove(opposite)
            told.append(
                f"{text} ({wording.conditions(opposite.when, opposite.unless, power.matter)}: {opposite.period})"
            )
        else:
            where = wording.conditions(clock.when, clock.unless, power.matter)
            told.append(f"{text} where {where}" if where else text)
    joined = "or" if power.needs == "any" else "and"
    apart = ";" if any(" where " in text for text in told) else ""
    return f"{apart} {joined} ".join(told) or AT_ONCE


def waits(powers: Iterable[Power], terms: Terms) -> str:
    """The waits of several powers together: ``at once, or after 10 or 30 days``."""
    clocks = [clock for power in powers for clock in power.clocks]
    lengths = {(c.unit, c.n) for c in clocks if _is_wait(c)}
    units = dict.fromkeys(unit for unit, _ in sorted(lengths))
    after = [f"{either(str(n) for u, n in sorted(lengths) if u == unit)} {_unit(unit, lengths)}" for unit in units]
    told = [AT_ONCE] if any(not power.clocks for power in powers) else []
    told += [f"after {either(after)}"] if after else []
    told += dict.fromkeys(_clock(c, power, terms) for power in powers for c in power.clocks if not _is_wait(c))
    return ", or ".join(told)


def exact(power: Power, terms: Terms) -> str:
    """All that makes a power open, in the exact words, with how it is exercised."""
    clocks = (wording.clock(clock, power.matter, terms) for clock in power.clocks)
    because = f"because of {wording.matters(power.matter, terms)}" if power.matter else ""
    asked = wording.conditions(power.when, power.unless, power.matter)
    gone = wording.ends(power.ended_by, terms)
    told = (
        f"{wording.who(power.by, power.matter, terms)} may {power.title} [{power.clause}]",
        because,
        f"if {asked}" if asked else "",
        (" or " if power.needs == "any" else " and ").join(clocks),
        wording.exercise(power, terms),
        f"gone once {gone}" if gone else "",
    )
    return "; ".join(filter(None, told))


def _otherwise(clock: Clock, other: Clock) -> bool:
    """Whether another clock is the same count of another length, for just those matters that this one is not for."""
    same = (clock.start, clock.compare, clock.direction) == (other.start, other.compare, other.direction)
    return same and bool(clock.unless) and clock.unless == other.when and not (clock.when or other.unless)


def _is_wait(clock: Clock) -> bool:
    return clock.direction == "after" and clock.compare != "no later than" and clock.n > 0


def _clock(clock: Clock, power: Power, terms: Terms) -> str:
    if not _is_wait(clock):
        return wording.bare_clock(clock, power.matter, terms)
    if clock.notice:
        since = terms.notices[clock.notice].title
    else:
        kind = terms.kinds.get(power.matter[0]) if clock.start == "start" and len(power.matter) == 1 else None
        since = kind.title if kind else wording.anchor(clock, power.matter, terms).removeprefix("the ")
    period = (
        str(clock.period) if clock.compare == "at least" else f"{clock.n} full {_unit(clock.unit, {('', clock.n)})}"
    )
    state = f", {clock.reads}" if clock.compare == "not within" and clock.reads and " " not in clock.reads else ""
    return f"{since} + {period}{state}"


def _unit(unit: str, lengths: Iterable[tuple[str, int]]) -> str:
    """A unit as it is said of such numbers."""
    return unit.removesuffix("s") if {n for u, n in lengths if u in ("", unit)} == {1} else unit
