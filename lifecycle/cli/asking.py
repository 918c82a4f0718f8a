"""What may be asked of an account: ``status``, ``powers``, ``explain``, ``timeline``, ``duties``, ``audit``,
``clauses`` and ``log``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeAlias, cast, get_args

from attrs import frozen
from cyclopts import App, Parameter

from lifecycle.answers import as_data
from lifecycle.cli import reporting, telling
from lifecycle.cli.accounts import AsJson, History, Look, check_act, meant, viewed
from lifecycle.cli.groups import ASK
from lifecycle.cli.output import BadInput, Output
from lifecycle.days import Instant
from lifecycle.events import By
from lifecycle.views import View

Does: TypeAlias = Annotated[str, Parameter(help="What is to be done: suspend, reinstate, terminate, or another act.")]
ByWhom: TypeAlias = Annotated[
    By | None,
    Parameter(name="--by", show_default=False, help="Who: provider, customer or both. Default: who alone may hold it."),
]
About: TypeAlias = Annotated[
    tuple[str, ...],
    Parameter(name="--about", negative="", show_default=False, help="Only because of this matter. Repeatable."),
]
PowerId: TypeAlias = Annotated[
    str | None, Parameter(name="--power", show_default=False, help="Only under this power of the Terms, by its id.")
]
Method: TypeAlias = Annotated[
    str | None, Parameter(name="--method", show_default=False, help="How it is given, such as courier or email.")
]
KnownThrough: TypeAlias = Annotated[
    str | None,
    Parameter(
        name="--known-through",
        show_default=False,
        help="You vouch that all up to then is recorded: a day, an instant, or 'now', the instant asked about. "
        "A power that rests on nothing having happened (unpaid, uncured) is refused without it.",
    ),
]
OnlyUndisputed: TypeAlias = Annotated[
    bool,
    Parameter(name="--only-undisputed", negative="", show_default=False, help="Only if it holds under every reading."),
]
Everything: TypeAlias = Annotated[
    bool,
    Parameter(name="--all", negative="", show_default=False, help="Tell all of it, however long the account."),
]
Approvals: TypeAlias = Annotated[
    tuple[str, ...],
    Parameter(name="--approval", negative="", show_default=False, help="A person who approved it. Repeatable."),
]
PolicyFile: TypeAlias = Annotated[
    Path | None, Parameter(name="--policy", show_default=False, help="A house policy (TOML) that narrows the Terms.")
]


def add(app: App, out: Output) -> None:
    """Add the commands to the application."""
    questions = Questions(out)
    for question in (
        questions.status,
        questions.powers,
        questions.explain,
        questions.timeline,
        questions.duties,
        questions.audit,
        questions.clauses,
        questions.log,
    ):
        app.command(question, group=ASK)


@frozen
class Questions:
    """The questions, each a method: its arguments, its help, and how its answer is shown."""

    out: Output

    def status(self, history: History, /, *, look: Look = Look(), as_json: AsJson = False) -> int:  # noqa: B008
        """Where an account stands: its state, term and holds, how it ended, and until when this is so.

        Example: `lifecycle status acme.jsonl --at 2026-03-31`

        As it was known then: `lifecycle status acme.jsonl --at 2026-03-21 --known-at 2026-04-01`

        With `--json`: the answer `status` of `lifecycle terms schema answers`. Ends with 0.
        """
        return self._answer(viewed(history, look).status(), telling.status, as_json)

    def powers(self, history: History, /, *, look: Look = Look(), as_json: AsJson = False) -> int:  # noqa: B008
        """What each party may do now, what later and from when, and what is missing where a notice or a fact is.

        Example: `lifecycle powers acme.jsonl --at 2026-03-31`

        With `--json`: the answer `powers` of `lifecycle terms schema answers`. Ends with 0.
        """
        return self._answer(viewed(history, look).powers(), telling.powers, as_json)

    def explain(
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
        everything: Everything = False,
        look: Look = Look(),  # noqa: B008
        as_json: AsJson = False,
    ) -> int:
        """Whether a party may do it, with every reason met and unmet, what is missing, the first day, the way there.

        It also says what holds under every reading of unclear clauses: a careful party waits for undisputed. Of a long
        account it tells what bears on the question first, and how much else there is; `--all` tells that too.

        Example: `lifecycle explain suspend acme.jsonl --at 2026-03-28 --known-through now`

        Who, where either may: `lifecycle explain terminate acme.jsonl --by customer --at 2026-05-06`

        With `--json`: the answer `explain` of `lifecycle terms schema answers`. Ends with 0 where it is permitted, 1
        where it is refused, 2 where the Terms or the history know no such act, power or matter.
        """
        view = viewed(history, look, policy)
        check_act(view, transition, about, power)
        verdict = view.account.may(
            transition,
            by=by or holder(view, transition, power),
            at=view.at,
            about=about,
            power=power,
            method=method,
            known_through=vouched(known_through, view.at, view),
            approvals=approvals,
            only_undisputed=only_undisputed,
        )
        self._answer(view.explained(verdict), partial(telling.explained, everything=everything), as_json)
        return 0 if verdict.permitted else 1

    def timeline(
        self,
        history: History,
        /,
        *,
        until: Annotated[
            str | None,
            Parameter(
                show_default=False,
                help="The last day or instant to look ahead to, or 'now', the instant asked about. "
                "Default: the next turn of the account's course.",
            ),
        ] = None,
        svg: Annotated[
            Path | None,
            Parameter(
                show_default=False,
                help="Draw the account's whole life - states, terms, matters, windows, what is ahead - into this file.",
            ),
        ] = None,
        look: Look = Look(),  # noqa: B008
        as_json: AsJson = False,
    ) -> int:
        """What happens next if nobody acts: renewals, windows that open and close, deadlines, each with its clause.

        Example: `lifecycle timeline acme.jsonl --at 2026-03-05 --until 2027-12-31`

        As a picture of the account's whole life: `lifecycle timeline acme.jsonl --at 2026-03-05 --svg acme.svg`

        With `--json`: the answer `timeline` of `lifecycle terms schema answers`. Ends with 0.
        """
        view = viewed(history, look)
        if svg is not None:
            reporting.write_timeline(view, svg, self.out)
        limit = None if until is None else view.account.instant(meant(until, view.at))
        return self._answer(view.timeline(limit), telling.timeline, as_json)

    def duties(self, history: History, /, *, look: Look = Look(), as_json: AsJson = False) -> int:  # noqa: B008
        """Who owes what by when: every duty that has arisen, pending, met, missed, or without a date.

        Example: `lifecycle duties acme.jsonl --at 2028-06-01`

        With `--json`: the answer `duties` of `lifecycle terms schema answers`. Ends with 0.
        """
        return self._answer(viewed(history, look).duties(), telling.duties, as_json)

    def audit(self, history: History, /, *, look: Look = Look(), as_json: AsJson = False) -> int:  # noqa: B008
        """Whether each past act was right: on the record before it, on what is known now, and under every reading.

        `right`; `irregular`, not permitted on the record as it stood; `overtaken`, permitted then but not on what was
        learned since; `contested`, permitted as the clauses are read but not under every reading.

        Example: `lifecycle audit acme.jsonl`

        With `--json`: the answer `audit` of `lifecycle terms schema answers`. Ends with 0 where every act was right, 1
        where one is to be looked at.
        """
        answer = viewed(history, look).audit()
        self._answer(answer, telling.audit, as_json)
        return 0 if answer.right else 1

    def clauses(self, history: History, /, *, look: Look = Look(), as_json: AsJson = False) -> int:  # noqa: B008
        """Which clauses are in force: all but what a trial lacks; after the end, the survivors.

        Example: `lifecycle clauses acme.jsonl --at 2028-07-01`

        With `--json`: the answer `clauses` of `lifecycle terms schema answers`. Ends with 0.
        """
        return self._answer(viewed(history, look).clauses(), telling.clauses, as_json)

    def log(self, history: History, /, *, look: Look = Look(), as_json: AsJson = False) -> int:  # noqa: B008
        """What was recorded, in words, with the id of each event, and why an event has no effect where it has none.

        Example: `lifecycle log acme.jsonl`

        With `--json`: the answer `log` of `lifecycle terms schema answers`. Ends with 0.
        """
        return self._answer(viewed(history, look).log(), telling.log, as_json)

    def _answer(self, answer: Any, tell: Callable[[Output, Any], None], as_json: bool) -> int:  # noqa: FBT001
        return show(self.out, answer, tell, as_json=as_json)


def show(out: Output, answer: Any, tell: Callable[[Output, Any], None], *, as_json: bool) -> int:
    """An answer, as JSON or in words."""
    if as_json:
        out.json(as_data(answer))
    else:
        tell(out, answer)
    return 0


def holder(view: View, does: str, power: str | None) -> By:
    """The only party that may hold a power to do something; for what nobody has a power to do, whoever asks.

    Raises BadInput where several may: then it is to be said.
    """
    powers = [p for p in view.account.terms_at(view.at).powers_to(does) if power in (None, p.id)]
    found = {p.by for p in powers} or {"provider"}
    for who in get_args(By):
        if found == {who}:
            return cast("By", who)
    raise BadInput(
        f"say who is to {does}: --by provider or --by customer" + (", or --by both" if "both" in found else "")
    )


def vouched(known_through: str | None, at: Instant, view: View) -> Instant | None:
    """Up to when the facts are vouched for."""
    if known_through is None:
        return None
    return view.account.instant(meant(known_through, at))
