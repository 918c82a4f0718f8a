"""Windows and the laws of their algebra."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle.days import BEGINNING, FOREVER, Instant
from lifecycle.windows import ALWAYS, NEVER, Window, Windows

START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def hour(n: int) -> Instant:
    return START + n * HOUR


EDGES = [BEGINNING, *map(hour, range(8)), FOREVER]
# Every edge, and an instant between each two: enough to tell any two sets with these edges apart.
POINTS = [BEGINNING, hour(-1), *(hour(n) for n in range(8)), *(hour(n) + HOUR / 2 for n in range(8))]

edges = st.sampled_from(EDGES)
windows = st.builds(Window, edges, edges)
sets = st.lists(windows, max_size=5).map(Windows.of)
points = st.sampled_from(POINTS)
EVERYTHING = Windows.of([ALWAYS])
NOTHING = Windows()


def members(these: Windows | Window) -> set[Instant]:
    return {point for point in POINTS if point in these}


# ---- one window ------------------------------------------------------------------------------------------------------


def test_a_window_holds_its_first_instant_and_not_the_one_it_closes_at() -> None:
    window = Window(hour(1), hour(3))
    assert hour(1) in window
    assert hour(3) - timedelta(microseconds=1) in window
    assert hour(3) not in window
    assert hour(1) - timedelta(microseconds=1) not in window


@pytest.mark.parametrize(
    ("opens", "closes"),
    [(hour(1), hour(1)), (hour(2), hour(1)), (FOREVER, FOREVER), (BEGINNING, BEGINNING), (FOREVER, BEGINNING)],
)
def test_every_empty_span_is_never(opens: Instant, closes: Instant) -> None:
    window = Window(opens, closes)
    assert window == NEVER
    assert hash(window) == hash(NEVER)
    assert not window
    assert repr(window) == "∅"


def test_always_holds_every_instant_and_never_none() -> None:
    assert members(ALWAYS) == set(POINTS)
    assert members(NEVER) == set()
    assert ALWAYS
    assert not NEVER
    assert Window() == ALWAYS


@settings(max_examples=200, deadline=None)
@given(a=windows, b=windows)
def test_what_two_windows_share_is_in_both(a: Window, b: Window) -> None:
    assert members(a & b) == members(a) & members(b)
    assert a & b == b & a
    assert a & a == a
    assert a & ALWAYS == a
    assert a & NEVER == NEVER


@pytest.mark.parametrize(("window", "text"), [
    (Window(opens=datetime(2026, 3, 21, 7, tzinfo=UTC)), "[2026-03-21T07:00:00Z, ∞)"),
    (Window(closes=datetime(2026, 3, 21, 7, tzinfo=UTC)), "(-∞, 2026-03-21T07:00:00Z)"),
    (Window(hour(0), hour(1)), "[2026-03-01T00:00:00Z, 2026-03-01T01:00:00Z)"),
    (Window(START + timedelta(microseconds=1), hour(1)), "[2026-03-01T00:00:00.000001Z, 2026-03-01T01:00:00Z)"),
    (ALWAYS, "(-∞, ∞)"),
    (NEVER, "∅"),
])  # fmt: skip
def test_a_window_prints_in_the_notation_of_the_field(window: Window, text: str) -> None:
    assert repr(window) == text
    assert str(window) == text


# ---- sets of them ----------------------------------------------------------------------------------------------------


def test_a_set_prints_its_windows_in_order() -> None:
    both = Windows.of([Window(opens=hour(5)), Window(hour(0), hour(1))])
    assert repr(both) == "[2026-03-01T00:00:00Z, 2026-03-01T01:00:00Z) ∪ [2026-03-01T05:00:00Z, ∞)"
    assert repr(NOTHING) == "∅"
    assert repr(EVERYTHING) == "(-∞, ∞)"


def test_windows_that_touch_become_one() -> None:
    assert Windows.of([Window(hour(1), hour(2)), Window(hour(0), hour(1))]).parts == (Window(hour(0), hour(2)),)


def test_a_set_of_empty_windows_is_empty() -> None:
    assert Windows.of([NEVER, Window(hour(2), hour(1))]) == NOTHING
    assert not Windows.of([NEVER])
    assert Windows.of([]) == NOTHING


@settings(max_examples=200, deadline=None)
@given(parts=st.lists(windows, max_size=6), data=st.data())
def test_the_normal_form_is_unique_and_in_order(parts: list[Window], data: st.DataObject) -> None:
    made = Windows.of(parts)
    assert all(made.parts)
    assert all(a.closes < b.opens for a, b in zip(made.parts, made.parts[1:], strict=False))
    assert Windows.of(data.draw(st.permutations(parts))) == made
    cut = data.draw(edges)
    halves = [half for part in parts for half in (part & Window(closes=cut), part & Window(opens=cut))]
    assert Windows.of(halves) == made
    assert Windows.of(made) == made
    assert hash(Windows.of(halves)) == hash(made)


@settings(max_examples=200, deadline=None)
@given(a=sets, b=sets)
def test_sets_with_the_same_members_are_equal(a: Windows, b: Windows) -> None:
    assert (members(a) == members(b)) == (a == b)


@settings(max_examples=200, deadline=None)
@given(parts=st.lists(windows, max_size=5), b=sets)
def test_membership_agrees_point_by_point(parts: list[Window], b: Windows) -> None:
    """With the equality above this is the whole algebra: every law of sets holds, De Morgan's among them."""
    a = Windows.of(parts)
    assert members(a) == {point for part in parts for point in members(part)}
    assert members(a | b) == members(a) | members(b)
    assert members(a & b) == members(a) & members(b)
    assert members(a - b) == members(a) - members(b)
    assert members(~a) == set(POINTS) - members(a)
    assert ~~a == a
    assert bool(a) == bool(members(a))
    assert members(a) == {point for part in a for point in members(part)}


@settings(max_examples=200, deadline=None)
@given(these=sets, at=points)
def test_the_following_window_holds_the_instant_or_is_the_next_to_open(these: Windows, at: Instant) -> None:
    found = these.following(at)
    rest = [part for part in these if at < part.closes]
    assert found == (rest[0] if rest else None)
    if at in these:
        assert found is not None
        assert at in found
    elif found is not None:
        assert at < found.opens
        assert not members(these) & members(Window(at, found.opens))


def test_after_the_last_window_none_follows() -> None:
    these = Windows.of([Window(hour(0), hour(1)), Window(hour(3), hour(4))])
    assert these.following(hour(-1)) == Window(hour(0), hour(1))
    assert these.following(hour(0)) == Window(hour(0), hour(1))
    assert these.following(hour(1)) == Window(hour(3), hour(4))  # half-open: it closed at this instant
    assert these.following(hour(4)) is None
    assert NOTHING.following(hour(0)) is None


@pytest.mark.parametrize("value", [ALWAYS, NEVER, Window(hour(0), hour(1)), EVERYTHING, NOTHING])
def test_windows_survive_pickling(value: Window | Windows) -> None:
    assert pickle.loads(pickle.dumps(value)) == value
