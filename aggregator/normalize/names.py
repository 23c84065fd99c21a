"""Short fields that name something: one plain line each."""

from __future__ import annotations

from typing import Final

from aggregator.model import RawText
from aggregator.normalize.title_text import plain_title
from aggregator.text.cutting import cut

MAX_NAME: Final = 200
_READ_AT_MOST: Final = 2000


def short_name(value: str) -> str:
    """A short field as plain text of at most 200 characters.

    Feeds escape such fields once too often, as they do titles. No format says how often, so that references
    are resolved until none is left; hence idempotent.
    """
    name = value[:_READ_AT_MOST]
    while (plainer := plain_title(RawText(value=name, type="guess"))) != name:
        name = plainer
    return cut(name, MAX_NAME)
