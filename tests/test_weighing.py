"""What holds under every reading: closed, contested, undisputed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from math import prod
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from lifecycle.agreement import Agreement
from lifecycle.bearing import choices
from lifecycle.course import Course
from lifecycle.docket import fold
from lifecycle.errors import InvalidFact
from lifecycle.history import from_line, to_line
from lifecycle.terms import load
from lifecycle.testing import Story
from lifecycle.verdict import Question, Refused
from lifecycle.weighing import Weighed, _every_answer, _windows, weigh

MODAL = load("modal-2024-03-26")


def overdue(method: str = "personal", *, notice: str = "2026-05-07", **made: Any) -> Story:
    """An invoice due on Monday 4 May 2026, an overdue notice on Thursday 7 May: 1.12 opens on 4 May + 30 = 3 June."""
    story = Story(on="2026-01-05", **made).order("O-1", start="2026-01-05", months=12)
    story.on("2026-04-01").invoice("INV-7", "1200.00 USD", due="2026-05-04")
    return story.on(notice).notice("overdue", about="INV-7", method=method)


def suspending(story: Story, at: str) -> Weighed:
    return story.agreement.weigh("suspend", by="provider", at=at, power="suspend.overdue")


# ---- standing, day by day ------------------------------------------------------------------------------------

DAYS = [
    # The earliest reading opens on 3 June, "from the 31st day" on 4 June; "only after them" takes no notice of 7 May.
    ("2026-06-02", "closed"),
    ("2026-06-03", "contested"),
    ("2026-06-04", "contested"),
    ("2026-12-01", "contested"),
]


@pytest.mark.parametrize(("day", "standing"), DAYS)
def test_an_early_notice_leaves_the_suspension_contested(day: str, standing: str) -> None:
    weighed = suspending(overdue(), day)
    assert (weighed.standing, weighed.first_day) == (standing, None)
    assert weighed.depends_on == ("or-more", "overdue-notice")


LATE_NOTICE = [
    # Handed over on Monday 8 June, after the 30 days: the last of the ten days is Wednesday 17 June.
    ("2026-06-17", "closed"),
    ("2026-06-18", "undisputed"),
]


@pytest.mark.parametrize(("day", "standing"), LATE_NOTICE)
def test_a_notice_given_after_the_thirty_days_is_undisputed(day: str, standing: str) -> None:
    weighed = suspending(overdue(notice="2026-06-08"), day)
    assert (weighed.standing, weighed.depends_on) == (standing, ())
    assert str(weighed.first_day) == "2026-06-18"


def test_a_last_day_on_a_saturday_is_contested_by_rolling_alone() -> None:
    # Handed over on Thursday 4 June: the last of the ten days is Saturday 13 June; rolled, Monday 15 June.
    weighed = suspending(overdue(notice="2026-06-04"), "2026-06-14")
    assert (weighed.standing, weighed.depends_on) == ("contested", ("counting-roll",))
    assert str(weighed.first_day) == "2026-06-16"


def test_a_mailed_notice_is_contested_until_its_receipt_is_proved() -> None:
    story = overdue("courier", notice="2026-06-08")
    weighed = suspending(story, "2026-07-01")
    assert (weighed.standing, weighed.depends_on, weighed.first_day) == ("contested", ("8.5",), None)
    story.on("2026-06-09").delivered(story.last)
    # sent on 8 June it opens on 18 June, received on 9 June on 19 June
    weighed = suspending(story, "2026-06-18")
    assert (weighed.standing, str(weighed.first_day)) == ("contested", "2026-06-19")


def test_each_answer_is_told_once_with_the_fewest_readings_that_lead_to_it() -> None:
    weighed = suspending(overdue(), "2026-06-01")
    assert {under.named: str(under.windows) for under in weighed.under} == {
        "as agreed": "[2026-06-03T07:00:00Z, ∞)",
        "or-more read as 'from the 31st day'": "[2026-06-04T07:00:00Z, ∞)",
        "overdue-notice read as 'only after them'": "∅",
    }


def test_what_no_reading_touches_is_undisputed_or_closed() -> None:
    weighed = overdue().agreement.weigh("terminate", by="both", at="2026-06-01")
    assert (weighed.standing, weighed.depends_on) == ("undisputed", ())
    closed = overdue().agreement.weigh("terminate", by="customer", at="2026-06-01")
    assert (closed.standing, closed.possible.parts) == ("closed", ())


def test_a_power_that_only_another_reading_gives_is_contested() -> None:
    # 1.12(e) as a power of its own: ten days after the notice of 7 May, from 17 May
    story = overdue()
    weighed = story.agreement.weigh("suspend", by="provider", at="2026-05-17", power="suspend.unpaid")
    assert weighed.standing == "contested"
    assert "1.12e" in weighed.depends_on
    listed = {o.power.id: w.standing for o, w in story.agreement.weigh_all("2026-05-17")}
    assert listed["suspend.unpaid"] == "contested"
    assert listed["suspend.overdue"] == "closed"
    assert listed["interest.late"] == "undisputed"


def test_the_agreed_reading_comes_first_whichever_it_is() -> None:
    weighed = suspending(overdue(readings={"or-more": "from the 31st day"}), "2026-06-01")
    assert weighed.under[0].named == "as agreed"
    assert str(weighed.under[0].windows) == "[2026-06-04T07:00:00Z, ∞)"
    assert "or-more read as 'from the 30th day'" in {under.named for under in weighed.under}


# ---- acting only where it is undisputed ---------------------------------------------------------------------


def test_doing_only_what_is_undisputed_refuses_what_is_contested_and_records_nothing() -> None:
    story = overdue().on("2026-06-03")
    before = len(story.agreement.history)
    with pytest.raises(Refused) as caught:
        story.do("suspend", only_undisputed=True)
    verdict = caught.value.verdict
    assert (verdict.codes, verdict.first_day, len(story.agreement.history)) == (("contested",), None, before)
    assert "is contested: not open with" in str(caught.value)
    assert story.do("suspend").target == "suspended"


def test_doing_only_what_is_undisputed_does_it_on_its_first_day() -> None:
    story = overdue(notice="2026-06-08").on("2026-06-18")
    assert story.may("suspend", only_undisputed=True).permitted
    assert story.do("suspend", only_undisputed=True).target == "suspended"


def test_a_contested_verdict_names_the_day_from_which_it_is_undisputed() -> None:
    verdict = overdue(notice="2026-06-04").on("2026-06-14").may("suspend", only_undisputed=True)
    assert (verdict.codes, str(verdict.first_day)) == (("contested",), "2026-06-16")
    assert verdict.missing == ("wait until 2026-06-16, when it is undisputed",)


# ---- readings agreed, and supposed ---------------------------------------------------------------------------


def test_agreed_readings_are_recorded_and_read_back() -> None:
    story = overdue(readings={"or-more": "from the 31st day"})
    lines = [to_line(event) for event in story.agreement.history]
    again = Agreement([from_line(line) for line in lines])
    assert again.terms.chosen == {"or-more": "from the 31st day"}
    assert again.terms is story.agreement.terms


def test_reading_otherwise_is_a_copy_that_changes_nothing() -> None:
    story = overdue()
    other = story.agreement.read_as({"or-more": "from the 31st day"})
    known = "2026-06-03"
    assert not other.may("suspend", by="provider", at=known, known_through=known).permitted
    assert story.agreement.may("suspend", by="provider", at=known, known_through=known).permitted


def test_an_act_under_a_power_that_another_reading_lacks_can_still_be_read() -> None:
    story = overdue(readings={"1.12e": "own power: ten days after notice alone"}).on("2026-05-17")
    story.do("suspend", power="suspend.unpaid")
    default = story.agreement.read_as({"1.12e": "the paragraph governs"})
    assert default.status("2026-05-18").state == "suspended"
    assert default.remarks("2026-05-18") == {story.last: "read so, the Terms give no power 'suspend.unpaid'"}
    assert [finding.standing for finding in story.agreement.audit()] == ["contested"]


OWN_POWER = {"1.12e": "own power: ten days after notice alone"}
PARAGRAPH = {"1.12e": "the paragraph governs"}


def test_what_is_granted_of_a_power_that_another_reading_lacks_can_still_be_read() -> None:
    story = overdue(readings=OWN_POWER).on("2026-05-17").waived("INV-7", "suspend.unpaid")
    waived = story.last
    lacking = "read so, the Terms give no power 'suspend.unpaid'"
    assert story.agreement.read_as(PARAGRAPH).remarks("2026-05-18") == {waived: lacking}
    story.extended("INV-7", to="2026-06-20", power="suspend.overdue").extended("INV-7", to="2026-06-30", day="due")
    assert story.agreement.read_as(PARAGRAPH).remarks("2026-05-18") == {waived: lacking}
    (matter,) = story.agreement.read_as(PARAGRAPH)._docket().of_kind(("invoice",))
    assert (matter.waived, str(matter.days["due"])) == ({}, "2026-06-30")
    assert str(matter.waits["suspend.overdue", "provider"]) == "2026-06-20"
    (matter,) = story.agreement.read_as({"or-more": "from the 31st day"})._docket().of_kind(("invoice",))
    assert matter.waived.keys() == {("suspend.unpaid", "provider")}


def test_too_many_combinations_are_refused_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lifecycle.weighing.MOST", 3)
    with pytest.raises(InvalidFact, match="too many"):
        suspending(overdue(), "2026-06-01")


# ---- what was left out of the weighing cannot matter ----------------------------------------------------------

METHODS = ("personal", "courier", "email", "registered_mail")


@st.composite
def lives(draw: st.DrawFn) -> Story:
    """An account with a handful of facts that readings turn on."""
    trial = draw(st.sampled_from([None, "2026-01-20", "2026-02-20"]))
    story = Story(on="2026-01-05", trial_through=trial)
    story.on("2026-01-10").order("O-1", start="2026-01-31", months=draw(st.sampled_from([1, 6, 24])))
    rng = random.Random(draw(st.integers(0, 10_000)))  # noqa: S311 - a test's choice
    days = sorted(rng.sample(range(40, 160), 8))
    for n, ordinal in enumerate(days):
        story.on(f"2026-{1 + ordinal // 28:02d}-{1 + ordinal % 28:02d}")
        match rng.randrange(9):
            case 0 | 1:
                due = f"2026-{1 + ordinal // 28:02d}-{1 + ordinal % 28:02d}"
                story.invoice(f"I-{n}", "9.00 USD", due=due, payment=rng.choice(["card", "invoice"]))
            case 2:
                story.notice("overdue", method=rng.choice(METHODS))
            case 3:
                party = rng.choice(["provider", "customer"])
                story.opened("breach", f"B-{n}", party=party, material=True, remediable=rng.random() < 0.7)  # type: ignore[arg-type]
                other = "customer" if party == "provider" else "provider"
                story.notice("breach", about=f"B-{n}", by=other, method=rng.choice(METHODS))  # type: ignore[arg-type]
            case 4:
                breaches = [m.id for m in story.agreement._docket().matters.values() if m.kind == "breach"]
                for breach in breaches[:1]:
                    story.ended(breach, "cured")
            case 5:
                breaches = [m.id for m in story.agreement._docket().matters.values() if m.kind == "breach"]
                story.opened("force_majeure", f"F-{n}", prevents=tuple(breaches))
            case 6:
                story.notice("non_renewal", by="customer", method=rng.choice(METHODS))
            case 7:
                story.opened("proceeding", f"P-{n}")
            case _:
                invoices = [m.id for m in story.agreement._docket().matters.values() if m.kind == "invoice"]
                for invoice in invoices[:1]:
                    story.paid(invoice, "9.00 USD")
    return story


ASKED = [("suspend", "provider"), ("terminate", "provider"), ("terminate", "customer"), ("stop renewal", "customer")]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(lives(), st.sampled_from(ASKED), st.integers(0, 10_000))
def test_no_reading_left_out_changes_the_answer(story: Story, asked: tuple[str, str], seed: int) -> None:
    """Under any combination of all readings the windows are those of the weighed ones among them."""
    agreement, rng = story.agreement, random.Random(seed)  # noqa: S311 - a test's choice
    at = agreement.instant("2026-07-15")
    events = list(agreement.history)

    def world(readings: Mapping[str, str]) -> Course:
        return Course(fold(agreement.library.supposing(readings), events, at), at)

    question = Question(does=asked[0], by=asked[1], at=at)  # type: ignore[arg-type]
    bearing = choices(world({}), question)
    assume(prod(map(len, bearing.meanings.values())) <= 512)  # what takes longer is no different
    found = _every_answer(world, question, bearing)
    for _ in range(6):
        combination = {r.key: rng.choice(r.meanings) for r in MODAL.readings}
        weighed = tuple(combination[key] for key in bearing.meanings)
        assert _windows(world(combination), question) == found[weighed], combination


def test_weighing_looks_at_few_combinations() -> None:
    agreement = overdue("courier").agreement
    at = agreement.instant("2026-06-01")
    looked = []

    def world(readings: Mapping[str, str]) -> Course:
        looked.append(readings)
        return Course(fold(agreement.library.supposing(readings), list(agreement.history), at), at)

    weigh(world, Question(does="suspend", by="provider", at=at, power="suspend.overdue"))
    assert len(looked) < 100
