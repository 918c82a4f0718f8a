"""What differs between two Terms, clause by clause, in words and days."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from lifecycle import schema
from lifecycle.errors import InvalidTerms
from lifecycle.terms import Terms, load, parse, published, under
from lifecycle.terms.difference import Turn, differences, read_otherwise
from lifecycle.terms.drafting import answered, drafted
from lifecycle.terms.toml import dotted, written

EVERY_KEY = Path(__file__).parent / "every_key.toml"
MODAL = load("modal-2024-03-26")


def draft(**answers: object) -> str:
    return drafted(answered(answers, date(2026, 1, 1)))


def changed(*patches: tuple[str, str], text: str | None = None) -> Terms:
    text = draft() if text is None else text
    for old, new in patches:
        assert old in text, f"the patch no longer fits the file: {old}"
        text = text.replace(old, new, 1)
    return parse(text.encode())


def told(old: Terms, new: Terms) -> list[tuple[str, str, str, list[tuple[str, str, str]]]]:
    """Changes as plain values: what, clause, id, and the lines."""
    return [
        (change.what, change.clause, change.id, [(turn.label, turn.old, turn.new) for turn in change.turns])
        for change in differences(old, new)
    ]


# ---- two Terms ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("terms", published())
def test_terms_do_not_differ_from_themselves(terms: str) -> None:
    assert differences(load(terms), load(terms)) == ()


def test_comments_layout_and_order_are_no_difference() -> None:
    text = draft()
    proceeding = text[text.index("[kind.proceeding]") : text.index("[kind.force_majeure]")]
    moved = f"# a comment\n{text.replace(proceeding, '')}\n{proceeding}"
    assert differences(parse(text.encode()), parse(moved.encode())) == ()
    assert parse(text.encode()).digest != parse(moved.encode()).digest


def test_a_clock_is_told_from_its_old_days_to_its_new_ones() -> None:
    new = changed(('n = 30, reads = "overdue"', 'n = 45, reads = "overdue"'))
    days = "days or more after the due day (time for payment)"
    assert told(changed(), new) == [("changed", "2.1", "suspend.overdue", [("when", f"30 {days}", f"45 {days}")])]


CASES = [
    # what is changed in the file; clause, id, label, from, to
    ('at least", n = 30, reads = "overdue', 'more than", n = 30, reads = "overdue', "2.1", "suspend.overdue", "when",
     "30 days or more after the due day (time for payment)", "more than 30 days after the due day (time for payment)"),
    ('n = 30, reads = "before', 'n = 60, reads = "before', "3.1", "non_renewal", "when",
     "through the 30th day before the end of the term", "through the 60th day before the end of the term"),
    ('courier = { counts = "dispatch" }', 'courier = { counts = "dispatch", n = 2 }', "6", "notice", "method",
     "courier counts when sent", "courier counts 2 days after it was sent"),
    ('"5", "7", "8"]', '"5", "8"]', "7", "survival", "clauses", "4.4, 5, 7, 8", "4.4, 5, 8"),
    ("length = { n = 14", "length = { n = 30", "3.2", "trial", "lasts",
     "14 days, where nobody says", "30 days, where nobody says"),
    ('stopped_by = "non_renewal"', 'stopped_by = "non_renewal"\nlongest = { n = 1, unit = "years" }', "3.1", "renewal",
     "renews", "by itself, for a term as long as the one that ends",
     "by itself, for a term as long as the one that ends, 1 year at most"),
    ('deadline = "at once"', 'deadline = "unscheduled"', "4.4", "cease_use", "by", "at once", "no date is set"),
    ('lifts = "by itself"', 'lifts = "by an act"', "2.1", "suspend.overdue", "lifts",
     "by itself, once the power is gone", "by an act of lifting"),
    ('title = "amend in a', 'title = "change in a', "8", "amend", "title",
     "amend in a writing of both", "change in a writing of both"),
    ('zone = "UTC"', 'zone = "Asia/Tokyo"', "", "terms", "days",
     "of UTC; the day of an event is not counted", "of Asia/Tokyo; the day of an event is not counted"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "clause", "id", "label", "was", "now"), CASES, ids=[c[5] for c in CASES])
def test_what_differs_is_told_in_words(
    old: str, new: str, clause: str, id: str, label: str, was: str, now: str
) -> None:
    assert told(changed(), changed((old, new))) == [("changed", clause, id, [(label, was, now)])]


def test_what_is_added_and_removed_is_told_with_all_it_says() -> None:
    with_, without = changed(), parse(draft(force_majeure_days=0).encode())
    power = [
        ("who", "", "either party"),
        ("because of", "", "force majeure"),
        ("when", "", "more than 30 days after the force majeure begins (time for its end)"),
        ("gone once", "", "ended"),
        ("how", "", "by written notice"),
    ]
    assert ("added", "4.3", "terminate.force_majeure", power) in told(without, with_)
    gone = [(label, now, "") for label, _, now in power]
    assert ("removed", "4.3", "terminate.force_majeure", gone) in told(with_, without)
    assert {(change.what, change.section) for change in differences(with_, without)} == {
        ("removed", "clause"), ("removed", "matter"), ("removed", "power")}  # fmt: skip


def test_changes_come_clause_by_clause_in_the_order_of_the_new_terms() -> None:
    old, new = parse(draft(insolvency_days=0).encode()), parse(draft(zone="Asia/Tokyo", overdue_days=0).encode())
    clauses = [change.clause for change in differences(old, new)]
    assert clauses == sorted(clauses, key=["", "4.2", "2", "2.1"].index)
    assert set(clauses) == {"", "4.2", "2", "2.1"}


def test_clocks_are_paired_by_what_they_count_from_and_turn_on() -> None:
    """Of three clocks, the one for cards goes; the others are neither told as changed nor confused with it."""
    shipped = (resources.files("lifecycle.terms") / "modal-2024-03-26.toml").read_text(encoding="utf-8")
    text = shipped[: shipped.index("\n[[reading]]\n")]
    card = next(line for line in text.splitlines(keepends=True) if 'n = 10, clause = "1.12", reads = "overdue"' in line)
    (change,) = differences(parse(text.encode()), parse(text.replace(card, "", 1).encode()))
    line = "10 days or more after the due day where payment is card (time for payment) [1.12]"
    assert change.turns == (Turn("when", line, ""),)


def test_an_entry_of_a_list_that_stands_twice_is_told_apart() -> None:
    again = '\n[[effect]]\nid = "access ends"\nclause = "4"\ntext = "x"\non = ["terminate"]\n'
    (change,) = differences(changed(), parse((draft() + again).encode()))
    assert (change.what, change.id) == ("added", "access ends (2)")


def test_what_has_no_words_is_told_by_its_key() -> None:
    assert told(changed(), changed(('reads = "overdue"', 'reads = "late"'))) == [
        ("changed", "2.1", "suspend.overdue", [("clocks[0].reads", "'overdue'", "'late'")])]  # fmt: skip


def test_other_readings_are_a_difference_of_what_they_change() -> None:
    changes = differences(MODAL, under(MODAL, {"3.1-anchor": "the first day of the next"}))
    assert [(change.section, change.id) for change in changes] == [("power", "non_renewal"), ("reading", "3.1-anchor")]
    assert changes[1].turns == (Turn("taken as", "", "the first day of the next"),)
    assert read_otherwise(MODAL, "3.1-anchor", "the first day of the next") == changes[:1]


@pytest.mark.parametrize("terms", published())
def test_every_other_meaning_of_published_terms_changes_something_in_words(terms: str) -> None:
    found = load(terms)
    for reading in found.readings:
        for alternative in reading.alternative:
            assert read_otherwise(found, reading.key, alternative.meaning), reading.key


# ---- every place of a file -----------------------------------------------------------------------------------------


def leaves(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every value of a document that is no table."""
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(each, (*at, key))
    else:
        yield at, value


CHOICES: dict[str, list[str]] = {
    key: found["enum"]
    for table in json.loads(schema.shipped("terms"))["$defs"].values()
    for key, value in table.get("properties", {}).items()
    for found in (value, value.get("items", {}))
    if "enum" in found
}
NAMES = ("1", "2", "start", "paid", "lift", "limit", "risk", "terminate", "act", "yes or no", "saturday", "end")


def others(key: Any, value: Any) -> list[Any]:
    """What else might stand under a key."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1]
    if isinstance(value, date):
        return [value.replace(year=value.year + 1)]
    return [word for word in CHOICES.get(key) or (f"{value} x", "Asia/Tokyo", *NAMES) if word != value]


def put(document: Any, at: tuple[Any, ...], value: Any) -> Any:
    if not at:
        return value
    made = document.copy()
    made[at[0]] = put(document[at[0]], at[1:], value)
    return made


def inline(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{dotted([key])} = {inline(each)}' for key, each in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(inline, value))}]"
    return str(value) if isinstance(value, date) else written(value)


def as_toml(document: dict[str, Any]) -> str:
    lines = []
    for section, content in document.items():
        for table in content if isinstance(content, list) else [content]:
            lines.append(f"[[{section}]]" if isinstance(content, list) else f"[{section}]")
            lines += [f"{dotted([key])} = {inline(each)}" for key, each in table.items()]
    return "\n".join(lines)


def test_whatever_is_changed_in_a_file_is_a_difference() -> None:
    """Values of the file with every key, replaced by others that still make Terms: told, if the Terms differ. One value
    for each key of each sort of table.
    """
    document = tomllib.loads(EVERY_KEY.read_text(encoding="utf-8"))
    before = parse(as_toml(document).encode())
    assert differences(parse(EVERY_KEY.read_bytes()), before) == ()
    named = ("clauses", "kind", "notice_kind", "power", "duty")
    each = {
        tuple("*" if at[0] in named and i == 1 else key for i, key in enumerate(at)): (at, value)
        for at, value in leaves(document)
    }
    silent, tried = [], 0
    for at, value in each.values():
        for other in others(at[-1], value):
            try:
                after = parse(as_toml(put(document, at, other)).encode())
            except InvalidTerms:
                continue
            tried += 1
            if evolve(after, digest=before.digest) != before and not differences(before, after):
                silent.append((at, other))
            break
    assert silent == []
    assert tried > 100
