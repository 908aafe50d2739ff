// SPDX-License-Identifier: Apache-2.0
// Server CPU for one relayed message, ours and the socket.io peer in turns within one run. The ratio
// of each round is taken of neighbours in time, and the median of those ratios is the result.
//
//   node bench/load/relay.mjs [--pairs 1000] [--rounds 7] [--percent 100]
import { stayOnLoadCore } from './lib/cores.mjs';
import { Crowd } from './lib/crowd.mjs';
import { median } from './lib/figures.mjs';
import { kKinds } from './lib/messages.mjs';
import { numbers } from './lib/options.mjs';
import { cpuUs } from './lib/proc.mjs';
import { progress, report } from './lib/report.mjs';
import { Place, startOurs, startPeer } from './lib/servers.mjs';
import { Traffic } from './lib/traffic.mjs';

// percent: of each kind's rate, for machines that are slower or busier than usual.
const settings = numbers({ pairs: 1000, rounds: 7, percent: 100 });
const kWarmUpRounds = 2;
// As many as the peer has: CPU of a core is compared.
const kOneWorker = { workers: 1 };

async function prepare({ name, program, rooms }) {
  const crowd = new Crowd(program.port, rooms);
  await crowd.growTo(2 * settings.pairs);
  progress(`${name}: ${crowd.members.length} joined`);
  return { name, program, crowd, traffic: new Traffic(crowd, rooms) };
}

async function measure({ program, traffic }, kind) {
  const before = cpuUs(program.pid);
  const done = await traffic.run(kind, kind.perRound, (kind.rate * settings.percent) / 100);
  return { cpuUs: (cpuUs(program.pid) - before) / done.messages, ...done };
}

/** Who goes first changes from round to round. */
async function playRound(sides, number) {
  const order = number % 2 === 0 ? sides : sides.toReversed();
  const round = {};
  for (const kind of kKinds) {
    round[kind.name] = {};
    for (const side of order) round[kind.name][side.name] = await measure(side, kind);
    const [ours, peer] = sides.map((side) => round[kind.name][side.name].cpuUs.toFixed(1));
    progress(`round ${number}, ${kind.name}: ${ours} and ${peer} us`);
  }
  return round;
}

function rowsOf(rounds, [ours, peer], kind) {
  const all = (side, key) => rounds.map((round) => round[kind.name][side.name][key]);
  const ratios = (key) => all(ours, key).map((value, index) => value / all(peer, key)[index]);
  const row = (figure, unit, key, target) => ({
    figure: `${kind.name}: ${figure}`,
    unit,
    ours: median(all(ours, key)),
    peer: median(all(peer, key)),
    ratio: median(ratios(key)),
    target,
  });
  const cpu = row('CPU per message', 'us', 'cpuUs', kind.target);
  const way = row('p50 of the way', 'ms', 'p50Ms');
  return [{ ...cpu, bytes: ours.traffic.bytesOf(kind), ratios: ratios('cpuUs') }, way];
}

const place = new Place();
const started = [];
try {
  stayOnLoadCore();
  started.push(await startOurs(place, settings.pairs, kOneWorker));
  started.push(await startPeer(place, settings.pairs));
  const sides = [];
  for (const server of started) sides.push(await prepare(server));
  const rounds = [];
  for (let number = -kWarmUpRounds; number < settings.rounds; number += 1) {
    const round = await playRound(sides, number);
    if (number >= 0) rounds.push(round);
  }
  report('relay', {
    settings,
    rows: kKinds.flatMap((kind) => rowsOf(rounds, sides, kind)),
    details: { rounds },
  });
  for (const { crowd } of sides) crowd.close();
} finally {
  for (const { program } of started) await program.stop();
  place.remove();
}
