"""Players and other documents that pages embed -> the page that shows the same, and what to call it.

A frame goes, since what it loads may do anything; what the author wanted to show can still be reached. Names,
pages and preview pictures follow from the address alone: nobody is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

from aggregator.text.sites import host_of
from aggregator.text.urls import display_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Embed:
    """What an embedded document shows.

    Attributes:
        page: The page to link to.
        name: Of the provider, or the host.
        thumbnail: A preview picture at an address that follows from the page's, or None.
    """

    page: str
    name: str
    thumbnail: str | None = None


@dataclass(frozen=True, slots=True)
class _Provider:
    """One kind of address of one provider.

    Attributes:
        name: As the provider writes it.
        address: Host without `www.`, path, `?` and query, as far as they count; its groups go into the rest.
        page: The page to link to; "" for the embedded address itself.
        thumbnail: Of the preview picture, or "".
    """

    name: str
    address: re.Pattern[str]
    page: str
    thumbnail: str = ""


_ID: Final = r"([\w-]+)"
_PROVIDERS: Final = (
    _Provider(
        "YouTube",
        re.compile(
            r"(?:(?:m\.)?youtube(?:-nocookie)?\.com/(?:(?:embed|v|e|shorts|live)/|watch\?(?:.*&)?v=)|youtu\.be/)"
            rf"(?!(?:videoseries|live_stream)\b){_ID}"
        ),
        "https://www.youtube.com/watch?v={0}",
        "https://i.ytimg.com/vi/{0}/hqdefault.jpg",
    ),
    _Provider(
        "YouTube",
        re.compile(rf"youtube(?:-nocookie)?\.com/embed/(?:videoseries)?\?(?:.*&)?list={_ID}"),
        "https://www.youtube.com/playlist?list={0}",
    ),
    _Provider(
        "YouTube",
        re.compile(rf"youtube(?:-nocookie)?\.com/embed/live_stream\?(?:.*&)?channel={_ID}"),
        "https://www.youtube.com/channel/{0}/live",
    ),
    _Provider(
        "Vimeo", re.compile(r"player\.vimeo\.com/video/(\d+)\?(?:.*&)?h=(\w+)"), "https://vimeo.com/{0}/{1}"
    ),
    _Provider("Vimeo", re.compile(r"player\.vimeo\.com/video/(\d+)"), "https://vimeo.com/{0}"),
    _Provider(
        "Dailymotion",
        re.compile(rf"(?:geo\.)?dailymotion\.com/(?:embed/video/|player(?:/\w+)?\.html\?(?:.*&)?video=){_ID}"),
        "https://www.dailymotion.com/video/{0}",
        "https://www.dailymotion.com/thumbnail/video/{0}",
    ),
    _Provider(
        "Spotify",
        re.compile(rf"open\.spotify\.com/embed(?:-podcast)?/(\w+)/{_ID}"),
        "https://open.spotify.com/{0}/{1}",
    ),
    _Provider("Apple Podcasts", re.compile(r"embed\.podcasts\.apple\.com/(.+)"), "https://podcasts.apple.com/{0}"),
    _Provider("Apple Music", re.compile(r"embed\.music\.apple\.com/(.+)"), "https://music.apple.com/{0}"),
    _Provider("TED", re.compile(rf"embed\.ted\.com/talks/(?:lang/\w+/)?{_ID}"), "https://www.ted.com/talks/{0}"),
    _Provider(
        "Twitch", re.compile(r"player\.twitch\.tv/\?(?:.*&)?video=v?(\d+)"), "https://www.twitch.tv/videos/{0}"
    ),
    _Provider("Twitch", re.compile(rf"player\.twitch\.tv/\?(?:.*&)?channel={_ID}"), "https://www.twitch.tv/{0}"),
    _Provider("Streamable", re.compile(rf"streamable\.com/[eo]/{_ID}"), "https://streamable.com/{0}"),
    _Provider(
        "TikTok", re.compile(r"tiktok\.com/(?:embed|player)/(?:v\d/)?(\d+)"), "https://www.tiktok.com/@/video/{0}"
    ),
    _Provider(
        "Instagram", re.compile(rf"instagram\.com/(p|reel|tv)/{_ID}/embed.*"), "https://www.instagram.com/{0}/{1}/"
    ),
    _Provider(
        "X",
        re.compile(r"platform\.(?:twitter|x)\.com/embed/\w+\.html\?(?:.*&)?id=(\d+)"),
        "https://x.com/i/status/{0}",
    ),
    _Provider(
        "Reddit",
        re.compile(r"(?:embed\.reddit|redditmedia)\.com/(r/.+?)/?(?:\?.*)?"),
        "https://www.reddit.com/{0}",
    ),
    _Provider(
        "Bilibili",
        re.compile(r"player\.bilibili\.com/player\.html\?(?:.*&)?bvid=(\w+)"),
        "https://www.bilibili.com/video/{0}",
    ),
    _Provider("Rutube", re.compile(r"rutube\.ru/(?:play/)?embed/(\w+)"), "https://rutube.ru/video/{0}/"),
    _Provider("Niconico", re.compile(r"embed\.nicovideo\.jp/watch/(\w+)"), "https://www.nicovideo.jp/watch/{0}"),
    _Provider("Internet Archive", re.compile(r"archive\.org/embed/([^/?]+)"), "https://archive.org/details/{0}"),
    _Provider(
        "CodePen",
        re.compile(r"codepen\.io/([\w-]+)/(?:embed|embed/preview)/(\w+)"),
        "https://codepen.io/{0}/pen/{1}",
    ),
    _Provider("JSFiddle", re.compile(r"jsfiddle\.net/((?:[\w-]+/)?\w+)/embed.*"), "https://jsfiddle.net/{0}/"),
    _Provider("Loom", re.compile(r"loom\.com/embed/(\w+)"), "https://www.loom.com/share/{0}"),
    _Provider("Bandcamp", re.compile(r"bandcamp\.com/EmbeddedPlayer/.+"), ""),
    _Provider(
        "Datawrapper", re.compile(r"datawrapper\.dwcdn\.net/(\w+)/.*"), "https://datawrapper.dwcdn.net/{0}/"
    ),
    _Provider(
        "Flourish",
        re.compile(r"flo\.uri\.sh/(visualisation|story)/(\d+)/embed.*"),
        "https://public.flourish.studio/{0}/{1}/",
        "https://public.flourish.studio/{0}/{1}/thumbnail",
    ),
    _Provider("Google Maps", re.compile(r"google\.[a-z.]+/maps/.+|maps\.google\.[a-z.]+/.+"), ""),
    _Provider("OpenStreetMap", re.compile(r"openstreetmap\.org/export/embed\.html.*"), ""),
    _Provider(
        "Bluesky",
        re.compile(r"embed\.bsky\.app/embed/(did:[^/]+)/app\.bsky\.feed\.post/(\w+)"),
        "https://bsky.app/profile/{0}/post/{1}",
    ),
    _Provider("GitHub Gist", re.compile(r"gist\.github\.com/([\w/-]+)(?:\.js)?"), "https://gist.github.com/{0}"),
    _Provider(
        "GIPHY",
        re.compile(r"giphy\.com/embed/(\w+)"),
        "https://giphy.com/gifs/{0}",
        "https://media.giphy.com/media/{0}/giphy.gif",
    ),
    _Provider(
        "asciinema",
        re.compile(r"asciinema\.org/a/(\w+)(?:\.js|/iframe|/embed)"),
        "https://asciinema.org/a/{0}",
        "https://asciinema.org/a/{0}.svg",
    ),
    _Provider(
        "JW Player",
        re.compile(r"(?:cdn\.jwplayer\.com|content\.jwplatform\.com)/players/(\w+)-\w+\.(?:js|html)"),
        "https://cdn.jwplayer.com/previews/{0}",
        "https://cdn.jwplayer.com/v2/media/{0}/poster.jpg",
    ),
    _Provider(
        "Wistia",
        re.compile(r"fast\.wistia\.(?:com|net)/embed/(?:iframe|medias)/(\w+)(?:\.jsonp?)?"),
        "https://fast.wistia.net/embed/iframe/{0}",
    ),
    _Provider(
        "Mux",
        re.compile(rf"player\.mux\.com/{_ID}"),
        "https://player.mux.com/{0}",
        "https://image.mux.com/{0}/thumbnail.jpg",
    ),
    _Provider("Telegram", re.compile(r"t\.me/(\w+/\d+)\?embed=1.*"), "https://t.me/{0}"),
    _Provider("Speaker Deck", re.compile(r"speakerdeck\.com/player/\w+"), ""),
    _Provider(
        "Buzzsprout",
        re.compile(r"buzzsprout\.com/(\d+)/(?:episodes/)?(\d+).*"),
        "https://www.buzzsprout.com/{0}/{1}",
    ),
    _Provider("Brightcove", re.compile(r"players\.brightcove\.net/.+"), ""),
    _Provider(
        "Deezer", re.compile(r"widget\.deezer\.com/widget/\w+/(\w+)/(\d+)"), "https://www.deezer.com/{0}/{1}"
    ),
    _Provider("Imgur", re.compile(r"imgur\.com/((?:a/)?\w+)/embed.*"), "https://imgur.com/{0}"),
    _Provider("Scribd", re.compile(r"scribd\.com/embeds/(\d+)/.*"), "https://www.scribd.com/document/{0}"),
    _Provider("Odysee", re.compile(r"odysee\.com/\$/embed/([^?]+)"), "https://odysee.com/{0}"),
    _Provider("CodeSandbox", re.compile(rf"codesandbox\.io/embed/{_ID}"), "https://codesandbox.io/s/{0}"),
    _Provider("Observable", re.compile(r"observablehq\.com/embed/([^?]+)"), "https://observablehq.com/{0}"),
    _Provider("Infogram", re.compile(rf"e\.infogram\.com/{_ID}"), "https://infogram.com/{0}"),
    _Provider(
        "Pinterest",
        re.compile(r"assets\.pinterest\.com/ext/embed\.html\?(?:.*&)?id=(\d+)"),
        "https://www.pinterest.com/pin/{0}/",
    ),
    _Provider(
        "Threads", re.compile(r"threads\.(?:net|com)/(@[^/]+/post/[\w-]+)/embed.*"), "https://www.threads.com/{0}"
    ),
    _Provider(
        "LinkedIn",
        re.compile(r"linkedin\.com/embed/feed/update/([^?/]+)"),
        "https://www.linkedin.com/feed/update/{0}",
    ),
    _Provider(
        "VK", re.compile(r"vk\.com/video_ext\.php\?(?:.*&)?oid=(-?\d+)&id=(\d+)"), "https://vk.com/video{0}_{1}"
    ),
    _Provider("Youku", re.compile(r"player\.youku\.com/embed/([\w=]+)"), "https://v.youku.com/v_show/id_{0}.html"),
    _Provider(
        "Tencent Video",
        re.compile(r"v\.qq\.com/(?:txp/)?iframe/(?:player|preview)\.html\?(?:.*&)?vid=(\w+)"),
        "https://v.qq.com/x/page/{0}.html",
    ),
    _Provider("Transistor", re.compile(r"share\.transistor\.fm/e/(\w+)"), "https://share.transistor.fm/s/{0}"),
    _Provider(
        "Spotify",
        re.compile(r"((?:podcasters\.spotify\.com/pod/show|anchor\.fm)/[\w-]+)/embed/(episodes/[\w-]+)"),
        "https://{0}/{1}",
    ),
    _Provider(
        "Google Drive",
        re.compile(rf"drive\.google\.com/file/d/{_ID}/preview"),
        "https://drive.google.com/file/d/{0}/view",
    ),
    _Provider("BitChute", re.compile(rf"bitchute\.com/embed/{_ID}"), "https://www.bitchute.com/video/{0}/"),
    _Provider("OK", re.compile(r"ok\.ru/videoembed/(\d+)"), "https://ok.ru/video/{0}"),
    _Provider("PeerTube", re.compile(r"([^/]+)/videos/embed/([\w-]+)"), "https://{0}/w/{1}"),
    _Provider("Mastodon", re.compile(r"([^/]+)/(@[^/]+/\d+)/embed"), "https://{0}/{1}"),
)
_NESTED: Final = {
    "w.soundcloud.com": ("SoundCloud", "url"),
    "facebook.com": ("Facebook", "href"),
    "mixcloud.com": ("Mixcloud", "feed"),
    "player-widget.mixcloud.com": ("Mixcloud", "feed"),
    "figma.com": ("Figma", "url"),
    "cdn.embedly.com": ("", "url"),
    "iframely.net": ("", "url"),
    "docs.google.com": ("", "url"),
    "nytimes.com": ("The New York Times", "url"),
}
"""Players whose address names the page in a parameter."""

_SITES: Final = {
    "arte.tv": "ARTE", "docs.google.com": "Google Docs", "embed.acast.com": "Acast", "player.acast.com": "Acast",
    "embed.theguardian.com": "The Guardian", "facebook.com": "Facebook", "html5-player.libsyn.com": "Libsyn",
    "instagram.com": "Instagram", "ivoox.com": "iVoox", "open.substack.com": "Substack",
    "player.megaphone.fm": "Megaphone", "player.simplecast.com": "Simplecast", "podbean.com": "Podbean",
    "reddit.com": "Reddit", "rumble.com": "Rumble", "slideshare.net": "SlideShare", "tiktok.com": "TikTok",
    "twitter.com": "X", "vimeo.com": "Vimeo", "x.com": "X",
}  # fmt: skip
"""Providers by host, where the embedded address is the page, or no page follows from it."""

_NO_CONTENT = re.compile(
    r"(?:[^/]*\.)?(?:doubleclick\.net|googlesyndication\.com|googletagmanager\.com|amazon-adsystem\.com|addthis\.com"
    r"|addtoany\.com|disqus\.com|outbrain\.com|taboola\.com|sharethis\.com|rcm-\w+\.amazon\.\w+)/"
    r"|(?:[^/]*\.)?facebook\.com/(?:v[\d.]+/)?plugins/(?:like|share_button|follow|page|likebox|comments)"
    r"|platform\.(?:twitter|x)\.com/widgets/|(?:apis|accounts)\.google\.com/|google\.[a-z.]+/recaptcha/",
    re.IGNORECASE,
)
"""Advertisements, counters, buttons to share and forms to comment: nothing of the author's."""


_ENDS: Final = ("", "?", "&", "/")
"""What may follow the part of an address that a provider is known by."""


def find_embed(reference: str, base: str | None) -> Embed | None:
    """What an embedded document shows; None where it is no web address, or nothing that an author shows."""
    url = display_url(reference, base)
    if url is None or not url.startswith("http"):
        return None
    parts = urlsplit(url)
    host = host_of(url)
    place = host + parts.path
    if _NO_CONTENT.match(place):
        return None
    if host in _NESTED:
        name, parameter = _NESTED[host]
        page = display_url(parse_qs(parts.query).get(parameter, [""])[0], url)
        if page is not None and page != url:
            return Embed(page=page, name=name or host_of(page))
    asked = f"{place}?{parts.query}"
    for provider in _PROVIDERS:
        match = provider.address.match(asked)
        if match is not None and asked[match.end() : match.end() + 1] in _ENDS:
            thumbnail = provider.thumbnail.format(*match.groups()) or None
            page = display_url(provider.page.format(*match.groups()) or url) or url
            return Embed(page=page, name=provider.name, thumbnail=thumbnail)
    return Embed(page=url, name=_SITES.get(host, host))
