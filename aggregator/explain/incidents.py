"""Symptoms over time: which incidents begin, which are over, which come again. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.model import Incident, Symptom

AGAIN = timedelta(days=1)
"""What comes back within this time is the same incident: somebody who was told once need not be told each hour."""

NAMESPACE = uuid.UUID("b8a1d0f4-6f0e-5f0d-9c55-7b0a55a1c0de")
"""Root of the ids of incidents. Never to change."""


def follow(known: Iterable[Incident], symptoms: Iterable[Symptom], now: datetime) -> tuple[Incident, ...]:
    """The incidents that begin, are over, or come again, as they are to be stored; nothing for all others.

    Args:
        known: Those that stand, and those that ended within `AGAIN`.
        symptoms: What is the matter now.
        now: When that was seen.
    """
    latest: dict[tuple[str, str], Incident] = {}
    for one in sorted(known, key=lambda one: (one.ended is None, one.changed)):
        latest[one.kind, one.subject] = one
    present = {(one.kind, one.subject): one for one in symptoms}
    begun = [_begin(symptom, latest.get(place), now) for place, symptom in present.items()]
    over = [
        replace(one, ended=now, changed=now)
        for place, one in latest.items()
        if one.ended is None and place not in present
    ]
    return tuple(one for one in (*begun, *over) if one is not None)


def _begin(symptom: Symptom, before: Incident | None, now: datetime) -> Incident | None:
    if before is not None and before.ended is None:
        return None
    if before is not None and before.ended is not None and now - before.ended < AGAIN:
        return replace(before, ended=None, changed=now, title=symptom.title, text=symptom.text)
    name = f"{symptom.kind}\n{symptom.subject}\n{now.isoformat()}"
    return Incident(
        id=f"urn:uuid:{uuid.uuid5(NAMESPACE, name)}",
        kind=symptom.kind,
        subject=symptom.subject,
        title=symptom.title,
        text=symptom.text,
        began=now,
        changed=now,
    )
