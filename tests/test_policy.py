"""House policy: it may narrow what the Terms allow, never widen; verdicts say which of them blocks."""

from __future__ import annotations

import pytest

from lifecycle.days import WEEKDAYS
from lifecycle.errors import InvalidTerms
from lifecycle.files import read_policy
from lifecycle.policy import HousePolicy, parse
from lifecycle.terms import load
from lifecycle.testing import Story
from lifecycle.verdict import Refused

MODAL = load("modal-2024-03-26")
HEAD = '[policy]\nid = "house"\ntitle = "House rules"\nnarrows = "modal-2024-03-26"\n'


def policy(text: str, head: str = HEAD) -> HousePolicy:
    return parse((head + text).encode(), MODAL)


def faults(text: str, head: str = HEAD) -> list[str]:
    with pytest.raises(InvalidTerms) as caught:
        policy(text, head)
    return list(caught.value.problems)


def account(house: HousePolicy) -> Story:
    """An invoice due on 1 March 2026, an overdue notice handed over on 5 March: 1.12 opens on 31 March."""
    story = Story(on="2026-01-05", policy=house).order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-01").invoice("INV-7", "1200.00 USD", due="2026-03-01")
    return story.on("2026-03-05").notice("overdue", about="INV-7", method="personal")


OVERDUE = '[power."suspend.overdue"]\n'
LONGER = OVERDUE + 'clocks = [{ start = "due", compare = "at least", n = 45, reads = "overdue" }]\n'


def test_a_longer_wait_blocks_by_policy_from_where_the_clause_opens() -> None:
    story = account(policy(LONGER))
    # 1 March + 30 = 31 March by the clause; 1 March + 45 = 15 April by the house
    early, between = story.on("2026-03-30").may("suspend"), story.on("2026-03-31").may("suspend")
    assert (early.blocked_by, early.codes) == (("clause", "policy"), ("clock", "policy-clock"))
    assert (between.blocked_by, between.codes, str(between.first_day)) == (("policy",), ("policy-clock",), "2026-04-15")
    assert "house policy house needs 45 days overdue" in str(between)
    assert not story.on("2026-04-14").may("suspend").permitted
    permitted = story.on("2026-04-15").may("suspend")
    assert (permitted.permitted, permitted.blocked_by) == (True, ())


def test_the_first_day_waits_for_the_house_also_where_a_notice_is_still_missing() -> None:
    """1 March + 45 = Wednesday 15 April by the house, so the 16th; 1 March + 30 = 31 March by the clause."""
    house = policy(LONGER + 'not_on = ["wednesday"]\n')
    story = Story(on="2026-01-05", policy=house).order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-01").invoice("INV-7", "1200.00 USD", due="2026-03-01")
    refused = story.on("2026-03-05").may("suspend")
    assert refused.supposing
    assert str(refused.first_day) == "2026-04-16"


def test_the_house_narrows_only_itself() -> None:
    story = account(policy("[act.terminate]\nnever = true\n"))
    story.on("2026-04-01").opened("breach", "B-1", party="provider", material=True, remediable=False)
    assert story.may("terminate", by="customer").permitted
    story.opened("liquidation", "L-1")
    refused = story.may("terminate", by="provider")
    assert (refused.blocked_by, refused.codes) == (("policy",), ("policy-never",))


WEEK = [
    # April 2026: Friday 3, Monday 6; the house does not act on a Friday, nor on the day before a holiday
    ("2026-03-30", "before 31 March, Cesar Chavez Day, and before the clause opens", False),
    ("2026-03-31", "a Tuesday", True),
    ("2026-04-03", "a Friday", False),
    ("2026-04-04", "a Saturday", True),
    ("2026-05-22", "a Friday", False),
    ("2026-05-24", "the day before Memorial Day, Monday 25 May", False),
    ("2026-05-25", "the holiday itself", True),
]


@pytest.mark.parametrize(("day", "why", "permitted"), WEEK)
def test_never_on_fridays_or_before_a_holiday(day: str, why: str, permitted: bool) -> None:  # noqa: FBT001
    text = '[counting]\ncalendar = "us-california"\n' + OVERDUE + 'not_on = ["friday"]\nnot_before_holidays = true\n'
    assert account(policy(text)).on(day).may("suspend").permitted is permitted


def test_a_shut_day_names_the_next_one_and_wakes_up_when_it_turns() -> None:
    story = account(policy(OVERDUE + 'not_on = ["friday", "saturday", "sunday"]\nreason = "nobody answers then"\n'))
    verdict = story.on("2026-04-03").may("suspend")
    assert (verdict.codes, str(verdict.first_day)) == (("policy-day",), "2026-04-06")
    assert "does not act on friday, saturday, sunday (nobody answers then)" in str(verdict)
    assert story.agreement.wake_at("2026-04-03") == story.agreement.instant("2026-04-06")
    assert story.agreement.wake_at("2026-04-08") == story.agreement.instant("2026-04-10")


def test_the_day_is_looked_at_anew_though_nothing_was_recorded() -> None:
    story = account(policy(OVERDUE + 'not_on = ["friday"]\n'))
    days = ("2026-04-02", "2026-04-03", "2026-04-04", "2026-04-03")
    assert [story.on(day).may("suspend").permitted for day in days] == [True, False, True, False]


def test_two_persons_approve() -> None:
    story = account(policy("[act.suspend]\napprovals = 2\n")).on("2026-03-31")
    for approvals in ((), ("anna",), ("anna", "anna")):
        assert story.may("suspend", approvals=approvals).codes == ("policy-approvals",)
    done = story.do("suspend", approvals=("anna", "ben"))
    assert done.event.fact.approvals == ("anna", "ben")  # type: ignore[union-attr]


def test_only_what_is_undisputed() -> None:
    story = account(policy("[act.suspend]\nonly_undisputed = true\n")).on("2026-03-31")
    verdict = story.may("suspend")
    assert (verdict.codes, verdict.blocked_by) == (("policy-contested",), ("policy",))
    story.on("2026-04-13").notice("overdue", about="INV-7", method="personal")
    assert story.on("2026-04-23").may("suspend").permitted  # Monday 13 April + 10, and no last day on a holiday


def test_a_policy_is_no_part_of_the_agreement_the_audit_judges_by_the_terms() -> None:
    story = account(policy(LONGER))
    story.on("2026-04-01").notice("overdue", about="INV-7", method="personal").on("2026-04-13")
    with pytest.raises(Refused):
        story.do("suspend")
    story.do("suspend", override="the director said so")
    story.on("2026-04-14").do("reinstate")
    story.on("2026-04-14").acted("suspend", power="suspend.overdue", about="INV-7")
    assert [f.now.permitted for f in story.agreement.audit()] == [True, True, True]


def test_powers_and_plans_see_the_house() -> None:
    story = account(policy(LONGER))
    (found,) = [o for o in story.agreement.powers("2026-03-10") if o.power.id == "suspend.overdue"]
    assert found.window.opens == story.agreement.instant("2026-04-15")
    plan = story.agreement.plan("suspend", by="provider", from_="2026-03-10")
    assert plan.earliest is not None
    assert str(plan.earliest.first_day) == "2026-04-15"


# ---- what widens, and what leads nowhere ---------------------------------------------------------------------

WIDER = [
    ('start = "due", compare = "at least", n = 29', "1.12"),
    ('start = "due", compare = "more than", n = 28', "1.12"),
    ('start = "due", compare = "at least", n = 9, when = { payment = "card" }', "1.12"),
    ('start = "notice:overdue", compare = "at least", n = 9', "1.12"),
    ('start = "due", compare = "at least", n = 2, unit = "months", rounding = "down"', "say it in days"),
]
NARROWER = [
    'start = "due", compare = "at least", n = 30',
    'start = "due", compare = "more than", n = 29',
    'start = "due", compare = "at least", n = 10, when = { payment = "card" }',
    'start = "start", compare = "at least", n = 1',
    'start = "notice:overdue", compare = "at least", n = 10',
]


@pytest.mark.parametrize(("clock", "told"), WIDER)
def test_a_policy_that_widens_is_refused(clock: str, told: str) -> None:
    found = faults(f"{OVERDUE}clocks = [{{ {clock} }}]\n")
    assert found
    assert all("it would widen" in problem and told in problem for problem in found)


@pytest.mark.parametrize("clock", NARROWER)
def test_a_policy_that_does_not_widen_is_taken(clock: str) -> None:
    assert policy(f"{OVERDUE}clocks = [{{ {clock} }}]\n").powers["suspend.overdue"].clocks


def test_a_backward_deadline_is_narrower_when_it_is_earlier() -> None:
    clock = 'start = "term end", direction = "before", compare = "at least"'
    assert policy(f"[power.non_renewal]\nclocks = [{{ {clock}, n = 60 }}]\n")
    assert "it would widen 3.1" in faults(f"[power.non_renewal]\nclocks = [{{ {clock}, n = 29 }}]\n")[0]


def test_all_faults_are_reported_at_once_with_their_paths() -> None:
    text = '[power.suspned]\nnever = true\n[act.fly]\nnever = true\n[act.suspend]\nnot_on = ["freitag"]\n'
    assert faults(text + '[counting]\ncalendar = "mars"\n') == [
        "unknown calendar 'mars': known are us-california at counting.calendar",
        "modal-2024-03-26 has no power 'suspned' at power.suspned",
        "modal-2024-03-26 has no power to 'fly' at act.fly",
        f"freitag: not a weekday: {', '.join(WEEKDAYS)} at act.suspend.not_on[0]",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (OVERDUE + 'lifts = "by itself"\n', "unknown key 'lifts'"),
        (OVERDUE + "approvals = -1\n", "a number from 0"),
        (OVERDUE + "never = 1\n", "true or false is wanted"),
        ("[clauses]\n", "unknown key 'clauses' at the top"),
        (
            '[act.suspend]\nnot_on = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]\n',
            "a day",
        ),
        ("[act.suspend\n", "not TOML"),
    ],
)
def test_what_is_no_policy_is_refused(text: str, told: str) -> None:
    assert any(told in problem for problem in faults(text))


def test_a_policy_names_the_terms_it_narrows() -> None:
    assert "it narrows 'other'" in faults("", HEAD.replace("modal-2024-03-26", "other"))[0]
    assert faults("", "") == [
        "a key is missing at policy.id",
        "a key is missing at policy.title",
        "a key is missing at policy.narrows",
    ]


def test_a_policy_is_read_from_a_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "house.toml"
    path.write_text(HEAD + LONGER, encoding="utf-8")
    assert read_policy(path, MODAL).id == "house"
    with pytest.raises(InvalidTerms, match="cannot be read"):
        read_policy(tmp_path / "none.toml", MODAL)
