// SPDX-License-Identifier: Apache-2.0
// Headers that a token of ours never has. Each is signed with the right key, so that only the rule
// about the header stands between it and the door.
// [what, header text, rule]: `rule` says why ours refuses where another verifier does not.

const kRule = {
  members: 'header members that choose keys or change the meaning are refused',
  typ: 'typ is absent, JWT or at+jwt',
  kid: 'kid is 1 to 128 of its alphabet, and names a key of our table',
  json: 'strict UTF-8 JSON, duplicate members refused',
  bounds: 'a header has 4 levels and 32 members at most',
  strings: 'alg, typ and kid are strings',
};

const kOddValues = ['"x"', '""', 'null', 'true', 'false', '0', '[]', '["exp"]', '{}'];
const kKeyValues = ['{"kty":"oct","k":"AA"}', '"https://keys.example/jwks.json"', '["MIIB"]'];

function* refusedMembers(base) {
  const names = [
    'crit',
    'jku',
    'x5u',
    'jwk',
    'x5c',
    'b64',
    'zip',
    'cty',
    '\\u006aku',
    'cr\\u0069t',
  ];
  for (const name of names) {
    for (const value of [...kOddValues, ...kKeyValues]) {
      yield [`member ${name} = ${value}`, base(`"${name}":${value}`), kRule.members];
    }
  }
}

function* types(base) {
  const types = ['"jwt"', '"Jwt"', '"JWT "', '"JWE"', '"JOSE"', '"JOSE+JSON"', '"dpop+jwt"'];
  const more = ['"application/jwt"', '"application/at+jwt"', '"at+JWT"', '"AT+JWT"', '"at+jwt;x"'];
  for (const value of [...types, ...more, '"logout+jwt"', '"secevent+jwt"', '"\\u0000"']) {
    yield [`typ ${value}`, base(undefined, { typ: value }), kRule.typ];
  }
  for (const value of ['""', 'null', '1', '[]', '["JWT"]', '{}', 'true']) {
    yield [`typ ${value}`, base(undefined, { typ: value }), kRule.typ];
  }
}

function* kids(base, alg) {
  const paths = ['../../../dev/null', '/dev/null', 'file:///etc/passwd', 'C:\\\\keys\\\\1'];
  const queries = [
    "key' OR '1'='1",
    'x;--',
    '$(id)',
    '`id`',
    '|id',
    '%00',
    'https://keys.example/1',
  ];
  const odd = ['a b', ' ', '\\u0000', '\\n', '\\u00e9', '\\ud83d\\ude00', '*', '?', '#', '"'];
  const texts = [...paths, ...queries, ...odd.map((text) => (text === '"' ? '\\"' : text))];
  const near = [
    '',
    'key-',
    'stillroom',
    'KEY-RS256',
    ` key-${alg}`,
    `key-${alg} `,
    `key-${alg}\\u0000`,
  ];
  for (const text of [...texts, ...near, 'k'.repeat(128), 'k'.repeat(129), 'k'.repeat(1024)]) {
    const shown = text.length > 40 ? `${text.length} characters` : `"${text}"`;
    yield [`kid ${shown}`, base(undefined, { kid: `"${text}"` }), kRule.kid];
  }
  for (const value of ['null', '0', '1', 'true', '[]', '{}', `["key-${alg}"]`]) {
    yield [`kid ${value}`, base(undefined, { kid: value }), kRule.kid];
  }
  for (const other of ['HS256', 'RS256', 'PS256', 'ES256', 'EdDSA']) {
    if (other === alg || other === 'HS256') continue;
    yield [`kid of the ${other} key`, base(undefined, { kid: `"key-${other}"` }), kRule.kid];
  }
  const absent = alg === 'HS256' ? `"key-RS256"` : undefined;
  yield ['the kid of nobody, or none at all', base(undefined, { kid: absent }), kRule.kid];
}

function* algorithms(base, alg) {
  const named = ['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
  const others = ['ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'Ed25519', 'Ed448', 'HS1', 'HMAC'];
  const jwe = ['dir', 'A128KW', 'RSA-OAEP', 'RSA1_5', 'ECDH-ES', 'PBES2-HS256+A128KW', 'A256GCM'];
  const none = [
    'none',
    'None',
    'NONE',
    'nOnE',
    'noNe',
    ' none',
    'none ',
    'n\\u006fne',
    'none\\u0000',
  ];
  const bent = [
    alg.toLowerCase(),
    ` ${alg}`,
    `${alg} `,
    `${alg}\\u0000`,
    `${alg}\\n`,
    '',
    'RSA',
    'EC',
  ];
  for (const name of new Set([...named, ...others, ...jwe, ...none, ...bent])) {
    if (name === alg) continue;
    const rule = 'the algorithm belongs to the key and is written exactly';
    yield [`alg "${name}"`, base(undefined, { alg: `"${name}"` }), rule];
  }
  for (const value of ['null', 'true', '256', '[]', `["${alg}"]`, '{}', `{"${alg}":1}`]) {
    yield [`alg ${value}`, base(undefined, { alg: value }), kRule.strings];
  }
  yield ['no alg', base(undefined, { alg: undefined }), kRule.strings];
  for (const name of ['Alg', 'ALG', 'alg ', 'al\\u0000g']) {
    const header = base(`"${name}":"${alg}"`, { alg: undefined });
    yield [`alg called "${name}"`, header, kRule.strings];
  }
}

function* shapes(base, alg) {
  const good = base();
  for (const text of [
    '',
    ' ',
    '{}',
    '[]',
    'null',
    'true',
    '1',
    `"${alg}"`,
    `[${good}]`,
    '{',
    '}',
  ]) {
    yield [`header ${JSON.stringify(text)}`, text, kRule.json];
  }
  for (const [what, text] of [
    ['a byte order mark', `\ufeff${good}`],
    ['something behind it', `${good}x`],
    ['a second object', `${good}{}`],
    ['a comma at the end', `${good.slice(0, -1)},}`],
    ['a comment', `${good.slice(0, -1)}/**/}`],
    ['single quotes', good.replaceAll('"', "'")],
    ['a zero byte behind it', `${good}\0`],
    ['a vertical tab in front', `\v${good}`],
    ['a no-break space in front', `\u00a0${good}`],
    ['a raw newline in a string', base('"x":"a\nb"')],
    ['a lone surrogate', base('"x":"\\ud800"')],
    ['an unknown escape', base('"x":"\\x41"')],
    ['NaN', base('"x":NaN')],
    ['a leading zero', base('"x":01')],
    ['a plus', base('"x":+1')],
  ]) {
    yield [`header with ${what}`, text, kRule.json];
  }
  for (const [what, bytes] of [
    ['an invalid byte', [0xff]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate in UTF-8', [0xed, 0xa0, 0x80]],
    ['a cut sequence', [0xe2, 0x82]],
  ]) {
    const [front, back] = base('"x":"@"').split('@');
    const text = Buffer.concat([Buffer.from(front), Buffer.from(bytes), Buffer.from(back)]);
    yield [`header with ${what}`, text, kRule.json];
  }
  for (const [encoding, bytes] of [
    ['UTF-16LE', Buffer.from(good, 'utf16le')],
    ['UTF-16BE', Buffer.from(good, 'utf16le').swap16()],
  ]) {
    yield [`header in ${encoding}`, bytes, kRule.json];
  }
  for (const depth of [4, 16, 200, 1000]) {
    const nested = '['.repeat(depth) + ']'.repeat(depth);
    yield [`header ${depth} levels deep`, base(`"x":${nested}`), kRule.bounds];
  }
  const many = Array.from({ length: 40 }, (_, index) => `"x${index}":0`).join(',');
  yield ['header with 40 members more', base(many), kRule.bounds];
  yield ['header inside a header', `{"header":${good}}`, kRule.json];
}

function* twice(base, alg) {
  const kid = alg === 'HS256' ? '"x"' : `"key-${alg}"`;
  for (const [name, values] of [
    ['alg', [`"${alg}"`, '"none"', '"HS256"', 'null']],
    ['\\u0061lg', [`"${alg}"`, '"none"']],
    ['typ', ['"JWT"', '"at+jwt"', 'null']],
    ['kid', alg === 'HS256' ? [] : [kid, '"x"', 'null']],
    ['x', []],
  ]) {
    for (const value of values) {
      yield [`${name} twice, the first ${value}`, base(`"${name}":${value}`), kRule.json];
      const last = `${base().slice(0, -1)},"${name}":${value}}`;
      yield [`${name} twice, the last ${value}`, last, kRule.json];
    }
  }
  yield ['an unknown member twice', base('"x":1,"x":1'), kRule.json];
  yield ['a member twice one level down', base('"x":{"y":1,"y":2}'), kRule.json];
}

/** Every header defect for `alg`. */
export function* headerDefects(signer, alg) {
  const own = { alg: `"${alg}"`, typ: '"JWT"', kid: alg === 'HS256' ? undefined : `"key-${alg}"` };
  // `more` comes first, then alg, typ and kid as raw JSON; undefined leaves one out.
  const base = (more, change = {}) => {
    const members = Object.entries({ ...own, ...change })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `"${name}":${value}`);
    return `{${[...(more ? [more] : []), ...members].join(',')}}`;
  };
  for (const defects of [refusedMembers, types, kids, algorithms, shapes, twice]) {
    for (const [what, header, rule] of defects(base, alg)) {
      yield { what, token: signer.token(alg, header), step: 'jws', rule };
    }
  }
}
