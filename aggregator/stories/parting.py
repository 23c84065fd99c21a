"""Two items that were one piece: are they still, now that the text of one is another?

Joining and parting have different thresholds. Outlets go on editing their copies of one piece: leads are written
anew, titles change with the news, a feed that gave whole texts gives teasers. Parting for any of these would show
an old story again. So two items part only when hardly a phrase is common any more *and* the text that changed is
not what it was before. The figures were measured on labelled copies; see decision 0022.
"""

from __future__ import annotations

from typing import Final

from aggregator.model import Edge, Likeness, Sighting, Signature
from aggregator.stories.hashing import unpack
from aggregator.stories.similarity import compare_signatures, has_same_opening

TEXT_GONE: Final = 0.15
"""Of the shorter text's phrases in the other, below which the texts have parted; joining asks for a quarter."""

TITLE_GONE: Final = 0.3
"""Of both titles' words in common, below which the titles do not speak for one piece."""

NOTHING_LEFT: Final = 0.05
"""Of the shorter text's phrases in the other, below which no title speaks for one piece: one day's weather report
replaced the other's under the same title."""

OTHER_SELF: Final = 0.3
"""Of the phrases of what an item said before in what it says now, below which it became another text."""

_DIGEST: Final = 0.15
_FEW: Final = 8
_SOME: Final = 40
_LONG: Final = 60


def reason_to_part(item: Sighting, other: Sighting, edge: Edge, former: Signature | None) -> str | None:
    """Why an item whose text changed is not the same piece as another any more; None while it may be.

    In: both items; the edge that was stored between them; what the item looked like when it was compared before,
    None if that is forgotten. Out: half a sentence for people.

    The editor's word and a common address are no matter of texts, and last as long as they hold. Where only an
    address had joined them and it is another now, texts or titles must speak for them instead.
    """
    if edge.evidence.method == "editor" or item.signature.version != other.signature.version:
        return None
    if _has_same_url(item, other) or _has_same_file(item, other):
        return None
    likely = compare_signatures(item.signature, other.signature)
    if edge.evidence.method == "url":
        return _tell(likely) if _is_unlike(likely) or _is_other_episode(item, other, likely) else None
    if _has_parting_texts(item, other, likely) and _is_another_now(item, other, edge, former):
        return _tell(likely)
    return None


def has_left(likely: Likeness) -> bool:
    """Whether the texts have hardly a phrase in common; worth remembering where it was not enough to part."""
    return likely.containment < TEXT_GONE


def _has_parting_texts(item: Sighting, other: Sighting, likely: Likeness) -> bool:
    """Whether the two texts, titles included, are clearly not copies; says nothing of a few words."""
    shortest = min(item.signature.length, other.signature.length)
    if shortest < _FEW:
        return False
    if likely.title < TITLE_GONE:
        return has_left(likely) or _is_swallowed(item, other, likely)
    return shortest >= _SOME and likely.containment < NOTHING_LEFT


def _is_swallowed(item: Sighting, other: Sighting, likely: Likeness) -> bool:
    """Whether one became a digest that holds the other among much else."""
    shortest = min(item.signature.length, other.signature.length)
    return shortest >= _SOME and likely.jaccard < _DIGEST and not has_same_opening(item.signature, other.signature)


def _is_another_now(item: Sighting, other: Sighting, edge: Edge, former: Signature | None) -> bool:
    """Whether the item itself is not what it was: a lead written anew leaves the rest, a teaser the title."""
    known = edge.evidence.likeness
    if former is None or former.version != item.signature.version:
        title = compare_signatures(item.signature, other.signature).title
        shortest = min(item.signature.length, other.signature.length)
        return shortest >= _LONG or title < TITLE_GONE <= known.title
    own = compare_signatures(former, item.signature)
    if 2 * item.signature.length < former.length and own.title >= TITLE_GONE:
        return False
    doubtful = edge.evidence.doubt is not None and has_left(edge.evidence.doubt)
    return own.containment < OTHER_SELF or doubtful or (own.jaccard < _DIGEST and own.title < TITLE_GONE)


def _is_unlike(likely: Likeness) -> bool:
    return likely.title < TITLE_GONE and has_left(likely)


def _is_other_episode(item: Sighting, other: Sighting, likely: Likeness) -> bool:
    """What describes an episode is the same for all of them, so that only file and title tell them apart."""
    return likely.title < TITLE_GONE and bool(item.signature.media) and bool(other.signature.media)


def _has_same_url(item: Sighting, other: Sighting) -> bool:
    return 0 != item.signature.url == other.signature.url


def _has_same_file(item: Sighting, other: Sighting) -> bool:
    return not set(unpack(item.signature.media)).isdisjoint(unpack(other.signature.media))


def _tell(likely: Likeness) -> str:
    text, title = f"{likely.containment:.0%}", f"{likely.title:.0%}"
    return f"only {text} of the shorter text's phrases are in the other, and {title} of the titles' words in both"
