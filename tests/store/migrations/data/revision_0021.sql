-- What revision 0021 wrote. Never to change: databases like this are out there.
PRAGMA application_id = 1095190354;
PRAGMA journal_mode = WAL;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0021');
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
CREATE TABLE "bands" (
	band BIGINT NOT NULL, 
	signature INTEGER NOT NULL, 
	CONSTRAINT pk_bands PRIMARY KEY (band, signature)
)
 WITHOUT ROWID

;
INSERT INTO "bands" VALUES(7,1);
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
CREATE TABLE "entries" (
	uid TEXT NOT NULL, 
	entry BLOB NOT NULL, 
	CONSTRAINT pk_entries PRIMARY KEY (uid), 
	CONSTRAINT fk_entries_uid FOREIGN KEY(uid) REFERENCES items (uid) ON DELETE CASCADE
);
INSERT INTO "entries" VALUES('5a7cdae2-093f-5b52-87c0-9695cb6485db',X'789C7D92BB6E135110865F65750A2ACB7B095A4B8728C2E9A33C0042D6F1EEB07B943D179D4BB0892C514083E878004A0AAA103A248A3CC55AE978021E81995D83ADA0A49D99FF9B7F2E57EC92F17CC264CD380BA2E1B012CA763035AE99145951F29C517621FDC28253A293FA82F1E0224C58741DAADA10ACE7697AA04C4984D9C505ACB1E27E26C8D001C6B73FFBEBFEA6FF9EFC7AFB29B9FD7A777DF7EDF607E62BA303E88015C7F6A4BFD9BEEBBF6CDF27BF3F7FFC709CDA132CF05129E1D663C13C7982F867C9E92E196045D2BF3A8C88185AE33CE32FAE98168A5ACFB51E2CCA830184D6D39DD51493A084A4F930FCFC6002B699FCA39C9A25DBBC44C32240639C84B147C04591909C562D0CA5D169BEE26B0C756209C49D0FA45DEDC8015D75C647B7E33CB2DFA9B24734EBDA125CC45A9A545968880FBA092D5E35DB6FFA5C0366EAE8449046335EE6D4FB617E31F0C99254A281075D584D1D6D5C76D2B7803F84D05061EFD9AC382ACBA7197A70E235EAF3E44CB8843E2AC90B9E65247350493FF8614AEA18C8E31BA387893CDE18811B3C92AD71BDFFB3CB3D1B81F93DA007FCA27A0F8495ED642503113BA19B388EF58A8E648D97E35E669B3F978307B0');
CREATE TABLE faults (
	stage TEXT NOT NULL, 
	count BIGINT NOT NULL, 
	CONSTRAINT pk_faults PRIMARY KEY (stage)
);
CREATE TABLE hosts (
	host TEXT NOT NULL, 
	next_start BIGINT NOT NULL, 
	paused_until BIGINT NOT NULL, 
	strikes BIGINT NOT NULL, 
	gap BIGINT NOT NULL, 
	held TEXT NOT NULL, 
	CONSTRAINT pk_hosts PRIMARY KEY (host)
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
CREATE TABLE followed_lists (
	id TEXT NOT NULL, 
	version BIGINT NOT NULL, 
	state TEXT NOT NULL, 
	CONSTRAINT pk_followed_lists PRIMARY KEY (id)
);
INSERT INTO "followed_lists" VALUES('reader',1,'{"list_id": "reader", "url": "https://list.example/a.opml", "members": [{"id": "reader-lake", "url": "https://lake.example/feed", "title": "Lake", "tags": ["water"], "listed": true}], "checked_at": 1750000000, "succeeded_at": 1750000000, "next_check_at": 1750086400, "validators": {"etag": null, "last_modified": null, "given_by": ""}, "error": "", "held_since": null, "missing": 0}');
CREATE TABLE installation (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_installation PRIMARY KEY (name)
);
INSERT INTO "installation" VALUES('feeds','');
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
	remains TEXT, unlisted_since BIGINT, withheld_at BIGINT, 
	CONSTRAINT pk_items PRIMARY KEY (uid), 
	CONSTRAINT fk_items_source_id FOREIGN KEY(source_id) REFERENCES sources (id), 
	CONSTRAINT uq_items_public_id UNIQUE (public_id), 
	CONSTRAINT uq_items_source_id_key_kind_key_value UNIQUE (source_id, key_kind, key_value)
);
INSERT INTO "items" VALUES('80284ddd-a41d-548d-8db2-045e5e74b600','river','id','old','tag:river,2026:old','river-old','https://river.example/old','river.example/old',1771588800,'claimed',1772366400,'published',NULL,1771588800,1771588800,NULL,1,1,1,'t','x','','m',NULL,1,NULL,NULL,0,'{"v":1,"id":"river-old","url":"https://river.example/old","url_key":"river.example/old","title":"Story old"}',NULL,NULL);
INSERT INTO "items" VALUES('5a7cdae2-093f-5b52-87c0-9695cb6485db','river','id','1','tag:river,2026:1','tag:example.org,2026:1','https://example.org/1','example.org/1',1772366400,'claimed',1772366700,'published',1772366400,1772366400,1772366700,NULL,0,2,1,'t','x','','m',NULL,2,'urn:x:story',NULL,0,NULL,NULL,NULL);
CREATE TABLE jobs (
	name TEXT NOT NULL, 
	owner TEXT, 
	token BIGINT NOT NULL, 
	until BIGINT NOT NULL, 
	CONSTRAINT pk_jobs PRIMARY KEY (name)
);
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
	digest TEXT, archived_until BIGINT, absent_since BIGINT, feed_name TEXT, shown TEXT, archived_number BIGINT, 
	CONSTRAINT pk_publications PRIMARY KEY (id)
);
INSERT INTO "publications" VALUES('all',1772366400,3,2,'d',1772366400,NULL,NULL,NULL,NULL);
CREATE TABLE "revisions" (
	uid TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	seen_at BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	entry BLOB, 
	CONSTRAINT pk_revisions PRIMARY KEY (uid, number), 
	CONSTRAINT fk_revisions_uid FOREIGN KEY(uid) REFERENCES items (uid) ON DELETE CASCADE
);
INSERT INTO "revisions" VALUES('5a7cdae2-093f-5b52-87c0-9695cb6485db',1,1772366400,'seen',X'789C55CB3D0A80300C86E1AB94CC6AE95AC44BE82EA2018B554B8DC522DEDDF837387ECF9BEC1040AB044C071ABC09E8530509ACDEF2EE89DCA2A5BC3DC3AD199D45F9F67AC0F8FDFC1A19B2C8A5A4D94771493B4F8413B1E5AEA87023A172E98AEB9607F363709C846F2CA5');
INSERT INTO "revisions" VALUES('5a7cdae2-093f-5b52-87c0-9695cb6485db',2,1772366700,'its text changed',NULL);
CREATE TABLE sayings (number INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, parts BLOB NOT NULL);
INSERT INTO "sayings" VALUES(73916054908316758,'5a7cdae2-093f-5b52-87c0-9695cb6485db',X'785E012200DDFFD9BED8B1D8B3D8B420DBB1DBB20AD8B3D984D8A7D9850A616E6E20626F6220612062828412DD');
CREATE VIRTUAL TABLE words USING fts5(title, body, names, content='', columnsize=0,
        tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'");
INSERT INTO words (rowid, title, body, names) VALUES(73916054908316758,'پرسش ۱۲','سلام','ann bob a b');
CREATE TABLE "signatures" (
	number INTEGER NOT NULL, 
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
	CONSTRAINT pk_signatures PRIMARY KEY (number), 
	CONSTRAINT uq_signatures_uid UNIQUE (uid), 
	CONSTRAINT fk_signatures_uid FOREIGN KEY(uid) REFERENCES items (uid) ON DELETE CASCADE
);
INSERT INTO "signatures" VALUES(1,'5a7cdae2-093f-5b52-87c0-9695cb6485db','river',1772366400,1772366400,1,2,0,0,3,'wire',X'00');
CREATE TABLE sources (
	id TEXT NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	next_poll_at BIGINT NOT NULL, 
	lease BIGINT NOT NULL, 
	item_count BIGINT NOT NULL, 
	registered_at BIGINT NOT NULL, 
	state TEXT NOT NULL, lease_owner TEXT, leased_until BIGINT, abandoned INTEGER DEFAULT '0' NOT NULL, polled_at BIGINT, status TEXT DEFAULT 'pending' NOT NULL, trouble TEXT, polls BIGINT DEFAULT '0' NOT NULL, remarks TEXT, 
	CONSTRAINT pk_sources PRIMARY KEY (id)
);
INSERT INTO "sources" VALUES('river',1,1772370000,1,1,1772366400,'{"v":1,"next_poll_reason":"every 1h","request_digest":"d1","validators":{"etag":"W/\"é\"","last_modified":"Yesterday"},"body_hash":"b1","reader_version":3,"last_poll_at":1772366400,"last_success_at":1772366340,"status":"error","trouble":"timeout","error":"it took too long","failures":2,"polls":9,"meta":{"id":"urn:x:1","title":"River","link":"https://example.org/","language":"en","rights":"©","icon":"https://example.org/i.png","version":"atom10"},"hints":{"ttl":5400.0,"period":86400.0,"skip_hours":[0,1,23],"skip_days":[6]},"warnings":["one","two"]}',NULL,NULL,0,1772366400,'error','timeout',9,NULL);
INSERT INTO "sources" VALUES('off',0,1772366400,0,0,1772366400,'{"v":1}',NULL,NULL,0,NULL,'pending',NULL,0,NULL);
CREATE TABLE tallies (
	name TEXT NOT NULL, 
	label TEXT NOT NULL, 
	count BIGINT NOT NULL, 
	CONSTRAINT pk_tallies PRIMARY KEY (name, label)
);
INSERT INTO "tallies" VALUES('let_go','age',1);
CREATE INDEX ix_sources_polled ON sources (polled_at);
CREATE INDEX ix_sources_remarks ON sources (id) WHERE remarks IS NOT NULL;
CREATE TABLE unindexed (
	uid TEXT NOT NULL, 
	token BIGINT NOT NULL, 
	CONSTRAINT pk_unindexed PRIMARY KEY (uid)
);
CREATE INDEX ix_sources_due ON sources (enabled, next_poll_at, id);
CREATE INDEX ix_editions_age ON editions (publication_id, format, last_modified);
CREATE INDEX ix_archived_publication_id_number ON archived (publication_id, number);
CREATE INDEX ix_edges_other ON edges (other);
CREATE INDEX ix_edges_method ON edges (method);
CREATE INDEX ix_near_misses_other ON near_misses (other);
CREATE INDEX ix_near_misses_rule ON near_misses (rule);
CREATE INDEX ix_items_url ON items (url);
CREATE INDEX ix_items_url_key ON items (url_key);
CREATE INDEX ix_items_entry_id ON items (entry_id);
CREATE INDEX ix_items_story ON items (story) WHERE story IS NOT NULL;
CREATE INDEX ix_items_withdrawn ON items (uid) WHERE withdrawn_at IS NOT NULL;
CREATE INDEX ix_items_uncompared ON items (first_seen, uid) WHERE compared != revision AND pruned = 0;
CREATE INDEX ix_items_river ON items (published, listing_order, uid, source_id, withdrawn_at) WHERE pruned = 0;
CREATE INDEX ix_items_river_of_source ON items (source_id, published, listing_order, uid, withdrawn_at) WHERE pruned = 0;
CREATE INDEX ix_items_absent ON items (absent_since, uid) WHERE absent_since IS NOT NULL AND pruned = 0;
CREATE INDEX ix_items_listed ON items (source_id, uid) WHERE absent_since IS NULL AND unlisted_since IS NULL;
CREATE INDEX ix_items_doubtful ON items (source_id, unlisted_since, uid) WHERE absent_since IS NULL AND unlisted_since IS NOT NULL;
CREATE UNIQUE INDEX ix_incidents_standing ON incidents (kind, subject) WHERE ended IS NULL;
CREATE INDEX ix_signatures_title ON signatures (source_id, title_key, published);
CREATE INDEX ix_signatures_url ON signatures (source_id, url);
CREATE INDEX ix_signatures_first_seen ON signatures (first_seen, uid) WHERE signature IS NOT NULL;
CREATE INDEX ix_items_withheld ON items (uid) WHERE withheld_at IS NOT NULL;
CREATE INDEX ix_revisions_changes ON revisions (seen_at, uid, number) WHERE number > 1;
COMMIT;
