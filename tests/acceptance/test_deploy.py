"""What config/deploy/ ships, tried: real reverse proxies with TLS, systemd's own judgement, the image's parts."""

from __future__ import annotations

import re
import shutil
import signal
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from aggregator.yamlfile import read_file
from tests.support.commands import Commands
from tests.support.installation import PROJECT, SETTINGS, Installation, free_port, item, rss
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.acceptance

DEPLOY = PROJECT / "config" / "deploy"
UNITS = ["aggregator-worker.service", "aggregator-web.service"]
NAME = "feeds.example.org"
TOKEN = "the-status-token-of-this-test"
READER = "a-reader-s-token-of-24-ch"
FEEDS = (
    f"site: {{link: 'https://{NAME}/'}}\nsources:\n  river: river.xml\npublish:\n  all: {{}}\n"
    f"  team: {{from: [river], private: '{READER}'}}\n"
)


@dataclass(frozen=True)
class Proxy:
    """A reverse proxy that serves `NAME` on a port of this machine."""

    port: int
    folder: Path

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (lower case) and body, asked for as a client of the public name asks."""
        request = urllib.request.Request(f"https://localhost:{self.port}{path}", headers=headers | {"Host": NAME})
        context = ssl.create_default_context(cafile=str(self.folder / "cert.pem"))
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE, context=context) as answer:
                return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


def program(name: str, package: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/bin:/sbin:/bin")
    assert found, f"{name} is missing: apt-get install {package}"
    return found


def certify(folder: Path) -> None:
    """A certificate that vouches for itself, for the public name and for this machine."""
    wish = (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout key.pem -out cert.pem"
    )
    names = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},DNS:localhost"]
    subprocess.run(
        [program("openssl", "openssl"), *wish.split(), *names], cwd=folder, check=True, capture_output=True
    )


def filled_in(file: str, places: dict[str, str]) -> str:
    """A shipped file with other ports and places; all that is exchanged must be in it."""
    text = (DEPLOY / file).read_text(encoding="utf-8")
    for place, value in places.items():
        assert place in text, place
        text = text.replace(place, value)
    return text


def nginx_command(folder: Path, port: int, upstream: int) -> list[str]:
    """The shipped file as it is, but for ports and places, in the http block of a small nginx.conf."""
    places = {
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{upstream};",
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port} ssl http2;",
        f"/etc/ssl/{NAME}.pem": str(folder / "cert.pem"),
        f"/etc/ssl/{NAME}.key": str(folder / "key.pem"),
        "/var/log/nginx/aggregator.log": str(folder / "access.log"),
    }
    (folder / "aggregator.conf").write_text(filled_in("nginx.conf", places))
    kept = "".join(f"{kind}_temp_path {folder};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; events {{}}"
        f"http {{ {kept} include {folder}/aggregator.conf; }}"
    )
    return [program("nginx", "nginx-light"), "-p", str(folder), "-c", str(folder / "nginx.conf")]


def bare_command(folder: Path, port: int, upstream: int) -> list[str]:
    """What nginx does where nobody told it more than where we are."""
    tls = f"ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;"
    pass_on = f"location / {{ proxy_pass http://127.0.0.1:{upstream}; }}"
    kept = "".join(f"{kind}_temp_path {folder};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; events {{}}"
        f"http {{ {kept} access_log off; server {{ listen 127.0.0.1:{port} ssl; {tls} {pass_on} }} }}"
    )
    return [program("nginx", "nginx-light"), "-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy_command(folder: Path, port: int, upstream: int) -> list[str]:
    """The shipped file as it is, but for ports, a certificate of its own, and nothing that listens besides."""
    places = {
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        "\nfeeds.example.org {": f"\n{NAME}:{port} {{\n\tbind 127.0.0.1\n\ttls {folder}/cert.pem {folder}/key.pem",
        "\n{\n\tservers {": "\n{\n\tadmin off\n\tauto_https disable_redirects\n\tservers {",
    }
    (folder / "Caddyfile").write_text(filled_in("Caddyfile", places))
    return [program("caddy", "caddy"), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


Command = Callable[[Path, int, int], list[str]]
PROXIES: dict[str, Command] = {"nginx": nginx_command, "caddy": caddy_command}


@contextmanager
def proxied(kind: str, ours: Installation) -> Iterator[Proxy]:
    """The web process behind a proxy, both up, until the block ends."""
    folder = ours.folder / kind
    folder.mkdir()
    certify(folder)
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with ours.running("-m", "aggregator", "web"), (folder / "out").open("wb") as out:
        ours.wait_for("/healthz")
        port = free_port()
        command = (PROXIES | {"bare": bare_command})[kind](folder, port, ours.port)
        process = subprocess.Popen(command, cwd=folder, env=ours.environment | home, stdout=out, stderr=out)
        try:
            proxy = Proxy(port=port, folder=folder)
            wait_until_up(proxy, process)
            yield proxy
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def wait_until_up(proxy: Proxy, process: subprocess.Popen[bytes]) -> None:
    """Until the proxy passes requests on."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            assert proxy.get("/healthz")[0] == 200
        except OSError:
            said = (proxy.folder / "out").read_text()
            assert process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.05)
        else:
            return


def installed(folder: Path, settings: str = "") -> Installation:
    """An installation with one item in its feeds."""
    ours = Commands.at(folder, FEEDS, SETTINGS + settings)
    (folder / "river.xml").write_text(rss(item(1, title="The bridge is open")))
    ours.command("poll", "--all")
    return ours


@pytest.mark.parametrize("kind", PROXIES)
def test_feeds_and_pages_pass_a_proxy_and_operator_pages_need_the_token(tmp_path: Path, kind: str):
    ours = installed(tmp_path, f"web: {{status_token: {TOKEN}}}\n")
    with proxied(kind, ours) as proxy:
        status, fields, body = proxy.get("/all.atom")
        assert (status, fields["content-type"]) == (200, "application/atom+xml; charset=utf-8")
        assert f"https://{NAME}/all.atom".encode() in body
        assert b"The bridge is open" in body
        again = proxy.get("/all.atom", **{"If-None-Match": fields["etag"]})
        assert (again[0], again[1]["etag"], again[2]) == (304, fields["etag"], b"")
        coded = proxy.get("/all.atom", **{"Accept-Encoding": "gzip"})[1]
        assert (coded["content-encoding"], coded["etag"][:2] != "W/") == ("gzip", True)
        assert b"The bridge is open" in proxy.get("/")[2]
        assert proxy.get(f"/{READER}/team.atom")[0] == 200
        assert proxy.get("/team.atom")[0] == 404
        for page in ("/status", "/status.atom", "/metrics"):
            refused = proxy.get(page)
            assert (refused[0], "Basic" in refused[1]["www-authenticate"]) == (401, True)
            assert proxy.get(page, Authorization="Bearer something-else-of-16")[0] == 401
            asked = b64encode(f"anybody:{TOKEN}".encode()).decode()
            assert proxy.get(page, Authorization=f"Basic {asked}")[0] == 200
        assert proxy.get("/all.atom", **{"X-Long": "x" * 40_000})[0] in {400, 431}
    assert READER not in "".join(path.read_text() for path in proxy.folder.glob("*.log"))


@pytest.mark.parametrize("kind", PROXIES)
def test_without_a_status_token_nobody_sees_operator_pages_through_a_proxy(tmp_path: Path, kind: str):
    ours = installed(tmp_path)
    with proxied(kind, ours) as proxy:
        for page in ("/status", "/status.atom", "/metrics"):
            assert proxy.get(page)[0] == 401
            assert proxy.get(page, Authorization="Bearer anything-at-all-of-16")[0] == 403
            assert ours.get(page)[0] == 200


def test_a_proxy_that_was_told_nothing_does_not_open_operator_pages_to_the_world(tmp_path: Path):
    ours = installed(tmp_path)
    with proxied("bare", ours) as proxy:
        assert b"The bridge is open" in proxy.get("/all.atom")[2]
        for page in ("/status", "/status.atom", "/metrics"):
            assert proxy.get(page)[0] == 403


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_is_one_that_systemd_takes_and_finds_well_confined(tmp_path: Path, unit: str):
    analyze = program("systemd-analyze", "systemd")
    text = (DEPLOY / unit).read_text(encoding="utf-8")
    (tmp_path / unit).write_text(text.replace("/opt/aggregator/.venv/bin/aggregator", "/bin/true"))
    verified = subprocess.run([analyze, "verify", tmp_path / unit], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")
    judged = [
        analyze,
        "security",
        "--offline=true",
        "--threshold=18",
        tmp_path / unit,
    ]  # in tenths; 100 is the worst
    confined = subprocess.run(judged, capture_output=True, text=True, check=False)
    assert confined.returncode == 0, confined.stdout


@pytest.mark.parametrize("unit", UNITS)
def test_what_a_unit_starts_is_a_command_of_ours_with_its_own_options(tmp_path: Path, unit: str):
    text = (DEPLOY / unit).read_text(encoding="utf-8")
    started = re.search(r"^ExecStart=/opt/aggregator/\.venv/bin/aggregator (.*)$", text, re.MULTILINE)
    assert started
    ours = Commands.at(tmp_path, FEEDS)
    assert "Usage" in ours.command(*started[1].split(), "--help")


def test_the_image_is_made_of_what_there_is_from_the_lock_and_runs_without_root():
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    copied = [name for line in re.findall(r"^COPY (?!--)(.*) \S+$", text, re.MULTILINE) for name in line.split()]
    assert copied
    assert [name for name in copied if not (PROJECT / name).exists()] == []
    assert "--require-hashes -r requirements.txt" in text
    users = re.findall(r"^USER (.*)$", text.rpartition("\nFROM ")[2], re.MULTILINE)
    assert users
    assert not {"0", "root"} & set(users)


def test_compose_runs_both_processes_confined_on_one_volume():
    services = read_file(DEPLOY / "compose.yaml", {}).data["services"]
    assert {name: one["command"][0] for name, one in services.items()} == {"worker": "worker", "web": "web"}
    for one in services.values():
        assert (one["read_only"], one["cap_drop"], one["user"]) == (True, ["ALL"], "10001")
        assert "data:/data" in one["volumes"]
        assert (PROJECT / one["build"]["dockerfile"]).is_file()
        assert all(port.startswith("127.0.0.1:") for port in one.get("ports", []))
