"""The picture as Mermaid text, ``stateDiagram-v2``: for pages that draw it themselves, such as a README."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lifecycle.diagrams.picture import Picture, Place
from lifecycle.diagrams.words import together
from lifecycle.plain import writable

# What could end a label, start a directive, or be read as HTML or markdown; Mermaid takes a character by its number.
_SPECIAL = re.compile(r"[^\w .,()\[\]+·•'/-]|_|--+|^\d+\.(?= )")


def mermaid(picture: Picture) -> str:
    """The picture as Mermaid text."""
    lines = ["stateDiagram-v2", *_members(picture, "", "    ")]
    if here := next((place.id for place in picture.places if place.here), None):
        lines += ["    classDef here stroke-width:4px,stroke-dasharray:6 3", f"    class {here} here"]
    return "\n".join(lines) + "\n"


def _members(picture: Picture, region: str, indent: str) -> Iterator[str]:
    """What lies in a region itself: places, ways in, and the arrows between what it holds."""
    inside = picture.within(region)
    for place in inside:
        if place.region:
            yield f'{indent}state "{label(place.title)}" as {place.id} {{'
            yield from _members(picture, place.id, indent + "    ")
            yield f"{indent}}}"
        elif place.here and picture.mark:
            stands = f"{place.title} · {picture.mark.agreement} on {picture.mark.on}"
            yield f'{indent}state "{label(stands)}" as {place.id}'
        elif not any(place.id in (arrow.source, arrow.target) for arrow in picture.arrows):
            yield f"{indent}{place.id}"
    yield from (f"{indent}[*] --> {place.id}: {label(place.entry)}" for place in _entered(inside))
    here = {place.id for place in inside}
    for arrow, told in together(picture):
        if {arrow.source, arrow.target} <= here:
            yield f"{indent}{arrow.source} --> {arrow.target}: {'<br/>'.join(map(label, told))}"


def _entered(places: tuple[Place, ...]) -> list[Place]:
    order = ("trial", "active")
    return sorted((place for place in places if place.entry), key=lambda place: order.index(place.id))


def label(text: str) -> str:
    """A text of others' making as (part of) a label: nothing in it is syntax."""
    return _SPECIAL.sub(lambda found: "".join(f"#{ord(c)};" for c in found[0]), writable(text))
