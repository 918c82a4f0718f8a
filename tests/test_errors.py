"""One base, one class per reason; every error crosses a process boundary."""

from __future__ import annotations

import copy
import importlib
import pickle
import pkgutil
from collections.abc import Iterator

import pytest

import lifecycle
from lifecycle.cli.output import BadInput
from lifecycle.diagrams.png import NoRenderer
from lifecycle.errors import (
    AppendConflict,
    InvalidFact,
    InvalidHistory,
    InvalidTable,
    InvalidTerms,
    InvalidTime,
    KeyConflict,
    LifecycleError,
    TornHistory,
    UnknownAgreement,
    UnknownTerms,
)
from lifecycle.proving.graph import TooLarge
from lifecycle.reporting.calendar import NoCalendar
from lifecycle.reporting.spans import TooLong
from lifecycle.structuring import Faults
from lifecycle.testing import Story
from lifecycle.verdict import Refused


def refused() -> Refused:
    """A refusal with everything in it: windows, reasons, rules, a first day."""
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-01").invoice("INV-7", "120.00 USD", due="2026-03-01")
    story.on("2026-03-05").notice("overdue", about="INV-7", method="courier")
    with pytest.raises(Refused) as caught:
        story.on("2026-03-28").do("suspend")
    return caught.value


ERRORS = [
    (InvalidTime("now", "not an instant"), "now: not an instant"),
    (
        InvalidTerms("a.toml", ("a key is missing at terms.id", "unknown key 'x' at rule[0]")),
        "a.toml: 2 faults to mend\n  - a key is missing at terms.id\n  - unknown key 'x' at rule[0]",
    ),
    (InvalidTerms("a.toml", ("not TOML",)), "a.toml: 1 fault to mend\n  - not TOML"),
    (UnknownTerms("acme-2020", "not published here"), "Terms acme-2020: not published here"),
    (InvalidFact("money", "amount", "an amount is wanted"), "money.amount: an amount is wanted"),
    (InvalidFact("payment", "", "no such matter"), "payment: no such matter"),
    (InvalidHistory("acme.jsonl, line 7", "torn"), "acme.jsonl, line 7: torn"),
    (
        KeyConflict("k-1", 7),
        "idempotency key 'k-1' was used for event 7, which says something else: send the same body again, or a new key",
    ),
    (TornHistory("acme.jsonl, line 7", "torn", 4_096), "acme.jsonl, line 7: torn"),
    (
        AppendConflict("acme", 3, 5),
        "acme: decided after event 3, but 5 is the last: nothing was recorded; load it again and decide again",
    ),
    (
        AppendConflict("acme", 3),
        (
            "acme: decided after event 3, but it is no longer the last: "
            "nothing was recorded; load it again and decide again"
        ),
    ),
    (UnknownAgreement("acme"), "acme: no such agreement is recorded here"),
    (NoRenderer("PNG needs an extra"), "PNG needs an extra"),
    (NoCalendar("calendars need an extra"), "calendars need an extra"),
    (TooLarge("acme", 5), "acme: more than 5 ways in which it can stand: too many to look at"),
    (InvalidTable("events.parquet", "row 7", "no sequence"), "events.parquet, row 7: no sequence"),
    (TooLong("more turns than can be shown"), "more turns than can be shown"),
    (InvalidTable("events.parquet", "", "no Parquet"), "events.parquet: no Parquet"),
    (BadInput("say --fix or --keep"), "say --fix or --keep"),
    (Faults(("a text is wanted at id", "a key is missing at n")), "a text is wanted at id; a key is missing at n"),
]


def subclasses(cls: type[LifecycleError]) -> Iterator[type[LifecycleError]]:
    for child in cls.__subclasses__():
        yield child
        yield from subclasses(child)


def test_these_are_all_the_errors_of_the_library() -> None:
    for module in pkgutil.walk_packages(lifecycle.__path__, "lifecycle."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    ours = {cls for cls in subclasses(LifecycleError) if cls.__module__.startswith("lifecycle.")}
    assert ours == {type(error) for error, _ in ERRORS} | {Refused}


@pytest.mark.parametrize(("error", "text"), ERRORS, ids=lambda value: type(value).__name__)
def test_an_error_says_what_is_wrong(error: LifecycleError, text: str) -> None:
    assert str(error) == text


@pytest.mark.parametrize("error", [error for error, _ in ERRORS], ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_an_error_survives_pickling(error: LifecycleError, protocol: int) -> None:
    back = pickle.loads(pickle.dumps(error, protocol))
    assert type(back) is type(error)
    assert str(back) == str(error)
    assert str(copy.deepcopy(error)) == str(error)


def test_a_refusal_survives_pickling_with_its_verdict() -> None:
    error = refused()
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is Refused
    assert back.verdict == error.verdict
    assert str(back) == str(error)
    assert str(error).startswith("suspend refused on 2026-03-28")


def test_an_error_keeps_its_fields_for_the_host() -> None:
    back = pickle.loads(pickle.dumps(InvalidFact("money", "amount", "wanted")))
    assert (back.fact, back.field, back.problem) == ("money", "amount", "wanted")


@pytest.mark.parametrize("error", [*(error for error, _ in ERRORS)], ids=lambda error: type(error).__name__)
def test_one_base_catches_every_error(error: LifecycleError) -> None:
    with pytest.raises(LifecycleError) as caught:
        raise error
    assert caught.value is error


NOT_READ = (LookupError, AppendConflict, NoRenderer, NoCalendar)
"""Those that are about something else than what was given."""


@pytest.mark.parametrize("error", [error for error, _ in ERRORS if not isinstance(error, NOT_READ)])
def test_what_cannot_be_read_is_a_value_error_too(error: LifecycleError) -> None:
    assert isinstance(error, ValueError)


def test_what_is_not_found_is_a_lookup_error_too() -> None:
    assert issubclass(UnknownTerms, LookupError)
