"""The report in a real browser: what the slider shows is what the library says, and nothing else happens.

Debian's chromium is used where it is installed; without it these are skipped.
"""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from lifecycle.agreement import Agreement
from lifecycle.days import FOREVER
from lifecycle.files import read
from lifecycle.powers import Opening
from lifecycle.reporting.page import page as report_page
from lifecycle.reporting.report import gathered
from lifecycle.terms import load
from lifecycle.testing import Story
from lifecycle.views import View

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (e) => window.violations.push(e.violatedDirective));
"""
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium")


def acme() -> Agreement:
    """As it was known on 16 September 2027: in term 2, with an invoice overdue soon, and two years ahead."""
    return Agreement(read(ROOT / "examples/acme/history.jsonl")).known_at("2027-09-16")


def bakery() -> Agreement:
    """Monthly terms under the Harbour terms, suspended and reinstated within days."""
    terms = load(ROOT / "examples/harbour/harbour-hosting-2026.toml")
    story = Story(terms, on="2026-01-20", agreement="bakery", customer="Bakery Ltd").order(
        "O-1", start="2026-02-01", months=1
    )
    story.on("2026-03-02").opened("invoice", "I-1", amount="120.00 GBP")
    story.on("2026-03-17").notice("reminder", about="I-1", method="email", id="r-1").delivered("r-1")
    story.on("2026-03-25T10:00+00:00").do("suspend")
    return story.on("2026-04-02T15:30+01:00").paid("I-1", "120.00 GBP").agreement


SEEN = {"acme": (acme(), "2027-09-16"), "bakery": (bakery(), "2026-04-10")}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder, made = tmp_path_factory.mktemp("reports"), {}
    for name, (account, day) in SEEN.items():
        made[name] = folder / f"{name}.html"
        made[name].write_text(report_page(gathered(View(account=account, at=account.instant(day)))), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1200, "height": 900})
    made.add_init_script(WATCH)
    yield made
    made.close()


def opened(context: BrowserContext, path: Path) -> tuple[Page, list[str]]:
    """The page, and everything it asked for or complained about."""
    page, seen = context.new_page(), list[str]()
    page.on("request", lambda request: seen.append(request.url))
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.on("dialog", lambda dialog: seen.append(dialog.message))
    page.goto(path.as_uri())
    return page, seen


# ---- what the slider says ------------------------------------------------------------------------------------


ASK = """(days) => days.map((day) => {
    const input = document.getElementById("day-date");
    input.value = day;
    input.dispatchEvent(new Event("change"));
    const rows = (id) => Array.from(document.querySelectorAll(`#${id} tbody tr`), (row) =>
        Array.from(row.cells, (cell) => cell.textContent));
    return {
        name: document.getElementById("day-name").textContent,
        state: document.getElementById("any-day").dataset.state,
        sentence: document.getElementById("day-sentence").textContent,
        open: rows("day-open"), later: rows("day-later-powers"),
        always: Array.from(document.querySelectorAll("#day-always li"), (item) => item.textContent),
    };
})"""


def may(account: Agreement, o: Opening, at: Any) -> bool:
    by, about = o.holders[0] if o.holders else "both", (o.matter.id,) if o.matter else ()
    return account.may(o.power.does, by=by, at=at, about=about, power=o.power.id, known_through=at).permitted


def cells(o: Opening) -> list[str]:
    who = " or ".join(o.holders) or "both together"
    return [who, o.power.title, o.matter.label if o.matter else "", o.power.clause]


@pytest.mark.parametrize("name", list(SEEN))
def test_on_any_day_the_slider_says_what_the_library_says(
    name: str, reports: dict[str, Path], context: BrowserContext
) -> None:
    account, seen = SEEN[name]
    first = min(account.day_of(event.occurred) for event in account.history)
    last = date.fromisoformat(seen).replace(year=date.fromisoformat(seen).year + 2)
    random = Random(name)  # noqa: S311 - days to try, the same each time
    days = [first + timedelta(days=random.randrange((last - first).days + 1)) for _ in range(150)]
    days += [first, last, date.fromisoformat(seen)]
    days += [account.day_of(event.occurred) + timedelta(days=n) for event in account.history for n in (0, 1)]
    page, _ = opened(context, reports[name])
    for day, shown in zip(days, page.evaluate(ASK, [str(day) for day in days]), strict=True):
        at = account.instant(str(day))
        status, powers = account.status(at), account.powers(at)
        assert str(day) in shown["name"]
        assert f"{day:%A}" in shown["name"]
        assert shown["state"] == (status.state or "")
        if status.term and status.state in ("active", "renewed"):
            assert f"term {status.term.number} ({status.term.first} to {status.term.last})" in shown["sentence"]
        open_ = [o for o in powers if may(account, o, at)]
        assert [row[:4] for row in shown["open"]] == [cells(o) for o in open_ if o.matter], day
        assert len(shown["always"]) == len([o for o in open_ if not o.matter])
        later = [o for o in powers if o not in open_]
        assert [row[:4] for row in shown["later"]] == [cells(o) for o in later], day
        for o, row in zip(later, shown["later"], strict=True):
            dated = o.window and o.window.opens < FOREVER and at < o.window.opens
            assert (
                row[4].startswith(f"from {account.day_of(o.window.opens)}") if dated else row[4].startswith("waits")
            ), day


def test_a_day_on_which_something_happens_has_a_stop_of_its_own_for_it(
    reports: dict[str, Path], context: BrowserContext
) -> None:
    """Suspended on 25 March 2026 at 10:00 in London: at the day's start it was not yet."""
    page, _ = opened(context, reports["bakery"])
    page.fill("#day-date", "2026-03-25")
    assert page.inner_text("#day-name") == "Wednesday 2026-03-25"
    assert page.get_attribute("#any-day", "data-state") == "renewed"
    page.focus("#day-slider")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#day-name") == "Wednesday 2026-03-25, from 10:00 GMT"
    assert page.get_attribute("#any-day", "data-state") == "suspended"
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#day-name") == "Thursday 2026-03-26"


def test_arrow_keys_and_buttons_move_the_day(reports: dict[str, Path], context: BrowserContext) -> None:
    page, _ = opened(context, reports["acme"])
    assert page.inner_text("#day-name") == "Thursday 2027-09-16 (the day of this report)"
    page.focus("#day-slider")
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#day-name") == "Wednesday 2027-09-15"
    assert page.get_attribute("#day-slider", "aria-valuetext") == "Wednesday 2027-09-15: renewed"
    page.keyboard.press("Home")
    assert page.inner_text("#day-name") == "Monday 2026-01-12"
    assert page.is_disabled("#day-earlier")
    page.click("#day-later")  # the order of 2 February 2026 is the first change
    assert page.inner_text("#day-name") == "Monday 2026-02-02"
    page.focus("#day-slider")
    page.keyboard.press("End")
    assert page.inner_text("#day-name") == "Sunday 2029-09-16"
    page.click("#day-back")
    assert "2027-09-16" in page.inner_text("#day-name")
    page.fill("#day-date", "2026-03-17")
    assert "Acme GmbH is suspended" in page.inner_text("#day-sentence")


def test_the_pictures_move_with_the_day(reports: dict[str, Path], context: BrowserContext) -> None:
    page, _ = opened(context, reports["acme"])
    places: list[tuple[str, float]] = []
    for day in ("2026-01-20", "2026-03-17", "2027-03-01"):
        page.fill("#day-date", day)
        chosen = page.evaluate("Array.from(document.querySelectorAll('#diagram .chosen'), (e) => e.dataset.state)")
        places.append((chosen[0], float(page.get_attribute("#timeline .tl-cursor", "x1") or 0)))
        assert len(set(chosen)) == 1
    assert [state for state, _ in places] == ["trial", "suspended", "renewed"]
    assert places[0][1] < places[1][1] < places[2][1]
    page.fill("#day-date", "2029-09-01")  # beyond the picture
    assert page.get_attribute("#timeline .tl-cursor", "visibility") == "hidden"


# ---- nothing else happens ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(SEEN))
def test_no_request_leaves_the_page_and_its_policy_is_not_broken(
    name: str, reports: dict[str, Path], context: BrowserContext
) -> None:
    page, seen = opened(context, reports[name])
    page.focus("#day-slider")
    for key in ("ArrowRight", "PageDown", "Home", "End"):
        page.keyboard.press(key)
    assert seen == [reports[name].as_uri()]
    assert page.evaluate("window.violations") == []


def test_its_policy_stops_what_is_slipped_in(reports: dict[str, Path], context: BrowserContext, tmp_path: Path) -> None:
    slipped = '<script>document.title = "slipped"</script><p style="color:red">x</p><img src="x.png">'
    path = tmp_path / "slipped.html"
    path.write_text(reports["acme"].read_text(encoding="utf-8").replace("<main>", f"<main>{slipped}"), encoding="utf-8")
    page, _ = opened(context, path)
    assert "slipped" not in page.title()
    assert {"script-src-elem", "style-src-attr", "img-src"} <= set(page.evaluate("window.violations"))


def test_names_of_others_making_do_nothing(context: BrowserContext, tmp_path: Path) -> None:
    hostile = "</script><img src=x onerror=alert(1)><svg onload=alert(2)>"
    story = Story(on="2026-01-05", agreement=hostile, customer=hostile).order(hostile, start="2026-01-05")
    story.on("2026-02-01").invoice(hostile, "1.00 USD", due="2026-03-01")
    account = story.agreement
    path = tmp_path / "hostile.html"
    path.write_text(report_page(gathered(View(account=account, at=account.instant("2026-03-05")))), encoding="utf-8")
    page, seen = opened(context, path)
    assert seen == [path.as_uri()]
    assert page.evaluate("window.violations") == []
    assert page.locator("img").count() == 0
    assert hostile in page.inner_text("h1")
    page.fill("#day-date", "2026-03-04")
    assert hostile in page.inner_text("#day-sentence")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1200


# ---- for everybody -------------------------------------------------------------------------------------------


def test_without_javascript_the_document_is_complete(reports: dict[str, Path], browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page, _ = opened(context, reports["acme"])
    assert not page.is_visible("#day-board")
    shown = page.inner_text("body")
    for heading in (
        "What each party may do",
        "What happens next",
        "Duties",
        "On any other day",
        "How the state went and will go",
        "The states of the account",
        "The life of the account",
        "Was each past act right",
        "What this rests on",
    ):
        assert heading in shown
    assert "Acme GmbH is in service, in term 4 (2029-02-11 to 2030-02-10)." in shown
    page.click("text=All 25 entries")
    assert "the provider gave an overdue notice about INV-1 by courier" in page.inner_text("#record")
    context.close()


def test_on_paper_nothing_is_folded_away(reports: dict[str, Path], browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page, _ = opened(context, reports["acme"])
    row = page.locator("text=the provider gave an overdue notice about INV-1 by courier")
    assert not row.is_visible()
    page.emulate_media(media="print")
    assert row.is_visible()
    context.close()


@pytest.mark.parametrize("wide", [360, 800, 1400])
def test_no_page_is_wider_than_the_screen(wide: int, reports: dict[str, Path], browser: Browser) -> None:
    context = browser.new_context(viewport={"width": wide, "height": 800})
    page, _ = opened(context, reports["acme"])
    assert page.evaluate("document.documentElement.scrollWidth") <= wide
    context.close()


@pytest.mark.skipif(find_spec("axe_playwright_python") is None, reason="axe-playwright-python is not installed")
@pytest.mark.parametrize(("scheme", "wide"), [("light", 1200), ("dark", 1200), ("light", 390)])
def test_axe_finds_nothing_to_object_to(scheme: str, wide: int, reports: dict[str, Path], browser: Browser) -> None:
    spec = find_spec("axe_playwright_python")
    assert spec is not None
    assert spec.origin is not None
    axe = Path(spec.origin).with_name("axe.min.js").read_text(encoding="utf-8")
    context = browser.new_context(color_scheme=scheme, viewport={"width": wide, "height": 900})  # type: ignore[arg-type]
    page, _ = opened(context, reports["acme"])
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true;")
    page.evaluate(f"() => {{ {axe} }}")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    told = [(v["id"], v["impact"], [node["target"] for node in v["nodes"]][:3]) for v in found["violations"]]
    assert told == []
    assert len(found["passes"]) > 20
    context.close()
