"""``new`` and ``import`` start a history: an agreement made, or an account taken over in mid-life."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from attrs import evolve, frozen
from cyclopts import App, Parameter

from lifecycle import answers as told
from lifecycle.agreement import Agreement
from lifecycle.cli import facts, telling
from lifecycle.cli.accounts import stated
from lifecycle.cli.asking import show
from lifecycle.cli.groups import RECORD
from lifecycle.cli.output import BadInput, Output
from lifecycle.cli.recording import sign
from lifecycle.days import Instant
from lifecycle.errors import AppendConflict
from lifecycle.events import FORMAT, AgreementMade, OpeningBalance, OrderSigned
from lifecycle.files import append
from lifecycle.terms import load
from lifecycle.views import View

_NEW = """Start an account: a new history, with the agreement made and, if you name one, its order signed.

A file that is there is never overwritten.

Example: `lifecycle new acme.jsonl --terms modal-2024-03-26 --customer "Acme GmbH" --order O-1 --start 2026-01-05
--term "12 months"`

On trial: `lifecycle new acme.jsonl --terms modal-2024-03-26 --customer "Acme GmbH" --trial-through 2026-02-04`

With `--json`: the answer `new` of `lifecycle terms schema answers`. Ends with 0, or 2 for what cannot be used.
"""

_IMPORT = """Take over an account in mid-life without its past: a new history that opens with where it stands.

Everything the opening balance says stays marked as unverified. A file that is there is never overwritten.

Example: `lifecycle import acme.jsonl --terms modal-2024-03-26 --customer "Acme GmbH" --order O-1 --started 2026-01-05
--term "12 months" --number 3`

Suspended: add `--hold power=suspend.overdue,matter=INV-7`

With `--json`: the answer `import` of `lifecycle terms schema answers`. Ends with 0, or 2 for what cannot be used.
"""


def add(app: App, out: Output) -> None:
    """Add the commands to the application."""
    app.command(_starting(out, OrderSigned, _NEW), name="new", group=RECORD)
    app.command(_starting(out, OpeningBalance, _IMPORT), name="import", group=RECORD)


_New: TypeAlias = Annotated[Path, Parameter(help="The history to write: a file that is not there yet.")]


@Parameter(name="*")
@frozen
class Beginning:
    """How a history starts, besides its first facts."""

    agreement: Annotated[
        str | None,
        Parameter(name="--agreement", show_default=False, help="The agreement's id. Default: the name of the file."),
    ] = None
    at: Annotated[
        str | None,
        Parameter(name="--at", show_default=False, help="When that is: a day, an instant, or 'now', the default."),
    ] = None


def _starting(out: Output, first: type[Any], told_: str) -> Callable[..., int]:
    """A command that starts a history with the agreement made and a first fact; an order may be left out."""
    making = _said(facts.options(AgreementMade, without=("format", "digest")))
    opening = _said(facts.options(first))
    may_wait = first is OrderSigned

    def command(history: Path, /, *, beginning: Beginning = Beginning(), as_json: bool = False, **given: Any) -> int:
        if history.is_dir():
            raise BadInput(f"{history}: a folder: name the file to write")
        at = stated(beginning.at)
        account = _made(beginning.agreement or history.stem, at, given, making)
        if not may_wait or given.get("order") or given.get("start"):
            if missing := next((o.name for o in opening if o.required and given.get(o.field) is None), None):
                raise BadInput(f"an order takes --{missing} too")
            account.record(facts.fact_of(first, given, opening), at=at)
        events = list(account.history)
        try:
            append(history, events, expected=0)
        except AppendConflict:
            raise BadInput(f"{history}: there is such a file, and it is not overwritten: name another") from None
        view = View(account=account, at=events[-1].recorded)
        made = account.history[0].fact
        assert isinstance(made, AgreementMade)
        answer = told.StartedTold(
            written=str(history),
            agreement=account.id,
            customer=made.customer,
            terms=made.terms,
            digest=made.digest,
            events=tuple(map(view.event, events)),
        )
        return show(out, answer, telling.started, as_json=as_json)

    arguments = [option.argument() for option in making] + [option.argument(optional=may_wait) for option in opening]
    sign(command, arguments, (Beginning,), history=_New)
    command.__doc__ = told_
    return command


_SAID = {
    "terms": "The id of Terms published here, or the path of a TOML file",
    "order": "The id of the order that is signed, or running: your own",
}
"""What options mean here, where a history starts."""


def _said(options: tuple[facts.Option, ...]) -> tuple[facts.Option, ...]:
    return tuple(evolve(option, meaning=_SAID.get(option.field, option.meaning)) for option in options)


def _made(agreement: str, at: str | Instant, given: dict[str, Any], making: tuple[facts.Option, ...]) -> Agreement:
    text = load(given["terms"])
    document = {**given, "terms": text.id}
    made = facts.fact_of(AgreementMade, document, making, format=FORMAT, digest=text.digest)
    return Agreement.make(
        text,
        agreement=agreement,
        customer=made.customer,
        at=at,
        trial=made.trial,
        trial_through=made.trial_through,
        zone=made.zone,
        freshness=made.freshness,
        readings=made.readings,
    )
