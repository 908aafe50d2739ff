// SPDX-License-Identifier: Apache-2.0
// `./run demo`, as the README tells it: by hand until Ctrl-C, --auto with its record, and what it
// says when it cannot begin.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { outputOf } from '../lib/output.mjs';
import { Doorstep } from './lib/doorstep.mjs';
import { kRoot } from './lib/pages.mjs';

const kBuiltAlreadyMsMax = 300_000;
const kStoppedByInterrupt = 130;
const kCandidateTypes = /^(host|srflx|prflx|relay)$/;
const kPngSignature = '89504e470d0a1a0a';

async function listen() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function freePort() {
  const server = await listen();
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * The demo in a process group of its own: Ctrl-C in the terminal of the tests is not for it.
 * `child` is the demo's shell.
 */
function demo(...args) {
  const child = spawn('./run', ['demo', ...args], {
    cwd: kRoot,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { child, said: outputOf(child), gone: once(child, 'close') };
}

async function until({ child, said, gone }, pattern) {
  const ended = gone.then(() => 'ended');
  while (!pattern.test(said.out)) {
    const more = once(child.stdout, 'data').then(() => 'more');
    const what = await Promise.race([ended, more]);
    assert.equal(what, 'more', `the demo ended early:\n${said.out}\n${said.err}`);
  }
}

const kPidFile = join(kRoot, '.demo/server.pid');
const isServer = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8') === 'stillroom\n';
  } catch {
    return false;
  }
};

/** Nothing that a failed test started goes on; what ended already is nobody's business. */
async function cleanUp({ child, gone }, pid) {
  if (child.exitCode === null && child.signalCode === null) {
    process.kill(-child.pid, 'SIGKILL');
    await gone;
  }
  if (pid !== undefined && isServer(pid)) process.kill(pid, 'SIGKILL');
}

test('the_demo_prints_links_serves_the_page_and_ends_with_ctrl_c', {
  timeout: kBuiltAlreadyMsMax,
}, async () => {
  const port = await freePort();
  const running = demo('--port', String(port));
  let pid;
  try {
    await until(running, /Ready after/);
    pid = Number(readFileSync(kPidFile, 'utf8'));
    assert.ok(isServer(pid));
    const links = running.said.out.match(/http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]{43}/g);
    assert.equal(links?.length, 7);
    assert.ok(links.every((link) => link.startsWith(`http://127.0.0.1:${port}/`)));
    const page = await fetch(`http://127.0.0.1:${port}/`, {
      headers: { 'sec-fetch-site': 'none' },
    });
    assert.equal(page.status, 200);

    const second = demo('--port', String(await freePort()));
    assert.deepEqual(await second.gone, [1, null], second.said.out);
    assert.match(second.said.err, new RegExp(`still runs \\(process ${pid}\\)`));
    assert.ok(isServer(pid), 'a second demo leaves the first alone');

    // To the shell and to nobody else, so that it is the shell which has to stop the server.
    process.kill(running.child.pid, 'SIGINT');
    assert.deepEqual(await running.gone, [kStoppedByInterrupt, null], running.said.err);
    assert.ok(!isServer(pid), 'the server outlived its demo');
    assert.ok(!existsSync(kPidFile));
  } finally {
    await cleanUp(running, pid);
  }
  await assert.rejects(fetch(`http://127.0.0.1:${port}/livez`));
});

/** What one side measured, for a path that is on this machine and encrypted. */
function isMediaRecord(side) {
  assert.equal(side.state, 'joined', side.name);
  for (const count of ['framesDecoded', 'framesInLastSecond', 'audioPacketsReceived']) {
    assert.ok(side[count] > 0, `${side.name}: ${count} ${side[count]}`);
  }
  assert.match(side.videoCodec, /^video\/(VP8|VP9|H264|AV1)$/);
  assert.equal(side.audioCodec, 'audio/opus');
  assert.match(side.localCandidateType, kCandidateTypes);
  assert.match(side.remoteCandidateType, kCandidateTypes);
  assert.match(side.dtlsVersion, /^DTLS 1\.[23]$/);
  assert.match(side.srtpCipher, /^(SRTP_)?(AEAD_)?AES_?(128|256)_/);
}

test('the_demo_on_its_own_holds_a_call_and_says_so', {
  timeout: kBuiltAlreadyMsMax,
}, async () => {
  const port = await freePort();
  const running = demo('--auto', '--seconds', '3', '--port', String(port));
  try {
    const [code] = await running.gone;
    assert.equal(code, 0, running.said.err);
  } finally {
    await cleanUp(running);
  }
  const record = JSON.parse(running.said.out);
  assert.equal(typeof record.connectMs, 'number');
  assert.ok(record.connectMs > 0);
  assert.equal(record.seconds, 3);
  assert.deepEqual(record.pageErrors, []);
  assert.deepEqual(
    record.sides.map(({ name }) => name),
    ['Therapist', 'Client A'],
  );
  for (const side of record.sides) isMediaRecord(side);
  for (const picture of ['therapist.png', 'client.png']) {
    const bytes = readFileSync(join(kRoot, '.demo', picture));
    assert.equal(bytes.subarray(0, 8).toString('hex'), kPngSignature, picture);
  }
  assert.ok(!existsSync(kPidFile));
  await assert.rejects(fetch(`http://127.0.0.1:${port}/livez`));
});

describe('what keeps the demo from beginning: one sentence, exit 1', () => {
  /** In a folder of its own; `sentence` is all that is said. */
  async function refused(sentence, prepare) {
    const door = new Doorstep();
    try {
      const { args = [], ...options } = await prepare(door);
      const port = String(await freePort());
      const { code, out, err } = await door.run(['demo', '--port', port, ...args], options);
      assert.equal(code, 1, `${out}${err}`);
      assert.match(err, sentence);
    } finally {
      await door.close();
    }
  }

  test('a taken port, and which to take instead', async () => {
    const taken = await listen();
    const { port } = taken.address();
    const instead = `Another: ./run demo --port ${port + 1}`;
    const sentence = `Port ${port} on 127.0.0.1 is taken by another program. ${instead}`;
    try {
      await refused(new RegExp(`^${sentence}$`, 'm'), () => ({ args: ['--port', String(port)] }));
    } finally {
      taken.close();
    }
  });

  test('a demo that was left over, and how to stop it', async () => {
    const door = new Doorstep();
    try {
      const pid = await door.leaveOver();
      const { code, err } = await door.run(['demo', '--port', String(await freePort())]);
      assert.equal(code, 1);
      const how = `Ctrl-C in its terminal, or: kill ${pid}`;
      assert.equal(err, `A demo from here still runs (process ${pid}). ${how}\n`);
      assert.ok(isServer(pid), 'it is told of, not stopped');
    } finally {
      await door.close();
    }
  });

  // What it takes to come as far as the packages.
  const kPrograms = ['bash', 'env', 'dirname', 'readlink', 'cat', 'rm', 'awk'];
  const kNotRoot = { id: 'echo 1000' };
  const kNothingInstalled = { 'dpkg-query': 'exit 1' };
  const kAsRoot = 'As root: apt-get install (\\S+ )+cmake( \\S+)*';

  test('packages are missing, and neither root nor sudo is here', async () => {
    const why = 'Debian packages are missing, and neither root nor sudo is here to install them.';
    await refused(new RegExp(`^${why} ${kAsRoot}$`, 'm'), (door) => ({
      path: door.programs(kPrograms, { ...kNotRoot, ...kNothingInstalled }),
    }));
  });

  test('packages are missing, and sudo refuses', async () => {
    await refused(new RegExp(`^sudo refused. ${kAsRoot}$`, 'm'), (door) => ({
      path: door.programs(kPrograms, { ...kNotRoot, ...kNothingInstalled, sudo: 'exit 1' }),
    }));
  });

  test('no Debian at all', async () => {
    await refused(/^This set-up is for Debian 12\..*CONTRIBUTING\.md/m, (door) => ({
      path: door.programs(kPrograms, kNotRoot),
    }));
  });

  test('a process that was given the number of an old demo is no left-over', async () => {
    // Node's own: it runs, and is no server. So the next thing that is missing is told.
    await refused(/^This set-up is for Debian 12\./m, (door) => {
      door.nameProcess(process.pid);
      return { path: door.programs(kPrograms, kNotRoot) };
    });
  });
});
