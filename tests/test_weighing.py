"""What holds under every reading: closed, contested, undisputed."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecycle.agreement import Agreement
from lifecycle.course import Course
from lifecycle.docket import fold
from lifecycle.errors import InvalidFact
from lifecycle.history import from_line, to_line
from lifecycle.terms import load
from lifecycle.testing import Story
from lifecycle.verdict import Question, Refused
from lifecycle.weighing import Weighed, _choices, _every_answer, _windows, weigh

MODAL = load("modal-2024-03-26")


def overdue(method: str = "personal", *, notice: str = "2026-03-05") -> Story:
    """An invoice due on 1 March 2026, and an overdue notice."""
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-01").invoice("INV-7", "1200.00 USD", due="2026-03-01")
    return story.on(notice).notice("overdue", about="INV-7", method=method)


def suspending(story: Story, at: str) -> Weighed:
    return story.agreement.weigh("suspend", by="provider", at=at, power="suspend.overdue")


# ---- standing, day by day ------------------------------------------------------------------------------------

DAYS = [
    # 1.12, due 1 March, handed over on 5 March. The earliest reading opens on 1 + 30 = 31 March; "from the 31st day" on
    # 1 April; "only after them" takes no notice of 5 March at all.
    ("2026-03-30", "closed"),
    ("2026-03-31", "contested"),
    ("2026-04-01", "contested"),
    ("2026-12-01", "contested"),
]


@pytest.mark.parametrize(("day", "standing"), DAYS)
def test_an_early_notice_leaves_the_suspension_contested(day: str, standing: str) -> None:
    weighed = suspending(overdue(), day)
    assert (weighed.standing, weighed.first_day) == (standing, None)
    assert weighed.depends_on == ("or-more", "overdue-notice", "counting-roll")


LATE_NOTICE = [
    # Handed over on 1 April, day 31: ten days on notice end with 10 April, open from 11 April (a Saturday). Where a
    # last day rolls, the last day of the ten, Friday 10 April, counts as it is.
    ("2026-04-10", "closed"),
    ("2026-04-11", "undisputed"),
]


@pytest.mark.parametrize(("day", "standing"), LATE_NOTICE)
def test_a_notice_given_after_the_thirty_days_is_undisputed(day: str, standing: str) -> None:
    weighed = suspending(overdue(notice="2026-04-01"), day)
    assert weighed.standing == standing
    assert str(weighed.first_day) == "2026-04-11"


def test_a_last_day_on_a_sunday_is_contested_by_rolling_alone() -> None:
    # Handed over on Thursday 2 April: the last of the ten days is Saturday 11 April; rolled, Monday 13 April.
    weighed = suspending(overdue(notice="2026-04-02"), "2026-04-12")
    assert (weighed.standing, weighed.depends_on) == ("contested", ("counting-roll",))
    assert str(weighed.first_day) == "2026-04-14"


def test_a_mailed_notice_is_contested_until_its_receipt_is_proved() -> None:
    story = overdue("courier", notice="2026-04-01")
    assert suspending(story, "2026-05-01").depends_on == ("8.5",)
    assert suspending(story, "2026-05-01").first_day is None
    story.on("2026-04-03").delivered(story.last)
    weighed = suspending(
        story, "2026-04-10"
    )  # received 3 April: 13 April is day 10, a Monday; the day before rolls to it
    assert (weighed.standing, str(weighed.first_day)) == ("closed", "2026-04-14")


def test_each_answer_is_told_once_with_the_fewest_readings_that_lead_to_it() -> None:
    weighed = suspending(overdue(), "2026-03-28")
    opens = {under.named: str(under.windows) for under in weighed.under}
    assert opens == {
        "as agreed": "[2026-03-31T07:00:00Z, ∞)",
        "or-more read as 'from the 31st day'": "[2026-04-01T07:00:00Z, ∞)",
        "overdue-notice read as 'only after them'": "∅",
        # day 31 is the first open day, so day 30, Tuesday 31 March - a judicial holiday - is the last to pay: 1 April
        "or-more read as 'from the 31st day'; counting-roll read as 'rolls to the next business day'": (
            "[2026-04-02T07:00:00Z, ∞)"
        ),
    }


def test_what_no_reading_touches_is_undisputed_or_closed() -> None:
    weighed = overdue().agreement.weigh("terminate", by="both", at="2026-03-28")
    assert (weighed.standing, weighed.depends_on) == ("undisputed", ())
    closed = overdue().agreement.weigh("terminate", by="customer", at="2026-03-28")
    assert (closed.standing, closed.possible.parts) == ("closed", ())


def test_a_power_that_only_another_reading_gives_is_contested() -> None:
    # 1.12(e) as a power of its own: ten days after the notice of 5 March, from 15 March
    story = overdue()
    weighed = story.agreement.weigh("suspend", by="provider", at="2026-03-15", power="suspend.unpaid")
    assert weighed.standing == "contested"
    assert "1.12e" in weighed.depends_on
    listed = {o.power.id: w.standing for o, w in story.agreement.weigh_all("2026-03-15")}
    assert listed["suspend.unpaid"] == "contested"
    assert listed["suspend.overdue"] == "closed"
    assert listed["interest.late"] == "undisputed"


def test_the_agreed_reading_comes_first_whichever_it_is() -> None:
    story = Story(on="2026-01-05", readings={"or-more": "from the 31st day"}).order("O-1", start="2026-01-05")
    story.on("2026-02-01").invoice("INV-7", "1200.00 USD", due="2026-03-01")
    story.on("2026-03-05").notice("overdue", about="INV-7", method="personal")
    weighed = suspending(story, "2026-03-28")
    assert weighed.under[0].named == "as agreed"
    assert str(weighed.under[0].windows) == "[2026-04-01T07:00:00Z, ∞)"
    assert "or-more read as 'from the 30th day'" in {under.named for under in weighed.under}


# ---- acting only where it is undisputed ---------------------------------------------------------------------


def test_doing_only_what_is_undisputed_refuses_what_is_contested_and_records_nothing() -> None:
    story = overdue().on("2026-03-31")
    before = len(story.agreement.history)
    with pytest.raises(Refused) as caught:
        story.do("suspend", only_undisputed=True)
    verdict = caught.value.verdict
    assert (verdict.codes, verdict.first_day, len(story.agreement.history)) == (("contested",), None, before)
    assert "is contested: not open with" in str(caught.value)
    assert story.do("suspend").target == "suspended"


def test_doing_only_what_is_undisputed_does_it_on_its_first_day() -> None:
    story = overdue(notice="2026-04-01").on("2026-04-11")
    assert story.may("suspend", only_undisputed=True).permitted
    assert story.do("suspend", only_undisputed=True).target == "suspended"


def test_a_contested_verdict_names_the_day_from_which_it_is_undisputed() -> None:
    story = overdue(notice="2026-04-02").on("2026-04-12")
    verdict = story.may("suspend", only_undisputed=True)
    assert (verdict.codes, str(verdict.first_day)) == (("contested",), "2026-04-14")
    assert verdict.missing == ("wait until 2026-04-14, when it is undisputed",)


# ---- readings agreed, and supposed ---------------------------------------------------------------------------


def test_agreed_readings_are_recorded_and_read_back() -> None:
    story = Story(on="2026-01-05", readings={"or-more": "from the 31st day"}).order("O-1", start="2026-01-05")
    lines = [to_line(event) for event in story.agreement.history]
    again = Agreement([from_line(line) for line in lines])
    assert again.terms.chosen == {"or-more": "from the 31st day"}
    assert again.terms is story.agreement.terms


def test_reading_otherwise_is_a_copy_that_changes_nothing() -> None:
    story = overdue()
    other = story.agreement.read_as({"or-more": "from the 31st day"})
    known = "2026-03-31"
    assert not other.may("suspend", by="provider", at=known, known_through=known).permitted
    assert story.agreement.may("suspend", by="provider", at=known, known_through=known).permitted


def test_an_act_under_a_power_that_another_reading_lacks_can_still_be_read() -> None:
    story = Story(on="2026-01-05", readings={"1.12e": "own power: ten days after notice alone"})
    story.order("O-1", start="2026-01-05").on("2026-02-01").invoice("INV-7", "9.00 USD", due="2026-03-01")
    story.on("2026-03-05").notice("overdue", about="INV-7", method="personal")
    story.on("2026-03-15").do("suspend", power="suspend.unpaid")
    default = story.agreement.read_as({"1.12e": "the paragraph governs"})
    assert default.status("2026-03-16").state == "suspended"
    assert default.remarks("2026-03-16") == {story.last: "read so, the Terms give no power 'suspend.unpaid'"}
    assert [finding.standing for finding in story.agreement.audit()] == ["contested"]


def test_too_many_combinations_are_refused_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lifecycle.weighing.MOST", 3)
    with pytest.raises(InvalidFact, match="too many"):
        suspending(overdue(), "2026-03-28")


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


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(lives(), st.sampled_from(ASKED), st.integers(0, 10_000))
def test_no_reading_left_out_changes_the_answer(story: Story, asked: tuple[str, str], seed: int) -> None:
    """Under any combination of all readings the windows are those of the weighed ones among them."""
    agreement, rng = story.agreement, random.Random(seed)  # noqa: S311 - a test's choice
    at = agreement.instant("2026-07-15")
    events = list(agreement.history)

    def world(readings: Mapping[str, str]) -> Course:
        return Course(fold(agreement.library.supposing(readings), events, at), at)

    question = Question(does=asked[0], by=asked[1], at=at)  # type: ignore[arg-type]
    choices = _choices(world({}), question)
    found = _every_answer(world, question, choices)
    for _ in range(6):
        combination = {r.key: rng.choice(r.meanings) for r in MODAL.readings}
        weighed = tuple(combination[key] for key in choices.meanings)
        assert _windows(world(combination), question) == found[weighed], combination


def test_weighing_looks_at_few_combinations() -> None:
    agreement = overdue("courier").agreement
    at = agreement.instant("2026-03-28")
    looked = []

    def world(readings: Mapping[str, str]) -> Course:
        looked.append(readings)
        return Course(fold(agreement.library.supposing(readings), list(agreement.history), at), at)

    weigh(world, Question(does="suspend", by="provider", at=at, power="suspend.overdue"))
    assert len(looked) < 100
