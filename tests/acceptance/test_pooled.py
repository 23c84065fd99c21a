"""Through the pgbouncer of config/deploy/, which shares connections by the transaction, and through TLS."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url

from aggregator import store as stores
from tests.support import platform
from tests.support.installation import Installation, free_port, item, rss
from tests.support.postgresql import blank  # noqa: F401 # a fixture
from tests.support.proxies import certify, filled_in, program
from tests.support.publisher import publishing
from tests.support.waiting import PATIENCE, wait

pytestmark = pytest.mark.acceptance

CONNECTIONS = 4


@contextmanager
def pooling(url: URL, folder: Path) -> Iterator[str]:
    """The URL of the database through the shipped file, but for places, users and TLS, until the block ends."""
    port, place = free_port(), Path(str(url.query["host"]))
    places = {
        "host=127.0.0.1 port=5432 dbname=aggregator": f"host={place} port={url.port or 5432} dbname={url.database}"
        f" user={url.username}",
        "listen_port = 6432": f"listen_port = {port}",
        "auth_type = scram-sha-256": "auth_type = any",
        "auth_file = /etc/pgbouncer/userlist.txt": "",
        "default_pool_size = 20": f"default_pool_size = {CONNECTIONS}",
        "client_tls_sslmode = disable": "client_tls_sslmode = require",
        ";client_tls_key_file = /etc/pgbouncer/server.key": f"client_tls_key_file = {folder}/key.pem",
        ";client_tls_cert_file = /etc/pgbouncer/server.crt": f"client_tls_cert_file = {folder}/cert.pem",
    }
    certify(folder)
    (folder / "key.pem").chmod(0o644)
    (folder / "pgbouncer.ini").write_text(filled_in("pgbouncer.ini", places))
    # It refuses to be root; whoever runs the server may use its socket.
    user = ["-u", pwd.getpwuid(place.stat().st_uid).pw_name] if os.geteuid() == 0 else []
    command = [program("pgbouncer", "pgbouncer"), "-q", *user, str(folder / "pgbouncer.ini")]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            through = url.set(host="localhost", port=port, database="aggregator").set(
                query={"sslmode": "verify-full", "sslrootcert": str(folder / "cert.pem")}
            )
            pooled = through.render_as_string(hide_password=False)
            wait(lambda: process.poll() is not None or not is_away(pooled))
            assert process.poll() is None, (folder / "log").read_text()
            yield pooled
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)


def is_away(url: str) -> bool:
    return "does not answer" in (stores.inspect(url).refusal or "")


def test_processes_share_four_connections_of_a_pgbouncer_and_the_web_finds_what_it_does_not_hear_of(
    tmp_path: Path,
    blank: str,  # noqa: F811 # the fixture
):
    with (
        publishing() as publisher,
        tempfile.TemporaryDirectory() as place,
        pooling(make_url(blank), open_to_all(place)) as pooled,
    ):
        feed = publisher.put("/feed", rss(item(1)))
        ours = Installation.at(tmp_path, f"sources:\n  river: {feed}\n")
        ours = replace(ours, variables={"DATABASE_URL": pooled})
        assert "in force as version 1" in platform.release(ours)
        with platform.formation(ours, workers=1, webs=1) as (web,):
            web.wait_for("/all.atom", "Report 1")
            publisher.put("/feed", rss(item(2), item(1)))
            ours.command("poll", "river")
            web.wait_for("/all.atom", "Report 2")
        log = (tmp_path / "log").read_text()
        assert '"level": "error"' not in log
        assert "Traceback" not in log
        assert stores.inspect(pooled.replace("verify-full", "disable")).refusal


def open_to_all(place: str) -> Path:
    """The folder, in which another user may read."""
    Path(place).chmod(0o755)
    return Path(place)
