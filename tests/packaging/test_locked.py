"""The locks hold all that is needed, so that they can be installed without resolving anything anew."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.extras import spelled_out

ROOT = Path(__file__).parent.parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUN = PYPROJECT["project"]["dependencies"]
LOCKS = {"requirements.txt": RUN, "requirements-dev.txt": RUN + PYPROJECT["dependency-groups"]["dev"]}
_PIN = re.compile(r"^([\w.-]+(?:\[[^\]]+\])?)==([^\s;\\]+)(?: *;[^\\\n]*)?(?= \\\n +--hash=sha256:)", re.MULTILINE)


def pins(file: str) -> dict[str, str]:
    """Version by name, with the extra as it is written."""
    return dict(_PIN.findall((ROOT / file).read_text(encoding="utf-8")))


def needed(entries: list[str]) -> Iterator[tuple[Requirement, str]]:
    """What the entries need on this machine, and what that needs, with who asks for it: `` for the project."""
    seen: set[tuple[str, str]] = set()
    waiting = [(Requirement(entry), "") for entry in entries]
    while waiting:
        wanted, who = waiting.pop()
        yield wanted, who
        for extra in ("", *wanted.extras):
            if (key := (canonicalize_name(wanted.name), extra)) in seen:
                continue
            seen.add(key)
            below = map(Requirement, requires(wanted.name) or [])
            waiting += [
                (one, wanted.name) for one in below if one.marker is None or one.marker.evaluate({"extra": extra})
            ]


@pytest.mark.parametrize("file", LOCKS)
def test_a_lock_has_a_fitting_release_of_everything_that_is_needed(file: str):
    locked = pins(file)
    missing = {
        f"{wanted} for {who or 'us'}"
        for wanted, who in needed(LOCKS[file])
        if not wanted.specifier.contains(locked.get(canonicalize_name(wanted.name), "0"), prereleases=True)
        or canonicalize_name(wanted.name) not in locked
    }
    assert missing == set()


@pytest.mark.parametrize("file", LOCKS)
def test_an_extra_is_pinned_as_it_is_spelled_where_it_is_asked_for(file: str):
    asked = {
        f"{canonicalize_name(wanted.name)}[{extra}]"
        for wanted, who in needed(LOCKS[file])
        for extra in wanted.extras
        if who
    }
    assert asked
    assert asked - pins(file).keys() == set()


@pytest.mark.parametrize("file", LOCKS)
def test_all_forms_of_a_package_are_pinned_to_one_release(file: str):
    locked = pins(file)
    assert {name: version for name, version in locked.items() if locked[name.partition("[")[0]] != version} == {}


def test_the_developers_lock_has_the_same_releases():
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


def test_what_looks_over_a_release_is_pinned_and_no_part_of_what_is_installed():
    wanted = {canonicalize_name(Requirement(one).name) for one in PYPROJECT["dependency-groups"]["release"]}
    assert wanted <= pins("tests/packaging/release.txt").keys()
    assert not wanted & pins("requirements-dev.txt").keys()


def test_what_builds_the_project_is_the_same_with_and_without_the_makefile():
    pinned = (ROOT / "requirements-build.txt").read_text(encoding="utf-8").splitlines()
    assert set(PYPROJECT["build-system"]["requires"]) <= set(pinned)


def test_a_pin_with_an_extra_stands_beside_the_same_one_without():
    lock = (
        "# head\na==1 \\\n    --hash=x\n    # via b\nc[d-e]==2 ; win \\\n    --hash=y\nf[g]==3 \\\n    --hash=z\n"
    )
    written = spelled_out(lock)
    assert re.findall(r"^\w.*==\d.*(?= \\)", written, re.MULTILINE) == [
        "a==1",
        "c==2 ; win",
        "c[d_e]==2 ; win",
        "f==3",
        "f[g]==3",
    ]
    assert written.count("--hash=y") == 2
    assert spelled_out(written) == written
