"""The reference of the command as Markdown, made of the commands themselves: their help, arguments and options."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from inspect import cleandoc

from cyclopts import App
from rich.console import Console

from lifecycle.cli.app import build
from lifecycle.cli.groups import ASK, MANY, RECORD, SESSION, SHOW, TERMS
from lifecycle.cli.output import Output

BEGIN = "<!-- commands -->\n"
GROUPS: list[object] = [(group,) for group in (ASK, RECORD, SHOW, MANY, TERMS, SESSION)]


def reference() -> str:
    """Every command under a heading of its own, in the order of the groups of ``lifecycle --help``."""
    root = build(Output(Console(file=io.StringIO())))
    commands = sorted(_commands(root), key=lambda found: GROUPS.index(found[1].group))
    return "\n".join(section for name, app in commands for section in _sections(f"lifecycle {name}", app, 3)) + "\n"


def _commands(app: App) -> Iterator[tuple[str, App]]:
    for name in app:
        if not name.startswith("-"):
            yield name, app[name]


def _sections(name: str, app: App, level: int, shared: tuple[str, ...] = ()) -> Iterator[str]:
    """A command and those below it; what they share with the one above is told there."""
    yield f"{'#' * level} {name}\n\n{cleandoc(app.help or '').partition(_PARAMETERS)[0].strip()}\n"
    rows = tuple(row for row in _rows(app) if row not in shared)
    if rows:
        yield "\n".join(["| argument or option | what it is |", "|---|---|", *rows, ""])
    for sub, each in _commands(app):
        yield from _sections(f"{name} {sub}", each, level + 1, rows)


_PARAMETERS = "\n\nParameters\n----------\n"


def _rows(app: App) -> Iterator[str]:
    if app.default_command is None:
        return
    described = cleandoc(app.help or "").partition(_PARAMETERS)[2]
    told = {name: " ".join(text.split()) for name, text in re.findall(r"^(\w+)\n((?: +.*\n?)+)", described, flags=re.M)}
    for argument in app.assemble_argument_collection():
        if argument.show:
            meaning = argument.parameter.help or told.get(argument.field_info.name, "")
            needed = "**Required.** " if argument.required else ""
            names = ", ".join(f"`{name}`" for name in argument.names)
            yield f"| {names} | {needed}{meaning.replace('|', '/')} |".replace("  |", " |")
