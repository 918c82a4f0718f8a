"""Terms files: what is published, what is read, and every fault with its path."""

from __future__ import annotations

import hashlib
import pickle
import re
import tomllib
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
from lifecycle.terms.model import covers, holders

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


def changed(*patches: tuple[str, str]) -> str:
    """The shipped Modal Terms with the first occurrence of each text replaced."""
    text = MODAL
    for old, new in patches:
        assert old in text, f"the patch no longer fits the file: {old}"
        text = text.replace(old, new, 1)
    return text


def paths(problems: tuple[str, ...]) -> set[str]:
    return {problem.rpartition(" at ")[2] for problem in problems}


# ---- what is published ---------------------------------------------------------------------------------------------


def test_the_published_terms_are_these() -> None:
    assert published() == ("bonterms-cloud-1.0", "common-paper-csa-2.1", MODAL_ID, PRIVACY_ID)


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


def test_a_file_is_read_anew_each_time(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(SMALL.replace('zone = "UTC"', 'zone = "Nowhere"'), encoding="utf-8")
    with pytest.raises(InvalidTerms):
        load(path)
    for zone in ("UTC", "Asia/Tokyo"):
        path.write_text(SMALL.replace('zone = "UTC"', f'zone = "{zone}"'), encoding="utf-8")
        assert load(path).zone == load(str(path)).zone == zone
    path.unlink()
    with pytest.raises(UnknownTerms):
        load(path)


def test_terms_survive_pickling() -> None:
    terms = load(MODAL_ID)
    assert pickle.loads(pickle.dumps(terms)) == terms


# ---- the shipped files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", SHIPPED)
def test_every_entry_cites_a_clause(id: str) -> None:
    document = tomllib.loads(SHIPPED[id].decode())
    for section in ("kind", "notice_kind", "power", "duty"):
        for name, table in document.get(section, {}).items():
            assert table.get("clause"), f"{section}.{name}"
    for section in ("effect", "rule", "reading"):
        for table in document.get(section, ()):
            assert table.get("clause"), f"{section} {table}"


# The numbers of the contract, from its text: power, clock, days, comparator, and the clause that says so.
NUMBERS = [
    ("suspend.breach", 0, 30, "not within", "1.12(d)"),  # cure in the 30 days of the notice
    ("suspend.breach.incurable", 0, 30, "not within", "1.12(d)"),
    ("suspend.overdue", 0, 30, "at least", "1.12"),  # from the 30th day on
    ("suspend.overdue", 1, 10, "at least", "1.12"),  # by card: from the 10th day on
    ("suspend.overdue", 2, 10, "at least", "1.12"),  # and ten days on notice
    ("accelerate.overdue", 0, 30, "at least", "1.12"),
    ("accelerate.overdue", 1, 10, "at least", "1.12"),
    ("interest.late", 0, 0, "more than", "2.2(a)"),  # overdue: after the due day
    ("payment_terms.shorter", 0, 0, "more than", "2.2(b)"),
    ("non_renewal", 0, 30, "at least", "3.1"),  # no later than 30 days before the term ends
    ("terminate.breach", 0, 30, "not within", "3.2(a)"),  # 30 days to cure, then terminate
    ("terminate.warranty", 0, 30, "not within", "3.2(a)"),  # the same after a correction that failed
    ("terminate.proceeding", 0, 60, "not within", "3.2(b)(ii)"),  # 60 days for dismissal
    ("terminate.force_majeure", 0, 30, "more than", "8.4"),  # day 30 is not yet more than 30
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
    deadlines = {duty.id: (clock.n, clock.compare, clock.unit, duty.clause) for duty in duties for clock in duty.clocks}
    claim = (30, "no later than", "days", "5.3")
    assert deadlines == {"notify_claim.customer": claim, "notify_claim.provider": claim}


@pytest.mark.parametrize("id", SHIPPED)
def test_the_ids_of_effects_and_rules_are_unique(id: str) -> None:
    terms = load(id)
    for names in ([effect.id for effect in terms.effects], [rule.id for rule in terms.rules]):
        assert len(names) == len(set(names))


def test_the_readings_of_the_design_are_named() -> None:
    keys = """3.4-number 3.4-expiry 3.4-five 3.2a-cure 3.2a-exercise late-cure 1.12d-incurable 1.12e or-more
        overdue-notice overdue-amounts 8.5 8.5-email 3.1-anchor 3.1-length 3.1-month 3.1-early 1.3-notice
        3.3-direction 8.4-start 8.4-cure 6.2 counting-roll"""
    assert set(keys.split()) <= {reading.key for reading in load(MODAL_ID).readings}


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


SECTIONS = """amendment clauses counting duty effect framework kind left_out notice notice_kind order power reading
    renewal rule survival terms trial"""


def test_all_faults_of_form_are_reported_at_once_with_their_paths() -> None:
    text = changed(
        ('title = "Modal Terms of Service"', "title = 7"),
        ("[survival]", "[survivl]"),
        ('title = "Access"', 'titel = "Access"'),
        ('party = "none"', 'party = "nobody"'),
        ("n = 60", "n = true"),
        ('lifts = "by itself"', 'lifts = "by magic"'),
        ('id = "no refund"', ""),
    )
    assert set(faults(text)) == {
        "a text is wanted, not 7 at terms.title",
        f"unknown key 'survivl' at the top: known are {', '.join(SECTIONS.split())}",
        "unknown key 'titel' at clauses.\"1.1\"",
        'a key is missing at clauses."1.1".title',
        "one of provider, customer, either, none is wanted, not 'nobody' at kind.force_majeure.party",
        'a whole number is wanted, not true at power."terminate.proceeding".clocks[0].n',
        "one of by itself, by an act is wanted, not 'by magic' at power.\"suspend.overdue\".lifts",
        "a key is missing at rule[0].id",
    }


def test_all_dangling_references_are_reported_at_once() -> None:
    text = changed(
        ('lacks = ["5.2"', 'lacks = ["5.9"'),
        ('stopped_by = "non_renewal"', 'stopped_by = "renewal"'),
        ('start = "notice:breach"', 'start = "notice:brech"'),
        ('paused_by = "force_majeure"', 'paused_by = "war"'),
        ('ended_by = ["dismissed"]', 'ended_by = ["dropped"]'),
    )
    assert paths(faults(text)) == {
        "trial.lacks",
        "renewal.stopped_by",
        'power."suspend.breach".clocks[0].start',
        'power."suspend.breach".clocks[0].paused_by',
        'power."terminate.proceeding".ended_by',
    }


def test_faults_of_form_and_dangling_references_are_reported_together() -> None:
    text = changed(
        ('text = "fees are not refundable"', "text = 3"), ('ended_by = ["resolved"]', 'ended_by = ["fixed"]')
    )
    assert paths(faults(text)) == {"rule[0].text", 'power."suspend.security".ended_by'}


def test_where_a_table_cannot_be_read_what_refers_to_it_is_not_said_to_be_wrong() -> None:
    text = changed(("n = 60", "n = 60.5"), ('ended_by = ["resolved"]', 'ended_by = ["fixed"]'))
    assert paths(faults(text)) == {'power."terminate.proceeding".clocks[0].n'}


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
    ('meaning = "1.4"', "reading[0].alternative[0]"),
]  # fmt: skip
INNER = [
    ('{ title = "Access"', 'clauses."1.1"'),
    ('{ counts = "in person" }', "notice.methods.personal"),
    ('{ start = "due", compare = "more than", n = 0', "notice_kind.overdue.given[0]"),
    ('{ start = "notice:overdue"', 'power."suspend.overdue".clocks[2]'),
    ('{ start = "start", compare = "no later than", n = 0', "kind.force_majeure.defaults.failure"),
    ('{ start = "start", compare = "no later than", n = 30', 'duty."notify_claim.customer".clocks[0]'),
    ('{ at = "survival.clauses[0]"', "reading[0].alternative[0].patch[0]"),
]  # fmt: skip


@pytest.mark.parametrize("key", ["extra", "Title", "clauze", '"titlé"'])
def test_every_table_is_closed(key: str) -> None:
    name = key.strip('"')
    inner = [(old, old.replace("{", f"{{ {key} = 1,", 1)) for old, _ in INNER]
    found = faults(changed(*((line, f"{line}\n{key} = 1") for line, _ in CLOSED), *inner))
    assert {problem for problem in found if "unknown key" in problem} == {
        f"unknown key {name!r} at {path}" for _, path in (*CLOSED, *INNER)
    }


METHOD = 'courier         = { counts = "dispatch" }'
STRICT = [
    # what stands in the file, what is put in its place, the path of the fault
    ('id = "modal-2024-03-26"', "id = 1", "terms.id"),
    ('id = "modal-2024-03-26"', "", "terms.id"),
    ("dated = 2024-03-26", "", "terms.dated"),
    ("dated = 2024-03-26", "dated = 2024", "terms.dated"),
    ("dated = 2024-03-26", 'dated = "last spring"', "terms.dated"),
    ("dated = 2024-03-26", "dated = 2024-03-26T00:00:00Z", "terms.dated"),
    ("dated = 2024-03-26", "dated = 00:00:00", "terms.dated"),
    ("dated = 2024-03-26", "dated = 0001-01-01", "terms.dated"),
    ('begins = "order"', 'begins = "soon"', "terms.begins"),
    ('zone = "America/Los_Angeles"', 'zone = ["UTC"]', "terms.zone"),
    ('first_day = "exclude"', 'first_day = "perhaps"', "counting.first_day"),
    ('first_day = "exclude"', "first_day = false", "counting.first_day"),
    ('roll = "none"', 'roll = "previous"', "counting.roll"),
    ("[counting]", '[counting]\nweekend = "sunday"', "counting.weekend"),
    ("[counting]", "[counting]\nweekend = [6]", "counting.weekend[0]"),
    ("[counting]", '[counting]\nholidays = ["2026-12-25", "Christmas"]', "counting.holidays[1]"),
    ("[counting]", "[counting]\nholidays = [9999-12-31]", "counting.holidays[0]"),
    (METHOD, 'courier = "dispatch"', "notice.methods.courier"),
    (METHOD, 'courier = { counts = "posting" }', "notice.methods.courier.counts"),
    (METHOD, "courier = { }", "notice.methods.courier.counts"),
    (METHOD, 'courier = { counts = "dispatch", n = 2.0 }', "notice.methods.courier.n"),
    ('lacks = ["5.2", "6.1", "6.2"]', 'lacks = "5.2"', "trial.lacks"),
    ('lacks = ["5.2", "6.1", "6.2"]', 'lacks = ["5.2", 6.1]', "trial.lacks[1]"),
    ('title = "Access"', "title = false", 'clauses."1.1".title'),
    ('discontinuation = ["allowed", "excluded"]', 'discontinuation = "allowed"', "order.attributes.discontinuation"),
    ('money = "owed"', "money = 1", "kind.invoice.money"),
    ('days = ["due"]', 'days = "due"', "kind.invoice.days"),
    ('days = ["due"]', "days = [true]", "kind.invoice.days[0]"),
    ('attributes = { payment = ["card", "invoice"] }', "attributes = []", "kind.invoice.attributes"),
    ('attributes = { payment = ["card", "invoice"] }', "attributes.payment = 1", "kind.invoice.attributes.payment"),
    ('asserted_by = "provider"', 'asserted_by = "both"', "kind.security_risk.asserted_by"),
    ('covers = "named or all"', 'covers = "all"', "notice_kind.overdue.covers"),
    ('about = ["invoice"]', 'about = "invoice"', "notice_kind.overdue.about"),
    ("n = 60", "n = 60.0", 'power."terminate.proceeding".clocks[0].n'),
    ("n = 60", "n = true", 'power."terminate.proceeding".clocks[0].n'),
    ("n = 60", "n = -60", 'power."terminate.proceeding".clocks[0].n'),
    ("n = 60", "n = 36_526", 'power."terminate.proceeding".clocks[0].n'),
    ("n = 60", 'n = 1_201, unit = "months", rounding = "down"', 'power."terminate.proceeding".clocks[0].n'),
    ("n = 60", 'n = 101, unit = "years", rounding = "down"', 'power."terminate.proceeding".clocks[0].n'),
    ("n = 60", 'n = 876_601, unit = "hours"', 'power."terminate.proceeding".clocks[0].n'),
    (METHOD, 'courier = { counts = "dispatch", n = 36_526 }', "notice.methods.courier.n"),
    ("n = 60", "n = nan", 'power."terminate.proceeding".clocks[0].n'),
    ("n = 60", "n = [60]", 'power."terminate.proceeding".clocks[0].n'),
    ("n = 60", 'n = 60, unit = "weeks"', 'power."terminate.proceeding".clocks[0].unit'),
    ("n = 60", 'n = 60, direction = "sideways"', 'power."terminate.proceeding".clocks[0].direction'),
    ("n = 60", 'n = 60, rounding = "nearest"', 'power."terminate.proceeding".clocks[0].rounding'),
    ('compare = "not within", n = 60', 'compare = ">", n = 60', 'power."terminate.proceeding".clocks[0].compare'),
    ('compare = "not within", n = 60', "n = 60", 'power."terminate.proceeding".clocks[0].compare'),
    ('{ start = "start", compare = "not within"', '{ compare = "not within"',
     'power."terminate.proceeding".clocks[0].start'),
    ("when = { attempted = false }", "when = { attempted = 0 }", 'power."suspend.assignment".when.attempted'),
    ("when = { attempted = false }", "when = false", 'power."suspend.assignment".when'),
    ("when = { attempted = false }", "when = { attempted = [true] }", 'power."suspend.assignment".when.attempted'),
    ('lifts = "by itself"', 'lifts = "by magic"', 'power."suspend.overdue".lifts'),
    ('does = "terminate"\nby = "other"', 'does = "terminate"\nby = "others"', 'power."terminate.breach".by'),
    ('by = "either"\n\n[notice_kind.claim]', 'by = "each"\n\n[notice_kind.claim]', "notice_kind.non_renewal.by"),
    ("outlives = true", 'outlives = "yes"', 'power."interest.late".outlives'),
    ('deadline = "at once"', 'deadline = "promptly"', "duty.cease_use.deadline"),
    ('deadline = "at once"', "deadline = 30", "duty.cease_use.deadline"),
    ('deadline = "at once"', "clocks = [{ n = 30 }]", "duty.cease_use.clocks[0]"),
    ('deadline = "at once"', "clocks = { n = 30 }", "duty.cease_use.clocks"),
    ('given = [{ start = "due", compare = "more than", n = 0, reads = "overdue", performance = true }]',
     'given = { start = "due", compare = "more than", n = 0, reads = "overdue" }', "notice_kind.overdue.given"),
    ('on = ["suspend"]', 'on = "suspend"', "effect[0].on"),
    ('figures = { rate = "1.5 %"', "figures = { rate = 1.5", "effect[5].figures.rate"),
    ('meaning = "1.4"', "meaning = 1.4", "reading[0].alternative[0].meaning"),
    ('meaning = "1.4"', "", "reading[0].alternative[0].meaning"),
    ("[trial]", "[[trial]]", "trial"),
    ("[kind.trial_limit]", "[[kind.trial_limit]]", "kind.trial_limit"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "path"), STRICT, ids=[f"{path}: {new}"[:90] for _, new, path in STRICT])
def test_a_value_of_another_type_is_a_fault_at_its_path_and_the_only_one(old: str, new: str, path: str) -> None:
    """What refers to a table that could not be read is no fault: it is there."""
    found = faults(changed((old, new)))
    assert found
    assert [problem for problem in found if not re.search(rf" at {re.escape(path)}(\W|$)", problem)] == []


@pytest.mark.parametrize("section", ["clauses", "kind", "notice_kind", "power", "duty"])
@pytest.mark.parametrize("value", ["1", '"x"', "[]", "[{}]", "[1]"])
def test_a_named_section_is_a_table_of_tables(section: str, value: str) -> None:
    text = (
        f"{section} = {value}\n{SMALL}"
        if section != "clauses"
        else f"clauses = {value}\n{SMALL.partition('[clauses]')[0]}"
    )
    assert any(problem.endswith(f" at {section}") for problem in faults(text))


@pytest.mark.parametrize("section", ["effect", "rule", "reading", "left_out"])
@pytest.mark.parametrize("value", ["1", '"x"', "{}", "[1]"])
def test_a_listed_section_is_a_list_of_tables(section: str, value: str) -> None:
    assert any(f" at {section}" in problem for problem in faults(f"{section} = {value}\n{SMALL}"))


def test_the_id_of_an_entry_is_the_name_of_its_table() -> None:
    found = faults(changed(('title = "insolvency proceeding"', 'id = "x"\ntitle = "insolvency proceeding"')))
    assert found == ("unknown key 'id' at kind.proceeding: the id is the name of the table",)


def test_an_empty_file_misses_everything_that_terms_must_say() -> None:
    keys = ("id", "title", "dated", "provider", "zone")
    assert set(faults("")) == {f"a key is missing at terms.{key}" for key in keys}


# ---- references that lead nowhere ----------------------------------------------------------------------------------

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
    ('clause = "2.2"', 'clause = "2.9"', "kind.invoice.clause"),
    ('title = "breach notice"\nclause = "3.2(a)"', 'title = "breach notice"\nclause = "3.2a"',
     "notice_kind.breach.clause"),
    ('by = "provider"\nclause = "1.12(a)"', 'by = "provider"\nclause = "1.12(z)"', 'power."suspend.security".clause'),
    ('n = 30, clause = "1.12"', 'n = 30, clause = "1.99"', 'power."suspend.overdue".clocks[0].clause'),
    ("given = [{ start", 'given = [{ clause = "1.99", start', "notice_kind.overdue.given[0].clause"),
    ('by = "customer"\nclause = "3.3"', 'by = "customer"\nclause = "3.33"', "duty.cease_use.clause"),
    ('rests_on = "5.2"', 'rests_on = "5.9"', 'duty."notify_claim.customer".rests_on'),
    ('n = 30, reads = "of receiving', 'n = 30, clause = "5.9", reads = "of receiving',
     'duty."notify_claim.customer".clocks[0].clause'),
    ('id = "access stops"\nclause = "1.12"', 'id = "access stops"\nclause = "1.99"', "effect[0].clause"),
    ('id = "no refund"\nclause = "2.1"', 'id = "no refund"\nclause = "2.9"', "rule[0].clause"),
    ('key = "3.4-number"\nclause = "3.4"', 'key = "3.4-number"\nclause = "3.9"', "reading[0].clause"),
    # kinds of matters
    ('limit = "trial_limit"', 'limit = "limit"', "trial.limit"),
    ('about = ["invoice"]', 'about = ["invoices"]', "notice_kind.overdue.about"),
    ('matter = ["security_risk"]', 'matter = ["security"]', 'power."suspend.security".matter'),
    ('matter = ["ending"]\ndeadline = "at once"', 'matter = ["end"]\ndeadline = "at once"', "duty.cease_use.matter"),
    ('paused_by = "force_majeure"', 'paused_by = "act_of_god"', 'power."suspend.breach".clocks[0].paused_by'),
    ("[kind.analogous_event]", "[kind.hold]", "kind.hold"),
    ("[kind.analogous_event]", "[kind.ending]", "kind.ending"),
    # notices
    ('start = "notice:breach"', 'start = "notice:brech"', 'power."suspend.breach".clocks[0].start'),
    ('start = "notice:breach"', 'start = "notice:"', 'power."suspend.breach".clocks[0].start'),
    ('start = "notice:breach"', 'start = "notice"', 'power."suspend.breach".clocks[0].start'),
    ('exercise = "notice:non_renewal"', 'exercise = "notice:renewal"', "power.non_renewal.exercise"),
    ('exercise = "posting"', 'exercise = "post"', 'power."terminate.discontinuation".exercise'),
    ('arises = "notice:warranty"', 'arises = "notice:guarantee"', "duty.correct_warranty.arises"),
    ('arises = "notice:warranty"', 'arises = "warranty"', "duty.correct_warranty.arises"),
    ('arises = "notice:warranty"', 'arises = "end"', "duty.correct_warranty.arises"),
    ('met_by = ["notice:claim"]', 'met_by = ["notice:clam"]', 'duty."notify_claim.customer".met_by'),
    # days
    ('given = [{ start = "due"', 'given = [{ start = "duue"', "notice_kind.overdue.given[0].start"),
    ('start = "term end"', 'start = "term ending"', "power.non_renewal.clocks[0].start"),
    ('{ start = "due", compare = "at least", n = 30, clause',
     '{ start = "issued", compare = "at least", n = 30, clause',
     'power."suspend.overdue".clocks[0].start'),
    ('clocks = [{ start = "start", compare = "no later than"',
     'clocks = [{ start = "received", compare = "no later than"', 'duty."notify_claim.customer".clocks[0].start'),
    # ends
    ('ended_by = ["resolved"]', 'ended_by = ["fixed"]', 'power."suspend.security".ended_by'),
    ('prevented_by = ["paid"', 'prevented_by = ["payed"', 'power."payment_terms.shorter".prevented_by'),
    ('met_by = ["corrected"]', 'met_by = ["mended"]', "duty.correct_warranty.met_by"),
    ('ends = ["paid", "credited", "written_off", "voided"]\nattributes', 'ends = ["paid", "voided"]\nattributes',
     "kind.invoice.ends"),
    # attributes and conditions
    ("when = { attempted = false }", "when = { tried = false }", 'power."suspend.assignment".when.tried'),
    ("when = { attempted = false }", 'when = { attempted = "no" }', 'power."suspend.assignment".when.attempted'),
    ('party = "customer" }\nclocks', 'party = "tenant" }\nclocks', 'power."suspend.breach".when.party'),
    ('unless = { payment = "card" }', 'unless = { payment = "cash" }',
     'power."suspend.overdue".clocks[0].unless.payment'),
    ('unless = { payment = "card" }', 'unless = { means = "card" }', 'power."suspend.overdue".clocks[0].unless.means'),
    ('when = { payment = "card" }', 'when = { payment = ["card", "cash"] }',
     'power."suspend.overdue".clocks[1].when.payment'),
    ('order_unless = { discontinuation = "excluded" }', 'order_unless = { discontinuation = "no" }',
     'power."terminate.discontinuation".order_unless'),
    ('order_unless = { discontinuation = "excluded" }', 'order_unless = { ending = "excluded" }',
     'power."terminate.discontinuation".order_unless'),
    ('when = { power = ["terminate.breach"', 'when = { powers = ["terminate.breach"', "duty.pay_remaining.when.powers"),
    ('when = { power = ["terminate.breach"', 'when = { power = ["terminate.broach"', "duty.pay_remaining.when.power"),
    ('by = "provider" }   # reading 3.3-direction', 'by = "supplier" }', "duty.pay_remaining.when.by"),
    ('when = { power = ["terminate.breach"', 'when = { how = "agreed", power = ["terminate.breach"',
     "duty.pay_remaining.when.how"),
    ('when = { power = ["terminate.breach"', 'when = { how = true, power = ["terminate.breach"',
     "duty.pay_remaining.when.how"),
    ('matter = ["hold"]', 'matter = ["hold"]\nwhen = { power = "suspend.braech" }',
     'power."reinstate.lift".when.power'),
    ('matter = ["hold"]', 'matter = ["hold"]\nunless = { by = "provider" }', 'power."reinstate.lift".unless.by'),
    ('matter = ["term"]', 'matter = ["term"]\nwhen = { how = "expired" }', "power.non_renewal.when.how"),
    ('attributes = { payment = ["card", "invoice"] }', 'attributes.payment = "number"',
     "kind.invoice.attributes.payment"),
    ('remediable = "yes or no"', 'remediable = "yes or on"', "kind.breach.attributes.remediable"),
    # powers
    ('powers = ["terminate.discontinuation"]', 'powers = ["discontinue"]', "effect[10].powers"),
    ('stopped_by = "non_renewal"', 'stopped_by = "stop"', "renewal.stopped_by"),
    ('stopped_by = "non_renewal"', 'stopped_by = "suspend.security"', "renewal.stopped_by"),
    ('lifts = "by an act"', "", 'power."suspend.security".lifts'),
    ('does = "stop renewal"\nby = "either"', 'does = "suspend"\nby = "either"', "power.non_renewal.lifts"),
    # acts
    ('on = ["suspend"]', 'on = ["suspnd"]', "effect[0].on"),
    ('on = ["terminate"]\nby = "customer"', 'on = ["end"]\nby = "customer"', "rule[2].on"),
    # counting
    ("n = 60", 'n = 2, unit = "months"', 'power."terminate.proceeding".clocks[0].rounding'),
    ("n = 60", 'n = 1, unit = "years"', 'power."terminate.proceeding".clocks[0].rounding'),
    ('n = 30, reads = "of receiving', 'n = 1, unit = "months", reads = "of receiving',
     'duty."notify_claim.customer".clocks[0].rounding'),
    ('direction = "before", compare = "at least"', 'direction = "before", compare = "not within"',
     "power.non_renewal.clocks[0].compare"),
    ('direction = "before", compare = "at least"', 'direction = "before", unit = "hours", compare = "at least"',
     "power.non_renewal.clocks[0].compare"),
    ('compare = "no later than", n = 30, reads', 'compare = "at least", n = 30, reads',
     'duty."notify_claim.customer".clocks[0]'),
    (METHOD, 'courier = { counts = "dispatch", n = 1, unit = "months" }', "notice.methods.courier.unit"),
    (METHOD, 'courier = { counts = "dispatch", n = 72, unit = "hours" }', "notice.methods.courier.unit"),
    ("[counting]",
     '[counting]\nweekend = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]',
     "counting.weekend"),
    # names that would be ambiguous
    ('days = ["due"]', 'days = ["due", "start"]', "kind.invoice.days"),
    ('days = ["due"]', 'days = ["due", "notice:overdue"]', "kind.invoice.days"),
    ('key = "3.4-expiry"', 'key = "3.4-number"', "reading[1].key"),
    ('default = "1.6"', 'default = "1.4"', "reading[0].alternative"),
    ('default = "only if correction fails"', 'default = "never"', "reading[22].alternative"),
    ('meaning = "always"', 'meaning = "never"', "reading[22].alternative"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "path"), DANGLING, ids=[f"{path}: {new}"[:110] for _, new, path in DANGLING])
def test_a_reference_that_leads_nowhere_is_a_fault_at_its_path(old: str, new: str, path: str) -> None:
    found = faults(changed((old, new)))
    assert any(problem.endswith(f" at {path}") for problem in found), found


@pytest.mark.parametrize(("key", "value"), [
    ("clocks", '[{ start = "start", compare = "at least", n = 30 }]'),
    ("clocks", '[{ start = "notice:breach", compare = "at least", n = 30 }]'),
    ("when", "{ remediable = true }"),
    ("unless", '{ party = "customer" }'),
    ("ended_by", '["cured"]'),
    ("prevented_by", '["notice:breach"]'),
    ("by", '"other"'),
    ("by", '"subject"'),
])  # fmt: skip
def test_a_power_without_a_matter_says_nothing_about_one(key: str, value: str) -> None:
    old = 'by = "both"\nclause = "8.3"'
    new = f'by = {value}\nclause = "8.3"' if key == "by" else f"{old}\n{key} = {value}"
    assert f'it takes a matter to be about at power."assign.consent".{key}' in faults(changed((old, new)))


@pytest.mark.parametrize(("old", "new"), [
    ("n = 60", 'n = 2, unit = "months", rounding = "down"'),
    ("n = 60", "n = 36_525"),
    ("n = 60", 'n = 5, unit = "business days"'),
    (METHOD, 'courier = { counts = "dispatch", n = 2, unit = "business days" }'),
    ('matter = ["hold"]', 'matter = ["hold"]\nwhen = { power = ["suspend.breach", "suspend.overdue"] }'),
    ("[counting]", '[counting]\nweekend = ["friday", "friday", "saturday"]'),
    ('meaning = "1.4"', 'meaning = "the section on trial use"'),
    ('on = ["suspend"]', 'on = ["suspend", "delete data"]'),
])  # fmt: skip
def test_what_leads_somewhere_is_read(old: str, new: str) -> None:
    assert faults(changed((old, new))) == ()


@pytest.mark.parametrize("name", ["plain", "with_under-score", "7", "with.dot", "with space", "größe", "東京"])
def test_a_name_is_quoted_in_a_path_only_where_toml_needs_it(name: str) -> None:
    """Bare keys of TOML 1.0 are made of A-Z, a-z, 0-9, _ and -; loader and checker write the same path."""
    path = f"kind.{name}" if re.fullmatch("[A-Za-z0-9_-]+", name) else f'kind."{name}"'
    for clause, more, says in (("1", "extra = 1", "unknown key 'extra'"), ("9", "", "unknown clause '9'")):
        kind = f'{SMALL}[kind."{name}"]\ntitle = "T"\nclause = "{clause}"\nparty = "none"\n{more}\n'
        assert faults(kind) == (f"{says} at {path}" if more else f"{says} at {path}.clause",)


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
    "dotted key in a condition": changed(
        ("when = { attempted = false }", "when.attempted" + ".a" * 2_000 + " = 1")
    ).encode(),
    "dotted key in a clause": SMALL.encode() + b'"2"' + b".a" * 2_000 + b" = 1",
    "dotted header 3,000 deep": b"[a" + b".a" * 3_000 + b"]",
    "dotted key 400,000 deep": b"a" + b".a" * 400_000 + b" = 1",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused(content: bytes) -> None:
    assert faults(content)


def test_a_line_may_have_a_hundred_dots() -> None:
    """A dotted key takes time that grows with the square of its dots."""
    assert faults(f"{SMALL}#{'.' * 100}\n#{'.' * 100}\n") == ()
    assert faults(f"{SMALL}#{'.' * 101}\n") == ("a line with more than 100 dots",)


def test_a_file_of_the_largest_size_is_read() -> None:
    padding = b"#" * (MAX_BYTES - len(SMALL.encode()))
    assert parse(SMALL.encode() + padding).id == "small"
    assert faults(SMALL.encode() + padding + b"#") == (f"larger than {MAX_BYTES} bytes",)


def test_a_file_too_large_is_refused_when_loaded_by_path(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    path.write_bytes(SMALL.encode() + b"#" * 2 * MAX_BYTES)
    with pytest.raises(InvalidTerms, match="larger than"):
        load(path)


@pytest.mark.parametrize(
    "code", ["0007", "0000", "000A", "007F", "0085", "061C", "200F", "2028", "2029", "202E", "2066"]
)
@pytest.mark.parametrize(("old", "new", "path"), [
    ('title = "Small Terms"', 'title = "Small \\uCODETerms"', "terms.title"),
    ('{ title = "All" }', '{ title = "A\\uCODEll" }', "clauses.1.title"),
    ('"1" = {', '"1\\uCODE" = {', "clauses"),
    ("[clauses]", '[kind."a\\uCODE"]\ntitle = "t"\nclause = "1"\nparty = "none"\n[clauses]', "kind"),
    ("[clauses]", '[order.attributes]\n"a\\uCODE" = ["b"]\n[clauses]', "order.attributes"),
    ('id = "small"', 'id = "sm\\uCODEall"', "terms.id"),
], ids=["title", "clause title", "clause number", "name of a kind", "attribute", "id"])  # fmt: skip
def test_control_characters_are_refused_in_every_text(code: str, old: str, new: str, path: str) -> None:
    assert old in SMALL
    found = faults(SMALL.replace(old, new.replace("CODE", code)))
    assert any(f"U+{code}" in problem and f" at {path}" in problem for problem in found), found


@pytest.mark.parametrize("name", ["", " ", "x" * 201], ids=["empty", "blank", "long"])
def test_a_clause_number_is_a_short_text(name: str) -> None:
    assert faults(f'{SMALL}"{name}" = {{ title = "x" }}\n')
    assert not faults(f'{SMALL}"{"x" * 200}" = {{ title = "x" }}\n')


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


@pytest.mark.parametrize(("clauses", "clause", "covered"), [
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
])  # fmt: skip
def test_a_list_of_clauses_covers_what_is_under_them(clauses: tuple[str, ...], clause: str, covered: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert covers(clauses, clause) is covered


@pytest.mark.parametrize(("who", "subject", "parties"), [
    ("provider", "customer", ("provider",)),
    ("customer", None, ("customer",)),
    ("either", "customer", ("provider", "customer")),
    ("both", "customer", ()),
    ("other", "customer", ("provider",)),
    ("other", "provider", ("customer",)),
    ("subject", "customer", ("customer",)),
    ("subject", None, ("provider", "customer")),
])  # fmt: skip
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


@pytest.mark.parametrize(("power", "rests"), [
    ("suspend.overdue", True),  # unpaid
    ("suspend.breach", True),  # uncured
    ("terminate.proceeding", True),  # not dismissed
    ("payment_terms.shorter", True),  # not paid in time
    ("suspend.insolvency", True),  # not dismissed
    ("suspend.security", False),  # the provider's own belief
    ("non_renewal", False),  # a deadline, not a wait
    ("terminate.agreed", False),
])  # fmt: skip
def test_a_power_rests_on_silence_where_something_must_not_have_happened(power: str, rests: bool) -> None:  # noqa: FBT001 - a parameter of the test
    modal = load(MODAL_ID)
    assert modal.rests_on_silence(modal.powers[power]) is rests
