"""``do`` acts if the Terms permit it, and ``catch-up`` takes down what took effect by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from attrs import frozen
from cyclopts import App, Parameter

from lifecycle import answers as told
from lifecycle.agreement import Agreement, Outcome
from lifecycle.cli import telling
from lifecycle.cli.accounts import AsJson, History, TermsFiles, asked_at, check_act, opened
from lifecycle.cli.asking import (
    About,
    Approvals,
    ByWhom,
    Does,
    KnownThrough,
    Method,
    OnlyUndisputed,
    PolicyFile,
    PowerId,
    holder,
    show,
    vouched,
)
from lifecycle.cli.groups import RECORD
from lifecycle.cli.output import Output
from lifecycle.cli.recording import Place, RecordedAt, appended
from lifecycle.days import Instant
from lifecycle.events import Entry
from lifecycle.verdict import Refused
from lifecycle.views import View


def add(app: App, out: Output) -> None:
    """Add the commands to the application."""
    verbs = Verbs(out)
    app.command(verbs.do, group=RECORD)
    app.command(verbs.catch_up, group=RECORD)


@frozen
class Verbs:
    """Acting, if the Terms permit it; and taking down what took effect by itself."""

    out: Output

    def do(
        self,
        transition: Does,
        history: History,
        /,
        *,
        by: ByWhom = None,
        about: About = (),
        power: PowerId = None,
        method: Method = None,
        known_through: KnownThrough = None,
        only_undisputed: OnlyUndisputed = False,
        approvals: Approvals = (),
        policy: PolicyFile = None,
        override: Annotated[
            str | None,
            Parameter(show_default=False, help="Act against the verdict, for this reason: it is marked irregular."),
        ] = None,
        place: Place = Place(),  # noqa: B008
        terms: TermsFiles = (),
        as_json: AsJson = False,
    ) -> int:
        """Act now, if the Terms permit it, and record that; otherwise say why not, and record nothing.

        Example: `lifecycle do suspend acme.jsonl --about INV-7 --known-through now --actor collections`

        In an emergency: `lifecycle do suspend acme.jsonl --override "attack from their network"`

        With `--json`: the answer `do` of `lifecycle terms schema answers`; `event` is null where it is refused. Ends
        with 0 where it was done, 1 where it is refused, 2 where there is no such act, power or matter.
        """

        def act(account: Agreement) -> Outcome:
            view = View(account=account, at=asked_at(account, place.at))
            check_act(view, transition, about, power)
            return account.do(
                transition,
                by=by or holder(view, transition, power),
                at=view.at,
                about=about,
                power=power,
                method=method,
                known_through=vouched(known_through, view.at, view),
                approvals=approvals,
                only_undisputed=only_undisputed,
                override=override,
                **place.kept,
            )

        try:
            found = appended(history, terms, act, policy)
        except Refused as refused:
            return self._refused(opened(history, terms), refused, as_json=as_json)
        account, outcome = found.account, found.done
        view = View(account=account, at=outcome.event.recorded)
        answer = told.DoneTold(
            agreement=account.id,
            verdict=view.verdict(outcome.verdict),
            event=view.event(outcome.event),
            repeated=outcome.event.sequence <= found.before,
            source=outcome.source,
            target=outcome.target,
            effective=outcome.effective,
            effects=tuple(
                told.EffectTold(effect=effect.id, clause=effect.clause, text=effect.text, figures=dict(effect.figures))
                for effect in outcome.effects
            ),
        )
        return show(self.out, answer, telling.done, as_json=as_json)

    def _refused(self, account: Agreement, refused: Refused, *, as_json: bool) -> int:
        at = refused.verdict.question.at
        source = account.status(at).state
        answer = told.DoneTold(
            agreement=account.id,
            verdict=View(account=account, at=at).verdict(refused.verdict),
            event=None,
            repeated=False,
            source=source,
            target=source,
            effective=None,
            effects=(),
        )
        show(self.out, answer, telling.done, as_json=as_json)
        return 1

    def catch_up(
        self, history: History, /, *, at: RecordedAt = None, terms: TermsFiles = (), as_json: AsJson = False
    ) -> int:
        """Take down what took effect by itself since the last time: renewals, holds that lifted, ends.

        No answer rests on it: it is for telling others, each thing once, by its key. What later facts undo is told as
        overturned.

        Example: `lifecycle catch-up acme.jsonl`

        With `--json`: the answer `catch-up` of `lifecycle terms schema answers`. Ends with 0.
        """

        def act(account: Agreement) -> tuple[Instant, Sequence[Entry]]:
            through = asked_at(account, at)
            return through, account.catch_up(through)

        found = appended(history, terms, act)
        account, (through, entries) = found.account, found.done
        view = View(account=account, at=through)
        answer = told.CaughtUpTold(
            agreement=account.id,
            through=through,
            entries=tuple(map(view.entry, entries)),
            recorded=tuple(event.id for event in list(account.history)[found.before :]),
        )
        return show(self.out, answer, telling.caught_up, as_json=as_json)
