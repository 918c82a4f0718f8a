"""The formats a picture can be had in: one small renderer each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias, get_args, overload

from lifecycle.diagrams.data import json_text
from lifecycle.diagrams.dot import dot
from lifecycle.diagrams.mermaid import mermaid
from lifecycle.diagrams.picture import Picture
from lifecycle.diagrams.png import png
from lifecycle.diagrams.svg import WIDE, svg
from lifecycle.diagrams.theme import Look, colours
from lifecycle.errors import InvalidFact

Format: TypeAlias = Literal["mermaid", "dot", "svg", "png", "json"]
_RENDERERS: Mapping[str, Callable[[Picture, Look], str | bytes]] = {
    "mermaid": lambda picture, _: mermaid(picture),
    "dot": lambda picture, _: dot(picture),
    "svg": lambda picture, look: svg(picture, look),
    "png": lambda picture, look: png(svg(picture, look), 2 * WIDE),
    "json": lambda picture, _: json_text(picture),
}
FORMATS: tuple[Format, ...] = get_args(Format)
SUFFIXES: Mapping[str, Format] = {
    ".mmd": "mermaid",
    ".gv": "dot",
    **{f".{name}": name for name in FORMATS},
}
"""Endings of file names, and the format each means."""


@overload
def render(
    picture: Picture, format: Literal["mermaid", "dot", "svg", "json"], *, theme: str = ..., prefix: str = ...
) -> str: ...
@overload
def render(picture: Picture, format: Literal["png"], *, theme: str = ..., prefix: str = ...) -> bytes: ...
@overload
def render(picture: Picture, format: str, *, theme: str = ..., prefix: str = ...) -> str | bytes: ...


def render(picture: Picture, format: str, *, theme: str = "light", prefix: str = "lifecycle-") -> str | bytes:
    """A picture in a format: text, or for ``png`` bytes, which takes the extra ``pictures``.

    theme: the colours of ``svg`` and ``png`` - ``light``, ``dark``, or ``page`` for an SVG inside a web page whose
    style sets them. prefix: of every id in the SVG, for several of them in one page.

    Raises InvalidFact for a format or theme there is not, listing those there are.
    """
    if format not in _RENDERERS:
        raise InvalidFact("picture", "format", f"there is no {format!r}: {', '.join(FORMATS)}")
    return _RENDERERS[format](picture, Look(colours(theme), prefix))
