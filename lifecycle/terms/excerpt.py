"""What to show of some Terms: all of their sheet, or what concerns one clause or one power; each other meaning of an
unclear clause told by what it would change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from lifecycle.errors import InvalidFact, InvalidTerms
from lifecycle.terms.difference import Change, Turn, read_otherwise
from lifecycle.terms.entries import entries
from lifecycle.terms.model import Power, Reading, Terms
from lifecycle.terms.patching import places
from lifecycle.terms.sheet import Entry, Line


def excerpt(terms: Terms, clause: str | None = None, power: str | None = None) -> tuple[Entry, ...]:
    """The entries that concern a clause (those below it and those that cite it among them), or a power (with what its
    notices ask, what follows from it, and what is unclear about it); without either, all of them.

    Raises InvalidFact for a clause or power they do not have.
    """
    if clause is not None and clause not in terms.clauses:
        raise InvalidFact("terms", "clause", f"{terms.id} has no clause {clause!r}: {', '.join(terms.clauses)}")
    if power is not None and power not in terms.powers:
        raise InvalidFact("terms", "power", f"{terms.id} has no power {power!r}: {', '.join(terms.powers)}")
    found = entries(terms)
    chosen = (
        entry
        for entry in found
        if (clause is None or entry.about(clause)) and (power is None or _concerns(entry, terms.powers[power]))
    )
    return tuple(_explained(entry, terms) if entry.section == "reading" else entry for entry in chosen)


def told(changes: Iterable[Change]) -> Iterator[str]:
    """Changes as lines: where, what, and from what to what; what changes alike in several places is told once."""
    alike: dict[Turn, list[str]] = {}
    for change in changes:
        if change.what == "changed":
            for turn in change.turns:
                alike.setdefault(turn, []).append(_place(change))
        else:
            says = "; ".join(f"{turn.label}: {turn.old or turn.new}" for turn in change.turns)
            yield f"{change.what}: {_place(change)} - {says}"
    for turn, where in alike.items():
        how = turn.label if turn.old and turn.new else f"{'now' if turn.new else 'no longer'} {turn.label}"
        yield f"{'; '.join(where)} - {how}: {' -> '.join(filter(None, (turn.old, turn.new)))}"


def _place(change: Change) -> str:
    return f"{change.clause} {change.title}".strip()


def _concerns(entry: Entry, power: Power) -> bool:
    match entry.section:
        case "power":
            return entry.id == power.id
        case "clause":
            return entry.id == power.clause
        case "notice":
            notices = {clock.notice for clock in power.clocks} | {power.exercise.removeprefix("notice:")}
            return entry.id in notices or (entry.id == "notice" and power.exercise == "written notice")
        case "effect":
            effect = entry.source
            return power.does in effect.on and (not effect.powers or power.id in effect.powers)
        case "reading":
            return _turns(entry.source, power)
        case _:
            return False


def _turns(reading: Reading, power: Power) -> bool:
    """Whether a meaning of a reading changes a power."""
    paths = (places(patch.at) for alternative in reading.alternative for patch in alternative.patch)
    return any(path[:2] == ("power", power.id) for path in paths)


def _explained(entry: Entry, terms: Terms) -> Entry:
    """An unclear clause with each other meaning and what it would change, in words."""
    reading: Reading = entry.source
    taken = terms.chosen.get(reading.key, reading.default)
    lines = [Line("question", reading.question), Line("taken as", taken)]
    for meaning in reading.meanings:
        if meaning != taken:
            lines.append(Line("or", f"{meaning}{', the default' if meaning == reading.default else ''}", meaning))
            lines += [Line("changes", text, f"{meaning} {text}") for text in _changed(terms, reading.key, meaning)]
    return evolve(entry, lines=tuple(lines))


def _changed(terms: Terms, key: str, meaning: str) -> list[str]:
    try:
        return [*told(read_otherwise(terms, key, meaning))]
    except InvalidTerms as error:
        return [f"makes no Terms: {problem}" for problem in error.problems]
