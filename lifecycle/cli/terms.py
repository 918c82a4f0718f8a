"""``lifecycle terms``: what Terms say, whether to rely on them, what differs between two, and how to start some."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from attrs import frozen
from cyclopts import App, Parameter

from lifecycle import rereading, schema
from lifecycle.answers import as_data
from lifecycle.cli import pages, starting
from lifecycle.cli.accounts import AsJson, Readings, chosen, stated
from lifecycle.cli.groups import TERMS
from lifecycle.cli.output import Output
from lifecycle.days import Instant
from lifecycle.errors import InvalidFact, InvalidTerms
from lifecycle.files import account
from lifecycle.terms import Library, Terms, load, published, under
from lifecycle.terms.difference import differences
from lifecycle.terms.excerpt import excerpt
from lifecycle.terms.finding import faults
from lifecycle.terms.review import findings

Source: TypeAlias = Annotated[str, Parameter(help="The id of Terms published here, or the path of a TOML file.")]
NewReadings: TypeAlias = Annotated[
    tuple[str, ...],
    Parameter(
        name="--new-reading",
        negative="",
        show_default=False,
        help="Like --reading, for the new Terms only. Repeatable.",
    ),
]
Properties: TypeAlias = Annotated[
    tuple[str, ...],
    Parameter(name="--property", negative="", show_default=False, help="Prove only this one, by its name. Repeatable."),
]
Folder: TypeAlias = Annotated[
    Path | None,
    Parameter(
        name=("--output", "-o"),
        show_default=False,
        help="Write each history that fails a property into this folder, as JSON Lines.",
    ),
]
NothingDeclared: TypeAlias = Annotated[
    bool,
    Parameter(
        name="--nothing-declared",
        negative="",
        show_default=False,
        help="End with 1 also where one holds only because the Terms declare it so.",
    ),
]
Histories: TypeAlias = Annotated[str, Parameter(help="Histories of accounts, as JSON Lines: what changes for them.")]


def app(out: Output) -> App:
    """The sub-application, speaking to an output."""
    known = ", ".join(published())
    made = App(
        name="terms", group=TERMS, help=f"Terms as data: a contract's clauses, powers, days. Published here: {known}."
    )
    commands = Commands(out)
    takes: dict[Callable[..., int], str] = {
        commands.show: "TERMS [OPTIONS]",
        commands.check: "TERMS [OPTIONS]",
        commands.prove: "TERMS [OPTIONS]",
        commands.diff: "OLD NEW [HISTORY ...] [OPTIONS]",
        commands.schema: "[terms | history | policy | answers]",
        commands.new: "[PATH] [OPTIONS]",
    }
    for command, arguments in takes.items():
        made.command(command, usage=f"Usage: lifecycle terms {command.__name__} {arguments}")
    return made


@frozen
class Commands:
    """The commands, each a method: its arguments, its help, and how its answer is shown."""

    out: Output

    def show(
        self,
        terms: Source,
        /,
        *,
        clause: str | None = None,
        power: str | None = None,
        readings: Readings = (),
        as_json: AsJson = False,
    ) -> int:
        """Show what Terms say, in words: who may do what, when and how; duties, notices, term, what is unclear.

        Example: `lifecycle terms show modal-2024-03-26 --clause 1.12`

        With `--json`: the answer `terms show` of `lifecycle terms schema answers`: `terms`, `title`, `digest`,
        `readings` (those chosen), and `entries`, each with `section`, `id`, `clause`, `title`, `group` (the act a power
        is to) and `lines` of `label` and `text`.

        Ends with 0, or 2 where there are no such Terms, clause or power.

        Parameters
        ----------
        clause
            Only what concerns this clause, and those below it.
        power
            Only what concerns this power, by its id.
        """
        found = _read(terms, readings)
        entries = excerpt(found, clause, power)
        if as_json:
            self.out.json(as_data(pages.sheet_told(found, entries)))
        else:
            pages.sheet(self.out, found, entries)
        return 0

    def check(self, terms: Source, /, *, readings: Readings = (), as_json: AsJson = False) -> int:
        """Check Terms before relying on them: every fault of the file, and what can never happen or has no effect.

        Example: `lifecycle terms check our-terms.toml`

        With `--json`: the answer `terms check` of `lifecycle terms schema answers`: `terms`, `errors`, `advice` (how
        many of each) and `findings`, each with `severity`, `code`, `path`, `problem` and `advice`.

        Ends with 0 where no error is found (advice may be), 1 where one is, 2 where the file cannot be read.
        """
        try:
            found = findings(_read(terms, readings))
        except InvalidTerms as error:
            found = faults(error)
        if as_json:
            self.out.json(as_data(pages.findings_told(terms, found)))
        else:
            pages.findings(self.out, terms, found)
        return 1 if any(finding.severity == "error" for finding in found) else 0

    def prove(
        self,
        terms: Source,
        /,
        *,
        properties: Properties = (),
        folder: Folder = None,
        readings: Readings = (),
        nothing_declared: NothingDeclared = False,
        as_json: AsJson = False,
    ) -> int:
        """Prove what should be so under any Terms, over everything that can happen under these.

        For instance: every state but the end can end, every power can open, every hold can lift, no suspension comes
        without its notice having run. A property that fails comes with a history of an account that shows it, and with
        -o with the command that replays it: a day stands for its first instant, so it names the instant in full.

        Example: `lifecycle terms prove our-terms.toml -o histories`

        Then, for instance: `lifecycle status histories/fault-needed-1.jsonl --terms our-terms.toml --at
        2026-02-05T20:04:00Z`

        With `--json`: the answer `terms prove` of `lifecycle terms schema answers`: `terms`, `title`, `digest`,
        `readings`, `holds` (all of them), and `properties`, each with `name`, `title`, `means`, `holds`, `declared`
        (where it holds because the Terms say so) and `failures` of `problem`, `clause`, `claims` (what the history
        shows: `text`, `at` and `through`, `known_at`, and the `commands` that replay it) and `history` (its path, or
        null).

        Ends with 0 where all hold, 1 where one fails, 2 for input that cannot be used. One that holds only because the
        Terms declare it so is counted apart, and ends with 1 with --nothing-declared.
        """
        from lifecycle.cli import proving

        found = _read(terms, readings)
        return proving.run(
            self.out, found, terms, properties, folder, nothing_declared=nothing_declared, as_json=as_json
        )

    def diff(
        self,
        old: Source,
        new: Source,
        /,
        *histories: Histories,
        at: str | None = None,
        readings: Readings = (),
        new_readings: NewReadings = (),
        as_json: AsJson = False,
    ) -> int:
        """Tell what differs between two Terms, clause by clause, and what that changes for accounts.

        Each history is read under its own Terms, and once more with the new ones in their place: its state, its holds,
        and the first and last day of each power. Facts that the new Terms give no meaning are listed.

        Example: `lifecycle terms diff modal-2024-03-26 next.toml acme.jsonl --at 2026-03-31`

        With `--json`: the answer `terms diff` of `lifecycle terms schema answers`: `old` and `new` (`terms`, `title`,
        `digest`); `changes`, each with `what` (added, removed, changed), `section`, `id`, `clause`, `title` and `turns`
        of `label`, `old` and `new`; and `accounts`, each with `agreement`, `at`, `old` and `new` (`state`, `term`,
        `holds`, `ending`, `irregular`), `powers` (`power`, `title`, `matter`, and `old` and `new`: `first`, `last` and
        `waits`, or null), `same` (how many powers do not differ) and `unread` (`event`, `type`, `why`).

        Ends with 0 where nothing differs, 1 where something does, 2 for input that cannot be used.

        Parameters
        ----------
        at
            Compare the accounts as of this day or instant, or 'now'; each as of its last record without one.
        """
        before, after = _both(old, new, readings, new_readings)
        changes = differences(before, after)
        moment = None if at is None else stated(at)
        accounts = [_impact(path, before, after, moment) for path in histories]
        if as_json:
            self.out.json(as_data(pages.changes_told(before, after, changes, accounts)))
        else:
            pages.changes(self.out, before, after, changes)
            pages.accounts(self.out, accounts)
        return 1 if changes or any(account.differs for account in accounts) else 0

    def schema(
        self, name: Literal["terms", "history", "policy", "answers"] = "terms", /, *, as_json: AsJson = False
    ) -> int:
        """Print the JSON Schema (draft 2020-12) of a Terms file, a line of a history, a house policy file, or answers.

        Editors complete and check TOML with it. It says no more than form: `lifecycle terms check` says the rest.

        Example: `lifecycle terms schema terms > terms.schema.json`

        It is JSON in any case, with or without `--json`. Ends with 0, or 2 for another name.
        """
        _ = as_json
        self.out.raw(schema.shipped(name))
        return 0

    def new(
        self,
        path: Annotated[Path | None, Parameter(help="The file to write; ID.toml without one.")] = None,
        /,
        *,
        answers: Path | None = None,
        defaults: Annotated[bool, Parameter(negative="", show_default=False)] = False,
        as_json: AsJson = False,
    ) -> int:
        """Start a Terms file: asks a few questions, and writes a file that loads, with notes on what to fill in next.

        A file that is there already is never overwritten.

        Example: `lifecycle terms new our-terms.toml`

        With `--json`: the answer `terms new` of `lifecycle terms schema answers`: `written` (the path), `terms` (the
        id) and `findings`, as `check` tells them.

        Ends with 0, 1 where there is such a file already, 2 for answers that cannot be used.

        Parameters
        ----------
        answers
            Take the answers from this JSON file, an object of names and values, and the defaults of the others.
        defaults
            Ask nothing, and take the defaults.
        """
        return starting.new(self.out, path, answers, defaults=defaults, as_json=as_json)


# ---- reading what the arguments name -------------------------------------------------------------------------


def _read(source: str, readings: Iterable[str]) -> Terms:
    return under(load(source), chosen(readings))


def _both(old: str, new: str, readings: Iterable[str], new_readings: Iterable[str]) -> tuple[Terms, Terms]:
    """Two Terms, with each reading taken wherever they have it; those for the new ones must be theirs."""
    before, after = load(old), load(new)
    wanted = chosen(readings)
    had, has = ({key: wanted[key] for key in wanted if key in _keys(terms)} for terms in (before, after))
    if unknown := wanted.keys() - had.keys() - has.keys():
        known = ", ".join(dict.fromkeys((*_keys(before), *_keys(after))))
        raise InvalidFact("readings", sorted(unknown)[0], f"neither has such a reading: {known or 'none'}")
    return under(before, had), under(after, {**has, **chosen(new_readings)})


def _keys(terms: Terms) -> tuple[str, ...]:
    return tuple(reading.key for reading in terms.readings)


def _impact(path: str, old: Terms, new: Terms, at: str | Instant | None) -> rereading.Impact:
    """What the new Terms change for the account whose history is in a file; it may name either, or published ones."""
    agreement = account(path, Library([under(old, {}), under(new, {})]))
    return rereading.impact(agreement, new, None if at is None else agreement.instant(at))
