"""The pages that are followed in a terminal: every line after ``$`` is run, and what it says is what stands below."""

from __future__ import annotations

import io
import re
import shlex

from rich.console import Console

from lifecycle.cli import main

_BLOCK = re.compile(r"^```console\n(.*?)^```$", flags=re.M | re.S)


def followed(page: str) -> str:
    """A page with what its commands say, run one after the other in the folder we are in."""
    return _BLOCK.sub(lambda block: f"```console\n{_ran(block[1])}```", page)


def _ran(block: str) -> str:
    return "".join(_said(line) for line in block.splitlines() if line.startswith("$ lifecycle "))


def _said(line: str) -> str:
    said = io.StringIO()
    main(shlex.split(line)[2:], console=Console(file=said, width=100), errors=Console(file=said, width=100))
    return f"{line}\n{said.getvalue()}"
