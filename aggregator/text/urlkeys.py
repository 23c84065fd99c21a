"""Keys made of addresses, by rules that are versioned and never edited.

Items are stored under such keys. A rule that is changed in place gives known items other keys, and every
subscriber gets them again. So what is here is frozen, also where `urls`, which makes the addresses to show, has
learned better: who changes a rule adds a set of rules before the others, with the next number, and entries are
looked up under the keys of all of them (`Entry.former_keys`). A test pins what each makes of a list of addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import SplitResult, quote, unquote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

from aggregator.model import QueryRules

_LONGEST: Final = 2048
_IGNORED = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SESSION = re.compile(r";jsessionid=[^/?#;]*", re.IGNORECASE)
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SAFE_IN_PATH: Final = "/:@!$&'()*+,;=~%-._"
_SAFE_IN_QUERY: Final = _SAFE_IN_PATH + "?[]"
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_.])?|\[[0-9a-f:.]+\]")
_DOT = re.compile("%2e", re.IGNORECASE)
_DOTS = re.compile(r"(?:\.|%2e){1,2}", re.IGNORECASE)
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_NO_WORDS: Final = QueryRules()
_NUMBERED_AMPERSAND: Final = r"&(?:amp;|#0{0,4}38;|#[xX]0{0,4}26;)*#(?:0{0,4}38|[xX]0{0,4}26);"
"""The character by its number, perhaps escaped several times; `&amp;` alone leaves keys that differ."""

_LONGEST_END: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRules:
    """One set of rules by which addresses are reduced to keys; never edited, since items are stored by it.

    Attributes:
        number: Of the set; the newest has the highest.
        tracking: Names of parameters that only count clicks.
        host_prefix: What hosts of one site begin with.
        path_end: What paths of one page end with, once or several times; at most `_LONGEST_END` characters.
        variants: Parameters that only choose another form of a page.
        ampersand: What stands for `&` in a reference, or None. Where it is not read as that, all behind it counts
            as a fragment, so that posts whose numbers stand there have one key.
    """

    number: int
    tracking: re.Pattern[str]
    host_prefix: re.Pattern[str]
    path_end: re.Pattern[str]
    variants: frozenset[str]
    ampersand: re.Pattern[str] | None = None

    def key(
        self, reference: str, base: str | None, query: QueryRules = _NO_WORDS, *, keep_fragment: bool = False
    ) -> str | None:
        """A reference reduced for comparison: equal keys, same page. None for what means no web address.

        Scheme, `www.`, mobile and AMP variants, a trailing slash, an index file, tracking, the order of parameters
        and the fragment (unless it is a route, `#!` or `#/`, or `keep_fragment`) do not count; the case of the
        path does. Idempotent: under the same rules the key of `https://` + key is the key.
        """
        if self.ampersand is not None:
            reference = self.ampersand.sub("&", reference)
        address = _resolve(reference, base)
        bare = self._without_tracking(address, query) if address else None
        address = bare if bare == address or bare is None else _resolve(bare, None)  # `/.;jsessionid=1` left `/.`
        if address is None:
            return None
        parts = urlsplit(_PERCENT.sub(_normal_escape, address))
        host = self.host_prefix.sub("", parts.netloc.removesuffix(":80").removesuffix(":443"))
        pairs = sorted(pair for pair in parts.query.split("&") if pair and not self._is_variant(pair, query))
        told = f"?{'&'.join(pairs)}" if pairs else ""
        route = parts.fragment.startswith(("!", "/"))
        fragment = f"#{parts.fragment}" if parts.fragment and (route or keep_fragment) else ""
        return host + self._bare(parts.path) + told + fragment

    def makes_the_same(self, other: KeyRules, references: Iterable[str]) -> bool:
        """Whether another set makes the same keys of references, as can be seen without making any."""
        own = (self.tracking, self.host_prefix, self.path_end, self.variants)
        if own != (other.tracking, other.host_prefix, other.path_end, other.variants):
            return False
        return self.ampersand == other.ampersand or not any("#" in one and "&" in one for one in references)

    def _bare(self, path: str) -> str:
        """Without what may end it and says nothing, however often: taken off one by one, in linear time."""
        end = len(path)
        while found := self.path_end.search(path, max(0, end - _LONGEST_END), end):
            end = found.start()
        return path[:end]

    def _without_tracking(self, url: str, query: QueryRules) -> str:
        address, mark, fragment = url.partition("#")
        path, question, pairs = address.partition("?")
        path = _SESSION.sub("", path)
        kept = (
            "&".join(pair for pair in pairs.split("&") if not self._is_tracking(pair, query)) if question else ""
        )
        fragment = fragment.partition(":~:")[0]
        first = fragment.partition("&")[0]
        if "=" in first and self._is_tracking(first, query):
            mark = fragment = ""
        return path + (f"?{kept}" if kept else "") + (mark + fragment if fragment else "")

    def _is_tracking(self, pair: str, query: QueryRules) -> bool:
        name = _name(pair)
        if _is_named(name, query.keep):
            return False
        return _is_named(name, query.drop) or bool(self.tracking.fullmatch(name))

    def _is_variant(self, pair: str, query: QueryRules) -> bool:
        return pair.lower() in self.variants and not _is_named(_name(pair), query.keep)


_FIRST: Final = KeyRules(
    number=1,
    tracking=re.compile(
        r"(?:(?:utm_|mtm_|pk_|hsa_).*|fbclid|gclid|dclid|gbraid|wbraid|yclid|ysclid|msclkid|twclid|igshid|mc_cid"
        r"|mc_eid|mkt_tok|_hsenc|_hsmi|srsltid|cmpid|ocid|smid|ncid)",
        re.IGNORECASE | re.DOTALL,
    ),
    host_prefix=re.compile(r"^(?:(?:www|www2|m|mobile|amp)\.)+(?=[^.]+\.[^.])"),
    path_end=re.compile(r"(?:/amp|\.amp|/index\.(?:html?|php)|/)\Z"),
    variants=frozenset({"amp=1", "amp=true", "amp", "outputtype=amp"}),
)
RULES: tuple[KeyRules, ...] = (
    replace(_FIRST, number=2, ampersand=re.compile(_NUMBERED_AMPERSAND)),
    _FIRST,
)
"""All sets that there ever were, the newest first."""


def url_key(url: str, query: QueryRules | None = None, *, keep_fragment: bool = False) -> str | None:
    """The key of an absolute URL under the newest rules; `query` are the words of the source that shows it."""
    return RULES[0].key(url, None, query or _NO_WORDS, keep_fragment=keep_fragment)


def former_keys(
    references: Iterable[str], base: str | None, query: QueryRules, *, keep_fragment: bool = False
) -> tuple[str, ...]:
    """Keys under which the same address may be stored, beside that of today.

    In: references as written, of which the first that is an address counts.
    Out: its keys under all rules, and under none of the editor's words, which may be younger than what is stored.
    """
    written = tuple(references)
    others = [rules for rules in RULES[1:] if not rules.makes_the_same(RULES[0], written)]
    if not others and query == _NO_WORDS:
        return ()
    ways = [(rules, words) for rules in (RULES[0], *others) for words in dict.fromkeys((query, _NO_WORDS))][1:]
    found = (_first_key(rules, written, base, words, keep_fragment=keep_fragment) for rules, words in ways)
    return tuple(dict.fromkeys(key for key in found if key))


def _first_key(
    rules: KeyRules, written: Sequence[str], base: str | None, words: QueryRules, *, keep_fragment: bool
) -> str | None:
    keys = (rules.key(one, base, words, keep_fragment=keep_fragment) for one in written)
    return next((key for key in keys if key is not None), None)


def _resolve(reference: str, base: str | None) -> str | None:
    written = _IGNORED.sub("", reference).strip().replace("\\", "/")
    if not written or len(written) > _LONGEST:
        return None
    try:
        parts = urlsplit(urljoin(base or "", written))
        host = _authority(parts)
    except ValueError:  # among them UnicodeError, of names that no IDN encodes
        return None
    if host is None:
        return None
    path = _without_dots(_escape(parts.path, _SAFE_IN_PATH)) or "/"
    query, fragment = _escape(parts.query, _SAFE_IN_QUERY), _escape(parts.fragment, _SAFE_IN_QUERY + "#")
    url = urlunsplit((parts.scheme.lower(), host, path, query, fragment))
    return url if len(url) <= _LONGEST else None


def _authority(parts: SplitResult) -> str | None:
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS:
        return None
    host = parts.hostname or ""
    if not host.isascii():
        host = host.encode("idna").decode("ascii").lower()
    name = f"[{host}]" if ":" in host else host
    if len(name) > 255 or not _HOST.fullmatch(name) or ".." in name:
        return None
    return name if parts.port in {None, _DEFAULT_PORTS[scheme]} else f"{name}:{parts.port}"


def _without_dots(path: str) -> str:
    if "/." not in path and "/%2" not in path:
        return path
    kept: list[str] = []
    segments = [_DOT.sub(".", segment) if _DOTS.fullmatch(segment) else segment for segment in path.split("/")[1:]]
    for segment in segments:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _escape(part: str, safe: str) -> str:
    return quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", part), safe=safe, errors="replace")


def _name(pair: str) -> str:
    name = pair.partition("=")[0]
    return unquote(name) if "%" in name else name


def _is_named(name: str, names: frozenset[str]) -> bool:
    folded = name.casefold()
    return folded in names or any(folded == one.casefold() for one in names)


def _normal_escape(match: re.Match[str]) -> str:
    byte = unquote_to_bytes(match[0])
    return byte.decode("ascii") if byte[0] in _UNRESERVED else match[0].upper()
