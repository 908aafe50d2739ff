// SPDX-License-Identifier: Apache-2.0
// What an operator sees of calls: their counters. (What is refused stands in tests/security/events.test.mjs.)
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from './lib/client.mjs';
import { Stillroom } from './lib/stillroom.mjs';
import { until } from './lib/waiting.mjs';

let server;
before(async () => {
  server = await Stillroom.start();
});
after(() => server?.stop());

/** The counters, by their name and label. */
async function counted() {
  const { exposition } = await server.cli('metrics');
  const samples = exposition.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(samples.map((line) => [line.split(' ')[0], Number(line.split(' ')[1])]));
}

/** What `act` adds to the counters. */
async function adds(act) {
  const earlier = await counted();
  await act();
  const later = await counted();
  return Object.fromEntries(
    [...later]
      .map(([name, value]) => [name.replace(/^stillroom_/, ''), value - earlier.get(name)])
      .filter(([, value]) => value !== 0),
  );
}

test('a call: seats, relayed messages and what is left when it is over', async () => {
  const scene = await server.scene();
  const added = await adds(async () => {
    for (const who of [scene.therapist, scene.client]) {
      const client = await new Client(server.url, { auth: { token: who.token } }).connect();
      await client.ask('join-room', scene);
      await client.ask('leave-room', scene);
      client.close();
    }
    await until('no link', async () => (await counted()).get('stillroom_links') === 0);
  });
  assert.equal(added.connects_accepted_total, 2);
  assert.equal(added.seats_taken_total, 2);
  assert.equal(added.seats_lost_total, 2);
  assert.equal(added.links, undefined);
});
