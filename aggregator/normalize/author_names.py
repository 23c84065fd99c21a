"""What stands in an author field -> the people it names."""

from __future__ import annotations

import re
from typing import Final

from aggregator.model import Person
from aggregator.normalize.names import short_name
from aggregator.text.word_tables import word_set

_MAILBOX = r"[^\s@<>()\[\],;:\"]{1,64}@[^\s@<>()\[\],;:\"]{1,255}"
_MAIL = re.compile(_MAILBOX)
_MAIL_THEN_NAME = re.compile(rf"<?(?:mailto:)?({_MAILBOX})>?\s*\(([^()]*)\)")
_NAME_THEN_MAIL = re.compile(rf"([^<>()\[\]]*+)[<(\[](?:mailto:)?({_MAILBOX})[>)\]]")
_MAIL_ALONE = re.compile(rf"<?(?:mailto:)?({_MAILBOX})>?")
_NOBODY = re.compile(r"(?:no-?reply|do-?not-?reply|nobody)@", re.IGNORECASE)
_MAILS_WITH_NAMES = re.compile(rf"(?:{_MAILBOX}\s*\([^()]*\)\s*[,;]\s*)+{_MAILBOX}\s*\([^()]*\)")
_AFTER_NAME = re.compile(r"(?<=\))\s*[,;]\s*")

_BY: Final = r"(?:(?:written|posted|reported|story|words|text)\s+)?by"
_PREFIXES: Final = {
    "": re.compile(rf"(?:{_BY}[:\s]\s*|(?:author|byline)\s*:\s*)(?=\S)", re.IGNORECASE),
    "ca": re.compile(r"per\s+(?=\w+\s+\w)", re.IGNORECASE),
    "da": re.compile(r"af\s+(?=\w+\s+\w)", re.IGNORECASE),
    "de": re.compile(r"(?:von\s+(?=\w+\s+\w)|(?:text|autorin|autor)\s*:\s*)", re.IGNORECASE),
    "es": re.compile(r"(?:por:?\s+(?=\w+\s+\w)|autora?\s*:\s*)", re.IGNORECASE),
    "fr": re.compile(r"(?:par:?\s+(?=\w+\s+\w)|auteure?\s*:\s*)", re.IGNORECASE),
    "it": re.compile(r"(?:di:?\s+(?=\w+\s+\w)|a cura di\s+|autore\s*:\s*)", re.IGNORECASE),
    "nl": re.compile(r"(?:door:?\s+(?=\w)|auteur\s*:\s*)", re.IGNORECASE),
    "pt": re.compile(r"(?:por:?\s+(?=\w+\s+\w)|autora?\s*:\s*)", re.IGNORECASE),
    "ru": re.compile(r"автор\s*:\s*", re.IGNORECASE),
    "sv": re.compile(r"av\s+(?=\w+\s+\w)", re.IGNORECASE),
}
"""What stands before a name, by language; "" in every one: systems write it in English everywhere."""

_AND = re.compile(r"(?<!\s)\s++(?:and|&|und|et|y|e|и|och|og|en)\s+")
_LAST = re.compile(r",?(?<!\s)\s++(?:and|&|und|et|y|e|и|och|og|en)\s+")
_WORD = re.compile(r"[^\W\d_][\w.'’-]*")
_FEWEST_WORDS, _MOST_WORDS = 2, 4
_PARTICLES: Final = word_set("al bin da de del della den der di dos du el ibn la le ten ter van von zu")
# Words of organizations; a text that holds one is not taken apart.
_NO_PERSON: Final = word_set(
    "agency associates association board bureau center centre club committee company corp council department desk"
    " editor editorial editors foundation group inc institute international journal llc ltd magazine media"
    " ministry network news newspaper newsroom office partners post press radio reporter reporters reuters review"
    " service services society staff studio team television the times tribune tv university writer writers"
)


def people_named(person: Person, language: str | None) -> tuple[Person, ...]:
    """The people that an author field names, their names and mailboxes plain; none when it names nobody.

    `mail (Name)`, `Name <mail>` and `By Name` are one person; mailboxes that nobody reads (noreply@...) go.
    Several people in one string are told apart only where it can mean nothing else: by semicolons, by the
    Japanese comma, by mailboxes, or as a list of full names that ends in "and".
    """
    mailbox = short_name(person.email or "")
    known = mailbox if _MAIL.fullmatch(mailbox) and not _NOBODY.match(mailbox) else None
    name, found = _name_and_mail(short_name(person.name), language)
    if person.uri or known:
        name = name or known or _name_and_mail(short_name(person.uri or ""), language)[0]
        return (Person(name=name, uri=person.uri, email=known or found),)
    names = [name] if found else _split_names(name)
    if len(names) == 1:
        return (Person(name=name or found or "", email=found),)
    return tuple(one for written in names for one in people_named(Person(name=written), language))


def _name_and_mail(written: str, language: str | None) -> tuple[str, str | None]:
    """The name without what stands around it, and the mailbox that stands beside it. Idempotent."""
    name, mail = written, None
    while True:
        before = name
        name = _without_prefix(name.strip(' ,;|"“”'), language)
        if match := _MAIL_THEN_NAME.fullmatch(name):
            mail, name = match[1], match[2]
        elif match := _NAME_THEN_MAIL.fullmatch(name):
            name, mail = match[1].rstrip(), match[2]
        elif match := _MAIL_ALONE.fullmatch(name):
            name, mail = "", match[1]
        if name == before:
            return name, None if mail and _NOBODY.match(mail) else mail


def _without_prefix(name: str, language: str | None) -> str:
    for key in ("", (language or "").partition("-")[0]):
        match = _PREFIXES[key].match(name) if key in _PREFIXES else None
        if match and not (key and name[match.end()].islower()):  # `von der Leyen` is a name
            return name[match.end() :]
    return name


def _split_names(name: str) -> list[str]:
    """The names in a text that can mean nothing but several people; else the text alone."""
    if _MAILS_WITH_NAMES.fullmatch(name):
        return _AFTER_NAME.split(name)
    for divider in (";", "、"):
        if divider in name:
            return [part.strip() for part in name.split(divider) if part.strip()]
    *first, last = _LAST.split(name)
    if len(first) == 1:
        names = [part.strip() for part in first[0].split(",")] + [last]
        if all(_is_full_name(one) for one in names):
            return names
    return [name]


def _is_full_name(name: str) -> bool:
    words = name.split()
    if not _FEWEST_WORDS <= len(words) <= _MOST_WORDS:
        return False
    return (
        all(_WORD.fullmatch(word) for word in words)
        and all(word in _PARTICLES or (word[0].isupper() and word.lower() not in _NO_PERSON) for word in words)
        and words[-1] not in _PARTICLES
    )
