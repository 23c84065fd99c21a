"""Machines that share a PostgreSQL database, each with a copy of feeds.yaml."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.support import postgresql
from tests.support.commands import Commands
from tests.support.installation import SETTINGS, item, rss
from tests.support.publisher import Publisher, publishing


@pytest.fixture
def shared() -> Iterator[tuple[Publisher, str]]:
    """A publisher of two feeds, and the settings of all machines."""
    with ExitStack() as life:
        publisher = life.enter_context(publishing())
        publisher.put("/one", rss(item(1), title="One"))
        publisher.put("/two", rss(item(2), title="Two"))
        url = postgresql.make_database()
        life.callback(postgresql.drop_database, url)
        yield publisher, f"{SETTINGS}database: '{url}'\n"


def feeds(publisher: Publisher, *names: str) -> str:
    """A feeds.yaml with those of the publisher's feeds."""
    return "sources:\n" + "".join(f"  {name}: {publisher.url(f'/{name}')}\n" for name in names)


def edit(machine: Commands, text: str) -> None:
    """Write a machine's copy anew."""
    path = machine.folder / "feeds.yaml"
    path.write_text(text)
    os.utime(path, ns=(time.time_ns(), time.time_ns()))
