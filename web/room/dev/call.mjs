// SPDX-License-Identifier: Apache-2.0
// A call in two headless browsers against the socket.io peer, for work on the page:
//   npm run build && node web/room/dev/call.mjs [--shots DIR]
// It serves the built page under the server's content policy, answers the link requests itself,
// and proxies signalling; it exits 0 when both sides decode video and receive sound.
import { spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { preview } from 'vite';

const { values: args } = parseArgs({
  options: {
    shots: { type: 'string' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
  "media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'";
const FLAGS = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--auto-select-desktop-capture-source=Entire screen',
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];
const FRAMES_WITHIN_MS = 20_000;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const secret = randomBytes(32).toString('hex');
const folder = mkdtempSync(join(tmpdir(), 'stillroom-web-'));
const start = new Date().toISOString();
const people = {
  users: [
    { id: 'u-therapist', name: 'Dr. Ines Hartmann', role: 'psychologist' },
    { id: 'u-client', name: 'Maya Lindqvist', role: 'client' },
  ],
  sessions: [
    {
      sessionId: 's-1',
      roomId: 'room-7b1f6f2e-8a4e-4c0a-9d6b-0d6f6b2f1a11',
      clients: ['u-client'],
      therapist: 'u-therapist',
      start,
      minutes: 50,
      type: 'individual',
    },
  ],
};
writeFileSync(join(folder, 'people.json'), JSON.stringify(people));

function mint(user) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + 900;
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ user: { id: user.id, role: user.role }, exp })}`;
  const mark = createHmac('sha256', secret).update(body).digest('base64url');
  return { token: `${body}.${mark}`, expiresAt: new Date(exp * 1000).toISOString() };
}

const [session] = people.sessions;
const codes = new Map(people.users.map((user) => [randomBytes(32).toString('base64url'), user]));

/** The two link requests, as the server answers them. */
const stub = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const answer = (status, value) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const { code } = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
    const user = codes.get(code);
    if (request.url !== '/api/links/exchange' || !user) {
      return answer(410, { error: 'Link is no longer valid', code: 'link_invalid' });
    }
    codes.delete(code);
    return answer(200, { ...mint(user), user, session });
  });
});

export function startPeer(port) {
  const script = here('../../../bench/peers/socketio/server.mjs');
  const child = spawn(
    process.execPath,
    [script, '--port', String(port), '--people', join(folder, 'people.json')],
    { env: { ...process.env, JWT_SECRET: secret }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the peer server did not start')));
    child.stdout.once('data', (line) => resolve({ child, url: JSON.parse(String(line)).url }));
  });
}

async function serve() {
  await new Promise((resolve) => stub.listen(0, '127.0.0.1', resolve));
  const peer = await startPeer(0);
  const page = await preview({
    configFile: here('../vite.config.ts'),
    logLevel: 'warn',
    preview: {
      port: 0,
      host: '127.0.0.1',
      headers: { 'content-security-policy': POLICY, 'referrer-policy': 'no-referrer' },
      proxy: {
        '/socket.io': { target: peer.url, ws: true },
        '/api': { target: `http://127.0.0.1:${stub.address().port}` },
      },
    },
  });
  return { peer, page, origin: `http://127.0.0.1:${page.httpServer.address().port}` };
}

async function openPage(browser, origin, code, viewport, colorScheme) {
  const context = await browser.newContext({ viewport, colorScheme, locale: 'en-GB' });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') console.error('console:', message.text());
  });
  page.on('pageerror', (error) => console.error('page:', error.message));
  await page.goto(`${origin}/#code=${code}`);
  return page;
}

const shoot = async (page, name) => {
  if (!args.shots) return;
  mkdirSync(args.shots, { recursive: true });
  await page.screenshot({ path: join(args.shots, `${name}.png`) });
};

async function untilFrames(page) {
  const deadline = Date.now() + FRAMES_WITHIN_MS;
  for (;;) {
    const stats = await page.evaluate(() => window.stillroomStats());
    if (stats.framesDecoded > 10 || Date.now() > deadline) return stats;
    await page.waitForTimeout(100);
  }
}

async function main() {
  const { peer, page: server, origin } = await serve();
  const browser = await chromium.launch({ executablePath: args.chromium, args: FLAGS });
  try {
    const [first, second] = [...codes.keys()];
    const wide = { width: 1280, height: 800 };
    const therapist = await openPage(browser, origin, first, wide, 'light');
    const client = await openPage(browser, origin, second, { width: 360, height: 740 }, 'dark');
    await therapist.getByTestId('join').waitFor();
    await client.getByTestId('join').waitFor();
    await client.waitForTimeout(1500);
    await shoot(therapist, 'lobby-wide-light');
    await shoot(client, 'lobby-phone-dark');
    await therapist.getByTestId('join').click();
    await therapist.getByTestId('status').waitFor();
    await therapist.waitForTimeout(800);
    await shoot(therapist, 'waiting-wide-light');
    await client.getByTestId('join').click();
    const sides = [await untilFrames(therapist), await untilFrames(client)];
    await client.waitForTimeout(2500);
    await shoot(therapist, 'call-wide-light');
    await shoot(client, 'call-phone-dark');
    console.log(JSON.stringify({ therapist: sides[0], client: sides[1] }, null, 2));
    const heard = await Promise.all(
      [therapist, client].map((each) => each.evaluate(() => window.stillroomStats())),
    );
    return heard.every((side) => side.framesDecoded > 0 && side.audioPacketsReceived > 0) ? 0 : 1;
  } finally {
    await browser.close();
    server.httpServer.close();
    stub.close();
    peer.child.removeAllListeners('exit');
    peer.child.kill();
  }
}

process.exit(await main());
