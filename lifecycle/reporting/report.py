"""Everything a report about an account says, gathered once as frozen data."""

from __future__ import annotations

from collections.abc import Mapping

from lifecycle import diagrams
from lifecycle.agreement import Agreement
from lifecycle.answers import AuditTold, DutiesTold, LogTold, StatusTold, TimelineTold
from lifecycle.days import Calendar, Instant
from lifecycle.powers import Opening
from lifecycle.reporting.slider import Stops, stops
from lifecycle.reporting.spans import Span, calendar_of, horizon, span_at, spans
from lifecycle.reporting.timeline import Picture, picture
from lifecycle.terms import Terms
from lifecycle.values import frozen
from lifecycle.views import View
from lifecycle.weighing import Weighed


@frozen(kw_only=True)
class Disputed:
    """A power that is open, or will be, under other readings than the agreed ones only; the agreed ones may not know
    it.
    """

    opening: Opening
    weighed: Weighed


@frozen(kw_only=True)
class Report:
    """An account seen from an instant. ``weighed``: what holds under every reading, by power and matter; ``told``: its
    life, past and future, as known now. diagram: the states of its Terms as SVG, marked where it stands.
    """

    terms: Terms
    calendar: Calendar
    status: StatusTold
    now: Span
    weighed: Mapping[tuple[str, str], Weighed]
    disputed: tuple[Disputed, ...]
    timeline: TimelineTold
    duties: DutiesTold
    audit: AuditTold
    log: LogTold
    remarks: Mapping[str, str]
    told: tuple[Span, ...]
    stops: Stops
    picture: Picture
    diagram: str


def gathered(view: View) -> Report:
    """The report on an account, looked at from an instant.

    Raises TooLong for a life that has too many turns to be shown.
    """
    account, at = view.account, view.at
    calendar, until = calendar_of(account), horizon(account, at)
    told = spans(account, until)
    now = span_at(account, at, calendar)
    # What is asked of the past comes before what is asked of today: the history is then read on, not again.
    audit, life = view.audit(), picture(account, at, told)
    weighed, disputed = {}, []
    agreed = {(each.power, each.matter) for each in now.rights}
    for opening, found in account.weigh_all(at):
        key = (opening.power.id, opening.matter.id if opening.matter else "")
        if key in agreed:
            weighed[key] = found
        elif found.possible:
            disputed.append(Disputed(opening=opening, weighed=found))
    return Report(
        terms=account.terms_at(at),
        calendar=calendar,
        status=view.status(),
        now=now,
        weighed=weighed,
        disputed=tuple(disputed),
        timeline=view.timeline(),
        duties=view.duties(),
        audit=audit,
        log=view.log(),
        remarks=account.remarks(at),
        told=told,
        stops=stops(told, until, at, calendar),
        picture=life,
        diagram=_diagram(account, at),
    )


def _diagram(account: Agreement, at: Instant) -> str:
    states = diagrams.marked(diagrams.picture(account.terms_at(at)), account, at)
    return diagrams.render(states, "svg", theme="page", prefix="diagram-")
