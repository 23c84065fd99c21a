"""What comparing needs of an item, made once from its entry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape
from typing import Final

from aggregator.model import Enclosure, Entry, Signature, Trait
from aggregator.stories import hashing
from aggregator.stories.bare_headlines import agency, is_headline_only, outlet
from aggregator.stories.boilerplate import Telling, strip_boilerplate
from aggregator.stories.limits import LONG, SHORT, TELLING
from aggregator.stories.signature_codec import VERSION
from aggregator.stories.title_traits import bare_title, traits_of
from aggregator.stories.tokens import Words, plain_spelling, script, split_words

_MAX_TEXT: Final = 60_000
_FUNCTION_WORD: Final = 3
_QUESTIONS: Final = 3
_FEWEST_TELLING: Final = 4

OPENING: Final = 5
"""How many of the first shingles tell how a text begins: seven tokens."""

_MEDIA = re.compile(r"(?:audio|video)/", re.IGNORECASE)
_MEDIA_PATH = re.compile(r"\.(?:mp3|m4a|ogg|opus|aac|flac|wav|mp4|m4v|webm|mov)(?:[?#]|$)", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:[a-z]{1,8}://)?(?:www\.)?([^?#]*)", re.IGNORECASE)


def sign(entry: Entry) -> Signature:
    """The signature of an entry: the same for the same title, markup, URL key, enclosures and language, anywhere.

    In: a clean entry; of its markup the first 200,000 characters count. Does not raise.
    """
    body = strip_boilerplate(entry.content or entry.summary or escape(entry.text, quote=False))
    taken = split_words(body.text)
    title = split_words(bare_title(entry.title))
    media = tuple(_media(entry.enclosures))
    traits = traits_of(entry.title, entry.url_key) | (frozenset[Trait]({"podcast"}) if media else frozenset())
    if body.text.count("?\n") >= _QUESTIONS:
        traits |= frozenset[Trait]({"interview"})
    authors = [person.name for person in entry.authors]
    if not media and is_headline_only(split_words(plain_spelling(entry.title[:400])), taken):
        traits |= frozenset[Trait]({"headline"})
        body = replace(body, credit=outlet(entry.title) or agency("", authors))
    elif not body.credit:
        body = replace(body, credit=agency(entry.text[-_MAX_TEXT:], authors))
    return _sign(entry, body, taken, title, (media, traits))


def _sign(
    entry: Entry, body: Telling, taken: Words, title: Words, rest: tuple[tuple[str, ...], frozenset[Trait]]
) -> Signature:
    media, traits = rest
    hashes = hashing.shingles(taken.tokens)
    kept, ceiling = hashing.sketch(hashes)
    text = hashing.digest(" ".join(taken.tokens))
    url = hashing.digest(entry.url_key or "")
    title_key = hashing.digest(" ".join(token for token in title.tokens if token not in title.numbers))
    packed_media = hashing.pack_tokens(media)
    packed_title = hashing.pack_tokens(title.tokens)
    long = taken.length >= SHORT
    return Signature(
        version=VERSION,
        language=(entry.language or "").partition("-")[0].lower()[:8],
        script=script(body.text or entry.title),
        length=0 if "headline" in traits else taken.length,
        text=text,
        shingles=kept,
        opening=hashing.pack(sorted(set(hashes[:OPENING]))),
        ceiling=ceiling,
        numbers=hashing.pack_tokens(taken.numbers),
        figures=hashing.pack_pairs(taken.figures - taken.stamps if taken.length >= LONG else taken.figures),
        names=hashing.pack_tokens(taken.names),
        title=packed_title,
        title_numbers=hashing.pack_tokens(title.numbers),
        title_key=title_key,
        url=url,
        media=packed_media,
        traits=traits,
        credit=body.credit,
        keys=tuple(
            sorted(
                _keys(
                    hashes if long else [],
                    (text, url, title_key if long and title.length >= TELLING else 0),
                    _telling_hashes(title),
                    packed_media,
                )
            )
        ),
    )


def _telling_hashes(title: Words) -> Sequence[int]:
    """Hashes of a title's words without those, short in most languages, that many have; none of few words."""
    telling = [word for word in title.tokens if len(word) > _FUNCTION_WORD or not word.isascii()]
    return hashing.unpack(hashing.pack_tokens(telling)) if len(set(telling)) >= _FEWEST_TELLING else ()


def _keys(
    hashes: list[int], names: tuple[int, int, int], title_words: Sequence[int], media: bytes
) -> Iterable[int]:
    text, url, title = names
    yield from hashing.band_keys(hashes)
    yield from hashing.title_band_keys(title_words)
    if text:
        yield hashing.text_key(text)
    if title:
        yield hashing.title_key(title)
    if url:
        yield hashing.url_key(url)
    yield from (hashing.media_key(value) for value in hashing.unpack(media))


def _media(enclosures: Iterable[Enclosure]) -> Iterable[str]:
    """Addresses of attached sound and film, without scheme and query: those change from feed to feed."""
    for file in enclosures:
        if _MEDIA.match(file.type or "") or _MEDIA_PATH.search(file.url):
            match = _ADDRESS.match(file.url)
            yield match[1] if match else file.url
