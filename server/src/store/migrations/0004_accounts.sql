-- SPDX-License-Identifier: Apache-2.0
-- People who log in here. Secrets of the second factor lie as they are until columns are sealed.

CREATE TABLE accounts (
  user          TEXT    NOT NULL PRIMARY KEY REFERENCES users (id),
  password_hash TEXT    NOT NULL CHECK (password_hash <> ''),
  totp_secret   TEXT,  -- base64url
  totp_step     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery_codes (
  user    TEXT    NOT NULL REFERENCES accounts (user),
  digest  TEXT    NOT NULL CHECK (digest <> ''),
  used_ms INTEGER,
  PRIMARY KEY (user, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE invites (
  digest      TEXT    NOT NULL PRIMARY KEY CHECK (digest <> ''),
  user        TEXT    NOT NULL REFERENCES users (id),
  totp_secret TEXT    NOT NULL,
  expires_ms  INTEGER NOT NULL,
  used_ms     INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE log_ins (
  id            TEXT    NOT NULL PRIMARY KEY CHECK (id <> ''),
  user          TEXT    NOT NULL REFERENCES users (id),
  role          TEXT    NOT NULL
                CHECK (role IN ('client', 'psychologist', 'admin', 'interpreter', 'observer')),
  secret_digest TEXT    NOT NULL CHECK (secret_digest <> ''),
  began_ms      INTEGER NOT NULL,
  seen_ms       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
