"""What keeps two items apart though their texts look alike. Each guard stands for a kind of false merge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from aggregator.model import Likeness, Method, Rule, Sighting, Signature
from aggregator.stories.hashing import unpack
from aggregator.stories.limits import SHORT, WINDOW
from aggregator.stories.similarity import has_same_opening, has_same_title

NUMBERS: Final = 0.8
NAMES: Final = 0.6

ANY_TITLE: Final = 0.1
"""Of both titles' words in common, below which two titles have nothing in common."""

LATER: Final = timedelta(hours=6)
"""How much later a piece with another headline and another beginning is a new one, whatever it repeats."""

_SOME_NUMBERS: Final = 0.5
_SOME_FIGURES: Final = 0.6
_RETITLED_WORDS: Final = 40
_DOUBLE_POST: Final = timedelta(hours=12)
_DOUBLE_ALIKE: Final = 0.8
_DOUBLE_WORDS: Final = 60
_NOTE_WORDS: Final = 80
_EPISODE_WORDS: Final = 100
_SURE: Final = 0.8
_FEW_NAMES: Final = 2
_FEW_NUMBERS: Final = 5
_MANY_NAMES: Final = 10
_SOME_TEXT: Final = 0.5
_SAME_STORY: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two items that would be merged, unless a guard refuses.

    Attributes:
        one: One of them.
        other: The other.
        likeness: How alike they are.
        method: By what they would be merged.
    """

    one: Sighting
    other: Sighting
    likeness: Likeness
    method: Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """Why a guard refuses a pair.

    Attributes:
        rule: The guard's name.
        reason: Its sentence for people.
    """

    rule: Rule
    reason: str


def first_objection(pair: Pair) -> Objection | None:
    """The first guard that refuses the pair; None when all let it pass. The same both ways round."""
    return next((found for guard in _GUARDS for found in guard(pair)), None)


def objection_to_headline(pair: Pair) -> Objection | None:
    """As `first_objection`, of the guards that do not ask what the texts say."""
    guards = (_language, _live, _correction, _series, _programme)
    return next((found for guard in guards for found in guard(pair)), None)


def is_too_far_apart(one: Sighting, other: Sighting) -> bool:
    """Whether the two were published more than five days apart."""
    return abs(one.published - other.published) > WINDOW


def _language(pair: Pair) -> Iterator[Objection]:
    one, other = pair.one.signature, pair.other.signature
    if one.script and other.script and one.script != other.script:
        yield Objection(rule="language", reason=f"one is written in {_name_both(one.script, other.script)}")
    elif one.language and other.language and one.language != other.language and pair.likeness.jaccard < _SURE:
        yield Objection(rule="language", reason=f"one is in language {_name_both(one.language, other.language)}")


def _live(pair: Pair) -> Iterator[Objection]:
    if _is_either(pair, "live"):
        yield Objection(
            rule="live", reason="a live blog is one story with itself only: addresses must be the same"
        )


def _correction(pair: Pair) -> Iterator[Objection]:
    signatures = (pair.one.signature, pair.other.signature)
    notes = ["correction" in found.traits and found.length < _NOTE_WORDS for found in signatures]
    if any(notes) and not (all(notes) and pair.method == "exact"):
        yield Objection(rule="correction", reason="a short correction is an item of its own")


def _series(pair: Pair) -> Iterator[Objection]:
    one, other = pair.one.signature, pair.other.signature
    if one.title_key == other.title_key and _has_other_figures(one, other):
        yield Objection(rule="series", reason="the titles differ by a number only, as parts of a series do")


def _podcast(pair: Pair) -> Iterator[Objection]:
    one, other = pair.one.signature, pair.other.signature
    if not _is_either(pair, "podcast"):
        return
    if one.media and other.media and not set(unpack(one.media)) & set(unpack(other.media)):
        yield Objection(rule="podcast", reason="their sound or film is not the same file")
    elif min(one.length, other.length) < _EPISODE_WORDS and not (one.media and other.media):
        yield Objection(rule="podcast", reason="the description of an episode is no evidence")


def _programme(pair: Pair) -> Iterator[Objection]:
    """A film, a show or a digest begins with an article's first sentence, and is another piece."""
    one, other = ("programme" in found.signature.traits for found in (pair.one, pair.other))
    if one != other and pair.method != "exact":
        yield Objection(rule="programme", reason="one is a programme, a film or a digest, the other an article")


def _interview(pair: Pair) -> Iterator[Objection]:
    """Questions and answers about the news begin with the news; a part of an interview bears its title."""
    one, other = ("interview" in found.signature.traits for found in (pair.one, pair.other))
    alike = max(pair.likeness.title, pair.likeness.jaccard) >= _SAME_STORY
    if pair.method == "near" and one != other and not alike:
        yield Objection(rule="interview", reason="one is an interview, the other an article")


def _sequel(pair: Pair) -> Iterator[Objection]:
    """The next day's news repeats the background; a late copy bears the headline or the first words."""
    if pair.method != "near" or abs(pair.one.published - pair.other.published) < LATER:
        return
    one, other = pair.one.signature, pair.other.signature
    if pair.likeness.jaccard >= _SURE or has_same_opening(one, other):
        return
    if pair.likeness.title < _SAME_STORY or _has_other_figures(one, other):
        yield Objection(rule="sequel", reason="the later one has another beginning and another headline")


def _has_other_figures(one: Signature, other: Signature) -> bool:
    """Whether each title has a number that the other has not, as a toll that rises."""
    first, second = set(unpack(one.title_numbers)), set(unpack(other.title_numbers))
    return not (first <= second or second <= first)


def _short(pair: Pair) -> Iterator[Objection]:
    length = min(pair.one.signature.length, pair.other.signature.length)
    if length >= SHORT:
        return
    titled_alike = pair.one.signature.title == pair.other.signature.title and pair.likeness.title > 0
    if pair.method != "exact" or not titled_alike:
        yield Objection(rule="short", reason=f"{length} words are too few to tell a copy from a coincidence")
    elif pair.one.recurring or pair.other.recurring:
        yield Objection(rule="recurring", reason="the text is short and the title comes again and again")


def _replaced_text(pair: Pair) -> Iterator[Objection]:
    """Platforms put the same few lines ("for subscribers only ...") in place of many texts."""
    one, other = pair.one.signature, pair.other.signature
    titles_differ = bool(one.title and other.title) and pair.likeness.title < ANY_TITLE
    if titles_differ and SHORT <= min(one.length, other.length) < _RETITLED_WORDS:
        yield Objection(rule="short", reason="the text is short and the titles have nothing in common")


def _source(pair: Pair) -> Iterator[Objection]:
    one, other = pair.one, pair.other
    if one.source_id != other.source_id:
        return
    posted_twice = (
        min(pair.likeness.jaccard, pair.likeness.title) >= _DOUBLE_ALIKE
        and one.signature.numbers == other.signature.numbers
        and min(one.signature.length, other.signature.length) > _DOUBLE_WORDS
        and abs(one.published - other.published) < _DOUBLE_POST
        and not (one.recurring or other.recurring)
    )
    if not posted_twice:
        yield Objection(rule="source", reason="both are of one source, and it did not plainly post the same twice")


def _numbers(pair: Pair) -> Iterator[Objection]:
    if pair.method != "near" or pair.likeness.numbers >= NUMBERS:
        return
    fewest = min(len(pair.one.signature.numbers), len(pair.other.signature.numbers)) // 4
    few = (fewest < _FEW_NUMBERS and _is_half_alike(pair)) or pair.likeness.jaccard >= _SURE
    if (
        not _has_same_title(pair)
        or pair.likeness.figures < _SOME_FIGURES
        or (pair.likeness.numbers < _SOME_NUMBERS and not few)
    ):
        share = f"{pair.likeness.numbers:.0%}"
        yield Objection(
            rule="numbers", reason=f"only {share} of the numbers agree, as in notices made from a form"
        )


def _names(pair: Pair) -> Iterator[Objection]:
    fewest = min(len(pair.one.signature.names), len(pair.other.signature.names)) // 4
    many = pair.likeness.names * fewest >= _MANY_NAMES and _has_same_title(pair) and _is_half_alike(pair)
    if pair.method == "near" and fewest >= _FEW_NAMES and pair.likeness.names < NAMES and not many:
        share = f"{pair.likeness.names:.0%}"
        yield Objection(rule="names", reason=f"only {share} of the names agree, as in notices made from a form")


def _has_same_title(pair: Pair) -> bool:
    """Whether both titles are the same and mean one piece."""
    recurs = pair.one.recurring or pair.other.recurring
    return not recurs and has_same_title(pair.one.signature, pair.other.signature)


def _is_half_alike(pair: Pair) -> bool:
    return max(pair.likeness.jaccard, pair.likeness.containment) >= _SOME_TEXT


def _is_either(pair: Pair, trait: str) -> bool:
    return trait in pair.one.signature.traits or trait in pair.other.signature.traits


def _name_both(one: str, other: str) -> str:
    first, second = sorted((one, other))
    return f"{first}, the other in {second}"


_GUARDS: Final[tuple[Callable[[Pair], Iterator[Objection]], ...]] = (
    _language,
    _live,
    _correction,
    _series,
    _podcast,
    _programme,
    _interview,
    _short,
    _replaced_text,
    _source,
    _sequel,
    _numbers,
    _names,
)
