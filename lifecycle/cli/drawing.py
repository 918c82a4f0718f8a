"""``lifecycle diagram``: the life of an agreement as a picture, and where an account is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from attrs import asdict, frozen
from cyclopts import App, Parameter

from lifecycle.answers import ArrowDrawn, DrawnTold, MarkDrawn, PlaceDrawn, WayDrawn, as_data
from lifecycle.cli.accounts import AsJson, Look, chosen, viewed
from lifecycle.cli.groups import SHOW
from lifecycle.cli.output import BadInput, Output, write
from lifecycle.diagrams import Arrow, Picture, marked, picture, render
from lifecycle.diagrams.formats import SUFFIXES, Format
from lifecycle.terms import load, under


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
        look: Look = Look(),  # noqa: B008
        as_json: AsJson = False,
    ) -> int:
        """Draw the life of an agreement under some Terms: its states, who may change them, when, under which clause.

        With `--history` it is drawn for an account: where it is, what is open now, and from which day the rest opens.

        Example: `lifecycle diagram modal-2024-03-26 --detail full -o modal.svg`

        Example: `lifecycle diagram --history acme.jsonl --at 2026-03-10 -o acme.png`

        With `--json`: the answer `diagram` of `lifecycle terms schema answers`: the picture as data, `places`, `arrows`
        with their `ways`, and `mark`, where the account is; `written` and `format` say which file was written.

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
        wanted = _format(format, output)
        if wanted == "png" and output is None:
            raise BadInput("png is no text: say where to write it (-o FILE.png)")
        if history is None:
            drawn = _of_terms(terms, look, detail=detail, party=party, only=only)
        elif terms is not None:
            raise BadInput("with --history the Terms are those it names; give files of them with --terms FILE")
        else:
            view = viewed(history, look)
            made = picture(view.account.terms_at(view.at), detail=detail, party=party, only=only)
            drawn = marked(made, view.account, view.at)
        self._give(drawn, wanted, output, theme, as_json=as_json)
        return 0

    def _give(self, drawn: Picture, wanted: Format, output: Path | None, theme: str, *, as_json: bool) -> None:
        if output is not None:
            made = render(drawn, wanted, theme=theme)
            write(output, made if isinstance(made, bytes) else made.encode())
        if as_json:
            self.out.json(as_data(_told(drawn, output, wanted)))
        elif output is None:
            self.out.raw(str(render(drawn, wanted, theme=theme)))
        else:
            self.out.say(f"wrote {output}")


def _format(asked: Format | None, output: Path | None) -> Format:
    """The format asked for, by name or by the ending of a file."""
    if asked:
        return asked
    if output is None:
        return "mermaid"
    if (ending := output.suffix.lower()) not in SUFFIXES:
        raise BadInput(f"{output}: of which format? Name one (--format), or end it in {', '.join(SUFFIXES)}")
    return SUFFIXES[ending]


def _of_terms(
    terms: str | None, look: Look, *, detail: Literal["overview", "full"], party: str | None, only: str | None
) -> Picture:
    if terms is None:
        raise BadInput("of which Terms? Name some, or an account (--history FILE)")
    if look.at or look.known_at or look.terms:
        raise BadInput("--at, --known-at and --terms ask about an account: name its history (--history FILE)")
    return picture(under(load(terms), chosen(look.readings)), detail=detail, party=party, only=only)


def _told(drawn: Picture, written: Path | None, format: Format) -> DrawnTold:
    return DrawnTold(
        **{
            **asdict(drawn, recurse=False),
            "places": tuple(PlaceDrawn(**asdict(place)) for place in drawn.places),
            "arrows": tuple(_arrow_told(arrow) for arrow in drawn.arrows),
            "mark": MarkDrawn(**asdict(drawn.mark)) if drawn.mark else None,
        },
        written=None if written is None else str(written),
        format=None if written is None else format,
    )


def _arrow_told(arrow: Arrow) -> ArrowDrawn:
    ways = tuple(WayDrawn(**asdict(way)) for way in arrow.ways)
    return ArrowDrawn(**{**asdict(arrow, recurse=False), "ways": ways})
