"""From a TOML file to Terms: closed keys, strict types, and every fault at once with its path in the file.

A Terms file is a document from outside: nothing in it is evaluated, its size is limited, and its words are plain text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from os import PathLike
from types import GenericAlias
from typing import TYPE_CHECKING, Any, Literal

from attrs import asdict, evolve, field

from lifecycle.errors import InvalidFact, InvalidTerms, UnknownTerms
from lifecycle.plain import MAX_NAME, shown, text_problem
from lifecycle.structuring import Faults, structure
from lifecycle.terms import model, patching
from lifecycle.terms.checking import at, dangling
from lifecycle.terms.model import Patch, Reading, Terms
from lifecycle.terms.toml import not_toml
from lifecycle.values import frozen

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

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
    credit: str = ""
    begins: Literal["order", "made"] = "order"
    applies_to: Literal["new matters", "all matters"] = "new matters"


# Section of the file -> field of Terms and what it holds: one table, tables by name, or a list of tables.
_ONE: Mapping[str, type[Any]] = {
    "counting": model.Counting,
    "notice": model.NoticeRule,
    "trial": model.Trial,
    "order": model.OrderForm,
    "renewal": model.Renewal,
    "framework": model.Framework,
    "amendment": model.Amendment,
    "survival": model.Survival,
}
_ABSENT: Mapping[str, Any] = {"counting": model.Counting(), "order": model.OrderForm()}
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
    "left_out": ("left_out", model.LeftOut),
}


def shapes() -> Mapping[str, Any]:
    """What each section of a Terms file holds: a class, tables by name (a Mapping), or a list of tables (a tuple). What
    has an ``id`` among the tables by name takes it from that name.
    """
    named = {section: GenericAlias(Mapping, (str, cls)) for section, (_, cls) in _NAMED.items()}
    listed = {section: GenericAlias(tuple, (cls, ...)) for section, (_, cls) in _LISTED.items()}
    return {"terms": _Header, **_ONE, **named, **listed}


def _files() -> Traversable:
    from importlib import resources  # where it is used: it costs a fifth of what importing the library does

    return resources.files("lifecycle.terms")


@cache
def published() -> tuple[str, ...]:
    """The ids of the Terms that come with the library."""
    names = (file.name for file in _files().iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load(source: str | Path) -> Terms:
    """Terms by the id they are published under here, or by the path of a TOML file (anything with a slash or ending in
    ``.toml``).

    Raises UnknownTerms where there is no such file, InvalidTerms with every fault of the file.

    >>> load("modal-2024-03-26").powers["suspend.breach"].clause
    '1.12(d)'
    """
    name = str(source)
    if isinstance(source, PathLike) or "/" in name or name.endswith(".toml"):
        from lifecycle import disk

        try:
            with disk.reading(source) as stream:
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
    return parse((_files() / f"{name}.toml").read_bytes(), f"{name}.toml")


def parse(content: bytes, name: str = "terms") -> Terms:
    """Terms from the bytes of a TOML file; ``name`` is what error messages call it.

    Raises InvalidTerms with every fault at once; only where a table that others may refer to could not be read are
    references not looked at yet, and while there are faults not what the alternatives of readings would make of it.
    """
    import tomllib
    from hashlib import sha256

    if len(content) > MAX_BYTES:
        raise InvalidTerms(name, (f"larger than {MAX_BYTES} bytes",))
    if any(line.count(b".") > MAX_DOTS for line in content.splitlines()):
        raise InvalidTerms(name, (f"a line with more than {MAX_DOTS} dots",))
    try:
        document = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise InvalidTerms(name, (not_toml(error),)) from None
    reader = _Reader(document)
    fields = reader.fields()
    problems = list(reader.problems)
    if "id" in fields and not reader.unread:
        terms, found = _checked(Terms(digest=sha256(content).hexdigest(), document=document, **fields))
        problems += (*found, *_vain_patches(terms))
        problems += () if problems else _faulty_meanings(terms)
    if problems:
        raise InvalidTerms(name, tuple(problems))
    return terms


def _checked(terms: Terms) -> tuple[Terms, list[str]]:
    """The Terms with the days of the calendar they name, and what in them leads nowhere."""
    named, problems = terms.counting.calendar, list(dangling(terms))
    if unknown := bool(named) and named not in calendars():
        problems.append(f"unknown calendar {named!r}: known are {', '.join(calendars())} at counting.calendar")
    days = holidays(named) if named and not unknown else frozenset()
    return evolve(terms, holidays=frozenset({*terms.counting.holidays, *days})), problems


def calendars() -> tuple[str, ...]:
    """The names of the holiday calendars that come with the library."""
    names = (file.name for file in (_files() / "calendars").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def holidays(calendar: str) -> frozenset[date]:
    """The holidays of a calendar published here; its file says whose they are and for which years."""
    import tomllib

    file = _files() / "calendars" / f"{calendar}.toml"
    return frozenset(tomllib.loads(file.read_text(encoding="utf-8"))["days"])


# ---- readings ----------------------------------------------------------------------------------------------


def under(terms: Terms, readings: Mapping[str, str]) -> Terms:
    """The Terms with unclear clauses read as chosen: reading key -> one of its meanings. The same Terms for the
    defaults.

    Raises InvalidFact for a reading or meaning they do not have, InvalidTerms where the meanings chosen do not go
    together.
    """
    base: Terms = terms.memo.get("base", terms)
    if not readings:
        return base
    known = {reading.key: reading for reading in base.readings}
    for key, meaning in readings.items():
        if key not in known:
            raise InvalidFact("readings", key, f"{base.id} has no such reading: {', '.join(known) or 'none'}")
        if meaning not in known[key].meanings:
            meanings = " or ".join(map(repr, known[key].meanings))
            raise InvalidFact("readings", key, f"{known[key].question} {meanings}, not {shown(meaning)}")
    chosen = {key: readings[key] for key in known if readings.get(key, known[key].default) != known[key].default}
    if not chosen:
        return base
    kept: dict[tuple[tuple[str, str], ...], Terms] = base.memo.setdefault("under", {})
    if (made := kept.get(tuple(chosen.items()))) is None:
        if len(kept) > _KEPT:
            kept.clear()
        made = kept[tuple(chosen.items())] = _read_otherwise(base, chosen)
        made.memo["base"] = base
    return made


_KEPT = 5_000


def _read_otherwise(base: Terms, chosen: Mapping[str, str]) -> Terms:
    name = f"{base.id} read with {', '.join(f'{key}={meaning}' for key, meaning in chosen.items())}"
    document: Any = base.document
    touched: dict[tuple[patching.Place, ...], None] = {}
    try:
        for reading in base.readings:
            for patch in _patches(reading, chosen.get(reading.key)):
                document = _applied(document, patch)
                touched[patching.places(patch.at)[:2]] = None
    except ValueError as error:
        raise InvalidTerms(name, (f"these meanings do not go together: {error}",)) from None
    reader = _Reader(document)
    changed = reader.again(base, list(touched))
    terms, problems = _checked(evolve(base, chosen=dict(chosen), document=document, **changed))
    if problems := [*reader.problems, *problems]:
        raise InvalidTerms(name, tuple(problems))
    return terms


def _patches(reading: Reading, meaning: str | None) -> tuple[Patch, ...]:
    return next((a.patch for a in reading.alternative if a.meaning == meaning), ())


def _applied(document: Any, patch: Patch) -> Any:
    """The document after one patch. To drop what another patch removed already is no fault.

    Raises ValueError where the path leads nowhere.
    """
    path = patching.places(patch.at)
    if not patch.drop:
        return patching.put(document, path, patch.put)
    try:
        return patching.drop(document, path)
    except ValueError:
        return document


def _vain_patches(terms: Terms) -> list[str]:
    """Patches that lead nowhere or change nothing."""
    problems = []
    for i, reading in enumerate(terms.readings):
        for k, alternative in enumerate(reading.alternative):
            for n, patch in enumerate(alternative.patch):
                path = f"reading[{i}].alternative[{k}].patch[{n}].at"
                try:
                    if patch.drop:
                        patching.drop(terms.document, patching.places(patch.at))
                    elif patching.put(terms.document, patching.places(patch.at), patch.put) == terms.document:
                        problems.append(f"changes nothing at {path}")
                except ValueError as error:
                    problems.append(f"{error} at {path}")
    return problems


def _faulty_meanings(terms: Terms) -> list[str]:
    """Faults that the file would have under another meaning."""
    problems = []
    for i, reading in enumerate(terms.readings):
        for k, alternative in enumerate(reading.alternative):
            try:
                _read_otherwise(terms, {reading.key: alternative.meaning})
            except InvalidTerms as error:
                problems += [f"read so: {problem}, at reading[{i}].alternative[{k}]" for problem in error.problems]
    return problems


@frozen
class _Reader:
    """Reads the sections of one document, collecting the faults of all of them."""

    document: Table
    problems: list[str] = field(factory=list)
    unread: list[str] = field(factory=list)
    """The tables with faults that others may refer to."""

    def fields(self) -> Table:
        """The fields of Terms; meaningless where faults were found."""
        known = {"terms", *_ONE, *_NAMED, *_LISTED}
        self.problems.extend(
            f"unknown key {key!r} at the top: known are {', '.join(sorted(known))}"
            for key in self.document
            if key not in known
        )
        header = self._structured(self.document.get("terms", {}), _Header, "terms")
        fields: Table = asdict(header) if header else {}
        for section in self.document:
            if section in _ONE:
                fields |= self._one(section)
        for section, (name, cls) in _NAMED.items():
            fields[name] = self._by_name(section, cls)
        for section in _LISTED:
            fields |= self._listed(section)
        return fields

    def again(self, base: Terms, places: list[tuple[patching.Place, ...]]) -> Table:
        """The fields in which the document differs from that of ``base``, at the places given: (section,) or (section,
        name).
        """
        fields: Table = {}
        for section in dict.fromkeys(str(place[0]) for place in places):
            if section in _NAMED and (section,) in places:
                name, cls = _NAMED[section]
                fields[name] = self._by_name(section, cls)
            elif section in _NAMED:
                name, cls = _NAMED[section]
                touched = {place[1] for place in places if place[0] == section}
                tables = self.document[section]
                read = _Reader({section: {key: tables[key] for key in tables if key in touched}}, self.problems)
                made, before = read._by_name(section, cls), getattr(base, name)
                fields[name] = {
                    key: made[key] if key in made else before[key] for key in tables if key in {**before, **made}
                }
            elif section in _LISTED:
                fields |= self._listed(section)
            elif section in _ONE:
                fields |= self._one(section) if section in self.document else {section: _ABSENT.get(section)}
            else:
                self.problems.append(f"a reading cannot change {section!r}")
        return fields

    def _one(self, section: str) -> Table:
        if (found := self._structured(self.document[section], _ONE[section], section)) is None:
            self.unread.append(section)
            return {}
        return {section: found}

    def _listed(self, section: str) -> Table:
        name, cls = _LISTED[section]
        return {name: self._structured(self.document.get(section, []), GenericAlias(tuple, (cls, ...)), section) or ()}

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
