// SPDX-License-Identifier: Apache-2.0
// How many people a server lets in: joins and log-ins a second and their CPU; and how soon it says
// no, for each kind of refusal.
//
//   node bench/load/rates.mjs [--joins 2000] [--logins 40] [--refusals 200]
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:https';
import { stayOnLoadCore } from './lib/cores.mjs';
import { Crowd } from './lib/crowd.mjs';
import { median } from './lib/figures.mjs';
import { numbers } from './lib/options.mjs';
import { cpuUs } from './lib/proc.mjs';
import { progress, report } from './lib/report.mjs';
import { order, tokenFor } from './lib/rooms.mjs';
import { kOrigin, Place, startOurs } from './lib/servers.mjs';
import { Talk } from './lib/talk.mjs';

const settings = numbers({ joins: 2000, logins: 40, refusals: 200 });
const kPassword = 'a password of the bench';
const kPeople = 8;
const kRefusalMsMax = 10;

stayOnLoadCore();
const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });

/** `{status, body}` of one request over a connection that is kept where the server keeps it. */
function ask(port, method, path, { headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const all = { Origin: kOrigin, ...headers };
    if (sent) all['Content-Type'] = 'application/json';
    const asked = request(
      { host: '127.0.0.1', port, agent, method, path, headers: all },
      (answer) => {
        let text = '';
        answer.on('data', (bytes) => {
          text += bytes;
        });
        answer.on('end', () => resolve({ status: answer.statusCode, body: text }));
      },
    );
    asked.on('error', reject);
    asked.end(sent);
  });
}

async function perSecond(pid, times, act) {
  const before = { cpu: cpuUs(pid), at: performance.now() };
  await act();
  const seconds = (performance.now() - before.at) / 1000;
  return { rate: times / seconds, cpuMs: (cpuUs(pid) - before.cpu) / 1000 / times };
}

async function joins({ program, rooms }) {
  const crowd = new Crowd(program.port, rooms);
  const measured = await perSecond(program.pid, settings.joins, () => crowd.growTo(settings.joins));
  crowd.close();
  return measured;
}

/** People with a password; clients, who need no second factor. */
async function withAccounts({ program: { port }, data, rooms }) {
  const people = rooms.slice(0, kPeople).map((room) => room.people[1].id);
  for (const user of people) {
    const { code } = await order(data, { command: 'account invite', user });
    const body = { invite: code, password: kPassword };
    const answer = await ask(port, 'POST', '/api/auth/setup', { body });
    if (answer.status !== 200) throw new Error(`setup: ${answer.status} ${answer.body}`);
  }
  return people;
}

async function logIns({ program: { port, pid } }, people) {
  const each = settings.logins / people.length;
  const logIn = async (user) => {
    for (let time = 0; time < each; time += 1) {
      const body = { user, password: kPassword };
      const answer = await ask(port, 'POST', '/api/auth/login', { body });
      if (answer.status !== 200) throw new Error(`login: ${answer.status} ${answer.body}`);
    }
  };
  return perSecond(pid, each * people.length, () => Promise.all(people.map(logIn)));
}

const bearer = (token) => ({ headers: { Authorization: `Bearer ${token}` } });

/** `[name, act]`: what is refused, and how it is asked for; `act` resolves when it has been told. */
function refusals({ program: { port }, rooms }, secret) {
  // Not people with accounts: a new password ended the tokens that they had.
  const [mine, other] = rooms.slice(kPeople);
  const user = { id: mine.people[1].id, role: 'client' };
  const good = mine.people[1].token;
  const forged = tokenFor(user, randomBytes(32).toString('base64url'));
  const unknown = tokenFor({ id: 'nobody-here', role: 'client' }, secret);
  const config = '/api/video-calls/config';
  const rest =
    (status, ...asked) =>
    async () => {
      const answer = await ask(port, ...asked);
      if (answer.status !== status) throw new Error(`${asked[1]}: ${answer.status} ${answer.body}`);
    };
  const code = randomBytes(32).toString('base64url');
  const onLink = (start, said) => async (talk) => {
    const heard = talk.hears(start);
    talk.say(said);
    await heard;
  };
  const joinOther = { roomId: other.roomId, sessionId: other.sessionId };
  const offer = { offer: { type: 'offer', sdp: 'v=0' }, to: 'nobody', roomId: mine.roomId };
  return [
    ['REST without a token', rest(401, 'GET', config)],
    ['REST with a forged token', rest(401, 'GET', config, bearer(forged))],
    ['REST with the token of nobody', rest(401, 'GET', config, bearer(unknown))],
    [
      'REST with a wrong service key',
      rest(401, 'GET', '/api/users', bearer(`sk_${'0'.repeat(16)}_${code}`)),
    ],
    ['REST of staff by a client', rest(403, 'GET', '/api/users', bearer(good))],
    [
      "REST of another's session",
      rest(403, 'GET', `/api/video-calls/session/${other.sessionId}`, bearer(good)),
    ],
    [
      'a foreign origin',
      rest(403, 'GET', '/socket.io/?EIO=4&transport=polling', {
        headers: { Origin: 'https://evil.example' },
      }),
    ],
    ['a link that is none', rest(410, 'POST', '/api/links/exchange', { body: { code } })],
    [
      'an invitation that is none',
      rest(410, 'POST', '/api/auth/invite', { body: { invite: code } }),
    ],
    [
      'CONNECT with a forged token',
      onLink('44', `40${JSON.stringify({ token: forged })}`),
      'fresh',
    ],
    [
      "joining another's session",
      onLink('42["join-error"', `42${JSON.stringify(['join-room', joinOther])}`),
      good,
    ],
    [
      'an offer out of a room',
      onLink('42["signaling-error"', `42${JSON.stringify(['offer', offer])}`),
      good,
    ],
  ];
}

async function talkOf(port, token) {
  const talk = await Talk.open(port);
  const connected = talk.hears('40');
  talk.say(`40${JSON.stringify({ token })}`);
  await connected;
  return talk;
}

async function timeRefusals(ours, secret) {
  const { port } = ours.program;
  const medians = [];
  for (const [name, act, link] of refusals(ours, secret)) {
    const times = [];
    for (let time = 0; time < settings.refusals; time += 1) {
      // A new one each time: a connection has budgets of its own, which are another refusal.
      const talk = link && (link === 'fresh' ? await Talk.open(port) : await talkOf(port, link));
      const from = performance.now();
      await act(talk);
      times.push(performance.now() - from);
      talk?.close();
    }
    medians.push({ name, ms: median(times) });
    progress(`${name}: ${medians.at(-1).ms.toFixed(2)} ms`);
  }
  return medians;
}

const place = new Place();
const ours = await startOurs(place, Math.ceil(settings.joins / 2), { workers: 1 });
try {
  const joined = await joins(ours);
  progress(`${Math.round(joined.rate)} joins a second`);
  const people = await withAccounts(ours);
  const loggedIn = await logIns(ours, people);
  progress(`${loggedIn.rate.toFixed(1)} log-ins a second`);
  const medians = await timeRefusals(ours, place.secret);
  report('rates', {
    settings,
    rows: [
      { figure: 'joins, from TLS handshake to seat', unit: '/s', ours: joined.rate },
      { figure: 'CPU of a join', unit: 'ms', ours: joined.cpuMs },
      { figure: 'log-ins by password', unit: '/s', ours: loggedIn.rate },
      { figure: 'CPU of a log-in', unit: 'ms', ours: loggedIn.cpuMs },
      ...medians.map(({ name, ms }) => ({
        figure: `refused, median: ${name}`,
        unit: 'ms',
        ours: ms,
        target: `<=${kRefusalMsMax}`,
        targetOn: 'ours',
      })),
    ],
    details: { joined, loggedIn, medians },
  });
} finally {
  agent.destroy();
  await ours.program.stop();
  place.remove();
}
