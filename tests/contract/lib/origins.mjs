// SPDX-License-Identifier: Apache-2.0
// Origins that look like one that is allowed and are none, made from it by rule: [name, value].
import { domainToASCII } from 'node:url';

const kEvil = 'evil.example';

/** Latin letters, and what looks like them. */
const kLookalikes = {
  a: 'а',
  c: 'с',
  e: 'е',
  i: 'і',
  l: 'I',
  o: 'о',
  p: 'р',
  s: 'ѕ',
  x: 'х',
};
/** What is read as a dot somewhere, or seen as one. */
const kDots = {
  ideographic: '\u3002',
  fullwidth: '\uff0e',
  halfwidth: '\uff61',
  leader: '\u2024',
  'percent-encoded': '%2e',
  'percent-encoded in capitals': '%2E',
  'twice percent-encoded': '%252e',
  'an entity': '&#46;',
  'an escape': '\\u002e',
  middle: '\u00b7',
};
const kInvisible = {
  'a soft hyphen': '\u00ad',
  'a zero-width space': '\u200b',
  'a zero-width joiner': '\u200d',
  'a word joiner': '\u2060',
  'a byte order mark': '\ufeff',
  'a right-to-left override': '\u202e',
  'a combining accent': '\u0301',
  'a no-break space': '\u00a0',
  'a line separator': '\u2028',
  'a next line': '\u0085',
};

const capital = (text, at) => text.slice(0, at) + text[at].toUpperCase() + text.slice(at + 1);
const fullwidth = (text) =>
  text.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
const percent = (letter) => `%${letter.charCodeAt(0).toString(16)}`;

const inCase = ({ origin, scheme, host, port }) => [
  ['capitals', origin.toUpperCase()],
  ['a scheme in capitals', `${scheme.toUpperCase()}://${host}${port}`],
  ['a host in capitals', `${scheme}://${host.toUpperCase()}${port}`],
  ['a capital in the scheme', capital(origin, 0)],
  ['a capital in the host', capital(origin, scheme.length + 3)],
  ['a capital at the end', `${scheme}://${capital(host, host.length - 1)}${port}`],
];

const around = ({ origin, scheme, host, port }) => [
  ['a dot behind the host', `${scheme}://${host}.${port}`],
  ['two dots behind the host', `${scheme}://${host}..${port}`],
  ['a dot before the host', `${scheme}://.${host}${port}`],
  ...[
    '/',
    '//',
    '/a',
    '/.',
    '/..',
    '/%2e',
    '?',
    '?a=b',
    '#',
    '#a',
    '\\',
    '\\\\',
    ';',
    ',',
    '.',
    '&',
  ].map((tail) => [`${tail} behind it`, `${origin}${tail}`]),
  ...[
    '"',
    "'",
    '`',
    '<',
    '>',
    '(',
    ')',
    '[',
    ']',
    '|',
    '^',
    '$',
    '%',
    '*',
    '~',
    '_',
    '-',
    '+',
    '=',
  ].map((mark) => [`${mark} behind it`, `${origin}${mark}`]),
  ['quotes around it', `"${origin}"`],
  ['single quotes around it', `'${origin}'`],
  ['angle brackets around it', `<${origin}>`],
];

const inPort = ({ scheme, host, port }) => {
  const own = port.slice(1) || (scheme === 'https' ? '443' : '80');
  const ports = ['', '443', '80', '0', String(Number(own) + 1), '65536', `0${own}`, `+${own}`];
  ports.push(`-${own}`, `${own}x`, `${own}.`, `%${own}`, `0x${Number(own).toString(16)}`);
  ports.push(`${own}:${own}`, fullwidth(own), `${own}0`, String(Number(own) + 65_536));
  return [
    ...(port === '' ? [] : [['no port', `${scheme}://${host}`]]),
    ...ports.map((each) => [`the port ":${each}"`, `${scheme}://${host}:${each}`]),
  ];
};

const inAuthority = ({ origin, scheme, host, port }) => {
  const at = (authority) => `${scheme}://${authority}${port}`;
  return [
    ['somebody at it', at(`user@${host}`)],
    ['nobody at it', at(`@${host}`)],
    ['somebody with a password', at(`user:secret@${host}`)],
    ['itself as somebody elsewhere', `${origin}@${kEvil}`],
    ['itself and a port as somebody', `${scheme}://${host}:443@${kEvil}`],
    ['another host at it', at(`${kEvil}@${host}`)],
    ['an encoded at', at(`${kEvil}%40${host}`)],
    ['itself before another domain', at(`${host}.${kEvil}`)],
    ['itself run into another domain', at(`${host}${kEvil}`)],
    ['itself and a hyphen before another', at(`${host}-${kEvil}`)],
    ['another word run into it', at(`evil${host}`)],
    ['another word and a hyphen', at(`evil-${host}`)],
    ['a host below it', at(`evil.${host}`)],
    ['www', at(`www.${host}`)],
    ['a letter more', at(`${host}x`)],
    ['a letter less', at(host.slice(0, -1))],
    ['a letter less in front', at(host.slice(1))],
    ['what is above it', at(host.slice(host.indexOf('.') + 1))],
    ['a star for its first label', at(`*${host.slice(host.indexOf('.'))}`)],
    ['itself as a path elsewhere', `${scheme}://${kEvil}/${origin}`],
    ['itself as a query elsewhere', `${scheme}://${kEvil}?${origin}`],
    ['itself as a fragment elsewhere', `${scheme}://${kEvil}#${origin}`],
    ['a backslash before another', `${origin}\\@${kEvil}`],
    ['an underscore for a dot', at(host.replace('.', '_'))],
    ['two dots for one', at(host.replace('.', '..'))],
    ['no dot', at(host.replaceAll('.', ''))],
    ['any letter for a dot', at(host.replace('.', 'x'))],
  ];
};

const inScheme = ({ origin, scheme, host, port }) => {
  const others = [
    'http',
    'https',
    'ws',
    'wss',
    'ftp',
    'file',
    'httpss',
    'xhttps',
    'chrome-extension',
  ];
  return [
    ...others.filter((each) => each !== scheme).map((each) => [each, `${each}://${host}${port}`]),
    ...['blob:', 'view-source:', 'filesystem:', 'javascript:', 'data:,'].map((each) => [
      each,
      `${each}${origin}`,
    ]),
    ['no scheme', `//${host}${port}`],
    ['a host alone', `${host}${port}`],
    ['one slash', `${scheme}:/${host}${port}`],
    ['no slash', `${scheme}:${host}${port}`],
    ['three slashes', `${scheme}:///${host}${port}`],
    ['backslashes', `${scheme}:\\\\${host}${port}`],
    ['no colon', `${scheme}//${host}${port}`],
    ['an encoded colon', `${scheme}%3A//${host}${port}`],
    ['encoded slashes', `${scheme}:%2F%2F${host}${port}`],
    ['a blank in front of the colon', `${scheme} ://${host}${port}`],
  ];
};

const inLetters = ({ scheme, host, port }) => {
  const at = (name) => `${scheme}://${name}${port}`;
  const alike = Object.entries(kLookalikes).filter(([letter]) => host.includes(letter));
  const middle = Math.floor(host.length / 2);
  return [
    ...alike.flatMap(([letter, other]) => {
      const name = host.replace(letter, other);
      const ascii = domainToASCII(name);
      return [
        [`${other} for ${letter}`, at(name)],
        ...(ascii === '' || ascii === host ? [] : [[`${other} for ${letter} in ASCII`, at(ascii)]]),
      ];
    }),
    ['all of it fullwidth', at(fullwidth(host))],
    ['a fullwidth letter', at(fullwidth(host[0]) + host.slice(1))],
    ['an encoded letter', at(percent(host[0]) + host.slice(1))],
    ['every letter encoded', at(host.replace(/./g, percent))],
    ...Object.entries(kDots)
      .filter(() => host.includes('.'))
      .map(([name, dot]) => [`a dot that is ${name}`, at(host.replace('.', dot))]),
    ...Object.entries(kInvisible).flatMap(([name, mark]) => [
      [`${name} inside`, at(host.slice(0, middle) + mark + host.slice(middle))],
      [`${name} behind`, at(host + mark)],
    ]),
  ];
};

const inLists = ({ origin }) => [
  ['itself twice', `${origin} ${origin}`],
  ['itself twice with a comma', `${origin}, ${origin}`],
  ['another behind it', `${origin} https://${kEvil}`],
  ['another before it', `https://${kEvil} ${origin}`],
  ['another behind a comma', `${origin},https://${kEvil}`],
  ['another before a comma', `https://${kEvil}, ${origin}`],
  ['null before it', `null, ${origin}`],
  ['null behind it', `${origin} null`],
  ['a blank inside', origin.replace('://', ':// ')],
  ['a tab inside', origin.replace('.', '\t.')],
  ['a weight', `${origin};q=1`],
  ['itself a hundred times', origin.repeat(100)],
  ['very long', `${origin}${'a'.repeat(8_000)}`],
  ['very long in front', `https://${'a.'.repeat(4_000)}${origin.split('://')[1]}`],
];

/** All look-alikes of `origin` that HTTP can carry. */
export function lookalikes(origin) {
  const [, scheme, host, port] = /^(\w+):\/\/(\[[^\]]*\]|[^:]+)(:\d+)?$/.exec(origin);
  const parts = { origin, scheme, host, port: port ?? '' };
  const made = [inCase, around, inPort, inAuthority, inScheme, inLetters, inLists];
  return made.flatMap((make) => make(parts));
}

/** Other ways to write this machine's addresses, with the port that is allowed for 127.0.0.1. */
export function addresses(port) {
  const hosts = ['2130706433', '0x7f000001', '017700000001', '0177.0.0.1', '0x7f.0.0.1', '127.1'];
  hosts.push('127.0.1', '127.000.000.001', '127.0.0.01', '127.0.0.1.', '127.0.0.2', '0.0.0.0', '0');
  hosts.push('127.0.0.1.nip.example', '１２７.0.0.1', '127。0.0.1', '127.0.0.1%00', '127.0.0.257');
  hosts.push('[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[::]');
  hosts.push(
    '[0:0:0:0:0:0:0:1]',
    '[::0001]',
    '[0::1]',
    '[::1%25lo]',
    '[::1%lo]',
    '[::1%250]',
    '::1',
  );
  hosts.push('[::1].', '[::1', '::1]', '[[::1]]', '[::2]', '[::0:1]', 'localhost.', 'LOCALHOST');
  hosts.push('localhost.localdomain', 'localhost.evil.example', 'evil.localhost', 'ip6-localhost');
  return hosts.map((host) => [`the host ${host}`, `http://${host}:${port}`]);
}

export const kNoOrigins = [
  ['null', 'null'],
  ['Null', 'Null'],
  ['NULL', 'NULL'],
  ['undefined', 'undefined'],
  ['nothing', ''],
  ['a star', '*'],
  ['a star with a scheme', 'https://*'],
  ['a scheme', 'https://'],
  ['a colon', ':'],
  ['about:blank', 'about:blank'],
  ['another', `https://${kEvil}`],
  ['file', 'file://'],
  ['an opaque one', 'data:text/html,x'],
  ['slashes', '///'],
];

/** Bytes that no text has, before, inside and behind `origin`; latin1, one letter a byte. */
export function highBytes(origin) {
  const bytes = {
    80: '\x80',
    ff: '\xff',
    'an overlong slash': '\xc0\xaf',
    'half a letter': '\xe2\x80',
  };
  return Object.entries(bytes).flatMap(([name, text]) => [
    [`${name} in front`, text + origin],
    [`${name} behind`, origin + text],
  ]);
}

/** Control bytes, which no field value may have (RFC 9110 §5.5). */
export function controls(origin) {
  const codes = [...Array(32).keys(), 127].filter((code) => code !== 9);
  return codes.flatMap((code) => {
    const byte = String.fromCharCode(code);
    return [
      [`byte ${code} inside`, origin.replace('://', `:/${byte}/`)],
      [`byte ${code} behind`, `${origin}${byte}x`],
    ];
  });
}
