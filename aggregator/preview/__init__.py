"""What a source would bring, before it joins: asked twice, judged as a poll would, and nothing of it stored.

looking         the way through all of these
previewed       the nouns: what was seen, entry by entry, and what it comes to
witness         a fetcher and a reader that remember what they gave, and a store without a past
robots          what the site's robots.txt says of the address (RFC 9309)
second_look     whether the entries are called now what they were called a moment ago
moving          what is at the address to which an edit moves a source, and what of it is announced again
seen_again      which entries of a planet its subscribers would see again
already_stored  what of it is here already: the same items, and the same pieces from other sources
assessment      how often it posts, full texts or teasers; what is the matter, and whether it may join
"""

from aggregator.preview.looking import Wish, look
from aggregator.preview.witness import BlankStore

__all__ = ["BlankStore", "Wish", "look"]
