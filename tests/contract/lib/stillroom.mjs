// SPDX-License-Identifier: Apache-2.0
// A running `stillroom serve` with data of its own, and its command line beside it.
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { within } from './waiting.mjs';

export const kBinary =
  process.env.STILLROOM_BINARY ??
  fileURLToPath(new URL('../../../build/stillroom', import.meta.url));
const kReadyMsMax = 20_000;
const kStopMsMax = 20_000;
const kLogBytesMax = 4 << 20;

const run = promisify(execFile);

export class Stillroom {
  #child;
  #people = 0;
  #regulars = new Map();

  /**
   * With --dev. `settings` are environment variables of the server and of every command; `flags`
   * are its own.
   */
  static start(settings = {}, flags = []) {
    return Stillroom.#launch({ STILLROOM_DEV: 'loopback', ...settings }, ['--dev', ...flags]);
  }
  /** As strict as in production. */
  static startStrict(settings = {}) {
    return Stillroom.#launch(settings, []);
  }

  static async #launch(settings, flags) {
    const server = new Stillroom();
    server.flags = flags;
    server.secret = randomBytes(32).toString('base64url');
    server.data = mkdtempSync(join(tmpdir(), 'stillroom-contract-'));
    server.environment = {
      ...process.env,
      JWT_SECRET: server.secret,
      // The limit has a suite of its own; here every test is one source.
      STILLROOM_LIMITS_CONNECT_ATTEMPTS: '1000000',
      STILLROOM_LIMITS_PROOF_ATTEMPTS: '1000000',
      ...settings,
    };
    server.log = '';
    server.listen = '127.0.0.1:0';
    await server.run();
    return server;
  }

  async run() {
    const place = ['--listen', this.listen, '--data', this.data];
    const args = ['serve', ...this.flags, ...place];
    this.#child = spawn(kBinary, args, {
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (bytes) => {
        if (this.log.length < kLogBytesMax) this.log += bytes;
      });
    }
    const ended = once(this.#child, 'exit').then(([code, signal]) => {
      throw new Error(`the server ended (${code ?? signal}) before it was ready:\n${this.log}`);
    });
    ended.catch(() => {});
    const ready = (async () => {
      for await (const line of createInterface({ input: this.#child.stdout })) {
        const said = JSON.parse(line);
        if (said.event === 'ready') return said;
      }
      throw new Error('the server closed its output before it was ready');
    })();
    const { url } = await within(kReadyMsMax, 'ready line', Promise.race([ready, ended]));
    this.url = url;
    // Started again, it comes back where its clients look for it.
    this.listen = new URL(url).host;
    return url;
  }

  get port() {
    return Number(new URL(this.url).port);
  }
  get running() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  signal(name) {
    this.#child.kill(name);
  }

  async kill() {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  /** Ends it as an operator would, and removes its data. Its exit code: 0 when all is well. */
  async stop() {
    const code = await this.end();
    rmSync(this.data, { recursive: true, force: true });
    return code;
  }

  /** The same, and its data stays until `stop`. */
  async end() {
    let code = 'was not running';
    if (this.running) {
      const gone = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      [code] = await within(kStopMsMax, 'end after SIGTERM', gone).catch((error) => {
        this.#child.kill('SIGKILL');
        throw error;
      });
    }
    return code;
  }

  /** One command; its JSON document, or an error that carries `code` and `stderr`. */
  async cli(...args) {
    const { stdout } = await run(kBinary, [...args, '--data', this.data, '--json'], {
      env: this.environment,
    });
    return JSON.parse(stdout);
  }

  /** A person with an id and a name that nobody else has. */
  async person(role, name = `Name of ${role}`) {
    this.#people += 1;
    const id = `${role}-${this.#people}`;
    await this.cli('user', 'add', '--id', id, '--role', role, '--name', name);
    return { id, name, role: role === 'therapist' ? 'psychologist' : role };
  }

  async session({ clients, therapist, start = new Date(), type = 'individual', ...state }) {
    const options = { status: 'confirmed', payment: 'confirmed', ...state };
    return this.cli(
      'session',
      'add',
      ...clients.flatMap(({ id }) => ['--client', id]),
      ...['--therapist', therapist.id, '--start', start.toISOString(), '--minutes', '50'],
      ...['--type', type],
      ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
    );
  }

  async token(person, ...options) {
    return (await this.cli('token', 'mint', '--user', person.id, ...options)).token;
  }

  /** A person with a token. */
  async #newcomer(role, name) {
    const person = await this.person(role, name);
    person.token = await this.token(person);
    return person;
  }
  /** Somebody who takes part in nothing. */
  stranger() {
    return this.#newcomer('client', 'Stranger');
  }
  async #regular(role, number) {
    const key = `${role} ${number}`;
    if (!this.#regulars.has(key)) this.#regulars.set(key, this.#newcomer(role));
    return this.#regulars.get(key);
  }

  /**
   * A therapist, clients, and a session of theirs that is due now, with tokens. The session and its
   * room are new; the people are those of other scenes too, unless they have to be `fresh`.
   */
  async scene({ clients = 1, fresh = false, ...session } = {}) {
    const somebody = (role, number) => (fresh ? this.#newcomer(role) : this.#regular(role, number));
    const therapist = await somebody('therapist', 0);
    const people = [];
    for (let number = 0; number < clients; number += 1) {
      people.push(await somebody('client', number));
    }
    const added = await this.session({ clients: people, therapist, ...session });
    return { ...added, therapist, client: people[0], clients: people };
  }
}
