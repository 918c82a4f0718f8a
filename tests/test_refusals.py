"""What a refusal says, word for word: clause, facts, missing step and first day, for every code that the judge gives.

Modal Terms where not said otherwise; days by hand.
"""

from datetime import date
from typing import Any

import pytest

from lifecycle import Agreement, Period, terms
from lifecycle.errors import InvalidFact, InvalidTerms
from lifecycle.events import Agreed
from lifecycle.testing import Story
from lifecycle.verdict import Verdict
from tests.test_amendments import AMENDMENT, FIRST, agreed, text
from tests.test_amendments import running as amended
from tests.test_suspensions import (
    BY_POST,
    CEASED,
    FURTHER,
    OVERDUE,
    RENEWING,
    TERMS,
    in_writing,
    overdue,
    running,
    small,
)

NONE = "First day: none, whatever the wait."
WRITING = "Missing: give it in writing by personal, registered mail, certified mail, courier (method=)."
VOUCH = "Missing: ask again with known_through=: the instant up to which the facts are complete."
STOPPING = "3.1 needs 30 days before the end of the term (term end 2027-01-04) - through 2026-12-05"


def in_service(**made: Any) -> Story:
    """In term 1, from 5 January 2026 through 4 January 2027."""
    return Story(on="2026-01-05", **made).order("O-1", start="2026-01-05", months=12)


def refused(verdict: Verdict, *said: str, clause: str = "", last: str = "None") -> None:
    assert str(verdict) == " ".join(said)
    assert (verdict.permitted, verdict.clause, str(verdict.last_day)) == (False, clause, last)
    assert not verdict.supposing


# ---- the state ---------------------------------------------------------------------------------------------------


def test_before_it_is_in_force() -> None:
    story = Story(on="2026-01-05")
    agreed = "8.9 end the agreement together in writing"
    nothing = f"the agreement is not in force: it takes a trial or an order; {agreed}."
    head = "terminate refused on 2026-01-05:"
    refused(story.may("terminate", by="both"), head, nothing, "Missing: sign an order.", NONE, clause="8.9")
    story.order("O-1", start="2026-01-20", months=12)
    until = f"the agreement is not in force until 2026-01-20; {agreed}."
    refused(story.may("terminate", by="both"), head, until, "First day: 2026-01-20.", clause="8.9")
    assert story.may("terminate", by="both").first == story.agreement.instant("2026-01-20")
    assert story.may("terminate", by="both").reasons[0].clause == ""
    assert story.may("terminate", by="both").leads_to is None


def test_where_nothing_leads_on() -> None:
    head = "reinstate refused on 2026-01-05: there is nothing to reinstate: the agreement is active."
    refused(in_service().may("reinstate"), head, NONE)
    assert in_service().may("reinstate").codes == ("no-edge",)
    without = TERMS[: TERMS.index('[power."suspend.risk"]')] + CEASED
    none = Story(terms.parse(without.encode()), on="2026-01-05").may("suspend")
    refused(none, "suspend refused on 2026-01-05: these Terms know no way to suspend.", NONE)
    assert (none.codes, none.leads_to) == (("no-edge",), None)


def test_what_comes_by_itself() -> None:
    story = Story(small(CEASED), on="2026-01-05").opened("cessation", "C-1", party="customer")
    head = "terminate refused on 2026-01-05: terminate takes effect by itself: nobody does it;"
    counts = "1 needs 10 days (cessation C-1 since 2026-01-05: day 0) - opens 2026-01-15."
    refused(story.may("terminate"), head, counts, NONE, clause="1")
    assert story.may("terminate").reasons[0].clause == ""


def test_after_the_end() -> None:
    story = in_service().on("2026-03-01").agreed("termination").invoice("I-1", "10.00 USD", due="2026-03-10")
    head = "suspend refused on 2026-04-01:"
    ended = "8.9 the agreement was terminated on 2026-03-01: nothing follows the end"
    assert str(story.on("2026-04-01").may("suspend", about="I-1")).startswith(f"{head} {ended};")
    met = "2.2(a) needs overdue (invoice I-1 due 2026-03-10: day 22) - met;"
    late = "2.2(a) the agreement ended on 2026-03-01, before invoice I-1."  # at that very instant, and after the facts
    interest = story.may("charge interest", about="I-1")
    refused(interest, "charge interest refused on 2026-04-01:", met, late, NONE, clause="2.2(a)")


def test_a_clause_that_the_trial_lacks() -> None:
    story = Story(on="2026-01-05", trial_through="2026-01-31").order("O-1", start="2026-02-01", months=12)
    story.on("2026-01-10").opened("warranty_breach", "W-1", party="provider", material=True, correction_failed=True)
    (_, _, lacks) = story.on("2026-02-10").may("terminate", by="customer", about="W-1").reasons
    words = "1.4 gives a trial no 6.1, and breach of warranty W-1 began in one"
    assert (lacks.code, lacks.text(story.agreement.day_of("2026-02-10"))) == ("trial", words)


# ---- the party, and what is recorded -----------------------------------------------------------------------------


def test_a_power_of_the_other_side() -> None:
    head = "suspend refused on 2026-01-05: 1.12(a) gives the customer no power to suspend: it is for provider."
    refused(in_service().may("suspend", by="customer"), head, NONE, clause="1.12(a)")
    story = in_service().opened("breach", "B-1", party="customer", by="provider")
    over = "3.2(a) gives the power over breach B-1 to the provider, not to the customer."
    for asked in ({"about": "B-1"}, {"power": "terminate.breach"}):
        verdict = story.may("terminate", by="customer", **asked)
        refused(verdict, "terminate refused on 2026-01-05:", over, NONE, clause="3.2(a)")
    both = "amend refused on 2026-01-05: 8.9 gives the provider no power to amend: it is for both."
    refused(in_service().may("amend", power="amend"), both, NONE, clause="8.9")


def test_nothing_recorded() -> None:
    takes = (
        "a breach by the provider (material: yes, remediable: yes) [3.2(a)]; "
        "a breach by the provider (material: yes, remediable: no) [3.2(a)]; "
        "a breach of warranty by the provider (material: yes, correction_failed: yes) [3.2(a)]; a force majeure [8.4]"
    )
    convenience = "2.1 there is no termination for convenience: commitments run to the end of their term."
    head = "terminate refused on 2026-01-05: nothing recorded gives the customer a power to terminate: it takes"
    verdict = in_service().may("terminate", by="customer")
    refused(verdict, head, f"{takes};", convenience, NONE)
    assert (verdict.reasons[0].clause, verdict.leads_to) == ("", "terminated")
    unknown = "nothing recorded about I-1, I-2 gives the provider a power to accelerate: it takes an invoice [1.12]."
    named = in_service().may("accelerate", about=("I-1", "I-2"))
    refused(named, "accelerate refused on 2026-01-05:", unknown, NONE)


def test_what_must_be_recorded_may_be_one_thing_or_another() -> None:
    verdict = running(OVERDUE, FURTHER).may("terminate", by="provider")
    takes = "nothing recorded gives the provider a power to terminate: it takes a hold (power: suspend.overdue) [1]."
    refused(verdict, "terminate refused on 2026-01-05:", takes, NONE)
    lifting = running().may("reinstate")
    refused(lifting, "reinstate refused on 2026-01-05: there is nothing to reinstate: the agreement is active.", NONE)
    several = in_service().may("suspend", power="suspend.insolvency")
    assert (
        "it takes an insolvency or a ceasing to operate or an insolvency proceeding or a reorganization, liquidation"
        in str(several)
    )


def test_what_a_matter_must_be_for_a_power_over_it() -> None:
    """Bonterms 13(b) takes a breach of the usage rules by the customer; 8.3 a warranty that a trial has not."""
    story = Story(terms.load("bonterms-cloud-1.0"), on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    usage = story.may("suspend", power="suspend.usage")
    takes = "nothing recorded gives the provider a power to suspend: it takes a breach by the customer"
    rule = "13 no prior notice is needed in exigent circumstances, or to avoid material harm or a violation of law."
    refused(usage, "suspend refused on 2026-01-05:", f"{takes} (usage_rules: yes) [13(b)]; {rule}", NONE)
    warranty = str(story.may("terminate", by="customer", power="terminate.warranty"))
    assert "it takes a breach of warranty (verified: yes, subject: not trial or beta) [8.3]" in warranty


def test_a_power_that_rests_on_no_matter_is_about_none() -> None:
    """And one that changed with the Terms is there once: an earlier breach keeps its own, the announcement does not."""
    story = amended().on("2026-02-01").opened("breach", "B-1")
    assert story.may("announce").permitted
    unknown = "announce refused on 2026-02-01: nothing recorded about B-1 gives the provider a power to announce."
    refused(story.may("announce", about="B-1"), unknown, NONE)
    agreed(story)
    assert [len(story.on("2026-02-03").may(does).considered) for does in ("announce", "suspend")] == [1, 1]
    with pytest.raises(InvalidFact, match=r"know no power 'nap': suspend, lift, end, stop, modify, announce$"):
        story.may("suspend", power="nap")


# ---- silence -----------------------------------------------------------------------------------------------------


def test_what_rests_on_silence() -> None:
    story = in_service().on("2026-02-01").invoice("I-1", "10.00 USD", due="2026-02-10")
    story.on("2026-03-20").notice("overdue", about="I-1").on("2026-04-20")  # 10 Feb + 69 days, 20 March + 31
    head = (
        "suspend refused on 2026-04-20: 1.12(e) rests on nothing having been paid or credited or written off or voided,"
    )
    met = (
        "1.12 needs 30 days overdue (invoice I-1 due 2026-02-10: day 69) - met; "
        "1.12 needs 10 days on notice (overdue notice given 2026-03-20: day 31) - met."
    )
    first = "First day: 2026-04-20."
    refused(story.may("suspend", known=None), head, "and nobody vouches for that;", met, VOUCH, first, clause="1.12(e)")
    stale = "and facts are complete only through 2026-04-19 05:00 PDT;"
    known = story.may("suspend", known="2026-04-19T12:00Z")
    refused(known, head, stale, met, VOUCH, first, clause="1.12(e)")
    assert [verdict.reasons[0].clause for verdict in (story.may("suspend", known=None), known)] == [
        "1.12(e)",
        "1.12(e)",
    ]


def test_whether_a_power_rests_on_silence_is_said_by_the_terms_of_its_matter() -> None:
    """By the first Terms anyone may say that a breach was cured; by the second it is the provider that asserts it."""
    asserting = text("v2", 10, AMENDMENT).replace("[kind.breach]", '[kind.breach]\nasserted_by = "provider"')
    story = amended(FIRST, second := terms.parse(asserting.encode())).on("2026-02-01").opened("breach", "B-1")
    agreed(story.notice("breach", about="B-1", method="hand").on("2026-02-10"), second)
    story.on("2026-02-11").opened("breach", "B-2", by="provider").notice("breach", about="B-2", method="hand")
    verdicts = [story.on("2026-03-10").may("suspend", about=about, known=None) for about in ("B-1", "B-2")]
    assert [verdict.codes for verdict in verdicts] == [("unvouched",), ()]


def test_what_a_suspension_that_lifts_by_itself_rests_on() -> None:
    story = overdue(running(OVERDUE, FURTHER)).on("2026-03-31")
    story.do("suspend")
    words = "1 rests on nothing having been lifted, and nobody vouches for that"
    assert words in str(story.on("2026-05-01").may("terminate", known=None))


def test_a_freshness_in_months_is_none() -> None:
    with pytest.raises(InvalidFact) as refusal:
        in_service(freshness=Period(1, "months"))
    assert str(refusal.value) == "event 1 of acme: agreement made.freshness: hours or days are wanted, not months"


# ---- supposing ---------------------------------------------------------------------------------------------------

LOSSES = """
[kind.loss]
title = "loss"
clause = "1"
party = "none"
ends = ["found"]

[notice_kind.loss]
title = "notice of loss"
clause = "1"
by = "either"
about = ["loss"]

[power."end.loss"]
title = "end it over a loss"
does = "terminate"
by = "either"
clause = "1"
matter = ["loss"]
clocks = [{ start = "notice:loss", compare = "at least", n = 10 }]
exercise = "act"

[power."ask.provider"]
title = "ask the customer"
does = "ask"
by = "provider"
clause = "1"
matter = ["loss"]
exercise = "act"

[power."ask.customer"]
title = "ask the provider"
does = "ask"
by = "customer"
clause = "1"
matter = ["loss"]
exercise = "act"

[power.explain]
title = "explain a risk"
does = "explain"
by = "subject"
clause = "1"
matter = ["risk"]
exercise = "act"
"""
ORDERS = """
[order]
attributes = { plan = ["small", "large"] }
"""
EXCLUDED = 'order_unless = { changes = "excluded", plan = "annual" }'
GIVING_WAY = (
    text("v1", 10)
    .replace('exercise = "act"\nlifts', f'{EXCLUDED}\nexercise = "act"\nlifts')
    .replace(
        'changes = ["allowed", "excluded"]', 'changes = ["allowed", "excluded"], plan = ["annual", "monthly", "free"]'
    )
)


def test_the_first_day_if_a_notice_were_given_is_none_on_which_an_order_excludes_it() -> None:
    """By notice of 1 February it is through 11 February for cure; the order that excludes it runs through March."""
    story = Story(terms.parse(GIVING_WAY.encode()), on="2026-01-01")
    story.order("O-1", start="2026-01-01", months=3, attributes={"changes": "excluded", "plan": "annual"})
    story.order("O-2", start="2026-04-01", months=12, attributes={"changes": "allowed", "plan": "monthly"})
    verdict = story.on("2026-02-01").opened("breach", "B-1").may("suspend")
    assert (str(verdict.first_day), verdict.supposing) == ("2026-04-01", True)
    assert "1 gives way to order O-1: changes excluded, plan annual" in str(verdict)
    story.notice("breach", about="B-1", method="hand")
    assert [story.on(on).may("suspend").permitted for on in ("2026-02-12", "2026-03-31", "2026-04-01")] == [0, 0, 1]


@pytest.mark.parametrize(
    ("plan", "first"), [("annual", "2026-04-01"), ("monthly", "2026-04-01"), ("free", "2026-02-12")]
)
def test_an_order_may_exclude_a_power_by_one_of_several_things_that_it_says(plan: str, first: str) -> None:
    plans = GIVING_WAY.replace('"annual" }', '["annual", "monthly"] }')
    story = Story(terms.parse(plans.encode()), on="2026-01-01")
    for order, start, months, says in (("O-1", "2026-01-01", 3, plan), ("O-2", "2026-04-01", 12, "free")):
        story.order(order, start=start, months=months, attributes={"changes": "allowed", "plan": says})
    story.on("2026-02-01").opened("breach", "B-1").notice("breach", about="B-1", method="hand")
    verdict = story.may("suspend")
    assert str(verdict.first_day) == first
    assert ("gives way to order O-1: plan " in str(verdict)) is (plan != "free")
    with pytest.raises(InvalidTerms, match=r"no order has plan = 'yearly' at power.suspend.order_unless"):
        terms.parse(GIVING_WAY.replace('"annual" }', '["annual", "yearly"] }').encode())


@pytest.mark.parametrize(("plan", "ended"), [("small", "2026-03-01"), ("large", "2026-02-12")])
def test_what_comes_by_itself_gives_way_to_an_order_too(plan: str, ended: str) -> None:
    """Ten days after 2 February, unless the order is small: then with the next one, in March."""
    text = TERMS.replace('begins = "made"', 'begins = "order"') + ORDERS
    text += CEASED.replace("exercise", 'order_unless = { plan = "small" }\nexercise')
    story = Story(terms.parse(text.encode()), on="2026-01-05")
    for order, start, months, says in (("O-1", "2026-02-01", 1, plan), ("O-2", "2026-03-01", 12, "large")):
        story.order(order, start=start, months=months, attributes={"plan": says})
    story.on("2026-02-02").opened("cessation", "C-1", party="customer")
    ahead = [str(entry.on) for entry in story.agreement.timeline("2026-02-03").entries if entry.what == "transition"]
    assert ended in ahead
    ending = story.on("2026-03-02").status().ending
    assert ending is not None
    assert (str(ending.at.date()), ending.power) == (ended, "end.ceased")
    assert story.on("2026-02-12").state == ("terminated" if plan == "large" else "active")


@pytest.mark.parametrize("asked", [(), ("2026-02-03", "2026-03-10")])
def test_what_comes_by_itself_waits_for_the_end_of_an_order_whenever_that_was_asked(asked: tuple[str, ...]) -> None:
    """By the Terms from 10 February on the third term, through 4 April, renews no more; the agreement outlives it."""
    text = TERMS.replace('begins = "made"', 'begins = "order"') + ORDERS
    text += CEASED.replace("exercise", 'order_unless = { plan = "small" }\nexercise')
    text += '[framework]\nclause = "1"\nat_least = { n = 1, unit = "years" }\n'
    first = terms.parse((text + RENEWING).encode())
    second = terms.parse(text.replace('id = "small"', 'id = "later"').encode())
    story = Story(first, on="2026-01-05")
    story.agreement = Agreement(list(story.agreement.history), (first, second))
    story.order("O-1", start="2026-01-05", months=1, attributes={"plan": "small"})
    story.record(Agreed(what="amendment", terms="later", digest=second.digest, effective=date(2026, 2, 10)))
    story.on("2026-02-02").opened("cessation", "C-1", party="customer")
    assert [story.on(on).state for on in asked] == ["active", "renewed"][: len(asked)]
    assert [story.on(on).state for on in ("2026-04-04", "2026-04-05")] == ["renewed", "terminated"]


def test_no_first_day_is_named_for_what_nobody_does() -> None:
    """An end by itself after a notice: not even before the agreement is in force is there a day on which to do it."""
    by_itself = LOSSES.replace(
        'n = 10 }]\nexercise = "act"', 'n = 10 }]\nended_by = ["found"]\nexercise = "automatic"', 1
    )
    text = (TERMS + BY_POST + by_itself).replace('begins = "made"', 'begins = "order"')
    story = Story(terms.parse(text.encode()), on="2026-01-05").order("O-1", start="2026-02-01", months=12)
    verdict = story.opened("loss", "L-1", by="provider").may("terminate")
    assert (verdict.codes, verdict.first_day, verdict.supposing) == (("not-in-force", "notice-missing"), None, False)
    later = story.on("2026-02-02").may("terminate")
    assert (later.codes, later.first_day, later.supposing) == (("automatic", "notice-missing"), None, False)


def test_the_first_day_if_a_notice_were_given_is_that_of_who_asks() -> None:
    """Either may end it over a loss ten days after a notice of it; the customer promised to wait through May."""
    story = Story(terms.parse((TERMS + BY_POST + LOSSES).encode()), on="2026-01-05").on("2026-02-02")
    story.opened("loss", "L-1", by="provider").extended("L-1", to="2026-05-31", power="end.loss", by="customer")
    asked = story.may("terminate", by="provider"), story.may("terminate", by="customer")
    assert [str(verdict.first_day) for verdict in asked] == ["2026-02-12", "2026-06-01"]  # 2 February + 10
    assert [verdict.supposing for verdict in asked] == [True, True]


def test_whose_power_it_is() -> None:
    story = Story(terms.parse((TERMS + BY_POST + LOSSES).encode()), on="2026-01-05")
    neither = "ask refused on 2026-01-05: 1 gives the both no power to ask: it is for customer, provider."
    refused(story.may("ask", by="both"), neither, NONE, clause="1")
    takes = "nothing recorded gives the customer a power to explain: it takes a risk by the customer [1]."
    refused(story.may("explain", by="customer"), "explain refused on 2026-01-05:", takes, NONE)
    provider = str(in_service().may("terminate", power="terminate.breach"))
    assert "it takes a breach by the customer (material: yes, remediable: yes) [3.2(a)]" in provider


# ---- how it is given ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "given"), [("email", "email gives no notice"), ("", "no method is named")])
def test_what_takes_a_writing(method: str, given: str) -> None:
    verdict = in_service().on("2026-06-10").may("stop renewal", by="customer", method=method)
    head = f"stop renewal refused on 2026-06-10: 8.5 takes written notice: {given};"
    refused(verdict, head, f"{STOPPING}.", WRITING, "First day: 2026-06-10.", clause="3.1", last="2026-12-05")


def test_how_an_act_is_done_does_not_delay_what_takes_no_writing() -> None:
    """What may be done through 4 February, may be done on the 4th, whatever method is named."""
    last = 'clocks = [{ start = "start", compare = "no later than", n = 2 }]\nended_by = ["resolved"]'
    text = TERMS.replace('ended_by = ["resolved"]', last) + BY_POST
    story = Story(terms.parse(text.encode()), on="2026-01-05").on("2026-02-02").opened("risk", "R-1", by="provider")
    assert story.on("2026-02-04").may("suspend", method="post").permitted
    assert not story.on("2026-02-05").may("suspend", method="hand").permitted


def test_what_would_count_too_late() -> None:
    """By post it counts three days after: posted on 2 February, on the 5th; a second one when it is done already."""
    story = (
        Story(terms.parse(in_writing(3).encode()), on="2026-01-05")
        .opened("risk", "R-1", by="provider")
        .on("2026-02-02")
    )
    story.do("suspend", method="post")
    again = story.may("suspend", method="post")
    closed = "suspend refused on 2026-02-02: 1 post counts from 2026-02-05, when the power has closed;"
    held = "1 the agreement is suspended for risk R-1 from 2026-02-05; 1 risk R-1 since 2026-01-05."
    step = "Missing: use a method that counts sooner."
    refused(again, closed, held, step, "First day: 2026-02-02.", clause="1", last="2026-02-04")
    for on in ("2026-02-05", "2026-02-06"):
        since = "1 the agreement is suspended for risk R-1 since 2026-02-05; 1 risk R-1 since 2026-01-05."
        refused(story.on(on).may("suspend", method="post"), f"suspend refused on {on}:", since, NONE, clause="1")


# ---- what is only worth knowing ----------------------------------------------------------------------------------


def test_a_renewal_that_is_stopped_already_or_past_stopping() -> None:
    story = in_service().on("2026-06-01").notice("non_renewal", by="customer").on("2026-06-10")
    stopped = story.may("stop renewal", by="provider")
    said = f"stop renewal permitted on 2026-06-10: {STOPPING}; 3.1 the renewal of term 1 is stopped already."
    assert str(stopped) == said
    assert [reason.code for reason in stopped.reasons] == ["matter", "clock", "stopped"]
    assert "stopped" not in str(story.on("2027-01-05").may("stop renewal", by="provider"))  # it has ended
    monthly = Story(on="2026-01-05").order("O-1", start="2026-01-05", months=1).on("2026-01-20")
    late = monthly.may("stop renewal", by="customer")
    next_one = "3.1 needs 30 days before the end of the term (term end 2026-03-04) - through 2026-02-02"
    words = "3.1 too late for term 1, which ends 2026-02-04 and renews: this is for the next."
    assert str(late) == f"stop renewal permitted on 2026-01-20: {next_one}; {words}"
    assert [reason.code for reason in late.reasons] == ["matter", "clock", "late"]


def test_lifting_one_reason_of_two_leads_to_a_suspension_still() -> None:
    story = in_service().on("2026-02-02")
    for matter in ("S-1", "S-2"):
        story.opened("security_risk", matter, by="provider").do("suspend", about=matter)
    led = [story.may("reinstate", about=about).leads_to for about in ("S-1", ("S-1", "S-2"), ())]
    assert led == ["suspended", "active", "active"]
    assert story.may("suspend").leads_to == "suspended"
    assert story.may("terminate", by="both").leads_to == "terminated"


# ---- what the Terms do not know ----------------------------------------------------------------------------------


def test_an_act_or_a_power_that_the_terms_do_not_know() -> None:
    story = running(OVERDUE)
    with pytest.raises(InvalidFact) as unknown:
        story.may("suspend", power="nap")
    assert (
        str(unknown.value) == "question.power: the Terms know no power 'nap': suspend.risk, suspend.overdue, interest"
    )
    with pytest.raises(InvalidFact) as other:
        story.may("dance")
    acts = "convert, renew, suspend, reinstate, expire, terminate, charge interest"
    assert str(other.value) == f"question.does: no act 'dance' of such a power: {acts}"
