"""The command ``lifecycle``. It only translates: arguments into questions, answers into lines or JSON.

It takes the extra ``cli``; nothing here is imported by the library itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["main"]

_EXTRA = ("cyclopts", "rich")


def main(
    arguments: Sequence[str] | None = None,
    *,
    console: Console | None = None,
    errors: Console | None = None,
    answer: Callable[[], str] | None = None,
) -> int:
    """Run the command; those of the process without ``arguments``. ``console`` takes what it says, ``errors`` what is
    wrong, ``answer`` gives each line it asks for.

    Returns 0 for yes or fine, 1 for refused or for findings, 2 for bad input. Never raises for what it is given.
    """
    try:
        from lifecycle.cli.app import run
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in _EXTRA:
            raise
        sys.stderr.write(
            f"lifecycle: the command needs {missing.name}, which comes with the extra 'cli': "
            "pip install 'contract-lifecycle[cli]'\n"
        )
        return 2
    return run(sys.argv[1:] if arguments is None else arguments, console, errors, answer)
