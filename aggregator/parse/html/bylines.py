"""Who wrote an article: people. An agency is no person, and who is quoted is no author."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from aggregator.model import Person
from aggregator.parse.author_field import read_person
from aggregator.parse.html.page_words import AGENCY, BY, NOBODY, alternatives_of
from aggregator.parse.html.tree import Element, lines_of, text_of
from aggregator.text.characters import fold_to_words
from aggregator.text.urls import is_web, resolve_reference

_BY = re.compile(rf"^(?:{alternatives_of(BY)})(?:\s*[:：]\s*|\s+)", re.IGNORECASE)
_AND = re.compile(r"(?:(?<!\s)\s++)?+[,;/&、,]\s*+|(?<!\s)\s++(?:and|und|et|y|e|en|och|og|и|و)\s++", re.IGNORECASE)
_AGENCY = re.compile(rf"\b(?:{alternatives_of(AGENCY)})\b|خبرگزاری|تحریریه|編集部|新聞|通信|뉴스", re.IGNORECASE)
_DATES = re.compile(
    r"(?:[|•·(\[–—]|(?<!\s)\s++(?:on|am|le|el|il|den)\s++[^\s\d]*+\d|,?(?<!\s)\s++[^\s\d]*+\d).*", re.DOTALL
)
_NAMED = re.compile(r"(?:^|[\s_-])(?:by-?line|author(?:-?names?|s)?|autor(?:en|es)?|auteurs?|writer)(?:$|[\s_-])")
_LONGEST: Final = 60
_MOST: Final = 10


def keep_people(named: Iterable[Person], agencies: Iterable[str], base: str) -> tuple[Person, ...]:
    """Of the authors that a page names those who are people, each once; addresses absolute."""
    known = {fold_to_words(agency) for agency in agencies}
    found: dict[str, Person] = {}
    for one in named:
        for name in _names(one.name):
            written = read_person(name, uri=resolve_reference(one.uri, base), email=one.email)
            if written and _is_person(written.name, known):
                found.setdefault(written.name.casefold(), written)
    return tuple(found.values())[:_MOST]


def visible_authors(blocks: list[Element], start: int, scope: Element) -> tuple[Person, ...]:
    """The authors that a page's markup or the lines around its heading name.

    In: the page's blocks in document order; which of them is the first behind the heading; the element that holds
    the article.
    """
    for node in scope.iter("a", "span", "p", "div", "address", "cite", "li"):
        relations = (node.get("rel") or "").lower().split()
        names = f"{node.get('class') or ''} {node.get('itemprop') or ''}".lower()[:300]
        if ("author" in relations or _NAMED.search(names)) and (found := _people_of(node)):
            return found
    lines = (line for block in blocks[start : start + 8] for line in lines_of(block))
    return next((found for line in lines if is_byline(line) and (found := _people_in(line, None))), ())


def is_byline(text: str) -> bool:
    """Whether a short block says who wrote the article, and nothing else."""
    return len(text) <= 2 * _LONGEST and bool(_BY.match(text)) and bool(_people_in(text, None))


def _people_of(node: Element) -> tuple[Person, ...]:
    text = text_of(node)
    links = [node] if node.tag == "a" else list(node.iter("a"))
    if len(text) > 3 * _LONGEST:
        return ()
    named = [
        Person(name=text_of(link), uri=link.get("href")) for link in links[:_MOST] if _is_plausible(text_of(link))
    ]
    return tuple(named) or _people_in(text, None)


def _people_in(text: str, uri: str | None) -> tuple[Person, ...]:
    rest = _DATES.sub("", _BY.sub("", text, count=1)).strip()
    names = [name for name in _names(rest) if _is_plausible(name)]
    return tuple(Person(name=name, uri=uri) for name in names) if len(rest) <= 2 * _LONGEST else ()


def _names(text: str) -> list[str]:
    text = _BY.sub("", text.strip(), count=1)
    if "@" in text or is_web(text):
        return [text]
    return [name.strip(" .:·|") for name in _AND.split(text) if name.strip(" .:·|")]


def _is_plausible(name: str) -> bool:
    """A name: a few words that begin with capitals, in scripts that have them, and no digits."""
    words = name.split()
    if not 1 <= len(words) <= 5 or len(name) > _LONGEST or any(character.isdigit() for character in name):
        return False
    if name.isascii() or name[0].upper() != name[0].lower():
        return words[0][0].isupper() and words[-1][0].isupper() and not re.search(r"[.:!?]$", words[-1])
    return True


def _is_person(name: str, agencies: set[str]) -> bool:
    plain = fold_to_words(name)
    if not plain or plain in agencies or plain in NOBODY or _AGENCY.search(name) or is_web(name):
        return False
    return not re.search(r"\w-*+\.(?:com|org|net|de|fr|ir|ru|info)\b", name) and len(name) <= _LONGEST
