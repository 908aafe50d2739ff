// SPDX-License-Identifier: Apache-2.0
// Made-up people, two to a session, for either server; with tokens that last for the whole run.
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { join } from 'node:path';

// The server takes one order per connection and lets sixteen wait.
const kOrdersAtOnceMax = 12;
const kTokenSeconds = 4 * 3600;

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function tokenFor({ id, role }, secret) {
  const iat = Math.floor(Date.now() / 1000);
  const claims = { user: { id, role }, iat, exp: iat + kTokenSeconds };
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** `count` rooms: `{sessionId, roomId, people: [therapist, client]}`, everybody somebody else. */
export function makeRooms(count, secret) {
  return Array.from({ length: count }, (_, index) => {
    const people = [
      { id: `therapist-${index}`, name: `Therapist ${index}`, role: 'psychologist' },
      { id: `client-${index}`, name: `Client ${index}`, role: 'client' },
    ];
    for (const person of people) person.token = tokenFor(person, secret);
    return { sessionId: randomUUID(), roomId: `room-${randomUUID()}`, people };
  });
}

/** What the socket.io peer reads with --people. */
export function peopleFile(rooms) {
  const start = new Date().toISOString();
  return JSON.stringify({
    users: rooms.flatMap(({ people }) => people.map(({ id, name, role }) => ({ id, name, role }))),
    sessions: rooms.map(({ sessionId, roomId, people: [therapist, client] }) => ({
      sessionId,
      roomId,
      therapist: therapist.id,
      clients: [client.id],
      start,
      minutes: 50,
    })),
  });
}

/** One order through the running server's control socket; its document. */
export async function order(data, body) {
  const socket = createConnection(join(data, 'control.sock'));
  socket.end(`${JSON.stringify(body)}\n`);
  let text = '';
  socket.on('data', (bytes) => {
    text += bytes;
  });
  await once(socket, 'close');
  const reply = JSON.parse(text);
  if (reply.exit !== 0) throw new Error(`${body.command}: ${reply.sentence}`);
  return reply.document;
}

async function addRoom(data, room) {
  const [therapist, client] = room.people;
  const add = { command: 'user add' };
  await order(data, { ...add, id: therapist.id, name: therapist.name, role: 'therapist' });
  await order(data, { ...add, id: client.id, name: client.name, role: 'client' });
  const added = await order(data, {
    command: 'session add',
    client: [client.id],
    therapist: therapist.id,
    start: new Date().toISOString(),
    minutes: 50,
    status: 'confirmed',
    payment: 'confirmed',
  });
  return { ...room, ...added };
}

/** Adds everybody to a running Stillroom; the rooms with the ids it gave them. */
export async function addRooms(data, rooms) {
  const added = [];
  let next = 0;
  const work = async () => {
    while (next < rooms.length) {
      const index = next;
      next += 1;
      added[index] = await addRoom(data, rooms[index]);
    }
  };
  await Promise.all(Array.from({ length: kOrdersAtOnceMax }, work));
  return added;
}
