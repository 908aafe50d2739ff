// SPDX-License-Identifier: Apache-2.0
// `POST /api/reports`: what browsers tell of the page's policy is counted, and nothing of it kept.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { wholeAnswer } from './lib/raw.mjs';
import { Stillroom } from './lib/stillroom.mjs';
import { until } from './lib/waiting.mjs';

const kList = 'application/reports+json';
const kOne = 'application/csp-report';
const kBytesMax = 16_384;
const kReportsPerMinute = 60;

let server;
before(async () => {
  server = await Stillroom.start();
});
after(async () => {
  assert.equal(await server?.stop(), 0);
});

/** As Chromium 156 and Firefox 153 write one, but for what is planted in it. */
const violation = (effectiveDirective) => ({
  age: 1,
  type: 'csp-violation',
  url: 'https://call.example/planted-url',
  user_agent: 'planted-agent',
  body: {
    blockedURL: 'https://planted-blocked.example/',
    disposition: 'enforce',
    documentURL: 'https://call.example/planted-document',
    effectiveDirective,
    originalPolicy: "default-src 'none'",
    sample: 'planted-sample',
    statusCode: 200,
  },
});
const older = (directive) => ({
  'csp-report': {
    'document-uri': 'https://call.example/planted-document',
    'violated-directive': directive,
    'effective-directive': directive,
    'blocked-uri': 'inline',
    'script-sample': 'planted-sample',
  },
});

const tell = (type, body, fields = {}) =>
  wholeAnswer(
    server.port,
    'POST /api/reports',
    { Origin: server.url, 'Content-Type': type, ...fields },
    typeof body === 'string' ? body : JSON.stringify(body),
  );

async function counted(directive) {
  const { exposition } = await server.cli('metrics');
  const name = `stillroom_security_events_total{kind="page_violated",reason="${directive}"} `;
  const line = exposition.split('\n').find((each) => each.startsWith(name));
  return Number(line.slice(name.length));
}

/** How many more of `directive` are counted by `act`. */
async function adds(directive, act) {
  const earlier = await counted(directive);
  await act();
  return (await counted(directive)) - earlier;
}

for (const directive of ['script-src-elem', 'connect-src', 'require-trusted-types-for']) {
  test(`${directive}: 204, and counted, in both forms`, async () => {
    const added = await adds(directive, async () => {
      const list = await tell(kList, [violation(directive), violation('img-src')]);
      assert.equal(list.status, 204);
      assert.equal(list.body.length, 0);
      assert.equal((await tell(kOne, older(directive))).status, 204);
    });
    assert.equal(added, 2);
  });
}

test('a name that is none of ours is counted as other', async () => {
  const added = await adds('other', () => tell(kList, [violation('planted-directive')]));
  assert.equal(added, 1);
});

const refused = {
  'another type': [415, 'wrong_type', 'application/json', '[]'],
  'no type': [415, 'wrong_type', '', '[]'],
  'what is no JSON': [400, 'malformed', kList, '{'],
  'what is no report': [400, 'malformed', kList, '{}'],
  'a member twice': [400, 'malformed', kList, '[{"type":"a","type":"b","body":{}}]'],
  'more than a list may have': [
    400,
    'malformed',
    kList,
    JSON.stringify(Array(33).fill({ type: 'a', body: {} })),
  ],
  'more than a body may have': [413, 'too_large', kList, `[${' '.repeat(kBytesMax)}]`],
};
for (const [name, [status, code, type, body]] of Object.entries(refused)) {
  test(`${name}: ${status} ${code}`, async () => {
    const answer = await tell(type, body);
    assert.equal(answer.status, status);
    assert.equal(answer.headers['content-type'], 'application/problem+json');
    assert.equal(JSON.parse(answer.body.toString()).code, code);
  });
}

test('a page of another origin may not report', async () => {
  for (const origin of ['https://evil.example', 'null']) {
    const answer = await tell(kList, [violation('img-src')], { Origin: origin });
    assert.equal(answer.status, 403);
    assert.equal(JSON.parse(answer.body.toString()).code, 'origin_refused');
  }
});

test('GET: 405', async () => {
  assert.equal((await wholeAnswer(server.port, 'GET /api/reports')).status, 405);
});

test('nothing of a report is in the log or in the data', async () => {
  await tell(kList, [violation('media-src')]);
  const line = await until('its line', () =>
    server.log.split('\n').find((each) => each.includes('"reason":"media-src"')),
  );
  const { event, source } = JSON.parse(line);
  assert.equal(event, 'page_violated');
  assert.match(source, /^[0-9a-f]{8}$/);
  assert.ok(!server.log.includes('planted'));
  for (const name of readdirSync(server.data)) {
    if (name.endsWith('.sock')) continue;
    assert.ok(!readFileSync(join(server.data, name)).includes('planted'), name);
  }
});

test('a source has a budget, and hears when it has one again', async () => {
  let answer;
  let told = 0;
  for (; told <= kReportsPerMinute + 1; told += 1) {
    answer = await tell(kList, [violation('style-src-attr')]);
    if (answer.status === 429) break;
  }
  assert.ok(told > 0 && told <= kReportsPerMinute, `${told} were taken`);
  assert.equal(JSON.parse(answer.body.toString()).code, 'rate_limited');
  assert.match(answer.headers['retry-after'], /^[1-9]\d*$/);
  // It is no attempt to connect.
  const handshake = await wholeAnswer(server.port, 'GET /socket.io/?EIO=4&transport=polling');
  assert.equal(handshake.status, 200);
});
