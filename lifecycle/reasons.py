"""Reasons: one condition of a power applied to the facts, as a window, a stable code, and words rendered only when
asked for.

``met(at)`` is whether the condition holds at an instant; ``text(on)`` says it for a reader on a day; ``arithmetic`` is
the calculation behind a window; ``step()`` is what would help, if anything would. The words are for people, the
``code`` for programs: codes do not change.
"""

from __future__ import annotations

from lifecycle.days import Day, Instant
from lifecycle.plain import a
from lifecycle.terms.model import Clock, Scalar
from lifecycle.values import frozen
from lifecycle.windows import NEVER, Window


@frozen(kw_only=True)
class Reason:
    """A condition that holds within ``window``."""

    code: str
    clause: str
    window: Window = NEVER
    words: str = ""
    missing: str = ""

    def met(self, at: Instant) -> bool:
        return at in self.window

    def text(self, on: Day) -> str:
        """The reason in words, for a reader on a day."""
        return f"{self.clause} {self.words}".strip()

    @property
    def arithmetic(self) -> str:
        """The calculation behind the window; '' where there is none."""
        return ""

    def step(self) -> str:
        """What is missing, as something to do; '' where nothing would help or nothing is missing."""
        return self.missing


@frozen(kw_only=True)
class Lasting(Reason):
    """The matter goes on: it began, and has not ended in a way that takes the power away."""

    code: str = "matter"
    label: str
    since: Day
    ended: Day | None = None
    how: str = ""

    def text(self, on: Day) -> str:
        if self.ended is not None and on >= self.ended:
            return f"{self.clause} {self.label} was {self.how.replace('_', ' ')} on {self.ended}"
        return f"{self.clause} {self.label} since {self.since}"


@frozen(kw_only=True)
class Counted(Reason):
    """A clock that runs: counted from ``anchor``, the last day it leaves to the other side is ``safe``, and the window
    begins the day after.

    For a deadline (``no later than``, or a clock backwards) ``safe`` is the last day of the window itself. Both days
    are included.
    """

    code: str = "clock"
    clock: Clock
    label: str
    anchor: Day
    safe: Day
    excused: tuple[str, ...] = ()

    @property
    def is_deadline(self) -> bool:
        return self.clock.compare == "no later than" or self.clock.direction == "before"

    @property
    def opens(self) -> Day:
        """The first day of the window."""
        return Day.fromordinal(self.safe.toordinal() + 1)

    @property
    def _length(self) -> str:
        more = "more than " if self.clock.compare == "more than" and self.clock.n else ""
        return f"{more}{self.clock.period}" if self.clock.n or more else ""

    @property
    def arithmetic(self) -> str:
        sign = "-" if self.clock.direction == "before" else "+"
        told = f"{self.label} {self.anchor}" + (f" {sign} {self.clock.period}" if self.clock.n else "")
        if self.excused:
            told += f" (not counting {', '.join(self.excused)})"
        if self.is_deadline:
            return f"{told}: through {self.safe}"
        return f"{told}: {self.clock.leaves or 'safe'} through {self.safe}, opens {self.opens}"

    def text(self, on: Day) -> str:
        facts = f"{self.label} {self.anchor}: day {on.toordinal() - self.anchor.toordinal()}"
        if self.is_deadline:
            needs = f"{self._length} {self.clock.reads}".strip()
            return f"{self.clause} needs {needs} ({self.label} {self.anchor}) - through {self.safe}"
        stands = "met" if on >= self.opens else f"opens {self.opens}"
        if self.clock.compare == "not within":
            purpose = self.clock.leaves or self.clock.reads or "the other side"
            return f"{self.clause} leaves {self.clock.period} for {purpose} ({facts}) - {stands}"
        needs = f"{self._length} {self.clock.reads}".strip()
        return f"{self.clause} needs {needs} ({facts}) - {stands}"

    def step(self) -> str:
        return "" if self.is_deadline else f"wait until {self.opens}"


@frozen(kw_only=True)
class Elapsed(Reason):
    """A clock in hours: ``start`` and ``reached`` are the instants between which they pass, as people write them."""

    code: str = "clock"
    clock: Clock
    label: str
    start: str
    reached: str

    @property
    def arithmetic(self) -> str:
        limit = "until" if self.clock.compare == "no later than" else "opens"
        return f"{self.label} {self.start} + {self.clock.period}: {limit} {self.reached}"

    def text(self, on: Day) -> str:
        needs = f"{self.clock.period} {self.clock.reads}".strip()
        return f"{self.clause} needs {needs} ({self.arithmetic})"

    def step(self) -> str:
        return "" if self.clock.compare == "no later than" else f"wait until {self.reached}"


@frozen(kw_only=True)
class Either(Reason):
    """Several clocks of which any suffices: from where the first of them opens to where the last one closes."""

    parts: tuple[Reason, ...]

    @classmethod
    def of(cls, parts: tuple[Reason, ...]) -> Either:
        windows = [part.window for part in parts if part.window]
        window = Window(min(w.opens for w in windows), max(w.closes for w in windows)) if windows else NEVER
        missing = any(part.code == "notice-missing" for part in parts)
        code = "clock" if windows else "notice-missing" if missing else parts[0].code
        return cls(code=code, clause=parts[0].clause, window=window, parts=parts)

    @property
    def arithmetic(self) -> str:
        return " or ".join(filter(None, (part.arithmetic for part in self.parts)))

    def text(self, on: Day) -> str:
        return " or ".join(part.text(on) for part in self.parts)

    def step(self) -> str:
        return " or ".join(filter(None, (part.step() for part in self.parts)))


@frozen(kw_only=True)
class Stopped(Reason):
    """A clock that stands still, because of something that prevents what it waits for."""

    code: str = "paused"
    label: str
    by: tuple[str, ...]

    def text(self, on: Day) -> str:
        goes_on = f"{', '.join(self.by)} goes on, and no day can be named until it ends"
        return f"{self.clause} {self.label} is not counting: {goes_on}"


@frozen(kw_only=True)
class NoNotice(Reason):
    """A notice that the clause needs has not been given, or does not count."""

    code: str = "notice-missing"
    title: str
    label: str
    defects: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    soonest: Day | None = None
    """The first day on which it can be given so that it counts, where the Terms set one."""

    def text(self, on: Day) -> str:
        told = f"{self.clause} needs {a(self.title)} about {self.label}: none counts"
        return f"{told} ({'; '.join(self.defects)})" if self.defects else told

    def step(self) -> str:
        by = f" by {', '.join(self.methods).replace('_', ' ')}" if self.methods else ""
        soonest = f", not before {self.soonest}" if self.soonest else ""
        return f"give {a(self.title)} about {self.label}{by}{soonest}"


@frozen(kw_only=True)
class Unfit(Reason):
    """The matter is not of the sort the clause speaks of."""

    code: str = "not-applicable"
    label: str
    found: Scalar | None
    name: str

    def text(self, on: Day) -> str:
        return f"{self.clause} is not about {self.label}: {self.name} is {said(self.found)}"


@frozen(kw_only=True)
class Unsaid(Reason):
    """The clause turns on something that nobody has asserted; when in doubt the power stays shut."""

    code: str = "unsaid"
    label: str
    name: str

    def text(self, on: Day) -> str:
        return f"{self.clause} turns on whether {self.label} is {self.name}, and nobody has said"

    def step(self) -> str:
        return f"record {self.name} of {self.label}"


def said(value: Scalar | None) -> str:
    """A value as people write it: yes, no, a word, a list of words."""
    if isinstance(value, tuple):
        return ", ".join(value)
    return {True: "yes", False: "no", None: "unsaid"}[value] if value is None or isinstance(value, bool) else value
