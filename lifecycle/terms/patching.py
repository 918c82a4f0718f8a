"""Changes to a Terms file as data: a path into its tables, and a value to put there or to drop.

Paths are written as TOML writes keys, with list places in brackets: ``power."suspend.overdue".clocks[0].n``.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

Place: TypeAlias = str | int
_PLACE = re.compile(r'(?:(?:^|\.)(?:(?P<bare>[\w-]+)|"(?P<quoted>[^"]*)"))|\[(?P<index>\d{1,4})\]', re.ASCII)


def places(path: str) -> tuple[Place, ...]:
    """The keys and list places of a path.

    Raises ValueError for what is no path.

    >>> places('power."suspend.overdue".clocks[0].n')
    ('power', 'suspend.overdue', 'clocks', 0, 'n')
    """
    found: list[Place] = []
    end = 0
    while match := _PLACE.match(path, end):
        end = match.end()
        found.append(int(match["index"]) if match["index"] else match["bare"] or match["quoted"])
    if end != len(path) or not found or isinstance(found[0], int):
        raise ValueError(f"{path!r} is no path such as power.suspend.clocks[0].n")
    return tuple(found)


def put(document: Any, path: tuple[Place, ...], value: Any) -> Any:
    """The document with a value at a path, copied only along it; the last key, or the next place of a list, may be new.

    Raises ValueError where the path leads nowhere.
    """
    first, rest = path[0], path[1:]
    if rest:
        value = put(_at(document, first), rest, value)
    elif isinstance(document, list) and first == len(document):
        return [*document, value]
    elif isinstance(first, int):
        _at(document, first)
    elif not isinstance(document, dict):
        raise ValueError(f"there is no table with a key {first!r}")
    copied = document.copy()
    copied[first] = value
    return copied


def drop(document: Any, path: tuple[Place, ...]) -> Any:
    """The document without what is at a path.

    Raises ValueError where nothing is there.
    """
    first, rest = path[0], path[1:]
    inner, copied = _at(document, first), document.copy()
    if rest:
        copied[first] = drop(inner, rest)
    else:
        del copied[first]
    return copied


def at(document: Any, path: tuple[Place, ...]) -> Any:
    """What is at a path.

    Raises ValueError where nothing is there.
    """
    for place in path:
        document = _at(document, place)
    return document


def _at(document: Any, place: Place) -> Any:
    try:
        if isinstance(document, dict) and isinstance(place, str):
            return document[place]
        if isinstance(document, list) and isinstance(place, int):
            return document[place]
    except (KeyError, IndexError):
        pass
    raise ValueError(f"there is nothing at {place!r}")
