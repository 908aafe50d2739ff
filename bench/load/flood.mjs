// SPDX-License-Identifier: Apache-2.0
// How long an honest person waits for a seat, quiet and beside refused attempts that come as fast as
// one core can send them: on connections that stay open, on a new TLS connection each from one
// address, and on new ones from so many addresses that no limit of a source stops them.
//
//   node bench/load/flood.mjs [--rounds 5] [--joins 80]
//
// The honest joins are made one after the other, each from an address that nobody floods from; the
// flood has the same core as they and gives way to them (nice 19). The server has the other.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stayOnLoadCore } from './lib/cores.mjs';
import { median, pause, quantile } from './lib/figures.mjs';
import { Member } from './lib/member.mjs';
import { numbers } from './lib/options.mjs';
import { progress, report } from './lib/report.mjs';
import { Place, startOurs } from './lib/servers.mjs';

const settings = numbers({ rounds: 5, joins: 80 });
const kFlooder = fileURLToPath(new URL('lib/flooder.mjs', import.meta.url));
const kKinds = ['quiet', 'kept', 'one-address', 'many-addresses'];
const kAddresses = 64;
const kSettleMs = 1_500;

stayOnLoadCore();

/** Refused attempts, until `stop()`, which says how many there were in a second. */
async function startFlood(kind, port) {
  if (kind === 'quiet') return { stop: async () => 0 };
  const child = spawn('nice', ['-n', '19', process.execPath, kFlooder, kind, String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  await once(lines, 'line');
  return {
    stop: async () => {
      const said = once(lines, 'line');
      child.stdin.end();
      const [line] = await said;
      await once(child, 'exit');
      return JSON.parse(line).perSecond;
    },
  };
}

async function timedJoin(port, seat, index) {
  const localAddress = `127.0.1.${1 + (index % kAddresses)}`;
  const from = performance.now();
  const member = await Member.join({ port, localAddress }, seat);
  const took = performance.now() - from;
  member.close();
  return took;
}

const place = new Place();
const kInAll = settings.rounds * settings.joins * kKinds.length;
const ours = await startOurs(place, Math.ceil(kInAll / 2), { workers: 1, limits: {} });
const seats = ours.rooms.flatMap(({ people, roomId, sessionId }) =>
  people.map(({ token }) => ({ token, roomId, sessionId })),
);
const times = Object.fromEntries(kKinds.map((kind) => [kind, []]));
const rates = Object.fromEntries(kKinds.map((kind) => [kind, []]));
try {
  let next = 0;
  for (let round = 0; round < settings.rounds; round += 1) {
    for (const kind of kKinds) {
      const flood = await startFlood(kind, ours.program.port);
      await pause(kSettleMs);
      for (let join = 0; join < settings.joins; join += 1, next += 1) {
        times[kind].push(await timedJoin(ours.program.port, seats[next], next));
      }
      rates[kind].push(await flood.stop());
    }
    progress(`round ${round + 1} of ${settings.rounds}`);
  }
  const quiet = { median: median(times.quiet), p99: quantile(times.quiet, 0.99) };
  const row = (kind, name, take) => ({
    figure: `${name} of a join, ${kind}`,
    unit: 'ms',
    ours: take(times[kind]),
    ratio: take(times[kind]) / quiet[name],
  });
  const p99 = (values) => quantile(values, 0.99);
  report('flood', {
    settings,
    rows: kKinds.flatMap((kind) => [
      row(kind, 'median', median),
      row(kind, 'p99', p99),
      { figure: `refused attempts, ${kind}`, unit: '/s', ours: median(rates[kind]) },
    ]),
    details: { times, rates },
  });
} finally {
  await ours.program.stop();
  place.remove();
}
