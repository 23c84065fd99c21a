"""What stands in for elements that go; pictures and formulas by what is known of them."""

from __future__ import annotations

import pytest

from aggregator.normalize.embeds import Embed, find_embed
from aggregator.normalize.sanitizer import sanitize, visible_text

BASE = "https://site.example/2020/story/"
REL = ' rel="noopener noreferrer"'


@pytest.mark.parametrize(
    ("address", "name", "page"),
    [
        ("//www.youtube.com/embed/abc-123_X?start=4", "YouTube", "https://www.youtube.com/watch?v=abc-123_X"),
        ("https://www.youtube-nocookie.com/embed/zzz111", "YouTube", "https://www.youtube.com/watch?v=zzz111"),
        (
            "https://www.youtube.com/embed/videoseries?list=PL12",
            "YouTube",
            "https://www.youtube.com/playlist?list=PL12",
        ),
        ("https://player.vimeo.com/video/76979871?title=0", "Vimeo", "https://vimeo.com/76979871"),
        ("https://player.vimeo.com/video/76?title=0&h=a1f", "Vimeo", "https://vimeo.com/76/a1f"),
        ("https://m.youtube.com/watch?t=4&v=zz-1", "YouTube", "https://www.youtube.com/watch?v=zz-1"),
        ("https://youtu.be/zz2?t=4", "YouTube", "https://www.youtube.com/watch?v=zz2"),
        ("https://vimeo.com/77", "Vimeo", "https://vimeo.com/77"),
        ("https://player.megaphone.fm/AB1", "Megaphone", "https://player.megaphone.fm/AB1"),
        ("https://share.transistor.fm/e/1a2b", "Transistor", "https://share.transistor.fm/s/1a2b"),
        ("https://anchor.fm/ann/embed/episodes/Ebb-e1", "Spotify", "https://anchor.fm/ann/episodes/Ebb-e1"),
        ("https://drive.google.com/file/d/1A-b/preview", "Google Drive", "https://drive.google.com/file/d/1A-b/view"),
        ("https://docs.google.com/viewer?url=https%3A%2F%2Fx.example%2Fa.pdf&embedded=true", "x.example", "https://x.example/a.pdf"),
        ("https://docs.google.com/document/d/e/2P/pub", "Google Docs", "https://docs.google.com/document/d/e/2P/pub"),
        ("https://ok.ru/videoembed/12", "OK", "https://ok.ru/video/12"),
        ("https://www.bitchute.com/embed/a1/", "BitChute", "https://www.bitchute.com/video/a1/"),
        ("https://www.youtube.com/embed/live_stream?channel=UCq", "YouTube", "https://www.youtube.com/channel/UCq/live"),
        ("https://www.youtube.com/embed/?listType=playlist&list=PL3", "YouTube", "https://www.youtube.com/playlist?list=PL3"),
        ("https://open.spotify.com/embed-podcast/episode/4b", "Spotify", "https://open.spotify.com/episode/4b"),
        ("https://www.dailymotion.com/embed/video/x8", "Dailymotion", "https://www.dailymotion.com/video/x8"),
        ("https://geo.dailymotion.com/player.html?video=x8", "Dailymotion", "https://www.dailymotion.com/video/x8"),
        (
            "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1&color=red",
            "SoundCloud",
            "https://api.soundcloud.com/tracks/1",
        ),
        ("https://open.spotify.com/embed/episode/4a?theme=0", "Spotify", "https://open.spotify.com/episode/4a"),
        ("https://player.twitch.tv/?channel=river&parent=x", "Twitch", "https://www.twitch.tv/river"),
        ("https://www.instagram.com/p/Cx1/embed/captioned", "Instagram", "https://www.instagram.com/p/Cx1/"),
        ("https://platform.twitter.com/embed/Tweet.html?dnt=true&id=77", "X", "https://x.com/i/status/77"),
        ("https://tube.example/videos/embed/1f-2e", "PeerTube", "https://tube.example/w/1f-2e"),
        ("https://social.example/@ann/1099/embed", "Mastodon", "https://social.example/@ann/1099"),
        ("https://bandcamp.com/EmbeddedPlayer/album=1/size=large/", "Bandcamp", "https://bandcamp.com/EmbeddedPlayer/album=1/size=large/"),
        ("https://cdn.embedly.com/widgets/media.html?url=https%3A%2F%2Ffilm.example%2F9", "film.example", "https://film.example/9"),
        ("https://cdn.embedly.com/widgets/media.html", "cdn.embedly.com", "https://cdn.embedly.com/widgets/media.html"),
        ("/charts/7.html", "site.example", "https://site.example/charts/7.html"),
        ("https://www.imgur.com/a/Xy1/embed?pub=true", "Imgur", "https://imgur.com/a/Xy1"),
        ("https://vk.com/video_ext.php?hd=2&oid=-5&id=7&hash=1", "VK", "https://vk.com/video-5_7"),
        ("https://www.figma.com/embed?embed_host=x&url=https%3A%2F%2Ffigma.com%2Ffile%2F1", "Figma", "https://figma.com/file/1"),
        ("https://fast.wistia.net/embed/iframe/a1b2?v=1", "Wistia", "https://fast.wistia.net/embed/iframe/a1b2"),
        ("https://www.threads.net/@ann/post/C-1/embed/", "Threads", "https://www.threads.com/@ann/post/C-1"),
    ],
)  # fmt: skip
def test_an_embedded_document_leads_to_the_page_that_shows_the_same(address: str, name: str, page: str):
    found = find_embed(address, BASE)

    assert found is not None
    assert (found.name, found.page) == (name, page)


@pytest.mark.parametrize(
    ("inner", "page"),
    [
        ("<a href='https://river.bandcamp.com/album/x'>Rain</a>", "https://river.bandcamp.com/album/x"),
        ("<a href='https://shop.example/'>Buy</a>", "https://bandcamp.com/EmbeddedPlayer/album=1/"),
        ("Rain", "https://bandcamp.com/EmbeddedPlayer/album=1/"),
    ],
)
def test_a_player_leads_to_the_page_that_its_frame_links_to_within_its_own_site(inner: str, page: str):
    written = f"<iframe src='https://bandcamp.com/EmbeddedPlayer/album=1/'>{inner}</iframe>"
    assert sanitize(written, BASE) == f'<figure><a href="{page}"{REL}>Bandcamp</a></figure>'


def test_a_link_behind_a_frame_that_never_ends_is_not_the_frames():
    written = (
        "<iframe src='https://bandcamp.com/EmbeddedPlayer/album=1/'> <a href='https://sea.bandcamp.com/'>Sea</a>"
    )
    assert sanitize(written, BASE) == (
        f'<figure><a href="https://bandcamp.com/EmbeddedPlayer/album=1/"{REL}>Bandcamp</a></figure>'
        f' <a href="https://sea.bandcamp.com/"{REL}>Sea</a>'
    )


def test_a_preview_picture_follows_from_the_address_alone():
    assert find_embed("https://flo.uri.sh/visualisation/12/embed?auto=1", None) == Embed(
        page="https://public.flourish.studio/visualisation/12/",
        name="Flourish",
        thumbnail="https://public.flourish.studio/visualisation/12/thumbnail",
    )


@pytest.mark.parametrize(
    "address",
    [
        "", "javascript:alert(1)", "about:blank", "magnet:?xt=urn:btih:1", "https://googleads.g.doubleclick.net/pagead",
        "https://www.facebook.com/plugins/like.php?href=https%3A%2F%2Fx.example", "https://disqus.com/embed/comments/",
        "https://www.google.com/recaptcha/api2/anchor", "https://platform.twitter.com/widgets/follow_button.html",
    ],
)  # fmt: skip
def test_what_is_nothing_of_the_authors_leads_nowhere(address: str):
    assert find_embed(address, None) is None


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("<p>See</p><iframe src='https://player.vimeo.com/video/1' title='Vimeo video player'></iframe>", "Vimeo"),
        ("<iframe title='The weir at dawn' src='https://player.vimeo.com/video/1'>", "The weir at dawn (Vimeo)"),
        ('<iframe data-src="https://player.vimeo.com/video/1" src="about:blank"></iframe>', "Vimeo"),
        ("<embed src=https://player.vimeo.com/video/1>", "Vimeo"),
        ("<object data='https://player.vimeo.com/video/1'>old</object>", "Vimeo"),
        ("<object><param name=x><param name=movie value='https://player.vimeo.com/video/1'></object>", "Vimeo"),
        ("<object classid=x><embed type=y src='https://player.vimeo.com/video/1'></object>", "Vimeo"),
        ("<amp-iframe width=1600 src='https://player.vimeo.com/video/1'></amp-iframe>", "Vimeo"),
    ],
)  # fmt: skip
def test_a_linked_figure_stands_where_a_player_stood(written: str, link: str):
    assert f'<figure><a href="https://vimeo.com/1"{REL}>{link}</a></figure>' in sanitize(written, BASE)


@pytest.mark.parametrize("element", ["lite-youtube videoid", "amp-youtube layout=x data-videoid"])
def test_a_player_that_is_an_element_of_its_own_shows_its_preview(element: str):
    assert sanitize(f"<{element}=aZ9></{element.partition(' ')[0]}>", BASE) == (
        f'<figure><a href="https://www.youtube.com/watch?v=aZ9"{REL}>'
        '<img src="https://i.ytimg.com/vi/aZ9/hqdefault.jpg" alt=""></a>'
        f'<figcaption><a href="https://www.youtube.com/watch?v=aZ9"{REL}>YouTube</a></figcaption></figure>'
    )


def test_no_empty_paragraph_is_left_around_a_player():
    cleaned = sanitize("<p>a</p><p><iframe src='https://player.vimeo.com/video/1'></iframe></p><p>b</p>", BASE)
    assert cleaned == f'<p>a</p><figure><a href="https://vimeo.com/1"{REL}>Vimeo</a></figure><p>b</p>'


@pytest.mark.parametrize(
    ("script", "page"),
    [
        ('src="https://gist.github.com/ann/77.js"', "https://gist.github.com/ann/77"),
        ('src=//asciinema.org/a/14.js id="x" async', "https://asciinema.org/a/14"),
        (
            'async src="https://telegram.org/js/telegram-widget.js?22" data-telegram-post="ann/6"',
            "https://t.me/ann/6",
        ),
        ("src='//speakerdeck.com/assets/embed.js' data-id=a1b2", "https://speakerdeck.com/player/a1b2"),
        ('src="//jsfiddle.net/ann/k9/embed/js,result/"', "https://jsfiddle.net/ann/k9/"),
        ('src="https://www.buzzsprout.com/12/34-talk.js?container_id=p"', "https://www.buzzsprout.com/12/34"),
        ('src="https://cdn.jwplayer.com/players/aB3-xY1.js"', "https://cdn.jwplayer.com/previews/aB3"),
    ],
)
def test_what_a_script_writes_into_a_page_is_linked_to(script: str, page: str):
    assert f'<a href="{page}"' in sanitize(f"<script {script}></script>", BASE)


@pytest.mark.parametrize(
    "script",
    [
        'src="https://x.example/a.js"',
        'src="https://telegram.org/js/telegram-widget.js" data-telegram-login="bot"',
        'src="/a.js?u=//gist.github.com/ann/77.js"',
        "",
    ],
)
def test_other_scripts_leave_nothing(script: str):
    assert sanitize(f"<script {script}>1</script>", BASE) == ""


@pytest.mark.parametrize(
    ("element", "page"),
    [
        ("amp-vimeo data-videoid=1 width=500", "https://vimeo.com/1"),
        ("lite-vimeo videoid=2", "https://vimeo.com/2"),
        ("youtube-video src='https://www.youtube.com/embed/a'", "https://www.youtube.com/watch?v=a"),
        ("mux-player playback-id=qx", "https://player.mux.com/qx"),
        ("wistia-player media-id=w1", "https://fast.wistia.net/embed/iframe/w1"),
        ("hls-video src=/a.m3u8", "https://site.example/a.m3u8"),
        ("spotify-audio src='https://open.spotify.com/embed/episode/4a'", "https://open.spotify.com/episode/4a"),
        ("amp-twitter data-tweetid=3", "https://x.com/i/status/3"),
        ("amp-instagram data-shortcode=Cx", "https://www.instagram.com/p/Cx/"),
        ("amp-facebook data-href='https://www.facebook.com/a/posts/4'", "https://www.facebook.com/a/posts/4"),
        ("amp-gist data-gistid=5", "https://gist.github.com/5"),
        (
            "video-js data-account=6 data-player=p data-video-id=7",
            "https://players.brightcove.net/6/p_default/index.html?videoId=7",
        ),
    ],
)
def test_players_that_are_elements_of_their_own_lead_to_what_they_show(element: str, page: str):
    assert f'<a href="{page}"' in sanitize(f"<{element}></{element.partition(' ')[0]}>", BASE)


@pytest.mark.parametrize(
    "element", ["amp-ad src='https://x.example/ad'", "amp-vimeo", "lite-youtube", "video-js data-account=6"]
)
def test_players_that_name_nothing_and_advertisements_leave_nothing(element: str):
    assert sanitize(f"<{element}></{element.partition(' ')[0]}>", BASE) == ""


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<object data='c.svg?v=2' type='image/svg+xml'></object>", '<img src="https://site.example/2020/story/c.svg?v=2">'),
        ("<embed src='/s.mp3'>", '<audio src="https://site.example/s.mp3" controls=""></audio>'),
        ("<iframe src='/f.MP4'></iframe>", '<video src="https://site.example/f.MP4" controls=""></video>'),
        ("<amp-anim src='/a.gif'></amp-anim>", '<img src="https://site.example/a.gif">'),
        ("<amp-video src='/f.mp4'></amp-video>", '<video src="https://site.example/f.mp4" controls=""></video>'),
    ],
)  # fmt: skip
def test_an_embedded_picture_sound_or_film_is_shown(written: str, read: str):
    assert sanitize(written, BASE) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<object data='/m.swf'><a href='/m.mp4'>film</a></object>", f'<a href="https://site.example/m.mp4"{REL}>film</a>'),
        ("<object><p>words</p></object>", "<p>words</p>"),
        ("<object data='/m.swf'><param name=a></object>", f'<figure><a href="https://site.example/m.swf"{REL}>site.example</a></figure>'),
        ("<object data='/m.swf' width=1 height=1>count</object>", ""),
    ],
)  # fmt: skip
def test_what_an_object_offers_instead_of_flash_is_kept(written: str, read: str):
    assert sanitize(written, BASE) == read


@pytest.mark.parametrize(
    "address",
    ["tel:+49301", "SMS:+1", "xmpp:a@b.example", "irc://irc.example/a", "geo:48.2,16.3", "matrix:r/a:b.example"],
)
def test_links_to_people_and_places_stay(address: str):
    assert sanitize(f'<a href="{address}">x</a>', BASE) == f'<a href="{address}"{REL}>x</a>'


@pytest.mark.parametrize(
    "written",
    [
        "<iframe src='https://x.example/count' width=1 height=1></iframe>",
        "<iframe src='https://x.example/count' style='display: none'></iframe>",
        "<iframe></iframe>",
        "<object></object>",
        "<object><param name=movie></object>",
        "<iframe src=''></iframe>",
    ],
)
def test_a_frame_that_nobody_sees_leaves_nothing(written: str):
    assert sanitize(f"a{written}b", BASE) == "ab"


@pytest.mark.parametrize(
    ("drawing", "words"),
    [
        ('<svg role="img" aria-label="Flow of data"><title>Flow</title></svg>', "Flow of data"),
        ("<svg><g><title>Rain &amp; snow</title></g><text>1</text></svg>", "Rain & snow"),
        ("<svg width='400'><text>Input</text><text x=1>to <tspan>output</tspan></text></svg>", "Input to output"),
        ("<svg aria-hidden='true'><title>Icon</title></svg>", ""),
        ("<svg width='24' height='24'><title>Share</title></svg>", ""),
        ("<svg><path d='M0 0'/></svg>", ""),
        ("<SVG><TITLE>Big</TITLE></SVG>", "Big"),
    ],
)  # fmt: skip
def test_what_a_drawing_says_stands_in_its_place(drawing: str, words: str):
    assert visible_text(sanitize(f"<p>x {drawing}</p>", BASE)) == f"x {words}".strip()


MATH = (
    "<math><semantics><mrow><mi>E</mi><mo>=</mo><mi>m</mi></mrow><annotation>E=m</annotation></semantics></math>"
)
KEPT = "<math><semantics><mrow><mi>E</mi><mo>=</mo><mi>m</mi></mrow></semantics></math>"


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        (MATH, KEPT),
        (
            '<math alttext="k > 0" display="block" style="x" onclick="y"><mi mathvariant="normal">k</mi></math>',
            '<math alttext="k &gt; 0" display="block"><mi mathvariant="normal">k</mi></math>',
        ),
        (
            f'<span class="k"><span class="m">{MATH}</span><span aria-hidden="true"><b>E</b><br>m</span></span> !',
            f"<span><span>{KEPT}</span></span> !",
        ),
        (
            f'<span class=MathJax><nobr aria-hidden="true"><span>E=m</span></nobr><span>{MATH}</span></span>',
            f"<span><span>{KEPT}</span></span>",
        ),
        (
            f'<p><span aria-hidden="true">two</span> <span aria-hidden="true">marks</span></p>{MATH}',
            f"<p><span>two</span> <span>marks</span></p>{KEPT}",
        ),
    ],
)
def test_a_formula_stays_and_stands_once(written: str, cleaned: str):
    assert sanitize(written, BASE) == cleaned


def test_a_drawing_within_a_drawing_goes_once():
    hidden = '<span aria-hidden="true">'
    written = f"<p>a {hidden}b {hidden}c</span>{MATH}</span>{MATH} d</p>"
    assert sanitize(written, BASE) == f"<p>a {KEPT} d</p>"


def test_a_hidden_mark_far_from_a_formula_stays():
    words = "long " * 40
    marked = sanitize(f'<div><b>{words}<span aria-hidden="true">*</span></b>{MATH}</div>', BASE)
    assert marked == f"<div><b>{words}<span>*</span></b>{KEPT}</div>"


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ('<img data-lazyload="true" src="/a.jpg">', '<img src="https://site.example/a.jpg">'),
        ('<img src="/none.gif" file="/a.jpg" zoomfile="/b.jpg">', '<img src="https://site.example/a.jpg">'),
        ('<img src="/i/b.gif" real_src="/a.jpg">', '<img src="https://site.example/a.jpg">'),
        ('<img src="/1x1.trans.gif" data-hi-res-src="/a.jpg" data-low-res-src="/l.jpg">', '<img src="https://site.example/a.jpg">'),
        ('<img nitro-lazy-src="/a.jpg" src="data:x">', '<img src="https://site.example/a.jpg">'),
        ('<img data-lazy-srcset="/a.jpg 300w, /b.jpg 900w" src="data:x">', '<img src="https://site.example/b.jpg">'),
        ('<picture><source data-lazy-srcset="/b.jpg 9w"><img src="data:x"></picture>', '<img src="https://site.example/b.jpg">'),
        ('<img class="smilies" alt=":)" src="/smilies/icon_e_smile.gif" width="15">', ":)"),
        ('<img data-lazy="1" data-original="big" src="/a.jpg">', '<img src="https://site.example/a.jpg">'),
        ('<img data-lazy="b.webp" src="/a.jpg">', '<img src="https://site.example/2020/story/b.webp">'),
        ('<img data-url="/page" src="/a.jpg">', '<img src="https://site.example/a.jpg">'),
        ('<img data-url="/b.jpg" src="data:x">', '<img src="https://site.example/b.jpg">'),
        ('<img class="wp-smiley" alt="🙂" src="https://s.w.org/images/core/emoji/1/1f642.png">', "🙂"),
        ('<img class="emoji big" alt=":-)" src="/e.png">', ":-)"),
        ('<img class="emoji" src="/e.png">', '<img src="https://site.example/e.png">'),
        (
            '<img alt="a chart of rain" class="emoji" src="/c.png" style="Width: 640px; height:480.5px">',
            '<img src="https://site.example/c.png" alt="a chart of rain" width="640" height="480">'
        ),
        ('<img src="data:image/png;base64,AA" alt="A &lt;graph&gt;">', "A &lt;graph&gt;"),
        (
            '<img src="data:x" alt="mill"><noscript><img src="/m.jpg" alt="mill"></noscript>',
            '<img src="https://site.example/m.jpg" alt="mill">',
        ),
        (
            '<noscript><img src="/m.jpg" alt="mill"></noscript><img src="data:x" alt="mill">',
            '<img src="https://site.example/m.jpg" alt="mill">',
        ),
        ('<image src="/i.png" alt="old">', '<img src="https://site.example/i.png" alt="old">'),
        ("<video autoplay loop muted><source src=/v.mp4></video>", '<video controls=""><source src="https://site.example/v.mp4"></video>'),
        ("<audio src=/r.mp3></audio>", '<audio src="https://site.example/r.mp3" controls=""></audio>'),
    ],
)  # fmt: skip
def test_values_are_what_they_claim(written: str, cleaned: str):
    assert sanitize(written, BASE) == cleaned


def test_a_post_of_wordpress_that_another_shows_is_linked_to_once():
    frame = (
        '<iframe class="wp-embedded-content" sandbox="allow-scripts" title="Tide &#8212; Harbour"'
        ' src="https://harbour.example/tide/embed/#?secret=a1"></iframe>'
    )
    quote = '<blockquote class="wp-embedded-content"><a href="https://harbour.example/tide/">Tide</a></blockquote>'

    assert sanitize(quote + frame, BASE) == (
        f'<blockquote><a href="https://harbour.example/tide/"{REL}>Tide</a></blockquote>'
    )
    assert sanitize(frame, BASE) == (
        f'<figure><a href="https://harbour.example/tide/"{REL}>Tide — Harbour (harbour.example)</a></figure>'
    )


@pytest.mark.parametrize(
    "waits",
    ["data-consent-src", "data-src-cmplz", "data-cookieblock-src", "consent-original-src-_", "data-original"],
)
def test_a_frame_that_waits_for_the_readers_consent_is_linked_to(waits: str):
    assert sanitize(f'<iframe src="about:blank" {waits}="https://player.vimeo.com/video/1"></iframe>', BASE) == (
        f'<figure><a href="https://vimeo.com/1"{REL}>Vimeo</a></figure>'
    )


@pytest.mark.parametrize(
    "counter",
    [
        "https://feeds.feedblitz.com/~/i/9/0/x", "https://ssl-x.xiti.com/hit.xiti?s=1", "https://x.ioam.de/tx.io?st=1",
        "https://eotrx.substackcdn.com/open?token=a", "https://mandrillapp.com/track/open.php?u=1",
        "https://c.statcounter.com/1/0/a/1/",
    ],
)  # fmt: skip
def test_counters_of_known_services_are_no_pictures(counter: str):
    assert sanitize(f'<p>a</p><img src="{counter}" alt="">', BASE) == "<p>a</p>"


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("href=https://x.example/ aria-label='Go &lt;on&gt;'", "Go &lt;on&gt;"),
        ("href=/x title=' The  map '", "The map"),
        ("href=/x", ""),
        ("href=#part aria-label='Link to this part'", ""),
        ("href='https://site.example/2020/story/#part' title='Link to this part'", ""),
        ("href='https://www.facebook.com/sharer?u=x' aria-label=Share", ""),
        ("aria-label=Nowhere", ""),
    ],
)
@pytest.mark.parametrize("sign", ["<svg width=24><path d=''/></svg>", "<i class=icon></i> <span></span>"])
def test_a_link_that_showed_a_sign_has_its_label(link: str, words: str, sign: str):
    shown = sanitize(f"<p>a <a {link}>{sign}</a></p>", BASE)

    assert visible_text(shown) == f"a {words}".strip().replace("&lt;", "<").replace("&gt;", ">")
    assert sanitize(shown, BASE) == shown
