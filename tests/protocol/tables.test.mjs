// SPDX-License-Identifier: Apache-2.0
// The tables of protocol/README.md and openapi.yaml say what the server's own tables say.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const prose = read('protocol/README.md');

const kEvents = { kJoin: 'join-error', kCall: 'call-error', kSignaling: 'signaling-error' };

/** `value` -> status, from the switch in problems.cpp. */
function statuses() {
  const [, body] = /int status_of\(room::Refusal refusal\) \{([\s\S]*?)\n\}/.exec(
    read('server/src/signalling/problems.cpp'),
  );
  const found = new Map();
  let names = [];
  for (const line of body.split('\n')) {
    const name = /case (\w+):/.exec(line)?.[1];
    if (name) names.push(name);
    const status = /return (\d+);/.exec(line)?.[1];
    if (!status) continue;
    for (const each of names) found.set(each, status);
    names = [];
  }
  return found;
}

test('every refusal of a room has its row, and no row is made up', () => {
  const status = statuses();
  const rows = /Row\{Refusal::(\w+),\s*\{(\w+|""), "([^"]+)", "(\w+)"\}\}/g;
  const expected = [...read('server/src/room/refusal.cpp').matchAll(rows)].map(
    ([, name, event, text, code]) =>
      `| ${kEvents[event] ? `\`${kEvents[event]}\`` : 'ack only'} | ${text} | \`${code}\` | ${status.get(name)} |`,
  );
  assert.ok(expected.length > 20, `${expected.length} rows read`);
  const section = prose.split('## Refusals')[1].split('\n## ')[0];
  const shown = section.split('\n').filter((line) => /^\| (`|ack)/.test(line));
  assert.deepEqual(shown.sort(), [...new Set(expected)].sort());
});

test('every problem of REST has its row, and no row is made up', () => {
  const rows = /inline constexpr Problem k\w+\{(\d+),\s*"(\w+)",\s*"([^"]+)"\};/g;
  const expected = [...read('server/src/signalling/problems.hpp').matchAll(rows)].map(
    ([, status, code, text]) => `| ${status} | \`${code}\` | ${text} |`,
  );
  assert.ok(expected.length > 10, `${expected.length} rows read`);
  const section = prose.split('Problems beside those')[1].split('\n## ')[0];
  const shown = section.split('\n').filter((line) => /^\| \d/.test(line));
  assert.deepEqual(shown.sort(), expected.sort());
});

test('every refusal before the socket has its row', () => {
  const rows = /\{(\d{3}), (\d), "([^"]+)",/g;
  const section = prose.split('Refusals before a socket')[1].split('**Origins.**')[0];
  for (const [, status, code, message] of read('server/src/engineio/request.cpp').matchAll(rows)) {
    // Nothing in this server answers these two.
    if (message === 'Forbidden' || message === 'Rate limit exceeded') continue;
    assert.ok(section.includes(`| ${status} | ${code} | \`${message}\``), message);
  }
});

const kIdOf = { '/api/users/': 'userId', '/api/keys/': 'keyId' };

/** `GET /path/` as the router writes it: an id follows a slash at the end. */
function routes() {
  const rows = /\{Method::(\w+), "([^"]+)", &Routes::/g;
  const found = [...read('server/src/gateway/rest_routes.hpp').matchAll(rows)];
  return found.map(([, method, path]) => {
    const verb = method === 'del' ? 'delete' : method;
    return `${verb} ${path.replace(/\/$/, `/{${kIdOf[path] ?? 'sessionId'}}`)}`;
  });
}

test('OpenAPI and prose name every route, and only those', () => {
  const described = [];
  let path = '';
  for (const line of read('protocol/openapi.yaml').split('\ncomponents:')[0].split('\n')) {
    path = /^ {2}(\/\S+):$/.exec(line)?.[1] ?? path;
    const method = /^ {4}(get|post|put|patch|delete):$/.exec(line)?.[1];
    if (method) described.push(`${method} ${path}`);
  }
  const expected = [...routes(), 'get /livez', 'get /readyz'];
  assert.ok(expected.length > 20);
  assert.deepEqual(described.sort(), expected.sort());
  for (const route of expected) {
    const [method, at] = route.split(' ');
    const shown = `| \`${method.toUpperCase()}\` | \`${at.replace(/\{(\w+)\}/, ':$1')}`;
    assert.ok(prose.includes(shown), shown);
  }
});

test('every event that a client may send has schema and row', () => {
  const known = /event == "([a-z:-]+)"/g;
  const events = [...read('server/src/signalling/commands.cpp').matchAll(known)];
  assert.ok(events.length >= 8);
  for (const [, event] of events) {
    assert.ok(prose.includes(`\n| \`${event}\` | `), event);
    const file = event.replace(':', '-');
    assert.ok(read(`protocol/events/client.${file}.json`));
    assert.ok(read(`protocol/events/client.${file}.ack.json`));
  }
});
