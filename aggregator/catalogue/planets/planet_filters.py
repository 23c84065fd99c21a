"""The filters of planets -> steps of `filter:`, as far as these say the same; the others are named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl

from aggregator import patterns
from aggregator.catalogue.planets.ini import Ini
from aggregator.catalogue.subscriptions import Does, SiftingStep

_CATEGORY = re.compile(r"""//?(?:atom:)?category\[@term=(['"])(?P<term>[^'"]+)\1\]""")
_TITLE = re.compile(r"""//?(?:atom:)?title\[contains\(\.,\s*(['"])(?P<words>[^'"]+)\1\)\]""")
_SIFTERS = frozenset({"regexp_sifter.py", "xpath_sifter.py"})
_ASKED: Final[dict[Does, str]] = {"keep": "require", "drop": "exclude"}
_TERMS: Final[dict[Does, tuple[str, str]]] = {"keep": ("includes", "include"), "drop": ("excludes", "exclude")}


def is_venus(ini: Ini, planet: str) -> bool:
    """Whether a planet's file says something that only Venus knows."""
    known = ("filters", "output_theme", "bill_of_materials", "spider_threads")
    return any(key in ini.sections[planet] for key in known)


class Sifting:
    """Reads the filters of a planet's feeds, and remembers what of them could not be taken over.

    Attributes:
        left_out: By what cannot be taken over: how many feeds have it.
    """

    def __init__(self, ini: Ini, planet: str) -> None:
        self._ini = ini
        self._planet = planet
        self._is_venus = is_venus(ini, planet)
        self.left_out: dict[str, int] = {}

    def steps(self, feed: str) -> tuple[SiftingStep, ...]:
        """What the entries of the feed of that section must pass, the planet's own steps first."""
        found: list[SiftingStep] = []
        for place in self._places("filter", feed):
            found += self._of_patterns("keep", self._ini.get(place, "filter").splitlines())
        for place in self._places("exclude", feed):
            found += self._of_patterns("drop", self._ini.get(place, "exclude").splitlines())
        for place in (self._planet, feed):
            for written in self._ini.get(place, "filters").split():
                found += self._of_filter(written)
        return tuple(dict.fromkeys(found))

    def _places(self, key: str, feed: str) -> list[str]:
        """Venus has what a feed says in the place of what the planet says; Planet 2 asks for both."""
        is_said = key in self._ini.sections[feed]
        return [feed] if is_said and self._is_venus else [self._planet, feed]

    def terms(self, feed: str) -> tuple[SiftingStep, ...]:
        """What pluto asks of the entries of a feed: words, separated by commas, of which one is enough."""
        found: list[SiftingStep] = []
        for does, keys in _TERMS.items():
            words = tuple(filter(None, (one.strip() for one in self._ini.get(feed, *keys).split(","))))
            if words:
                found.append(SiftingStep(does=does, field="words", patterns=words))
        return tuple(found)

    def _of_patterns(self, does: Does, written: list[str]) -> Iterator[SiftingStep]:
        """Each of several expressions that are required must be found; of those that are not, none."""
        right = [one for one in map(str.strip, written) if one and self._is_usable(one)]
        if does == "drop" and right:
            yield SiftingStep(does="drop", field="any", patterns=tuple(right))
        elif does == "keep":
            yield from (SiftingStep(does="keep", field="any", patterns=(one,)) for one in right)

    def _is_usable(self, pattern: str) -> bool:
        try:
            patterns.guard_pattern(pattern)
        except (re.error, RecursionError, OverflowError):
            pass
        else:
            if pattern.isprintable():
                return True
        self._leave_out(f"the expression {pattern[:60]!r}")
        return False

    def _of_filter(self, written: str) -> Iterator[SiftingStep]:
        """One of Venus' filters, and what it is told behind a question mark or in a section of its name."""
        name, _, query = written.partition("?")
        if name not in _SIFTERS:
            self._leave_out(f"the filter {name[:60]}")
            return
        told = dict(parse_qsl(query, separator="&"))
        for does, key in _ASKED.items():
            asked = told.get(key) or (self._ini.get(name, key) if name in self._ini.sections else "")
            if name == "regexp_sifter.py":
                yield from self._of_patterns(does, asked.splitlines())
            else:
                yield from self._of_xpath(does, asked.splitlines())

    def _of_xpath(self, does: Does, written: list[str]) -> Iterator[SiftingStep]:
        """A category, or words in the title, which is what XPath was asked for; nothing else."""
        for one in map(str.strip, written):
            category, title = _CATEGORY.fullmatch(one), _TITLE.fullmatch(one)
            if category is not None:
                exact = f"^{re.escape(category['term'])}$"
                yield SiftingStep(does=does, field="category", patterns=(exact,))
            elif title is not None:
                words = re.escape(title["words"])
                yield SiftingStep(does=does, field="title", patterns=(words,))
            elif one:
                self._leave_out(f"the XPath {one[:60]!r}")

    def _leave_out(self, what: str) -> None:
        self.left_out[what] = self.left_out.get(what, 0) + 1
