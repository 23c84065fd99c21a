"""The compose files of config/deploy/, read as `docker compose` reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML

from tests.support.proxies import DEPLOY

_VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def read_compose(name: str, variables: Mapping[str, str]) -> dict[str, Any]:
    """The file with its variables filled in; KeyError for one that is needed and not there."""

    def fill_in(found: re.Match[str]) -> str:
        if variables.get(found[1]):
            return variables[found[1]]
        if found[2] == "-":
            return found[3]
        raise KeyError(f"{found[1]}: {found[3]}")

    text = (DEPLOY / name).read_text(encoding="utf-8")
    read: dict[str, Any] = YAML(typ="safe").load(_VARIABLE.sub(fill_in, text))
    return read


def example_variables() -> dict[str, str]:
    """What env.example says, with a value for whatever it leaves open."""
    lines = (DEPLOY / "env.example").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value or "filled-in" for name, _, value in pairs}
