"""The life of an account as a picture: what it shows, to the day, and that it can be read.

Days are those of examples/acme/story.py; clauses those of the Modal Terms.
"""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from lifecycle.agreement import Agreement
from lifecycle.diagrams.widths import width
from lifecycle.events import MatterOpened, NoticeGiven
from lifecycle.files import read
from lifecycle.reporting import timeline as module
from lifecycle.reporting.drawing import drawn
from lifecycle.reporting.lettering import fitted, lines
from lifecycle.reporting.timeline import Bar, Lane, Picture, picture
from lifecycle.testing import Story

HISTORY = Path(__file__).parents[1] / "examples/acme/history.jsonl"
ACME = Agreement(read(HISTORY))
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def life() -> Picture:
    return picture(ACME, ACME.instant("2028-06-01"))


def lane(life: Picture, label: str) -> Lane:
    return next(lane for lane in life.lanes if lane.label == label)


def bar(life: Picture, label: str, act: str) -> Bar:
    return next(bar for bar in lane(life, label).bars if act in bar.acts)


def days(found: Bar) -> list[tuple[str, str, str]]:
    return [(str(ACME.day_of(p.since)), str(ACME.day_of(p.until)), p.sort) for p in found.parts]


def test_states_follow_each_other_as_they_were(life: Picture) -> None:
    assert [(band.state, str(ACME.day_of(band.since))) for band in life.bands] == [
        ("trial", "2026-01-12"),
        ("active", "2026-02-11"),
        ("suspended", "2026-03-16"),
        ("active", "2026-03-19"),
        ("renewed", "2027-02-11"),
        ("terminated", "2028-04-15"),
    ]
    assert all(a.until == b.since for a, b in zip(life.bands, life.bands[1:], strict=False))


def test_terms_are_named_with_their_days_and_the_last_one_stops_with_the_agreement(life: Picture) -> None:
    assert [stretch.text for stretch in life.terms] == [
        "term 1: 2026-02-11 to 2027-02-10",
        "term 2: 2027-02-11 to 2028-02-10",
        "term 3: 2028-02-11 to 2029-02-10",
    ]
    assert str(ACME.day_of(life.terms[-1].until)) == "2028-04-15"


def test_a_cure_period_is_safe_until_its_last_day_and_contested_where_readings_differ(life: Picture) -> None:
    """1.12(d): breach notice 6 May 2026, 30 days for cure; cured on 5 June, day 30, so that it never opened.
    3.2(a): whether 30 days limit the terminating or the curing is a reading, so that its window is contested.
    """
    assert days(bar(life, "breach B-1", "suspend")) == [
        ("2026-05-04", "2026-05-06", "waiting"),
        ("2026-05-06", "2026-06-05", "safe"),
    ]
    assert days(bar(life, "breach B-1", "terminate"))[-1] == ("2026-05-06", "2026-06-05", "contested")


def test_a_window_that_only_some_readings_open_is_contested() -> None:
    """1.12(e): open from 16 March 2026 as agreed; read so that mail counts on receipt (8.5) the notice does not yet."""
    then = ACME.known_at("2026-03-10")
    found = bar(picture(then, then.instant("2026-03-10")), "invoice INV-1", "suspend")
    assert [(day, sort) for day, _, sort in days(found)][-2:] == [("2026-03-06", "safe"), ("2026-03-16", "contested")]


def test_a_proceeding_not_dismissed_opens_on_its_day_61(life: Picture) -> None:
    """3.2(b)(ii): filed 14 February 2028; + 60 days = 14 April; terminated on 15 April at 09:00."""
    found = bar(life, "insolvency proceeding P-2", "terminate")
    assert days(found) == [("2028-02-14", "2028-04-15", "safe"), ("2028-04-15", "2028-04-15", "open")]
    assert (str(found.first), found.clauses) == ("2028-04-15", ("3.2(b)(ii)",))


def test_a_late_payment_shows_when_it_happened_and_leaves_no_open_window(life: Picture) -> None:
    """Learned on 2 September, paid on 20 August: the power of 31 August never opened."""
    assert all(part.sort != "open" for part in bar(life, "invoice INV-2", "suspend").parts)
    assert lane(life, "invoice INV-2").spells[0].text == "paid 2026-08-20"


def test_a_notice_that_does_not_count_says_why(life: Picture) -> None:
    """8.5 takes no email."""
    email, courier = (mark for mark in lane(life, "invoice INV-1").marks if mark.sort == "notice")
    assert "email gives no notice" in email.defect
    assert not courier.defect


def test_what_is_ahead_is_there_as_long_as_it_is_ahead() -> None:
    """3.1: term 2 ends on 10 February 2028; 30 days before is 11 January, so that 12 January is too late."""
    then = ACME.known_at("2027-12-01")
    found = picture(then, then.instant("2027-12-01"))
    assert [(str(e.on), e.what) for e in found.ahead] == [("2028-01-12", "closes"), ("2028-02-11", "transition")]
    assert not picture(ACME, ACME.instant("2028-06-01")).ahead


def test_powers_that_open_and_close_together_are_one_bar() -> None:
    """2.2(a) and 2.2(b) both open on the day after the due day; only what ends with the matter is drawn."""
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05").on("2026-02-01")
    story.opened("breach", "B-1", party="customer", by="provider", remediable=False, material=True)
    story.on("2026-02-02").notice("breach", about="B-1", method="courier").on("2026-02-10")
    found = lane(picture(story.agreement, story.agreement.instant("2026-02-10")), "breach B-1")
    assert len({bar.parts for bar in found.bars}) == len(found.bars)
    assert all(bar.text.count("from") <= 1 for bar in found.bars)


def test_only_so_many_lanes_are_drawn_and_what_goes_on_is_not_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LANES", 3)
    found = picture(ACME, ACME.instant("2028-06-01"))
    assert [lane.label for lane in found.lanes] == [
        "insolvency proceeding P-2",
        "third-party claim C-1",
        "request to return confidential information R-1",
    ]
    assert found.left_out == 6
    assert "and 6 earlier matters" in drawn(found)


# ---- the drawing ---------------------------------------------------------------------------------------------


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - drawn here


def test_a_picture_is_the_same_every_time(life: Picture) -> None:
    assert drawn(life) == drawn(picture(ACME, ACME.instant("2028-06-01")))


def test_a_picture_has_a_name_and_tells_the_states_in_words(life: Picture) -> None:
    root = parsed(drawn(life))
    assert (root.get("role"), root.findtext(f"{SVG}title")) == (
        "img",
        "acme: Modal Terms of Service, seen from 2028-06-01",
    )
    assert "suspended from 2026-03-16" in (root.findtext(f"{SVG}desc") or "")


def test_a_picture_runs_and_loads_nothing(life: Picture) -> None:
    root = parsed(drawn(life))
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert not names & {"script", "image", "use", "foreignObject", "a", "style"} - {"style"}
    given = {name for element in root.iter() for name in element.attrib}
    assert not any(name.startswith("on") or "href" in name or name == "style" for name in given)
    assert set(re.findall(r"url\(([^)]*)\)", drawn(life))) <= {f"#{e.get('id')}" for e in root.iter(f"{SVG}pattern")}
    assert "http" not in drawn(life).replace("http://www.w3.org/2000/svg", "")


def test_a_picture_in_a_file_needs_no_variables_and_is_light_where_media_are_not_known(life: Picture) -> None:
    """Programs other than browsers show it too: each rule stands outside of media first, its colour written out."""
    alone = drawn(life)
    assert "var(" not in alone
    assert "--tl-" not in alone
    (found,) = re.findall(r"<style>(.*?)</style>", alone, re.DOTALL)
    plain, dark, printed = re.split(r"@media [^{]*\{", found)
    for selector in (".tl-paper", ".tl text", ".tl-fill-suspended", ".tl-open"):
        colours = [
            re.search(rf"^{re.escape(selector)} {{ fill: (#\w+)", part, re.MULTILINE) for part in (plain, dark, printed)
        ]
        assert all(colours), selector
    assert re.search(r"\.tl-paper { fill: #ffffff", plain)
    assert re.search(r"\.tl-paper { fill: #0d1117", dark)


def test_states_and_windows_differ_in_their_patterns_and_not_only_in_colour(life: Picture) -> None:
    root = parsed(drawn(life))
    paths = {p.get("id"): [e.get("d") for e in p] for p in root.iter(f"{SVG}pattern")}
    for names in (("trial", "renewed", "suspended", "terminated", "none"), ("safe", "contested", "open")):
        drawn_as = [str(paths[f"tl-{name}"]) for name in names]
        assert len(set(drawn_as)) == len(names)


def boxes(svg: str) -> list[tuple[float, float, float, float, str]]:
    """Where each text lies: left, top, right, bottom, text."""
    found = []
    for element in parsed(svg).iter(f"{SVG}text"):
        text, kind = element.text or "", element.get("class")
        size = {"tl-small": 10.5, "tl-dim": 10.5, "tl-now-text": 10.5, "tl-title": 15.0}.get(kind or "", 12.0)
        x, y, long = float(element.get("x", 0)), float(element.get("y", 0)), width(text, size)
        left = {"middle": x - long / 2, "end": x - long}.get(element.get("text-anchor") or "", x)
        found.append((left, y - size * 0.8, left + long, y + size * 0.2, text))
    return found


@pytest.mark.parametrize("day", ["2026-02-12", "2026-03-10", "2026-06-01", "2027-09-16", "2028-03-01", "2028-06-01"])
def test_no_text_lies_on_another_and_none_is_cut_off(day: str) -> None:
    account = ACME.known_at(day)
    svg = drawn(picture(account, account.instant(day)))
    left, _, wide, _ = map(float, (parsed(svg).get("viewBox") or "").split())
    found = boxes(svg)
    for n, (x1, y1, x2, y2, text) in enumerate(found):
        assert left <= x1 < x2 <= left + wide, text
        for a1, b1, a2, b2, other in found[n + 1 :]:
            apart = x2 <= a1 + 1 or a2 <= x1 + 1 or y2 <= b1 + 1 or b2 <= y1 + 1
            assert apart, (text, other)


def test_what_fills_the_axis_is_told_in_full() -> None:
    """An invoice from the first month on that goes on: no room is left beside it."""
    account = ACME.known_at("2026-03-10")
    shown = [text for *_, text in boxes(drawn(picture(account, account.instant("2026-03-10"))))]
    assert "suspend from 2026-03-16 · 1.12(e)" in shown
    assert not [text for text in shown if text.endswith("…")]


def test_names_of_others_making_stay_text() -> None:
    """Ids, titles and names are whatever a host writes into them."""
    hostile = '"><script>alert(1)</script>\ufffe'  # the last is no character, and nothing that XML can hold
    story = Story(on="2026-01-05", customer=hostile).order(hostile, start="2026-01-05").on("2026-02-01")
    story.invoice(hostile, "1.00 USD", due="2026-03-01")
    story.record(NoticeGiven(kind="overdue", by="provider", method="courier", about=(hostile,)))
    svg = drawn(picture(story.agreement, story.agreement.instant("2026-02-02")))
    assert "<script" not in svg
    assert f"invoice {hostile[:-1]}\ufffd" in {e.text for e in parsed(svg).iter(f"{SVG}title")}


def test_a_long_name_is_cut_where_its_room_ends() -> None:
    story = Story(on="2026-01-05").order("O-1", start="2026-01-05").on("2026-02-01")
    story.record(MatterOpened(kind="force_majeure", matter="W" * 150, days={"failure": "2026-02-01"}))
    svg = drawn(picture(story.agreement, story.agreement.instant("2026-02-02")))
    shown = [text for *_, text in boxes(svg) if "WW" in text]
    assert shown
    assert all(text.endswith("…") for text in shown)


def test_a_text_is_cut_to_its_room_or_left_out() -> None:
    assert fitted("short", 10, 100) == "short"
    assert width(fitted("a rather long text", 10, 60), 10) <= 60
    assert fitted("W", 10, 1) == ""


def test_texts_are_set_in_as_few_lines_as_they_take() -> None:
    room = width("one  two", 10) + 1
    assert lines(["one", "two", "three"], 10, room, "  ") == ["one  two", "three"]
    assert lines(["", "x"], 10, 50, " ") == ["x"]


def test_a_life_without_term_or_matter_is_drawn() -> None:
    story = Story(on="2026-01-05", trial_through="2026-02-03")
    svg = drawn(picture(story.agreement, story.agreement.instant("2026-01-06")))
    assert {"trial", "ahead"} <= {text for *_, text in boxes(svg)}
