"""Pages that want a browser to prove that it is one, or a person to solve a riddle.

Told apart from ordinary refusals because the remedy is another: the publisher has to let feed readers through.
"""

from __future__ import annotations

from collections.abc import Mapping

LOOK_AT = 64 * 1024
"""Bytes of a page in which its marks are looked for."""

_FIELDS = (
    ("cf-mitigated", ""),
    ("x-amzn-waf-action", ""),
    ("x-datadome", "protected"),
)
"""Header fields that only such answers carry, with the value needed (empty: any)."""

_MARKS = (
    b"_cf_chl_opt",  # Cloudflare
    b"cf-turnstile-response",
    b"sucuri_cloudproxy_js",
    b"request unsuccessful. incapsula incident id",
    b"captcha-delivery.com",  # DataDome
    b"px-captcha",  # PerimeterX
    b"sec-if-cpt-container",  # Akamai
    b"anubis_challenge",
    b"awswafcookiedomainlist",
    b"ddos-guard/js-challenge",
    b"g-recaptcha",
    b"h-captcha",
)
"""What stands in them and next to never in a page that people read."""


def is_shown_by_headers(headers: Mapping[str, str]) -> bool:
    """Whether the header fields of a response say that it is a wall against bots."""
    return any(name in headers and needed in headers[name].lower() for name, needed in _FIELDS)


def is_shown_by_page(content_type: str, page: bytes) -> bool:
    """Whether an HTML page bears the signs of a wall against bots."""
    if "html" not in content_type.lower():
        return False
    text = page[:LOOK_AT].lower()
    return any(mark in text for mark in _MARKS)
