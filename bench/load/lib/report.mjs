// SPDX-License-Identifier: Apache-2.0
// A small table for people, one JSON line for programs, and with every single measurement
// bench/results/latest.json.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { join } from 'node:path';
import { kRoot } from './servers.mjs';

const kLatest = join(kRoot, 'bench/results/latest.json');

function machine() {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim(),
    cores: cores.length,
    kernel: release(),
    node: process.version,
    openssl: process.versions.openssl,
    // Figures of a busy machine say little: this tells how busy.
    loadAverage: loadavg()[0],
  };
}

function formatted(value) {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (!Number.isFinite(value)) return '-';
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  return value.toFixed(value >= 100 ? 0 : 2);
}

const verdict = ({ value, target }) =>
  target ? `${target} ${value <= Number(target.slice(2)) ? 'reached' : 'MISSED'}` : '';

function tableOf(rows) {
  const head = ['figure', 'unit', 'stillroom', 'peer', 'ratio', 'target'];
  const cells = rows.map((row) => [
    row.figure,
    row.unit,
    formatted(row.ours),
    formatted(row.peer),
    formatted(row.ratio),
    verdict({ value: row.targetOn === 'ours' ? row.ours : row.ratio, target: row.target }),
  ]);
  const widths = head.map((_, column) =>
    Math.max(...[head, ...cells].map((line) => line[column].length)),
  );
  const left = (column) => column < 2 || column === 5;
  return [head, ...cells].map((line) =>
    line
      .map((cell, column) =>
        left(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      )
      .join('  ')
      .trimEnd(),
  );
}

function remember(document) {
  let all = {};
  try {
    all = JSON.parse(readFileSync(kLatest, 'utf8'));
  } catch {
    // The first bench on this machine.
  }
  mkdirSync(join(kRoot, 'bench/results'), { recursive: true });
  writeFileSync(kLatest, `${JSON.stringify({ ...all, [document.bench]: document }, null, 2)}\n`);
}

/**
 * `rows`: `{figure, unit, ours, peer?, ratio?, target?, targetOn?}`. A target reads `<=0.4` and is
 * held against the ratio, or with `targetOn: 'ours'` against our own value.
 */
export function report(bench, { settings, rows, details }) {
  const at = new Date().toISOString();
  const document = { bench, at, machine: machine(), settings, rows };
  for (const line of tableOf(rows)) console.log(line);
  console.log(JSON.stringify(document));
  remember({ ...document, details });
}

/** To standard error, so that standard output stays the result. */
export function progress(text) {
  console.error(`  ${text}`);
}
