// SPDX-License-Identifier: Apache-2.0
// openapi.yaml itself: nothing in it is there for show. That its answers are true is asked of every
// answer that the contract's tests get (tests/contract/lib/rest.mjs).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdAnswer, kOpenApi } from './lib/openapi.mjs';
import { checkSchema } from './lib/schema.mjs';

/** Every schema, wherever it stands. */
function* schemasIn(node) {
  if (typeof node !== 'object' || node === null) return;
  for (const [name, value] of Object.entries(node)) {
    if (name === 'schema') yield value;
    else yield* schemasIn(value);
  }
}

test('every schema uses what the validator knows, and its references lead somewhere', () => {
  const found = [...schemasIn(kOpenApi.paths), ...schemasIn(kOpenApi.components)];
  const named = Object.values(kOpenApi.components.schemas);
  assert.ok(found.length > 50, `${found.length}`);
  for (const schema of [...found, ...named]) checkSchema(schema, 'openapi.yaml');
});

const json = { get: () => 'application/json' };
const problem = { get: () => 'application/problem+json' };
const kLive = ['GET', '/livez', { status: 200, headers: json }, '{"status":"live"}'];

test('an answer that is not as described is refused', () => {
  const [method, path, answer, text] = kLive;
  holdAnswer(...kLive);
  const bad = [
    [method, path, answer, '{"status":"dead"}'],
    [method, path, answer, '{"status":"live","more":1}'],
    [method, path, answer, '{}'],
    [method, path, { status: 200, headers: problem }, text],
    [method, path, { status: 201, headers: json }, text],
    ['GET', '/api/users', { status: 402, headers: problem }, text],
    ['POST', '/api/auth/logout', { status: 204, headers: json }, text],
  ];
  for (const one of bad) assert.throws(() => holdAnswer(...one), one[3]);
});
