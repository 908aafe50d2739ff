-- SPDX-License-Identifier: Apache-2.0
-- Kept for good: how long a token may live is a setting, and settings change.

CREATE TABLE revocations (
  kind  TEXT    NOT NULL CHECK (kind IN ('token', 'user')),
  key   TEXT    NOT NULL CHECK (key <> ''),  -- of a token the digest of its jti, of a user the id
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX link_codes_by_user ON link_codes (user);
