"""Agreements out of a store and back: decided on what is recorded, appended as a whole, decided anew on a conflict."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from lifecycle import policy
from lifecycle.agreement import Agreement, Outcome
from lifecycle.days import Period
from lifecycle.errors import AppendConflict, UnknownAgreement
from lifecycle.events import Event, Money, NoticeGiven, OrderSigned, Paid
from lifecycle.files import Folder
from lifecycle.repository import Repository
from lifecycle.store import MemoryStore, Store
from lifecycle.terms import load, loading
from lifecycle.testing import Story
from lifecycle.verdict import Refused

OWED = Money("120.00", "USD")


@pytest.fixture(params=["memory", "folder"])
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> Repository:
    store: Store = MemoryStore() if request.param == "memory" else Folder(tmp_path)
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    made = Repository(store)
    made.add(story.on("2026-02-01").invoice("INV-7", "120.00 USD", due="2026-03-01").agreement)
    return made


def sequences(repository: Repository) -> list[int]:
    return [event.sequence for event in repository.store.load("acme")]


def overdue(account: Agreement) -> None:
    account.record(NoticeGiven(kind="overdue", by="provider", method="courier", about="INV-7"), at="2026-03-05")


def suspended(account: Agreement) -> Outcome:
    """1.12: 30 days overdue on 31 March, ten days after the notice of 5 March."""
    return account.do("suspend", by="provider", at="2026-03-31", known_through="2026-03-31")


def test_what_is_recorded_in_the_block_is_there_after_it(repository: Repository) -> None:
    with repository.open("acme") as account:
        overdue(account)
        assert suspended(account).target == "suspended"
        assert sequences(repository) == [1, 2, 3]
    assert sequences(repository) == [1, 2, 3, 4, 5]
    assert repository.get("acme").status("2026-03-31").state == "suspended"


def test_where_the_block_raises_nothing_is_appended(repository: Repository) -> None:
    with pytest.raises(Refused), repository.open("acme") as account:  # noqa: PT012 - the block is what it is about
        overdue(account)
        account.do("suspend", by="provider", at="2026-03-30", known_through="2026-03-30")  # day 29
    assert sequences(repository) == [1, 2, 3]


def test_where_nothing_is_recorded_nothing_is_appended(repository: Repository) -> None:
    with repository.open("acme") as account:
        assert account.status("2026-02-01").state == "active"
    assert sequences(repository) == [1, 2, 3]


def test_what_was_decided_on_a_history_that_moved_on_is_not_recorded(repository: Repository) -> None:
    """The payment arrives while the suspension is being decided."""
    with repository.open("acme") as account:
        overdue(account)
    with pytest.raises(AppendConflict) as conflict, repository.open("acme") as account:  # noqa: PT012 - on leaving it
        suspended(account)
        with repository.open("acme") as other:
            other.record(Paid(matter="INV-7", amount=OWED), at="2026-03-30")
    assert (conflict.value.agreement, conflict.value.expected, conflict.value.found) == ("acme", 4, 5)
    assert repository.get("acme").status("2026-03-31").state == "active"


def test_a_change_is_decided_anew_on_what_was_recorded_meanwhile(repository: Repository) -> None:
    with repository.open("acme") as account:
        overdue(account)
    decided: list[int] = []

    def decide(account: Agreement) -> Outcome:
        if not decided:
            with repository.open("acme") as other:
                other.record(Paid(matter="INV-7", amount=OWED), at="2026-03-30")
        decided.append(len(account.history))
        return suspended(account)

    with pytest.raises(Refused):
        repository.change("acme", decide)
    assert decided == [4, 5]
    assert sequences(repository) == [1, 2, 3, 4, 5]


def test_a_change_that_meets_nobody_is_decided_once(repository: Repository) -> None:
    def decide(account: Agreement) -> Outcome:
        overdue(account)
        return suspended(account)

    assert repository.change("acme", decide).event.sequence == 5
    assert sequences(repository) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("attempts", [1, 3])
def test_a_change_gives_up_after_so_many_attempts(attempts: int) -> None:
    class Busy(MemoryStore):
        tried = 0

        def append(self, agreement: str, events: Sequence[Event], *, expected: int) -> None:
            if expected:
                self.tried += 1
                raise AppendConflict(agreement, expected)
            super().append(agreement, events, expected=expected)

    store = Busy()
    repository = Repository(store)
    repository.add(Story(on="2026-01-05").agreement)
    order = OrderSigned(order="O-1", start="2026-01-05", term=Period(12, "months"))
    with pytest.raises(AppendConflict):
        repository.change("acme", lambda account: account.record(order, at="2026-01-05"), attempts=attempts)
    assert store.tried == attempts


def test_an_agreement_nobody_recorded_is_unknown(repository: Repository) -> None:
    with pytest.raises(UnknownAgreement, match="zenith: no such agreement"):
        repository.get("zenith")
    with pytest.raises(UnknownAgreement), repository.open("zenith"):
        pass


def test_an_agreement_is_added_once(repository: Repository) -> None:
    with pytest.raises(AppendConflict):
        repository.add(Story(on="2026-01-05").agreement)
    assert sequences(repository) == [1, 2, 3]


def test_the_terms_and_the_policy_are_those_of_the_repository() -> None:
    source = Path("lifecycle/terms/modal-2024-03-26.toml").read_bytes() + b"\n# ours\n"
    ours = loading.parse(source, "ours.toml")
    house = policy.parse(b'[policy]\nid = "house"\ntitle = "House"\nnarrows = "modal-2024-03-26"\n', load(ours.id))
    store = MemoryStore()
    repository = Repository(store, [ours], policy=house)
    repository.add(Story(ours, on="2026-01-05").agreement)
    account = repository.get("acme")
    assert (account.terms.digest, account.policy) == (ours.digest, house)
    assert Repository(store, repository.library).get("acme").policy is None


def test_a_fact_recorded_in_a_copy_stays_there(repository: Repository) -> None:
    overdue(repository.get("acme"))
    assert sequences(repository) == [1, 2, 3]
