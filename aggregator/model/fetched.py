"""What came of asking a server (or a disk) for a source. Trouble is a value here, never an exception."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

Trouble = Literal[
    "connect",
    "dns",
    "tls",
    "timeout",
    "too_large",
    "blocked",
    "opted_out",
    "http",
    "redirect",
    "not_a_feed",
    "malformed",
    "rate_limited",
    "gone",
    "file",
    "articles",
    "internal",
]
"""The kinds of trouble, told apart in status, logs and metrics.

`opted_out`: it leads to a host that asked not to be read. `articles`: a source's list could be read, but none of
the articles that it points at. `internal`: a fault of this program, whatever the publisher sent.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave us to ask "has it changed?" with; replayed byte for byte, never invented.

    Attributes:
        etag: The ETag field's value, quotes and `W/` included; bytes read as Latin-1.
        last_modified: The Last-Modified field's value, unparsed.
        given_by: A digest of the URL that gave them, to which alone they are sent; "" where it is not known. Takes
            no part in comparing: it says nothing of what they validate.
    """

    etag: str | None = None
    last_modified: str | None = None
    given_by: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The result of a fetch that brought a whole body.

    Attributes:
        url: Where the body came from after redirects, without userinfo and fragment.
        status: 200 or 226; 200 for a file.
        body: Decoded of its content coding, at most `fetch.max_decoded_bytes`.
        body_hash: BLAKE2b of the body, hex.
        content_type: The Content-Type field's value; empty when there was none.
        content_location: The base for relative URLs: `url`, or Content-Location where that is of the same origin.
        validators: As this answer gave them.
        fresh_for: How long the server says the answer stays fresh (max-age, Expires); None if it says nothing.
        moved_to: The target of an unbroken chain of permanent redirects (301, 308) from the asked URL.
    """

    url: str
    status: int
    body: bytes
    body_hash: str
    content_type: str
    content_location: str
    validators: Validators
    fresh_for: timedelta | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """The result of a fetch that brought nothing new: 304, or a file that is as it was.

    Attributes:
        url: The URL that answered.
        validators: New ones the answer carried; a missing one means: keep the old.
        fresh_for: As in `Fetched`.
        moved_to: As in `Fetched`.
    """

    url: str
    validators: Validators
    fresh_for: timedelta | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The result of a fetch that was answered by 410: the publisher says it is not coming back.

    Attributes:
        message: One sentence for the editor, with the remedy.
    """

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttled:
    """The result of a fetch that came too soon (429, or 403 and 5xx with Retry-After): we are asked to come later.

    Attributes:
        status: The HTTP status.
        retry_at: When we may come again; None when the server did not say.
        message: One line for people.
    """

    status: int
    retry_at: datetime | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """The result of a fetch that we refused to make: a scheme or an IP that is not allowed (SSRF), or an opt-out.

    Attributes:
        message: One sentence for the editor, with the remedy.
        opted_out: Whether the host asked not to be read, which is nobody's failure.
    """

    message: str
    opted_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The result of a fetch that failed in any other way.

    Attributes:
        trouble: Its kind.
        message: One line for people that names the place and the remedy; no secrets, no control characters.
        status: The HTTP status, when one was received.
    """

    trouble: Trouble
    message: str
    status: int | None = None


FetchResult = Fetched | Unchanged | Gone | Throttled | Blocked | Failed
