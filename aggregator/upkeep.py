"""What is done to an installation that need not run, wired: copies of its database, a look at its health."""

from __future__ import annotations

import os
from pathlib import Path

from aggregator import doctor, settings, store
from aggregator.app import RELEASED, SystemClock
from aggregator.doctor import Finding
from aggregator.fetch import FetchOptions, Probe
from aggregator.model import Backup, Restored
from aggregator.settings import Settings
from aggregator.text.redaction import redactor


def back_up(config: Path, to: Path) -> Backup:
    """Copy the database of the installation to a file, running or not. Raises StoreError, ConfigurationError."""
    return store.back_up(settings.load(config.parent, os.environ).database, to)


def restore(config: Path, file: Path) -> Restored:
    """Put such a copy back in the place of the database. Raises StoreError, ConfigurationError."""
    return store.restore(settings.load(config.parent, os.environ).database, file)


async def examine(config: Path) -> tuple[Finding, ...]:
    """Whether the installation can do its work; changes nothing of it."""
    async with doctor.admit(config, os.environ) as patient:
        limits = (patient.settings or Settings()).fetch
        probe = Probe(FetchOptions(timeout=limits.timeout, allow_networks=tuple(limits.allow_networks)))
        try:
            found = await doctor.examine(patient, probe, SystemClock().now(), RELEASED)
        finally:
            probe.close()
        secrets = (patient.settings or Settings()).secrets
        return redactor(secrets | (patient.catalogue.secrets if patient.catalogue else frozenset())).redact(found)
