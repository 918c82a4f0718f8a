"""``lifecycle sweep`` and ``lifecycle portfolio``: many accounts at one instant, and the tables they are kept in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

from attrs import frozen
from cyclopts import App, Parameter
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from lifecycle.cli.accounts import TermsFiles
from lifecycle.cli.groups import ASK
from lifecycle.cli.output import BadInput, Output
from lifecycle.days import Instant, as_text, to_moment
from lifecycle.terms import Terms, load

if TYPE_CHECKING:
    from lifecycle.portfolio import Summary

_NEAREST = 10


def register(app: App, out: Output) -> None:
    """Add the commands to the application."""
    commands = Commands(out)
    app.command(commands.sweep, group=ASK, usage="Usage: lifecycle sweep EVENTS --at AT [OPTIONS]")
    tables = App(name="portfolio", group=ASK, help="Tables of events, of which `lifecycle sweep` answers.")
    tables.command(
        commands.convert, group=ASK, usage="Usage: lifecycle portfolio convert HISTORY ... -o EVENTS [OPTIONS]"
    )
    app.command(tables)


@frozen
class Commands:
    """The commands, each a method: its arguments, its help, and how its answer is shown."""

    out: Output

    def sweep(
        self,
        events: Annotated[Path, Parameter(help="A table of events, as `lifecycle portfolio convert` makes it.")],
        /,
        *,
        at: Annotated[
            str,
            Parameter(
                help="The day or instant asked about, as 2026-03-28 or 2026-03-28T09:00:00-07:00. A day is its first "
                "instant where the Terms that the first account names count days."
            ),
        ],
        terms: TermsFiles = (),
        output: Annotated[
            Path | None,
            Parameter(
                name=["--output", "-o"],
                help="A directory for the answers, a Parquet file for each batch. Begun again, a sweep goes on where "
                "it stopped. Default: only the summary is told.",
            ),
        ] = None,
        processes: Annotated[int, Parameter(help="How many processes work at once.")] = 1,
        as_json: Annotated[
            bool, Parameter(name="--json", negative="", show_default=False, help="Answer as JSON.")
        ] = False,
    ) -> int:
        """Answer every account in a table of events at one instant: state, term, holds, open powers, what is next.

        Most accounts are answered in columns, many at once; those of which the columns do not hold all are answered
        one by one, and counted by reason. Ends with 1 where the history of an account is refused.

        Example: `lifecycle sweep events.parquet --at 2026-03-31 -o answers`
        """
        with _portfolio() as portfolio:
            if processes < 1:
                raise BadInput("--processes: at least 1 is wanted")
            texts = [load(source) for source in terms]
            instant = _instant(events, at, texts)
            summary = portfolio.Summary(most=_NEAREST)
            resumed = 0
            with _directory(output) as target:
                for part in self._followed(portfolio.sweep(events, instant, texts, target, processes=processes)):
                    summary.add(part.path)
                    resumed += part.resumed
        told = _told(summary, instant, output, resumed)
        if as_json:
            self.out.json(told)
        else:
            self._say(told)
        return 1 if summary.refused else 0

    def convert(
        self,
        *histories: Annotated[Path, Parameter(help="Histories of accounts: files of JSON Lines, one account each.")],
        output: Annotated[Path, Parameter(name=["--output", "-o"], help="The table to write, a Parquet file.")],
        terms: TermsFiles = (),
        as_json: Annotated[
            bool, Parameter(name="--json", negative="", show_default=False, help="Answer as JSON.")
        ] = False,
    ) -> int:
        """Make a table of events of the histories of accounts, each checked as it is read.

        Example: `lifecycle portfolio convert accounts/*.jsonl -o events.parquet`
        """
        if not histories:
            raise BadInput("no history: name at least one file")
        with _portfolio() as portfolio:
            texts = [load(source) for source in terms]
            accounts, rows = portfolio.convert_files(histories, output, texts)
        if as_json:
            self.out.json({"written": str(output), "accounts": accounts, "events": rows})
        else:
            self.out.say(f"wrote {output}: {accounts:,} accounts, {rows:,} events", style="bold")
            self.out.say(f"lifecycle sweep {output} --at DAY", indent=2)
        return 0

    # ---- how answers are shown ---------------------------------------------------------------------------------

    def _followed(self, parts: Iterator[Any]) -> Iterator[Any]:
        """The parts, with a bar on a terminal's error stream."""
        columns = (TextColumn("sweep"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(
            *columns, console=self.out.errors, transient=True, disable=not self.out.errors.is_terminal
        ) as progress:
            task = progress.add_task("sweep", total=None)
            for part in parts:
                progress.update(task, total=part.of, advance=1)
                yield part

    def _say(self, told: dict[str, Any]) -> None:
        out = self.out
        out.say(f"{told['accounts']:,} accounts at {told['at']}", style="bold")
        out.pairs([(state, f"{many:,}") for state, many in told["states"].items()], indent=2)
        out.pairs([("in service", f"{told['in service']:,}")], indent=2)
        if told["answered one by one"]:
            out.say("answered one by one, because of", style="bold")
            out.pairs([(why, f"{many:,}") for why, many in told["answered one by one"].items()], indent=2)
        if told["refused"]:
            out.say(f"{told['refused']:,} histories are refused", style="bold")
            out.pairs([(one["agreement"], one["refused"]) for one in told["refusals"]], indent=2)
        if told["nearest"]:
            out.say("next", style="bold")
            out.pairs([(one["at"], _line(one)) for one in told["nearest"]], indent=2)
        if told["output"]:
            again = f", {told['parts found']} parts of them from before" if told["parts found"] else ""
            out.say(f"answers in {told['output']}{again}")


def _line(one: dict[str, Any]) -> str:
    about = " ".join(filter(None, (one["power"], one["matter"])))
    return f"{one['account']}: {one['what']}{f' {about}' if about else ''} [{one['clause']}]"


def _told(summary: Summary, at: Instant, output: Path | None, resumed: int) -> dict[str, Any]:
    states = sorted(summary.states.items(), key=lambda one: (-one[1], one[0] or ""))
    return {
        "at": as_text(at),
        "accounts": summary.agreements,
        "states": {state or "not in force": many for state, many in states},
        "in service": summary.in_service,
        "answered one by one": dict(summary.singly.most_common()),
        "refused": summary.refused,
        "refusals": summary.refusals,
        "nearest": [
            {
                "account": one["agreement"],
                "at": as_text(one["next_at"]),
                "what": one["next_what"],
                "clause": one["next_clause"],
                "power": one["next_power"],
                "matter": one["next_matter"],
            }
            for one in summary.nearest
        ],
        "output": None if output is None else str(output),
        "parts found": resumed,
    }


def _instant(events: Path, at: str, texts: list[Terms]) -> Instant:
    """The instant asked about; a day where the first account's Terms count it."""
    from lifecycle.portfolio.sweeping import first_terms

    return first_terms(events, texts).calendar().instant_of(to_moment(at))


@contextmanager
def _portfolio() -> Iterator[Any]:
    """The package that knows tables.

    Raises BadInput, naming the extra, where what it rests on is not installed.
    """
    try:
        import lifecycle.portfolio as portfolio
    except ModuleNotFoundError as error:
        extra = "pip install 'contract-lifecycle[portfolio]'"
        raise BadInput(f"{error.name} is not installed, which tables take: {extra}") from None
    yield portfolio


@contextmanager
def _directory(output: Path | None) -> Iterator[Path]:
    """The directory for the answers, or one that is gone afterwards."""
    if output is not None:
        yield output
        return
    with TemporaryDirectory() as passing:
        yield Path(passing) / "answers"
