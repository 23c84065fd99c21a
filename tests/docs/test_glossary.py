"""The glossary and the page on architecture tell of what is there."""

from __future__ import annotations

import re
from pathlib import Path
from types import FunctionType

import pytest

from aggregator import model

ROOT = Path(__file__).parent.parent.parent
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
LINES = re.findall(
    r"^\| `(\w+)` \| (.+) \| \[\w+\]\(\.\./aggregator/model/(\w+)\.py\) \|$", GLOSSARY, re.MULTILINE
)
NOUNS = sorted(name for name in model.__all__ if not isinstance(getattr(model, name), FunctionType))
PLACES = sorted(set(re.findall(r"`((?:[a-z]+/)+(?:[a-z_]+\.py)?)`", ARCHITECTURE)))


def test_the_glossary_has_one_line_for_each_noun_of_the_model_in_order():
    assert [name for name, _, _ in LINES] == NOUNS


@pytest.mark.parametrize(("name", "meaning", "module"), LINES, ids=[name for name, _, _ in LINES])
def test_a_line_of_the_glossary_is_a_sentence_and_names_the_module(name: str, meaning: str, module: str):
    code = (ROOT / "aggregator" / "model" / f"{module}.py").read_text(encoding="utf-8")
    assert re.search(rf"^(?:class {name}\b|{name}\b.* = )", code, re.MULTILINE)
    assert re.fullmatch(r"[A-Z0-9].{15,}\.", meaning)


@pytest.mark.parametrize("place", PLACES)
def test_what_the_page_on_architecture_names_is_there(place: str):
    assert any((ROOT / folder / place).exists() for folder in ("aggregator", "."))


def test_every_package_has_its_place_on_the_page_on_architecture():
    packages = {path.parent.name for path in (ROOT / "aggregator").glob("*/__init__.py")}
    assert packages - {place.partition("/")[0] for place in PLACES} == set()
