"""How answers about Terms look: as lines for people, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from attrs import asdict

from lifecycle import answers as told
from lifecycle.cli.output import Output, once
from lifecycle.plain import spoken
from lifecycle.rereading import Impact, Reach, standing
from lifecycle.terms import Terms
from lifecycle.terms.difference import Change
from lifecycle.terms.finding import Finding
from lifecycle.terms.sheet import HEADINGS, Entry

_CLAUSES = 12  # how wide the numbers of clauses are
_LABELS = 14  # how wide the labels of an entry are, so that its lines stand below each other


# ---- what Terms say ------------------------------------------------------------------------------------------


def sheet(out: Output, terms: Terms, entries: Sequence[Entry]) -> None:
    """Entries under the headings of their sections, powers under their acts."""
    out.say(f"{terms.title} ({terms.id})", style="bold")
    out.say(f"the text with SHA-256 {terms.digest}", indent=2)
    for key, meaning in terms.chosen.items():
        out.say(f"read with {key}: {meaning}", indent=2, hang=2)
    for section, found in groupby(entries, key=lambda entry: entry.section):
        out.say()
        out.say(HEADINGS[section], style="bold")
        for act, together in groupby(found, key=lambda entry: entry.group):
            if act:
                out.say()
                out.say(f"to {act}", style="italic", indent=2)
            for entry in together:
                _entry(out, entry)


def _entry(out: Output, entry: Entry) -> None:
    if entry.section == "clause":
        gist = "".join(f" - {line.text}" for line in entry.lines)
        out.pairs([(entry.id, f"{entry.title}{gist}")], indent=2, column=_CLAUSES)
        return
    if entry.section != "terms":
        out.say()
        _head(out, entry.clause, entry.title, entry.id)
    out.pairs(once((line.label, line.text) for line in entry.lines), indent=4, column=_LABELS)


def _head(out: Output, clause: str, title: str, name: str) -> None:
    also = f" [{name}]" if name not in (title, clause) else ""
    out.pairs([(clause, f"{title or name}{also}")], indent=2, column=_CLAUSES if clause else 0)


def sheet_told(terms: Terms, entries: Sequence[Entry]) -> told.SheetTold:
    found = (
        told.EntryOfTerms(
            section=entry.section,
            id=entry.id,
            clause=entry.clause,
            title=entry.title,
            group=entry.group,
            lines=tuple(told.LineTold(label=line.label, text=line.text) for line in entry.lines),
        )
        for entry in entries
    )
    return told.SheetTold(
        terms=terms.id, title=terms.title, digest=terms.digest, readings=dict(terms.chosen), entries=tuple(found)
    )


# ---- what there is to find -----------------------------------------------------------------------------------


def findings(out: Output, source: str, found: Sequence[Finding]) -> None:
    """Each finding with its path and what to do, and how many there are."""
    for finding in found:
        style = "bold red" if finding.severity == "error" else "bold"
        out.say(f"{finding.severity}: {finding.problem}", style=style, hang=2)
        if finding.path:
            out.pairs([("at", finding.path)], indent=2, column=2)
        out.pairs([("do", finding.advice)], indent=2, column=2)
        out.say()
    errors = sum(finding.severity == "error" for finding in found)
    advice = len(found) - errors
    out.say(f"{source}: {_count(errors, 'error')}, {advice} {'piece' if advice == 1 else 'pieces'} of advice")


def _count(n: int, what: str) -> str:
    return f"{n or 'no'} {what}{'' if n == 1 else 's'}"


def findings_told(source: str, found: Sequence[Finding]) -> told.CheckedTold:
    errors = sum(finding.severity == "error" for finding in found)
    faults = tuple(told.FaultTold(**asdict(finding)) for finding in found)
    return told.CheckedTold(terms=source, errors=errors, advice=len(found) - errors, findings=faults)


# ---- what differs --------------------------------------------------------------------------------------------


def changes(out: Output, old: Terms, new: Terms, found: Sequence[Change]) -> None:
    """What differs, clause by clause."""
    out.pairs([("old", _called(old)), ("new", _called(new))], column=3)
    if not found:
        out.say()
        out.say("They say the same.")
    for clause, together in groupby(found, key=lambda change: change.clause):
        out.say()
        title = new.clauses.get(clause) or old.clauses.get(clause)
        if title:
            out.say(f"{clause} {title.title}", style="bold")
        for change in together:
            _change(out, change)


def _called(terms: Terms) -> str:
    readings = "".join(f", {key} read as {meaning!r}" for key, meaning in terms.chosen.items())
    return f"{terms.title}, {terms.dated} ({terms.id}, {terms.digest[:12]}{readings})"


def _change(out: Output, change: Change) -> None:
    alone = change.section in ("terms", "term", "survival") or change.id == change.section
    also = f" [{change.id}]" if not alone and change.id not in (change.title, change.clause) else ""
    what = "the Terms" if change.section == "terms" else change.title or change.id
    out.say(f"{change.what}: {'' if alone else f'{change.section} '}{what}{also}", indent=2, hang=2)
    pairs: list[tuple[str, str]] = []
    for turn in change.turns:
        if change.what == "changed":
            pairs += [(turn.label, turn.old or "(nothing)"), ("", f"-> {turn.new or '(nothing)'}")]
        else:
            pairs.append((turn.label, turn.old or turn.new))
    out.pairs(pairs, indent=6, column=_LABELS)


def accounts(out: Output, found: Sequence[Impact]) -> None:
    """What the new Terms change for each account."""
    for account in found:
        out.say()
        out.say(f"{account.agreement} as of {account.on}", style="bold")
        if not account.differs:
            out.say("nothing changes", indent=2)
        before, after = standing(account.old), standing(account.new)
        turns = [(label, f"{was} -> {after[label]}") for label, was in before.items() if was != after[label]]
        out.pairs(turns, indent=2, column=_LABELS)
        for shift in account.shifts:
            about = f" ({shift.matter})" if shift.matter else ""
            out.say(f"{shift.title}{about} [{shift.power}]", indent=2, hang=2)
            out.pairs([("", _told(shift.old)), ("->", _told(shift.new))], indent=6, column=2)
        if account.same:
            out.say(f"{account.same} further powers are as they were", indent=2)
        if account.unread:
            out.say("facts that the new Terms give no meaning:", indent=2)
        for unread in account.unread:
            out.say(f"{unread.event.id} ({spoken(type(unread.event.fact))}): {unread.why}", indent=4, hang=2)


def _told(reach: Reach | None) -> str:
    return "no such power" if reach is None else str(reach)


def changes_told(old: Terms, new: Terms, found: Sequence[Change], accounts: Sequence[Impact]) -> told.DifferenceTold:
    before, after = (told.NamedTerms(terms=terms.id, title=terms.title, digest=terms.digest) for terms in (old, new))
    changed = (
        told.ChangeTold(
            what=change.what,
            section=change.section,
            id=change.id,
            clause=change.clause,
            title=change.title,
            turns=tuple(told.TurnTold(**asdict(turn)) for turn in change.turns),
        )
        for change in found
    )
    return told.DifferenceTold(
        old=before, new=after, changes=tuple(changed), accounts=tuple(map(_impact_told, accounts))
    )


def _impact_told(account: Impact) -> told.ImpactTold:
    return told.ImpactTold(
        agreement=account.agreement,
        at=account.at,
        old=told.StandTold(**standing(account.old)),
        new=told.StandTold(**standing(account.new)),
        powers=tuple(
            told.ShiftTold(
                power=shift.power,
                title=shift.title,
                matter=shift.matter,
                old=_reach_told(shift.old),
                new=_reach_told(shift.new),
            )
            for shift in account.shifts
        ),
        same=account.same,
        unread=tuple(
            told.UnreadTold(event=unread.event.id, type=spoken(type(unread.event.fact)), why=unread.why)
            for unread in account.unread
        ),
    )


def _reach_told(reach: Reach | None) -> told.ReachTold | None:
    return None if reach is None else told.ReachTold(first=reach.first, last=reach.last, waits=reach.waits)
