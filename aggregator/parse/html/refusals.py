"""Why a page is no list of articles, or no article, in words that help the editor."""

from __future__ import annotations

import re
from typing import Final

from aggregator.model import Failed
from aggregator.parse import detect
from aggregator.parse.html.page_words import CONSENT, MISSING, alternatives_of
from aggregator.parse.plain import to_plain_text
from aggregator.parse.xml.prolog import FEED_ROOTS, find_root
from aggregator.text.characters import keep_printable

_TAG = re.compile(r"<(?:!doctype\s+html|[a-z][a-z0-9]{0,15}[\s>/])", re.IGNORECASE)
_CHALLENGE = re.compile(
    r"just a moment\.\.\.|attention required|cf-chl|captcha|checking your browser|access denied|request blocked"
    r"|are you a robot|verify you are human|ddos protection|incapsula|unusual traffic|security check",
    re.IGNORECASE,
)
_MISSING = re.compile(alternatives_of(MISSING), re.IGNORECASE)
_CONSENT = re.compile(alternatives_of(CONSENT), re.IGNORECASE)
_LOGIN = re.compile(
    r"\b(?:log ?in|sign ?in|anmelden|anmeldung|einloggen|connexion|se connecter|iniciar sesión|войти|вход)\b"
    r"|ورود|تسجيل الدخول|ログイン|登录",
    re.IGNORECASE,
)
_SHOWN: Final = 80


def no_markup(body: bytes) -> Failed | None:
    """The failure for empty bodies and for files that are known by their first bytes; None for others."""
    if not body.strip(b"\0 \t\r\n\xef\xbb\xbf\xfe\xff"):
        return _failure("page", "an empty document", "open the address in a browser; programs may be kept out")
    failed = detect.failure_for_binary(body)
    kind = failed.message.removeprefix("No feed: the answer is ").partition(";")[0] if failed else ""
    return _failure("page", kind, "check the address in feeds.yaml") if kind else None


def no_page(text: str) -> Failed | None:
    """The failure for text that is a feed, data, or no markup at all; None for what may be a page."""
    root = find_root(text)
    if root is not None and root.name in FEED_ROOTS and not root.junk:
        return _failure("page", "a feed", "write `url:` instead of `page:` in feeds.yaml")
    if text.startswith(("{", "[")) and not _TAG.search(text[:200]):
        return _failure("page", "JSON", "check the address in feeds.yaml")
    if not _TAG.search(text[:100_000]):
        return _failure("page", "plain text", "check the address in feeds.yaml")
    return None


def no_tree() -> Failed:
    """The failure for markup without a single element."""
    return _failure("page", "markup without content", "open the address in a browser and check it")


def closed_door(title: str, heading: str, text: str, *, password: bool) -> Failed | None:
    """The failure for pages that stand in the way of the one that was asked for; None for others.

    In: the document's title, its first heading, its visible text, and whether it asks for a password. A page
    with a real text is never taken for one, whatever words are in it.
    """
    brief, named = text[:3000], f"{title} {heading}"
    if len(text) < 3000 and (_CHALLENGE.search(named) or (len(text) < 600 and _CHALLENGE.search(brief))):
        what, remedy = "by which the site keeps programs out", "ask the publisher to let our User-Agent pass"
    elif len(text) < 2500 and _MISSING.search(named):
        what, remedy = "that says that there is nothing here", "check the address in a browser"
    elif password and (len(text) < 1500 or _LOGIN.search(named)):
        what, remedy = "that asks for a login", "give a `headers:` entry with your access, or drop this source"
    elif len(text) < 2500 and _CONSENT.search(named):
        what, remedy = "that asks for consent first", "give a `headers:` entry with the consent cookie"
    else:
        return None
    return _failure("article", f"a page{_say_title(title)} {what}", remedy)


def no_article(title: str) -> Failed:
    """The failure for a page in which there is no text of an article."""
    return _failure(
        "article",
        f"a page{_say_title(title)} without the text of an article",
        "it may be made by scripts in the browser; the feed's own text is used where there is one",
    )


def no_list(title: str) -> Failed:
    """The failure for a page on which no links of articles are found."""
    return _failure(
        "list of articles",
        f"a page{_say_title(title)} on which no links of articles can be told from the others",
        "name them in feeds.yaml, for example `select: { item: article, link: 'h2 a' }`",
    )


def no_match(title: str, selectors: str) -> Failed:
    """The failure for a page on which the editor's selectors find nothing."""
    return _failure(
        "list of articles",
        f"a page{_say_title(title)} on which {selectors} finds no links",
        "correct `select:` in feeds.yaml, or leave it out to have the articles guessed",
    )


def bad_selector(selector: str) -> Failed:
    """The failure for a selector that is no CSS."""
    return Failed(
        trouble="not_a_feed",
        message=keep_printable(f"`select:` in feeds.yaml is no CSS that we can read: {selector[:80]}."),
    )


def _say_title(title: str) -> str:
    shown = to_plain_text(title)
    return f" titled “{shown[:_SHOWN]}”" if shown else ""


def _failure(wanted: str, what: str, remedy: str) -> Failed:
    return Failed(trouble="not_a_feed", message=keep_printable(f"No {wanted}: the answer is {what}; {remedy}."))
