// SPDX-License-Identifier: Apache-2.0
// The example of docs/integrate.md, as it stands there, against a server.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { request } from './lib/rest.mjs';
import { Stillroom } from './lib/stillroom.mjs';
import { within } from './lib/waiting.mjs';

const kExample = fileURLToPath(new URL('../../docs/examples/integrate.mjs', import.meta.url));
const kCallMsMax = 20_000;
const kLinesMax = 40;

let server;
before(async () => {
  server = await Stillroom.start();
});
after(async () => {
  assert.equal(await server?.stop(), 0);
});

/** Runs it until its two people are in their call; what they were told. */
async function call(key) {
  const child = spawn(process.execPath, [kExample], {
    env: {
      PATH: process.env.PATH,
      STILLROOM_URL: server.url,
      STILLROOM_KEY: key,
      JWT_SECRET: server.secret,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = [];
  const running = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(JSON.parse(line));
      const events = new Set(said.map(({ event }) => event));
      if (['call', 'call-started', 'user-joined'].every((event) => events.has(event))) return;
    }
    throw new Error(`it ended: ${JSON.stringify(said)}`);
  })();
  try {
    await within(kCallMsMax, 'the call', running);
  } finally {
    child.kill();
  }
  return said;
}

test('an application gets two of its people into a call', async () => {
  const scopes = ['--scope', 'users:write', '--scope', 'sessions:write'];
  const { key } = await server.cli('key', 'add', '--name', 'The application', ...scopes);
  const said = await call(key);
  const joined = said.filter(({ event }) => event === 'join-success');
  assert.deepEqual(
    joined.map(({ id, userRole, participantCount }) => [id, userRole, participantCount]),
    [
      ['tea@app.example', 'psychologist', 1],
      ['ana@app.example', 'client', 2],
    ],
  );
  const { sessionId, roomId } = said.find(({ event }) => event === 'call');
  const reader = await server.cli('key', 'add', '--name', 'Reader', '--scope', 'sessions:read');
  const path = `/api/sessions/${sessionId}`;
  const { body } = await request(server, 'GET', path, { token: reader.key });
  assert.equal(body.session.status, 'in-progress');
  assert.equal(body.session.roomId, roomId);
});

test('it is as short as is said of it, and the page shows it whole', () => {
  const example = readFileSync(kExample, 'utf8');
  assert.ok(example.trimEnd().split('\n').length <= kLinesMax);
  const page = readFileSync(new URL('../../docs/integrate.md', import.meta.url), 'utf8');
  assert.ok(page.includes(`\`\`\`js\n${example}\`\`\``), 'docs/integrate.md has another one');
});
