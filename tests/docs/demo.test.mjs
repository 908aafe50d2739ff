// SPDX-License-Identifier: Apache-2.0
// `./run demo`, as the README tells it: by hand until Ctrl-C, and --auto with its record.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { kRoot } from './lib/pages.mjs';

const kBuiltAlreadyMsMax = 300_000;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** The demo in a process group of its own, so that Ctrl-C can be meant for all of it. */
function demo(...args) {
  const child = spawn('./run', ['demo', ...args], {
    cwd: kRoot,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (bytes) => {
    said.out += bytes;
  });
  child.stderr.on('data', (bytes) => {
    said.err += bytes;
  });
  return { child, said, gone: once(child, 'exit') };
}

async function until({ child, said, gone }, pattern) {
  const ended = gone.then(() => 'ended');
  while (!pattern.test(said.out)) {
    const more = once(child.stdout, 'data').then(() => 'more');
    const what = await Promise.race([ended, more]);
    assert.equal(what, 'more', `the demo ended early:\n${said.out}\n${said.err}`);
  }
}

test('the_demo_prints_links_serves_the_page_and_ends_with_ctrl_c', {
  timeout: kBuiltAlreadyMsMax,
}, async () => {
  const port = await freePort();
  const running = demo('--port', String(port));
  try {
    await until(running, /Ready after/);
    const links = running.said.out.match(/http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]{43}/g);
    assert.equal(links?.length, 7);
    const page = await fetch(`http://127.0.0.1:${port}/`, {
      headers: { 'sec-fetch-site': 'none' },
    });
    assert.equal(page.status, 200);
  } finally {
    if (running.child.exitCode === null) process.kill(-running.child.pid, 'SIGINT');
    await running.gone;
  }
  await assert.rejects(fetch(`http://127.0.0.1:${port}/livez`));
});

test('the_demo_on_its_own_holds_a_call_and_says_so', {
  timeout: kBuiltAlreadyMsMax,
}, async () => {
  const port = await freePort();
  const { said, gone } = demo('--auto', '--seconds', '3', '--port', String(port));
  const [code] = await gone;
  assert.equal(code, 0, said.err);
  assert.ok(JSON.parse(said.out), said.out);
});
