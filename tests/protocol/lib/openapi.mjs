// SPDX-License-Identifier: Apache-2.0
// protocol/openapi.yaml, held against what REST really answers.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { addDocument, problems } from './schema.mjs';

const kFile = 'openapi.yaml';
const kProblem = '#/components/responses/Problem';
/** What any request may be told before its route is asked. */
const kAnywhere = new Set([400, 403, 404, 405, 413, 426, 429, 503]);

export const kOpenApi = parse(
  readFileSync(new URL(`../../../protocol/${kFile}`, import.meta.url), 'utf8'),
);
addDocument(kFile, kOpenApi);

const kRoutes = Object.entries(kOpenApi.paths).map(([path, methods]) => ({
  pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  methods,
}));

/** The described answer; a problem where nobody described one. */
function described(method, path, status) {
  const route = kRoutes.find(({ pattern }) => pattern.test(path));
  const operation = route?.methods[method.toLowerCase()];
  const response = operation?.responses[status];
  if (response && response.$ref !== kProblem) return response;
  assert.ok(
    response || !operation || kAnywhere.has(status),
    `${method} ${path}: ${status} is not in ${kFile}`,
  );
  return kOpenApi.components.responses.Problem;
}

/** Throws unless `text` is what openapi.yaml says of such an answer, no member more. */
export function holdAnswer(method, path, { status, headers }, text) {
  const { content } = described(method, path, status);
  const type = headers.get('content-type');
  const where = `${method} ${path}: ${status}`;
  if (!content) return assert.equal(text, '', where);
  assert.deepEqual(Object.keys(content), [type], where);
  const schema = { ...content[type].schema, $id: kFile };
  return assert.deepEqual(problems(JSON.parse(text), schema, { strict: true }), [], where);
}
