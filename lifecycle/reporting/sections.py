"""The sections of a report, each from what was gathered to the elements that say it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from lifecycle.answers import AheadTold, EventTold, FindingTold, OwedTold
from lifecycle.days import to_moment
from lifecycle.reporting.markup import Element, Node, el
from lifecycle.reporting.report import Disputed, Report
from lifecycle.reporting.sentences import Row, row, stands
from lifecycle.reporting.slider import sorted_out
from lifecycle.reporting.spans import Right
from lifecycle.reporting.tables import badge, folded, plain_list, said, table
from lifecycle.terms.model import named
from lifecycle.words import weighed_told

POWERS = ("Who", "May", "Because of", "Clause", "When", "How it is counted")
_PARTIES = (("provider", "The provider"), ("customer", "The customer"))
_FOUND = {
    "right": ("right", "permitted on the record as it stood, as known now, and under every reading"),
    "contested": ("contested", "permitted on the record and as known now, but not under every reading"),
    "overtaken": ("overtaken", "permitted on the record as it stood, but not on what is known now"),
    "irregular": ("irregular", "not permitted on the record as it stood"),
}
_OWED = {"pending": "owed", "met": "met", "missed": "missed", "unscheduled": "owed, no date set"}


def section(id: str, heading: str, *children: Node | Iterable[Node]) -> Element:
    return el("section", el("h2", heading, id=f"{id}-heading"), *children, id=id, aria_labelledby=f"{id}-heading")


# ---- where it stands -----------------------------------------------------------------------------------------


def head(report: Report) -> Element:
    status = report.status
    known = f", as it was known on {report.calendar.day_of(status.known_at)}" if status.known_at else ""
    read = "".join(f" · {key} read as: {meaning}" for key, meaning in status.readings.items())
    return el(
        "header",
        el("p", "Account report", class_="kind"),
        el("h1", status.customer, " ", el("span", f"agreement {status.agreement}", class_="sub")),
        el("p", f"{status.on:%A} {status.on}{known} · {status.terms_title} ({status.terms}){read}", class_="seen"),
        el("p", said(stands(report.now, status.customer, report.calendar)), class_="headline", id="headline"),
        plain_list(_leads(report)),
        _warnings(report),
    )


def _leads(report: Report) -> Iterable[Node]:
    """What matters next, in a line each: who may suspend or terminate, what comes next, and who missed a duty."""
    open_, _, always = sorted_out(report.now.rights)
    grave = [right for right in open_ if right.does in _GRAVE]
    for right in grave:
        found = report.weighed.get((right.power, right.matter))
        doubt = " - contested: not under every reading" if found and found.standing != "undisputed" else ""
        yield f"{_who(right)} may {right.title} because of {right.about} [{right.clause}]{doubt}."
    if not grave and report.status.state != "terminated":
        yield "Nobody may suspend or terminate today because of anything that is recorded."
    for right in always:
        if right.does in _GRAVE and right.by:
            yield f"Without an occasion, {_who(right).lower()} may {right.title} [{right.clause}]."
    following = next((entry for entry in report.timeline.entries if entry.what != "fact"), None)
    if following:
        clause = f" [{following.clause}]" if following.clause else ""
        yield f"Next, on {following.on}: {following.text}{clause}."
    for owed in report.duties.duties:
        if owed.standing == "missed":
            yield f"Missed: {' or '.join(owed.by)} to {owed.title} by {owed.due} [{owed.clause}]."


_GRAVE = ("suspend", "terminate")


def _who(right: Right) -> str:
    return f"The {' or '.join(right.by)}" if right.by else "Both together"


def _warnings(report: Report) -> Node:
    status = report.status
    told = [
        f"Act {act} stands, although the Terms did not permit it on the record before it." for act in status.irregular
    ]
    if status.unverified:
        told.append("The account was imported in the middle of its life: what came before is not verified.")
    if count := len(report.remarks):
        fact = "One recorded fact has" if count == 1 else f"{count} recorded facts have"
        told.append(f"{fact} no effect: the record at the end of this page says why.")
    return el("div", plain_list(told), class_="warnings", role="note") if told else ""


# ---- who may do what -----------------------------------------------------------------------------------------


def powers(report: Report) -> Element:
    open_, later, always = sorted_out(report.now.rights)
    children: list[Node] = []
    for party, name in _PARTIES:
        now = [right for right in open_ if party in right.by]
        caption = f"{name} may now"
        if now:
            children.append(table(caption, _HEADS_NOW, (_now_row(right, report) for right in now)))
        else:
            children.append(el("p", f"{name} has no power that is open because of something recorded."))
    if together := [right for right in open_ if not right.by]:
        children.append(table("Both together may now", _HEADS_NOW, (_now_row(right, report) for right in together)))
    if later:
        children.append(table("Not open yet", POWERS, (_cells(row(right)) for right in later)))
    if report.disputed:
        summary = f"Open only under other readings than those agreed ({len(report.disputed)})"
        rows = (_disputed_row(each, report) for each in report.disputed)
        found = table("Contested", (*POWERS[:4], "Open with"), rows)
        children.append(el("details", el("summary", summary), found))
    if always:
        told = plain_list(f"{_who(right)}: {right.title} [{right.clause}]" for right in always)
        children.append(el("details", el("summary", f"Open at any time, without an occasion ({len(always)})"), told))
    return section("powers", "What each party may do", *children)


_HEADS_NOW = ("May", "Because of", "Clause", "When", "Under every reading", "How it is counted")


def _now_row(right: Right, report: Report) -> Sequence[Node]:
    found, told = report.weighed.get((right.power, right.matter)), row(right)
    doubt: Node = ""
    if found and found.standing == "undisputed":
        doubt = badge("undisputed", "good")
    elif found:
        doubt = el(
            "span", badge("contested", "bad"), " ", folded("Why", weighed_told(found).removeprefix("contested: "))
        )
    return (told.may, told.about, told.clause, told.when, doubt, folded("Show how", told.how))


def _disputed_row(each: Disputed, report: Report) -> Sequence[Node]:
    o, at = each.opening, report.status.at
    who, about = named(o.holders), o.matter.label if o.matter else ""
    ways = []
    for under in each.weighed.under:
        if window := under.windows.following(at):
            day = "" if at in window else f", from {report.calendar.day_of(window.opens)}"
            ways.append(f"{under.named}{day}")
    return (who, o.power.title, about, o.power.clause, folded("Show with what", "; or ".join(ways)))


def _cells(found: Row) -> tuple[Node, ...]:
    return (found.who, found.may, found.about, found.clause, found.when, folded("Show how", found.how))


# ---- what comes, what is owed, what was right ----------------------------------------------------------------


def ahead(report: Report) -> Element:
    entries = [entry for entry in report.timeline.entries if entry.what != "fact"]
    known = [entry for entry in report.timeline.entries if entry.what == "fact"]
    children: list[Node] = []
    if entries:
        heads = ("Day", "What", "Clause", "How it is counted")
        children.append(table("If nobody acts", heads, map(_ahead_row, entries)))
    if known:
        noun = "entry" if len(known) == 1 else "entries"
        told = plain_list(f"{entry.on}: {entry.text.removeprefix('recorded: ')}" for entry in known)
        children.append(el("details", el("summary", f"{len(known)} {noun} on record from after this day"), told))
    return section("ahead", "What happens next", *children, el("p", said(f"It stops there: {report.timeline.stops}.")))


def _ahead_row(entry: AheadTold) -> Sequence[Node]:
    return (str(entry.on), entry.text, entry.clause, folded("Show how", entry.arithmetic))


def duties(report: Report) -> Element:
    if not report.duties.duties:
        return section("duties", "Duties", el("p", "No duty has arisen."))
    heads = ("Who", "Must", "Because of", "Clause", "By", "Stands", "How it is counted")
    order = {"missed": 0, "pending": 1, "unscheduled": 2, "met": 3}
    told = sorted(report.duties.duties, key=lambda owed: order[owed.standing])
    return section("duties", "Duties", table("Who owes what, by when", heads, map(_duty_row, told)))


def _duty_row(owed: OwedTold) -> Sequence[Node]:
    kind = {"missed": "bad", "met": "good"}.get(owed.standing, "")
    done = f" on {owed.done}" if owed.done else ""
    by, due = " or ".join(owed.by) or "both", str(owed.due or "no date")
    standing = el("span", badge(_OWED[owed.standing], kind), done)
    return (by, owed.title, owed.matter, owed.clause, due, standing, folded("Show how", owed.arithmetic))


def audit(report: Report) -> Element:
    if not report.audit.findings:
        return section("audit", "Was each past act right", el("p", "Neither party has acted under a power so far."))
    verdict = "Every act so far was right." if report.audit.right else "Not every act so far is beyond doubt."
    heads = ("Day", "Act", "Clause", "Found", "Why")
    rows = map(_finding_row, report.audit.findings)
    return section("audit", "Was each past act right", el("p", verdict), table("Acts so far", heads, rows))


def _finding_row(found: FindingTold) -> Sequence[Node]:
    word, meaning = _FOUND[found.standing]
    kind = "good" if word == "right" else "bad"
    why = el("div", el("p", f"{meaning}."), el("details", el("summary", "The finding"), el("p", found.text)))
    return (str(found.on), f"{found.by}: {found.does} ({found.act})", found.clause, badge(word, kind), why)


# ---- any other day -------------------------------------------------------------------------------------------


def any_day(report: Report) -> Element:
    """The slider, which shows itself only where its script runs, and the same days as a table."""
    seen = report.status.on
    controls = el(
        "div",
        el("label", "Day", for_="day-slider"),
        el("input", type="range", id="day-slider", min=0, max=report.stops.count - 1, step=1, value=0),
        el("button", "Earlier change", type="button", id="day-earlier"),
        el("button", "Later change", type="button", id="day-later"),
        el("button", f"Back to {seen}", type="button", id="day-back"),
        el(
            "label",
            "Go to ",
            el("input", type="date", id="day-date", min=str(report.stops.first), max=str(report.stops.last)),
        ),
        class_="controls",
    )
    answer = el(
        "div",
        el("p", id="day-name", class_="day-name"),
        el("p", id="day-sentence", class_="headline", aria_live="polite"),
        table("May now", POWERS, (), id="day-open"),
        table("Not open yet", POWERS, (), id="day-later-powers"),
        el("details", el("summary", "Open at any time, without an occasion"), el("ul", id="day-always")),
        class_="answer",
    )
    note = (
        f"From {report.stops.first} through {report.stops.last}, with all that is on record: days past as they are "
        "known now, days ahead if nobody acts."
    )
    hint = "Move the day with the slider, or with the arrow keys while it has the focus."
    return section(
        "any-day",
        "On any other day",
        el("p", said(note)),
        el("div", el("p", hint), controls, answer, id="day-board", hidden=True),
        table("How the state went and will go", ("From", "Stands"), _turns(report)),
    )


def _turns(report: Report) -> Iterable[Sequence[Node]]:
    """Each day from which another sentence holds."""
    before = ""
    for span in report.told:
        told = stands(span, report.status.customer, report.calendar)
        if told != before:
            yield (str(report.calendar.day_of(span.since)), told)
            before = told


# ---- the record ----------------------------------------------------------------------------------------------


def record(report: Report) -> Element:
    heads = ("No.", "Happened", "Recorded", "What")
    told = table("Everything recorded", heads, (_event_row(event, report) for event in report.log.events))
    summary = el("summary", f"All {len(report.log.events)} entries")
    readings = report.terms.chosen
    children: list[Node] = [el("details", summary, told)]
    if report.terms.readings:
        rows = ((r.key, r.question, readings.get(r.key, r.default)) for r in report.terms.readings)
        summary = el("summary", f"How {len(report.terms.readings)} unclear clauses are read")
        children.append(el("details", summary, table("Readings", ("Reading", "Question", "Taken as"), rows)))
    return section("record", "What this rests on", *children)


def _event_row(event: EventTold, report: Report) -> Sequence[Node]:
    remark = el("p", badge("no effect", "bad"), " ", event.remark) if event.remark else ""
    moment, calendar = to_moment(event.occurred), report.calendar
    happened = calendar.shown(moment) if isinstance(moment, datetime) else str(moment)
    return (str(event.sequence), happened, calendar.shown(event.recorded), el("div", el("p", event.text), remark))
