"""Facts as options: for every class of the closed set of events, the options that a person gives it by.

Nothing here names a fact: options, their kinds and their help come from the fields and docstrings of
:mod:`lifecycle.events` (but for samples, and for ids that mean the same in every fact), and what is given is read as a
line of a history is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from inspect import Parameter as Argument
from inspect import getdoc
from types import NoneType, UnionType
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, fields, frozen, has
from cyclopts import Parameter

from lifecycle.cli.accounts import NOW, pairs
from lifecycle.cli.output import BadInput
from lifecycle.days import Instant, Period, as_text
from lifecycle.events import AgreementMade, CaughtUp, Fact, Money
from lifecycle.history import parsed, to_fact
from lifecycle.plain import spoken
from lifecycle.terms.model import Scalar

Reader: TypeAlias = Callable[[Any], Any]
"""From what was given to the part of a document that a line of a history would hold."""


def recordable() -> dict[str, type[Any]]:
    """What ``lifecycle record`` takes, by its name there: all but how a history begins, and memos, which are made."""
    return {spoken(cls).replace(" ", "-"): cls for cls in get_args(Fact) if cls not in (AgreementMade, CaughtUp)}


@frozen(kw_only=True)
class Option:
    """An option for a field of a fact. ``takes`` is the type that the command line reads, ``form`` how its text is
    written.
    """

    field: str
    name: str
    takes: Any
    default: Any
    required: bool
    read: Reader
    form: str
    meaning: str

    @property
    def is_moment(self) -> bool:
        return self.form in (_MOMENT, _FORMS[datetime])

    def argument(self, *, optional: bool = False) -> Argument:
        """The option as an argument of a command."""
        required = self.required and not optional
        help_ = ". ".join(part[:1].upper() + part[1:] for part in (self.meaning, self.form) if part)
        negative = None if self.takes is bool and self.default is True else ""
        taken = Parameter(name=f"--{self.name}", help=help_, negative=negative, required=required, show_default=False)
        type_ = self.takes if required or self.takes is bool or get_origin(self.takes) is tuple else self.takes | None
        default = Argument.empty if required else self.default
        return Argument(self.field, Argument.KEYWORD_ONLY, default=default, annotation=Annotated[type_, taken])


def options(cls: type[Any], *, taken: Iterable[str] = (), without: Iterable[str] = ()) -> tuple[Option, ...]:
    """The options for the fields of a fact, in their order; a name that is ``taken`` gets ``fact-`` before it."""
    hints, told = get_type_hints(cls), meanings(cls)
    found = []
    for field in fields(cls):
        if field.name in without:
            continue
        takes, read, form = _way(hints[field.name])
        name = field.name.replace("_", "-")
        if get_origin(takes) is tuple and name.endswith("s"):
            name = name.removesuffix("s")
        found.append(
            Option(
                field=field.name,
                name=f"fact-{name}" if name in taken else name,
                takes=takes,
                default=field.default if takes is bool else () if get_origin(takes) is tuple else None,
                required=field.default is NOTHING,
                read=read,
                form=form,
                meaning=told.get(field.name, _ALIKE.get(field.name, "")),
            )
        )
    return tuple(found)


def fact_of(
    cls: type[Any], given: Mapping[str, Any], options: Iterable[Option], now: Instant | None = None, **also: Any
) -> Any:
    """The fact that options say: what was not given is as the fact has it without. now: what that means where a moment
    is taken. ``also``: what is no option.

    Raises BadInput or InvalidHistory for what cannot be read.
    """
    document: dict[str, Any] = {"type": spoken(cls), **also}
    for option in options:
        value = given.get(option.field)
        if value is not None and value != ():
            try:
                read = option.read(value)
                document[option.field] = as_text(now) if now and option.is_moment and value == NOW else read
            except BadInput as error:
                raise BadInput(f"--{option.name}: {error}") from None
    return to_fact(document, spoken(cls))


def example(name: str, options: Iterable[Option]) -> str:
    """A command that records such a fact, with what it must say and what it mostly says."""
    told = [f"lifecycle record {name} acme.jsonl"]
    for option in options:
        sample = SAMPLES.get(f"{name} {option.field}", SAMPLES.get(option.field) if option.required else None)
        if sample is not None:
            told.append(f"--{option.name} {sample}")
    return " ".join(told)


SAMPLES: Mapping[str, str] = {
    "about": "INV-7",
    "amount": '"1200.00 USD"',
    "by": "provider",
    "does": "suspend",
    "duty": "pay",
    "event": "acme:4",
    "fact": """'{"type": "matter ended", "matter": "B-1", "how": "cured"}'""",
    "how": "cured",
    "kind": "overdue",
    "matter": "INV-7",
    "method": "courier",
    "notice": "acme:4",
    "order": "O-1",
    "power": "suspend.overdue",
    "start": "2026-01-05",
    "started": "2026-01-05",
    "to": "2026-04-15",
    "what": "termination",
    "acted power": "suspend.overdue",
    "extended day": "due",
    "matter-opened amount": '"1200.00 USD"',
    "matter-opened days": "due=2026-03-01",
    "matter-opened kind": "invoice",
    "matter-ended matter": "B-1",
    "notice-given about": "INV-7",
    "order-signed term": '"12 months"',
}
"""A value for every field that must be given, by its name, or by those of its fact and its own."""


_ALIKE: Mapping[str, str] = {
    "about": "The id of the matter it is about",
    "amount": "How much",
    "by": "Who",
    "customer": "Who the customer is, by name",
    "day": "Which day of the matter, by its name in the Terms, such as due",
    "digest": "The digest of those Terms, as `lifecycle terms show` tells it",
    "duty": "Which duty of the Terms, by its id",
    "event": "The id of that record, as `lifecycle log` tells it",
    "matter": "The id of the matter, as it was opened",
    "notice": "The id of the record of that notice, as `lifecycle log` tells it",
    "order": "The id of the order, your own",
    "power": "Which power of the Terms, by its id",
    "renews": "Whether the term renews, where the Terms let it",
    "term": "How long its terms run; as long as the Terms say without it",
    "terms": "Which Terms, by their id",
    "text": "What it says, in short",
    "trial": "Whether it begins as a trial",
    "why": "Why, in your own words",
}
"""What a field means in every fact whose docstring does not say."""


# ---- what the docstring of a fact says -----------------------------------------------------------------------


def summary(cls: type[Any]) -> str:
    """What a fact is, from its docstring, without what it says of single fields."""
    return _told(cls)[0]


def meanings(cls: type[Any]) -> dict[str, str]:
    """What the docstring of a fact says of its fields: ``party: whom it is about.``"""
    return _told(cls)[1]


def _told(cls: type[Any]) -> tuple[str, dict[str, str]]:
    text = " ".join((getdoc(cls) or "").replace("``", "").split())
    names = {field.name for field in fields(cls)}
    parts = re.split(r"(?:^|(?<=[.;] ))((?:[a-z_]+, )*[a-z_]+): ", text)
    said, found = parts[0].strip(), dict[str, str]()
    for heading, meaning in zip(parts[1::2], parts[2::2], strict=True):
        if set(heading.split(", ")) <= names:
            found.update(dict.fromkeys(heading.split(", "), meaning.strip().rstrip(".")))
        else:
            said = f"{said} {heading}: {meaning.strip()}"
    return said, found


# ---- from texts to the parts of a document -------------------------------------------------------------------


def _way(hint: Any) -> tuple[Any, Reader, str]:
    """How a field of a type is given: the type the command line reads, the reader, and how its text is written."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint == Fact:
        return str, _json, 'A fact as JSON, such as \'{"type": "paid", ...}\''
    if hint == Scalar:
        return str, _scalar, ""
    if origin in (Union, UnionType):
        rest = [part for part in arguments if part is not NoneType]
        return _way(rest[0]) if len(rest) == 1 else (str, str, _MOMENT)
    if hint in (bool, int):
        return hint, lambda value: value, ""
    if origin is tuple:
        return _several(arguments[0])
    if origin is Mapping:
        _, read, form = _way(arguments[1])
        lists = "; also true, false, or a list [A, B]" if arguments[1] == Scalar else ""
        form = f"As NAME={_BESIDE.get(arguments[1], 'VALUE')}{lists}. Repeatable"
        return (
            tuple[str, ...],
            lambda texts: {n: read(v) for n, v in pairs(texts, "it is said as NAME=VALUE").items()},
            form,
        )
    if hint in _FORMS:
        return str, str, _FORMS[hint]
    if hint is Money:
        return str, _money, "As '1200.00 USD'"
    if hint is Period:
        return str, _period, "As '12 months' or '6 hours'"
    if origin is not None and get_args(hint) and all(isinstance(part, str) for part in arguments):
        return str, str, f"One of {', '.join(arguments)}"
    return str, str, ""


_MOMENT = "A day, an instant, or 'now', when it is written down"
_FORMS: Mapping[Any, str] = {
    date: "As 2026-03-01",
    datetime: "An instant, as 2026-03-01T09:00:00Z, or 'now', when it is written down",
}


_BESIDE: Mapping[Any, str] = {date: "2026-03-01", Period: "12 months"}
"""How what stands beside a name is written."""


def _several(item: Any) -> tuple[Any, Reader, str]:
    if has(item):
        names = ",".join(f"{field.name}={field.name.upper()}" for field in fields(item))
        read = lambda texts: [pairs(text.split(","), f"it is said as {names}") for text in texts]  # noqa: E731
        return tuple[str, ...], read, f"As {names}. Repeatable"
    return tuple[str, ...], list, "Repeatable"


def _scalar(text: str) -> Any:
    if text.startswith("[") and text.endswith("]"):
        return [part.strip() for part in text[1:-1].split(",") if part.strip()]
    return {"true": True, "false": False}.get(text, text)


def _money(text: str) -> dict[str, str]:
    amount, _, currency = text.strip().partition(" ")
    if not currency:
        raise BadInput(f"an amount is said with its currency, as '120.00 USD', not {text!r}")
    return {"amount": amount, "currency": currency.strip()}


def _period(text: str) -> dict[str, Any]:
    number, _, unit = text.strip().partition(" ")
    if not number.isascii() or not number.isdigit() or len(number) > len("99999999"):
        raise BadInput(f"a period is said as a number and a unit, as '12 months', not {text!r}")
    unit = unit.strip()
    return {"n": int(number), "unit": unit if unit.endswith("s") else f"{unit}s"}


def _json(text: str) -> Any:
    return parsed(text, "fact")
