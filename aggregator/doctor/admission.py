"""An installation, read without starting or changing anything of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from aggregator import catalogue, settings, store
from aggregator.doctor.rounds import Patient
from aggregator.errors import ConfigurationError, StoreError
from aggregator.model import DatabaseCondition
from aggregator.ports import Store


@asynccontextmanager
async def admit(config: Path, environ: Mapping[str, str]) -> AsyncIterator[Patient]:
    """What can be read of the installation whose feeds.yaml is at `config`, whatever is wrong with it.

    Its database is open while the block lasts, unless opening it would make or upgrade it.
    """
    try:
        found = settings.load(config.parent, environ)
    except ConfigurationError as error:
        yield await _read_catalogue(Patient(settings=None, settings_mistakes=error.mistakes), config, environ)
        return
    async with AsyncExitStack() as life:
        patient = Patient(settings=found, condition=store.inspect(found.database))
        if patient.condition.is_current:
            patient = await _open(patient, store.open_store(found.database), life)
        yield await _read_catalogue(patient, config, environ)


async def _open(patient: Patient, database: Store, life: AsyncExitStack) -> Patient:
    try:
        await database.open()
    except StoreError as error:
        condition = DatabaseCondition(path=patient.condition.path, size=patient.condition.size, refusal=str(error))
        return replace(patient, condition=condition)
    life.push_async_callback(database.close)
    return replace(patient, store=database)


async def _read_catalogue(patient: Patient, config: Path, environ: Mapping[str, str]) -> Patient:
    try:
        return replace(patient, catalogue=catalogue.load(config, environ))
    except ConfigurationError as error:
        kept = await patient.store.kept_catalogue() if patient.store is not None else None
        try:
            found = catalogue.recall(kept, config, environ, error) if kept is not None else None
        except ConfigurationError:
            found = None
        return replace(patient, catalogue=found, mistakes=error.mistakes)
