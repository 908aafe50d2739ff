// SPDX-License-Identifier: Apache-2.0
// The shipped coturn file against a real coturn: who may use a relay, how much, and that it relays.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { restCredentials, TurnClient } from './client.mjs';
import { SHIPPED, start, stop } from './coturn.mjs';

const UNAUTHORIZED = 401;
const FAMILY_NOT_SUPPORTED = 440;
const QUOTA_REACHED = 486;
let turn;
const open = [];

async function connect(credentials) {
  const client = await new TurnClient(turn.server, credentials).open();
  open.push(client);
  return client;
}
const fresh = (name, seconds = 300) => restCredentials(turn.secret, name, seconds);

before(async () => {
  turn = await start();
  if (turn) console.log(`# coturn runs in ${turn.where}`);
});
after(async () => {
  for (const client of open) client.close();
  await stop(turn);
});

function ask(name, body) {
  test(name, async (context) => {
    if (!turn) return context.skip('no coturn, or no address but loopback');
    return body(context);
  });
}

ask('fresh credentials of a seat get a relay', async () => {
  const client = await connect(fresh('seat'));
  assert.equal(await client.allocate(), 0);
  assert.equal(client.relayed.address, turn.relay);
});

ask('no credentials get none', async () => {
  assert.equal(await (await connect(undefined)).allocate(), UNAUTHORIZED);
});

ask('wrong, empty, foreign and malformed credentials get none', async () => {
  const { username, password } = fresh('seat');
  const wrong = [
    { username, password: `${password}x` },
    { username, password: '' },
    { username: `${username}x`, password },
    { username: username.replace(/^\d+/, (expiry) => `${Number(expiry) + 3600}`), password },
    restCredentials('another secret', 'seat', 300),
    restCredentials('', 'seat', 300),
    { username: 'seat', password },
    { username: 'admin', password: 'admin' },
  ];
  for (const credentials of wrong) {
    assert.equal(await (await connect(credentials)).allocate(), UNAUTHORIZED, credentials.username);
  }
});

ask('credentials that expired get none', async () => {
  for (const seconds of [-1, -60, -86400]) {
    assert.equal(await (await connect(fresh('late', seconds))).allocate(), UNAUTHORIZED);
  }
});

ask('a relay outlives the credentials that made it', async () => {
  const client = await connect(fresh('long-call', 1));
  assert.equal(await client.allocate(), 0);
  // Ask until the server takes those credentials for expired, then refresh what they made.
  const { username, password } = fresh('long-call', 1);
  for (let code = 0; code === 0; ) {
    const late = await connect({ username, password });
    code = await late.allocate();
    if (code === 0) await late.refresh(0);
  }
  assert.equal(await client.refresh(600), 0);
});

ask('two seats hear each other through their relays', async () => {
  const [a, b] = [await connect(fresh('seat-a')), await connect(fresh('seat-b'))];
  for (const client of [a, b]) assert.equal(await client.allocate(), 0);
  assert.equal(await a.permit(b.relayed.address), 0);
  assert.equal(await b.permit(a.relayed.address), 0);
  const resend = setInterval(() => a.send(b.relayed, 'hello'), 100);
  try {
    assert.equal(await b.heard(), 'hello');
  } finally {
    clearInterval(resend);
  }
});

ask('an IPv6 relay cannot be had where only an IPv4 one is set', async () => {
  assert.equal(await (await connect(fresh('seat-v6'))).allocate(6), FAMILY_NOT_SUPPORTED);
});

ask('one person runs into the quota, the next still gets a relay', async () => {
  const quota = Number(readFileSync(SHIPPED, 'utf8').match(/^user-quota=(\d+)$/m)[1]);
  const codes = [];
  for (let count = 0; count < quota + 3; count += 1) {
    codes.push(await (await connect(fresh('greedy', 300 + count))).allocate());
  }
  assert.equal(codes.filter((code) => code === 0).length, quota);
  assert.ok(codes.slice(quota).every((code) => code === QUOTA_REACHED));
  assert.equal(await (await connect(fresh('modest'))).allocate(), 0);
});
