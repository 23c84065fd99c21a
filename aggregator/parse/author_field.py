"""Authors as people, from the ways in which feeds write them."""

from __future__ import annotations

import re

from aggregator.model import Person
from aggregator.parse.limits import MAX_FIELD

_MAILBOX = r"[^\s@<>()\[\],;:]{1,100}@[^\s@<>()\[\],;:]{1,200}"
_MAIL_THEN_NAME = re.compile(rf"^({_MAILBOX})\s*\((.*)\)$", re.DOTALL)
_MAIL_AT_END = re.compile(rf"[<(\[](?:mailto:)?({_MAILBOX})[>)\]]$")
_MAIL_ALONE = re.compile(rf"^<?({_MAILBOX})>?$")
_NOBODY = re.compile(r"^(?:no-?reply|do-?not-?reply|nobody)@", re.IGNORECASE)


def read_person(written: str, *, uri: str | None = None, email: str | None = None) -> Person | None:
    """The person that an author field names: `mail (Name)` (RSS 2.0), `Name <mail>`, a name or a mail alone.

    Returns None when it names nobody. Mailboxes that no one reads (noreply@...) are left out.
    """
    name = written.strip()[:MAX_FIELD]
    found: str | None = None
    if match := _MAIL_THEN_NAME.match(name):
        found, name = match[1], match[2].strip()
    elif match := _MAIL_AT_END.search(name):
        name, found = name[: match.start()].rstrip().strip(" \"'"), match[1]
    elif match := _MAIL_ALONE.match(name):
        found, name = match[1], ""
    email = email or found
    if email and _NOBODY.match(email):
        email = None
    name = name or (email.partition("@")[0] if email else "") or uri or ""
    return Person(name=name, uri=uri, email=email) if name else None
