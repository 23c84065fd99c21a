"""The errors that end asking a server early, each with a sentence that helps the editor.

Texts of libraries and servers never get into messages: the first may hold secrets, the second anything.
"""

from __future__ import annotations

import errno
import socket
import ssl
from datetime import timedelta

import httpcore

from aggregator.model import Blocked, Failed, FetchResult, Trouble

_ERRNO = {
    errno.ECONNREFUSED: "nobody listens there",
    errno.ECONNRESET: "the connection was reset",
    errno.EHOSTUNREACH: "the host is out of reach",
    errno.ENETUNREACH: "the network is out of reach",
    errno.ETIMEDOUT: "nobody answered",
}
_OURS = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS}
"""What this machine or this process has run out of: no server's fault."""


class StoppedError(Exception):
    """Asking ended early; `result` says why. Never leaves this package."""

    def __init__(self, result: FetchResult) -> None:
        self.result = result
        super().__init__()


def failed_error(trouble: Trouble, message: str, *, status: int | None = None) -> StoppedError:
    """An error that ends asking with `Failed`; to be raised."""
    return StoppedError(Failed(trouble=trouble, message=message, status=status))


def blocked_error(message: str, *, opted_out: bool = False) -> StoppedError:
    """An error that ends asking with `Blocked`: we refuse to ask; to be raised."""
    return StoppedError(Blocked(message=message, opted_out=opted_out))


def timeout_error(host: str, timeout: timedelta) -> StoppedError:
    """The error for a source that was not done before its deadline."""
    return failed_error(
        "timeout",
        f"{host} was not done after {timeout.total_seconds():g} s. It will be asked again; "
        "for a server that is always this slow, raise fetch.timeout.",
    )


def too_large_error(host: str, limit: int, setting: str) -> StoppedError:
    """The error for a body beyond a limit. `setting` names the one that would have to be raised."""
    return failed_error("too_large", f"{host} sent more than {limit} bytes. If that is right, raise {setting}.")


def not_resolved_error(host: str, error: OSError | UnicodeError | None) -> StoppedError:
    """The error for a name of a host that has no IP, or of which nobody could say."""
    if isinstance(error, OSError) and (error.errno in _OURS or _is_system_trouble(error)):
        return _exhausted_error()
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
        return failed_error(
            "dns",
            f"The name servers did not answer for {host}: see whether this machine has a network, and which name "
            "servers it asks (/etc/resolv.conf). It will be asked again.",
        )
    return failed_error("dns", f"There is no host {host}, or this machine has no network. Check the URL.")


def not_connected_error(host: str, error: BaseException) -> StoppedError:
    """The error for a connection that did not come about, or broke."""
    numbers = [found.errno for found in _causes(error) if isinstance(found, OSError)]
    if not _OURS.isdisjoint(numbers):
        return _exhausted_error()
    why = next((_ERRNO[number] for number in numbers if number in _ERRNO), "the connection failed or broke off")
    return failed_error("connect", f"{host} could not be reached: {why}. It will be asked again.")


def _is_system_trouble(error: OSError) -> bool:
    """Whether a lookup failed before anybody was asked: no descriptor, no memory."""
    return isinstance(error, socket.gaierror) and error.errno in {socket.EAI_SYSTEM, socket.EAI_MEMORY}


def _exhausted_error() -> StoppedError:
    """The error for a request that this machine could not make."""
    return failed_error(
        "internal",
        "This process has no file descriptor or memory left for a request; raise the limit of open files "
        "(LimitNOFILE, ulimit -n). It will be asked again.",
    )


def not_secure_error(host: str, error: BaseException) -> StoppedError:
    """The error for a connection that could not be made secure (TLS)."""
    for found in _causes(error):
        if isinstance(found, ssl.SSLCertVerificationError):
            why = _plain(found.verify_message or "it does not verify")  # from OpenSSL's own table
            return failed_error("tls", f"{host} has a certificate that we cannot trust: {why}.")
    return failed_error("tls", f"{host} and we could not agree on a secure connection.")


def _not_http_error(host: str, error: httpcore.ProtocolError) -> StoppedError:
    """The error for an answer that is no HTTP message, or only a part of one."""
    if isinstance(error, httpcore.LocalProtocolError):
        return failed_error("http", f"The request to {host} cannot be written; check `headers` in feeds.yaml.")
    hints = (getattr(found, "error_status_hint", None) for found in _causes(error))
    if 431 in hints:  # how h11 says "too much head"
        return failed_error("too_large", f"{host} sent response headers without end.")
    return failed_error("http", f"{host} broke off in the middle of its answer, or does not speak HTTP.")


def error_of_connection(
    host: str, error: httpcore.NetworkError | httpcore.ProtocolError | httpcore.TimeoutException
) -> StoppedError:
    """The error for whatever httpcore may raise once a connection stands."""
    if isinstance(error, httpcore.ProtocolError):
        return _not_http_error(host, error)
    return not_connected_error(host, error)


def _causes(error: BaseException | None) -> list[BaseException]:
    """The error and what it was raised from, outermost first."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        chain += [inner for inner in getattr(error, "exceptions", ()) if inner not in chain]
        error = error.__cause__ or error.__context__
    return chain


def _plain(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)[:200]
