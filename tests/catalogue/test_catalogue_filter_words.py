import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.catalogue.filter_words import pattern


def found(word: str, text: str) -> bool:
    return re.search(pattern(word), text, re.IGNORECASE) is not None


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
    ],
)
def test_a_word_is_not_found_inside_another(word: str, text: str):
    assert not found(word, text)


@settings(max_examples=150)
@given(st.text(min_size=1).filter(lambda text: text.strip() and text.isprintable()))
def test_every_word_is_found_in_itself(word: str):
    assert re.search(pattern(word), unicodedata.normalize("NFC", word.strip())) is not None
