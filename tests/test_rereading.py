"""Histories read under other Terms than their own, and what those change for accounts. Days by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import resources

import pytest

from lifecycle import Agreement, Money
from lifecycle.demo import example
from lifecycle.errors import InvalidTerms
from lifecycle.events import Agreed, AgreementMade, CaughtUp, Event, MatterOpened, Paid
from lifecycle.files import read
from lifecycle.rereading import Impact, Reach, impact, repinned, reread, standing
from lifecycle.terms import Terms, load, parse, under
from lifecycle.terms.drafting import answered, drafted
from lifecycle.testing import Story

MODAL, PRIVACY = load("modal-2024-03-26"), load("modal-privacy-2023-05-17")
SHIPPED = (resources.files("lifecycle.terms") / "modal-2024-03-26.toml").read_text(encoding="utf-8")


def changed(*patches: tuple[str, str]) -> Terms:
    """The Modal Terms, in another version."""
    text = SHIPPED
    for old, new in (('id = "modal-2024-03-26"', 'id = "next"'), *patches):
        assert old in text, f"the patch no longer fits the file: {old}"
        text = text.replace(old, new, 1)
    return parse(text.encode())


LATER = changed(('compare = "at least", n = 30, clause', 'compare = "at least", n = 45, clause'))


def overdue() -> Story:
    """An account whose invoice of 1 March 2026 is overdue, on notice since 5 March."""
    story = Story("modal-2024-03-26", on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-01").invoice("INV-7", "120.00 USD", due="2026-03-01")
    return story.on("2026-03-05").notice("overdue", about="INV-7")


def events(story: Story) -> list[Event]:
    return list(story.agreement.history)


def on(found: Impact, power: str) -> tuple[Reach | None, Reach | None]:
    """The days of a power under the old and the new Terms."""
    ((old, new),) = [(shift.old, shift.new) for shift in found.shifts if shift.power == power]
    return old, new


# ---- under other Terms -------------------------------------------------------------------------------------------


def test_repinning_changes_the_making_and_nothing_else() -> None:
    before = events(overdue())
    first, *rest = repinned(before, LATER)
    assert isinstance(first.fact, AgreementMade)
    assert (first.fact.terms, first.fact.digest, first.fact.customer) == ("next", LATER.digest, "Acme GmbH")
    assert (rest, first.id, first.recorded) == (before[1:], before[0].id, before[0].recorded)


def test_agreed_readings_stay_where_the_other_terms_have_them() -> None:
    story = Story("modal-2024-03-26", on="2026-01-05", readings={"8.5": "receipt", "or-more": "from the 31st day"})
    assert isinstance((made := repinned(events(story), LATER)[0].fact), AgreementMade)
    assert made.readings == {"8.5": "receipt", "or-more": "from the 31st day"}
    chosen = under(LATER, {"or-more": "from the 31st day", "3.1-length": "one year at most"})
    assert isinstance((made := repinned(events(story), chosen)[0].fact), AgreementMade)
    assert made.readings == {"8.5": "receipt", **chosen.chosen}


def test_a_reading_chosen_in_the_other_terms_is_taken_in_place_of_the_agreed_one() -> None:
    """Chosen is what differs from the defaults: the default itself cannot be chosen over what was agreed."""
    without = SHIPPED[: SHIPPED.index('\n[[reading]]\nkey = "8.5"')]
    story = Story("modal-2024-03-26", on="2026-01-05", readings={"8.5": "receipt", "6.2": "always"})
    chosen = under(MODAL, {"6.2": "never"})
    (unread,) = reread(events(story), chosen).unread
    assert unread.why == "6.2 read as 'always': read as 'never' here"
    found = {unread.why for unread in reread(events(story), parse(without.encode())).unread}
    assert found == {f"{key} read as {meaning!r}: these Terms have no such reading" for key, meaning in (
        ("8.5", "receipt"), ("6.2", "always"))}  # fmt: skip


def test_a_trial_is_left_out_where_there_is_none() -> None:
    no_trial = parse(drafted(answered({"trial_days": 0}, date(2026, 1, 1))).encode())
    story = Story("modal-2024-03-26", on="2026-01-05", trial_through="2026-01-20")
    found = reread(events(story), no_trial)
    assert [unread.why for unread in found.unread] == ["trial: these Terms know none"]
    assert found.agreement.status("2026-01-10").state is None


def test_the_same_terms_read_the_same_history_as_it_was() -> None:
    history = list(read(example()))
    found = reread(history, MODAL)
    assert found.unread == ()
    then, now = Agreement(history), found.agreement
    kept = [event for event in history if not isinstance(event.fact, CaughtUp)]
    assert [(event.fact, event.occurred, event.recorded) for event in now.history] == [
        (event.fact, event.occurred, event.recorded) for event in kept]  # fmt: skip
    for day in ("2026-03-10", "2026-09-01", "2027-03-10", "2028-07-01"):
        assert standing(now.status(day)) == standing(then.status(day))


def test_facts_without_meaning_are_listed_in_order_with_the_reason_and_not_fatal() -> None:
    story = overdue()
    story.on("2026-03-20").paid("INV-7", "120.00 USD")
    found = reread(events(story), PRIVACY)
    assert [(unread.event.sequence, unread.why.partition(":")[0]) for unread in found.unread] == [
        (2, "order signed.order"),
        (3, "matter opened.kind"),
        (4, "notice given.kind"),
        (5, "waits"),  # a payment for what is not recorded
    ]
    assert found.agreement.status("2026-03-20").state == "active"


def test_an_act_that_nobody_could_take_is_listed() -> None:
    """A suspension under a power that the other Terms have not; and a correction of it goes with it."""
    story = overdue().on("2026-03-31")
    story.do("suspend")
    story.on("2026-04-01").withdrawn(story.last)
    without = SHIPPED[: SHIPPED.index("\n[[reading]]\n")]
    start, end = without.index('[power."suspend.overdue"]'), without.index('[power."reinstate.lift"]')
    found = reread(events(story), parse((without[:start] + without[end:]).encode()))
    assert [unread.event.sequence for unread in found.unread] == [5, 6]
    assert "no power 'suspend.overdue'" in found.unread[0].why
    assert "there is no event" in found.unread[1].why


def test_other_terms_govern_throughout() -> None:
    """An amendment to further Terms is left out; one that names none is kept."""
    story = overdue()
    story.on("2026-04-01").record(Agreed(what="amendment", text="the customer's name"))
    story.record(Agreed(what="amendment", terms=MODAL.id, digest=MODAL.digest))
    (unread,) = reread(events(story), LATER).unread
    assert (unread.event.sequence, unread.why) == (6, "amendment.terms: next is read throughout")


def test_readings_that_do_not_go_together_are_refused() -> None:
    more = (
        '[[reading]]\nkey = "KEY"\nclause = "4"\nquestion = "?"\ndefault = "no"\n'
        '[[reading.alternative]]\nmeaning = "yes"\npatch = [PATCH]\n'
    )
    ends = "{ at = 'kind.proceeding.ends', put = ['stayed'] }, { at = 'PATH.ended_by', put = ['stayed'] }"
    prevented = "{ at = 'PATH.prevented_by', put = ['dismissed'] }"
    text = drafted(answered({}, date(2026, 1, 1)))
    for key, patch in (("a", ends), ("b", prevented)):
        text += more.replace("KEY", key).replace("PATCH", patch.replace("PATH", 'power."terminate.proceeding"'))
    terms = parse(text.encode())
    story = Story(terms, on="2026-01-05", readings={"a": "yes"})
    with pytest.raises(InvalidTerms):
        reread(events(story), under(terms, {"b": "yes"}))


# ---- what they change --------------------------------------------------------------------------------------------


def test_other_days_move_the_first_day_of_a_power() -> None:
    """Due 1 March: 30 days overdue on the 31st, 45 on 15 April."""
    found = impact(overdue().agreement, LATER)
    assert (found.agreement, found.on, found.differs) == ("acme", date(2026, 3, 5), True)
    assert on(found, "suspend.overdue") == (Reach(date(2026, 3, 31)), Reach(date(2026, 4, 15)))
    assert [shift.power for shift in found.shifts] == ["suspend.overdue"]
    assert found.same == len(overdue().agreement.powers("2026-03-05")) - 1
    assert str(found.shifts[0].old) == "from 2026-03-31"


def test_a_last_day_moves_too() -> None:
    """The term ends on 4 January 2027: its renewal is stopped through 5 December, or through 5 November."""
    sooner = changed(('n = 30, reads = "before the end', 'n = 60, reads = "before the end'))
    old, new = on(impact(overdue().agreement, sooner), "non_renewal")
    assert (old and old.last, new and new.last) == (date(2026, 12, 5), date(2026, 11, 5))
    assert str(old) == "from 2026-01-05 through 2026-12-05"


def test_the_account_is_looked_at_as_of_an_instant() -> None:
    agreement = overdue().agreement
    found = impact(agreement, LATER, datetime(2026, 2, 10, tzinfo=UTC))
    assert (found.on, found.differs) == (date(2026, 2, 9), True)  # in Los Angeles
    old, new = on(found, "suspend.overdue")
    assert (str(old).partition(";")[0], str(new).partition(";")[0]) == (
        "wait until 2026-03-31",
        "wait until 2026-04-15",
    )


def test_a_state_a_hold_and_a_suspension_that_would_not_have_been_permitted() -> None:
    story = overdue().on("2026-03-31")
    story.do("suspend")
    found = impact(story.agreement, LATER)
    old, new = standing(found.old), standing(found.new)
    assert old == {**new, "irregular": "no act"}
    assert new["irregular"] == story.last
    assert (new["state"], new["holds"]) == ("suspended", "INV-7 (suspend.overdue)")
    assert found.differs


def test_a_power_that_is_gone_or_new_has_no_days_on_that_side() -> None:
    found = impact(overdue().agreement, PRIVACY)
    assert on(found, "suspend.overdue")[1] is None
    assert on(found, "policy.amend")[0] is None
    assert standing(found.new)["term"] == "no term"
    assert standing(found.old)["ending"] == "not ended"


def test_where_nothing_differs_nothing_does() -> None:
    found = impact(Agreement(list(read(example()))), MODAL)
    assert (found.differs, found.shifts, found.unread) == (False, (), ())
    assert found.on == date(2028, 7, 1)
    assert standing(found.old)["ending"] == "terminated under terminate.proceeding"


def test_a_reach_without_a_first_day_says_so() -> None:
    assert str(Reach()) == "at any time"
    assert str(Reach(last=date(2026, 1, 1))) == "at any time through 2026-01-01"
    assert str(Reach(waits="give a notice")) == "give a notice"


def test_facts_the_reader_does_not_know_of_do_not_change_the_old_agreement() -> None:
    story = overdue()
    before = list(story.agreement.history)
    under_other = reread(before, LATER).agreement
    under_other.record(Paid(matter="INV-7", amount=Money("120.00", "USD")), at="2026-03-20")
    under_other.record(MatterOpened(kind="trial_limit", matter="T"), at="2026-03-20")
    assert list(story.agreement.history) == before
