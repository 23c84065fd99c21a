"""Every key of feeds.yaml that there is stands in the README, where it belongs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aggregator.yamlfile import read

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SCHEMA: dict[str, Any] = json.loads((ROOT / "config" / "feeds.schema.json").read_text(encoding="utf-8"))
IN_TEXT = frozenset({"Conditions", "SelectSpec", "TypedRule"})
"""Parts whose keys stand in a table, or in a sentence."""


class Everything(dict[str, str]):
    """An environment in which every variable is set."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return f"{name}-0123456789abcdef"

    def get(self, name: str, default: object = None) -> Any:  # noqa: ARG002 # the mapping's
        return self[name]


def parts() -> dict[str, dict[str, Any]]:
    """Each mapping that may be typed, by its name, with its keys."""
    found = {"FeedsSpec": SCHEMA} | SCHEMA["$defs"]
    return {name: one for name, one in found.items() if "properties" in one}


def walk(value: Any, schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The keys that are used, each with the name of the part that it is a key of."""
    for kind in schema.get("anyOf", [schema]):
        name = kind.get("$ref", "").rpartition("/")[2]
        part = SCHEMA["$defs"][name] if name else kind
        for one in value if isinstance(value, list) and "items" in part else ():
            yield from walk(one, part["items"])
        for key, one in value.items() if isinstance(value, dict) else ():
            if key in part.get("properties", {}):
                yield (name or "FeedsSpec", key)
                yield from walk(one, part["properties"][key])
            for below in part.get("patternProperties", {}).values():
                yield from walk(one, below)


def test_every_key_of_feeds_yaml_stands_in_the_readme():
    used: set[tuple[str, str]] = set()
    for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL):
        used.update(walk(read(block.encode(), "README.md", Everything()).data, SCHEMA))
    every = {(name, key) for name, part in parts().items() for key in part["properties"]}
    said = set(re.findall(r"`(\w+)`", README))
    same = {(name, key) for name, key in every if name in IN_TEXT and key in said}
    same |= {("DefaultsSpec", key) for name, key in used if name == "SourceSpec"}  # a source says all that they do
    assert sorted(every - used - same) == []
    assert {name for name, _ in used} >= parts().keys() - IN_TEXT
