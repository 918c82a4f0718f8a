"""Was each past act right: on the record as it stood, in hindsight, under each reading."""

from __future__ import annotations

import pytest

from lifecycle import Agreement, terms
from lifecycle.audit import Finding
from lifecycle.testing import Story
from tests.test_amendments import text


def account() -> Story:
    """An invoice due on 1 March 2026, and an overdue notice handed over on 5 March."""
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-01").invoice("INV-7", "1200.00 USD", due="2026-03-01")
    return story.on("2026-03-05").notice("overdue", about="INV-7", method="personal")


def findings(story: Story) -> dict[str, Finding]:
    return {f"{finding.on} {finding.then.question.does}": finding for finding in story.agreement.audit()}


def standing(story: Story) -> dict[str, str]:
    return {act: finding.standing for act, finding in findings(story).items()}


def test_a_payment_learned_late_overtakes_a_suspension_that_was_right_on_the_record() -> None:
    story = account().on("2026-03-31")
    story.do("suspend")
    story.on("2026-03-20", learned="2026-04-02").paid("INV-7", "1200.00 USD")
    found = findings(story)["2026-03-31 suspend"]
    assert (found.standing, found.then.permitted, found.now.permitted) == ("overtaken", True, False)
    assert found.now.codes == ("matter",)
    assert str(found).startswith(
        "2026-03-31: provider suspend (acme:5) [1.12(e)] - right on the record, falls in hindsight"
    )
    assert "INV-7 was paid on 2026-03-20" in str(found)


def test_the_same_suspension_as_known_on_the_day_was_contested_only() -> None:
    story = account().on("2026-03-31")
    story.do("suspend")
    story.on("2026-03-20", learned="2026-04-02").paid("INV-7", "1200.00 USD")
    known = story.agreement.known_at("2026-04-01")
    (found,) = known.audit()
    assert found.standing == "contested"
    assert "contested: not open with" in str(found)


def test_a_suspension_that_every_reading_allows_is_right() -> None:
    story = account()
    story.on("2026-04-13").notice("overdue", about="INV-7", method="personal").on("2026-04-23")
    story.do("suspend")
    assert standing(story) == {"2026-04-23 suspend": "right"}
    assert str(findings(story)["2026-04-23 suspend"]).endswith(
        "right on the record, in hindsight and under every reading"
    )


def test_a_suspension_a_day_early_is_irregular_and_says_what_was_missing() -> None:
    story = account().on("2026-03-30").acted("suspend", power="suspend.overdue", about="INV-7")
    found = findings(story)["2026-03-30 suspend"]
    assert (found.standing, found.now.permitted) == ("irregular", False)
    assert found.then.codes == ("clock",)
    assert "day 29" in str(found)


def test_an_override_is_irregular_with_its_reason() -> None:
    story = account().on("2026-03-20")
    story.do("suspend", override="attack under way")
    found = findings(story)["2026-03-20 suspend"]
    assert (found.standing, found.override) == ("irregular", "attack under way")
    assert "(done because: attack under way)" in str(found)


def test_what_was_irregular_on_the_record_may_be_right_on_what_is_known_now() -> None:
    # Suspended on 31 March with no notice on the record; the notice handed over on 5 March is recorded on 2 April.
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-01").invoice("INV-7", "1200.00 USD", due="2026-03-01")
    story.on("2026-03-31").acted("suspend", power="suspend.overdue", about="INV-7")
    story.on("2026-03-05", learned="2026-04-02").notice("overdue", about="INV-7", method="personal")
    found = findings(story)["2026-03-31 suspend"]
    assert (found.standing, found.then.permitted, found.now.permitted) == ("irregular", False, True)
    assert "permitted on what is known now" in str(found)


def test_each_act_is_judged_without_itself_and_those_after_it() -> None:
    story = account()
    story.on("2026-04-13").notice("overdue", about="INV-7", method="personal").on("2026-04-23")
    story.do("suspend")
    story.on("2026-04-24").do("reinstate")
    story.on("2026-04-27").do("suspend")
    assert standing(story) == {
        "2026-04-23 suspend": "right",
        "2026-04-24 reinstate": "right",
        "2026-04-27 suspend": "right",
    }


def test_a_termination_on_a_breach_cured_in_time_falls() -> None:
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    story.on("2026-04-01").opened("breach", "B-1", party="customer", material=True, remediable=True)
    story.on("2026-04-06").notice("breach", about="B-1", method="personal")
    story.on("2026-05-08").do("terminate", method="personal")
    story.on("2026-05-01", learned="2026-05-20").ended("B-1", "cured")
    found = findings(story)["2026-05-08 terminate"]
    assert (found.standing, found.clause) == ("overtaken", "3.2(a)")
    assert story.on("2026-05-20").state == "terminated"  # a termination stands until both rescind it


@pytest.mark.parametrize(
    ("cured", "standing"),
    [
        ("2026-05-10", "overtaken"),  # sent on the 8th, cured on the 10th, there on the 12th
        (
            "2026-05-12T12:00-07:00",
            "contested",
        ),  # cured after it had taken effect: some readings still see it otherwise
    ],
)
def test_what_happened_between_a_writing_and_its_effect_counts_in_hindsight(cured: str, standing: str) -> None:
    """Mail counts from its receipt: a termination sent on 8 May ends the agreement on the 12th, when it is there.

    Notice of the breach was handed over on 6 April: it can be cured through 6 April + 30 = 6 May, and a later cure
    shuts the power too, as long as it has not been exercised.
    """
    story = Story(on="2026-01-05", readings={"8.5": "receipt"}).order("O-1", start="2026-01-05", months=12)
    story.on("2026-04-01").opened("breach", "B-1", party="customer", material=True, remediable=True)
    story.on("2026-04-06").notice("breach", about="B-1", method="personal")
    sent = story.on("2026-05-08").do("terminate", method="courier").event.id
    story.on("2026-05-12").delivered(sent)
    story.on(cured, learned="2026-05-20").ended("B-1", "cured")
    found = findings(story)["2026-05-08 terminate"]
    assert (found.standing, found.then.permitted, found.now.permitted) == (standing, True, standing != "overtaken")


def test_lifting_a_hold_that_one_reading_has_lifted_already_is_contested() -> None:
    """Suspended since 30 March for a security risk, and from 1 April for INV-7 too, which is paid on the 6th. By then
    INV-8 is overdue, due on the 1st.

    Read as agreed, that every overdue amount must be paid, the hold for INV-7 stands until the provider lifts it on the
    8th. Read as the hold's own amounts, there was nothing left to lift. Under both it was suspended since 30 March.
    """
    story = Story(on="2026-01-05", readings={"overdue-amounts": "every overdue amount"})
    story.order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-01").invoice("INV-7", "1200.00 USD", due="2026-02-15").invoice(
        "INV-8", "80.00 USD", due="2026-04-01"
    )
    story.on("2026-02-16").notice("overdue", about="INV-7", method="personal")
    story.on("2026-03-30").opened("security_risk", "S-1", by="provider")
    story.do("suspend", power="suspend.security", about="S-1")
    story.on("2026-04-01").do("suspend", power="suspend.overdue", about="INV-7")
    story.on("2026-04-06").paid("INV-7", "1200.00 USD")
    story.on("2026-04-08").do("reinstate", about="INV-7")
    found = findings(story)["2026-04-08 reinstate"]
    assert (found.standing, found.weighed.depends_on) == ("contested", ("overdue-amounts",))


def test_policies_posted_are_no_acts_under_the_agreement() -> None:
    story = account()
    story.on("2026-03-10").acted("accelerate", power="accelerate.overdue", about="INV-7")
    assert list(standing(story)) == ["2026-03-10 accelerate"]
    assert story.agreement.audit("2026-03-09") == ()


@pytest.mark.parametrize(("known", "state"), [("2026-04-01", "suspended"), ("2026-04-02", "active"), (None, "active")])
def test_as_of_asks_on_both_axes(known: str | None, state: str) -> None:
    """Paid on 20 March, learned on 2 April: the suspension of 31 March as known on 1 April, and as known after."""
    story = account().on("2026-03-31")
    story.do("suspend")
    story.on("2026-03-20", learned="2026-04-02").paid("INV-7", "1200.00 USD")
    assert story.agreement.as_of("2026-04-01", known_at=known).state == state


def test_a_writing_that_counts_on_the_last_day_is_right_whatever_was_given_that_day_would_count() -> None:
    # "No later than" ten days after the notice of 1 January: through the 11th. Posted on the 8th it counts on the 11th.
    within = 'compare = "no later than", n = 10'
    made = text("v1", 30, EXERCISE="written notice").replace('compare = "not within", n = 60', within)
    story = Story(terms.parse(made.encode()), on="2026-01-01").order("O-1", start="2026-01-01")
    story.opened("breach", "B-1").notice("breach", about="B-1", method="hand")
    done = story.on("2026-01-08").do("terminate", power="end", about="B-1", method="post")
    assert done.effective == story.agreement.instant("2026-01-11")
    assert standing(story) == {"2026-01-08 terminate": "right"}
    anew = Agreement(story.agreement.history, story.agreement.library)
    assert anew.was_regular(done.event.id)
    assert anew.status("2026-01-11").irregular == ()
