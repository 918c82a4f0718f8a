"""A run: where it ran, with which versions, and everything it measured; to and from JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from attrs import asdict, frozen

import lifecycle
from benchmarks.timing import Figure, Timing, ratio

_PACKAGES = (
    *("transitions", "python-statemachine", "sismic", "automat", "django-fsm-2"),
    *("attrs", "cattrs", "pendulum", "numpy", "pyarrow", "duckdb"),
)


@frozen(kw_only=True)
class Run:
    """``figures`` are bytes. portfolios: how many events there are in the table of so many agreements."""

    machine: str
    on: str
    versions: Mapping[str, str]
    rounds: int
    timings: tuple[Timing, ...]
    figures: Mapping[str, float]
    portfolios: Mapping[int, int]

    def timing(self, work: str, subject: str) -> Timing | None:
        return next((t for t in self.timings if (t.work, t.subject) == (work, subject)), None)

    def ratio(self, work: str, subject: str, peer: str, peers_work: str | None = None) -> Figure | None:
        """How many times what the peer takes; None where one was not measured."""
        ours, theirs = self.timing(work, subject), self.timing(peers_work or work, peer)
        return ratio(ours, theirs) if ours and theirs else None

    def bytes_of(self, what: str) -> Figure | None:
        """What a figure is; memory is measured once, or the most of several times is told."""
        found = self.figures.get(what)
        return None if found is None else Figure.of([found])


def written(run: Run, budgets: list[dict[str, Any]]) -> str:
    """A run as JSON, with what its budgets came to; :func:`read` does not need those."""
    return json.dumps({**asdict(run), "budgets": budgets}, indent=1) + "\n"


def read(text: str) -> Run:
    """A run, of what :func:`written` made of it."""
    told = json.loads(text)
    return Run(
        machine=told["machine"],
        on=told["on"],
        versions=told["versions"],
        rounds=told["rounds"],
        timings=tuple(Timing(t["work"], t["subject"], tuple(t["rounds"])) for t in told["timings"]),
        figures=told["figures"],
        portfolios={int(agreements): events for agreements, events in told["portfolios"].items()},
    )


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def machine() -> str:
    """What runs: Python, system, and the processors there are."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python} on {platform.system()} {platform.machine()}, {os.cpu_count()} processors{_model()}"


def _model() -> str:
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return f" ({name})" if (name := next(names, "")) else ""


def versions() -> dict[str, str]:
    """The version of everything that was measured and is installed."""
    found = {"lifecycle": lifecycle.__version__}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
