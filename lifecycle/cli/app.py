"""The application: a root, and a sub-application for each noun it speaks about."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cyclopts import App, CycloptsError
from rich.console import Console

import lifecycle
from lifecycle.cli import asking, beginning, doing, drawing, mending, playing, recording, reporting, sweeping, terms
from lifecycle.cli.output import Output
from lifecycle.errors import LifecycleError

_HELP = """Hold agreements to their Terms: what a contract lets each party do, when, and why.

Every command explains itself with `--help` and answers as data with `--json`. It ends with 0 for yes or fine, 1 for
refused or for findings, and 2 for input it cannot use.
"""

_INTERRUPTED, _UNREAD = 130, 141  # as shells tell of SIGINT and SIGPIPE


def build(out: Output) -> App:
    """The application, speaking to an output."""
    app = App(
        name="lifecycle",
        help=_HELP,
        version=lifecycle.__version__,
        version_format="plaintext",
        suppress_keyboard_interrupt=False,
    )
    asking.add(app, out)
    beginning.add(app, out)
    recording.add(app, out)
    doing.add(app, out)
    mending.add(app, out)
    playing.add(app, out)
    reporting.add(app, out)
    drawing.add(app, out)
    sweeping.add(app, out)
    app.command(terms.app(out))
    return app


def run(
    arguments: Sequence[str], console: Console | None, errors: Console | None, answer: Callable[[], str] | None
) -> int:
    """Run the application on arguments; see :func:`lifecycle.cli.main`."""
    out = Output(console, errors, answer)
    try:
        done = build(out)(
            list(arguments),
            console=out.console,
            exit_on_error=False,
            print_error=False,
            result_action="return_value",
        )
    except CycloptsError as error:
        out.fail(f"{error}\n{' '.join(('lifecycle', *(error.command_chain or ())))} --help tells how it is used")
        return 2
    except LifecycleError as error:
        out.fail(error)
        return 2
    except OSError as error:
        out.fail(f"cannot be written: {error}")
        return 2
    except KeyboardInterrupt:
        return _INTERRUPTED
    except SystemExit:  # how rich ends where whoever read the output has gone
        return _UNREAD
    return done if isinstance(done, int) else 0
