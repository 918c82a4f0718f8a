"""SVG elements as text: escaped, with nothing in them that acts, loads or links."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from lifecycle.plain import markable
from lifecycle.values import frozen

FONT = "system-ui, 'Segoe UI', Roboto, Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"


@frozen
class Block:
    """Something drawn from its own upper left corner, and the room it takes."""

    svg: str
    width: float
    height: float

    def at(self, x: float, y: float) -> str:
        return el("g", self.svg, transform=f"translate({_number(x)},{_number(y)})")


def el(name: str, /, *children: str, **attributes: str | float | None) -> str:
    """An element; ``class_`` and ``data_state`` are the attributes ``class`` and ``data-state``. Those that are None or
    '' are left out. Children are SVG already.
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None and value != ""
    )
    return f"<{name}{told}>{''.join(children)}</{name}>" if children else f"<{name}{told}/>"


def _value(value: str | float) -> str:
    return plain(value) if isinstance(value, str) else _number(value)


def _number(value: float) -> str:
    return f"{round(value, 1):g}"


def plain(text: str) -> str:
    """A text of others' making as content or attribute."""
    return escape(markable(text))


def title(text: str) -> str:
    """What is shown of an element when it is pointed at."""
    return el("title", plain(text)) if text else ""


def text(
    x: float, y: float, words: str, size: float, fill: str, *, bold: bool = False, anchor: str = "", class_: str = ""
) -> str:
    """A line of text on its base line."""
    weight = 600 if bold else None
    return el(
        "text",
        plain(words),
        class_=class_,
        x=x,
        y=y,
        font_size=size,
        fill=fill,
        font_weight=weight,
        text_anchor=anchor,
    )


def runs(x: float, y: float, parts: Iterable[tuple[str, str, bool]], size: float) -> str:
    """A line of texts one after the other, each with its ink and whether it is bold, whatever room each takes."""
    spans = (
        el("tspan", plain(words), fill=ink, font_weight=600 if bold else None, dx=8 if n else None)
        for n, (words, ink, bold) in enumerate(parts)
        if words
    )
    return el("text", *spans, x=x, y=y, font_size=size)


def paragraph(x: float, y: float, lines: Iterable[str], size: float, fill: str, leading: float) -> str:
    """Lines of text, one below the other, the first on its base line."""
    return "".join(text(x, y + n * leading, line, size, fill) for n, line in enumerate(lines))


def box(x: float, y: float, width: float, height: float, fill: str, stroke: str, **more: str | float | None) -> str:
    """A rectangle, with rounded corners unless ``rx`` says otherwise."""
    shape: dict[str, str | float | None] = {"rx": 8, "stroke_width": 1.5, **more}
    return el("rect", x=x, y=y, width=width, height=height, fill=fill, stroke=stroke, **shape)


def line(x1: float, y1: float, x2: float, y2: float, stroke: str, **more: str | float | None) -> str:
    return el("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, **more)


def path(d: str, **more: str | float | None) -> str:
    return el("path", d=d, **more)
