"""What operators and machines look at: /status, /healthz, /readyz, /metrics."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from aggregator import __version__
from aggregator.model import Due, Faults, Incident, Missed, Publication, StoreSize, TallyKey
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
            "first second third and 2 more never due now 3 failures in a row 0"
        ),
        "pending new new · https://new.example/feed never when a worker runs 0",
        "ok Good News good · https://good.example/feed 3 h ago in 30 min every 1h 1,234",
        "disabled off off · examples/off.xml never not polled disabled in feeds.yaml 2",
    ]
    places = [shown.index(row) for row in rows]
    assert places == sorted(places)
    assert "1 ok 1 pending 1 error 1 disabled 1,236 items" in shown
    assert answer.headers["cache-control"] == "no-store"
    assert "former" not in shown


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
        "What is the matter bad fails <i> It has not been read for six hours. Check its address. Began 7 h ago ."
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
