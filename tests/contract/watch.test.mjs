// SPDX-License-Identifier: Apache-2.0
// What an operator sees of the door: counters and log lines, by words of ours and nothing of a peer's.
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

const told = (event) =>
  server.log
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .filter((line) => line.event === event);

test('a refused CONNECT: counted by its code, told with a digest of its source', async () => {
  const token = 'planted.token.text';
  const added = await adds(async () => {
    await new Client(server.url, { auth: { token } }).refused();
  });
  assert.equal(added['connects_refused_total{code="token_invalid"}'], 1);
  assert.equal(added.connects_accepted_total, undefined);
  const line = await until('its line', () => told('connect_refused').at(-1));
  assert.equal(line.code, 'token_invalid');
  assert.match(line.source, /^[0-9a-f]{8}$/);
  assert.ok(!server.log.includes('planted'));
});

test('a refused request: counted and told by its reason', async () => {
  const headers = { origin: 'http://planted.example' };
  const added = await adds(() => fetch(`${server.url}/`, { headers }));
  assert.equal(added['http_refused_total{reason="origin"}'], 1);
  const line = await until('its line', () => told('request_refused').at(-1));
  assert.equal(line.reason, 'origin');
  assert.ok(!server.log.includes('planted'));
});

test('a token that REST does not take, a log-in that is none, a right that ended', async () => {
  const headers = { Authorization: 'Bearer planted.token.text' };
  const person = await server.stranger();
  const ended = await new Client(server.url, { auth: { token: person.token } }).connect();
  const body = JSON.stringify({ user: person.id, password: 'planted password' });
  const added = await adds(async () => {
    await fetch(`${server.url}/api/auth/me`, { headers });
    await fetch(`${server.url}/api/auth/login`, { method: 'POST', body });
    await server.cli('user', 'disable', '--id', person.id);
    await ended.dropped();
  });
  assert.equal(added['http_refused_total{reason="token"}'], 1);
  assert.equal(added.log_ins_refused_total, 1);
  assert.equal(added['access_ended_total{reason="user"}'], 1);
  assert.equal(
    (await until('its line', () => told('bearer_refused').at(-1))).code,
    'token_invalid',
  );
  assert.equal(
    (await until('its line', () => told('log_in_refused').at(-1))).code,
    'log_in_failed',
  );
  assert.equal(
    (await until('its line', () => told('access_ended').at(-1))).reason,
    'user_inactive',
  );
  assert.ok(!server.log.includes('planted'));
  assert.ok(!server.log.includes(person.id));
});

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

test('a flood of one kind is told in part and counted in full', async () => {
  const many = 120;
  const headers = { origin: 'http://planted.example' };
  const before_ = told('request_refused').length;
  const added = await adds(async () => {
    for (let index = 0; index < many; index += 1) await fetch(`${server.url}/`, { headers });
  });
  assert.equal(added['http_refused_total{reason="origin"}'], many);
  const lines = told('request_refused').length - before_;
  assert.ok(lines < many, `${lines} lines for ${many} refusals`);
  await until('the rest', () => told('events_suppressed').at(-1), 15_000);
  assert.equal(told('events_suppressed').at(-1).kind, 'request_refused');
});
