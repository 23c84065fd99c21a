"""Text -> tokens, numbers and names, the same in every script and on every machine."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from aggregator.text.characters import to_normal_form
from aggregator.text.terms import UNSPACED

_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_TOKEN = re.compile(rf"[^\W\d_{UNSPACED}]+|[.!?:;\"(]|{_NUMBER.pattern}|[{UNSPACED}]+")
_RUN = re.compile(rf"[{UNSPACED}]")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_CODE: Final = 4
_MOMENT = re.compile(r"\d{1,2}:\d\d(?::\d\d)?|\d{1,4}([./-])\d{1,2}\1\d{1,4}")
_YEAR = re.compile(r"(?:13|14|19|20)\d\d")
_DAY = re.compile(r"0?[1-9]|[12]\d|3[01]")
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")
_MAX_CHARS: Final = 60_000
_STOPS: Final = frozenset('.!?:;"(')

# Letters that one language's keyboards write in two ways, and marks that careful writers add and others leave out.
_FOLDED: Final = {
    **dict.fromkeys([*range(0x064B, 0x0660), 0x0670, 0x0640, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0xAD]),
    **{
        ord(one): other
        for one, other in zip(
            "يىكةأإآۀ٫٬–—−‑“”„«»’،؛؟。、：；！？．", 'ییکهاااه.,----"""""\',;?.,:;!?.', strict=True
        )
    },
}
_SCRIPTS: Final = (
    ("latin", "A-Za-zÀ-ɏḀ-ỿ"),
    ("cyrillic", "Ѐ-ԯ"),
    ("greek", "Ͱ-Ͽἀ-῿"),
    ("arabic", "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff"),
    ("hebrew", "\u0590-\u05ff"),
    ("kana", "\u3040-\u30ff"),
    ("han", "\u3400-\u4dbf\u4e00-\u9fff"),
    ("hangul", "\uac00-\ud7a3"),
    ("thai", "\u0e00-\u0e7f"),
    ("devanagari", "\u0900-\u097f"),
)
_ASCII_LETTER = re.compile(r"[A-Za-z]")
_SCRIPT = re.compile("|".join(f"(?P<{name}>[{letters}]+)" for name, letters in _SCRIPTS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words, numbers and names of a text, as all comparing uses them.

    Attributes:
        tokens: Case folded, in order; pairs of characters in scripts without spaces.
        numbers: One spelling for each value.
        figures: Each number with the tokens before and after it, joined; another number there is a "#".
        stamps: Those of the figures that measure nothing: clocks, whole dates, long numbers written onto a word,
            as photographs and pages bear them.
        names: Words with a capital that no sentence begins with, case folded.
        length: In words; two characters count as one in scripts without spaces.
    """

    tokens: tuple[str, ...]
    numbers: frozenset[str]
    figures: frozenset[tuple[str, str]]
    stamps: frozenset[tuple[str, str]]
    names: frozenset[str]
    length: int


@dataclass(slots=True)
class _SortedTokens:
    """The tokens of a text, with the places of those that are numbers or names.

    Attributes:
        tokens: In the order of the text, not yet case folded.
        numbered: The places of numbers among them.
        named: The places of names among them.
        surplus: How many more tokens there are than words.
    """

    tokens: list[str] = field(default_factory=list)
    numbered: list[int] = field(default_factory=list)
    named: list[int] = field(default_factory=list)
    surplus: int = 0


def split_words(text: str) -> Words:
    """Take a text in the spelling of `plain_spelling` apart; 60,000 characters of it at most."""
    text = text[:_MAX_CHARS]
    pieces = _sort_out(_TOKEN.findall(text))
    tokens = " ".join(pieces.tokens).casefold().split(" ") if pieces.tokens else []
    numbers = frozenset(tokens[place] for place in pieces.numbered)
    figures = dict(_find_figures(tokens, numbers))
    stamped = {*_find_moments(tokens, figures), *_find_codes(text, pieces.numbered)}
    return Words(
        tokens=tuple(tokens),
        numbers=numbers,
        figures=frozenset(figures.values()),
        stamps=frozenset(figures[place] for place in stamped),
        names=frozenset(tokens[place] for place in pieces.named),
        length=len(tokens) - pieces.surplus,
    )


def _sort_out(found: Sequence[str]) -> _SortedTokens:
    """Most of a text are words in lower case, of which nothing more is to be known: these are taken at once."""
    pieces = _SortedTokens()
    done = 0
    begins = True
    for place in [place for place, piece in enumerate(found) if not piece.islower()]:
        piece = found[place]
        begins = begins and place == done
        pieces.tokens += found[done:place]
        done = place + 1
        if piece in _STOPS:
            begins = True
            continue
        if piece[0].isdecimal():
            pieces.numbered.append(len(pieces.tokens))
            pieces.tokens.append(_number(piece))
        elif _RUN.match(piece):
            pairs = _pairs(piece)
            pieces.tokens += pairs
            pieces.surplus += len(pairs) - (len(piece) + 1) // 2
        else:
            if piece[0].isupper() and not begins:
                pieces.named.append(len(pieces.tokens))
            pieces.tokens.append(piece)
        begins = False
    pieces.tokens += found[done:]
    return pieces


def plain_spelling(text: str) -> str:
    """One spelling for what looks the same: NFKC, Western digits, one form of each letter, dash and quote."""
    if text.isascii():
        return text
    folded = to_normal_form(text, "NFKC").translate(_FOLDED)
    return (
        folded
        if folded.isascii()
        else _FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), folded)
    )


def script(text: str) -> str:
    """The writing that prevails in the first 400 characters; `kana` wherever there is any beside Chinese."""
    beginning = text[:400]
    if beginning.isascii():
        return "latin" if _ASCII_LETTER.search(beginning) else ""
    counts: dict[str, int] = {}
    for match in _SCRIPT.finditer(beginning):
        name = str(match.lastgroup)
        counts[name] = counts.get(name, 0) + len(match[0])
    if "kana" in counts and "han" in counts:
        counts["kana"] += counts.pop("han")
    return max(sorted(counts), key=lambda name: counts[name], default="")


def _find_figures(tokens: Sequence[str], numbers: Collection[str]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Places of numbers, and each figure."""
    places = [place for place, token in enumerate(tokens) if token in numbers] if numbers else []
    around = dict.fromkeys(numbers, "#")
    for place in places:
        before = tokens[place - 1] if place else ""
        after = tokens[place + 1] if place + 1 < len(tokens) else ""
        yield place, (f"{around.get(before, before)} {around.get(after, after)}", tokens[place])


def _is_cased(letter: str) -> bool:
    return letter.lower() != letter.upper()


def _find_moments(tokens: Sequence[str], places: Iterable[int]) -> Iterator[int]:
    """Places of numbers that are a clock or a date, or a day and a year with at most one word between them."""
    for place in places:
        if _MOMENT.fullmatch(tokens[place]):
            yield place
        elif _YEAR.fullmatch(tokens[place]):
            near = (place - 2, place - 1, place + 1, place + 2)
            days = [at for at in near if 0 <= at < len(tokens) and _DAY.fullmatch(tokens[at])]
            yield from (place, *days) if days else ()


def _find_codes(text: str, numbered: Sequence[int]) -> Iterator[int]:
    """Those of the places of a text's numbers, in order, at which a long number is written onto a word."""
    for place, match in zip(numbered, _NUMBER.finditer(text) if numbered else (), strict=False):
        if len(match[0]) >= _CODE and match[0].isdigit() and _is_cased(text[match.start() - 1 : match.start()]):
            yield place


def _pairs(run: str) -> list[str]:
    return [one + other for one, other in pairwise(run)] or [run]


def _number(written: str) -> str:
    """1,200 and 1.200 are 1200; 7,5 is 7.5. What `1.234` means nobody knows, but it means it in both texts."""
    if _THOUSANDS.fullmatch(written):
        return written.replace(",", "").replace(".", "")
    return written.replace(",", ".")
