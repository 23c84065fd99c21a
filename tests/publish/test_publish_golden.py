"""Whole documents, reviewed line by line. `UPDATE_GOLDEN=1` writes them anew, for the next review."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

import pytest

from aggregator.publish import render_all
from tests.publish.editions import FORMATS

CASES = Path(__file__).parent / "golden"


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("case", sorted(folder.name for folder in CASES.iterdir() if folder.is_dir()))
def test_an_edition_gives_the_expected_bytes(case, form):
    edition = import_module(f"tests.publish.golden.{case}.edition").EDITION
    (body,) = (found.body for found in render_all(edition).documents if found.format == form)
    expected = CASES / case / f"expected.{form}"
    if os.environ.get("UPDATE_GOLDEN"):
        expected.write_bytes(body)
        pytest.fail(f"{expected} is written: review it, and raise publish.VERSION if it changed.")
    assert body == expected.read_bytes()


def test_items_that_no_document_can_carry_are_named_with_the_reason():
    edition = import_module("tests.publish.golden.awkward.edition").EDITION
    assert tuple(one.notice for one in render_all(edition).omitted) == (
        "all: the entry '1234' is left out: its id is no absolute IRI",
        "all: the entry 'urn:uuid:00000000-0000-5000-8000-000000000005' is left out: another entry bears its id",
    )
