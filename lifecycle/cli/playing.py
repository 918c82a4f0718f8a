"""``demo`` plays an account's life, and ``completion`` gives the shell what it needs to complete commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from attrs import frozen
from cyclopts import App, Parameter

from lifecycle import answers as told
from lifecycle.cli import telling
from lifecycle.cli.accounts import AsJson
from lifecycle.cli.asking import show
from lifecycle.cli.groups import SESSION, SHOW
from lifecycle.cli.output import Output
from lifecycle.demo import example, play
from lifecycle.files import read


def add(app: App, out: Output) -> None:
    """Add the commands to the application."""
    playing = Playing(app, out)
    app.command(playing.demo, group=SHOW)
    app.command(playing.completion, group=SESSION)


@frozen
class Playing:
    """What needs no account of one's own."""

    app: App
    out: Output

    def demo(
        self,
        history: Annotated[
            Path | None, Parameter(help="Another history to play, as JSON Lines; the example account without one.")
        ] = None,
        /,
        *,
        as_json: AsJson = False,
    ) -> int:
        """Play the life of the example account: each event, the state after it, and who may do what from when.

        Before each act it tells why it would have been refused the day before.

        Example: `lifecycle demo | less`

        With `--json`: the answer `demo` of `lifecycle terms schema answers`. Ends with 0, or 2 for no such history.
        """
        events = list(read(history or example()))
        lines = tuple(line for told in play(events) for line in told.split("\n"))
        answer = told.PlayedTold(agreement=events[0].agreement, events=len(events), lines=lines)
        return show(self.out, answer, telling.played, as_json=as_json)

    def completion(self, shell: Literal["bash", "zsh", "fish"], /) -> int:
        """Print what makes a shell complete the commands and their options.

        Example: `lifecycle completion bash > ~/.local/share/bash-completion/completions/lifecycle`

        For zsh, write it to a file `_lifecycle` in a folder of `$fpath`; for fish, to
        `~/.config/fish/completions/lifecycle.fish`. Ends with 0, or 2 for another shell.
        """
        self.out.script(self.app.generate_completion(shell=shell))
        return 0
