"""Writes `names.json`, the month and weekday names of the world's news languages.

Run by hand where Babel is installed, which is no dependency of this program:

    python -m aggregator.dates._generate > aggregator/dates/names.json

The names are facts from the Unicode Common Locale Data Repository, read through Babel (2.18, CLDR 47). For each
language the file holds, folded by `text.fold_word`: twelve lists of month names, seven lists of weekday names
(Monday first), the words for the two halves of the day, and the order of a numeric date. Forms taken: wide,
abbreviated and short, within a date (genitive in many languages) and standing alone; cut to three and four
letters as well where that is unique in the language, because many programs abbreviate so.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from aggregator.dates.spelling import fold_word, tidy

_PLAIN = """
af be bg bn bs ca cs cy da el et eu fi fil gl gu he hi hr hu hy id is ja ka kk km kn ko ky lo lt lv mk ml mn mr ms
mt my ne nl pa pl ps ru si sk sl sq sv sw ta te tg th tr uk ur vi
"""
LANGUAGES: Mapping[str, tuple[str, ...]] = {
    **{code: (code,) for code in _PLAIN.split()},
    "ar": ("ar", "ar_DZ", "ar_TN", "ar_MA", "ar_IQ", "ar_LB", "ar_MR"),
    "az": ("az", "az_Cyrl"),
    "en": ("en", "en_GB", "en_AU", "en_CA", "en_IN"),
    "es": ("es", "es_MX", "es_AR", "es_PE", "es_US"),
    "fa": ("fa", "fa_AF"),
    "fr": ("fr", "fr_CA", "fr_CH"),
    "de": ("de", "de_AT"),
    "it": ("it", "it_CH"),
    "nb": ("nb", "nn"),
    "pt": ("pt", "pt_PT"),
    "ro": ("ro", "ro_MD"),
    "sr": ("sr", "sr_Latn", "sr_Latn_ME", "sr_Cyrl_BA"),
    "uz": ("uz", "uz_Cyrl"),
    "zh": ("zh", "zh_Hant", "zh_Hant_HK"),
}
"""Our code of a language: the locales whose names it takes."""

_ORDERED = """
en_US en_GB en_AU en_CA en_IE en_IN en_NZ en_PH en_ZA en_SG en_HK en_NG en_KE es_US es_PR es_PA fr_CA fr_CH pt_PT
"""
_WIDTHS = ("wide", "abbreviated", "short")
_LEADING = re.compile("^(?:de |יום )")
_JOINED = {ord("."): None, ord("-"): " ", ord("/"): " "}
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CUT = re.compile("^[a-zа-яёіїєґα-ω]{4,}$")


def main() -> None:  # pragma: no cover # needs Babel
    """Read CLDR through Babel and print the file."""
    babel, data = importlib.import_module("babel"), importlib.import_module("babel.localedata")

    def load(code: str) -> Any:
        data._cache.clear()  # noqa: SLF001 # aliases resolved for one locale leak into the next
        locale = babel.Locale.parse(code)
        _names([locale.months], range(1, 13)), _names([locale.days], range(7))  # resolves the aliases
        return locale

    rows = {
        code: describe_language([load(locale) for locale in locales])
        for code, locales in sorted(LANGUAGES.items())
    }
    for locale in _ORDERED.split():
        rows[locale.replace("_", "-").lower()] = {"order": order_of_numbers(load(locale))}
    lines = (f"{json.dumps(code)}: {json.dumps(row, ensure_ascii=False)}" for code, row in rows.items())
    sys.stdout.write("{\n" + ",\n".join(lines) + "\n}\n")


def describe_language(locales: Iterable[Any]) -> dict[str, Any]:
    """Everything about one language.

    Args:
        locales: Babel locales (anything with `months`, `days`, `day_periods` and `date_formats` like theirs);
            the first gives the order of numeric dates.
    """
    many = list(locales)
    halves = {
        half: sorted(
            {clean_name(words.get(half, "")) for locale in many for words in locale.day_periods["format"].values()}
        )
        for half in ("am", "pm")
    }
    return {
        "order": order_of_numbers(many[0]),
        "months": with_cuts(_names((locale.months for locale in many), range(1, 13))),
        "days": with_cuts(_names((locale.days for locale in many), range(7))),
        **{
            half: [word for word in words if len(word) > 1 or "\u0600" < word < "\u06ff"]
            for half, words in halves.items()
        },
    }


def order_of_numbers(locale: Any) -> str:
    """The order of a short numeric date: a permutation of `dmy`."""
    pattern = locale.date_formats["short"].pattern.replace("'г'", "")
    found = dict.fromkeys(letter for letter in pattern.lower() if letter in "dmy")
    return "".join(found)


def clean_name(name: str | None) -> str:
    """A name as the lexer hands over a word: folded, without dots; empty if it holds digits."""
    bare = fold_word(tidy(name or "")).replace(" m", "m").translate(_JOINED).strip(" ,")
    bare = _LEADING.sub("", bare)
    return "" if re.search(r"\d", bare) else bare


def with_cuts(names: list[set[str]]) -> list[list[str]]:
    """Add the first three and four letters of every name where no other name of the list begins so.

    Not those that are another month in English, which feeds in all languages use.
    """
    result = []
    for index, own in enumerate(names):
        others = [name for other in names if other is not own for name in other]
        cuts = {
            name[:length]
            for name in own
            if _CUT.match(name)
            for length in (3, 4)
            if not any(other.startswith(name[:length]) for other in others)
            and name[:length] not in _ENGLISH[:index] + _ENGLISH[index + 1 :]
        }
        result.append(sorted(own | cuts))
    return result


def _names(tables: Iterable[Any], numbers: Iterable[int]) -> list[set[str]]:
    found: dict[int, set[str]] = {number: set() for number in numbers}
    for table in tables:
        for context in ("format", "stand-alone"):
            for width in _WIDTHS:
                for number, name in table[context].get(width, {}).items():
                    word = clean_name(name)
                    if len(word) > 1 or re.match("[\u3040-\u9fff\uac00-\ud7a3]", word):
                        found[number].add(word)
    return list(found.values())


if __name__ == "__main__":  # pragma: no cover # needs Babel
    main()
