"""What the report says in whole sentences: where an account stands, and each power in a row of words."""

from __future__ import annotations

from lifecycle.days import FOREVER, Calendar
from lifecycle.reporting.spans import Right, Span
from lifecycle.terms.model import named
from lifecycle.values import frozen


@frozen(kw_only=True)
class Row:
    """A power as a row of a table: who may do what, because of what, under which clause, when, and how that was
    counted.
    """

    who: str
    may: str
    about: str
    clause: str
    when: str
    how: str


def row(right: Right) -> Row:
    how = "; ".join(filter(None, (right.arithmetic, _caveat(right))))
    return Row(
        who=named(right.by),
        may=right.title,
        about=right.about,
        clause=right.clause,
        when=when(right),
        how=how,
    )


def when(right: Right) -> str:
    """From which day to which, both included, or what it waits for."""
    through = f" through {right.last}" if right.last else ""
    match right.standing:
        case "open":
            return f"open since {right.first}{through}" if right.matter else f"open{through}"
        case "later":
            return f"from {right.first}{through}"
        case _:
            return f"waits: {'; '.join(right.missing)}" if right.missing else "waits for something else to end"


def _caveat(right: Right) -> str:
    """What to see to before it is used."""
    writing = "takes notice in writing" if right.in_writing else ""
    vouched = "rests on nothing having been paid, cured or ended meanwhile: make sure first" if right.vouched else ""
    return "; ".join(filter(None, (writing, vouched)))


def stands(span: Span, customer: str, calendar: Calendar) -> str:
    """Where the account stands, in a sentence or two."""
    running = f", in term {span.term.number} ({span.term.first} to {span.term.last})" if span.term else ""
    match span.state:
        case None:
            return f"The agreement with {customer} is not in force."
        case "terminated":
            return _ended(span, customer, calendar)
        case "suspended":
            return f"{customer} is suspended{running}. {' '.join(_held(span, calendar))}"
        case "trial":
            return f"{customer} is on trial."
        case _ if not span.in_service:
            return f"The agreement with {customer} is in force, without a term."
        case _:
            return f"{customer} is in service{running}."


def _ended(span: Span, customer: str, calendar: Calendar) -> str:
    ending = span.ending
    if ending is None:
        return f"The agreement with {customer} has ended."
    by = {"both": " by both together", None: " by itself" if ending.how == "terminated" else ""}
    who = by.get(ending.by, f" by the {ending.by}")
    clause = f" under {ending.clause}" if ending.clause else ""
    return f"The agreement with {customer} ended on {calendar.day_of(ending.at)}: {ending.how}{who}{clause}."


def _held(span: Span, calendar: Calendar) -> list[str]:
    told = []
    for hold in span.holds:
        because = f" because of {hold.matter}" if hold.matter else ""
        lifts = "lifts by itself once that is settled" if hold.by_itself else "takes an act to lift"
        if hold.until < FOREVER:
            lifts = f"lifts on {calendar.day_of(hold.until)}"
        told.append(f"Held since {calendar.day_of(hold.since)}{because}; {lifts}.")
    return told
