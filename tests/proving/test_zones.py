"""A zone holds the readings that its steps leave, as counting them one by one shows."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lifecycle.proving.zones import Zone

CLOCKS = ("a", "b", "c")
SHOWN, COUNTED = 5, 14
"""Readings are compared up to the first, and counted up to the second, past which nothing comes back."""

Reading = tuple[tuple[str, int], ...]

days = st.integers(0, 4)
step = st.one_of(
    st.tuples(st.just("later")),
    st.tuples(st.just("least"), st.sampled_from(CLOCKS), days),
    st.tuples(st.just("most"), st.sampled_from(CLOCKS), days),
    st.tuples(st.just("start"), st.sampled_from(CLOCKS), st.integers(0, 1)),
    st.tuples(st.just("stop"), st.sampled_from(CLOCKS)),
)
steps = st.lists(step, max_size=9)


def read(reading: Mapping[str, int]) -> Reading:
    return tuple(sorted(reading.items()))


def counted(readings: set[Reading], step: tuple[Any, ...]) -> set[Reading]:
    """The readings after a step, each taken by itself."""
    match step:
        case ("later",):
            return {
                read({c: day + more for c, day in r})
                for r in readings
                for more in range(COUNTED)
                if not r or max(d for _, d in r) + more <= COUNTED
            } or readings
        case ("least", clock, n):
            return {r for r in readings if clock not in dict(r) or dict(r)[clock] >= n}
        case ("most", clock, n):
            return {r for r in readings if clock not in dict(r) or dict(r)[clock] <= n}
        case ("start", clock, n):
            return {read({**dict(r), clock: n}) for r in readings}
        case (_, clock):
            return {read({c: day for c, day in r if c != clock}) for r in readings}
    raise AssertionError(step)


def zoned(zone: Zone | None, step: tuple[Any, ...]) -> Zone | None:
    if zone is None:
        return None
    match step:
        case ("later",):
            return zone.later()
        case ("least", clock, n):
            return zone.within(clock, n) if clock in zone.names else zone
        case ("most", clock, n):
            return zone.within(clock, 0, n) if clock in zone.names else zone
        case ("start", clock, n):
            return zone.started({clock: n})
        case (_, clock):
            return zone.stopped([clock])
    raise AssertionError(step)


def held(zone: Zone | None) -> set[Reading]:
    if zone is None:
        return set()
    every = (dict(zip(zone.names, found, strict=True)) for found in product(range(SHOWN + 1), repeat=len(zone.names)))
    return {read(reading) for reading in every if zone.holds(reading)}


def both(found: list[tuple[Any, ...]]) -> tuple[Zone | None, set[Reading]]:
    zone: Zone | None = Zone()
    readings: set[Reading] = {()}
    for each in found:
        zone, readings = zoned(zone, each), counted(readings, each)
    return zone, {r for r in readings if all(day <= SHOWN for _, day in r)}


@given(steps)
def test_a_zone_holds_exactly_the_readings_that_its_steps_leave(found: list[tuple[Any, ...]]) -> None:
    zone, readings = both(found)
    assert held(zone) == readings


@given(steps, steps)
def test_a_zone_includes_and_meets_another_as_their_readings_do(one: list[Any], other: list[Any]) -> None:
    # Both bounded, so that what is compared is all there is.
    bounded = [("most", clock, SHOWN) for clock in CLOCKS]
    (first, mine), (second, theirs) = both([*one, *bounded]), both([*other, *bounded])
    if first and second and first.names == second.names:
        assert first.includes(second) == (mine >= theirs)
        assert first.meets(second) == bool(mine & theirs)


@given(steps, days)
def test_widening_keeps_all_readings_and_adds_only_such_as_are_past_a_largest_day(
    found: list[Any], largest: int
) -> None:
    zone, readings = both(found)
    if zone is not None:
        wide = zone.widened(dict.fromkeys(CLOCKS, largest))
        assert held(wide) >= readings
        added = held(wide) - readings
        assert all(any(day > largest for _, day in reading) for reading in added)


def test_widening_leaves_finitely_many_zones() -> None:
    """A clock that runs on beyond 3 while another begins anew each day: the distances stop growing in the zone."""
    zone, seen = Zone().started({"a": 0, "b": 0}), set[Zone]()
    for _ in range(20):
        moved = zone.later().within("b", 1, 1)
        assert moved is not None
        zone = moved.started({"b": 0}).widened({"a": 3, "b": 1})
        seen.add(zone)
    assert len(seen) == 4  # a reads 1, 2, 3, or more
