"""Which redirects are followed, and what they leave behind. Pure, but for what it raises."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urljoin

from aggregator.fetch.cookies import CookieState
from aggregator.fetch.fetch_errors import blocked_error, failed_error
from aggregator.fetch.target import SchemeError, Target, UnreadableError, parse_target

FOLLOWED = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})  # RFC 9110, section 15.4
_MOST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """The way from the URL that the editor wrote to where we are.

    Attributes:
        here: What is asked next.
        visited: All URLs on the way, `here` included, each with the cookies that were set when it was come by.
        permanent: Whether every hop so far was a permanent redirect.
        at_home: Whether every hop so far stayed in the source's origin; credentials are sent only then, and
            not again after coming back, for the site in between chose what is asked.
    """

    here: Target
    visited: tuple[tuple[str, CookieState], ...]
    permanent: bool = True
    at_home: bool = True

    @property
    def moved_to(self) -> str | None:
        """The new URL, if an unbroken chain of permanent redirects led here."""
        return self.here.url if self.permanent and self.here.url != self.visited[0][0] else None


def start_trail(location: str) -> Trail:
    """The way of a request before any redirect. Raises StoppedError for what cannot or must not be asked."""
    try:
        target = parse_target(location)
    except SchemeError:
        raise blocked_error("Only http and https URLs are asked. Correct the URL.") from None
    except UnreadableError:
        raise failed_error("http", "The URL cannot be read. Correct it.") from None
    return Trail(here=target, visited=((target.url, frozenset()),))


def follow_redirect(
    trail: Trail, status: int, location: bytes | None, cookies: CookieState = frozenset()
) -> Trail:
    """The way after one more redirect.

    Args:
        trail: The way so far.
        status: One of `FOLLOWED`.
        location: The Location field's value.
        cookies: What is set by now. Who comes back with another cookie than before goes in no circle.

    Raises:
        StoppedError: The hop is not to be followed.
    """
    host = trail.here.host
    if not location or not location.strip():
        raise failed_error("redirect", f"{host} redirects without saying where to.", status=status)
    target = _next_target(trail.here, location, status)
    if trail.here.scheme == "https" and target.scheme == "http":
        raise failed_error(
            "redirect", f"{host} redirects from https to http, which is not followed.", status=status
        )
    if (target.url, cookies) in trail.visited:
        raise failed_error("redirect", f"{host} redirects in a circle. Check the URL.", status=status)
    if len(trail.visited) > _MOST:
        raise failed_error(
            "redirect",
            f"{host} redirects once more, after {_MOST} redirects. Check the URL.",
            status=status,
        )
    return replace(
        trail,
        here=target,
        visited=(*trail.visited, (target.url, cookies)),
        permanent=trail.permanent and status in _PERMANENT,
        at_home=trail.at_home and target.origin == trail.here.origin,
    )


def _next_target(here: Target, location: bytes, status: int) -> Target:
    """Where a Location leads; credentials in it are dropped, for they are not ours."""
    try:
        written = location.decode("utf-8")
    except UnicodeDecodeError:
        written = location.decode("latin-1")
    try:
        return replace(parse_target(urljoin(here.url, written.strip())), authorization=None)
    except SchemeError:
        raise blocked_error(f"{here.host} redirects to something that is neither http nor https.") from None
    except ValueError:
        raise failed_error(
            "redirect", f"{here.host} redirects to something that is no URL.", status=status
        ) from None
