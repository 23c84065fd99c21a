"""Titles without what desks and sites put around them, and what a title says of its kind."""

from __future__ import annotations

import re
from typing import Final

from aggregator.model import Trait
from aggregator.stories import phrases
from aggregator.stories.tokens import plain_spelling

_MAX_TITLE: Final = 400
_PREFIX = re.compile(rf"\W*(?:{phrases.PREFIXES})\s*(?:[:|]|- )\s*", re.IGNORECASE)
_UPDATE = re.compile(
    r"(?:(?:UPDATE|WRAPUP|CORRECTED|REFILE|RPT)(?: ?\d+)?"
    r"|(?i:exclusive|analysis|explainer|factbox|insight))-(?=\w)"
)
_SUFFIX = re.compile(r"(?<!\s)\s++(?:[|»·•]|-)\s+[^|»·•]{2,30}$")
_LIVE = re.compile(rf"\W*(?:{phrases.LIVE})\s*(?:[:|!,-]|$)|.{{3,300}}\W(?:{phrases.LIVE})\W*$", re.IGNORECASE)
_LIVE_PATH = re.compile(
    r"/(?:live|liveblog|live-blog|live-updates|liveticker|en-direct|en-vivo|directo)(?:[/_.-]|$)"
)
_CORRECTION = re.compile(rf"\W*(?:{phrases.CORRECTION})\s*(?:[:|(\]】-]|to |$)", re.IGNORECASE)
_PODCAST = re.compile(rf"(?:^|[\W_])(?:{phrases.PODCAST})", re.IGNORECASE)
_PROGRAMME = re.compile(
    # "Watch Jane Roe on Tea Prices - Outlet": what a search makes of a film
    r"watch\s(?!out\b|for\b)[^:]{5,200}\s-\s[^-]{2,40}$"
    r"|.{3,300}\s[|-]\s[^|]{2,40}\s\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?$",  # "... | The Morning Hour 5/5/2026"
    re.IGNORECASE,
)
_PROGRAMME_PATH = re.compile(r"/(?:videos?|audio|podcasts?|listen)/|[/-](?:video|podcast)/?$")
_DIGEST = re.compile(
    rf"(?:\A\W?|[:|(-]\s?)(?:\w{{1,20}}[ '.&-]{{1,2}}){{0,2}}(?:{phrases.DIGEST})"
    r"(?:\s?[:|,(/!-]|\s(?:for|of|vom|du|del|di|van|от)\s|[\W\d]{0,12}\Z)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    rf"[,;]\s[^,;]{{3,150}}[,;]?\s(?:{phrases.AND_MORE})\W{{0,6}}\Z"
    r"|\A[^;]{8,200};\s[^;]{8,200};\s[^;]{4,200}\Z",  # three headlines
    re.IGNORECASE,
)
_INTERVIEW = re.compile(rf"(?:\A|[\W_])(?:{phrases.INTERVIEW})(?![a-zà-ÿа-я])", re.IGNORECASE)
_HOMEPAGE = re.compile(r"[^/?#]*/?")


def bare_title(title: str) -> str:
    """A title without "BREAKING:" before it and " | Site" after it, in the spelling of `tokens.plain_spelling`."""
    text = plain_spelling(title[:_MAX_TITLE]).strip()
    text = _UPDATE.sub("", text, count=1)
    prefix = _PREFIX.match(text)
    shorter = text[prefix.end() :] if prefix else text
    suffix = _SUFFIX.search(shorter)
    if suffix and shorter[: suffix.start()].count(" ") >= 2:
        shorter = shorter[: suffix.start()]
    return shorter or text


def traits_of(title: str, url_key: str | None) -> frozenset[Trait]:
    """What title and address say of an item's kind."""
    text = plain_spelling(title[:_MAX_TITLE]).strip()
    found: set[Trait] = set()
    if _LIVE.match(text) or (url_key and _LIVE_PATH.search(url_key)):
        found.add("live")
    if _CORRECTION.match(text):
        found.add("correction")
    if _PODCAST.search(text):
        found.add("podcast")
    if _PROGRAMME.match(text) or (url_key and _PROGRAMME_PATH.search(url_key)):
        found.add("programme")
    if _DIGEST.search(text) or _SEVERAL.search(text):
        found.add("programme")
    if _INTERVIEW.search(text):
        found.add("interview")
    if url_key and _HOMEPAGE.fullmatch(url_key):
        found.add("homepage")
    return frozenset(found)
