"""Elements of other namespaces: clean, bounded, and without what the entry says anyway."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from aggregator.model import Conventions, Extension, FeedMeta, ParsedFeed
from aggregator.normalize import extension_rules as rules
from aggregator.normalize.extension_values import SIGNS, ValueContext, clean_value, in_usual_signs
from aggregator.normalize.people import clean_media_type
from aggregator.normalize.title_text import plain_title
from aggregator.text.characters import fold
from aggregator.text.recordings import PLAYED_BY_NOTHING
from aggregator.text.urls import is_web

MAX_ELEMENTS: Final = 300
MAX_SIZE: Final = 32_000
"""Characters of names, attributes and texts of all elements of an entry."""

_NAME = re.compile(r"(?:(?:rdf|xlink|xml|[a-z]{2,20}):)?[A-Za-z][\w.-]{0,60}", re.ASCII)
_ELEMENT = re.compile(r"[A-Za-z]{2,20}:[A-Za-z][\w.-]{0,60}", re.ASCII)
_ACTS: Final = re.compile(r"on[a-z]+|style", re.IGNORECASE)
_PLAIN_FILE: Final = frozenset({"url", "type", "fileSize", "medium", "duration", "isDefault", "expression"})
"""Attributes of a file that an enclosure says, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the fields of an entry say already: elements that repeat it are left out.

    Attributes:
        written: Its title and its texts as the feed has them.
        texts: Gives its title, its texts, its authors' names, folded; rarely asked.
        files: The addresses of what is attached.
    """

    written: frozenset[str] = frozenset()
    texts: Callable[[], frozenset[str]] = frozenset
    files: frozenset[str] = frozenset()


def clean_extensions(
    written: Sequence[Extension], context: ValueContext, said: Said
) -> tuple[tuple[Extension, ...], tuple[Extension, ...]]:
    """Clean the elements of an entry.

    In: as the feed has them; where they stand; what the entry says anyway.
    Out: those that say something more, in order, and apart from them those that run on by themselves. Idempotent.
    Does not raise.
    """
    fleeting: list[Extension] = []
    cleaned = [one for raw in written if (one := _clean(raw, context, said, fleeting)) is not None]
    flat = (one for found in cleaned for one in _ungroup(found))
    kept = [one for one in flat if not _is_attached(one, said)]
    return _keep_within_bounds(_drop_repeats(kept)), _keep_within_bounds(_drop_repeats(fleeting))


def clean_meta(feed: ParsedFeed, conventions: Conventions) -> FeedMeta:
    """What a feed says of itself: texts read by their types, and of its elements those said of all its entries."""
    meta = feed.meta
    said = [one for one in meta.extensions if one.name in rules.INHERITED]
    context = ValueContext(base=meta.link, zone=conventions.timezone, language=meta.language)
    return replace(
        meta,
        title=plain_title(feed.title) or meta.title,
        rights=plain_title(feed.rights) or meta.rights,
        extensions=clean_extensions(said, context, Said())[0],
    )


def _clean(one: Extension, context: ValueContext, said: Said, fleeting: list[Extension]) -> Extension | None:
    """The element; None where it is not to be passed on, or runs on by itself: then it is added to `fleeting`."""
    if one.name in rules.LEFT_OUT or one.name in rules.IN_FIELDS or not _ELEMENT.fullmatch(one.name):
        return None
    if one.name in rules.REPEATING and one.text in said.written:
        return None
    if (one.get("type") or "").strip().lower() in PLAYED_BY_NOTHING:
        return None
    one = replace(one, name=rules.MISSPELT.get(one.name, one.name))
    inner = () if _is_of_words(one) else one.children
    cleaned = (_clean(child, context, said, fleeting) for child in inner)
    made = _put_right(
        Extension(
            name=one.name,
            attributes=tuple(_attributes(one, context)),
            text=_text(one, context),
            children=_drop_repeats(each for child in cleaned if child is not None for each in _ungroup(child)),
        ),
        one,
        context,
    )
    if not _says_something(made) or _repeats(made, said):
        return None
    if one.name in rules.FLEETING:
        fleeting.append(made)
        return None
    return made


def _is_of_words(one: Extension) -> bool:
    """Whether it has a text and no children; what stands in it is markup of that text."""
    return one.name in rules.TEXTS or one.name in rules.REPEATING or one.name.partition(":")[0] in rules.OF_WORDS


def _attributes(one: Extension, context: ValueContext) -> Iterator[tuple[str, str]]:
    seen = set[str]()
    for name, value in one.attributes:
        if _NAME.fullmatch(name) and not _ACTS.fullmatch(name) and name not in seen:
            seen.add(name)
            if cleaned := _attribute(one.name, name, value, context):
                yield name, cleaned


def _attribute(element: str, name: str, value: str, context: ValueContext) -> str:
    allowed = rules.WORDS_ALLOWED.get((element, name))
    if allowed is not None:
        return word if (word := value.strip().lower()) in allowed else ""
    if element == "gml:coordinates" and name in SIGNS:
        return ""
    if (element, name) in rules.LASTING and not clean_value(value, "number", context):
        return clean_value(value, "seconds", context)
    if name == "type" and element in rules.MEDIA_TYPES:
        return clean_media_type(value) or ""
    return clean_value(value, rules.ATTRIBUTES.get(name), context)


def _text(one: Extension, context: ValueContext) -> str:
    allowed = rules.WORDS_ALLOWED.get((one.name, ""))
    if allowed is not None:
        return word if (word := one.text.strip().lower()) in allowed else ""
    text = in_usual_signs(one) if one.name == "gml:coordinates" else one.text
    return clean_value(text, rules.TEXTS.get(one.name), context)


def _put_right(made: Extension, written: Extension, context: ValueContext) -> Extension:
    """The element with its address where it belongs, if that was written as its text or under another name."""
    name = rules.MISPLACED.get(made.name)
    if name is None:
        return made
    in_text, words = _address_in_text(made, written, context)
    address = next(filter(None, (made.get(name), made.get("url"), made.get("href"), in_text)), None)
    others = tuple(pair for pair in made.attributes if pair[0] not in {name, "url", "href"})
    return replace(made, attributes=((name, address), *others) if address else others, text=words)


def _address_in_text(made: Extension, written: Extension, context: ValueContext) -> tuple[str, str]:
    """The address that its text is, and what words are left; where it may have words, only a whole one is that."""
    if made.name in rules.PICTURES:
        return clean_value(written.text, "address", context), ""
    return (made.text, "") if is_web(made.text) and " " not in made.text else ("", made.text)


def _says_something(made: Extension) -> bool:
    if made.name == "media:rating":
        allowed = rules.RATINGS.get(made.get("scheme") or "urn:simple")
        return bool(made.text) and (allowed is None or made.text in allowed)
    if made.name == "media:content" and not made.get("url"):
        return bool(made.children)
    needed = rules.NEEDED.get(made.name)
    if needed is not None:
        return all(map(made.get, needed))
    if made.name in rules.TEXTS or (made.name, "") in rules.WORDS_ALLOWED:
        return bool(made.text)
    return bool(made.text or made.attributes or made.children)


def _repeats(made: Extension, said: Said) -> bool:
    """Whether the entry says it already; of a long text the beginning, too."""
    if made.name not in rules.REPEATING:
        return False
    text = fold(made.text)
    if rules.TEXTS.get(made.name) != "words":
        return text in said.texts()
    return any(one.startswith(text.rstrip("…")) for one in said.texts())


def _ungroup(made: Extension) -> tuple[Extension, ...]:
    """What stands in a media:group of fewer than two renditions, or in a media:content of nothing, is the entry's.

    Media RSS 1.5, "media:group", "media:content": a rendition has an address or a player.
    """
    names = [child.name for child in made.children]
    one = made.name == "media:group" and names.count("media:content") < 2
    nothing = made.name == "media:content" and not made.get("url") and "media:player" not in names
    return made.children if one or nothing else (made,)


def _is_attached(made: Extension, said: Said) -> bool:
    """Whether it is a file that is attached to the entry, of which nothing more is said here."""
    names = {name for name, _value in made.attributes}
    return (
        made.name == "media:content"
        and made.get("url") in said.files
        and not made.children
        and names <= _PLAIN_FILE
    )


def _drop_repeats(found: Iterable[Extension]) -> tuple[Extension, ...]:
    """Each element that can be told from others, and the first of those that an entry has once."""
    kept: dict[object, Extension] = {}
    for one in found:
        single = one.name in rules.ONCE or one.name.partition(":")[0] in rules.ONCE_WHOLLY
        kept.setdefault(one.name if single else one, one)
    return tuple(kept.values())


def _keep_within_bounds(found: Iterable[Extension]) -> tuple[Extension, ...]:
    """As many as an entry may have; one that is too large does not cost the others."""
    kept: list[Extension] = []
    places, room = MAX_ELEMENTS, MAX_SIZE
    for one in found:
        number, size = _measure(one)
        if number <= places and size <= room:
            places, room = places - number, room - size
            kept.append(one)
    return tuple(kept)


def _measure(one: Extension) -> tuple[int, int]:
    inner = [_measure(child) for child in one.children]
    own = len(one.name) + len(one.text) + sum(len(name) + len(value) for name, value in one.attributes)
    return 1 + sum(number for number, _size in inner), own + sum(size for _number, size in inner)
