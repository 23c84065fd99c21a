-- What revision 0010 wrote. Never to change: databases like this are out there.
PRAGMA application_id = 1095190354;
PRAGMA journal_mode = WAL;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0010');
CREATE TABLE aliases (
	source_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	value TEXT NOT NULL, 
	uid TEXT NOT NULL, 
	CONSTRAINT pk_aliases PRIMARY KEY (source_id, kind, value, uid), 
	CONSTRAINT fk_aliases_uid FOREIGN KEY(uid) REFERENCES items (uid) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "aliases" VALUES('river','dated','292aac1ff7f83793b3f66f4738ac5793','5a7cdae2-093f-5b52-87c0-9695cb6485db');
INSERT INTO "aliases" VALUES('river','id','river-old','80284ddd-a41d-548d-8db2-045e5e74b600');
INSERT INTO "aliases" VALUES('river','id','tag:example.org,2026:1','5a7cdae2-093f-5b52-87c0-9695cb6485db');
INSERT INTO "aliases" VALUES('river','url','example.org/1','5a7cdae2-093f-5b52-87c0-9695cb6485db');
INSERT INTO "aliases" VALUES('river','url','river.example/old','80284ddd-a41d-548d-8db2-045e5e74b600');
CREATE TABLE archive_documents (
	publication_id TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	format TEXT NOT NULL, 
	media_type TEXT NOT NULL, 
	etag TEXT NOT NULL, 
	last_modified BIGINT NOT NULL, 
	gzip BLOB NOT NULL, 
	CONSTRAINT pk_archive_documents PRIMARY KEY (publication_id, number, format), 
	CONSTRAINT fk_archive_documents_publication_id_number FOREIGN KEY(publication_id, number) REFERENCES archives (publication_id, number) ON DELETE CASCADE
);
INSERT INTO "archive_documents" VALUES('all',1,'atom','application/atom+xml; charset=utf-8','"1"',1772366400,X'1F8B0800000000000203B3494B4D4DD1B7030029458BED07000000');
CREATE TABLE archived (
	publication_id TEXT NOT NULL, 
	uid TEXT NOT NULL, 
	number INTEGER, 
	CONSTRAINT pk_archived PRIMARY KEY (publication_id, uid), 
	CONSTRAINT fk_archived_publication_id_number FOREIGN KEY(publication_id, number) REFERENCES archives (publication_id, number) ON DELETE CASCADE, 
	CONSTRAINT fk_archived_publication_id FOREIGN KEY(publication_id) REFERENCES publications (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "archived" VALUES('all','5a7cdae2-093f-5b52-87c0-9695cb6485db',1);
CREATE TABLE archives (
	publication_id TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	completed BIGINT NOT NULL, 
	CONSTRAINT pk_archives PRIMARY KEY (publication_id, number), 
	CONSTRAINT fk_archives_publication_id FOREIGN KEY(publication_id) REFERENCES publications (id) ON DELETE CASCADE
);
INSERT INTO "archives" VALUES('all',1,1772366400);
CREATE TABLE bands (
	band BIGINT NOT NULL, 
	uid TEXT NOT NULL, 
	CONSTRAINT pk_bands PRIMARY KEY (band, uid), 
	CONSTRAINT fk_bands_uid FOREIGN KEY(uid) REFERENCES signatures (uid) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "bands" VALUES(7,'5a7cdae2-093f-5b52-87c0-9695cb6485db');
CREATE TABLE catalogues (
	version BIGINT NOT NULL, 
	content BLOB NOT NULL, 
	kept_at BIGINT NOT NULL, 
	CONSTRAINT pk_catalogues PRIMARY KEY (version)
);
CREATE TABLE documents (
	publication_id TEXT NOT NULL, 
	format TEXT NOT NULL, 
	media_type TEXT NOT NULL, 
	etag TEXT NOT NULL, 
	last_modified BIGINT NOT NULL, 
	body BLOB NOT NULL, 
	gzip BLOB NOT NULL, br BLOB, marks BLOB, 
	CONSTRAINT pk_documents PRIMARY KEY (publication_id, format), 
	CONSTRAINT fk_documents_publication_id FOREIGN KEY(publication_id) REFERENCES publications (id) ON DELETE CASCADE
);
INSERT INTO "documents" VALUES('all','atom','application/atom+xml; charset=utf-8','"3c666565642f3e"',1772366400,X'3C666565642F3E',X'7A3C666565642F3E',NULL,NULL);
CREATE TABLE edges (
	one TEXT NOT NULL, 
	other TEXT NOT NULL, 
	method TEXT NOT NULL, 
	evidence TEXT NOT NULL, 
	CONSTRAINT pk_edges PRIMARY KEY (one, other), 
	CONSTRAINT fk_edges_one FOREIGN KEY(one) REFERENCES items (uid) ON DELETE CASCADE, 
	CONSTRAINT fk_edges_other FOREIGN KEY(other) REFERENCES items (uid) ON DELETE CASCADE
);
INSERT INTO "edges" VALUES('5a7cdae2-093f-5b52-87c0-9695cb6485db','80284ddd-a41d-548d-8db2-045e5e74b600','exact','{"v":1,"method":"exact","likeness":{},"reason":"the texts are the same"}');
CREATE TABLE editions (
	publication_id TEXT NOT NULL, 
	format TEXT NOT NULL, 
	etag TEXT NOT NULL, 
	last_modified BIGINT NOT NULL, 
	CONSTRAINT pk_editions PRIMARY KEY (publication_id, format, etag), 
	CONSTRAINT fk_editions_publication_id FOREIGN KEY(publication_id) REFERENCES publications (id) ON DELETE CASCADE
);
INSERT INTO "editions" VALUES('all','atom','"3c666565642f3e"',1772366400);
CREATE TABLE entries (
	uid TEXT NOT NULL, 
	entry TEXT NOT NULL, 
	CONSTRAINT pk_entries PRIMARY KEY (uid), 
	CONSTRAINT fk_entries_uid FOREIGN KEY(uid) REFERENCES items (uid) ON DELETE CASCADE
);
INSERT INTO "entries" VALUES('5a7cdae2-093f-5b52-87c0-9695cb6485db','{"v":1,"id":"tag:example.org,2026:1","id_is_permalink":true,"url":"https://example.org/1","url_key":"example.org/1","title":"پرسش – «۱۲»","content":"<p>سلام 🌊</p>","summary":"<p>A &amp; B</p>","text":"سلام","authors":[{"name":"Ann","uri":"https://ann.example/","email":"ann@example.org"},{"name":"Bob"}],"categories":[{"term":"a","scheme":"urn:x:y","label":"A"},{"term":"b"}],"enclosures":[{"url":"https://example.org/1.mp3","type":"audio/mpeg","length":10,"title":"One","duration":61},{"url":"https://example.org/2.mp3"}],"image":"https://example.org/1.png","published":{"utc":1772366400,"raw":"1 Mar 2026 12:00","precision":"minute","zone":"assumed"},"updated":{"utc":1772366460,"raw":"12:01","precision":"second","zone":"explicit"},"language":"fa","position":7}');
CREATE TABLE faults (
	stage TEXT NOT NULL, 
	count BIGINT NOT NULL, 
	CONSTRAINT pk_faults PRIMARY KEY (stage)
);
CREATE TABLE incidents (
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	began BIGINT NOT NULL, 
	changed BIGINT NOT NULL, 
	ended BIGINT, 
	title TEXT NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_incidents PRIMARY KEY (id)
);
INSERT INTO "incidents" VALUES('urn:uuid:6c29c9ae-5d35-5b0e-8f2b-0f6f1a0c5d51','failing','river',1772366400,1772370000,NULL,'River fails','It does.');
CREATE TABLE "items" (
	uid TEXT NOT NULL, 
	source_id TEXT NOT NULL, 
	key_kind TEXT NOT NULL, 
	key_value TEXT NOT NULL, 
	public_id TEXT NOT NULL, 
	entry_id TEXT, 
	url TEXT, 
	url_key TEXT, 
	published BIGINT NOT NULL, 
	published_reason TEXT NOT NULL, 
	updated BIGINT NOT NULL, 
	updated_reason TEXT NOT NULL, 
	claimed_updated BIGINT, 
	first_seen BIGINT NOT NULL, 
	changed_at BIGINT NOT NULL, 
	withdrawn_at BIGINT, 
	pruned BOOLEAN NOT NULL, 
	revision INTEGER NOT NULL, 
	fingerprint_version INTEGER NOT NULL, 
	fingerprint_title TEXT NOT NULL, 
	fingerprint_text TEXT NOT NULL, 
	fingerprint_media TEXT NOT NULL, 
	fingerprint_meta TEXT NOT NULL, 
	trace TEXT, 
	compared INTEGER DEFAULT '0' NOT NULL, 
	story TEXT, 
	absent_since BIGINT, 
	listing_order BIGINT DEFAULT '0' NOT NULL, 
	remains TEXT, unlisted_since BIGINT, 
	CONSTRAINT pk_items PRIMARY KEY (uid), 
	CONSTRAINT fk_items_source_id FOREIGN KEY(source_id) REFERENCES sources (id), 
	CONSTRAINT uq_items_public_id UNIQUE (public_id), 
	CONSTRAINT uq_items_source_id_key_kind_key_value UNIQUE (source_id, key_kind, key_value)
);
INSERT INTO "items" VALUES('80284ddd-a41d-548d-8db2-045e5e74b600','river','id','old','tag:river,2026:old','river-old','https://river.example/old','river.example/old',1771588800,'claimed',1772366400,'published',NULL,1771588800,1771588800,NULL,1,1,1,'t','x','','m',NULL,1,NULL,NULL,0,'{"v":1,"id":"river-old","url":"https://river.example/old","url_key":"river.example/old","title":"Story old"}',NULL);
INSERT INTO "items" VALUES('5a7cdae2-093f-5b52-87c0-9695cb6485db','river','id','1','tag:river,2026:1','tag:example.org,2026:1','https://example.org/1','example.org/1',1772366400,'claimed',1772366700,'published',1772366400,1772366400,1772366700,NULL,0,2,1,'t','x','','m',NULL,2,'urn:x:story',NULL,0,NULL,NULL);
CREATE TABLE leads (
	publication_id TEXT NOT NULL, 
	uid TEXT NOT NULL, 
	CONSTRAINT pk_leads PRIMARY KEY (publication_id, uid), 
	CONSTRAINT fk_leads_publication_id FOREIGN KEY(publication_id) REFERENCES publications (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
CREATE TABLE near_misses (
	one TEXT NOT NULL, 
	other TEXT NOT NULL, 
	rule TEXT NOT NULL, 
	refusal TEXT NOT NULL, 
	CONSTRAINT pk_near_misses PRIMARY KEY (one, other), 
	CONSTRAINT fk_near_misses_one FOREIGN KEY(one) REFERENCES items (uid) ON DELETE CASCADE, 
	CONSTRAINT fk_near_misses_other FOREIGN KEY(other) REFERENCES items (uid) ON DELETE CASCADE
);
CREATE TABLE publications (
	id TEXT NOT NULL, 
	created BIGINT NOT NULL, 
	mark BIGINT NOT NULL, 
	rendered_mark BIGINT, 
	digest TEXT, archived_until BIGINT, absent_since BIGINT, feed_name TEXT, shown TEXT, 
	CONSTRAINT pk_publications PRIMARY KEY (id)
);
INSERT INTO "publications" VALUES('all',1772366400,3,2,'d',1772366400,NULL,NULL,NULL);
CREATE TABLE revisions (
	uid TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	seen_at BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	entry TEXT, 
	CONSTRAINT pk_revisions PRIMARY KEY (uid, number), 
	CONSTRAINT fk_revisions_uid FOREIGN KEY(uid) REFERENCES items (uid) ON DELETE CASCADE
);
INSERT INTO "revisions" VALUES('5a7cdae2-093f-5b52-87c0-9695cb6485db',1,1772366400,'seen','{"v":1,"id":"river-1","url":"https://river.example/1","url_key":"river.example/1","title":"Story 1","content":"<p>Text 1</p>","text":"Text 1"}');
INSERT INTO "revisions" VALUES('5a7cdae2-093f-5b52-87c0-9695cb6485db',2,1772366700,'its text changed',NULL);
CREATE TABLE signatures (
	uid TEXT NOT NULL, 
	source_id TEXT NOT NULL, 
	first_seen BIGINT NOT NULL, 
	published BIGINT NOT NULL, 
	title_key BIGINT, 
	url BIGINT, 
	recurring BOOLEAN NOT NULL, 
	shared_url BOOLEAN NOT NULL, 
	length INTEGER NOT NULL, 
	credit TEXT NOT NULL, 
	signature BLOB, 
	CONSTRAINT pk_signatures PRIMARY KEY (uid), 
	CONSTRAINT fk_signatures_uid FOREIGN KEY(uid) REFERENCES items (uid) ON DELETE CASCADE
);
INSERT INTO "signatures" VALUES('5a7cdae2-093f-5b52-87c0-9695cb6485db','river',1772366400,1772366400,1,2,0,0,3,'wire',X'00');
CREATE TABLE sources (
	id TEXT NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	next_poll_at BIGINT NOT NULL, 
	lease BIGINT NOT NULL, 
	item_count BIGINT NOT NULL, 
	registered_at BIGINT NOT NULL, 
	state TEXT NOT NULL, lease_owner TEXT, leased_until BIGINT, abandoned INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_sources PRIMARY KEY (id)
);
INSERT INTO "sources" VALUES('river',1,1772370000,1,1,1772366400,'{"v":1,"next_poll_reason":"every 1h","request_digest":"d1","validators":{"etag":"W/\"é\"","last_modified":"Yesterday"},"body_hash":"b1","reader_version":3,"last_poll_at":1772366400,"last_success_at":1772366340,"status":"error","trouble":"timeout","error":"it took too long","failures":2,"polls":9,"meta":{"id":"urn:x:1","title":"River","link":"https://example.org/","language":"en","rights":"©","icon":"https://example.org/i.png","version":"atom10"},"hints":{"ttl":5400.0,"period":86400.0,"skip_hours":[0,1,23],"skip_days":[6]},"warnings":["one","two"]}',NULL,NULL,0);
INSERT INTO "sources" VALUES('off',0,1772366400,0,0,1772366400,'{"v":1}',NULL,NULL,0);
CREATE TABLE tallies (
	name TEXT NOT NULL, 
	label TEXT NOT NULL, 
	count BIGINT NOT NULL, 
	CONSTRAINT pk_tallies PRIMARY KEY (name, label)
);
INSERT INTO "tallies" VALUES('let_go','age',1);
CREATE INDEX ix_sources_due ON sources (enabled, next_poll_at, id);
CREATE INDEX ix_editions_age ON editions (publication_id, format, last_modified);
CREATE INDEX ix_archived_publication_id_number ON archived (publication_id, number);
CREATE INDEX ix_signatures_title ON signatures (source_id, title_key, published);
CREATE INDEX ix_signatures_url ON signatures (source_id, url);
CREATE INDEX ix_bands_uid ON bands (uid);
CREATE INDEX ix_edges_other ON edges (other);
CREATE INDEX ix_edges_method ON edges (method);
CREATE INDEX ix_near_misses_other ON near_misses (other);
CREATE INDEX ix_near_misses_rule ON near_misses (rule);
CREATE INDEX ix_items_url ON items (url);
CREATE INDEX ix_items_url_key ON items (url_key);
CREATE INDEX ix_items_entry_id ON items (entry_id);
CREATE INDEX ix_items_arrivals ON items (first_seen, uid, source_id, withdrawn_at) WHERE pruned = 0;
CREATE INDEX ix_items_story ON items (story) WHERE story IS NOT NULL;
CREATE INDEX ix_items_withdrawn ON items (uid) WHERE withdrawn_at IS NOT NULL;
CREATE INDEX ix_items_uncompared ON items (first_seen, uid) WHERE compared != revision AND pruned = 0;
CREATE INDEX ix_items_river ON items (published, listing_order, uid, source_id, withdrawn_at) WHERE pruned = 0;
CREATE INDEX ix_items_river_of_source ON items (source_id, published, listing_order, uid, withdrawn_at) WHERE pruned = 0;
CREATE INDEX ix_items_absent ON items (absent_since, uid) WHERE absent_since IS NOT NULL AND pruned = 0;
CREATE INDEX ix_signatures_first_seen ON signatures (first_seen, uid) WHERE signature IS NOT NULL;
CREATE INDEX ix_items_listed ON items (source_id, uid) WHERE absent_since IS NULL AND unlisted_since IS NULL;
CREATE INDEX ix_items_doubtful ON items (source_id, unlisted_since, uid) WHERE absent_since IS NULL AND unlisted_since IS NOT NULL;
CREATE UNIQUE INDEX ix_incidents_standing ON incidents (kind, subject) WHERE ended IS NULL;
COMMIT;
