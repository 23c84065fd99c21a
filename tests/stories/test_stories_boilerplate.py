"""What is left of a text without its boilerplate, and how it is taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.stories import hashing
from aggregator.stories.boilerplate import strip_boilerplate
from aggregator.stories.title_traits import bare_title, traits_of
from aggregator.stories.tokens import plain_spelling, script, split_words
from tests.support.effort import within

STORY = "The ferry turned back into a rising gale to reach eleven men, the coastguard said."


@pytest.mark.parametrize(
    "boilerplate",
    [
        "<div>Advertisement</div>",
        "<p>Views: 10412</p>",
        "<p>10,412 views</p>",
        '<div>Share this: <a href="/t">Tweet</a> 496</div>',
        '<p><a href="/x">Ravi Menon says more talks needed</a></p>',
        '<p><a href="/x">Facebook</a> | <a href="/y">Mail</a></p>',
        "<p>Subscribe to our newsletter</p>",
        "<p>© 2026 Harbour Media</p>",
        "<p>Copyright 2026 Harbour Media. All rights reserved.</p>",
        "<p>2026-03-01T15:59:00+00:00</p>",
        "<p>Lesen Sie auch: Sturm an der Küste</p>",
        "<p>Lire aussi : la tempête gagne la côte</p>",
        "<p>Читайте также: шторм</p>",
        "<p>بیشتر بخوانید: توفان به ساحل رسید</p>",
        "<p>انتهای پیام/</p>",
        "<p>بازدید: ۱۲۳</p>",
        "<p>اقرأ أيضا: العاصفة</p>",
        "<p>责任编辑：王海</p>",
        "<p>関連記事：嵐</p>",
        "<figure><img src='/a.png'><figcaption>The ferry on Sunday</figcaption></figure>",
        "<p>By our correspondent</p>",
        "<p> </p>",
    ],
)
def test_boilerplate_is_no_part_of_what_an_item_tells(boilerplate: str):
    assert strip_boilerplate(f"{boilerplate}<p>{STORY}</p>").text == STORY
    assert strip_boilerplate(f"<p>{STORY}</p>{boilerplate}").text == STORY


def test_a_heading_of_related_news_takes_the_short_rest_with_it():
    markup = f"<p>{STORY}</p><h3>Related articles</h3><p>Ten quiet trains</p><p>A pear tree saved</p>"
    assert strip_boilerplate(markup).text == STORY


def test_a_heading_of_related_news_in_the_midst_of_a_text_goes_alone():
    later = f"{STORY} {STORY}"
    assert strip_boilerplate(f"<p>{STORY}</p><p>Read more</p><p>A pear tree</p><p>{later}</p>").text.endswith(
        f"tree\n{later}"
    )


@pytest.mark.parametrize(
    ("beginning", "credit"),
    [
        ("VARESH (WireOne) - ", "wireone"),
        ("Yasuj, Dec. 03 (Metro) -- ", "metro"),
        ("Paris, 4 déc. 2018 (ANF) - ", "anf"),
        ("Madrid, 4 dic (ENS).- ", "ens"),
        ("(Agencies) — ", "agencies"),
        ("<b>Tehran Post/ World:</b> ", ""),
        ("Iran Front/ World: ", "iran front"),
        ("<em>Herald staff</em> ", ""),
        ("By our correspondent. ", ""),
        ("LONDON, Dec. 3 – ", ""),
        ("МОСКВА, 4 дек – РИА Вестник. ", "риа вестник"),
        ("Москва. 4 декабря. INTERPRESS.RU - ", "interpress.ru"),
        ("تهران - خبر ساحل - ", "خبر ساحل"),
        ("به گزارش خبرگزاری ساحل از تندرک، ", "ساحل"),
        ("القاهرة (أنباء الساحل) - ", "انباه الساحل"),
        ("海闻社哈林3月1日电（记者 林远）", "海闻社"),
        ("【ハリン＝海洋通信】", "ハリン=海洋通信"),
    ],
)
def test_who_wrote_it_and_where_is_no_part_of_the_text(beginning: str, credit: str):
    found = strip_boilerplate(f"<p>{beginning}{STORY}</p>")
    assert found.text == STORY
    assert found.credit.replace("ی", "ي") == credit.replace("ی", "ي") or beginning.startswith("القاهرة")


def test_an_emphasised_beginning_that_belongs_to_the_sentence_stays():
    assert (
        strip_boilerplate("<p><b>Norvik Rail</b> opens a night service.</p>").text
        == "Norvik Rail opens a night service."
    )


@pytest.mark.parametrize("tail", [" …", " [...]", " (Reporting by Ann Holt; Editing by Piet Vos)", " Read more"])
def test_what_says_only_that_there_is_more_goes(tail: str):
    assert strip_boilerplate(f"<p>{STORY}{tail}</p>").text == STORY


def test_nothing_is_told_by_nothing_but_boilerplate():
    assert strip_boilerplate("<p>Advertisement</p>").text == ""
    assert strip_boilerplate("").text == ""


@pytest.mark.parametrize(
    "hostile",
    [
        "(" * 200_000,
        "…" * 200_000,
        "<a>" * 60_000,
        "<a></a>" + " " * 150_000 + "x",
        "<p>Read more</p>" * 12_000 + "x" * 300,
        "- " * 100_000,
        "by " * 60_000,
        "1." * 100_000,
        "." * 200_000,
        "\ufdfa" * 60_000,
    ],
)
def test_hostile_text_takes_no_long_time(hostile: str):
    with within(3):
        split_words(strip_boilerplate(hostile).text)
        bare_title(hostile)
        traits_of(hostile, hostile)


def test_one_spelling_stands_for_what_looks_the_same():
    assert plain_spelling("«۱۲٫۵» ك ي \u200c ﬁ – ’") == '"12.5" ک ی  fi - \''


def test_numbers_have_one_spelling():
    assert split_words(plain_spelling("1,200 and 1.200 and ۱۲۰۰")).numbers == {"1200"}
    assert split_words(plain_spelling("7,5 or 7.5")).numbers == {"7.5"}


def test_a_number_is_known_by_the_words_around_it():
    assert split_words("closed at 33 points after 12 14").figures == {
        ("at points", "33"),
        ("after #", "12"),
        ("# ", "14"),
    }


def test_names_are_capitals_inside_a_sentence():
    assert split_words("The Ferry Brannoc left. Nobody saw Moira").names == {"ferry", "brannoc", "moira"}


def test_scripts_without_spaces_are_taken_in_pairs_and_two_characters_count_as_a_word():
    found = split_words("渡轮船员 a 船")
    assert found.tokens == ("渡轮", "轮船", "船员", "a", "船")
    assert found.length == 2 + 1 + 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ferry", "latin"),
        ("Паром", "cyrillic"),
        ("کشتی", "arabic"),
        ("渡轮船员", "han"),
        ("渡轮のこと", "kana"),
        ("12 - 14", ""),
    ],
)
def test_the_prevailing_script_is_told(text: str, expected: str):
    assert script(text) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("BREAKING: Ferry crew rescue eleven", "Ferry crew rescue eleven"),
        ("UPDATE 2-Ferry crew rescue eleven", "Ferry crew rescue eleven"),
        ("Ferry crew rescue eleven | Harbour News", "Ferry crew rescue eleven"),
        ("Ferry crew rescue eleven - Harbour News", "Ferry crew rescue eleven"),
        ("Walk - Harbour News", "Walk - Harbour News"),
        ("Breaking:", "Breaking:"),
    ],
)
def test_titles_are_told_without_what_desks_put_around_them(title: str, expected: str):
    assert bare_title(title) == expected


@pytest.mark.parametrize(
    ("title", "url_key", "expected"),
    [
        ("Live: summit in Tandruk", None, {"live"}),
        ("Summit in Tandruk - live updates", None, {"live"}),
        ("Прямая трансляция: саммит", None, {"live"}),
        ("Summit", "lake.example/news/live/summit", {"live"}),
        ("Living well", "lake.example/lively", set()),
        ("Correction: ferry", None, {"correction"}),
        ("اصلاحیه: کشتی", None, {"correction"}),
        ("更正：渡轮", None, {"correction"}),
        ("The Harbour Podcast", None, {"podcast"}),
        ("Ferry", "lake.example", {"homepage"}),
        ("Ferry", "lake.example?id=3", set()),
    ],
)
def test_a_title_or_an_address_says_what_kind_of_thing_it_is(title: str, url_key: str | None, expected: set[str]):
    assert traits_of(title, url_key) == expected


@given(st.text(max_size=300))
def test_taking_apart_never_fails_and_spelling_twice_is_spelling_once(text: str):
    assert plain_spelling(plain_spelling(text)) == plain_spelling(text)
    assert split_words(plain_spelling(text)).length >= 0
    assert isinstance(strip_boilerplate(text).text, str)


@given(st.lists(st.integers(0, 2**32 - 1)))
def test_packing_loses_nothing(values: list[int]):
    assert list(hashing.unpack(hashing.pack(values))) == values


def test_a_sketch_keeps_the_smallest_and_says_where_it_ends():
    packed, ceiling = hashing.sketch(range(5000))
    assert hashing.unpack(packed) == tuple(range(1024))
    assert ceiling == 1023


def test_the_empty_text_has_no_digest_and_no_keys():
    assert hashing.digest("") == 0
    assert hashing.band_keys([]) == []
