"""Symptoms over time: an incident is told when it begins and when it is over, and no reader sees it twice."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregator.explain.incidents import AGAIN, follow
from aggregator.model import Incident, Symptom
from tests.support.nouns import NOON

HOUR = timedelta(hours=1)
SILENT = Symptom(kind="silent", subject="river", title="River: is silent", text="It is.")
FAILING = Symptom(kind="failing", subject="river", title="River: fails", text="It does.")


def test_what_begins_is_noted_once_and_what_is_over_too():
    (begun,) = follow((), [SILENT], NOON)
    assert (begun.began, begun.changed, begun.ended, begun.title) == (NOON, NOON, None, "River: is silent")
    assert follow([begun], [SILENT], NOON + HOUR) == ()
    (over,) = follow([begun], [], NOON + 2 * HOUR)
    assert (over.id, over.began, over.changed, over.ended) == (begun.id, NOON, NOON + 2 * HOUR, NOON + 2 * HOUR)
    assert follow([over], [], NOON + 3 * HOUR) == ()


def test_what_comes_again_within_a_day_is_the_same_and_later_another():
    (begun,) = follow((), [SILENT], NOON)
    (over,) = follow([begun], [], NOON + HOUR)
    (again,) = follow([over], [SILENT], NOON + HOUR + AGAIN - timedelta(seconds=1))
    assert (again.id, again.began, again.ended) == (begun.id, NOON, None)
    (other,) = follow([over], [SILENT], NOON + HOUR + AGAIN)
    assert other.id != begun.id


def test_one_subject_may_have_several_troubles_each_with_its_own_end():
    both = follow((), [SILENT, FAILING], NOON)
    assert len({one.id for one in both}) == 2
    (over,) = follow(both, [SILENT], NOON + HOUR)
    assert (over.kind, over.ended) == ("failing", NOON + HOUR)


@given(st.lists(st.tuples(st.integers(1, 90 * 60), st.sets(st.sampled_from([SILENT, FAILING]))), max_size=40))
def test_through_any_history_there_is_one_standing_incident_for_each_symptom_and_none_besides(
    looks: list[tuple[int, set[Symptom]]],
):
    stored: dict[str, Incident] = {}
    now = NOON
    for minutes, present in looks:
        now += timedelta(minutes=minutes)
        known = [one for one in stored.values() if one.ended is None or one.ended >= now - AGAIN]
        for one in follow(known, present, now):
            before = stored.get(one.id)
            assert before is None or (before.began, before.kind, before.subject) == (
                one.began,
                one.kind,
                one.subject,
            )
            assert one.changed == now
            stored[one.id] = one
        standing = [(one.kind, one.subject) for one in stored.values() if one.ended is None]
        assert sorted(standing) == sorted((one.kind, one.subject) for one in present)
