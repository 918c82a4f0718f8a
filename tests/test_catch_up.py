"""Memos: what took effect by itself, late or early, and what later facts overturn. They change no answer."""

from lifecycle.events import CaughtUp
from lifecycle.testing import Story


def in_service() -> Story:
    """Term 1 from 5 January 2026 through 4 January 2027."""
    return Story(on="2026-01-05", agreement="acme").order("O-1", start="2026-01-05", months=12)


def told(story: Story) -> list[tuple[str, str, bool]]:
    return [(entry.transition, entry.key, entry.overturned) for entry in story.catch_up()]


def test_the_automatic_transitions_come_with_effective_day_effects_and_a_deterministic_key() -> None:
    story = Story(on="2026-01-05", agreement="acme", trial_through="2026-01-31")
    story.on("2026-01-10").order("O-1", start="2026-01-20")
    (entry,) = story.on("2026-03-01").catch_up()
    assert (entry.transition, entry.clause, entry.key) == ("convert", "1.4", "acme:convert:term 1:2026-01-20")
    assert entry.effects == ("full terms apply",)
    assert str(entry.effective) == "2026-01-20 08:00:00+00:00"


def test_a_second_call_has_nothing_to_say_and_records_nothing() -> None:
    story = in_service().on("2028-01-05")
    assert [t for t, _, _ in told(story)] == ["renew", "renew"]
    count = len(story.agreement.history)
    assert story.catch_up() == ()
    assert len(story.agreement.history) == count


def test_a_late_or_missing_call_changes_no_answer() -> None:
    often, never = in_service(), in_service()
    for day in ("2026-06-01", "2027-01-05", "2027-01-06", "2028-03-01"):
        often.on(day).catch_up()
    for day in ("2026-06-01", "2027-01-05", "2028-03-01", "2029-01-01"):
        assert often.agreement.status(day) == never.agreement.status(day)
        assert often.agreement.timeline(day) == never.agreement.timeline(day)


def test_a_timely_non_renewal_notice_learned_late_overturns_the_renewal() -> None:
    story = in_service()
    assert told(story.on("2027-01-05")) == [("renew", "acme:renew:term 2:2027-01-05", False)]
    story.on("2026-11-01", learned="2027-01-10").notice("non_renewal", by="customer")
    assert told(story.on("2027-01-11")) == [
        ("renew", "acme:renew:term 2:2027-01-05#overturned", True),
        ("expire", "acme:expire:expired:2027-01-05", False),
    ]


def test_what_was_overturned_and_comes_back_has_a_key_of_its_own() -> None:
    story = in_service()
    story.on("2027-01-05").catch_up()
    story.on("2026-11-01", learned="2027-01-10").notice("non_renewal", by="customer", id="n")
    story.on("2027-01-11").catch_up()
    story.on("2027-01-12").withdrawn("n")
    assert told(story.on("2027-01-13")) == [
        ("expire", "acme:expire:expired:2027-01-05#overturned", True),
        ("renew", "acme:renew:term 2:2027-01-05#2", False),
    ]
    story.on("2027-01-14").notice("non_renewal", by="customer")  # for term 2: nothing to report yet
    assert told(story.on("2027-01-15")) == []


def test_every_key_is_used_once() -> None:
    story = in_service()
    for learned in ("2027-01-10", "2027-02-10", "2027-03-10"):
        story.on("2027-01-05" if learned == "2027-01-10" else learned).catch_up()
        story.on("2026-11-01", learned=learned).notice("non_renewal", by="customer", id=f"n {learned}")
        story.on(learned).catch_up()
        story.withdrawn(f"n {learned}").catch_up()
    keys = [e.key for event in story.agreement.history if isinstance(event.fact, CaughtUp) for e in event.fact.entries]
    assert len(keys) == len(set(keys)) == 13  # one renewal, then four entries a round


def test_a_hold_that_lifts_by_itself_is_reported_when_the_payment_is_learned() -> None:
    story = in_service()
    story.on("2026-02-01").invoice("INV-7", "100.00 USD", due="2026-03-01")
    story.on("2026-03-05").notice("overdue", about="INV-7")
    story.on("2026-03-31T10:00-07:00").do("suspend")
    assert told(story.on("2026-04-01")) == []
    story.on("2026-03-20", learned="2026-04-02").paid("INV-7", "100.00 USD")
    (entry,) = story.on("2026-04-02").catch_up()
    assert (entry.transition, entry.effects) == ("reinstate", ("access resumes",))


def test_lifting_one_of_two_holds_has_no_effects() -> None:
    story = in_service()
    story.on("2026-02-01").invoice("INV-7", "100.00 USD", due="2026-03-01")
    story.on("2026-03-05").notice("overdue", about="INV-7")
    story.on("2026-03-31").do("suspend")
    story.on("2026-04-01").opened("security_risk", "S-1", by="provider").do("suspend", power="suspend.security")
    (entry,) = story.on("2026-04-05").paid("INV-7", "100.00 USD").catch_up()
    assert entry.text.startswith("reinstate: suspended -> suspended")
    assert entry.effects == ()
    assert story.state == "suspended"
