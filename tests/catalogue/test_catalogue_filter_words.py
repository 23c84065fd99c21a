import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.catalogue.filter_words import pattern
from aggregator.text.letters import fold_letters


def found(word: str, text: str) -> bool:
    return re.search(pattern(word), fold_letters(text), re.IGNORECASE) is not None


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("go", "Learning Go, quickly"),
        ("C++", "C++20 is here"),
        (".net", "the .NET runtime"),
        ("machine learning", "Machine\n  learning"),
        ("мир", "Война и Мир"),
        ("ΑΘΗΝΑ", "η αθηνα"),
        ("ایران", "در ایران، امروز"),
        ("go", "使用go编程"),
        ("日本", "東日本大震災"),
        ("ประเทศ", "ในประเทศไทย"),
        ("서울", "서울은 크다"),
        ("हिंदी", "यह हिंदी है"),
        ("a.b", "a.b"),
        ("STRASSE", "auf der Straße"),
        ("straße", "AUF DER STRASSE"),
        ("GROẞ", "groß und klein"),
        ("istanbul", "İSTANBUL'da"),
        ("ISPARTA", "yarın ısparta"),
        ("Diyarbakır", "DİYARBAKIR"),
        ("office", "the oﬃce"),
        ("ﬁnal", "FINAL"),
        ("ΟΔΟΣ", "στην οδος"),
        ("οδος", "ΟΔΟΣ"),
        ("python", "Ｐｙｔｈｏｎ 3"),
        ("バス", "市内ﾊﾞｽの"),
        ("2026", "２０２６年"),
        ("python", "𝐏ython"),
        ("henry iv", "Henry Ⅳ"),
        ("straßenbahn", "Straßen­bahn"),
        ("kelvin", "Kelvin"),
        ("café", "CAFÉ"),
        ("python", "Python™"),
        ("acme", "ACMEⓡ®"[:4] + "®"),
    ],
)
def test_a_word_is_found_as_readers_would_find_it(word: str, text: str):
    assert found(word, text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("go", "good"),
        ("go", "ergo"),
        ("мир", "мирный"),
        ("ایران", "ایرانی"),
        ("a.b", "axb"),
        ("machine learning", "machinelearning"),
        ("5", "2025"),
        ("go", "go­od"),
        ("mass", "maßße"),
        ("sigma", "sigmaς"),
    ],
)
def test_a_word_is_not_found_inside_another(word: str, text: str):
    assert not found(word, text)


@settings(max_examples=150)
@given(st.text(min_size=1).filter(lambda text: text.strip() and text.isprintable()))
def test_every_word_is_found_in_itself(word: str):
    assert found(word, word)
    assert found(word, word.lower())


@settings(max_examples=150)
@given(st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=8))
def test_a_word_is_found_whichever_case_it_and_the_text_are_in(word: str):
    forms = (word, word.lower(), word.upper(), word.casefold())
    for text in forms:
        for typed in forms:
            assert found(typed, f"in {text} it is")
