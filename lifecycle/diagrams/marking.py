"""A picture marked for an account: where it is, what is open there now, from which day each way opens, what comes by
itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import evolve

from lifecycle.agreement import Agreement, Status
from lifecycle.days import Day, Moment
from lifecycle.diagrams.picture import Arrow, Mark, Picture, Standing, Way
from lifecycle.errors import InvalidFact
from lifecycle.plain import a
from lifecycle.powers import Opening
from lifecycle.reasons import NoNotice

_ORDER: tuple[Standing, ...] = ("open", "opens", "waits")


def marked(picture: Picture, account: Agreement, at: str | Moment) -> Picture:
    """A picture of the Terms an account is under, marked for it at an instant, as is recorded of it.

    Raises InvalidFact where the picture is of other Terms than those in force then.
    """
    status = account.status(at)
    if status.terms != picture.terms:
        raise InvalidFact("picture", "terms", f"{account.id} is under {status.terms} then, not under {picture.terms}")
    ahead = account.timeline(at).entries
    opening = {(e.power, e.matter): e.on for e in reversed(ahead) if e.what == "opens"}
    openings: dict[str, list[tuple[Standing, Day | None, str]]] = {}
    for found in account.powers(at):
        day = opening.get((found.power.id, found.matter.id if found.matter else ""))
        openings.setdefault(found.power.id, []).append(_stands(found, status, day))
    leaving = {a.transition for a in picture.arrows if any(source == status.state for source, _ in a.pairs)}
    coming = {(e.change.transition, e.change.source, e.change.target): e.on for e in reversed(ahead) if e.change}
    return evolve(
        picture,
        places=tuple(evolve(place, here=place.id == status.state) for place in picture.places),
        arrows=tuple(
            _of_arrow(arrow, openings if arrow.transition in leaving else {}, coming) for arrow in picture.arrows
        ),
        mark=Mark(agreement=account.id, on=status.on, state=status.state, told=_told(account, status)),
    )


def _stands(found: Opening, status: Status, day: Day | None) -> tuple[Standing, Day | None, str]:
    """How one opening of a power stands, from which day, and in words."""
    about = f" ({' '.join(filter(None, (found.power.clause, found.matter.id if found.matter else '')))})"
    if status.at in found.window:
        return "open", status.on, f"open now{about}"
    if day is not None:
        return "opens", day, f"opens {day}{about}"
    unmet = [reason for reason in found.reasons if not reason.met(status.at)]
    needs = next((f"needs {a(r.title)}" for r in unmet if isinstance(r, NoNotice)), "")
    needs = needs or next((step for reason in unmet if (step := reason.step())), "")
    return "waits", None, f"{needs or 'waits'}{about}"


def _of_arrow(
    arrow: Arrow,
    openings: Mapping[str, list[tuple[Standing, Day | None, str]]],
    coming: Mapping[tuple[str, str, str], Day],
) -> Arrow:
    """An arrow with how its ways stand: those of a transition that can be taken from where the account is."""
    next_ = (day for pair in arrow.pairs if (day := coming.get((arrow.transition, *pair))))
    ways = tuple(_of_way(way, [o for id_ in way.powers for o in openings.get(id_, ())]) for way in arrow.ways)
    return evolve(arrow, ways=ways, next_=min(next_, default=None))


def _of_way(way: Way, found: Iterable[tuple[Standing, Day | None, str]]) -> Way:
    """A way with the opening that stands best, and how many others there are."""
    ranked = sorted(found, key=lambda o: (_ORDER.index(o[0]), o[1] or Day.max))
    if not ranked:
        return way
    standing, day, told = ranked[0]
    more = f", and {len(ranked) - 1} more" if len(ranked) > 1 else ""
    return evolve(way, standing=standing, from_=day, told=f"{told}{more}")


def _told(account: Agreement, status: Status) -> str:
    """Where the account is, in words."""
    where = status.state or "not in force"
    if status.state == "suspended":
        terms = account.terms_at(status.at)
        under = dict.fromkeys(terms.powers[h.power].clause for h in status.holds if h.power in terms.powers)
        where += f" under {', '.join(under)}" if under else ""
    term = status.term
    during = f", term {term.number}: {term.first} to {term.last}" if term and status.state != "terminated" else ""
    return f"{account.id} on {status.on}: {where}{during}"
