"""The benchmarks do what they say they measure; how long it takes is told by ``make bench``, never asserted."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from benchmarks import __main__ as command
from benchmarks import outside, page, peers, portfolio, tables, works
from benchmarks.budgets import budgets
from benchmarks.made_up import made_up
from benchmarks.run import Run, read, written
from benchmarks.timing import Figure, Timing, ratio, timed

ROOT = Path(__file__).parents[1]
MANY = 100_000


def run(*timings: Timing, **figures: float) -> Run:
    return Run(
        machine="a machine",
        on="2026-03-31",
        versions={"lifecycle": "0.1.0"},
        rounds=3,
        timings=timings,
        figures=figures,
        portfolios={MANY: 13 * MANY},
    )


def told(of: Run) -> dict[str, tuple[str, ...]]:
    """The rows of the budgets' table, by what they are about."""
    return {row[0]: row[1:] for row in tables.verdicts(of).rows}


# ---- what is timed -----------------------------------------------------------------------------------------


def test_every_work_of_ours_runs_and_counts_its_operations() -> None:
    long = ("20,000", works.audit(2_000), works.report(2_000))
    tasks = [task for task in works.ours(scale=0.02) if not any(each in task.work for each in long)]
    timings = timed(tasks, 1, lambda: None)
    assert len(timings) == len(tasks) >= 16
    assert all(timing.seconds > 0 for timing in timings)


def test_a_life_of_the_peers_goes_through_to_its_end() -> None:
    peer = peers.Floor()
    for size in (works.SHORT, works.LONG):
        model = peer.make()
        log = peers.life(size)
        assert len(log) == size
        assert all(peer.fire(model, trigger, now) for trigger, now in log)
        assert model.state == "terminated"


def test_starting_is_measured_round_by_round_beyond_a_bare_start() -> None:
    started = {timing.subject: timing for timing in outside.starting(1)}
    assert len(started[outside.DOOR].rounds) == 1
    assert started[outside.DOOR].seconds > started[outside.IMPORT].seconds


def test_every_measure_of_a_portfolio_has_a_work_a_subject_and_its_memory(tmp_path: Path) -> None:
    """In this process, on forty agreements: a process of its own is what each takes otherwise."""
    lots: list[str] = []

    def measuring(name: str, path: Path) -> dict[str, float]:
        lots.append(name)
        return portfolio.measure(name, path) if name not in ("sql", "two") else {**spent, "bytes": 1.0}

    spent = {"with reading": 4.0, "by the clock": 8.0}
    found = portfolio.measured(40, 2, tmp_path, measuring=measuring)
    assert lots == [*portfolio.MEASURES, *reversed(portfolio.MEASURES)]
    assert (found.agreements, [path.name for path in tmp_path.iterdir()]) == (40, ["events-40-5.parquet"])
    assert found.events > 40 * 7  # each is made, has its order, and opens five matters
    assert {(t.work, t.subject): len(t.rounds) for t in found.timings} == {
        (portfolio.in_memory(40), portfolio.FLOOR): 2,
        (portfolio.in_memory(40), works.OURS): 2,
        (portfolio.from_file(40), portfolio.FLOOR): 2,
        (portfolio.from_file(40), portfolio.SQL): 2,
        (portfolio.from_file(40), works.OURS): 2,
        (portfolio.by_the_clock(40), works.OURS): 2,
        (portfolio.by_the_clock(40), portfolio.TWO): 2,
    }
    by_name = {(t.work, t.subject): t.seconds for t in found.timings}
    assert by_name[portfolio.from_file(40), portfolio.SQL] == 4.0 / 40
    assert by_name[portfolio.by_the_clock(40), portfolio.TWO] == 8.0 / 40
    assert found.figures[portfolio.peak(40)] > 10_000_000  # a Python that has read a table
    assert found.figures[portfolio.peak(40, portfolio.SQL)] == 1.0


def test_a_measure_in_a_process_of_its_own_counts_its_own_memory_only(tmp_path: Path) -> None:
    made_up(tmp_path / "events.parquet", 40, 5)
    held = b"x" * 250_000_000
    found = portfolio.apart("floor", tmp_path / "events.parquet")
    assert 10_000_000 < found["bytes"] < len(held)
    assert 0 < found["working"] < found["with reading"]


@pytest.mark.parametrize(("agreements", "rounds"), [(100_000, 3), (1_000_000, 2), (10_000_000, 1)])
def test_what_takes_long_is_measured_fewer_times(agreements: int, rounds: int) -> None:
    assert portfolio.rounds_for(agreements, 11) == rounds
    assert portfolio.rounds_for(agreements, 1) == 1


# ---- ratios and budgets ------------------------------------------------------------------------------------


def test_a_ratio_compares_what_ran_in_the_same_round() -> None:
    """A machine that is three times as slow in the second round moves no ratio; 8/4, 24/12, 10/4."""
    ours, theirs = Timing("w", "ours", (8, 24, 10)), Timing("w", "theirs", (4, 12, 4))
    assert ratio(ours, theirs) == Figure(value=2, least=2, most=2.5)


def test_a_budget_is_met_up_to_its_limit_and_not_beyond() -> None:
    for budget in budgets([MANY]):
        beyond = budget.limit * (1.01 if budget.sense == "at most" else 0.99)
        assert budget.meets(budget.limit)
        assert not budget.meets(beyond)
        assert budget.measured(run()) is None


def test_the_table_says_of_each_budget_what_was_measured_and_whether_it_is_met() -> None:
    bare = Timing(works.ACT, "transitions, unregistered", (10e-6, 10e-6, 10e-6))
    ours = Timing(works.ACT, works.OURS, (4e-6, 6e-6, 5e-6))
    rows = told(run(bare, ours))
    assert list(rows.values()) == [("0.50x", "0.40 to 0.60", "at most 0.50x", "met")]
    slower = evolve(ours, rounds=(6e-6, 6e-6, 6e-6))
    assert list(told(run(bare, slower)).values()) == [("0.60x", "-", "at most 0.50x", "NOT MET")]


def test_events_a_second_are_told_the_other_way_round() -> None:
    """Ours takes 2, theirs 6 for an event: 3 times as many a second, where 4 are wanted."""
    work = works.rebuild(works.SHORT)
    timings = Timing(work, works.OURS, (2e-6,)), Timing(work, "transitions, unregistered", (6e-6,))
    assert list(told(run(*timings)).values()) == [("3.00x", "-", "at least 4.00x", "NOT MET")]


def test_a_portfolio_is_held_to_five_times_the_kernel_and_to_memory_that_does_not_grow() -> None:
    work, from_file = portfolio.in_memory(MANY), portfolio.from_file(MANY)
    timings = (
        *(Timing(work, subject, (seconds,)) for subject, seconds in ((works.OURS, 5.5), (portfolio.FLOOR, 1))),
        *(Timing(from_file, subject, (seconds,)) for subject, seconds in ((works.OURS, 6), (portfolio.FLOOR, 3))),
    )
    assert told(run(*timings, **{portfolio.peak(MANY): 400e6})) == {
        "100,000 agreements in memory, all answers / bare numpy": ("5.50x", "-", "at most 5.00x", "NOT MET"),
        "100,000 agreements read from Parquet, all answers / bare numpy": ("2.00x", "-", "at most 5.00x", "met"),
        "memory at most, 100,000 agreements swept": ("400 MB", "-", "at most 512 MB", "met"),
    }


def test_of_two_portfolios_the_larger_may_cost_little_more_an_agreement() -> None:
    timings = (Timing(portfolio.in_memory(size), works.OURS, (size / MANY * 1e-6,)) for size in (MANY, 2 * MANY))
    grown = evolve(run(*timings), portfolios={2 * MANY: 1, MANY: 1})
    assert told(grown) == {"an agreement among 200,000 / among 100,000": ("2.00x", "-", "at most 1.50x", "NOT MET")}


# ---- how it is told ----------------------------------------------------------------------------------------


TOLD = run(
    Timing(works.ACT, "transitions, unregistered", (10e-6, 12e-6)),
    Timing(works.ACT, works.OURS, (4e-6, 6e-6)),
    Timing(outside.STARTING, outside.DOOR, (0.1, 0.13)),
    **{outside.MEMORY: 2_500.0},
)


def test_a_run_comes_back_from_its_file_as_it_was() -> None:
    assert read(written(TOLD, tables.as_data(TOLD))) == TOLD


def test_each_work_is_held_against_bare_transitions_the_quickest_first() -> None:
    work, starting = tables.by_work(TOLD)
    assert work.columns == ("subject", "an operation", "of transitions, unregistered", "spread")
    assert work.rows == (
        ("lifecycle", "5.00 us", "0.45", "40%"),  # 4/10 and 6/12: in between
        ("transitions, unregistered", "11.00 us", "1.00", "18%"),
    )
    assert starting.columns[2] == f"of {outside.DOOR}"
    assert starting.rows == ((outside.DOOR, "115 ms", "1.00", "26%"),)


def test_what_bare_transitions_cannot_say_is_held_against_its_registered_model() -> None:
    subjects = ("hand-written attrs class", "transitions, registered", works.OURS)
    (table,) = tables.by_work(run(*(Timing(works.POSSIBLE, subject, (1e-6,)) for subject in subjects)))
    assert table.columns[2] == "of transitions, registered"


def test_a_page_takes_a_run_between_its_marks_and_nothing_else_of_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(f"# Before\n\n{page.BEGIN}stale\n{page.END}\n\n# After\n")
    page.write(path, TOLD)
    once = path.read_text()
    page.write(path, TOLD)
    assert path.read_text() == once
    assert once.startswith(f"# Before\n\n{page.BEGIN}\nMeasured on 2026-03-31: a machine; 3 rounds. lifecycle 0.1.0.\n")
    assert once.endswith(f"{page.END}\n\n# After\n")
    assert "stale" not in once
    assert "| an act, accepted, guarded, explained, recorded / bare transitions | 0.45x | 0.40 to 0.50 |" in once
    assert "| lifecycle | 0.45 | 40% |" in once


def test_a_page_without_marks_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(f"# Before\n\n{page.BEGIN}")
    with pytest.raises(ValueError, match="no place for figures"):
        page.write(path, TOLD)
    assert path.read_text() == f"# Before\n\n{page.BEGIN}"


def test_the_page_on_performance_has_every_budget_with_its_limit() -> None:
    shown = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    table = shown.partition(page.BEGIN)[2].partition(page.END)[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()]
    limits = {cells[0]: cells[3] for cells in rows if len(cells) == 5}
    for budget in budgets(command.AGREEMENTS):
        assert limits[budget.work] == budget.shown(budget.limit, bound=True), "make bench BENCH='--table ...'"


def test_one_command_measures_all_and_tells_it_on_the_console_in_a_file_and_on_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def small(rounds: int) -> list[Timing]:
        return [Timing(outside.STARTING, outside.DOOR, (0.1,) * rounds)]

    monkeypatch.setattr(outside, "starting", small)
    monkeypatch.setattr(outside, "xstate", lambda _: [])
    monkeypatch.setattr(outside, "memory", lambda: {outside.MEMORY: 2_500.0})
    monkeypatch.setattr(works, "tasks", lambda scale: [t for t in works.ours(scale) if t.work == works.ACT])
    monkeypatch.setattr(portfolio, "measured", _measured)
    output, table = tmp_path / "dist" / "run.json", tmp_path / "page.md"
    table.write_text(page.BEGIN + page.END)
    arguments = ["--rounds", "1", "--scale", "0.02", "--agreements", "300", "--output", output, "--table", table]
    said = _command(monkeypatch, capsys, arguments)
    assert "300 agreements in memory, all answers / bare numpy" in said
    assert "memory at most, 300 agreements swept" in said
    found = read(output.read_text())
    assert (found.portfolios, found.rounds) == ({300: 3_900}, 1)
    assert {timing.work for timing in found.timings} == {works.ACT, outside.STARTING, portfolio.in_memory(300)}
    before = table.read_text()
    assert page.markdown(found) in before
    table.write_text(page.BEGIN + page.END)
    again = _command(monkeypatch, capsys, ["--from", output, "--table", table])
    assert (again, table.read_text()) == (said, before)


def _measured(agreements: int, _rounds: int, _keep: Path | None, done: Callable[[], object]) -> portfolio.Portfolio:
    done()
    work = portfolio.in_memory(agreements)
    timings = (Timing(work, works.OURS, (4e-6,)), Timing(work, portfolio.FLOOR, (1e-6,)))
    return portfolio.Portfolio(agreements, 13 * agreements, timings, {portfolio.peak(agreements): 400e6})


def _command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[object]) -> str:
    monkeypatch.setattr(sys, "argv", ["benchmarks", *map(str, arguments)])
    command.main()
    return capsys.readouterr().out
