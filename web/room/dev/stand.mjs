// SPDX-License-Identifier: Apache-2.0
// The stand that `call.mjs` plays on: the built page under the server's content policy, link
// requests answered here, signalling by the socket.io peer.
import { spawn } from 'node:child_process';
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preview } from 'vite';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
const TOKEN_SECONDS = 900;
const PEER = fileURLToPath(new URL('../../../bench/peers/socketio/server.mjs', import.meta.url));
const CONFIG = fileURLToPath(new URL('../vite.config.ts', import.meta.url));

const USERS = [
  { id: 'u-therapist', name: 'Dr. Ines Hartmann', role: 'psychologist' },
  { id: 'u-maya', name: 'Maya Lindqvist', role: 'client' },
  { id: 'u-jon', name: 'Jon Lindqvist', role: 'client' },
];

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

function sessionOf(type, change) {
  return {
    sessionId: randomUUID(),
    roomId: `room-${randomUUID()}`,
    clients: ['u-maya', 'u-jon'],
    therapist: 'u-therapist',
    start: new Date().toISOString(),
    minutes: 50,
    type,
    ...change,
  };
}

export class Stand {
  #secret = randomBytes(32).toString('hex');
  #folder = mkdtempSync(join(tmpdir(), 'stillroom-web-'));
  #codes = new Map();
  #links = createServer((request, response) => void this.#answer(request, response));
  #peer;
  #peerPort = 0;
  #page;
  #sessions;

  /** `sessions`: name -> {type, ...what differs from an ordinary one}. */
  constructor(sessions) {
    this.#sessions = Object.fromEntries(
      Object.entries(sessions).map(([name, { type = 'individual', ...change }]) => [
        name,
        sessionOf(type, change),
      ]),
    );
  }

  async open() {
    const people = { users: USERS, sessions: Object.values(this.#sessions) };
    writeFileSync(join(this.#folder, 'people.json'), JSON.stringify(people));
    this.#links.listen(0, '127.0.0.1');
    await once(this.#links, 'listening');
    await this.startPeer();
    this.#page = await preview({
      configFile: CONFIG,
      logLevel: 'silent',
      preview: {
        port: 0,
        host: '127.0.0.1',
        headers: { 'content-security-policy': POLICY, 'referrer-policy': 'no-referrer' },
        proxy: {
          '/socket.io': { target: `http://127.0.0.1:${this.#peerPort}`, ws: true },
          '/api': { target: `http://127.0.0.1:${this.#links.address().port}` },
        },
      },
    });
  }

  link(userId, session) {
    const code = randomBytes(32).toString('base64url');
    const user = USERS.find((each) => each.id === userId);
    this.#codes.set(code, { user, session: this.#sessions[session] });
    return `http://127.0.0.1:${this.#page.httpServer.address().port}/#code=${code}`;
  }

  async startPeer() {
    const people = join(this.#folder, 'people.json');
    const args = [PEER, '--port', String(this.#peerPort), '--people', people];
    const env = { ...process.env, JWT_SECRET: this.#secret };
    this.#peer = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(this.#peer.stdout, 'data');
    this.#peerPort = Number(new URL(JSON.parse(String(line)).url).port);
  }

  async killPeer() {
    const gone = once(this.#peer, 'exit');
    this.#peer.kill('SIGKILL');
    await gone;
  }

  async close() {
    await this.killPeer();
    this.#links.close();
    this.#page.httpServer.close();
    rmSync(this.#folder, { recursive: true });
  }

  #token(user) {
    const exp = Math.floor(Date.now() / 1000) + TOKEN_SECONDS;
    const claims = { user: { id: user.id, role: user.role }, exp };
    const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    const mark = createHmac('sha256', this.#secret).update(body).digest('base64url');
    return { token: `${body}.${mark}`, expiresAt: new Date(exp * 1000).toISOString() };
  }

  async #answer(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { code } = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
    const held = this.#codes.get(code);
    this.#codes.delete(code);
    const found = request.url === '/api/links/exchange' && held;
    response.writeHead(found ? 200 : 410, { 'content-type': 'application/json' });
    const gone = { error: 'Link is no longer valid', code: 'link_invalid' };
    response.end(JSON.stringify(found ? { ...this.#token(held.user), ...held } : gone));
  }
}
