// SPDX-License-Identifier: Apache-2.0
// A flood of refusals: counted to the last one, written in part, and recorded within bounds by
// records that add up to it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { Stillroom } from '../contract/lib/stillroom.mjs';
import { until, within } from '../contract/lib/waiting.mjs';
import { securityCounts, securityLines } from './lib/watching.mjs';

const kMany = 10_000;
const kConnections = 4;
const kFloodMsMax = 120_000;
/** As docs/security/events.md says: each for itself, of a source and a reason, of a worker. */
const kOwnRecords = 1;
const kLinesPerSecond = 20;

/** `count` requests with a bad token on one connection, one behind the other. */
function flood(port, count) {
  const request =
    'GET /api/auth/me HTTP/1.1\r\n' +
    `Host: 127.0.0.1:${port}\r\nAuthorization: Bearer planted.token.text\r\n\r\n`;
  const socket = connect(port, '127.0.0.1');
  let asked = 0;
  let answered = 0;
  const done = new Promise((resolve, reject) => {
    const ask = () => {
      const more = Math.min(50, count - asked);
      asked += more;
      socket.write(request.repeat(more));
    };
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`closed after ${answered}`)));
    socket.on('data', (bytes) => {
      answered += bytes.toString('latin1').split('HTTP/1.1 401').length - 1;
      if (answered === count) resolve();
      else if (answered === asked) ask();
    });
    socket.once('connect', ask);
  });
  return done.finally(() => socket.destroy());
}

/** The reasons of the records of refused Bearers, as they lie in the database's file. */
function recorded(folder) {
  const bytes = readFileSync(join(folder, 'stillroom.db')).toString('latin1');
  return [...bytes.matchAll(/connect_refusedrefused(token_invalid(?::count:(\d+))?)[0-9a-f]{16}/g)];
}

test('10,000 refusals of one source', async (t) => {
  const server = await Stillroom.start({ STILLROOM_SERVER_WORKERS: String(kConnections / 2) });
  const began = Date.now();
  const each = kMany / kConnections;
  const floods = Array.from({ length: kConnections }, () => flood(server.port, each));
  await within(kFloodMsMax, 'the flood', Promise.all(floods));
  const seconds = Math.ceil((Date.now() - began) / 1000) + 1;
  const counts = await securityCounts(server);
  assert.equal(counts.get('bearer_refused token_invalid'), kMany);
  const all = [...counts.values()].reduce((sum, n) => sum + n, 0);
  assert.equal(all, kMany, 'and nothing else happened');

  const written = () => securityLines(server, new Set(['bearer_refused'])).length;
  const suppressed = () =>
    securityLines(server, new Set(['events_suppressed']))
      .filter(({ kind }) => kind === 'bearer_refused')
      .reduce((sum, { count }) => sum + count, 0);
  await until('every line, written or counted', () => written() + suppressed() === kMany, 15_000);
  assert.ok(written() <= kLinesPerSecond * seconds, `${written()} lines in ${seconds} s`);
  assert.ok(!server.log.includes('planted'));

  // Its end is the end of the window: what was only counted is told.
  assert.equal(await server.end(), 0);
  const records = recorded(server.data);
  await server.stop();
  const told = records.reduce((sum, [, , count]) => sum + Number(count ?? 1), 0);
  assert.equal(told, kMany);
  // Each worker counts for itself.
  assert.ok(records.length <= (kConnections / 2) * (kOwnRecords + 1), `${records.length} records`);
  t.diagnostic(`${written()} lines, ${records.length} records for ${kMany} refusals`);
});
