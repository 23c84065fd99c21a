"""Editors' patterns find what Python's `re` finds, and nothing keeps them busy for long."""

from __future__ import annotations

import re
import time

import pytest
import regex

from aggregator.patterns import SECONDS, can_stall, guard_pattern, read_template, search
from aggregator.patterns.exact import has_nested_repeats, translate
from aggregator.patterns.search import STRIKES

PATTERNS = (
    r"\bÖl\b", r"^\w+$", r"(?=.*foo)bar+", r"(?<!a)b+", r"straße+", r"ſ+", r"İ+", r"i+stanbul", r"k+",
    r"\d+", r"\D+$",
    r"\s+", r"\S+\s\S+$", r"[[:alpha:]]+", r"x{e<=1}+", r"(?P<q>a+)b(?P=q)", r"(a+)b\1", r"(a)?b+(?(1)c|d)",
    r"(a)?b+(?(1)c)", r"(?s:.)+x$", r"(?-i:A)+b", r"(?a)^\w+$", r"(?m)^a+$", r"(?x) a + # c", r"a+?b", r"a++b",
    r"(?>a+)b", r"[^a-z]+$", r"[À-ß]+", r"\w+\Z", r"\Aa+", r"\Ba+", r"x*", r"^$|a+", r"(?:|a)+b",
    r"(a|ab)(c|bcd)*$",
    r"σ+ς", r"µ+", r"[K]+", r".+\.$", r"\u0345+", r"[\w.]+@[\w.]+", r"[-a]+", r"a{,3}b", r"a{2,}", r"(?i)a+",
    r"\N{BULLET}+", r"(\w)\1+", r"(?<=\bx)\w+", r"^\s*$", r"(?u)\w+\b-", r"[^x]*", r"[\s\S]+z",
    r"(?!x)y*", r"[\d\D]+",
    r"(?<!\w)go+(?!\w)", r"a*(?!)", r"(?a:\bé)+", r"[^\w\s]+",
)  # fmt: skip
TEXTS = (
    "", "a", "aab", "Öl", "das Öl!", "Größe", "हिन्दी", "foo bar", "barfoo", "ab", "b",
    "STRASSE straße", "STRAẞE", "s ſ S",
    "İstanbul", "istanbul ISTANBUL ıstanbul", "K \u212a k", "٣٤ 12", "a\nb", "a\n", "\n", "\x1c",
    "[:alpha:]", "::a]",
    "x{e<=1}", "xx", "aabaa", "abc", "bd", "AB", "Ab", "aB", "café", "é", "e\u0301", "ΣΊΣΥΦΟΣ ς σ",
    "\xb5 \u03bc \u039c",
    "mail@example.org", "-a-", "日本語", "東 京", "ß", "ẞ", "ss", "a" * 20 + "b", "A.", "…", "• •", "aa AA", "x y",
    "word-", "ﬀ ﬁ", "ǅ ǆ Ǆ", "ӏ Ӏ", "𐐀 𐐨", "\u2028", "\x85", "a b", "\u200b", "１２", "abcbcd",
    "\u0345 ι Ι", "go good",
)  # fmt: skip
HOSTILE = r"^(a|aa)+$"


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_finds_what_python_finds(pattern: str):
    ours = regex.compile(translate(pattern), regex.VERSION0)
    with pytest.warns(FutureWarning) if "[[" in pattern else _nothing():
        theirs = re.compile(pattern, re.IGNORECASE)
    for text in TEXTS:
        one, other = ours.search(text), theirs.search(text)
        assert (one and one.span()) == (other and other.span()), repr(text)
        assert guard_pattern(pattern).search(text) is (other is not None)


@pytest.mark.parametrize("pattern", [one for one in PATTERNS if "[[" not in one])
def test_what_a_pattern_finds_is_replaced_as_python_does_it(pattern: str):
    theirs = re.compile(pattern, re.IGNORECASE)
    group = r"\1" if theirs.groups else ""
    template = read_template(rf"<{group}>\\", pattern)
    for text in TEXTS:
        expected = theirs.sub(rf"<{group}>\\", text)
        assert guard_pattern(pattern).replace([text], template, 10_000) == [expected], repr(text)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (r"\3", "there is no group 3: the pattern has 2"),
        (r"\g<3>", "there is no group 3: the pattern has 2"),
        (r"\g<dya>", "the pattern has no group 'dya'; it has: day"),
        (r"\g<>", "the pattern has no group ''; it has: day"),
        (r"\g<day", "a backslash before g: write two for one"),
        (r"\.", "a backslash before .: write two for one"),
        ("a\\", "a backslash before nothing: write two for one"),
        (r"\0", "a backslash before 0"),
    ],
)
def test_a_replacement_that_refers_to_nothing_is_a_mistake_in_words(written: str, reason: str):
    with pytest.raises(re.error, match=re.escape(reason)):
        read_template(written, r"(?P<day>\d+)\. (\w+)")


def test_a_replacement_that_takes_too_long_is_given_up_for_all_texts_together_and_not_tried_again():
    pattern = guard_pattern(HOSTILE)
    pattern.stalled.clear()
    template = read_template("y", HOSTILE)
    assert pattern.replace(["aa", "b"], template, 10) == ["y", "b"]
    texts = ["a" * 14 + "b"] * 100_000  # each of them is quick
    begin = time.process_time()
    assert pattern.replace(texts, template, 10_000_000) is None
    assert time.process_time() - begin < 20 * SECONDS
    begin = time.process_time()
    assert pattern.replace(texts, template, 10_000_000) is None
    assert time.process_time() - begin < SECONDS / 2
    pattern.stalled.clear()


def test_time_that_ends_between_two_texts_ends_the_replacing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search, "SECONDS", 0.0)
    pattern = search.GuardedPattern(pattern="z+", _plain=None, _stoppable=regex.compile("z+"))
    assert pattern.replace(["z"], read_template("y", "z+"), 10) is None


@pytest.mark.parametrize("pattern", ["a", "a+"])
def test_what_would_become_too_long_is_not_made(pattern: str):
    template = read_template("bcd", pattern)
    assert guard_pattern(pattern).replace(["a-a", "x"], template, 8) == ["bcd-bcd", "x"]
    assert guard_pattern(pattern).replace(["a-a", "x"], template, 7) is None


class _nothing:  # noqa: N801 # stands for contextlib.nullcontext, whose value mypy dislikes here
    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


def test_a_search_that_takes_too_long_is_given_up_and_not_tried_again_on_that_text():
    pattern = guard_pattern(HOSTILE)
    pattern.stalled.clear()
    text = "a" * 5000 + "b"
    begin = time.process_time()
    assert pattern.search(text) is None
    assert time.process_time() - begin < 20 * SECONDS
    begin = time.process_time()
    assert pattern.search(text) is None
    assert time.process_time() - begin < SECONDS / 2
    assert pattern.search("aaa") is True
    assert pattern.search("aab") is False


def test_a_pattern_that_stalls_often_gets_less_time_but_still_judges_other_texts():
    pattern = guard_pattern(HOSTILE)
    pattern.stalled.clear()
    for number in range(STRIKES):
        assert pattern.search("a" * (3000 + number) + "b") is None
    begin = time.process_time()
    for number in range(100):
        assert pattern.search("a" * (4000 + number) + "b") is None
    assert time.process_time() - begin < 100 * SECONDS / 2
    assert pattern.search("a") is True


@pytest.mark.parametrize(
    "pattern", [r"^(a+)+$", HOSTILE, r"(x+x+)+y", r"^(\w+\s?)*$", r"(\d+[.,]?)+ euro", r"(?:(a*)b?)*"]
)
def test_a_pattern_that_can_take_too_long_is_known_beforehand(pattern: str):
    assert can_stall(pattern)


@pytest.mark.parametrize(
    "pattern",
    [r"^Ask HN", r"\bfoo.*bar\b", r"(foo|bar)*baz", r"^live:?\s*\w+.*$", "python", r"(?=.*a)b"],
)
def test_an_ordinary_pattern_is_not_suspected(pattern: str):
    assert not can_stall(pattern)


def test_what_repeats_inside_a_condition_is_seen_too():
    assert has_nested_repeats(r"(x)?(?=((a+)+))")
    assert guard_pattern(r"(x)?(?(1)a+|b)")._plain is None


def test_what_is_no_pattern_is_told_as_python_tells_it():
    with pytest.raises(re.error):
        guard_pattern("(a+")


def test_of_texts_that_stall_a_pattern_only_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search, "_REMEMBERED", 2)
    pattern = guard_pattern("^(b|bb)+$")
    for length in (4001, 4002, 4003):
        assert pattern.search("b" * length + "a") is None
    assert len(pattern.stalled) == 1


def test_what_only_one_of_the_two_libraries_reads_is_no_pattern(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise regex.error("too odd")

    monkeypatch.setattr(regex, "compile", refuse)
    with pytest.raises(re.error, match="within a limit"):
        guard_pattern("(never|met)+before")
