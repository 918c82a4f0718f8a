"""The picture as Mermaid text, ``stateDiagram-v2``: for pages that draw it themselves, such as a README."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lifecycle.diagrams.picture import Picture, Place
from lifecycle.diagrams.words import told
from lifecycle.plain import writable

# All that could end a label, start a directive or be read as HTML; Mermaid takes a character by its number.
_SPECIAL = re.compile(r"[^\w .,()\[\]+·'/✓◷○-]|--|\b(?:end|state|note|click|href|class|style|classDef|direction)\b")


def mermaid(picture: Picture) -> str:
    """The picture as Mermaid text."""
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{label(p.title)}" as {p.id}' for p in picture.places if not p.region and p.title != p.id]
    lines += _members(picture, "", "    ")
    if picture.mark:
        here = picture.mark.state
        lines += ["    classDef here stroke-width:4px,stroke-dasharray:6 3"]
        lines += [f"    class {here} here"] if here else []
        lines += [f"    note right of {here}: {label(picture.mark.told)}"] if here else []
    return "\n".join(lines) + "\n"


def _members(picture: Picture, region: str, indent: str) -> Iterator[str]:
    """What lies in a region itself: places, ways in, and the arrows between what it holds."""
    inside = picture.within(region)
    for place in inside:
        if place.region:
            yield f'{indent}state "{label(place.title)}" as {place.id} {{'
            yield from _members(picture, place.id, indent + "    ")
            yield f"{indent}}}"
        elif not any(place.id in (arrow.source, arrow.target) for arrow in picture.arrows):
            yield f"{indent}{place.id}"
    yield from (f"{indent}[*] --> {place.id}: {label(place.entry)}" for place in _entered(inside))
    here = {place.id for place in inside}
    for arrow in picture.arrows:
        if {arrow.source, arrow.target} <= here:
            yield f"{indent}{arrow.source} --> {arrow.target}: {'<br/>'.join(map(label, told(arrow, picture)))}"


def _entered(places: tuple[Place, ...]) -> list[Place]:
    order = ("trial", "active")
    return sorted((place for place in places if place.entry), key=lambda place: order.index(place.id))


def label(text: str) -> str:
    """A text of others' making as (part of) a label: nothing in it is syntax."""
    return _SPECIAL.sub(lambda found: "".join(f"#{ord(c)};" for c in found[0]), writable(text))
