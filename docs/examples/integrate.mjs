// SPDX-License-Identifier: Apache-2.0
// An application with people and tokens of its own gets two of them into a call.
//   STILLROOM_URL, STILLROOM_KEY (users:write, sessions:write), JWT_SECRET: its configuration
import { createHmac } from 'node:crypto';
import { io } from 'socket.io-client';

const { STILLROOM_URL: url, STILLROOM_KEY: key, JWT_SECRET: secret } = process.env;

async function put(path, body) {
  const headers = { Authorization: `Bearer ${key}` };
  const answer = await fetch(url + path, { method: 'PUT', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${(await answer.json()).code}`);
  return answer.json();
}

function token(user) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const seconds = Math.floor(Date.now() / 1000);
  const text = `${encode({ alg: 'HS256' })}.${encode({ user, iat: seconds, exp: seconds + 600 })}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

function join({ id, role }, room) {
  const socket = io(url, { auth: { token: token({ id, role }) }, forceNew: true });
  for (const event of ['user-joined', 'call-started', 'join-success', 'join-error']) {
    socket.on(event, (said) => console.log(JSON.stringify({ id, event, ...said })));
  }
  return socket.emitWithAck('join-room', room).then((ack) => ({ socket, ack }));
}

const people = [
  { id: 'tea@app.example', name: 'Tea', role: 'therapist' },
  { id: 'ana@app.example', name: 'Ana', role: 'client' },
];
await put('/api/users', { users: people });
const start = new Date().toISOString();
const visit = { outsideId: 'visit-7', therapist: people[0].id, clients: [people[1].id], start };
const { sessions } = await put('/api/sessions', { sessions: [visit] });
for (const person of people) await join(person, sessions[0]);
console.log(JSON.stringify({ event: 'call', ...sessions[0] }));
