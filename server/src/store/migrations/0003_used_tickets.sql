-- SPDX-License-Identifier: Apache-2.0
-- A ticket is known from its use until nobody would take it any more: half a minute.

CREATE TABLE used_tickets (
  id       TEXT    NOT NULL PRIMARY KEY CHECK (id <> ''),  -- the digest of its jti
  until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX used_tickets_by_end ON used_tickets (until_ms);
