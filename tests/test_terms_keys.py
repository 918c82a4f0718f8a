"""Every key and table of the form of Terms: read, closed, strict in type, and nowhere leading into the void.

One file uses them all; each row puts something else at a path of it, or drops what is there, and names the path of the
fault.
"""

from __future__ import annotations

import json
import tomllib
from datetime import date
from typing import Any

import pytest
from attrs import fields

from lifecycle.days import Period
from lifecycle.errors import InvalidTerms
from lifecycle.terms import Terms, model, parse
from lifecycle.terms.loading import under
from lifecycle.terms.patching import at, drop, places, put

FULL = """
[terms]
id = "full"
title = "Full Terms"
dated = 2026-01-01
provider = "Full, Inc."
zone = "America/Los_Angeles"
law = "California"
credit = "ours"
begins = "order"
applies_to = "all matters"

[clauses]
"1" = { title = "One", gist = "Everything." }
"2" = { title = "Two" }

[counting]
first_day = "exclude"
weekend = ["saturday", "sunday"]
calendar = "us-california"
holidays = [2026-10-12]
holidays_source = "the provider's own"
roll = "next business day"

[notice]
clause = "1"
methods = { mail = { counts = "dispatch", n = 2, unit = "business days" } }
others = { counts = "delivery" }

[trial]
clause = "1"
lacks = ["2"]
limit = "used_up"
length = { n = 14, unit = "days" }
gap = "goes on"

[order]
term = { n = 1, unit = "years" }
attributes = { plan = ["monthly", "annual"] }
values = { payment = "days in which an invoice is to be paid" }

[renewal]
clause = "1"
stopped_by = "stop"
longest = { n = 12, unit = "months" }
month_ends = "billing anchor"

[framework]
clause = "1"
at_least = { n = 2, unit = "years" }

[amendment]
clause = "1"
power = "modify"
lead = { n = 30, unit = "days" }
objection = "objection"
objected = "waits for renewal"

[survival]
clause = "1"
clauses = ["1"]
after = ["terminate"]

[kind.used_up]
title = "used up trial"
clause = "1"
party = "customer"

[kind.invoice]
title = "invoice"
clause = "1"
party = "customer"
money = "owed"
days = ["issued", "due"]
defaults.due = { start = "issued", compare = "no later than", n = 30, order_value = "payment", clause = "1" }
ends = ["paid", "credited", "written_off"]
attributes = { payment = ["card", "transfer"] }

[kind.dispute]
title = "dispute"
clause = "1"
party = "customer"
money = "disputed"
ends = ["settled"]
lasts = { start = "start", compare = "no later than", n = 15, clause = "1" }
asserted_by = "customer"
attributes = { disputes = "matters" }

[notice_kind.overdue]
title = "overdue notice"
clause = "1"
by = "provider"
about = ["invoice"]
covers = "named or all"
given = [{ start = "due", compare = "more than", n = 0, reads = "overdue" }]

[notice_kind.stop]
title = "non-renewal notice"
clause = "1"
by = "either"

[notice_kind.objection]
title = "objection"
clause = "1"
by = "customer"

[power.suspend]
title = "suspend"
does = "suspend"
by = "provider"
clause = "1"
matter = ["invoice"]
needs = "any"
when = { party = "customer" }
unless = { payment = "card" }
order_unless = { plan = "annual" }
ended_by = ["paid"]
blocked_by = ["dispute"]
exercise = "act"
lifts = "by itself"
lifts_with = "interest"
[[power.suspend.clocks]]
start = "due"
compare = "at least"
n = 30
clause = "1"
reads = "overdue"
leaves = "payment"
performance = true
paused_by = "dispute"
unless = { payment = "card" }
[[power.suspend.clocks]]
start = "due"
compare = "not within"
n = 1
unit = "months"
rounding = "up"
restarted_by = "dispute"
when = { payment = "card" }

[power.interest]
title = "charge interest"
does = "charge interest"
by = "provider"
clause = "1"
matter = ["invoice"]
clocks = [{ start = "due", compare = "more than", n = 0, order_value = "payment" }]
prevented_by = ["paid"]
exercise = "act"
outlives = true

[power.stop]
title = "give notice of non-renewal"
does = "stop renewal"
by = "either"
clause = "1"
matter = ["term"]
clocks = [{ start = "term end", direction = "before", compare = "at least", n = 30 }]
exercise = "notice:stop"

[power.modify]
title = "modify these terms"
does = "modify terms"
by = "provider"
clause = "1"
exercise = "posting"

[power.lapse]
title = "end by itself"
does = "terminate"
by = "provider"
clause = "1"
matter = ["dispute"]
clocks = [{ start = "start", compare = "at least", n = 90 }]
exercise = "automatic"

[duty.pay]
title = "pay"
by = "subject"
clause = "1"
matter = ["invoice"]
clocks = [
  { start = "due", compare = "no later than", n = 0 },
  { start = "notice:overdue", compare = "no later than", n = 10 },
]
needs = "any"
when = { payment = "transfer" }
unless = { payment = "card" }
arises = "start"
met_by = ["paid"]
rests_on = "2"
outlives = true
missed = "the amount is overdue"

[duty.warn]
title = "warn where practical"
by = "provider"
clause = "1"
matter = ["hold"]
deadline = "at once"
effort = true

[[effect]]
id = "access stops"
clause = "1"
text = "access stops"
on = ["suspend"]
powers = ["suspend"]
by = "provider"
figures = { rate = "1 %" }

[[rule]]
id = "no refund"
clause = "1"
text = "fees are not refundable"
on = ["terminate"]
by = "customer"

[[reading]]
key = "month"
clause = "1"
question = "Is a month thirty days?"
default = "no"
[[reading.alternative]]
meaning = "yes"
patch = [
  { at = "power.suspend.clocks[1].n", put = 30 },
  { at = "power.suspend.clocks[1].unit", drop = true },
]

[[left_out]]
clause = "2"
why = "it is not about the life of the agreement"
"""
DOCUMENT = tomllib.loads(FULL)


def written(value: Any) -> str:
    """A value as TOML writes it in one line."""
    match value:
        case dict():
            return f"{{ {', '.join(f'{json.dumps(k)} = {written(v)}' for k, v in value.items())} }}"
        case list():
            return f"[{', '.join(map(written, value))}]"
        case date():
            return value.isoformat()
        case _:
            return json.dumps(value)


def read(document: dict[str, Any]) -> Terms:
    return parse("\n".join(f"{key} = {written(value)}" for key, value in document.items()).encode())


def faults(*changes: tuple[str, Any]) -> tuple[str, ...]:
    """The problems of the file with other values at some paths (GONE: with what is there dropped)."""
    document: Any = DOCUMENT
    for path, value in changes:
        document = drop(document, places(path)) if value is GONE else put(document, places(path), value)
    try:
        read(document)
    except InvalidTerms as error:
        return error.problems
    return ()


def paths(problems: tuple[str, ...]) -> set[str]:
    return {problem.rpartition(" at ")[2] for problem in problems}


GONE: Any = object()
ISSUED = {"start": "issued", "compare": "no later than", "n": 30}
LASTS = {"start": "start", "compare": "no later than", "n": 15}
ABOUT = [{"start": "due", "compare": "at least", "n": 30}]

# Where each table of the form stands in the file.
TABLES: dict[str, type[Any]] = {
    "terms": model.Terms,
    "clauses.1": model.Clause,
    "counting": model.Counting,
    "notice": model.NoticeRule,
    "notice.methods.mail": model.Method,
    "notice.others": model.Method,
    "trial": model.Trial,
    "trial.length": Period,
    "order": model.OrderForm,
    "order.term": Period,
    "renewal": model.Renewal,
    "renewal.longest": Period,
    "framework": model.Framework,
    "framework.at_least": Period,
    "amendment": model.Amendment,
    "amendment.lead": Period,
    "survival": model.Survival,
    "kind.invoice": model.Kind,
    "kind.dispute": model.Kind,
    "kind.invoice.defaults.due": model.Clock,
    "kind.dispute.lasts": model.Clock,
    "notice_kind.overdue": model.NoticeKind,
    "notice_kind.overdue.given[0]": model.Clock,
    "power.suspend": model.Power,
    "power.interest": model.Power,
    "power.suspend.clocks[0]": model.Clock,
    "power.suspend.clocks[1]": model.Clock,
    "power.stop.clocks[0]": model.Clock,
    "duty.pay": model.Duty,
    "duty.warn": model.Duty,
    "duty.pay.clocks[1]": model.Clock,
    "effect[0]": model.Effect,
    "rule[0]": model.Rule,
    "reading[0]": model.Reading,
    "reading[0].alternative[0]": model.Alternative,
    "reading[0].alternative[0].patch[0]": model.Patch,
    "reading[0].alternative[0].patch[1]": model.Patch,
    "left_out[0]": model.LeftOut,
}
SECTIONS = """clauses counting notice trial renewal framework amendment survival order kinds notices powers duties
    effects rules readings left_out"""
MADE = {"digest", "holidays", "chosen", "document", "memo"}  # what the loader adds to a file


def test_the_file_says_everything_that_a_file_can_say() -> None:
    assert read(DOCUMENT).id == "full"
    for cls in set(TABLES.values()):
        said = {key for path, table in TABLES.items() if table is cls for key in at(DOCUMENT, places(path))}
        known = {field.name for field in fields(cls)}
        known -= MADE | set(SECTIONS.split()) if cls is model.Terms else {"id"} - said
        assert said == known, cls


def test_what_a_file_says_is_what_its_terms_hold() -> None:
    terms = read(DOCUMENT)
    assert (terms.applies_to, terms.counting.calendar) == ("all matters", "us-california")
    assert {date(2026, 10, 12), date(2026, 3, 31)} <= terms.holidays  # listed here, and in the calendar that is named
    assert terms.notice
    assert terms.notice.others == model.Method("delivery")
    assert terms.notice.method("mail") == model.Method("dispatch", 2, "business days")
    assert terms.notice.method("pigeon") == model.Method("delivery")
    assert terms.notice.method("") is terms.notice.method(None) is None
    assert terms.trial == model.Trial("1", ("2",), "used_up", Period(14, "days"), "goes on")
    assert (terms.order.term, terms.order.attributes) == (Period(1, "years"), {"plan": ("monthly", "annual")})
    assert list(terms.order.values) == ["payment"]
    assert terms.renewal == model.Renewal("1", "stop", Period(12, "months"), "billing anchor")
    assert terms.framework == model.Framework("1", Period(2, "years"))
    assert terms.amendment == model.Amendment("1", "modify", Period(30), "objection", "waits for renewal")
    assert terms.survival == model.Survival("1", ("1",), ("terminate",))
    assert terms.kinds["invoice"].defaults == {
        "due": model.Clock("issued", 30, "no later than", clause="1", order_value="payment")
    }
    assert terms.kinds["dispute"].lasts == model.Clock("start", 15, "no later than", clause="1")
    assert terms.left_out == (model.LeftOut("2", "it is not about the life of the agreement"),)
    assert terms.readings[0].meanings == ("no", "yes")
    assert (terms.powers["suspend"].needs, terms.powers["suspend"].lifts_with) == ("any", "interest")


def test_what_a_file_leaves_out_has_a_meaning_of_its_own() -> None:
    gone = ("counting", "notice.others", "trial", "order", "renewal.longest", "renewal.month_ends", "framework")
    document: Any = {**DOCUMENT, "reading": []}
    for path in (*gone, "amendment", "survival.after", "power.suspend.order_unless", "terms.applies_to"):
        document = drop(document, places(path))
    for path in ("kind.invoice.defaults.due.order_value", "power.interest.clocks[0].order_value"):
        document = drop(document, places(path))
    terms = read(document)
    assert terms.applies_to == "new matters"
    assert (terms.counting, terms.holidays) == (model.Counting(), frozenset())
    assert (terms.trial, terms.framework, terms.amendment, terms.order) == (None, None, None, model.OrderForm())
    assert terms.renewal == model.Renewal("1", "stop", None, "corresponding day")
    assert terms.survival == model.Survival("1", ("1",), ("expire", "terminate"))
    assert terms.notice
    assert terms.notice.method("pigeon") is None


@pytest.mark.parametrize("path", TABLES)
@pytest.mark.parametrize("key", ["extra", "Clause"])
def test_every_table_is_closed(path: str, key: str) -> None:
    assert f"unknown key {key!r} at {path}" in faults((f"{path}.{key}", 1))


NEEDED = """terms.zone trial.clause renewal.stopped_by framework.clause amendment.clause amendment.power
    survival.clauses order.term.n trial.length.n amendment.lead.n notice.others.counts kind.dispute.party
    kind.invoice.defaults.due.start kind.invoice.defaults.due.n kind.dispute.lasts.compare
    notice_kind.overdue.given[0].n duty.pay.clocks[1].start reading[0].default reading[0].alternative
    reading[0].alternative[0].meaning reading[0].alternative[0].patch reading[0].alternative[0].patch[0].at
    left_out[0].clause left_out[0].why"""


@pytest.mark.parametrize("path", NEEDED.split())
def test_a_key_that_must_be_there_is_missed(path: str) -> None:
    assert f"a key is missing at {path}" in faults((path, GONE))


STRICT: list[tuple[str, Any, str]] = [
    # path, what is put there, the path of the fault if another
    ("terms.applies_to", "some matters", ""),
    ("counting.calendar", ["us-california"], ""),
    ("notice.others", "delivery", ""),
    ("notice.others.counts", "receipt", ""),
    ("notice.others.n", 1.5, ""),
    ("trial.length", 14, ""),
    ("trial.length.n", "14", ""),
    ("trial.length.unit", "weeks", ""),
    ("trial.length.n", 36_526, "trial.length"),
    ("trial.gap", "stops", ""),
    ("order.term", "1 year", ""),
    ("order.term.unit", "year", ""),
    ("order.attributes", ["plan"], ""),
    ("order.attributes.plan", "annual", ""),
    ("order.values", ["payment"], ""),
    ("order.values.payment", 30, ""),
    ("renewal.longest", 12, ""),
    ("renewal.longest.n", True, ""),
    ("renewal.month_ends", "last day", ""),
    ("framework", [{"clause": "1"}], ""),
    ("framework.at_least", "two years", ""),
    ("amendment.lead", 30, ""),
    ("amendment.objection", ["objection"], ""),
    ("amendment.objected", "binds", ""),
    ("survival.after", "expire", ""),
    ("survival.after", ["expired"], "survival.after[0]"),
    ("kind.invoice.defaults", [ISSUED], ""),
    ("kind.invoice.defaults.due", 30, ""),
    ("kind.invoice.defaults.due.n", "30", ""),
    ("kind.invoice.money", True, ""),
    ("kind.dispute.money", "disputes", ""),
    ("kind.dispute.lasts", 15, ""),
    ("kind.dispute.lasts.n", -15, ""),
    ("notice_kind.overdue.given", ABOUT[0], ""),
    ("notice_kind.overdue.given[0].compare", "after", ""),
    ("power.suspend.needs", "one", ""),
    ("power.suspend.blocked_by", "dispute", ""),
    ("power.suspend.lifts_with", ["interest"], ""),
    ("power.suspend.order_unless", "annual", ""),
    ("power.suspend.clocks[0].paused_by", ["dispute"], ""),
    ("power.suspend.clocks[1].restarted_by", True, ""),
    ("power.interest.clocks[0].order_value", 30, ""),
    ("duty.pay.clocks", ABOUT[0], ""),
    ("duty.pay.needs", True, ""),
    ("duty.pay.deadline", "clock", ""),
    ("duty.warn.effort", "yes", ""),
    ("reading[0].alternative", "yes", ""),
    ("reading[0].alternative", ["yes"], "reading[0].alternative[0]"),
    ("reading[0].alternative[0].patch", {"at": "terms.law", "put": "none"}, ""),
    ("reading[0].alternative[0].patch[0].at", 1, ""),
    ("reading[0].alternative[0].patch[1].drop", "yes", ""),
    ("left_out", {"clause": "2", "why": "no"}, ""),
    ("left_out[0].why", 2, ""),
]


@pytest.mark.parametrize(("path", "value", "fault"), STRICT)
def test_a_value_of_another_type_is_a_fault_at_its_path_and_the_only_one(path: str, value: Any, fault: str) -> None:
    assert paths(faults((path, value))) == {fault or path}


def test_faults_in_many_tables_are_told_at_once() -> None:
    found = faults(*((path, value) for path, value, _ in STRICT if path.count(".") == 1 and "[" not in path))
    assert {"counting.calendar", "trial.gap", "order.term", "renewal.month_ends", "framework.at_least"} <= paths(found)
    assert {"amendment.lead", "amendment.objected", "terms.applies_to", "notice.others"} <= paths(found)


CLOCK = "power.interest.clocks[0]"
NOWHERE: list[tuple[str, Any, str]] = [
    # path, what is put there, the path of the fault if another
    ("counting.calendar", "us-nevada", ""),
    ("notice.others.unit", "months", ""),
    ("notice.others.n", 36_526, ""),
    # clauses
    ("framework.clause", "3", ""),
    ("amendment.clause", "3", ""),
    ("left_out[0].clause", "3", ""),
    ("kind.invoice.defaults.due.clause", "3", ""),
    ("kind.dispute.lasts.clause", "3", ""),
    ("notice_kind.overdue.given[0].clause", "3", ""),
    ("duty.pay.clocks[1].clause", "3", ""),
    # lengths
    ("order.term", {"n": 0, "unit": "months"}, ""),
    ("order.term", {"n": 48, "unit": "hours"}, ""),
    ("trial.length", {"n": 0, "unit": "days"}, ""),
    ("trial.length", {"n": 10, "unit": "business days"}, ""),
    ("renewal.longest", {"n": 0, "unit": "years"}, ""),
    ("framework.at_least", {"n": 1, "unit": "hours"}, ""),
    ("amendment.lead", {"n": 720, "unit": "hours"}, ""),
    # amendments
    ("amendment.power", "amend", ""),
    ("amendment.power", "interest", ""),  # not by posting or notice
    ("amendment.objection", "object", ""),
    # days that are not given
    ("kind.invoice.defaults.paid", ISSUED, "kind.invoice.defaults"),
    ("kind.invoice.defaults.due.start", "sent", ""),
    ("kind.invoice.defaults.due.start", "due", "kind.invoice.defaults.due"),
    ("kind.invoice.defaults.issued", {**ISSUED, "start": "due"}, "kind.invoice.defaults.issued"),
    ("kind.invoice.defaults.due.start", "notice:overdue", "kind.invoice.defaults.due"),
    ("kind.invoice.defaults.due.unit", "hours", "kind.invoice.defaults.due"),
    ("kind.invoice.defaults.due.unit", "months", "kind.invoice.defaults.due.rounding"),
    ("kind.invoice.defaults.due.compare", "at least", "kind.invoice.defaults.due"),
    ("kind.invoice.defaults.due.direction", "before", "kind.invoice.defaults.due"),
    ("kind.invoice.defaults.due.when", {"payment": "card"}, "kind.invoice.defaults.due"),
    ("kind.invoice.defaults.due.unless", {"payment": "card"}, "kind.invoice.defaults.due"),
    ("kind.invoice.defaults.due.paused_by", "dispute", "kind.invoice.defaults.due"),
    ("kind.invoice.defaults.due.restarted_by", "dispute", "kind.invoice.defaults.due"),
    # matters that end by themselves
    ("kind.dispute.lasts.start", "notice:overdue", "kind.dispute.lasts"),
    ("kind.dispute.lasts.compare", "at least", "kind.dispute.lasts"),
    ("kind.dispute.lasts.unit", "hours", "kind.dispute.lasts"),
    ("kind.dispute.lasts.direction", "before", "kind.dispute.lasts"),
    ("kind.dispute.lasts.when", {"party": "customer"}, "kind.dispute.lasts"),
    ("kind.dispute.lasts.paused_by", "dispute", "kind.dispute.lasts"),
    # what stops, restarts and shuts
    (f"{CLOCK}.paused_by", "invoice", ""),
    (f"{CLOCK}.restarted_by", "invoice", ""),
    (f"{CLOCK}.restarted_by", "quarrel", ""),
    (f"{CLOCK}.order_value", "notice period", ""),
    (CLOCK, {"start": "start", "compare": "at least", "n": 48, "unit": "hours", "paused_by": "dispute"},
     f"{CLOCK}.paused_by"),
    (CLOCK, {"start": "start", "compare": "at least", "n": 48, "unit": "hours", "restarted_by": "dispute"},
     f"{CLOCK}.restarted_by"),
    ("power.stop.clocks[0].paused_by", "dispute", ""),
    ("power.stop.clocks[0].restarted_by", "dispute", ""),
    ("power.suspend.blocked_by", ["invoice"], "power.suspend.blocked_by[0]"),
    ("power.suspend.blocked_by", ["dispute", "quarrel"], "power.suspend.blocked_by[1]"),
    ("power.suspend.lifts_with", "penalty", ""),
    ("power.suspend.lifts", "by an act", "power.suspend.lifts_with"),
    ("power.suspend.clocks[1].compare", "no later than", "power.suspend.needs"),  # one opens it, another shuts it
    ("power.suspend.order_unless", {"plan": "weekly"}, ""),
    # duties
    ("duty.pay.matter", [], ""),
    ("duty.pay.deadline", "at once", ""),
    ("duty.warn.deadline", "clocks", ""),
    ("duty.pay.clocks[1].compare", "at least", "duty.pay.clocks[1]"),
    ("duty.pay.clocks[0]", {"start": "start", "compare": "no later than", "n": 24, "unit": "hours"}, ""),
    # by itself
    ("power.interest.exercise", "automatic", ""),
    ("power.lapse.matter", [], "power.lapse.exercise"),
    ("power.lapse.matter", ["suspension"], "power.lapse.exercise"),  # the course would open what ends it
    ("power.lapse.matter", ["dispute", "idle"], "power.lapse.exercise"),
    # readings
    ("reading[0].alternative", [], ""),
    ("reading[0].alternative[0].meaning", "no", "reading[0].alternative"),
    ("reading[0].alternative[0].patch[0].at", "", ""),
    ("reading[0].alternative[0].patch[0].at", "power suspend", ""),
    ("reading[0].alternative[0].patch[0].at", "[0]", ""),
    ("reading[0].alternative[0].patch[0].at", "powr.suspend.title", ""),
    ("reading[0].alternative[0].patch[0].at", "power.suspend.clocks[2].n", ""),
    ("reading[0].alternative[0].patch[0].at", "power.suspend.title.n", ""),
    ("reading[0].alternative[0].patch[0].at", "power[0].title", ""),
    ("reading[0].alternative[0].patch[1].at", "power.suspend.clocks[1].reads", ""),  # nothing there to drop
    ("reading[0].alternative[0].patch[0].put", 1, "reading[0].alternative[0].patch[0].at"),  # it is 1 as it stands
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "fault"), NOWHERE)
def test_a_reference_that_leads_nowhere_is_a_fault_at_its_path(path: str, value: Any, fault: str) -> None:
    assert (fault or path) in paths(faults((path, value)))


def test_terms_in_force_from_the_making_have_no_orders_to_frame() -> None:
    assert "terms.begins" in paths(faults(("terms.begins", "made"), ("trial", GONE), ("renewal", GONE)))


def test_an_unknown_calendar_is_told_with_all_other_faults() -> None:
    found = faults(("counting.calendar", "us-nevada"), ("amendment.power", "amend"), ("survival.clauses", ["9"]))
    assert paths(found) == {"amendment.power", "survival.clauses", "counting.calendar"}
    assert any("'us-nevada'" in problem and "us-california" in problem for problem in found)


def test_a_written_notice_takes_a_rule_of_notice() -> None:
    assert "power.lapse.exercise" in paths(faults(("power.lapse.exercise", "written notice"), ("notice", GONE)))


PATCH = "reading[0].alternative[0].patch"


@pytest.mark.parametrize(
    ("patch", "says"),
    [
        ({"at": "power.suspend.clocks[0].n", "put": "many"}, "a whole number is wanted"),
        ({"at": "power.suspend.clocks[0].start", "put": "paid"}, "'paid' is no day of invoice"),
        ({"at": "power.suspend.clocks[0].extra", "put": 1}, "unknown key 'extra'"),
        ({"at": "power.modify", "drop": True}, "'modify' is no power"),
        ({"at": "counting.calendar", "put": "us-nevada"}, "unknown calendar 'us-nevada'"),
        ({"at": "terms.zone", "put": "UTC"}, "a reading cannot change 'terms'"),
        ({"at": "terms", "drop": True}, "a reading cannot change 'terms'"),
    ],
)
def test_a_meaning_that_makes_no_terms_is_a_fault_of_the_file(patch: dict[str, Any], says: str) -> None:
    found = faults((PATCH, [patch]))
    assert found
    assert all(says in problem and problem.endswith(" at reading[0].alternative[0]") for problem in found), found


def read_so(*patches: dict[str, Any]) -> Terms:
    return under(read(put(DOCUMENT, places(PATCH), list(patches))), {"month": "yes"})


def test_a_patch_changes_what_it_says_and_nothing_else() -> None:
    terms = read(DOCUMENT)
    other = under(terms, {"month": "yes"})
    first, second = terms.powers["suspend"].clocks
    assert other.powers["suspend"].clocks == (first, model.Clock(**{**_said(second), "n": 30, "unit": "days"}))
    assert (other.id, other.digest, other.chosen) == (terms.id, terms.digest, {"month": "yes"})
    assert {name for name in terms.powers if other.powers[name] is not terms.powers[name]} == {"suspend"}
    assert under(other, {}) is under(terms, {"month": "no"}) is terms
    assert under(other, {"month": "yes"}) is under(terms, {"month": "yes"}) is other


def _said(clock: model.Clock) -> dict[str, Any]:
    return {field.name: getattr(clock, field.name) for field in fields(model.Clock)}


def test_a_patch_may_add_a_table_drop_one_or_replace_a_section() -> None:
    interest = DOCUMENT["power"]["interest"]
    assert "fee" in read_so({"at": "power.fee", "put": {**interest, "title": "charge a fee"}}).powers
    assert "lapse" not in read_so({"at": "power.lapse", "drop": True}).powers
    assert read_so({"at": "framework", "drop": True}).framework is None
    assert read_so({"at": "left_out", "drop": True}).left_out == ()
    counting = read_so({"at": "counting", "drop": True})
    assert (counting.counting, counting.holidays) == (model.Counting(), frozenset())
    powers = {**DOCUMENT["power"], "interest": {**interest, "title": "charge more interest"}}
    del powers["lapse"]
    replaced = read_so({"at": "power", "put": powers})
    assert replaced.powers["interest"].title == "charge more interest"
    assert "lapse" not in replaced.powers


def readings(*patches: list[dict[str, Any]]) -> Terms:
    """The file with one reading for each list of patches: R-0, R-1 ... are read as "other"."""
    made = [
        {
            "key": f"R-{i}",
            "clause": "1",
            "question": "Which?",
            "default": "this",
            "alternative": [{"meaning": "other", "patch": each}],
        }
        for i, each in enumerate(patches)
    ]
    return read({**DOCUMENT, "reading": made})


def test_meanings_chosen_together_change_the_file_together() -> None:
    first, second = (
        {"at": "power.interest.clocks[0].n", "put": 5},
        {"at": "power.interest.title", "put": "ask for more"},
    )
    gone = {"at": "power.suspend.order_unless", "drop": True}
    terms = under(readings([first, gone], [second, gone]), {"R-1": "other", "R-0": "other"})
    assert (terms.powers["interest"].clocks[0].n, terms.powers["interest"].title) == (5, "ask for more")
    assert terms.powers["suspend"].order_unless == {}  # dropped by both is dropped
    assert list(terms.chosen) == ["R-0", "R-1"]  # in the order of the file


def test_meanings_that_do_not_go_together_are_refused_where_they_are_chosen() -> None:
    renamed, dropped = {"at": "power.lapse.title", "put": "end"}, {"at": "power.lapse", "drop": True}
    terms = readings([dropped], [renamed])
    with pytest.raises(InvalidTerms, match=r"full read with R-0=other, R-1=other(.|\n)*do not go together"):
        under(terms, {"R-0": "other", "R-1": "other"})
    assert "lapse" not in under(terms, {"R-0": "other"}).powers
    without = [{"at": "amendment", "drop": True}, {"at": "power.modify", "drop": True}]
    broken = readings(without, [{"at": "effect[0].on", "put": ["modify terms"]}])
    with pytest.raises(InvalidTerms, match="unknown act 'modify terms' at effect"):
        under(broken, {"R-0": "other", "R-1": "other"})
