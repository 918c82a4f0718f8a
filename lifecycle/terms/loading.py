"""From a TOML file to Terms: closed keys, strict types, and every fault at once with its path in the file.

A Terms file is a document from outside: nothing in it is evaluated, its size is limited, and its words are plain text.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from types import GenericAlias
from typing import Any, Literal

from attrs import asdict, field, frozen

from lifecycle.errors import InvalidTerms, UnknownTerms
from lifecycle.plain import MAX_NAME, text_problem
from lifecycle.structuring import Faults, structure
from lifecycle.terms import model
from lifecycle.terms.checking import at, dangling
from lifecycle.terms.model import Terms

MAX_BYTES = 1_000_000
MAX_DOTS = 100  # reading a dotted key takes time that grows with the square of its dots

Table = dict[str, Any]


@frozen
class _Header:
    """The table ``[terms]``."""

    id: str
    title: str
    dated: date
    provider: str
    zone: str
    law: str = ""
    begins: Literal["order", "made"] = "order"


# Section of the file -> field of Terms and what it holds: one table, tables by name, or a list of tables.
_ONE: Mapping[str, type[Any]] = {
    "counting": model.Counting,
    "notice": model.NoticeRule,
    "trial": model.Trial,
    "renewal": model.Renewal,
    "survival": model.Survival,
}
_NAMED: Mapping[str, tuple[str, type[Any]]] = {
    "clauses": ("clauses", model.Clause),
    "kind": ("kinds", model.Kind),
    "notice_kind": ("notices", model.NoticeKind),
    "power": ("powers", model.Power),
    "duty": ("duties", model.Duty),
}
_LISTED: Mapping[str, tuple[str, type[Any]]] = {
    "effect": ("effects", model.Effect),
    "rule": ("rules", model.Rule),
    "reading": ("readings", model.Reading),
}


def published() -> tuple[str, ...]:
    """The ids of the Terms that come with the library."""
    names = (file.name for file in resources.files("lifecycle.terms").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load(source: str | Path) -> Terms:
    """Terms by the id they are published under here, or by the path of a TOML file (anything with a slash or ending in
    ``.toml``).

    Raises UnknownTerms where there is no such file, InvalidTerms with every fault of the file.

    >>> load("modal-2024-03-26").powers["suspend.breach"].clause
    '1.12(d)'
    """
    name = str(source)
    if isinstance(source, Path) or "/" in name or name.endswith(".toml"):
        try:
            with Path(source).open("rb") as stream:
                return parse(stream.read(MAX_BYTES + 1), name)
        except (OSError, ValueError) as error:
            if isinstance(error, InvalidTerms):
                raise
            raise UnknownTerms(name, f"cannot be read: {error}") from None
    if name not in published():
        raise UnknownTerms(
            name, f"not published here: say one of {', '.join(published())}, or the path of a .toml file"
        )
    return _shipped(name)


@cache
def _shipped(name: str) -> Terms:
    return parse((resources.files("lifecycle.terms") / f"{name}.toml").read_bytes(), f"{name}.toml")


def parse(content: bytes, name: str = "terms") -> Terms:
    """Terms from the bytes of a TOML file; ``name`` is what error messages call it.

    Raises InvalidTerms with every fault at once; only where a table that others may refer to could not be read are
    references not looked at yet.
    """
    if len(content) > MAX_BYTES:
        raise InvalidTerms(name, (f"larger than {MAX_BYTES} bytes",))
    if any(line.count(b".") > MAX_DOTS for line in content.splitlines()):
        raise InvalidTerms(name, (f"a line with more than {MAX_DOTS} dots",))
    try:
        document = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise InvalidTerms(name, (f"not TOML: {error}",)) from None
    reader = _Reader(document)
    fields = reader.fields()
    problems = list(reader.problems)
    if "id" in fields and not reader.unread:
        terms = Terms(digest=hashlib.sha256(content).hexdigest(), **fields)
        problems += dangling(terms)
    if problems:
        raise InvalidTerms(name, tuple(problems))
    return terms


@frozen
class _Reader:
    """Reads the sections of one document, collecting the faults of all of them."""

    document: Table
    problems: list[str] = field(factory=list)
    unread: list[str] = field(factory=list)
    """The tables with faults that others may refer to."""

    def fields(self) -> Table:
        """The fields of Terms; meaningless where faults were found."""
        known = {"terms", "order_attributes", *_ONE, *_NAMED, *_LISTED}
        self.problems.extend(
            f"unknown key {key!r} at the top: known are {', '.join(sorted(known))}"
            for key in self.document
            if key not in known
        )
        header = self._structured(self.document.get("terms", {}), _Header, "terms")
        fields: Table = asdict(header) if header else {}
        for section, cls in _ONE.items():
            if section in self.document:
                if (found := self._structured(self.document[section], cls, section)) is None:
                    self.unread.append(section)
                else:
                    fields[section] = found
        for section, (name, cls) in _NAMED.items():
            fields[name] = self._by_name(section, cls)
        for section, (name, cls) in _LISTED.items():
            listed = self._structured(self.document.get(section, []), GenericAlias(tuple, (cls, ...)), section)
            fields[name] = listed or ()
        attributes = self.document.get("order_attributes", {})
        found = self._structured(attributes, Mapping[str, tuple[str, ...]], "order_attributes")
        fields["order_attributes"] = found or {}
        if found is None:
            self.unread.append("order_attributes")
        return fields

    def _by_name(self, section: str, cls: type[Any]) -> Table:
        tables = self.document.get(section, {})
        if not isinstance(tables, dict):
            self.problems.append(f"a table of tables is wanted at {section}")
            self.unread.append(section)
            return {}
        has_id = "id" in cls.__annotations__
        made = {}
        for key, table in tables.items():
            path = at(section, key)
            if problem := text_problem(key, MAX_NAME) or ("" if key.strip() else "an empty name"):
                self.problems.append(f"{problem} at {section}.{key[:80]!r}")
            if has_id and isinstance(table, dict):
                if "id" in table:
                    self.problems.append(f"unknown key 'id' at {path}: the id is the name of the table")
                table = {**table, "id": key}
            if (found := self._structured(table, cls, path)) is None:
                self.unread.append(key)
            else:
                made[key] = found
        return made

    def _structured(self, value: object, shape: Any, path: str) -> Any:
        try:
            return structure(value, shape, path)
        except Faults as faults:
            self.problems.extend(faults.problems)
            return None
