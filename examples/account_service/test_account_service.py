"""The account service, day by day. Days are counted by hand from the Modal Terms and policy.toml.

The invoice of most tests falls due on Sunday 1 March 2026. 1.12: overdue from 2 March, 30 days overdue on 31 March, and
10 days after the notice. The house: 35 days overdue, which is Sunday 5 April, so Monday 6 April.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lifecycle import Refused, terms
from lifecycle.files import read_policy
from lifecycle.history import to_line
from lifecycle.testing import StoreContract

from .billing import Unusable
from .customer import WORDS, said
from .database import Database, Message
from .service import AccountService

MODAL = terms.load("modal-2024-03-26")
HOUSE = read_policy(Path(__file__).with_name("policy.toml"), MODAL)
PACIFIC = ZoneInfo("America/Los_Angeles")


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=PACIFIC)


def seconds(day: str) -> int:
    return int(noon(day).timestamp())


_DELIVERIES = itertools.count(1)


def webhook(kind: str, day: str, **about: Any) -> str:
    document = {"id": f"evt_{next(_DELIVERIES)}", "type": kind, "created": seconds(day), "data": {"object": about}}
    return json.dumps(document)


def invoice(day: str = "2026-02-01", due: str | None = "2026-03-01", **more: Any) -> str:
    about = {
        "id": "in_1",
        "customer": "acme",
        "amount_due": 120000,
        "amount_remaining": 120000,
        "currency": "usd",
        "due_date": seconds(due) if due else None,
        "collection_method": "send_invoice" if due else "charge_automatically",
        "status_transitions": {"finalized_at": seconds(day)},
    }
    return webhook("invoice.finalized", day, **{**about, **more})


def charge(day: str, minor: int = 120000, of: str | None = "in_1", id: str = "ch_1") -> str:
    return webhook("charge.succeeded", day, id=id, customer="acme", invoice=of, amount=minor, currency="usd")


class House:
    """A service with one account, and a clock that its tests set."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.service = AccountService(database, MODAL, policy=HOUSE, methods=("courier", "certified_mail"))
        self.service.signup("acme", customer="Acme GmbH", at=noon("2026-01-05"), months=12)

    def told(self, *bodies: str, on: str) -> list[str]:
        return [self.service.webhook(body, at=noon(on)) for body in bodies]

    def night(self, day: str, known_through: str | None = None) -> Any:
        return self.service.nightly(at=noon(day), known_through=noon(known_through or day))

    def state(self, day: str) -> str | None:
        return self.service.agreement("acme").status(noon(day)).state

    def outbox(self) -> list[str]:
        return [message.effect for message in self.database.unsent()]

    def suspended(self) -> House:
        """Unpaid, noticed on 2 March, suspended in the night of Monday 6 April."""
        self.told(invoice(), on="2026-02-01")
        assert self.night("2026-03-02").noticed == ("in_1",)
        assert self.night("2026-04-06").suspended == ("acme",)
        return self


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    database = Database(tmp_path / "accounts.db")
    yield House(database)
    database.close()


# ---- signing up --------------------------------------------------------------------------------------------------


def test_a_customer_who_signs_up_twice_has_one_agreement(house: House) -> None:
    house.service.signup("acme", customer="Acme GmbH", at=noon("2026-01-06"), months=12)
    assert len(house.service.agreement("acme").history) == 2
    assert house.state("2026-01-06") == "active"


# ---- webhooks ----------------------------------------------------------------------------------------------------


def test_a_due_date_is_the_day_where_the_terms_count() -> None:
    """Midnight UTC of 1 March is 16:00 of 28 February in California."""
    house = House(Database(":memory:"))
    midnight = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp())
    house.told(invoice(due_date=midnight), on="2026-02-01")
    assert str(house.service.agreement("acme").history[-1].fact.days["due"]) == "2026-02-28"  # type: ignore[union-attr]


def test_an_invoice_charged_by_itself_falls_due_when_it_is_final(house: House) -> None:
    house.told(invoice(due=None), on="2026-02-01")
    fact: Any = house.service.agreement("acme").history[-1].fact
    assert (str(fact.days["due"]), fact.attributes["payment"]) == ("2026-02-01", "card")


@pytest.mark.parametrize(
    ("minor", "currency", "amount"),
    [(120050, "usd", "1200.50 USD"), (1200, "jpy", "1200 JPY"), (1200500, "kwd", "1200.500 KWD")],
)
def test_minor_units_are_those_of_the_currency(house: House, minor: int, currency: str, amount: str) -> None:
    house.told(invoice(amount_due=minor, currency=currency), on="2026-02-01")
    assert str(house.service.agreement("acme").history[-1].fact.amount) == amount  # type: ignore[union-attr]


def test_the_same_webhook_twice_and_the_same_charge_under_two_names_count_once(house: House) -> None:
    first, again = charge("2026-02-20", 60000), charge("2026-02-20", 60000)
    assert house.told(invoice(), first, first, again, on="2026-02-20") == ["taken", "taken", "known", "taken"]
    assert len(house.service.agreement("acme").history) == 4


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_webhooks_in_any_order_come_to_the_same(order: tuple[int, ...]) -> None:
    """Invoiced, paid, refunded, paid again: in whatever order it is told, the invoice is paid in the end."""
    house = House(Database(":memory:"))
    told = [
        invoice(),
        charge("2026-03-10"),
        webhook("refund.created", "2026-03-12", id="re_1", charge="ch_1", amount=120000, currency="usd"),
        charge("2026-03-14", id="ch_2"),
    ]
    house.told(*(told[index] for index in order), on="2026-03-15")
    agreement = house.service.agreement("acme")
    assert len(agreement.history) == 6
    assert not [o for o in agreement.powers(noon("2026-05-01")) if o.power.id == "suspend.overdue"]
    day = noon("2026-03-13")  # between refund and second payment it was open again
    assert [o.matter.id for o in agreement.powers(day) if o.power.id == "suspend.overdue" and o.matter] == ["in_1"]


def test_a_refund_waits_for_the_charge_it_names(house: House) -> None:
    refund = webhook("refund.created", "2026-02-22", id="re_1", charge="ch_1", amount=120000, currency="usd")
    assert house.told(invoice(), refund, on="2026-02-22") == ["taken", "waiting"]
    house.told(charge("2026-02-20"), on="2026-02-23")
    assert not house.database.inbox("waiting")
    assert house.night("2026-03-02").noticed == ("in_1",)  # nothing is paid any more


CLOSING: dict[str, tuple[str, dict[str, Any]]] = {
    "credited": ("credit_note.created", {"id": "cn_1", "invoice": "in_1", "amount": 120000, "currency": "usd"}),
    "voided": ("invoice.voided", {"id": "in_1"}),
    "written off": ("invoice.marked_uncollectible", {"id": "in_1", "amount_remaining": 120000, "currency": "usd"}),
    "paid by bank": (
        "invoice.paid",
        {"id": "in_1", "amount_due": 120000, "currency": "usd", "paid_out_of_band": True},
    ),
}


@pytest.mark.parametrize("how", CLOSING)
def test_what_is_not_owed_any_more_suspends_nobody(house: House, how: str) -> None:
    kind, about = CLOSING[how]
    closing = webhook(kind, "2026-02-10", customer="acme", **about)
    assert house.told(invoice(), closing, on="2026-02-10") == ["taken", "taken"]
    for day in ("2026-03-02", "2026-04-06", "2026-06-01"):
        assert not house.night(day).suspended
    assert house.state("2026-06-01") == "active"


def test_a_chargeback_opens_the_invoice_again_and_asks_for_a_new_notice(house: House) -> None:
    """Paid on 20 March after the notice of 2 March; taken back on 1 April: the earlier notice does not count for it."""
    house.told(invoice(), on="2026-02-01")
    house.night("2026-03-02")
    house.told(charge("2026-03-20"), on="2026-03-20")
    dispute = webhook(
        "charge.dispute.funds_withdrawn", "2026-04-01", id="dp_1", charge="ch_1", amount=120000, currency="usd"
    )
    house.told(dispute, on="2026-04-01")
    assert house.service.explain("acme", "suspend", at=noon("2026-04-06"), known_through=noon("2026-04-06")).codes == (
        "notice-missing",
    )


def test_a_webhook_that_makes_no_sense_is_set_aside_for_a_person(house: House) -> None:
    assert house.told(invoice(amount_due=None), invoice(amount_due=-5), on="2026-02-01") == ["set aside"] * 2
    assert [why for _, why in house.service.set_aside()] == [
        "an amount in minor units is wanted, not None",
        """money.amount: an amount is wanted, as a text such as "120.00", not '-0.05'""",
    ]
    assert len(house.service.agreement("acme").history) == 2


def test_two_tellings_that_contradict_each_other_are_set_aside(house: House) -> None:
    assert house.told(invoice(), invoice(amount_due=5), on="2026-02-01") == ["taken", "set aside"]


@pytest.mark.parametrize("body", ["", "[]", "{", '{"id": 5}', "[" * 100_000])
def test_what_is_no_webhook_is_refused_at_the_door(house: House, body: str) -> None:
    with pytest.raises(Unusable):
        house.service.webhook(body, at=noon("2026-02-01"))


def test_webhooks_that_say_nothing_about_the_agreement_are_taken_and_change_nothing(house: House) -> None:
    other = webhook("customer.updated", "2026-02-01", id="cus_1", customer="acme")
    setup = charge("2026-02-01", of=None, id="ch_9")
    assert house.told(other, setup, on="2026-02-01") == ["taken", "taken"]
    assert len(house.service.agreement("acme").history) == 2


# ---- the night ---------------------------------------------------------------------------------------------------


def test_the_night_notices_the_day_after_the_due_day_and_suspends_after_the_grace(house: House) -> None:
    house.told(invoice(), on="2026-02-01")
    assert not house.night("2026-03-01").noticed  # the due day is the customer's
    assert house.night("2026-03-02").noticed == ("in_1",)
    assert not house.night("2026-03-31").suspended  # the contract would permit it, the house waits
    assert not house.night("2026-04-05").suspended  # a Sunday
    assert house.night("2026-04-06").suspended == ("acme",)
    assert house.state("2026-04-06") == "suspended"
    assert house.outbox() == ["access stops"]


def test_no_night_suspends_on_an_old_payment_feed(house: House) -> None:
    """The agreement asks for knowledge no older than 36 hours."""
    house.told(invoice(), on="2026-02-01")
    house.night("2026-03-02")
    assert not house.night("2026-04-06", known_through="2026-04-04").suspended
    assert house.state("2026-04-06") == "active"


def test_a_payment_that_counts_for_nothing_holds_the_suspension_back(house: House) -> None:
    """Told before its invoice, in another currency: somebody must look at it before anybody is paused."""
    euros = webhook(
        "charge.succeeded", "2026-01-30", id="ch_1", customer="acme", invoice="in_1", amount=120000, currency="eur"
    )
    assert house.told(euros, invoice(), on="2026-02-01") == ["taken", "taken"]
    house.night("2026-03-02")
    night = house.night("2026-04-06")
    assert not night.suspended
    assert "in that currency" in night.held_back["acme"]
    assert house.state("2026-04-06") == "active"


def test_a_payment_told_a_little_ahead_of_our_clock_holds_nothing_back(house: House) -> None:
    """It counts for the first invoice; the second, unpaid, is suspended for as ever."""
    second = invoice(id="in_2")
    ahead = json.loads(charge("2026-02-10"))
    ahead["created"] += 60
    assert house.told(invoice(), second, json.dumps(ahead), on="2026-02-10") == ["taken"] * 3
    assert house.night("2026-03-02").noticed == ("in_2",)
    assert house.night("2026-04-06").suspended == ("acme",)


def test_nights_that_were_missed_change_no_answer(house: House) -> None:
    house.told(invoice(), on="2026-02-01")
    house.night("2026-03-02")
    house.told(charge("2026-03-20"), on="2026-03-20")
    assert house.night("2027-01-10").looked == ("acme",)
    assert house.state("2027-01-05") == "renewed"
    assert "term renewed" in house.outbox()
    assert not house.night("2027-01-10").suspended


def test_only_accounts_whose_time_has_come_are_looked_at(house: House) -> None:
    house.service.signup("beta", customer="Beta Ltd", at=noon("2026-02-05"), months=1)
    assert house.night("2026-02-20").looked == ()
    assert house.night("2026-03-06").looked == ("beta",)  # its month ended on 4 March and renewed


def test_one_corrupt_history_stops_no_other(house: House) -> None:
    house.service.signup("beta", customer="Beta Ltd", at=noon("2026-01-05"), months=1)
    house.service.signup("gamma", customer="Gamma Ltd", at=noon("2026-01-05"), months=1)
    house.database._connection.execute("update events set line = '{' where agreement = 'beta' and sequence = 2")
    night = house.night("2026-02-10")
    assert night.looked == ("gamma",)
    assert "event 2 of beta" in night.troubled["beta"]
    assert house.database.troubles() == night.troubled
    assert house.night("2026-02-11").troubled  # still awake, until somebody mends it


# ---- what we do --------------------------------------------------------------------------------------------------


def test_payment_resumes_the_service_by_itself_and_the_outbox_says_so_once(house: House) -> None:
    house.suspended().told(charge("2026-04-08"), on="2026-04-08")
    assert house.state("2026-04-08") == "active"
    sent: list[Message] = []
    assert house.service.deliver(sent.append) == 2
    assert [message.effect for message in sent] == ["access stops", "access resumes"]
    assert house.service.deliver(sent.append) == 0
    assert len({message.key for message in sent}) == 2


def test_a_payment_learned_late_takes_back_what_was_told(house: House) -> None:
    """Paid on 20 March, told on 10 April: there was never anything to suspend for, and the audit says what falls."""
    house.suspended().told(charge("2026-03-20"), on="2026-04-10")
    assert house.state("2026-04-07") == "active"
    assert "access resumes" in house.outbox()
    findings = house.service.agreement("acme").audit(noon("2026-04-10"))
    assert [finding.standing for finding in findings] == ["overtaken"]


def test_a_message_that_cannot_be_sent_waits_with_all_behind_it(house: House) -> None:
    house.suspended()

    def down(_: Message) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        house.service.deliver(down)
    assert house.outbox() == ["access stops"]


def test_nothing_is_kept_of_a_refused_act(house: House) -> None:
    house.told(invoice(), on="2026-02-01")
    before = [to_line(event) for event in house.service.agreement("acme").history]
    with pytest.raises(Refused, match=r"1\.12 needs 30 days overdue"):
        house.service.act("acme", "suspend", at=noon("2026-03-10"), actor="ann", known_through=noon("2026-03-10"))
    assert [to_line(event) for event in house.service.agreement("acme").history] == before
    assert house.outbox() == []


def test_a_panic_suspension_works_and_is_answered_for(house: House) -> None:
    done = house.service.panic("acme", "spam is leaving our network", at=noon("2026-02-01"), actor="ann")
    assert (done.target, house.outbox()) == ("suspended", ["access stops"])
    (told,) = house.service.irregular("acme", at=noon("2026-02-02"))
    assert "done because: spam is leaving our network" in told


def test_a_breach_waits_out_its_cure_period(house: House) -> None:
    """Noticed on 18 February: cure through 20 March, suspend from 21 March."""
    house.service.breach("acme", "B-1", remediable=True, at=noon("2026-02-18"), actor="counsel")
    for day, permitted in (("2026-03-20", False), ("2026-03-21", True)):
        answer = house.service.explain("acme", "suspend", at=noon(day), known_through=noon(day))
        assert answer.permitted is permitted


# ---- what people ask -----------------------------------------------------------------------------------------------


def test_the_console_says_why_not_from_when_and_what_to_do(house: House) -> None:
    house.told(invoice(), on="2026-02-01")
    answer = house.service.explain("acme", "suspend", at=noon("2026-03-10"), known_through=noon("2026-03-10"))
    assert not answer.permitted
    assert set(answer.codes) >= {"clock", "notice-missing"}
    # a notice on 10 March has run on 20 March; 30 days overdue on 31 March; the house waits until Monday 6 April
    assert answer.first_day == "2026-04-06"
    assert answer.steps[0].startswith("2026-03-10: give an overdue notice about invoice in_1")


VIEWS = [
    ("2026-02-10", ["running", "to pay", "term", "leave by"]),
    ("2026-03-03", ["running", "pay before", "term", "leave by"]),
    ("2026-04-07", ["paused", "pay to resume", "term", "leave by"]),
    ("2026-04-09", ["running", "term", "leave by"]),
]


def test_the_customers_view_follows_the_account(house: House) -> None:
    house.suspended().told(charge("2026-04-08"), on="2026-04-08")
    for day, codes in VIEWS:
        account = house.service.agreement("acme").known_at(noon(day))
        from .customer import view

        assert [line.code for line in view(account, noon(day))] == codes, day


def test_the_customer_reads_the_days_of_the_contract(house: House) -> None:
    house.told(invoice(), on="2026-02-01")
    house.night("2026-03-02")
    told = said(house.service.customers_view("acme", at=noon("2026-03-03")), "en")
    assert told == (
        "Your service is running.",
        "Invoice in_1: 1200.00 USD was due 2026-03-01. From 2026-04-06 the service may be paused.",
        "Your term runs from 2026-01-05 through 2027-01-04.",
        "If you do not want it to renew, tell us in writing by 2026-12-05.",  # 4 January - 30
    )


def test_the_customer_is_told_nothing_of_what_is_said_about_it(house: House) -> None:
    house.service.breach("acme", "fraud of the CEO", remediable=False, at=noon("2026-02-18"), actor="counsel")
    house.service.act("acme", "suspend", at=noon("2026-03-21"), actor="counsel", known_through=noon("2026-03-21"))
    lines = house.service.customers_view("acme", at=noon("2026-03-22"))
    assert [line.code for line in lines] == ["paused", "in touch", "term", "leave by"]
    assert "fraud" not in " ".join(said(lines, "en") + said(lines, "de"))


def test_every_language_says_everything_with_the_same_figures() -> None:
    import string

    def figures(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert len({frozenset(words) for words in WORDS.values()}) == 1
    for code in WORDS["en"]:
        assert len({frozenset(figures(words[code])) for words in WORDS.values()}) == 1, code


class TestDatabase(StoreContract):
    """The database keeps histories as every store must."""

    @pytest.fixture(autouse=True)
    def place(self, tmp_path: Path) -> None:
        self.path = tmp_path / "accounts.db"

    def store(self) -> Database:
        return Database(self.path)


# ---- what is kept --------------------------------------------------------------------------------------------------


def test_events_and_messages_are_kept_together_or_not_at_all(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.told(invoice(), on="2026-02-01")
    house.night("2026-03-02")

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(house.database, "tell", broken)
    with pytest.raises(OSError, match="disk full"):
        house.night("2026-04-06")
    assert house.state("2026-04-06") == "active"


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    first = House(Database(tmp_path / "accounts.db")).suspended()
    first.database.close()
    again = AccountService(Database(tmp_path / "accounts.db"), MODAL, policy=HOUSE, methods=("courier",))
    status = again.agreement("acme").status(noon("2026-04-07"))
    assert status.state == "suspended"
    assert timedelta(0) < noon("2026-04-07") - status.holds[0].since < timedelta(days=2)


# ---- what may go wrong on the way ----------------------------------------------------------------------------------


def test_a_webhook_kept_by_a_process_that_died_is_read_when_it_comes_again(house: House) -> None:
    house.told(invoice(), on="2026-02-01")
    paid = charge("2026-02-20")
    house.database.keep(json.loads(paid)["id"], paid)
    assert house.told(paid, paid, on="2026-02-20") == ["taken", "known"]
    assert not house.night("2026-03-02").noticed


def test_a_webhook_kept_by_a_process_that_died_is_read_before_the_night_decides(house: House) -> None:
    house.told(invoice(), on="2026-02-01")
    paid = charge("2026-02-20")
    house.database.keep(json.loads(paid)["id"], paid)
    assert not house.night("2026-03-02").noticed


def test_what_is_told_before_the_customer_signed_up_is_read_when_it_does(house: House) -> None:
    early = webhook(
        "charge.succeeded", "2026-02-01", id="ch_7", customer="late", invoice="in_7", amount=120000, currency="usd"
    )
    assert house.told(early, on="2026-02-01") == ["waiting"]
    house.service.signup("late", customer="Late Ltd", at=noon("2026-02-01"), months=12)
    house.told(invoice(id="in_7", customer="late"), on="2026-02-01")
    assert not house.night("2026-03-02").noticed


def test_nobody_is_suspended_while_a_webhook_about_the_account_is_not_understood(house: House) -> None:
    """Paid in another currency: what that is worth is for a person, who pays it to the account by hand, or does not."""
    house.told(invoice(), on="2026-02-01")
    house.night("2026-03-02")
    (paid,) = [json.loads(charge("2026-03-20"))]
    paid["data"]["object"]["currency"] = "eur"
    assert house.told(json.dumps(paid), on="2026-03-20") == ["set aside"]
    assert set(house.night("2026-04-06").held_back) == {"acme"}
    assert house.state("2026-04-06") == "active"
    house.service.dealt_with(paid["id"], how="sent back, ann")
    assert house.night("2026-04-07").suspended == ("acme",)


def test_a_night_with_an_old_feed_puts_nobody_to_sleep(house: House) -> None:
    house.told(invoice(), on="2026-02-01")
    house.night("2026-03-02")
    assert set(house.night("2026-04-06", known_through="2026-04-04").held_back) == {"acme"}
    assert house.night("2026-04-07").suspended == ("acme",)


BROKEN: dict[str, dict[str, Any]] = {
    "nobody's": {"customer": None},
    "no id": {"id": None},
    "customer in full": {"customer": {"id": "acme"}},
    "invoice in full": {"invoice": {"id": "in_1"}},
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_charge_that_does_not_say_whose_it_is_is_set_aside(house: House, how: str) -> None:
    broken = json.loads(charge("2026-02-20"))
    broken["data"]["object"].update(BROKEN[how])
    assert house.told(json.dumps(broken), on="2026-02-20") == ["set aside"]


@pytest.mark.parametrize("about", ["x", [1], None, 5])
def test_a_webhook_about_nothing_is_set_aside(house: House, about: Any) -> None:
    body = json.dumps({**json.loads(charge("2026-02-20")), "data": {"object": about}})
    assert house.told(body, on="2026-02-20") == ["set aside"]


@pytest.mark.parametrize("created", [10**20, -(10**14), seconds("2026-02-22"), None, "1771617600"])
def test_a_webhook_from_no_time_or_from_tomorrow_is_set_aside(house: House, created: Any) -> None:
    """A charge of next year would leave the invoice unpaid until then."""
    body = json.dumps({**json.loads(charge("2026-02-20")), "created": created})
    assert house.told(body, on="2026-02-21") == ["set aside"]


def test_a_refund_that_failed_leaves_the_invoice_paid(house: House) -> None:
    refund = {"id": "re_1", "charge": "ch_1", "amount": 120000, "currency": "usd"}
    house.told(
        invoice(),
        charge("2026-02-20"),
        webhook("refund.created", "2026-02-21", status="pending", **refund),
        webhook("refund.failed", "2026-02-23", status="failed", **refund),
        on="2026-02-23",
    )
    assert not house.night("2026-03-02").noticed


def test_a_credit_note_that_is_voided_leaves_the_invoice_owed(house: House) -> None:
    note = {"id": "cn_1", "customer": "acme", "invoice": "in_1", "amount": 120000, "currency": "usd"}
    house.told(
        invoice(),
        webhook("credit_note.created", "2026-02-10", status="issued", **note),
        webhook("credit_note.voided", "2026-02-12", status="void", **note),
        on="2026-02-12",
    )
    assert house.night("2026-03-02").noticed == ("in_1",)


@pytest.mark.parametrize("methods", [("email",), ("courier", "pigeon"), ()])
def test_a_house_whose_notices_would_not_count_is_refused_at_once(methods: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="no method of notice under modal-2024-03-26"):
        AccountService(Database(":memory:"), MODAL, policy=HOUSE, methods=methods)
