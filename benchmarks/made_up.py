"""A table of events for as many agreements as wanted, made up from a seed: what a portfolio is measured on.

Each agreement has an order and so many matters, invoices with due days, payments, overdue notices and suspensions, and
breaches with notices and cures.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from lifecycle.portfolio import tables
from lifecycle.portfolio.batches import batch_from, words
from lifecycle.portfolio.counting import day_line, number
from lifecycle.portfolio.parquet import write_table
from lifecycle.portfolio.tables import event_schema
from lifecycle.terms import Terms, load

TERMS = "modal-2024-03-26"
AT = date(2026, 6, 15)
BATCH = 32_768
_FIRST = number(date(2025, 1, 1))
_KINDS, _METHODS = ("invoice", "breach", "force_majeure", "proceeding"), ("courier", "email", "certified_mail")
_SUSPEND, _TYPES = "suspend.overdue", ("agreement made", "order signed", "matter opened", "paid", "matter ended",
                                      "notice given", "acted")  # fmt: skip
_MADE, _ORDER, _OPENED, _PAID, _ENDED, _NOTICE, _ACTED = range(7)


def made_up(path: Path, agreements: int, matters: int, seed: int = 1) -> int:
    """Write a table of events; how many there are."""
    terms = load(TERMS)
    schema = event_schema(("due", "failure"), ("payment", "remediable", "material"))
    schema = schema.remove(schema.get_field_index("line"))
    batches = (
        batch_from(_columns(terms, first, min(BATCH, agreements - first), matters, seed), schema)
        for first in range(0, agreements, BATCH)
    )
    return write_table(path, batches, schema)


def _columns(terms: Terms, first: int, count: int, matters: int, seed: int) -> dict[str, Any]:
    dice = np.random.default_rng([seed, first])
    line = day_line(terms.calendar())
    facts = _facts(dice, count, matters)
    order = np.lexsort((facts["rank"], facts["day"], facts["owner"]))
    facts = {name: values[order] for name, values in facts.items()}
    starts = np.flatnonzero(facts["type"] == _MADE)
    owner = facts["owner"]
    sequence = np.arange(len(owner)) - starts[owner] + 1
    opening = np.zeros((count, matters), np.int64)
    opened = facts["type"] == _OPENED
    opening[owner[opened], facts["nth"][opened]] = sequence[opened]
    named = facts["nth"] >= 0
    about = opening[owner[named], facts["nth"][named]]
    offsets = np.concatenate(([0], np.cumsum(named)))
    occurred = line.start_of(facts["day"]) + facts["hour"] * 3_600_000_000
    kind, none = facts["kind"], np.full(len(owner), -1)
    is_type = {n: facts["type"] == n for n in range(len(_TYPES))}
    money = opened & (kind == 0) | is_type[_PAID]

    def only(which: Any, values: Any) -> Any:
        return np.ma.masked_array(values, ~which)

    def word(which: Any, *values: str, codes: Any = 0) -> Any:
        return words(np.where(which, codes, none), values)

    names = [f"A-{number_:09}" for number_ in range(first, first + count)]
    breach = opened & (kind == 1)
    return {
        "agreement": words(owner, names),
        "sequence": sequence.astype(np.int32),
        "type": words(facts["type"], _TYPES),
        "occurred": occurred,
        "by_day": facts["hour"] == 0,
        "recorded": occurred,
        "about": pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), pa.array(about.astype(np.int32))),
        "matter": word(opened, *(f"M-{n}" for n in range(matters)), codes=facts["nth"]).cast(pa.string()),
        "kind": words(
            np.where(opened, kind, np.where(is_type[_NOTICE], np.where(kind == 1, 1, 4), -1)), (*_KINDS, "overdue")
        ),
        "party": word(breach, "customer"),
        "by": word(is_type[_NOTICE] | is_type[_ACTED], "provider"),
        "how": word(is_type[_ENDED], "cured", "ended", "dismissed", codes=np.clip(kind - 1, 0, 2)),
        "means": word(is_type[_PAID], "payment"),
        "does": word(is_type[_ACTED], "suspend"),
        "power": word(is_type[_ACTED], _SUSPEND),
        "method": words(np.where(is_type[_NOTICE], facts["method"], -1), _METHODS),
        "amount": pa.array(np.full(len(owner), 120), mask=~money).cast(pa.decimal128(25, 6)),
        "currency": word(money, "USD"),
        "delivered": only(none >= 0, none),
        "start": only(is_type[_ORDER], facts["day"].astype(np.int32)),
        "length": only(is_type[_ORDER], np.where(owner % 3 == 0, 1, 12).astype(np.int32)),
        "unit": word(is_type[_ORDER], "months"),
        "renews": only(is_type[_ORDER], np.ones(len(owner), bool)),
        "terms": word(is_type[_MADE], terms.id),
        "digest": word(is_type[_MADE], terms.digest),
        "trial": only(is_type[_MADE], np.zeros(len(owner), bool)),
        "trial_through": only(none >= 0, none.astype(np.int32)),
        "beyond": word(none >= 0),
        f"{tables.DAY}due": only(opened & (kind == 0), (facts["day"] + 28).astype(np.int32)),
        f"{tables.DAY}failure": only(none >= 0, none.astype(np.int32)),
        f"{tables.ATTRIBUTE}payment": word(opened & (kind == 0), "invoice", "card", codes=owner % 4 == 0),
        f"{tables.ATTRIBUTE}remediable": word(breach, "true"),
        f"{tables.ATTRIBUTE}material": word(breach, "true", "false", codes=owner % 2),
    }


def _facts(dice: np.random.Generator, count: int, matters: int) -> dict[str, Any]:
    """The events of some agreements, in no order: whose, on which day, of what type, about which of its matters."""
    told: list[tuple[Any, ...]] = []

    def tell(owner: Any, day: Any, type_: int, nth: Any = -1, kind: Any = -1, method: Any = 0) -> None:
        full = [np.broadcast_to(np.asarray(v), owner.shape) for v in (day, type_, nth, kind, method)]
        hour = np.where(np.isin(type_, (_MADE, _ORDER)), 0, dice.integers(0, 20, len(owner)))
        told.append((owner, *full, np.where(full[1] < _PAID, full[1], _PAID), hour))

    everyone = np.arange(count)
    made = _FIRST + dice.integers(0, 300, count)
    tell(everyone, made, _MADE)
    tell(everyone, made, _ORDER)
    owner, nth = np.repeat(everyone, matters), np.tile(np.arange(matters), count)
    kind = np.where(nth < matters - 1, 0, dice.choice(4, len(owner), p=(0.4, 0.5, 0.05, 0.05)))
    opened = made[owner] + 1 + dice.integers(0, 240, len(owner))
    tell(owner, opened, _OPENED, nth, kind)
    roll = dice.random(len(owner))
    invoice, breach = kind == 0, kind == 1
    paid = invoice & (roll < 0.8)
    tell(owner[paid], (opened + dice.integers(5, 70, len(owner)))[paid], _PAID, nth[paid], 0)
    late = invoice & ((roll > 0.7) | (roll < 0.1))
    noticed = opened + 30 + dice.integers(0, 20, len(owner))
    methods = dice.choice(3, len(owner), p=(0.8, 0.1, 0.1))
    tell(owner[late], noticed[late], _NOTICE, nth[late], 0, methods[late])
    held = invoice & (roll > 0.95)
    tell(owner[held], (noticed + 40)[held], _ACTED, nth[held], 0)
    warned = breach & (roll < 0.7)
    tell(owner[warned], (opened + 2)[warned], _NOTICE, nth[warned], 1, methods[warned])
    over = ~invoice & (roll < 0.5)
    tell(owner[over], (opened + dice.integers(3, 60, len(owner)))[over], _ENDED, nth[over], kind[over])
    names = ("owner", "day", "type", "nth", "kind", "method", "rank", "hour")
    return {name: np.concatenate(column) for name, column in zip(names, zip(*told, strict=True), strict=True)}
