// SPDX-License-Identifier: Apache-2.0
// One act for each way in which a log-in or an invitation is refused.
import { ask } from '../../contract/lib/raw.mjs';
import { totp } from '../../lib/totp.mjs';
import { rest } from './provoke_tokens.mjs';

const kPassword = 'planted horse battery';
const kWrong = 'planted wrong password';
/** As the proxy before that server would write it. */
const kThroughProxy = {
  Origin: 'https://app.example',
  'X-Forwarded-For': '127.0.0.1',
  'X-Forwarded-Proto': 'https',
};
async function invited({ server, somebody }, role = 'client') {
  const who = await somebody(role);
  const { code: invite } = await server.cli('account', 'invite', '--user', who.id);
  return { who, invite };
}
const setUp = (server, body) => rest(server, 'POST', '/api/auth/setup', { body });

/** Somebody with an account; staff have a second factor. */
async function member(stage, role = 'client') {
  const { who, invite } = await invited(stage, role);
  const view = await rest(stage.server, 'POST', '/api/auth/invite', { body: { invite } });
  const code = role === 'client' ? undefined : totp(view.secondFactor.secret, -1);
  const done = await setUp(stage.server, { invite, password: kPassword, code });
  if (done.status !== 200) throw new Error(JSON.stringify(done));
  return who;
}
const logIn = (server, who, password, code) =>
  rest(server, 'POST', '/api/auth/login', { body: { user: who.id, password, code } });
/** From another machine, which has wrong attempts of its own. */
const logInFrom = (from, server, who, password, code) =>
  ask(
    server.port,
    `POST /api/auth/login HTTP/1.1\r\nOrigin: ${new URL(server.url).origin}`,
    JSON.stringify({ user: who.id, password, code }),
    { from },
  );

export const logInRefusals = {
  user_unknown: ({ server }) => ({
    act: () => logIn(server, { id: 'planted-nobody' }, kPassword),
  }),
  password_wrong: async (stage) => {
    const who = await member(stage);
    return { who, act: () => logIn(stage.server, who, kWrong) };
  },
  user_inactive: async (stage) => {
    const who = await member(stage);
    await stage.server.cli('user', 'disable', '--id', who.id);
    return { who, act: () => logIn(stage.server, who, kPassword) };
  },
  second_factor_missing: async (stage) => {
    const who = await member(stage, 'therapist');
    return { who, act: () => logIn(stage.server, who, kPassword) };
  },
  second_factor_wrong: async (stage) => {
    const who = await member(stage, 'therapist');
    return { who, act: () => logIn(stage.server, who, kPassword, '000000') };
  },
  // The last one comes from here, as everything that is watched does.
  second_factor_paused: async (stage) => {
    const who = await member(stage, 'therapist');
    // Each wrong one behind the fifth doubles the pause, which has to outlast what comes.
    const wrong = () => stage.server.log.split('"second_factor_wrong"').length;
    const enough = wrong() + 8;
    for (let machine = 2; machine < 250 && wrong() < enough; machine += 1) {
      await logInFrom(`127.0.0.${machine}`, stage.server, who, kPassword, '000000');
    }
    return { who, act: () => logIn(stage.server, who, kPassword, '000000') };
  },
  paused: async (stage) => {
    const who = { id: 'planted-guessed' };
    for (let made = 0; made < 6; made += 1) await logIn(stage.server, who, kWrong);
    return { act: () => logIn(stage.server, who, kWrong) };
  },
  rate_limited: async ({ guarded }) => {
    for (let made = 0; made < 12; made += 1) {
      await logIn(guarded, { id: `planted-${made}` }, kWrong);
    }
    return { server: guarded, act: () => logIn(guarded, { id: 'planted-last' }, kWrong) };
  },
};

export const inviteRefusals = {
  invite_invalid: ({ server }) => ({
    act: () => rest(server, 'POST', '/api/auth/invite', { body: { invite: 'planted' } }),
  }),
  role_changed: async (stage) => {
    const { who, invite } = await invited(stage);
    const body = { role: 'interpreter' };
    await rest(stage.server, 'PATCH', `/api/users/${who.id}`, { token: stage.admin.token, body });
    return { act: () => rest(stage.server, 'POST', '/api/auth/invite', { body: { invite } }) };
  },
  maker_inactive: async (stage) => {
    const who = await stage.somebody();
    const maker = await stage.somebody('admin');
    const token = await stage.server.token(maker);
    const body = { user: who.id };
    const { code: invite } = await rest(stage.server, 'POST', '/api/invites', { token, body });
    await stage.server.cli('user', 'disable', '--id', maker.id);
    return { act: () => rest(stage.server, 'POST', '/api/auth/invite', { body: { invite } }) };
  },
  password_refused: async (stage) => {
    const { invite } = await invited(stage);
    return { act: () => setUp(stage.server, { invite, password: 'planted' }) };
  },
  code_wrong: async (stage) => {
    const { invite } = await invited(stage);
    return { act: () => setUp(stage.server, { invite, password: kPassword, code: '000000' }) };
  },
  // Where people are served for real; there staff need one.
  second_factor_needed: async ({ behind }) => {
    const who = await behind.person('therapist');
    const { code: invite } = await behind.cli('account', 'invite', '--user', who.id);
    const body = { invite, password: kPassword };
    return {
      server: behind,
      act: () => rest(behind, 'POST', '/api/auth/setup', { body, headers: kThroughProxy }),
    };
  },
  rate_limited: async ({ guarded }) => {
    const look = () => rest(guarded, 'POST', '/api/auth/invite', { body: { invite: 'planted' } });
    for (let made = 0; made < 12; made += 1) await look();
    return { server: guarded, act: look };
  },
};
