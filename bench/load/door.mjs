// SPDX-License-Identifier: Apache-2.0
// What it costs to be refused, beside what it costs to be let in: user instructions of the server
// (callgrind), one attempt after the other, each figure the difference of two runs.
//
//   node bench/load/door.mjs [--attempts 100]
import { execFileSync, spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import tls from 'node:tls';
import { numbers } from './lib/options.mjs';
import { progress, report } from './lib/report.mjs';
import { kBinary } from './lib/servers.mjs';

const settings = numbers({ attempts: 100 });
const kUser = 'door';
/** Of a source with one attempt: handshakes until it is far over, and the sockets it still gets. */
const kFarOver = 110;
const kStillLetIn = 1_850;
const kSecret = randomBytes(32).toString('base64url');

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
function token(secret) {
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const claims = { user: { id: kUser, role: 'client' }, exp };
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}
const kGood = token(kSecret);
const kBad = token('x'.repeat(43));

/** Instructions of a server from its start to its end, with what `act(port)` asks of it between. */
async function instructions(limits, act, lan = false) {
  const folder = mkdtempSync(join(tmpdir(), 'stillroom-bench-'));
  const env = {
    ...process.env,
    JWT_SECRET: kSecret,
    STILLROOM_SERVER_WORKERS: '1',
    STILLROOM_LIMITS_CONNECT_ATTEMPTS: `${limits.attempts}`,
    STILLROOM_LIMITS_PROOF_ATTEMPTS: `${limits.proofs}`,
    STILLROOM_LIMITS_CONNECT_WINDOW: '1h',
  };
  const place = ['--data', folder];
  const person = ['--id', kUser, '--role', 'client', '--name', 'Door'];
  execFileSync(kBinary, ['user', 'add', ...person, ...place], { env, stdio: 'ignore' });
  const grind = ['--tool=callgrind', `--callgrind-out-file=${join(folder, 'out')}`];
  const serve = ['serve', '--dev', ...(lan ? ['--lan'] : []), '--listen', '127.0.0.1:0', ...place];
  const child = spawn('valgrind', [...grind, kBinary, ...serve], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (bytes) => {
    said += bytes;
  });
  try {
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    await act(Number(new URL(JSON.parse(line).url).port));
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
    return Number(/Collected : (\d+)/.exec(said)[1]);
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A socket that keeps what came; `until` resolves with it when the pattern is there, or at the end. */
function open(connect) {
  const socket = connect();
  let text = '';
  let ended = false;
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
  });
  socket.on('close', () => {
    ended = true;
  });
  const until = async (pattern) => {
    while (!pattern.test(text) && !ended) {
      await Promise.race([once(socket, 'data'), once(socket, 'close')]).catch(() => {});
    }
    return text;
  };
  return { socket, until };
}

const plain = (port) => open(() => net.connect(port, '127.0.0.1'));
const sealed = (port) =>
  open(() => tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false }));

function frame(text) {
  const data = Buffer.from(text);
  const length =
    data.length < 126 ? [0x80 | data.length] : [0xfe, data.length >> 8, data.length & 255];
  return Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), data]);
}

/** A websocket and its CONNECT, until an answer is there. */
async function attempt(port, withToken) {
  const { socket, until } = plain(port);
  socket.write(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\n' +
      'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  const opened = await until(/"maxPayload":\d+\}|HTTP\/1\.1 4/);
  if (!opened.includes('maxPayload')) return socket.destroy();
  socket.write(frame(`40${JSON.stringify({ token: withToken })}`));
  await until(/4[04]\{"/);
  return socket.destroy();
}

async function repeat(times, act) {
  for (let time = 0; time < times; time += 1) await act();
}

/** What one more costs: `few` of them are what comes before. */
async function each(
  what,
  limits,
  act,
  { few = 0, first = act, times = settings.attempts, lan = false } = {},
) {
  progress(what);
  const less = await instructions(limits, (port) => repeat(few, () => first(port)), lan);
  const more = await instructions(
    limits,
    async (port) => {
      await repeat(few, () => first(port));
      await repeat(times, () => act(port));
    },
    lan,
  );
  return (more - less) / times;
}

const free = { attempts: 1_000_000, proofs: 1_000_000 };
const accepted = await each('let in', free, (port) => attempt(port, kGood));
const refused = await each(
  'refused by connect_error',
  { attempts: 1_000, proofs: 0 },
  (port) => attempt(port, kBad),
  { few: 1 },
);
const limited = await each(
  'answered 429',
  { attempts: 10, proofs: 0 },
  (port) => attempt(port, kBad),
  { few: 100 },
);
const handshake = await each(
  'a TLS handshake',
  free,
  async (port) => {
    const { socket } = sealed(port);
    await once(socket, 'secureConnect');
    socket.destroy();
  },
  { lan: true },
);
const closed = await each(
  'closed at accept',
  { attempts: 1, proofs: 0 },
  async (port) => {
    await plain(port).until(/$^/);
  },
  {
    // So cheap that fewer would be lost in how the sockets before them fall.
    times: 100 * settings.attempts,
    few: 1,
    first: async (port) => {
      await repeat(kFarOver, async () => {
        const { socket, until } = sealed(port);
        socket.write('GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
        await until(/HTTP\/1\.1 \d+/);
        socket.destroy();
      });
      await repeat(kStillLetIn, async () => {
        const { socket } = plain(port);
        await once(socket, 'connect');
        socket.destroy();
      });
      await plain(port).until(/$^/); // behind all of them
    },
    lan: true,
  },
);
const row = (figure, ours, peer, target) => ({
  figure,
  unit: 'instructions',
  ours,
  ...(peer ? { peer, ratio: ours / peer } : {}),
  ...(target ? { target } : {}),
});
report('door', {
  settings,
  rows: [
    row('let in: handshake, CONNECT, records', accepted),
    row('refused by connect_error, beside let in', refused, accepted, '<=0.1'),
    row('answered 429, beside let in', limited, accepted, '<=0.1'),
    row('TLS handshake alone', handshake),
    row('closed at accept, beside the handshake', closed, handshake, '<=0.125'),
  ],
  details: { accepted, refused, limited, handshake, closed },
});
