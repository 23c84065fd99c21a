"""Judging whether items of several sources are the same piece.

    tokens.py       text -> tokens, numbers, names, in every script
    phrases.py      how boilerplate begins, language by language
    boilerplate.py  markup -> text without advertising, counters, bylines, datelines
    title_traits.py titles without what desks put around them; what a title says of its kind
    addresses.py    what an address says: the site, the article's number
    bare_headlines.py items that are a headline only, and the article of it
    hashing.py      shingles, MinHash, the keys of an index
    signature.py    Entry -> Signature; signature_codec.py: Signature <-> bytes
    similarity.py   how alike two signatures are
    guards.py       what keeps two items apart though they look alike
    verify.py       two items -> Evidence or Refusal
    primary.py      which member of a story is shown
    parting.py      an edge whose one end became another text: does it hold?
    groups.py       edges -> stories
    alone.py        many items -> those that have nothing near them
    placement.py    an item and what is around it -> its story
    records.py      Item -> Sighting, Member
    limits.py       how far is looked, how large a story may be

Pure, and nothing is overwritten: an edge is a fact about two items, stories follow from edges.
"""

from typing import TYPE_CHECKING

from aggregator.stories import addresses
from aggregator.stories.alone import find_alone
from aggregator.stories.groups import group_stories
from aggregator.stories.limits import COMPARED_FOR, MOST_KEYS, REACH, TITLES_WITHIN
from aggregator.stories.placement import NO_JUDGEMENT, Surroundings, forbidden_pairs, place, wanted_names
from aggregator.stories.primary import choose_primary
from aggregator.stories.records import count_key, member, names_of, names_of_source, sighting
from aggregator.stories.signature_codec import FAILED, VERSION, decode, encode
from aggregator.stories.verify import verify

if TYPE_CHECKING:
    from aggregator.stories.signature import sign

__all__ = [
    "COMPARED_FOR",
    "FAILED",
    "MOST_KEYS",
    "NO_JUDGEMENT",
    "REACH",
    "TITLES_WITHIN",
    "VERSION",
    "Surroundings",
    "addresses",
    "choose_primary",
    "count_key",
    "decode",
    "encode",
    "find_alone",
    "forbidden_pairs",
    "group_stories",
    "member",
    "names_of",
    "names_of_source",
    "place",
    "sighting",
    "sign",
    "verify",
    "wanted_names",
]


def __getattr__(name: str) -> object:
    """What takes texts apart, once somebody asks for it: that is done in a process of its own."""
    if name != "sign":
        raise AttributeError(name)
    from aggregator.stories.signature import sign

    return sign
