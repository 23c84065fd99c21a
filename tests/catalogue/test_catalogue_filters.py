from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from aggregator.catalogue.filters import Step
from aggregator.catalogue.measures import Age, Length
from aggregator.model import Keep, OfAge, OfLength
from aggregator.publish.conditions import is_match
from tests.support.nouns import entry


def conditions(**typed: Any) -> tuple[Any, ...]:
    lists = {
        name: [value] if isinstance(value, str) and "than" not in name else value for name, value in typed.items()
    }
    step = Step.model_validate({"keep": lists}).filter()
    assert isinstance(step, Keep)
    return step.any_of


@pytest.mark.parametrize(
    ("typed", "title", "found"),
    [
        ("straße", "DIE STRASSE AM FLUSS", True),
        ("STRASSE", "Die Straße am Fluss", True),
        ("^strasse", "Straße am Fluss", True),
        ("^strasse", "Die Straße am Fluss", False),
        ("strasse$", "Die Straße", True),
        ("ras", "Die Straße", True),
        ("istanbul, again", "İSTANBUL, AGAIN", True),
        ("a-b #1", "A-B #1", True),
        ("stra(ss|ß)e", "Die Straße", True),
        ("strasse.", "Die Straße am Fluss", False),
    ],
)
def test_an_expression_of_words_alone_finds_them_however_they_are_written(typed: str, title: str, found: bool):
    for field in ("title", "any"):
        (matcher,) = conditions(**{field: typed})
        assert is_match(matcher, entry(title=title)) is found
        assert matcher.shown == f"{field}: {typed}"


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("2 weeks", timedelta(weeks=2)),
        ("36 hours", timedelta(hours=36)),
        ("1 month", timedelta(days=30)),
        (" 1 Year ", timedelta(days=365)),
        ("10days", timedelta(days=10)),
        ("2w", timedelta(weeks=2)),
    ],
)
def test_an_age_may_be_written_as_people_say_it(typed: str, span: timedelta):
    assert conditions(older_than=typed) == (OfAge(than=span, older=True, shown=f"older_than: {typed.strip()}"),)
    schema = TypeAdapter(Age).json_schema()
    assert Draft202012Validator(schema).is_valid(typed.strip())


@pytest.mark.parametrize(
    ("typed", "number", "unit"),
    [
        ("300 chars", 300, "characters"),
        ("1 char", 1, "characters"),
        ("1,000 words", 1000, "words"),
        ("1,000,000 characters", 1_000_000, "characters"),
        ("50 words", 50, "words"),
    ],
)
def test_a_length_may_be_written_as_people_say_it(typed: str, number: int, unit: Any):
    (found,) = conditions(shorter_than=typed)
    assert found == OfLength(than=number, unit=unit, longer=False, shown=f"shorter_than: {number} {unit}")
    assert Draft202012Validator(TypeAdapter(Length).json_schema()).is_valid(typed)


@pytest.mark.parametrize(
    "typed", [{"older_than": "9999 years"}, {"older_than": "some weeks"}, {"older_than": "0 days"},
              {"longer_than": "1,00 words"}, {"longer_than": "0,000 words"}]
)  # fmt: skip
def test_what_is_no_measure_is_a_mistake_all_the_same(typed: dict[str, str]):
    with pytest.raises(ValidationError):
        conditions(**typed)
