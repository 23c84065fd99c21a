"""Addresses that only lead on, and say in themselves where to: of search engines' alerts, of counters of clicks.

Each new alert has another such address for the same article, all on one host. What they lead to is written in
them, so nothing has to be asked. An address whose target is not written out stays as it is.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

_WRAPPERS: Final = (
    (re.compile(r"(?:www\.|news\.)?google\.(?:com|[a-z]{2}|com?\.[a-z]{2})/(?:news/)?url"), ("url", "q")),
    (re.compile(r"(?:www\.)?bing\.com/news/apiclick\.aspx"), ("url",)),
    (re.compile(r"(?:www\.)?duckduckgo\.com/l/"), ("uddg",)),
    (re.compile(r"lm?\.facebook\.com/l\.php"), ("u",)),
    (re.compile(r"(?:[a-z]{1,3}\.)?facebook\.com/flx/warn/?"), ("u",)),
    (re.compile(r"(?:[a-z]{1,9}\.)?weibo\.c(?:n|om)/sinaurl"), ("u",)),
    (re.compile(r"out\.reddit\.com/.*"), ("url",)),
    (re.compile(r"(?:www\.)?youtube\.com/redirect"), ("q",)),
    (re.compile(r"(?:www\.)?steamcommunity\.com/linkfilter/?"), ("url", "u")),
    (re.compile(r"(?:m\.)?vk\.com/away\.php"), ("to",)),
    (re.compile(r"(?:t\.umblr|(?:www\.)?tumblr)\.com/redirect"), ("z",)),
    (re.compile(r"link\.(?:zhihu\.com|csdn\.net|juejin\.cn)/"), ("target",)),
    (re.compile(r"(?:gitee|sspai)\.com/link"), ("target",)),
    (re.compile(r"(?:www\.)?douban\.com/link2/"), ("url",)),
    (re.compile(r"(?:www\.)?jianshu\.com/go-wild"), ("url",)),
    (re.compile(r"(?:www\.)?oschina\.net/action/GoToLink"), ("url",)),
    (re.compile(r"(?:www\.)?pixiv\.net/jump\.php"), ("url",)),
    (re.compile(r"rss\.sciencedirect\.com/action/redirectFile"), ("url",)),
    (re.compile(r"(?:www\.)?linkedin\.com/redir/redirect"), ("url",)),
    (re.compile(r"slack-redir\.net/link"), ("url",)),
    (re.compile(r"(?:[a-z0-9-]{1,63}+\.)?safelinks\.protection\.outlook\.com/"), ("url",)),
    (re.compile(r"getpocket\.com/redirect"), ("url",)),
    (re.compile(r"(?:exit|gate)\.sc/"), ("url",)),
    (re.compile(r"l\.(?:instagram|threads|messenger)\.com/"), ("u",)),
    (re.compile(r"(?:www\.)?linkedin\.com/safety/go"), ("url",)),
    (re.compile(r"(?:www\.)?medium\.com/r/?"), ("url",)),
    (re.compile(r"go\.bsky\.app/redirect"), ("u",)),
    (re.compile(r"disq\.us/url"), ("url",)),
    (re.compile(r"go\.(?:redirectingat|skimresources)\.com/"), ("url",)),
    (re.compile(r"redirect\.viglink\.com/"), ("u",)),
)
"""Host and path, and the parameters that hold the target; the first that is there counts."""

_IN_PATH: Final = (
    (re.compile(r"https?://r\.search\.yahoo\.com/.*?/RU=(https?%3a[^/]+)/", re.IGNORECASE), ""),
    (re.compile(r"https?://(?:www\.)?google\.[a-z.]{2,6}/amp/s/(.+)"), "https://"),
    (re.compile(r"https?://[a-z0-9-]+\.cdn\.ampproject\.org/[cv]/s/([^?]+)"), "https://"),
    (
        re.compile(
            r"https?://(?:www\.)?(?:href\.li|anonym\.to|nullrefer\.com)/\?(https?(?:%3a|:).+)", re.IGNORECASE
        ),
        "",
    ),
    (re.compile(r"https?://urldefense\.com/v3/__(https?:/.+?)__;"), ""),
)
"""Whole addresses whose path holds the target, and what is to stand before it."""

_MAY_WRAP = re.compile(r"[?&](?:url|q|uddg|u|to|z|target)=https?(?:%3a|:)", re.IGNORECASE)
_HOLDS_IN_PATH = re.compile(
    r"https?://(?:r\.search\.yahoo\.|(?:www\.)?google\.[a-z.]{2,6}/amp/|[a-z0-9-]+\.cdn\.ampproject\.|urldefense\."
    r"|(?:www\.)?(?:href\.li|anonym\.to|nullrefer\.com)/\?)"
)
_ONCE_MORE = re.compile(r"/?url\?")
"""The same address once more, relative to itself."""


def wrapped_address(url: str) -> str | None:
    """What an absolute web address leads to, as it is written in it; None when it leads nowhere else."""
    if _HOLDS_IN_PATH.match(url):
        found = ((before, match) for pattern, before in _IN_PATH if (match := pattern.match(url)))
        return next((before + _read_target(match[1], whole=not before) for before, match in found), None)
    if not _MAY_WRAP.search(url):
        return None
    parts = urlsplit(url)
    place = f"{parts.hostname}{parts.path}"
    for wrapper, names in _WRAPPERS:
        if wrapper.fullmatch(place):
            given = parse_qs(parts.query)
            target = next((given[name][0] for name in names if name in given), None)
            return urljoin(url, target) if target and _ONCE_MORE.match(target) else target
    return None


def _read_target(written: str, *, whole: bool) -> str:
    """What stands in a path, unescaped where it is a whole address and escaped."""
    return unquote(written) if whole and not written.startswith(("http://", "https://")) else written
