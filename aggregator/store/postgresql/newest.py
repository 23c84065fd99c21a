"""The newest items of some sources, in one question: each answer of a server is waited for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Text, bindparam, cast, func, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from aggregator.model import SortKey
from aggregator.store.sql.columns import UtcDateTime
from aggregator.store.sql.tables import items, kept

_FEWEST: Final = 8
"""Items of each source that are looked at first: most sources bring few of the newest, and some bring many."""

_order = (items.c.published, items.c.listing_order, items.c.uid)
_asked = func.unnest(cast(bindparam("sources"), ARRAY(Text(collation="C")))).column_valued("asked")
_before = tuple_(
    bindparam("after_published", type_=UtcDateTime),
    bindparam("after_order", type_=BigInteger),
    bindparam("after_uid", type_=Text),
)
_of_one = (
    select(*_order)
    .where(
        kept,
        items.c.withdrawn_at.is_(None),
        items.c.source_id == _asked,
        tuple_(*_order) < _before,
    )
    .order_by(*(place.desc() for place in _order))
    .limit(bindparam("quota"))
    .lateral("newest")
)
_newest = (
    select(_asked.label("source_id"), _of_one.c.published, _of_one.c.listing_order, _of_one.c.uid)
    .order_by(_of_one.c.published.desc(), _of_one.c.listing_order.desc(), _of_one.c.uid.desc())
    .limit(bindparam("count"))
)


def of_each(connection: Connection, source_ids: Sequence[str], limit: int, after: SortKey) -> list[SortKey]:
    """See `items.OfEach`.

    A few of each source first. Only one of which all that were looked at are among the newest can have more of
    them: such are asked again, and there are no more than fill the limit.
    """
    quota = min(limit, max(_FEWEST, 2 * limit // len(source_ids)))
    found = _ask(connection, source_ids, quota, limit, after)
    if quota < limit:
        brought = Counter(source_id for source_id, _ in found)
        hot = [source_id for source_id, count in brought.items() if count == quota]
        if hot:
            rest = [one for one in found if brought[one[0]] < quota]
            found = sorted([*rest, *_ask(connection, hot, limit, limit, after)], key=_place, reverse=True)
    return [place for _, place in found[:limit]]


_Found = tuple[str, SortKey]


def _ask(
    connection: Connection, source_ids: Sequence[str], quota: int, limit: int, after: SortKey
) -> list[_Found]:
    """Source and place of the newest items, `quota` of each source at most."""
    asked: dict[str, Any] = {"sources": list(source_ids), "quota": quota, "count": limit}
    asked |= {"after_published": after[0], "after_order": after[1], "after_uid": after[2]}
    return [
        (row.source_id, (row.published, row.listing_order, row.uid)) for row in connection.execute(_newest, asked)
    ]


def _place(found: _Found) -> SortKey:
    return found[1]
