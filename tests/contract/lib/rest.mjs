// SPDX-License-Identifier: Apache-2.0
// One request of REST and what came back, which has to be what protocol/openapi.yaml says.
import assert from 'node:assert/strict';
import { holdAnswer } from '../../protocol/lib/openapi.mjs';

/** `body`: a value, sent as JSON; `raw`: text, sent as it is. */
export async function request(server, method, path, { token, headers = {}, body, raw } = {}) {
  const bearer = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const answer = await fetch(new URL(path, server.url), {
    method,
    headers: { ...bearer, ...headers },
    ...(sent === undefined ? {} : { body: sent }),
  });
  const text = await answer.text();
  holdAnswer(method, new URL(path, server.url).pathname, answer, text);
  return { status: answer.status, headers: answer.headers, body: JSON.parse(text) };
}

export function isProblem(answer, status, error, code) {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
  assert.equal(answer.body.status, status);
  assert.equal(answer.body.error, error);
  assert.equal(answer.body.code, code);
}

/** Status and code of a problem, or the status alone. */
export const verdict = ({ status, body }) =>
  status >= 400 && body.code ? `${status} ${body.code}` : `${status}`;
