"""What the documents say is true: every command is named, every example loads, every figure has its file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from aggregator import catalogue
from aggregator.cli import edit, explain, look, serve, upkeep, work
from aggregator.errors import ConfigurationError

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
YAML_BLOCKS = re.findall(r"^```yaml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    """Every command that the command line knows."""
    app = typer.Typer()
    for group in (serve, work, look, explain, edit, upkeep):
        group.register(app)
    return [str(command.name) for command in app.registered_commands]


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_readme(command: str):
    assert f"`aggregator {command}" in README


@pytest.mark.parametrize("block", YAML_BLOCKS)
def test_every_example_of_feeds_yaml_in_the_readme_loads(tmp_path: Path, block: str):
    path = tmp_path / "feeds.yaml"
    path.write_text(block, encoding="utf-8")
    assert catalogue.load(path, {"TOKEN": "x" * 20}).sources


def test_the_mistake_that_the_readme_quotes_is_told_in_these_words(tmp_path: Path):
    quoted = re.search(r"^ {4}feeds\.yaml:12: (.*)$", README, re.MULTILINE)
    assert quoted
    path = tmp_path / "feeds.yaml"
    path.write_text("sources:\n  iranpress:\n    url: https://iranpress.com/rss\n    timezon: Asia/Tehran\n")
    with pytest.raises(ConfigurationError) as raised:
        catalogue.load(path, {})
    assert quoted[1] in str(raised.value)


def test_every_decision_is_in_the_index_and_numbered_once():
    folder = ROOT / "docs" / "decisions"
    files = sorted(path.name for path in folder.glob("0*.md"))
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert files
    assert all(f"({name})" in index for name in files)
    assert len({name[:4] for name in files}) == len(files)


def test_no_module_is_longer_than_300_lines():
    lengths = {path: path.read_text().count("\n") for path in (ROOT / "aggregator").rglob("*.py")}
    assert {str(path): length for path, length in lengths.items() if length > 300} == {}
