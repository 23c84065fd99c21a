"""The configuration of Planet 2, Planet Venus or pluto -> what it subscribes to, and who it says it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from pydantic_core import PydanticCustomError

from aggregator.catalogue import typed_urls
from aggregator.catalogue.further_paths import check_path
from aggregator.catalogue.naming import show
from aggregator.catalogue.opml import parse_opml, tag_of
from aggregator.catalogue.planets.ini import DEFAULT, Ini, read_ini
from aggregator.catalogue.planets.planet_filters import Sifting, is_venus
from aggregator.catalogue.subscriptions import ListedFeed, OutsideList, SubscriptionList
from aggregator.catalogue.typed_values import ID
from aggregator.errors import EditError
from aggregator.text.word_tables import word_set

Beside = Callable[[str], bytes]
"""Gives the file of that name in the folder of the configuration; raises EditError where there is none."""

_OF_PLUTO: Final = word_set(
    "key slug title name name2 title2 subtitle source url include includes exclude excludes feeds author owner "
    "email planet defaults"
)
"""Sections that are none of pluto's feeds."""
_DEEPEST: Final = 5
"""Of lists in lists."""
_MOST_LIMIT: Final = 1000
_OF_VENUS: Final = (
    *("activity_horizon", "activity_threshold", "content_type", "future_dates", "ignore_in_feed"),
    *("name_type", "summary_type", "title_type", "xml_base"),
)
"""What Venus reads otherwise of a feed, and nothing here says."""
_READ_OF_PLUTO: Final = word_set(
    "avatar exclude excludes face feed feed_url github googlegroups include includes link meetup name rubygems "
    "title url web xml_url"
)
"""What is taken over of pluto's feeds, and their sites' addresses, which feeds tell themselves."""


def parse_planet(content: bytes, file: str, beside: Beside) -> SubscriptionList:
    """Read a planet's configuration.

    In: its bytes; its name, for messages; who gives the lists beside it that it takes in.

    Raises:
        EditError: It is none, refers to itself, or is larger than any honest one; with file and line.
    """
    ini = read_ini(content, file)
    found = replace(_PlanetReader(beside=beside, inside=(Path(file).name,)).read(ini), is_planet=True)
    if not found.feeds and not found.lists:
        raise ini.fault(1, "it names no feeds: neither sections that are addresses, nor sections with `feed = …`")
    return found


@dataclass
class _PlanetReader:
    """The way through a configuration and the lists that it takes in.

    Attributes:
        beside: Gives the files beside it.
        inside: The files that are being read, each taken in by the one before it.
        notes: What could not be taken over; whole sentences.
        unsaid: By what nothing in feeds.yaml says: how many feeds have it.
    """

    beside: Beside
    inside: tuple[str, ...]
    notes: list[str] = field(default_factory=list)
    unsaid: dict[str, int] = field(default_factory=dict)

    def read(self, ini: Ini) -> SubscriptionList:
        planet = next((name for name in ini.sections if name.lower() == "planet"), "")
        return self._read_planet(ini, planet) if planet else self._read_pluto(ini)

    def _read_planet(self, ini: Ini, planet: str) -> SubscriptionList:
        sifting, link = Sifting(ini, planet), _web(ini.get(planet, "link"))
        own = {planet, DEFAULT, "", *_words(ini, planet, "template_files"), *_filter_names(ini)}
        feeds: list[ListedFeed] = []
        lists: list[OutsideList] = []
        for section in ini.sections:
            kind = ini.get(section, "content_type") if section not in own else ""
            if section in own:
                continue
            if any(one in kind for one in ("opml", "foaf", "csv", "config")):
                inner = self._take_in(ini, section, kind)
                feeds += inner.feeds
                lists += inner.lists
            elif typed_urls.is_url(section):
                feeds.append(_of_planet(ini, section, planet, link, sifting))
                self._miss(_unread_of_planet(ini, section, planet, feeds[-1]))
            else:
                self.notes.append(
                    f"{ini.file}:{ini.lines[section]}: [{section[:60]}] is no address and was left out."
                )
        self._tell(sifting, ["owner_name"] if ini.get(planet, "owner_name") else [])
        return SubscriptionList(
            feeds=tuple(feeds),
            lists=tuple(lists),
            title=ini.get(planet, "name"),
            link=link,
            contact=_mail(ini.get(planet, "owner_email")),
            limit=_number(ini.get(planet, "items_per_page"), _MOST_LIMIT),
            per_source=_number(ini.get(planet, "new_feed_items"), _MOST_LIMIT) if is_venus(ini, planet) else None,
            paths=tuple(_paths(ini, planet)),
            published=tuple(_published(ini, planet, link)),
            notes=tuple(self.notes),
        )

    def _read_pluto(self, ini: Ini) -> SubscriptionList:
        sifting = Sifting(ini, "")
        feeds = [_of_pluto(ini, section, sifting) for section in _feeds_of_pluto(ini)]
        for section, feed in zip(_feeds_of_pluto(ini), feeds, strict=True):
            self._miss(_unread_of_pluto(ini, section, feed))
        source = _web(ini.get("", "source", "url"))
        if source:
            self.notes.append(f"It is kept up to date from {source}, which is not followed: import that again.")
        self._tell(sifting, [one for one in ("author", "owner") if ini.get("", one)])
        return SubscriptionList(
            feeds=tuple(feeds),
            title=ini.get("", "title", "name"),
            contact=_mail(ini.get("", "email", "owner_email", "author_email")),
            notes=tuple(self.notes),
        )

    def _take_in(self, ini: Ini, section: str, kind: str) -> SubscriptionList:
        """What a list brings that the configuration takes in: OPML elsewhere is followed, a file is read now."""
        line, nothing = ini.lines[section], SubscriptionList(feeds=())
        if "foaf" in kind or "csv" in kind:
            self._note(ini, section, f"is a list in the format {kind[:20]}, and was left out")
            return nothing
        if typed_urls.is_url(section):
            if "opml" in kind:
                return SubscriptionList(
                    feeds=(), lists=(OutsideList(url=section, title=ini.get(section, "name")),)
                )
            self.notes.append(
                f"{ini.file}:{line}: {section[:80]} is a configuration elsewhere; import it by itself."
            )
            return nothing
        if section in self.inside or len(self.inside) > _DEEPEST:
            way = " -> ".join((*self.inside, section))
            raise ini.fault(line, f"these lists take in each other without end: {way[:200]}")
        try:
            content = self.beside(section)
        except EditError as error:
            raise ini.fault(line, str(error)) from None
        if "opml" in kind:
            return SubscriptionList(feeds=parse_opml(content))
        inner = _PlanetReader(beside=self.beside, inside=(*self.inside, section), notes=self.notes)
        return inner.read(_as_planet(read_ini(content, section)))

    def _note(self, ini: Ini, section: str, what: str) -> None:
        self.notes.append(f"{ini.file}:{ini.lines[section]}: [{show(section)}] {what}.")

    def _miss(self, what: Iterable[str]) -> None:
        for one in what:
            self.unsaid[one] = self.unsaid.get(one, 0) + 1

    def _tell(self, sifting: Sifting, of_itself: Iterable[str]) -> None:
        for what, count in sifting.left_out.items():
            self.notes.append(f"Left out: {what}, of {_feeds(count)}; see `filter:`, `rewrite:` and `remove:`.")
        for what, count in self.unsaid.items():
            self.notes.append(f"Left out: {what}, of {_feeds(count)}; nothing in feeds.yaml says the same.")
        for what in of_itself:
            self.notes.append(f"Left out: `{what}`, of the planet itself; nothing in feeds.yaml says the same.")


def _feeds(count: int) -> str:
    return "1 feed" if count == 1 else f"{count} feeds"


def _feeds_of_pluto(ini: Ini) -> list[str]:
    return [one for one in ini.sections if one and one != DEFAULT and one.lower() not in _OF_PLUTO]


def _unread_of_planet(ini: Ini, section: str, planet: str, feed: ListedFeed) -> Iterator[str]:
    """What a planet's file says of a feed that was not taken over."""
    yield from (f"`{key}`" for key in _OF_VENUS if ini.find(section, key) or key in ini.sections[planet])
    if ini.get(section, "face") and not feed.icon:
        yield "`face` that is no address"


def _unread_of_pluto(ini: Ini, section: str, feed: ListedFeed) -> Iterator[str]:
    if ini.get(section, "avatar", "face") and not feed.icon:
        yield "`avatar` that is no address"
    yield from (f"`{key[:40]}`" for key in ini.sections[section] if key not in _READ_OF_PLUTO)


def _as_planet(ini: Ini) -> Ini:
    """A list that a planet takes in: it need not say that it is one."""
    return ini if ini.is_planet else replace(ini, is_planet=True, sections={**ini.sections, "Planet": {}})


def _of_planet(ini: Ini, section: str, planet: str, link: str, sifting: Sifting) -> ListedFeed:
    return ListedFeed(
        url=typed_urls.without_reader(section),
        title=ini.get(section, "name"),
        icon=_face(ini, section, planet, link),
        steps=sifting.steps(section),
        tags=tuple(dict.fromkeys(filter(None, map(tag_of, ini.get(section, "tags").split(","))))),
        is_hidden=bool(ini.get(section, "hidden")),
    )


def _of_pluto(ini: Ini, section: str, sifting: Sifting) -> ListedFeed:
    address = ini.get(section, "feed", "feed_url", "xml_url") or _short_hand(ini, section)
    return ListedFeed(
        url=typed_urls.without_reader(address or (section if typed_urls.is_url(section) else "")),
        title=ini.get(section, "title", "name") or section,
        titled=bool(ini.get(section, "title", "name")),
        id=section if ID.fullmatch(section) else "",
        icon=_web(ini.get(section, "avatar", "face")),
        steps=sifting.terms(section),
    )


def _short_hand(ini: Ini, section: str) -> str:
    """The feeds of some sites by a name there, as pluto has them."""
    meetup, group = ini.get(section, "meetup"), ini.get(section, "googlegroups")
    github, gem = ini.get(section, "github"), ini.get(section, "rubygems")
    found = [
        f"http://www.meetup.com/{meetup}/events/rss/{meetup}/" if meetup else "",
        f"https://groups.google.com/forum/feed/{group}/topics/atom.xml?num=15" if group else "",
        f"https://github.com/{github}/commits/master.atom" if "/" in github else "",
        f"http://rubygems.org/gems/{gem}/versions.atom" if gem else "",
    ]
    return next(filter(None, found), "")


def _face(ini: Ini, section: str, planet: str, link: str) -> str:
    """The address of a feed's picture, of whose file themes know the folder; usually it is images/."""
    face = ini.get(section, "face")
    if not face or _web(face):
        return face
    material = (one for one in _words(ini, planet, "bill_of_materials") if one.endswith("#{face}"))
    folder = next(material, "images/#{face}").removesuffix("#{face}")
    return _web(urljoin(urljoin(link, folder), face)) if link else ""


def _feed_names(ini: Ini, planet: str) -> list[str]:
    """What the planet's own feeds are called, as its templates tell; Atom first."""
    names = [one.rpartition("/")[2] for one in _words(ini, planet, "template_files")]
    feeds = [name.rpartition(".")[0] for name in names if "atom" in name or "rss" in name]
    return sorted(dict.fromkeys(feeds), key=lambda name: "atom" not in name)


def _published(ini: Ini, planet: str, link: str) -> Iterator[str]:
    """Where the planet's own feeds are: as files where it writes them, then at its address."""
    feeds = _feed_names(ini, planet) or ["atom.xml", "rss20.xml"]
    folder = ini.get(planet, "output_dir") or "output"
    yield from (f"{folder.rstrip('/')}/{name}" for name in feeds)
    stated = _web(ini.get(planet, "feed"))
    yield from dict.fromkeys([*([stated] if stated else []), *(urljoin(link, name) for name in feeds if link)])


def _paths(ini: Ini, planet: str) -> Iterator[str]:
    """Where below its address readers subscribe to it; those of RSS 1.0 get RSS 2.0 there."""
    for name in _feed_names(ini, planet):
        try:
            yield check_path(f"/{name}")
        except PydanticCustomError:
            continue


def _filter_names(ini: Ini) -> set[str]:
    """The sections that tell filters and templates what to do."""
    return {
        name for name in ini.sections if name.endswith((".py", ".xslt", ".sed", ".plugin", ".tmpl", ".genshi"))
    }


def _words(ini: Ini, section: str, key: str) -> list[str]:
    return ini.get(section, key).split()


def _web(url: str) -> str:
    """The address, where it is one of the web."""
    return url if typed_urls.is_url(url) and typed_urls.complaint(url) is None else ""


def _mail(text: str) -> str:
    return text if "@" in text and " " not in text else ""


def _number(text: str, most: int) -> int | None:
    return min(int(text), most) if text.isascii() and text.isdigit() and int(text[:9]) > 0 else None
