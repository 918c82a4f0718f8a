"""The picture in DOT, for Graphviz and all that reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from lifecycle.diagrams.picture import Arrow, Picture, Place
from lifecycle.diagrams.words import together
from lifecycle.plain import writable

_LONGEST = 64
_SHAPES = {
    "trial": 'style="rounded,dashed"',
    "renewed": 'style="rounded" peripheries=2',
    "suspended": 'style="rounded,filled" fillcolor="#fff3d9"',
    "terminated": 'style="filled" fillcolor="#2b3540" fontcolor="#ffffff"',
}


def dot(picture: Picture) -> str:
    """The picture in DOT."""
    name = picture.mark.told if picture.mark else f"The life of an agreement under {picture.title}"
    lines = [
        "digraph lifecycle {",
        f"    graph [label={quoted(name)} labelloc=t compound=true fontname=sans]",
        '    node [shape=box style="rounded" fontname=sans fontsize=14]',
        "    edge [fontname=sans fontsize=10]",
        *_members(picture, "", "    "),
        *(_edge(arrow, told, picture) for arrow, told in together(picture)),
    ]
    return "\n".join([*lines, "}"]) + "\n"


def _members(picture: Picture, region: str, indent: str) -> Iterator[str]:
    for place in picture.within(region):
        if place.region:
            yield f"{indent}subgraph cluster_{place.id} {{"
            yield f'{indent}    label={quoted(place.title)} style="rounded"'
            yield from _members(picture, place.id, indent + "    ")
            yield f"{indent}}}"
        else:
            yield f"{indent}{place.id} [{_looks(place)}]"
            if place.entry:
                yield f'{indent}start_{place.id} [shape=point width=0.15 label=""]'
                yield f"{indent}start_{place.id} -> {place.id} [label={quoted(place.entry)}]"


def _looks(place: Place) -> str:
    title = f"{place.title} (here)" if place.here else place.title
    told = [f"label={quoted(title)}", _SHAPES.get(place.id, "")]
    return " ".join(filter(None, (*told, "penwidth=4" if place.here else "")))


def _edge(arrow: Arrow, told: Sequence[str], picture: Picture) -> str:
    """An arrow; one from or to a region runs between states inside it and is cut off at its border."""
    ends = [picture.states_of(place)[-1] for place in (arrow.source, arrow.target)]
    tail = f"ltail=cluster_{arrow.source}" if ends[0] != arrow.source else ""
    head = f"lhead=cluster_{arrow.target}" if ends[1] != arrow.target else ""
    style = "style=dashed" if arrow.automatic else "penwidth=2.5" if arrow.transition == "terminate" else ""
    label = f"label={quoted(*told)}"
    looks = " ".join(filter(None, (label, style, tail, head)))
    return f"    {ends[0]} -> {ends[1]} [{looks}]"


def quoted(*lines: str) -> str:
    """Lines of others' making as one quoted text, wrapped, each line to the left."""
    wrapped = [part for line in lines for part in wrap(writable(line), _LONGEST, subsequent_indent="  ")] or [""]
    escaped = [line.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") for line in wrapped]
    return f'"{escaped[0]}"' if len(wrapped) == 1 else '"' + "".join(f"{line}\\l" for line in escaped) + '"'
