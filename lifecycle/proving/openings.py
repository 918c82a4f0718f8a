"""Properties of powers, notices and deadlines: that each can come about, and none before its time."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.days import Instant
from lifecycle.events import NoticeGiven
from lifecycle.proving.claims import Claim, Counterexample, Declared, Failure
from lifecycle.proving.counting import fastest
from lifecycle.proving.graph import Edge, Graph
from lifecycle.proving.naming import given, party_of
from lifecycle.proving.proof import Property
from lifecycle.proving.story import Teller
from lifecycle.proving.world import World
from lifecycle.terms.model import Duty, Power, holders
from lifecycle.terms.reach import Attributes, fits, why_never_given, why_never_opens


def _powers_open(world: World) -> Iterator[Failure | Declared]:
    for power in world.terms.powers.values():
        why = why_never_opens(power, world.terms)
        if (why or not world.uses[power.id]) and not world.lacking(power) and not _stops_renewal(world, power):
            why = why or "there is no day on which all its conditions hold"
            shown = None if power.exercise == "automatic" else world.never(power)
            yield Failure(words=f"{power.id} never opens: {why}", clause=power.clause, counterexample=shown)


def _stops_renewal(world: World, power: Power) -> bool:
    return world.terms.renewal is not None and power.id == world.terms.renewal.stopped_by


def _windows_open(world: World) -> Iterator[Failure | Declared]:
    for power in world.terms.powers.values():
        used = {(edge.move.about, edge.move.sort) for _, edge in world.uses[power.id]}
        for graph, kind, sort, matter in world.sorts(power) if used and not world.lacking(power) else ():
            if (kind, sort) not in used and _has_holder(world, power, kind, matter):
                words = f"{power.id} leaves no day for {_told(kind, matter)}, though it is about such matters"
                shown = world.never_for(power, graph, kind, sort)
                yield Failure(words=words, clause=power.clause, counterexample=shown)


def _has_holder(world: World, power: Power, kind: str, matter: Attributes) -> bool:
    """Whether somebody holds the power and can give what notices it takes, about a sort of matter."""
    party = party_of(matter)
    kinds = [world.terms.notices[clock.notice] for clock in power.clocks if clock.notice]
    who = [power.by, *(notice.by for notice in kinds if kind in notice.about)]
    return all(each == "both" or holders(each, party) for each in who)


def _told(kind: str, matter: Attributes) -> str:
    said = ", ".join(f"{name} {_shown(value)}" for name, value in matter.items() if value is not None)
    return f"{kind} ({said})" if said else kind


def _shown(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value).removeprefix("\0")


# ---- notices -------------------------------------------------------------------------------------------------


def _notices_givable(world: World) -> Iterator[Failure | Declared]:
    for notice in world.terms.notices.values():
        needing = [power for power in world.terms.powers.values() if notice.id in world.lacking(power)]
        if needing:
            why = why_never_given(notice, world.terms) or "there is no day on which it can be given"
            names = ", ".join(power.id for power in needing)
            shown = _in_vain(world, needing[0], notice.id)
            yield Failure(
                words=f"{notice.id} can never be given ({why}): {names}", clause=notice.clause, counterexample=shown
            )


def _in_vain(world: World, power: Power, notice: str) -> Counterexample | None:
    """A history in which the notice is sent all the same, and the power stays closed."""
    graph, kind, sort = next(((g, k, s) for g, k, s, _ in world.sorts(power)), (world.course, "", 0))
    trace = (world.fullest(graph, kind, sort) if kind else graph.nodes[1]).trace

    def sent(teller: Teller, at: Instant) -> list[Claim]:
        teller.at = world.later(graph, at)
        about = (teller.matters[kind],) if kind and world.terms.notices[notice].about else ()
        teller.record(NoticeGiven(kind=notice, by="provider", method=fastest(world.terms)[0], about=about))
        through = world.later(graph, teller.at)
        return [Claim(at=teller.at, power=power.id, open=False, through=through)]

    return world.shown(graph, trace, sent)


def _noticed(world: World) -> Iterator[Failure | Declared]:
    for power in world.terms.powers_to("suspend"):
        if not any(clock.notice for clock in power.clocks):
            yield Declared(f"{power.id} asks for no notice ({power.clause})")
        yield from _unnoticed(world, power)


def _notice_first(world: World) -> Iterator[Failure | Declared]:
    for power in (p for p in world.terms.powers.values() if p.does != "suspend"):
        yield from _unnoticed(world, power)


def _unnoticed(world: World, power: Power) -> Iterator[Failure | Declared]:
    """A use of a power before a notice that it counts from was given."""
    told = set()
    for graph, edge in world.uses[power.id]:
        matter = graph.automaton.sorts.get(edge.move.about, ({},) * (edge.move.sort + 1))[edge.move.sort]
        clocks = [clock for clock in power.clocks if clock.notice]
        asked = [clock.notice for clock in clocks if fits(clock.when, clock.unless, matter)]
        if (
            clocks
            and not asked
            and (words := f"{power.id} asks for no notice about {_told(edge.move.about, matter)}") not in told
        ):
            told.add(words)
            yield Declared(words)
        missing = [n for n in asked if given(edge.move.about, n) not in edge.source.zone.names]
        if missing and not _was_open(edge):
            yield _before_notice(world, power, graph, edge, missing[0])
            return


def _was_open(edge: Edge) -> bool:
    """Whether the power is one that had opened before its matter ended: its notice is then no longer pending."""
    return any(name.startswith("late ") for name in edge.move.needs)


def _before_notice(world: World, power: Power, graph: Graph, edge: Edge, notice: str) -> Failure:
    words = f"{power.id} can be used though no {notice} notice was given"
    if power.does == "suspend":
        shown = world.shown(graph, edge.trace, lambda _, at: (Claim(at=at, state="suspended", regular=True),))
    else:
        shown = world.still_open(power, graph, edge)
    return Failure(words=words, clause=power.clause, counterexample=shown)


# ---- deadlines -----------------------------------------------------------------------------------------------


def _deadlines(world: World) -> Iterator[Failure | Declared]:
    met = {(e.move.subject, e.move.about, e.move.sort) for g in world.parts for e in g.edges if e.move.what == "meet"}
    for duty in world.terms.duties.values():
        if duty.effort and duty.deadline == "clocks":
            yield Declared(f"{duty.id} asks for an attempt only, and is never missed ({duty.clause})")
        elif duty.deadline == "clocks":
            yield from _never_met(world, duty, met)


def _never_met(world: World, duty: Duty, met: set[tuple[str, str, int]]) -> Iterator[Failure | Declared]:
    for kind in duty.matter:
        graph = world.graph_of(kind)
        for sort, matter in enumerate(graph.automaton.sorts[kind] if graph else ()):
            arises = duty.arises == "start" or duty.arises.removeprefix("notice:") in world.given
            if graph and arises and fits(duty.when, duty.unless, matter) and (duty.id, kind, sort) not in met:
                words = f"{duty.id} cannot be met by its last day: what meets it comes later"
                yield Failure(words=words, clause=duty.clause, counterexample=_missed(world, duty, graph, kind, sort))
                return


def _missed(world: World, duty: Duty, graph: Graph, kind: str, sort: int) -> Counterexample | None:
    """A history in which the duty's notice is given as soon as it can be, too late."""
    ways = {way.removeprefix("notice:") for way in (*duty.met_by, duty.arises)}
    tries = [
        edge
        for edge in graph.edges
        if edge.move.what == "notice"
        and edge.move.subject in ways
        and (edge.move.about, edge.move.sort) == (kind, sort)
    ]
    trace = tries[0].trace if tries else world.fullest(graph, kind, sort).trace

    def missed(_: Teller, at: Instant) -> tuple[Claim]:
        return (Claim(at=world.later(graph, at), duty=duty.id, standing="missed"),)

    return world.shown(graph, trace, missed)


OPENINGS = (
    Property(
        "powers-open",
        "every power can open",
        "A right that the Terms give can be used on some day; none is on paper only.",
        _powers_open,
    ),
    Property(
        "windows-open",
        "no window is empty by arithmetic",
        "A power is there for every sort of matter it speaks of, not only for some of them.",
        _windows_open,
    ),
    Property(
        "notices-givable",
        "every notice that a power needs can be given",
        "Somebody may give it, on some day, by a method that counts.",
        _notices_givable,
    ),
    Property(
        "suspension-noticed",
        "no suspension without its notice having run",
        "Where a suspension counts from a notice, the customer was given it, and its days, before access stops.",
        _noticed,
    ),
    Property(
        "notice-first",
        "no power opens before its notice was given",
        "Where any other power counts from a notice, the other side was told first.",
        _notice_first,
    ),
    Property(
        "deadlines-possible",
        "no deadline is made impossible by another clause",
        "Whoever must do something by a day can do it by that day.",
        _deadlines,
    ),
)
