"""Where a piece of markup stands, which decides what the references in it mean."""

from __future__ import annotations

from dataclasses import dataclass

from aggregator.model import QueryRules
from aggregator.text.urls import display_url


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkupContext:
    """The surroundings of a piece of markup.

    Attributes:
        base: The absolute URL that references are relative to, or None.
        page: The page whose text it is, or None: a bare fragment, as of a footnote, points into it even where
            the base is another document (a feed's xml:base).
        query: Which parameters of its links are content, against the usual judgement.
    """

    base: str | None = None
    page: str | None = None
    query: QueryRules | None = None

    def display_url(self, reference: str) -> str | None:
        """The address to show for a link, or None when there is none."""
        base = self.page or self.base if reference.lstrip().startswith("#") else self.base
        return display_url(reference, base, self.query, self.page)
