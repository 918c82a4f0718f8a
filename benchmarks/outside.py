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
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks import accounts, peers, works
from benchmarks.timing import Timing
from lifecycle import Agreement

STARTING = "starting, beyond Python's own start"
IMPORT, DOOR, COMMAND = "import lifecycle", "from lifecycle import Agreement", "lifecycle --version"
MEMORY = "memory of a live agreement, beyond its events"
ASKED = "memory of a live agreement that was asked where it stands"
GROWN = f"memory of a live agreement of {works.LONG} events, beyond them"
_XSTATE = "5"
_HERE = Path(__file__).parent
_PLACE = _HERE.parent / ".bench"
_STATEMENTS = {
    IMPORT: IMPORT,
    DOOR: DOOR,
    COMMAND: "from lifecycle.cli import main; main(['--version'])",
    "import transitions": "import transitions",
}


def memory() -> dict[str, float]:
    """Bytes of an account, here and in the peers."""
    events = accounts.life(works.SHORT)

    def asked() -> Agreement:
        account = Agreement(events)
        account.status(events[-1].recorded)
        return account

    many = accounts.life(works.LONG)
    found = {MEMORY: _bytes(lambda: Agreement(events)), ASKED: _bytes(asked)}
    found[GROWN] = _bytes(lambda: Agreement(many), count=50)
    for made in peers.PEERS:
        peer = made()
        found[f"memory of an account: {peer.name}"] = _bytes(peer.make)
    return found


def starting(rounds: int) -> list[Timing]:
    """Processor seconds of a Python that runs one statement, its bytecode compiled beforehand, beyond those of one that
    runs none.
    """
    found: dict[str, list[float]] = {subject: [] for subject in _STATEMENTS}
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled, "PYTHONPATH": str(_HERE.parent)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for turn in range(rounds + 1):
            bare = _started("pass", environment)
            for subject, statement in _STATEMENTS.items():
                used = _started(statement, environment) - bare
                if turn:  # the first one compiled
                    found[subject].append(used)
    return [Timing(STARTING, subject, tuple(seconds)) for subject, seconds in found.items()]


def _started(statement: str, environment: Mapping[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(  # noqa: S603  - a Python of our own, on a statement written above
        [sys.executable, "-c", statement], check=True, env=environment, stdout=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _bytes(make: Callable[[], object], count: int = 500) -> float:
    """What one of many objects holds in memory, as tracemalloc counts it."""
    kept: list[object] = [make()]  # what is shared by all is there already
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    kept += [make() for _ in range(count)]
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / count


def xstate_version() -> dict[str, str]:
    """The version of XState that is here, if it is."""
    told = _PLACE / "node_modules" / "xstate" / "package.json"
    return {"xstate": json.loads(told.read_text(encoding="utf-8"))["version"]} if told.exists() else {}


def xstate(rounds: int) -> list[Timing]:
    """XState's timings, where Node and its package can be had; none otherwise, and a word on why."""
    if not (node := shutil.which("node")) or not (npm := shutil.which("npm")):
        sys.stderr.write("XState is left out: Node is not here\n")
        return []
    _PLACE.mkdir(exist_ok=True)
    wanted = f"xstate@{_XSTATE}"
    installed = [npm, "install", "--prefix", str(_PLACE), "--no-save", "--no-audit", "--no-fund", "--silent", wanted]
    if not (_PLACE / "node_modules" / "xstate").exists() and subprocess.run(installed).returncode:  # noqa: S603
        sys.stderr.write("XState is left out: npm could not install it\n")
        return []
    script = _PLACE / "xstate.mjs"
    script.write_bytes((_HERE / "xstate.mjs").read_bytes())
    edges = json.dumps([list(edge) for edge in peers.EDGES])
    ran = subprocess.run([node, str(script), edges, str(rounds)], capture_output=True, text=True)  # noqa: S603
    if ran.returncode:
        sys.stderr.write(f"XState is left out: {ran.stderr}\n")
        return []
    names = {"act": works.ACT, "refusal": works.REFUSAL, "possible": works.POSSIBLE, "make": works.MAKE}
    names |= {f"rebuild{size}": works.rebuild(size) for size in (works.SHORT, works.LONG)}
    return [Timing(names[work], "XState (Node)", tuple(seconds)) for work, seconds in json.loads(ran.stdout).items()]
