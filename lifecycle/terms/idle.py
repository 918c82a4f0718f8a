"""What stands in Terms without effect: kinds nothing is about, notices nobody needs, effects of acts nobody does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lifecycle.terms.checking import at, clocks
from lifecycle.terms.finding import Finding, error, hint
from lifecycle.terms.model import TERM_END, TRIAL_END, Kind, Power, Terms


def idle(terms: Terms) -> Iterator[Finding]:
    """Everything that does nothing, in the order of the file's sections."""
    yield from _kinds(terms)
    yield from _notices(terms)
    for power in terms.powers.values():
        yield from _power(power, at("power", power.id))
    yield from _effects(terms)
    yield from _order(terms)


def _kinds(terms: Terms) -> Iterator[Finding]:
    used = {kind for _, kinds in _uses_of_kinds(terms) for kind in kinds}
    for kind in terms.kinds.values():
        path = at("kind", kind.id)
        if kind.id not in used:
            what = "no power, duty, notice or clock is about it"
            yield hint("unused-kind", path, what, "use it, or leave it out")
            continue
        named = {end for kinds, ends in _uses_of_ends(terms) if kind.id in kinds for end in ends}
        for end in kind.ends if not _holds_others(kind) else ():
            if end not in named:
                what = f"no power or duty names its end {end!r}"
                yield hint("unused-end", f"{path}.ends", what, "say what it takes away or fulfils, or leave it out")


def _holds_others(kind: Kind) -> bool:
    """Whether matters of a kind name others: then its ends set those free, whichever they are."""
    return "matters" in kind.attributes.values()


def _uses_of_kinds(terms: Terms) -> Iterator[tuple[str, tuple[str, ...]]]:
    for power in terms.powers.values():
        yield power.id, (*power.matter, *power.blocked_by)
    for duty in terms.duties.values():
        yield duty.id, duty.matter
    for notice in terms.notices.values():
        yield notice.id, notice.about
    for path, clock in clocks(terms):
        yield path, (clock.paused_by, clock.restarted_by)
    if terms.trial:
        yield "trial", (terms.trial.limit,)


def _uses_of_ends(terms: Terms) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    for power in terms.powers.values():
        yield power.matter, (*power.ended_by, *power.prevented_by)
    for duty in terms.duties.values():
        yield duty.matter, duty.met_by


def _notices(terms: Terms) -> Iterator[Finding]:
    needed = {clock.notice for _, clock in clocks(terms)}
    needed |= {power.exercise.removeprefix("notice:") for power in terms.powers.values()}
    needed |= {duty.arises.removeprefix("notice:") for duty in terms.duties.values()}
    needed |= {way.removeprefix("notice:") for duty in terms.duties.values() for way in duty.met_by}
    needed |= {terms.amendment.objection} if terms.amendment else set()
    for notice in terms.notices.values():
        if notice.id not in needed:
            what = "no power or duty needs such a notice"
            yield hint("unused-notice", at("notice_kind", notice.id), what, "use it, or leave it out")
    written = any(power.exercise == "written notice" for power in terms.powers.values())
    if terms.notice and not terms.notices and not written:
        yield hint("unused-methods", "notice", "nothing is ever given by notice", "leave the methods out")
    if terms.notices and not terms.notice:
        what = "nothing says how notice is given: any writing counts at once"
        yield hint("no-methods", "notice", what, "add [notice] with the methods that count")


def _power(power: Power, path: str) -> Iterator[Finding]:
    for name in ("ended_by", "prevented_by"):
        for end in getattr(power, name):
            if end.startswith("notice:"):
                what = f"{end!r} takes no power away: only ends of the matter do"
                yield error("in-vain", f"{path}.{name}", what, "let the matter end, or add a clock")
    if power.prevented_by and not power.clocks:
        what = "it opens with its matter, so nothing can prevent it first"
        yield hint("in-vain", f"{path}.prevented_by", what, "say ended_by, or add a clock")
    if power.lifts and power.does != "suspend":
        what = f"to {power.does} places no hold that could lift"
        yield hint("in-vain", f"{path}.lifts", what, "leave it out")


def _effects(terms: Terms) -> Iterator[Finding]:
    done = _acts(terms)
    named = [(f"effect[{i}].on", effect.on) for i, effect in enumerate(terms.effects)]
    named += [(f"rule[{i}].on", rule.on) for i, rule in enumerate(terms.rules)]
    for path, acts in named:
        for act in (act for act in acts if act not in done):
            yield hint("never-done", path, f"nothing in these Terms does {act!r}", "name an act of these Terms")
    for i, effect in enumerate(terms.effects):
        for name in effect.powers:
            if terms.powers[name].does not in effect.on:
                what = f"{name!r} does {terms.powers[name].does!r}, and the effect is on {_or(effect.on)}"
                yield error("never-done", f"effect[{i}].powers", what, "name powers to do what it is on")


def _or(names: Iterable[str]) -> str:
    return " or ".join(map(repr, names))


def _acts(terms: Terms) -> set[str]:
    """What is ever done under the Terms, by a party or by themselves."""
    by_itself = {
        "convert": bool(terms.trial or terms.framework),
        "renew": terms.begins == "order",
        "reinstate": bool(terms.powers_to("suspend")),
        "expire": terms.begins == "order",
        TRIAL_END: terms.trial is not None,
        TERM_END: terms.framework is not None,
    }
    return {power.does for power in terms.powers.values()} | {act for act, done in by_itself.items() if done}


def _order(terms: Terms) -> Iterator[Finding]:
    asked = {name for power in terms.powers.values() for name in power.order_unless}
    for name in terms.order.attributes:
        if name not in asked:
            what = "no power turns on it (order_unless)"
            yield hint("unused-value", f"order.attributes.{name}", what, "use it, or leave it out")
    named = {clock.order_value for _, clock in clocks(terms)}
    for name in terms.order.values:
        if name not in named:
            what = "no clock takes its period from it (order_value)"
            yield hint("unused-value", f"order.values.{name}", what, "use it, or leave it out")
