"""Where the command speaks to: lines for people, wrapped to the console, or JSON for programs.

Nothing that is printed can act on a terminal: markup is never read, and control characters are written as numbers.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from lifecycle.disk import replace
from lifecycle.errors import LifecycleError
from lifecycle.files import holds_history
from lifecycle.plain import writable

_WIDEST, _NARROWEST = 110, 40

Told: TypeAlias = Callable[[str, int, int], None]
"""Is told how far work is: what is being done, how much of it is done, and of how much."""


class BadInput(LifecycleError, ValueError):
    """Arguments that ask for nothing the command can do."""


class Output:
    """A console for what is said, one for what is wrong, and where answers come from."""

    def __init__(
        self, console: Console | None = None, errors: Console | None = None, answer: Callable[[], str] | None = None
    ) -> None:
        self.console = console or _of(sys.stdout)
        self.errors = errors or (self.console if console else _of(sys.stderr))
        self._answer = answer or sys.stdin.readline

    @property
    def width(self) -> int:
        """How wide a line may be; that of a terminal, within reason."""
        return max(_NARROWEST, min(self.console.width, _WIDEST)) if self.console.is_terminal else _WIDEST

    def say(self, text: str = "", *, style: str = "", indent: int = 0, hang: int = 0) -> None:
        """A text, wrapped: its first line ``indent`` deep, the others ``hang`` deeper."""
        for line in wrapped(writable(text), self.width - indent, hang) or [""]:
            self.console.print(Text(f"{' ' * indent}{line}".rstrip(), style=style), soft_wrap=True)

    def pairs(self, pairs: Iterable[tuple[str, str]], *, indent: int = 0, column: int = 0) -> None:
        """Labels with their texts beside them, in two columns; the first as wide as the widest label, or ``column``."""
        told = [(writable(label), writable(text)) for label, text in pairs]
        column = max([column, *(len(label) for label, _ in told)])
        for label, text in told:
            first, *rest = wrapped(text, self.width - indent - column - 2) or [""]
            line = Text(" " * indent)
            line.append(f"{label:{column}}  ", style="dim")
            line.append(first)
            line.rstrip()
            self.console.print(line, soft_wrap=True)
            for more in rest:
                self.console.print(Text(f"{' ' * (indent + column + 2)}{more}"), soft_wrap=True)

    def json(self, value: Any) -> None:
        """A value as JSON, with days and instants as texts."""
        self.raw(json.dumps(value, ensure_ascii=False, indent=2, default=str))

    def raw(self, text: str) -> None:
        """Lines as they are, but for what could act on a terminal."""
        for line in text.rstrip("\n").split("\n"):
            self.console.print(Text(writable(line)), soft_wrap=True)

    def script(self, text: str) -> None:
        """A text of this program's own for a shell to read, exactly as it is."""
        self.console.print(Text(text.rstrip("\n")), soft_wrap=True)

    def fail(self, problem: object) -> None:
        """What is wrong, on the console for errors."""
        first, *rest = str(problem).split("\n")
        self.errors.print(Text(f"lifecycle: {writable(first)}"), soft_wrap=True)
        for line in rest:
            self.errors.print(Text(writable(line)), soft_wrap=True)

    @contextmanager
    def progress(self, work: str) -> Iterator[Told | None]:
        """A bar on the console for errors, where somebody watches; None where nobody does."""
        if not self.errors.is_terminal:
            yield None
            return
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeRemainingColumn(), console=self.errors, transient=True) as bar:
            task = bar.add_task(work, total=None)
            yield lambda part, done, of: bar.update(task, description=part, completed=done, total=of)

    def read(self) -> str:
        """Everything that is given in answer, to its end."""
        return "".join(iter(self._answer, ""))

    def ask(self, question: str) -> str:
        """A line in answer to a question.

        Raises BadInput where there is none any more.
        """
        self.errors.print(Text(f"{writable(question)}: "), end="", soft_wrap=True)
        line = self._answer()
        if not line:
            self.errors.print()
            raise BadInput("no answer: the input has ended (give --answers FILE, or --defaults)")
        return line.strip()


def write(target: Path, content: bytes) -> None:
    """Put a file in place of what is at a path, whole or not at all; never of a history.

    Raises BadInput where it cannot be.
    """
    if holds_history(target):
        raise BadInput(f"{target}: holds a history, which nothing is written over: name another file")
    try:
        replace(target, content)
    except (OSError, ValueError) as error:
        raise BadInput(f"{target}: cannot be written: {error}") from None


def wrapped(text: str, width: int, hang: int = 0) -> list[str]:
    """The lines of a text of at most so many characters, broken at spaces; those after the first ``hang`` deep. A word
    that is longer stays whole.
    """
    found: list[str] = []
    line, lead = "", len(text) - len(text.lstrip(" "))
    for word in text.split():
        start = " " * (hang if found else lead)
        if line and len(line) + 1 + len(word) > width:
            found.append(line)
            line = ""
            start = " " * hang
        line = f"{line} {word}" if line else f"{start}{word}"
    return [*found, line] if line else found


def once(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs with a label that repeats the one above left out."""
    found, last = list[tuple[str, str]](), ""
    for label, text in pairs:
        found.append(("" if label == last else label, text))
        last = label
    return found


def _of(stream: Any) -> Console:
    """A console on a stream of the process, which cannot fail for a character that the stream does not know."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")
    return Console(file=stream, markup=False, highlight=False, emoji=False)
