"""What `aggregator status` says of articles that could not be had, and `aggregator explain` of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.cli import look, printing
from aggregator.cli.facts import facts_of
from aggregator.explain.source_status import source_reports
from aggregator.model import Due, Missed, SourceState, Trouble
from aggregator.pipeline.shortfall import missing, shortfall, tell
from tests.cli.test_cli_explain import explained
from tests.explain.test_explain_lookup import remember
from tests.pipeline.test_pipeline_comparing import RIVER, report
from tests.support.nouns import NOON, source
from tests.support.planet import MINUTE, planet
from tests.support.shelf import catalogue, in_state

HALL = source(id="hall", kind="page", url="https://hall.example/news")


def missed(name: str, trouble: Trouble | None = "http", reason: str = "404", tries: int = 3) -> Missed:
    return Missed(url_key=f"hall.example/{name}", tries=tries, trouble=trouble, reason=reason)


def row(state: SourceState) -> dict[str, object]:
    (found,) = source_reports(catalogue(sources=[HALL]), {"hall": state}, NOON)
    return look.facts_of_source(found)


def test_a_few_missing_articles_are_a_warning_with_counts(capsys: pytest.CaptureFixture[str]):
    state = in_state(
        "hall", status="ok", listed=5, had=2, missed=(missed("1"), missed("2"), missed("3", reason="403"))
    )
    shown = row(state)
    assert (shown["state"], shown["error"]) == ("ok", None)
    assert shown["warnings"] == ["3 of 5 articles could not be had: 404 (2), 403 (1)."]
    assert shown["articles"] == {"listed": 5, "had": 2, "missing": 3, "reasons": {"404": 2, "403": 1}}
    printing.print_status(source_reports(catalogue(sources=[HALL]), {"hall": state}, NOON), NOON)
    assert "3 of 5 articles" in " ".join(capsys.readouterr().out.split())


def test_what_the_last_reading_met_is_told_to_people_too(capsys: pytest.CaptureFixture[str]):
    met = ("`title: td[9]` found nothing.", "An entry without a title.", "A third.", "A fourth.")
    for status, error in (("ok", None), ("error", "Status 404.")):
        state = in_state("hall", status=status, error=error, warnings=met)
        printing.print_status(source_reports(catalogue(sources=[HALL]), {"hall": state}, NOON), NOON)
        shown = " ".join(capsys.readouterr().out.split())
        assert [one in shown for one in met] == [True, True, True, False], status
        assert "and 1 more: --json" in shown


@pytest.mark.parametrize(
    ("due", "polled", "cell", "note"),
    [
        (timedelta(0), MINUTE, "now", None),
        (-MINUTE, 3 * MINUTE, "in 1m", None),
        (MINUTE, 9 * MINUTE, "due", None),
        (9 * MINUTE, MINUTE, "due for 9m", None),
        (9 * MINUTE, 5 * MINUTE, "due for 9m", "Nothing was polled for 5m, though a source is due for 9m"),
        (MINUTE, None, "due", "No source was polled yet"),
    ],
)
def test_that_nobody_polls_what_is_due_is_said_under_the_table(
    due: timedelta, polled: timedelta | None, cell: str, note: str | None, capsys: pytest.CaptureFixture[str]
):
    last = None if polled is None else NOON - polled
    state = in_state("hall", status="ok", next_poll_at=NOON - due, last_poll_at=last, next_poll_reason="|")
    printing.print_status(source_reports(catalogue(sources=[HALL]), {"hall": state}, NOON), NOON)
    shown = " ".join(capsys.readouterr().out.split())
    assert f" {cell} |" in shown
    assert ("does a worker run?" in shown) is (note is not None)
    assert (note or "") in shown


def test_nobody_misses_a_worker_where_all_is_disabled(capsys: pytest.CaptureFixture[str]):
    off = source(id="off", enabled=False)
    printing.print_status(source_reports(catalogue(sources=[off]), {}, NOON), NOON)
    assert "worker" not in capsys.readouterr().out


def test_a_source_of_which_every_article_is_missing_is_in_error_and_says_it_once():
    state = in_state("hall", listed=2, had=0, missed=(missed("1"), missed("2", reason="403")))
    shown = row(tell(state, 4, Due(at=NOON, reason="later")))
    assert (shown["state"], shown["trouble"], shown["failures"]) == ("error", "articles", 5)
    assert shown["error"] == "2 of 2 articles could not be had: 404 (1), 403 (1)."
    assert shown["warnings"] == []


def test_a_fault_of_ours_in_one_article_is_never_well():
    broken = missed("1", "internal", "A fault in this program (KeyError).", tries=0)
    state = in_state("hall", listed=3, had=1, missed=(broken,))
    shown = row(tell(state, 0, Due(at=NOON, reason="a fault in this program")))
    assert (shown["state"], shown["trouble"]) == ("error", "internal")
    assert shown["error"] == (
        "1 of 3 articles could not be had: a fault in this program (1); 1 not asked for yet. "
        "A fault in this program (KeyError)."
    )
    assert shown["next_poll"] == "2026-03-01T12:00:00Z"


def test_a_source_without_articles_of_its_own_has_no_counts():
    assert row(in_state("hall"))["articles"] is None
    alike = in_state("hall", status="ok", listed=1, had=1, missed=(missed("1", None, "", 3),))
    assert (row(alike)["state"], row(alike)["warnings"]) == ("ok", [])


def test_many_reasons_are_cut_in_the_sentence_and_not_in_the_counts():
    reasons = [str(status) for status in range(500, 510)]
    state = in_state("hall", listed=10, had=0, missed=tuple(missed(one, reason=one) for one in reasons))
    found = shortfall(state)
    assert found.sentence == "10 of 10 articles could not be had: 500 (1), 501 (1), 502 (1), and others."
    assert len(found.reasons) == 10


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (missed("1", tries=0), "404 (to be asked for again)"),
        (missed("1", reason="", tries=2), "for a reason that was not noted (to be asked for again)"),
        (missed("1", tries=3), "404 (not to be asked for again)"),
    ],
)
def test_whether_an_article_is_asked_for_again_is_said(one: Missed, words: str):
    assert missing(one) == words


async def test_explain_says_why_an_item_has_not_the_text_of_its_page(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER]) as here:
        await here.poll("river", report("river"))
        found = await explained(here)
        gone = Missed(url_key=str(found.item.entry.url_key), tries=3, trouble="http", reason="404")
        await remember(here, listed=1, missed=(gone,))
        facts = facts_of(await explained(here))
    assert facts["article"] == "its own page could not be had: 404 (not to be asked for again)"
    assert facts["source_articles"] == "1 of 1 articles could not be had: 404 (1)."


def test_of_a_source_whose_host_asked_not_to_be_read_that_is_all_that_is_told(capsys: pytest.CaptureFixture[str]):
    state = in_state("hall", status="error", trouble="http", error="It said 403.", failures=9, warnings=("Odd.",))
    asked = replace(HALL, opted_out="hall.example", enabled=False)
    for known in ({"hall": state}, {}):
        reports = source_reports(catalogue(sources=[asked]), known, NOON)
        facts = look.facts_of_source(reports[0])
        assert (facts["state"], facts["error"], facts["failures"], facts["warnings"]) == ("disabled", None, 0, [])
        printing.print_status(reports, NOON)
        shown = " ".join(capsys.readouterr().out.split())
        assert "- hall.example asked not to be read (`opt_out` in feeds.yaml): it is not polled" in shown
