"""feeds.yaml as people type it: the models that check it and that its JSON Schema is made from."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema

from aggregator.catalogue import typed_values
from aggregator.catalogue.filters import IN_A_FILTER, Steps
from aggregator.catalogue.further_paths import check_path
from aggregator.catalogue.opt_outs import check_host
from aggregator.catalogue.rewrites import Rules, Selectors
from aggregator.model import FieldSelectors, Format, Overrides, QueryRules
from aggregator.yamlfile import quote
from aggregator.yamlfile.types import Count, Duration, Flag, Number, Part, Section, Text, fault

Id = Annotated[
    str,
    AfterValidator(typed_values.check_identifier),
    WithJsonSchema({"type": "string", "pattern": typed_values.ID.pattern}),
]
Tags = list[Text]
Parameter = Annotated[Text, AfterValidator(typed_values.check_parameter)]


def _fold_source(value: Any) -> Any:
    if isinstance(value, str):
        return {"url": value}
    if isinstance(value, dict):
        return value
    raise fault(f"a URL, or a mapping with `url`, `page`, `json` or `xpath`, is needed, not {quote(value)}")


def _fold_from(value: Any) -> Any:
    if isinstance(value, list):
        value = {"sources": value}
    if not isinstance(value, dict):
        raise fault(f"{{ tags: [...] }} or a list of source ids is needed, not {quote(value)}")
    if not any(value.values()):
        raise fault("nothing is named; name tags or sources, or remove the key to take in all sources")
    return value


def _fold_tokens(value: Any) -> Any:
    if not isinstance(value, str | list) or value == []:
        raise fault(f"a token or a list of tokens is needed, not {quote(value)}; {typed_values.HOW_TO_MAKE_ONE}")
    return typed_values.fold_to_list(value)


class SiteSpec(Part):
    """Who publishes; goes into the feeds and into the requests that we send."""

    title: Text | None = None
    """The title of the whole site and of the publication `all`."""
    link: Annotated[str, AfterValidator(typed_values.check_base_url)] | None = None
    """The public base URL of what we publish; self links are made from it."""
    contact: Annotated[str, AfterValidator(typed_values.check_contact)] | None = None
    """A mail address or URL for our User-Agent, so that publishers can reach us."""


class SelectSpec(Part):
    """Where the entries are: in CSS for a `page` (guessed when missing), else in JMESPath or XPath."""

    item: Text | None = None
    """One match per entry; all others are searched within it."""
    link: Text | None = None
    """The address of the entry's own page; for a `page` the anchor that leads to it."""
    title: Text | None = None
    """Its title."""
    id: Text | None = None
    """What names it for ever; its address does where there is none."""
    published: Text | None = None
    """When it was published: a date in any writing, or seconds or milliseconds since 1970."""
    updated: Text | None = None
    """When it was changed."""
    content: Text | None = None
    """Its text; several matches are its paragraphs."""
    summary: Text | None = None
    """A shorter text."""
    author: Text | None = None
    """Who wrote it; each match is one of them."""
    image: Text | None = None
    """The address of its picture."""
    categories: Text | None = None
    """What it is about; each match is one category."""

    def fields(self) -> FieldSelectors:
        """The selectors of what is no feed."""
        return FieldSelectors(item=self.item or "", **self.model_dump(exclude={"item"}))


class QuerySpec(Part):
    """Parameters in the query of links, against the usual judgement of what only counts clicks."""

    model_config = ConfigDict(frozen=True)  # what can be changed is copied for each source that says nothing

    keep: list[Parameter] = Field(default_factory=list)
    """Names of parameters that stay, though they usually count clicks."""
    drop: list[Parameter] = Field(default_factory=list)
    """Names of parameters that go, though they usually name content, such as ref or source."""

    def rules(self) -> QueryRules:
        """The rules as the program uses them."""
        return QueryRules(keep=frozenset(self.keep), drop=frozenset(self.drop))


def _not_both(query: QuerySpec) -> QuerySpec:
    both = sorted({*query.keep} & {*query.drop})
    if both:
        raise fault(f"{quote(both[0])} is under `keep` and under `drop`; remove one of the two")
    return query


class DefaultsSpec(Part):
    """What every source starts from; a source's own key replaces it."""

    elsewhere: ClassVar[Mapping[str, str]] = IN_A_FILTER

    timezone: Annotated[str, AfterValidator(typed_values.check_timezone)] | None = None
    """IANA name of the zone for dates that carry none, such as Asia/Tehran; UTC without it."""
    identity: Literal["id", "url", "title"] | None = None
    """What tells items apart: their id, their address, or title and date; measured when missing."""
    tags: Tags = Field(default_factory=list)
    """Names that publications select sources by."""
    every: Annotated[Duration, AfterValidator(typed_values.check_interval)] = typed_values.HOUR
    """The usual interval between two polls, such as 10m or 1h; slower when a feed asks for it."""
    max_every: Annotated[Duration, AfterValidator(typed_values.check_interval)] = typed_values.DAY
    """The longest interval that may be chosen for a feed that seldom posts."""
    priority: Number = 0
    """The greater one wins a story that several sources carry."""
    filter: Steps = Field(default_factory=list)
    """Steps that every entry must pass, in order."""
    rewrite: Rules = Field(default_factory=list)
    """What is changed for readers in title, text or link: a regular expression, and what stands in its place."""
    remove: Selectors = Field(default_factory=list)
    """CSS selectors of what readers do not get of a text."""
    keep: Selectors = Field(default_factory=list)
    """CSS selectors of what readers get of a text, all else being taken away; where none is found they get all."""
    headers: Annotated[dict[str, Annotated[str, AfterValidator(typed_values.check_header)]], Section] = Field(
        default_factory=dict
    )
    """Extra request headers; write secrets as ${NAME}."""
    query: Annotated[QuerySpec, AfterValidator(_not_both), Section] = QuerySpec()
    """Which parameters of its links are content and which only count clicks, against the usual judgement."""
    content: Literal["feed", "full"] = "feed"
    """`full` takes the text of new entries from their own pages, for a feed that carries only teasers."""
    publish: Literal["full", "summary", "link"] = "full"
    """How much of an entry we may republish."""
    enabled: Flag = True
    """Whether it is polled; what it brought before stays published."""


class SourceSpec(DefaultsSpec):
    """One place to read: a feed or a file (`url`), a page that lists articles (`page`), or what is no feed."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": [kind]} for kind in ("url", "page", "json", "xpath")]}
    )

    url: Text | None = None
    """The feed's URL, or the path of a file beside feeds.yaml."""
    page: Text | None = None
    """The URL of a page that lists articles, for a site without a feed."""
    json_: Text | None = Field(default=None, alias="json")
    """The URL of a JSON document that is no feed; `select` says in JMESPath where its entries are."""
    xpath: Text | None = None
    """The URL of a page or of XML that is no feed; `select` says in XPath, or CSS, where its entries are."""
    title: Text | None = None
    """Shown instead of the feed's own title."""
    icon: Annotated[str, AfterValidator(typed_values.check_web)] | None = None
    """The address of a picture that stands for it, such as its author's face."""
    select: SelectSpec | None = None
    """Where the entries are."""


class ListSpec(Part):
    """A list elsewhere: of its feeds come address, title and tags, and nothing else."""

    url: Text | None = None
    """The address of an OPML file."""
    tags: Tags = Field(default_factory=list)
    """What all its feeds bear, beside the list's own groups."""
    without: Annotated[
        list[Text], BeforeValidator(typed_values.fold_to_list, json_schema_input_type=str | list[str])
    ] = Field(default_factory=list)
    """Feeds of the list that are not read, each by its address or by the id of its source."""


class FromSpec(Part):
    """The sources of a publication: those that bear one of the tags, and those that are named."""

    tags: Tags = Field(default_factory=list)
    """Sources that bear any of them."""
    sources: list[Text] = Field(default_factory=list)
    """Source ids."""


class PublicationSpec(Part):
    """One merged feed that people subscribe to."""

    elsewhere: ClassVar[Mapping[str, str]] = IN_A_FILTER

    title: Text | None = None
    """Shown in readers."""
    from_: Annotated[FromSpec, BeforeValidator(_fold_from, json_schema_input_type=list[str] | FromSpec)] | None = (
        Field(default=None, alias="from")
    )
    """Which sources belong to it: tags, or a list of source ids; all of them without it."""
    filter: Steps = Field(default_factory=list)
    """Steps that every entry must pass, in order, after those of its source."""
    limit: Count = 100
    """The greatest number of entries in the feed."""
    per_source: Count | None = None
    """The greatest number of entries of one source, so that no feed crowds out the rest."""
    edits: Literal["bump", "silent"] = "bump"
    """Whether a real change of an entry moves its date of update."""
    duplicates: Literal["merge", "keep"] = "merge"
    """One entry per story, or every copy."""
    formats: Annotated[list[Format], Field(min_length=1)] = Field(default_factory=lambda: list(get_args(Format)))
    """Which documents exist."""
    private: Annotated[
        list[Annotated[str, AfterValidator(typed_values.check_token)]],
        BeforeValidator(_fold_tokens, json_schema_input_type=str | list[str]),
    ] = Field(default_factory=list)
    """Served only to readers that give this token, or one of these; write it as ${NAME}."""
    was: Annotated[
        list[Id], BeforeValidator(typed_values.fold_to_list, json_schema_input_type=str | list[str])
    ] = Field(default_factory=list)
    """Ids that it had before: their addresses lead to its own, and it goes on where they ended."""
    path: Annotated[
        list[Annotated[Text, AfterValidator(check_path)]],
        BeforeValidator(typed_values.fold_to_list, json_schema_input_type=str | list[str]),
    ] = Field(default_factory=list)
    """Further paths at which it is served, such as /rss20.xml, in the format that their names tell of."""


Group = Annotated[list[Text], AfterValidator(typed_values.check_group)]


class StoriesSpec(Part):
    """The editor's word on which items are the same piece; each is named by its id, published id or URL."""

    merge: list[Group] = Field(default_factory=list)
    """Groups of items that are one story, whatever their texts say."""
    never_merge: list[Group] = Field(default_factory=list)
    """Groups of items of which no two are ever in one story; goes before `merge`."""

    def overrides(self) -> Overrides:
        """The groups as pairs."""
        return Overrides(merge=_pairs(self.merge), never_merge=_pairs(self.never_merge))


def _pairs(groups: list[list[str]]) -> frozenset[tuple[str, str]]:
    return frozenset((one, other) for group in groups for one, other in combinations(sorted(set(group)), 2))


class FeedsSpec(Part):
    """What we read and what we publish."""

    model_config = ConfigDict(title="feeds.yaml")

    site: Annotated[SiteSpec, Section] = SiteSpec()
    """Who publishes. Optional."""
    defaults: Annotated[DefaultsSpec, Section] = DefaultsSpec()
    """What every source starts from. Optional."""
    sources: Annotated[
        dict[Id, Annotated[SourceSpec, BeforeValidator(_fold_source, json_schema_input_type=str | SourceSpec)]],
        Section,
    ] = Field(default_factory=dict)
    """What is read: `id: url`, or `id:` with a mapping. The id names it in logs, commands and links."""
    lists: Annotated[
        dict[Id, Annotated[ListSpec, BeforeValidator(_fold_source, json_schema_input_type=str | ListSpec)]],
        Section,
    ] = Field(default_factory=dict)
    """Lists of others that are followed, looked at once a day: `id: url`, or `id:` with a mapping. Optional."""
    stories: Annotated[StoriesSpec, Section] = StoriesSpec()
    """Which items are the same piece, where the program judges wrongly. Optional."""
    withdraw: Annotated[
        list[Annotated[Text, Field(max_length=2000)]],
        BeforeValidator(typed_values.fold_to_list, json_schema_input_type=str | list[str]),
    ] = Field(default_factory=list)
    """Items that are taken out of every feed and page, each by its id or URL. Optional."""
    opt_out: Annotated[
        list[Annotated[str, AfterValidator(check_host)]],
        BeforeValidator(typed_values.fold_to_list, json_schema_input_type=str | list[str]),
    ] = Field(default_factory=list)
    """Hosts that asked not to be read, with all below them: nothing there is asked or shown. Optional."""
    publish: Annotated[dict[Id, Annotated[PublicationSpec, Section]], Section] = Field(default_factory=dict)
    """The merged feeds, `id:` with a mapping. Optional; without it there is one, `all`."""
