"""The benchmarks do what they say they measure; how long it takes is told by ``make bench``, never asserted."""

from benchmarks import peers, works
from benchmarks.budgets import Measured, budgets
from benchmarks.timing import timed


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


def test_a_budget_is_met_up_to_its_limit_and_not_beyond() -> None:
    for budget in budgets():
        beyond = budget.limit * (1.01 if budget.sense == "at most" else 0.99)
        assert budget.meets(budget.limit)
        assert not budget.meets(beyond)
        assert budget.measured(Measured({}, {})) is None
