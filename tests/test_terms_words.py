"""Terms in words: one way to say each thing. What is said is derived by hand from what the clock means."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lifecycle.errors import InvalidFact
from lifecycle.terms import load, parse, under, wording
from lifecycle.terms.drafting import answered, drafted
from lifecycle.terms.entries import entries
from lifecycle.terms.excerpt import excerpt
from lifecycle.terms.model import Clock, Method, Power, Terms
from lifecycle.terms.sheet import HEADINGS

MODAL = load("modal-2024-03-26")


def clock(start: str, compare: Any, n: int, **more: Any) -> Clock:
    return Clock(start=start, compare=compare, n=n, **more)


SAID = [
    # about, clock, its words
    ("invoice", clock("due", "at least", 30), "30 days or more after the due day"),
    ("invoice", clock("due", "at least", 0), "from the due day"),
    ("invoice", clock("due", "more than", 30), "more than 30 days after the due day"),
    ("invoice", clock("due", "more than", 0), "after the due day"),
    ("invoice", clock("due", "not within", 1), "not within 1 day after the due day"),
    ("invoice", clock("due", "no later than", 10), "no later than 10 days after the due day"),
    ("invoice", clock("due", "no later than", 0), "no later than the due day"),
    ("breach", clock("notice:breach", "not within", 30), "not within 30 days after the breach notice counts"),
    ("breach", clock("notice:breach", "not within", 0), "after the day on which the breach notice counts"),
    ("breach", clock("notice:breach", "at least", 0), "from the day on which the breach notice counts"),
    ("proceeding", clock("start", "more than", 60), "more than 60 days after the insolvency proceeding begins"),
    ("proceeding", clock("start", "at least", 72, unit="hours"),
     "72 hours or more after the insolvency proceeding begins"),
    ("ending", clock("start", "no later than", 5, unit="business days"),
     "no later than 5 business days after the agreement ends"),
    ("hold", clock("start", "at least", 2, unit="years"), "2 years or more after the hold begins"),
    ("force_majeure", clock("failure", "more than", 30), "more than 30 days after the failure day"),
    ("term", clock("term end", "at least", 30, direction="before"), "through the 30th day before the end of the term"),
    ("term", clock("term end", "more than", 30, direction="before"), "through the 31st day before the end of the term"),
    ("term", clock("term end", "at least", 1, direction="before"), "through the day before the end of the term"),
    ("term", clock("term end", "at least", 0, direction="before"), "through the end of the term"),
    ("term", clock("next term start", "at least", 10, direction="before", unit="business days"),
     "through the 10th business day before the start of the next term"),
    ("term", clock("term end", "more than", 2, direction="before", unit="months"),
     "through the day more than 2 months before the end of the term"),
    ("term", clock("term start", "at least", 0), "from the start of the term"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "found", "words"), SAID, ids=[words for *_, words in SAID])
def test_a_clock_in_words(kind: str, found: Clock, words: str) -> None:
    assert wording.bare_clock(found, (kind,), MODAL) == wording.clock(found, (kind,), MODAL) == words


@pytest.mark.parametrize(("more", "words"), [
    ({"leaves": "payment"}, " (time for payment)"),
    ({"unless": {"payment": "card"}}, " where payment is not card"),
    ({"when": {"payment": ("card", "invoice")}, "leaves": "payment"},
     " where payment is card or invoice (time for payment)"),
    ({"unit": "months", "rounding": "down"}, " (a day that does not exist is the last day of the month)"),
    ({"unit": "months", "rounding": "up"}, " (a day that does not exist is the first day of the next month)"),
    ({"rounding": "up"}, ""),  # a count of days needs none
    ({"paused_by": "force_majeure"}, " (not counting days of force majeure that stands in the way)"),
    ({"restarted_by": "force_majeure"}, " (counted anew after force majeure that stood in the way)"),
    ({"performance": True}, ""),  # last days stay where they fall
])  # fmt: skip
def test_what_a_clock_turns_on_and_what_stretches_it(more: dict[str, Any], words: str) -> None:
    found = clock("due", "at least", 30, **more)
    assert wording.clock(found, ("invoice",), MODAL) == wording.bare_clock(found, ("invoice",), MODAL) + words


def test_a_last_day_that_rolls_says_so() -> None:
    rolling = under(MODAL, {"counting-roll": "rolls to the next business day"})
    found = clock("due", "at least", 30, performance=True)
    assert wording.clock(found, ("invoice",), rolling).endswith(" (rolls to the next business day)")


def test_matters_of_several_kinds_just_begin() -> None:
    kinds = ("insolvency", "cessation")
    assert wording.bare_clock(clock("start", "more than", 3), kinds, MODAL) == "more than 3 days after it begins"


@pytest.mark.parametrize(("by", "kinds", "words"), [
    ("provider", (), "the provider"),
    ("either", ("breach",), "either party"),
    ("both", (), "both parties together"),
    ("other", ("breach",), "the party that the breach is not about"),
    ("subject", ("claim",), "the party that the third-party claim is about"),
    ("other", ("warranty_breach",), "the customer"),  # it is always the provider's
    ("subject", ("warranty_breach",), "the provider"),
    ("other", ("breach", "warranty_breach"), "the party that it is not about"),
    ("other", ("force_majeure",), "the party that the force majeure is not about"),
])  # fmt: skip
def test_who(by: Any, kinds: tuple[str, ...], words: str) -> None:
    assert wording.who(by, kinds, MODAL) == words


@pytest.mark.parametrize(("when", "unless", "kinds", "words"), [
    ({}, {}, (), ""),
    ({"material": True, "remediable": False}, {}, ("breach",), "material and not remediable"),
    ({}, {"material": True, "remediable": False}, ("breach",), "not material and remediable"),
    ({"party": "customer"}, {}, ("breach",), "it is the customer's"),
    ({}, {"party": "customer"}, ("breach",), "it is not the customer's"),
    ({"how": "expired"}, {}, ("ending",), "it is expired"),
    ({"by": "provider", "power": ("a_b", "c")}, {}, ("ending",),
     "it was ended by the provider and it ended under a_b or c"),  # an id stays as it is
    ({}, {"by": "provider", "power": "a"}, ("ending",),
     "it was not ended by the provider and it ended otherwise than under a"),
    ({"power": "a"}, {}, ("hold",), "power is a"),
])  # fmt: skip
def test_conditions(when: Any, unless: Any, kinds: tuple[str, ...], words: str) -> None:
    assert wording.conditions(when, unless, kinds) == words


def test_ends_and_notices() -> None:
    assert wording.ends(("paid", "written_off"), MODAL) == "paid or written off"
    assert wording.ends(("notice:claim", "settled"), MODAL) == "settled, or a notice of claim is given"
    assert wording.ends(("notice:overdue",), MODAL) == "an overdue notice is given"
    assert wording.ends((), MODAL) == ""
    told = wording.matters(("security_risk", "breach"), MODAL)
    assert told == "security risk or adverse impact (as the provider asserts) or breach"


def test_values() -> None:
    assert [wording.value(found) for found in (True, False, "by_card", ("a_b", "c"))] == [
        "yes",
        "no",
        "by card",
        "a b or c",
    ]


@pytest.mark.parametrize(("method", "words"), [
    (Method("in person"), "counts when handed over"),
    (Method("dispatch"), "counts when sent"),
    (Method("delivery"), "counts once delivered"),
    (Method("dispatch", 2, "business days"), "counts 2 business days after it was sent"),
    (Method("delivery", 1), "counts 1 day after it was delivered"),
])  # fmt: skip
def test_when_a_notice_counts(method: Method, words: str) -> None:
    assert wording.method(method) == words


@pytest.mark.parametrize(("exercise", "words"), [
    ("act", "by doing it"),
    ("written notice", "by written notice"),
    ("posting", "by posting it"),
    ("consent", "by both together in writing"),
    ("automatic", "by itself, once its conditions are met"),
    ("notice:overdue", "by giving an overdue notice"),
])  # fmt: skip
def test_how_a_power_is_exercised(exercise: str, words: str) -> None:
    assert wording.exercise(Power("x", "x", "note", "provider", "1", exercise), MODAL) == words


def test_by_when_a_duty_is_to_be_done() -> None:
    duties = MODAL.duties
    assert wording.deadline(duties["cease_use"], MODAL) == "at once"
    assert wording.deadline(duties["pay_accrued"], MODAL) == "no date is set"
    told = wording.deadline(duties["notify_claim.provider"], MODAL)
    assert told == "no later than 30 days after the third-party claim begins (time for notice)"


# ---- the sheet, and parts of it ----------------------------------------------------------------------------------


def sections(terms: Terms, **part: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in excerpt(terms, **part):
        found.setdefault(entry.section, []).append(entry.id)
    return found


def test_a_sheet_has_every_table_once_under_known_headings() -> None:
    found = list(entries(MODAL))
    assert len({(entry.section, entry.id) for entry in found}) == len(found)
    assert {entry.section for entry in found} <= set(HEADINGS)
    assert [entry.id for entry in found if entry.section == "clause"] == list(MODAL.clauses)
    assert {entry.id for entry in found if entry.section == "power"} == set(MODAL.powers)


def test_powers_to_do_the_same_stand_together() -> None:
    groups = [entry.group for entry in entries(MODAL) if entry.section == "power"]
    assert [act for i, act in enumerate(groups) if act not in groups[:i]] == [
        act for i, act in enumerate(groups) if i == 0 or act != groups[i - 1]]  # fmt: skip


def test_what_concerns_a_clause_is_what_is_under_it_or_cites_it() -> None:
    found = sections(MODAL, clause="1.12")
    assert found["clause"] == ["1.12", *(f"1.12({letter})" for letter in "abcde")]
    assert "suspend.overdue" in found["power"]
    assert "terminate.breach" not in found["power"]
    assert "suspend.breach" not in sections(MODAL, clause="1.1").get("power", [])  # 1.12 is not under 1.1
    assert sections(MODAL, clause="3.4")["survival"] == ["survival"]
    assert sections(MODAL, clause="7")["survival"] == ["survival"]  # which names it


def test_what_concerns_a_power_is_what_it_needs_and_brings_and_what_is_unclear_about_it() -> None:
    found = sections(MODAL, power="suspend.overdue")
    assert found["power"] == ["suspend.overdue"]
    assert found["clause"] == ["1.12(e)"]
    assert found["notice"] == ["overdue"]
    assert found["effect"] == ["access stops"]
    assert found["reading"] == ["or-more", "overdue-amounts"]
    assert sections(MODAL, power="terminate.breach")["notice"] == ["notice", "breach"]  # by written notice, after one


def test_a_clause_or_power_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(InvalidFact, match=r"no clause '1\.99'.*1\.12"):
        excerpt(MODAL, clause="1.99")
    with pytest.raises(InvalidFact, match=r"no power 'suspend'.*suspend\.overdue"):
        excerpt(MODAL, power="suspend")


def lines(terms: Terms, reading: str) -> list[tuple[str, str]]:
    (entry,) = [entry for entry in excerpt(terms) if (entry.section, entry.id) == ("reading", reading)]
    return [(line.label, line.text) for line in entry.lines][1:]


def test_each_other_meaning_is_told_by_what_it_changes() -> None:
    *told, (label, changes) = lines(MODAL, "3.2a-exercise")
    assert told == [("taken as", "yes, written"), ("or", "ends by itself")]
    assert label == "changes"
    where, _, how = changes.partition(" - ")
    assert where.split("; ") == [
        "3.2(a) terminate for a material breach not remedied",
        "3.2(a) terminate for a breach of warranty that correction did not remedy",
    ]
    assert how == "how: by written notice -> by itself, once its conditions are met"
    assert lines(MODAL, "3.1-early")[-1] == (
        "changes", "3.1 give notice of non-renewal - now when: from the start of the term")  # fmt: skip
    assert lines(MODAL, "late-cure")[-2][1].endswith("- no longer gone once: dismissed")
    assert lines(MODAL, "1.12e")[-1][1].startswith("added: 1.12(e) suspend for unpaid fees - who: the provider; ")


def test_read_otherwise_the_default_is_the_other_meaning() -> None:
    receipt = under(MODAL, {"8.5": "receipt"})
    told = lines(receipt, "8.5")
    assert told[:2] == [("taken as", "receipt"), ("or", "dispatch, the default")]
    assert told[2][1].endswith("registered mail counts once delivered -> registered mail counts when sent")


CLASHING = """
[[reading]]
key = "stayed"
clause = "4.2"
question = "Does a stay count as a dismissal?"
default = "no"
[[reading.alternative]]
meaning = "it takes its place"
patch = [
  { at = "kind.proceeding.ends", put = ["stayed"] },
  { at = 'power."terminate.proceeding".ended_by', put = ["stayed"] },
]

[[reading]]
key = "late"
clause = "4.2"
question = "Does a late dismissal count?"
default = "yes"
[[reading.alternative]]
meaning = "no"
patch = [{ at = 'power."terminate.proceeding".prevented_by', put = ["dismissed"] }]
"""


def test_a_meaning_that_does_not_go_with_those_chosen_says_so() -> None:
    terms = parse(f"{drafted(answered({}, date(2026, 1, 1)))}{CLASHING}".encode())
    label, told = lines(under(terms, {"stayed": "it takes its place"}), "late")[-1]
    assert label == "changes"
    assert told.startswith("makes no Terms: 'dismissed' ends none of proceeding")
