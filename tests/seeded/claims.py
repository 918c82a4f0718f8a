"""The claims of test modules as plain calls, and trying them on other Terms in place of the shipped ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import product
from time import perf_counter
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from lifecycle.terms import Terms, loading
from tests.seeded.terms import Mutant


class Claim(NamedTuple):
    """A test with its parameters: its name, and the call that raises where the claim does not hold."""

    name: str
    call: Callable[[], None]

    def holds(self) -> bool:
        try:
            self.call()
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            return False
        return True


def claims(modules: Sequence[ModuleType]) -> Iterator[Claim]:
    """The claims of modules whose tests take parameters alone, and no fixtures."""
    for module in modules:
        for name, test in vars(module).items():
            if name.startswith("test_") and callable(test) and not hasattr(test, "hypothesis"):
                marks = [mark for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
                for told in product(*map(_parameters, marks)):
                    yield Claim(name, partial(test, **{k: v for given in told for k, v in given.items()}))


def _parameters(mark: Any) -> list[dict[str, Any]]:
    names, values = mark.args
    names = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    found = []
    for value in values:
        row = value.values if isinstance(value, type(pytest.param())) else (value,) if len(names) == 1 else value
        found.append(dict(zip(names, row, strict=True)))
    return found


@contextmanager
def shipping(terms: Terms) -> Iterator[None]:
    """Let these Terms be the published ones of their id."""
    shipped = loading._shipped
    loading._shipped = lambda name: terms if name == terms.id else shipped(name)  # type: ignore[assignment]
    try:
        yield
    finally:
        loading._shipped = shipped


class Jury:
    """Claims that hold of a text, tried on its mutants: first those of the same clause, then those that saw a fault of
    the same sort, the quick ones before the slow.
    """

    def __init__(self, modules: Sequence[ModuleType], terms: Terms, *, named: str = "") -> None:
        """named: a pattern that the names of the claims hold."""
        self.cost: dict[Claim, float] = {}
        self.saw: dict[str, set[str]] = {}
        with shipping(terms):
            for claim in claims(modules):
                since = perf_counter()
                if re.search(named, claim.name) and claim.holds():
                    self.cost[claim] = perf_counter() - since

    def against(self, terms: Terms, mutant: Mutant) -> str:
        """The name of a claim that does not hold of a mutant's Terms; '' where all do."""
        clause = mutant.clause.replace("(", "_").replace(")", "").replace(".", "_")
        told, section = f"_{clause}_", f"_{mutant.clause.partition('.')[0]}_"
        saw = self.saw.setdefault(mutant.sort, set())

        def likely(claim: Claim) -> tuple[bool, bool, bool, float]:
            name = claim.name
            return (told not in name, name not in saw, section not in name, self.cost[claim])

        with shipping(terms):
            for claim in sorted(self.cost, key=likely):
                if not claim.holds():
                    saw.add(claim.name)
                    return claim.name
        return ""
