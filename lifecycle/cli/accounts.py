"""What commands about an account ask for: its history, its Terms, the instant a question is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

from attrs import frozen
from cyclopts import Parameter

from lifecycle import files
from lifecycle.agreement import Agreement
from lifecycle.cli.output import BadInput
from lifecycle.days import Instant
from lifecycle.errors import UnknownTerms
from lifecycle.terms import load
from lifecycle.terms.model import TRANSITIONS
from lifecycle.views import View

History: TypeAlias = Annotated[Path, Parameter(help="The account's history: a file of JSON Lines.")]
TermsFiles: TypeAlias = Annotated[
    tuple[str, ...],
    Parameter(
        name="--terms",
        negative="",
        show_default=False,
        help="Terms that the history names and that are not published here: the path of a TOML file. Repeatable.",
    ),
]

NOW = "now"
"""Taken wherever a moment is: in ``--at`` the instant that it is, in every other option the instant of ``--at``. Where
that says another moment no clock is read, and the same is answered whenever it is asked.
"""

At: TypeAlias = Annotated[
    str | None,
    Parameter(
        name="--at",
        show_default=False,
        help="The day or instant the question is about, as 2026-03-28 or 2026-03-28T09:00:00-07:00, or "
        "'now', the default.",
    ),
]
KnownAt: TypeAlias = Annotated[
    str | None,
    Parameter(
        name="--known-at",
        show_default=False,
        help="Answer as it was known then: only with what had been recorded. A day, an instant, or 'now', the instant "
        "asked about. Default: with all that is recorded.",
    ),
]

Readings: TypeAlias = Annotated[
    tuple[str, ...],
    Parameter(
        name="--reading",
        negative="",
        show_default=False,
        help="Read an unclear clause otherwise: KEY=MEANING. Repeatable.",
    ),
]
AsJson: TypeAlias = Annotated[bool, Parameter(name="--json", negative="", show_default=False, help="Answer as JSON.")]


@Parameter(name="*")
@frozen
class Look:
    """From where a question looks at an account: its Terms, the instant, what was known, and how clauses are read."""

    at: At = None
    known_at: KnownAt = None
    readings: Readings = ()
    terms: TermsFiles = ()


def opened(history: Path, terms: Iterable[str] = ()) -> Agreement:
    """The agreement that a history file tells.

    Raises InvalidHistory, InvalidTerms, UnknownTerms or InvalidFact, each saying where; BadInput where there is none.
    """
    start = "`lifecycle new --help` tells how to start one"
    if not history.exists():
        raise BadInput(f"{history}: there is no such file: {start}")
    if not history.is_file() or not history.stat().st_size:
        raise BadInput(f"{history}: no history, but {'an empty' if history.is_file() else 'no'} file: {start}")
    try:
        return files.account(history, [load(source) for source in terms])
    except UnknownTerms as error:
        raise BadInput(f"{error}. Name the file of those Terms with --terms FILE") from None


def viewed(history: Path, look: Look, policy: Path | None = None) -> View:
    """The account in a history file, looked at as asked."""
    account = opened(history, look.terms)
    at = asked_at(account, look.at)
    known_at = None if look.known_at is None else account.instant(meant(look.known_at, at))
    if known_at is not None:
        if known_at < (recorded := account.history[0].recorded):
            first = account.day_of(recorded)
            raise BadInput(f"nothing was recorded of {account.id} by {look.known_at}: its first record is of {first}")
        account = account.known_at(known_at)
    if policy is not None:
        account = narrowed(account, policy)
    readings = chosen(look.readings)
    if readings:
        account = _read_as(account, readings)
    return View(account=account, at=at, known_at=known_at, readings=readings)


def narrowed(account: Agreement, policy: Path) -> Agreement:
    """The account as the house lets itself act, by its policy file."""
    return Agreement(account.history, account.library, policy=files.read_policy(policy, account.terms))


def chosen(readings: Iterable[str]) -> Mapping[str, str]:
    """Readings from ``KEY=MEANING``."""
    return pairs(readings, "a reading is said as KEY=MEANING")


def pairs(texts: Iterable[str], rule: str) -> dict[str, str]:
    """Names and values from ``NAME=VALUE``; ``rule`` says so where one is not.

    Raises BadInput for that, and where a name stands twice.
    """
    found: dict[str, str] = {}
    for text in texts:
        name, wants, value = text.partition("=")
        if not wants or not name.strip():
            raise BadInput(f"{rule}, not {text!r}")
        if name.strip() in found:
            raise BadInput(f"{name.strip()} is said twice")
        found[name.strip()] = value.strip()
    return found


def _read_as(account: Agreement, readings: Mapping[str, str]) -> Agreement:
    known = {reading.key for version in account.versions() for reading in version.terms.readings}
    if unknown := sorted(readings.keys() - known):
        raise BadInput(
            f"the Terms of {account.id} have no reading {unknown[0]!r}: {', '.join(sorted(known)) or 'none'}"
        )
    return account.read_as(readings)


def check_act(view: View, does: str, about: tuple[str, ...], power: str | None) -> None:
    """Raise BadInput for an act, a power or a matter that is not there, with those that are."""
    terms = [version.terms for version in view.account.versions()]
    powers = [each for version in terms for each in version.powers.values()]
    acts = dict.fromkeys((*TRANSITIONS, *(each.does for each in powers)))
    if does not in acts:
        raise BadInput(f"the Terms know no {does!r}: {', '.join(acts)}")
    fitting = dict.fromkeys(each.id for each in powers if each.does == does)
    if power is not None and power not in fitting:
        raise BadInput(f"the Terms know no power {power!r} to {does}: {', '.join(fitting) or 'none'}")
    if not about:
        return
    known = [matter.id for matter in view.account.matters(view.at)]
    known += [hold.key for hold in view.account.status(view.at).holds]
    known += [o.matter.id for o in view.account.powers(view.at) if o.matter]
    if unknown := next((matter for matter in about if matter not in known), None):
        on = view.account.day_of(view.at)
        raise BadInput(f"no matter {unknown!r} is recorded by {on}: {', '.join(dict.fromkeys(known)) or 'none is'}")


def stated(at: str | None) -> str | Instant:
    """The moment of ``--at`` as it was given; the instant it is where it was not. The only clock that is read about
    accounts is this one.
    """
    return datetime.now(UTC) if at is None or at == NOW else at


def asked_at(account: Agreement, at: str | None) -> Instant:
    """The instant of ``--at``."""
    return account.instant(stated(at))


def meant(moment: str, at: Instant) -> str | Instant:
    """The moment of another option than ``--at``, beside the instant of that."""
    return at if moment == NOW else moment
