"""With which status each command ends, and what that means; told by its --help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ALWAYS: Final[Mapping[int, str]] = {
    0: "done",
    1: "failed, and said what to do",
    2: "a wrong option or argument",
    130: "interrupted by Ctrl-C",
}

SPECIAL: Final[Mapping[str, Mapping[int, str]]] = {
    "run": {0: "ended by SIGTERM or Ctrl-C"},
    "worker": {0: "ended by SIGTERM or Ctrl-C"},
    "web": {0: "ended by SIGTERM or Ctrl-C"},
    "demo": {0: "ended by SIGTERM or Ctrl-C"},
    "check": {1: "mistakes, or faults in documents"},
    "poll": {1: "nothing at all could be polled"},
    "diff": {0: "nothing would change", 1: "something would", 2: "it cannot be told"},
    "explain": {1: "nothing is stored under that name"},
    "preview": {1: "it brings nothing, or cannot be read"},
    "add": {1: "nothing was added"},
    "doctor": {1: "something is wrong"},
}
"""Where a command means something of its own."""


def describe(command: str) -> str:
    """The statuses of a command, as its --help has them."""
    told = {**ALWAYS, **SPECIAL.get(command, {})}
    return f"Exit status: {'; '.join(f'{status} {meaning}' for status, meaning in told.items())}."


def describe_all() -> str:
    """Those of all commands, as far as they are the same."""
    told = "; ".join(f"{status} {meaning}" for status, meaning in ALWAYS.items())
    own = ", ".join(f"`{name}`" for name in SPECIAL)
    return f"Exit status: {told}. {own} have meanings of their own: see their --help."
