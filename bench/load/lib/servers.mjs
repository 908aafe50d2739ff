// SPDX-License-Identifier: Apache-2.0
// The two that are compared, under the same conditions: TLS with one certificate made for this run,
// the same people, the same core.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onServerCore } from './cores.mjs';
import { addRooms, makeRooms, peopleFile } from './rooms.mjs';

export const kRoot = fileURLToPath(new URL('../../../', import.meta.url));
export const kBinary = process.env.STILLROOM_BINARY ?? join(kRoot, 'build/stillroom');
const kPeer = join(kRoot, 'bench/peers/socketio/server.mjs');
/** What a browser would say it comes from. */
export const kOrigin = 'https://call.example';
const kReadyMsMax = 30_000;
const kStopMsMax = 60_000;
const kErrorBytesMax = 10_000;

/** A program that prints one line when it is ready. */
export class Program {
  #child;
  #said = '';

  static async start(command, args, env = {}) {
    const program = new Program();
    await program.#run(command, args, env);
    return program;
  }

  async #run(command, args, env) {
    const started = performance.now();
    const stdio = ['ignore', 'pipe', 'pipe'];
    this.#child = spawn(command, args, { env: { ...process.env, ...env }, stdio });
    this.#child.stderr.on('data', (bytes) => {
      if (this.#said.length < kErrorBytesMax) this.#said += bytes;
    });
    this.pid = this.#child.pid;
    this.url = await this.#readyUrl();
    this.readyMs = performance.now() - started;
    this.port = Number(new URL(this.url).port);
  }

  #readyUrl() {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('not ready in time')), kReadyMsMax);
      const done = (settle) => (value) => {
        clearTimeout(late);
        settle(value);
      };
      createInterface({ input: this.#child.stdout }).on('line', (line) => {
        if (line.includes('"event":"ready"')) done(resolve)(JSON.parse(line).url);
      });
      this.#child.on('error', done(reject));
      this.#child.on('exit', (code, signal) =>
        done(reject)(new Error(`ended (${code ?? signal}): ${this.#said}`)),
      );
    });
  }

  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.#child.kill('SIGKILL'), kStopMsMax);
    await gone;
    clearTimeout(late);
  }
}

/** A folder for one run, with a secret and an ECDSA P-256 certificate. */
export class Place {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'stillroom-bench-'));
    this.secret = randomBytes(32).toString('base64url');
    this.certificate = join(this.folder, 'certificate.pem');
    this.key = join(this.folder, 'key.pem');
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const who = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
    const out = ['-keyout', this.key, '-out', this.certificate];
    execFileSync('openssl', ['req', '-x509', ...curve, ...who, ...out], { stdio: 'ignore' });
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

// Ten thousand people from one address are what is measured, not what is refused.
const kUnlimited = { connect_attempts: 1_000_000, log_in_attempts: 1_000_000 };

function configFile(place, workers, limits) {
  const path = join(place.folder, 'stillroom.toml');
  const lines = Object.entries(limits).map(([name, value]) => `${name} = ${value}\n`);
  writeFileSync(
    path,
    `[server]
workers = ${workers}
shutdown_grace = "1s"
[tls]
certificate = "${place.certificate}"
key = "${place.key}"
[security]
allow_non_browser = true
allowed_origins = ["${kOrigin}"]
[limits]
${lines.join('')}`,
  );
  return path;
}

/**
 * `{name, program, data, rooms}` with `count` rooms that can be joined. As in production, `limits`
 * apart: `{}` are production's.
 */
export async function startOurs(place, count, { workers, limits = kUnlimited }) {
  if (!existsSync(kBinary)) throw new Error(`${kBinary} is missing: ./run build`);
  const data = join(place.folder, 'data');
  const args = ['serve', '--config', configFile(place, workers, limits), '--data', data];
  const [command, all] = onServerCore(kBinary, [...args, '--listen', '127.0.0.1:0']);
  const program = await Program.start(command, all, { JWT_SECRET: place.secret });
  const rooms = await addRooms(data, makeRooms(count, place.secret));
  return { name: 'stillroom', program, data, rooms };
}

export async function startPeer(place, count) {
  const rooms = makeRooms(count, place.secret);
  const people = join(place.folder, 'people.json');
  writeFileSync(people, peopleFile(rooms));
  const tls = ['--cert', place.certificate, '--key', place.key];
  const args = [kPeer, '--port', '0', '--people', people, ...tls];
  const [command, all] = onServerCore(process.execPath, args);
  const program = await Program.start(command, all, { JWT_SECRET: place.secret });
  return { name: 'socket.io', program, rooms };
}
