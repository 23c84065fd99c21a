"""`aggregator demo` as somebody types it: the whole script, looked at over HTTP, and Ctrl-C."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest

from tests.support.installation import PROJECT, Installation
from tests.support.waiting import PATIENCE, wait

pytestmark = pytest.mark.acceptance

SEAL = "Seal boards morning ferry at Varnmouth and declines to leave"


def test_the_demo_shows_what_the_product_does_touches_no_installation_and_leaves_nothing_behind(tmp_path: Path):
    places = {name: tmp_path / name for name in ("started", "temporary")}
    for place in places.values():
        place.mkdir()
    theirs = {"DATABASE_URL": f"sqlite:///{tmp_path}/theirs.db", "AGGREGATOR_LOG__FORMAT": "json"}
    environment = dict(Installation(folder=places["started"], port=0, variables=theirs).environment)
    process = subprocess.Popen(
        [sys.executable, "-m", "aggregator", "demo", "--speed", "1000"],
        cwd=places["started"],
        env=environment | {"TMPDIR": str(places["temporary"]), "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        url = ""
        for line in process.stdout:
            url = found[1] if (found := re.match(r"The river: (\S+) ", line)) else url
            if line.startswith("The houseboat has had its ten seconds."):
                assert is_in_state("error", "houseboat", url)
            if line.startswith("That was the script."):
                break
        seal = wait(lambda: merged(url))
        assert seal["date_modified"] > seal["date_published"]
        assert "office answered at noon" in seal["content_html"]
        assert is_in_state("ok", "evening", url), "it broke, and is well again"
        assert len(list(places["temporary"].iterdir())) == 1
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.communicate()
    assert [place for folder in places.values() for place in folder.iterdir()] == []
    assert not (tmp_path / "theirs.db").exists()


def merged(url: str) -> dict[str, str] | None:
    """The one entry of the story that three outlets carry, once it names the two others."""
    items = json.loads(get(f"{url}all.json"))["items"]
    found = [item for item in items if item["title"] == SEAL]
    copies = [copy["title"] for item in found for copy in item["_entry"].get("also_at", [])]
    whiskers = [item for item in items if "whiskers" in item["title"] or "7.40, and" in item["title"]]
    done = len(found) == 1 and copies == ["The Varnmouth Gazette", "Evening Ferry"] and not whiskers
    return found[0] if done else None


def is_in_state(state: str, source: str, url: str) -> bool:
    """Whether /status says so of a source."""
    row = rf'class="{state}">(?:(?!</tr>).)*>{source} ·'
    return re.search(row, get(f"{url}status"), re.DOTALL) is not None


def get(url: str) -> str:
    """What is there, asked without any proxy of the environment."""
    with build_opener(ProxyHandler({})).open(url, timeout=PATIENCE) as answer:
        return answer.read().decode()
