"""Are two items the same piece? The evidence, or why not."""

from __future__ import annotations

from typing import Final

from aggregator.model import Evidence, Likeness, Method, Refusal, Rule, Sighting
from aggregator.stories.bare_headlines import is_headline_of
from aggregator.stories.guards import ANY_TITLE, Pair, first_objection, is_too_far_apart, objection_to_headline
from aggregator.stories.hashing import unpack
from aggregator.stories.limits import SHORT
from aggregator.stories.similarity import compare_signatures, has_same_opening, has_same_title, is_named

JACCARD: Final = 0.5
CONTAINMENT: Final = 0.7
TITLE: Final = 0.5
CONTAINMENT_WITH_TITLE: Final = 0.4
CONTAINMENT_WITH_SAME_TITLE: Final = 0.25
_SAME_NAMES: Final = 0.8
_LONG: Final = 60
_PART_OF_MUCH: Final = 0.4
_SOME_TITLE: Final = 0.3
_OTHER_TEXT: Final = 0.1


def verify(one: Sighting, other: Sighting) -> Evidence | Refusal:
    """Judge two items; the same answer both ways round. Thresholds were measured: see docs/stories.md.

    The address is asked first, then the whole text, then nearly the whole text; what each says is put before the
    guards. Items of different signature versions and those more than five days apart are refused.
    """
    likely = compare_signatures(one.signature, other.signature)
    barrier = _barrier(one, other, likely)
    if barrier:
        return Refusal(rule=barrier[0], likeness=likely, reason=barrier[1])
    if _has_same_url(one, other):
        return _judge_by_url(one, other, likely)
    if _has_same_file(one, other):
        return Evidence(method="url", likeness=likely, reason="both carry the same sound or film")
    return (
        _judge_by_number(one, other, likely)
        or _judge_by_headline(one, other, likely)
        or _judge_by_text(one, other, likely)
    )


def _judge_by_number(one: Sighting, other: Sighting, likely: Likeness) -> Evidence | None:
    """An outlet's own number for an article, in the addresses of two of its feeds, outlives a new headline."""
    if not one.article or one.article != other.article or one.source_id == other.source_id:
        return None
    if likely.containment < CONTAINMENT_WITH_TITLE and likely.title < TITLE:
        return None
    return Evidence(method="url", likeness=likely, reason="both addresses bear one article's number on one site")


def _judge_by_headline(one: Sighting, other: Sighting, likely: Likeness) -> Evidence | None:
    if not is_headline_of(one, other, likely):
        return None
    if objection_to_headline(Pair(one=one, other=other, likeness=likely, method="headline")):
        return None
    reason = (
        f"one is a headline only, with {likely.title:.0%} of the titles' words in both, of one outlet and hour"
    )
    return Evidence(method="headline", likeness=likely, reason=reason)


def _judge_by_text(one: Sighting, other: Sighting, likely: Likeness) -> Evidence | Refusal:
    method, grounds = _grounds(one, other, likely)
    if method is None:
        return Refusal(rule="unlike", likeness=likely, reason=grounds)
    objection = first_objection(Pair(one=one, other=other, likeness=likely, method=method))
    if objection:
        return Refusal(rule=objection.rule, likeness=likely, reason=objection.reason)
    return Evidence(method=method, likeness=likely, reason=grounds)


def _barrier(one: Sighting, other: Sighting, likely: Likeness) -> tuple[Rule, str] | None:
    if one.signature.version != other.signature.version:
        return "unlike", "their signatures were made under different rules"
    if is_too_far_apart(one, other) and not _is_same_for_long(one, other, likely):
        return "window", "they were published more than five days apart"
    return None


def _has_same_url(one: Sighting, other: Sighting) -> bool:
    """Within one source the address is a question of identity, and was settled there."""
    return 0 != one.signature.url == other.signature.url and one.source_id != other.source_id


def _is_same_for_long(one: Sighting, other: Sighting, likely: Likeness) -> bool:
    """Whether two items at one address, dated farther apart than copies are, are one piece all the same.

    Feeds of one site date a post by its writing and by its last edit. A post of next month that links to an
    article is another piece: it has an id and words of its own.
    """
    if not _has_same_url(one, other):
        return False
    alike = likely.title >= TITLE or likely.containment >= CONTAINMENT_WITH_TITLE
    if one.entry_id and one.entry_id == other.entry_id:
        return alike or "//" not in one.entry_id
    return (
        alike and likely.containment >= CONTAINMENT and min(one.signature.length, other.signature.length) >= SHORT
    )


def _has_same_file(one: Sighting, other: Sighting) -> bool:
    files = set(unpack(one.signature.media)) & set(unpack(other.signature.media))
    return bool(files) and one.source_id != other.source_id


def _judge_by_url(one: Sighting, other: Sighting, likely: Likeness) -> Evidence | Refusal:
    first, second = one.signature, other.signature
    if one.shared_url or other.shared_url or "homepage" in first.traits:
        reason = "the address is the same, but it names no one piece"
        return Refusal(rule="address", likeness=likely, reason=reason)
    both_long = min(first.length, second.length) >= SHORT
    if both_long and likely.containment < _OTHER_TEXT and likely.title < _SOME_TITLE:
        reason = "the address is the same, but titles and texts are not: one comments on the other"
        return Refusal(rule="address", likeness=likely, reason=reason)
    if both_long and first.script != second.script:
        return Refusal(rule="language", likeness=likely, reason="the address is the same, but not the language")
    return Evidence(method="url", likeness=likely, reason="both link to the same address")


def _grounds(one: Sighting, other: Sighting, likely: Likeness) -> tuple[Method | None, str]:
    """By which method the texts speak for one piece, guards aside, and the sentence that says so or not."""
    if one.signature.text and one.signature.text == other.signature.text:
        return "exact", "their texts are the same word for word, boilerplate aside"
    share = f"{likely.containment:.0%} of the shorter text's phrases are in the other"
    if likely.jaccard >= JACCARD:
        return "near", f"{likely.jaccard:.0%} of all phrases are in both texts"
    if likely.containment >= CONTAINMENT and _is_a_part(one, other, likely):
        return "near", share
    if _has_telling_title(one, other, likely):
        return "near", f"{share}, and {likely.title:.0%} of the titles' words are in both"
    return None, f"only {share}"


def _has_telling_title(one: Sighting, other: Sighting, likely: Likeness) -> bool:
    """Whether titles, names and a good part of the text speak for one piece that was edited much."""
    if one.recurring or other.recurring or likely.names < _SAME_NAMES:
        return False
    if likely.title >= TITLE and likely.containment >= CONTAINMENT_WITH_TITLE:
        return True
    long = min(one.signature.length, other.signature.length) >= _LONG
    enough = likely.containment >= CONTAINMENT_WITH_SAME_TITLE
    return long and enough and has_same_title(one.signature, other.signature)


def _is_a_part(one: Sighting, other: Sighting, likely: Likeness) -> bool:
    """Whether the shorter text is a cut copy and not one of many that a digest holds."""
    recurring = one.recurring or other.recurring
    if likely.jaccard >= _PART_OF_MUCH or (likely.title >= _SOME_TITLE and not recurring):
        return True
    return has_same_opening(one.signature, other.signature) and _can_be_retitled(one, other, likely)


def _can_be_retitled(one: Sighting, other: Sighting, likely: Likeness) -> bool:
    """Whether the longer text's title may be another outlet's for the shorter one; "Evening briefing" is none."""
    shorter, longer = sorted((one.signature, other.signature), key=lambda found: found.length)
    if likely.title >= ANY_TITLE or not (shorter.title and longer.title):
        return True
    return is_named(longer, shorter)
