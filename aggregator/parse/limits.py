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
MAX_EXTENSIONS: Final = 500
"""Elements of other namespaces in one entry; a film of three hours may have two hundred chapters."""
MAX_EXTENSION_DEPTH: Final = 6
MAX_EXTENSION_TEXT: Final = 100_000
"""Characters of all texts and attributes of these elements in one entry."""
