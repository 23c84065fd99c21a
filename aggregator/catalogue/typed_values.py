"""Single values of feeds.yaml: what is right, and the words for what is not."""

from __future__ import annotations

import re
import zoneinfo
from datetime import timedelta
from functools import cache
from typing import Any

from aggregator.catalogue import typed_urls
from aggregator.yamlfile import nearest_name, quote, sketch
from aggregator.yamlfile.types import fault, text

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ID = re.compile(r"^[a-z0-9][a-z0-9_-]*$")
HOW_TO_MAKE_ONE = 'make one with: python3 -c "import secrets; print(secrets.token_urlsafe(24))"'

_MAIL = re.compile(r"[!-;=?A-~]+@[A-Za-z0-9.-]+")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # token of RFC 9110, section 5.6.2
_LARGEST_GROUP = 40
_SHORTEST_TOKEN = 16
_SHORTEST_INTERVAL = timedelta(minutes=1)

OURS = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "host",
        "if-modified-since",
        "if-none-match",
        "te",
        "transfer-encoding",
        "upgrade",
    }
)
"""Request headers that the fetcher itself must set: another value would break the request or the answer."""


def need_list(value: Any) -> Any:
    """What stands under a key whose value is a list of mappings; one that stands alone is shown in its list."""
    if isinstance(value, dict) and value:
        shown = ", ".join(f"{{ {key}: {sketch(one)} }}" for key, one in list(value.items())[:3])
        raise fault(f"a list is needed; write [ {shown} ]")
    return value


def fold_to_list(value: Any) -> Any:
    """What may be written as one text or as a list of them, as the list."""
    return [value] if isinstance(value, str) else value


def check_identifier(value: str) -> str:
    """An id: it becomes a path, a label and a word in logs."""
    if not ID.fullmatch(value) or value.endswith("\n"):
        meant = re.sub(r"[^a-z0-9_-]+", "-", value.lower()).strip("-_")
        hint = f"; for example '{meant}'" if meant else ""
        raise fault(f"an id holds only a-z, 0-9, - and _, and begins with a letter or digit{hint}")
    return value


def check_base_url(value: str) -> str:
    """`site.link`, with its trailing slash."""
    link = text(value)
    wrong = typed_urls.complaint(link)
    if wrong is not None:
        raise fault(f"a URL such as https://planet.example.org/ is needed: {wrong}")
    if "@" in link or "?" in link or "#" in link:
        raise fault("the base of all our links has no user, query or fragment; write only scheme, host and path")
    return typed_urls.base_url(link)


def check_web(value: str) -> str:
    """An address that readers are given."""
    address = text(value)
    wrong = typed_urls.complaint(address)
    if wrong is not None:
        raise fault(f"a URL such as https://planet.example.org/face.png is needed: {wrong}")
    return address


def check_contact(value: str) -> str:
    """`site.contact`: it travels in a header, so it is plain ASCII."""
    found = text(value)
    if _MAIL.fullmatch(found.removeprefix("mailto:")):
        return found
    if found.isascii() and typed_urls.complaint(found) is None:
        return found
    raise fault("a mail address or a URL is needed, so that publishers can reach you")


def check_timezone(value: str) -> str:
    """The name of a zone that the IANA database has."""
    if value not in _zones():
        meant = _nearest_zone(value)
        hint = f"did you mean '{meant}'?" if meant else "write its IANA name, such as Europe/Berlin or UTC"
        raise fault(f"unknown timezone; {hint}")
    return value


def _nearest_zone(name: str) -> str | None:
    found = nearest_name(name, _zones())
    cities = {zone.rpartition("/")[2]: zone for zone in sorted(_zones(), reverse=True)}
    city = nearest_name(name.replace(" ", "_").rpartition("/")[2], cities)
    return cities[city] if city and "/" not in name else found


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def check_parameter(value: str) -> str:
    """The name of a parameter in the query of a URL, in lower case: case does not count."""
    if re.search(r"[=&?#\s]", value):
        raise fault("only the name of a parameter is needed, such as ref, without ?, &, = and a value")
    return value.casefold()


def check_interval(value: timedelta) -> timedelta:
    """`every`: publishers' servers bear the cost, so there is a bound."""
    if value < _SHORTEST_INTERVAL:
        raise fault("no source may be polled more often than once a minute; write 1m or more")
    return value


def check_group(value: list[str]) -> list[str]:
    """Names of items that belong together or apart."""
    if len(set(value)) < 2:
        raise fault("at least two items are needed, each by its id or URL")
    if len(value) > _LARGEST_GROUP:
        raise fault(f"a group has at most {_LARGEST_GROUP} items; write several")
    return value


def check_header(value: str) -> str:
    """The value of a request header; never repeated in a message, since it is often a secret."""
    if not value.isascii() or not all(char.isprintable() or char == "\t" for char in value):
        raise fault("a header holds only printable ASCII; remove line breaks and other characters")
    return value.strip()


def find_header_faults(names: list[str]) -> dict[str, str]:
    """What is wrong with each name of a request header that is not right."""
    wrong: dict[str, str] = {}
    seen: dict[str, str] = {}
    for name in names:
        lower = name.lower()
        if not _HEADER_NAME.fullmatch(name):
            wrong[name] = "the name of a header holds only letters, digits and -, without spaces or a colon"
        elif lower in OURS:
            wrong[name] = "we set this header ourselves; remove it"
        elif lower in seen:
            wrong[name] = (
                f"the same header as {quote(seen[lower])}: upper and lower case do not differ; remove one"
            )
        seen.setdefault(lower, name)
    return wrong


def check_token(value: str) -> str:
    """A token that opens a private publication; never repeated in a message."""
    if len(value) < _SHORTEST_TOKEN:
        raise fault(
            f"a token has at least {_SHORTEST_TOKEN} characters, so that it cannot be guessed; {HOW_TO_MAKE_ONE}"
        )
    if not re.fullmatch(r"[!-~]+", value):
        raise fault(f"a token holds only printable ASCII without spaces; {HOW_TO_MAKE_ONE}")
    return value
