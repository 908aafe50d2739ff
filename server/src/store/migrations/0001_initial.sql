-- SPDX-License-Identifier: Apache-2.0
-- Instants are milliseconds since 1970 UTC; enumerations are the words of the protocol.

CREATE TABLE schema_migrations (
  number     INTEGER NOT NULL PRIMARY KEY,
  name       TEXT    NOT NULL,
  applied_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
  id     TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  role   TEXT NOT NULL
         CHECK (role IN ('client', 'psychologist', 'admin', 'interpreter', 'observer')),
  name   TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('active', 'inactive', 'deleted'))
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  id              TEXT    NOT NULL PRIMARY KEY CHECK (id <> ''),
  room            TEXT    NOT NULL UNIQUE CHECK (room <> ''),
  type            TEXT    NOT NULL CHECK (type IN ('individual', 'couples', 'family', 'group')),
  status          TEXT    NOT NULL
                  CHECK (status IN ('pending', 'approved', 'confirmed', 'in-progress', 'completed',
                                    'cancelled', 'declined', 'no-show')),
  payment         TEXT    NOT NULL CHECK (payment IN ('pending', 'confirmed', 'waived')),
  start_ms        INTEGER NOT NULL,
  length_minutes  INTEGER NOT NULL CHECK (length_minutes >= 0),
  call_started_ms INTEGER,
  call_ended_ms   INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_start ON sessions (start_ms DESC, id);

CREATE TABLE participants (
  session  TEXT    NOT NULL REFERENCES sessions (id),
  user     TEXT    NOT NULL REFERENCES users (id),
  position INTEGER NOT NULL,
  role     TEXT    NOT NULL
           CHECK (role IN ('client', 'psychologist', 'admin', 'interpreter', 'observer')),
  PRIMARY KEY (session, user)
) STRICT, WITHOUT ROWID;

CREATE INDEX participants_by_user ON participants (user, session);

CREATE TABLE link_codes (
  digest     TEXT    NOT NULL PRIMARY KEY CHECK (digest <> ''),
  user       TEXT    NOT NULL REFERENCES users (id),
  session    TEXT    NOT NULL REFERENCES sessions (id),
  expires_ms INTEGER NOT NULL,
  used_ms    INTEGER
) STRICT, WITHOUT ROWID;

-- No references from here: what was recorded stays, whatever becomes of what it names.
CREATE TABLE audit (
  position   INTEGER NOT NULL PRIMARY KEY,
  at_ms      INTEGER NOT NULL,
  kind       TEXT    NOT NULL CHECK (kind <> ''),
  outcome    TEXT    NOT NULL CHECK (outcome IN ('allowed', 'refused')),
  actor      TEXT,
  role       TEXT,
  session    TEXT,
  room       TEXT,
  subject    TEXT,
  reason     TEXT    NOT NULL,
  source     TEXT    NOT NULL,
  connection TEXT    NOT NULL
) STRICT;

CREATE TRIGGER audit_has_no_gap BEFORE INSERT ON audit
WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM audit)
BEGIN
  SELECT RAISE(ABORT, 'audit positions follow each other');
END;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'audit records are not changed');
END;

CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN
  SELECT RAISE(ABORT, 'audit records are not deleted');
END;
