"""Languages by the names that people type: in English, and of those with many readers in their own."""

from __future__ import annotations

from typing import Final

from aggregator.text.languages import language_tag

_TABLE: Final = """
aa Afar|ab Abkhazian|ae Avestan|af Afrikaans|ak Akan|am Amharic|an Aragonese
ar Arabic/العربية|as Assamese|av Avaric|ay Aymara|az Azerbaijani|ba Bashkir|be Belarusian
bg Bulgarian/български|bh Bihari|bi Bislama|bm Bambara|bn Bengali/Bangla/বাংলা|bo Tibetan
br Breton|bs Bosnian/bosanski|ca Catalan/català|ce Chechen|ch Chamorro|co Corsican|cr Cree
cs Czech/čeština|cu Church Slavonic|cv Chuvash|cy Welsh/Cymraeg|da Danish/dansk
de German/Deutsch|dv Divehi|dz Dzongkha|ee Ewe|el Greek/ελληνικά|en English|eo Esperanto
es Spanish/español|et Estonian/eesti|eu Basque/euskara|fa Persian/Farsi/فارسی|ff Fulah
fi Finnish/suomi|fj Fijian|fo Faroese|fr French/français|fy Frisian|ga Irish/Gaeilge
gd Gaelic|gl Galician/galego|gn Guarani|gu Gujarati|gv Manx|ha Hausa|he Hebrew/עברית
hi Hindi/हिन्दी|ho Hiri Motu|hr Croatian/hrvatski|ht Haitian|hu Hungarian/magyar|hy Armenian
hz Herero|ia Interlingua|id Indonesian/bahasa indonesia|ie Interlingue|ig Igbo|ii Nuosu
ik Inupiaq|io Ido|is Icelandic|it Italian/italiano|iu Inuktitut|ja Japanese/日本語|jv Javanese
ka Georgian|kg Kongo|ki Kikuyu|kj Kuanyama|kk Kazakh|kl Greenlandic|km Khmer|kn Kannada
ko Korean/한국어|kr Kanuri|ks Kashmiri|ku Kurdish|kv Komi|kw Cornish|ky Kyrgyz|la Latin
lb Luxembourgish|lg Ganda|li Limburgish|ln Lingala|lo Lao|lt Lithuanian/lietuvių
lu Luba-Katanga|lv Latvian/latviešu|mg Malagasy|mh Marshallese|mi Maori|mk Macedonian
ml Malayalam|mn Mongolian|mr Marathi|ms Malay|mt Maltese|my Burmese|na Nauru|nb Bokmål
nd Ndebele|ne Nepali|ng Ndonga|nl Dutch/Nederlands|nn Nynorsk|no Norwegian/norsk
nr South Ndebele|nv Navajo|ny Chichewa|oc Occitan|oj Ojibwa|om Oromo|or Odia|os Ossetian
pa Punjabi|pi Pali|pl Polish/polski|ps Pashto|pt Portuguese/português|qu Quechua|rm Romansh
rn Rundi|ro Romanian/română|ru Russian/русский|rw Kinyarwanda|sa Sanskrit|sc Sardinian
sd Sindhi|se Sami|sg Sango|sh Serbo-Croatian|si Sinhala|sk Slovak/slovenčina
sl Slovenian/slovenščina|sm Samoan|sn Shona|so Somali|sq Albanian/shqip|sr Serbian/српски
ss Swati|st Sotho|su Sundanese|sv Swedish/svenska|sw Swahili/Kiswahili|ta Tamil|te Telugu
tg Tajik|th Thai/ไทย|ti Tigrinya|tk Turkmen|tl Tagalog/Filipino|tn Tswana|to Tonga
tr Turkish/Türkçe|ts Tsonga|tt Tatar|tw Twi|ty Tahitian|ug Uyghur|uk Ukrainian/українська
ur Urdu/اردو|uz Uzbek|ve Venda|vi Vietnamese/tiếng việt|vo Volapük|wa Walloon|wo Wolof
xh Xhosa|yi Yiddish|yo Yoruba|za Zhuang|zh Chinese/中文|zu Zulu
"""
_ENTRIES: Final = tuple(one.partition(" ") for line in _TABLE.strip().splitlines() for one in line.split("|"))
_NAMES: Final = {code: names.partition("/")[0] for code, _, names in _ENTRIES}
_CODES: Final = {name.casefold(): code for code, _, names in _ENTRIES for name in names.split("/")}
_FIRST: Final = 2


def find_language(typed: str) -> str | None:
    """The first subtag of the language that somebody names: `de` for `German`, `Deutsch`, `de-AT` and `deu`.

    None where there is none of that name. Codes of three letters, of which there are thousands, are believed.
    """
    known = _CODES.get(" ".join(typed.split()).casefold())
    tag = (language_tag(typed) or "").partition("-")[0]
    return known or (tag if tag in _NAMES or len(tag) > _FIRST else None)


def name_language(code: str) -> str:
    """What a language is called in English; its code where we do not know."""
    return _NAMES.get(code, code)
