"""`<meta>`: OpenGraph, article:*, Dublin Core and their like -> claims."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aggregator.model import Person
from aggregator.parse.html.page_claims import Claims
from aggregator.parse.html.page_times import pick
from aggregator.parse.html.tree import Page
from aggregator.parse.plain import to_plain_text
from aggregator.text.urls import is_web

_PUBLISHED: Final = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published",
    "article:published_date", "article.published", "article:post_date", "datepublished", "date_published",
    "rnews:datepublished", "og:pubdate", "parsely-pub-date", "sailthru.date", "bt:pubdate",
    "originalpublicationdate", "article_date_original", "cxenseparse:recs:publishtime",
    "mediator_published_time", "vr:published_time", "dcterms.issued", "dc.date.issued", "dateposted",
    "citation_publication_date", "citation_online_date", "citation_date", "prism.publicationdate",
    "publish-date", "publish_date", "publishdate", "publish_time", "published-date", "published_date",
    "published_time", "publisheddate", "pubdate", "publication_date",
)  # fmt: skip
_DATED: Final = (
    "dcterms.created", "dc.date.created", "dc.created", "datecreated", "article.created", "created",
    "date_created", "dcterms.date", "dc.date", "dc:date", "date", "displaydate", "pdate", "ptime",
    "timestamp", "og:regdate",
)  # fmt: skip
"""Dates of the page, which may be those of its file: what the article shows is surer."""
_UPDATED: Final = (
    "article:modified_time", "og:article:modified_time", "article:modified", "article:modified_date",
    "datemodified", "date_modified", "bt:moddate", "og:updated_time", "og:modified_time", "updated_time",
    "modified_time", "dcterms.modified", "dc.modified", "dc.date.modified", "last-modified", "lastmodified",
    "lastmod", "modificationdate", "modified", "revision_date", "revised",
)  # fmt: skip
_AUTHORS: Final = ("article:author", "author", "dc.creator", "dcterms.creator", "parsely-author", "byl")
_PICTURES: Final = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")


def meta_claims(page: Page) -> Claims:
    """What the head of a page says about its article. Addresses stay as written."""
    publisher = (page.meta("og:site_name"), page.meta("dc.publisher"), page.meta("application-name"))
    section = page.meta("article:section", "parsely-section", "og:article:section")
    return Claims(
        title=page.meta("og:title", "twitter:title", "dc.title", "parsely-title"),
        published=_date(page, _PUBLISHED),
        updated=_date(page, _UPDATED),
        authors=_authors(page),
        agencies=tuple(name for name in publisher if name),
        sections=(section,) if section else (),
        keywords=tuple(tag for value in page.metas.get("article:tag", ()) if (tag := to_plain_text(value))),
        image=page.meta(*_PICTURES),
        summary=page.meta("og:description", "description", "twitter:description", "dc.description"),
        url=next(iter(page.links.get("canonical", ())), None) or page.meta("og:url"),
    )


def loose_date(page: Page) -> str | None:
    """A date in the head of which it is not said what it is the date of."""
    return _date(page, _DATED)


def _date(page: Page, names: Iterable[str]) -> str | None:
    return pick((to_plain_text(value) for name in names for value in page.metas.get(name, ())), page.language)


def _authors(page: Page) -> tuple[Person, ...]:
    """Of the first name that says something; Facebook wants addresses under `article:author`."""
    for name in _AUTHORS:
        people = [Person(name=value) for written in page.metas.get(name, ()) if (value := to_plain_text(written))]
        people = [person for person in people if not is_web(person.name)]
        if people:
            return tuple(people)
    return ()
