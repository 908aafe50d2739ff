// SPDX-License-Identifier: Apache-2.0
// One act for each way in which a connection, a request or a packet is refused.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { seat } from '../../contract/lib/client.mjs';
import { ask, RawLink, RawPolling, Wire, wholeAnswer } from '../../contract/lib/raw.mjs';
import { pause } from '../../contract/lib/waiting.mjs';
import { refusedConnect } from './provoke_tokens.mjs';

const kHandshake = '/socket.io/?EIO=4&transport=polling';
/** After so long the log has lines for a kind again. */
const kLogSecondMs = 1_100;
const kKey = 'dGhlIHNhbXBsZSBub25jZQ==';

/** Of a source with one attempt: handshakes until it is far over, and the sockets it still gets. */
const kFarOver = 110;
const kStillLetIn = 1_850;

async function comesAndGoes(port) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}

async function closedUnheard(port) {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'close');
}

const get = (server, target, fields = {}) => wholeAnswer(server.port, `GET ${target}`, fields);

/** A source that has used up what it has on `server`, far beyond its limit. */
async function exhaust(server, handshakes) {
  for (let made = 0; made < handshakes; made += 1) {
    await ask(server.port, `GET ${kHandshake} HTTP/1.1`);
  }
}

/** A link by hand that is let in. */
const socket = async ({ server, person }) =>
  (await RawLink.open(server.port)).connect(person.token);

/** A link, and what is sent over it; the server closes. */
const sends =
  (text, open = socket) =>
  async (stage) => {
    const link = await open(stage);
    const act = async () => {
      for (const each of [text].flat()) link.sendText(each);
      await link.closed();
    };
    // A CONNECT by hand belongs to somebody once it is let in.
    return { act, who: open === socket ? stage.person : undefined };
  };
const unconnected = ({ server }) => RawLink.open(server.port);

export const connections = {
  rate_limited: async ({ floodable }) => {
    await exhaust(floodable, kFarOver);
    for (let made = 0; made < kStillLetIn; made += 1) await comesAndGoes(floodable.port);
    await pause(kLogSecondMs);
    return { server: floodable, act: () => closedUnheard(floodable.port) };
  },
  no_proxy: ({ elsewhere }) => ({ server: elsewhere, act: () => closedUnheard(elsewhere.port) }),
  header_missing: ({ proxied }) => ({
    server: proxied,
    act: async () => {
      const wire = await Wire.open(proxied.port);
      wire.send('GET /livez HTTP/1.1\r\n\r\n');
      await wire.end();
    },
  }),
};

export const requests = {
  malformed: ({ server }) => ({ act: () => ask(server.port, 'PLANTED NONSENSE') }),
  head_too_large: ({ server }) => ({
    act: () => ask(server.port, `GET / HTTP/1.1\r\nX-Planted: ${'x'.repeat(20_000)}`),
  }),
  body_too_large: ({ server }) => ({
    act: () => wholeAnswer(server.port, 'POST /api/tickets', { 'Content-Length': '999999' }),
  }),
  timeout: ({ hasty }) => ({
    server: hasty,
    act: async () => {
      const wire = await Wire.open(hasty.port);
      wire.send('GET /planted HTTP/1.1\r\n');
      await wire.end();
    },
  }),
  origin_refused: ({ server }) => ({
    act: () => get(server, '/', { Origin: 'http://planted.example' }),
  }),
  insecure: ({ strict }) => ({ server: strict, act: () => get(strict, '/') }),
  transport_unknown: ({ server }) => ({
    act: () => get(server, '/socket.io/?EIO=4&transport=planted'),
  }),
  sid_unknown: ({ server }) => ({ act: () => get(server, `${kHandshake}&sid=planted`) }),
  bad_handshake_method: ({ server }) => ({
    act: () => wholeAnswer(server.port, `POST ${kHandshake}`, { Origin: server.url }),
  }),
  bad_request: async ({ server }) => {
    const link = await RawPolling.open(server.port, { Authorization: 'Bearer one' });
    return {
      act: () => get(server, `${kHandshake}${link.sid}`, { Authorization: 'Bearer two' }),
      after: () => link.post('1'),
    };
  },
  unsupported_version: ({ server }) => ({
    act: () => get(server, '/socket.io/?EIO=3&transport=polling'),
  }),
  rate_limited: async ({ busy }) => {
    for (let made = 0; made < 10; made += 1) await refusedConnect(busy, 'planted.token.text');
    return { server: busy, act: () => get(busy, kHandshake) };
  },
  upgrade_refused: ({ server }) => ({
    act: () =>
      get(server, '/socket.io/?EIO=4&transport=websocket', {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Key': kKey,
        'Sec-WebSocket-Version': '7',
        Origin: server.url,
      }),
  }),
  report_refused: ({ server }) => ({
    act: () =>
      wholeAnswer(
        server.port,
        'POST /api/reports',
        { Origin: server.url, 'Content-Type': 'application/reports+json' },
        '{"planted":1}',
      ),
  }),
};

export const packets = {
  bad_packet: sends('4planted'),
  bad_json: sends('42["planted"'),
  bad_payload: sends('42{"planted":1}'),
  bad_event_name: sends(`42["${'planted'.repeat(20)}"]`),
  not_connected: sends('42["join-room",{}]', unconnected),
  already_connected: async (stage) => sends(`40${JSON.stringify({ token: 'planted' })}`)(stage),
  unexpected_packet: sends('44{"message":"planted"}'),
  binary_refused: sends('451-["planted",{"_placeholder":true,"num":0}]'),
  attachment_unexpected: async (stage) => {
    const link = await socket(stage);
    const act = async () => {
      link.sendFrame(2, 'planted');
      await link.closed();
    };
    return { act, who: stage.person };
  },
  // They wait behind the start, which waits for the store.
  too_many_acks: async (stage) => {
    const scene = await stage.server.scene({ fresh: true });
    const { roomId, sessionId, client: who } = scene;
    const link = await socket({ ...stage, person: who });
    link.sendText(`42["join-room",${JSON.stringify({ roomId, sessionId })}]`);
    while (!(await link.text()).includes('join-success'));
    const other = await seat(stage.server.url, scene.therapist, scene);
    const body = JSON.stringify({ candidate: null, to: other.id, roomId });
    const act = async () => {
      link.wire.socket.cork();
      link.sendText(`42["start-call",${JSON.stringify({ roomId })}]`);
      for (let id = 0; id < 70; id += 1) link.sendText(`42${id}["ice-candidate",${body}]`);
      link.wire.socket.uncork();
      await link.closed();
    };
    return { who, act, after: () => other.close() };
  },
  too_many_connects: sends(
    Array.from({ length: 17 }, (_, at) => `40/planted-${at},`),
    unconnected,
  ),
  connect_timeout: async ({ hasty }) => {
    const link = await RawLink.open(hasty.port);
    return { server: hasty, act: () => link.closed() };
  },
};

export const transports = {
  parse_error: async (stage) => {
    const link = await socket(stage);
    const act = async () => {
      link.sendFrame(3, 'planted');
      await link.closed();
    };
    return { act, who: stage.person };
  },
  protocol_error: async (stage) => {
    const link = await socket(stage);
    const act = async () => {
      link.sendText('0planted');
      await link.closed();
    };
    return { act, who: stage.person };
  },
  message_too_big: async (stage) => {
    const link = await socket(stage);
    const act = async () => {
      link.sendText(`42["planted","${'x'.repeat(200_000)}"]`);
      await link.closed();
    };
    return { act, who: stage.person };
  },
  overlapping: async ({ server, person }) => {
    const link = await RawPolling.open(server.port);
    await link.post(`40${JSON.stringify({ token: person.token })}`);
    while (!(await link.get()).body.includes('server:hello'));
    const act = async () => {
      const asked = [link.get(), link.get()];
      await Promise.any(asked.map((each) => each.then(({ status }) => assert.equal(status, 400))));
      for (const each of asked) each.catch(() => {});
    };
    return { act, who: person };
  },
};

const kDirectives =
  'script-src script-src-elem script-src-attr style-src-elem style-src-attr img-src media-src ' +
  'connect-src worker-src frame-ancestors require-trusted-types-for trusted-types';

/** Twice in one body: one event that stands for two. */
const tells =
  (directive) =>
  ({ server }) => ({
    times: 2,
    act: () =>
      wholeAnswer(
        server.port,
        'POST /api/reports',
        { Origin: server.url, 'Content-Type': 'application/reports+json' },
        JSON.stringify(
          Array(2).fill({
            type: 'csp-violation',
            body: { effectiveDirective: directive, blockedURL: 'https://planted.example' },
          }),
        ),
      ),
  });

export const pages = Object.fromEntries([
  ...kDirectives.split(' ').map((directive) => [directive, tells(directive)]),
  ['other', tells('planted-directive')],
]);
