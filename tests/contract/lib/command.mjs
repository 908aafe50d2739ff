// SPDX-License-Identifier: Apache-2.0
// One command of the built program, from outside.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { outputOf } from '../../lib/output.mjs';
import { kBinary } from './stillroom.mjs';
import { within } from './waiting.mjs';

const kEndMsMax = 20_000;

/** Exit codes of contract §10. */
export const kDone = 0;
export const kRefused = 1;
export const kWrongUsage = 2;

/** Runs the binary with these settings and no others; never rejects. */
export async function run(args, settings = {}) {
  const child = spawn(kBinary, args, {
    env: { PATH: process.env.PATH, HOME: '/nowhere', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = outputOf(child);
  const ended = within(kEndMsMax, `end of ${args.join(' ')}`, once(child, 'close'));
  const [code] = await ended.catch((error) => {
    child.kill('SIGKILL');
    throw error;
  });
  return { code, ...said };
}

/** It must do nothing, and say why in one sentence on standard error. */
export async function refused(args, sentence, { settings, code = kRefused } = {}) {
  const said = await run(args, settings);
  assert.equal(said.code, code, said.err);
  assert.equal(said.out, '');
  assert.match(said.err, sentence);
}
