// SPDX-License-Identifier: Apache-2.0
// From starting the process to its ready line: on an empty data folder, where the database is made,
// and again on the same one.
//
//   node bench/load/start.mjs [--runs 10]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from './lib/figures.mjs';
import { numbers } from './lib/options.mjs';
import { report } from './lib/report.mjs';
import { kBinary, Program } from './lib/servers.mjs';

const settings = numbers({ runs: 10 });

async function startOnce(data) {
  const args = ['serve', '--dev', '--listen', '127.0.0.1:0', '--data', data];
  const program = await Program.start(kBinary, args);
  await program.stop();
  return program.readyMs;
}

const first = [];
const again = [];
for (let run = 0; run < settings.runs; run += 1) {
  const folder = mkdtempSync(join(tmpdir(), 'stillroom-bench-'));
  try {
    first.push(await startOnce(folder));
    again.push(await startOnce(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
const row = (figure, values) => ({
  figure,
  unit: 'ms',
  ours: median(values),
  target: '<=300',
  targetOn: 'ours',
});
report('start', {
  settings,
  rows: [
    row('start to ready, empty data folder', first),
    row('start to ready, database there', again),
  ],
  details: { first, again },
});
