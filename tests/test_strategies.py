"""Lives drawn for any Terms: they are meaningful, they differ, and what must hold of every account holds of them."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import timedelta
from types import FrameType

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lifecycle import Agreement, terms
from lifecycle.strategies import facts, lives
from lifecycle.testing import Story

PUBLISHED = [name for name in terms.published() if terms.load(name).powers]
MANY = settings(max_examples=60, database=None, derandomize=True, phases=[Phase.generate])
DRAWN = settings(max_examples=15, phases=[Phase.explicit, Phase.generate])


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_first_test_as_the_module_shows_it_passes_as_hypothesis_is_set(name: str) -> None:
    """Its health check too, which allows a tenth of a second for each of the first lives: half its deadline."""

    @settings(deadline=timedelta(milliseconds=200), database=None)
    @given(lives(name))
    def claim(account: Agreement) -> None:
        assert account.history

    claim()


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_life_reads_the_same_again_and_stands_where_it_stood(name: str) -> None:
    @DRAWN
    @given(lives(name))
    def claim(account: Agreement) -> None:
        at = account.history[-1].recorded
        again = Agreement(list(account.history))
        assert again.status(at) == account.status(at)
        assert again.powers(at) == account.powers(at)
        assert again.remarks(at) == account.remarks(at)

    claim()


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_life_is_drawn_in_some_ten_thousand_calls(name: str) -> None:
    """Counted, because the health check depends on the machine: with strategies made anew for each step it took nearly
    two hundred thousand, and failed it.
    """
    calls = drawn = 0

    def count(_: FrameType, event: str, __: object) -> None:
        nonlocal calls
        calls += event == "call"

    @settings(MANY, max_examples=30)
    @given(lives(name))
    def draw(_: Agreement) -> None:
        nonlocal drawn
        drawn += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        draw()
    finally:
        sys.setprofile(before)
    assert calls / drawn < 40_000


def test_of_many_lives_some_end_some_are_suspended_and_most_sorts_of_facts_are_in_them() -> None:
    states, told = Counter[str | None](), Counter[str]()

    @MANY
    @given(lives("modal-2024-03-26", most=14))
    def look(account: Agreement) -> None:
        states.update({account.status(event.recorded).state for event in account.history})
        told.update(type(event.fact).__name__ for event in account.history)

    look()
    assert {"trial", "active", "suspended", "terminated"} <= states.keys()
    assert {"MatterOpened", "MatterEnded", "NoticeGiven", "Acted", "OrderSigned"} <= told.keys()


@given(st.data())
def test_it_is_made_on_the_day_it_begins_and_nothing_happens_to_a_new_one(data: st.DataObject) -> None:
    account = data.draw(lives("modal-2024-03-26", most=0))
    assert account.day_of(account.history[0].occurred).isoformat() == "2026-01-28"
    assert len(account.history) <= 2


@given(st.data())
def test_more_can_be_told_of_an_account_whose_last_record_is_a_memo(data: st.DataObject) -> None:
    story = Story(on="2026-01-28").order("O-1", start="2026-01-28", months=1)
    assert story.on("2026-03-01").catch_up()
    for _ in range(5):
        data.draw(facts(story.agreement))
