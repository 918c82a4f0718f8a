"""``lifecycle report`` and ``lifecycle calendar``: what can be sent to others about an account, and the picture of its
life.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from attrs import frozen
from cyclopts import App, Parameter

from lifecycle.answers import CalendarTold, DeadlineTold, WrittenTold, as_data
from lifecycle.cli.accounts import AsJson, History, Look, viewed
from lifecycle.cli.groups import SHOW
from lifecycle.cli.output import BadInput, Output, write
from lifecycle.views import View

# What only these commands take is imported when one of them runs.
if TYPE_CHECKING:
    from lifecycle.reporting.deadlines import Deadline

Target: TypeAlias = Annotated[
    Path,
    Parameter(name=["--output", "-o"], help="The file to write, in place of what is there: whole, or not at all."),
]
_LOOKING = "looking at every day and every reading"
_FARTHEST = 366  # days before which an alarm is still one


def add(app: App, out: Output) -> None:
    """Add the commands to the application."""
    commands = Reporting(out)
    app.command(commands.report, group=SHOW, usage="Usage: lifecycle report HISTORY -o FILE [OPTIONS]")
    app.command(commands.calendar, group=SHOW, usage="Usage: lifecycle calendar HISTORY -o FILE [OPTIONS]")


@frozen
class Reporting:
    """The commands, each a method: its arguments, its help, and how its answer is shown."""

    out: Output

    def report(
        self,
        history: History,
        /,
        *,
        output: Target,
        look: Look = Look(),  # noqa: B008
        as_json: AsJson = False,
    ) -> int:
        """Write a report about an account as one HTML file, to be read, printed or sent: it needs no network.

        Where the account stands, what each party may do and from when, what comes next, duties, the audit of past acts,
        the states and the life of the account as pictures, and a slider that shows every day past and ahead.

        Example: `lifecycle report acme.jsonl -o acme.html --at 2026-03-10`

        As it was known then: `lifecycle report acme.jsonl -o acme.html --at 2026-03-21 --known-at 2026-03-21`

        With `--json`: the answer `report` of `lifecycle terms schema answers`. Ends with 0.
        """
        from lifecycle.reporting.page import page
        from lifecycle.reporting.report import gathered

        view = viewed(history, look)
        with self.out.progress(_LOOKING):
            found = page(gathered(view))
        write(output, found.encode())
        self._done(view.asked(WrittenTold, written=str(output)), as_json=as_json)
        return 0

    def calendar(
        self,
        history: History,
        /,
        *,
        output: Target,
        party: Annotated[
            Literal["provider", "customer"] | None,
            Parameter(show_default=False, help="Only what concerns this party."),
        ] = None,
        remind: Annotated[
            int | None, Parameter(show_default=False, help="With an alarm so many days before each.")
        ] = None,
        look: Look = Look(),  # noqa: B008
        as_json: AsJson = False,
    ) -> int:
        """Write the days to keep in mind about an account as a calendar (iCalendar), each with clause and arithmetic.

        First and last days of powers, the last safe day before one opens, duties, and the turns of the term. Import the
        file again after something happened: entries move, and those that do not stand any more are cancelled.

        Example: `lifecycle calendar acme.jsonl -o acme.ics --party provider --remind 7`

        It takes the extra 'calendar'. With `--json`: the answer `calendar` of `lifecycle terms schema answers`. Ends
        with 0.
        """
        from lifecycle.reporting.calendar import calendar as as_calendar
        from lifecycle.reporting.deadlines import concerning, deadlines

        if remind is not None and not 0 <= remind <= _FARTHEST:
            raise BadInput(f"--remind takes 0 to {_FARTHEST} days, not {remind}")
        view = viewed(history, look)
        with self.out.progress(_LOOKING):
            found = concerning(deadlines(view.account, view.at), party)
        write(output, as_calendar(view.account, found, view.at, remind))
        told = tuple(_told(deadline) for deadline in found)
        self._done(view.asked(CalendarTold, written=str(output), deadlines=told), as_json=as_json)
        return 0

    def _done(self, answer: WrittenTold, *, as_json: bool) -> None:
        if as_json:
            self.out.json(as_data(answer))
        else:
            self.out.say(f"wrote {answer.written}")


def write_timeline(view: View, target: Path, out: Output) -> None:
    """Write the life of an account as a picture (SVG)."""
    from lifecycle.reporting.drawing import drawn
    from lifecycle.reporting.timeline import picture

    with out.progress(_LOOKING):
        found = drawn(picture(view.account, view.at))
    write(target, found.encode())


def _told(deadline: Deadline) -> DeadlineTold:
    return DeadlineTold(
        sort=deadline.sort,
        on=deadline.on,
        text=deadline.text,
        clause=deadline.clause,
        arithmetic=deadline.arithmetic,
        parties=deadline.parties,
        over=deadline.over,
    )
