"""What /metrics reports of every stage, and that the alerts which we hand out ask for what there is."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

from prometheus_client.parser import text_string_to_metric_families

from aggregator.model import Incident, IncidentKind, TallyKey
from aggregator.yamlfile import read_file
from tests.support.nouns import NOON
from tests.support.shelf import Shelf, in_state, site

ALERTS = Path(__file__).parent.parent.parent / "config" / "deploy" / "alerts.yaml"
TALLIES = {
    TallyKey(name="fetched", label="unchanged"): 5,
    TallyKey(name="verdicts", label="new"): 3,
    TallyKey(name="took", label="fetch 0.01"): 2,
    TallyKey(name="took", label="fetch 5"): 1,
    TallyKey(name="took", label="fetch inf"): 1,
    TallyKey(name="took_ms", label="fetch"): 41_500,
    TallyKey(name="rendered", label="changed"): 4,
}


async def samples(shelf: Shelf, asked: tuple[str, ...] = ()) -> dict[tuple[str, ...], float]:
    async with site(shelf, max_size=900) as client:
        for path in asked:
            await client.get(path)
        told = (await client.get("/metrics")).text
    return {
        (one.name, *(one.labels[label] for label in sorted(one.labels))): one.value
        for family in text_string_to_metric_families(told)
        for one in family.samples
    }


async def test_every_stage_reports_what_it_did_and_how_long_that_took():
    found = await samples(Shelf(tallied=TALLIES))
    assert found["aggregator_fetches_total", "unchanged"] == 5
    assert found["aggregator_fetches_total", "failed"] == 0
    assert found["aggregator_verdicts_total", "new"] == 3
    assert found["aggregator_publications_rendered_total", "changed"] == 4
    assert found["aggregator_fetched_bytes_total",] == 0
    buckets = {
        name[1]: value
        for name, value in found.items()
        if name[0] == "aggregator_stage_seconds_bucket" and name[2] == "fetch"
    }
    assert buckets == {"0.01": 2, "0.05": 2, "0.25": 2, "1": 2, "5": 3, "30": 3, "+Inf": 4}
    assert found["aggregator_stage_seconds_count", "fetch"] == 4
    assert found["aggregator_stage_seconds_sum", "fetch"] == 41.5
    stages = {name[1] for name in found if name[0] == "aggregator_stage_seconds_count"}
    assert stages == {"fetch", "read", "judge", "store", "compare", "render"}


async def test_a_web_process_counts_its_own_answers():
    found = await samples(Shelf(), asked=("/healthz", "/nothing-here", "/healthz"))
    answered = {name[1]: value for name, value in found.items() if name[0] == "aggregator_web_requests_total"}
    assert answered == {"2xx": 2, "3xx": 0, "4xx": 1, "5xx": 0}
    assert found["aggregator_web_request_seconds_total",] > 0


async def test_what_is_the_matter_is_counted_by_kind():
    begun = Incident(
        id="urn:uuid:1", kind="failing", subject="river", title="t", text="t", began=NOON, changed=NOON
    )
    over = replace(begun, id="urn:uuid:2", kind="gone", ended=NOON)
    found = await samples(Shelf(matters=(begun, over)))
    counted = {name[1]: value for name, value in found.items() if name[0] == "aggregator_incidents"}
    assert counted == dict.fromkeys(get_args(IncidentKind), 0) | {"failing": 1}


async def test_no_metric_names_a_source_and_there_are_no_more_with_more_of_them():
    few = await samples(Shelf(sources={"river": in_state("river")}))
    many = await samples(Shelf(sources={f"s{number}": in_state(f"s{number}") for number in range(50)}))
    assert few.keys() == many.keys()
    assert not [name for name in many if "river" in name]


async def test_the_alerts_ask_for_metrics_and_labels_that_there_are():
    found = await samples(Shelf(tallied=TALLIES))
    rules = [rule for group in read_file(ALERTS, {}).data["groups"] for rule in group["rules"]]
    assert len(rules) > 8
    names = {name[0] for name in found}
    labels = {label for name in found for label in name[1:]}
    for rule in rules:
        asked = set(re.findall(r"\baggregator_\w+", rule["expr"]))
        assert asked
        assert asked <= names, rule["alert"]
        assert rule["annotations"]["summary"].endswith(".")
        for values in re.findall(
            r"(?:state|verdict|stage|reason|status|kind)(?:=~|!=|=)\"([^\"]+)\"", rule["expr"]
        ):
            assert set(values.split("|")) <= labels, rule["alert"]
