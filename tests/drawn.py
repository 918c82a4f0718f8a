"""What a picture in SVG comes to when it is drawn: every text and rectangle with its place on the page, in the order in
which they are painted. For tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from attrs import field, frozen

from lifecycle.diagrams.widths import width

SVG = "{http://www.w3.org/2000/svg}"
Element = ElementTree.Element


@frozen
class Box:
    """A rectangle on the page; ``group`` are the elements it lies in, from the outermost on."""

    left: float
    top: float
    right: float
    bottom: float
    words: str = ""
    fill: str = ""
    group: tuple[Element, ...] = field(default=(), eq=False, repr=False)

    def meets(self, other: Box) -> bool:
        across = self.left < other.right - 0.5 and other.left < self.right - 0.5
        return across and self.top < other.bottom - 0.5 and other.top < self.bottom - 0.5

    def holds(self, other: Box) -> bool:
        across = self.left <= other.left + 0.5 and other.right <= self.right + 0.5
        return across and self.top <= other.top + 0.5 and other.bottom <= self.bottom + 0.5

    @property
    def kind(self) -> str:
        """The class of the element itself."""
        return self.group[-1].get("class", "") if self.group else ""

    def within(self, name: str) -> Element | None:
        """The innermost group around it of a class."""
        return next((g for g in reversed(self.group) if name in g.get("class", "").split()), None)


def parsed(svg: str) -> Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own


def painted(svg: str) -> list[Box]:
    """All that is painted with words or a surface, and not hidden."""
    return [*_painted(parsed(svg), 0.0, 0.0, ())]


def _painted(element: Element, x: float, y: float, group: tuple[Element, ...]) -> Iterator[Box]:
    if element.get("visibility") == "hidden":
        return
    if moved := re.fullmatch(r"translate\(([-\d.e]+),([-\d.e]+)\)", element.get("transform", "")):
        x, y = x + float(moved[1]), y + float(moved[2])
    name = element.tag.removeprefix(SVG)
    if name == "rect":
        left, top = x + float(element.get("x", 0)), y + float(element.get("y", 0))
        across, high = float(element.get("width", 0)), float(element.get("height", 0))
        yield Box(left, top, left + across, top + high, fill=element.get("fill", ""), group=(*group, element))
    elif name == "text":
        yield from _texts(element, x, y, group)
    for child in element:
        yield from _painted(child, x, y, (*group, element))


def _texts(element: Element, x: float, y: float, group: tuple[Element, ...]) -> Iterator[Box]:
    size = float(element.get("font-size", 0))
    left, base = x + float(element.get("x", 0)), y + float(element.get("y", 0))
    for run in [*element] or [element]:
        words = run.text or ""
        left += float(run.get("dx", 0))
        across = width(words, size, bold=run.get("font-weight") == "600")
        start = left - across * {"middle": 0.5, "end": 1.0}.get(element.get("text-anchor", ""), 0.0)
        box = (start, base - 0.75 * size, start + across, base + 0.2 * size)
        yield Box(*box, words=words, fill=run.get("fill", ""), group=(*group, element))
        left += across
