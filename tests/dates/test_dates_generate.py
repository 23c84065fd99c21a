"""The generator of the names, with a small locale instead of Babel's."""

from types import SimpleNamespace

from aggregator.dates._generate import clean_name, describe_language, order_of_numbers, with_cuts

MONTHS = """janvier février mars avril mai juin juillet août septembre octobre novembre décembre
"""
DAYS = """lundi mardi mercredi jeudi vendredi samedi dimanche"""


def locale(pattern="dd/MM/y"):
    months, days = dict(enumerate(MONTHS.split(), 1)), dict(enumerate(DAYS.split()))
    halves = {"am": "AM", "pm": "p.m."}
    return SimpleNamespace(
        months={"format": {"wide": months, "abbreviated": {}}, "stand-alone": {"wide": {1: "1月", 2: "x"}}},
        days={"format": {"wide": days}, "stand-alone": {}},
        day_periods={"format": {"wide": {"am": None}, "abbreviated": halves}},
        date_formats={"short": SimpleNamespace(pattern=pattern)},
    )


def test_a_language_has_folded_names_cuts_halves_and_an_order():
    row = describe_language([locale(), locale("M/d/yy")])
    assert row["months"][1] == ["fev", "fevr", "fevrier"]
    assert row["months"][5] == ["juin"]
    assert row["days"][0] == ["lun", "lund", "lundi"]
    assert (row["am"], row["pm"], row["order"]) == (["am"], ["pm"], "dmy")


def test_the_order_is_that_of_the_short_pattern():
    assert [order_of_numbers(locale(pattern)) for pattern in ("d.MM.yy 'г'.", "M/d/yy", "y. MM. dd.")] == [
        "dmy",
        "mdy",
        "ymd",
    ]


def test_names_lose_dots_and_prepositions_and_numbers_are_no_names():
    assert [clean_name(name) for name in ("de gener", "terça-feira", "ม.ค.", "tháng 6", "a. m.", None)] == [
        "gener", "terca feira", "มค", "", "am", "",
    ]  # fmt: skip


def test_a_cut_that_is_another_month_in_english_is_left_out():
    months = [set() for _ in range(12)]
    months[10] = {"marraskuu"}
    assert with_cuts(months)[10] == ["marr", "marraskuu"]
