"""The door: one validator behind may, do and record; nothing recorded on refusal; keys; views; wake_at."""

import pickle
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import lifecycle
from lifecycle import Agreement, Period, Refused
from lifecycle.errors import InvalidFact, InvalidHistory, InvalidTime, KeyConflict, UnknownTerms
from lifecycle.events import AgreementMade, Event, Fact, MatterEnded, MatterOpened, Money, NoticeGiven, Paid
from lifecycle.history import from_line, to_line
from lifecycle.policy import HousePolicy, Narrowing
from lifecycle.testing import Story


def overdue(**made: Any) -> Story:
    """An invoice due 1 March 2026, overdue notice of 5 March: to be suspended for from 31 March."""
    story = Story(on="2026-01-05", **made).order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-01").invoice("INV-7", "100.00 USD", due="2026-03-01")
    return story.on("2026-03-05").notice("overdue", about="INV-7")


def answers(agreement: Agreement, at: str) -> tuple[object, ...]:
    """Everything the door says at an instant, in a form that can be compared."""
    return (
        agreement.status(at),
        agreement.powers(at),
        agreement.duties(at),
        agreement.clauses_in_force(at),
        agreement.timeline(at),
        agreement.wake_at(at),
        agreement.remarks(at),
    )


# ---- refusals ----------------------------------------------------------------------------------------------


def test_a_refusal_names_clause_facts_and_first_day() -> None:
    with pytest.raises(Refused) as refused:
        overdue().on("2026-03-28").do("suspend")
    assert str(refused.value) == (
        "suspend refused on 2026-03-28: "
        "1.12 needs 30 days overdue (invoice INV-7 due 2026-03-01: day 27) - opens 2026-03-31; "
        "1.12 needs 10 days on notice (overdue notice given 2026-03-05: day 23) - met. "
        "First day: 2026-03-31."
    )
    assert refused.value.verdict.codes == ("clock",)


def test_a_refusal_survives_pickling() -> None:
    with pytest.raises(Refused) as refused:
        overdue().on("2026-03-28").do("suspend")
    again = pickle.loads(pickle.dumps(refused.value))
    assert str(again) == str(refused.value)
    assert again.verdict == refused.value.verdict


def test_nothing_is_recorded_on_refusal() -> None:
    story = overdue()
    before, lines = answers(story.agreement, "2026-03-28"), [to_line(e) for e in story.agreement.history]
    with pytest.raises(Refused):
        story.on("2026-03-28").do("suspend")
    with pytest.raises(InvalidFact):
        story.record(MatterEnded(matter="INV-7", how="cured"))
    with pytest.raises(InvalidFact):
        story.record(MatterOpened(kind="invoice", matter="INV-7", days={"due": "2026-03-01"}, amount=Money("1", "USD")))
    assert [to_line(e) for e in story.agreement.history] == lines
    assert answers(story.agreement, "2026-03-28") == before


def test_a_verdict_has_no_truth_value() -> None:
    with pytest.raises(TypeError, match=r"\.permitted"):
        bool(overdue().on("2026-03-28").may("suspend"))


def test_a_missing_notice_is_a_step_and_the_first_day_supposes_that_it_is_given_at_once() -> None:
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-01").invoice("INV-7", "100.00 USD", due="2026-03-01")
    verdict = story.on("2026-04-10").may("suspend")
    assert verdict.codes == ("notice-missing",)
    assert verdict.supposing
    assert str(verdict.first_day) == "2026-04-20"  # notice on 10 April + 10 days
    assert verdict.missing[0].startswith("give an overdue notice about invoice INV-7 by personal")


def test_an_unknown_act_or_party_is_bad_input() -> None:
    story = overdue()
    with pytest.raises(InvalidFact, match="no act 'explode'"):
        story.may("explode")
    with pytest.raises(InvalidFact, match="provider, customer or both"):
        story.agreement.may("suspend", by="vendor", at="2026-03-28")  # type: ignore[arg-type]
    with pytest.raises(InvalidTime):
        story.agreement.status("now")


@pytest.mark.parametrize("does", ["convert", "renew", "expire"])
def test_what_happens_by_itself_is_nobodys_to_do(does: str) -> None:
    assert "automatic" in overdue().may(does).codes


# ---- doing -------------------------------------------------------------------------------------------------


def test_doing_returns_what_was_recorded_with_its_effects() -> None:
    outcome = overdue().on("2026-03-31").do("suspend")
    assert (outcome.source, outcome.target) == ("active", "suspended")
    assert [effect.id for effect in outcome.effects] == ["access stops"]
    assert outcome.verdict.about == ("INV-7",)
    assert outcome.event.sequence == 5


def test_the_same_key_again_is_the_same_act() -> None:
    story = overdue().on("2026-03-31")
    first = story.do("suspend", key="k")
    again = story.do("suspend", key="k")
    assert again == first
    assert len(story.agreement.history) == 5


def test_the_same_key_again_is_answered_too_after_a_mistake_was_withdrawn() -> None:
    """INV-8 is due on 1 April and overdue for 30 days on 1 May."""
    story = overdue().on("2026-03-31")
    story.do("suspend")
    story.withdrawn(next(e.id for e in story.agreement.history if isinstance(e.fact, MatterOpened)))
    story.on("2026-04-02").invoice("INV-8", "100.00 USD", due="2026-04-01").notice("overdue", about="INV-8")
    first = story.on("2026-05-01").do("suspend", key="k")
    assert (first.source, first.target) == ("active", "suspended")
    assert story.do("suspend", key="k") == first


def test_the_same_key_again_tells_also_what_the_house_or_another_reading_had_against_it() -> None:
    house = HousePolicy(id="house", title="", narrows="", powers={"suspend.overdue": Narrowing(never=True)})
    asked: tuple[tuple[Story, dict[str, Any]], ...] = (
        (overdue(policy=house), {}),
        (overdue(), {"only_undisputed": True}),
    )
    for story, more in asked:
        first = story.on("2026-03-31").do("suspend", override="they attack us", key="k", **more)
        assert not first.verdict.permitted
        assert story.do("suspend", override="they attack us", key="k", **more) == first


def test_a_key_used_for_something_else_is_a_conflict() -> None:
    story = overdue().on("2026-03-31")
    story.do("suspend", key="k")
    with pytest.raises(KeyConflict):
        story.do("reinstate", key="k")
    with pytest.raises(KeyConflict):
        story.paid("INV-7", "100.00 USD", key="k")


def test_a_retry_a_little_later_is_the_same_act() -> None:
    story = overdue().on("2026-03-31T10:00-07:00")
    first = story.do("suspend", key="k")
    story.on("2026-03-31T10:00:05-07:00")
    assert story.do("suspend", key="k").event == first.event
    story.on("2026-03-20", learned="2026-04-02").paid("INV-7", "100.00 USD")
    again = story.on("2026-04-03").do("suspend", key="k")
    assert (again.source, again.target) == ("active", "suspended")  # as it was then


def test_the_same_key_from_the_other_party_is_a_conflict() -> None:
    story = overdue()
    story.do("stop renewal", by="provider", method="courier", key="k")
    with pytest.raises(KeyConflict):
        story.do("stop renewal", by="customer", method="courier", key="k")


def test_a_posting_and_an_agreed_end_repeat_under_their_keys() -> None:
    story = overdue()
    posted = story.do("modify terms", key="p")
    assert story.on("2026-03-06").do("modify terms", key="p").event == posted.event
    with pytest.raises(KeyConflict):
        story.do("terminate", power="terminate.discontinuation", key="p")
    agreed = story.do("terminate", by="both", key="t")
    assert story.on("2026-03-07").do("terminate", by="both", key="t").event == agreed.event
    assert agreed.target == "terminated"
    with pytest.raises(KeyConflict):
        story.do("amend", by="both", key="t")


def test_where_several_powers_permit_it_doing_takes_a_name() -> None:
    story = overdue().on("2026-03-31").opened("security_risk", "S-1", by="provider")
    assert story.may("suspend").choices == ("suspend.security", "suspend.overdue")
    with pytest.raises(Refused) as refused:
        story.do("suspend")
    assert refused.value.verdict.codes == ("ambiguous",)
    assert story.do("suspend", power="suspend.overdue").verdict.about == ("INV-7",)


def test_discontinuing_the_service_is_never_meant_by_the_way() -> None:
    story = overdue()
    assert story.may("terminate").codes == ("no-matter",)
    assert story.may("terminate", power="terminate.discontinuation").permitted


def test_every_matter_that_is_named_must_support_it() -> None:
    story = overdue().on("2026-03-10").invoice("INV-8", "5.00 USD", due="2026-12-01")
    story.on("2026-03-31")
    assert story.may("suspend", about="INV-7").permitted
    assert str(story.may("suspend", about=("INV-7", "INV-8")).first_day) == "2026-12-31"  # 1 December + 30 days
    assert story.may("suspend", about=("INV-7", "INV-9")).codes == ("no-matter",)


def test_lifting_one_of_two_holds_does_not_resume_access() -> None:
    story = overdue().on("2026-03-31")
    story.opened("security_risk", "S-1", by="provider").do("suspend", power="suspend.security")
    assert story.do("suspend", power="suspend.overdue").effects == ()
    outcome = story.do("reinstate", about="S-1")
    assert (outcome.target, outcome.effects) == ("suspended", ())


def test_an_overridden_act_about_a_matter_lifts_as_its_power_says() -> None:
    story = overdue().on("2026-03-20")
    story.do("suspend", about="INV-7", override="the account is being emptied")
    assert story.on("2026-03-22").paid("INV-7", "100.00 USD").state == "active"


def test_a_window_that_has_closed_has_no_first_day() -> None:
    story = overdue().on("2026-04-05").paid("INV-7", "100.00 USD")
    assert story.on("2026-04-10").may("suspend").first_day is None


def test_a_waiting_fact_that_does_not_fit_is_remarked_and_stands_in_nobodys_way() -> None:
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05")
    story.on("2026-02-20").paid("INV-7", "100.00 EUR", id="p-1")
    assert "waits" in story.agreement.remarks("2026-02-21")["p-1"]
    story.on("2026-02-01", learned="2026-02-21").invoice("INV-7", "100.00 USD", due="2026-03-01")
    assert "USD" in story.agreement.remarks("2026-02-22")["p-1"]


def test_a_fact_does_not_change_with_what_it_was_made_from() -> None:
    attributes: dict[str, str | bool | tuple[str, ...]] = {"payment": "card"}
    fact = MatterOpened(kind="invoice", matter="I", attributes=attributes)
    attributes["payment"] = "invoice"
    assert fact.attributes == {"payment": "card"}


def test_a_fact_recorded_twice_under_its_key_is_recorded_once() -> None:
    story = overdue().on("2026-03-20")
    story.paid("INV-7", "60.00 USD", key="psp-1").on("2026-03-20", learned="2026-03-22").paid(
        "INV-7", "60.00 USD", key="psp-1"
    )
    assert len(story.agreement.history) == 5
    assert story.on("2026-04-01").may("suspend").permitted  # 40 are still owed


# ---- facts in any order ------------------------------------------------------------------------------------


def test_a_payment_may_be_recorded_before_its_invoice() -> None:
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    story.on("2026-02-20").paid("INV-7", "100.00 USD")
    story.on("2026-02-01", learned="2026-04-01").invoice("INV-7", "100.00 USD", due="2026-03-01")
    verdict = story.on("2026-04-05").may("suspend")
    assert not verdict.permitted
    assert "matter" in verdict.codes


def test_recording_out_of_order_changes_no_answer() -> None:
    invoice = MatterOpened(
        kind="invoice",
        matter="INV-7",
        days={"due": "2026-03-01"},
        amount=Money("100", "USD"),
        attributes={"payment": "invoice"},
    )
    facts: list[tuple[str, Fact]] = [
        ("2026-02-01", invoice),
        ("2026-03-05", NoticeGiven(kind="overdue", by="provider", method="courier")),
        ("2026-03-20", Paid(matter="INV-7", amount=Money("60", "USD"))),
    ]
    stories = []
    for order in (facts, facts[::-1], [facts[1], facts[2], facts[0]]):
        story = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=12)
        for occurred, fact in order:
            story.on(occurred, learned="2026-03-25").record(fact, id=type(fact).__name__)
        stories.append(answers(story.agreement, "2026-04-02"))
    assert stories[0] == stories[1] == stories[2]


def test_replay_from_lines_gives_the_same_answers() -> None:
    story = overdue().on("2026-03-31")
    story.do("suspend")
    again = Agreement([from_line(to_line(event)) for event in story.agreement.history])
    for at in ("2026-01-01", "2026-03-04", "2026-03-31", "2026-08-01", "2027-08-01"):
        assert answers(again, at) == answers(story.agreement, at)


def test_an_agreement_survives_pickling() -> None:
    story = overdue()
    again = pickle.loads(pickle.dumps(story.agreement))
    assert answers(again, "2026-03-31") == answers(story.agreement, "2026-03-31")


def test_a_correction_is_read_in_place_of_the_record_and_a_withdrawal_removes_it() -> None:
    story = overdue()
    notice = story.last
    story.on("2026-03-10").corrected(
        notice, NoticeGiven(kind="overdue", by="provider", method="courier", about="INV-7"), "2026-03-25"
    )
    assert str(story.on("2026-03-28").may("suspend").first_day) == "2026-04-04"  # 25 March + 10 days
    story.on("2026-03-28").withdrawn(notice)
    assert "notice-missing" in story.on("2026-04-10").may("suspend").codes
    assert (
        story.agreement.known_at("2026-03-09")
        .may("suspend", by="provider", at="2026-03-31", known_through="2026-03-31")
        .first_day
        == story.agreement.known_at("2026-03-05").may("suspend", by="provider", at="2026-03-31").first_day
    )


# ---- the two times -----------------------------------------------------------------------------------------


def test_what_was_known_is_a_prefix_even_where_clocks_are_skewed() -> None:
    story = overdue()
    story.on("2026-03-20", learned="2026-03-21").paid("INV-7", "60.00 USD")
    story.on("2026-03-22", learned="2026-03-19").paid(
        "INV-7", "40.00 USD"
    )  # recorded after, by a clock that runs behind
    assert len(story.agreement.known_at("2026-03-20").history) == 4
    assert len(story.agreement.known_at("2026-03-21").history) == 6


def test_a_power_that_rests_on_silence_takes_knowledge_as_fresh_as_agreed() -> None:
    story = overdue(freshness=Period(6, "hours")).on("2026-03-31T12:00-07:00")
    assert story.may("suspend", known="2026-03-31T06:00-07:00").permitted
    assert story.may("suspend", known="2026-03-31T05:59-07:00").codes == ("stale",)
    assert story.may("suspend", known=None).codes == ("unvouched",)


@pytest.mark.parametrize("text", ["2026-03-31T07:00:00Z", "2026-03-31T00:00-07:00", "2026-03-31T16:00+09:00"])
def test_the_offset_in_which_an_instant_is_written_changes_nothing(text: str) -> None:
    assert overdue().on(text).may("suspend").window.opens == datetime(2026, 3, 31, 7, tzinfo=UTC)
    assert overdue().on(text).may("suspend").permitted


# ---- looking ahead -----------------------------------------------------------------------------------------


def test_wake_at_is_the_first_instant_at_which_an_answer_changes() -> None:
    story = overdue()
    wake = story.agreement.wake_at("2026-03-10T12:00Z")
    assert wake == datetime(2026, 3, 31, 7, tzinfo=UTC)  # 1 March + 30 days, and 5 March + 10 days is earlier
    assert not story.on(wake - timedelta(microseconds=1)).may("suspend").permitted
    assert story.on(wake).may("suspend").permitted


def test_before_an_agreement_is_made_what_comes_first_is_that_it_is_made() -> None:
    story = Story("modal-2024-03-26", on="2026-01-05").on("2026-01-07").order("O-1", start="2026-01-10")
    assert story.agreement.timeline("2026-01-04").entries[0].text == "recorded: agreement made"
    assert story.agreement.wake_at("2026-01-04") == story.agreement.instant("2026-01-05")
    assert story.agreement.wake_at("2026-01-05") == story.agreement.instant("2026-01-07")


def test_the_timeline_is_dated_cites_clauses_and_says_why_it_stops() -> None:
    timeline = overdue().agreement.timeline("2026-03-10")
    told = [(str(e.on), e.what, e.clause) for e in timeline.entries]
    assert told == [
        ("2026-03-31", "opens", "1.12"),
        ("2026-03-31", "opens", "1.12(e)"),
        ("2026-12-06", "closes", "3.1"),  # 4 Jan 2027 - 30 days = 5 Dec 2026, the last day
        ("2027-01-05", "transition", "3.1"),
    ]
    assert "start of term 2" in timeline.stops


def test_what_takes_both_parties_is_not_said_to_be_open_to_either() -> None:
    story = Story("modal-2024-03-26", on="2026-01-05").order("O-1", start="2026-02-01")
    texts = {entry.power: entry.text for entry in story.agreement.timeline("2026-01-06").entries}
    assert texts["terminate.agreed"] == "both together may end the agreement together in writing"


def test_the_timeline_of_an_agreement_that_will_expire_ends_there() -> None:
    story = overdue()
    story.on("2026-03-10").notice("non_renewal", by="customer")
    timeline = story.agreement.timeline("2026-03-11")
    assert [entry.text for entry in timeline.entries if entry.what == "transition"] == [
        "expire: active -> terminated (expired)"
    ]
    assert "no state follows" in timeline.stops


def test_status_says_until_when_it_is_valid() -> None:
    story = overdue()
    assert story.status().valid_until == datetime(2027, 1, 5, 8, tzinfo=UTC)
    story.on("2026-06-01").do("terminate", by="both")
    assert story.status().valid_until is None


# ---- what a history pins -----------------------------------------------------------------------------------


def test_a_history_pins_the_text_of_its_terms() -> None:
    made = AgreementMade(format=1, terms="modal-2024-03-26", digest="0" * 64, customer="Acme")
    event = Event(agreement="a", sequence=1, id="a:1", occurred="2026-01-05", recorded="2026-01-05T00:00Z", fact=made)
    with pytest.raises(UnknownTerms, match="pins the text 000000000000"):
        Agreement([event])


def agreed_on(**readings: str) -> Agreement:
    """An agreement whose parties take unclear clauses to mean something."""
    terms = lifecycle.terms.load("modal-2024-03-26")
    made = AgreementMade(format=1, terms=terms.id, digest=terms.digest, customer="Acme", readings=readings)
    event = Event(agreement="a", sequence=1, id="a:1", occurred="2026-01-05", recorded="2026-01-05T00:00Z", fact=made)
    return Agreement([event])


def test_every_meaning_of_a_reading_can_be_chosen() -> None:
    assert agreed_on(**{"or-more": "from the 30th day"}).terms is lifecycle.terms.load("modal-2024-03-26")
    chosen = agreed_on(**{"or-more": "from the 31st day", "8.5": "dispatch"}).terms
    assert chosen.chosen == {"or-more": "from the 31st day"}  # the other one is the default
    assert chosen.powers["suspend.overdue"].clocks[0].compare == "more than"


@pytest.mark.parametrize(
    ("readings", "says"),
    [
        ({"x": "y"}, "x: .* has no such reading: 3.4-number, "),
        (
            {"or-more": "from the 29th day"},
            r"or-more: Is an amount .*\? 'from the 30th day' or 'from the 31st day', not",
        ),
        ({"or-more": ""}, "or-more: Is an amount"),
    ],
)
def test_an_unknown_reading_or_meaning_is_refused_by_its_question(readings: dict[str, str], says: str) -> None:
    with pytest.raises(InvalidFact, match=says) as refused:
        agreed_on(**readings)
    assert refused.value.fact == "readings"


def test_a_history_of_a_later_format_is_refused() -> None:
    terms = lifecycle.terms.load("modal-2024-03-26")
    made = AgreementMade(format=2, terms=terms.id, digest=terms.digest, customer="Acme")
    event = Event(agreement="a", sequence=1, id="a:1", occurred="2026-01-05", recorded="2026-01-05T00:00Z", fact=made)
    with pytest.raises(InvalidFact, match="format"):
        Agreement([event])


def test_an_empty_history_is_no_agreement() -> None:
    with pytest.raises(InvalidHistory, match="begins with"):
        Agreement([])
