"""What operators and machines look at: /status, /healthz, /readyz, /metrics."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from aggregator import __version__
from aggregator.catalogue.opt_outs import heed
from aggregator.model import (
    Due,
    Faults,
    FeedMeta,
    FollowedList,
    Incident,
    ListMember,
    ListState,
    Missed,
    PollHints,
    Publication,
    StoreSize,
    TallyKey,
)
from aggregator.pipeline import shortfall
from aggregator.web.work_metrics import WorkMetrics
from tests.support.nouns import NOON, source
from tests.support.shelf import Shelf, catalogue, document, in_state, site
from tests.web.test_web_pages import text

SOURCES = [
    source(id="good", title="Good News", url="https://good.example/feed"),
    source(
        id="bad",
        url="https://bad.example/feed?key=${KEY}",
        location="https://bad.example/feed?key=hush",
        headers=(("Authorization", "Bearer hush"),),
    ),
    source(id="new", url="https://new.example/feed"),
    source(id="off", url="examples/off.xml", kind="file", enabled=False),
]
STATES = {
    "good": in_state("good", status="ok", polls=12, items=1234, last_poll_at=NOON - timedelta(hours=3)),
    "bad": in_state(
        "bad",
        status="error",
        trouble="timeout",
        error="no answer within 30 s <b>",
        failures=3,
        polls=5,
        warnings=("first", "second", "third", "fourth", "fifth"),
        next_poll_at=NOON - timedelta(seconds=90),
        next_poll_reason="3 failures in a row",
        faults=(Faults(stage="read", count=2),),
    ),
    "off": in_state("off", status="disabled", items=2, next_poll_at=NOON - timedelta(days=9)),
    "former": in_state("former", status="disabled", trouble="gone", polls=100, items=100),
}
SHELF = Shelf(sources=STATES, counted=(Faults(stage="render", count=3),))
CATALOGUE = catalogue(sources=SOURCES)


async def test_the_table_says_of_every_source_how_it_is_and_why_with_trouble_first():
    async with site(SHELF, CATALOGUE) as client:
        answer = await client.get("/status")
    shown = text(answer.text)
    rows = [
        (
            "error bad bad · https://bad.example/feed?key=${KEY} no answer within 30 s <b> (3 times in a row) "
            "first second third and 2 more none yet never due now 3 failures in a row 0"
        ),
        "pending new new · https://new.example/feed none yet never when a worker runs 0",
        "ok Good News good · https://good.example/feed none yet 3 h ago in 30 min every 1h 1,234",
        "disabled off off · examples/off.xml none yet never not polled disabled in feeds.yaml 2",
    ]
    places = [shown.index(row) for row in rows]
    assert places == sorted(places)
    assert "1 ok 1 pending 1 error 1 disabled 1,236 items" in shown
    assert answer.headers["cache-control"] == "no-store"
    assert "former" not in shown


async def test_a_source_tells_what_came_last_how_its_polls_ended_and_what_its_publisher_asks_for():
    daily = tuple(NOON - timedelta(days=day, hours=3) for day in range(1, 20))
    hints = PollHints(ttl=timedelta(hours=2), skip_hours=frozenset({23, 0}), skip_days=frozenset({5}))
    good = in_state(
        "good",
        status="ok",
        polls=40,
        posted=daily,
        recent="n3333333333333333333333333uswf",
        hints=hints,
        next_poll_reason="max-age 5400",
    )
    async with site(Shelf(sources={"good": good, "new": in_state("new", recent="3f?")}), CATALOGUE) as client:
        page = (await client.get("/status")).text
    shown = text(page)
    assert "Its publisher asks us to come once in 2h (ttl), not in the hours 0, 23 UTC (skipHours)" in shown
    assert "not on Saturdays (skipDays)." in shown
    assert "27 h ago usually posts between 09:00 and 10:00 UTC never" in shown
    assert (
        "Its last 30 polls: 1 with something new, 1 with updates, 1 the same again, 25 not changed (304), "
        "1 asked us to wait, 1 failed. The latest: failed. 83 % not changed"
    ) in shown
    assert "its server asks for once in 1h30m (Cache-Control)" in shown
    assert "It never paused" not in shown
    assert '<path class="new" d="M0 6h2"/><path class="unchanged" d="M3 6h74"/>' in page
    assert '<path class="unchanged" d="M0 6h2"/><path class="failed" d="M3 6h2"/></svg>' in page, "? is left out"


async def test_one_poll_is_told_as_one():
    async with site(Shelf(sources={"good": in_state("good", recent="f")}), CATALOGUE) as client:
        assert "Its only poll so far: failed." in text((await client.get("/status")).text)


def followed(name: str) -> FollowedList:
    where = source(id=name, url=f"https://{name}.example/list.opml")
    return FollowedList(id=name, source=where, template=where)


LISTS = {
    "planet": ListState(
        list_id="planet",
        url="https://planet.example/list.opml",
        members=(ListMember(id="planet-a", url="https://a.example/"),),
        checked_at=NOON,
        succeeded_at=NOON - timedelta(hours=3),
        next_check_at=NOON + timedelta(days=1),
    ),
    "town": ListState(
        list_id="town",
        url="https://town.example/list.opml",
        members=tuple(ListMember(id=f"town-{one}", url=f"https://{one}.example/") for one in "abc"),
        checked_at=NOON,
        succeeded_at=NOON - timedelta(days=2),
        next_check_at=NOON + timedelta(days=1),
        held_since=NOON,
        missing=2,
    ),
    "gone": ListState(
        list_id="gone",
        url="https://gone.example/list.opml",
        checked_at=NOON,
        next_check_at=NOON + timedelta(days=1),
        error="gone.example answered 404 <b>",
    ),
}


async def test_the_lists_that_are_followed_are_told_with_when_they_were_read_and_why_not():
    found = replace(CATALOGUE, lists=tuple(map(followed, ("planet", "new", "town", "gone"))))
    async with site(replace(SHELF, lists=LISTS), found) as client:
        shown = text((await client.get("/status")).text)
        searched = text((await client.get("/status?q=good")).text)
        metrics = (await client.get("/metrics")).text
    rows = (
        "List gone : 0 feeds; never read It could not be read: gone.example answered 404 <b>",
        "List town : 3 feeds; read 2 days ago Held: since 2026-03-01 it lacks 2 feeds, lost at once; they go on",
        "List new : not asked yet",
        "List planet : 1 feed; read 3 h ago",
    )
    places = [shown.index(row) for row in rows]
    assert places == sorted(places), "those with trouble first"
    assert "List" not in searched
    for state, count in (("failed", 1), ("held", 1), ("pending", 1), ("ok", 1)):
        assert f'aggregator_lists{{state="{state}"}} {count}.0' in metrics


async def test_that_a_host_asked_not_to_be_read_is_told_in_plain_words_and_is_nobodys_fault():
    wished = {"bad.example": 3, "planet.example": 4}
    planet = followed("planet")
    listed = replace(planet, source=heed(replace(planet.source, location=planet.source.url), wished))
    asked = tuple(heed(one, wished) for one in SOURCES)
    found = replace(CATALOGUE, sources=asked, opted_out=wished, lists=(listed,))
    async with site(replace(SHELF, lists=LISTS), found) as client:
        shown = text((await client.get("/status")).text)
        metrics = (await client.get("/metrics")).text
    assert (
        "disabled bad bad · https://bad.example/feed?key=${KEY} bad.example asked not to be read (`opt_out` in "
        "feeds.yaml): it is not polled, and nothing of it is shown. none yet never not polled asked not to be read"
    ) in shown
    assert "no answer within 30 s" not in shown
    assert "List planet : planet.example asked not to be read (`opt_out` in feeds.yaml, line 4): it" in shown
    assert 'aggregator_sources{state="disabled"} 2.0' in metrics
    assert 'aggregator_lists{state="disabled"} 1.0' in metrics


async def test_of_many_lists_ten_are_told_and_how_many_more_there_are():
    found = replace(CATALOGUE, lists=tuple(followed(f"list{number}") for number in range(12)))
    async with site(SHELF, found) as client:
        shown = text((await client.get("/status")).text)
    assert shown.count("not asked yet") == 10
    assert "and 2 more lists" in shown


async def test_a_source_that_is_silent_beyond_its_habit_says_so_and_stands_before_those_that_are_well():
    posted = tuple(NOON - timedelta(days=10 + day) for day in range(14))
    states = {one.id: in_state(one.id, status="ok") for one in SOURCES}
    states["new"] = replace(states["new"], posted=posted)
    silent = Incident(
        id="urn:uuid:1", kind="silent", subject="new", title="new is silent", text="t", began=NOON, changed=NOON
    )
    async with site(Shelf(sources=states, matters=(silent,)), CATALOGUE) as client:
        shown = text((await client.get("/status")).text)
    assert "It never paused for so long." in shown
    assert shown.index("ok new") < shown.index("ok Good News")


MANY = [
    source(
        id=f"s{n:03}", title="Ü" * 300, url=f"https://s{n}.example/feed", tags=("even" if n % 2 == 0 else "odd",)
    )
    for n in range(120)
]


async def test_sources_are_shown_a_page_at_a_time_with_trouble_first_across_all_pages():
    states = {one.id: in_state(one.id, status="ok") for one in MANY}
    states["s119"] = replace(states["s119"], status="error", trouble="timeout", error="no answer")
    met: list[str] = []
    async with site(Shelf(sources=states), catalogue(sources=MANY)) as client:
        path = "/status"
        while path:
            page = (await client.get(path)).text
            met += re.findall(r'<span class="where">(s\d+)', page)
            onward = re.search(r'rel="next" href="(\?page=\d+)"', page)
            path = f"/status{onward[1]}" if onward else ""
        assert "Page 6 of 6" in page
        assert (await client.get("/status?page=99")).text == page
        for wrong in ("0", "-1", "x", "1e3", "٣", "9" * 40):
            assert (await client.get(f"/status?page={wrong}")).status_code == 400, wrong
    assert met == ["s119", *(f"s{n:03}" for n in range(119))]


async def test_sources_are_found_by_name_address_and_tag():
    named = in_state("s007", meta=FeedMeta(title="The <Pier> Herald"))
    sources = [*MANY[:7], source(id="s007", title=None, url="https://s7.example/feed", tags=("odd",)), *MANY[8:]]
    async with site(Shelf(sources={"s007": named}), catalogue(sources=sources)) as client:
        for asked, count in {"s7.EXAMPLE": 1, "pier": 1, "even": 60, "odd s11": 6, "nowhere": 0, "": 120}.items():
            page = (await client.get("/status", params={"q": asked})).text
            assert ("No source has that" in page) == (count == 0)
            assert not asked or f"{count} of 120 sources." in text(page), asked
        page = (await client.get("/status", params={"q": 'even "<'})).text
        assert 'value="even &#34;&lt;"' in page
        assert 'href="?q=even&amp;page=2"' in (await client.get("/status?q=even")).text


async def test_no_page_of_the_table_is_larger_than_60_kb_whatever_publishers_and_errors_say():
    states = {
        one.id: in_state(
            one.id,
            status="error",
            error="an error " * 99,
            notice="a notice " * 99,
            warnings=("a warning " * 99,) * 5,
            recent="n3" * 15,
            posted=tuple(NOON - timedelta(days=10 + day) for day in range(14)),
            failures=3,
        )
        for one in MANY
    }
    matters = tuple(
        Incident(
            id=f"urn:uuid:{n}",
            kind="failing",
            subject="s",
            title="t",
            text="a text " * 99,
            began=NOON,
            changed=NOON,
        )
        for n in range(100)
    )
    async with site(Shelf(sources=states, matters=matters), catalogue(sources=MANY)) as client:
        page = (await client.get("/status")).content
    assert len(page) < 60_000
    assert b"and 90 more" in page


async def test_what_is_the_matter_now_comes_first_on_the_page_in_the_words_of_the_feed():
    standing = Incident(
        id="urn:uuid:1",
        kind="failing",
        subject="bad",
        title="bad fails <i>",
        text="It has not been read for six hours. Check its address.",
        began=NOON - timedelta(hours=7),
        changed=NOON - timedelta(hours=7),
    )
    over = replace(standing, id="urn:uuid:2", title="good is silent", ended=NOON - timedelta(minutes=1))
    async with site(Shelf(sources=STATES, matters=(standing, over)), CATALOGUE) as client:
        shown = text((await client.get("/status")).text)
        told = text((await client.get("/status.atom")).text)
    told_of = (
        "What is the matter bad fails <i> It has not been read for six hours. Check its address. Noticed 7 h ago ."
    )
    assert told_of in shown
    assert shown.index(told_of) < shown.index("1 ok 1 pending")
    assert "good is silent" not in shown
    assert "It has not been read for six hours." in told
    async with site(SHELF, CATALOGUE) as client:
        assert "What is the matter" not in text((await client.get("/status")).text)


async def test_articles_that_are_missing_are_a_warning_and_where_all_are_the_trouble_itself():
    gone = Missed(url_key="good.example/1", tries=3, trouble="http", reason="404")
    shut = Missed(url_key="good.example/2", tries=3, trouble="http", reason="403")
    some = in_state("good", status="ok", listed=5, had=3, missed=(gone, shut), warnings=("first",))
    async with site(Shelf(sources={"good": some}), CATALOGUE) as client:
        shown = text((await client.get("/status")).text)
    assert "2 of 5 articles could not be had: 404 (1), 403 (1). first" in shown
    none = shortfall.tell(in_state("good", status="ok", listed=2, missed=(gone, shut)), 0, Due(at=NOON, reason=""))
    async with site(Shelf(sources={"good": none}), CATALOGUE) as client:
        shown = text((await client.get("/status")).text)
    assert "error Good News" in shown
    assert shown.count("2 of 2 articles could not be had: 404 (1), 403 (1).") == 1


async def test_the_status_page_shows_no_secret():
    async with site(SHELF, CATALOGUE) as client:
        assert "hush" not in (await client.get("/status")).text


async def test_a_site_without_sources_is_told_how_to_add_one():
    empty = catalogue()
    empty = type(empty)(site=empty.site, sources=(), publications=empty.publications)
    async with site(Shelf(), empty) as client:
        assert "aggregator add URL" in (await client.get("/status")).text


@pytest.mark.parametrize(
    ("field", "status"),
    [
        (None, 401),
        ("Basic " + base64.b64encode(b"me:wrong").decode(), 401),
        ("Basic " + base64.b64encode(b"me:open sesame").decode(), 200),
        ("Basic " + base64.b64encode(b":open sesame").decode(), 200),
        ("Bearer open sesame", 200),
        ("Bearer open", 401),
    ],
)
async def test_a_status_token_locks_the_page(field: str | None, status: int):
    headers = {} if field is None else {"Authorization": field}
    async with site(SHELF, CATALOGUE, status_token="open sesame") as client:
        answer = await client.get("/status?token=open+sesame", headers=headers)
    assert answer.status_code == status
    if status == 401:
        assert answer.headers["www-authenticate"].startswith("Basic realm=")
        assert "bad.example" not in answer.text
        assert "status token" in answer.text


async def test_alive_means_only_that_the_process_answers():
    async with site(Shelf(broken=True)) as client:
        answer = await client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


async def test_ready_means_that_there_is_something_to_serve():
    club = Publication(id="club", title="Club", formats=("rss",), tokens=("t",))
    none = Publication(id="none", title="None", formats=())
    shelf = Shelf(documents=[document("all", "atom")])
    async with site(shelf, catalogue(Publication(id="all", title="All"), club, none)) as client:
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        assert answer.text == "not ready: 1 of 2 publications have not been rendered yet\n"
        shelf.documents.append(document("club", "rss"))
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.text) == (200, "ready\n")
        shelf.broken = True
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        assert answer.text == "not ready: the database does not answer\n"


async def test_metrics_count_the_sources_of_the_catalogue():
    async with site(SHELF, CATALOGUE) as client:
        answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert answer.headers["cache-control"] == "no-store"
    counted = {family.name for family in WorkMetrics({}, StoreSize(used=1, taken=2), 3).collect()}
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        if family.name not in counted
        for sample in family.samples
        if not sample.name.startswith("aggregator_web_")
    }
    assert samples == {
        ("aggregator_info", __version__): 1,
        ("aggregator_catalogue_mistakes",): 0,
        ("aggregator_sources", "ok"): 1,
        ("aggregator_sources", "error"): 1,
        ("aggregator_sources", "blocked"): 0,
        ("aggregator_sources", "disabled"): 1,
        ("aggregator_sources", "pending"): 1,
        ("aggregator_failing_sources", "timeout"): 1,
        ("aggregator_internal_faults_total", "read"): 2,
        ("aggregator_internal_faults_total", "article"): 0,
        ("aggregator_internal_faults_total", "discover"): 0,
        ("aggregator_internal_faults_total", "poll"): 0,
        ("aggregator_internal_faults_total", "compare"): 0,
        ("aggregator_internal_faults_total", "render"): 3,
        ("aggregator_internal_faults_total", "engine"): 0,
        ("aggregator_items",): 1336,
        ("aggregator_polls_total",): 117,
        ("aggregator_overdue_seconds",): 90,
    }


async def test_nothing_is_overdue_before_the_first_source():
    async with site(Shelf()) as client:
        assert "aggregator_overdue_seconds 0.0" in (await client.get("/metrics")).text


async def test_how_large_the_store_is_and_what_it_let_go_of_is_a_metric():
    shelf = Shelf(tallied={TallyKey(name="let_go", label="ceiling"): 7})
    async with site(shelf, max_size=900) as client:
        told = (await client.get("/metrics")).text.splitlines()
    assert {
        "aggregator_store_used_bytes 1000.0",
        "aggregator_store_disk_bytes 2000.0",
        "aggregator_store_max_bytes 900.0",
        'aggregator_items_let_go_total{reason="age"} 0.0',
        'aggregator_items_let_go_total{reason="ceiling"} 7.0',
    } <= set(told)
    async with site(Shelf()) as client:
        assert "\naggregator_store_max_bytes " not in (await client.get("/metrics")).text


async def test_a_source_that_we_let_alone_as_its_server_asks_waits_and_is_no_error():
    asked = "good.example answered 429: it wants to be left alone until 2026-03-01 13:00:00 UTC."
    waits = in_state(
        "good", status="error", trouble="rate_limited", error=asked, failures=1, recent="n3w", last_poll_at=NOON
    )
    states = {"good": waits, "bad": replace(STATES["bad"], trouble="rate_limited"), "new": STATES["bad"]}
    async with site(Shelf(sources=states), CATALOGUE) as client:
        page = (await client.get("/status")).text
    assert f"waiting Good News good · https://good.example/feed {asked}" in text(page)
    assert f'<span class="where">{asked}' in page
    assert "2 waiting 1 error 1 disabled" in text(page)
    assert text(page).index("error new new") < text(page).index("waiting Good News")


async def test_how_often_a_source_posts_is_told_once_and_in_one_figure():
    hourly = tuple(NOON - timedelta(minutes=49 * number) for number in range(30))
    for reason, shown in (
        ("posts about every 48m", "posts about every 48m"),
        ("usually posts on weekdays, skipHours", "usually posts on weekdays, skipHours"),
    ):
        for posted in (hourly, ()):
            good = in_state("good", status="ok", posted=posted, next_poll_reason=reason)
            async with site(Shelf(sources={"good": good}), CATALOGUE) as client:
                page = text((await client.get("/status")).text)
            expected = shown if not posted else f"by its habit{', skipHours' if 'skip' in shown else ''}"
            assert f"in 30 min {expected} 0" in page
            assert "about every 48m" not in page or not posted
