"""All that is looked at, in the order in which trouble explains trouble."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.doctor import configuration, database, machine, network, places
from aggregator.doctor.finding import Finding
from aggregator.errors import Mistake
from aggregator.model import Catalogue, DatabaseCondition, KeptCatalogue, SourceState
from aggregator.ports import Store
from aggregator.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """An installation as doctor finds it: its two files read, its database opened if that changes nothing.

    Attributes:
        settings: What is in force; None where they have mistakes.
        settings_mistakes: Those.
        catalogue: What feeds.yaml says, or said when it was last understood; None where that is not known.
        mistakes: Those of feeds.yaml.
        in_force: What is in force, where other machines have copies of feeds.yaml too.
        condition: How the database was found.
        store: The database, open; None unless its tables are there and current.
    """

    settings: Settings | None
    settings_mistakes: tuple[Mistake, ...] = ()
    catalogue: Catalogue | None = None
    mistakes: tuple[Mistake, ...] = ()
    in_force: KeptCatalogue | None = None
    condition: DatabaseCondition = field(default_factory=DatabaseCondition)
    store: Store | None = None


async def examine(
    patient: Patient, probe: network.Reaching, now: datetime, released: datetime
) -> tuple[Finding, ...]:
    """Look at every part of an installation, one after the other; the findings in that order.

    Args:
        patient: The installation.
        probe: Knocks at hosts.
        now: By the machine's clock.
        released: When this version was made.
    """
    states = await patient.store.states() if patient.store is not None else {}
    found = [*_read(patient), *machine.check_clock(now, released, states.values())]
    if patient.settings is not None:
        found += [*_look(patient, patient.settings), *_check_worker(patient, states, now)]
        if patient.store is not None:
            found += await database.check_outputs(patient.store)
        if patient.catalogue is not None:
            found += await network.check_network(network.choose_hosts(patient.catalogue.sources), probe)
    return tuple(found)


def _check_worker(patient: Patient, states: Mapping[str, SourceState], now: datetime) -> Iterator[Finding]:
    if patient.store is not None and patient.catalogue is not None:
        yield from database.check_worker(patient.catalogue, states, now)


def _read(patient: Patient) -> Iterator[Finding]:
    yield from configuration.report_mistakes("settings", patient.settings_mistakes, "Nothing starts like that.")
    if patient.settings is not None:
        yield from configuration.check_operator_pages(patient.settings)
    kept = patient.catalogue is not None
    effect = "What was understood before is in force." if kept else "Nothing starts like that."
    yield from configuration.report_mistakes("feeds", patient.mistakes, effect)
    if patient.catalogue is not None and not patient.mistakes:
        yield from configuration.check_catalogue(patient.catalogue, patient.in_force)


def _look(patient: Patient, settings: Settings) -> Iterator[Finding]:
    path = patient.condition.path
    if path is not None:
        yield from places.check_database_folder(path)
        yield from places.check_modes(path)
        yield from places.check_disk(path, patient.condition.size)
    yield from places.check_temporary_folder()
    if settings.publish.directory is not None:
        yield from places.check_publish_folder(settings.publish.directory)
    yield from machine.check_open_files(settings)
    yield from database.check_tables(patient.condition)
