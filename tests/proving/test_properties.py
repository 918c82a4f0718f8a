"""Each property can fail: one fault in the Terms fails it alone, and the library tells the history that shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifecycle import Agreement
from lifecycle.errors import InvalidFact
from lifecycle.files import read, write
from lifecycle.proving import PROPERTIES, Failure, Proof, prove
from lifecycle.terms import Terms, load, published, under
from tests.proving.seeding import SMALL, seeded, small

AGAIN = (
    '{ title = "end again", does = "terminate", by = "either", clause = "4", matter = ["revocation"], '
    'clocks = [{ start = "start", compare = "more than", n = 4 }], ended_by = ["restored"], exercise = "automatic" }'
)
FEE = '{ id = "fee", clause = "4", text = "a fee", on = ["terminate"], powers = ["end.again"] }'
SOON = '{ start = "due", compare = "no later than", n = 20 }'
SOON_BY_CARD = '{ start = "due", compare = "no later than", n = 20, when = { payment = "card" } }'
ENDS = ("terminate.breach", "terminate.insolvency", "terminate.agreed", "end.revoked")

# Property -> the fault, and what its histories claim. Every agreement begins on Monday 5 January 2026.
FAULTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    # A notice suspends nobody.
    "states-reachable": (
        (
            'power."suspend.overdue".exercise = "notice:warning"',
            'power."suspend.risk".exercise = "notice:warning"',
            "drop power.lift",
        ),
        ("on 2026-01-05 the agreement is not suspended",),
    ),
    # After the trial the framework goes on without an order: nothing ends it. 3 x 365 days later it still stands.
    "can-end": (
        tuple(f'drop power."{power}"' for power in ENDS),
        ("on 2029-01-04 the agreement is not terminated",),
    ),
    "end-absorbs": (
        ('power."suspend.risk".outlives = true',),
        ("on 2026-01-05 the agreement is terminated and suspend.risk is open",),
    ),
    # "more than 4" and "at least 5" days are one day: 10 January.
    "one-outcome": (
        (
            f'power."end.again" = {AGAIN}',
            f"effect = [{FEE}]",
        ),
        ("on 2026-01-10 the agreement is terminated and it ended under end.revoked",),
    ),
    # The second term begins on 5 January 2027.
    "renewal-seamless": (
        ('power.stop.clocks[0] = { start = "term end", compare = "no later than", n = 10 }',),
        (
            "on 2027-01-05 the agreement is renewed, as known on 2027-01-05",
            "on 2027-01-05 the agreement is not renewed",
        ),
    ),
    # A term of 28 days: its last day, 1 February, is less than 30 days after its first.
    "renewal-stoppable": (
        ('order.term = { n = 1, unit = "months" }',),
        ("on 2026-02-02 the agreement is renewed", "on 2026-02-02 the agreement is renewed"),
    ),
    # Due on 6 January, noticed from the day after: 40 days on is 15 February, 20 days 26 January.
    "powers-open": (
        (f"power.accelerate.clocks[1] = {SOON}",),
        ("from 2026-01-07 through 2026-02-18 accelerate is closed",),
    ),
    "windows-open": (
        (f"power.accelerate.clocks[1] = {SOON_BY_CARD}",),
        ("from 2026-01-07 through 2026-02-18 accelerate is closed",),
    ),
    "notices-givable": (
        ('notice_kind.overdue.by = "both"',),
        ("from 2026-02-16 through 2026-03-30 suspend.overdue is closed",),
    ),
    # Due on 6 January: the 20th day after it is the 26th.
    "suspension-noticed": (
        ('power."suspend.overdue".needs = "any"',),
        ("on 2026-01-26 the agreement is suspended and every act was permitted",),
    ),
    # 5 January + 60 days.
    "notice-first": (
        (
            'power."terminate.breach".clocks[1] = { start = "start", compare = "at least", n = 60 }',
            'power."terminate.breach".needs = "any"',
        ),
        ("on 2026-03-06 terminate.breach is open",),
    ),
    # The notice can be given from 5 February, day 31; 30 days were left. 32 days later nothing runs any more.
    "deadlines-possible": (
        ('notice_kind.claim.given = [{ start = "start", compare = "at least", n = 31 }]',),
        ("on 2026-03-09 report is missed",),
    ),
    "holds-lift": (
        ("drop power.lift",),
        (
            "on 2026-01-05 the agreement is suspended and every act was permitted",
            "on 2026-01-06 the agreement is suspended",
        ),
    ),
    # "not within 60": from day 61, 7 March.
    "cure-closes": (
        ('power."terminate.insolvency".ended_by = ["dismissed"]',),
        ("on 2026-03-07 terminate.insolvency is open",),
    ),
    "cure-possible": (
        ("drop kind.insolvency.ends", 'drop power."terminate.insolvency".ended_by'),
        ("on 2026-03-07 terminate.insolvency is open",),
    ),
    # Due on 6 January: the 40th day after it is 15 February.
    "payment-closes": (
        ('power.accelerate.ended_by = ["credited", "written_off"]',),
        ("on 2026-02-15 accelerate is open",),
    ),
    # "not within 30" days of notice on 5 January: from 5 February.
    "fault-needed": (
        ('power."terminate.breach".by = "either"',),
        ("on 2026-02-05 the agreement is terminated and it ended under terminate.breach and every act was permitted",),
    ),
}


def failing(terms: Terms) -> dict[str, Proof]:
    return {proof.of.name: proof for proof in prove(terms) if not proof.holds}


def shown(terms: Terms, failure: Failure) -> tuple[str, ...]:
    assert failure.counterexample is not None
    return failure.counterexample.texts(terms)


def test_there_is_a_fault_for_each_property() -> None:
    assert list(FAULTS) == [each.name for each in PROPERTIES]


def test_the_small_terms_have_every_property() -> None:
    assert failing(small()) == {}


def test_the_terms_of_the_guide_have_every_property() -> None:
    """They end only by notice and for cause: nobody may end them by agreement alone."""
    assert failing(load("examples/harbour/harbour-hosting-2026.toml")) == {}


@pytest.mark.parametrize("name", published())
def test_the_published_terms_have_every_property(name: str) -> None:
    assert failing(load(name)) == {}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_fails_one_property_and_its_history_replays(name: str, tmp_path: Path) -> None:
    patches, claims = FAULTS[name]
    terms = seeded(*patches)
    found = failing(terms)
    assert list(found) == [name]
    assert tuple(text for failure in found[name].failures for text in shown(terms, failure)) == claims
    for failure in found[name].failures:
        assert failure.counterexample is not None
        path = tmp_path / "history.jsonl"
        write(path, failure.counterexample.events)
        # The history names the file and the reading: no more is needed to replay it.
        replayed = Agreement(read(path), under(terms, {}))
        assert all(claim.holds(replayed) for claim in failure.counterexample.claims)
        assert failure.counterexample.replays(terms)


# ---- what is so only because the Terms say so ----------------------------------------------------------------


def declared(name: str, terms: Terms) -> tuple[str, ...]:
    [proof] = prove(terms, [name])
    assert proof.holds
    return proof.declared


def test_a_hold_that_a_rule_declares_permanent_may_stay() -> None:
    rule = 'rule = [{ id = "stays", clause = "3", text = "a suspension for a risk stays", on = ["reinstate"] }]'
    terms = seeded("drop power.lift", rule)
    assert declared("holds-lift", terms) == (
        "suspend.risk places a hold that stays: a suspension for a risk stays (3)",
    )


def test_terms_that_nothing_ends_say_so_by_being_in_force_once_made() -> None:
    [words] = declared("can-end", load("modal-privacy-2023-05-17"))
    assert words.startswith("it is in force once made")


def test_a_suspension_without_a_notice_is_told() -> None:
    assert declared("suspension-noticed", load("modal-2024-03-26")) == (
        "suspend.security asks for no notice (1.12(a))",
        "suspend.prohibited_use asks for no notice (1.12(b))",
        "suspend.insolvency asks for no notice (1.12(c))",
        "suspend.assignment asks for no notice (1.12(c))",
    )


def test_a_notice_that_only_some_matters_take_is_told() -> None:
    terms = seeded('power."suspend.overdue".clocks[1].unless = { payment = "card" }')
    assert "suspend.overdue asks for no notice about invoice (party customer, payment card)" in declared(
        "suspension-noticed", terms
    )


def test_powers_that_need_no_fault_are_told() -> None:
    told = declared("fault-needed", load("bonterms-cloud-1.0"))
    assert "terminate.idle needs no fault (14.2)" in told
    assert "terminate.force_majeure rests on force_majeure, which is nobody's fault (22.9)" in told
    assert "terminate.warranty is the provider's too, for its own breach of warranty (8.3)" in told


def test_what_is_left_by_a_late_payment_is_told() -> None:
    told = declared("payment-closes", load("modal-2024-03-26"))
    assert "payment_terms.shorter stays where the matter was paid only after it opened (2.2(b))" in told


def test_an_effort_has_no_deadline_to_miss() -> None:
    told = declared("deadlines-possible", load("bonterms-cloud-1.0"))
    assert told == ("correct asks for an attempt only, and is never missed (8.3)",)


# ---- beyond one fault each -----------------------------------------------------------------------------------


def test_a_property_is_proved_by_name_and_an_unknown_one_refused() -> None:
    assert [proof.of.name for proof in prove(small(), ["can-end"])] == ["can-end"]
    with pytest.raises(InvalidFact, match="there is no such property; these there are: states-reachable"):
        prove(small(), ["eternal"])


def test_ends_that_come_on_different_days_of_one_matter_never_meet() -> None:
    """By the 10th day, more than 9, the agreement has ended since the 5th."""
    later = AGAIN.replace("n = 4", "n = 9")
    assert list(failing(seeded(f'power."end.again" = {later}', f"effect = [{FEE}]"))) == ["powers-open"]


def test_an_end_that_another_always_forestalls_never_comes() -> None:
    later = AGAIN.replace("n = 4", "n = 9")
    [failure] = failing(seeded(f'power."end.again" = {later}'))["powers-open"].failures
    assert failure.words == "end.again never opens: there is no day on which all its conditions hold"


def test_a_hold_whose_matter_may_end_otherwise_needs_a_power_to_lift() -> None:
    """Lifting by itself on payment alone, an invoice credited leaves a hold for ever."""
    fault = (
        "drop power.lift",
        'power."suspend.risk".lifts = "by itself"',
        'power."suspend.overdue".ended_by = ["paid"]',
    )
    found = failing(seeded(*fault))
    assert {failure.words for failure in found["holds-lift"].failures} == {
        "a hold under suspend.overdue can stand for ever: nothing lifts it"
    }


def test_months_business_days_and_rolling_are_told_late_enough() -> None:
    """Where the model knows days only roughly, the history takes later ones, at which the library agrees."""
    every_key = load(SMALL.parents[1] / "every_key.toml")
    for proof in failing(every_key).values():
        for failure in proof.failures:
            assert failure.counterexample is not None, failure.words
            assert failure.counterexample.replays(every_key)
