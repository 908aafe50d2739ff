// SPDX-License-Identifier: Apache-2.0
// One act for each way in which a token, a link code, a key or an order is refused.
import { Client } from '../../contract/lib/client.mjs';
import { claimsOf, sign } from '../../contract/lib/tokens.mjs';
import { pause } from '../../contract/lib/waiting.mjs';

const inSeconds = (seconds) => Math.floor(Date.now() / 1000) + seconds;

export const refusedConnect = (server, token) =>
  new Client(server.url, { auth: { token }, transports: ['websocket'] }).refused();

/** A request of a page of our own; its status. */
export async function rest(server, method, path, { token, body, headers = {} } = {}) {
  const answer = await fetch(new URL(path, server.url), {
    method,
    headers: {
      Origin: new URL(server.url).origin,
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, ...(text.startsWith('{') ? JSON.parse(text) : {}) };
}

async function ticketOf(server, token) {
  const { ticket } = await rest(server, 'POST', '/api/tickets', { token });
  return ticket;
}
const asPage = (server) => ({ extraHeaders: { Origin: new URL(server.url).origin } });

/** Tokens that do not open, and whose they are once their signature has proved good. */
const kTokens = {
  token_missing: () => ({}),
  token_invalid: () => ({ token: 'planted.token.text' }),
  token_expired: async ({ server, somebody }) => {
    const who = await somebody();
    const claims = claimsOf(who, { iat: inSeconds(-700), exp: inSeconds(-60) });
    return { token: sign(server.secret, claims) };
  },
  token_revoked: async ({ server, somebody }) => {
    const who = await somebody();
    const jti = `planted-${who.id}`;
    await server.cli('token', 'revoke', '--jti', jti);
    return { who, token: sign(server.secret, claimsOf(who, { jti })) };
  },
  user_unknown: ({ server }) => {
    const who = { id: 'planted-stranger', role: 'client' };
    return { who, token: sign(server.secret, claimsOf(who)) };
  },
  user_inactive: async ({ server, somebody }) => {
    const who = await somebody();
    await server.cli('user', 'disable', '--id', who.id);
    return { who, token: sign(server.secret, claimsOf(who)) };
  },
  role_changed: async ({ server, somebody }) => {
    const who = await somebody();
    return { who, token: sign(server.secret, claimsOf({ id: who.id, role: 'psychologist' })) };
  },
};

/** `kTokens`, each shown by `show(stage, token)`. */
const shown = (show) =>
  Object.fromEntries(
    Object.entries(kTokens).map(([reason, make]) => [
      reason,
      async (stage) => {
        const { token, who } = await make(stage);
        return { who, act: () => show(stage, token) };
      },
    ]),
  );

export const connectRefusals = {
  ...shown(({ server }, token) => refusedConnect(server, token)),
  ticket_used: async ({ server, somebody }) => {
    const who = await somebody();
    const auth = { token: await ticketOf(server, who.token) };
    const options = { auth, transports: ['websocket'], ...asPage(server) };
    (await new Client(server.url, options).connect()).close();
    return { who, act: () => new Client(server.url, options).refused() };
  },
  rate_limited: async ({ limited }) => {
    for (let made = 0; made < 3; made += 1) await refusedConnect(limited, 'planted.token.text');
    return { server: limited, act: () => refusedConnect(limited, 'planted.token.text') };
  },
};

/** A connection that lives, and what it hands in. */
const refreshes = (make) => async (stage) => {
  const who = await stage.somebody();
  const auth = { token: who.token };
  const options = { auth, transports: ['websocket'], ...asPage(stage.server) };
  const client = await new Client(stage.server.url, options).connect();
  const token = await make(stage, who);
  return { who, act: () => client.ask('auth:refresh', { token }), after: () => client.close() };
};
export const refreshRefusals = {
  token_missing: refreshes(() => undefined),
  token_invalid: refreshes(() => 'planted.token.text'),
  token_expired: refreshes(({ server }, who) =>
    sign(server.secret, claimsOf(who, { iat: inSeconds(-700), exp: inSeconds(-60) })),
  ),
  token_revoked: refreshes(async ({ server }, who) => {
    const jti = `planted-fresh-${who.id}`;
    await server.cli('token', 'revoke', '--jti', jti);
    return sign(server.secret, claimsOf(who, { jti }));
  }),
  ticket_used: refreshes(async ({ server }, who) => {
    const token = await ticketOf(server, who.token);
    const options = { auth: { token }, transports: ['websocket'], ...asPage(server) };
    (await new Client(server.url, options).connect()).close();
    return token;
  }),
};

export const bearerRefusals = shown(({ server }, token) =>
  rest(server, 'GET', '/api/auth/me', { token }),
);

const exchange = (server, code) => rest(server, 'POST', '/api/links/exchange', { body: { code } });
/** A link of a session that is due now. */
async function linked({ server }, ...more) {
  const scene = await server.scene({ fresh: true });
  const ids = ['--user', scene.client.id, '--session', scene.sessionId];
  const { code } = await server.cli('link', 'mint', ...ids, ...more);
  return { code, scene, who: scene.client };
}
export const linkRefusals = {
  malformed: ({ server }) => ({ act: () => exchange(server, 'planted') }),
  unknown: ({ server }) => ({ act: () => exchange(server, 'A'.repeat(43)) }),
  used: async (stage) => {
    const { code, who } = await linked(stage);
    await exchange(stage.server, code);
    return { who, act: () => exchange(stage.server, code) };
  },
  expired: async (stage) => {
    const { code, who } = await linked(stage, '--ttl', '1s');
    await pause(1_100);
    return { who, act: () => exchange(stage.server, code) };
  },
  user_inactive: async (stage) => {
    const { code, who } = await linked(stage);
    await stage.server.cli('user', 'disable', '--id', who.id);
    return { who, act: () => exchange(stage.server, code) };
  },
  not_participant: async (stage) => {
    const { code, scene, who } = await linked(stage);
    const other = await stage.somebody();
    const body = { clients: [other.id] };
    const { token } = stage.admin;
    await rest(stage.server, 'PATCH', `/api/sessions/${scene.sessionId}`, { token, body });
    return { who, act: () => exchange(stage.server, code) };
  },
  session_over: async (stage) => {
    const { code, scene, who } = await linked(stage);
    await stage.server.cli('session', 'cancel', '--id', scene.sessionId);
    return { who, act: () => exchange(stage.server, code) };
  },
  role_changed: async (stage) => {
    const { code, who } = await linked(stage);
    const body = { role: 'interpreter' };
    await rest(stage.server, 'PATCH', `/api/users/${who.id}`, { token: stage.admin.token, body });
    return { who, act: () => exchange(stage.server, code) };
  },
  maker_inactive: async (stage) => {
    const { scene, who } = await linked(stage);
    const maker = await stage.somebody('admin');
    const token = await stage.server.token(maker);
    const body = { user: who.id, session: scene.sessionId };
    const { code } = await rest(stage.server, 'POST', '/api/links', { token, body });
    await stage.server.cli('user', 'disable', '--id', maker.id);
    return { who, act: () => exchange(stage.server, code) };
  },
  rate_limited: async ({ guarded }) => {
    for (let made = 0; made < 12; made += 1) await exchange(guarded, 'planted');
    return { server: guarded, act: () => exchange(guarded, 'planted') };
  },
};

export const renewalRefusals = {
  not_renewable: async ({ server, somebody }) => {
    const who = await somebody();
    const token = sign(server.secret, claimsOf(who));
    return { who, act: () => rest(server, 'POST', '/api/links/renew', { token }) };
  },
};

const users = (server, token) => rest(server, 'GET', '/api/users', { token });
const newKey = ({ server }, ...scopes) =>
  server.cli('key', 'add', '--name', 'Planted', ...scopes.flatMap((each) => ['--scope', each]));
export const keyRefusals = {
  malformed: ({ server }) => ({ act: () => users(server, 'sk_planted') }),
  unknown: ({ server }) => ({
    act: () => users(server, `sk_${'0'.repeat(16)}_${'A'.repeat(43)}`),
  }),
  wrong_secret: async (stage) => {
    const { key } = await newKey(stage, 'users:read');
    return { act: () => users(stage.server, key.slice(0, 20) + 'A'.repeat(43)) };
  },
  revoked: async (stage) => {
    const made = await newKey(stage, 'users:read');
    await stage.server.cli('key', 'revoke', '--id', made.id ?? made.key.slice(3, 19));
    return { act: () => users(stage.server, made.key) };
  },
};

export const staffRefusals = {
  forbidden: async ({ server, somebody }) => {
    const who = await somebody();
    return { who, act: () => users(server, who.token) };
  },
  not_yours: async ({ server, somebody }) => {
    const who = await somebody('therapist');
    const { sessionId } = await server.scene();
    const { token } = who;
    return { who, act: () => rest(server, 'GET', `/api/sessions/${sessionId}`, { token }) };
  },
};

export const sessionRefusals = {
  not_yours: async ({ server, somebody }) => {
    const who = await somebody();
    const { sessionId } = await server.scene();
    const { token } = who;
    return {
      who,
      act: () => rest(server, 'GET', `/api/video-calls/session/${sessionId}`, { token }),
    };
  },
};
