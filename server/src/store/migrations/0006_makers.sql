-- SPDX-License-Identifier: Apache-2.0
-- Who made a one-time code (NULL: nobody with an account) and the role of the person it is for.

ALTER TABLE link_codes ADD COLUMN role TEXT NOT NULL DEFAULT 'client'
  CHECK (role IN ('client', 'psychologist', 'admin', 'interpreter', 'observer'));
ALTER TABLE link_codes ADD COLUMN maker TEXT REFERENCES users (id);
ALTER TABLE link_codes ADD COLUMN made_ms INTEGER NOT NULL DEFAULT 0;
UPDATE link_codes SET role = (SELECT role FROM users WHERE id = link_codes.user);

ALTER TABLE invites ADD COLUMN role TEXT NOT NULL DEFAULT 'client'
  CHECK (role IN ('client', 'psychologist', 'admin', 'interpreter', 'observer'));
ALTER TABLE invites ADD COLUMN maker TEXT REFERENCES users (id);
ALTER TABLE invites ADD COLUMN made_ms INTEGER NOT NULL DEFAULT 0;
UPDATE invites SET role = (SELECT role FROM users WHERE id = invites.user);
