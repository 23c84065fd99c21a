"""Who may see what: tokens, compared so that nothing is learnt from the time it takes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from starlette.requests import Request

from aggregator.model import Catalogue, Publication


def read_token(request: Request) -> str | None:
    """The token of the Authorization field, or None.

    HTTP Basic (RFC 7617) carries it as the password, under any user name; Bearer (RFC 6750) as it is. Never
    taken from a query string: those end up in logs and histories.
    """
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    value = value.strip()
    if scheme.lower() == "bearer":
        return value or None
    if scheme.lower() != "basic":
        return None
    try:
        pair = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return pair.partition(":")[2] or None


def is_token(given: str | None, token: str) -> bool:
    """Whether the given token is the right one; takes the same time for every wrong one of a length."""
    # Digests have one length, so not even the token's length shows.
    return hmac.compare_digest(_digest(given or ""), _digest(token)) and bool(given)


def admit(catalogue: Catalogue, publication_id: str, given: str | None) -> Publication | None:
    """The publication that has the id, or had it before, if it is public or opened by the given token; else None.

    A publication that nobody declared and one that the token does not open are the same None, found in the
    same time: the given token is compared with every token there is, whatever was asked for.
    """
    publication = catalogue.publication(publication_id) or catalogue.successor(publication_id)
    if publication is not None and not publication.private:
        return publication
    opened = False
    for candidate in catalogue.publications:
        for token in candidate.tokens:
            opened |= is_token(given, token) & (candidate is publication)
    return publication if opened else None


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()
