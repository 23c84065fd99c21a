"""A transaction, run again where another one was in the way."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from aggregator.store.postgresql import failures

T = TypeVar("T")

_PAUSES: Final = (0.0, 0.01, 0.05, 0.2, 0.5, 1.0)
"""Seconds before a transaction that others overtook is run again, at most; then it has failed."""


def run(engine: Engine, work: Callable[[Connection], T]) -> T:
    """What `work` returns, run over a transaction; again where others were in the way or a connection is gone.

    A new connection is tried once, and none for one that is lost while it commits: nobody knows whether it did.
    """
    pauses, is_lost = iter(_PAUSES), False
    while True:
        is_done = False
        try:
            with engine.begin() as connection:
                result = work(connection)
                is_done = True
        except DBAPIError as error:
            if failures.is_overtaken(error) and (pause := next(pauses, None)) is not None:
                time.sleep(pause * random.random())  # noqa: S311 # so that those who met do not meet again
            elif is_lost or is_done or not failures.is_lost(error):
                raise
            else:
                is_lost = True
        else:
            return result
