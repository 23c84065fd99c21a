from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.errors import ConfigurationError
from aggregator.yamlfile import Expanded, escape, read, read_file
from aggregator.yamlfile.variables import expand


def faults(content: str | bytes, **environ: str) -> list[str]:
    raw = content.encode() if isinstance(content, str) else content
    try:
        return [str(mistake) for mistake in read(raw, "f.yaml", environ).mistakes]
    except ConfigurationError as error:
        return [str(mistake) for mistake in error.mistakes]


def test_every_key_and_list_item_knows_its_line():
    document = read(b"a:\n  b: 1\n  c:\n    - x\n    - y: 2\n", "f", {})
    assert document.data == {"a": {"b": 1, "c": ["x", {"y": 2}]}}
    assert [document.line(place) for place in [("a", "b"), ("a", "c", 1), ("a", "c", 1, "y"), ()]] == [2, 5, 5, 1]


def test_words_mean_what_yaml_1_2_says_and_keys_are_always_text():
    document = read(b"on: yes\n2600: 12\nx: [true, ~, 1.5, 0x1f, 2024-01-01, '7', 1_0]\n", "f", {})
    assert document.data == {"on": "yes", "2600": 12, "x": [True, None, 1.5, "0x1f", "2024-01-01", "7", "1_0"]}


def test_variables_are_expanded_in_values_and_remembered_as_written():
    document = read(b"u: 'https://${HOST}/$$x$y'\nk${HOST}: ${N}\n", "f", {"HOST": "h", "N": "5"})
    assert document.data == {"u": "https://h/$x$y", "k${HOST}": "5"}
    assert isinstance(document.data["u"], Expanded)
    assert document.as_written(("u",)) == "https://${HOST}/$$x$y"


def test_a_dollar_alone_makes_no_secret_of_a_string():
    assert not isinstance(read(b"a: ^x$\nb: $$\n", "f", {}).data["b"], Expanded)


def test_a_variable_that_is_not_set_is_a_mistake_with_its_line():
    assert faults("a: 1\nb: ['${NOPE}']\n") == [
        "f.yaml:2: b[0]: the environment variable NOPE is not set; set it, or write $$ for a literal dollar"
    ]
    assert "begins no variable" in faults("a: '${no pe}'")[0]


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("a:\n\tb: 1\n", 2, "tab"),
        ("a: b: c\n", 1, "in quotes"),
        ("a: 'x\nb: 1\n", 1, "quote"),
        ("a: [1, 2\nb: 3\n", 2, "bracket"),
        ("a: 1\n b: 2\n", 2, "quotes"),
        ("a: *x\n", 1, "not defined"),
        ("a: @x\n", 1, "must be in quotes"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ('a: "\\q"\n', 1, "single quotes"),
        ("a: - x\n", 1, "list item"),
        ("- a\n- b\n", 1, "a mapping is needed"),
        ("just words\n", 1, "a mapping is needed"),
        ("a: 1\nb: x\x07y\n", 2, "U+0007"),
        ("a: !x 1\n", 1, "tags"),
        ("a: !!set {x}\n", 1, "tags"),
        ("a: {<<: 3}\n", 1, "`<<` needs a mapping"),
        ("? [x]\n: 1\n", 1, "a key must be"),
        ("a: b\nc\nd: e\n", 2, "without its ':'"),
        ("a:\n  b:x\n  c: 1\n", 2, "after the colon of 'b:'"),
        ("a: 1\nb:https://x\nc: 2\n", 2, "after the colon of 'b:'"),
        ("a: [\n  https://x\nb: 1\n", 3, "bracket"),
        ("- a:x\n  b: 1\n", 1, "after the colon of 'a:'"),
        ("a: [.x, #y]\nb: 1\n", 1, "'#' begins a comment"),
        ("a:\n  - [#y]\n", 2, "'#' begins a comment"),
        ("a: 1\nb: { c: #y }\nd: 1\ne: 2\n", 2, "'#' begins a comment"),
        ("a: [1, 2] #y\nb: [1, 2\nc: 3\n", 3, "bracket"),
        ("a: [1, 2\nb: 3 # no text\n", 2, "bracket"),
        (b"a: 1\nb: caf\xe9\n", 2, "not UTF-8"),
        (b"\xff\xfea\x00", 1, "not UTF-8"),
    ],
)
def test_what_is_no_yaml_is_faulted_with_its_line_and_a_remedy(content: str | bytes, line: int, words: str):
    (fault,) = faults(content)
    assert fault.startswith(f"f.yaml:{line}: ")
    assert words in fault


@pytest.mark.parametrize("content", ["", "# only a comment\n", "\ufeff", "---\n", "~\n"])
def test_an_empty_file_is_a_mistake_unless_it_may_be_empty(content: str):
    assert "the file is empty" in faults(content)[0]
    assert read(content.encode(), "f", {}, may_be_empty=True).data == {}


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm():
    document = read("\ufeffa: 1\r\nb: 2\r\n".encode(), "f", {})
    assert (document.data, document.line(("b",))) == ({"a": 1, "b": 2}, 2)


def test_all_keys_given_twice_are_reported():
    assert faults("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n") == [
        "f.yaml:5: a: this key is given twice, first on line 1; remove one of them",
        "f.yaml:4: b.c: this key is given twice, first on line 3; remove one of them",
    ]


def test_merge_keys_fill_in_what_the_mapping_does_not_say_itself():
    document = read(b"x: &x {a: 1, b: '${V}'}\ny: {<<: *x, a: 2}\nz: {<<: [*x, {c: 3}]}\n", "f", {"V": "v"})
    assert document.data["y"] == {"a": 2, "b": "v"}
    assert document.data["z"] == {"a": 1, "b": "v", "c": 3}
    assert document.as_written(("y", "b")) == "${V}"


def test_aliases_that_multiply_end_soon_and_say_so():
    lines = ["l0: &l0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 12)]
    (fault,) = faults("\n".join(lines))
    assert "repeat far too many values" in fault


@pytest.mark.parametrize(
    "content",
    ["a: &a [*a]\n", "a: &a {<<: *a}\n", "a: " + "[" * 60 + "]" * 60, "a: " + "[" * 1000, "a: " + "{a: " * 1000],
)
def test_nesting_without_end_is_refused(content: str):
    (fault,) = faults(content)
    assert "nested too deeply" in fault or "bracket" in fault or "does not fit" in fault


def test_a_file_that_cannot_be_opened_is_a_mistake(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="there is no such file; `aggregator init`"):
        read_file(tmp_path / "none.yaml", {})
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_file(tmp_path, {})


def test_a_file_far_too_large_is_refused(tmp_path: Path):
    (tmp_path / "f.yaml").write_bytes(b"#" * 20_000_001)
    with pytest.raises(ConfigurationError, match="larger than 20 MB"):
        read_file(tmp_path / "f.yaml", {})


@settings(max_examples=150)
@given(st.text())
def test_escaping_a_text_makes_expansion_give_it_back(text: str):
    expanded, complaints = expand(escape(text), {})
    assert (expanded, complaints) == (text, ())


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=60), st.text(alphabet="a:-[]{}&*<#'\"|> \n\t!%0${}", max_size=40)))
def test_any_bytes_are_read_or_refused(content: bytes | str):
    faults(content)
