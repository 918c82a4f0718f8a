"""The colours of a picture. None of them tells anything alone: shapes, lines and words say the same."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import fields

from lifecycle.errors import InvalidFact
from lifecycle.values import frozen


@frozen(kw_only=True)
class Theme:
    """Colours, each as SVG takes it. ``ink`` and ``muted`` are of text, ``line`` of frames and arrows; the others are
    the surfaces they lie on, and the states, holders and standings they stand for.
    """

    paper: str
    ink: str
    muted: str
    line: str
    force: str
    service: str
    card: str
    running: str
    running_line: str
    suspended: str
    suspended_line: str
    ended: str
    ended_ink: str
    provider: str
    customer: str
    shared: str
    itself: str
    here: str
    here_ink: str
    open: str
    opens: str
    waits: str


_LIGHT = Theme(
    paper="#ffffff",
    ink="#18212b",
    muted="#4f5b67",
    line="#75818d",
    force="#f6f8fa",
    service="#ebf4f1",
    card="#ffffff",
    running="#ffffff",
    running_line="#1f7a63",
    suspended="#fff3d9",
    suspended_line="#a16207",
    ended="#2b3540",
    ended_ink="#ffffff",
    provider="#1d4ed8",
    customer="#b4390c",
    shared="#7028b8",
    itself="#4f5b67",
    here="#b3164e",
    here_ink="#ffffff",
    open="#0f6b2e",
    opens="#8a5200",
    waits="#4f5b67",
)
_DARK = Theme(
    paper="#0d1117",
    ink="#e8edf2",
    muted="#aab5c0",
    line="#768390",
    force="#131920",
    service="#12211f",
    card="#0d1117",
    running="#0d1117",
    running_line="#4fc3a1",
    suspended="#2c2410",
    suspended_line="#e0a93b",
    ended="#d7dee5",
    ended_ink="#10161c",
    provider="#82aaff",
    customer="#ff9e70",
    shared="#cf9bff",
    itself="#aab5c0",
    here="#ff7aa8",
    here_ink="#2a0714",
    open="#5fd38a",
    opens="#e8b45a",
    waits="#aab5c0",
)


def _varying(theme: Theme) -> Theme:
    """Colours that the page around an inline picture may set, as ``--lifecycle-ink`` and so on."""
    names = [field.name for field in fields(Theme)]
    return Theme(**{n: f"var(--lifecycle-{n.replace('_', '-')}, {getattr(theme, n)})" for n in names})


THEMES: Mapping[str, Theme] = {"light": _LIGHT, "dark": _DARK, "page": _varying(_LIGHT)}
"""``page`` is for pictures that lie in a web page: light, but for what the page's style says."""


@frozen
class Look:
    """How a picture is to look: its colours, and what every id in it begins with."""

    theme: Theme
    prefix: str


def colours(name: str) -> Theme:
    """The colours of a name.

    Raises InvalidFact, listing those there are.
    """
    if name not in THEMES:
        raise InvalidFact("picture", "theme", f"there is no {name!r}: {', '.join(THEMES)}")
    return THEMES[name]
