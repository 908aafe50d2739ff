// SPDX-License-Identifier: Apache-2.0
// Starts a coturn of its own through the shipped file, with a secret of this run, and stops it:
//
//   const turn = await start();   // { urls, secret, server, relay, where, ... }
//   ...
//   await stop(turn);
//
// coturn refuses loopback relays, and the shipped file refuses private ones. So it lives in a
// network namespace whose `lo` carries a public unicast address, and clients reach it over a veth
// pair: they need not be in the namespace. Where namespaces are not allowed it runs beside the
// tests with one `allowed-peer-ip` line for its own relay address (STILLROOM_TURN_PLACE=machine asks
// for that). `where` says which.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';

import { TurnClient } from './client.mjs';

export const SHIPPED = join(import.meta.dirname, '../../deploy/coturn.conf');
// Public unicast, as the shipped file asks; nobody outside of the namespace ever sees them.
const RELAY_V4 = '45.83.220.5';
const RELAY_V6 = '2a0f:3d00::5';
const STOP_MS = 3000;

const running = new Set();
process.on('exit', () => {
  for (const turn of running) cleanUp(turn);
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    for (const turn of running) cleanUp(turn);
    // Whoever else listens decides when to end; without anybody a signal ends the process.
    if (process.listenerCount(signal) === 1) process.exit(1);
  });
}

const ip = (...words) => execFileSync('ip', words, { stdio: ['ignore', 'pipe', 'pipe'] });

/** A free /30 of 10/8 for the veth pair. */
function freeNet() {
  const taken = Object.values(networkInterfaces())
    .flat()
    .map((one) => one.address);
  for (let attempt = 0; attempt < 64; attempt += 1) {
    const [a, b] = randomBytes(2);
    const net = `10.${200 + (a % 50)}.${b}`;
    if (!taken.some((address) => address.startsWith(`${net}.`))) return net;
  }
  throw new Error('no free network for the TURN server');
}

function makeNamespace() {
  const name = `srturn${randomBytes(3).toString('hex')}`;
  const net = freeNet();
  const inside = ['netns', 'exec', name, 'ip'];
  try {
    ip('netns', 'add', name);
    ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'turn0', 'netns', name);
    ip('addr', 'add', `${net}.1/30`, 'dev', name);
    ip('link', 'set', name, 'up');
    ip(...inside, 'link', 'set', 'lo', 'up');
    ip(...inside, 'addr', 'add', `${net}.2/30`, 'dev', 'turn0');
    ip(...inside, 'link', 'set', 'turn0', 'up');
    ip(...inside, 'addr', 'add', `${RELAY_V4}/32`, 'dev', 'lo');
    ip(...inside, 'addr', 'add', `${RELAY_V6}/128`, 'dev', 'lo', 'nodad');
  } catch {
    removeNamespace(name);
    return undefined;
  }
  return { name, address: `${net}.2` };
}

function removeNamespace(name) {
  for (const words of [
    ['link', 'del', name],
    ['netns', 'del', name],
  ]) {
    try {
      ip(...words);
    } catch {
      // It was not there, or went with the other one.
    }
  }
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Where it runs and with which addresses: a namespace, or this machine's own address. */
async function findPlace() {
  const namespace = process.env.STILLROOM_TURN_PLACE === 'machine' ? undefined : makeNamespace();
  if (namespace) {
    return {
      where: 'a network namespace, the shipped file unchanged',
      namespace: namespace.name,
      server: { address: namespace.address, port: 3478 },
      relay: RELAY_V4,
      relayV6: RELAY_V6,
      words: [],
    };
  }
  const own = Object.values(networkInterfaces())
    .flat()
    .find((one) => one.family === 'IPv4' && !one.internal);
  if (!own) return undefined;
  const port = await freePort();
  return {
    where: 'this machine, the shipped file and one allowed-peer-ip line',
    server: { address: '127.0.0.1', port },
    relay: own.address,
    words: [`--listening-port=${port}`, `--allowed-peer-ip=${own.address}`],
  };
}

/** RFC 8489: the server is there when it answers a Binding request. */
async function answers(server) {
  const client = await new TurnClient(server).open();
  try {
    await client.binding();
  } finally {
    client.close();
  }
}

/** Made beforehand: threads that make their tables at the same moment lock each other out. */
function makeUserDatabase(folder) {
  const { pid } = spawnSync('turnadmin', ['--list', `--db=${join(folder, 'turndb')}`], {
    cwd: folder,
    stdio: 'ignore',
  });
  // It cannot be told where to log.
  for (const place of ['/var/log/turnserver', '/var/log', '/var/tmp', '/tmp']) {
    if (!existsSync(place)) continue;
    for (const name of readdirSync(place)) {
      if (name.startsWith(`turn_${pid}_`)) rmSync(join(place, name), { force: true });
    }
  }
}

function launch(place, folder, secret, families) {
  const relays = [place.relay, families.includes(6) ? place.relayV6 : undefined].filter(Boolean);
  const turnserver = [
    'turnserver',
    '-c',
    SHIPPED,
    `--static-auth-secret=${secret}`,
    `--listening-ip=${place.server.address}`,
    ...relays.map((address) => `--relay-ip=${address}`),
    `--userdb=${join(folder, 'turndb')}`,
    `--pidfile=${join(folder, 'pid')}`,
    '--log-file=stdout',
    '--no-tls',
    '--no-dtls',
    ...place.words,
  ];
  const words = place.namespace
    ? ['ip', 'netns', 'exec', place.namespace, ...turnserver]
    : turnserver;
  return spawn(words[0], words.slice(1), { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Without the means a run by hand goes on and skips; CI has them, so there it is a failure. */
function cannotRun(why) {
  if (process.env.CI) throw new Error(`${why}; in CI that is a failure`);
  return undefined;
}

/**
 * Undefined where no TURN server can run at all (no coturn, or no address but loopback); an error
 * with CI set.
 * `families`: of the relay addresses; [4] as deploy/README.md advises, [4, 6] to ask about IPv6.
 */
export async function start({ families = [4] } = {}) {
  if (spawnSync('turnserver', ['--version'], { stdio: 'ignore' }).error) {
    return cannotRun('no coturn');
  }
  const place = await findPlace();
  if (!place) return cannotRun('no address but loopback');
  const folder = mkdtempSync(join(tmpdir(), 'stillroom-turn-'));
  const secret = randomBytes(24).toString('base64url');
  const turn = { ...place, folder, secret, log: '' };
  running.add(turn);
  makeUserDatabase(folder);
  turn.child = launch(place, folder, secret, families);
  turn.ended = once(turn.child, 'exit');
  turn.child.on('error', () => {});
  for (const stream of [turn.child.stdout, turn.child.stderr]) {
    stream.on('data', (bytes) => {
      turn.log = (turn.log + bytes).slice(-64 * 1024);
    });
  }
  const { address, port } = turn.server;
  turn.urls = [`turn:${address}:${port}?transport=udp`];
  try {
    await Promise.race([
      answers(turn.server),
      turn.ended.then(() => Promise.reject(new Error('coturn ended at once'))),
    ]);
  } catch (error) {
    await stop(turn);
    throw new Error(`${error.message}\n${turn.log}`);
  }
  return turn;
}

function cleanUp(turn) {
  running.delete(turn);
  if (turn.child?.exitCode === null) turn.child.kill('SIGKILL');
  if (turn.namespace) removeNamespace(turn.namespace);
  rmSync(turn.folder, { recursive: true, force: true });
}

export async function stop(turn) {
  if (!turn) return;
  if (turn.child.exitCode === null && turn.child.signalCode === null && turn.child.pid) {
    turn.child.kill('SIGTERM');
    const late = setTimeout(() => turn.child.kill('SIGKILL'), STOP_MS);
    await turn.ended.catch(() => {});
    clearTimeout(late);
  }
  cleanUp(turn);
}
