"""What robots.txt says of one address (RFC 9309). Pure, in time proportional to the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from aggregator import PRODUCT
from aggregator.preview.previewed import RobotsAnswer

_LONGEST: Final = 512_000
"""Bytes that are looked at; at least 500 KiB should be (section 2.5)."""


@dataclass(slots=True)
class _Group:
    """Rules for some programs.

    Attributes:
        agents: Whom it is for, lower case.
        rules: Whether it allows, and the path.
    """

    agents: list[str] = field(default_factory=list)
    rules: list[tuple[bool, str]] = field(default_factory=list)


def judge_robots(body: bytes, url: str) -> RobotsAnswer:
    """Whether the file lets us ask for the address: by the rules for us by name, else by those for all.

    The longest path that fits decides; of two as long, the one that allows (section 2.2.2).
    """
    groups = list(_groups(body[:_LONGEST].decode("utf-8", "replace").lstrip("\ufeff").splitlines()))
    ours = [group for group in groups if PRODUCT in group.agents]
    chosen = ours or [group for group in groups if "*" in group.agents]
    parts = urlsplit(url)
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    fitting = [rule for group in chosen for rule in group.rules if rule[1] and _fits(rule[1], path)]
    if not fitting:
        return RobotsAnswer(allowed=True, rule="nothing in it speaks of this address", ours=bool(ours))
    allowed, line = max(fitting, key=lambda rule: (len(rule[1]), rule[0]))
    whom = PRODUCT if ours else "*"
    verb = "Allow" if allowed else "Disallow"
    return RobotsAnswer(allowed=allowed, rule=f"{verb}: {line[:200]} (for {whom})", ours=bool(ours))


def _groups(lines: Iterable[str]) -> Iterator[_Group]:
    group = _Group()
    for line in lines:
        name, colon, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if not colon:
            continue
        if name == "user-agent":
            if group.rules:
                yield group
                group = _Group()
            group.agents.append(value.lower())
        elif name in {"allow", "disallow"} and group.agents:
            group.rules.append((name == "allow", value))
    yield group


def _fits(pattern: str, path: str) -> bool:
    """Whether a path begins as the pattern says: `*` is anything, `$` at its end the end (section 2.2.3)."""
    at_end = pattern.endswith("$")
    first, *others = (pattern[:-1] if at_end else pattern).split("*")
    if not path.startswith(first):
        return False
    place = len(first)
    if at_end and others:
        *others, last = others
        if not path.endswith(last) or len(path) - len(last) < place:
            return False
        path = path[: len(path) - len(last)]
    for part in others:
        found = path.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return not at_end or bool("*" in pattern) or place == len(path)
