"""Names of others' making are text in every format, never syntax: titles, clauses, ids of accounts and matters,
whatever is in them.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any

import mermaidx
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.diagrams import Picture, picture, render
from lifecycle.diagrams.dot import quoted
from lifecycle.diagrams.elements import el, plain
from lifecycle.diagrams.mermaid import label
from lifecycle.diagrams.picture import DETAILS, Mark
from lifecycle.plain import markable, writable
from lifecycle.terms import Terms, load
from tests.drawn import SVG, painted, parsed

EVIL = [
    '"><script>alert(1)</script>',
    "a\nb\r\nterminated --> trial: x",
    '"]; evil [label="x',
    "%%{init: {'theme':'dark'}}%%",
    "]]> --> ]] <!-- -->",
    "&lt;img src=x onerror=alert(1)&gt; &#x3c; &amp;",
    "\u202egnp.exe\u2066 \u0000 \x1b[2J \ufffe \ud800",
    "javascript:alert(1) url(http://x.example/) #quot; #60;",
    "1. * _a_ `b` **c** [d](http://x.example) \\N \\",
    "end note\nstate x {",
    "x" * 2_000,
    "終止契約" * 50,
    "",
]


def renamed(text: str) -> Terms:
    """The Modal Terms with one text in place of everything that is called something."""
    modal = load("modal-2024-03-26")
    assert modal.trial
    assert modal.renewal
    assert modal.survival

    def each(found: Mapping[str, Any], **change: str) -> dict[str, Any]:
        return {id_: evolve(value, **change) for id_, value in found.items()}

    return evolve(
        modal,
        id=text,
        title=text,
        powers=each(modal.powers, title=text, clause=text),
        kinds=each(modal.kinds, title=text),
        notices=each(modal.notices, title=text),
        trial=evolve(modal.trial, clause=text),
        renewal=evolve(modal.renewal, clause=text),
        survival=evolve(modal.survival, clause=text, clauses=(text,)),
        chosen={text: text},
    )


def drawn(text: str, detail: Any = "full") -> Picture:
    made = picture(renamed(text), detail=detail)
    mark = Mark(agreement=text, on=made.dated, state="suspended", told=text)
    arrows = (
        evolve(arrow, expected=made.dated, ways=tuple(evolve(w, standing="open", told=text) for w in arrow.ways))
        for arrow in made.arrows
    )
    places = (evolve(place, here=place.id == "suspended") for place in made.places)
    return evolve(made, mark=mark, arrows=tuple(arrows), places=tuple(places))


evil = pytest.mark.parametrize("text", EVIL, ids=range(len(EVIL)))
each_detail = pytest.mark.parametrize("detail", DETAILS)

TAGS = {"svg", "g", "rect", "line", "path", "circle", "polygon", "text", "tspan", "title"}
ATTRIBUTES = {
    *("viewBox", "width", "height", "font-family", "role", "class", "id", "x", "y", "x1", "y1", "x2", "y2"),
    *("cx", "cy", "r", "rx", "d", "dx", "points", "fill", "stroke", "stroke-width", "stroke-dasharray"),
    *("stroke-opacity", "stroke-linejoin", "font-size", "font-weight", "text-anchor", "transform", "visibility"),
    *("data-terms", "data-state", "data-region", "data-edge", "data-transition", "data-source", "data-target"),
    *("data-next", "data-who", "data-clause", "data-powers", "data-standing"),
}


@evil
@each_detail
def test_an_svg_holds_nothing_that_acts_loads_or_links(text: str, detail: Any) -> None:
    root = parsed(render(drawn(text, detail), "svg"))
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in TAGS
        assert set(element.attrib) <= ATTRIBUTES
        painted_ = {element.get(name, "") for name in ("fill", "stroke", "transform", "d", "points", "font-family")}
        assert not any("url" in value or ":" in value for value in painted_)


@evil
def test_an_svg_shows_the_text_as_it_is(text: str) -> None:
    """In the pointed-at titles, where nothing is cut off."""
    root = parsed(render(drawn(text), "svg"))
    shown = markable(text)
    titles = [title.text or "" for title in root.iter(f"{SVG}title")]
    assert any(shown in title for title in titles)


@evil
@each_detail
def test_long_and_wide_names_stay_where_they_belong(text: str, detail: Any) -> None:
    page, *boxes = painted(render(drawn(text, detail), "svg"))
    words = [box for box in boxes if box.words]
    assert all(page.holds(box) for box in words)
    for frame in (box for box in boxes if box.kind == "card"):
        inside = [box for box in words if box.within("edge") is frame.within("edge")]
        assert all(frame.holds(box) for box in inside)


def skeleton_of_dot(text: str) -> str:
    """DOT without what is quoted, read as Graphviz reads it: a backslash takes the next character with it."""
    return re.sub(r'"(?:[^"\\]|\\.)*"', '""', text, flags=re.S)


@evil
@each_detail
def test_a_text_is_no_syntax_in_dot(text: str, detail: Any) -> None:
    found = render(drawn(text, detail), "dot")
    assert skeleton_of_dot(found) == skeleton_of_dot(render(drawn("plain", detail), "dot"))
    assert all(re.fullmatch(r'(?:[^"\\]|\\[\\"l])*', quoted_) for quoted_ in re.findall(r'"((?:[^"\\]|\\.)*)"', found))


@given(st.text())
def test_any_text_is_one_quoted_text_in_dot(text: str) -> None:
    found = quoted(text)
    assert skeleton_of_dot(found) == '""'
    assert "\n" not in found


SAFE = re.compile(r"(?:[^\W_]|[ .,()\[\]+·•'/-]|<br/>|#\d+;)*")


@evil
@each_detail
def test_a_text_is_no_syntax_in_mermaid(text: str, detail: Any) -> None:
    found, like = (
        [
            re.fullmatch(r'( *state "|[^:]*)(.*?)(" as .*|)', line)
            for line in render(drawn(name, detail), "mermaid").split("\n")
        ]
        for name in (text, "plain")
    )
    assert [line and (line[1], line[3]) for line in found] == [line and (line[1], line[3]) for line in like]
    labels = [line[2].removeprefix(": ") for line in found if line and "classDef" not in line[0]]
    assert all(SAFE.fullmatch(told) and "--" not in told for told in labels)


@given(st.text())
def test_any_text_is_a_label_in_mermaid_that_reads_the_same(text: str) -> None:
    found = label(text)
    assert SAFE.fullmatch(found)
    assert not re.search("<|--", found)
    assert re.sub(r"#(\d+);", lambda number: chr(int(number[1])), found) == writable(text)


@given(st.text())
def test_any_text_is_content_and_attribute_in_svg(text: str) -> None:
    element = parsed(el("text", plain(text), id=text or None))
    shown = html.unescape(plain(text))
    assert (element.text or "") == shown
    assert element.get("id", "") == shown


@evil
def test_json_stays_json(text: str) -> None:
    found = json.loads(render(drawn("plain"), "json"))
    made = evolve(drawn("plain"), title=text)
    assert json.loads(render(made, "json")) == {**found, "title": text}


@pytest.mark.parametrize("text", ["plain", '"><script>alert(1)</script> %%{init} --> ]] 1. a\n&lt; #60; ; : `_x_`'])
def test_mermaid_itself_draws_what_is_written_and_nothing_else(text: str) -> None:
    root = parsed(mermaidx.render(render(drawn(text, "overview"), "mermaid")).svg())
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not tags & {"script", "img", "a", "iframe", "image"}
    assert not any(name.startswith("on") for element in root.iter() for name in element.attrib)
    words = re.sub(r"\s", "", "".join(root.itertext()))
    assert re.sub(r"\s", "", writable(text)) in words
    assert {"trial", "active", "renewed", "terminated"} <= {word.strip() for word in root.itertext()}
    assert "suspended·" in words
