// SPDX-License-Identifier: Apache-2.0
// Therapist and client of a new session, each in a browser context of their own.
import { Room } from './room.mjs';

/**
 * Both have opened their links and see the lobby. `looks` are the contexts' options by role;
 * `prepare(page, role)` runs before a page is opened; `session` is what differs from a usual one.
 */
export async function twoInLobby(server, browser, { looks = {}, prepare, session = {} } = {}) {
  const { links, ...ids } = await server.seedSession(session);
  const visit = async (role, link) => {
    const context = await browser.newContext(looks[role]);
    const page = await context.newPage();
    await prepare?.(page, role);
    const room = await Room.open(page, link, role);
    await room.sees('join');
    return { context, room };
  };
  const both = await Promise.all([
    visit('therapist', links.therapist),
    visit('client', links['client-a']),
  ]);
  const [therapist, client] = both.map(({ room }) => room);
  const close = () => Promise.all(both.map(({ context }) => context.close()));
  return { ...ids, links, therapist, client, close };
}

/** Both are in the call; the client is the newcomer. */
export async function twoInCall(server, browser, options) {
  const two = await twoInLobby(server, browser, options);
  await two.therapist.join();
  await two.therapist.sees('leave');
  await two.client.join();
  await Promise.all([two.therapist.isInCall(), two.client.isInCall()]);
  return two;
}
