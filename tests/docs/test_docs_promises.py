"""Every sentence of config/settings.yaml, and every row of the README's tables, has a test in promises.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from aggregator.yamlfile import read_file

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

_TEST = re.compile(r"^(?:async )?def test_(\w+)\(", re.MULTILINE)
PROMISES = read_file(ROOT / "tests" / "docs" / "promises.yaml", {}).data


def sentences() -> Iterator[str]:
    """What config/settings.yaml says, sentence by sentence, each with the key that it is about."""
    section = key = ""
    told: dict[str, str] = {}
    for line in (ROOT / "config" / "settings.yaml").read_text(encoding="utf-8").splitlines():
        if found := re.match(r"( *)(\w+):", line):
            section = section if found[1] else found[2]
            key = f"{section}.{found[2]}: " if found[1] else f"{section}: "
        comment = re.search(r"(?:^|\s)# (.*)", line)
        told[key] = f"{told.get(key, '')} {comment[1] if comment else ''}".strip()
    for name, words in told.items():
        yield from (f"{name}{one}" for one in re.split(r"[.;](?: |$)", words) if one)


def first_cells() -> list[str]:
    """What stands first in each row of the README's tables that promise something."""
    rows = re.findall(r"^\| `(.+?)`.* \|$", README.partition("## The code")[0], re.MULTILINE)
    assert rows
    return rows


def options() -> list[str]:
    """The keys of the README's example that shows all that a source can say."""
    block = README.partition("All that a source can say:")[2].partition("```yaml\n")[2].partition("```")[0]
    return re.findall(r"^    (\w+):", block, re.MULTILINE)


def names_by_file() -> Mapping[str, frozenset[str]]:
    """The names of all tests without `test_`, by the names of their files likewise."""
    found: dict[str, frozenset[str]] = {}
    for path in (ROOT / "tests").rglob("test_*.py"):
        name = path.stem.removeprefix("test_")
        assert name not in found, f"two files of tests are called {path.name}"
        found[name] = frozenset(_TEST.findall(path.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize(
    ("part", "said"), [("settings", list(sentences())), ("tables", first_cells()), ("options", options())]
)
def test_every_promise_has_a_test_that_holds_it(part: str, said: list[str]):
    held = PROMISES[part]
    assert sorted(said) == sorted(held)
    tests = names_by_file()
    named = {name for names in held.values() for name in names}
    missing = [name for name in named if name.partition(".")[2] not in tests.get(name.partition(".")[0], ())]
    assert all(held.values())
    assert missing == []
