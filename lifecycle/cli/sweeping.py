"""``lifecycle sweep`` and ``lifecycle portfolio``: many accounts at one instant, and the tables they are kept in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

from attrs import frozen
from cyclopts import App, Parameter

from lifecycle.answers import ConvertedTold, NextTold, RefusedTold, SweptTold, as_data
from lifecycle.cli.accounts import AsJson, TermsFiles, stated
from lifecycle.cli.groups import MANY
from lifecycle.cli.output import BadInput, Output
from lifecycle.days import Instant, as_text, to_moment
from lifecycle.terms import Terms, load

if TYPE_CHECKING:
    from lifecycle.portfolio import Summary

_NEAREST = 10


def add(app: App, out: Output) -> None:
    """Add the commands to the application."""
    commands = Commands(out)
    app.command(commands.sweep, group=MANY, usage="Usage: lifecycle sweep EVENTS --at AT [OPTIONS]")
    tables = App(name="portfolio", group=MANY, help="Make the tables of events that `lifecycle sweep` answers.")
    tables.command(commands.convert, usage="Usage: lifecycle portfolio convert HISTORY ... -o EVENTS [OPTIONS]")
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
                help="The day or instant asked about, as 2026-03-28 or 2026-03-28T09:00:00-07:00, or 'now'. A day is "
                "its first instant where the Terms that the first account names count days."
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
        as_json: AsJson = False,
    ) -> int:
        """Answer every account in a table of events at one instant: state, term, holds, open powers, what is next.

        Most accounts are answered in columns, many at once; those of which the columns do not hold all are answered
        one by one, and counted by reason. It takes the extra 'portfolio'.

        Example: `lifecycle sweep events.parquet --at 2026-03-31 -o answers`

        With `--json`: the answer `sweep` of `lifecycle terms schema answers`.

        Ends with 0, 1 where the history of an account is refused, 2 for input that cannot be used.
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
            self.out.json(as_data(told))
        else:
            self._say(told)
        return 1 if summary.refused else 0

    def convert(
        self,
        *histories: Annotated[Path, Parameter(help="Histories of accounts: files of JSON Lines, one account each.")],
        output: Annotated[Path, Parameter(name=["--output", "-o"], help="The table to write, a Parquet file.")],
        terms: TermsFiles = (),
        as_json: AsJson = False,
    ) -> int:
        """Make a table of events of the histories of accounts, each checked as it is read.

        Example: `lifecycle portfolio convert accounts/*.jsonl -o events.parquet`

        With `--json`: the answer `portfolio convert` of `lifecycle terms schema answers`. It takes the extra
        'portfolio'.

        Ends with 0, or 2 for input that cannot be used; no table is written then.
        """
        if not histories:
            raise BadInput("no history: name at least one file")
        with _portfolio() as portfolio:
            texts = [load(source) for source in terms]
            accounts, rows = portfolio.convert_files(histories, output, texts)
        if as_json:
            self.out.json(as_data(ConvertedTold(written=str(output), accounts=accounts, events=rows)))
        else:
            self.out.say(f"wrote {output}: {_many(accounts, 'account')}, {_many(rows, 'event')}", style="bold")
            self.out.say(f"lifecycle sweep {output} --at DAY", indent=2)
        return 0

    # ---- how answers are shown ---------------------------------------------------------------------------------

    def _followed(self, parts: Iterator[Any]) -> Iterator[Any]:
        """The parts, with a bar where somebody watches."""
        with self.out.progress("sweep") as told:
            for done, part in enumerate(parts, start=1):
                if told:
                    told("sweep", done, part.of)
                yield part

    def _say(self, told: SweptTold) -> None:
        out = self.out
        out.say(f"{_many(told.accounts, 'account')} at {as_text(told.at)}", style="bold")
        counted = {**told.states, "in service": told.in_service}
        out.pairs([(label, f"{many:,}") for label, many in counted.items()], indent=2)
        if told.singly:
            out.say("answered one by one, because of", style="bold")
            out.pairs([(why, f"{many:,}") for why, many in told.singly.items()], indent=2)
        if told.refused:
            out.say(f"{told.refused:,} {'history is' if told.refused == 1 else 'histories are'} refused", style="bold")
            out.pairs([(one.agreement, one.why) for one in told.refusals], indent=2)
        if told.nearest:
            out.say("next", style="bold")
            out.pairs([(as_text(one.at), _line(one)) for one in told.nearest], indent=2)
        if told.written:
            again = f", {told.resumed} parts of them from before" if told.resumed else ""
            out.say(f"answers in {told.written}{again}")


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _line(one: NextTold) -> str:
    about = " ".join(filter(None, (one.power, one.matter)))
    return f"{one.agreement}: {one.what}{f' {about}' if about else ''} [{one.clause}]"


def _told(summary: Summary, at: Instant, output: Path | None, resumed: int) -> SweptTold:
    states = sorted(summary.states.items(), key=lambda one: (-one[1], one[0] or ""))
    return SweptTold(
        at=at,
        accounts=summary.agreements,
        states={state or "not in force": many for state, many in states},
        in_service=summary.in_service,
        singly=dict(summary.singly.most_common()),
        refused=summary.refused,
        refusals=tuple(RefusedTold(agreement=one["agreement"], why=one["refused"]) for one in summary.refusals),
        nearest=tuple(_next(one) for one in summary.nearest),
        written=None if output is None else str(output),
        resumed=resumed,
    )


def _next(row: dict[str, Any]) -> NextTold:
    return NextTold(
        agreement=row["agreement"],
        at=row["next_at"],
        what=row["next_what"],
        clause=row["next_clause"],
        power=row["next_power"],
        matter=row["next_matter"],
    )


def _instant(events: Path, at: str, texts: list[Terms]) -> Instant:
    """The instant asked about; a day where the first account's Terms count it."""
    from lifecycle.portfolio.sweeping import first_terms

    return first_terms(events, texts).calendar().instant_of(to_moment(stated(at)))


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
