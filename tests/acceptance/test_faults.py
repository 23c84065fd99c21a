"""What a broken installation, refused articles and a mended feeds.yaml come to, with real processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.test_pages import entries, put_up
from tests.support.commands import Commands
from tests.support.installation import SETTINGS, Installation, item, rss
from tests.support.publisher import publishing

pytestmark = pytest.mark.acceptance


def test_a_library_that_is_missing_is_our_trouble_and_all_is_well_once_it_is_back(tmp_path: Path):
    with publishing() as publisher:
        here = Installation.at(tmp_path, f"sources:\n  hall:\n    page: {put_up(publisher, 'one', 'two')}\n")
        missing = here.folder / "lxml_html_clean.py"  # found first, for it stands where the program is started
        missing.write_text("raise ImportError('No module named lxml_html_clean')\n")
        for _ in range(2):
            said = here.command("poll", "--all", expect=1)
        whole = Commands(here.folder, here.port)
        state = whole.status()["hall"]
        assert entries(whole) == []
        missing.unlink()
        here.command("poll", "--all")
        mended = whole.status()["hall"]
        found = entries(whole)

    assert "lxml_html_clean" in said
    assert (state["state"], state["trouble"], state["failures"]) == ("error", "internal", 2)
    assert "2 of 2 articles could not be had: a fault in this program (2)" in state["error"]
    assert (mended["state"], mended["error"], mended["articles"]["had"]) == ("ok", None, 2)
    assert all("mend the old bridge" in one["content_html"] for one in found)


def test_a_page_whose_articles_are_refused_says_so_in_status_on_its_page_and_in_explain(tmp_path: Path):
    with publishing() as publisher:
        here = Commands.at(tmp_path, f"sources:\n  hall:\n    page: {put_up(publisher, 'one', 'two')}\n")
        for name in ("one", "two"):
            del publisher.pages[f"/news/2018/12/01/{name}"]
        here.command("poll", "--all", expect=1)
        row = here.status()["hall"]
        told = here.command("explain", publisher.url("/news/2018/12/01/one"))
        text = here.command("status")
        with here.running("-m", "aggregator", "web"):
            page = here.wait_for("/status", "2 of 2 articles could not be had: 404 (2).").decode()
            metrics = here.get("/metrics")[2].decode()

    assert (row["state"], row["trouble"]) == ("error", "articles")
    assert row["articles"] == {"listed": 2, "had": 0, "missing": 2, "reasons": {"404": 2}}
    assert "its own page could not be had: 404 (not to be asked for again)" in told
    assert "could not be had" in " ".join(text.split())
    assert 'class="error"' in page
    assert 'aggregator_failing_sources{trouble="articles"} 1.0' in metrics
    assert 'aggregator_internal_faults_total{stage="article"} 0.0' in metrics


def test_a_running_worker_takes_a_corrected_zone_over_at_once_and_announces_nothing(tmp_path: Path):
    with publishing() as publisher:
        url = publisher.put("/feed", rss(item(1, date="01 Feb 2026 12:00:00")))
        here = Installation.at(tmp_path, f"sources:\n  river: {url}\n", SETTINGS)
        with here.running():
            before = json.loads(here.wait_for("/all.json", "2026-02-01T12:00:00Z"))["items"]
            (here.folder / "feeds.yaml").write_text(
                f"sources:\n  river: {{ url: '{url}', timezone: America/New_York }}\n", encoding="utf-8"
            )
            after = json.loads(here.wait_for("/all.json", "2026-02-01T17:00:00Z"))["items"]
        asked = publisher.asked("/feed")

    assert [one["id"] for one in before] == [one["id"] for one in after]
    assert len(asked) == 2
    assert "if-none-match" not in asked[1]


def test_a_poll_by_hand_after_an_edit_asks_once(tmp_path: Path):
    with publishing() as publisher:
        url = publisher.put("/feed", rss(item(1, date="01 Feb 2026 12:00:00")))
        here = Commands.at(tmp_path, f"sources:\n  river: {url}\n")
        here.command("poll", "--all")
        feeds = f"sources:\n  river: {{ url: '{url}', timezone: Asia/Tehran }}\n"
        (here.folder / "feeds.yaml").write_text(feeds, encoding="utf-8")
        said = here.command("poll", "--all")
        asked = publisher.asked("/feed")

    assert "1 changed silently" in said
    assert len(asked) == 2
