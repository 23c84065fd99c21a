"""What a page states about its article, whichever way it states it."""

from __future__ import annotations

from dataclasses import dataclass

from aggregator.model import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a page states about its article as data; None and () where nothing is said.

    Attributes:
        title: The headline.
        published: A raw date string.
        updated: A raw date string.
        authors: Whoever is named as one; not yet known to be people.
        agencies: Names of organisations: the publisher, authors that are no persons.
        sections: Names of the parts of the site that it stands in.
        keywords: Names of what it is about.
        image: The address of the lead picture, as written.
        caption: What is written under that.
        summary: A description.
        language: BCP 47.
        url: The article's own address, as written.
        body: The text, without markup.
        sources: Addresses of what it is based on.
    """

    title: str | None = None
    published: str | None = None
    updated: str | None = None
    authors: tuple[Person, ...] = ()
    agencies: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    image: str | None = None
    caption: str | None = None
    summary: str | None = None
    language: str | None = None
    url: str | None = None
    body: str | None = None
    sources: tuple[str, ...] = ()
