"""A client for servers on loopback."""

from __future__ import annotations

import ssl
from typing import Any

import httpx

from tests.support.waiting import PATIENCE


def http_client(**fields: Any) -> httpx.AsyncClient:
    """A client of httpx that trusts no authority, takes nothing from the environment, and is patient.

    Without a context of its own httpx reads all public authorities for each client, which takes 25 ms.
    """
    fields = {"timeout": PATIENCE} | fields
    return httpx.AsyncClient(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), trust_env=False, **fields)
