"""A run: where it ran, with which versions, and everything it measured; to and from JSON."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from attrs import asdict, frozen

import lifecycle
from benchmarks.timing import Figure, Timing, ratio

ROOT = Path(__file__).parents[1]
_PACKAGES = (
    *("transitions", "python-statemachine", "sismic", "automat", "django-fsm-2"),
    *("attrs", "cattrs", "pendulum", "numpy", "pyarrow", "duckdb", "polars"),
)


@frozen(kw_only=True)
class Run:
    """``figures`` are bytes. portfolios: how many events there are in the table of so many agreements. commit: of the
    code that was measured, empty where git does not know it.
    """

    machine: str
    on: str
    commit: str
    versions: Mapping[str, str]
    rounds: int
    timings: tuple[Timing, ...]
    figures: Mapping[str, float]
    portfolios: Mapping[int, int]

    def timing(self, work: str, subject: str) -> Timing | None:
        return next((t for t in self.timings if (t.work, t.subject) == (work, subject)), None)

    @property
    def told_rounds(self) -> str:
        """How many rounds there were: what takes long takes part in fewer."""
        counts = {len(timing.rounds) for timing in self.timings} or {self.rounds}
        told = f"{max(counts)} round{'s' * (max(counts) > 1)}"
        return told if len(counts) == 1 else f"{min(counts)} to {told}"

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
    """A run, of what :func:`written` made of it; raises ValueError, KeyError or TypeError for anything else."""
    told = json.loads(text)
    return Run(
        machine=told["machine"],
        on=told["on"],
        commit=told["commit"],
        versions=told["versions"],
        rounds=told["rounds"],
        timings=tuple(_timing(each) for each in told["timings"]),
        figures=told["figures"],
        portfolios={int(agreements): events for agreements, events in told["portfolios"].items()},
    )


def _timing(told: Mapping[str, Any]) -> Timing:
    beside = told["beside"]
    return Timing(told["work"], told["subject"], tuple(told["rounds"]), tuple(beside) if beside else None)


def commit() -> str:
    """The commit that is checked out here, and whether the code was changed since; nothing where git cannot tell."""
    if not (ROOT / ".git").exists():  # a copy within another repository
        return ""
    told = _git("rev-parse", "--short", "HEAD")
    return f"{told} and changes" if told and _git("status", "--porcelain", "--", "lifecycle", "benchmarks") else told


def _git(*arguments: str) -> str:
    """What git says; nothing where there is none."""
    try:
        ran = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)  # noqa: S603, S607
    except OSError:
        return ""
    return "" if ran.returncode else ran.stdout.strip()


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
