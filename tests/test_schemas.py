"""The schemas, the loaders and the reference page say the same."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from importlib import resources
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from attrs import NOTHING, Factory, fields, has
from jsonschema import Draft202012Validator

from lifecycle import policy, schema
from lifecycle.errors import InvalidHistory, InvalidTerms
from lifecycle.history import from_line
from lifecycle.terms import load, loading, parse, published
from lifecycle.terms.toml import dotted, written

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "terms-format.md"
EVERY_KEY = HERE / "every_key.toml"
HISTORY = HERE.parent / "examples" / "acme" / "history.jsonl"
POLICY = """
[policy]
id = "careful"
title = "Careful"
narrows = "modal-2024-03-26"
by = "provider"

[counting]
calendar = "us-california"
holidays = [2026-12-24]

[power."suspend.overdue"]
clocks = [{ start = "due", compare = "at least", n = 40, unless = { payment = "card" } }]
not_on = ["friday"]
not_before_holidays = true
only_undisputed = true
approvals = 2
reason = "customers are asleep"

[act.terminate]
never = true
"""


def plain(document: Any) -> Any:
    """A TOML document as JSON has it: days as texts."""
    if isinstance(document, dict):
        return {key: plain(value) for key, value in document.items()}
    if isinstance(document, list):
        return [plain(value) for value in document]
    return str(document) if isinstance(document, date) else document


def toml(document: Mapping[str, Any]) -> str:
    """A JSON document as TOML: a section's tables each under a header, what is in them inline."""

    def inline(value: Any) -> str:
        if isinstance(value, dict):
            return f"{{ {', '.join(f'{dotted([key])} = {inline(each)}' for key, each in value.items())} }}"
        if isinstance(value, list):
            return f"[{', '.join(map(inline, value))}]"
        return str(value) if isinstance(value, float) else written(value)

    def table(header: str, content: Mapping[str, Any]) -> str:
        return "\n".join([header, *(f"{dotted([key])} = {inline(value)}" for key, value in content.items()), ""])

    loose = {key: value for key, value in document.items() if not isinstance(value, dict)}
    sections = {key: value for key, value in document.items() if isinstance(value, dict)}
    return table("", loose) + "\n".join(table(f"[{dotted([key])}]", value) for key, value in sections.items())


def validator(name: str) -> Draft202012Validator:
    made = json.loads(schema.shipped(name))
    Draft202012Validator.check_schema(made)
    return Draft202012Validator(made)


TERMS, LINE, HOUSE, ANSWERS = (validator(name) for name in schema.NAMES)


def loads(document: Mapping[str, Any]) -> bool:
    try:
        parse(toml(document).encode())
    except InvalidTerms:
        return False
    return True


# ---- what is checked in ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", schema.NAMES)
def test_making_a_schema_anew_gives_the_same_bytes(name: str) -> None:
    """If not: make schemas."""
    told = schema.meanings(PAGE.read_text(encoding="utf-8"))
    assert schema.as_text(schema.made(name, told)) == schema.shipped(name)


@pytest.mark.parametrize("terms", published())
def test_published_terms_validate(terms: str) -> None:
    content = (resources.files("lifecycle.terms") / f"{terms}.toml").read_text(encoding="utf-8")
    TERMS.validate(plain(tomllib.loads(content)))


EXAMPLES = HERE.parent / "examples"


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.jsonl")), ids=lambda path: path.parent.name)
def test_example_histories_validate_line_by_line(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        LINE.validate(json.loads(line))


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.toml")), ids=lambda path: path.parent.name)
def test_example_terms_and_policies_validate(path: Path) -> None:
    document = plain(tomllib.loads(path.read_text(encoding="utf-8")))
    (HOUSE if "policy" in document else TERMS).validate(document)


def test_a_policy_validates() -> None:
    policy.parse(POLICY.encode(), load("modal-2024-03-26"))
    HOUSE.validate(plain(tomllib.loads(POLICY)))


Place = tuple[Any, ...]

# ---- one file with every key ------------------------------------------------------------------------------------


WHOLE: dict[str, Any] = plain(tomllib.loads(EVERY_KEY.read_text(encoding="utf-8")))


def valid(document: Mapping[str, Any], at: Place) -> bool:
    """Whether the section in which a place lies fits the schema."""
    section = {key: document[key] for key in {"terms", *at[:1]} if key in document}
    return TERMS.is_valid(section if at else document)


def tables() -> Iterator[tuple[str, type[Any]]]:
    """Every class of the format, with what the reference page calls it."""
    found: dict[str, type[Any]] = {}

    def add(hint: Any) -> None:
        if has(hint) and schema.called(hint) not in found:
            found[schema.called(hint)] = hint
            for each in get_type_hints(hint).values():
                add(each)
        for part in get_args(hint):
            add(part)

    for shape in loading.shapes().values():
        add(shape)
    yield from found.items()


NAMED = tuple(get_args(shape)[1] for shape in loading.shapes().values() if get_origin(shape) is Mapping)


def keys(cls: type[Any]) -> dict[str, Any]:
    """The keys of a table, with their attributes; the id of a table by name is no key."""
    return {each.name: each for each in fields(cls) if not (cls in NAMED and each.name == "id")}


def test_the_file_with_every_key_has_every_key() -> None:
    assert loads(WHOLE)
    TERMS.validate(WHOLE)
    text = EVERY_KEY.read_text(encoding="utf-8")
    missing = {(name, key) for name, cls in tables() for key in keys(cls) if not re.search(rf"\b{key}( =|\.)", text)}
    assert missing - {("notice rule", "methods"), ("reading", "alternative")} == set()


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Every place in a document."""
    yield at
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(each, (*at, key))


def found(value: Any, at: Place) -> Any:
    for key in at:
        value = value[key]
    return value


def changed(value: Any, at: Place, change: Callable[[Any], Any]) -> Any:
    """A document with what is at a place changed."""
    made = copy.deepcopy(value)
    if not at:
        return change(made)
    inner = found(made, at[:-1])
    inner[at[-1]] = change(inner[at[-1]])
    return made


def replaced(value: Any, at: Place, other: Any) -> Any:
    return changed(value, at, lambda _: copy.deepcopy(other))


def closed(at: Place) -> bool:
    """Whether the table at a place has keys of its own: not one of names, and not what a patch puts somewhere."""
    names = ("clauses", "kind", "notice_kind", "power", "duty", "act")
    return (
        not (len(at) == 1 and at[0] in names)
        and not {"put", "attributes", "values", "methods", "defaults", "figures"} & set(at[-1:])
        and not {"when", "unless", "order_unless", "put"} & set(at)
    )


def sort(at: Place) -> Place:
    """What a place is a place for: whichever table of a section, whichever item of a list."""
    named = ("clauses", "kind", "notice_kind", "power", "duty")
    return tuple("*" if isinstance(key, int) or (i == 1 and at[0] in named) else key for i, key in enumerate(at))


def each_sort() -> Iterator[Place]:
    """One place of every sort, but for what a patch puts somewhere."""
    yield from {sort(place): place for place in places(WHOLE) if "put" not in place}.values()


EVERY = [*each_sort()]


def test_both_refuse_another_key_in_every_table() -> None:
    for at in EVERY:
        if isinstance(found(WHOLE, at), dict) and closed(at):
            extra = changed(WHOLE, at, lambda table: {**table, "extra": "x"})
            assert not loads(extra), at
            assert not valid(extra, at), at


WRONG = (7, "x\u0007", [7], True)


def test_both_refuse_the_same_values_of_another_type_at_every_place() -> None:
    for at in EVERY:
        before = found(WHOLE, at)
        for wrong in WRONG:
            if type(wrong) is not type(before) or wrong == "x\u0007":
                broken = replaced(WHOLE, at, wrong)
                if at and not valid(broken, at):
                    assert not loads(broken), (at, wrong)
                elif at and not isinstance(wrong, list | dict):
                    # What the schema lets pass, only a reference or a condition can make wrong.
                    assert references(at) or loads(broken), (at, wrong)


def references(at: Place) -> bool:
    return bool({"when", "unless", "order_unless", "attributes", "n", "effort", "outlives", "performance"} & set(at))


def test_both_ask_for_every_key_that_is_required() -> None:
    for at in EVERY:
        if at and isinstance(at[-1], str) and len(at) > 1:
            without = copy.deepcopy(WHOLE)
            del found(without, at[:-1])[at[-1]]
            if not valid(without, at):
                assert not loads(without), at
            elif not loads(without):
                problems = faults(without)
                assert "a key is missing" not in problems, at


def faults(broken: Mapping[str, Any]) -> str:
    try:
        parse(toml(broken).encode())
    except InvalidTerms as error:
        return str(error)
    return ""


def test_both_refuse_every_word_that_is_none_of_those_wanted() -> None:
    literals = {key for _, cls in tables() for key, hint in get_type_hints(cls).items() if "Literal" in str(hint)}
    assert {"compare", "unit", "by", "lifts", "covers", "gap", "roll"} <= literals
    for at in EVERY:
        if at and at[-1] in literals and isinstance(found(WHOLE, at), str) and closed(at[:-1]):
            other = replaced(WHOLE, at, "neither")
            assert not loads(other), at
            assert not valid(other, at), at


def test_a_required_section_is_the_header() -> None:
    assert json.loads(schema.shipped("terms"))["required"] == ["terms"]
    assert not loads({})
    assert loads({"terms": WHOLE["terms"] | {"begins": "made"}})
    assert TERMS.is_valid({"terms": WHOLE["terms"]})


# ---- histories and policies --------------------------------------------------------------------------------------

LINES = [json.loads(line) for line in HISTORY.read_text(encoding="utf-8").splitlines()]
KINDS = {line["fact"]["type"]: line for line in LINES}


def readable(line: Mapping[str, Any]) -> bool:
    try:
        from_line(json.dumps(line))
    except InvalidHistory:
        return False
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_the_reader_and_the_schema_refuse_the_same_lines(kind: str) -> None:
    line = KINDS[kind]
    for at in places(line):
        value = found(line, at)
        broken = [replaced(line, at, wrong) for wrong in (7, "x\u0007", [7], {"x": 7}, None)]
        if isinstance(value, dict) and not {"meta", "days", "attributes", "readings", "values"} & set(at[-1:]):
            broken.append(changed(line, at, lambda table: {**table, "extra": 1}))
        if at and isinstance(at[-1], str):
            without = copy.deepcopy(line)
            del found(without, at[:-1])[at[-1]]
            broken.append(without)
        for each in broken:
            if LINE.is_valid(each) != readable(each):
                pytest.fail(f"{at}: {'only the schema' if LINE.is_valid(each) else 'only the reader'} takes {each}")


def test_a_correction_cannot_be_about_the_record_itself() -> None:
    paid = {"type": "paid", "matter": "INV-1", "amount": {"amount": "1.00", "currency": "EUR"}}
    head = {key: value for key, value in LINES[1].items() if key != "fact"}
    for fact, fine in ((paid, True), ({"type": "withdrawn", "event": "x"}, False)):
        line = {**head, "fact": {"type": "corrected", "event": "acme:1", "fact": fact}}
        assert LINE.is_valid(line) is readable(line) is fine


@pytest.mark.parametrize("amount", ["1", "1.5", "-1", "1e3", "1,000.00", "0.1234567", "x", ""])
def test_the_schema_knows_what_an_amount_is(amount: str) -> None:
    paid = {"type": "paid", "matter": "INV-1", "amount": {"amount": amount, "currency": "EUR"}}
    line = {**{key: value for key, value in LINES[1].items() if key != "fact"}, "fact": paid}
    assert LINE.is_valid(line) is readable(line)


def test_policies_are_closed_too() -> None:
    modal = load("modal-2024-03-26")
    good = plain(tomllib.loads(POLICY))
    for at in places(good):
        if isinstance(found(good, at), dict) and closed(at) and at != ("power",):
            broken = changed(good, at, lambda table: {**table, "extra": 1})
            assert not HOUSE.is_valid(broken), at
            with pytest.raises(InvalidTerms, match="extra"):
                policy.parse(toml(broken).encode(), modal)


# ---- the reference page -----------------------------------------------------------------------------------------


def type_told(hint: Any) -> str:
    """A type as the reference page writes it."""
    origin, arguments = get_origin(hint), get_args(hint)
    simple = {str: "text", int: "number", bool: "true or false", date: "day", Any: "any value"}
    if hint in simple:
        return simple[hint]
    if origin is Literal:
        return ", ".join(f'`"{value}"`' for value in arguments)
    if origin in (tuple, Mapping):
        return f"{'list' if origin is tuple else 'table'} of {several(arguments[origin is Mapping])}"
    if origin in (Union, UnionType):
        parts = [part for part in arguments if part is not NoneType]
        several_told = {2: "text or list of texts", 3: "text, true or false, or list of texts"}
        return type_told(parts[0]) if len(parts) == 1 else several_told[len(parts)]
    return schema.called(hint)


def several(hint: Any) -> str:
    told = type_told(hint)
    if has(hint):
        return f"{told}{'es' if told.endswith('ch') else 's'}"
    return {"text": "texts", "day": "days"}.get(told, f"({told})")


def default_told(value: Any) -> str:
    if value is NOTHING:
        return "required"
    if isinstance(value, Factory) or value in (None, "", ()):  # type: ignore[arg-type]
        return "none"
    return f"`{written(value)}`"


def rows() -> dict[str, dict[str, list[str]]]:
    """The reference page: table -> key -> cells."""
    found: dict[str, dict[str, list[str]]] = {}
    current: dict[str, list[str]] = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"## (?P<name>[\w ]+):", line):
            current = found.setdefault(heading["name"].lower(), {})
        elif line.startswith("| `"):
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            current[cells[0].strip("` ")] = cells
    return found


def test_the_reference_page_lists_the_tables_and_keys_of_the_loader() -> None:
    assert {name: [*table] for name, table in rows().items()} == {name: [*keys(cls)] for name, cls in tables()}


def test_the_reference_page_gives_their_types_and_defaults() -> None:
    for name, cls in tables():
        hints = get_type_hints(cls)
        for key, attribute in keys(cls).items():
            _, meaning, type_, default, _ = rows()[name][key]
            assert meaning[:1].islower() or meaning.startswith("`"), (name, key)
            assert (type_, default) == (type_told(hints[key]), default_told(attribute.default)), (name, key)


def test_the_examples_of_the_reference_page_fit_their_keys() -> None:
    whole = json.loads(schema.shipped("terms"))
    named = {schema.called(cls): cls.__name__.strip("_") for _, cls in tables()}
    for name, table in rows().items():
        for key, cells in table.items():
            (value,) = plain(tomllib.loads(cells[4].strip("`"))).items()
            assert value[0] == key
            Draft202012Validator({"$ref": f"#/$defs/{named[name]}/properties/{key}", **whole | {"required": []}})
            wanted = whole["$defs"][named[name]]["properties"][key]
            Draft202012Validator({**wanted, "$defs": whole["$defs"]}).validate(value[1])


def test_every_property_says_what_it_means() -> None:
    whole = json.loads(schema.shipped("terms"))
    for name, cls in tables():
        for key in keys(cls):
            described = whole["$defs"][cls.__name__.strip("_")]["properties"][key]
            assert described["description"], (name, key)
