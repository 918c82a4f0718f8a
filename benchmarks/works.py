"""What is measured: each work as a task for every subject that can do it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

from benchmarks import accounts, peers
from benchmarks.timing import Task
from lifecycle import Agreement, Refused
from lifecycle.history import from_line, to_line
from lifecycle.machine import host_machine
from lifecycle.reporting.report import gathered
from lifecycle.views import View

OURS = "lifecycle"
ACT, REFUSAL, POSSIBLE, MAKE = "an act, accepted", "an act, refused", "what can be done now", "a new agreement"
BARE = "transitions, unregistered"
SHORT, LONG = 20, 200
REBUILT, REPLAYED = 1_000, 400  # events in a lot, here and of a peer
SECOND = timedelta(seconds=1)


def rebuild(size: int) -> str:
    return f"rebuilt from {size} events, an event"


def grown(size: int) -> str:
    return f"a fact recorded in order after {size:,}"


def status(instants: int) -> str:
    return f"status, at one of {instants:,} instants of {LONG} events"


def audit(size: int) -> str:
    return f"an audit of {size:,} events, an event"


def report(size: int) -> str:
    return f"a report of {size:,} events, an event"


def tasks(scale: float = 1.0) -> Iterator[Task]:
    """Every task; ``scale`` makes the lots of one round larger or smaller, and the accounts that are looked back on."""
    yield from theirs(scale)
    yield from ours(scale)


# ---- the peers ---------------------------------------------------------------------------------------------------


def theirs(scale: float) -> Iterator[Task]:
    for made in peers.PEERS:
        peer = made()
        lot = max(1, int(200 * scale))
        yield Task(ACT, peer.name, _fires(peer, lot))
        yield Task(REFUSAL, peer.name, _refuses(peer, 2 * lot))
        if hasattr(peer, "asks"):
            yield Task(POSSIBLE, peer.name, _asks(peer, lot))
        yield Task(MAKE, peer.name, _makes(peer.make, lot // 4 or 1))
        for size in (SHORT, LONG):
            yield Task(rebuild(size), peer.name, _replays(peer, size, max(1, int(REPLAYED * scale) // size)))


def _fires(peer: peers.Peer, pairs: int) -> Callable[[], Callable[[], int]]:
    def prepare() -> Callable[[], int]:
        model, fire = peer.make(), peer.fire
        assert fire(model, "activate", peers.BEGIN)

        def run() -> int:
            for _ in range(pairs):
                fire(model, "suspend", peers.SUSPENDABLE)
                fire(model, "resume", peers.SUSPENDABLE)
            return 2 * pairs

        assert fire(model, "suspend", peers.SUSPENDABLE)
        assert fire(model, "resume", peers.SUSPENDABLE)
        return run

    return prepare


def _refuses(peer: peers.Peer, times: int) -> Callable[[], Callable[[], int]]:
    def prepare() -> Callable[[], int]:
        model, fire = peer.make(), peer.fire
        assert fire(model, "activate", peers.BEGIN)
        assert not fire(model, "terminate", peers.TOO_EARLY)

        def run() -> int:
            for _ in range(times):
                fire(model, "terminate", peers.TOO_EARLY)
            return times

        return run

    return prepare


def _asks(peer: Any, times: int) -> Callable[[], Callable[[], int]]:
    def prepare() -> Callable[[], int]:
        model = peer.make()
        assert peer.fire(model, "activate", peers.BEGIN)
        assert set(peer.asks(model, peers.SUSPENDABLE)) >= {"suspend", "terminate"}

        def run() -> int:
            for _ in range(times):
                peer.asks(model, peers.SUSPENDABLE)
            return times

        return run

    return prepare


def _makes(make: Callable[[], object], times: int) -> Callable[[], Callable[[], int]]:
    def run() -> int:
        for _ in range(times):
            make()
        return times

    return lambda: run


def _replays(peer: peers.Peer, size: int, times: int) -> Callable[[], Callable[[], int]]:
    log = peers.life(size)

    def run() -> int:
        for _ in range(times):
            model = peer.make()
            for trigger, now in log:
                fired = peer.fire(model, trigger, now)
        assert fired
        return times * len(log)

    return lambda: run


# ---- ours --------------------------------------------------------------------------------------------------------


def ours(scale: float) -> Iterator[Task]:
    lot = max(1, int(100 * scale))
    yield Task(ACT, OURS, _acts(lot // 10 or 1))
    yield Task(ACT, f"{OURS}, through transitions", _bridged(lot // 10 or 1))
    yield Task(REFUSAL, OURS, _refusals(lot, lambda verdict: verdict))
    yield Task(REFUSAL, f"{OURS}, in words", _refusals(lot, str))
    yield Task(REFUSAL, f"{OURS}, raised", _raises(lot))
    yield Task(POSSIBLE, OURS, _powers(lot))
    yield Task(MAKE, OURS, _makes(_made, lot // 4 or 1))
    for size in (SHORT, LONG):
        events = accounts.life(size)
        lines = [to_line(event) for event in events]
        read = partial(map, from_line, lines)
        times = max(1, int(REBUILT * scale) // size)
        yield Task(rebuild(size), OURS, _rebuilds(times, size, partial(iter, events)))
        yield Task(rebuild(size), f"{OURS}, from lines", _rebuilds(times, size, read))
        yield Task(rebuild(size), "json.loads alone", _loads(times, lines))
    yield from alone(scale)


def alone(scale: float) -> Iterator[Task]:
    """What no peer can be asked to do, beside what else is measured."""
    instants = max(10, int(1_000 * scale))
    yield Task(status(instants), OURS, _statuses(instants), (ACT, BARE))
    yield Task(grown(SHORT), OURS, _grows(SHORT, scale), (ACT, BARE))
    for size in (200, 2_000, 20_000):
        yield Task(grown(size), OURS, _grows(size, scale), (grown(SHORT), OURS))
    short = max(10, int(LONG * scale))
    for name, look in _LOOKS.items():
        yield Task(name(short), OURS, _looked_back(short, look), (rebuild(LONG), OURS))
        yield Task(name(4 * short), OURS, _looked_back(4 * short, look), (name(short), OURS))


_LOOKS: Mapping[Callable[[int], str], Callable[[Agreement, datetime], object]] = {
    audit: lambda account, _: account.audit(),
    report: lambda account, at: gathered(View(account=account, at=at)),
}


def _made() -> Agreement:
    return Agreement.make(accounts.TERMS, agreement="acme", customer="Acme GmbH", at="2026-01-05")


def _acts(pairs: int) -> Callable[[], Callable[[], int]]:
    """Suspended for a breach that is never cured, and reinstated, in turn; ten accounts, each of a moderate length."""

    def prepare() -> Callable[[], int]:
        kept = [accounts.breached() for _ in range(10)]
        moments = accounts.instants(accounts.NOON, 2 * pairs, SECOND)

        def run() -> int:
            for account in kept:
                for suspend, reinstate in zip(moments[::2], moments[1::2], strict=True):
                    account.do("suspend", by="provider", at=suspend, known_through=suspend)
                    account.do("reinstate", by="provider", at=reinstate)
            return 20 * pairs

        return run

    return prepare


def _bridged(pairs: int) -> Callable[[], Callable[[], int]]:
    def prepare() -> Callable[[], int]:
        account, model = accounts.breached(), SimpleNamespace()
        host_machine(account, model, at=accounts.EARLY)
        moments = accounts.instants(accounts.NOON, 2 * pairs, SECOND)

        def run() -> int:
            for suspend, reinstate in zip(moments[::2], moments[1::2], strict=True):
                model.suspend(by="provider", at=suspend, known_through=suspend)
                model.reinstate(by="provider", at=reinstate)
            return 2 * pairs

        return run

    return prepare


def _refusals(times: int, tell: Callable[[Any], object]) -> Callable[[], Callable[[], int]]:
    def prepare() -> Callable[[], int]:
        account = accounts.overdue()
        moments = accounts.instants(accounts.EARLY, times, SECOND)

        def run() -> int:
            for at in moments:
                tell(account.may("suspend", by="provider", at=at, known_through=at))
            return times

        assert not account.may("suspend", by="provider", at=moments[0], known_through=moments[0]).permitted
        return run

    return prepare


def _raises(times: int) -> Callable[[], Callable[[], int]]:
    def prepare() -> Callable[[], int]:
        account = accounts.overdue()
        moments = accounts.instants(accounts.EARLY, times, SECOND)

        def run() -> int:
            refused = 0
            for at in moments:
                try:
                    account.do("suspend", by="provider", at=at, known_through=at)
                except Refused:
                    refused += 1
            assert refused == times
            return times

        return run

    return prepare


def _powers(times: int) -> Callable[[], Callable[[], int]]:
    def prepare() -> Callable[[], int]:
        account = accounts.overdue()
        moments = accounts.instants(accounts.NOON, times, SECOND)

        def run() -> int:
            for at in moments:
                account.powers(at)
            return times

        assert any(opening.power.does == "suspend" for opening in account.powers(accounts.NOON))
        return run

    return prepare


def _rebuilds(times: int, size: int, read: Callable[[], Any]) -> Callable[[], Callable[[], int]]:
    def run() -> int:
        for _ in range(times):
            account = Agreement(read())
        assert len(account.history) == size
        return times * size

    return lambda: run


def _loads(times: int, lines: list[str]) -> Callable[[], Callable[[], int]]:
    def run() -> int:
        for _ in range(times):
            for line in lines:
                json.loads(line)
        return times * len(lines)

    return lambda: run


def _statuses(times: int) -> Callable[[], Callable[[], int]]:
    """Instants spread over the whole of a long history."""

    def prepare() -> Callable[[], int]:
        events = accounts.life(LONG)
        start, end = events[0].recorded, events[-1].recorded
        moments = accounts.instants(start, times, (end - start) / times)
        account = Agreement(events)

        def run() -> int:
            for at in moments:
                account.status(at)
            return times

        return run

    return prepare


def _looked_back(size: int, look: Callable[[Agreement, datetime], object]) -> Callable[[], Callable[[], int]]:
    """An account of a customer who pays late, looked at as a whole on its last day."""

    def prepare() -> Callable[[], int]:
        events = accounts.life(size)

        def run() -> int:
            assert look(Agreement(events), events[-1].recorded)
            return size

        return run

    return prepare


def _grows(size: int, scale: float) -> Callable[[], Callable[[], int]]:
    """A payment is recorded where so many events came before, and the state asked."""
    times = max(4, int(25 * scale))

    def prepare() -> Callable[[], int]:
        events = accounts.payments(size)
        account = Agreement(events)
        facts = accounts.paying(times)
        moments = accounts.instants(events[-1].recorded + SECOND, times, SECOND)
        account.status(moments[0])

        def run() -> int:
            for fact, at in zip(facts, moments, strict=True):
                account.record(fact, at=at)
                account.status(at)
            return times

        return run

    return prepare
