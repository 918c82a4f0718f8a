"""The report as one HTML file: nothing in it is loaded, and nothing in it runs but the script whose hash it names."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import Any

from attrs import asdict

from lifecycle import __version__
from lifecycle.diagrams import THEMES
from lifecycle.reporting import drawing, sections
from lifecycle.reporting.markup import Element, Verbatim, el
from lifecycle.reporting.report import Report
from lifecycle.reporting.sections import section
from lifecycle.reporting.slider import data

_ESCAPES = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


def page(report: Report) -> str:
    """The report as the text of an HTML file."""
    style = "\n".join((_read("report.css"), drawing.style(), _dark_diagram()))
    script = _read("report.js")
    status = report.status
    days = data(report.told, report.stops, status.at, status.customer)
    days["axis"] = [_day(report.picture.since, report), _day(report.picture.until, report)]
    html = el(
        "html",
        el(
            "head",
            el("meta", charset="utf-8"),
            el("meta", http_equiv="Content-Security-Policy", content=_policy(script, style)),
            el("meta", name="viewport", content="width=device-width, initial-scale=1"),
            el("meta", name="color-scheme", content="light dark"),
            el("meta", name="referrer", content="no-referrer"),
            el("meta", name="robots", content="noindex"),
            el("title", f"{status.customer}: account report, {status.on}"),
            el("style", Verbatim(style)),
        ),
        el(
            "body",
            el("a", "Skip to what each party may do", href="#powers", class_="skip"),
            sections.head(report),
            el(
                "main",
                sections.powers(report),
                sections.ahead(report),
                sections.duties(report),
                sections.any_day(report),
                _diagram(report),
                _timeline(report),
                sections.audit(report),
                sections.record(report),
            ),
            _foot(report),
            el("script", Verbatim(as_json(days)), type="application/json", id="days"),
            el("script", Verbatim(script)),
        ),
        lang="en",
    )
    return f"<!doctype html>\n{html}\n"


def as_json(value: Any) -> str:
    """JSON that cannot end the element it stands in, nor start another."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def _policy(script: str, style: str) -> str:
    """Nothing is loaded from anywhere; only this script and this style are taken."""
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _read(name: str) -> str:
    return files("lifecycle.reporting").joinpath(name).read_text(encoding="utf-8")


def _dark_diagram() -> str:
    """The colours of the diagram where the reader prefers dark; those for light are in the diagram itself."""
    dark = asdict(THEMES["dark"])
    colours = "".join(f"--lifecycle-{name.replace('_', '-')}:{colour};" for name, colour in dark.items())
    return f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {colours} }} }}"


def _day(instant: Any, report: Report) -> int:
    return (report.calendar.day_of(instant) - report.stops.first).days


def _diagram(report: Report) -> Element:
    note = "What the Terms let happen to an account, and where this one stands on the day of this report."
    figure = el("div", Verbatim(report.diagram), class_="picture", tabindex=0, role="region", aria_label="States")
    return section("diagram", "The states of the account", el("p", note), figure)


def _timeline(report: Report) -> Element:
    svg = Verbatim(drawing.drawn(report.picture, alone=False))
    figure = el("div", svg, class_="picture", tabindex=0, role="region", aria_label="Timeline of the account")
    note = (
        "The states, terms and matters of the account. A bar under a matter is what may be done because of it: pale "
        "while it is not open yet, crossed while it is open under some readings of the clauses only, full when it is "
        "open."
    )
    return section("timeline", "The life of the account", el("p", note), figure)


def _foot(report: Report) -> Element:
    terms, events = report.terms, len(report.log.events)
    return el(
        "footer",
        el(
            "p", f"Computed by lifecycle {__version__} from {events} recorded entries under {terms.title} ({terms.id})."
        ),
        el(
            "p",
            f"The text of the Terms has the SHA-256 {terms.digest}. "
            f"Days are civil days in {report.calendar.zone_name}.",
        ),
        el(
            "p",
            "The report states what the Terms come to on the recorded facts. It does not judge the facts, and it is no "
            "legal advice.",
        ),
    )
