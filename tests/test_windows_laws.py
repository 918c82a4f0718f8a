"""The algebra of windows is the algebra of sets: its laws one by one, and the same answers from two other algebras, the
bits of a number and the intervals of portion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import pairwise, product
from operator import and_, or_, sub
from typing import Any, TypeAlias

import portion  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.days import BEGINNING, FOREVER, Instant
from lifecycle.windows import ALWAYS, NEVER, Window, Windows

Span: TypeAlias = tuple[Instant, Instant]
Both: TypeAlias = tuple[Windows, portion.Interval]
Operation: TypeAlias = Callable[[Any, Any], Any]

TICK = timedelta(microseconds=1)
HOURS = [datetime(2026, 3, 1, n, tzinfo=UTC) for n in range(12)]
EVERYTHING, NOTHING = Windows.of([ALWAYS]), Windows()

# Mostly a few hours, so that windows meet and touch; any other instant too; both ends of time.
edges = st.sampled_from([BEGINNING, *HOURS, FOREVER]) | st.timedeltas(timedelta(0), FOREVER - BEGINNING).map(
    BEGINNING.__add__
)
spans = st.tuples(edges, edges)
windows = st.builds(Window, edges, edges)
several = st.lists(spans, max_size=6)  # that overlap, touch and cover each other: few are left
apart = (
    st.lists(edges, max_size=14, unique=True).map(sorted).map(lambda ends: [*zip(ends[::2], ends[1::2], strict=False)])
)
spans_of_a_set = several | apart
sets = spans_of_a_set.map(lambda found: Windows.of(Window(*span) for span in found))


def probes(*edges_of: Iterable[Window]) -> list[Instant]:
    """Every edge and the instants beside it: a wrong edge shows at one of them."""
    found = {BEGINNING, FOREVER - TICK, HOURS[0] + TICK}
    for edge in (edge for these in edges_of for part in these for edge in (part.opens, part.closes)):
        found |= {edge - TICK if edge > BEGINNING else edge, edge, edge + TICK}
    return sorted(at for at in found if at < FOREVER)


# ---- the laws --------------------------------------------------------------------------------------------------------


@given(a=sets, b=sets)
def test_union_and_intersection_commute(a: Windows, b: Windows) -> None:
    assert a | b == b | a
    assert a & b == b & a


@given(a=sets, b=sets, c=sets)
def test_union_and_intersection_associate(a: Windows, b: Windows, c: Windows) -> None:
    assert (a | b) | c == a | (b | c)
    assert (a & b) & c == a & (b & c)


@given(a=sets, b=sets, c=sets)
def test_union_and_intersection_distribute_over_each_other(a: Windows, b: Windows, c: Windows) -> None:
    assert a & (b | c) == (a & b) | (a & c)
    assert a | (b & c) == (a | b) & (a | c)


@given(a=sets, b=sets)
def test_de_morgan(a: Windows, b: Windows) -> None:
    assert ~(a | b) == ~a & ~b
    assert ~(a & b) == ~a | ~b


@given(a=sets)
def test_the_complement_of_the_complement_is_the_set(a: Windows) -> None:
    assert ~~a == a
    assert ~EVERYTHING == NOTHING
    assert ~NOTHING == EVERYTHING


@given(a=sets)
def test_a_set_and_its_complement_share_nothing_and_make_everything(a: Windows) -> None:
    assert a & ~a == NOTHING
    assert a | ~a == EVERYTHING


@given(a=sets)
def test_a_set_with_itself_is_itself(a: Windows) -> None:
    assert a | a == a
    assert a & a == a
    assert a - a == NOTHING


@given(a=sets, b=sets)
def test_a_set_absorbs_what_it_shares_and_what_it_adds_to(a: Windows, b: Windows) -> None:
    assert a | (a & b) == a
    assert a & (a | b) == a


@given(a=sets)
def test_nothing_and_everything_are_neutral_or_take_all(a: Windows) -> None:
    assert a | NOTHING == a == a & EVERYTHING
    assert a & NOTHING == NOTHING
    assert a | EVERYTHING == EVERYTHING
    assert a - NOTHING == a
    assert a - EVERYTHING == NOTHING == NOTHING - a
    assert EVERYTHING - a == ~a


@given(a=sets, b=sets, c=sets)
def test_what_is_taken_away_is_gone_and_the_rest_stays(a: Windows, b: Windows, c: Windows) -> None:
    assert (a - b) & b == NOTHING
    assert (a - b) | (a & b) == a
    assert (a - b) | b == a | b
    assert a - (b | c) == (a - b) - c
    assert a - (a - b) == a & b


@given(a=sets, b=sets)
def test_being_part_of_a_set_can_be_said_in_four_ways(a: Windows, b: Windows) -> None:
    part = a & b
    assert part | a == a
    assert part & a == part
    assert part - a == NOTHING
    assert ~a & ~part == ~a
    assert (a | b == b) == (a & b == a) == (not a - b) == (~b & ~a == ~b)


@given(a=windows, b=windows, c=windows)
def test_one_window_obeys_the_laws_of_intersection(a: Window, b: Window, c: Window) -> None:
    assert a & b == b & a
    assert (a & b) & c == a & (b & c)
    assert a & a == a & ALWAYS == a
    assert a & NEVER == NEVER
    assert Windows.of([a]) & Windows.of([b]) == Windows.of([a & b])


# ---- members ---------------------------------------------------------------------------------------------------------


@given(a=sets, b=sets)
def test_an_instant_is_in_a_made_set_as_logic_says(a: Windows, b: Windows) -> None:
    union, shared, rest, outside = a | b, a & b, a - b, ~a
    for at in probes(a, b):
        assert (at in union) == (at in a or at in b)
        assert (at in shared) == (at in a and at in b)
        assert (at in rest) == (at in a and at not in b)
        assert (at in outside) == (at not in a)


@given(span=spans)
def test_a_window_holds_what_is_between_its_edges_the_first_included(span: Span) -> None:
    opens, closes = span
    window = Window(opens, closes)
    for at in probes([Window(opens), Window(closes)]):
        assert (at in window) == (opens <= at < closes)
    assert bool(window) == (opens in window) == (opens < closes)
    assert closes not in window
    assert (window == NEVER) == (opens >= closes)


@given(a=sets)
def test_no_set_holds_the_end_of_time(a: Windows) -> None:
    assert FOREVER not in a
    assert FOREVER not in ~a
    assert a.following(FOREVER) is None


@given(parts=st.lists(windows, max_size=6))
def test_an_instant_is_in_a_set_when_it_is_in_one_of_its_windows(parts: list[Window]) -> None:
    made = Windows.of(parts)
    for at in probes(parts):
        assert (at in made) == any(at in part for part in parts) == any(at in part for part in made)
    assert bool(made) == any(parts)


# ---- the normal form -------------------------------------------------------------------------------------------------


@given(spans=st.lists(spans, max_size=8), data=st.data())
def test_windows_stand_in_order_apart_and_none_is_empty(spans: list[Span], data: st.DataObject) -> None:
    parts = [Window(*span) for span in spans]
    made = Windows.of(parts)
    assert all(part.opens < part.closes for part in made)
    assert all(a.closes < b.opens for a, b in pairwise(made))
    assert {e for part in made for e in (part.opens, part.closes)} <= {e for span in spans for e in span}
    assert Windows.of(data.draw(st.permutations(parts))) == made
    assert Windows.of([*parts, *parts, NEVER]) == Windows.of(made) == made
    assert repr(Windows.of(reversed(parts))) == repr(made)


@given(a=sets, b=sets)
def test_every_operation_gives_the_normal_form(a: Windows, b: Windows) -> None:
    for made in (a | b, a & b, a - b, ~a):
        assert made == Windows.of(made)
        assert all(made)
        assert all(left.closes < right.opens for left, right in pairwise(made))


@given(a=sets, b=sets)
def test_sets_are_equal_exactly_when_neither_has_more(a: Windows, b: Windows) -> None:
    assert (a == b) == (not (a - b) | (b - a))
    if a == b:
        assert hash(a) == hash(b)


# ---- what follows ----------------------------------------------------------------------------------------------------


@given(a=sets)
def test_the_window_that_follows_is_the_first_with_instants_left(a: Windows) -> None:
    for at in probes(a):
        left = a & Windows.of([Window(opens=at)])
        found = a.following(at)
        assert (found is None) == (not left)
        if found is not None:
            assert found in a.parts
            assert max(found.opens, at) == left.parts[0].opens
            assert (found.opens <= at) == (at in a)


# ---- the bits of a number --------------------------------------------------------------------------------------------

CELLS = [Window(*span) for span in pairwise([BEGINNING, *HOURS[:6], FOREVER])]
ALL = 2 ** len(CELLS) - 1
SETS = [Windows.of(cell for n, cell in enumerate(CELLS) if bits >> n & 1) for bits in range(ALL + 1)]


def test_different_bits_make_different_sets_of_as_many_windows_as_there_are_runs_of_ones() -> None:
    assert len(set(SETS)) == ALL + 1
    assert [len(made.parts) for made in SETS] == [(bits & ~(bits << 1)).bit_count() for bits in range(ALL + 1)]
    assert [bool(made) for made in SETS] == [bool(bits) for bits in range(ALL + 1)]


def test_sets_of_windows_are_joined_shared_and_taken_away_as_bits_are() -> None:
    """All 16,384 pairs of the sets that seven neighbouring windows can make."""
    for a, b in product(range(ALL + 1), repeat=2):
        assert SETS[a] | SETS[b] == SETS[a | b]
        assert SETS[a] & SETS[b] == SETS[a & b]
        assert SETS[a] - SETS[b] == SETS[a & ~b]
    assert [~made for made in SETS] == [SETS[ALL ^ bits] for bits in range(ALL + 1)]


# ---- portion ---------------------------------------------------------------------------------------------------------


def interval(span: Span) -> portion.Interval:
    """The half-open interval of portion with these edges; its infinities stand for the ends of time."""
    opens, closes = span
    if opens == FOREVER:
        return portion.empty()
    lower, upper = ({BEGINNING: -portion.inf, FOREVER: portion.inf}.get(edge, edge) for edge in (opens, closes))
    return portion.closedopen(lower, upper)


def read(theirs: portion.Interval) -> tuple[Window, ...]:
    """What portion answers, as windows: no normalising on our side hides a difference."""
    parts = []
    for atom in () if theirs.empty else theirs:
        assert atom.right is portion.OPEN
        assert (atom.left is portion.OPEN) == (atom.lower == -portion.inf)
        opens = BEGINNING if atom.lower == -portion.inf else atom.lower
        parts.append(Window(opens, FOREVER if atom.upper == portion.inf else atom.upper))
    return tuple(parts)


def read_twice(spans: list[Span]) -> Both:
    return Windows.of(Window(*span) for span in spans), reduce(or_, map(interval, spans), portion.empty())


def combined(inner: st.SearchStrategy[Both]) -> st.SearchStrategy[Both]:
    """A union, an intersection, a difference or a complement, made on both sides."""

    def apply(operation: Operation, a: Both, b: Both) -> Both:
        return operation(a[0], b[0]), operation(a[1], b[1])

    return st.builds(apply, st.sampled_from([or_, and_, sub]), inner, inner) | inner.map(lambda a: (~a[0], ~a[1]))


leaves = spans_of_a_set.map(read_twice)


@given(both=leaves)
def test_portion_makes_the_same_windows_of_the_same_edges(both: Both) -> None:
    ours, theirs = both
    assert ours.parts == read(theirs)


@given(span=spans, other=spans)
def test_portion_finds_the_same_between_two_windows(span: Span, other: Span) -> None:
    ours, theirs = Window(*span) & Window(*other), interval(span) & interval(other)
    assert (ours,) == (read(theirs) or (NEVER,))


@pytest.mark.parametrize("operation", [or_, and_, sub])
@given(a=leaves, b=leaves)
def test_portion_joins_shares_and_takes_away_alike(operation: Operation, a: Both, b: Both) -> None:
    assert operation(a[0], b[0]).parts == read(operation(a[1], b[1]))


@given(both=leaves)
def test_portion_has_the_same_complement(both: Both) -> None:
    ours, theirs = both
    assert (~ours).parts == read(~theirs)


@given(both=st.recursive(leaves, combined, max_leaves=8))
def test_portion_agrees_on_whatever_is_built_of_all_these(both: Both) -> None:
    ours, theirs = both
    assert ours.parts == read(theirs)
    assert bool(ours) == (not theirs.empty)


@given(both=leaves)
def test_portion_holds_the_same_instants_and_is_followed_by_the_same_windows(both: Both) -> None:
    ours, theirs = both
    for at in probes(ours):
        assert (at in ours) == (at in theirs)
        left = theirs & portion.closedopen(at, portion.inf)
        atoms = [] if left.empty else [atom for atom in theirs if left[0] in atom]
        assert ours.following(at) == (read(atoms[0])[0] if atoms else None)
