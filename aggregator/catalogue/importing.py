"""Lists from elsewhere -> feeds.yaml: what is not there yet joins it, and what a planet says of itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from aggregator.catalogue import typed_urls
from aggregator.catalogue.naming import new_id, on_one_line, show
from aggregator.catalogue.opml import parse_opml
from aggregator.catalogue.planets import Beside, parse_planet
from aggregator.catalogue.replace import Original, take
from aggregator.catalogue.sheet import Addition, NewKey, Sheet, comparable, scalar
from aggregator.catalogue.starter import example
from aggregator.catalogue.subscriptions import ListedFeed, SubscriptionList
from aggregator.errors import EditError
from aggregator.yamlfile.variables import escape

_MOST_BYTES = 5_000_000
"""Of a file that a list takes in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOutcome:
    """Which sources an imported list brought into feeds.yaml, and which it could not.

    Attributes:
        added: The ids of the new sources, in the file's order.
        present: How many are read already, or were named before in the list.
        skipped: One line for each that cannot be read, with the reason.
        written: What else was written, as `site.title`.
        notes: What the editor may want to know; whole sentences.
    """

    added: tuple[str, ...]
    present: int = 0
    skipped: tuple[str, ...]
    written: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_list(content: bytes, place: Path | str) -> SubscriptionList:
    """What a file lists: OPML, or the configuration of Planet 2, Planet Venus or pluto.

    In: its bytes; its path: lists that a configuration takes in are looked for beside it, and nowhere else. Or its
    address: then there is nothing beside it.

    Raises:
        EditError: It is neither, or a list beside it cannot be read.
    """
    if isinstance(place, Path):
        path, name, beside = place, str(place), _files_beside(place.parent)
    else:
        path, name, beside = Path(urlsplit(place).path), show(place), _refuse_others
    begins = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    suffix = path.suffix.lower()
    if suffix in {".opml", ".xml"} or (begins and suffix not in {".ini", ".cfg", ".conf"}):
        try:
            return SubscriptionList(feeds=parse_opml(content))
        except EditError as error:
            raise EditError(f"{name}: {error}") from None
    return parse_planet(content, name, beside)


def import_opml(path: Path, content: bytes) -> ImportOutcome:
    """Add the feeds of an OPML file; see `import_list`. Raises EditError."""
    return import_list(path, SubscriptionList(feeds=parse_opml(content)))


def import_list(path: Path, found: SubscriptionList) -> ImportOutcome:
    """Add the feeds of a list that are not there yet, all of them or, if anything goes wrong, none.

    Titles come along; groups and categories become tags. A planet's title, address and bounds are written where
    feeds.yaml says nothing of the kind. A `${` in the list means itself: one from somebody else must not get at
    our environment.

    Raises:
        EditError: feeds.yaml cannot be edited.
    """
    original = take(path)
    sheet = original.sheet
    joining = _Joining(original)
    for listed in found.feeds:
        joining.take(listed)
    additions = list(joining.additions.values())
    text = sheet.with_sources(additions) if additions else sheet.text
    written: list[str] = []
    own = _own_words(sheet, found) if additions or found.lists else ()
    for section, pairs in (*_new_lists(sheet, found), *own):
        text = Sheet(text, str(path)).with_pairs(section, pairs)
        written += [f"{section}.{pair.key}" for pair in pairs]
    if text != sheet.text:
        original.replace(text, [*sheet.ids, *joining.additions])
    return ImportOutcome(
        added=tuple(joining.additions),
        present=joining.present,
        skipped=tuple(joining.skipped),
        written=tuple(written),
        notes=(
            *found.notes,
            *_unsaid(found, written if additions else ["site.title"]),
            *_name_examples(sheet, found),
        ),
    )


class _Joining:
    """Finds out, feed by feed, what of a list is new.

    Attributes:
        additions: By id, in the list's order.
        skipped, present: As in ImportOutcome.
    """

    def __init__(self, original: Original) -> None:
        self.additions: dict[str, Addition] = {}
        self.skipped: list[str] = []
        self.present = 0
        self._addresses = original.sheet.addresses
        self._ids = set(original.sheet.ids)
        self._refuse = original.refuser()

    def take(self, listed: ListedFeed) -> None:
        """Note a feed as new, or why it is not."""
        feed = replace(listed, url=typed_urls.complete(listed.url))
        url = escape(feed.url)
        holder = self._addresses.get(comparable(url))
        if feed.url and holder in self.additions:  # listed in several groups: it has the tags of all
            self.additions[holder] = _with_tags(self.additions[holder], feed.tags)
        reason = feed.fault or _find_fault(feed.url) or self._refuse(feed.url)
        if reason:
            self.skipped.append(f"{show(feed.url or feed.title or 'an outline')}: {reason}")
        elif holder is not None:
            self.present += 1
        else:
            self._add(feed, url)

    def _add(self, feed: ListedFeed, url: str) -> None:
        new = _make_addition(feed, url, self._ids)
        self.additions[new.id] = new
        self._ids.add(new.id)
        self._addresses[comparable(url)] = new.id


def _own_words(sheet: Sheet, found: SubscriptionList) -> Iterator[tuple[str, list[NewKey]]]:
    """What a planet says of itself, where feeds.yaml says nothing: below which section."""
    known = sheet.keys_of("site")
    said = {"title": found.title, "link": found.link, "contact": found.contact}
    site = [_single(key, value) for key, value in said.items() if value and key not in known]
    if site:
        yield "site", site
    bounds = {"limit": found.limit, "per_source": found.per_source}
    values = [(key, str(value)) for key, value in bounds.items() if value is not None]
    title = on_one_line(found.title)
    if not sheet.keys_of("publish") and (values or found.paths or ("title" in known and title)):
        own = [("title", scalar(escape(title)))] if "title" in known and title else []
        values += [("path", f"[{', '.join(map(scalar, found.paths))}]")] if found.paths else []
        yield "publish", [NewKey(key="all", values=(*own, *values))]


def _new_lists(sheet: Sheet, found: SubscriptionList) -> Iterator[tuple[str, list[NewKey]]]:
    """The lists elsewhere that are followed from now on."""
    known, ids = sheet.addresses_in("lists"), [*sheet.keys_of("lists")]
    new: list[NewKey] = []
    for one in found.lists:
        if typed_urls.complaint(one.url) is None and comparable(escape(one.url)) not in known:
            ids.append(new_id(one.url, on_one_line(one.title), ids))
            known[comparable(escape(one.url))] = ids[-1]
            new.append(_single(ids[-1], one.url))
    if new:
        yield "lists", new


def _single(key: str, value: str) -> NewKey:
    return NewKey(key=key, values=(("", scalar(escape(on_one_line(value)))),))


def _unsaid(found: SubscriptionList, written: Sequence[str]) -> Iterator[str]:
    """What a planet says of itself that could not be written."""
    if found.title and not {"site.title", "publish.all"} & {*written}:
        yield f"The planet is called '{on_one_line(found.title)}'; feeds.yaml goes on with the titles that it has."


def _name_examples(sheet: Sheet, found: SubscriptionList) -> Iterator[str]:
    """What of the file is still as `init` wrote it: a planet's subscribers did not subscribe to that."""
    if not found.is_planet:
        return
    examples = Sheet(example(), "feeds.yaml")
    listed = {comparable(escape(one.url)) for one in found.feeds}
    known = sheet.addresses.items()
    ids = [pair[1] for pair in examples.addresses.items() if pair in known and pair[0] not in listed]
    if sheet.addresses_in("site").items() & examples.addresses_in("site").items() and found.title:
        yield f"`site.title` is still that of the example: write '{on_one_line(found.title)}' there."
    if ids:
        yield (
            f"The example's sources are still there, and subscribers get their entries, too: {', '.join(ids)}; "
            f"`aggregator remove {ids[0]}` takes one out."
        )


def _with_tags(new: Addition, tags: Sequence[str]) -> Addition:
    return replace(new, tags=tuple(dict.fromkeys((*new.tags, *tags))))


def _make_addition(feed: ListedFeed, url: str, ids: Collection[str]) -> Addition:
    title = on_one_line(feed.title)
    name = feed.id if feed.id and feed.id not in ids else new_id(feed.url, title, ids)
    is_label = not feed.titled and title == name  # `export` has no more of what was never read
    return Addition(
        id=name,
        url=url,
        title="" if is_label else escape(title),
        tags=feed.tags,
        icon=escape(feed.icon),
        steps=feed.steps,
        enabled=not feed.is_hidden,
    )


def _find_fault(url: str) -> str | None:
    if not url:
        return "it has no address, so there is nothing to read"
    return typed_urls.complaint(url)


def _refuse_others(name: str) -> bytes:
    raise EditError(f"the list {name[:80]} stands beside it, elsewhere; import that by its own address")


def _files_beside(folder: Path) -> Beside:
    """Reads files of the folder or below it."""

    def read(name: str) -> bytes:
        try:
            path = (folder / name).resolve()
            if not path.is_relative_to(folder.resolve()):
                raise EditError("this list is not beside the file that takes it in; import it by itself")
            with path.open("rb") as file:
                return file.read(_MOST_BYTES + 1)
        except (OSError, ValueError, RuntimeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no path"
            raise EditError(f"the list {name[:80]} cannot be read ({reason})") from None

    return read
