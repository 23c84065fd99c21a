"""The same program on PostgreSQL: more processes of each kind, and nothing else is changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import platform
from tests.support.installation import Installation, item, rss
from tests.support.postgresql import blank  # noqa: F401 # a fixture
from tests.support.publisher import publishing

pytestmark = pytest.mark.acceptance


def test_a_procfile_s_workers_and_webs_share_a_database_and_each_source_is_asked_once(
    tmp_path: Path,
    blank: str,  # noqa: F811 # the fixture
):
    with publishing() as publisher:
        feeds = "".join(f"  s{number}: {publisher.put(f'/{number}', rss(item(number)))}\n" for number in range(6))
        ours = Installation.at(tmp_path, f"sources:\n{feeds}")
        ours = replace(ours, variables={"DATABASE_URL": blank.replace("postgresql://", "postgres://", 1)})
        assert "in force as version 1" in platform.release(ours)
        with platform.formation(ours, workers=2, webs=2) as webs:
            for one in webs:
                for number in range(6):
                    one.wait_for("/all.atom", f"Report {number}")
            for form in ("atom", "rss", "json"):
                same = [one.get(f"/all.{form}") for one in webs]
                assert same[0][2] == same[1][2]
                assert same[0][1]["etag"] == same[1][1]["etag"]
            asked = [path for path, *_ in publisher.requests if path != "/robots.txt"]
            assert sorted(asked) == sorted(f"/{number}" for number in range(6))
            publisher.put("/3", rss(item(100), item(3)))
            ours.command("poll", "s3")
            webs[1].wait_for("/all.atom", "Report 100")
            assert webs[0].get("/readyz")[0] == 200
    assert not list(tmp_path.rglob("*.db"))
    assert "Traceback" not in (tmp_path / "log").read_text()
