"""TOML as people meet it: what is wrong with a text in words that name the line, and values as the file writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

_PLACED = re.compile(r"(?P<what>.*) \(at line (?P<line>\d+), column \d+\)", re.DOTALL)


def not_toml(error: Exception) -> str:
    """Why a text is no TOML, in words that name the line.

    >>> import tomllib
    >>> try:
    ...     _ = tomllib.loads("[power.x]\\n\\n[power.x]\\n")
    ... except tomllib.TOMLDecodeError as error:
    ...     print(not_toml(error))
    not TOML: line 3: the table power.x stands there before, and TOML has each table once: give this one another name
    """
    found = _PLACED.fullmatch(str(error))
    if found is None:
        return f"not TOML: {error}"
    what, line = found["what"], found["line"]
    if declared := re.fullmatch(r"Cannot declare \((?P<keys>.*)\) twice", what, re.DOTALL):
        name = dotted(re.findall(r"'([^']*)'", declared["keys"]))
        what = f"the table {name} stands there before, and TOML has each table once: give this one another name"
    elif what == "Cannot overwrite a value":
        what = "the key or table that ends here stands there before: TOML has each once"
    return f"not TOML: line {line}: {what}"


_BARE = re.compile(r"[\w-]+", re.ASCII)


def dotted(keys: Iterable[str]) -> str:
    """A path of keys, each quoted where TOML needs it.

    >>> dotted(["power", "suspend.overdue"])
    'power."suspend.overdue"'
    """
    return ".".join(key if _BARE.fullmatch(key) else written(key) for key in keys)


def written(value: Any) -> str:
    """A text, a number, yes or no, or a list of them, as a TOML file writes it.

    >>> print(written('the "Service"'), written(True), written(["a", "b"]))
    "the \\"Service\\"" true ["a", "b"]
    """
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)  # TOML's basic strings have the escapes of JSON, and more
    if isinstance(value, bool | int):
        return str(value).lower()
    return f"[{', '.join(map(written, value))}]"
