"""A picture marked for an account: where it is, what is open there now, from which day each way opens, what comes by
itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from attrs import evolve

from lifecycle.agreement import Agreement, Status
from lifecycle.days import Day, Moment
from lifecycle.diagrams.picture import Arrow, Detail, Mark, Picture, Standing, Way
from lifecycle.diagrams.sketch import readings
from lifecycle.errors import InvalidFact
from lifecycle.machine import State
from lifecycle.plain import a
from lifecycle.powers import Opening
from lifecycle.reasons import NoNotice
from lifecycle.terms.model import Terms, Transition

Stands: TypeAlias = tuple[Standing, Day | None, str]
"""How one opening of a power stands, from which day if it opens later, and in words."""
_MOST = 2
_ORDER: tuple[Standing, ...] = ("open", "opens", "waits")


def marked(picture: Picture, account: Agreement, at: str | Moment) -> Picture:
    """A picture of the Terms an account is under, marked for it at an instant, as is recorded of it.

    Raises InvalidFact where the picture is of other Terms than those in force then, or of other readings.
    """
    status = account.status(at)
    terms = account.terms_at(at)
    if (terms.id, terms.digest, readings(terms)) != (picture.terms, picture.digest, picture.readings):
        problem = f"{account.id} is then under {terms.id}, with the readings agreed on: draw account.terms_at(at)"
        raise InvalidFact("picture", "terms", problem)
    ahead = account.timeline(at).entries
    opening = {(e.power, e.matter): e.on for e in reversed(ahead) if e.what == "opens"}
    openings: dict[str, list[Stands]] = {}
    for found in account.powers(at):
        day = opening.get((found.power.id, found.matter.id if found.matter else ""))
        openings.setdefault(found.power.id, []).append(_stands(found, status, day, _about(found, picture.detail)))
    leaving = {a.transition for a in picture.arrows if any(source == status.state for source, _ in a.pairs)}
    coming = {(e.change.transition, e.change.source, e.change.target): e.on for e in reversed(ahead) if e.change}
    return evolve(
        picture,
        places=tuple(evolve(place, here=place.id == status.state) for place in picture.places),
        arrows=tuple(
            _of_arrow(arrow, openings if arrow.transition in leaving else {}, coming) for arrow in picture.arrows
        ),
        mark=Mark(agreement=account.id, on=status.on, state=status.state, told=_told(status, terms)),
    )


def _about(found: Opening, detail: Detail) -> str:
    """Whose an opening is, where the way does not say; of an overview its clause; and its matter."""
    whose = f" for the {found.holders[0]}" if found.power.by in ("other", "subject") and len(found.holders) == 1 else ""
    told = (found.power.clause if detail == "overview" else "", found.matter.id if found.matter else "")
    words = " ".join(filter(None, told))
    return f"{whose} ({words})" if words else whose


def _stands(found: Opening, status: Status, day: Day | None, about: str) -> Stands:
    if status.at in found.window:
        return "open", None, f"open now{about}"
    if day is not None:
        return "opens", day, f"opens {day}{about}"
    unmet = [reason for reason in found.reasons if not reason.met(status.at)]
    needs = next((f"needs {a(r.title)}" for r in unmet if isinstance(r, NoNotice)), "")
    needs = needs or next((step for reason in unmet if (step := reason.step())), "")
    return "waits", None, f"{needs or 'waits'}{about}"


def _of_arrow(
    arrow: Arrow,
    openings: Mapping[str, list[Stands]],
    coming: Mapping[tuple[Transition, State, State], Day],
) -> Arrow:
    """An arrow with how its ways stand: those of a transition that can be taken from where the account is."""
    expected = (day for pair in arrow.pairs if (day := coming.get((arrow.transition, *pair))))
    ways = tuple(_of_way(way, [o for id_ in way.powers for o in openings.get(id_, ())]) for way in arrow.ways)
    return evolve(arrow, ways=ways, expected=min(expected, default=None))


def _of_way(way: Way, found: Iterable[Stands]) -> Way:
    """A way that stands as the best of its openings, with the next ones in words."""
    ranked = sorted(found, key=lambda o: (_ORDER.index(o[0]), o[1] or Day.max))
    if not ranked:
        return way
    standing, day, _ = ranked[0]
    told = "; ".join(told for _, _, told in ranked[:_MOST])
    more = f"; and {len(ranked) - _MOST} more" if len(ranked) > _MOST else ""
    return evolve(way, standing=standing, first_day=day, told=f"{told}{more}")


def _told(status: Status, terms: Terms) -> str:
    """Where the account is, in words."""
    where = str(status.state or "not in force")
    if status.state == "suspended":
        powers = (terms.powers.get(hold.power or "") for hold in status.holds)
        under = dict.fromkeys(power.clause for power in powers if power)
        where += f" under {', '.join(under)}" if under else ""
    if ending := status.ending:
        where = ending.how + (f" under {ending.clause}" if ending.clause else "")
    term = status.term
    during = f", term {term.number}: {term.first} to {term.last}" if term and status.state != "terminated" else ""
    return f"{status.agreement} on {status.on}: {where}{during}"
