"""Texts take less room in the database than they are long, and come out as they went in."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from aggregator.model import Sighting
from aggregator.store.sql.columns import PackedText
from aggregator.store.sqlite import SqliteStore
from aggregator.stories import sighting, sign
from tests.contract.stock import NOON, change, item, put
from tests.support.nouns import entry

DIALECT = sqlite.dialect()


@given(st.text().filter(lambda text: not any("\ud800" <= char <= "\udfff" for char in text)))
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    column, document = PackedText(), "{" + text
    stored = column.process_bind_param(document, DIALECT)
    assert stored is not None
    assert column.process_result_value(stored, DIALECT) == document
    assert len(stored) <= len(document.encode())


def test_nothing_is_nothing() -> None:
    assert PackedText().process_bind_param(None, DIALECT) is None
    assert PackedText().process_result_value(None, DIALECT) is None


async def test_what_an_item_says_takes_a_part_of_its_length(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db")
    await store.open()
    text = " ".join(f"The {number}th pier of the harbour was closed on Monday." for number in range(60))
    one = item(entry=replace(item().entry, content=f"<p>{text}</p>", text=text))
    await put(store, change(one))
    assert (await store.latest(["river"], 1))[0].entry == one.entry
    await store.close()
    with closing(sqlite3.connect(tmp_path / "store.db")) as database:
        assert database.execute("SELECT max(length(entry)) FROM entries").fetchone()[0] < len(text) / 4


async def test_keys_lead_to_what_an_item_says_now_and_to_nothing_once_it_is_old(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = SqliteStore(path)
    await store.open()
    await put(store, change(item()))
    (stored,) = await store.latest(["river"], 1)
    for words in (
        "Forty lorries stood on the eastern pier of Varesh",
        "Apple growers of Sorn expect a poor harvest",
    ):
        look = looking(stored, words)
        await store.place_alone([(stored, look)], [])
        assert keys(path) == sorted(look.signature.keys)
        (stored,) = await store.latest(["river"], 1)
        await put(store, change(replace(stored, revision=stored.revision + 1, changed_at=NOON), kind="revised"))
        (stored,) = await store.latest(["river"], 1)
    await store.forget(NOON + timedelta(days=400))
    assert keys(path) == []
    await store.close()


def looking(stored: object, words: str) -> Sighting:
    said = entry(title=words, text=f"{words}. " * 20)
    return sighting(stored, sign(said))  # type: ignore[arg-type]


def keys(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as database:
        return [band for (band,) in database.execute("SELECT band FROM bands ORDER BY band")]
