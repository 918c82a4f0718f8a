"""Where the steps have been: every event in every state, and each power's days on both sides of its edges."""

from __future__ import annotations

from collections import Counter

from lifecycle.events import Event
from tests.oracle.modal import ONE, Walk

STATES = ("None", "trial", "active", "suspended", "renewed", "terminated")


class Reached:
    """Counts of what was reached; kept for as long as the tests run."""

    def __init__(self) -> None:
        self.pairs: Counter[tuple[str, str]] = Counter()
        self.days: Counter[tuple[str, int]] = Counter()
        self.acts: Counter[str] = Counter()

    def step(self, state: str | None, event: Event) -> None:
        """An event was recorded in a state."""
        self.pairs[str(state), type(event.fact).__name__] += 1

    def exercised(self, power: str) -> None:
        self.acts[power] += 1

    def edges(self, walk: Walk) -> None:
        """Note the edges of which this is the day before (-1), the day itself (0) or the day after (1)."""
        edges = [(o.power, o.first) for o in walk.powers]
        edges += [("non_renewal", walk.dawn(term.last_notice + ONE)) for term in walk.terms]
        edges += [("term", walk.dawn(term.last + ONE)) for term in walk.terms]
        edges += [("claim", walk.dawn(last + ONE)) for last, _ in walk.claims().values()]
        for name, edge in edges:
            if abs(edge - walk.at) < 3 * ONE and abs(off := (walk.day(walk.at) - walk.day(edge)).days) <= 1:
                self.days[name, off] += 1

    def report(self) -> str:
        """Two tables: how often each event was recorded in each state, and each power met around its edges."""
        events = sorted({event for _, event in self.pairs})
        lines = [f"{'recorded in':30}" + "".join(f"{state:>12}" for state in STATES)]
        lines += [f"{event:30}" + "".join(f"{self.pairs[state, event]:12}" for state in STATES) for event in events]
        lines += ["", f"{'edge':30}" + "".join(f"{day:>12}" for day in ("day before", "day", "day after", "done"))]
        for name in sorted({name for name, _ in self.days}):
            counts = [*(self.days[name, off] for off in (-1, 0, 1)), self.acts[name]]
            lines.append(f"{name:30}" + "".join(f"{count:12}" for count in counts))
        return "\n".join(lines)


REACHED = Reached()
