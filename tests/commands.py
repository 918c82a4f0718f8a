"""Running the command in tests: what it said, as what it ended, and its JSON held to the published schema."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from rich.console import Console

from lifecycle import answers, schema
from lifecycle.cli import main

MODAL = "modal-2024-03-26"
_PUBLISHED = json.loads(schema.shipped("answers"))
_REGISTRY: Registry[Any] = Registry().with_resource(_PUBLISHED["$id"], Resource.from_contents(_PUBLISHED))


def validate(command: str, document: object) -> None:
    """Raise where a document is not what the schema says that the command answers."""
    reference = {"$ref": f"{_PUBLISHED['$id']}#/$defs/{command}"}
    Draft202012Validator(reference, registry=_REGISTRY).validate(document)


class Ran:
    """A run of ``lifecycle``: ``code``, what it ``said`` and what it found ``wrong``. What it answers as JSON must be
    what the schema of the answers says.
    """

    def __init__(self, *arguments: object, answer: str = "", width: int = 100, terminal: bool = False) -> None:
        said, wrong = io.StringIO(), io.StringIO()
        lines = iter(answer.splitlines(keepends=True))
        self.command = " ".join(map(str, arguments[: 2 if arguments[:1] in (("terms",), ("portfolio",)) else 1]))
        self.code = main(
            list(map(str, arguments)),
            console=Console(file=said, width=width),
            errors=Console(file=wrong, width=width, force_terminal=terminal),
            answer=lambda: next(lines, ""),
        )
        self.said, self.wrong = said.getvalue(), wrong.getvalue()
        if "--json" in arguments and self.code != 2 and self.command in answers.ANSWERS:
            validate(self.command, self.json)

    @property
    def json(self) -> Any:
        return json.loads(self.said)


def started(path: Path, *more: str) -> Path:
    """An account of the Modal Terms, made on 5 January 2026, its first term to 4 January 2027: ``acme.jsonl``."""
    history = path / "acme.jsonl"
    order = ("--order", "O-1", "--start", "2026-01-05", "--term", "12 months")
    made = Ran("new", history, "--terms", MODAL, "--customer", "Acme GmbH", *order, "--at", "2026-01-05", *more)
    assert (made.code, made.wrong) == (0, "")
    return history


def overdue(path: Path) -> Path:
    """The same with an invoice due on 1 March, and a notice that it is overdue given on the 5th: 30 days overdue on 31
    March, ten days on notice on the 15th.
    """
    history = started(path)
    invoice = ("--kind", "invoice", "--matter", "INV-7", "--amount", "1200.00 USD", "--day", "due=2026-03-01")
    Ran("record", "matter-opened", history, *invoice, "--attribute", "payment=invoice", "--at", "2026-02-01")
    notice = ("--kind", "overdue", "--by", "provider", "--method", "courier", "--about", "INV-7")
    assert Ran("record", "notice-given", history, *notice, "--at", "2026-03-05").code == 0
    return history
