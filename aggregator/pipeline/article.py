"""One article's page: asked for and read, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from aggregator.model import (
    Blocked,
    Entry,
    Failed,
    Fetched,
    Gone,
    Source,
    Throttled,
    Trimmed,
    Trouble,
    Unchanged,
    Validators,
)
from aggregator.pipeline.request import is_same_origin
from aggregator.ports import Fetcher, Reader
from aggregator.text.sites import host_of

AT_ONCE = 20
"""So many articles are asked for in one poll at most; the others follow on the next polls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Articles:
    """What getting articles needs: one to ask their server, one to read their pages, and how many may be had.

    Attributes:
        fetcher: Gets the bytes of a page.
        reader: Makes an entry of them.
        most: How many are asked for in one poll.
    """

    fetcher: Fetcher
    reader: Reader
    most: int = AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class NoArticle:
    """Why the page of an entry gave no article, for people, for counting and for the next poll.

    Attributes:
        kind: As for sources.
        reason: A few words for people; the same words for the same cause, so that they can be counted.
        lasting: Whether asking again is of no use.
        host_wants_rest: Whether its host is to be left alone for now.
    """

    kind: Trouble
    reason: str
    lasting: bool = False
    host_wants_rest: bool = False


_REASONS: Mapping[Trouble, str] = {
    "connect": "no connection",
    "dns": "no such host",
    "tls": "no secure connection",
    "timeout": "no answer in time",
    "too_large": "too large",
    "blocked": "only browsers are let in",
    "http": "a broken answer",
    "redirect": "redirects that lead nowhere",
    "not_a_feed": "no article on its page",
    "malformed": "its page could not be read within bounds",
}


async def read(url: str, source: Source, services: Articles) -> Entry | NoArticle:
    """Ask for one article. Headers of the source, which may hold credentials, go only to its own origin."""
    headers = source.headers if is_same_origin(url, source.location) else ()
    page = replace(source, location=url, headers=headers)
    fetched = await services.fetcher.fetch(page, Validators(), "article")
    match fetched:
        case Fetched():
            if _is_home(fetched.url) and not _is_home(url):
                # Led home: the article is not there any more.
                return NoArticle(kind="redirect", reason="led to the home page", lasting=True)
            found = await services.reader.article(fetched, page)
            if isinstance(found, Failed):
                return _explain_failure(found, lasting=found.trouble == "not_a_feed")
            elsewhere = host_of(fetched.url) != host_of(url)
            return replace(found, text_from=fetched.url if elsewhere else None)
    return _explain_answer(fetched)


def _explain_answer(result: Failed | Throttled | Gone | Blocked | Unchanged) -> NoArticle:
    match result:
        case Failed():
            return _explain_failure(result, lasting=result.status in {404, 451} or result.trouble == "too_large")
        case Throttled():
            return NoArticle(kind="rate_limited", reason=str(result.status), host_wants_rest=True)
        case Gone():
            return NoArticle(kind="gone", reason="410", lasting=True)
        case Blocked():
            return NoArticle(kind="blocked", reason="an address that is not asked", lasting=True)
        case Unchanged():  # nothing was asked that allows it
            return NoArticle(kind="http", reason=_REASONS["http"])


def _explain_failure(failed: Failed, *, lasting: bool) -> NoArticle:
    if failed.trouble == "internal":
        return NoArticle(kind="internal", reason=failed.message)
    refused = failed.status is not None and failed.status >= 400
    return NoArticle(
        kind=failed.trouble,
        reason=str(failed.status) if refused else _REASONS.get(failed.trouble, failed.trouble),
        lasting=lasting,
    )


def _is_home(url: str) -> bool:
    return urlsplit(url).path in {"", "/"}


def is_longer(article: Entry, entry: Entry) -> bool:
    """Whether an article says more than a feed's entry about it."""
    return article.content is not None and len(article.text) > len(entry.text)


def take_text_of(entry: Entry, article: Entry) -> Entry:
    """A feed's entry with the text of its article, if that is the longer one; else the feed's word counts."""
    whole = is_longer(article, entry)
    return replace(
        entry,
        content=article.content if whole else entry.content,
        summary=(entry.summary or entry.content) if whole else entry.summary,
        text=article.text if whole else entry.text,
        trimmed=_merge_trimmed(entry, article) if whole else entry.trimmed,
        text_from=article.text_from if whole else entry.text_from,
        direction=article.direction if whole else entry.direction,
        authors=entry.authors or article.authors,
        categories=entry.categories or article.categories,
        image=entry.image or article.image,
        image_caption=entry.image_caption if entry.image else article.image_caption,
        links=entry.links or article.links,
        published=entry.published or article.published,
        updated=entry.updated or article.updated,
        language=entry.language or article.language,
    )


def put_under_its_address(listed: Entry, article: Entry) -> Entry:
    """An article under the address that its list gives it, which is what it is recognised by.

    Its page knows more of it than the list; the list fills in what the page leaves out.
    """
    return replace(
        article,
        id=None,
        id_is_permalink=False,
        url=listed.url,
        url_key=listed.url_key,
        title=article.title or listed.title,
        image=article.image or listed.image,
        published=article.published or listed.published,
        language=article.language or listed.language,
        position=listed.position,
        trimmed=article.trimmed and replace(article.trimmed, image=article.trimmed.image or listed.image),
    )


def _merge_trimmed(entry: Entry, article: Entry) -> Trimmed | None:
    """What the editor's rules left of an article and of the teaser before it; None where they took nothing."""
    if entry.trimmed is None and article.trimmed is None:
        return None
    teaser, whole = entry.trimmed or entry, article.trimmed or article
    return Trimmed(
        content=whole.content,
        summary=teaser.summary or teaser.content,
        text=whole.text,
        image=teaser.image or whole.image,
        image_caption=teaser.image_caption if teaser.image else whole.image_caption,
    )
