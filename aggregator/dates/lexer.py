"""Cuts a date string into tokens: numbers with their shape, and words with their senses."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from aggregator.dates import zones
from aggregator.dates.spelling import fold_word
from aggregator.dates.vocabulary import Sense, longest_phrase, vocabulary

TokenKind = Literal["place", "triple", "pair", "clock", "dotted", "shift", "number", "word", "mark"]
_KINDS: tuple[TokenKind, ...] = ("place", "triple", "pair", "clock", "dotted", "number", "word", "mark")

_AREAS = (  # of the zone database
    "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|"
    "Canada|Chile|Etc|Europe|Indian|Mexico|Pacific|US"
)
_LETTER = (  # not white space, not a digit, not punctuation of any script, not a sign of currency
    r"[^\s\d!-/:-@\[-`{-~\u00a1-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf"
    r"\u060c\u061b\u2000-\u206f\u20a0-\u20bf\u3001\u3002\u30fb]"
)
_DATE_MARK = r"-|\.\ ?|\ ?/\ ?"
_ENDS = r"(?![./-]?\d(?!\d?:\d))"

_TOKEN = re.compile(
    rf"""
    (?P<space>\ )
  | (?P<place>EST5EDT|CST6CDT|MST7MDT|PST8PDT
              |(?:{_AREAS})/[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z_]+)?(?:\ [A-Z][a-z]+)*)
  | (?P<triple>(?:\d{{4}}(?P<s>{_DATE_MARK})\d{{1,2}}(?P=s)\d{{1,2}}
              | \d{{1,2}}(?P<z>{_DATE_MARK})\d{{1,2}}(?P=z)(?:\d{{4}}|\d{{2}})
              | \d{{4}}\ \d{{1,2}}\ \d{{1,2}}(?![\d:])|\d{{1,2}}\ \d{{1,2}}\ \d{{4}}(?![\d:])){_ENDS})
  | (?P<pair>(?:\d{{4}}[./-]\d{{1,2}}|\d{{1,2}}[./-]\d{{4}}){_ENDS})
  | (?P<clock>\d{{1,2}}:\d{{1,2}}(?::\d{{1,2}}(?:[.,]\d+)?)?(?!\d|:\d))
  | (?P<dotted>\d{{1,2}}\.\d{{2}}(?:\.\d{{2}})?(?![\d:]|\.\d))
  | (?P<number>\d+)
  | (?P<word>{_LETTER}+(?:\.{_LETTER}+)*)
  | (?P<mark>[-,;:./|\\()\[\]@+\u00b7\u2022\u060c\u061b\u3001\u3002\u30fb\u2027\u22c5])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SHIFT = re.compile(r"(?:--|[+-])(\d{1,2})(?:[:.]?(\d{2})(?::?00)?)?(?![\d:]|[./-]\d)")
_SPACED_SHIFT = re.compile(r"[+-] ?(\d{1,2})(?:[:.]?(\d{2}))?(?![\d:])")
_DIGITS = re.compile(r"\d+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_GREENWICH = frozenset({"gmt", "utc", "ut", "z"})


class Token(NamedTuple):
    """A piece of a date string: a number, a word, a mark, with what it may mean.

    Attributes:
        kind: Its shape.
        text: As written (tidy); folded for words.
        start: Index of its first character.
        end: Index after its last.
        numbers: The numbers in it; a shift's are its minutes alone.
        senses: What a word means; a word without any was not understood.
        ascii: Whether it was written without accents.
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    numbers: tuple[int, ...] = ()
    senses: tuple[Sense, ...] = ()
    ascii: bool = True

    def sense(self, kind: str) -> Sense | None:
        """The sense of that kind which the word has in any language; None without one."""
        return next((sense for sense in self.senses if sense.kind == kind), None)


def lex(text: str) -> list[Token] | None:
    """Tokens of a tidy text; None when it holds a character that no date holds.

    Time is linear in the length: every pattern begins at a fixed place and repeats only over its own class.
    """
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        token = _shift_at(text, position, tokens) if text[position] in "+-" else None
        if token is None:
            match = _TOKEN.match(text, position)
            if match is None:
                return None
            position = match.end()
            if match.lastgroup == "space":
                continue
            token = _make_token(match)
        position = token.end
        tokens.append(token)
    return _understand(tokens)


def _make_token(match: re.Match[str]) -> Token:
    kind = next(name for name in _KINDS if match[name])
    if kind == "place":
        return _make_place(match[0], match.start())
    numbers: tuple[int, ...] = ()
    if kind in {"triple", "pair", "dotted", "number"}:
        numbers = tuple(int(digits) for digits in _DIGITS.findall(match[0]))
    elif kind == "clock":
        numbers = tuple(int(digits) for digits in _DIGITS.findall(re.split("[.,]", match[0])[0]))
    return Token(kind, match[0], match.start(), match.end(), numbers)


def _make_place(text: str, start: int) -> Token:
    """The longest name of a zone: in `America/New York Updated` it ends before the last word."""
    name = text
    while " " in name and zones.find_zone(name) is None:
        name = name.rpartition(" ")[0]
    return Token("place", name, start, start + len(name))


def _shift_at(text: str, position: int, tokens: list[Token]) -> Token | None:
    """A numeric zone at a sign, where one can stand: after a time or after GMT. Elsewhere a dash separates."""
    last = tokens[-1] if tokens else None
    word = fold_word(last.text) if last is not None and last.kind == "word" else ""
    after_greenwich = word in _GREENWICH
    timed = any(token.kind in {"clock", "dotted"} for token in tokens) or _ends_time(word)
    if not (after_greenwich or timed or text[position] == "+"):
        return None
    match = (_SPACED_SHIFT if after_greenwich else _SHIFT).match(text, position)
    if match is None:
        return None
    hours, minutes = int(match[1]), int(match[2] or 0)
    total = hours * 60 + minutes
    if minutes > 59 or total > 14 * 60 or (last is not None and _is_range(last, match, total)):
        return None
    signed = -total if text[position] == "-" else total
    return Token("shift", match[0], position, match.end(), (signed,))


def _ends_time(word: str) -> bool:
    """Whether a time of day can end with the word: 8 pm, 15h, 15時30分."""
    return any(sense.value in {"am", "pm", "hour", "minute", "second"} for sense in vocabulary().get(word, ()))


def _is_range(last: Token, match: re.Match[str], total: int) -> bool:
    """Whether `10:30-11:45` is an event's end rather than a zone."""
    times = last.kind == "clock" and len(last.numbers) == 2 and last.end == match.start()
    return times and ":" in match[0] and match[0][0] == "-" and total >= last.numbers[0] * 60 + last.numbers[1]


def _understand(tokens: list[Token]) -> list[Token]:
    """Give words their senses, the longest phrases first; words of unspaced scripts are cut where needed."""
    result: list[Token] = []
    index = 0
    while index < len(tokens):
        if tokens[index].kind != "word":
            result.append(tokens[index])
            index += 1
            continue
        phrase, taken = _phrase(tokens, index)
        result.extend([phrase] if phrase.senses else _cut_run(phrase))
        index += taken
    return result


def _phrase(tokens: list[Token], index: int) -> tuple[Token, int]:
    first = tokens[index]
    run = [fold_word(first.text).replace(".", "")]
    ends = [first.end]
    following = index + 1
    while following < len(tokens) and len(run) < longest_phrase():
        token = tokens[following]
        if token.text not in ".-":
            if token.kind != "word":
                break
            run.append(fold_word(token.text).replace(".", ""))
            ends.append(token.end)
        following += 1
    known = vocabulary()
    for length in range(len(run), 0, -1):
        text = " ".join(run[:length])
        senses = known.get(text)
        if senses or length == 1:
            taken = 1 + sum(token.start < ends[length - 1] for token in tokens[index + 1 : following])
            plain = all(token.text.isascii() for token in tokens[index : index + taken])
            return Token("word", text, first.start, ends[length - 1], (), senses or (), plain), taken
    raise AssertionError  # pragma: no cover # the loop always reaches length 1


def _cut_run(word: Token) -> list[Token]:
    """The known words that an unknown run of unspaced script consists of; the run itself if it does not."""
    if not _UNSPACED.search(word.text):
        return [word]
    known, pieces, position = vocabulary(), [], 0
    while position < len(word.text):
        length = next(
            (
                size
                for size in range(min(12, len(word.text) - position), 0, -1)
                if word.text[position : position + size] in known
            ),
            0,
        )
        if not length:
            return [word]
        text = word.text[position : position + length]
        start = word.start + position
        pieces.append(Token("word", text, start, start + length, (), known[text], ascii=False))
        position += length
    return pieces
