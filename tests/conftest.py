"""What every test may use."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `pytest tests/golden --update-golden` write what the program says now; read the difference."""
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/*/expected.json anew")
