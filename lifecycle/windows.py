"""Windows of time and their algebra.

A window is the half-open span ``[opens, closes)`` of instants. One convention, normalised when made: every empty span
is :data:`NEVER`; a span without a first or last instant reaches to ``BEGINNING`` or ``FOREVER`` and prints as infinite.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lifecycle.days import BEGINNING, FOREVER, Instant, as_text
from lifecycle.values import frozen


@frozen(repr=False)
class Window:
    """The span of instants ``opens <= t < closes``.

    >>> from datetime import UTC, datetime
    >>> Window(opens=datetime(2026, 3, 21, 7, tzinfo=UTC))
    [2026-03-21T07:00:00Z, ∞)
    """

    opens: Instant = BEGINNING
    closes: Instant = FOREVER

    def __attrs_post_init__(self) -> None:
        if self.opens >= self.closes:
            object.__setattr__(self, "opens", FOREVER)
            object.__setattr__(self, "closes", FOREVER)

    def __bool__(self) -> bool:
        """Whether it holds any instant at all."""
        return self.opens < self.closes

    def __contains__(self, at: Instant) -> bool:
        return self.opens <= at < self.closes

    def __and__(self, other: Window) -> Window:
        """The instants in both."""
        if self.opens >= other.opens and self.closes <= other.closes:
            return self
        return Window(max(self.opens, other.opens), min(self.closes, other.closes))

    def __repr__(self) -> str:
        if not self:
            return "∅"
        left = "(-∞" if self.opens == BEGINNING else f"[{as_text(self.opens)}"
        return f"{left}, {'∞' if self.closes == FOREVER else as_text(self.closes)})"


ALWAYS = Window()
NEVER = Window(FOREVER, FOREVER)


@frozen(repr=False)
class Windows:
    """A set of instants: windows in order that neither touch nor overlap. Make one with :meth:`of`."""

    parts: tuple[Window, ...] = ()

    @classmethod
    def of(cls, windows: Iterable[Window]) -> Windows:
        """The union of any windows."""
        parts: list[Window] = []
        for window in sorted((w for w in windows if w), key=lambda w: w.opens):
            if parts and window.opens <= parts[-1].closes:
                parts[-1] = Window(parts[-1].opens, max(parts[-1].closes, window.closes))
            else:
                parts.append(window)
        return cls(tuple(parts))

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __iter__(self) -> Iterator[Window]:
        return iter(self.parts)

    def __contains__(self, at: Instant) -> bool:
        return any(at in part for part in self.parts)

    def __or__(self, other: Windows) -> Windows:
        return Windows.of(self.parts + other.parts)

    def __and__(self, other: Windows) -> Windows:
        return Windows.of(a & b for a in self.parts for b in other.parts)

    def __invert__(self) -> Windows:
        """Every instant that is in none of them."""
        edges = [BEGINNING, *(edge for part in self.parts for edge in (part.opens, part.closes)), FOREVER]
        return Windows.of(Window(edges[i], edges[i + 1]) for i in range(0, len(edges), 2))

    def __sub__(self, other: Windows) -> Windows:
        return self & ~other

    def following(self, at: Instant) -> Window | None:
        """The window that holds ``at``, or the next one to open after it."""
        return next((part for part in self.parts if at < part.closes), None)

    def __repr__(self) -> str:
        return " ∪ ".join(map(repr, self.parts)) or "∅"
