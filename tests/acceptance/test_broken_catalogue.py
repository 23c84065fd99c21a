"""A feeds.yaml that cannot be used takes down nothing that is published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.commands import Commands
from tests.support.installation import item, rss
from tests.support.publisher import publishing

pytestmark = pytest.mark.acceptance


@pytest.mark.parametrize("broken", ["sources:\n  river: [\n", None], ids=["mistakes", "gone"])
def test_processes_start_and_publish_from_what_was_understood_last(tmp_path: Path, broken: str | None):
    with publishing() as publisher:
        feed = publisher.put("/feed", rss(item(1)))
        ours = Commands.at(tmp_path, f"sources:\n  river: {feed}\n")
        ours.command("poll", "river")
        path = tmp_path / "feeds.yaml"
        path.unlink() if broken is None else path.write_text(broken)
        publisher.put("/feed", rss(item(2), item(1)))
        with ours.running("-m", "aggregator", "web"):
            ours.wait_for("/all.atom", "Report 1")
            ours.wait_for("/readyz", "feeds.yaml has mistakes")
            assert b"cannot be used as it stands" in ours.get("/status")[2]
            assert b"aggregator_catalogue_mistakes 1.0" in ours.get("/metrics")[2]
            ours.command("poll", "river")
            ours.wait_for("/all.atom", "Report 2")
        output = ours.command("status", "--json")
        told = json.loads(output[output.index("{\n") :].partition("\n}\n")[0] + "\n}")
        assert [one["id"] for one in told["sources"]] == ["river"]
        assert "feeds.yaml" in told["mistakes"][0]
        assert "feeds.yaml" in ours.command("check", expect=1)


def test_a_wrong_path_makes_no_database_beside_it(tmp_path: Path):
    ours = Commands.at(tmp_path, "sources:\n  a: https://a.example/\n")
    assert "no such file" in ours.command("status", "--config", "elsewhere/feeds.yaml", expect=1)
    assert not (tmp_path / "elsewhere").exists()
