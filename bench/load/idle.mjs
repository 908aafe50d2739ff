// SPDX-License-Identifier: Apache-2.0
// Memory of an idle joined WSS connection: the slope of resident memory over their number, two
// people to a room, ours and the socket.io peer one after the other. Then what their pings cost.
//
//   node bench/load/idle.mjs [--from 1000] [--to 10000] [--steps 5] [--settle 5] [--watch 50]
import { stayOnLoadCore } from './lib/cores.mjs';
import { Crowd } from './lib/crowd.mjs';
import { pause, slope } from './lib/figures.mjs';
import { numbers } from './lib/options.mjs';
import { cpuUs, rssBytes } from './lib/proc.mjs';
import { progress, report } from './lib/report.mjs';
import { Place, startOurs, startPeer } from './lib/servers.mjs';

// settle, watch: seconds. Two pings fall into fifty.
const settings = numbers({ from: 1000, to: 10_000, steps: 5, settle: 5, watch: 50 });
const kOneWorkerEachCore = { workers: 0 };

/** The numbers of connections at which memory is read; even ones. */
function stops({ from, to, steps }) {
  if (from >= to || steps < 2) throw new Error('--from is less than --to, --steps at least 2');
  return Array.from({ length: steps }, (_, step) => {
    const count = from + ((to - from) * step) / (steps - 1);
    return 2 * Math.round(count / 2);
  });
}

async function grow(name, pid, crowd) {
  const points = [];
  let joinCpuUs = 0;
  for (const count of stops(settings)) {
    const before = cpuUs(pid);
    await crowd.growTo(count);
    joinCpuUs += cpuUs(pid) - before;
    await pause(settings.settle * 1000);
    points.push([count, rssBytes(pid)]);
    progress(`${name}: ${count} joined, ${(points.at(-1)[1] / 2 ** 20).toFixed(1)} MiB`);
  }
  return { points, joinCpuUs: joinCpuUs / crowd.members.length };
}

async function watch(pid, crowd) {
  const before = { cpu: cpuUs(pid), pings: crowd.pings(), at: performance.now() };
  await pause(settings.watch * 1000);
  crowd.check();
  const cpu = cpuUs(pid) - before.cpu;
  const pings = crowd.pings() - before.pings;
  const corePercent = cpu / 10 / (performance.now() - before.at);
  return { corePercent, pings, cpuUsPerPing: pings > 0 ? cpu / pings : null };
}

async function measure({ name, program, rooms }) {
  const crowd = new Crowd(program.port, rooms);
  try {
    const { points, joinCpuUs } = await grow(name, program.pid, crowd);
    const quiet = await watch(program.pid, crowd);
    return { bytes: slope(points), points, joinCpuUs, ...quiet };
  } finally {
    crowd.close();
    await program.stop();
  }
}

const place = new Place();
try {
  stayOnLoadCore();
  const count = settings.to / 2;
  progress('stillroom: people and sessions');
  const ours = await measure(await startOurs(place, count, kOneWorkerEachCore));
  const peer = await measure(await startPeer(place, count));
  const row = (figure, unit, key, target) => ({
    figure,
    unit,
    ours: ours[key],
    peer: peer[key],
    ratio: ours[key] / peer[key],
    target,
  });
  report('idle', {
    settings,
    rows: [
      row('memory of one more idle joined connection', 'B', 'bytes', '<=0.40'),
      row(`core with ${settings.to} idle, pings every 25 s`, '%', 'corePercent'),
      row('CPU from TLS handshake to seat, one connection', 'us', 'joinCpuUs'),
    ],
    details: { ours, peer },
  });
} finally {
  place.remove();
}
