"""What is, or was, the matter with an installation or one of its sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

IncidentKind = Literal[
    "silent", "failing", "gone", "moved", "unreliable", "filtered", "fault", "program", "catalogue"
]
"""What is the matter.

A source that is silent beyond its habit, fails for long, is gone, has moved, says what cannot be relied on, is let
through by no filter, or on which this program fails; this program by itself; feeds.yaml.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """Something that is the matter now.

    Attributes:
        kind: What it is.
        subject: With what: a source's id, a stage of ours for `program`, "" for the installation.
        title: In a few words, the name of the source first.
        text: What is known of it and what to do, in sentences that stay true while it lasts.
    """

    kind: IncidentKind
    subject: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A symptom from when it was first seen until it was over.

    Attributes:
        id: A `urn:uuid:` IRI, its own for ever.
        kind: That of the symptom.
        subject: That of the symptom.
        title: The symptom's when it was first seen.
        text: The symptom's when it was first seen.
        began: When that was.
        changed: When it last began or was over: it may come again within a day.
        ended: When it was over; None while it stands.
    """

    id: str
    kind: IncidentKind
    subject: str
    title: str
    text: str
    began: datetime
    changed: datetime
    ended: datetime | None = None
