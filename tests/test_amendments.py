"""Other Terms for a running agreement: agreed by both, or announced by one party as far as the Terms in force let it.

Term 1 runs through 31 December 2026. Under the first Terms a breach notice leaves 30 days to cure, under the second
ten. Days by hand.
"""

from datetime import timedelta
from typing import Any

import pytest

from lifecycle import Agreement, Period, terms
from lifecycle.changes import changes
from lifecycle.course import Course
from lifecycle.errors import InvalidFact, UnknownTerms
from lifecycle.events import Agreed, MatterOpened, NoticeGiven, OpeningBalance, OrderSigned, Posted, StandingHold
from lifecycle.history import from_line, to_line
from lifecycle.terms import Terms
from lifecycle.testing import Story
from lifecycle.verdict import Refused

TEXT = """
[terms]
id = "ID"
title = "Terms ID"
dated = 2026-01-01
provider = "Small Ltd"
zone = "UTC"
applies_to = "APPLIES matters"

[clauses]
"1" = { title = "One" }
"9" = { title = "Amendment" }
"CLAUSE" = { title = "The clause of ID alone" }

[counting]
COUNTING

[notice]
clause = "1"
methods.hand = { counts = "in person" }
methods.post = { counts = "dispatch", n = 3 }
methods.email = { counts = "delivery" }

[order]
attributes = { changes = ["allowed", "excluded"] }
values = { grace = "days of grace" }

[renewal]
clause = "1"
stopped_by = "stop"

[kind.breach]
title = "breach"
clause = "1"
party = "customer"
ends = ["cured"]

[notice_kind.breach]
title = "breach notice"
clause = "1"
by = "provider"
about = ["breach"]

[notice_kind.stop]
title = "non-renewal notice"
clause = "1"
by = "either"

[notice_kind.change]
title = "notice of change"
clause = "9"
by = "provider"

[notice_kind.objection]
title = "objection"
clause = "9"
by = "customer"

[power.suspend]
title = "suspend"
does = "suspend"
by = "provider"
clause = "1"
matter = ["breach"]
clocks = [{ start = "notice:breach", compare = "not within", n = CURE, leaves = "cure" }]
ended_by = ["cured"]
exercise = "act"
lifts = "LIFTS"

[power.lift]
title = "lift a suspension"
does = "reinstate"
by = "provider"
clause = "1"
matter = ["hold"]
exercise = "act"

[power.end]
title = "end the agreement"
does = "terminate"
by = "provider"
clause = "CLAUSE"
matter = ["breach"]
clocks = [{ start = "notice:breach", compare = "not within", n = 60 }]
ended_by = ["cured"]
exercise = "EXERCISE"

[power.stop]
title = "give notice of non-renewal"
does = "stop renewal"
by = "either"
clause = "1"
matter = ["term"]
clocks = [{ start = "term end", direction = "before", compare = "at least", n = STOP }]
exercise = "notice:stop"

[power.modify]
title = "modify these terms"
does = "modify terms"
by = "provider"
clause = "9"
order_unless = { changes = "excluded" }
exercise = "BY"

[power.announce]
title = "announce something"
does = "announce"
by = "provider"
clause = "9"
exercise = "posting"
"""
AMENDMENT = """
[amendment]
clause = "9"
power = "modify"
lead = { n = 30, unit = "days" }
objection = "objection"
objected = "does not bind"
"""


def text(id: str, cure: int, more: str = "", **said: str) -> str:
    values = {"APPLIES": "new", "CLAUSE": id, "COUNTING": "", "STOP": "30", "BY": "posting", "EXERCISE": "act"}
    values |= {"LIFTS": "by an act", **said}
    made = (TEXT + more).replace("ID", id).replace("CURE", str(cure))
    for name, value in values.items():
        made = made.replace(name, value)
    return made


def version(id: str, cure: int, more: str = "", **said: str) -> Terms:
    return terms.parse(text(id, cure, more, **said).encode(), f"{id}.toml")


FIRST, SECOND = version("v1", 30, AMENDMENT), version("v2", 10, AMENDMENT)
FOR_ALL = text("v2", 10, AMENDMENT, APPLIES="all")
SECOND_FOR_ALL = terms.parse(FOR_ALL.encode(), "v2.toml")
BY_NOTICE = version("v1", 30, AMENDMENT, BY="notice:change")


def running(*known: Terms, order: str = "allowed") -> Story:
    """In force since 1 January 2026 under the first of the Terms; the others are at hand."""
    known = known or (FIRST, SECOND)
    story = Story(known[0], on="2026-01-01")
    story.agreement = Agreement(list(story.agreement.history), known)
    return story.order("O-1", start="2026-01-01", attributes={"changes": order})


def to(made: Terms, **more: Any) -> dict[str, Any]:
    """What a fact says that names other Terms."""
    return {"terms": made.id, "digest": made.digest, **more}


def agreed(story: Story, made: Terms = SECOND, **more: Any) -> Story:
    return story.record(Agreed(what="amendment", **to(made, **more)))


def posted(story: Story, made: Terms = SECOND, **more: Any) -> Story:
    return story.record(Posted(power="modify", **to(made, **more)))


def announced(story: Story, made: Terms = SECOND, method: str = "hand", id: str = "n-1", **more: Any) -> Story:
    return story.record(NoticeGiven(kind="change", by="provider", method=method, **to(made, **more)), id=id)


def binds_from(first: str, story: Story, made: str = "v2") -> None:
    """Claim that other Terms are in force from an instant on, and not before."""
    before = story.agreement.instant(first) - timedelta(microseconds=1)
    assert story.agreement.terms_at(before).id != made
    assert story.agreement.terms_at(first).id == story.agreement.terms_at("2029-06-01").id == made
    assert made in story.agreement.clauses_in_force(first)
    assert made not in story.agreement.clauses_in_force(before)


def never_binds(story: Story) -> None:
    assert [story.agreement.terms_at(on).id for on in ("2026-06-01", "2027-01-01", "2029-06-01")] == ["v1"] * 3


def breached(story: Story, matter: str, on: str) -> Story:
    return story.on(on).opened("breach", matter).notice("breach", about=matter, method="hand")


def opens_on(first: str, story: Story, does: str = "suspend", **asked: Any) -> None:
    before = story.agreement.instant(first) - timedelta(microseconds=1)
    assert not story.on(before).may(does, **asked).permitted
    assert story.on(first).may(does, **asked).permitted


# ---- agreed by both ------------------------------------------------------------------------------------------------


def test_both_may_agree_on_other_terms_at_once() -> None:
    binds_from("2026-03-15T10:00Z", agreed(running().on("2026-03-15T10:00Z")))


@pytest.mark.parametrize(
    ("effective", "first"), [("2026-05-01", "2026-05-01"), ("2026-03-01", "2026-03-15"), (None, "2026-03-15")]
)
def test_both_may_name_the_day_but_none_in_the_past(effective: str | None, first: str) -> None:
    binds_from(first, agreed(running().on("2026-03-15"), effective=effective))


def test_an_agreed_amendment_without_other_terms_is_only_recorded() -> None:
    never_binds(running().on("2026-03-15").agreed("amendment"))


def test_terms_that_are_not_at_hand_are_refused_and_nothing_is_recorded() -> None:
    story = running().on("2026-03-15")
    recorded = len(story.agreement.history)
    for fact in (Agreed(what="amendment", terms="v3", digest="0"), Posted(power="modify", terms="v2", digest="0")):
        with pytest.raises(UnknownTerms):
            story.record(fact)
    assert len(story.agreement.history) == recorded
    never_binds(story)


def test_an_amendment_may_be_amended() -> None:
    third = version("v3", 5)
    story = agreed(agreed(running(FIRST, SECOND, third).on("2026-03-15")).on("2026-04-15"), third)
    assert [story.agreement.terms_at(on).id for on in ("2026-03-14", "2026-03-15", "2026-04-15")] == ["v1", "v2", "v3"]


def test_the_parties_may_agree_on_what_unclear_clauses_mean() -> None:
    reading = """
[[reading]]
key = "cure"
clause = "1"
question = "How long is the time to cure?"
default = "ten days"
[[reading.alternative]]
meaning = "five days"
patch = [{ at = "power.suspend.clocks[0].n", put = 5 }]
"""
    second = version("v2", 10, reading)
    story = agreed(running(FIRST, second).on("2026-03-01"), second, readings={"cure": "five days"})
    opens_on("2026-03-08", breached(story, "B-1", "2026-03-02"))  # 2 March + 5
    with pytest.raises(InvalidFact, match="How long"):
        agreed(running(FIRST, second).on("2026-03-01"), second, readings={"cure": "at once"})


# ---- which Terms govern a matter -----------------------------------------------------------------------------------


def test_a_matter_is_judged_wholly_by_the_terms_in_force_when_it_opened() -> None:
    story = agreed(breached(running(), "B-1", "2026-03-02").on("2026-03-15"))
    opens_on("2026-04-02", story, about="B-1")  # 2 March + 30
    opens_on("2026-03-31", breached(story, "B-2", "2026-03-20"), about="B-2")  # 20 March + 10
    live = story.agreement.powers("2026-07-01")
    ends = {opening.matter.id: opening.power.clause for opening in live if opening.matter and opening.power.id == "end"}
    assert ends == {"B-1": "v1", "B-2": "v2"}


def test_a_notice_given_after_counts_for_a_matter_from_before_by_its_own_terms() -> None:
    story = running().on("2026-03-02").opened("breach", "B-1").on("2026-03-15")
    story = agreed(story).on("2026-03-20").notice("breach", about="B-1", method="hand")
    opens_on("2026-04-20", story)  # 20 March + 30


def test_a_matter_that_reopens_keeps_its_terms() -> None:
    story = agreed(breached(running(), "B-1", "2026-03-02").on("2026-03-10").ended("B-1", "cured").on("2026-03-15"))
    story.on("2026-03-20").reopened("B-1").notice("breach", about="B-1", method="hand")
    opens_on("2026-04-20", story)  # 20 March + 30


def test_terms_that_govern_all_matters_govern_those_from_before_too() -> None:
    story = breached(running(FIRST, SECOND_FOR_ALL), "B-1", "2026-03-02")
    agreed(story.on("2026-03-05"), SECOND_FOR_ALL, effective="2026-03-15")
    assert not story.on("2026-03-14T23:59Z").may("suspend").permitted  # until then 30 days
    opens_on("2026-03-15", story)  # 2 March + 10 = 12 March is over
    other = breached(running(FIRST, SECOND_FOR_ALL), "B-1", "2026-03-12")
    opens_on("2026-03-23", agreed(other.on("2026-03-15"), SECOND_FOR_ALL))  # 12 March + 10


def test_a_power_that_governs_all_matters_can_be_waived_and_given_more_time() -> None:
    renamed = terms.parse(FOR_ALL.replace("power.suspend", "power.pause").encode())
    story = agreed(breached(running(FIRST, renamed), "B-1", "2026-03-02").on("2026-03-05"), renamed)
    opens_on("2026-03-21", story.on("2026-03-06").extended("B-1", power="pause", to="2026-03-20"))
    assert "waived" in story.on("2026-03-22").waived("B-1", "pause").may("suspend").codes


def test_a_kind_that_new_terms_do_not_know_stays_with_the_old() -> None:
    second = terms.parse(FOR_ALL.replace("breach", "default").encode())
    story = agreed(breached(running(FIRST, second), "B-1", "2026-03-02").on("2026-03-15"), second)
    opens_on("2026-04-02", story)
    with pytest.raises(InvalidFact, match="know no matter 'breach'"):
        story.opened("breach", "B-2")
    story.on("2026-03-20").record(MatterOpened(kind="default", matter="F-1"))
    story.notice(
        "breach", about="F-1", method="hand"
    )  # of the old Terms: it says nothing about what they do not govern
    assert story.may("suspend", about="F-1").codes == ("notice-missing",)
    story.notice("default", about="F-1", method="hand")
    opens_on("2026-03-31", story, about="F-1")


def test_what_new_terms_know_cannot_happen_under_the_old() -> None:
    second = terms.parse(FOR_ALL.replace("breach", "default").encode())
    story = agreed(running(FIRST, second).on("2026-03-01"), second, effective="2026-03-15")
    with pytest.raises(InvalidFact, match="know no matter 'default'"):
        story.on("2026-03-14").record(MatterOpened(kind="default", matter="F-1"))


def test_an_end_by_itself_is_judged_by_the_terms_that_govern_its_matter() -> None:
    by_itself = version("v1", 30, AMENDMENT, EXERCISE="automatic")
    story = breached(running(by_itself, SECOND), "B-1", "2026-03-02")
    assert agreed(story.on("2026-03-15")).on("2026-05-02").state == "terminated"  # 2 March + 60 = 1 May
    story = breached(running(by_itself, SECOND_FOR_ALL), "B-1", "2026-03-02")
    assert agreed(story.on("2026-03-15"), SECOND_FOR_ALL).on("2026-05-02").state == "active"
    later = version("v2", 10, APPLIES="all", EXERCISE="automatic")
    story = breached(running(FIRST, later), "B-1", "2026-03-02")
    agreed(story.on("2026-03-15"), later, effective="2026-06-01")
    assert [story.on(on).state for on in ("2026-05-31", "2026-06-01")] == ["active", "terminated"]


# ---- terms and suspensions across the change -----------------------------------------------------------------------


def test_a_running_term_renews_by_the_rule_it_began_under() -> None:
    sixty = version("v2", 10, STOP="60")
    story = agreed(running(FIRST, sixty).on("2026-03-15"), sixty)
    verdict = story.on("2026-11-15").may("stop renewal", by="customer")
    assert (verdict.permitted, str(verdict.last_day)) == (True, "2026-12-01")  # 31 December - 30
    later = story.on("2027-03-01").may("stop renewal", by="customer")
    assert (later.permitted, str(later.last_day), later.about) == (True, "2027-11-01", ("term 2",))  # - 60
    assert story.on("2026-12-01").notice("stop", by="customer", method="hand").on("2027-01-01").state == "terminated"


def test_new_terms_that_do_not_renew_let_the_next_term_expire() -> None:
    renewal = '[renewal]\nclause = "1"\nstopped_by = "stop"\n'
    once = terms.parse(text("v2", 10).replace(renewal, "").encode())
    story = agreed(running(FIRST, once).on("2026-03-15"), once)
    assert [story.on(on).state for on in ("2027-01-01", "2027-12-31", "2028-01-01")] == [
        "renewed",
        "renewed",
        "terminated",
    ]


def test_an_act_is_given_in_the_way_of_the_terms_that_govern_its_matter() -> None:
    in_writing = version("v1", 30, AMENDMENT, EXERCISE="written notice")
    story = agreed(breached(running(in_writing, SECOND), "B-1", "2026-03-02").on("2026-03-15"))
    story.on("2026-05-05").do("terminate", about="B-1", method="post")  # 2 March + 60 = 1 May
    assert [story.on(on).state for on in ("2026-05-07", "2026-05-08")] == ["active", "terminated"]  # 5 May + 3
    story = breached(agreed(running(in_writing, SECOND).on("2026-02-15")), "B-2", "2026-03-02")
    story.on("2026-05-05").do("terminate", about="B-2")
    assert story.state == "terminated"


def test_an_act_in_writing_takes_effect_by_the_rule_in_force_on_its_delivery() -> None:
    """Under the first Terms an email counts once delivered, under the second two days after that."""
    first = version("v1", 30, AMENDMENT, EXERCISE="written notice")
    said = text("v2", 10, AMENDMENT, EXERCISE="written notice")
    once = 'methods.email = { counts = "delivery" }'
    second = terms.parse(said.replace(once, once.replace(" }", ", n = 2 }")).encode(), "v2.toml")
    sent = breached(running(first, second), "B-1", "2026-03-02").on("2026-05-05")
    sent.acted("terminate", power="end", about="B-1", method="email", id="T")
    assert sent.on("2026-06-01").state == "active"
    agreed(sent.on("2026-06-02"), second).on("2026-06-03").delivered("T")
    assert [sent.on(on).state for on in ("2026-06-04", "2026-06-05")] == ["active", "terminated"]  # 3 June + 2


def test_an_act_in_writing_counts_at_once_where_the_terms_in_force_say_nothing_of_notices() -> None:
    first = version("v1", 30, AMENDMENT, EXERCISE="written notice")
    said = text("v2", 10, AMENDMENT)
    silent = said[: said.index("[notice]")] + said[said.index("[order]") :]
    second = terms.parse(silent.encode(), "v2.toml")
    story = agreed(breached(running(first, second), "B-1", "2026-03-02").on("2026-03-15"), second)
    story.on("2026-05-05").do("terminate", about="B-1", method="post")  # by the first Terms on 8 May
    assert story.state == "terminated"


def test_after_an_amendment_both_can_still_end_the_agreement_by_a_power() -> None:
    together = """
[power.together]
title = "end it together"
does = "terminate"
by = "both"
clause = "1"
exercise = "consent"
"""
    first, second = (version(each, 30, together) for each in ("v1", "v2"))
    story = agreed(running(first, second).on("2026-03-15"), second).on("2026-04-01")
    assert story.agreed("termination", power="together").state == "terminated"


def test_a_suspension_goes_on_and_can_be_lifted() -> None:
    story = breached(running(), "B-1", "2026-03-02").on("2026-04-02")
    story.do("suspend")
    assert agreed(story.on("2026-04-10")).on("2026-04-20").state == "suspended"
    assert story.do("reinstate").target == "active"


BY_ITSELF = version("v2", 10, LIFTS="by itself")


def test_a_suspension_lifts_by_the_terms_of_its_own_matter() -> None:
    story = agreed(breached(running(FIRST, BY_ITSELF), "B-1", "2026-03-02").on("2026-03-15"), BY_ITSELF)
    breached(story, "B-2", "2026-03-22").on("2026-04-02").do("suspend", about="B-1")  # under the first Terms
    assert story.on("2026-04-05").ended("B-1", "cured").state == "suspended"
    story.do("reinstate")
    story.on("2026-04-06").do("suspend", about="B-2")  # under the second
    assert story.on("2026-04-08").ended("B-2", "cured").state == "active"


def test_a_suspension_that_names_no_matter_rests_on_those_open_by_their_own_terms() -> None:
    story = agreed(running().on("2026-03-20").opened("breach", "B-1").on("2026-03-21")).on("2026-03-22")
    story.opened("breach", "B-2").notice("breach", about=("B-1", "B-2"), method="hand")  # from 22 April, and 2 April
    story.on("2026-04-05").acted("suspend", power="suspend")
    assert [hold.matter for hold in story.status().holds] == ["B-2"]


def test_a_suspension_of_which_no_matter_is_known_can_be_lifted() -> None:
    story = Story(FIRST, on="2026-03-01")
    story.agreement = Agreement(list(story.agreement.history), (FIRST, SECOND))
    held = StandingHold()
    story.record(OpeningBalance(order="O-7", started="2026-01-01", term=Period(1, "years"), holds=(held,)))
    agreed(story.on("2026-03-15"))
    verdict = story.on("2026-03-20").may("reinstate")
    assert (verdict.permitted, verdict.leads_to) == (True, "active")


def test_a_suspension_cites_the_terms_that_govern_its_matter_else_those_in_force_when_it_began() -> None:
    clause, its_own = (
        'does = "suspend"\nby = "provider"\nclause = "1"',
        'does = "suspend"\nby = "provider"\nclause = "{}"',
    )
    made, other = (
        terms.parse(text(name, cure, AMENDMENT).replace(clause, its_own.format(name)).encode())
        for name, cure in (("v1", 30), ("v2", 10))
    )
    story = agreed(breached(running(made, other), "B-1", "2026-03-02").on("2026-03-15"), other)
    story.on("2026-04-05").acted("suspend", power="suspend", about="B-1")
    assert cited(story) == ["v1"]
    imported = Story(made, on="2026-03-01")
    imported.agreement = Agreement(list(imported.agreement.history), (made, other))
    held = (StandingHold(power="suspend"),)
    imported.record(OpeningBalance(order="O-7", started="2026-01-01", term=Period(1, "years"), holds=held))
    agreed(imported.on("2026-03-15"), other).on("2026-03-20").do("reinstate")
    assert cited(imported) == ["v1"]


def test_where_it_stands_turns_when_other_terms_bind_and_not_again() -> None:
    story = agreed(running().on("2026-03-15"))
    binds = story.agreement.instant("2026-03-15")
    course = Course(story.agreement._docket(), binds)
    assert course.stand(binds - timedelta(days=1)).until == binds
    assert course.stand(binds).until > binds


def cited(story: Story) -> list[str]:
    """The clauses that the transitions so far cite."""
    return [change.clause for change in changes(Course(story.agreement._docket(), story.agreement.instant(story.now)))]


def test_orders_are_read_by_the_terms_in_force_when_they_are_signed() -> None:
    second = terms.parse(text("v2", 10).replace("grace", "patience").encode())
    story = agreed(running(FIRST, second).on("2026-03-15"), second).on("2026-05-01")
    with pytest.raises(InvalidFact, match="no period grace"):
        story.record(OrderSigned(order="O-2", start="2027-01-01", term=Period(1, "years"), values={"grace": Period(1)}))
    named = OrderSigned(order="O-2", start="2027-01-01", term=Period(1, "years"), values={"patience": Period(1)})
    assert story.record(named).on("2027-02-01").state == "renewed"


@pytest.mark.parametrize(("first", "second"), [("exclude", "include"), ("include", "exclude")])
def test_each_terms_count_by_their_own_rule(first: str, second: str) -> None:
    made = version("v1", 30, AMENDMENT, COUNTING=f'first_day = "{first}"')
    other = version("v2", 10, AMENDMENT, COUNTING=f'first_day = "{second}"')
    story = agreed(breached(running(made, other), "B-1", "2026-03-02").on("2026-03-15"), other)
    opens_on("2026-04-02" if first == "exclude" else "2026-04-01", story, about="B-1")  # day 30 is 1 April, or 31 March
    breached(story, "B-2", "2026-05-04")  # day 10 is 14 May, or 13 May
    opens_on("2026-05-15" if second == "exclude" else "2026-05-14", story, about="B-2")


# ---- announced by one party ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("effective", "first"),
    [
        (None, "2026-04-14"),  # 15 March + 30
        ("2026-04-01", "2026-04-14"),  # no day sooner than the lead
        ("2026-05-01", "2026-05-01"),
    ],
)
def test_a_posting_takes_effect_after_its_lead(effective: str | None, first: str) -> None:
    binds_from(first, posted(running().on("2026-03-15T12:00Z"), effective=effective))


@pytest.mark.parametrize(
    ("lead", "first"),
    [
        ("", "2026-03-13T12:00Z"),
        ('lead = { n = 5, unit = "business days" }', "2026-03-20"),  # Friday: 16, 17, 18, 19, 20 March
        ('lead = { n = 2, unit = "months" }', "2026-05-13"),
    ],
)
def test_a_lead_may_be_none_or_of_another_unit(lead: str, first: str) -> None:
    made = version("v1", 30, AMENDMENT.replace('lead = { n = 30, unit = "days" }', lead))
    binds_from(first, posted(running(made, SECOND).on("2026-03-13T12:00Z")))


def test_a_lead_of_months_that_has_no_corresponding_day_ends_after_that_month() -> None:
    made = version("v1", 30, AMENDMENT.replace('30, unit = "days"', '1, unit = "months"'))
    binds_from("2026-03-01", posted(running(made, SECOND).on("2026-01-31")))


@pytest.mark.parametrize(
    ("method", "delivered", "first"),
    [
        ("hand", None, "2026-04-14"),  # 15 March + 30
        ("post", None, "2026-04-17"),  # counts on 18 March
        ("email", "2026-03-20", "2026-04-19"),
    ],
)
def test_a_notice_of_change_takes_effect_after_its_lead(method: str, delivered: str | None, first: str) -> None:
    story = announced(running(BY_NOTICE, SECOND).on("2026-03-15"), method=method)
    if delivered:
        never_binds(story)
        story.on(delivered).delivered("n-1")
    binds_from(first, story)


def test_a_notice_of_change_that_does_not_count_changes_nothing() -> None:
    never_binds(announced(running(BY_NOTICE, SECOND).on("2026-03-15"), method="telephone"))
    by_customer = NoticeGiven(kind="change", by="customer", method="hand", **to(SECOND))
    never_binds(running(BY_NOTICE, SECOND).on("2026-03-15").record(by_customer))


def test_one_party_amends_only_by_the_way_the_terms_give_it() -> None:
    with pytest.raises(InvalidFact, match="cannot be amended by one party's notice:change"):
        announced(running().on("2026-03-15"))
    with pytest.raises(InvalidFact, match="not exercised by posting"):
        posted(running(BY_NOTICE, SECOND).on("2026-03-15"))
    with pytest.raises(InvalidFact, match="cannot be amended"):
        posted(running(version("v1", 30), SECOND).on("2026-03-15"))
    with pytest.raises(InvalidFact, match="cannot be amended"):
        running().on("2026-03-15").record(Posted(power="announce", **to(SECOND)))


def test_after_the_end_nothing_is_amended() -> None:
    story = running().on("2026-11-01").notice("stop", by="customer", method="hand")
    with pytest.raises(Refused):
        posted(story.on("2027-02-01"))
    assert agreed(story.on("2027-02-01")).agreement.terms_at("2027-03-01").id == "v1"


# ---- objections ----------------------------------------------------------------------------------------------------

WAITS = version("v1", 30, AMENDMENT.replace("does not bind", "waits for renewal"))


def objected(story: Story, on: str, method: str = "hand", id: str = "o-1") -> Story:
    return story.on(on).notice("objection", by="customer", method=method, id=id)


@pytest.mark.parametrize("on", ["2026-03-15T12:00:01Z", "2026-04-13T23:59Z"])
def test_an_objection_in_time_keeps_the_terms(on: str) -> None:
    never_binds(objected(posted(running().on("2026-03-15T12:00Z")), on))


@pytest.mark.parametrize("on", ["2026-04-14", "2026-05-01"])
def test_an_objection_that_comes_too_late_changes_nothing(on: str) -> None:
    binds_from("2026-04-14", objected(posted(running().on("2026-03-15")), on))


def test_an_objection_counts_as_every_notice_does() -> None:
    story = objected(posted(running().on("2026-03-15")), "2026-04-12", method="post")  # counts on 15 April
    binds_from("2026-04-14", story)
    never_binds(objected(posted(running().on("2026-03-15")), "2026-04-10", method="post"))
    story = objected(posted(running().on("2026-03-15")), "2026-04-01", method="email")
    binds_from("2026-04-14", story)
    never_binds(story.on("2026-04-02").delivered("o-1"))
    by_provider = posted(running().on("2026-03-15")).on("2026-03-20").notice("objection", method="hand")
    binds_from("2026-04-14", by_provider)


def test_an_objection_may_put_the_terms_off_to_the_next_renewal() -> None:
    story = objected(posted(running(WAITS, SECOND).on("2026-03-15")), "2026-03-20")
    binds_from("2027-01-01", story)
    again = objected(story, "2026-03-25", id="o-2")
    binds_from("2027-01-01", again)


def test_an_objection_put_off_to_renewal_waits_for_the_term_in_which_it_would_take_effect() -> None:
    story = posted(running(WAITS, SECOND).on("2026-12-20"))  # 19 January 2027
    binds_from("2028-01-01", objected(story, "2026-12-22"))


def test_an_objection_put_off_to_renewal_changes_nothing_where_it_takes_effect_with_a_term() -> None:
    story = posted(running(WAITS, SECOND).on("2026-12-02"))  # + 30 days: 1 January 2027, a first day
    binds_from("2027-01-01", objected(story, "2026-12-22"))


def test_an_objection_put_off_to_renewal_waits_for_a_term_as_long_as_the_terms_renew_for() -> None:
    """One year from 1 January 2026, then six months at a time: from 1 January and from 1 July 2027."""
    said = text("v1", 30, AMENDMENT.replace("does not bind", "waits for renewal"))
    six_months = 'stopped_by = "stop"\nlongest = { n = 6, unit = "months" }'
    first = terms.parse(said.replace('stopped_by = "stop"', six_months).encode(), "v1.toml")
    binds_from("2027-07-01", objected(posted(running(first, SECOND).on("2027-01-20")), "2027-01-22"))


def test_an_objection_put_off_to_renewal_may_come_before_the_posting_on_its_day() -> None:
    story = objected(running(WAITS, SECOND), "2026-03-15T08:00Z")
    binds_from("2027-01-01", posted(story.on("2026-03-15T12:00Z")))


def test_an_objection_withdrawn_by_both_is_none() -> None:
    story = objected(posted(running().on("2026-03-15")), "2026-03-20")
    binds_from("2026-04-14", story.on("2026-03-25").agreed("withdrawal", "o-1"))


def test_an_objection_counts_against_a_notice_of_change_proved_only_later() -> None:
    story = announced(running(BY_NOTICE, SECOND).on("2026-03-15"), method="email")
    never_binds(objected(story, "2026-03-20").on("2026-03-25").delivered("n-1"))


def test_a_notice_of_change_withdrawn_by_both_changes_nothing() -> None:
    story = announced(running(BY_NOTICE, SECOND).on("2026-03-15"))
    never_binds(story.on("2026-03-20").agreed("withdrawal", "n-1"))


def test_a_posting_recorded_by_mistake_changes_nothing() -> None:
    story = posted(running().on("2026-03-15"))
    never_binds(story.on("2026-05-01").withdrawn(story.last))


# ---- orders that exclude it ----------------------------------------------------------------------------------------


def test_an_order_may_exclude_it() -> None:
    story = posted(running(order="excluded").on("2026-03-15"))
    never_binds(story)
    assert "gives way to order O-1" in story.agreement.remarks("2026-03-16")[story.last]
    assert story.on("2026-03-16").may("modify terms").codes == ("order",)
    assert story.agreement.wake_at("2026-03-16") == story.agreement.instant("2026-12-02")  # notice through 1 December
    assert "amended" not in " ".join(entry.text for entry in story.agreement.timeline("2026-03-16").entries)


def test_an_order_excludes_a_notice_of_change_whenever_it_is_proved() -> None:
    story = announced(running(BY_NOTICE, SECOND, order="excluded").on("2026-03-15"), method="email")
    never_binds(story.on("2026-03-20").delivered("n-1"))


def test_the_running_order_excludes_it_not_one_that_will_follow() -> None:
    def followed(first: str, second: str) -> Story:
        story = running(order=first).on("2026-02-01")
        return posted(story.order("O-2", start="2027-01-01", attributes={"changes": second}).on("2026-03-15"))

    never_binds(followed("excluded", "allowed"))
    binds_from("2026-04-14", followed("allowed", "excluded"))


def test_under_other_terms_it_is_those_that_say_what_may_be_announced() -> None:
    third = version("v3", 5, AMENDMENT)
    story = agreed(running(FIRST, SECOND, third).on("2026-03-15")).on("2026-03-20")
    with pytest.raises(InvalidFact, match=r"know no 'nap' notice: breach, stop, change, objection$"):
        story.notice("nap")
    binds_from("2026-04-19", posted(story, third), "v3")  # 20 March + 30


# ---- what is told of it --------------------------------------------------------------------------------------------


def test_the_change_ahead_is_announced() -> None:
    story = posted(running().on("2026-03-15")).on("2026-03-20")
    agreement, effect = story.agreement, story.agreement.instant("2026-04-14")
    assert story.status().valid_until == agreement.wake_at("2026-03-20") == effect
    assert agreement.wake_at(effect) == agreement.instant("2026-12-02")  # the last day to stop the renewal is over
    told = [(e.at, e.text, e.clause) for e in agreement.timeline("2026-03-20").entries if "amended" in e.text]
    assert told == [(effect, "the agreement is amended: Terms v2 (2026-01-01)", "9")]
    assert not agreement.remarks("2026-03-20")
    coming = agreement._docket().coming(agreement.instant("2026-03-20"))
    assert list(coming) == [(effect, "amendment takes effect")]
    assert not list(agreement._docket().coming(effect))
    assert "v1" in agreement.clauses_in_force("2026-04-13")
    assert "v1" not in agreement.clauses_in_force("2026-04-14")


def test_a_change_that_will_not_come_is_no_longer_announced() -> None:
    story = objected(posted(running().on("2026-03-15")), "2026-03-20").on("2026-03-21")
    assert "2026-04-14" not in {str(entry.on) for entry in story.agreement.timeline("2026-03-21").entries}
    assert story.agreement.wake_at("2026-03-21") == story.agreement.instant("2026-12-02")


def test_a_posting_that_the_terms_allow_is_regular() -> None:
    story = posted(running().on("2026-03-15"))
    assert story.agreement.was_regular(story.last)
    excluded = posted(running(order="excluded").on("2026-03-15"))
    assert not excluded.agreement.was_regular(excluded.last)


def test_policies_posted_apart_are_listed_and_change_nothing() -> None:
    story = running().on("2026-03-15").record(Posted(terms="privacy", digest="abc"))
    story.on("2026-04-15").record(Posted(terms="privacy", digest="def"))
    second = story.last
    story.on("2026-04-16").record(Posted(terms="privacy"))
    first, *later = ((p.terms, p.digest, p.event) for p in story.agreement.policies("2026-05-01"))
    assert first[:2] == ("privacy", "abc")
    assert later == [("privacy", "def", second), ("privacy", "", story.last)]
    assert [policy.since for policy in story.agreement.policies("2026-04-01")] == [
        story.agreement.instant("2026-03-15")
    ]
    never_binds(story)
    with pytest.raises(InvalidFact, match="name the power"):
        story.record(Posted())


def test_everything_reads_the_same_from_a_file() -> None:
    story = objected(posted(running(WAITS, SECOND).on("2026-03-15")), "2026-03-20")
    breached(story, "B-1", "2026-05-04").on("2027-01-10").opened("breach", "B-2")
    story.on("2027-02-01").record(Posted(terms="privacy", digest="abc"))
    events = [from_line(to_line(event)) for event in story.agreement.history]
    again = Agreement(events, (WAITS, SECOND))
    assert list(again.history) == list(story.agreement.history)
    for on in ("2026-04-20", "2026-06-04", "2026-12-31", "2027-01-01", "2027-03-01"):
        assert again.status(on) == story.agreement.status(on)
        assert again.terms_at(on) is story.agreement.terms_at(on)
        assert again.powers(on) == story.agreement.powers(on)
        assert again.timeline(on) == story.agreement.timeline(on)
        assert again.policies(on) == story.agreement.policies(on)
