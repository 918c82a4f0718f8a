"""Pictures as data: every arrow of the table is drawn once, with every way the Terms give to take it, in the words and
days of the clauses; and marked for an account.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from lifecycle import files
from lifecycle.agreement import Agreement
from lifecycle.demo import example
from lifecycle.diagrams import FORMATS, Picture, Way, data, marked, picture, render
from lifecycle.diagrams.picture import DETAILS
from lifecycle.errors import InvalidFact
from lifecycle.machine import edges
from lifecycle.terms import Terms, load, published, under
from lifecycle.terms.model import Power
from lifecycle.testing import Story

MODAL = "modal-2024-03-26"
EVERY_KEY = str(Path(__file__).parent / "every_key.toml")
HARBOUR = str(Path(__file__).parents[1] / "examples" / "harbour" / "harbour-hosting-2026.toml")
ALL = [*published(), EVERY_KEY, HARBOUR]


def bare(**without: Any) -> Terms:
    """The Modal Terms without some of their parts."""
    return evolve(load(MODAL), **without)


def powers_but(*acts: str) -> dict[str, Power]:
    return {id_: power for id_, power in load(MODAL).powers.items() if power.does not in acts}


SHAPES = {
    **{Path(name).stem: load(name) for name in ALL},
    "no trial": bare(trial=None),
    "no renewal": bare(renewal=None),
    "made, no order": bare(begins="made"),
    "made, no trial": bare(begins="made", trial=None),
    "no suspension": bare(powers=powers_but("suspend", "reinstate")),
    "no lifting": bare(powers=powers_but("reinstate")),
    "no termination": bare(powers=powers_but("terminate")),
    "a trial only": bare(begins="made", powers={}),
    "nothing": bare(begins="made", trial=None, powers={}),
}
each_shape = pytest.mark.parametrize("terms", SHAPES.values(), ids=SHAPES)


def ways(drawn: Picture, transition: str) -> dict[str, Way]:
    """The ways of a transition by the powers they stand for."""
    return {
        " ".join(way.powers): way
        for arrow in drawn.arrows
        if arrow.transition == transition and not arrow.loops
        for way in arrow.ways
    }


# ---- what is drawn is the table ----------------------------------------------------------------------------------


@each_shape
@pytest.mark.parametrize("detail", DETAILS)
def test_every_edge_of_the_table_is_drawn_once(terms: Terms, detail: Any) -> None:
    drawn = [(arrow.transition, *pair) for arrow in picture(terms, detail=detail).arrows for pair in arrow.pairs]
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == {(edge.transition, edge.source, edge.target) for edge in edges(terms)}


@each_shape
def test_an_arrow_of_a_region_stands_for_all_its_states(terms: Terms) -> None:
    made = picture(terms)
    for arrow in made.arrows:
        expected = {(s, t) for s in made.states_of(arrow.source) for t in made.states_of(arrow.target)}
        assert arrow.loops or set(arrow.pairs) == expected


@each_shape
def test_the_ways_of_an_arrow_name_the_holders_and_clauses_of_its_edges(terms: Terms) -> None:
    found = {(edge.transition, edge.source, edge.target): edge for edge in edges(terms)}
    for arrow in picture(terms, detail="full").arrows:
        for edge in (found[arrow.transition, s, t] for s, t in arrow.pairs):
            # A trial under a framework ends in a time without a term, which is no expiry.
            besides = {terms.trial.clause} if terms.trial and terms.framework and edge.transition == "expire" else set()
            assert set(edge.clauses) - besides <= {way.clause for way in arrow.ways}
            holders = {party for way in arrow.ways for party in way.parties}
            assert holders <= {party for party in ("provider", "customer") if {party, "both"} & set(edge.by)}
            assert bool(holders) is bool(edge.by)


@each_shape
def test_every_power_to_change_the_state_is_a_way(terms: Terms) -> None:
    for detail in DETAILS:
        drawn = picture(terms, detail=detail)
        for does in ("suspend", "terminate", "reinstate"):
            found = [id_ for key in ways(drawn, does) for id_ in key.split()]
            assert sorted(found) == sorted(power.id for power in terms.powers_to(does))


def test_the_machine_of_the_modal_terms_as_counsel_would_draw_it() -> None:
    made = picture(load(MODAL))
    assert {(a.transition, a.source, a.target) for a in made.arrows if not a.loops} == {
        ("convert", "trial", "active"),
        ("renew", "active", "renewed"),
        ("suspend", "in_service", "suspended"),
        ("reinstate", "suspended", "in_service"),
        ("terminate", "in_force", "terminated"),
        ("expire", "in_force", "terminated"),
    }
    assert {place.id: place.entry for place in made.places if place.entry} == {
        "trial": "made on trial",
        "active": "order starts",
    }


# ---- words and days ----------------------------------------------------------------------------------------------

# From the clauses: 1.12 non-payment 30 days overdue (card 10) and 10 days after notice ("30 or more": from day 30 on);
# 1.12(d) and 3.2(a) 30 days to cure, day 30 being the other side's; 3.2(b)(ii) 60 days to have it dismissed; 8.4 more
# than 30 days.
SAID = {
    "suspend.security": "provider · 1.12(a) · security risk or adverse impact · at once",
    "suspend.breach": "provider · 1.12(d) · customer's breach, remediable · breach notice + 30 full days, uncured",
    "suspend.overdue": "provider · 1.12(e) · unpaid invoice · "
    "due day + 30 days (payment is card: 10 days) and overdue notice + 10 days",
    "terminate.breach": "other side · 3.2(a) · breach, material and remediable · breach notice + 30 full days, uncured",
    "terminate.warranty": "customer · 3.2(a) · breach of warranty, material and correction failed · "
    "breach notice + 30 full days, uncured",
    "terminate.proceeding": "provider · 3.2(b)(ii) · insolvency proceeding · "
    "insolvency proceeding + 60 full days, pending",
    "terminate.force_majeure": "either party · 8.4 · force majeure · force majeure + 30 full days",
    "terminate.discontinuation": "provider · 1.3 · discontinue the service · at once",
    "terminate.agreed": "both together · 8.9 · end the agreement together in writing · at once",
}


@pytest.mark.parametrize("power", SAID)
def test_a_way_says_who_under_which_clause_because_of_what_and_after_how_many_days(power: str) -> None:
    way = ways(picture(load(MODAL), detail="full"), load(MODAL).powers[power].does)[power]
    assert " · ".join((way.who, way.clause, way.ground, way.when)) == SAID[power]


def test_clocks_that_are_told_apart_by_conditions_are_kept_apart_in_words() -> None:
    """In ``every_key.toml`` any of two clocks suffices, each for some matters only."""
    whens = [way.when for way in ways(picture(load(EVERY_KEY), detail="full"), "suspend").values()]
    assert whens[0] == (
        "due day + 1 month where payment is invoice; or overdue notice + 10 full days where payment is not card"
    )


def test_a_day_less_or_another_comparison_is_another_picture() -> None:
    modal = load(MODAL)
    breach = modal.powers["suspend.breach"]
    for change, told in (
        ({"n": 29}, "breach notice + 29 full days, uncured"),
        ({"compare": "at least"}, "breach notice + 30 days"),
        ({"unit": "business days"}, "breach notice + 30 full business days, uncured"),
        ({"n": 1}, "breach notice + 1 full day, uncured"),
    ):
        clock = evolve(breach.clocks[0], **change)
        changed = evolve(modal, powers={**modal.powers, breach.id: evolve(breach, clocks=(clock,))})
        assert ways(picture(changed, detail="full"), "suspend")[breach.id].when == told


def test_a_reading_changes_the_picture_and_is_named_in_it() -> None:
    """1.12(d) of a breach that cannot be cured: 30 days' wait, or, read the other way, none after the notice."""
    modal = load(MODAL)
    (other,) = (r.meanings[1] for r in modal.readings if r.key == "1.12d-incurable")
    read = picture(under(modal, {"1.12d-incurable": other}), detail="full")
    assert read.readings == (f"1.12d-incurable: {other}",)
    told = [ways(drawn, "suspend")["suspend.breach.incurable"].when for drawn in (picture(modal, detail="full"), read)]
    assert told == ["breach notice + 30 full days", "from the day on which the breach notice counts"]
    assert f"read as 1.12d-incurable: {other}" in render(read, "svg")


def test_an_overview_tells_the_ways_of_each_holder_together() -> None:
    found = ways(picture(load(MODAL)), "terminate")
    told = {(way.who, way.clause, way.when) for way in found.values()}
    assert told == {
        ("other side", "3.2", "at once, or after 30 days"),
        ("customer", "3.2", "after 30 days"),
        ("provider", "3.2, 1.3", "at once, or after 60 days"),
        ("either party", "8.4", "after 30 days"),
        ("both together", "8.9", "at once"),
    }


def test_what_happens_by_itself_says_on_what_it_turns() -> None:
    arrows = {a.id: a for a in picture(load(MODAL), detail="full").arrows}
    (renews,) = arrows["renew.active.renewed"].ways
    assert renews.automatic
    assert "through the 30th day before the end of the term" in renews.when  # 3.1: notice 30 days before
    lifts, lifted = arrows["reinstate.suspended.in_service"].ways
    assert (lifts.who, lifts.clause, lifts.ground) == (
        "by itself",
        "1.12(e)",
        "invoice paid, credited, written off or voided",
    )
    assert (lifted.who, lifted.clause, lifted.when) == ("provider", "1.12", "at any time")


def test_a_power_that_nobody_exercises_happens_by_itself() -> None:
    modal = load(MODAL)
    lasting = evolve(modal.powers["terminate.force_majeure"], exercise="automatic")
    drawn = picture(evolve(modal, powers={**modal.powers, lasting.id: lasting}), detail="full")
    way = ways(drawn, "terminate")[lasting.id]
    assert (way.who, way.parties, way.automatic) == ("by itself", (), True)


# ---- detail ------------------------------------------------------------------------------------------------------


def test_of_one_party_only_its_ways_are_kept_and_what_happens_by_itself() -> None:
    drawn = picture(load(MODAL), detail="full", party="customer")
    assert {way.who for arrow in drawn.arrows for way in arrow.ways} == {
        *("by itself", "customer", "other side", "either party", "both together"),
    }
    assert "suspend" not in {arrow.transition for arrow in drawn.arrows}
    assert drawn.shows == "what the customer can do"


def test_one_transition_or_one_state_can_be_drawn_alone() -> None:
    assert {a.transition for a in picture(load(MODAL), only="renew").arrows} == {"renew"}
    trial = picture(load(MODAL), only="trial")
    assert {a.transition for a in trial.arrows} == {"convert", "suspend", "reinstate", "terminate", "expire"}
    both = picture(load(MODAL), party="provider", only="in_service")
    assert both.shows == "what the provider can do, in service"


@pytest.mark.parametrize(("asked", "known"), [
    ({"detail": "some"}, "overview, full"),
    ({"party": "both"}, "provider, customer"),
    ({"only": "nope"}, "convert, renew, suspend"),
])  # fmt: skip
def test_what_cannot_be_drawn_is_refused_with_what_can(asked: Any, known: str) -> None:
    with pytest.raises(InvalidFact, match=known):
        picture(load(MODAL), **asked)


def test_an_unknown_format_or_theme_is_refused_with_those_there_are() -> None:
    drawn = picture(load(MODAL))
    with pytest.raises(InvalidFact, match="there is no 'gif': mermaid, dot, svg, png, json"):
        render(drawn, "gif")
    with pytest.raises(InvalidFact, match="there is no 'blue': light, dark, page"):
        render(drawn, "svg", theme="blue")
    assert FORMATS == ("mermaid", "dot", "svg", "png", "json")


def test_as_data_it_has_all_it_is_made_of() -> None:
    drawn = picture(load(MODAL), detail="full")
    found = json.loads(render(drawn, "json"))
    assert found == data(drawn)
    assert found["dated"] == "2024-03-26"
    assert [arrow["id"] for arrow in found["arrows"]] == [arrow.id for arrow in drawn.arrows]
    assert found["arrows"][0]["ways"][0]["who"] == drawn.arrows[0].ways[0].who


# ---- marked for an account ---------------------------------------------------------------------------------------


def acme(at: str, detail: Any = "full") -> Picture:
    account = Agreement(files.read(example()))
    return marked(picture(account.terms_at(at), detail=detail), account, at)


def here(drawn: Picture) -> list[str]:
    return [place.id for place in drawn.places if place.here]


def test_a_marked_picture_says_where_the_account_is_and_in_which_term() -> None:
    drawn = acme("2026-03-10")
    assert here(drawn) == ["active"]
    assert drawn.mark
    assert drawn.mark.told == "acme on 2026-03-10: active, term 1: 2026-02-11 to 2027-02-10"


def test_a_marked_way_says_from_which_day_it_opens() -> None:
    """INV-1, by card, due 2026-03-01: 10 days overdue on 03-11; the notice of 03-06 has run its 10 days on 03-16."""
    way = ways(acme("2026-03-10"), "suspend")["suspend.overdue"]
    assert (way.standing, str(way.first_day), way.told) == ("opens", "2026-03-16", "opens 2026-03-16 (INV-1)")
    open_now = ways(acme("2026-03-16"), "suspend")["suspend.overdue"]
    assert (open_now.standing, open_now.told) == ("open", "open now (INV-1)")
    assert ways(acme("2026-03-10"), "suspend")["suspend.security"].standing is None


def test_a_power_of_the_other_side_says_whose_it_has_become() -> None:
    """B-1 is the customer's; notice of 2026-05-06, 30 full days: through 06-05, so from 06-06."""
    way = ways(acme("2026-05-20"), "terminate")["terminate.breach"]
    assert way.told == "opens 2026-06-06 for the provider (B-1)"


def test_a_marked_arrow_says_when_it_is_taken_by_itself() -> None:
    arrows = {arrow.id: arrow for arrow in acme("2026-03-10").arrows}
    assert str(arrows["renew.active.renewed"].expected) == "2027-02-11"  # the day after term 1
    later = {arrow.id: arrow for arrow in acme("2027-04-20").arrows}
    assert str(later["renew.renewed.renewed"].expected) == "2028-02-11"
    assert later["renew.active.renewed"].expected is None


def test_a_suspended_account_says_under_what_and_what_lifts_it() -> None:
    drawn = acme("2026-03-17")
    assert here(drawn) == ["suspended"]
    assert drawn.mark
    assert drawn.mark.told.startswith("acme on 2026-03-17: suspended under 1.12(e), term 1")
    assert ways(drawn, "reinstate")["reinstate.lift"].standing == "open"


def test_nothing_is_open_once_it_has_ended() -> None:
    drawn = acme("2029-01-01")
    assert here(drawn) == ["terminated"]
    assert drawn.mark
    assert drawn.mark.told == "acme on 2029-01-01: terminated under 3.2(b)(ii)"
    assert {way.standing for arrow in drawn.arrows for way in arrow.ways} == {None}


def test_what_a_way_waits_for_is_said() -> None:
    story = Story(MODAL, on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    account = story.on("2026-02-01").invoice("INV-7", "120.00 USD", due="2026-03-01").agreement
    drawn = marked(picture(account.terms, detail="full"), account, "2026-04-05")
    way = ways(drawn, "suspend")["suspend.overdue"]
    assert (way.standing, way.told) == ("waits", "needs an overdue notice (INV-7)")


def test_of_several_matters_the_first_to_open_is_told_first() -> None:
    story = Story(MODAL, on="2026-01-05").order("O-1", start="2026-01-05", months=12).on("2026-02-01")
    for n in range(1, 5):
        story.invoice(f"INV-{n}", "120.00 USD", due=f"2026-03-0{5 - n}")
    account = story.on("2026-03-10").notice("overdue").agreement
    drawn = marked(picture(account.terms), account, "2026-03-20")
    (way,) = ways(drawn, "suspend").values()
    # INV-4 is due first, on 03-01: 30 days overdue on 03-31, the notices having run out on 03-20.
    assert way.told == "opens 2026-03-31 (1.12(e) INV-4); opens 2026-04-01 (1.12(e) INV-3); and 2 more"


def test_before_it_is_in_force_an_account_is_nowhere() -> None:
    account = Story(MODAL, on="2026-01-05").order("O-1", start="2026-02-01", months=12).agreement
    drawn = marked(picture(account.terms), account, "2026-01-10")
    assert here(drawn) == []
    assert drawn.mark
    assert drawn.mark.told == "acme on 2026-01-10: not in force"


def test_an_account_is_not_drawn_on_a_picture_of_other_terms_or_readings() -> None:
    account = Agreement(files.read(example()))
    for drawn in (picture(load("bonterms-cloud-1.0")), picture(under(load(MODAL), {"8.5": "receipt"}))):
        with pytest.raises(InvalidFact, match=r"draw account\.terms_at"):
            marked(drawn, account, "2026-03-10")
