// SPDX-License-Identifier: Apache-2.0
// A process that is refused as often as it can be, until its standard input ends.
//
//   flooder.mjs kept|one-address|many-addresses PORT
import { randomBytes } from 'node:crypto';
import { connect } from 'node:tls';
import { tokenFor } from './rooms.mjs';

const kAtOnce = 32;
const [, , kind, portText] = process.argv;
const port = Number(portText);
const kBad = tokenFor({ id: 'nobody', role: 'client' }, randomBytes(32).toString('base64url'));
const kEnd = Buffer.from('\r\n\r\n');

let answered = 0;
let going = true;

function request(path, more) {
  const fields = [`Host: 127.0.0.1:${port}`, ...more].join('\r\n');
  return `GET ${path} HTTP/1.1\r\n${fields}\r\n\r\n`;
}
const kBearer = request('/api/video-calls/config', [`Authorization: Bearer ${kBad}`]);
const kHandshake = request(`/socket.io/?EIO=4&transport=polling&token=${kBad}`, []);

let next = 0;
/** The flood's own addresses: none of the honest ones, which are 127.0.1.x. */
function address() {
  if (kind !== 'many-addresses') return '127.9.0.1';
  next += 1;
  return `127.${10 + ((next >> 16) & 63)}.${(next >> 8) & 255}.${1 + (next % 254)}`;
}

function opened() {
  return connect({
    host: '127.0.0.1',
    port,
    localAddress: address(),
    minVersion: 'TLSv1.3',
    rejectUnauthorized: false,
  });
}

/** Asks again with each answer that came, on one connection as long as it lasts. */
function ask(text, { again }) {
  return new Promise((done) => {
    const socket = opened();
    socket.on('secureConnect', () => socket.write(text));
    socket.on('data', (bytes) => {
      // Answers are short: each arrives whole.
      if (!bytes.includes(kEnd)) return;
      answered += 1;
      if (again && going) socket.write(text);
      else socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', (failed) => {
      // Closed at accept, or before TLS was done: refused as well.
      if (failed) answered += 1;
      done();
    });
  });
}

async function flood() {
  while (going) await ask(kind === 'kept' ? kBearer : kHandshake, { again: kind === 'kept' });
}

const from = performance.now();
const all = Promise.all(Array.from({ length: kAtOnce }, flood));
console.log('flooding');
process.stdin.on('end', async () => {
  const perSecond = Math.round((answered * 1000) / (performance.now() - from));
  going = false;
  console.log(JSON.stringify({ perSecond }));
  setTimeout(() => process.exit(0), 500).unref();
  await all;
  process.exit(0);
});
process.stdin.resume();
