"""The picture in the README is what the table of the Modal Terms says: where all states of a group share an arrow, it
is drawn once, from or to the group.
"""

from pathlib import Path

from lifecycle import terms
from lifecycle.machine import IN_SERVICE, RUNNING, edges

README = Path(__file__).parents[1] / "README.md"


def label(transition: str) -> str:
    """Who takes a transition and under which sections: the same on all its arrows."""
    (told,) = {
        (edge.by, edge.clauses) for edge in edges(terms.load("modal-2024-03-26")) if edge.transition == transition
    }
    by, clauses = told
    sections = dict.fromkeys(clause.partition("(")[0] for clause in clauses)
    return f"{transition} · {', '.join(by) or 'by itself'} · {', '.join(sections)}"


def drawn() -> str:
    """The table as a Mermaid state diagram."""
    arrows = {(edge.transition, edge.source, edge.target) for edge in edges(terms.load("modal-2024-03-26"))}
    inside = {arrow for arrow in arrows if arrow[1] in IN_SERVICE and arrow[2] in IN_SERVICE}
    shared = {("suspend", state, "suspended") for state in IN_SERVICE}
    shared |= {("reinstate", "suspended", state) for state in IN_SERVICE}
    shared |= {(end, state, "terminated") for end in ("terminate", "expire") for state in RUNNING}
    staying = {(transition, "suspended", "suspended") for transition in ("convert", "renew", "suspend", "reinstate")}
    assert arrows == inside | shared | staying
    order = {state: n for n, state in enumerate(("trial", "active", "renewed"))}
    lines = [f"{s} --> {t}: {label(name)}" for name, s, t in sorted(inside, key=lambda a: (order[a[1]], order[a[2]]))]
    return "\n".join(
        [
            "stateDiagram-v2",
            '    state "in force" as in_force {',
            '        state "in service" as in_service {',
            *(f"            {line}" for line in ("[*] --> trial", "[*] --> active", *lines)),
            "        }",
            f"        in_service --> suspended: {label('suspend')}",
            f"        suspended --> in_service: {label('reinstate')}",
            "    }",
            f"    in_force --> terminated: {label('terminate')}",
            f"    in_force --> terminated: {label('expire')}",
        ]
    )


def test_the_picture_is_the_table() -> None:
    assert f"```mermaid\n{drawn()}\n```" in README.read_text(encoding="utf-8")
