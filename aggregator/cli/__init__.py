"""The command line: one file per group of commands; this is where they meet.

    serve.py    run, worker, web: the processes
    work.py     poll, publish: once, then exit
    look.py     check, status: what is understood, and what happened
    diff.py     diff: what an edit would do
    explain.py  explain: all that is known of an item, and why
    preview.py  preview: what a source would bring, before it joins
    adding.py   add: a source joins feeds.yaml after a look at it
    importing.py  import: lists of other readers and planets join feeds.yaml
    edit.py     remove, export, apply, init: feeds.yaml without an editor
    care.py     backup, restore, migrate-store, doctor: the installation, kept safe and sound
    demo.py     demo: a newsroom without a network
    mistakes.py mistakes in the files that people write, each with its line and a caret
    list_status.py  what status tells of lists elsewhere
    facts.py    what explain prints for machines; printing.py: tables for people
    progress.py counts and rate, for who waits at a terminal; exit_statuses.py: what each status means
    shared.py   options and endings that all of them share; log.py: one line per event, without secrets

Commands import what they use when they run, so that `--help` answers at once.
"""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import typer

_LACKING: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})


_COLLECTIONS: Final = (10_000, 20, 20)
"""Objects made before Python looks for rings among them, and how seldom it looks among older ones. A batch of
items is tens of thousands of objects and no ring: to look after each 700 took a sixteenth of a poll, and an eighth
of a start."""


_PROCESSES: Final = (["run"], ["worker"], ["web"], ["demo"])


def _end_well(*_: object) -> None:
    """End a process that is told to while it still starts, before there is a loop: nothing is under way."""
    os._exit(0)


def run() -> None:
    """Run the command that the arguments name; exits with its status."""
    if sys.argv[1:2] in _PROCESSES:
        signal.signal(signal.SIGTERM, _end_well)
    gc.set_threshold(*_COLLECTIONS)
    from aggregator.errors import AggregatorError, ConfigurationError

    app = _gather()
    try:
        app()
    except ConfigurationError as error:
        from aggregator.cli.mistakes import tell_mistakes

        tell_mistakes(error)
        sys.exit(1)
    except AggregatorError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
    except (OSError, MemoryError) as error:
        if isinstance(error, OSError) and error.errno not in _LACKING:
            raise
        sys.stderr.write(
            f"This machine has too little for a start ({error.__class__.__name__}: {error}): "
            "raise the limit of open files (LimitNOFILE, ulimit -n) or of memory\n"
        )
        sys.exit(1)


def _gather() -> typer.Typer:
    """All commands, as they are typed."""
    import typer

    from aggregator.cli import (
        adding,
        care,
        demo,
        diff,
        edit,
        explain,
        importing,
        look,
        preview,
        serve,
        shared,
        work,
    )
    from aggregator.cli.exit_statuses import describe, describe_all

    app = typer.Typer(
        name="aggregator",
        help="Polls the feeds in feeds.yaml and republishes them as merged RSS, Atom and JSON feeds.",
        no_args_is_help=True,
        add_completion=True,
        context_settings={"help_option_names": ["-h", "--help"]},
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        epilog="Start with `aggregator init` in an empty folder, then `aggregator run`. " + describe_all(),
    )
    app.callback()(shared.options)
    for group in (serve, work, look, diff, explain, preview, adding, importing, edit, care, demo):
        group.register(app)
    for command in app.registered_commands:
        command.epilog = describe(command.name or "")
    return app
