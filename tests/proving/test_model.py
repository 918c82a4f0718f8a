"""What the model makes of Terms: which parts, which sorts of matters, and on which days, counted by hand."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

from lifecycle.days import Period
from lifecycle.proving.automaton import Automaton, Bound, Move
from lifecycle.proving.counting import Days, counted, fastest, leads, shift, shortest
from lifecycle.proving.graph import TooLarge, explore
from lifecycle.proving.matters import Matters
from lifecycle.proving.model import automata, groups
from lifecycle.terms import Terms, load
from lifecycle.terms.model import Clock, Method, NoticeRule
from tests.proving.seeding import seeded, small

MODAL = load("modal-2024-03-26")


def part(terms: Terms, *kinds: str) -> Automaton:
    return Matters(terms, kinds).automaton()


def moves(automaton: Automaton, what: str, subject: str) -> list[Move]:
    return [move for move in automaton.moves if (move.what, move.subject) == (what, subject)]


# ---- counts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "least", "most"),
    [
        (Clock("due", 30, "at least"), 30, None),
        (Clock("due", 30, "more than"), 31, None),
        (Clock("due", 30, "not within"), 31, None),
        (Clock("due", 30, "no later than"), None, 30),
        (Clock("term end", 30, "at least", direction="before"), None, -30),
        (Clock("term end", 30, "more than", direction="before"), None, -31),
        (Clock("due", 48, "at least", unit="hours"), 2, None),  # noon of the second day after noon
        (Clock("due", 36, "at least", unit="hours"), 2, None),
        (Clock("due", 48, "no later than", unit="hours"), None, 1),  # the second day only until the hour
        (Clock("due", 2, "at least", unit="months", rounding="down"), 56, None),  # two Februaries
        (Clock("due", 10, "at least", unit="business days"), 10, None),
        (Clock("due", 30, "at least", order_value="period"), 30, None),
    ],
)
def test_a_count_comes_to_whole_days(clock: Clock, least: int | None, most: int | None) -> None:
    assert counted(clock, MODAL) == Days(least, most)


def test_where_the_first_day_counts_every_count_is_a_day_less() -> None:
    including = evolve(MODAL, counting=evolve(MODAL.counting, first_day="include"))
    assert counted(Clock("due", 30, "at least"), including) == Days(29, None)
    assert counted(Clock("due", 30, "no later than"), including) == Days(None, 29)


def test_a_day_that_nobody_gives_is_counted_as_the_terms_say_and_others_leave_room_for_every_count_back() -> None:
    terms = load("bonterms-cloud-1.0")
    invoice = terms.kinds["invoice"]
    assert leads(invoice, [], terms) == {"issued": 1, "due": 31}  # due 30 days after it was issued
    back = [Clock("issued", 5, "at least", direction="before")]
    assert leads(invoice, back, terms) == {"issued": 6, "due": 36}


@pytest.mark.parametrize(
    ("length", "days"),
    [
        (Period(1, "years"), 365),
        (Period(12, "months"), 365),
        (Period(1, "months"), 28),
        (Period(45, "days"), 45),
        (
            Period(3, "months"),
            89,
        ),  # from 1 December 2026 through 28 February 2027: 31 + 31 + 28 = 90; from 1 February 89
    ],
)
def test_a_term_is_as_short_as_it_can_be(length: Period, days: int) -> None:
    assert shortest(length) == days


def test_notice_is_given_by_the_method_that_counts_first() -> None:
    def by(**methods: Method) -> Terms:
        return evolve(MODAL, notice=NoticeRule("8.5", methods))

    post, proof, hand = Method("dispatch", 2), Method("delivery"), Method("in person")
    assert fastest(by(post=post, proof=proof, hand=hand)) == ("hand", hand)
    assert fastest(by(post=post, proof=proof)) == ("proof", proof)
    assert shift(by(post=post)) == 2
    assert fastest(evolve(MODAL, notice=None)) == ("", None)
    assert fastest(evolve(MODAL, notice=NoticeRule("8.5", {}, others=post))) == ("letter", post)


# ---- parts ---------------------------------------------------------------------------------------------------


def test_kinds_are_looked_at_with_what_stops_them_and_with_nothing_else() -> None:
    found = groups(MODAL)
    assert ("breach", "force_majeure") in found
    assert ("force_majeure", "warranty_breach") in found
    assert ("invoice",) in found
    assert ("security_risk",) in found
    assert not any("trial_limit" in group for group in found)  # no power is about it: it belongs to the course


def test_ends_that_come_by_themselves_are_looked_at_together_where_something_else_follows() -> None:
    again = (
        '{ title = "end", does = "terminate", by = "either", clause = "4", matter = ["insolvency"], '
        'clocks = [{ start = "start", compare = "at least", n = 9 }], exercise = "automatic" }'
    )
    fee = '{ id = "fee", clause = "4", text = "a fee", on = ["terminate"], powers = ["end.insolvent"] }'
    alike = seeded(f'power."end.insolvent" = {again}')
    assert ("insolvency",) in groups(alike)
    assert ("insolvency", "revocation") in groups(seeded(f'power."end.insolvent" = {again}', f"effect = [{fee}]"))


@pytest.mark.parametrize(
    "kinds", [("risk", "claim"), ("insolvency", "risk"), ("breach", "claim"), ("invoice", "claim")]
)
def test_apart_the_parts_make_the_moves_that_they_make_together(kinds: tuple[str, str]) -> None:
    """What stands in the module's docstring, tried: every move of a part is one of the whole, and none is added."""

    def made(automaton: Automaton) -> set[tuple[str, str, str]]:
        return {
            (edge.move.label, str(edge.move.sort), automaton.value(edge.source.location, edge.move.about))
            for edge in explore(automaton).edges
            if edge.move.about in automaton.sorts
        }

    terms = small()
    closed = [group for group in groups(terms) if set(kinds) & set(group)]
    together = part(terms, *dict.fromkeys(kind for group in closed for kind in group))
    assert made(together) == set().union(*(made(part(terms, *group)) for group in closed))


# ---- matters -------------------------------------------------------------------------------------------------


def test_each_sort_that_the_terms_tell_apart_is_looked_at_once() -> None:
    """A breach of the Modal Terms: the customer's in four sorts, material or not and remediable or not; the provider's
    in three, as one that is not material gives the customer no power, remediable or not.
    """
    sorts = Matters(MODAL, ("breach", "force_majeure")).sorts["breach"]
    told = {tuple(matter.get(name) for name in ("party", "material", "remediable")) for matter in sorts}
    assert len(sorts) == len(told) == 7
    assert ("customer", False, True) in told
    assert len([sort for sort in told if sort[0] == "provider"]) == 3


def test_a_power_counts_from_the_due_day_and_the_notice() -> None:
    """1.12: due a day after it was opened, 30 days overdue (10 by card), and 10 days after the notice."""
    found = {
        tuple((b.clock, b.least, b.most) for b in move.bounds)
        for move in moves(part(MODAL, "invoice"), "use", "suspend.overdue")
    }
    assert found == {
        (("invoice", 31, None), ("invoice/overdue", 10, None)),
        (("invoice", 11, None), ("invoice/overdue", 10, None)),
    }


def test_a_notice_can_be_given_when_the_terms_say_and_once() -> None:
    """An invoice due a day after it was opened is overdue from the second day on."""
    for move in moves(part(MODAL, "invoice"), "notice", "overdue"):
        assert move.bounds == (Bound("invoice", 2, None),)
        assert move.absent == {"invoice/overdue"}
        assert move.by == ("provider",)


def test_non_renewal_is_counted_back_from_the_last_day_of_the_term() -> None:
    """3.1: 365 days, the last one is day 364; 30 days before is day 334."""
    course = automata(MODAL)[0]
    assert {move.bounds for move in moves(course, "use", "non_renewal")} == {(Bound("term", 0, 334),)}


def test_a_framework_lasts_at_least_as_long_as_it_says() -> None:
    """5.2 of the Common Paper agreement: a year from its making, 5 January 2026, is 5 January 2027: 365 days."""
    course = automata(load("common-paper-csa-2.1"))[0]
    [idle] = [move for move in moves(course, "pass", "expire") if move.needs["course"] >= {"idle"}]
    assert idle.bounds == (Bound("made", (date(2027, 1, 5) - date(2026, 1, 5)).days),)


def test_what_lasts_so_long_lapses_by_itself_on_the_day_after() -> None:
    """The small Terms' dispute lasts through day 15."""
    [*lapses] = moves(part(small(), "invoice", "dispute"), "pass", "dispute")
    assert lapses
    assert all(move.bounds == (Bound("dispute", 16),) and move.automatic for move in lapses)


def test_a_dispute_that_ends_lets_a_count_begin_anew() -> None:
    """From its end for one that is settled; from its last day, a day earlier, for one that lapses."""
    found = part(small(), "invoice", "dispute")
    assert {m.starts.get("invoice<dispute") for m in moves(found, "pass", "dispute")} == {1, None}
    assert {m.starts.get("invoice<dispute") for m in moves(found, "end", "dispute")} == {0, None}


def test_the_agreement_goes_on_or_ends_by_a_termination_but_not_by_the_notice_of_one() -> None:
    ending = moves(part(small(), "insolvency"), "use", "terminate.insolvency")
    assert {move.sets["course"] for move in ending} == {"ended"}
    by_notice = seeded('power."terminate.insolvency".exercise = "notice:stop"')
    assert all("course" not in m.sets for m in moves(part(by_notice, "insolvency"), "use", "terminate.insolvency"))


def test_more_sorts_than_can_be_looked_at_are_refused() -> None:
    """Thirteen things that a risk may be or not, each asked for: 8,192 sorts."""
    names = [f"a{n}" for n in range(13)]
    attributes = ", ".join(f'{name} = "yes or no"' for name in names)
    asked = ", ".join(f"{name} = true" for name in names)
    terms = seeded(f"kind.risk.attributes = {{ {attributes} }}", f'power."suspend.risk".when = {{ {asked} }}')
    with pytest.raises(TooLarge, match="risk: more than 4096 ways"):
        automata(terms)


def test_a_matter_that_could_name_too_many_kinds_is_refused() -> None:
    """Each of fourteen kinds stops all of them: which ones a matter names can be so in 2 to the 14th ways."""
    kinds = [f"k{n}" for n in range(14)]
    patches = [
        f'kind.{k} = {{ title = "{k}", clause = "3", party = "none", attributes = {{ of = "matters" }} }}'
        for k in kinds
    ]
    listed = ", ".join(f'"{k}"' for k in kinds)
    power = f'title = "stop", does = "stop", by = "either", clause = "3", exercise = "act", matter = [{listed}]'
    with pytest.raises(TooLarge):
        automata(seeded(*patches, f"power.halt = {{ {power}, blocked_by = [{listed}] }}"))
