"""Pictures as SVG: nothing overlaps or is cut off, everything can be read and addressed, and nothing in them acts."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from lifecycle import files
from lifecycle.agreement import Agreement
from lifecycle.demo import example
from lifecycle.diagrams import Picture, marked, picture, render
from lifecycle.diagrams.picture import DETAILS
from lifecycle.diagrams.theme import THEMES
from lifecycle.diagrams.widths import lines, width
from lifecycle.terms import load, published
from lifecycle.testing import Story
from tests.drawn import SVG, Box, painted, parsed

EVERY_KEY = str(Path(__file__).parent / "every_key.toml")
HARBOUR = str(Path(__file__).parents[1] / "examples" / "harbour" / "harbour-hosting-2026.toml")
# The days on which something stands differently for the account: in trial, due, suspended, cured, renewed, ended.
DAYS = ("2026-01-20", "2026-03-10", "2026-03-17", "2026-05-20", "2026-08-31", "2027-04-20", "2028-03-01", "2029-01-01")


def of_acme(at: str, **how: Any) -> Picture:
    account = Agreement(files.read(example()))
    return marked(picture(account.terms_at(at), **how), account, at)


def waiting(**how: Any) -> Picture:
    """An account whose unpaid invoice needs a notice before it can be suspended."""
    story = Story("modal-2024-03-26", on="2026-01-05").order("O-1", start="2026-01-05", months=12)
    account = story.on("2026-02-01").invoice("INV-7", "120.00 USD", due="2026-03-01").agreement
    return marked(picture(account.terms, **how), account, "2026-04-05")


PICTURES = [
    *((f"{Path(terms).stem} {d}", terms, d, None) for terms in (*published(), EVERY_KEY, HARBOUR) for d in DETAILS),
    *((f"acme {day} {d}", None, d, day) for day in DAYS for d in DETAILS),
    *((f"waiting {d}", None, d, None) for d in DETAILS),
]  # fmt: skip


@pytest.fixture(params=PICTURES, ids=lambda param: param[0])
def drawn(request: pytest.FixtureRequest) -> Picture:
    _, terms, detail, day = request.param
    if day is not None:
        return of_acme(day, detail=detail)
    return picture(load(terms), detail=detail) if terms is not None else waiting(detail=detail)


def texts(boxes: list[Box]) -> list[Box]:
    return [box for box in boxes if box.words]


def test_no_words_lie_on_others(drawn: Picture) -> None:
    for one, other in combinations(texts(painted(render(drawn, "svg"))), 2):
        assert not one.meets(other), (one.words, other.words)


def test_words_stay_on_the_page_and_in_their_cards_and_states(drawn: Picture) -> None:
    page, *boxes = painted(render(drawn, "svg"))
    assert all(page.holds(text) for text in texts(boxes))
    frames = [box for box in boxes if box.kind in ("card", "shape")]
    assert frames
    for frame in frames:
        name = "edge" if frame.kind == "card" else "state"
        for text in texts(boxes):
            if text.within(name) is frame.within(name) and text.within("flag") is None:
                assert frame.holds(text), text.words


def test_no_words_lie_on_the_line_of_a_state_or_a_card(drawn: Picture) -> None:
    boxes = painted(render(drawn, "svg"))
    frames = [box for box in boxes if box.kind in ("card", "shape")]
    for text in texts(boxes):
        for frame in frames:
            flag = text.within("flag") is not None
            assert flag or frame.holds(text) or not frame.meets(text), text.words


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_reckoned_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the grey that just fails


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_words_can_be_read_on_what_they_lie_on(drawn: Picture, theme: str) -> None:
    """WCAG 2 AA: 4.5 to 1 for text of this size."""
    boxes = painted(render(drawn, "svg", theme=theme))
    for n, text in enumerate(boxes):
        if text.words:
            below = [box for box in boxes[:n] if not box.words and box.fill != "none" and box.holds(text)]
            assert contrast(text.fill, below[-1].fill) >= 4.5, (text.words, text.fill, below[-1].fill)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lines_and_signs_stand_out_from_what_they_lie_on(theme: str) -> None:
    """WCAG 2 AA: 3 to 1 for what is needed to understand a graphic."""
    colours = THEMES[theme]
    signs = ("provider", "customer", "shared", "itself", "open", "opens", "waits", "here", "ink", "muted")
    pairs = [(sign, below) for sign in signs for below in ("card", "paper", "force")]
    pairs += [("running_line", "running"), ("running_line", "service"), ("suspended_line", "suspended")]
    pairs += [
        ("suspended_line", "force"),
        ("ended", "paper"),
        ("line", "paper"),
        ("line", "force"),
        ("line", "service"),
    ]
    pairs += [
        ("ink", "service"),
        ("muted", "service"),
        ("muted", "suspended"),
        ("here", "service"),
        ("here", "suspended"),
    ]
    for one, other in pairs:
        assert contrast(getattr(colours, one), getattr(colours, other)) >= 3, (theme, one, other)


# ---- addressed by a page ---------------------------------------------------------------------------------------


def test_every_state_arrow_and_way_can_be_addressed(drawn: Picture) -> None:
    root = parsed(render(drawn, "svg", prefix="a-"))
    found = [*root.iter(f"{SVG}g")]
    assert {g.get("data-state") for g in found if g.get("id", "").startswith("a-state-")} == {
        place.id for place in drawn.places if not place.region
    }
    assert {g.get("data-edge") for g in found if g.get("data-edge")} == {arrow.id for arrow in drawn.arrows}
    ways = {power for g in found for power in g.get("data-powers", "").split()}
    assert ways == {id_ for arrow in drawn.arrows if not arrow.loops for way in arrow.ways for id_ in way.powers}
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(id_ and id_.startswith("a-") for id_ in ids)


def test_the_flag_is_on_every_state_and_seen_where_the_account_is() -> None:
    root = parsed(render(of_acme("2026-03-17"), "svg"))
    states = {
        g.get("data-state"): g for g in root.iter(f"{SVG}g") if g.get("data-state") and "state" in g.get("class", "")
    }
    seen = {
        state: [flag.get("visibility") for flag in g.iter(f"{SVG}g") if flag.get("class") == "flag"]
        for state, g in states.items()
    }
    assert seen.pop("suspended") == [None]
    assert set(map(tuple, seen.values())) == {("hidden",)}
    assert "flag" not in render(picture(load("modal-2024-03-26")), "svg")


def test_a_page_can_set_its_own_colours() -> None:
    drawn = render(picture(load("modal-2024-03-26")), "svg", theme="page")
    assert 'fill="var(--lifecycle-paper, #ffffff)"' in drawn
    assert "style" not in drawn


def test_the_same_picture_is_drawn_the_same() -> None:
    one, other = (render(picture(load(EVERY_KEY), detail="full"), "svg") for _ in range(2))
    assert one == other


def test_what_differs_in_colour_differs_in_shape_too() -> None:
    """The sign of each holder and of each standing is another shape, not only another colour."""
    root = parsed(render(of_acme("2026-03-10", detail="full"), "svg"))
    (legend,) = (g for g in root.iter(f"{SVG}g") if g.get("class") == "legend")
    signs = {}
    for sign in legend.findall(f"{SVG}g"):
        shapes = [{k: v for k, v in e.attrib.items() if k not in ("fill", "stroke")} for e in sign]
        signs[str([(e.tag, shape) for e, shape in zip(sign, shapes, strict=True)])] = sign
    assert len(signs) == len(legend.findall(f"{SVG}g")) == 8  # six holders, open now, opens on a day


def test_what_happens_by_itself_is_dashed_and_what_ends_an_agreement_is_thick() -> None:
    root = parsed(render(picture(load("modal-2024-03-26")), "svg"))
    edges = {g.get("data-transition"): g for g in root.iter(f"{SVG}g") if g.get("data-edge")}
    shafts = {name: g.find(f"{SVG}line") for name, g in edges.items() if name in ("expire", "terminate", "renew")}
    told = {n: (x.get("stroke-dasharray"), x.get("stroke-width")) for n, x in shafts.items() if x is not None}
    assert told == {"expire": ("5 4", "2"), "terminate": (None, "3.4")}


def test_a_state_says_what_it_stays_through_where_that_is_drawn() -> None:
    told = [render(picture(load("modal-2024-03-26"), only=only), "svg") for only in ("suspend", "trial")]
    assert ["it stays suspended while" in drawn for drawn in told] == [True, False]


# ---- widths ----------------------------------------------------------------------------------------------------


def test_lines_fit_and_lose_no_word() -> None:
    text = "breach notice + 30 full days, uncured, or Donaudampfschifffahrtsgesellschaftskapitän"
    found = lines(text, 90, 12, most=20)
    assert all(width(line, 12) <= 90 for line in found)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")


def test_what_is_too_long_ends_in_an_ellipsis() -> None:
    found = lines("word " * 200, 90, 12, most=3)
    assert len(found) == 3
    assert found[-1].endswith(" …")
    assert width(found[-1], 12) <= 90
    assert lines("", 90, 12) == []


@pytest.mark.parametrize("wide", ["終止契約", "🚀🚀", "ЖЖЖЖ"])
def test_characters_of_other_scripts_are_given_room(wide: str) -> None:
    assert width(wide, 10) >= 8.5 * len(wide)
    assert width("e\u0301", 10) == width("e", 10)
