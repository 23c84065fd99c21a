"""What the command line prints for machines is as its schema says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from aggregator.cli.facts import facts_of
from aggregator.cli.look import facts_of_all
from aggregator.errors import Mistake
from aggregator.explain.source_status import source_reports
from tests.cli.test_cli_explain import explained
from tests.pipeline.test_pipeline_comparing import LAKE, RIVER, report
from tests.support.nouns import source
from tests.support.planet import planet
from tests.support.retention import let_go

CONFIG = Path(__file__).parent.parent.parent / "config"


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CONFIG / f"{name}.schema.json").read_text(encoding="utf-8"))
    return found


def properties(part: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property that a schema names, at any depth."""
    if isinstance(part, dict):
        yield from part.get("properties", {}).items()
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from properties(inner)


def values(part: Any) -> Iterator[Any]:
    """Every value that a schema allows by name, at any depth."""
    if isinstance(part, dict):
        yield from part.get("enum", ())
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from values(inner)


@pytest.mark.parametrize(
    ("name", "keys"),
    [("explain", 16), ("status", 16), ("doctor", 6), ("preview", 40), ("diff", 18), ("check", 14)],
)
def test_a_schema_is_one_and_describes_every_key_in_snake_case_as_its_values_are(name: str, keys: int):
    jsonschema.Draft202012Validator.check_schema(schema(name))
    found = list(properties(schema(name)))
    assert len(found) >= keys
    assert all(key.isidentifier() and key == key.lower() and part["description"] for key, part in found)
    words = [value for value in values(schema(name)) if isinstance(value, str)]
    assert [word for word in words if not word.isidentifier() or word != word.lower()] == []


async def test_what_explain_prints_for_machines_is_as_its_schema_says(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        merged = facts_of(await explained(here))
        await let_go(here.store, here.at)
        pruned = facts_of(await explained(here))
    assert {"merged_with", "publications", "claims"} <= merged.keys()
    assert {"pruned", "absent_since"} <= pruned.keys()
    for facts in (merged, pruned):
        jsonschema.validate(json.loads(json.dumps(facts)), schema("explain"))


async def test_what_status_prints_for_machines_is_as_its_schema_says(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, source(id="never")]) as here:
        await here.poll("river", report("river"))
        reports = source_reports(here.catalogue, await here.store.states(), here.at)
        mistake = Mistake(file="feeds.yaml", line=3, path="sources", message="a mapping is needed")
        facts = facts_of_all(reports, replace(here.catalogue, mistakes=(mistake,)))
    assert {row["id"] for row in facts["sources"]} == {"river", "never"}
    jsonschema.validate(json.loads(json.dumps(facts)), schema("status"))
