"""What a PostgreSQL store of very many sources costs: what is asked each second, each minute, at a start.

    python -m benchmarks.catalogues [--sources 100000,1000000] [--keep]

Sources are made by the server itself, with states as long as those of feeds with thirty entries, and an item each.
Milliseconds of CPU, the least of several rounds: of this process, and of the server with all its processes.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from aggregator.store.sql.columns import seconds

DAY = 86_400

_STATE = (
    '{"v":1,"next_poll_reason":"usually posts between 08:00 and 09:00 UTC","request_digest":"DIGEST",'
    '"address":"DIGEST","validators":{"etag":"\\"DIGEST\\"","given_by":"DIGEST"},'
    '"body_hash":"DIGESTDIGEST","reading_digest":"14012:c6ccda07929b9ee607826842","whole_at":POLLED,'
    '"last_success_at":POLLED,'
    '"meta":{"title":"Feed NUMBER","link":"http://sNUMBER.example/","version":"rss20"},"posted":[POSTED],'
    '"read_from":"http://sNUMBER.example/feed","habits":{"ordered":true,"since":POLLED,'
    '"places":["http://sNUMBER.example/"],"day":POLLED,"judged_at":POLLED},'
    '"memory":{"context":"I6_tQc_UIHJc","entries":"MEMORY"}}'
)
_MADE = (
    """
INSERT INTO sources (id, enabled, next_poll_at, lease, item_count, registered_at, polled_at, status, polls, state)
SELECT 's' || n, true, :now + 60 + (n * 7919) % :day, 1, 1, :now - :day, :now - (n * 7919) % :day, 'ok', 24,
  replace(replace(replace(replace(:state,
    'NUMBER', n::text), 'POLLED', (:now - (n * 7919) % :day)::text), 'DIGEST', md5(n::text)),
    'MEMORY', (SELECT string_agg(md5(n::text || i::text), '') FROM generate_series(1, 29) i))
FROM generate_series(0::bigint, :sources - 1) n""",
    """
INSERT INTO items (uid, source_id, key_kind, key_value, public_id, entry_id, url, url_key, published,
  published_reason, updated, updated_reason, first_seen, changed_at, pruned, revision, fingerprint_version,
  fingerprint_title, fingerprint_text, fingerprint_media, fingerprint_meta, compared, listing_order)
SELECT md5('item' || n)::uuid::text, 's' || n, 'id', link, link, link, link, 's' || n || '.example/1', at,
  'entry', at, 'published', at, at, false, 1, 1, md5('t' || n), md5('x' || n), '', '', 1, at * 10000
FROM (SELECT n, 'https://s' || n || '.example/1' AS link, :now - n * 7919 % (30 * :day) AS at
  FROM generate_series(0::bigint, :sources - 1) n) made""",
    "INSERT INTO entries (uid, entry) SELECT uid, convert_to(:entry, 'UTF8') FROM items",
)


def fill(connection: Connection, sources: int, now: datetime) -> None:
    """Make sources s0, s1, … of which one a minute at least is due from now on, each with an item."""
    posted = ",".join(str(seconds(now) - day * DAY - day) for day in range(30))
    given: dict[str, object] = {"now": seconds(now), "day": DAY, "sources": sources}
    given |= {"state": _STATE.replace("POSTED", posted), "entry": '{"v":1,"title":"A title"}'}
    for made in _MADE:
        connection.execute(text(made), given)
