"""Agreements out of a store and back: decide on what is recorded, then append what was decided.

>>> from lifecycle.store import MemoryStore
>>> repository = Repository(MemoryStore())
>>> made = Agreement.make("modal-2024-03-26", agreement="acme", customer="Acme GmbH", at="2026-01-05", trial=True)
>>> repository.add(made)
>>> repository.get("acme").status("2026-01-06").state
'trial'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from lifecycle.agreement import Agreement
from lifecycle.errors import AppendConflict, UnknownAgreement
from lifecycle.policy import HousePolicy
from lifecycle.store import Store
from lifecycle.terms import Library, Terms

T = TypeVar("T")


class Repository:
    """The agreements of a store. terms: those their histories name, where they are not published here. policy: what the
    house asks of itself in all of them.
    """

    def __init__(
        self, store: Store, terms: Iterable[Terms] | Library = (), *, policy: HousePolicy | None = None
    ) -> None:
        self.store = store
        self.library = terms if isinstance(terms, Library) else Library(terms)
        self.policy = policy

    def get(self, agreement: str) -> Agreement:
        """An agreement as it is recorded now. What is recorded in it stays with it.

        Raises UnknownAgreement.
        """
        events = list(self.store.load(agreement))
        if not events:
            raise UnknownAgreement(agreement)
        return Agreement(events, self.library, policy=self.policy)

    def add(self, account: Agreement) -> None:
        """Take in a new agreement, with all that is recorded in it.

        Raises AppendConflict where there is one of its id.
        """
        self.store.append(account.id, list(account.history), expected=0)

    @contextmanager
    def open(self, agreement: str) -> Iterator[Agreement]:
        """An agreement to record and act in: on leaving, what is new is appended, all of it; nothing where the block
        raises.

        Raises UnknownAgreement; AppendConflict, on leaving, where somebody else appended meanwhile.
        """
        account = self.get(agreement)
        loaded = len(account.history)
        yield account
        new = [account.history[index] for index in range(loaded, len(account.history))]
        self.store.append(agreement, new, expected=loaded)

    def change(self, agreement: str, decide: Callable[[Agreement], T], *, attempts: int = 3) -> T:
        """What ``decide`` returns, once all that it recorded in the agreement is appended. Where somebody else appended
        meanwhile it decides anew, on the agreement as it then is: what it does besides must bear to be done again.

        Raises what ``decide`` raises, and appends nothing then; AppendConflict after so many attempts.
        """
        while True:
            attempts -= 1
            try:
                with self.open(agreement) as account:
                    decided = decide(account)
            except AppendConflict:
                if attempts < 1:
                    raise
            else:
                return decided
