// SPDX-License-Identifier: Apache-2.0
// A folder in which the commands of one document run in order, as they would for a reader: the same
// files, the same placeholders, one server at a time.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { kRoot } from './pages.mjs';

const run = promisify(execFile);
const kCommandMsMax = 30_000;

/** A reader's shell knows none of our settings. */
function readersEnvironment() {
  const ours = /^(STILLROOM_|JWT_|TURN_|NODE_ENV$|PORT$|CLIENT_URL$|ALLOWED_ORIGINS$|ENCRYPTION_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

export class Workplace {
  #server;
  #known = new Map();

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'stillroom-docs-'));
    symlinkSync(join(kRoot, 'build'), join(this.folder, 'build'));
    this.environment = readersEnvironment();
  }

  /** A file that a document shows. Ports are ours to choose: the shown one may be taken. */
  write(name, text) {
    writeFileSync(join(this.folder, name), text.replace(/(listen = ")[^"]*"/, '$1127.0.0.1:0"'));
  }

  /** What the example's certificate stands for. */
  makeCertificate() {
    mkdirSync(join(this.folder, 'tls'));
    const made = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const files = ['-keyout', 'tls/key.pem', '-out', 'tls/fullchain.pem'];
    execFileSync('openssl', ['req', ...made, ...files, '-days', '1', '-subj', '/CN=call.example'], {
      cwd: this.folder,
      stdio: 'ignore',
    });
  }

  /** Placeholders in capitals become what an earlier command said. */
  fill(command) {
    return command
      .replace(/\b(SESSION|ROOM)\b/g, (name) => this.#known.get(name) ?? name)
      .replace(/--listen \S+/, '--listen 127.0.0.1:0');
  }

  /** Standard output of a command that ends by itself; throws when it fails. */
  async run(command) {
    const { stdout } = await run('bash', ['-c', this.fill(command)], {
      cwd: this.folder,
      env: this.environment,
      timeout: kCommandMsMax,
    });
    this.#remember(stdout);
    return stdout;
  }

  #remember(stdout) {
    if (!stdout.startsWith('{')) return;
    const { sessionId, roomId } = JSON.parse(stdout);
    if (sessionId) this.#known.set('SESSION', sessionId);
    if (roomId) this.#known.set('ROOM', roomId);
  }

  /** Starts a server and waits for its ready line; one that still runs ends first. */
  async serve(command) {
    await this.stopServer();
    this.#server = spawn('bash', ['-c', `exec ${this.fill(command)}`], {
      cwd: this.folder,
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    this.#server.stderr.on('data', (bytes) => {
      said += bytes;
    });
    const slow = setTimeout(() => this.#server.kill('SIGKILL'), kCommandMsMax);
    try {
      for await (const line of createInterface({ input: this.#server.stdout })) {
        if (JSON.parse(line).event === 'ready') return;
      }
    } finally {
      clearTimeout(slow);
    }
    throw new Error(`no ready line from ${command}:\n${said}`);
  }

  /** Its exit code after SIGTERM, or 0 when none runs. */
  async stopServer() {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return 0;
    if (server.exitCode !== null) return server.exitCode;
    const gone = once(server, 'exit');
    server.kill('SIGTERM');
    const [code] = await gone;
    return code;
  }

  async close() {
    const code = await this.stopServer();
    rmSync(this.folder, { recursive: true, force: true });
    return code;
  }
}
