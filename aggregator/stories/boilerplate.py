"""Text without its boilerplate: advertising, counters, share lines, related links, bylines and datelines.

Two outlets print the same copy within their own boilerplate, so what is left of it after this decides how many
copies are found: leaving it in cost a quarter of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from aggregator.stories import phrases
from aggregator.stories.tokens import plain_spelling
from aggregator.text.references import unescape
from aggregator.text.visible import BLOCK_TAG, TAG

_MAX_MARKUP: Final = 200_000
_SHORT_WORDS: Final = 18
_SHORT_CHARS: Final = 140
_FEW_WORDS: Final = 9
_TAIL_CHARS: Final = 400
_CAPTION = re.compile(r"<(figcaption|caption|footer|nav)(?![a-z0-9])[^<>]*>[^<>]{0,2000}</\1>")
_LINK_ONLY = re.compile(
    r"\s*+(?:<(?:b|strong|em|i|span|small)>\s*+)?(?:<a(?:\s[^<>]*)?>[^<>]*</a>[\s|•·,»›.)]*+)++(?:</\w+>)*+\s*+"
)
_LEADING_EMPHASIS = re.compile(r"\s*<(b|strong|em|i|small|span)>([^<>]{1,80})</\1>(?=\s*[^\s<])")
_LINE = re.compile(rf"\W*(?:{phrases.LINES})(?!\w)|\s*[©®]", re.IGNORECASE)
_HEADING = re.compile(rf"\W*(?:{phrases.HEADINGS})\W*", re.IGNORECASE)
_COUNTER = re.compile(rf"\W*\d[\d.,: kKmM]{{0,12}}\s*(?:{phrases.COUNTED})\W*", re.IGNORECASE)
_STAMP = re.compile(r"(?:[\W\d_]|t|z|utc|gmt|am|pm)*", re.IGNORECASE)
_BYLINE = re.compile(rf"\W*(?:{phrases.BYLINES})\s*[.:,—–-]*\s*", re.IGNORECASE)
_BYLINE_SENTENCE = re.compile(rf"\W*(?:{phrases.BYLINES})\s*[.:—–-]+\s*", re.IGNORECASE)
_TAIL = re.compile(
    r"(?:\[?(?:…|\.\.\.)\]?|\((?:reporting|editing|writing|additional reporting) by [^()]{0,300}\)"
    r"|(?:read more|continue reading)\W?|(?:انتهای|پایان) پیام(?:[/ ]\w{1,12})?|\((?:end|完|了)\))\Z",
    re.IGNORECASE,
)
"""One piece of what stands at the very end. Taken off one by one: a pattern for all of them at once would try
every way to divide them."""

_SIGNS_OF_A_TAIL: Final = ("…", "...", ")", "read", "پیام")
"""One of which each such piece has."""

_DATELINES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # 12. VARESH (WireOne) - ; Berlin (dpa) - ; Paris, 4 déc. 2018 (AFP) - ; (Agencies) -- ; القاهره (رویترز) -
        r"\W{0,3}[^.()!?\n]{0,48}?(?:\.[^.()!?\n]{0,24}){0,2}\(([^()\d]{2,40})\)\s*[.:]?\s*[-:/]{1,3}\s*",
        # МОСКВА, 4 дек - РИА Новости. ; TOKYO, Dec 3 - Kyodo -
        r"\W{0,3}[^\W\d_][^.()!?\n-]{1,30},? \d{1,2} \w{2,9}\.? ?-{1,2} ?([^.()!?\n-]{2,30})[.:-]{1,2}\s+",
        # Iran Press/ Iran News: ; Tehran Post/ World:
        r"\W{0,3}([^.()!?\n:/]{2,30})/ ?[^.()!?\n:/]{2,30}: ",
        # Москва. 4 декабря. INTERFAX.RU -
        r"\W{0,3}[^\W\d_][\w -]{1,24}\. \d{1,2} \w{2,10}\. ([\w. ]{2,24}?) -{1,2} ",
        # LONDON, Dec. 3 -- ; WASHINGTON - : capitals only, or it could be any sentence
        r"()\W{0,3}[A-ZÀ-ÞА-Я][A-ZÀ-ÞА-Я.' -]{2,28}(?:, [^.()!?\n-]{2,20}\.?(?: ?\d{1,2})?)?\s?(?:-{1,2}|:)\s+",
        # تهران - ایرنا -
        r"\W{0,3}[\u0600-\u06ff ]{2,20} ?[-/] ?([\u0600-\u06ff ]{2,24}) ?[-/:]\s*",
        # به گزارش خبرگزاری ایرنا از تهران،
        r"(?:به گزارش|به نقل از) (?:خبر\w{3,6} )?([\u0600-\u06ff ]{2,40}?)(?:[,;:]| از [^,]{2,20},)\s*",
        # 新华社北京12月4日电(记者张三) ; 中新网12月4日电
        r"[\W_]{0,3}([\u4e00-\u9fff]{2,6}[社网報报])[\u4e00-\u9fff]{0,8}\d{1,2}月\d{1,2}日[电電訊讯](?:\([^()]{0,30}\))?\s*",
        # 【東京=共同】 ; (共同) ; [연합뉴스]
        r"\W{0,2}[\[【(]([^\[\]【】()]{2,30})[\]】)]\s*",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What an item tells, without boilerplate.

    Attributes:
        text: Plain text, blocks joined by line ends; may be empty.
        credit: The agency that its dateline names, case folded; "" where it names none.
    """

    text: str
    credit: str


def strip_boilerplate(markup: str) -> Telling:
    """Cleaned markup -> what it tells.

    In: markup as normalizing makes it, or plain text with `&`, `<` and `>` escaped; the first 200,000 characters
    are looked at. Out: the text, blocks joined by line ends. Does not raise.
    """
    blocks = [(block, _flatten(block)) for block in BLOCK_TAG.split(_CAPTION.sub(" ", markup[:_MAX_MARKUP]))]
    kept = list(_keep_telling(blocks))
    if not kept:
        return Telling(text="", credit="")
    first, credit = _cut_dateline(*kept[0])
    text = "\n".join([first, *(line for _block, line in kept[1:])])
    return Telling(text=text[:-_TAIL_CHARS] + _cut_tail(text[-_TAIL_CHARS:]), credit=credit)


def _cut_tail(end: str) -> str:
    if not any(sign in end.casefold() for sign in _SIGNS_OF_A_TAIL):  # ten times as fast as looking for it
        return end
    kept = end
    while piece := _TAIL.search(kept.rstrip()):
        kept = kept[: piece.start()].rstrip()
    return kept


def _keep_telling(blocks: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Blocks that are no boilerplate; a heading such as "Read more" takes the short rest of the text with it."""
    last_long = max((place for place, (_block, line) in enumerate(blocks) if not _is_short(line)), default=-1)
    for place, (block, line) in enumerate(blocks):
        if place > last_long and _HEADING.fullmatch(line):
            return
        if not _is_boilerplate(block, line):
            yield block, line


def _is_boilerplate(block: str, line: str) -> bool:
    if not line or _LINK_ONLY.fullmatch(block):
        return True
    return _is_short(line) and bool(
        _begins_as_boilerplate(line)
        or _BYLINE.fullmatch(line)
        or _COUNTER.fullmatch(line)
        or _STAMP.fullmatch(line)
    )


def _begins_as_boilerplate(line: str) -> bool:
    """Longer lines only if the phrase stands apart: "Photos: ..." and not "Photos that the police showed ..."."""
    match = _LINE.match(line)
    return match is not None and (line.count(" ") < _FEW_WORDS or not line[match.end() :].startswith(" "))


def _is_short(line: str) -> bool:
    return len(line) <= _SHORT_CHARS and line.count(" ") < _SHORT_WORDS


def _cut_dateline(block: str, line: str) -> tuple[str, str]:
    """The first block's line without who wrote it and where, and the agency that it names."""
    emphasis = _LEADING_EMPHASIS.match(block)
    if emphasis and _is_name_of_outlet(emphasis[2]):
        line = _flatten(block[emphasis.end() :])
    byline = _BYLINE_SENTENCE.match(line)
    if byline:
        line = line[byline.end() :]
    for dateline in _DATELINES:
        match = dateline.match(line)
        if match and match.end() < len(line):
            return line[match.end() :], match[1].strip().casefold()[:40]
    return line, ""


def _is_name_of_outlet(beginning: str) -> bool:
    line = _flatten(beginning)
    return line.count(" ") < 6 and (line.endswith((":", "-", "/")) or bool(_BYLINE.fullmatch(line)))


def _flatten(block: str) -> str:
    return " ".join(plain_spelling(unescape(TAG.sub("", block))).split())
