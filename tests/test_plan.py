"""How a party gets to an act: the steps and their first days, and that following them leads there, not a day sooner.

Every expected day was worked out by hand from the clause, in Los Angeles days with the day of the event not counted.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from attrs import evolve
from hypothesis import given, settings

from lifecycle import Agreement, terms
from lifecycle.errors import InvalidFact
from lifecycle.events import By, Corrected, MatterChanged, MatterOpened, NoticeDelivered, NoticeGiven
from lifecycle.plan import Plan, Route, Step
from lifecycle.terms.model import Party
from lifecycle.testing import Story

MODAL = terms.load("modal-2024-03-26")
VALID_METHODS = ("personal", "registered_mail", "certified_mail", "courier")


def running(*, renews: bool = True, **attributes: str) -> Story:
    """Term 1 from 1 January to 31 December 2026."""
    return Story(on="2026-01-01").order("O-1", start="2026-01-01", renews=renews, attributes=attributes)


def breached(on: str, *, party: Party = "provider", **said: Any) -> Story:
    return running().on(on).opened("breach", "B-1", party=party, by="customer", **said)


def planned(story: Story, does: str, *, by: By = "provider", from_: str, **asked: Any) -> Plan:
    return story.agreement.plan(does, by=by, from_=from_, **asked)


def told(route: Route) -> list[str]:
    """The steps, as kind and day."""
    return [f"{step.kind} {step.on}" for step in route.steps]


# ---- following a plan --------------------------------------------------------------------------------------


def take(step: Step, agreement: Agreement, matter: str) -> None:
    """Record what a step asks for, on the day it names, a notice by the method named first."""
    if step.kind == "give notice":
        assert step.by in ("provider", "customer")
        notice = NoticeGiven(kind=step.what, by=step.by, method=step.methods[0], about=matter)
        event = agreement.record(notice, at=step.on)
        if step.ways[0].counts is None:
            agreement.record(NoticeDelivered(notice=event.id), at=step.on)
    elif step.what == "by":
        opening = next(e for e in agreement.history if isinstance(e.fact, MatterOpened) and e.fact.matter == matter)
        assert isinstance(opening.fact, MatterOpened)
        assert step.by in ("provider", "customer")
        asserted = Corrected(event=opening.id, fact=evolve(opening.fact, by=step.by))
        agreement.record(asserted, at=step.on, occurred=opening.occurred)
    elif step.kind == "record":
        assert step.value is not None
        agreement.record(MatterChanged(matter=matter, attributes={step.what: step.value}), at=step.on)


def follow(plan: Plan, route: Route, story: Story) -> None:
    """Take the steps of a route on their days, and claim that the act is permitted on the first day it names, and
    refused to the last second before.
    """
    assert route.power is not None
    assert route.first is not None
    agreement = Agreement(list(story.agreement.history), story.agreement.terms)
    for step in route.steps:
        take(step, agreement, route.matter or "")
    method = next(iter(route.steps[-1].methods), None)
    asked: dict[str, Any] = {"by": plan.question.by, "power": route.power.id, "about": route.matter or ()}
    before = route.first - timedelta(seconds=1)
    if before >= plan.question.at:
        refused = agreement.may(plan.question.does, at=before, known_through=before, method=method, **asked)
        assert not refused.permitted, f"{route}\nalready on {refused.on}"
    first = route.first_day if agreement.instant(str(route.first_day)) >= plan.question.at else route.first
    assert first is not None
    permitted = agreement.may(plan.question.does, at=first, known_through=first, method=method, **asked)
    assert permitted.permitted, f"{route}\nbut {permitted}"
    done = agreement.do(plan.question.does, at=first, known_through=first, method=method, **asked)
    assert agreement.was_regular(done.event.id)


INVOICE = {"amount": "120.00 USD", "due": "2026-03-01"}
AT_ONCE = ["act 2026-04-12"]

ROUTES: list[tuple[str, By, str, dict[str, Any], str, list[str]]] = [
    # power, by, the kind of its matter, what is said of it (``on``: the day it began), from when, steps
    ("suspend.security", "provider", "security_risk", {"by": "provider"}, "2026-04-12", AT_ONCE),
    ("suspend.security", "provider", "security_risk", {}, "2026-04-12", ["record 2026-04-12", *AT_ONCE]),
    ("suspend.prohibited_use", "provider", "prohibited_use", {"by": "provider"}, "2026-04-12", AT_ONCE),
    ("suspend.insolvency", "provider", "other_proceeding", {}, "2026-04-12", AT_ONCE),
    ("suspend.assignment", "provider", "creditor_assignment", {}, "2026-04-12", ["record 2026-04-12", *AT_ONCE]),
    # 1.12(d): notice on 6 April leaves 30 days, through 6 May
    (
        "suspend.breach",
        "provider",
        "breach",
        {"on": "2026-04-01", "party": "customer", "remediable": True},
        "2026-04-06",
        ["give notice 2026-04-06", "wait 2026-05-07", "act 2026-05-07"],
    ),
    (
        "suspend.breach.incurable",
        "provider",
        "breach",
        {"on": "2026-04-01", "party": "customer"},
        "2026-04-06",
        ["record 2026-04-06", "give notice 2026-04-06", "wait 2026-05-07", "act 2026-05-07"],
    ),
    # 1.12: overdue from 2 March; 10 days on notice 12 March; 30 days overdue 31 March
    (
        "suspend.overdue",
        "provider",
        "invoice",
        {**INVOICE, "payment": "invoice"},
        "2026-02-10",
        ["give notice 2026-03-02", "wait 2026-03-12", "wait 2026-03-31", "act 2026-03-31"],
    ),
    # by card: 10 days overdue 11 March, and still 10 days on notice
    (
        "suspend.overdue",
        "provider",
        "invoice",
        {**INVOICE, "payment": "card"},
        "2026-02-10",
        ["give notice 2026-03-02", "wait 2026-03-11", "wait 2026-03-12", "act 2026-03-12"],
    ),
    # asked on 25 March: 10 days on notice end on 4 April, after the 30 days overdue
    (
        "suspend.overdue",
        "provider",
        "invoice",
        {**INVOICE, "payment": "invoice"},
        "2026-03-25",
        ["give notice 2026-03-25", "wait 2026-03-31", "wait 2026-04-04", "act 2026-04-04"],
    ),
    (
        "accelerate.overdue",
        "provider",
        "invoice",
        {**INVOICE, "payment": "invoice"},
        "2026-02-10",
        ["wait 2026-03-31", "act 2026-03-31"],
    ),
    ("interest.late", "provider", "invoice", INVOICE, "2026-02-10", ["wait 2026-03-02", "act 2026-03-02"]),
    ("payment_terms.shorter", "provider", "invoice", INVOICE, "2026-02-10", ["wait 2026-03-02", "act 2026-03-02"]),
    ("non_renewal", "customer", "", {}, "2026-04-12", AT_ONCE),
    ("non_renewal", "provider", "", {}, "2026-12-01", ["act 2026-12-01"]),
    (
        "terminate.breach",
        "customer",
        "breach",
        {"on": "2026-04-01", "party": "provider", "material": True, "remediable": True},
        "2026-04-06",
        ["give notice 2026-04-06", "wait 2026-05-07", "act 2026-05-07"],
    ),
    (
        "terminate.breach",
        "provider",
        "breach",
        {"on": "2026-04-01", "party": "customer"},
        "2026-04-06",
        ["record 2026-04-06", "record 2026-04-06", "give notice 2026-04-06", "wait 2026-05-07", "act 2026-05-07"],
    ),
    (
        "terminate.breach.irremediable",
        "customer",
        "breach",
        {"party": "provider", "remediable": False},
        "2026-04-12",
        ["record 2026-04-12", *AT_ONCE],
    ),
    (
        "terminate.warranty",
        "customer",
        "warranty_breach",
        {"on": "2026-04-01", "material": True, "correction_failed": True},
        "2026-04-06",
        ["give notice 2026-04-06", "wait 2026-05-07", "act 2026-05-07"],
    ),
    ("terminate.assignment", "provider", "composition", {}, "2026-04-12", AT_ONCE),
    # 3.2(b)(ii): filed on 15 January; 60 days are over on 16 March
    (
        "terminate.proceeding",
        "provider",
        "proceeding",
        {"on": "2026-01-15"},
        "2026-01-20",
        ["wait 2026-03-17", "act 2026-03-17"],
    ),
    ("terminate.liquidation", "provider", "liquidation", {}, "2026-04-12", AT_ONCE),
    ("terminate.analogous", "provider", "analogous_event", {}, "2026-04-12", AT_ONCE),
    # 8.4: since 10 February 2026; more than 30 days from 13 March on
    (
        "terminate.force_majeure",
        "customer",
        "force_majeure",
        {"on": "2026-02-10"},
        "2026-02-15",
        ["wait 2026-03-13", "act 2026-03-13"],
    ),
    ("terminate.discontinuation", "provider", "", {}, "2026-04-12", AT_ONCE),
    ("terminate.agreed", "both", "", {}, "2026-04-12", AT_ONCE),
    ("terms.modify", "provider", "", {}, "2026-04-12", AT_ONCE),
    ("amend", "both", "", {}, "2026-04-12", AT_ONCE),
    ("assign.consent", "both", "", {}, "2026-04-12", AT_ONCE),
    ("assign.change_of_control", "provider", "change_of_control", {}, "2026-04-12", AT_ONCE),
]


@pytest.mark.parametrize(("power", "by", "kind", "details", "from_", "steps"), ROUTES)
def test_the_steps_to_a_power_lead_to_it_and_not_a_day_sooner(
    power: str, by: By, kind: str, details: dict[str, Any], from_: str, steps: list[str]
) -> None:
    more = dict(details)
    story = running().on(more.pop("on", "2026-02-01"))
    if kind:
        story.opened(kind, "M-1", **more)
    does = MODAL.powers[power].does
    plan = planned(story, does, by=by, power=power, from_=from_)
    assert [told(route) for route in plan.routes] == [steps]
    assert plan.blocked == ()
    assert plan.earliest is plan.routes[0]
    follow(plan, plan.routes[0], story)


def test_a_hold_is_lifted_at_once() -> None:
    story = running().on("2026-04-10").opened("security_risk", "R-1", by="provider")
    story.do("suspend")
    plan = planned(story, "reinstate", from_="2026-04-12")
    assert [told(route) for route in plan.routes] == [AT_ONCE]
    follow(plan, plan.routes[0], story)


def test_data_may_be_deleted_after_an_end_that_is_settled() -> None:
    story = running(renews=False)
    plan = planned(story, "delete data", from_="2026-12-10")
    assert [told(route) for route in plan.routes] == [["wait 2027-01-01", "act 2027-01-01"]]
    follow(plan, plan.routes[0], story)


def test_every_power_of_the_terms_was_planned() -> None:
    assert {power for power, *_ in ROUTES} | {"reinstate.lift", "data.delete"} == set(MODAL.powers)


# ---- what a plan says --------------------------------------------------------------------------------------


def test_a_customer_is_told_how_to_terminate_for_the_providers_breach() -> None:
    story = breached("2026-04-01", remediable=True)
    plan = planned(story, "terminate", by="customer", from_="2026-04-06", power="terminate.breach")
    by_any = "personal, registered mail, certified mail, courier"
    assert (
        str(plan)
        == f"""\
terminate, by customer, from 2026-04-06
1. terminate for a material breach not remedied [3.2(a)] (breach B-1): from 2026-05-07, if breach B-1 is material and \
the breach notice is given on 2026-04-06 by personal
   1. 2026-04-06: say whether breach B-1 is material
   2. 2026-04-06: give a breach notice about breach B-1 ({by_any}: counts from 2026-04-06)
   3. wait until 2026-05-07: breach notice given 2026-04-06 + 30 days: cure through 2026-05-06, opens 2026-05-07
   4. 2026-05-07: if breach B-1 has not been cured or withdrawn (vouch for that: known_through), \
terminate for a material breach not remedied, in writing ({by_any}: counts from 2026-05-07)"""
    )


def test_a_step_says_who_what_under_which_clause_and_by_which_methods() -> None:
    plan = planned(breached("2026-04-01", remediable=True), "terminate", by="customer", from_="2026-04-06")
    assert plan.earliest is not None
    record, notice, waiting, act = plan.earliest.steps
    assert (record.what, record.value, record.by, record.clause) == ("material", True, "customer", "3.2(a)")
    assert (notice.what, notice.by, notice.methods) == ("breach", "customer", VALID_METHODS)
    assert (waiting.by, waiting.clause, waiting.methods) == (None, "3.2(a)", ())
    assert waiting.arithmetic.startswith("breach notice given 2026-04-06 + 30 days")
    assert (act.what, act.by, act.methods, act.rests_on_silence) == (
        "terminate.breach",
        "customer",
        VALID_METHODS,
        True,
    )


def test_a_power_that_does_not_rest_on_silence_asks_for_no_vouching() -> None:
    plan = planned(
        running().on("2026-04-10").opened("liquidation", "L-1"), "terminate", from_="2026-04-12", about="L-1"
    )
    assert [route.steps[-1].rests_on_silence for route in plan.routes] == [False]
    assert "known_through" not in str(plan.routes[0])


def test_the_last_day_is_said_where_the_power_closes() -> None:
    plan = planned(running(), "stop renewal", by="customer", from_="2026-06-01")  # 31 December - 30 days
    assert [str(route.last_day) for route in plan.routes] == ["2026-12-01"]
    assert "from 2026-06-01 through 2026-12-01" in str(plan)
    ends = running(renews=False).on("2026-04-10").opened("liquidation", "L-1")  # no power outlives the agreement
    assert [str(r.last_day) for r in planned(ends, "terminate", from_="2026-04-12", about="L-1").routes] == [
        "2026-12-31"
    ]
    assert planned(running(), "amend", by="both", from_="2026-04-12").routes[0].last_day is None


def test_a_notice_too_late_for_the_running_term_is_told_to_be_for_the_next() -> None:
    plan = planned(running(), "stop renewal", by="customer", from_="2026-12-02")
    assert [(route.matter, str(route.last_day)) for route in plan.routes] == [("term 2", "2027-12-01")]
    assert "too late for term 1" in str(plan)


def test_routes_come_earliest_first() -> None:
    story = running().on("2026-02-01").opened("breach", "B-1", party="customer", remediable=True, material=True)
    story.opened("proceeding", "P-1").on("2026-03-01").opened("liquidation", "L-1")
    plan = planned(story, "terminate", from_="2026-03-10")
    assert [(route.power.id if route.power else "", str(route.first_day)) for route in plan.routes] == [
        ("terminate.liquidation", "2026-03-10"),
        ("terminate.discontinuation", "2026-03-10"),
        ("terminate.proceeding", "2026-04-03"),  # 1 February + 60 = 2 April
        ("terminate.breach", "2026-04-10"),  # 10 March + 30 = 9 April
    ]
    for route in plan.routes:
        follow(plan, route, story)


def test_each_answer_to_what_nobody_has_said_is_a_route_of_its_own() -> None:
    story = running().on("2026-02-01").opened("invoice", "I-1", amount="120.00 USD", due="2026-03-01")
    plan = planned(story, "accelerate", from_="2026-02-10")
    assert [(route.supposes, str(route.first_day)) for route in plan.routes] == [
        ("the payment of invoice I-1 is card", "2026-03-11"),
        ("the payment of invoice I-1 is invoice", "2026-03-31"),
    ]
    for route in plan.routes:
        follow(plan, route, story)


def test_about_narrows_a_plan_to_matters() -> None:
    story = breached("2026-04-01", material=True, remediable=True)
    story.opened("breach", "B-2", party="provider", material=True, remediable=True)
    plan = planned(story, "terminate", by="customer", from_="2026-04-06", about="B-2")
    assert [route.matter for route in plan.routes] == ["B-2"]
    assert "B-1" not in str(plan)


def test_a_notice_given_already_is_not_asked_for_again() -> None:
    story = breached("2026-04-01", material=True, remediable=True)
    story.on("2026-04-03").notice("breach", about="B-1", by="customer")
    plan = planned(story, "terminate", by="customer", from_="2026-04-06")  # 3 April + 30 = 3 May
    assert [told(route) for route in plan.routes] == [["wait 2026-05-04", "act 2026-05-04"]]


def test_a_notice_that_does_not_count_is_asked_for_again_and_says_why() -> None:
    story = breached("2026-04-01", material=True, remediable=True)
    story.on("2026-04-03").notice("breach", about="B-1", by="customer", method="email")
    plan = planned(story, "terminate", by="customer", from_="2026-04-06")
    assert told(plan.routes[0])[0] == "give notice 2026-04-06"
    assert "as none counts yet: breach notice of 2026-04-03: 8.5: email gives no notice" in str(plan)


def test_more_time_that_was_promised_is_waited_for() -> None:
    story = breached("2026-04-01", material=True, remediable=True)
    story.on("2026-04-06").notice("breach", about="B-1", by="customer")
    story.extended("B-1", to="2026-05-20", power="terminate.breach", by="customer")
    plan = planned(story, "terminate", by="customer", from_="2026-04-06")
    assert told(plan.routes[0]) == ["wait 2026-05-07", "wait 2026-05-21", "act 2026-05-21"]
    assert "the customer gave more time" in str(plan)
    follow(plan, plan.routes[0], story)


def test_an_agreement_not_yet_in_force_is_waited_for() -> None:
    story = Story(on="2026-01-01").order("O-1", start="2026-02-01")
    plan = planned(story, "amend", by="both", from_="2026-01-10")
    assert [told(route) for route in plan.routes] == [["wait 2026-02-01", "act 2026-02-01"]]
    assert "not in force until 2026-02-01" in str(plan)
    follow(plan, plan.routes[0], story)


def test_the_gap_between_a_trial_and_its_order_is_waited_for() -> None:
    story = Story(on="2026-01-01", trial_through="2026-01-31").order("O-1", start="2026-03-01")
    story.on("2026-01-20").opened("liquidation", "L-1")
    plan = planned(story, "terminate", from_="2026-02-10", about="L-1")
    assert [told(route) for route in plan.routes] == [["wait 2026-03-01", "act 2026-03-01"]]
    follow(plan, plan.routes[0], story)


def test_an_order_that_excludes_a_power_is_waited_for_where_another_follows() -> None:
    story = running(discontinuation="excluded").on("2026-11-15").order("O-2", start="2027-01-01")
    plan = planned(story, "terminate", power="terminate.discontinuation", from_="2026-11-20")
    assert [told(route) for route in plan.routes] == [["wait 2027-01-01", "act 2027-01-01"]]
    follow(plan, plan.routes[0], story)


def test_a_plan_may_begin_within_a_day() -> None:
    story = breached("2026-04-06T14:00-07:00", material=True, remediable=True)
    plan = planned(story, "terminate", by="customer", from_="2026-04-06T15:00-07:00")
    assert plan.earliest is not None
    assert plan.earliest.steps[0].at == story.agreement.instant("2026-04-06T15:00-07:00")
    assert str(plan.earliest.first_day) == "2026-05-07"
    follow(plan, plan.earliest, story)


# ---- why there is no way -----------------------------------------------------------------------------------


def blocked(plan: Plan, power: str, matter: str | None = None) -> Route:
    (route,) = (r for r in plan.blocked if r.power and (r.power.id, r.matter) == (power, matter))
    assert (route.first, route.first_day) == (None, None)
    return route


def test_a_power_of_the_other_side_leads_nowhere() -> None:
    plan = planned(running(), "suspend", by="customer", from_="2026-04-06")
    assert plan.routes == ()
    assert {route.codes for route in plan.blocked} == {("wrong-party",)}
    assert "it is for provider" in blocked(plan, "suspend.overdue").why_not
    own = blocked(planned(breached("2026-04-01"), "terminate", from_="2026-04-06"), "terminate.breach", "B-1")
    assert own.why_not.startswith("3.2(a) gives the power over breach B-1 to the customer, not to the provider")
    assert own.why_not.endswith("it takes a breach by the customer (material: yes, remediable: yes)")


def test_a_power_without_its_matter_says_what_it_takes() -> None:
    plan = planned(running(), "terminate", by="customer", from_="2026-04-06")
    assert blocked(plan, "terminate.breach").codes == ("no-matter",)
    assert "it takes a breach by the provider (material: yes, remediable: yes) [3.2(a)]" in str(plan)
    assert "it takes a force majeure [8.4]" in str(plan)
    assert "2.1 there is no termination for convenience" in str(plan)


@pytest.mark.parametrize(
    ("story", "power", "matter", "code", "why"),
    [
        (
            breached("2026-04-01", material=True, remediable=True).on("2026-04-03").ended("B-1", "cured"),
            "terminate.breach",
            "B-1",
            "matter",
            "3.2(a) breach B-1 was cured on 2026-04-03",
        ),
        (breached("2026-04-01", material=False), "terminate.breach", "B-1", "not-applicable", "material is no"),
        # nobody has said whether it is material, and saying so would not help
        (breached("2026-04-01", remediable=False), "terminate.breach", "B-1", "not-applicable", "remediable is no"),
        (
            breached("2026-04-01", material=True, remediable=True)
            .on("2026-04-02")
            .waived("B-1", "terminate.breach", by="customer"),
            "terminate.breach",
            "B-1",
            "waived",
            "the customer waived the power for breach B-1 on 2026-04-02",
        ),
        (running().on("2026-04-03").agreed("termination"), "terminate.force_majeure", None, "ended", "nothing follows"),
        (Story(on="2026-04-01"), "terminate.force_majeure", None, "not-in-force", "it takes a trial or an order"),
    ],
)
def test_what_no_step_helps_against_is_why(story: Story, power: str, matter: str | None, code: str, why: str) -> None:
    route = blocked(planned(story, "terminate", by="customer", power=power, from_="2026-04-06"), power, matter)
    assert (route.codes, route.steps) == ((code,), ())
    assert why in route.why_not


def test_an_order_that_excludes_a_power_for_good_leads_nowhere() -> None:
    plan = planned(
        running(discontinuation="excluded"), "terminate", from_="2026-04-06", power="terminate.discontinuation"
    )
    assert blocked(plan, "terminate.discontinuation").codes == ("order",)
    assert "gives way to order O-1" in str(plan)


def test_what_would_open_only_after_the_end_leads_nowhere() -> None:
    story = running(renews=False).on("2026-12-01").opened("breach", "B-1", party="customer", remediable=True)
    plan = planned(story, "suspend", from_="2026-12-10", about="B-1")  # 10 December + 30 = 9 January
    why = "would open on 2027-01-10, but 3.1 the agreement expired on 2027-01-01: nothing follows the end"
    assert blocked(plan, "suspend.breach", "B-1").why_not == why


def test_why_there_is_no_way_is_said_once_whatever_the_answers() -> None:
    story = running(renews=False).on("2026-12-20").opened("invoice", "I-1", amount="9 USD", due="2026-12-28")
    (route,) = planned(story, "accelerate", from_="2026-12-21").blocked
    assert route.codes == ("ended",)


def test_a_suspension_is_not_planned_twice() -> None:
    story = running().on("2026-04-01").opened("security_risk", "R-1", by="provider")
    story.do("suspend")
    route = blocked(planned(story, "suspend", from_="2026-04-06", about="R-1"), "suspend.security", "R-1")
    assert route.codes == ("already",)


def test_while_a_force_majeure_stops_the_clock_no_day_is_named_and_the_notice_can_be_given() -> None:
    story = breached("2026-04-01", material=True, remediable=True)
    story.opened("force_majeure", "FM-1", prevents=("B-1",))
    plan = planned(story, "terminate", by="customer", from_="2026-04-06", about="B-1")
    route = blocked(plan, "terminate.breach", "B-1")
    assert (route.codes, told(route)) == (("paused",), ["give notice 2026-04-06"])
    assert "FM-1 goes on, and no day can be named until it ends" in str(plan)
    # It ends on 20 April at the day's first instant; the 14 days from 6 to 19 April are not counted: 20 April + 30.
    story.on("2026-04-20").ended("FM-1", "ended")
    again = planned(story, "terminate", by="customer", from_="2026-04-20", about="B-1")
    assert told(again.routes[0]) == ["give notice 2026-04-20", "wait 2026-05-21", "act 2026-05-21"]


def test_what_happens_by_itself_is_nobodys_to_plan() -> None:
    (route,) = planned(running(), "renew", from_="2026-04-06").blocked
    assert (route.power, route.matter, route.codes) == (None, None, ("automatic",))


def test_matters_nobody_recorded_lead_nowhere() -> None:
    plan = planned(running(), "terminate", by="customer", from_="2026-04-06", about="B-9")
    assert "nothing recorded about B-9" in blocked(plan, "terminate.breach").why_not


def test_a_plan_for_no_act_of_the_terms_is_refused() -> None:
    with pytest.raises(InvalidFact, match="no act 'escape'"):
        planned(running(), "escape", from_="2026-04-06")
    with pytest.raises(InvalidFact, match="know no power"):
        planned(running(), "suspend", power="suspend.whim", from_="2026-04-06")


# ---- other Terms -------------------------------------------------------------------------------------------

SMALL = """
[terms]
id = "small"
title = "Small Terms"
dated = 2026-01-01
provider = "Small Ltd"
zone = "Europe/Berlin"
begins = "made"

[clauses]
"1" = { title = "One" }

NOTICE

[kind.breach]
title = "breach"
clause = "1"
party = "either"
ends = ["cured"]
attributes = { tier = "text" }

[notice_kind.reminder]
title = "reminder"
clause = "1"
by = "GIVER"
about = ["breach"]

[notice_kind.breach]
title = "breach notice"
clause = "1"
by = "GIVER"
about = ["breach"]
GIVEN

[power.suspend]
title = "suspend the service"
does = "suspend"
by = "other"
clause = "1"
matter = ["breach"]
clocks = [CLOCKS]
ended_by = ["cured"]
exercise = "act"
lifts = "by itself"
"""

METHODS = {
    "fax": 'fax = { counts = "dispatch" }',
    "post": 'post = { counts = "dispatch", n = 2 }',
    "express": 'express = { counts = "dispatch", n = 2, unit = "business days" }',
    "email": 'email = { counts = "delivery" }',
    "registered": 'registered = { counts = "delivery", n = 1 }',
}
FROM_NOTICE = 'start = "notice:breach", compare = "not within", n = 10, leaves = "cure"'


def small(
    on: str, *methods: str, clocks: tuple[str, ...] = (FROM_NOTICE,), given: str = "", giver: str = "other"
) -> Story:
    """The customer's breach on a day, under Terms with these methods of giving notice."""
    rule = "\n".join(['[notice]\nclause = "1"\n[notice.methods]', *(METHODS[name] for name in methods)])
    text = SMALL.replace("NOTICE", rule if methods else "").replace("GIVER", giver)
    text = text.replace("CLOCKS", ", ".join(f"{{ {clock} }}" for clock in clocks))
    text = text.replace("GIVEN", f"given = [{{ {given} }}]" if given else "")
    story = Story(terms.parse(text.encode()), on="2026-01-05")
    return story.on(on).opened("breach", "B-1", party="customer")


def test_a_notice_that_would_not_count_is_not_asked_for_and_says_why() -> None:
    story = small("2026-04-01", "fax", given='start = "start", compare = "no later than", n = 3')  # through 4 April
    (route,) = planned(story, "suspend", from_="2026-04-06").blocked
    assert (route.codes, route.steps) == (("notice-missing",), ())
    assert "nor would one given as soon as it can be (breach notice of 2026-04-06: too late" in route.why_not


def ways(step: Step) -> list[tuple[tuple[str, ...], str]]:
    return [(way.methods, str(way.counts)) for way in step.ways]


def test_a_notice_says_when_it_would_count_by_each_method_the_fastest_first() -> None:
    # Friday 6 March 2026: post + 2 days = Sunday 8; express + 2 business days = Tuesday 10.
    plan = planned(small("2026-03-06", "express", "post", "email"), "suspend", from_="2026-03-06")
    notice = plan.routes[0].steps[0]
    assert ways(notice) == [(("email",), "None"), (("post",), "2026-03-08"), (("express",), "2026-03-10")]
    assert "email: counts once its delivery is proved; post: counts from 2026-03-08" in str(notice)
    # 6 March + 10 = 16 March, if its delivery is proved the same day.
    assert str(plan.routes[0].first_day) == "2026-03-17"
    assert plan.routes[0].supposes.endswith("is given on 2026-03-06 by email, its delivery proved that day")


@pytest.mark.parametrize(
    ("methods", "fastest", "first"),
    [
        (("post",), "post", "2026-03-19"),  # counts on 8 March; + 10 = 18 March
        (("express",), "express", "2026-03-21"),  # counts on 10 March; + 10 = 20 March
        (("express", "post"), "post", "2026-03-19"),
        (("post", "email"), "email", "2026-03-17"),  # delivered on 6 March; + 10 = 16 March
    ],
)
def test_the_first_day_is_that_of_the_fastest_method(methods: tuple[str, ...], fastest: str, first: str) -> None:
    story = small("2026-03-06", *methods)
    plan = planned(story, "suspend", from_="2026-03-06")
    assert (plan.routes[0].steps[0].methods[0], str(plan.routes[0].first_day)) == (fastest, first)
    assert str(story.may("suspend").first_day) == first  # the verdict supposes the same
    follow(plan, plan.routes[0], story)


def test_a_notice_may_count_only_days_after_its_delivery() -> None:
    plan = planned(small("2026-03-06", "registered"), "suspend", from_="2026-03-06")
    assert "registered: counts 1 day after its delivery is proved" in str(plan)
    assert str(plan.routes[0].first_day) == "2026-03-18"  # counts on 7 March; + 10 = 17 March


def test_terms_without_a_rule_for_notices_let_any_notice_count() -> None:
    plan = planned(small("2026-03-06"), "suspend", from_="2026-03-06")
    assert (told(plan.routes[0])[0], plan.routes[0].steps[0].ways) == ("give notice 2026-03-06", ())
    assert str(plan.routes[0].first_day) == "2026-03-17"
    assert plan.routes[0].supposes == "the breach notice is given on 2026-03-06"


def test_a_notice_that_is_the_other_sides_is_asked_of_it() -> None:
    plan = planned(small("2026-03-06", "post", giver="customer"), "suspend", from_="2026-03-06")
    notice = plan.routes[0].steps[0]
    assert (notice.by, notice.text) == ("customer", "have the customer give a breach notice about breach B-1")


def test_a_notice_that_either_party_may_give_is_given_by_the_one_that_asks() -> None:
    plan = planned(small("2026-03-06", "post", giver="either"), "suspend", from_="2026-03-06")
    assert plan.routes[0].steps[0].by == "provider"
    breach = small("2026-01-05", "post", giver="either").opened("breach", "B-2", party="provider").agreement
    assert breach.plan("suspend", by="customer", from_="2026-03-06").routes[0].steps[0].by == "customer"


def test_a_notice_that_takes_another_before_it_is_planned_after_that() -> None:
    given = 'start = "notice:reminder", compare = "at least", n = 7'
    story = small("2026-03-02", "express", given=given)
    plan = planned(story, "suspend", from_="2026-03-02")
    # Mon 2 March + 2 business days = 4 March; + 7 = 11 March, a Wednesday: counts on Fri 13; + 10 = 23 March.
    days = ["give notice 2026-03-02", "give notice 2026-03-11", "wait 2026-03-24", "act 2026-03-24"]
    assert told(plan.routes[0]) == days
    assert [step.what for step in plan.routes[0].steps[:2]] == ["reminder", "breach"]
    follow(plan, plan.routes[0], story)


def test_what_was_given_of_several_notices_is_not_asked_for_again() -> None:
    story = small("2026-03-02", "express", given='start = "notice:reminder", compare = "at least", n = 7')
    story.notice("reminder", about="B-1", method="express")
    plan = planned(story, "suspend", from_="2026-03-05")
    assert told(plan.routes[0]) == ["give notice 2026-03-11", "wait 2026-03-24", "act 2026-03-24"]


def test_a_notice_that_can_no_longer_be_given_leads_nowhere() -> None:
    story = small("2026-03-02", "post", given='start = "start", compare = "no later than", n = 5')
    (route,) = planned(story, "suspend", from_="2026-03-05").routes  # counts on 7 March, the fifth day
    assert str(route.steps[0].ways[0].last) == "2026-03-05"
    (late,) = planned(story, "suspend", from_="2026-03-06").blocked
    assert late.codes == ("notice-missing",)
    assert "of 2026-03-06: too late, breach B-1 since 2026-03-02 + 5 days: through 2026-03-07" in late.why_not


def test_what_is_over_before_a_notice_can_be_given_is_not_waited_for() -> None:
    clocks = ('start = "start", compare = "at least", n = 5', FROM_NOTICE)
    story = small("2026-03-02", "post", clocks=clocks, given='start = "start", compare = "at least", n = 7')
    plan = planned(story, "suspend", from_="2026-03-02")  # 9 March + 2 = 11 March; + 10 = 21 March
    assert told(plan.routes[0]) == ["give notice 2026-03-09", "wait 2026-03-22", "act 2026-03-22"]
    follow(plan, plan.routes[0], story)


def test_what_counts_without_proof_of_delivery_comes_first() -> None:
    notice = planned(small("2026-03-02", "email", "fax"), "suspend", from_="2026-03-02").routes[0].steps[0]
    assert notice.methods == ("fax", "email")
    assert "by fax" in notice.supposes


def test_hours_are_waited_for_to_the_instant() -> None:
    # 48 hours from Saturday noon over the night clocks go forward in Berlin (29 March 2026): Monday at 13:00.
    story = small("2026-03-28T12:00+01:00", clocks=('start = "start", compare = "at least", n = 48, unit = "hours"',))
    plan = planned(story, "suspend", from_="2026-03-28T13:00+01:00")
    assert plan.routes[0].first == story.agreement.instant("2026-03-30T13:00+02:00")
    assert "wait until 2026-03-30 13:00 CEST" in str(plan)


def test_a_power_that_has_shut_leads_nowhere() -> None:
    story = small("2026-03-02", clocks=('start = "start", compare = "no later than", n = 10',))
    assert str(planned(story, "suspend", from_="2026-03-12").routes[0].last_day) == "2026-03-12"
    (route,) = planned(story, "suspend", from_="2026-03-13").blocked
    assert (route.codes, "through 2026-03-12" in route.why_not) == (("clock",), True)


def test_a_free_text_is_said_to_be_what_the_power_asks_about_or_something_else() -> None:
    counted = 'start = "start", compare = "at least"'
    gold = (f'{counted}, n = 5, when = {{ tier = "gold" }}', f'{counted}, n = 9, unless = {{ tier = "gold" }}')
    story = small("2026-03-02", clocks=gold)
    plan = planned(story, "suspend", from_="2026-03-02")
    assert [(route.steps[0].value, str(route.first_day)) for route in plan.routes] == [
        ("gold", "2026-03-07"),
        ("something else", "2026-03-11"),
    ]
    for route in plan.routes:
        follow(plan, route, story)


ORDERED = """
[terms]
id = "ordered"
title = "Ordered Terms"
dated = 2026-01-01
provider = "Small Ltd"
zone = "Europe/Berlin"

[clauses]
"1" = { title = "One" }

[notice]
clause = "1"

[notice.methods]
METHODS

[notice_kind.non_renewal]
title = "non-renewal notice"
clause = "1"
by = "either"

[power.stop]
title = "give notice of non-renewal"
does = "stop renewal"
by = "either"
clause = "1"
matter = ["term"]
clocks = [{ start = "term end", direction = "before", compare = "at least", n = 30 }]
exercise = "notice:non_renewal"

[renewal]
clause = "1"
stopped_by = "stop"
"""
MAIL = 'mail = { counts = "dispatch", n = 3 }'


def ordered(*methods: str) -> Story:
    """Term 1 ends on 31 December 2026; notice counts in time through 1 December."""
    text = ORDERED.replace("METHODS", "\n".join(methods))
    return Story(terms.parse(text.encode()), on="2026-01-01").order("O-1", start="2026-01-01")


def test_the_last_day_leaves_the_days_that_a_method_takes() -> None:
    story = ordered(MAIL)
    for from_ in ("2026-06-01", "2026-11-28"):
        (route,) = planned(story, "stop renewal", by="customer", from_=from_).routes
        assert str(route.last_day) == "2026-11-28"  # 1 December - 3 days
        follow(planned(story, "stop renewal", by="customer", from_=from_), route, story)
    late = planned(story, "stop renewal", by="customer", from_="2026-11-29")
    assert [route.codes for route in late.blocked] == [("too-late",)]


def test_the_last_day_may_differ_by_method() -> None:
    story = ordered(MAIL, METHODS["fax"])
    (route,) = planned(story, "stop renewal", by="customer", from_="2026-11-26").routes
    lasts = [(way.methods, str(way.last)) for way in route.steps[-1].ways]
    assert lasts == [(("fax",), "2026-12-01"), (("mail",), "2026-11-28")]
    assert str(route.last_day) == "2026-12-01"
    (late,) = planned(story, "stop renewal", by="customer", from_="2026-11-29").routes
    assert late.steps[-1].methods == ("fax",)


# ---- whatever is recorded ----------------------------------------------------------------------------------

DAYS = st.integers(0, 200).map(lambda n: date(2026, 1, 5) + timedelta(n))
YES_NO_UNSAID = st.sampled_from([True, False, None])
ACTS = ("suspend", "terminate", "accelerate", "charge interest", "stop renewal", "delete data", "reinstate")


@st.composite
def stories(draw: st.DrawFn) -> tuple[Story, date]:
    """An account with some matters, notices and ends, and a day to plan from, after all of them."""
    from_ = draw(DAYS)
    earlier = st.dates(date(2026, 1, 5), from_)
    story = Story(on="2026-01-01")
    story.order("O-1", start="2026-01-01", months=draw(st.sampled_from([1, 9, 12])), renews=draw(st.booleans()))
    for n in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(["invoice", "breach", "proceeding", "force_majeure", "security_risk"]))
        began, matter = draw(earlier), f"M-{n}"
        details: dict[str, Any] = {}
        if kind == "invoice":
            details = {"amount": "100 USD", "due": str(began + timedelta(draw(st.integers(0, 60))))}
            payment = draw(st.sampled_from(["card", "invoice", None]))
            details |= {} if payment is None else {"payment": payment}
        elif kind == "breach":
            said = {name: draw(YES_NO_UNSAID) for name in ("material", "remediable")}
            details = {"party": draw(st.sampled_from(["provider", "customer"]))}
            details |= {name: value for name, value in said.items() if value is not None}
        elif kind == "force_majeure" and n:
            details = {"prevents": (f"M-{n - 1}",)}
        by: Party | None = draw(st.sampled_from(["provider", "customer", None]))
        story.on(began).opened(kind, matter, by=by, **details)
        if kind in ("invoice", "breach") and draw(st.booleans()):
            method, given_on = draw(st.sampled_from(["courier", "email"])), draw(st.dates(began, from_))
            giver: Party = "customer" if details.get("party") == "provider" else "provider"
            notice = "overdue" if kind == "invoice" else "breach"
            story.on(given_on).notice(notice, about=matter, by=giver, method=method)
        ends = {"breach": "cured", "proceeding": "dismissed", "force_majeure": "ended", "security_risk": "resolved"}
        if kind in ends and draw(st.integers(0, 3)) == 0:
            story.on(draw(st.dates(began, from_))).ended(matter, ends[kind])
    return story, from_


@settings(max_examples=150, deadline=None)
@given(told=stories(), by=st.sampled_from(["provider", "customer"]), later=st.integers(0, 400))
def test_a_route_leads_there_and_not_sooner_and_without_one_nothing_does(
    told: tuple[Story, date], by: Party, later: int
) -> None:
    story, from_ = told
    for does in ACTS:
        plan = story.agreement.plan(does, by=by, from_=from_)
        assert [route.first for route in plan.routes] == sorted(route.first or story.now for route in plan.routes)
        assert str(plan)
        for route in plan.routes:
            follow(plan, route, story)
            assert route.power is not None
            if not any(step.kind == "record" for step in route.steps):
                asked: dict[str, Any] = {"by": by, "power": route.power.id, "about": route.matter or ()}
                verdict = story.agreement.may(does, at=from_, **asked)
                assert verdict.first_day == route.first_day
        for route in plan.blocked:
            assert route.codes
            asked = {"by": by, "power": route.power.id if route.power else None, "about": route.matter or ()}
            at = from_ + timedelta(later)
            assert not story.agreement.may(does, at=at, known_through=at, **asked).permitted
