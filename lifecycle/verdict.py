"""Verdicts: the answer to "may a party do this at that instant" - whether, from when, why, and what is missing."""

from __future__ import annotations

from typing import Literal, NoReturn

from lifecycle.days import Day, Instant
from lifecycle.errors import LifecycleError
from lifecycle.events import By
from lifecycle.machine import State
from lifecycle.powers import Opening
from lifecycle.reasons import Counted, Lasting, Reason
from lifecycle.terms.model import Power, Rule
from lifecycle.values import define, frozen
from lifecycle.windows import NEVER, Window


@frozen(kw_only=True)
class Question:
    """May ``by`` do ``does`` at an instant? ``about`` and ``power`` narrow it. ``method``: how it is given, where that
    matters; None leaves it open.

    known_through: the instant up to which the asker vouches that facts are complete. approvals: the persons who
    approved, where a house policy asks for some.
    """

    does: str
    by: By
    at: Instant
    about: tuple[str, ...] = ()
    power: str | None = None
    method: str | None = None
    known_through: Instant | None = None
    approvals: tuple[str, ...] = ()


@frozen(kw_only=True)
class Verdict:
    """The answer. ``openings`` are what permits it or, refused, what it would first come from; ``hindrances`` stand in
    the way besides windows.

    ``first`` is the first instant at which the windows permit it (``supposing``: if the missing notices were given
    now), None where waiting does not help. ``choices``: the powers that permit it, where there are several the first is
    meant. It has no truth value of its own: ask ``.permitted``.
    """

    question: Question
    on: Day
    permitted: bool
    openings: tuple[Opening, ...]
    considered: tuple[Opening, ...]
    hindrances: tuple[Reason, ...]
    rules: tuple[Rule, ...]
    first: Instant | None
    first_day: Day | None
    last_day: Day | None
    supposing: bool = False
    choices: tuple[str, ...] = ()
    leads_to: State | None = None

    def __bool__(self) -> NoReturn:
        raise TypeError("a verdict is not true or false: ask verdict.permitted")

    @property
    def power(self) -> Power | None:
        return self.openings[0].power if self.openings else None

    @property
    def clause(self) -> str:
        """The clause of the power, or of what stands in the way."""
        return self.power.clause if self.power else next((r.clause for r in self.reasons if r.clause), "")

    @property
    def about(self) -> tuple[str, ...]:
        """The ids of the matters it rests on."""
        return tuple(o.matter.id for o in self.openings if o.matter)

    @property
    def window(self) -> Window:
        """The window it falls in or waits for; NEVER where there is none."""
        return self.openings[0].window if self.openings else NEVER

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Every condition, met or not."""
        return (*self.hindrances, *(reason for o in self.openings for reason in o.reasons))

    @property
    def unmet(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if not reason.met(self.question.at))

    @property
    def codes(self) -> tuple[str, ...]:
        """The stable codes of what is not met; () where it is permitted."""
        return tuple(dict.fromkeys(reason.code for reason in self.unmet))

    @property
    def blocked_by(self) -> tuple[Literal["clause", "policy"], ...]:
        """Whether the Terms stand in the way, a house policy, or both; () where it is permitted."""
        houses = {code.startswith("policy-") for code in self.codes}
        return () if self.permitted else tuple(who for who, house in _BLOCKERS if house in houses)

    @property
    def missing(self) -> tuple[str, ...]:
        """What would help, as steps in words."""
        return tuple(dict.fromkeys(step for reason in self.unmet if (step := reason.step())))

    @property
    def arithmetic(self) -> str:
        """How the windows were calculated."""
        return "; ".join(o.arithmetic for o in self.openings if o.arithmetic)

    def __str__(self) -> str:
        head = f"{self.question.does} {'permitted' if self.permitted else 'refused'} on {self.on}"
        has_clocks = any(isinstance(reason, Counted) for reason in self.reasons)
        told = [
            r.text(self.on)
            for r in self.reasons
            if not (isinstance(r, Lasting) and r.met(self.question.at) and has_clocks)
        ]
        told += [f"{rule.clause} {rule.text}" for rule in self.rules if not self.permitted]
        sentences = [f"{head}: {'; '.join(told)}" if told else head]
        if not self.permitted:
            if steps := [step for step in self.missing if not step.startswith("wait until")]:
                sentences.append(f"Missing: {'; '.join(steps)}")
            sentences.append(self._when())
        return ". ".join(sentences) + "."

    def _when(self) -> str:
        if self.first_day is None:
            return "First day: none, whatever the wait"
        supposing = " (if the missing notice is given as soon as it counts)" if self.supposing else ""
        return f"First day: {self.first_day}{supposing}"


_BLOCKERS: tuple[tuple[Literal["clause", "policy"], bool], ...] = (("clause", False), ("policy", True))


@define(eq=False)
class Refused(LifecycleError):
    """What was asked for is not permitted; nothing was recorded. ``verdict`` says why and from when."""

    verdict: Verdict

    def __str__(self) -> str:
        return str(self.verdict)
