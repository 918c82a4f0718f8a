"""Holds: each reason for which an agreement is or was suspended, from the act that placed it until it lifts.

Kept as the docket grows. A hold that lifted before the latest event has *settled*: no later fact, read in order, moves
it. Each further act or fact costs only as much as the holds that have not; a docket that is read anew starts anew.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Sequence

from attrs import evolve

from lifecycle.days import BEGINNING, FOREVER, Instant
from lifecycle.docket import Docket
from lifecycle.machine import table
from lifecycle.matters import Act, Matter
from lifecycle.powers import openings_over
from lifecycle.terms.model import Power
from lifecycle.values import frozen
from lifecycle.windows import Window, Windows


@frozen
class Hold:
    """One reason why an agreement is suspended, from the act until it lifts. ``by_itself``: how it lifts, or lifted.

    sequence: the place in the history of the act that placed it (0: it stood when the account was imported). lifter:
    that of the act that lifted it, if one did.
    """

    event: str
    sequence: int
    power: str | None
    matter: str | None
    by: str
    since: Instant
    until: Instant = FOREVER
    by_itself: bool = False
    override: str | None = None
    lifter: int = 0

    @property
    def key(self) -> str:
        return self.matter or f"hold {self.event}"

    @property
    def window(self) -> Window:
        return Window(self.since, self.until)


class Holds:
    """The holds that a docket tells, of an agreement that ``begins`` at an instant; :meth:`grow` reads them."""

    __slots__ = (
        "_acts",
        "_begins",
        "_docket",
        "_open",
        "_powers",
        "_seen",
        "_settled",
        "_settled_until",
        "_waited",
        "all",
    )

    def __init__(self, docket: Docket, begins: Instant | None) -> None:
        self._docket = docket
        self._begins = begins
        self._start()

    def _start(self) -> None:
        self.all: list[Hold] = []
        """Every hold there was, in the order of the acts; empty ones (lifted by what was learned later) included."""
        self._waited: dict[tuple[str, int], _Waited] = {}
        self._acts = 0
        self._open: list[int] = []
        self._seen: dict[int, Matter | None] = {}
        self._powers: dict[int, Power | None] = {}
        self._settled: list[int] = []
        self._settled_until: list[Instant] = []
        opening, begins = self._docket.opening, self._begins
        for hold in opening.holds if opening and begins is not None else ():
            self._add(Hold("opening balance", 0, hold.power, hold.matter, "provider", begins or BEGINNING))

    def grow(self, places: Callable[[Act], bool]) -> None:
        """Read what the docket has been told since; ``places``: whether an act finds the agreement in force."""
        moved = min((waited.read(self._docket) for waited in self._waited.values()), default=FOREVER)
        if self._settled_until and moved <= self._settled_until[-1]:
            self._start()
        acts = self._docket.acts[self._acts :]
        self._acts += len(acts)
        lifting = any(act.does == "reinstate" for act in acts)
        for place in self._open:
            if lifting or self._may_have_moved(place, moved):
                self._lift(place)
        for act in acts:
            self._settle(min(act.at, self._docket.latest))
            if act.does == "suspend" and places(act):
                self._place(act)
        self._settle(self._docket.latest)

    def standing(self, at: Instant) -> tuple[Hold, ...]:
        """Those that stand at an instant, in the order of the acts."""
        return tuple([hold for hold in self.after(at) if hold.since <= at < hold.until])

    def turns(self, at: Instant) -> Instant:
        """The first instant after ``at`` at which a hold begins or lifts; FOREVER if none does."""
        turn = FOREVER
        for hold in self.after(at):
            for edge in (hold.since, hold.until):
                if at < edge < turn:
                    turn = edge
        return turn

    def after(self, at: Instant) -> Sequence[Hold]:
        """The holds that may stand at an instant or begin later, in the order of the acts."""
        if self._settled_until and at < self._settled_until[-1]:
            return self.all
        return [self.all[place] for place in self._open]

    def span(self, at: Instant) -> Window | None:
        """The whole suspension around an instant: holds that overlap or follow each other at once; None without one."""
        if not self.standing(at):
            return None
        spans = Windows.of(self.all[place].window for place in self._open)
        for place, reached in zip(reversed(self._settled), reversed(self._settled_until), strict=True):
            if (there := spans.following(at)) and at in there and reached < there.opens:
                break
            spans |= Windows((self.all[place].window,))
        return spans.following(at)

    # ---- placing and lifting -------------------------------------------------------------------------------

    def _place(self, act: Act) -> None:
        for matter in self._held_about(act):
            hold = Hold(act.event, act.sequence, act.power, matter, act.by, act.at, override=act.override)
            standing = (self.all[place] for place in self._open)
            if not any((h.power, h.key) == (hold.power, hold.key) and act.at in h.window for h in standing):
                self._add(hold)

    def _add(self, hold: Hold) -> None:
        self.all.append(hold)
        self._open.append(len(self.all) - 1)
        self._lift(len(self.all) - 1)

    def _lift(self, place: int) -> None:
        hold, docket = self.all[place], self._docket
        self._seen[place] = docket.matters.get(hold.matter or "")
        power = self._powers[place] = docket.power_over(hold.power, hold.matter, hold.since)
        self.all[place] = self._lifted(hold, power)

    def _may_have_moved(self, place: int, moved: Instant) -> bool:
        """Whether facts about the matter of a hold, or of any other it waits for, may have moved its end; ``moved``:
        the first instant at which anything waited for has changed.
        """
        hold = self.all[place]
        if self._docket.matters.get(hold.matter or "") is not self._seen[place]:
            return True
        return moved <= hold.until and bool((power := self._powers[place]) and power.lifts_with)

    def _settle(self, at: Instant) -> None:
        """Put aside what lifted by an instant, up to which all is read."""
        for place in self._open[:]:
            hold = self.all[place]
            if hold.until <= at:
                self._open.remove(place)
                del self._seen[place], self._powers[place]
                self._settled.append(place)
                self._settled_until.append(max([hold.until, *self._settled_until[-1:]]))

    def _held_about(self, act: Act) -> tuple[str | None, ...]:
        """The matters a suspension rests on, as they stood when it was placed: those it names, else those for which its
        power was open, else those pending, else those there were.
        """
        if act.about or act.power is None:
            return act.about or (None,)
        docket = self._docket
        governed = [docket.governed(matter, act.at) for matter in act.seen]
        powers = [(m, docket.terms_of(m).powers.get(act.power)) for m in governed]
        found = [(m, o) for m, power in powers if power for o in openings_over(power, m, m.last, docket)]
        open_ones = [m.id for m, o in found if act.at in o.window]
        # What had ended before would have been open: the hold then lifts at once. Else what was pending, or there.
        but_for_the_end = [m.id for m, o in found if all(r.met(act.at) for r in o.reasons if r.code != "matter")]
        pending = [m.id for m in act.seen if act.at in m.last.window]
        return tuple(dict.fromkeys(open_ones or but_for_the_end or pending)) or (None,)

    def _lifted(self, hold: Hold, power: Power | None) -> Hold:
        """The hold with the instant it lifts: by itself with its matter's end, or by the first act of lifting,
        whichever is earlier.
        """
        docket = self._docket
        until, by_itself, lifter = FOREVER, power is not None and power.lifts == "by itself", 0
        matter = docket.matters.get(hold.matter or "")
        if by_itself and matter is None and hold.matter in docket.mistaken:
            until = hold.since
        if by_itself and power and matter:
            spell = next((s for s in reversed(matter.spells) if s.opened <= hold.since), matter.spells[0])
            if spell.how in power.ended_by:
                until = max(hold.since, self._none_left(power, spell.ended))
        if lifting := self._lifting(hold, until):
            until, by_itself, lifter = lifting.at, False, lifting.sequence
        if (until, by_itself, lifter) == (hold.until, hold.by_itself, hold.lifter):
            return hold
        return evolve(hold, until=until, by_itself=by_itself, lifter=lifter)

    def _lifting(self, hold: Hold, until: Instant) -> Act | None:
        """The first act to lift a hold that otherwise lasts until an instant."""
        acts, docket = self._docket.acts, self._docket
        for act in acts[bisect_left(acts, hold.since, key=lambda act: act.at) :]:
            if act.at >= until:
                return None
            after_the_hold = (act.at, act.sequence) > (hold.since, hold.sequence)
            lifts = act.does == "reinstate" and after_the_hold and hold.key in (act.about or (hold.key,))
            if lifts and act.by in table(docket.versions.at(act.at)).by["reinstate"]:
                return act
        return None

    def _none_left(self, power: Power, at: Instant) -> Instant:
        """The first instant from ``at`` on at which the power that the lifting waits for is open for no matter."""
        if not power.lifts_with:
            return at
        key = (power.lifts_with, self._docket.versions.index_at(at))
        if (waited := self._waited.get(key)) is None:
            waited = self._waited[key] = _Waited(power.lifts_with, at)
            waited.read(self._docket)
        return waited.none_left(at)


class _Waited:
    """The windows in which a power that holds wait for was open over any matter, in each of its spells, under the Terms
    that govern at an instant. More time for that power, or giving it up, is no payment.
    """

    __slots__ = ("_governing", "_power", "_read", "_windows", "_windows_of")

    def __init__(self, power: str, governing: Instant) -> None:
        self._power = power
        self._governing = governing
        self._read = 0
        self._windows_of: dict[str, tuple[Window, ...]] = {}
        self._windows: list[Window] = []
        """All of them, in the order in which they close."""

    def read(self, docket: Docket) -> Instant:
        """Take in how the matters stand now: the first instant at which a window has changed, FOREVER if none has."""
        moved, became = [FOREVER], docket.became[self._read :]
        self._read += len(became)
        for name in dict.fromkeys(became):
            before, now = self._windows_of.get(name, ()), self._open(docket.matters[name], docket)
            if now != before:
                self._windows_of[name] = now
                was, is_ = Windows.of(before), Windows.of(now)
                moved += (window.opens for window in (*(was - is_), *(is_ - was)))
                for window in before:
                    self._windows.pop(
                        self._windows.index(window, bisect_left(self._windows, window.closes, key=_closes))
                    )
                for window in now:
                    insort(self._windows, window, key=_closes)
        return min(moved)

    def _open(self, matter: Matter, docket: Docket) -> tuple[Window, ...]:
        governed = docket.governed(matter, self._governing)
        power = docket.terms_of(governed).powers.get(self._power)
        if power is None or matter.kind not in power.matter:
            return ()
        bare = governed._replace(waits={}, waived={})
        return tuple(o.window for spell in bare.spells for o in openings_over(power, bare, spell, docket) if o.window)

    def none_left(self, at: Instant) -> Instant:
        """The first instant from ``at`` on in none of the windows."""
        still = Windows.of(self._windows[bisect_right(self._windows, at, key=_closes) :])
        waiting = still.following(at)
        return waiting.closes if waiting and at in waiting else at


def _closes(window: Window) -> Instant:
    return window.closes
