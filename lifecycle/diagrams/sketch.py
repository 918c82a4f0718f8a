"""Terms -> picture: the arrows of the machine's table, with the ways that the Terms give to take them.

Where all states of a region share an arrow, it is drawn once, from or to the region.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve

from lifecycle.diagrams.picture import DETAILS, Arrow, Detail, Picture, Place, Way
from lifecycle.errors import InvalidFact
from lifecycle.machine import IN_SERVICE, RUNNING, STATES, Edge, State, edges
from lifecycle.terms import brief, wording
from lifecycle.terms.model import PARTIES, TRANSITIONS, Power, Terms, Transition
from lifecycle.terms.wording import either

_STAYS: Mapping[str, str] = {
    "convert": "the first term begins",
    "renew": "the term rolls on",
    "suspend": "a further hold is added",
    "reinstate": "one of several holds lifts",
}
_AGAIN = {("renew", "renewed"): "term after term"}
_REGIONS = (("in_service", "in service", IN_SERVICE), ("in_force", "in force", RUNNING))


def picture(terms: Terms, *, detail: Detail = "overview", party: str | None = None, only: str | None = None) -> Picture:
    """The picture of some Terms. detail: ``overview`` tells the ways of each holder together, ``full`` every power.
    party: only what this party can do, and what happens by itself. only: the name of a transition, or of a state whose
    arrows are kept.

    Raises InvalidFact for a detail, a party, a transition or a state that there is not.
    """
    _check("detail", detail, DETAILS)
    arrows = edges(terms)
    places = _places(terms, arrows)
    drawn = tuple(_arrows(terms, arrows, places))
    made = Picture(
        terms=terms.id,
        digest=terms.digest,
        title=terms.title,
        dated=terms.dated,
        readings=readings(terms),
        day_one=terms.counting.first_day == "include",
        detail=detail,
        places=places,
        arrows=drawn,
    )
    if party is not None:
        _check("party", party, PARTIES)
        made = _of_party(made, party)
    if only is not None:
        names = (*(arrow.transition for arrow in drawn), *(place.id for place in places))
        _check("only", only, tuple(dict.fromkeys(names)))
        made = _only(made, only)
    return made if detail == "full" else evolve(made, arrows=tuple(_brief(a, terms) for a in made.arrows))


def readings(terms: Terms) -> tuple[str, ...]:
    """How unclear clauses are read, where not by default: ``8.5: receipt``."""
    return tuple(f"{key}: {meaning}" for key, meaning in sorted(terms.chosen.items()))


def _check(field: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise InvalidFact("picture", field, f"there is no {value!r}: {', '.join(known)}")


# ---- places --------------------------------------------------------------------------------------------------


def _places(terms: Terms, arrows: tuple[Edge, ...]) -> tuple[Place, ...]:
    states = [s for s in STATES if any(s in (edge.source, edge.target) for edge in arrows)] or ["active"]
    members = {name: [s for s in states if s in all_] for name, _, all_ in _REGIONS}
    regions = [name for name, found in members.items() if len(found) > 1]
    if members["in_service"] == members["in_force"] and "in_force" in regions:
        regions.remove("in_force")
    inside = {s: name for name in reversed(regions) for s in members[name]}
    outer = {"in_service": "in_force"} if len(regions) == len(_REGIONS) else {}
    titles = {name: title for name, title, _ in _REGIONS}
    entries, notes = _entries(terms), {"terminated": _outlives(terms)}
    return (
        *(Place(id=r, title=titles[r], region=True, inside=outer.get(r, "")) for r in regions),
        *(
            Place(id=s, title=s, inside=inside.get(s, ""), entry=entries.get(s, ""), note=notes.get(s, ""))
            for s in states
        ),
    )


def _outlives(terms: Terms) -> str:
    """What stays in force after the end."""
    if terms.survival is None:
        return ""
    return f"still in force after it: {', '.join(terms.survival.clauses)} [{terms.survival.clause}]"


def _entries(terms: Terms) -> Mapping[str, str]:
    """The states in which an agreement can begin, and with what."""
    begun = "agreement made" if terms.framework or terms.begins == "made" else "order starts"
    return {"trial": "made on trial", "active": begun} if terms.trial else {"active": begun}


# ---- arrows --------------------------------------------------------------------------------------------------


def _arrows(terms: Terms, found: tuple[Edge, ...], places: tuple[Place, ...]) -> Iterator[Arrow]:
    regions = {
        tuple(s for s in STATES if _lies_in(s, region.id, places)): region.id for region in places if region.region
    }
    for transition in TRANSITIONS:
        own = [edge for edge in found if edge.transition == transition]
        loops = [((e.source,), (e.target,)) for e in own if e.source == e.target]
        for sources, targets in (*_gathered([e for e in own if e.source != e.target], regions), *loops):
            ends = [regions.get(side) or side[0] for side in (sources, targets)]
            pairs = tuple((s, t) for s in sources for t in targets)
            note = _STAYS[transition] if ends == ["suspended", "suspended"] else _AGAIN.get((transition, ends[0]), "")
            yield Arrow(
                id=".".join((transition, *ends)),
                transition=transition,
                source=ends[0],
                target=ends[1],
                pairs=pairs,
                ways=tuple(_ways(terms, transition, pairs[0])),
                note=note if ends[0] == ends[1] else "",
            )


def _lies_in(state: str, region: str, places: tuple[Place, ...]) -> bool:
    by_id = {place.id: place for place in places}
    place = by_id.get(state)
    while place and place.inside:
        if place.inside == region:
            return True
        place = by_id[place.inside]
    return False


def _gathered(
    found: list[Edge], regions: Mapping[tuple[State, ...], str]
) -> list[tuple[tuple[State, ...], tuple[State, ...]]]:
    """Edges of one transition, those from all states of a region or to all of them as one."""
    pairs = {(edge.source, edge.target) for edge in found}
    made: list[tuple[tuple[State, ...], tuple[State, ...]]] = []
    for region in sorted(regions, key=len, reverse=True):
        for state in STATES:
            for arrow in ((region, (state,)), ((state,), region)):
                covered = {(s, t) for s in arrow[0] for t in arrow[1]}
                if covered <= pairs:
                    made.append(arrow)
                    pairs -= covered
    return made + [((s,), (t,)) for s in STATES for t in STATES if (s, t) in pairs]


# ---- ways ----------------------------------------------------------------------------------------------------


def _ways(terms: Terms, transition: Transition, pair: tuple[State, State]) -> Iterator[Way]:
    match transition:
        case "convert":
            yield from _convert(terms, pair)
        case "renew":
            yield _renew(terms)
        case "expire":
            yield from _expire(terms)
        case "reinstate":
            yield from _reinstate(terms)
        case _:
            yield from (_power(power, terms) for power in terms.powers_to(transition))


def _power(power: Power, terms: Terms) -> Way:
    return Way(
        who=brief.who(power, terms),
        clause=power.clause,
        ground=brief.ground(power, terms),
        when=brief.wait(power, terms),
        how=wording.exercise(power, terms),
        parties=brief.parties(power, terms),
        powers=(power.id,),
        exact=(brief.exact(power, terms),),
    )


def _itself(clause: str, ground: str, when: str = "") -> Way:
    told = ": ".join(filter(None, (ground, when)))
    return Way(who=brief.BY_ITSELF, clause=clause, ground=ground, when=when, exact=(told,))


def _convert(terms: Terms, pair: tuple[State, State]) -> Iterator[Way]:
    if terms.trial and pair[0] != "active":
        over = ", or the trial ends" if terms.framework else ""
        yield _itself(terms.trial.clause, f"the signed order starts{over}")
    if terms.framework and pair[0] != "trial":
        yield _itself(terms.framework.clause, "the first order starts", "no term runs before it")


def _renew(terms: Terms) -> Way:
    if terms.renewal is None:
        return _itself("", "the term ends", "where both signed a successor order")
    return _itself(terms.renewal.clause, "the term ends", f"unless stopped {_stopped(terms)}")


def _stopped(terms: Terms) -> str:
    """How a renewal is stopped, and until when."""
    assert terms.renewal
    power = terms.powers[terms.renewal.stopped_by]
    clocks = " and ".join(wording.bare_clock(clock, power.matter, terms) for clock in power.clocks)
    return " ".join(filter(None, (wording.exercise(power, terms), clocks)))


def _expire(terms: Terms) -> Iterator[Way]:
    # Under a framework the end of the trial ends nothing: the agreement goes on without a term.
    if terms.trial and not terms.framework:
        limit = f", or {terms.kinds[terms.trial.limit].title}" if terms.trial.limit else ""
        yield _itself(terms.trial.clause, f"the trial ends{limit}", "without a signed order")
    if terms.renewal:
        notice = wording.exercise(terms.powers[terms.renewal.stopped_by], terms)
        yield _itself(terms.renewal.clause, "the term ends", f"renewal stopped {notice}, or none was ordered")
    elif not terms.framework:
        yield _itself("", "the term ends", "without a successor order")
    if terms.framework:
        least = f"not before {terms.framework.at_least} from its making" if terms.framework.at_least else ""
        yield _itself(terms.framework.clause, "the last order ends", least)


def _reinstate(terms: Terms) -> Iterator[Way]:
    for power in terms.powers_to("suspend"):
        if power.lifts == "by itself":
            kinds = either(terms.kinds[kind].title for kind in power.matter if kind in terms.kinds)
            yield evolve(
                _itself(power.clause, f"{kinds} {wording.ends(power.ended_by, terms)}".strip(), brief.AT_ONCE),
                exact=(f"a hold under {power.clause} lifts {wording.lifting(power, terms)}",),
            )
    lifting = terms.powers_to("reinstate")
    for power in lifting:
        yield evolve(_power(power, terms), ground=power.title, when="at any time" if not power.clocks else "")
    if not lifting:
        for power in terms.powers_to("suspend"):
            told = f"lift what it may {power.title}"
            yield evolve(_power(power, terms), ground=told, when="at any time", how="", powers=(), exact=(told,))


# ---- detail --------------------------------------------------------------------------------------------------


def _of_party(made: Picture, party: str) -> Picture:
    kept = ((a.id, tuple(w for w in a.ways if w.automatic or party in w.parties)) for a in made.arrows)
    return made.narrowed(tuple((id_, ways) for id_, ways in kept if ways), f"what the {party} can do")


def _only(made: Picture, only: str) -> Picture:
    states = set(made.states_of(only))
    kept = (
        (arrow.id, arrow.ways)
        for arrow in made.arrows
        if arrow.transition == only or any(states & set(pair) for pair in arrow.pairs)
    )
    shows = f"{made.shows}, {only}" if made.shows else only
    return made.narrowed(tuple(kept), shows.replace("_", " "))


def _brief(arrow: Arrow, terms: Terms) -> Arrow:
    """An arrow with the powers of each holder told together."""
    together: dict[str, list[Way]] = {}
    for way in arrow.ways:
        apart = not way.powers or arrow.transition == "reinstate"
        together.setdefault(way.clause + way.ground if apart else way.who, []).append(way)
    return evolve(arrow, ways=tuple(_together(ways, terms) for ways in together.values()))


def _together(ways: list[Way], terms: Terms) -> Way:
    first = ways[0]
    powers = [terms.powers[id_] for way in ways for id_ in way.powers]
    if len(ways) == 1 and (not powers or powers[0].does == "reinstate"):
        return evolve(first, clause=_section(first))
    return Way(
        who=first.who,
        clause=", ".join(dict.fromkeys(map(_section, ways))),
        ground=brief.grounds(powers, terms),
        when=brief.waits(powers, terms),
        how=first.how if len({way.how for way in ways}) == 1 else "",
        parties=first.parties,
        powers=tuple(power.id for power in powers),
        exact=tuple(text for way in ways for text in way.exact),
    )


def _section(way: Way) -> str:
    return way.clause.partition("(")[0]
