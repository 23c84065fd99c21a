"""The reverse proxies that config/deploy/ has files for: real ones, with those files, with TLS, on loopback."""

from __future__ import annotations

import shutil
import signal
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.installation import PROJECT, Installation, free_port
from tests.support.waiting import PATIENCE

DEPLOY = PROJECT / "config" / "deploy"
NAME = "feeds.example.org"


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


def nginx_command(folder: Path, port: int, upstreams: Sequence[str]) -> list[str]:
    """The shipped file as it is, but for ports and places, in the http block of a small nginx.conf."""
    places = {
        "server 127.0.0.1:8000;": "".join(f"server {one};" for one in upstreams),
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


def bare_command(folder: Path, port: int, upstreams: Sequence[str]) -> list[str]:
    """What nginx does where nobody told it more than where we are."""
    tls = f"ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;"
    pass_on = f"location / {{ proxy_pass http://{upstreams[0]}; }}"
    kept = "".join(f"{kind}_temp_path {folder};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; events {{}}"
        f"http {{ {kept} access_log off; server {{ listen 127.0.0.1:{port} ssl; {tls} {pass_on} }} }}"
    )
    return [program("nginx", "nginx-light"), "-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy_command(folder: Path, port: int, _upstreams: Sequence[str]) -> list[str]:
    """The shipped file as it is, but for ports, a certificate of its own, and nothing that listens besides."""
    pair = f"{folder}/cert.pem {folder}/key.pem"
    places = {
        "lb_try_duration 15s": f"lb_try_duration {PATIENCE:.0f}s",
        "\n{$SITE:feeds.example.org} {": f"\n{{$SITE:{NAME}}}:{port} {{\n\tbind 127.0.0.1\n\ttls {pair}",
        "\n{\n\tservers {": "\n{\n\tadmin off\n\tauto_https disable_redirects\n\tservers {",
    }
    (folder / "Caddyfile").write_text(filled_in("Caddyfile", places))
    return [program("caddy", "caddy"), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


Command = Callable[[Path, int, Sequence[str]], list[str]]
PROXIES: dict[str, Command] = {"nginx": nginx_command, "caddy": caddy_command}


@contextmanager
def before(kind: str, ours: Installation, *upstreams: str, **variables: str) -> Iterator[Proxy]:
    """A proxy before web processes that are up, until the block ends; with variables for it, if any."""
    folder = ours.folder / kind
    folder.mkdir()
    certify(folder)
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    home |= {"WEBS": f"to {' '.join(upstreams)}"} | variables
    port = free_port()
    command = (PROXIES | {"bare": bare_command})[kind](folder, port, upstreams)
    with (folder / "out").open("wb") as out:
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
