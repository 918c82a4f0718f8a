"""What differs between two Terms, clause by clause, in words and days: the sheets of both, compared line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from attrs import fields, has

from lifecycle.plain import shown
from lifecycle.terms.entries import entries
from lifecycle.terms.loading import under
from lifecycle.terms.model import Terms
from lifecycle.terms.sheet import Entry, Line, Section
from lifecycle.values import frozen


@frozen
class Turn:
    """One line of an entry that differs: ``old`` and ``new`` are what it said and says, '' where it says nothing."""

    label: str
    old: str
    new: str


@frozen
class Change:
    """One entry of the sheets that differs: added, removed, or changed in the lines of ``turns``; of an entry added or
    removed these are all its lines.
    """

    what: Literal["added", "removed", "changed"]
    section: Section
    id: str
    clause: str
    title: str
    turns: tuple[Turn, ...]


def differences(old: Terms, new: Terms) -> tuple[Change, ...]:
    """Every change from the one to the other, in the order of the new Terms' clauses, then of those gone.

    Empty where they say the same, whatever their layout, order and comments.
    """
    before = {(entry.section, entry.id): entry for entry in entries(old)}
    after = {(entry.section, entry.id): entry for entry in entries(new)}
    order = {clause: place for place, clause in enumerate(("", *new.clauses, *old.clauses))}
    changes = [*_changes(before, after)]
    return tuple(sorted(changes, key=lambda change: order.get(change.clause, len(order))))


def read_otherwise(terms: Terms, key: str, meaning: str) -> tuple[Change, ...]:
    """What another meaning of one reading changes in these Terms, apart from the reading itself.

    Raises InvalidFact for a reading or meaning they do not have, InvalidTerms for one that makes no Terms.
    """
    changes = differences(terms, under(terms, {**terms.chosen, key: meaning}))
    return tuple(change for change in changes if change.section != "reading")


def _changes(before: dict[tuple[Section, str], Entry], after: dict[tuple[Section, str], Entry]) -> Iterator[Change]:
    for key, entry in after.items():
        if key not in before:
            yield _change("added", entry, (Turn(line.label, "", line.text) for line in entry.lines))
        elif turns := (*_turns(before[key], entry),):
            yield _change("changed", entry, turns)
    for key, entry in before.items():
        if key not in after:
            yield _change("removed", entry, (Turn(line.label, line.text, "") for line in entry.lines))


def _change(what: Literal["added", "removed", "changed"], entry: Entry, turns: Iterable[Turn]) -> Change:
    return Change(what, entry.section, entry.id, entry.clause, entry.title, tuple(turns))


def _turns(old: Entry, new: Entry) -> Iterator[Turn]:
    """The lines that differ. What differs without any words for it is told by the name of its key."""
    found = [
        Turn(label, before, now)
        for label, before, now in (("title", old.title, new.title), ("clause", old.clause, new.clause))
        if before != now
    ]
    labels = dict.fromkeys(line.label for line in (*old.lines, *new.lines))
    for label in labels:
        found += _of_label(label, _labelled(old, label), _labelled(new, label))
    return iter(found or _unworded(old.source, new.source))


def _labelled(entry: Entry, label: str) -> dict[str, Line]:
    return {line.key: line for line in entry.lines if line.label == label}


def _of_label(label: str, old: dict[str, Line], new: dict[str, Line]) -> Iterator[Turn]:
    """Lines of one label: those of the same key side by side, then what is left over in pairs."""
    for key, line in new.items():
        if key in old and old[key].text != line.text:
            yield Turn(label, old[key].text, line.text)
    gone = [line.text for key, line in old.items() if key not in new]
    come = [line.text for key, line in new.items() if key not in old]
    pairs = min(len(gone), len(come))
    yield from (Turn(label, before, now) for before, now in zip(gone, come, strict=False))
    yield from (Turn(label, text, "") for text in gone[pairs:])
    yield from (Turn(label, "", text) for text in come[pairs:])


def _unworded(old: Any, new: Any, path: str = "") -> Iterator[Turn]:
    """What differs between two tables, key by key."""
    if old == new:
        return
    if has(type(new)) and type(old) is type(new):
        for name in (attribute.name for attribute in fields(type(new))):
            yield from _unworded(getattr(old, name), getattr(new, name), f"{path}.{name}".lstrip("."))
    elif isinstance(new, tuple) and isinstance(old, tuple) and len(old) == len(new) and has(type(new[0])):
        for i, (before, now) in enumerate(zip(old, new, strict=True)):
            yield from _unworded(before, now, f"{path}[{i}]")
    else:
        yield Turn(path, shown(old), shown(new))
