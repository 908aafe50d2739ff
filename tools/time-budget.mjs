// SPDX-License-Identifier: Apache-2.0
// Prints each part's time beside its budget. Exit 1 only when the whole is over its budget.
//
//   node tools/time-budget.mjs BUDGET.json TIMES.txt cold|warm
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const minutes = (seconds) => `${(seconds / 60).toFixed(1)} min`;

/** `times` is `[[part, seconds], …]`; returns the lines to print and whether the whole is over. */
export function compare(budget, times, kind) {
  const lines = times.map(([part, seconds]) => {
    const limit = budget.parts[part]?.[kind];
    const told = `${part.padEnd(14)} ${minutes(seconds).padStart(9)}`;
    if (limit === undefined) return `${told}   no budget: add it to tools/time-budget.json`;
    const over = seconds > limit * 60;
    return `${told}   of ${String(limit).padStart(2)} min${over ? '   OVER ITS BUDGET' : ''}`;
  });
  const sum = times.reduce((total, [, seconds]) => total + seconds, 0);
  const limit = budget.total[kind];
  const isOver = sum > limit * 60;
  const total = `${'all'.padEnd(14)} ${minutes(sum).padStart(9)}   of ${limit} min`;
  lines.push(isOver ? `${total}   OVER THE BUDGET: this is a failure` : total);
  return { lines, isOver };
}

export function readTimes(text) {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [part, seconds] = line.split(' ');
      return [part, Number(seconds)];
    });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [budgetPath, timesPath, kind] = process.argv.slice(2);
  const budget = JSON.parse(readFileSync(budgetPath, 'utf8'));
  const { lines, isOver } = compare(budget, readTimes(readFileSync(timesPath, 'utf8')), kind);
  for (const line of lines) console.log(`  ${line}`);
  process.exit(isOver ? 1 : 0);
}
