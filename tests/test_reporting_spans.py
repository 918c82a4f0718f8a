"""An account's life as spans: each says what the library says at every instant in it, and no turn is missed.

The days of acme are those of examples/acme/story.py; the clause numbers are those of the Modal Terms.
"""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from lifecycle.agreement import Agreement
from lifecycle.days import Instant
from lifecycle.files import read, read_policy
from lifecycle.reporting import spans as module
from lifecycle.reporting.sentences import row, stands, when
from lifecycle.reporting.slider import data, sorted_out, stops
from lifecycle.reporting.spans import Right, Span, TooLong, calendar_of, horizon, span_at, spans
from lifecycle.terms import load
from lifecycle.testing import Story

ROOT = Path(__file__).parents[1]
HARBOUR = load(ROOT / "examples/harbour/harbour-hosting-2026.toml")


def acme(known_at: str | None = None) -> Agreement:
    account = Agreement(read(ROOT / "examples/acme/history.jsonl"))
    return account if known_at is None else account.known_at(known_at)


def bakery() -> Agreement:
    """Monthly terms from 1 February 2026; an invoice, a reminder, a suspension, a payment."""
    story = Story(HARBOUR, on="2026-01-20", agreement="bakery", customer="Bakery Ltd")
    story.order("O-1", start="2026-02-01", months=1).on("2026-03-02").opened("invoice", "I-1", amount="120.00 GBP")
    story.on("2026-03-17").notice("reminder", about="I-1", method="email", id="r-1").delivered("r-1")
    story.on("2026-03-25T10:00+00:00").do("suspend")
    return story.on("2026-04-02").paid("I-1", "120.00 GBP").agreement


def told(account: Agreement, at: str) -> tuple[tuple[Span, ...], Instant]:
    until = horizon(account, account.instant(at))
    return spans(account, until), until


def known(span: Span) -> tuple[object, ...]:
    return span.state, span.in_service, span.term, span.ending, span.holds, span.rights


@pytest.mark.parametrize(
    ("account", "at"), [(acme(), "2028-06-01"), (acme("2027-09-16"), "2027-09-16"), (bakery(), "2026-04-10")]
)
def test_at_any_instant_the_span_says_what_the_library_says(account: Agreement, at: str) -> None:
    found, until = told(account, at)
    random = Random(20260122)  # noqa: S311 - instants to try, the same each time
    instants = [found[0].since + random.random() * (until - found[0].since) for _ in range(120)]
    edges = [span.since for span in found]
    instants += [edge + shift for edge in edges for shift in (timedelta(0), timedelta(microseconds=-1))]
    for instant in instants:
        if instant >= found[0].since:
            span = [each for each in found if each.since <= instant][-1]
            assert known(span) == known(span_at(account, instant, calendar_of(account))), instant


def test_a_right_is_open_exactly_where_its_holder_may_use_it() -> None:
    account = acme()
    found, _ = told(account, "2028-06-01")
    seen = set()
    for span in found:
        for right in span.rights:
            verdict = account.may(
                right.does,
                by=right.by[0] if right.by else "both",
                at=span.since,
                about=(right.matter,) if right.matter else (),
                power=right.power,
                known_through=span.since,
            )
            assert (right.standing == "open") is verdict.permitted, (span.since, right.key)
            seen.add(right.standing)
    assert seen == {"open", "later", "waiting"}


def test_a_power_whose_window_is_open_waits_where_the_house_asks_for_more() -> None:
    """examples/house/policy.toml: terminating takes the approval of two persons. 3.2(b)(ii) opens on 15 April 2028."""
    policy = read_policy(ROOT / "examples/house/policy.toml", load("modal-2024-03-26"))
    account = acme("2028-04-15T08:00-07:00")
    held = Agreement(account.history, account.library, policy=policy)
    (free, bound) = (right_on(each, "2028-04-15", "terminate.proceeding") for each in (account, held))
    assert (free.standing, bound.standing) == ("open", "waiting")
    assert "approv" in when(bound)


def test_spans_follow_each_other_and_differ() -> None:
    found, _ = told(acme(), "2028-06-01")
    assert [span.since for span in found] == sorted({span.since for span in found})
    assert all(known(a) != known(b) for a, b in pairwise(found))


def test_acme_was_suspended_from_the_act_until_the_payment() -> None:
    """1.12(e): suspended on 16 March 2026 at 09:00 (16:00 UTC), paid on 19 March at 14:20 (21:20 UTC)."""
    found, _ = told(acme(), "2028-06-01")
    held = [n for n, span in enumerate(found) if span.state == "suspended"]
    assert [str(found[n].since) for n in (held[0], held[-1] + 1)] == [
        "2026-03-16 16:00:00+00:00",
        "2026-03-19 21:20:00+00:00",
    ]


def right_on(account: Agreement, day: str, power: str) -> Right:
    span = span_at(account, account.instant(day), calendar_of(account))
    return next(right for right in span.rights if right.power == power)


def test_the_words_of_a_right_follow_its_window() -> None:
    """1.12(e): card invoice due 1 March, notice given 6 March: 1 + 10 = 11 March, 6 + 10 = 16 March."""
    waiting = right_on(acme(), "2026-03-05", "suspend.overdue")
    assert (waiting.standing, waiting.first) == ("waiting", None)
    assert when(waiting).startswith("waits: give an overdue notice about invoice INV-1 by personal")
    later = right_on(acme(), "2026-03-10", "suspend.overdue")
    assert (when(later), later.vouched) == ("from 2026-03-16", True)
    assert when(right_on(acme(), "2026-03-16", "suspend.overdue")) == "open since 2026-03-16"
    assert "rests on nothing having been paid" in row(later).how


def test_a_right_that_closes_has_its_last_day() -> None:
    """3.1: at least 30 days before the end of the term on 10 February 2027: 11 January."""
    right = right_on(acme(), "2026-12-01", "non_renewal")
    assert (str(right.last), when(right)) == ("2027-01-11", "open since 2026-01-12 through 2027-01-11")


def test_a_life_that_goes_on_is_told_two_years_ahead_and_an_ended_one_as_far_as_anything_is_recorded() -> None:
    going, ended = acme("2027-09-16"), acme()
    assert str(going.day_of(horizon(going, going.instant("2027-09-16")))) == "2029-09-16"
    assert str(ended.day_of(horizon(ended, ended.instant("2028-06-01")))) == "2028-07-01"
    assert horizon(ended, ended.instant("2028-08-01")) == ended.instant("2028-08-01")


def test_an_agreement_is_told_from_its_first_recorded_day_even_if_it_began_within_it() -> None:
    story = Story(on="2026-01-05T15:00-08:00", trial_through="2026-02-03")
    found, _ = told(story.agreement, "2026-01-06")
    assert [(str(span.since), span.state) for span in found[:2]] == [
        ("2026-01-05 08:00:00+00:00", None),
        ("2026-01-05 23:00:00+00:00", "trial"),
    ]


def test_a_life_of_too_many_turns_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 5)
    with pytest.raises(TooLong, match="acme: more than 5 turns"):
        told(acme(), "2028-06-01")


# ---- sentences -----------------------------------------------------------------------------------------------


def sentence(account: Agreement, day: str) -> str:
    return stands(span_at(account, account.instant(day), calendar_of(account)), account.customer, calendar_of(account))


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2026-01-11", "The agreement with Acme GmbH is not in force."),
        ("2026-01-20", "Acme GmbH is on trial."),
        ("2026-02-11", "Acme GmbH is in service, in term 1 (2026-02-11 to 2027-02-10)."),
        (
            "2026-03-17",
            (
                "Acme GmbH is suspended, in term 1 (2026-02-11 to 2027-02-10). "
                "Held since 2026-03-16 because of INV-1; lifts by itself once that is settled."
            ),
        ),
        (
            "2028-04-16",
            "The agreement with Acme GmbH ended on 2028-04-15: terminated by the provider under 3.2(b)(ii).",
        ),
    ],
)
def test_where_an_account_stands_is_a_sentence(day: str, says: str) -> None:
    assert sentence(acme(), day) == says


def test_an_agreement_that_ends_by_itself_or_together_is_told_so() -> None:
    expired = Story(on="2026-01-05", trial_through="2026-02-03").agreement
    assert sentence(expired, "2026-02-04").endswith("ended on 2026-02-04: expired under 1.4.")
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05").on("2026-03-01").agreed("termination")
    assert "by both together under 8.9" in sentence(story.agreement, "2026-03-02")


# ---- the slider's data ---------------------------------------------------------------------------------------


def test_the_slider_stops_at_every_day_and_at_each_turn_within_one() -> None:
    """acme, 12 January 2026 through 1 July 2028. The email of 3 March 2026 changes nothing, so it is no stop."""
    account = acme()
    found, until = told(account, "2028-06-01")
    where = stops(found, until, account.instant("2028-06-01T12:00-07:00"), calendar_of(account))
    assert (str(where.first), str(where.last)) == ("2026-01-12", "2028-07-01")
    assert where.count == (where.last - where.first).days + 1 + len(where.within)
    placed = [where.at(instant) for instant in where.within]
    assert len(set(placed)) == len(placed)
    # 16 March 2026 is day 63 (19 left in January, 28, 16); the notice of 6 March came within its day.
    assert where.at(account.instant("2026-03-16")) == 63 + 1
    assert where.at(account.instant("2026-03-16T09:00-07:00")) == 63 + 2
    assert where.at(account.instant("2026-03-16T08:59-07:00")) == 63 + 1


def test_every_sentence_stands_in_the_data_once() -> None:
    account = acme()
    found, until = told(account, "2028-06-01")
    where = stops(found, until, account.instant("2028-06-01"), calendar_of(account))
    made = data(found, where, account.instant("2028-06-01"), account.customer)
    assert len(set(made["texts"])) == len(made["texts"])
    assert len(made["rows"]) == len({tuple(cells) for cells in made["rows"]})
    assert [span[0] for span in made["spans"]] == [where.at(span.since) for span in found]
    for span, (_, state, _, open_, later, always) in zip(found, made["spans"], strict=True):
        assert made["texts"][state] == (span.state or "")
        groups = sorted_out(span.rights)
        assert [len(group) for group in groups] == [len(open_), len(later), len(always)]
        assert [made["texts"][made["rows"][n][1]] for n in open_] == [right.title for right in groups[0]]
