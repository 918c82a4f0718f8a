"""``record``: appends what happened to a history, each event or nothing; and what every command that appends shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import Parameter as Argument
from inspect import Signature
from pathlib import Path
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

from attrs import frozen
from cyclopts import App, Parameter

from lifecycle import answers as told
from lifecycle.agreement import Agreement
from lifecycle.cli import facts, telling
from lifecycle.cli.accounts import NOW, AsJson, History, TermsFiles, narrowed, opened, pairs, stated
from lifecycle.cli.asking import show
from lifecycle.cli.groups import RECORD
from lifecycle.cli.output import BadInput, Output
from lifecycle.days import Instant
from lifecycle.errors import AppendConflict
from lifecycle.events import Event
from lifecycle.files import append
from lifecycle.history import parsed, to_fact
from lifecycle.verdict import Refused
from lifecycle.views import View

T = TypeVar("T")

RecordedAt: TypeAlias = Annotated[
    str | None,
    Parameter(
        name="--at", show_default=False, help="When it is written down: a day, an instant, or 'now', the default."
    ),
]
Occurred: TypeAlias = Annotated[
    str | None,
    Parameter(
        name="--occurred",
        show_default=False,
        help="When it happened, if not then: a day, an instant, or 'now', when it is written down.",
    ),
]
Key: TypeAlias = Annotated[
    str | None,
    Parameter(name="--key", show_default=False, help="An idempotency key: the same again changes nothing."),
]
Actor: TypeAlias = Annotated[str | None, Parameter(name="--actor", show_default=False, help="Who writes it down.")]
Ref: TypeAlias = Annotated[str | None, Parameter(name="--ref", show_default=False, help="A reference of your own.")]
Meta: TypeAlias = Annotated[
    tuple[str, ...],
    Parameter(name="--meta", negative="", show_default=False, help="Details of your own: NAME=VALUE. Repeatable."),
]

_TRIES = 5  # to decide again where somebody else appended first


@Parameter(name="*")
@frozen
class Place:
    """When and by whom an event is written down, and what the host keeps with it."""

    at: RecordedAt = None
    key: Key = None
    actor: Actor = None
    ref: Ref = None
    meta: Meta = ()

    @property
    def kept(self) -> dict[str, Any]:
        meta = pairs(self.meta, "a detail is said as NAME=VALUE")
        return {"key": self.key, "actor": self.actor, "ref": self.ref, "meta": meta}


def add(app: App, out: Output) -> None:
    """Add the command to the application: one for every fact that can be recorded, and one for a fact as JSON."""
    record = App(name="record", group=RECORD, help=_RECORD)
    recorder = Recorder(out)
    record.default(recorder.from_json)
    for name, cls in facts.recordable().items():
        record.command(_recorder(recorder, name, cls), name=name)
    app.command(record)


@frozen
class Appended(Generic[T]):
    """An account after an act whose events are in its file, how many there were ``before``, and what was ``done``."""

    account: Agreement
    before: int
    done: T


def appended(
    history: Path, terms: Sequence[str], act: Callable[[Agreement], T], policy: Path | None = None
) -> Appended[T]:
    """Act on an account and append what that records; decided again where somebody else appended first.

    Raises what the act raises, and where the file cannot be appended to. Nothing is written then.
    """
    for attempt in range(_TRIES):
        account = opened(history, terms)
        if policy is not None:
            account = narrowed(account, policy)
        expected = len(account.history)
        done = act(account)
        events = list(account.history)[expected:]
        try:
            if events:
                append(history, events, expected=expected)
        except AppendConflict:
            if attempt == _TRIES - 1:
                raise
            continue
        return Appended(account, expected, done)
    raise AssertionError


# ---- record --------------------------------------------------------------------------------------------------

RESERVED = ("terms", "at", "occurred", "id", "key", "actor", "ref", "meta", "json", "json-fact")


@Parameter(name="*")
@frozen
class Written:
    """Besides the fact: when it happened, its id, and the Terms of the history."""

    occurred: Occurred = None
    id: Annotated[
        str | None, Parameter(name="--id", show_default=False, help="The event's own id. Default: AGREEMENT:SEQUENCE.")
    ] = None
    terms: TermsFiles = ()


_RECORD = """Append one event to a history: what happened, as it happened, whether or not the Terms permitted it.

Nothing is written where it is refused: an act that has no effect any more, a key that was used for something else, a
fact to which the Terms give no meaning. A fact is never refused for coming late.

Example: `lifecycle record paid acme.jsonl --matter INV-7 --amount "1200.00 USD" --occurred 2026-04-01`

Example: `lifecycle record acme.jsonl --json-fact '{"type": "matter ended", "matter": "B-1", "how": "cured"}'`

With `--json`: the answer `record` of `lifecycle terms schema answers`. Ends with 0 where it was recorded (or was there
under its key), 1 where it is refused, 2 where it is no such fact.
"""


@frozen
class Recorder:
    """Recording facts, given by options or as JSON."""

    out: Output

    def from_json(
        self,
        history: History,
        /,
        *rest: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        json_fact: Annotated[
            str | None,
            Parameter(
                name="--json-fact",
                allow_leading_hyphen=True,
                show_default=False,
                help="The fact as a line of a history has it under 'fact'; - for standard input.",
            ),
        ] = None,
        place: Place = Place(),
        written: Written = Written(),
        as_json: AsJson = False,
    ) -> int:
        """Record a fact given as JSON."""
        if rest or json_fact is None:
            file = rest[0] if rest and not rest[0].startswith("-") else history
            known = ", ".join(facts.recordable())
            raise BadInput(f"say what is to be recorded: lifecycle record FACT {file}, FACT one of {known}")
        text = self.out.read() if json_fact == "-" else json_fact
        fact = to_fact(parsed(text, "fact"), "fact")
        return self.record(history, lambda _: fact, place, written, as_json=as_json)

    def record(
        self, history: Path, fact: Callable[[Instant], Any], place: Place, written: Written, *, as_json: bool
    ) -> int:
        """Record the fact that is said at an instant, and tell."""

        def act(account: Agreement) -> Event:
            at = stated(place.at)
            occurred = None if written.occurred == NOW else written.occurred
            said = fact(account.instant(at))
            return account.record(said, at=at, occurred=occurred, id=written.id, **place.kept)

        try:
            found = appended(history, written.terms, act)
        except Refused as refused:
            return self._refused(history, written, refused, as_json=as_json)
        account, event = found.account, found.done
        answer = told.RecordedTold(
            agreement=account.id,
            event=View(account=account, at=event.recorded).event(event),
            refused="",
            repeated=event.sequence <= found.before,
            on=account.day_of(event.recorded),
            state=account.status(event.recorded).state,
        )
        return show(self.out, answer, telling.recorded, as_json=as_json)

    def _refused(self, history: Path, written: Written, refused: Refused, *, as_json: bool) -> int:
        account = opened(history, written.terms)
        at = refused.verdict.question.at
        answer = told.RecordedTold(
            agreement=account.id,
            event=None,
            refused=str(refused),
            repeated=False,
            on=account.day_of(at),
            state=account.status(at).state,
        )
        show(self.out, answer, telling.recorded, as_json=as_json)
        return 1


def _recorder(recorder: Recorder, name: str, cls: type[Any]) -> Callable[..., int]:
    options = facts.options(cls, taken=RESERVED)

    def command(history: Path, /, *, place: Place = Place(), written: Written = Written(), **given: Any) -> int:
        as_json = given.pop("as_json", False)

        def fact(now: Instant) -> Any:
            return facts.fact_of(cls, given, options, now)

        return recorder.record(history, fact, place, written, as_json=as_json)

    sign(command, [option.argument() for option in options], (Place, Written))
    command.__doc__ = f"{facts.summary(cls)}\n\nExample: `{facts.example(name, options)}`"
    return command


def sign(
    command: Callable[..., Any], options: Sequence[Argument], groups: Sequence[type[Any]], history: Any = History
) -> None:
    """Give a command the signature that the command line reads: a history, options, groups of options, ``--json``."""
    arguments = [Argument("history", Argument.POSITIONAL_ONLY, annotation=history), *options]
    arguments += [
        Argument(group.__name__.lower(), Argument.KEYWORD_ONLY, default=group(), annotation=group) for group in groups
    ]
    arguments.append(Argument("as_json", Argument.KEYWORD_ONLY, default=False, annotation=AsJson))
    command.__signature__ = Signature(arguments)  # type: ignore[attr-defined]
    command.__annotations__ = {argument.name: argument.annotation for argument in arguments}
