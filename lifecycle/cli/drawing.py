"""``lifecycle diagram``: the life of an agreement as a picture, and where an account is in it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from attrs import frozen
from cyclopts import App, Parameter

from lifecycle import disk
from lifecycle.cli.accounts import AsJson, At, KnownAt, Readings, TermsFiles, asked_at, chosen, opened
from lifecycle.cli.groups import SHOW
from lifecycle.cli.output import BadInput, Output
from lifecycle.diagrams import Picture, data, marked, picture, render
from lifecycle.diagrams.formats import SUFFIXES
from lifecycle.terms import load, under

Format = Literal["mermaid", "dot", "svg", "png", "json"]


def add(app: App, out: Output) -> None:
    """Add the command to the application."""
    app.command(Drawing(out).diagram, group=SHOW, usage="Usage: lifecycle diagram [TERMS] [OPTIONS]")


@frozen
class Drawing:
    """The command, a method: its arguments, its help, and how its answer is shown."""

    out: Output

    def diagram(
        self,
        terms: Annotated[
            str | None,
            Parameter(help="The id of Terms published here, or the path of a TOML file. Not with --history."),
        ] = None,
        /,
        *,
        output: Annotated[Path | None, Parameter(name=["--output", "-o"], show_default=False)] = None,
        format: Annotated[Format | None, Parameter(name=["--format", "-f"], show_default=False)] = None,
        detail: Literal["overview", "full"] = "overview",
        party: Literal["provider", "customer"] | None = None,
        only: str | None = None,
        theme: Literal["light", "dark"] = "light",
        history: Path | None = None,
        at: At = None,
        known_at: KnownAt = None,
        terms_files: TermsFiles = (),
        readings: Readings = (),
        as_json: AsJson = False,
    ) -> int:
        """Draw the life of an agreement under some Terms: its states, who may change them, when, under which clause.

        With `--history` it is drawn for an account: where it is, what is open now, and from which day the rest opens.

        Example: `lifecycle diagram modal-2024-03-26 --detail full -o modal.svg`

        Example: `lifecycle diagram --history acme.jsonl --at 2026-03-10 -o acme.png`

        With `--json`: the picture as data - `terms`, `title`, `dated`, `detail`, `places`, `arrows`, each with its
        `ways`, and `mark`, where the account is; with `-o` too: `written` and `format`.

        Ends with 0, or 2 for input that cannot be used.

        Parameters
        ----------
        output
            Write it to this file, in place of what is there: whole, or not at all. Its ending says the format.
        format
            mermaid, dot, svg, png (which takes the extra 'pictures'), or json. Default: as the file ends, else mermaid.
        detail
            overview: what each party may do, told together; full: every power by itself.
        party
            Only what this party can do, and what happens by itself.
        only
            Only this transition, or what leads from or to this state.
        theme
            The colours of svg and png.
        history
            The account's history: a file of JSON Lines. Its Terms are those it names.
        """
        wanted = _format(format, output, as_json=as_json)
        if wanted == "png" and output is None:
            raise BadInput("png is no text: say where to write it (-o FILE.png)")
        if history is None:
            drawn = _of_terms(terms, readings, (at, known_at, terms_files), detail=detail, party=party, only=only)
        elif terms is not None:
            raise BadInput("with --history the Terms are those it names; give files of them with --terms FILE")
        else:
            account = opened(history, terms_files, known_at)
            account = account.read_as(chosen(readings)) if readings else account
            instant = asked_at(account, at)
            made = picture(account.terms_at(instant), detail=detail, party=party, only=only)
            drawn = marked(made, account, instant)
        self._give(drawn, wanted, output, theme, as_json=as_json)
        return 0

    def _give(self, drawn: Picture, wanted: str, output: Path | None, theme: str, *, as_json: bool) -> None:
        if output is None:
            self.out.json(data(drawn)) if as_json else self.out.raw(str(render(drawn, wanted, theme=theme)))
            return
        made = render(drawn, wanted, theme=theme)
        _write(output, made if isinstance(made, bytes) else made.encode())
        if as_json:
            self.out.json({"written": str(output), "format": wanted})
        else:
            self.out.say(f"wrote {output}")


def _format(asked: str | None, output: Path | None, *, as_json: bool) -> str:
    """The format asked for, by name or by the ending of a file."""
    if asked:
        return asked
    if output is None:
        return "json" if as_json else "mermaid"
    if (ending := output.suffix.lower()) not in SUFFIXES:
        raise BadInput(f"{output}: of which format? Name one (--format), or end it in {', '.join(SUFFIXES)}")
    return SUFFIXES[ending]


def _of_terms(
    terms: str | None, readings: Iterable[str], of_account: tuple[object, ...], *, detail: Literal["overview", "full"],
    party: str | None, only: str | None
) -> Picture:  # fmt: skip
    if terms is None:
        raise BadInput("of which Terms? Name some, or an account (--history FILE)")
    if any(of_account):
        raise BadInput("--at, --known-at and --terms ask about an account: name its history (--history FILE)")
    return picture(under(load(terms), chosen(readings)), detail=detail, party=party, only=only)


def _write(target: Path, content: bytes) -> None:
    try:
        disk.replace(target, content)
    except (OSError, ValueError) as error:
        raise BadInput(f"{target}: cannot be written: {error}") from None
