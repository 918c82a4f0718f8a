"""Faults seeded on purpose, one at a time, each with the test that sees it: ``make faults``.

``tests/seeded/faults.toml`` lists them: in a file of the package, a text, what stands there instead, and the test. Each
is put into a copy of the package, and only its test is run there; before any, all those tests must pass on the copy as
it is, because a test that fails anyway sees nothing. A fault whose text is no longer in the code, once, is
said to be lost: give it the new text. With ``--by TEST`` every fault is shown to another test instead, such as
``tests/test_stateful_oracle.py``, which takes minutes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

HOME = Path(__file__).parent.parent
COPIED = ("lifecycle", "tests", "examples", "benchmarks", "conftest.py", "pyproject.toml")


class Fault(NamedTuple):
    """In a file of the package, a text and what stands there instead; the test that sees it."""

    file: str
    old: str
    new: str
    test: str


def faults() -> list[Fault]:
    with (HOME / "tests" / "seeded" / "faults.toml").open("rb") as stream:
        return [Fault(**fault) for fault in tomllib.load(stream)["fault"]]


def seen(fault: Fault, copy: Path, by: str) -> str:
    """``seen``, ``missed``, or ``lost`` where the text stands there no longer, or more than once."""
    file = copy / "lifecycle" / fault.file
    text = file.read_text(encoding="utf-8")
    if text.count(fault.old) != 1:
        return "lost"
    file.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
    try:
        ran = _tested(copy, "-x", by)
    finally:
        file.write_text(text, encoding="utf-8")
    # 1: a test failed; 2: the package could not even be read. 4 and 5: there is no such test.
    return {0: "missed", 1: "seen", 2: "seen"}.get(ran.returncode, "lost")


def unfit(tests: Iterable[str], copy: Path) -> str:
    """What pytest says where not all of these tests pass on a copy without a fault; '' where they do."""
    ran = _tested(copy, *dict.fromkeys(tests))
    return ran.stdout + ran.stderr if ran.returncode else ""


def _tested(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": ".", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)  # noqa: S603


def main(arguments: list[str]) -> int:
    """Say of each fault whether it is seen; 1 where one is missed or lost, or where a test fails without any."""
    by = arguments[1] if arguments[:1] == ["--by"] else ""
    found: dict[str, int] = {}
    with TemporaryDirectory() as place:
        for name in COPIED:
            source, target = HOME / name, Path(place) / name
            passing = shutil.ignore_patterns("*.pyc.*")  # other tests may be compiling at the same time
            shutil.copytree(source, target, ignore=passing) if source.is_dir() else shutil.copy(source, target)
        if problem := unfit([by] if by else [fault.test for fault in faults()], Path(place)):
            sys.stdout.write(f"{problem}\na test that fails without a fault sees none: mend it first\n")
            return 1
        for fault in faults():
            result = seen(fault, Path(place), by or fault.test)
            found[result] = found.get(result, 0) + 1
            sys.stdout.write(f"{result:6} {fault.file}: {fault.old} -> {fault.new or 'nothing'}\n")
            sys.stdout.write("" if result == "seen" else f"       by {by or fault.test}\n")
            sys.stdout.flush()
    sys.stdout.write(", ".join(f"{count} {result}" for result, count in found.items()) + "\n")
    return int(set(found) != {"seen"})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
