"""New Terms and policies announced once to many agreements."""

from __future__ import annotations

from importlib import resources

from lifecycle.publishing import announce, announce_policy
from lifecycle.terms import load
from lifecycle.terms.loading import parse
from lifecycle.terms.model import Terms
from lifecycle.testing import Story

MODAL = load("modal-2024-03-26")
MODAL_TEXT = (resources.files("lifecycle.terms") / "modal-2024-03-26.toml").read_text(encoding="utf-8")
PRIVACY = load("modal-privacy-2023-05-17")


def later() -> Terms:
    """The Modal Terms as they might be posted next: 45 days overdue instead of 30."""
    text = MODAL_TEXT.replace('id = "modal-2024-03-26"', 'id = "modal-next"')
    return parse(text.replace('compare = "at least", n = 30', 'compare = "at least", n = 45').encode())


def account(name: str, **order: str) -> Story:
    story = Story(on="2026-01-05", agreement=name)
    story.order("O-1", start="2026-01-05", months=12, attributes=order)
    return story.on("2026-02-01").invoice("INV-1", "9.00 USD", due="2026-03-01")


def suspended_from(story: Story, invoice: str) -> str:
    return str(story.agreement.plan("suspend", by="provider", from_=story.now, about=invoice).routes[0].first_day)


def test_a_matter_is_judged_by_the_terms_in_force_when_it_opened() -> None:
    story, terms = account("a"), later()
    (announced,) = announce(terms, [story.agreement], at="2026-03-10")
    assert announced.effective == story.agreement.instant("2026-03-10")
    story.on("2026-03-11").invoice("INV-2", "9.00 USD", due="2026-03-20")
    assert suspended_from(story, "INV-1") == "2026-03-31"  # 1 March + 30, as when it opened
    assert suspended_from(story, "INV-2") == "2026-05-04"  # 20 March + 45
    assert (story.agreement.terms_at("2026-03-09").id, story.agreement.terms_at("2026-03-10").id) == (
        MODAL.id,
        "modal-next",
    )
    assert story.agreement.status("2026-03-10").terms == "modal-next"


def test_announcing_to_many_says_of_each_what_it_came_to() -> None:
    plain, committed = account("plain"), account("committed", discontinuation="excluded")
    ended = account("ended").on("2026-03-01").agreed("termination", power="terminate.agreed")
    stories = [plain, committed, ended]
    found = {a.agreement: a for a in announce(later(), [s.agreement for s in stories], at="2026-03-10")}
    assert found["plain"].problem == ""
    assert (found["committed"].effective, found["committed"].problem) == (
        None,
        "gives way to order O-1: the Terms in force go on",
    )
    assert (found["ended"].event, "ended" in found["ended"].problem or "terminated" in found["ended"].problem) == (
        None,
        True,
    )
    assert committed.agreement.status("2026-03-11").terms == MODAL.id


def test_announcing_again_changes_nothing() -> None:
    story, terms = account("a"), later()
    (first,) = announce(terms, [story.agreement], at="2026-03-10")
    (again,) = announce(terms, [story.agreement], at="2026-03-12")
    assert first.event is not None
    assert again.event == first.event
    assert len(story.agreement.versions()) == 2


def test_a_policy_is_in_force_at_once_and_apart_from_the_agreement() -> None:
    story = account("a")
    (posted,) = announce_policy(PRIVACY, [story.agreement], at="2026-03-10")
    assert posted.effective == story.agreement.instant("2026-03-10")
    assert [(p.terms, p.since) for p in story.agreement.policies("2026-03-10")] == [(PRIVACY.id, posted.effective)]
    assert story.agreement.policies("2026-03-09") == ()
    assert story.agreement.status("2026-03-10").terms == MODAL.id
    assert story.agreement.audit() == ()


def test_terms_that_only_both_can_amend_are_left_as_they_are() -> None:
    text = MODAL_TEXT.replace('[amendment]\nclause = "1.3"\npower = "terms.modify"', "")
    story = Story(parse(text.encode()), on="2026-01-05")
    (announced,) = announce(later(), [story.agreement], at="2026-02-01")
    assert (announced.event, "both sign" in announced.problem) == (None, True)
    assert len(story.agreement.history) == 1
