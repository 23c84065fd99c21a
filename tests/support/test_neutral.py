"""What a machine happens to set reaches no test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from tests.support.installation import PROJECT
from tests.support.neutral import neutral

PECULIAR = {
    "SHELL": "/bin/zsh",
    "TERM": "dumb",
    "COLUMNS": "20",
    "NO_COLOR": "1",
    "FORCE_COLOR": "1",
    "GITHUB_ACTIONS": "true",
    "LC_ALL": "C",
    "LANG": "de_DE.ISO-8859-1",
    "TZ": "Asia/Tokyo",
    "https_proxy": "http://127.0.0.1:9/",
    "SSL_CERT_FILE": "/nowhere",
    "PYTHONWARNINGS": "error",
    "PYTHONDONTWRITEBYTECODE": "1",
    "AGGREGATOR_FETCH__TIMEOUT": "1s",
    "DATABASE_URL": "postgresql://elsewhere/",
    "PORT": "80",
    "NOTIFY_SOCKET": "/run/other",
    "PGHOST": "elsewhere",
}


def test_what_shells_terminals_services_and_proxies_set_reaches_no_test():
    plain = {"PATH": "/bin", "HOME": "/home/ann"}
    assert neutral(PECULIAR | plain) == neutral(plain) == plain | {"LANG": "C.UTF-8", "TZ": "UTC"}
    assert not os.environ.keys() & (PECULIAR.keys() - {"LANG", "TZ"})
    assert (os.environ["LANG"], time.tzname[0]) == ("C.UTF-8", "UTC")


def test_what_asks_a_package_index_finds_its_way_there_where_that_is_wished_for():
    ways = {
        "https_proxy": "http://proxy.example/",
        "SSL_CERT_FILE": "/etc/ours.pem",
        "PIP_INDEX_URL": "https://i/",
    }
    assert neutral(ways | {"TEST_INSTALLS": "1"}).items() > ways.items()
    assert not neutral(ways).keys() & ways.keys()


def test_an_interrupt_interrupts_whoever_started_the_suite_in_the_background():
    code = (
        "import os, signal; from tests.support.neutral import hear_signals; hear_signals()\n"
        "try: os.kill(os.getpid(), signal.SIGINT); print('deaf')\n"
        "except KeyboardInterrupt: print('heard')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        cwd=PROJECT,
        capture_output=True,
        check=True,
    )
    assert done.stdout == b"heard\n"
