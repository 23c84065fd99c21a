"""Things to put into a store."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from aggregator.model import (
    Batch,
    Category,
    Change,
    ClockJump,
    Document,
    DocumentMemory,
    Enclosure,
    Entry,
    Extension,
    Faults,
    FeedMeta,
    Fingerprint,
    Item,
    ItemKey,
    Line,
    Link,
    Listing,
    Missed,
    Move,
    Person,
    PollHints,
    Quarantined,
    SourceProfile,
    SourceState,
    Stamp,
    Trimmed,
    Update,
    Validators,
    Verdict,
)
from aggregator.ports import Store

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEASE = timedelta(minutes=5)

FULL_ENTRY = Entry(
    id="tag:example.org,2026:1",
    id_is_permalink=True,
    url="https://example.org/1",
    url_key="example.org/1",
    former_keys=("example.org/1?from=rss",),
    title="پرسش \N{EN DASH} «۱۲»",
    content="<p>سلام \N{WATER WAVE}</p>",
    summary="<p>A &amp; B</p>",
    text="سلام",
    authors=(Person(name="Ann", uri="https://ann.example/", email="ann@example.org"), Person(name="Bob")),
    categories=(Category(term="a", scheme="urn:x:y", label="A"), Category(term="b")),
    enclosures=(
        Enclosure(url="https://example.org/1.mp3", type="audio/mpeg", length=10, title="One", duration=61),
        Enclosure(url="https://example.org/2.mp3"),
    ),
    image="https://example.org/1.png",
    image_caption="One, seen from above",
    links=(
        Link(url="https://example.org/2", rel="related", title="Two", type="text/html"),
        Link(url="https://example.org/3", rel="via"),
    ),
    published=Stamp(utc=NOON, raw="1 Mar 2026 12:00", precision="minute", zone="assumed"),
    updated=Stamp(utc=NOON + MINUTE, raw="12:01", precision="second", zone="explicit"),
    language="fa",
    direction="rtl",
    extensions=(
        Extension(
            name="podcast:alternateEnclosure",
            attributes=(("type", "audio/opus"), ("bitrate", "32000")),
            children=(Extension(name="podcast:source", attributes=(("uri", "https://example.org/1.opus"),)),),
        ),
        Extension(name="itunes:season", text="3"),
    ),
    fleeting=(Extension(name="thr:total", text="5"),),
    text_from="https://hall.example/1",
    trimmed=Trimmed(content="<p>سلام</p>", summary=None, text="سلام", image=None, image_caption=None),
    position=7,
)

FIRST_ENTRY = replace(
    FULL_ENTRY,
    former_keys=(),
    image_caption=None,
    links=(),
    direction=None,
    extensions=(),
    fleeting=(),
    trimmed=None,
)
"""The same as the first version of the program knew it: what came later is at its default."""

FULL_STATE = SourceState(
    source_id="river",
    next_poll_at=NOON + timedelta(hours=1),
    next_poll_reason="every 1h",
    lease=1,
    request_digest="d1",
    address="c0ffee",
    validators=Validators(etag='W/"\xe9"', last_modified="Yesterday"),
    body_hash="b1",
    reading_digest="3004:d2",
    whole_at=NOON - MINUTE,
    last_poll_at=NOON,
    last_success_at=NOON - MINUTE,
    status="error",
    trouble="timeout",
    error="it took too long",
    failures=2,
    polls=9,
    resumed_at=NOON,
    meta=FeedMeta(
        id="urn:x:1",
        title="River",
        link="https://example.org/",
        language="en",
        rights="©",
        icon="https://example.org/i.png",
        version="atom10",
    ),
    hints=PollHints(
        ttl=timedelta(minutes=90),
        period=timedelta(days=1),
        skip_hours=frozenset({23, 0, 1}),
        skip_days=frozenset({6}),
    ),
    items=1,
    warnings=("one", "two"),
    move=Move(to="https://example.org/new", since=NOON, polls=2),
    gone_since=NOON,
    posted=(NOON, NOON - MINUTE),
    discovered="https://example.org/found",
    notice="Remove it.",
    read_from="https://example.org/feed.xml",
    is_page=True,
    listed=3,
    had=2,
    missed=(Missed(url_key="example.org/9", tries=2, trouble="http", reason="404", since=NOON),),
    article_at=NOON - MINUTE,
    partial=(NOON, NOON - MINUTE),
    faults=(Faults(stage="read", count=2),),
    clock=ClockJump(ahead=NOON + timedelta(days=400), noticed=NOON),
    labels=("brook",),
    memory=DocumentMemory(context="c" * 12, entries="e" * 34),
    recent="n3suwf",
    profile=SourceProfile(
        identity="url",
        repeats=1,
        renames=2,
        shared_urls=True,
        lines=(Line(start="views:", end="today", polls=2),),
        leads=(210, -5),
        inverted=60,
        oldest_first=True,
        ordered=True,
        unordered=(Batch(at=NOON, count=3),),
        quarantined=(Quarantined(entry=FULL_ENTRY, since=NOON, reason="Doubtful."),),
        day=NOON,
        day_new=12,
        judged_at=NOON,
    ),
)
FIRST_STATE = replace(
    FULL_STATE,
    move=Move(),
    gone_since=None,
    posted=(),
    discovered=None,
    read_from="",
    memory=DocumentMemory(),
    recent="",
    is_page=False,
    notice=None,
    reading_digest="",
    whole_at=None,
    listed=0,
    had=0,
    address="",
    labels=(),
    missed=(),
    article_at=None,
    partial=(),
    faults=(),
    clock=None,
    resumed_at=None,
    profile=SourceProfile(),
)
"""The same as the first revision of the schema knew it: what came later is at its default."""


def item(name: str = "1", source_id: str = "river", **fields: Any) -> Item:
    """An item of its own, named after `name`."""
    key = fields.pop("key", ItemKey(kind="id", value=name))
    defaults: dict[str, Any] = {
        "uid": str(uuid.uuid5(uuid.NAMESPACE_URL, ascii((source_id, key)))),
        "source_id": source_id,
        "key": key,
        "public_id": f"tag:{source_id},2026:{name}",
        "entry": Entry(
            id=f"{source_id}-{name}",
            url=f"https://{source_id}.example/{name}",
            url_key=f"{source_id}.example/{name}",
            title=f"Story {name}",
            content=f"<p>Text {name}</p>",
            text=f"Text {name}",
        ),
        "fingerprint": Fingerprint(version=1, title="t", text="x", media="", meta="m"),
        "published": NOON,
        "published_reason": "claimed",
        "updated": NOON,
        "updated_reason": "published",
        "claimed_updated": None,
        "first_seen": NOON,
        "changed_at": NOON,
    }
    return Item(**(defaults | fields))


def change(of: Item, kind: Literal["new", "revised", "bumped"] = "new", reason: str = "seen") -> Change:
    """The intent to store `of`."""
    return Change(item=of, verdict=Verdict(kind=kind, reason=reason))


def revised(of: Item, text: str, at: datetime = NOON + MINUTE) -> Item:
    """`of` as it reads after a real change."""
    entry = replace(of.entry, text=text, content=f"<p>{text}</p>")
    print_ = replace(of.fingerprint, text=text)
    return replace(of, entry=entry, fingerprint=print_, updated=at, changed_at=at, revision=of.revision + 1)


async def claimed(store: Store, source_id: str = "river", now: datetime = NOON) -> SourceState:
    """The source's state, claimed; registers it where needed without switching others off."""
    known = await store.states()
    if source_id not in known:
        await store.register(dict.fromkeys([*known, source_id], now), (), now)
    (state,) = await store.claim([source_id], now, LEASE)
    return state


async def put(store: Store, *changes: Change, source_id: str = "river", **update: Any) -> bool:
    """Commit the changes as one poll of the source."""
    state = await claimed(store, source_id)
    return await store.commit(Update(state=replace(state, polls=state.polls + 1), changes=changes, **update))


async def listed(
    store: Store,
    *items: Item,
    source_id: str = "river",
    at: datetime = NOON,
    whole: bool = True,
    left_before: datetime | None = None,
    **fields: Any,
) -> bool:
    """A reading of the source that lists just these of its items; without any, all have left it."""
    state = await claimed(store, source_id)
    uids = frozenset(one.uid for one in items)
    listing = Listing(uids=uids, whole=whole, left_before=left_before)
    return await store.commit(Update(state=replace(state, last_poll_at=at), listing=listing, **fields))


def document(body: bytes, format: Literal["atom", "rss", "json"] = "atom", **fields: Any) -> Document:  # noqa: A002 # the field's word
    """A document of the publication `all`."""
    defaults: dict[str, Any] = {
        "publication_id": "all",
        "format": format,
        "body": body,
        "gzip": b"z" + body,
        "media_type": "application/atom+xml; charset=utf-8",
        "etag": f'"{body.hex()}"',
        "last_modified": NOON,
    }
    return Document(**(defaults | fields))
