"""JSON Schemas (draft 2020-12) of a Terms file, a line of a history and a house policy file, made from the classes that
the loaders read them into: closed keys, no coercion, the same limits; and of the answers that the command gives as
JSON, made from their classes, one definition an answer.

The made ones lie beside this module and ship with it; ``python -m lifecycle.schema PAGE`` writes them anew, taking what
each key means from the reference page. What the loader asks beyond form - that a clause exists, that a day is in the
calendar - no schema says.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from importlib import resources
from inspect import getdoc
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, fields, has

from lifecycle import answers, policy
from lifecycle.days import Moment
from lifecycle.events import LONG, AgreementMade, CaughtUp, Corrected, Event, Fact, Money, Withdrawn
from lifecycle.plain import MAX_COUNT, MAX_ITEMS, MAX_NAME, MAX_TEXT, spoken
from lifecycle.terms import loading

Schema: TypeAlias = dict[str, Any]
Meanings: TypeAlias = Mapping[str, Mapping[str, str]]
"""Spoken name of a class -> key -> what it means."""

NAMES = ("terms", "history", "policy", "answers")
_TITLES = {
    "terms": "A Terms file",
    "history": "A line of a history",
    "policy": "A house policy file",
    "answers": "What a command answers with --json: each under the name of the command in $defs",
}
_DEFS: Mapping[str, Schema] = {
    "text": {"type": "string", "maxLength": MAX_TEXT, "not": {"pattern": "[\\u0000-\\u001f\\u007f-\\u009f]"}},
    "name": {"type": "string", "maxLength": MAX_NAME, "not": {"pattern": "[\\u0000-\\u001f\\u007f-\\u009f]"}},
    "number": {"type": "integer", "minimum": 0, "maximum": MAX_COUNT},
    "day": {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "maxLength": 10},
    "instant": {
        "type": "string",
        "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
        r"(Z|[+-][0-9]{2}:[0-5][0-9])?(\[[^\[\]]+\])?$",
    },
    "amount": {"type": "string", "pattern": r"^[0-9]{1,15}(\.[0-9]{1,6})?$"},
    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
}


def made(name: str, meanings: Meanings | None = None) -> Schema:
    """The schema of a name, from the classes. ``meanings`` become its descriptions."""
    maker = _Maker(meanings or {}, of_record=name == "history")
    match name:
        case "history":
            body = maker.of_class(Event)
        case "answers":
            return _answers()
        case "policy":
            body = maker.of_sections(policy.shapes(), required=("policy",))
        case _:
            body = maker.of_sections(loading.shapes(), required=("terms",))
    return {**_head(name), **body, "$defs": dict(sorted(maker.defs.items()))}


def _head(name: str) -> Schema:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:lifecycle:schema:{name}",
        "title": _TITLES[name],
    }


def _answers() -> Schema:
    """The answers of the command: a definition for each, by the command's name, and those that they are made of."""
    maker = _OfAnswers()
    named = {command: maker.of(shape) for command, shape in answers.ANSWERS.items()}
    return {**_head("answers"), "anyOf": list(named.values()), "$defs": {**named, **dict(sorted(maker.defs.items()))}}


def shipped(name: str) -> str:
    """The schema of a name as it ships: the text of its file."""
    return (resources.files("lifecycle") / "schemas" / f"{name}.json").read_text(encoding="utf-8")


def as_text(schema: Schema) -> str:
    """A schema as its file has it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def meanings(page: str) -> dict[str, dict[str, str]]:
    """What the reference page says each key means: under a heading that begins with a class, the first two cells of
    each row.

    >>> meanings("## Notice kind: `[notice_kind.ID]`\\n| key | meaning |\\n|---|---|\\n| `by` | who gives it |\\n")
    {'notice kind': {'by': 'who gives it'}}
    """
    found: dict[str, dict[str, str]] = {}
    rows: dict[str, str] = {}
    for line in page.splitlines():
        if heading := re.match(r"#+ (?P<name>[\w ]+):", line):
            rows = found.setdefault(heading["name"].lower(), {})
        elif row := re.match(r"\| `(?P<key>\w+)` \| (?P<meaning>[^|]+) \|", line):
            rows[row["key"]] = row["meaning"].replace("`", "")
    return found


def called(cls: type[Any]) -> str:
    """What the reference page calls a class: ``notice kind``."""
    return spoken(cls).strip("_ ")


class _Maker:
    """Makes schemas of classes, and keeps those it refers to. of_record: names are short, lists limited, and absent
    values may be written as null, as in a record.
    """

    def __init__(self, meanings: Meanings, *, of_record: bool) -> None:
        self.meanings, self.of_record = meanings, of_record
        self.defs: dict[str, Schema] = {}

    def of_sections(self, shapes: Mapping[str, Any], required: tuple[str, ...]) -> Schema:
        """A file of sections: a table each, tables by name, or a list of tables."""
        properties = {section: self._section(shape) for section, shape in shapes.items()}
        return {
            "type": "object",
            "properties": properties,
            "required": list(required),
            "additionalProperties": False,
        }

    def _section(self, shape: Any) -> Schema:
        if get_origin(shape) is not Mapping:
            return self.of(shape)
        names = {**self._ref("name"), "pattern": r"\S"}
        return {"type": "object", "propertyNames": names, "additionalProperties": self.of(get_args(shape)[1])}

    def of_class(self, cls: type[Any], tag: str | None = None, unnamed: tuple[str, ...] = ()) -> Schema:
        """A table of the fields of a class; ``tag``: how its ``type`` is written; ``unnamed``: fields that are not keys
        of the table.
        """
        hints = get_type_hints(cls)
        told = self.meanings.get(called(cls), {})
        properties: Schema = {} if tag is None else {"type": {"const": tag}}
        required = [] if tag is None else ["type"]
        for field in (field for field in fields(cls) if field.name not in unnamed):
            made = self._of_field(field.name, hints[field.name], cls)
            properties[field.name] = {**made, "description": told[field.name]} if field.name in told else made
            required += [field.name] if field.default is NOTHING else []
        table: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
        about = " ".join((getdoc(cls) or "").partition("\n\n")[0].split()).replace("``", "")
        about = re.split(r"(?<=\.) [a-z_, ]+: ", about)[0]  # what each field is, its own description says
        return {"description": about, **table, **({"required": required} if required else {})}

    def _of_field(self, name: str, hint: Any, cls: type[Any]) -> Schema:
        if cls is Money and name == "currency":
            return self._ref("currency")
        if cls is Corrected and name == "fact":
            return self._union(part for part in get_args(Fact) if part not in _ABOUT_THE_RECORD)
        return self.of(hint, "name" if self.of_record and name not in LONG else "text")

    def of(self, hint: Any, text: str = "text") -> Schema:
        """The schema of a type; ``text``: what a text alone is."""
        origin, arguments = get_origin(hint), get_args(hint)
        if hint == Fact:
            return self._union(arguments)
        if hint == Moment:
            return {"anyOf": [self._ref("day"), self._ref("instant")]}
        if hint is str:
            return self._ref(text)
        if hint in _SIMPLE:
            return self._ref(_SIMPLE[hint])
        if hint is bool or hint is Any:
            return {"type": "boolean"} if hint is bool else {}
        if origin is Literal:
            return {"enum": list(arguments)}
        if origin is tuple:
            items = self._ref("name") if arguments[0] is str and self.of_record else self.of(arguments[0])
            return {"type": "array", "items": items, **({"maxItems": MAX_ITEMS} if self.of_record else {})}
        if origin is Mapping:
            names = self._ref("name" if self.of_record else "text")
            return {"type": "object", "propertyNames": names, "additionalProperties": self.of(arguments[1])}
        if origin in (Union, UnionType):
            return self._either(arguments, text)
        assert has(hint), hint
        return self._class(hint)

    def _either(self, parts: tuple[Any, ...], text: str) -> Schema:
        rest = [part for part in parts if part is not NoneType]
        made = [self.of(part, text if len(rest) == 1 else "text") for part in rest]
        made += [{"type": "null"}] if NoneType in parts and self.of_record else []
        return made[0] if len(made) == 1 else {"anyOf": made}

    def _class(self, cls: type[Any]) -> Schema:
        name = cls.__name__.strip("_")
        if name not in self.defs:
            self.defs[name] = {}  # it may refer to itself
            # The id of a table by name is that name, not a key of it.
            unnamed = ("id",) if not self.of_record and cls in _NAMED else ()
            self.defs[name] = self.of_class(cls, unnamed=unnamed)
        return {"$ref": f"#/$defs/{name}"}

    def _union(self, classes: Iterable[type[Any]]) -> Schema:
        found = []
        for cls in classes:
            if cls.__name__ not in self.defs:
                self.defs[cls.__name__] = {}
                self.defs[cls.__name__] = self.of_class(cls, tag=spoken(cls))
            found.append({"$ref": f"#/$defs/{cls.__name__}"})
        return {"oneOf": found}

    def _ref(self, name: str) -> Schema:
        self.defs[name] = dict(_DEFS[name])
        return {"$ref": f"#/$defs/{name}"}


class _OfAnswers(_Maker):
    """Answers: every key is there, texts and lists are as long as they are, and nothing is null that need not be."""

    def __init__(self) -> None:
        super().__init__({}, of_record=True)

    def of(self, hint: Any, text: str = "text") -> Schema:
        origin, arguments = get_origin(hint), get_args(hint)
        if hint is str:
            return {"type": "string"}
        if origin is tuple:
            return {"type": "array", "items": self.of(arguments[0])}
        if origin is Mapping:
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        return super().of(hint, text)


_SIMPLE: Mapping[Any, str] = {int: "number", date: "day", datetime: "instant", Decimal: "amount"}
_ABOUT_THE_RECORD = (AgreementMade, Corrected, Withdrawn, CaughtUp)
_NAMED = tuple(get_args(shape)[1] for shape in loading.shapes().values() if get_origin(shape) is Mapping)


if __name__ == "__main__":
    told = meanings(Path(sys.argv[1]).read_text(encoding="utf-8"))
    for name in NAMES:
        beside = Path(__file__).with_name("schemas") / f"{name}.json"
        beside.write_text(as_text(made(name, told)), encoding="utf-8")
