"""What the documents say is true: every command is named, every example loads, every figure has its file."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from inspect import signature
from pathlib import Path
from typing import get_args

import pytest
import typer

from aggregator import catalogue
from aggregator.catalogue.filters import Conditions
from aggregator.cli import care, demo, edit, explain, look, preview, serve, work
from aggregator.errors import ConfigurationError
from aggregator.model import Format

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
YAML_BLOCKS = [
    block
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    for block in re.findall(r"^```ya?ml\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
]


def commands() -> list[str]:
    """Every command that the command line knows."""
    app = typer.Typer()
    for group in (serve, work, look, explain, preview, edit, care, demo):
        group.register(app)
    return [str(command.name) for command in app.registered_commands]


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_readme(command: str):
    assert f"`aggregator {command}" in README


def test_every_command_takes_the_option_that_the_readme_promises():
    app = typer.Typer()
    for group in (serve, work, look, explain, preview, edit, care, demo):
        group.register(app)
    without = [one.name for one in app.registered_commands if "config" not in signature(one.callback).parameters]
    assert f"all but `{'`, `'.join(map(str, without))}` take `--config`" in README


@pytest.mark.parametrize("block", YAML_BLOCKS)
def test_every_example_of_feeds_yaml_in_the_docs_loads(tmp_path: Path, block: str):
    path = tmp_path / "feeds.yaml"
    path.write_text(block, encoding="utf-8")
    assert catalogue.load(path, {"TOKEN": "x" * 20}).sources


def test_the_readme_has_a_row_for_everything_that_a_filter_can_ask():
    table = README.partition("| key | what it asks of an entry |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(Conditions.model_fields)


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


PACKAGES = sorted(
    path.parent for path in (ROOT / "aggregator").rglob("__init__.py") if path.parent.name != "versions"
)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.relative_to(ROOT).as_posix())
def test_a_package_tells_what_each_of_its_modules_is_for_and_of_none_that_is_not_there(package: Path):
    told = ast.get_docstring(ast.parse((package / "__init__.py").read_bytes())) or ""
    there = {path.stem for path in package.glob("*.py")} - {"__init__", "__main__"}
    if package.name == "formats":
        there -= {*get_args(Format)}  # each is told by its `SPEC`, so that a new one is a module and a name
    assert {name for name in there if not re.search(rf"\b{name}\b", told)} == set()
    # What stands in another package is named with it, as `sql.store`; `rNNNN_what.py` is a pattern.
    elsewhere = {path.stem for path in package.rglob("*.py")} | {"rNNNN_what"}
    assert set(re.findall(r"(?<![./])\b(\w+)\.py\b", told)) <= there | elsewhere


REPEATED_FILE_NAMES = {
    "atom rss": "a format: written by `formats`, judged by `check`",
    "catalogues faults items publications sources stories": "a table, what reads and writes it, the port for it",
    "database": "the noun, and what doctor says of it",
    "edit importing": "feeds.yaml, by command and as text",
    "extensions": "elements of other namespaces: cleaned, and judged in what is written",
    "feed": "the noun, and one reading of it for each of XML and JSON",
    "incidents jobs labels reading tallies": "a step, and what it runs in other processes or asks of the tables",
    "limits": "how far its package goes",
    "load spec": "a file of people's, as models and read: settings and feeds.yaml",
    "lookup": "of an item, by what people type and by its names in the tables",
    "carried engines failures schema space": "of SQLite, of PostgreSQL",
    "session store": "what any database shares, and each one's own",
    "succession": "what was there goes on under another name: sources, publications",
}
"""Names of modules that stand in several packages since they are the same thing there, with what that thing is."""


def test_a_file_name_that_stands_in_two_packages_means_the_same_in_both():
    modules = Counter(path.stem for path in (ROOT / "aggregator").rglob("*.py") if path.stem != "__init__")
    allowed = [name for names in REPEATED_FILE_NAMES for name in names.split()]
    assert sorted(name for name, times in modules.items() if times > 1) == sorted(allowed)


def test_no_two_classes_or_lists_of_words_have_one_name_nor_differ_by_an_underscore_or_a_capital():
    modules = (ast.parse(path.read_bytes()) for path in (ROOT / "aggregator").rglob("*.py"))
    names = Counter(name.lstrip("_").lower() for module in modules for name in _names_of_types(module))
    assert [name for name, times in names.items() if times > 1] == []


def _names_of_types(module: ast.Module) -> Iterator[str]:
    yield from (node.name for node in ast.walk(module) if isinstance(node, ast.ClassDef))
    for node in module.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("Literal["):
            yield ast.unparse(node.targets[0])


def test_each_field_of_a_record_has_a_sentence_of_its_own():
    untold = [
        f"{node.name}.{name}"
        for path in (ROOT / "aggregator").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.ClassDef) and "dataclass" in "".join(map(ast.unparse, node.decorator_list))
        for name in _fields_without_docstring(node)
        if not re.search(rf"^ +{name}: \S", ast.get_docstring(node) or "", re.MULTILINE)
    ]
    assert untold == []


def _fields_without_docstring(record: ast.ClassDef) -> Iterator[str]:
    for node, after in zip(record.body, [*record.body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and not isinstance(after, ast.Expr):
            name = ast.unparse(node.target)
            if not name.startswith("_"):
                yield name


def test_make_cover_gates_every_package():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    pure, others = (re.search(rf"^{name} := (.*)$", makefile, re.MULTILINE) for name in ("PURE", "OTHERS"))
    assert pure
    assert others
    packages = {path.name for path in PACKAGES if path.parent == ROOT / "aggregator"}
    assert {*pure[1].split(), *others[1].split()} == packages
    gated = re.findall(r'^    "([a-z]+)": \d+,$', (ROOT / "tests" / "covered.py").read_text(), re.MULTILINE)
    assert sorted(gated) == sorted(others[1].split())
