// SPDX-License-Identifier: Apache-2.0
// The people and sessions of the demo: made-up roles, sessions that are due now, and a one-time
// link for everyone who takes part. Also what the browser tests start from.
//
//   node tools/demo/seed.mjs BINARY DATA URL > links.json
import { fileURLToPath } from 'node:url';
import { commandLine } from './cli.mjs';

export const kPeople = [
  { id: 'therapist', role: 'therapist', name: 'Therapist' },
  { id: 'client-a', role: 'client', name: 'Client A' },
  { id: 'client-b', role: 'client', name: 'Client B' },
];

const kSessions = [
  { title: 'Session with Client A', type: 'individual', clients: ['client-a'] },
  { title: 'Session with Client B', type: 'individual', clients: ['client-b'] },
  { title: 'Session with both', type: 'couples', clients: ['client-a', 'client-b'] },
];

export async function addPeople(cli, people = kPeople) {
  for (const { id, role, name } of people) {
    await cli(['user', 'add', '--id', id, '--role', role, '--name', name]);
  }
}

/** A confirmed and paid session; `{sessionId, roomId}`. */
export function addSession(cli, { clients, therapist = 'therapist', type, start, minutes = 50 }) {
  const people = [...clients.flatMap((id) => ['--client', id]), '--therapist', therapist];
  const time = ['--start', (start ?? new Date()).toISOString(), '--minutes', String(minutes)];
  const state = ['--type', type, '--status', 'confirmed', '--payment', 'confirmed'];
  return cli(['session', 'add', ...people, ...time, ...state]);
}

/** The address that one person opens once for one session. */
export async function mintLink(cli, url, user, sessionId) {
  const { path } = await cli(['link', 'mint', '--user', user, '--session', sessionId]);
  return new URL(path, url).href;
}

export async function seedDemo(cli, url) {
  await addPeople(cli);
  const names = new Map(kPeople.map(({ id, name }) => [id, name]));
  const sessions = [];
  for (const { title, type, clients } of kSessions) {
    const { sessionId, roomId } = await addSession(cli, { clients, type });
    const links = [];
    for (const id of ['therapist', ...clients]) {
      links.push({ id, name: names.get(id), url: await mintLink(cli, url, id, sessionId) });
    }
    sessions.push({ title, type, sessionId, roomId, links });
  }
  return { url, sessions };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [binary, data, url] = process.argv.slice(2);
  const seeded = await seedDemo(commandLine(binary, data), url);
  console.log(JSON.stringify(seeded, null, 2));
}
