"""config/settings.yaml as models: every knob, its default, and what it does."""

from __future__ import annotations

import ipaddress
import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator

from aggregator.yamlfile import Expanded, nearest_name, quote
from aggregator.yamlfile.types import Count, Number, Part, Section, Size, fault, parse_duration, text

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_SHORTEST_TOKEN = 16


def _read_network(value: Any) -> Network:
    try:
        if isinstance(value, str):
            return ipaddress.ip_network(value.strip())
    except ValueError as error:
        if "host bits" in str(error):
            meant = ipaddress.ip_network(value.strip(), strict=False)
            raise fault(f"{quote(value)} is an address inside a network; did you mean '{meant}'?") from None
    raise fault(f"a network such as 10.0.0.0/8 or fd00::/8 is needed, not {quote(value)}")


def _read_networks(value: Any) -> Any:
    """A variable holds a list as JSON, or separated by commas."""
    if not isinstance(value, Expanded):
        return [] if value is None else value
    if not value.strip().startswith("["):
        return [Expanded(part) for part in value.split(",") if part.strip()]
    try:
        found: Any = json.loads(value)
    except ValueError:
        raise fault('this begins like a JSON list and is none; write a, b or ["a", "b"]') from None
    return found


def _require_above_zero(value: timedelta) -> timedelta:
    if value <= timedelta(0):
        raise fault("must be longer than nothing; write 1s or more")
    return value


def _read_retention(value: Any) -> timedelta | None:
    if value == "forever":
        return None
    if isinstance(value, str) and value.strip().isalpha():
        raise fault(f"a duration such as 180d, or forever, is needed, not {quote(value)}")
    return _require_above_zero(parse_duration(value))


def _check_database(value: Any) -> str:
    if value is None or value == "":
        return ""
    # The value may hold a password: no message repeats it.
    url = text(value) if isinstance(value, str) else ""
    if url.startswith("postgres://"):  # what some platforms set, and SQLAlchemy no longer knows
        url = url.replace("postgres", "postgresql", 1)
    scheme, found, _ = url.partition("://")
    kinds = ("sqlite", "postgresql")
    if not found or scheme.partition("+")[0] not in kinds:
        meant = nearest_name(scheme, kinds) if found else None
        hint = f"; did you mean '{meant}://'?" if meant else ""
        raise fault(f"a URL such as sqlite:///data/aggregator.db or postgresql://host/name is needed{hint}")
    try:
        urlsplit(url).port  # noqa: B018 # reading it checks it
    except ValueError:
        raise fault("its host or port is not valid; check what stands between // and the next /") from None
    return url


def _empty_or_text(value: Any) -> Any:
    return "" if value is None or value == "" else value


def _optional(value: Any) -> Any:
    return None if value == "" else value


def _read_directory(value: Any) -> Path | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise fault(f"text is needed, not {quote(value)}: the path of a folder")
    return Path(text(value))


def _check_port(value: int) -> int:
    if not 0 <= value <= 65535:
        raise fault(f"a port lies between 0 (any that is free) and 65535, not at {value}")
    return value


def _check_token(value: str) -> str:
    if len(value) < _SHORTEST_TOKEN or not all("!" <= char <= "~" for char in value):
        how = 'make one with: python3 -c "import secrets; print(secrets.token_urlsafe(24))"'
        raise fault(f"a token has at least {_SHORTEST_TOKEN} printable ASCII characters and no spaces; {how}")
    return value


def _check_host(value: str) -> str:
    return text(value) if value else value


Span = Annotated[timedelta, PlainValidator(parse_duration)]
Positive = Annotated[timedelta, PlainValidator(parse_duration), AfterValidator(_require_above_zero)]


class FetchSettings(Part):
    """How we ask publishers' servers."""

    allow_networks: Annotated[
        list[Annotated[Network, PlainValidator(_read_network)]], BeforeValidator(_read_networks)
    ] = Field(default_factory=list)
    """Private networks that may be asked, such as 10.0.0.0/8; none without it."""
    timeout: Positive = timedelta(seconds=30)
    """For one feed or article with all its redirects, without the wait for its turn."""
    max_bytes: Size = 10_000_000
    """The longest answer that is taken, as sent."""
    max_decoded_bytes: Size = 15_000_000
    """The same, after decompression."""
    concurrency: Count = 32
    """Requests at once."""
    per_host: Count = 2
    """Requests at once to one host."""
    host_gap: Span = timedelta(seconds=1)
    """Between two requests to one host."""
    min_interval: Positive = timedelta(minutes=5)
    """No source on the network is asked more often of its own accord; some commands ask at once."""


class StoreSettings(Part):
    """How long the store keeps what it holds."""

    retain: Annotated[timedelta | None, PlainValidator(_read_retention)] = timedelta(days=180)
    """How long items are kept after they left their feed, and publications after they left feeds.yaml; None
    (`forever`) means always."""
    max_size: Annotated[Size | None, BeforeValidator(_optional)] = None
    """How many bytes the database may use; what has been absent longest goes before there are more. None: no
    ceiling."""


class PublishSettings(Part):
    """What is published."""

    max_entries: Count = 1000
    """The greatest `limit` that a publication may have."""
    directory: Annotated[Path | None, PlainValidator(_read_directory)] = None
    """Where documents are written as files too, for a static host; absolute, or None."""


class WebSettings(Part):
    """The web process."""

    host: Annotated[str, BeforeValidator(_empty_or_text), AfterValidator(_check_host)] = ""
    """The IP or name to listen at."""
    port: Annotated[Number, AfterValidator(_check_port)] = 8000
    """The port to listen at."""
    connections: Count = 512
    """Connections at once, of all clients; never more than half of the open files that the system allows."""
    per_client: Count = 64
    """Connections at once of one client: of an IPv4 address, or of an IPv6 network of 64 bits."""
    trusted_proxies: Annotated[
        list[Annotated[Network, PlainValidator(_read_network)]], BeforeValidator(_read_networks)
    ] = Field(default_factory=lambda: [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")])
    """Reverse proxies in front of us, which speak for many clients: `per_client` does not hold for them."""
    status_token: Annotated[Annotated[str, AfterValidator(_check_token)] | None, BeforeValidator(_optional)] = (
        Field(default=None, repr=False)
    )
    """The password of /status, /status.atom and /metrics; None leaves them to clients on this machine."""
    robots: Literal["pages", "feeds"] = "pages"
    """What /robots.txt lets crawlers read: feeds, and pages too."""


class LogSettings(Part):
    """The log, on standard error."""

    format: Literal["auto", "console", "json"] = "auto"
    """`console` for people, `json` for machines; `auto` looks whether it is a terminal."""
    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least grave lines that are written."""


class Settings(Part):
    """How this installation runs.

    What `load` returns is complete: `database` and `web.host` are never empty then.
    """

    database: Annotated[str, PlainValidator(_check_database)] = Field(default="", repr=False)
    """SQLAlchemy URL of the store; may hold a password."""
    fetch: Annotated[FetchSettings, Section] = FetchSettings()
    """How we ask publishers' servers."""
    store: Annotated[StoreSettings, Section] = StoreSettings()
    """How long the store keeps what it holds."""
    publish: Annotated[PublishSettings, Section] = PublishSettings()
    """What is published."""
    web: Annotated[WebSettings, Section] = WebSettings()
    """The web process."""
    log: Annotated[LogSettings, Section] = LogSettings()
    """The log."""

    @property
    def secrets(self) -> frozenset[str]:
        """Values that must never be told: the token of the operator's pages, and the database's password."""
        found = {self.web.status_token or ""}
        parts = urlsplit(self.database)
        if parts.scheme.partition("+")[0] != "sqlite":
            found |= {parts.password or "", unquote(parts.password or "")}
        return frozenset(found - {""})
