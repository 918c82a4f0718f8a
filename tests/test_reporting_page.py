"""The report as a file: what it says, and that nothing in it can load, run or break out.

Days are those of examples/acme/story.py; clauses those of the Modal Terms. That it works in a browser is claimed in
test_reporting_browser.py.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from lifecycle.agreement import Agreement
from lifecycle.diagrams import THEMES
from lifecycle.events import MatterOpened, Money
from lifecycle.files import read
from lifecycle.reporting.markup import Verbatim, el
from lifecycle.reporting.page import as_json, page
from lifecycle.reporting.report import gathered
from lifecycle.testing import Story
from lifecycle.views import View

HISTORY = Path(__file__).parents[1] / "examples/acme/history.jsonl"
HOSTILE = "</script><img src=x onerror=alert(1)>\"'&amp;{{7*7}}"


def written(account: Agreement, day: str, **look: object) -> str:
    return page(gathered(View(account=account, at=account.instant(day), **look)))  # type: ignore[arg-type]


def acme(day: str) -> str:
    account = Agreement(read(HISTORY)).known_at(day)
    return written(account, day, known_at=account.instant(day))


class Outline(HTMLParser):
    """The elements of a page: their names and attributes, the text, and what stands in script and style."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.inside: dict[str, list[str]] = {"script": [], "style": []}
        self.feed(html)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in ("meta", "input", "link", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in self.inside:
            self.inside[self.open[-1]].append(data)
        else:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.texts))

    def having(self, attribute: str) -> Iterator[str]:
        yield from (given[attribute] for _, given in self.elements if attribute in given)


@pytest.fixture(scope="module")
def suspended() -> Outline:
    return Outline(acme("2026-03-17"))


@pytest.fixture(scope="module")
def ended() -> Outline:
    return Outline(acme("2028-06-01"))


def test_it_says_where_the_account_stands_and_as_of_when(suspended: Outline) -> None:
    assert "Tuesday 2026-03-17, as it was known on 2026-03-17" in suspended.text
    assert "Acme GmbH is suspended, in term 1 ( 2026-02-11 to 2027-02-10 )." in suspended.text


def test_it_says_what_each_party_may_do_with_clause_and_arithmetic(suspended: Outline) -> None:
    """1.12: due 1 March + 10 days for cards: accelerate from 11 March; 3.1: 11 January 2027 is the last day."""
    assert "The provider may now" in suspended.text
    assert re.search(
        r"accelerate unpaid fees\s+invoice INV-1\s+1.12\s+open since\s+2026-03-11\s+undisputed", suspended.text
    )
    assert re.search(r"The customer may now.*give notice of non-renewal.*through\s+2027-01-11", suspended.text)
    assert "invoice INV-1 due 2026-03-01 + 10 days" in suspended.text


def test_who_may_suspend_or_terminate_stands_at_the_top() -> None:
    top = Outline(acme("2026-03-16")).text.partition("What each party may do")[0]
    assert "The provider may suspend for overdue amounts because of invoice INV-1 [1.12(e)]" in top
    assert "contested: not under every reading" in top  # counting-roll would move the due day, a Sunday
    assert "the provider may discontinue the service [1.3]" in top


def test_a_power_only_another_reading_gives_is_told_apart(suspended: Outline) -> None:
    """1.12e: whether non-payment is a power apart from the overdue paragraph is a reading, not the agreed one."""
    told = suspended.text.partition("Open only under other readings")[2]
    assert "suspend for unpaid fees invoice INV-1 1.12(e)" in told


def test_it_says_what_comes_what_is_owed_and_what_the_audit_found(ended: Outline) -> None:
    assert "the agreement ended on 2028-04-15 (terminated): no state follows" in ended.text.replace(
        " 2028-04-15 ", " 2028-04-15 "
    )
    assert re.search(r"notify the customer of the claim\s+C-1\s+5.3\s+2028-05-28\s+met\s+on\s*2028-05-20", ended.text)
    assert re.search(r"2026-08-31\s+provider: suspend \(acme:15\)\s+1.12\(e\)\s+overtaken", ended.text)
    assert "email gives no notice" in ended.text.partition("Everything recorded")[2]


def test_what_a_report_rests_on_stands_in_it(ended: Outline) -> None:
    terms = Agreement(read(HISTORY)).terms
    assert terms.digest in ended.text
    assert all(reading.question in ended.text for reading in terms.readings)


def test_a_missed_duty_stands_at_the_top() -> None:
    """5.3: notice of a claim within 30 days; received 1 March 2026, so through 31 March."""
    story = (
        Story(on="2026-01-05")
        .order("O-1", start="2026-01-05")
        .on("2026-03-01")
        .opened("claim", "C-1", party="provider")
    )
    top = Outline(written(story.agreement, "2026-04-01")).text.partition("What each party may do")[0]
    assert re.search(r"Missed: \w+ to notify the customer of the claim by\s+2026-03-31", top)


def test_an_act_against_the_verdict_stands_at_the_top() -> None:
    story = (
        Story(on="2026-01-05")
        .order("O-1", start="2026-01-05")
        .on("2026-02-01")
        .invoice("I-1", "1.00 USD", due="2026-02-15")
    )
    story.on("2026-02-20").do("suspend", about="I-1", power="suspend.overdue", override="panic")
    top = Outline(written(story.agreement, "2026-02-21")).text.partition("What each party may do")[0]
    assert "stands, although the Terms did not permit it" in top


def test_other_readings_than_the_agreed_ones_are_named() -> None:
    account = Agreement(read(HISTORY))
    text = Outline(written(account.read_as({"8.5": "receipt"}), "2026-03-17", readings={"8.5": "receipt"})).text
    assert "8.5 read as: receipt" in text


@pytest.mark.parametrize("day", ["2026-01-11", "2026-01-12", "2026-02-20"])
def test_an_account_of_which_little_is_known_has_a_report_too(day: str) -> None:
    story = Story(on="2026-01-12", trial_through="2026-02-10")
    assert "What each party may do" in Outline(written(story.agreement, day)).text


# ---- nothing loads, nothing runs -----------------------------------------------------------------------------


def test_only_its_own_script_and_style_are_let_in(ended: Outline) -> None:
    (policy,) = (
        given["content"] for tag, given in ended.elements if given.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    script, (style,) = ended.inside["script"][-1], ended.inside["style"]
    for rule, text in (("script-src", script), ("style-src", style)):
        assert rules[rule] == f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_it_refers_to_nothing_outside_itself(ended: Outline) -> None:
    for attribute in ("src", "href", "srcset", "action", "data", "xlink:href", "background", "ping"):
        assert all(value.startswith("#") for value in ended.having(attribute)), attribute
    assert not any("url(" in style.replace("url(#", "") or "@import" in style for style in ended.inside["style"])
    names = [name for _, given in ended.elements for name in given]
    assert not any(name.startswith("on") or name == "style" for name in names)


def test_the_script_knows_no_way_to_write_markup_or_to_load(ended: Outline) -> None:
    script = ended.inside["script"][-1]
    for way in (
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval",
        "Function(",
        "fetch",
        "XMLHttp",
        "import",
    ):
        assert way not in script, way


def hostile() -> Story:
    """An account whose every name tries to be markup."""
    story = Story(on="2026-01-05", agreement=f"a{HOSTILE}", customer=HOSTILE).order(HOSTILE, start="2026-01-05")
    story.on("2026-02-01").record(
        MatterOpened(
            kind="invoice",
            matter=HOSTILE,
            amount=Money("1.00", "USD"),
            days={"due": "2026-03-01"},
            attributes={"payment": "card"},
        ),
        meta={HOSTILE: HOSTILE},
        actor=HOSTILE,
        ref=HOSTILE,
    )
    story.on("2026-03-03").notice("overdue", about=HOSTILE, method=HOSTILE)
    story.on("2026-03-04").notice("overdue", about=HOSTILE, method="courier")
    story.on("2026-03-20").do("suspend", override=HOSTILE, actor=HOSTILE)
    return story


def test_names_of_others_making_stay_text() -> None:
    html = written(hostile().agreement, "2026-03-21")
    found = Outline(html)
    assert "img" not in {tag for tag, _ in found.elements}
    assert [given.get("type", "") for tag, given in found.elements if tag == "script"] == ["application/json", ""]
    assert HOSTILE in found.text
    data = json.loads(found.inside["script"][0])
    assert any(HOSTILE in text for text in data["texts"])


def test_data_for_the_script_cannot_end_the_element_it_stands_in() -> None:
    value = "</script><!--<script>&\u2028\u2029]]>"
    text = as_json({"value": value})
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == {"value": value}


def test_markup_takes_no_handlers_no_style_attributes_and_no_text_in_a_script() -> None:
    for attribute in ({"onclick": "x"}, {"style": "x"}):
        with pytest.raises(AssertionError):
            el("p", **attribute)
    with pytest.raises(AssertionError):
        str(el("script", "alert(1)"))
    assert (
        str(el("p", "<b>\u202e", title='"<', hidden=True, id=None))
        == '<p title="&quot;&lt;" hidden="">&lt;b&gt;\\u202e</p>'
    )
    assert str(el("br")) == "<br>"
    assert str(el("style", Verbatim("p{}"))) == "<style>p{}</style>"


# ---- readable for everybody ----------------------------------------------------------------------------------


def test_headings_go_down_one_step_at_a_time_and_sections_are_named(ended: Outline) -> None:
    levels = [int(tag[1]) for tag, _ in ended.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    ids = list(ended.having("id"))
    assert len(set(ids)) == len(ids)
    assert set(ended.having("aria-labelledby")) <= set(ids)
    assert {given["lang"] for tag, given in ended.elements if tag == "html"} == {"en"}


def test_every_control_has_a_label_and_every_picture_a_name(ended: Outline) -> None:
    labelled = set(ended.having("for"))
    ranges = [given for tag, given in ended.elements if tag == "input" and given["type"] == "range"]
    assert [given["id"] in labelled for given in ranges] == [True]
    pictures = [given for tag, given in ended.elements if tag == "svg"]
    assert [given["role"] for given in pictures] == ["img", "img"]


def luminance(colour: str) -> float:
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_text_stands_out_from_what_it_lies_on(ended: Outline, number: int) -> None:
    """WCAG 2.2 AA: 4.5 to 1, on light, on dark, and in print."""
    (style,) = ended.inside["style"]
    sheets = [
        dict(re.findall(r"--([\w-]+): (#\w{6})", block))
        for block in re.findall(r":root \{([^}]*--paper[^}]*)\}", style)
    ]
    colours = sheets[number]
    pairs = [("ink", "paper"), ("dim", "paper"), ("link", "paper"), ("ink", "band"), ("dim", "band"), ("link", "band")]
    pairs += [("good", "good-paper"), ("bad", "bad-paper"), ("warn-ink", "warn")]
    assert not [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]
    tl = [
        dict(re.findall(r"--(tl-[\w-]+): (#\w{6})", block))
        for block in re.findall(r"\.tl \{([^}]*--tl-paper[^}]*)\}", style)
    ]
    picture = tl[number]
    pairs = [("tl-ink", "tl-paper"), ("tl-dim", "tl-paper"), ("tl-paper", "tl-now")]
    assert not [pair for pair in pairs if contrast(picture[pair[0]], picture[pair[1]]) < 4.5]


def test_the_diagram_has_the_colours_for_dark_of_its_own_theme(ended: Outline) -> None:
    assert f"--lifecycle-ink:{THEMES['dark'].ink}" in ended.inside["style"][0]
