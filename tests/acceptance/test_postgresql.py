"""The same program on PostgreSQL: more processes of each kind, and nothing else is changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import postgresql
from tests.support.installation import SETTINGS, Installation, free_port, item, rss
from tests.support.publisher import publishing

pytestmark = pytest.mark.acceptance


@pytest.fixture
def url() -> Iterator[str]:
    """The URL of a database in which nothing was ever made."""
    url = postgresql.make_database()
    yield url
    postgresql.drop_database(url)


def test_workers_and_webs_share_a_database_and_each_source_is_asked_once(tmp_path: Path, url: str):
    with publishing() as publisher, ExitStack() as life:
        feeds = "".join(f"  s{number}: {publisher.put(f'/{number}', rss(item(number)))}\n" for number in range(6))
        ours = Installation.at(tmp_path, f"sources:\n{feeds}", f"database: {url}\n{SETTINGS}")
        other = replace(ours, port=free_port())
        for _ in range(2):  # started at once on an empty database
            life.enter_context(ours.running("-m", "aggregator", "worker"))
        for one in (ours, other):
            life.enter_context(one.running("-m", "aggregator", "web"))
        for number in range(6):
            ours.wait_for("/all.atom", f"Report {number}")
            other.wait_for("/all.atom", f"Report {number}")
        same = [one.get("/all.atom") for one in (ours, other)]
        assert same[0][2] == same[1][2]
        assert same[0][1]["etag"] == same[1][1]["etag"]
        asked = [path for path, *_ in publisher.requests if path != "/robots.txt"]
        assert sorted(asked) == sorted(f"/{number}" for number in range(6))
        publisher.put("/3", rss(item(100), item(3)))
        ours.command("poll", "s3")
        other.wait_for("/all.atom", "Report 100")
        assert ours.get("/readyz")[0] == 200
    assert not list(tmp_path.rglob("*.db"))
    assert "Traceback" not in (tmp_path / "log").read_text()
