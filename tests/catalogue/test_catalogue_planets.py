"""Configurations of Planet 2, Planet Venus and pluto come in: each folder of planets/ is a case.

A case holds the configuration (config.ini or planet.ini), what lies beside it, feeds.yaml as it was before
(before.yaml; without it an empty one), as it is afterwards (after.yaml), and what the editor is told (told.txt). A
file of planets_refused/ is one that is refused, with the message beside it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aggregator.catalogue import load
from aggregator.catalogue.edit import remove_source
from aggregator.catalogue.importing import ImportOutcome, import_list, read_list
from aggregator.catalogue.planets.ini import MAX_BYTES, read_ini
from aggregator.catalogue.starter import init
from aggregator.errors import EditError

HERE = Path(__file__).parent
CASES = sorted(path.name for path in (HERE / "planets").iterdir() if path.is_dir())
REFUSED = sorted(path.stem for path in (HERE / "planets_refused").glob("*.ini"))


def bring_in(case: Path, feeds: Path) -> ImportOutcome:
    file = next(path for name in ("config.ini", "planet.ini") if (path := case / name).exists())
    return import_list(feeds, read_list(file.read_bytes(), file))


def told(outcome: ImportOutcome, case: Path) -> str:
    lines = [
        f"added: {', '.join(outcome.added)}",
        f"written: {', '.join(outcome.written)}",
        *(f"left out: {one}" for one in outcome.skipped),
        *(f"note: {one}" for one in outcome.notes),
    ]
    return "".join(f"{line.rstrip()}\n" for line in lines).replace(f"{case}/", "")


@pytest.mark.parametrize("name", CASES)
def test_a_planets_configuration_becomes_what_its_case_says(name: str, tmp_path: Path):
    case, feeds = HERE / "planets" / name, tmp_path / "feeds.yaml"
    before = case / "before.yaml"
    feeds.write_bytes(before.read_bytes() if before.exists() else b"sources: {}\n")
    outcome = bring_in(case, feeds)
    assert feeds.read_text(encoding="utf-8") == (case / "after.yaml").read_text(encoding="utf-8")
    assert told(outcome, case) == (case / "told.txt").read_text(encoding="utf-8")
    again = bring_in(case, feeds)
    assert (again.added, again.written) == ((), ()), "the same list once more adds nothing"
    assert len(load(feeds, {}).sources) >= len(outcome.added)


_EXAMPLES = "The example's sources are still there, and subscribers get their entries, too: "


def test_what_init_wrote_as_an_example_is_named_to_who_brings_a_planet(tmp_path: Path):
    init(tmp_path)
    feeds = tmp_path / "feeds.yaml"
    planet = b"title = Planet Weir\n[w]\nfeed = https://w.example/feed\n[h]\nfeed = https://hynek.me/index.xml\n"
    first = import_list(feeds, read_list(planet, Path("planet.ini"))).notes
    assert first[-2:] == (
        "`site.title` is still that of the example: write 'Planet Weir' there.",
        f"{_EXAMPLES}welcome, python; `aggregator remove welcome` takes one out.",
    ), "what the planet reads itself is no stranger"
    remove_source(feeds, "welcome")
    text = feeds.read_text(encoding="utf-8")
    feeds.write_text(
        text.replace("title: My planet", "title: Weir").replace("posts/default", "mine"), encoding="utf-8"
    )
    again = import_list(feeds, read_list(planet, Path("planet.ini")))
    assert again.notes == (), "what its editor wrote is no example"


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_a_planets_configuration_is_refused_with_its_line_and_nothing_is_changed(
    name: str, tmp_path: Path
):
    folder = HERE / "planets_refused"
    shutil.copytree(folder, tmp_path / "in")
    (tmp_path / "in" / "self.ini").write_text("[self.ini]\ncontent_type = config\n", encoding="utf-8")
    (tmp_path / "secret.ini").write_text("[https://a.example/feed]\n", encoding="utf-8")
    file = tmp_path / "in" / f"{name}.ini"
    with pytest.raises(EditError) as refused:
        read_list(file.read_bytes(), file)
    assert str(refused.value).replace(f"{tmp_path}/in/", "") == (folder / f"{name}.txt").read_text("utf-8").strip()


def test_a_file_that_is_too_large_is_refused_at_once():
    with pytest.raises(EditError, match=r"^big\.ini:1: it is larger than 5 MB"):
        read_ini(b"[Planet]\n" + b"a = b\n" * (2 * MAX_BYTES // 6), "big.ini")


def test_a_large_configuration_is_read_feed_by_feed():
    section = "[https://a{0}.example/feed]\nname = {0} %(site)s\nface = {0}.png\nfilter = a\n"
    head = "[DEFAULT]\nsite = here\n[Planet]\nlink = http://p.example/\n"
    text = head + "".join(map(section.format, range(5000)))
    found = read_list(text.encode(), Path("config.ini"))
    assert len(found.feeds) == 5000
    assert found.feeds[-1].title == "4999 here"
