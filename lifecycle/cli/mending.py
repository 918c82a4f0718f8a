"""``repair`` makes a history whole again after a write that did not come to its end."""

from __future__ import annotations

from attrs import frozen
from cyclopts import App

from lifecycle import answers as told
from lifecycle.cli import telling
from lifecycle.cli.accounts import AsJson, History
from lifecycle.cli.asking import show
from lifecycle.cli.groups import RECORD
from lifecycle.cli.output import Output
from lifecycle.files import read, repair


def add(app: App, out: Output) -> None:
    """Add the command to the application."""
    app.command(Mending(out).repair, group=RECORD)


@frozen
class Mending:
    """Mending a file, not what was recorded: that is corrected by a further record."""

    out: Output

    def repair(self, history: History, /, *, as_json: AsJson = False) -> int:
        """Cut off what a write left that did not come to its end (a crash, a full disk), and keep it beside the file.

        No event that was recorded is lost. A wrong event is not repaired but corrected: `lifecycle record corrected`.

        Example: `lifecycle repair acme.jsonl`

        With `--json`: the answer `repair` of `lifecycle terms schema answers`. Ends with 0, or 2 for a fault of another
        kind, which is told with its line.
        """
        kept = repair(history)
        answer = told.RepairedTold(
            repaired=str(history),
            set_aside=None if kept is None else str(kept),
            events=sum(1 for _ in read(history)),
        )
        return show(self.out, answer, telling.repaired, as_json=as_json)
