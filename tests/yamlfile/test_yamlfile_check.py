from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, Literal

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from aggregator.errors import ConfigurationError, Mistake
from aggregator.yamlfile import Report, check, quote, read
from aggregator.yamlfile.types import Count, Duration, Flag, Part, Size, Text
from aggregator.yamlfile.variables import Expanded

UNITS = "write it with its unit, such as 45s, 10m, 1h30m, 2d or 1w"


class Inner(Part):
    elsewhere: ClassVar[Mapping[str, str]] = {
        "sizes": "did you mean many: { a: { size: … } }?",
        "long": "did you mean many: …?",
    }

    size: Size = 5
    words: list[Text] = Field(default_factory=list)
    mode: Literal["fast", "slow"] = "fast"


class Outer(Part):
    every: Duration = timedelta(hours=1)
    limit: Count = 1
    on: Flag = False
    inner: Inner = Inner()
    many: dict[str, Inner] = Field(default_factory=dict)
    maybe: Inner | None = None


def judge(content: str, **environ: str) -> tuple[Outer, list[str]]:
    document = read(content.encode(), "f.yaml", environ)
    report = Report(document)
    found = check(Outer, document, report)
    try:
        report.raise_if_any()
    except ConfigurationError as error:
        return found, [str(mistake) for mistake in error.mistakes]
    return found, []


def test_a_right_document_gives_the_model():
    found, faults = judge("every: 1h30m\nlimit: 7\non: true\ninner: {size: 2kB}\n")
    assert (found.every, found.limit, found.on, found.inner.size) == (timedelta(minutes=90), 7, True, 2000)
    assert faults == []


def test_all_mistakes_come_at_once_by_line_and_the_rest_is_usable():
    found, faults = judge(
        "limt: 3\nlimit: yes\nevery: 90\non: yes\ninner: 5\n"
        "many:\n  a: {sise: 1, mode: fasst, size: 3}\n  b: {words: [x, 1]}\nmaybe: {siz: 1}\n"
    )
    assert faults == [
        "f.yaml:1: limt: unknown key; did you mean 'limit'?",
        "f.yaml:2: limit: a whole number is needed, not 'yes'",
        f"f.yaml:3: every: 90 of what? A duration is needed; {UNITS}",
        "f.yaml:4: on: true or false is needed, not 'yes'; write true",
        "f.yaml:5: inner: a mapping is needed: lines of the form `key: value`, not 5",
        "f.yaml:7: many.a.mode: one of fast, slow is needed, not 'fasst'; did you mean 'fast'?",
        "f.yaml:7: many.a.sise: unknown key; did you mean 'size'?",
        "f.yaml:8: many.b.words[1]: text is needed, not 1; put it in quotes",
        "f.yaml:9: maybe.siz: unknown key; did you mean 'size'?",
    ]
    assert (found.limit, found.many["a"].size, found.many["b"].words) == (1, 3, [])


def test_a_key_without_its_space_and_a_comment_in_the_place_of_a_value_are_told():
    space, mapping = "a space is needed after the colon of", "a mapping is needed: lines of the form `key: value`"
    comment = "'#' begins a comment, put text that holds it in quotes"
    assert judge("inner: {mode:fast}\nmany:\n  a:https://x\nlimit: #5\nmaybe: {words: [a, # b\n  ]}\n")[1] == [
        f"f.yaml:1: inner.mode:fast: unknown key; {space} 'mode:'",
        f"f.yaml:2: many: {mapping}, not 'a:https://x'; {space} 'a:'",
        f"f.yaml:4: limit: a whole number is needed, not nothing; {comment}",
    ]
    assert judge("inner: https://x\non:\n")[1] == [
        f"f.yaml:1: inner: {mapping}, not 'https://x'",
        "f.yaml:2: on: true or false is needed, not nothing",
    ]


def test_what_belongs_elsewhere_is_shown_as_it_would_stand_there():
    _, faults = judge("inner: {sizes: [1, 2b, 'a: b'], long: [x, {y: z}]}\nmaybe: {sizes: '${A}'}\n", A="hunter2")
    assert faults == [
        "f.yaml:1: inner.sizes: unknown key; did you mean many: { a: { size: [1, 2b, 'a: b'] } }?",
        "f.yaml:1: inner.long: unknown key; did you mean many: …?",
        "f.yaml:2: maybe.sizes: unknown key; did you mean many: { a: { size: … } }?",
    ]


def test_nothing_is_said_of_a_value_whose_variable_is_not_set():
    _, faults = judge("limit: ${NONE}\n")
    assert len(faults) == 1
    assert "NONE is not set" in faults[0]


def test_a_variable_may_stand_for_a_number_a_flag_or_a_duration_and_is_never_repeated():
    found, faults = judge("limit: ${A}\non: ${B}\nevery: ${C}\n", A="4", B="true", C="2d")
    assert (found.limit, found.on, found.every, faults) == (4, True, timedelta(days=2), [])
    for name in ("limit", "on", "every"):
        _, faults = judge(f"{name}: ${{A}}\n", A="hunter2")
        assert "hunter2" not in faults[0]
    assert "hunter2" not in judge("inner: {mode: '${A}'}", A="hunter2")[1][0]


def test_a_quoted_number_is_none_and_the_message_says_why():
    assert judge("limit: '5'")[1] == ["f.yaml:1: limit: a whole number is needed, without quotes, not '5'"]


def test_mistakes_without_a_line_come_last_and_equal_ones_once():
    document = read(b"a: 1", "f", {})
    report = Report(document)
    report.add_foreign(Mistake(file="environment", line=None, path="X", message="m"))
    report.add(("a",), "wrong")
    report.add(("a",), "wrong")
    assert report.has(("a",))
    with pytest.raises(ConfigurationError) as caught:
        report.raise_if_any()
    assert str(caught.value) == "f:1: a: wrong\nenvironment: X: m"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("45s", 45), ("10m", 600), ("1h30m", 5400), ("2d", 172800), ("1w", 604800), ("0s", 0), (" 1h ", 3600)],
)
def test_durations_have_units(text: str, seconds: int):
    assert TypeAdapter(Duration).validate_python(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value", ["", "1", "1y", "h", "-1h", "1m1h", "1.5h", "١h", "999999w", None, True, 5, 1.5, []]
)
def test_what_is_no_duration_is_refused(value: Any):
    with pytest.raises(ValidationError):
        TypeAdapter(Duration).validate_python(value)


@pytest.mark.parametrize(
    ("value", "size"), [("10MB", 10_000_000), ("5 kb", 5000), (7, 7), ("7", 7), ("1GB", 10**9)]
)
def test_sizes_are_bytes_or_have_a_unit(value: Any, size: int):
    assert TypeAdapter(Size).validate_python(value) == size


@pytest.mark.parametrize("value", ["", "MB", "-1MB", 0, True, "0", "1TB", None])
def test_what_is_no_size_is_refused(value: Any):
    with pytest.raises(ValidationError):
        TypeAdapter(Size).validate_python(value)


@pytest.mark.parametrize("value", ["", "  ", "a\nb", "a\x1bb"])
def test_text_is_one_line_and_not_empty(value: str):
    with pytest.raises(ValidationError):
        TypeAdapter(Text).validate_python(value)


def test_values_are_shown_short_on_one_line_and_secrets_not_at_all():
    assert [quote(value) for value in ("x" * 99, "a\nb", None, True, {}, [], 3, Expanded("s"))] == [
        "'" + "x" * 57 + "...'",
        "'a\N{REPLACEMENT CHARACTER}b'",
        "nothing",
        "true",
        "a mapping",
        "a list",
        "3",
        "what the environment variable holds",
    ]


def test_a_duration_that_is_one_already_stays_as_it_is():
    assert TypeAdapter(Duration).validate_python(timedelta(minutes=5)) == timedelta(minutes=5)
