"""Findings: each sort can occur, says where, and no published Terms have errors."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import lifecycle
from lifecycle.errors import InvalidTerms
from lifecycle.terms import load, parse, published, reach, under
from lifecycle.terms.drafting import answered, drafted
from lifecycle.terms.finding import Finding, faults
from lifecycle.terms.review import findings
from lifecycle.terms.toml import written

EVERY_KEY = (Path(__file__).parent / "every_key.toml").read_text(encoding="utf-8")


def draft(**answers: object) -> str:
    """A new file after some answers."""
    return drafted(answered(answers, date(2026, 1, 1)))


DRAFT, MADE, NO_SUSPENSION = draft(), draft(begins="made"), draft(overdue_days=0)
ENDLESS = draft(begins="made", cure_days=0, insolvency_days=0, force_majeure_days=0)


def found(text: str) -> tuple[Finding, ...]:
    """What there is to find of a file, whether or not it loads."""
    try:
        return findings(parse(text.encode()))
    except InvalidTerms as error:
        return faults(error)


def changed(*patches: tuple[str, str], text: str = DRAFT, more: str = "") -> str:
    """A file with the first occurrence of each text replaced, and more at its end."""
    for old, new in patches:
        assert old in text, f"the patch no longer fits the file: {old}"
        text = text.replace(old, new, 1)
    return f"{text}\n{more}"


# ---- TOML in few words -------------------------------------------------------------------------------------------


def table(header: str, **keys: Any) -> str:
    """A table; what is not a plain value is TOML already."""
    told = (f"{key} = {value.toml if isinstance(value, Toml) else written(value)}" for key, value in keys.items())
    return "\n".join([header, *told, ""])


class Toml:
    """TOML as it stands."""

    def __init__(self, toml: str) -> None:
        self.toml = toml


def clock(start: str, compare: str, n: int, more: str = "") -> str:
    return f'{{ start = "{start}", compare = "{compare}", n = {n}{f", {more}" if more else ""} }}'


def clocks(*each: str) -> Toml:
    return Toml(f"[{', '.join(each)}]")


def power(**keys: Any) -> str:
    """A further power, ``power.x``."""
    plain = {"title": "a power", "does": "note", "by": "provider", "clause": "4", "exercise": "act"}
    return table("[power.x]", **{**plain, **keys})


def effect(*on: str, **keys: Any) -> str:
    return table("[[effect]]", **{"id": "x", "clause": "4", "text": "x", "on": list(on), **keys})


def reading(key: str, **patch: str) -> str:
    """An unclear clause with another meaning, ``other``, that puts values at paths."""
    puts = ", ".join(f"{{ at = '{PATHS[at]}', put = {value} }}" for at, value in patch.items())
    head = table("[[reading]]", key=key, clause="4", question="?", default="as it is")
    return head + table("[[reading.alternative]]", meaning="other", patch=Toml(f"[{puts}]"))


PATHS = {
    "ends": "kind.proceeding.ends",
    "ended_by": 'power."terminate.proceeding".ended_by',
    "prevented_by": 'power."terminate.proceeding".prevented_by',
    "clocks": 'power."terminate.proceeding".clocks',
    "n": 'power."terminate.proceeding".clocks[0].n',
    "start": 'power."terminate.proceeding".clocks[0].start',
    "direction": 'power."terminate.proceeding".clocks[0].direction',
    "unless": 'power."terminate.breach".unless',
}

# ---- each sort, seeded -------------------------------------------------------------------------------------------

ABOUT_BREACH, BREACH_BY = 'about = ["breach"]', 'clause = "4.1"\nby = "other"\nabout'
BY_BOTH, BY_CUSTOMER = (
    (BREACH_BY, BREACH_BY.replace("other", "both")),
    (BREACH_BY, BREACH_BY.replace("other", "customer")),
)
MATERIAL = "when = { material = true, remediable = true }"
CONTRADICTED = (MATERIAL, f"{MATERIAL}\nunless = {{ material = true }}")
BREACH_CLOCKS = 'clocks = [{ start = "notice:breach", compare = "not within"'
INVOICE_ENDS = 'ended_by = ["paid", "credited", "written_off", "voided"]\n'
ENDING, AT_ONCE = 'matter = ["ending"]', 'matter = ["ending"]\ndeadline = "at once"'
AGREED = ('does = "terminate"\nby = "both"', 'does = "note"\nby = "both"')
NO_LIFTING = ('does = "reinstate"', 'does = "note"')
SLOW_EMAIL = ('email = { counts = "delivery" }', 'email = { counts = "delivery", n = 5 }')
EARLY = clock("start", "at least", 50)
IN_FOUR_DAYS = f"[{clock('start', 'no later than', 4)}]"
DUPLICATE_CLOCK = re.sub(
    r"clocks = \[(\{ start = \"start\", compare = \"not within\".*?\})\]", r"clocks = [\1, \1]", DRAFT
)
BARE_METHODS = re.sub(r"\n(personal|registered_mail|courier|email) = .*", "", DRAFT)
NO_NOTICE_TABLE = EVERY_KEY.replace(EVERY_KEY[EVERY_KEY.index("[notice]") : EVERY_KEY.index("[trial]")], "")
BACKWARDS = clock("term end", "at least", 30, 'direction = "before"')

FAULTS = [
    # code, path, words of the problem, the file
    ("fault", "survival.clauses", "unknown clause '9.9'", changed(('clauses = ["4.4"', 'clauses = ["9.9"'))),
    ("fault", "", "line 4: the table terms stands there before", "[terms]\nid = 'x'\n\n[terms]\n"),
    ("fault", "", "line 3: the key or table that ends here", "[terms]\nid = 'x'\nid = 'y'\n"),
    ("fault", "", "line 2: Invalid value", "[terms]\nid = x\n"),
]  # fmt: skip
NEVER_OPENS = [
    # words of the problem, the file; about power.x but where another path is given
    ("its conditions exclude each other", changed(CONTRADICTED), 'power."terminate.breach"'),
    ("exclude each other", changed(more=power(matter=["invoice"], when=Toml('{ party = "provider" }')))),
    ("not before day 30, and not after day 10", changed(more=power(
        matter=["invoice"], clocks=clocks(clock("due", "at least", 30), clock("due", "no later than", 10))))),
    ("not before day 56, and not after day 50", changed(more=power(matter=["invoice"], clocks=clocks(
        clock("due", "at least", 2, 'unit = "months", rounding = "up"'), clock("due", "no later than", 50))))),
    ("not before day 3, and not after day 2", changed(more=power(matter=["invoice"], clocks=clocks(
        clock("start", "more than", 50, 'unit = "hours"'), clock("start", "no later than", 2))))),
    ("not before day 0, and not after day -30", changed(more=power(
        matter=["term"], clocks=clocks(BACKWARDS, clock("term end", "at least", 0))))),
    ("not before day 81, and not after day 60", changed(
        (ABOUT_BREACH, f"{ABOUT_BREACH}\ngiven = [{EARLY}]"),
        (BREACH_CLOCKS, BREACH_CLOCKS.replace("[", f"[{clock('start', 'no later than', 60)}, "))),
     'power."terminate.breach"'),
    ("a 'breach' notice, which is not about proceeding", changed(more=power(
        matter=["proceeding"], clocks=clocks(clock("notice:breach", "at least", 1))))),
    ("a 'breach' notice, which is not about proceeding", changed(more=power(
        matter=["proceeding"], needs="any",
        clocks=clocks(clock("notice:breach", "at least", 1), clock("notice:breach", "at least", 2))))),
    ("a 'breach' notice, which nobody can give", changed(BY_BOTH), 'power."terminate.breach"'),
    ("is not about proceeding", changed(more=power(matter=["proceeding"], exercise="notice:breach"))),
    ("its holder (provider) cannot give the 'breach' notice", changed(
        BY_CUSTOMER, more=power(matter=["breach"], exercise="notice:breach"))),
    ("exercised by a 'breach' notice, which nobody can give", changed(
        BY_BOTH, more=power(matter=["breach"], exercise="notice:breach"))),
    ("nobody may suspend", changed(text=NO_SUSPENSION, more=power(matter=["hold"]))),
    ("nobody may suspend", changed(text=NO_SUSPENSION, more=power(matter=["suspension"]))),
    ("there is no term", changed(text=MADE, more=power(matter=["term"]))),
    ("no framework", changed(more=power(matter=["idle"]))),
]  # fmt: skip
OTHERS = [
    # code, path, words of the problem, the file
    ("never-arises", "duty.cease_use", "its conditions exclude each other",
     changed((ENDING, f'{ENDING}\nwhen = {{ how = "expired" }}\nunless = {{ how = "expired" }}'))),
    ("never-arises", "duty.cease_use", "'breach' notices are not about proceeding",
     changed((ENDING, 'matter = ["proceeding"]\narises = "notice:breach"'))),
    ("never-arises", "duty.cease_use", "nothing ends the agreement", changed(AGREED, text=ENDLESS)),
    ("never-given", "notice_kind.breach", "by one party", changed(BY_BOTH)),
    ("never-given", "notice_kind.breach", "no method gives notice", BARE_METHODS),
    ("never-given", "notice_kind.breach", "its clocks leave no day", changed(
        (ABOUT_BREACH, f"{ABOUT_BREACH}\ngiven = [{EARLY}, {clock('start', 'no later than', 8)}]"))),
    # suspensions
    ("never-lifts", 'power."suspend.overdue".lifts', "no power is there to reinstate",
     changed(NO_LIFTING, ('lifts = "by itself"', 'lifts = "by an act"'))),
    ("never-lifts", 'power."suspend.overdue".lifts', "nothing takes the power away",
     changed(NO_LIFTING, (INVOICE_ENDS, ""))),
    # doubles
    ("twice", "effect[4].id", "'x' is taken", changed(more=effect("terminate") * 2)),
    ("twice", "rule[1].id", "'x' is taken", changed(more=table("[[rule]]", id="x", clause="4", text="x") * 2)),
    ("twice", "survival.clauses", "'5' stands 2 times", changed(('"5", "7"', '"5", "5", "7"'))),
    ("twice", "trial.lacks", "'5' stands 2 times", changed(("[trial]", '[trial]\nlacks = ["5", "5"]'))),
    ("twice", 'power."terminate.proceeding".clocks', "'not within 60 days' stands 2 times", DUPLICATE_CLOCK),
    # readings
    ("fault", "reading[0].alternative[0]", "no day of proceeding",
     changed(more=reading("r", start='"due"'))),
    ("reading-vain", "reading[0].alternative[0]", "changes nothing",
     changed(more=reading("r", direction='"after"'))),
    ("readings-clash", "reading[1]", "cannot be combined", changed(
        more=reading("a", ends='["stayed"]', ended_by='["stayed"]') + reading("b", prevented_by='["dismissed"]'))),
    ("readings-overlap", "reading[1]", "what a changes is lost", changed(
        more=reading("a", n="50") + reading("b", clocks=f"[{clock('start', 'at least', 5)}]"))),
    # what does nothing
    ("unused-kind", "kind.x", "no power, duty, notice or clock is about it",
     changed(more=table("[kind.x]", title="x", clause="4", party="none"))),
    ("unused-end", "kind.proceeding.ends", "its end 'stayed'",
     changed(('ends = ["dismissed"]', 'ends = ["dismissed", "stayed"]'))),
    ("unused-notice", "notice_kind.x", "no power or duty needs such a notice",
     changed(more=table("[notice_kind.x]", title="x", clause="4", by="either"))),
    ("unused-methods", "notice", "nothing is ever given by notice", ENDLESS),
    ("no-methods", "notice", "any writing counts at once", NO_NOTICE_TABLE),
    ("in-vain", 'power."terminate.breach".ended_by', "'notice:breach' takes no power away",
     changed(('ended_by = ["cured",', 'ended_by = ["notice:breach", "cured",'))),
    ("in-vain", "power.x.prevented_by", "nothing can prevent it first",
     changed(more=power(matter=["proceeding"], prevented_by=["dismissed"]))),
    ("in-vain", "power.x.lifts", "places no hold", changed(more=power(lifts="by an act"))),
    ("never-done", "effect[3].on", "nothing in these Terms does 'trial end'",
     changed(text=draft(trial_days=0), more=effect("trial end"))),
    ("never-done", "rule[0].on", "nothing in these Terms does 'suspend'",
     changed(text=NO_SUSPENSION, more=table("[[rule]]", id="x", clause="4", text="x", on=["suspend"]))),
    ("never-done", "effect[3].powers", "does 'suspend', and the effect is on 'terminate'",
     changed(more=effect("terminate", powers=["suspend.overdue"]))),
    ("unused-value", "order.attributes.tier", "no power turns on it",
     changed(("[order]", '[order]\nattributes.tier = ["a"]'))),
    ("unused-value", "order.values.wait", "no clock takes its period",
     changed(("[order]", '[order]\nvalues.wait = "x"'))),
    # lengths
    ("longer-than-term", "power.non_renewal.clocks[0].n", "31 days before the end of a term of 1 month",
     changed(("term = { n = 12", "term = { n = 1"), ('n = 30, reads = "before', 'n = 31, reads = "before'))),
    ("longer-than-term", "amendment.lead", "6 months are no shorter than a term of 5 months", changed(
        ("term = { n = 12", "term = { n = 5"), more=power(exercise="posting") + table(
            "[amendment]", clause="8", power="x", lead=Toml('{ n = 6, unit = "months" }')))),
    ("too-slow", "notice.methods.email", "counts 5 days later", changed(
        SLOW_EMAIL, (ABOUT_BREACH, f"{ABOUT_BREACH}\ngiven = {IN_FOUR_DAYS}"))),
    ("too-slow", "notice.methods.email", "4 days are left for it", changed(
        SLOW_EMAIL, (AT_ONCE, f'matter = ["breach"]\nmet_by = ["notice:breach"]\nclocks = {IN_FOUR_DAYS}'))),
    ("no-ending", "terms.begins", "nothing ends an agreement", changed(
        AGREED, (ENDING, 'matter = ["invoice"]'), text=ENDLESS)),
]  # fmt: skip
SEEDED = [
    *FAULTS,
    *(("never-opens", (*path, "power.x")[0], words, text) for words, text, *path in NEVER_OPENS),
    *OTHERS,
]


@pytest.mark.parametrize(("code", "path", "words", "text"), SEEDED, ids=[f"{c} {p} {w}"[:80] for c, p, w, _ in SEEDED])
def test_each_sort_of_finding_can_occur(code: str, path: str, words: str, text: str) -> None:
    told = [finding for finding in found(text) if (finding.code, finding.path) == (code, path)]
    assert any(words in finding.problem for finding in told), [str(finding) for finding in found(text)]
    assert all(finding.advice for finding in told)


def test_every_sort_of_finding_is_seeded() -> None:
    package = Path(lifecycle.__file__).parent / "terms"
    source = "".join((package / f"{name}.py").read_text(encoding="utf-8") for name in ("finding", "review", "idle"))
    assert {code for code, *_ in SEEDED} == set(re.findall(r'\b(?:error|hint)\(\s*"([a-z-]+)"', source))


# ---- what is as it should be -------------------------------------------------------------------------------------


@pytest.mark.parametrize("terms", published())
def test_no_published_terms_have_errors(terms: str) -> None:
    assert [str(finding) for finding in findings(load(terms)) if finding.severity == "error"] == []


def test_a_new_file_has_nothing_to_find() -> None:
    assert found(DRAFT) == found(EVERY_KEY) == ()


def test_errors_come_before_advice() -> None:
    text = changed(("term = { n = 12", 'term = { n = 30, unit = "days" } #'), CONTRADICTED)
    assert [finding.severity for finding in found(text)] == ["error", "advice"]
    assert str(found(text)[0]).startswith("error: no matter of breach can be so")


def test_a_fault_without_a_place_is_told_whole() -> None:
    refusal = InvalidTerms("x", ("these meanings do not go together: there is nothing at 'a'", "wanted at terms.id"))
    assert [(finding.path, finding.problem) for finding in faults(refusal)] == [
        ("", "these meanings do not go together: there is nothing at 'a'"),
        ("terms.id", "wanted"),
    ]


def test_readings_are_looked_at_apart_from_those_chosen() -> None:
    """Read otherwise, what is chosen changes nothing any more, and that is no fault."""
    terms = parse(changed(more=reading("r", n="50")).encode())
    assert findings(under(terms, {"r": "other"})) == ()


def test_a_reading_can_bring_an_error() -> None:
    terms = parse(changed(more=reading("r", unless="{ material = true }")).encode())
    assert findings(terms) == ()
    assert [finding.code for finding in findings(under(terms, {"r": "other"}))] == ["never-opens"]


# ---- what can come about -----------------------------------------------------------------------------------------

ATTRIBUTES = ('ends = ["paid"', 'attributes = { payment = ["card", "invoice"], memo = "text" }\nends = ["paid"')
CARD = 'when = { payment = "card" }'
NOT_BY_CARD = clock("due", "at least", 30, CARD.replace("when", "unless"))


def opens(text: str) -> bool:
    terms = parse(text.encode())
    return not reach.why_never_opens(terms.powers["x"], terms)


@pytest.mark.parametrize(("more", "expected"), [
    # beside a clock of 30 days for invoices not paid by card: whether a window is left for some invoice
    ([clock("due", "no later than", 9, CARD)], True),  # those not by card
    ([clock("due", "no later than", 9)], True),  # those by card: the first does not count for them
    ([clock("due", "no later than", 9), clock("due", "at least", 10)], False),
    ([clock("due", "no later than", 9), clock("due", "at least", 10, CARD)], False),
    ([clock("due", "no later than", 29, 'when = { memo = "x" }')], True),  # those with another memo
    ([clock("due", "no later than", 29, 'when = { memo = ["x", "y"] }')], True),
    ([clock("start", "no later than", 9)], True),  # another start: nobody knows how far apart
    ([clock("due", "no later than", 30)], True),  # day 30 itself
    ([clock("due", "no later than", 4, 'unit = "business days"')], True),  # there may be holidays
    ([clock("due", "no later than", 1, 'unit = "months", rounding = "down"')], True),  # 31 days at most
])  # fmt: skip
def test_a_power_opens_if_it_does_for_some_matter(more: list[str], expected: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert opens(changed(ATTRIBUTES, more=power(matter=["invoice"], clocks=clocks(NOT_BY_CARD, *more)))) is expected


@pytest.mark.parametrize(
    "more", ['order_value = "wait"', 'paused_by = "force_majeure"', 'restarted_by = "force_majeure"']
)
def test_what_an_order_may_name_or_a_pause_stretch_is_unknown(more: str) -> None:
    names_others = ('party = "none"', 'party = "none"\nattributes = { prevents = "matters" }')
    each = clocks(clock("due", "at least", 30), clock("due", "no later than", 9, more))
    assert opens(
        changed(names_others, ("[order]", '[order]\nvalues.wait = "x"'), more=power(matter=["invoice"], clocks=each))
    )


def test_a_last_day_that_rolls_may_be_any_number_of_days_later() -> None:
    last = clocks(clock("due", "at least", 30), clock("due", "no later than", 29, "performance = true"))
    staying = changed(more=power(matter=["invoice"], clocks=last))
    assert not opens(staying)
    assert opens(changed(('roll = "none"', 'roll = "next business day"'), text=staying))


def test_a_power_with_very_many_conditions_is_taken_to_open() -> None:
    names = [f"a{i}" for i in range(13)]
    assert 2 ** len(names) > reach.MOST
    attributes = "attributes = { " + ", ".join(f'{name} = "yes or no"' for name in names) + " }"
    conditions = Toml("{ " + ", ".join(f"{name} = true" for name in names) + " }")
    contradicted = power(matter=["invoice"], when=conditions, unless=conditions)
    assert opens(changed(('ends = ["paid"', f'{attributes}\nends = ["paid"'), more=contradicted))


def test_the_party_that_a_breach_is_not_about_can_give_its_notice() -> None:
    assert opens(changed(more=power(matter=["breach"], by="other", exercise="notice:breach")))
