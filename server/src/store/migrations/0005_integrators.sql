-- SPDX-License-Identifier: Apache-2.0

ALTER TABLE sessions ADD COLUMN outside_id TEXT CHECK (outside_id <> '');
CREATE UNIQUE INDEX sessions_by_outside_id ON sessions (outside_id);

CREATE TABLE service_keys (
  id         TEXT    NOT NULL PRIMARY KEY CHECK (id <> ''),
  digest     TEXT    NOT NULL CHECK (digest <> ''),  -- SHA-256 of the secret
  name       TEXT    NOT NULL,
  scopes     TEXT    NOT NULL,  -- words with one blank between them
  added_ms   INTEGER NOT NULL,
  revoked_ms INTEGER
) STRICT, WITHOUT ROWID;

-- Positions only grow, so that the oldest are found without counting.
CREATE TABLE kept_answers (
  position   INTEGER NOT NULL PRIMARY KEY,
  place      TEXT    NOT NULL UNIQUE CHECK (place <> ''),
  request    TEXT    NOT NULL,
  status     INTEGER NOT NULL,
  body       TEXT    NOT NULL,
  expires_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX kept_answers_by_expiry ON kept_answers (expires_ms);
