"""Bytes -> text, whatever the labels say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.parse.encoding import decode

RUSSIAN = "<title>Прилив приходит ночью, порт закрыт до утра</title>"
JAPANESE = "<title>フェリーは十一年ぶりにさいかいしたとほうじられている</title>"
KOREAN = "<title>항구가 다시 문을 열었다고 방송이 전했다</title>"
FRENCH = "<title>Été à la plage, déjà</title>"


def declared(name: str, text: str) -> str:
    return f'<?xml version="1.0" encoding="{name}"?>{text}'


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-be"])
@pytest.mark.parametrize("label", ["", "text/xml; charset=iso-8859-1"])
def test_marks_and_zero_bytes_win_over_labels(encoding: str, label: str):
    text = declared("windows-1251", RUSSIAN)

    assert decode(text.encode(encoding), label).text == text


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [
        ("windows-1251", "cp1251", RUSSIAN),
        ("KOI8-R", "koi8-r", RUSSIAN),
        ("Shift_JIS", "cp932", JAPANESE),
        ("euc-jp", "euc-jp", JAPANESE),
        ("iso-2022-jp", "iso-2022-jp", JAPANESE),
        ("euc-kr", "cp949", KOREAN),
        ("gb2312", "gb18030", "<title>港口重新开放：朱镕基</title>"),
        ("iso-8859-1", "cp1252", "<title>“Quoted” — déjà</title>"),
        ("iso-8859-2", "iso-8859-2", "<title>Łódź</title>"),
    ],
)
def test_declared_and_served_encodings_are_believed_where_they_fit(label: str, encoding: str, text: str):
    document = declared(label, text)

    assert decode(document.encode(encoding), "").text == document
    assert decode(text.encode(encoding), f'text/xml; charset="{label}"').text == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", RUSSIAN),
        ("koi8-r", RUSSIAN),
        ("cp932", JAPANESE),
        ("euc-jp", JAPANESE),
        ("cp949", KOREAN),
        ("cp1252", FRENCH),
        ("iso8859-5", RUSSIAN),
        ("iso8859-7", "<title>Η παλίρροια θα είναι υψηλή το πρωί</title>"),
        ("cp1255", "<title>הגאות תהיה גבוהה בבוקר בנמל</title>"),
        ("cp1256", "<title>أخبار اليوم: المد سيكون عاليا في الميناء</title>"),
        ("cp874", "<title>ข่าววันนี้ น้ำขึ้นสูงในท่าเรือ</title>"),
        ("gb18030", "<title>今天的新闻：港口的潮水将会很高，大家要注意安全</title>"),
        ("big5", "<title>今天的新聞：港口的潮水將會很高，大家要注意安全</title>"),
        ("iso-2022-jp", JAPANESE),
    ],
)
@pytest.mark.parametrize("label", ["", "utf-8", "iso-8859-1"])
def test_unlabelled_and_mislabelled_text_is_read_by_its_looks(encoding: str, text: str, label: str):
    decoded = decode(text.encode(encoding), f"text/xml; charset={label}")

    assert decoded.text == text
    assert decoded.warnings or decoded.encoding == "cp1252"


def test_valid_utf_8_is_utf_8_and_a_wrong_label_is_told():
    decoded = decode(declared("windows-1252", FRENCH).encode(), "text/xml; charset=iso-8859-1")

    assert FRENCH in decoded.text
    assert decoded.warnings == ("The document was labelled cp1252, but was read as utf-8.",)


def test_ascii_needs_no_warning():
    assert decode(b"<rss/>", "text/xml; charset=us-ascii").warnings == ()


@pytest.mark.parametrize(
    "label", ["nonsense", "punycode", "unicode_escape", "utf-16", "hex", "a" * 60, "idna", "utf-8-sig", "utf-7"]
)
def test_labels_that_name_no_usable_encoding_count_for_nothing(label: str):
    document = declared(label, FRENCH)

    assert decode(document.encode(), f"text/xml; charset={label}").text == document


def test_a_few_foreign_bytes_in_western_utf_8_become_the_characters_they_meant():
    body = "<p>déjà, été, où, naïve, façade</p>".encode() + b"<p>It\x92s</p>"

    assert decode(body, "").text.endswith("<p>It’s</p>")


def test_a_character_cut_in_half_does_not_become_a_western_letter():
    body = RUSSIAN.encode() + "<p>порт".encode()[:-1]

    assert decode(body, "").text.endswith("пор\ufffd")


def test_what_fits_nothing_is_read_with_replacements():
    decoded = decode(declared("euc-jp", "").encode() + JAPANESE.encode("euc-jp") + b"\xff\xff" * 20, "")

    assert JAPANESE in decoded.text
    assert decoded.encoding == "euc_jp"


@given(st.binary(max_size=200), st.text(max_size=60))
def test_any_bytes_under_any_label_become_text(body: bytes, label: str):
    assert isinstance(decode(body, f"text/xml; charset={label}").text, str)


def test_a_mark_of_utf_8_before_bytes_of_another_encoding_is_no_proof():
    text = declared("windows-1251", RUSSIAN)

    assert decode(b"\xef\xbb\xbf" + text.encode("cp1251"), "").text == text


@pytest.mark.parametrize(
    "encoding", ["cp1251", "koi8-r", "iso8859-5", "cp932", "cp949", "gb18030", "big5", "iso8859-2"]
)
@pytest.mark.parametrize(
    ("said", "served"), [("{}", "utf-8"), ("utf-8", "{}"), ("{}", "iso-8859-1"), ("iso-8859-1", "{}")]
)
def test_header_and_declaration_may_contradict_each_other_either_way(encoding: str, said: str, served: str):
    texts = {"cp932": JAPANESE, "cp949": KOREAN, "gb18030": "<title>港口</title>", "big5": "<title>港口</title>"}
    text = declared(
        said.format(encoding), texts.get(encoding, "<title>Łódź</title>" if "-2" in encoding else RUSSIAN)
    )

    assert decode(text.encode(encoding), f"text/xml; charset={served.format(encoding)}").text == text
