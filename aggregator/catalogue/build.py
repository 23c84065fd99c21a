"""What was typed -> Catalogue: defaults filled in, names looked up, what does not fit together noted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from aggregator import patterns
from aggregator.catalogue import secrets
from aggregator.catalogue.further_paths import check_paths, format_of
from aggregator.catalogue.list_places import find_lists
from aggregator.catalogue.locations import locate_all
from aggregator.catalogue.making import make_source
from aggregator.catalogue.opt_outs import find_opted_out, heed, note_opted_out
from aggregator.catalogue.rewrites import find_no_elements
from aggregator.catalogue.spec import DefaultsSpec, FeedsSpec, PublicationSpec
from aggregator.catalogue.typed_values import find_header_faults
from aggregator.model import (
    Catalogue,
    Limit,
    Matcher,
    Publication,
    Site,
    Source,
)
from aggregator.text.item_names import spellings
from aggregator.yamlfile import Report, YamlDocument, nearest_name

RESERVED = frozenset(
    "about favicon healthz metrics readyz search source sources static status story tag".split()  # noqa: SIM905 # reads as the list
)
"""Paths of our own web pages, which no publication may take."""

_SITE_TITLE = "Planet"


def build(spec: FeedsSpec, document: YamlDocument, folder: Path, report: Report) -> Catalogue:
    """The catalogue of what is right; what is not goes into the report."""
    site = Site(title=spec.site.title or _SITE_TITLE, link=spec.site.link, contact=spec.site.contact)
    places = locate_all(document, folder, report)
    _check_headers(document, report)
    opted_out = find_opted_out(spec.opt_out, document)
    sources = tuple(
        heed(make_source(source_id, source, spec, places[source_id]), opted_out)
        for source_id, source in spec.sources.items()
        if source_id in places
    )
    known = list(document.section("sources"))
    for publication_id, publication in spec.publish.items():
        _check_publication(publication_id, publication, known, report)
    _check_earlier_names(spec, report, document)
    publications = tuple(
        _publication(publication_id, publication, site) for publication_id, publication in spec.publish.items()
    ) or (Publication(id="all", title=site.title),)
    check_paths(publications, RESERVED, report)
    _doubt_selectors(spec, report)
    _note_what_is_odd(document, sources, publications, report)
    lists = tuple(replace(one, source=heed(one.source, opted_out)) for one in find_lists(spec, document, report))
    note_opted_out(sources, lists, opted_out, report)
    return Catalogue(
        site=site,
        sources=sources,
        publications=publications,
        overrides=spec.stories.overrides(),
        withdrawn=_withdrawn(spec, document),
        opted_out=opted_out,
        notices=report.notices,
        secrets=secrets.collect(document),
        text=document.content,
        lists=lists,
    )


def _withdrawn(spec: FeedsSpec, document: YamlDocument) -> dict[str, int | None]:
    lines = {name: document.line(document.locate(("withdraw", place))) for place, name in enumerate(spec.withdraw)}
    return {spelling: line for name, line in lines.items() for spelling in spellings(name)}


def _publication(publication_id: str, spec: PublicationSpec, site: Site) -> Publication:
    return Publication(
        id=publication_id,
        title=spec.title or _title(publication_id, site),
        tags=tuple(dict.fromkeys(spec.from_.tags)) if spec.from_ else (),
        sources=tuple(dict.fromkeys(spec.from_.sources)) if spec.from_ else (),
        filters=tuple(step.filter() for step in spec.filter),
        limit=spec.limit,
        per_source=spec.per_source,
        edits=spec.edits,
        duplicates=spec.duplicates,
        formats=tuple(dict.fromkeys(spec.formats)),
        tokens=tuple(dict.fromkeys(spec.private)),
        was=tuple(dict.fromkeys(spec.was)),
        paths=tuple((path, format_of(path, spec.formats)) for path in dict.fromkeys(spec.path)),
    )


def _title(publication_id: str, site: Site) -> str:
    if publication_id == "all":
        return site.title
    readable = publication_id.replace("-", " ").replace("_", " ").strip().capitalize()
    return f"{readable} – {site.title}"


def _check_headers(document: YamlDocument, report: Report) -> None:
    holders: list[tuple[tuple[str, ...], Any]] = [(("defaults",), document.data.get("defaults"))]
    holders += [(("sources", name), value) for name, value in document.section("sources").items()]
    for place, holder in holders:
        headers = holder.get("headers") if isinstance(holder, dict) else None
        for name, wrong in find_header_faults(list(headers) if isinstance(headers, dict) else []).items():
            report.add((*place, "headers", name), wrong, at_key=True)


def _check_publication(publication_id: str, spec: PublicationSpec, known: list[str], report: Report) -> None:
    place = ("publish", publication_id)
    if publication_id in RESERVED:
        report.add(place, f"/{publication_id} is a page of our own; choose another id", at_key=True)
    for index, source_id in enumerate(spec.from_.sources if spec.from_ else []):
        if source_id not in known:
            meant = nearest_name(source_id, known)
            hint = f"did you mean '{meant}'?" if meant else "name a source that is declared under `sources`"
            # The list stands under `from` itself or under `from.sources`; the step that is not there is skipped.
            report.add((*place, "from", "sources", index), f"unknown source '{source_id}'; {hint}")


def _check_earlier_names(spec: FeedsSpec, report: Report, document: YamlDocument) -> None:
    """One address leads to one place: no earlier name is in use, or another publication's too."""
    heirs: dict[str, str] = {}
    for publication_id, publication in spec.publish.items():
        for index, name in enumerate(publication.was):
            place = ("publish", publication_id, "was", index)
            if name in spec.publish:
                line = document.line(("publish", name))
                what = "this publication's own id" if name == publication_id else f"a publication, on line {line}"
                report.add(place, f"'{name}' is {what}, and its addresses are in use; name an id that is gone")
            elif heirs.setdefault(name, publication_id) != publication_id:
                report.add(
                    place, f"'{name}' is an earlier id of '{heirs[name]}' too; its addresses can lead to one only"
                )


def _note_what_is_odd(
    document: YamlDocument, sources: tuple[Source, ...], publications: tuple[Publication, ...], report: Report
) -> None:
    if not document.section("sources") and not document.section("lists"):
        report.note(("sources",), "there are no sources yet; add one with `aggregator add URL`.")
        return
    borne = {tag for source in sources for tag in source.tags} | set(_typed_tags(document))
    _note_slow_patterns(sources, publications, report)
    for publication in publications:
        place = ("publish", publication.id, "from", "tags")
        for number, tag in enumerate(publication.tags):
            if tag not in borne and not document.section("lists"):  # whose feeds may bear any
                meant = nearest_name(tag, borne)
                hint = f" Did you mean '{meant}'?" if meant else ""
                where = (*place, number)
                report.note(where, f"publication '{publication.id}': no source bears the tag '{tag}'.{hint}")


def _typed_tags(document: YamlDocument) -> Iterator[str]:
    """All tags that stand in the file, those of sources with mistakes too."""
    for holder in (document.section("defaults"), *document.section("sources").values()):
        tags = holder.get("tags") if isinstance(holder, dict) else None
        yield from (tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()


def _doubt_selectors(spec: FeedsSpec, report: Report) -> None:
    """Words where CSS selectors stand, which look for elements and were meant for entries or classes."""
    holders: list[tuple[tuple[str, ...], DefaultsSpec]] = [(("defaults",), spec.defaults)]
    holders += [(("sources", name), one) for name, one in spec.sources.items()]
    for place, holder in holders:
        for key, step in (("keep", "keep"), ("remove", "drop")):
            words = find_no_elements(getattr(holder, key)) if key in holder.model_fields_set else []
            if words:
                report.note(
                    (*place, key),
                    f"{'.'.join(place)}.{key}: these are CSS selectors, and HTML has no element '{words[0]}'. For "
                    f"entries with that word, did you mean `filter: [ {{ {step}: [{', '.join(words)}] }} ]`? "
                    f"For a class, '.{words[0]}'?",
                )


def _note_slow_patterns(
    sources: tuple[Source, ...], publications: tuple[Publication, ...], report: Report
) -> None:
    """Patterns that some text can keep busy for too long; each is said once."""
    said: set[str] = set()
    for place, pattern, shown, outcome in _patterns(sources, publications):
        if pattern not in said and patterns.can_stall(pattern):
            said.add(pattern)
            report.note(
                place,
                f"the {place[-1]} {shown} may take too long on some texts, {outcome}. "
                "Make it simpler: no repeat of what is a repeat itself, as in (a+)+.",
            )


def _patterns(
    sources: tuple[Source, ...], publications: tuple[Publication, ...]
) -> Iterator[tuple[tuple[str, ...], str, str, str]]:
    """Where each pattern stands, itself, as the editor wrote it, and what becomes of texts that stall it."""
    holders: list[tuple[str, Source | Publication]] = [("sources", one) for one in sources]
    holders += [("publish", one) for one in publications]
    for section, holder in holders:
        asked = (one for step in holder.filters if not isinstance(step, Limit) for one in step.any_of)
        for one in asked:
            if isinstance(one, Matcher):
                yield (section, holder.id, "filter"), one.pattern, one.shown, "which are not shown then"
    for source in sources:
        for rule in source.rewrites:
            yield ("sources", source.id, "rewrite"), rule.pattern, rule.shown, "which are shown as they are then"
