"""What a machine happens to set, kept away from tests: they find the same everywhere."""

from __future__ import annotations

import signal
from collections.abc import Mapping

_NAMES = {"CI", "FAULTS_SEED", "HOME", "LD_LIBRARY_PATH", "MIRRORS", "PATH", "TMPDIR", "UPDATE_GOLDEN"}
_KINDS = ("COVERAGE_", "COV_", "HYPOTHESIS_", "PLAYWRIGHT_", "PYTEST_", "TEST_")
"""Of the suite and its tools."""

_FETCHING = ("PIP_", "SSL_CERT_", "REQUESTS_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
"""Of those who ask a package index: `make test-install` does, which sets `TEST_INSTALLS`."""

_SAME = {"LANG": "C.UTF-8", "TZ": "UTC"}
"""What would else be as the machine has it, set or not."""


def neutral(variables: Mapping[str, str]) -> dict[str, str]:
    """An environment in which tests run: without what a shell, a terminal, a service or a proxy needs."""
    kinds = (*_KINDS, *(_FETCHING if "TEST_INSTALLS" in variables else ()))
    kept = {name: said for name, said in variables.items() if name in _NAMES or name.upper().startswith(kinds)}
    return kept | _SAME


def hear_signals() -> None:
    """Let signals do what they usually do: who starts something in the background has it ignore some of them."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
