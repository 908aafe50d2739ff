// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare, readTimes } from '../time-budget.mjs';

const budget = {
  total: { cold: 10, warm: 2 },
  parts: { lint: { cold: 1, warm: 1 }, unit: { cold: 5, warm: 1 } },
};

test('a part over its budget is told and fails nothing', () => {
  const { lines, isOver } = compare(budget, [['lint', 61]], 'cold');
  assert.match(lines[0], /OVER ITS BUDGET/);
  assert.equal(isOver, false);
});

test('the whole over its budget fails, by the budget of its kind', () => {
  const times = [
    ['lint', 60],
    ['unit', 61],
  ];
  assert.equal(compare(budget, times, 'warm').isOver, true);
  assert.equal(compare(budget, times, 'cold').isOver, false);
});

test('a part without a budget is told', () => {
  assert.match(compare(budget, [['new', 1]], 'cold').lines[0], /no budget/);
});

test('times are read line by line', () => {
  assert.deepEqual(readTimes('lint 3\nunit 40\n'), [
    ['lint', 3],
    ['unit', 40],
  ]);
});
