"""What is measured around a process rather than in it: memory, starting, and a peer that runs in Node."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks import accounts, peers, works
from benchmarks.timing import Timing
from lifecycle import Agreement

IMPORT = "import lifecycle, beyond Python's own start"
COMMAND = "lifecycle --version, beyond Python's own start"
MEMORY = "bytes of a live agreement, beyond its events"
ASKED = "bytes of a live agreement that was asked where it stands"
_XSTATE = "5"
_HERE = Path(__file__).parent


def figures(rounds: int) -> dict[str, float]:
    """What each is: seconds, or bytes where the name says so."""
    started = _started(rounds)
    events = accounts.life(works.SHORT)

    def asked() -> Agreement:
        account = Agreement(events)
        account.status(events[-1].recorded)
        return account

    found = {
        IMPORT: started["import lifecycle"] - started["pass"],
        COMMAND: started["from lifecycle.cli import main; main(['--version'])"] - started["pass"],
        "import transitions": started["import transitions"] - started["pass"],
        MEMORY: _bytes(lambda: Agreement(events)),
        ASKED: _bytes(asked),
    }
    for made in peers.PEERS:
        peer = made()
        found[f"bytes of an account: {peer.name}"] = _bytes(peer.make)
    return found


def _started(rounds: int) -> dict[str, float]:
    """Processor seconds of a Python that runs one statement, its bytecode compiled beforehand; medians."""
    statements = (
        "pass",
        "import lifecycle",
        "import transitions",
        "from lifecycle.cli import main; main(['--version'])",
    )
    found: dict[str, list[float]] = {statement: [] for statement in statements}
    with tempfile.TemporaryDirectory() as kept:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": kept, "PYTHONPATH": str(_HERE.parent)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for turn in range(rounds + 1):
            for statement in statements:
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                subprocess.run(  # noqa: S603  - a Python of our own, on a statement written above
                    [sys.executable, "-c", statement], check=True, env=environment, stdout=subprocess.DEVNULL
                )
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                if turn:
                    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                    found[statement].append(used)
    return {statement: median(seconds) for statement, seconds in found.items()}


def _bytes(make: Callable[[], object], count: int = 500) -> float:
    """What one of many objects holds in memory, as tracemalloc counts it."""
    kept: list[object] = [make()]  # what is shared by all is there already
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    kept += [make() for _ in range(count)]
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / count


def xstate(rounds: int) -> list[Timing]:
    """XState's timings, where Node and its package can be had; none otherwise, and a word on why."""
    if not (node := shutil.which("node")) or not (npm := shutil.which("npm")):
        sys.stderr.write("XState is left out: Node is not here\n")
        return []
    place = _HERE.parent / ".bench"
    place.mkdir(exist_ok=True)
    wanted = f"xstate@{_XSTATE}"
    installed = [npm, "install", "--prefix", str(place), "--no-save", "--no-audit", "--no-fund", "--silent", wanted]
    if not (place / "node_modules" / "xstate").exists() and subprocess.run(installed).returncode:  # noqa: S603
        sys.stderr.write("XState is left out: npm could not install it\n")
        return []
    script = place / "xstate.mjs"
    script.write_bytes((_HERE / "xstate.mjs").read_bytes())
    edges = json.dumps([list(edge) for edge in peers.EDGES])
    ran = subprocess.run([node, str(script), edges, str(rounds)], capture_output=True, text=True)  # noqa: S603
    if ran.returncode:
        sys.stderr.write(f"XState is left out: {ran.stderr}\n")
        return []
    names = {"act": works.ACT, "refusal": works.REFUSAL, "possible": works.POSSIBLE, "make": works.MAKE}
    names |= {f"rebuild{size}": works.rebuild(size) for size in (works.SHORT, works.LONG)}
    return [
        Timing(names[work], "XState (Node)", median(seconds), min(seconds), max(seconds))
        for work, seconds in json.loads(ran.stdout).items()
    ]
