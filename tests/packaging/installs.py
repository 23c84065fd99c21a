"""Installs as strangers do, with the pip that Python brings and the newest, also when all was released anew.

Run by `make test-install`, not by `make test`: takes minutes, and needs the package index that pip is set up for.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.acceptance.test_pages import TEXT
from tests.acceptance.test_pages import put_up as put_up_pages
from tests.packaging import index
from tests.packaging.test_locked import pins
from tests.support.installation import SETTINGS, Installation, free_port, item, rss
from tests.support.publisher import publishing

ROOT = Path(__file__).parent.parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt")
BUILT_FROM = ("LICENSE", "Makefile", "README.md", "aggregator", "pyproject.toml", "requirements-build.txt")
PIPS = ("brought", "newest")


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What a command prints. Nothing that configures the program or Python reaches it, nor does our Makefile."""
    ours = ("AGGREGATOR_", "MAKE", "MFLAGS", "PIP_BUILD_CONSTRAINT", "PIP_CONSTRAINT", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(command, cwd=cwd, env=kept | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def pips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A Python with the pip that it brings, and one with the newest."""
    folder = tmp_path_factory.mktemp("pips")
    run(sys.executable, "-m", "venv", folder / "brought", cwd=folder)
    shutil.copytree(folder / "brought", folder / "newest", symlinks=True)
    run(folder / "newest/bin/python", "-m", "pip", "install", "--quiet", "--upgrade", "pip", cwd=folder)
    return {name: folder / name / "bin" / "python" for name in PIPS}


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's files in a folder of their own, so that nothing is built into them."""
    folder = tmp_path_factory.mktemp("tree")
    for name in BUILT_FROM:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def wheel(tree: Path, pips: dict[str, Path]) -> Path:
    """The project as it would be published."""
    run(pips["brought"], "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", "dist", ".", cwd=tree)
    return next((tree / "dist").glob("aggregator-*.whl"))


@pytest.fixture(scope="session")
def anew(tmp_path_factory: pytest.TempPathFactory, pips: dict[str, Path]) -> Path:
    """An index where everything was released anew, with locks of the releases before."""
    folder = tmp_path_factory.mktemp("anew")
    tools = ROOT / "requirements-build.txt"
    run(pips["brought"], "-m", "pip", "download", "--quiet", "--no-deps", "-d", folder, "-r", tools, cwd=folder)
    locks = index.put_up(folder, {name: (ROOT / name).read_text(encoding="utf-8") for name in LOCKS})
    for name, text in locks.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def only(folder: Path) -> dict[str, str]:
    """Environment variables by which pip knows one index, a folder, and keeps nothing of it."""
    return {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_EXTRA_INDEX_URL": "",
        "PIP_FIND_LINKS": str(folder),
        "PIP_NO_CACHE_DIR": "1",
        "PIP_NO_INDEX": "1",
    }


def chosen(pip: Path, anew: Path, *arguments: str) -> set[str]:
    """The packages that pip would install into an empty environment."""
    tools = str(ROOT / "requirements-build.txt")
    asked = ("install", "--quiet", "--dry-run", "--ignore-installed", "--report", "-", *arguments)
    report = json.loads(
        run(pip, "-m", "pip", *asked, cwd=anew, **only(anew), PIP_CONSTRAINT=tools, PIP_BUILD_CONSTRAINT=tools)
    )
    return {canonicalize_name(one["metadata"]["name"]) for one in report["install"]}


@pytest.mark.xdist_group("anew")
@pytest.mark.parametrize("pip", PIPS)
def test_the_lock_is_installed_plainly_after_everything_was_released_anew(
    pip: str, pips: dict[str, Path], anew: Path
):
    names = chosen(pips[pip], anew, "--require-hashes", "-r", "requirements.txt")
    assert {"lxml", "lxml-html-clean", "trafilatura", "feedgen", "uvicorn"} <= names


@pytest.mark.xdist_group("anew")
@pytest.mark.parametrize("pip", PIPS)
def test_make_sets_up_after_everything_was_released_anew(
    pip: str, pips: dict[str, Path], anew: Path, tree: Path, tmp_path: Path
):
    shutil.copytree(tree, tmp_path, dirs_exist_ok=True)
    for name in LOCKS:
        shutil.copy(anew / name, tmp_path)
    with_pip = f"PIP={pips[pip]} -m pip --python .venv/bin/python"
    run("make", "environment", f"PYTHON={sys.executable}", with_pip, cwd=tmp_path, **only(anew))

    listed = json.loads(run(".venv/bin/python", "-m", "pip", "list", "--format=json", cwd=tmp_path))
    assert {"aggregator", "coverage", "lxml-html-clean"} <= {canonicalize_name(one["name"]) for one in listed}
    assert "No broken requirements" in run(".venv/bin/python", "-m", "pip", "check", cwd=tmp_path)
    assert run("make", "--question", "environment", f"PYTHON={sys.executable}", with_pip, cwd=tmp_path) == ""


@pytest.mark.xdist_group("anew")
@pytest.mark.parametrize("pip", PIPS)
def test_a_plain_install_brings_all_that_the_lock_has(pip: str, pips: dict[str, Path], anew: Path, wheel: Path):
    plain = chosen(pips[pip], anew, str(wheel))
    assert plain - {"aggregator"} == chosen(
        pips[pip], anew, "--no-deps", "--require-hashes", "-r", "requirements.txt"
    )


@pytest.mark.xdist_group("plain")
def test_the_wheel_holds_every_file_of_the_package(wheel: Path):
    tracked = run("git", "ls-files", "aggregator", cwd=ROOT).split()
    assert {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("aggregator/")} == set(tracked)


@pytest.fixture(scope="session")
def plain(wheel: Path, pips: dict[str, Path]) -> Path:
    """The Python of an environment with the wheel and all that it asks for, from the index."""
    run(pips["brought"], "-m", "pip", "install", "--quiet", wheel, cwd=wheel.parent)
    return pips["brought"]


@pytest.fixture
def begun(plain: Path, tmp_path: Path) -> Installation:
    """A folder with nothing but what `aggregator init` wrote."""
    here = Installation(folder=tmp_path, port=free_port(), python=plain)
    run(plain.parent / "aggregator", "init", cwd=tmp_path)
    here.command("check")
    (tmp_path / "config" / "settings.yaml").write_text(SETTINGS, encoding="utf-8")
    return here


@pytest.mark.xdist_group("plain")
def test_a_feed_and_a_page_are_read_in_an_empty_folder(begun: Installation):
    with publishing() as publisher:
        feed = publisher.put("/feed", rss(item(1, text="The lighthouse is lit again.")))
        page = put_up_pages(publisher, "one", "two")
        sources = f"sources:\n  welcome: examples/welcome.xml\n  river: {feed}\n  hall:\n    page: {page}\n"
        (begun.folder / "feeds.yaml").write_text(sources, encoding="utf-8")
        begun.command("poll", "--all")
    assert {row["state"] for row in begun.status().values()} == {"ok"}

    begun.command("publish", "--to", "out")
    entries = json.loads((begun.folder / "out" / "all.json").read_text(encoding="utf-8"))["items"]
    texts = [entry["content_html"] for entry in entries]
    assert len([text for text in texts if all(words in text for words in TEXT)]) == 2
    assert len([text for text in texts if "The lighthouse is lit again." in text]) == 1
    assert len([text for text in texts if "This item was read from a file." in text]) == 1


@pytest.mark.xdist_group("plain")
def test_the_river_is_served_from_an_empty_folder(begun: Installation):
    (begun.folder / "feeds.yaml").write_text("sources:\n  welcome: examples/welcome.xml\n", encoding="utf-8")
    with begun.running():
        page = begun.wait_for("/", "It works").decode()
        begun.wait_for("/all.atom", "It works")
        begun.wait_for("/status", "welcome")
        style = re.findall(r'href="[^"]*(/static/[^"]+)"', page)
        assert [begun.get(path)[0] for path in style] == [200]


@pytest.mark.xdist_group("plain")
def test_the_database_of_the_first_release_is_brought_up(begun: Installation):
    (begun.folder / "data").mkdir()
    dump = ROOT / "tests" / "store" / "migrations" / "data" / "revision_0001.sql"
    with closing(sqlite3.connect(begun.folder / "data" / "aggregator.db")) as database:
        database.executescript(dump.read_text(encoding="utf-8"))
    begun.command("poll", "welcome")
    assert begun.status()["welcome"]["state"] == "ok"


@pytest.mark.xdist_group("sbom")
def test_the_sbom_names_what_the_lock_installs_with_licences_and_nothing_else(tree: Path, tmp_path: Path):
    shutil.copytree(tree, tmp_path, dirs_exist_ok=True)
    shutil.copy(ROOT / "requirements.txt", tmp_path)
    (tmp_path / "tests" / "packaging").mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "packaging" / "release.txt", tmp_path / "tests" / "packaging")
    release = ROOT / "build" / "release"  # the tools are there already when `make audit` ran before
    run("make", "sbom", f"PYTHON={sys.executable}", f"RELEASE={release}", cwd=tmp_path)
    sbom = json.loads((release / "sbom.cdx.json").read_text(encoding="utf-8"))
    assert (sbom["bomFormat"], sbom["metadata"]["component"]["name"]) == ("CycloneDX", "aggregator")
    named = {canonicalize_name(one["name"]): one["version"] for one in sbom["components"]}
    locked = pins("requirements.txt")
    assert {"lxml", "sqlalchemy", "uvicorn"} <= named.keys()
    assert named.items() - {("aggregator", named.get("aggregator"))} <= locked.items()
    assert [one["name"] for one in sbom["components"] if not one.get("licenses")] == []
