"""The benchmarks do what they say they measure; how long it takes is told by ``make bench``, never asserted."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from benchmarks import __main__ as command
from benchmarks import outside, page, peers, portfolio, tables, works
from benchmarks import run as code
from benchmarks.budgets import budgets
from benchmarks.made_up import made_up
from benchmarks.run import Run, read, written
from benchmarks.timing import Figure, Task, Timing, ratio, timed

ROOT = Path(__file__).parents[1]
MANY = 100_000


def run(*timings: Timing, **figures: float) -> Run:
    return Run(
        machine="a machine",
        on="2026-03-31",
        commit="abc1234",
        versions={"lifecycle": "0.1.0"},
        rounds=3,
        timings=timings,
        figures=figures,
        portfolios={MANY: 13 * MANY},
    )


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the peers that are here without being installed for this."""
    monkeypatch.setattr(peers, "PEERS", (peers.Floor, peers.Unregistered, peers.Registered))


def told(of: Run) -> dict[str, tuple[str, ...]]:
    """The rows of the budgets' table, by what they are about."""
    return {row[0]: row[1:] for row in tables.verdicts(of).rows}


# ---- what is timed -----------------------------------------------------------------------------------------


def test_every_work_of_ours_runs_and_counts_its_operations() -> None:
    tasks = [task for task in works.ours(scale=0.02) if "20,000" not in task.work]
    timings = timed(tasks, 1, lambda: None)
    assert len(timings) == len(tasks) >= 20
    assert all(timing.seconds > 0 for timing in timings)


def test_the_accounts_looked_back_on_are_as_long_as_the_scale_says() -> None:
    """A tenth of 200 events, and four times that; at full scale 200 and 800."""
    for scale, sizes in ((0.1, (20, 80)), (1, (200, 800))):
        found = {task.work for task in works.alone(scale)}
        wanted = {name(size) for name in (works.audit, works.report) for size in sizes}
        assert {work for work in found if work.startswith(("an audit", "a report"))} == wanted


@pytest.mark.usefixtures("few")
def test_a_lot_rebuilds_as_many_events_as_the_page_says() -> None:
    """1,000 of ours: 50 agreements of 20 events, 5 of 200; 400 of a peer's: 20 lives and 2."""
    ours = {(task.work, task.subject): task for task in works.ours(1)}
    for size in (works.SHORT, works.LONG):
        assert ours[works.rebuild(size), works.OURS].prepare()() == works.REBUILT == 1_000
    lots = [task for task in works.theirs(1) if task.subject == peers.Floor.name and task.work.startswith("rebuilt")]
    assert [task.prepare()() for task in lots] == [works.REPLAYED] * 2 == [400] * 2
    shown = " ".join((ROOT / "docs" / "performance.md").read_text(encoding="utf-8").split())
    assert "50 agreements of 20 events and 5 of 200, 1,000 events each time" in shown
    assert "20 lives of 20 events and 2 of 200, 400 events each time" in shown


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
        return portfolio.measure(name, path) if name not in ("sql", "polars", "two") else {**spent, "bytes": 1.0}

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
        (portfolio.from_file(40), portfolio.POLARS): 2,
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


def test_a_work_that_has_taken_its_share_is_left_out_after_three_rounds() -> None:
    done: list[str] = []

    def lot() -> int:
        done.append("lot")
        return 1

    slow, quick = (Task(work, works.OURS, lambda: lot, ("slow", works.OURS)) for work in ("slow", "quick"))
    of_slow, of_quick = timed([slow, quick], 5, lambda: done.append("done"), share=0)
    assert (len(of_slow.rounds), len(of_quick.rounds)) == (3, 3)
    assert of_quick.beside == ("slow", works.OURS)
    assert done.count("lot") == 6
    assert done.count("done") == 10  # what is left out moves the bar, too
    assert [len(each.rounds) for each in timed([slow, quick], 5, lambda: None, share=1_000)] == [5, 5]
    assert len(timed([slow], 2, lambda: None, share=0)[0].rounds) == 2


@pytest.mark.usefixtures("few")
def test_a_work_of_one_subject_is_held_against_another_that_is_measured() -> None:
    """Whatever is asked in one run finds what it is held against in it."""
    tasks = list(works.tasks())
    measured = {(task.work, task.subject) for task in tasks}
    by_work = Counter(task.work for task in tasks)
    lone = [task for task in tasks if by_work[task.work] == 1]
    assert len(lone) == 9
    assert all(task.beside in measured for task in lone)


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
    lone = Timing(works.audit(20), works.OURS, (1e-6,), (works.ACT, works.BARE))
    of = evolve(TOLD, timings=(*TOLD.timings, lone))
    assert read(written(of, tables.as_data(of))) == of


def test_each_work_is_held_against_bare_transitions_the_quickest_first() -> None:
    work, alone = tables.by_work(TOLD)
    assert work.columns == ("subject", "an operation", "of transitions, unregistered", "spread")
    assert work.rows == (
        ("lifecycle", "5.00 us", "0.45", "40%"),  # 4/10 and 6/12: in between
        ("transitions, unregistered", "11.00 us", "1.00", "18%"),
    )
    assert alone.rows == ((f"{outside.DOOR}: {outside.STARTING}", "115 ms", "-", "-"),)


def test_a_work_of_one_subject_is_told_as_a_ratio_of_what_ran_beside_it() -> None:
    """8 of 4 and 24 of 8 microseconds: two and three times, 2.5 in the middle."""
    short, long = works.audit(200), works.audit(800)
    timings = (
        Timing(short, works.OURS, (4e-6, 8e-6), (works.ACT, works.BARE)),
        Timing(long, works.OURS, (8e-6, 24e-6), (short, works.OURS)),
    )
    (table,) = tables.by_work(run(*timings))
    assert table.rows == (
        (f"{works.OURS}: {short}", "6.00 us", "-", "-"),  # what it is held against was not measured
        (f"{long} / {short}", "16.00 us", "2.50", "2.00 to 3.00"),
    )
    bare = Timing(works.ACT, works.BARE, (2e-6, 2e-6))
    *_, table = tables.by_work(run(bare, *timings))
    assert (f"{short} / {works.ACT}: {works.BARE}", "6.00 us", "3.00", "2.00 to 4.00") in table.rows


def test_one_round_has_no_spread() -> None:
    once = Timing(works.POSSIBLE, works.OURS, (1e-6,)), Timing(works.POSSIBLE, "transitions, registered", (2e-6,))
    (table,) = tables.by_work(run(*once))
    assert table.rows == ((works.OURS, "1.00 us", "0.50", "-"), ("transitions, registered", "2.00 us", "1.00", "-"))
    assert run(*once).told_rounds == "1 round"


def test_where_what_takes_long_ran_less_often_both_are_told() -> None:
    timings = (Timing(works.ACT, works.OURS, (1.0,) * rounds) for rounds in (11, 3))
    assert run(*timings).told_rounds == "3 to 11 rounds"


@pytest.mark.usefixtures("few")
def test_the_page_has_every_work_and_every_figure_that_was_measured() -> None:
    timings = [Timing(task.work, task.subject, (1e-6, 2e-6), task.beside) for task in works.tasks()]
    timings += [Timing(outside.STARTING, outside.DOOR, (0.1, 0.2))]
    figures = {outside.MEMORY: 7_560.0, outside.GROWN: 56_502.0, "memory of an account: sismic": 2_537.0}
    shown = page.markdown(run(*timings, **figures))
    for timing in timings:
        assert timing.work in shown, timing.work
        assert timing.subject in shown, timing.subject
    assert "| memory of an account: sismic | 2,537 bytes |" in shown


def test_the_commit_is_told_where_git_knows_it_and_nothing_where_it_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"rev-parse": "abc1234", "status": ""}
    monkeypatch.setattr(code, "_git", lambda what, *_: said[what])
    monkeypatch.setattr(code, "ROOT", tmp_path)
    assert code.commit() == ""
    (tmp_path / ".git").touch()
    assert code.commit() == "abc1234"
    said["status"] = " M lifecycle/agreement.py"
    assert code.commit() == "abc1234 and changes"
    monkeypatch.undo()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert code._git("rev-parse", "--short", "HEAD") == ""


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
    assert once.startswith(f"# Before\n\n{page.BEGIN}\nMeasured on 2026-03-31: a machine; 2 rounds. lifecycle")
    assert "; 2 rounds. lifecycle 0.1.0 (abc1234).\n" in once
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
    sizes = [int(size.replace(",", "")) for size in re.findall(r"events of ([\d,]+\d)", table)]
    assert len(sizes) > 1, "growth is shown"
    for budget in budgets(sizes):
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


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["--rounds", "0"], "give a whole number from 1 on"),
        (["--agreements", "0", "--only", "portfolio"], "give a whole number from 1 on"),
        (["--scale", "nan"], "give a number above 0"),
        (["--scale", "wide"], "give a number above 0"),
        (["--from", "{here}/nope"], "No such file or directory; name another"),
        (["--from", "{here}/page.md"], "measure anew with --output"),
        (["--table", "{here}/page.md"], "are wanted, each on its line"),
        (["--output", "{here}"], "name a file in it"),
        (["--keep", "{here}/page.md"], "File exists; name another"),
        (["--only", "zzz"], "--only takes words of these: an act"),
        (["--only", "portfolio", "--agreements"], "nothing to measure is called 'portfolio'"),
        (["--onyl", "act"], "unrecognized arguments: --onyl act"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_before_anything_is_measured(
    arguments: list[str],
    advice: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(command, "_measured", lambda *_: pytest.fail("measured"))
    (tmp_path / "page.md").write_text("[]")
    with pytest.raises(SystemExit) as stopped:
        _command(monkeypatch, capsys, [each.format(here=tmp_path) for each in arguments])
    assert stopped.value.code == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert advice in said.err


def test_peers_that_are_not_installed_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(_: float) -> list[Task]:
        raise ModuleNotFoundError(name="sismic")

    monkeypatch.setattr(works, "tasks", missing)
    with pytest.raises(SystemExit, match="2"):
        _command(monkeypatch, capsys, ["--only", "act"])
    assert capsys.readouterr().err.endswith("sismic is not installed; make bench installs all that is measured\n")


def _measured(agreements: int, _rounds: int, _keep: Path | None, done: Callable[[], object]) -> portfolio.Portfolio:
    done()
    work = portfolio.in_memory(agreements)
    timings = (Timing(work, works.OURS, (4e-6,)), Timing(work, portfolio.FLOOR, (1e-6,)))
    return portfolio.Portfolio(agreements, 13 * agreements, timings, {portfolio.peak(agreements): 400e6})


def _command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[object]) -> str:
    monkeypatch.setattr(sys, "argv", ["benchmarks", *map(str, arguments)])
    command.main()
    return capsys.readouterr().out
