// SPDX-License-Identifier: Apache-2.0
// One act for each way in which somebody who is connected is refused, or loses the right to be.
import { Client, seat } from '../../contract/lib/client.mjs';
import { answer, offer } from '../../contract/lib/media.mjs';
import { claimsOf, sign } from '../../contract/lib/tokens.mjs';
import { rest } from './provoke_tokens.mjs';

const kHourMs = 3_600_000;
const kOptions = { transports: ['websocket'] };

const connect = (server, who, token = who.token) =>
  new Client(server.url, { auth: { token }, ...kOptions }).connect();

/** Somebody in a session of that state asks to join; `more` changes what they ask. */
const joins =
  (state = {}, more = () => ({})) =>
  async ({ server }) => {
    const scene = await server.scene({ fresh: true, ...state });
    const { roomId, sessionId, client: who } = scene;
    const client = await connect(server, who);
    const payload = { roomId, sessionId, ...(await more(server)) };
    return { who, act: () => client.ask('join-room', payload), after: () => client.close() };
  };

export const joinRefusals = {
  not_found: joins({}, () => ({ sessionId: 'planted'.repeat(20) })),
  not_yours: joins({}, async (server) => {
    const { roomId, sessionId } = await server.scene({ fresh: true });
    return { roomId, sessionId };
  }),
  cancelled: joins({ status: 'cancelled' }),
  unpaid: joins({ payment: 'pending' }),
  wrong_room: joins({}, () => ({ roomId: 'room-00000000-0000-4000-8000-000000000000' })),
  too_early: joins({ start: new Date(Date.now() + 5 * kHourMs) }),
  session_ended: joins({ start: new Date(Date.now() - 5 * kHourMs) }),
  room_full: async ({ server }) => {
    const scene = await server.scene({ fresh: true });
    const { roomId, sessionId, client: who } = scene;
    const clients = [];
    for (let device = 0; device <= 4; device += 1) {
      const auth = { token: who.token, deviceId: `planted-${device}` };
      clients.push(await new Client(server.url, { auth, ...kOptions }).connect());
    }
    const last = clients.at(-1);
    for (const client of clients.slice(0, -1)) {
      await client.ask('join-room', { roomId, sessionId });
    }
    const after = () => {
      for (const client of clients) client.close();
    };
    return { who, act: () => last.ask('join-room', { roomId, sessionId }), after };
  },
  join_failed: async ({ server }) => {
    const scenes = [];
    for (let made = 0; made < 5; made += 1) scenes.push(await server.scene());
    const who = scenes[0].client;
    const client = await connect(server, who);
    const ask = ({ roomId, sessionId }) => client.ask('join-room', { roomId, sessionId });
    for (const scene of scenes.slice(0, -1)) await ask(scene);
    return { who, act: () => ask(scenes.at(-1)), after: () => client.close() };
  },
  rate_limited: async ({ server }) => {
    const { roomId, sessionId, client: who } = await server.scene({ fresh: true });
    const client = await connect(server, who);
    const ask = () => client.ask('join-room', { roomId, sessionId });
    for (let made = 0; made < 10; made += 1) await ask();
    return { who, act: ask, after: () => client.close() };
  },
};

/** Somebody seated alone, and what they ask then. */
const seated =
  (role, ask, prepare = () => {}) =>
  async ({ server }) => {
    const scene = await server.scene({ fresh: true });
    const who = scene[role];
    const client = await seat(server.url, who, scene, kOptions);
    const more = await prepare({ server, scene, client });
    return { who, act: () => ask(client, scene, more), after: () => client.close() };
  };
const both = async ({ server, scene }) => seat(server.url, scene.therapist, scene, kOptions);

export const callRefusals = {
  not_in_room: seated('client', (client) =>
    client.ask('start-call', { roomId: 'room-00000000-0000-4000-8000-000000000001' }),
  ),
  call_not_started: seated('therapist', (client, { roomId }) => client.ask('end-call', { roomId })),
  therapist_only: seated(
    'client',
    (client, { roomId }) => client.ask('end-call', { roomId }),
    both,
  ),
  rate_limited: seated(
    'client',
    (client, { roomId }) => client.ask('start-call', { roomId }),
    async ({ client, scene: { roomId } }) => {
      for (let made = 0; made < 10; made += 1) await client.ask('start-call', { roomId });
    },
  ),
};

/** To the other person, who is there. */
const signals = (event, body) =>
  seated(
    'client',
    (client, { roomId }, other) => client.ask(event, { ...body, to: other.id, roomId }),
    both,
  );
export const signallingRefusals = {
  invalid_attempt: seated('client', (client, { roomId }) =>
    client.ask('offer', { offer: offer(), to: 'planted', roomId }),
  ),
  invalid_offer: signals('offer', { offer: { type: 'offer', sdp: 'planted' } }),
  invalid_answer: signals('answer', { answer: { ...answer(), sdp: 'planted' } }),
  invalid_candidate: signals('ice-candidate', { candidate: { candidate: 'planted' } }),
  rate_limited: seated(
    'client',
    (client, { roomId }) => client.ask('ice-servers', { roomId }),
    async ({ client, scene: { roomId } }) => {
      for (let made = 0; made < 20; made += 1) await client.ask('ice-servers', { roomId });
    },
  ),
  unknown_event: seated('client', (client) => client.ask('planted', {})),
};

/** Somebody connected or seated, and what ends that. */
const ends =
  (act, { life = 600 } = {}) =>
  async (stage) => {
    const scene = await stage.server.scene({ fresh: true });
    const who = scene.client;
    const jti = `planted-${who.id}`;
    const exp = Math.floor(Date.now() / 1000) + life;
    const token = sign(stage.server.secret, claimsOf(who, { jti, exp }));
    const client = await seat(stage.server.url, { ...who, token }, scene, kOptions);
    const ended = async () => {
      await act({ ...stage, scene, who, jti });
      await client.dropped();
    };
    return { who, act: ended };
  };
const changed = (path, body) => (stage) =>
  rest(stage.server, 'PATCH', path(stage), { token: stage.admin.token, body: body(stage) });
const person = ({ who }) => `/api/users/${who.id}`;
const session = ({ scene }) => `/api/sessions/${scene.sessionId}`;

export const endings = {
  token_expired: ends(() => {}, { life: 4 }),
  token_revoked: ends(({ server, jti }) => server.cli('token', 'revoke', '--jti', jti)),
  user_inactive: ends(({ server, who }) => server.cli('user', 'disable', '--id', who.id)),
  user_unknown: ends(changed(person, () => ({ status: 'deleted' }))),
  role_changed: ends(changed(person, () => ({ role: 'therapist' }))),
  cancelled: ends(({ server, scene }) => server.cli('session', 'cancel', '--id', scene.sessionId)),
  not_yours: ends(changed(session, ({ other }) => ({ clients: [other.id] }))),
};
