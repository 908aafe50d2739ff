// SPDX-License-Identifier: Apache-2.0
// What the two ends of a call do when both offer at once, and when the media path fails.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { twoInCall } from './lib/pair.mjs';
import { Server } from './lib/server.mjs';
import { Signalling } from './lib/signalling.mjs';
import { until } from './lib/until.mjs';

let server;
let browser;
/** One call for all tests: it goes on after each. */
let call;

before(async () => {
  server = await Server.start('negotiation');
  await server.seedPeople();
  browser = await launchChromium();
  call = await openCall();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Keeps the page's peer connections in reach, in the order in which they were made. */
function keepConnections(page) {
  return page.addInitScript(() => {
    window.connections = [];
    window.RTCPeerConnection = class extends window.RTCPeerConnection {
      constructor(...given) {
        super(...given);
        window.connections.push(this);
      }
    };
  });
}

/** The page sees its media path fail, as after a change of network; `heal` takes that back. */
function fail(room) {
  return room.page.evaluate(() => {
    const [connection] = window.connections;
    Object.defineProperty(connection, 'connectionState', {
      configurable: true,
      get: () => 'failed',
    });
    connection.dispatchEvent(new Event('connectionstatechange'));
  });
}

function heal(room) {
  return room.page.evaluate(() => {
    const [connection] = window.connections;
    delete connection.connectionState;
    connection.dispatchEvent(new Event('connectionstatechange'));
  });
}

/** How many connections there have been, and the first one's ICE names and state. */
function negotiated(room) {
  return room.page.evaluate(() => {
    const [connection] = window.connections;
    const ufragOf = (description) => /^a=ice-ufrag:(\S+)/m.exec(description?.sdp ?? '')?.[1];
    return {
      count: window.connections.length,
      signalling: connection.signalingState,
      ours: ufragOf(connection.localDescription),
      theirs: ufragOf(connection.remoteDescription),
    };
  });
}

/** A call whose signalling can be read and held, and whose connections can be made to fail. */
async function openCall() {
  const signalling = { therapist: new Signalling(), client: new Signalling() };
  const prepare = async (page, role) => {
    await keepConnections(page);
    await signalling[role].attach(page);
  };
  const two = await twoInCall(server, browser, { prepare });
  return { ...two, signalling };
}

/** Both are on new ICE names, on the connection they had, and see and hear each other. */
async function goesOnRestarted(rooms, before) {
  for (const [index, room] of rooms.entries()) {
    const other = before[1 - index];
    await until(`${room.name} to be on a new path`, async () => {
      const now = await negotiated(room);
      const isNew = now.ours !== before[index].ours && now.theirs !== other.ours;
      return isNew && now.signalling === 'stable' && now.count === 1;
    });
    await heal(room);
  }
  const [one, two] = await Promise.all(rooms.map(negotiated));
  assert.equal(one.ours, two.theirs);
  assert.equal(two.ours, one.theirs);
  for (const room of rooms) {
    await room.shows('status', 'state', 'connected');
    await room.decodesMore(10);
    const { audioPacketsReceived } = await room.stats();
    await room.measures(
      'still hears',
      (stats) => stats.audioPacketsReceived > audioPacketsReceived,
    );
    assert.deepEqual(room.errors, []);
  }
}

test('a_failed_path_is_restarted_on_the_same_connection', async () => {
  const { therapist, client, signalling } = call;
  const rooms = [therapist, client];
  const first = await Promise.all(rooms.map(negotiated));
  for (const each of Object.values(signalling)) each.forget();
  await fail(client);
  await client.shows('status', 'state', 'failed');
  await goesOnRestarted(rooms, first);
  assert.deepEqual(signalling.client.sent, ['offer']);
  assert.deepEqual(signalling.therapist.sent, ['answer']);
});

test('when_both_offer_at_once_one_gives_way_and_the_call_goes_on', async () => {
  const { therapist, client, signalling } = call;
  const rooms = [therapist, client];
  const first = await Promise.all(rooms.map(negotiated));
  // Both offers are under way before either arrives.
  for (const each of Object.values(signalling)) {
    each.forget();
    each.hold();
  }
  await Promise.all(rooms.map(fail));
  for (const each of Object.values(signalling)) {
    await until('both offers', () => each.sent.includes('offer') && each.held.includes('offer'));
  }
  for (const room of rooms) {
    assert.equal((await negotiated(room)).signalling, 'have-local-offer');
  }
  for (const each of Object.values(signalling)) each.release();
  await goesOnRestarted(rooms, first);
  // The newcomer takes its own offer back and answers; the other side leaves that offer alone.
  assert.deepEqual(signalling.client.sent, ['offer', 'answer']);
  assert.deepEqual(signalling.therapist.sent, ['offer']);
});
