"""Words that change by themselves and are no content: counters, ages, clocks, signatures. Fixed patterns.

They are matched in folded text (NFKC, lower case, one line). Each needs a word that names it: a bare number, a
bare time of day, a bare date may be the news. What people also count in prose (votes, points, shares) is not
among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_COUNTED: Final = (
    # English, German, French, Spanish, Portuguese, Italian, Dutch
    "views?|comments?|likes?|replies|reply|reactions?|retweets?|claps?|page ?views?"
    "|aufrufe?|kommentare?|klicks?|antworten|vues?|commentaires?|lectures?|partages?|vistas|comentarios?|lecturas"
    "|visualiza\\w{2,8}|comentários?|leituras|visualizzazion[ei]|comment[oi]|letture|weergaven|reacties?"
    # Polish, Russian, Turkish, Persian, Arabic
    "|wyświetle\\w{1,4}|komentarz[ey]?|просмотр\\w{0,3}|комментари\\w{1,3}|görüntüle\\w{1,4}|yorum|بازدید|نظر|مشاهدة|تعليق"
)
_UNITS: Final = (
    "s|sec|secs|seconds?|min|mins|minutes?|h|hrs?|hours?|d|days?|weeks?|months?|years?"
    "|sekunden?|minuten?|stunden?|tage?n?|wochen?|monate?n?|jahre?n?|secondes?|heures?|jours?|semaines?|mois|ans?"
    "|segundos?|minutos?|horas?|días?|dias?|semanas?|meses|mes|años?|secondi|minuti|or[ae]|giorn[io]"
    "|секунд\\w?|минут\\w?|час\\w{0,2}|дн\\w{1,2}|день|недел\\w{1,2}|месяц\\w{0,2}|лет|год\\w?"
    "|saniye|dakika|saat|gün|hafta|ثانیه|دقیقه|ساعت|روز|هفته|دقيقة|ساعة|أيام|يوم"
)
_READING: Final = (
    "reading time|read time|lesezeit|temps de lecture|tiempo de lectura|tempo di lettura|leestijd|время чтения"
    "|okuma süresi|زمان مطالعه"
)
_UPDATED: Final = (
    "last (?:updated|modified|checked)|updated|now|current time|as of|stand|zuletzt aktualisiert|aktualisiert"
    "|mis à jour|actualizado|aggiornato|обновлено|به‌روزرسانی"
)
_ADVERTISEMENT: Final = (
    "no comments yet|no comments|advertisement|sponsored content|story continues below|anzeige"
    "|publicité|publicidad|pubblicità|advertentie"
    "|реклама|广告|広告|광고|تبلیغات|إعلان"
)
_NUMBER: Final = r"\d{1,3}(?:[., '\u2019]\d{1,3}){0,4}(?:\d{1,7})?\s?[km]?"
_CLOCK: Final = r"\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\b\.?)?(?:\s(?:utc|gmt|[a-z]{2,4}t)\b)?"

_PATTERNS: Final = (
    # "1,234 views", "12 Kommentare"; "comments (12)", "views: 3.4k"
    rf"(?<![\w.,]){_NUMBER}\s(?:{_COUNTED})\b",
    rf"\b(?:{_COUNTED})\s?(?::\s?{_NUMBER}|\(\s?{_NUMBER}\s?\))",
    # "5 min read", "Lesezeit: 5 Minuten", "temps de lecture 5 min"
    r"\b\d{1,3}[ -]min(?:ute)?s?[ -]read\b",
    rf"\b(?:{_READING})\W{{0,3}}(?:ca\. |about )?\d{{1,3}}\s?\w{{0,9}}",
    # "3 hours ago", "vor 3 Stunden", "il y a 3 heures", "hace 3 horas", "3 часа назад", "3時間前", "3小时前"
    rf"\b(?:\d{{1,3}}|an?|one)\s(?:{_UNITS})\s(?:ago|geleden|fa|atrás|назад|önce|پیش)\b",
    rf"\b(?:vor|il y a|hace|há|قبل|منذ)\s(?:\d{{1,3}}|einer?|einem|une?|una?|uma?)\s(?:{_UNITS})\b",
    r"\d{1,3}\s?(?:秒|分|分钟|分鐘|時間|小时|小時|日|天|週間|周|か月|个月|年)前",
    r"\d{1,3}\s?(?:초|분|시간|일|주|개월|년)\s?전",
    # "last updated: 12:34", "Stand 14.05 Uhr", "as of 3 pm", "page generated in 0.12 seconds"
    rf"\b(?:{_UPDATED})(?: at| on| à| um| a las| alle| в)?\s?:?\s?{_CLOCK}",
    r"\b(?:page )?(?:generated|rendered|served) in \d{1,4}(?:\.\d{1,6})?\s?(?:ms|s|seconds?)\b",
    # what servers sign and number with: long runs of hexadecimal digits
    r"\b(?=[0-9a-f-]{0,31}\d)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b",
    r"\b(?=[a-f]{0,40}\d)[0-9a-f]{20,128}\b",
)
_NOISE = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS))
_QUERY = re.compile(r"\?(?:[\w.~-]{1,40}=[\w.~%+/-]{0,400}&?){1,20}")
"""Of an address that is shown as text."""

_ADDRESS = re.compile(r"\b(?:src|srcset|href|poster)=\"[^\"]{0,2000}\"")
"""Of a picture or a link in markup that is shown as text."""

_DIGITS = re.compile(r"\d\d*")  # for what begins with a class, and not with a repeat, there is a fast search
_ASCII_DIGITS = re.compile(r"[0-9][0-9]*")
_NEAR: Final = 40
"""Characters before and after a number in which the word that names it must stand."""

_LABELS: Final = tuple(_ADVERTISEMENT.split("|"))
_ASCII_LABELS: Final = tuple(label for label in _LABELS if label.isascii())
"""Of advertisements, which come and go between paragraphs; and of comments that nobody wrote yet."""

_LABEL = re.compile(rf"\b(?:{_ADVERTISEMENT})\b")
_SEARCHED: Final = 100_000

_SIGNATURE = re.compile(
    r"(?:sig|sign|signature|token|expires?|exp|policy|key-pair-id|hmac|hash|nonce|ts|cb|x-amz-.*|x-goog-.*|se|sp|sv|sr"
    r"|awsaccesskeyid|googleaccessid|__gda__|oh|oe|_nc_.*)",
    re.IGNORECASE,
)


def strip_noise(folded: str) -> str:
    """Folded text without what changes by itself; what is left is compared, never shown.

    Only the beginning of a very long text is searched, so that the time this takes is bounded; and only what
    stands around digits, since the patterns are many.
    """
    text = folded[:_SEARCHED]
    if any(label in text for label in (_ASCII_LABELS if text.isascii() else _LABELS)):
        text = _LABEL.sub(" ", text)
    if '="' in text:
        text = _ADDRESS.sub(" ", text)
    if _QUERY.search(text):
        text = _QUERY.sub(" ", text)
    return " ".join((_without_counters(text) + folded[_SEARCHED:]).split())


def _without_counters(text: str) -> str:
    kept, done = [], 0
    for begin, end in _around_digits(text):
        for found in _NOISE.finditer(text, begin, end):
            kept += [text[done : found.start()], " "]
            done = found.end()
    return "".join((*kept, text[done:]))


def _around_digits(text: str) -> Iterator[tuple[int, int]]:
    """What stands near numbers, each stretch once, however close together they are."""
    begin = end = 0
    for digits in (_ASCII_DIGITS if text.isascii() else _DIGITS).finditer(text):
        if digits.start() - _NEAR > end:
            if end:
                yield begin, end
            begin = digits.start() - _NEAR
        end = digits.end() + _NEAR
    if end:
        yield begin, end


def strip_signature(url: str) -> str:
    """An address without the parts of its query that sign it or say until when it holds."""
    page, mark, query = url.partition("?")
    if not mark:
        return url
    kept = "&".join(pair for pair in query.split("&") if not _SIGNATURE.fullmatch(pair.partition("=")[0]))
    return f"{page}?{kept}" if kept else page
