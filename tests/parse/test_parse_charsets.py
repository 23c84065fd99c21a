"""Bytes -> text, whatever the labels say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.parse.charsets import twice
from aggregator.parse.charsets.decode import decode, decode_page

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
    decoded = decode(declared("euc-jp", "").encode() + JAPANESE.encode("euc-jp") + b"\xff\xff" * 2, "")

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


POLISH = "<title>Żegluga wznowiona, łódź płynie do Świnoujścia w środę</title>"
SWEDISH = "<title>Västerås: färjan går åter på lördag, säger bönderna</title>"
WESTERN = {
    "German": "„Spaß“ über Straßen, Gäste und Züge – für 5 €",
    "French": "« Où étaient les élèves ? » a demandé le maître, l’été dernier",
    "Spanish": "¿Dónde está el niño? La canción del año, según él",
    "Portuguese": "“Não há maré”: a inundação atingiu três aldeias à beira-mar",
    "Swedish": "Västerås: färjan går åter på lördag",
    "Danish": "Færgen går igen på lørdag, siger øens beboere på ærø",
    "Icelandic": "Ferjan siglir aftur á þriðjudaginn, segja íbúar eyjarinnar með ánægju",
    "English": "A café in £ and ½ é",
    "capitals": "LA CANCIÓN DEL AÑO: ¡MÁS ÚTIL Y MÁS FÁCIL!",
    "one letter": "é",
    "bullets": "••••• ———— »»» ©",
}


@pytest.mark.parametrize("text", WESTERN.values(), ids=WESTERN)
@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252"])
@pytest.mark.parametrize("place", ["declaration", "header", "page"])
def test_a_western_label_stands_where_the_bytes_make_sense_under_it(text: str, label: str, place: str):
    body = text.encode("cp1252")
    if place == "declaration":
        assert decode(declared(label, "").encode() + body, "").text == declared(label, text)
    elif place == "header":
        assert decode(body, f"text/xml; charset={label}").text == text
    else:
        page = f"<html><head>{'<script></script>' * 400}<meta charset={label}>"
        assert decode_page(page.encode() + body, "text/html").text == page + text


@pytest.mark.parametrize("label", ["koi8-r", "windows-1251", "iso-8859-7", "windows-1255", "shift_jis", "tis-620"])
def test_a_label_under_which_french_makes_no_sense_does_not_stand(label: str):
    text = "<title>Été à la plage : l’élève préféré a déjà réservé</title>"

    assert decode(declared(label, text).encode("cp1252"), "").text == declared(label, text)


@pytest.mark.parametrize("text", [RUSSIAN, "<title>Λιμάνι: η παλίρροια του πρωινού</title>"])
def test_small_letters_where_capitals_belong_tell_two_cyrillic_labels_apart(text: str):
    encoding = "cp1251" if text == RUSSIAN else "iso8859-7"
    wrong = "koi8-r" if text == RUSSIAN else "iso-8859-1"

    assert decode(declared(wrong, text).encode(encoding), "").text == declared(wrong, text)


@pytest.mark.parametrize(("said", "served"), [("koi8-r", "windows-1251"), ("windows-1251", "koi8-r")])
def test_of_two_labels_the_one_stands_under_which_the_bytes_make_sense(said: str, served: str):
    text = declared(said, "<title>Паром Снова Ходит</title>")

    for encoding in ("cp1251", "koi8-r"):
        assert decode(text.encode(encoding), f"text/xml; charset={served}").text == text


def test_of_two_labels_that_both_make_sense_the_likelier_stands_else_that_of_the_header():
    text = declared("iso-8859-2", POLISH)

    assert decode(text.encode("cp1250"), "text/xml; charset=windows-1250").text == text
    assert decode(text.encode("iso8859-2"), "text/xml; charset=windows-1250").text == text
    assert decode(declared("iso-8859-2", "é").encode("cp1252"), "; charset=iso-8859-15").encoding == "iso8859-15"


def test_an_ascii_label_says_nothing_of_bytes_that_are_not_ascii():
    decoded = decode(declared("us-ascii", POLISH).encode("cp1250"), "")

    assert POLISH in decoded.text
    assert decoded.warnings == ("The document was labelled ascii, but was read as cp1250.",)


def test_utf_8_with_a_foreign_byte_is_utf_8_whatever_its_label():
    body = declared("windows-1250", POLISH).encode() + b"<p>\x84Tak</p>"

    assert decode(body, "").text.endswith(f"{POLISH}<p>„Tak</p>")


def test_sources_in_two_encodings_in_one_document_are_both_read():
    body = SWEDISH.encode() + SWEDISH.encode("cp1252")

    assert decode(body, "text/xml; charset=iso-8859-1").text == SWEDISH * 2
    assert decode(body, "").text == SWEDISH * 2


@pytest.mark.parametrize("text", [RUSSIAN, SWEDISH, "<p>Tea</p><p>Caf\u00e9", "<p>\U0001f6a2"])
def test_a_document_that_ends_within_a_character_is_utf_8(text: str):
    body = text.encode()
    last = max(place for place, byte in enumerate(body) if byte > 0xBF)

    for kept in range(last + 1, len(body)):
        if body[kept] < 0x80:
            break
        decoded = decode(body[:kept], "")
        assert decoded.text == body[:last].decode() + "\ufffd"
        assert decoded.warnings == ("Some bytes were not valid UTF-8 and were replaced.",)


def test_a_western_word_before_a_quotation_mark_is_no_utf_8():
    text = "<title>Viel Spaß“ im Fluß… und Gruß”</title>"

    assert decode(text.encode("cp1252"), "").text == text


@pytest.mark.parametrize(
    ("label", "encoding", "text"), [("gb2312", "gb18030", "通学"), ("tis-620", "cp874", "ยก")]
)
def test_two_characters_that_are_valid_utf_8_by_chance_are_what_their_label_says(
    label: str, encoding: str, text: str
):
    assert decode(text.encode(encoding), f"text/xml; charset={label}").text == text
    assert decode("通学の".encode(), f"text/xml; charset={label}").text == "通学の"
    assert decode("naïve, über, café, señor".encode(), f"text/xml; charset={label}").encoding == "utf-8"


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        ("x-cp1251", "cp1251"),
        ("win-1251", "cp1251"),
        ("Windows1251", "cp1251"),
        ("cp-1251", "cp1251"),
        ("koi8", "koi8-r"),
        ("x-mac-cyrillic", "mac-cyrillic"),
    ],
)
def test_labels_are_understood_in_the_spellings_that_browsers_know(charset: str, name: str):
    assert decode("порт".encode(name), f"text/xml; charset={charset}").text == "порт"


@pytest.mark.parametrize(
    "meta", ['<meta charset="windows-1251">', "<META http-equiv=x content='a; charset=cp1251'>"]
)
def test_a_page_is_read_by_its_header_then_by_its_meta(meta: str):
    assert decode_page(f"{meta}порт".encode("cp1251"), "text/html").text == f"{meta}порт"
    assert decode_page(f"{meta}порт".encode("koi8-r"), "text/html; charset=koi8-r").text == f"{meta}порт"


def test_a_declaration_counts_though_something_stands_before_it():
    text = "\n<!-- made by hand -->\n" + declared("koi8-r", "порт")

    assert decode(text.encode("koi8-r"), "").text == text


def test_where_nothing_makes_sense_the_label_stands():
    body = bytes(range(0x80, 0x100)) * 3

    assert decode(body, "text/xml; charset=iso-8859-5").encoding in {"iso8859-5", "cp1251"}
    assert decode("￿".encode("utf-16-be") * 3 + b"\xff\xfd" * 9, "; charset=euc-kr").text


def test_characters_that_were_written_as_two_halves_are_one():
    halves = "\U0001f6a2".encode("utf-16-be").decode("utf-16-be").encode("utf-16-le")
    cesu = b"".join(
        chr(int.from_bytes(halves[at : at + 2], "little")).encode("utf-8", "surrogatepass") for at in (0, 2)
    )

    assert decode(b"<title>The " + cesu + b" is back</title>", "").text == "<title>The \U0001f6a2 is back</title>"


def taken_for_windows_1252(text: str) -> str:
    """What a program makes of UTF-8 that it takes for windows-1252; bytes that mean nothing there stay."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize("text", [RUSSIAN, KOREAN, POLISH, SWEDISH, "<p>It’s “déjà vu” – again…</p>", FRENCH * 3])
def test_text_that_was_encoded_twice_is_read_as_it_was_meant(text: str):
    decoded = decode(taken_for_windows_1252(text).encode(), "text/xml; charset=utf-8")

    assert decoded.text == text
    assert decoded.warnings == ("The text had been encoded twice and was read as it was meant.",)


def test_ascii_was_not_encoded_twice():
    assert twice.undo_double_encoding("The ferry is back") is None


@pytest.mark.parametrize(
    "text",
    [
        "<title>Why does Ã© stand for é, and â€™ for ’?</title><title>Ã©Ã©Ã©Ã©</title>",
        "<title>How to mend â€™</title>" + "x" * 50,
        "<title>NÃO ÃÃÃÃ ÂÂÂÂ ââââ ÐÐÐÐÐ</title>",
        "<title>Âge, Ãëñ, “Ðëà” — naïveté, ça va</title>",
    ],
)
def test_text_that_only_speaks_of_that_stays_as_it_stands(text: str):
    assert decode(text.encode(), "").text == text
