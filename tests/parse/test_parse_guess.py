"""Bytes without a label: the encoding that they look like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.parse.charsets.guess import guess_encoding

TEXTS = {
    "cp1250": "Kapitan mówi, że przypływ był wyższy niż zwykle, a łódź już płynie",
    "iso8859-2": "Loď ke břehu přivezla šest žáků, ještě večer odpluje zpět",
    "cp1251": "Паром снова ходит, лёд сошёл раньше срока",
    "koi8-r": "Паром снова ходит, лёд сошёл раньше срока",
    "koi8-u": "Пором знову ходить, крига зійшла раніше, кажуть її мешканці",
    "iso8859-5": "Паром снова ходит, лёд сошёл раньше срока",
    "cp1252": "Où étaient les élèves ? L’été dernier, à la plage, déjà",
    "cp1253": "Το πλοίο ξεκινά πάλι, λέει ο καπετάνιος του λιμανιού",
    "cp1254": "Kaptan, fırtınanın dün gece başladığını söyledi",
    "cp1255": "המעבורת חוזרת לשוט ביום שישי",
    "cp1256": "تعود العبارة إلى العمل يوم الجمعة",
    "cp1257": "Žvejai sako, kad potvynis šįmet buvo didžiausias; mokyklą uždarė",
    "cp1258": "Phà chạy lại từ thứ sáu, thuyền trưởng nói",
    "cp874": "เรือข้ามฟากกลับมาแล่นอีกครั้ง",
    "cp932": "フェリーは金曜日から再び運航する",
    "euc_jp": "フェリーは金曜日から再び運航する",
    "euc_kr": "여객선은 금요일부터 다시 운항한다고 선장이 말했다",
    "gb18030": "渡轮星期五开始恢复航行，船长说",
    "big5hkscs": "渡輪星期五開始恢復航行，船長說",
}


def written(text: str, codec: str) -> bytes:
    if codec == "cp1258":  # which has tones only as characters of their own
        for composed, apart in (("ạ", "a\u0323"), ("ừ", "ư\u0300"), ("ứ", "ư\u0301"), ("ề", "ê\u0300")):
            text = text.replace(composed, apart)
        return text.encode(codec, "ignore")
    return text.encode(codec)


@pytest.mark.parametrize("codec", TEXTS)
def test_a_sentence_is_recognised(codec: str):
    assert guess_encoding(written(TEXTS[codec], codec)) == codec


@pytest.mark.parametrize("codec", TEXTS)
def test_markup_around_it_and_entities_within_it_make_no_difference(codec: str):
    body = (
        b"<rss><item><title>"
        + written(TEXTS[codec], codec)
        + b" &amp; &#8217;s</title><link>https://x.example/</link>"
    )

    assert guess_encoding(body) == codec
    assert guess_encoding(b"<item><![CDATA[" + written(TEXTS[codec], codec) + b"]]></item>") == codec


def test_text_that_stands_in_attributes_only_counts():
    assert guess_encoding(b'<outline text="' + TEXTS["cp1255"].encode("cp1255") + b'"/>') == "cp1255"


@pytest.mark.parametrize("text", ["", "é", "It’s £5", "©", "« Oui »", "so\u00adft hy\u00adphens", "Ä Ö Ü"])
def test_little_that_may_be_western_is_western(text: str):
    assert guess_encoding(text.encode("cp1252")) == "cp1252"


@given(st.binary(max_size=300))
def test_any_bytes_get_an_encoding_that_exists(body: bytes):
    assert isinstance(body.decode(guess_encoding(body), "replace"), str)
