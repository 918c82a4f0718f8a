"""Random lives of agreements, and Terms that differ from the Modal ones in what a portfolio must read off them."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import lifecycle
from lifecycle import Agreement, LifecycleError
from lifecycle.days import Instant, Moment, Period
from lifecycle.events import (
    Acted,
    Done,
    Fact,
    MatterChanged,
    MatterEnded,
    MatterOpened,
    Money,
    NoticeDelivered,
    NoticeGiven,
    OrderSigned,
    Paid,
    Posted,
    Waived,
)
from lifecycle.terms import Terms, load, parse
from lifecycle.terms.model import Party

MODAL = load("modal-2024-03-26")
_TEXT = (Path(lifecycle.__file__).parent / "terms" / "modal-2024-03-26.toml").read_text(encoding="utf-8")
START = date(2026, 1, 5)


def other_terms(terms_id: str, *changes: tuple[str, str]) -> Terms:
    """The Modal Terms under another id, with texts of their file changed and no readings."""
    text = _TEXT.replace('id = "modal-2024-03-26"', f'id = "{terms_id}"')
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return parse(text[: text.index("\n[[reading]]")].encode(), terms_id)


TERMS = (
    MODAL,
    # Other numbers, comparators, methods, and a trial of its own length.
    other_terms(
        "numbers",
        ('start = "due", compare = "at least", n = 30', 'start = "due", compare = "more than", n = 21'),
        (
            'start = "notice:overdue", compare = "at least", n = 10',
            'start = "notice:overdue", compare = "not within", n = 5',
        ),
        ('compare = "at least", n = 30, reads = "before', 'compare = "more than", n = 14, reads = "before'),
        ('courier         = { counts = "dispatch" }', 'courier = { counts = "dispatch", n = 2 }'),
        ('certified_mail  = { counts = "dispatch" }', 'certified_mail = { counts = "delivery", n = 1 }'),
        ('limit = "trial_limit"', 'limit = "trial_limit"\nlength = { n = 1, unit = "months" }\ngap = "goes on"'),
        ('lacks = ["5.2", "6.1", "6.2"]', 'lacks = ["5.2", "6.1", "1.12", "2.2(a)"]'),
        ('[counting]\nfirst_day = "exclude"', '[counting]\nfirst_day = "include"'),
        ('zone = "America/Los_Angeles"', 'zone = "Europe/Berlin"'),
        # By courier it begins two days after it was given.
        (
            'exercise = "act"\nlifts = "by an act"\n\n[power."suspend.prohibited',
            'exercise = "written notice"\nlifts = "by an act"\n\n[power."suspend.prohibited',
        ),
    ),
    # Months, any of several clocks, waiting for the failure, holds that lift otherwise, a power from the ending on.
    other_terms(
        "shapes",
        (
            'start = "start", compare = "not within", n = 60, leaves',
            'start = "start", compare = "not within", n = 2, unit = "months", rounding = "down", leaves',
        ),
        ('[power."suspend.overdue"]', '[power."suspend.overdue"]\nneeds = "any"'),
        (
            'start = "start", compare = "more than", n = 30, reads = "of force',
            'start = "failure", compare = "more than", n = 30, reads = "of force',
        ),
        (
            'matter = ["ending"]\nexercise = "act"',
            """matter = ["ending"]
clocks = [{ start = "start", compare = "at least", n = 10 }]
when = { how = "terminated" }
exercise = "act\"""",
        ),
        ('matter = ["hold"]\nexercise', 'matter = ["hold"]\nunless = { power = "suspend.security" }\nexercise'),
        ('start = "term end", direction', 'start = "next term start", direction'),
        (
            'matter = ["ending"]\ndeadline = "unscheduled"\n\n[duty."pay_accrued"]',
            """matter = ["ending"]
clocks = [{ start = "start", compare = "no later than", n = 14 }]

[duty."pay_accrued"]""",
        ),
        (
            'exercise = "act"\nlifts = "by an act"\n\n[power."suspend.prohibited',
            'exercise = "written notice"\nlifts = "by itself"\n\n[power."suspend.prohibited',
        ),
    ),
)

_KINDS = {
    "invoice": ("INV-1", "INV-2", "INV-3"),
    "breach": ("B-1", "B-2"),
    "proceeding": ("P-1",),
    "force_majeure": ("FM-1",),
    "security_risk": ("S-1",),
    "insolvency": ("I-1",),
    "claim": ("C-1",),
    "creditor_assignment": ("A-1",),
    "trial_limit": ("L-1",),
    "warranty_breach": ("W-1",),
    "return_request": ("R-1",),
}
_ENDS = ("cured", "dismissed", "ended", "resolved", "voided", "withdrawn", "settled", "corrected")
_METHODS = ("courier", "courier", "personal", "certified_mail", "email", "")


def life(seed: int, *, plain: bool = True) -> Agreement:
    """A random life; ``plain``: of what the columns hold, else of anything now and then."""
    dice = random.Random(seed)  # noqa: S311 - a life, not a secret
    terms = TERMS[seed % len(TERMS)]
    trial = dice.random() < 0.3
    account = Agreement.make(
        terms,
        agreement=f"A-{seed:06}",
        customer="C",
        at=moment(dice, START),
        trial=trial,
        trial_through=START + timedelta(dice.randrange(60)) if trial and dice.random() < 0.7 else None,
    )
    day, steps = START, dice.randrange(3, 28)
    if dice.random() < 0.9:
        _told(account, _order(dice), day, dice)
    for _ in range(steps):
        day += timedelta(dice.choice((0, 0, 1, 2, 5, 9, 10, 11, 20, 30, 31, 80)))
        with suppress(LifecycleError):
            _told(account, _fact(dice, account, plain=plain), day, dice)
    return account


def moment(dice: random.Random, day: date) -> Moment:
    if dice.random() < 0.5:
        return day
    return datetime(day.year, day.month, day.day, dice.randrange(24), dice.choice((0, 30)), tzinfo=UTC)


def _told(account: Agreement, fact: Fact, day: date, dice: random.Random) -> None:
    """Record a fact, late now and then."""
    late = dice.choice((0, 0, 0, 1, 7, 40))
    occurred = moment(dice, max(START, day - timedelta(late))) if late or dice.random() < 0.6 else None
    with suppress(LifecycleError):
        account.record(fact, at=day, occurred=occurred)


def _order(dice: random.Random) -> Fact:
    length = dice.choice((Period(1, "months"), Period(12, "months"), Period(1, "years"), Period(45, "days")))
    start = START + timedelta(dice.choice((0, 0, 10, 26, 59)))
    return OrderSigned(order="O-1", start=start, term=length, renews=dice.random() < 0.8)


def _fact(dice: random.Random, account: Agreement, *, plain: bool) -> Fact:
    kind = dice.choice(list(_KINDS))
    kind = "invoice" if dice.random() < 0.4 else kind
    matter = dice.choice(_KINDS[kind])
    known = [e.fact.matter for e in account.history if isinstance(e.fact, MatterOpened)]
    if not known and dice.random() < 0.95:
        return _opened(dice, account, kind, matter)
    known = known or [matter]
    some = dice.choice(known)
    roll = dice.random()
    if not plain and roll < 0.15:
        return _odd(dice, account, some)
    if roll < 0.35:
        return _opened(dice, account, kind, matter)
    if roll < 0.5:
        return Paid(
            matter=dice.choice([name for name in known if name.startswith("INV")] or ["INV-1"]),
            amount=Money(dice.choice(("100.00", "60.5", "40", "39.50")), "USD"),
            means=dice.choice(("payment", "payment", "credit", "write_off")),
        )
    if roll < 0.6:
        kinds = {
            e.fact.matter: account.terms.kinds[e.fact.kind] for e in account.history if isinstance(e.fact, MatterOpened)
        }
        return MatterEnded(matter=some, how=dice.choice((*(kinds[some].ends if some in kinds else ()), *_ENDS[:1])))
    if roll < 0.82:
        return _notice(dice, known)
    return _act(dice, account, known)


def _opened(dice: random.Random, account: Agreement, kind: str, matter: str) -> Fact:
    declared = account.terms.kinds[kind]
    base = START + timedelta(dice.randrange(200))
    days = {name: base for name in declared.days if name not in declared.defaults or dice.random() < 0.3}
    attributes: dict[str, str | bool | tuple[str, ...]] = {}
    for name, allowed in declared.attributes.items():
        if allowed == "yes or no" and dice.random() < 0.85:
            attributes[name] = dice.random() < 0.6
        elif isinstance(allowed, tuple) and dice.random() < 0.9:
            attributes[name] = dice.choice(allowed)
    return MatterOpened(
        kind=kind,
        matter=matter,
        party=dice.choice(("provider", "customer", "customer")) if declared.party == "either" else None,
        by=dice.choice((None, "provider", "customer")),
        days=days,
        attributes=attributes,
        amount=Money(dice.choice(("100.00", "100", "0")), "USD") if declared.money else None,
    )


def _notice(dice: random.Random, known: list[str]) -> Fact:
    kind = dice.choice(("overdue", "overdue", "breach", "non_renewal", "claim", "warranty"))
    about = () if kind == "non_renewal" else tuple(dict.fromkeys(dice.choices(known, k=dice.choice((1, 1, 2)))))
    if kind == "overdue" and dice.random() < 0.4:
        about = ()
    method = dice.choice(_METHODS)
    delivered = START + timedelta(dice.randrange(300)) if dice.random() < 0.15 else None
    by: Party = dice.choice(("provider", "provider", "customer"))
    return NoticeGiven(kind=kind, by=by, method=method, about=about, delivered=delivered)


def _act(dice: random.Random, account: Agreement, known: list[str]) -> Fact:
    powers = [p for p in account.terms.powers.values() if p.exercise in ("act", "written notice")]
    weights = [6 if p.does == "suspend" else 3 if p.does == "reinstate" else 1 for p in powers]
    power = dice.choices(powers, weights)[0]
    kinds = {e.fact.matter: e.fact.kind for e in account.history if isinstance(e.fact, MatterOpened)}
    fitting = [name for name in known if kinds.get(name) in power.matter] or known
    about = tuple(dict.fromkeys(dice.choices(fitting, k=dice.choice((1, 1, 2)))))
    by: Party = dice.choice(("provider", "provider", "provider", "customer"))
    if power.does == "reinstate":
        about = dice.choice(((), tuple(known[:1])))
    return Acted(does=power.does, by=by, power=power.id, about=about, method=dice.choice(_METHODS))


def _odd(dice: random.Random, account: Agreement, matter: str) -> Fact:
    """What the columns do not hold."""
    return dice.choice(
        (
            Paid(matter=matter, amount=Money("100.00", "USD"), means="chargeback"),
            MatterChanged(matter=matter, attributes={"material": True}),
            Waived(matter=matter, power="suspend.overdue", by="provider"),
            NoticeDelivered(notice=f"{account.id}:4"),
            Done(duty="cease_use", by="customer", about="ending"),
            Posted(power="terminate.discontinuation"),
            Acted(does="suspend", by="provider", override="because"),
            OrderSigned(order="O-2", start=START, term=Period(1, "years")),
            OrderSigned(
                order="O-1", start=START, term=Period(12, "months"), attributes={"discontinuation": "excluded"}
            ),
        )
    )


def telling_instants(account: Agreement, dice: random.Random, many: int) -> list[Instant]:
    """Instants at, just before, and days around the edges of an agreement's windows, and some others."""
    edges: list[Instant] = []
    for day in (START + timedelta(dice.randrange(500)) for _ in range(3)):
        at = account.instant(day)
        edges += [
            e for o in account.powers(at) for e in (o.window.opens, o.window.closes) if e.year < 2100 and e.year > 1990
        ]
        edges += [entry.at for entry in account.timeline(at).entries]
        edges += [at, *([wake] if (wake := account.wake_at(at)) else [])]
    tick, a_day = timedelta(microseconds=1), timedelta(1)
    moved = (timedelta(0), -tick, tick, -a_day, a_day, timedelta(hours=7))
    return [dice.choice(sorted(set(edges))) + dice.choice(moved) for _ in range(many)]


__all__ = ["MODAL", "START", "TERMS", "life", "telling_instants"]
