"""Every reading of the Modal Terms: what each alternative changes by day, and what it leaves as it is.

Every expected day was worked out by hand from the clause under the meaning asked about, in Los Angeles days with the
day of the event not counted; none was read off the library. Each answer is asked twice: of the agreement as it was
told, and of the same agreement read back from its lines of JSON, which hold the meanings the parties agreed on. D is a
due day, N a breach notice, O an overdue notice, F a filing, S the start of a force majeure, E the last day of a term.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from itertools import combinations
from typing import Any, TypeAlias, TypeVar

import pytest

from lifecycle.agreement import Agreement, Status
from lifecycle.duties import Owed
from lifecycle.errors import InvalidFact
from lifecycle.events import Acted, MatterChanged, Posted
from lifecycle.history import from_line, to_line
from lifecycle.terms import load
from lifecycle.terms.checking import dangling
from lifecycle.terms.loading import holidays, under
from lifecycle.terms.model import Party, Terms
from lifecycle.testing import Story
from lifecycle.verdict import Refused, Verdict

Readings: TypeAlias = Mapping[str, str]
T = TypeVar("T")

# key: its default, then its alternatives. The keys are those of the table of readings, and 1.4-gap.
MEANINGS: dict[str, tuple[str, ...]] = {
    "3.4-number": ("1.6", "1.4"),
    "3.4-expiry": ("yes", "termination only"),
    "3.4-five": ("lapse but for accrued rights", "survive"),
    "3.2a-cure": ("cure period, then terminate", "30-day limit on terminating"),
    "3.2a-exercise": ("yes, written", "ends by itself"),
    "late-cure": ("closes the window", "the power stays"),
    "1.12d-incurable": ("waits", "at once on notice"),
    "1.12e": ("the paragraph governs", "own power: ten days after notice alone"),
    "or-more": ("from the 30th day", "from the 31st day"),
    "overdue-notice": ("yes, from the day after the due day", "only after them"),
    "overdue-amounts": ("the hold's own", "every overdue amount"),
    "8.5": ("dispatch", "receipt"),
    "8.5-email": ("no notice", "count on receipt"),
    "1.4-gap": (
        "the trial has ended, and the agreement is not in force until the order starts",
        "the trial goes on until the order starts",
    ),
    "3.1-anchor": ("the last day of the term", "the first day of the next"),
    "3.1-length": ("as the expiring one", "one year at most"),
    "3.1-month": ("corresponding date", "billing anchor"),
    "3.1-early": ("valid", "only within that term"),
    "1.3-notice": ("both need it", "only modifying does"),
    "3.3-direction": ("no", "yes"),
    "8.4-start": ("event", "failure"),
    "8.4-cure": ("no, where it prevents the cure", "yes"),
    "6.2": ("only if correction fails", "never", "always"),
    "counting-roll": ("counts", "rolls to the next business day"),
}

ALTERNATIVES = [(key, meaning) for key, meanings in MEANINGS.items() for meaning in meanings[1:]]


def modal() -> Terms:
    return load("modal-2024-03-26")


# ---- telling and asking ------------------------------------------------------------------------------------


def running(readings: Readings, start: str = "2026-01-01", *, months: int = 12, renews: bool = True) -> Story:
    """An agreement under some readings, without a trial, in term 1 from ``start``."""
    return Story(on=start, readings=readings).order("O-1", start=start, months=months, renews=renews)


def breached(
    story: Story, on: str, *, party: Party = "customer", remediable: bool = True, material: bool = True
) -> Story:
    """A breach, and its notice handed over, at one moment."""
    by: Party = "provider" if party == "customer" else "customer"
    story.on(on).opened("breach", "B-1", party=party, by=by, remediable=remediable, material=material)
    return story.notice("breach", about="B-1", by=by, method="personal")


def warranty_breached(story: Story, on: str, **said: Any) -> Story:
    """A breach of warranty, and the customer's breach notice handed over."""
    story.on(on).opened("warranty_breach", "W-1", by="customer", **said)
    return story.notice("breach", about="W-1", by="customer", method="personal")


def invoiced(story: Story, due: str, *, payment: str = "invoice", notice: str | None = None) -> Story:
    """INV-1 of 120.00 USD, and its overdue notice handed over, if there is one."""
    story.invoice("INV-1", "120.00 USD", due=due, payment=payment)
    return story if notice is None else story.on(notice).notice("overdue", about="INV-1", method="personal")


def asked(story: Story, question: Callable[[Agreement], T]) -> T:
    """An answer, which the agreement read back from its lines gives too."""
    lines = [to_line(event) for event in story.agreement.history]
    again = Agreement(from_line(line) for line in lines)
    answer = question(story.agreement)
    assert again.terms is story.agreement.terms
    assert question(again) == answer
    return answer


def may(
    story: Story, does: str, at: str, *, by: Party = "provider", about: str = "", power: str | None = None
) -> Verdict:
    return asked(story, lambda a: a.may(does, by=by, at=at, about=about or (), power=power, known_through=at))


def standing(story: Story, at: str) -> Status:
    return asked(story, lambda a: a.status(at))


def state(story: Story, at: str) -> str | None:
    return standing(story, at).state


def in_force(story: Story, at: str) -> set[str]:
    return set(asked(story, lambda a: a.clauses_in_force(at)))


def owed(story: Story, at: str) -> dict[str, Owed]:
    return {owed.duty.id: owed for owed in asked(story, lambda a: a.duties(at))}


def last_second(day: str) -> str:
    return f"{day}T23:59:59[America/Los_Angeles]"


def opens(story: Story, does: str, *, safe: str, first: str, **asking: Any) -> Verdict:
    """Claim that it is refused to the last second of the safe day, and permitted from the first instant of ``first``
    on.
    """
    refused = may(story, does, last_second(safe), **asking)
    assert (refused.permitted, str(refused.first_day)) == (False, first)
    permitted = may(story, does, first, **asking)
    assert (permitted.permitted, str(permitted.first_day)) == (True, first)
    return permitted


def refused(story: Story, does: str, at: str, code: str, **asking: Any) -> Verdict:
    """Claim that it is refused at a moment, for one reason among others."""
    verdict = may(story, does, at, **asking)
    assert (verdict.permitted, code in verdict.codes) == (False, True)
    return verdict


def reading(key: str, columns: Sequence[object]) -> list[tuple[object, ...]]:
    """Rows of a table of expectations: each meaning of a reading with the column that belongs to it."""
    assert len(columns) == len(MEANINGS[key])
    rows = zip(MEANINGS[key], columns, strict=True)
    return [(meaning, *(column if isinstance(column, tuple) else (column,))) for meaning, column in rows]


# ---- the table of readings ---------------------------------------------------------------------------------


def test_the_readings_of_the_file_are_those_of_the_table_with_their_meanings() -> None:
    assert {reading.key: reading.meanings for reading in modal().readings} == MEANINGS


def test_every_reading_cites_a_clause_and_asks_a_question() -> None:
    terms = modal()
    assert all(reading.clause in terms.clauses and reading.question.endswith("?") for reading in terms.readings)


@pytest.mark.parametrize("key", MEANINGS)
def test_choosing_the_default_is_choosing_nothing(key: str) -> None:
    assert under(modal(), {key: MEANINGS[key][0]}) is modal()


def test_choosing_every_default_is_choosing_nothing() -> None:
    assert under(modal(), {key: meanings[0] for key, meanings in MEANINGS.items()}) is modal()


@pytest.mark.parametrize(("key", "meaning"), ALTERNATIVES)
def test_an_alternative_makes_other_terms_with_every_reference_intact_and_leads_back(key: str, meaning: str) -> None:
    terms = under(modal(), {key: meaning})
    assert (dict(terms.chosen), list(dangling(terms)), terms.digest) == ({key: meaning}, [], modal().digest)
    assert terms is under(modal(), {key: meaning})
    assert terms.document != modal().document
    assert under(terms, {}) is modal()
    assert modal().chosen == {}


def test_any_two_alternatives_go_together() -> None:
    for one, other in combinations(ALTERNATIVES, 2):
        if one[0] != other[0]:
            terms = under(modal(), dict([one, other]))
            assert (dict(terms.chosen), list(dangling(terms))) == (dict([one, other]), [])
            assert terms is under(modal(), dict([other, one]))


@pytest.mark.parametrize("of_warranty", ["never", "always"])
def test_all_alternatives_go_together(of_warranty: str) -> None:
    chosen = {**dict(ALTERNATIVES), "6.2": of_warranty}
    terms = under(modal(), chosen)
    assert (dict(terms.chosen), list(dangling(terms))) == (chosen, [])


@pytest.mark.parametrize(("key", "meaning"), ALTERNATIVES)
def test_the_history_keeps_the_meaning_agreed_on_in_its_first_line(key: str, meaning: str) -> None:
    story = running({key: meaning})
    first = to_line(story.agreement.history[0])
    assert f'"readings":{{"{key}":"{meaning}"}}' in first
    assert asked(story, lambda a: dict(a.terms.chosen)) == {key: meaning}


def test_an_unknown_reading_is_refused_and_the_known_ones_are_named() -> None:
    for make in (lambda r: under(modal(), r), lambda r: Story(on="2026-01-01", readings=r)):
        with pytest.raises(InvalidFact) as refusal:
            make({"or-less": "never"})
        told = str(refusal.value)
        assert "or-less" in told
        assert all(key in told for key in MEANINGS)


@pytest.mark.parametrize("key", MEANINGS)
def test_an_unknown_meaning_is_refused_with_the_question_and_the_meanings(key: str) -> None:
    question = next(reading.question for reading in modal().readings if reading.key == key)
    for make in (lambda r: under(modal(), r), lambda r: Story(on="2026-01-01", readings=r)):
        with pytest.raises(InvalidFact) as refusal:
            make({key: "whatever suits"})
        told = str(refusal.value)
        assert question in told
        assert "whatever suits" in told
        assert all(repr(meaning) in told for meaning in MEANINGS[key])


# ---- 3.4 survivors -----------------------------------------------------------------------------------------

SURVIVORS = {"1.6", "3.3", "3.4", "4", "7", "8", *(f"8.{n}" for n in range(1, 10))}
FIVE = {"5", "5.1", "5.2", "5.3"}


def expired(readings: Readings) -> Story:
    """Ended by itself on 1 Jan 2027."""
    return running(readings, renews=False)


def ended_together(readings: Readings) -> Story:
    """Ended by both on 10 Apr 2026."""
    return running(readings).on("2026-04-10").agreed("termination")


@pytest.mark.parametrize(("meaning", "survives", "ends"), reading("3.4-number", [("1.6", "1.4"), ("1.4", "1.6")]))
def test_3_4_number_either_ownership_or_the_clause_named_by_its_number_survives(
    meaning: str, survives: str, ends: str
) -> None:
    for story, at in (
        (ended_together({"3.4-number": meaning}), "2026-04-10"),
        (expired({"3.4-number": meaning}), "2027-01-01"),
    ):
        assert in_force(story, at) == SURVIVORS - {ends} | {survives}
        assert {"1.4", "1.6"} <= in_force(story, "2026-04-09")


@pytest.mark.parametrize(("meaning", "after_expiry"), reading("3.4-expiry", [SURVIVORS, set()]))
def test_3_4_expiry_termination_alone_or_expiry_too_leaves_survivors(meaning: str, after_expiry: set[str]) -> None:
    readings = {"3.4-expiry": meaning}
    assert in_force(expired(readings), "2027-01-01") == after_expiry
    assert in_force(ended_together(readings), "2026-04-10") == SURVIVORS


@pytest.mark.parametrize(("meaning", "remain"), reading("3.4-expiry", [True, False]))
def test_3_4_expiry_the_memo_of_the_expiry_says_so(meaning: str, *, remain: bool) -> None:
    (entry,) = expired({"3.4-expiry": meaning}).on("2027-01-02").catch_up()
    assert (entry.transition, "survivors remain" in entry.effects) == ("expire", remain)
    outcome = running({"3.4-expiry": meaning}).on("2026-04-10").do("terminate", by="both")
    assert "survivors remain" in {effect.id for effect in outcome.effects}


@pytest.mark.parametrize(("meaning", "bind"), reading("3.4-expiry", [True, False]))
@pytest.mark.parametrize(
    ("kind", "duty"), [("return_request", "return_on_request"), ("compelled_disclosure", "warn_of_disclosure")]
)
def test_3_4_expiry_confidentiality_binds_after_the_expiry_as_a_survivor_or_not_at_all(
    meaning: str, kind: str, duty: str, *, bind: bool
) -> None:
    readings = {"3.4-expiry": meaning}
    after = expired(readings).on("2027-01-05").opened(kind, "R-1", party="customer")
    assert (duty in owed(after, "2027-01-05")) is bind
    # before the end, and after a termination
    for story, day in ((expired(readings), "2026-12-31"), (ended_together(readings), "2026-04-11")):
        assert duty in owed(story.on(day).opened(kind, "R-1", party="customer"), "2027-01-05")


@pytest.mark.parametrize("meaning", MEANINGS["3.4-expiry"])
def test_3_4_expiry_changes_nothing_of_what_3_3_asks_after_any_end(meaning: str) -> None:
    assert set(owed(expired({"3.4-expiry": meaning}), "2027-01-01")) == {"cease_use", "return_materials", "pay_accrued"}


@pytest.mark.parametrize(("meaning", "survive"), reading("3.4-five", [set(), (FIVE,)]))
def test_3_4_five_the_indemnities_lapse_or_survive(meaning: str, survive: set[str]) -> None:
    readings = {"3.4-five": meaning}
    assert in_force(ended_together(readings), "2026-04-10") == SURVIVORS | survive
    assert in_force(expired(readings), "2027-01-01") == SURVIVORS | survive


@pytest.mark.parametrize("meaning", MEANINGS["3.4-five"])
@pytest.mark.parametrize("after", MEANINGS["3.4-expiry"])
def test_3_4_five_a_claim_for_what_accrued_before_is_notified_after_the_end_however_it_is_read(
    meaning: str, after: str
) -> None:
    story = expired({"3.4-five": meaning, "3.4-expiry": after})
    story.on("2027-01-10").opened("claim", "C-1", party="customer")
    assert str(owed(story, "2027-01-15")["notify_claim.customer"].due) == "2027-02-09"  # 21 to 31 Jan, 9 more


def test_3_4_the_three_readings_together_say_which_when_and_whether_five_is_among_them() -> None:
    readings = {"3.4-number": "1.4", "3.4-five": "survive", "3.4-expiry": "termination only"}
    assert in_force(ended_together(readings), "2026-04-10") == SURVIVORS - {"1.6"} | {"1.4"} | FIVE
    assert in_force(expired(readings), "2027-01-01") == set()


# ---- 3.2(a): what the 30 days are --------------------------------------------------------------------------


def test_3_2a_cure_a_cure_period_opens_on_the_31st_day_after_notice() -> None:
    story = breached(running({"3.2a-cure": "cure period, then terminate"}), "2026-02-18T09:00-08:00")
    opens(story, "terminate", safe="2026-03-20", first="2026-03-21", about="B-1")  # 10 to 28 Feb, 20 more
    assert may(story, "terminate", "2027-02-18", about="B-1").last_day is None


def test_3_2a_cure_a_limit_opens_with_the_notice_and_closes_after_the_30th_day() -> None:
    story = breached(running({"3.2a-cure": "30-day limit on terminating"}), "2026-02-18T09:00-08:00")
    assert not may(story, "terminate", "2026-02-18T08:59:59-08:00", about="B-1").permitted
    verdict = may(story, "terminate", "2026-02-18T09:00-08:00", about="B-1")
    assert (verdict.permitted, verdict.clause, str(verdict.last_day)) == (True, "3.2(a)", "2026-03-20")
    assert verdict.window.closes == datetime(2026, 3, 21, 7, tzinfo=UTC)  # 00:00 PDT
    assert may(story, "terminate", last_second("2026-03-20"), about="B-1").permitted
    assert refused(story, "terminate", "2026-03-21", "clock", about="B-1").first_day is None


@pytest.mark.parametrize("party", ["customer", "provider"])
def test_3_2a_cure_a_limit_binds_whichever_party_terminates(party: Party) -> None:
    by: Party = "provider" if party == "customer" else "customer"
    story = breached(running({"3.2a-cure": "30-day limit on terminating"}), "2026-04-06", party=party)
    assert may(story, "terminate", "2026-05-06", by=by, about="B-1").permitted  # 24 to 30 Apr, 6 more
    assert not may(story, "terminate", "2026-05-07", by=by, about="B-1").permitted
    refused(story, "terminate", "2026-05-06", "wrong-party", by=party, about="B-1")


def test_3_2a_cure_a_limit_takes_a_written_notice_and_a_breach_not_cured() -> None:
    story = breached(running({"3.2a-cure": "30-day limit on terminating"}), "2026-04-06").on("2026-04-10")
    with pytest.raises(Refused) as refusal:
        story.do("terminate", about="B-1")
    assert refusal.value.verdict.codes == ("not-in-writing",)
    story.on("2026-04-20").ended("B-1", "cured")
    refused(story, "terminate", "2026-04-20", "matter", about="B-1")
    assert may(story, "terminate", last_second("2026-04-19"), about="B-1").permitted


@pytest.mark.parametrize(("meaning", "early", "late"), reading("3.2a-cure", [(False, True), (True, False)]))
def test_3_2a_cure_means_the_same_for_a_warranty_that_correction_did_not_mend(
    meaning: str, *, early: bool, late: bool
) -> None:
    story = warranty_breached(running({"3.2a-cure": meaning}), "2026-04-06", material=True, correction_failed=True)
    assert may(story, "terminate", "2026-05-06", by="customer", about="W-1").permitted is early
    assert may(story, "terminate", "2026-05-07", by="customer", about="W-1").permitted is late


@pytest.mark.parametrize("meaning", MEANINGS["3.2a-cure"])
def test_3_2a_cure_takes_a_material_breach_that_can_be_remedied_or_a_failed_correction_under_either(
    meaning: str,
) -> None:
    for moment in ("2026-04-20", "2026-05-10"):  # within the 30 days, and after them
        light = breached(running({"3.2a-cure": meaning}), "2026-04-06", material=False)
        refused(light, "terminate", moment, "not-applicable", about="B-1")
        gone = breached(running({"3.2a-cure": meaning}), "2026-04-06", remediable=False)
        refused(gone, "terminate", moment, "not-applicable", about="B-1", power="terminate.breach")
        trying = warranty_breached(running({"3.2a-cure": meaning}), "2026-04-06", material=True)
        refused(trying, "terminate", moment, "unsaid", by="customer", about="W-1")
        mended = warranty_breached(running({"3.2a-cure": meaning}), "2026-04-06", material=True, correction_failed=True)
        mended.on("2026-04-20").ended("W-1", "corrected")
        refused(mended, "terminate", moment, "matter", by="customer", about="W-1")


@pytest.mark.parametrize("meaning", MEANINGS["3.2a-cure"])
def test_3_2a_cure_changes_neither_suspension_nor_what_cannot_be_remedied(meaning: str) -> None:
    story = breached(running({"3.2a-cure": meaning}), "2026-02-18")
    opens(story, "suspend", safe="2026-03-20", first="2026-03-21", about="B-1")
    gone = running({"3.2a-cure": meaning}).on("2026-04-10T14:00-07:00")
    gone.opened("breach", "B-1", party="customer", by="provider", remediable=False, material=True)
    assert may(gone, "terminate", "2026-04-10T14:00-07:00", about="B-1").permitted
    assert may(gone, "terminate", "2026-12-01", about="B-1").permitted


# ---- 3.2(a): whether it takes a second notice --------------------------------------------------------------

BY_ITSELF = {"3.2a-exercise": "ends by itself"}


@pytest.mark.parametrize(("meaning", "after"), reading("3.2a-exercise", ["active", "terminated"]))
@pytest.mark.parametrize("party", ["customer", "provider"])
def test_3_2a_exercise_nothing_or_the_end_follows_the_30th_day_after_notice(
    meaning: str, after: str, party: Party
) -> None:
    story = breached(running({"3.2a-exercise": meaning}), "2026-04-06", party=party)  # 24 to 30 Apr, 6 more
    assert state(story, last_second("2026-05-06")) == "active"
    assert state(story, "2026-05-07") == after
    assert state(story, "2026-12-31") == after


def test_3_2a_exercise_the_end_by_itself_is_a_termination_by_nobody_under_its_clause() -> None:
    ending = standing(breached(running(BY_ITSELF), "2026-04-06"), "2026-05-07").ending
    assert ending is not None
    assert (ending.how, ending.clause, ending.power) == ("terminated", "3.2(a)", "terminate.breach")
    assert (ending.by, ending.event, ending.about) == (None, None, "B-1")
    assert ending.at == datetime(2026, 5, 7, 7, tzinfo=UTC)  # 00:00 PDT


def test_3_2a_exercise_the_end_by_itself_is_foretold_and_reported_once() -> None:
    story = breached(running(BY_ITSELF), "2026-04-06")
    (ahead,) = [e for e in asked(story, lambda a: a.timeline("2026-04-20")).entries if e.what == "transition"]
    assert (str(ahead.on), ahead.clause, ahead.text.startswith("terminate: active -> terminated")) == (
        "2026-05-07",
        "3.2(a)",
        True,
    )
    assert asked(story, lambda a: a.wake_at("2026-04-20")) == datetime(2026, 5, 7, 7, tzinfo=UTC)
    assert story.on(last_second("2026-05-06")).catch_up() == ()
    (entry,) = story.on("2026-05-09").catch_up()
    assert (entry.transition, entry.clause, entry.overturned) == ("terminate", "3.2(a)", False)
    assert entry.effective == datetime(2026, 5, 7, 7, tzinfo=UTC)
    assert {"access ends", "materials returned", "accrued fees owed", "survivors remain"} <= set(entry.effects)
    assert story.on("2026-05-10").catch_up() == ()
    assert state(story, "2026-05-10") == "terminated"


@pytest.mark.parametrize("at", ["2026-04-20", last_second("2026-05-06"), "2026-05-07", "2026-06-01"])
@pytest.mark.parametrize("by", ["provider", "customer"])
def test_3_2a_exercise_what_ends_by_itself_is_nobodys_to_do(at: str, by: Party) -> None:
    story = breached(running(BY_ITSELF), "2026-04-06").on(at)
    assert not may(story, "terminate", at, by=by, about="B-1").permitted
    with pytest.raises(Refused):
        story.do("terminate", by=by, about="B-1", method="personal")
    assert "terminate.breach" not in {o.power.id for o in asked(story, lambda a: a.powers(at))}


def test_3_2a_exercise_the_survivors_outlive_an_end_by_itself_and_its_duties_arise() -> None:
    story = breached(running(BY_ITSELF), "2026-04-06")
    assert in_force(story, "2026-05-07") == SURVIVORS
    assert str(owed(story, "2026-05-07")["cease_use"].due) == "2026-05-07"
    assert may(story, "delete data", "2026-05-07").permitted
    refused(story, "suspend", "2026-05-07", "ended", about="B-1")


@pytest.mark.parametrize(("party", "due"), [("customer", True), ("provider", False)])
def test_3_2a_exercise_the_orders_fees_fall_due_where_it_was_the_customers_breach(party: Party, *, due: bool) -> None:
    story = breached(running(BY_ITSELF), "2026-04-06", party=party)
    assert ("pay_remaining" in owed(story, "2026-05-07")) is due
    (entry,) = story.on("2026-05-08").catch_up()
    assert ("order fees due" in entry.effects) is due


@pytest.mark.parametrize(
    ("on", "how", "after"),
    [
        ("2026-04-20", "cured", "active"),
        (last_second("2026-05-06"), "cured", "active"),
        ("2026-05-07", "cured", "active"),  # that instant's facts come before what happens by itself
        ("2026-05-07T00:00:01-07:00", "cured", "terminated"),
        ("2026-05-06", "withdrawn", "active"),
        ("2026-05-20", "withdrawn", "terminated"),
    ],
)
def test_3_2a_exercise_a_cure_within_the_period_keeps_the_agreement_and_a_later_one_does_not(
    on: str, how: str, after: str
) -> None:
    story = breached(running(BY_ITSELF), "2026-04-06").on(on).ended("B-1", how)
    assert state(story, "2026-06-01") == after


def test_3_2a_exercise_a_cure_in_time_that_is_learned_late_overturns_the_end() -> None:
    story = breached(running(BY_ITSELF), "2026-04-06").on("2026-05-09")
    story.catch_up()
    story.on("2026-05-06", learned="2026-05-12").ended("B-1", "cured")
    assert state(story, "2026-05-12") == "active"
    (entry,) = story.on("2026-05-12").catch_up()
    assert (entry.transition, entry.overturned) == ("terminate", True)
    assert asked(story, lambda a: a.known_at("2026-05-11").status("2026-05-11").state) == "terminated"


@pytest.mark.parametrize("said_later", ["not material", "more time", "waived", "notice withdrawn", "force majeure"])
def test_3_2a_exercise_nothing_said_after_the_end_revives_the_agreement(said_later: str) -> None:
    story = breached(running(BY_ITSELF), "2026-04-06")
    notice = story.last
    story.on("2026-05-08")
    match said_later:
        case "not material":
            story.changed("B-1", material=False)
        case "more time":
            story.extended("B-1", power="terminate.breach", to="2026-06-30")
        case "waived":
            story.waived("B-1", "terminate.breach")
        case "notice withdrawn":
            story.agreed("withdrawal", target=notice)
        case _:
            story.opened("force_majeure", "FM-1", prevents=("B-1",))
    ending = standing(story, "2026-05-08").ending
    assert ending is not None
    assert ending.at == datetime(2026, 5, 7, 7, tzinfo=UTC)
    assert state(story, "2026-07-02") == "terminated"


@pytest.mark.parametrize("said_before", ["not material", "more time", "waived", "notice withdrawn", "force majeure"])
def test_3_2a_exercise_what_is_said_before_the_end_keeps_it_away(said_before: str) -> None:
    story = breached(running(BY_ITSELF), "2026-04-06")
    notice = story.last
    story.on(last_second("2026-05-06"))
    match said_before:
        case "not material":
            story.changed("B-1", material=False)
        case "more time":
            story.extended("B-1", power="terminate.breach", to="2026-06-30")
        case "waived":
            story.waived("B-1", "terminate.breach")
        case "notice withdrawn":
            story.agreed("withdrawal", target=notice)
        case _:
            story.opened("force_majeure", "FM-1", prevents=("B-1",))
    assert state(story, "2026-06-30") == "active"
    assert (state(story, "2026-07-01") == "terminated") is (said_before == "more time")


def test_3_2a_exercise_an_end_by_itself_comes_no_earlier_than_the_last_fact_that_it_takes() -> None:
    story = running(BY_ITSELF).on("2026-04-06").opened("breach", "B-1", party="customer", by="provider", material=True)
    story.notice("breach", about="B-1", method="personal")
    assert state(story, "2026-05-20") == "active"  # nobody has said that it can be remedied
    story.on("2026-05-20T10:00-07:00").changed("B-1", remediable=True)
    assert state(story, "2026-05-20T09:59:59-07:00") == "active"
    ending = standing(story, "2026-05-20T10:00-07:00").ending
    assert ending is not None
    assert ending.at == datetime(2026, 5, 20, 17, tzinfo=UTC)


def test_3_2a_exercise_a_suspended_agreement_ends_by_itself_too() -> None:
    story = breached(running(BY_ITSELF), "2026-04-06").opened("security_risk", "R-1", by="provider")
    story.do("suspend", about="R-1")
    assert (state(story, last_second("2026-05-06")), state(story, "2026-05-07")) == ("suspended", "terminated")


@pytest.mark.parametrize("meaning", MEANINGS["3.2a-exercise"])
def test_3_2a_exercise_leaves_what_cannot_be_remedied_and_what_is_not_material_to_a_notice(meaning: str) -> None:
    readings = {"3.2a-exercise": meaning}
    gone = breached(running(readings), "2026-04-06", remediable=False)
    assert state(gone, "2026-12-31") == "active"
    assert gone.on("2026-05-07").do("terminate", about="B-1", method="personal").target == "terminated"
    assert state(breached(running(readings), "2026-04-06", material=False), "2026-12-31") == "active"
    unnoticed = running(readings).on("2026-04-06")
    unnoticed.opened("breach", "B-1", party="customer", by="provider", remediable=True, material=True)
    assert state(unnoticed, "2026-12-31") == "active"


def test_3_2a_exercise_a_warranty_that_correction_did_not_mend_ends_by_itself_too() -> None:
    story = warranty_breached(running(BY_ITSELF), "2026-04-06", material=True)
    assert state(story, "2026-05-20") == "active"  # nobody has said that correction failed
    story.on("2026-05-20").changed("W-1", correction_failed=True)
    assert (state(story, last_second("2026-05-19")), state(story, "2026-05-20")) == ("active", "terminated")
    soon = warranty_breached(running(BY_ITSELF), "2026-04-06", material=True, correction_failed=True)
    assert (state(soon, last_second("2026-05-06")), state(soon, "2026-05-07")) == ("active", "terminated")


def test_3_2a_exercise_a_limit_on_terminating_is_never_exercised_by_itself() -> None:
    both = {**BY_ITSELF, "3.2a-cure": "30-day limit on terminating"}
    story = breached(running(both), "2026-04-06")
    assert [state(story, day) for day in ("2026-04-06", "2026-05-06", "2026-05-07", "2026-12-31")] == ["active"] * 4
    assert may(story, "terminate", "2026-05-06", about="B-1").permitted
    assert story.on("2026-04-10").do("terminate", about="B-1", method="personal").target == "terminated"


# ---- late cure ---------------------------------------------------------------------------------------------

LATE = [
    # does, matter, power, by, how it ends, last day safe, first day open
    ("suspend", "B-1", "suspend.breach", "provider", "cured", "2026-03-20", "2026-03-21"),  # N + 31
    ("terminate", "B-1", "terminate.breach", "provider", "cured", "2026-03-20", "2026-03-21"),
    ("terminate", "W-1", "terminate.warranty", "customer", "corrected", "2026-03-20", "2026-03-21"),
    ("terminate", "P-1", "terminate.proceeding", "provider", "dismissed", "2026-03-16", "2026-03-17"),  # F + 61
]


def cure_running(meaning: str) -> Story:
    """A proceeding filed on 15 Jan 2026; a breach and a failed correction noticed on 18 Feb."""
    story = running({"late-cure": meaning}).on("2026-01-15").opened("proceeding", "P-1")
    breached(story, "2026-02-18")
    return warranty_breached(story, "2026-02-18", material=True, correction_failed=True)


@pytest.mark.parametrize(("meaning", "stays"), reading("late-cure", [False, True]))
@pytest.mark.parametrize(("does", "matter", "power", "by", "how", "safe", "first"), LATE)
def test_late_cure_after_the_window_opened_closes_it_or_comes_too_late(
    meaning: str, does: str, matter: str, power: str, by: Party, how: str, safe: str, first: str, *, stays: bool
) -> None:
    story = cure_running(meaning).on(f"{first}T12:00-07:00").ended(matter, how)
    asking: dict[str, Any] = {"by": by, "about": matter, "power": power}
    assert may(story, does, f"{first}T11:59:59-07:00", **asking).permitted
    assert may(story, does, f"{first}T12:00-07:00", **asking).permitted is stays
    assert may(story, does, "2026-12-01", **asking).permitted is stays


@pytest.mark.parametrize(("meaning", "stays"), reading("late-cure", [False, True]))
@pytest.mark.parametrize(("does", "matter", "power", "by", "how", "safe", "first"), LATE)
def test_late_cure_on_the_first_day_after_the_period_is_late(
    meaning: str, does: str, matter: str, power: str, by: Party, how: str, safe: str, first: str, *, stays: bool
) -> None:
    story = cure_running(meaning).on(first).ended(matter, how)
    assert may(story, does, first, by=by, about=matter, power=power).permitted is stays


@pytest.mark.parametrize("meaning", MEANINGS["late-cure"])
@pytest.mark.parametrize(("does", "matter", "power", "by", "how", "safe", "first"), LATE)
def test_late_cure_is_not_about_a_cure_in_time(
    meaning: str, does: str, matter: str, power: str, by: Party, how: str, safe: str, first: str
) -> None:
    for moment in ("2026-03-01", last_second(safe)):
        story = cure_running(meaning).on(moment).ended(matter, how)
        for day in (first, "2026-12-01"):
            assert refused(story, does, day, "matter", by=by, about=matter, power=power).first_day is None


@pytest.mark.parametrize("meaning", MEANINGS["late-cure"])
def test_late_cure_leaves_it_to_the_party_to_drop_what_it_asserted(meaning: str) -> None:
    story = cure_running(meaning).on("2026-03-25").ended("B-1", "withdrawn")
    for does in ("suspend", "terminate"):
        refused(story, does, "2026-03-26", "matter", about="B-1")


@pytest.mark.parametrize("meaning", MEANINGS["late-cure"])
def test_late_cure_still_takes_someone_to_vouch_that_no_cure_came_in_time(meaning: str) -> None:
    story = cure_running(meaning).on("2026-04-01")
    for does, matter in (("suspend", "B-1"), ("terminate", "B-1"), ("terminate", "P-1")):
        assert story.may(does, about=matter, known=None).codes == ("unvouched",)


# ---- 1.12(d): incurable breach -----------------------------------------------------------------------------


def test_1_12d_incurable_waits_30_days_by_default() -> None:
    story = breached(running({"1.12d-incurable": "waits"}), "2026-02-18T16:30-08:00", remediable=False)
    opens(story, "suspend", safe="2026-03-20", first="2026-03-21", about="B-1")


def test_1_12d_incurable_opens_at_the_instant_of_the_notice() -> None:
    readings = {"1.12d-incurable": "at once on notice"}
    story = breached(running(readings), "2026-02-18", remediable=False)  # opens with the day of the notice
    assert may(story, "suspend", "2026-02-18", about="B-1").permitted
    later = running(readings).on("2026-02-18")
    later.opened("breach", "B-1", party="customer", by="provider", remediable=False, material=True)
    later.on("2026-02-20T16:30-08:00").notice("breach", about="B-1", method="personal")
    refused(later, "suspend", "2026-02-20T16:29:59-08:00", "notice-missing", about="B-1")
    verdict = may(later, "suspend", "2026-02-20T16:30-08:00", about="B-1")
    assert (verdict.permitted, verdict.clause) == (True, "1.12(d)")
    assert verdict.window.opens == datetime(2026, 2, 21, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("meaning", MEANINGS["1.12d-incurable"])
def test_1_12d_incurable_changes_nothing_for_a_breach_that_can_be_cured(meaning: str) -> None:
    story = breached(running({"1.12d-incurable": meaning}), "2026-02-18")
    opens(story, "suspend", safe="2026-03-20", first="2026-03-21", about="B-1")


# ---- 1.12(e): a power of its own ---------------------------------------------------------------------------

OWN_POWER = {"1.12e": "own power: ten days after notice alone"}


@pytest.mark.parametrize(
    ("meaning", "safe", "first"),
    reading("1.12e", [("2026-03-30", "2026-03-31"), ("2026-03-14", "2026-03-15")]),  # D + 30; O + 10 alone
)
def test_1_12e_suspension_waits_for_the_days_overdue_or_for_the_ten_days_alone(
    meaning: str, safe: str, first: str
) -> None:
    story = invoiced(running({"1.12e": meaning}), "2026-03-01", notice="2026-03-05")
    assert opens(story, "suspend", safe=safe, first=first, about="INV-1").clause == "1.12(e)"


def test_1_12e_the_paragraph_keeps_its_own_days_beside_the_power() -> None:
    story = invoiced(running(OWN_POWER), "2026-03-01", notice="2026-03-05")
    own = may(story, "suspend", "2026-03-20", about="INV-1")
    assert (own.power and own.power.id, own.choices) == ("suspend.unpaid", ("suspend.unpaid",))
    opens(story, "suspend", safe="2026-03-30", first="2026-03-31", power="suspend.overdue")
    assert may(story, "suspend", "2026-03-31", about="INV-1").choices == ("suspend.overdue", "suspend.unpaid")


def test_1_12e_by_default_there_is_no_such_power() -> None:
    with pytest.raises(InvalidFact, match="know no power"):
        running({"1.12e": "the paragraph governs"}).may("suspend", power="suspend.unpaid")


def test_1_12e_the_own_power_still_takes_a_notice_of_an_overdue_account() -> None:
    due_day = invoiced(running(OWN_POWER), "2026-03-01", notice=last_second("2026-03-01"))
    refused(due_day, "suspend", "2026-03-20", "notice-missing", about="INV-1")
    opens(
        invoiced(running(OWN_POWER), "2026-03-01", notice="2026-03-02"),
        "suspend",
        safe="2026-03-11",
        first="2026-03-12",
    )
    assert refused(invoiced(running(OWN_POWER), "2026-03-01"), "suspend", "2026-03-20", "notice-missing").supposing


@pytest.mark.parametrize("meaning", MEANINGS["1.12e"])
def test_1_12e_changes_neither_a_card_nor_acceleration_nor_interest(meaning: str) -> None:
    card = invoiced(running({"1.12e": meaning}), "2026-03-01", payment="card", notice="2026-03-02")
    opens(card, "suspend", safe="2026-03-11", first="2026-03-12", about="INV-1")  # O + 10 anyway; D + 10 = 11 Mar
    story = invoiced(running({"1.12e": meaning}), "2026-03-01", notice="2026-03-05")
    opens(story, "accelerate", safe="2026-03-30", first="2026-03-31")
    opens(story, "charge interest", safe="2026-03-01", first="2026-03-02")


def test_1_12e_giving_up_the_own_power_leaves_that_of_the_paragraph() -> None:
    story = invoiced(running(OWN_POWER), "2026-03-01", notice="2026-03-05")
    story.on("2026-03-06").waived("INV-1", "suspend.unpaid")
    opens(story, "suspend", safe="2026-03-30", first="2026-03-31", about="INV-1")
    assert (
        asked(story, lambda a: a.weigh("suspend", by="provider", at="2026-03-20", about="INV-1")).standing == "closed"
    )


@pytest.mark.parametrize("amounts", MEANINGS["overdue-amounts"])
def test_1_12e_a_hold_under_the_own_power_lifts_by_itself_with_its_own_amounts(amounts: str) -> None:
    # Apart from the paragraph it does not share the paragraph's rule of what must be paid, however that is read.
    story = running({**OWN_POWER, "overdue-amounts": amounts}).invoice("INV-2", "80.00 USD", due="2026-03-01")
    invoiced(story, "2026-03-01", notice="2026-03-05").on("2026-03-15").do("suspend")
    story.on("2026-03-20T10:00-07:00").paid("INV-1", "120.00 USD")
    assert state(story, "2026-03-20T09:59:59-07:00") == "suspended"
    assert state(story, "2026-03-20T10:00-07:00") == "active"


# ---- 30 or more days ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meaning", "safe", "first"),
    reading("or-more", [("2026-03-30", "2026-03-31"), ("2026-03-31", "2026-04-01")]),  # 1 Mar + 30, + 31
)
def test_or_more_is_the_30th_or_the_31st_day_after_the_due_day(meaning: str, safe: str, first: str) -> None:
    story = invoiced(running({"or-more": meaning}), "2026-03-01", notice="2026-03-05")
    opens(story, "suspend", safe=safe, first=first, about="INV-1")
    opens(story, "accelerate", safe=safe, first=first, about="INV-1")


@pytest.mark.parametrize(
    ("meaning", "safe", "first"),
    reading("or-more", [("2028-03-01", "2028-03-02"), ("2028-03-02", "2028-03-03")]),  # 28 to 29 Feb, 2 or 3 more
)
def test_or_more_counts_a_leap_day(meaning: str, safe: str, first: str) -> None:
    story = invoiced(running({"or-more": meaning}, "2028-01-01"), "2028-02-01", notice="2028-02-10")
    opens(story, "suspend", safe=safe, first=first, about="INV-1")


@pytest.mark.parametrize(
    ("meaning", "safe", "first"),
    reading("or-more", [("2026-03-10", "2026-03-11"), ("2026-03-11", "2026-03-12")]),  # 1 Mar + 10, + 11
)
def test_or_more_of_a_card_is_the_10th_or_the_11th_day(meaning: str, safe: str, first: str) -> None:
    story = invoiced(running({"or-more": meaning}), "2026-03-01", payment="card", notice="2026-03-02")
    opens(story, "accelerate", safe=safe, first=first, about="INV-1")
    opens(story, "suspend", safe="2026-03-11", first="2026-03-12", about="INV-1")  # O + 10 is no earlier than D + 11


@pytest.mark.parametrize(("meaning", "unmet"), reading("or-more", [([2, 1, 0],), ([2, 2, 0],)]))
def test_or_more_of_a_card_the_days_overdue_are_met_before_those_of_notice_or_with_them(
    meaning: str, unmet: list[int]
) -> None:
    story = invoiced(running({"or-more": meaning}), "2026-03-01", payment="card", notice="2026-03-02")
    days = ("2026-03-10", "2026-03-11", "2026-03-12")  # D + 10, D + 11 = O + 10
    assert [len(may(story, "suspend", day, about="INV-1").unmet) for day in days] == unmet


@pytest.mark.parametrize("meaning", MEANINGS["or-more"])
def test_or_more_changes_neither_the_ten_days_of_notice_nor_interest(meaning: str) -> None:
    story = invoiced(running({"or-more": meaning}), "2026-03-01", notice="2026-03-25")
    opens(story, "suspend", safe="2026-04-03", first="2026-04-04", about="INV-1")  # 6 to 31 Mar, 4 more
    opens(story, "charge interest", safe="2026-03-01", first="2026-03-02")


# ---- notice within the days overdue ------------------------------------------------------------------------

AFTER_THEM = {"overdue-notice": "only after them"}


@pytest.mark.parametrize(
    ("given", "inside", "after"),
    [
        (last_second("2026-03-01"), None, None),  # D: not overdue
        ("2026-03-02", "2026-03-31", None),  # O + 10 = 12 Mar; D + 30
        ("2026-03-05", "2026-03-31", None),
        (last_second("2026-03-30"), "2026-04-09", None),  # D + 29: O + 10
        ("2026-03-31", "2026-04-10", "2026-04-10"),  # D + 30: O + 10
        ("2026-04-02", "2026-04-12", "2026-04-12"),
    ],
)
def test_overdue_notice_counts_from_the_day_after_the_due_day_or_from_the_30th(
    given: str, inside: str | None, after: str | None
) -> None:
    for meaning, first in zip(MEANINGS["overdue-notice"], (inside, after), strict=True):
        story = invoiced(running({"overdue-notice": meaning}), "2026-03-01", notice=given)
        if first is None:
            refused(story, "suspend", "2026-06-01", "notice-missing", about="INV-1")
        else:
            safe = str(date.fromisoformat(first) - timedelta(days=1))
            opens(story, "suspend", safe=safe, first=first, about="INV-1")


@pytest.mark.parametrize(
    ("given", "first"),
    [(last_second("2026-03-10"), None), ("2026-03-11", "2026-03-21")],  # D + 9; D + 10 and 10 more
)
def test_overdue_notice_of_a_card_counts_from_the_tenth_day(given: str, first: str | None) -> None:
    story = invoiced(running(AFTER_THEM), "2026-03-01", payment="card", notice=given)
    if first is None:
        refused(story, "suspend", "2026-06-01", "notice-missing", about="INV-1")
    else:
        opens(story, "suspend", safe="2026-03-20", first=first, about="INV-1")


def test_overdue_notice_a_refusal_says_from_when_a_notice_would_count() -> None:
    verdict = may(invoiced(running(AFTER_THEM), "2026-03-01", notice="2026-03-05"), "suspend", "2026-03-10")
    assert (verdict.supposing, str(verdict.first_day)) == (True, "2026-04-10")  # 31 Mar + 10
    assert any("not before 2026-03-31" in step for step in verdict.missing)


def test_overdue_notice_naming_none_covers_what_is_overdue_for_long_enough_that_day() -> None:
    story = running(AFTER_THEM).invoice("INV-1", "120.00 USD", due="2026-03-01")
    story.invoice("INV-2", "80.00 USD", due="2026-03-02").on("2026-03-31").notice("overdue", method="personal")
    opens(story, "suspend", safe="2026-04-09", first="2026-04-10", about="INV-1")
    refused(story, "suspend", "2026-06-01", "notice-missing", about="INV-2")  # D + 29 that day


def test_overdue_notice_stays_shut_while_nobody_says_whether_the_invoice_is_paid_by_card() -> None:
    story = running(AFTER_THEM).opened("invoice", "INV-1", amount="120.00 USD", due="2026-03-01")
    story.on("2026-04-02").notice("overdue", about="INV-1", method="personal")
    refused(story, "suspend", "2026-06-01", "unsaid", about="INV-1")


@pytest.mark.parametrize("meaning", MEANINGS["overdue-notice"])
def test_overdue_notice_changes_nothing_that_takes_no_notice(meaning: str) -> None:
    story = invoiced(running({"overdue-notice": meaning}), "2026-03-01")
    opens(story, "accelerate", safe="2026-03-30", first="2026-03-31")
    opens(story, "charge interest", safe="2026-03-01", first="2026-03-02")


# ---- which amounts lift the hold ---------------------------------------------------------------------------

EVERY_AMOUNT = {"overdue-amounts": "every overdue amount"}


def suspended_for_one(readings: Readings) -> Story:
    """INV-1 due 1 Mar 2026, notice on 5 Mar, suspended for it on 15 Apr."""
    story = invoiced(running(readings), "2026-03-01", notice="2026-03-05")
    story.on("2026-04-15").do("suspend", about="INV-1", power="suspend.overdue")
    return story


@pytest.mark.parametrize(("meaning", "between"), reading("overdue-amounts", ["active", "suspended"]))
def test_overdue_amounts_the_holds_own_payment_lifts_it_or_that_of_all_that_is_overdue(
    meaning: str, between: str
) -> None:
    story = (
        suspended_for_one({"overdue-amounts": meaning}).on("2026-03-06").invoice("INV-2", "80.00 USD", due="2026-03-10")
    )
    story.on("2026-04-20T10:00-07:00").paid("INV-1", "120.00 USD")
    story.on("2026-04-25T10:00-07:00").paid("INV-2", "80.00 USD")
    assert state(story, "2026-04-20T09:59:59-07:00") == "suspended"
    assert state(story, "2026-04-20T10:00-07:00") == between
    assert state(story, "2026-04-25T09:59:59-07:00") == between
    assert state(story, "2026-04-25T10:00-07:00") == "active"


@pytest.mark.parametrize(("due", "lifts"), [("2026-04-19", False), ("2026-04-20", True), ("2026-05-10", True)])
def test_overdue_amounts_what_is_not_overdue_yet_does_not_keep_the_hold(due: str, *, lifts: bool) -> None:
    story = suspended_for_one(EVERY_AMOUNT).on("2026-03-06").invoice("INV-2", "80.00 USD", due=due)
    story.on("2026-04-20T10:00-07:00").paid("INV-1", "120.00 USD")
    assert (state(story, "2026-04-20T10:00-07:00") == "active") is lifts
    assert (state(story, "2026-05-15") == "active") is lifts  # a hold that has lifted does not come back


def test_overdue_amounts_what_falls_overdue_while_it_holds_must_be_paid_too() -> None:
    story = suspended_for_one(EVERY_AMOUNT).on("2026-03-06").invoice("INV-2", "80.00 USD", due="2026-03-10")
    story.invoice("INV-3", "10.00 USD", due="2026-04-22").on("2026-04-20").paid("INV-1", "120.00 USD")
    story.on("2026-04-25").paid("INV-2", "80.00 USD").on("2026-04-30").paid("INV-3", "10.00 USD")
    assert (state(story, last_second("2026-04-29")), state(story, "2026-04-30")) == ("suspended", "active")


@pytest.mark.parametrize("meaning", MEANINGS["overdue-amounts"])
@pytest.mark.parametrize("settled", ["paid", "credited", "written off", "voided"])
def test_overdue_amounts_what_is_settled_before_leaves_the_holds_own(meaning: str, settled: str) -> None:
    story = (
        suspended_for_one({"overdue-amounts": meaning}).on("2026-03-06").invoice("INV-2", "80.00 USD", due="2026-03-10")
    )
    story.on("2026-04-18")
    if settled == "voided":
        story.ended("INV-2", "voided")
    else:
        means = {"paid": "payment", "credited": "credit", "written off": "write_off"}
        story.paid("INV-2", "80.00 USD", means[settled])  # type: ignore[arg-type]
    assert state(story, "2026-04-18") == "suspended"
    story.on("2026-04-20").paid("INV-1", "120.00 USD")
    assert state(story, "2026-04-20") == "active"


def test_overdue_amounts_giving_up_the_interest_on_an_amount_pays_nothing_of_it() -> None:
    story = suspended_for_one(EVERY_AMOUNT).on("2026-03-06").invoice("INV-2", "80.00 USD", due="2026-03-10")
    story.on("2026-04-16").waived("INV-2", "interest.late")
    story.on("2026-04-20").paid("INV-1", "120.00 USD")
    assert state(story, "2026-04-21") == "suspended"
    story.on("2026-04-25").paid("INV-2", "80.00 USD")
    assert state(story, "2026-04-25") == "active"


def test_overdue_amounts_a_due_day_moved_by_the_provider_is_overdue_no_more() -> None:
    story = suspended_for_one(EVERY_AMOUNT).on("2026-03-06").invoice("INV-2", "80.00 USD", due="2026-03-10")
    story.on("2026-04-16").extended("INV-2", day="due", to="2026-06-01")
    story.on("2026-04-20").paid("INV-1", "120.00 USD")
    assert state(story, "2026-04-20") == "active"


def test_overdue_amounts_the_provider_may_lift_before_and_the_lifting_by_itself_is_reported() -> None:
    story = suspended_for_one(EVERY_AMOUNT).on("2026-03-06").invoice("INV-2", "80.00 USD", due="2026-03-10")
    story.on("2026-04-20").paid("INV-1", "120.00 USD")
    assert asked(story, lambda a: a.may("reinstate", by="provider", at="2026-04-21")).permitted
    story.on("2026-04-25").paid("INV-2", "80.00 USD")
    (entry,) = story.on("2026-04-26").catch_up()
    assert (entry.transition, entry.effects) == ("reinstate", ("access resumes",))
    assert entry.effective == datetime(2026, 4, 25, 7, tzinfo=UTC)


# ---- 8.5: from when a writing counts -----------------------------------------------------------------------

MAIL = ["registered_mail", "certified_mail", "courier"]
OTHER_WRITINGS = ["email", "fax", "in_app", "ordinary_mail"]


def noticed_by(readings: Readings, method: str, *, arrives: str | None) -> Story:
    """A breach noticed on 18 Feb 2026 by a method, proved to arrive on a day, if at all."""
    story = running(readings).on("2026-02-18")
    story.opened("breach", "B-1", party="customer", by="provider", remediable=True, material=True)
    story.notice("breach", about="B-1", method=method, id="N-1")
    return story if arrives is None else story.on(arrives).delivered("N-1")


@pytest.mark.parametrize("method", MAIL)
@pytest.mark.parametrize(
    ("meaning", "safe", "first"),
    # sent on 18 Feb: 10 to 28 Feb, 20 more; arrived on 21 Feb: 7 to 28 Feb, 23 more
    reading("8.5", [("2026-03-20", "2026-03-21"), ("2026-03-23", "2026-03-24")]),
)
def test_8_5_what_is_mailed_counts_from_its_dispatch_or_from_its_receipt(
    meaning: str, safe: str, first: str, method: str
) -> None:
    story = noticed_by({"8.5": meaning}, method, arrives="2026-02-21")
    for does in ("suspend", "terminate"):
        opens(story, does, safe=safe, first=first, about="B-1")


@pytest.mark.parametrize("method", MAIL)
def test_8_5_what_counts_from_receipt_takes_proof_of_it(method: str) -> None:
    assert may(noticed_by({"8.5": "dispatch"}, method, arrives=None), "suspend", "2026-03-21").permitted
    story = noticed_by({"8.5": "receipt"}, method, arrives=None)
    refused(story, "suspend", "2026-12-01", "notice-missing", about="B-1")
    assert "no delivery is recorded" in asked(story, lambda a: a.remarks("2026-12-01"))["N-1"]


@pytest.mark.parametrize("meaning", MEANINGS["8.5"])
def test_8_5_what_is_handed_over_counts_then_however_mail_is_read(meaning: str) -> None:
    story = noticed_by({"8.5": meaning}, "personal", arrives="2026-02-20")
    opens(story, "suspend", safe="2026-03-22", first="2026-03-23", about="B-1")  # 8 to 28 Feb, 22 more


@pytest.mark.parametrize(("meaning", "first"), reading("8.5", ["2026-04-04", "2026-04-09"]))  # 25 or 30 Mar, + 10
def test_8_5_the_ten_days_of_an_overdue_notice_count_from_there_too(meaning: str, first: str) -> None:
    story = running({"8.5": meaning}).invoice("INV-1", "120.00 USD", due="2026-03-01")
    story.on("2026-03-25").notice("overdue", about="INV-1", method="courier", id="N-1").on("2026-03-30").delivered(
        "N-1"
    )
    assert str(may(story, "suspend", "2026-03-31").first_day) == first


@pytest.mark.parametrize(
    ("arrives", "by_dispatch", "by_receipt"),
    [
        (last_second("2026-12-01"), "terminated", "terminated"),  # E - 30 = 1 Dec
        ("2026-12-02", "terminated", "renewed"),
    ],
)
def test_8_5_a_non_renewal_sent_in_time_may_arrive_late(arrives: str, by_dispatch: str, by_receipt: str) -> None:
    for meaning, after in zip(MEANINGS["8.5"], (by_dispatch, by_receipt), strict=True):
        story = running({"8.5": meaning}).on("2026-11-28")
        story.notice("non_renewal", by="customer", method="registered_mail", id="N-1").on(arrives).delivered("N-1")
        assert state(story, "2027-01-01") == after


def ended_by(readings: Readings, method: str, *, arrives: str | None) -> Story:
    """A breach noticed by hand on 6 Apr 2026, and a termination for it by a method on 7 May, proved to arrive."""
    story = breached(running(readings), "2026-04-06").on("2026-05-07T09:00-07:00")
    story.do("terminate", about="B-1", method=method)
    return story if arrives is None else story.on(arrives).delivered(story.last)


@pytest.mark.parametrize("method", MAIL)
@pytest.mark.parametrize(
    ("meaning", "still", "ended"),
    reading(
        "8.5",
        [
            ("2026-05-07T08:59:59-07:00", "2026-05-07T09:00-07:00"),
            ("2026-05-11T11:59:59-07:00", "2026-05-11T12:00-07:00"),
        ],
    ),
)
def test_8_5_a_termination_by_mail_takes_effect_on_its_dispatch_or_on_its_receipt(
    meaning: str, still: str, ended: str, method: str
) -> None:
    story = ended_by({"8.5": meaning}, method, arrives="2026-05-11T12:00-07:00")
    assert (state(story, still), state(story, ended)) == ("active", "terminated")
    ending = standing(story, "2026-06-01").ending
    assert ending is not None
    assert (ending.clause, ending.by) == ("3.2(a)", "provider")
    assert asked(story, lambda a: dict(a.remarks("2026-06-01"))) == {}


def test_8_5_a_termination_that_counts_from_receipt_ends_nothing_until_that_is_proved() -> None:
    story = ended_by({"8.5": "receipt"}, "courier", arrives=None)
    assert state(story, "2026-12-31") == "active"
    assert "no delivery is recorded" in asked(story, lambda a: a.remarks("2026-12-31"))[story.last]
    assert asked(story, lambda a: a.wake_at("2026-06-01")) == story.agreement.instant("2026-12-02")  # E - 30 is over
    ahead = asked(story, lambda a: a.timeline("2026-06-01")).entries
    assert not [entry for entry in ahead if entry.what == "fact" or "terminate:" in entry.text]


@pytest.mark.parametrize("meaning", MEANINGS["8.5"])
def test_8_5_a_termination_by_hand_takes_effect_at_once_however_mail_is_read(meaning: str) -> None:
    assert state(ended_by({"8.5": meaning}, "personal", arrives=None), "2026-05-07T09:00-07:00") == "terminated"


@pytest.mark.parametrize("arrives", ["2026-05-07T09:00-07:00", "2026-05-07"])
def test_8_5_a_receipt_at_the_instant_of_the_dispatch_or_known_as_before_it_counts_from_there(arrives: str) -> None:
    story = ended_by({"8.5": "receipt"}, "courier", arrives=None)
    story.on(arrives, learned="2026-05-08").delivered(story.last)
    assert state(story, "2026-05-07T08:59:59-07:00") == "active"
    ending = standing(story, "2026-05-07T09:00-07:00").ending
    assert ending is not None
    assert ending.at == datetime(2026, 5, 7, 16, tzinfo=UTC)


def test_8_5_a_termination_that_arrives_after_the_cure_is_irregular() -> None:
    story = ended_by({"8.5": "receipt"}, "courier", arrives=None)
    notice = story.last
    story.on("2026-05-09").ended("B-1", "cured").on("2026-05-11").delivered(notice)
    assert standing(story, "2026-05-11").irregular == (notice,)


def test_8_5_a_termination_brings_about_what_follows_once_it_has_arrived() -> None:
    story = breached(running({"8.5": "receipt"}), "2026-04-06").on("2026-05-07T09:00-07:00")
    outcome = story.do("terminate", about="B-1", method="courier")
    assert (outcome.target, outcome.effects) == ("active", ())
    assert story.on("2026-05-08").catch_up() == ()
    story.on("2026-05-11T12:00-07:00").delivered(outcome.event.id)
    (entry,) = story.on("2026-05-12").catch_up()
    assert (entry.transition, entry.clause) == ("terminate", "3.2(a)")
    assert entry.effective == datetime(2026, 5, 11, 19, tzinfo=UTC)
    assert {"access ends", "order fees due", "survivors remain"} <= set(entry.effects)


@pytest.mark.parametrize("method", OTHER_WRITINGS)
def test_8_5_email_another_writing_is_no_notice_or_counts_once_it_has_arrived(method: str) -> None:
    none = noticed_by({"8.5-email": "no notice"}, method, arrives="2026-02-19")
    refused(none, "suspend", "2026-12-01", "notice-missing", about="B-1")
    story = noticed_by({"8.5-email": "count on receipt"}, method, arrives="2026-02-19")
    for does in ("suspend", "terminate"):  # 19 Feb + 30: 9 to 28 Feb, 21 more
        opens(story, does, safe="2026-03-21", first="2026-03-22", about="B-1")


@pytest.mark.parametrize("method", OTHER_WRITINGS)
def test_8_5_email_another_writing_takes_proof_that_it_arrived(method: str) -> None:
    story = noticed_by({"8.5-email": "count on receipt"}, method, arrives=None)
    refused(story, "suspend", "2026-12-01", "notice-missing", about="B-1")
    assert "no delivery is recorded" in asked(story, lambda a: a.remarks("2026-12-01"))["N-1"]


@pytest.mark.parametrize("meaning", MEANINGS["8.5-email"])
def test_8_5_email_what_is_told_by_telephone_is_no_writing_under_either(meaning: str) -> None:
    story = noticed_by({"8.5-email": meaning}, "telephone", arrives="2026-02-18")
    refused(story, "suspend", "2026-12-01", "notice-missing", about="B-1")


@pytest.mark.parametrize("meaning", MEANINGS["8.5-email"])
@pytest.mark.parametrize("method", MAIL)
def test_8_5_email_changes_nothing_for_mail(meaning: str, method: str) -> None:
    story = noticed_by({"8.5-email": meaning}, method, arrives="2026-02-21")
    opens(story, "suspend", safe="2026-03-20", first="2026-03-21", about="B-1")


def test_8_5_email_a_termination_by_email_is_refused_or_takes_effect_once_it_has_arrived() -> None:
    with pytest.raises(Refused) as refusal:
        ended_by({"8.5-email": "no notice"}, "email", arrives=None)
    assert refusal.value.verdict.codes == ("not-in-writing",)
    story = ended_by({"8.5-email": "count on receipt"}, "email", arrives="2026-05-07T09:05-07:00")
    assert state(story, "2026-05-07T09:04:59-07:00") == "active"
    assert state(story, "2026-05-07T09:05-07:00") == "terminated"
    assert state(ended_by({"8.5-email": "count on receipt"}, "email", arrives=None), "2026-12-31") == "active"


def test_8_5_email_a_non_renewal_by_email_stops_nothing_or_the_renewal_if_it_arrives_in_time() -> None:
    for meaning, arrives, after in (
        ("no notice", "2026-11-28", "renewed"),
        ("count on receipt", last_second("2026-12-01"), "terminated"),  # E - 30
        ("count on receipt", "2026-12-02", "renewed"),
    ):
        story = running({"8.5-email": meaning}).on("2026-11-28")
        story.notice("non_renewal", by="customer", method="email", id="N-1").on(arrives).delivered("N-1")
        assert state(story, "2027-01-01") == after


# ---- 1.4: between the trial and the order ------------------------------------------------------------------

GOES_ON = {"1.4-gap": "the trial goes on until the order starts"}


def trial_then_order(readings: Readings, *, signed: str = "2026-02-05", starts: str = "2026-03-01") -> Story:
    """A trial through 10 Feb 2026, and an order signed within it."""
    story = Story(on="2026-01-12", trial=True, trial_through="2026-02-10", readings=readings)
    return story.on(signed).order("O-1", start=starts)


@pytest.mark.parametrize(("meaning", "between"), reading("1.4-gap", [None, "trial"]))
def test_1_4_gap_leaves_nothing_in_force_or_the_trial_until_the_order_starts(meaning: str, between: str | None) -> None:
    story = trial_then_order({"1.4-gap": meaning})
    assert state(story, last_second("2026-02-10")) == "trial"
    assert (state(story, "2026-02-11"), state(story, last_second("2026-02-28"))) == (between, between)
    assert state(story, "2026-03-01") == "active"
    term = standing(story, "2026-03-01").term
    assert term is not None
    assert (term.number, str(term.last)) == (1, "2027-02-28")


def test_1_4_gap_in_it_no_clause_binds_or_those_of_a_trial() -> None:
    none = trial_then_order({"1.4-gap": MEANINGS["1.4-gap"][0]})
    assert in_force(none, "2026-02-20") == set()
    refused(
        none.on("2026-02-15").opened("security_risk", "R-1", by="provider"), "suspend", "2026-02-20", "not-in-force"
    )
    trial = trial_then_order(GOES_ON)
    assert not in_force(trial, "2026-02-20") & {"5.2", "6.1", "6.2"}
    assert {"1.12(a)", "5.1"} <= in_force(trial, "2026-02-20")
    trial.on("2026-02-15").opened("security_risk", "R-1", by="provider")
    assert may(trial, "suspend", "2026-02-20").permitted


@pytest.mark.parametrize(("meaning", "reported"), reading("1.4-gap", [(["trial end", "convert"],), (["convert"],)]))
def test_1_4_gap_is_reported_as_the_end_of_the_trial_or_not_at_all(meaning: str, reported: list[str]) -> None:
    story = trial_then_order({"1.4-gap": meaning}).on("2026-03-02")
    assert [entry.transition for entry in story.catch_up()] == reported


@pytest.mark.parametrize(("reached", "from_"), [("2026-02-07", "2026-02-07"), ("2026-02-20", "2026-02-20")])
def test_1_4_gap_a_trial_that_goes_on_still_ends_when_its_limit_is_reached(reached: str, from_: str) -> None:
    story = trial_then_order(GOES_ON).on(reached).opened("trial_limit", "L-1")
    before = str(date.fromisoformat(from_) - timedelta(days=1))
    assert (state(story, last_second(before)), state(story, from_)) == ("trial", None)
    assert (state(story, last_second("2026-02-28")), state(story, "2026-03-01")) == (None, "active")


@pytest.mark.parametrize("meaning", MEANINGS["1.4-gap"])
def test_1_4_gap_changes_nothing_where_there_is_none(meaning: str) -> None:
    readings = {"1.4-gap": meaning}
    story = trial_then_order(readings, starts="2026-02-11")
    assert (state(story, last_second("2026-02-10")), state(story, "2026-02-11")) == ("trial", "active")
    alone = Story(on="2026-01-12", trial=True, trial_through="2026-02-10", readings=readings)
    assert (state(alone, last_second("2026-02-10")), state(alone, "2026-02-11")) == ("trial", "terminated")
    with pytest.raises(InvalidFact, match="the agreement ends before"):
        trial_then_order(readings, signed="2026-02-11T08:00-08:00")


# ---- 3.1 renewal -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "from_the_end", "from_the_next", "after"),
    [
        # 12 months from start; E - 30, E - 29, E + 1
        ("2026-01-01", "2026-12-01", "2026-12-02", "2027-01-01"),  # 31 Dec
        ("2026-03-01", "2027-01-29", "2027-01-30", "2027-03-01"),  # 28 Feb: 28 back to 31 Jan, 2 or 1 more
        ("2027-03-01", "2028-01-30", "2028-01-31", "2028-03-01"),  # 29 Feb: 29 back to 31 Jan, 1 or none more
    ],
)
def test_3_1_anchor_leaves_time_through_e_30_or_through_e_29(
    start: str, from_the_end: str, from_the_next: str, after: str
) -> None:
    for meaning, last in zip(MEANINGS["3.1-anchor"], (from_the_end, from_the_next), strict=True):
        verdict = may(running({"3.1-anchor": meaning}, start), "stop renewal", last_second(last), by="customer")
        assert (verdict.permitted, str(verdict.last_day)) == (True, last)
        in_time = running({"3.1-anchor": meaning}, start).on(last_second(last))
        assert state(in_time.notice("non_renewal", method="personal"), after) == "terminated"
        next_day = str(date.fromisoformat(last) + timedelta(days=1))
        late = running({"3.1-anchor": meaning}, start).on(next_day).notice("non_renewal", method="personal")
        assert state(late, after) == "renewed"


def test_3_1_anchor_decides_about_one_day_only() -> None:
    on_the_day = {
        meaning: running({"3.1-anchor": meaning}).on("2026-12-02").notice("non_renewal", method="personal")
        for meaning in MEANINGS["3.1-anchor"]
    }
    assert [state(story, "2027-01-01") for story in on_the_day.values()] == ["renewed", "terminated"]
    assert [state(story, "2028-01-01") for story in on_the_day.values()] == ["terminated", "terminated"]


def term_at(story: Story, at: str) -> tuple[int, str, str]:
    term = standing(story, at).term
    assert term is not None
    return term.number, str(term.first), str(term.last)


@pytest.mark.parametrize(
    ("start", "months", "first", "as_long", "a_year_at_most"),
    [
        ("2026-01-05", 24, "2028-01-05", "2030-01-04", "2029-01-04"),
        ("2026-03-01", 24, "2028-03-01", "2030-02-28", "2029-02-28"),  # the first one ends on a leap day
        ("2026-01-05", 18, "2027-07-05", "2029-01-04", "2028-07-04"),
        ("2026-01-05", 13, "2027-02-05", "2028-03-04", "2028-02-04"),
        ("2026-01-05", 12, "2027-01-05", "2028-01-04", "2028-01-04"),
        ("2026-01-05", 6, "2026-07-05", "2027-01-04", "2027-01-04"),
        ("2028-02-29", 12, "2029-03-01", "2030-02-28", "2030-02-28"),
    ],
)
def test_3_1_length_a_renewed_term_is_as_long_as_the_one_before_or_a_year_at_most(
    start: str, months: int, first: str, as_long: str, a_year_at_most: str
) -> None:
    for meaning, last in zip(MEANINGS["3.1-length"], (as_long, a_year_at_most), strict=True):
        story = running({"3.1-length": meaning}, start, months=months)
        assert term_at(story, first) == (2, first, last)
        assert term_at(story, last_second(last)) == (2, first, last)
        third = str(date.fromisoformat(last) + timedelta(days=1))
        assert term_at(story, third)[:2] == (3, third)


def test_3_1_length_a_year_at_most_stays_a_year() -> None:
    story = running({"3.1-length": "one year at most"}, "2026-01-05", months=24)
    assert term_at(story, "2029-01-05") == (3, "2029-01-05", "2030-01-04")
    assert term_at(story, "2030-01-05") == (4, "2030-01-05", "2031-01-04")


@pytest.mark.parametrize(("meaning", "last_day"), reading("3.1-length", ["2029-12-05", "2028-12-05"]))
def test_3_1_length_moves_the_last_day_to_stop_the_next_renewal(meaning: str, last_day: str) -> None:
    story = running({"3.1-length": meaning}, "2026-01-05", months=24)  # E = 4 Jan 2030 or 2029: 4 to 31 Dec, 26 more
    assert str(may(story, "stop renewal", "2028-06-01").last_day) == last_day
    assert str(may(story, "stop renewal", "2027-06-01").last_day) == "2027-12-05"  # of the first term, as signed


@pytest.mark.parametrize("meaning", MEANINGS["3.1-length"])
def test_3_1_length_does_not_shorten_what_the_parties_signed(meaning: str) -> None:
    story = running({"3.1-length": meaning}).on("2026-11-15").order("O-2", start="2027-01-01", months=24)
    assert term_at(story, "2027-01-01") == (2, "2027-01-01", "2028-12-31")


MONTH_ENDS = [
    (
        "2027-01-31",
        1,
        (
            [
                ("2027-01-31", "2027-02-28"),
                ("2027-03-01", "2027-03-30"),
                ("2027-03-31", "2027-04-30"),
                ("2027-05-01", "2027-05-30"),
            ],
            [  # begins anew on the 31st, or on a shorter month's last day
                ("2027-01-31", "2027-02-27"),
                ("2027-02-28", "2027-03-30"),
                ("2027-03-31", "2027-04-29"),
                ("2027-04-30", "2027-05-30"),
            ],
        ),
    ),
    (
        "2028-02-29",
        12,
        (
            [
                ("2028-02-29", "2029-02-28"),
                ("2029-03-01", "2030-02-28"),
                ("2030-03-01", "2031-02-28"),
                ("2031-03-01", "2032-02-28"),
                ("2032-02-29", "2033-02-28"),
            ],
            [
                ("2028-02-29", "2029-02-27"),
                ("2029-02-28", "2030-02-27"),
                ("2030-02-28", "2031-02-27"),
                ("2031-02-28", "2032-02-28"),
                ("2032-02-29", "2033-02-27"),
            ],
        ),
    ),
    ("2027-01-15", 1, ([("2027-01-15", "2027-02-14"), ("2027-02-15", "2027-03-14")],) * 2),  # every month has a 15th
    ("2027-01-28", 1, ([("2027-01-28", "2027-02-27"), ("2027-02-28", "2027-03-27")],) * 2),
]


@pytest.mark.parametrize(("start", "months", "expected"), MONTH_ENDS)
def test_3_1_month_a_term_ends_with_a_shorter_month_or_the_day_before_its_last_day(
    start: str, months: int, expected: tuple[list[tuple[str, str]], ...]
) -> None:
    for meaning, terms in zip(MEANINGS["3.1-month"], expected, strict=True):
        story = running({"3.1-month": meaning}, start, months=months)
        for number, (first, last) in enumerate(terms, start=1):
            for moment in (first, last_second(last)):
                assert term_at(story, moment) == (number, first, last)


@pytest.mark.parametrize(("meaning", "last_day"), reading("3.1-month", ["2027-01-29", "2027-01-28"]))  # E - 30
def test_3_1_month_moves_the_last_day_to_stop_the_renewal(meaning: str, last_day: str) -> None:
    after = "2027-03-02"
    for moment, ended in (
        (last_second(last_day), True),
        (str(date.fromisoformat(last_day) + timedelta(days=1)), False),
    ):
        story = Story(on="2027-01-10", readings={"3.1-month": meaning}).order("O-1", start="2027-01-31", months=1)
        assert (state(story.on(moment).notice("non_renewal", method="personal"), after) == "terminated") is ended


def given_before(meaning: str, moment: str) -> Story:
    """An order from 1 Jan 2026, signed on 15 Dec 2025, and a non-renewal notice."""
    story = Story(on="2025-12-15", readings={"3.1-early": meaning}).order("O-1", start="2026-01-01")
    return story.on(moment).notice("non_renewal", by="customer", method="personal")


@pytest.mark.parametrize(
    ("moment", "valid", "within"),
    [
        ("2025-12-20", ("terminated", "terminated"), ("renewed", "renewed")),
        (last_second("2025-12-31"), ("terminated", "terminated"), ("renewed", "renewed")),
        ("2026-01-01", ("terminated", "terminated"), ("terminated", "terminated")),
        (last_second("2026-12-01"), ("terminated", "terminated"), ("terminated", "terminated")),  # E - 30
        ("2026-12-02", ("renewed", "terminated"), ("renewed", "renewed")),  # late for term 1, early for term 2
        (last_second("2026-12-31"), ("renewed", "terminated"), ("renewed", "renewed")),
        ("2027-01-01", ("renewed", "terminated"), ("renewed", "terminated")),  # within term 2
    ],
)
def test_3_1_early_a_notice_before_its_term_stops_the_renewal_or_nothing_ever(
    moment: str, valid: tuple[str, str], within: tuple[str, str]
) -> None:
    for meaning, after in zip(MEANINGS["3.1-early"], (valid, within), strict=True):
        story = given_before(meaning, moment)
        assert (state(story, "2027-01-01"), state(story, "2028-01-01")) == after
        if after[1] == "renewed":
            assert state(story, "2030-01-01") == "renewed"


@pytest.mark.parametrize(("meaning", "open_"), reading("3.1-early", [True, False]))
def test_3_1_early_too_late_for_this_term_the_next_can_be_stopped_at_once_or_once_it_runs(
    meaning: str, *, open_: bool
) -> None:
    story = running({"3.1-early": meaning})
    assert may(story, "stop renewal", last_second("2026-12-01")).permitted
    verdict = may(story, "stop renewal", "2026-12-02")
    assert (verdict.permitted, str(verdict.first_day)) == (open_, "2026-12-02" if open_ else "2027-01-01")
    assert str(may(story, "stop renewal", "2027-01-01").last_day) == "2027-12-01"


def test_3_1_early_within_its_term_only_a_term_of_28_days_cannot_be_stopped_at_all() -> None:
    # 31 Jan to 28 Feb 2027: E - 30 = 29 Jan, before it begins.
    for meaning, after in zip(MEANINGS["3.1-early"], ("terminated", "renewed"), strict=True):
        story = Story(on="2027-01-10", readings={"3.1-early": meaning}).order("O-1", start="2027-01-31", months=1)
        assert state(story.on("2027-01-29").notice("non_renewal", method="personal"), "2027-03-01") == after


def test_3_1_early_and_anchor_each_keep_their_day() -> None:
    both = {"3.1-early": "only within that term", "3.1-anchor": "the first day of the next"}
    assert str(may(running(both), "stop renewal", "2026-06-01").last_day) == "2026-12-02"
    assert str(may(running(both), "stop renewal", "2026-12-03").first_day) == "2027-01-01"


# ---- 1.3: posting ------------------------------------------------------------------------------------------

DISCONTINUE: dict[str, Any] = {"power": "terminate.discontinuation"}


@pytest.mark.parametrize(("meaning", "fact"), reading("1.3-notice", [Posted, Acted]))
def test_1_3_notice_discontinuing_is_a_posting_or_an_act(meaning: str, fact: type) -> None:
    story = running({"1.3-notice": meaning}).on("2026-05-10T09:00-07:00")
    outcome = story.do("terminate", **DISCONTINUE)
    assert (type(outcome.event.fact), outcome.target) == (fact, "terminated")
    status = standing(story, "2026-05-10T09:00-07:00")
    assert (status.state, status.irregular) == ("terminated", ())
    assert state(story, "2026-05-10T08:59:59-07:00") == "active"


@pytest.mark.parametrize(("meaning", "irregular"), reading("1.3-notice", [True, False]))
def test_1_3_notice_an_end_without_a_posting_is_irregular_or_regular(meaning: str, *, irregular: bool) -> None:
    story = running({"1.3-notice": meaning}).on("2026-05-10").acted("terminate", **DISCONTINUE)
    status = standing(story, "2026-05-10")
    assert (status.state, status.irregular) == ("terminated", (story.last,) if irregular else ())
    (finding,) = asked(story, lambda a: a.audit())
    assert (finding.standing == "irregular", "not-posted" in finding.then.codes) == (irregular, irregular)


@pytest.mark.parametrize("meaning", MEANINGS["1.3-notice"])
def test_1_3_notice_a_posting_ends_it_under_either_on_the_day_it_names(meaning: str) -> None:
    story = (
        running({"1.3-notice": meaning}).on("2026-05-10").posted("terminate.discontinuation", effective="2026-06-01")
    )
    assert (state(story, last_second("2026-05-31")), state(story, "2026-06-01")) == ("active", "terminated")
    assert standing(story, "2026-06-01").irregular == ()
    weighed = asked(story, lambda a: a.weigh("terminate", by="provider", at="2026-05-20", **DISCONTINUE))
    assert weighed.standing == "undisputed"


@pytest.mark.parametrize("meaning", MEANINGS["1.3-notice"])
def test_1_3_notice_modifying_takes_a_posting_under_either(meaning: str) -> None:
    story = running({"1.3-notice": meaning}).on("2026-05-10")
    assert isinstance(story.do("modify terms").event.fact, Posted)
    unposted = running({"1.3-notice": meaning}).on("2026-05-10").acted("modify terms", power="terms.modify")
    assert not asked(unposted, lambda a: a.was_regular(unposted.last))


@pytest.mark.parametrize("meaning", MEANINGS["1.3-notice"])
def test_1_3_notice_a_committed_order_goes_before_under_either(meaning: str) -> None:
    story = Story(on="2026-01-01", readings={"1.3-notice": meaning})
    story.order("O-1", start="2026-01-01", attributes={"discontinuation": "excluded"})
    refused(story, "terminate", "2026-05-10", "order", **DISCONTINUE)


# ---- 3.3: who owes the order's fees ------------------------------------------------------------------------


def ended_under(meaning: str, way: str) -> tuple[Story, set[str]]:
    """An agreement ended one way or another by 10 Dec 2026, and the effects of its end."""
    story = running({"3.3-direction": meaning})
    by: Party = "customer" if way.endswith("by the customer") else "provider"
    party: Party = "provider" if by == "customer" else "customer"
    about = "B-1"
    match way.split(",")[0]:
        case "breach":
            breached(story, "2026-10-01", party=party)
        case "irremediable breach":
            breached(story, "2026-10-01", party=party, remediable=False)
        case "warranty":
            warranty_breached(story, "2026-10-01", material=True, correction_failed=True)
            about = "W-1"
        case "liquidation":
            story.on("2026-10-01").opened("liquidation", "L-1")
            about = "L-1"
        case "force majeure":
            story.on("2026-10-01").opened("force_majeure", "FM-1")
            about = "FM-1"
        case "discontinued":
            effects = story.on("2026-12-10").do("terminate", **DISCONTINUE).effects
            return story, {effect.id for effect in effects}
        case _:
            return story, {effect.id for effect in story.on("2026-12-10").do("terminate", by="both").effects}
    outcome = story.on("2026-12-10").do("terminate", by=by, about=about, method="personal")
    return story, {effect.id for effect in outcome.effects}


@pytest.mark.parametrize(
    ("way", "default", "alternative"),
    [
        ("breach, by the provider", True, True),
        ("irremediable breach, by the provider", True, True),
        ("breach, by the customer", False, True),
        ("irremediable breach, by the customer", False, True),
        ("warranty, by the customer", False, True),  # under 3.2(a) as well
        ("liquidation, by the provider", False, False),
        ("force majeure, by the customer", False, False),
        ("force majeure, by the provider", False, False),
        ("discontinued", False, False),
        ("by both", False, False),
    ],
)
def test_3_3_direction_the_orders_fees_are_due_only_after_the_customers_breach_or_after_any(
    way: str, *, default: bool, alternative: bool
) -> None:
    for meaning, due in zip(MEANINGS["3.3-direction"], (default, alternative), strict=True):
        story, effects = ended_under(meaning, way)
        duty = owed(story, "2026-12-10").get("pay_remaining")
        assert (duty is not None, "order fees due" in effects) == (due, due)
        assert duty is None or (duty.by, duty.duty.clause) == (("customer",), "3.3")


@pytest.mark.parametrize("meaning", MEANINGS["3.3-direction"])
def test_3_3_direction_changes_nothing_after_an_expiry(meaning: str) -> None:
    story = running({"3.3-direction": meaning}, renews=False)
    assert "pay_remaining" not in owed(story, "2027-01-01")
    (entry,) = story.on("2027-01-02").catch_up()
    assert "order fees due" not in entry.effects


def test_3_3_direction_holds_for_an_end_by_itself_too() -> None:
    story = breached(running({**BY_ITSELF, "3.3-direction": "yes"}), "2026-04-06", party="provider")
    assert "pay_remaining" in owed(story, "2026-05-07")
    (entry,) = story.on("2026-05-08").catch_up()
    assert "order fees due" in entry.effects


# ---- 8.4 force majeure -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meaning", "safe", "first"),
    # 10 Feb + 30: 18 to 28 Feb, 12 more; 20 Feb + 30: 8 to 28 Feb, 22 more
    reading("8.4-start", [("2026-03-12", "2026-03-13"), ("2026-03-22", "2026-03-23")]),
)
@pytest.mark.parametrize("by", ["provider", "customer"])
def test_8_4_start_the_30_days_run_from_the_event_or_from_the_failure(
    meaning: str, safe: str, first: str, by: Party
) -> None:
    story = running({"8.4-start": meaning}).on("2026-02-10T18:00-08:00")
    story.opened("force_majeure", "FM-1", failure="2026-02-20")
    assert opens(story, "terminate", safe=safe, first=first, by=by, about="FM-1").clause == "8.4"
    story.on("2026-04-01").ended("FM-1", "ended")
    refused(story, "terminate", "2026-04-01", "matter", by=by, about="FM-1")


@pytest.mark.parametrize("meaning", MEANINGS["8.4-start"])
def test_8_4_start_a_failure_that_nobody_dates_came_with_the_event(meaning: str) -> None:
    story = running({"8.4-start": meaning}).on("2026-02-10T18:00-08:00").opened("force_majeure", "FM-1")
    opens(story, "terminate", safe="2026-03-12", first="2026-03-13", about="FM-1")


@pytest.mark.parametrize("meaning", MEANINGS["8.4-start"])
def test_8_4_start_an_interruption_starts_the_count_anew_under_either(meaning: str) -> None:
    story = running({"8.4-start": meaning}).on("2026-02-10").opened("force_majeure", "FM-1", failure="2026-02-20")
    story.on("2026-03-01").ended("FM-1", "ended").on("2026-03-03").reopened("FM-1")
    opens(story, "terminate", safe="2026-04-02", first="2026-04-03", about="FM-1")  # 28 to 31 Mar, 2 more


@pytest.mark.parametrize(
    ("meaning", "safe", "first"), reading("8.4-start", [("2026-04-02", "2026-04-03"), ("2026-04-09", "2026-04-10")])
)
def test_8_4_start_after_an_interruption_another_failure_may_be_dated(meaning: str, safe: str, first: str) -> None:
    story = running({"8.4-start": meaning}).on("2026-02-10").opened("force_majeure", "FM-1", failure="2026-02-20")
    story.on("2026-03-01").ended("FM-1", "ended").on("2026-03-03").reopened("FM-1")
    story.on("2026-03-10").record(MatterChanged(matter="FM-1", days={"failure": date(2026, 3, 10)}))
    opens(story, "terminate", safe=safe, first=first, about="FM-1")  # 10 Mar + 30: 21 to 31 Mar, 9 more


def prevented(meaning: str, until: str | None) -> Story:
    """A breach and a warranty noticed on 18 Feb 2026, the cure of which a force majeure prevents from 1 Mar on."""
    story = breached(running({"8.4-cure": meaning}), "2026-02-18")
    warranty_breached(story, "2026-02-18", material=True, correction_failed=True)
    story.on("2026-03-01").opened("force_majeure", "FM-1", prevents=("B-1", "W-1"))
    return story if until is None else story.on(until).ended("FM-1", "ended")


CURES: list[tuple[str, str, Party]] = [
    ("suspend", "B-1", "provider"),
    ("terminate", "B-1", "provider"),
    ("terminate", "W-1", "customer"),
]


@pytest.mark.parametrize(("does", "matter", "by"), CURES)
@pytest.mark.parametrize(
    ("meaning", "safe", "first"),
    # N + 30 = 20 Mar; and the 10 days from 1 to 10 Mar, where they do not count
    reading("8.4-cure", [("2026-03-30", "2026-03-31"), ("2026-03-20", "2026-03-21")]),
)
def test_8_4_cure_days_that_prevent_the_cure_are_left_out_or_count(
    meaning: str, safe: str, first: str, does: str, matter: str, by: Party
) -> None:
    opens(prevented(meaning, "2026-03-11"), does, safe=safe, first=first, by=by, about=matter)


@pytest.mark.parametrize(("does", "matter", "by"), CURES)
def test_8_4_cure_while_it_lasts_no_day_opens_or_the_31st(does: str, matter: str, by: Party) -> None:
    stopped = prevented("no, where it prevents the cure", None)
    assert refused(stopped, does, "2026-06-01", "paused", by=by, about=matter).first_day is None
    opens(prevented("yes", None), does, safe="2026-03-20", first="2026-03-21", by=by, about=matter)


@pytest.mark.parametrize("meaning", MEANINGS["8.4-cure"])
def test_8_4_cure_is_not_about_a_force_majeure_that_prevents_nothing(meaning: str) -> None:
    story = breached(running({"8.4-cure": meaning}), "2026-02-18").on("2026-03-01").opened("force_majeure", "FM-1")
    story.on("2026-03-11").ended("FM-1", "ended")
    opens(story, "suspend", safe="2026-03-20", first="2026-03-21", about="B-1")


# ---- 6.2 warranty ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "only_if", "never", "always"),
    [
        ({"material": True, "correction_failed": True}, True, False, True),
        ({"material": True, "correction_failed": False}, False, False, True),
        ({"material": True}, False, False, True),
        ({"material": False, "correction_failed": True}, False, False, False),
        ({"correction_failed": True}, False, False, False),  # nobody says that it is material
        ({}, False, False, False),
    ],
)
def test_6_2_a_breach_of_warranty_terminates_where_correction_fails_or_never_or_always(
    said: dict[str, bool], *, only_if: bool, never: bool, always: bool
) -> None:
    for meaning, open_ in zip(MEANINGS["6.2"], (only_if, never, always), strict=True):
        story = warranty_breached(running({"6.2": meaning}), "2026-04-06", **said)
        if open_:  # N + 30: 24 to 30 Apr, 6 more
            verdict = opens(story, "terminate", safe="2026-05-06", first="2026-05-07", by="customer", about="W-1")
            assert verdict.clause == "3.2(a)"
        else:
            assert not may(story, "terminate", "2026-12-01", by="customer", about="W-1").permitted


@pytest.mark.parametrize("meaning", MEANINGS["6.2"])
def test_6_2_what_was_corrected_terminates_under_none(meaning: str) -> None:
    story = warranty_breached(running({"6.2": meaning}), "2026-04-06", material=True, correction_failed=True)
    story.on(last_second("2026-05-06")).ended("W-1", "corrected")
    assert not may(story, "terminate", "2026-05-07", by="customer", about="W-1").permitted


@pytest.mark.parametrize("meaning", MEANINGS["6.2"])
def test_6_2_only_the_customer_terminates_for_it_and_the_duty_to_correct_stays(meaning: str) -> None:
    story = warranty_breached(running({"6.2": meaning}), "2026-04-06", material=True, correction_failed=True)
    assert not may(story, "terminate", "2026-05-07", about="W-1").permitted
    story.notice("warranty", about="W-1", by="customer", method="personal")
    assert owed(story, "2026-05-07")["correct_warranty"].standing == "unscheduled"


def test_6_2_a_notice_of_breach_takes_its_30_days_also_where_it_always_terminates() -> None:
    story = running({"6.2": "always"}).on("2026-04-06").opened("warranty_breach", "W-1", by="customer", material=True)
    refused(story, "terminate", "2026-12-01", "notice-missing", by="customer", about="W-1")


# ---- rolling to the next business day ----------------------------------------------------------------------

ROLLS = {"counting-roll": "rolls to the next business day"}


@pytest.mark.parametrize(
    ("notice", "counts", "rolls"),
    [
        # N, first day after N + 30, first day after the business day on or after N + 30
        ("2026-02-18", "2026-03-21", "2026-03-21"),  # Fri 20 Mar
        ("2026-02-19", "2026-03-22", "2026-03-24"),  # Sat 21 Mar: Mon 23 Mar
        ("2026-02-20", "2026-03-23", "2026-03-24"),  # Sun 22 Mar: Mon 23 Mar
        ("2026-03-01", "2026-04-01", "2026-04-02"),  # Tue 31 Mar, Cesar Chavez Day: Wed 1 Apr
        ("2026-06-03", "2026-07-04", "2026-07-07"),  # Fri 3 Jul, kept for Sat 4 Jul: Mon 6 Jul
        ("2026-08-26", "2026-09-26", "2026-09-29"),  # Fri 25 Sep, Native American Day: Mon 28 Sep
        ("2026-10-27", "2026-11-27", "2026-12-01"),  # Thanksgiving, the day after, a weekend: Mon 30 Nov
        ("2026-12-19", "2027-01-19", "2027-01-20"),  # Mon 18 Jan 2027, M.L. King Day: Tue 19 Jan
        ("2026-09-12", "2026-10-13", "2026-10-13"),  # Mon 12 Oct, Columbus Day: no judicial holiday
    ],
)
def test_counting_roll_a_last_day_for_cure_counts_or_moves_to_the_next_business_day(
    notice: str, counts: str, rolls: str
) -> None:
    for meaning, first in zip(MEANINGS["counting-roll"], (counts, rolls), strict=True):
        story = breached(running({"counting-roll": meaning}), notice)
        safe = str(date.fromisoformat(first) - timedelta(days=1))
        opens(story, "suspend", safe=safe, first=first, about="B-1")
        opens(story, "terminate", safe=safe, first=first, about="B-1")


def test_counting_roll_a_last_day_to_mend_a_warranty_after_a_failed_correction_moves_too() -> None:
    for meaning, first in zip(MEANINGS["counting-roll"], ("2026-03-22", "2026-03-24"), strict=True):
        story = running({"counting-roll": meaning}).on("2026-02-19")
        story.opened("warranty_breach", "W-1", by="customer", material=True, correction_failed=True)
        story.notice("breach", about="W-1", by="customer")  # N + 30 is Sat 21 Mar: Mon 23 Mar
        safe = str(date.fromisoformat(first) - timedelta(days=1))
        opens(story, "terminate", safe=safe, first=first, by="customer", about="W-1")


def test_counting_roll_both_counts_of_a_card_invoice_wait_for_the_business_day() -> None:
    story = running({"counting-roll": MEANINGS["counting-roll"][1]}).invoice(
        "INV-1", "120.00 USD", due="2026-03-05", payment="card"
    )  # Thu; D + 9 is Sat 14 Mar: Mon 16 Mar
    story.on("2026-03-06").notice("overdue", about="INV-1")  # O + 9 is Sun 15 Mar: Mon 16 Mar
    unmet = [len(story.on(day).may("suspend").unmet) for day in ("2026-03-16", "2026-03-17")]
    assert unmet == [2, 0]


@pytest.mark.parametrize(
    ("payment", "due", "counts", "rolls"),
    [
        # D, D + 30 (card: D + 10), and the same from the business day on or after D, its eve rolled too
        ("invoice", "2026-03-02", "2026-04-01", "2026-04-02"),  # Mon; D + 29 = 31 Mar, Cesar Chavez Day: Wed 1 Apr
        ("invoice", "2026-03-01", "2026-03-31", "2026-04-02"),  # Sun: due Mon 2 Mar, and so as above
        ("invoice", "2026-03-07", "2026-04-06", "2026-04-08"),  # Sat: due Mon 9 Mar; 9 + 29 = Tue 7 Apr
        ("invoice", "2026-03-13", "2026-04-12", "2026-04-14"),  # Fri; D + 29 = Sat 11 Apr: Mon 13 Apr
        ("card", "2026-03-07", "2026-03-17", "2026-03-19"),  # Sat: due Mon 9 Mar; 9 + 9 = Wed 18 Mar
        ("card", "2026-03-05", "2026-03-15", "2026-03-17"),  # Thu; D + 9 = Sat 14 Mar: Mon 16 Mar
        ("card", "2026-03-04", "2026-03-14", "2026-03-14"),  # Wed; D + 9 = Fri 13 Mar
    ],
)
def test_counting_roll_moves_a_due_day_and_the_last_day_before_acceleration(
    payment: str, due: str, counts: str, rolls: str
) -> None:
    for meaning, first in zip(MEANINGS["counting-roll"], (counts, rolls), strict=True):
        story = invoiced(running({"counting-roll": meaning}), due, payment=payment)
        safe = str(date.fromisoformat(first) - timedelta(days=1))
        opens(story, "accelerate", safe=safe, first=first, about="INV-1")


@pytest.mark.parametrize(
    ("payment", "due", "notice", "counts", "rolls"),
    [
        ("invoice", "2026-03-01", "2026-03-05", "2026-03-31", "2026-04-02"),  # D as above; O + 9 = Sat 14 Mar
        ("invoice", "2026-02-02", "2026-03-05", "2026-03-15", "2026-03-17"),  # O + 9 = Sat 14 Mar: Mon 16 Mar
        ("card", "2026-03-01", "2026-03-03", "2026-03-13", "2026-03-13"),  # O + 9 = Thu 12 Mar; 2 + 9 = Wed 11 Mar
    ],
)
def test_counting_roll_moves_the_last_day_before_suspension(
    payment: str, due: str, notice: str, counts: str, rolls: str
) -> None:
    for meaning, first in zip(MEANINGS["counting-roll"], (counts, rolls), strict=True):
        story = invoiced(running({"counting-roll": meaning}), due, payment=payment, notice=notice)
        safe = str(date.fromisoformat(first) - timedelta(days=1))
        opens(story, "suspend", safe=safe, first=first, about="INV-1")


@pytest.mark.parametrize(
    ("given", "counts", "rolls"), [("2026-03-02", True, False), ("2026-03-03", True, True)]
)  # due on Sun 1 Mar, payable through Mon 2 Mar where that rolls
def test_counting_roll_an_account_is_overdue_only_once_the_rolled_due_day_is_over(
    given: str, *, counts: bool, rolls: bool
) -> None:
    for meaning, valid in zip(MEANINGS["counting-roll"], (counts, rolls), strict=True):
        story = invoiced(running({"counting-roll": meaning}), "2026-03-01", notice=given)
        assert may(story, "suspend", "2026-05-01", about="INV-1").permitted is valid


@pytest.mark.parametrize(
    ("meaning", "first", "late"), reading("counting-roll", [("2026-03-02", True), ("2026-03-03", False)])
)
def test_counting_roll_interest_and_late_payment_follow_the_due_day(meaning: str, first: str, *, late: bool) -> None:
    story = invoiced(running({"counting-roll": meaning}), "2026-03-01")
    safe = str(date.fromisoformat(first) - timedelta(days=1))
    opens(story, "charge interest", safe=safe, first=first)
    story.on("2026-03-02T12:00-08:00").paid("INV-1", "120.00 USD")
    assert may(story, "shorten payment terms", "2026-10-01").permitted is late


def test_counting_roll_a_refusal_shows_the_due_day_and_what_it_rolled_to() -> None:
    told = str(may(invoiced(running(ROLLS), "2026-03-01", notice="2026-03-05"), "suspend", "2026-03-20"))
    assert "due 2026-03-01, rolled to 2026-03-02: day 18" in told
    assert "opens 2026-04-02" in told


@pytest.mark.parametrize("meaning", MEANINGS["counting-roll"])
def test_counting_roll_moves_no_day_of_a_power_and_no_deadline_for_notice(meaning: str) -> None:
    readings = {"counting-roll": meaning}
    dismissal = running(readings).on("2026-01-21").opened("proceeding", "P-1")  # 10 to 31 Jan, 28, 22: Sun 22 Mar
    opens(dismissal, "terminate", safe="2026-03-22", first="2026-03-23", about="P-1")
    lasting = running(readings).on("2026-02-20").opened("force_majeure", "FM-1")  # 8 to 28 Feb, 22 more: Sun 22 Mar
    opens(lasting, "terminate", safe="2026-03-22", first="2026-03-23", about="FM-1")
    incurable = breached(running(readings), "2026-02-20", remediable=False)  # nothing to cure by Sun 22 Mar
    opens(incurable, "suspend", safe="2026-03-22", first="2026-03-23", about="B-1")
    claimed = running(readings).on("2026-02-20").opened("claim", "C-1", party="customer")
    assert str(owed(claimed, "2026-03-01")["notify_claim.customer"].due) == "2026-03-22"
    renewing = running(readings, "2026-01-06")  # E = Tue 5 Jan 2027: 5 back to 31 Dec, 25 more
    assert str(may(renewing, "stop renewal", "2026-06-01").last_day) == "2026-12-06"  # a Sunday


def test_counting_roll_a_saturday_is_no_business_day() -> None:
    assert under(modal(), ROLLS).counting.weekend == ("saturday", "sunday")


# ---- the judicial holidays of California -------------------------------------------------------------------


def nth(year: int, month: int, weekday: int, n: int) -> date:
    """The n-th Monday (0) ... Sunday (6) of a month; from its end where negative."""
    days = [date(year, month, 1) + timedelta(days=k) for k in range(31)]
    found = [day for day in days if day.month == month and day.weekday() == weekday]
    return found[n - 1 if n > 0 else n]


def judicial_holidays(year: int) -> set[date]:
    """Code of Civil Procedure 135 with Government Code 6700; kept on Friday or Monday where they fall on a weekend."""
    thanksgiving = nth(year, 11, 3, 4)
    named = [
        date(year, 1, 1),
        nth(year, 1, 0, 3),  # M.L. King Day
        date(year, 2, 12),  # Lincoln Day
        nth(year, 2, 0, 3),  # Presidents' Day
        date(year, 3, 31),  # Cesar Chavez Day
        nth(year, 5, 0, -1),  # Memorial Day
        date(year, 6, 19),  # Juneteenth
        date(year, 7, 4),
        nth(year, 9, 0, 1),  # Labor Day
        nth(year, 9, 4, 4),  # Native American Day
        date(year, 11, 11),  # Veterans Day
        thanksgiving,
        thanksgiving + timedelta(days=1),
        date(year, 12, 25),
    ]
    return {day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0)) for day in named}


def test_the_calendar_of_california_is_counted_by_the_rule_of_the_code() -> None:
    expected = set().union(*(judicial_holidays(year) for year in range(2024, 2042)))
    assert holidays("us-california") == {day for day in expected if day.year <= 2040}


def test_the_calendar_of_california_is_that_of_the_courts_for_a_year() -> None:
    assert sorted(day for day in holidays("us-california") if day.year == 2026) == [
        date(2026, month, day)
        for month, day in (
            *((1, 1), (1, 19), (2, 12), (2, 16), (3, 31), (5, 25), (6, 19), (7, 3)),
            *((9, 7), (9, 25), (11, 11), (11, 26), (11, 27), (12, 25)),
        )
    ]


def test_the_calendar_of_california_is_in_order_without_weekends_and_says_its_years() -> None:
    file = resources.files("lifecycle.terms") / "calendars" / "us-california.toml"
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    days = content["days"]
    assert days == sorted(set(days))
    assert all(day.weekday() < 5 for day in days)
    assert content["years"] == [days[0].year, days[-1].year] == [2024, 2040]


def test_the_calendar_counts_only_where_the_terms_roll() -> None:
    assert modal().holidays == frozenset()
    assert under(modal(), ROLLS).holidays == holidays("us-california")


# ---- readings beside each other ----------------------------------------------------------------------------
#
# One question for each reading whose answer tells its meanings apart, told with notices by hand, on days that roll
# nowhere else, so that no other reading has a say in it but for those listed.


def ask_3_4_number(r: Readings) -> object:
    return in_force(ended_together(r), "2026-04-10") & {"1.4", "1.6"}


def ask_3_4_expiry(r: Readings) -> object:
    return "7" in in_force(expired(r), "2027-01-01")


def ask_3_4_five(r: Readings) -> object:
    return "5.1" in in_force(ended_together(r), "2026-04-10")


def ask_3_2a_cure(r: Readings) -> object:
    story = breached(running(r), "2026-04-06")
    return tuple(may(story, "terminate", day, about="B-1").permitted for day in ("2026-05-06", "2026-05-07"))


def ask_3_2a_exercise(r: Readings) -> object:
    return state(breached(running(r), "2026-04-06"), "2026-05-07")


def ask_late_cure(r: Readings) -> object:
    story = breached(running(r), "2026-04-06").on("2026-05-11").ended("B-1", "cured")
    return may(story, "suspend", "2026-05-12", about="B-1").permitted


def ask_1_12d_incurable(r: Readings) -> object:
    return may(breached(running(r), "2026-04-06", remediable=False), "suspend", "2026-04-10", about="B-1").permitted


def ask_suspension(r: Readings) -> object:
    """Due on Mon 6 Apr 2026, notice on Tue 7 Apr."""
    story = invoiced(running(r), "2026-04-06", notice="2026-04-07")
    return str(may(story, "suspend", "2026-04-08", about="INV-1").first_day)


def ask_or_more(r: Readings) -> object:
    return str(may(invoiced(running(r), "2026-04-06"), "accelerate", "2026-04-08", about="INV-1").first_day)


def ask_overdue_amounts(r: Readings) -> object:
    story = running(r).invoice("INV-2", "80.00 USD", due="2026-04-07")
    invoiced(story, "2026-04-06", notice="2026-05-11").on("2026-05-22")
    story.acted("suspend", power="suspend.overdue", about="INV-1").on("2026-05-26").paid("INV-1", "120.00 USD")
    return state(story, "2026-05-27")


def ask_8_5(r: Readings) -> object:
    story = running(r).on("2026-04-06")
    story.opened("breach", "B-1", party="customer", by="provider", remediable=True, material=False)
    story.notice("breach", about="B-1", method="courier", id="N-1").on("2026-04-08").delivered("N-1")
    return str(may(story, "suspend", "2026-04-09", about="B-1").first_day)


def ask_8_5_email(r: Readings) -> object:
    story = running(r).on("2026-04-06")
    story.opened("breach", "B-1", party="customer", by="provider", remediable=True, material=False)
    story.notice("breach", about="B-1", method="email", id="N-1").on("2026-04-08").delivered("N-1")
    return tuple(may(story, "suspend", day, about="B-1").permitted for day in ("2026-05-08", "2026-05-09"))


def ask_1_4_gap(r: Readings) -> object:
    return state(trial_then_order(r), "2026-02-20")


def ask_3_1_anchor(r: Readings) -> object:
    return str(may(running(r), "stop renewal", "2026-06-01").last_day)


def ask_3_1_length(r: Readings) -> object:
    return term_at(running(r, "2026-01-05", months=24), "2028-06-01")[2]


def ask_3_1_month(r: Readings) -> object:
    return term_at(running(r, "2027-01-31", months=1), "2027-02-05")[2]


def ask_3_1_early(r: Readings) -> object:
    story = Story(on="2025-12-15", readings=r).order("O-1", start="2026-01-01").on("2025-12-20")
    return state(story.notice("non_renewal", by="customer", method="personal"), "2027-01-01")


def ask_1_3_notice(r: Readings) -> object:
    story = running(r).on("2026-05-10").acted("terminate", **DISCONTINUE)
    return bool(standing(story, "2026-05-10").irregular)


def ask_3_3_direction(r: Readings) -> object:
    story = breached(running(r), "2026-04-06", party="provider", remediable=False).on("2026-04-10")
    story.acted("terminate", by="customer", power="terminate.breach.irremediable", about="B-1", method="personal")
    return "pay_remaining" in owed(story, "2026-04-10")


def ask_8_4_start(r: Readings) -> object:
    story = running(r).on("2026-04-06").opened("force_majeure", "FM-1", failure="2026-04-16")
    return str(may(story, "terminate", "2026-04-20", about="FM-1").first_day)


def ask_8_4_cure(r: Readings) -> object:
    story = breached(running(r), "2026-04-06", material=False).on("2026-04-13")
    story.opened("force_majeure", "FM-1", prevents=("B-1",)).on("2026-04-18").ended("FM-1", "ended")
    return str(may(story, "suspend", "2026-04-20", about="B-1").first_day)


def ask_6_2(r: Readings) -> object:
    said: list[dict[str, bool]] = [{}, {"correction_failed": True}]
    stories = [warranty_breached(running(r), "2026-04-06", material=True, **more) for more in said]
    return tuple(may(story, "terminate", "2026-05-08", by="customer", about="W-1").permitted for story in stories)


def ask_counting_roll(r: Readings) -> object:
    return str(may(breached(running(r), "2026-03-19", material=False), "suspend", "2026-04-01").first_day)


QUESTIONS: dict[str, tuple[Callable[[Readings], object], tuple[object, ...]]] = {
    # key: what is asked, and the answer under each meaning
    "3.4-number": (ask_3_4_number, ({"1.6"}, {"1.4"})),
    "3.4-expiry": (ask_3_4_expiry, (True, False)),
    "3.4-five": (ask_3_4_five, (False, True)),
    "3.2a-cure": (ask_3_2a_cure, ((False, True), (True, False))),  # N + 30, N + 31
    "3.2a-exercise": (ask_3_2a_exercise, ("active", "terminated")),  # N + 31
    "late-cure": (ask_late_cure, (False, True)),
    "1.12d-incurable": (ask_1_12d_incurable, (False, True)),
    "1.12e": (ask_suspension, ("2026-05-06", "2026-04-17")),  # D + 30: 24 to 30 Apr, 6 more; O + 10
    "or-more": (ask_or_more, ("2026-05-06", "2026-05-07")),
    "overdue-notice": (ask_suspension, ("2026-05-06", "2026-05-16")),  # D + 30; ten days more
    "overdue-amounts": (ask_overdue_amounts, ("active", "suspended")),
    "8.5": (ask_8_5, ("2026-05-07", "2026-05-09")),  # 6 or 8 Apr, + 31
    "8.5-email": (ask_8_5_email, ((False, False), (False, True))),  # 8 Apr + 30, + 31
    "1.4-gap": (ask_1_4_gap, (None, "trial")),
    "3.1-anchor": (ask_3_1_anchor, ("2026-12-01", "2026-12-02")),
    "3.1-length": (ask_3_1_length, ("2030-01-04", "2029-01-04")),
    "3.1-month": (ask_3_1_month, ("2027-02-28", "2027-02-27")),
    "3.1-early": (ask_3_1_early, ("terminated", "renewed")),
    "1.3-notice": (ask_1_3_notice, (True, False)),
    "3.3-direction": (ask_3_3_direction, (False, True)),
    "8.4-start": (ask_8_4_start, ("2026-05-07", "2026-05-17")),  # 6 or 16 Apr, + 31
    "8.4-cure": (ask_8_4_cure, ("2026-05-12", "2026-05-07")),  # 6 Apr + 31, and the 5 days from 13 to 17 Apr
    "6.2": (ask_6_2, ((False, True), (False, False), (True, True))),
    "counting-roll": (ask_counting_roll, ("2026-04-19", "2026-04-21")),  # Sat 18 Apr is the last day: Mon 20 Apr
}

SWAYED: dict[tuple[str, str, str], object] = {
    # reading, its meaning, another reading read otherwise: the answer that gives
    ("3.2a-cure", "cure period, then terminate", "3.2a-exercise"): (False, False),  # over on N + 31, by itself
    ("3.2a-exercise", "ends by itself", "3.2a-cure"): "active",  # a limit leaves nothing to end by itself
    ("late-cure", "the power stays", "3.2a-exercise"): False,  # over on N + 31
    ("1.12e", "the paragraph governs", "or-more"): "2026-05-07",
    ("1.12e", "the paragraph governs", "overdue-notice"): "2026-05-16",
    ("1.12e", "own power: ten days after notice alone", "overdue-notice"): "2026-05-16",  # the notice waits for D + 30
    ("overdue-notice", "yes, from the day after the due day", "or-more"): "2026-05-07",
    ("overdue-notice", "yes, from the day after the due day", "1.12e"): "2026-04-17",
    ("6.2", "only if correction fails", "3.2a-cure"): (False, False),  # N + 30 is over
    ("6.2", "always", "3.2a-cure"): (False, False),
    ("6.2", "only if correction fails", "3.2a-exercise"): (False, False),  # over on N + 31
    ("6.2", "always", "3.2a-exercise"): (False, False),
}

EVERY_MEANING = [(key, meaning) for key, meanings in MEANINGS.items() for meaning in meanings]


@pytest.mark.parametrize(("key", "meaning"), EVERY_MEANING)
def test_the_question_of_a_reading_is_answered_as_it_is_read(key: str, meaning: str) -> None:
    ask, answers = QUESTIONS[key]
    assert ask({key: meaning}) == answers[MEANINGS[key].index(meaning)]


@pytest.mark.parametrize(("key", "meaning"), EVERY_MEANING)
def test_a_reading_means_the_same_beside_every_other_alternative_but_where_that_one_has_a_say(
    key: str, meaning: str
) -> None:
    ask, answers = QUESTIONS[key]
    alone = answers[MEANINGS[key].index(meaning)]
    others = [(other, otherwise) for other, otherwise in ALTERNATIVES if other != key]
    found = {(other, otherwise): ask({key: meaning, other: otherwise}) for other, otherwise in others}
    assert found == {pair: SWAYED.get((key, meaning, pair[0]), alone) for pair in others}


@pytest.mark.parametrize("of_warranty", ["never", "always"])
def test_all_alternatives_at_once_each_mean_what_they_mean(of_warranty: str) -> None:
    chosen = {**dict(ALTERNATIVES), "6.2": of_warranty}
    expected = {key: answers[MEANINGS[key].index(chosen[key])] for key, (_, answers) in QUESTIONS.items()}
    expected |= {
        "3.2a-exercise": "active",  # a limit leaves nothing to end by itself
        "1.12e": "2026-05-16",  # a notice waits for D + 30
        "6.2": (False, False),  # never, or the limit of N + 30 is over
    }
    assert {key: ask(chosen) for key, (ask, _) in QUESTIONS.items()} == expected
