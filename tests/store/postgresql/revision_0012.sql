CREATE TABLE bands (
    band BIGINT NOT NULL,
    signature BIGINT NOT NULL,
    CONSTRAINT pk_bands PRIMARY KEY (band, signature)
);

CREATE TABLE catalogues (
    version BIGINT NOT NULL,
    content BYTEA NOT NULL,
    kept_at BIGINT NOT NULL,
    CONSTRAINT pk_catalogues PRIMARY KEY (version)
);

CREATE TABLE faults (
    stage TEXT COLLATE "C" NOT NULL,
    count BIGINT NOT NULL,
    CONSTRAINT pk_faults PRIMARY KEY (stage)
);

CREATE TABLE incidents (
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    began BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    ended BIGINT,
    title TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_incidents PRIMARY KEY (id)
);

CREATE UNIQUE INDEX ix_incidents_standing ON incidents (kind, subject) WHERE ended IS NULL;

CREATE TABLE publications (
    id TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    mark BIGINT NOT NULL,
    rendered_mark BIGINT,
    digest TEXT COLLATE "C",
    archived_until BIGINT,
    absent_since BIGINT,
    feed_name TEXT COLLATE "C",
    shown TEXT COLLATE "C",
    archived_number BIGINT,
    CONSTRAINT pk_publications PRIMARY KEY (id)
);

CREATE TABLE sources (
    id TEXT COLLATE "C" NOT NULL,
    enabled BOOLEAN NOT NULL,
    next_poll_at BIGINT NOT NULL,
    lease BIGINT NOT NULL,
    item_count BIGINT NOT NULL,
    registered_at BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    lease_owner TEXT COLLATE "C",
    leased_until BIGINT,
    abandoned INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT pk_sources PRIMARY KEY (id)
);

CREATE INDEX ix_sources_due ON sources (enabled, next_poll_at, id);

CREATE TABLE tallies (
    name TEXT COLLATE "C" NOT NULL,
    label TEXT COLLATE "C" NOT NULL,
    count BIGINT NOT NULL,
    CONSTRAINT pk_tallies PRIMARY KEY (name, label)
);

CREATE TABLE archives (
    publication_id TEXT COLLATE "C" NOT NULL,
    number INTEGER NOT NULL,
    completed BIGINT NOT NULL,
    CONSTRAINT pk_archives PRIMARY KEY (publication_id, number),
    CONSTRAINT fk_archives_publication_id FOREIGN KEY(publication_id) REFERENCES publications (id) ON DELETE CASCADE
);

CREATE TABLE documents (
    publication_id TEXT COLLATE "C" NOT NULL,
    format TEXT COLLATE "C" NOT NULL,
    media_type TEXT COLLATE "C" NOT NULL,
    etag TEXT COLLATE "C" NOT NULL,
    last_modified BIGINT NOT NULL,
    body BYTEA NOT NULL,
    gzip BYTEA NOT NULL,
    br BYTEA,
    marks BYTEA,
    CONSTRAINT pk_documents PRIMARY KEY (publication_id, format),
    CONSTRAINT fk_documents_publication_id FOREIGN KEY(publication_id) REFERENCES publications (id) ON DELETE CASCADE
);

CREATE TABLE editions (
    publication_id TEXT COLLATE "C" NOT NULL,
    format TEXT COLLATE "C" NOT NULL,
    etag TEXT COLLATE "C" NOT NULL,
    last_modified BIGINT NOT NULL,
    CONSTRAINT pk_editions PRIMARY KEY (publication_id, format, etag),
    CONSTRAINT fk_editions_publication_id FOREIGN KEY(publication_id) REFERENCES publications (id) ON DELETE CASCADE
);

CREATE INDEX ix_editions_age ON editions (publication_id, format, last_modified);

CREATE TABLE items (
    uid TEXT COLLATE "C" NOT NULL,
    source_id TEXT COLLATE "C" NOT NULL,
    key_kind TEXT COLLATE "C" NOT NULL,
    key_value TEXT COLLATE "C" NOT NULL,
    public_id TEXT COLLATE "C" NOT NULL,
    entry_id TEXT COLLATE "C",
    url TEXT COLLATE "C",
    url_key TEXT COLLATE "C",
    published BIGINT NOT NULL,
    published_reason TEXT COLLATE "C" NOT NULL,
    updated BIGINT NOT NULL,
    updated_reason TEXT COLLATE "C" NOT NULL,
    claimed_updated BIGINT,
    first_seen BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    pruned BOOLEAN NOT NULL,
    revision INTEGER NOT NULL,
    fingerprint_version INTEGER NOT NULL,
    fingerprint_title TEXT COLLATE "C" NOT NULL,
    fingerprint_text TEXT COLLATE "C" NOT NULL,
    fingerprint_media TEXT COLLATE "C" NOT NULL,
    fingerprint_meta TEXT COLLATE "C" NOT NULL,
    trace TEXT COLLATE "C",
    compared INTEGER DEFAULT '0' NOT NULL,
    story TEXT COLLATE "C",
    absent_since BIGINT,
    listing_order BIGINT DEFAULT '0' NOT NULL,
    remains TEXT COLLATE "C",
    unlisted_since BIGINT,
    CONSTRAINT pk_items PRIMARY KEY (uid),
    CONSTRAINT fk_items_source_id FOREIGN KEY(source_id) REFERENCES sources (id),
    CONSTRAINT uq_items_source_id_key_kind_key_value UNIQUE (source_id, key_kind, key_value),
    CONSTRAINT uq_items_public_id UNIQUE (public_id)
);

CREATE INDEX ix_items_absent ON items (absent_since, uid) WHERE absent_since IS NOT NULL AND pruned = false;

CREATE INDEX ix_items_doubtful ON items (source_id, unlisted_since, uid) WHERE absent_since IS NULL AND unlisted_since IS NOT NULL;

CREATE INDEX ix_items_entry_id ON items (entry_id);

CREATE INDEX ix_items_listed ON items (source_id, uid) WHERE absent_since IS NULL AND unlisted_since IS NULL;

CREATE INDEX ix_items_river ON items (published, listing_order, uid, source_id, withdrawn_at) WHERE pruned = false;

CREATE INDEX ix_items_river_of_source ON items (source_id, published, listing_order, uid, withdrawn_at) WHERE pruned = false;

CREATE INDEX ix_items_story ON items (story) WHERE story IS NOT NULL;

CREATE INDEX ix_items_uncompared ON items (first_seen, uid) WHERE compared != revision AND pruned = false;

CREATE INDEX ix_items_url ON items (url);

CREATE INDEX ix_items_url_key ON items (url_key);

CREATE INDEX ix_items_withdrawn ON items (uid) WHERE withdrawn_at IS NOT NULL;

CREATE TABLE leads (
    publication_id TEXT COLLATE "C" NOT NULL,
    uid TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_leads PRIMARY KEY (publication_id, uid),
    CONSTRAINT fk_leads_publication_id FOREIGN KEY(publication_id) REFERENCES publications (id) ON DELETE CASCADE
);

CREATE TABLE aliases (
    source_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    uid TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_aliases PRIMARY KEY (source_id, kind, value, uid),
    CONSTRAINT fk_aliases_uid FOREIGN KEY(uid) REFERENCES items (uid) ON DELETE CASCADE
);

CREATE TABLE archive_documents (
    publication_id TEXT COLLATE "C" NOT NULL,
    number INTEGER NOT NULL,
    format TEXT COLLATE "C" NOT NULL,
    media_type TEXT COLLATE "C" NOT NULL,
    etag TEXT COLLATE "C" NOT NULL,
    last_modified BIGINT NOT NULL,
    gzip BYTEA NOT NULL,
    CONSTRAINT pk_archive_documents PRIMARY KEY (publication_id, number, format),
    CONSTRAINT fk_archive_documents_publication_id_number FOREIGN KEY(publication_id, number) REFERENCES archives (publication_id, number) ON DELETE CASCADE
);

CREATE TABLE archived (
    publication_id TEXT COLLATE "C" NOT NULL,
    uid TEXT COLLATE "C" NOT NULL,
    number INTEGER,
    CONSTRAINT pk_archived PRIMARY KEY (publication_id, uid),
    CONSTRAINT fk_archived_publication_id_number FOREIGN KEY(publication_id, number) REFERENCES archives (publication_id, number) ON DELETE CASCADE,
    CONSTRAINT fk_archived_publication_id FOREIGN KEY(publication_id) REFERENCES publications (id) ON DELETE CASCADE
);

CREATE INDEX ix_archived_publication_id_number ON archived (publication_id, number);

CREATE TABLE edges (
    one TEXT COLLATE "C" NOT NULL,
    other TEXT COLLATE "C" NOT NULL,
    method TEXT COLLATE "C" NOT NULL,
    evidence TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_edges PRIMARY KEY (one, other),
    CONSTRAINT fk_edges_one FOREIGN KEY(one) REFERENCES items (uid) ON DELETE CASCADE,
    CONSTRAINT fk_edges_other FOREIGN KEY(other) REFERENCES items (uid) ON DELETE CASCADE
);

CREATE INDEX ix_edges_method ON edges (method);

CREATE INDEX ix_edges_other ON edges (other);

CREATE TABLE entries (
    uid TEXT COLLATE "C" NOT NULL,
    entry BYTEA NOT NULL,
    CONSTRAINT pk_entries PRIMARY KEY (uid),
    CONSTRAINT fk_entries_uid FOREIGN KEY(uid) REFERENCES items (uid) ON DELETE CASCADE
);

CREATE TABLE near_misses (
    one TEXT COLLATE "C" NOT NULL,
    other TEXT COLLATE "C" NOT NULL,
    rule TEXT COLLATE "C" NOT NULL,
    refusal TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_near_misses PRIMARY KEY (one, other),
    CONSTRAINT fk_near_misses_other FOREIGN KEY(other) REFERENCES items (uid) ON DELETE CASCADE,
    CONSTRAINT fk_near_misses_one FOREIGN KEY(one) REFERENCES items (uid) ON DELETE CASCADE
);

CREATE INDEX ix_near_misses_other ON near_misses (other);

CREATE INDEX ix_near_misses_rule ON near_misses (rule);

CREATE TABLE revisions (
    uid TEXT COLLATE "C" NOT NULL,
    number INTEGER NOT NULL,
    seen_at BIGINT NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    entry BYTEA,
    CONSTRAINT pk_revisions PRIMARY KEY (uid, number),
    CONSTRAINT fk_revisions_uid FOREIGN KEY(uid) REFERENCES items (uid) ON DELETE CASCADE
);

CREATE TABLE signatures (
    number BIGSERIAL NOT NULL,
    uid TEXT COLLATE "C" NOT NULL,
    source_id TEXT COLLATE "C" NOT NULL,
    first_seen BIGINT NOT NULL,
    published BIGINT NOT NULL,
    title_key BIGINT,
    url BIGINT,
    recurring BOOLEAN NOT NULL,
    shared_url BOOLEAN NOT NULL,
    length INTEGER NOT NULL,
    credit TEXT COLLATE "C" NOT NULL,
    signature BYTEA,
    CONSTRAINT pk_signatures PRIMARY KEY (number),
    CONSTRAINT uq_signatures_uid UNIQUE (uid),
    CONSTRAINT fk_signatures_uid FOREIGN KEY(uid) REFERENCES items (uid) ON DELETE CASCADE
);

CREATE INDEX ix_signatures_first_seen ON signatures (first_seen, uid) WHERE signature IS NOT NULL;

CREATE INDEX ix_signatures_title ON signatures (source_id, title_key, published);

CREATE INDEX ix_signatures_url ON signatures (source_id, url);

CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);

INSERT INTO alembic_version VALUES ('0012');

COMMENT ON TABLE alembic_version IS 'aggregator'
