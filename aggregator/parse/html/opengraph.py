"""`<meta>`: OpenGraph, article:*, Dublin Core and their like -> claims."""

from __future__ import annotations

from typing import Final

from aggregator.model import Person
from aggregator.parse.html.page_claims import Claims
from aggregator.parse.html.tree import Page
from aggregator.parse.limits import MAX_DATE
from aggregator.parse.plain import to_plain_text
from aggregator.text.urls import is_web

_PUBLISHED: Final = (
    "article:published_time", "og:article:published_time", "og:published_time", "parsely-pub-date",
    "sailthru.date", "dcterms.issued", "dc.date.issued", "dcterms.created", "dc.date.created",
    "citation_publication_date", "publish-date",
    "publish_date", "pubdate", "publication_date", "dcterms.date", "dc.date", "date",
)  # fmt: skip
_UPDATED: Final = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "dcterms.modified",
    "dc.date.modified", "last-modified", "lastmod", "revised",
)  # fmt: skip
_AUTHORS: Final = ("article:author", "author", "dc.creator", "dcterms.creator", "parsely-author", "byl")
_PICTURES: Final = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")


def meta_claims(page: Page) -> Claims:
    """What the head of a page says about its article. Addresses stay as written."""
    published, updated = page.meta(*_PUBLISHED), page.meta(*_UPDATED)
    publisher = (page.meta("og:site_name"), page.meta("dc.publisher"), page.meta("application-name"))
    section = page.meta("article:section", "parsely-section", "og:article:section")
    return Claims(
        title=page.meta("og:title", "twitter:title", "dc.title", "parsely-title"),
        published=published[:MAX_DATE] if published else None,
        updated=updated[:MAX_DATE] if updated else None,
        authors=_authors(page),
        agencies=tuple(name for name in publisher if name),
        sections=(section,) if section else (),
        keywords=tuple(tag for value in page.metas.get("article:tag", ()) if (tag := to_plain_text(value))),
        image=page.meta(*_PICTURES),
        summary=page.meta("og:description", "description", "twitter:description", "dc.description"),
        url=next(iter(page.links.get("canonical", ())), None) or page.meta("og:url"),
    )


def _authors(page: Page) -> tuple[Person, ...]:
    """Of the first name that says something; Facebook wants addresses under `article:author`."""
    for name in _AUTHORS:
        people = [Person(name=value) for written in page.metas.get(name, ()) if (value := to_plain_text(written))]
        people = [person for person in people if not is_web(person.name)]
        if people:
            return tuple(people)
    return ()
