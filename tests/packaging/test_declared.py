"""What the code imports is declared, and below the release that may break it."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NEEDED_BY_OTHERS = {"lxml-html-clean", "psycopg-binary", "tzdata"}  # nobody here imports them; see pyproject.toml
NUMBERED_BY_DATE = {"regex", "structlog", "tzdata"}
EVERYWHERE = {
    "lxml": "every stage that reads or writes markup has trees of its own",
    "lxml-html-clean": "nobody here imports it",
    "psycopg-binary": "psycopg loads it by itself where it is installed",
    "pydantic": "feeds.yaml and settings.yaml are checked by it, each where it is described",
    "pydantic-core": "as pydantic",
    "ruamel-yaml": "yamlfile reads with it; the sheet of the catalogue walks the nodes that it is handed",
    "structlog": "whoever acts may log; the contract of the pure stages names it",
    "tzdata": "nobody here imports it",
}
"""Dependencies that have no one home, and why; each of the others has a contract that says where it lives."""
PRIVATE = {
    "aggregator/parse/xml/deleted.py": "feedparser",
    "aggregator/parse/xml/described.py": "feedparser",
    "aggregator/parse/xml/extended.py": "feedparser",
    "aggregator/parse/xml/handlers.py": "feedparser",
    "aggregator/parse/xml/inline.py": "feedparser",
    "aggregator/parse/xml/kept_apart.py": "feedparser",
    "aggregator/publish/formats/rss.py": "feedgen",
    "aggregator/web/protocol.py": "uvicorn",
}
"""Who uses names of a library that begin with an underscore. What is overridden without one, as of uvicorn and
ruamel.yaml, no test can see."""


def requirements(entries: list[str]) -> dict[str, Requirement]:
    return {canonicalize_name(one.name): one for one in map(Requirement, entries)}


PROJECT = requirements(PYPROJECT["project"]["dependencies"])
DEVELOPER = requirements(PYPROJECT["dependency-groups"]["dev"])


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> Iterator[str]:
    """The absolute names of what a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "importlib.import_module":
            yield from (argument.value for argument in node.args if isinstance(argument, ast.Constant))


@cache  # of the names alone: as many trees at once would keep the garbage collector busy
def imported_in(folder: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Each file of a folder, with the absolute names of what it imports."""
    return tuple((file, frozenset(imported(tree))) for file, tree in modules(folder))


def foreign(name: str) -> bool:
    return name.partition(".")[0] not in sys.stdlib_module_names | {"aggregator", "tests", "benchmarks"}


@cache
def owners(module: str) -> frozenset[str]:
    """The installed distributions that hold a module."""
    return frozenset(map(canonicalize_name, _distributions().get(module.partition(".")[0], [])))


_distributions = cache(packages_distributions)


def undeclared(declared: dict[str, Requirement], *folders: str) -> dict[str, str]:
    """File by module, of the modules that no declared distribution holds."""
    return {
        name: file
        for folder in folders
        for file, names in imported_in(folder)
        for name in names
        if foreign(name) and not owners(name) & declared.keys()
    }


def private(name: str) -> bool:
    """Whether a name is its owner's own affair; documented ones of named tuples and of `os` only look so."""
    documented = {"_replace", "_asdict", "_fields", "_exit"}
    return name.startswith("_") and not name.endswith("__") and name not in documented


def uses_private_names(tree: ast.AST) -> bool:
    """Whether a module imports or reaches for a name with an underscore that is not its own object's."""
    return any(foreign(name) and any(map(private, name.split("."))) for name in imported(tree)) or any(
        private(node.attr) and ast.unparse(node.value).partition(".")[0] not in {"self", "cls"}
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
    )


def test_what_the_program_imports_is_a_dependency():
    by_generator = {"babel", "babel.localedata"}  # dates._generate, which nobody runs but developers
    assert undeclared(PROJECT, "aggregator").keys() - by_generator == set()


def test_what_tests_and_tools_import_is_in_the_developers_group_or_a_dependency():
    everywhere = undeclared(PROJECT | DEVELOPER, "aggregator", "tests", "benchmarks")
    brought = {name for name in everywhere if name.partition(".")[0] in {"atheris", "packaging"}}
    assert everywhere.keys() - brought == set()  # `make fuzz` has requirements of its own; pytest needs packaging


def test_a_module_that_nobody_declares_is_found():
    assert "httpx" in undeclared({}, "aggregator")
    assert "babel" in undeclared(PROJECT, "aggregator")


def test_every_dependency_is_imported_or_said_to_be_needed_by_another():
    used = {owner for _, names in imported_in("aggregator") for name in names for owner in owners(name)}
    assert PROJECT.keys() - used == NEEDED_BY_OTHERS


def test_every_dependency_has_a_home_that_a_contract_holds_or_a_reason_to_have_none():
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    protected = {name for one in contracts for name in one.get("protected_modules", ()) if foreign(name)}
    at_home = {owner for name in protected for owner in owners(name)}
    assert at_home & EVERYWHERE.keys() == set()
    assert PROJECT.keys() - at_home == EVERYWHERE.keys()


PURE = re.compile(r"\bPure\b")


def test_a_module_that_calls_itself_pure_is_held_to_it_by_the_contract():
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    held = {name for one in contracts if one["name"].startswith("Pure stages") for name in one["source_modules"]}
    calling = {
        file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for file, tree in modules("aggregator")
        if PURE.search(ast.get_docstring(tree) or "")
    }
    assert {name for name in calling if not any(f"{name}.".startswith(f"{one}.") for one in held)} == set()


@pytest.mark.parametrize("name", sorted(PROJECT.keys() - NUMBERED_BY_DATE))
def test_the_next_major_release_of_a_dependency_is_not_taken_untried(name: str):
    lowest = next(Version(one.version) for one in PROJECT[name].specifier if one.operator == ">=")
    assert not PROJECT[name].specifier.contains(f"{lowest.major + 1}.0")


def test_who_uses_private_names_of_a_library_is_known():
    assert {
        file
        for file, tree in modules("aggregator")
        if uses_private_names(tree) and not file.endswith("/_generate.py")
    } == PRIVATE.keys()


@pytest.mark.parametrize("name", sorted({*PRIVATE.values(), "httpx", "ruamel-yaml"}))
def test_what_promises_nothing_is_not_taken_untried_even_from_the_next_minor_release(name: str):
    lowest = next(Version(one.version) for one in PROJECT[name].specifier if one.operator == ">=")
    assert not PROJECT[name].specifier.contains(f"{lowest.major}.{lowest.minor + 1}.0")
