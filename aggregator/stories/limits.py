"""How far finding copies goes: all its limits, so that no other place has one of its own.

What two items must have in common is said where it is judged (`verify`, `guards`, `headlines`, `parting`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from aggregator.model import Reach

SHORT: Final = 25
"""Words below which a text is too short to tell a copy from a coincidence."""

LONG: Final = 60
"""Words from which a text is no notice any more, of which dates and times are the news."""

TELLING: Final = 4
"""Words that a title needs for two equal ones to lead from one item to the other."""

WINDOW: Final = timedelta(days=5)
"""Items published further apart than this are never compared."""

COMPARED_FOR: Final = WINDOW + timedelta(days=1)
"""How long after its first sight an item can be met under a key: then its signature is forgotten. Longer than the
window, since items come later than they are dated."""

TITLES_WITHIN: Final = timedelta(days=30)
"""How far apart a source's items of one title count as a title that recurs."""

RECURS: Final = 3
"""A title that so many items of a source bear within that time is that of a column, and names no piece."""

MOST_KEYS: Final = 48
"""Under so many keys of a signature at most others are looked for; only one with many files has more."""

MOST_TOLD: Final = 20
"""Of items that only resemble one, so many are noted for those who ask why, those most alike."""

MOST_MEMBERS: Final = 40
"""Items of a story at most."""

LONGEST_SPAN: Final = timedelta(days=7)
"""The time between the first and the last date in a story, unless its items share an address."""

REACH: Final = Reach(
    window=WINDOW, in_band=200, candidates=200, of_source=20, at_address=20, reached=50 * MOST_MEMBERS
)
"""How far the store looks around an item: a wire report has 200 copies, an attack has more."""
