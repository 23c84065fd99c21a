"""What measures the store and the workers on PostgreSQL does so, in the smallest measure."""

from __future__ import annotations

from pathlib import Path

from benchmarks import catalogues, marks, workers
from benchmarks.server import serving
from tests.support import postgresql

SOURCES = 40


async def test_what_very_many_sources_cost_is_found_for_few(tmp_path: Path) -> None:
    feeds = tmp_path / "feeds.yaml"
    feeds.write_text("sources:\n" + "".join(f"  s{n}: https://s{n}.example/feed\n" for n in range(SOURCES)))
    with serving(postgresql.server()) as server:
        found = await catalogues.measure(server, feeds, SOURCES)
    assert all(here > 0 for here, _ in found.values())
    assert sum(there for _, there in list(found.values())[:10]) > 0, "the server's part is seen"
    assert len(list(catalogues.table({SOURCES: found, 2 * SOURCES: found}))) == len(found) + 2


def test_what_polls_cost_workers_and_server_is_found_while_they_poll() -> None:
    with workers.installed(8, postgresql.server()) as installation:
        found = installation.measure(workers.Load(name="busy", news=1), 1, 2.0)
    assert found.rate > 0
    assert found.workers > 0
    assert found.transactions > 1, "a claim and a commit at least"


def test_what_was_found_replaces_what_stood_between_the_marks_of_its_command(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- begin: one -->\nold\n<!-- end -->\nb\n<!-- begin: two -->\nkept\n<!-- end -->\n")
    marks.keep(page, "one", "new")
    assert page.read_text() == (
        "a\n<!-- begin: one -->\n\nnew\n\n<!-- end -->\nb\n<!-- begin: two -->\nkept\n<!-- end -->\n"
    )
