"""Markup written as a tree, so that no text can become anything but text.

What is written is HTML and, where no element is a void one of HTML, also well-formed XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import TypeAlias

from lifecycle.plain import markable
from lifecycle.values import frozen

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9:-]*", re.ASCII)
_VOID = frozenset({"br", "col", "hr", "input", "link", "meta"})
_RAW = frozenset({"script", "style"})


@frozen
class Verbatim:
    """Markup that is written as it is: style and script of our own, or a picture that was drawn with this module."""

    text: str


@frozen
class Element:
    name: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple[Node, ...]

    def __str__(self) -> str:
        return "".join(_written(self))


Node: TypeAlias = "Element | Verbatim | str"
Value: TypeAlias = "str | int | float | bool | None"


def el(name: str, /, *children: Node | Iterable[Node], **attributes: Value) -> Element:
    """An element. ``class_`` is ``class``, ``_`` in names stands for ``-``; None and False leave an attribute out, True
    writes it without a value. A child that is no node is a row of nodes.
    """
    named = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    given = tuple((key, _value(value)) for key, value in named if value is not None and value is not False)
    assert _NAME.fullmatch(name), name
    assert all(_NAME.fullmatch(key) and not key.startswith("on") and key != "style" for key, _ in given), given
    return Element(name, given, tuple(_flat(children)))


def _flat(children: Iterable[Node | Iterable[Node]]) -> Iterable[Node]:
    for child in children:
        if isinstance(child, str | Element | Verbatim):
            yield child
        else:
            yield from child


def _value(value: Value) -> str:
    if value is True:
        return ""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _written(node: Node) -> Iterable[str]:
    if isinstance(node, Verbatim):
        yield node.text
        return
    if isinstance(node, str):
        yield escape(markable(node), quote=False)
        return
    attributes = "".join(f' {key}="{escape(markable(value))}"' for key, value in node.attributes)
    yield f"<{node.name}{attributes}>"
    if node.name in _VOID:
        return
    for child in node.children:
        assert node.name not in _RAW or isinstance(child, Verbatim), f"text in <{node.name}> is not escaped"
        yield from _written(child)
    yield f"</{node.name}>"
