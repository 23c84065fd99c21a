"""A platform that runs this program by its Procfile, as Heroku and its kind do."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Final

from tests.support.installation import PROJECT, Installation, free_port

PROCFILE: Final = {
    kind.strip(): shlex.split(line)
    for kind, _, line in (one.partition(":") for one in (PROJECT / "Procfile").read_text().splitlines())
}
"""The words of each line, by the kind of process."""


def release(ours: Installation) -> str:
    """What the platform runs once for each release, before any process of it; what was said."""
    return ours.command(*_arguments("release"))


@contextmanager
def formation(ours: Installation, *, workers: int, webs: int) -> Iterator[list[Installation]]:
    """So many processes of each kind until the block ends; the webs, each on a port that the platform gave it."""
    with ExitStack() as life:
        for _ in range(workers):
            life.enter_context(ours.running("-m", "aggregator", *_arguments("worker")))
        yield [life.enter_context(serving(replace(ours, port=free_port()))) for _ in range(webs)]


@contextmanager
def serving(one: Installation) -> Iterator[Installation]:
    """A web process on its port until the block ends."""
    with one.running("-m", "aggregator", *_arguments("web")):
        yield one


def _arguments(kind: str) -> list[str]:
    python, module, name, *arguments = PROCFILE[kind]
    assert (python, module, name) == ("python", "-m", "aggregator")
    return arguments
