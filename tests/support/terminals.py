"""Commands as somebody at a terminal sees them, and as a program behind a pipe does.

Run as a script, it loads the program once and gives each command a process of its own by forking, which takes a
tenth of what a start does: commands come as JSON on standard input, what became of them goes to standard output.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.support.waiting import PATIENCE

COLUMNS = 40
IN_PROCESS = "READ_IN_PROCESS"
"""The variable by which commands read what they poll themselves: a child takes a second to start."""


@dataclass(frozen=True)
class Typed:
    """A command that is typed: at a terminal, or by a script; and what is typed once it has said something."""

    arguments: Sequence[str]
    at_terminal: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)
    after: str = ""
    then: str = ""


@dataclass(frozen=True)
class Seen:
    """What was to be seen of it, with all that a terminal is told, and with which status it ended."""

    text: str
    status: int


def run_all(folder: Path, commands: Sequence[Typed], environment: Mapping[str, str]) -> list[Seen]:
    """What becomes of the commands, one after the other, in the folder."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.terminals"],
        input=json.dumps({"folder": str(folder), "commands": [asdict(one) for one in commands]}),
        env={name: value for name, value in environment.items() if name not in {"COLUMNS", "LINES", "NO_COLOR"}}
        | {"PYTHONPATH": str(Path(__file__).parent.parent.parent), "TERM": "xterm-256color"},
        capture_output=True,
        text=True,
        timeout=PATIENCE * len(commands),
        check=True,
    )
    return [Seen(**one) for one in json.loads(done.stdout)]


def _serve() -> None:
    from aggregator import app, catalogue, cli, store, upkeep  # noqa: F401 # loaded once, for all
    from aggregator.cli import care, diff, edit, explain, look, mistakes, preview, printing, work  # noqa: F401
    from tests.support import commands

    if os.environ.pop(IN_PROCESS, ""):
        app.Application.reader = lambda _: commands.Reader()  # type: ignore[assignment, method-assign]
    asked = json.load(sys.stdin)
    os.chdir(asked["folder"])
    sys.stdout.write(json.dumps([asdict(_run(Typed(**one))) for one in asked["commands"]]))


def _run(command: Typed) -> Seen:
    ours, theirs = pty.openpty() if command.at_terminal else os.pipe()
    if command.at_terminal:
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    child = os.fork()
    if not child:
        _become(command, theirs)
    os.close(theirs)
    text = _read(ours, command)
    _, status = os.waitpid(child, 0)
    os.close(ours)
    return Seen(text=text, status=os.waitstatus_to_exitcode(status))


def _become(command: Typed, theirs: int) -> None:
    """The rest of the child's life."""
    from aggregator import cli

    os.setsid()
    if command.at_terminal:
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)
    else:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number in (0, 1, 2) if command.at_terminal else (1, 2):
        os.dup2(theirs, number)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = sys.__stdout__ = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.__stderr__ = os.fdopen(2, "w", encoding="utf-8", buffering=1, closefd=False)
    os.environ.update(command.environment)
    sys.argv = ["aggregator", *command.arguments]
    sys.modules["__main__"].__package__ = None  # by which the program would be called otherwise
    status = 70
    try:
        cli.run()
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _read(ours: int, command: Typed) -> str:
    """All that is said until nobody is left who could say more."""
    said, typed, until = b"", False, time.monotonic() + PATIENCE
    while time.monotonic() < until:
        ready, _, _ = select.select([ours], [], [], 0.2)
        try:
            more = os.read(ours, 65536) if ready else None
        except OSError:  # a terminal that nobody has open any more
            more = b""
        if more == b"":
            break
        said += more or b""
        if command.then and not typed and command.after.encode() in said:
            os.write(ours, command.then.encode())
            typed = True
    return said.decode("utf-8", "replace").replace("\r\n", "\n")


if __name__ == "__main__":
    _serve()
