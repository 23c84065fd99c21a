"""What the editor declared: sources, publications, the site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, get_args

from aggregator.errors import Mistake, Notice
from aggregator.model.filter import Filter, Rewrite, Trimming
from aggregator.model.source_profile import Identity
from aggregator.model.standing import CatalogueStanding
from aggregator.model.story import Overrides

if TYPE_CHECKING:
    from aggregator.model.followed import FollowedList

Format = Literal["atom", "rss", "json"]
"""The formats of a publication; also the extension of its path."""

SourceKind = Literal["feed", "page", "file", "json", "xpath"]
"""What a source is read as: a feed at a URL or in a file, a page that lists articles, or entries by selectors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What feeds.yaml says of us as a publisher: name, address, people.

    Attributes:
        title: The title of the whole site and of the publication `all`.
        link: The public base URL, with a trailing slash; None when the editor gave none.
        contact: A mail address or URL that goes into our User-Agent.
    """

    title: str
    link: str | None
    contact: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """CSS selectors for a page that lists articles.

    Attributes:
        item: One match per article.
        link: Inside an item, the anchor of the article.
    """

    item: str | None
    link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSelectors:
    """Where in a document that is no feed its entries are, and the fields of each within it.

    For JSON all are JMESPath; for a page or XML XPath 1.0, or CSS behind `css:`. None: that field is not there.

    Attributes:
        item: One match for each entry; all others are searched within such a match.
        title: The entry's title.
        link: The address of its page, or the anchor that holds it.
        id: The publisher's id.
        published: When it was published, as written.
        updated: When it was changed, as written.
        content: The whole text.
        summary: Its beginning, or what it is about.
        author: Who wrote it; each match is one.
        image: The picture that stands for it, or its address.
        categories: What it is filed under; each match is one.
    """

    item: str
    title: str | None = None
    link: str | None = None
    id: str | None = None
    published: str | None = None
    updated: str | None = None
    content: str | None = None
    summary: str | None = None
    author: str | None = None
    image: str | None = None
    categories: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryRules:
    """Which parameters in the query of a source's links are content, against the usual judgement.

    Attributes:
        keep: Names that stay though they usually count clicks.
        drop: Names that go though they usually name content.
    """

    keep: frozenset[str] = frozenset()
    drop: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conventions:
    """How a source is to be read, as far as its editor told us.

    Attributes:
        kind: A `page` is a list of articles; of `json` and `xpath` selectors make entries; all else is a feed.
        timezone: IANA name, for dates without a zone; None means UTC.
        query: For the links of its entries.
        select: Where a page has its articles, None means: guess; where other documents have their entries.
        trimming: What is left of its texts for readers.
    """

    kind: SourceKind = "feed"
    timezone: str | None = None
    query: QueryRules = field(default_factory=QueryRules)
    select: Selectors | FieldSelectors | None = None
    trimming: Trimming = field(default_factory=Trimming)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place that we poll, as feeds.yaml declares it: a feed, a page, a file, or a document with selectors.

    Attributes:
        id: Names it in logs, commands and links; `[a-z0-9][a-z0-9_-]*`.
        kind: A `file` is read from beside feeds.yaml, all else is fetched over HTTP.
        location: The absolute http(s) URL, or the absolute path of the file. May hold a secret.
        url: The location as the editor wrote it, `${NAME}` unexpanded and without a password: the only
            form that is shown or stored.
        title: The editor's title; None means the feed's own.
        icon: The address of a picture that stands for it; None for none.
        timezone: IANA name, for dates without a zone; None when the editor gave none (then UTC).
        tags: In the editor's order.
        every: The shortest time between two polls.
        max_every: The longest time between two polls that a forecast may choose.
        priority: The greater one wins a story that several sources carry.
        select: Where its articles or entries stand: `Selectors` or None (guess) for a `page`, `FieldSelectors`
            for `json` and `xpath`, None for all else.
        query: Exceptions for the parameters of its links.
        identity: What tells its items apart, by the editor's word; None means: as measured.
        content: `feed`: what the feed carries; `full`: new entries' text is taken from their own pages.
        filters: Steps in the editor's order.
        rewrites: What is changed in its entries for readers, one after the other.
        trimming: What is left of its texts for readers.
        headers: Extra request headers, expanded; hold secrets, so they are absent from repr.
        publish: How much of an entry we may republish.
        enabled: Whether it is polled; what it brought before stays published.
        opted_out: The name in `opt_out` that its host is of: it is not polled, and nothing of it is published.
    """

    id: str
    kind: SourceKind
    location: str = field(repr=False)
    url: str
    title: str | None = None
    icon: str | None = None
    timezone: str | None = None
    tags: tuple[str, ...] = ()
    every: timedelta = timedelta(hours=1)
    max_every: timedelta = timedelta(days=1)
    priority: int = 0
    select: Selectors | FieldSelectors | None = None
    query: QueryRules = field(default_factory=QueryRules)
    identity: Identity | None = None
    content: Literal["feed", "full"] = "feed"
    filters: tuple[Filter, ...] = ()
    rewrites: tuple[Rewrite, ...] = ()
    trimming: Trimming = field(default_factory=Trimming)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    publish: Literal["full", "summary", "link"] = "full"
    enabled: bool = True
    opted_out: str | None = None

    @property
    def conventions(self) -> Conventions:
        """What reading its answers depends on."""
        return Conventions(
            kind=self.kind,
            timezone=self.timezone,
            query=self.query,
            select=self.select,
            trimming=self.trimming,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One merged feed that people subscribe to.

    Attributes:
        id: Its path: `/<id>.atom`.
        title: Shown in readers.
        tags: Sources that bear any of them belong to it.
        sources: Source ids that belong to it. With neither tags nor sources, all sources do.
        filters: Steps in the editor's order, after those of the sources.
        limit: The greatest number of entries in a document.
        per_source: The greatest number of entries of one source; None means no quota.
        edits: `bump`: a real change moves atom:updated; `silent`: it does not.
        duplicates: `merge`: one entry per story; `keep`: every copy.
        formats: Which documents exist.
        tokens: Any of them opens a private publication; empty means public. Absent from repr.
        was: Ids that it had before; their addresses lead here, and what is stored under them becomes its own.
        paths: Where it is served besides, and in which format.
    """

    id: str
    title: str
    tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    limit: int = 100
    per_source: int | None = None
    edits: Literal["bump", "silent"] = "bump"
    duplicates: Literal["merge", "keep"] = "merge"
    formats: tuple[Format, ...] = get_args(Format)
    tokens: tuple[str, ...] = field(default=(), repr=False)
    was: tuple[str, ...] = ()
    paths: tuple[tuple[str, Format], ...] = ()

    @property
    def private(self) -> bool:
        """Whether a token is needed to read it."""
        return bool(self.tokens)

    def includes(self, source: Source) -> bool:
        """Whether entries of `source` belong here, filters aside."""
        if not self.tags and not self.sources:
            return True
        return source.id in self.sources or any(tag in self.tags for tag in source.tags)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All that feeds.yaml says: the sources, the publications, the site.

    Attributes:
        site: Who we are.
        sources: In the editor's order; disabled ones too.
        publications: In the editor's order; at least one.
        overrides: Which items are the same piece, by the editor's word.
        withdrawn: How the editor names items that are to be shown nowhere, in every spelling, and on which line.
        opted_out: Hosts that asked not to be read, in ASCII, each with its line; all below them are meant too.
        notices: Things that are no mistakes but that the editor may want to know.
        secrets: Values that must never be told: what variables put into addresses and headers, tokens, passwords.
            Absent from repr.
        text: feeds.yaml as it stood, variables unexpanded. Absent from repr.
        mistakes: Why feeds.yaml as it stands now cannot be in force; () when it can.
        standing: How it stands to what is in force for all processes.
        lists: Lists elsewhere, whose sources join those that feeds.yaml declares.
    """

    site: Site
    sources: tuple[Source, ...]
    publications: tuple[Publication, ...]
    overrides: Overrides = field(default_factory=Overrides)
    withdrawn: Mapping[str, int | None] = field(default_factory=dict)
    opted_out: Mapping[str, int | None] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    text: bytes = field(default=b"", repr=False)
    mistakes: tuple[Mistake, ...] = ()
    standing: CatalogueStanding = field(default_factory=CatalogueStanding)
    lists: tuple[FollowedList, ...] = ()
    _by_id: Mapping[str, Source] = field(init=False, repr=False, compare=False)
    _by_path: Mapping[str, tuple[str, Format]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {source.id: source for source in reversed(self.sources)})
        paths = {path: (one.id, form) for one in self.publications for path, form in one.paths}
        object.__setattr__(self, "_by_path", paths)

    @property
    def disabled(self) -> frozenset[str]:
        """The ids of sources that nobody is to poll."""
        return frozenset(source.id for source in self.sources if not source.enabled) - self.standing.unset

    def source(self, source_id: str) -> Source | None:
        """The source of that id, or None."""
        return self._by_id.get(source_id)

    def publication(self, publication_id: str) -> Publication | None:
        """The publication of that id, or None."""
        return next((found for found in self.publications if found.id == publication_id), None)

    def successor(self, publication_id: str) -> Publication | None:
        """The publication that had the id before, or None."""
        return next((found for found in self.publications if publication_id in found.was), None)

    def served_at(self, path: str) -> tuple[str, Format] | None:
        """The publication that is served at a further path of its own, and in which format; or None."""
        return self._by_path.get(path)

    def sources_of(self, publication: Publication) -> tuple[Source, ...]:
        """The sources whose entries belong to `publication`, disabled ones too."""
        return tuple(source for source in self.sources if publication.includes(source))
