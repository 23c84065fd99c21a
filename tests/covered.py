"""Each package that is not one of the pure stages is covered as far as said here; run by `make cover`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

LEAST: Mapping[str, float] = {
    "app.py": 95,
    "catalogue": 99,
    "cli": 95,
    "demo": 95,
    "doctor": 94,
    "edits.py": 90,
    "engine": 95,
    "errors.py": 100,
    "explain": 100,
    "fetch": 98,
    "model": 100,
    "patterns": 100,
    "pipeline": 95,
    "ports": 100,
    "preview": 99,
    "settings": 98,
    "store": 97,
    "upkeep.py": 90,
    "web": 97,
    "yamlfile": 98,
}
"""Percent of lines and branches, by what lies in aggregator/; what only other processes run counts as missed."""


def main() -> None:
    """Read what `coverage json` writes, and print what each package reached; ends with 1 if one stays below."""
    files: Mapping[str, Any] = json.load(sys.stdin)["files"]
    short = False
    for name, least in LEAST.items():
        place = f"aggregator/{name}"
        parts = {path: found for path, found in files.items() if path == place or path.startswith(f"{place}/")}
        reached = share([part["summary"] for part in parts.values()])
        sys.stdout.write(f"{name:10} {reached:6.2f} %, at least {least}\n")
        if reached < least:
            short = True
            missed = {path: part["missing_lines"] for path, part in parts.items() if part["missing_lines"]}
            sys.stdout.writelines(f"  {path}: {lines}\n" for path, lines in missed.items())
    sys.exit(short)


def share(summaries: list[Mapping[str, int]]) -> float:
    """Percent of lines and branches that were run; 0 where there is nothing, which is no package of ours."""
    there = sum(one["num_statements"] + one["num_branches"] for one in summaries)
    run = sum(one["covered_lines"] + one["covered_branches"] for one in summaries)
    return 100 * run / there if there else 0.0


if __name__ == "__main__":
    main()
