"""``lifecycle terms new``: asks, and writes a Terms file that was not there before."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lifecycle import disk
from lifecycle.answers import DraftedTold, as_data
from lifecycle.cli.output import BadInput, Output
from lifecycle.cli.pages import findings_told
from lifecycle.days import Day
from lifecycle.structuring import Faults
from lifecycle.terms import parse
from lifecycle.terms.drafting import answered, drafted, questions
from lifecycle.terms.loading import MAX_BYTES
from lifecycle.terms.review import findings

_FILE_NAME = re.compile(r"[\w-][\w.-]*")


def new(out: Output, path: Path | None, answers: Path | None, *, defaults: bool, as_json: bool) -> int:
    """Write a new Terms file; 0 where it was written, 1 where there is one already.

    Raises BadInput or InvalidTerms for answers that cannot be used, and where the file cannot be written.
    """
    if path is not None and path.exists():
        return _taken(out, path)
    today = datetime.now(UTC).date()
    made = answered(_answers(answers) if answers else {} if defaults else _asked(out, today), today)
    text = drafted(made)
    target = path or _named(made.id)
    try:
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return _taken(out, target)
    except (OSError, ValueError) as error:
        raise BadInput(f"{target}: cannot be written: {error}") from None
    found = findings(parse(text.encode(), str(target)))
    if as_json:
        faults = findings_told(made.id, found).findings
        out.json(as_data(DraftedTold(written=str(target), terms=made.id, findings=faults)))
    else:
        out.say(f"wrote {target}", style="bold")
        out.say("It loads as it stands. What to fill in next is said at its top; then:")
        out.say(f"lifecycle terms check {target}", indent=2)
        out.say(f"lifecycle terms show {target}", indent=2)
    return 0


def _taken(out: Output, path: Path) -> int:
    out.fail(f"{path}: there is such a file, and it is not overwritten: name another")
    return 1


def _named(terms_id: str) -> Path:
    if not _FILE_NAME.fullmatch(terms_id):
        raise BadInput(f"{terms_id!r} is no name of a file: say where to write (lifecycle terms new PATH)")
    return Path(f"{terms_id}.toml")


def _answers(path: Path) -> Mapping[str, Any]:
    """The answers in a JSON file.

    Raises BadInput where it is none.
    """
    try:
        with disk.reading(path) as file:
            found = json.loads(file.read(MAX_BYTES), object_pairs_hook=_closed)
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(f"{path}: no answers: {error}") from None
    if not isinstance(found, dict):
        raise BadInput(f"{path}: no answers: an object of names and values is wanted")
    return found


def _closed(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _asked(out: Output, today: Day) -> Mapping[str, Any]:
    """The answers a person gives; asked again where one cannot be used, and the default for an empty line."""
    given: dict[str, Any] = {}
    for question in questions(today):
        if not question.asked(given):
            continue
        default = ", ".join(question.default) if isinstance(question.default, list) else question.default
        while question.key not in given:
            text = out.ask(f"{question.ask} [{default}]")
            try:
                given[question.key] = question.read(text) if text else question.default
            except Faults as faults:
                out.fail(faults)
    return given
