"""Small faults in the core, as mutmut makes them, each shown to the claims that reach it: ``make mutants``.

mutmut says what a fault is and writes the changed functions beside the right ones. Here the tests are collected once,
in a copy of the project; what each of them reaches is noted; then every fault is switched on in a fork of that process,
and the tests that reach its function run until one fails, those that found faults before first. That tries a fault in
less than collecting alone takes. What was found is kept in ``mutants/found.json``. Faults that mean the same are listed
in ``tests/seeded/same.toml``; any other that survives is a claim that is missing.

    python tests/mutants.py                        all of them, with a summary and the names of those that survive
    python tests/mutants.py 'lifecycle.days.*'     only some
    python tests/mutants.py --survivors            only those that survived last time
    python tests/mutants.py --untried              only those that were never tried, as after a run that was broken off
    python tests/mutants.py --within 1             asking no test that takes longer: what survives may yet be seen
    python tests/mutants.py --show NAME ...        what a fault changes
"""

from __future__ import annotations

import argparse
import difflib
import gc
import importlib
import inspect
import json
import os
import resource
import shutil
import signal
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from functools import partial
from math import inf
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from mutmut.mutation import trampoline
from mutmut.mutation.file_mutation import mutate_file_contents

HOME = Path(__file__).parent.parent
PLACE = HOME / "mutants"
FOUND = PLACE / "found.json"
COPIED = (
    "lifecycle",
    "tests",
    "examples",
    "benchmarks",
    "docs",
    "conftest.py",
    "pyproject.toml",
    "README.md",
    "CONTRIBUTING.md",
)
LONG = 3.0  # seconds: tests that take longer see only what the others let pass
ENDLESS = 20.0  # seconds of one test, and twenty times what it takes: the fault has it go on forever

_switched_on = [""]
trampoline.get_mutant_under_test = lambda: _switched_on[0]


def prepared(modules: list[str]) -> list[str]:
    """Copy the project, with the faults of the modules written into it; their names."""
    kept = FOUND.read_bytes() if FOUND.exists() else None
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir()
    for name in COPIED:
        source = HOME / name
        if source.is_dir():
            shutil.copytree(source, PLACE / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, PLACE / name)
    names = []
    for module in modules:
        file = PLACE / module
        mutated = mutate_file_contents(str(file), file.read_text(encoding="utf-8"))
        file.write_text(mutated.code, encoding="utf-8")
        dotted = module.removesuffix(".py").replace("/", ".")
        names += [f"{dotted}.{name}" for name in mutated.mutant_names]
    if kept is not None:
        FOUND.write_bytes(kept)
    return names


def function_of(name: str) -> str:
    """The function that a fault is in."""
    return name.rpartition("__mutmut_")[0]


def forked(work: Callable[[], Any]) -> tuple[int, int]:
    """Do something in a fork of this process: its id, and where its answer can be read, as JSON."""
    reads, writes = os.pipe()
    if pid := os.fork():
        os.close(writes)
        return pid, reads
    os.close(reads)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    try:
        answer = work()
    except BaseException as error:  # noqa: BLE001 - whatever it is, this fork ends here
        answer = {"error": repr(error)}
    with os.fdopen(writes, "w") as pipe:
        json.dump(answer, pipe)
    os._exit(0)


def answered(reads: int) -> Any:
    """What a fork said; None where it ended without a word."""
    with os.fdopen(reads) as pipe:
        told = pipe.read()
    return json.loads(told) if told else None


def passes(item: pytest.Item) -> bool:
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))


class Trial:
    """A plugin that runs the collected tests in its own way. ``wanted``: the faults to be tried; ``before``: what was
    found of others; ``within``: how many seconds a test may take that is asked.
    """

    def __init__(self, wanted: list[str], before: dict[str, str], forks: int, within: float) -> None:
        self.wanted = wanted
        self.before = before
        self.forks = forks
        self.within = within
        self.found: dict[str, str] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise pytest.UsageError("the tests cannot be collected here")
        items = session.items
        gc.freeze()  # otherwise a collection in a fork touches, and so copies, all that it shares
        pid, reads = forked(lambda: self._reach(items))
        reached = answered(reads)
        os.waitpid(pid, 0)
        if not isinstance(reached, list):
            raise pytest.UsageError(f"without a fault something fails already: {reached}")
        self._try_all(items, reached)
        return True

    def _reach(self, items: list[pytest.Item]) -> list[tuple[float, list[str]]]:
        """Of each test, how long it takes and which functions it reaches."""
        reached: set[str] = set()
        trampoline.record_trampoline_hit = lambda name, caller=None: reached.add(name)  # noqa: ARG005
        _switched_on[0] = "stats"
        told = []
        for item in items:
            reached.clear()
            started = process_time()
            if not passes(item):
                raise RuntimeError(item.nodeid)
            told.append((process_time() - started, sorted(reached)))
        return told

    def _try_all(self, items: list[pytest.Item], reached: list[tuple[float, list[str]]]) -> None:
        reaching: dict[str, list[int]] = {}
        for number, (takes, functions) in enumerate(reached):
            for function in functions if takes <= self.within else ():
                reaching.setdefault(function, []).append(number)
        kills: Counter[int] = Counter()
        running: dict[int, tuple[str, int]] = {}
        for done, name in enumerate([*self.wanted, *[""] * self.forks]):
            while len(running) >= self.forks or (not name and running):
                pid, status = os.wait()
                if pid in running:
                    self._note(*running.pop(pid), status, kills, items)
            if not name:
                break
            tests = sorted(
                reaching.get(function_of(name), []), key=lambda n: (reached[n][0] > LONG, -kills[n], reached[n][0])
            )
            pid, reads = forked(partial(self._try, name, tests, items, reached))
            running[pid] = (name, reads)
            if done % 25 == 0:
                survive = sum(how == "survived" for how in self.found.values())
                sys.stderr.write(f"\r{done} of {len(self.wanted)} tried, {survive} survive ")
                self.keep()
        sys.stderr.write("\n")
        self.keep()

    def keep(self) -> None:
        FOUND.write_text(json.dumps({**self.before, **self.found}, indent=0, sort_keys=True), encoding="utf-8")

    def _try(
        self, name: str, tests: list[int], items: list[pytest.Item], reached: list[tuple[float, list[str]]]
    ) -> tuple[str, int]:
        """Switch a fault on and show it to the tests: what became of it, and the test that saw it."""
        _switched_on[0] = name
        for number in tests:
            limit = int(process_time() + max(ENDLESS, 20 * reached[number][0]))
            resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
            if not passes(items[number]):
                return "killed", number
        return ("survived" if tests else "not reached"), -1

    def _note(self, name: str, reads: int, status: int, kills: Counter[int], items: list[pytest.Item]) -> None:
        told = answered(reads)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL):
            self.found[name] = "endless"
        elif not isinstance(told, list):  # it broke the tests themselves
            self.found[name] = f"broke: {told}"
        else:
            how, number = told
            kills[number] += how == "killed"
            self.found[name] = how if how != "killed" else f"killed: {items[number].nodeid}"


def told(found: dict[str, str]) -> Iterator[str]:
    """A line for each module, then those that survived and are not known to mean the same."""
    same = meaning_the_same()
    lived = {name: how for name, how in found.items() if how in ("survived", "not reached")}
    unexplained = {name: how for name, how in lived.items() if changed(name) not in same}
    for module in sorted({module_of(name) for name in found}):
        tried, alive, left = (sum(module_of(name) == module for name in names) for names in (found, lived, unexplained))
        share = f"{1 - alive / tried:.1%}"
        yield f"{module}: {tried} tried, {tried - alive} seen ({share}), {alive - left} mean the same, {left} are open"
    yield from (f"{how}: {name}" for name, how in unexplained.items())


def module_of(name: str) -> str:
    return name.rpartition(".")[0]


def meaning_the_same() -> set[tuple[str, str, str]]:
    """The faults that are known to mean the same, as :func:`changed` tells them."""
    with (HOME / "tests" / "seeded" / "same.toml").open("rb") as stream:
        return {(each["function"], each["was"], each["now"]) for each in tomllib.load(stream)["same"]}


def changed(name: str) -> tuple[str, str, str]:
    """A fault, however it is numbered: its function, the lines that it changes, and what they become."""
    right, wrong = sources(name)
    lines = [line for line in difflib.ndiff(right, wrong) if line[0] in "+-"]
    was, now = (" ".join(line[1:].strip() for line in lines if line[0] == sign) for sign in "-+")
    function = function_of(name).replace("xǁ", "").replace("ǁ", ".").replace(".x_", ".")
    return function, was, now


def shown(name: str) -> str:
    """What a fault changes, as a difference; from the copy made by the last run."""
    return "".join(difflib.unified_diff(*sources(name), "right", name))


def sources(name: str) -> tuple[list[str], list[str]]:
    """The lines of a function, and those with a fault in it; none where there is no such fault."""
    module, _, function = name.rpartition(".")
    there = importlib.import_module(module)
    original = function.rpartition("__mutmut_")[0] + "__mutmut_orig"
    for holder in (there, *(each for each in vars(there).values() if inspect.isclass(each))):
        known = {**vars(holder)}
        if function in known and original in known:
            right, wrong = (
                inspect.getsource(known[each]).replace(each, "").splitlines(keepends=True)
                for each in (original, function)
            )
            return right, wrong
    return [], []


def main(arguments: list[str]) -> int:
    """Try the faults that are asked for; 1 where any survive that are not known to mean the same."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("patterns", nargs="*", default=["*"], help="names of faults, with * for any text")
    parser.add_argument("--survivors", action="store_true", help="only those that survived last time")
    parser.add_argument("--untried", action="store_true", help="only those that were never tried")
    parser.add_argument("--within", type=float, default=inf, help="ask no test that takes longer, in seconds")
    parser.add_argument("--show", action="store_true", help="print what faults change, from the last run")
    parser.add_argument("--forks", type=int, default=os.cpu_count() or 1, help="how many are tried at once")
    asked = parser.parse_args(arguments)
    if asked.show:
        sys.path.insert(0, str(PLACE))
        for name in asked.patterns:
            sys.stdout.write(shown(name) or f"there is no {name}\n")
        return 0
    with (HOME / "pyproject.toml").open("rb") as stream:
        settings = tomllib.load(stream)["tool"]["mutmut"]
    os.chdir(HOME)
    before: dict[str, str] = json.loads(FOUND.read_bytes()) if FOUND.exists() else {}
    names = prepared(settings["only_mutate"])
    wanted = [name for name in names if any(fnmatch(name, pattern) for pattern in asked.patterns)]
    if asked.survivors:
        wanted = [name for name in wanted if before.get(name) in ("survived", "not reached")]
    if asked.untried:
        wanted = [name for name in wanted if name not in before]
    os.chdir(PLACE)
    sys.path.insert(0, str(PLACE))
    known = {name: how for name, how in before.items() if name in names}
    trial = Trial(wanted, known, asked.forks, asked.within)
    tests = settings["pytest_add_cli_args_test_selection"]
    plainly = ["--assert=plain", "--tb=native"]  # how it failed is not asked: saying so takes longer than the test
    code = pytest.main(["-q", "-p", "no:cacheprovider", *plainly, *tests], plugins=[trial])
    lines = list(told(trial.found))
    sys.stdout.write("\n".join(lines) + "\n")
    return int(code) or int(any(line.startswith(("survived", "not reached")) for line in lines))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
