"""The picture in the README is what the table of the Modal Terms says, arrow for arrow."""

from pathlib import Path

from lifecycle import terms
from lifecycle.machine import edges

README = Path(__file__).parents[1] / "README.md"


def drawn() -> str:
    """The table as a Mermaid state diagram: one arrow for each pair of states, with who may take it and the clauses."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for edge in edges(terms.load("modal-2024-03-26")):
        who = ", ".join(edge.by) or "by itself"
        sections = dict.fromkeys(clause.partition("(")[0] for clause in edge.clauses)
        label = f"{edge.transition} · {who} · {', '.join(sections)}"
        arrows.setdefault((edge.source, edge.target), []).append(label)
    lines = ["stateDiagram-v2", "    direction LR", "    [*] --> trial", "    [*] --> active"]
    lines += [f"    {source} --> {target}: {'<br/>'.join(labels)}" for (source, target), labels in arrows.items()]
    return "\n".join([*lines, "    terminated --> [*]"])


def test_the_picture_is_the_table() -> None:
    assert f"```mermaid\n{drawn()}\n```" in README.read_text(encoding="utf-8")
