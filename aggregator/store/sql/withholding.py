"""Items that the editor withdraws, by name or as their host asked, and gives back. Over an open transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
    true,
    update,
)

from aggregator.model import Withheld, Withholding
from aggregator.store.sql import editions, lookup, rows
from aggregator.store.sql.chunks import chunks
from aggregator.store.sql.columns import UtcDateTime, storable
from aggregator.store.sql.tables import aliases, items, sources, uncompared, withheld
from aggregator.text.opted_out import find_opt_out_of_url

_names = select(items.c.uid, items.c.public_id)
_whose = select(items.c.uid, items.c.public_id, items.c.source_id, items.c.url)
_LOOSE = items.c.entry_id
"""The publisher's own word for an item, which may be "1" in many feeds."""

_ALL = true()
_arrived = and_(uncompared, items.c.withheld_at.is_(None))

_FEW_HOSTS: Final = 100
"""More of them the database does not look for in each address: that would take longer than looking here."""


def find_changes(connection: Connection, asked: Withholding) -> tuple[Withheld, ...]:
    """What is to be withheld and is not, and what is and need not be any more. Only reads.

    All addresses that are stored are looked at where hosts are asked for: some 0.3 s for a million and one host.
    """
    held = {row.uid: row.public_id for row in connection.execute(_names.where(withheld))}
    meant = _by_uid(
        _find_at(connection, asked, _of_hosts(asked)),
        _find_texts(connection, asked, select(sources.c.id)),
        _find_named(connection, asked.names, held),
    )
    back = (Withheld(uid=uid, public_id=name, gone=False) for uid, name in held.items() if uid not in meant)
    return (*(one for uid, one in meant.items() if uid not in held), *back)


def find_arrived(connection: Connection, asked: Withholding) -> tuple[Withheld, ...]:
    """What of that is to be withheld of items that no document has shown yet as they are. Only reads."""
    held = {row.uid: row.public_id for row in connection.execute(_names.where(withheld))} if asked.names else {}
    found = _by_uid(
        _find_at(connection, asked, _whose.where(_arrived) if asked.hosts or asked.sources else None),
        _find_texts(connection, asked, select(items.c.source_id).where(_arrived), _arrived),
        _find_named(connection, asked.names, held),
    )
    return tuple(one for one in found.values() if one.uid not in held)


def withhold(connection: Connection, changes: Collection[Withheld], now: datetime) -> None:
    """Do so, unless somebody did meanwhile. All publications are outdated then."""
    since = {
        "withheld_at": now,
        "withdrawn_at": func.coalesce(items.c.withdrawn_at, literal(now, UtcDateTime)),
        "changed_at": now,
    }
    # What its publisher took back before stays so.
    ours = case((items.c.withdrawn_at == items.c.withheld_at, null()), else_=items.c.withdrawn_at)
    free = {"withheld_at": None, "withdrawn_at": ours, "changed_at": now}
    for gone, values, still in ((True, since, items.c.withheld_at.is_(None)), (False, free, withheld)):
        for some in chunks(sorted(one.uid for one in changes if one.gone == gone)):
            connection.execute(update(items).where(items.c.uid.in_(some), still).values(**values))
    editions.mark_outdated(connection)


def _by_uid(*found: Iterable[Withheld]) -> dict[str, Withheld]:
    """Each once, for the last of its reasons: by name it is withheld even where its host is none that asked."""
    return {one.uid: one for some in found for one in some}


def _find_at(connection: Connection, asked: Withholding, among: Select[Any] | None) -> Iterator[Withheld]:
    """What is meant by its own host or its source, of the rows `among` which it may be."""
    for row in connection.execute(among.execution_options(yield_per=1000)) if among is not None else ():
        opt_out = _opt_out_of(row, asked)
        if opt_out is not None:
            yield Withheld(uid=row.uid, public_id=row.public_id, gone=True, opt_out=opt_out)


def _find_texts(
    connection: Connection, asked: Withholding, among: Select[Any], those: ColumnElement[bool] = _ALL
) -> Iterator[Withheld]:
    """What has its text from a host, of the sources and of `those` items. What it had from there once may stay."""
    if not asked.hosts:
        return
    places = select(aliases.c.uid, aliases.c.value).where(
        aliases.c.source_id.in_(among), aliases.c.kind == rows.TEXT
    )
    read = {one.uid for one in connection.execute(places) if find_opt_out_of_url(one.value, asked.hosts)}
    for some in chunks(sorted(read)):
        for row in connection.execute(lookup.whole.where(items.c.uid.in_(some), those)).mappings():
            opt_out = find_opt_out_of_url(rows.item_of(row).entry.text_from, asked.hosts)
            if opt_out is not None:
                yield Withheld(uid=row["uid"], public_id=row["public_id"], gone=True, opt_out=opt_out)


def _opt_out_of(row: Row[Any], asked: Withholding) -> str | None:
    return asked.sources.get(row.source_id) or find_opt_out_of_url(row.url, asked.hosts)


def _of_hosts(asked: Withholding) -> Select[Any] | None:
    """The rows among which those are that hosts and sources mean."""
    if len(asked.hosts) > _FEW_HOSTS:
        return _whose
    parts = {name.removeprefix("www.") for name in asked.hosts}
    parts |= {"%"} if parts else set()  # a host may be written with escapes
    any_of: list[ColumnElement[bool]] = [items.c.url.contains(part, autoescape=True) for part in sorted(parts)]
    any_of += [items.c.source_id.in_(some) for some in chunks(asked.sources)]
    return _whose.where(or_(*any_of)) if any_of else None


def _find_named(connection: Connection, names: Collection[str], held: Collection[str]) -> Iterator[Withheld]:
    """What has a name as its id or address; as a publisher's word for it, what alone has that."""
    found: dict[str, str] = {}
    for some in chunks(sorted(storable(name) for name in names)):
        by_name = or_(*(items.c[name].in_(some) for name in ("uid", "public_id", "url", "url_key")))
        found.update((row.uid, row.public_id) for row in connection.execute(_names.where(by_name)))
        bearers: dict[str, dict[str, str]] = {}
        for row in connection.execute(_names.add_columns(_LOOSE).where(_LOOSE.in_(some))):
            bearers.setdefault(row.entry_id, {})[row.uid] = row.public_id
        for mine in bearers.values():
            ours = {uid: name for uid, name in mine.items() if uid in held}
            if ours or len(mine) == 1:
                found.update(ours or mine)
    return (Withheld(uid=uid, public_id=name, gone=True) for uid, name in found.items())
