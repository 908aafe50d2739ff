// SPDX-License-Identifier: Apache-2.0
// The shipped coturn file against a real coturn: whom a relay may reach.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { restCredentials, TurnClient } from './client.mjs';
import { start, stop } from './coturn.mjs';
import {
  embedded,
  encodings,
  publicIPv4,
  publicIPv6,
  randomNonGlobalIPv6,
  specialIPv4,
  specialIPv6,
} from './peers.mjs';

const FORBIDDEN = 403;
const PEERS_MIN = 60;
let turn;
let v4;
let v6;
let asked = 0;

const connect = async (name) =>
  new TurnClient(turn.server, restCredentials(turn.secret, name, 300)).open();

async function allRefused(client, addresses) {
  for (const address of addresses.filter((one) => one !== turn.relay)) {
    assert.equal(await client.permit(address), FORBIDDEN, address);
    asked += 1;
  }
}

before(async () => {
  turn = await start({ families: [4, 6] });
  if (!turn) return;
  console.log(`# coturn runs in ${turn.where}`);
  v4 = await connect('asks-v4');
  assert.equal(await v4.allocate(4), 0);
  if (!turn.relayV6) return;
  v6 = await connect('asks-v6');
  assert.equal(await v6.allocate(6), 0);
});

after(async () => {
  v4?.close();
  v6?.close();
  await stop(turn);
});

/** Without the means the test is skipped and says so; it never passes unasked. */
function ask(name, client, body) {
  test(name, async (context) => {
    if (!turn) return context.skip('no coturn, or no address but loopback');
    if (!client()) return context.skip('no namespace, so no IPv6 relay to ask');
    return body(client());
  });
}

describe('a relay refuses', () => {
  for (const [kind, addresses] of Object.entries(specialIPv4)) {
    ask(
      `IPv4 ${kind}`,
      () => v4,
      (client) => allRefused(client, addresses),
    );
  }
  for (const [kind, addresses] of Object.entries(specialIPv6)) {
    ask(
      `IPv6 ${kind}`,
      () => v6,
      (client) => allRefused(client, addresses),
    );
  }
  for (const [kind, encode] of Object.entries(encodings)) {
    ask(
      `IPv4 in IPv6, ${kind}`,
      () => v6,
      (client) => allRefused(client, embedded.map(encode)),
    );
  }
  ask(
    'any IPv6 address outside of 2000::/3',
    () => v6,
    (client) => allRefused(client, randomNonGlobalIPv6(400)),
  );
  ask(
    'a channel to a special address',
    () => v4,
    async (client) => {
      for (const [index, address] of ['127.0.0.1', '10.0.0.1', '169.254.169.254'].entries()) {
        assert.equal(await client.bindChannel(address, 0x4000 + index), FORBIDDEN, address);
      }
    },
  );
  ask(
    'a good address in company of a special one',
    () => v4,
    async (client) => {
      assert.equal(await client.permit('8.8.8.8', '10.0.0.1'), FORBIDDEN);
      assert.equal(await client.permit('10.0.0.1', '8.8.8.8'), FORBIDDEN);
    },
  );
  ask(
    'the machine it runs on, by its listening address',
    () => v4,
    async (client) => {
      assert.equal(await client.permit(turn.server.address), FORBIDDEN);
    },
  );
  ask(
    `at least ${PEERS_MIN} peers were asked about`,
    () => v6,
    () => {
      assert.ok(asked >= PEERS_MIN, `${asked}`);
      console.log(`# ${asked} special peers refused`);
    },
  );
});

describe('a relay accepts', () => {
  ask(
    'public IPv4 peers, next to the special blocks too',
    () => v4,
    async (client) => {
      for (const address of publicIPv4) assert.equal(await client.permit(address), 0, address);
    },
  );
  ask(
    'public IPv6 peers',
    () => v6,
    async (client) => {
      for (const address of publicIPv6) assert.equal(await client.permit(address), 0, address);
    },
  );
  ask(
    'a channel to a public peer',
    () => v4,
    async (client) => {
      assert.equal(await client.bindChannel('8.8.8.8', 0x4100), 0);
    },
  );
});
