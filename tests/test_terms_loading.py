"""Terms files: what is published, what is read, and every fault with its path."""

from __future__ import annotations

import hashlib
import pickle
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle.errors import InvalidTerms, UnknownTerms
from lifecycle.terms import Terms, load, parse, published
from lifecycle.terms.loading import MAX_BYTES
from lifecycle.terms.model import Clock, covers, holders

MODAL_ID, PRIVACY_ID = "modal-2024-03-26", "modal-privacy-2023-05-17"
SHIPPED = {name: (resources.files("lifecycle.terms") / f"{name}.toml").read_bytes() for name in (MODAL_ID, PRIVACY_ID)}
MODAL = SHIPPED[MODAL_ID].decode()

SMALL = """
[terms]
id = "small"
title = "Small Terms"
dated = 2026-01-01
provider = "Small, Inc."
zone = "UTC"

[clauses]
"1" = { title = "All" }
"""


def faults(text: str | bytes) -> tuple[str, ...]:
    """The problems of a file; none if it is read."""
    try:
        parse(text if isinstance(text, bytes) else text.encode(), "patched.toml")
    except InvalidTerms as error:
        source, problems, message = error.source, error.problems, str(error)
    else:
        return ()
    assert source == "patched.toml"
    assert problems
    message.encode()  # it can be printed
    return problems


def patched(old: str, new: str) -> str:
    """The shipped Modal Terms with the first occurrence of a text replaced."""
    assert old in MODAL, f"the patch no longer fits the file: {old}"
    return MODAL.replace(old, new, 1)


# ---- what is published ---------------------------------------------------------------------------------------------


def test_the_published_terms_are_these() -> None:
    assert published() == (MODAL_ID, PRIVACY_ID)


@pytest.mark.parametrize("id", SHIPPED)
def test_published_terms_load_by_their_id(id: str) -> None:
    terms = load(id)
    assert terms.id == id
    assert terms.title
    assert terms.zone == "America/Los_Angeles"


@pytest.mark.parametrize("id", SHIPPED)
def test_the_digest_is_the_sha_256_of_the_file(id: str) -> None:
    assert load(id).digest == hashlib.sha256(SHIPPED[id]).hexdigest()
    assert parse(SHIPPED[id] + b"\n").digest != load(id).digest


def test_the_date_of_the_version_is_the_date_in_its_id() -> None:
    assert load(MODAL_ID).dated == date(2024, 3, 26)
    assert load(PRIVACY_ID).dated == date(2023, 5, 17)


@pytest.mark.parametrize("as_path", [True, False])
def test_terms_load_by_the_path_of_a_file(tmp_path: Path, as_path: bool) -> None:  # noqa: FBT001 - a parameter of the test
    path = tmp_path / "ours.toml"
    path.write_bytes(SHIPPED[MODAL_ID])
    assert load(path if as_path else str(path)) == load(MODAL_ID)


def test_terms_load_by_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "relative-small.toml").write_text(SMALL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load("relative-small.toml").id == "small"
    assert load("./relative-small.toml").id == "small"


@pytest.mark.parametrize("id", ["", "acme", "modal", "MODAL-2024-03-26", "modal-2024-03-26 ", "__init__", "."])
def test_an_unknown_id_lists_the_known_ones(id: str) -> None:
    with pytest.raises(UnknownTerms) as unknown:
        load(id)
    assert unknown.value.wanted == id
    assert MODAL_ID in str(unknown.value)
    assert PRIVACY_ID in str(unknown.value)


@pytest.mark.parametrize("name", ["missing.toml", "missing/ours.toml", "../missing.toml", "nul\x00.toml", "/", "./"])
def test_a_path_that_cannot_be_read_is_unknown(name: str) -> None:
    with pytest.raises(UnknownTerms, match="cannot be read"):
        load(name)
    with pytest.raises(UnknownTerms, match="cannot be read"):
        load(Path(name))


def test_a_faulty_file_is_named_in_its_faults(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(SMALL.replace('zone = "UTC"', 'zone = "Nowhere"'), encoding="utf-8")
    with pytest.raises(InvalidTerms) as error:
        load(path)
    assert error.value.source == str(path)
    assert str(error.value).startswith(f"{path}: 1 fault to mend\n")


def test_a_mended_file_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(SMALL.replace('zone = "UTC"', 'zone = "Nowhere"'), encoding="utf-8")
    with pytest.raises(InvalidTerms):
        load(path)
    path.write_text(SMALL, encoding="utf-8")
    assert load(path).zone == "UTC"


def test_terms_survive_pickling() -> None:
    terms = load(MODAL_ID)
    assert pickle.loads(pickle.dumps(terms)) == terms  # noqa: S301 - our own bytes


# ---- the shipped files ---------------------------------------------------------------------------------------------


def tables(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every table of a document, with its path."""
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            yield from tables(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from tables(inner, f"{path}[{i}]")


@pytest.mark.parametrize("id", SHIPPED)
def test_every_clause_cited_exists(id: str) -> None:
    document = tomllib.loads(SHIPPED[id].decode())
    cited = [(path, table["clause"]) for path, table in tables(document) if "clause" in table]
    cited += [(f"{path}.rests_on", table["rests_on"]) for path, table in tables(document) if "rests_on" in table]
    cited += [("survival", clause) for clause in document.get("survival", {}).get("clauses", ())]
    cited += [("trial", clause) for clause in document.get("trial", {}).get("lacks", ())]
    assert cited
    assert [citation for citation in cited if citation[1] not in document["clauses"]] == []


@pytest.mark.parametrize("id", SHIPPED)
def test_every_entry_cites_a_clause(id: str) -> None:
    document = tomllib.loads(SHIPPED[id].decode())
    for section in ("kind", "notice_kind", "power", "duty"):
        for name, table in document.get(section, {}).items():
            assert table.get("clause"), f"{section}.{name}"
    for section in ("effect", "rule", "reading"):
        for table in document.get(section, ()):
            assert table.get("clause"), f"{section} {table}"


@pytest.mark.parametrize("id", SHIPPED)
def test_every_number_stands_in_a_clock_under_a_clause(id: str) -> None:
    document = tomllib.loads(SHIPPED[id].decode())
    owners = {
        path: table["clause"]
        for section in ("power", "duty", "notice_kind")
        for name, table in document.get(section, {}).items()
        for path in (f"{section}.{name}",)
    }
    for path, table in tables(document):
        for key, value in table.items():
            if type(value) in (int, float):
                owner = next((clause for prefix, clause in owners.items() if path.startswith(f"{prefix}.")), None)
                assert key == "n", f"a number outside a clock: {path}.{key}"
                assert table.get("clause", owner) in document["clauses"], path


# The numbers of the contract, from its text: power, clock, days, comparator, and the clause that says so.
NUMBERS = [
    ("suspend.breach", 0, 30, "not within", "1.12(d)"),  # as the clause says
    ("suspend.breach.incurable", 0, 30, "not within", "1.12(d)"),
    ("suspend.overdue", 0, 30, "at least", "1.12"),  # as the clause says
    ("suspend.overdue", 1, 10, "at least", "1.12"),  # as the clause says
    ("suspend.overdue", 2, 10, "at least", "1.12"),  # as the clause says
    ("accelerate.overdue", 0, 30, "at least", "1.12"),
    ("accelerate.overdue", 1, 10, "at least", "1.12"),
    ("interest.late", 0, 0, "more than", "2.2(a)"),  # overdue: after the due day
    ("payment_terms.shorter", 0, 0, "more than", "2.2(b)"),
    ("non_renewal", 0, 30, "at least", "3.1"),  # as the clause says
    ("terminate.breach", 0, 30, "not within", "3.2(a)"),  # as the clause says
    ("terminate.proceeding", 0, 60, "not within", "3.2(b)(ii)"),  # as the clause says
    ("terminate.force_majeure", 0, 30, "more than", "8.4"),  # as the clause says
]


def test_the_numbers_are_those_of_the_contract() -> None:
    powers = load(MODAL_ID).powers.values()
    found = [
        (power.id, i, clock.n, clock.compare, clock.clause or power.clause)
        for power in powers
        for i, clock in enumerate(power.clocks)
    ]
    assert sorted(found) == sorted(NUMBERS)
    assert {clock.unit for power in powers for clock in power.clocks} == {"days"}


def test_a_claim_is_notified_within_thirty_days_by_5_3() -> None:
    duties = load(MODAL_ID).duties.values()
    deadlines = {
        duty.id: (d.n, d.compare, d.unit, duty.clause) for duty in duties if isinstance(d := duty.deadline, Clock)
    }
    claim = (30, "no later than", "days", "5.3")
    assert deadlines == {"notify_claim.customer": claim, "notify_claim.provider": claim}


@pytest.mark.parametrize("id", SHIPPED)
def test_ids_and_keys_are_unique(id: str) -> None:
    terms = load(id)
    for names in (
        [effect.id for effect in terms.effects],
        [rule.id for rule in terms.rules],
        [reading.key for reading in terms.readings],
    ):
        assert len(names) == len(set(names))


def test_a_default_reading_is_not_its_own_alternative() -> None:
    for reading in load(MODAL_ID).readings:
        assert reading.alternatives, reading.key
        assert reading.default not in reading.alternatives, reading.key


def test_the_readings_are_those_of_the_design() -> None:
    keys = """3.4-number 3.4-expiry 3.4-five 3.2a-cure 3.2a-exercise late-cure 1.12d-incurable 1.12e or-more
        overdue-notice overdue-amounts 8.5 8.5-email 3.1-anchor 3.1-length 3.1-month 3.1-early 1.3-notice
        3.3-direction 8.4-start 8.4-cure 6.2 counting-roll"""
    assert [reading.key for reading in load(MODAL_ID).readings] == keys.split()


def test_every_act_that_has_effects_or_rules_is_done_by_a_power_or_a_transition() -> None:
    for name in SHIPPED:
        terms = load(name)
        acts = {power.does for power in terms.powers.values()}
        acts |= {"convert", "renew", "suspend", "reinstate", "expire", "terminate"}
        assert {act for effect in terms.effects for act in effect.on} <= acts
        assert {act for rule in terms.rules for act in rule.on} <= acts


# ---- what a file may say -------------------------------------------------------------------------------------------


def test_the_smallest_file_is_terms_without_powers() -> None:
    terms = parse(SMALL.encode())
    assert (terms.id, terms.begins, terms.powers, terms.readings) == ("small", "order", {}, ())
    assert not any((terms.notice, terms.trial, terms.renewal, terms.survival))


def test_the_counting_of_a_file_is_that_of_its_calendar() -> None:
    counting = (
        '[counting]\nfirst_day = "include"\nroll = "next business day"\nweekend = ["friday"]\nholidays = [2026-07-03]'
    )
    calendar = parse(f"{SMALL}\n{counting}\n".encode()).calendar()
    assert calendar.zone_name == "UTC"
    assert calendar.first_day_counts
    assert calendar.rolls
    assert calendar.weekend == frozenset({4})
    assert calendar.holidays == frozenset({date(2026, 7, 3)})
    assert load(MODAL_ID).calendar("Europe/Berlin").zone_name == "Europe/Berlin"


def test_a_comment_changes_the_digest_and_nothing_else() -> None:
    first, second = parse(SMALL.encode()), parse(f"# a comment\n{SMALL}".encode())
    assert first.digest != second.digest
    assert first.clauses == second.clauses


# ---- faults of form ------------------------------------------------------------------------------------------------


SECTIONS = [
    "clauses",
    "counting",
    "duty",
    "effect",
    "kind",
    "notice",
    "notice_kind",
    "order_attributes",
    "power",
    "reading",
    "renewal",
    "rule",
    "survival",
    "terms",
    "trial",
]


def test_all_faults_of_form_are_reported_at_once_with_their_paths() -> None:
    text = MODAL
    for old, new in [
        ('title = "Modal Terms of Service"', "title = 7"),
        ("[survival]", "[survivl]"),
        ('title = "Access"', 'titel = "Access"'),
        ('party = "none"', 'party = "nobody"'),
        ("n = 60", "n = true"),
        ('lifts = "by itself"', 'lifts = "by magic"'),
        ('id = "no refund"', ""),
    ]:
        assert old in text
        text = text.replace(old, new, 1)
    assert set(faults(text)) == {
        "a text is wanted, not 7 at terms.title",
        f"unknown key 'survivl' at the top: known are {', '.join(SECTIONS)}",
        "unknown key 'titel' at clauses.\"1.1\"",
        "missing key 'title' at clauses.\"1.1\".title",
        "one of provider, customer, either, none is wanted, not 'nobody' at kind.force_majeure.party",
        'a whole number is wanted, not true at power."terminate.proceeding".clocks[0].n',
        "one of by itself, by an act is wanted, not 'by magic' at power.\"suspend.overdue\".lifts",
        "missing key 'id' at rule[0].id",
    }


def test_all_dangling_references_are_reported_at_once() -> None:
    text = MODAL
    for old, new in [
        ('lacks = ["5.2"', 'lacks = ["5.9"'),
        ('stopped_by = "non_renewal"', 'stopped_by = "renewal"'),
        ('start = "notice:breach"', 'start = "notice:brech"'),
        ('paused_by = "force_majeure"', 'paused_by = "war"'),
        ('ended_by = ["dismissed"]', 'ended_by = ["dropped"]'),
    ]:
        assert old in text
        text = text.replace(old, new, 1)
    paths = {problem.rpartition(" at ")[2] for problem in faults(text)}
    assert paths == {
        "trial.lacks",
        "renewal.stopped_by",
        'power."suspend.breach".clocks[0].start',
        'power."suspend.breach".clocks[0].paused_by',
        'power."terminate.proceeding".ended_by',
    }


def test_faults_of_form_and_dangling_references_are_reported_together() -> None:
    text = patched("n = 60", "n = 60.5").replace('ended_by = ["resolved"]', 'ended_by = ["fixed"]')
    assert {problem.rpartition(" at ")[2] for problem in faults(text)} == {
        'power."terminate.proceeding".clocks[0].n',
        'power."suspend.security".ended_by',
    }


CLOSED = [
    # where a key is slipped in, and the path of its table
    ('id = "modal-2024-03-26"', "terms"),
    ('first_day = "exclude"', "counting"),
    ('clause = "8.5"', "notice"),
    ('clause = "1.4"', "trial"),
    ('stopped_by = "non_renewal"', "renewal"),
    ('clause = "3.4"', "survival"),
    ('title = "trial limit reached"', "kind.trial_limit"),
    ('title = "overdue notice"', "notice_kind.overdue"),
    ('title = "suspend for a security risk"', 'power."suspend.security"'),
    ('title = "stop using the service"', "duty.cease_use"),
    ('id = "access stops"', "effect[0]"),
    ('id = "no refund"', "rule[0]"),
    ('key = "3.4-number"', "reading[0]"),
]


@pytest.mark.parametrize(("line", "path"), CLOSED, ids=[path for _, path in CLOSED])
@pytest.mark.parametrize("key", ["extra", "Title", "clauze", "titlé"])
def test_every_table_is_closed(line: str, path: str, key: str) -> None:
    quoted = key if key.isascii() else f'"{key}"'
    assert f"unknown key {key!r} at {path}" in faults(patched(line, f"{line}\n{quoted} = 1"))


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('"1.1"     = { title = "Access"', '"1.1" = { extra = 1, title = "Access"', 'clauses."1.1"'),
        (
            'courier         = { counts = "dispatch" }',
            "courier = { counts = 'dispatch', extra = 1 }",
            "notice.methods.courier",
        ),
        (
            '{ start = "due", compare = "more than", n = 0',
            '{ extra = 1, start = "due", compare = "more than", n = 0',
            "notice_kind.overdue.given",
        ),
        ('{ start = "notice:overdue"', '{ extra = 1, start = "notice:overdue"', 'power."suspend.overdue".clocks[2]'),
        (
            '{ start = "start", compare = "no later than"',
            '{ extra = 1, start = "start", compare = "no later than"',
            'duty."notify_claim.customer".deadline',
        ),
    ],
)
def test_every_inner_table_is_closed(old: str, new: str, path: str) -> None:
    assert f"unknown key 'extra' at {path}" in faults(patched(old, new))


STRICT = [
    # what stands in the file, what is put in its place, the path of the fault
    ('id = "modal-2024-03-26"', "id = 1", "terms.id"),
    ('id = "modal-2024-03-26"', "", "terms.id"),
    ("dated = 2024-03-26", "", "terms.dated"),
    ("dated = 2024-03-26", "dated = 2024", "terms.dated"),
    ("dated = 2024-03-26", "dated = true", "terms.dated"),
    ("dated = 2024-03-26", 'dated = "last spring"', "terms.dated"),
    ("dated = 2024-03-26", "dated = 2024-03-26T00:00:00Z", "terms.dated"),
    ("dated = 2024-03-26", "dated = 2024-03-26T00:00:00", "terms.dated"),
    ("dated = 2024-03-26", "dated = 00:00:00", "terms.dated"),
    ("dated = 2024-03-26", "dated = 0001-01-01", "terms.dated"),
    ('begins = "order"', 'begins = "soon"', "terms.begins"),
    ('begins = "order"', "begins = true", "terms.begins"),
    ('zone = "America/Los_Angeles"', 'zone = ["UTC"]', "terms.zone"),
    ('first_day = "exclude"', 'first_day = "perhaps"', "counting.first_day"),
    ('first_day = "exclude"', "first_day = false", "counting.first_day"),
    ('roll = "none"', 'roll = "previous"', "counting.roll"),
    ("[counting]", '[counting]\nweekend = "sunday"', "counting.weekend"),
    ("[counting]", "[counting]\nweekend = [6]", "counting.weekend[0]"),
    ("[counting]", '[counting]\nholidays = ["2026-12-25", "Christmas"]', "counting.holidays[1]"),
    ("[counting]", "[counting]\nholidays = [9999-12-31]", "counting.holidays[0]"),
    ('courier         = { counts = "dispatch" }', 'courier = "dispatch"', "notice.methods.courier"),
    ('courier         = { counts = "dispatch" }', 'courier = { counts = "posting" }', "notice.methods.courier.counts"),
    ('courier         = { counts = "dispatch" }', "courier = { }", "notice.methods.courier.counts"),
    (
        'courier         = { counts = "dispatch" }',
        'courier = { counts = "dispatch", n = 2.0 }',
        "notice.methods.courier.n",
    ),
    ('lacks = ["5.2", "6.1", "6.2"]', 'lacks = "5.2"', "trial.lacks"),
    ('lacks = ["5.2", "6.1", "6.2"]', 'lacks = ["5.2", 6.1]', "trial.lacks[1]"),
    ('title = "Access"', "title = false", 'clauses."1.1".title'),
    ('discontinuation = ["allowed", "excluded"]', 'discontinuation = "allowed"', "order_attributes.discontinuation"),
    ("money = true", "money = 1", "kind.invoice.money"),
    ("money = true", 'money = "true"', "kind.invoice.money"),
    ('days = ["due"]', 'days = "due"', "kind.invoice.days"),
    ('days = ["due"]', "days = [true]", "kind.invoice.days[0]"),
    ('attributes = { payment = ["card", "invoice"] }', "attributes = []", "kind.invoice.attributes"),
    ('attributes = { payment = ["card", "invoice"] }', "attributes.payment = 1", "kind.invoice.attributes.payment"),
    ('asserted_by = "provider"', 'asserted_by = "both"', "kind.security_risk.asserted_by"),
    ('covers = "named or all"', 'covers = "all"', "notice_kind.overdue.covers"),
    ('about = ["invoice"]', 'about = "invoice"', "notice_kind.overdue.about"),
    ("n = 60", "n = 60.0", 'power."terminate.proceeding".clocks[0].n'),
    ("n = 60", 'n = "60"', 'power."terminate.proceeding".clocks[0].n'),
    ("n = 60", "n = true", 'power."terminate.proceeding".clocks[0].n'),
    ("n = 60", "n = -60", 'power."terminate.proceeding".clocks[0].n'),
    ("n = 60", "n = 100_001", 'power."terminate.proceeding".clocks[0].n'),
    ("n = 60", "n = inf", 'power."terminate.proceeding".clocks[0].n'),
    ("n = 60", "n = nan", 'power."terminate.proceeding".clocks[0].n'),
    ("n = 60", "n = 1e400", 'power."terminate.proceeding".clocks[0].n'),
    ("n = 60", "n = [60]", 'power."terminate.proceeding".clocks[0].n'),
    ("n = 60", 'n = 60, unit = "weeks"', 'power."terminate.proceeding".clocks[0].unit'),
    ("n = 60", 'n = 60, direction = "sideways"', 'power."terminate.proceeding".clocks[0].direction'),
    ("n = 60", 'n = 60, rounding = "nearest"', 'power."terminate.proceeding".clocks[0].rounding'),
    ('compare = "not within", n = 60', 'compare = ">", n = 60', 'power."terminate.proceeding".clocks[0].compare'),
    ('compare = "not within", n = 60', "n = 60", 'power."terminate.proceeding".clocks[0].compare'),
    (
        '{ start = "start", compare = "not within"',
        '{ compare = "not within"',
        'power."terminate.proceeding".clocks[0].start',
    ),
    ("when = { attempted = false }", "when = { attempted = 0 }", 'power."suspend.assignment".when.attempted'),
    ("when = { attempted = false }", "when = false", 'power."suspend.assignment".when'),
    ("when = { attempted = false }", "when = { attempted = [true] }", 'power."suspend.assignment".when.attempted'),
    ('lifts = "by itself"', 'lifts = "by magic"', 'power."suspend.overdue".lifts'),
    ("outlives = true", 'outlives = "yes"', 'power."interest.late".outlives'),
    ('deadline = "at once"', 'deadline = "promptly"', "duty.cease_use.deadline"),
    ('deadline = "at once"', "deadline = 30", "duty.cease_use.deadline"),
    ('deadline = "at once"', "deadline = { n = 30 }", "duty.cease_use.deadline"),
    ('on = ["suspend"]', 'on = "suspend"', "effect[0].on"),
    ('figures = { rate = "1.5 %"', "figures = { rate = 1.5", "effect[5].figures.rate"),
    ('alternatives = ["1.4"]', 'alternatives = "1.4"', "reading[0].alternatives"),
    ("[trial]", "[[trial]]", "trial"),
    ("[kind.trial_limit]", "[[kind.trial_limit]]", "kind.trial_limit"),
]


@pytest.mark.parametrize(("old", "new", "path"), STRICT, ids=[f"{path}: {new}"[:90] for _, new, path in STRICT])
def test_a_value_of_another_type_is_a_fault_at_its_path(old: str, new: str, path: str) -> None:
    found = faults(patched(old, new))
    assert any(re.search(rf" at {re.escape(path)}(\W|$)", problem) for problem in found), found


@pytest.mark.parametrize("section", ["clauses", "kind", "notice_kind", "power", "duty", "order_attributes"])
@pytest.mark.parametrize("value", ["1", '"x"', "[]", "[{}]", "[1]"])
def test_a_named_section_is_a_table_of_tables(section: str, value: str) -> None:
    text = (
        f"{section} = {value}\n{SMALL}"
        if section != "clauses"
        else f"clauses = {value}\n{SMALL.partition('[clauses]')[0]}"
    )
    assert any(problem.endswith(f" at {section}") for problem in faults(text))


@pytest.mark.parametrize("section", ["effect", "rule", "reading"])
@pytest.mark.parametrize("value", ["1", '"x"', "{}", "[1]"])
def test_a_listed_section_is_a_list_of_tables(section: str, value: str) -> None:
    assert any(f" at {section}" in problem for problem in faults(f"{section} = {value}\n{SMALL}"))


def test_the_id_of_an_entry_is_the_name_of_its_table() -> None:
    found = faults(patched('title = "insolvency proceeding"', 'id = "x"\ntitle = "insolvency proceeding"'))
    assert found == ("unknown key 'id' at kind.proceeding: the id is the name of the table",)


def test_an_empty_file_misses_everything_that_terms_must_say() -> None:
    assert {problem.partition(" at ")[0] for problem in faults("")} == {
        f"missing key {key!r}" for key in ("id", "title", "dated", "provider", "zone")
    }


# ---- references that lead nowhere ----------------------------------------------------------------------------------

METHOD = 'courier         = { counts = "dispatch" }'
CONSENT = 'title = "assign the agreement by consent"'
DANGLING = [
    # what stands in the file, what is put in its place, the path of the problem
    ('zone = "America/Los_Angeles"', 'zone = "America/Los_Angles"', "terms.zone"),
    ('zone = "America/Los_Angeles"', 'zone = "localtime"', "terms.zone"),
    ('zone = "America/Los_Angeles"', 'zone = "../../etc/passwd"', "terms.zone"),
    ("[counting]", '[counting]\nweekend = ["sunday", "Saturday"]', "counting.weekend[1]"),
    # clauses
    ('clause = "8.5"', 'clause = "8.55"', "notice.clause"),
    ('clause = "1.4"', 'clause = "1.44"', "trial.clause"),
    ('lacks = ["5.2"', 'lacks = ["5.9"', "trial.lacks"),
    ('[renewal]\nclause = "3.1"', '[renewal]\nclause = "3.9"', "renewal.clause"),
    ('clause = "3.4"', 'clause = "3.9"', "survival.clause"),
    ('clauses = ["1.6"', 'clauses = ["1.66"', "survival.clauses"),
    ('clause = "2.2"', 'clause = "2.9"', 'kind."invoice".clause'),
    (
        'title = "breach notice"\nclause = "3.2(a)"',
        'title = "breach notice"\nclause = "3.2a"',
        'notice_kind."breach".clause',
    ),
    ('by = "provider"\nclause = "1.12(a)"', 'by = "provider"\nclause = "1.12(z)"', 'power."suspend.security".clause'),
    ('n = 30, clause = "1.12"', 'n = 30, clause = "1.99"', 'power."suspend.overdue".clocks[0].clause'),
    ("given = { start", 'given = { clause = "1.99", start', 'notice_kind."overdue".given.clause'),
    ('by = "customer"\nclause = "3.3"', 'by = "customer"\nclause = "3.33"', 'duty."cease_use".clause'),
    ('rests_on = "5.2"', 'rests_on = "5.9"', 'duty."notify_claim.customer".rests_on'),
    ("deadline = { start", 'deadline = { clause = "5.9", start', 'duty."notify_claim.customer".deadline.clause'),
    ('id = "access stops"\nclause = "1.12"', 'id = "access stops"\nclause = "1.99"', "effect[0].clause"),
    ('id = "no refund"\nclause = "2.1"', 'id = "no refund"\nclause = "2.9"', "rule[0].clause"),
    ('key = "3.4-number"\nclause = "3.4"', 'key = "3.4-number"\nclause = "3.9"', "reading[0].clause"),
    # kinds of matters
    ('limit = "trial_limit"', 'limit = "limit"', "trial.limit"),
    ('about = ["invoice"]', 'about = ["invoices"]', "notice_kind.overdue.about"),
    ('matter = ["security_risk"]', 'matter = ["security"]', 'power."suspend.security".matter'),
    ('matter = ["ending"]\ndeadline = "at once"', 'matter = ["end"]\ndeadline = "at once"', 'duty."cease_use".matter'),
    ('paused_by = "force_majeure"', 'paused_by = "act_of_god"', 'power."suspend.breach".clocks[0].paused_by'),
    ("[kind.analogous_event]", "[kind.hold]", "kind.hold"),
    ("[kind.analogous_event]", "[kind.ending]", "kind.ending"),
    # notices
    ('start = "notice:breach"', 'start = "notice:brech"', 'power."suspend.breach".clocks[0].start'),
    ('start = "notice:breach"', 'start = "notice:"', 'power."suspend.breach".clocks[0].start'),
    ('start = "notice:breach"', 'start = "notice"', 'power."suspend.breach".clocks[0].start'),
    ('exercise = "notice:non_renewal"', 'exercise = "notice:renewal"', 'power."non_renewal".exercise'),
    ('exercise = "posting"', 'exercise = "post"', 'power."terminate.discontinuation".exercise'),
    ('arises = "notice:warranty"', 'arises = "notice:guarantee"', 'duty."correct_warranty".arises'),
    ('arises = "notice:warranty"', 'arises = "warranty"', 'duty."correct_warranty".arises'),
    ('arises = "notice:warranty"', 'arises = "end"', 'duty."correct_warranty".arises'),
    ('met_by = ["notice:claim"]', 'met_by = ["notice:clam"]', 'duty."notify_claim.customer".met_by'),
    # days
    ('given = { start = "due"', 'given = { start = "duue"', "notice_kind.overdue.given.start"),
    ('start = "term end"', 'start = "term ending"', 'power."non_renewal".clocks[0].start'),
    (
        '{ start = "due", compare = "at least", n = 30, clause',
        '{ start = "issued", compare = "at least", n = 30, clause',
        'power."suspend.overdue".clocks[0].start',
    ),
    ('deadline = { start = "start"', 'deadline = { start = "received"', 'duty."notify_claim.customer".deadline.start'),
    # ends
    ('ended_by = ["resolved"]', 'ended_by = ["fixed"]', 'power."suspend.security".ended_by'),
    ('prevented_by = ["paid"', 'prevented_by = ["payed"', 'power."payment_terms.shorter".prevented_by'),
    ('met_by = ["settled"', 'met_by = ["setled"', 'duty."allow_defence".met_by'),
    (
        'ends = ["paid", "credited", "written_off", "voided"]\nattributes',
        'ends = ["paid", "voided"]\nattributes',
        "kind.invoice.ends",
    ),
    # attributes and conditions
    ("when = { attempted = false }", "when = { tried = false }", 'power."suspend.assignment".when.tried'),
    ("when = { attempted = false }", 'when = { attempted = "no" }', 'power."suspend.assignment".when.attempted'),
    ('party = "customer" }\nclocks', 'party = "tenant" }\nclocks', 'power."suspend.breach".when.party'),
    (
        'unless = { payment = "card" }',
        'unless = { payment = "cash" }',
        'power."suspend.overdue".clocks[0].unless.payment',
    ),
    ('unless = { payment = "card" }', 'unless = { means = "card" }', 'power."suspend.overdue".clocks[0].unless.means'),
    (
        'when = { payment = "card" }',
        'when = { payment = ["card", "cash"] }',
        'power."suspend.overdue".clocks[1].when.payment',
    ),
    (
        'order_unless = { discontinuation = "excluded" }',
        'order_unless = { discontinuation = "no" }',
        'power."terminate.discontinuation".order_unless',
    ),
    (
        'order_unless = { discontinuation = "excluded" }',
        'order_unless = { ending = "excluded" }',
        'power."terminate.discontinuation".order_unless',
    ),
    (
        'when = { power = ["terminate.breach"',
        'when = { powers = ["terminate.breach"',
        'duty."pay_remaining".when.powers',
    ),
    ('when = { power = ["terminate.breach"', 'when = { power = ["terminate.broach"', 'duty."pay_remaining".when.power'),
    ('by = "provider" }   # reading 3.3-direction', 'by = "supplier" }', 'duty."pay_remaining".when.by'),
    ('remediable = "yes or no"', 'remediable = "yes or on"', "kind.breach.attributes.remediable"),
    # powers
    ('powers = ["terminate.discontinuation"]', 'powers = ["discontinue"]', "effect[10].powers"),
    ('stopped_by = "non_renewal"', 'stopped_by = "stop"', "renewal.stopped_by"),
    ('stopped_by = "non_renewal"', 'stopped_by = "suspend.security"', "renewal.stopped_by"),
    ('lifts = "by an act"', "", 'power."suspend.security".lifts'),
    ('does = "stop renewal"\nby = "either"', 'does = "suspend"\nby = "either"', 'power."non_renewal".lifts'),
    (
        CONSENT,
        f'{CONSENT}\nclocks = [{{ start = "due", compare = "at least", n = 30 }}]',
        'power."assign.consent".clocks[0].start',
    ),
    (
        CONSENT,
        f'{CONSENT}\nclocks = [{{ start = "start", compare = "at least", n = 30 }}]',
        'power."assign.consent".clocks[0].start',
    ),
    (CONSENT, f"{CONSENT}\nwhen = {{ remediable = true }}", 'power."assign.consent".when.remediable'),
    (
        'clause = "1.3"\norder_unless',
        'clause = "1.3"\nended_by = ["cured"]\norder_unless',
        'power."terminate.discontinuation".ended_by',
    ),
    ('by = "both"\nclause = "8.3"', 'by = "other"\nclause = "8.3"', 'power."assign.consent".by'),
    # acts
    ('on = ["suspend"]', 'on = ["suspnd"]', "effect[0].on"),
    ('on = ["terminate"]\nby = "customer"', 'on = ["end"]\nby = "customer"', "rule[2].on"),
    # counting
    ("n = 60", 'n = 2, unit = "months"', 'power."terminate.proceeding".clocks[0].rounding'),
    ("n = 60", 'n = 1, unit = "years"', 'power."terminate.proceeding".clocks[0].rounding'),
    (
        'n = 30, reads = "of receiving',
        'n = 1, unit = "months", reads = "of receiving',
        'duty."notify_claim.customer".deadline.rounding',
    ),
    (
        'direction = "before", compare = "at least"',
        'direction = "before", compare = "not within"',
        'power."non_renewal".clocks[0].compare',
    ),
    (
        'direction = "before", compare = "at least"',
        'direction = "before", unit = "hours", compare = "at least"',
        'power."non_renewal".clocks[0].compare',
    ),
    ('compare = "no later than", n = 30', 'compare = "at least", n = 30', 'duty."notify_claim.customer".deadline'),
    (METHOD, 'courier = { counts = "dispatch", n = 1, unit = "months" }', "notice.methods.courier.unit"),
    (METHOD, 'courier = { counts = "dispatch", n = 72, unit = "hours" }', "notice.methods.courier.unit"),
    (
        "[counting]",
        '[counting]\nweekend = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]',
        "counting.weekend",
    ),
    # names that would be ambiguous
    ('days = ["due"]', 'days = ["due", "start"]', "kind.invoice.days"),
    ('days = ["due"]', 'days = ["due", "notice:overdue"]', "kind.invoice.days"),
    ('key = "3.4-expiry"', 'key = "3.4-number"', "reading[1].key"),
    ('default = "1.6"', 'default = "1.4"', "reading[0].default"),
]


@pytest.mark.parametrize(("old", "new", "path"), DANGLING, ids=[f"{path}: {new}"[:110] for _, new, path in DANGLING])
def test_a_reference_that_leads_nowhere_is_a_fault_at_its_path(old: str, new: str, path: str) -> None:
    found = faults(patched(old, new))
    assert any(problem.endswith(f" at {path}") for problem in found), found


def test_a_clock_in_months_that_names_its_rounding_is_read() -> None:
    text = patched("n = 60", 'n = 2, unit = "months", rounding = "down"')
    clock = parse(text.encode()).powers["terminate.proceeding"].clocks[0]
    assert (str(clock.period), clock.rounding) == ("2 months", "down")


# ---- documents from outside ----------------------------------------------------------------------------------------

HOSTILE = {
    "not UTF-8": b"\xff\xfe",
    "latin-1": SMALL.replace("Small", "Sm\u00e4ll").encode("latin-1"),
    "UTF-16": SMALL.encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf" + SMALL.encode(),
    "NUL": SMALL.encode() + b"\x00",
    "torn": SMALL.encode()[:-5],
    "not TOML": b"id: small",
    "JSON": b'{"terms": {}}',
    "key twice": SMALL.encode() + b'"1" = { title = "again" }\n',
    "table twice": SMALL.encode() + b"[terms]\n",
    "too large": SMALL.encode() + b"#" * MAX_BYTES,
    "5,000 digits": SMALL.encode() + b"[counting]\nn = " + b"9" * 5_000,
    "lists 100,000 deep": b"a = " + b"[" * 100_000,
    "closed lists 10,000 deep": b"a = " + b"[" * 10_000 + b"]" * 10_000,
    "tables 10,000 deep": b"a = " + b"{a=" * 10_000 + b"1" + b"}" * 10_000,
    "dotted key 3,000 deep": b"a" + b".a" * 3_000 + b" = 1",
    "dotted key in a condition": patched(
        "when = { attempted = false }", "when.attempted" + ".a" * 2_000 + " = 1"
    ).encode(),
    "dotted key in a clause": SMALL.encode() + b'"2"' + b".a" * 2_000 + b" = 1",
    "dotted header 3,000 deep": b"[a" + b".a" * 3_000 + b"]",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused(content: bytes) -> None:
    assert faults(content)


def test_a_file_of_the_largest_size_is_read() -> None:
    padding = b"#" * (MAX_BYTES - len(SMALL.encode()))
    assert parse(SMALL.encode() + padding).id == "small"
    assert faults(SMALL.encode() + padding + b"#") == (f"larger than {MAX_BYTES} bytes",)


def test_a_file_too_large_is_refused_when_loaded_by_path(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    path.write_bytes(SMALL.encode() + b"#" * 2 * MAX_BYTES)
    with pytest.raises(InvalidTerms, match="larger than"):
        load(path)


@pytest.mark.parametrize("code", ["0007", "0000", "000A", "007F", "0085", "200F", "202E", "2066"])
@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('title = "Small Terms"', 'title = "Small \\uCODETerms"', "terms.title"),
        ('{ title = "All" }', '{ title = "A\\uCODEll" }', "clauses.1.title"),
        ('"1" = {', '"1\\uCODE" = {', "clauses"),
        ('id = "small"', 'id = "sm\\uCODEall"', "terms.id"),
    ],
    ids=["title", "clause title", "clause number", "id"],
)
def test_control_characters_are_refused_in_every_text(code: str, old: str, new: str, path: str) -> None:
    assert old in SMALL
    found = faults(SMALL.replace(old, new.replace("CODE", code)))
    assert any(f"U+{code}" in problem and f" at {path}" in problem for problem in found), found


@pytest.mark.parametrize("code", ["061C", "2028", "2029"])
def test_marks_of_direction_and_separators_of_lines_are_control_characters_too(code: str) -> None:
    assert faults(SMALL.replace("Small Terms", f"Small \\u{code}Terms"))


@pytest.mark.parametrize("name", ["", "x" * 2_001], ids=["empty", "long"])
def test_a_clause_number_is_a_short_text(name: str) -> None:
    assert faults(f'{SMALL}"{name}" = {{ title = "x" }}\n')


def test_a_text_has_a_limit() -> None:
    assert faults(SMALL.replace("Small Terms", "x" * 2_001)) == ("a text longer than 2000 characters at terms.title",)
    assert not faults(SMALL.replace("Small Terms", "x" * 2_000))


LINES = SHIPPED[PRIVACY_ID].decode().splitlines(keepends=True)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_file_with_lines_lost_doubled_or_swapped_is_read_or_refused(data: st.DataObject) -> None:
    at = data.draw(st.lists(st.integers(0, len(LINES) - 1), min_size=1, max_size=3))
    kept = data.draw(st.sampled_from(["lost", "doubled", "swapped"]))
    lines = list(LINES)
    for n in at:
        lines[n] = {"lost": "", "doubled": LINES[n] * 2, "swapped": LINES[n - 1]}[kept]
    faults("".join(lines))


@settings(max_examples=100, deadline=None)
@given(cut=st.integers(0, len(SHIPPED[PRIVACY_ID])), junk=st.binary(max_size=4))
def test_a_file_torn_anywhere_is_read_or_refused(cut: int, junk: bytes) -> None:
    faults(SHIPPED[PRIVACY_ID][:cut] + junk)


# ---- words of the model --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clauses", "clause", "covered"),
    [
        (("8",), "8", True),
        (("8",), "8.4", True),
        (("3.2",), "3.2(a)", True),
        (("3.2(b)",), "3.2(b)(ii)", True),
        (("1.1",), "1.12", False),  # 1.12 is not under 1.1
        (("1",), "1.12(a)", True),
        (("1",), "10", False),
        (("3.3",), "3.2(a)", False),
        (("8.4",), "8", False),
        ((), "1", False),
    ],
)
def test_a_list_of_clauses_covers_what_is_under_them(clauses: tuple[str, ...], clause: str, covered: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert covers(clauses, clause) is covered


@pytest.mark.parametrize(
    ("who", "subject", "parties"),
    [
        ("provider", "customer", ("provider",)),
        ("customer", None, ("customer",)),
        ("either", "customer", ("provider", "customer")),
        ("both", "customer", ()),
        ("other", "customer", ("provider",)),
        ("other", "provider", ("customer",)),
        ("subject", "customer", ("customer",)),
        ("subject", None, ("provider", "customer")),
    ],
)
def test_who_stands_for_parties(who: Any, subject: Any, parties: tuple[str, ...]) -> None:
    assert holders(who, subject) == parties


def test_powers_effects_and_rules_are_found_in_the_order_of_the_file() -> None:
    terms: Terms = load(MODAL_ID)
    assert [power.id for power in terms.powers_to("reinstate")] == ["reinstate.lift"]
    assert [power.clause for power in terms.powers_to("suspend")] == [
        *("1.12(a)", "1.12(b)", "1.12(c)", "1.12(c)", "1.12(d)", "1.12(d)", "1.12(e)"),
    ]
    assert "order fees due" in {e.id for e in terms.effects_of("terminate", "terminate.breach", "provider")}
    assert "order fees due" not in {e.id for e in terms.effects_of("terminate", "terminate.breach", "customer")}
    assert "no order fees" not in {e.id for e in terms.effects_of("terminate", "terminate.breach", "provider")}
    assert [rule.id for rule in terms.rules_on("terminate", "customer")] == ["no convenience"]
    assert [rule.id for rule in terms.rules_on("terminate", "provider")] == ["insolvency alone"]


@pytest.mark.parametrize(
    ("power", "rests"),
    [
        ("suspend.overdue", True),  # unpaid
        ("suspend.breach", True),  # uncured
        ("terminate.proceeding", True),  # not dismissed
        ("payment_terms.shorter", True),  # not paid in time
        ("suspend.security", False),  # at once
        ("non_renewal", False),  # a deadline, not a wait
        ("terminate.agreed", False),
    ],
)
def test_a_power_rests_on_silence_where_something_must_not_have_happened(power: str, rests: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert load(MODAL_ID).powers[power].rests_on_silence is rests
