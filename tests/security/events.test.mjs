// SPDX-License-Identifier: Apache-2.0
// Every row of docs/security/events.md, provoked over the network: one event, told once in the
// counters and once in the log, by words of ours and digests.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { closeAll } from '../contract/lib/client.mjs';
import { Stillroom } from '../contract/lib/stillroom.mjs';
import { catalogue } from './lib/catalogue.mjs';
import { inviteRefusals, logInRefusals } from './lib/provoke_accounts.mjs';
import { connections, packets, pages, requests, transports } from './lib/provoke_requests.mjs';
import { callRefusals, endings, joinRefusals, signallingRefusals } from './lib/provoke_rooms.mjs';
import {
  bearerRefusals,
  connectRefusals,
  keyRefusals,
  linkRefusals,
  refreshRefusals,
  renewalRefusals,
  sessionRefusals,
  staffRefusals,
} from './lib/provoke_tokens.mjs';
import { securityCounts, Watched } from './lib/watching.mjs';

const kRows = catalogue();
const kKinds = new Set(kRows.map(({ kind }) => kind));
const kProvocations = {
  connection_refused: connections,
  request_refused: requests,
  connect_refused: connectRefusals,
  refresh_refused: refreshRefusals,
  bearer_refused: bearerRefusals,
  log_in_refused: logInRefusals,
  invite_refused: inviteRefusals,
  link_refused: linkRefusals,
  renewal_refused: renewalRefusals,
  key_refused: keyRefusals,
  staff_refused: staffRefusals,
  session_refused: sessionRefusals,
  join_refused: joinRefusals,
  call_refused: callRefusals,
  signalling_refused: signallingRefusals,
  packet_refused: packets,
  transport_refused: transports,
  access_ended: endings,
  page_violated: pages,
};

/** Nothing here is one, but all of it stands in what is sent, and in the names of people. */
const kPlanted = 'planted';
const limits = (attempts, proofs) => ({
  STILLROOM_LIMITS_CONNECT_ATTEMPTS: String(attempts),
  STILLROOM_LIMITS_PROOF_ATTEMPTS: String(proofs),
});
const proxied = (address) => ({
  STILLROOM_SERVER_TRUSTED_PROXIES: address,
  STILLROOM_SERVER_FORWARDED: 'proxy-protocol',
});

const stage = {};
const watched = new Map();
const people = [];
before(async () => {
  const servers = {
    server: Stillroom.start({
      STILLROOM_LIMITS_LOG_IN_ATTEMPTS: '1000',
      STILLROOM_SERVER_WORKERS: '2',
    }),
    hasty: Stillroom.start({
      STILLROOM_HTTP_HEADER_TIMEOUT: '2s',
      STILLROOM_ENGINEIO_CONNECT_TIMEOUT: '2s',
    }),
    limited: Stillroom.start(limits(1, 1)),
    // Links that nobody connects outlive the flood that opened them.
    floodable: Stillroom.start({
      ...limits(1, 1),
      STILLROOM_LIMITS_CONNECT_WINDOW: '1h',
      STILLROOM_ENGINEIO_CONNECT_TIMEOUT: '60s',
    }),
    busy: Stillroom.start(limits(1, 1)),
    behind: Stillroom.startStrict({
      STILLROOM_SERVER_TRUSTED_PROXIES: '127.0.0.1',
      ALLOWED_ORIGINS: 'https://app.example',
    }),
    guarded: Stillroom.start({ STILLROOM_LIMITS_LOG_IN_ATTEMPTS: '10' }),
    strict: Stillroom.startStrict({ STILLROOM_SECURITY_ALLOW_NON_BROWSER: 'true' }),
    proxied: Stillroom.startStrict(proxied('127.0.0.1')),
    elsewhere: Stillroom.startStrict(proxied('127.0.0.9')),
  };
  for (const [name, starting] of Object.entries(servers)) {
    stage[name] = await starting;
    watched.set(stage[name], new Watched(stage[name], kKinds));
  }
  stage.somebody = async (role = 'client') => {
    const who = await stage.server.person(role, `Planted ${people.length}`);
    who.token = await stage.server.token(who);
    people.push(who);
    return who;
  };
  stage.admin = await stage.somebody('admin');
  stage.person = await stage.somebody();
  stage.other = await stage.somebody();
});
after(async () => {
  closeAll();
  for (const server of watched.keys()) assert.equal(await server.stop(), 0);
});

test('the page and the server have the same rows', async () => {
  const onPage = kRows.map(({ kind, reason }) => `${kind} ${reason}`);
  assert.deepEqual([...(await securityCounts(stage.server)).keys()], onPage);
});

test('every row that the page says is provoked has its provocation here, and no other', () => {
  const provoked = Object.entries(kProvocations).flatMap(([kind, reasons]) =>
    Object.keys(reasons).map((reason) => `${kind} ${reason}`),
  );
  const heard = kRows.filter((row) => row.heard).map(({ kind, reason }) => `${kind} ${reason}`);
  assert.deepEqual(provoked.sort(), heard.sort());
});

for (const [kind, reasons] of Object.entries(kProvocations)) {
  describe(kind, () => {
    for (const [reason, prepare] of Object.entries(reasons)) {
      test(reason, async () => {
        const { server = stage.server, after: leave, ...event } = await prepare(stage);
        await watched.get(server).once(kind, reason, event);
        await leave?.();
      });
    }
  });
}

test('nothing that was sent, and no id or name, is in any log', () => {
  for (const server of watched.keys()) {
    assert.ok(server.log.length > 0);
    assert.ok(!server.log.toLowerCase().includes(kPlanted));
  }
  assert.ok(people.length > 20);
  for (const { id, name, token } of people) {
    for (const text of [`"${id}"`, name, token]) assert.ok(!stage.server.log.includes(text), text);
  }
});
