"""How answers about an account look as lines for people; the shapes are those of :mod:`lifecycle.answers`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

from lifecycle import answers as told
from lifecycle.cli.output import Output, once
from lifecycle.days import Day, as_text
from lifecycle.terms.model import named

_LABELS = 14
_MOST = 12  # of what is told of a long account, unless all of it is asked for
_STANDS = {"open": "may now", "later": "may later", "waiting": "not yet"}
_WEIGHED = {"undisputed": "bold green", "contested": "bold yellow", "closed": "bold"}
_FOUND = {"right": "green", "irregular": "bold red", "overtaken": "bold red", "contested": "bold yellow"}
_OPTIONS = {r"\bknown_through\b=?": "--known-through", r"\bpower=": "--power", r"\bapprovals=": "--approval"}


def in_options(text: str) -> str:
    """A text of the library in which arguments of its verbs are those of the command."""
    for argument, option in _OPTIONS.items():
        text = re.sub(argument, option, text)
    return text


def _head(out: Output, asked: told.Asked, what: str) -> None:
    """What the answer is about, and how the account was looked at where that was not as usual."""
    out.say(f"{asked.agreement} on {asked.on}: {what}", style="bold", hang=2)
    if asked.known_at is not None:
        out.say(f"as it was known at {as_text(asked.known_at)}", indent=2, hang=2)
    for key, meaning in asked.readings.items():
        out.say(f"with {key} read as {meaning!r}", indent=2, hang=2)


def _stand(state: str | None) -> str:
    return state or "not in force yet"


# ---- where it stands -----------------------------------------------------------------------------------------


def status(out: Output, answer: told.StatusTold) -> None:
    service = "" if answer.in_service or answer.state in (None, "suspended", "terminated") else ", not in service"
    _head(out, answer, f"{_stand(answer.state)}{service}")
    lines = [("customer", answer.customer), ("Terms", f"{answer.terms_title} ({answer.terms})")]
    if answer.term and answer.state != "terminated":
        term = answer.term
        lines.append(("term", f"term {term.number} of order {term.order}, {term.first} through {term.last}"))
    lines += [("on hold", _hold(hold)) for hold in answer.holds]
    if answer.ending:
        by = f" by {answer.ending.by}" if answer.ending.by else ", by operation of the Terms"
        clause = f" [{answer.ending.clause}]" if answer.ending.clause else ""
        lines.append(("ended", f"{answer.ending.on}, {answer.ending.how}{by}{clause}"))
    lines += [("irregular", f"{act}: the Terms did not permit it when it was done") for act in answer.irregular]
    if answer.unverified:
        lines.append(("unverified", "it rests on an opening balance: nobody has recorded its past"))
    until = f"until {answer.valid_until_day}" if answer.valid_until else "for good"
    lines.append(("so it stays", f"{until}, if nothing is recorded"))
    if answer.wake_at and answer.wake_at != answer.valid_until:
        lines.append(("look again", f"on {answer.wake_day}: what a party may do, or owes, can change then"))
    out.pairs(lines, indent=2, column=_LABELS)


def _hold(hold: told.HoldTold) -> str:
    clause = f" [{hold.clause}]" if hold.clause else ""
    against = f", against the verdict: {hold.override}" if hold.override else ""
    return f"since {hold.since_day}, by the {hold.by}: {hold.title}{clause}; lifts {hold.lifts}{against} ({hold.act})"


def clauses(out: Output, answer: told.ClausesTold) -> None:
    binding = sum(clause.in_force for clause in answer.clauses)
    _head(out, answer, f"{binding} of {len(answer.clauses)} clauses of {answer.terms} in force")
    out.pairs(
        (("in force" if clause.in_force else "-", f"{clause.clause} {clause.title}") for clause in answer.clauses),
        indent=2,
    )


# ---- who may do what -----------------------------------------------------------------------------------------


def powers(out: Output, answer: told.PowersTold) -> None:
    _head(out, answer, "who may do what" if answer.powers else "no party may do anything under the Terms")
    order = list(_STANDS)
    ordered = sorted(answer.powers, key=lambda power: order.index(power.standing))
    for standing, found in groupby(ordered, key=lambda power: power.standing):
        out.say()
        out.say(_STANDS[standing], style="italic", indent=2)
        for power in found:
            _power(out, power)


def _power(out: Output, power: told.PowerTold) -> None:
    about = f" ({power.about})" if power.about else ""
    who = named(power.by)
    out.say(f"{who}: {power.title}{about} [{power.clause}]", indent=4, hang=2)
    lines = []
    if power.standing != "waiting":
        lines.append(("when", _span(power.window)))
    lines += [("counted", part) for part in power.arithmetic.split("; ") if part]
    if power.standing == "waiting":
        lines += [("missing", in_options(step)) for step in power.missing]
        lines += [("because", r.text) for r in power.reasons if not r.met and not power.missing]
    out.pairs(once([*lines, ("id", power.power)]), indent=6, column=8)


def _span(span: told.Span) -> str:
    if span.first_day and span.last_day:
        return (
            f"on {span.first_day}" if span.first_day == span.last_day else f"{span.first_day} through {span.last_day}"
        )
    if span.first_day:
        return f"from {span.first_day}"
    return f"through {span.last_day}" if span.last_day else "at any time"


def verdict(out: Output, answer: told.VerdictTold, agreement: str, most: int | None = None) -> None:
    """Whether a party may do it, and each condition, met or not; of many, those first that are not."""
    who = "both together" if answer.by == "both" else f"the {answer.by}"
    yes = answer.permitted
    out.say(f"May {who} {answer.does} {agreement} on {answer.on}? {'Yes.' if yes else 'No.'}", style="bold", hang=2)
    lines = [("clause", f"{answer.clause}{f' [{answer.power}]' if answer.power else ''}")] if answer.clause else []
    if answer.about:
        more = f" and {over} more" if (over := _over(answer.about, most)) else ""
        lines.append(("about", ", ".join(answer.about[:most]) + more))
    first = str(answer.first_day) if answer.first_day else "none, whatever the wait"
    if answer.first_day and answer.supposing:
        first += " (if the missing notice is given as soon as it counts)"
    lines.append(("first day", first))
    if answer.last_day:
        lines.append(("last day", str(answer.last_day)))
    if answer.leads_to and yes:
        lines.append(("leads to", answer.leads_to))
    if "policy" in answer.blocked_by:
        lines.append(("blocked by", " and ".join(f"the {who}" for who in answer.blocked_by)))
    out.pairs(lines, indent=2, column=_LABELS)
    out.say()
    over = _over(answer.reasons, most)
    for reason in sorted(answer.reasons, key=lambda reason: reason.met)[:most] if over else answer.reasons:
        out.pairs([("met" if reason.met else "not met", reason.text)], indent=2, column=_LABELS)
    _say_over(out, over, "condition", "conditions")
    for rule in answer.rules:
        out.pairs([(rule.clause, rule.text)], indent=2, column=_LABELS)
    if answer.missing:
        out.say()
        out.say("What is missing", style="bold")
        for step in answer.missing[:most]:
            out.say(f"- {in_options(step)}", indent=2, hang=2)
        _say_over(out, _over(answer.missing, most), "thing", "things")


def _over(found: Sequence[object], most: int | None) -> int:
    """How many of what was found are more than are told."""
    return 0 if most is None else max(0, len(found) - most)


def _say_over(out: Output, over: int, one: str, many: str) -> None:
    if over:
        out.say(f"{over} further {one if over == 1 else many}: --all tells them", indent=2, hang=2)


def explained(out: Output, answer: told.ExplainedTold, *, everything: bool = False) -> None:
    """The whole answer; unless everything is asked for, of a long account what bears on the question first."""
    most = None if everything else _MOST
    verdict(out, answer.verdict, answer.agreement, most)
    out.say()
    out.say("Under every reading of unclear clauses", style="bold")
    weighed(out, answer.every_reading, answer.on)
    if not answer.verdict.permitted:
        _ways(out, answer, most)


def weighed(out: Output, answer: told.WeighedTold, on: Day) -> None:
    """What holds under every reading, and, where they differ from a day on, what holds under which."""
    out.say(answer.text, style=_WEIGHED[answer.standing], indent=2, hang=2)
    ahead = [(under, [w for w in under.windows if w.last_day is None or w.last_day >= on]) for under in answer.under]
    if len(ahead) > 1 and any(windows for _, windows in ahead):
        for under, windows in ahead:
            out.say(f"- {_read(under.readings)}: {', '.join(map(_span, windows)) or 'never'}", indent=2, hang=2)


def _read(readings: Mapping[str, str]) -> str:
    return "; ".join(f"{key} read as {meaning!r}" for key, meaning in readings.items()) or "as agreed"


def _ways(out: Output, answer: told.ExplainedTold, most: int | None) -> None:
    out.say()
    out.say("How to get there" if answer.routes else "There is no way there", style="bold")
    for number, route in enumerate(answer.routes[:most], 1):
        through = f" through {route.last_day}" if route.last_day else ""
        _route(out, f"{number}.", route, f"from {route.first_day}{through}")
    _say_over(out, _over(answer.routes, most), "way", "ways")
    near = [route for route in answer.blocked if route.matter or not answer.routes]
    if answer.routes and near:
        out.say()
        out.say("No way there", style="bold")
    over = _over(near, most)
    # What is over bears least on the question, and the longer it is over the less.
    first = sorted(enumerate(near), key=lambda told: ("matter" in told[1].codes, -told[0])) if over else enumerate(near)
    for _, route in [*first][:most]:
        _route(out, "-", route, route.why_not)
    _say_over(out, over, "matter gives no way", "matters give no way")
    if far := len(answer.blocked) - len(near):
        what = "further power rests" if far == 1 else "further powers rest"
        out.say(f"{far} {what} on what is not recorded: --power ID or --json tells why", indent=2, hang=2)


def _route(out: Output, mark: str, route: told.RouteTold, when: str) -> None:
    supposes = f", if {route.supposes}" if route.supposes else ""
    remark = f" ({route.remark})" if route.remark else ""
    out.say(f"{mark} {route.text}: {in_options(when)}{supposes}{remark}", indent=2, hang=len(mark) + 1)
    for step in route.steps:
        day = "" if step.kind == "wait" else f"{step.on}: "
        out.say(f"- {day}{in_options(step.text)}", indent=5, hang=2)
        for way in step.ways:
            out.say(way.text, indent=9, hang=2)


# ---- what is ahead, owed, and was right ----------------------------------------------------------------------


def timeline(out: Output, answer: told.TimelineTold) -> None:
    _head(out, answer, "what happens if nobody acts")
    for on, found in groupby(answer.entries, key=lambda entry: entry.on):
        day = str(on)
        for entry in found:
            clause = f" [{entry.clause}]" if entry.clause else ""
            out.pairs(
                [(day, f"{entry.text}{clause}"), ("", entry.arithmetic)][: 2 if entry.arithmetic else 1],
                indent=2,
                column=10,
            )
            day = ""
    out.say(f"Then: {answer.stops}.", indent=2, hang=2)


def duties(out: Output, answer: told.DutiesTold) -> None:
    _head(out, answer, "who owes what" if answer.duties else "nobody owes anything under the Terms")
    for owed in answer.duties:
        due = f" by {owed.due}" if owed.due else ""
        done = f", done {owed.done}" if owed.done else ""
        who = " or ".join(owed.by)
        text = f"{who}: {owed.title}{due} ({owed.matter}) [{owed.clause}]{done}"
        lines = [(owed.standing, text), ("", owed.arithmetic)]
        out.pairs(lines[: 2 if owed.arithmetic else 1], indent=2, column=11)


def audit(out: Output, answer: told.AuditTold) -> None:
    if not answer.findings:
        _head(out, answer, "no act is recorded")
        return
    wrong = sum(finding.standing != "right" for finding in answer.findings)
    acts = f"{len(answer.findings)} act{'' if len(answer.findings) == 1 else 's'}"
    _head(out, answer, f"{acts}, {wrong or 'none'} to look at")
    for finding in answer.findings:
        out.say()
        head = f"{finding.on} {finding.by} {finding.does} [{finding.clause}]: {finding.standing}"
        out.say(f"{head} ({finding.act})", style=_FOUND[finding.standing], indent=2, hang=2)
        lines = [("override", finding.override)] if finding.override else []
        if finding.then.text == finding.now.text:
            lines.append(("then and now", in_options(finding.now.text)))
        else:
            lines += [("then", in_options(finding.then.text)), ("now", in_options(finding.now.text))]
        lines.append(("all readings", finding.every_reading.text))
        out.pairs(lines, indent=4, column=_LABELS)


# ---- what is recorded ----------------------------------------------------------------------------------------


def log(out: Output, answer: told.LogTold) -> None:
    _head(out, answer, f"{len(answer.events)} events recorded")
    for event in answer.events:
        _event(out, event)


def _event(out: Output, event: told.EventTold) -> None:
    learned = as_text(event.recorded)
    known = "" if event.occurred in (learned, learned[:10]) else f" (recorded {learned})"
    out.say(f"{event.occurred} {event.text} [{event.id}]{known}", indent=2, hang=2)
    more = [(name, text) for name, text in (("key", event.key), ("by", event.actor), ("ref", event.ref)) if text]
    more += list(event.meta.items())
    if event.remark:
        more.append(("no effect", event.remark))
    out.pairs(more, indent=6, column=9)


def recorded(out: Output, answer: told.RecordedTold) -> None:
    if answer.event is None:
        out.say(f"{answer.agreement}: refused, nothing was recorded", style="bold")
        out.say(in_options(answer.refused), indent=2, hang=2)
        return
    what = "was recorded under this key already" if answer.repeated else "recorded"
    out.say(f"{answer.agreement}: {what}, event {answer.event.sequence}", style="bold")
    _event(out, answer.event)
    out.say(f"on {answer.on} it is {_stand(answer.state)}", indent=2)


def done(out: Output, answer: told.DoneTold) -> None:
    if answer.event is None:
        verdict(out, answer.verdict, answer.agreement)
        out.say()
        out.say("Refused: nothing was recorded. `lifecycle explain` tells the way there.", hang=2)
        return
    what = "was done under this key already" if answer.repeated else "done"
    against = "" if answer.verdict.permitted else ", against the verdict"
    out.say(f"{answer.agreement}: {answer.verdict.does} {what}{against}", style="bold")
    _event(out, answer.event)
    turn = f"it stays {_stand(answer.target)}"
    out.say(turn if answer.source == answer.target else f"{_stand(answer.source)} -> {_stand(answer.target)}", indent=2)
    if answer.effective is None:
        out.say("it takes effect once its delivery is proved (record notice-delivered)", indent=2, hang=2)
    out.pairs(((effect.clause, f"{effect.effect}: {effect.text}") for effect in answer.effects), indent=2)


def caught_up(out: Output, answer: told.CaughtUpTold) -> None:
    through = as_text(answer.through)
    if not answer.entries:
        out.say(
            f"{answer.agreement}: nothing took effect by itself that was not told before, through {through}", hang=2
        )
        return
    out.say(f"{answer.agreement}: took effect by itself, through {through}", style="bold")
    for entry in answer.entries:
        undone = "overturned by what was learned since: " if entry.overturned else ""
        effects = f"; {', '.join(entry.effects)}" if entry.effects else ""
        clause = f" [{entry.clause}]" if entry.clause else ""
        out.say(f"{entry.on} {undone}{entry.text}{clause}{effects}", indent=2, hang=2)


def started(out: Output, answer: told.StartedTold) -> None:
    out.say(f"wrote {answer.written}", style="bold")
    for event in answer.events:
        _event(out, event)


def repaired(out: Output, answer: told.RepairedTold) -> None:
    if answer.set_aside is None:
        out.say(f"{answer.repaired} is whole: {answer.events} events, nothing to repair", hang=2)
        return
    out.say(f"{answer.repaired}: {answer.events} events, each of them whole", style="bold", hang=2)
    out.say(f"what a write had left behind them is kept in {answer.set_aside}", indent=2, hang=2)


def played(out: Output, answer: told.PlayedTold) -> None:
    for line in answer.lines:
        out.raw(line)
