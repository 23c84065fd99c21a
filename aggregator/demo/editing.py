"""The folder of the demo's installation, and what its editor does to feeds.yaml meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from aggregator.demo.desk import Desk
from aggregator.demo.newsstand import LISTING

_HEAD = """\
# What the demo reads. Edit it while it runs: a change is taken over within seconds.
site:
  title: The Varnmouth River

# The publishers are on this machine, so they may be asked each minute. The demo asks once more at each step.
defaults:
  every: 1m
  max_every: 1m

publish:
  all: {}
  news: { title: News from Varnmouth, from: { tags: [news, town] } }

"""
_SOURCES = "sources:\n"
_SETTINGS = """\
fetch:
  allow_networks: [127.0.0.0/8]     # where the publishers are
  per_host: 8
  host_gap: 0s
  min_interval: 1m
  timeout: 10s
log:
  level: error                      # the demo itself tells what happens
"""


def write_installation(folder: Path, desks: Iterable[Desk]) -> Path:
    """Write feeds.yaml and the settings into a folder; the path of the first."""
    (folder / "config").mkdir()
    (folder / "config" / "settings.yaml").write_text(_SETTINGS, encoding="utf-8")
    config = folder / "feeds.yaml"
    config.write_text(_HEAD + _SOURCES + "".join(map(_describe, desks)), encoding="utf-8")
    return config


def follow(config: Path, desk: Desk) -> None:
    """Add a source."""
    _replace(config, config.read_text(encoding="utf-8").replace(_SOURCES, _SOURCES + _describe(desk), 1))


def withdraw(config: Path, url: str) -> None:
    """Take an item out, by its address; called once at most."""
    _replace(config, f"{config.read_text(encoding='utf-8')}\nwithdraw:\n  - {url}\n")


def _describe(desk: Desk) -> str:
    """A source of feeds.yaml."""
    outlet = desk.outlet
    how = "page" if outlet.form == "page" else "url"
    priority = f", priority: {outlet.priority}" if outlet.priority else ""
    given = f"{how}: '{desk.url}{LISTING}', tags: [{', '.join(outlet.tags)}]{priority}"
    return f"  {outlet.name}: {{ {given} }}\n"


def _replace(config: Path, text: str) -> None:
    """Write it anew in one go, so that nobody reads half of it."""
    draft = config.with_suffix(".draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(config)
