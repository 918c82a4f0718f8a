"""Tables that can be scanned: on a narrow screen each row becomes a card, for a screen reader it stays a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lifecycle.reporting.markup import Element, Node, el

_LONG = 100  # what is longer is folded
_DAY = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")


def said(text: str) -> list[Node]:
    """A text with its days marked as such, so that no line breaks within one."""
    parts = _DAY.split(text)
    return [el("time", part, datetime=part) if n % 2 else part for n, part in enumerate(parts) if part]


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Node]], *, id: str | None = None) -> Element:
    """A table; the cells of a row are as many as the heads."""
    return el(
        "table",
        el("caption", caption),
        el(
            "thead",
            el("tr", (el("th", h, scope="col", role="columnheader") for h in heads), role="row"),
            role="rowgroup",
        ),
        el("tbody", (_row(heads, cells) for cells in rows), role="rowgroup"),
        role="table",
        id=id,
    )


def _row(heads: Sequence[str], cells: Sequence[Node]) -> Element:
    placed = (
        el("td", el("div", said(cell) if isinstance(cell, str) else cell), role="cell", data_label=head)
        for head, cell in zip(heads, cells, strict=True)
    )
    return el("tr", placed, role="row")


def folded(summary: str, text: str) -> Node:
    """A text, folded behind a word where it is long; "" where there is none."""
    if len(text) <= _LONG:
        return text
    return el("details", el("summary", summary), el("p", said(text)))


def badge(word: str, kind: str) -> Element:
    return el("span", word, class_=f"badge {kind}")


def plain_list(items: Iterable[Node]) -> Element:
    return el("ul", (el("li", said(item) if isinstance(item, str) else item) for item in items))
