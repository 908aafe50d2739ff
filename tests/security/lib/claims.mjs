// SPDX-License-Identifier: Apache-2.0
// Payloads that say too little, too much, or nothing that we understand, under a good signature.
import { encode, kAudience, kClaims, kIssuer, kNow } from './keys.mjs';

const kRule = {
  time: 'exp is required; exp, nbf, iat and auth_time are numbers without a fraction',
  when: 'not issued in the future, and a life of 24 hours at most',
  who: 'user {id, role} or sub and role: texts of their grammar that agree',
  whom: 'iss and aud are exact once configured',
  json: 'strict UTF-8 JSON, duplicate members refused, 8 levels and 256 members at most',
};

/** The good payload with raw JSON in the place of one member's value; undefined leaves it out. */
function bent(change, more = '') {
  const members = Object.entries(kClaims)
    .map(([name, value]) => [name, name in change ? change[name] : JSON.stringify(value)])
    .concat(Object.entries(change).filter(([name]) => !(name in kClaims)))
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `"${name}":${value}`);
  return `{${members.join(',')}${more}}`;
}

const kNoTimes = [
  ...['"1795522200"', '""', 'null', 'true', 'false', '[]', '[1795522200]', '{}', '{"$date":1}'],
  ...['1795522200.5', '1795522200.0', '1.7955222e9', '17955222E2', '-1', '-1795522200', '1e400'],
  ...['1795522200000', '9223372036854775807', '9223372036854775808', '18446744073709551616'],
  ...['99999999999999999999999999', '253402300800', '"NaN"', '"Infinity"', '0.1', '1e-3'],
];
const kNoJsonTimes = ['NaN', 'Infinity', '0x6B05', '01795522200', '+1795522200', '1_795_522_200'];

function* times() {
  for (const name of ['exp', 'nbf', 'iat', 'auth_time']) {
    for (const value of kNoTimes) {
      yield [`${name} ${value}`, bent({ [name]: value }), kRule.time];
    }
    for (const value of kNoJsonTimes) {
      yield [`${name} ${value}`, bent({ [name]: value }), kRule.json];
    }
  }
  yield ['no exp', bent({ exp: undefined }), kRule.time];
  yield ['Exp in the place of exp', bent({ exp: undefined, Exp: kNow + 600 }), kRule.time];
  yield [
    'exp one level down',
    bent({ exp: undefined, claims: `{"exp":${kNow + 600}}` }),
    kRule.time,
  ];
}

const kNoTexts = ['null', 'true', '0', '42', '1.5', '[]', '["ada"]', '{}', '{"id":"ada"}', '""'];
const kNoIds = [
  ...['" ada"', '"ada "', '"a\\u0000da"', '"ada\\n"', '"..\\/ada"', '"a/b"', '"a\\\\b"', '"a,b"'],
  ...['"\\u0430da"', '"a\\u200bda"', '"\\ud83d\\ude00"', '"a\'b"', '"a;b"', '"<b>"', '"%61da"'],
];
const kNoRoles = [
  ...['Client', 'CLIENT', 'client ', ' client', 'root', 'superadmin', 'admin,', 'client,admin'],
  ...['\\u0430dmin', 'doctor', 'therapists', 'client\\u0000', '*', 'owner', 'staff', 'user'],
];

function* people() {
  const longId = `"${'a'.repeat(129)}"`;
  const user = (id, role) => `{"id":${id},"role":${role}}`;
  for (const id of [...kNoTexts, ...kNoIds, longId]) {
    const shown = id.length > 40 ? 'of 129 characters' : id;
    yield [`user.id ${shown}`, bent({ user: user(id, '"client"') }), kRule.who];
    const subject = { user: undefined, sub: id, role: '"client"' };
    yield [`sub ${shown}`, bent(subject), kRule.who];
    yield [`sub ${shown} beside a user`, bent({ sub: id }), kRule.who];
  }
  for (const role of [...kNoTexts, ...kNoRoles.map((name) => `"${name}"`)]) {
    yield [`user.role ${role}`, bent({ user: user('"ada"', role) }), kRule.who];
    yield [`role ${role}`, bent({ user: undefined, sub: '"ada"', role }), kRule.who];
  }
  for (const holder of [
    'null',
    '[]',
    '"ada"',
    '1',
    'true',
    '[{"id":"ada","role":"client"}]',
    '{}',
  ]) {
    yield [`user ${holder}`, bent({ user: holder }), kRule.who];
    const beside = { user: holder, sub: '"ada"', role: '"client"' };
    yield [`user ${holder} beside a good sub and role`, bent(beside), kRule.who];
  }
  yield ['sub of somebody else', bent({ sub: '"eve"' }), kRule.who];
  yield ['nobody', bent({ user: undefined }), kRule.who];
  yield ['sub without role', bent({ user: undefined, sub: '"ada"' }), kRule.who];
  yield ['role without sub', bent({ user: undefined, role: '"client"' }), kRule.who];
  yield [
    'a user one level down',
    bent({ user: undefined, data: '{"user":{"id":"ada"}}' }),
    kRule.who,
  ];
  yield [
    'User in the place of user',
    bent({ user: undefined, User: user('"a"', '"client"') }),
    kRule.who,
  ];
}

function* parties() {
  const foreign = [
    `${kIssuer}/`,
    `${kIssuer}.evil.example`,
    'https://issuer.exampl',
    ` ${kIssuer}`,
  ];
  const cased = [kIssuer.toUpperCase(), kIssuer.replace('https', 'http'), 'stillroom', ''];
  for (const name of [...foreign, ...cased, `${kIssuer}\\u0000`, `${kIssuer}\\n`]) {
    yield [`iss "${name}"`, bent({ iss: `"${name}"` }), kRule.whom];
  }
  for (const value of ['null', '1', 'true', '{}', '[]', `["${kIssuer}"]`]) {
    yield [`iss ${value}`, bent({ iss: value }), kRule.whom];
  }
  yield ['no iss', bent({ iss: undefined }), kRule.whom];
  for (const name of [
    '',
    'Stillroom',
    'stillroom ',
    'stillroo',
    'stillroom2',
    '*',
    'still\\u0000',
  ]) {
    yield [`aud "${name}"`, bent({ aud: `"${name}"` }), kRule.whom];
    yield [`aud ["${name}"]`, bent({ aud: `["${name}"]` }), kRule.whom];
  }
  const lists = ['null', '1', 'true', '{}', '[]', '[null]', '[["stillroom"]]', '{"0":"stillroom"}'];
  for (const value of [...lists, '["a","b"]', '["stillroom",1]', '[null,"stillroom"]']) {
    yield [`aud ${value}`, bent({ aud: value }), kRule.whom];
  }
  yield ['no aud', bent({ aud: undefined }), kRule.whom];
  yield ['Aud in the place of aud', bent({ aud: undefined, Aud: `"${kAudience}"` }), kRule.whom];
}

function* shapes() {
  const good = bent({});
  for (const text of [
    ' ',
    'null',
    'true',
    '1',
    '"ada"',
    '[]',
    `[${good}]`,
    '{',
    '}',
    '{}',
    'ada',
  ]) {
    yield [`payload ${JSON.stringify(text).slice(0, 40)}`, text, kRule.json];
  }
  for (const [what, text] of [
    ['a byte order mark', `\ufeff${good}`],
    ['something behind it', `${good}x`],
    ['a second object', `${good}${good}`],
    ['a comma at the end', `${good.slice(0, -1)},}`],
    ['a comment', `${good.slice(0, -1)}/**/}`],
    ['single quotes', good.replaceAll('"', "'")],
    ['a zero byte behind it', `${good}\0`],
    ['a raw newline in a string', bent({ x: '"a\nb"' })],
    ['a lone surrogate', bent({ x: '"\\ud800"' })],
    ['an unknown escape', bent({ x: '"\\x41"' })],
    ['a JSON text inside a string', JSON.stringify(good)],
    ['itself inside', `{"payload":${good}}`],
  ]) {
    yield [`payload with ${what}`, text, kRule.json];
  }
  for (const [what, bytes] of [
    ['an invalid byte', [0xff]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate in UTF-8', [0xed, 0xa0, 0x80]],
    ['a cut sequence', [0xe2, 0x82]],
  ]) {
    const [front, back] = bent({ x: '"@"' }).split('@');
    const text = Buffer.concat([Buffer.from(front), Buffer.from(bytes), Buffer.from(back)]);
    yield [`payload with ${what}`, text, kRule.json];
  }
  yield ['payload in UTF-16LE', Buffer.from(good, 'utf16le'), kRule.json];
  for (const depth of [8, 16, 200, 600]) {
    yield [
      `payload ${depth} levels deep`,
      bent({ x: '['.repeat(depth) + ']'.repeat(depth) }),
      kRule.json,
    ];
  }
  yield ['payload with 300 values', bent({ x: `[${'0,'.repeat(300)}0]` }), kRule.json];
}

function* twice() {
  for (const [name, values] of [
    ['user', ['{"id":"eve","role":"admin"}', '{"id":"ada","role":"client"}', 'null']],
    ['us\\u0065r', ['{"id":"eve","role":"admin"}']],
    ['exp', ['1', String(kNow + 600), String(kNow + 86_400), 'null']],
    ['\\u0065xp', [String(kNow + 600)]],
    ['iss', [`"${kIssuer}"`, '"https://evil.example"']],
    ['aud', [`"${kAudience}"`, '"other"']],
    ['iat', [String(kNow), '0']],
  ]) {
    for (const value of values) {
      const shown = value.slice(0, 40);
      yield [`${name} twice, the last ${shown}`, bent({}, `,"${name}":${value}`), kRule.json];
      const first = `{"${name}":${value},${bent({}).slice(1)}`;
      yield [`${name} twice, the first ${shown}`, first, kRule.json];
    }
  }
  for (const inner of ['"id":"ada","id":"eve"', '"id":"ada","i\\u0064":"eve"']) {
    yield [`user.id twice: ${inner}`, bent({ user: `{${inner},"role":"client"}` }), kRule.json];
  }
  const roles = '{"id":"ada","role":"client","ro\\u006ce":"admin"}';
  yield ['user.role twice', bent({ user: roles }), kRule.json];
}

/** Well formed, at the wrong time. [what, claims, code] */
function* moments() {
  const day = 86_400;
  for (const late of [30, 31, 60, 3600, day, 365 * day]) {
    const claims = { iat: kNow - late - 600, exp: kNow - late };
    yield [`expired ${late} s ago`, bent(claims), 'token_expired'];
  }
  yield ['exp 0', bent({ exp: 0, iat: undefined }), 'token_expired'];
  for (const early of [31, 60, 3600, day]) {
    yield [`valid in ${early} s`, bent({ nbf: kNow + early }), 'token_invalid'];
    yield [`issued in ${early} s`, bent({ iat: kNow + early }), 'token_invalid'];
  }
  for (const life of [day + 1, 2 * day, 30 * day, 3650 * day]) {
    yield [`a life of ${life} s`, bent({ exp: kNow + life }), 'token_invalid'];
  }
  yield [
    'a life of a day and a minute, iat unsaid',
    bent({ iat: undefined, exp: kNow + day + 60 }),
    'token_invalid',
  ];
  yield ['a life from long ago', bent({ iat: 1, exp: kNow + 600 }), 'token_invalid'];
}

/** Every claim defect for `alg`. */
export function* claimDefects(signer, alg) {
  for (const defects of [times, people, parties, shapes, twice]) {
    for (const [what, payload, rule] of defects()) {
      yield { what, token: signer.token(alg, undefined, payload), step: 'claims', rule };
    }
  }
  // An empty payload is an empty segment, which is no JWS of ours.
  const empty = signer.signSegments(alg, encode(signer.header(alg)), '');
  yield { what: 'an empty payload', token: empty, step: 'jws', rule: kRule.json };
  for (const [what, payload, code] of moments()) {
    const token = signer.token(alg, undefined, payload);
    yield { what, token, step: 'times', code, rule: kRule.when };
  }
}
