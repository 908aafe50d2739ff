// SPDX-License-Identifier: Apache-2.0
// A server of one's own: the built program on a free port, with data that nobody else has.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { commandLine } from '../../../tools/demo/cli.mjs';
import { addPeople, addSession, mintLink } from '../../../tools/demo/seed.mjs';
import { madeCertificate } from '../../contract/lib/issuer.mjs';

export const kRoot = fileURLToPath(new URL('../../../', import.meta.url));
const kBinary = process.env.STILLROOM_BINARY ?? join(kRoot, 'build/stillroom');
const kReadyMsMax = 15_000;
const kStopMsMax = 15_000;

async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** One running program; it may be killed and started anew on the same port and data. */
export class Server {
  #child;
  #log;

  /**
   * `name` names the log in .run-logs/; `env` is added to the program's environment; `tls`: with a
   * certificate that it makes itself; `strict`: as in production, with a throwaway certificate.
   */
  static async start(
    name,
    { env = {}, host = '127.0.0.1', port, tls = false, strict = false } = {},
  ) {
    const server = new Server();
    server.data = mkdtempSync(join(tmpdir(), 'stillroom-'));
    server.port = port ?? (await freePort());
    server.host = host;
    server.url = `${tls || strict ? 'https' : 'http'}://${host}:${server.port}/`;
    server.flags = strict ? [] : tls ? ['--dev', '--lan'] : ['--dev'];
    server.env = strict ? { ...server.#productive(), ...env } : env;
    server.cli = commandLine(kBinary, server.data);
    mkdirSync(join(kRoot, '.run-logs'), { recursive: true });
    server.#log = createWriteStream(join(kRoot, `.run-logs/server-${name}.log`));
    await server.run();
    return server;
  }

  /** What a start without --dev asks for. */
  #productive() {
    const { key, ca } = madeCertificate(this.data, 'e2e');
    return {
      JWT_SECRET: randomBytes(32).toString('base64url'),
      STILLROOM_TLS_CERTIFICATE: ca,
      STILLROOM_TLS_KEY: key,
      STILLROOM_SERVER_PUBLIC_ORIGIN: new URL(this.url).origin,
    };
  }

  async run() {
    const args = [
      'serve',
      ...this.flags,
      '--listen',
      `${this.host}:${this.port}`,
      '--data',
      this.data,
    ];
    const env = { ...process.env, ...this.env };
    this.#child = spawn(kBinary, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stderr.pipe(this.#log, { end: false });
    const lines = createInterface({ input: this.#child.stdout });
    const ready = new Promise((resolve, reject) => {
      lines.on('line', (line) => {
        if (line.includes('"event":"ready"')) resolve();
      });
      this.#child.on('error', reject);
      this.#child.on('exit', (code, signal) =>
        reject(new Error(`the server ended (${code ?? signal}) before it was ready`)),
      );
      setTimeout(() => reject(new Error('the server was not ready in time')), kReadyMsMax).unref();
    });
    await ready;
  }

  /** As if the machine had lost power: nothing is said to anybody. */
  async kill() {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  /** Ends it as an operator would; throws unless it ends by itself, and well. */
  async stop() {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const gone = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      const late = setTimeout(() => this.#child.kill('SIGKILL'), kStopMsMax);
      const [code, signal] = await gone;
      clearTimeout(late);
      if (code !== 0) throw new Error(`the server ended with ${code ?? signal} after SIGTERM`);
    }
    this.#log.end();
    rmSync(this.data, { recursive: true, force: true });
  }

  seedPeople(people) {
    return addPeople(this.cli, people);
  }

  /** A session that is due now; `links` by user id. */
  async seedSession({ clients = ['client-a'], type = 'individual', ...rest } = {}) {
    const { sessionId, roomId } = await addSession(this.cli, { clients, type, ...rest });
    const links = {};
    for (const id of ['therapist', ...clients]) {
      links[id] = await mintLink(this.cli, this.url, id, sessionId);
    }
    return { sessionId, roomId, links };
  }
}
