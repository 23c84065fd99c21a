"""Bounds on what one document may bring; far above honest feeds, far below what hurts."""

from typing import Final

MAX_ENTRIES: Final = 1000
MAX_ELEMENTS: Final = 400_000
"""Elements of one document, those of the markup in its texts included; each costs the library 14 microseconds."""
MAX_MARKUP: Final = 500_000
"""Characters of one text construct."""
MAX_TITLE_MARKUP: Final = 10_000
"""Characters of a title with its markup; the visible title is cut much shorter when it is normalized."""
MAX_CATEGORIES: Final = 50
MAX_AUTHORS: Final = 50
MAX_LINKS: Final = 100
MAX_ENCLOSURES: Final = 50
MAX_FIELD: Final = 500
"""Characters of names, categories and other short fields."""
MAX_DATE: Final = 200
MAX_ATTRIBUTES: Final = 50
"""Attributes of one element; the library looks each up by a linear search."""
